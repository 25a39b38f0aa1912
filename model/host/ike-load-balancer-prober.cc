/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-load-balancer-prober.h"

#include "ns3/icmpv4.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint8_t ICMP = 1;
/// Identifier of the echoes, to tell them from those of others on the node.
constexpr uint16_t IDENTIFIER = 0x1b50;
/// Octets of data in an echo.
constexpr uint32_t ECHO_DATA = 32;

} // namespace

BalancerProber::~BalancerProber()
{
    Stop();
}

void
BalancerProber::AddHub(Ipv4Address hub)
{
    m_targets.push_back(Target{hub, false});
}

void
BalancerProber::Start(Ptr<Node> node, Time interval, Listener listener)
{
    Stop();
    m_interval = interval;
    m_listener = std::move(listener);
    m_socket = Socket::CreateSocket(node, Ipv4RawSocketFactory::GetTypeId());
    m_socket->SetAttribute("Protocol", UintegerValue(ICMP));
    m_socket->Bind();
    m_socket->SetRecvCallback(MakeCallback(&BalancerProber::HandleRead, this));
    m_event = Simulator::ScheduleNow(&BalancerProber::HandleTick, this);
}

void
BalancerProber::Stop()
{
    m_event.Cancel();
    m_listener = {};
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
BalancerProber::HandleTick()
{
    ++m_sequence;
    for (size_t i = 0; i < m_targets.size(); ++i)
    {
        if (std::exchange(m_targets[i].isWaiting, true))
        {
            m_listener(i, false);
        }
        Ask(m_targets[i]);
    }
    m_event = Simulator::Schedule(m_interval, &BalancerProber::HandleTick, this);
}

void
BalancerProber::Ask(const Target& target)
{
    Icmpv4Echo echo;
    echo.SetIdentifier(IDENTIFIER);
    echo.SetSequenceNumber(m_sequence);
    echo.SetData(Create<Packet>(ECHO_DATA));
    Ptr<Packet> packet = Create<Packet>();
    packet->AddHeader(echo);
    Icmpv4Header header;
    header.SetType(Icmpv4Header::ICMPV4_ECHO);
    header.SetCode(0);
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksum();
    }
    packet->AddHeader(header);
    // Without a route it is a probe without an answer.
    m_socket->SendTo(packet, 0, InetSocketAddress(target.address, 0));
}

void
BalancerProber::HandleRead(Ptr<Socket> socket)
{
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        // The node's ICMP has seen the same packet before and has found it whole.
        constexpr uint32_t SHORTEST = 8;
        Ipv4Header ip;
        packet->RemoveHeader(ip);
        if (packet->GetSize() < SHORTEST)
        {
            continue;
        }
        Icmpv4Header icmp;
        packet->RemoveHeader(icmp);
        if (icmp.GetType() != Icmpv4Header::ICMPV4_ECHO_REPLY)
        {
            continue;
        }
        Icmpv4Echo echo;
        packet->RemoveHeader(echo);
        for (size_t i = 0; i < m_targets.size(); ++i)
        {
            Target& target = m_targets[i];
            if (target.address == ip.GetSource() && echo.GetIdentifier() == IDENTIFIER &&
                echo.GetSequenceNumber() == m_sequence && std::exchange(target.isWaiting, false))
            {
                m_listener(i, true);
            }
        }
    }
}

} // namespace ike
} // namespace ns3
