/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SA_POLICY_H
#define IKE_SA_POLICY_H

#include "ns3/ike-knobs.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace ike
{

/// What the policies below look at: an SA that could be used, by its number of appearance.
struct SaCandidate
{
    uint32_t id{0};    ///< greater: installed later at this end
    bool proven{true}; ///< begun by this end, or the peer was heard on it
    bool own{false};   ///< begun by this end
    uint32_t under{0}; ///< of a pair: its ISAKMP SA
};

/**
 * Which SA carries outbound traffic, or new exchanges.
 * @param choice the knob OutboundChoice
 * @param candidates living SAs, oldest first
 * @param current the one used so far, 0 for none
 * @return its id, 0 when there is none
 */
uint32_t PickOutbound(OutboundChoice choice,
                      const std::vector<SaCandidate>& candidates,
                      uint32_t current);
/**
 * Does this SA ask for its successor?
 *
 * Without such a rule duplicates double at every rekey: each of two pairs would be replaced by both
 * ends.
 * @param which the knob RekeyWhich
 * @param id the SA at its soft lifetime
 * @param candidates living SAs, oldest first, itself included
 * @param outbound the one that PickOutbound() chose
 */
bool AsksForRekey(RekeyWhich which,
                  uint32_t id,
                  const std::vector<SaCandidate>& candidates,
                  uint32_t outbound);

} // namespace ike
} // namespace ns3

#endif // IKE_SA_POLICY_H
