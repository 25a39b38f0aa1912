/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-transit-routing.h"

#include "ns3/ipv4-static-routing.h"
#include "ns3/log.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeTransitRouting");
NS_OBJECT_ENSURE_REGISTERED(IkeTransitRouting);

namespace
{

/// No interface has the address.
constexpr uint32_t NOBODY = std::numeric_limits<uint32_t>::max();
/// It takes a closer look.
constexpr uint32_t SOMEBODY = NOBODY - 1;

} // namespace

TypeId
IkeTransitRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IkeTransitRouting")
                            .SetParent<IkeRoutingShell>()
                            .SetGroupName("Ike")
                            .AddConstructor<IkeTransitRouting>();
    return tid;
}

IkeTransitRouting::IkeTransitRouting()
{
    NS_LOG_FUNCTION(this);
}

IkeTransitRouting::~IkeTransitRouting()
{
    NS_LOG_FUNCTION(this);
}

void
IkeTransitRouting::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_protocols.clear();
    IkeRoutingShell::DoDispose();
}

bool
IkeTransitRouting::RouteInput(Ptr<const Packet> p,
                              const Ipv4Header& header,
                              Ptr<const NetDevice> idev,
                              RouteInputArgs::Ucb ucb,
                              RouteInputArgs::Mcb mcb,
                              RouteInputArgs::Lcb lcb,
                              RouteInputArgs::Ecb ecb)
{
    const int32_t index = GetIpv4()->GetInterfaceForDevice(idev);
    if (index >= 0 && KnowsProtocols())
    {
        const auto interface = static_cast<uint32_t>(index);
        const uint32_t owner = FindOwner(header.GetDestination());
        if (owner == interface)
        {
            lcb(p, header, interface);
            return true;
        }
        if (owner == NOBODY && GetIpv4()->IsForwarding(interface))
        {
            return Forward(p, header, idev, ucb, mcb, lcb, ecb);
        }
    }
    return IkeRoutingShell::RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
}

bool
IkeTransitRouting::Forward(Ptr<const Packet> p,
                           const Ipv4Header& header,
                           Ptr<const NetDevice> idev,
                           RouteInputArgs::Ucb ucb,
                           RouteInputArgs::Mcb mcb,
                           RouteInputArgs::Lcb lcb,
                           RouteInputArgs::Ecb ecb)
{
    for (const Protocol& protocol : m_protocols)
    {
        if (!protocol.isStatic)
        {
            if (protocol.routing->RouteInput(p, header, idev, ucb, mcb, lcb, ecb))
            {
                return true;
            }
            continue;
        }
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        Ptr<Ipv4Route> route = protocol.routing->RouteOutput(nullptr, header, nullptr, error);
        if (route)
        {
            ucb(route, p, header);
            return true;
        }
    }
    return false;
}

bool
IkeTransitRouting::KnowsProtocols()
{
    const uint32_t count = GetNRoutingProtocols(); // none ever goes
    if (count != m_protocols.size())
    {
        m_protocols.clear();
        const bool isList = GetInner()->GetInstanceTypeId() == Ipv4ListRouting::GetTypeId();
        for (uint32_t i = 0; i < count && isList; ++i)
        {
            int16_t priority = 0;
            Ptr<Ipv4RoutingProtocol> routing = GetRoutingProtocol(i, priority);
            m_protocols.push_back(
                {routing, routing->GetInstanceTypeId() == Ipv4StaticRouting::GetTypeId()});
        }
    }
    return !m_protocols.empty();
}

uint32_t
IkeTransitRouting::FindOwner(Ipv4Address address)
{
    if (address.IsMulticast() || address.IsBroadcast())
    {
        return SOMEBODY;
    }
    if (!m_knowsAddresses)
    {
        ReadAddresses();
    }
    const auto first = std::lower_bound(m_addresses.begin(),
                                        m_addresses.end(),
                                        std::make_pair(address.Get(), uint32_t{0}));
    if (first == m_addresses.end() || first->first != address.Get())
    {
        return NOBODY;
    }
    const auto next = first + 1;
    const bool isOnlyOne = next == m_addresses.end() || next->first != address.Get();
    return isOnlyOne ? first->second : SOMEBODY;
}

void
IkeTransitRouting::ReadAddresses()
{
    Ptr<Ipv4> ipv4 = GetIpv4();
    m_addresses.clear();
    for (uint32_t i = 0; i < ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i); ++j)
        {
            const Ipv4InterfaceAddress address = ipv4->GetAddress(i, j);
            m_addresses.emplace_back(address.GetLocal().Get(), i);
            m_addresses.emplace_back(address.GetBroadcast().Get(), SOMEBODY);
        }
    }
    std::sort(m_addresses.begin(), m_addresses.end());
    m_knowsAddresses = true;
}

void
IkeTransitRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_knowsAddresses = false;
    IkeRoutingShell::NotifyAddAddress(interface, address);
}

void
IkeTransitRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_knowsAddresses = false;
    IkeRoutingShell::NotifyRemoveAddress(interface, address);
}

} // namespace ike
} // namespace ns3
