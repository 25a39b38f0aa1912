/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-counters.h"

namespace ns3
{
namespace ike
{

namespace
{

std::string
Phase(unsigned phase, const std::string& reason)
{
    return "phase-" + std::to_string(phase) + " " + reason;
}

/// A DELETE names a pair, or an ISAKMP SA.
std::string
DeletedKind(const Event& e)
{
    return e.pair.IsNone() ? "isakmp" : "ipsec";
}

void
CountBegin(NodeCounters& n, unsigned phase, const Event& e)
{
    if (e.role == Role::Initiator)
    {
        n.begun[Phase(phase, ToString(e.begin))]++;
    }
}

void
Count(NodeCounters& n, const Event& e)
{
    switch (e.kind)
    {
    case EventKind::InitiationRefused:
        n.refused[Phase(static_cast<unsigned>(e.value), ToString(e.begin))]++;
        break;
    case EventKind::Phase1Begin:
        CountBegin(n, 1, e);
        break;
    case EventKind::Phase2Begin:
        CountBegin(n, 2, e);
        break;
    case EventKind::Phase1Failed:
        n.failed[Phase(1, ToString(e.end))]++;
        break;
    case EventKind::Phase2Failed:
        n.failed[Phase(2, ToString(e.end))]++;
        break;
    case EventKind::IsakmpRemoved:
        n.removed["isakmp " + ToString(e.end)]++;
        break;
    case EventKind::PairRemoved:
        n.removed["ipsec " + ToString(e.end)]++;
        break;
    case EventKind::MessageSent:
        n.retransmissions += e.retransmission;
        break;
    case EventKind::MessageDropped:
        n.messagesDropped[e.text]++;
        break;
    case EventKind::NotifySent:
        n.notifiesSent[e.text]++;
        break;
    case EventKind::NotifyReceived:
        n.notifiesReceived[e.text]++;
        break;
    case EventKind::DeleteSent:
        n.deletesSent[DeletedKind(e)]++;
        break;
    case EventKind::DeleteReceived:
        n.deletesReceived[DeletedKind(e)]++;
        break;
    default:
        break;
    }
}

void
AddTo(CountsByName& sum, const CountsByName& more)
{
    for (const auto& [name, count] : more)
    {
        sum[name] += count;
    }
}

} // namespace

void
EventCounters::Record(const TimedEvent& event)
{
    const Event& e = event.event;
    // Keys are reported for key files only; nothing has happened.
    if (e.kind == EventKind::PhaseOneKeys || e.kind == EventKind::PairKeys)
    {
        return;
    }
    NodeCounters& n = m_nodes[event.node];
    n.events[ToString(e.kind)]++;
    Count(n, e);
}

NodeCounters
EventCounters::Sum() const
{
    NodeCounters sum;
    for (const auto& [node, n] : m_nodes)
    {
        AddTo(sum.events, n.events);
        AddTo(sum.notifiesSent, n.notifiesSent);
        AddTo(sum.notifiesReceived, n.notifiesReceived);
        AddTo(sum.deletesSent, n.deletesSent);
        AddTo(sum.deletesReceived, n.deletesReceived);
        AddTo(sum.refused, n.refused);
        AddTo(sum.begun, n.begun);
        AddTo(sum.failed, n.failed);
        AddTo(sum.removed, n.removed);
        AddTo(sum.messagesDropped, n.messagesDropped);
        sum.retransmissions += n.retransmissions;
    }
    return sum;
}

} // namespace ike
} // namespace ns3
