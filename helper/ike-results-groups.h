/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RESULTS_GROUPS_H
#define IKE_RESULTS_GROUPS_H

#include "ike-results.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// @return the name under which a router stands in results. @param names of those that stand under
/// another one @param router its own
const std::string& FindListed(const ListedNames& names, const std::string& router);
/**
 * The peers of one router or of several: those that stand under one name become one, with the sum
 * of their curves.
 * @param peers of all these routers
 * @param names of those that stand under another one
 */
std::vector<PeerResult> SumPeers(const std::vector<PeerResult>& peers, const ListedNames& names);
/// @return pairs of peers, those that stand under the same two names as one. @param results a run
std::vector<PeersAccount> SumPairs(const RunResults& results);
/**
 * Add what is said of a router to what is said of others: numbers add up but for the last times,
 * where the latest counts, and truths are truths of any; lists follow each other.
 * @param to gets the sum
 * @param from is added
 */
void SumEnds(nlohmann::ordered_json& to, const nlohmann::ordered_json& from);

} // namespace ike
} // namespace ns3

#endif // IKE_RESULTS_GROUPS_H
