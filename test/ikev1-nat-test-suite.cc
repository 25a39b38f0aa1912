/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

const IpAddress OUTSIDE_A = IpAddress::V4(0xc0000201); ///< 192.0.2.1
const IpAddress OUTSIDE_B = IpAddress::V4(0xc0000202); ///< 192.0.2.2
const IpAddress ELSEWHERE = IpAddress::V4(0xc0000209); ///< 192.0.2.9
constexpr uint16_t FIRST_PORT = 20001;                 ///< of a NAT that gives ports away
constexpr uint16_t STATIC = 0;                         ///< of a NAT that keeps them

/// Where NATs are.
struct Nats
{
    bool a{false};                 ///< before A
    bool b{false};                 ///< before B, with a static mapping
    uint16_t portsOfA{FIRST_PORT}; ///< of the NAT before A
};

/// Any identity of phase 1 will do: behind a NAT it is a private address.
void
TakeAnyIdentity(EngineConfig& c)
{
    c.connections[0].isakmpProfile = IsakmpProfileConfig{"P", "", {IpPrefix::AnyV4()}};
}

World
MakeNatWorld(const Nats& nats, const Tweak& both = {})
{
    const auto leadsTo = [](const IpAddress& outside, bool isNat) {
        return [outside, isNat](EngineConfig& c) {
            TakeAnyIdentity(c);
            c.connections[0].peer = isNat ? outside : c.connections[0].peer;
        };
    };
    World world = MakeWorld(both, leadsTo(OUTSIDE_B, nats.b), leadsTo(OUTSIDE_A, nats.a));
    if (nats.a)
    {
        world.AddNat(A, OUTSIDE_A, nats.portsOfA);
    }
    if (nats.b)
    {
        world.AddNat(B, OUTSIDE_B, STATIC);
    }
    return world;
}

/// Who is behind a NAT, as a node has found out; empty: nobody.
std::string
DetectedBy(const World& world, uint32_t node)
{
    const std::vector<Event> events = EventsOf(world, node, EventKind::NatDetected);
    return events.empty() ? "" : events.back().text;
}

/// "ESP in UDP 10.0.0.1:4500 > 10.0.0.2:4500": a packet of a node, as its receiver sees it.
std::string
EspOf(World& world, uint32_t node)
{
    world.Offer(node, TUNNEL, MakeOffer(world, node));
    const std::optional<Flight> flight = world.OldestFrom(node);
    if (!flight)
    {
        return "nothing";
    }
    world.Drop(flight->id);
    return flight->label + " " + flight->source.ToString() + " > " + flight->destination.ToString();
}

/// What both ends find, and how ESP goes.
struct DetectionCase
{
    Nats nats;          ///< where they are
    uint32_t beginner;  ///< who begins
    std::string foundA; ///< by A
    std::string foundB; ///< by B
    std::string espOfA; ///< as B sees it
    std::string espOfB; ///< as A sees it
};

void
Detection(LabTest& t)
{
    const std::vector<DetectionCase> cases{
        {{}, A, "", "", "ESP 10.0.0.1:0 > 10.0.0.2:0", "ESP 10.0.0.2:0 > 10.0.0.1:0"},
        {{true, false},
         A,
         "local",
         "remote",
         "ESP in UDP 192.0.2.1:20002 > 10.0.0.2:4500",
         "ESP in UDP 10.0.0.2:4500 > 10.0.0.1:4500"},
        {{false, true},
         A,
         "remote",
         "local",
         "ESP in UDP 10.0.0.1:4500 > 10.0.0.2:4500",
         "ESP in UDP 192.0.2.2:4500 > 10.0.0.1:4500"},
        {{true, true},
         A,
         "both",
         "both",
         "ESP in UDP 192.0.2.1:20002 > 10.0.0.2:4500",
         "ESP in UDP 192.0.2.2:4500 > 10.0.0.1:4500"},
        {{true, false, STATIC},
         B,
         "local",
         "remote",
         "ESP in UDP 192.0.2.1:4500 > 10.0.0.2:4500",
         "ESP in UDP 10.0.0.2:4500 > 10.0.0.1:4500"},
    };
    for (const DetectionCase& c : cases)
    {
        World world = MakeNatWorld(c.nats);
        RunSchedule(world, c.beginner == A ? "start:A run" : "start:B run");
        const std::string what =
            "NATs " + std::to_string(c.nats.a) + std::to_string(c.nats.b) + ": ";
        t.ExpectEqual(Standing(world), ONE_EACH, what, &world);
        t.ExpectEqual(DetectedBy(world, A), c.foundA, what + "A", &world);
        t.ExpectEqual(DetectedBy(world, B), c.foundB, what + "B", &world);
        t.Expect(CarriesTraffic(world), what + "traffic", &world);
        t.ExpectEqual(EspOf(world, A), c.espOfA, what + "ESP of A", &world);
        t.ExpectEqual(EspOf(world, B), c.espOfB, what + "ESP of B", &world);
    }
}

/// Who does not want NAT traversal goes without it, and then a NAT loses the ESP.
void
SwitchedOff(LabTest& t)
{
    World world = MakeNatWorld({true, false}, [](EngineConfig& c) { c.natTraversal = false; });
    RunSchedule(world, "start:A run");
    t.ExpectEqual(Standing(world), ONE_EACH, "IKE comes through", &world);
    t.ExpectEqual(DetectedBy(world, A) + DetectedBy(world, B), "", "nobody looks", &world);
    t.Expect(!CarriesTraffic(world), "ESP does not come through", &world);
}

Tweak
Keepalive(int64_t seconds)
{
    return [seconds](EngineConfig& c) { c.natKeepalive = ns3::ike::Duration::Seconds(seconds); };
}

size_t
CountKeepalives(const World& world, uint32_t node)
{
    const std::vector<Flight>& flights = world.GetFlights();
    return std::count_if(flights.begin(), flights.end(), [node](const Flight& f) {
        return f.isKeepalive && f.from == node && f.octets == Octets{0xff} &&
               f.destination == Endpoint{AddressOf(B), 4500};
    });
}

void
Keepalives(LabTest& t)
{
    for (const auto& [seconds, count] :
         {std::pair<int64_t, size_t>{20, 3}, std::pair<int64_t, size_t>{0, 0}})
    {
        World world = MakeNatWorld({true, false}, All({Keepalive(seconds), [](EngineConfig& c) {
                                                           c.connections[0].stayUp = false;
                                                       }}));
        RunSchedule(world, "start:A offer:A run wait:65s");
        t.ExpectEqual(CountKeepalives(world, A), count, "keepalives of A", &world);
        t.ExpectEqual(world.GetFlights().size(), count, "and none of B", &world);
        RunSchedule(world, "run");
        world.Give(A, ClearInput{std::nullopt, true, true});
        RunSchedule(world, "run wait:65s");
        t.ExpectEqual(world.GetFlights().size(), 0U, "no mapping, no keepalive", &world);
    }
    World world = MakeNatWorld({true, false}, Keepalive(20));
    RunSchedule(world, "start:A run");
    Change(world, A, Keepalive(5));
    RunSchedule(world, "wait:21s");
    t.ExpectEqual(CountKeepalives(world, A), 4U, "changed at run time", &world);
    World none = MakeNatWorld({}, Keepalive(20));
    RunSchedule(none, "start:A run wait:65s");
    t.ExpectEqual(none.GetFlights().size(), 0U, "no NAT, no keepalive", &none);
}

/// A watches B every ten seconds, and by that B learns where A is.
Tweak
Watched()
{
    return [](EngineConfig& c) {
        c.connections[0].keepalive =
            DpdConfig{ns3::ike::Duration::Seconds(10), ns3::ike::Duration::Seconds(2), true};
    };
}

/// The NAT gives A another port, or another address, in the middle of its life.
void
Remap(LabTest& t)
{
    for (const IpAddress& outside : {OUTSIDE_A, ELSEWHERE})
    {
        World world = MakeNatWorld({true, false}, All({Watched(), Lifetimes(86400, 300)}));
        RunSchedule(world, "start:A run");
        Pass(world, ns3::ike::Duration::Seconds(1));
        world.RemapNat(A, outside);
        t.ExpectEqual(EspOf(world, B), "nothing", "the old mapping is gone", &world);
        Pass(world, ns3::ike::Duration::Seconds(15));
        t.ExpectEqual(EspOf(world, A),
                      "ESP in UDP " + outside.ToString() + ":20003 > 10.0.0.2:4500",
                      "a new one",
                      &world);
        t.Expect(CarriesTraffic(world), "both ways again", &world);
        t.ExpectEqual(Standing(world), ONE_EACH, "with the same SAs", &world);
        Pass(world, ns3::ike::Duration::Seconds(300));
        t.ExpectEqual(CountEvents(world, B, EventKind::PairUp), 2U, "renewed there", &world);
        t.Expect(CarriesTraffic(world), "and used", &world);
        t.Expect(IsShared(world), "the same at both ends", &world);
    }
}

/// Messages that anybody can send, from a place of his own, move nobody.
void
NobodyElseMoves(LabTest& t)
{
    World world = MakeNatWorld({true, false}, Watched());
    RunSchedule(world, "start:A run wait:11s");
    const Flight question = world.GetFlights().front();
    t.ExpectEqual(question.label, "informational", "R-U-THERE", &world);
    RunSchedule(world, "run");
    const Endpoint evil{ELSEWHERE, 4500};
    world.Give(B, DatagramInput{question.destination, evil, question.octets});
    Octets forged = question.octets;
    forged.back() ^= 1;
    world.Give(B, DatagramInput{question.destination, evil, forged});
    // the question once more is answered, to where A is known to be
    t.ExpectEqual(CountEvents(world, B, EventKind::MessageDropped), 1U, "dropped", &world);
    const std::optional<Flight> answer = world.OldestFrom(B);
    t.ExpectEqual(answer ? answer->destination.ToString() : "nothing",
                  "10.0.0.1:4500",
                  "the answer goes to A",
                  &world);
    RunSchedule(world, "run");
    t.ExpectEqual(EspOf(world, B),
                  "ESP in UDP 10.0.0.2:4500 > 10.0.0.1:4500",
                  "still to A",
                  &world);
    World open = MakeWorld(Watched());
    RunSchedule(open, "start:A run wait:11s");
    const Flight there = open.GetFlights().front();
    open.Give(B, DatagramInput{there.destination, Endpoint{ELSEWHERE, 500}, there.octets});
    t.ExpectEqual(CountEvents(open, B, EventKind::MessageDropped),
                  1U,
                  "without a NAT nobody has another address",
                  &open);
}

/// The mapping changes while an answer is under way: the repeated question has it sent again, to
/// where the question came from. A replay from there gets no more than that.
void
AnsweredWhereAsked(LabTest& t)
{
    World world =
        MakeNatWorld({true, false}, [](EngineConfig& c) { c.connections[0].stayUp = false; });
    RunSchedule(world, "start:A start:B offer:A A B A B A B");
    t.ExpectEqual(Standing(world), "1/0 1/0", "quick mode begins", &world);
    const Flight question = world.OldestFrom(A).value();
    RunSchedule(world, "A drop:B");
    world.RemapNat(A, OUTSIDE_A);
    RunSchedule(world, "wait:10s");
    const Flight again = world.OldestFrom(A).value();
    t.ExpectEqual(again.source.ToString(), "192.0.2.1:20003", "asked again", &world);
    t.Expect(again.octets == question.octets, "the same", &world);
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), ONE_EACH, "it has been heard", &world);
    t.Expect(CarriesTraffic(world), "both ways", &world);
    world.Give(B, DatagramInput{question.destination, Endpoint{OUTSIDE_A, 666}, question.octets});
    t.ExpectEqual(EspOf(world, B),
                  "ESP in UDP 10.0.0.2:4500 > 10.0.0.1:4500",
                  "a replay moves nobody",
                  &world);
}

/// Two hosts behind one NAT have one address: who comes from another port has renewed nothing.
void
AdoptedFromOnePort(LabTest& t)
{
    for (bool isRemapped : {false, true})
    {
        World world = MakeNatWorld({true, false}, All({Lifetimes(300, 86400), [](EngineConfig& c) {
                                                           c.knobs.adoptOnReauthentication = true;
                                                           c.knobs.rekeyPhase1 =
                                                               RekeyWhich::Outbound;
                                                       }}));
        RunSchedule(world, "start:A run");
        Change(world, B, [](EngineConfig& c) { c.connections[0].switches.rekeyPhase1 = false; });
        if (isRemapped)
        {
            world.RemapNat(A, OUTSIDE_A);
        }
        Pass(world, ns3::ike::Duration::Seconds(275));
        t.ExpectEqual(CountIsakmp(world, B), isRemapped ? 2U : 1U, "at B", &world);
    }
}

/// A NAT before a node is part of the world's state.
void
WorldWithNat(LabTest& t)
{
    WorldNat nat(AddressOf(A), OUTSIDE_A, FIRST_PORT);
    const Endpoint ike{AddressOf(A), 500};
    t.Expect(!nat.Enter(Endpoint{OUTSIDE_A, FIRST_PORT}), "no mapping yet");
    t.ExpectEqual(nat.Leave(ike)->ToString(), "192.0.2.1:20001", "the first port");
    t.ExpectEqual(nat.Leave(Endpoint{AddressOf(A), 4500})->ToString(),
                  "192.0.2.1:20002",
                  "the next one");
    t.ExpectEqual(nat.Leave(ike)->ToString(), "192.0.2.1:20001", "it stays");
    t.ExpectEqual(nat.Enter(Endpoint{OUTSIDE_A, FIRST_PORT})->ToString(), "10.0.0.1:500", "back");
    t.Expect(!nat.Leave(Endpoint{AddressOf(A), 0}), "ESP has no port");
    nat.Forget(ELSEWHERE);
    t.Expect(!nat.Enter(Endpoint{ELSEWHERE, FIRST_PORT}), "forgotten");
    t.ExpectEqual(nat.Leave(ike)->ToString(), "192.0.2.9:20003", "another one");
    World one = MakeNatWorld({true, false});
    World other = MakeNatWorld({true, true});
    t.Expect(one.GetFingerprint() != other.GetFingerprint(), "it is in the fingerprint");
}

/// The suite "ikev1-nat": NAT traversal (RFC 3947, RFC 3948).
class Ikev1NatTestSuite : public TestSuite
{
  public:
    Ikev1NatTestSuite()
        : TestSuite("ikev1-nat", Type::UNIT)
    {
        Add("the NAT of the lab", WorldWithNat);
        Add("detection, ports and encapsulation", Detection);
        Add("switched off", SwitchedOff);
        Add("keepalives", Keepalives);
        Add("a mapping changes", Remap);
        Add("nobody else moves the peer", NobodyElseMoves);
        Add("a repeated message is answered where it came from", AnsweredWhereAsked);
        Add("adoption from the same port alone", AdoptedFromOnePort);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1NatTestSuite g_ikev1NatTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
