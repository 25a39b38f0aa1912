/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-state-hash.h"

#include <algorithm>
#include <cstring>

namespace ns3
{
namespace ike
{

namespace
{

/// A step that can be undone, so that no two states become one before the end (the mixer of
/// MurmurHash3).
uint64_t
Mix(uint64_t x)
{
    x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
    x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
}

uint64_t
Rotate(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64 - bits));
}

/// Eight octets, the first one lowest, on every machine.
uint64_t
WordAt(const uint8_t* p, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
    {
        word |= static_cast<uint64_t>(p[i]) << (8 * i);
    }
    return word;
}

} // namespace

StateHash&
StateHash::Add(uint64_t value)
{
    // two lanes with constants of their own; each is a permutation of its state for each value
    m_a = Rotate(m_a ^ (value * 0x87c37b91114253d5ULL), 27) * 5 + 0x52dce729;
    m_b = Rotate(m_b + (value ^ m_a) * 0x4cf5ad432745937fULL, 31) * 0x9e3779b97f4a7c15ULL + 1;
    return *this;
}

void
StateHash::AddOctets(const void* data, size_t size)
{
    const auto* p = static_cast<const uint8_t*>(data);
    Add(static_cast<uint64_t>(size));
    for (; size >= 8; size -= 8, p += 8)
    {
        Add(WordAt(p, 8));
    }
    if (size != 0)
    {
        Add(WordAt(p, size));
    }
}

StateHash&
StateHash::Add(std::string_view text)
{
    AddOctets(text.data(), text.size());
    return *this;
}

StateHash&
StateHash::Add(OctetsView octets)
{
    AddOctets(octets.data, octets.size);
    return *this;
}

StateHash&
StateHash::Add(const IpAddress& address)
{
    return address.IsV4() ? Add(uint64_t{1} << 32 | address.ToV4()) : Add(address.ToOctets());
}

StateHash&
StateHash::Add(const StateKey& key)
{
    return Add(key.high).Add(key.low);
}

StateHash&
StateHash::Add(Instant t, Instant now)
{
    return Add(t == Instant::Never() ? UINT64_MAX : static_cast<uint64_t>((t - now).ns));
}

StateHash&
StateHash::AddUntil(Instant t, Instant now)
{
    return Add(std::max(t, now), now);
}

StateKey
StateHash::Get() const
{
    return StateKey{Mix(m_a ^ Rotate(m_b, 17)), Mix(m_b + m_a * 0x9e3779b97f4a7c15ULL)};
}

} // namespace ike
} // namespace ns3
