/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-world.h"

#include "ike-move.h"
#include "ike-node-memo.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// Which SA at one node is which at another: their numbers of appearance need not agree.
template <typename View>
void
AddCounterparts(Fingerprint& f, const std::vector<View>& here, const std::vector<View>& there)
{
    for (const View& sa : here)
    {
        const auto it = std::find_if(there.begin(), there.end(), [&](const View& other) {
            return other.identity == sa.identity;
        });
        f.Add(static_cast<uint64_t>(it - there.begin()));
    }
}

} // namespace

RandomKey
MakeWorldKey(uint64_t seed, uint64_t node)
{
    RandomKey key;
    for (unsigned i = 0; i < 8; i++)
    {
        key.octets[i] = static_cast<uint8_t>(seed >> (8 * i));
        key.octets[8 + i] = static_cast<uint8_t>(node >> (8 * i));
    }
    return key;
}

World::World(std::shared_ptr<CryptoProvider> crypto)
    : m_crypto(std::move(crypto)),
      m_known(std::make_shared<const std::vector<Surroundings>>())
{
}

// --- What there is -------------------------------------------------------------------------------

uint32_t
World::AddNode(const std::string& name,
               std::shared_ptr<const EngineConfig> config,
               const RandomKey& key)
{
    if (!IsNodeName(name))
    {
        throw std::invalid_argument("'" + name + "' is no name for a node");
    }
    Slot slot;
    slot.node = std::make_shared<WorldNode>(
        WorldNode{name, Engine(config, key), IpsecDataPlane(key), key, 0, {}, {}});
    m_nodes.push_back(std::move(slot));
    auto known = std::make_shared<std::vector<Surroundings>>(*m_known);
    known->emplace_back();
    for (const ConnectionConfig& c : config->connections)
    {
        known->back().addresses.push_back(c.local);
    }
    m_known = known;
    return static_cast<uint32_t>(m_nodes.size() - 1);
}

void
World::AddAddress(uint32_t node, const IpAddress& address)
{
    auto known = std::make_shared<std::vector<Surroundings>>(*m_known);
    known->at(node).addresses.push_back(address);
    m_known = known;
}

void
World::AddNat(uint32_t node, const IpAddress& outside, uint16_t firstPort)
{
    const IpAddress inside = GetNode(node).engine.GetConfig().connections.at(0).local;
    m_nats.emplace(node, WorldNat(inside, outside, firstPort));
}

void
World::NameConfig(uint32_t node,
                  const std::string& name,
                  std::shared_ptr<const EngineConfig> config)
{
    auto known = std::make_shared<std::vector<Surroundings>>(*m_known);
    known->at(node).configs[name] = std::move(config);
    m_known = known;
}

void
World::AddFlow(uint32_t node, const WorldFlow& flow)
{
    auto known = std::make_shared<std::vector<Surroundings>>(*m_known);
    known->at(node).flows.push_back(flow);
    m_known = known;
}

void
World::SetConsole(uint32_t node, const WorldConsole& console)
{
    Own(node).console = std::make_shared<const WorldConsole>(console);
}

void
World::SetGate(uint32_t node,
               const std::vector<InterfacePolicy>& policies,
               const PassiveModeRules& rules,
               const std::map<IpAddress, std::string>& interfaces)
{
    WorldNode& n = Own(node);
    n.gate.emplace();
    n.interfaces = interfaces;
    std::vector<IpAddress> own;
    for (const auto& [address, interface] : interfaces)
    {
        own.push_back(address);
    }
    n.gate->SetOwnAddresses(own);
    n.gate->Configure(policies, rules, m_now);
}

void
World::UseCrypto(std::shared_ptr<CryptoProvider> crypto)
{
    m_crypto = std::move(crypto);
}

void
World::UseMemo(std::shared_ptr<NodeMemo> memo)
{
    m_memo = std::move(memo);
}

WorldNode&
World::Plant(uint32_t node)
{
    return Own(node);
}

void
World::ForgetHistory()
{
    m_log.clear();
    for (uint32_t node = 0; node < m_nodes.size(); node++)
    {
        if (!GetNode(node).delivered.empty() || !GetNode(node).attempts.empty())
        {
            WorldNode& own = Own(node, true);
            own.delivered.clear();
            own.attempts.clear();
        }
    }
}

// --- Nodes ---------------------------------------------------------------------------------------

WorldNode&
World::Own(uint32_t node, bool keepsKey)
{
    Slot& slot = m_nodes.at(node);
    if (slot.node.use_count() != 1)
    {
        slot.node = std::make_shared<WorldNode>(*slot.node);
    }
    else
    {
        // the last other owner may have been another thread's copy of the world
        std::atomic_thread_fence(std::memory_order_acquire);
    }
    if (!keepsKey)
    {
        slot.keyAt = Instant::Never();
    }
    return *slot.node;
}

const StateKey&
World::NodeKey(uint32_t node) const
{
    Slot& slot = m_nodes[node];
    if (slot.keyAt != m_now)
    {
        slot.key = KeyOf(*slot.node, m_now);
        slot.keyAt = m_now;
    }
    return slot.key;
}

Verdict
World::Step(uint32_t node, const Stimulus& stimulus)
{
    NodeStep step =
        m_memo ? StepRemembered(node, stimulus) : StepNode(Own(node), m_now, stimulus, *m_crypto);
    for (TimedEvent& event : step.events)
    {
        m_register.Take(node, event);
        m_log.push_back(std::move(event));
    }
    for (Flight& flight : step.sent)
    {
        Launch(node, std::move(flight));
    }
    return step.verdict;
}

NodeStep
World::StepRemembered(uint32_t node, const Stimulus& stimulus)
{
    const std::optional<StateKey> what = NodeMemo::KeyOf(node, m_now, stimulus);
    if (!what)
    {
        return StepNode(Own(node), m_now, stimulus, *m_crypto);
    }
    const StateKey key = StateHash().Add(*what).Add(NodeKey(node)).Get();
    Slot& slot = m_nodes[node];
    const NodeMemo::Entry* entry = m_memo->Find(key);
    if (!entry)
    {
        NodeMemo::Entry made;
        made.step = StepNode(Own(node), m_now, stimulus, *m_crypto);
        made.node = slot.node;
        made.key = NodeKey(node);
        entry = &m_memo->Add(key, std::move(made));
    }
    slot.node = entry->node;
    slot.key = entry->key;
    slot.keyAt = m_now;
    return entry->step;
}

// --- Moves ---------------------------------------------------------------------------------------

void
World::RemapNat(uint32_t node, const IpAddress& outside)
{
    m_nats.at(node).Forget(outside);
}

void
World::SetReachable(uint32_t node, ConnectionId connection, bool up)
{
    Step(node, ReachStimulus{connection, up});
}

void
World::Give(uint32_t node, const Input& input)
{
    Step(node, input);
}

void
World::Launch(uint32_t node, Flight flight)
{
    // A datagram to nobody is lost at once: no node has the address
    if (!PassNats(flight))
    {
        return;
    }
    if (const std::optional<uint32_t> to = FindOther(node, flight.destination.address))
    {
        flight.id = m_nextFlight++;
        flight.from = node;
        flight.to = *to;
        flight.key = KeyOf(flight);
        m_flights.push_back(std::move(flight));
    }
}

std::optional<uint32_t>
World::FindOther(uint32_t node, const IpAddress& address) const
{
    std::optional<uint32_t> atInterface;
    for (uint32_t other = 0; other < m_nodes.size(); other++)
    {
        const auto& ends = GetNode(other).engine.GetConfig().connections;
        const auto& all = m_known->at(other).addresses;
        if (other == node)
        {
            continue;
        }
        if (std::any_of(ends.begin(), ends.end(), [&address](const ConnectionConfig& c) {
                return c.local == address;
            }))
        {
            return other;
        }
        if (!atInterface && std::find(all.begin(), all.end(), address) != all.end())
        {
            atInterface = other;
        }
    }
    return atInterface;
}

bool
World::PassNats(Flight& flight)
{
    for (auto& [node, nat] : m_nats)
    {
        if (nat.IsInside(flight.source))
        {
            const std::optional<Endpoint> seen = nat.Leave(flight.source);
            if (!seen)
            {
                return false;
            }
            flight.source = *seen;
        }
    }
    for (auto& [node, nat] : m_nats)
    {
        if (nat.IsOutside(flight.destination))
        {
            const std::optional<Endpoint> host = nat.Enter(flight.destination);
            if (!host)
            {
                return false;
            }
            flight.destination = *host;
        }
    }
    return true;
}

std::vector<Flight>::iterator
World::Find(uint32_t flight)
{
    const auto it = std::find_if(m_flights.begin(), m_flights.end(), [&](const Flight& f) {
        return f.id == flight;
    });
    if (it == m_flights.end())
    {
        throw std::invalid_argument("no datagram " + std::to_string(flight) + " is in flight");
    }
    return it;
}

void
World::Deliver(uint32_t flight)
{
    const auto it = Find(flight);
    ArrivalStimulus arrival{std::move(*it)};
    m_flights.erase(it);
    Step(arrival.flight.to, arrival);
}

void
World::Drop(uint32_t flight)
{
    m_flights.erase(Find(flight));
}

uint32_t
World::Duplicate(uint32_t flight)
{
    const auto it = Find(flight);
    Flight copy = *it;
    copy.id = m_nextFlight++;
    copy.isCopy = true;
    m_flights.insert(it + 1, copy);
    return copy.id;
}

void
World::Postpone(uint32_t flight)
{
    const auto it = Find(flight);
    Flight moved = std::move(*it);
    m_flights.erase(it);
    moved.id = m_nextFlight++;
    m_flights.push_back(std::move(moved));
}

void
World::Hold(uint32_t flight, Instant until)
{
    Find(flight)->heldUntil = until;
}

void
World::AdvanceTo(Instant t)
{
    while (const std::optional<uint32_t> node = FindReminder(t))
    {
        m_now = std::max(m_now, GetNode(*node).gate->NextDeadline());
        Step(*node, ReminderStimulus());
    }
    m_now = std::max(m_now, t);
}

std::optional<uint32_t>
World::FindReminder(Instant until) const
{
    std::optional<uint32_t> found;
    for (uint32_t node = 0; node < m_nodes.size(); node++)
    {
        const auto& gate = m_nodes[node].node->gate;
        const Instant at = gate ? gate->NextDeadline() : Instant::Never();
        if (at != Instant::Never() && at <= until &&
            (!found || at < GetNode(*found).gate->NextDeadline()))
        {
            found = node;
        }
    }
    return found;
}

bool
World::FireNextTimer()
{
    const Instant next = NextDeadline();
    if (next == Instant::Never())
    {
        return false;
    }
    AdvanceTo(next);
    for (uint32_t node = 0; node < m_nodes.size(); node++)
    {
        if (GetNode(node).engine.NextDeadline() == next)
        {
            Give(node, TimeoutInput{});
            return true;
        }
    }
    return false;
}

bool
World::FireTimerOf(uint32_t node)
{
    const Instant next = GetNode(node).engine.NextDeadline();
    if (next == Instant::Never())
    {
        return false;
    }
    AdvanceTo(next);
    Give(node, TimeoutInput{});
    return true;
}

bool
World::FireNext()
{
    const Instant release = NextRelease();
    if (release < NextDeadline())
    {
        AdvanceTo(release);
        return true;
    }
    return FireNextTimer();
}

void
World::Reboot(uint32_t node)
{
    Step(node, RebootStimulus{});
}

Verdict
World::Offer(uint32_t node, ConnectionId connection, const Octets& inner)
{
    return Offer(node, WorldFlow{"", connection, "", inner});
}

Verdict
World::Offer(uint32_t node, const WorldFlow& flow)
{
    return Step(node, OfferStimulus{flow});
}

void
World::Configure(uint32_t node, const std::string& name)
{
    const auto& configs = m_known->at(node).configs;
    const auto it = configs.find(name);
    if (it == configs.end())
    {
        throw std::invalid_argument(GetNode(node).name + " has no configuration " + name);
    }
    Step(node, ConfigureStimulus{name, it->second});
}

void
World::Type(uint32_t node, const std::string& line)
{
    Step(node, TypeStimulus{line});
}

void
World::RunUntil(Instant end, Duration delay)
{
    while (true)
    {
        const Instant timer = NextDeadline();
        const Instant arrival =
            m_flights.empty() ? Instant::Never() : m_flights.front().sentAt + delay;
        if (std::min(timer, arrival) > end)
        {
            break;
        }
        if (arrival <= timer)
        {
            AdvanceTo(arrival);
            Deliver(m_flights.front().id);
        }
        else
        {
            FireNextTimer();
        }
    }
    AdvanceTo(end);
}

Instant
World::Now() const
{
    return m_now;
}

const std::vector<Flight>&
World::GetFlights() const
{
    return m_flights;
}

bool
World::IsFree(const Flight& flight) const
{
    return flight.heldUntil <= m_now;
}

Instant
World::NextRelease() const
{
    Instant next = Instant::Never();
    for (const Flight& f : m_flights)
    {
        next = IsFree(f) ? next : std::min(next, f.heldUntil);
    }
    return next;
}

std::optional<Flight>
World::OldestFrom(uint32_t node) const
{
    for (const Flight& f : m_flights)
    {
        if (f.from == node)
        {
            return f;
        }
    }
    return std::nullopt;
}

const WorldNode&
World::GetNode(uint32_t node) const
{
    return *m_nodes.at(node).node;
}

uint32_t
World::GetNodeCount() const
{
    return static_cast<uint32_t>(m_nodes.size());
}

uint32_t
World::FindNode(const std::string& name) const
{
    for (uint32_t i = 0; i < m_nodes.size(); i++)
    {
        if (GetNode(i).name == name)
        {
            return i;
        }
    }
    throw std::invalid_argument("no node " + name);
}

Instant
World::NextDeadline() const
{
    Instant next = Instant::Never();
    for (const Slot& slot : m_nodes)
    {
        next = std::min(next, slot.node->engine.NextDeadline());
    }
    return next;
}

const EventLog&
World::GetLog() const
{
    return m_log;
}

const SaRegister&
World::GetRegister() const
{
    return m_register;
}

std::optional<WorldFlow>
World::FindFlow(uint32_t node, const std::string& name) const
{
    for (const WorldFlow& flow : m_known->at(node).flows)
    {
        if (flow.name == name)
        {
            return flow;
        }
    }
    return std::nullopt;
}

bool
World::HasNats() const
{
    return !m_nats.empty();
}

uint64_t
World::GetFingerprint() const
{
    Fingerprint f;
    for (const Slot& slot : m_nodes)
    {
        const WorldNode& node = *slot.node;
        f.Add(node.engine.GetFingerprint(m_now)).Add(node.plane.GetFingerprint(m_now));
        for (const Slot& other : m_nodes)
        {
            AddCounterparts(f, node.engine.GetPairs(), other.node->engine.GetPairs());
            AddCounterparts(f, node.engine.GetIsakmpSas(), other.node->engine.GetIsakmpSas());
        }
    }
    for (const auto& [node, nat] : m_nats)
    {
        nat.AddTo(f);
    }
    for (const Flight& flight : m_flights)
    {
        f.Add(static_cast<uint64_t>(flight.from)).Add(static_cast<uint64_t>(flight.to));
        f.Add(flight.label).Add(static_cast<uint64_t>(flight.octets.size()));
        f.Add(std::max(flight.heldUntil, m_now), m_now);
        for (const Slot& slot : m_nodes)
        {
            f.Add(slot.node->engine.GetFingerprintOf(flight.octets, flight.isEsp));
        }
    }
    return f.Get();
}

StateKey
World::GetKey() const
{
    StateHash hash;
    for (uint32_t node = 0; node < m_nodes.size(); node++)
    {
        hash.Add(NodeKey(node));
    }
    Fingerprint nats;
    for (const auto& [node, nat] : m_nats)
    {
        nat.AddTo(nats);
    }
    hash.Add(nats.Get());
    // each channel by itself: which of two channels has sent first decides nothing
    for (uint32_t from = 0; from < m_nodes.size(); from++)
    {
        for (uint32_t to = 0; to < m_nodes.size(); to++)
        {
            for (const Flight& f : m_flights)
            {
                if (f.from == from && f.to == to)
                {
                    hash.Number(from).Number(to).Add(f.key).Number(f.isCopy);
                    hash.AddUntil(f.heldUntil, m_now);
                }
            }
        }
    }
    m_register.AddTo(hash, m_now);
    return hash.Get();
}

} // namespace ike
} // namespace ns3
