/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-fingerprint.h"

namespace ns3
{
namespace ike
{

void
Fingerprint::AddOctet(uint8_t o)
{
    m_value = (m_value ^ o) * 0x100000001b3ULL;
}

Fingerprint&
Fingerprint::Add(uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
    {
        AddOctet(static_cast<uint8_t>(value >> (8 * i)));
    }
    return *this;
}

Fingerprint&
Fingerprint::Add(std::string_view text)
{
    Add(static_cast<uint64_t>(text.size()));
    for (char c : text)
    {
        AddOctet(static_cast<uint8_t>(c));
    }
    return *this;
}

Fingerprint&
Fingerprint::Add(const Octets& octets)
{
    Add(static_cast<uint64_t>(octets.size()));
    for (uint8_t o : octets)
    {
        AddOctet(o);
    }
    return *this;
}

Fingerprint&
Fingerprint::Add(const IpAddress& address)
{
    return Add(address.ToOctets());
}

Fingerprint&
Fingerprint::Add(Instant t, Instant now)
{
    return Add(t == Instant::Never() ? UINT64_MAX : static_cast<uint64_t>((t - now).ns));
}

} // namespace ike
} // namespace ns3
