/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-bounds.h"
#include "ns3/ike-move.h"

#include <stdexcept>

/**
 * @file
 * The suite "ike-lab-moves": words of schedules as values, and what the newer ones do.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// What is said when something is done; "nothing" when all is well.
std::string
SaidBy(const std::function<void()>& what)
{
    try
    {
        what();
    }
    catch (const std::invalid_argument& e)
    {
        return e.what();
    }
    return "nothing";
}

/// Each word is its own canonical form.
void
RoundTrip(LabTest& t)
{
    const std::vector<std::string> words{
        "A",
        "A>B",
        "A#2",
        "r1.x>hub-2#17",
        "drop:A",
        "drop:A>B#3",
        "dup:A",
        "late:A",
        "delay:A:31s",
        "delay:A>B#2:40ms",
        "timer",
        "timer:A",
        "wait:40ms",
        "wait:1ns",
        "run",
        "start:A",
        "start:A:Tunnel0",
        "stop:A",
        "offer:A",
        "offer:A:\"map 10\"",
        "reboot:A",
        "clear:A",
        "clear:A:isakmp",
        "clear:A:all",
        "config:A:quiet",
        "type:A:\"crypto isakmp key \\\"x y\\\" address 10.0.0.1\""};
    std::string schedule;
    for (const std::string& word : words)
    {
        const Move move = ParseMove(word);
        t.ExpectEqual(ToString(move), word, "word");
        t.Expect(ParseMove(ToString(move)) == move, word + ": as a value");
        schedule += (schedule.empty() ? "" : " ") + word;
    }
    t.ExpectEqual(ToString(ParseSchedule(schedule)), schedule, "all of them");
    t.ExpectEqual(ToString(ParseSchedule("  A\n\tB # and so on\n wait:1000ms")),
                  "A B wait:1s",
                  "white space, a comment, a unit");
    t.ExpectEqual(GetMoveKinds().size(), 15U, "kinds");
}

/// A word that is wrong, and a part of what is said of it.
struct WordError
{
    std::string word; ///< what is wrong
    std::string text; ///< what is said
};

void
WordErrors(LabTest& t)
{
    const std::vector<WordError> cases{
        {"A#0", "'0' behind # is no place"},
        {"A#x", "'x' behind # is no place"},
        {"A>", "'' is no name of a node"},
        {"drop:", "'' is no name of a node"},
        {"drop:A:B", "nothing may follow 'A'; expected drop:A"},
        {"delay:A", "'' is not a number"},
        {"delay:A:soon", "'soon' is not a number"},
        {"timer:A:B", "nothing may follow 'A'"},
        {"reboot:A:now", "nothing may follow 'A'"},
        {"config:A", "something is missing behind 'A'; expected config:A:NAME"},
        {"offer:A:", "something is missing behind 'A'"},
        {"type:A:\"x", "a quote is not closed"},
        {"frob:A", "no node frob"},
        {"a/b", "'a/b' is no name of a node"},
    };
    for (const WordError& c : cases)
    {
        const std::string said = SaidBy([&] { ParseMove(c.word); });
        t.Expect(said.compare(0, c.text.size(), c.text) == 0, c.word + ": " + said);
    }
    t.ExpectEqual(SaidBy([] { ParseSchedule("A B frob:A"); }),
                  "word 3 'frob:A': no node frob, and no move of this name",
                  "place");
}

/// Moves that cannot be made in a world.
void
MoveErrors(LabTest& t)
{
    const std::vector<WordError> cases{
        {"A#2", "word 1 'A#2': no datagram 2 of A is in flight"},
        {"A>B#3", "word 1 'A>B#3': no datagram 3 of A to B is in flight"},
        {"offer:A:lan", "word 1 'offer:A:lan': A has nothing that is called lan"},
        {"start:A:Tunnel7", "word 1 'start:A:Tunnel7': A has nothing that is called Tunnel7"},
        {"config:A:quiet", "word 1 'config:A:quiet': A has no configuration quiet"},
        {"type:A:\"end\"", "word 1 'type:A:end': A has no console here"},
        {"clear:A:both", "word 1 'clear:A:both': 'both' cannot be cleared"},
        {"delay:A:10s A", "word 2 'A': nothing of A is in flight"},
    };
    for (const WordError& c : cases)
    {
        World world = MakeWorld();
        RunSchedule(world, "start:A");
        const std::string said = SaidBy([&] { RunSchedule(world, c.word); });
        t.Expect(said.compare(0, c.text.size(), c.text) == 0, c.word + ": " + said, &world);
    }
    World world(GetLabCrypto());
    for (const std::string name : {"run", "a b", "a:b", "", "a>b"})
    {
        const auto config = std::make_shared<const EngineConfig>(MakeConfig(A));
        t.Expect(SaidBy([&] { world.AddNode(name, config, MakeWorldKey(1, 1)); }) != "nothing",
                 "'" + name + "' is a name of a node");
    }
}

/// What is held arrives when it is released, and `timer` finds the moment.
void
Delays(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A delay:A:25s");
    t.Expect(!world.IsFree(world.GetFlights().at(0)), "held", &world);
    RunSchedule(world, "run");
    t.ExpectEqual(world.GetFlights().size(), 1U, "run leaves it", &world);
    RunSchedule(world, "timer timer timer");
    t.ExpectEqual(ToString(world.Now()), "25.000000000", "two sendings more, then the release");
    t.ExpectEqual(world.GetFlights().size(), 3U, "all are there", &world);
    t.Expect(world.IsFree(world.GetFlights().at(0)), "free");
    RunSchedule(world, "run wait:1s run");
    t.ExpectEqual(Standing(world), ONE_EACH, "late, and once", &world);
}

/// Copies stand behind their original, and anything can be taken out of turn.
void
Places(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A timer dup:A");
    std::vector<uint32_t> ids;
    for (const Flight& f : world.GetFlights())
    {
        ids.push_back(f.id);
    }
    t.Expect(ids == std::vector<uint32_t>{1, 3, 2}, "the copy is the second one", &world);
    t.Expect(world.GetFlights().at(1).isCopy, "and knows it");
    RunSchedule(world, "drop:A#3");
    t.ExpectEqual(world.GetFlights().back().id, 3U, "the third one is gone");
    RunSchedule(world, "A>B#2");
    t.ExpectEqual(world.GetFlights().front().id, 1U, "the second one has arrived", &world);
}

/// The later deadline first: the other one is late, and is taken at once.
void
LateTimers(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A wait:3s start:B timer:B");
    t.ExpectEqual(ToString(world.Now()), "13.000000000", "B's deadline");
    t.ExpectEqual(TimesOf(world, B, EventKind::MessageSent),
                  "3.000000000 13.000000000",
                  "B has sent again",
                  &world);
    RunSchedule(world, "timer");
    t.ExpectEqual(ToString(world.Now()), "13.000000000", "A's deadline has passed");
    t.ExpectEqual(TimesOf(world, A, EventKind::MessageSent),
                  "0.000000000 13.000000000",
                  "A is late",
                  &world);
}

/// Configurations by name: responder-only is switched on in the middle of an attempt.
void
Configurations(LabTest& t)
{
    World world = MakeWorld();
    EngineConfig quiet = MakeConfig(B);
    ResponderOnly()(quiet);
    world.NameConfig(B, "quiet", std::make_shared<const EngineConfig>(quiet));
    World copy = world;
    RunSchedule(world, "start:A start:B config:B:quiet run wait:100s run");
    t.ExpectEqual(Standing(world), ONE_EACH, "B's own attempt is abandoned", &world);
    RunSchedule(copy, "start:A start:B run wait:100s run");
    t.ExpectEqual(Standing(copy), "2/2 2/2", "without it they cross", &copy);
}

/// A tunnel, and a flow, by name.
void
Names(LabTest& t)
{
    World world = MakeWorld();
    world.AddFlow(A, WorldFlow{"lan", TUNNEL, "", MakeOffer(world, A)});
    RunSchedule(world, "start:A:Tunnel0 run offer:A:lan offer:A:Tunnel0 run");
    t.ExpectEqual(world.GetNode(B).delivered.size(), 2U, "both have arrived", &world);
    RunSchedule(world, "stop:A:Tunnel0 clear:A:all run");
    t.ExpectEqual(Standing(world), "0/0 0/0", "all is cleared", &world);
}

// --- Passive mode --------------------------------------------------------------------------------

/// One line for everything. @param connection whose SA protects it
InterfacePolicy
MakeMap(const std::string& interface, ConnectionId connection)
{
    PolicyLine line;
    line.connections = {connection};
    return InterfacePolicy{interface, {PolicyEntry{"map 10", {line}}}};
}

PassiveModeRules
MakePassive(int64_t reminderSeconds)
{
    PassiveModeRules rules;
    rules.enabled = true;
    rules.reminderEvery = ns3::ike::Duration::Seconds(reminderSeconds);
    return rules;
}

/// Reminders come with the clock, at their times, whatever moves it; a reboot begins anew.
void
Reminders(LabTest& t)
{
    World world = MakeWorld();
    world.SetGate(A, {MakeMap("Ethernet0", TUNNEL)}, MakePassive(600), {});
    world.SetGate(B, {MakeMap("Ethernet0", TUNNEL)}, MakePassive(100), {});
    RunSchedule(world, "wait:250s");
    t.ExpectEqual(TimesOf(world, B, EventKind::SecurityWarning),
                  "100.000000000 200.000000000",
                  "two intervals",
                  &world);
    t.Expect(world.NextDeadline() == Instant::Never(), "a reminder is no deadline to be taken");
    RunSchedule(world, "reboot:B");
    world.AdvanceTo(Instant{} + ns3::ike::Duration::Seconds(600));
    t.ExpectEqual(TimesOf(world, B, EventKind::SecurityWarning),
                  "100.000000000 200.000000000 350.000000000 450.000000000 550.000000000",
                  "as from the reboot on",
                  &world);
    t.ExpectEqual(TimesOf(world, A, EventKind::SecurityWarning), "600.000000000", "A", &world);
    t.ExpectEqual(SaidBy([&world] { RunSchedule(world, "timer"); }),
                  "word 1 'timer': no timer is set",
                  "nor is it a move");
}

/// A clear packet goes to the peer whose SA is missing, and is judged by the map of the interface
/// with that address.
void
ClearPackets(LabTest& t)
{
    struct Row
    {
        std::string interface; ///< of B, where its address is
        size_t delivered;      ///< packets that B lets in
        std::string what;      ///< about it
    };

    const std::vector<Row> rows{{"Ethernet0", 1, "a map without lines"},
                                {"Ethernet1", 0, "a line that wants it protected"},
                                {"Ethernet2", 1, "no map"}};
    for (const Row& row : rows)
    {
        World world = MakeWorld();
        world.SetGate(A, {MakeMap("Ethernet0", TUNNEL)}, MakePassive(600), {});
        world.SetGate(B,
                      {InterfacePolicy{"Ethernet0", {}}, MakeMap("Ethernet1", TUNNEL)},
                      PassiveModeRules(),
                      {{AddressOf(B), row.interface}});
        world.AddFlow(A, WorldFlow{"lan", 0, "Ethernet0", MakeOffer(world, A)});
        RunSchedule(world, "start:A drop:A offer:A:lan wait:11s drop:A offer:A:lan A");
        t.ExpectEqual(world.GetNode(B).delivered.size(), row.delivered, row.what, &world);
    }
    const auto third = [](EngineConfig& c) {
        c.connections.push_back(MakeSecondTunnel(A));
        c.connections.back().peer = IpAddress::V4(0x0a000003);
    };
    World world = MakeWorld({}, third);
    EngineConfig other = MakeConfig(B);
    other.connections.front().local = IpAddress::V4(0x0a000003);
    world.AddNode("C", std::make_shared<const EngineConfig>(other), MakeWorldKey(1, 3));
    world.SetGate(A, {MakeMap("Ethernet0", 2)}, MakePassive(600), {});
    world.AddFlow(A, WorldFlow{"lan", 0, "Ethernet0", MakeOffer(world, A)});
    RunSchedule(world, "offer:A:lan wait:11s offer:A:lan");
    const Flight& clear = world.GetFlights().back();
    t.Expect(clear.isClear && clear.to == world.FindNode("C"), "to the peer of its line", &world);
}

/// What is sent to an address arrives there, with a tunnel at it or without.
void
AddressesStay(LabTest& t)
{
    const auto none = [](EngineConfig& c) { c.connections.clear(); };
    World world = MakeWorld();
    RunSchedule(world, "start:A");
    Change(world, B, none);
    RunSchedule(world, "timer");
    t.ExpectEqual(world.GetFlights().size(), 2U, "both are under way", &world);
    RunSchedule(world, "run");
    t.ExpectEqual(CountEvents(world, B, EventKind::NotifySent), 1U, "and are answered", &world);
    World cold = MakeWorld({}, {}, none);
    RunSchedule(cold, "start:A");
    t.ExpectEqual(cold.GetFlights().size(), 0U, "to nobody");
    cold.AddAddress(B, AddressOf(B));
    RunSchedule(cold, "timer");
    t.ExpectEqual(cold.GetFlights().size(), 1U, "to an interface");
}

/// The numbers of the bounds by name, and words among them.
void
Bounds(LabTest& t)
{
    ExploreBounds bounds;
    for (const BoundInfo& info : GetBoundTable())
    {
        const std::string before = GetBound(bounds, info.name);
        t.Expect(!before.empty() && !info.help.empty(), info.name + " has a value and a help");
        t.ExpectEqual(SetBound(bounds, info.name, info.unit == "duration" ? "7s" : "7"),
                      "",
                      info.name);
        t.Expect(GetBound(bounds, info.name).substr(0, 1) == "7", info.name + " is set");
    }
    t.ExpectEqual(SetBound(bounds, "reboot:A", "2"), "", "a word");
    t.ExpectEqual(bounds.moves.size(), 1U, "one of them");
    t.ExpectEqual(SetBound(bounds, "lossess", "2"), "no bound lossess; did you mean 'losses'?", "");
    t.ExpectEqual(SetBound(bounds, "losses", "-2"),
                  "losses: '-2' is not a number of up to 9 digits",
                  "");
    t.ExpectEqual(SetBound(bounds, "horizon", "2h"),
                  "horizon: unit 'h' is not ns, us, ms or s",
                  "");
    t.ExpectEqual(ToString(ExploreBounds()),
                  "delayBy=31s timers=1000 depth=1000 states=2000000 horizon=120s settle=300s",
                  "the defaults");
}

/// The suite "ike-lab-moves".
class IkeLabMovesTestSuite : public TestSuite
{
  public:
    IkeLabMovesTestSuite()
        : TestSuite("ike-lab-moves", Type::UNIT)
    {
        Add("words and values", RoundTrip);
        Add("words that are wrong", WordErrors);
        Add("moves that cannot be made", MoveErrors);
        Add("delays", Delays);
        Add("places", Places);
        Add("late timers", LateTimers);
        Add("configurations by name", Configurations);
        Add("tunnels and flows by name", Names);
        Add("reminders of passive mode", Reminders);
        Add("clear packets", ClearPackets);
        Add("addresses stay", AddressesStay);
        Add("bounds by name", Bounds);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static IkeLabMovesTestSuite g_ikeLabMovesTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
