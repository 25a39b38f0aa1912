/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto.h"

namespace ns3
{
namespace ike
{

std::string
ToString(ChainFault fault)
{
    switch (fault)
    {
    case ChainFault::None:
        return "";
    case ChainFault::Malformed:
        return "is no X.509 certificate";
    case ChainFault::UnknownIssuer:
        return "has no issuer that is trusted";
    case ChainFault::NotYetValid:
        return "is not yet valid";
    case ChainFault::Expired:
        return "has expired";
    case ChainFault::NotAnAuthority:
        return "was issued by one that is no authority";
    case ChainFault::WrongSignature:
        return "has a wrong signature";
    case ChainFault::WrongUsage:
        return "is not for signatures";
    case ChainFault::Other:
        return "does not pass";
    }
    return "";
}

Octets
CryptoProvider::Draw(const Octets& key, const Octets& label)
{
    return Hmac(HashAlgorithm::Sha256, key, label);
}

const std::vector<std::string>&
GetProviderNames()
{
    static const std::vector<std::string> names{"openssl", "model"};
    return names;
}

std::unique_ptr<CryptoProvider>
MakeProvider(ProviderKind kind)
{
    return kind == ProviderKind::Model ? MakeModelProvider() : MakeOpensslProvider();
}

unsigned
PrivateLengthOf(DhGroup group)
{
    switch (group)
    {
    case DhGroup::None:
        return 0;
    case DhGroup::Modp768:
    case DhGroup::Modp1024:
    case DhGroup::Modp1536:
    case DhGroup::Modp2048:
        return 32;
    case DhGroup::Modp3072:
        return 40;
    case DhGroup::Modp4096:
        return 48;
    case DhGroup::Ecp256:
        return 32;
    case DhGroup::Ecp384:
        return 48;
    case DhGroup::Ecp521:
        return 66;
    }
    return 0;
}

unsigned
PublicLengthOf(DhGroup group)
{
    switch (group)
    {
    case DhGroup::None:
        return 0;
    case DhGroup::Modp768:
        return 96;
    case DhGroup::Modp1024:
        return 128;
    case DhGroup::Modp1536:
        return 192;
    case DhGroup::Modp2048:
        return 256;
    case DhGroup::Modp3072:
        return 384;
    case DhGroup::Modp4096:
        return 512;
    // RFC 5903 7: both coordinates, without the octet that tells the form.
    case DhGroup::Ecp256:
        return 64;
    case DhGroup::Ecp384:
        return 96;
    case DhGroup::Ecp521:
        return 132;
    }
    return 0;
}

void
CryptoProvider::CryptInPlace(bool encrypt,
                             CipherAlgorithm algorithm,
                             const Octets& key,
                             const Octets& iv,
                             Octets& text)
{
    text = encrypt ? Encrypt(algorithm, key, iv, text) : Decrypt(algorithm, key, iv, text);
}

} // namespace ike
} // namespace ns3
