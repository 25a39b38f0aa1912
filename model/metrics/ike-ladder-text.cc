/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ladder-chart.h"

#include <cstdio>
#include <map>

namespace ns3
{
namespace ike
{
namespace ladder
{

namespace
{

constexpr size_t WIDTH = 100;          ///< columns
constexpr size_t LINE_LEFT = 11;       ///< column of the left line of life
constexpr size_t LINE_RIGHT = 99;      ///< column of the right line of life
constexpr size_t TRACK_GAP = 3;        ///< columns between two tracks
constexpr int64_t GAP_NS = 1000000000; ///< a silence that is worth a row

/**
 * The text: every departure, arrival and note is a row. Between departure and arrival a message
 * runs down a track in the middle, so that crossings show.
 */
class TextLadder
{
  public:
    explicit TextLadder(const Chart& chart)
        : m_chart(chart)
    {
    }

    std::string Draw();

  private:
    /// What a row shows.
    struct Row
    {
        int64_t time{0};             ///< ns
        size_t order{0};             ///< place in the log
        const Arrow* arrow{nullptr}; ///< of a departure or arrival
        bool arrival{false};         ///< of the arrow
        const Note* note{nullptr};   ///< otherwise
    };

    void MakeRows();
    void GiveTracks();
    size_t ColumnOf(size_t track) const;
    std::string EmptyRow() const;
    std::string DrawRow(const Row& row);
    std::string DrawDeparture(const Arrow& a);
    std::string DrawArrival(const Arrow& a);
    std::string DrawNote(const Note& n) const;
    void DrawLine(std::string& row, size_t from, size_t to) const;
    void Put(std::string& row, Side side, size_t distance, const std::string& text) const;
    std::string LabelOf(const Arrow& a) const;
    std::string Heading() const;
    std::string Legend() const;

    const Chart& m_chart;                    ///< what to draw
    std::vector<Row> m_rows;                 ///< in order
    std::map<const Arrow*, size_t> m_tracks; ///< of arrows that arrive
    size_t m_trackCount{1};                  ///< most at once
    std::set<size_t> m_busy;                 ///< tracks in use at the row that is drawn
};

void
TextLadder::MakeRows()
{
    for (const Arrow& a : m_chart.arrows)
    {
        if (!a.copy)
        {
            m_rows.push_back({a.sent, a.sentOrder, &a, false, nullptr});
        }
        if (a.received)
        {
            m_rows.push_back({*a.received, a.receivedOrder, &a, true, nullptr});
        }
    }
    for (const Note& n : m_chart.notes)
    {
        m_rows.push_back({n.time, n.order, nullptr, false, &n});
    }
    std::sort(m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) {
        return a.order < b.order;
    });
}

/// The leftmost free track for each message that arrives.
void
TextLadder::GiveTracks()
{
    std::set<size_t> busy;
    for (const Row& row : m_rows)
    {
        if (row.arrow == nullptr || !row.arrow->received || row.arrow->copy)
        {
            continue;
        }
        if (row.arrival)
        {
            busy.erase(m_tracks[row.arrow]);
            continue;
        }
        size_t track = 0;
        while (busy.count(track))
        {
            track++;
        }
        busy.insert(track);
        m_tracks[row.arrow] = track;
        m_trackCount = std::max(m_trackCount, track + 1);
    }
}

size_t
TextLadder::ColumnOf(size_t track) const
{
    const size_t middle = (LINE_LEFT + LINE_RIGHT) / 2;
    const size_t half = TRACK_GAP * (m_trackCount - 1) / 2;
    // More at once than fit share the last column; nothing is lost but beauty.
    const size_t first = std::max(LINE_LEFT + 20, middle > half ? middle - half : 0);
    return std::min(first + TRACK_GAP * track, LINE_RIGHT - 4);
}

std::string
TextLadder::EmptyRow() const
{
    std::string row(WIDTH, ' ');
    row[LINE_LEFT] = '|';
    row[LINE_RIGHT] = '|';
    for (const size_t track : m_busy)
    {
        row[ColumnOf(track)] = '|';
    }
    return row;
}

/// A line between two columns, both without; it passes under the tracks of others.
void
TextLadder::DrawLine(std::string& row, size_t from, size_t to) const
{
    for (size_t i = std::min(from, to) + 1; i < std::max(from, to); i++)
    {
        row[i] = row[i] == '|' ? '|' : '-';
    }
}

/// A text at a distance from a line of life, reading away from the left or towards the right one.
void
TextLadder::Put(std::string& row, Side side, size_t distance, const std::string& text) const
{
    const size_t at = side == LEFT ? LINE_LEFT + distance : LINE_RIGHT - distance - text.size() + 1;
    row.replace(at, text.size(), text);
}

/// As much of a label as fits between a line of life and the tracks.
std::string
TextLadder::LabelOf(const Arrow& a) const
{
    const size_t room = ColumnOf(0) - LINE_LEFT - 6;
    std::string payloads = a.payloads;
    const std::string name = a.Label();
    if (name.size() + 1 + payloads.size() > room)
    {
        payloads.erase(std::remove(payloads.begin(), payloads.end(), ' '), payloads.end());
    }
    std::string label = payloads.empty() ? name : name + " " + payloads;
    if (label.size() > room)
    {
        label = label.substr(0, room - 2) + "..";
    }
    return " " + label + " ";
}

std::string
TextLadder::DrawDeparture(const Arrow& a)
{
    std::string row = EmptyRow();
    const size_t from = a.sender == LEFT ? LINE_LEFT : LINE_RIGHT;
    size_t to = ColumnOf(a.sender == LEFT ? m_trackCount - 1 : 0);
    if (a.received)
    {
        to = ColumnOf(m_tracks[&a]);
        m_busy.insert(m_tracks[&a]);
    }
    DrawLine(row, from, to);
    row[to] = a.received ? '+' : a.inFlight ? '~' : 'X';
    Put(row, a.sender, 3, LabelOf(a));
    return row;
}

std::string
TextLadder::DrawArrival(const Arrow& a)
{
    const auto track = m_tracks.find(&a);
    if (track != m_tracks.end())
    {
        m_busy.erase(track->second);
    }
    std::string row = EmptyRow();
    const Side receiver = Other(a.sender);
    const size_t to = receiver == LEFT ? LINE_LEFT : LINE_RIGHT;
    const size_t from =
        track != m_tracks.end() ? ColumnOf(track->second) : (LINE_LEFT + LINE_RIGHT) / 2;
    DrawLine(row, from, to);
    row[from] = a.copy ? '*' : '+';
    row[receiver == LEFT ? to + 1 : to - 1] = receiver == LEFT ? '<' : '>';
    Put(row, receiver, 4, " " + a.name + (a.copy ? " copy " : " "));
    return row;
}

std::string
TextLadder::DrawNote(const Note& n) const
{
    std::string row = EmptyRow();
    row[n.side == LEFT ? LINE_LEFT : LINE_RIGHT] = '*';
    const size_t room = ColumnOf(0) - LINE_LEFT - 3;
    Put(row, n.side, 2, n.text.substr(0, room));
    return row;
}

std::string
TextLadder::DrawRow(const Row& row)
{
    if (row.note != nullptr)
    {
        return DrawNote(*row.note);
    }
    return row.arrival ? DrawArrival(*row.arrow) : DrawDeparture(*row.arrow);
}

std::string
TextLadder::Heading() const
{
    std::string names(WIDTH, ' ');
    names.replace(1, 8, "time (s)");
    const auto named = [this](Side side) {
        const std::string& address = m_chart.addresses[side];
        return (m_chart.nodes[side] + (address.empty() ? "" : " " + address)).substr(0, 40);
    };
    Put(names, LEFT, 0, named(LEFT));
    Put(names, RIGHT, 0, named(RIGHT));
    return (m_chart.title.empty() ? "" : m_chart.title.substr(0, WIDTH) + "\n\n") + names;
}

std::string
TextLadder::Legend() const
{
    std::string text = "#n: ISAKMP SA n; #n.m: message id m under it; time 0 is " +
                       ToString(Instant{m_chart.origin}) + " s";
    std::string marks;
    marks += m_chart.Any([](const Arrow& a) { return a.IsLost(); }) ? "; X: lost" : "";
    marks += m_chart.Any([](const Arrow& a) { return a.inFlight; }) ? "; ~: still on its way" : "";
    marks +=
        m_chart.Any([](const Arrow& a) { return a.copy; }) ? "; *: a copy made on the way" : "";
    return marks.empty() ? text : text + "\n" + marks.substr(2);
}

std::string
RightTrimmed(const std::string& text)
{
    return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

std::string
TextLadder::Draw()
{
    MakeRows();
    GiveTracks();
    std::string text = RightTrimmed(Heading()) + RightTrimmed(EmptyRow());
    std::optional<int64_t> before;
    for (const Row& row : m_rows)
    {
        if (before && row.time - *before >= GAP_NS)
        {
            std::string gap = EmptyRow();
            std::replace(gap.begin(), gap.end(), '|', ':');
            text += RightTrimmed(gap);
        }
        std::string line = DrawRow(row);
        if (before != row.time)
        {
            char time[32];
            std::snprintf(time,
                          sizeof time,
                          "%10.6f",
                          static_cast<double>(row.time - m_chart.origin) / 1e9);
            line.replace(0, std::string(time).size(), time);
        }
        before = row.time;
        text += RightTrimmed(line);
    }
    return text + RightTrimmed(EmptyRow()) + "\n" + Legend() + "\n";
}

} // namespace

std::string
DrawText(const Chart& chart)
{
    return TextLadder(chart).Draw();
}

} // namespace ladder
} // namespace ike
} // namespace ns3
