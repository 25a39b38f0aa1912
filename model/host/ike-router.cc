/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-router.h"

#include "ipsec-carrier-tag.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/ike-console.h"
#include "ns3/ike-ios-parser.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-route.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-header.h"
#include "ns3/udp-l4-protocol.h"

#include <algorithm>
#include <set>
#include <utility>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeRouter");
NS_OBJECT_ENSURE_REGISTERED(IkeRouter);

namespace
{

/// Priorities in the routing list. InternetStackHelper's: static routing 0, global routing -10.
constexpr int16_t RIP_PRIORITY = -5;
constexpr int16_t LAST_RESORT_PRIORITY = -20;
/// Administrative distance of RIP, as in IOS.
constexpr unsigned RIP_DISTANCE = 120;
/// UDP port of RIP.
constexpr uint16_t RIP_PORT = 520;
/// Shortest IPv4 header.
constexpr size_t IPV4_HEADER = 20;

/// The time of the simulation as the pure rooms know it.
Instant
Now()
{
    return Instant{Simulator::Now().GetNanoSeconds()};
}

/// All octets of a packet.
Octets
OctetsOf(Ptr<const Packet> packet)
{
    Octets octets(packet->GetSize());
    packet->CopyData(octets.data(), packet->GetSize());
    return octets;
}

/// Write the sum of an IPv4 header into it: ns-3 leaves it out unless ChecksumEnabled is set.
void
FillHeaderChecksum(Octets& packet)
{
    if (packet.size() < IPV4_HEADER)
    {
        return;
    }
    const size_t length = std::min<size_t>(packet.size(), (packet[0] & 0x0f) * 4U);
    packet[10] = 0;
    packet[11] = 0;
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < length; i += 2)
    {
        sum += static_cast<uint32_t>(packet[i]) << 8 | packet[i + 1];
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    packet[10] = static_cast<uint8_t>(~sum >> 8);
    packet[11] = static_cast<uint8_t>(~sum);
}

/// Add the counters of one data plane to those of its predecessors.
void
AddTo(PlaneCounters& sum, const PlaneCounters& more)
{
    sum.in += more.in;
    sum.passed += more.passed;
    sum.bypassed += more.bypassed;
    for (unsigned i = 0; i < DROP_REASON_COUNT; ++i)
    {
        sum.discarded[i] += more.discarded[i];
    }
}

/// What of a configuration an engine can notice, to see whether that changed.
std::string
EngineTextOf(RouterConfig config)
{
    config.hostname = "";
    config.staticRoutes.clear();
    config.ripEnabled = false;
    config.ripNetworks.clear();
    return WriteIos(config);
}

/// The mask of an ns-3 route.
Ipv4Mask
MaskOf(unsigned prefixLength)
{
    return Ipv4Mask(MaskOfPrefixLength(prefixLength));
}

} // namespace

TypeId
IkeRouter::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeRouter")
            .SetParent<Object>()
            .SetGroupName("Ike")
            .AddConstructor<IkeRouter>()
            .AddAttribute("CarryTags",
                          "Carry packet tags and byte tags of inner packets across tunnels, a "
                          "truth value. Costs some 0.5 microseconds a packet.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&IkeRouter::m_carryTags),
                          MakeBooleanChecker())
            .AddAttribute("RoutePoll",
                          "How often to look for paths of tunnels while routes can age unseen "
                          "(RIP, or a routing protocol that is not the router's), a time; 0: "
                          "never. Most changes are seen at once without it; this is for routes "
                          "that time out.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&IkeRouter::m_routePoll),
                          MakeTimeChecker(NanoSeconds(0)))
            .AddTraceSource("Event",
                            "Something worth reporting happened: IKE, SAs, lines, paths, console.",
                            MakeTraceSourceAccessor(&IkeRouter::m_eventTrace),
                            "ns3::ike::IkeRouter::EventTracedCallback")
            .AddTraceSource("Drop",
                            "A packet was dropped by the data plane, by a tunnel, or for want of "
                            "a path, with the reason.",
                            MakeTraceSourceAccessor(&IkeRouter::m_dropTrace),
                            "ns3::ike::IkeRouter::DropTracedCallback");
    return tid;
}

IkeRouter::IkeRouter()
    : m_crypto(std::make_unique<CryptoMeter>(MakeOpensslProvider())),
      m_plane(std::make_unique<IpsecDataPlane>(RandomKey())),
      m_engineConfig(std::make_shared<EngineConfig>()),
      m_random(CreateObject<UniformRandomVariable>())
{
    NS_LOG_FUNCTION(this);
    m_tunnelFactory.SetTypeId(IpsecTunnelDevice::GetTypeId());
    m_ripFactory.SetTypeId(Rip::GetTypeId());
}

IkeRouter::~IkeRouter()
{
    NS_LOG_FUNCTION(this);
}

void
IkeRouter::NotifyNewAggregate()
{
    NS_LOG_FUNCTION(this);
    if (!m_node)
    {
        m_node = GetObject<Node>();
    }
    Object::NotifyNewAggregate();
}

void
IkeRouter::DoInitialize()
{
    NS_LOG_FUNCTION(this);
    m_started = true;
    if (m_console)
    {
        // RIP becomes part of the node now, and so the node initializes it next.
        ApplyRip();
        CheckPaths();
        SchedulePoll();
    }
    Object::DoInitialize();
}

void
IkeRouter::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_checkEvent.Cancel();
    m_pollEvent.Cancel();
    m_rebootEvent.Cancel();
    for (const auto& [name, device] : m_ownDevices)
    {
        device->SetSendCallback(IpsecTunnelDevice::SendCallback());
    }
    if (m_esp)
    {
        m_esp->Dispose();
    }
    if (m_ripFilter)
    {
        m_ripFilter->Dispose();
    }
    m_tunnels.clear();
    m_ownDevices.clear();
    m_devices.clear();
    m_application = nullptr;
    m_esp = nullptr;
    m_lastResort = nullptr;
    m_ripFilter = nullptr;
    m_static = nullptr;
    m_ipv4 = nullptr;
    m_node = nullptr;
    m_random = nullptr;
    Object::DoDispose();
}

// --- Set-up ---------------------------------------------------------------------------------

void
IkeRouter::SetDevice(const std::string& name, Ptr<NetDevice> device)
{
    NS_LOG_FUNCTION(this << name << device);
    m_devices[name] = device;
}

void
IkeRouter::SetKnobs(const IkeKnobs& knobs)
{
    m_knobs = knobs;
}

void
IkeRouter::SetTunnelAttribute(const std::string& name, const AttributeValue& value)
{
    m_tunnelFactory.Set(name, value);
}

void
IkeRouter::SetRipAttribute(const std::string& name, const AttributeValue& value)
{
    m_ripFactory.Set(name, value);
}

void
IkeRouter::SetApplication(Ptr<IkeApplication> application)
{
    m_application = application;
    m_application->SetRouter(this);
}

int64_t
IkeRouter::AssignStreams(int64_t stream)
{
    NS_LOG_FUNCTION(this << stream);
    m_random->SetStream(stream);
    m_ripStream = stream + 1;
    if (GetRip())
    {
        GetRip()->AssignStreams(m_ripStream);
    }
    return 2;
}

void
IkeRouter::Configure(const RouterConfig& config)
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_IF(m_console, "router " << m_name << " is configured already");
    m_name = config.hostname;
    m_console = std::make_unique<RouterConsole>(config);
    Attach();
    ApplyConfig();
}

void
IkeRouter::Attach()
{
    NS_ABORT_MSG_UNLESS(m_node, "aggregate the IkeRouter to a node first");
    m_ipv4 = m_node->GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(m_ipv4, "router " << m_name << ": its node has no IPv4");
    Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_ipv4->GetRoutingProtocol());
    NS_ABORT_MSG_UNLESS(list, "router " << m_name << ": its node needs Ipv4ListRouting");
    for (uint32_t i = 0; i < list->GetNRoutingProtocols() && !m_static; ++i)
    {
        int16_t priority = 0;
        m_static = DynamicCast<Ipv4StaticRouting>(list->GetRoutingProtocol(i, priority));
    }
    NS_ABORT_MSG_UNLESS(m_static, "router " << m_name << ": no static routing in its list");
    m_ripFilter = CreateObject<IkeRipFilter>();
    list->AddRoutingProtocol(m_ripFilter, RIP_PRIORITY);
    m_lastResort = CreateObject<Ipv4StaticRouting>();
    list->AddRoutingProtocol(m_lastResort, LAST_RESORT_PRIORITY);
    m_ripFilter->SetChangeCallback(MakeCallback(&IkeRouter::NotifyInterfaces, this));
    m_esp = CreateObject<EspL4Protocol>();
    m_esp->SetDownTarget(MakeCallback(&Ipv4::Send, m_ipv4));
    m_esp->SetEspCallback(MakeCallback(&IkeRouter::HandleInbound, this));
    m_ipv4->Insert(m_esp);
}

// --- Configuration -> node ------------------------------------------------------------------

void
IkeRouter::ApplyConfig()
{
    NS_LOG_FUNCTION(this);
    m_engineConfig =
        std::make_shared<const EngineConfig>(ResolveEngineConfig(GetConfig(), m_knobs));
    m_applying = true;
    ApplyTunnels();
    for (const InterfaceText& text : GetConfig().interfaces)
    {
        ApplyInterface(text);
    }
    RetireInterfaces();
    for (auto& [id, tunnel] : m_tunnels)
    {
        UpdateLine(id, tunnel);
    }
    m_applying = false;
    ApplyRoutes();
    ApplyRip();
    Reconfigure();
    CheckPaths();
    SchedulePoll();
}

void
IkeRouter::ApplyTunnels()
{
    for (auto& [id, tunnel] : m_tunnels)
    {
        const InterfaceText* text = GetConfig().FindInterface(tunnel.name);
        tunnel.configured = false; // so is one that is shut down: the engine does not know it
        tunnel.shutdown = text && text->shutdown;
    }
    for (const ConnectionConfig& connection : m_engineConfig->connections)
    {
        const InterfaceText* text = GetConfig().FindInterface(connection.name);
        if (!text)
        {
            continue;
        }
        ObtainDevice(*text);
        Tunnel& tunnel = m_tunnels[connection.id];
        tunnel.name = connection.name;
        tunnel.local = connection.local;
        tunnel.peer = connection.peer;
        tunnel.configured = true;
        tunnel.device = m_ownDevices.at(connection.name);
        tunnel.device->SetSendCallback(
            MakeCallback(&IkeRouter::HandleOutbound, this).Bind(connection.id));
    }
}

void
IkeRouter::ApplyInterface(const InterfaceText& text)
{
    Ptr<NetDevice> device = ObtainDevice(text);
    if (!device)
    {
        NS_ABORT_MSG_UNLESS(m_started,
                            "router " << m_name << ": which device is " << text.name << "?");
        Event event;
        event.kind = EventKind::Warning;
        event.text = text.name + ": the router has no such interface";
        Report(event);
        return;
    }
    int32_t index = m_ipv4->GetInterfaceForDevice(device);
    if (index < 0)
    {
        // An interface of IPv4 without an address upsets ns-3, and it can never be removed.
        if (!text.address)
        {
            return;
        }
        index = m_ipv4->AddInterface(device);
    }
    std::optional<Ipv4InterfaceAddress> address;
    if (text.address)
    {
        address =
            Ipv4InterfaceAddress(Ipv4Address(text.address->ToV4()), MaskOf(text.prefixLength));
    }
    ApplyAddress(text.name, index, address);
    bool up = !text.shutdown;
    if (text.IsTunnel())
    {
        const auto found = m_tunnels.find(text.id);
        up = found != m_tunnels.end() && found->second.lineUp;
    }
    SetInterfaceUp(index, up);
}

Ptr<NetDevice>
IkeRouter::ObtainDevice(const InterfaceText& text)
{
    const auto mapped = m_devices.find(text.name);
    if (mapped != m_devices.end())
    {
        return mapped->second;
    }
    const auto own = m_ownDevices.find(text.name);
    if (own != m_ownDevices.end())
    {
        return own->second;
    }
    if (!text.IsTunnel() && text.name.rfind("Loopback", 0) != 0)
    {
        return nullptr;
    }
    Ptr<IpsecTunnelDevice> device = m_tunnelFactory.Create<IpsecTunnelDevice>();
    device->SetName(text.name);
    device->SetLinkUp(!text.IsTunnel());
    device->TraceConnectWithoutContext("Drop", MakeCallback(&IkeRouter::Drop, this));
    m_node->AddDevice(device);
    m_ownDevices[text.name] = device;
    return device;
}

void
IkeRouter::ApplyAddress(const std::string& name,
                        uint32_t index,
                        const std::optional<Ipv4InterfaceAddress>& address)
{
    const uint32_t count = m_ipv4->GetNAddresses(index);
    if (address)
    {
        m_addressed.insert(name);
        if (count == 1 && m_ipv4->GetAddress(index, 0).GetLocal() == address->GetLocal() &&
            m_ipv4->GetAddress(index, 0).GetMask() == address->GetMask())
        {
            return;
        }
    }
    else if (m_addressed.erase(name) == 0)
    {
        return; // whoever gave it an address without the configuration may keep it
    }
    // Down first: all routing protocols see a change of address in the same way.
    SetInterfaceUp(index, false);
    while (m_ipv4->GetNAddresses(index) > 0)
    {
        m_ipv4->RemoveAddress(index, uint32_t{0});
    }
    if (address)
    {
        m_ipv4->AddAddress(index, *address);
    }
}

void
IkeRouter::RetireInterfaces()
{
    std::vector<std::string> retired;
    for (const std::string& name : m_addressed)
    {
        if (!GetConfig().FindInterface(name))
        {
            retired.push_back(name);
        }
    }
    for (const std::string& name : retired)
    {
        ApplyAddress(name, FindInterface(name), std::nullopt);
    }
}

void
IkeRouter::SetInterfaceUp(uint32_t index, bool up)
{
    // ns-3 looks for the address of whatever is up.
    const bool wanted = up && m_ipv4->GetNAddresses(index) > 0;
    if (wanted && !m_ipv4->IsUp(index))
    {
        m_ipv4->SetUp(index);
    }
    else if (!wanted && m_ipv4->IsUp(index))
    {
        m_ipv4->SetDown(index);
    }
}

int32_t
IkeRouter::FindInterface(const std::string& name) const
{
    const auto mapped = m_devices.find(name);
    if (mapped != m_devices.end())
    {
        return m_ipv4->GetInterfaceForDevice(mapped->second);
    }
    const auto own = m_ownDevices.find(name);
    return own != m_ownDevices.end() ? m_ipv4->GetInterfaceForDevice(own->second) : -1;
}

std::optional<IkeRouter::InstalledRoute>
IkeRouter::ResolveRoute(const StaticRouteText& text) const
{
    int32_t index = -1;
    uint32_t gateway = 0;
    if (text.interface)
    {
        index = FindInterface(text.interface->name);
    }
    else if (text.nextHop)
    {
        // The connected network that the next hop is in, the longest one.
        gateway = text.nextHop->ToV4();
        uint16_t longest = 0;
        for (uint32_t i = 0; i < m_ipv4->GetNInterfaces(); ++i)
        {
            for (uint32_t j = 0; m_ipv4->IsUp(i) && j < m_ipv4->GetNAddresses(i); ++j)
            {
                const Ipv4InterfaceAddress address = m_ipv4->GetAddress(i, j);
                if (address.GetMask().IsMatch(address.GetLocal(), Ipv4Address(gateway)) &&
                    address.GetMask().GetPrefixLength() > longest)
                {
                    index = static_cast<int32_t>(i);
                    longest = address.GetMask().GetPrefixLength();
                }
            }
        }
    }
    if (index < 0 || !m_ipv4->IsUp(index) || m_ipv4->GetNAddresses(index) == 0)
    {
        return std::nullopt;
    }
    const bool lastResort = text.prefix.length == 0 || text.distance > RIP_DISTANCE;
    return InstalledRoute(lastResort,
                          text.prefix.address.ToV4(),
                          MaskOfPrefixLength(text.prefix.length),
                          gateway,
                          static_cast<uint32_t>(index),
                          text.distance);
}

void
IkeRouter::ApplyRoutes()
{
    const auto tableOf = [this](const InstalledRoute& route) {
        return std::get<0>(route) ? m_lastResort : m_static;
    };
    const auto find = [&tableOf](const InstalledRoute& route) -> int64_t {
        Ptr<Ipv4StaticRouting> table = tableOf(route);
        for (uint32_t i = 0; i < table->GetNRoutes(); ++i)
        {
            const Ipv4RoutingTableEntry entry = table->GetRoute(i);
            const uint32_t gateway = entry.IsGateway() ? entry.GetGateway().Get() : 0;
            if (InstalledRoute(std::get<0>(route),
                               entry.GetDestNetwork().Get(),
                               entry.GetDestNetworkMask().Get(),
                               gateway,
                               entry.GetInterface(),
                               table->GetMetric(i)) == route)
            {
                return i;
            }
        }
        return -1;
    };

    std::vector<InstalledRoute> wanted;
    for (const StaticRouteText& text : GetConfig().staticRoutes)
    {
        const std::optional<InstalledRoute> route = ResolveRoute(text);
        if (route && std::find(wanted.begin(), wanted.end(), *route) == wanted.end())
        {
            wanted.push_back(*route);
        }
    }
    for (const InstalledRoute& route : m_routes)
    {
        const int64_t index = find(route);
        if (index >= 0 && std::find(wanted.begin(), wanted.end(), route) == wanted.end())
        {
            tableOf(route)->RemoveRoute(static_cast<uint32_t>(index));
        }
    }
    for (const InstalledRoute& route : wanted)
    {
        if (find(route) >= 0)
        {
            continue;
        }
        const auto [lastResort, network, mask, gateway, interface, metric] = route;
        if (gateway != 0)
        {
            tableOf(route)->AddNetworkRouteTo(Ipv4Address(network),
                                              Ipv4Mask(mask),
                                              Ipv4Address(gateway),
                                              interface,
                                              metric);
        }
        else
        {
            tableOf(route)->AddNetworkRouteTo(Ipv4Address(network),
                                              Ipv4Mask(mask),
                                              interface,
                                              metric);
        }
    }
    m_routes = std::move(wanted);
}

void
IkeRouter::ApplyRip()
{
    if (!m_started)
    {
        return; // a Rip that never ran cannot be disposed of
    }
    std::set<uint32_t> advertised;
    std::set<uint32_t> silent;
    for (const InterfaceText& text : GetConfig().interfaces)
    {
        const int32_t index = FindInterface(text.name);
        const bool matches =
            GetConfig().ripEnabled && text.address && index >= 0 &&
            std::any_of(GetConfig().ripNetworks.begin(),
                        GetConfig().ripNetworks.end(),
                        [&text](const IpPrefix& n) { return n.Contains(*text.address); });
        if (matches)
        {
            advertised.insert(index);
            if (!text.IsTunnel() && m_ownDevices.count(text.name) != 0)
            {
                silent.insert(index); // a loopback interface
            }
        }
    }
    const bool isNew = GetConfig().ripEnabled && !GetRip();
    if (isNew)
    {
        NS_ABORT_MSG_IF(m_node->GetObject<Rip>(), "router " << m_name << " has another Rip");
        Ptr<Rip> rip = m_ripFactory.Create<Rip>();
        if (m_ripStream >= 0)
        {
            rip->AssignStreams(m_ripStream);
        }
        m_node->AggregateObject(rip);
        m_ripFilter->SetRip(rip);
        Ptr<Ipv4L3Protocol> l3 = DynamicCast<Ipv4L3Protocol>(m_ipv4);
        l3->TraceConnectWithoutContext("LocalDeliver",
                                       MakeCallback(&IkeRouter::HandleLocalDeliver, this));
    }
    m_ripFilter->SetInterfaces(advertised, silent);
    if (isNew && IsInitialized())
    {
        GetRip()->Initialize(); // typed at the console: the node is through with that
    }
}

void
IkeRouter::Reconfigure()
{
    std::string text = EngineTextOf(GetConfig());
    if (text != m_engineText)
    {
        m_engineText = std::move(text);
        Take(ReconfigureInput{m_engineConfig});
    }
}

// --- Paths and lines ------------------------------------------------------------------------

void
IkeRouter::NotifyInterfaces()
{
    if (m_applying || !m_console)
    {
        return; // ApplyConfig() does all of it when it is through
    }
    ApplyRoutes();
    ScheduleCheck();
}

void
IkeRouter::ScheduleCheck()
{
    if (m_started && m_checkEvent.IsExpired())
    {
        m_checkEvent = Simulator::ScheduleNow(&IkeRouter::CheckPaths, this);
    }
}

void
IkeRouter::SchedulePoll()
{
    if (!m_started || m_routePoll.IsZero() || !m_pollEvent.IsExpired() ||
        m_engineConfig->connections.empty())
    {
        return;
    }
    bool ageing = GetConfig().ripEnabled;
    Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_ipv4->GetRoutingProtocol());
    for (uint32_t i = 0; list && i < list->GetNRoutingProtocols() && !ageing; ++i)
    {
        int16_t priority = 0;
        Ptr<Ipv4RoutingProtocol> protocol = list->GetRoutingProtocol(i, priority);
        ageing = !DynamicCast<Ipv4StaticRouting>(protocol) && protocol != m_ripFilter &&
                 protocol->GetInstanceTypeId().GetName() != "ns3::Ipv4GlobalRouting";
    }
    if (ageing)
    {
        m_pollEvent = Simulator::Schedule(m_routePoll, &IkeRouter::HandlePoll, this);
    }
}

void
IkeRouter::HandlePoll()
{
    CheckPaths();
    SchedulePoll();
}

void
IkeRouter::CheckPaths()
{
    if (!m_started || m_reloading || (m_application && !m_application->PeekEngine()))
    {
        return; // whoever is away finds out when it comes back
    }
    // The engine's actions may change the tunnels: first look at all, then tell.
    std::vector<std::pair<ConnectionId, std::string>> changes;
    for (auto& [id, tunnel] : m_tunnels)
    {
        std::string why;
        const bool up = LookForPath(tunnel, why);
        if (up != tunnel.pathUp)
        {
            tunnel.pathUp = up;
            changes.emplace_back(id, why);
        }
    }
    for (const auto& [id, why] : changes)
    {
        const Tunnel tunnel = m_tunnels.at(id);
        ReportTunnel(tunnel.pathUp ? EventKind::RouteUp : EventKind::RouteDown, id, tunnel, why);
        Take(LinkChangeInput{id, tunnel.pathUp});
    }
}

bool
IkeRouter::LookForPath(const Tunnel& tunnel, std::string& why) const
{
    if (!tunnel.configured)
    {
        why = tunnel.shutdown ? "shutdown" : "not-configured";
        return false;
    }
    const int32_t source = m_ipv4->GetInterfaceForAddress(Ipv4Address(tunnel.local.ToV4()));
    if (source < 0 || !m_ipv4->IsUp(source))
    {
        why = "source-down";
        return false;
    }
    return FindPath(Ipv4Address(tunnel.peer.ToV4()), why) != nullptr &&
           (m_knobs.lastResortCounts || HasOrdinaryRoute(Ipv4Address(tunnel.peer.ToV4()), why));
}

bool
IkeRouter::HasOrdinaryRoute(Ipv4Address destination, std::string& why) const
{
    Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_ipv4->GetRoutingProtocol());
    Ipv4Header header;
    header.SetDestination(destination);
    for (uint32_t i = 0; list && i < list->GetNRoutingProtocols(); ++i)
    {
        int16_t priority = 0;
        Ptr<Ipv4RoutingProtocol> protocol = list->GetRoutingProtocol(i, priority);
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        if (protocol != m_lastResort && protocol->RouteOutput(nullptr, header, nullptr, error))
        {
            return true;
        }
    }
    why = "last-resort";
    return false;
}

Ptr<Ipv4Route>
IkeRouter::FindPath(Ipv4Address destination, std::string& reason) const
{
    reason = "no-route";
    Ipv4Header header;
    header.SetDestination(destination);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    Ptr<Ipv4Route> route =
        m_ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, nullptr, error);
    if (!route || !route->GetOutputDevice())
    {
        return nullptr;
    }
    for (const auto& [name, device] : m_ownDevices)
    {
        if (route->GetOutputDevice() == device)
        {
            reason = "recursive-routing";
            return nullptr;
        }
    }
    const int32_t index = m_ipv4->GetInterfaceForDevice(route->GetOutputDevice());
    if (index < 0 || !m_ipv4->IsUp(index))
    {
        return nullptr;
    }
    reason.clear();
    return route;
}

void
IkeRouter::SelectOutbound(ConnectionId connection, PairId pair)
{
    NS_LOG_FUNCTION(this << connection << pair);
    m_plane->SelectOutbound(connection, pair);
    const auto found = m_tunnels.find(connection);
    if (found != m_tunnels.end())
    {
        found->second.selected = pair != 0;
        UpdateLine(connection, found->second);
    }
}

void
IkeRouter::UpdateLine(ConnectionId id, Tunnel& tunnel)
{
    const bool up = tunnel.configured && tunnel.selected && !m_reloading;
    if (up == tunnel.lineUp)
    {
        return;
    }
    tunnel.lineUp = up;
    tunnel.device->SetLinkUp(up);
    ReportTunnel(up ? EventKind::LineUp : EventKind::LineDown, id, tunnel, "");
    const int32_t index = m_ipv4->GetInterfaceForDevice(tunnel.device);
    if (index >= 0)
    {
        SetInterfaceUp(index, up);
    }
}

void
IkeRouter::ReportTunnel(EventKind kind, ConnectionId id, const Tunnel& tunnel, std::string text)
{
    Event event;
    event.kind = kind;
    event.connection = id;
    event.local = tunnel.local;
    event.peer = tunnel.peer;
    event.text = std::move(text);
    Report(event);
}

// --- Packets --------------------------------------------------------------------------------

bool
IkeRouter::HandleOutbound(ConnectionId connection, Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << connection << packet);
    Octets inner = OctetsOf(packet);
    FillHeaderChecksum(inner);
    OutboundResult result = m_plane->Outbound(Now(), connection, inner, *m_crypto);
    m_plane->CountOutbound(result.verdict);
    if (result.verdict.action != VerdictAction::Protect)
    {
        Drop(packet, ToString(result.verdict.reason));
        ReportUsage(result.usage);
        if (result.verdict.reason == DropReason::NoSa)
        {
            Take(AcquireInput{connection});
        }
        return false;
    }
    const Ipv4Address destination(result.destination.ToV4());
    std::string reason;
    Ptr<Ipv4Route> route = FindPath(destination, reason);
    if (route)
    {
        Ptr<Packet> outer = Create<Packet>(result.esp.data(), result.esp.size());
        if (m_carryTags)
        {
            IpsecCarrierTag::Carry(packet, outer);
        }
        m_esp->Send(outer, Ipv4Address(result.source.ToV4()), destination, route);
    }
    else
    {
        Drop(packet, reason);
        ScheduleCheck();
    }
    ReportUsage(result.usage);
    return route != nullptr;
}

void
IkeRouter::HandleInbound(Ptr<const Packet> packet, const Ipv4Header& header)
{
    NS_LOG_FUNCTION(this << packet);
    if (m_reloading)
    {
        Drop(packet, "reload");
        return;
    }
    const IpAddress source = IpAddress::V4(header.GetSource().Get());
    const IpAddress destination = IpAddress::V4(header.GetDestination().Get());
    const InboundResult result =
        m_plane->Inbound(Now(), source, destination, OctetsOf(packet), *m_crypto);
    m_plane->CountInbound(result.verdict);
    ReportUsage(result.usage);
    if (result.verdict.action == VerdictAction::Accept)
    {
        Deliver(result.connection, result.inner, packet);
        return;
    }
    Drop(packet, ToString(result.verdict.reason));
    if (result.verdict.reason == DropReason::UnknownSpi)
    {
        Take(UnknownSpiInput{destination, source, result.spi});
    }
}

void
IkeRouter::Deliver(ConnectionId connection, const Octets& inner, Ptr<const Packet> outer)
{
    const auto found = m_tunnels.find(connection);
    if (found == m_tunnels.end() || !found->second.lineUp)
    {
        Drop(outer, "line-down");
        return;
    }
    Ptr<Packet> packet = Create<Packet>(inner.data(), inner.size());
    if (m_carryTags)
    {
        IpsecCarrierTag::Restore(outer, packet);
    }
    found->second.device->Receive(packet);
}

void
IkeRouter::ReportUsage(const std::vector<UsageReport>& usage)
{
    for (const UsageReport& report : usage)
    {
        SaUsageInput input;
        input.pair = report.pair;
        switch (report.mark)
        {
        case UsageMark::FirstInbound:
            input.mark = SaUsageInput::Mark::FirstInbound;
            break;
        case UsageMark::SoftVolume:
            input.mark = SaUsageInput::Mark::SoftVolume;
            break;
        case UsageMark::HardVolume:
            input.mark = SaUsageInput::Mark::HardVolume;
            break;
        }
        Take(input);
    }
}

void
IkeRouter::HandleLocalDeliver(const Ipv4Header& header,
                              Ptr<const Packet> packet,
                              uint32_t /* interface */)
{
    UdpHeader udp;
    if (header.GetProtocol() != UdpL4Protocol::PROT_NUMBER || m_tunnels.empty() ||
        packet->GetSize() < udp.GetSerializedSize())
    {
        return;
    }
    packet->PeekHeader(udp);
    if (udp.GetDestinationPort() == RIP_PORT)
    {
        ScheduleCheck(); // when RIP has read it
    }
}

void
IkeRouter::Drop(Ptr<const Packet> packet, const std::string& reason)
{
    NS_LOG_LOGIC(m_name << " drops a packet: " << reason);
    m_dropTrace(packet, reason);
}

// --- Engine, console, reload ----------------------------------------------------------------

void
IkeRouter::Take(const Input& input)
{
    if (m_application)
    {
        m_application->Take(input);
    }
}

void
IkeRouter::Report(Event event)
{
    if (event.kind == EventKind::PairRemoved)
    {
        event.value = CountPackets(event);
    }
    m_eventTrace(TimedEvent{Now(), m_name, event});
}

std::string
IkeRouter::Type(const std::string& line)
{
    NS_LOG_FUNCTION(this << line);
    if (m_reloading)
    {
        return "% the router is reloading";
    }
    Event event;
    event.kind = EventKind::Console;
    event.text = line;
    Report(event);
    const Engine* engine = m_application ? m_application->PeekEngine() : nullptr;
    const Engine blank(m_engineConfig, RandomKey()); // show commands show an empty one
    const ConsoleReply reply =
        m_console->Type(line, ConsoleView{Now(), engine ? *engine : blank, *m_plane});
    if (reply.configChanged)
    {
        ApplyConfig();
    }
    for (const Input& input : reply.inputs)
    {
        Take(input);
    }
    return reply.output;
}

void
IkeRouter::Start()
{
    NS_LOG_FUNCTION(this);
    if (m_reloading || !m_application->IsStarted())
    {
        return; // the later one of the two comes here again
    }
    const RandomKey key = DrawKey();
    ReplacePlane(key);
    m_application->PowerOn(m_engineConfig, key);
    CheckPaths();
}

void
IkeRouter::Stop(const std::string& why)
{
    NS_LOG_FUNCTION(this << why);
    ReportLostSas(why);
    if (m_application)
    {
        m_application->PowerOff();
    }
    m_plane->Clear();
    for (auto& [id, tunnel] : m_tunnels)
    {
        tunnel.selected = false;
        UpdateLine(id, tunnel);
        if (tunnel.pathUp)
        {
            tunnel.pathUp = false;
            ReportTunnel(EventKind::RouteDown, id, tunnel, why);
        }
    }
}

void
IkeRouter::Reboot(Time downFor)
{
    NS_LOG_FUNCTION(this << downFor);
    if (!m_reloading)
    {
        Stop("reload");
        m_reloading = true;
    }
    m_rebootEvent.Cancel();
    m_rebootEvent = Simulator::Schedule(downFor, &IkeRouter::FinishReboot, this);
}

void
IkeRouter::FinishReboot()
{
    NS_LOG_FUNCTION(this);
    m_reloading = false;
    if (m_application)
    {
        Start();
    }
    else
    {
        CheckPaths();
    }
}

void
IkeRouter::ReportLostSas(const std::string& why)
{
    const Engine* engine = m_application ? m_application->PeekEngine() : nullptr;
    if (!engine)
    {
        return;
    }
    for (Event event : engine->GetLossEvents())
    {
        event.text = why;
        Report(event);
    }
}

uint64_t
IkeRouter::CountPackets(const Event& removed) const
{
    // The engine reports it before the SAs go, but only the data plane knows what they did.
    const Engine* engine = m_application ? m_application->PeekEngine() : nullptr;
    for (const PairView& pair : engine ? engine->GetPairs() : std::vector<PairView>())
    {
        if (pair.identity == removed.pair && pair.peer == removed.peer)
        {
            return CountPackets(pair.id);
        }
    }
    return 0;
}

uint64_t
IkeRouter::CountPackets(PairId pair) const
{
    const auto inbound = m_plane->GetInboundSaCounters(pair);
    const auto outbound = m_plane->GetOutboundSaCounters(pair);
    return (inbound ? inbound->packets : 0) + (outbound ? outbound->packets : 0);
}

RandomKey
IkeRouter::DrawKey()
{
    RandomKey key;
    for (size_t i = 0; i < key.octets.size(); i += 2)
    {
        const uint32_t value = m_random->GetInteger(0, 0xffff);
        key.octets[i] = static_cast<uint8_t>(value >> 8);
        key.octets[i + 1] = static_cast<uint8_t>(value);
    }
    return key;
}

void
IkeRouter::ReplacePlane(const RandomKey& key)
{
    AddTo(m_pastOutbound, m_plane->GetOutboundCounters());
    AddTo(m_pastInbound, m_plane->GetInboundCounters());
    m_plane = std::make_unique<IpsecDataPlane>(key);
}

// --- To look at -----------------------------------------------------------------------------

std::string
IkeRouter::GetName() const
{
    return m_name;
}

const RouterConfig&
IkeRouter::GetConfig() const
{
    return m_console->GetConfig();
}

IpsecDataPlane&
IkeRouter::GetDataPlane()
{
    return *m_plane;
}

CryptoMeter&
IkeRouter::GetCrypto()
{
    return *m_crypto;
}

Ptr<IkeApplication>
IkeRouter::GetApplication() const
{
    return m_application;
}

Ptr<IpsecTunnelDevice>
IkeRouter::GetTunnelDevice(const std::string& name) const
{
    const auto found = m_ownDevices.find(name);
    return found != m_ownDevices.end() ? found->second : nullptr;
}

Ptr<Rip>
IkeRouter::GetRip() const
{
    return m_ripFilter ? m_ripFilter->GetRip() : nullptr;
}

bool
IkeRouter::IsLineUp(ConnectionId connection) const
{
    const auto found = m_tunnels.find(connection);
    return found != m_tunnels.end() && found->second.lineUp;
}

bool
IkeRouter::HasPath(ConnectionId connection) const
{
    const auto found = m_tunnels.find(connection);
    return found != m_tunnels.end() && found->second.pathUp;
}

bool
IkeRouter::IsReloading() const
{
    return m_reloading;
}

PlaneCounters
IkeRouter::GetOutboundCounters() const
{
    PlaneCounters sum = m_pastOutbound;
    AddTo(sum, m_plane->GetOutboundCounters());
    return sum;
}

PlaneCounters
IkeRouter::GetInboundCounters() const
{
    PlaneCounters sum = m_pastInbound;
    AddTo(sum, m_plane->GetInboundCounters());
    return sum;
}

} // namespace ike
} // namespace ns3
