/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-runner.h"

#include "ns3/ike-application.h"
#include "ns3/simulator.h"

#include <iterator>

// The part of ScenarioRun that asks the nodes, at the end of a run, what they know.

namespace ns3
{
namespace ike
{

RankPart
ScenarioRun::CollectPart() const
{
    RankPart part;
    for (const auto& text : m_scenario.routers)
    {
        if (!m_network->IsOwn(text.name))
        {
            continue;
        }
        part.ends.push_back(CollectEnd(text.name));
        part.crypto = m_network->GetRouter(text.name)->GetCrypto().GetName();
        CollectUsage(text.name, part.usage);
        // As configured now: an address may have been typed.
        for (const auto& interface : m_network->GetRouter(text.name)->GetConfig().interfaces)
        {
            if (interface.address)
            {
                part.addresses[*interface.address] = text.name;
            }
        }
    }
    for (const auto& node : m_scenario.nodes)
    {
        if (node.balancer && m_network->IsOwn(node.name))
        {
            part.balancers.push_back(CollectBalancer(node.name));
        }
    }
    return part;
}

EndResult
ScenarioRun::CollectEnd(const std::string& name) const
{
    const auto router = m_network->GetRouter(name);
    EndResult end;
    end.name = name;
    end.outbound = router->GetOutboundCounters();
    end.inbound = router->GetInboundCounters();
    end.policy = CollectPolicy(name);
    end.clear = m_probe->GetClear(name);
    end.routing = m_probe->GetRouting(name);
    end.crypto = router->GetCrypto().Get();
    end.cpu = router->GetCryptoQueue().GetUsage();
    end.costs = router->GetCryptoQueue().GetCosts().name;
    return end;
}

BalancerResult
ScenarioRun::CollectBalancer(const std::string& name) const
{
    const BalancerTable& table = m_network->GetBalancer(name)->GetTable();
    BalancerResult balancer;
    balancer.name = name;
    balancer.counters = table.GetCounters();
    for (size_t hub = 0; hub < table.GetHubCount(); ++hub)
    {
        const auto service = static_cast<size_t>(table.GetService(hub));
        balancer.hubs.push_back(BalancerHubResult{table.GetHub(hub).name,
                                                  WordsOf(HubService())[service],
                                                  table.HasFailed(hub),
                                                  table.GetHubCounters(hub)});
    }
    return balancer;
}

PolicyResult
ScenarioRun::CollectPolicy(const std::string& name) const
{
    const auto router = m_network->GetRouter(name);
    const PolicyGuard& guard = router->GetGuard();
    PolicyResult policy;
    policy.outbound = guard.GetOutboundCounters();
    policy.inbound = guard.GetInboundCounters();
    policy.passive = guard.GetPassiveTally();
    policy.stillClear =
        guard.GetGate().GetClearDestinations(Instant{Simulator::Now().GetNanoSeconds()});
    policy.passiveMode = router->GetConfig().passive;
    policy.saved = router->IsConfigSaved();
    const auto outside = m_probe->GetOutside(name);
    for (const auto& interface : router->GetConfig().interfaces)
    {
        policy.cryptoMaps += interface.cryptoMap ? 1 : 0;
        policy.protectedTunnels += interface.protectionProfile ? 1 : 0;
        if (!interface.cryptoMap && outside.count(interface.name) != 0)
        {
            policy.bare.push_back(interface.name);
        }
    }
    return policy;
}

void
ScenarioRun::CollectUsage(const std::string& name, std::vector<PairUsage>& usage) const
{
    const auto router = m_network->GetRouter(name);
    const Engine* engine = router->GetApplication()->PeekEngine();
    if (engine == nullptr)
    {
        return;
    }
    for (const auto& pair : engine->GetPairs())
    {
        const auto& plane = router->GetDataPlane();
        const auto in = plane.GetInboundSaCounters(pair.id);
        const auto out = plane.GetOutboundSaCounters(pair.id);
        usage.push_back(
            PairUsage{name, pair.identity, (in ? in->packets : 0) + (out ? out->packets : 0)});
    }
}

void
ScenarioRun::UseParts(const std::vector<RankPart>& parts, RunResults& results)
{
    std::map<std::string, const EndResult*> ends; // by name
    std::map<std::string, const BalancerResult*> balancers;
    for (const auto& part : parts)
    {
        for (const auto& end : part.ends)
        {
            ends[end.name] = &end;
        }
        for (const auto& balancer : part.balancers)
        {
            balancers[balancer.name] = &balancer;
        }
        for (const auto& usage : part.usage)
        {
            m_recorder.RecordUsage(usage.router, usage.pair, usage.packets);
        }
        results.crypto = part.crypto.empty() ? results.crypto : part.crypto;
    }
    for (const auto& router : m_scenario.routers)
    {
        results.ends.push_back(*ends.at(router.name));
    }
    for (const auto& node : m_scenario.nodes)
    {
        if (node.balancer)
        {
            results.balancers.push_back(*balancers.at(node.name));
        }
    }
}

void
ScenarioRun::CheckPlanes(RunResults& results)
{
    const auto check = [&results](const std::string& whose, const PlaneCounters& counters) {
        if (!counters.IsBalanced())
        {
            results.violations.push_back(whose + ": in is not passed + bypassed + discarded");
        }
    };
    const auto checkPassive = [&results](const std::string& whose,
                                         const PlaneCounters& counters,
                                         const PassiveTally::Clear& passive) {
        if (passive.packets > counters.bypassed)
        {
            results.violations.push_back(whose + ": more by passive mode than bypassed");
        }
    };
    for (const auto& end : results.ends)
    {
        const auto& policy = end.policy;
        check("data plane of " + end.name + ", outbound", end.outbound);
        check("data plane of " + end.name + ", inbound", end.inbound);
        check("policy of " + end.name + ", outbound", policy.outbound);
        check("policy of " + end.name + ", inbound", policy.inbound);
        checkPassive("policy of " + end.name + ", outbound", policy.outbound, policy.passive.sent);
        checkPassive("policy of " + end.name + ", inbound",
                     policy.inbound,
                     policy.passive.accepted);
    }
}

void
ScenarioRun::CollectPackets(Instant end, RunResults& results) const
{
    const PacketBooks books = m_ledger.Close(end, m_scenario.flightTime, m_scenario.seriesBuckets);
    results.packets = books.total;
    results.series = books.series;
    results.violations.insert(results.violations.end(),
                              books.violations.begin(),
                              books.violations.end());
    const auto groups = GroupFlows(m_scenario);
    std::map<std::string, size_t> places; // of groups in the results
    for (size_t i = 0; i < m_scenario.offer.size(); ++i)
    {
        const auto [place, isNew] = places.emplace(groups[i].name, results.flows.size());
        if (isNew)
        {
            results.flows.push_back(groups[i]);
        }
        results.flows[place->second].balance.Add(books.flows[i]);
    }
}

std::map<IpAddress, std::string>
ScenarioRun::GetNodeOfAddress(const std::vector<RankPart>& parts) const
{
    std::map<IpAddress, std::string> nodes = m_behindNat;
    for (const auto& part : parts)
    {
        for (const auto& [address, router] : part.addresses)
        {
            nodes[address] = router;
        }
    }
    for (const auto& node : m_scenario.nodes)
    {
        if (node.balancer)
        {
            nodes[*node.balancer->address] = node.name;
        }
    }
    return nodes;
}

std::set<IpAddress>
ScenarioRun::GetSharedAddresses() const
{
    std::set<IpAddress> addresses;
    for (const auto& node : m_scenario.nodes)
    {
        if (node.balancer)
        {
            addresses.insert(*node.balancer->address);
        }
    }
    return addresses;
}

} // namespace ike
} // namespace ns3
