/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_POLICY_GUARD_H
#define IPSEC_POLICY_GUARD_H

#include "ike-node-interfaces.h"
#include "ike-node-routes.h"
#include "ike-router-desk.h"
#include "ipsec-policy-routing.h"
#include "ipsec-tunnel-traffic.h"

#include "ns3/event-id.h"
#include "ns3/ike-ios-policy-resolve.h"
#include "ns3/ike-router-config.h"
#include "ns3/ipsec-gate.h"
#include "ns3/ipsec-passive-tally.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief The crypto maps of a node: shows packets that leave or enter through their interfaces to
 * the policy (IpsecGate), and does what it says.
 *
 * Each interface with a crypto map has a divert device (see IpsecPolicyRouting). Packets that are
 * to be protected go through TunnelTraffic like those of a tunnel; what the policy lets pass goes
 * out with SendWithHeader(), so its octets are those of a node without IPsec.
 */
class PolicyGuard
{
  public:
    /**
     * @brief Begin without crypto maps.
     * @param desk of the router
     * @param interfaces of its node
     * @param routes of its node
     * @param traffic protects and sends
     */
    PolicyGuard(RouterDesk& desk,
                NodeInterfaces& interfaces,
                const NodeRoutes& routes,
                TunnelTraffic& traffic);

    /**
     * @brief Take a node.
     * @param ipv4 of the node
     */
    void Attach(Ptr<Ipv4> ipv4);
    /**
     * @brief Make the crypto maps as the configuration says.
     * @param text the configuration
     * @param policy what its crypto maps mean
     * @param knobs of the engine
     */
    void Apply(const RouterConfig& text, const PolicyConfig& policy, const IkeKnobs& knobs);
    /// @brief Put manually keyed SAs into the data plane; to be done for each new one.
    void InstallManual();
    /// @brief The node's addresses may have changed: IKE and ESP of them are exempt.
    void UpdateAddresses();
    /**
     * @brief A peer came to a dynamic crypto map.
     * @param connection that was made for it
     */
    void Open(const ConnectionConfig& connection);
    /**
     * @brief Such a connection is over.
     * @param connection which connection
     */
    void Close(ConnectionId connection);
    /// @brief All state is lost (reboot).
    void Clear();
    /// @brief Let go of the node.
    void Dispose();

    /**
     * @brief A connection has an SA to send with now, or has none.
     * @param connection which
     * @param selected has it?
     */
    void NoteSelected(ConnectionId connection, bool selected);
    /**
     * @brief An attempt of this end to get an SA began, or the last one that ran is over.
     * @param connection for which connection
     * @param running does one run?
     */
    void NoteAttempt(ConnectionId connection, bool running);
    /**
     * @brief Get the policy.
     * @return the policy of now
     */
    const IpsecGate& GetGate() const;
    /**
     * @brief Get what the policy decided about packets that were to leave.
     * @return counters; `passed` are those that were handed over for protection
     */
    const PlaneCounters& GetOutboundCounters() const;
    /**
     * @brief Get what the policy decided about packets that came in the clear.
     * @return counters
     */
    const PlaneCounters& GetInboundCounters() const;
    /**
     * @brief Get what passive mode did and said.
     * @return the tally
     */
    const PassiveTally& GetPassiveTally() const;

  private:
    /// An interface that has, or had, a crypto map.
    struct Port
    {
        std::string name;              ///< "Ethernet1/0"
        Ptr<NetDevice> device;         ///< the interface
        Ptr<IpsecTunnelDevice> divert; ///< gets what would leave through it
        TunnelSettings settings;       ///< how outer packets are made
        size_t number{0};              ///< of the gate; while it has a crypto map
    };

    /**
     * @brief Find or make the port of an interface.
     * @param name of the interface
     * @return index in m_ports; nothing when the node has no such device
     */
    std::optional<size_t> ObtainPort(const std::string& name);
    /**
     * @brief Serve all connections of an entry.
     * @param port that has the crypto map
     * @param entry of the crypto map
     * @param served connections that are served, grows
     */
    void ServeEntry(const Port& port, const PolicyEntry& entry, std::set<ConnectionId>& served);
    /**
     * @brief Bring manually keyed SAs in line with the configuration.
     * @param wanted those that should be there
     */
    void ApplyManual(const std::vector<ManualConnection>& wanted);
    /// @brief Become part of the node's routing.
    void Enter();
    /**
     * @brief A packet would leave.
     * @param number of the port
     * @param packet with its IPv4 header
     * @return true when it left
     */
    bool HandleOutbound(size_t number, Ptr<Packet> packet);
    /**
     * @brief A packet came in the clear.
     * @param number of the port
     * @param packet behind its IPv4 header
     * @param header the header
     * @return is it welcome?
     */
    bool HandleInbound(size_t number, Ptr<const Packet> packet, const Ipv4Header& header);
    /**
     * @brief Send a packet as it is.
     * @param port where
     * @param packet with its IPv4 header
     * @return true when it left
     */
    bool SendClear(const Port& port, Ptr<Packet> packet);
    /**
     * @brief Tell the operator.
     * @param message a warning of passive mode
     */
    void Log(const std::optional<GateMessage>& message);
    /// @brief Be there when the policy wants to be asked.
    void Reschedule();
    /// @brief The policy's deadline has come.
    void HandleDeadline();

    RouterDesk& m_desk;                ///< of the router
    NodeInterfaces& m_interfaces;      ///< of its node
    const NodeRoutes& m_routes;        ///< of its node
    TunnelTraffic& m_traffic;          ///< protects and sends
    Ptr<Ipv4> m_ipv4;                  ///< of the node
    Ptr<IpsecPolicyRouting> m_routing; ///< null before the first crypto map
    IpsecGate m_gate;                  ///< decides
    IkeKnobs m_knobs;                  ///< of the engine
    std::vector<Port> m_ports;         ///< they never go
    std::set<ConnectionId> m_opened;   ///< by peers
    std::map<ConnectionId, ManualConnection>
        m_manual;             ///< SAs that the operator made, and are installed
    PlaneCounters m_outbound; ///< decisions about packets that leave
    PlaneCounters m_inbound;  ///< and about those that came in the clear
    PassiveTally m_passive;   ///< what passive mode did
    EventId m_event;          ///< the policy's deadline
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_POLICY_GUARD_H
