/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-duplicate-spans.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace duplicates
{

std::vector<CurvePoint>
CurveOf(const Deltas& deltas)
{
    std::vector<CurvePoint> curve{{Instant{0}, 0}};
    int64_t value = 0;
    for (const auto& [time, delta] : deltas)
    {
        value += delta;
        if (delta == 0)
        {
            continue;
        }
        if (curve.back().time.ns == time)
        {
            curve.back().value = value;
        }
        else
        {
            curve.push_back({Instant{time}, value});
        }
    }
    return curve;
}

int64_t
PeakOf(const std::vector<CurvePoint>& curve)
{
    int64_t peak = 0;
    for (const CurvePoint& p : curve)
    {
        peak = std::max(peak, p.value);
    }
    return peak;
}

int64_t
IntegralOf(const std::vector<CurvePoint>& curve, int64_t end)
{
    int64_t sum = 0;
    for (size_t i = 0; i < curve.size(); i++)
    {
        const int64_t to = i + 1 < curve.size() ? curve[i + 1].time.ns : end;
        sum += std::max<int64_t>(0, to - curve[i].time.ns) * curve[i].value;
    }
    return sum;
}

int64_t
TimeAboveZero(std::vector<CurvePoint> curve, int64_t end)
{
    for (CurvePoint& p : curve)
    {
        p.value = p.value > 0;
    }
    return IntegralOf(curve, end);
}

std::vector<Span>
Without(Span span, const std::vector<Span>& others)
{
    std::vector<Span> rest;
    for (const Span& o : others)
    {
        if (o.to <= span.from || o.from >= span.to)
        {
            continue;
        }
        if (o.from > span.from)
        {
            rest.push_back({span.from, o.from});
        }
        span.from = o.to;
        if (span.from >= span.to)
        {
            return rest;
        }
    }
    rest.push_back(span);
    return rest;
}

} // namespace duplicates
} // namespace ike
} // namespace ns3
