/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_DUPLICATES_H
#define IKEV1_DUPLICATES_H

#include "ikev1-context.h"

namespace ns3
{
namespace ike
{

/**
 * @file
 * Several ISAKMP SAs with one peer: what the others mean when one comes up. IKEv1 has no exchange
 * that renews an ISAKMP SA; a new phase 1 may be a renewal, a collision, or a peer that has lost
 * its state, and an end can but guess. Whose they are, the addresses of both ends say together with
 * the name that the peer has proved (strongSwan compares the same).
 */

/// DuplicateIsakmp::Replace: all older ones end after DuplicatePause. With AdoptOnReauthentication
/// the new one, whoever began it, takes over what hangs on them.
void ReplaceOlder(Ikev1Context& ctx, IsakmpSa& newest);
/// DuplicateIsakmp::Refuse: the one that the new one duplicates, or null. One that has passed its
/// soft lifetime is being renewed; its successor is none too many.
const IsakmpSa* FindStanding(const Ikev1State& state, const IsakmpSa& fresh);
/**
 * AdoptOnReauthentication: an SA that the peer has begun came up while older ones stood, so the
 * peer has renewed them. Pairs go over to the new one. What this end was negotiating under an old
 * one is abandoned there and begun anew. The old one ends after DuplicatePause. Oldest first; those
 * behind the first one that had something to adopt stay as they are, and so does one that this end
 * is renewing itself.
 */
void AdoptFromOlder(Ikev1Context& ctx, IsakmpSa& fresh);

} // namespace ike
} // namespace ns3

#endif // IKEV1_DUPLICATES_H
