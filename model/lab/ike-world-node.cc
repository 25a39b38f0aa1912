/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-world-node.h"

#include "ns3/ike-ios-parser.h"
#include "ns3/ike-ios-policy-resolve.h"
#include "ns3/ike-message.h"
#include "ns3/ipsec-ip-packet.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

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

/// A node at work on one stimulus.
class Stepper
{
  public:
    Stepper(WorldNode& node, Instant now, CryptoProvider& crypto)
        : m_node(node),
          m_now(now),
          m_crypto(crypto)
    {
    }

    // One overload for each stimulus.
    void operator()(const Input& input);
    void operator()(const ArrivalStimulus& arrival);
    void operator()(const OfferStimulus& offer);
    void operator()(const ReachStimulus& reach);
    void operator()(const ReminderStimulus& reminder);
    void operator()(const RebootStimulus& reboot);
    void operator()(const ConfigureStimulus& change);
    void operator()(const TypeStimulus& typed);

    NodeStep Take()
    {
        return std::move(m_step);
    }

  private:
    /// Whatever an input leads to, until nothing more comes.
    void Give(const Input& input);
    void Apply(const Actions& actions, std::vector<Input>& more);
    void GiveUsage(const std::vector<UsageReport>& usage);

    // One overload for each action.
    void Do(const SendAction& send);
    void Do(const InstallSaAction& install);
    void Do(const RemoveSaAction& remove);
    void Do(const SelectOutboundAction& select);
    void Do(const MoveSaAction& move);
    void Do(const SendKeepaliveAction& keepalive);
    void Do(const AskUsageAction& ask);
    void Do(const AttemptAction& attempt);
    void Do(const OpenConnectionAction& open);
    void Do(const CloseConnectionAction& close);
    void Do(const ReportAction& report);
    void Do(const ComputeAction& compute);

    void Report(Event event);
    void Warn(const std::optional<GateMessage>& message);
    void Send(Flight flight);
    void ArriveEsp(const Flight& f);
    void ArriveClear(const Flight& f);
    void OfferTo(ConnectionId connection, const Octets& inner);
    void OfferThroughGate(const WorldFlow& flow);
    void SendClear(const Octets& packet, ConnectionId connection);
    /// The gate's interface with an address; nothing: no crypto map is there.
    std::optional<size_t> FindInterfaceAt(const IpAddress& address) const;
    /// The gate follows a configuration that was typed.
    void ConfigureGate(const RouterConfig& config, const IkeKnobs& knobs);

    WorldNode& m_node;                   ///< whose
    Instant m_now;                       ///< when
    CryptoProvider& m_crypto;            ///< of the world
    NodeStep m_step;                     ///< what comes out
    std::vector<Input>* m_more{nullptr}; ///< what the engine hears next
};

void
Stepper::Give(const Input& input)
{
    std::vector<Input> queue{input};
    for (size_t i = 0; i < queue.size(); i++)
    {
        const Input next = queue[i];
        Apply(m_node.engine.Handle(m_now, next, m_crypto), queue);
    }
}

void
Stepper::Apply(const Actions& actions, std::vector<Input>& more)
{
    m_more = &more;
    for (const Action& action : actions)
    {
        std::visit([this](const auto& a) { Do(a); }, action);
    }
}

void
Stepper::GiveUsage(const std::vector<UsageReport>& usage)
{
    for (const UsageReport& report : usage)
    {
        Give(SaUsageInput{report.pair, static_cast<SaUsageInput::Mark>(report.mark)});
    }
}

// --- Actions -------------------------------------------------------------------------------------

void
Stepper::Send(Flight flight)
{
    flight.sentAt = m_now;
    m_step.sent.push_back(std::move(flight));
}

void
Stepper::Do(const SendAction& send)
{
    Flight f;
    f.source = send.local;
    f.destination = send.remote;
    f.octets = send.octets;
    f.label = LabelOf(send.octets);
    Send(std::move(f));
}

void
Stepper::Do(const InstallSaAction& install)
{
    if (install.inbound)
    {
        m_node.plane.InstallInbound(*install.inbound);
    }
    if (install.outbound)
    {
        m_node.plane.InstallOutbound(*install.outbound);
    }
}

void
Stepper::Do(const RemoveSaAction& remove)
{
    if (remove.inbound)
    {
        m_node.plane.RemoveInbound(remove.pair);
    }
    if (remove.outbound)
    {
        m_node.plane.RemoveOutbound(remove.pair);
    }
}

void
Stepper::Do(const SelectOutboundAction& select)
{
    m_node.plane.SelectOutbound(select.connection, select.pair);
    if (m_node.gate)
    {
        m_node.gate->NoteSelected(select.connection, select.pair != 0);
    }
}

void
Stepper::Do(const MoveSaAction& move)
{
    m_node.plane.Move(move.pair, move.remote);
}

void
Stepper::Do(const SendKeepaliveAction& keepalive)
{
    Flight f;
    f.source = keepalive.local;
    f.destination = keepalive.remote;
    f.isKeepalive = true;
    f.octets = {0xff};
    f.label = "NAT keepalive";
    Send(std::move(f));
}

void
Stepper::Do(const AskUsageAction& ask)
{
    const TunnelUsage usage = m_node.plane.GetUsage(ask.connection);
    m_more->push_back(UsageInput{ask.connection, usage.inbound, usage.outbound, ask.isakmp});
}

void
Stepper::Do(const AttemptAction& attempt)
{
    m_node.attempts.push_back({m_now, attempt.connection, attempt.running});
    if (m_node.gate)
    {
        m_node.gate->NoteAttempt(attempt.connection, attempt.running, m_now);
    }
}

void
Stepper::Do(const OpenConnectionAction& open)
{
    m_node.opened[open.connection->id] = *open.connection;
}

void
Stepper::Do(const CloseConnectionAction& close)
{
    m_node.opened.erase(close.connection);
}

void
Stepper::Do(const ReportAction& report)
{
    Report(*report.event);
}

void
Stepper::Do(const ComputeAction& compute)
{
    m_more->push_back(ComputedInput{compute.job, m_crypto.Run(compute.dh)});
}

void
Stepper::Report(Event event)
{
    if (event.kind == EventKind::PairRemoved)
    {
        for (const PairView& pair : m_node.engine.GetPairs())
        {
            if (pair.identity == event.pair)
            {
                event.value = PacketsOf(m_node.plane, pair.id);
            }
        }
    }
    m_step.events.push_back(TimedEvent{m_now, m_node.name, std::move(event)});
}

void
Stepper::Warn(const std::optional<GateMessage>& message)
{
    if (message)
    {
        Event e;
        e.kind = EventKind::SecurityWarning;
        e.peer = message->address;
        e.text = message->ToString();
        Report(std::move(e));
    }
}

// --- Stimuli -------------------------------------------------------------------------------------

void
Stepper::operator()(const Input& input)
{
    Give(input);
}

void
Stepper::operator()(const ArrivalStimulus& arrival)
{
    const Flight& f = arrival.flight;
    if (f.isKeepalive)
    {
        return; // RFC 3948 2.3: the receiver ignores it
    }
    if (f.isClear)
    {
        ArriveClear(f);
    }
    else if (f.isEsp)
    {
        ArriveEsp(f);
    }
    else
    {
        Give(DatagramInput{f.destination, f.source, f.octets});
    }
}

void
Stepper::ArriveEsp(const Flight& f)
{
    OuterHeader outer{f.source.address, f.destination.address};
    if (f.source.port != 0)
    {
        outer.udp = UdpEncapsulation{f.source.port, f.destination.port};
    }
    const InboundResult result = m_node.plane.Inbound(m_now, outer, f.octets, m_crypto);
    m_node.plane.CountInbound(result.verdict);
    GiveUsage(result.usage);
    if (result.verdict.action == VerdictAction::Accept)
    {
        m_node.delivered.push_back(result.inner);
    }
    else if (result.verdict.reason == DropReason::UnknownSpi)
    {
        Give(UnknownSpiInput{f.destination.address, f.source.address, result.spi});
    }
}

void
Stepper::ArriveClear(const Flight& f)
{
    if (!m_node.gate)
    {
        return; // a packet to somewhere behind this host, which knows no reason to refuse it
    }
    const std::optional<IpPacketView> packet = ReadIpPacket(f.octets);
    if (!packet)
    {
        return;
    }
    const std::optional<size_t> interface = FindInterfaceAt(f.destination.address);
    if (!interface)
    {
        m_node.delivered.push_back(f.octets);
        return;
    }
    const GateInbound result = m_node.gate->Inbound(m_now, *interface, *packet);
    Warn(result.message);
    if (result.verdict.action == VerdictAction::Bypass)
    {
        m_node.delivered.push_back(f.octets);
    }
}

std::optional<size_t>
Stepper::FindInterfaceAt(const IpAddress& address) const
{
    const auto found = m_node.interfaces.find(address);
    return found == m_node.interfaces.end() ? std::nullopt
                                            : m_node.gate->FindInterface(found->second);
}

void
Stepper::operator()(const OfferStimulus& offer)
{
    if (offer.flow.interface.empty() || !m_node.gate)
    {
        OfferTo(offer.flow.connection, offer.flow.inner);
    }
    else
    {
        OfferThroughGate(offer.flow);
    }
}

void
Stepper::OfferTo(ConnectionId connection, const Octets& inner)
{
    const OutboundResult result = m_node.plane.Outbound(m_now, connection, inner, m_crypto);
    m_node.plane.CountOutbound(result.verdict);
    m_step.verdict = result.verdict;
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
        Send(std::move(f));
    }
    GiveUsage(result.usage);
    if (result.verdict.reason == DropReason::NoSa)
    {
        Give(AcquireInput{connection});
    }
}

void
Stepper::OfferThroughGate(const WorldFlow& flow)
{
    const std::optional<size_t> interface = m_node.gate->FindInterface(flow.interface);
    const std::optional<IpPacketView> packet = ReadIpPacket(flow.inner);
    if (!interface || !packet)
    {
        throw std::invalid_argument("the flow " + flow.name + " leads nowhere: no crypto map on " +
                                    flow.interface + ", or no IP packet");
    }
    const GateOutbound result = m_node.gate->Outbound(m_now, *interface, *packet, m_node.plane);
    Warn(result.message);
    m_step.verdict = result.verdict;
    if (result.verdict.action == VerdictAction::Protect)
    {
        OfferTo(result.connection, flow.inner);
    }
    else if (result.passive)
    {
        // what no line asks for is none of IPsec's, and not of this world
        SendClear(flow.inner, result.missing);
    }
    if (result.acquire)
    {
        Give(AcquireInput{*result.acquire, m_node.gate->GetRules().enabled});
    }
}

/// A world has no routes: to the peer whose SA is missing, or to the first one.
void
Stepper::SendClear(const Octets& packet, ConnectionId connection)
{
    const std::vector<ConnectionConfig>& all = m_node.engine.GetConfig().connections;
    if (all.empty())
    {
        return;
    }
    const auto found = std::find_if(all.begin(), all.end(), [connection](const auto& c) {
        return c.id == connection;
    });
    const ConnectionConfig& way = found == all.end() ? all.front() : *found;
    Flight f;
    f.isClear = true;
    f.source = Endpoint{way.local, 0};
    f.destination = Endpoint{way.peer, 0};
    f.octets = packet;
    f.label = "clear packet";
    Send(std::move(f));
}

void
Stepper::operator()(const ReachStimulus& reach)
{
    m_node.reachable[reach.connection] = reach.up;
    Give(LinkChangeInput{reach.connection, reach.up});
}

void
Stepper::operator()(const ReminderStimulus& /* reminder */)
{
    Warn(m_node.gate->HandleDeadline(m_now));
}

void
Stepper::operator()(const RebootStimulus& /* reboot */)
{
    m_node.reboots++;
    for (const Event& lost : m_node.engine.GetLossEvents())
    {
        Report(lost);
    }
    RandomKey key = m_node.key;
    for (unsigned i = 0; i < 8; i++)
    {
        key.octets[16 + i] = static_cast<uint8_t>(m_node.reboots >> (8 * i));
    }
    const auto config = std::make_shared<const EngineConfig>(m_node.engine.GetConfig());
    m_node.engine = Engine(config, key);
    m_node.plane = IpsecDataPlane(key);
    m_node.opened.clear();
    if (m_node.gate)
    {
        m_node.gate->Clear(m_now);
    }
    for (const auto& [connection, up] : m_node.reachable)
    {
        Give(LinkChangeInput{connection, up});
    }
}

void
Stepper::operator()(const ConfigureStimulus& change)
{
    m_node.configured = "config " + change.name;
    Give(ReconfigureInput{change.config});
}

void
Stepper::operator()(const TypeStimulus& typed)
{
    if (!m_node.console)
    {
        throw std::invalid_argument(m_node.name + " has no console here");
    }
    auto next = std::make_shared<WorldConsole>(*m_node.console);
    const ConsoleView view{m_now,
                           m_node.engine,
                           m_node.plane,
                           m_node.gate ? &*m_node.gate : nullptr};
    const ConsoleReply reply = next->console.Type(typed.line, view);
    if (reply.isError)
    {
        throw std::invalid_argument(reply.output);
    }
    m_node.configured += "\n" + typed.line;
    m_node.console = next;
    for (const Input& input : reply.inputs)
    {
        Give(input);
    }
    if (reply.configChanged)
    {
        const RouterConfig& config = next->console.GetConfig();
        ConfigureGate(config, next->knobs);
        Give(ReconfigureInput{
            std::make_shared<const EngineConfig>(ResolveEngineConfig(config, next->knobs))});
    }
}

void
Stepper::ConfigureGate(const RouterConfig& config, const IkeKnobs& knobs)
{
    if (m_node.gate)
    {
        const PolicyConfig policy = ResolvePolicyConfig(config, knobs);
        m_node.gate->Configure(policy.interfaces, policy.passive, m_now);
    }
}

} // namespace

NodeStep
StepNode(WorldNode& node, Instant now, const Stimulus& stimulus, CryptoProvider& crypto)
{
    Stepper stepper(node, now, crypto);
    std::visit(stepper, stimulus);
    return stepper.Take();
}

StateKey
KeyOf(const WorldNode& node, Instant now)
{
    StateHash hash;
    node.engine.AddTo(hash, now);
    node.plane.AddTo(hash, now);
    hash.Number(node.reboots).Add(std::string_view(node.configured));
    for (const auto& [connection, up] : node.reachable)
    {
        hash.Number(connection).Number(up);
    }
    if (node.gate)
    {
        hash.Add(node.gate->GetFingerprint(now));
    }
    return hash.Get();
}

StateKey
KeyOf(const Flight& f)
{
    StateHash hash;
    hash.Number(f.isEsp).Number(f.isKeepalive).Number(f.isClear);
    hash.Add(f.source.address).Number(f.source.port);
    hash.Add(f.destination.address).Number(f.destination.port);
    hash.Add(f.octets);
    return hash.Get();
}

} // namespace ike
} // namespace ns3
