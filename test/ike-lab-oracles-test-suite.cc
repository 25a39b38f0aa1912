/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-chooser.h"
#include "ns3/ike-duplicate-account.h"
#include "ns3/ike-oracle.h"
#include "ns3/ike-profiles.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>

/**
 * @file
 * The suite "ike-lab-oracles": each oracle fails when there is a reason, end states are told apart,
 * and what is surplus is what the account of duplicates calls so.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

// --- Oracles -------------------------------------------------------------------------------------

/// What an oracle says of a move from one world to another.
std::string
Ask(const std::string& name,
    const World& before,
    const World& after,
    const std::string& word = "run",
    const OracleKnobs& knobs = OracleKnobs())
{
    const Move move = ParseMove(word);
    const OracleView view{before, after, &move, nullptr, nullptr, knobs};
    return FindOracle(name).check(view);
}

void
SequenceNumbersAreWatched(LabTest& t)
{
    World before = MakeUpWorld();
    World after = before;
    RunSchedule(before, "offer:A A offer:A A");
    RunSchedule(after, "start:A offer:A");
    t.ExpectEqual(Ask("sequence-rises", before, after),
                  "A: a sequence number is used again",
                  "number 1 after number 2",
                  &after);
    World next = before;
    RunSchedule(next, "offer:A");
    t.ExpectEqual(Ask("sequence-rises", before, next), "", "number 3 after number 2", &next);
    World late = next;
    RunSchedule(late, "late:A");
    t.ExpectEqual(Ask("sequence-rises", next, late, "late:A"), "", "number 3, only later", &late);
}

/// A node that has another answer to the same message: its key was exchanged under its feet.
void
AnswersAreWatched(LabTest& t)
{
    World before = MakeWorld();
    RunSchedule(before, "start:A");
    World after = before;
    RunSchedule(after, "A");
    t.ExpectEqual(Ask("same-answer", before, after, "A"), "", "the same answer", &after);
    const auto config = std::make_shared<const EngineConfig>(MakeConfig(B));
    after.Plant(B).engine = Engine(config, MakeWorldKey(99, 2));
    t.ExpectEqual(Ask("same-answer", before, after, "A"),
                  "B: the same main-mode message once more is answered by something new",
                  "another answer");
    t.ExpectEqual(Ask("same-answer", before, after, "timer"), "", "nothing has arrived");
}

void
BoundsAreWatched(LabTest& t)
{
    World world = MakeUpWorld();
    RunSchedule(world, "offer:A");
    t.ExpectEqual(Ask("bounded-memory", world, world), "", "few");
    t.ExpectEqual(Ask("bounded-pairs", world, world), "", "one");
    OracleKnobs knobs;
    knobs.datagrams = 0;
    t.ExpectEqual(Ask("bounded-memory", world, world, "run", knobs),
                  "more than 0 datagrams are in flight",
                  "datagrams");
    knobs = OracleKnobs();
    knobs.attemptsPerPeer = 0;
    t.ExpectEqual(Ask("bounded-memory", world, world, "run", knobs),
                  "A: more than 0 exchanges are remembered for a peer",
                  "exchanges");
    knobs.pairsPerSelector = 0;
    t.ExpectEqual(Ask("bounded-pairs", world, world, "run", knobs),
                  "A: more than 0 pairs of one tunnel live",
                  "pairs");
    knobs.pairsPerSelector = 1;
    knobs.isakmpPerPeer = 0;
    t.ExpectEqual(Ask("bounded-pairs", world, world, "run", knobs),
                  "A: more than 0 ISAKMP SAs with one peer live",
                  "ISAKMP SAs");
}

// --- Engines with a fault ------------------------------------------------------------------------

/// An engine lets nobody write to its state. C++ lets an explicit instantiation name what is
/// private, and so a test can.
template <Ikev1State Engine::*STATE>
struct EngineFault
{
    friend Ikev1State& StateOf(Engine& engine)
    {
        return engine.*STATE;
    }
};

Ikev1State& StateOf(Engine& engine);
template struct EngineFault<&Engine::m_v1>;

/// Two pairs, and then a fault: A's second one gets the SPI on which A's first one receives.
void
SameSpiTwice(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A run start:B offer:A run clear:A offer:A run");
    Ikev1State& state = StateOf(world.Plant(A).engine);
    t.Expect(state.pairs.size() > 1, "one lives, one lingers", &world);
    t.ExpectEqual(Ask("spi-unique", world, world), "", "two SPIs");
    const PairId first = state.pairs.begin()->first;
    const PairId second = std::next(state.pairs.begin())->first;
    PairState& pair = state.pairs.at(second);
    pair.identity = state.pairs.Get(first).identity;
    pair.role = state.pairs.Get(first).role;
    state.Close();
    t.ExpectEqual(Ask("spi-unique", world, world),
                  "A: two pairs that live, or linger, receive on one SPI",
                  "one SPI");
    t.ExpectEqual(Ask("indexes-right", world, world), "", "the indexes know of it");
}

/// Something in a table is written to behind the back of its index.
void
IndexesAreWatched(LabTest& t)
{
    World world = MakeUpWorld();
    t.ExpectEqual(Ask("indexes-right", world, world), "", "all is right");
    Ikev1State& state = StateOf(world.Plant(B).engine);
    PairState& pair = state.pairs.at(state.pairs.begin()->first);
    state.Close();
    pair.connection += 1;
    t.ExpectEqual(Ask("indexes-right", world, world),
                  "B: an index does not say what the state says",
                  "a pair of another tunnel");
    pair.connection -= 1;
    t.ExpectEqual(Ask("indexes-right", world, world), "", "all is right again");
}

/// The engine draws again when chance gives an SPI twice; the oracle finds nothing to say.
void
SpisAreWatched(LabTest& t)
{
    RecordedRandom twice;
    twice.values[RandomPurpose::Spi] = {Octets{1, 2, 3, 4}, Octets{1, 2, 3, 4}};
    World world = MakeWorld();
    world.Plant(A).engine.ReplayRandom(twice);
    RunSchedule(world, "start:A run start:B offer:A run");
    world.Give(A, ClearInput{});
    RunSchedule(world, "offer:A run");
    t.ExpectEqual(world.GetNode(A).engine.GetPairs().size(), 2U, "one lives, one lingers", &world);
    t.ExpectEqual(Ask("spi-unique", world, world), "", "two SPIs", &world);
}

/// Passive mode with a line that leads to no tunnel: after ten seconds packets leave in the clear.
void
ClearPacketsAreWatched(LabTest& t)
{
    World world = MakeUpWorld();
    PolicyLine line;
    line.connections = {TUNNEL + 1};
    PassiveModeRules rules;
    rules.enabled = true;
    world.SetGate(A,
                  {InterfacePolicy{"Ethernet0", {PolicyEntry{"map 10", {line}}}}},
                  rules,
                  {{AddressOf(A), "Ethernet0"}});
    const Octets inner = MakeInnerPacket(IpAddress::V4(0x0a010001), IpAddress::V4(0x0a020001), 64);
    world.AddFlow(A, WorldFlow{"lan", 0, "Ethernet0", inner});
    RunSchedule(world, "offer:A:lan wait:11s");
    World after = world;
    RunSchedule(after, "offer:A:lan");
    t.Expect(!after.GetFlights().empty() && after.GetFlights().back().isClear, "clear", &after);
    t.ExpectEqual(Ask("no-clear-packet", world, after),
                  "A: a packet leaves in the clear while both ends have an SA",
                  "with SAs");
    OracleKnobs knobs;
    knobs.strict = false;
    t.ExpectEqual(Ask("no-clear-packet", world, after, "run", knobs), "", "not strict");
    RunSchedule(after, "run");
    t.ExpectEqual(after.GetNode(B).delivered.size(), 0U, "B has no policy that could refuse it");
}

/// What "exchanges-end" says when a world has settled for so long and taken no timer.
std::string
AskAfter(const World& before, ns3::ike::Duration settled)
{
    World after = before;
    after.AdvanceTo(before.Now() + settled);
    const SettleReport report;
    const EndState end;
    const OracleView view{before, after, nullptr, &report, &end, OracleKnobs()};
    return FindOracle("exchanges-end").check(view);
}

void
ExchangesAreWatched(LabTest& t)
{
    const IkeKnobs knobs = MakeConfig(A).knobs;
    const ns3::ike::Duration instant{1};
    World world = MakeWorld();
    RunSchedule(world, "start:A A");
    t.ExpectEqual(AskAfter(world, knobs.halfOpenLifetime),
                  "A: a phase 1 neither ends nor fails",
                  "nobody waits so long");
    t.ExpectEqual(AskAfter(world, knobs.halfOpenLifetime - instant), "", "B still waits");
    World up = MakeUpWorld();
    up.ForgetHistory();
    const ns3::ike::Duration memory = knobs.halfOpenLifetime + knobs.exchangeMemory;
    t.ExpectEqual(AskAfter(up, memory), "A: a quick mode is never forgotten", "nor this one");
    t.ExpectEqual(AskAfter(up, memory - instant), "", "late duplicates may ask for it");
}

void
OraclesByName(LabTest& t)
{
    for (const Oracle& oracle : GetOracles())
    {
        t.ExpectEqual(FindOracle(oracle.name).name, oracle.name, "by name");
        t.Expect(!oracle.help.empty(), oracle.name + " has a help");
    }
    std::string said;
    try
    {
        FindOracle("no-orphans");
    }
    catch (const std::invalid_argument& e)
    {
        said = e.what();
    }
    t.ExpectEqual(said, "no oracle no-orphans; did you mean 'no-orphan'?", "unknown");
}

// --- End states ----------------------------------------------------------------------------------

/// A way to an end.
struct EndCase
{
    std::string schedule; ///< how
    std::string end;      ///< EndState::ToString()
    std::string oracles;  ///< those that do not hold
    Tweak both{};         ///< of both routers
    Tweak onlyB{};        ///< of B
};

void
EndStates(LabTest& t)
{
    const Tweak replace = [](EngineConfig& c) {
        c.knobs.duplicateIsakmp = DuplicateIsakmp::Replace;
        c.knobs.pairsOutliveIsakmp = false;
        c.knobs.duplicatePause = ns3::ike::Duration::Seconds(10);
    };
    const std::vector<EndCase> cases{
        {"start:A run start:B", "clean; IKE 1/1 CH 1/1", ""},
        {"", "clean; IKE 0/0 CH 0/0", ""},
        {"start:A start:B A B A B A B A B A B A B A B A B A B",
         "split, duplicate 1/1; IKE 2/2 CH 2/2",
         ""},
        {"start:A start:B A B A B A B A B A B A B A B A drop:B B timer:B B A",
         "duplicate 1/1; IKE 2/2 CH 2/2",
         ""},
        {"start:A run stop:B reboot:B",
         "black hole, orphan; IKE 1/0 CH 1/0",
         "no-black-hole no-orphan",
         {},
         ResponderOnly()},
        {"start:A", "dead end; IKE 0/0 CH 0/0", "no-dead-end", {}, Keys({})},
        {"start:A start:B", "flapping", "no-flap", replace},
    };
    for (const EndCase& c : cases)
    {
        const DriveResult result =
            Replay(MakeWorld(c.both, {}, c.onlyB), ParseSchedule(c.schedule), DriveOptions());
        t.ExpectEqual(result.end.ToString().substr(0, c.end.size()), c.end, c.schedule);
        std::string oracles;
        for (const Violation& v : result.violations)
        {
            oracles += (oracles.empty() ? "" : " ") + v.oracle;
        }
        t.ExpectEqual(oracles.substr(0, c.oracles.size()), c.oracles, c.schedule + ": oracles");
        t.Expect(c.oracles.empty() == oracles.empty(), c.schedule + ": " + oracles);
    }
}

/// A state at rest is judged by what it is, not by how its datagrams were numbered.
void
SettlingIsCanonical(LabTest& t)
{
    World one = MakeWorld();
    World two = MakeWorld();
    RunSchedule(one, "start:A start:B");
    RunSchedule(two, "start:B start:A");
    t.Expect(one.GetKey() == two.GetKey(), "one state");
    Settle(one, RestKnobs());
    Settle(two, RestKnobs());
    t.Expect(one.GetKey() == two.GetKey(), "one rest");
}

// --- Duplicates ----------------------------------------------------------------------------------

/// Surplus SAs of both kinds at both ends at this moment by the account: how much a second adds.
std::pair<double, double>
SurplusByAccount(const World& world)
{
    const std::map<IpAddress, std::string> nodes{{AddressOf(A), "A"}, {AddressOf(B), "B"}};
    DuplicateAccount account;
    for (const TimedEvent& event : world.GetLog())
    {
        account.Record(event);
    }
    const auto at = [&](Instant end) { return DuplicateAccount::Sum(account.Close(end, nodes)); };
    const DuplicateTotals now = at(world.Now() + ns3::ike::Duration::Milliseconds(1));
    const DuplicateTotals later = at(world.Now() + ns3::ike::Duration::Milliseconds(1001));
    return {later.isakmpDuplicateSeconds - now.isakmpDuplicateSeconds,
            later.ipsecDuplicateSeconds - now.ipsecDuplicateSeconds};
}

void
SurplusAgrees(LabTest& t)
{
    unsigned surplus = 0;
    for (uint64_t seed = 1; seed <= 60; seed++)
    {
        const std::string profile = seed % 2 == 0 ? "ios" : "strongswan";
        World world = MakeWorld(
            All({Lifetimes(600, 300), [&](EngineConfig& c) { SetProfile(c.knobs, profile); }}));
        RunSchedule(world, "start:A start:B");
        ExploreBounds bounds;
        bounds.losses = bounds.lateTimers = bounds.reboots = 2;
        bounds.horizon = ns3::ike::Duration::Seconds(1500);
        Budget budget = Budget::Of(bounds, world.Now());
        const auto chooser = MakeUniformChooser(seed);
        for (unsigned step = 0; step < 120; step++)
        {
            const auto choice = chooser->Choose(world, FindChoices(world, budget, bounds, false));
            if (!choice)
            {
                break;
            }
            MakeMove(world, choice->move);
            budget = choice->budget;
        }
        const Instant soon = world.Now() + ns3::ike::Duration::Milliseconds(1);
        const Surplus a = world.GetRegister().CountSurplus(A, soon, AccountKnobs().grace);
        const Surplus b = world.GetRegister().CountSurplus(B, soon, AccountKnobs().grace);
        const auto [isakmp, pairs] = SurplusByAccount(world);
        const std::string what = "seed " + std::to_string(seed);
        t.Expect(std::abs(isakmp - (a.isakmp + b.isakmp)) < 0.01, what + ": ISAKMP SAs", &world);
        t.Expect(std::abs(pairs - (a.pairs + b.pairs)) < 0.01, what + ": pairs", &world);
        surplus += a.pairs + b.pairs;
    }
    t.Expect(surplus > 20, "there was something to count");
}

/// The suite "ike-lab-oracles".
class IkeLabOraclesTestSuite : public TestSuite
{
  public:
    IkeLabOraclesTestSuite()
        : TestSuite("ike-lab-oracles", Type::UNIT)
    {
        Add("sequence numbers", SequenceNumbersAreWatched);
        Add("answers", AnswersAreWatched);
        Add("bounds of memory and pairs", BoundsAreWatched);
        Add("SPIs", SpisAreWatched);
        Add("an SPI twice", SameSpiTwice);
        Add("indexes", IndexesAreWatched);
        Add("clear packets", ClearPacketsAreWatched);
        Add("exchanges that end", ExchangesAreWatched);
        Add("oracles by name", OraclesByName);
        Add("end states", EndStates);
        Add("settling is canonical", SettlingIsCanonical);
        Add("surplus is what the account calls so", SurplusAgrees);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static IkeLabOraclesTestSuite g_ikeLabOraclesTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
