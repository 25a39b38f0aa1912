/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_GATE_FIXTURE_H
#define IPSEC_GATE_FIXTURE_H

#include "ns3/ike-crypto.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipsec-gate.h"
#include "ns3/ipsec-manual-sa.h"

#include <memory>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Crypto maps, packets for them, and nodes that have both.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

/// "permit udp 10.1.0.0/16 10.2.2.2 to 53": action, protocol, source, destination, and a port
/// behind `from` or `to`.
AccessLine MakeAccessLine(const std::string& text);
/// The same with its connections.
PolicyLine MakeLine(const std::string& text, const std::vector<ConnectionId>& connections = {});

/// "10.1.1.1 10.2.2.2 udp 1024 53": an IP packet, ports where they are written. `piece` behind it:
/// a later fragment.
IpPacketView MakeView(const std::string& text);

/// A moment in seconds.
inline Instant
At(int64_t seconds)
{
    return Instant{seconds * 1000000000};
}

/// Passive mode as the seed has it.
PassiveModeRules Passive();
/// No passive mode.
PassiveModeRules Strict();

/// One node's policy and data plane. What packets meet is a line of text.
struct GateNode
{
    explicit GateNode(const std::vector<PolicyEntry>& entries = {},
                      const PassiveModeRules& rules = Strict(),
                      Instant now = Instant{0});

    /// A whole configuration of the one interface; returns how many flows were cleared.
    size_t Configure(const std::vector<PolicyEntry>& entries,
                     const PassiveModeRules& rules,
                     Instant now);
    /// "protect 7", "bypass", "drop no-sa", "clear", each with " try 7"; messages go to `log`.
    std::string Out(Instant now, const std::string& packet);
    /// "bypass", "clear", "drop clear-received"
    std::string In(Instant now, const std::string& packet);
    /// A connection gets an SA of manual keys, or loses it. The peer's SPIs are ours exchanged.
    void Up(ConnectionId connection, const ManualSaParameters& parameters);
    void Up(ConnectionId connection);
    void Down(ConnectionId connection);
    void Note(const std::optional<GateMessage>& message);

    IpsecGate gate;                    ///< policy
    IpsecDataPlane plane{RandomKey{}}; ///< SAs
    std::vector<std::string> log;      ///< messages
    std::vector<PolicyEntry> entries;  ///< as configured
};

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IPSEC_GATE_FIXTURE_H
