/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ROUTER_HELPER_H
#define IKE_ROUTER_HELPER_H

#include "ns3/attribute.h"
#include "ns3/ike-knobs.h"
#include "ns3/ike-router-config.h"
#include "ns3/ike-router.h"
#include "ns3/net-device.h"
#include "ns3/node-container.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A piece of IOS configuration, with the name that errors in it are reported under.
struct IkeConfigText
{
    std::string file; ///< "R1.ios"
    std::string text; ///< lines
};

/**
 * @ingroup ike
 * @brief Makes IKE routers out of nodes.
 *
 * Install() gives a node, in this order: an IPv4 stack (unless it has one) whose list routing has
 * static routing in front, RIP behind a filter, and static routes of last resort behind that; the
 * addresses, interfaces and routes of its configuration; and IKE on UDP port 500. Only the nodes
 * that are given to it change: hosts and the routers between keep their stack and their routing
 * protocols. A node that has a stack already must have list routing with static routing in it, as
 * InternetStackHelper makes it by default, and no Rip of its own.
 */
class IkeRouterHelper
{
  public:
    IkeRouterHelper();

    /**
     * @brief Set the policy of engines installed from now on.
     * @param knobs timing and policy
     */
    void SetKnobs(const IkeKnobs& knobs);
    /**
     * @brief Set an attribute of IkeRouter.
     * @param name of the attribute
     * @param value its value
     */
    void SetRouterAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Set an attribute of IkeApplication.
     * @param name of the attribute ("DhCost", "StartTime")
     * @param value its value
     */
    void SetApplicationAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Set an attribute of IpsecTunnelDevice.
     * @param name of the attribute ("Mtu")
     * @param value its value
     */
    void SetTunnelAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Set an attribute of the routers' Rip.
     * @param name of the attribute ("UnsolicitedRoutingUpdate")
     * @param value its value
     */
    void SetRipAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Say whether IKE is installed, too. Without it SAs are put into the data plane by hand.
     * @param ike true (the default) or false
     */
    void SetIke(bool ike);

    /**
     * @brief Read configuration texts, one after the other, and resolve their references.
     * @param texts pieces of one router's configuration
     * @param config grows with them
     * @return what is wrong; empty when all is well
     */
    static std::vector<ConfigError> Read(const std::vector<IkeConfigText>& texts,
                                         RouterConfig& config);

    /**
     * @brief Make a router.
     * @param node becomes the router
     * @param config without dangling references
     * @param devices the node's device for each interface of the configuration but loopbacks and
     *        tunnels
     * @return the router
     */
    Ptr<IkeRouter> Install(Ptr<Node> node,
                           const RouterConfig& config,
                           const std::map<std::string, Ptr<NetDevice>>& devices) const;
    /**
     * @brief Make a router out of texts. The simulation is aborted when they are wrong.
     * @param node becomes the router
     * @param texts pieces of its configuration
     * @param devices as above
     * @return the router
     */
    Ptr<IkeRouter> Install(Ptr<Node> node,
                           const std::vector<IkeConfigText>& texts,
                           const std::map<std::string, Ptr<NetDevice>>& devices) const;

    /**
     * @brief Assign fixed random variable stream numbers, node by node in the order given.
     *
     * Per node: the router's random key, its RIP (also when it has none), then what
     * InternetStackHelper::AssignStreams() takes (ARP and the like; it differs between ns-3
     * releases). Nodes without an IkeRouter get only the last.
     * @param nodes whose streams
     * @param stream first stream index to use
     * @return the number of stream indices assigned
     */
    static int64_t AssignStreams(NodeContainer nodes, int64_t stream);
    /**
     * @brief Write what goes through the tunnels of a router, inner packets both ways, to pcap
     * files PREFIX-ROUTER-TUNNEL.pcap (raw IP). To be called after Install().
     *
     * Checksums of inner IPv4 headers are zero there unless the global value ChecksumEnabled is
     * set; those inside ESP are right always.
     * @param prefix of the file names
     * @param router whose tunnels
     */
    static void EnablePcap(const std::string& prefix, Ptr<IkeRouter> router);

  private:
    ObjectFactory m_routerFactory;      ///< makes IkeRouter
    ObjectFactory m_applicationFactory; ///< makes IkeApplication
    /// attributes of tunnel devices
    std::vector<std::pair<std::string, Ptr<AttributeValue>>> m_tunnelAttributes;
    /// attributes of RIP
    std::vector<std::pair<std::string, Ptr<AttributeValue>>> m_ripAttributes;
    IkeKnobs m_knobs; ///< policy of engines
    bool m_ike{true}; ///< with the application?
};

} // namespace ike
} // namespace ns3

#endif // IKE_ROUTER_HELPER_H
