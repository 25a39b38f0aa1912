/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-numbers.h"

#include <cstddef>

namespace ns3
{
namespace ike
{

namespace
{

/// A line of an IANA registry.
struct Name
{
    uint16_t number;  ///< as on the wire
    const char* text; ///< as we print it
};

/// "Next Payload Types" (RFC 2408 3.1, RFC 3947 3.2). 15, 16, 130 and 131 were NAT-D and NAT-OA in
/// drafts, but belong to others today: they stay numbers.
constexpr Name PAYLOAD_TYPES[] = {
    {0, "NONE"},
    {1, "SA"},
    {2, "P"},
    {3, "T"},
    {4, "KE"},
    {5, "ID"},
    {6, "CERT"},
    {7, "CR"},
    {8, "HASH"},
    {9, "SIG"},
    {10, "NONCE"},
    {11, "N"},
    {12, "D"},
    {13, "VID"},
    {20, "NAT-D"},
    {21, "NAT-OA"},
};

/// "Exchange Type Values" (RFC 2408 3.1, RFC 2409 Appendix A).
constexpr Name EXCHANGE_TYPES[] = {
    {0, "none"},
    {1, "base"},
    {2, "main-mode"},
    {3, "authentication-only"},
    {4, "aggressive-mode"},
    {5, "informational"},
    {32, "quick-mode"},
    {33, "new-group-mode"},
};

/// "IPSEC Notify Message Types" and those of ISAKMP (RFC 2408 3.14.1, RFC 2407 4.6.3, RFC 3706).
constexpr Name NOTIFY_TYPES[] = {
    {1, "INVALID-PAYLOAD-TYPE"},
    {2, "DOI-NOT-SUPPORTED"},
    {3, "SITUATION-NOT-SUPPORTED"},
    {4, "INVALID-COOKIE"},
    {5, "INVALID-MAJOR-VERSION"},
    {6, "INVALID-MINOR-VERSION"},
    {7, "INVALID-EXCHANGE-TYPE"},
    {8, "INVALID-FLAGS"},
    {9, "INVALID-MESSAGE-ID"},
    {10, "INVALID-PROTOCOL-ID"},
    {11, "INVALID-SPI"},
    {12, "INVALID-TRANSFORM-ID"},
    {13, "ATTRIBUTES-NOT-SUPPORTED"},
    {14, "NO-PROPOSAL-CHOSEN"},
    {15, "BAD-PROPOSAL-SYNTAX"},
    {16, "PAYLOAD-MALFORMED"},
    {17, "INVALID-KEY-INFORMATION"},
    {18, "INVALID-ID-INFORMATION"},
    {19, "INVALID-CERT-ENCODING"},
    {20, "INVALID-CERTIFICATE"},
    {21, "CERT-TYPE-UNSUPPORTED"},
    {22, "INVALID-CERT-AUTHORITY"},
    {23, "INVALID-HASH-INFORMATION"},
    {24, "AUTHENTICATION-FAILED"},
    {25, "INVALID-SIGNATURE"},
    {26, "ADDRESS-NOTIFICATION"},
    {27, "NOTIFY-SA-LIFETIME"},
    {28, "CERTIFICATE-UNAVAILABLE"},
    {29, "UNSUPPORTED-EXCHANGE-TYPE"},
    {30, "UNEQUAL-PAYLOAD-LENGTHS"},
    {16384, "CONNECTED"},
    {24576, "RESPONDER-LIFETIME"},
    {24577, "REPLAY-STATUS"},
    {24578, "INITIAL-CONTACT"},
    {36136, "R-U-THERE"},
    {36137, "R-U-THERE-ACK"},
};

/// "IPSEC Security Protocol Identifiers" (RFC 2407 4.4.1).
constexpr Name PROTOCOL_IDS[] = {
    {0, "NONE"},
    {1, "ISAKMP"},
    {2, "AH"},
    {3, "ESP"},
    {4, "IPCOMP"},
};

/// "IPSEC Identification Type" (RFC 2407 4.6.2.1).
constexpr Name ID_TYPES[] = {
    {1, "ID_IPV4_ADDR"},
    {2, "ID_FQDN"},
    {3, "ID_USER_FQDN"},
    {4, "ID_IPV4_ADDR_SUBNET"},
    {5, "ID_IPV6_ADDR"},
    {6, "ID_IPV6_ADDR_SUBNET"},
    {7, "ID_IPV4_ADDR_RANGE"},
    {8, "ID_IPV6_ADDR_RANGE"},
    {9, "ID_DER_ASN1_DN"},
    {10, "ID_DER_ASN1_GN"},
    {11, "ID_KEY_ID"},
};

/// "IPSEC ESP Transform Identifiers" (RFC 2407 4.4.4, RFC 3602, RFC 3686, RFC 4106).
constexpr Name ESP_TRANSFORMS[] = {
    {1, "DES_IV64"},
    {2, "DES"},
    {3, "3DES"},
    {4, "RC5"},
    {5, "IDEA"},
    {6, "CAST"},
    {7, "BLOWFISH"},
    {8, "3IDEA"},
    {9, "DES_IV32"},
    {10, "RC4"},
    {11, "NULL"},
    {12, "AES-CBC"},
    {13, "AES-CTR"},
    {18, "AES-GCM-8"},
    {19, "AES-GCM-12"},
    {20, "AES-GCM-16"},
};

/// "Attribute Assigned Numbers" of phase 1 (RFC 2409 Appendix A).
constexpr Name PHASE1_ATTRIBUTES[] = {
    {1, "encryption"},
    {2, "hash"},
    {3, "authentication"},
    {4, "group"},
    {5, "group-type"},
    {6, "group-prime"},
    {7, "group-generator-1"},
    {8, "group-generator-2"},
    {9, "group-curve-a"},
    {10, "group-curve-b"},
    {11, "life-type"},
    {12, "life"},
    {13, "prf"},
    {14, "key"},
    {15, "field-size"},
    {16, "group-order"},
};

/// "IPSEC Security Association Attributes" (RFC 2407 4.5, RFC 4304).
constexpr Name PHASE2_ATTRIBUTES[] = {
    {1, "life-type"},
    {2, "life"},
    {3, "group"},
    {4, "encapsulation"},
    {5, "authentication"},
    {6, "key"},
    {7, "key-rounds"},
    {8, "compress-dictionary-size"},
    {9, "compress-private"},
    {11, "extended-sequence-number"},
};

/// "Encryption Algorithm" of phase 1 (RFC 2409 Appendix A, RFC 3602).
constexpr Name PHASE1_ENCRYPTIONS[] = {
    {1, "des-cbc"},
    {2, "idea-cbc"},
    {3, "blowfish-cbc"},
    {4, "rc5-cbc"},
    {5, "3des-cbc"},
    {6, "cast-cbc"},
    {7, "aes-cbc"},
    {8, "camellia-cbc"},
};

/// "Hash Algorithm" of phase 1 (RFC 2409 Appendix A, RFC 4868).
constexpr Name PHASE1_HASHES[] = {
    {1, "md5"},
    {2, "sha1"},
    {3, "tiger"},
    {4, "sha256"},
    {5, "sha384"},
    {6, "sha512"},
};

/// "IPSEC Authentication Methods" of phase 1 (RFC 2409 Appendix A, RFC 4754).
constexpr Name PHASE1_AUTHENTICATIONS[] = {
    {1, "pre-share"},
    {2, "dss-sig"},
    {3, "rsa-sig"},
    {4, "rsa-encr"},
    {5, "rsa-revised-encr"},
    {9, "ecdsa-256-sig"},
    {10, "ecdsa-384-sig"},
    {11, "ecdsa-521-sig"},
};

/// "Group Description" (RFC 2409 Appendix A, RFC 3526, 5114, 5903).
constexpr Name GROUPS[] = {
    {1, "modp768"},
    {2, "modp1024"},
    {3, "ec2n155"},
    {4, "ec2n185"},
    {5, "modp1536"},
    {14, "modp2048"},
    {15, "modp3072"},
    {16, "modp4096"},
    {17, "modp6144"},
    {18, "modp8192"},
    {19, "ecp256"},
    {20, "ecp384"},
    {21, "ecp521"},
    {22, "modp1024s160"},
    {23, "modp2048s224"},
    {24, "modp2048s256"},
    {25, "ecp192"},
    {26, "ecp224"},
};

/// "Encapsulation Mode" (RFC 2407 4.5, RFC 3947 5.1).
constexpr Name ENCAPSULATION_MODES[] = {
    {1, "tunnel"},
    {2, "transport"},
    {3, "udp-tunnel"},
    {4, "udp-transport"},
};

/// "Authentication Algorithm" of phase 2 (RFC 2407 4.5, RFC 4868).
constexpr Name PHASE2_AUTHENTICATIONS[] = {
    {1, "hmac-md5"},
    {2, "hmac-sha"},
    {3, "des-mac"},
    {4, "kpdk"},
    {5, "hmac-sha256"},
    {6, "hmac-sha384"},
    {7, "hmac-sha512"},
};

/// The name of a number, or the number itself.
template <size_t N>
std::string
NameOf(const Name (&registry)[N], uint64_t number)
{
    for (const Name& line : registry)
    {
        if (line.number == number)
        {
            return line.text;
        }
    }
    return std::to_string(number);
}

/// The same for a value of an enumeration.
template <size_t N, typename E>
std::string
NameOf(const Name (&registry)[N], E value)
{
    return NameOf(registry, static_cast<uint64_t>(value));
}

} // namespace

std::string
ToString(PayloadType t)
{
    return NameOf(PAYLOAD_TYPES, t);
}

std::string
ToString(ExchangeType t)
{
    return NameOf(EXCHANGE_TYPES, t);
}

std::string
ToString(NotifyType t)
{
    return NameOf(NOTIFY_TYPES, t);
}

std::string
ToString(ProtocolId p)
{
    return NameOf(PROTOCOL_IDS, p);
}

std::string
ToString(IdType t)
{
    return NameOf(ID_TYPES, t);
}

std::string
ToString(EspTransformId t)
{
    return NameOf(ESP_TRANSFORMS, t);
}

std::string
ToString(Phase1Attribute a)
{
    return NameOf(PHASE1_ATTRIBUTES, a);
}

std::string
ToString(Phase2Attribute a)
{
    return NameOf(PHASE2_ATTRIBUTES, a);
}

std::string
ToString(Phase1Encryption e)
{
    return NameOf(PHASE1_ENCRYPTIONS, e);
}

std::string
ToString(Phase1Hash h)
{
    return NameOf(PHASE1_HASHES, h);
}

std::string
ToString(Phase1Authentication a)
{
    return NameOf(PHASE1_AUTHENTICATIONS, a);
}

std::string
ToString(EncapsulationMode m)
{
    return NameOf(ENCAPSULATION_MODES, m);
}

std::string
ToString(Phase2Authentication a)
{
    return NameOf(PHASE2_AUTHENTICATIONS, a);
}

std::string
NameOfGroup(uint64_t number)
{
    return NameOf(GROUPS, number);
}

} // namespace ike
} // namespace ns3
