/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_DUPLICATE_SPANS_H
#define IKE_DUPLICATE_SPANS_H

#include "ike-duplicate-account.h"

#include <cstdint>
#include <map>
#include <vector>

namespace ns3
{
namespace ike
{

/// Private parts of a DuplicateAccount. Times are nanoseconds here.
namespace duplicates
{

/// The end of a span that has none yet.
constexpr int64_t OPEN = Instant::Never().ns;

/// A time in which something holds: from the first moment up to, without, the last.
struct Span
{
    int64_t from{0};  ///< ns
    int64_t to{OPEN}; ///< ns
};

/// Changes of a number at moments; the number is their running sum.
using Deltas = std::map<int64_t, int64_t>;

/// The curve of a running sum, from time 0 on, one point for each change.
std::vector<CurvePoint> CurveOf(const Deltas& deltas);
int64_t PeakOf(const std::vector<CurvePoint>& curve);
/// The integral of a curve.
int64_t IntegralOf(const std::vector<CurvePoint>& curve, int64_t end);
/// How long a curve is above zero.
int64_t TimeAboveZero(std::vector<CurvePoint> curve, int64_t end);
/// The part of a span that lies outside of all the others, which are in order of time.
std::vector<Span> Without(Span span, const std::vector<Span>& others);

} // namespace duplicates
} // namespace ike
} // namespace ns3

#endif // IKE_DUPLICATE_SPANS_H
