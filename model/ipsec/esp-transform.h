/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef ESP_TRANSFORM_H
#define ESP_TRANSFORM_H

#include "ipsec-sa.h"

#include "ns3/esp-packet.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-verdict.h"

#include <optional>

namespace ns3
{
namespace ike
{

/// What was inside an ESP packet, or why nobody may look at it.
struct EspOpening
{
    DropReason reason{DropReason::None}; ///< None, BadIcv, or Malformed of an authentic packet
    EspPlaintext plain;                  ///< payload and next header, when there is no reason
};

/// Octets of the ICV of an SA's packets: of a combined cipher, or of its integrity algorithm.
unsigned IcvLengthOf(const IpsecSa& sa);
/// Does an ICV protect its packets?
bool IsAuthenticated(const IpsecSa& sa);

/**
 * Payload to ESP packet (RFC 4303 3.3): pad, encrypt, authenticate.
 * @param provider does the cryptography
 * @param sa SPI, algorithms and keys
 * @param plain payload and next header; no copy is made of what is moved here
 * @param sequence goes into the header: its low 32 bits
 * @param iv as long as IvLengthOf() says
 * @return from the SPI on
 */
Octets ProtectEsp(CryptoProvider& provider,
                  const IpsecSa& sa,
                  EspPlaintext plain,
                  uint64_t sequence,
                  Octets iv);

/// Cut octets from the SPI on as the algorithms of an SA demand; nothing when they are too few.
std::optional<EspPacket> CutEsp(const IpsecSa& sa, const Octets& octets);
/// The same without the ciphertext, for who goes on with the octets themselves.
std::optional<EspPacket> CutEspEnds(const IpsecSa& sa, const Octets& octets);

/**
 * ESP packet to payload (RFC 4303 3.4.4): verify, decrypt, take the padding off. The caller has
 * looked up the SA and checked the sequence number, and moves the window unless it is BadIcv.
 * @param provider does the cryptography
 * @param sa algorithms and keys
 * @param packet from CutEsp() with the same SA; with extended numbers the caller has inferred
 *        EspPacket::sequenceHigh
 */
EspOpening OpenEsp(CryptoProvider& provider, const IpsecSa& sa, const EspPacket& packet);
/// The same for who has the packet as it came, and need not put it together again.
/// @param packet from CutEspEnds(): its ciphertext is not looked at
/// @param whole the octets that were cut
EspOpening OpenEsp(CryptoProvider& provider,
                   const IpsecSa& sa,
                   const EspPacket& packet,
                   Octets whole);

} // namespace ike
} // namespace ns3

#endif // ESP_TRANSFORM_H
