/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-results-audit.h"

#include "ike-results.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

using Json = nlohmann::json;
using Strings = std::vector<std::string>;

/// "a, b, c and 5 more"
std::string
ListSome(const Strings& names)
{
    constexpr size_t SHOWN = 4;
    std::string text;
    for (size_t i = 0; i < names.size() && i < SHOWN; ++i)
    {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() <= SHOWN ? text
                                 : text + " and " + std::to_string(names.size() - SHOWN) + " more";
}

/// Where clear packets go: as the policy has it, or else (no crypto map) by flows.
std::string
DescribeClear(const Json& end)
{
    Strings destinations;
    for (const auto& item : end.at("policy").at("still_clear"))
    {
        destinations.push_back(item.at("destination").get<std::string>() + " (" +
                               item.at("entry").get<std::string>() + ")");
    }
    if (!destinations.empty())
    {
        return "sends in the clear to " + ListSome(destinations);
    }
    const auto flows = end.at("clear").at("flows").get<Strings>();
    return flows.empty() ? "" : "sends in the clear, flows " + ListSome(flows);
}

/// All that is wrong with a router.
Strings
FindReasons(const Json& end, double since)
{
    const Json& policy = end.at("policy");
    Strings reasons;
    if (policy.at("passive_mode").get<bool>())
    {
        reasons.emplace_back("passive mode is on, without an SA it sends and accepts clear text");
    }
    const auto bare = policy.at("bare_interfaces").get<Strings>();
    if (!bare.empty() && policy.at("protected_tunnels").get<uint64_t>() == 0)
    {
        reasons.push_back("no crypto map on " + ListSome(bare));
    }
    if (const auto clear = DescribeClear(end); !clear.empty())
    {
        reasons.push_back(clear);
    }
    const Json& accepted = policy.at("inbound").at("last_passive_seconds");
    if (!accepted.is_null() && accepted.get<double>() >= since)
    {
        const auto last = static_cast<int64_t>(accepted.get<double>());
        reasons.push_back("accepted clear packets until " + std::to_string(last) + " s");
    }
    return reasons;
}

AuditReport
Audit(const Json& results, Duration lately)
{
    const double since = results.at("duration_seconds").get<double>() - lately.ToSeconds();
    AuditReport report;
    for (const Json& end : results.at("ends"))
    {
        ++report.routers;
        report.unsaved += end.at("policy").at("config_saved").get<bool>() ? 0 : 1;
        Strings reasons = FindReasons(end, since);
        if (!reasons.empty())
        {
            report.findings.push_back({end.at("name").get<std::string>(), std::move(reasons)});
        }
    }
    return report;
}

} // namespace

AuditReport
AuditResults(const std::string& json, Duration lately)
{
    const Json results = Json::parse(json, nullptr, false);
    if (results.is_discarded())
    {
        throw std::invalid_argument("this is not JSON; expected the results.json of one run");
    }
    if (!results.is_object() || !results.contains("schema") || results["schema"] != RESULTS_SCHEMA)
    {
        throw std::invalid_argument(std::string("these are not the results of a run; expected the "
                                                "schema ") +
                                    RESULTS_SCHEMA);
    }
    try
    {
        return Audit(results, lately);
    }
    catch (const Json::exception& e)
    {
        throw std::invalid_argument(std::string("these results do not keep to their schema (an "
                                                "older version wrote them?): ") +
                                    e.what());
    }
}

std::string
WriteAudit(const AuditReport& report)
{
    std::string text;
    for (const auto& finding : report.findings)
    {
        text += finding.router + ": ";
        for (size_t i = 0; i < finding.reasons.size(); ++i)
        {
            text += (i == 0 ? "" : "; ") + finding.reasons[i];
        }
        text += "\n";
    }
    text += std::to_string(report.findings.size()) + " of " + std::to_string(report.routers) +
            " routers could still send or accept clear text\n";
    if (report.unsaved > 0)
    {
        text += "the configuration of " + std::to_string(report.unsaved) +
                " was not saved (write memory)\n";
    }
    return text;
}

} // namespace ike
} // namespace ns3
