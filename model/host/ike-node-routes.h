/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NODE_ROUTES_H
#define IKE_NODE_ROUTES_H

#include "ike-hub-routing.h"
#include "ike-node-interfaces.h"
#include "ike-rip-filter.h"
#include "ike-routing-shell.h"

#include "ns3/callback.h"
#include "ns3/ike-router-config.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv4.h"
#include "ns3/object-factory.h"
#include "ns3/packet.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Keeps a node's static routes and RIP as the configuration of its router says, and asks all
 * of the node's routing for paths.
 *
 * IkeRouter says which routing protocols the node has, and in which order.
 */
class NodeRoutes
{
  public:
    /**
     * @brief Make routes without a node.
     * @param interfaces of the same node
     */
    explicit NodeRoutes(const NodeInterfaces& interfaces);

    /**
     * @brief Set what RIP is made with.
     * @param name of an attribute of Rip
     * @param value its value
     */
    void SetRipAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Assign a fixed random variable stream number to RIP, which may come later.
     * @param stream the stream index to use
     */
    void AssignStream(int64_t stream);
    /**
     * @brief Take a node, and put our routing protocols into its list.
     * @param name of the router, for error messages
     * @param ipv4 of the node
     * @param onInterface is called when an interface or an address changed
     * @param onRip is called when a message of RIP arrived, just before RIP reads it
     */
    void Attach(const std::string& name,
                Ptr<Ipv4> ipv4,
                Callback<void> onInterface,
                Callback<void> onRip);
    /**
     * @brief Put routes through shared tunnels into the node's list. Paths never take them.
     * @param routing the routes
     * @param priority its place in the list
     */
    void AddHubRouting(Ptr<IkeHubRouting> routing, int16_t priority);
    /**
     * @brief Does a static route give way to all that other protocols know?
     * @param length of its prefix
     * @param distance administrative distance
     * @return true for default routes, and behind the distance of RIP
     */
    static bool IsLastResort(unsigned length, unsigned distance);
    /// @brief Let go of the node and its routing.
    void Dispose();

    /**
     * @brief Bring static routes in line with the configuration and the interfaces.
     * @param config what should be
     */
    void ApplyStatic(const RouterConfig& config);
    /**
     * @brief An interface came up or went down: its static routes come or go. The others are not
     * looked at, for a table of ns-3 is a list, and a hub has a tunnel and a route for each spoke.
     * @param config what should be
     */
    void FollowInterfaces(const RouterConfig& config);
    /**
     * @brief Bring RIP in line with the configuration; not before the node starts, for a Rip that
     * never ran cannot be disposed of.
     * @param config what should be
     * @param initialized is the node through with initializing its objects?
     */
    void ApplyRip(const RouterConfig& config, bool initialized);

    /**
     * @brief Get RIP.
     * @return the protocol, or null
     */
    Ptr<Rip> GetRip() const;
    /**
     * @brief Are there routes that can age without a notice?
     * @return true with RIP, or with a routing protocol that is not ours
     */
    bool CanAge() const;
    /**
     * @brief Find the route to a destination, never through a tunnel of this node.
     * @param destination where to
     * @param reason why not, when there is none: "no-route" or "recursive-routing"
     * @return the route, or null
     */
    Ptr<Ipv4Route> FindPath(Ipv4Address destination, std::string& reason) const;
    /**
     * @brief Is there a route beside those of last resort?
     * @param destination where to
     * @return true when there is
     */
    bool HasOrdinaryRoute(Ipv4Address destination) const;

  private:
    /// A static route as a table of ns-3 has it.
    struct Route
    {
        bool lastResort;    ///< in which table
        uint32_t network;   ///< destination
        uint32_t mask;      ///< of the destination
        uint32_t gateway;   ///< 0: on link
        uint32_t interface; ///< of IPv4
        uint32_t metric;    ///< administrative distance

        /**
         * @brief Is it the same route?
         * @param other another one
         * @return true when it is
         */
        bool operator==(const Route& other) const;
        /**
         * @brief An order, whichever.
         * @param other another one
         * @return true when it comes before the other
         */
        bool operator<(const Route& other) const;
        /// @brief Get what is compared. @return all members
        auto All() const;
    };

    /**
     * @brief What a static route is at the moment.
     * @param text as configured
     * @return nothing when its interface is down or missing
     */
    std::optional<Route> Resolve(const StaticRouteText& text) const;
    /**
     * @brief Get the table that a route belongs to.
     * @param route a static route
     * @return the table
     */
    Ptr<Ipv4StaticRouting> TableOf(const Route& route) const;
    /**
     * @brief Put in what is wanted, and take out what was.
     * @param config what should be
     * @param there routes that are known to be in their tables
     */
    void BringInLine(const RouterConfig& config, const std::set<Route>& there);
    /**
     * @brief Put a route into its table.
     * @param route a static route
     */
    void Add(const Route& route);
    /**
     * @brief Take a route out of its table, if it is there.
     * @param route a static route
     */
    void Remove(const Route& route);
    /// @brief Leave routes through shared tunnels out, or not. @param paused are they?
    void PauseHubRouting(bool paused) const;
    /// @brief Give the node a Rip.
    void MakeRip();
    /**
     * @brief A packet was delivered to this node: RIP may learn routes from it.
     * @param header its IPv4 header
     * @param packet what is behind it
     * @param interface where it came in
     */
    void HandleLocalDeliver(const Ipv4Header& header, Ptr<const Packet> packet, uint32_t interface);
    /**
     * @brief Get the routing protocols that the node has now.
     * @return in the order in which they are asked
     */
    std::vector<Ptr<Ipv4RoutingProtocol>> GetProtocols() const;

    const NodeInterfaces& m_interfaces;           ///< of the same node
    std::string m_name;                           ///< of the router
    Ptr<Ipv4> m_ipv4;                             ///< of the node
    Ptr<Ipv4StaticRouting> m_static;              ///< first in the list
    Ptr<IkeRipFilter> m_ripFilter;                ///< second
    Ptr<Ipv4StaticRouting> m_lastResort;          ///< last
    Ptr<IkeRoutingShell> m_transit;               ///< before all of them
    std::vector<Ptr<IkeHubRouting>> m_hubRouting; ///< through shared tunnels
    ObjectFactory m_ripFactory;                   ///< makes RIP
    int64_t m_ripStream{-1};                      ///< -1: not assigned
    bool m_ripEnabled{false};                     ///< `router rip`
    Callback<void> m_onRip;                       ///< called when a message of RIP arrived
    std::set<Route> m_routes;                     ///< static routes that should be in the tables
};

} // namespace ike
} // namespace ns3

#endif // IKE_NODE_ROUTES_H
