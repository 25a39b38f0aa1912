/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IP_DEVICE_H
#define IKE_IP_DEVICE_H

#include "ns3/address.h"
#include "ns3/mac48-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief What devices have in common that carry nothing but IPv4 packets, without a link layer: a
 * tunnel (IpsecTunnelDevice), a door of a cloud (IkeCloudDevice).
 *
 * Not point-to-point, so that global routing does not follow it along a channel; no ARP, no bridge.
 */
class IkeIpDevice : public NetDevice
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    // from NetDevice
    void SetIfIndex(const uint32_t index) override;
    uint32_t GetIfIndex() const override;
    void SetAddress(Address address) override;
    Address GetAddress() const override;
    void AddLinkChangeCallback(Callback<void> callback) override;
    Address GetBroadcast() const override;
    Address GetMulticast(Ipv4Address multicastGroup) const override;
    Address GetMulticast(Ipv6Address addr) const override;
    bool IsPointToPoint() const override;
    bool IsBridge() const override;
    bool SendFrom(Ptr<Packet> packet,
                  const Address& source,
                  const Address& dest,
                  uint16_t protocolNumber) override;
    Ptr<Node> GetNode() const override;
    void SetNode(Ptr<Node> node) override;
    bool NeedsArp() const override;
    void SetReceiveCallback(NetDevice::ReceiveCallback cb) override;
    void SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback cb) override;

  protected:
    /**
     * @brief Begin.
     * @param address that nobody ever looks at
     */
    explicit IkeIpDevice(Mac48Address address);
    void DoDispose() override;

    /// @brief Show a packet to captures. @param packet sent or received
    void Sniff(Ptr<const Packet> packet);
    /// @brief Is anybody capturing? @return true when there is
    bool IsSniffed() const;
    /**
     * @brief A packet arrived: show it, and give it to the node.
     * @param packet with its IPv4 header
     */
    void PassUp(Ptr<Packet> packet);

    TracedCallback<> m_linkChangeCallbacks;             ///< told when the link changes
    TracedCallback<Ptr<const Packet>> m_macTxTrace;     ///< packets to be sent
    TracedCallback<Ptr<const Packet>> m_macTxDropTrace; ///< packets dropped before they left

  private:
    Ptr<Node> m_node;                                        ///< where it is
    uint32_t m_ifIndex{0};                                   ///< number among the node's devices
    Address m_address;                                       ///< nobody ever looks at it
    NetDevice::ReceiveCallback m_rxCallback;                 ///< the node
    NetDevice::PromiscReceiveCallback m_promiscRxCallback;   ///< the node, for all packets
    TracedCallback<Ptr<const Packet>> m_macRxTrace;          ///< packets that arrived
    TracedCallback<Ptr<const Packet>> m_snifferTrace;        ///< both ways
    TracedCallback<Ptr<const Packet>> m_promiscSnifferTrace; ///< both ways
};

} // namespace ike
} // namespace ns3

#endif // IKE_IP_DEVICE_H
