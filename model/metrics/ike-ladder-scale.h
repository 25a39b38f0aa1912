/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LADDER_SCALE_H
#define IKE_LADDER_SCALE_H

#include "ike-ladder-chart.h"

#include <map>
#include <optional>
#include <vector>

namespace ns3
{
namespace ike
{
namespace ladder
{

/// px down while a message of middle delay is on its way
constexpr double FLIGHT = 104;

/// From moments to places on the page: linear, with long silences cut.
class TimeScale
{
  public:
    TimeScale(const Chart& chart, double top);

    double Y(int64_t time) const;
    /// The end of the cut silence in which a moment lies.
    std::optional<int64_t> EndOfCut(int64_t time) const;

    double Bottom() const
    {
        return m_places.rbegin()->second;
    }

    double PerNs() const
    {
        return m_perNs;
    }

    int64_t Last() const
    {
        return m_places.rbegin()->first;
    }

    /// Where silences were cut: the middle of each.
    const std::vector<double>& Cuts() const
    {
        return m_cuts;
    }

  private:
    double m_perNs;                     ///< px
    std::map<int64_t, double> m_places; ///< of every moment at which something happens
    std::vector<double> m_cuts;         ///< px
};

} // namespace ladder
} // namespace ike
} // namespace ns3

#endif // IKE_LADDER_SCALE_H
