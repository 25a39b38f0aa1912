/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TIME_H
#define IKE_TIME_H

#include <cstdint>
#include <limits>
#include <string>

namespace ns3
{
namespace ike
{

/// A span of time in nanoseconds. The pure rooms know no other clock than values of this kind.
struct Duration
{
    int64_t ns{0}; ///< nanoseconds, may be negative

    static constexpr Duration Nanoseconds(int64_t n)
    {
        return Duration{n};
    }

    static constexpr Duration Microseconds(int64_t n)
    {
        return Duration{n * 1000};
    }

    static constexpr Duration Milliseconds(int64_t n)
    {
        return Duration{n * 1000000};
    }

    static constexpr Duration Seconds(int64_t n)
    {
        return Duration{n * 1000000000};
    }

    /// For display and for integrals only; decisions compare nanoseconds.
    constexpr double ToSeconds() const
    {
        return static_cast<double>(ns) / 1e9;
    }
};

/// A point in time, in nanoseconds since the start of the run.
struct Instant
{
    int64_t ns{0}; ///< nanoseconds since the start

    /// Later than any deadline that is ever set.
    static constexpr Instant Never()
    {
        return Instant{std::numeric_limits<int64_t>::max()};
    }

    constexpr double ToSeconds() const
    {
        return static_cast<double>(ns) / 1e9;
    }
};

// clang-format off
constexpr Duration operator+(Duration a, Duration b) { return Duration{a.ns + b.ns}; }
constexpr Duration operator-(Duration a, Duration b) { return Duration{a.ns - b.ns}; }
constexpr Duration operator*(Duration a, int64_t n) { return Duration{a.ns * n}; }
constexpr Duration operator/(Duration a, int64_t n) { return Duration{a.ns / n}; }
constexpr Instant operator+(Instant a, Duration b) { return Instant{a.ns + b.ns}; }
constexpr Instant operator-(Instant a, Duration b) { return Instant{a.ns - b.ns}; }
constexpr Duration operator-(Instant a, Instant b) { return Duration{a.ns - b.ns}; }
constexpr bool operator==(Duration a, Duration b) { return a.ns == b.ns; }
constexpr bool operator!=(Duration a, Duration b) { return a.ns != b.ns; }
constexpr bool operator<(Duration a, Duration b) { return a.ns < b.ns; }
constexpr bool operator<=(Duration a, Duration b) { return a.ns <= b.ns; }
constexpr bool operator>(Duration a, Duration b) { return a.ns > b.ns; }
constexpr bool operator>=(Duration a, Duration b) { return a.ns >= b.ns; }
constexpr bool operator==(Instant a, Instant b) { return a.ns == b.ns; }
constexpr bool operator!=(Instant a, Instant b) { return a.ns != b.ns; }
constexpr bool operator<(Instant a, Instant b) { return a.ns < b.ns; }
constexpr bool operator<=(Instant a, Instant b) { return a.ns <= b.ns; }
constexpr bool operator>(Instant a, Instant b) { return a.ns > b.ns; }
constexpr bool operator>=(Instant a, Instant b) { return a.ns >= b.ns; }

// clang-format on

/// "12.345678901" (always nine decimals): exact, and the same on every machine.
std::string ToString(Instant t);
/// "12.345678901", or "-0.000000001".
std::string ToString(Duration d);

} // namespace ike
} // namespace ns3

#endif // IKE_TIME_H
