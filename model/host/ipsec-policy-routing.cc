/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-policy-routing.h"

#include "ns3/log.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IpsecPolicyRouting");
NS_OBJECT_ENSURE_REGISTERED(IpsecPolicyRouting);

TypeId
IpsecPolicyRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IpsecPolicyRouting")
                            .SetParent<IkeRoutingShell>()
                            .SetGroupName("Ike")
                            .AddConstructor<IpsecPolicyRouting>();
    return tid;
}

IpsecPolicyRouting::IpsecPolicyRouting()
{
    NS_LOG_FUNCTION(this);
}

IpsecPolicyRouting::~IpsecPolicyRouting()
{
    NS_LOG_FUNCTION(this);
}

void
IpsecPolicyRouting::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_doors.clear();
    m_inbound = InboundCallback();
    IkeRoutingShell::DoDispose();
}

void
IpsecPolicyRouting::SetDoors(const std::vector<Door>& doors)
{
    m_doors = doors;
}

void
IpsecPolicyRouting::SetInboundCallback(InboundCallback callback)
{
    m_inbound = callback;
}

void
IpsecPolicyRouting::Hide(uint32_t interface)
{
    m_hidden.insert(interface);
}

Ptr<Ipv4Route>
IpsecPolicyRouting::RouteOutput(Ptr<Packet> p,
                                const Ipv4Header& header,
                                Ptr<NetDevice> oif,
                                Socket::SocketErrno& sockerr)
{
    Ptr<Ipv4Route> route = IkeRoutingShell::RouteOutput(p, header, oif, sockerr);
    const Ipv4Address to = header.GetDestination();
    return to.IsMulticast() || to.IsBroadcast() ? route : Divert(route);
}

bool
IpsecPolicyRouting::RouteInput(Ptr<const Packet> p,
                               const Ipv4Header& header,
                               Ptr<const NetDevice> idev,
                               RouteInputArgs::Ucb ucb,
                               RouteInputArgs::Mcb mcb,
                               RouteInputArgs::Lcb lcb,
                               RouteInputArgs::Ecb ecb)
{
    for (const Door& door : m_doors)
    {
        if (idev == door.divert)
        {
            return RouteThrough(p, header, door.device, ucb, mcb, lcb, ecb);
        }
        if (idev == door.device && !m_inbound(door.number, p, header))
        {
            return true; // the end of it: nobody else is asked
        }
    }
    return RouteThrough(p, header, idev, ucb, mcb, lcb, ecb);
}

void
IpsecPolicyRouting::HandleForward(Ptr<Ipv4Route> route,
                                  Ptr<const Packet> packet,
                                  const Ipv4Header& header,
                                  const ForwardCallback& forward)
{
    forward(Divert(route), packet, header);
}

Ptr<Ipv4Route>
IpsecPolicyRouting::Divert(Ptr<Ipv4Route> route) const
{
    const auto found = std::find_if(m_doors.begin(), m_doors.end(), [&](const Door& door) {
        return route && route->GetOutputDevice() == door.device;
    });
    if (found == m_doors.end())
    {
        return route;
    }
    auto diverted = Create<Ipv4Route>();
    diverted->SetSource(route->GetSource());
    diverted->SetDestination(route->GetDestination());
    diverted->SetGateway(route->GetGateway());
    diverted->SetOutputDevice(found->divert);
    return diverted;
}

void
IpsecPolicyRouting::NotifyInterfaceUp(uint32_t interface)
{
    if (m_hidden.count(interface) == 0)
    {
        IkeRoutingShell::NotifyInterfaceUp(interface);
    }
}

void
IpsecPolicyRouting::NotifyInterfaceDown(uint32_t interface)
{
    if (m_hidden.count(interface) == 0)
    {
        IkeRoutingShell::NotifyInterfaceDown(interface);
    }
}

void
IpsecPolicyRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    if (m_hidden.count(interface) == 0)
    {
        IkeRoutingShell::NotifyAddAddress(interface, address);
    }
}

void
IpsecPolicyRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    if (m_hidden.count(interface) == 0)
    {
        IkeRoutingShell::NotifyRemoveAddress(interface, address);
    }
}

} // namespace ike
} // namespace ns3
