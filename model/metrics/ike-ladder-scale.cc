/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ladder-scale.h"

#include <iterator>

namespace ns3
{
namespace ike
{
namespace ladder
{

namespace
{

constexpr double CUT_OVER = 300; ///< a silence that would take more px is cut ...
constexpr double CUT_TO = 56;    ///< ... to so many

/// So that the middle one of all delays takes the same room in every picture.
double
PerNsOf(const Chart& chart)
{
    std::vector<int64_t> delays;
    for (const Arrow& a : chart.arrows)
    {
        if (a.received && *a.received > a.sent)
        {
            delays.push_back(*a.received - a.sent);
        }
    }
    std::sort(delays.begin(), delays.end());
    return delays.empty() ? FLIGHT / 40e6 : FLIGHT / static_cast<double>(delays[delays.size() / 2]);
}

} // namespace

TimeScale::TimeScale(const Chart& chart, double top)
    : m_perNs(PerNsOf(chart))
{
    std::set<int64_t> times{chart.origin};
    for (const Arrow& a : chart.arrows)
    {
        times.insert(a.sent);
        // Room to see what became of a message without arrival.
        times.insert(a.received.value_or(a.sent + static_cast<int64_t>(FLIGHT / m_perNs)));
    }
    for (const Note& n : chart.notes)
    {
        times.insert(n.time);
    }
    double y = top;
    int64_t before = *times.begin();
    for (const int64_t time : times)
    {
        const double step = static_cast<double>(time - before) * m_perNs;
        if (step > CUT_OVER)
        {
            m_cuts.push_back(y + CUT_TO / 2);
        }
        y += step > CUT_OVER ? CUT_TO : step;
        m_places[time] = y;
        before = time;
    }
}

double
TimeScale::Y(int64_t time) const
{
    const auto after = m_places.lower_bound(time);
    if (after == m_places.end() || after->first == time || after == m_places.begin())
    {
        return after == m_places.end() ? Bottom() : after->second;
    }
    const auto before = std::prev(after);
    const double part = static_cast<double>(time - before->first) /
                        static_cast<double>(after->first - before->first);
    return before->second + part * (after->second - before->second);
}

std::optional<int64_t>
TimeScale::EndOfCut(int64_t time) const
{
    const auto after = m_places.lower_bound(time);
    if (after == m_places.end() || after == m_places.begin() || after->first == time)
    {
        return std::nullopt;
    }
    const int64_t length = after->first - std::prev(after)->first;
    return static_cast<double>(length) * m_perNs > CUT_OVER ? std::make_optional(after->first)
                                                            : std::nullopt;
}

} // namespace ladder
} // namespace ike
} // namespace ns3
