/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "esp-transform.h"

namespace ns3
{
namespace ike
{

namespace
{

/// The hash of an integrity algorithm that is not None.
HashAlgorithm
HashOf(IntegrityAlgorithm integrity)
{
    switch (integrity)
    {
    case IntegrityAlgorithm::HmacMd5_96:
        return HashAlgorithm::Md5;
    case IntegrityAlgorithm::HmacSha256_128:
        return HashAlgorithm::Sha256;
    case IntegrityAlgorithm::HmacSha384_192:
        return HashAlgorithm::Sha384;
    case IntegrityAlgorithm::HmacSha512_256:
        return HashAlgorithm::Sha512;
    case IntegrityAlgorithm::HmacSha1_96:
    case IntegrityAlgorithm::AesXcbc96:
    case IntegrityAlgorithm::None:
        break;
    }
    return HashAlgorithm::Sha1;
}

/// The integrity check value over SPI to ciphertext (RFC 4303 2.8): an HMAC, cut from the right.
Octets
MakeIcv(CryptoProvider& provider, const IpsecSa& sa, const EspPacket& packet)
{
    if (sa.integrity == IntegrityAlgorithm::None)
    {
        return {};
    }
    Octets icv = provider.Hmac(HashOf(sa.integrity), sa.integrityKey, WriteEspWithoutIcv(packet));
    icv.resize(IcvLengthOf(sa.integrity));
    return icv;
}

/// Compares in a time that tells nothing about where two values differ.
bool
IsEqualInConstantTime(const Octets& a, const Octets& b)
{
    uint8_t difference = a.size() == b.size() ? 0 : 1;
    for (size_t i = 0; i < a.size() && i < b.size(); i++)
    {
        difference |= static_cast<uint8_t>(a[i] ^ b[i]);
    }
    return difference == 0;
}

} // namespace

Octets
ProtectEsp(CryptoProvider& provider,
           const IpsecSa& sa,
           const EspPlaintext& plain,
           uint32_t sequence,
           const Octets& iv)
{
    EspPacket packet;
    packet.spi = sa.spi;
    packet.sequence = sequence;
    packet.iv = iv;
    const Octets text = WriteEspPlaintext(plain, BlockLengthOf(sa.cipher));
    packet.ciphertext = provider.Encrypt(sa.cipher, sa.cipherKey, iv, text);
    return Concat({WriteEspWithoutIcv(packet), MakeIcv(provider, sa, packet)});
}

std::optional<EspPacket>
CutEsp(const IpsecSa& sa, const Octets& octets)
{
    return ReadEsp(octets, IvLengthOf(sa.cipher), IcvLengthOf(sa.integrity));
}

EspOpening
OpenEsp(CryptoProvider& provider, const IpsecSa& sa, const EspPacket& packet)
{
    // RFC 4303 3.4.4.1: the ICV comes first, so that forged octets never reach the cipher.
    if (!IsEqualInConstantTime(MakeIcv(provider, sa, packet), packet.icv))
    {
        return {DropReason::BadIcv, {}};
    }
    if (packet.ciphertext.size() % BlockLengthOf(sa.cipher) != 0)
    {
        return {DropReason::Malformed, {}};
    }
    const auto plain =
        ReadEspPlaintext(provider.Decrypt(sa.cipher, sa.cipherKey, packet.iv, packet.ciphertext));
    if (!plain)
    {
        return {DropReason::Malformed, {}};
    }
    return {DropReason::None, *plain};
}

} // namespace ike
} // namespace ns3
