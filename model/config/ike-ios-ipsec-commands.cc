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
SetResponderOnly(IosContext& c)
{
    OpenIosObject<PROFILES>(c).responderOnly = true;
    return DONE;
}

/// Of the routes that a hub has while the SAs of its spokes stand.
Result
SetReverseRouteDistance(IosContext& c)
{
    OpenIosObject<PROFILES>(c).reverseRouteDistance =
        static_cast<unsigned>(c.args.GetNumber("distance"));
    return DONE;
}

// --- Dummy packets, DF bit, fragmentation: global ones, of profiles ------------------------------

/// `pps N` is N packets a second, `seconds N` is one packet in N seconds.
Duration
ReadDummyInterval(const IosContext& c)
{
    const bool isRate = c.args.Find("rate");
    const auto number = static_cast<int64_t>(c.args.GetNumber(isRate ? "rate" : "seconds"));
    return isRate ? Duration::Seconds(1) / number : Duration::Seconds(number);
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

// Parts of patterns that occur more than once; macros, since only literals can be put together.
#define TRANSFORM                                                                                  \
    "<transform:esp-des|esp-3des|esp-aes|128|192|256|esp-null|esp-md5-hmac|esp-sha-hmac|"          \
    "esp-sha256-hmac|ah-md5-hmac|ah-sha-hmac|ah-sha256-hmac|comp-lzs|esp-gcm|esp-gmac|esp-seal|"   \
    "esp-sha384-hmac|esp-sha512-hmac|esp-aes-ctr|esp-aes-xcbc-mac>"
#define TRANSFORMS TRANSFORM " [ " TRANSFORM " [ " TRANSFORM " [ " TRANSFORM " ] ] ]"
#define DUMMY "security-association dummy "
#define PPS "pps <rate:number:1-25>"
#define DUMMY_SECONDS "seconds <seconds:number:1-3600>"
#define DF_BIT "crypto ipsec df-bit "
#define DF_VALUE "<df:clear|set|copy>"
#define FRAGMENTATION "crypto ipsec fragmentation "
#define ORDER "<order:before-encryption|after-encryption>"

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

    {Kind::TransformSet, false, "mode tunnel", SetModeTunnel},
    {Kind::TransformSet, false, "mode transport", SetModeTransport},
    {Kind::TransformSet, true, "mode [ <mode:tunnel|transport> ]", SetModeTunnel},
    {Kind::TransformSet, false, "esn", SetEsn},
    {Kind::TransformSet, true, "esn", ResetEsn},

    {Kind::IpsecProfile, false, "set " DUMMY PPS, SetProfileDummies},
    {Kind::IpsecProfile, false, "set " DUMMY DUMMY_SECONDS, SetProfileDummies},
    {Kind::IpsecProfile,
     true,
     "set " DUMMY "[ <rest:line> ]",
     ResetIosObject<PROFILES, &IpsecProfileText::dummyInterval>},
    {Kind::IpsecProfile,
     false,
     "set reverse-route distance <distance:number:1-255>",
     SetReverseRouteDistance},
    {Kind::IpsecProfile,
     true,
     "set reverse-route distance [ <distance:number:1-255> ]",
     ResetIosObject<PROFILES, &IpsecProfileText::reverseRouteDistance>},
    {Kind::IpsecProfile, false, "responder-only", SetResponderOnly},
    {Kind::IpsecProfile,
     true,
     "responder-only",
     ResetIosObject<PROFILES, &IpsecProfileText::responderOnly>},
};

} // namespace

std::vector<IosCommand>
MakeIosIpsecCommands()
{
    return {std::begin(COMMANDS), std::end(COMMANDS)};
}

} // namespace ike
} // namespace ns3
