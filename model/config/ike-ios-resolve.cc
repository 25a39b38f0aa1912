/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-parser.h"
#include "ike-nearest-name.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

/// The name under which profiles refer to the keys of `crypto isakmp key`.
const char* const GLOBAL_KEYRING = "default";

/// The keys of a map.
template <typename Map>
std::vector<std::string>
KeysOf(const Map& map)
{
    std::vector<std::string> keys;
    for (const auto& entry : map)
    {
        keys.push_back(entry.first);
    }
    return keys;
}

/// References that lead nowhere.
class DanglingCheck
{
  public:
    explicit DanglingCheck(const RouterConfig& config)
        : m_config(config)
    {
    }

    std::vector<ConfigError> Run()
    {
        for (const auto& [name, profile] : m_config.isakmpProfiles)
        {
            CheckKeyring(profile);
        }
        for (const auto& [name, profile] : m_config.ipsecProfiles)
        {
            CheckProfile(profile);
        }
        for (const InterfaceText& interface : m_config.interfaces)
        {
            CheckInterface(interface);
        }
        for (const StaticRouteText& route : m_config.staticRoutes)
        {
            CheckInterfaceReference(route.interface);
        }
        for (const NameReference& map : m_config.cryptoMaps)
        {
            m_errors.push_back({map.position,
                                map.name,
                                "crypto maps are not supported yet",
                                "use a tunnel interface with 'tunnel protection ipsec profile'"});
        }
        return m_errors;
    }

  private:
    template <typename Map>
    void Check(const NameReference& reference, const Map& map, const std::string& command)
    {
        if (map.find(reference.name) == map.end())
        {
            m_errors.push_back({reference.position,
                                reference.name,
                                "there is no '" + command + " " + reference.name + "'",
                                MakeNearestHint(reference.name, KeysOf(map))});
        }
    }

    void CheckKeyring(const IsakmpProfileText& profile)
    {
        if (profile.keyring && profile.keyring->name != GLOBAL_KEYRING)
        {
            Check(*profile.keyring, m_config.keyrings, "crypto keyring");
        }
    }

    void CheckProfile(const IpsecProfileText& profile)
    {
        for (const NameReference& set : profile.transformSets)
        {
            Check(set, m_config.transformSets, "crypto ipsec transform-set");
        }
        if (profile.isakmpProfile)
        {
            Check(*profile.isakmpProfile, m_config.isakmpProfiles, "crypto isakmp profile");
        }
    }

    void CheckInterface(const InterfaceText& interface)
    {
        if (interface.protectionProfile)
        {
            Check(*interface.protectionProfile, m_config.ipsecProfiles, "crypto ipsec profile");
        }
        if (interface.tunnelSource && !IpAddress::Parse(interface.tunnelSource->name))
        {
            CheckInterfaceReference(interface.tunnelSource);
        }
    }

    void CheckInterfaceReference(const std::optional<NameReference>& reference)
    {
        if (reference && !m_config.FindInterface(reference->name))
        {
            m_errors.push_back({reference->position,
                                reference->name,
                                "there is no 'interface " + reference->name + "'",
                                {}});
        }
    }

    const RouterConfig& m_config;      ///< what is checked
    std::vector<ConfigError> m_errors; ///< found so far
};

/// The address from which a tunnel sends; none when it has none (yet).
IpAddress
FindTunnelSource(const RouterConfig& config, const InterfaceText& tunnel)
{
    if (!tunnel.tunnelSource)
    {
        return IpAddress{};
    }
    const auto address = IpAddress::Parse(tunnel.tunnelSource->name);
    const InterfaceText* source = config.FindInterface(tunnel.tunnelSource->name);
    const bool hasAddress = source && source->address;
    return address ? *address : hasAddress ? *source->address : IpAddress{};
}

/// The profile that protects a tunnel; null when there is none.
const IpsecProfileText*
FindProfile(const RouterConfig& config, const InterfaceText& tunnel)
{
    if (!tunnel.protectionProfile)
    {
        return nullptr;
    }
    const auto found = config.ipsecProfiles.find(tunnel.protectionProfile->name);
    return found == config.ipsecProfiles.end() ? nullptr : &found->second;
}

/// A tunnel lacks a part of an IPsec VTI.
ConfigError
MakeLackError(const InterfaceText& tunnel, const std::string& what, const std::string& hint)
{
    return ConfigError{tunnel.position, tunnel.name, "the tunnel lacks " + what, hint};
}

/// All that a tunnel lacks.
void
CheckTunnelParts(const RouterConfig& config,
                 const InterfaceText& tunnel,
                 std::vector<ConfigError>& errors)
{
    if (!tunnel.tunnelSource)
    {
        errors.push_back(MakeLackError(tunnel, "a source", "type 'tunnel source ...'"));
    }
    else if (config.FindInterface(tunnel.tunnelSource->name) &&
             FindTunnelSource(config, tunnel).IsNone())
    {
        errors.push_back({tunnel.tunnelSource->position,
                          tunnel.tunnelSource->name,
                          "the source of " + tunnel.name + " has no address",
                          "type 'ip address ...' under it"});
    }
    if (!tunnel.tunnelDestination)
    {
        errors.push_back(MakeLackError(tunnel, "a destination", "type 'tunnel destination ...'"));
    }
    if (tunnel.tunnelMode != TunnelMode::IpsecIpv4)
    {
        errors.push_back(MakeLackError(tunnel,
                                       "'tunnel mode ipsec ipv4'",
                                       "without it IOS takes GRE, which is not supported yet"));
    }
    if (!tunnel.protectionProfile)
    {
        errors.push_back(
            MakeLackError(tunnel, "protection", "type 'tunnel protection ipsec profile ...'"));
        return;
    }
    const IpsecProfileText* profile = FindProfile(config, tunnel);
    if (profile && profile->transformSets.empty())
    {
        errors.push_back({profile->position,
                          profile->name,
                          "the profile protects " + tunnel.name + " but has no transform set",
                          "type 'set transform-set ...'"});
    }
}

/// RSA signatures are the default of IOS, so a policy has them unless pre-share is typed.
void
CheckPolicies(const RouterConfig& config, std::vector<ConfigError>& errors)
{
    for (const IsakmpPolicy& policy : config.policies)
    {
        const auto place = config.policyPositions.find(policy.priority);
        const bool hasPlace = place != config.policyPositions.end();
        if (policy.authentication == AuthMethod::RsaSignature)
        {
            errors.push_back({hasPlace ? place->second : TextPosition{},
                              std::to_string(policy.priority),
                              "rsa-sig is not supported yet",
                              "type 'authentication pre-share'"});
        }
    }
}

/// A tunnel that is meant to work now.
bool
IsWanted(const InterfaceText& interface)
{
    return interface.IsTunnel() && !interface.shutdown;
}

/// Put the transform sets of a profile in, in the order of preference.
void
ResolveTransformSets(const RouterConfig& config,
                     const IpsecProfileText& profile,
                     ConnectionConfig& connection)
{
    for (const NameReference& reference : profile.transformSets)
    {
        const auto found = config.transformSets.find(reference.name);
        if (found != config.transformSets.end())
        {
            connection.transformSets.push_back(found->second.set);
        }
    }
}

/// Put the ISAKMP profile of a profile in.
void
ResolveIsakmpProfile(const RouterConfig& config,
                     const IpsecProfileText& profile,
                     ConnectionConfig& connection)
{
    if (!profile.isakmpProfile)
    {
        return;
    }
    const auto found = config.isakmpProfiles.find(profile.isakmpProfile->name);
    if (found == config.isakmpProfiles.end())
    {
        return;
    }
    const IsakmpProfileText& text = found->second;
    const bool ownKeyring = text.keyring && text.keyring->name != GLOBAL_KEYRING;
    connection.isakmpProfile = IsakmpProfileConfig{text.name,
                                                   ownKeyring ? text.keyring->name : "",
                                                   text.identityAddresses};
}

/// A profile's lifetimes go before the global ones, those before the defaults of IOS.
void
ResolveLifetimes(const RouterConfig& config,
                 const IpsecProfileText& profile,
                 ConnectionConfig& connection)
{
    const Duration globalTime = config.globalLifetime.value_or(connection.lifetime);
    const uint64_t globalVolume =
        config.globalLifetimeKilobytes.value_or(connection.lifetimeKilobytes);
    connection.lifetime = profile.lifetime.value_or(globalTime);
    connection.lifetimeKilobytes = profile.lifetimeKilobytes.value_or(globalVolume);
}

/// A tunnel as the engine sees it; nothing while a part is missing.
std::optional<ConnectionConfig>
ResolveTunnel(const RouterConfig& config, const InterfaceText& tunnel)
{
    const IpsecProfileText* profile = FindProfile(config, tunnel);
    const IpAddress source = FindTunnelSource(config, tunnel);
    if (!IsWanted(tunnel) || !profile || source.IsNone() || !tunnel.tunnelDestination ||
        tunnel.tunnelMode != TunnelMode::IpsecIpv4)
    {
        return std::nullopt;
    }
    ConnectionConfig connection;
    connection.id = tunnel.id;
    connection.name = tunnel.name;
    connection.local = source;
    connection.peer = *tunnel.tunnelDestination;
    connection.pfs = profile->pfs;
    ResolveTransformSets(config, *profile, connection);
    ResolveIsakmpProfile(config, *profile, connection);
    ResolveLifetimes(config, *profile, connection);
    if (profile->responderOnly)
    {
        connection.switches = InitiationSwitches::ResponderOnly();
    }
    // Without a transform set there is nothing to offer and nothing to accept.
    return connection.transformSets.empty() ? std::nullopt : std::optional{connection};
}

/// Can phase 1 be negotiated with this policy?
bool
IsUsable(const IsakmpPolicy& policy)
{
    return policy.authentication == AuthMethod::PreSharedKey;
}

} // namespace

std::vector<ConfigError>
CheckDangling(const RouterConfig& config)
{
    return DanglingCheck(config).Run();
}

std::vector<ConfigError>
CheckCompleteness(const RouterConfig& config)
{
    std::vector<ConfigError> errors;
    CheckPolicies(config, errors);
    const bool hasPolicy = !config.policies.empty();
    for (const InterfaceText& interface : config.interfaces)
    {
        if (!IsWanted(interface))
        {
            continue;
        }
        CheckTunnelParts(config, interface, errors);
        // The default policy of IOS (65535: DES, SHA-1, group 1, rsa-sig) is of no use here.
        if (interface.protectionProfile && !hasPolicy)
        {
            errors.push_back({interface.protectionProfile->position,
                              interface.protectionProfile->name,
                              "there is no 'crypto isakmp policy', and rsa-sig of the default "
                              "policy is not supported yet",
                              "configure a policy with 'authentication pre-share'"});
        }
    }
    return errors;
}

std::vector<ConfigError>
CheckReferences(const RouterConfig& config)
{
    std::vector<ConfigError> errors = CheckDangling(config);
    const std::vector<ConfigError> more = CheckCompleteness(config);
    errors.insert(errors.end(), more.begin(), more.end());
    return errors;
}

EngineConfig
ResolveEngineConfig(const RouterConfig& config, const IkeKnobs& knobs)
{
    EngineConfig result;
    result.knobs = knobs;
    std::copy_if(config.policies.begin(),
                 config.policies.end(),
                 std::back_inserter(result.policies),
                 IsUsable);
    for (const auto& [name, keyring] : config.keyrings)
    {
        result.keys.insert(result.keys.end(), keyring.keys.begin(), keyring.keys.end());
    }
    for (const InterfaceText& interface : config.interfaces)
    {
        const auto connection = ResolveTunnel(config, interface);
        if (connection)
        {
            result.connections.push_back(*connection);
        }
    }
    const auto byId = [](const ConnectionConfig& a, const ConnectionConfig& b) {
        return a.id < b.id;
    };
    std::sort(result.connections.begin(), result.connections.end(), byId);
    return result;
}

} // namespace ike
} // namespace ns3
