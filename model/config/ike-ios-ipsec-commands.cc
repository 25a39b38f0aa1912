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

constexpr auto PROFILES = &RouterConfig::ipsecProfiles; ///< `crypto ipsec profile`

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
    {"esp-gcm", true, CipherAlgorithm::AesGcm16, IntegrityAlgorithm::None},
    {"esp-gmac", true, CipherAlgorithm::AesGmac, IntegrityAlgorithm::None},
    {"esp-aes-ctr", true, CipherAlgorithm::AesCtr, IntegrityAlgorithm::None}, // not IOS
    {"esp-null", true, CipherAlgorithm::Null, IntegrityAlgorithm::None},
    {"esp-md5-hmac", false, CipherAlgorithm::Null, IntegrityAlgorithm::HmacMd5_96},
    {"esp-sha-hmac", false, CipherAlgorithm::Null, IntegrityAlgorithm::HmacSha1_96},
    {"esp-sha256-hmac", false, CipherAlgorithm::Null, IntegrityAlgorithm::HmacSha256_128},
    {"esp-sha384-hmac", false, CipherAlgorithm::Null, IntegrityAlgorithm::HmacSha384_192},
    {"esp-sha512-hmac", false, CipherAlgorithm::Null, IntegrityAlgorithm::HmacSha512_256},
    {"esp-aes-xcbc-mac", false, CipherAlgorithm::Null, IntegrityAlgorithm::AesXcbc96}, // not IOS
};

/// Has a cipher keys of several lengths (and 128 bits unless told otherwise)?
bool
HasKeyBits(CipherAlgorithm cipher)
{
    return KeyLengthOf(cipher, 256) == 32 && cipher != CipherAlgorithm::ChaCha20Poly1305;
}

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
        m_bitsMayFollow = false;
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
            return Refuse(word, "is a key length, but not behind an AES cipher", {});
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
        m_set.keyBits = HasKeyBits(row.cipher) ? 128 : 0;
        m_bitsMayFollow = HasKeyBits(row.cipher);
        return DONE;
    }

    Result TakeAuthenticator(const IosArgument& word, const TransformRow& row)
    {
        if (m_set.integrity != IntegrityAlgorithm::None)
        {
            return Refuse(word, "is a second authenticator", "a transform set has at most one");
        }
        m_set.integrity = row.integrity;
        m_authenticator = word;
        return DONE;
    }

    /// RFC 4303 3.2: at least one of the two services. RFC 4106 and RFC 4543: GCM and GMAC bring
    /// their own integrity. RFC 3686 2.1: counter mode must never go without.
    Result CheckWhole() const
    {
        const bool authenticates = m_set.integrity != IntegrityAlgorithm::None;
        if (!m_hasCipher)
        {
            return Refuse(m_words.front(),
                          "the transform set has no cipher",
                          "add esp-des, esp-3des, esp-aes, esp-gcm, esp-gmac or esp-null");
        }
        if (IsCombined(m_set.cipher) && authenticates)
        {
            return Refuse(m_authenticator,
                          "is one integrity algorithm too many: the cipher has its own",
                          "leave it out");
        }
        if (m_set.cipher == CipherAlgorithm::AesCtr && !authenticates)
        {
            return Refuse(m_words.front(),
                          "esp-aes-ctr without an authenticator can be changed at will",
                          "add esp-sha-hmac, esp-sha256-hmac or another one");
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
    IosArgument m_authenticator;      ///< the word of the authenticator
    bool m_hasCipher{false};          ///< one was there
    bool m_bitsMayFollow{false};      ///< a cipher with several key lengths was the last word
};

/// Does anything tell a receiver that a packet was changed?
bool
HasIntegrity(const EspTransformSet& set)
{
    return set.integrity != IntegrityAlgorithm::None || IsCombined(set.cipher);
}

Result
EnterTransformSet(IosContext& c)
{
    TransformReader reader(c);
    const Result wrong = reader.Read();
    if (wrong)
    {
        return wrong;
    }
    // The header of a set that is there changes its algorithms; what stands in its block stays.
    EspTransformSet next = reader.GetSet();
    const auto known = c.config.transformSets.find(next.name);
    if (known != c.config.transformSets.end())
    {
        next.transport = known->second.set.transport;
        next.extendedSequence = known->second.set.extendedSequence;
    }
    if (next.extendedSequence && !HasIntegrity(next))
    {
        return ConfigError{c.PositionOf("name"),
                           next.name,
                           "has 'esn', which needs integrity",
                           "add an authenticator, or say 'no esn' first"};
    }
    c.mode = IosMode{Kind::TransformSet, next.name};
    c.config.transformSets[next.name].set = next;
    return DONE;
}

/// The transform set of the open block.
EspTransformSet&
OpenTransformSet(IosContext& c)
{
    return c.config.transformSets[c.mode.name].set;
}

Result
SetModeTunnel(IosContext& c)
{
    OpenTransformSet(c).transport = false;
    return DONE;
}

Result
SetModeTransport(IosContext& c)
{
    OpenTransformSet(c).transport = true;
    return DONE;
}

/// RFC 4304: the high half of the number is sent nowhere, so only integrity can tell whether both
/// ends mean the same one.
Result
SetEsn(IosContext& c)
{
    EspTransformSet& set = OpenTransformSet(c);
    if (!HasIntegrity(set))
    {
        return ConfigError{c.line,
                           "esn",
                           "extended sequence numbers need integrity, which '" + set.name +
                               "' has not",
                           "add an authenticator to the transform set"};
    }
    set.extendedSequence = true;
    return DONE;
}

Result
ResetEsn(IosContext& c)
{
    OpenTransformSet(c).extendedSequence = false;
    return DONE;
}

// --- crypto ipsec profile ------------------------------------------------------------------------

Result
SetTransformSets(IosContext& c)
{
    std::vector<NameReference> references;
    for (const IosArgument& name : c.args.GetAll("name"))
    {
        references.push_back({name.value, {c.line.file, c.line.line, name.word.column}});
    }
    OpenIosObject<PROFILES>(c).transformSets = references;
    return DONE;
}

Result
SetIsakmpProfile(IosContext& c)
{
    OpenIosObject<PROFILES>(c).isakmpProfile = c.ReferenceTo("name");
    return DONE;
}

Result
SetPfs(IosContext& c)
{
    const bool isNamed = c.args.Find("group");
    const std::string number = isNamed ? c.args.GetValue("group").substr(5) : "1";
    OpenIosObject<PROFILES>(c).pfs = static_cast<DhGroup>(std::stoul(number));
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
    return SetLifetime(c,
                       OpenIosObject<PROFILES>(c).lifetime,
                       OpenIosObject<PROFILES>(c).lifetimeKilobytes);
}

Result
ResetProfileLifetime(IosContext& c)
{
    return ResetLifetime(c,
                         OpenIosObject<PROFILES>(c).lifetime,
                         OpenIosObject<PROFILES>(c).lifetimeKilobytes);
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
    OpenIosObject<PROFILES>(c).responderOnly = true;
    return DONE;
}

Result
SetProfileDescription(IosContext& c)
{
    OpenIosObject<PROFILES>(c).description = c.args.GetValue("text");
    return DONE;
}

// --- Replay windows, dummy packets, DF bit, fragmentation: global ones, of profiles --------------

/// The size of a window; 0 for `disable`.
uint32_t
ReadWindow(const IosContext& c)
{
    const bool isOff = c.args.Find("off");
    const bool isSized = c.args.Find("size");
    return isOff ? 0 : isSized ? static_cast<uint32_t>(c.args.GetNumber("size")) : 64;
}

/// `pps N` is N packets a second, `seconds N` is one packet in N seconds.
Duration
ReadDummyInterval(const IosContext& c)
{
    const bool isRate = c.args.Find("rate");
    const auto number = static_cast<int64_t>(c.args.GetNumber(isRate ? "rate" : "seconds"));
    return isRate ? Duration::Seconds(1) / number : Duration::Seconds(number);
}

Result
SetGlobalWindow(IosContext& c)
{
    c.config.replayWindow = ReadWindow(c);
    return DONE;
}

Result
SetProfileWindow(IosContext& c)
{
    OpenIosObject<PROFILES>(c).replayWindow = ReadWindow(c);
    return DONE;
}

Result
SetGlobalDummies(IosContext& c)
{
    c.config.dummyInterval = ReadDummyInterval(c);
    return DONE;
}

Result
SetProfileDummies(IosContext& c)
{
    OpenIosObject<PROFILES>(c).dummyInterval = ReadDummyInterval(c);
    return DONE;
}

Result
SetGlobalDfBit(IosContext& c)
{
    c.config.dfBit = ReadIosDfBit(c.args.GetValue("df"));
    return DONE;
}

Result
SetGlobalFragmentation(IosContext& c)
{
    c.config.fragmentation = ReadIosFragmentation(c.args.GetValue("order"));
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
#define PFS_GROUP "<group:group1|group2|group5|group14|group15|group16|group19|group20|group21>"
#define TRANSFORM                                                                                  \
    "<transform:esp-des|esp-3des|esp-aes|128|192|256|esp-null|esp-md5-hmac|esp-sha-hmac|"          \
    "esp-sha256-hmac|ah-md5-hmac|ah-sha-hmac|ah-sha256-hmac|comp-lzs|esp-gcm|esp-gmac|esp-seal|"   \
    "esp-sha384-hmac|esp-sha512-hmac|esp-aes-ctr|esp-aes-xcbc-mac>"
#define TRANSFORMS TRANSFORM " [ " TRANSFORM " [ " TRANSFORM " [ " TRANSFORM " ] ] ]"
#define SIX_NAMES                                                                                  \
    "<name:word> [ <name:word> [ <name:word> [ <name:word> [ <name:word> [ <name:word> ] ] ] ] ]"
#define LIFETIME "security-association lifetime "
#define SECONDS "seconds <seconds:number:120-86400>"
#define KILOBYTES "kilobytes <kilobytes:number:2560-4294967295>"
#define UNIT "<unit:seconds|kilobytes> [ <value:number:0-4294967295> ]"
#define REPLAY "security-association replay "
#define WINDOW "window-size [ <size:64|128|256|512|1024> ]"
#define DUMMY "security-association dummy "
#define PPS "pps <rate:number:1-25>"
#define DUMMY_SECONDS "seconds <seconds:number:1-3600>"
#define DF_BIT "crypto ipsec df-bit "
#define DF_VALUE "<df:clear|set|copy>"
#define FRAGMENTATION "crypto ipsec fragmentation "
#define ORDER "<order:before-encryption|after-encryption>"
#define MAP "<name:word> <seq:number:1-65535>"
#define MAP_KIND "<kind:ipsec-isakmp|ipsec-manual>"
#define MAP_SET                                                                                    \
    "set <what:peer|transform-set|pfs|isakmp-profile|security-association|identity|session-key|"   \
    "ip|nat|reverse-route> [ <rest:line> ]"

const IosCommand COMMANDS[] = {
    {Kind::Global, false, "crypto ipsec transform-set <name:word> " TRANSFORMS, EnterTransformSet},
    {Kind::Global,
     true,
     "crypto ipsec transform-set <name:word>",
     RemoveIosObject<&RouterConfig::transformSets, Kind::TransformSet>},
    {Kind::Global,
     false,
     "crypto ipsec profile <name:word>",
     EnterIosObject<PROFILES, Kind::IpsecProfile>},
    {Kind::Global,
     true,
     "crypto ipsec profile <name:word>",
     RemoveIosObject<PROFILES, Kind::IpsecProfile>},
    {Kind::Global, false, "crypto ipsec " LIFETIME SECONDS, SetGlobalLifetime},
    {Kind::Global, false, "crypto ipsec " LIFETIME KILOBYTES, SetGlobalLifetime},
    {Kind::Global, true, "crypto ipsec " LIFETIME UNIT, ResetGlobalLifetime},
    {Kind::Global, false, "crypto ipsec " REPLAY WINDOW, SetGlobalWindow},
    {Kind::Global, false, "crypto ipsec " REPLAY "<off:disable>", SetGlobalWindow},
    {Kind::Global,
     true,
     "crypto ipsec " REPLAY "[ <rest:line> ]",
     ResetConfig<&RouterConfig::replayWindow>},
    {Kind::Global, false, "crypto ipsec " DUMMY PPS, SetGlobalDummies},
    {Kind::Global, false, "crypto ipsec " DUMMY DUMMY_SECONDS, SetGlobalDummies},
    {Kind::Global,
     true,
     "crypto ipsec " DUMMY "[ <rest:line> ]",
     ResetConfig<&RouterConfig::dummyInterval>},
    {Kind::Global, false, DF_BIT DF_VALUE, SetGlobalDfBit},
    {Kind::Global, true, DF_BIT "[ " DF_VALUE " ]", ResetConfig<&RouterConfig::dfBit>},
    {Kind::Global, false, FRAGMENTATION ORDER, SetGlobalFragmentation},
    {Kind::Global, true, FRAGMENTATION "[ " ORDER " ]", ResetConfig<&RouterConfig::fragmentation>},
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

    {Kind::TransformSet, false, "mode tunnel", SetModeTunnel},
    {Kind::TransformSet, false, "mode transport", SetModeTransport},
    {Kind::TransformSet, true, "mode [ <mode:tunnel|transport> ]", SetModeTunnel},
    {Kind::TransformSet, false, "esn", SetEsn},
    {Kind::TransformSet, true, "esn", ResetEsn},

    {Kind::IpsecProfile, false, "set transform-set " SIX_NAMES, SetTransformSets},
    {Kind::IpsecProfile,
     true,
     "set transform-set [ <names:line> ]",
     ResetIosObject<PROFILES, &IpsecProfileText::transformSets>},
    {Kind::IpsecProfile, false, "set isakmp-profile <name:word>", SetIsakmpProfile},
    {Kind::IpsecProfile,
     true,
     "set isakmp-profile [ <name:word> ]",
     ResetIosObject<PROFILES, &IpsecProfileText::isakmpProfile>},
    {Kind::IpsecProfile, false, "set pfs [ " PFS_GROUP " ]", SetPfs},
    {Kind::IpsecProfile,
     true,
     "set pfs [ " PFS_GROUP " ]",
     ResetIosObject<PROFILES, &IpsecProfileText::pfs>},
    {Kind::IpsecProfile, false, "set " LIFETIME SECONDS, SetProfileLifetime},
    {Kind::IpsecProfile, false, "set " LIFETIME KILOBYTES, SetProfileLifetime},
    {Kind::IpsecProfile, true, "set " LIFETIME UNIT, ResetProfileLifetime},
    {Kind::IpsecProfile, false, "set " REPLAY WINDOW, SetProfileWindow},
    {Kind::IpsecProfile, false, "set " REPLAY "<off:disable>", SetProfileWindow},
    {Kind::IpsecProfile,
     true,
     "set " REPLAY "[ <rest:line> ]",
     ResetIosObject<PROFILES, &IpsecProfileText::replayWindow>},
    {Kind::IpsecProfile, false, "set " DUMMY PPS, SetProfileDummies},
    {Kind::IpsecProfile, false, "set " DUMMY DUMMY_SECONDS, SetProfileDummies},
    {Kind::IpsecProfile,
     true,
     "set " DUMMY "[ <rest:line> ]",
     ResetIosObject<PROFILES, &IpsecProfileText::dummyInterval>},
    {Kind::IpsecProfile, false, "responder-only", SetResponderOnly},
    {Kind::IpsecProfile,
     true,
     "responder-only",
     ResetIosObject<PROFILES, &IpsecProfileText::responderOnly>},
    {Kind::IpsecProfile, false, "description <text:line>", SetProfileDescription},
    {Kind::IpsecProfile,
     true,
     "description [ <text:line> ]",
     ResetIosObject<PROFILES, &IpsecProfileText::description>},

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
MakeIosIpsecCommands()
{
    return {std::begin(COMMANDS), std::end(COMMANDS)};
}

} // namespace ike
} // namespace ns3
