/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-octets.h"

#include <algorithm>
#include <cstring>

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
    if (to.capacity() < to.size() + width)
    {
        to.reserve(std::max<size_t>(2 * to.size(), 16));
    }
    for (unsigned i = width; i-- > 0;)
    {
        to.push_back(static_cast<uint8_t>(value >> (8 * i)));
    }
}

void
Wipe(Octets& octets)
{
    // a pointer that may change: the compiler cannot know that it is a memset() that nobody reads
    static void* (*const volatile fill)(void*, int, size_t) = std::memset;
    if (!octets.empty())
    {
        fill(octets.data(), 0, octets.size());
    }
    octets.clear();
}

} // namespace ike
} // namespace ns3
