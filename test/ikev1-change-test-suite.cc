/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include <algorithm>
#include <random>
#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{
// --- Deletes, clear, reboots ---------------------------------------------------------------------

void
DeleteOfPair(LabTest& t)
{
    for (bool send : {true, false})
    {
        World world = MakeUpWorld(Knob(&IkeKnobs::sendDeletes, send), {}, ResponderOnly());
        world.Give(A, ClearInput{});
        RunSchedule(world, "run");
        t.ExpectEqual(Standing(world), send ? "1/0 1/0" : "1/0 1/1", "after clear", &world);
        t.ExpectEqual(EndsOf(world, A, EventKind::PairRemoved), "cleared", "A", &world);
        t.ExpectEqual(EndsOf(world, B, EventKind::PairRemoved),
                      send ? "deleted-by-peer" : "",
                      "B",
                      &world);
        t.ExpectEqual(CountEvents(world, B, EventKind::DeleteSent), 0U, "B says nothing", &world);
        Pass(world, Duration::Seconds(11));
        t.ExpectEqual(CountPairs(world, A), 1U, "begun again after the pause", &world);
        t.Expect(CarriesTraffic(world), "traffic passes", &world);
    }
}

void
DeleteOfIsakmp(LabTest& t)
{
    World world = MakeUpWorld();
    world.Give(A, ClearInput{std::nullopt, true, false});
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "0/1 0/1", "pairs live on", &world);
    t.ExpectEqual(EndsOf(world, B, EventKind::IsakmpRemoved), "deleted-by-peer", "B", &world);
    Pass(world, Duration::Seconds(100));
    t.ExpectEqual(Standing(world), "0/1 0/1", "nobody needs a new one", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
}

void
ClearOfOnePeer(LabTest& t)
{
    World world = MakeUpWorld();
    world.Give(A, ClearInput{IpAddress::V4(0x0a000063), true, true});
    t.ExpectEqual(Standing(world), ONE_EACH, "another peer", &world);
    world.Give(A, ClearInput{AddressOf(B), true, true});
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "0/0 0/0", "this peer", &world);
}

/// V1-DEL-02: both delete at once; each finds nothing to delete.
void
CrossingDeletes(LabTest& t)
{
    World world = MakeUpWorld();
    world.Give(A, ClearInput{});
    world.Give(B, ClearInput{});
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "1/0 1/0", "all gone", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::PairRemoved), 1U, "removed once", &world);
}

/// V1-IC-03: the rebooted peer says that it has nothing else.
void
InitialContact(LabTest& t)
{
    for (bool contact : {true, false})
    {
        World world = MakeUpWorld(Knob(&IkeKnobs::sendInitialContact, contact));
        RunSchedule(world, "reboot:B");
        Pass(world, Duration::Seconds(2));
        t.ExpectEqual(Standing(world), contact ? ONE_EACH : "2/2 1/1", "after the reboot", &world);
        t.ExpectEqual(EndsOf(world, A, EventKind::PairRemoved),
                      contact ? "initial-contact" : "",
                      "why",
                      &world);
        t.Expect(CarriesTraffic(world), "traffic passes", &world);
        Pass(world, Duration::Seconds(30));
        t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 2U, "no more", &world);
    }
}

/// The end that cannot call reboots: the other one sends into a black hole until its pair is old.
void
RebootOfResponderOnly(LabTest& t)
{
    World world = MakeUpWorld(Lifetimes(86400, 400), {}, ResponderOnly());
    const Instant hard = world.GetNode(A).engine.GetPairs().at(0).expires;
    RunSchedule(world, "reboot:B");
    t.Expect(!CarriesTraffic(world), "a black hole", &world);
    t.ExpectEqual(RefusalsOf(world, B), "2:tunnel-start 2:unknown-spi", "B cannot help", &world);
    // soft lifetime, 30 s before: an unanswered quick mode under an ISAKMP SA that B does not know
    PassUntil(world, hard);
    t.ExpectEqual(CountPairs(world, A), 0U, "the pair dies of age", &world);
    t.ExpectEqual(CountIsakmp(world, A), 1U, "the ISAKMP SA is still believed in", &world);
    PassUntil(world, hard + Duration::Seconds(30));
    t.ExpectEqual(CountIsakmp(world, A), 0U, "after an unanswered quick mode it is not", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::IsakmpRemoved), "no-answer", "why", &world);
    PassUntil(world, hard + Duration::Seconds(39));
    t.ExpectEqual(CountPairs(world, A), 0U, "the pause", &world);
    PassUntil(world, hard + Duration::Seconds(41));
    t.ExpectEqual(Standing(world), ONE_EACH, "a new beginning", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
}

/// Without that knob A goes on to trust an ISAKMP SA that its peer has forgotten.
void
UnansweredQuickModes(LabTest& t)
{
    const Tweak both = All({Lifetimes(2000, 400), Knob(&IkeKnobs::dropIsakmpWithoutAnswer, false)});
    World world = MakeUpWorld(both, {}, ResponderOnly());
    RunSchedule(world, "reboot:B");
    PassUntil(world, Instant{} + Duration::Seconds(1960));
    t.ExpectEqual(CountIsakmp(world, A), 1U, "still there", &world);
    t.ExpectEqual(CountPairs(world, A), 0U, "no pair", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 1U, "no main mode", &world);
    PassUntil(world, Instant{} + Duration::Seconds(2100));
    t.ExpectEqual(Standing(world), ONE_EACH, "its own lifetime ends that", &world);
}

// --- Compute jobs --------------------------------------------------------------------------------

/// A DH operation fails (a public value that is none): which end, which job, and what remains.
void
BadPublicValues(LabTest& t)
{
    struct Case
    {
        std::string name;
        unsigned before; ///< jobs that are right
        uint32_t node;   ///< whose job is wrong
        EventKind kind;  ///< reported there
        bool pfs;        ///< with PFS
    };

    for (const Case& c : {Case{"A keygen", 0, A, EventKind::Phase1Failed, false},
                          Case{"B both", 1, B, EventKind::Phase1Failed, false},
                          Case{"A derive", 2, A, EventKind::Phase1Failed, false},
                          Case{"A PFS keygen", 3, A, EventKind::Phase2Failed, true},
                          Case{"B PFS both", 4, B, EventKind::Phase2Failed, true},
                          Case{"A PFS derive", 5, A, EventKind::Phase2Failed, true}})
    {
        SlowWorld world(Pfs(c.pfs ? std::optional<DhGroup>(DhGroup::Modp768) : std::nullopt));
        world.Give(A, LinkChangeInput{TUNNEL, true});
        world.Flush();
        for (unsigned i = 0; i < c.before; i++)
        {
            world.Finish(0);
            world.Flush();
        }
        t.ExpectEqual(world.jobs.size(), 1U, c.name + ": one job waits");
        t.ExpectEqual(world.jobs.at(0).node, c.node, c.name + ": whose");
        world.Finish(0, false);
        world.Flush();
        const Event& last = *std::find_if(world.events.rbegin(),
                                          world.events.rend(),
                                          [&](const Event& e) { return e.kind == c.kind; });
        const bool refused = last.end == EndReason::RefusedByPeer;
        t.Expect(last.end == EndReason::InvalidKeyExchange || refused, c.name + ": why");
        t.ExpectEqual(world.engines[c.node].GetPairs().size(), 0U, c.name + ": no pair");
        const size_t isakmp = c.kind == EventKind::Phase1Failed ? 0 : 1;
        t.ExpectEqual(world.engines[c.node].GetIsakmpSas().size(), isakmp, c.name);
        // and the next attempt is not hindered
        world.PassTo(Instant{} + Duration::Seconds(100));
        t.ExpectEqual(world.engines[A].GetPairs().size(), 1U, c.name + ": the next attempt");
    }
}

/// Results that come when their exchange is gone, twice, for unknown jobs, or in another order.
void
LateResults(LabTest& t)
{
    SlowWorld world(Pfs(DhGroup::Modp768));
    world.Give(A, LinkChangeInput{TUNNEL, true});
    world.Give(B, LinkChangeInput{TUNNEL, true});
    world.Flush();
    t.ExpectEqual(world.jobs.size(), 2U, "both make a public value");
    world.Give(A, ComputedInput{4711, DhResult{}});
    const auto forbidden = std::make_shared<EngineConfig>(world.engines[A].GetConfig());
    ResponderOnly()(*forbidden);
    world.Give(A, ReconfigureInput{forbidden});
    t.ExpectEqual(world.engines[A].GetIsakmpSas().size(), 1U, "that of B is half open");
    t.ExpectEqual(world.jobs[0].node, A, "the job of the attempt that is gone");
    const ComputedInput late{world.jobs[0].compute.job,
                             GetLabCrypto()->Run(world.jobs[0].compute.dh)};
    world.Finish(0);
    world.Give(A, late);
    t.Expect(world.datagrams.empty(), "its result is of no use");
    world.Settle();
    t.ExpectEqual(world.engines[A].GetPairs().size(), 1U, "B's attempt is not hindered");
}

void
ResultsInAnyOrder(LabTest& t)
{
    for (unsigned order = 0; order < 32; order++)
    {
        SlowWorld world(Pfs(DhGroup::Ecp256));
        world.Give(A, LinkChangeInput{TUNNEL, true});
        world.Give(B, LinkChangeInput{TUNNEL, true});
        unsigned bits = order;
        for (world.Flush(); !world.jobs.empty(); world.Flush())
        {
            world.Finish((bits & 1) != 0 ? world.jobs.size() - 1 : 0);
            bits = bits >> 1 | (bits & 1) << 4;
        }
        t.ExpectEqual(world.engines[A].GetIsakmpSas().size(), 2U, "ISAKMP SAs at A");
        t.ExpectEqual(world.engines[B].GetIsakmpSas().size(), 2U, "ISAKMP SAs at B");
        t.ExpectEqual(world.engines[A].GetPairs().size(), 2U, "pairs at A");
        t.ExpectEqual(world.engines[B].GetPairs().size(), 2U, "pairs at B");
    }
}

/// Duplicates that arrive while a job is being done are not answered, and do no harm.
void
DuplicatesWhileComputing(LabTest& t)
{
    SlowWorld world(Pfs(DhGroup::Ecp256));
    world.Give(A, LinkChangeInput{TUNNEL, true});
    for (unsigned i = 0; i < 40 && !(world.datagrams.empty() && world.jobs.empty()); i++)
    {
        while (!world.datagrams.empty())
        {
            const SlowWorld::Datagram next = world.datagrams.front();
            world.datagrams.erase(world.datagrams.begin());
            world.Give(next.to, next.input);
            const size_t computing = world.jobs.size();
            const size_t answers = world.datagrams.size();
            world.Give(next.to, next.input);
            t.ExpectEqual(world.jobs.size(), computing, "jobs after a duplicate");
            t.Expect(computing == 0 || world.datagrams.size() == answers, "no answer yet");
            world.datagrams.erase(world.datagrams.begin() + static_cast<std::ptrdiff_t>(answers),
                                  world.datagrams.end());
        }
        if (!world.jobs.empty())
        {
            world.Finish(0);
        }
    }
    t.ExpectEqual(world.engines[A].GetPairs().size(), 1U, "A");
    t.ExpectEqual(world.engines[B].GetPairs().size(), 1U, "B");
}

// --- Reconfiguration -----------------------------------------------------------------------------

Tweak
Allowed()
{
    return [](EngineConfig& c) {
        for (ConnectionConfig& connection : c.connections)
        {
            connection.switches = InitiationSwitches();
        }
    };
}

size_t
SentAsInitiator(const World& world, uint32_t node)
{
    size_t count = 0;
    for (const Event& e : EventsOf(world, node, EventKind::MessageSent))
    {
        const bool exchange =
            e.exchange == ExchangeKind::MainMode || e.exchange == ExchangeKind::QuickMode;
        count += exchange && e.role == Role::Initiator ? 1 : 0;
    }
    return count;
}

/// At each point of a negotiation the initiator becomes responder-only: nothing more of it leaves.
/// When it may begin again it does so at once.
void
ResponderOnlyInTheMiddle(LabTest& t)
{
    for (unsigned arrived = 0; arrived <= 8; arrived++)
    {
        World world = MakeWorld();
        RunSchedule(world, "start:A");
        Step(world, arrived);
        const std::string what = "after " + std::to_string(arrived) + " messages";
        const size_t before = SentAsInitiator(world, A);
        const bool done = CountPairs(world, A) == 1;
        Change(world, A, ResponderOnly());
        Pass(world, Duration::Seconds(200));
        t.ExpectEqual(SentAsInitiator(world, A), before, what + ": messages of it", &world);
        t.ExpectEqual(world.GetNode(A).engine.IsBeginning(TUNNEL), false, what, &world);
        t.ExpectEqual(CountPairs(world, A), done ? 1U : 0U, what + ": pairs", &world);
        t.ExpectEqual(CountIsakmp(world, A), arrived >= 6 ? 1U : 0U, what + ": SAs stay", &world);
        const Instant again = world.Now();
        Change(world, A, Allowed());
        const bool begun = SentAsInitiator(world, A) > before;
        t.ExpectEqual(begun, !done, what + ": begins at once", &world);
        Pass(world, Duration::Seconds(2));
        t.ExpectEqual(CountPairs(world, A), 1U, what + ": a pair", &world);
        t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
        t.Expect(again < world.Now(), what);
    }
}

/// What is settled stays: SAs of both kinds.
void
ResponderOnlyOnLivingTunnel(LabTest& t)
{
    World world = MakeUpWorld(Lifetimes(86400, 400), {}, ResponderOnly());
    Change(world, A, ResponderOnly());
    t.ExpectEqual(Standing(world), ONE_EACH, "SAs stay", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
    Pass(world, Duration::Seconds(500));
    t.ExpectEqual(Standing(world), "1/0 1/0", "and die of age", &world);
    Change(world, A, Allowed());
    Pass(world, Duration::Seconds(1));
    t.ExpectEqual(Standing(world), ONE_EACH, "at once", &world);
}

/// A phase 1 that another tunnel needs goes on.
void
PhaseOneOfTwoTunnels(LabTest& t)
{
    const auto second = [](uint32_t side) {
        return [side](EngineConfig& c) { c.connections.push_back(MakeSecondTunnel(side)); };
    };
    World world = MakeWorld({}, second(A), second(B));
    RunSchedule(world, "start:A A");
    Change(world, A, [](EngineConfig& c) {
        c.connections[0].switches = InitiationSwitches::ResponderOnly();
    });
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), ONE_EACH, "for the second tunnel", &world);
    t.ExpectEqual(world.GetNode(A).engine.GetPairs().at(0).connection, 2U, "its pair", &world);
}

void
RemovalOfTunnel(LabTest& t)
{
    for (unsigned arrived = 0; arrived <= 9; arrived++)
    {
        for (uint32_t node : {A, B})
        {
            World world = MakeWorld();
            RunSchedule(world, "start:A");
            Step(world, arrived);
            const size_t before = SentAsInitiator(world, node);
            Change(world, node, [](EngineConfig& c) { c.connections.clear(); });
            const std::string what = "tunnel of " + world.GetNode(node).name + " removed after " +
                                     std::to_string(arrived);
            Pass(world, Duration::Seconds(200));
            t.ExpectEqual(CountPairs(world, node), 0U, what + ": pairs", &world);
            t.ExpectEqual(SentAsInitiator(world, node), before, what + ": begun", &world);
            t.ExpectEqual(world.GetNode(node).plane.GetOutboundCount(), 0U, what, &world);
            t.ExpectEqual(world.GetNode(node).plane.GetInboundCount(), 0U, what, &world);
        }
    }
}

/// The tunnel gets another destination while its pair is being made: no pair with the old peer.
void
ChangeOfDestination(LabTest& t)
{
    for (unsigned arrived = 0; arrived <= 9; arrived++)
    {
        for (uint32_t node : {A, B})
        {
            World world = MakeWorld();
            RunSchedule(world, "start:A");
            Step(world, arrived);
            Change(world, node, [](EngineConfig& c) {
                c.connections[0].peer = IpAddress::V4(0x0a000063);
            });
            Pass(world, Duration::Seconds(100));
            t.ExpectEqual(CountPairs(world, node),
                          0U,
                          "new destination at " + world.GetNode(node).name + " after " +
                              std::to_string(arrived),
                          &world);
        }
    }
}

/// The moment of installing changes between messages 2 and 3.
void
InstallKnobChanges(LabTest& t)
{
    for (ResponderInstalls first : INSTALLS)
    {
        const ResponderInstalls second = first == ResponderInstalls::Message2
                                             ? ResponderInstalls::Message3
                                             : ResponderInstalls::Message2;
        World world = MakeWorld(Knob(&IkeKnobs::responderInstalls, first));
        RunSchedule(world, "start:A");
        Step(world, 8);
        Change(world, B, Knob(&IkeKnobs::responderInstalls, second));
        RunSchedule(world, "run");
        t.ExpectEqual(Standing(world), ONE_EACH, "one pair", &world);
        t.Expect(CarriesTraffic(world), "traffic passes", &world);
    }
}

/// A pause of nothing must not make an engine run for ever.
void
RestartWithoutPause(LabTest& t)
{
    World world = MakeWorld(Knob(&IkeKnobs::restartPause, Duration()), Keys({}));
    RunSchedule(world, "start:A");
    t.ExpectEqual(CountPairs(world, A), 0U, "no key, no pair", &world);
    for (unsigned i = 0; i < 10; i++)
    {
        t.Expect(world.FireNextTimer(), "it tries again", &world);
    }
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Failed), 11U, "one try at a time", &world);
}

/// The suite "ikev1-change": deletes, reboots, late results, new configurations.
class Ikev1ChangeTestSuite : public TestSuite
{
  public:
    Ikev1ChangeTestSuite()
        : TestSuite("ikev1-change", Type::UNIT)
    {
        Add("Delete of a pair", DeleteOfPair);
        Add("Delete of an ISAKMP SA", DeleteOfIsakmp);
        Add("clear of one peer", ClearOfOnePeer);
        Add("crossing Deletes", CrossingDeletes);
        Add("INITIAL-CONTACT after a reboot", InitialContact);
        Add("reboot of a responder-only end: the black hole", RebootOfResponderOnly);
        Add("an unanswered quick mode may not end its ISAKMP SA", UnansweredQuickModes);
        Add("DH operations that fail", BadPublicValues);
        Add("DH results that come too late", LateResults);
        Add("DH results in any order", ResultsInAnyOrder);
        Add("duplicates during a DH operation", DuplicatesWhileComputing);
        Add("responder-only in the middle of a negotiation", ResponderOnlyInTheMiddle);
        Add("responder-only on a living tunnel", ResponderOnlyOnLivingTunnel);
        Add("a phase 1 for two tunnels of which one becomes responder-only", PhaseOneOfTwoTunnels);
        Add("removal of a tunnel at every point", RemovalOfTunnel);
        Add("change of the destination at every point", ChangeOfDestination);
        Add("ResponderInstalls changes between messages 2 and 3", InstallKnobChanges);
        Add("RestartPause of 0", RestartWithoutPause);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1ChangeTestSuite g_ikev1ChangeTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
