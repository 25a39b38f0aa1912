/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sa-policy.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

bool
Contains(const std::vector<SaCandidate>& candidates, uint32_t id)
{
    return std::any_of(candidates.begin(), candidates.end(), [id](const SaCandidate& c) {
        return c.id == id;
    });
}

/// Stay until the peer shows that it uses a later one; then the latest proven one.
uint32_t
PickFirstInbound(const std::vector<SaCandidate>& candidates, uint32_t current)
{
    uint32_t picked = Contains(candidates, current) ? current : 0;
    for (const SaCandidate& c : candidates)
    {
        if (c.proven && c.id > picked)
        {
            picked = c.id;
        }
    }
    return picked != 0 ? picked : candidates.back().id;
}

/// Was no later one made under the same ISAKMP SA?
bool
IsNewestUnder(const std::vector<SaCandidate>& candidates, const SaCandidate& sa)
{
    return std::none_of(candidates.begin(), candidates.end(), [&sa](const SaCandidate& c) {
        return c.id > sa.id && c.under == sa.under && sa.under != 0;
    });
}

} // namespace

uint32_t
PickOutbound(OutboundChoice choice, const std::vector<SaCandidate>& candidates, uint32_t current)
{
    if (candidates.empty())
    {
        return 0;
    }
    switch (choice)
    {
    case OutboundChoice::Newest:
        return candidates.back().id;
    case OutboundChoice::Oldest:
        return candidates.front().id;
    case OutboundChoice::FirstInbound:
        return PickFirstInbound(candidates, current);
    }
    return 0;
}

bool
AsksForRekey(RekeyWhich which,
             uint32_t id,
             const std::vector<SaCandidate>& candidates,
             uint32_t outbound)
{
    const auto asking = std::find_if(candidates.begin(),
                                     candidates.end(),
                                     [id](const SaCandidate& c) { return c.id == id; });
    switch (which)
    {
    case RekeyWhich::Outbound:
        return id == outbound;
    case RekeyWhich::Newest:
        return !candidates.empty() && id == candidates.back().id;
    case RekeyWhich::NewestOfIsakmp:
        return asking != candidates.end() && IsNewestUnder(candidates, *asking);
    case RekeyWhich::Own:
        return asking != candidates.end() && asking->own;
    case RekeyWhich::All:
        return true;
    }
    return false;
}

} // namespace ike
} // namespace ns3
