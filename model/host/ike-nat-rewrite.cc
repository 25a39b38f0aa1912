/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-nat-rewrite.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint8_t ICMP = 1;
constexpr uint8_t TCP = 6;
constexpr uint8_t UDP = 17;
constexpr uint8_t ESP = 50;

/// Octets before the packet that an ICMP error is about (RFC 792).
constexpr size_t ICMP_HEADER = 8;
/// Shortest IPv4 header.
constexpr size_t IPV4_HEADER = 20;
/// Where an ICMP message has its checksum, and an echo its identifier.
constexpr size_t ICMP_CHECKSUM = 2;
constexpr size_t ICMP_IDENTIFIER = 4;

uint16_t
WordAt(const Octets& octets, size_t at)
{
    return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

void
WriteWord(Octets& octets, size_t at, uint16_t value)
{
    octets[at] = static_cast<uint8_t>(value >> 8);
    octets[at + 1] = static_cast<uint8_t>(value);
}

uint16_t
Fold(uint32_t sum)
{
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(sum);
}

/// RFC 1624, equation 3: a word that the checksum covers is another one.
uint16_t
Adjust(uint16_t checksum, uint16_t before, uint16_t after)
{
    return static_cast<uint16_t>(~Fold(static_cast<uint16_t>(~checksum) +
                                       static_cast<uint32_t>(static_cast<uint16_t>(~before)) +
                                       after));
}

/// The same for an address and a port.
uint16_t
Adjust(uint16_t checksum, const NatChangeOfEnd& change)
{
    const uint32_t before = change.before.address.ToV4();
    const uint32_t after = change.after.address.ToV4();
    checksum =
        Adjust(checksum, static_cast<uint16_t>(before >> 16), static_cast<uint16_t>(after >> 16));
    checksum = Adjust(checksum, static_cast<uint16_t>(before), static_cast<uint16_t>(after));
    return Adjust(checksum, change.before.port, change.after.port);
}

/// The Internet checksum of some octets (RFC 1071).
uint16_t
Checksum(const Octets& octets, size_t begin, size_t end)
{
    uint32_t sum = 0;
    for (size_t i = begin; i < end; i += 2)
    {
        sum += static_cast<uint32_t>(octets[i] << 8) | (i + 1 < end ? octets[i + 1] : 0U);
    }
    return static_cast<uint16_t>(~Fold(sum));
}

/// Is it an ICMP message about another packet (RFC 792)?
bool
IsError(uint8_t type)
{
    return type == 3 || type == 4 || type == 11 || type == 12;
}

/// Is it an ICMP echo or its reply?
bool
IsEcho(uint8_t type)
{
    return type == 0 || type == 8;
}

/// Fill in the ports of a packet whose first octets stand somewhere.
void
ReadPorts(const Octets& octets, size_t at, NatPacketView& view)
{
    if ((view.protocol == UDP || view.protocol == TCP) && octets.size() >= at + 4)
    {
        view.kind = NatPacketView::Kind::Ports;
        view.sourcePort = WordAt(octets, at);
        view.destinationPort = WordAt(octets, at + 2);
    }
    else if (view.protocol == ICMP && octets.size() >= at + ICMP_HEADER && IsEcho(octets[at]))
    {
        view.kind = NatPacketView::Kind::Ports;
        view.sourcePort = WordAt(octets, at + ICMP_IDENTIFIER);
        view.destinationPort = view.sourcePort;
        view.isEchoRequest = octets[at] == 8;
    }
    else if (view.protocol == ESP)
    {
        view.kind = NatPacketView::Kind::NoPort;
    }
}

/// Where the packet behind the IPv4 header inside an ICMP error begins; 0: nowhere.
size_t
InnerPayload(const Octets& message)
{
    if (message.size() < ICMP_HEADER + IPV4_HEADER || message[ICMP_HEADER] >> 4 != 4)
    {
        return 0;
    }
    const size_t at = ICMP_HEADER + (message[ICMP_HEADER] & 15U) * 4U;
    return at >= ICMP_HEADER + IPV4_HEADER && at <= message.size() ? at : 0;
}

IpAddress
AddressAt(const Octets& octets, size_t at)
{
    return IpAddress::V4(static_cast<uint32_t>(WordAt(octets, at)) << 16 | WordAt(octets, at + 2));
}

/// Write one port, where ports are.
void
WritePort(uint8_t protocol, Octets& octets, size_t at, const NatChangeOfEnd& change)
{
    if (protocol == UDP || protocol == TCP)
    {
        WriteWord(octets, at + (change.isSource ? 0 : 2), change.after.port);
    }
    else if (protocol == ICMP)
    {
        WriteWord(octets, at + ICMP_IDENTIFIER, change.after.port);
    }
}

/// Adjust a checksum that stands somewhere, if all of it is there.
void
AdjustAt(Octets& octets, size_t at, const NatChangeOfEnd& change)
{
    if (octets.size() >= at + 2)
    {
        WriteWord(octets, at, Adjust(WordAt(octets, at), change));
    }
}

/// The checksum of UDP, which may be none.
void
AdjustUdp(Octets& octets, size_t at, const NatChangeOfEnd& change)
{
    if (octets.size() < at + 2 || WordAt(octets, at) == 0)
    {
        return;
    }
    AdjustAt(octets, at, change);
    if (WordAt(octets, at) == 0)
    {
        WriteWord(octets, at, 0xffff);
    }
}

} // namespace

NatPacketView
ViewNatPacket(uint8_t protocol, const Octets& payload)
{
    NatPacketView view;
    view.protocol = protocol;
    if (protocol != ICMP || payload.empty() || !IsError(payload[0]))
    {
        ReadPorts(payload, 0, view);
        return view;
    }
    const size_t inner = InnerPayload(payload);
    if (inner == 0)
    {
        return view;
    }
    view.protocol = payload[ICMP_HEADER + 9];
    view.source = AddressAt(payload, ICMP_HEADER + 12);
    view.destination = AddressAt(payload, ICMP_HEADER + 16);
    ReadPorts(payload, inner, view);
    const bool known = view.kind != NatPacketView::Kind::Other;
    view.kind = known ? NatPacketView::Kind::Error : NatPacketView::Kind::Other;
    return view;
}

void
RewriteNatPacket(uint8_t protocol,
                 Octets& payload,
                 const NatChangeOfEnd& change,
                 bool fillsChecksums)
{
    WritePort(protocol, payload, 0, change);
    if (protocol == UDP)
    {
        AdjustUdp(payload, 6, change);
    }
    else if (protocol == TCP && fillsChecksums)
    {
        AdjustAt(payload, 16, change);
    }
    else if (protocol == ICMP && fillsChecksums)
    {
        // No pseudo header: the identifier alone.
        const uint16_t old = WordAt(payload, ICMP_CHECKSUM);
        WriteWord(payload, ICMP_CHECKSUM, Adjust(old, change.before.port, change.after.port));
    }
}

void
RewriteNatError(Octets& payload, const NatChangeOfEnd& change, bool fillsChecksums)
{
    const size_t inner = InnerPayload(payload);
    if (inner == 0)
    {
        return;
    }
    const uint8_t protocol = payload[ICMP_HEADER + 9];
    const Octets address = change.after.address.ToOctets();
    std::copy(address.begin(),
              address.end(),
              payload.begin() +
                  static_cast<std::ptrdiff_t>(ICMP_HEADER + (change.isSource ? 12 : 16)));
    if (WordAt(payload, ICMP_HEADER + 10) != 0)
    {
        WriteWord(payload, ICMP_HEADER + 10, 0);
        WriteWord(payload, ICMP_HEADER + 10, Checksum(payload, ICMP_HEADER, inner));
    }
    WritePort(protocol, payload, inner, change);
    if (protocol == UDP)
    {
        AdjustUdp(payload, inner + 6, change);
    }
    if (fillsChecksums)
    {
        WriteWord(payload, ICMP_CHECKSUM, 0);
        WriteWord(payload, ICMP_CHECKSUM, Checksum(payload, 0, payload.size()));
    }
}

} // namespace ike
} // namespace ns3
