/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_HUB_TUNNELS_H
#define IKE_HUB_TUNNELS_H

#include "ike-hub-routing.h"
#include "ike-node-interfaces.h"
#include "ike-node-routes.h"
#include "ike-router-desk.h"
#include "ipsec-tunnel-device.h"

#include "ns3/callback.h"
#include "ns3/ike-engine-config.h"
#include "ns3/ike-router-config.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief The tunnels of a node that share one device ("Tunnels"): virtual-access interfaces always,
 * and the VTIs of a hub that is told so (attribute TunnelDevices of IkeRouter).
 *
 * ns-3 walks lists of a node's devices and interfaces for each packet, so a hub with thousands of
 * them would stand still. Here a tunnel is an entry of a table; what it costs does not grow with
 * their number. None of them has an address of its own; packets that this node sends have the
 * address that the tunnel borrows (`ip unnumbered`), or else its source.
 *
 * **Routes** lead through a tunnel while its line is up: those that are configured (`ip route ...
 * TunnelN`), and for a virtual-access interface the network that its peer asked to have protected
 * (reverse route injection), unless that is everything. HubTable says which one of several counts.
 * They come behind connected networks and other static routes, and before RIP; default routes and
 * those with a distance above RIP's 120 come last of all. So no peer can take a network away that
 * is configured here. What IPsec itself sends never takes them, whatever networks peers ask for.
 */
class HubTunnels
{
  public:
    /// Takes a packet for a tunnel; false when it was dropped.
    using SendCallback = Callback<bool, ConnectionId, Ptr<Packet>>;

    /**
     * @brief Begin without tunnels.
     * @param desk of the router
     * @param interfaces of its node
     * @param routes of its node
     */
    HubTunnels(RouterDesk& desk, NodeInterfaces& interfaces, NodeRoutes& routes);

    /**
     * @brief Say whether VTIs share a device, too. To be said before there are any.
     * @param shared do they?
     */
    void SetShared(bool shared);
    /**
     * @brief Do VTIs share a device?
     * @return true when they do
     */
    bool GetShared() const;
    /**
     * @brief Take a node.
     * @param ipv4 of the node
     * @param send takes what is sent through a tunnel
     */
    void Attach(Ptr<Ipv4> ipv4, SendCallback send);
    /// @brief Let go of the node.
    void Dispose();

    /**
     * @brief Does a tunnel interface share the device?
     * @param tunnel an interface
     * @return true when it does
     */
    bool IsShared(const InterfaceText& tunnel) const;
    /**
     * @brief Find what the configuration asks of a shared tunnel that none can have.
     * @param config the configuration
     * @return what is wrong; empty: nothing
     */
    std::string FindMistake(const RouterConfig& config) const;
    /**
     * @brief Bring configured tunnels and their routes in line.
     * @param config the configuration
     */
    void Apply(const RouterConfig& config);
    /**
     * @brief A peer came by a virtual template.
     * @param connection that was made for it
     * @param config of the router
     */
    void Open(const ConnectionConfig& connection, const RouterConfig& config);
    /**
     * @brief Such a connection is over.
     * @param connection which
     */
    void Close(ConnectionId connection);
    /**
     * @brief The line of a tunnel went up or down.
     * @param connection which
     * @param up the new state
     */
    void SetLine(ConnectionId connection, bool up);
    /**
     * @brief Get the device, made when it is wanted for the first time.
     * @return the device
     */
    Ptr<IpsecTunnelDevice> ObtainDevice();
    /**
     * @brief Get the device.
     * @return the device; null: there are no such tunnels
     */
    Ptr<IpsecTunnelDevice> GetDevice() const;
    /**
     * @brief Find the tunnel to an address.
     * @param address of a packet
     * @return the tunnel; 0: none leads there
     */
    ConnectionId Find(Ipv4Address address) const;

  private:
    /// A tunnel.
    struct Tunnel
    {
        Ipv4Address source;           ///< of packets that this node sends
        std::vector<HubRoute> routes; ///< in force while the line is up
        bool up{false};               ///< line protocol
        bool opened{false};           ///< by a peer
        IpAddress local;              ///< tunnel source
        IpAddress peer;               ///< tunnel destination
    };

    /// By what the list of routing protocols asks first.
    enum Table
    {
        ORDINARY,
        LAST_RESORT,
        TABLES
    };

    /// @brief Get the table of a route. @param route any @return the table
    HubTable& TableOf(const HubRoute& route);
    /// @brief Put the routes of a tunnel into the tables. @param id its @param tunnel which
    void AddRoutes(ConnectionId id, const Tunnel& tunnel);
    /// @brief Take them out. @param id its @param tunnel which
    void RemoveRoutes(ConnectionId id, const Tunnel& tunnel);
    /**
     * @brief Change the routes of a tunnel.
     * @param id its
     * @param tunnel which
     * @param wanted the new ones
     */
    void ChangeRoutes(ConnectionId id, Tunnel& tunnel, std::vector<HubRoute> wanted);
    /**
     * @brief The route of a virtual-access interface came or went.
     * @param kind what happened
     * @param id its
     * @param tunnel which
     */
    void Report(EventKind kind, ConnectionId id, const Tunnel& tunnel);
    /**
     * @brief Make the route of a packet.
     * @param connection the tunnel
     * @param destination of the packet
     * @return the route
     */
    Ptr<Ipv4Route> MakeRoute(ConnectionId connection, Ipv4Address destination);
    /**
     * @brief A packet goes out through the device.
     * @param packet with its IPv4 header
     * @return false when it was dropped
     */
    bool HandleSend(Ptr<Packet> packet);

    RouterDesk& m_desk;                               ///< of the router
    NodeInterfaces& m_interfaces;                     ///< of its node
    NodeRoutes& m_routes;                             ///< of its node
    bool m_shared{false};                             ///< do VTIs share the device?
    Ptr<Ipv4> m_ipv4;                                 ///< of the node
    SendCallback m_send;                              ///< takes what is sent
    Ptr<IpsecTunnelDevice> m_device;                  ///< null: not wanted so far
    std::array<Ptr<IkeHubRouting>, TABLES> m_routing; ///< with the device
    std::map<ConnectionId, Tunnel> m_tunnels;         ///< by id
};

} // namespace ike
} // namespace ns3

#endif // IKE_HUB_TUNNELS_H
