/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-rip-filter.h"

#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/log.h"
#include "ns3/output-stream-wrapper.h"

#include <vector>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeRipFilter");
NS_OBJECT_ENSURE_REGISTERED(IkeRipFilter);

TypeId
IkeRipFilter::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IkeRipFilter")
                            .SetParent<Ipv4RoutingProtocol>()
                            .SetGroupName("Ike")
                            .AddConstructor<IkeRipFilter>();
    return tid;
}

IkeRipFilter::IkeRipFilter()
{
    NS_LOG_FUNCTION(this);
}

IkeRipFilter::~IkeRipFilter()
{
    NS_LOG_FUNCTION(this);
}

void
IkeRipFilter::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_changeCallback = Callback<void>();
    m_rip = nullptr;
    m_ipv4 = nullptr;
    Ipv4RoutingProtocol::DoDispose();
}

void
IkeRipFilter::SetChangeCallback(Callback<void> callback)
{
    m_changeCallback = callback;
}

void
IkeRipFilter::SetRip(Ptr<Rip> rip)
{
    NS_LOG_FUNCTION(this << rip);
    NS_ASSERT(m_ipv4 && !m_rip);
    m_rip = rip;
    Exclude();
    // Rip::SetIpv4() takes every interface that is up, and there is no way to make it forget one
    // for good. So for the time of the call none is; nobody is notified of that.
    std::vector<Ptr<Ipv4Interface>> lowered;
    Ptr<Ipv4L3Protocol> l3 = DynamicCast<Ipv4L3Protocol>(m_ipv4);
    NS_ABORT_MSG_UNLESS(l3, "RIP behind a filter needs ns-3's own IPv4");
    for (uint32_t i = 0; i < l3->GetNInterfaces(); ++i)
    {
        Ptr<Ipv4Interface> interface = l3->GetInterface(i);
        if (interface->IsUp())
        {
            interface->SetDown();
            lowered.push_back(interface);
        }
    }
    m_rip->SetIpv4(m_ipv4);
    for (const Ptr<Ipv4Interface>& interface : lowered)
    {
        interface->SetUp();
    }
}

Ptr<Rip>
IkeRipFilter::GetRip() const
{
    return m_rip;
}

void
IkeRipFilter::SetInterfaces(const std::set<uint32_t>& advertised, const std::set<uint32_t>& silent)
{
    NS_LOG_FUNCTION(this);
    const std::set<uint32_t> before = m_known;
    m_advertised = advertised;
    m_silent = silent;
    for (const uint32_t interface : before)
    {
        if (m_advertised.count(interface) == 0)
        {
            Hide(interface);
        }
    }
    Exclude();
    for (const uint32_t interface : m_advertised)
    {
        Reveal(interface);
    }
}

Ptr<Ipv4Route>
IkeRipFilter::RouteOutput(Ptr<Packet> p,
                          const Ipv4Header& header,
                          Ptr<NetDevice> oif,
                          Socket::SocketErrno& sockerr)
{
    // Group addresses are not RIP's business, and it asserts that it knows the interface.
    if (!m_rip || header.GetDestination().IsMulticast())
    {
        sockerr = Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    return m_rip->RouteOutput(p, header, oif, sockerr);
}

bool
IkeRipFilter::RouteInput(Ptr<const Packet> p,
                         const Ipv4Header& header,
                         Ptr<const NetDevice> idev,
                         RouteInputArgs::Ucb ucb,
                         RouteInputArgs::Mcb mcb,
                         RouteInputArgs::Lcb lcb,
                         RouteInputArgs::Ecb ecb)
{
    return m_rip && m_rip->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
}

void
IkeRipFilter::NotifyInterfaceUp(uint32_t interface)
{
    NS_LOG_FUNCTION(this << interface);
    Exclude();
    Reveal(interface);
    NotifyChange();
}

void
IkeRipFilter::NotifyInterfaceDown(uint32_t interface)
{
    NS_LOG_FUNCTION(this << interface);
    Hide(interface);
    Exclude();
    NotifyChange();
}

void
IkeRipFilter::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    NS_LOG_FUNCTION(this << interface << address);
    if (m_known.count(interface) != 0)
    {
        m_rip->NotifyAddAddress(interface, address);
    }
    NotifyChange();
}

void
IkeRipFilter::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    NS_LOG_FUNCTION(this << interface << address);
    if (m_known.count(interface) != 0)
    {
        m_rip->NotifyRemoveAddress(interface, address);
    }
    NotifyChange();
}

void
IkeRipFilter::SetIpv4(Ptr<Ipv4> ipv4)
{
    NS_LOG_FUNCTION(this << ipv4);
    NS_ASSERT(!m_ipv4 && ipv4);
    m_ipv4 = ipv4;
}

void
IkeRipFilter::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    if (m_rip)
    {
        m_rip->PrintRoutingTable(stream, unit);
    }
    else
    {
        *stream->GetStream() << "RIP is not configured" << std::endl;
    }
}

void
IkeRipFilter::NotifyChange()
{
    if (!m_changeCallback.IsNull())
    {
        m_changeCallback();
    }
}

void
IkeRipFilter::Exclude()
{
    if (!m_rip)
    {
        return;
    }
    std::set<uint32_t> exclusions;
    for (uint32_t i = 0; i < m_ipv4->GetNInterfaces(); ++i)
    {
        // Rip opens sockets when it is initialized, on interfaces that are down as well.
        if (m_advertised.count(i) == 0 || m_silent.count(i) != 0 || !m_ipv4->IsUp(i))
        {
            exclusions.insert(i);
        }
    }
    m_rip->SetInterfaceExclusions(exclusions);
}

void
IkeRipFilter::Reveal(uint32_t interface)
{
    // Told twice that an interface is up, Rip would have its network twice.
    if (m_rip && m_advertised.count(interface) != 0 && m_ipv4->IsUp(interface) &&
        m_known.insert(interface).second)
    {
        m_rip->NotifyInterfaceUp(interface);
    }
}

void
IkeRipFilter::Hide(uint32_t interface)
{
    if (m_known.erase(interface) != 0)
    {
        m_rip->NotifyInterfaceDown(interface);
    }
}

} // namespace ike
} // namespace ns3
