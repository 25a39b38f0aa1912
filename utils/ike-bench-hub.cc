/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bench-handshake.h"
#include "ike-bench.h"

#include "ns3/ike-cloud-channel.h"
#include "ns3/ike-cloud-device.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-router-helper.h"
#include "ns3/ike-router.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <map>
#include <stdexcept>

/**
 * @file
 * @ingroup ike
 * ike-bench scale, day and handshakes: routers at a cloud.
 */

namespace ns3
{
namespace ike
{
namespace bench
{

namespace
{

/// The hub's address at the cloud; those of spokes and of pairs follow it.
constexpr uint32_t HUB = 0x64400001; // 100.64.0.1
/// What is behind the hub.
constexpr uint32_t HUB_LAN = 0x0a010001; // 10.1.0.1
/// What is behind the first spoke; the others follow.
constexpr uint32_t SPOKE_LAN = 0x0a800000; // 10.128.0.0
/// Spokes begin so long one after the other.
constexpr uint32_t PACE_US = 2000;
/// By then all is built, and the first spoke begins.
const Time BUILT = Seconds(1);

/// @param address as a number @return "10.1.0.1"
std::string
Dotted(uint32_t address)
{
    return IpAddress::V4(address).ToString();
}

/// What all routers have in common.
std::string
CommonText(const Order& order)
{
    return "crypto isakmp policy 10\n encryption aes\n hash sha\n authentication pre-share\n"
           " group " +
           order.group +
           "\n lifetime 86400\n"
           "crypto isakmp key secret address 0.0.0.0 0.0.0.0\n"
           "crypto ipsec security-association lifetime seconds 3600\n"
           "crypto ipsec transform-set aessha esp-aes esp-sha-hmac\n mode tunnel\n"
           "crypto ipsec profile vti\n set transform-set aessha\n";
}

/// Name, and interfaces with their addresses. @param more under the interface to the cloud
std::string
InterfacesText(const std::string& name, uint32_t wan, uint32_t lan, const std::string& more)
{
    return "hostname " + name + "\ninterface Loopback0\n ip address " + Dotted(lan) +
           " 255.255.255.255\ninterface Ethernet0/0\n ip address " + Dotted(wan) +
           " 255.192.0.0\n" + more;
}

/// A router with a crypto map to one peer: a spoke, or one of a pair.
std::string
SpokeText(const std::string& name, uint32_t wan, uint32_t lan, uint32_t peer, uint32_t peerLan)
{
    return "ip access-list extended lan\n permit ip host " + Dotted(lan) + " host " +
           Dotted(peerLan) + "\ncrypto map m 10 ipsec-isakmp\n set peer " + Dotted(peer) +
           "\n set transform-set aessha\n match address lan\n" +
           InterfacesText(name, wan, lan, " crypto map m\n") + "ip route 0.0.0.0 0.0.0.0 " +
           Dotted(peer) + "\n";
}

/// A static VTI. @param more of it
std::string
TunnelText(uint32_t number, uint32_t peer, const std::string& more)
{
    return "interface Tunnel" + std::to_string(number) +
           "\n ip unnumbered Loopback0\n tunnel source Ethernet0/0\n tunnel destination " +
           Dotted(peer) +
           "\n tunnel mode ipsec ipv4\n"
           " tunnel protection ipsec profile vti\n" +
           more;
}

/// A spoke with a static VTI to the hub. @param more of its tunnel
std::string
VtiSpokeText(uint32_t number, const std::string& more)
{
    const uint32_t lan = SPOKE_LAN + number;
    return "ip access-list extended lan\n permit ip host " + Dotted(lan) + " any\n" +
           InterfacesText("S" + std::to_string(number), HUB + number, lan, "") +
           TunnelText(0, HUB, more) + "ip route " + Dotted(HUB_LAN) + " 255.255.255.255 Tunnel0\n";
}

/// The hub with a dynamic crypto map: it answers whoever has the key.
std::string
DynamicMapHubText(const Order& /* order */)
{
    return "crypto dynamic-map d 10\n set transform-set aessha\n"
           "crypto map m 10 ipsec-isakmp dynamic d\n" +
           InterfacesText("HUB", HUB, HUB_LAN, " crypto map m\n") +
           "ip route 10.128.0.0 255.128.0.0 Ethernet0/0\n";
}

std::string
DynamicMapSpokeText(uint32_t number)
{
    return SpokeText("S" + std::to_string(number), HUB + number, SPOKE_LAN + number, HUB, HUB_LAN);
}

/// The hub with a virtual template: routes to its spokes follow from what they ask for.
std::string
TemplateHubText(const Order& /* order */)
{
    return InterfacesText("HUB", HUB, HUB_LAN, "") +
           "crypto isakmp profile spokes\n match identity address 0.0.0.0 0.0.0.0\n"
           " virtual-template 1\n"
           "interface Virtual-Template1 type tunnel\n ip unnumbered Loopback0\n"
           " tunnel source Ethernet0/0\n tunnel mode ipsec ipv4\n"
           " tunnel protection ipsec profile vti\n";
}

std::string
TemplateSpokeText(uint32_t number)
{
    return VtiSpokeText(number, " tunnel protection ipsec policy ipv4 lan\n");
}

/// The hub with a VTI, a key and a route for each spoke. It begins nothing, so that there are no
/// duplicates.
std::string
StaticHubText(const Order& order)
{
    std::string text =
        InterfacesText("HUB", HUB, HUB_LAN, "") + "crypto ipsec profile vti\n responder-only\n";
    for (uint32_t i = 1; i <= order.spokes; ++i)
    {
        text += "crypto isakmp key secret address " + Dotted(HUB + i) + "\n" +
                TunnelText(i, HUB + i, "") + "ip route " + Dotted(SPOKE_LAN + i) +
                " 255.255.255.255 Tunnel" + std::to_string(i) + "\n";
    }
    return text;
}

std::string
StaticSpokeText(uint32_t number)
{
    return VtiSpokeText(number, "");
}

/// How a hub and its spokes know each other.
struct HubKind
{
    std::string (*hub)(const Order& order); ///< configuration of the hub
    std::string (*spoke)(uint32_t number);  ///< configuration of a spoke
    bool begins;                            ///< do spokes begin without a packet?
};

/// The kinds by name.
const std::map<std::string, HubKind> HUB_KINDS = {
    {"dynamic-map", {DynamicMapHubText, DynamicMapSpokeText, false}},
    {"virtual-template", {TemplateHubText, TemplateSpokeText, true}},
    {"static-vti", {StaticHubText, StaticSpokeText, true}},
};

/// Routers at a cloud, and datagrams between addresses behind them.
class CloudWorld
{
  public:
    /// @param order what it is
    explicit CloudWorld(const Order& order);
    ~CloudWorld();

    /// A router, or without IPsec a node with the same addresses.
    /// @param text its own configuration @param wan its address at the cloud
    /// @param lan its address behind it
    void AddRouter(const std::string& text, uint32_t wan, uint32_t lan);
    /// From now on IKE of routers starts then: VTIs begin by themselves. @param start time
    void StartNext(Time start);
    /// A socket at a router. @param number of the router @param peer where its datagrams go
    void Open(uint32_t number, uint32_t peer);
    /// Send a datagram. @param number of a router that has opened
    void Send(uint32_t number);
    /// Send datagrams again and again. @param number of a router @param interval between them
    void SendAgain(uint32_t number, Time interval);
    /// @return datagrams that arrived
    uint64_t GetReceived() const;
    /// @return pairs of SAs that routers have now
    uint64_t CountSas() const;
    /// Let time pass. @param time how much of it
    static void Pass(Time time);

  private:
    void BuildPlain(Ptr<Node> node, Ptr<NetDevice> device, uint32_t wan, uint32_t lan);
    void Receive(Ptr<Socket> socket);

    Order m_order;                      ///< what it is
    Ptr<IkeCloudChannel> m_cloud;       ///< between them
    RouterConfig m_common;              ///< of all of them
    IkeRouterHelper m_helper;           ///< makes them
    std::vector<Ptr<Node>> m_nodes;     ///< by number
    std::vector<uint32_t> m_lans;       ///< addresses behind them
    std::vector<Ptr<Socket>> m_sockets; ///< by number of router; null: none
    uint64_t m_received{0};             ///< datagrams
};

CloudWorld::CloudWorld(const Order& order)
    : m_order(order),
      m_cloud(CreateObject<IkeCloudChannel>())
{
    m_cloud->SetAttribute("Delay", StringValue("10ms"));
    // A device for each VTI would cost the hub a look at all of them for each packet.
    m_helper.SetRouterAttribute("TunnelDevices", StringValue("shared"));
    const auto errors = IkeRouterHelper::Read({{"common.ios", CommonText(order)}}, m_common);
    if (!errors.empty())
    {
        throw std::runtime_error(errors.front().ToString());
    }
}

CloudWorld::~CloudWorld()
{
    Simulator::Destroy();
}

void
CloudWorld::AddRouter(const std::string& text, uint32_t wan, uint32_t lan)
{
    auto node = CreateObject<Node>();
    auto device = CreateObject<IkeCloudDevice>();
    device->SetAttribute("DataRate", StringValue("10Gbps"));
    node->AddDevice(device);
    device->Attach(m_cloud);
    if (m_order.ipsec)
    {
        RouterConfig config = m_common;
        const auto errors = IkeRouterHelper::Read({{"router.ios", text}}, config);
        if (!errors.empty())
        {
            throw std::runtime_error(errors.front().ToString());
        }
        m_helper.Install(node, config, {{"Ethernet0/0", device}});
    }
    else
    {
        BuildPlain(node, device, wan, lan);
        m_cloud->AddNetwork(Ipv4Address(lan), Ipv4Mask::GetOnes(), device);
    }
    m_cloud->AddNetwork(Ipv4Address(wan), Ipv4Mask::GetOnes(), device);
    m_nodes.push_back(node);
    m_lans.push_back(lan);
    m_sockets.push_back(nullptr);
}

void
CloudWorld::BuildPlain(Ptr<Node> node, Ptr<NetDevice> device, uint32_t wan, uint32_t lan)
{
    Ipv4ListRoutingHelper list;
    list.Add(Ipv4StaticRoutingHelper(), 0);
    InternetStackHelper internet;
    internet.SetRoutingHelper(list);
    internet.SetIpv6StackInstall(false);
    internet.Install(node);
    Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    ipv4->AddAddress(0, Ipv4InterfaceAddress(Ipv4Address(lan), Ipv4Mask::GetOnes()));
    const uint32_t index = ipv4->AddInterface(device);
    ipv4->AddAddress(index, Ipv4InterfaceAddress(Ipv4Address(wan), Ipv4Mask("255.192.0.0")));
    ipv4->SetUp(index);
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->SetDefaultRoute(Ipv4Address(HUB), index);
}

void
CloudWorld::StartNext(Time start)
{
    m_helper.SetApplicationAttribute("StartTime", TimeValue(start));
}

void
CloudWorld::Open(uint32_t number, uint32_t peer)
{
    Ptr<Socket> socket = Socket::CreateSocket(m_nodes[number], UdpSocketFactory::GetTypeId());
    // Not any address: a crypto map asks whose packet it is.
    socket->Bind(InetSocketAddress(Ipv4Address(m_lans[number]), 9));
    socket->SetRecvCallback(MakeCallback(&CloudWorld::Receive, this));
    if (peer != 0)
    {
        socket->Connect(InetSocketAddress(Ipv4Address(peer), 9));
    }
    m_sockets[number] = socket;
}

void
CloudWorld::Send(uint32_t number)
{
    m_sockets[number]->Send(Create<Packet>(100));
}

void
CloudWorld::SendAgain(uint32_t number, Time interval)
{
    Send(number);
    Simulator::Schedule(interval, &CloudWorld::SendAgain, this, number, interval);
}

void
CloudWorld::Receive(Ptr<Socket> socket)
{
    while (Ptr<Packet> packet = socket->Recv())
    {
        ++m_received;
    }
}

uint64_t
CloudWorld::GetReceived() const
{
    return m_received;
}

uint64_t
CloudWorld::CountSas() const
{
    uint64_t count = 0;
    for (const Ptr<Node>& node : m_nodes)
    {
        Ptr<IkeRouter> router = node->GetObject<IkeRouter>();
        count += router ? router->GetDataPlane().GetInboundCount() : 0;
    }
    return count;
}

void
CloudWorld::Pass(Time time)
{
    Simulator::Stop(time);
    Simulator::Run();
}

/// A hub and its spokes. @param order how many @param world empty @param more of each spoke's
/// configuration
void
BuildHub(const Order& order, CloudWorld& world, const std::string& more)
{
    const auto kind = HUB_KINDS.find(order.hub);
    if (kind == HUB_KINDS.end())
    {
        throw std::runtime_error("there is no such hub: " + order.hub);
    }
    world.AddRouter(kind->second.hub(order), HUB, HUB_LAN);
    world.Open(0, 0);
    for (uint32_t i = 1; i <= order.spokes; ++i)
    {
        if (kind->second.begins)
        {
            world.StartNext(BUILT + MicroSeconds(PACE_US) * i);
        }
        world.AddRouter(more + kind->second.spoke(i), HUB + i, SPOKE_LAN + i);
        world.Open(i, HUB_LAN);
    }
    IkeRouterHelper::AssignStreams(NodeContainer::GetGlobal(), 1);
}

/// Have the tables of the group made, which all nodes share: they are no part of a tunnel.
/// @param order the group
void
MakeTables(const Order& order)
{
    DhJob job;
    job.group = static_cast<DhGroup>(std::stoi(order.group));
    job.privateValue = Octets(PrivateLengthOf(job.group), 0x11);
    MakeOpensslProvider()->Run(job);
}

/// Did all tunnels come up? @param order how many @param world theirs
void
RequireTunnels(const Order& order, const CloudWorld& world)
{
    const uint64_t wanted = order.ipsec ? 2ULL * order.spokes : 0;
    if (world.CountSas() != wanted)
    {
        throw std::runtime_error(std::to_string(world.CountSas()) + " SAs instead of " +
                                 std::to_string(wanted));
    }
}

} // namespace

void
MeasureScale(const Order& order, Figures& figures)
{
    MakeTables(order);
    const double heapBefore = HeapOctets();
    const double begin = CpuSeconds();
    CloudWorld world(order);
    BuildHub(order, world, "");
    CloudWorld::Pass(BUILT);
    const double built = CpuSeconds();
    figures.Add("build-cpu", built - begin);
    const double heapBuilt = HeapOctets();
    figures.Add("build-heap", heapBuilt - heapBefore);
    for (uint32_t round = 0; round < 2; ++round)
    {
        // The first packet of each spoke asks for the tunnel, the second one finds it.
        for (uint32_t i = 1; i <= order.spokes; ++i)
        {
            Simulator::Schedule(MicroSeconds(PACE_US) * i, &CloudWorld::Send, &world, i);
        }
        CloudWorld::Pass(MicroSeconds(PACE_US) * order.spokes + Seconds(100));
    }
    figures.Add("run-cpu", CpuSeconds() - built);
    figures.Add("tunnel-heap", HeapOctets() - heapBuilt);
    figures.Add("peak", PeakOctets());
    if (world.GetReceived() < order.spokes)
    {
        throw std::runtime_error("scale: packets got lost");
    }
    RequireTunnels(order, world);
}

void
MeasureDay(const Order& order, Figures& figures)
{
    CloudWorld world(order);
    BuildHub(order, world, "crypto isakmp keepalive 60 periodic\n");
    CloudWorld::Pass(Seconds(1));
    // Spread over the minute, as life does.
    const Time minute = Seconds(60);
    for (uint32_t i = 1; i <= order.spokes; ++i)
    {
        Simulator::Schedule(minute * i / order.spokes, &CloudWorld::SendAgain, &world, i, minute);
    }
    const double begin = CpuSeconds();
    std::vector<double> hours; // each has the same work, but the first and the last
    for (double rest = order.seconds; rest > 0; rest -= 3600)
    {
        const double before = CpuSeconds();
        CloudWorld::Pass(Seconds(std::min(rest, 3600.0)));
        hours.push_back((CpuSeconds() - before) * 3600 / std::min(rest, 3600.0));
    }
    figures.Add("cpu", CpuSeconds() - begin);
    figures.Add("hour-least", Smallest(hours));
    figures.Add("hour", Median(hours));
    figures.Add("received", static_cast<double>(world.GetReceived()));
    figures.Add("peak", PeakOctets());
    RequireTunnels(order, world);
}

void
MeasureHandshakes(const Order& order, Figures& figures)
{
    CloudWorld world(order);
    const uint32_t pairs = order.isShort ? 20 : 200;
    const uint32_t batch = 10;
    for (uint32_t i = 0; i < pairs; ++i)
    {
        const uint32_t a = 2 * i + 1;
        const uint32_t b = a + 1;
        world.AddRouter(SpokeText("A", HUB + a, SPOKE_LAN + a, HUB + b, SPOKE_LAN + b),
                        HUB + a,
                        SPOKE_LAN + a);
        world.AddRouter(SpokeText("B", HUB + b, SPOKE_LAN + b, HUB + a, SPOKE_LAN + a),
                        HUB + b,
                        SPOKE_LAN + b);
        world.Open(2 * i, SPOKE_LAN + b);
    }
    IkeRouterHelper::AssignStreams(NodeContainer::GetGlobal(), 1);
    CloudWorld::Pass(Seconds(1));
    std::vector<double> times;
    for (uint32_t first = 0; first < pairs; first += batch)
    {
        const double begin = CpuSeconds();
        for (uint32_t i = first; i < first + batch; ++i)
        {
            Simulator::Schedule(MilliSeconds(1) * i, &CloudWorld::Send, &world, 2 * i);
        }
        CloudWorld::Pass(Seconds(2));
        times.push_back(CpuSeconds() - begin);
    }
    figures.Add("sim", 1e6 / batch * Median(times));
    figures.Add("sim-least", 1e6 / batch * Smallest(times));
    const HandshakeCost cost =
        BenchHandshakes(order.group == "19" ? DhGroup::Ecp256 : DhGroup::Modp2048,
                        order.isShort ? 20 : 200);
    figures.Add("floor", cost.floor);
    figures.Add("floor-least", cost.floorLeast);
    figures.Add("engines", cost.engines);
    figures.Add("bytes", cost.bytes);
    if (world.CountSas() != 2ULL * pairs)
    {
        throw std::runtime_error("handshakes: not all tunnels came up");
    }
}

} // namespace bench
} // namespace ike
} // namespace ns3
