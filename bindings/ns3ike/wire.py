# SPDX-License-Identifier: GPL-2.0-only
"""ISAKMP messages as values and as octets (RFC 2407, 2408, 2409, 3947).

decode(octets) gives a Message, Message.encode() gives octets. Values are immutable: replace() makes
a changed copy. Octets that are no message are a WireError with the octet at which it shows.

Numbers stand where the wire has numbers; the enumerations here name those that have a name.
"""
import enum

from ._ns3ike import (Attribute, Certificate, CertificateRequest, Delete, Hash, Header,
                      Identification, KeyExchange, Message, Nonce, Notify, Opaque, Proposal, Sa,
                      Signature, Transform, VendorId, WireError, decode, decode_attributes,
                      decode_header, decode_payloads, encode_attributes, encode_header_and_body,
                      encode_payloads)

__all__ = ["Attribute", "Certificate", "CertificateRequest", "Delete", "Hash", "Header",
           "Identification", "KeyExchange", "Message", "Nonce", "Notify", "Opaque", "Proposal",
           "Sa", "Signature", "Transform", "VendorId", "WireError", "decode", "decode_attributes",
           "decode_header", "decode_payloads", "encode_attributes", "encode_header_and_body",
           "encode_payloads", "PayloadType", "ExchangeType", "ProtocolId", "IdType", "NotifyType",
           "Phase1Attribute", "Phase2Attribute", "EspTransform", "HEADER_LENGTH", "ENCRYPTED"]

HEADER_LENGTH = 28  # octets
ENCRYPTED = 1  # flag of a header


class PayloadType(enum.IntEnum):
    """Payload types (RFC 2408 3.1)."""
    SA = 1
    KE = 4
    ID = 5
    CERT = 6
    CR = 7
    HASH = 8
    SIG = 9
    NONCE = 10
    N = 11
    D = 12
    VID = 13
    NAT_D = 20
    NAT_OA = 21


class ExchangeType(enum.IntEnum):
    """Exchange types (RFC 2408 3.1, RFC 2409 Appendix A)."""
    MAIN_MODE = 2
    AGGRESSIVE_MODE = 4
    INFORMATIONAL = 5
    QUICK_MODE = 32


class ProtocolId(enum.IntEnum):
    """Protocols (RFC 2407 4.4.1)."""
    ISAKMP = 1
    AH = 2
    ESP = 3


class IdType(enum.IntEnum):
    """Identification types (RFC 2407 4.6.2.1)."""
    ID_IPV4_ADDR = 1
    ID_FQDN = 2
    ID_USER_FQDN = 3
    ID_IPV4_ADDR_SUBNET = 4
    ID_IPV6_ADDR = 5
    ID_IPV6_ADDR_SUBNET = 6
    ID_IPV4_ADDR_RANGE = 7
    ID_IPV6_ADDR_RANGE = 8
    ID_DER_ASN1_DN = 9
    ID_DER_ASN1_GN = 10
    ID_KEY_ID = 11


class NotifyType(enum.IntEnum):
    """Notify message types (RFC 2408 3.14.1, RFC 2407 4.6.3, RFC 3706)."""
    INVALID_PAYLOAD_TYPE = 1
    DOI_NOT_SUPPORTED = 2
    SITUATION_NOT_SUPPORTED = 3
    INVALID_COOKIE = 4
    INVALID_MAJOR_VERSION = 5
    INVALID_MINOR_VERSION = 6
    INVALID_EXCHANGE_TYPE = 7
    INVALID_FLAGS = 8
    INVALID_MESSAGE_ID = 9
    INVALID_PROTOCOL_ID = 10
    INVALID_SPI = 11
    INVALID_TRANSFORM_ID = 12
    ATTRIBUTES_NOT_SUPPORTED = 13
    NO_PROPOSAL_CHOSEN = 14
    BAD_PROPOSAL_SYNTAX = 15
    PAYLOAD_MALFORMED = 16
    INVALID_KEY_INFORMATION = 17
    INVALID_ID_INFORMATION = 18
    AUTHENTICATION_FAILED = 24
    CONNECTED = 16384
    RESPONDER_LIFETIME = 24576
    REPLAY_STATUS = 24577
    INITIAL_CONTACT = 24578
    R_U_THERE = 36136
    R_U_THERE_ACK = 36137


class Phase1Attribute(enum.IntEnum):
    """Attribute classes of phase 1 (RFC 2409 Appendix A)."""
    ENCRYPTION = 1
    HASH = 2
    AUTHENTICATION = 3
    GROUP = 4
    LIFE_TYPE = 11
    LIFE_DURATION = 12
    KEY_LENGTH = 14


class Phase2Attribute(enum.IntEnum):
    """Attribute classes of phase 2 (RFC 2407 4.5)."""
    LIFE_TYPE = 1
    LIFE_DURATION = 2
    GROUP = 3
    ENCAPSULATION = 4
    AUTHENTICATION = 5
    KEY_LENGTH = 6


class EspTransform(enum.IntEnum):
    """Transforms of ESP (RFC 2407 4.4.4, RFC 3602, 3686, 4106)."""
    DES = 2
    TRIPLE_DES = 3
    NULL = 11
    AES_CBC = 12
    AES_CTR = 13
    AES_GCM_16 = 20
