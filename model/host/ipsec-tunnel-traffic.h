/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_TUNNEL_TRAFFIC_H
#define IPSEC_TUNNEL_TRAFFIC_H

#include "esp-l4-protocol.h"
#include "ike-crypto-queue.h"
#include "ike-node-routes.h"
#include "ike-router-desk.h"
#include "ike-tunnel-watch.h"
#include "ike-udp-door.h"

#include "ns3/event-id.h"
#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-engine-config.h"
#include "ns3/ike-router-config.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipsec-outer-header.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
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
 * **Size.** IPv4 gives packets to a tunnel whole (see IpsecTunnelDevice). The limit is `ip mtu` or
 * the device's Mtu, and with `crypto ipsec fragmentation before-encryption` no more than what fits
 * into the path: the MTU of the first link, or less for ten minutes after an ICMP message
 * "fragmentation needed" about our ESP. Routers of ns-3 send none, since its IPv4 does not look at
 * DF; what is beyond the node (a real network, another tunnel router) may. A packet beyond the
 * limit is cut, or with DF refused by ICMP with the limit in it. With `after-encryption` IP cuts
 * the outer packet, unless that may not be (`df-bit`): then the same limit holds.
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
     * @param queue where its cryptography takes time
     */
    TunnelTraffic(RouterDesk& desk,
                  const NodeRoutes& routes,
                  TunnelWatch& watch,
                  CryptoQueue& queue);

    /**
     * @brief Say who does the cryptography. To be called before there is any.
     * @param kind of provider
     */
    void SetProvider(ProviderKind kind);
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
     * @brief Serve the tunnels, and take what their own devices send. (For a device that several
     * share, HubTunnels does.)
     * @param text the configuration
     * @param config what it means to an engine: tunnels that are complete
     */
    void Serve(const RouterConfig& text, const EngineConfig& config);
    /**
     * @brief Serve a virtual-access interface.
     * @param connection that a peer opened
     * @param settings of its template
     * @param knobs say how outer packets are made
     */
    void Open(const ConnectionConfig& connection,
              const TunnelSettings& settings,
              const IkeKnobs& knobs);
    /**
     * @brief A connection that a peer opened is over.
     * @param connection which
     */
    void Close(ConnectionId connection);
    /// @brief All connections that peers opened are over.
    void CloseAll();
    /**
     * @brief Take packets of a connection of a crypto map.
     * @param connection which
     * @param divert the device that its packets come from and go to
     * @param settings how outer packets are made
     * @param knobs the same
     */
    void ServePolicy(ConnectionId connection,
                     Ptr<IpsecTunnelDevice> divert,
                     const TunnelSettings& settings,
                     const IkeKnobs& knobs);
    /**
     * @brief Forget connections of crypto maps that are no longer there.
     * @param kept those that are
     */
    void DropPolicy(const std::set<ConnectionId>& kept);
    /**
     * @brief Protect a packet, and send it.
     * @param connection the tunnel, or the connection of a crypto map
     * @param packet the inner packet, with its IPv4 header
     * @return true when all of it left as ESP, or waits for cryptography
     */
    bool Send(ConnectionId connection, Ptr<Packet> packet);
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
     * @param tos of the IPv4 header
     */
    void ReceiveInUdp(Ptr<const Packet> packet,
                      const Endpoint& local,
                      const Endpoint& remote,
                      uint8_t tos);
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
     * @brief Get the data plane.
     * @return the data plane of now
     */
    const IpsecDataPlane& GetPlane() const;
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
    /// What a tunnel needs here.
    struct Tunnel
    {
        Ptr<IpsecTunnelDevice> device; ///< its interface; of a crypto map: the divert device
        bool ofPolicy{false};          ///< of a crypto map: there is no line that could be down
        bool opened{false};            ///< by a peer, at a virtual template
        TunnelSettings settings;       ///< as configured
        OuterPolicy policy;            ///< how outer headers follow from inner ones
        IpAddress local;               ///< tunnel source
        IpAddress peer;                ///< tunnel destination
        uint32_t pathMtu{0};           ///< as the path said
        Instant pathMtuUntil;          ///< forgotten from then on
        EventId dummyEvent;            ///< the next dummy packet
    };

    /**
     * @brief Serve a tunnel.
     * @param connection that the engine has for it
     * @param device its interface
     * @param settings as configured
     * @param knobs say how outer packets are made
     * @return the tunnel
     */
    Tunnel& ServeTunnel(const ConnectionConfig& connection,
                        Ptr<IpsecTunnelDevice> device,
                        const TunnelSettings& settings,
                        const IkeKnobs& knobs);
    /**
     * @brief How large may an inner packet be?
     * @param connection which tunnel
     * @param dontFragment its DF bit
     * @param route the one to the peer, if it was looked for
     * @return octets
     */
    size_t GetInnerLimit(ConnectionId connection, bool dontFragment, Ptr<Ipv4Route>& route) const;
    /**
     * @brief How large may an outer packet be?
     * @param tunnel which
     * @param route to its peer; null: there is none
     * @return octets: those of the first link, or fewer when the path said so
     */
    static size_t GetPathMtu(const Tunnel& tunnel, Ptr<Ipv4Route> route);
    /**
     * @brief Drop a packet that is too large and may not be cut, and tell its sender (RFC 1191).
     * @param packet the inner packet
     * @param limit octets that it may have
     */
    void RefuseSize(Ptr<Packet> packet, size_t limit);
    /**
     * @brief Protect a packet that fits, and send it.
     * @param connection which tunnel
     * @param packet the inner packet, or a fragment of it
     * @param inner its octets
     * @param route of now to the peer; null: not looked for yet
     * @return true when it left as ESP
     */
    bool Protect(ConnectionId connection, Ptr<Packet> packet, Octets inner, Ptr<Ipv4Route> route);
    /**
     * @brief Send a protected packet.
     * @param inner what it was made from
     * @param result what the data plane made; its octets are taken out
     * @param route of now to the peer; null: not looked for yet
     * @return false when there is no path
     */
    bool SendEsp(Ptr<Packet> inner, OutboundResult& result, Ptr<Ipv4Route> route);
    /**
     * @brief Get all octets of a packet, with room for ESP around them.
     * @param packet of ns-3
     * @return its octets
     */
    Octets TakeOctets(Ptr<const Packet> packet);
    /**
     * @brief Octets are no longer needed: their memory may serve the next packet.
     * @param octets of any packet
     */
    void GiveBack(Octets octets);
    /**
     * @brief Build what stands outside, and send.
     * @param packet ESP, or another thing for UDP
     * @param outer what to build
     * @param route where to
     */
    void SendOuter(Ptr<Packet> packet, const OuterHeader& outer, Ptr<Ipv4Route> route);
    /**
     * @brief An ESP packet arrived.
     * @param packet from the SPI on
     * @param header the outer header
     */
    void HandleInbound(Ptr<const Packet> packet, const Ipv4Header& header);
    /**
     * @brief Take an ESP packet out of its protection.
     * @param packet from the SPI on
     * @param outer what stood outside
     */
    void Unprotect(Ptr<const Packet> packet, const OuterHeader& outer);
    /**
     * @brief Get the CPU time of a packet whose cryptography is done.
     * @param before what the meter said before it
     * @return with the cost of the packet itself
     */
    CpuTime GetCostSince(const CpuTime& before) const;
    /**
     * @brief Give an inner packet to the node.
     * @param connection the tunnel out of which it came
     * @param whole its octets, in the tunnel's envelope
     * @param outer the ESP packet, with the tags
     */
    void Deliver(ConnectionId connection, Octets whole, Ptr<const Packet> outer);
    /**
     * @brief Find the device of a tunnel whose line is up, or of a crypto map.
     * @param connection which
     * @return the device, or null
     */
    Ptr<IpsecTunnelDevice> FindOpenDevice(ConnectionId connection) const;
    /**
     * @brief A router says that our ESP does not fit (RFC 1191).
     * @param destination of the packet
     * @param spi of the packet
     * @param mtu of the router's next link
     */
    void HandleTooBig(Ipv4Address destination, uint32_t spi, uint32_t mtu);
    /**
     * @brief The same for ESP in UDP, of which a router need not show the SPI.
     * @param destination of the packet
     * @param sourcePort of the packet
     * @param destinationPort of the packet
     * @param mtu of the router's next link
     */
    void HandleTooBigInUdp(Ipv4Address destination,
                           uint16_t sourcePort,
                           uint16_t destinationPort,
                           uint32_t mtu);
    /**
     * @brief Believe a router, if it speaks of a packet of ours.
     * @param destination of the packet
     * @param mtu of its next link
     * @param isMeant could it have been made with this SA?
     */
    void LearnPathMtu(Ipv4Address destination,
                      uint32_t mtu,
                      const std::function<bool(const IpsecSa&)>& isMeant);
    /// @brief Schedule a tunnel's next dummy packet. @param connection which tunnel
    void ScheduleDummy(ConnectionId connection);
    /// @brief Send a dummy packet (RFC 4303 2.6). @param connection which tunnel
    void HandleDummy(ConnectionId connection);
    /**
     * @brief Tell the engine what the data plane noticed.
     * @param usage what
     */
    void ReportUsage(const std::vector<UsageReport>& usage);

    RouterDesk& m_desk;                       ///< of the router
    const NodeRoutes& m_routes;               ///< of its node
    TunnelWatch& m_watch;                     ///< of its tunnels
    CryptoQueue& m_queue;                     ///< where its cryptography takes time
    std::unique_ptr<CryptoMeter> m_crypto;    ///< the node's provider
    std::unique_ptr<IpsecDataPlane> m_plane;  ///< the node's data plane
    PlaneCounters m_pastOutbound;             ///< of data planes before
    PlaneCounters m_pastInbound;              ///< of data planes before
    bool m_carryTags{true};                   ///< carry tags of inner packets?
    Octets m_spare;                           ///< memory of the last packet
    std::map<ConnectionId, Tunnel> m_tunnels; ///< by id
    Ptr<Ipv4> m_ipv4;                         ///< of the node
    Ptr<EspL4Protocol> m_esp;                 ///< protocol 50
    Ptr<IkeUdpDoor> m_udp;                    ///< protocol 17, for ESP in UDP
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_TUNNEL_TRAFFIC_H
