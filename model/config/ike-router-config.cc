/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-router-config.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace ike
{

namespace
{

/// The name in a reference; where it was written does not count.
std::optional<std::string>
NameOf(const std::optional<NameReference>& reference)
{
    return reference ? std::optional<std::string>(reference->name) : std::nullopt;
}

std::vector<std::string>
NamesOf(const std::vector<NameReference>& references)
{
    std::vector<std::string> names;
    for (const NameReference& reference : references)
    {
        names.push_back(reference.name);
    }
    return names;
}

bool
IsSame(const IsakmpPolicy& a, const IsakmpPolicy& b)
{
    return std::tie(a.priority, a.cipher, a.keyBits, a.hash, a.authentication, a.group) ==
               std::tie(b.priority, b.cipher, b.keyBits, b.hash, b.authentication, b.group) &&
           a.lifetime == b.lifetime;
}

bool
IsSame(const PreSharedKey& a, const PreSharedKey& b)
{
    return std::tie(a.keyring, a.peers, a.key, a.identity) ==
           std::tie(b.keyring, b.peers, b.key, b.identity);
}

bool
IsSame(const IpPrefix& a, const IpPrefix& b)
{
    return a == b;
}

bool IsSame(const StaticRouteText& a, const StaticRouteText& b);
bool IsSame(const InterfaceText& a, const InterfaceText& b);

template <typename T>
bool
IsSame(const std::vector<T>& a, const std::vector<T>& b)
{
    const auto same = [](const T& x, const T& y) { return IsSame(x, y); };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

bool
IsSame(const KeyringConfig& a, const KeyringConfig& b)
{
    return a.name == b.name && IsSame(a.keys.GetAll(), b.keys.GetAll());
}

bool
IsSame(const IsakmpProfileText& a, const IsakmpProfileText& b)
{
    return a.name == b.name && NameOf(a.keyring) == NameOf(b.keyring) &&
           IsSame(a.identityAddresses, b.identityAddresses) && a.identities == b.identities &&
           a.selfIdentity == b.selfIdentity && a.aggressive == b.aggressive &&
           NameOf(a.trustpoint) == NameOf(b.trustpoint) && a.keepalive == b.keepalive &&
           NameOf(a.virtualTemplate) == NameOf(b.virtualTemplate);
}

bool
IsSame(const IsakmpPeerText& a, const IsakmpPeerText& b)
{
    return std::tie(a.address, a.clientEndpoint, a.password, a.description) ==
           std::tie(b.address, b.clientEndpoint, b.password, b.description);
}

bool
IsSame(const TrustpointText& a, const TrustpointText& b)
{
    return std::tie(a.name, a.terminal, a.revocationUnchecked, a.subjectName, a.keyPair) ==
               std::tie(b.name, b.terminal, b.revocationUnchecked, b.subjectName, b.keyPair) &&
           NameOf(a.anchorFile) == NameOf(b.anchorFile) &&
           NameOf(a.chainFile) == NameOf(b.chainFile) && NameOf(a.keyFile) == NameOf(b.keyFile);
}

bool
IsSame(const TransformSetText& a, const TransformSetText& b)
{
    return std::tie(a.set.name, a.set.cipher, a.set.keyBits, a.set.integrity) ==
               std::tie(b.set.name, b.set.cipher, b.set.keyBits, b.set.integrity) &&
           std::tie(a.set.transport, a.set.extendedSequence) ==
               std::tie(b.set.transport, b.set.extendedSequence);
}

bool
IsSame(const IpsecTermsText& a, const IpsecTermsText& b)
{
    return std::tie(a.pfs, a.lifetime, a.lifetimeKilobytes, a.replayWindow, a.description) ==
               std::tie(b.pfs, b.lifetime, b.lifetimeKilobytes, b.replayWindow, b.description) &&
           NamesOf(a.transformSets) == NamesOf(b.transformSets) &&
           NameOf(a.isakmpProfile) == NameOf(b.isakmpProfile);
}

bool
IsSame(const IpsecProfileText& a, const IpsecProfileText& b)
{
    const IpsecTermsText& termsOfA = a;
    const IpsecTermsText& termsOfB = b;
    return std::tie(a.name, a.responderOnly, a.dummyInterval, a.reverseRouteDistance) ==
               std::tie(b.name, b.responderOnly, b.dummyInterval, b.reverseRouteDistance) &&
           IsSame(termsOfA, termsOfB);
}

bool
IsSame(const std::optional<SessionKeyText>& a, const std::optional<SessionKeyText>& b)
{
    return a && b ? std::tie(a->spi, a->cipherKey, a->authenticatorKey) ==
                        std::tie(b->spi, b->cipherKey, b->authenticatorKey)
                  : a.has_value() == b.has_value();
}

bool
IsSame(const CryptoMapEntryText& a, const CryptoMapEntryText& b)
{
    const IpsecTermsText& termsOfA = a;
    const IpsecTermsText& termsOfB = b;
    return a.kind == b.kind && a.peers == b.peers && NameOf(a.dynamicMap) == NameOf(b.dynamicMap) &&
           NameOf(a.accessList) == NameOf(b.accessList) && IsSame(a.inboundKey, b.inboundKey) &&
           IsSame(a.outboundKey, b.outboundKey) && IsSame(termsOfA, termsOfB);
}

bool
IsSame(const AccessListLine& a, const AccessListLine& b)
{
    return a.line == b.line && a.remark == b.remark && a.log == b.log;
}

bool
IsSame(const InterfaceText& a, const InterfaceText& b)
{
    return std::tie(a.name, a.address, a.prefixLength, a.shutdown, a.description) ==
               std::tie(b.name, b.address, b.prefixLength, b.shutdown, b.description) &&
           std::tie(a.tunnelDestination, a.tunnelMode, a.dfBit, a.fragmentation, a.ipMtu) ==
               std::tie(b.tunnelDestination, b.tunnelMode, b.dfBit, b.fragmentation, b.ipMtu) &&
           NameOf(a.tunnelSource) == NameOf(b.tunnelSource) &&
           NameOf(a.protectionProfile) == NameOf(b.protectionProfile) &&
           NameOf(a.protectionPolicy) == NameOf(b.protectionPolicy) &&
           NameOf(a.unnumbered) == NameOf(b.unnumbered) &&
           NameOf(a.cryptoMap) == NameOf(b.cryptoMap);
}

bool
IsSame(const StaticRouteText& a, const StaticRouteText& b)
{
    return std::tie(a.prefix, a.nextHop, a.distance) == std::tie(b.prefix, b.nextHop, b.distance) &&
           NameOf(a.interface) == NameOf(b.interface);
}

bool IsSame(const CryptoMapText& a, const CryptoMapText& b);
bool IsSame(const AccessListText& a, const AccessListText& b);

template <typename Key, typename T>
bool
IsSame(const std::map<Key, T>& a, const std::map<Key, T>& b)
{
    const auto same = [](const auto& x, const auto& y) {
        return x.first == y.first && IsSame(x.second, y.second);
    };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

bool
IsSame(const CryptoMapText& a, const CryptoMapText& b)
{
    return a.name == b.name && NameOf(a.localAddress) == NameOf(b.localAddress) &&
           IsSame(a.entries, b.entries);
}

bool
IsSame(const AccessListText& a, const AccessListText& b)
{
    return a.name == b.name && IsSame(a.lines, b.lines);
}

} // namespace

bool
AccessListText::IsNumbered() const
{
    return name.find_first_not_of("0123456789") == std::string::npos;
}

std::string
ConfigError::ToString() const
{
    std::string text = position.file;
    if (position.line != 0)
    {
        text += ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
    }
    text += text.empty() ? "" : ": ";
    text += word.empty() ? "" : "'" + word + "': ";
    return text + message + (expected.empty() ? "" : ": " + expected);
}

bool
InterfaceText::IsTunnel() const
{
    return name.compare(0, 6, "Tunnel") == 0;
}

bool
InterfaceText::IsVirtualTemplate() const
{
    return name.compare(0, 16, "Virtual-Template") == 0;
}

KeyOfPeers::Key
KeyOfPeers::operator()(const PreSharedKey& key) const
{
    const IkeIdentity identity = key.identity.value_or(IkeIdentity{});
    return {key.peers.address, key.peers.length, identity.kind, identity.text};
}

HopOfRoute::Key
HopOfRoute::operator()(const StaticRouteText& route) const
{
    return {route.prefix.address,
            route.prefix.length,
            route.nextHop,
            route.interface ? route.interface->name : std::string()};
}

const InterfaceText*
RouterConfig::FindInterface(const std::string& wanted) const
{
    return interfaces.Find(wanted);
}

std::optional<IpAddress>
RouterConfig::FindAddress(const InterfaceText& interface) const
{
    const InterfaceText* lender =
        interface.unnumbered ? FindInterface(interface.unnumbered->name) : &interface;
    return lender ? lender->address : std::nullopt;
}

std::string
RouterConfig::GetFullName() const
{
    return domainName.empty() ? hostname : hostname + "." + domainName;
}

TunnelSettings
ResolveTunnelSettings(const RouterConfig& config, const InterfaceText& tunnel)
{
    TunnelSettings settings;
    settings.mode = tunnel.tunnelMode;
    settings.dfBit = tunnel.dfBit.value_or(config.dfBit);
    settings.fragmentation = tunnel.fragmentation.value_or(config.fragmentation);
    settings.dummyInterval = config.dummyInterval.value_or(Duration{});
    settings.ipMtu = tunnel.ipMtu;
    const std::string name = tunnel.protectionProfile ? tunnel.protectionProfile->name : "";
    const auto profile = config.ipsecProfiles.find(name);
    if (profile != config.ipsecProfiles.end() && profile->second.dummyInterval)
    {
        settings.dummyInterval = *profile->second.dummyInterval;
    }
    return settings;
}

bool
IsSameConfiguration(const RouterConfig& a, const RouterConfig& b)
{
    return a.hostname == b.hostname && IsSame(a.policies, b.policies) &&
           IsSame(a.keyrings, b.keyrings) && IsSame(a.isakmpProfiles, b.isakmpProfiles) &&
           IsSame(a.transformSets, b.transformSets) && IsSame(a.ipsecProfiles, b.ipsecProfiles) &&
           IsSame(a.interfaces.GetAll(), b.interfaces.GetAll()) &&
           IsSame(a.staticRoutes.GetAll(), b.staticRoutes.GetAll()) &&
           a.ripEnabled == b.ripEnabled && a.ripVersion2 == b.ripVersion2 &&
           IsSame(a.ripNetworks, b.ripNetworks) && a.globalLifetime == b.globalLifetime &&
           a.globalLifetimeKilobytes == b.globalLifetimeKilobytes &&
           std::tie(a.dfBit, a.fragmentation, a.replayWindow, a.dummyInterval) ==
               std::tie(b.dfBit, b.fragmentation, b.replayWindow, b.dummyInterval) &&
           std::tie(a.domainName, a.identity, a.aggressiveDisabled, a.keepalive) ==
               std::tie(b.domainName, b.identity, b.aggressiveDisabled, b.keepalive) &&
           std::tie(a.invalidSpiRecovery, a.natKeepalive, a.natTransparency) ==
               std::tie(b.invalidSpiRecovery, b.natKeepalive, b.natTransparency) &&
           IsSame(a.peers, b.peers) && IsSame(a.trustpoints, b.trustpoints) &&
           IsSame(a.accessLists, b.accessLists) && IsSame(a.cryptoMaps, b.cryptoMaps) &&
           IsSame(a.dynamicMaps, b.dynamicMaps) &&
           std::tie(a.passive, a.passiveRetry) == std::tie(b.passive, b.passiveRetry);
}

} // namespace ike
} // namespace ns3
