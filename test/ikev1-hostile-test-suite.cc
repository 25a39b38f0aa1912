/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-message.h"

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

/// Main mode, quick mode, and a Delete.
constexpr unsigned MESSAGES = 10;

std::string
NameOf(unsigned message)
{
    return message <= 6   ? "main mode " + std::to_string(message)
           : message <= 9 ? "quick mode " + std::to_string(message - 6)
                          : "the Delete";
}

/// A world in which a message is the only datagram under way.
World
MakeWorldAt(unsigned message)
{
    World world = MakeWorld({}, {}, [](EngineConfig& c) {
        // both groups are cheap, and B is not to begin anything itself
        c.connections[0].switches = InitiationSwitches::ResponderOnly();
    });
    RunSchedule(world, "start:A");
    Step(world, std::min(message - 1, 9U));
    if (message == 10)
    {
        world.Give(A, ClearInput{});
    }
    return world;
}

DatagramInput
InputOf(const Flight& f, const Octets& octets)
{
    return DatagramInput{f.destination, f.source, octets};
}

void
LoseAll(World& world)
{
    while (!world.GetFlights().empty())
    {
        world.Drop(world.GetFlights().front().id);
    }
}

/// The true message still leads to where it should: one of each at both ends, at once or after the
/// next attempt; or, for the Delete, to no pair and a new one.
void
ExpectHonestEnd(LabTest& t, World& world, const std::string& what)
{
    Pass(world, Duration::Seconds(150));
    t.ExpectEqual(CountPairs(world, A), 1U, what + ": pairs of A", &world);
    t.ExpectEqual(CountPairs(world, B), 1U, what + ": pairs of B", &world);
    t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
    const std::vector<IsakmpSaView> atB = world.GetNode(B).engine.GetIsakmpSas();
    for (const IsakmpSaView& sa : world.GetNode(A).engine.GetIsakmpSas())
    {
        const bool known = std::any_of(atB.begin(), atB.end(), [&](const IsakmpSaView& other) {
            return other.established && other.identity == sa.identity;
        });
        t.Expect(sa.established && known, what + ": A's ISAKMP SA is known to B", &world);
    }
}

/// No SA has come up by these octets, no pair has gone.
void
ExpectNothingUp(LabTest& t, const World& before, const World& after, const std::string& what)
{
    for (uint32_t node : {A, B})
    {
        t.ExpectEqual(CountIsakmp(after, node), CountIsakmp(before, node), what, &after);
        t.ExpectEqual(CountPairs(after, node), CountPairs(before, node), what, &after);
    }
}

/// Is message 1 of main mode alone what a stranger may send and be answered, so that an altered one
/// may open an SA, half? Messages 2, 3 and 4 are not protected either: an altered one may be taken,
/// and the hashes of messages 5 and 6 find it out.
bool
IsProtected(unsigned message)
{
    return message >= 5;
}

/// The header is not authentic in IKEv1: its minor version and the flags beside "encrypted" may be
/// altered, and the message is the true one all the same (RFC 2408 3.1: to be ignored).
bool
IsStillTrue(unsigned message, size_t at, uint8_t pattern)
{
    const bool isMinorVersion = at == 17 && (pattern & 0xf0) == 0;
    const bool isIdleFlag = at == 19 && (pattern & FLAG_ENCRYPTION) == 0;
    return IsProtected(message) && (isMinorVersion || isIdleFlag);
}

/// Octets that are not the true ones, given to whom the true ones are for; then those.
void
CheckForged(LabTest& t,
            const World& world,
            unsigned message,
            const Octets& forged,
            bool toTheEnd,
            const std::string& what)
{
    const Flight flight = world.GetFlights().front();
    World copy = world;
    const uint64_t before = copy.GetNode(flight.to).engine.GetFingerprint(copy.Now());
    copy.Give(flight.to, InputOf(flight, forged));
    ExpectNothingUp(t, world, copy, what);
    const bool changed = copy.GetNode(flight.to).engine.GetFingerprint(copy.Now()) != before;
    if (changed || toTheEnd)
    {
        ExpectHonestEnd(t, copy, what);
    }
    if (IsProtected(message) && message != 5 && message != 6)
    {
        t.Expect(!changed, what + ": changes nothing", &copy);
    }
}

void
TruncatedMessages(LabTest& t, unsigned message)
{
    const World world = MakeWorldAt(message);
    const Octets whole = world.GetFlights().front().octets;
    for (size_t length = 0; length < whole.size(); length++)
    {
        Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        const std::string what = NameOf(message) + " cut to " + std::to_string(length);
        CheckForged(t, world, message, cut, length % 64 == 0, what);
        if (length >= HEADER_LENGTH)
        {
            // and with a header that says so
            cut[26] = static_cast<uint8_t>(length >> 8);
            cut[27] = static_cast<uint8_t>(length);
            CheckForged(t, world, message, cut, length % 64 == 0, what + ", header and all");
        }
    }
}

void
FlippedOctets(LabTest& t, unsigned message)
{
    const World world = MakeWorldAt(message);
    const Octets whole = world.GetFlights().front().octets;
    for (size_t at = 0; at < whole.size(); at++)
    {
        for (uint8_t pattern : {0x01, 0x80, 0xff})
        {
            if (IsStillTrue(message, at, pattern))
            {
                continue;
            }
            Octets flipped = whole;
            flipped[at] = static_cast<uint8_t>(flipped[at] ^ pattern);
            CheckForged(t,
                        world,
                        message,
                        flipped,
                        (at + pattern) % 97 == 0,
                        NameOf(message) + ", octet " + std::to_string(at) + " ^ " +
                            std::to_string(pattern));
        }
    }
}

/// All alterations of a message one after another, in one world: they add up to nothing.
void
AllFlipsTogether(LabTest& t, unsigned message)
{
    World world = MakeWorldAt(message);
    const Flight flight = world.GetFlights().front();
    const World before = world;
    for (size_t at = 0; at < flight.octets.size(); at++)
    {
        Octets flipped = flight.octets;
        flipped[at] ^= 0x10;
        if (!IsStillTrue(message, at, 0x10))
        {
            world.Give(flight.to, InputOf(flight, flipped));
        }
    }
    ExpectNothingUp(t, before, world, NameOf(message));
    ExpectHonestEnd(t, world, NameOf(message) + ", all octets altered in turn");
}

/// Random octets behind a true header, and random everything.
void
RandomOctets(LabTest& t, unsigned message)
{
    std::mt19937 random(message);
    const World world = MakeWorldAt(message);
    const Octets whole = world.GetFlights().front().octets;
    for (unsigned i = 0; i < 300; i++)
    {
        Octets forged = whole;
        const size_t from = i % 3 == 0 ? 0 : i % 3 == 1 ? 16 : HEADER_LENGTH;
        for (size_t at = from; at < forged.size(); at++)
        {
            if (random() % (1 + i % 16) == 0 && (at < 24 || at > 27))
            {
                forged[at] = static_cast<uint8_t>(random());
            }
        }
        if (forged != whole)
        {
            CheckForged(t, world, message, forged, i % 100 == 0, NameOf(message) + " at random");
        }
    }
}

/// A message with another cookie, from another address or port, or to another one.
void
Misaddressed(LabTest& t, unsigned message)
{
    const World world = MakeWorldAt(message);
    const Flight flight = world.GetFlights().front();
    const IpAddress stranger = IpAddress::V4(0xc0000263);
    for (uint8_t at = 0; at < 16; at++)
    {
        Octets other = flight.octets;
        other[at] = static_cast<uint8_t>(other[at] + 1);
        CheckForged(t, world, message, other, true, NameOf(message) + ", another cookie");
    }

    struct Case
    {
        const char* name;
        DatagramInput input;
    };

    const Endpoint& here = flight.destination;
    const Endpoint& there = flight.source;
    for (const Case& c :
         {Case{"from a stranger", {here, Endpoint{stranger, 500}, flight.octets}},
          Case{"from itself", {here, here, flight.octets}},
          Case{"to another address", {Endpoint{stranger, 500}, there, flight.octets}},
          Case{"from another port", {here, Endpoint{there.address, 4711}, flight.octets}},
          Case{"to another port", {Endpoint{here.address, 4500}, there, flight.octets}}})
    {
        World copy = world;
        copy.Give(flight.to, c.input);
        ExpectHonestEnd(t, copy, NameOf(message) + " " + c.name);
    }
}

/// Every message of a negotiation, given to both ends in every state of another one.
void
Replays(LabTest& t)
{
    std::vector<Flight> tape;
    World world = MakeWorld({}, {}, {}, 99);
    RunSchedule(world, "start:A");
    while (!world.GetFlights().empty())
    {
        tape.push_back(world.GetFlights().front());
        world.Deliver(tape.back().id);
        if (tape.size() == 9)
        {
            world.Give(A, ClearInput{});
        }
    }
    t.ExpectEqual(tape.size(), MESSAGES, "messages");
    for (unsigned message = 1; message <= MESSAGES; message++)
    {
        World other = MakeWorldAt(message);
        const World before = other;
        for (const Flight& f : tape)
        {
            other.Give(f.to, InputOf(f, f.octets));
            // reflected to whoever has sent it
            other.Give(f.from, InputOf(f, f.octets));
        }
        ExpectNothingUp(t, before, other, "before " + NameOf(message));
        ExpectHonestEnd(t, other, "old messages before " + NameOf(message));
    }
}

/// The own messages of a negotiation, those before and the present one reflected, in every state.
void
Reflections(LabTest& t)
{
    std::vector<Flight> tape;
    for (unsigned message = 1; message <= MESSAGES; message++)
    {
        const World world = MakeWorldAt(message);
        tape.push_back(world.GetFlights().front());
        World copy = world;
        for (const Flight& f : tape)
        {
            copy.Give(f.from, InputOf(f, f.octets));
            copy.Give(f.from, DatagramInput{f.source, f.destination, f.octets});
            copy.Give(f.to, DatagramInput{f.source, f.destination, f.octets});
        }
        ExpectNothingUp(t, world, copy, "reflected before " + NameOf(message));
        ExpectHonestEnd(t, copy, "reflected before " + NameOf(message));
    }
}

/// Huge counts and lengths in the clear messages.
void
HugeCounts(LabTest& t)
{
    const World world = MakeWorldAt(1);
    const Flight flight = world.GetFlights().front();
    const Message message = *ReadMessage(flight.octets).value;
    const auto offer = std::get<SaPayload>(message.payloads.at(0));
    std::vector<Message> forged;
    // 255 proposals of 255 transforms would not fit into a datagram; as many as fit
    Message many = message;
    auto& sa = std::get<SaPayload>(many.payloads[0]);
    sa.proposals[0].transforms.assign(255, offer.proposals[0].transforms[0]);
    for (size_t i = 0; i < 255; i++)
    {
        sa.proposals[0].transforms[i].number = static_cast<uint8_t>(i);
    }
    forged.push_back(many);
    sa.proposals.assign(5, sa.proposals[0]);
    forged.push_back(many);
    many = message;
    std::get<SaPayload>(many.payloads[0]).proposals.assign(255, offer.proposals[0]);
    forged.push_back(many);
    many = message;
    std::get<SaPayload>(many.payloads[0]).proposals.clear();
    forged.push_back(many);
    many = message;
    std::get<SaPayload>(many.payloads[0]).proposals[0].transforms.clear();
    forged.push_back(many);
    many = message;
    std::get<SaPayload>(many.payloads[0]).proposals[0].transforms[0].attributes.clear();
    forged.push_back(many);
    many = message;
    auto& attributes = std::get<SaPayload>(many.payloads[0]).proposals[0].transforms[0].attributes;
    for (unsigned i = 0; i < 2000; i++)
    {
        attributes.push_back(attributes[i % 6]);
    }
    forged.push_back(many);
    many = message;
    many.payloads.resize(64, many.payloads.back());
    forged.push_back(many);
    many.payloads.resize(1000, many.payloads.back());
    forged.push_back(many);
    for (size_t i = 0; i < forged.size(); i++)
    {
        const Octets octets = WriteMessage(forged[i]);
        CheckForged(t, world, 1, octets, true, "huge message " + std::to_string(i));
    }
}

/// Lifetimes from nothing to more than 64 bits hold.
void
WildLifetimes(LabTest& t)
{
    const World world = MakeWorldAt(1);
    const Flight flight = world.GetFlights().front();
    for (uint64_t seconds : {0ULL, 1ULL, 0x7fffffffULL, 0xffffffffULL, 0x100000000ULL, ~0ULL})
    {
        for (size_t width : {1, 2, 4, 8, 20})
        {
            Message message = *ReadMessage(flight.octets).value;
            auto& sa = std::get<SaPayload>(message.payloads.at(0));
            Attribute& life = sa.proposals[0].transforms[0].attributes.back();
            Octets value(width, 0);
            for (size_t i = 0; i < std::min<size_t>(width, 8); i++)
            {
                value[width - 1 - i] = static_cast<uint8_t>(seconds >> (8 * i));
            }
            life.basic = false;
            life.value = value;
            World copy = world;
            Octets octets = WriteMessage(message);
            octets[0] ^= 1; // a stranger's own attempt
            copy.Give(B, InputOf(flight, octets));
            t.Expect(CountAttempts(copy, B) <= 1, "at most half open", &copy);
            for (const IsakmpSaView& view : copy.GetNode(B).engine.GetIsakmpSas())
            {
                t.Expect(view.policy.lifetime > Duration() &&
                             view.policy.lifetime <= Duration::Seconds(86400),
                         "a lifetime that makes sense",
                         &copy);
            }
            LoseAll(copy);
            Pass(copy, Duration::Seconds(150));
            t.ExpectEqual(Standing(copy), "1/1 1/1", "the honest attempt", &copy);
        }
    }
}

/// Public values and nonces at the edges of what is legal.
void
WildKeyExchanges(LabTest& t)
{
    for (unsigned number : {3U, 4U})
    {
        const World world = MakeWorldAt(number);
        const Flight flight = world.GetFlights().front();
        const Message message = *ReadMessage(flight.octets).value;
        Octets one(128, 0);
        one.back() = 1;
        for (const Octets& value : {Octets(),
                                    Octets(1, 0),
                                    Octets(128, 0),
                                    one,
                                    Octets(128, 0xff),
                                    Octets(129, 1),
                                    Octets(127, 1),
                                    Octets(4096, 1)})
        {
            Message forged = message;
            for (Payload& p : forged.payloads)
            {
                if (auto* ke = std::get_if<KePayload>(&p))
                {
                    ke->data = value;
                }
            }
            const Octets octets = WriteMessage(forged);
            CheckForged(t, world, number, octets, true, NameOf(number) + ", public value");
        }
        for (size_t length : {0, 7, 8, 256, 257, 4096})
        {
            Message forged = message;
            for (Payload& p : forged.payloads)
            {
                if (auto* nonce = std::get_if<NoncePayload>(&p))
                {
                    nonce->data = Octets(length, 7);
                }
            }
            CheckForged(t, world, number, WriteMessage(forged), true, NameOf(number) + ", nonce");
        }
    }
}

// --- Floods --------------------------------------------------------------------------------------

void
FloodOfFirstMessages(LabTest& t)
{
    World world = MakeWorld(Knob(&IkeKnobs::halfOpenLimit, 20U), {}, ResponderOnly());
    RunSchedule(world, "start:A");
    const Flight flight = world.GetFlights().front();
    Pass(world, Duration::Seconds(1));
    for (unsigned i = 0; i < 2000; i++)
    {
        Octets other = flight.octets;
        other[1] = static_cast<uint8_t>(other[1] ^ 0x55);
        other[2] = static_cast<uint8_t>(i >> 8);
        other[3] = static_cast<uint8_t>(i);
        world.Give(B, InputOf(flight, other));
        t.Expect(CountAttempts(world, B) <= 20, "no more than the limit");
        if (i % 100 == 0)
        {
            LoseAll(world);
        }
    }
    LoseAll(world);
    t.ExpectEqual(CountAttempts(world, B), 20U, "as many as the limit");
    t.ExpectEqual(CountIsakmp(world, B), 1U, "the one that stands stays");
    t.Expect(CarriesTraffic(world), "traffic passes");
    Pass(world, Duration::Seconds(60));
    t.ExpectEqual(CountAttempts(world, B), 0U, "all expired");
}

/// Quick mode messages that are not authentic leave nothing behind.
void
FloodOfQuickModes(LabTest& t)
{
    World world = MakeWorldAt(7);
    const Flight flight = world.GetFlights().front();
    const uint64_t before = world.GetNode(B).engine.GetFingerprint(world.Now());
    for (unsigned i = 0; i < 2000; i++)
    {
        Octets other = flight.octets;
        other[20] = static_cast<uint8_t>(other[20] ^ 0x55);
        other[22] = static_cast<uint8_t>(i >> 8);
        other[23] = static_cast<uint8_t>(i);
        world.Give(B, InputOf(flight, other));
    }
    t.ExpectEqual(world.GetNode(B).engine.GetFingerprint(world.Now()), before, "the same state");
    t.ExpectEqual(world.GetFlights().size(), 1U, "no answers");
    ExpectHonestEnd(t, world, "after the flood");
}

/// Even a peer that has the keys keeps a bounded number of quick modes open.
void
FloodOfAuthenticQuickModes(LabTest& t)
{
    World world = MakeWorld(Knob(&IkeKnobs::quickModeLimit, 8U), {}, ResponderOnly());
    RunSchedule(world, "start:A");
    Step(world, 6);
    world.Drop(world.GetFlights().front().id);
    for (unsigned i = 0; i < 50; i++)
    {
        Change(world, A, ResponderOnly());
        Change(world, A, [](EngineConfig& c) { c.connections[0].switches = {}; });
        world.Deliver(world.OldestFrom(A)->id);
    }
    t.ExpectEqual(CountEvents(world, B, EventKind::Phase2Begin), 8U, "open", &world);
    LoseAll(world);
    PassDeaf(world, Duration::Seconds(60), A);
    t.ExpectEqual(CountEvents(world, B, EventKind::Phase2Failed), 8U, "given up", &world);
    Pass(world, Duration::Seconds(100));
    t.ExpectEqual(CountPairs(world, B), 1U, "an honest one afterwards", &world);
}

/// Notifies without protection: anybody can send them, nobody believes them.
void
ClearNotifies(LabTest& t)
{
    for (unsigned message = 1; message <= MESSAGES; message++)
    {
        World world = MakeWorldAt(message);
        const Flight flight = world.GetFlights().front();
        const Header header = *ReadHeader(flight.octets).value;
        for (uint16_t type : {1, 7, 14, 16, 23, 24, 24576, 24577, 24578, 16384, 65535})
        {
            for (uint8_t flags : {0, 1})
            {
                Header h = header;
                h.exchange = ExchangeType::Informational;
                h.flags = flags;
                NotifyPayload notify;
                notify.type = static_cast<NotifyType>(type);
                const Octets octets = WriteMessage(Message{h, {notify}, {}});
                const World before = world;
                world.Give(flight.to, InputOf(flight, octets));
                ExpectNothingUp(t, before, world, "a notify before " + NameOf(message));
                DeletePayload payload;
                payload.spis.push_back(Octets(octets.begin(), octets.begin() + 16));
                world.Give(flight.to, InputOf(flight, WriteMessage(Message{h, {payload}, {}})));
                ExpectNothingUp(t, before, world, "a Delete before " + NameOf(message));
            }
        }
        ExpectHonestEnd(t, world, "notifies before " + NameOf(message));
    }
}

// --- Every input in every order ------------------------------------------------------------------

/// Any input at any moment: no exception, whatever the host or the network does.
void
InputsInAnyOrder(LabTest& t)
{
    for (uint32_t seed = 1; seed <= 60; seed++)
    {
        std::mt19937 random(seed);
        World world =
            MakeWorld(All({Lifetimes(200, 130),
                           [](EngineConfig& c) { c.connections[0].lifetimeKilobytes = 2; }}),
                      {},
                      {},
                      seed);
        if (seed % 3 == 0)
        {
            world.AddNat(A, AddressOf(A), 20001); // ports alone change
        }
        RunSchedule(world, "start:A start:B");
        for (unsigned i = 0; i < 250; i++)
        {
            const uint32_t node = random() % 2;
            const size_t flights = world.GetFlights().size();
            const size_t any = flights == 0 ? 0 : random() % flights;
            switch (random() % 20)
            {
            case 0:
                world.Give(node, AcquireInput{static_cast<ConnectionId>(random() % 3)});
                break;
            case 1:
                world.Give(
                    node,
                    LinkChangeInput{static_cast<ConnectionId>(random() % 3), random() % 3 != 0});
                break;
            case 2:
                world.Give(node,
                           SaUsageInput{static_cast<PairId>(random() % 8),
                                        static_cast<SaUsageInput::Mark>(random() % 3)});
                break;
            case 3:
                world.Give(node, UnknownSpiInput{AddressOf(node), AddressOf(1 - node), 4711});
                world.Give(
                    node,
                    UsageInput{static_cast<ConnectionId>(random() % 3), world.Now(), std::nullopt});
                break;
            case 4:
                world.Give(node, ComputedInput{static_cast<JobId>(random() % 30), DhResult{}});
                break;
            case 5:
                world.Give(node, ClearInput{std::nullopt, random() % 2 == 0, random() % 2 == 0});
                break;
            case 6:
                Change(world, node, [&](EngineConfig& c) {
                    const bool may = random() % 2 == 0;
                    c.connections[0].switches = {may, true, random() % 2 == 0, may};
                    c.knobs.responderInstalls = random() % 2 == 0 ? ResponderInstalls::Message2
                                                                  : ResponderInstalls::Message3;
                    c.knobs.outboundChoice = static_cast<OutboundChoice>(random() % 3);
                    c.knobs.suppressWhileResponding = random() % 2 == 0;
                    c.knobs.sendInitialContact = random() % 2 == 0;
                    c.knobs.duplicateIsakmp = static_cast<DuplicateIsakmp>(random() % 3);
                    c.knobs.duplicatePause = ns3::ike::Duration::Seconds(random() % 3);
                    c.knobs.pairsOutliveIsakmp = random() % 2 == 0;
                    c.knobs.commitBit = static_cast<CommitBit>(random() % 3);
                    c.invalidSpiRecovery = random() % 2 == 0;
                    c.natKeepalive = ns3::ike::Duration::Seconds(random() % 2 * 20);
                    c.connections[0].keepalive.reset();
                    if (random() % 2 == 0)
                    {
                        c.connections[0].keepalive =
                            DpdConfig{ns3::ike::Duration::Seconds(1 + random() % 30),
                                      ns3::ike::Duration::Seconds(1 + random() % 3),
                                      random() % 2 == 0};
                    }
                    c.connections[0].pfs.reset();
                    if (random() % 2 == 0)
                    {
                        c.connections[0].pfs = DhGroup::Ecp256;
                    }
                    // the second tunnel comes and goes, and has other ends now and then
                    c.connections.resize(1);
                    if (random() % 2 == 0)
                    {
                        c.connections.push_back(MakeSecondTunnel(node));
                        c.connections[1].local = AddressOf(random() % 8 == 0 ? 9 : node);
                    }
                });
                break;
            case 7:
                world.Give(node, TimeoutInput{});
                break;
            case 8:
                if (random() % 10 == 0)
                {
                    world.Reboot(node);
                }
                break;
            case 9:
                world.FireNextTimer();
                break;
            case 10:
                world.Offer(node, TUNNEL, MakeOffer(world, node));
                break;
            case 11:
                if (flights > 0 && flights < 30)
                {
                    world.Duplicate(world.GetFlights()[any].id);
                }
                break;
            case 12:
                if (flights > 0)
                {
                    world.Drop(world.GetFlights()[any].id);
                }
                break;
            default:
                if (flights > 0)
                {
                    world.Deliver(world.GetFlights()[any].id);
                }
            }
        }
        for (uint32_t node : {A, B})
        {
            const PlaneCounters& out = world.GetNode(node).plane.GetOutboundCounters();
            const PlaneCounters& in = world.GetNode(node).plane.GetInboundCounters();
            t.Expect(out.IsBalanced() && in.IsBalanced(), "balanced", &world);
            // the data plane has what the engine has, no more
            const size_t pairs = world.GetNode(node).engine.GetPairs().size();
            t.ExpectEqual(world.GetNode(node).plane.GetInboundCount(), pairs, "inbound", &world);
            t.ExpectEqual(world.GetNode(node).plane.GetOutboundCount(),
                          CountPairs(world, node),
                          "outbound",
                          &world);
        }
    }
}

/// Octets that are no ESP of any SA, and altered ESP.
void
HostileEsp(LabTest& t)
{
    World world = MakeUpWorld();
    world.Offer(A, TUNNEL, MakeOffer(world, A));
    const Flight flight = world.GetFlights().front();
    const std::shared_ptr<CryptoProvider> crypto = GetLabCrypto();
    IpsecDataPlane plane = world.GetNode(B).plane;
    const OuterHeader outer{flight.source.address, flight.destination.address};
    const auto give = [&](const Octets& esp) {
        const InboundResult r = plane.Inbound(world.Now(), outer, esp, *crypto);
        t.Expect(r.verdict.action == VerdictAction::Discard && r.usage.empty(), "discarded");
    };
    for (size_t length = 0; length < flight.octets.size(); length++)
    {
        give(Octets(flight.octets.begin(),
                    flight.octets.begin() + static_cast<std::ptrdiff_t>(length)));
    }
    for (size_t at = 0; at < flight.octets.size(); at++)
    {
        for (uint8_t pattern : {0x01, 0x80, 0xff})
        {
            Octets flipped = flight.octets;
            flipped[at] = static_cast<uint8_t>(flipped[at] ^ pattern);
            give(flipped);
        }
    }
    t.Expect(plane.Inbound(world.Now(), outer, flight.octets, *crypto).verdict.action ==
                 VerdictAction::Accept,
             "the true one is accepted");
}

/// The suite "ikev1-hostile".
class Ikev1HostileTestSuite : public TestSuite
{
  public:
    Ikev1HostileTestSuite()
        : TestSuite("ikev1-hostile", Type::UNIT)
    {
        for (unsigned message = 1; message <= MESSAGES; message++)
        {
            AddFor(message, "cut at every length", TruncatedMessages);
            AddFor(message, "each octet altered", FlippedOctets);
            AddFor(message, "all octets altered in turn", AllFlipsTogether);
            AddFor(message, "octets at random", RandomOctets);
            AddFor(message, "other cookies, addresses, ports", Misaddressed);
        }
        Add("replays of another negotiation in every state", Replays);
        Add("reflections in every state", Reflections);
        Add("huge counts", HugeCounts);
        Add("lifetimes of every size", WildLifetimes);
        Add("public values and nonces of every size", WildKeyExchanges);
        Add("flood of message 1", FloodOfFirstMessages);
        Add("flood of forged quick modes", FloodOfQuickModes);
        Add("flood of authentic quick modes", FloodOfAuthenticQuickModes);
        Add("notifies and Deletes without protection", ClearNotifies);
        Add("every input in any order", InputsInAnyOrder);
        Add("ESP, cut and altered", HostileEsp);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }

    void AddFor(unsigned message, const std::string& what, void (*test)(LabTest&, unsigned))
    {
        Add(NameOf(message) + ": " + what, [message, test](LabTest& t) { test(t, message); });
    }
};

static Ikev1HostileTestSuite g_ikev1HostileTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
