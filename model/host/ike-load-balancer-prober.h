/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LOAD_BALANCER_PROBER_H
#define IKE_LOAD_BALANCER_PROBER_H

#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Asks hubs with ICMP echoes whether they are there.
 *
 * One echo for each hub at a time; it is judged when its answer comes, or when the next one is due.
 */
class BalancerProber
{
  public:
    /// Told of each probe that is over: which hub, and was there an answer?
    using Listener = std::function<void(size_t, bool)>;

    BalancerProber() = default;
    ~BalancerProber();

    BalancerProber(const BalancerProber&) = delete;
    BalancerProber& operator=(const BalancerProber&) = delete;

    /**
     * @brief Ask one more.
     * @param hub its address
     */
    void AddHub(Ipv4Address hub);
    /**
     * @brief Begin now.
     * @param node from where
     * @param interval between two probes of a hub
     * @param listener told of results
     */
    void Start(Ptr<Node> node, Time interval, Listener listener);
    /// @brief Ask no more.
    void Stop();

  private:
    /// One that is asked.
    struct Target
    {
        Ipv4Address address;   ///< of the hub
        bool isWaiting{false}; ///< for an answer
    };

    /// @brief It is time to ask all of them.
    void HandleTick();
    /**
     * @brief Ask one.
     * @param target whom
     */
    void Ask(const Target& target);
    /**
     * @brief Something of ICMP arrived.
     * @param socket where
     */
    void HandleRead(Ptr<Socket> socket);

    std::vector<Target> m_targets; ///< all hubs
    Ptr<Socket> m_socket;          ///< for echoes
    Time m_interval;               ///< between two probes of a hub
    Listener m_listener;           ///< told of results
    uint16_t m_sequence{0};        ///< of the echoes of this interval
    EventId m_event;               ///< the next ones are due
};

} // namespace ike
} // namespace ns3

#endif // IKE_LOAD_BALANCER_PROBER_H
