/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-message-rules.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// No more than MAX_PAYLOADS anyway.
constexpr size_t MANY = MAX_PAYLOADS;

/// How often a payload may stand in a message.
struct PayloadRule
{
    PayloadType type; ///< which payload
    size_t least;     ///< 0: may be absent
    size_t most;      ///< more are refused
};

/// What a message must look like.
struct MessageRule
{
    ExchangeType exchange;             ///< of which exchange
    unsigned number;                   ///< which of its messages; odd: from the initiator
    std::optional<bool> encrypted;     ///< is the encryption bit set? Nothing: either way
    std::optional<PayloadType> first;  ///< must stand before all others
    std::vector<PayloadRule> payloads; ///< every other known payload is refused
};

// Vendor IDs may be part of any message (RFC 2408 3.16). Certificates and requests for them must be
// accepted at any point (RFC 2408 3.9, 3.10). Status notifies may be in the last messages of
// phase 1 and in any of quick mode (RFC 2407 4.6.3).
constexpr PayloadRule VENDOR_IDS{PayloadType::VendorId, 0, MANY};
constexpr PayloadRule NOTIFIES{PayloadType::Notification, 0, MANY};
constexpr PayloadRule NAT_DISCOVERY{PayloadType::NatDiscovery, 0, MANY}; // RFC 3947 3.2
// RFC 3947 5.2: NAT-OAi and NAT-OAr, of both or of one
constexpr PayloadRule NAT_ORIGINALS{PayloadType::NatOriginalAddress, 0, 2};
// one of both: CheckTogether()
constexpr PayloadRule HASH_PROOF{PayloadType::Hash, 0, 1};
constexpr PayloadRule SIGNATURE_PROOF{PayloadType::Signature, 0, 1};
constexpr PayloadRule CERTIFICATES{PayloadType::Certificate, 0, MANY};
constexpr PayloadRule CERTIFICATE_REQUESTS{PayloadType::CertificateRequest, 0, MANY};

/// RFC 2409 5: the SA payload precedes all others. One SA in phase 1 (RFC 2409 5.4: "HDR, SA").
MessageRule
MainModeSa(unsigned number)
{
    return {ExchangeType::IdentityProtection,
            number,
            false,
            PayloadType::Sa,
            {{PayloadType::Sa, 1, 1}, VENDOR_IDS, CERTIFICATES, CERTIFICATE_REQUESTS}};
}

/// RFC 2409 5.4: "HDR, KE, Ni" and "HDR, KE, Nr", in any order.
MessageRule
MainModeKey(unsigned number)
{
    return {ExchangeType::IdentityProtection,
            number,
            false,
            std::nullopt,
            {{PayloadType::KeyExchange, 1, 1},
             {PayloadType::Nonce, 1, 1},
             NAT_DISCOVERY,
             VENDOR_IDS,
             CERTIFICATES,
             CERTIFICATE_REQUESTS}};
}

/// RFC 2409 5.4: "HDR*, IDii, HASH_I" and "HDR*, IDir, HASH_R"; 5.1: "HDR*, IDii, [ CERT, ]
/// SIG_I" and "HDR*, IDir, [ CERT, ] SIG_R"; in any order.
MessageRule
MainModeAuthentication(unsigned number)
{
    return {ExchangeType::IdentityProtection,
            number,
            true,
            std::nullopt,
            {{PayloadType::Identification, 1, 1},
             HASH_PROOF,
             SIGNATURE_PROOF,
             NOTIFIES,
             VENDOR_IDS,
             CERTIFICATES,
             CERTIFICATE_REQUESTS}};
}

/// RFC 2409 5.4: "HDR, SA, KE, Ni, IDii".
MessageRule
AggressiveOffer()
{
    return {ExchangeType::Aggressive,
            1,
            false,
            PayloadType::Sa,
            {{PayloadType::Sa, 1, 1},
             {PayloadType::KeyExchange, 1, 1},
             {PayloadType::Nonce, 1, 1},
             {PayloadType::Identification, 1, 1},
             VENDOR_IDS,
             CERTIFICATES,
             CERTIFICATE_REQUESTS}};
}

/// RFC 2409 5.4: "HDR, SA, KE, Nr, IDir, HASH_R"; 5.1: "HDR, SA, KE, Nr, IDir, [ CERT, ] SIG_R".
MessageRule
AggressiveChoice()
{
    MessageRule rule = AggressiveOffer();
    rule.number = 2;
    rule.payloads.insert(rule.payloads.end(),
                         {HASH_PROOF, SIGNATURE_PROOF, NAT_DISCOVERY, NOTIFIES});
    return rule;
}

/// RFC 2409 5.4: "HDR, HASH_I"; 5.1: "HDR, [ CERT, ] SIG_I". Section 5: it may be encrypted, as
/// the keys are known by now; most peers do so.
MessageRule
AggressiveProof()
{
    return {ExchangeType::Aggressive,
            3,
            std::nullopt,
            std::nullopt,
            {HASH_PROOF,
             SIGNATURE_PROOF,
             NAT_DISCOVERY,
             NOTIFIES,
             VENDOR_IDS,
             CERTIFICATES,
             CERTIFICATE_REQUESTS}};
}

/// RFC 2409 5.5: "HDR*, HASH(1), SA, Ni [, KE ] [, IDci, IDcr ]". HASH is first and SA behind it.
/// The RFC allows several SA payloads for several SAs at once. Nobody uses this; we refuse it.
MessageRule
QuickModeSa(unsigned number)
{
    return {ExchangeType::QuickMode,
            number,
            true,
            PayloadType::Hash,
            {{PayloadType::Hash, 1, 1},
             {PayloadType::Sa, 1, 1},
             {PayloadType::Nonce, 1, 1},
             {PayloadType::KeyExchange, 0, 1},
             {PayloadType::Identification, 0, 2},
             NAT_ORIGINALS,
             NOTIFIES,
             VENDOR_IDS}};
}

/// RFC 2409 5.5: "HDR*, HASH(3)".
MessageRule
QuickModeHash(unsigned number)
{
    return {ExchangeType::QuickMode,
            number,
            true,
            PayloadType::Hash,
            {{PayloadType::Hash, 1, 1}, NOTIFIES, VENDOR_IDS}};
}

/// RFC 2409 5.7: "HDR*, HASH(1), N/D". Daemons put several deletes into one.
MessageRule
ProtectedInformational()
{
    return {ExchangeType::Informational,
            1,
            true,
            PayloadType::Hash,
            {{PayloadType::Hash, 1, 1}, NOTIFIES, {PayloadType::Delete, 0, MANY}, VENDOR_IDS}};
}

/// RFC 2409 5.7: without an ISAKMP SA there is no protection. A delete that anybody can forge is
/// refused.
MessageRule
BareInformational()
{
    return {ExchangeType::Informational,
            1,
            false,
            std::nullopt,
            {{PayloadType::Notification, 1, 1}, VENDOR_IDS}};
}

/// Every message that we understand.
const std::vector<MessageRule>&
GetRules()
{
    static const std::vector<MessageRule> rules{MainModeSa(1),
                                                MainModeSa(2),
                                                MainModeKey(3),
                                                MainModeKey(4),
                                                MainModeAuthentication(5),
                                                MainModeAuthentication(6),
                                                AggressiveOffer(),
                                                AggressiveChoice(),
                                                AggressiveProof(),
                                                QuickModeSa(1),
                                                QuickModeSa(2),
                                                QuickModeHash(3),
                                                ProtectedInformational(),
                                                BareInformational()};
    return rules;
}

using Refusal = std::optional<std::string>;

/// "message 3 of main-mode"
std::string
NameOfMessage(ExchangeType exchange, unsigned number)
{
    return "message " + std::to_string(number) + " of " + ToString(exchange);
}

/// "2 HASH payloads" or "no HASH payload"
std::string
PrintCount(size_t count, PayloadType type)
{
    return (count == 0 ? "no" : std::to_string(count)) + " " + ToString(type) + " payload" +
           (count > 1 ? "s" : "");
}

size_t
CountOf(PayloadType type, const std::vector<Payload>& payloads)
{
    return std::count_if(payloads.begin(), payloads.end(), [type](const Payload& p) {
        return TypeOf(p) == static_cast<uint8_t>(type);
    });
}

/// Payloads that are skipped wherever they are: the private use range (RFC 2408 3.1), and NAT
/// discovery and original addresses by their numbers in RFC 3947 and in its drafts, which peers
/// send that offer several versions at once.
bool
IsIgnored(uint8_t type)
{
    return type >= 128 || type == 15 || type == 16 ||
           type == static_cast<uint8_t>(PayloadType::NatDiscovery) ||
           type == static_cast<uint8_t>(PayloadType::NatOriginalAddress);
}

bool
IsPermitted(uint8_t type, const MessageRule& rule)
{
    const auto isType = [type](const PayloadRule& r) {
        return static_cast<uint8_t>(r.type) == type;
    };
    return IsIgnored(type) || std::any_of(rule.payloads.begin(), rule.payloads.end(), isType);
}

/// RFC 2408 5.2: only version 1 is understood, whatever its minor number. RFC 2408 3.1: the message
/// ID is 0 in phase 1 and a chance value in phase 2; informational exchanges have either.
Refusal
CheckHeader(const Header& header, ExchangeType exchange)
{
    if (header.version >> 4 != 1)
    {
        return "major version " + std::to_string(header.version >> 4) + " is not 1";
    }
    if (header.exchange != exchange)
    {
        return "exchange " + ToString(header.exchange) + " is not " + ToString(exchange);
    }
    const bool isPhase1 =
        exchange == ExchangeType::IdentityProtection || exchange == ExchangeType::Aggressive;
    if (isPhase1 && header.messageId != 0)
    {
        return "message ID is not 0 in " + ToString(exchange);
    }
    if (exchange == ExchangeType::QuickMode && header.messageId == 0)
    {
        return "message ID is 0 in " + ToString(exchange);
    }
    return std::nullopt;
}

/// The rule for a message, or why there is none. Informational exchanges have one for either state
/// of the encryption bit.
const MessageRule*
FindRule(const Header& header, ExchangeType exchange, unsigned number, Refusal& refusal)
{
    refusal = "there is no " + NameOfMessage(exchange, number);
    for (const MessageRule& rule : GetRules())
    {
        if (rule.exchange == exchange && rule.number == number)
        {
            if (rule.encrypted.value_or(header.IsEncrypted()) == header.IsEncrypted())
            {
                return &rule;
            }
            refusal = NameOfMessage(exchange, number) +
                      (*rule.encrypted ? " is not encrypted" : " is encrypted");
        }
    }
    return nullptr;
}

/// RFC 2408 5.3: a payload type that is not understood makes the message invalid
/// (INVALID-PAYLOAD-TYPE); so does one that has no business here.
Refusal
CheckTypes(const Message& message, const MessageRule& rule)
{
    for (const Payload& payload : message.payloads)
    {
        if (!IsPermitted(TypeOf(payload), rule))
        {
            return "payload " + ToString(static_cast<PayloadType>(TypeOf(payload))) +
                   " does not belong in " + NameOfMessage(rule.exchange, rule.number);
        }
    }
    return std::nullopt;
}

Refusal
CheckCounts(const Message& message, const MessageRule& rule)
{
    for (const PayloadRule& r : rule.payloads)
    {
        const size_t count = CountOf(r.type, message.payloads);
        if (count < r.least || count > r.most)
        {
            return PrintCount(count, r.type) + " in " + NameOfMessage(rule.exchange, rule.number);
        }
    }
    return std::nullopt;
}

Refusal
CheckOrder(const Message& message, const MessageRule& rule)
{
    const std::vector<Payload>& payloads = message.payloads;
    if (rule.first && TypeOf(payloads.front()) != static_cast<uint8_t>(*rule.first))
    {
        return ToString(*rule.first) + " is not the first payload";
    }
    // RFC 2409 5.5: in quick mode "a SA payload MUST immediately follow the HASH".
    if (rule.exchange == ExchangeType::QuickMode && message.Find<SaPayload>() != nullptr &&
        !std::holds_alternative<SaPayload>(payloads[1]))
    {
        return "SA does not follow HASH";
    }
    return std::nullopt;
}

/// May either proof stand in this message? Then exactly one of them must.
bool
IsProof(const MessageRule& rule)
{
    return std::any_of(rule.payloads.begin(), rule.payloads.end(), [](const PayloadRule& r) {
        return r.type == PayloadType::Signature;
    });
}

/// What a count cannot say: a proof is either a hash or a signature, identities come in pairs, and
/// an exchange that informs says something.
Refusal
CheckTogether(const Message& message, const MessageRule& rule)
{
    if (IsProof(rule) &&
        (message.Find<HashPayload>() == nullptr) == (message.Find<SignaturePayload>() == nullptr))
    {
        return (message.Find<HashPayload>() ? "both HASH and SIG in "
                                            : "neither HASH nor SIG in ") +
               NameOfMessage(rule.exchange, rule.number);
    }
    if (rule.exchange == ExchangeType::QuickMode &&
        CountOf(PayloadType::Identification, message.payloads) == 1)
    {
        return "one ID payload in quick-mode: IDci and IDcr come together";
    }
    if (rule.exchange == ExchangeType::Informational && message.Find<NotifyPayload>() == nullptr &&
        message.Find<DeletePayload>() == nullptr)
    {
        return "neither N nor D in informational";
    }
    return std::nullopt;
}

/// RFC 2409 5: "The length of nonce payload MUST be between 8 and 256 bytes inclusive."
Refusal
CheckNonce(const Message& message)
{
    const auto* nonce = message.Find<NoncePayload>();
    if (nonce != nullptr && (nonce->data.size() < 8 || nonce->data.size() > 256))
    {
        return "NONCE of " + std::to_string(nonce->data.size()) + " octets, not 8 to 256";
    }
    return std::nullopt;
}

/// How many octets an identity has (RFC 2407 4.6.2); 0: any number.
size_t
LengthOf(IdType type)
{
    switch (type)
    {
    case IdType::Ipv4Address:
        return 4;
    case IdType::Ipv4Subnet:
    case IdType::Ipv4Range:
        return 8;
    case IdType::Ipv6Address:
        return 16;
    case IdType::Ipv6Subnet:
    case IdType::Ipv6Range:
        return 32;
    default:
        return 0;
    }
}

Refusal
CheckIdentities(const Message& message)
{
    for (const IdPayload* id : message.FindAll<IdPayload>())
    {
        const size_t length = LengthOf(id->type);
        if (length != 0 && id->data.size() != length)
        {
            return ToString(id->type) + " of " + std::to_string(id->data.size()) + " octets, not " +
                   std::to_string(length);
        }
    }
    return std::nullopt;
}

/// All rules of a message in an order in which each may rely on those before it.
Refusal
CheckPayloads(const Message& message, const MessageRule& rule)
{
    for (auto check : {CheckTypes, CheckCounts, CheckOrder, CheckTogether})
    {
        if (Refusal refusal = check(message, rule))
        {
            return refusal;
        }
    }
    for (auto check : {CheckNonce, CheckIdentities})
    {
        if (Refusal refusal = check(message))
        {
            return refusal;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string>
CheckRules(const Message& message, ExchangeType exchange, unsigned number)
{
    if (Refusal refusal = CheckHeader(message.header, exchange))
    {
        return refusal;
    }
    Refusal refusal;
    const MessageRule* rule = FindRule(message.header, exchange, number, refusal);
    return rule == nullptr ? refusal : CheckPayloads(message, *rule);
}

} // namespace ike
} // namespace ns3
