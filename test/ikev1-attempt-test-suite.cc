/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include <algorithm>
#include <map>
#include <random>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// What a node has said of attempts: "1+ 1-".
std::string
AttemptsOf(const World& world, uint32_t node)
{
    std::string text;
    for (const WorldAttempt& a : world.GetNode(node).attempts)
    {
        text += (text.empty() ? "" : " ") + std::to_string(a.connection) + (a.running ? "+" : "-");
    }
    return text;
}

/// Beginnings and ends take turns, and what was said last is true.
bool
IsTruthful(const World& world, uint32_t node)
{
    std::map<ConnectionId, bool> running{{1, false}, {2, false}};
    for (const WorldAttempt& a : world.GetNode(node).attempts)
    {
        if (running[a.connection] == a.running)
        {
            return false;
        }
        running[a.connection] = a.running;
    }
    return std::all_of(running.begin(), running.end(), [&](const auto& item) {
        return world.GetNode(node).engine.IsBeginning(item.first) == item.second;
    });
}

Tweak
TwoTunnels(uint32_t side)
{
    return [side](EngineConfig& c) { c.connections.push_back(MakeSecondTunnel(side)); };
}

Tweak
OtherTransform()
{
    return
        [](EngineConfig& c) { c.connections[0].transformSets[0].cipher = CipherAlgorithm::DesCbc; };
}

Tweak
NeedNotStayUp()
{
    return [](EngineConfig& c) { c.connections[0].stayUp = false; };
}

// --- By table ------------------------------------------------------------------------------------

World
Collide(const Tweak& both)
{
    World world = MakeWorld(both);
    RunSchedule(world, "start:A start:B run");
    return world;
}

World
LoseAnswers()
{
    World world = MakeWorld();
    RunSchedule(world, "start:A");
    PassDeaf(world, Duration::Seconds(65), B);
    return world;
}

World
Refuse()
{
    World world = MakeWorld({}, {}, OtherTransform());
    RunSchedule(world, "start:A run");
    return world;
}

World
StartWith(const Tweak& a, const Tweak& b)
{
    World world = MakeWorld({}, a, b);
    RunSchedule(world, "start:A run");
    return world;
}

World
Rekey()
{
    World world = MakeUpWorld(Lifetimes(86400, 400), {}, ResponderOnly());
    Pass(world, Duration::Seconds(380));
    return world;
}

/// Both pairs that a collision left ask for a successor at the same moment.
World
RekeyTwoAtOnce()
{
    World world =
        Collide(All({Lifetimes(86400, 400), Knob(&IkeKnobs::rekeyPhase2, RekeyWhich::All)}));
    Change(world, B, ResponderOnly());
    Pass(world, Duration::Seconds(380));
    return world;
}

World
ClearInTheMiddle()
{
    World world = MakeWorld();
    RunSchedule(world, "start:A A B");
    world.Give(A, ClearInput{std::nullopt, true, true});
    RunSchedule(world, "run");
    return world;
}

World
ClearWhenUp()
{
    World world = MakeUpWorld({}, {}, ResponderOnly());
    RunSchedule(world, "clear:A run");
    Pass(world, Duration::Seconds(11));
    return world;
}

World
ChangeAfter(unsigned messages, const Tweak& change)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A");
    Step(world, messages);
    Change(world, A, change);
    RunSchedule(world, "run");
    return world;
}

/// One of two tunnels that wait for a phase 1 is removed.
World
RemoveOneOfTwo()
{
    World world = MakeWorld({}, TwoTunnels(A), TwoTunnels(B));
    RunSchedule(world, "start:A A B");
    Change(world, A, [](EngineConfig& c) { c.connections.erase(c.connections.begin()); });
    RunSchedule(world, "run");
    return world;
}

/// B deletes the ISAKMP SA under which a quick mode of A runs.
World
DeleteIsakmpInTheMiddle()
{
    World world = MakeWorld({}, TwoTunnels(A), TwoTunnels(B));
    world.SetReachable(A, TUNNEL, true);
    RunSchedule(world, "run");
    world.SetReachable(A, 2, true);
    RunSchedule(world, "drop:A");
    world.Give(B, ClearInput{std::nullopt, true, false});
    RunSchedule(world, "run");
    return world;
}

/// An attempt ends, and the next one begins by itself.
World
RestartAfterPause()
{
    World world = Refuse();
    Pass(world, Duration::Seconds(11));
    return world;
}

/// What happens, and what both ends say of it.
struct AttemptCase
{
    std::string name;           ///< what is tried
    std::function<World()> run; ///< until nothing is in flight
    std::string a;              ///< what A says
    std::string b;              ///< what B says
};

void
Changes(LabTest& t)
{
    const Tweak none = [](EngineConfig&) {};
    const Tweak removed = [](EngineConfig& c) { c.connections.clear(); };
    const std::vector<AttemptCase> cases{
        {"success", [&] { return StartWith(none, none); }, "1+ 1-", ""},
        {"success with PFS",
         [&] { return StartWith(Pfs(DhGroup::Modp1024), Pfs(DhGroup::Modp1024)); },
         "1+ 1-",
         ""},
        {"no answer", LoseAnswers, "1+ 1-", ""},
        {"NO-PROPOSAL-CHOSEN", Refuse, "1+ 1-", ""},
        {"and again after the pause", RestartAfterPause, "1+ 1- 1+ 1-", ""},
        {"no key: over before it began", [&] { return StartWith(Keys({}), none); }, "1+ 1-", ""},
        {"may not begin", [&] { return StartWith(ResponderOnly(), none); }, "", ""},
        {"two wait for one phase 1",
         [&] { return StartWith(TwoTunnels(A), TwoTunnels(B)); },
         "1+ 2+ 1- 2-",
         ""},
        {"rekey", Rekey, "1+ 1- 1+ 1-", ""},
        {"rekey of two pairs at once", RekeyTwoAtOnce, "1+ 1- 1+ 1-", "1+ 1-"},
        {"clear in the middle", ClearInTheMiddle, "1+ 1-", ""},
        {"clear of what stands", ClearWhenUp, "1+ 1- 1+ 1-", ""},
        {"responder-only in phase 1", [&] { return ChangeAfter(2, ResponderOnly()); }, "1+ 1-", ""},
        {"responder-only in quick mode",
         [&] { return ChangeAfter(6, ResponderOnly()); },
         "1+ 1-",
         ""},
        {"removed in phase 1", [&] { return ChangeAfter(2, removed); }, "1+ 1-", ""},
        {"removed in quick mode", [&] { return ChangeAfter(6, removed); }, "1+ 1-", ""},
        {"one of two removed", RemoveOneOfTwo, "1+ 2+ 1- 2-", ""},
        {"Delete of the ISAKMP SA in the middle", DeleteIsakmpInTheMiddle, "1+ 1- 2+ 2-", ""},
        {"collision", [&] { return Collide(none); }, "1+ 1-", "1+ 1-"}};
    for (const AttemptCase& c : cases)
    {
        const World world = c.run();
        t.ExpectEqual(AttemptsOf(world, A), c.a, c.name + ": A", &world);
        t.ExpectEqual(AttemptsOf(world, B), c.b, c.name + ": B", &world);
        t.Expect(IsTruthful(world, A) && IsTruthful(world, B), c.name + ": true", &world);
    }
}

/// The first word of each action, as far as an order among them matters.
std::string
OrderOf(const Actions& actions)
{
    std::string text;
    for (const Action& a : actions)
    {
        text += std::holds_alternative<InstallSaAction>(a)        ? "install "
                : std::holds_alternative<SelectOutboundAction>(a) ? "select "
                : std::holds_alternative<SendAction>(a)           ? "send "
                : std::holds_alternative<AttemptAction>(a)        ? "attempt "
                                                                  : "";
    }
    return text;
}

void
Order(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A");
    Step(world, 7);
    const Flight answer = world.GetFlights().front();
    Engine engine = world.GetNode(A).engine;
    const Actions actions =
        engine.Handle(world.Now(),
                      DatagramInput{answer.destination, answer.source, answer.octets},
                      *GetLabCrypto());
    t.ExpectEqual(OrderOf(actions), "install select send attempt ", "message 2", &world);
}

/// Whatever happens, beginnings and ends take turns.
void
ByChance(LabTest& t)
{
    const Tweak both = All({Lifetimes(300, 100), Knob(&IkeKnobs::retransmitCount, 1U)});
    for (unsigned seed = 1; seed <= 20; seed++)
    {
        World world = MakeWorld(both, TwoTunnels(A), TwoTunnels(B), seed);
        std::mt19937 chance(seed);
        RunSchedule(world, "start:A start:B");
        for (unsigned i = 0; i < 250; i++)
        {
            const auto node = static_cast<uint32_t>(chance() % 2);
            const auto what = static_cast<uint32_t>(chance() % 16);
            const auto oldest = world.OldestFrom(node);
            if (what < 10 && oldest)
            {
                world.Deliver(oldest->id);
            }
            else if (what == 10 && oldest)
            {
                world.Drop(oldest->id);
            }
            else if (what == 11)
            {
                world.Give(node, ClearInput{std::nullopt, chance() % 2 == 0, true});
            }
            else if (what == 12)
            {
                world.Give(
                    node,
                    AcquireInput{static_cast<ConnectionId>(1 + chance() % 2), chance() % 2 == 0});
            }
            else
            {
                world.FireNextTimer();
            }
            t.Expect(IsTruthful(world, A) && IsTruthful(world, B), "true at any time", &world);
        }
        t.Expect(world.GetNode(A).attempts.size() > 6, "something has happened", &world);
    }
}

// --- AcquireInput::insist ------------------------------------------------------------------------

void
Insist(LabTest& t)
{
    World world = MakeWorld(NeedNotStayUp(), {}, OtherTransform());
    RunSchedule(world, "start:A start:B");
    world.Give(A, AcquireInput{TUNNEL});
    RunSchedule(world, "run");
    t.ExpectEqual(AttemptsOf(world, A), "1+ 1-", "refused", &world);
    Pass(world, Duration::Seconds(5));
    world.Give(A, AcquireInput{TUNNEL});
    t.ExpectEqual(AttemptsOf(world, A), "1+ 1-", "a packet is patient", &world);
    world.Give(A, AcquireInput{TUNNEL, true});
    t.ExpectEqual(AttemptsOf(world, A), "1+ 1- 1+", "who insists is not", &world);
    world.Give(A, AcquireInput{TUNNEL, true});
    t.ExpectEqual(world.GetFlights().size(), 1U, "and yet begins nothing beside it", &world);
    RunSchedule(world, "run");
    Pass(world, Duration::Seconds(6));
    world.Give(A, AcquireInput{TUNNEL});
    t.ExpectEqual(AttemptsOf(world, A), "1+ 1- 1+ 1-", "the pause has begun anew", &world);
}

void
InsistInVain(LabTest& t)
{
    World world = MakeWorld(NeedNotStayUp(), ResponderOnly());
    RunSchedule(world, "start:A");
    world.Give(A, AcquireInput{TUNNEL, true});
    t.ExpectEqual(AttemptsOf(world, A), "", "responder-only", &world);
    t.ExpectEqual(RefusalsOf(world, A), "2:traffic", "and says so", &world);
    World cut = MakeWorld(NeedNotStayUp());
    cut.Give(A, AcquireInput{TUNNEL, true});
    t.ExpectEqual(AttemptsOf(cut, A), "", "without a path", &cut);
}

/// The suite "ikev1-attempt": what the engine says of its own attempts, and who may hurry them.
class Ikev1AttemptTestSuite : public TestSuite
{
  public:
    Ikev1AttemptTestSuite()
        : TestSuite("ikev1-attempt", Type::UNIT)
    {
        Add("attempts that begin and end", Changes);
        Add("behind all other actions", Order);
        Add("beginnings and ends take turns", ByChance);
        Add("who insists does not wait", Insist);
        Add("insisting opens nothing that is closed", InsistInVain);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1AttemptTestSuite g_ikev1AttemptTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
