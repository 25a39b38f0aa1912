/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-algorithms.h"

namespace ns3
{
namespace ike
{

unsigned
BlockLengthOf(CipherAlgorithm a)
{
    switch (a)
    {
    case CipherAlgorithm::Null:
        return 1;
    case CipherAlgorithm::DesCbc:
    case CipherAlgorithm::TripleDesCbc:
        return 8;
    case CipherAlgorithm::AesCbc:
        return 16;
    case CipherAlgorithm::AesCtr:
    case CipherAlgorithm::AesGcm16:
    case CipherAlgorithm::AesGmac:
    case CipherAlgorithm::ChaCha20Poly1305:
        return 1;
    }
    return 1;
}

bool
IsCombined(CipherAlgorithm a)
{
    return IcvLengthOf(a) != 0;
}

unsigned
IvLengthOf(CipherAlgorithm a)
{
    // RFC 2410: NULL has none; CBC ciphers have a block (RFC 2451 3, RFC 3602 3)
    return SaltLengthOf(a) != 0 ? 8 : a == CipherAlgorithm::Null ? 0 : BlockLengthOf(a);
}

unsigned
IcvLengthOf(CipherAlgorithm a)
{
    const bool combined = a == CipherAlgorithm::AesGcm16 || a == CipherAlgorithm::AesGmac ||
                          a == CipherAlgorithm::ChaCha20Poly1305;
    return combined ? 16 : 0;
}

unsigned
SaltLengthOf(CipherAlgorithm a)
{
    return IsCombined(a) || a == CipherAlgorithm::AesCtr ? 4 : 0;
}

unsigned
KeyLengthOf(CipherAlgorithm a, unsigned keyBits)
{
    switch (a)
    {
    case CipherAlgorithm::Null:
        return 0;
    case CipherAlgorithm::DesCbc:
        return 8;
    case CipherAlgorithm::TripleDesCbc:
        return 24;
    case CipherAlgorithm::AesCbc:
    case CipherAlgorithm::AesCtr:
    case CipherAlgorithm::AesGcm16:
    case CipherAlgorithm::AesGmac:
        return keyBits == 0 ? 16 : keyBits / 8;
    case CipherAlgorithm::ChaCha20Poly1305:
        return 32;
    }
    return 0;
}

unsigned
HashLengthOf(HashAlgorithm a)
{
    switch (a)
    {
    case HashAlgorithm::Md5:
        return 16;
    case HashAlgorithm::Sha1:
        return 20;
    case HashAlgorithm::Sha256:
        return 32;
    case HashAlgorithm::Sha384:
        return 48;
    case HashAlgorithm::Sha512:
        return 64;
    }
    return 0;
}

unsigned
KeyLengthOf(IntegrityAlgorithm a)
{
    switch (a)
    {
    case IntegrityAlgorithm::None:
        return 0;
    case IntegrityAlgorithm::HmacMd5_96:
        return 16;
    case IntegrityAlgorithm::HmacSha1_96:
        return 20;
    case IntegrityAlgorithm::HmacSha256_128:
        return 32;
    case IntegrityAlgorithm::HmacSha384_192:
        return 48;
    case IntegrityAlgorithm::HmacSha512_256:
        return 64;
    case IntegrityAlgorithm::AesXcbc96:
        return 16;
    }
    return 0;
}

unsigned
IcvLengthOf(IntegrityAlgorithm a)
{
    switch (a)
    {
    case IntegrityAlgorithm::None:
        return 0;
    case IntegrityAlgorithm::HmacMd5_96:
    case IntegrityAlgorithm::HmacSha1_96:
    case IntegrityAlgorithm::AesXcbc96:
        return 12;
    case IntegrityAlgorithm::HmacSha256_128:
        return 16;
    case IntegrityAlgorithm::HmacSha384_192:
        return 24;
    case IntegrityAlgorithm::HmacSha512_256:
        return 32;
    }
    return 0;
}

bool
IsSupported(DhGroup g)
{
    return ToString(g).compare(0, 5, "group") != 0 && g != DhGroup::None;
}

std::string
ToString(CipherAlgorithm a)
{
    switch (a)
    {
    case CipherAlgorithm::Null:
        return "null";
    case CipherAlgorithm::DesCbc:
        return "des-cbc";
    case CipherAlgorithm::TripleDesCbc:
        return "3des-cbc";
    case CipherAlgorithm::AesCbc:
        return "aes-cbc";
    case CipherAlgorithm::AesCtr:
        return "aes-ctr";
    case CipherAlgorithm::AesGcm16:
        return "aes-gcm-16";
    case CipherAlgorithm::AesGmac:
        return "aes-gmac";
    case CipherAlgorithm::ChaCha20Poly1305:
        return "chacha20-poly1305";
    }
    return "?";
}

std::string
ToString(HashAlgorithm a)
{
    switch (a)
    {
    case HashAlgorithm::Md5:
        return "md5";
    case HashAlgorithm::Sha1:
        return "sha1";
    case HashAlgorithm::Sha256:
        return "sha256";
    case HashAlgorithm::Sha384:
        return "sha384";
    case HashAlgorithm::Sha512:
        return "sha512";
    }
    return "?";
}

std::string
ToString(IntegrityAlgorithm a)
{
    switch (a)
    {
    case IntegrityAlgorithm::None:
        return "none";
    case IntegrityAlgorithm::HmacMd5_96:
        return "hmac-md5-96";
    case IntegrityAlgorithm::HmacSha1_96:
        return "hmac-sha1-96";
    case IntegrityAlgorithm::HmacSha256_128:
        return "hmac-sha256-128";
    case IntegrityAlgorithm::HmacSha384_192:
        return "hmac-sha384-192";
    case IntegrityAlgorithm::HmacSha512_256:
        return "hmac-sha512-256";
    case IntegrityAlgorithm::AesXcbc96:
        return "aes-xcbc-96";
    }
    return "?";
}

std::string
ToString(DhGroup g)
{
    switch (g)
    {
    case DhGroup::None:
        return "none";
    case DhGroup::Modp768:
        return "modp768";
    case DhGroup::Modp1024:
        return "modp1024";
    case DhGroup::Modp1536:
        return "modp1536";
    case DhGroup::Modp2048:
        return "modp2048";
    case DhGroup::Modp3072:
        return "modp3072";
    case DhGroup::Modp4096:
        return "modp4096";
    case DhGroup::Ecp256:
        return "ecp256";
    case DhGroup::Ecp384:
        return "ecp384";
    case DhGroup::Ecp521:
        return "ecp521";
    }
    return "group" + std::to_string(static_cast<unsigned>(g));
}

std::string
ToString(AuthMethod a)
{
    return a == AuthMethod::PreSharedKey ? "pre-share" : "rsa-sig";
}

} // namespace ike
} // namespace ns3
