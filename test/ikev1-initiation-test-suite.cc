/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-initiation.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

// B is the end under test. A is there to bring things about; then it keeps silent.

/// Main and quick mode messages that a node has sent as the one who began.
size_t
SentAsInitiator(const World& world, uint32_t node)
{
    const std::vector<Event> sent = EventsOf(world, node, EventKind::MessageSent);
    return static_cast<size_t>(std::count_if(sent.begin(), sent.end(), [](const Event& e) {
        return e.role == Role::Initiator &&
               (e.exchange == ExchangeKind::MainMode || e.exchange == ExchangeKind::QuickMode);
    }));
}

/// Has a node begun for this reason: a quick mode, or a main mode of which it is the direct reason?
bool
HasBegun(const World& world, uint32_t node, unsigned phase, BeginReason reason)
{
    const auto kind = phase == 1 ? EventKind::Phase1Begin : EventKind::Phase2Begin;
    const std::vector<Event> begun = EventsOf(world, node, kind);
    return std::any_of(begun.begin(), begun.end(), [reason](const Event& e) {
        return e.role == Role::Initiator && e.begin == reason;
    });
}

bool
HasRefused(const World& world, uint32_t node, unsigned phase, BeginReason reason)
{
    const std::vector<Event> refused = EventsOf(world, node, EventKind::InitiationRefused);
    return std::any_of(refused.begin(), refused.end(), [&](const Event& e) {
        return e.value == phase && e.begin == reason && e.connection == TUNNEL;
    });
}

/// Which switches of a tunnel are on.
Tweak
Switches(bool beginPhase1, bool beginPhase2, bool rekeyPhase1, bool rekeyPhase2)
{
    return [=](EngineConfig& c) {
        c.connections[0].switches =
            InitiationSwitches{beginPhase1, beginPhase2, rekeyPhase1, rekeyPhase2};
    };
}

Tweak
NeedNotStayUp()
{
    return [](EngineConfig& c) { c.connections[0].stayUp = false; };
}

/// A tunnel that A has begun; from now on A begins nothing.
World
MakeAnswered(const Tweak& both, const Tweak& onlyB)
{
    World world = MakeWorld(both, {}, onlyB);
    RunSchedule(world, "start:A");
    world.Give(A, AcquireInput{TUNNEL});
    Pass(world, Duration::Seconds(1));
    Change(world, A, ResponderOnly());
    RunSchedule(world, "start:B");
    return world;
}

/// A way on which an end might begin.
struct Path
{
    std::string name;   ///< for people
    unsigned phase;     ///< which negotiation it leads to
    BeginReason reason; ///< as it is reported
    Tweak open;         ///< switches with which this path, and no other before it, is open
    std::function<World(const Tweak&)> walk; ///< a world in which B has come along this path
};

World
WalkTunnelStart(const Tweak& b)
{
    World world = MakeWorld({}, ResponderOnly(), b);
    RunSchedule(world, "start:A start:B");
    Pass(world, Duration::Seconds(5));
    return world;
}

World
WalkTraffic(const Tweak& b)
{
    World world = MakeWorld(NeedNotStayUp(), ResponderOnly(), b);
    RunSchedule(world, "start:A start:B offer:B");
    Pass(world, Duration::Seconds(5));
    return world;
}

World
WalkPairSoft(const Tweak& b)
{
    World world = MakeAnswered(Lifetimes(86400, 400), b);
    Pass(world, Duration::Seconds(380));
    return world;
}

World
WalkIsakmpSoft(const Tweak& b)
{
    World world = MakeAnswered(Lifetimes(400, 3600), b);
    Pass(world, Duration::Seconds(380));
    return world;
}

World
WalkHardLifetime(const Tweak& b)
{
    World world =
        MakeAnswered(All({Lifetimes(86400, 400), Knob(&IkeKnobs::sendDeletes, false)}), b);
    Pass(world, Duration::Seconds(420));
    return world;
}

World
WalkHardVolume(const Tweak& b)
{
    const Tweak both = [](EngineConfig& c) {
        c.connections[0].lifetimeKilobytes = 1;
        c.knobs.sendDeletes = false;
    };
    World world = MakeAnswered(both, b);
    // packets of 128 octets: the eighth one fills the limit at both ends
    for (unsigned i = 0; i < 8; i++)
    {
        world.Offer(A, TUNNEL, MakeInnerPacket(AddressOf(A), AddressOf(B), 128 - 20));
        Pass(world, Duration::Seconds(1));
    }
    Pass(world, Duration::Seconds(20));
    return world;
}

/// B fails while it may begin, and gets the new configuration during the pause.
World
WalkRetry(const Tweak& b)
{
    World world = MakeWorld({}, ResponderOnly());
    RunSchedule(world, "start:A start:B");
    PassDeaf(world, Duration::Seconds(65), B);
    Change(world, B, b);
    Pass(world, Duration::Seconds(10));
    return world;
}

World
WalkLostSa(const Tweak& b)
{
    World world = MakeAnswered({}, b);
    world.Give(A, ClearInput{});
    Pass(world, Duration::Seconds(15));
    return world;
}

World
WalkCleared(const Tweak& b)
{
    World world = MakeAnswered({}, b);
    world.Give(B, ClearInput{});
    Pass(world, Duration::Seconds(15));
    return world;
}

World
WalkUnknownSpi(const Tweak& b)
{
    World world = MakeAnswered(NeedNotStayUp(), b);
    RunSchedule(world, "reboot:B");
    world.Offer(A, TUNNEL, MakeOffer(world, A));
    Pass(world, Duration::Seconds(5));
    return world;
}

/// B's own phase 1 fails to come about because it is forbidden, though phase 2 is allowed.
World
WalkPhase1OnBehalf(const Tweak& b)
{
    return WalkTunnelStart(b);
}

/// The pair asks for its successor when no ISAKMP SA is left: that would take a phase 1.
World
WalkPairSoftWithoutIsakmp(const Tweak& b)
{
    World world = MakeAnswered(Lifetimes(300, 400), b);
    Pass(world, Duration::Seconds(380));
    return world;
}

const std::vector<Path>&
AllPaths()
{
    const Tweak all = Switches(true, true, true, true);
    const Tweak noRekey = Switches(true, true, false, false);
    static const std::vector<Path> paths{
        {"tunnel start", 2, BeginReason::TunnelStart, all, WalkTunnelStart},
        {"traffic", 2, BeginReason::Traffic, all, WalkTraffic},
        {"soft lifetime of a pair", 2, BeginReason::SoftLifetime, all, WalkPairSoft},
        {"soft lifetime of an ISAKMP SA", 1, BeginReason::SoftLifetime, all, WalkIsakmpSoft},
        {"hard lifetime", 2, BeginReason::HardLifetime, noRekey, WalkHardLifetime},
        {"hard volume", 2, BeginReason::HardLifetime, noRekey, WalkHardVolume},
        {"retry after failure", 2, BeginReason::RetryAfterFailure, all, WalkRetry},
        {"pair deleted by the peer", 2, BeginReason::LostSa, all, WalkLostSa},
        {"clear crypto sa", 2, BeginReason::Cleared, all, WalkCleared},
        {"unknown SPI", 2, BeginReason::UnknownSpi, all, WalkUnknownSpi},
    };
    return paths;
}

void
CheckClosed(LabTest& t, const Path& path)
{
    // what B sends before it becomes responder-only, where the path has such a part
    World before = path.walk(path.open);
    World world = path.walk(ResponderOnly());
    const bool begunBefore = path.reason == BeginReason::RetryAfterFailure;
    const size_t allowed = begunBefore ? 6 : 0;
    t.ExpectEqual(SentAsInitiator(world, B), allowed, "sent as initiator", &world);
    t.Expect(HasRefused(world, B, path.phase, path.reason), "refused: " + RefusalsOf(world, B));
    t.Expect(!world.GetNode(B).engine.IsBeginning(TUNNEL), "nothing goes on", &world);
    Pass(world, Duration::Seconds(200));
    t.ExpectEqual(SentAsInitiator(world, B), allowed, "nor later", &world);
    // the same path at an end that may begin: else this test could not fail
    t.Expect(HasBegun(before, B, path.phase, path.reason), "an end that may begins", &before);
    t.Expect(!HasRefused(before, B, path.phase, path.reason), "and refuses nothing", &before);
    t.Expect(SentAsInitiator(before, B) > allowed, "it sends", &before);
}

void
CheckPhase1OnBehalf(LabTest& t)
{
    World world = WalkPhase1OnBehalf(Switches(false, true, true, true));
    t.ExpectEqual(SentAsInitiator(world, B), 0U, "sent as initiator", &world);
    t.ExpectEqual(RefusalsOf(world, B), "1:tunnel-start", "refused", &world);
}

void
CheckPairSoftWithoutIsakmp(LabTest& t)
{
    World world = WalkPairSoftWithoutIsakmp(Switches(false, false, false, true));
    t.ExpectEqual(SentAsInitiator(world, B), 0U, "sent as initiator", &world);
    t.ExpectEqual(RefusalsOf(world, B), "1:soft-lifetime 1:soft-lifetime", "refused", &world);
    world = WalkPairSoftWithoutIsakmp(Switches(true, false, false, true));
    t.Expect(HasBegun(world, B, 2, BeginReason::SoftLifetime), "begun", &world);
    t.ExpectEqual(CountPairs(world, B), 2U, "a successor", &world);
}

// --- The switches --------------------------------------------------------------------------------

/// One switch off, or one alone on: which of the four things does B do?
struct SwitchCase
{
    bool beginPhase1; ///< switch
    bool beginPhase2; ///< switch
    bool rekeyPhase1; ///< switch
    bool rekeyPhase2; ///< switch
};

void
CheckSwitches(LabTest& t)
{
    for (unsigned bits = 0; bits < 16; bits++)
    {
        const SwitchCase c{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
        const Tweak b = Switches(c.beginPhase1, c.beginPhase2, c.rekeyPhase1, c.rekeyPhase2);
        const std::string what = "switches " + std::to_string(bits);
        const World start = WalkTunnelStart(b);
        t.ExpectEqual(CountPairs(start, B) == 1,
                      c.beginPhase1 && c.beginPhase2,
                      what + ": begins both phases",
                      &start);
        // under A's ISAKMP SA phase 1 need not begin
        const World lost = WalkLostSa(b);
        t.ExpectEqual(CountPairs(lost, B) == 1, c.beginPhase2, what + ": begins phase 2", &lost);
        const World soft = WalkPairSoft(b);
        t.ExpectEqual(CountPairs(soft, B) == 2, c.rekeyPhase2, what + ": rekeys phase 2", &soft);
        const World isakmp = WalkIsakmpSoft(b);
        t.ExpectEqual(CountIsakmp(isakmp, B) == 2,
                      c.rekeyPhase1,
                      what + ": rekeys phase 1",
                      &isakmp);
    }
}

/// MayInitiate() is a table.
void
CheckMayInitiate(LabTest& t)
{
    for (unsigned bits = 0; bits < 16; bits++)
    {
        EngineConfig config = MakeConfig(A);
        Switches((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0)(config);
        const ConnectionConfig& c = config.connections[0];
        t.ExpectEqual(MayInitiate(c, Initiation::BeginPhase1), (bits & 1) != 0, "begin phase 1");
        t.ExpectEqual(MayInitiate(c, Initiation::BeginPhase2), (bits & 2) != 0, "begin phase 2");
        t.ExpectEqual(MayInitiate(c, Initiation::RekeyPhase1), (bits & 4) != 0, "rekey phase 1");
        t.ExpectEqual(MayInitiate(c, Initiation::RekeyPhase2), (bits & 8) != 0, "rekey phase 2");
    }
}

// --- What a responder-only end does --------------------------------------------------------------

/// An hour of rekeys of both kinds, of traffic, a loss here and there, a clear: B answers it all.
void
AnswersEverything(LabTest& t)
{
    World world = MakeWorld(Lifetimes(600, 300), {}, ResponderOnly());
    RunSchedule(world, "start:A start:B");
    for (unsigned minute = 1; minute <= 60; minute++)
    {
        Pass(world, Duration::Seconds(60));
        if (minute % 10 == 0)
        {
            world.Give(minute % 20 == 0 ? A : B, ClearInput{});
        }
        else
        {
            t.Expect(CarriesTraffic(world), "traffic in minute " + std::to_string(minute), &world);
        }
    }
    t.ExpectEqual(SentAsInitiator(world, B), 0U, "sent as initiator", &world);
    t.Expect(CountEvents(world, B, EventKind::PairUp) > 12, "pairs were made", &world);
    t.Expect(CountEvents(world, B, EventKind::Phase1Up) > 5, "ISAKMP SAs were made", &world);
    t.ExpectEqual(CountEvents(world, B, EventKind::Phase2Failed), 0U, "none failed", &world);
}

void
SendsDeletesAndNotifies(LabTest& t)
{
    World world = MakeUpWorld({}, {}, ResponderOnly());
    world.Give(B, ClearInput{std::nullopt, true, true});
    RunSchedule(world, "run");
    t.ExpectEqual(CountEvents(world, B, EventKind::DeleteSent), 2U, "deletes", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::DeleteReceived), 2U, "arrive", &world);
    t.ExpectEqual(Standing(world), "0/0 0/0", "both gone at both ends", &world);

    World refused = MakeWorld({}, {}, All({ResponderOnly(), [](EngineConfig& c) {
                                               c.connections[0].pfs = DhGroup::Ecp256;
                                           }}));
    RunSchedule(refused, "start:A run");
    t.ExpectEqual(CountEvents(refused, B, EventKind::NotifySent), 1U, "notify", &refused);
    t.ExpectEqual(EndsOf(refused, A, EventKind::Phase2Failed), "refused-by-peer", "", &refused);
}

/// It drops what it may not carry, and counts it.
void
DropsTrafficWithoutSa(LabTest& t)
{
    World world = MakeWorld({}, ResponderOnly(), ResponderOnly());
    RunSchedule(world, "start:A start:B");
    for (unsigned i = 0; i < 5; i++)
    {
        const Verdict verdict = world.Offer(B, TUNNEL, MakeOffer(world, B));
        t.Expect(verdict.reason == DropReason::NoSa, "no SA");
    }
    const PlaneCounters& counters = world.GetNode(B).plane.GetOutboundCounters();
    t.ExpectEqual(counters.discarded.at(static_cast<size_t>(DropReason::NoSa)), 5U, "counted");
    t.Expect(counters.IsBalanced(), "balanced");
    t.ExpectEqual(RefusalsOf(world, B), "2:tunnel-start 2:traffic", "said once", &world);
}

/// RO-03: the dead end where nobody begins.
void
BothResponderOnly(LabTest& t)
{
    World world = MakeWorld(Lifetimes(600, 300), ResponderOnly(), ResponderOnly());
    RunSchedule(world, "start:A start:B");
    for (unsigned minute = 0; minute < 60; minute++)
    {
        RunSchedule(world, "offer:A offer:B");
        Pass(world, Duration::Seconds(60));
    }
    RunSchedule(world, "reboot:A clear:B stop:B start:B offer:B");
    Pass(world, Duration::Seconds(600));
    t.ExpectEqual(CountEvents(world, A, EventKind::MessageSent), 0U, "A", &world);
    t.ExpectEqual(CountEvents(world, B, EventKind::MessageSent), 0U, "B", &world);
    t.ExpectEqual(Standing(world), "0/0 0/0", "nothing", &world);
}

/// The same dead end with SAs: they die of age and nobody replaces them.
void
BothBecomeResponderOnly(LabTest& t)
{
    World world = MakeUpWorld(Lifetimes(600, 300));
    Change(world, A, ResponderOnly());
    Change(world, B, ResponderOnly());
    const size_t sent = SentAsInitiator(world, A) + SentAsInitiator(world, B);
    Pass(world, Duration::Seconds(1000));
    t.ExpectEqual(Standing(world), "0/0 0/0", "all died", &world);
    t.ExpectEqual(SentAsInitiator(world, A) + SentAsInitiator(world, B), sent, "sent", &world);
}

// --- On whose behalf -----------------------------------------------------------------------------

/// Two tunnels to the same peer; the first one has these switches at A, the second one may all.
World
MakeTwoTunnels(const InitiationSwitches& first, const Tweak& both = {})
{
    const auto config = [](uint32_t side) {
        return [side](EngineConfig& c) { c.connections.push_back(MakeSecondTunnel(side)); };
    };
    const Tweak a =
        All({config(A), [first](EngineConfig& c) { c.connections[0].switches = first; }});
    return MakeWorld(both, a, All({config(B), ResponderOnly()}));
}

size_t
CountPairsOf(const World& world, uint32_t node, ConnectionId connection)
{
    const std::vector<PairView> pairs = world.GetNode(node).engine.GetPairs();
    return static_cast<size_t>(
        std::count_if(pairs.begin(), pairs.end(), [connection](const PairView& p) {
            return p.live && p.connection == connection;
        }));
}

void
PhaseOneOnBehalf(LabTest& t)
{
    World world = MakeTwoTunnels(InitiationSwitches::ResponderOnly());
    RunSchedule(world, "start:A start:B");
    Pass(world, Duration::Seconds(5));
    const std::vector<Event> begun = EventsOf(world, A, EventKind::Phase1Begin);
    t.ExpectEqual(begun.size(), 1U, "one phase 1", &world);
    t.ExpectEqual(begun.at(0).connection, 2U, "on behalf of the second tunnel", &world);
    t.ExpectEqual(CountPairsOf(world, A, 1), 0U, "no pair of the first one", &world);
    t.ExpectEqual(CountPairsOf(world, A, 2), 1U, "a pair of the second one", &world);
    t.ExpectEqual(RefusalsOf(world, A), "2:tunnel-start", "refused", &world);
}

/// A tunnel that may begin phase 2 alone uses a phase 1 that stands, or that another one begins.
void
PhaseTwoOnOthersPhaseOne(LabTest& t)
{
    World world = MakeTwoTunnels(InitiationSwitches{false, true, false, true});
    world.SetReachable(A, 1, true);
    t.Expect(world.GetFlights().empty(), "it may not begin phase 1", &world);
    t.ExpectEqual(RefusalsOf(world, A), "1:tunnel-start", "refused", &world);
    world.SetReachable(A, 2, true);
    t.ExpectEqual(world.GetFlights().size(), 1U, "the second one may", &world);
    world.Give(A, AcquireInput{1});
    t.ExpectEqual(world.GetFlights().size(), 1U, "the first one waits for that", &world);
    RunSchedule(world, "run");
    t.ExpectEqual(CountPairsOf(world, A, 1), 1U, "a pair of the first one", &world);
    t.ExpectEqual(CountPairsOf(world, A, 2), 1U, "a pair of the second one", &world);
    t.ExpectEqual(CountIsakmp(world, A), 1U, "one phase 1", &world);
}

void
RekeyOnBehalf(LabTest& t)
{
    World world = MakeTwoTunnels(InitiationSwitches{true, true, false, true}, Lifetimes(400, 3600));
    RunSchedule(world, "start:A start:B");
    Pass(world, Duration::Seconds(380));
    const std::vector<Event> begun = EventsOf(world, A, EventKind::Phase1Begin);
    t.ExpectEqual(begun.size(), 2U, "renewed", &world);
    t.ExpectEqual(begun.at(0).connection, 1U, "begun for the first tunnel", &world);
    t.ExpectEqual(begun.at(1).connection, 2U, "renewed for the second one", &world);
    Change(world, A, [](EngineConfig& c) { c.connections[1].switches.rekeyPhase1 = false; });
    Pass(world, Duration::Seconds(380));
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 2U, "no longer", &world);
    t.Expect(HasRefused(world, A, 1, BeginReason::SoftLifetime), "refused", &world);
}

/// A permission that comes back is used at once where a VTI has no pair; the report starts afresh.
void
PermissionComesBack(LabTest& t)
{
    World world = MakeWorld({}, ResponderOnly(), ResponderOnly());
    RunSchedule(world, "start:A start:B offer:B offer:B");
    Change(world, B, Switches(true, true, true, true));
    t.ExpectEqual(world.GetFlights().size(), 1U, "at once", &world);
    Pass(world, Duration::Seconds(1));
    t.ExpectEqual(Standing(world), "1/1 1/1", "a pair", &world);
    Change(world, B, ResponderOnly());
    world.Give(B, ClearInput{});
    Pass(world, Duration::Seconds(15));
    t.ExpectEqual(RefusalsOf(world, B), "2:tunnel-start 2:traffic 2:cleared", "refused", &world);
}

/// The suite "ikev1-initiation".
class Ikev1InitiationTestSuite : public TestSuite
{
  public:
    Ikev1InitiationTestSuite()
        : TestSuite("ikev1-initiation", Type::UNIT)
    {
        for (const Path& path : AllPaths())
        {
            Add("closed at a responder-only end: " + path.name,
                [&path](LabTest& t) { CheckClosed(t, path); });
        }
        Add("closed: phase 1 for a phase 2", CheckPhase1OnBehalf);
        Add("closed: phase 1 for the successor of a pair", CheckPairSoftWithoutIsakmp);
        Add("each combination of the four switches", CheckSwitches);
        Add("MayInitiate", CheckMayInitiate);
        Add("answers everything for an hour", AnswersEverything);
        Add("sends Deletes and notifies", SendsDeletesAndNotifies);
        Add("drops traffic without an SA, and counts it", DropsTrafficWithoutSa);
        Add("both ends responder-only: nothing ever", BothResponderOnly);
        Add("both ends become responder-only: all dies of age", BothBecomeResponderOnly);
        Add("two tunnels: phase 1 begins on behalf of one that may", PhaseOneOnBehalf);
        Add("two tunnels: phase 2 on the other one's phase 1", PhaseTwoOnOthersPhaseOne);
        Add("two tunnels: phase 1 is renewed on behalf of one that may", RekeyOnBehalf);
        Add("a permission that comes back", PermissionComesBack);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1InitiationTestSuite g_ikev1InitiationTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
