/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ALGORITHMS_H
#define IKE_ALGORITHMS_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace ike
{

/// Ciphers of IKE and ESP. The key length says which AES; DES runs as 3DES with three equal keys.
enum class CipherAlgorithm : uint8_t
{
    Null,
    DesCbc,
    TripleDesCbc,
    AesCbc,
    AesCtr,           ///< RFC 3686; the key is followed by a nonce of 4 octets
    AesGcm16,         ///< RFC 4106; the key is followed by a salt of 4 octets
    AesGmac,          ///< RFC 4543, nothing is encrypted; salt of 4 octets
    ChaCha20Poly1305, ///< RFC 7634, data plane only; salt of 4 octets
};

/// Hash functions; as HMAC they are the pseudo-random functions of IKEv1.
enum class HashAlgorithm : uint8_t
{
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
};

/// Integrity algorithms of ESP.
enum class IntegrityAlgorithm : uint8_t
{
    None,
    HmacMd5_96,
    HmacSha1_96,
    HmacSha256_128,
    HmacSha384_192,
    HmacSha512_256,
    AesXcbc96, ///< RFC 3566
};

/// How the two ends of phase 1 prove who they are.
enum class AuthMethod : uint8_t
{
    PreSharedKey,
    RsaSignature,
};

/// Diffie-Hellman groups by their IANA numbers (RFC 2409, 3526, 5903).
enum class DhGroup : uint16_t
{
    None = 0,
    Modp768 = 1,
    Modp1024 = 2,
    Modp1536 = 5,
    Modp2048 = 14,
    Modp3072 = 15,
    Modp4096 = 16,
    Ecp256 = 19,
    Ecp384 = 20,
    Ecp521 = 21,
};

/// To what the text is padded, in octets; 1 for Null, stream and combined ciphers.
unsigned BlockLengthOf(CipherAlgorithm a);
/// Does it protect integrity, too (RFC 4303 3.3.2.2: combined mode)?
bool IsCombined(CipherAlgorithm a);
/// Octets of the IV that an ESP packet carries.
unsigned IvLengthOf(CipherAlgorithm a);
/// Octets of the ICV of a combined cipher; 0 for others.
unsigned IcvLengthOf(CipherAlgorithm a);
/// Octets of salt or nonce that KEYMAT has behind the key (RFC 3686 5.1, RFC 4106 8.1); often 0.
unsigned SaltLengthOf(CipherAlgorithm a);
/// Key length in octets, without salt, for a key length attribute in bits (0: the algorithm's own).
unsigned KeyLengthOf(CipherAlgorithm a, unsigned keyBits);
/// Output length in octets.
unsigned HashLengthOf(HashAlgorithm a);
/// Key length in octets.
unsigned KeyLengthOf(IntegrityAlgorithm a);
/// Length of the integrity check value in octets.
unsigned IcvLengthOf(IntegrityAlgorithm a);
/// Is this one of the groups that the module implements?
bool IsSupported(DhGroup g);

/// "3des-cbc", "aes-cbc"
std::string ToString(CipherAlgorithm a);
/// "md5", "sha1", "sha256"
std::string ToString(HashAlgorithm a);
/// "hmac-sha1-96"
std::string ToString(IntegrityAlgorithm a);
/// "modp1024", "ecp256"
std::string ToString(DhGroup g);
/// "pre-share", "rsa-sig"
std::string ToString(AuthMethod a);

} // namespace ike
} // namespace ns3

#endif // IKE_ALGORITHMS_H
