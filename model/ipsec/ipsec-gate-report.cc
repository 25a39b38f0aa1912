/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-gate.h"

#include <algorithm>
#include <utility>

/**
 * @file
 * What the gate says of itself: destinations of packets in the clear, and its fingerprint.
 */

namespace ns3
{
namespace ike
{

namespace
{

void
AddWildcard(Fingerprint& fingerprint, const WildcardAddress& address)
{
    fingerprint.Add(address.address | address.wildcard).Add(address.wildcard);
}

void
AddPort(Fingerprint& fingerprint, const PortCondition& port)
{
    fingerprint.Add(static_cast<uint64_t>(port.op)).Add(port.low).Add(port.high);
}

void
AddPolicyLine(Fingerprint& fingerprint, const PolicyLine& policy)
{
    fingerprint.Add(policy.line.permit).Add(policy.line.protocol);
    AddWildcard(fingerprint, policy.line.source);
    AddWildcard(fingerprint, policy.line.destination);
    AddPort(fingerprint, policy.line.sourcePort);
    AddPort(fingerprint, policy.line.destinationPort);
    fingerprint.Add(policy.connections.size());
    for (ConnectionId connection : policy.connections)
    {
        fingerprint.Add(connection);
    }
}

void
AddRules(Fingerprint& fingerprint, const PassiveModeRules& rules)
{
    fingerprint.Add(rules.enabled);
    for (Duration d :
         {rules.retry, rules.clearAfter, rules.idle, rules.reminderEvery, rules.warningEvery})
    {
        fingerprint.Add(static_cast<uint64_t>(d.ns));
    }
}

} // namespace

std::vector<ClearDestination>
IpsecGate::GetClearDestinations(Instant now) const
{
    // Two lines of one entry may send to the same address.
    std::map<std::pair<IpAddress, std::string>, ClearDestination> all;
    for (const auto& [key, flow] : m_flows)
    {
        for (const auto& [address, record] : flow.destinations)
        {
            if (now - record.last >= m_rules.idle)
            {
                continue;
            }
            const ClearDestination fresh{address, flow.entry, 0, record.since};
            ClearDestination& seen =
                all.emplace(std::pair(address, flow.entry), fresh).first->second;
            seen.packets += record.packets;
            seen.since = std::min(seen.since, record.since);
        }
    }
    std::vector<ClearDestination> list;
    for (const auto& [name, destination] : all)
    {
        list.push_back(destination);
    }
    return list;
}

void
IpsecGate::DropOldestDestination()
{
    size_t count = 0;
    Flow* flowOfOldest = nullptr;
    std::map<IpAddress, ClearRecord>::iterator oldest;
    for (auto& [key, flow] : m_flows)
    {
        count += flow.destinations.size();
        for (auto it = flow.destinations.begin(); it != flow.destinations.end(); ++it)
        {
            if (flowOfOldest == nullptr || it->second.last < oldest->second.last)
            {
                flowOfOldest = &flow;
                oldest = it;
            }
        }
    }
    if (count > MAX_CLEAR_DESTINATIONS)
    {
        flowOfOldest->destinations.erase(oldest);
    }
}

uint64_t
IpsecGate::GetFingerprint(Instant now) const
{
    Fingerprint fingerprint;
    AddRules(fingerprint, m_rules);
    m_messages.AddTo(fingerprint, m_rules, now);
    fingerprint.Add(m_own.size());
    for (const IpAddress& address : m_own)
    {
        fingerprint.Add(address);
    }
    fingerprint.Add(m_interfaces.size());
    for (const Interface& interface : m_interfaces)
    {
        fingerprint.Add(interface.name).Add(interface.entries.size());
        for (const Entry& entry : interface.entries)
        {
            AddEntry(fingerprint, entry);
        }
    }
    for (const auto& [key, flow] : m_flows)
    {
        fingerprint.Add(key);
        AddFlow(fingerprint, flow, now);
    }
    for (const std::set<ConnectionId>* set : {&m_selected, &m_attempting})
    {
        fingerprint.Add(set->size());
        for (ConnectionId connection : *set)
        {
            fingerprint.Add(connection);
        }
    }
    return fingerprint.Get();
}

void
IpsecGate::AddEntry(Fingerprint& fingerprint, const Entry& entry)
{
    fingerprint.Add(entry.name).Add(entry.dynamic).Add(entry.turn);
    for (const std::vector<Line>* lines : {&entry.opened, &entry.lines})
    {
        fingerprint.Add(lines->size());
        for (const Line& line : *lines)
        {
            AddPolicyLine(fingerprint, line.policy);
            fingerprint.Add(line.flow);
        }
    }
}

void
IpsecGate::AddFlow(Fingerprint& fingerprint, const Flow& flow, Instant now) const
{
    flow.passive.AddTo(fingerprint, m_rules, now);
    fingerprint.Add(flow.destinations.size());
    for (const auto& [address, record] : flow.destinations)
    {
        fingerprint.Add(address).Add(record.packets);
        fingerprint.Add(record.since, now).Add(record.last, now);
    }
}

} // namespace ike
} // namespace ns3
