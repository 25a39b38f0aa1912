/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-values.h"

#include "ns3/ike-nearest-name.h"

#include <algorithm>
#include <filesystem>

namespace po = boost::program_options;
namespace fs = std::filesystem;

using namespace ns3::ike;

namespace
{

/// Where the shipped scenarios are: below the working folder, or where the build has them.
std::vector<fs::path>
ScenarioFolders()
{
    std::vector<fs::path> folders{fs::path("examples") / "scenarios",
                                  fs::path("contrib") / "ike" / "examples" / "scenarios"};
#ifdef NS3_IKE_SCENARIO_DIR
    folders.emplace_back(NS3_IKE_SCENARIO_DIR);
#endif
    return folders;
}

} // namespace

std::vector<fs::path>
ShippedScenarios()
{
    std::vector<fs::path> files;
    for (const auto& folder : ScenarioFolders())
    {
        if (!files.empty() || !fs::is_directory(folder))
        {
            continue;
        }
        for (const auto& entry : fs::directory_iterator(folder))
        {
            if (entry.path().extension() == ".yaml")
            {
                files.push_back(entry.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string
FindScenario(const std::string& name)
{
    if (fs::is_regular_file(name))
    {
        return name;
    }
    Strings names;
    for (const auto& file : ShippedScenarios())
    {
        if (file.stem() == name)
        {
            return file.string();
        }
        names.push_back(file.stem().string());
    }
    const std::string hint = MakeNearestHint(name, names);
    throw UsageError("there is no scenario '" + name + "'; expected a file" +
                     (names.empty() ? "" : ", or " + JoinAlternatives(names)) +
                     (hint.empty() ? "" : " (" + hint + ")"));
}

std::pair<std::string, std::string>
SplitAssignment(const std::string& text, const char* option)
{
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
    {
        throw UsageError(std::string("--") + option + " " + text + ": expected NAME=VALUE");
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

Strings
SplitList(const std::string& text)
{
    // A comma between brackets belongs to a distribution: "uniform(0 s, 5 s)".
    Strings items{""};
    int depth = 0;
    for (const char c : text)
    {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ',' && depth <= 0)
        {
            items.emplace_back();
            continue;
        }
        items.back() += c;
    }
    return items;
}

Strings
GetList(const po::variables_map& values, const char* name)
{
    return values.count(name) != 0 ? values[name].as<Strings>() : Strings{};
}

ParameterValues
GetAssignments(const po::variables_map& values)
{
    ParameterValues assignments;
    for (const auto& text : GetList(values, "set"))
    {
        assignments.insert_or_assign(SplitAssignment(text, "set").first,
                                     SplitAssignment(text, "set").second);
    }
    return assignments;
}

uint64_t
ParseSeed(const std::string& text)
{
    const bool digits = !text.empty() && text.size() < 10 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    const uint64_t seed = digits ? std::stoull(text) : 0;
    if (seed == 0)
    {
        throw UsageError("'" + text + "' is no seed; expected a number from 1 to 999999999");
    }
    return seed;
}

std::vector<uint64_t>
ParseSeeds(const std::string& text)
{
    std::vector<uint64_t> seeds;
    for (const auto& item : SplitList(text))
    {
        const size_t dots = item.find("..");
        const uint64_t first = ParseSeed(item.substr(0, dots));
        const uint64_t last = dots == std::string::npos ? first : ParseSeed(item.substr(dots + 2));
        if (last < first)
        {
            throw UsageError("--seeds " + text + ": '" + item +
                             "' names no seed; expected 1..100, or 1,2,5");
        }
        for (uint64_t seed = first; seed <= last; ++seed)
        {
            seeds.push_back(seed);
        }
    }
    return seeds;
}

uint64_t
GetSeed(const po::variables_map& values, const Scenario& scenario)
{
    return values.count("seed") != 0 ? ParseSeed(values["seed"].as<std::string>()) : scenario.seed;
}
