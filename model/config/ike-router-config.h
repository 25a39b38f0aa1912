/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ROUTER_CONFIG_H
#define IKE_ROUTER_CONFIG_H

#include "ike-crypto-maps.h"
#include "ike-engine-config.h"
#include "ike-keyed-list.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{
namespace ike
{

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

/// What a tunnel puts around a packet: `tunnel mode ...`.
enum class TunnelMode : uint8_t
{
    GreIp,     ///< `gre ip`, the default of IOS: GRE (RFC 2784) between the two ends
    IpIp,      ///< `ipip`: IP in IP (RFC 2003) between the two ends
    IpsecIpv4, ///< `ipsec ipv4`, a VTI: nothing but ESP in tunnel mode
};

/// The DF bit of the outer header: `crypto ipsec df-bit {clear | set | copy}`.
enum class DfBit : uint8_t
{
    Clear, ///< never set
    Set,   ///< always set
    Copy,  ///< that of the inner header; the default of IOS
};

/// `crypto ipsec fragmentation {before-encryption | after-encryption}`
enum class FragmentationOrder : uint8_t
{
    BeforeEncryption, ///< the inner packet is cut so that each ESP packet fits; default of IOS
    AfterEncryption,  ///< the ESP packet is cut on its way
};

/// By whom a key is found: their addresses, or one of them by kind of name and name.
struct KeyOfPeers
{
    using Key = std::tuple<IpAddress, unsigned, IdentityKind, std::string>;
    Key operator()(const PreSharedKey& key) const;
};

/// `crypto keyring NAME`; the global keys are the one without a name.
struct KeyringConfig
{
    std::string name;                         ///< empty: global
    KeyedList<PreSharedKey, KeyOfPeers> keys; ///< in order
};

/// `crypto isakmp profile NAME`
struct IsakmpProfileText
{
    std::string name;                        ///< as configured
    std::optional<NameReference> keyring;    ///< `keyring NAME`
    std::vector<IpPrefix> identityAddresses; ///< `match identity address A [M]`
    TextPosition position;                   ///< of its header line
    std::vector<IkeIdentity> identities;     ///< `match identity host H`, `match identity user U`
    /// `self-identity ...`; an FQDN without text is the router's own
    std::optional<IkeIdentity> selfIdentity;
    bool aggressive{false};                       ///< `initiate mode aggressive`
    std::optional<NameReference> trustpoint;      ///< `ca trust-point NAME`
    std::optional<DpdConfig> keepalive;           ///< `keepalive SECONDS retry RETRY`
    std::optional<NameReference> virtualTemplate; ///< `virtual-template N`: "Virtual-TemplateN"
};

/// `crypto isakmp peer address A`
struct IsakmpPeerText
{
    IpAddress address;                         ///< whose
    std::optional<IkeIdentity> clientEndpoint; ///< `set aggressive-mode client-endpoint ...`
    std::optional<Octets> password;            ///< `set aggressive-mode password P`
    std::string description;                   ///< `description TEXT`
    TextPosition position;                     ///< of its header line
};

/// `crypto pki trustpoint NAME`. Files are named here; RouterConfig::files has what is in them.
struct TrustpointText
{
    std::string name;                        ///< as configured
    bool terminal{false};                    ///< `enrollment terminal [pem]`
    std::optional<NameReference> anchorFile; ///< `enrollment url file://PATH`
    std::optional<NameReference> chainFile;  ///< `certificate file://PATH` (not IOS)
    std::optional<NameReference> keyFile;    ///< `private-key file://PATH` (not IOS)
    bool revocationUnchecked{false};         ///< `revocation-check none`
    std::string subjectName;                 ///< `subject-name TEXT`, for enrolment alone
    std::string keyPair;                     ///< `rsakeypair LABEL ...`, for enrolment alone
    TextPosition position;                   ///< of its header line
};

/// `crypto ipsec transform-set NAME ...`
struct TransformSetText
{
    EspTransformSet set; ///< what it means
};

/// `crypto ipsec profile NAME`
struct IpsecProfileText : IpsecTermsText
{
    std::string name;                             ///< as configured
    bool responderOnly{false};                    ///< `responder-only`
    std::optional<Duration> dummyInterval;        ///< `set security-association dummy ...`
    std::optional<unsigned> reverseRouteDistance; ///< `set reverse-route distance N`; default 1
    TextPosition position;                        ///< of its header line
};

/// An interface.
struct InterfaceText
{
    std::string name;                                ///< "Ethernet0/0", "Loopback0", "Tunnel0",
                                                     ///< "Virtual-Template1"
    ConnectionId id{0};                              ///< of a tunnel; never given twice
    std::optional<IpAddress> address;                ///< `ip address A M`
    unsigned prefixLength{0};                        ///< of the address
    bool shutdown{false};                            ///< `shutdown`
    std::optional<NameReference> tunnelSource;       ///< an address or an interface name
    std::optional<IpAddress> tunnelDestination;      ///< `tunnel destination A`
    TunnelMode tunnelMode{TunnelMode::GreIp};        ///< `tunnel mode ...`
    std::optional<NameReference> protectionProfile;  ///< `tunnel protection ipsec profile NAME`
    std::optional<NameReference> protectionPolicy;   ///< `tunnel protection ipsec policy ipv4 LIST`
    std::optional<NameReference> unnumbered;         ///< `ip unnumbered INTERFACE`
    TextPosition position;                           ///< of its header line
    std::string description;                         ///< `description TEXT`
    std::optional<DfBit> dfBit;                      ///< `crypto ipsec df-bit ...`
    std::optional<FragmentationOrder> fragmentation; ///< `crypto ipsec fragmentation ...`
    std::optional<uint32_t> ipMtu;                   ///< `ip mtu OCTETS`, of a tunnel
    std::optional<NameReference> cryptoMap;          ///< `crypto map NAME`, not of a tunnel

    bool IsTunnel() const;
    /// `interface Virtual-Template N type tunnel`: what virtual-access interfaces are made from.
    bool IsVirtualTemplate() const;
};

/// By what an interface is found.
struct NameOfInterface
{
    const std::string& operator()(const InterfaceText& interface) const
    {
        return interface.name;
    }
};

/// The interfaces of a router in the order of their appearance.
using InterfaceList = KeyedList<InterfaceText, NameOfInterface>;

/// `ip route PREFIX MASK {NEXTHOP | INTERFACE} [DISTANCE]`
struct StaticRouteText
{
    IpPrefix prefix;                        ///< destination
    std::optional<IpAddress> nextHop;       ///< a gateway,
    std::optional<NameReference> interface; ///< or an interface
    unsigned distance{1};                   ///< administrative distance
    TextPosition position;                  ///< of its line
};

/// By what a route is found: another one that differs in its distance alone takes its place.
struct HopOfRoute
{
    using Key = std::tuple<IpAddress, unsigned, std::optional<IpAddress>, std::string>;
    Key operator()(const StaticRouteText& route) const;
};

/// The static routes of a router in the order of their appearance.
using StaticRouteList = KeyedList<StaticRouteText, HopOfRoute>;

/// A router's whole configuration: what its operator typed, as values.
struct RouterConfig
{
    std::string hostname{"Router"};                ///< `hostname NAME`
    std::vector<IsakmpPolicy> policies;            ///< sorted by priority
    std::map<std::string, KeyringConfig> keyrings; ///< by name; "" global
    std::map<std::string, IsakmpProfileText> isakmpProfiles;
    std::map<std::string, TransformSetText> transformSets;
    std::map<std::string, IpsecProfileText> ipsecProfiles;
    InterfaceList interfaces;               ///< in the order of their appearance
    StaticRouteList staticRoutes;           ///< in order
    bool ripEnabled{false};                 ///< `router rip`
    std::vector<IpPrefix> ripNetworks;      ///< `network N`, classful
    std::optional<Duration> globalLifetime; ///< `crypto ipsec security-association lifetime`
    std::optional<uint64_t> globalLifetimeKilobytes;   ///< the same
    ConnectionId nextConnectionId{1};                  ///< for the next tunnel or flow
    bool ripVersion2{false};                           ///< `version 2` was typed
    std::map<uint32_t, TextPosition> policyPositions;  ///< header lines, by priority
    std::map<std::string, AccessListText> accessLists; ///< by name; the number is one
    std::map<std::string, CryptoMapText> cryptoMaps;   ///< by name
    std::map<std::string, CryptoMapText> dynamicMaps;  ///< by name
    bool passive{false};                               ///< `crypto ipsec optional`
    std::optional<Duration> passiveRetry;              ///< `crypto ipsec optional retry SECONDS`
    /// Ids of what crypto maps ask for, by a text that says what (see AssignPolicyIds()).
    std::map<std::string, ConnectionId> policyIds;
    DfBit dfBit{DfBit::Copy}; ///< `crypto ipsec df-bit ...`
    FragmentationOrder fragmentation{FragmentationOrder::BeforeEncryption}; ///< the same
    std::optional<uint32_t> replayWindow;  ///< packets; 0: `... replay disable`; none: the knob
    std::optional<Duration> dummyInterval; ///< `crypto ipsec security-association dummy ...`
    std::string domainName;                ///< `ip domain name D`
    IdentityKind identity{IdentityKind::Address}; ///< `crypto isakmp identity ...`
    std::map<std::string, IsakmpPeerText> peers;  ///< by address
    std::map<std::string, TrustpointText> trustpoints;
    bool aggressiveDisabled{false};       ///< `crypto isakmp aggressive-mode disable`
    std::optional<DpdConfig> keepalive;   ///< `crypto isakmp keepalive ...`
    bool invalidSpiRecovery{false};       ///< `crypto isakmp invalid-spi-recovery`
    std::optional<Duration> natKeepalive; ///< `crypto isakmp nat keepalive SECONDS`
    bool natTransparency{true};           ///< `crypto ipsec nat-transparency udp-encapsulation`
    /// What was in the files that the text names, by the name as typed. ReadConfigFiles() fills it
    /// before a run: a console can name these files and no others.
    std::map<std::string, Octets> files;

    const InterfaceText* FindInterface(const std::string& name) const;
    /// The address of an interface, or the one that it borrows by `ip unnumbered`; nothing when
    /// there is none (yet).
    std::optional<IpAddress> FindAddress(const InterfaceText& interface) const;
    /// "R1.example.org": the host name, and the domain name if there is one.
    std::string GetFullName() const;
};

/// What a host needs of a tunnel beside what the engine gets: the interface's own values before
/// those of its profile, those before the global ones.
struct TunnelSettings
{
    TunnelMode mode{TunnelMode::GreIp};                                     ///< what it carries
    DfBit dfBit{DfBit::Copy};                                               ///< of the outer header
    FragmentationOrder fragmentation{FragmentationOrder::BeforeEncryption}; ///< when to cut
    Duration dummyInterval;        ///< between dummy packets (RFC 4303 2.6); 0: none are sent
    std::optional<uint32_t> ipMtu; ///< octets of an inner packet; none: what fits
};

/// What a host needs of a tunnel interface.
TunnelSettings ResolveTunnelSettings(const RouterConfig& config, const InterfaceText& tunnel);

/// Do both say the same? Where it was written, and which ids things got, does not count.
bool IsSameConfiguration(const RouterConfig& a, const RouterConfig& b);

} // namespace ike
} // namespace ns3

#endif // IKE_ROUTER_CONFIG_H
