/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-results.h"

#include "ns3/ike-algorithms.h"
#include "ns3/ike-events.h"
#include "ns3/ike-nearest-name.h"
#include "ns3/ike-numbers.h"
#include "ns3/ike-verdict.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

using Json = nlohmann::ordered_json;
using Strings = std::vector<std::string>;

/// The texts of the values of an enumeration, from the first one on.
template <typename Enum>
Strings
NamesOf(Enum first, Enum last)
{
    Strings names;
    for (auto i = static_cast<unsigned>(first); i <= static_cast<unsigned>(last); ++i)
    {
        names.push_back(ToString(static_cast<Enum>(i)));
    }
    return names;
}

/// Each of these names once.
CountsByName
OneOfEach(const Strings& names, const Strings& prefixes = {""})
{
    CountsByName counts;
    for (const auto& prefix : prefixes)
    {
        for (const auto& name : names)
        {
            counts[prefix + name] = 1;
        }
    }
    return counts;
}

NodeCounters
MakeCounters()
{
    const Strings phases{"phase-1 ", "phase-2 "};
    const auto begins = NamesOf(BeginReason::TunnelStart, BeginReason::PhaseTwoPending);
    const auto ends = NamesOf(EndReason::HardLifetime, EndReason::StateLost);
    Strings notifies;
    for (unsigned type = 0; type <= UINT16_MAX; ++type)
    {
        const std::string name = ToString(static_cast<NotifyType>(type));
        if (name != std::to_string(type))
        {
            notifies.push_back(name);
            notifies.push_back(name + " (unprotected, ignored)");
        }
    }
    NodeCounters counters;
    counters.events = OneOfEach(NamesOf(EventKind::InitiationRefused, EventKind::Balancer));
    counters.events.erase(ToString(EventKind::PhaseOneKeys));
    counters.events.erase(ToString(EventKind::PairKeys));
    counters.begun = OneOfEach(begins, phases);
    counters.refused = OneOfEach(begins, phases);
    counters.failed = OneOfEach(ends, phases);
    counters.removed = OneOfEach(ends, {"isakmp ", "ipsec "});
    counters.notifiesSent = OneOfEach(notifies);
    counters.notifiesReceived = OneOfEach(notifies);
    counters.deletesSent = OneOfEach({"isakmp", "ipsec"});
    counters.deletesReceived = counters.deletesSent;
    return counters;
}

PlaneCounters
MakePlaneCounters()
{
    PlaneCounters counters;
    for (unsigned i = 1; i < DROP_REASON_COUNT; ++i)
    {
        counters.discarded[i] = 1;
    }
    return counters;
}

PacketBalance
MakeBalance()
{
    PacketBalance balance;
    for (unsigned i = 1; i < DROP_REASON_COUNT; ++i)
    {
        balance.dropped[ToString(static_cast<DropReason>(i))] = 1;
    }
    // Of routers, of links, of IPv4.
    for (const char* reason : {"no-route",
                               "line-down",
                               "link-down",
                               "no-tunnel",
                               "recursive-routing",
                               "not-ipv4",
                               "reload",
                               "loss",
                               "queue-full",
                               "ttl-expired",
                               "bad-checksum",
                               "interface-down",
                               "route-error",
                               "fragment-timeout",
                               "ipv4",
                               "nat-no-mapping",
                               "nat-filtered",
                               "nat-full",
                               "nat-ports",
                               "nat-esp",
                               "nat-fragment",
                               "nat-protocol",
                               "too-large",
                               "bad-envelope",
                               "crypto-queue-full",
                               "ike-queue-full",
                               "udp-too-short",
                               "filtered",
                               "unknown-address",
                               "balancer-no-hub",
                               "balancer-unreachable",
                               "balancer-fragment",
                               "balancer-no-entry",
                               "balancer-outbound"})
    {
        balance.dropped[reason] = 1;
    }
    return balance;
}

EndResult
MakeEnd(const std::string& name, const Strings& routers)
{
    EndResult end;
    end.name = name;
    static const NodeCounters COUNTERS = MakeCounters();
    end.counters = COUNTERS;
    end.outbound = MakePlaneCounters();
    end.inbound = MakePlaneCounters();
    end.policy.outbound = MakePlaneCounters();
    end.policy.inbound = MakePlaneCounters();
    end.policy.passive.sent.last = Instant{};
    end.policy.passive.accepted.last = Instant{};
    end.clear.last = Instant{};
    for (unsigned group = 1; group <= static_cast<unsigned>(DhGroup::Ecp521); ++group)
    {
        if (IsSupported(static_cast<DhGroup>(group)))
        {
            end.crypto.dh[static_cast<DhGroup>(group)] = DhCounts{};
        }
    }
    for (const auto& router : routers)
    {
        if (router != name || router.back() == '*')
        {
            end.peers.push_back(PeerResult{router, EndAccount{}});
        }
    }
    return end;
}

/// Results of a run in which everything has occurred: all paths that can be.
Json
MakeModel(const Strings& routers,
          const Strings& flows,
          const std::vector<BalancerResult>& balancers = {})
{
    RunResults results;
    results.balancers = balancers;
    results.packets = MakeBalance();
    for (const auto& router : routers)
    {
        results.ends.push_back(MakeEnd(router, routers));
        for (const auto& other : routers)
        {
            if (router < other || (router == other && router.back() == '*'))
            {
                results.pairs.push_back(PeersAccount{router, other, {}, {}});
            }
        }
    }
    for (const auto& flow : flows)
    {
        results.flows.push_back(FlowResult{flow, "", "", results.packets});
    }
    return Json::parse(WriteResultsJson(results));
}

/// Load balancers with their hubs, without numbers.
std::vector<BalancerResult>
BalancersOf(const Scenario& scenario)
{
    std::vector<BalancerResult> balancers;
    for (const auto& node : scenario.nodes)
    {
        if (node.balancer)
        {
            balancers.push_back(BalancerResult{node.name, {}, {}});
            for (const auto& hub : node.balancer->hubs)
            {
                balancers.back().hubs.push_back(BalancerHubResult{hub.router, "", false, {}});
            }
        }
    }
    return balancers;
}

/// What may stand behind a path that leads here.
Strings
NamesIn(const Json& json)
{
    Strings names;
    for (const auto& [key, value] : json.items())
    {
        names.push_back(json.is_object() ? key : value.is_object() ? value.value("name", "") : "");
    }
    return names;
}

/// What a step of a path leads to: a member, or the element of that name; null when to nothing.
const Json*
Step(const Json& json, const std::string& name)
{
    const bool isList = json.is_array();
    for (const auto& [key, value] : json.items())
    {
        if (isList ? value.is_object() && value.value("name", "") == name : key == name)
        {
            return &value;
        }
    }
    return nullptr;
}

bool
IsNumber(const Json* json)
{
    return json != nullptr && (json->is_number() || json->is_boolean());
}

/// What is wrong with a path.
struct PathFault
{
    std::string message; ///< empty when nothing is
    std::string hint;    ///< as MakeConfigError() takes it
};

/// Walks along a path. @return the value there; null: the fault says why there is none
const Json*
Walk(const Json& root, const std::string& path, PathFault& fault)
{
    const std::string what = "there is no quantity '" + path + "'";
    const Json* at = &root;
    std::string before;
    std::istringstream steps(path);
    for (std::string name; std::getline(steps, name, '.');)
    {
        const Json* next = at->is_structured() ? Step(*at, name) : nullptr;
        if (next == nullptr)
        {
            const auto names = NamesIn(*at);
            const auto hint = MakeNearestHint(name, names);
            fault.message = what + ", nothing is called '" + name + "'" +
                            (before.empty() ? "" : " in " + before);
            fault.hint = !hint.empty()   ? hint
                         : names.empty() ? "'" + before + "' has nothing in it that is a number"
                                         : "expected " + JoinAlternatives(names);
            return nullptr;
        }
        before += (before.empty() ? "" : ".") + name;
        at = next;
    }
    if (!IsNumber(at))
    {
        fault.message = what + ", which is no number";
        fault.hint = at->is_structured() && !at->empty()
                         ? "expected one of its parts: " + JoinAlternatives(NamesIn(*at))
                         : "expected a number of results.json, as 'totals.ipsec_duplicates'";
        return nullptr;
    }
    return at;
}

/// Why messages were dropped is a text: any may occur.
bool
IsFreeText(const std::string& path)
{
    static const std::string OBJECT = ".counters.messages_dropped.";
    return path.rfind("ends.", 0) == 0 && path.find(OBJECT) != std::string::npos;
}

/// What is wrong with a path in results of this kind.
PathFault
FindFault(const Json& model, const std::string& path)
{
    PathFault fault;
    const size_t end = IsFreeText(path) ? path.rfind(".messages_dropped.") : std::string::npos;
    Walk(model, path.substr(0, end) + (end == std::string::npos ? "" : ".retransmissions"), fault);
    return fault;
}

/// Of many names only those that stand in a path, and some for errors: a model has all pairs.
Strings
KeepNamed(const Strings& names, const Strings& paths)
{
    constexpr size_t MANY = 50;
    constexpr size_t SOME = 5;
    const auto stands = [&paths](const std::string& name) {
        return std::any_of(paths.begin(), paths.end(), [&name](const std::string& path) {
            return path.find(name) != std::string::npos;
        });
    };
    if (names.size() <= MANY)
    {
        return names;
    }
    Strings kept(names.begin(), names.begin() + SOME);
    std::copy_if(names.begin() + SOME, names.end(), std::back_inserter(kept), stands);
    return kept;
}

/// Members of a group, and flows from a node, follow each other.
void
AddOnce(Strings& names, const std::string& name)
{
    if (names.empty() || names.back() != name)
    {
        names.push_back(name);
    }
}

/// All names of a list of results.
Strings
NamesOfList(const Json& results, const char* list)
{
    return results.contains(list) ? NamesIn(results[list]) : Strings{};
}

/// How comparisons are written.
constexpr const char* COMPARISON_WORDS[] = {"", "at least ", "at most "};

bool
Holds(const ScenarioExpectation& expectation, double value)
{
    switch (expectation.comparison)
    {
    case ScenarioExpectation::Comparison::AtLeast:
        return value >= expectation.value;
    case ScenarioExpectation::Comparison::AtMost:
        return value <= expectation.value;
    case ScenarioExpectation::Comparison::Equals:
        break;
    }
    return value == expectation.value;
}

/// The number at a path; zero when it never occurred; nothing, and a fault, when it never can.
std::optional<double>
NumberAt(const Json& results, const std::string& path, PathFault& fault)
{
    const Json* found = Walk(results, path, fault);
    if (found != nullptr)
    {
        return found->is_boolean() ? (found->get<bool>() ? 1 : 0) : found->get<double>();
    }
    fault = FindFault(MakeModel(KeepNamed(NamesOfList(results, "ends"), {path}),
                                KeepNamed(NamesOfList(results, "flows"), {path})),
                      path);
    return fault.message.empty() ? std::optional<double>(0) : std::nullopt;
}

} // namespace

double
FindQuantity(const std::string& json, const std::string& quantity)
{
    PathFault fault;
    const auto number = NumberAt(Json::parse(json), quantity, fault);
    if (!number)
    {
        throw std::out_of_range(fault.message);
    }
    return *number;
}

void
CheckQuantities(const Scenario& scenario)
{
    if (scenario.expect.empty())
    {
        return;
    }
    Strings routers;
    const ListedNames listed = GroupEnds(scenario);
    for (const auto& router : scenario.routers)
    {
        const auto group = listed.find(router.name);
        AddOnce(routers, group == listed.end() ? router.name : group->second);
    }
    Strings flows;
    for (const auto& flow : GroupFlows(scenario))
    {
        AddOnce(flows, flow.name);
    }
    Strings paths;
    for (const auto& expectation : scenario.expect)
    {
        paths.push_back(expectation.quantity);
    }
    const Json model =
        MakeModel(KeepNamed(routers, paths), KeepNamed(flows, paths), BalancersOf(scenario));
    for (const auto& expectation : scenario.expect)
    {
        const PathFault fault = FindFault(model, expectation.quantity);
        if (!fault.message.empty())
        {
            throw MakeConfigError(expectation.position, fault.message, fault.hint);
        }
    }
}

std::vector<std::string>
CheckExpectations(const std::vector<ScenarioExpectation>& expectations, const std::string& json)
{
    const Json results = Json::parse(json);
    std::vector<std::string> failures;
    for (const auto& expectation : expectations)
    {
        PathFault fault;
        const auto value = NumberAt(results, expectation.quantity, fault);
        if (!value)
        {
            throw MakeConfigError(expectation.position, fault.message, fault.hint);
        }
        if (!Holds(expectation, *value))
        {
            std::ostringstream text;
            text << ToString(expectation.position) << ": " << expectation.quantity << " is "
                 << *value << "; expected "
                 << COMPARISON_WORDS[static_cast<size_t>(expectation.comparison)]
                 << expectation.value;
            failures.push_back(text.str());
        }
    }
    return failures;
}

} // namespace ike
} // namespace ns3
