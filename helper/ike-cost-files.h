/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_COST_FILES_H
#define IKE_COST_FILES_H

#include "ike-scenario-error.h"

#include "ns3/ike-crypto-costs.h"

#include <memory>
#include <string>
#include <vector>

/// @file
/// @ingroup ike
/// Profiles of costs as files: doc/costs.md says what is in them.

namespace ns3
{
namespace ike
{

/**
 * @param text of a profile of costs (YAML)
 * @param name of the file, for errors
 * @return the profile
 * @throws ScenarioError
 */
CryptoCosts ParseCosts(const std::string& text, const std::string& name);
/**
 * @param costs a profile
 * @param comment lines for the head of the file; may be empty
 * @return the profile as a file: ParseCosts() gives the same costs
 */
std::string WriteCosts(const CryptoCosts& costs, const std::string& comment = "");
/**
 * Find a profile: "ideal" (also "none"), a file, or the name of a shipped one.
 * @param name as somebody wrote it
 * @param folder where a file with a relative name is looked for first
 * @param position of the name, for errors
 * @return the profile; null for "ideal"
 * @throws ScenarioError
 */
std::shared_ptr<const CryptoCosts> FindCosts(const std::string& name,
                                             const std::string& folder = ".",
                                             const TextPosition& position = {});
/// @return "ideal" and the names of the shipped profiles, sorted
std::vector<std::string> GetCostNames();

} // namespace ike
} // namespace ns3

#endif // IKE_COST_FILES_H
