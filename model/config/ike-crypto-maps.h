/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CRYPTO_MAPS_H
#define IKE_CRYPTO_MAPS_H

#include "ike-text-reference.h"

#include "ns3/ike-algorithms.h"
#include "ns3/ike-octets.h"
#include "ns3/ike-time.h"
#include "ns3/ipsec-access-line.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @file
 * Policy based IPsec as its operator typed it: access lists, crypto maps, dynamic crypto maps.
 */

/// A line of an access list, or a remark.
struct AccessListLine
{
    AccessLine line;       ///< what it says; nothing when it is a remark
    std::string remark;    ///< `remark TEXT`; empty: it is a line
    bool log{false};       ///< `log`: accepted and shown, nothing is logged
    TextPosition position; ///< of its command

    bool IsRemark() const
    {
        return !remark.empty();
    }
};

/// `access-list NUMBER ...`, `ip access-list extended NAME`
struct AccessListText
{
    std::string name;                         ///< as configured; digits alone: a numbered one
    std::map<uint32_t, AccessListLine> lines; ///< by sequence number
    TextPosition position;                    ///< of its first command

    bool IsNumbered() const;
};

/// What is said about negotiated SAs alike under `crypto ipsec profile` and in crypto maps.
struct IpsecTermsText
{
    std::vector<NameReference> transformSets;   ///< `set transform-set A [B ...]`
    std::optional<NameReference> isakmpProfile; ///< `set isakmp-profile NAME`
    std::optional<DhGroup> pfs;                 ///< `set pfs [groupN]`
    std::optional<Duration> lifetime;           ///< `set security-association lifetime seconds`
    std::optional<uint64_t> lifetimeKilobytes;  ///< `set security-association lifetime kilobytes`
    std::optional<uint32_t> replayWindow;       ///< packets; 0: `... replay disable`
    std::string description;                    ///< `description TEXT`
};

/// `set session-key {inbound | outbound} esp SPI [cipher HEX] [authenticator HEX]`
struct SessionKeyText
{
    uint32_t spi{0};         ///< 256 to 4294967295
    Octets cipherKey;        ///< empty: none was given
    Octets authenticatorKey; ///< empty: none was given
    TextPosition position;   ///< of the SPI
};

/// `crypto map NAME SEQ ...`, `crypto dynamic-map NAME SEQ`
struct CryptoMapEntryText : IpsecTermsText
{
    /// How its SAs come to be.
    enum class Kind : uint8_t
    {
        Isakmp,  ///< `ipsec-isakmp`, and all entries of dynamic maps
        Manual,  ///< `ipsec-manual`
        Dynamic, ///< `ipsec-isakmp dynamic NAME`
    };

    Kind kind{Kind::Isakmp};                   ///< how
    std::optional<NameReference> dynamicMap;   ///< `dynamic NAME`
    std::vector<IpAddress> peers;              ///< `set peer A`, in the order in which to try them
    std::optional<NameReference> accessList;   ///< `match address LIST`
    std::optional<SessionKeyText> inboundKey;  ///< `set session-key inbound ...`
    std::optional<SessionKeyText> outboundKey; ///< `set session-key outbound ...`
    TextPosition position;                     ///< of its header line
};

/// All entries of a name.
struct CryptoMapText
{
    std::string name;                               ///< as configured
    std::map<uint32_t, CryptoMapEntryText> entries; ///< by sequence number
    std::optional<NameReference> localAddress;      ///< `crypto map NAME local-address INTERFACE`
};

} // namespace ike
} // namespace ns3

#endif // IKE_CRYPTO_MAPS_H
