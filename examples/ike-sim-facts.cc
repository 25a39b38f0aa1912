/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-facts.h"

#include "ike-sim-calibrate.h"
#include "ike-sim-commands.h"
#include "ike-sim-values.h"

#include "ns3/ike-code-hash.h"
#include "ns3/ike-cost-files.h"
#include "ns3/ike-knobs.h"
#include "ns3/ike-profiles.h"
#include "ns3/ike-results-audit.h"
#include "ns3/ike-scenario-keys.h"
#include "ns3/ikev1-exchanges.h"

#include <boost/program_options.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace po = boost::program_options;

using namespace ns3::ike;

namespace
{

/// All of a file. @throws UsageError when it cannot be read
std::string
ReadFile(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file)
    {
        throw UsageError("cannot read file '" + name + "'");
    }
    return text;
}

} // namespace

void
DeclareKnobs(po::options_description& options)
{
    options.add_options()("profile",
                          po::value<std::string>()->default_value("ios")->value_name("NAME"),
                          "whose values: ios, strongswan, libreswan or rfc2409");
}

int
CommandKnobs(const po::variables_map& values)
{
    const std::string profile = values["profile"].as<std::string>();
    IkeKnobs knobs;
    const std::string wrong = SetProfile(knobs, profile);
    if (!wrong.empty())
    {
        throw UsageError("--profile " + profile + ": " + wrong);
    }
    for (const auto& knob : GetKnobTable())
    {
        std::cout << knob.name << " = " << GetKnob(knobs, knob.name) << " [" << knob.unit
                  << "]\n    " << knob.help << "\n    Source: " << GetKnobSource(profile, knob.name)
                  << "\n";
    }
    return EXIT_OK;
}

int
CommandStates(const po::variables_map& /* values */)
{
    std::cout << "<!-- SPDX-License-Identifier: GPL-2.0-only -->\n"
              << "# The machines of IKEv1\n\n"
              << "Written by `./ns3-ike states` from the tables in "
                 "`model/ikev1/ikev1-exchanges.cc`; a test compares.\n"
              << DrawStateDiagrams();
    return EXIT_OK;
}

int
CommandCode(const po::variables_map& /* values */)
{
    const std::string identity = GetCodeIdentity();
    std::cout << (identity.empty() ? "unknown" : identity) << "\n";
    return identity.empty() ? EXIT_FAILED : EXIT_OK;
}

int
CommandSchema(const po::variables_map& /* values */)
{
    std::cout << WriteScenarioSchema();
    return EXIT_OK;
}

void
DeclareAudit(po::options_description& options)
{
    options.add_options()("results",
                          po::value<std::string>()->value_name("FILE"),
                          "results.json, or the folder of a run")(
        "lately",
        po::value<int64_t>()->default_value(3600)->value_name("SECONDS"),
        "clear packets that were accepted so long before the end still count");
}

int
CommandAudit(const po::variables_map& values)
{
    if (values.count("results") == 0)
    {
        throw UsageError("no results are given");
    }
    std::string name = values["results"].as<std::string>();
    if (std::filesystem::is_directory(name))
    {
        name = (std::filesystem::path(name) / "results.json").string();
    }
    const auto lately = values["lately"].as<int64_t>();
    constexpr int64_t LONGEST = 1000000000;
    if (lately < 0 || lately > LONGEST)
    {
        throw UsageError("--lately: expected seconds from 0 to 1000000000");
    }
    try
    {
        const AuditReport report = AuditResults(ReadFile(name), Duration::Seconds(lately));
        std::cout << WriteAudit(report);
        return report.findings.empty() ? EXIT_OK : EXIT_FAILED;
    }
    catch (const std::invalid_argument& e)
    {
        throw UsageError(name + ": " + e.what());
    }
}

void
DeclareCalibrate(po::options_description& options)
{
    options.add_options()("out,o",
                          po::value<std::string>()->default_value("")->value_name("FILE"),
                          "file for the profile of costs; none: the table alone")(
        "seconds",
        po::value<double>()->default_value(5)->value_name("S"),
        "about how long to measure; 0.2 is enough to see how it works");
}

int
CommandCalibrate(const po::variables_map& values)
{
    constexpr double LONGEST = 3600;
    const auto seconds = values["seconds"].as<double>();
    if (!(seconds > 0 && seconds <= LONGEST))
    {
        throw UsageError("--seconds: expected more than 0, and not more than 3600");
    }
    const std::string out = values["out"].as<std::string>();
    std::ofstream file;
    if (!out.empty())
    {
        file.open(out);
    }
    if (!file)
    {
        throw UsageError("cannot write file '" + out + "'");
    }
    const auto provider = MakeOpensslProvider();
    CryptoCosts costs = MeasureCosts(*provider, seconds, [](const std::string& what) {
        std::cerr << "measuring " << what << "\n";
    });
    costs.name = out.empty() ? "calibrated" : std::filesystem::path(out).stem().string();
    std::cout << "Cryptography of " << provider->GetName() << " on one core of this machine\n"
              << WriteCostTable(costs);
    if (!out.empty())
    {
        file << WriteCosts(costs,
                           "SPDX-License-Identifier: GPL-2.0-only\n"
                           "Written by `ike-sim calibrate`, with provider " +
                               provider->GetName() +
                               ".\nIt measures cryptography: what a message and a packet cost "
                               "beside it is for you to say.");
        std::cout << "\nFiles\n  " << out << "\n";
    }
    return EXIT_OK;
}
