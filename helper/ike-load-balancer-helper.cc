/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-load-balancer-helper.h"

#include "ns3/ipv4.h"

namespace ns3
{
namespace ike
{

IkeLoadBalancerHelper::IkeLoadBalancerHelper()
{
    m_factory.SetTypeId(IkeLoadBalancer::GetTypeId());
}

void
IkeLoadBalancerHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

Ptr<IkeLoadBalancer>
IkeLoadBalancerHelper::Install(Ptr<Node> node,
                               Ipv4Address virtualAddress,
                               Ptr<NetDevice> outside) const
{
    Ptr<IkeLoadBalancer> balancer = m_factory.Create<IkeLoadBalancer>();
    balancer->Install(node->GetObject<Ipv4>(), virtualAddress, outside);
    node->AggregateObject(balancer);
    return balancer;
}

} // namespace ike
} // namespace ns3
