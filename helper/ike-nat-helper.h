/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NAT_HELPER_H
#define IKE_NAT_HELPER_H

#include "ns3/ike-nat.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"

#include <string>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Makes NATs out of nodes that have an IPv4 stack.
 */
class IkeNatHelper
{
  public:
    IkeNatHelper();

    /**
     * @brief Set an attribute of IkeNat.
     * @param name of the attribute ("UdpLifetime")
     * @param value its value
     */
    void SetAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Make a NAT. It becomes part of the node, and its top routing protocol.
     * @param node with a stack, interfaces and routes; more routes may come later
     * @param outside the device that leads outside
     * @return the NAT
     */
    Ptr<IkeNat> Install(Ptr<Node> node, Ptr<NetDevice> outside) const;

  private:
    ObjectFactory m_factory; ///< makes IkeNat
};

} // namespace ike
} // namespace ns3

#endif // IKE_NAT_HELPER_H
