/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-wire-fixture.h"

namespace ns3
{
namespace ike
{
namespace tests
{

Header
MakeHeader(ExchangeType exchange, bool encrypted)
{
    Header h;
    h.initiatorCookie = {1, 2, 3, 4, 5, 6, 7, 8};
    h.exchange = exchange;
    h.flags = encrypted ? FLAG_ENCRYPTION : 0;
    h.messageId = exchange == ExchangeType::QuickMode ? 0x01020304 : 0;
    return h;
}

Header
QuickModeHeader()
{
    Header h = MakeHeader(ExchangeType::QuickMode, true);
    h.nextPayload = static_cast<uint8_t>(PayloadType::Hash);
    return h;
}

Octets
Wrap(unsigned nextPayload, const Octets& chain)
{
    Header h = MakeHeader(ExchangeType::IdentityProtection, false);
    h.nextPayload = static_cast<uint8_t>(nextPayload);
    return WriteHeaderAndBody(h, chain);
}

Transform
Phase1Transform(uint8_t number)
{
    return {number,
            TRANSFORM_KEY_IKE,
            0,
            {Attribute::Basic(1, 5),
             Attribute::Basic(2, 2),
             Attribute::Basic(3, 1),
             Attribute::Basic(4, 2),
             Attribute::Basic(11, 1),
             Attribute::Number(12, 86400)}};
}

SaPayload
Phase1Sa()
{
    SaPayload sa;
    sa.proposals = {{1, ProtocolId::Isakmp, {}, {Phase1Transform(1)}}};
    return sa;
}

SaPayload
Phase2Sa()
{
    const Transform t{1,
                      static_cast<uint8_t>(EspTransformId::TripleDes),
                      0,
                      {Attribute::Basic(4, 1),
                       Attribute::Basic(5, 2),
                       Attribute::Basic(1, 1),
                       Attribute::Basic(2, 3600)}};
    SaPayload sa;
    sa.proposals = {{1, ProtocolId::Esp, Hex("01020304"), {t}}};
    return sa;
}

} // namespace tests
} // namespace ike
} // namespace ns3
