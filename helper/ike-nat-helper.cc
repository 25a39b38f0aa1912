/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-nat-helper.h"

#include "ns3/ipv4.h"

namespace ns3
{
namespace ike
{

IkeNatHelper::IkeNatHelper()
{
    m_factory.SetTypeId(IkeNat::GetTypeId());
}

void
IkeNatHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

Ptr<IkeNat>
IkeNatHelper::Install(Ptr<Node> node, Ptr<NetDevice> outside) const
{
    Ptr<IkeNat> nat = m_factory.Create<IkeNat>();
    nat->Install(node->GetObject<Ipv4>(), outside);
    node->AggregateObject(nat);
    return nat;
}

} // namespace ike
} // namespace ns3
