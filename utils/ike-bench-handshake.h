/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_BENCH_HANDSHAKE_H
#define IKE_BENCH_HANDSHAKE_H

#include "ns3/ike-algorithms.h"

#include <cstddef>

namespace ns3
{
namespace ike
{

/// What a handshake costs: main mode and quick mode, pre-shared key, AES-128 and SHA-1 in both
/// phases, no PFS, both ends. Microseconds of CPU time of this thread; medians of batches.
struct HandshakeCost
{
    double floor{0};       ///< the bare operations, by the provider: see RunFloor()
    double floorLeast{0};  ///< the same, the fastest batch
    double engines{0};     ///< two engines and their data planes in memory
    double bytes{0};       ///< that a tunnel keeps at both ends: IKE, SAD and timers
    double bytesAtHub{0};  ///< of these, at the end that has many tunnels
    double bytesAtOnce{0}; ///< both ends, as long as late duplicates are waited for
};

/**
 * Measure it.
 * @param group of phase 1
 * @param count handshakes: spokes that one hub answers
 */
HandshakeCost BenchHandshakes(DhGroup group, size_t count);

} // namespace ike
} // namespace ns3

#endif // IKE_BENCH_HANDSHAKE_H
