/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-gate.h"

#include <algorithm>
#include <utility>

/**
 * @file
 * The gate's policy: how it is taken, changed at run time, and widened by peers.
 */

namespace ns3
{
namespace ike
{

namespace
{

/// The first flow that no connection names: above all of them.
constexpr uint64_t FIRST_UNNAMED = uint64_t{1} << 32;

} // namespace

size_t
IpsecGate::Configure(const std::vector<InterfacePolicy>& policies,
                     const PassiveModeRules& rules,
                     Instant now)
{
    const size_t cleared = Switch(rules, now);
    const std::vector<Interface> old = std::move(m_interfaces);
    Flows before = std::move(m_flows);
    m_interfaces.clear();
    m_flows.clear();
    m_flowOf.clear();
    for (const InterfacePolicy& policy : policies)
    {
        m_interfaces.push_back(Compile(policy, before, now));
    }
    for (const Interface& interface : old)
    {
        for (const Entry& entry : interface.entries)
        {
            if (Entry* kept = FindEntry(interface.name, entry.name))
            {
                Inherit(interface.name, entry, *kept, before, now);
            }
        }
    }
    return cleared;
}

size_t
IpsecGate::Switch(const PassiveModeRules& rules, Instant now)
{
    size_t cleared = 0;
    if (m_rules.enabled && !rules.enabled)
    {
        for (auto& [key, flow] : m_flows)
        {
            cleared += flow.passive.IsClear(m_rules, now) ? 1 : 0;
            flow.passive.Reset();
            flow.destinations.clear();
        }
        m_messages.Stop();
    }
    const bool isNew = !m_rules.enabled || m_rules.reminderEvery != rules.reminderEvery;
    if (rules.enabled && isNew)
    {
        m_messages.Start(rules, now);
    }
    m_rules = rules;
    return cleared;
}

IpsecGate::Interface
IpsecGate::Compile(const InterfacePolicy& policy, Flows& before, Instant now)
{
    Interface interface {
        policy.interface,
        {
        }
    };
    for (const PolicyEntry& from : policy.entries)
    {
        Entry entry;
        entry.name = from.name;
        entry.dynamic = from.dynamic;
        for (const PolicyLine& line : from.lines)
        {
            entry.lines.push_back(CompileLine(policy.interface, from.name, line, before, now));
        }
        interface.entries.push_back(std::move(entry));
    }
    return interface;
}

IpsecGate::Line
IpsecGate::CompileLine(const std::string& interface,
                       const std::string& entry,
                       const PolicyLine& policy,
                       Flows& before,
                       Instant now)
{
    if (!policy.line.permit)
    {
        return Line{policy, 0};
    }
    const bool isNamed = !policy.connections.empty();
    const FlowKey key = isNamed ? policy.connections.front() : FIRST_UNNAMED + m_flows.size();
    for (ConnectionId connection : policy.connections)
    {
        m_flowOf.emplace(connection, key);
    }
    // The same crypto map on a second interface: the flow is there already.
    if (m_flows.count(key) == 0)
    {
        Flow flow = TakeFlow(before, key, Flow{interface, entry, policy, {}, {}});
        FollowAttempts(flow, policy, now);
        m_flows.emplace(key, std::move(flow));
    }
    return Line{policy, key};
}

IpsecGate::Flow
IpsecGate::TakeFlow(Flows& before, FlowKey key, const Flow& wanted)
{
    const auto isSame = [&wanted](const Flows::value_type& known) {
        const Flow& flow = known.second;
        return flow.policy.line == wanted.policy.line &&
               (known.first < FIRST_UNNAMED ||
                (flow.interface == wanted.interface && flow.entry == wanted.entry));
    };
    // A connection is a name that lasts; the others are numbered anew each time.
    auto found = before.find(key);
    if (key >= FIRST_UNNAMED)
    {
        found = std::find_if(before.lower_bound(FIRST_UNNAMED), before.end(), isSame);
    }
    Flow flow = wanted;
    if (found != before.end() && isSame(*found))
    {
        flow.passive = found->second.passive;
        flow.destinations = std::move(found->second.destinations);
        before.erase(found);
    }
    return flow;
}

void
IpsecGate::FollowAttempts(Flow& flow, const PolicyLine& policy, Instant now)
{
    const bool runs = std::any_of(policy.connections.begin(),
                                  policy.connections.end(),
                                  [this](ConnectionId c) { return m_attempting.count(c) != 0; });
    if (runs != flow.passive.IsAttempting())
    {
        flow.passive.NoteAttempt(m_rules, runs, now);
    }
}

void
IpsecGate::Inherit(const std::string& interface,
                   const Entry& old,
                   Entry& entry,
                   Flows& before,
                   Instant now)
{
    for (const Line& line : old.lines)
    {
        const std::vector<ConnectionId>& peers = line.policy.connections;
        const auto place =
            peers.empty() ? std::nullopt : PlaceOf(entry, peers[old.turn % peers.size()]);
        entry.turn = place ? place->turn : entry.turn;
    }
    if (!entry.dynamic)
    {
        return;
    }
    for (const Line& line : old.opened)
    {
        entry.opened.push_back(CompileLine(interface, entry.name, line.policy, before, now));
    }
}

bool
IpsecGate::Open(const std::string& interface, const std::string& entry, const PolicyLine& line)
{
    Entry* at = FindEntry(interface, entry);
    if (at == nullptr || !at->dynamic || !line.line.permit || line.connections.size() != 1)
    {
        return false;
    }
    const ConnectionId connection = line.connections.front();
    Shut(connection);
    m_flowOf[connection] = connection;
    m_flows[connection] = Flow{interface, entry, line, {}, {}};
    at->opened.insert(at->opened.begin(), Line{line, connection});
    return true;
}

void
IpsecGate::Close(ConnectionId connection)
{
    Shut(connection);
    m_selected.erase(connection);
    m_attempting.erase(connection);
}

void
IpsecGate::Shut(ConnectionId connection)
{
    const auto isIt = [connection](const Line& line) { return line.flow == connection; };
    for (Interface& interface : m_interfaces)
    {
        for (Entry& entry : interface.entries)
        {
            const auto end = std::remove_if(entry.opened.begin(), entry.opened.end(), isIt);
            if (end != entry.opened.end())
            {
                entry.opened.erase(end, entry.opened.end());
                m_flows.erase(connection);
                m_flowOf.erase(connection);
            }
        }
    }
}

void
IpsecGate::SetOwnAddresses(std::vector<IpAddress> addresses)
{
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    m_own = std::move(addresses);
}

IpsecGate::Entry*
IpsecGate::FindEntry(const std::string& interface, const std::string& entry)
{
    const std::optional<size_t> index = FindInterface(interface);
    if (!index)
    {
        return nullptr;
    }
    std::vector<Entry>& entries = m_interfaces[*index].entries;
    const auto found = std::find_if(entries.begin(), entries.end(), [&entry](const Entry& e) {
        return e.name == entry;
    });
    return found != entries.end() ? &*found : nullptr;
}

std::optional<size_t>
IpsecGate::FindInterface(const std::string& name) const
{
    for (size_t i = 0; i < m_interfaces.size(); i++)
    {
        if (m_interfaces[i].name == name)
        {
            return i;
        }
    }
    return std::nullopt;
}

} // namespace ike
} // namespace ns3
