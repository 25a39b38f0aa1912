/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_NAT_TRAVERSAL_H
#define IKEV1_NAT_TRAVERSAL_H

#include "ikev1-context.h"

#include <vector>

namespace ns3
{
namespace ike
{

/// What this end says of itself in its first message: its name, and what it can do (RFC 3947 3.1,
/// RFC 3706 5.1).
std::vector<Payload> BuildVendorIds(const Ikev1Context& ctx);
/// Notes what the peer can do (IsakmpSa::natTraversal, IsakmpSa::deadPeerDetection).
void ReadVendorIds(const Ikev1Context& ctx, IsakmpSa& sa, const Message& message);
/// The NAT-D payloads (RFC 3947 3.2): where the peer is, and where this end is; none unless both
/// ends can traverse NATs.
std::vector<Payload> BuildNatDiscovery(Ikev1Context& ctx, const IsakmpSa& sa);
/// Compares the peer's NAT-D payloads with the addresses of the datagram that brought them.
void ReadNatDiscovery(Ikev1Context& ctx,
                      IsakmpSa& sa,
                      const DatagramInput& datagram,
                      const Message& message);
/// RFC 3947 4: an initiator that has found a NAT goes on from and to port 4500.
void FloatPorts(IsakmpSa& sa);
/// RFC 3947 4 and 7: an authentic message came from elsewhere; what is sent next goes there.
void FollowPeer(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram);

} // namespace ike
} // namespace ns3

#endif // IKEV1_NAT_TRAVERSAL_H
