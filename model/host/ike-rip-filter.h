/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RIP_FILTER_H
#define IKE_RIP_FILTER_H

#include "ike-compat.h"

#include "ns3/callback.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/rip.h"

#include <set>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Stands between a node's list routing and RIP, and tells RIP of some interfaces only.
 *
 * ns-3's Rip advertises the network of every interface that it was ever notified of; excluding an
 * interface merely keeps it from talking there. IOS advertises what a `network` line names. So the
 * filter passes on the notifications of those interfaces alone. It is in the routing list of each
 * IKE router, with RIP or without, since it is also how the router learns that an interface went up
 * or down.
 */
class IkeRipFilter : public Ipv4RoutingProtocol
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeRipFilter();
    ~IkeRipFilter() override;

    /**
     * @brief Say who wants to hear that interfaces or addresses changed.
     * @param callback the listener
     */
    void SetChangeCallback(Callback<void> callback);
    /**
     * @brief Take a Rip that was aggregated to the node, and not initialized yet.
     * @param rip the protocol
     */
    void SetRip(Ptr<Rip> rip);
    /**
     * @brief Get the protocol.
     * @return the protocol, or null
     */
    Ptr<Rip> GetRip() const;
    /**
     * @brief Say of which interfaces RIP knows from now on.
     * @param advertised interfaces whose network RIP advertises
     * @param silent those among them on which it never talks (loopback interfaces)
     */
    void SetInterfaces(const std::set<uint32_t>& advertised, const std::set<uint32_t>& silent);

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
    /// @brief Tell the listener, if there is one.
    void NotifyChange();
    /// @brief Forbid RIP to talk on all interfaces but those that are up, advertised and not
    /// silent.
    void Exclude();
    /**
     * @brief Tell RIP of an interface if it should know it and does not.
     * @param interface its index
     */
    void Reveal(uint32_t interface);
    /**
     * @brief Let RIP forget an interface if it knows it.
     * @param interface its index
     */
    void Hide(uint32_t interface);

    Ptr<Ipv4> m_ipv4;                ///< the node's
    Ptr<Rip> m_rip;                  ///< null: none
    Callback<void> m_changeCallback; ///< the listener
    std::set<uint32_t> m_advertised; ///< interfaces that RIP may know
    std::set<uint32_t> m_silent;     ///< those among them on which it does not talk
    std::set<uint32_t> m_known;      ///< interfaces that RIP was told are up
};

} // namespace ike
} // namespace ns3

#endif // IKE_RIP_FILTER_H
