/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-tunnel-envelope.h"

#include "ns3/ike-verdict.h"
#include "ns3/ipsec-ip-packet.h"
#include "ns3/ipv4-header.h"
#include "ns3/node.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint8_t PROTOCOL_IPIP = 4;
constexpr uint8_t PROTOCOL_GRE = 47;

/// With fewer of them a packet is made faster from all of its octets.
constexpr uint32_t LEAST_ZEROS = 512;

/// RFC 2784 2: no checksum, version 0; protocol type IPv4.
const Octets GRE_HEADER{0x00, 0x00, 0x08, 0x00};

uint8_t
ProtocolOf(TunnelMode mode)
{
    return mode == TunnelMode::GreIp ? PROTOCOL_GRE : PROTOCOL_IPIP;
}

/// Is there an IPv4 packet, as long as it says, or longer?
bool
IsIpv4(const Octets& packet)
{
    const auto view = ReadIpPacket(packet);
    return view && packet[0] >> 4 == 4;
}

} // namespace

void
FillHeaderChecksum(Octets& packet)
{
    if (packet.size() < SHORTEST_IPV4)
    {
        return;
    }
    const size_t length = std::min<size_t>(packet.size(), (packet[0] & 0x0f) * 4U);
    packet[10] = 0;
    packet[11] = 0;
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < length; i += 2)
    {
        sum += static_cast<uint32_t>(packet[i]) << 8 | packet[i + 1];
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    packet[10] = static_cast<uint8_t>(~sum >> 8);
    packet[11] = static_cast<uint8_t>(~sum);
}

Ptr<Packet>
MakePacket(const Octets& octets)
{
    static const std::array<uint8_t, 64> nothing{};
    size_t end = octets.size();
    while (end >= nothing.size() &&
           std::equal(nothing.begin(), nothing.end(), octets.data() + end - nothing.size()))
    {
        end -= nothing.size();
    }
    const auto zeros = static_cast<uint32_t>(octets.size() - end);
    if (zeros < LEAST_ZEROS)
    {
        return Create<Packet>(octets.data(), static_cast<uint32_t>(octets.size()));
    }
    Ptr<Packet> packet = Create<Packet>(octets.data(), static_cast<uint32_t>(end));
    packet->AddAtEnd(Create<Packet>(zeros));
    return packet;
}

size_t
EnvelopeLength(TunnelMode mode)
{
    switch (mode)
    {
    case TunnelMode::GreIp:
        return SHORTEST_IPV4 + GRE_HEADER.size();
    case TunnelMode::IpIp:
        return SHORTEST_IPV4;
    case TunnelMode::IpsecIpv4:
        break;
    }
    return 0;
}

Octets
PutIntoEnvelope(TunnelMode mode,
                const IpAddress& local,
                const IpAddress& peer,
                Octets inner,
                const OuterPolicy& policy)
{
    if (mode == TunnelMode::IpsecIpv4)
    {
        return inner;
    }
    OuterHeader header;
    header.source = local;
    header.destination = peer;
    header.tos = OuterTosFor(inner[1], policy);
    header.dontFragment = OuterDontFragmentFor((inner[6] & 0x40) != 0, policy);
    const Octets payload = mode == TunnelMode::GreIp ? Concat({GRE_HEADER, inner}) : inner;
    return WriteIpPacket(header, ProtocolOf(mode), payload);
}

std::optional<Octets>
TakeFromEnvelope(TunnelMode mode, Octets packet, std::string& reason)
{
    if (mode == TunnelMode::IpsecIpv4)
    {
        return packet;
    }
    reason = "bad-envelope";
    const auto outer = ReadIpPacket(packet);
    if (!outer || packet[0] >> 4 != 4 || outer->isFragment || packet[9] != ProtocolOf(mode))
    {
        return std::nullopt;
    }
    auto begin = packet.begin() + (packet[0] & 15) * 4;
    const auto end = packet.begin() + static_cast<std::ptrdiff_t>(outer->length);
    if (mode == TunnelMode::GreIp)
    {
        // RFC 2784 2.3: whoever does not know RFC 1701 discards what has its bits set.
        const size_t length = GRE_HEADER.size();
        if (static_cast<size_t>(end - begin) < length ||
            !std::equal(GRE_HEADER.begin(), GRE_HEADER.end(), begin))
        {
            return std::nullopt;
        }
        begin += static_cast<std::ptrdiff_t>(length);
    }
    Octets inner(begin, end);
    if (!IsIpv4(inner))
    {
        return std::nullopt;
    }
    const auto tos = InnerTosAfter(inner[1], outer->header.tos);
    if (!tos)
    {
        reason = ToString(DropReason::EcnMismatch);
        return std::nullopt;
    }
    if (*tos != inner[1])
    {
        SetTos(inner, *tos);
    }
    return inner;
}

std::vector<Ptr<Packet>>
CutIntoFragments(Ptr<Packet> packet, size_t mtu)
{
    if (packet->GetSize() <= mtu || mtu < SHORTEST_IPV4 + 8)
    {
        return {packet};
    }
    Ptr<Packet> payload = packet->Copy();
    Ipv4Header header;
    payload->RemoveHeader(header);
    const uint32_t step = static_cast<uint32_t>(mtu - SHORTEST_IPV4) & ~7U;
    const uint16_t base = header.GetFragmentOffset(); // it may be a fragment itself
    const bool isLast = header.IsLastFragment();
    std::vector<Ptr<Packet>> fragments;
    for (uint32_t offset = 0; offset < payload->GetSize(); offset += step)
    {
        const uint32_t size = std::min(step, payload->GetSize() - offset);
        Ipv4Header own = header;
        own.SetFragmentOffset(static_cast<uint16_t>(base + offset));
        own.SetPayloadSize(static_cast<uint16_t>(size));
        if (offset + size < payload->GetSize() || !isLast)
        {
            own.SetMoreFragments();
        }
        else
        {
            own.SetLastFragment();
        }
        if (Node::ChecksumEnabled())
        {
            own.EnableChecksum();
        }
        Ptr<Packet> fragment = payload->CreateFragment(offset, size);
        fragment->AddHeader(own);
        fragments.push_back(fragment);
    }
    return fragments;
}

} // namespace ike
} // namespace ns3
