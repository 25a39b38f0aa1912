/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"

#include "ns3/abort.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-carrier-tag.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <utility>

namespace ns3
{
namespace ike
{
namespace tests
{

NS_OBJECT_ENSURE_REGISTERED(MarkTag);

namespace
{

/// What both routers have in common.
const std::string COMMON = R"(
crypto isakmp policy 10
 encryption 3des
 hash sha
 authentication pre-share
 group 2
crypto isakmp key secret address 0.0.0.0 0.0.0.0
crypto ipsec transform-set 3dessha esp-3des esp-sha-hmac
 mode tunnel
crypto ipsec profile vti
 set transform-set 3dessha
)";

/// R1's own part: LAN 10.1.0.0/24, WAN 192.0.2.1, tunnel 10.9.0.1.
const std::string R1 = R"(
hostname R1
interface Ethernet0/0
 ip address 10.1.0.1 255.255.255.0
interface Ethernet0/1
 ip address 192.0.2.1 255.255.255.252
interface Tunnel0
 ip address 10.9.0.1 255.255.255.252
 tunnel source Ethernet0/1
 tunnel destination 198.51.100.1
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile vti
)";

/// R2's own part: LAN 10.2.0.0/24, WAN 198.51.100.1, tunnel 10.9.0.2.
const std::string R2 = R"(
hostname R2
interface Ethernet0/0
 ip address 10.2.0.1 255.255.255.0
interface Ethernet0/1
 ip address 198.51.100.1 255.255.255.252
interface Tunnel0
 ip address 10.9.0.2 255.255.255.252
 tunnel source Ethernet0/1
 tunnel destination 192.0.2.1
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile vti
)";

} // namespace

// --- MarkTag --------------------------------------------------------------------------------

TypeId
MarkTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::test::MarkTag")
                            .SetParent<Tag>()
                            .SetGroupName("Ike")
                            .AddConstructor<MarkTag>();
    return tid;
}

TypeId
MarkTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
MarkTag::GetSerializedSize() const
{
    return 4;
}

void
MarkTag::Serialize(TagBuffer i) const
{
    i.WriteU32(m_mark);
}

void
MarkTag::Deserialize(TagBuffer i)
{
    m_mark = i.ReadU32();
}

void
MarkTag::Print(std::ostream& os) const
{
    os << m_mark;
}

// --- HostWorld ------------------------------------------------------------------------------

HostWorld::HostWorld(const std::string& text1,
                     const std::string& text2,
                     bool ike,
                     const std::function<void(RouterConfig&)>& edit)
    : hA(CreateObject<Node>()),
      n1(CreateObject<Node>()),
      core(CreateObject<Node>()),
      n2(CreateObject<Node>()),
      hB(CreateObject<Node>())
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("10ms"));
    const NetDeviceContainer lan1 = link.Install(hA, n1);
    const NetDeviceContainer wan1 = link.Install(n1, core);
    const NetDeviceContainer wan2 = link.Install(core, n2);
    const NetDeviceContainer lan2 = link.Install(n2, hB);

    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(NodeContainer(hA, core, hB));
    Address(lan1.Get(0), "10.1.0.2", "255.255.255.0");
    Address(wan1.Get(1), "192.0.2.2", "255.255.255.252");
    Address(wan2.Get(0), "198.51.100.2", "255.255.255.252");
    Address(lan2.Get(1), "10.2.0.2", "255.255.255.0");
    Ipv4StaticRoutingHelper routes;
    routes.GetStaticRouting(hA->GetObject<Ipv4>())->SetDefaultRoute("10.1.0.1", 1);
    routes.GetStaticRouting(hB->GetObject<Ipv4>())->SetDefaultRoute("10.2.0.1", 1);

    helper.SetIke(ike);
    helper.SetRipAttribute("UnsolicitedRoutingUpdate", TimeValue(Seconds(5)));
    r1 = helper.Install(n1,
                        Read({{"common.ios", COMMON}, {"R1.ios", R1 + text1}}, edit),
                        {{"Ethernet0/0", lan1.Get(1)}, {"Ethernet0/1", wan1.Get(0)}});
    r2 = helper.Install(n2,
                        Read({{"common.ios", COMMON}, {"R2.ios", R2 + text2}}, edit),
                        {{"Ethernet0/0", lan2.Get(0)}, {"Ethernet0/1", wan2.Get(1)}});
    IkeRouterHelper::AssignStreams(NodeContainer::GetGlobal(), 100);

    r1->TraceConnectWithoutContext("Event", MakeCallback(&HostWorld::OnEvent, this));
    r2->TraceConnectWithoutContext("Event", MakeCallback(&HostWorld::OnEvent, this));
    r1->TraceConnectWithoutContext("Drop", MakeCallback(&HostWorld::OnDrop1, this));
    r2->TraceConnectWithoutContext("Drop", MakeCallback(&HostWorld::OnDrop2, this));
    core->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Rx",
        MakeCallback(&HostWorld::OnCore, this));
    Listen(hA);
    Listen(hB);
    Listen(n1);
    Listen(n2);
}

RouterConfig
HostWorld::Read(const std::vector<IkeConfigText>& texts,
                const std::function<void(RouterConfig&)>& edit)
{
    RouterConfig config;
    const std::vector<ConfigError> errors = IkeRouterHelper::Read(texts, config);
    NS_ABORT_MSG_UNLESS(errors.empty(), errors.front().ToString());
    edit(config);
    return config;
}

HostWorld::~HostWorld()
{
    Simulator::Destroy();
}

void
HostWorld::Address(Ptr<NetDevice> device, const char* address, const char* mask)
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const uint32_t index = ipv4->AddInterface(device);
    ipv4->AddAddress(index, Ipv4InterfaceAddress(Ipv4Address(address), Ipv4Mask(mask)));
    ipv4->SetUp(index);
}

void
HostWorld::InstallSas(PairId pair, bool select)
{
    IpsecSa sa;
    sa.spi = 0x1000 + pair;
    sa.pair = pair;
    sa.connection = 1;
    sa.source = IpAddress::V4(0xc0000201);
    sa.destination = IpAddress::V4(0xc6336401);
    sa.cipher = CipherAlgorithm::AesCbc;
    sa.cipherKey = Octets(16, 0x11);
    sa.integrity = IntegrityAlgorithm::HmacSha1_96;
    sa.integrityKey = Octets(20, 0x22);
    sa.innerSource = IpPrefix::AnyV4();
    sa.innerDestination = IpPrefix::AnyV4();
    r2->GetDataPlane().InstallInbound(sa);
    r1->GetDataPlane().InstallOutbound(sa);
    std::swap(sa.source, sa.destination);
    sa.spi += 0x1000;
    r1->GetDataPlane().InstallInbound(sa);
    r2->GetDataPlane().InstallOutbound(sa);
    if (select)
    {
        Select(pair);
    }
}

void
HostWorld::Select(PairId pair)
{
    r1->SelectOutbound(1, pair);
    r2->SelectOutbound(1, pair);
}

void
HostWorld::At(Time at, std::function<void()> what)
{
    Simulator::Schedule(at - Simulator::Now(), &HostWorld::Do, what);
}

void
HostWorld::Send(Ptr<Node> node, const char* to, uint32_t octets, uint32_t mark)
{
    Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    Ptr<Packet> packet = Create<Packet>(octets);
    MarkTag tag;
    tag.m_mark = mark;
    packet->AddPacketTag(tag);
    packet->AddByteTag(tag);
    socket->SendTo(packet, 0, InetSocketAddress(Ipv4Address(to), 9));
    socket->Close();
}

size_t
HostWorld::Count(const std::string& node, EventKind kind) const
{
    size_t count = 0;
    for (const TimedEvent& e : events)
    {
        count += e.node == node && e.event.kind == kind ? 1 : 0;
    }
    return count;
}

Instant
HostWorld::First(const std::string& node, EventKind kind) const
{
    for (const TimedEvent& e : events)
    {
        if (e.node == node && e.event.kind == kind)
        {
            return e.time;
        }
    }
    return Instant::Never();
}

bool
HostWorld::IsBalanced() const
{
    return r1->GetInboundCounters().IsBalanced() && r1->GetOutboundCounters().IsBalanced() &&
           r2->GetInboundCounters().IsBalanced() && r2->GetOutboundCounters().IsBalanced();
}

void
HostWorld::Do(std::function<void()> what)
{
    what();
}

void
HostWorld::Listen(Ptr<Node> node)
{
    Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
    socket->SetRecvCallback(MakeCallback(&HostWorld::OnReceive, this));
    m_sockets.push_back(socket);
}

void
HostWorld::OnReceive(Ptr<Socket> socket)
{
    while (Ptr<Packet> packet = socket->Recv())
    {
        MarkTag tag;
        received.insert(packet->PeekPacketTag(tag) ? tag.m_mark : 0);
        receivedBytes.insert(packet->FindFirstMatchingByteTag(tag) ? tag.m_mark : 0);
    }
}

void
HostWorld::OnEvent(const TimedEvent& event)
{
    events.push_back(event);
}

void
HostWorld::OnDrop1(Ptr<const Packet> packet, const std::string& reason)
{
    ++drops1[reason];
    NoteMark(packet);
}

void
HostWorld::OnDrop2(Ptr<const Packet> packet, const std::string& reason)
{
    ++drops2[reason];
    NoteMark(packet);
}

void
HostWorld::NoteMark(Ptr<const Packet> packet)
{
    MarkTag tag;
    if (IpsecCarrierTag::PeekInner(packet, tag))
    {
        lostMarks.push_back(tag.m_mark);
    }
}

void
HostWorld::OnCore(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t /* interface */)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    lastAtCore = header;
    ++coreByProtocol[header.GetProtocol()];
    coreFragments += !header.IsLastFragment() || header.GetFragmentOffset() != 0 ? 1 : 0;
}

} // namespace tests
} // namespace ike
} // namespace ns3
