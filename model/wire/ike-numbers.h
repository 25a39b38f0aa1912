/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NUMBERS_H
#define IKE_NUMBERS_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace ike
{

/// Payload types of IKEv1 (RFC 2408 3.1).
enum class PayloadType : uint8_t
{
    None = 0,
    Sa = 1,
    Proposal = 2,
    Transform = 3,
    KeyExchange = 4,
    Identification = 5,
    Certificate = 6,
    CertificateRequest = 7,
    Hash = 8,
    Signature = 9,
    Nonce = 10,
    Notification = 11,
    Delete = 12,
    VendorId = 13,
    NatDiscovery = 20,       ///< RFC 3947 3.2
    NatOriginalAddress = 21, ///< RFC 3947 5.2
};

/// Exchange types (RFC 2408 3.1, RFC 2409 Appendix A).
enum class ExchangeType : uint8_t
{
    None = 0,
    Base = 1,
    IdentityProtection = 2, ///< main mode
    AuthenticationOnly = 3,
    Aggressive = 4,
    Informational = 5,
    QuickMode = 32,
    NewGroupMode = 33,
};

/// Flag bits of the header (RFC 2408 3.1).
enum HeaderFlag : uint8_t
{
    FLAG_ENCRYPTION = 0x01,
    FLAG_COMMIT = 0x02,
    FLAG_AUTHENTICATION_ONLY = 0x04,
};

/// Protocols (RFC 2407 4.4.1).
enum class ProtocolId : uint8_t
{
    None = 0,
    Isakmp = 1,
    Ah = 2,
    Esp = 3,
    Ipcomp = 4,
};

/// Transform of phase 1 (RFC 2407 4.4.2).
constexpr uint8_t TRANSFORM_KEY_IKE = 1;

/// ESP transforms (RFC 2407 4.4.4, RFC 3602).
enum class EspTransformId : uint8_t
{
    Des = 2,
    TripleDes = 3,
    Null = 11,
    AesCbc = 12,
    AesCtr = 13,   ///< RFC 3686
    AesGcm16 = 20, ///< RFC 4106
    AesGmac = 23,  ///< RFC 4543
};

/// Attribute classes of phase 1 (RFC 2409 Appendix A).
enum class Phase1Attribute : uint16_t
{
    EncryptionAlgorithm = 1,
    HashAlgorithm = 2,
    AuthenticationMethod = 3,
    GroupDescription = 4,
    LifeType = 11,
    LifeDuration = 12,
    KeyLength = 14,
};

/// Values of Phase1Attribute::EncryptionAlgorithm (RFC 2409 Appendix A, RFC 3602).
enum class Phase1Encryption : uint16_t
{
    DesCbc = 1,
    TripleDesCbc = 5,
    AesCbc = 7,
};

/// Values of Phase1Attribute::HashAlgorithm (RFC 2409 Appendix A, RFC 4868).
enum class Phase1Hash : uint16_t
{
    Md5 = 1,
    Sha1 = 2,
    Sha256 = 4,
    Sha384 = 5,
    Sha512 = 6,
};

/// Values of Phase1Attribute::AuthenticationMethod (RFC 2409 Appendix A).
enum class Phase1Authentication : uint16_t
{
    PreSharedKey = 1,
    RsaSignature = 3,
};

/// Attribute classes of phase 2 (RFC 2407 4.5).
enum class Phase2Attribute : uint16_t
{
    LifeType = 1,
    LifeDuration = 2,
    GroupDescription = 3,
    EncapsulationMode = 4,
    AuthenticationAlgorithm = 5,
    KeyLength = 6,
    ExtendedSequenceNumber = 11, ///< RFC 4304
};

/// Values of a life type, the same in both phases (RFC 2409 Appendix A, RFC 2407 4.5).
enum class LifeType : uint16_t
{
    Seconds = 1,
    Kilobytes = 2,
};

/// Values of Phase2Attribute::EncapsulationMode (RFC 2407 4.5).
enum class EncapsulationMode : uint16_t
{
    Tunnel = 1,
    Transport = 2,
    UdpTunnel = 3,    ///< RFC 3947 5.1
    UdpTransport = 4, ///< RFC 3947 5.1
};

/// Values of Phase2Attribute::AuthenticationAlgorithm (RFC 2407 4.5, RFC 4868).
enum class Phase2Authentication : uint16_t
{
    HmacMd5 = 1,
    HmacSha = 2,
    HmacSha256 = 5,
    HmacSha384 = 6,
    HmacSha512 = 7,
    AesXcbc = 9, ///< RFC 3566
};

/// Values of the first octet of CERT and CERTREQ (RFC 2408 3.9).
enum class CertificateEncoding : uint8_t
{
    Pkcs7 = 1,
    X509Signature = 4,
    Crl = 7,
};

/// Identification types (RFC 2407 4.6.2.1).
enum class IdType : uint8_t
{
    Ipv4Address = 1,
    Fqdn = 2,
    UserFqdn = 3,
    Ipv4Subnet = 4,
    Ipv6Address = 5,
    Ipv6Subnet = 6,
    Ipv4Range = 7,
    Ipv6Range = 8,
    DerAsn1Dn = 9,
    DerAsn1Gn = 10,
    KeyId = 11,
};

/// Notify message types (RFC 2408 3.14.1, RFC 2407 4.6.3).
enum class NotifyType : uint16_t
{
    InvalidPayloadType = 1,
    DoiNotSupported = 2,
    SituationNotSupported = 3,
    InvalidCookie = 4,
    InvalidMajorVersion = 5,
    InvalidMinorVersion = 6,
    InvalidExchangeType = 7,
    InvalidFlags = 8,
    InvalidMessageId = 9,
    InvalidProtocolId = 10,
    InvalidSpi = 11,
    InvalidTransformId = 12,
    AttributesNotSupported = 13,
    NoProposalChosen = 14,
    BadProposalSyntax = 15,
    PayloadMalformed = 16,
    InvalidKeyInformation = 17,
    InvalidIdInformation = 18,
    InvalidCertEncoding = 19,
    InvalidCertificate = 20,
    CertTypeUnsupported = 21,
    InvalidCertAuthority = 22,
    InvalidHashInformation = 23,
    AuthenticationFailed = 24,
    InvalidSignature = 25,
    AddressNotification = 26,
    NotifySaLifetime = 27,
    CertificateUnavailable = 28,
    UnsupportedExchangeType = 29,
    UnequalPayloadLengths = 30,
    Connected = 16384,
    ResponderLifetime = 24576,
    ReplayStatus = 24577,
    InitialContact = 24578,
    RUThere = 36136,
    RUThereAck = 36137,
};

/// The IPsec domain of interpretation (RFC 2407).
constexpr uint32_t DOI_IPSEC = 1;
/// Situation: identity only (RFC 2407 4.2).
constexpr uint32_t SITUATION_IDENTITY_ONLY = 1;
/// UDP port of ISAKMP (RFC 2408 2.5.1).
constexpr uint16_t IKE_PORT = 500;
/// UDP port of IKE and ESP behind a NAT (RFC 3947 4).
constexpr uint16_t NAT_TRAVERSAL_PORT = 4500;

/// "SA", "KE": the field's short names; a number when it has none.
std::string ToString(PayloadType t);
/// "main-mode", "quick-mode"; a number when it has none.
std::string ToString(ExchangeType t);
/// "NO-PROPOSAL-CHOSEN"; a number when it has none.
std::string ToString(NotifyType t);
/// "ISAKMP", "ESP"
std::string ToString(ProtocolId p);
/// "ID_IPV4_ADDR"
std::string ToString(IdType t);
/// "3DES"
std::string ToString(EspTransformId t);
/// "group-type"
std::string ToString(Phase1Attribute a);
/// "key-rounds"
std::string ToString(Phase2Attribute a);
/// "3des-cbc"
std::string ToString(Phase1Encryption e);
/// "sha1"
std::string ToString(Phase1Hash h);
/// "pre-share"
std::string ToString(Phase1Authentication a);
/// "tunnel"
std::string ToString(EncapsulationMode m);
/// "hmac-sha"
std::string ToString(Phase2Authentication a);
/// "modp1024": a value of a group description of either phase
std::string NameOfGroup(uint64_t number);

} // namespace ike
} // namespace ns3

#endif // IKE_NUMBERS_H
