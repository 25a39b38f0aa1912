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

/// What the data plane wants to know of an inner packet.
struct InnerHeader
{
    uint8_t nextHeader{0}; ///< as the ESP trailer calls its version
    size_t length{0};      ///< of the packet by its own account
    IpAddress source;      ///< inner source
    IpAddress destination; ///< inner destination
};

IpAddress
AddressAt(const Octets& packet, size_t offset, size_t length)
{
    const auto begin = packet.begin() + static_cast<std::ptrdiff_t>(offset);
    return IpAddress::FromOctets(Octets(begin, begin + static_cast<std::ptrdiff_t>(length)));
}

/// An IPv4 header (RFC 791 3.1). The checksum is left to IP itself: a simulator may not fill it.
std::optional<InnerHeader>
ReadIpv4Header(const Octets& packet)
{
    if (packet.size() < 20)
    {
        return std::nullopt;
    }
    const size_t headerLength = (packet[0] & 15U) * 4U;
    const size_t length = packet[2] * 256U + packet[3];
    if (headerLength < 20 || length < headerLength || length > packet.size())
    {
        return std::nullopt;
    }
    return InnerHeader{NEXT_HEADER_IPV4,
                       length,
                       AddressAt(packet, 12, 4),
                       AddressAt(packet, 16, 4)};
}

/// An IPv6 header (RFC 8200 3).
std::optional<InnerHeader>
ReadIpv6Header(const Octets& packet)
{
    if (packet.size() < 40)
    {
        return std::nullopt;
    }
    const size_t length = 40 + packet[4] * 256U + packet[5];
    if (length > packet.size())
    {
        return std::nullopt;
    }
    return InnerHeader{NEXT_HEADER_IPV6,
                       length,
                       AddressAt(packet, 8, 16),
                       AddressAt(packet, 24, 16)};
}

/// The header of an IP packet of either version; nothing when it is none.
std::optional<InnerHeader>
ReadInnerHeader(const Octets& packet)
{
    const unsigned version = packet.empty() ? 0 : packet[0] >> 4;
    if (version == 4)
    {
        return ReadIpv4Header(packet);
    }
    return version == 6 ? ReadIpv6Header(packet) : std::nullopt;
}

/// Are these the addresses for which the SA was negotiated?
bool
IsSelected(const IpsecSa& sa, const InnerHeader& header)
{
    return sa.innerSource.Contains(header.source, 0, std::nullopt) &&
           sa.innerDestination.Contains(header.destination, 0, std::nullopt);
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

void
AddCounters(Fingerprint& fingerprint, const PlaneCounters& counters)
{
    fingerprint.Add(counters.in).Add(counters.passed).Add(counters.bypassed);
    for (uint64_t discarded : counters.discarded)
    {
        fingerprint.Add(discarded);
    }
}

void
AddSelector(Fingerprint& fingerprint, const Selector& selector)
{
    fingerprint.Add(selector.first).Add(selector.last);
    fingerprint.Add(selector.protocol).Add(selector.port);
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
IpsecDataPlane::InstallInbound(const IpsecSa& sa)
{
    if (m_inbound.count(sa.spi) != 0 || m_inboundSpi.count(sa.pair) != 0)
    {
        throw std::invalid_argument("an inbound SA with this SPI or of this pair is installed");
    }
    InboundEntry entry;
    entry.sa = sa;
    // RFC 4303 1: no anti-replay without integrity, or a forged number would move the window.
    entry.window = EspReplayWindow(sa.integrity == IntegrityAlgorithm::None ? 0 : sa.replayWindow);
    m_inbound.emplace(sa.spi, entry);
    m_inboundSpi.emplace(sa.pair, sa.spi);
}

void
IpsecDataPlane::InstallOutbound(const IpsecSa& sa)
{
    OutboundEntry entry;
    entry.sa = sa;
    if (!m_outbound.emplace(sa.pair, entry).second)
    {
        throw std::invalid_argument("an outbound SA of this pair is installed");
    }
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
        m_inbound.erase(found->second);
        m_inboundSpi.erase(found);
    }
}

void
IpsecDataPlane::RemoveOutbound(PairId pair)
{
    m_outbound.erase(pair);
}

void
IpsecDataPlane::SkipSequence(PairId pair, uint32_t last)
{
    const auto found = m_outbound.find(pair);
    if (found != m_outbound.end())
    {
        found->second.sequence = std::max<uint64_t>(found->second.sequence, last);
    }
}

void
IpsecDataPlane::Clear()
{
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
        sa.source = remote.address;
        sa.udp = UdpEncapsulation{remote.port, sa.udp.value_or(UdpEncapsulation()).destinationPort};
    }
    const auto outbound = m_outbound.find(pair);
    if (outbound != m_outbound.end())
    {
        IpsecSa& sa = outbound->second.sa;
        sa.destination = remote.address;
        sa.udp = UdpEncapsulation{sa.udp.value_or(UdpEncapsulation()).sourcePort, remote.port};
    }
}

OutboundResult
IpsecDataPlane::Outbound(Instant now,
                         ConnectionId connection,
                         const Octets& inner,
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
    result.source = entry.sa.source;
    result.destination = entry.sa.destination;
    EspPlaintext plain{inner, 0};
    result.verdict.reason = AdmitOutbound(entry, plain, result.usage);
    if (result.verdict.reason == DropReason::None)
    {
        const auto sequence = static_cast<uint32_t>(entry.sequence);
        const Octets iv = MakeIv(entry.sa, sequence, provider);
        result.esp = ProtectEsp(provider, entry.sa, plain, sequence, iv);
        result.verdict.action = VerdictAction::Protect;
        result.udp = entry.sa.udp;
        m_usage[connection].outbound = now;
    }
    return result;
}

DropReason
IpsecDataPlane::AdmitOutbound(OutboundEntry& entry,
                              EspPlaintext& plain,
                              std::vector<UsageReport>& usage)
{
    const auto header = ReadInnerHeader(plain.payload);
    if (!header)
    {
        return DropReason::Malformed;
    }
    if (!IsSelected(entry.sa, *header))
    {
        return DropReason::SelectorMismatch;
    }
    // RFC 4303 3.3.3: the counter must not cycle, and without ESN it ends here.
    if (entry.sequence >= std::numeric_limits<uint32_t>::max())
    {
        return DropReason::SequenceExhausted;
    }
    // The receiver counts the packet by its own length, so both ends reach a limit together.
    plain.payload.resize(header->length);
    plain.nextHeader = header->nextHeader;
    if (!Book(entry, header->length, usage))
    {
        return DropReason::HardVolume;
    }
    entry.sequence++;
    return DropReason::None;
}

Octets
IpsecDataPlane::MakeIv(const IpsecSa& sa, uint64_t sequence, CryptoProvider& provider) const
{
    const size_t length = IvLengthOf(sa.cipher);
    if (length == 0)
    {
        return {};
    }
    RandomLabel label{RandomPurpose::EspIv, sa.destination, {}, sequence};
    AppendNumber(label.context, sa.spi, 4);
    return KeyedRandom(provider, m_key, label, length);
}

InboundResult
IpsecDataPlane::Inbound(Instant now,
                        const IpAddress& source,
                        const IpAddress& destination,
                        const Octets& esp,
                        CryptoProvider& provider)
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
    result.verdict.reason = AdmitInbound(entry, source, destination, esp, provider, result);
    const bool accepted = result.verdict.reason == DropReason::None;
    result.verdict.action = accepted ? VerdictAction::Accept : VerdictAction::Discard;
    if (accepted)
    {
        m_usage[result.connection].inbound = now;
    }
    entry.counters.errors += accepted ? 0 : 1;
    return result;
}

DropReason
IpsecDataPlane::AdmitInbound(InboundEntry& entry,
                             const IpAddress& source,
                             const IpAddress& destination,
                             const Octets& esp,
                             CryptoProvider& provider,
                             InboundResult& result)
{
    if (source != entry.sa.source || destination != entry.sa.destination)
    {
        return DropReason::WrongOuter;
    }
    const auto packet = CutEsp(entry.sa, esp);
    if (!packet)
    {
        return DropReason::Malformed;
    }
    // RFC 4303 3.4.3: a cheap check first, so that a flood of replayed packets costs no HMAC.
    const DropReason replay = entry.window.Check(packet->sequence);
    if (replay != DropReason::None)
    {
        return replay;
    }
    EspOpening opening = OpenEsp(provider, entry.sa, *packet);
    if (opening.reason != DropReason::BadIcv)
    {
        // RFC 4303 3.4.3: only an authentic packet moves the window, whatever else is wrong in it.
        entry.window.Accept(packet->sequence);
    }
    const bool opened = opening.reason == DropReason::None;
    return opened ? AdmitInner(entry, std::move(opening.plain), result) : opening.reason;
}

DropReason
IpsecDataPlane::AdmitInner(InboundEntry& entry, EspPlaintext plain, InboundResult& result)
{
    // Another protocol would be transport mode, which no SA here has. RFC 4303 2.6: 59 is a dummy
    // packet, to be discarded silently; it is well formed, but not one for any selector.
    if (plain.nextHeader != NEXT_HEADER_IPV4 && plain.nextHeader != NEXT_HEADER_IPV6)
    {
        return DropReason::SelectorMismatch;
    }
    const auto header = ReadInnerHeader(plain.payload);
    if (!header || header->nextHeader != plain.nextHeader)
    {
        return DropReason::Malformed;
    }
    if (!IsSelected(entry.sa, *header))
    {
        return DropReason::SelectorMismatch;
    }
    const bool isFirst = entry.counters.packets == 0;
    if (!Book(entry, header->length, result.usage))
    {
        return DropReason::HardVolume;
    }
    if (isFirst)
    {
        result.usage.insert(result.usage.begin(), {entry.sa.pair, UsageMark::FirstInbound});
    }
    // RFC 4303 2.7: what follows the packet is padding that hides its length.
    plain.payload.resize(header->length);
    result.inner = std::move(plain.payload);
    return DropReason::None;
}

bool
IpsecDataPlane::Book(SaEntry& entry, uint64_t bytes, std::vector<UsageReport>& usage)
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
        entry.counters.packets++;
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

uint64_t
IpsecDataPlane::GetFingerprint(Instant /* now */) const
{
    Fingerprint fingerprint;
    fingerprint.Add(m_inbound.size()).Add(m_outbound.size()).Add(m_selected.size());
    // By pair: SPIs are chance values, so their order is one, too.
    for (const auto& [pair, spi] : m_inboundSpi)
    {
        const InboundEntry& entry = m_inbound.at(spi);
        AddEntry(fingerprint, entry);
        entry.window.AddTo(fingerprint);
    }
    for (const auto& [pair, entry] : m_outbound)
    {
        AddEntry(fingerprint, entry);
        fingerprint.Add(entry.sequence);
    }
    for (const auto& [connection, pair] : m_selected)
    {
        fingerprint.Add(connection).Add(pair);
    }
    AddCounters(fingerprint, m_inboundCounters);
    AddCounters(fingerprint, m_outboundCounters);
    return fingerprint.Get();
}

void
IpsecDataPlane::AddEntry(Fingerprint& fingerprint, const SaEntry& entry)
{
    const IpsecSa& sa = entry.sa;
    fingerprint.Add(sa.pair).Add(sa.connection).Add(sa.source).Add(sa.destination);
    fingerprint.Add(static_cast<uint64_t>(sa.cipher)).Add(sa.cipherKey.size());
    fingerprint.Add(static_cast<uint64_t>(sa.integrity)).Add(sa.replayWindow);
    AddSelector(fingerprint, sa.innerSource);
    AddSelector(fingerprint, sa.innerDestination);
    fingerprint.Add(sa.softBytes).Add(sa.hardBytes);
    const IpsecSaCounters& counters = entry.counters;
    fingerprint.Add(counters.packets).Add(counters.bytes).Add(counters.errors).Add(entry.spent);
}

} // namespace ike
} // namespace ns3
