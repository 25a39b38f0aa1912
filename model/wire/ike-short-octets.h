/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SHORT_OCTETS_H
#define IKE_SHORT_OCTETS_H

#include "ns3/ike-boxed.h"
#include "ns3/ike-octets.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

namespace ns3
{
namespace ike
{

/**
 * Octets that are mostly a number: up to eight of them stand in place. An offer has dozens of
 * attributes, and is copied more often than it is read.
 */
class ShortOctets
{
  public:
    ShortOctets() = default;

    // these convert, as octets do
    ShortOctets(std::initializer_list<uint8_t> octets)
        : ShortOctets(OctetsView(octets))
    {
    }

    ShortOctets(const Octets& octets)
        : ShortOctets(OctetsView(octets))
    {
    }

    explicit ShortOctets(OctetsView octets)
        : m_size(static_cast<uint32_t>(octets.size))
    {
        if (octets.size <= m_short.size())
        {
            std::copy_n(octets.data, octets.size, m_short.begin());
        }
        else
        {
            m_long = Octets(octets.data, octets.data + octets.size);
        }
    }

    /// A number of up to eight octets in network order.
    static ShortOctets Number(uint64_t value, unsigned width)
    {
        ShortOctets octets;
        octets.m_size = width;
        for (unsigned i = width; i-- > 0; value >>= 8)
        {
            octets.m_short[i] = static_cast<uint8_t>(value);
        }
        return octets;
    }

    OctetsView View() const
    {
        return OctetsView(m_long ? m_long->data() : m_short.data(), m_size);
    }

    size_t size() const
    {
        return m_size;
    }

    bool empty() const
    {
        return m_size == 0;
    }

    friend bool operator==(const ShortOctets& a, const ShortOctets& b)
    {
        const OctetsView x = a.View();
        const OctetsView y = b.View();
        return std::equal(x.data, x.data + x.size, y.data, y.data + y.size);
    }

  private:
    std::array<uint8_t, 8> m_short{}; ///< when they fit
    uint32_t m_size{0};               ///< how many
    Boxed<Octets> m_long;             ///< when they do not
};

} // namespace ike
} // namespace ns3

#endif // IKE_SHORT_OCTETS_H
