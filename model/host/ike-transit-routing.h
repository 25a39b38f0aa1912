/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TRANSIT_ROUTING_H
#define IKE_TRANSIT_ROUTING_H

#include "ike-routing-shell.h"

#include "ns3/ipv4-address.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Decides about packets to hosts as Ipv4ListRouting and Ipv4StaticRouting do, but knows the
 * addresses of its node. In a router with a tunnel each packet is routed two or three times, and
 * ns-3 compares its destination with all addresses of all interfaces twice each time.
 *
 * Routes are not remembered: the tables of ns-3 do not say when they change, and to read one over
 * costs as much as to ask it.
 */
class IkeTransitRouting : public IkeRoutingShell
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeTransitRouting();
    ~IkeTransitRouting() override;

    // from Ipv4ListRouting
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    RouteInputArgs::Ucb ucb,
                    RouteInputArgs::Mcb mcb,
                    RouteInputArgs::Lcb lcb,
                    RouteInputArgs::Ecb ecb) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;

  protected:
    void DoDispose() override;

  private:
    /// A protocol of the list inside.
    struct Protocol
    {
        Ptr<Ipv4RoutingProtocol> routing; ///< any
        bool isStatic;                    ///< is it ns-3's own static routing?
    };

    /// @brief Look which protocols there are, if there are more than before. @return is it a list
    /// of ns-3 that is inside?
    bool KnowsProtocols();
    /**
     * @brief Whose is an address?
     * @param address to look for
     * @return the interface that has it, or NOBODY; and SOMEBODY for what needs a closer look:
     *         a broadcast, a group, an address of several interfaces
     */
    uint32_t FindOwner(Ipv4Address address);
    /// @brief Find all addresses of the node.
    void ReadAddresses();
    /**
     * @brief Forward a packet that is not for this node. The parameters are those of RouteInput().
     * @param p the packet
     * @param header its IPv4 header
     * @param idev where it came in
     * @param ucb forwards it
     * @param mcb forwards it to a group
     * @param lcb delivers it
     * @param ecb says that there is no route
     * @return true when somebody took it
     */
    bool Forward(Ptr<const Packet> p,
                 const Ipv4Header& header,
                 Ptr<const NetDevice> idev,
                 RouteInputArgs::Ucb ucb,
                 RouteInputArgs::Mcb mcb,
                 RouteInputArgs::Lcb lcb,
                 RouteInputArgs::Ecb ecb);

    std::vector<Protocol> m_protocols; ///< in the order in which they are asked
    bool m_knowsAddresses{false};      ///< is the next one true?
    std::vector<std::pair<uint32_t, uint32_t>> m_addresses; ///< sorted; with the interface
};

} // namespace ike
} // namespace ns3

#endif // IKE_TRANSIT_ROUTING_H
