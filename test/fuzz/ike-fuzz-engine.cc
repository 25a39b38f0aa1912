/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Target "engine": two engines in memory, at some step of a negotiation. The input says which
 * datagrams arrive, are lost, come twice, are late or altered, what strangers and what a peer with
 * the keys send, and when time passes.
 */
#include "ike-fuzz-input.h"
#include "ike-fuzz-peer.h"
#include "ike-fuzz-world.h"

#include "ns3/ike-negotiate.h"
#include "ns3/ike-schedule.h"

#include <functional>
#include <tuple>

using namespace ns3::ike;

namespace
{

constexpr unsigned MOST_MOVES = 120;   ///< of one run
constexpr size_t MOST_FLIGHTS = 64;    ///< under way
constexpr unsigned MOST_AT_ONCE = 256; ///< timers at one moment
constexpr size_t MOST_STARTS = 2000;   ///< kept
constexpr Duration DELAY = Duration::Milliseconds(40);
const IpAddress ELSEWHERE = IpAddress::V4(0xc0000263); ///< nobody is there

std::shared_ptr<SpyCrypto>
GetCrypto()
{
    static const auto crypto = std::make_shared<SpyCrypto>(SECRET);
    return crypto;
}

/// The same, made once.
const Start&
GetStart(uint16_t variant, unsigned steps)
{
    static std::map<std::pair<uint16_t, unsigned>, Start> starts;
    if (starts.size() > MOST_STARTS)
    {
        starts.clear();
    }
    const auto key = std::make_pair(variant, steps);
    const auto it = starts.find(key);
    return it != starts.end()
               ? it->second
               : starts.emplace(key, MakeStart(GetCrypto(), variant, steps)).first->second;
}

// --- A run ---------------------------------------------------------------------------------------

/// What stands at an end.
struct Standing
{
    /// An established ISAKMP SA, and where its peer is.
    using Place = std::tuple<IsakmpIdentity, IpAddress, uint16_t>;

    std::set<Place> isakmp;       ///< all of them
    std::set<PairIdentity> pairs; ///< living

    explicit Standing(const Engine& engine)
    {
        for (const IsakmpSaView& sa : engine.GetIsakmpSas())
        {
            if (sa.established)
            {
                isakmp.insert({sa.identity, sa.peer, sa.peerPort});
            }
        }
        for (const PairView& pair : engine.GetPairs())
        {
            if (pair.live)
            {
                pairs.insert(pair.identity);
            }
        }
    }

    /// Does all of this still stand there, with peers where they were?
    bool IsPartOf(const Standing& other) const
    {
        return std::includes(other.isakmp.begin(),
                             other.isakmp.end(),
                             isakmp.begin(),
                             isakmp.end()) &&
               std::includes(other.pairs.begin(), other.pairs.end(), pairs.begin(), pairs.end());
    }
};

/// All of one run.
struct Run
{
    World world;              ///< both ends
    uint16_t variant;         ///< how the ends are configured
    FuzzInput in;             ///< what happens next
    std::vector<Flight> tape; ///< every datagram that an end has sent
    uint32_t lastFlight{0};   ///< the newest on the tape
    bool networkAlone{true};  ///< nobody but the network was hostile so far

    Run(const Start& start, uint16_t which, const FuzzInput& input)
        : world(start.world),
          variant(which),
          in(input),
          tape(start.tape)
    {
        Record();
    }

    /// Datagrams that are new go on the tape.
    void Record()
    {
        for (const Flight& f : world.GetFlights())
        {
            if (f.id > lastFlight && tape.size() < 400)
            {
                tape.push_back(f);
            }
            lastFlight = std::max(lastFlight, f.id);
        }
    }

    /// Any datagram under way, or null.
    const Flight* Any()
    {
        const std::vector<Flight>& flights = world.GetFlights();
        return flights.empty() ? nullptr : &flights[in.Below(flights.size())];
    }

    bool IsTrue(const Octets& octets) const
    {
        return std::any_of(tape.begin(), tape.end(), [&octets](const Flight& f) {
            return f.octets == octets;
        });
    }
};

/// Octets that nobody with the keys has written arrive. What stood before still stands, unless the
/// true message of which they are a copy would have ended it: IKEv1 authenticates neither all of
/// the header nor the padding.
void
GiveForged(Run& run, uint32_t node, const DatagramInput& forged, const Octets* original)
{
    if (run.IsTrue(forged.octets))
    {
        run.world.Give(node, forged);
        return;
    }
    std::optional<Engine> before;
    if (original)
    {
        before = run.world.GetNode(node).engine;
    }
    const Standing stood(run.world.GetNode(node).engine);
    run.world.Give(node, forged);
    if (stood.IsPartOf(Standing(run.world.GetNode(node).engine)))
    {
        return;
    }
    FuzzExpect(original != nullptr, "an unauthenticated message tears nothing down");
    before->Handle(run.world.Now(),
                   DatagramInput{forged.local, forged.remote, *original},
                   *GetCrypto());
    FuzzExpect(Standing(*before).IsPartOf(Standing(run.world.GetNode(node).engine)),
               "an altered message tears nothing down that the true one would not");
}

// --- Moves of the network ------------------------------------------------------------------------

void
DeliverFirst(Run& run)
{
    if (!run.world.GetFlights().empty())
    {
        run.world.Deliver(run.world.GetFlights().front().id);
    }
}

void
DeliverAny(Run& run)
{
    if (const Flight* f = run.Any())
    {
        run.world.Deliver(f->id);
    }
}

void
DropAny(Run& run)
{
    if (const Flight* f = run.Any())
    {
        run.world.Drop(f->id);
    }
}

void
DuplicateAny(Run& run)
{
    if (const Flight* f = run.Any())
    {
        run.world.Duplicate(f->id);
    }
}

/// An old datagram arrives once more, at either end.
void
Replay(Run& run)
{
    if (run.tape.empty())
    {
        return;
    }
    const Flight f = run.tape[run.in.Below(run.tape.size())];
    const uint8_t how = run.in.Byte();
    const uint32_t to = how % 4 == 0 ? f.from : f.to;
    if (f.isEsp)
    {
        return;
    }
    run.world.Give(to, DatagramInput{f.destination, f.source, f.octets});
    if (how < 0x80)
    {
        return;
    }
    const Standing stood(run.world.GetNode(to).engine);
    const IpAddress from = how < 0xc0 ? f.source.address : ELSEWHERE;
    run.world.Give(to, DatagramInput{f.destination, Endpoint{from, 4500}, f.octets});
    FuzzExpect(stood.IsPartOf(Standing(run.world.GetNode(to).engine)),
               "what comes again from elsewhere ends and moves nothing");
}

/// A datagram arrives altered; the true one stays under way, or is lost.
void
AlterAny(Run& run)
{
    const Flight* under = run.Any();
    if (!under || under->isEsp)
    {
        return;
    }
    const Flight f = *under;
    Octets forged = f.octets;
    const uint8_t how = run.in.Byte();
    for (unsigned changes = 1 + how % 4; changes > 0; changes--)
    {
        const size_t at = run.in.Below(forged.size());
        switch (run.in.Byte() % 6)
        {
        case 0:
            forged.resize(at);
            break;
        case 1:
            Append(forged, run.in.Take(run.in.Below(40)));
            break;
        case 2: {
            const Octets with = run.in.Take(run.in.Below(16));
            for (size_t i = 0; i < with.size() && at + i < forged.size(); i++)
            {
                forged[at + i] = with[i];
            }
            break;
        }
        default:
            if (!forged.empty())
            {
                forged[at] = static_cast<uint8_t>(forged[at] ^ run.in.Byte());
            }
        }
    }
    if (how & 0x40 && forged.size() >= HEADER_LENGTH)
    {
        // the header says how long it is
        forged[26] = static_cast<uint8_t>(forged.size() >> 8);
        forged[27] = static_cast<uint8_t>(forged.size());
    }
    if (how & 0x80)
    {
        run.world.Drop(f.id);
    }
    GiveForged(run, f.to, DatagramInput{f.destination, f.source, forged}, &f.octets);
}

/// A stranger, or the peer's address, sends octets with the cookies of a true message.
void
Inject(Run& run)
{
    const uint32_t node = run.in.Below(2);
    const EngineConfig& config = run.world.GetNode(node).engine.GetConfig();
    const uint8_t how = run.in.Byte();
    Header header;
    if (!run.tape.empty() && how & 1)
    {
        const Flight& f = run.tape[run.in.Below(run.tape.size())];
        const Parsed<Header> known = ReadHeader(f.octets);
        header = known ? *known.value : header;
    }
    if (how & 2)
    {
        header.exchange = static_cast<ExchangeType>(run.in.Byte());
    }
    if (how & 4)
    {
        header.flags = run.in.Byte();
    }
    if (how & 8)
    {
        header.messageId = run.in.Word();
    }
    header.nextPayload = run.in.Byte();
    const Octets body = run.in.Take(run.in.Byte());
    const ConnectionConfig& c = config.connections.at(0);
    const IpAddress remote = how & 16 ? IpAddress::V4(0xc0000201) : c.peer;
    const uint16_t port = how & 32 ? 4500 : 500;
    GiveForged(run,
               node,
               DatagramInput{Endpoint{c.local, port},
                             Endpoint{remote, port},
                             WriteHeaderAndBody(header, body)},
               nullptr);
}

/// Message 1 with many cookies.
void
Flood(Run& run)
{
    const uint32_t node = run.in.Below(2);
    const unsigned count = run.in.Byte();
    for (const Flight& f : run.tape)
    {
        const Parsed<Header> header = ReadHeader(f.octets);
        if (f.to != node || f.isEsp || !header || header.value->responderCookie != Cookie{})
        {
            continue;
        }
        const Flight first = f;
        for (unsigned i = 0; i < count; i++)
        {
            Octets forged = first.octets;
            forged[0] = static_cast<uint8_t>(i);
            forged[1] = 0xf1;
            GiveForged(run, node, {first.destination, first.source, forged}, nullptr);
        }
        return;
    }
}

// --- Time ----------------------------------------------------------------------------------------

/// The next timer. Those that are due at one moment come to an end.
void
FireTimer(Run& run)
{
    run.world.FireNextTimer();
    unsigned fired = 0;
    while (run.world.NextDeadline() <= run.world.Now())
    {
        run.world.FireNextTimer();
        FuzzExpect(++fired < MOST_AT_ONCE, "taking a timer makes progress");
    }
}

/// Time passes; everything is lost in it.
void
PassDeaf(Run& run)
{
    const Instant end = run.world.Now() + Duration::Seconds(run.in.Byte());
    while (run.world.NextDeadline() <= end)
    {
        FireTimer(run);
        while (!run.world.GetFlights().empty())
        {
            run.Record();
            run.world.Drop(run.world.GetFlights().front().id);
        }
    }
    run.world.AdvanceTo(end);
}

/// Time passes; everything arrives.
void
Pass(Run& run)
{
    run.world.RunUntil(run.world.Now() + Duration::Seconds(run.in.Byte()), DELAY);
}

// --- Moves of the ends ---------------------------------------------------------------------------

void
Offer(Run& run)
{
    const uint32_t node = run.in.Below(2);
    const ConnectionConfig c = run.world.GetNode(node).engine.GetConfig().connections.at(0);
    run.world.Offer(node, TUNNEL, MakeInnerPacket(c.local, c.peer, 40));
}

void
ChangeLink(Run& run)
{
    const uint8_t how = run.in.Byte();
    run.world.SetReachable(how & 1, TUNNEL, (how & 2) != 0);
    if ((how & 4) && (run.variant & BEHIND_NAT))
    {
        run.world.RemapNat(A, OUTSIDE);
    }
}

void
Clear(Run& run)
{
    const uint8_t how = run.in.Byte();
    run.world.Give(how & 1, ClearInput{std::nullopt, (how & 2) != 0, (how & 4) != 0});
}

void
Reboot(Run& run)
{
    run.world.Reboot(run.in.Below(2));
}

// --- A peer with the keys ------------------------------------------------------------------------

/// A question or an answer of RFC 3706, or INVALID-SPI, as they should be but for their data.
void
ShapeNotify(NotifyPayload& n, const Octets& spi, const Octets& cookies)
{
    const auto number = static_cast<uint16_t>(n.type);
    const NotifyType types[] = {NotifyType::InvalidSpi,
                                NotifyType::RUThere,
                                NotifyType::RUThereAck};
    n.type = types[number % 3];
    const bool isQuestion = n.type != NotifyType::InvalidSpi;
    n.protocol = isQuestion ? ProtocolId::Isakmp : ProtocolId::Esp;
    n.spi = isQuestion ? cookies : spi;
    n.data = {0, 0, static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)};
}

/// What is behind the HASH: payloads of any type with any octets, or something with a meaning.
std::vector<Payload>
MakePayloads(Run& run, uint32_t node, const IsakmpSaView& sa)
{
    const Engine& engine = run.world.GetNode(node).engine;
    const std::vector<PairView> pairs = engine.GetPairs();
    Octets spi;
    AppendNumber(spi, pairs.empty() ? 4711 : pairs[run.in.Below(pairs.size())].outboundSpi, 4);
    Octets cookies(sa.identity.initiatorCookie.begin(), sa.identity.initiatorCookie.end());
    cookies.insert(cookies.end(),
                   sa.identity.responderCookie.begin(),
                   sa.identity.responderCookie.end());
    std::vector<Payload> payloads;
    switch (run.in.Byte() % 5)
    {
    case 0: {
        DeletePayload d;
        d.protocol = ProtocolId::Esp;
        d.spiSize = 4;
        d.spis = {spi};
        return {d};
    }
    case 1: {
        DeletePayload d;
        d.spis = {cookies};
        return {d, d};
    }
    case 2: {
        NotifyPayload n;
        n.type = static_cast<NotifyType>(run.in.Word());
        n.protocol = static_cast<ProtocolId>(run.in.Byte());
        n.spi = run.in.Byte() % 2 ? spi : cookies;
        n.data = run.in.Take(run.in.Below(24));
        if (static_cast<uint16_t>(n.type) >= 0xc000)
        {
            ShapeNotify(n, spi, cookies);
        }
        return {n};
    }
    case 3: {
        const ConnectionConfig& c = engine.GetConfig().connections.at(0);
        payloads = {BuildPhase2Offer(c, run.in.Word() + 256),
                    NoncePayload{Octets(16, run.in.Byte())}};
        if (c.pfs)
        {
            payloads.push_back(KePayload{Octets(PublicLengthOf(*c.pfs), run.in.Byte())});
        }
        payloads.push_back(BuildSelectorId(c.remoteSelector));
        payloads.push_back(BuildSelectorId(c.localSelector));
        return payloads;
    }
    default:
        for (unsigned count = 1 + run.in.Below(6); count > 0; count--)
        {
            const uint8_t type = run.in.Byte();
            payloads.push_back(OpaquePayload{type, run.in.Take(run.in.Below(64))});
        }
        return payloads;
    }
}

/// An authentic message under an ISAKMP SA that stands at an end.
void
SendAuthentic(Run& run)
{
    const uint32_t node = run.in.Below(2);
    std::vector<IsakmpSaView> standing;
    for (const IsakmpSaView& sa : run.world.GetNode(node).engine.GetIsakmpSas())
    {
        if (sa.established)
        {
            standing.push_back(sa);
        }
    }
    if (standing.empty())
    {
        return;
    }
    const IsakmpSaView sa = standing[run.in.Below(standing.size())];
    const std::optional<SkeyidFamily> keys = GetCrypto()->Find(sa.identity);
    const std::optional<Octets> lastBlock = FindLastBlock(run.tape, node, sa);
    if (!keys || !lastBlock)
    {
        return;
    }
    run.networkAlone = false;
    const std::vector<Payload> payloads = MakePayloads(run, node, sa);
    Octets rest = WritePayloads(payloads);
    const uint8_t how = run.in.Byte();
    for (unsigned changes = how % 4; changes > 0; changes--)
    {
        const size_t at = run.in.Below(rest.size());
        rest[at] = static_cast<uint8_t>(rest[at] ^ run.in.Byte());
    }
    const auto exchange = how & 0x80 ? ExchangeType::QuickMode : ExchangeType::Informational;
    const uint32_t messageId = 1 + run.in.Word();
    const Octets octets = SealAuthentic(*GetCrypto(),
                                        sa,
                                        PeerKeys{*keys, *lastBlock},
                                        exchange,
                                        messageId,
                                        TypeOf(payloads.front()),
                                        rest);
    run.world.Give(node, DatagramInput{{sa.local, sa.localPort}, {sa.peer, sa.peerPort}, octets});
}

// --- What must hold ------------------------------------------------------------------------------

void
CheckBounds(const Run& run)
{
    for (uint32_t node : {A, B})
    {
        const WorldNode& n = run.world.GetNode(node);
        const EngineLoad load = n.engine.GetLoad();
        FuzzExpect(load.halfOpen <= HALF_OPEN, "the half-open limit holds");
        FuzzExpect(load.jobs == 0, "no job is left when all are done");
        FuzzExpect(load.peers <= 2, "nothing is kept of strangers");
        FuzzExpect(load.isakmpSas <= HALF_OPEN + MOST_MOVES, "ISAKMP SAs are bounded");
        FuzzExpect(load.quickModes <= load.messageIds, "each quick mode has its message ID");
        FuzzExpect(n.plane.GetInboundCount() == load.pairs, "the data plane has all pairs");
        const auto pairs = n.engine.GetPairs();
        const auto living =
            std::count_if(pairs.begin(), pairs.end(), [](const PairView& p) { return p.live; });
        FuzzExpect(n.plane.GetOutboundCount() == static_cast<size_t>(living), "and no more");
        FuzzExpect(n.plane.GetInboundCounters().IsBalanced(), "inbound counters balance");
        FuzzExpect(n.plane.GetOutboundCounters().IsBalanced(), "outbound counters balance");
    }
}

bool
Carries(Run& run, uint32_t node)
{
    const ConnectionConfig c = run.world.GetNode(node).engine.GetConfig().connections.at(0);
    const size_t before = run.world.GetNode(1 - node).delivered.size();
    run.world.Offer(node, TUNNEL, MakeInnerPacket(c.local, c.peer, 40));
    run.world.RunUntil(run.world.Now() + Duration::Seconds(1), DELAY);
    return run.world.GetNode(1 - node).delivered.size() > before;
}

/// When the network is good again for longer than a lifetime, the tunnel carries traffic.
void
CheckRecovery(Run& run)
{
    while (!run.world.GetFlights().empty())
    {
        run.world.Drop(run.world.GetFlights().front().id);
    }
    run.world.SetReachable(A, TUNNEL, true);
    run.world.SetReachable(B, TUNNEL, true);
    run.world.RunUntil(run.world.Now() + Duration::Seconds(400), DELAY);
    FuzzExpect(Carries(run, A) && Carries(run, B), "a good network brings the tunnel back");
    CheckBounds(run);
}

using FuzzMove = void (*)(Run&);

/// The moves; often those that bring a negotiation on.
constexpr FuzzMove MOVES[] = {
    DeliverFirst, DeliverFirst, DeliverFirst, DeliverAny, DropAny,       DuplicateAny, Replay,
    AlterAny,     AlterAny,     Inject,       Flood,      FireTimer,     PassDeaf,     Pass,
    Offer,        ChangeLink,   Clear,        Reboot,     SendAuthentic, SendAuthentic};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    FuzzInput in(data, size);
    const uint8_t first = in.Byte();
    const auto [variant, steps] = ReadVariant(first, in.Byte());
    Run run(GetStart(variant, steps), variant, in);
    for (unsigned i = 0; i < MOST_MOVES && !run.in.IsEmpty(); i++)
    {
        const FuzzMove move = MOVES[run.in.Below(sizeof(MOVES) / sizeof(MOVES[0]))];
        move(run);
        run.networkAlone = run.networkAlone && move != Clear && move != Reboot;
        while (run.world.GetFlights().size() > MOST_FLIGHTS)
        {
            run.Record();
            run.world.Drop(run.world.GetFlights().front().id);
        }
        run.Record();
        CheckBounds(run);
    }
    // Two ends that both replace, or adopt, what the other one has begun may do so for ever, as
    // real ones do: here they are in step to the nanosecond.
    const bool bothAdopt = (variant & STRONGSWAN) && !(variant & LIBRESWAN);
    if (run.networkAlone && (variant & REPLACE) == 0 && !bothAdopt)
    {
        CheckRecovery(run);
    }
    return 0;
}
