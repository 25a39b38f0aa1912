/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CLOUD_DEVICE_H
#define IKE_CLOUD_DEVICE_H

#include "ike-cloud-channel.h"

#include "ns3/data-rate.h"
#include "ns3/ike-ip-device.h"
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
class IkeCloudDevice : public IkeIpDevice
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
    Ptr<IkeCloudChannel> m_channel;                     ///< null: not attached
    uint32_t m_door{0};                                 ///< number among those of the cloud
    uint16_t m_mtu{1500};                               ///< octets
    DataRate m_rate;                                    ///< of the line
    uint32_t m_queueLimit{100};                         ///< packets that may wait
    Time m_free;                                        ///< when the line is free again
    std::list<Time> m_starts;                           ///< when packets that wait begin
    TracedCallback<Ptr<const Packet>> m_phyTxDropTrace; ///< packets without a cloud
    TracedCallback<Ptr<const Packet>> m_phyRxDropTrace; ///< packets that got lost
};

} // namespace ike
} // namespace ns3

#endif // IKE_CLOUD_DEVICE_H
