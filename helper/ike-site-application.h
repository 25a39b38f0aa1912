/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SITE_APPLICATION_H
#define IKE_SITE_APPLICATION_H

#include "ike-traffic.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace ike
{

/// A flow that begins at an IkeSiteApplication.
struct SiteFlow
{
    uint32_t flow{0};        ///< index, for the tags
    Ipv4Address remote;      ///< where to
    uint16_t port{0};        ///< UDP port there
    uint32_t size{0};        ///< bytes of payload
    Time interval;           ///< between two packets
    Time next;               ///< when the next packet is offered, at first the first one
    Time stop{Time::Max()};  ///< no packet from then on
    uint32_t sequence{0};    ///< of the next packet
    FlowPace* pace{nullptr}; ///< draws instead of the interval; null: none. The application has it
};

/**
 * @ingroup ike
 * @brief All traffic of one address: offers the packets of many flows, as IkeOfferApplication does
 * with those of one, and receives what comes from anywhere.
 *
 * It has one UDP socket and one pending event, whatever the number of flows. Flows whose packets
 * are due at the same time are served in the order of their indices.
 */
class IkeSiteApplication : public Application
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeSiteApplication();
    ~IkeSiteApplication() override;

    /**
     * @brief Say where it sends from and receives.
     * @param address of the node
     * @param port of UDP
     */
    void SetLocal(Ipv4Address address, uint16_t port);
    /**
     * @brief Add a flow; before the simulation runs.
     * @param flow what it sends
     * @param pace draws the times of packets instead of the interval; null: the interval
     */
    void AddFlow(SiteFlow flow, std::unique_ptr<FlowPace> pace = nullptr);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    /// @brief Wait for the next packet of any flow.
    void ScheduleNext();
    /// @brief Offer all packets that are due.
    void SendDue();
    /// @brief Offer a packet. @param flow whose
    void Send(SiteFlow& flow);
    /**
     * @brief Packets arrived.
     * @param socket where
     */
    void HandleRead(Ptr<Socket> socket);

    Ipv4Address m_local;                               ///< where it is
    uint16_t m_port{0};                                ///< UDP port
    std::vector<SiteFlow> m_flows;                     ///< a heap, the next packet first
    std::vector<std::unique_ptr<FlowPace>> m_paces;    ///< of some of them
    Ptr<Socket> m_socket;                              ///< null while stopped
    EventId m_event;                                   ///< the next packet
    TracedCallback<const IkeOfferTag&> m_offerTrace;   ///< offered packets
    TracedCallback<const IkeOfferTag&> m_refuseTrace;  ///< those that the socket did not take
    TracedCallback<const IkeOfferTag&> m_deliverTrace; ///< packets that arrived
};

} // namespace ike
} // namespace ns3

#endif // IKE_SITE_APPLICATION_H
