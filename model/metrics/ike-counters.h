/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_COUNTERS_H
#define IKE_COUNTERS_H

#include "ike-timed-event.h"

#include <cstdint>
#include <map>
#include <string>

namespace ns3
{
namespace ike
{

/// Numbers by name; sorted, so that they print the same everywhere.
using CountsByName = std::map<std::string, uint64_t>;

/// What one node has done. A name that never occurred is absent.
struct NodeCounters
{
    CountsByName events;           ///< by kind ("phase1-begin"), without the kinds for key files
    CountsByName notifiesSent;     ///< by name of the notify
    CountsByName notifiesReceived; ///< by name of the notify
    CountsByName deletesSent;      ///< "isakmp", "ipsec"
    CountsByName deletesReceived;  ///< "isakmp", "ipsec"
    CountsByName refused;          ///< initiations not begun, by "phase-1 tunnel-start"
    CountsByName begun;            ///< negotiations as initiator, by "phase-1 tunnel-start"
    CountsByName failed;           ///< negotiations of either role, by "phase-1 no-answer"
    CountsByName removed;          ///< SAs, by "isakmp hard-lifetime", "ipsec deleted-by-peer"
    CountsByName messagesDropped;  ///< IKE messages, by reason
    uint64_t retransmissions{0};   ///< messages sent again
};

/// Counts the events of a run for each node.
class EventCounters
{
  public:
    /// Take the next event.
    void Record(const TimedEvent& event);

    /// By node.
    const std::map<std::string, NodeCounters>& GetNodes() const
    {
        return m_nodes;
    }

    /// The sum over all nodes.
    NodeCounters Sum() const;

  private:
    std::map<std::string, NodeCounters> m_nodes; ///< by node
};

} // namespace ike
} // namespace ns3

#endif // IKE_COUNTERS_H
