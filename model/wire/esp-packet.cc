/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "esp-packet.h"

#include "ike-bytes.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// Is this 1, 2, 3, ...? @param octets end with padding and trailer @param padding its length
bool
IsMonotonic(const Octets& octets, size_t padding)
{
    const size_t begin = octets.size() - ESP_TRAILER_LENGTH - padding;
    for (size_t i = 0; i < padding; ++i)
    {
        if (octets[begin + i] != i + 1)
        {
            return false;
        }
    }
    return true;
}

} // namespace

std::optional<EspPacket>
ReadEsp(const Octets& octets, size_t ivLength, size_t icvLength)
{
    auto packet = ReadEspEnds(octets, ivLength, icvLength);
    if (packet)
    {
        const auto front = static_cast<std::ptrdiff_t>(ESP_HEADER_LENGTH + ivLength);
        packet->ciphertext.assign(octets.begin() + front,
                                  octets.end() - static_cast<std::ptrdiff_t>(icvLength));
    }
    return packet;
}

std::optional<EspPacket>
ReadEspEnds(const Octets& octets, size_t ivLength, size_t icvLength)
{
    if (octets.size() < ESP_HEADER_LENGTH + ivLength + icvLength)
    {
        return std::nullopt;
    }
    std::optional<WireError> failure;
    Reader reader(octets, failure);
    EspPacket packet;
    packet.spi = static_cast<uint32_t>(reader.Number(4));
    packet.sequence = static_cast<uint32_t>(reader.Number(4));
    packet.iv = reader.Take(ivLength);
    packet.icv.assign(octets.end() - static_cast<std::ptrdiff_t>(icvLength), octets.end());
    return packet;
}

std::optional<uint32_t>
ReadEspSpi(const Octets& octets)
{
    if (octets.size() < ESP_HEADER_LENGTH)
    {
        return std::nullopt;
    }
    std::optional<WireError> failure;
    return static_cast<uint32_t>(Reader(octets, failure).Number(4));
}

Octets
WriteEspWithoutIcv(const EspPacket& packet, size_t room)
{
    Octets octets;
    octets.reserve(ESP_HEADER_LENGTH + packet.iv.size() + packet.ciphertext.size() + room);
    AppendNumber(octets, packet.spi, 4);
    AppendNumber(octets, packet.sequence, 4);
    Append(octets, packet.iv);
    Append(octets, packet.ciphertext);
    return octets;
}

size_t
EspPlaintextLength(size_t payloadLength, size_t blockLength)
{
    // RFC 4303 2.4: also a multiple of four, so that the ICV stands at a 32-bit boundary. Blocks
    // have one octet, or a multiple of four.
    const size_t unit = std::max<size_t>(blockLength, 4);
    return (payloadLength + ESP_TRAILER_LENGTH + unit - 1) / unit * unit;
}

Octets
WriteEspPlaintext(EspPlaintext plain, size_t blockLength)
{
    Octets octets = std::move(plain.payload);
    const size_t length = EspPlaintextLength(octets.size(), blockLength);
    const size_t padding = length - octets.size() - ESP_TRAILER_LENGTH;
    octets.reserve(length);
    for (size_t i = 1; i <= padding; ++i)
    {
        octets.push_back(static_cast<uint8_t>(i));
    }
    octets.push_back(static_cast<uint8_t>(padding));
    octets.push_back(plain.nextHeader);
    return octets;
}

std::optional<EspPlaintext>
ReadEspPlaintext(Octets octets)
{
    if (octets.size() < ESP_TRAILER_LENGTH)
    {
        return std::nullopt;
    }
    const size_t padding = octets[octets.size() - ESP_TRAILER_LENGTH];
    if (padding > octets.size() - ESP_TRAILER_LENGTH || !IsMonotonic(octets, padding))
    {
        return std::nullopt;
    }
    const uint8_t nextHeader = octets.back();
    octets.resize(octets.size() - ESP_TRAILER_LENGTH - padding);
    return EspPlaintext{std::move(octets), nextHeader};
}

} // namespace ike
} // namespace ns3
