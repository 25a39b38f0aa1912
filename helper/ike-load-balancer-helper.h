/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LOAD_BALANCER_HELPER_H
#define IKE_LOAD_BALANCER_HELPER_H

#include "ns3/ike-load-balancer.h"
#include "ns3/ipv4-address.h"
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
 * @brief Makes load balancers out of nodes that have an IPv4 stack.
 */
class IkeLoadBalancerHelper
{
  public:
    IkeLoadBalancerHelper();

    /**
     * @brief Set an attribute of IkeLoadBalancer.
     * @param name of the attribute ("Predictor")
     * @param value its value
     */
    void SetAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Make a load balancer. It becomes part of the node, and its top routing protocol.
     * @param node with a stack, interfaces and routes; more routes may come later
     * @param virtualAddress of the farm; packets to it must be led to the node
     * @param outside the device that leads to the clients
     * @return the balancer, without hubs yet
     */
    Ptr<IkeLoadBalancer> Install(Ptr<Node> node,
                                 Ipv4Address virtualAddress,
                                 Ptr<NetDevice> outside) const;

  private:
    ObjectFactory m_factory; ///< makes IkeLoadBalancer
};

} // namespace ike
} // namespace ns3

#endif // IKE_LOAD_BALANCER_HELPER_H
