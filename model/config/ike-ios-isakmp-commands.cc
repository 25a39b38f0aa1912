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

constexpr auto PROFILES = &RouterConfig::isakmpProfiles; ///< `crypto isakmp profile`

// --- crypto isakmp policy ------------------------------------------------------------------------

/// The policy of a priority, made when it is not there yet. The list stays sorted.
IsakmpPolicy&
PolicyOf(RouterConfig& config, uint32_t priority)
{
    auto& all = config.policies;
    const auto isBefore = [](const IsakmpPolicy& a, uint32_t b) { return a.priority < b; };
    auto place = std::lower_bound(all.begin(), all.end(), priority, isBefore);
    if (place == all.end() || place->priority != priority)
    {
        IsakmpPolicy policy;
        policy.priority = priority;
        place = all.insert(place, policy);
    }
    return *place;
}

/// The policy of the open block.
IsakmpPolicy&
OpenPolicy(IosContext& c)
{
    return PolicyOf(c.config, static_cast<uint32_t>(std::stoul(c.mode.name)));
}

/// Give fields of the open policy their defaults again.
template <auto... FIELDS>
Result
ResetPolicy(IosContext& c)
{
    ((OpenPolicy(c).*FIELDS = IsakmpPolicy{}.*FIELDS), ...);
    return DONE;
}

Result
EnterPolicy(IosContext& c)
{
    c.mode = IosMode{Kind::IsakmpPolicy, c.args.GetValue("priority")};
    c.config.policyPositions.emplace(OpenPolicy(c).priority, c.PositionOf("priority"));
    return DONE;
}

Result
RemovePolicy(IosContext& c)
{
    const auto priority = static_cast<uint32_t>(c.args.GetNumber("priority"));
    if (c.config.policyPositions.erase(priority) == 0)
    {
        return c.Refuse("priority", "there is no policy of this priority");
    }
    auto& all = c.config.policies;
    const auto isIt = [=](const IsakmpPolicy& policy) { return policy.priority == priority; };
    all.erase(std::remove_if(all.begin(), all.end(), isIt), all.end());
    return DONE;
}

Result
SetPolicyCipher(IosContext& c)
{
    IsakmpPolicy& policy = OpenPolicy(c);
    policy.cipher = ReadIosCipher(c.args.GetValue("cipher"));
    const bool isAes = policy.cipher == CipherAlgorithm::AesCbc;
    const bool hasBits = c.args.Find("bits");
    policy.keyBits = hasBits ? static_cast<uint32_t>(c.args.GetNumber("bits")) : isAes ? 128 : 0;
    return DONE;
}

Result
SetPolicyHash(IosContext& c)
{
    OpenPolicy(c).hash = ReadIosHash(c.args.GetValue("hash"));
    return DONE;
}

Result
SetPolicyAuthentication(IosContext& c)
{
    const bool isKey = c.args.GetValue("method") == "pre-share";
    OpenPolicy(c).authentication = isKey ? AuthMethod::PreSharedKey : AuthMethod::RsaSignature;
    return DONE;
}

Result
SetPolicyGroup(IosContext& c)
{
    OpenPolicy(c).group = static_cast<DhGroup>(c.args.GetNumber("group"));
    return DONE;
}

Result
SetPolicyLifetime(IosContext& c)
{
    OpenPolicy(c).lifetime = Duration::Seconds(static_cast<int64_t>(c.args.GetNumber("seconds")));
    return DONE;
}

// --- Keys ----------------------------------------------------------------------------------------

/// A key with the peers that a line names: by their addresses, or one of them by its host name
/// (by its user FQDN, when there is an '@' in it).
PreSharedKey
ReadPeers(const IosContext& c)
{
    PreSharedKey key;
    key.keyring = c.mode.name;
    if (!c.args.Find("host"))
    {
        key.peers = c.args.GetPrefix("address", "mask");
        return key;
    }
    const std::string name = c.args.GetValue("host");
    const bool isUser = name.find('@') != std::string::npos;
    key.identity = IkeIdentity{isUser ? IdentityKind::UserFqdn : IdentityKind::Fqdn, name};
    return key;
}

/// The argument that names the peers.
const char*
PeersArgument(const IosContext& c)
{
    return c.args.Find("host") ? "host" : "address";
}

/// "10.0.0.1/32", "r1.example.org"
std::string
DescribePeers(const PreSharedKey& key)
{
    return key.identity ? key.identity->text : key.peers.ToString();
}

/// What is wrong with the words around a key.
Result
CheckKeyWords(const IosContext& c)
{
    if (c.args.Find("type") && c.args.GetValue("type") == "6")
    {
        return c.Refuse("type", "encrypted keys are known but not supported yet");
    }
    if (c.args.Find("no-xauth"))
    {
        return c.Refuse("no-xauth", "XAUTH is known but not supported yet");
    }
    return DONE;
}

Result
AddKey(IosContext& c)
{
    const Result wrong = CheckKeyWords(c);
    if (wrong)
    {
        return wrong;
    }
    PreSharedKey key = ReadPeers(c);
    key.key = ToOctets(c.args.GetValue("key"));
    KeyringConfig& keyring = c.config.keyrings[c.mode.name];
    keyring.name = c.mode.name;
    const PreSharedKey* old = keyring.keys.Find(KeyOfPeers()(key));
    if (!old)
    {
        keyring.keys.Add(key);
        return DONE;
    }
    if (old->key != key.key)
    {
        return c.Refuse(PeersArgument(c),
                        "a key for " + DescribePeers(key) + " exists already",
                        "remove that one first");
    }
    return DONE;
}

Result
RemoveKey(IosContext& c)
{
    const auto ring = c.config.keyrings.find(c.mode.name);
    const PreSharedKey wanted = ReadPeers(c);
    const PreSharedKey* old =
        ring == c.config.keyrings.end() ? nullptr : ring->second.keys.Find(KeyOfPeers()(wanted));
    if (!old)
    {
        return c.Refuse(PeersArgument(c), "there is no key for " + DescribePeers(wanted));
    }
    if (c.args.Find("key") && old->key != ToOctets(c.args.GetValue("key")))
    {
        return c.Refuse("key", "is not the key for " + DescribePeers(wanted));
    }
    ring->second.keys.Remove(KeyOfPeers()(wanted));
    if (ring->second.keys.empty() && c.mode.name.empty())
    {
        c.config.keyrings.erase(ring);
    }
    return DONE;
}

Result
EnterKeyring(IosContext& c)
{
    if (c.args.GetValue("name") == "default")
    {
        return c.Refuse("name", "is the name of the keyring that 'crypto isakmp key' fills");
    }
    c.mode = IosMode{Kind::Keyring, c.args.GetValue("name")};
    c.config.keyrings[c.mode.name].name = c.mode.name;
    return DONE;
}

// --- crypto isakmp profile -----------------------------------------------------------------------

/// Whose identity matches gets a virtual-access interface, made after this template.
Result
SetVirtualTemplate(IosContext& c)
{
    OpenIosObject<PROFILES>(c).virtualTemplate =
        NameReference{"Virtual-Template" + c.args.GetValue("number"), c.PositionOf("number")};
    return DONE;
}

Result
SetKeyring(IosContext& c)
{
    OpenIosObject<PROFILES>(c).keyring = c.ReferenceTo("name");
    return DONE;
}

Result
AddIdentity(IosContext& c)
{
    auto& all = OpenIosObject<PROFILES>(c).identityAddresses;
    const IpPrefix identity = c.args.GetPrefix("address", "mask");
    if (std::find(all.begin(), all.end(), identity) == all.end())
    {
        all.push_back(identity);
    }
    return DONE;
}

Result
RemoveIdentity(IosContext& c)
{
    auto& all = OpenIosObject<PROFILES>(c).identityAddresses;
    const auto found = std::find(all.begin(), all.end(), c.args.GetPrefix("address", "mask"));
    if (found == all.end())
    {
        return c.Refuse("address", "is not configured");
    }
    all.erase(found);
    return DONE;
}

// Parts of patterns that occur more than once; macros, since only literals can be put together.
#define PRIORITY "<priority:number:1-10000>"
#define PEERS "<address:address> [ <mask:mask> ]"
#define HOST "<host:word>"
#define KEY "[ <type:0|6> ] <key:word>"
#define AES "<cipher:aes> [ <bits:128|192|256> ]"
#define HASH "<hash:md5|sha|sha256|sha384|sha512>"
#define METHOD "<method:pre-share|rsa-sig>"
#define GROUP "<group:1|2|5|14|15|16|19|20|21>"

const IosCommand COMMANDS[] = {
    {Kind::Global, false, "crypto isakmp policy " PRIORITY, EnterPolicy},
    {Kind::Global, true, "crypto isakmp policy " PRIORITY, RemovePolicy},
    {Kind::Global,
     false,
     "crypto isakmp key " KEY " address " PEERS " [ <no-xauth:no-xauth> ]",
     AddKey},
    {Kind::Global,
     true,
     "crypto isakmp key " KEY " address " PEERS " [ <no-xauth:no-xauth> ]",
     RemoveKey},
    {Kind::Global,
     false,
     "crypto isakmp key " KEY " hostname " HOST " [ <no-xauth:no-xauth> ]",
     AddKey},
    {Kind::Global,
     true,
     "crypto isakmp key " KEY " hostname " HOST " [ <no-xauth:no-xauth> ]",
     RemoveKey},
    {Kind::Global, false, "crypto keyring <name:word>", EnterKeyring},
    {Kind::Global,
     true,
     "crypto keyring <name:word>",
     RemoveIosObject<&RouterConfig::keyrings, Kind::Keyring>},
    {Kind::Global,
     false,
     "crypto isakmp profile <name:word>",
     EnterIosObject<PROFILES, Kind::IsakmpProfile>},
    {Kind::Global,
     true,
     "crypto isakmp profile <name:word>",
     RemoveIosObject<PROFILES, Kind::IsakmpProfile>},

    {Kind::IsakmpPolicy, false, "encryption <cipher:des|3des>", SetPolicyCipher},
    {Kind::IsakmpPolicy, false, "encryption " AES, SetPolicyCipher},
    {Kind::IsakmpPolicy,
     true,
     "encryption [ <cipher:des|3des|aes> [ <bits:128|192|256> ] ]",
     ResetPolicy<&IsakmpPolicy::cipher, &IsakmpPolicy::keyBits>},
    {Kind::IsakmpPolicy, false, "hash " HASH, SetPolicyHash},
    {Kind::IsakmpPolicy, true, "hash [ " HASH " ]", ResetPolicy<&IsakmpPolicy::hash>},
    {Kind::IsakmpPolicy, false, "authentication " METHOD, SetPolicyAuthentication},
    {Kind::IsakmpPolicy,
     true,
     "authentication [ " METHOD " ]",
     ResetPolicy<&IsakmpPolicy::authentication>},
    {Kind::IsakmpPolicy, false, "group " GROUP, SetPolicyGroup},
    {Kind::IsakmpPolicy, true, "group [ " GROUP " ]", ResetPolicy<&IsakmpPolicy::group>},
    {Kind::IsakmpPolicy, false, "lifetime <seconds:number:60-86400>", SetPolicyLifetime},
    {Kind::IsakmpPolicy,
     true,
     "lifetime [ <seconds:number:60-86400> ]",
     ResetPolicy<&IsakmpPolicy::lifetime>},

    {Kind::Keyring, false, "pre-shared-key address " PEERS " key " KEY, AddKey},
    {Kind::Keyring, true, "pre-shared-key address " PEERS " [ key " KEY " ]", RemoveKey},

    {Kind::Keyring, false, "pre-shared-key hostname " HOST " key " KEY, AddKey},
    {Kind::Keyring, true, "pre-shared-key hostname " HOST " [ key " KEY " ]", RemoveKey},

    {Kind::IsakmpProfile, false, "keyring <name:word>", SetKeyring},
    {Kind::IsakmpProfile,
     true,
     "keyring [ <name:word> ]",
     ResetIosObject<PROFILES, &IsakmpProfileText::keyring>},
    {Kind::IsakmpProfile,
     false,
     "virtual-template <number:number:0-2147483647>",
     SetVirtualTemplate},
    {Kind::IsakmpProfile,
     true,
     "virtual-template [ <number:number:0-2147483647> ]",
     ResetIosObject<PROFILES, &IsakmpProfileText::virtualTemplate>},
    {Kind::IsakmpProfile, false, "match identity address " PEERS, AddIdentity},
    {Kind::IsakmpProfile, true, "match identity address " PEERS, RemoveIdentity},
};

} // namespace

std::vector<IosCommand>
MakeIosIsakmpCommands()
{
    return {std::begin(COMMANDS), std::end(COMMANDS)};
}

} // namespace ike
} // namespace ns3
