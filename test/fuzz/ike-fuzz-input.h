/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_FUZZ_INPUT_H
#define IKE_FUZZ_INPUT_H

#include "ns3/ike-octets.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace ns3
{
namespace ike
{

/// What a fuzzer offers, taken from front to back; behind its end all octets are zero.
class FuzzInput
{
  public:
    FuzzInput(const uint8_t* data, size_t size)
        : m_next(data),
          m_left(size)
    {
    }

    bool IsEmpty() const
    {
        return m_left == 0;
    }

    uint8_t Byte()
    {
        if (m_left == 0)
        {
            return 0;
        }
        m_left--;
        return *m_next++;
    }

    /// Two octets.
    uint32_t Word()
    {
        const uint32_t high = Byte();
        return high << 8 | Byte();
    }

    /// A number in [0, bound).
    uint32_t Below(size_t bound)
    {
        return bound < 2 ? 0 : (bound > 256 ? Word() : Byte()) % static_cast<uint32_t>(bound);
    }

    /// So many octets, or as many as are left.
    Octets Take(size_t length)
    {
        const size_t taken = std::min(length, m_left);
        const Octets octets(m_next, m_next + taken);
        m_next += taken;
        m_left -= taken;
        return octets;
    }

    Octets Rest()
    {
        return Take(m_left);
    }

  private:
    const uint8_t* m_next; ///< next octet
    size_t m_left;         ///< how many
};

/// What must hold whatever the input is: a finding otherwise, which ends the program.
inline void
FuzzExpect(bool holds, const std::string& what)
{
    if (!holds)
    {
        std::fprintf(stderr, "finding: %s\n", what.c_str());
        std::abort();
    }
}

} // namespace ike
} // namespace ns3

#endif // IKE_FUZZ_INPUT_H
