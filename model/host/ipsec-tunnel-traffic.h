/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_TUNNEL_TRAFFIC_H
#define IPSEC_TUNNEL_TRAFFIC_H

#include "esp-l4-protocol.h"
#include "ike-node-routes.h"
#include "ike-router-desk.h"
#include "ike-tunnel-watch.h"
#include "ike-udp-door.h"

#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-engine-config.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Moves packets between a router's tunnel devices, its IPsec data plane and ESP, and keeps
 * the accounts of the data plane over reloads.
 *
 * What the data plane notices goes to the engine: before an inbound packet is delivered, and after
 * an outbound packet left. IkeRouter says what becomes of the octets of packets.
 */
class TunnelTraffic
{
  public:
    /**
     * @brief Begin with an empty data plane, without a node.
     * @param desk of the router
     * @param routes of its node
     * @param watch of its tunnels
     */
    TunnelTraffic(RouterDesk& desk, const NodeRoutes& routes, TunnelWatch& watch);

    /**
     * @brief Say whether tags of inner packets are carried across tunnels.
     * @param carry are they?
     */
    void SetCarryTags(bool carry);
    /**
     * @brief Are tags of inner packets carried across tunnels?
     * @return true when they are
     */
    bool GetCarryTags() const;
    /**
     * @brief Take a node: give it ESP.
     * @param ipv4 of the node
     */
    void Attach(Ptr<Ipv4> ipv4);
    /**
     * @brief Take what tunnel devices send.
     * @param config their tunnels
     * @param interfaces have the devices
     */
    void Serve(const EngineConfig& config, const NodeInterfaces& interfaces);
    /**
     * @brief Go on with an empty data plane; counters are kept.
     * @param key its IVs follow from it
     */
    void ReplacePlane(const RandomKey& key);
    /**
     * @brief ESP arrived in UDP (RFC 3948).
     * @param packet from the SPI on
     * @param local where it arrived
     * @param remote who sent it
     */
    void ReceiveInUdp(Ptr<const Packet> packet, const Endpoint& local, const Endpoint& remote);
    /**
     * @brief Send a UDP datagram whose checksum is zero.
     * @param packet what is behind the UDP header
     * @param local source
     * @param remote destination
     * @param route where to
     */
    void SendUdp(Ptr<Packet> packet,
                 const Endpoint& local,
                 const Endpoint& remote,
                 Ptr<Ipv4Route> route);
    /// @brief Let go of ESP and UDP.
    void Dispose();

    /**
     * @brief Get the data plane.
     * @return the data plane of now
     */
    IpsecDataPlane& GetPlane();
    /**
     * @brief Get the provider of the node, which counts.
     * @return the provider
     */
    CryptoMeter& GetCrypto();
    /**
     * @brief Get what a pair carried so far.
     * @param pair which pair
     * @return packets of both directions
     */
    uint64_t CountPackets(PairId pair) const;
    /**
     * @brief Get the counters of packets that tunnels offered, over all data planes.
     * @return the sum
     */
    PlaneCounters GetOutboundCounters() const;
    /**
     * @brief Get the counters of ESP packets that arrived, over all data planes.
     * @return the sum
     */
    PlaneCounters GetInboundCounters() const;

  private:
    /**
     * @brief A tunnel device wants to send.
     * @param connection which tunnel
     * @param packet the inner packet
     * @return true when it left as ESP
     */
    bool HandleOutbound(ConnectionId connection, Ptr<Packet> packet);
    /**
     * @brief Send a protected packet.
     * @param inner what it was made from
     * @param result what the data plane made
     * @return false when there is no path
     */
    bool SendEsp(Ptr<Packet> inner, const OutboundResult& result);
    /**
     * @brief An ESP packet arrived.
     * @param packet from the SPI on
     * @param header the outer header
     */
    void HandleInbound(Ptr<const Packet> packet, const Ipv4Header& header);
    /**
     * @brief Take an ESP packet out of its protection.
     * @param packet from the SPI on
     * @param source outer source
     * @param destination outer destination
     */
    void Unprotect(Ptr<const Packet> packet, const OuterHeader& outer);
    /**
     * @brief Give an inner packet to the node.
     * @param connection the tunnel out of which it came
     * @param inner its octets
     * @param outer the ESP packet, with the tags
     */
    void Deliver(ConnectionId connection, const Octets& inner, Ptr<const Packet> outer);
    /**
     * @brief Tell the engine what the data plane noticed.
     * @param usage what
     */
    void ReportUsage(const std::vector<UsageReport>& usage);

    RouterDesk& m_desk;                      ///< of the router
    const NodeRoutes& m_routes;              ///< of its node
    TunnelWatch& m_watch;                    ///< of its tunnels
    std::unique_ptr<CryptoMeter> m_crypto;   ///< the node's provider
    std::unique_ptr<IpsecDataPlane> m_plane; ///< the node's data plane
    PlaneCounters m_pastOutbound;            ///< of data planes before
    PlaneCounters m_pastInbound;             ///< of data planes before
    bool m_carryTags{true};                  ///< carry tags of inner packets?
    Ptr<EspL4Protocol> m_esp;                ///< protocol 50
    Ptr<IkeUdpDoor> m_udp;                   ///< protocol 17, for ESP in UDP
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_TUNNEL_TRAFFIC_H
