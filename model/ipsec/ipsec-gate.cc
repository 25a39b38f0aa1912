/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-gate.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint8_t UDP = 17;
constexpr uint8_t ESP = 50;

/// The ports of IKE, and of ESP in UDP (RFC 2408 2.5.1, RFC 3948).
bool
IsIkePort(const std::optional<uint16_t>& port)
{
    return port == 500 || port == 4500;
}

AccessSubject
SubjectOf(const IpPacketView& packet)
{
    return AccessSubject{packet.header.source,
                         packet.header.destination,
                         packet.protocol,
                         packet.sourcePort,
                         packet.destinationPort};
}

} // namespace

// --- What packets meet ------------------------------------------------------------------------

GateOutbound
IpsecGate::Outbound(Instant now,
                    size_t interface,
                    const IpPacketView& packet,
                    const IpsecDataPlane& plane)
{
    GateOutbound result;
    result.verdict.action = VerdictAction::Bypass;
    const AccessSubject subject = SubjectOf(packet);
    const Match match = IsExempt(subject) ? Match() : Find(interface, subject);
    if (match.line == nullptr)
    {
        return result;
    }
    result.connection = PickConnection(match, plane);
    if (result.connection != 0)
    {
        result.verdict.action = VerdictAction::Protect;
        return result;
    }
    Decide(now, match, subject.destination, result);
    return result;
}

GateInbound
IpsecGate::Inbound(Instant now, size_t interface, const IpPacketView& packet)
{
    GateInbound result;
    result.verdict.action = VerdictAction::Bypass;
    const AccessSubject subject = SubjectOf(packet);
    if (IsExempt(subject) || IsPieceOfOwn(packet) ||
        Find(interface, subject.Mirrored()).line == nullptr)
    {
        return result;
    }
    result.passive = m_rules.enabled;
    if (!result.passive)
    {
        result.verdict = {VerdictAction::Discard, DropReason::ClearReceived};
        return result;
    }
    result.message = m_messages.Received(m_rules, subject.source, now);
    return result;
}

bool
IpsecGate::IsOwn(const IpAddress& address) const
{
    return std::binary_search(m_own.begin(), m_own.end(), address);
}

bool
IpsecGate::IsExempt(const AccessSubject& subject) const
{
    if (subject.protocol == ESP)
    {
        return IsOwn(subject.source) || IsOwn(subject.destination);
    }
    // The port at this end: a NAT may have given the peer any other one.
    return subject.protocol == UDP &&
           ((IsIkePort(subject.sourcePort) && IsOwn(subject.source)) ||
            (IsIkePort(subject.destinationPort) && IsOwn(subject.destination)));
}

bool
IpsecGate::IsPieceOfOwn(const IpPacketView& packet) const
{
    // A long message of IKE arrives in fragments, and only the first one has ports. The others may
    // come in: IP makes no datagram of them unless the first one was let in, too.
    return packet.isFragment && packet.protocol == UDP && !packet.destinationPort &&
           IsOwn(packet.header.destination);
}

IpsecGate::Match
IpsecGate::Find(size_t interface, const AccessSubject& subject) const
{
    const std::vector<Entry>& entries = m_interfaces.at(interface).entries;
    if (!subject.destination.IsV4())
    {
        return Match(); // access lists are about IPv4
    }
    const uint32_t destination = subject.destination.ToV4();
    for (const Entry& entry : entries)
    {
        const Line* line = FindIn(entry.opened, subject, destination);
        line = line != nullptr ? line : FindIn(entry.lines, subject, destination);
        if (line != nullptr && line->policy.line.permit)
        {
            return Match{&entry, line};
        }
    }
    return Match();
}

const IpsecGate::Line*
IpsecGate::FindIn(const std::vector<Line>& lines,
                  const AccessSubject& subject,
                  uint32_t destination)
{
    for (const Line& line : lines)
    {
        // Most lines of a large map are about somebody else: that costs one comparison.
        const WildcardAddress& whom = line.policy.line.destination;
        const bool isFor = (destination | whom.wildcard) == (whom.address | whom.wildcard);
        if (isFor && line.policy.line.Matches(subject))
        {
            return &line;
        }
    }
    return nullptr;
}

ConnectionId
IpsecGate::PickConnection(const Match& match, const IpsecDataPlane& plane)
{
    const std::vector<ConnectionId>& connections = match.line->policy.connections;
    for (size_t i = 0; i < connections.size(); i++)
    {
        const ConnectionId connection = connections[(match.entry->turn + i) % connections.size()];
        if (plane.HasOutbound(connection))
        {
            return connection;
        }
    }
    return 0;
}

void
IpsecGate::Decide(Instant now,
                  const Match& match,
                  const IpAddress& destination,
                  GateOutbound& result)
{
    const std::vector<ConnectionId>& connections = match.line->policy.connections;
    Flow& flow = m_flows.at(match.line->flow);
    const bool mayBegin = !match.entry->dynamic && !connections.empty();
    const FlowDecision decision = flow.passive.Offer(m_rules, now, mayBegin);
    if (decision.begin)
    {
        result.acquire = connections[match.entry->turn % connections.size()];
    }
    result.passive = decision.clear;
    if (!decision.clear)
    {
        result.verdict = {VerdictAction::Discard, DropReason::NoSa};
        return;
    }
    result.missing = connections.empty() ? 0 : connections[match.entry->turn % connections.size()];
    NoteClear(flow, destination, now);
    result.message = m_messages.Sent(m_rules, destination, now);
}

void
IpsecGate::NoteClear(Flow& flow, const IpAddress& destination, Instant now)
{
    const auto known = flow.destinations.find(destination);
    if (known == flow.destinations.end())
    {
        flow.destinations.emplace(destination, ClearRecord{1, now, now});
        DropOldestDestination();
        return;
    }
    ClearRecord& record = known->second;
    if (now - record.last >= m_rules.idle)
    {
        record = ClearRecord{0, now, now};
    }
    record.packets++;
    record.last = now;
}

// --- What IKE says ----------------------------------------------------------------------------

void
IpsecGate::NoteSelected(ConnectionId connection, bool selected)
{
    if (!selected)
    {
        m_selected.erase(connection);
        return;
    }
    m_selected.insert(connection);
    TakeTurn(connection);
    if (Flow* flow = FindFlowOf(connection))
    {
        flow->passive.Reset();
        flow->destinations.clear();
    }
}

void
IpsecGate::NoteAttempt(ConnectionId connection, bool running, Instant now)
{
    Flow* flow = FindFlowOf(connection);
    if (running)
    {
        m_attempting.insert(connection);
        if (flow != nullptr)
        {
            flow->passive.NoteAttempt(m_rules, true, now);
        }
        return;
    }
    const bool didRun = m_attempting.erase(connection) != 0;
    if (flow != nullptr)
    {
        FollowAttempts(*flow, flow->policy, now);
    }
    if (didRun && m_selected.count(connection) == 0)
    {
        PassTurn(connection);
    }
}

IpsecGate::Flow*
IpsecGate::FindFlowOf(ConnectionId connection)
{
    const auto key = m_flowOf.find(connection);
    return key != m_flowOf.end() ? &m_flows.at(key->second) : nullptr;
}

std::optional<IpsecGate::Place>
IpsecGate::PlaceOf(const Entry& entry, ConnectionId connection)
{
    for (const Line& line : entry.lines)
    {
        const std::vector<ConnectionId>& all = line.policy.connections;
        const auto found = std::find(all.begin(), all.end(), connection);
        if (found != all.end())
        {
            return Place{static_cast<size_t>(found - all.begin()), all.size()};
        }
    }
    return std::nullopt;
}

void
IpsecGate::PassTurn(ConnectionId connection)
{
    for (Interface& interface : m_interfaces)
    {
        for (Entry& entry : interface.entries)
        {
            const std::optional<Place> place = PlaceOf(entry, connection);
            // Another one's turn: a second attempt for another line of the entry failed, too.
            if (place && place->turn == entry.turn)
            {
                entry.turn = (place->turn + 1) % place->peers;
            }
        }
    }
}

void
IpsecGate::TakeTurn(ConnectionId connection)
{
    for (Interface& interface : m_interfaces)
    {
        for (Entry& entry : interface.entries)
        {
            const std::optional<Place> place = PlaceOf(entry, connection);
            entry.turn = place ? place->turn : entry.turn;
        }
    }
}

void
IpsecGate::Clear(Instant now)
{
    m_selected.clear();
    m_attempting.clear();
    for (Interface& interface : m_interfaces)
    {
        for (Entry& entry : interface.entries)
        {
            entry.turn = 0;
            for (const Line& line : entry.opened)
            {
                m_flows.erase(line.flow);
                m_flowOf.erase(line.policy.connections.front());
            }
            entry.opened.clear();
        }
    }
    for (auto& [key, flow] : m_flows)
    {
        flow.passive = PassiveFlow();
        flow.destinations.clear();
    }
    m_messages.Clear();
    if (m_rules.enabled)
    {
        m_messages.Start(m_rules, now);
    }
}

Instant
IpsecGate::NextDeadline() const
{
    return m_messages.NextReminder();
}

std::optional<GateMessage>
IpsecGate::HandleDeadline(Instant now)
{
    return m_messages.Remind(m_rules, now);
}

const PassiveModeRules&
IpsecGate::GetRules() const
{
    return m_rules;
}

} // namespace ike
} // namespace ns3
