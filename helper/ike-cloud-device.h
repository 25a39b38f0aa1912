/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CLOUD_DEVICE_H
#define IKE_CLOUD_DEVICE_H

#include "ike-cloud-channel.h"

#include "ns3/address.h"
#include "ns3/data-rate.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <list>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief A router's device at a cloud (IkeCloudChannel): a queue, a line of a certain rate, and no
 * link layer at all.
 *
 * A packet costs one event, that of its arrival: when the line will be free is known when the
 * packet comes, so nothing happens at the beginning or at the end of its transmission (a capture
 * needs a second event). QueueLimit counts packets that wait, not the one on the line; one whose
 * transmission begins at this very instant waits no more.
 *
 * Not point-to-point, so that global routing does not follow it; no ARP; frames have no header, and
 * DataRate counts the octets of IPv4 packets.
 */
class IkeCloudDevice : public NetDevice
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeCloudDevice();
    ~IkeCloudDevice() override;

    /**
     * @brief Become a door of a cloud.
     * @param channel the cloud
     */
    void Attach(Ptr<IkeCloudChannel> channel);
    /**
     * @brief Get the number among the doors of the cloud.
     * @return the number
     */
    uint32_t GetDoor() const;
    /**
     * @brief A packet came through the cloud.
     * @param packet with its IPv4 header
     */
    void Receive(Ptr<Packet> packet);
    /**
     * @brief A packet that should have come got lost.
     * @param packet with its IPv4 header
     */
    void Lose(Ptr<Packet> packet);

    // from NetDevice
    void SetIfIndex(const uint32_t index) override;
    uint32_t GetIfIndex() const override;
    Ptr<Channel> GetChannel() const override;
    void SetAddress(Address address) override;
    Address GetAddress() const override;
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    bool IsLinkUp() const override;
    void AddLinkChangeCallback(Callback<void> callback) override;
    bool IsBroadcast() const override;
    Address GetBroadcast() const override;
    bool IsMulticast() const override;
    Address GetMulticast(Ipv4Address multicastGroup) const override;
    Address GetMulticast(Ipv6Address addr) const override;
    bool IsPointToPoint() const override;
    bool IsBridge() const override;
    bool Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber) override;
    bool SendFrom(Ptr<Packet> packet,
                  const Address& source,
                  const Address& dest,
                  uint16_t protocolNumber) override;
    Ptr<Node> GetNode() const override;
    void SetNode(Ptr<Node> node) override;
    bool NeedsArp() const override;
    void SetReceiveCallback(NetDevice::ReceiveCallback cb) override;
    void SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback cb) override;
    bool SupportsSendFrom() const override;

  protected:
    void DoDispose() override;

  private:
    /// @brief Show a packet to captures. @param packet sent or received
    void Sniff(Ptr<const Packet> packet);

    Ptr<Node> m_node;                                        ///< where it is
    Ptr<IkeCloudChannel> m_channel;                          ///< null: not attached
    uint32_t m_door{0};                                      ///< number among those of the cloud
    uint32_t m_ifIndex{0};                                   ///< number among the node's devices
    uint16_t m_mtu{1500};                                    ///< octets
    Address m_address;                                       ///< nobody ever looks at it
    DataRate m_rate;                                         ///< of the line
    uint32_t m_queueLimit{100};                              ///< packets that may wait
    Time m_free;                                             ///< when the line is free again
    std::list<Time> m_starts;                                ///< when packets that wait begin
    NetDevice::ReceiveCallback m_rxCallback;                 ///< the node
    NetDevice::PromiscReceiveCallback m_promiscRxCallback;   ///< the node, for all packets
    TracedCallback<> m_linkChangeCallbacks;                  ///< never told: the link is always up
    TracedCallback<Ptr<const Packet>> m_macTxTrace;          ///< packets to be sent
    TracedCallback<Ptr<const Packet>> m_macTxDropTrace;      ///< packets for which there is no room
    TracedCallback<Ptr<const Packet>> m_macRxTrace;          ///< packets that arrived
    TracedCallback<Ptr<const Packet>> m_phyTxDropTrace;      ///< packets without a cloud
    TracedCallback<Ptr<const Packet>> m_phyRxDropTrace;      ///< packets that got lost
    TracedCallback<Ptr<const Packet>> m_snifferTrace;        ///< both ways
    TracedCallback<Ptr<const Packet>> m_promiscSnifferTrace; ///< both ways
};

} // namespace ike
} // namespace ns3

#endif // IKE_CLOUD_DEVICE_H
