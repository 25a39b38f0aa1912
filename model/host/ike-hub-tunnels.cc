/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-hub-tunnels.h"

#include "ns3/ike-tunnel-parts.h"
#include "ns3/ike-virtual-templates.h"
#include "ns3/ipv4-header.h"
#include "ns3/log.h"

#include <iterator>
#include <utility>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeHubTunnels");

namespace
{

/// Places in the routing list: behind static routes and before RIP; and behind all others.
constexpr int16_t PRIORITIES[] = {-2, -21};
/// A packet, and an ICMP message about it that also leaves through a tunnel.
constexpr unsigned NESTED_PACKETS = 2;

Ipv4Address
ToNs3(const IpAddress& address)
{
    return Ipv4Address(address.ToV4());
}

/// Where the packets come from that a node sends through a tunnel.
Ipv4Address
SourceOf(const RouterConfig& config, const InterfaceText& tunnel, const IpAddress& local)
{
    return ToNs3(config.FindAddress(tunnel).value_or(local));
}

} // namespace

HubTunnels::HubTunnels(RouterDesk& desk, NodeInterfaces& interfaces, NodeRoutes& routes)
    : m_desk(desk),
      m_interfaces(interfaces),
      m_routes(routes)
{
}

void
HubTunnels::SetShared(bool shared)
{
    m_shared = shared;
}

bool
HubTunnels::GetShared() const
{
    return m_shared;
}

void
HubTunnels::Attach(Ptr<Ipv4> ipv4, SendCallback send)
{
    m_ipv4 = ipv4;
    m_send = send;
}

void
HubTunnels::Dispose()
{
    for (Ptr<IkeHubRouting>& routing : m_routing)
    {
        if (routing)
        {
            routing->Dispose();
        }
        routing = nullptr;
    }
    m_tunnels.clear();
    m_device = nullptr;
    m_send = SendCallback();
    m_ipv4 = nullptr;
}

// --- Configuration --------------------------------------------------------------------------

bool
HubTunnels::IsShared(const InterfaceText& tunnel) const
{
    return m_shared && CanShareDevice(tunnel);
}

std::string
HubTunnels::FindMistake(const RouterConfig& config) const
{
    const InterfaceText* numbered = m_shared ? FindNumberedTunnel(config) : nullptr;
    return numbered
               ? numbered->name +
                     " has an address of its own, but the tunnels of this router share a device "
                     "(TunnelDevices is shared): type 'ip unnumbered INTERFACE' in place of 'ip "
                     "address'"
               : std::string();
}

void
HubTunnels::Apply(const RouterConfig& config)
{
    std::map<ConnectionId, std::vector<HubRoute>> wanted;
    for (const StaticRouteText& text : config.staticRoutes)
    {
        const InterfaceText* interface =
            text.interface ? config.FindInterface(text.interface->name) : nullptr;
        if (interface && IsShared(*interface))
        {
            wanted[interface->id].push_back(HubRoute{text.prefix, text.distance});
        }
    }
    std::map<ConnectionId, const InterfaceText*> there;
    for (const InterfaceText& interface : config.interfaces)
    {
        if (IsShared(interface))
        {
            there[interface.id] = &interface;
        }
        if (interface.IsVirtualTemplate())
        {
            // Now: ns-3 cannot add interfaces while a packet is received, as when a peer comes.
            ObtainDevice();
        }
    }
    for (auto it = m_tunnels.begin(); it != m_tunnels.end();)
    {
        const bool goes = !it->second.opened && there.count(it->first) == 0;
        if (goes)
        {
            ChangeRoutes(it->first, it->second, {});
        }
        it = goes ? m_tunnels.erase(it) : std::next(it);
    }
    for (const auto& [id, interface] : there)
    {
        ObtainDevice();
        Tunnel& tunnel = m_tunnels[id];
        tunnel.source = SourceOf(config, *interface, FindTunnelSource(config, *interface));
        ChangeRoutes(id, tunnel, std::move(wanted[id]));
    }
}

void
HubTunnels::Open(const ConnectionConfig& connection, const RouterConfig& config)
{
    ObtainDevice();
    Tunnel& tunnel = m_tunnels[connection.id];
    tunnel.opened = true;
    tunnel.local = connection.local;
    tunnel.peer = connection.peer;
    const InterfaceText* interface = config.FindInterface(connection.virtualTemplate);
    tunnel.source =
        interface ? SourceOf(config, *interface, connection.local) : ToNs3(connection.local);
    const auto network = connection.remoteSelector.ToPrefix();
    if (!network)
    {
        Event event;
        event.kind = EventKind::Warning;
        event.connection = connection.id;
        event.local = connection.local;
        event.peer = connection.peer;
        event.text = connection.name + ": no route leads to " +
                     connection.remoteSelector.ToString() + ", which is no network";
        m_desk.Report(event);
    }
    else if (network->length > 0)
    {
        const unsigned distance = interface ? FindReverseRouteDistance(config, *interface) : 1;
        tunnel.routes.push_back(HubRoute{*network, distance});
    }
}

void
HubTunnels::Close(ConnectionId connection)
{
    SetLine(connection, false);
    m_tunnels.erase(connection);
}

Ptr<IpsecTunnelDevice>
HubTunnels::ObtainDevice()
{
    if (m_device)
    {
        return m_device;
    }
    m_device = m_interfaces.MakeDivert("Tunnels");
    m_device->SetNesting(NESTED_PACKETS);
    m_device->SetSendCallback(MakeCallback(&HubTunnels::HandleSend, this));
    const uint32_t interface = m_ipv4->AddInterface(m_device);
    // ns-3 wants an address; with this one limited broadcasts pass the interface by.
    Ipv4InterfaceAddress address(Ipv4Address::GetLoopback(), Ipv4Mask::GetOnes());
    address.SetScope(Ipv4InterfaceAddress::HOST);
    m_ipv4->AddAddress(interface, address);
    m_ipv4->SetUp(interface);
    for (size_t table = 0; table < TABLES; ++table)
    {
        m_routing[table] = CreateObject<IkeHubRouting>();
        m_routing[table]->SetRouteCallback(MakeCallback(&HubTunnels::MakeRoute, this));
        m_routes.AddHubRouting(m_routing[table], PRIORITIES[table]);
    }
    return m_device;
}

Ptr<IpsecTunnelDevice>
HubTunnels::GetDevice() const
{
    return m_device;
}

// --- Lines and routes -----------------------------------------------------------------------

void
HubTunnels::SetLine(ConnectionId connection, bool up)
{
    const auto found = m_tunnels.find(connection);
    if (found == m_tunnels.end() || found->second.up == up)
    {
        return;
    }
    found->second.up = up;
    if (up)
    {
        AddRoutes(connection, found->second);
    }
    else
    {
        RemoveRoutes(connection, found->second);
    }
    Report(up ? EventKind::ReverseRouteUp : EventKind::ReverseRouteDown, connection, found->second);
}

HubTable&
HubTunnels::TableOf(const HubRoute& route)
{
    return m_routing[NodeRoutes::IsLastResort(route.prefix.length, route.distance) ? LAST_RESORT
                                                                                   : ORDINARY]
        ->GetTable();
}

void
HubTunnels::AddRoutes(ConnectionId id, const Tunnel& tunnel)
{
    for (const HubRoute& route : tunnel.routes)
    {
        TableOf(route).Add(id, route);
    }
}

void
HubTunnels::RemoveRoutes(ConnectionId id, const Tunnel& tunnel)
{
    for (const HubRoute& route : tunnel.routes)
    {
        TableOf(route).Remove(id, route);
    }
}

void
HubTunnels::ChangeRoutes(ConnectionId id, Tunnel& tunnel, std::vector<HubRoute> wanted)
{
    if (tunnel.routes == wanted)
    {
        return;
    }
    if (tunnel.up)
    {
        RemoveRoutes(id, tunnel);
    }
    tunnel.routes = std::move(wanted);
    if (tunnel.up)
    {
        AddRoutes(id, tunnel);
    }
}

void
HubTunnels::Report(EventKind kind, ConnectionId id, const Tunnel& tunnel)
{
    if (!tunnel.opened)
    {
        return; // its routes are configured, and its line is reported already
    }
    for (const HubRoute& route : tunnel.routes)
    {
        Event event;
        event.kind = kind;
        event.connection = id;
        event.local = tunnel.local;
        event.peer = tunnel.peer;
        event.text = route.prefix.ToString();
        m_desk.Report(event);
    }
}

ConnectionId
HubTunnels::Find(Ipv4Address address) const
{
    ConnectionId connection = 0;
    for (const Ptr<IkeHubRouting>& routing : m_routing)
    {
        connection =
            connection == 0 && routing ? routing->GetTable().Find(address.Get()) : connection;
    }
    return connection;
}

Ptr<Ipv4Route>
HubTunnels::MakeRoute(ConnectionId connection, Ipv4Address destination)
{
    Ptr<Ipv4Route> route = Create<Ipv4Route>();
    route->SetDestination(destination);
    route->SetGateway(Ipv4Address::GetZero());
    route->SetSource(m_tunnels.at(connection).source);
    route->SetOutputDevice(m_device);
    return route;
}

bool
HubTunnels::HandleSend(Ptr<Packet> packet)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    const ConnectionId connection = Find(header.GetDestination());
    if (connection == 0)
    {
        // A copy for each interface, or the line went down since the route was found.
        m_desk.Drop(packet, "no-tunnel");
        return false;
    }
    return m_send(connection, packet);
}

} // namespace ike
} // namespace ns3
