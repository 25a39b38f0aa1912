/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TEST_OCTETS_H
#define IKE_TEST_OCTETS_H

#include "ns3/ike-octets.h"

#include <string>

/**
 * @file
 * @ingroup ike-tests
 * Octets of test cases.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

/// Octets of a literal that is known to be hexadecimal.
inline Octets
Hex(const std::string& hex)
{
    return FromHex(hex).value();
}

/// first, first + step, ...
inline Octets
Counting(size_t length, unsigned first, unsigned step = 1)
{
    Octets octets;
    for (size_t i = 0; i < length; i++)
    {
        octets.push_back(static_cast<uint8_t>(first + step * i));
    }
    return octets;
}

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_TEST_OCTETS_H
