/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-commands.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

using Kind = IosMode::Kind;
using Result = std::optional<ConfigError>;

const Result DONE = std::nullopt; ///< the line was right

// The objects of the blocks below.
constexpr auto PEERS = &RouterConfig::peers;             ///< `crypto isakmp peer`
constexpr auto PROFILES = &RouterConfig::isakmpProfiles; ///< `crypto isakmp profile`

/// Set a switch of the configuration.
template <auto FIELD, bool VALUE>
Result
Switch(IosContext& c)
{
    c.config.*FIELD = VALUE;
    return DONE;
}

// --- Who this end is -----------------------------------------------------------------------------

Result
SetDomainName(IosContext& c)
{
    c.config.domainName = c.args.GetValue("domain");
    return DONE;
}

Result
SetIdentity(IosContext& c)
{
    const std::string kind = c.args.GetValue("kind");
    c.config.identity = kind == "address"    ? IdentityKind::Address
                        : kind == "hostname" ? IdentityKind::Fqdn
                                             : IdentityKind::DistinguishedName;
    return DONE;
}

/// An identity of the words "fqdn F", "user-fqdn U" or "ipv4-address A", and their kin.
IkeIdentity
ReadIdentity(const IosContext& c)
{
    if (c.args.Find("address"))
    {
        return IkeIdentity{IdentityKind::Address, c.args.GetValue("address")};
    }
    if (c.args.Find("user"))
    {
        return IkeIdentity{IdentityKind::UserFqdn, c.args.GetValue("user")};
    }
    return IkeIdentity{IdentityKind::Fqdn, c.args.Find("host") ? c.args.GetValue("host") : ""};
}

/// RFC 2407 4.6.2.4: a user FQDN is "user@host"; an FQDN (4.6.2.3) is a host alone.
Result
CheckIdentity(const IosContext& c)
{
    const auto hasAt = [&](const char* argument) {
        return c.args.GetValue(argument).find('@') != std::string::npos;
    };
    if (c.args.Find("user") && !hasAt("user"))
    {
        return c.Refuse("user", "is no user FQDN", "expected USER@DOMAIN");
    }
    if (c.args.Find("host") && hasAt("host"))
    {
        return c.Refuse("host", "is no FQDN", "expected a host name without '@'");
    }
    return DONE;
}

// --- crypto isakmp peer --------------------------------------------------------------------------

Result
EnterPeer(IosContext& c)
{
    c.mode = IosMode{Kind::IsakmpPeer, c.args.GetValue("address")};
    IsakmpPeerText& peer = OpenIosObject<PEERS>(c);
    if (peer.address.IsNone())
    {
        peer.address = c.args.GetAddress("address");
        peer.position = c.PositionOf("address");
    }
    return DONE;
}

Result
RemovePeer(IosContext& c)
{
    if (c.config.peers.erase(c.args.GetValue("address")) == 0)
    {
        return c.Refuse("address", "there is no 'crypto isakmp peer' of this address");
    }
    return DONE;
}

Result
SetClientEndpoint(IosContext& c)
{
    const Result wrong = CheckIdentity(c);
    if (!wrong)
    {
        OpenIosObject<PEERS>(c).clientEndpoint = ReadIdentity(c);
    }
    return wrong;
}

Result
SetPassword(IosContext& c)
{
    OpenIosObject<PEERS>(c).password = ToOctets(c.args.GetValue("password"));
    return DONE;
}

Result
SetPeerDescription(IosContext& c)
{
    OpenIosObject<PEERS>(c).description = c.args.GetValue("text");
    return DONE;
}

// --- crypto isakmp profile: identities and what depends on them ----------------------------------

Result
AddPeerIdentity(IosContext& c)
{
    const Result wrong = CheckIdentity(c);
    if (wrong)
    {
        return wrong;
    }
    auto& all = OpenIosObject<PROFILES>(c).identities;
    const IkeIdentity identity = ReadIdentity(c);
    if (std::find(all.begin(), all.end(), identity) == all.end())
    {
        all.push_back(identity);
    }
    return DONE;
}

Result
RemovePeerIdentity(IosContext& c)
{
    auto& all = OpenIosObject<PROFILES>(c).identities;
    const auto found = std::find(all.begin(), all.end(), ReadIdentity(c));
    if (found == all.end())
    {
        return c.Refuse(c.args.Find("user") ? "user" : "host", "is not configured");
    }
    all.erase(found);
    return DONE;
}

Result
SetSelfIdentity(IosContext& c)
{
    const Result wrong = CheckIdentity(c);
    if (!wrong)
    {
        OpenIosObject<PROFILES>(c).selfIdentity = ReadIdentity(c);
    }
    return wrong;
}

Result
SetSelfAddress(IosContext& c)
{
    OpenIosObject<PROFILES>(c).selfIdentity = IkeIdentity{};
    return DONE;
}

Result
SetAggressive(IosContext& c)
{
    OpenIosObject<PROFILES>(c).aggressive = true;
    return DONE;
}

Result
SetProfileTrustpoint(IosContext& c)
{
    OpenIosObject<PROFILES>(c).trustpoint = c.ReferenceTo("name");
    return DONE;
}

// --- Dead peers, NAT traversal -------------------------------------------------------------------

/// `SECONDS [[retry] RETRY] [periodic | on-demand]`
DpdConfig
ReadKeepalive(const IosContext& c)
{
    DpdConfig dpd;
    dpd.interval = Duration::Seconds(static_cast<int64_t>(c.args.GetNumber("seconds")));
    if (c.args.Find("retry"))
    {
        dpd.retry = Duration::Seconds(static_cast<int64_t>(c.args.GetNumber("retry")));
    }
    dpd.periodic = c.args.Find("when") && c.args.GetValue("when") == "periodic";
    return dpd;
}

Result
SetKeepalive(IosContext& c)
{
    c.config.keepalive = ReadKeepalive(c);
    return DONE;
}

Result
SetProfileKeepalive(IosContext& c)
{
    OpenIosObject<PROFILES>(c).keepalive = ReadKeepalive(c);
    return DONE;
}

Result
SetNatKeepalive(IosContext& c)
{
    c.config.natKeepalive = Duration::Seconds(static_cast<int64_t>(c.args.GetNumber("seconds")));
    return DONE;
}

// Parts of patterns that occur more than once; macros, since only literals can be put together.
#define DOMAIN_NAME "<domain:word>"
#define PEER "crypto isakmp peer <by:address|ip-address> <address:address>"
#define FQDN "fqdn <host:word>"
#define USER_FQDN "user-fqdn <user:word>"
#define SECONDS "<seconds:number:10-3600>"
#define RETRY "<retry:number:2-60>"
#define NAT_SECONDS "<seconds:number:5-3600>"
#define UDP "crypto ipsec nat-transparency udp-encapsulation"

const IosCommand COMMANDS[] = {
    {Kind::Global, false, "ip domain name " DOMAIN_NAME, SetDomainName},
    {Kind::Global, false, "ip domain-name " DOMAIN_NAME, SetDomainName},
    {Kind::Global,
     true,
     "ip domain name [ " DOMAIN_NAME " ]",
     ResetConfig<&RouterConfig::domainName>},
    {Kind::Global,
     true,
     "ip domain-name [ " DOMAIN_NAME " ]",
     ResetConfig<&RouterConfig::domainName>},
    {Kind::Global, false, "crypto isakmp identity <kind:address|dn|hostname>", SetIdentity},
    {Kind::Global,
     true,
     "crypto isakmp identity [ <kind:address|dn|hostname> ]",
     ResetConfig<&RouterConfig::identity>},

    {Kind::Global, false, PEER, EnterPeer},
    {Kind::Global, true, PEER, RemovePeer},
    {Kind::IsakmpPeer, false, "set aggressive-mode client-endpoint " FQDN, SetClientEndpoint},
    {Kind::IsakmpPeer, false, "set aggressive-mode client-endpoint " USER_FQDN, SetClientEndpoint},
    {Kind::IsakmpPeer,
     false,
     "set aggressive-mode client-endpoint ipv4-address <address:address>",
     SetClientEndpoint},
    {Kind::IsakmpPeer,
     true,
     "set aggressive-mode client-endpoint [ <rest:line> ]",
     ResetIosObject<PEERS, &IsakmpPeerText::clientEndpoint>},
    {Kind::IsakmpPeer, false, "set aggressive-mode password <password:word>", SetPassword},
    {Kind::IsakmpPeer,
     true,
     "set aggressive-mode password [ <password:word> ]",
     ResetIosObject<PEERS, &IsakmpPeerText::password>},
    {Kind::IsakmpPeer, false, "description <text:line>", SetPeerDescription},
    {Kind::IsakmpPeer,
     true,
     "description [ <text:line> ]",
     ResetIosObject<PEERS, &IsakmpPeerText::description>},

    {Kind::IsakmpProfile, false, "match identity host <host:word>", AddPeerIdentity},
    {Kind::IsakmpProfile, true, "match identity host <host:word>", RemovePeerIdentity},
    {Kind::IsakmpProfile, false, "match identity user <user:word>", AddPeerIdentity},
    {Kind::IsakmpProfile, true, "match identity user <user:word>", RemovePeerIdentity},
    {Kind::IsakmpProfile, false, "self-identity address", SetSelfAddress},
    {Kind::IsakmpProfile, false, "self-identity fqdn [ <host:word> ]", SetSelfIdentity},
    {Kind::IsakmpProfile, false, "self-identity " USER_FQDN, SetSelfIdentity},
    {Kind::IsakmpProfile,
     true,
     "self-identity [ <rest:line> ]",
     ResetIosObject<PROFILES, &IsakmpProfileText::selfIdentity>},
    {Kind::IsakmpProfile, false, "initiate mode aggressive", SetAggressive},
    {Kind::IsakmpProfile,
     true,
     "initiate mode [ aggressive ]",
     ResetIosObject<PROFILES, &IsakmpProfileText::aggressive>},
    {Kind::IsakmpProfile, false, "ca trust-point <name:word>", SetProfileTrustpoint},
    {Kind::IsakmpProfile,
     true,
     "ca trust-point [ <name:word> ]",
     ResetIosObject<PROFILES, &IsakmpProfileText::trustpoint>},
    {Kind::IsakmpProfile, false, "keepalive " SECONDS " retry " RETRY, SetProfileKeepalive},
    {Kind::IsakmpProfile,
     true,
     "keepalive [ <rest:line> ]",
     ResetIosObject<PROFILES, &IsakmpProfileText::keepalive>},

    {Kind::Global,
     false,
     "crypto isakmp aggressive-mode disable",
     Switch<&RouterConfig::aggressiveDisabled, true>},
    {Kind::Global,
     true,
     "crypto isakmp aggressive-mode disable",
     Switch<&RouterConfig::aggressiveDisabled, false>},
    {Kind::Global,
     false,
     "crypto isakmp keepalive " SECONDS " [ " RETRY " ] [ <when:periodic|on-demand> ]",
     SetKeepalive},
    {Kind::Global,
     true,
     "crypto isakmp keepalive [ <rest:line> ]",
     ResetConfig<&RouterConfig::keepalive>},
    {Kind::Global,
     false,
     "crypto isakmp invalid-spi-recovery",
     Switch<&RouterConfig::invalidSpiRecovery, true>},
    {Kind::Global,
     true,
     "crypto isakmp invalid-spi-recovery",
     Switch<&RouterConfig::invalidSpiRecovery, false>},
    {Kind::Global, false, "crypto isakmp nat keepalive " NAT_SECONDS, SetNatKeepalive},
    {Kind::Global,
     true,
     "crypto isakmp nat keepalive [ " NAT_SECONDS " ]",
     ResetConfig<&RouterConfig::natKeepalive>},
    {Kind::Global, false, UDP, Switch<&RouterConfig::natTransparency, true>},
    {Kind::Global, true, UDP, Switch<&RouterConfig::natTransparency, false>},
};

} // namespace

std::vector<IosCommand>
MakeIosIdentityCommands()
{
    return {std::begin(COMMANDS), std::end(COMMANDS)};
}

} // namespace ike
} // namespace ns3
