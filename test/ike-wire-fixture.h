/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_WIRE_FIXTURE_H
#define IKE_WIRE_FIXTURE_H

#include "ike-test-octets.h"

#include "ns3/ike-message.h"

/**
 * @file
 * @ingroup ike-tests
 * Messages of the wire tests.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

/// Main mode 1 of strongSwan 5.9.8: SA and five vendor IDs.
inline const char* const MAIN_MODE_1 =
    "63839dcb9d64456400000000000000000110020000000000000000b00d00003400000001000000010000"
    "002801010001000000200101000080010005800200028004000280030001800b0001800c3de00d00000c"
    "09002689dfd6b7120d000014afcad71368a1f1c96b8696fc775701000d0000184048b7d56ebce88525e7"
    "de7f00d6c2d3800000000d0000144a131c81070358455c5728f20e95452f0000001490cb80913ebb696e"
    "086381b5ec427b1f";

/// Quick mode 1 of the same, decrypted: HASH, SA, NONCE, ID, ID and four octets of padding.
inline const char* const QUICK_MODE_1 =
    "01000018c9fb6192e21973a8cd0cb896596aa542b653c60b0a0000300000000100000001000000240103"
    "0401e77a6215000000180103000080050002800400018001000180020f7805000024fcb0e36204cc584d"
    "7aa0a30f8de324a39793673b423b6b2c249897cb8acfb4660500001004000000c6336400ffffff800000"
    "001004000000c6336480ffffff8000000000";

/// A header with a cookie, and with a message ID where quick mode has one.
Header MakeHeader(ExchangeType exchange, bool encrypted);

/// The header that belongs to QUICK_MODE_1.
Header QuickModeHeader();

/// An unencrypted message around a payload chain.
Octets Wrap(unsigned nextPayload, const Octets& chain);

/// An IKE transform with a value for each attribute.
Transform Phase1Transform(uint8_t number);

/// An SA payload of main mode.
SaPayload Phase1Sa();

/// An SA payload of quick mode.
SaPayload Phase2Sa();

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_WIRE_FIXTURE_H
