/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RANK_PART_H
#define IKE_RANK_PART_H

#include "ike-results.h"

#include "ns3/ike-address.h"
#include "ns3/ike-events.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Packets that a pair of SAs carried at one end.
struct PairUsage
{
    std::string router;  ///< which end
    PairIdentity pair;   ///< which pair
    uint64_t packets{0}; ///< both ways
};

/// What one rank, or the only process, knows of its own nodes at the end of a run. What the events
/// say beside it is the recorder's.
struct RankPart
{
    std::string crypto;                         ///< name of the provider; empty: no router
    std::vector<EndResult> ends;                ///< routers under test
    std::vector<PairUsage> usage;               ///< of pairs that live
    std::vector<BalancerResult> balancers;      ///< load balancers
    std::map<IpAddress, std::string> addresses; ///< of routers, as they are configured now
};

/// @return the part as octets. @param part of a rank
std::string WriteRankPart(const RankPart& part);
/// @return the part. @param octets of WriteRankPart() @throws RunError when they are none
RankPart ReadRankPart(const std::string& octets);

} // namespace ike
} // namespace ns3

#endif // IKE_RANK_PART_H
