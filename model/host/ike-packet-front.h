/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_PACKET_FRONT_H
#define IKE_PACKET_FRONT_H

#include "ns3/ike-octets.h"
#include "ns3/ipv4-header.h"
#include "ns3/packet.h"

/**
 * @file
 * @ingroup ike
 * The first octets of a packet behind its IPv4 header, for those who change addresses on the way.
 */
namespace ns3
{
namespace ike
{

/**
 * @brief Get what may have to be seen or changed: enough for an ICMP error with an IPv4 header with
 * options inside it, and a TCP header behind that.
 * @param packet behind its IPv4 header
 * @return its first octets
 */
Octets FrontOf(Ptr<const Packet> packet);
/**
 * @brief Get all octets, for an ICMP error, whose checksum goes over all of it.
 * @param packet behind its IPv4 header
 * @return all of them
 */
Octets AllOf(Ptr<const Packet> packet);
/**
 * @brief Put other octets in front. The packet keeps its tags and the rest of itself.
 * @param packet changed
 * @param front as many octets as are replaced
 */
void ReplaceFront(Ptr<Packet> packet, const Octets& front);
/**
 * @brief Is it a piece of a packet, and not the first one?
 * @param header of IPv4
 * @return true when it is
 */
bool IsLaterFragment(const Ipv4Header& header);

} // namespace ike
} // namespace ns3

#endif // IKE_PACKET_FRONT_H
