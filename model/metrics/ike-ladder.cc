/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ladder.h"

#include "ike-transcript.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

namespace
{

// ------------------------------------------------------------------------------------------------
// The chart: what both pictures show
// ------------------------------------------------------------------------------------------------

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
};

/// Makes a chart out of a log.
class ChartBuilder
{
  public:
    ChartBuilder(const EventLog& log, const LadderWindow& window);

    /// The end at which an event happened; none when it is not about these two.
    std::optional<Side> SideOf(const TimedEvent& t) const;
    Chart Build();

  private:
    /// An exchange so far.
    struct Exchange
    {
        Side initiator{LEFT};            ///< who sent its first message
        std::array<unsigned, 2> count{}; ///< different messages that each end has sent
    };

    /// What makes two messages equal.
    using MessageKey =
        std::tuple<unsigned, std::array<uint8_t, 8>, uint32_t, uint64_t, std::string>;

    void OnSent(const TimedEvent& t, Side side, size_t order);
    void OnReceived(const TimedEvent& t, Side side, size_t order);
    void OnOther(const TimedEvent& t, Side side, size_t order);
    std::string NameOf(const Event& e, Side side, Exchange& exchange);
    std::string TextOf(const Event& e);
    void DecideInFlight();
    void Cut();

    const EventLog& m_log;                          ///< all of a run
    const LadderWindow& m_window;                   ///< what to show
    std::array<std::set<IpAddress>, 2> m_addresses; ///< of each end
    IdentityNames m_names;                          ///< of the run
    std::map<std::pair<std::array<uint8_t, 8>, uint32_t>, Exchange> m_exchanges;
    std::map<MessageKey, std::vector<size_t>> m_sent; ///< arrows, by message
    Chart m_chart;                                    ///< so far
};

ChartBuilder::ChartBuilder(const EventLog& log, const LadderWindow& window)
    : m_log(log),
      m_window(window)
{
    for (const TimedEvent& t : log)
    {
        if ((t.node == window.left || t.node == window.right) && !t.event.local.IsNone())
        {
            m_addresses[t.node == window.left ? LEFT : RIGHT].insert(t.event.local);
        }
    }
}

std::optional<Side>
ChartBuilder::SideOf(const TimedEvent& t) const
{
    if (t.node != m_window.left && t.node != m_window.right)
    {
        return std::nullopt;
    }
    const Side side = t.node == m_window.left ? LEFT : RIGHT;
    const std::set<IpAddress>& others = m_addresses[Other(side)];
    // A node that never said a word has no known address.
    if (!others.empty() && others.count(t.event.peer) == 0)
    {
        return std::nullopt;
    }
    return side;
}

Chart
ChartBuilder::Build()
{
    m_chart.nodes = {m_window.left, m_window.right};
    m_chart.title = m_window.title;
    for (size_t i = 0; i < m_log.size(); i++)
    {
        const TimedEvent& t = m_log[i];
        m_names.Note(t.event);
        const std::optional<Side> side = SideOf(t);
        if (!side)
        {
            continue;
        }
        m_chart.addresses[Other(*side)] = t.event.peer.IsNone() ? "" : t.event.peer.ToString();
        if (t.event.kind == EventKind::MessageSent)
        {
            OnSent(t, *side, i);
        }
        else if (t.event.kind == EventKind::MessageReceived)
        {
            OnReceived(t, *side, i);
        }
        else
        {
            OnOther(t, *side, i);
        }
    }
    Cut();
    DecideInFlight();
    return std::move(m_chart);
}

std::string
ChartBuilder::NameOf(const Event& e, Side side, Exchange& exchange)
{
    // A retransmission is the last message of its sender once more.
    unsigned& count = exchange.count[side];
    count = e.retransmission ? std::max(1U, count) : count + 1;
    const unsigned number = side == exchange.initiator ? 2 * count - 1 : 2 * count;
    std::string name = "#" + std::to_string(m_names.NumberOf(e.isakmp));
    if (e.messageId != 0)
    {
        name += "." + std::to_string(m_names.NumberOfMessageId(e.isakmp, e.messageId));
    }
    switch (e.exchange)
    {
    case ExchangeKind::MainMode:
        return name + " MM" + std::to_string(number);
    case ExchangeKind::QuickMode:
        return name + " QM" + std::to_string(number);
    case ExchangeKind::Informational:
        return name + " INF";
    default:
        return name + " ?";
    }
}

void
ChartBuilder::OnSent(const TimedEvent& t, Side side, size_t order)
{
    const Event& e = t.event;
    const auto [exchange, isNew] =
        m_exchanges.try_emplace({e.isakmp.initiatorCookie, e.messageId}, Exchange{side, {}});
    Arrow a;
    a.sender = side;
    a.initiator = exchange->second.initiator;
    a.name = NameOf(e, side, exchange->second);
    a.payloads = e.text;
    a.sent = t.time.ns;
    a.sentOrder = order;
    a.again = e.retransmission;
    m_sent[{side, e.isakmp.initiatorCookie, e.messageId, e.value, e.text}].push_back(
        m_chart.arrows.size());
    m_chart.arrows.push_back(a);
}

void
ChartBuilder::OnReceived(const TimedEvent& t, Side side, size_t order)
{
    const Event& e = t.event;
    const auto found =
        m_sent.find({Other(side), e.isakmp.initiatorCookie, e.messageId, e.value, e.text});
    if (found == m_sent.end())
    {
        return;
    }
    const std::vector<size_t>& sent = found->second;
    // The latest: between two equal messages lies the pause of retransmission, which is longer
    // than a message travels.
    const auto waiting = std::find_if(sent.rbegin(), sent.rend(), [this](size_t i) {
        return !m_chart.arrows[i].received;
    });
    if (waiting == sent.rend())
    {
        Arrow copy = m_chart.arrows[sent.back()];
        copy.copy = true;
        m_chart.arrows.push_back(copy);
    }
    Arrow& a = waiting == sent.rend() ? m_chart.arrows.back() : m_chart.arrows[*waiting];
    a.received = t.time.ns;
    a.receivedOrder = order;
}

std::string
ChartBuilder::TextOf(const Event& e)
{
    const bool initiator = e.role == Role::Initiator;
    const std::string why = e.begin == BeginReason::None ? "" : " (" + ToString(e.begin) + ")";
    const std::string end = e.end == EndReason::None ? "" : ": " + ToString(e.end);
    switch (e.kind)
    {
    case EventKind::Phase1Begin:
        return initiator ? "begins " + m_names.NameOf(e.isakmp) + why : "";
    case EventKind::Phase2Begin:
        return initiator ? "begins " + m_names.NameOf(e.pair) + why : "";
    case EventKind::Phase1Up:
        return m_names.NameOf(e.isakmp) + " up";
    case EventKind::PairUp:
        return m_names.NameOf(e.pair) + " up";
    case EventKind::Phase1Failed:
        return m_names.NameOf(e.isakmp) + " failed" + end;
    case EventKind::Phase2Failed:
        return m_names.NameOf(e.pair) + " failed" + end;
    case EventKind::IsakmpRemoved:
        return m_names.NameOf(e.isakmp) + " removed" + end;
    case EventKind::PairRemoved:
        return m_names.NameOf(e.pair) + " removed" + end;
    case EventKind::OutboundSelected:
        return e.pair.IsNone() ? "sends on no pair" : "sends on " + m_names.NameOf(e.pair);
    case EventKind::InitiationRefused:
        return "may not begin phase " + std::to_string(e.value) + why;
    case EventKind::LineUp:
        return "line up";
    case EventKind::LineDown:
        return "line down";
    case EventKind::RouteUp:
        return "route up";
    case EventKind::RouteDown:
        return "route down";
    default:
        return "";
    }
}

void
ChartBuilder::OnOther(const TimedEvent& t, Side side, size_t order)
{
    const EventKind kind = t.event.kind;
    Note n;
    n.text = TextOf(t.event);
    if (n.text.empty())
    {
        return;
    }
    n.side = side;
    n.time = t.time.ns;
    n.order = order;
    n.important = kind == EventKind::Phase1Up || kind == EventKind::PairUp;
    if (n.important || kind == EventKind::Phase1Begin || kind == EventKind::Phase2Begin)
    {
        n.initiator = t.event.role == Role::Initiator ? side : Other(side);
    }
    m_chart.notes.push_back(n);
}

/// Keep what lies in the window; numbers have been given by then.
void
ChartBuilder::Cut()
{
    const auto outside = [this](int64_t time) {
        return time < m_window.from.ns || time > m_window.to.ns;
    };
    std::vector<Arrow>& arrows = m_chart.arrows;
    arrows.erase(std::remove_if(arrows.begin(),
                                arrows.end(),
                                [&](const Arrow& a) { return outside(a.sent); }),
                 arrows.end());
    std::vector<Note>& notes = m_chart.notes;
    notes.erase(
        std::remove_if(notes.begin(), notes.end(), [&](const Note& n) { return outside(n.time); }),
        notes.end());
    std::stable_sort(arrows.begin(), arrows.end(), [](const Arrow& a, const Arrow& b) {
        return a.sentOrder < b.sentOrder;
    });
    int64_t origin = Instant::Never().ns;
    origin = arrows.empty() ? origin : std::min(origin, arrows.front().sent);
    origin = notes.empty() ? origin : std::min(origin, notes.front().time);
    m_chart.origin = arrows.empty() && notes.empty() ? 0 : origin;
}

void
ChartBuilder::DecideInFlight()
{
    int64_t slowest = 0;
    for (const Arrow& a : m_chart.arrows)
    {
        slowest = std::max(slowest, a.received.value_or(a.sent) - a.sent);
    }
    const int64_t end = m_log.empty() ? 0 : m_log.back().time.ns;
    for (Arrow& a : m_chart.arrows)
    {
        a.inFlight = !a.received && end - a.sent < slowest;
    }
}

// ------------------------------------------------------------------------------------------------
// Text
// ------------------------------------------------------------------------------------------------

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
    const std::string name = a.name + (a.again ? " again" : "");
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
    const auto any = [this](auto&& is) {
        return std::any_of(m_chart.arrows.begin(), m_chart.arrows.end(), is);
    };
    std::string marks;
    marks += any([](const Arrow& a) { return !a.received && !a.inFlight; }) ? "; X: lost" : "";
    marks += any([](const Arrow& a) { return a.inFlight; }) ? "; ~: still on its way" : "";
    marks += any([](const Arrow& a) { return a.copy; }) ? "; *: a copy made on the way" : "";
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

// ------------------------------------------------------------------------------------------------
// SVG
// ------------------------------------------------------------------------------------------------

constexpr double PAGE = 1230;      ///< width in px
constexpr double X_AXIS = 62;      ///< the axis of time
constexpr double X_LEFT = 290;     ///< left line of life
constexpr double X_RIGHT = 980;    ///< right line of life
constexpr double FLIGHT = 104;     ///< px down while a message of middle delay is on its way
constexpr double CUT_OVER = 300;   ///< a silence that would take more px is cut ...
constexpr double CUT_TO = 56;      ///< ... to so many
constexpr double LINE_HEIGHT = 15; ///< of notes
constexpr double LABEL_CLEAR = 15; ///< a label above its arrow needs so much
constexpr double LABEL_AWAY = 60;  ///< from the line of life, clear of an arrow that ends there

std::string
Px(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return std::string(text) == "-0.0" ? "0.0" : text;
}

std::string
Escaped(const std::string& text)
{
    std::string out;
    for (const char c : text)
    {
        switch (c)
        {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
        }
    }
    return out;
}

double
XOf(Side s)
{
    return s == LEFT ? X_LEFT : X_RIGHT;
}

/// Milliseconds without needless zeros.
std::string
Milliseconds(int64_t ns)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.6f", static_cast<double>(ns) / 1e6);
    std::string ms = text;
    ms.erase(ms.find_last_not_of('0') + 1);
    return ms.back() == '.' ? ms.substr(0, ms.size() - 1) : ms;
}

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
    static double PerNsOf(const Chart& chart);

    double m_perNs;                     ///< px
    std::map<int64_t, double> m_places; ///< of every moment at which something happens
    std::vector<double> m_cuts;         ///< px
};

/// So that the middle one of all delays takes the same room in every picture.
double
TimeScale::PerNsOf(const Chart& chart)
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

/// The picture. Colours are classes, so that one style sheet turns light into dark.
class SvgLadder
{
  public:
    explicit SvgLadder(const Chart& chart)
        : m_chart(chart),
          m_top(chart.title.empty() ? 104 : 140),
          m_scale(chart, m_top)
    {
    }

    std::string Draw();

  private:
    void DrawHeading();
    void DrawAxis();
    void DrawLines();
    void DrawArrows();
    void DrawArrow(const Arrow& a, bool below, double shift);
    void DrawFate(const Arrow& a, double x, double y);
    void DrawLabel(const Arrow& a, double y, double angle, bool below);
    void DrawNotes(Side side);
    void DrawNote(const Note& n, double y, double textY);
    void DrawLegend(double y);
    bool AnyLost() const;
    bool AnyAgain() const;

    static std::string ColourOf(Side initiator)
    {
        return initiator == LEFT ? "a" : "b";
    }

    const Chart& m_chart;   ///< what to draw
    double m_top;           ///< where time begins
    TimeScale m_scale;      ///< time to place
    double m_lowestNote{0}; ///< px
    std::string m_lines;    ///< below
    std::string m_labels;   ///< above: no arrow runs over a label
};

const char* const STYLE = R"(<style>
text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",Arial,sans-serif;font-size:12px;
fill:#1e293b}
.page{fill:#ffffff}.title{font-size:19px;font-weight:600}.sub{fill:#64748b}
.node{font-size:14px;font-weight:600}.box{fill:#f1f5f9;stroke:#94a3b8}
.life{stroke:#94a3b8;stroke-width:2}.grid{stroke:#e9eef5}.tick{fill:#94a3b8;font-size:11px}
.label{paint-order:stroke;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round}
.name{font-weight:600}.up{font-weight:600}.note{fill:#64748b}.lead{stroke:#cbd5e1;fill:none}
.line{fill:none;stroke-width:1.7}.again{stroke-dasharray:7 4}.way{stroke-dasharray:2 4}
.a{stroke:#1d4ed8}.fa{fill:#1d4ed8}.b{stroke:#c2410c}.fb{fill:#c2410c}
.lost{stroke:#dc2626;stroke-width:2.6;fill:none}.flost{fill:#dc2626;font-weight:600}
@media (prefers-color-scheme:dark){
text{fill:#e2e8f0}.page{fill:#0f172a}.sub,.note{fill:#94a3b8}.box{fill:#1e293b;stroke:#64748b}
.life{stroke:#64748b}.grid{stroke:#1b2740}.tick{fill:#64748b}.label{stroke:#0f172a}
.lead{stroke:#475569}.a{stroke:#7cb0ff}.fa{fill:#7cb0ff}.b{stroke:#ffa76b}.fb{fill:#ffa76b}
.lost{stroke:#f87171}.flost{fill:#f87171}}
</style>
)";

std::string
Line(const std::string& classes, double x1, double y1, double x2, double y2)
{
    return "<line class=\"" + classes + "\" x1=\"" + Px(x1) + "\" y1=\"" + Px(y1) + "\" x2=\"" +
           Px(x2) + "\" y2=\"" + Px(y2) + "\"/>\n";
}

std::string
Text(const std::string& classes,
     double x,
     double y,
     const std::string& anchor,
     const std::string& text)
{
    return "<text class=\"" + classes + "\" x=\"" + Px(x) + "\" y=\"" + Px(y) +
           "\" text-anchor=\"" + anchor + "\">" + Escaped(text) + "</text>\n";
}

/// An arrow's head at a place, in a direction in degrees.
std::string
Head(const std::string& classes, double x, double y, double angle)
{
    return "<path class=\"" + classes + "\" d=\"M0 0L-11 -4.2L-8.5 0L-11 4.2Z\" " +
           "transform=\"translate(" + Px(x) + " " + Px(y) + ") rotate(" + Px(angle) + ")\"/>\n";
}

void
SvgLadder::DrawHeading()
{
    double y = 32;
    if (!m_chart.title.empty())
    {
        m_lines += Text("title", PAGE / 2, y, "middle", m_chart.title);
        y += 22;
    }
    m_lines += Text("sub",
                    PAGE / 2,
                    y,
                    "middle",
                    "time in ms, from " + ToString(Instant{m_chart.origin}) + " s of the run");
    for (const Side side : {LEFT, RIGHT})
    {
        const bool addressed = !m_chart.addresses[side].empty();
        m_lines += "<rect class=\"box\" x=\"" + Px(XOf(side) - 85) + "\" y=\"" + Px(m_top - 62) +
                   "\" width=\"170\" height=\"40\" rx=\"7\"/>\n";
        m_lines +=
            Text("node", XOf(side), m_top - (addressed ? 45 : 37), "middle", m_chart.nodes[side]);
        m_lines += Text("sub", XOf(side), m_top - 29, "middle", m_chart.addresses[side]);
    }
}

/// Lines at round times, at least 34 px apart.
void
SvgLadder::DrawAxis()
{
    static const std::array<int64_t, 3> factors{1, 2, 5};
    int64_t step = 1;
    int64_t power = 1;
    for (size_t i = 0; static_cast<double>(step) * m_scale.PerNs() < 34; i++)
    {
        power *= i > 0 && i % 3 == 0 ? 10 : 1;
        step = factors[i % 3] * power;
    }
    m_lines += Text("tick", X_AXIS - 8, m_top - 18, "end", "ms");
    int64_t time = 0;
    while (time <= m_scale.Last() - m_chart.origin)
    {
        const int64_t moment = m_chart.origin + time;
        if (const auto end = m_scale.EndOfCut(moment))
        {
            // On to the first round time behind the silence.
            time = (*end - m_chart.origin + step - 1) / step * step;
            continue;
        }
        const double y = m_scale.Y(moment);
        m_lines += Line("grid", X_AXIS, y, PAGE - 24, y);
        m_lines += Text("tick", X_AXIS - 8, y + 4, "end", Milliseconds(time));
        time += step;
    }
}

void
SvgLadder::DrawLines()
{
    for (const Side side : {LEFT, RIGHT})
    {
        m_lines += Line("life", XOf(side), m_top - 22, XOf(side), m_scale.Bottom() + 18);
        for (const double y : m_scale.Cuts())
        {
            m_lines += "<rect class=\"page\" x=\"" + Px(XOf(side) - 8) + "\" y=\"" + Px(y - 5) +
                       "\" width=\"16\" height=\"10\"/>\n";
            m_lines += Line("life", XOf(side) - 7, y - 2, XOf(side) + 7, y - 8);
            m_lines += Line("life", XOf(side) - 7, y + 8, XOf(side) + 7, y + 2);
        }
    }
    for (const double y : m_scale.Cuts())
    {
        m_labels += Text("sub", (X_LEFT + X_RIGHT) / 2, y + 4, "middle", "silence, not to scale");
    }
}

void
SvgLadder::DrawArrows()
{
    std::array<double, 2> before{-1000, -1000};
    for (const Arrow& a : m_chart.arrows)
    {
        const double y = m_scale.Y(a.sent);
        const double clear = y - before[a.sender];
        // Two that leave at the same time would lie upon each other.
        DrawArrow(a, clear < LABEL_CLEAR, clear < 2 ? 5 : 0);
        before[a.sender] = y;
    }
}

void
SvgLadder::DrawArrow(const Arrow& a, bool below, double shift)
{
    const double x1 = XOf(a.sender);
    const double y1 = m_scale.Y(a.sent) + shift;
    const double part = a.received ? 1 : 0.55;
    const double x2 = x1 + part * (XOf(Other(a.sender)) - x1);
    const double y2 = a.received ? m_scale.Y(*a.received) + shift : y1 + part * FLIGHT;
    const double towards = a.sender == LEFT ? 1 : -1;
    const double angle = std::atan2(y2 - y1, (x2 - x1) * towards) * 180 / 3.14159265358979;
    const std::string colour = ColourOf(a.initiator);
    std::string classes = "line " + colour + (a.again ? " again" : "");
    classes += a.inFlight || a.copy ? " way" : "";
    m_lines +=
        "<g><title>" +
        Escaped(a.name + (a.again ? " again" : "") + " " + a.payloads + ", sent " +
                Milliseconds(a.sent - m_chart.origin) + " ms" +
                (a.received   ? ", received " + Milliseconds(*a.received - m_chart.origin) + " ms"
                 : a.inFlight ? ", still on its way"
                              : ", lost")) +
        "</title>\n";
    m_lines += Line(classes, x1, y1, x2 - (a.received ? towards * 7 : 0), y2);
    if (a.received)
    {
        m_lines += Head("f" + colour, x2 - towards, y2, towards > 0 ? angle : 180 - angle);
    }
    m_lines += "</g>\n";
    if (!a.received)
    {
        DrawFate(a, x2, y2);
    }
    if (!a.copy)
    {
        DrawLabel(a, y1, towards * angle, below);
    }
}

void
SvgLadder::DrawFate(const Arrow& a, double x, double y)
{
    if (a.inFlight)
    {
        m_labels += Text("sub label", x, y + 16, "middle", "still on its way");
        return;
    }
    m_labels += "<path class=\"lost\" d=\"M" + Px(x - 6) + " " + Px(y - 6) + "l12 12m0 -12l-12 12" +
                "\"/>\n";
    m_labels += Text("flost label",
                     x + (a.sender == LEFT ? 12 : -12),
                     y + 5,
                     a.sender == LEFT ? "start" : "end",
                     "lost");
}

void
SvgLadder::DrawLabel(const Arrow& a, double y, double angle, bool below)
{
    const double x = XOf(a.sender) + (a.sender == LEFT ? LABEL_AWAY : -LABEL_AWAY);
    const double slope = std::tan(std::abs(angle) * 3.14159265358979 / 180);
    const std::string colour = ColourOf(a.initiator);
    m_labels += "<text class=\"label f" + colour + "\" transform=\"translate(" + Px(x) + " " +
                Px(y + LABEL_AWAY * slope) + ") rotate(" + Px(angle) + ")\" y=\"" +
                (below ? "14" : "-5") + "\" text-anchor=\"" + (a.sender == LEFT ? "start" : "end") +
                "\"><tspan class=\"name\">" + Escaped(a.name) + (a.again ? " again" : "") +
                "</tspan> " + Escaped(a.payloads) + "</text>\n";
}

void
SvgLadder::DrawNotes(Side side)
{
    double textY = -1000;
    for (const Note& n : m_chart.notes)
    {
        if (n.side == side)
        {
            const double y = m_scale.Y(n.time);
            textY = std::max(y, textY + LINE_HEIGHT);
            DrawNote(n, y, textY);
        }
    }
    m_lowestNote = std::max(m_lowestNote, textY);
}

void
SvgLadder::DrawNote(const Note& n, double y, double textY)
{
    const double away = n.side == LEFT ? -1 : 1;
    const double x = XOf(n.side);
    const std::string colour = n.initiator ? "f" + ColourOf(*n.initiator) : "note";
    m_lines += "<path class=\"lead\" d=\"M" + Px(x + away * 5) + " " + Px(y) + "L" +
               Px(x + away * 14) + " " + Px(textY) + "h" + Px(away * 5) + "\"/>\n";
    // What is important lies above what happened at the same time.
    (n.important ? m_labels : m_lines) += "<circle class=\"" + colour + "\" cx=\"" + Px(x) +
                                          "\" cy=\"" + Px(y) + "\" r=\"" +
                                          (n.important ? "5" : "3") + "\"/>\n";
    m_labels += Text((n.important ? "label up " : "label ") + colour,
                     x + away * 23,
                     textY + 4,
                     n.side == LEFT ? "end" : "start",
                     n.text);
}

bool
SvgLadder::AnyLost() const
{
    return std::any_of(m_chart.arrows.begin(), m_chart.arrows.end(), [](const Arrow& a) {
        return !a.received && !a.inFlight;
    });
}

bool
SvgLadder::AnyAgain() const
{
    return std::any_of(m_chart.arrows.begin(), m_chart.arrows.end(), [](const Arrow& a) {
        return a.again;
    });
}

void
SvgLadder::DrawLegend(double y)
{
    double x = X_AXIS;
    const auto entry = [&](const std::string& classes, const std::string& text) {
        m_lines += Line(classes, x, y - 4, x + 34, y - 4);
        m_lines += Text("", x + 42, y, "start", text);
        x += 62 + 7.0 * static_cast<double>(text.size());
    };
    entry("line a", "begun by " + m_chart.nodes[LEFT]);
    entry("line b", "begun by " + m_chart.nodes[RIGHT]);
    if (AnyAgain())
    {
        entry("line note again life", "sent again");
    }
    if (AnyLost())
    {
        m_lines += "<path class=\"lost\" d=\"M" + Px(x + 4) + " " + Px(y - 10) +
                   "l12 12m0 -12l-12 12\"/>\n";
        m_lines += Text("", x + 24, y, "start", "lost");
    }
    m_lines += Text("sub",
                    X_AXIS,
                    y + 22,
                    "start",
                    "#n is ISAKMP SA n, #n.m the exchange with message id m under it; "
                    "MM main mode, QM quick mode, INF informational; * encrypted");
}

std::string
SvgLadder::Draw()
{
    DrawHeading();
    DrawAxis();
    DrawLines();
    DrawArrows();
    DrawNotes(LEFT);
    DrawNotes(RIGHT);
    const double bottom = std::max(m_scale.Bottom() + 18, m_lowestNote + LINE_HEIGHT);
    DrawLegend(bottom + 40);
    const std::string size = Px(PAGE) + "\" height=\"" + Px(bottom + 84);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " +
           Px(PAGE) + " " + Px(bottom + 84) + "\" role=\"img\">\n<title>" +
           Escaped(m_chart.title.empty() ? "IKE messages" : m_chart.title) + "</title>\n" + STYLE +
           "<rect class=\"page\" width=\"" + size + "\"/>\n" + m_lines + m_labels + "</svg>\n";
}

/// A begin or a message: what a negotiation consists of.
bool
IsNegotiating(const Event& e)
{
    const bool begins = e.kind == EventKind::Phase1Begin || e.kind == EventKind::Phase2Begin;
    return (begins && e.role == Role::Initiator) || e.kind == EventKind::MessageSent ||
           e.kind == EventKind::MessageReceived;
}

} // namespace

void
Ladder::Record(const TimedEvent& event)
{
    m_log.push_back(event);
}

LadderWindow
Ladder::FirstNegotiation(const std::string& left, const std::string& right, Duration silence) const
{
    LadderWindow window;
    window.left = left;
    window.right = right;
    const LadderWindow all = window;
    const ChartBuilder between(m_log, all);
    bool begun = false;
    for (const TimedEvent& t : m_log)
    {
        if (!IsNegotiating(t.event) || !between.SideOf(t))
        {
            continue;
        }
        if (begun && t.time - window.to >= silence)
        {
            break;
        }
        window.from = begun ? window.from : t.time;
        window.to = t.time;
        begun = true;
    }
    return window;
}

std::string
Ladder::GetText(const LadderWindow& window) const
{
    const Chart chart = ChartBuilder(m_log, window).Build();
    return TextLadder(chart).Draw();
}

std::string
Ladder::GetSvg(const LadderWindow& window) const
{
    const Chart chart = ChartBuilder(m_log, window).Build();
    return SvgLadder(chart).Draw();
}

} // namespace ike
} // namespace ns3
