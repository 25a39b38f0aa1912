/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_POLICY_MAP_H
#define IPSEC_POLICY_MAP_H

#include "ike-events.h"
#include "ike-time.h"
#include "ipsec-access-line.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @file
 * Crypto maps as packets see them: what configuration text means to the data plane. It is made in
 * the room of the configuration and used in the room of the data plane.
 */

/**
 * A line of an entry's access list, with what it leads to.
 *
 * A `permit` line is a flow: one pair of SAs (RFC 2407 proxy identities are those of the line) with
 * one peer at a time. There is a connection for each `set peer`, in their order, and the first one
 * names the flow. A `deny` line, and a line that IKE cannot negotiate, has none.
 */
struct PolicyLine
{
    AccessLine line;                       ///< whom it is about
    std::vector<ConnectionId> connections; ///< one per peer; empty: a `deny` line

    friend bool operator==(const PolicyLine& a, const PolicyLine& b)
    {
        return a.line == b.line && a.connections == b.connections;
    }
};

/// An entry of a crypto map on one interface.
struct PolicyEntry
{
    std::string name;              ///< "xauthmap 10"
    std::vector<PolicyLine> lines; ///< of `match address`, in order; behind them: no match
    /// `ipsec-isakmp dynamic NAME`: nothing begins here, and connections that peers opened stand
    /// before its lines (see OpenConnectionAction). Its lines say what must not come in the clear.
    bool dynamic{false};

    friend bool operator==(const PolicyEntry& a, const PolicyEntry& b)
    {
        return a.name == b.name && a.lines == b.lines && a.dynamic == b.dynamic;
    }
};

/// The crypto map of an interface: entries in the order of their sequence numbers.
struct InterfacePolicy
{
    std::string interface;            ///< "Ethernet1/0"
    std::vector<PolicyEntry> entries; ///< in order

    friend bool operator==(const InterfacePolicy& a, const InterfacePolicy& b)
    {
        return a.interface == b.interface && a.entries == b.entries;
    }
};

/// `crypto ipsec optional`, with what research may turn.
struct PassiveModeRules
{
    bool enabled{false};                            ///< `crypto ipsec optional`
    Duration retry{Duration::Seconds(300)};         ///< `crypto ipsec optional retry SECONDS`
    Duration clearAfter{Duration::Seconds(10)};     ///< the seed's "10 seconds"
    Duration idle{Duration::Seconds(3600)};         ///< a silent flow is forgotten; assumption
    Duration reminderEvery{Duration::Seconds(600)}; ///< the seed: "every 10 minutes"
    Duration warningEvery{Duration::Seconds(60)};   ///< the seed: "once every minute"

    friend bool operator==(const PassiveModeRules& a, const PassiveModeRules& b)
    {
        return a.enabled == b.enabled && a.retry == b.retry && a.clearAfter == b.clearAfter &&
               a.idle == b.idle && a.reminderEvery == b.reminderEvery &&
               a.warningEvery == b.warningEvery;
    }
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_POLICY_MAP_H
