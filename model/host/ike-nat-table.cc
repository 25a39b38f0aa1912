/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-nat-table.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint8_t ICMP = 1;
constexpr uint8_t TCP = 6;
constexpr uint8_t ESP = 50;

/// As much of an endpoint as a behaviour looks at.
Endpoint
Blur(NatBehaviour behaviour, const Endpoint& endpoint)
{
    switch (behaviour)
    {
    case NatBehaviour::EndpointIndependent:
        return Endpoint{};
    case NatBehaviour::AddressDependent:
        return Endpoint{endpoint.address, 0};
    case NatBehaviour::AddressAndPortDependent:
        break;
    }
    return endpoint;
}

} // namespace

const std::vector<std::string>&
WordsOf(NatBehaviour)
{
    static const std::vector<std::string> WORDS{"endpoint-independent",
                                                "address-dependent",
                                                "address-and-port-dependent"};
    return WORDS;
}

const std::vector<std::string>&
WordsOf(NatEsp)
{
    static const std::vector<std::string> WORDS{"drop", "one-host"};
    return WORDS;
}

void
NatTable::SetRules(const NatRules& rules)
{
    Flush();
    m_rules = rules;
}

const NatRules&
NatTable::GetRules() const
{
    return m_rules;
}

void
NatTable::SetListener(Listener listener)
{
    m_listener = std::move(listener);
}

void
NatTable::AddForward(uint8_t protocol, uint16_t outsidePort, const Endpoint& inside)
{
    m_forwards[{protocol, outsidePort}] = inside;
}

// --- Packets --------------------------------------------------------------------------------

std::optional<uint16_t>
NatTable::Outbound(Instant now,
                   uint8_t protocol,
                   const Endpoint& inside,
                   const Endpoint& remote,
                   std::string& reason)
{
    if (const auto forward = FindForward(protocol, inside))
    {
        return forward;
    }
    Expire(now);
    const auto found = m_ports.find(KeyOf(protocol, inside, remote));
    NatMapping* mapping = found != m_ports.end() ? &m_mappings.at({protocol, found->second})
                                                 : Make(protocol, inside, remote, reason);
    if (!mapping)
    {
        return std::nullopt;
    }
    mapping->expires = now + LifetimeOf(protocol);
    m_soonest = std::min(m_soonest, mapping->expires);
    Permit(*mapping, remote);
    return mapping->outsidePort;
}

NatMapping*
NatTable::Make(uint8_t protocol,
               const Endpoint& inside,
               const Endpoint& remote,
               std::string& reason)
{
    if (m_mappings.size() >= m_rules.maxMappings)
    {
        reason = "nat-full";
        return nullptr;
    }
    const auto port = PickPort(protocol, inside.port);
    if (!port)
    {
        reason = protocol == ESP ? "nat-esp" : "nat-ports";
        return nullptr;
    }
    const InsideKey key = KeyOf(protocol, inside, remote);
    NatMapping mapping;
    mapping.protocol = protocol;
    mapping.inside = inside;
    mapping.remote = std::get<2>(key);
    mapping.outsidePort = *port;
    m_ports[key] = *port;
    NatMapping& made = m_mappings[{protocol, *port}] = mapping;
    const auto earlier = m_earlier.find(key);
    const bool moved = earlier != m_earlier.end() && earlier->second != *port;
    m_earlier.erase(key);
    Tell(made, moved ? Change::Moved : Change::Made);
    return &made;
}

std::optional<uint16_t>
NatTable::PickPort(uint8_t protocol, uint16_t wanted)
{
    if (protocol == ESP)
    {
        const bool passes = m_rules.esp == NatEsp::OneHost && IsFree(ESP, 0);
        return passes ? std::optional<uint16_t>(uint16_t{0}) : std::nullopt;
    }
    if (m_rules.preservePorts && IsFree(protocol, wanted))
    {
        return wanted;
    }
    const uint32_t count =
        m_rules.firstPort <= m_rules.lastPort ? m_rules.lastPort - m_rules.firstPort + 1U : 0;
    for (uint32_t i = 0; i < count; ++i)
    {
        const auto port = static_cast<uint16_t>(m_rules.firstPort + m_nextPort % count);
        m_nextPort = (m_nextPort + 1) % count;
        if (IsFree(protocol, port))
        {
            return port;
        }
    }
    return std::nullopt;
}

std::optional<Endpoint>
NatTable::Inbound(Instant now,
                  uint8_t protocol,
                  uint16_t outsidePort,
                  const Endpoint& remote,
                  std::string& reason)
{
    const auto forward = m_forwards.find({protocol, outsidePort});
    if (forward != m_forwards.end())
    {
        return forward->second;
    }
    Expire(now);
    const auto found = m_mappings.find({protocol, outsidePort});
    if (found == m_mappings.end())
    {
        reason = "nat-no-mapping";
        return std::nullopt;
    }
    NatMapping& mapping = found->second;
    if (!IsPermitted(mapping, remote))
    {
        reason = "nat-filtered";
        return std::nullopt;
    }
    if (m_rules.inboundRefresh)
    {
        mapping.expires = now + LifetimeOf(protocol);
    }
    return mapping.inside;
}

void
NatTable::Permit(NatMapping& mapping, const Endpoint& remote) const
{
    const Endpoint known = Blur(m_rules.filtering, remote);
    auto& all = mapping.permitted;
    const auto found = std::find(all.begin(), all.end(), known);
    if (found != all.end())
    {
        all.erase(found);
    }
    else if (all.size() >= m_rules.maxRemotes)
    {
        all.erase(all.begin()); // the one that was sent nothing for the longest time
    }
    all.push_back(known);
}

bool
NatTable::IsPermitted(const NatMapping& mapping, const Endpoint& remote) const
{
    const auto& all = mapping.permitted;
    return m_rules.filtering == NatBehaviour::EndpointIndependent ||
           std::find(all.begin(), all.end(), Blur(m_rules.filtering, remote)) != all.end();
}

// --- Look-up --------------------------------------------------------------------------------

NatTable::InsideKey
NatTable::KeyOf(uint8_t protocol, const Endpoint& inside, const Endpoint& remote) const
{
    // ESP of one host is one mapping, wherever it goes: the peers' SPIs tell nothing.
    const auto behaviour = protocol == ESP ? NatBehaviour::EndpointIndependent : m_rules.mapping;
    return {protocol, inside, Blur(behaviour, remote)};
}

std::optional<uint16_t>
NatTable::FindForward(uint8_t protocol, const Endpoint& inside) const
{
    for (const auto& [key, endpoint] : m_forwards)
    {
        if (key.first == protocol && endpoint == inside)
        {
            return key.second;
        }
    }
    return std::nullopt;
}

bool
NatTable::IsFree(uint8_t protocol, uint16_t port) const
{
    return m_mappings.count({protocol, port}) == 0 && m_forwards.count({protocol, port}) == 0;
}

std::optional<Endpoint>
NatTable::FindInside(Instant now, uint8_t protocol, uint16_t outsidePort) const
{
    const auto forward = m_forwards.find({protocol, outsidePort});
    if (forward != m_forwards.end())
    {
        return forward->second;
    }
    const auto found = m_mappings.find({protocol, outsidePort});
    const bool lives = found != m_mappings.end() && now < found->second.expires;
    return lives ? std::optional<Endpoint>(found->second.inside) : std::nullopt;
}

std::optional<uint16_t>
NatTable::FindOutside(Instant now,
                      uint8_t protocol,
                      const Endpoint& inside,
                      const Endpoint& remote) const
{
    if (const auto forward = FindForward(protocol, inside))
    {
        return forward;
    }
    const auto found = m_ports.find(KeyOf(protocol, inside, remote));
    const bool lives =
        found != m_ports.end() && now < m_mappings.at({protocol, found->second}).expires;
    return lives ? std::optional<uint16_t>(found->second) : std::nullopt;
}

std::vector<NatMapping>
NatTable::GetMappings() const
{
    std::vector<NatMapping> mappings;
    for (const auto& [key, mapping] : m_mappings)
    {
        mappings.push_back(mapping);
    }
    return mappings;
}

// --- The end of mappings --------------------------------------------------------------------

void
NatTable::Expire(Instant now)
{
    if (now < m_soonest)
    {
        return;
    }
    std::vector<OutsideKey> over;
    for (const auto& [key, mapping] : m_mappings)
    {
        if (mapping.expires <= now)
        {
            over.push_back(key);
        }
    }
    for (const OutsideKey& key : over)
    {
        Remove(key, Change::Expired);
    }
    m_soonest = GetNextExpiry();
}

Instant
NatTable::GetNextExpiry() const
{
    Instant next = Instant::Never();
    for (const auto& [key, mapping] : m_mappings)
    {
        next = std::min(next, mapping.expires);
    }
    return next;
}

Instant
NatTable::GetNextLook() const
{
    return m_soonest;
}

void
NatTable::Flush()
{
    while (!m_mappings.empty())
    {
        Remove(m_mappings.begin()->first, Change::Flushed);
    }
    m_soonest = Instant::Never();
}

void
NatTable::Remove(OutsideKey key, Change change)
{
    const NatMapping mapping = m_mappings.at(key);
    const InsideKey inside = KeyOf(mapping.protocol, mapping.inside, mapping.remote);
    m_mappings.erase(key);
    m_ports.erase(inside);
    if (m_earlier.size() >= m_rules.maxMappings)
    {
        m_earlier.erase(m_earlier.begin());
    }
    m_earlier[inside] = mapping.outsidePort;
    Tell(mapping, change);
}

void
NatTable::Tell(const NatMapping& mapping, Change change) const
{
    if (m_listener)
    {
        m_listener(mapping, change);
    }
}

Duration
NatTable::LifetimeOf(uint8_t protocol) const
{
    switch (protocol)
    {
    case ICMP:
        return m_rules.icmpLifetime;
    case TCP:
        return m_rules.tcpLifetime;
    case ESP:
        return m_rules.espLifetime;
    default:
        return m_rules.udpLifetime;
    }
}

} // namespace ike
} // namespace ns3
