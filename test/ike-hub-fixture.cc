/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-hub-fixture.h"

#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

constexpr uint16_t PORT = 9;

const std::string COMMON = R"(
crypto isakmp policy 10
 encryption aes
 hash sha
 authentication pre-share
 group 2
crypto isakmp key secret address 0.0.0.0 0.0.0.0
crypto ipsec transform-set t esp-aes esp-sha-hmac
crypto ipsec profile vti
 set transform-set t
)";

std::string
LanOf(uint32_t number)
{
    return "10." + std::to_string(number) + ".0.";
}

std::string
WanOf(uint32_t number)
{
    return "203.0.113." + std::to_string(number);
}

/// Give a device of a host an address.
void
Address(Ptr<NetDevice> device, const std::string& address)
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const uint32_t index = ipv4->AddInterface(device);
    ipv4->AddAddress(index, Ipv4InterfaceAddress(Ipv4Address(address.c_str()), Ipv4Mask("/24")));
    ipv4->SetUp(index);
}

} // namespace

HubWorld::HubWorld()
    : m_cloud(CreateObject<IkeCloudChannel>())
{
    m_cloud->SetAttribute("Delay", TimeValue(MilliSeconds(5)));
}

HubWorld::~HubWorld()
{
    Simulator::Destroy();
}

void
HubWorld::Add(uint32_t number, const std::string& text, bool shared)
{
    Ptr<Node> host = CreateObject<Node>();
    Ptr<Node> node = CreateObject<Node>();
    const NetDeviceContainer lan = PointToPointHelper().Install(host, node);
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(host);
    Address(lan.Get(0), LanOf(number) + "2");
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(host->GetObject<Ipv4>())
        ->SetDefaultRoute((LanOf(number) + "1").c_str(), 1);
    Ptr<IkeCloudDevice> wan = CreateObject<IkeCloudDevice>();
    wan->Attach(m_cloud);
    node->AddDevice(wan);
    m_doors[number] = wan;
    AddAddress(number, WanOf(number));

    const std::string own = "hostname R" + std::to_string(number) +
                            "\ninterface Ethernet0/0\n ip address " + LanOf(number) +
                            "1 255.255.255.0\ninterface Ethernet0/1\n ip address " + WanOf(number) +
                            " 255.255.255.0\n";
    IkeRouterHelper helper;
    helper.SetRouterAttribute("TunnelDevices", StringValue(shared ? "shared" : "own"));
    Ptr<IkeRouter> router =
        helper.Install(node,
                       {{"common.ios", COMMON}, {"own.ios", own}, {"more.ios", text}},
                       {{"Ethernet0/0", lan.Get(1)}, {"Ethernet0/1", wan}});
    IkeRouterHelper::AssignStreams(NodeContainer(node), 1000 * number);
    router->TraceConnectWithoutContext("Event", MakeCallback(&HubWorld::OnEvent, this));
    router->TraceConnectWithoutContext("Drop", MakeCallback(&HubWorld::OnDrop, this));

    Ptr<Socket> socket = Socket::CreateSocket(host, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
    socket->SetRecvCallback(MakeCallback(&HubWorld::OnReceive, this).Bind(number));
    m_sockets.push_back(socket);
    m_hosts[number] = host;
    routers[number] = router;
}

void
HubWorld::AddAddress(uint32_t number, const std::string& address)
{
    m_cloud->AddNetwork(Ipv4Address(address.c_str()), Ipv4Mask("/32"), m_doors.at(number));
}

std::string
HubWorld::Tunnel(const std::string& tunnel, uint32_t to)
{
    return "interface " + tunnel +
           "\n ip unnumbered Ethernet0/0\n tunnel source Ethernet0/1\n tunnel destination " +
           WanOf(to) + "\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile vti\n";
}

std::string
HubWorld::Spoke(uint32_t number, uint32_t to)
{
    return Tunnel("Tunnel0", to) +
           " tunnel protection ipsec policy ipv4 lan\nip access-list extended lan\n permit ip " +
           LanOf(number) + "0 0.0.0.255 any\nip route 10.0.0.0 255.0.0.0 Tunnel0\n";
}

std::string
HubWorld::Template(const std::string& more, const std::string& source)
{
    return "crypto isakmp profile spokes\n match identity address 0.0.0.0 0.0.0.0\n"
           " virtual-template 1\n"
           "crypto ipsec profile vti\n" +
           more + "interface Virtual-Template1 type tunnel\n ip unnumbered Ethernet0/0\n" + source +
           " tunnel mode ipsec ipv4\n tunnel protection ipsec profile vti\n";
}

void
HubWorld::At(Time at, std::function<void()> what)
{
    Simulator::Schedule(at - Simulator::Now(), &HubWorld::Do, what);
}

void
HubWorld::Send(uint32_t from, const std::string& to)
{
    Ptr<Socket> socket = Socket::CreateSocket(m_hosts.at(from), UdpSocketFactory::GetTypeId());
    socket->SendTo(Create<Packet>(100), 0, InetSocketAddress(Ipv4Address(to.c_str()), PORT));
    socket->Close();
}

std::string
HubWorld::Type(uint32_t number, const std::vector<std::string>& lines)
{
    std::string output;
    for (const std::string& line : lines)
    {
        output += routers.at(number)->Type(line);
    }
    return output;
}

size_t
HubWorld::Count(uint32_t number, EventKind kind, const std::string& text) const
{
    size_t count = 0;
    for (const TimedEvent& e : events)
    {
        const bool isMeant = e.node == "R" + std::to_string(number) && e.event.kind == kind;
        count += isMeant && (text.empty() || e.event.text == text) ? 1 : 0;
    }
    return count;
}

void
HubWorld::OnReceive(uint32_t number, Ptr<Socket> socket)
{
    while (socket->Recv())
    {
        ++received[number];
    }
}

void
HubWorld::OnEvent(const TimedEvent& event)
{
    events.push_back(event);
}

void
HubWorld::OnDrop(Ptr<const Packet> /* packet */, const std::string& reason)
{
    ++drops[reason];
}

void
HubWorld::Do(std::function<void()> what)
{
    what();
}

} // namespace tests
} // namespace ike
} // namespace ns3
