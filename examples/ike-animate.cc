/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/// @file
/// @ingroup ike
/// Runs a scenario and leaves a trace for NetAnim: nodes with names, and packets on point-to-point
/// links. A program of its own, since ns-3's netanim brings all radio modules along. What comes out
/// of the run is the same as without.

#include "ns3/animation-interface.h"
#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"

#include <boost/program_options.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace po = boost::program_options;
namespace fs = std::filesystem;

using namespace ns3;
using namespace ns3::ike;

namespace
{

/// A command line that cannot be done.
class UsageError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// A file under another name until it is whole; gone when it never is.
class Part
{
  public:
    explicit Part(const std::string& file)
        : m_name(file + ".part")
    {
        if (!std::ofstream(m_name))
        {
            throw UsageError("cannot write file '" + file + "'");
        }
    }

    ~Part()
    {
        std::error_code ignored;
        fs::remove(m_name, ignored);
    }

    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    const std::string& Name() const
    {
        return m_name;
    }

  private:
    std::string m_name; ///< beside the file
};

/// A file, or the name of a shipped scenario.
std::string
FindScenario(const std::string& name)
{
    const fs::path shipped = fs::path(NS3_IKE_SCENARIO_DIR) / (name + ".yaml");
    if (!fs::is_regular_file(name) && !fs::is_regular_file(shipped))
    {
        throw UsageError("there is no scenario '" + name + "'");
    }
    return fs::is_regular_file(name) ? name : shipped.string();
}

/// NAME=VALUE, each.
ParameterValues
ReadAssignments(const std::vector<std::string>& texts)
{
    ParameterValues values;
    for (const auto& text : texts)
    {
        const auto sign = text.find('=');
        if (sign == std::string::npos || sign == 0)
        {
            throw UsageError("--set " + text + ": expected NAME=VALUE");
        }
        values[text.substr(0, sign)] = text.substr(sign + 1);
    }
    return values;
}

/// All nodes in an order in which neighbours stand beside each other.
std::vector<std::string>
OrderNodes(const Scenario& scenario)
{
    std::map<std::string, std::vector<std::string>> neighbours;
    for (const auto& link : scenario.links)
    {
        neighbours[link.ends[0].node].push_back(link.ends[1].node);
        neighbours[link.ends[1].node].push_back(link.ends[0].node);
    }
    std::vector<std::string> starts;
    for (const auto& node : scenario.nodes)
    {
        if (neighbours[node.name].size() == 1)
        {
            starts.push_back(node.name);
        }
    }
    for (const auto& router : scenario.routers)
    {
        starts.push_back(router.name);
    }
    for (const auto& node : scenario.nodes)
    {
        starts.push_back(node.name);
    }
    std::vector<std::string> order;
    std::set<std::string> seen;
    for (const auto& start : starts)
    {
        std::vector<std::string> stack{start};
        while (!stack.empty())
        {
            const std::string name = stack.back();
            stack.pop_back();
            if (seen.insert(name).second)
            {
                order.push_back(name);
                stack.insert(stack.end(), neighbours[name].begin(), neighbours[name].end());
            }
        }
    }
    return order;
}

/// The trace, from the beginning of the run on.
std::unique_ptr<AnimationInterface>
BeginTrace(const Scenario& scenario, const IkeNetwork& network, const std::string& file)
{
    constexpr double RADIUS = 45;
    const auto order = OrderNodes(scenario);
    for (size_t i = 0; i < order.size(); ++i)
    {
        const double angle =
            2 * 3.14159265358979 * static_cast<double>(i) / static_cast<double>(order.size());
        AnimationInterface::SetConstantPosition(network.GetNode(order[i]),
                                                50 - RADIUS * std::cos(angle),
                                                50 - RADIUS * std::sin(angle));
    }
    auto trace = std::make_unique<AnimationInterface>(file);
    trace->SetMaxPktsPerTraceFile(UINT64_MAX);
    for (const auto& name : order)
    {
        trace->UpdateNodeDescription(network.GetNode(name), name);
    }
    for (const auto& router : scenario.routers)
    {
        trace->UpdateNodeColor(network.GetNode(router.name), 29, 78, 216);
    }
    return trace;
}

int
Run(const po::variables_map& values)
{
    const auto read = ScenarioFile::Load(FindScenario(values["scenario"].as<std::string>()));
    const auto texts = values.count("set") ? values["set"].as<std::vector<std::string>>()
                                           : std::vector<std::string>();
    const Scenario scenario = read.Expand(ReadAssignments(texts));
    const uint64_t seed = values.count("seed") ? values["seed"].as<uint32_t>() : scenario.seed;
    const std::string file = values["animation"].as<std::string>();
    const Part part(file);
    ScenarioRun run(scenario, RunOptions{seed, values["out"].as<std::string>(), nullptr, 1});
    auto trace = BeginTrace(scenario, run.GetNetwork(), part.Name());
    run.RunUntil(scenario.duration);
    trace.reset();
    const RunResults results = run.Finish();
    fs::rename(part.Name(), file);
    if (values["format"].as<std::string>() == "json")
    {
        std::cout << WriteResultsJson(results);
    }
    else
    {
        std::cout << file << ": " << fs::file_size(file) << " octets, for NetAnim\n";
    }
    return 0;
}

} // namespace

int
main(int argc, char* argv[])
{
    po::options_description options("usage: ike-animate SCENARIO --animation FILE [OPTION]...");
    const auto text = [] { return po::value<std::string>(); };
    options.add_options()("help,h", "this text");
    options.add_options()("scenario", text(), "a file, or the name of a shipped one");
    options.add_options()("animation", text(), "file for NetAnim, .xml");
    options.add_options()("set,s", po::value<std::vector<std::string>>(), "NAME=VALUE");
    options.add_options()("seed", po::value<uint32_t>(), "RngSeed 1, RngRun N");
    options.add_options()("out,o", text()->default_value(""), "folder for files");
    options.add_options()("format", text()->default_value("table"), "table or json");
    po::positional_options_description place;
    place.add("scenario", 1);
    try
    {
        po::variables_map values;
        po::store(po::command_line_parser(argc, argv).options(options).positional(place).run(),
                  values);
        if (values.count("help"))
        {
            std::cout << options;
            return 0;
        }
        if (!values.count("scenario") || !values.count("animation"))
        {
            throw UsageError("expected a scenario, and --animation FILE");
        }
        const int status = Run(values);
        return status;
    }
    catch (const std::exception& error)
    {
        std::cerr << "ike-animate: " << error.what() << "\n";
        return 2;
    }
}
