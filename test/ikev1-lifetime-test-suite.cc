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
// --- Lifetimes -----------------------------------------------------------------------------------

/// The lifetimes that result at both ends.
struct LifetimeCase
{
    int64_t atA;     ///< configured, seconds; A is the initiator
    int64_t atB;     ///< the same
    bool send;       ///< knob of B
    bool honour;     ///< knob of A
    int64_t resultA; ///< in force at A
    int64_t resultB; ///< in force at B
    bool announced;  ///< is the notify sent?
};

void
ResponderLifetime(LabTest& t)
{
    for (const LifetimeCase& c : {LifetimeCase{3600, 3600, true, true, 3600, 3600, false},
                                  LifetimeCase{3600, 600, true, true, 600, 600, true},
                                  LifetimeCase{600, 3600, true, true, 600, 600, false},
                                  LifetimeCase{3600, 600, false, true, 3600, 600, false},
                                  LifetimeCase{3600, 600, true, false, 3600, 600, true}})
    {
        const auto lifetime = [](int64_t seconds) {
            return [seconds](EngineConfig& config) {
                config.connections[0].lifetime = Duration::Seconds(seconds);
            };
        };
        World world =
            MakeWorld({},
                      All({lifetime(c.atA), Knob(&IkeKnobs::honourResponderLifetime, c.honour)}),
                      All({lifetime(c.atB), Knob(&IkeKnobs::sendResponderLifetime, c.send)}));
        RunSchedule(world, "start:A run");
        const std::string what = std::to_string(c.atA) + " s meets " + std::to_string(c.atB) + " s";
        const auto expires = [&](uint32_t node) {
            return world.GetNode(node).engine.GetPairs().at(0).expires;
        };
        t.ExpectEqual(expires(A).ToSeconds(), c.resultA, what + ": A", &world);
        t.ExpectEqual(expires(B).ToSeconds(), c.resultB, what + ": B", &world);
        t.ExpectEqual(CountEvents(world, B, EventKind::NotifySent) == 1, c.announced, what, &world);
    }
}

void
ResponderVolume(LabTest& t)
{
    const auto volume = [](uint64_t kilobytes) {
        return [kilobytes](EngineConfig& c) { c.connections[0].lifetimeKilobytes = kilobytes; };
    };
    World world = MakeWorld({}, volume(5000), volume(3000));
    RunSchedule(world, "start:A run");
    for (uint32_t node : {A, B})
    {
        const uint64_t bytes = world.GetNode(node).engine.GetPairs().at(0).hardBytes;
        t.ExpectEqual(bytes, 3000U * 1024, "volume", &world);
    }
}

/// Without the notify, a responder-only end with the shorter lifetime loses its pair before the
/// other end renews it: a gap in every cycle. With it there is none.
void
LifetimeGap(LabTest& t)
{
    for (bool send : {true, false})
    {
        World world = MakeUpWorld({}, {}, All({ResponderOnly(), [send](EngineConfig& c) {
                                                   c.connections[0].lifetime =
                                                       Duration::Seconds(300);
                                                   c.knobs.sendResponderLifetime = send;
                                               }}));
        bool gap = false;
        for (int i = 0; i < 1000; i++)
        {
            Pass(world, Duration::Seconds(1));
            gap = gap || CountPairs(world, A) == 0 || CountPairs(world, B) == 0;
        }
        t.ExpectEqual(gap, !send, send ? "with the notify" : "without it", &world);
    }
}

/// Everything happens at once (no delay), so all times are exact.
void
ExactLifetimes(LabTest& t)
{
    World world = MakeWorld(Lifetimes(1000, 400), {}, ResponderOnly());
    RunSchedule(world, "start:A start:B");
    PassUntil(world, Instant{} + Duration::Seconds(1500), Duration());
    // a pair: soft at 370, its successor soft at 740, 1110, 1480; hard at 400, 770, 1140
    t.ExpectEqual(TimesOf(world, A, EventKind::Phase2Begin),
                  "0.000000000 370.000000000 740.000000000 1110.000000000 1480.000000000",
                  "quick modes",
                  &world);
    for (uint32_t node : {A, B})
    {
        t.ExpectEqual(TimesOf(world, node, EventKind::PairRemoved),
                      "400.000000000 770.000000000 1140.000000000",
                      "pairs end",
                      &world);
        t.ExpectEqual(TimesOf(world, node, EventKind::IsakmpRemoved),
                      "1000.000000000",
                      "ISAKMP SAs end",
                      &world);
    }
    t.ExpectEqual(TimesOf(world, A, EventKind::Phase1Begin),
                  "0.000000000 970.000000000",
                  "main modes",
                  &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::IsakmpRemoved), "hard-lifetime", "why", &world);
    t.ExpectEqual(Standing(world), "1/2 1/2", "old and new between soft and hard", &world);
}

/// The margin is at most half of the lifetime.
void
ShortLifetimes(LabTest& t)
{
    World world = MakeWorld(Lifetimes(86400, 40), {}, ResponderOnly());
    RunSchedule(world, "start:A start:B");
    PassUntil(world, Instant{} + Duration::Seconds(50), Duration());
    t.ExpectEqual(TimesOf(world, A, EventKind::Phase2Begin),
                  "0.000000000 20.000000000 40.000000000",
                  "quick modes",
                  &world);
}

void
SoftJitter(LabTest& t)
{
    std::set<std::string> times;
    for (uint64_t seed = 1; seed <= 8; seed++)
    {
        const Tweak both = All({Lifetimes(86400, 400), Knob(&IkeKnobs::softJitterPercent, 100U)});
        World world = MakeWorld(both, {}, ResponderOnly(), seed);
        RunSchedule(world, "start:A start:B");
        PassUntil(world, Instant{} + Duration::Seconds(371), Duration());
        times.insert(TimesOf(world, A, EventKind::Phase2Begin));
    }
    t.Expect(times.size() >= 6, "different seeds, different soft lifetimes");
    for (const std::string& time : times)
    {
        const double second = std::stod(time.substr(time.find(' ') + 1));
        t.Expect(second >= 340 && second <= 370, "between 60 s and 30 s before: " + time);
    }
}

/// Offers packets from A to B until this many octets are through.
void
Fill(World& world, uint64_t octets)
{
    const Octets inner =
        MakeInnerPacket(IpAddress::V4(0x0a010001), IpAddress::V4(0x0a020001), 1024 - 20);
    for (uint64_t sent = 0; sent < octets; sent += inner.size())
    {
        world.Offer(A, TUNNEL, inner);
        Pass(world, Duration::Milliseconds(100));
    }
}

void
VolumeLimits(LabTest& t)
{
    const Tweak volume = [](EngineConfig& c) { c.connections[0].lifetimeKilobytes = 300; };
    World world = MakeUpWorld(volume, {}, ResponderOnly());
    Fill(world, 43 * 1024);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 1U, "before 44 kB", &world);
    Fill(world, 108 * 1024);
    // 256 kB before the hard volume, but at least half of it: at 150 kB
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 2U, "at 150 kB", &world);
    t.ExpectEqual(Standing(world), "1/2 1/2", "old and new", &world);
    t.Expect(IsShared(world), "the same SAs", &world);
    const PairIdentity now = OutboundOf(world, A);
    t.Expect(now == EventsOf(world, A, EventKind::PairUp).at(1).pair, "the new one sends", &world);
}

void
HardVolume(LabTest& t)
{
    const Tweak volume = [](EngineConfig& c) {
        c.connections[0].lifetimeKilobytes = 20;
        c.connections[0].switches.rekeyPhase2 = false;
    };
    World world = MakeUpWorld(volume, {}, ResponderOnly());
    Fill(world, 19 * 1024);
    t.ExpectEqual(Standing(world), ONE_EACH, "before 20 kB", &world);
    t.ExpectEqual(RefusalsOf(world, A), "2:soft-lifetime", "no rekey", &world);
    Fill(world, 1024);
    t.ExpectEqual(Standing(world), "1/0 1/0", "at 20 kB", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::PairRemoved), "hard-volume", "why", &world);
    Pass(world, Duration::Seconds(11));
    t.ExpectEqual(Standing(world), ONE_EACH, "after the pause", &world);
}

/// "If no traffic has passed through the tunnel during the entire life of the security association,
/// a new security association is not negotiated when the lifetime expires" (IOS); a VTI is.
void
IdlePairs(LabTest& t)
{
    struct Case
    {
        bool stayUp;
        bool traffic;
        bool idleRekey;
        size_t begun;
    };

    for (const Case& c : {Case{false, false, false, 1},
                          Case{false, true, false, 2},
                          Case{false, false, true, 2},
                          Case{true, false, false, 2}})
    {
        const auto both = [&](EngineConfig& config) {
            Lifetimes(86400, 400)(config);
            config.connections[0].stayUp = c.stayUp;
            config.knobs.idleRekey = c.idleRekey;
        };
        World world = MakeWorld(both, {}, ResponderOnly());
        RunSchedule(world, "start:A start:B");
        world.Give(A, AcquireInput{TUNNEL});
        RunSchedule(world, "run");
        if (c.traffic)
        {
            t.Expect(CarriesTraffic(world), "traffic passes", &world);
        }
        Pass(world, Duration::Seconds(390));
        t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), c.begun, "begun", &world);
    }
}

/// One-way traffic: the engine hears of arriving packets alone, so the receiving end renews the
/// pair.
void
OneWayTraffic(LabTest& t)
{
    const Tweak both = [](EngineConfig& c) {
        Lifetimes(86400, 400)(c);
        c.connections[0].stayUp = false;
    };
    World world = MakeWorld(both);
    RunSchedule(world, "start:A start:B offer:A run offer:A run");
    t.ExpectEqual(world.GetNode(B).delivered.size(), 1U, "a packet passed", &world);
    Pass(world, Duration::Seconds(390));
    t.ExpectEqual(CountPairs(world, A), 2U, "renewed", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 1U, "under one SA", &world);
}

void
PairsOutliveTheirIsakmpSa(LabTest& t)
{
    World world = MakeUpWorld(
        Lifetimes(200, 3600),
        [](EngineConfig& c) { c.connections[0].switches.rekeyPhase1 = false; },
        ResponderOnly());
    Pass(world, Duration::Seconds(300));
    t.ExpectEqual(Standing(world), "0/1 0/1", "the pair stays", &world);
    t.Expect(CarriesTraffic(world), "and carries traffic", &world);
    t.ExpectEqual(RefusalsOf(world, A), "1:soft-lifetime", "no rekey of phase 1", &world);
}

/// Packets that were under way when their pair ended.
void
OldInboundLingers(LabTest& t)
{
    for (bool inTime : {true, false})
    {
        World world = MakeUpWorld({}, {}, ResponderOnly());
        world.Offer(B, TUNNEL, MakeOffer(world, B));
        t.ExpectEqual(world.GetFlights().size(), 1U, "a packet is under way", &world);
        const uint32_t packet = world.GetFlights().front().id;
        world.Give(A, ClearInput{});
        t.ExpectEqual(CountPairs(world, A), 0U, "the pair has ended", &world);
        const Duration wait = Duration::Seconds(5) - Duration::Nanoseconds(inTime ? 1 : 0);
        const Instant end = world.Now() + wait;
        while (world.NextDeadline() <= end)
        {
            world.FireNextTimer();
        }
        world.AdvanceTo(end);
        world.Deliver(packet);
        t.ExpectEqual(world.GetNode(A).delivered.size(), inTime ? 1U : 0U, "delivered", &world);
        const auto unknown = static_cast<size_t>(DropReason::UnknownSpi);
        t.ExpectEqual(world.GetNode(A).plane.GetInboundCounters().discarded.at(unknown),
                      inTime ? 0U : 1U,
                      "unknown SPI",
                      &world);
    }
}

/// The path is away when the pair reaches its soft lifetime: it is renewed when the path is back,
/// not only when the pair has died.
void
SoftWithoutPath(LabTest& t)
{
    World world = MakeWorld(Lifetimes(86400, 300), {}, [](EngineConfig& c) {
        c.connections[0].switches = InitiationSwitches::ResponderOnly();
    });
    RunSchedule(world, "start:A start:B run");
    Pass(world, Duration::Seconds(260));
    RunSchedule(world, "stop:A");
    Pass(world, Duration::Seconds(20));
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 1U, "no path, no rekey", &world);
    RunSchedule(world, "start:A run");
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 2U, "at once", &world);
    t.ExpectEqual(world.GetLog().back().event.kind == EventKind::OutboundSelected,
                  true,
                  "the new pair carries the traffic",
                  &world);
}

/// The suite "ikev1-lifetime": how long SAs live.
class Ikev1LifetimeTestSuite : public TestSuite
{
  public:
    Ikev1LifetimeTestSuite()
        : TestSuite("ikev1-lifetime", Type::UNIT)
    {
        Add("RESPONDER-LIFETIME: seconds", ResponderLifetime);
        Add("RESPONDER-LIFETIME: volume", ResponderVolume);
        Add("RESPONDER-LIFETIME: the gap without it", LifetimeGap);
        Add("lifetimes: exact times", ExactLifetimes);
        Add("lifetimes: the margin is at most half", ShortLifetimes);
        Add("lifetimes: jitter", SoftJitter);
        Add("lifetimes: soft without a path", SoftWithoutPath);
        Add("volume: soft limit", VolumeLimits);
        Add("volume: hard limit", HardVolume);
        Add("idle pairs", IdlePairs);
        Add("traffic one way", OneWayTraffic);
        Add("pairs outlive their ISAKMP SA", PairsOutliveTheirIsakmpSa);
        Add("old inbound SAs linger", OldInboundLingers);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1LifetimeTestSuite g_ikev1LifetimeTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
