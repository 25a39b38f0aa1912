/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RACE_REPORT_H
#define IKE_RACE_REPORT_H

#include "ike-race.h"

#include <cstddef>
#include <string>

namespace ns3
{
namespace ike
{

/// How a table is written.
enum class RaceTable : uint8_t
{
    Text,     ///< for terminals
    Markdown, ///< for pages
    Json,     ///< for programs
};

/**
 * What came out of a race, for people or programs: end states, violations, what was covered, and
 * what did not come true.
 * @param result of RunRace()
 * @param format of it
 * @return lines
 */
std::string WriteRace(const RaceResult& result, RaceTable format);
/**
 * What is kept of a race to be compared later: end states with their schedules, violations, what
 * was covered; of a kept schedule all steps, too. Nothing in it depends on the machine.
 * @param scenario expanded
 * @param result of RunRace() for it
 * @return lines
 */
std::string WriteGolden(const Scenario& scenario, const RaceResult& result);
/**
 * @param before lines
 * @param after lines
 * @param most lines to show
 * @return the first lines that differ, "- " and "+ " before them; empty when none do
 */
std::string DescribeChange(const std::string& before, const std::string& after, size_t most);
/// @return "exhaustive, 3 end states" and the like, for a line of a table. @param result of it
std::string SummarizeRace(const RaceResult& result);
/// @return "split, duplicate 0/1": an end state without its counts. @param end of a schedule
std::string DescribeClasses(const EndState& end);
/// @return "2/2". @param counts by node
std::string DescribeCounts(const std::vector<uint32_t>& counts);

} // namespace ike
} // namespace ns3

#endif // IKE_RACE_REPORT_H
