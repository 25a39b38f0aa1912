/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-site-application.h"

#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeSiteApplication");
NS_OBJECT_ENSURE_REGISTERED(IkeSiteApplication);

namespace
{

/// The order of the heap: what is due first is on top, at one time the lower index.
bool
IsLater(const SiteFlow& a, const SiteFlow& b)
{
    return a.next != b.next ? a.next > b.next : a.flow > b.flow;
}

} // namespace

TypeId
IkeSiteApplication::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeSiteApplication")
            .SetParent<Application>()
            .SetGroupName("Ike")
            .AddConstructor<IkeSiteApplication>()
            .AddTraceSource("Offer",
                            "A packet is offered to the socket.",
                            MakeTraceSourceAccessor(&IkeSiteApplication::m_offerTrace),
                            "ns3::ike::IkeOfferApplication::OfferTracedCallback")
            .AddTraceSource("Refuse",
                            "The socket did not take an offered packet: it is lost.",
                            MakeTraceSourceAccessor(&IkeSiteApplication::m_refuseTrace),
                            "ns3::ike::IkeOfferApplication::OfferTracedCallback")
            .AddTraceSource("Deliver",
                            "A packet arrived.",
                            MakeTraceSourceAccessor(&IkeSiteApplication::m_deliverTrace),
                            "ns3::ike::IkeSinkApplication::DeliverTracedCallback");
    return tid;
}

IkeSiteApplication::IkeSiteApplication()
{
    NS_LOG_FUNCTION(this);
}

IkeSiteApplication::~IkeSiteApplication()
{
    NS_LOG_FUNCTION(this);
}

void
IkeSiteApplication::DoDispose()
{
    NS_LOG_FUNCTION(this);
    StopApplication();
    m_flows.clear();
    m_paces.clear();
    Application::DoDispose();
}

void
IkeSiteApplication::SetLocal(Ipv4Address address, uint16_t port)
{
    m_local = address;
    m_port = port;
}

void
IkeSiteApplication::AddFlow(SiteFlow flow, std::unique_ptr<FlowPace> pace)
{
    flow.pace = pace.get();
    if (pace)
    {
        m_paces.push_back(std::move(pace));
    }
    m_flows.push_back(flow);
    std::push_heap(m_flows.begin(), m_flows.end(), IsLater);
}

void
IkeSiteApplication::StartApplication()
{
    NS_LOG_FUNCTION(this);
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    m_socket->Bind(InetSocketAddress(m_local, m_port));
    m_socket->SetRecvCallback(MakeCallback(&IkeSiteApplication::HandleRead, this));
    ScheduleNext();
}

void
IkeSiteApplication::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_event.Cancel();
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
IkeSiteApplication::ScheduleNext()
{
    while (!m_flows.empty() && m_flows.front().next >= m_flows.front().stop)
    {
        std::pop_heap(m_flows.begin(), m_flows.end(), IsLater);
        m_flows.pop_back();
    }
    if (!m_flows.empty())
    {
        const Time wait = std::max(m_flows.front().next - Simulator::Now(), Time(0));
        m_event = Simulator::Schedule(wait, &IkeSiteApplication::SendDue, this);
    }
}

void
IkeSiteApplication::SendDue()
{
    const Time now = Simulator::Now();
    std::vector<SiteFlow> due;
    while (!m_flows.empty() && m_flows.front().next <= now)
    {
        std::pop_heap(m_flows.begin(), m_flows.end(), IsLater);
        SiteFlow& flow = m_flows.back();
        if (flow.next >= flow.stop)
        {
            m_flows.pop_back();
            continue;
        }
        due.push_back(flow);
        flow.next = flow.pace != nullptr ? flow.pace->GetNext(now) : now + flow.interval;
        ++flow.sequence;
        std::push_heap(m_flows.begin(), m_flows.end(), IsLater);
    }
    // Scheduled first: whatever a packet sets off at this time comes behind it.
    ScheduleNext();
    for (SiteFlow& flow : due)
    {
        Send(flow);
    }
}

void
IkeSiteApplication::Send(SiteFlow& flow)
{
    const IkeOfferTag tag(flow.flow, flow.sequence, Simulator::Now());
    Ptr<Packet> packet = Create<Packet>(flow.size);
    packet->AddPacketTag(tag);
    // Told before it is sent, since all of its way may lie within the call.
    m_offerTrace(tag);
    if (m_socket->SendTo(packet, 0, InetSocketAddress(flow.remote, flow.port)) < 0)
    {
        m_refuseTrace(tag);
    }
}

void
IkeSiteApplication::HandleRead(Ptr<Socket> socket)
{
    NS_LOG_FUNCTION(this << socket);
    while (Ptr<Packet> packet = socket->Recv())
    {
        IkeOfferTag tag;
        if (packet->PeekPacketTag(tag))
        {
            m_deliverTrace(tag);
        }
    }
}

} // namespace ike
} // namespace ns3
