/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ipsec-terms.h"

#include "ike-trustpoints.h"

namespace ns3
{
namespace ike
{

namespace
{

/// Put the transform sets in, in the order of preference.
void
ResolveTransformSets(const RouterConfig& config,
                     const IpsecTermsText& terms,
                     ConnectionConfig& connection)
{
    for (const NameReference& reference : terms.transformSets)
    {
        const auto found = config.transformSets.find(reference.name);
        if (found != config.transformSets.end())
        {
            connection.transformSets.push_back(found->second.set);
        }
    }
}

/// This end's own name, where a profile or the global command says so.
IkeIdentity
ResolveOwnName(const RouterConfig& config, const IkeIdentity& identity)
{
    const bool isOwn = identity.kind == IdentityKind::Fqdn && identity.text.empty();
    return isOwn ? IkeIdentity{identity.kind, config.GetFullName()} : identity;
}

/// Put the ISAKMP profile in, or what is said for all tunnels.
void
ResolveIsakmpProfile(const RouterConfig& config,
                     const IpsecTermsText& terms,
                     ConnectionConfig& connection)
{
    connection.identity = ResolveOwnName(config, IkeIdentity{config.identity, ""});
    connection.keepalive = config.keepalive;
    const IsakmpProfileText* text = FindIsakmpProfile(config, terms);
    const TrustpointText* trustpoint = FindTrustpoint(config, text);
    connection.trustpoint = trustpoint ? trustpoint->name : "";
    if (!text)
    {
        return;
    }
    const bool ownKeyring = text->keyring && text->keyring->name != GLOBAL_KEYRING;
    connection.isakmpProfile = IsakmpProfileConfig{text->name,
                                                   ownKeyring ? text->keyring->name : "",
                                                   text->identityAddresses,
                                                   text->identities};
    connection.aggressive = text->aggressive;
    if (text->selfIdentity)
    {
        connection.identity = ResolveOwnName(config, *text->selfIdentity);
    }
    connection.keepalive = text->keepalive ? text->keepalive : connection.keepalive;
}

/// `crypto isakmp peer` goes before the profile. Where aggressive mode is disabled, main mode is
/// used in its place.
void
ResolvePeer(const RouterConfig& config, ConnectionConfig& connection)
{
    const auto peer = config.peers.find(connection.peer.ToString());
    if (peer != config.peers.end() && peer->second.clientEndpoint && peer->second.password)
    {
        connection.aggressive = true;
        connection.identity = *peer->second.clientEndpoint;
        connection.aggressiveKey = peer->second.password;
    }
    connection.aggressive = connection.aggressive && !config.aggressiveDisabled;
}

/// Lifetimes of a profile or an entry go before the global ones, those before the defaults of IOS.
void
ResolveLifetimes(const RouterConfig& config,
                 const IpsecTermsText& terms,
                 ConnectionConfig& connection)
{
    const Duration globalTime = config.globalLifetime.value_or(connection.lifetime);
    const uint64_t globalVolume =
        config.globalLifetimeKilobytes.value_or(connection.lifetimeKilobytes);
    connection.lifetime = terms.lifetime.value_or(globalTime);
    connection.lifetimeKilobytes = terms.lifetimeKilobytes.value_or(globalVolume);
}

} // namespace

const IsakmpProfileText*
FindIsakmpProfile(const RouterConfig& config, const IpsecTermsText& terms)
{
    const std::string name = terms.isakmpProfile ? terms.isakmpProfile->name : "";
    const auto found = config.isakmpProfiles.find(name);
    return found == config.isakmpProfiles.end() ? nullptr : &found->second;
}

void
ResolveTerms(const RouterConfig& config, const IpsecTermsText& terms, ConnectionConfig& connection)
{
    connection.pfs = terms.pfs;
    ResolveTransformSets(config, terms, connection);
    ResolveIsakmpProfile(config, terms, connection);
    ResolvePeer(config, connection);
    ResolveLifetimes(config, terms, connection);
    connection.replayWindow = terms.replayWindow ? terms.replayWindow : config.replayWindow;
}

} // namespace ike
} // namespace ns3
