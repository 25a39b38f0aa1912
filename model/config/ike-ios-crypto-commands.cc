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

/// Take an object out of a map, or say that it is not there.
template <typename Map>
Result
RemoveNamed(IosContext& c, Map& map, const std::string& command)
{
    if (map.erase(c.args.GetValue("name")) == 0)
    {
        return c.Refuse("name", "there is no '" + command + "' of this name");
    }
    return DONE;
}

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
ResetPolicyCipher(IosContext& c)
{
    OpenPolicy(c).cipher = IsakmpPolicy{}.cipher;
    OpenPolicy(c).keyBits = IsakmpPolicy{}.keyBits;
    return DONE;
}

Result
SetPolicyHash(IosContext& c)
{
    OpenPolicy(c).hash = ReadIosHash(c.args.GetValue("hash"));
    return DONE;
}

Result
ResetPolicyHash(IosContext& c)
{
    OpenPolicy(c).hash = IsakmpPolicy{}.hash;
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
ResetPolicyAuthentication(IosContext& c)
{
    OpenPolicy(c).authentication = IsakmpPolicy{}.authentication;
    return DONE;
}

Result
SetPolicyGroup(IosContext& c)
{
    OpenPolicy(c).group = static_cast<DhGroup>(c.args.GetNumber("group"));
    return DONE;
}

Result
ResetPolicyGroup(IosContext& c)
{
    OpenPolicy(c).group = IsakmpPolicy{}.group;
    return DONE;
}

Result
SetPolicyLifetime(IosContext& c)
{
    OpenPolicy(c).lifetime = Duration::Seconds(static_cast<int64_t>(c.args.GetNumber("seconds")));
    return DONE;
}

Result
ResetPolicyLifetime(IosContext& c)
{
    OpenPolicy(c).lifetime = IsakmpPolicy{}.lifetime;
    return DONE;
}

// --- Keys ----------------------------------------------------------------------------------------

/// Find the key of a keyring for exactly these peers.
std::vector<PreSharedKey>::iterator
FindKey(std::vector<PreSharedKey>& keys, const IpPrefix& peers)
{
    const auto isIt = [&](const PreSharedKey& key) { return key.peers == peers; };
    return std::find_if(keys.begin(), keys.end(), isIt);
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
    const IpPrefix peers = c.args.GetPrefix("address", "mask");
    const PreSharedKey key{c.mode.name, peers, ToOctets(c.args.GetValue("key"))};
    KeyringConfig& keyring = c.config.keyrings[c.mode.name];
    keyring.name = c.mode.name;
    const auto old = FindKey(keyring.keys, peers);
    if (old == keyring.keys.end())
    {
        keyring.keys.push_back(key);
        return DONE;
    }
    if (old->key != key.key)
    {
        return c.Refuse("address",
                        "a key for " + peers.ToString() + " exists already",
                        "remove that one first");
    }
    return DONE;
}

Result
RemoveKey(IosContext& c)
{
    const auto ring = c.config.keyrings.find(c.mode.name);
    const IpPrefix peers = c.args.GetPrefix("address", "mask");
    const bool hasRing = ring != c.config.keyrings.end();
    if (!hasRing || FindKey(ring->second.keys, peers) == ring->second.keys.end())
    {
        return c.Refuse("address", "there is no key for " + peers.ToString());
    }
    const auto old = FindKey(ring->second.keys, peers);
    if (c.args.Find("key") && old->key != ToOctets(c.args.GetValue("key")))
    {
        return c.Refuse("key", "is not the key for " + peers.ToString());
    }
    ring->second.keys.erase(old);
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

Result
RemoveKeyring(IosContext& c)
{
    return RemoveNamed(c, c.config.keyrings, "crypto keyring");
}

// --- crypto isakmp profile -----------------------------------------------------------------------

/// The profile of the open block.
IsakmpProfileText&
OpenIsakmpProfile(IosContext& c)
{
    return c.config.isakmpProfiles[c.mode.name];
}

Result
EnterIsakmpProfile(IosContext& c)
{
    c.mode = IosMode{Kind::IsakmpProfile, c.args.GetValue("name")};
    IsakmpProfileText& profile = OpenIsakmpProfile(c);
    if (profile.name.empty())
    {
        profile.name = c.mode.name;
        profile.position = c.PositionOf("name");
    }
    return DONE;
}

Result
RemoveIsakmpProfile(IosContext& c)
{
    return RemoveNamed(c, c.config.isakmpProfiles, "crypto isakmp profile");
}

Result
SetKeyring(IosContext& c)
{
    OpenIsakmpProfile(c).keyring = c.ReferenceTo("name");
    return DONE;
}

Result
ResetKeyring(IosContext& c)
{
    OpenIsakmpProfile(c).keyring.reset();
    return DONE;
}

Result
AddIdentity(IosContext& c)
{
    auto& all = OpenIsakmpProfile(c).identityAddresses;
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
    auto& all = OpenIsakmpProfile(c).identityAddresses;
    const auto found = std::find(all.begin(), all.end(), c.args.GetPrefix("address", "mask"));
    if (found == all.end())
    {
        return c.Refuse("address", "is not configured");
    }
    all.erase(found);
    return DONE;
}

// --- crypto ipsec transform-set ------------------------------------------------------------------

/// A transform and what it means.
struct TransformRow
{
    const char* word;             ///< as IOS writes it
    bool isCipher;                ///< else an authenticator
    CipherAlgorithm cipher;       ///< of a cipher
    IntegrityAlgorithm integrity; ///< of an authenticator
};

const TransformRow TRANSFORMS[] = {
    {"esp-des", true, CipherAlgorithm::DesCbc, IntegrityAlgorithm::None},
    {"esp-3des", true, CipherAlgorithm::TripleDesCbc, IntegrityAlgorithm::None},
    {"esp-aes", true, CipherAlgorithm::AesCbc, IntegrityAlgorithm::None},
    {"esp-null", true, CipherAlgorithm::Null, IntegrityAlgorithm::None},
    {"esp-md5-hmac", false, CipherAlgorithm::Null, IntegrityAlgorithm::HmacMd5_96},
    {"esp-sha-hmac", false, CipherAlgorithm::Null, IntegrityAlgorithm::HmacSha1_96},
    {"esp-sha256-hmac", false, CipherAlgorithm::Null, IntegrityAlgorithm::HmacSha256_128},
};

/// Puts the transforms of a line together.
class TransformReader
{
  public:
    explicit TransformReader(IosContext& c)
        : m_context(c),
          m_words(c.args.GetAll("transform"))
    {
        m_set.name = c.args.GetValue("name");
    }

    Result Read()
    {
        for (const IosArgument& word : m_words)
        {
            const Result wrong = Take(word);
            if (wrong)
            {
                return wrong;
            }
        }
        return CheckWhole();
    }

    const EspTransformSet& GetSet() const
    {
        return m_set;
    }

  private:
    Result Take(const IosArgument& word)
    {
        const bool isBits = word.value.find_first_not_of("0123456789") == std::string::npos;
        if (isBits)
        {
            return TakeBits(word);
        }
        m_bitsMayFollow = word.value == "esp-aes";
        for (const TransformRow& row : TRANSFORMS)
        {
            if (word.value == row.word)
            {
                return row.isCipher ? TakeCipher(word, row) : TakeAuthenticator(word, row);
            }
        }
        return Refuse(word, "is known but not supported yet", {});
    }

    Result TakeBits(const IosArgument& word)
    {
        if (!m_bitsMayFollow)
        {
            return Refuse(word, "is a key length, but not behind esp-aes", {});
        }
        m_set.keyBits = static_cast<uint32_t>(std::stoul(word.value));
        m_bitsMayFollow = false;
        return DONE;
    }

    Result TakeCipher(const IosArgument& word, const TransformRow& row)
    {
        if (m_hasCipher)
        {
            return Refuse(word, "is a second cipher", "a transform set has exactly one");
        }
        m_hasCipher = true;
        m_set.cipher = row.cipher;
        m_set.keyBits = row.cipher == CipherAlgorithm::AesCbc ? 128 : 0;
        return DONE;
    }

    Result TakeAuthenticator(const IosArgument& word, const TransformRow& row)
    {
        if (m_set.integrity != IntegrityAlgorithm::None)
        {
            return Refuse(word, "is a second authenticator", "a transform set has at most one");
        }
        m_set.integrity = row.integrity;
        return DONE;
    }

    /// RFC 4303 3.2: at least one of the two services.
    Result CheckWhole() const
    {
        const bool authenticates = m_set.integrity != IntegrityAlgorithm::None;
        if (!m_hasCipher)
        {
            return Refuse(m_words.front(),
                          "the transform set has no cipher",
                          "add esp-des, esp-3des, esp-aes or esp-null");
        }
        if (m_set.cipher == CipherAlgorithm::Null && !authenticates)
        {
            return Refuse(m_words.front(),
                          "esp-null without an authenticator protects nothing",
                          "add esp-md5-hmac, esp-sha-hmac or esp-sha256-hmac");
        }
        return DONE;
    }

    Result Refuse(const IosArgument& word,
                  const std::string& message,
                  const std::string& expected) const
    {
        TextPosition position = m_context.line;
        position.column = word.word.column;
        return ConfigError{position, word.word.text, message, expected};
    }

    IosContext& m_context;            ///< the line
    std::vector<IosArgument> m_words; ///< transforms and key lengths
    EspTransformSet m_set;            ///< what they mean so far
    bool m_hasCipher{false};          ///< one was there
    bool m_bitsMayFollow{false};      ///< esp-aes was the last word
};

Result
EnterTransformSet(IosContext& c)
{
    TransformReader reader(c);
    const Result wrong = reader.Read();
    if (!wrong)
    {
        c.mode = IosMode{Kind::TransformSet, c.args.GetValue("name")};
        c.config.transformSets[c.mode.name].set = reader.GetSet();
    }
    return wrong;
}

Result
RemoveTransformSet(IosContext& c)
{
    return RemoveNamed(c, c.config.transformSets, "crypto ipsec transform-set");
}

/// Tunnel mode is the only one and the default.
Result
SetModeTunnel(IosContext&)
{
    return DONE;
}

// --- crypto ipsec profile ------------------------------------------------------------------------

/// The profile of the open block.
IpsecProfileText&
OpenProfile(IosContext& c)
{
    return c.config.ipsecProfiles[c.mode.name];
}

Result
EnterProfile(IosContext& c)
{
    c.mode = IosMode{Kind::IpsecProfile, c.args.GetValue("name")};
    IpsecProfileText& profile = OpenProfile(c);
    if (profile.name.empty())
    {
        profile.name = c.mode.name;
        profile.position = c.PositionOf("name");
    }
    return DONE;
}

Result
RemoveProfile(IosContext& c)
{
    return RemoveNamed(c, c.config.ipsecProfiles, "crypto ipsec profile");
}

Result
SetTransformSets(IosContext& c)
{
    std::vector<NameReference> references;
    for (const IosArgument& name : c.args.GetAll("name"))
    {
        references.push_back({name.value, {c.line.file, c.line.line, name.word.column}});
    }
    OpenProfile(c).transformSets = references;
    return DONE;
}

Result
ResetTransformSets(IosContext& c)
{
    OpenProfile(c).transformSets.clear();
    return DONE;
}

Result
SetIsakmpProfile(IosContext& c)
{
    OpenProfile(c).isakmpProfile = c.ReferenceTo("name");
    return DONE;
}

Result
ResetIsakmpProfile(IosContext& c)
{
    OpenProfile(c).isakmpProfile.reset();
    return DONE;
}

Result
SetPfs(IosContext& c)
{
    const bool isNamed = c.args.Find("group");
    const std::string number = isNamed ? c.args.GetValue("group").substr(5) : "1";
    OpenProfile(c).pfs = static_cast<DhGroup>(std::stoul(number));
    return DONE;
}

Result
ResetPfs(IosContext& c)
{
    OpenProfile(c).pfs.reset();
    return DONE;
}

/// A lifetime by seconds or by kilobytes, global or of a profile.
Result
SetLifetime(const IosContext& c, std::optional<Duration>& time, std::optional<uint64_t>& kilobytes)
{
    if (c.args.Find("seconds"))
    {
        time = Duration::Seconds(static_cast<int64_t>(c.args.GetNumber("seconds")));
    }
    if (c.args.Find("kilobytes"))
    {
        kilobytes = c.args.GetNumber("kilobytes");
    }
    return DONE;
}

Result
ResetLifetime(const IosContext& c,
              std::optional<Duration>& time,
              std::optional<uint64_t>& kilobytes)
{
    const bool isTime = c.args.GetValue("unit") == "seconds";
    isTime ? time.reset() : kilobytes.reset();
    return DONE;
}

Result
SetProfileLifetime(IosContext& c)
{
    return SetLifetime(c, OpenProfile(c).lifetime, OpenProfile(c).lifetimeKilobytes);
}

Result
ResetProfileLifetime(IosContext& c)
{
    return ResetLifetime(c, OpenProfile(c).lifetime, OpenProfile(c).lifetimeKilobytes);
}

Result
SetGlobalLifetime(IosContext& c)
{
    return SetLifetime(c, c.config.globalLifetime, c.config.globalLifetimeKilobytes);
}

Result
ResetGlobalLifetime(IosContext& c)
{
    return ResetLifetime(c, c.config.globalLifetime, c.config.globalLifetimeKilobytes);
}

Result
SetResponderOnly(IosContext& c)
{
    OpenProfile(c).responderOnly = true;
    return DONE;
}

Result
ResetResponderOnly(IosContext& c)
{
    OpenProfile(c).responderOnly = false;
    return DONE;
}

Result
SetProfileDescription(IosContext& c)
{
    OpenProfile(c).description = c.args.GetValue("text");
    return DONE;
}

Result
ResetProfileDescription(IosContext& c)
{
    OpenProfile(c).description.clear();
    return DONE;
}

// --- crypto map ----------------------------------------------------------------------------------

Result
EnterCryptoMap(IosContext& c)
{
    c.mode = IosMode{Kind::CryptoMap, c.args.GetValue("name")};
    c.config.cryptoMaps.push_back(c.ReferenceTo("name"));
    return DONE;
}

Result
RemoveCryptoMap(IosContext& c)
{
    auto& all = c.config.cryptoMaps;
    const std::string name = c.args.GetValue("name");
    const auto isIt = [&](const NameReference& map) { return map.name == name; };
    const auto end = std::remove_if(all.begin(), all.end(), isIt);
    if (end == all.end())
    {
        return c.Refuse("name", "there is no crypto map of this name");
    }
    all.erase(end, all.end());
    return DONE;
}

/// The block is an error as a whole; its lines are read for the sake of responder-only alone.
Result
SkipCryptoMapLine(IosContext&)
{
    return DONE;
}

Result
RefuseResponderOnlyInCryptoMap(IosContext& c)
{
    return ConfigError{c.line,
                       "responder-only",
                       "responder-only is accepted only under 'crypto ipsec profile': neither "
                       "static nor dynamic crypto maps support it (IKE Responder-Only Mode, "
                       "Restrictions)",
                       {}};
}

// Parts of patterns that occur more than once; macros, since only literals can be put together.
#define PRIORITY "<priority:number:1-10000>"
#define PEERS "<address:address> [ <mask:mask> ]"
#define KEY "[ <type:0|6> ] <key:word>"
#define AES "<cipher:aes> [ <bits:128|192|256> ]"
#define HASH "<hash:md5|sha|sha256|sha384|sha512>"
#define METHOD "<method:pre-share|rsa-sig>"
#define GROUP "<group:1|2|5|14|15|16|19|20|21>"
#define PFS_GROUP "<group:group1|group2|group5|group14|group15|group16|group19|group20|group21>"
#define TRANSFORM                                                                                  \
    "<transform:esp-des|esp-3des|esp-aes|128|192|256|esp-null|esp-md5-hmac|esp-sha-hmac|"          \
    "esp-sha256-hmac|ah-md5-hmac|ah-sha-hmac|ah-sha256-hmac|comp-lzs|esp-gcm|esp-gmac|esp-seal|"   \
    "esp-sha384-hmac|esp-sha512-hmac>"
#define TRANSFORMS TRANSFORM " [ " TRANSFORM " [ " TRANSFORM " [ " TRANSFORM " ] ] ]"
#define SIX_NAMES                                                                                  \
    "<name:word> [ <name:word> [ <name:word> [ <name:word> [ <name:word> [ <name:word> ] ] ] ] ]"
#define LIFETIME "security-association lifetime "
#define SECONDS "seconds <seconds:number:120-86400>"
#define KILOBYTES "kilobytes <kilobytes:number:2560-4294967295>"
#define UNIT "<unit:seconds|kilobytes> [ <value:number:0-4294967295> ]"
#define MAP "<name:word> <seq:number:1-65535>"
#define MAP_KIND "<kind:ipsec-isakmp|ipsec-manual>"
#define MAP_SET                                                                                    \
    "set <what:peer|transform-set|pfs|isakmp-profile|security-association|identity|session-key|"   \
    "ip|nat|reverse-route> [ <rest:line> ]"

const IosCommand COMMANDS[] = {
    {Kind::Global, false, "crypto isakmp policy " PRIORITY, EnterPolicy},
    {Kind::Global, true, "crypto isakmp policy " PRIORITY, RemovePolicy},
    {Kind::Global,
     false,
     "crypto isakmp key " KEY " address " PEERS " [ <no-xauth:no-xauth> ]",
     AddKey},
    {Kind::Global, true, "crypto isakmp key " KEY " address " PEERS, RemoveKey},
    {Kind::Global, false, "crypto keyring <name:word>", EnterKeyring},
    {Kind::Global, true, "crypto keyring <name:word>", RemoveKeyring},
    {Kind::Global, false, "crypto isakmp profile <name:word>", EnterIsakmpProfile},
    {Kind::Global, true, "crypto isakmp profile <name:word>", RemoveIsakmpProfile},
    {Kind::Global, false, "crypto ipsec transform-set <name:word> " TRANSFORMS, EnterTransformSet},
    {Kind::Global, true, "crypto ipsec transform-set <name:word>", RemoveTransformSet},
    {Kind::Global, false, "crypto ipsec profile <name:word>", EnterProfile},
    {Kind::Global, true, "crypto ipsec profile <name:word>", RemoveProfile},
    {Kind::Global, false, "crypto ipsec " LIFETIME SECONDS, SetGlobalLifetime},
    {Kind::Global, false, "crypto ipsec " LIFETIME KILOBYTES, SetGlobalLifetime},
    {Kind::Global, true, "crypto ipsec " LIFETIME UNIT, ResetGlobalLifetime},
    {Kind::Global, false, "crypto map " MAP " [ " MAP_KIND " ]", EnterCryptoMap},
    {Kind::Global,
     true,
     "crypto map <name:word> [ <seq:number:1-65535> [ " MAP_KIND " ] ]",
     RemoveCryptoMap},
    {Kind::Global, false, "crypto dynamic-map " MAP, EnterCryptoMap},
    {Kind::Global,
     true,
     "crypto dynamic-map <name:word> [ <seq:number:1-65535> ]",
     RemoveCryptoMap},

    {Kind::IsakmpPolicy, false, "encryption <cipher:des|3des>", SetPolicyCipher},
    {Kind::IsakmpPolicy, false, "encryption " AES, SetPolicyCipher},
    {Kind::IsakmpPolicy,
     true,
     "encryption [ <cipher:des|3des|aes> [ <bits:128|192|256> ] ]",
     ResetPolicyCipher},
    {Kind::IsakmpPolicy, false, "hash " HASH, SetPolicyHash},
    {Kind::IsakmpPolicy, true, "hash [ " HASH " ]", ResetPolicyHash},
    {Kind::IsakmpPolicy, false, "authentication " METHOD, SetPolicyAuthentication},
    {Kind::IsakmpPolicy, true, "authentication [ " METHOD " ]", ResetPolicyAuthentication},
    {Kind::IsakmpPolicy, false, "group " GROUP, SetPolicyGroup},
    {Kind::IsakmpPolicy, true, "group [ " GROUP " ]", ResetPolicyGroup},
    {Kind::IsakmpPolicy, false, "lifetime <seconds:number:60-86400>", SetPolicyLifetime},
    {Kind::IsakmpPolicy, true, "lifetime [ <seconds:number:60-86400> ]", ResetPolicyLifetime},

    {Kind::Keyring, false, "pre-shared-key address " PEERS " key " KEY, AddKey},
    {Kind::Keyring, true, "pre-shared-key address " PEERS " [ key " KEY " ]", RemoveKey},

    {Kind::IsakmpProfile, false, "keyring <name:word>", SetKeyring},
    {Kind::IsakmpProfile, true, "keyring [ <name:word> ]", ResetKeyring},
    {Kind::IsakmpProfile, false, "match identity address " PEERS, AddIdentity},
    {Kind::IsakmpProfile, true, "match identity address " PEERS, RemoveIdentity},

    {Kind::TransformSet, false, "mode tunnel", SetModeTunnel},
    {Kind::TransformSet, true, "mode [ tunnel ]", SetModeTunnel},

    {Kind::IpsecProfile, false, "set transform-set " SIX_NAMES, SetTransformSets},
    {Kind::IpsecProfile, true, "set transform-set [ <names:line> ]", ResetTransformSets},
    {Kind::IpsecProfile, false, "set isakmp-profile <name:word>", SetIsakmpProfile},
    {Kind::IpsecProfile, true, "set isakmp-profile [ <name:word> ]", ResetIsakmpProfile},
    {Kind::IpsecProfile, false, "set pfs [ " PFS_GROUP " ]", SetPfs},
    {Kind::IpsecProfile, true, "set pfs [ " PFS_GROUP " ]", ResetPfs},
    {Kind::IpsecProfile, false, "set " LIFETIME SECONDS, SetProfileLifetime},
    {Kind::IpsecProfile, false, "set " LIFETIME KILOBYTES, SetProfileLifetime},
    {Kind::IpsecProfile, true, "set " LIFETIME UNIT, ResetProfileLifetime},
    {Kind::IpsecProfile, false, "responder-only", SetResponderOnly},
    {Kind::IpsecProfile, true, "responder-only", ResetResponderOnly},
    {Kind::IpsecProfile, false, "description <text:line>", SetProfileDescription},
    {Kind::IpsecProfile, true, "description [ <text:line> ]", ResetProfileDescription},

    {Kind::CryptoMap, false, "responder-only", RefuseResponderOnlyInCryptoMap},
    {Kind::CryptoMap, true, "responder-only", RefuseResponderOnlyInCryptoMap},
    {Kind::CryptoMap, false, MAP_SET, SkipCryptoMapLine},
    {Kind::CryptoMap, false, "match address <rest:line>", SkipCryptoMapLine},
    {Kind::CryptoMap, false, "description <rest:line>", SkipCryptoMapLine},
    {Kind::CryptoMap, false, "reverse-route [ <rest:line> ]", SkipCryptoMapLine},
    {Kind::CryptoMap, false, "qos pre-classify", SkipCryptoMapLine},
    {Kind::CryptoMap, true, "set [ <rest:line> ]", SkipCryptoMapLine},
    {Kind::CryptoMap, true, "match address [ <rest:line> ]", SkipCryptoMapLine},
    {Kind::CryptoMap, true, "description [ <rest:line> ]", SkipCryptoMapLine},
    {Kind::CryptoMap, true, "reverse-route [ <rest:line> ]", SkipCryptoMapLine},
};

} // namespace

std::vector<IosCommand>
MakeIosCryptoCommands()
{
    return {std::begin(COMMANDS), std::end(COMMANDS)};
}

} // namespace ike
} // namespace ns3
