/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "esp-packet.h"

#include "ike-bytes.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Is this 1, 2, 3, ...?
bool
IsMonotonic(const Octets& padding)
{
    for (size_t i = 0; i < padding.size(); ++i)
    {
        if (padding[i] != i + 1)
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
    packet.ciphertext = reader.Take(reader.Left() - icvLength);
    packet.icv = reader.Rest();
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
WriteEspWithoutIcv(const EspPacket& packet)
{
    Writer writer;
    writer.Number(packet.spi, 4);
    writer.Number(packet.sequence, 4);
    writer.Raw(packet.iv);
    writer.Raw(packet.ciphertext);
    return writer.Finish();
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
WriteEspPlaintext(const EspPlaintext& plain, size_t blockLength)
{
    const size_t padding = EspPlaintextLength(plain.payload.size(), blockLength) -
                           plain.payload.size() - ESP_TRAILER_LENGTH;
    Writer writer;
    writer.Raw(plain.payload);
    for (size_t i = 1; i <= padding; ++i)
    {
        writer.Number(i, 1);
    }
    writer.Number(padding, 1);
    writer.Number(plain.nextHeader, 1);
    return writer.Finish();
}

std::optional<EspPlaintext>
ReadEspPlaintext(const Octets& octets)
{
    if (octets.size() < ESP_TRAILER_LENGTH)
    {
        return std::nullopt;
    }
    const size_t padding = octets[octets.size() - ESP_TRAILER_LENGTH];
    if (padding > octets.size() - ESP_TRAILER_LENGTH)
    {
        return std::nullopt;
    }
    std::optional<WireError> failure;
    Reader reader(octets, failure);
    EspPlaintext plain;
    plain.payload = reader.Take(octets.size() - ESP_TRAILER_LENGTH - padding);
    const bool isMonotonic = IsMonotonic(reader.Take(padding));
    plain.nextHeader = octets.back();
    return isMonotonic ? std::make_optional(plain) : std::nullopt;
}

} // namespace ike
} // namespace ns3
