/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-profiles.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// One way.
constexpr Duration FAR = ns3::ike::Duration::Milliseconds(100);

/// A profile by its name; nothing begins by itself.
Tweak
Profile(const std::string& name)
{
    return [name](EngineConfig& c) {
        SetProfile(c.knobs, name);
        c.connections[0].stayUp = false;
    };
}

/// Both ends are told to begin at the same moment.
World
MakeBothBegin(const Tweak& both)
{
    World world = MakeWorld(both);
    RunSchedule(world, "start:A start:B");
    world.Give(A, AcquireInput{TUNNEL});
    world.Give(B, AcquireInput{TUNNEL});
    return world;
}

// --- The knobs --------------------------------------------------------------------------------

/// A tunnel that stands gets a second pair: what becomes of the first one.
void
OlderPairsOfATunnel(LabTest& t)
{
    struct Row
    {
        OlderPairs knob;      ///< of A, who begins the renewal
        std::string standing; ///< when the second pair is up
        std::string deletes;  ///< ends of pairs at B
    };

    for (const Row& row : {Row{OlderPairs::Keep, "1/2 1/2", ""},
                           Row{OlderPairs::Delete, "1/1 1/1", "deleted-by-peer"}})
    {
        World world =
            MakeUpWorld(All({Lifetimes(86400, 300), Knob(&IkeKnobs::softJitterPercent, 0U)}),
                        Knob(&IkeKnobs::olderPairs, row.knob),
                        [](EngineConfig& c) { c.connections[0].switches.rekeyPhase2 = false; });
        Pass(world, ns3::ike::Duration::Seconds(275));
        t.ExpectEqual(Standing(world), row.standing, "after the soft lifetime", &world);
        t.ExpectEqual(EndsOf(world, B, EventKind::PairRemoved), row.deletes, "at B", &world);
        t.Expect(CarriesTraffic(world), "on the newer one", &world);
    }
}

/// Two main modes cross, and both ends say INITIAL-CONTACT: does it end an SA that came up beside?
void
WhatInitialContactEnds(LabTest& t)
{
    struct Row
    {
        InitialContactEnds knob; ///< of both ends
        std::string standing;    ///< when all has arrived
    };

    for (const Row& row :
         {Row{InitialContactEnds::Older, "2/2 2/2"}, Row{InitialContactEnds::All, "1/1 2/2"}})
    {
        World world = MakeWorld(All({Knob(&IkeKnobs::sendInitialContact, true),
                                     Knob(&IkeKnobs::initialContactEnds, row.knob)}));
        // in step, but B's message 5 is lost and comes again when A's SA stands
        RunSchedule(world, "start:A start:B A B A B A B A B drop:B run timer run");
        t.ExpectEqual(Standing(world), row.standing, "A, and B", &world);
        // one that begins when the other end has lost everything is about all, with either
        RunSchedule(world, "reboot:B run");
        t.ExpectEqual(CountIsakmp(world, A), 1U, "after a reboot", &world);
    }
}

/// Two pairs of a tunnel: whose soft lifetime begins a quick mode.
void
WhichPairsAreRenewed(LabTest& t)
{
    struct Row
    {
        RekeyWhich knob;    ///< of A
        unsigned underOne;  ///< begun by A, when both pairs are under one ISAKMP SA
        unsigned underEach; ///< when each has an ISAKMP SA of its own
    };

    for (const Row& row : {Row{RekeyWhich::Outbound, 1, 1},
                           Row{RekeyWhich::Newest, 1, 1},
                           Row{RekeyWhich::NewestOfIsakmp, 1, 2},
                           Row{RekeyWhich::Own, 1, 1},
                           Row{RekeyWhich::All, 2, 2}})
    {
        for (const bool isOne : {true, false})
        {
            World world =
                MakeWorld(All({Lifetimes(86400, 3000), Knob(&IkeKnobs::softJitterPercent, 0U)}),
                          Knob(&IkeKnobs::rekeyPhase2, row.knob),
                          [](EngineConfig& c) { c.connections[0].switches.rekeyPhase2 = false; });
            RunSchedule(world,
                        isOne ? "start:A run start:B clear:A run wait:10s run"
                              : "start:A start:B run");
            t.ExpectEqual(Standing(world), isOne ? "1/2 1/2" : "2/2 2/2", "two pairs", &world);
            world.ForgetHistory();
            Pass(world, ns3::ike::Duration::Seconds(2985));
            t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin),
                          isOne ? row.underOne : row.underEach,
                          "begun",
                          &world);
        }
    }
}

/// One end reauthenticates: the old ISAKMP SA goes after the pause, with its pair taken over.
void
ReplaceAfterReauthentication(LabTest& t)
{
    World world = MakeWorld(All({Profile("strongswan"),
                                 Knob(&IkeKnobs::adoptOnReauthentication, false),
                                 Knob(&IkeKnobs::softJitterPercent, 0U),
                                 Knob(&IkeKnobs::duplicateIsakmp, DuplicateIsakmp::Replace)}),
                            Lifetimes(300, 86400),
                            [](EngineConfig& c) { c.connections[0].switches.rekeyPhase1 = false; });
    RunSchedule(world, "start:A start:B");
    world.Give(A, AcquireInput{TUNNEL});
    RunSchedule(world, "run");
    Pass(world, ns3::ike::Duration::Seconds(275), FAR);
    t.ExpectEqual(Standing(world), "2/1 2/1", "the new one is up", &world);
    Pass(world, ns3::ike::Duration::Seconds(10), FAR);
    t.ExpectEqual(Standing(world), ONE_EACH, "the old one has gone before its time", &world);
    t.Expect(CarriesTraffic(world), "the pair lives on", &world);
}

/// The peer's second phase 1 is over while a quick mode of this end runs: that is abandoned, and
/// begun anew under the new SA; the answer to it means nothing any more.
void
Adoption(LabTest& t)
{
    for (bool adopts : {true, false})
    {
        World world = MakeWorld(
            All({Profile("strongswan"), Knob(&IkeKnobs::adoptOnReauthentication, adopts)}));
        RunSchedule(world, "start:A start:B");
        world.Give(A, AcquireInput{TUNNEL});
        RunSchedule(world, "A B A B");
        world.Give(B, AcquireInput{TUNNEL});
        RunSchedule(world, "A late:B B"); // A's SA is up at both ends, its quick mode begins
        t.ExpectEqual(Standing(world), "1/0 1/0", "the first one", &world);
        RunSchedule(world, "B late:A A B late:A A B"); // B's main mode overtakes it
        t.ExpectEqual(EndsOf(world, A, EventKind::Phase2Failed),
                      adopts ? "replaced" : "",
                      "abandoned",
                      &world);
        const std::vector<Event> begun = EventsOf(world, A, EventKind::Phase2Begin);
        t.ExpectEqual(begun.size(), adopts ? 2U : 1U, "and begun anew", &world);
        t.Expect(begun.back().begin == BeginReason::Traffic, "for the same reason", &world);
        t.ExpectEqual(begun.back().isakmp == begun.front().isakmp, !adopts, "elsewhere", &world);
        RunSchedule(world, "run");
        t.ExpectEqual(CountEvents(world, A, EventKind::MessageDropped),
                      adopts ? 1U : 0U,
                      "the late answer",
                      &world);
        t.ExpectEqual(Standing(world), "2/2 2/2", "settled", &world);
        Pass(world, ns3::ike::Duration::Seconds(11), FAR);
        t.ExpectEqual(Standing(world), adopts ? "1/2 1/2" : "2/2 2/2", "the old one", &world);
        t.Expect(IsShared(world) && CarriesTraffic(world), "all is well", &world);
    }
}

/// Both ends begin at the same moment, each with INITIAL-CONTACT: neither is a leftover to the
/// other.
void
CrossingInitialContact(LabTest& t)
{
    for (bool aggressive : {false, true})
    {
        World world = MakeBothBegin(
            All({Knob(&IkeKnobs::sendInitialContact, true),
                 [aggressive](EngineConfig& c) { c.connections[0].aggressive = aggressive; }}));
        Pass(world, ns3::ike::Duration::Seconds(5), FAR);
        t.ExpectEqual(EndsOf(world, A, EventKind::Phase2Failed),
                      "",
                      "nobody ends the other's",
                      &world);
        t.Expect(CountPairs(world, A) >= 1 && CarriesTraffic(world), "there is a pair", &world);
    }
}

/// Refuse: what comes up second ends at once; a renewal does not.
void
Refuse(LabTest& t)
{
    World world = MakeBothBegin(Knob(&IkeKnobs::duplicateIsakmp, DuplicateIsakmp::Refuse));
    Pass(world, ns3::ike::Duration::Seconds(20), FAR);
    t.Expect(CountIsakmp(world, A) <= 1 && CountIsakmp(world, B) <= 1, "one at most", &world);
    t.Expect(EndsOf(world, A, EventKind::IsakmpRemoved).find("replaced") != std::string::npos,
             "the second one is refused",
             &world);
    World renewed = MakeUpWorld(
        All({Knob(&IkeKnobs::duplicateIsakmp, DuplicateIsakmp::Refuse), Lifetimes(300, 86400)}),
        {},
        ResponderOnly());
    Pass(renewed, ns3::ike::Duration::Seconds(290));
    t.ExpectEqual(CountIsakmp(renewed, A), 2U, "the successor is none too many", &renewed);
    Pass(renewed, ns3::ike::Duration::Seconds(100));
    t.ExpectEqual(Standing(renewed), ONE_EACH, "renewed", &renewed);
    t.ExpectEqual(EndsOf(renewed, B, EventKind::IsakmpRemoved),
                  "hard-lifetime",
                  "of age",
                  &renewed);
    // the peer renews what it has begun before this end would have it renewed
    World early = MakeUpWorld(
        All({Knob(&IkeKnobs::duplicateIsakmp, DuplicateIsakmp::Refuse), Lifetimes(300, 86400)}),
        Knob(&IkeKnobs::phase1SoftMargin, ns3::ike::Duration::Seconds(150)),
        ResponderOnly());
    Pass(early, ns3::ike::Duration::Seconds(200));
    t.ExpectEqual(CountIsakmp(early, B), 2U, "an early successor", &early);
    t.ExpectEqual(EndsOf(early, B, EventKind::IsakmpRemoved), "", "is not refused", &early);
}

/// What a pair does when its ISAKMP SA ends, however that comes.
void
PairsWithTheirIsakmpSa(LabTest& t)
{
    for (bool outlive : {true, false})
    {
        const auto tweak = All({Knob(&IkeKnobs::pairsOutliveIsakmp, outlive),
                                [](EngineConfig& c) { c.connections[0].stayUp = false; }});
        const std::string left = outlive ? "0/1 0/1" : "0/0 0/0";
        World cleared = MakeWorld(tweak);
        RunSchedule(cleared, "start:A start:B offer:A run");
        cleared.Give(A, ClearInput{std::nullopt, true, false});
        RunSchedule(cleared, "run");
        t.ExpectEqual(Standing(cleared), left, "cleared at A, deleted by the peer at B", &cleared);
        World aged = MakeWorld(All({tweak, Lifetimes(300, 86400), [](EngineConfig& c) {
                                        c.connections[0].switches.rekeyPhase1 = false;
                                    }}));
        RunSchedule(aged, "start:A start:B offer:A run");
        Pass(aged, ns3::ike::Duration::Seconds(310));
        t.ExpectEqual(Standing(aged), left, "of age", &aged);
    }
}

// --- Commit bit -------------------------------------------------------------------------------

/// What both ends do about it.
struct CommitCase
{
    CommitBit initiator; ///< knob of A
    CommitBit responder; ///< knob of B
    bool isSent;         ///< CONNECTED
    bool isAwaited;      ///< by A
};

void
Commit(LabTest& t)
{
    using K = CommitBit;
    for (const CommitCase& c : {CommitCase{K::Heed, K::Heed, false, false},
                                CommitCase{K::Heed, K::Send, true, true},
                                CommitCase{K::Send, K::Send, true, true},
                                CommitCase{K::Ignore, K::Send, true, false},
                                CommitCase{K::Send, K::Heed, false, false}})
    {
        const auto make = [&c] {
            World world = MakeWorld({},
                                    Knob(&IkeKnobs::commitBit, c.initiator),
                                    Knob(&IkeKnobs::commitBit, c.responder));
            RunSchedule(world, "start:A A B A B A B A B"); // message 2 has arrived
            return world;
        };
        World world = make();
        t.ExpectEqual(CountPairs(world, A), 1U, "installed", &world);
        t.ExpectEqual(OutboundOf(world, A).IsNone(), c.isAwaited, "not to be used yet", &world);
        RunSchedule(world, "A");
        t.ExpectEqual(OutboundOf(world, A).IsNone(), c.isAwaited, "B has to say so", &world);
        RunSchedule(world, "run");
        t.Expect(CarriesTraffic(world), "in use", &world);
        t.ExpectEqual(CountEvents(world, B, EventKind::NotifySent) == 1, c.isSent, "said", &world);
        if (!c.isAwaited)
        {
            continue;
        }
        World lost = make(); // CONNECTED gets lost: the wait has an end
        RunSchedule(lost, "A drop:B wait:9s");
        t.Expect(OutboundOf(lost, A).IsNone(), "it waits", &lost);
        RunSchedule(lost, "wait:2s");
        t.Expect(!OutboundOf(lost, A).IsNone() && CarriesTraffic(lost), "enough", &lost);
        World packet = make(); // or a packet shows that B has installed it
        RunSchedule(packet, "A drop:B offer:B run");
        t.Expect(!OutboundOf(packet, A).IsNone(), "it sends on it", &packet);
        World again = make(); // CONNECTED once more is a replay
        RunSchedule(again, "A dup:B run");
        const std::vector<Event> drops = EventsOf(again, A, EventKind::MessageDropped);
        t.ExpectEqual(drops.size(), 1U, "once", &again);
    }
}

// --- Unknown SPIs -----------------------------------------------------------------------------

/// B has lost a pair that A uses; a second ISAKMP SA, or none, is there to say so.
World
MakeOutOfStep(const Tweak& both = {}, const Tweak& onlyB = {})
{
    World world = MakeWorld(All({both ? both : [](EngineConfig&) {},
                                 [](EngineConfig& c) { c.connections[0].stayUp = false; }}),
                            {},
                            onlyB);
    RunSchedule(world, "start:A start:B offer:A run");
    // B forgets its pair, and what it says of that gets lost
    world.Give(B, ClearInput{});
    RunSchedule(world, "drop:B");
    Pass(world, ns3::ike::Duration::Seconds(6)); // it lingers
    return world;
}

size_t
CountNotifies(const World& world, uint32_t node, EventKind kind)
{
    const std::vector<Event> events = EventsOf(world, node, kind);
    return std::count_if(events.begin(), events.end(), [](const Event& e) {
        return e.text == ToString(NotifyType::InvalidSpi);
    });
}

void
UnknownSpi(LabTest& t)
{
    World world = MakeOutOfStep({}, ResponderOnly());
    t.ExpectEqual(Standing(world), "1/1 1/0", "out of step", &world);
    for (unsigned i = 0; i < 20; i++)
    {
        RunSchedule(world, "offer:A A"); // what B says stays under way
    }
    t.ExpectEqual(CountNotifies(world, B, EventKind::NotifySent), 1U, "once a second", &world);
    const Flight said = world.OldestFrom(B).value();
    RunSchedule(world, "run");
    t.ExpectEqual(CountPairs(world, A), 0U, "A has understood", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::PairRemoved), "deleted-by-peer", "so", &world);
    RunSchedule(world, "offer:A run");
    t.Expect(CarriesTraffic(world), "a new one", &world);
    // a replay is about an SPI that nobody has any more
    world.Give(A, DatagramInput{said.destination, said.source, said.octets});
    t.ExpectEqual(Standing(world), ONE_EACH, "nothing happens", &world);
}

/// ESP is reflected, and what is said of it: nobody may make an end drop its own pair.
void
ReflectedInvalidSpi(LabTest& t)
{
    World world = MakeUpWorld();
    const uint32_t own = world.GetNode(A).engine.GetPairs().front().outboundSpi;
    world.Give(A, UnknownSpiInput{AddressOf(A), AddressOf(B), own});
    t.ExpectEqual(CountNotifies(world, A, EventKind::NotifySent), 0U, "ESP reflected", &world);
    // the pair of that SPI comes up after it was spoken of
    World late = MakeOutOfStep({}, ResponderOnly());
    RunSchedule(late, "offer:A A");
    const Flight said = late.OldestFrom(B).value();
    late.Give(B, DatagramInput{said.source, said.destination, said.octets});
    const std::vector<Event> drops = EventsOf(late, B, EventKind::MessageDropped);
    t.ExpectEqual(drops.empty() ? "" : drops.back().text,
                  "this end's own INVALID-SPI came back",
                  "what is said, reflected",
                  &late);
}

/// ESP that overtakes message 3 is not unknown, only early.
void
EarlyEsp(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A A B A B A B A B offer:A late:A A");
    t.ExpectEqual(CountNotifies(world, B, EventKind::NotifySent), 0U, "B waits", &world);
    RunSchedule(world, "run");
    t.Expect(CarriesTraffic(world), "all is well", &world);
}

/// Without an ISAKMP SA there is nothing to say it under; one is begun on request, never by a
/// responder-only end.
void
Recovery(LabTest& t)
{
    for (bool isOn : {false, true})
    {
        for (bool mayBegin : {true, false})
        {
            World world = MakeWorld(
                [](EngineConfig& c) { c.connections[0].stayUp = false; },
                {},
                [&](EngineConfig& c) {
                    c.invalidSpiRecovery = isOn;
                    c.connections[0].switches = InitiationSwitches{mayBegin, true, true, true};
                });
            RunSchedule(world, "start:A start:B offer:A run");
            // the ISAKMP SA goes at both ends; B has a pair, yet ESP with another SPI comes
            world.Give(A, ClearInput{std::nullopt, true, false});
            RunSchedule(world, "run");
            t.ExpectEqual(Standing(world), "0/1 0/1", "pairs alone", &world);
            world.Give(B, UnknownSpiInput{AddressOf(B), AddressOf(A), 4711});
            RunSchedule(world, "run");
            t.ExpectEqual(CountIsakmp(world, B), isOn && mayBegin ? 1U : 0U, "begun", &world);
            t.ExpectEqual(RefusalsOf(world, B),
                          isOn && !mayBegin ? "1:unknown-spi" : "",
                          "or refused",
                          &world);
            world.Give(B, UnknownSpiInput{AddressOf(B), AddressOf(A), 4711});
            t.ExpectEqual(CountNotifies(world, B, EventKind::NotifySent),
                          isOn && mayBegin ? 1U : 0U,
                          "now it can be said",
                          &world);
        }
    }
}

/// The suite "ikev1-duplicates": several SAs with one peer, and ends that are out of step.
class Ikev1DuplicatesTestSuite : public TestSuite
{
  public:
    Ikev1DuplicatesTestSuite()
        : TestSuite("ikev1-duplicates", Type::UNIT)
    {
        Add("older pairs", OlderPairsOfATunnel);
        Add("what initial contact ends", WhatInitialContactEnds);
        Add("which pairs are renewed", WhichPairsAreRenewed);
        Add("replace after a reauthentication", ReplaceAfterReauthentication);
        Add("adoption", Adoption);
        Add("crossing initial contact", CrossingInitialContact);
        Add("refuse", Refuse);
        Add("pairs and their ISAKMP SA", PairsWithTheirIsakmpSa);
        Add("commit bit", Commit);
        Add("unknown SPI", UnknownSpi);
        Add("INVALID-SPI reflected", ReflectedInvalidSpi);
        Add("early ESP", EarlyEsp);
        Add("recovery of an unknown SPI", Recovery);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1DuplicatesTestSuite g_ikev1DuplicatesTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
