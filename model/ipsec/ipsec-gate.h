/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_GATE_H
#define IPSEC_GATE_H

#include "ipsec-data-plane.h"
#include "ipsec-ip-packet.h"
#include "ipsec-passive-flow.h"

#include "ns3/ike-verdict.h"
#include "ns3/ipsec-policy-map.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A warning of passive mode, in the words of the document.
struct GateMessage
{
    /// Which.
    enum class Kind : uint8_t
    {
        Reminder,      ///< "Security warning: crypto ipsec optional is configured"
        ClearSent,     ///< "Unencrypted traffic is sent to A because crypto optional is configured"
        ClearReceived, ///< "Unencrypted traffic is received from A because crypto optional ..."
    };

    Kind kind{Kind::Reminder}; ///< which
    IpAddress address;         ///< of a packet of the interval; none in the reminder

    std::string ToString() const;
};

/// What becomes of a packet that is about to leave through an interface with a crypto map.
struct GateOutbound
{
    /// Protect (by `connection`), Bypass (no line permits it, or passive mode lets it go in the
    /// clear), or Discard with NoSa.
    Verdict verdict;
    ConnectionId connection{0};          ///< whose SA, when there is one
    bool passive{false};                 ///< Bypass by passive mode: a line asked for protection
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

/**
 * The security policy of a node with crypto maps (RFC 4301 4.4.1), and IPsec passive mode: which
 * packets must be protected, which connection protects them, what happens while there is no SA. A
 * copyable value, without ns-3 and without IKE.
 *
 * IKE (UDP 500 and 4500, from or to an address of this node) and ESP between gateways are exempt
 * before any line is asked, out and in, strict or passive: the seed's own access list matches its
 * two gateways, so that without the exemption no SA could form.
 *
 * Several peers are tried in turn: an attempt that ends without an SA makes the flow's next packet
 * try the next peer. The clocks of passive mode belong to the flow and go on meanwhile.
 */
class IpsecGate
{
  public:
    /**
     * Take the policy. Flows that are still there keep their clocks; with passive mode switched off
     * every flow that sends in the clear is cleared and starts again under the strict rule.
     * @return how many flows were cleared for that reason
     */
    size_t Configure(const std::vector<InterfacePolicy>& policies,
                     const PassiveModeRules& rules,
                     Instant now);
    /// A connection that a peer opened at a dynamic entry: stands before that entry's lines.
    void Open(const std::string& interface, const std::string& entry, const PolicyLine& line);
    void Close(ConnectionId connection);

    /// Has the interface a crypto map? Else its packets are not the gate's.
    bool IsGuarded(const std::string& interface) const;
    /**
     * A whole packet is about to leave through an interface.
     * @param own is the source, or for IKE the one end, an address of this node?
     * @param plane says which connections have an SA
     */
    GateOutbound Outbound(Instant now,
                          const std::string& interface,
                          const IpPacketView& packet,
                          const IpsecDataPlane& plane);
    /// A packet came in the clear: neither out of ESP nor through a tunnel.
    GateInbound Inbound(Instant now, const std::string& interface, const IpPacketView& packet);

    /// The connection carries traffic now, or no more (SelectOutboundAction).
    void NoteSelected(ConnectionId connection, bool selected, Instant now);
    /// See AttemptAction.
    void NoteAttempt(ConnectionId connection, bool running, Instant now);
    /// All state is lost (reboot); policy and rules stay.
    void Clear();

    /// The next reminder, or silent flow to be forgotten; Never.
    Instant NextDeadline() const;
    /// Its time has come: at most the reminder.
    std::optional<GateMessage> HandleDeadline(Instant now);

    const PassiveModeRules& GetRules() const;
    std::vector<ClearDestination> GetClearDestinations() const;
    uint64_t GetFingerprint(Instant now) const;
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_GATE_H
