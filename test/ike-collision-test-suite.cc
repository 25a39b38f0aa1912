/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

// --- The closed form -----------------------------------------------------------------------------

/// How many SAs stand at each end once all is settled.
struct Standings
{
    size_t isakmp; ///< ISAKMP SAs
    size_t pairs;  ///< pairs
};

/**
 * The theory: one end begins at 0, the other one at `offset`, each datagram takes `delay`.
 *
 * The late end decides as responder. Message 5 arrives at 5 delays: from then on an ISAKMP SA
 * stands, and a quick mode begins under it. Its pair stands at 7 delays (message 1 of quick mode
 * arrives) or at 9 (message 3 does): from then on there is nothing to begin.
 */
Standings
Predict(Duration offset, Duration delay, ResponderInstalls installs)
{
    const bool early = installs == ResponderInstalls::Message2;
    const Duration isakmpStands = delay * 5;
    const Duration pairStands = delay * (early ? 7 : 9);
    return {offset < isakmpStands ? 2U : 1U, offset < pairStands ? 2U : 1U};
}

/// One end begins at 0, the other one at `offset`.
World
RunStart(uint32_t first,
         Duration offset,
         Duration delay,
         const Tweak& both,
         const Tweak& onlyB = {})
{
    World world = MakeWorld(both, {}, onlyB);
    world.SetReachable(first, TUNNEL, true);
    world.RunUntil(Instant{} + offset, delay);
    world.SetReachable(1 - first, TUNNEL, true);
    world.RunUntil(Instant{} + Duration::Seconds(60), delay);
    return world;
}

std::string
Expected(const Standings& s)
{
    const std::string each = std::to_string(s.isakmp) + "/" + std::to_string(s.pairs);
    return each + " " + each;
}

/// Every multiple of the delay up to 12, a nanosecond before and after, and the moment itself.
std::vector<Duration>
Offsets(Duration delay)
{
    std::vector<Duration> offsets{Duration()};
    for (int64_t k = 1; k <= 12; k++)
    {
        for (int64_t ns : {-1, 0, 1})
        {
            offsets.push_back(delay * k + Duration::Nanoseconds(ns));
        }
    }
    offsets.push_back(delay * 40);
    return offsets;
}

std::string
NameOf(uint32_t first, Duration offset, Duration delay)
{
    return std::string(first == A ? "A" : "B") + " first, offset " + ToString(offset) + ", delay " +
           ToString(delay);
}

void
ClosedForm(LabTest& t, ResponderInstalls installs)
{
    for (Duration delay : {Duration::Milliseconds(40), Duration::Microseconds(1234)})
    {
        for (Duration offset : Offsets(delay))
        {
            for (uint32_t first : {A, B})
            {
                const World world =
                    RunStart(first, offset, delay, Knob(&IkeKnobs::responderInstalls, installs));
                const std::string what = NameOf(first, offset, delay);
                t.ExpectEqual(Standing(world),
                              Expected(Predict(offset, delay, installs)),
                              what,
                              &world);
                t.Expect(IsShared(world), what + ": the same SAs at both ends", &world);
            }
        }
    }
}

/// The same with one end responder-only: one of each, whatever the offset, whoever is first.
void
ClosedFormResponderOnly(LabTest& t)
{
    const Duration delay = Duration::Milliseconds(40);
    for (ResponderInstalls installs : {ResponderInstalls::Message2, ResponderInstalls::Message3})
    {
        for (Duration offset : Offsets(delay))
        {
            for (uint32_t first : {A, B})
            {
                const World world = RunStart(first,
                                             offset,
                                             delay,
                                             Knob(&IkeKnobs::responderInstalls, installs),
                                             ResponderOnly());
                t.ExpectEqual(Standing(world), "1/1 1/1", NameOf(first, offset, delay), &world);
                t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 1U, "begun", &world);
                t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 1U, "begun", &world);
            }
        }
    }
}

/**
 * With the knob the late end begins nothing while it answers. It answers from 1 delay on until
 * message 5 (5 delays), and again from message 1 of quick mode (7 delays) on. In between nothing
 * tells it that the other end goes on: it begins a quick mode of its own.
 */
void
SuppressedWhileResponding(LabTest& t)
{
    const Duration delay = Duration::Milliseconds(40);
    for (ResponderInstalls installs : {ResponderInstalls::Message2, ResponderInstalls::Message3})
    {
        for (Duration offset : Offsets(delay))
        {
            const bool between = offset >= delay * 5 && offset < delay * 7;
            const bool crossing = offset < delay;
            const Standings expected{crossing ? 2U : 1U, crossing || between ? 2U : 1U};
            const World world = RunStart(A,
                                         offset,
                                         delay,
                                         All({Knob(&IkeKnobs::suppressWhileResponding, true),
                                              Knob(&IkeKnobs::responderInstalls, installs)}));
            t.ExpectEqual(Standing(world), Expected(expected), NameOf(A, offset, delay), &world);
        }
    }
}

/// The peer falls silent in the middle: the suppressed end begins after all.
void
SuppressedIsNotForgotten(LabTest& t)
{
    World world = MakeWorld(Knob(&IkeKnobs::suppressWhileResponding, true));
    RunSchedule(world, "start:A A");
    RunSchedule(world, "start:B");
    t.ExpectEqual(CountEvents(world, B, EventKind::Phase1Begin), 1U, "A's alone", &world);
    Change(world, A, ResponderOnly());
    while (!world.GetFlights().empty())
    {
        world.Drop(world.GetFlights().front().id);
    }
    Pass(world, Duration::Seconds(59));
    t.ExpectEqual(CountEvents(world, B, EventKind::Phase1Begin), 1U, "half open", &world);
    Pass(world, Duration::Seconds(12));
    t.ExpectEqual(Standing(world), "1/1 1/1", "B has begun", &world);
}

// --- Which pair carries the traffic --------------------------------------------------------------

/// Crossing starts: each end has a pair of its own and one of the peer. Which does it send on?
struct ChoiceCase
{
    OutboundChoice a; ///< of A
    OutboundChoice b; ///< of B
    bool aOnOwn;      ///< does A send on the pair that it began?
    bool bOnOwn;      ///< does B?
};

void
OutboundChoices(LabTest& t)
{
    for (const ChoiceCase& c :
         {ChoiceCase{OutboundChoice::Newest, OutboundChoice::Newest, false, false},
          ChoiceCase{OutboundChoice::Oldest, OutboundChoice::Oldest, true, true},
          ChoiceCase{OutboundChoice::Newest, OutboundChoice::Oldest, false, true},
          ChoiceCase{OutboundChoice::Oldest, OutboundChoice::Newest, true, false},
          ChoiceCase{OutboundChoice::FirstInbound, OutboundChoice::FirstInbound, true, true}})
    {
        World world = MakeWorld({},
                                Knob(&IkeKnobs::outboundChoice, c.a),
                                Knob(&IkeKnobs::outboundChoice, c.b));
        RunSchedule(world, "start:A start:B");
        Pass(world, Duration::Seconds(1));
        const std::string what =
            "case " + std::to_string(static_cast<int>(c.a)) + std::to_string(static_cast<int>(c.b));
        t.ExpectEqual(Standing(world), "2/2 2/2", what, &world);
        t.ExpectEqual(SendsOnOwnPair(world, A), c.aOnOwn, what + ": A", &world);
        t.ExpectEqual(SendsOnOwnPair(world, B), c.bOnOwn, what + ": B", &world);
        const bool split = !(OutboundOf(world, A) == OutboundOf(world, B));
        t.ExpectEqual(split, c.aOnOwn == c.bOnOwn, what + ": split", &world);
        t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
    }
}

/// The first packet settles it: the end that hears it on a newer pair joins in.
void
FirstInboundJoins(LabTest& t)
{
    World world = MakeWorld(Knob(&IkeKnobs::outboundChoice, OutboundChoice::FirstInbound));
    RunSchedule(world, "start:A start:B");
    Pass(world, Duration::Seconds(1));
    t.Expect(!(OutboundOf(world, A) == OutboundOf(world, B)), "split at first", &world);
    world.Offer(A, TUNNEL, MakeOffer(world, A));
    RunSchedule(world, "run");
    t.Expect(OutboundOf(world, A) == OutboundOf(world, B), "B has joined A", &world);
    t.Expect(SendsOnOwnPair(world, A), "it is A's pair", &world);
}

/// After a renewal: the initiator uses the new pair at once, the responder when it hears it.
void
FirstInboundAtRekey(LabTest& t)
{
    World world = MakeUpWorld(
        All({Lifetimes(86400, 400), Knob(&IkeKnobs::outboundChoice, OutboundChoice::FirstInbound)}),
        {},
        ResponderOnly());
    Pass(world, Duration::Seconds(375));
    t.ExpectEqual(Standing(world), "1/2 1/2", "old and new", &world);
    t.Expect(!(OutboundOf(world, A) == OutboundOf(world, B)), "B stays with the old one", &world);
    world.Offer(A, TUNNEL, MakeOffer(world, A));
    RunSchedule(world, "run");
    t.Expect(OutboundOf(world, A) == OutboundOf(world, B), "B follows", &world);
}

// --- Which SAs are renewed -----------------------------------------------------------------------

/// How many SAs stand after 0, 1, 2, 3 renewals of a crossing start.
struct RekeyCase
{
    RekeyWhich which;             ///< knob of both ends
    OutboundChoice choice;        ///< knob of both ends
    std::vector<size_t> standing; ///< at each end, between two renewals
};

const std::vector<RekeyCase>&
RekeyCases()
{
    static const std::vector<RekeyCase> cases{
        {RekeyWhich::Outbound, OutboundChoice::Newest, {2, 2, 2, 2}},
        {RekeyWhich::Outbound, OutboundChoice::Oldest, {2, 2, 2, 2}},
        {RekeyWhich::Newest, OutboundChoice::Newest, {2, 2, 2, 2}},
        {RekeyWhich::All, OutboundChoice::Newest, {2, 4, 8, 16}},
    };
    return cases;
}

std::string
NameOf(const RekeyCase& c)
{
    return "which " + std::to_string(static_cast<int>(c.which)) + ", choice " +
           std::to_string(static_cast<int>(c.choice));
}

/// Lifetime 300: soft at 270, hard at 300. Looked at between, when the old ones are gone.
void
RenewalOfPairs(LabTest& t)
{
    for (const RekeyCase& c : RekeyCases())
    {
        World world = MakeWorld(All({Lifetimes(86400, 300),
                                     Knob(&IkeKnobs::rekeyPhase2, c.which),
                                     Knob(&IkeKnobs::outboundChoice, c.choice)}));
        RunSchedule(world, "start:A start:B");
        for (size_t i = 0; i < c.standing.size(); i++)
        {
            PassUntil(world, Instant{} + Duration::Seconds(200 + 270 * static_cast<int64_t>(i)));
            const std::string what = NameOf(c) + ", renewal " + std::to_string(i);
            t.ExpectEqual(CountPairs(world, A), c.standing[i], what, &world);
            t.ExpectEqual(CountPairs(world, B), c.standing[i], what, &world);
            t.Expect(IsShared(world), what + ": the same at both ends", &world);
        }
    }
}

/// The same, except for "all": an end has one own phase 1 with a peer at a time, and renewals that
/// fall together share it.
void
RenewalOfIsakmpSas(LabTest& t)
{
    for (const RekeyCase& c : RekeyCases())
    {
        World world = MakeWorld(All({Lifetimes(300, 86400),
                                     Knob(&IkeKnobs::rekeyPhase1, c.which),
                                     Knob(&IkeKnobs::outboundChoice, c.choice)}));
        RunSchedule(world, "start:A start:B");
        for (size_t i = 0; i < c.standing.size(); i++)
        {
            PassUntil(world, Instant{} + Duration::Seconds(200 + 270 * static_cast<int64_t>(i)));
            const std::string what = NameOf(c) + ", renewal " + std::to_string(i);
            t.ExpectEqual(CountIsakmp(world, A), c.standing[i], what, &world);
            t.ExpectEqual(CountIsakmp(world, B), c.standing[i], what, &world);
        }
    }
}

/// An hour in which one end is responder-only: each SA has at most one successor, and at any
/// moment there are at most an old one and its successor.
void
OneLineage(LabTest& t)
{
    for (RekeyWhich which : {RekeyWhich::Outbound, RekeyWhich::Newest, RekeyWhich::All})
    {
        World world = MakeWorld(All({Lifetimes(600, 300),
                                     Knob(&IkeKnobs::rekeyPhase1, which),
                                     Knob(&IkeKnobs::rekeyPhase2, which)}),
                                {},
                                ResponderOnly());
        RunSchedule(world, "start:A start:B");
        size_t most = 0;
        for (unsigned i = 0; i < 720; i++)
        {
            Pass(world, Duration::Seconds(5));
            for (uint32_t node : {A, B})
            {
                most = std::max({most, CountIsakmp(world, node), CountPairs(world, node)});
            }
            t.Expect(i == 0 || CountPairs(world, B) >= 1, "no gap", &world);
        }
        t.ExpectEqual(most, 2U, "an old one and its successor", &world);
        std::map<PairIdentity, unsigned> successors;
        for (const Event& e : EventsOf(world, A, EventKind::Phase2Begin))
        {
            t.ExpectEqual(++successors[e.succeedsPair], 1U, "successors of a pair", &world);
        }
        t.Expect(successors.size() >= 13, "many renewals", &world);
        std::map<IsakmpIdentity, unsigned> isakmp;
        for (const Event& e : EventsOf(world, A, EventKind::Phase1Begin))
        {
            t.ExpectEqual(++isakmp[e.succeedsIsakmp], 1U, "successors of an ISAKMP SA", &world);
        }
        t.Expect(isakmp.size() >= 6, "many renewals", &world);
    }
}

/// The same hour without responder-only: duplicates stay for ever.
void
DuplicatesStay(LabTest& t)
{
    World world = MakeWorld(Lifetimes(600, 300));
    RunSchedule(world, "start:A start:B");
    for (unsigned i = 0; i < 12; i++)
    {
        Pass(world, Duration::Seconds(300));
        t.Expect(CountPairs(world, A) >= 2 && CountPairs(world, B) >= 2, "duplicates", &world);
        t.Expect(CountPairs(world, A) <= 4, "but no more and more", &world);
    }
}

/// Responder-only at run time: the two lineages become one.
void
CuredAtRunTime(LabTest& t)
{
    World world = MakeWorld(Lifetimes(600, 300));
    RunSchedule(world, "start:A start:B");
    Pass(world, Duration::Seconds(1000));
    t.Expect(CountPairs(world, A) >= 2, "duplicates", &world);
    Change(world, B, ResponderOnly());
    Pass(world, Duration::Seconds(1210));
    t.ExpectEqual(CountPairs(world, A), 1U, "A", &world);
    t.ExpectEqual(CountPairs(world, B), 1U, "B", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
}

/// Two tunnels that begin for traffic alone: a packet at each end, at the same time.
void
ByTraffic(LabTest& t)
{
    const Tweak quiet = [](EngineConfig& c) { c.connections[0].stayUp = false; };
    World world = MakeWorld(quiet);
    RunSchedule(world, "start:A start:B");
    t.Expect(world.GetFlights().empty(), "nothing without traffic", &world);
    RunSchedule(world, "offer:A offer:B run");
    t.ExpectEqual(Standing(world), "2/2 2/2", "both began", &world);
}

/// A rekey that waits for the peer's is not forgotten, and not made when the peer's has come.
void
SuppressedRekey(LabTest& t)
{
    World world =
        MakeWorld(All({Lifetimes(86400, 300), Knob(&IkeKnobs::suppressWhileResponding, true)}));
    RunSchedule(world, "start:A");
    Pass(world, Duration::Seconds(5));
    RunSchedule(world, "start:B");
    PassUntil(world, Instant{} + Duration::Seconds(290));
    t.ExpectEqual(CountPairs(world, A), 2U, "the old pair and one new", &world);
    PassUntil(world, Instant{} + Duration::Seconds(320));
    t.ExpectEqual(Standing(world), "1/1 1/1", "one lineage", &world);
}

/// A rekey that had to wait is made later, and still names the pair that it replaces.
void
DeferredRekeyKeepsItsReason(LabTest& t)
{
    World world = MakeWorld(All({Lifetimes(86400, 300),
                                 Knob(&IkeKnobs::suppressWhileResponding, true),
                                 Knob(&IkeKnobs::halfOpenLifetime, Duration::Seconds(5))}));
    // B reboots just before A's soft lifetime, and its attempt stays half open at A for 5 s
    RunSchedule(world, "start:A run start:B run wait:269s reboot:B B drop:A wait:2s");
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 1U, "A waits", &world);
    RunSchedule(world, "wait:15s");
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 2U, "A asks", &world);
    for (const TimedEvent& e : world.GetLog())
    {
        if (e.event.kind == EventKind::Phase2Begin && e.event.begin == BeginReason::SoftLifetime)
        {
            t.Expect(!e.event.succeedsPair.IsNone(), "it names its predecessor", &world);
        }
    }
}

/// The suite "ike-collision".
class IkeCollisionTestSuite : public TestSuite
{
  public:
    IkeCollisionTestSuite()
        : TestSuite("ike-collision", Type::UNIT)
    {
        Add("closed form, installing at message 2",
            [](LabTest& t) { ClosedForm(t, ResponderInstalls::Message2); });
        Add("closed form, installing at message 3",
            [](LabTest& t) { ClosedForm(t, ResponderInstalls::Message3); });
        Add("closed form, one end responder-only", ClosedFormResponderOnly);
        Add("SuppressWhileResponding moves the steps", SuppressedWhileResponding);
        Add("SuppressWhileResponding puts off, no more", SuppressedIsNotForgotten);
        Add("SuppressWhileResponding at a rekey", SuppressedRekey);
        Add("a deferred rekey keeps its reason", DeferredRekeyKeepsItsReason);
        Add("by traffic alone, both ends", ByTraffic);
        Add("OutboundChoice", OutboundChoices);
        Add("OutboundChoice first-inbound: the peer joins", FirstInboundJoins);
        Add("OutboundChoice first-inbound: a renewal", FirstInboundAtRekey);
        Add("RekeyWhich of pairs", RenewalOfPairs);
        Add("RekeyWhich of ISAKMP SAs", RenewalOfIsakmpSas);
        Add("one lineage for an hour with responder-only", OneLineage);
        Add("duplicates for an hour without it", DuplicatesStay);
        Add("responder-only at run time", CuredAtRunTime);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static IkeCollisionTestSuite g_ikeCollisionTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
