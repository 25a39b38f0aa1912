/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-data-plane.h"

#include "esp-transform.h"

#include "ns3/ike-keyed-random.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// Next header of a tunnelled IPv4 packet (RFC 4303 2.6).
constexpr uint8_t NEXT_HEADER_IPV4 = 4;
/// Next header of a tunnelled IPv6 packet.
constexpr uint8_t NEXT_HEADER_IPV6 = 41;
/// Next header of a dummy packet.
constexpr uint8_t NEXT_HEADER_NONE = 59;

/// Is this a packet for which the SA was negotiated?
bool
IsSelected(const IpsecSa& sa, const IpPacketView& view)
{
    return sa.innerSource.Contains(view.header.source, view.protocol, view.sourcePort) &&
           sa.innerDestination.Contains(view.header.destination,
                                        view.protocol,
                                        view.destinationPort);
}

/// RFC 4303 3.3.4 and 3.1.1: transport mode takes whole datagrams, and a routing header would have
/// to stay outside.
bool
FitsTransport(const IpPacketView& view)
{
    return !view.isFragment && !view.isRouted;
}

/// With so many numbers left an SA asks for its successor: a sixteenth of the short ones, and half
/// a minute at ten million packets in a second.
constexpr uint64_t NUMBERS_FOR_RENEWAL = uint64_t{1} << 28;

/// Numbers that may follow this one (RFC 4303 3.3.3). The counter must not cycle, but with manual
/// keys: then it is counted in 64 bits all the same, so that no IV comes twice.
uint64_t
NumbersAfter(const IpsecSa& sa, uint64_t sequence)
{
    return (sa.extendedSequence || sa.cyclicSequence ? std::numeric_limits<uint64_t>::max()
                                                     : std::numeric_limits<uint32_t>::max()) -
           sequence;
}

/// Is this the way on which packets of the SA come? The addresses alone say so: a NAT may have
/// given the peer another port since, and where only one end has found a NAT, only one end uses
/// UDP. Whose packet it is, the ICV says.
bool
IsOuterOf(const IpsecSa& sa, const OuterHeader& outer)
{
    return outer.source == sa.source && outer.destination == sa.destination;
}

/// An end of an SA has another address: in transport mode its packets have it, too.
void
MoveSelector(const IpsecSa& sa, Selector& selector, const IpAddress& from, const IpAddress& to)
{
    if (sa.transport && selector.first == from && selector.last == from)
    {
        selector.first = to;
        selector.last = to;
    }
}

/// No key of an SA that ends stays in memory.
void
WipeKeys(IpsecSa& sa)
{
    Wipe(sa.cipherKey);
    Wipe(sa.integrityKey);
}

void
CountVerdict(PlaneCounters& counters, const Verdict& verdict)
{
    counters.in++;
    switch (verdict.action)
    {
    case VerdictAction::Accept:
    case VerdictAction::Protect:
        counters.passed++;
        break;
    case VerdictAction::Bypass:
        counters.bypassed++;
        break;
    case VerdictAction::Discard:
        counters.discarded.at(static_cast<size_t>(verdict.reason))++;
        break;
    }
}

} // namespace

bool
PlaneCounters::IsBalanced() const
{
    const uint64_t zero = 0;
    return in == passed + bypassed + std::accumulate(discarded.begin(), discarded.end(), zero);
}

IpsecDataPlane::IpsecDataPlane(const RandomKey& key)
    : m_key(key)
{
}

void
IpsecDataPlane::SetOuterPolicy(ConnectionId connection, const OuterPolicy& policy)
{
    m_policies[connection] = policy;
}

OuterPolicy
IpsecDataPlane::GetOuterPolicy(ConnectionId connection) const
{
    const auto found = m_policies.find(connection);
    return found == m_policies.end() ? OuterPolicy() : found->second;
}

void
IpsecDataPlane::InstallInbound(const IpsecSa& sa)
{
    if (m_inbound.count(sa.spi) != 0 || m_inboundSpi.count(sa.pair) != 0)
    {
        throw std::invalid_argument("an inbound SA with this SPI or of this pair is installed");
    }
    InboundEntry entry;
    entry.sa = sa;
    // RFC 4303 1: no anti-replay without integrity, or a forged number would move the window.
    entry.window = EspReplayWindow(IsAuthenticated(sa) ? sa.replayWindow : 0);
    m_inbound.emplace(sa.spi, std::move(entry));
    m_inboundSpi.emplace(sa.pair, sa.spi);
}

void
IpsecDataPlane::InstallOutbound(const IpsecSa& sa)
{
    OutboundEntry entry;
    entry.sa = sa;
    if (m_outbound.count(sa.pair) != 0)
    {
        throw std::invalid_argument("an outbound SA of this pair is installed");
    }
    m_outbound.emplace(sa.pair, std::move(entry));
}

void
IpsecDataPlane::SelectOutbound(ConnectionId connection, PairId pair)
{
    if (pair == 0)
    {
        m_selected.erase(connection);
        return;
    }
    m_selected[connection] = pair;
}

void
IpsecDataPlane::RemoveInbound(PairId pair)
{
    const auto found = m_inboundSpi.find(pair);
    if (found != m_inboundSpi.end())
    {
        WipeKeys(m_inbound.at(found->second).sa);
        m_inbound.erase(found->second);
        m_inboundSpi.erase(found);
    }
}

void
IpsecDataPlane::RemoveOutbound(PairId pair)
{
    const auto found = m_outbound.find(pair);
    if (found != m_outbound.end())
    {
        WipeKeys(found->second.sa);
        m_outbound.erase(found);
    }
}

void
IpsecDataPlane::ForgetConnection(ConnectionId connection)
{
    m_policies.erase(connection);
    m_selected.erase(connection);
    m_usage.erase(connection);
}

void
IpsecDataPlane::SkipSequence(PairId pair, uint64_t last)
{
    const auto found = m_outbound.find(pair);
    if (found != m_outbound.end())
    {
        OutboundEntry& entry = found->second;
        const uint64_t end = entry.sequence + NumbersAfter(entry.sa, entry.sequence);
        entry.sequence = std::clamp(last, entry.sequence, end);
    }
}

void
IpsecDataPlane::Clear()
{
    for (auto& [spi, entry] : m_inbound)
    {
        WipeKeys(entry.sa);
    }
    for (auto& [pair, entry] : m_outbound)
    {
        WipeKeys(entry.sa);
    }
    m_inbound.clear();
    m_inboundSpi.clear();
    m_outbound.clear();
    m_selected.clear();
}

PairId
IpsecDataPlane::PickOutbound(ConnectionId connection) const
{
    const auto selected = m_selected.find(connection);
    const bool installed = selected != m_selected.end() && m_outbound.count(selected->second) != 0;
    return installed ? selected->second : 0;
}

void
IpsecDataPlane::Move(PairId pair, const Endpoint& remote)
{
    const auto inbound = m_inboundSpi.find(pair);
    if (inbound != m_inboundSpi.end())
    {
        IpsecSa& sa = m_inbound.at(inbound->second).sa;
        MoveSelector(sa, sa.innerSource, sa.source, remote.address);
        sa.source = remote.address;
        sa.udp = UdpEncapsulation{remote.port, sa.udp.value_or(UdpEncapsulation()).destinationPort};
    }
    const auto outbound = m_outbound.find(pair);
    if (outbound != m_outbound.end())
    {
        IpsecSa& sa = outbound->second.sa;
        MoveSelector(sa, sa.innerDestination, sa.destination, remote.address);
        sa.destination = remote.address;
        sa.udp = UdpEncapsulation{sa.udp.value_or(UdpEncapsulation()).sourcePort, remote.port};
    }
}

// --- Outbound -------------------------------------------------------------------------------

OutboundResult
IpsecDataPlane::Outbound(Instant now,
                         ConnectionId connection,
                         Octets inner,
                         CryptoProvider& provider)
{
    OutboundResult result;
    result.pair = PickOutbound(connection);
    if (result.pair == 0)
    {
        result.verdict.reason = DropReason::NoSa;
        return result;
    }
    OutboundEntry& entry = m_outbound.at(result.pair);
    EspPlaintext plain;
    result.verdict.reason = AdmitOutbound(entry.sa, std::move(inner), plain, result.outer);
    if (result.verdict.reason == DropReason::None)
    {
        Protect(entry, std::move(plain), provider, result);
    }
    if (result.verdict.action == VerdictAction::Protect)
    {
        m_usage[connection].outbound = now;
    }
    return result;
}

OutboundResult
IpsecDataPlane::OutboundDummy(ConnectionId connection, uint16_t length, CryptoProvider& provider)
{
    OutboundResult result;
    result.pair = PickOutbound(connection);
    if (result.pair == 0)
    {
        result.verdict.reason = DropReason::NoSa;
        return result;
    }
    OutboundEntry& entry = m_outbound.at(result.pair);
    result.outer.dontFragment = OuterDontFragmentFor(false, GetOuterPolicy(connection));
    // Behind the SPI stands what no label of an IV has.
    RandomLabel label{RandomPurpose::EspIv, entry.sa.destination, {}, entry.sequence + 1};
    AppendNumber(label.context, entry.sa.spi, 4);
    AppendNumber(label.context, NEXT_HEADER_NONE, 1);
    Protect(entry,
            {KeyedRandom(provider, m_key, label, length), NEXT_HEADER_NONE},
            provider,
            result);
    return result;
}

DropReason
IpsecDataPlane::AdmitOutbound(const IpsecSa& sa,
                              Octets inner,
                              EspPlaintext& plain,
                              OuterHeader& outer) const
{
    const auto view = ReadIpPacket(inner);
    if (!view)
    {
        return DropReason::Malformed;
    }
    if (!IsSelected(sa, *view) || (sa.transport && !FitsTransport(*view)))
    {
        return DropReason::SelectorMismatch;
    }
    // The receiver counts the packet by its own length, so both ends reach a limit together.
    if (sa.transport)
    {
        const auto end = inner.begin() + static_cast<std::ptrdiff_t>(view->length);
        outer = view->header;
        plain.payload.assign(inner.begin() + static_cast<std::ptrdiff_t>(view->headerLength), end);
        plain.nextHeader = view->payloadProtocol;
        return DropReason::None;
    }
    const OuterPolicy policy = GetOuterPolicy(sa.connection);
    outer.tos = OuterTosFor(view->header.tos, policy);
    outer.dontFragment = OuterDontFragmentFor(view->header.dontFragment, policy);
    inner.resize(view->length);
    plain.payload = std::move(inner);
    plain.nextHeader = view->nextHeader;
    return DropReason::None;
}

void
IpsecDataPlane::Protect(OutboundEntry& entry,
                        EspPlaintext plain,
                        CryptoProvider& provider,
                        OutboundResult& result)
{
    const IpsecSa& sa = entry.sa;
    result.outer.source = sa.source;
    result.outer.destination = sa.destination;
    result.outer.udp = sa.udp;
    if (NumbersAfter(sa, entry.sequence) == 0)
    {
        MarkSequence(entry, result.usage);
        result.verdict.reason = DropReason::SequenceExhausted;
        return;
    }
    const bool isDummy = plain.nextHeader == NEXT_HEADER_NONE;
    if (!Book(entry, plain.payload.size(), isDummy, result.usage))
    {
        result.verdict.reason = DropReason::HardVolume;
        return;
    }
    entry.sequence++;
    MarkSequence(entry, result.usage);
    result.esp =
        ProtectEsp(provider, sa, std::move(plain), entry.sequence, MakeIv(entry, provider));
    result.verdict.action = VerdictAction::Protect;
}

void
IpsecDataPlane::MarkSequence(OutboundEntry& entry, std::vector<UsageReport>& usage)
{
    const uint64_t left = NumbersAfter(entry.sa, entry.sequence);
    if (left <= NUMBERS_FOR_RENEWAL && !entry.runsShort)
    {
        entry.runsShort = true;
        usage.push_back({entry.sa.pair, UsageMark::SoftVolume});
    }
    // The end of the numbers is the end of the SA, as that of its octets is.
    if (left == 0 && !entry.spent)
    {
        entry.spent = true;
        usage.push_back({entry.sa.pair, UsageMark::HardVolume});
    }
}

Octets
IpsecDataPlane::MakeIv(OutboundEntry& entry, CryptoProvider& provider) const
{
    const IpsecSa& sa = entry.sa;
    const size_t length = IvLengthOf(sa.cipher);
    if (length == 0)
    {
        return {};
    }
    if (SaltLengthOf(sa.cipher) != 0)
    {
        Octets iv;
        AppendNumber(iv, entry.sequence, 8);
        return iv;
    }
    if (!entry.ivSeries)
    {
        RandomLabel label{RandomPurpose::EspIv, sa.destination, {}, 0};
        AppendNumber(label.context, sa.spi, 4);
        entry.ivSeries = KeyedSeries(provider, m_key, label);
    }
    const AesBlock block = KeyedBlock(provider, *entry.ivSeries, entry.sequence);
    return Octets(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(length));
}

// --- Inbound --------------------------------------------------------------------------------

InboundResult
IpsecDataPlane::Inbound(Instant now, const OuterHeader& outer, Octets esp, CryptoProvider& provider)
{
    InboundResult result;
    const auto spi = ReadEspSpi(esp);
    result.spi = spi.value_or(0);
    const auto found = m_inbound.find(result.spi);
    if (!spi || found == m_inbound.end())
    {
        result.verdict.reason = spi ? DropReason::UnknownSpi : DropReason::Malformed;
        return result;
    }
    InboundEntry& entry = found->second;
    result.connection = entry.sa.connection;
    result.pair = entry.sa.pair;
    result.verdict.reason = AdmitInbound(entry, outer, std::move(esp), provider, result);
    const bool accepted = result.verdict.reason == DropReason::None;
    const bool isDummy = result.verdict.reason == DropReason::Dummy;
    result.verdict.action = accepted ? VerdictAction::Accept : VerdictAction::Discard;
    if (accepted || isDummy)
    {
        // A dummy shows that the peer is alive, too.
        m_usage[result.connection].inbound = now;
    }
    entry.counters.errors += accepted || isDummy ? 0 : 1;
    return result;
}

DropReason
IpsecDataPlane::AdmitInbound(InboundEntry& entry,
                             const OuterHeader& outer,
                             Octets esp,
                             CryptoProvider& provider,
                             InboundResult& result)
{
    const IpsecSa& sa = entry.sa;
    if (!IsOuterOf(sa, outer))
    {
        return DropReason::WrongOuter;
    }
    auto packet = CutEspEnds(sa, esp);
    if (!packet)
    {
        return DropReason::Malformed;
    }
    uint64_t sequence = packet->sequence;
    if (sa.extendedSequence)
    {
        sequence = entry.window.Infer(packet->sequence);
        packet->sequenceHigh = static_cast<uint32_t>(sequence >> 32);
    }
    // RFC 4303 3.4.3: a cheap check first, so that a flood of replayed packets costs no HMAC.
    const DropReason replay = entry.window.Check(sequence);
    if (replay != DropReason::None)
    {
        return replay;
    }
    EspOpening opening = OpenEsp(provider, sa, *packet, std::move(esp));
    if (opening.reason == DropReason::BadIcv)
    {
        return opening.reason;
    }
    // RFC 4303 3.4.3: only an authentic packet moves the window, whatever else is wrong in it.
    entry.window.Accept(sequence);
    if (outer.udp && sa.udp && IsAuthenticated(sa) && outer.udp->sourcePort != sa.udp->sourcePort)
    {
        result.movedTo = Endpoint{outer.source, outer.udp->sourcePort};
    }
    const bool opened = opening.reason == DropReason::None;
    return opened ? AdmitInner(entry, outer, std::move(opening.plain), result) : opening.reason;
}

DropReason
IpsecDataPlane::AdmitInner(InboundEntry& entry,
                           const OuterHeader& outer,
                           EspPlaintext plain,
                           InboundResult& result)
{
    const IpsecSa& sa = entry.sa;
    if (plain.nextHeader == NEXT_HEADER_NONE)
    {
        const bool fits = Book(entry, plain.payload.size(), true, result.usage);
        return fits ? DropReason::Dummy : DropReason::HardVolume;
    }
    const size_t protectedLength = plain.payload.size();
    if (sa.transport)
    {
        plain.payload = WriteIpPacket(outer, plain.nextHeader, plain.payload);
    }
    else if (plain.nextHeader != NEXT_HEADER_IPV4 && plain.nextHeader != NEXT_HEADER_IPV6)
    {
        return DropReason::SelectorMismatch;
    }
    const auto view = ReadIpPacket(plain.payload);
    if (!view || (!sa.transport && view->nextHeader != plain.nextHeader))
    {
        return DropReason::Malformed;
    }
    const auto tos = InnerTosAfter(view->header.tos, outer.tos);
    if (!IsSelected(sa, *view) || (sa.transport && !FitsTransport(*view)))
    {
        return DropReason::SelectorMismatch;
    }
    if (!sa.transport && !tos)
    {
        return DropReason::EcnMismatch;
    }
    const bool isFirst = entry.counters.packets == 0;
    if (!Book(entry, sa.transport ? protectedLength : view->length, false, result.usage))
    {
        return DropReason::HardVolume;
    }
    if (isFirst)
    {
        result.usage.insert(result.usage.begin(), {sa.pair, UsageMark::FirstInbound});
    }
    // RFC 4303 2.7: what follows the packet is padding that hides its length.
    plain.payload.resize(view->length);
    result.inner = std::move(plain.payload);
    if (!sa.transport && *tos != view->header.tos)
    {
        SetTos(result.inner, *tos);
    }
    if (sa.transport && sa.udp)
    {
        // The sender computed it over its own addresses, and a NAT cannot look into ESP.
        RepairTransportChecksum(result.inner);
    }
    return DropReason::None;
}

bool
IpsecDataPlane::Book(SaEntry& entry, uint64_t bytes, bool isDummy, std::vector<UsageReport>& usage)
{
    if (entry.spent)
    {
        return false;
    }
    const IpsecSa& sa = entry.sa;
    const uint64_t before = entry.counters.bytes;
    const uint64_t after = before + bytes;
    const bool fits = sa.hardBytes == 0 || after <= sa.hardBytes;
    if (fits)
    {
        (isDummy ? entry.counters.dummies : entry.counters.packets)++;
        entry.counters.bytes = after;
    }
    if (fits && sa.softBytes > before && sa.softBytes <= after)
    {
        usage.push_back({sa.pair, UsageMark::SoftVolume});
    }
    // RFC 4301 4.4.2.1: the first packet that fills the limit, or finds no room, ends the SA.
    entry.spent = sa.hardBytes != 0 && after >= sa.hardBytes;
    if (entry.spent)
    {
        usage.push_back({sa.pair, UsageMark::HardVolume});
    }
    return fits;
}

void
IpsecDataPlane::CountOutbound(const Verdict& verdict)
{
    CountVerdict(m_outboundCounters, verdict);
}

void
IpsecDataPlane::CountInbound(const Verdict& verdict)
{
    CountVerdict(m_inboundCounters, verdict);
}

const PlaneCounters&
IpsecDataPlane::GetOutboundCounters() const
{
    return m_outboundCounters;
}

const PlaneCounters&
IpsecDataPlane::GetInboundCounters() const
{
    return m_inboundCounters;
}

const IpsecSa*
IpsecDataPlane::PeekSelected(ConnectionId connection) const
{
    const PairId pair = PickOutbound(connection);
    return pair != 0 ? &m_outbound.at(pair).sa : nullptr;
}

bool
IpsecDataPlane::HasOutboundSuchAs(ConnectionId connection,
                                  const std::function<bool(const IpsecSa&)>& isMeant) const
{
    return std::any_of(m_outbound.begin(), m_outbound.end(), [&](const auto& row) {
        return row.second.sa.connection == connection && isMeant(row.second.sa);
    });
}

bool
IpsecDataPlane::HasOutbound(ConnectionId connection) const
{
    return PickOutbound(connection) != 0;
}

TunnelUsage
IpsecDataPlane::GetUsage(ConnectionId connection) const
{
    const auto found = m_usage.find(connection);
    return found == m_usage.end() ? TunnelUsage() : found->second;
}

std::optional<PairId>
IpsecDataPlane::FindPair(const PairIdentity& identity) const
{
    const uint32_t spis[] = {identity.initiatorSpi, identity.responderSpi};
    for (size_t own : {0, 1})
    {
        const auto inbound = m_inbound.find(spis[own]);
        if (inbound == m_inbound.end())
        {
            continue;
        }
        const PairId pair = inbound->second.sa.pair;
        const auto outbound = m_outbound.find(pair);
        if (outbound == m_outbound.end() || outbound->second.sa.spi == spis[1 - own])
        {
            return pair;
        }
    }
    return std::nullopt;
}

std::optional<IpsecSaCounters>
IpsecDataPlane::GetInboundSaCounters(PairId pair) const
{
    const auto found = m_inboundSpi.find(pair);
    if (found == m_inboundSpi.end())
    {
        return std::nullopt;
    }
    return m_inbound.at(found->second).counters;
}

std::optional<IpsecSaCounters>
IpsecDataPlane::GetOutboundSaCounters(PairId pair) const
{
    const auto found = m_outbound.find(pair);
    if (found == m_outbound.end())
    {
        return std::nullopt;
    }
    return found->second.counters;
}

bool
IpsecDataPlane::HasInbound(uint32_t spi) const
{
    return m_inbound.count(spi) != 0;
}

size_t
IpsecDataPlane::GetInboundCount() const
{
    return m_inbound.size();
}

size_t
IpsecDataPlane::GetOutboundCount() const
{
    return m_outbound.size();
}

} // namespace ike
} // namespace ns3
