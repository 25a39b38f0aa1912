/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-network.h"

#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/string.h"

// The part of IkeNetwork that is about load balancers.

namespace ns3
{
namespace ike
{

void
IkeNetwork::BuildBalancers()
{
    for (const auto& node : m_scenario.nodes)
    {
        if (node.balancer && IsOwn(node.name))
        {
            m_balancers[node.name] = BuildBalancer(node);
        }
    }
}

Ptr<IkeLoadBalancer>
IkeNetwork::BuildBalancer(const ScenarioNode& node) const
{
    const ScenarioBalancer& text = *node.balancer;
    const Ptr<Ipv4> ipv4 = m_nodes.at(node.name)->GetObject<Ipv4>();
    const auto routes = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
    Ptr<NetDevice> outside;
    for (const auto& link : m_links)
    {
        for (unsigned end = 0; end < 2; ++end)
        {
            if (link.ports[end].node == node.name && link.name == text.outside)
            {
                outside = link.ports[end].device;
                routes->SetDefaultRoute(link.ports[1 - end].address.GetLocal(),
                                        ipv4->GetInterfaceForDevice(outside));
            }
        }
    }
    for (const auto& cloud : m_clouds)
    {
        for (const auto& port : cloud.ports)
        {
            if (port.node == node.name && cloud.name == text.outside)
            {
                // The cloud finds the way by the destination alone.
                outside = port.device;
                routes->AddNetworkRouteTo(Ipv4Address::GetAny(),
                                          Ipv4Mask::GetZero(),
                                          ipv4->GetInterfaceForDevice(outside));
            }
        }
    }
    IkeLoadBalancerHelper helper;
    helper.SetAttribute("Name", StringValue(node.name));
    helper.SetAttribute("ProbeInterval", TimeValue(NanoSeconds(text.probe.ns)));
    auto balancer =
        helper.Install(m_nodes.at(node.name), Ipv4Address(text.address->ToV4()), outside);
    balancer->SetRules(text.rules);
    for (const auto& hub : text.hubs)
    {
        balancer->AddHub(hub.router, Ipv4Address(hub.address->ToV4()), hub.weight);
    }
    return balancer;
}

Ptr<IkeLoadBalancer>
IkeNetwork::GetBalancer(const std::string& name) const
{
    return m_balancers.at(name);
}

} // namespace ike
} // namespace ns3
