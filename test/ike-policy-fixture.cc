/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-policy-fixture.h"

#include "ns3/icmpv4.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/udp-header.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ike
{
namespace tests
{

PolicyWorld::PolicyWorld(const std::string& text1, const std::string& text2)
    : HostWorld(text1, text2, true)
{
    Ptr<Ipv4StaticRouting> routes =
        Ipv4StaticRoutingHelper().GetStaticRouting(core->GetObject<Ipv4>());
    routes->AddNetworkRouteTo("10.1.0.0", "255.255.255.0", "192.0.2.1", 1);
    routes->AddNetworkRouteTo("10.2.0.0", "255.255.255.0", "198.51.100.1", 2);
    core->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Rx",
        MakeCallback(&PolicyWorld::OnRx, this));
}

void
PolicyWorld::SendEach(int from, int count, Ptr<Node> node, const char* to)
{
    for (int i = from; i < from + count; ++i)
    {
        At(Seconds(i), [this, node, to, i] { Send(node, to, 100, static_cast<uint32_t>(i)); });
    }
}

std::string
PolicyWorld::TypeAll(Ptr<IkeRouter> router, const std::vector<std::string>& lines)
{
    std::string answer;
    for (const std::string& line : lines)
    {
        answer = router->Type(line);
    }
    return answer;
}

std::vector<std::string>
PolicyWorld::Warnings(const std::string& name) const
{
    std::vector<std::string> texts;
    for (const TimedEvent& e : events)
    {
        if (e.node == name && e.event.kind == EventKind::SecurityWarning)
        {
            texts.push_back(e.event.text);
        }
    }
    return texts;
}

void
PolicyWorld::OnRx(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t /* interface */)
{
    Ptr<Packet> copy = packet->Copy();
    Ipv4Header header;
    copy->RemoveHeader(header);
    UdpHeader udp;
    if (header.GetProtocol() == 17 && copy->PeekHeader(udp) != 0 && udp.GetDestinationPort() == 9)
    {
        ++clearAtCore;
        clearTimes.push_back(SimulatedNow());
        ttlsAtCore.insert(header.GetTtl());
    }
    if (header.GetProtocol() == 50)
    {
        espAtCore.push_back(header.GetPayloadSize());
    }
}

Pinger::Pinger(Ptr<Node> node)
    : m_socket(Socket::CreateSocket(node, Ipv4RawSocketFactory::GetTypeId()))
{
    m_socket->SetAttribute("Protocol", UintegerValue(1));
    m_socket->Bind();
    m_socket->SetRecvCallback(MakeCallback(&Pinger::OnReceive, this));
}

Pinger::~Pinger()
{
    m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    m_socket->Close();
}

void
Pinger::Send(const char* to, uint32_t octets)
{
    Icmpv4Echo echo;
    echo.SetIdentifier(7);
    echo.SetSequenceNumber(m_next++);
    echo.SetData(Create<Packet>(octets));
    Icmpv4Header header;
    header.SetType(Icmpv4Header::ICMPV4_ECHO);
    header.EnableChecksum();
    Ptr<Packet> packet = Create<Packet>();
    packet->AddHeader(echo);
    packet->AddHeader(header);
    m_socket->SendTo(packet, 0, InetSocketAddress(Ipv4Address(to), 0));
}

void
Pinger::OnReceive(Ptr<Socket> socket)
{
    while (Ptr<Packet> packet = socket->Recv())
    {
        Ipv4Header ipv4;
        Icmpv4Header icmp;
        packet->RemoveHeader(ipv4);
        if (ipv4.GetFragmentOffset() == 0) // a raw socket sees each fragment
        {
            packet->RemoveHeader(icmp);
            replies += icmp.GetType() == Icmpv4Header::ICMPV4_ECHO_REPLY ? 1 : 0;
        }
    }
}

} // namespace tests
} // namespace ike
} // namespace ns3
