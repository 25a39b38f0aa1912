/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "esp-transform.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// What a packet's ICV covers beside its ciphertext in a combined mode (RFC 4106 5, RFC 4543 3.3,
/// RFC 7634 2.1): SPI and whole sequence number; the IV with GMAC, where GCM has it as its nonce.
Octets
AssociatedOf(const IpsecSa& sa, const EspPacket& packet)
{
    Octets associated;
    AppendNumber(associated, packet.spi, 4);
    if (sa.extendedSequence)
    {
        AppendNumber(associated, packet.sequenceHigh, 4);
    }
    AppendNumber(associated, packet.sequence, 4);
    if (sa.cipher == CipherAlgorithm::AesGmac)
    {
        Append(associated, packet.iv);
    }
    return associated;
}

/// The integrity check value over SPI to ciphertext (RFC 4303 2.8), and behind them the upper half
/// of an extended number (RFC 4303 2.2.1).
/// @param covered SPI to ciphertext, and the same afterwards
Octets
MakeIcv(CryptoProvider& provider, const IpsecSa& sa, uint32_t sequenceHigh, Octets& covered)
{
    const size_t length = covered.size();
    if (sa.extendedSequence)
    {
        AppendNumber(covered, sequenceHigh, 4);
    }
    Octets icv = provider.Mac(sa.integrity, sa.integrityKey, covered);
    covered.resize(length);
    return icv;
}

/// Write SPI, sequence number and IV over the first octets.
void
PutHeader(Octets& octets, const EspPacket& packet)
{
    for (size_t i = 0; i < 4; i++)
    {
        octets[i] = static_cast<uint8_t>(packet.spi >> (24 - 8 * i));
        octets[4 + i] = static_cast<uint8_t>(packet.sequence >> (24 - 8 * i));
    }
    std::copy(packet.iv.begin(), packet.iv.end(), octets.begin() + ESP_HEADER_LENGTH);
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

/// The plaintext of an authentic packet of a cipher that does not authenticate, or nothing.
std::optional<Octets>
Decrypt(CryptoProvider& provider, const IpsecSa& sa, const Octets& iv, Octets text)
{
    if (text.size() % BlockLengthOf(sa.cipher) != 0)
    {
        return std::nullopt;
    }
    provider.CryptInPlace(false, sa.cipher, sa.cipherKey, iv, text);
    return text;
}

} // namespace

unsigned
IcvLengthOf(const IpsecSa& sa)
{
    return IsCombined(sa.cipher) ? IcvLengthOf(sa.cipher) : IcvLengthOf(sa.integrity);
}

bool
IsAuthenticated(const IpsecSa& sa)
{
    return IcvLengthOf(sa) != 0;
}

Octets
ProtectEsp(CryptoProvider& provider,
           const IpsecSa& sa,
           EspPlaintext plain,
           uint64_t sequence,
           Octets iv)
{
    EspPacket packet;
    packet.spi = sa.spi;
    packet.sequence = static_cast<uint32_t>(sequence);
    packet.sequenceHigh = static_cast<uint32_t>(sequence >> 32);
    packet.iv = std::move(iv);
    Octets text = WriteEspPlaintext(std::move(plain), BlockLengthOf(sa.cipher));
    if (IsCombined(sa.cipher))
    {
        // Its ICV is the end of what it gives.
        packet.ciphertext =
            provider.Seal(sa.cipher, sa.cipherKey, packet.iv, AssociatedOf(sa, packet), text);
        return WriteEspWithoutIcv(packet);
    }
    provider.CryptInPlace(true, sa.cipher, sa.cipherKey, packet.iv, text);
    // The header moves in front of it: to move octets costs less than to take memory for others.
    const size_t front = ESP_HEADER_LENGTH + packet.iv.size();
    text.reserve(front + text.size() + std::max<size_t>(IcvLengthOf(sa), 4));
    text.insert(text.begin(), front, 0);
    PutHeader(text, packet);
    Append(text, MakeIcv(provider, sa, packet.sequenceHigh, text));
    return text;
}

std::optional<EspPacket>
CutEsp(const IpsecSa& sa, const Octets& octets)
{
    return ReadEsp(octets, IvLengthOf(sa.cipher), IcvLengthOf(sa));
}

std::optional<EspPacket>
CutEspEnds(const IpsecSa& sa, const Octets& octets)
{
    return ReadEspEnds(octets, IvLengthOf(sa.cipher), IcvLengthOf(sa));
}

EspOpening
OpenEsp(CryptoProvider& provider, const IpsecSa& sa, const EspPacket& packet)
{
    return OpenEsp(provider, sa, packet, Concat({WriteEspWithoutIcv(packet), packet.icv}));
}

EspOpening
OpenEsp(CryptoProvider& provider, const IpsecSa& sa, const EspPacket& packet, Octets whole)
{
    std::optional<Octets> text;
    const auto front = static_cast<std::ptrdiff_t>(ESP_HEADER_LENGTH + packet.iv.size());
    if (IsCombined(sa.cipher))
    {
        whole.erase(whole.begin(), whole.begin() + front);
        text = provider.Open(sa.cipher, sa.cipherKey, packet.iv, AssociatedOf(sa, packet), whole);
        if (!text)
        {
            return {DropReason::BadIcv, {}};
        }
    }
    else
    {
        // RFC 4303 3.4.4.1: the ICV comes first, so that forged octets never reach the cipher.
        whole.resize(whole.size() - packet.icv.size());
        if (!IsEqualInConstantTime(MakeIcv(provider, sa, packet.sequenceHigh, whole), packet.icv))
        {
            return {DropReason::BadIcv, {}};
        }
        whole.erase(whole.begin(), whole.begin() + front);
        text = Decrypt(provider, sa, packet.iv, std::move(whole));
    }
    auto plain = text ? ReadEspPlaintext(std::move(*text)) : std::nullopt;
    if (!plain)
    {
        return {DropReason::Malformed, {}};
    }
    return {DropReason::None, std::move(*plain)};
}

} // namespace ike
} // namespace ns3
