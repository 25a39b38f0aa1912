/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// A script with a bit of everything, a word each.
std::vector<std::string>
Script()
{
    const std::string text =
        "start:A A start:B dup:B B B#2 late:A A drop:B timer A A B A run wait:5s "
        "offer:A offer:B run wait:360s run wait:20s run offer:A run clear:B "
        "run wait:15s run offer:B run reboot:B wait:1s run offer:A run "
        "wait:70s run stop:A wait:400s run start:A wait:30s run offer:A run";
    std::vector<std::string> words;
    std::istringstream stream(text);
    for (std::string word; stream >> word;)
    {
        words.push_back(word);
    }
    return words;
}

/// Make a move; a script that was written for another configuration may have moves without object.
void
TryMove(World& world, const std::string& word)
{
    try
    {
        RunSchedule(world, word);
    }
    catch (const std::invalid_argument&)
    {
        // nothing to deliver
    }
}

/// All octets that were ever sent are in the events' sizes alone; these are the octets themselves.
std::string
OctetsInFlight(const World& world)
{
    std::string text;
    for (const Flight& f : world.GetFlights())
    {
        text += std::to_string(f.from) + ":" + ToHex(f.octets) + "\n";
    }
    return text;
}

const Tweak SHORT = Lifetimes(600, 400);

void
ScriptRuns(LabTest& t)
{
    World world = MakeWorld(SHORT);
    for (const std::string& word : Script())
    {
        try
        {
            RunSchedule(world, word);
        }
        catch (const std::invalid_argument& e)
        {
            t.Expect(false, e.what(), &world);
        }
    }
    t.Expect(CountPairs(world, A) >= 1, "a pair at the end", &world);
    t.Expect(CountEvents(world, A, EventKind::PairUp) >= 3, "some renewals", &world);
}

/// A copy at every point of a script: the rest gives the same transcript, octets and fingerprints,
/// whichever of the two goes first.
void
CopiesBehaveAlike(LabTest& t)
{
    const std::vector<std::string> script = Script();
    World world = MakeWorld(SHORT);
    for (size_t i = 0; i <= script.size(); i++)
    {
        World first = world;
        World second = world;
        t.ExpectEqual(first.GetFingerprint(), world.GetFingerprint(), "of a copy");
        for (size_t j = i; j < script.size(); j++)
        {
            TryMove(first, script[j]);
        }
        t.ExpectEqual(second.GetFingerprint(), world.GetFingerprint(), "of a copy left alone");
        for (size_t j = i; j < script.size(); j++)
        {
            TryMove(second, script[j]);
        }
        const std::string what = "copy before word " + std::to_string(i + 1);
        t.ExpectEqual(first.GetFingerprint(), second.GetFingerprint(), what + ": fingerprint");
        t.Expect(TextOf(first) == TextOf(second), what + ": transcript");
        t.Expect(OctetsInFlight(first) == OctetsInFlight(second), what + ": octets");
        if (i < script.size())
        {
            TryMove(world, script[i]);
        }
    }
}

/// The copy in which something else happens leaves the original alone.
void
CopiesAreApart(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A A B");
    const uint64_t before = world.GetFingerprint();
    World copy = world;
    RunSchedule(copy, "run clear:A run offer:A");
    Change(copy, A, ResponderOnly());
    t.ExpectEqual(world.GetFingerprint(), before, "the original");
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "1/1 1/1", "goes on", &world);
}

/// Other keys mean other cookies, SPIs and nonces, but the same state: equal fingerprints all
/// along.
void
FingerprintsIgnoreNames(LabTest& t)
{
    World one = MakeWorld(SHORT, {}, {}, 1);
    for (uint64_t seed = 2; seed <= 4; seed++)
    {
        World first = one;
        World second = MakeWorld(SHORT, {}, {}, seed);
        unsigned place = 0;
        for (const std::string& word : Script())
        {
            TryMove(first, word);
            TryMove(second, word);
            t.ExpectEqual(first.GetFingerprint(),
                          second.GetFingerprint(),
                          "seed " + std::to_string(seed) + " after word " +
                              std::to_string(++place) + " " + word,
                          &first);
        }
        t.Expect(TextOf(first) == TextOf(second), "transcripts number the names");
    }
}

/// Time alone does not count, only what is left of each deadline.
void
FingerprintsIgnoreTheClock(LabTest& t)
{
    World early = MakeWorld();
    World late = MakeWorld();
    late.AdvanceTo(Instant{} + Duration::Seconds(1000));
    RunSchedule(early, "start:A A B A wait:3s");
    RunSchedule(late, "start:A A B A wait:3s");
    t.ExpectEqual(early.GetFingerprint(), late.GetFingerprint(), "a later start");
}

/// Different states that a schedule leads to.
void
FingerprintsDiffer(LabTest& t)
{
    const std::vector<std::string> schedules{
        "wait:1s",
        "start:A",
        "start:B",
        "start:A wait:1s",
        "start:A drop:A",
        "start:A dup:A",
        "start:A A",
        "start:A A B",
        "start:A A B A",
        "start:A A B A B",
        "start:A A B A B A",
        "start:A A B A B A B",
        "start:A A B A B A B A",
        "start:A A B A B A B A B",
        "start:A A B A B A B A B A",
        "start:A drop:A timer",
        "start:A drop:A timer drop:A",
        "start:A drop:A timer drop:A timer",
        "start:A start:B",
        "start:A start:B A",
        "start:A start:B A B",
        "start:A start:B run",
        "start:A run clear:A",
        "start:A run clear:A drop:A",
        "start:A run clear:A run",
        "start:A run clear:B run",
        "start:A run stop:A",
        "start:A run start:B",
        "start:A run wait:1s",
        "start:A run offer:A",
        "start:A run offer:A run",
        "start:A run reboot:A",
        "start:A run reboot:B",
    };
    std::map<uint64_t, std::string> seen;
    for (const std::string& schedule : schedules)
    {
        World world = MakeWorld();
        RunSchedule(world, schedule);
        const auto [it, isNew] = seen.emplace(world.GetFingerprint(), schedule);
        t.Expect(isNew, "'" + schedule + "' is like '" + it->second + "'", &world);
    }
}

/// Of two tunnels, which one's message is lost makes a difference.
void
FingerprintsSeeWhoseMessage(LabTest& t)
{
    const auto second = [](uint32_t side) {
        return [side](EngineConfig& c) { c.connections.push_back(MakeSecondTunnel(side)); };
    };
    World world = MakeWorld({}, second(A), second(B));
    RunSchedule(world, "start:A A B A B A B");
    t.ExpectEqual(world.GetFlights().size(), 2U, "a quick mode for each tunnel", &world);
    std::set<std::string> ends;
    std::set<uint64_t> fingerprints;
    for (size_t lost : {0, 1})
    {
        World copy = world;
        copy.Drop(copy.GetFlights().at(lost).id);
        fingerprints.insert(copy.GetFingerprint());
        RunSchedule(copy, "run");
        ends.insert(std::to_string(copy.GetNode(A).engine.GetPairs().at(0).connection));
    }
    t.ExpectEqual(ends.size(), 2U, "they end differently", &world);
    t.ExpectEqual(fingerprints.size(), 2U, "and look different before", &world);
}

// --- Schedules -----------------------------------------------------------------------------------

/// A schedule that cannot be made, and a part of what is said of it.
struct ScheduleError
{
    std::string schedule; ///< what is wrong
    std::string text;     ///< what is said
};

void
ScheduleErrors(LabTest& t)
{
    const std::vector<ScheduleError> cases{
        {"A", "word 1 'A': nothing of A is in flight"},
        {"start:A A A", "word 3 'A': nothing of A is in flight"},
        {"start:A drop:B", "word 2 'drop:B': nothing of B is in flight"},
        {"start:C", "word 1 'start:C': no node C"},
        {"start:A  frob:A", "word 2 'frob:A': no node frob"},
        {"C", "word 1 'C': no node C"},
        {"wait:5", "word 1 'wait:5': '5' is not a number"},
        {"wait:5h", "word 1 'wait:5h': unit 'h' is not ns, us, ms or s"},
        {"wait:", "word 1 'wait:'"},
        {"wait:soon", "word 1 'wait:soon'"},
        {"start:A wait:99999999999999999999s", "word 2 'wait:99999999999999999999s'"},
        {"wait:-5s", "word 1 'wait:-5s': '-5s' is not a number"},
        {"timer", "word 1 'timer': no timer is set"},
        {"start:A run:x", "word 2 'run:x': nothing may follow the verb"},
    };
    for (const ScheduleError& c : cases)
    {
        World world = MakeWorld();
        std::string said = "nothing";
        try
        {
            RunSchedule(world, c.schedule);
        }
        catch (const std::invalid_argument& e)
        {
            said = e.what();
        }
        t.Expect(said.compare(0, c.text.size(), c.text) == 0, "'" + c.schedule + "': " + said);
    }
}

void
ScheduleWords(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A dup:A");
    t.ExpectEqual(world.GetFlights().size(), 2U, "dup");
    RunSchedule(world, "drop:A");
    t.ExpectEqual(world.GetFlights().size(), 1U, "drop");
    RunSchedule(world, "wait:1500ms wait:1us wait:1ns");
    t.ExpectEqual(ToString(world.Now()), "1.500001001", "wait");
    RunSchedule(world, "timer");
    t.ExpectEqual(ToString(world.Now()), "10.000000000", "timer");
    t.ExpectEqual(world.GetFlights().size(), 2U, "sent again");
    const uint32_t oldest = world.GetFlights().front().id;
    RunSchedule(world, "late:A");
    t.ExpectEqual(world.GetFlights().size(), 2U, "late");
    t.Expect(world.GetFlights().front().id != oldest, "another one is first now");
    RunSchedule(world, "run");
    t.Expect(world.GetFlights().empty(), "run");
    RunSchedule(world, "wait:100s");
    t.ExpectEqual(ToString(world.Now()), "110.000000000", "wait takes timers on its way");
    RunSchedule(world, "offer:A A");
    t.ExpectEqual(world.GetNode(B).delivered.size(), 1U, "offer");
    RunSchedule(world, "reboot:A");
    t.ExpectEqual(world.GetNode(A).reboots, 1U, "reboot");
    t.ExpectEqual(CountPairs(world, A), 0U, "all is lost");
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 2U, "the route is still there");
}

// --- Chance --------------------------------------------------------------------------------------

/// All octets that a schedule sends, in their order.
std::vector<Octets>
Tape(uint64_t seed, const std::string& start)
{
    World world = MakeWorld({}, {}, {}, seed);
    RunSchedule(world, start);
    std::vector<Octets> tape;
    while (!world.GetFlights().empty())
    {
        tape.push_back(world.GetFlights().front().octets);
        world.Deliver(world.GetFlights().front().id);
        if (world.GetFlights().empty() && tape.size() < 30)
        {
            RunSchedule(world, "offer:A");
        }
    }
    return tape;
}

void
SeedsDecide(LabTest& t)
{
    t.Expect(Tape(1, "start:A") == Tape(1, "start:A"), "same seed, same octets");
    const std::vector<Octets> one = Tape(1, "start:A");
    const std::vector<Octets> two = Tape(2, "start:A");
    t.ExpectEqual(one.size(), two.size(), "as many datagrams");
    for (size_t i = 0; i < one.size(); i++)
    {
        t.Expect(one[i] != two[i], "datagram " + std::to_string(i) + " differs");
        t.ExpectEqual(one[i].size(), two[i].size(), "but not in length");
    }
}

void
RebootsHaveOtherRandomValues(LabTest& t)
{
    World world = MakeWorld();
    std::set<Octets> cookies;
    RunSchedule(world, "start:A");
    for (unsigned i = 0; i < 5; i++)
    {
        const Octets& message = world.GetFlights().back().octets;
        cookies.insert(Octets(message.begin(), message.begin() + 8));
        RunSchedule(world, "reboot:A");
    }
    t.ExpectEqual(cookies.size(), 5U, "five lives, five cookies");
}

/// What a node sends as initiator of its nth main mode is not moved by what else it did before.
void
ValuesAreAddressed(LabTest& t)
{
    const auto firstOf = [](World& world, uint32_t node) {
        return world.OldestFrom(node).value().octets;
    };
    // B's first own main mode: alone, and after it has answered one of A's (and a quick mode)
    World alone = MakeWorld();
    RunSchedule(alone, "start:B");
    World after = MakeWorld();
    RunSchedule(after, "start:A A B A B drop:A start:B");
    t.Expect(firstOf(alone, B) == firstOf(after, B), "message 1 is the same", &after);
    // B's answer to the same message 1, with and without a main mode of its own before
    World quiet = MakeWorld();
    RunSchedule(quiet, "start:A A");
    World busy = MakeWorld();
    RunSchedule(busy, "start:A start:B drop:B A");
    t.Expect(firstOf(quiet, B) == firstOf(busy, B), "message 2 is the same", &busy);
    // SPIs and message IDs of A's first quick mode, with and without retransmissions before
    World smooth = MakeWorld();
    RunSchedule(smooth, "start:A run");
    World rough = MakeWorld();
    RunSchedule(rough, "start:A drop:A timer A drop:B timer A B dup:A A A B run");
    const auto pairOf = [](const World& w) {
        return w.GetNode(A).engine.GetPairs().at(0).identity;
    };
    t.Expect(pairOf(smooth) == pairOf(rough), "the same SPIs", &rough);
}

/// The first quick mode has PFS or not; the second one draws the same.
void
ValuesOfOneExchangeAlone(LabTest& t)
{
    const Tweak pfs = [](EngineConfig& c) { c.connections[0].pfs = DhGroup::Ecp256; };
    const Tweak noPfs = [](EngineConfig& c) { c.connections[0].pfs.reset(); };
    std::vector<PairIdentity> first;
    std::vector<PairIdentity> second;
    for (const Tweak& tweak : {pfs, noPfs})
    {
        World world = MakeUpWorld(tweak, {}, ResponderOnly());
        first.push_back(OutboundOf(world, A));
        Change(world, A, noPfs);
        Change(world, B, noPfs);
        world.Give(A, ClearInput{});
        Pass(world, Duration::Seconds(15));
        second.push_back(OutboundOf(world, A));
    }
    t.Expect(first[0] == first[1] && second[0] == second[1], "the same SPIs");
    t.Expect(!(first[0] == second[0]), "each quick mode its own");
}

/// The suite "ike-lab".
class IkeLabTestSuite : public TestSuite
{
  public:
    IkeLabTestSuite()
        : TestSuite("ike-lab", Type::UNIT)
    {
        Add("the script of this suite", ScriptRuns);
        Add("copies in mid-negotiation behave alike", CopiesBehaveAlike);
        Add("copies are apart", CopiesAreApart);
        Add("fingerprints ignore cookies and SPIs", FingerprintsIgnoreNames);
        Add("fingerprints ignore the clock", FingerprintsIgnoreTheClock);
        Add("fingerprints of different states differ", FingerprintsDiffer);
        Add("fingerprints see whose message is in flight", FingerprintsSeeWhoseMessage);
        Add("schedules: errors name word and place", ScheduleErrors);
        Add("schedules: each word", ScheduleWords);
        Add("the seed decides every octet", SeedsDecide);
        Add("reboots have other random values", RebootsHaveOtherRandomValues);
        Add("random values belong to their exchange", ValuesAreAddressed);
        Add("random values are not moved by other exchanges", ValuesOfOneExchangeAlone);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static IkeLabTestSuite g_ikeLabTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
