/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-race-files.h"

#include "ike-race-report.h"
#include "ike-race-transcript.h"
#include "ike-run-files.h"
#include "ike-scenario-units.h"

#include "ns3/ike-ios-parser.h"
#include "ns3/ike-knobs.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace ns3
{
namespace ike
{

namespace
{

namespace fs = std::filesystem;

/// In double quotes, as JSON has it, which is YAML, too.
std::string
Quote(const std::string& text)
{
    return nlohmann::json(text).dump();
}

/// A block of lines with an indentation.
std::string
Block(const std::string& text, size_t indent)
{
    std::string out = "|\n";
    for (size_t at = 0; at < text.size();)
    {
        const size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at, end - at);
        out += line.empty() ? "\n" : std::string(indent, ' ') + line + "\n";
        at = end + 1;
    }
    return out;
}

void
WriteRouters(std::string& out, const Scenario& scenario)
{
    out += "routers:\n";
    for (const auto& router : scenario.routers)
    {
        if (!router.config.files.empty())
        {
            throw std::invalid_argument(router.name + " names files in its configuration; a "
                                                      "scenario of its own cannot have them");
        }
        out += "  " + router.name + ":\n    config: " + Block(WriteIos(router.config), 6);
    }
}

/// What the routers' knobs say that the first profile does not.
void
WriteKnobs(std::string& out, const Scenario& scenario)
{
    std::string text;
    for (const auto& router : scenario.routers)
    {
        std::string own;
        for (const auto& knob : GetKnobTable())
        {
            const std::string value = GetKnob(router.knobs, knob.name);
            if (value != GetKnob(IkeKnobs(), knob.name))
            {
                own += "    " + knob.name + ": " + value + (knob.unit == "s" ? " s" : "") + "\n";
            }
        }
        text += own.empty() ? "" : "  " + router.name + ":\n" + own;
    }
    if (scenario.account.grace != AccountKnobs().grace)
    {
        text += "  account: {Grace: " + FormatDuration(scenario.account.grace) + "}\n";
    }
    out += text.empty() ? "" : "knobs:\n" + text;
}

/// The packets of flows, too: a scenario of its own has no hosts.
void
WritePackets(std::string& out, const Scenario& scenario, const ScenarioWorld& world)
{
    std::string text;
    for (const auto& router : scenario.routers)
    {
        std::vector<std::string> names;
        for (const auto& flow : scenario.offer)
        {
            names.push_back(flow.name);
        }
        for (const auto& packet : GetExplore(scenario).packets)
        {
            names.push_back(packet.name);
        }
        std::string own;
        for (const auto& name : names)
        {
            const auto flow = world.cold.FindFlow(world.cold.FindNode(router.name), name);
            if (!flow)
            {
                continue;
            }
            constexpr size_t HEADER = 20; // of IPv4
            const auto address = [&flow](size_t at) {
                return IpAddress::FromOctets(
                           Octets(flow->inner.begin() + static_cast<long>(at),
                                  flow->inner.begin() + static_cast<long>(at) + 4))
                    .ToString();
            };
            std::string through = flow->interface;
            for (const auto& interface : router.config.interfaces)
            {
                through =
                    through.empty() && interface.id == flow->connection ? interface.name : through;
            }
            own += "      " + Quote(name) + ": {from: " + address(12) + ", to: " + address(16) +
                   ", size: " + std::to_string(flow->inner.size() - HEADER) + " B" +
                   ", through: " + through + "}\n";
        }
        text += own.empty() ? "" : "    " + router.name + ":\n" + own;
    }
    out += text.empty() ? "" : "  packets:\n" + text;
}

void
WriteConfigs(std::string& out, const ScenarioExplore& explore)
{
    std::set<std::string> routers;
    for (const auto& config : explore.configs)
    {
        routers.insert(config.router);
    }
    out += routers.empty() ? "" : "  configs:\n";
    for (const auto& router : routers)
    {
        out += "    " + router + ":\n";
        for (const auto& config : explore.configs)
        {
            if (config.router != router)
            {
                continue;
            }
            out += "      " + Quote(config.name) + ":\n        config:\n";
            for (const auto& text : config.texts)
            {
                out += "          - " + Block(text.text, 12);
            }
            out += config.knobs.empty() ? "" : "        knobs:\n";
            for (const auto& [name, value] : config.knobs)
            {
                const auto& table = GetKnobTable();
                const bool isTime =
                    std::any_of(table.begin(), table.end(), [&n = name](const KnobInfo& knob) {
                        return knob.name == n && knob.unit == "s";
                    });
                out += "          " + name + ": " + value + (isTime ? " s" : "") + "\n";
            }
        }
    }
}

std::string
ListOracles(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names)
    {
        text += (text.empty() ? "" : ", ") + name;
    }
    return "[" + text + "]";
}

void
WriteOracles(std::string& out, const DriveOptions& drive)
{
    const OracleKnobs usual;
    const OracleKnobs& knobs = drive.oracleKnobs;
    out += "  oracles: {";
    if (drive.oracles != GetUsualOracles())
    {
        out += "off: all, on: " + ListOracles(drive.oracles) + ", ";
    }
    out += "pairsPerSelector: " + std::to_string(knobs.pairsPerSelector);
    out += ", isakmpPerPeer: " + std::to_string(knobs.isakmpPerPeer);
    out += ", attemptsPerPeer: " + std::to_string(knobs.attemptsPerPeer);
    out += ", datagrams: " + std::to_string(knobs.datagrams);
    out += std::string(", strict: ") + (knobs.strict ? "true" : "false") + "}\n";
}

void
WriteExpectations(std::string& out, const RaceResult& result)
{
    out += "  expect:\n    end: " + Quote(result.ends.front().end.ToString()) + "\n";
    std::vector<std::string> failed;
    for (const auto& row : result.violations)
    {
        if (std::find(failed.begin(), failed.end(), row.violation.oracle) == failed.end())
        {
            failed.push_back(row.violation.oracle);
        }
    }
    out += failed.empty() ? "" : "    violations: " + ListOracles(failed) + "\n";
}

} // namespace

std::string
WriteRaceScenario(const Scenario& scenario,
                  const RaceResult& result,
                  const std::string& name,
                  const std::string& title)
{
    const ScenarioExplore explore = GetExplore(scenario);
    const ScenarioWorld world = BuildWorld(scenario, result.seed);
    std::string out = "# SPDX-License-Identifier: GPL-2.0-only\n";
    out += "# Written by ike-sim, from scenario " + scenario.name + ".\n";
    out += "version: 1\nname: " + MakeFileName(name) + "\ntitle: " + Quote(title) + "\n";
    out += "seed: " + std::to_string(result.seed) + "\n";
    if (scenario.crypto != ProviderKind::Openssl)
    {
        out += "crypto: " + GetProviderNames()[static_cast<size_t>(scenario.crypto)] + "\n";
    }
    WriteRouters(out, scenario);
    WriteKnobs(out, scenario);
    out += "explore:\n";
    for (const auto& [key, text] : {std::pair{"id", explore.id},
                                    {"catalogue", explore.catalogue},
                                    {"note", explore.note},
                                    {"evidence", explore.evidence}})
    {
        out += text.empty() ? "" : std::string("  ") + key + ": " + Quote(text) + "\n";
    }
    out += "  settle: " + FormatDuration(explore.drive.rest.settle) + "\n";
    out += "  flaps: " + std::to_string(explore.drive.rest.flaps) + "\n";
    WriteOracles(out, explore.drive);
    WriteConfigs(out, explore);
    WritePackets(out, scenario, world);
    out += "  begin: " + Quote(ToString(result.begin)) + "\n";
    out += "  schedule: " + Quote(ToString(*result.schedule)) + "\n";
    WriteExpectations(out, result);
    return out;
}

void
WriteWholeFile(const std::string& path, const std::string& text)
{
    const fs::path part = path + ".part-" + std::to_string(::getpid());
    std::ofstream file(part, std::ios::binary);
    file << text;
    file.close();
    std::error_code error;
    if (file)
    {
        fs::rename(part, path, error);
    }
    if (!file || error)
    {
        std::error_code ignored;
        fs::remove(part, ignored);
        throw RunError("cannot write file '" + path + "'");
    }
}

std::vector<std::string>
WriteRaceFiles(const std::string& folder,
               const Scenario& scenario,
               const ScenarioWorld& world,
               const RaceResult& result,
               const std::string& name,
               const std::string& title)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
    {
        throw RunError("cannot make folder '" + folder + "': " + error.message());
    }
    const auto [text, picture] = WriteRaceLadder(world, *result.schedule, title);
    const std::vector<std::pair<std::string, std::string>> files{
        {".yaml", WriteRaceScenario(scenario, result, name, title)},
        {".transcript", WriteSteps(world, *result.schedule, GetExplore(scenario).drive.rest)},
        {".ladder.txt", text},
        {".ladder.svg", picture}};
    std::vector<std::string> names;
    for (const auto& [ending, content] : files)
    {
        if (!content.empty())
        {
            names.push_back(MakeFileName(name) + ending);
            WriteWholeFile((fs::path(folder) / names.back()).string(), content);
        }
    }
    return names;
}

std::string
MakeFileName(const std::string& text)
{
    std::string name;
    for (const char c : text)
    {
        const auto u = static_cast<unsigned char>(c);
        const bool good = u < 0x80 && (std::isalnum(u) != 0 || c == '_' || c == '-');
        if (good || (!name.empty() && name.back() != '-'))
        {
            name += good ? c : '-';
        }
    }
    return name;
}

} // namespace ike
} // namespace ns3
