/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LADDER_CHART_H
#define IKE_LADDER_CHART_H

#include "ike-ladder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Private parts of a Ladder: what both of its pictures show, and the pictures.
namespace ladder
{

/// The two lines of life; an index.
enum Side : unsigned
{
    LEFT,
    RIGHT,
};

constexpr Side
Other(Side s)
{
    return s == LEFT ? RIGHT : LEFT;
}

/// A message on its way.
struct Arrow
{
    Side sender{LEFT};               ///< from where
    Side initiator{LEFT};            ///< who began the exchange
    std::string name;                ///< "#1 MM3"
    std::string payloads;            ///< "HDR, KE, NONCE"
    int64_t sent{0};                 ///< ns
    size_t sentOrder{0};             ///< place in the log
    std::optional<int64_t> received; ///< ns
    size_t receivedOrder{0};         ///< place in the log
    bool again{false};               ///< a retransmission
    bool copy{false};                ///< the network made it: a second arrival of one departure
    bool inFlight{false};            ///< the record ends before it could arrive

    bool IsLost() const
    {
        return !received && !inFlight;
    }

    /// The name, marked when it is a retransmission.
    std::string Label() const
    {
        return name + (again ? " again" : "");
    }
};

/// Something that happened at one end.
struct Note
{
    Side side{LEFT};               ///< where
    std::optional<Side> initiator; ///< who began it
    int64_t time{0};               ///< ns
    size_t order{0};               ///< place in the log
    std::string text;              ///< "ISAKMP#1 up"
    bool important{false};         ///< an SA came up
};

/// All of a window.
struct Chart
{
    std::array<std::string, 2> nodes;     ///< names
    std::array<std::string, 2> addresses; ///< as seen by the other
    std::string title;                    ///< heading
    std::vector<Arrow> arrows;            ///< in order of sending
    std::vector<Note> notes;              ///< in order of time
    int64_t origin{0};                    ///< the first moment, ns

    /// Is any arrow like that?
    template <typename PREDICATE>
    bool Any(PREDICATE is) const
    {
        return std::any_of(arrows.begin(), arrows.end(), is);
    }
};

/// The two nodes of a window, with the addresses that each has in a log.
class Ends
{
  public:
    Ends(const EventLog& log, const LadderWindow& window);

    /// The end at which an event happened; none when it is not about these two.
    std::optional<Side> SideOf(const TimedEvent& t) const;

  private:
    const LadderWindow& m_window;                   ///< names them
    std::array<std::set<IpAddress>, 2> m_addresses; ///< of each end
};

/// The part of a log that a window shows.
Chart MakeChart(const EventLog& log, const LadderWindow& window);

/// See Ladder::GetText().
std::string DrawText(const Chart& chart);
/// See Ladder::GetSvg().
std::string DrawSvg(const Chart& chart);

} // namespace ladder
} // namespace ike
} // namespace ns3

#endif // IKE_LADDER_CHART_H
