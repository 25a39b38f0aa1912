/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TRAFFIC_H
#define IKE_TRAFFIC_H

#include "ike-flow-pace.h"

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/tag.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Names an offered packet wherever it is met: its flow, its number and when it was offered.
 */
class IkeOfferTag : public Tag
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeOfferTag() = default;
    /**
     * @param flow index of the flow
     * @param sequence number within the flow, from 0
     * @param time when it was offered
     */
    IkeOfferTag(uint32_t flow, uint32_t sequence, Time time);

    /**
     * @brief Get the flow.
     * @return its index
     */
    uint32_t GetFlow() const;
    /**
     * @brief Get the number within the flow.
     * @return from 0
     */
    uint32_t GetSequence() const;
    /**
     * @brief Get the time when it was offered.
     * @return the time
     */
    Time GetTime() const;

    // from Tag
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer i) const override;
    void Deserialize(TagBuffer i) override;
    void Print(std::ostream& os) const override;

  private:
    uint32_t m_flow{0};     ///< index of the flow
    uint32_t m_sequence{0}; ///< number within the flow
    int64_t m_time{0};      ///< nanoseconds
};

/**
 * @ingroup ike
 * @brief Offers UDP packets of one size, each with an IkeOfferTag: at a constant rate, or at a
 * pace.
 *
 * ns-3's UdpClient is not used: its attributes differ between releases, it limits the number of
 * packets, and it says nothing about a packet that the socket refused.
 */
class IkeOfferApplication : public Application
{
  public:
    /**
     * TracedCallback signature for offered packets.
     * @param [in] tag the packet's name
     */
    typedef void (*OfferTracedCallback)(const IkeOfferTag& tag);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeOfferApplication();
    ~IkeOfferApplication() override;

    /**
     * @brief Draw the times of packets instead of using the interval.
     * @param pace of the flow; null: the interval
     */
    void SetPace(std::unique_ptr<FlowPace> pace);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    /// @brief Offer the next packet, and schedule the one behind it.
    void Send();

    Address m_remote;                                 ///< where to
    uint32_t m_flow{0};                               ///< index of the flow
    uint32_t m_size{0};                               ///< bytes of payload
    Time m_interval;                                  ///< between two packets
    std::unique_ptr<FlowPace> m_pace;                 ///< instead of it; null: none
    uint32_t m_sequence{0};                           ///< of the next packet
    Ptr<Socket> m_socket;                             ///< null while stopped
    EventId m_sendEvent;                              ///< the next packet
    TracedCallback<const IkeOfferTag&> m_offerTrace;  ///< offered packets
    TracedCallback<const IkeOfferTag&> m_refuseTrace; ///< those that the socket did not take
};

/**
 * @ingroup ike
 * @brief Receives what IkeOfferApplication sends.
 */
class IkeSinkApplication : public Application
{
  public:
    /**
     * TracedCallback signature for delivered packets.
     * @param [in] tag the packet's name
     */
    typedef void (*DeliverTracedCallback)(const IkeOfferTag& tag);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeSinkApplication();
    ~IkeSinkApplication() override;

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    /**
     * @brief Packets arrived.
     * @param socket where
     */
    void HandleRead(Ptr<Socket> socket);

    uint16_t m_port{0};                                ///< UDP port
    Ptr<Socket> m_socket;                              ///< null while stopped
    TracedCallback<const IkeOfferTag&> m_deliverTrace; ///< delivered packets
};

} // namespace ike
} // namespace ns3

#endif // IKE_TRAFFIC_H
