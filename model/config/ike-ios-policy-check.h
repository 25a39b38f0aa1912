/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IOS_POLICY_CHECK_H
#define IKE_IOS_POLICY_CHECK_H

#include "ike-nearest-name.h"
#include "ike-router-config.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// An error when a reference leads to nothing, with the nearest name.
template <typename Map>
void
CheckReference(std::vector<ConfigError>& errors,
               const NameReference& reference,
               const Map& map,
               const std::string& command)
{
    if (map.find(reference.name) != map.end())
    {
        return;
    }
    std::vector<std::string> names;
    for (const auto& entry : map)
    {
        names.push_back(entry.first);
    }
    errors.push_back({reference.position,
                      reference.name,
                      "there is no '" + command + " " + reference.name + "'",
                      MakeNearestHint(reference.name, names)});
}

/// References of crypto maps, and to them, that lead nowhere; lines of their access lists that IKE
/// has no words for.
void CheckPolicyReferences(const RouterConfig& config, std::vector<ConfigError>& errors);
/// What is still missing before the crypto maps that interfaces have can work.
void CheckPolicyCompleteness(const RouterConfig& config, std::vector<ConfigError>& errors);

} // namespace ike
} // namespace ns3

#endif // IKE_IOS_POLICY_CHECK_H
