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
    }
    return 1;
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
        return keyBits == 0 ? 16 : keyBits / 8;
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
        return 12;
    case IntegrityAlgorithm::HmacSha256_128:
        return 16;
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
