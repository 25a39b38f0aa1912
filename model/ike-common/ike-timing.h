/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TIMING_H
#define IKE_TIMING_H

#include "ns3/ike-knobs.h"
#include "ns3/ike-time.h"

#include <cstdint>

namespace ns3
{
namespace ike
{

/// All policy of time is in this file: when what is due, out of knobs and negotiated values.

/**
 * When a message is sent again, or, after the last sending, given up.
 * @param sentAt when it was sent last
 * @param sendings how often it has gone out, the first included: the interval after each is that
 * of the one before times RetransmitGrowth
 */
Instant RetransmitAt(const IkeKnobs& knobs, Instant sentAt, uint32_t sendings);
/// May it be sent once more? `sendings` counts what went out so far, the first included.
bool MayRetransmit(const IkeKnobs& knobs, uint32_t sendings);
/// When a tunnel without an SA begins again. Never at once: an attempt that fails at once (no key)
/// or has to wait would do so for ever.
Instant RestartAt(const IkeKnobs& knobs, Instant now);
/// Jitter is drawn in so many steps: fine enough that two ends do not meet by the coarseness of
/// them.
constexpr uint64_t JITTER_STEPS = 1000000;

/**
 * When a successor is asked for.
 * @param up when the SA came up
 * @param lifetime its hard lifetime
 * @param margin before the hard lifetime; never more than half of it
 * @param jitter a number in [0, JITTER_STEPS): the share of SoftJitterPercent that is added to the
 * margin
 */
Instant SoftAt(const IkeKnobs& knobs,
               Instant up,
               Duration lifetime,
               Duration margin,
               uint64_t jitter);
/// The soft margin of a lifetime: a share of it in percent, or, with 0 percent, a duration.
Duration SoftMarginOf(Duration margin, uint32_t percent, Duration lifetime);
/// The volume at which a successor is asked for; at least half of the hard volume. Octets.
uint64_t SoftBytes(const IkeKnobs& knobs, uint64_t hardBytes);

} // namespace ike
} // namespace ns3

#endif // IKE_TIMING_H
