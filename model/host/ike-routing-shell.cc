/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-routing-shell.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/simple-ref-count.h"

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeRoutingShell");
NS_OBJECT_ENSURE_REGISTERED(IkeRoutingShell);

/// One packet on its way through the inner protocol, to be seen again when its way out is known.
class IkeRoutingShell::Passage : public SimpleRefCount<IkeRoutingShell::Passage>
{
  public:
    Passage(IkeRoutingShell& shell, RouteInputArgs::Ucb forward)
        : m_shell(shell),
          m_forward(forward)
    {
    }

    /// The way is known.
    void Forward(Ptr<Ipv4Route> route, Ptr<const Packet> packet, const Ipv4Header& header)
    {
        m_shell.HandleForward(route, packet, header, m_forward);
    }

  private:
    IkeRoutingShell& m_shell;  ///< whose
    ForwardCallback m_forward; ///< IPv4's own way to forward
};

TypeId
IkeRoutingShell::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IkeRoutingShell")
                            .SetParent<Ipv4ListRouting>()
                            .SetGroupName("Ike")
                            .AddConstructor<IkeRoutingShell>();
    return tid;
}

IkeRoutingShell::IkeRoutingShell()
{
    NS_LOG_FUNCTION(this);
}

IkeRoutingShell::~IkeRoutingShell()
{
    NS_LOG_FUNCTION(this);
}

void
IkeRoutingShell::DoInitialize()
{
    NS_LOG_FUNCTION(this);
    if (m_inner)
    {
        m_inner->Initialize();
    }
    Ipv4ListRouting::DoInitialize();
}

void
IkeRoutingShell::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_inner = nullptr;
    m_ipv4 = nullptr;
    Ipv4ListRouting::DoDispose();
}

void
IkeRoutingShell::Enclose(Ptr<Ipv4> ipv4)
{
    NS_LOG_FUNCTION(this << ipv4);
    NS_ABORT_MSG_UNLESS(ipv4 && ipv4->GetRoutingProtocol(), "there is no node with a stack");
    NS_ABORT_MSG_IF(m_inner, "it encloses a node's routing already");
    m_inner = ipv4->GetRoutingProtocol();
    ipv4->SetRoutingProtocol(this);
}

Ptr<Ipv4RoutingProtocol>
IkeRoutingShell::GetInner() const
{
    return m_inner;
}

Ptr<Ipv4>
IkeRoutingShell::GetIpv4() const
{
    return m_ipv4;
}

void
IkeRoutingShell::AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority)
{
    Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner);
    NS_ABORT_MSG_UNLESS(list, "there is no routing list inside");
    list->AddRoutingProtocol(routingProtocol, priority);
}

uint32_t
IkeRoutingShell::GetNRoutingProtocols() const
{
    Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner);
    return list ? list->GetNRoutingProtocols() : 1;
}

Ptr<Ipv4RoutingProtocol>
IkeRoutingShell::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(m_inner);
    priority = 0;
    return list ? list->GetRoutingProtocol(index, priority) : m_inner;
}

Ptr<Ipv4Route>
IkeRoutingShell::RouteOutput(Ptr<Packet> p,
                             const Ipv4Header& header,
                             Ptr<NetDevice> oif,
                             Socket::SocketErrno& sockerr)
{
    return m_inner->RouteOutput(p, header, oif, sockerr);
}

bool
IkeRoutingShell::RouteInput(Ptr<const Packet> p,
                            const Ipv4Header& header,
                            Ptr<const NetDevice> idev,
                            RouteInputArgs::Ucb ucb,
                            RouteInputArgs::Mcb mcb,
                            RouteInputArgs::Lcb lcb,
                            RouteInputArgs::Ecb ecb)
{
    return m_inner->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
}

bool
IkeRoutingShell::RouteThrough(Ptr<const Packet> p,
                              const Ipv4Header& header,
                              Ptr<const NetDevice> idev,
                              RouteInputArgs::Ucb ucb,
                              RouteInputArgs::Mcb mcb,
                              RouteInputArgs::Lcb lcb,
                              RouteInputArgs::Ecb ecb)
{
    const auto passage = Create<Passage>(*this, ucb);
    return m_inner
        ->RouteInput(p, header, idev, MakeCallback(&Passage::Forward, passage), mcb, lcb, ecb);
}

void
IkeRoutingShell::HandleForward(Ptr<Ipv4Route> route,
                               Ptr<const Packet> packet,
                               const Ipv4Header& header,
                               const ForwardCallback& forward)
{
    forward(route, packet, header);
}

void
IkeRoutingShell::NotifyInterfaceUp(uint32_t interface)
{
    m_inner->NotifyInterfaceUp(interface);
}

void
IkeRoutingShell::NotifyInterfaceDown(uint32_t interface)
{
    m_inner->NotifyInterfaceDown(interface);
}

void
IkeRoutingShell::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_inner->NotifyAddAddress(interface, address);
}

void
IkeRoutingShell::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_inner->NotifyRemoveAddress(interface, address);
}

void
IkeRoutingShell::SetIpv4(Ptr<Ipv4> ipv4)
{
    // The inner protocol has it already, and would take it for a second node.
    m_ipv4 = ipv4;
}

void
IkeRoutingShell::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    m_inner->PrintRoutingTable(stream, unit);
}

} // namespace ike
} // namespace ns3
