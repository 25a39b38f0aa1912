/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-timing.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

Instant
RetransmitAt(const IkeKnobs& knobs, Instant sentAt)
{
    return sentAt + knobs.retransmitInterval;
}

bool
MayRetransmit(const IkeKnobs& knobs, uint32_t sendings)
{
    return sendings <= knobs.retransmitCount;
}

Instant
SoftAt(const IkeKnobs& knobs, Instant up, Duration lifetime, Duration margin, uint64_t jitter)
{
    const int64_t extra = margin.ns / 100 * knobs.softJitterPercent / 100 *
                          static_cast<int64_t>(jitter);
    const Duration wanted = Duration{margin.ns + extra};
    return up + lifetime - std::min(wanted, lifetime / 2);
}

uint64_t
SoftBytes(const IkeKnobs& knobs, uint64_t hardBytes)
{
    const uint64_t margin = std::min(knobs.phase2SoftMarginKilobytes * 1024, hardBytes / 2);
    return hardBytes - margin;
}

} // namespace ike
} // namespace ns3
