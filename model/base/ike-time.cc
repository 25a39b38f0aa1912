/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-time.h"

#include <cstdio>

namespace ns3
{
namespace ike
{

std::string
ToString(Duration d)
{
    const bool negative = d.ns < 0;
    const uint64_t n = negative ? 0 - static_cast<uint64_t>(d.ns) : static_cast<uint64_t>(d.ns);
    char text[40];
    std::snprintf(text,
                  sizeof text,
                  "%s%llu.%09llu",
                  negative ? "-" : "",
                  static_cast<unsigned long long>(n / 1000000000),
                  static_cast<unsigned long long>(n % 1000000000));
    return text;
}

std::string
ToString(Instant t)
{
    return ToString(Duration{t.ns});
}

} // namespace ike
} // namespace ns3
