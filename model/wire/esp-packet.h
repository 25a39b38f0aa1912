/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef ESP_PACKET_H
#define ESP_PACKET_H

#include "ns3/ike-octets.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace ike
{

/// The parts of an ESP packet (RFC 4303 2), still encrypted.
struct EspPacket
{
    uint32_t spi{0};      ///< security parameters index
    uint32_t sequence{0}; ///< low 32 bits
    Octets iv;            ///< as long as the cipher's IV
    Octets ciphertext;    ///< payload, padding, pad length, next header
    Octets icv;           ///< integrity check value
    /// Upper 32 bits of an extended number (RFC 4303 2.2.1): under the ICV, but not on the wire.
    uint32_t sequenceHigh{0};
};

/// What is inside: the payload and the protocol number of the trailer.
struct EspPlaintext
{
    Octets payload;        ///< the inner packet in tunnel mode
    uint8_t nextHeader{0}; ///< 4: IPv4, 41: IPv6, 59: dummy
};

/// Octets of SPI and sequence number.
constexpr size_t ESP_HEADER_LENGTH = 8;
/// Octets of pad length and next header.
constexpr size_t ESP_TRAILER_LENGTH = 2;

/// Cut a packet; nothing when it is too short for its IV and ICV.
std::optional<EspPacket> ReadEsp(const Octets& octets, size_t ivLength, size_t icvLength);
/// The same without the ciphertext, which stays where it is: between IV and ICV.
std::optional<EspPacket> ReadEspEnds(const Octets& octets, size_t ivLength, size_t icvLength);
/// SPI of a packet of any SA; nothing when it is too short.
std::optional<uint32_t> ReadEspSpi(const Octets& octets);
/// SPI, sequence number, IV and ciphertext: what the ICV covers. The ICV follows it.
/// @param room octets for which memory is taken besides
Octets WriteEspWithoutIcv(const EspPacket& packet, size_t room = 0);
/// Octets of what WriteEspPlaintext() makes of a payload of so many octets.
size_t EspPlaintextLength(size_t payloadLength, size_t blockLength);
/// Payload with the monotonic padding 1, 2, 3, ... (RFC 4303 2.4), pad length and next header, a
/// multiple of the block length and of four.
Octets WriteEspPlaintext(EspPlaintext plain, size_t blockLength);
/// The reverse; nothing when the padding is not 1, 2, 3, ... or longer than the octets.
std::optional<EspPlaintext> ReadEspPlaintext(Octets octets);

} // namespace ike
} // namespace ns3

#endif // ESP_PACKET_H
