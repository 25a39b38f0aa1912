/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-parser.h"
#include "ike-ios-policy-check.h"
#include "ike-ios-policy-resolve.h"
#include "ike-ipsec-terms.h"
#include "ike-trustpoints.h"
#include "ike-tunnel-parts.h"
#include "ike-virtual-templates.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace ns3
{
namespace ike
{

namespace
{

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
            CheckIsakmpProfile(profile);
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
        CheckTemplateReferences(m_config, m_errors);
        CheckPolicyReferences(m_config, m_errors);
        return m_errors;
    }

  private:
    template <typename Map>
    void Check(const NameReference& reference, const Map& map, const std::string& command)
    {
        CheckReference(m_errors, reference, map, command);
    }

    void CheckIsakmpProfile(const IsakmpProfileText& profile)
    {
        if (profile.keyring && profile.keyring->name != GLOBAL_KEYRING)
        {
            Check(*profile.keyring, m_config.keyrings, "crypto keyring");
        }
        if (profile.trustpoint)
        {
            Check(*profile.trustpoint, m_config.trustpoints, "crypto pki trustpoint");
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
        CheckInterfaceReference(interface.unnumbered);
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

/// A tunnel lacks a part.
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
    CheckTunnelSource(config, tunnel, errors);
    if (!tunnel.tunnelDestination)
    {
        errors.push_back(MakeLackError(tunnel, "a destination", "type 'tunnel destination ...'"));
    }
    CheckTunnelProtection(config, tunnel, errors);
    CheckTunnelAddress(config, tunnel, errors);
    CheckTunnelPolicy(config, tunnel, errors);
}

/// Can this end sign for the tunnels of an ISAKMP profile (null: of none)?
bool
CanSignFor(const RouterConfig& config, const IsakmpProfileText* profile)
{
    const TrustpointText* trustpoint = FindTrustpoint(config, profile);
    return trustpoint && CanSign(ResolveTrustpoint(config, *trustpoint));
}

/// RSA signatures are the default of IOS, so a policy has them unless pre-share is typed.
bool
IsRsa(const IsakmpPolicy& policy)
{
    return policy.authentication == AuthMethod::RsaSignature;
}

/// A policy with signatures needs something to sign with.
void
CheckPolicies(const RouterConfig& config, std::vector<ConfigError>& errors)
{
    for (const IsakmpPolicy& policy : config.policies)
    {
        const auto place = config.policyPositions.find(policy.priority);
        const bool hasPlace = place != config.policyPositions.end();
        if (IsRsa(policy) && !CanSignFor(config, nullptr))
        {
            errors.push_back({hasPlace ? place->second : TextPosition{},
                              std::to_string(policy.priority),
                              "rsa-sig needs a trustpoint with certificate and private key",
                              "configure 'crypto pki trustpoint', or type 'authentication "
                              "pre-share'"});
        }
    }
}

/// So does each tunnel or crypto map entry whose profile chooses a trustpoint.
void
CheckTermsTrustpoint(const RouterConfig& config,
                     const IpsecTermsText& terms,
                     const std::string& owner,
                     std::vector<ConfigError>& errors)
{
    const IsakmpProfileText* profile = FindIsakmpProfile(config, terms);
    const bool anyRsa = std::any_of(config.policies.begin(), config.policies.end(), IsRsa);
    if (profile && profile->trustpoint && (anyRsa || config.policies.empty()) &&
        !CanSignFor(config, profile))
    {
        errors.push_back({profile->trustpoint->position,
                          profile->trustpoint->name,
                          "the trustpoint of " + owner + " lacks a certificate or its private key",
                          "type 'certificate file://PATH' and 'private-key file://PATH'"});
    }
}

/// A peer for aggressive mode has both of its lines, as in IOS.
void
CheckPeers(const RouterConfig& config, std::vector<ConfigError>& errors)
{
    for (const auto& [address, peer] : config.peers)
    {
        if (peer.clientEndpoint.has_value() != peer.password.has_value())
        {
            const std::string lacking = peer.password ? "client-endpoint" : "password";
            errors.push_back({peer.position,
                              address,
                              "the peer lacks 'set aggressive-mode " + lacking + "'",
                              "IOS needs both for aggressive mode"});
        }
    }
}

/// A tunnel that is meant to work now.
bool
IsWanted(const InterfaceText& interface)
{
    return interface.IsTunnel() && !interface.shutdown;
}

/// What IPsec protects: everything that a VTI carries; of GRE (RFC 2784: protocol 47) and of IP in
/// IP (RFC 2003: protocol 4) the outer packets between the two ends. A VTI has no outer header but
/// that of tunnel mode, so IOS takes tunnel mode whatever its transform sets say.
void
ResolveTunnelMode(TunnelMode mode, ConnectionConfig& connection)
{
    constexpr uint8_t PROTOCOL_IPIP = 4;
    constexpr uint8_t PROTOCOL_GRE = 47;
    if (mode == TunnelMode::IpsecIpv4)
    {
        for (EspTransformSet& set : connection.transformSets)
        {
            set.transport = false;
        }
        return;
    }
    connection.localSelector = Selector(IpPrefix{connection.local, 32});
    connection.remoteSelector = Selector(IpPrefix{connection.peer, 32});
    for (Selector* selector : {&connection.localSelector, &connection.remoteSelector})
    {
        selector->protocol = mode == TunnelMode::GreIp ? PROTOCOL_GRE : PROTOCOL_IPIP;
    }
}

/// A tunnel as the engine sees it; nothing while a part is missing.
std::optional<ConnectionConfig>
ResolveTunnel(const RouterConfig& config, const InterfaceText& tunnel)
{
    const IpsecProfileText* profile = FindTunnelProfile(config, tunnel);
    const IpAddress source = FindTunnelSource(config, tunnel);
    if (!IsWanted(tunnel) || !profile || source.IsNone() || !tunnel.tunnelDestination)
    {
        return std::nullopt;
    }
    ConnectionConfig connection;
    connection.id = tunnel.id;
    connection.name = tunnel.name;
    connection.local = source;
    connection.peer = *tunnel.tunnelDestination;
    ResolveTerms(config, *profile, connection);
    ResolveTunnelMode(tunnel.tunnelMode, connection);
    if (tunnel.protectionPolicy)
    {
        const auto flow = FindTunnelFlow(config, tunnel);
        if (!flow || tunnel.tunnelMode != TunnelMode::IpsecIpv4)
        {
            return std::nullopt;
        }
        std::tie(connection.localSelector, connection.remoteSelector) = *flow;
    }
    if (profile->responderOnly)
    {
        connection.switches = InitiationSwitches::ResponderOnly();
    }
    // Without a transform set there is nothing to offer and nothing to accept.
    return connection.transformSets.empty() ? std::nullopt : std::optional{connection};
}

/// The policies that phase 1 can be negotiated with. An end that has none configured but can sign
/// has the default policy of IOS (65535: DES, SHA-1, rsa-sig, group 1, 86400 s).
std::vector<IsakmpPolicy>
ResolvePolicies(const RouterConfig& config, bool canSign)
{
    std::vector<IsakmpPolicy> usable;
    const auto isUsable = [&](const IsakmpPolicy& policy) { return canSign || !IsRsa(policy); };
    std::copy_if(config.policies.begin(),
                 config.policies.end(),
                 std::back_inserter(usable),
                 isUsable);
    if (config.policies.empty() && canSign)
    {
        usable.emplace_back();
    }
    return usable;
}

/// Without any policy there is no phase 1.
void
CheckAnyPolicy(const RouterConfig& config,
               const NameReference& wanted,
               std::vector<ConfigError>& errors)
{
    if (config.policies.empty() && !CanSignFor(config, nullptr))
    {
        errors.push_back({wanted.position,
                          wanted.name,
                          "there is no 'crypto isakmp policy', and rsa-sig of the default "
                          "policy needs a trustpoint with certificate and private key",
                          "configure a policy with 'authentication pre-share'"});
    }
}

/// What phase 1 needs for a tunnel, or for whoever comes by a virtual template.
void
CheckProtectionTerms(const RouterConfig& config,
                     const InterfaceText& tunnel,
                     std::vector<ConfigError>& errors)
{
    const IpsecProfileText* profile = FindTunnelProfile(config, tunnel);
    if (profile)
    {
        CheckTermsTrustpoint(config, *profile, tunnel.name, errors);
    }
    if (tunnel.protectionProfile)
    {
        CheckAnyPolicy(config, *tunnel.protectionProfile, errors);
    }
}

/// All that keeps a tunnel from working.
void
CheckTunnel(const RouterConfig& config,
            const InterfaceText& tunnel,
            std::vector<ConfigError>& errors)
{
    CheckTunnelParts(config, tunnel, errors);
    CheckProtectionTerms(config, tunnel, errors);
}

/// What an experiment forbids this router to begin, it may not begin for any connection.
InitiationSwitches
RestrictSwitches(const InitiationSwitches& switches, const IkeKnobs& knobs)
{
    InitiationSwitches restricted;
    restricted.beginPhase1 = switches.beginPhase1 && knobs.mayBeginPhase1;
    restricted.beginPhase2 = switches.beginPhase2 && knobs.mayBeginPhase2;
    restricted.rekeyPhase1 = switches.rekeyPhase1 && knobs.mayRekeyPhase1;
    restricted.rekeyPhase2 = switches.rekeyPhase2 && knobs.mayRekeyPhase2;
    return restricted;
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
    CheckPeers(config, errors);
    const std::vector<ConfigError> trustpoints = CheckTrustpoints(config);
    errors.insert(errors.begin(), trustpoints.begin(), trustpoints.end());
    for (const InterfaceText& interface : config.interfaces)
    {
        if (IsWanted(interface))
        {
            CheckTunnel(config, interface, errors);
        }
    }
    CheckTemplateCompleteness(config, errors);
    for (const InterfaceText& interface : config.interfaces)
    {
        if (interface.IsVirtualTemplate() && !interface.shutdown)
        {
            CheckProtectionTerms(config, interface, errors);
        }
    }
    CheckPolicyCompleteness(config, errors);
    for (const NegotiatedEntry& entry : ListNegotiatedEntries(config))
    {
        CheckTermsTrustpoint(config, entry.text, "crypto map " + entry.name, errors);
        CheckAnyPolicy(config, {entry.name, entry.text.position}, errors);
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
    bool canSign = false;
    for (const auto& [name, trustpoint] : config.trustpoints)
    {
        result.trustpoints.push_back(ResolveTrustpoint(config, trustpoint));
        canSign = canSign || CanSign(result.trustpoints.back());
    }
    result.policies = ResolvePolicies(config, canSign);
    result.acceptAggressive = !config.aggressiveDisabled;
    result.natTraversal = config.natTransparency;
    result.natKeepalive = config.natKeepalive.value_or(Duration{});
    result.invalidSpiRecovery = config.invalidSpiRecovery;
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
    for (const auto& more : {ResolvePolicyConnections(config), ResolveVirtualTemplates(config)})
    {
        result.connections.insert(result.connections.end(), more.begin(), more.end());
    }
    for (ConnectionConfig& connection : result.connections)
    {
        connection.switches = RestrictSwitches(connection.switches, knobs);
    }
    const auto byId = [](const ConnectionConfig& a, const ConnectionConfig& b) {
        return a.id < b.id;
    };
    std::sort(result.connections.begin(), result.connections.end(), byId);
    return result;
}

} // namespace ike
} // namespace ns3
