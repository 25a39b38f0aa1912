/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ROUTER_H
#define IKE_ROUTER_H

#include "ike-application.h"
#include "ike-crypto-queue.h"
#include "ike-hub-tunnels.h"
#include "ike-node-interfaces.h"
#include "ike-node-routes.h"
#include "ike-router-desk.h"
#include "ike-tunnel-watch.h"
#include "ipsec-policy-guard.h"
#include "ipsec-tunnel-device.h"
#include "ipsec-tunnel-traffic.h"

#include "ns3/event-id.h"
#include "ns3/ike-actions.h"
#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-knobs.h"
#include "ns3/ike-router-config.h"
#include "ns3/ike-show.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipv4-route.h"
#include "ns3/net-device.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace ns3
{
namespace ike
{

class RouterConsole;

/**
 * @ingroup ike
 * @brief What makes a node an IKE router: aggregated to the node, it owns the configuration (with
 * its console), the IPsec data plane, the tunnel devices and the crypto provider.
 *
 * It keeps the node as its configuration says: addresses, `shutdown`, loopback and tunnel
 * interfaces, static routes (each only while its interface is up; ns-3 forgets routes when an
 * interface goes down, the router brings them back), RIP for the networks of `router rip`. Lines
 * typed at the console at run time (Type()) change just what differs.
 *
 * Its parts: HubTunnels (tunnels that share a device), NodeInterfaces and NodeRoutes (the node as
 * the configuration says), TunnelWatch (paths and lines), TunnelTraffic (packets), PolicyGuard
 * (crypto maps), CryptoQueue (what cryptography costs). The router itself has the configuration,
 * the engine's inputs, events and reloads.
 *
 * **Routes.** The node's Ipv4ListRouting holds, in this order: ns-3's static routing (connected
 * networks and static routes), IkeRipFilter with RIP, and static routing once more for routes of
 * last resort: default routes and those with a distance above RIP's 120. Lists ask one protocol
 * after the other, so a static route other than the default one wins over a longer one from RIP,
 * which IOS would prefer. A static route needs a next hop in a connected network, or an interface.
 *
 * **Virtual tunnel interfaces.** A tunnel has a path while its source address is on an interface
 * that is up, it is not shut down, and the node's routing leads to its destination over any device
 * but a tunnel device of this node (a route through a tunnel counts as none; nested tunnels are
 * not there). The engine hears of each change (LinkChange) and begins by itself. ns-3 has no
 * notification of routes, so the router looks after each change of configuration, interface or
 * address, after each RIP message received, when a packet finds no path, and, while there are
 * routing protocols whose routes age, every RoutePoll. Who changes routes behind its back calls
 * CheckPaths(). The line protocol of a VTI follows the SA: up while a pair is selected for outbound
 * traffic and the interface is not shut down. That of GRE and IP in IP follows the path instead, as
 * in IOS: packets without an SA end as "no-sa" and start the tunnel.
 *
 * **One device for many tunnels.** With the attribute TunnelDevices at "shared" the VTIs of a hub
 * have no device and no interface of their own, and virtual-access interfaces (`virtual-template`)
 * never have: see HubTunnels. RIP does not run over them, nor over any tunnel with `ip unnumbered`,
 * since the Rip of ns-3 tells its interfaces apart by their addresses.
 *
 * **Accounts.** Per data plane and direction, in = passed + bypassed + discarded by reason (see
 * GetInboundCounters(), which live through reloads). The Drop trace source names each packet that
 * the data plane, the tunnel or the lack of a path ended, once.
 *
 * **Octets.** Inner IPv4 headers get their checksum before they are encrypted; checksums of UDP
 * and TCP are there only with the global value ChecksumEnabled. Inner packets are made anew from
 * octets, so Packet::EnableChecking() cannot be used (Packet::EnablePrinting() can).
 *
 * **Randomness.** One random variable supplies 256 bits at the start and after each reload; all
 * else follows from them (see AssignStreams()).
 */
class IkeRouter : public Object, private RouterDesk
{
  public:
    /**
     * TracedCallback signature for the things worth reporting.
     * @param [in] event what, when and at which router
     */
    typedef void (*EventTracedCallback)(const TimedEvent& event);

    /**
     * TracedCallback signature for packets that are dropped.
     *
     * Reasons: the names of DropReason (ToString(DropReason)), and "link-down", "not-ipv4",
     * "no-tunnel", "recursive-routing", "no-route" (no path for the outer packet), "line-down"
     * (came out of a tunnel whose line is down), "reload" (ESP or IKE during a reload), "malformed"
     * also for a datagram on port 4500 that is neither IKE nor ESP, "too-large" (does not fit into
     * the tunnel and may not be cut), "bad-envelope" (no GRE or IP in IP came out of ESP),
     * "udp-too-short" (a datagram without a whole UDP header).
     *
     * @param [in] packet outbound the inner packet; inbound the ESP packet from the SPI on, whose
     *             inner tags IpsecCarrierTag::PeekInner() reads
     * @param [in] reason why
     */
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, const std::string& reason);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeRouter();
    ~IkeRouter() override;

    // --- Set-up, before the simulation runs ---

    /**
     * @brief Say which device an interface name of the configuration means.
     * @param name "Ethernet0/0"
     * @param device of the node
     */
    void SetDevice(const std::string& name, Ptr<NetDevice> device);
    /**
     * @brief Set the policy of the engine.
     * @param knobs timing and policy
     */
    void SetKnobs(const IkeKnobs& knobs);
    /**
     * @brief Set what tunnel devices are made with.
     * @param name of an attribute of IpsecTunnelDevice
     * @param value its value
     */
    void SetTunnelAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Set what RIP is made with.
     * @param name of an attribute of Rip
     * @param value its value
     */
    void SetRipAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Take a configuration, and set up the node for it.
     *
     * The node must have an IPv4 stack with list routing, and SetDevice() must have been called for
     * its interfaces (else the simulation is aborted with a message that says so).
     * @param config without dangling references
     */
    void Configure(const RouterConfig& config);
    /**
     * @brief Say which application hosts the engine. Without one, SAs are installed by hand.
     * @param application on the same node
     */
    void SetApplication(Ptr<IkeApplication> application);
    /**
     * @brief Say what the random keys are, instead of the random variable.
     * @param keys asked at the start and after each reload; empty: the random variable again
     */
    void SetKeys(const std::function<RandomKey()>& keys);
    /**
     * @brief Assign a fixed random variable stream number to the random variables used.
     * @param stream first stream index to use: the random key; the next one: RIP
     * @return the number of stream indices assigned, always 2
     */
    int64_t AssignStreams(int64_t stream);

    // --- While it runs ---

    /**
     * @brief Type a line at the console, now.
     * @param line as an operator types it
     * @return what the console prints, errors included
     */
    std::string Type(const std::string& line);
    /// @brief Somebody else sits down at the console: Type() is in a session of its own from now
    /// on.
    void BeginSession();
    /// @brief And leaves: the session before it goes on where it was.
    void EndSession();
    /**
     * @brief Lose all SAs without a word to any peer, and come back later with another random key.
     *
     * IKE and ESP are not answered meanwhile and the tunnels are down. The node's other interfaces,
     * its routes and RIP stay as they are, and so does the configuration, saved or not.
     * @param downFor how long the router is away
     */
    void Reboot(Time downFor);
    /// @brief Look for paths of the tunnels now; to be called after routes changed unseen.
    void CheckPaths();
    /**
     * @brief Select the pair that carries a tunnel's outbound traffic. Line protocol follows.
     * @param connection which tunnel
     * @param pair which pair, 0: none
     */
    void SelectOutbound(ConnectionId connection, PairId pair);
    /**
     * @brief This end began to negotiate for a connection, or does so no more (AttemptAction).
     * @param connection which connection
     * @param running does an attempt run?
     */
    void NoteAttempt(ConnectionId connection, bool running);
    /**
     * @brief A peer came to a dynamic crypto map or a virtual template (OpenConnectionAction).
     * @param connection that was made for it
     */
    void OpenConnection(const ConnectionConfig& connection);
    /**
     * @brief Such a connection is over (CloseConnectionAction).
     * @param connection which connection
     */
    void CloseConnection(ConnectionId connection);
    /**
     * @brief Report something; node and time are added.
     * @param event what happened
     */
    void Report(Event event) override;
    /**
     * @brief Does anybody listen to the events? If not, the engine need not say what it does.
     * @return true when somebody does
     */
    bool IsHeard() const;
    /**
     * @brief Find the route to an outer destination, never through a tunnel of this node.
     * @param destination where to
     * @param reason why not, when there is none: "no-route" or "recursive-routing"
     * @return the route, or null
     */
    Ptr<Ipv4Route> FindPath(Ipv4Address destination, std::string& reason) const;
    /**
     * @brief Trace a dropped packet.
     * @param packet the packet
     * @param reason why
     */
    void Drop(Ptr<const Packet> packet, const std::string& reason) override;
    /**
     * @brief ESP arrived in UDP (RFC 3948).
     * @param packet the ESP packet
     * @param local where it arrived
     * @param remote who sent it
     * @param tos of the IPv4 header
     */
    void ReceiveEspInUdp(Ptr<const Packet> packet,
                         const Endpoint& local,
                         const Endpoint& remote,
                         uint8_t tos);
    /**
     * @brief Send a UDP datagram whose checksum is zero (RFC 3948 2.1).
     * @param packet what is behind the UDP header
     * @param local source
     * @param remote destination
     * @param route where to, from FindPath()
     */
    void SendWithoutChecksum(Ptr<Packet> packet,
                             const Endpoint& local,
                             const Endpoint& remote,
                             Ptr<Ipv4Route> route);
    /// @brief Power the engine on with a new key and an empty data plane. Done by the application.
    void Start();
    /**
     * @brief Lose all SAs. Done by the application.
     * @param why goes into the events
     */
    void Stop(const std::string& why);

    // --- To look at ---

    /**
     * @brief Get the name in events: the host name at Configure().
     * @return "R1"
     */
    std::string GetName() const;
    /**
     * @brief Get the running configuration.
     * @return the configuration
     */
    const RouterConfig& GetConfig() const;
    /**
     * @brief Is the running configuration what `write memory` kept?
     * @return false when it differs, or nothing was ever kept
     */
    bool IsConfigSaved() const;
    /**
     * @brief Get the data plane.
     * @return the data plane of now; another one after a reload
     */
    IpsecDataPlane& GetDataPlane();
    /**
     * @brief Get the provider of the node, which counts.
     * @return the provider
     */
    CryptoMeter& GetCrypto();
    /**
     * @brief Get the place where cryptography takes time.
     * @return the queue of the node
     */
    CryptoQueue& GetCryptoQueue();
    /**
     * @brief Say what cryptography, messages and packets cost in simulated time.
     * @param costs from now on; null: nothing
     */
    void SetCryptoCosts(std::shared_ptr<const CryptoCosts> costs);
    /**
     * @brief Say who does the cryptography. To be called before the router starts.
     * @param kind of provider
     */
    void SetCryptoProvider(ProviderKind kind);
    /**
     * @brief Get the crypto maps of the node.
     * @return policy, passive mode, and their counters
     */
    const PolicyGuard& GetGuard() const;
    /**
     * @brief Get the engine's host.
     * @return the application, or null
     */
    Ptr<IkeApplication> GetApplication() const;
    /**
     * @brief Get a loopback or tunnel device.
     * @param name "Tunnel0"; "Tunnels": the one that tunnels share
     * @return the device, or null
     */
    Ptr<IpsecTunnelDevice> GetTunnelDevice(const std::string& name) const;
    /**
     * @brief Get RIP.
     * @return the protocol, or null before the simulation runs or without `router rip`
     */
    Ptr<Rip> GetRip() const;
    /**
     * @brief Is the line protocol of a tunnel up?
     * @param connection which tunnel
     * @return true when it is
     */
    bool IsLineUp(ConnectionId connection) const;
    /**
     * @brief Has a tunnel a path to its destination?
     * @param connection which tunnel
     * @return true when it has
     */
    bool HasPath(ConnectionId connection) const;
    /**
     * @brief Get what a pair carried so far.
     * @param pair which pair
     * @return packets of both directions
     */
    uint64_t CountPackets(PairId pair) const;
    /**
     * @brief Get what a pair carried that the engine just removed.
     * @param removed the event that says so
     * @return packets of both directions
     */
    uint64_t CountPackets(const Event& removed) const;
    /**
     * @brief Is the router away (see Reboot())?
     * @return true when it is
     */
    bool IsReloading() const override;
    /**
     * @brief Get the counters of packets that tunnels offered, over all reloads.
     * @return the sum
     */
    PlaneCounters GetOutboundCounters() const;
    /**
     * @brief Get the counters of ESP packets that arrived, over all reloads.
     * @return the sum
     */
    PlaneCounters GetInboundCounters() const;

  protected:
    void NotifyNewAggregate() override;
    void DoInitialize() override;
    void DoDispose() override;

  private:
    // from RouterDesk, besides Report(), Drop() and IsReloading()
    void Take(const Input& input) override;
    bool IsAwake() const override;

    /**
     * @brief Set the attribute CarryTags.
     * @param carry its value
     */
    void SetCarryTags(bool carry);
    /**
     * @brief Get the attribute CarryTags.
     * @return its value
     */
    bool GetCarryTags() const;
    /**
     * @brief Set the attribute RoutePoll.
     * @param interval its value
     */
    void SetRoutePoll(Time interval);
    /**
     * @brief Get the attribute RoutePoll.
     * @return its value
     */
    Time GetRoutePoll() const;
    /**
     * @brief Set the attribute TunnelDevices.
     * @param devices its value
     */
    void SetTunnelDevices(std::string devices);
    /**
     * @brief Get the attribute TunnelDevices.
     * @return its value
     */
    std::string GetTunnelDevices() const;
    /**
     * @brief Set the attribute CryptoCores.
     * @param cores of the CPU
     */
    void SetCryptoCores(uint32_t cores);
    /**
     * @brief Get the attribute CryptoCores.
     * @return cores of the CPU
     */
    uint32_t GetCryptoCores() const;
    /**
     * @brief Set the attribute CryptoQueueLimit.
     * @param limit its value
     */
    void SetCryptoQueueLimit(uint32_t limit);
    /**
     * @brief Get the attribute CryptoQueueLimit.
     * @return its value
     */
    uint32_t GetCryptoQueueLimit() const;
    /// @brief Find what the router stands on (IPv4, its routing list), and give it to the parts.
    void Attach();
    /// @brief Make the node as the configuration says; nothing happens where it is so already.
    void ApplyConfig();
    /// @brief Make tunnels and interfaces as the configuration says.
    void ApplyInterfaces();
    /**
     * @brief The configuration asks for what is not there: an error of the set-up, but at the
     * console only a line to be warned of.
     * @param mistake what is wrong
     */
    void RefuseMistake(const std::string& mistake);
    /**
     * @brief The configuration has an interface whose device nobody named: an error of the set-up,
     * but at the console only a line to be warned of.
     * @param name of the interface
     */
    void RefuseInterface(const std::string& name);
    /// @brief Bring in line what only runs when the node does: RIP, and the watch of paths.
    void ApplyRunning();
    /// @brief Tell the engine of a new configuration.
    void Reconfigure();
    /// @brief An interface or an address changed: routes and paths may follow.
    void NotifyInterfaces();
    /**
     * @brief Get the engine, to look at it.
     * @return the engine; null when there is none, or no application
     */
    const Engine* PeekEngine() const;
    /// @brief Report the end of all SAs that the engine has. @param why goes into the events
    void ReportLostSas(const std::string& why);
    /// @brief Draw 256 bits. @return the key
    RandomKey DrawKey();
    /// @brief The reload is over.
    void FinishReboot();

    std::deque<LogLine> m_log;   ///< the last warnings
    NodeInterfaces m_interfaces; ///< the node's interfaces
    NodeRoutes m_routes;         ///< its static routes, RIP, and paths
    HubTunnels m_hub;            ///< tunnels that share a device
    TunnelWatch m_watch;         ///< tunnels, with their paths and lines
    CryptoQueue m_queue;         ///< where cryptography takes time
    TunnelTraffic m_traffic;     ///< packets, with the data plane
    PolicyGuard m_guard;         ///< crypto maps

    std::string m_name;                                 ///< in events
    std::unique_ptr<RouterConsole> m_console;           ///< owns the configuration
    IkeKnobs m_knobs;                                   ///< policy of the engine
    std::shared_ptr<const EngineConfig> m_engineConfig; ///< what the configuration means
    std::string m_engineText;                           ///< what of the configuration is behind it
    Ptr<UniformRandomVariable> m_random;                ///< supplies the key
    std::function<RandomKey()> m_keys;                  ///< or this, unless it is empty
    Ptr<Node> m_node;                                   ///< where it is
    Ptr<IkeApplication> m_application;                  ///< null: SAs by hand
    EventId m_rebootEvent;                              ///< end of the reload
    bool m_started{false};                              ///< the node runs
    bool m_applying{false};                             ///< changes of interfaces are its own
    bool m_reloading{false};                            ///< see Reboot()
    TracedCallback<const TimedEvent&> m_eventTrace;     ///< things worth reporting
    TracedCallback<Ptr<const Packet>, const std::string&> m_dropTrace; ///< dropped packets
};

} // namespace ike
} // namespace ns3

#endif // IKE_ROUTER_H
