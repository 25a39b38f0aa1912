/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NAT_REWRITE_H
#define IKE_NAT_REWRITE_H

#include "ns3/ike-address.h"
#include "ns3/ike-octets.h"

#include <cstdint>
#include <optional>

/**
 * @file
 * @ingroup ike
 * What a NAT reads from and writes into the octets behind an IPv4 header.
 */
namespace ns3
{
namespace ike
{

/// What a packet is to a NAT.
struct NatPacketView
{
    /// Kinds of packets.
    enum class Kind : uint8_t
    {
        Ports,  ///< UDP, TCP, or an ICMP echo, whose identifier stands for both ports
        NoPort, ///< ESP
        Error,  ///< an ICMP error about another packet
        Other,  ///< anything else: cannot be translated
    };

    Kind kind{Kind::Other};      ///< which
    uint8_t protocol{0};         ///< of IP; of an error, that of the packet that it is about
    uint16_t sourcePort{0};      ///< of an error, that of the packet that it is about
    uint16_t destinationPort{0}; ///< the same
    IpAddress source;            ///< of an error: of the packet that it is about
    IpAddress destination;       ///< of an error: of the packet that it is about
    bool isEchoRequest{false};   ///< ICMP echo: asks
};

/// One end of a packet is another one from now on.
struct NatChangeOfEnd
{
    bool isSource{false}; ///< which end
    Endpoint before;      ///< as it is
    Endpoint after;       ///< as it shall be
};

/**
 * @brief Look at a packet.
 * @param protocol of the IPv4 header
 * @param payload what is behind it, from the first octet on (no later fragment)
 * @return what it is
 */
NatPacketView ViewNatPacket(uint8_t protocol, const Octets& payload);
/**
 * @brief Change one end of a packet: its port, and the checksums that know port or address
 * (RFC 1624). A UDP checksum of zero stays, for it means none (RFC 768).
 * @param protocol of the IPv4 header
 * @param payload what is behind it; changed
 * @param change which end
 * @param fillsChecksums are the checksums of TCP and ICMP filled in at all?
 */
void RewriteNatPacket(uint8_t protocol,
                      Octets& payload,
                      const NatChangeOfEnd& change,
                      bool fillsChecksums);
/**
 * @brief Change one end of the packet that an ICMP error is about.
 * @param payload the ICMP message; changed
 * @param change which end of the packet inside
 * @param fillsChecksums is the checksum of ICMP filled in at all?
 */
void RewriteNatError(Octets& payload, const NatChangeOfEnd& change, bool fillsChecksums);

} // namespace ike
} // namespace ns3

#endif // IKE_NAT_REWRITE_H
