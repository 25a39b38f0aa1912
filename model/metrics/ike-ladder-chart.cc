/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ladder-chart.h"

#include "ike-transcript.h"

#include <map>
#include <tuple>
#include <utility>

namespace ns3
{
namespace ike
{
namespace ladder
{

namespace
{

/// Makes a chart out of a log.
class ChartBuilder
{
  public:
    ChartBuilder(const EventLog& log, const LadderWindow& window)
        : m_log(log),
          m_window(window)
    {
    }

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

    const EventLog& m_log;        ///< all of a run
    const LadderWindow& m_window; ///< what to show
    IdentityNames m_names;        ///< of the run
    std::map<std::tuple<std::array<uint8_t, 8>, uint32_t, ExchangeKind>, Exchange> m_exchanges;
    std::map<MessageKey, std::vector<size_t>> m_sent; ///< arrows, by message
    Chart m_chart;                                    ///< so far
};

Chart
ChartBuilder::Build()
{
    m_chart.nodes = {m_window.left, m_window.right};
    m_chart.title = m_window.title;
    const Ends ends(m_log, m_window);
    for (size_t i = 0; i < m_log.size(); i++)
    {
        const TimedEvent& t = m_log[i];
        m_names.Note(t.event);
        const std::optional<Side> side = ends.SideOf(t);
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
    case ExchangeKind::AggressiveMode:
        return name + " AM" + std::to_string(number);
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
        m_exchanges.try_emplace({e.isakmp.initiatorCookie, e.messageId, e.exchange},
                                Exchange{side, {}});
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

} // namespace

Ends::Ends(const EventLog& log, const LadderWindow& window)
    : m_window(window)
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
Ends::SideOf(const TimedEvent& t) const
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
MakeChart(const EventLog& log, const LadderWindow& window)
{
    return ChartBuilder(log, window).Build();
}

} // namespace ladder
} // namespace ike
} // namespace ns3
