/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-traffic.h"

#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <ostream>
#include <utility>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeTraffic");
NS_OBJECT_ENSURE_REGISTERED(IkeOfferTag);
NS_OBJECT_ENSURE_REGISTERED(IkeOfferApplication);
NS_OBJECT_ENSURE_REGISTERED(IkeSinkApplication);

TypeId
IkeOfferTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IkeOfferTag")
                            .SetParent<Tag>()
                            .SetGroupName("Ike")
                            .AddConstructor<IkeOfferTag>();
    return tid;
}

IkeOfferTag::IkeOfferTag(uint32_t flow, uint32_t sequence, Time time)
    : m_flow(flow),
      m_sequence(sequence),
      m_time(time.GetNanoSeconds())
{
}

uint32_t
IkeOfferTag::GetFlow() const
{
    return m_flow;
}

uint32_t
IkeOfferTag::GetSequence() const
{
    return m_sequence;
}

Time
IkeOfferTag::GetTime() const
{
    return NanoSeconds(m_time);
}

TypeId
IkeOfferTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
IkeOfferTag::GetSerializedSize() const
{
    return 4 + 4 + 8;
}

void
IkeOfferTag::Serialize(TagBuffer i) const
{
    i.WriteU32(m_flow);
    i.WriteU32(m_sequence);
    i.WriteU64(static_cast<uint64_t>(m_time));
}

void
IkeOfferTag::Deserialize(TagBuffer i)
{
    m_flow = i.ReadU32();
    m_sequence = i.ReadU32();
    m_time = static_cast<int64_t>(i.ReadU64());
}

void
IkeOfferTag::Print(std::ostream& os) const
{
    os << "flow=" << m_flow << " sequence=" << m_sequence << " time=" << m_time << "ns";
}

TypeId
IkeOfferApplication::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeOfferApplication")
            .SetParent<Application>()
            .SetGroupName("Ike")
            .AddConstructor<IkeOfferApplication>()
            .AddAttribute("Remote",
                          "The address and UDP port to send to.",
                          AddressValue(),
                          MakeAddressAccessor(&IkeOfferApplication::m_remote),
                          MakeAddressChecker())
            .AddAttribute("Flow",
                          "The index of the flow, for the tags.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&IkeOfferApplication::m_flow),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("PacketSize",
                          "The payload of a packet, in bytes.",
                          UintegerValue(200),
                          MakeUintegerAccessor(&IkeOfferApplication::m_size),
                          MakeUintegerChecker<uint32_t>(0, 65507))
            .AddAttribute("Interval",
                          "The time between two packets.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&IkeOfferApplication::m_interval),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddTraceSource("Offer",
                            "A packet is offered to the socket.",
                            MakeTraceSourceAccessor(&IkeOfferApplication::m_offerTrace),
                            "ns3::ike::IkeOfferApplication::OfferTracedCallback")
            .AddTraceSource("Refuse",
                            "The socket did not take an offered packet: it is lost.",
                            MakeTraceSourceAccessor(&IkeOfferApplication::m_refuseTrace),
                            "ns3::ike::IkeOfferApplication::OfferTracedCallback");
    return tid;
}

IkeOfferApplication::IkeOfferApplication()
{
    NS_LOG_FUNCTION(this);
}

IkeOfferApplication::~IkeOfferApplication()
{
    NS_LOG_FUNCTION(this);
}

void
IkeOfferApplication::SetPace(std::unique_ptr<FlowPace> pace)
{
    m_pace = std::move(pace);
}

void
IkeOfferApplication::DoDispose()
{
    NS_LOG_FUNCTION(this);
    StopApplication();
    Application::DoDispose();
}

void
IkeOfferApplication::StartApplication()
{
    NS_LOG_FUNCTION(this);
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    m_socket->Bind();
    Send();
}

void
IkeOfferApplication::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_sendEvent.Cancel();
    if (m_socket)
    {
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
IkeOfferApplication::Send()
{
    const IkeOfferTag tag(m_flow, m_sequence, Simulator::Now());
    ++m_sequence;
    Ptr<Packet> packet = Create<Packet>(m_size);
    packet->AddPacketTag(tag);
    // Scheduled first: whatever the packet sets off at this time comes behind it.
    const Time now = Simulator::Now();
    m_sendEvent = Simulator::Schedule(m_pace ? m_pace->GetNext(now) - now : m_interval,
                                      &IkeOfferApplication::Send,
                                      this);
    // Told before it is sent, since all of its way may lie within the call.
    m_offerTrace(tag);
    if (m_socket->SendTo(packet, 0, m_remote) < 0)
    {
        m_refuseTrace(tag);
    }
}

TypeId
IkeSinkApplication::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeSinkApplication")
            .SetParent<Application>()
            .SetGroupName("Ike")
            .AddConstructor<IkeSinkApplication>()
            .AddAttribute("Port",
                          "The UDP port to listen on.",
                          UintegerValue(9),
                          MakeUintegerAccessor(&IkeSinkApplication::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddTraceSource("Deliver",
                            "A packet arrived.",
                            MakeTraceSourceAccessor(&IkeSinkApplication::m_deliverTrace),
                            "ns3::ike::IkeSinkApplication::DeliverTracedCallback");
    return tid;
}

IkeSinkApplication::IkeSinkApplication()
{
    NS_LOG_FUNCTION(this);
}

IkeSinkApplication::~IkeSinkApplication()
{
    NS_LOG_FUNCTION(this);
}

void
IkeSinkApplication::DoDispose()
{
    NS_LOG_FUNCTION(this);
    StopApplication();
    Application::DoDispose();
}

void
IkeSinkApplication::StartApplication()
{
    NS_LOG_FUNCTION(this);
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port));
    m_socket->SetRecvCallback(MakeCallback(&IkeSinkApplication::HandleRead, this));
}

void
IkeSinkApplication::StopApplication()
{
    NS_LOG_FUNCTION(this);
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
IkeSinkApplication::HandleRead(Ptr<Socket> socket)
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
