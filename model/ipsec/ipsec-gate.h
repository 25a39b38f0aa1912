/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_GATE_H
#define IPSEC_GATE_H

#include "ipsec-data-plane.h"
#include "ipsec-gate-messages.h"
#include "ipsec-ip-packet.h"
#include "ipsec-passive-flow.h"

#include "ns3/ike-verdict.h"
#include "ns3/ipsec-policy-map.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// What becomes of a packet that is about to leave through an interface with a crypto map.
struct GateOutbound
{
    /// Protect (by `connection`), Bypass (no line permits it, or passive mode lets it go in the
    /// clear), or Discard with NoSa.
    Verdict verdict;
    ConnectionId connection{0};          ///< whose SA, when there is one
    bool passive{false};                 ///< Bypass by passive mode: a line asked for protection
    ConnectionId missing{0};             ///< then: whose SA it asked for
    std::optional<ConnectionId> acquire; ///< IKE shall try for this one
    std::optional<GateMessage> message;  ///< to be logged
};

/// What becomes of a packet that came in the clear through an interface with a crypto map.
struct GateInbound
{
    Verdict verdict;                    ///< Bypass, or Discard with ClearReceived
    bool passive{false};                ///< Bypass by passive mode: it should have been encrypted
    std::optional<GateMessage> message; ///< to be logged
};

/// A destination to which packets go in the clear now: `show crypto optional`.
struct ClearDestination
{
    IpAddress destination; ///< of the inner packets
    std::string entry;     ///< "xauthmap 10"
    uint64_t packets{0};   ///< so far
    Instant since;         ///< the first one
};

/// So many destinations a node remembers; the one that was silent for longest goes first.
constexpr size_t MAX_CLEAR_DESTINATIONS = 1024;

/**
 * The security policy of a node with crypto maps (RFC 4301 4.4.1), and IPsec passive mode: which
 * packets must be protected, which connection protects them, what happens while there is no SA. A
 * copyable value, without ns-3 and without IKE. doc/passive-mode.md is about it.
 *
 * IKE (UDP 500 and 4500 of an address of this node) and ESP from or to this node are exempt before
 * any line is asked, out and in, strict or passive: the seed's own access list matches its two
 * gateways, so that without the exemption no SA could form.
 *
 * Entries are asked in their order, and the lines of an entry in theirs. A `permit` line decides. A
 * `deny` line ends its entry, and the next entry is asked. What no entry wants is none of IPsec's.
 *
 * Several peers are tried in turn, and the entry remembers whose turn it is: an attempt that ends
 * without an SA makes the next packet that may try go to the next one, behind the last to the first
 * again. The peer whose SA came up last has the turn. A connection that has an SA is used whosever
 * turn it is. The clocks of passive mode belong to the flow and go on meanwhile.
 */
class IpsecGate
{
  public:
    /**
     * Take the policy. Flows that are still there (the same connection with the same line) keep
     * their clocks; with passive mode switched off every flow that sends in the clear is cleared
     * and starts again under the strict rule. Indexes of interfaces change.
     * @return how many flows were cleared for that reason
     */
    size_t Configure(const std::vector<InterfacePolicy>& policies,
                     const PassiveModeRules& rules,
                     Instant now);
    /// All addresses of this node, for what is exempt; again whenever they change.
    void SetOwnAddresses(std::vector<IpAddress> addresses);
    /**
     * A connection that a peer opened at a dynamic entry: stands before that entry's lines, and
     * before what was opened earlier.
     * @return false, and nothing is done, when there is no such dynamic entry (any more), or the
     *         line does not permit by just one connection
     */
    bool Open(const std::string& interface, const std::string& entry, const PolicyLine& line);
    void Close(ConnectionId connection);

    /// The number of an interface with a crypto map; the packets of others are not the gate's.
    std::optional<size_t> FindInterface(const std::string& name) const;
    /**
     * A whole packet is about to leave through an interface.
     * @param now time of the packet
     * @param interface of FindInterface()
     * @param packet as it would go in the clear
     * @param plane says which connections have an SA
     */
    GateOutbound Outbound(Instant now,
                          size_t interface,
                          const IpPacketView& packet,
                          const IpsecDataPlane& plane);
    /// A packet came in the clear: neither out of ESP nor through a tunnel.
    GateInbound Inbound(Instant now, size_t interface, const IpPacketView& packet);

    /// The connection carries traffic now, or no more (SelectOutboundAction).
    void NoteSelected(ConnectionId connection, bool selected);
    /// An attempt of this end for the connection began, or the last one that ran is over.
    void NoteAttempt(ConnectionId connection, bool running, Instant now);
    /// All state is lost (reboot); policy, rules and addresses stay.
    void Clear(Instant now);

    /// The next reminder, or Never. Silent flows need no deadline: their next packet notices.
    Instant NextDeadline() const;
    /// Its time has come.
    std::optional<GateMessage> HandleDeadline(Instant now);

    const PassiveModeRules& GetRules() const;
    /// To which packets were sent in the clear less than `idle` ago and without an SA since, in the
    /// order of addresses.
    std::vector<ClearDestination> GetClearDestinations(Instant now) const;
    uint64_t GetFingerprint(Instant now) const;

  private:
    /// Names a flow: its first connection, or a number above all connections for a line that has
    /// none.
    using FlowKey = uint64_t;

    /// A line with its flow.
    struct Line
    {
        PolicyLine policy; ///< as configured, or as opened
        FlowKey flow{0};   ///< 0: a `deny` line
    };

    /// An entry with what it remembers.
    struct Entry
    {
        std::string name;         ///< "xauthmap 10"
        bool dynamic{false};      ///< nothing begins here
        std::vector<Line> opened; ///< by peers, the last one first
        std::vector<Line> lines;  ///< as configured
        size_t turn{0};           ///< which peer is tried
    };

    /// A crypto map on an interface.
    struct Interface
    {
        std::string name;           ///< "Ethernet1/0"
        std::vector<Entry> entries; ///< in order
    };

    /// Packets to one destination.
    struct ClearRecord
    {
        uint64_t packets{0}; ///< so far
        Instant since;       ///< the first one
        Instant last;        ///< the last one
    };

    /// A flow with what the node tells of it.
    struct Flow
    {
        std::string interface;                         ///< where it was seen first
        std::string entry;                             ///< of which entry
        PolicyLine policy;                             ///< of which line
        PassiveFlow passive;                           ///< its clocks
        std::map<IpAddress, ClearRecord> destinations; ///< of its packets in the clear
    };

    /// Where a connection stands among the peers of an entry.
    struct Place
    {
        size_t turn;  ///< which one it is
        size_t peers; ///< of so many
    };

    using Flows = std::map<FlowKey, Flow>;

    /// The line that decides about a packet, in its entry.
    struct Match
    {
        const Entry* entry{nullptr}; ///< none: nobody asks for protection
        const Line* line{nullptr};   ///< of the entry
    };

    /// Lines with flows; what is known of the latter goes with them.
    Interface Compile(const InterfacePolicy& policy, Flows& before, Instant now);
    Line CompileLine(const std::string& interface,
                     const std::string& entry,
                     const PolicyLine& policy,
                     Flows& before,
                     Instant now);
    /// What an entry remembers over a change of the configuration.
    void Inherit(const std::string& interface,
                 const Entry& old,
                 Entry& entry,
                 Flows& before,
                 Instant now);
    /// What was known of a flow, or a new one.
    static Flow TakeFlow(Flows& before, FlowKey key, const Flow& wanted);
    /// A flow runs an attempt while any of its connections does.
    void FollowAttempts(Flow& flow, const PolicyLine& policy, Instant now);
    /// The line that a peer opened is gone.
    void Shut(ConnectionId connection);
    /// Passive mode begins or ends. @return how many flows were cleared
    size_t Switch(const PassiveModeRules& rules, Instant now);

    bool IsOwn(const IpAddress& address) const;
    /// IKE of this node, or ESP from or to it.
    bool IsExempt(const AccessSubject& subject) const;
    /// A later fragment of UDP to this node itself.
    bool IsPieceOfOwn(const IpPacketView& packet) const;
    Match Find(size_t interface, const AccessSubject& subject) const;
    /// @param destination of the subject, in host order
    static const Line* FindIn(const std::vector<Line>& lines,
                              const AccessSubject& subject,
                              uint32_t destination);
    /// Whose SA carries a packet of the line; 0: there is none.
    static ConnectionId PickConnection(const Match& match, const IpsecDataPlane& plane);
    /// A line asks for protection, and there is no SA.
    void Decide(Instant now,
                const Match& match,
                const IpAddress& destination,
                GateOutbound& result);
    /// Book a packet that goes in the clear.
    void NoteClear(Flow& flow, const IpAddress& destination, Instant now);
    void DropOldestDestination();
    /// The flow of a connection, or null.
    Flow* FindFlowOf(ConnectionId connection);
    /// The turn of each entry where this connection has it goes on.
    void PassTurn(ConnectionId connection);
    /// This connection has the turn in each entry.
    void TakeTurn(ConnectionId connection);
    /// Where a connection stands among the peers of an entry.
    static std::optional<Place> PlaceOf(const Entry& entry, ConnectionId connection);
    Entry* FindEntry(const std::string& interface, const std::string& entry);

    void AddFlow(Fingerprint& fingerprint, const Flow& flow, Instant now) const;
    static void AddEntry(Fingerprint& fingerprint, const Entry& entry);

    std::vector<Interface> m_interfaces;      ///< with crypto maps
    std::vector<IpAddress> m_own;             ///< sorted
    PassiveModeRules m_rules;                 ///< of passive mode
    Flows m_flows;                            ///< one per permit line, made by configuration
    std::map<ConnectionId, FlowKey> m_flowOf; ///< of which flow a connection is
    std::set<ConnectionId> m_selected;        ///< connections with an SA
    std::set<ConnectionId> m_attempting;      ///< connections for which IKE tries
    GateMessages m_messages;                  ///< when they are due
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_GATE_H
