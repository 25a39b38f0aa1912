/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-live-ping.h"

#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/icmpv4.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <utility>

using namespace ns3;

LivePing::LivePing(Ptr<Node> node,
                   Ipv4Address source,
                   Ipv4Address destination,
                   uint32_t count,
                   Time interval,
                   uint16_t number,
                   Done done)
    : m_source(source),
      m_destination(destination),
      m_count(count),
      m_interval(interval),
      m_number(number),
      m_done(std::move(done)),
      m_socket(Socket::CreateSocket(node, Ipv4RawSocketFactory::GetTypeId()))
{
    m_socket->SetAttribute("Protocol", UintegerValue(Icmpv4L4Protocol::GetStaticProtocolNumber()));
    m_socket->SetRecvCallback(MakeCallback(&LivePing::Receive, this));
    m_socket->Bind();
    m_event = Simulator::ScheduleNow(&LivePing::Send, this);
}

LivePing::~LivePing()
{
    m_event.Cancel();
    m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    m_socket->Close();
}

Ipv4Address
LivePing::GetDestination() const
{
    return m_destination;
}

uint32_t
LivePing::GetSent() const
{
    return m_sent;
}

uint32_t
LivePing::GetAnswered() const
{
    return static_cast<uint32_t>(m_answered.size());
}

void
LivePing::Send()
{
    Ptr<Packet> packet = Create<Packet>(56);
    Icmpv4Echo echo;
    echo.SetIdentifier(m_number);
    echo.SetSequenceNumber(static_cast<uint16_t>(m_sent));
    echo.SetData(packet);
    packet = Create<Packet>();
    packet->AddHeader(echo);
    Icmpv4Header icmp;
    icmp.SetType(Icmpv4Header::ICMPV4_ECHO);
    icmp.SetCode(0);
    icmp.EnableChecksum();
    packet->AddHeader(icmp);
    Ipv4Header header;
    header.SetSource(m_source);
    header.SetDestination(m_destination);
    header.SetProtocol(Icmpv4L4Protocol::GetStaticProtocolNumber());
    header.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    header.SetTtl(64);
    // Past the socket: it would look for a route out of the interface that has the source address.
    Ptr<Ipv4> ipv4 = m_socket->GetNode()->GetObject<Ipv4>();
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    Ptr<Ipv4Route> route = ipv4->GetRoutingProtocol()->RouteOutput(packet, header, nullptr, error);
    if (route)
    {
        ipv4->SendWithHeader(packet, header, route);
    }
    ++m_sent;
    if (m_sent < m_count)
    {
        m_event = Simulator::Schedule(m_interval, &LivePing::Send, this);
    }
    else
    {
        m_event = Simulator::Schedule(Seconds(1), &LivePing::Finish, this);
    }
}

void
LivePing::Finish()
{
    if (m_done)
    {
        m_done(*this);
    }
}

void
LivePing::Receive(Ptr<Socket> socket)
{
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        Ipv4Header header;
        Icmpv4Header icmp;
        Icmpv4Echo echo;
        packet->RemoveHeader(header);
        if (header.GetSource() != m_destination || packet->GetSize() < 8)
        {
            continue;
        }
        packet->RemoveHeader(icmp);
        if (icmp.GetType() != Icmpv4Header::ICMPV4_ECHO_REPLY)
        {
            continue;
        }
        packet->RemoveHeader(echo);
        if (echo.GetIdentifier() == m_number && echo.GetSequenceNumber() < m_sent)
        {
            m_answered.insert(echo.GetSequenceNumber());
        }
    }
}
