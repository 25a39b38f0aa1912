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
/// May the peer be where a datagram came from? At another port only when both ends can traverse
/// NATs, at another address only when it is behind one besides.
bool MayBeAt(const IsakmpSa& sa, const DatagramInput& datagram);
/**
 * An authentic and new message came from elsewhere: what is sent next goes there, for a NAT has
 * changed its mapping or the initiator has moved to port 4500 (RFC 3947 4 and 7). Only when both
 * ends can traverse NATs, and to another address only when the peer is behind one: nobody else
 * moves.
 *
 * Repeated messages move nothing, since anybody can repeat them; their answers go where they came
 * from (AnswerAgain()). Authentic and new ESP moves its pair in the data plane alone.
 */
void FollowPeer(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram);
/**
 * Keep the mappings of NATs before this end, from now on or no more (RFC 3948 2.3).
 *
 * One octet goes every EngineConfig::natKeepalive to each place where a peer has an established
 * ISAKMP SA or a pair with this end, whether or not anything else went there meanwhile.
 */
void KeepMappings(Ikev1Context& ctx);
/// NatTimer::Keepalive.
void OnKeepalive(Ikev1Context& ctx);

} // namespace ike
} // namespace ns3

#endif // IKEV1_NAT_TRAVERSAL_H
