/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SIM_VALUES_H
#define IKE_SIM_VALUES_H

#include "ns3/ike-scenario.h"

#include <boost/program_options/variables_map.hpp>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// @file
/// @ingroup ike
/// What the arguments of ike-sim mean: scenarios, assignments, seeds.

using Strings = std::vector<std::string>;

/// The command line is wrong.
class UsageError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// All shipped scenarios of the first folder that exists, sorted.
std::vector<std::filesystem::path> ShippedScenarios();

/// @param name of a file, or of a shipped scenario @return the file
/// @throws UsageError when there is none
std::string FindScenario(const std::string& name);

/// @param text NAME=VALUE @param option that has it @return both
/// @throws UsageError when it is something else
std::pair<std::string, std::string> SplitAssignment(const std::string& text, const char* option);

/// What stands between commas.
Strings SplitList(const std::string& text);

/// All values of an option that may be given again.
Strings GetList(const boost::program_options::variables_map& values, const char* name);

/// The values of --set; the last one of a name wins.
ns3::ike::ParameterValues GetAssignments(const boost::program_options::variables_map& values);

/// A number from 1 to 999999999. @throws UsageError when it is something else
uint64_t ParseSeed(const std::string& text);

/// The seed of --seed; without it that of the scenario. @throws UsageError when it is none
uint64_t GetSeed(const boost::program_options::variables_map& values,
                 const ns3::ike::Scenario& scenario);

/// "1..100", "3", "1,5,7..9". @throws UsageError when it is something else
std::vector<uint64_t> ParseSeeds(const std::string& text);

#endif // IKE_SIM_VALUES_H
