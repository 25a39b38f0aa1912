/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_PAYLOADS_H
#define IKE_PAYLOADS_H

#include "ike-numbers.h"
#include "ike-short-octets.h"

#include "ns3/ike-octets.h"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace ns3
{
namespace ike
{

class Reader;
class Writer;

/// A data attribute (RFC 2408 3.3). Written basic (AF bit) or variable as `basic` says, so that
/// what was read is written back to the same octets.
struct Attribute
{
    uint16_t type{0};  ///< without the AF bit
    bool basic{true};  ///< AF bit: the value is 16 bits long
    ShortOctets value; ///< two octets when basic

    /// A basic attribute.
    static Attribute Basic(uint16_t type, uint16_t value);
    /// A 32-bit number as a variable attribute (lifetimes).
    static Attribute Number(uint16_t type, uint32_t value);
    /// The value as a number; nothing when it is longer than 8 octets or empty.
    std::optional<uint64_t> ToNumber() const;
};

/// A transform payload (RFC 2408 3.6).
struct Transform
{
    uint8_t number{1};                 ///< 1, 2, ... in the order of preference
    uint8_t id{0};                     ///< TRANSFORM_KEY_IKE or an EspTransformId
    uint16_t reserved{0};              ///< RESERVED2, kept
    std::vector<Attribute> attributes; ///< in the order of the wire

    /// The first attribute of a type as a number.
    std::optional<uint64_t> Find(uint16_t type) const;
};

/// A proposal payload (RFC 2408 3.5).
struct Proposal
{
    uint8_t number{1};                       ///< equal numbers belong together (AND)
    ProtocolId protocol{ProtocolId::Isakmp}; ///< what is proposed
    Octets spi;                              ///< empty or 8 octets in phase 1, 4 for ESP
    std::vector<Transform> transforms;       ///< alternatives (OR)
};

/// Security association (RFC 2408 3.4, RFC 2407 4.6.1).
struct SaPayload
{
    uint32_t doi{DOI_IPSEC};                     ///< domain of interpretation
    uint32_t situation{SITUATION_IDENTITY_ONLY}; ///< only identity-only is parsed further
    std::vector<Proposal> proposals;             ///< in the order of the wire
};

/// Key exchange (RFC 2408 3.7).
struct KePayload
{
    Octets data; ///< public value
};

/// Identification (RFC 2407 4.6.2).
struct IdPayload
{
    IdType type{IdType::Ipv4Address}; ///< how to read data
    uint8_t protocol{0};              ///< IP protocol, 0 any
    uint16_t port{0};                 ///< 0 any
    Octets data;                      ///< e.g. four octets, or address and mask
};

/// Certificate (RFC 2408 3.9).
struct CertificatePayload
{
    CertificateEncoding encoding{CertificateEncoding::X509Signature}; ///< may hold any number
    Octets data;                                                      ///< DER for X.509
};

/// Certificate request (RFC 2408 3.10).
struct CertificateRequestPayload
{
    CertificateEncoding encoding{CertificateEncoding::X509Signature}; ///< may hold any number
    Octets authority; ///< distinguished name of an acceptable issuer, DER; empty: any
};

/// Hash (RFC 2408 3.11).
struct HashPayload
{
    Octets data; ///< HASH_I, HASH_R, HASH(1..3)
};

/// Signature (RFC 2408 3.12).
struct SignaturePayload
{
    Octets data; ///< SIG_I, SIG_R
};

/// Nonce (RFC 2408 3.13).
struct NoncePayload
{
    Octets data; ///< 8 to 256 octets (RFC 2409 5)
};

/// Notification (RFC 2408 3.14).
struct NotifyPayload
{
    uint32_t doi{DOI_IPSEC};                 ///< domain of interpretation
    ProtocolId protocol{ProtocolId::Isakmp}; ///< whose SPI
    NotifyType type{NotifyType::Connected};  ///< what is said
    Octets spi;                              ///< both cookies, or an ESP SPI, or none
    Octets data;                             ///< depends on the type
};

/// Delete (RFC 2408 3.15).
struct DeletePayload
{
    uint32_t doi{DOI_IPSEC};                 ///< domain of interpretation
    ProtocolId protocol{ProtocolId::Isakmp}; ///< whose SPIs
    uint8_t spiSize{16};                     ///< 16 for ISAKMP, 4 for ESP
    std::vector<Octets> spis;                ///< the SPIs on which the sender receives no more
};

/// Vendor ID (RFC 2408 3.16).
struct VendorIdPayload
{
    Octets data; ///< opaque
};

/// NAT-D and every type that is not known: the body as it is.
struct OpaquePayload
{
    uint8_t type{0}; ///< payload type number
    Octets data;     ///< body without the generic header
};

using Payload = std::variant<SaPayload,
                             KePayload,
                             IdPayload,
                             CertificatePayload,
                             CertificateRequestPayload,
                             HashPayload,
                             SignaturePayload,
                             NoncePayload,
                             NotifyPayload,
                             DeletePayload,
                             VendorIdPayload,
                             OpaquePayload>;

/// The number that stands in the next payload field before it.
uint8_t TypeOf(const Payload& payload);
/// Read a body, without its generic header. Failure stays in the reader; octets that are left over
/// are left to the caller.
Payload ReadBody(uint8_t type, Reader& reader);
/// The body of a payload, without its generic header: the "_b" of RFC 2409.
Octets WriteBody(const Payload& payload);
/// The same, behind what was written so far.
void WriteBody(Writer& writer, const Payload& payload);
/// A list of attributes alone, as the data of a RESPONDER-LIFETIME notify (RFC 2407 4.6.3.1).
Octets WriteAttributes(const std::vector<Attribute>& attributes);
/// The reverse; nothing when the octets are not a list of attributes.
std::optional<std::vector<Attribute>> ReadAttributes(const Octets& octets);
/// A line of text: "SA(ESP #1 3DES: tunnel hmac-sha life 3600s)", "N(NO-PROPOSAL-CHOSEN ESP)". It
/// shows no chance values such as SPIs and cookies, so that transcripts stay as they are.
std::string Print(const Payload& payload);

} // namespace ike
} // namespace ns3

#endif // IKE_PAYLOADS_H
