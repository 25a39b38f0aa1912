/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_STATE_HASH_H
#define IKEV1_STATE_HASH_H

#include "ikev1-state.h"

#include "ns3/ike-state-hash.h"

namespace ns3
{
namespace ike
{

/**
 * All of the state that decides what an engine will do: what two engines with the same key and
 * configuration have in common here, they have in common for ever.
 *
 * Other than in FingerprintOf(), chance values are taken as they are, with all octets of what was
 * sent and received. Numbers that only count (of SAs, pairs, quick modes) are places in an order;
 * deadlines count from now; moments that are over and mean nothing any more are alike.
 */
void AddState(StateHash& hash, const Ikev1State& state, Instant now);

} // namespace ike
} // namespace ns3

#endif // IKEV1_STATE_HASH_H
