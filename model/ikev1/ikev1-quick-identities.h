/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_QUICK_IDENTITIES_H
#define IKEV1_QUICK_IDENTITIES_H

#include "ikev1-context.h"

#include "ns3/ike-negotiate.h"

#include <vector>

/**
 * @file
 * For whom a quick mode is: IDci and IDcr (RFC 2409 5.5), the original addresses behind a NAT
 * (RFC 3947 5.2), and what both mean for the selectors of the SAs.
 */
namespace ns3
{
namespace ike
{

/// Responder: the tunnel whose traffic the identities of message 1 describe, else a template that
/// allows it, or null.
const ConnectionConfig* FindConnectionFor(const Ikev1Context& ctx,
                                          const IsakmpSa& sa,
                                          const Message& message);
/// Responder: the connection of a peer that came by a template; null when there are too many.
const ConnectionConfig* OpenConnectionFor(Ikev1Context& ctx,
                                          const IsakmpSa& sa,
                                          const ConnectionConfig& dynamic,
                                          const Message& message,
                                          const Phase2Choice& choice);
/// Responder: take the identities of message 1, or note that it has none.
void TakeIdentities(const IsakmpSa& sa, QuickMode& quick, const Message& message);
/// Initiator: does message 2 repeat the identities that were offered?
bool AreIdentitiesRepeated(const QuickMode& quick, const Message& message);
/// IDci, IDcr and, in transport mode behind a NAT, NAT-OAi and NAT-OAr (RFC 3947 5.2).
std::vector<Payload> BuildIdentities(const IsakmpSa& sa, const QuickMode& quick);

/// What the SAs of a pair may carry.
struct PairSelectors
{
    Selector initiators; ///< on the side of quick mode's initiator
    Selector responders; ///< on the side of its responder
};

/// The selectors of a pair, with addresses as they stand in packets at this end.
PairSelectors SelectorsOf(const QuickMode& quick, const PairState& pair);

} // namespace ike
} // namespace ns3

#endif // IKEV1_QUICK_IDENTITIES_H
