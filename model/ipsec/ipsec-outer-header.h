/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_OUTER_HEADER_H
#define IPSEC_OUTER_HEADER_H

#include "ipsec-sa.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ns3
{
namespace ike
{

/// TTL of a tunnel's outer header: what RFC 1700 recommends for a header that a host makes. It does
/// not follow from the inner one (RFC 4301 5.1.2.1).
constexpr uint8_t OUTER_TTL = 64;

/**
 * What stands outside of ESP: an IP header, and UDP where there is any. Outbound it says what the
 * caller has to build, inbound what the caller saw. The protocol is 17 with `udp`, else 50.
 */
struct OuterHeader
{
    IpAddress source{};       ///< outer source
    IpAddress destination{};  ///< outer destination
    uint8_t tos{0};           ///< DSCP and ECN; the traffic class of IPv6
    uint8_t ttl{OUTER_TTL};   ///< hop limit of IPv6
    bool dontFragment{false}; ///< DF; always in IPv6
    /// Transport mode: of the packet itself. Nothing: whoever builds the header numbers it.
    std::optional<uint16_t> identification{};
    uint32_t flowLabel{0}; ///< IPv6 alone
    /// Transport mode: IPv4 options with their padding, or the hop-by-hop header of IPv6. They stay
    /// in front of ESP (RFC 4303 3.1.1); what of them names the next header is not looked at.
    Octets options{};
    std::optional<UdpEncapsulation> udp{}; ///< in UDP between these ports (RFC 3948 2.1)
};

/// What becomes of the DF bit at a tunnel's entry (RFC 4301 8.1).
enum class DontFragment : uint8_t
{
    Clear, ///< outer packets may be fragmented
    Set,   ///< they may not
    Copy,  ///< as the inner header says; IPv6 counts as set
};

/// How a node builds the outer headers of its tunnels.
struct OuterPolicy
{
    bool copyDscp{true}; ///< the outer DSCP is the inner one; else 0
    bool ecn{true};      ///< normal mode of RFC 6040 4.1; else compatibility mode
    DontFragment dontFragment{DontFragment::Copy};
};

/// TOS at a tunnel's entry (RFC 4301 5.1.2.1, RFC 6040 4.1): the inner ECN field is copied, CE
/// included; in compatibility mode the outer one is Not-ECT, so nobody marks it.
uint8_t OuterTosFor(uint8_t inner, const OuterPolicy& policy);
/// TOS of the inner header at a tunnel's exit (RFC 6040 4.2), which is one for both modes of the
/// entry; nothing where the packet must be dropped: CE over Not-ECT. The DSCP is the inner one.
std::optional<uint8_t> InnerTosAfter(uint8_t inner, uint8_t outer);
/// DF at a tunnel's entry.
bool OuterDontFragmentFor(bool inner, const OuterPolicy& policy);

/// Octets from SPI to ICV around a payload: an inner packet in tunnel mode, what follows the IP
/// header in transport mode. TFC padding would come on top.
size_t EspLengthOf(const IpsecSa& sa, size_t payloadLength);
/// What protection adds to a payload on the way: ESP, UDP where the SA has it, and in tunnel mode
/// the outer IP header.
size_t OverheadOf(const IpsecSa& sa, size_t payloadLength);
/// The longest IP packet that an SA carries in an outer packet of at most so many octets; 0: none.
/// In transport mode for a packet without IP options.
size_t LargestInnerFor(const IpsecSa& sa, size_t outerMtu);

} // namespace ike
} // namespace ns3

#endif // IPSEC_OUTER_HEADER_H
