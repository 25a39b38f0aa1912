/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LEDGER_PROBE_H
#define IKE_LEDGER_PROBE_H

#include "ike-network.h"
#include "ike-packet-ledger.h"
#include "ike-results.h"
#include "ike-site-application.h"
#include "ike-traffic.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/packet.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Reads the trace sources of all nodes, and writes the ledger of application packets.
 *
 * Packets are known by their IkeOfferTag, also inside ESP. Every place of ns-3 and of this module
 * that ends a packet is connected: IPv4, links (queue, errors), tunnels and data planes. RIP
 * messages have no tag and are counted apart, at routers under test.
 */
class IkeLedgerProbe
{
  public:
    /**
     * @param scenario its flows
     * @param ledger written
     */
    IkeLedgerProbe(const Scenario& scenario, PacketListener& ledger);
    ~IkeLedgerProbe();

    IkeLedgerProbe(const IkeLedgerProbe&) = delete;
    IkeLedgerProbe& operator=(const IkeLedgerProbe&) = delete;

    /// Connect to the trace sources of a network. @param network built
    void Connect(const IkeNetwork& network);
    /// Connect to the beginning of a flow. @param offer sends
    void Connect(Ptr<IkeOfferApplication> offer);
    /// Connect to the end of a flow. @param sink receives
    void Connect(Ptr<IkeSinkApplication> sink);
    /// Connect to the traffic of a site. @param site sends and receives
    void Connect(Ptr<IkeSiteApplication> site);
    /// @return RIP messages at a router. @param router which
    RoutingCounts GetRouting(const std::string& router) const;
    /// @return names of the interfaces that lead out of the house. @param router which
    const std::set<std::string>& GetOutside(const std::string& router) const;
    /// @return what left a router in the clear. @param router which
    ClearResult GetClear(const std::string& router) const;

  private:
    /// The trace sinks of one node.
    class NodeProbe;

    void HandleOffer(const IkeOfferTag& tag);
    void HandleRefuse(const IkeOfferTag& tag);
    void HandleDeliver(const IkeOfferTag& tag);

    const Scenario& m_scenario;                                ///< its flows
    PacketListener& m_ledger;                                  ///< written
    std::map<std::string, std::unique_ptr<NodeProbe>> m_nodes; ///< by name
    std::vector<std::unique_ptr<NodeProbe>> m_clouds;          ///< drops within clouds
};

} // namespace ike
} // namespace ns3

#endif // IKE_LEDGER_PROBE_H
