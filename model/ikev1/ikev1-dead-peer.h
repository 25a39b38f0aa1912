/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_DEAD_PEER_H
#define IKEV1_DEAD_PEER_H

#include "ikev1-context.h"

/**
 * @file
 * Is the peer still there? Dead peer detection (RFC 3706).
 *
 * A peer that was silent for DpdConfig::interval is asked (R-U-THERE), under the ISAKMP SA that new
 * exchanges would use; on demand only if something was sent to it since it was heard last. Every
 * message of IKE that is authentic and new is a sign of life, and so is every packet of ESP, of
 * which the data plane tells when it is asked (AskUsageAction). A peer that answers none of
 * 1 + DpdRetries questions is dead: all that stands with it ends, and it is not told.
 *
 * Questions may go on for days under one ISAKMP SA, so their message IDs are not remembered. Their
 * own numbers protect them: what is not newer than the last one counts for nothing. The message ID
 * of a question or an answer follows from its number and this node's key alone; so an end knows its
 * own when somebody sends them back to it.
 */
namespace ns3
{
namespace ike
{

/// An authentic message of the peer that was never seen before: it lives, and it is where this came
/// from.
void HearFrom(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram);
/// Begin to watch the peer of an established ISAKMP SA, or stop, as the configuration says now.
void WatchPeer(Ikev1Context& ctx, IsakmpSa& sa);
/// IsakmpTimer::Liveness: ask how long the peer's tunnels have been silent.
void AskForUsage(Ikev1Context& ctx, IsakmpSa& sa);
/// The data plane's answer.
void HandleUsage(Ikev1Context& ctx, const UsageInput& input);
/// Is an authentic informational exchange nothing but a question or an answer of RFC 3706?
bool IsDeadPeerDetection(const Message& message);
/// Take it, and answer a question.
void HandleDeadPeerDetection(Ikev1Context& ctx,
                             IsakmpSa& sa,
                             const DatagramInput& datagram,
                             const Message& message);

} // namespace ike
} // namespace ns3

#endif // IKEV1_DEAD_PEER_H
