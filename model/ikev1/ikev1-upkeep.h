/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_UPKEEP_H
#define IKEV1_UPKEEP_H

#include "ikev1-context.h"

namespace ns3
{
namespace ike
{

// --- Wanting (ikev1-initiate.cc): every path that begins a negotiation goes through here ---------

/**
 * A tunnel should have a pair: begin what is needed, unless the profile forbids it, a pair stands,
 * or an attempt runs.
 * @param begin why; SoftLifetime with the pair to be replaced
 * @param insists the pause after a failed attempt does not count (AcquireInput::insist)
 */
void WantPhase2(Ikev1Context& ctx,
                const ConnectionConfig& connection,
                BeginReason begin,
                const PairIdentity& succeeds,
                bool insists = false);
/// An ISAKMP SA reached its soft lifetime: begin its successor if the rules say so.
void WantIsakmpSuccessor(Ikev1Context& ctx, IsakmpSa& sa);
/// A pair reached its soft lifetime or volume: begin its successor if the rules say so.
void WantPairSuccessor(Ikev1Context& ctx, PairState& pair);
/// A tunnel that must stay up has lost its last pair, or an attempt failed: try again after a
/// pause.
void ScheduleRestart(Ikev1Context& ctx, ConnectionId connection, BeginReason begin);
/// A path to a tunnel's destination is there again: what stayed silent without it asks now.
void WantSuccessorsOf(Ikev1Context& ctx, const ConnectionConfig& connection);
/// The attempt to replace a pair has failed: while the pair lives, ask again after the pause.
void RetryPairSuccessor(Ikev1Context& ctx, const PairIdentity& succeeds);
/// The same for an ISAKMP SA.
void RetryIsakmpSuccessor(Ikev1Context& ctx, const IsakmpIdentity& succeeds);
/// Does this end negotiate for the tunnel as initiator?
bool IsBeginning(const Ikev1State& state, ConnectionId connection);
/// For each connection that was touched: an attempt of this end began, or the last one is over
/// (AttemptAction). Both when one has failed at once.
void ReportAttempts(Ikev1Context& ctx);
/// An ISAKMP SA is wanted with a tunnel's peer, whatever its pairs: to tell it something. Begins a
/// phase 1 unless one stands, runs, or must not be begun.
void WantIsakmp(Ikev1Context& ctx, const ConnectionConfig& connection, BeginReason begin);
/// The ISAKMP SA under which new exchanges with a peer run, or null.
IsakmpSa* PickIsakmp(Ikev1Context& ctx, const IpAddress& local, const IpAddress& peer);

// --- Living and dying (ikev1-upkeep.cc) ----------------------------------------------------------

/// Phase 1 is over: lifetimes begin, what waited for it begins. The SA may be gone afterwards, when
/// another one stands and DuplicateIsakmp says so.
void EstablishIsakmp(Ikev1Context& ctx, IsakmpSa& sa);
/// A quick mode has made its pair: install what is due now.
void InstallPair(Ikev1Context& ctx, const IsakmpSa& sa, QuickMode& quick);
/// Which pair carries a tunnel's traffic may have changed.
void UpdateOutbound(Ikev1Context& ctx, ConnectionId connection);
/// An ISAKMP SA, or its attempt, ends. Its quick modes end with it; its pairs live on, or are taken
/// over by another one, or end, as PairsOutliveIsakmp says.
void RemoveIsakmp(Ikev1Context& ctx, IsakmpNumber number, EndReason reason);
/// A pair ends: outbound at once, inbound after a while for the packets in flight.
void RemovePair(Ikev1Context& ctx, PairId id, EndReason reason);
/// INITIAL-CONTACT (RFC 2407 4.6.3.3): every SA with this peer that stood when phase 1 began is gone
/// at its end. That holds for pairs that the SA has only adopted, too.
void PurgePeer(Ikev1Context& ctx, const IsakmpSa& keep);
/// All that stands with a peer ends, but for one ISAKMP SA and the pairs that were negotiated under
/// it, and what is another one's by name (null: without exception). Nothing begins in its stead at
/// once: tunnels that must stay up do after a pause.
void EndAllWith(Ikev1Context& ctx,
                const IpAddress& local,
                const IpAddress& peer,
                const IsakmpSa* keep,
                EndReason reason);
/// CONNECTED of the responder has come, or need not be waited for: the pair may be used.
void ReleasePair(Ikev1Context& ctx, PairState& pair);

/// All timers that are due.
void HandleDeadlines(Ikev1Context& ctx);
/// When the next timer is due.
Instant NextDeadlineOf(const Ikev1State& state);

} // namespace ike
} // namespace ns3

#endif // IKEV1_UPKEEP_H
