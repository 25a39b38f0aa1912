/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ROUTING_SHELL_H
#define IKE_ROUTING_SHELL_H

#include "ike-compat.h"

#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"

#include <type_traits>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief A top routing protocol of a node that asks the one which was there before, for those who
 * have to see packets where IPv4 decides about them.
 *
 * That is the one place in ns-3 where a packet can be seen before it is delivered to the node
 * itself, and one that is forwarded after its way out is known: a device under IPv4 would not know
 * the way and would see fragments made on the way out; a protocol inside the routing list would
 * come too late for what is addressed to the node.
 *
 * It is an Ipv4ListRouting itself, so that Ipv4StaticRoutingHelper still finds the protocols behind
 * it.
 */
class IkeRoutingShell : public Ipv4ListRouting
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeRoutingShell();
    ~IkeRoutingShell() override;

    /**
     * @brief Become the top routing protocol of a node that has a stack.
     * @param ipv4 of the node
     */
    void Enclose(Ptr<Ipv4> ipv4);
    /**
     * @brief Get the protocol inside.
     * @return the one that was on top before
     */
    Ptr<Ipv4RoutingProtocol> GetInner() const;

    // from Ipv4ListRouting: all of it is the inner protocol's
    void AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority) override;
    uint32_t GetNRoutingProtocols() const override;
    Ptr<Ipv4RoutingProtocol> GetRoutingProtocol(uint32_t index, int16_t& priority) const override;
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
    /// IPv4's own way to forward a packet.
    using ForwardCallback = std::decay_t<RouteInputArgs::Ucb>;

    void DoInitialize() override;
    void DoDispose() override;
    /**
     * @brief Ask the inner protocol what becomes of a packet; if it is forwarded, HandleForward()
     * sees it once more.
     *
     * The parameters are those of RouteInput().
     * @param p the packet
     * @param header its IPv4 header
     * @param idev where it came in
     * @param ucb forwards it
     * @param mcb forwards it to a group
     * @param lcb delivers it
     * @param ecb says that there is no route
     * @return true when somebody took it
     */
    bool RouteThrough(Ptr<const Packet> p,
                      const Ipv4Header& header,
                      Ptr<const NetDevice> idev,
                      RouteInputArgs::Ucb ucb,
                      RouteInputArgs::Mcb mcb,
                      RouteInputArgs::Lcb lcb,
                      RouteInputArgs::Ecb ecb);
    /**
     * @brief A packet is about to be forwarded; its TTL is not decremented yet.
     * @param route the way
     * @param packet what is behind its header
     * @param header its header
     * @param forward to be called with all three, as they are or changed, unless it is dropped
     */
    virtual void HandleForward(Ptr<Ipv4Route> route,
                               Ptr<const Packet> packet,
                               const Ipv4Header& header,
                               const ForwardCallback& forward);
    /**
     * @brief Get the node's IPv4.
     * @return it, or null before Enclose()
     */
    Ptr<Ipv4> GetIpv4() const;

  private:
    class Passage;

    Ptr<Ipv4> m_ipv4;                 ///< of the node
    Ptr<Ipv4RoutingProtocol> m_inner; ///< was on top before
};

} // namespace ike
} // namespace ns3

#endif // IKE_ROUTING_SHELL_H
