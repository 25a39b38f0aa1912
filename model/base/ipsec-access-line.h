/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_ACCESS_LINE_H
#define IPSEC_ACCESS_LINE_H

#include "ike-address.h"
#include "ike-selector.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace ike
{

/// An IPv4 address under a wildcard mask, as access lists of IOS write it: a bit that is one in the
/// wildcard may be anything.
struct WildcardAddress
{
    uint32_t address{0};            ///< in host order
    uint32_t wildcard{0xffffffffU}; ///< in host order; all ones: `any`

    bool Matches(const IpAddress& a) const;
    /// The network that it stands for; nothing when the wildcard has holes.
    std::optional<IpPrefix> ToPrefix() const;

    friend bool operator==(const WildcardAddress& a, const WildcardAddress& b)
    {
        return a.wildcard == b.wildcard && (a.address | a.wildcard) == (b.address | b.wildcard);
    }
};

/// What a line of an access list says of the ports at one end of a packet.
struct PortCondition
{
    /// How to compare.
    enum class Operator : uint8_t
    {
        Any,      ///< no condition
        Equal,    ///< `eq P`
        NotEqual, ///< `neq P`
        Less,     ///< `lt P`
        Greater,  ///< `gt P`
        Range,    ///< `range P Q`, both included
    };

    Operator op{Operator::Any}; ///< how
    uint16_t low{0};            ///< with what
    uint16_t high{0};           ///< `range` alone

    bool Matches(uint16_t port) const;

    friend bool operator==(const PortCondition& a, const PortCondition& b)
    {
        return a.op == b.op && a.low == b.low && a.high == b.high;
    }
};

/// What a packet shows to an access list.
struct AccessSubject
{
    IpAddress source;                        ///< of the IP header
    IpAddress destination;                   ///< of the IP header
    uint8_t protocol{0};                     ///< of the upper layer
    std::optional<uint16_t> sourcePort;      ///< TCP and UDP, not in later fragments
    std::optional<uint16_t> destinationPort; ///< the same

    /// The packet as its answer would look: source and destination exchanged.
    AccessSubject Mirrored() const;
};

/// A line of an extended access list.
struct AccessLine
{
    bool permit{true};             ///< or deny
    uint8_t protocol{0};           ///< of IP; 0: `ip`, any
    WildcardAddress source;        ///< whom it is from
    WildcardAddress destination;   ///< whom it is for
    PortCondition sourcePort;      ///< TCP and UDP alone
    PortCondition destinationPort; ///< TCP and UDP alone

    /**
     * A later fragment shows no ports. As in IOS it matches a `permit` line by its addresses and
     * protocol, and never a `deny` line that asks for ports: what is to be protected never leaves
     * in the clear in pieces.
     */
    bool Matches(const AccessSubject& subject) const;
    /// The proxy identity of one side (RFC 2407 4.6.2), nothing where there is none: a wildcard
    /// with holes, or ports other than one (`eq`) or all.
    std::optional<Selector> SourceSelector() const;
    std::optional<Selector> DestinationSelector() const;

    friend bool operator==(const AccessLine& a, const AccessLine& b)
    {
        return a.permit == b.permit && a.protocol == b.protocol && a.source == b.source &&
               a.destination == b.destination && a.sourcePort == b.sourcePort &&
               a.destinationPort == b.destinationPort;
    }
};

/// The permit line for what was negotiated between two identities; where the addresses of one are
/// no network, for the smallest network around them.
AccessLine MakeAccessLine(const Selector& source, const Selector& destination);

} // namespace ike
} // namespace ns3

#endif // IPSEC_ACCESS_LINE_H
