/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-load-balancer-table.h"

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
constexpr uint8_t UDP = 17;
constexpr uint8_t ESP = 50;
constexpr uint16_t IKE_PORT = 500;
constexpr uint16_t NAT_PORT = 4500;

/// Places in BALANCER_SERVICE_NAMES.
enum ServiceNumber : size_t
{
    UDP_500,
    UDP_4500,
    ESP_SERVICE,
    ICMP_SERVICE,
    OTHER,
};

size_t
NumberOf(const BalancerPort& port)
{
    switch (port.protocol)
    {
    case UDP:
        return port.port == IKE_PORT ? UDP_500 : port.port == NAT_PORT ? UDP_4500 : OTHER;
    case ESP:
        return ESP_SERVICE;
    case ICMP:
        return ICMP_SERVICE;
    default:
        return OTHER;
    }
}

/// Every bit of the input moves about half of the output's (the finisher of splitmix64).
uint64_t
Mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

std::string
ToText(const BalancerPort& port)
{
    switch (port.protocol)
    {
    case ICMP:
        return "icmp";
    case ESP:
        return "esp";
    case TCP:
        return "tcp " + std::to_string(port.port);
    case UDP:
        return "udp " + std::to_string(port.port);
    default:
        return "protocol " + std::to_string(port.protocol);
    }
}

} // namespace

const std::vector<std::string>&
WordsOf(BalancerMode)
{
    static const std::vector<std::string> WORDS{"dispatched", "directed"};
    return WORDS;
}

const std::vector<std::string>&
WordsOf(BalancerPredictor)
{
    static const std::vector<std::string> WORDS{"hash",
                                                "round-robin",
                                                "weighted",
                                                "least-connections"};
    return WORDS;
}

const std::vector<std::string>&
WordsOf(BalancerOutbound)
{
    static const std::vector<std::string> WORDS{"pass", "translate", "drop"};
    return WORDS;
}

const std::vector<std::string>&
WordsOf(HubService)
{
    static const std::vector<std::string> WORDS{"in", "drain", "out"};
    return WORDS;
}

// --- Set-up ---------------------------------------------------------------------------------

void
BalancerTable::SetRules(const BalancerRules& rules)
{
    m_rules = rules;
    m_entries.clear();
    m_byUse.clear();
    m_past.clear();
    m_byEnd.clear();
    for (Hub& hub : m_hubs)
    {
        hub.counters.active = 0;
    }
}

const BalancerRules&
BalancerTable::GetRules() const
{
    return m_rules;
}

void
BalancerTable::SetListener(Listener listener)
{
    m_listener = std::move(listener);
}

size_t
BalancerTable::AddHub(const BalancerHub& hub)
{
    m_hubs.emplace_back();
    m_hubs.back().what = hub;
    return m_hubs.size() - 1;
}

const BalancerHub&
BalancerTable::GetHub(size_t hub) const
{
    return m_hubs.at(hub).what;
}

size_t
BalancerTable::GetHubCount() const
{
    return m_hubs.size();
}

std::optional<size_t>
BalancerTable::FindHub(const std::string& name) const
{
    const auto found = std::find_if(m_hubs.begin(), m_hubs.end(), [&name](const Hub& hub) {
        return hub.what.name == name;
    });
    return found == m_hubs.end()
               ? std::nullopt
               : std::optional<size_t>(static_cast<size_t>(found - m_hubs.begin()));
}

std::optional<size_t>
BalancerTable::FindHub(const IpAddress& address) const
{
    const auto found = std::find_if(m_hubs.begin(), m_hubs.end(), [&address](const Hub& hub) {
        return hub.what.address == address;
    });
    return found == m_hubs.end()
               ? std::nullopt
               : std::optional<size_t>(static_cast<size_t>(found - m_hubs.begin()));
}

// --- Packets --------------------------------------------------------------------------------

std::optional<size_t>
BalancerTable::Choose(Instant now, const BalancerPacket& packet)
{
    Expire(now);
    const Key key = KeyOf(packet);
    const auto found = m_entries.find(key);
    if (found == m_entries.end())
    {
        const auto hub = Predict(packet.client);
        if (!hub)
        {
            ++m_counters.withoutHub;
            return std::nullopt;
        }
        Make(now, key, *hub, packet.port);
    }
    else
    {
        Use(now, found->second, key);
    }
    const size_t hub = m_entries.at(key).hub;
    ++m_hubs[hub].counters.services[NumberOf(packet.port)].packetsIn;
    CheckAffinity(packet, hub);
    return hub;
}

std::optional<size_t>
BalancerTable::Find(Instant now, const BalancerPacket& packet) const
{
    const auto found = m_entries.find(KeyOf(packet));
    const bool lives = found != m_entries.end() && now < found->second.used + m_rules.idle;
    return lives ? std::optional<size_t>(found->second.hub) : std::nullopt;
}

std::optional<size_t>
BalancerTable::FollowClient(Instant now, const IpAddress& client, uint8_t protocol)
{
    Expire(now);
    const Key key{client, std::nullopt};
    const auto found = m_entries.find(key);
    const bool mayBe =
        std::any_of(m_rules.together.begin(),
                    m_rules.together.end(),
                    [protocol](const BalancerPort& port) { return port.protocol == protocol; });
    if (found == m_entries.end() || !mayBe)
    {
        ++m_counters.withoutEntry;
        return std::nullopt;
    }
    Use(now, found->second, key);
    return found->second.hub;
}

bool
BalancerTable::Return(Instant now, size_t hub, const BalancerPacket& packet)
{
    Expire(now);
    const Key key = KeyOf(packet);
    const auto found = m_entries.find(key);
    if (found == m_entries.end() || found->second.hub != hub)
    {
        return false;
    }
    Use(now, found->second, key);
    ++m_hubs[hub].counters.services[NumberOf(packet.port)].packetsOut;
    return true;
}

void
BalancerTable::Bind(Instant now, size_t hub, const BalancerPacket& packet)
{
    Expire(now);
    const Key key = KeyOf(packet);
    if (m_entries.count(key) != 0)
    {
        Remove(key, BalancerNotice::Kind::Purged);
    }
    Make(now, key, hub, packet.port);
    ++m_hubs[hub].counters.services[NumberOf(packet.port)].packetsOut;
}

void
BalancerTable::NoteOwn(size_t hub)
{
    ++m_hubs.at(hub).counters.packetsOwn;
}

void
BalancerTable::CheckAffinity(const BalancerPacket& packet, size_t hub)
{
    const size_t service = NumberOf(packet.port);
    if (service == UDP_4500 || service == ESP_SERVICE)
    {
        const auto ike = FindLast(KeyOf(BalancerPacket{packet.client, {UDP, IKE_PORT}}));
        m_counters.brokenAffinity += ike && *ike != hub ? 1 : 0;
    }
}

// --- The choice -----------------------------------------------------------------------------

bool
BalancerTable::IsEligible(const Hub& hub) const
{
    return hub.service == HubService::In && !hub.failed;
}

std::optional<size_t>
BalancerTable::Predict(const IpAddress& client)
{
    switch (m_rules.predictor)
    {
    case BalancerPredictor::Hash:
        return PredictByHash(client);
    case BalancerPredictor::RoundRobin:
    case BalancerPredictor::Weighted:
        return PredictByTurn();
    case BalancerPredictor::LeastConnections:
        break;
    }
    return PredictByLoad();
}

std::optional<size_t>
BalancerTable::PredictByHash(const IpAddress& client) const
{
    // The greatest of one value per client and hub wins: who leaves takes only his own with him.
    std::optional<size_t> best;
    uint64_t greatest = 0;
    for (size_t i = 0; i < m_hubs.size(); ++i)
    {
        const uint64_t value = Mix(Mix(m_hubs[i].what.address.ToV4()) ^ client.ToV4());
        if (IsEligible(m_hubs[i]) && (!best || value > greatest))
        {
            best = i;
            greatest = value;
        }
    }
    return best;
}

std::optional<size_t>
BalancerTable::PredictByTurn()
{
    // Once around, and to the first one again, whose turn may have been over.
    for (size_t i = 0; i <= m_hubs.size() && !m_hubs.empty(); ++i)
    {
        const Hub& hub = m_hubs[m_turn];
        const uint32_t share =
            m_rules.predictor == BalancerPredictor::Weighted ? hub.what.weight : 1;
        if (IsEligible(hub) && m_given < share)
        {
            ++m_given;
            return m_turn;
        }
        m_turn = (m_turn + 1) % m_hubs.size();
        m_given = 0;
    }
    return std::nullopt;
}

std::optional<size_t>
BalancerTable::PredictByLoad() const
{
    std::optional<size_t> best;
    for (size_t i = 0; i < m_hubs.size(); ++i)
    {
        const auto isLess = [](const Hub& a, const Hub& b) {
            return a.counters.active * b.what.weight < b.counters.active * a.what.weight;
        };
        if (IsEligible(m_hubs[i]) && (!best || isLess(m_hubs[i], m_hubs[*best])))
        {
            best = i;
        }
    }
    return best;
}

// --- Entries --------------------------------------------------------------------------------

bool
BalancerTable::IsTogether(const BalancerPort& port) const
{
    return m_rules.sticky && std::find(m_rules.together.begin(), m_rules.together.end(), port) !=
                                 m_rules.together.end();
}

BalancerTable::Key
BalancerTable::KeyOf(const BalancerPacket& packet) const
{
    return {packet.client,
            IsTogether(packet.port) ? std::nullopt : std::optional<BalancerPort>(packet.port)};
}

void
BalancerTable::Use(Instant now, Entry& entry, const Key& key)
{
    m_byUse.erase(entry.order);
    entry.used = now;
    entry.order = ++m_order;
    m_byUse[entry.order] = key;
}

void
BalancerTable::Make(Instant now, const Key& key, size_t hub, const BalancerPort& port)
{
    if (m_entries.size() >= m_rules.maxEntries && !m_byUse.empty())
    {
        const Key oldest = m_byUse.begin()->second;
        Remove(oldest, BalancerNotice::Kind::Evicted);
    }
    BalancerNotice notice;
    notice.hub = hub;
    notice.client = key.first;
    notice.port = key.second;
    const auto past = m_past.find(key);
    if (past != m_past.end())
    {
        if (past->second.hub != hub)
        {
            notice.kind = BalancerNotice::Kind::Moved;
            notice.earlier = past->second.hub;
            ++m_hubs[hub].counters.movedIn;
        }
        m_byEnd.erase(past->second.order);
        m_past.erase(past);
    }
    Entry& entry = m_entries[key];
    entry.hub = hub;
    entry.order = ++m_order;
    Use(now, entry, key);
    BalancerHubCounters& counters = m_hubs[hub].counters;
    ++counters.services[NumberOf(port)].entries;
    counters.peak = std::max(counters.peak, ++counters.active);
    m_counters.peak = std::max<uint64_t>(m_counters.peak, m_entries.size());
    Tell(notice);
}

void
BalancerTable::Remove(const Key& key, BalancerNotice::Kind why)
{
    static const std::pair<BalancerNotice::Kind, uint64_t BalancerHubCounters::*> COUNTERS[] = {
        {BalancerNotice::Kind::Expired, &BalancerHubCounters::expired},
        {BalancerNotice::Kind::Evicted, &BalancerHubCounters::evicted},
        {BalancerNotice::Kind::Purged, &BalancerHubCounters::purged}};
    const auto found = m_entries.find(key);
    const size_t hub = found->second.hub;
    m_byUse.erase(found->second.order);
    m_entries.erase(found);
    Remember(key, hub);
    BalancerHubCounters& counters = m_hubs[hub].counters;
    --counters.active;
    for (const auto& [kind, counter] : COUNTERS)
    {
        counters.*counter += kind == why ? 1 : 0;
    }
    BalancerNotice notice;
    notice.kind = why;
    notice.hub = hub;
    notice.client = key.first;
    notice.port = key.second;
    Tell(notice);
}

void
BalancerTable::RemoveAll(size_t hub)
{
    std::vector<Key> keys;
    for (const auto& [key, entry] : m_entries)
    {
        if (entry.hub == hub)
        {
            keys.push_back(key);
        }
    }
    for (const Key& key : keys)
    {
        Remove(key, BalancerNotice::Kind::Purged);
    }
}

void
BalancerTable::Remember(const Key& key, size_t hub)
{
    if (m_past.size() >= m_rules.maxEntries)
    {
        m_past.erase(m_byEnd.begin()->second);
        m_byEnd.erase(m_byEnd.begin());
    }
    const uint64_t order = ++m_order;
    m_past[key] = Past{hub, order};
    m_byEnd[order] = key;
}

std::optional<size_t>
BalancerTable::FindLast(const Key& key) const
{
    const auto entry = m_entries.find(key);
    if (entry != m_entries.end())
    {
        return entry->second.hub;
    }
    const auto past = m_past.find(key);
    return past == m_past.end() ? std::nullopt : std::optional<size_t>(past->second.hub);
}

void
BalancerTable::Expire(Instant now)
{
    // All have the same idle time, so the order of use is the order of expiry.
    while (GetNextExpiry() <= now)
    {
        const Key oldest = m_byUse.begin()->second;
        Remove(oldest, BalancerNotice::Kind::Expired);
    }
}

Instant
BalancerTable::GetNextExpiry() const
{
    return m_byUse.empty() ? Instant::Never()
                           : m_entries.at(m_byUse.begin()->second).used + m_rules.idle;
}

size_t
BalancerTable::GetEntryCount() const
{
    return m_entries.size();
}

// --- Hubs -----------------------------------------------------------------------------------

void
BalancerTable::SetService(size_t hub, HubService service)
{
    if (m_hubs.at(hub).service == service)
    {
        return;
    }
    m_hubs[hub].service = service;
    BalancerNotice notice;
    notice.kind = BalancerNotice::Kind::Service;
    notice.hub = hub;
    Tell(notice);
    if (service == HubService::Out)
    {
        RemoveAll(hub);
    }
}

HubService
BalancerTable::GetService(size_t hub) const
{
    return m_hubs.at(hub).service;
}

void
BalancerTable::NoteProbe(Instant now, size_t hub, bool answered)
{
    Hub& probed = m_hubs.at(hub);
    ++probed.counters.probes;
    probed.counters.probesMissed += answered ? 0 : 1;
    probed.missed = answered ? 0 : std::min(probed.missed + 1, m_rules.failAfter);
    BalancerNotice notice;
    notice.hub = hub;
    if (!probed.failed && probed.missed >= m_rules.failAfter)
    {
        probed.failed = true;
        probed.failedSince = now;
        ++probed.counters.failures;
        notice.kind = BalancerNotice::Kind::Failed;
        Tell(notice);
        if (m_rules.purge)
        {
            RemoveAll(hub);
        }
    }
    else if (probed.failed && answered && now >= probed.failedSince + m_rules.retry)
    {
        probed.failed = false;
        ++probed.counters.returns;
        notice.kind = BalancerNotice::Kind::Back;
        Tell(notice);
    }
}

bool
BalancerTable::HasFailed(size_t hub) const
{
    return m_hubs.at(hub).failed;
}

// --- To look at -----------------------------------------------------------------------------

const BalancerHubCounters&
BalancerTable::GetHubCounters(size_t hub) const
{
    return m_hubs.at(hub).counters;
}

const BalancerCounters&
BalancerTable::GetCounters() const
{
    return m_counters;
}

void
BalancerTable::Tell(const BalancerNotice& notice) const
{
    if (m_listener)
    {
        m_listener(notice);
    }
}

std::string
BalancerTable::Describe(const BalancerNotice& notice) const
{
    static const char* const SERVICES[] = {" in service", " drains", " out of service"};
    using Kind = BalancerNotice::Kind;
    const Hub& hub = m_hubs.at(notice.hub);
    const std::string whose = (notice.client ? notice.client->ToString() : "") +
                              (notice.port ? " " + ToText(*notice.port) : "");
    const std::string predictor = WordsOf(m_rules.predictor)[size_t(m_rules.predictor)];
    switch (notice.kind)
    {
    case Kind::Made:
        return whose + " -> " + hub.what.name + " (" + predictor + ")";
    case Kind::Moved:
        return whose + " -> " + hub.what.name + " (" + predictor + ", was " +
               m_hubs.at(*notice.earlier).what.name + ")";
    case Kind::Expired:
        return whose + " -> " + hub.what.name + " expired";
    case Kind::Evicted:
        return whose + " -> " + hub.what.name + " evicted";
    case Kind::Purged:
        return whose + " -> " + hub.what.name + " purged";
    case Kind::Failed:
        return hub.what.name + " failed";
    case Kind::Back:
        return hub.what.name + " back";
    case Kind::Service:
        break;
    }
    return hub.what.name + SERVICES[size_t(hub.service)];
}

} // namespace ike
} // namespace ns3
