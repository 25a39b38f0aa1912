/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_RECONFIGURE_H
#define IKEV1_RECONFIGURE_H

#include "ikev1-context.h"

namespace ns3
{
namespace ike
{

/// A configuration that no longer counts.
struct EarlierConfig
{
    const EngineConfig& config;   ///< what the operator wanted
    const ConnectionIndex& index; ///< of it
};

/**
 * The configuration has changed while things run.
 *
 * An attempt that this end has begun and that the new configuration no longer allows is abandoned
 * at once: its retransmissions stop, a late answer finds nothing. SAs that stand stay, also those
 * whose peers or transforms changed only in what later negotiations would propose; a pair whose
 * tunnel is gone or has other ends is removed, and its quick modes end, whoever began them.
 * Permission that is given back makes a VTI without an SA begin at once.
 * Connections that peers have opened follow their template, or end when it is gone.
 * @param before the configuration so far; ctx.config is the new one
 */
void Reconfigure(Ikev1Context& ctx, const EarlierConfig& before);
/// The end of every SA and attempt, for a reboot (see Engine::GetLossEvents()).
std::vector<Event> LossEventsOf(const Ikev1State& state);
/// Canonical number of the state (contract 5 of the architecture).
uint64_t FingerprintOf(const Ikev1State& state, Instant now);
/// Canonical number of the exchange, or of the pair, that a datagram belongs to at this end.
uint64_t FingerprintOfDatagram(const Ikev1State& state, const Octets& octets, bool isEsp);

} // namespace ike
} // namespace ns3

#endif // IKEV1_RECONFIGURE_H
