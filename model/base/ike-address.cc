/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-address.h"

#include <arpa/inet.h>

namespace ns3
{
namespace ike
{

IpAddress
IpAddress::V4(uint32_t number)
{
    IpAddress a;
    a.m_family = 4;
    for (unsigned i = 0; i < 4; i++)
    {
        a.m_octets[i] = static_cast<uint8_t>(number >> (24 - 8 * i));
    }
    return a;
}

IpAddress
IpAddress::FromOctets(const Octets& octets)
{
    IpAddress a;
    if (octets.size() == 4 || octets.size() == 16)
    {
        a.m_family = octets.size() == 4 ? 4 : 6;
        std::copy(octets.begin(), octets.end(), a.m_octets.begin());
    }
    return a;
}

std::optional<IpAddress>
IpAddress::Parse(std::string_view text)
{
    const std::string s(text);
    uint8_t buffer[16];
    if (inet_pton(AF_INET, s.c_str(), buffer) == 1)
    {
        return FromOctets(Octets(buffer, buffer + 4));
    }
    if (inet_pton(AF_INET6, s.c_str(), buffer) == 1)
    {
        return FromOctets(Octets(buffer, buffer + 16));
    }
    return std::nullopt;
}

unsigned
IpAddress::BitLength() const
{
    return m_family == 0 ? 0 : m_family == 4 ? 32 : 128;
}

uint32_t
IpAddress::ToV4() const
{
    return static_cast<uint32_t>(m_octets[0]) << 24 | static_cast<uint32_t>(m_octets[1]) << 16 |
           static_cast<uint32_t>(m_octets[2]) << 8 | m_octets[3];
}

Octets
IpAddress::ToOctets() const
{
    return Octets(m_octets.begin(), m_octets.begin() + BitLength() / 8);
}

std::string
IpAddress::ToString() const
{
    if (IsNone())
    {
        return "none";
    }
    char text[INET6_ADDRSTRLEN];
    inet_ntop(IsV4() ? AF_INET : AF_INET6, m_octets.data(), text, sizeof text);
    return text;
}

IpAddress
IpAddress::Masked(unsigned bits) const
{
    IpAddress a = *this;
    for (unsigned i = bits; i < BitLength(); i++)
    {
        a.m_octets[i / 8] &= static_cast<uint8_t>(~(0x80 >> (i % 8)));
    }
    return a;
}

IpPrefix
IpPrefix::AnyV4()
{
    return IpPrefix{IpAddress::V4(0), 0};
}

bool
IpPrefix::Contains(const IpAddress& a) const
{
    return a.BitLength() == address.BitLength() && a.Masked(length) == address;
}

std::string
IpPrefix::ToString() const
{
    return address.ToString() + "/" + std::to_string(length);
}

std::optional<unsigned>
PrefixLengthOfMask(uint32_t mask)
{
    unsigned length = 0;
    while (length < 32 && (mask & (0x80000000U >> length)))
    {
        length++;
    }
    if (mask != MaskOfPrefixLength(length))
    {
        return std::nullopt;
    }
    return length;
}

uint32_t
MaskOfPrefixLength(unsigned length)
{
    return length == 0 ? 0 : 0xffffffffU << (32 - length);
}

std::string
Endpoint::ToString() const
{
    return address.ToString() + ":" + std::to_string(port);
}

} // namespace ike
} // namespace ns3
