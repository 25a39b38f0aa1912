/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ladder.h"

#include "ike-ladder-chart.h"

namespace ns3
{
namespace ike
{

namespace
{

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
    const ladder::Ends ends(m_log, all);
    bool begun = false;
    for (const TimedEvent& t : m_log)
    {
        if (!IsNegotiating(t.event) || !ends.SideOf(t))
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
    return ladder::DrawText(ladder::MakeChart(m_log, window));
}

std::string
Ladder::GetSvg(const LadderWindow& window) const
{
    return ladder::DrawSvg(ladder::MakeChart(m_log, window));
}

} // namespace ike
} // namespace ns3
