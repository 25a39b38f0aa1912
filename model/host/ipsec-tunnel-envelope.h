/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_TUNNEL_ENVELOPE_H
#define IPSEC_TUNNEL_ENVELOPE_H

#include "ns3/ike-address.h"
#include "ns3/ike-octets.h"
#include "ns3/ike-router-config.h"
#include "ns3/ipsec-outer-header.h"
#include "ns3/packet.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike
 * What a tunnel does with a packet before ESP sees it: cut it, and put GRE or IP around it.
 */
namespace ns3
{
namespace ike
{

/// Octets of the shortest IPv4 header.
constexpr size_t SHORTEST_IPV4 = 20;

/// @brief Write the sum of an IPv4 header into it: ns-3 leaves it out unless ChecksumEnabled is
/// set. @param packet changed; what is too short for a header is left as it is
void FillHeaderChecksum(Octets& packet);
/**
 * @brief Make a packet of ns-3. What is zero up to its end takes no memory there, and costs no
 * copies on the way: a packet of an application that sends sizes and no contents.
 * @param octets of the packet
 * @return the packet
 */
Ptr<Packet> MakePacket(const Octets& octets);
/// @brief Octets that a tunnel puts around a packet. @param mode of the tunnel @return how many
size_t EnvelopeLength(TunnelMode mode);
/**
 * @brief Put a packet into its envelope: GRE without checksum, key and sequence number (RFC 2784),
 * or IP in IP (RFC 2003), with the TOS of the packet (RFC 2983 3.1, RFC 6040 4.1); nothing for a
 * VTI.
 * @param mode of the tunnel
 * @param local its source
 * @param peer its destination
 * @param inner an IPv4 packet; no copy is made of what is moved here
 * @param policy how its DF, DSCP and ECN follow from those of the packet
 * @return an IPv4 packet
 */
Octets PutIntoEnvelope(TunnelMode mode,
                       const IpAddress& local,
                       const IpAddress& peer,
                       Octets inner,
                       const OuterPolicy& policy);
/**
 * @brief Take a packet out of its envelope.
 * @param mode of the tunnel
 * @param packet an IPv4 packet; no copy is made of what is moved here
 * @param reason why not: "bad-envelope" when there is none inside, "ecn-mismatch" when congestion
 *        would go unnoticed (RFC 6040 4.2)
 * @return the one inside, or nothing
 */
std::optional<Octets> TakeFromEnvelope(TunnelMode mode, Octets packet, std::string& reason);
/**
 * @brief Cut a packet into fragments (RFC 791), as the IPv4 of ns-3 does; tags stay with all of
 * them.
 * @param packet with an IPv4 header without options
 * @param mtu longest fragment, in octets, with its header; 28 or more
 * @return in order; the packet alone when it fits
 */
std::vector<Ptr<Packet>> CutIntoFragments(Ptr<Packet> packet, size_t mtu);

} // namespace ike
} // namespace ns3

#endif // IPSEC_TUNNEL_ENVELOPE_H
