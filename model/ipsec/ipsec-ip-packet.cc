/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-ip-packet.h"

namespace ns3
{
namespace ike
{

namespace
{

constexpr size_t IPV4_HEADER = 20;
constexpr size_t IPV6_HEADER = 40;

// Protocol numbers, and next headers of IPv6 (IANA).
constexpr uint8_t HOP_BY_HOP = 0;
constexpr uint8_t IP_IN_IP = 4;
constexpr uint8_t TCP = 6;
constexpr uint8_t UDP = 17;
constexpr uint8_t IPV6_IN_IP = 41;
constexpr uint8_t ROUTING = 43;
constexpr uint8_t FRAGMENT = 44;
constexpr uint8_t DESTINATION_OPTIONS = 60;

unsigned
NumberAt(const Octets& packet, size_t offset)
{
    return packet[offset] * 256U + packet[offset + 1];
}

void
PutNumber(Octets& packet, size_t offset, unsigned number)
{
    packet[offset] = static_cast<uint8_t>(number >> 8);
    packet[offset + 1] = static_cast<uint8_t>(number);
}

Octets
Cut(const Octets& packet, size_t offset, size_t length)
{
    const auto begin = packet.begin() + static_cast<std::ptrdiff_t>(offset);
    return Octets(begin, begin + static_cast<std::ptrdiff_t>(length));
}

/// The sum of RFC 1071 over some octets, on top of another one; the odd octet is the left one.
uint32_t
AddToSum(uint32_t sum, const Octets& octets, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
    {
        sum += (i - begin) % 2 == 0 ? octets[i] * 256U : octets[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/// The ports of a view whose upper layer stands at this offset.
void
ReadPorts(const Octets& packet, size_t offset, IpPacketView& view)
{
    const bool hasPorts = view.protocol == TCP || view.protocol == UDP;
    if (hasPorts && offset + 4 <= view.length)
    {
        view.sourcePort = static_cast<uint16_t>(NumberAt(packet, offset));
        view.destinationPort = static_cast<uint16_t>(NumberAt(packet, offset + 2));
    }
}

/// RFC 791 3.1
std::optional<IpPacketView>
ReadIpv4Packet(const Octets& packet)
{
    if (packet.size() < IPV4_HEADER)
    {
        return std::nullopt;
    }
    IpPacketView view;
    view.nextHeader = IP_IN_IP;
    view.headerLength = (packet[0] & 15U) * 4U;
    view.length = NumberAt(packet, 2);
    if (view.headerLength < IPV4_HEADER || view.length < view.headerLength ||
        view.length > packet.size())
    {
        return std::nullopt;
    }
    view.header.source = IpAddress::V4(NumberAt(packet, 12) << 16 | NumberAt(packet, 14));
    view.header.destination = IpAddress::V4(NumberAt(packet, 16) << 16 | NumberAt(packet, 18));
    view.header.tos = packet[1];
    view.header.ttl = packet[8];
    view.header.dontFragment = (packet[6] & 0x40) != 0;
    view.header.identification = static_cast<uint16_t>(NumberAt(packet, 4));
    view.header.options = Cut(packet, IPV4_HEADER, view.headerLength - IPV4_HEADER);
    view.payloadProtocol = packet[9];
    view.protocol = packet[9];
    const unsigned place = NumberAt(packet, 6) & 0x3fff; // more fragments, and the offset
    view.isFragment = place != 0;
    if ((place & 0x1fff) == 0)
    {
        ReadPorts(packet, view.headerLength, view);
    }
    return view;
}

/// Walk the extension headers (RFC 8200 4) from an offset to the upper layer; false when they are
/// longer than the packet.
bool
ReadExtensions(const Octets& packet, IpPacketView& view)
{
    size_t offset = IPV6_HEADER;
    bool isFirst = true;
    view.protocol = packet[6];
    while (view.protocol == HOP_BY_HOP || view.protocol == ROUTING ||
           view.protocol == DESTINATION_OPTIONS || view.protocol == FRAGMENT)
    {
        const bool isFragment = view.protocol == FRAGMENT;
        const size_t length =
            offset + 8 > view.length || isFragment ? 8 : (packet[offset + 1] + 1U) * 8U;
        if (offset + length > view.length)
        {
            return false;
        }
        if (offset == IPV6_HEADER && view.protocol == HOP_BY_HOP)
        {
            view.header.options = Cut(packet, offset, length);
            view.headerLength += length;
            view.payloadProtocol = packet[offset];
        }
        view.isRouted = view.isRouted || view.protocol == ROUTING;
        view.isFragment = view.isFragment || isFragment;
        isFirst = isFirst && !(isFragment && (NumberAt(packet, offset + 2) & 0xfff8) != 0);
        view.protocol = packet[offset];
        offset += length;
        if (!isFirst)
        {
            // What follows is the middle of something.
            return true;
        }
    }
    ReadPorts(packet, offset, view);
    return true;
}

/// RFC 8200 3
std::optional<IpPacketView>
ReadIpv6Packet(const Octets& packet)
{
    if (packet.size() < IPV6_HEADER)
    {
        return std::nullopt;
    }
    IpPacketView view;
    view.nextHeader = IPV6_IN_IP;
    view.headerLength = IPV6_HEADER;
    view.length = IPV6_HEADER + NumberAt(packet, 4);
    if (view.length > packet.size())
    {
        return std::nullopt;
    }
    view.header.source = IpAddress::FromOctets(Cut(packet, 8, 16));
    view.header.destination = IpAddress::FromOctets(Cut(packet, 24, 16));
    view.header.tos = static_cast<uint8_t>(NumberAt(packet, 0) >> 4);
    view.header.ttl = packet[7];
    view.header.dontFragment = true;
    view.header.flowLabel = (packet[1] & 15U) << 16 | NumberAt(packet, 2);
    view.payloadProtocol = packet[6];
    return ReadExtensions(packet, view) ? std::make_optional(view) : std::nullopt;
}

Octets
WriteIpv4Header(const OuterHeader& header, uint8_t protocol, size_t payloadLength)
{
    const size_t length = IPV4_HEADER + header.options.size();
    Octets octets{static_cast<uint8_t>(0x40 | length / 4), header.tos};
    AppendNumber(octets, length + payloadLength, 2);
    AppendNumber(octets, header.identification.value_or(0), 2);
    AppendNumber(octets, header.dontFragment ? 0x4000 : 0, 2);
    Append(octets, {header.ttl, protocol, 0, 0});
    Append(octets, header.source.ToOctets());
    Append(octets, header.destination.ToOctets());
    Append(octets, header.options);
    PutNumber(octets, 10, ~AddToSum(0, octets, 0, octets.size()));
    return octets;
}

Octets
WriteIpv6Header(const OuterHeader& header, uint8_t protocol, size_t payloadLength)
{
    Octets octets;
    AppendNumber(octets, 6U << 28 | static_cast<uint32_t>(header.tos) << 20 | header.flowLabel, 4);
    AppendNumber(octets, header.options.size() + payloadLength, 2);
    Append(octets, {header.options.empty() ? protocol : HOP_BY_HOP, header.ttl});
    Append(octets, header.source.ToOctets());
    Append(octets, header.destination.ToOctets());
    Append(octets, header.options);
    if (!header.options.empty())
    {
        octets[IPV6_HEADER] = protocol;
    }
    return octets;
}

} // namespace

std::optional<IpPacketView>
ReadIpPacket(const Octets& packet)
{
    const unsigned version = packet.empty() ? 0 : packet[0] >> 4;
    if (version == 4)
    {
        return ReadIpv4Packet(packet);
    }
    return version == 6 ? ReadIpv6Packet(packet) : std::nullopt;
}

Octets
WriteIpPacket(const OuterHeader& header, uint8_t protocol, const Octets& payload)
{
    Octets packet = header.source.IsV6() ? WriteIpv6Header(header, protocol, payload.size())
                                         : WriteIpv4Header(header, protocol, payload.size());
    Append(packet, payload);
    return packet;
}

void
SetTos(Octets& packet, uint8_t tos)
{
    if (packet.at(0) >> 4 == 6)
    {
        PutNumber(packet, 0, (NumberAt(packet, 0) & 0xf00fU) | static_cast<unsigned>(tos) << 4);
        return;
    }
    // RFC 1624 3, equation 3: HC' = ~(~HC + ~m + m')
    const Octets old{static_cast<uint8_t>(~packet.at(10)),
                     static_cast<uint8_t>(~packet.at(11)),
                     static_cast<uint8_t>(~packet[0]),
                     static_cast<uint8_t>(~packet[1]),
                     packet[0],
                     tos};
    PutNumber(packet, 10, ~AddToSum(0, old, 0, old.size()));
    packet[1] = tos;
}

void
RepairTransportChecksum(Octets& packet)
{
    const auto view = ReadIpPacket(packet);
    if (!view || view->isFragment)
    {
        return;
    }
    const size_t length = view->length - view->headerLength;
    const bool isTcp = view->payloadProtocol == TCP && length >= 20;
    const bool isUdp = view->payloadProtocol == UDP && length >= 8;
    const size_t place = view->headerLength + (isTcp ? 16 : 6);
    if (!(isTcp || isUdp) || (isUdp && NumberAt(packet, place) == 0))
    {
        return;
    }
    PutNumber(packet, place, 0);
    const Octets addresses =
        Concat({view->header.source.ToOctets(), view->header.destination.ToOctets()});
    // The pseudo header of RFC 768 and RFC 9293 3.1: addresses, protocol, length.
    uint32_t sum = view->payloadProtocol + static_cast<uint32_t>(length);
    sum = AddToSum(sum, addresses, 0, addresses.size());
    sum = AddToSum(sum, packet, view->headerLength, view->length);
    const unsigned checksum = ~sum & 0xffff;
    // RFC 768: zero would mean that there is none.
    PutNumber(packet, place, checksum == 0 && isUdp ? 0xffff : checksum);
}

} // namespace ike
} // namespace ns3
