/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-node-routes.h"

#include "ike-transit-routing.h"

#include "ns3/abort.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/udp-header.h"
#include "ns3/udp-l4-protocol.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeNodeRoutes");

namespace
{

/// Priorities in the routing list. InternetStackHelper's: static routing 0, global routing -10.
constexpr int16_t RIP_PRIORITY = -5;
constexpr int16_t LAST_RESORT_PRIORITY = -20;
/// Administrative distance of RIP, as in IOS.
constexpr unsigned RIP_DISTANCE = 120;
/// UDP port of RIP.
constexpr uint16_t RIP_PORT = 520;

/// Ask for the route to a destination; null when there is none.
Ptr<Ipv4Route>
Ask(Ptr<Ipv4RoutingProtocol> protocol, Ipv4Address destination)
{
    if (destination.IsMulticast())
    {
        return nullptr; // no tunnel leads there, and static routing wants an interface for it
    }
    Ipv4Header header;
    header.SetDestination(destination);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    return protocol->RouteOutput(nullptr, header, nullptr, error);
}

/// Does a `network` line name this interface?
bool
IsOfRip(const InterfaceText& text, const RouterConfig& config)
{
    return config.ripEnabled && text.address &&
           std::any_of(
               config.ripNetworks.begin(),
               config.ripNetworks.end(),
               [&text](const IpPrefix& network) { return network.Contains(*text.address); });
}

} // namespace

NodeRoutes::NodeRoutes(const NodeInterfaces& interfaces)
    : m_interfaces(interfaces)
{
    m_ripFactory.SetTypeId(Rip::GetTypeId());
}

void
NodeRoutes::SetRipAttribute(const std::string& name, const AttributeValue& value)
{
    m_ripFactory.Set(name, value);
}

void
NodeRoutes::AssignStream(int64_t stream)
{
    m_ripStream = stream;
    if (GetRip())
    {
        GetRip()->AssignStreams(m_ripStream);
    }
}

void
NodeRoutes::Attach(const std::string& name,
                   Ptr<Ipv4> ipv4,
                   Callback<void> onInterface,
                   Callback<void> onRip)
{
    NS_LOG_FUNCTION(this << name);
    m_name = name;
    m_ipv4 = ipv4;
    m_onRip = onRip;
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
    m_ripFilter->SetChangeCallback(onInterface);
    // Crypto maps and NAT, which come later, stand before it.
    m_transit = CreateObject<IkeTransitRouting>();
    m_transit->Enclose(m_ipv4);
}

void
NodeRoutes::Dispose()
{
    NS_LOG_FUNCTION(this);
    if (m_ripFilter)
    {
        m_ripFilter->Dispose();
    }
    m_hubRouting.clear();
    m_transit = nullptr;
    m_lastResort = nullptr;
    m_ripFilter = nullptr;
    m_static = nullptr;
    m_ipv4 = nullptr;
}

void
NodeRoutes::AddHubRouting(Ptr<IkeHubRouting> routing, int16_t priority)
{
    DynamicCast<Ipv4ListRouting>(m_ipv4->GetRoutingProtocol())
        ->AddRoutingProtocol(routing, priority);
    m_hubRouting.push_back(routing);
}

bool
NodeRoutes::IsLastResort(unsigned length, unsigned distance)
{
    return length == 0 || distance > RIP_DISTANCE;
}

// --- Static routes --------------------------------------------------------------------------

auto
NodeRoutes::Route::All() const
{
    return std::tie(lastResort, network, mask, gateway, interface, metric);
}

bool
NodeRoutes::Route::operator==(const Route& other) const
{
    return All() == other.All();
}

bool
NodeRoutes::Route::operator<(const Route& other) const
{
    return All() < other.All();
}

void
NodeRoutes::ApplyStatic(const RouterConfig& config)
{
    BringInLine(config, {}); // what is there, ns-3 does not add again
}

void
NodeRoutes::FollowInterfaces(const RouterConfig& config)
{
    BringInLine(config, m_routes);
}

void
NodeRoutes::BringInLine(const RouterConfig& config, const std::set<Route>& there)
{
    std::set<Route> wanted;
    for (const StaticRouteText& text : config.staticRoutes)
    {
        const std::optional<Route> route = Resolve(text);
        if (route && wanted.insert(*route).second && there.count(*route) == 0)
        {
            Add(*route);
        }
    }
    for (const Route& route : m_routes)
    {
        // Those through an interface that is down are taken away by ns-3, now or soon.
        if (wanted.count(route) == 0 && m_ipv4->IsUp(route.interface))
        {
            Remove(route);
        }
    }
    m_routes = std::move(wanted);
}

std::optional<NodeRoutes::Route>
NodeRoutes::Resolve(const StaticRouteText& text) const
{
    int32_t index = -1;
    uint32_t gateway = 0;
    if (text.interface)
    {
        index = m_interfaces.Find(text.interface->name);
    }
    else if (text.nextHop)
    {
        gateway = text.nextHop->ToV4();
        index = m_interfaces.FindConnected(Ipv4Address(gateway));
    }
    if (index < 0 || !m_ipv4->IsUp(index) || m_ipv4->GetNAddresses(index) == 0)
    {
        return std::nullopt;
    }
    return Route{IsLastResort(text.prefix.length, text.distance),
                 text.prefix.address.ToV4(),
                 MaskOfPrefixLength(text.prefix.length),
                 gateway,
                 static_cast<uint32_t>(index),
                 text.distance};
}

Ptr<Ipv4StaticRouting>
NodeRoutes::TableOf(const Route& route) const
{
    return route.lastResort ? m_lastResort : m_static;
}

void
NodeRoutes::Add(const Route& route)
{
    Ptr<Ipv4StaticRouting> table = TableOf(route);
    const Ipv4Address network(route.network);
    const Ipv4Mask mask(route.mask);
    if (route.gateway == 0)
    {
        table->AddNetworkRouteTo(network, mask, route.interface, route.metric);
        return;
    }
    const Ipv4Address gateway(route.gateway);
    table->AddNetworkRouteTo(network, mask, gateway, route.interface, route.metric);
}

void
NodeRoutes::Remove(const Route& route)
{
    Ptr<Ipv4StaticRouting> table = TableOf(route);
    for (uint32_t i = 0; i < table->GetNRoutes(); ++i)
    {
        const Ipv4RoutingTableEntry entry = table->GetRoute(i);
        const Route there{route.lastResort,
                          entry.GetDestNetwork().Get(),
                          entry.GetDestNetworkMask().Get(),
                          entry.IsGateway() ? entry.GetGateway().Get() : 0,
                          entry.GetInterface(),
                          table->GetMetric(i)};
        if (there == route)
        {
            table->RemoveRoute(i);
            return;
        }
    }
}

// --- RIP ------------------------------------------------------------------------------------

void
NodeRoutes::ApplyRip(const RouterConfig& config, bool initialized)
{
    m_ripEnabled = config.ripEnabled;
    std::set<uint32_t> advertised;
    std::set<uint32_t> silent;
    for (const InterfaceText& text : config.interfaces)
    {
        const int32_t index = m_interfaces.Find(text.name);
        if (index < 0 || !IsOfRip(text, config))
        {
            continue;
        }
        advertised.insert(index);
        if (!text.IsTunnel() && m_interfaces.GetOwnDevice(text.name))
        {
            silent.insert(index); // a loopback interface
        }
    }
    const bool isNew = config.ripEnabled && !GetRip();
    if (isNew)
    {
        MakeRip();
    }
    m_ripFilter->SetInterfaces(advertised, silent);
    if (isNew && initialized)
    {
        GetRip()->Initialize(); // typed at the console: the node is through with that
    }
}

void
NodeRoutes::MakeRip()
{
    NS_ABORT_MSG_IF(m_ipv4->GetObject<Rip>(), "router " << m_name << " has another Rip");
    Ptr<Rip> rip = m_ripFactory.Create<Rip>();
    if (m_ripStream >= 0)
    {
        rip->AssignStreams(m_ripStream);
    }
    m_ipv4->GetObject<Node>()->AggregateObject(rip);
    m_ripFilter->SetRip(rip);
    DynamicCast<Ipv4L3Protocol>(m_ipv4)->TraceConnectWithoutContext(
        "LocalDeliver",
        MakeCallback(&NodeRoutes::HandleLocalDeliver, this));
}

void
NodeRoutes::HandleLocalDeliver(const Ipv4Header& header,
                               Ptr<const Packet> packet,
                               uint32_t /* interface */)
{
    UdpHeader udp;
    if (header.GetProtocol() != UdpL4Protocol::PROT_NUMBER ||
        packet->GetSize() < udp.GetSerializedSize())
    {
        return;
    }
    packet->PeekHeader(udp);
    if (udp.GetDestinationPort() == RIP_PORT)
    {
        m_onRip();
    }
}

Ptr<Rip>
NodeRoutes::GetRip() const
{
    return m_ripFilter ? m_ripFilter->GetRip() : nullptr;
}

// --- Paths ----------------------------------------------------------------------------------

std::vector<Ptr<Ipv4RoutingProtocol>>
NodeRoutes::GetProtocols() const
{
    std::vector<Ptr<Ipv4RoutingProtocol>> protocols;
    Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_ipv4->GetRoutingProtocol());
    for (uint32_t i = 0; list && i < list->GetNRoutingProtocols(); ++i)
    {
        int16_t priority = 0;
        protocols.push_back(list->GetRoutingProtocol(i, priority));
    }
    return protocols;
}

bool
NodeRoutes::CanAge() const
{
    const std::vector<Ptr<Ipv4RoutingProtocol>> protocols = GetProtocols();
    return m_ripEnabled ||
           std::any_of(protocols.begin(), protocols.end(), [this](const auto& protocol) {
               return !DynamicCast<Ipv4StaticRouting>(protocol) &&
                      !DynamicCast<IkeHubRouting>(protocol) && protocol != m_ripFilter &&
                      protocol->GetInstanceTypeId().GetName() != "ns3::Ipv4GlobalRouting";
           });
}

void
NodeRoutes::PauseHubRouting(bool paused) const
{
    for (const Ptr<IkeHubRouting>& routing : m_hubRouting)
    {
        routing->SetPaused(paused);
    }
}

Ptr<Ipv4Route>
NodeRoutes::FindPath(Ipv4Address destination, std::string& reason) const
{
    reason = "no-route";
    // Crypto maps stand before the node's routing; they are not asked for what IPsec itself sends.
    PauseHubRouting(true);
    Ptr<Ipv4Route> route = Ask(m_transit->GetInner(), destination);
    PauseHubRouting(false);
    Ptr<NetDevice> device = route ? route->GetOutputDevice() : nullptr;
    if (!device)
    {
        return nullptr;
    }
    if (m_interfaces.IsOwnDevice(device))
    {
        reason = "recursive-routing";
        return nullptr;
    }
    const int32_t index = m_ipv4->GetInterfaceForDevice(device);
    if (index < 0 || !m_ipv4->IsUp(index))
    {
        return nullptr;
    }
    reason.clear();
    return route;
}

bool
NodeRoutes::HasOrdinaryRoute(Ipv4Address destination) const
{
    const std::vector<Ptr<Ipv4RoutingProtocol>> protocols = GetProtocols();
    PauseHubRouting(true);
    const bool has =
        std::any_of(protocols.begin(), protocols.end(), [this, destination](const auto& protocol) {
            return protocol != m_lastResort && Ask(protocol, destination);
        });
    PauseHubRouting(false);
    return has;
}

} // namespace ike
} // namespace ns3
