/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ROUTER_CONFIG_H
#define IKE_ROUTER_CONFIG_H

#include "ike-engine-config.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Where something stood in a configuration text.
struct TextPosition
{
    std::string file;   ///< name of the text: "R1.ios", "console"
    unsigned line{0};   ///< from 1; 0: not from a text
    unsigned column{0}; ///< from 1
};

/// A reference by name, with the place that an error about it points to.
struct NameReference
{
    std::string name;      ///< what is meant
    TextPosition position; ///< where it was written
};

/// What is wrong with a configuration: everything that an error message needs.
struct ConfigError
{
    TextPosition position; ///< where
    std::string word;      ///< the word that is wrong
    std::string message;   ///< what is wrong
    std::string expected;  ///< what was expected, or a hint; may be empty

    /// "R1.ios:12:5: 'aes' ...: expected ..."
    std::string ToString() const;
};

/// `crypto keyring NAME`; the global keys are the one without a name.
struct KeyringConfig
{
    std::string name;               ///< empty: global
    std::vector<PreSharedKey> keys; ///< in order
};

/// `crypto isakmp profile NAME`
struct IsakmpProfileText
{
    std::string name;                        ///< as configured
    std::optional<NameReference> keyring;    ///< `keyring NAME`
    std::vector<IpPrefix> identityAddresses; ///< `match identity address A [M]`
    TextPosition position;                   ///< of its header line
};

/// `crypto ipsec transform-set NAME ...`
struct TransformSetText
{
    EspTransformSet set; ///< what it means
};

/// `crypto ipsec profile NAME`
struct IpsecProfileText
{
    std::string name;                           ///< as configured
    std::vector<NameReference> transformSets;   ///< `set transform-set A [B ...]`
    std::optional<NameReference> isakmpProfile; ///< `set isakmp-profile NAME`
    std::optional<DhGroup> pfs;                 ///< `set pfs [groupN]`
    std::optional<Duration> lifetime;           ///< `set security-association lifetime seconds`
    std::optional<uint64_t> lifetimeKilobytes;  ///< `set security-association lifetime kilobytes`
    bool responderOnly{false};                  ///< `responder-only`
    TextPosition position;                      ///< of its header line
    std::string description;                    ///< `description TEXT`
};

/// An interface.
struct InterfaceText
{
    std::string name;                               ///< "Ethernet0/0", "Loopback0", "Tunnel0"
    ConnectionId id{0};                             ///< of a tunnel; never given twice
    std::optional<IpAddress> address;               ///< `ip address A M`
    unsigned prefixLength{0};                       ///< of the address
    bool shutdown{false};                           ///< `shutdown`
    std::optional<NameReference> tunnelSource;      ///< an address or an interface name
    std::optional<IpAddress> tunnelDestination;     ///< `tunnel destination A`
    bool tunnelModeIpsecIpv4{false};                ///< `tunnel mode ipsec ipv4`
    std::optional<NameReference> protectionProfile; ///< `tunnel protection ipsec profile NAME`
    TextPosition position;                          ///< of its header line
    std::string description;                        ///< `description TEXT`

    bool IsTunnel() const;
};

/// `ip route PREFIX MASK {NEXTHOP | INTERFACE} [DISTANCE]`
struct StaticRouteText
{
    IpPrefix prefix;                        ///< destination
    std::optional<IpAddress> nextHop;       ///< a gateway,
    std::optional<NameReference> interface; ///< or an interface
    unsigned distance{1};                   ///< administrative distance
    TextPosition position;                  ///< of its line
};

/// A router's whole configuration: what its operator typed, as values.
struct RouterConfig
{
    std::string hostname{"Router"};                ///< `hostname NAME`
    std::vector<IsakmpPolicy> policies;            ///< sorted by priority
    std::map<std::string, KeyringConfig> keyrings; ///< by name; "" global
    std::map<std::string, IsakmpProfileText> isakmpProfiles;
    std::map<std::string, TransformSetText> transformSets;
    std::map<std::string, IpsecProfileText> ipsecProfiles;
    std::vector<InterfaceText> interfaces;     ///< in the order of their appearance
    std::vector<StaticRouteText> staticRoutes; ///< in order
    bool ripEnabled{false};                    ///< `router rip`
    std::vector<IpPrefix> ripNetworks;         ///< `network N`, classful
    std::optional<Duration> globalLifetime;    ///< `crypto ipsec security-association lifetime`
    std::optional<uint64_t> globalLifetimeKilobytes;  ///< the same
    ConnectionId nextConnectionId{1};                 ///< for the next tunnel
    bool ripVersion2{false};                          ///< `version 2` was typed
    std::map<uint32_t, TextPosition> policyPositions; ///< header lines, by priority
    /// Header lines of crypto maps and dynamic maps. They are read so far that responder-only in
    /// them can be refused with the reason; CheckReferences() refuses the blocks themselves.
    std::vector<NameReference> cryptoMaps;

    const InterfaceText* FindInterface(const std::string& name) const;
};

/// Do both say the same? Where it was written, and which ids tunnels got, does not count.
bool IsSameConfiguration(const RouterConfig& a, const RouterConfig& b);

} // namespace ike
} // namespace ns3

#endif // IKE_ROUTER_CONFIG_H
