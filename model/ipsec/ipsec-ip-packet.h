/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_IP_PACKET_H
#define IPSEC_IP_PACKET_H

#include "ipsec-outer-header.h"

#include <optional>

namespace ns3
{
namespace ike
{

/// What the data plane wants to know of an IP packet, IPv4 or IPv6.
struct IpPacketView
{
    OuterHeader header;                 ///< addresses, TOS, TTL, DF; identification and options
    uint8_t nextHeader{0};              ///< as an ESP trailer calls its version: 4 or 41
    size_t length{0};                   ///< of the packet by its own account
    size_t headerLength{0};             ///< to where ESP stands in transport mode
    uint8_t payloadProtocol{0};         ///< of what stands there
    uint8_t protocol{0};                ///< of the upper layer, behind all extension headers
    std::optional<uint16_t> sourcePort; ///< of TCP and UDP, in the first fragment alone
    std::optional<uint16_t> destinationPort; ///< the same
    bool isFragment{false};                  ///< first, middle or last
    bool isRouted{false};                    ///< IPv6 with a routing header
};

/// Look at a packet; nothing when it is none, or shorter than it says. The checksum of IPv4 is left
/// to IP itself: a simulator may not fill it.
std::optional<IpPacketView> ReadIpPacket(const Octets& packet);
/// A whole packet again (transport mode, RFC 4301 5.2): header, options, payload; with the checksum
/// of IPv4.
Octets WriteIpPacket(const OuterHeader& header, uint8_t protocol, const Octets& payload);
/// Another TOS in the header of a packet; the checksum of IPv4 follows it (RFC 1624 3).
void SetTos(Octets& packet, uint8_t tos);
/// The checksum of TCP and UDP in a whole packet, computed anew (RFC 3948 3.1.2); a UDP packet
/// without one, a fragment and other protocols are left as they are.
void RepairTransportChecksum(Octets& packet);

} // namespace ike
} // namespace ns3

#endif // IPSEC_IP_PACKET_H
