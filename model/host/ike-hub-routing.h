/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_HUB_ROUTING_H
#define IKE_HUB_ROUTING_H

#include "ike-compat.h"
#include "ike-hub-table.h"

#include "ns3/callback.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/net-device.h"

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Leads packets for the networks of a HubTable to the device that all tunnels share.
 *
 * Connected networks are none of its business, so interfaces and addresses may change without its
 * knowing.
 */
class IkeHubRouting : public Ipv4RoutingProtocol
{
  public:
    /// Makes the route through a tunnel.
    using RouteCallback = Callback<Ptr<Ipv4Route>, ConnectionId, Ipv4Address>;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeHubRouting();
    ~IkeHubRouting() override;

    /**
     * @brief Say who makes routes.
     * @param callback the maker
     */
    void SetRouteCallback(RouteCallback callback);
    /**
     * @brief Get the table.
     * @return the table, to be changed
     */
    HubTable& GetTable();
    /**
     * @brief Know no route for a while: what IPsec itself sends never takes a tunnel.
     * @param paused from now on
     */
    void SetPaused(bool paused);

    // from Ipv4RoutingProtocol
    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> p,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& sockerr) override;
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    RouteInputArgs::Ucb ucb,
                    RouteInputArgs::Mcb mcb,
                    RouteInputArgs::Lcb lcb,
                    RouteInputArgs::Ecb ecb) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoDispose() override;

  private:
    /**
     * @brief Find the route to a destination.
     * @param destination of a packet
     * @return the route, or null
     */
    Ptr<Ipv4Route> Find(Ipv4Address destination) const;

    HubTable m_table;      ///< which tunnel leads where
    RouteCallback m_route; ///< makes routes
    bool m_paused{false};  ///< knows nothing now
};

} // namespace ike
} // namespace ns3

#endif // IKE_HUB_ROUTING_H
