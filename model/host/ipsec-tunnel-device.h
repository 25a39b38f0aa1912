/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_TUNNEL_DEVICE_H
#define IPSEC_TUNNEL_DEVICE_H

#include "ike-ip-device.h"

#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <string>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief A virtual tunnel interface (VTI): the device that IPv4 sees of an IPsec tunnel.
 *
 * What IPv4 sends through it is a whole inner IPv4 packet, which goes to a callback and never to a
 * channel; what comes out of ESP is given to Receive(). The device has no queue: all of it happens
 * within the call. Its link is up while the tunnel can carry packets; IPv4 does not look at that,
 * so IkeRouter calls Ipv4::SetUp() and Ipv4::SetDown() as well.
 *
 * Not a VirtualNetDevice, since that one calls itself point-to-point (global routing then crashes
 * for want of a channel), not multicast, and always up.
 *
 * GetMtu() is always 65535, so that IPv4 gives it whole packets: the IPv4 of ns-3 would cut them
 * without a look at their DF bit. The tunnel cuts them itself, or refuses them (TunnelTraffic).
 *
 * The device also serves as a loopback interface of a router (Loopback0): without a callback it
 * drops all that is sent to it.
 */
class IpsecTunnelDevice : public IkeIpDevice
{
  public:
    /// Takes an inner packet with its IPv4 header; false when it was dropped.
    using SendCallback = Callback<bool, Ptr<Packet>>;

    /**
     * TracedCallback signature for packets that are dropped.
     * @param [in] packet the packet
     * @param [in] reason "link-down", "recursive-routing", "not-ipv4" or "no-tunnel"
     */
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, const std::string& reason);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IpsecTunnelDevice();
    ~IpsecTunnelDevice() override;

    /**
     * @brief Say who takes what is sent.
     * @param callback the taker
     */
    void SetSendCallback(SendCallback callback);
    /**
     * @brief An inner packet came out of the tunnel: give it to the node.
     * @param packet with its IPv4 header
     */
    void Receive(Ptr<Packet> packet);
    /**
     * @brief Set the state of the link.
     * @param up can the tunnel carry packets?
     */
    void SetLinkUp(bool up);
    /**
     * @brief Say how many packets may be within the device at a time, which is one without a word:
     * a packet that comes by while another one is sent has been routed into its own tunnel.
     * @param packets more where one device serves several tunnels
     */
    void SetNesting(unsigned packets);
    /**
     * @brief Set the interface name.
     * @param name "Tunnel0"
     */
    void SetName(const std::string& name);
    /**
     * @brief Get the interface name.
     * @return "Tunnel0"
     */
    std::string GetName() const;

    /**
     * @brief Set the attribute Mtu.
     * @param mtu octets of an inner packet
     */
    void SetInnerMtu(uint16_t mtu);
    /**
     * @brief Get the attribute Mtu. GetMtu() is what IPv4 goes by.
     * @return octets of an inner packet
     */
    uint16_t GetInnerMtu() const;

    // from NetDevice
    Ptr<Channel> GetChannel() const override;
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    bool IsLinkUp() const override;
    bool IsBroadcast() const override;
    bool IsMulticast() const override;
    bool Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber) override;
    bool SupportsSendFrom() const override;

  protected:
    void DoDispose() override;

  private:
    /**
     * @brief Trace a dropped packet.
     * @param packet the packet
     * @param reason why
     * @return false, for the caller to return
     */
    bool Drop(Ptr<const Packet> packet, const std::string& reason);

    std::string m_name;          ///< "Tunnel0"
    uint16_t m_mtu{1400};        ///< octets
    bool m_linkUp{false};        ///< can the tunnel carry packets?
    unsigned m_nesting{1};       ///< packets that may be within at a time
    unsigned m_sending{0};       ///< the recursion guard: packets within
    SendCallback m_sendCallback; ///< takes what is sent
    /// packets dropped by the device, with the reason
    TracedCallback<Ptr<const Packet>, const std::string&> m_dropTrace;
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_TUNNEL_DEVICE_H
