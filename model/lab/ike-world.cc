/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-world.h"

#include "ns3/ike-message.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

SaUsageInput
ToInput(const UsageReport& report)
{
    return SaUsageInput{report.pair, static_cast<SaUsageInput::Mark>(report.mark)};
}

std::string
LabelOf(const Octets& octets)
{
    const Parsed<Header> header = ReadHeader(octets);
    return header ? ToString(header.value->exchange) : "no message";
}

uint64_t
PacketsOf(const IpsecDataPlane& plane, PairId pair)
{
    const auto in = plane.GetInboundSaCounters(pair);
    const auto out = plane.GetOutboundSaCounters(pair);
    return (in ? in->packets : 0) + (out ? out->packets : 0);
}

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
    : m_crypto(std::move(crypto))
{
}

uint32_t
World::AddNode(const std::string& name,
               std::shared_ptr<const EngineConfig> config,
               const RandomKey& key)
{
    m_nodes.push_back(WorldNode{name, Engine(config, key), IpsecDataPlane(key), key, 0, {}, {}});
    return static_cast<uint32_t>(m_nodes.size() - 1);
}

void
World::AddNat(uint32_t node, const IpAddress& outside, uint16_t firstPort)
{
    const IpAddress inside = m_nodes.at(node).engine.GetConfig().connections.at(0).local;
    m_nats.emplace(node, WorldNat(inside, outside, firstPort));
}

void
World::RemapNat(uint32_t node, const IpAddress& outside)
{
    m_nats.at(node).Forget(outside);
}

void
World::SetReachable(uint32_t node, ConnectionId connection, bool up)
{
    m_nodes.at(node).reachable[connection] = up;
    Give(node, LinkChangeInput{connection, up});
}

void
World::Give(uint32_t node, const Input& input)
{
    std::vector<Input> queue{input};
    for (size_t i = 0; i < queue.size(); i++)
    {
        const Input next = queue[i];
        Apply(node, m_nodes.at(node).engine.Handle(m_now, next, *m_crypto), queue);
    }
}

void
World::Apply(uint32_t node, const Actions& actions, std::vector<Input>& more)
{
    for (const Action& action : actions)
    {
        ApplyOne(node, action, more);
    }
}

void
World::ApplyOne(uint32_t node, const Action& action, std::vector<Input>& more)
{
    IpsecDataPlane& plane = m_nodes[node].plane;
    if (const auto* send = std::get_if<SendAction>(&action))
    {
        Flight f;
        f.source = send->local;
        f.destination = send->remote;
        f.octets = send->octets;
        f.label = LabelOf(send->octets);
        Launch(node, f);
    }
    else if (const auto* install = std::get_if<InstallSaAction>(&action))
    {
        if (install->inbound)
        {
            plane.InstallInbound(*install->inbound);
        }
        if (install->outbound)
        {
            plane.InstallOutbound(*install->outbound);
        }
    }
    else if (const auto* remove = std::get_if<RemoveSaAction>(&action))
    {
        if (remove->inbound)
        {
            plane.RemoveInbound(remove->pair);
        }
        if (remove->outbound)
        {
            plane.RemoveOutbound(remove->pair);
        }
    }
    else if (const auto* select = std::get_if<SelectOutboundAction>(&action))
    {
        plane.SelectOutbound(select->connection, select->pair);
    }
    else if (const auto* move = std::get_if<MoveSaAction>(&action))
    {
        plane.Move(move->pair, move->remote);
    }
    else if (const auto* keepalive = std::get_if<SendKeepaliveAction>(&action))
    {
        Flight f;
        f.source = keepalive->local;
        f.destination = keepalive->remote;
        f.isKeepalive = true;
        f.octets = {0xff};
        f.label = "NAT keepalive";
        Launch(node, f);
    }
    else if (const auto* ask = std::get_if<AskUsageAction>(&action))
    {
        const TunnelUsage usage = plane.GetUsage(ask->connection);
        more.push_back(UsageInput{ask->connection, usage.inbound, usage.outbound, ask->isakmp});
    }
    else if (const auto* attempt = std::get_if<AttemptAction>(&action))
    {
        m_nodes[node].attempts.push_back({m_now, attempt->connection, attempt->running});
    }
    else if (const auto* open = std::get_if<OpenConnectionAction>(&action))
    {
        m_nodes[node].opened[open->connection->id] = *open->connection;
    }
    else if (const auto* close = std::get_if<CloseConnectionAction>(&action))
    {
        m_nodes[node].opened.erase(close->connection);
    }
    else if (const auto* report = std::get_if<ReportAction>(&action))
    {
        Report(node, *report->event);
    }
    else if (const auto* compute = std::get_if<ComputeAction>(&action))
    {
        more.push_back(ComputedInput{compute->job, m_crypto->Run(compute->dh)});
    }
}

void
World::Report(uint32_t node, Event event)
{
    if (event.kind == EventKind::PairRemoved)
    {
        for (const PairView& pair : m_nodes[node].engine.GetPairs())
        {
            if (pair.identity == event.pair)
            {
                event.value = PacketsOf(m_nodes[node].plane, pair.id);
            }
        }
    }
    m_log.push_back(TimedEvent{m_now, m_nodes[node].name, event});
}

void
World::Launch(uint32_t node, Flight flight)
{
    // A datagram to nobody is lost at once: no node has the address
    if (!PassNats(flight))
    {
        return;
    }
    for (uint32_t other = 0; other < m_nodes.size(); other++)
    {
        for (const ConnectionConfig& c : m_nodes[other].engine.GetConfig().connections)
        {
            if (other != node && c.local == flight.destination.address)
            {
                flight.id = m_nextFlight++;
                flight.from = node;
                flight.to = other;
                flight.sentAt = m_now;
                m_flights.push_back(flight);
                return;
            }
        }
    }
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

Flight
World::Take(uint32_t flight)
{
    const auto it = std::find_if(m_flights.begin(), m_flights.end(), [&](const Flight& f) {
        return f.id == flight;
    });
    if (it == m_flights.end())
    {
        throw std::invalid_argument("no datagram " + std::to_string(flight) + " is in flight");
    }
    const Flight taken = *it;
    m_flights.erase(it);
    return taken;
}

void
World::Deliver(uint32_t flight)
{
    const Flight f = Take(flight);
    if (f.isKeepalive)
    {
        return; // RFC 3948 2.3: the receiver ignores it
    }
    if (!f.isEsp)
    {
        Give(f.to, DatagramInput{f.destination, f.source, f.octets});
        return;
    }
    WorldNode& node = m_nodes[f.to];
    OuterHeader outer{f.source.address, f.destination.address};
    if (f.source.port != 0)
    {
        outer.udp = UdpEncapsulation{f.source.port, f.destination.port};
    }
    const InboundResult result = node.plane.Inbound(m_now, outer, f.octets, *m_crypto);
    node.plane.CountInbound(result.verdict);
    for (const UsageReport& report : result.usage)
    {
        Give(f.to, ToInput(report));
    }
    if (result.verdict.action == VerdictAction::Accept)
    {
        m_nodes[f.to].delivered.push_back(result.inner);
    }
    else if (result.verdict.reason == DropReason::UnknownSpi)
    {
        Give(f.to, UnknownSpiInput{f.destination.address, f.source.address, result.spi});
    }
}

void
World::Drop(uint32_t flight)
{
    Take(flight);
}

uint32_t
World::Duplicate(uint32_t flight)
{
    const auto it = std::find_if(m_flights.begin(), m_flights.end(), [&](const Flight& f) {
        return f.id == flight;
    });
    if (it == m_flights.end())
    {
        throw std::invalid_argument("no datagram " + std::to_string(flight) + " is in flight");
    }
    Flight copy = *it;
    copy.id = m_nextFlight++;
    m_flights.push_back(copy);
    return copy.id;
}

void
World::AdvanceTo(Instant t)
{
    m_now = std::max(m_now, t);
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
        if (m_nodes[node].engine.NextDeadline() == next)
        {
            Give(node, TimeoutInput{});
            return true;
        }
    }
    return false;
}

void
World::Reboot(uint32_t node)
{
    WorldNode& n = m_nodes.at(node);
    n.reboots++;
    for (const Event& lost : n.engine.GetLossEvents())
    {
        Report(node, lost);
    }
    RandomKey key = n.key;
    for (unsigned i = 0; i < 8; i++)
    {
        key.octets[16 + i] = static_cast<uint8_t>(n.reboots >> (8 * i));
    }
    const auto config = std::make_shared<const EngineConfig>(n.engine.GetConfig());
    n.engine = Engine(config, key);
    n.plane = IpsecDataPlane(key);
    n.opened.clear();
    for (const auto& [connection, up] : n.reachable)
    {
        Give(node, LinkChangeInput{connection, up});
    }
}

Verdict
World::Offer(uint32_t node, ConnectionId connection, const Octets& inner)
{
    const OutboundResult result =
        m_nodes.at(node).plane.Outbound(m_now, connection, inner, *m_crypto);
    m_nodes[node].plane.CountOutbound(result.verdict);
    if (result.verdict.action == VerdictAction::Protect)
    {
        Flight f;
        f.isEsp = true;
        const UdpEncapsulation none{0, 0};
        const UdpEncapsulation udp = result.outer.udp.value_or(none);
        f.source = Endpoint{result.outer.source, udp.sourcePort};
        f.destination = Endpoint{result.outer.destination, udp.destinationPort};
        f.octets = result.esp;
        f.label = result.outer.udp ? "ESP in UDP" : "ESP";
        Launch(node, f);
    }
    for (const UsageReport& report : result.usage)
    {
        Give(node, ToInput(report));
    }
    if (result.verdict.reason == DropReason::NoSa)
    {
        Give(node, AcquireInput{connection});
    }
    return result.verdict;
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
    return m_nodes.at(node);
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
        if (m_nodes[i].name == name)
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
    for (const WorldNode& node : m_nodes)
    {
        next = std::min(next, node.engine.NextDeadline());
    }
    return next;
}

const EventLog&
World::GetLog() const
{
    return m_log;
}

uint64_t
World::GetFingerprint() const
{
    Fingerprint f;
    for (const WorldNode& node : m_nodes)
    {
        f.Add(node.engine.GetFingerprint(m_now)).Add(node.plane.GetFingerprint(m_now));
        for (const WorldNode& other : m_nodes)
        {
            AddCounterparts(f, node.engine.GetPairs(), other.engine.GetPairs());
            AddCounterparts(f, node.engine.GetIsakmpSas(), other.engine.GetIsakmpSas());
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
        for (const WorldNode& node : m_nodes)
        {
            f.Add(node.engine.GetFingerprintOf(flight.octets, flight.isEsp));
        }
    }
    return f.Get();
}

} // namespace ike
} // namespace ns3
