/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_UNITS_H
#define IKE_SCENARIO_UNITS_H

#include "ns3/ike-time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace ike
{

/**
 * Sums and differences of durations: "40 ms", "-3 ms", "10 s + 40 ms / 4". Units: ns, us, ms, s,
 * min, h; each term has one. A term may be multiplied with plain numbers, from both sides, and
 * divided by them: "3 * 40 ms / 4".
 * @param text what was written
 * @return nothing when it is not such an expression, or too large
 */
std::optional<Duration> ParseDuration(const std::string& text);
/**
 * @param d any duration
 * @return in the largest unit that needs no fraction, as "40 ms"; ParseDuration() reads it again
 */
std::string FormatDuration(Duration d);
/**
 * @param d any duration
 * @param unit "s", "ms", ...
 * @return the number alone, exact, as "0.04"; nothing for an unknown unit
 */
std::optional<std::string> DurationIn(Duration d, const std::string& unit);
/**
 * @param text "100 Mbit/s", "100Mbps"
 * @return bits per second
 */
std::optional<uint64_t> ParseBandwidth(const std::string& text);
/**
 * @param text "200 B", "1 kB", "64 KiB"
 * @return bytes
 */
std::optional<uint64_t> ParseSize(const std::string& text);
/**
 * @param text "0.5 %"
 * @return a share from 0 to 1
 */
std::optional<double> ParsePercent(const std::string& text);
/**
 * @param text a decimal number, nothing else
 * @return the number
 */
std::optional<double> ParseNumber(const std::string& text);
/**
 * @param text a decimal number without a fraction
 * @return the number
 */
std::optional<int64_t> ParseInteger(const std::string& text);

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_UNITS_H
