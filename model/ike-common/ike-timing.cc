/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-timing.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Intervals grow no longer than to this: three years, far beyond any run, far below an overflow.
constexpr int64_t LONGEST_INTERVAL = 100000000000000000;

} // namespace

Instant
RetransmitAt(const IkeKnobs& knobs, Instant sentAt, uint32_t sendings)
{
    // in whole numbers, so that strongSwan's 4 s * 1.8^n are the same on every machine
    int64_t ns = knobs.retransmitInterval.ns;
    for (uint32_t i = 1; i < sendings && ns < LONGEST_INTERVAL; i++)
    {
        const int64_t growth = knobs.retransmitGrowth;
        ns = ns / 100 * growth + ns % 100 * growth / 100;
    }
    return sentAt + Duration{ns};
}

bool
MayRetransmit(const IkeKnobs& knobs, uint32_t sendings)
{
    return sendings <= knobs.retransmitCount;
}

Instant
RestartAt(const IkeKnobs& knobs, Instant now)
{
    return now + std::max(knobs.restartPause, Duration::Milliseconds(1));
}

Instant
SoftAt(const IkeKnobs& knobs, Instant up, Duration lifetime, Duration margin, uint64_t jitter)
{
    // as a floating number: a margin of 30 years and a jitter of 1000 % must not overflow
    const double share =
        1.0 + knobs.softJitterPercent / 100.0 * static_cast<double>(jitter) / JITTER_STEPS;
    const double wanted = static_cast<double>(margin.ns) * share;
    const Duration half = lifetime / 2;
    return up + lifetime -
           (wanted < static_cast<double>(half.ns) ? Duration{static_cast<int64_t>(wanted)} : half);
}

Duration
SoftMarginOf(Duration margin, uint32_t percent, Duration lifetime)
{
    return percent == 0 ? margin : Duration{lifetime.ns / 100 * percent};
}

uint64_t
SoftBytes(const IkeKnobs& knobs, uint64_t hardBytes)
{
    const uint64_t margin = std::min(knobs.phase2SoftMarginKilobytes * 1024, hardBytes / 2);
    return hardBytes - margin;
}

} // namespace ike
} // namespace ns3
