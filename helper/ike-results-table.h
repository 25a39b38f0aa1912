/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RESULTS_TABLE_H
#define IKE_RESULTS_TABLE_H

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// One run in a table.
struct ResultsColumn
{
    std::string heading; ///< one or two words
    std::string json;    ///< results.json
};

/**
 * @param columns runs to be compared
 * @return a line per quantity, a column per run
 */
std::string WriteResultsTable(const std::vector<ResultsColumn>& columns);

} // namespace ike
} // namespace ns3

#endif // IKE_RESULTS_TABLE_H
