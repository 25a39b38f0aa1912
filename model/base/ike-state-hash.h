/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_STATE_HASH_H
#define IKE_STATE_HASH_H

#include "ike-address.h"
#include "ike-octets.h"
#include "ike-time.h"

#include <cstdint>
#include <string_view>

namespace ns3
{
namespace ike
{

/// A state in 128 bits: two states that differ have the same one by chance once in 2^64 states.
struct StateKey
{
    uint64_t high{0}; ///< one half
    uint64_t low{0};  ///< the other one

    friend bool operator==(const StateKey& a, const StateKey& b)
    {
        return a.high == b.high && a.low == b.low;
    }

    friend bool operator!=(const StateKey& a, const StateKey& b)
    {
        return !(a == b);
    }

    friend bool operator<(const StateKey& a, const StateKey& b)
    {
        return a.high != b.high ? a.high < b.high : a.low < b.low;
    }
};

/**
 * Gathers state into 128 bits, eight octets at a time. Other than a Fingerprint it is made for all
 * of a state, chance values included: equal keys mean equal futures, octet for octet.
 */
class StateHash
{
  public:
    StateHash& Add(uint64_t value);
    StateHash& Add(std::string_view text);
    StateHash& Add(OctetsView octets);
    StateHash& Add(const IpAddress& address);
    StateHash& Add(const StateKey& key);
    /// A deadline or a moment, as seen from now.
    StateHash& Add(Instant t, Instant now);
    /// A moment until which something is forbidden: in the past it means nothing any more.
    StateHash& AddUntil(Instant t, Instant now);

    /// Any number, flag or enumerator.
    template <typename T>
    StateHash& Number(T value)
    {
        return Add(static_cast<uint64_t>(value));
    }

    StateKey Get() const;

  private:
    void AddOctets(const void* data, size_t size);

    uint64_t m_a{0x243f6a8885a308d3ULL}; ///< the digits of pi
    uint64_t m_b{0x13198a2e03707344ULL}; ///< the digits of pi
};

} // namespace ike
} // namespace ns3

#endif // IKE_STATE_HASH_H
