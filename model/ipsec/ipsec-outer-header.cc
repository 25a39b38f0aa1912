/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-outer-header.h"

#include "esp-transform.h"

namespace ns3
{
namespace ike
{

namespace
{

/// The two bits of ECN in a TOS octet (RFC 3168 5).
constexpr uint8_t ECN_MASK = 0x03;

/// Octets of a UDP header.
constexpr size_t UDP_HEADER = 8;

/// In RFC 6040 4.2, figure 4: a packet that is dropped.
constexpr uint8_t DROP = 0xff;

/// RFC 6040 4.2, figure 4: by the inner ECN field, then by the outer one; each in the order of
/// their numbers: Not-ECT, ECT(1), ECT(0), CE.
constexpr uint8_t EGRESS[4][4] = {
    {0, 0, 0, DROP},
    {1, 1, 1, 3},
    {2, 1, 2, 3},
    {3, 3, 3, 3},
};

/// Octets of the outer IP header without options.
size_t
HeaderLengthOf(const IpsecSa& sa)
{
    return sa.source.IsV6() ? 40 : 20;
}

} // namespace

uint8_t
OuterTosFor(uint8_t inner, const OuterPolicy& policy)
{
    const unsigned dscp = policy.copyDscp ? inner & ~static_cast<unsigned>(ECN_MASK) : 0;
    const unsigned ecn = policy.ecn ? inner & ECN_MASK : 0;
    return static_cast<uint8_t>(dscp | ecn);
}

std::optional<uint8_t>
InnerTosAfter(uint8_t inner, uint8_t outer)
{
    const uint8_t ecn = EGRESS[inner & ECN_MASK][outer & ECN_MASK];
    if (ecn == DROP)
    {
        return std::nullopt;
    }
    return static_cast<uint8_t>((inner & ~static_cast<unsigned>(ECN_MASK)) | ecn);
}

bool
OuterDontFragmentFor(bool inner, const OuterPolicy& policy)
{
    return policy.dontFragment == DontFragment::Set ||
           (policy.dontFragment == DontFragment::Copy && inner);
}

size_t
EspLengthOf(const IpsecSa& sa, size_t payloadLength)
{
    return ESP_HEADER_LENGTH + IvLengthOf(sa.cipher) +
           EspPlaintextLength(payloadLength, BlockLengthOf(sa.cipher)) + IcvLengthOf(sa);
}

size_t
OverheadOf(const IpsecSa& sa, size_t payloadLength)
{
    return EspLengthOf(sa, payloadLength) - payloadLength + (sa.udp ? UDP_HEADER : 0) +
           (sa.transport ? 0 : HeaderLengthOf(sa));
}

size_t
LargestInnerFor(const IpsecSa& sa, size_t outerMtu)
{
    const size_t fixed = HeaderLengthOf(sa) + (sa.udp ? UDP_HEADER : 0) + ESP_HEADER_LENGTH +
                         IvLengthOf(sa.cipher) + IcvLengthOf(sa);
    const size_t unit = EspPlaintextLength(0, BlockLengthOf(sa.cipher));
    const size_t room = outerMtu < fixed ? 0 : (outerMtu - fixed) / unit * unit;
    // Pad length and next header stand behind the payload; the empty plaintext is one unit.
    if (room == 0)
    {
        return 0;
    }
    return room - ESP_TRAILER_LENGTH + (sa.transport ? HeaderLengthOf(sa) : 0);
}

} // namespace ike
} // namespace ns3
