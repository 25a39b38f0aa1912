/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-policy-guard.h"

#include "ns3/ipsec-manual-sa.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IpsecPolicyGuard");

namespace
{

constexpr uint8_t PROTOCOL_TCP = 6;
constexpr uint8_t PROTOCOL_UDP = 17;

/// What the policy wants to know of a packet.
IpPacketView
ViewOf(const Ipv4Header& header, Ptr<const Packet> payload)
{
    IpPacketView view;
    view.header.source = IpAddress::V4(header.GetSource().Get());
    view.header.destination = IpAddress::V4(header.GetDestination().Get());
    view.header.tos = header.GetTos();
    view.header.ttl = header.GetTtl();
    view.nextHeader = 4;
    view.headerLength = header.GetSerializedSize();
    view.length = view.headerLength + payload->GetSize();
    view.protocol = header.GetProtocol();
    view.payloadProtocol = header.GetProtocol();
    view.isFragment = header.GetFragmentOffset() != 0 || !header.IsLastFragment();
    uint8_t ports[4];
    const bool hasPorts = view.protocol == PROTOCOL_TCP || view.protocol == PROTOCOL_UDP;
    if (hasPorts && header.GetFragmentOffset() == 0 && payload->CopyData(ports, 4) == 4)
    {
        view.sourcePort = static_cast<uint16_t>(ports[0] << 8 | ports[1]);
        view.destinationPort = static_cast<uint16_t>(ports[2] << 8 | ports[3]);
    }
    return view;
}

/// The line that a peer opened: what was negotiated.
PolicyLine
LineFor(const ConnectionConfig& connection)
{
    PolicyLine line;
    line.line = MakeAccessLine(connection.localSelector, connection.remoteSelector);
    line.connections = {connection.id};
    return line;
}

/// The keys of one direction, as the data plane takes them.
ManualKeys
KeysOf(const ManualDirection& sa)
{
    return ManualKeys{sa.spi, sa.cipherKey, sa.authenticatorKey};
}

/// Manual keys, as the data plane takes them.
ManualSaParameters
ParametersOf(const ManualConnection& keys)
{
    ManualSaParameters parameters;
    parameters.connection = keys.connection;
    parameters.local = keys.local;
    parameters.remote = keys.peer;
    parameters.localTraffic = keys.localSelector;
    parameters.remoteTraffic = keys.remoteSelector;
    parameters.cipher = keys.set.cipher;
    parameters.keyBits = keys.set.keyBits;
    parameters.integrity = keys.set.integrity;
    parameters.transport = keys.set.transport;
    parameters.inbound = KeysOf(keys.inbound);
    parameters.outbound = KeysOf(keys.outbound);
    return parameters;
}

/// Do both make the same SAs?
bool
IsSame(const ManualConnection& a, const ManualConnection& b)
{
    const auto all = [](const ManualConnection& m) {
        return std::tie(m.local,
                        m.peer,
                        m.localSelector,
                        m.remoteSelector,
                        m.set.cipher,
                        m.set.keyBits,
                        m.set.integrity,
                        m.set.transport,
                        m.inbound.spi,
                        m.inbound.cipherKey,
                        m.inbound.authenticatorKey,
                        m.outbound.spi,
                        m.outbound.cipherKey,
                        m.outbound.authenticatorKey);
    };
    return all(a) == all(b);
}

/// Book a verdict.
void
Count(PlaneCounters& counters, const Verdict& verdict)
{
    ++counters.in;
    switch (verdict.action)
    {
    case VerdictAction::Accept:
    case VerdictAction::Protect:
        ++counters.passed;
        break;
    case VerdictAction::Bypass:
        ++counters.bypassed;
        break;
    case VerdictAction::Discard:
        ++counters.discarded[static_cast<size_t>(verdict.reason)];
        break;
    }
}

/// Book a packet that passive mode lets go on in the clear.
void
Count(PassiveTally::Clear& clear, bool passive)
{
    if (passive)
    {
        ++clear.packets;
        clear.last = SimulatedNow();
    }
}

} // namespace

PolicyGuard::PolicyGuard(RouterDesk& desk,
                         NodeInterfaces& interfaces,
                         const NodeRoutes& routes,
                         TunnelTraffic& traffic)
    : m_desk(desk),
      m_interfaces(interfaces),
      m_routes(routes),
      m_traffic(traffic)
{
}

void
PolicyGuard::Attach(Ptr<Ipv4> ipv4)
{
    m_ipv4 = ipv4;
}

void
PolicyGuard::Dispose()
{
    m_event.Cancel();
    m_ports.clear();
    m_manual.clear();
    m_routing = nullptr;
    m_ipv4 = nullptr;
}

// --- Configuration -> node ------------------------------------------------------------------

void
PolicyGuard::Apply(const RouterConfig& text, const PolicyConfig& policy, const IkeKnobs& knobs)
{
    NS_LOG_FUNCTION(this);
    m_knobs = knobs;
    m_gate.Configure(policy.interfaces, policy.passive, SimulatedNow());
    std::vector<IpsecPolicyRouting::Door> doors;
    std::set<ConnectionId> served = m_opened;
    for (const InterfacePolicy& interface : policy.interfaces)
    {
        const std::optional<size_t> index = ObtainPort(interface.interface);
        const InterfaceText* interfaceText = text.FindInterface(interface.interface);
        if (!index || !interfaceText)
        {
            continue; // the router has said already that it has no such interface
        }
        Port& port = m_ports[*index];
        port.number = *m_gate.FindInterface(interface.interface);
        port.settings = ResolveTunnelSettings(text, *interfaceText);
        port.settings.mode = TunnelMode::IpsecIpv4; // nothing but ESP around a packet
        doors.push_back({port.device, port.divert, *index});
        for (const PolicyEntry& entry : interface.entries)
        {
            ServeEntry(port, entry, served);
        }
    }
    m_traffic.DropPolicy(served);
    if (m_routing)
    {
        m_routing->SetDoors(doors);
    }
    UpdateAddresses();
    ApplyManual(policy.manual);
    Reschedule();
}

void
PolicyGuard::ServeEntry(const Port& port, const PolicyEntry& entry, std::set<ConnectionId>& served)
{
    for (const PolicyLine& line : entry.lines)
    {
        for (ConnectionId connection : line.connections)
        {
            m_traffic.ServePolicy(connection, port.divert, port.settings, m_knobs);
            served.insert(connection);
        }
    }
}

void
PolicyGuard::UpdateAddresses()
{
    std::vector<IpAddress> addresses;
    for (uint32_t i = 0; i < m_ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < m_ipv4->GetNAddresses(i); ++j)
        {
            addresses.push_back(IpAddress::V4(m_ipv4->GetAddress(i, j).GetLocal().Get()));
        }
    }
    m_gate.SetOwnAddresses(addresses);
}

void
PolicyGuard::Open(const ConnectionConfig& connection)
{
    const auto port = std::find_if(m_ports.begin(), m_ports.end(), [&](const Port& p) {
        return p.name == connection.policyInterface;
    });
    if (port != m_ports.end() &&
        m_gate.Open(connection.policyInterface, connection.policyEntry, LineFor(connection)))
    {
        m_traffic.ServePolicy(connection.id, port->divert, port->settings, m_knobs);
        m_opened.insert(connection.id);
    }
}

void
PolicyGuard::Close(ConnectionId connection)
{
    m_opened.erase(connection);
    m_gate.Close(connection);
}

std::optional<size_t>
PolicyGuard::ObtainPort(const std::string& name)
{
    const auto known = std::find_if(m_ports.begin(), m_ports.end(), [&](const Port& port) {
        return port.name == name;
    });
    if (known != m_ports.end())
    {
        return static_cast<size_t>(known - m_ports.begin());
    }
    const int32_t index = m_interfaces.Find(name);
    if (index < 0)
    {
        return std::nullopt;
    }
    Enter();
    Port port;
    port.name = name;
    port.device = m_ipv4->GetNetDevice(static_cast<uint32_t>(index));
    port.divert = m_interfaces.MakeDivert(name + " crypto map");
    // A crypto map has no MTU of its own: what fits is up to the SA and the path.
    port.divert->SetInnerMtu(std::numeric_limits<uint16_t>::max());
    const uint32_t interface = m_ipv4->AddInterface(port.divert);
    m_routing->Hide(interface);
    // Without an address a limited broadcast of any socket would abort ns-3, and with this very one
    // such broadcasts pass the interface by.
    Ipv4InterfaceAddress address(Ipv4Address::GetLoopback(), Ipv4Mask::GetOnes());
    address.SetScope(Ipv4InterfaceAddress::HOST);
    m_ipv4->AddAddress(interface, address);
    m_ipv4->SetForwarding(interface, false); // packets count as received on the guarded interface
    m_ipv4->SetUp(interface);
    const size_t number = m_ports.size();
    port.divert->SetSendCallback(MakeCallback(&PolicyGuard::HandleOutbound, this).Bind(number));
    m_ports.push_back(port);
    return number;
}

void
PolicyGuard::Enter()
{
    if (!m_routing)
    {
        m_routing = CreateObject<IpsecPolicyRouting>();
        m_routing->SetInboundCallback(MakeCallback(&PolicyGuard::HandleInbound, this));
        m_routing->Enclose(m_ipv4);
    }
}

void
PolicyGuard::ApplyManual(const std::vector<ManualConnection>& wanted)
{
    IpsecDataPlane& plane = m_traffic.GetPlane();
    std::map<ConnectionId, ManualConnection> next;
    for (const ManualConnection& keys : wanted)
    {
        next[keys.connection] = keys;
    }
    for (const auto& [connection, keys] : m_manual)
    {
        const auto same = next.find(connection);
        if (same == next.end() || !IsSame(same->second, keys))
        {
            plane.RemoveInbound(MANUAL_PAIR_BIT | connection);
            plane.RemoveOutbound(MANUAL_PAIR_BIT | connection);
            plane.SelectOutbound(connection, 0);
        }
    }
    m_manual = next;
    InstallManual();
}

void
PolicyGuard::InstallManual()
{
    IpsecDataPlane& plane = m_traffic.GetPlane();
    for (const auto& [connection, keys] : m_manual)
    {
        if (!plane.HasOutbound(connection))
        {
            const ManualSaPair pair = MakeManualSaPair(ParametersOf(keys));
            plane.InstallInbound(pair.inbound);
            plane.InstallOutbound(pair.outbound);
            plane.SelectOutbound(connection, pair.outbound.pair);
        }
    }
}

void
PolicyGuard::Clear()
{
    m_opened.clear();
    m_gate.Clear(SimulatedNow());
}

// --- Packets --------------------------------------------------------------------------------

bool
PolicyGuard::HandleOutbound(size_t index, Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << index << packet);
    Ptr<Packet> payload = packet->Copy();
    Ipv4Header header;
    payload->RemoveHeader(header);
    const Ipv4Address to = header.GetDestination();
    if (to.IsMulticast() || to.IsBroadcast())
    {
        return true; // one of the copies that IPv4 makes for each interface; not the real one
    }
    if (m_desk.IsReloading())
    {
        // Nothing leaves by itself, and no clock of passive mode starts.
        m_desk.Drop(packet, "interface-down");
        return false;
    }
    const Port& port = m_ports[index];
    const GateOutbound decision =
        m_gate.Outbound(SimulatedNow(), port.number, ViewOf(header, payload), m_traffic.GetPlane());
    Count(m_outbound, decision.verdict);
    Count(m_passive.sent, decision.passive);
    Log(decision.message);
    bool sent = false;
    switch (decision.verdict.action)
    {
    case VerdictAction::Protect:
        sent = m_traffic.Send(decision.connection, packet);
        break;
    case VerdictAction::Discard:
        m_desk.Drop(packet, ToString(decision.verdict.reason));
        break;
    default:
        sent = SendClear(port, packet);
        break;
    }
    if (decision.acquire)
    {
        m_desk.Take(AcquireInput{*decision.acquire, decision.passive});
    }
    Reschedule();
    return sent;
}

bool
PolicyGuard::SendClear(const Port& port, Ptr<Packet> packet)
{
    Ipv4Header header;
    packet->RemoveHeader(header);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    Ptr<Ipv4Route> route = m_routing->GetInner()->RouteOutput(packet, header, port.device, error);
    if (!route)
    {
        packet->AddHeader(header);
        m_desk.Drop(packet, "no-route");
        return false;
    }
    m_ipv4->SendWithHeader(packet, header, route);
    return true;
}

bool
PolicyGuard::HandleInbound(size_t index, Ptr<const Packet> packet, const Ipv4Header& header)
{
    const GateInbound decision =
        m_gate.Inbound(SimulatedNow(), m_ports[index].number, ViewOf(header, packet));
    Count(m_inbound, decision.verdict);
    Count(m_passive.accepted, decision.passive);
    Log(decision.message);
    Reschedule();
    if (decision.verdict.action != VerdictAction::Discard)
    {
        return true;
    }
    m_desk.Drop(packet, ToString(decision.verdict.reason));
    return false;
}

// --- What the policy hears and says ---------------------------------------------------------

void
PolicyGuard::NoteSelected(ConnectionId connection, bool selected)
{
    m_gate.NoteSelected(connection, selected);
}

void
PolicyGuard::NoteAttempt(ConnectionId connection, bool running)
{
    m_gate.NoteAttempt(connection, running, SimulatedNow());
}

void
PolicyGuard::Log(const std::optional<GateMessage>& message)
{
    if (message)
    {
        Event event;
        event.kind = EventKind::SecurityWarning;
        event.peer = message->address;
        event.text = message->ToString();
        auto& warnings = m_passive.warnings.at(static_cast<size_t>(message->kind));
        ++warnings.count;
        warnings.last = event.text;
        m_desk.Report(event);
    }
}

void
PolicyGuard::Reschedule()
{
    const Instant next = m_gate.NextDeadline();
    if (next == Instant::Never())
    {
        m_event.Cancel();
        return;
    }
    const Time wait = NanoSeconds(next.ns) - Simulator::Now();
    const Time left = m_event.IsExpired() ? Time::Max() : Simulator::GetDelayLeft(m_event);
    if (wait < left)
    {
        m_event.Cancel();
        m_event = Simulator::Schedule(std::max(wait, Time(0)), &PolicyGuard::HandleDeadline, this);
    }
}

void
PolicyGuard::HandleDeadline()
{
    Log(m_gate.HandleDeadline(SimulatedNow()));
    Reschedule();
}

const IpsecGate&
PolicyGuard::GetGate() const
{
    return m_gate;
}

const PlaneCounters&
PolicyGuard::GetOutboundCounters() const
{
    return m_outbound;
}

const PlaneCounters&
PolicyGuard::GetInboundCounters() const
{
    return m_inbound;
}

const PassiveTally&
PolicyGuard::GetPassiveTally() const
{
    return m_passive;
}

} // namespace ike
} // namespace ns3
