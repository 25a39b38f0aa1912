/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LIVE_PING_H
#define IKE_LIVE_PING_H

#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/socket.h"

#include <cstdint>
#include <functional>
#include <set>

/**
 * Echo requests from an address of a node, and the answers to them.
 *
 * ns-3's own application has another name and another interface in each few releases, and none of
 * them lets the source address be chosen.
 */
class LivePing
{
  public:
    /// Told when all is sent and a second has passed.
    using Done = std::function<void(const LivePing&)>;

    /**
     * @param node that pings
     * @param source an address of the node
     * @param destination who is asked
     * @param count of requests
     * @param interval between two of them
     * @param number the identifier of these requests (RFC 792)
     * @param done may be empty
     */
    LivePing(ns3::Ptr<ns3::Node> node,
             ns3::Ipv4Address source,
             ns3::Ipv4Address destination,
             uint32_t count,
             ns3::Time interval,
             uint16_t number,
             Done done);
    ~LivePing();

    LivePing(const LivePing&) = delete;
    LivePing& operator=(const LivePing&) = delete;

    /// @return who is asked
    ns3::Ipv4Address GetDestination() const;
    /// @return requests so far
    uint32_t GetSent() const;
    /// @return requests that were answered, each counted once
    uint32_t GetAnswered() const;

  private:
    /// Send the next request.
    void Send();
    /// All is over.
    void Finish();
    /// Something of ICMP arrived. @param socket where
    void Receive(ns3::Ptr<ns3::Socket> socket);

    ns3::Ipv4Address m_source;      ///< of requests
    ns3::Ipv4Address m_destination; ///< of requests
    uint32_t m_count;               ///< requests to send
    ns3::Time m_interval;           ///< between two of them
    uint16_t m_number;              ///< identifier
    Done m_done;                    ///< told at the end
    uint32_t m_sent{0};             ///< requests so far
    std::set<uint16_t> m_answered;  ///< sequence numbers
    ns3::Ptr<ns3::Socket> m_socket; ///< raw, ICMP
    ns3::EventId m_event;           ///< the next step
};

#endif // IKE_LIVE_PING_H
