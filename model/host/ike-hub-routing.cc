/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-hub-routing.h"

#include "ns3/log.h"

#include <iomanip>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeHubRouting");
NS_OBJECT_ENSURE_REGISTERED(IkeHubRouting);

TypeId
IkeHubRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IkeHubRouting")
                            .SetParent<Ipv4RoutingProtocol>()
                            .SetGroupName("Ike")
                            .AddConstructor<IkeHubRouting>();
    return tid;
}

IkeHubRouting::IkeHubRouting()
{
    NS_LOG_FUNCTION(this);
}

IkeHubRouting::~IkeHubRouting()
{
    NS_LOG_FUNCTION(this);
}

void
IkeHubRouting::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_route = RouteCallback();
    m_table.Clear();
    Ipv4RoutingProtocol::DoDispose();
}

void
IkeHubRouting::SetRouteCallback(RouteCallback callback)
{
    m_route = callback;
}

HubTable&
IkeHubRouting::GetTable()
{
    return m_table;
}

void
IkeHubRouting::SetPaused(bool paused)
{
    m_paused = paused;
}

Ptr<Ipv4Route>
IkeHubRouting::Find(Ipv4Address destination) const
{
    const bool isHost = !destination.IsMulticast() && !destination.IsBroadcast();
    const ConnectionId connection =
        isHost && !m_paused && !m_route.IsNull() ? m_table.Find(destination.Get()) : 0;
    return connection != 0 ? m_route(connection, destination) : nullptr;
}

Ptr<Ipv4Route>
IkeHubRouting::RouteOutput(Ptr<Packet> /* p */,
                           const Ipv4Header& header,
                           Ptr<NetDevice> oif,
                           Socket::SocketErrno& sockerr)
{
    Ptr<Ipv4Route> route = Find(header.GetDestination());
    if (route && oif && route->GetOutputDevice() != oif)
    {
        route = nullptr;
    }
    sockerr = route ? Socket::ERROR_NOTERROR : Socket::ERROR_NOROUTETOHOST;
    return route;
}

bool
IkeHubRouting::RouteInput(Ptr<const Packet> p,
                          const Ipv4Header& header,
                          Ptr<const NetDevice> /* idev */,
                          RouteInputArgs::Ucb ucb,
                          RouteInputArgs::Mcb /* mcb */,
                          RouteInputArgs::Lcb /* lcb */,
                          RouteInputArgs::Ecb /* ecb */)
{
    // The list has looked for packets to this node, and whether the interface forwards.
    Ptr<Ipv4Route> route = Find(header.GetDestination());
    if (!route)
    {
        return false;
    }
    ucb(route, p, header);
    return true;
}

void
IkeHubRouting::NotifyInterfaceUp(uint32_t /* interface */)
{
}

void
IkeHubRouting::NotifyInterfaceDown(uint32_t /* interface */)
{
}

void
IkeHubRouting::NotifyAddAddress(uint32_t /* interface */, Ipv4InterfaceAddress /* address */)
{
}

void
IkeHubRouting::NotifyRemoveAddress(uint32_t /* interface */, Ipv4InterfaceAddress /* address */)
{
}

void
IkeHubRouting::SetIpv4(Ptr<Ipv4> /* ipv4 */)
{
}

void
IkeHubRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit /* unit */) const
{
    std::ostream& os = *stream->GetStream();
    os << "Routes through tunnels that share a device\n"
       << "Destination         Distance  Connection\n"
       << std::left;
    for (const auto& [key, candidate] : m_table.GetAll())
    {
        const IpPrefix prefix{IpAddress::V4(std::get<0>(key)),
                              PrefixLengthOfMask(std::get<1>(key)).value_or(0)};
        os << std::setw(18) << prefix.ToString() << "  " << std::setw(8) << candidate.distance
           << "  " << candidate.connection
           << (m_table.Find(std::get<0>(key)) == candidate.connection ? "" : " (waits)") << "\n";
    }
    os << std::right << "\n";
}

} // namespace ike
} // namespace ns3
