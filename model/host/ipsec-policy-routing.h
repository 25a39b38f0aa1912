/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_POLICY_ROUTING_H
#define IPSEC_POLICY_ROUTING_H

#include "ike-routing-shell.h"
#include "ipsec-tunnel-device.h"

#include "ns3/callback.h"

#include <cstddef>
#include <set>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Leads packets past the crypto maps of a node.
 *
 * **Out.** A route to a device with a crypto map leads to its divert device instead, which gets
 * each packet finished and whole: local and forwarded ones alike, with all of its ports, with its
 * TTL decremented, and not yet in fragments. RouteOutput() alone could not decide: ns-3 asks it
 * before a packet has its source address and its ports, and sometimes without a packet. ESP, IKE
 * and what the policy lets pass are sent along a route of the inner protocol, so they do not come
 * here again.
 *
 * **In.** What comes out of a divert device was protected; it counts as received on the device with
 * the crypto map. Anything else that came in there is shown to the policy first.
 */
class IpsecPolicyRouting : public IkeRoutingShell
{
  public:
    /// Is a packet that came in the clear welcome? If not, the callback has dropped it.
    using InboundCallback = Callback<bool, size_t, Ptr<const Packet>, const Ipv4Header&>;

    /// A device with a crypto map.
    struct Door
    {
        Ptr<NetDevice> device;         ///< the device
        Ptr<IpsecTunnelDevice> divert; ///< gets what would leave through it
        size_t number{0};              ///< names it to the callback
    };

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IpsecPolicyRouting();
    ~IpsecPolicyRouting() override;

    /**
     * @brief Say which devices have crypto maps.
     * @param doors all of them
     */
    void SetDoors(const std::vector<Door>& doors);
    /**
     * @brief Say who judges what came in the clear.
     * @param callback the judge
     */
    void SetInboundCallback(InboundCallback callback);
    /**
     * @brief An interface of a divert device: the inner protocol must not hear of it.
     * @param interface of IPv4
     */
    void Hide(uint32_t interface);

    // from IkeRoutingShell
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

  protected:
    void DoDispose() override;
    void HandleForward(Ptr<Ipv4Route> route,
                       Ptr<const Packet> packet,
                       const Ipv4Header& header,
                       const ForwardCallback& forward) override;

  private:
    /**
     * @brief The same route, but past the crypto map of its device, if it has one.
     * @param route of the inner protocol, or null
     * @return the route to take
     */
    Ptr<Ipv4Route> Divert(Ptr<Ipv4Route> route) const;

    std::vector<Door> m_doors;   ///< devices with crypto maps
    InboundCallback m_inbound;   ///< judges what came in the clear
    std::set<uint32_t> m_hidden; ///< interfaces of divert devices
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_POLICY_ROUTING_H
