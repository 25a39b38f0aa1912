/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-octets.h"

namespace ns3
{
namespace ike
{

std::string
ToHex(const Octets& octets)
{
    static const char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(octets.size() * 2);
    for (uint8_t o : octets)
    {
        text += digits[o >> 4];
        text += digits[o & 15];
    }
    return text;
}

namespace
{

int
DigitOf(char c)
{
    if (c >= '0' && c <= '9')
    {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f')
    {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F')
    {
        return c - 'A' + 10;
    }
    return -1;
}

} // namespace

std::optional<Octets>
FromHex(std::string_view hex)
{
    if (hex.size() % 2 != 0)
    {
        return std::nullopt;
    }
    Octets out;
    out.reserve(hex.size() / 2);
    for (size_t i = 0; i < hex.size(); i += 2)
    {
        const int high = DigitOf(hex[i]);
        const int low = DigitOf(hex[i + 1]);
        if (high < 0 || low < 0)
        {
            return std::nullopt;
        }
        out.push_back(static_cast<uint8_t>(high * 16 + low));
    }
    return out;
}

Octets
ToOctets(std::string_view text)
{
    return Octets(text.begin(), text.end());
}

void
Append(Octets& to, const Octets& more)
{
    to.insert(to.end(), more.begin(), more.end());
}

Octets
Concat(std::initializer_list<OctetsView> parts)
{
    size_t size = 0;
    for (const OctetsView& part : parts)
    {
        size += part.size;
    }
    Octets all;
    all.reserve(size);
    for (const OctetsView& part : parts)
    {
        all.insert(all.end(), part.data, part.data + part.size);
    }
    return all;
}

void
AppendNumber(Octets& to, uint64_t value, unsigned width)
{
    uint8_t digits[8];
    for (unsigned i = 0; i < 8; i++)
    {
        digits[i] = static_cast<uint8_t>(value >> (8 * (7 - i)));
    }
    to.insert(to.end(), digits + 8 - width, digits + 8);
}

void
Wipe(Octets& octets)
{
    volatile uint8_t* octet = octets.data();
    for (size_t i = 0; i < octets.size(); i++)
    {
        octet[i] = 0;
    }
    octets.clear();
}

} // namespace ike
} // namespace ns3
