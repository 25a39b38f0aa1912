/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/data-rate.h"
#include "ns3/esp-l4-protocol.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/ike-application.h"
#include "ns3/ike-router-helper.h"
#include "ns3/ike-router.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-carrier-tag.h"
#include "ns3/ipsec-tunnel-device.h"
#include "ns3/ipv4-flow-classifier.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The ns-3 side: tunnel device, ESP, tags, line protocol, routes, RIP, console, reload, and the
 * engine in a node. All of it over hA - R1 = core = R2 - hB.
 */

namespace ns3
{
namespace ike
{
namespace
{

/// Something that an application put on its packet.
class MarkTag : public Tag
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::ike::test::MarkTag")
                                .SetParent<Tag>()
                                .SetGroupName("Ike")
                                .AddConstructor<MarkTag>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return 4;
    }

    void Serialize(TagBuffer i) const override
    {
        i.WriteU32(m_mark);
    }

    void Deserialize(TagBuffer i) override
    {
        m_mark = i.ReadU32();
    }

    void Print(std::ostream& os) const override
    {
        os << m_mark;
    }

    uint32_t m_mark{0}; ///< the mark
};

NS_OBJECT_ENSURE_REGISTERED(MarkTag);

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

const std::string DEFAULT1 = "ip route 0.0.0.0 0.0.0.0 192.0.2.2\n";    ///< to the core
const std::string DEFAULT2 = "ip route 0.0.0.0 0.0.0.0 198.51.100.2\n"; ///< to the core
const std::string LAN2 = "ip route 10.2.0.0 255.255.255.0 Tunnel0\n";   ///< R2's, for R1
const std::string LAN1 = "ip route 10.1.0.0 255.255.255.0 Tunnel0\n";   ///< R1's, for R2
const std::string RIP = "router rip\n version 2\n network 10.0.0.0\n";  ///< LANs and tunnel

/// The world of all tests, and what it saw.
class World
{
  public:
    /**
     * @brief Build it.
     * @param text1 more of R1's configuration
     * @param text2 more of R2's configuration
     * @param ike with IKE, or with SAs by hand
     */
    World(const std::string& text1, const std::string& text2, bool ike)
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
                            {{"common.ios", COMMON}, {"R1.ios", R1 + text1}},
                            {{"Ethernet0/0", lan1.Get(1)}, {"Ethernet0/1", wan1.Get(0)}});
        r2 = helper.Install(n2,
                            {{"common.ios", COMMON}, {"R2.ios", R2 + text2}},
                            {{"Ethernet0/0", lan2.Get(0)}, {"Ethernet0/1", wan2.Get(1)}});
        IkeRouterHelper::AssignStreams(NodeContainer::GetGlobal(), 100);

        r1->TraceConnectWithoutContext("Event", MakeCallback(&World::OnEvent, this));
        r2->TraceConnectWithoutContext("Event", MakeCallback(&World::OnEvent, this));
        r1->TraceConnectWithoutContext("Drop", MakeCallback(&World::OnDrop1, this));
        r2->TraceConnectWithoutContext("Drop", MakeCallback(&World::OnDrop2, this));
        core->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Rx",
            MakeCallback(&World::OnCore, this));
        Listen(hA);
        Listen(hB);
        Listen(n1);
        Listen(n2);
    }

    ~World()
    {
        Simulator::Destroy();
    }

    /// Give a device an address, without a queue. @param device which @param address its address
    /// @param mask its mask
    static void Address(Ptr<NetDevice> device, const char* address, const char* mask)
    {
        Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
        const uint32_t index = ipv4->AddInterface(device);
        ipv4->AddAddress(index, Ipv4InterfaceAddress(Ipv4Address(address), Ipv4Mask(mask)));
        ipv4->SetUp(index);
    }

    /// Install SAs of both directions by hand. @param pair number of the pair @param select also
    /// select it at both ends
    void InstallSas(PairId pair, bool select)
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

    /// Select a pair at both ends. @param pair which, 0: none
    void Select(PairId pair)
    {
        r1->SelectOutbound(1, pair);
        r2->SelectOutbound(1, pair);
    }

    /// Do something at a time. @param at when @param what to be done
    static void At(Time at, std::function<void()> what)
    {
        Simulator::Schedule(at - Simulator::Now(), &World::Do, what);
    }

    /// Send a datagram. @param node from where @param to where @param octets how long
    /// @param mark what it is marked with
    void Send(Ptr<Node> node, const char* to, uint32_t octets, uint32_t mark)
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

    /// Count events. @param node at which router @param kind which @return how many
    size_t Count(const std::string& node, EventKind kind) const
    {
        size_t count = 0;
        for (const TimedEvent& e : events)
        {
            count += e.node == node && e.event.kind == kind ? 1 : 0;
        }
        return count;
    }

    /// When an event was first seen. @param node at which router @param kind which @return when,
    /// Never() if it was not
    Instant First(const std::string& node, EventKind kind) const
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

    /// Do all identities of data planes hold? @return true when they do
    bool IsBalanced() const
    {
        return r1->GetInboundCounters().IsBalanced() && r1->GetOutboundCounters().IsBalanced() &&
               r2->GetInboundCounters().IsBalanced() && r2->GetOutboundCounters().IsBalanced();
    }

    Ptr<Node> hA;                               ///< host behind R1
    Ptr<Node> n1;                               ///< node of R1
    Ptr<Node> core;                             ///< the Internet
    Ptr<Node> n2;                               ///< node of R2
    Ptr<Node> hB;                               ///< host behind R2
    IkeRouterHelper helper;                     ///< made the routers
    Ptr<IkeRouter> r1;                          ///< router
    Ptr<IkeRouter> r2;                          ///< router
    EventLog events;                            ///< of both routers
    std::map<std::string, uint32_t> drops1;     ///< of R1, by reason
    std::map<std::string, uint32_t> drops2;     ///< of R2, by reason
    std::vector<uint32_t> lostMarks;            ///< of dropped packets
    std::map<uint8_t, uint32_t> coreByProtocol; ///< IPv4 packets seen by the core
    uint32_t coreFragments{0};                  ///< those that were fragments
    uint32_t badSums{0};                        ///< ESP or UDP with a wrong outer length
    std::multiset<uint32_t> received;           ///< marks, as packet tags
    std::multiset<uint32_t> receivedBytes;      ///< marks, as byte tags

  private:
    /// Do something. @param what to be done
    static void Do(std::function<void()> what)
    {
        what();
    }

    /// Receive datagrams on port 9. @param node where
    void Listen(Ptr<Node> node)
    {
        Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
        socket->SetRecvCallback(MakeCallback(&World::OnReceive, this));
        m_sockets.push_back(socket);
    }

    /// A datagram arrived. @param socket where
    void OnReceive(Ptr<Socket> socket)
    {
        while (Ptr<Packet> packet = socket->Recv())
        {
            MarkTag tag;
            received.insert(packet->PeekPacketTag(tag) ? tag.m_mark : 0);
            receivedBytes.insert(packet->FindFirstMatchingByteTag(tag) ? tag.m_mark : 0);
        }
    }

    /// Something was reported. @param event what
    void OnEvent(const TimedEvent& event)
    {
        events.push_back(event);
    }

    /// R1 dropped a packet. @param packet which @param reason why
    void OnDrop1(Ptr<const Packet> packet, const std::string& reason)
    {
        ++drops1[reason];
        NoteMark(packet);
    }

    /// R2 dropped a packet. @param packet which @param reason why
    void OnDrop2(Ptr<const Packet> packet, const std::string& reason)
    {
        ++drops2[reason];
        NoteMark(packet);
    }

    /// A packet was dropped. @param packet which
    void NoteMark(Ptr<const Packet> packet)
    {
        MarkTag tag;
        if (IpsecCarrierTag::PeekInner(packet, tag))
        {
            lostMarks.push_back(tag.m_mark);
        }
    }

    /// The core received a packet. @param packet which @param ipv4 its stack @param interface where
    void OnCore(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t /* interface */)
    {
        Ipv4Header header;
        packet->PeekHeader(header);
        ++coreByProtocol[header.GetProtocol()];
        coreFragments += !header.IsLastFragment() || header.GetFragmentOffset() != 0 ? 1 : 0;
    }

    std::vector<Ptr<Socket>> m_sockets; ///< that listen
};

/// Hand-installed SAs: datagrams both ways, ESP alone in the middle, tags, fragments, FlowMonitor.
class TunnelTestCase : public TestCase
{
  public:
    TunnelTestCase()
        : TestCase("UDP both ways over a VTI, tags survive, large packets are cut")
    {
    }

  private:
    void DoRun() override
    {
        World w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, false);
        FlowMonitorHelper flows;
        Ptr<FlowMonitor> monitor = flows.InstallAll();
        w.InstallSas(1, true);
        World::At(Seconds(1), [&w] { w.Send(w.hA, "10.2.0.2", 100, 1); });
        World::At(Seconds(2), [&w] { w.Send(w.hB, "10.1.0.2", 100, 2); });
        World::At(Seconds(3), [&w] { w.Send(w.hA, "10.2.0.2", 3000, 3); });
        World::At(Seconds(4), [&w] { w.Send(w.n1, "10.2.0.2", 100, 4); }); // from the router itself
        Simulator::Stop(Seconds(5));
        Simulator::Run();

        const std::multiset<uint32_t> all{1, 2, 3, 4};
        NS_TEST_EXPECT_MSG_EQ((w.received == all), true, "delivered with their packet tags");
        NS_TEST_EXPECT_MSG_EQ((w.receivedBytes == all), true, "and with their byte tags");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.size(), 1, "only one protocol in the middle");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(EspL4Protocol::PROT_NUMBER), 1, "ESP");
        NS_TEST_EXPECT_MSG_EQ(w.coreFragments, 0, "cut before, not behind the encryption");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "in = passed + discarded");
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed,
                              w.r2->GetInboundCounters().passed,
                              "what left arrived");
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed,
                              1 + 5 + 1,
                              "hA's fragments of 1500 were cut again");
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size() + w.drops2.size(), 0, "no drops");

        uint32_t tx = 0;
        uint32_t rx = 0;
        Ptr<Ipv4FlowClassifier> classifier = DynamicCast<Ipv4FlowClassifier>(flows.GetClassifier());
        for (const auto& [id, stats] : monitor->GetFlowStats())
        {
            if (classifier->FindFlow(id).protocol == 17)
            {
                tx += stats.txPackets;
                rx += stats.rxPackets;
            }
        }
        NS_TEST_EXPECT_MSG_EQ(tx, 4, "FlowMonitor saw them leave");
        NS_TEST_EXPECT_MSG_EQ(rx, 4, "FlowMonitor saw them arrive");
    }
};

/// A tunnel with a large MTU: the outer packet is cut and put together again before ESP.
class OuterFragmentsTestCase : public TestCase
{
  public:
    OuterFragmentsTestCase()
        : TestCase("Fragments of the outer packet; tags off")
    {
    }

  private:
    void DoRun() override
    {
        World w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, false);
        w.r1->GetTunnelDevice("Tunnel0")->SetMtu(9000);
        w.InstallSas(1, true);
        World::At(Seconds(1), [&w] { w.Send(w.n1, "10.2.0.2", 3000, 1); });
        World::At(Seconds(2), [&w] {
            w.r1->SetAttribute("CarryTags", BooleanValue(false));
            w.Send(w.n1, "10.2.0.2", 100, 2);
        });
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{0, 1}), true, "tags, or not");
        NS_TEST_EXPECT_MSG_EQ(w.coreFragments, 3, "ESP was cut");
        NS_TEST_EXPECT_MSG_EQ(w.r2->GetInboundCounters().passed, 2, "and put together");
    }
};

/// Line protocol follows SelectOutbound; connected and static routes come and go with it.
class LineTestCase : public TestCase
{
  public:
    LineTestCase()
        : TestCase("The line follows the SA, static routes come back")
    {
    }

  private:
    void DoRun() override
    {
        World w(DEFAULT1 + LAN2 + "ip route 10.3.0.0 255.255.0.0 10.9.0.2\n",
                DEFAULT2 + LAN1,
                false);
        Ptr<Ipv4> ipv4 = w.n1->GetObject<Ipv4>();
        Ptr<Ipv4StaticRouting> table = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
        const uint32_t routes = table->GetNRoutes();
        World::At(Seconds(1), [&w] { w.InstallSas(1, true); });
        World::At(Seconds(2), [&] {
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes + 3, "connected and two static");
            w.InstallSas(2, true); // make before break: nothing changes
        });
        World::At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes + 3, "as before");
            w.Select(0);
        });
        // By the default route, to where nobody knows it.
        World::At(MilliSeconds(3500), [&] { w.Send(w.hA, "10.2.0.2", 100, 1); });
        World::At(Seconds(4), [&] {
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes, "gone");
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "down");
            w.Select(2);
            w.Select(0);
            w.Select(2);
        });
        World::At(Seconds(5), [&] {
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes + 3, "back, and once only");
            w.Send(w.hA, "10.2.0.2", 100, 2);
        });
        // An interface that anybody sets down takes its routes along, and gets them back.
        World::At(Seconds(6), [&] { ipv4->SetDown(2); });
        World::At(Seconds(7), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), false, "the source is down");
            ipv4->SetUp(2);
        });
        World::At(Seconds(8), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), true, "and the default route is back");
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes + 3, "in its own table");
            w.Send(w.hA, "10.2.0.2", 100, 3);
        });
        Simulator::Stop(Seconds(9));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::LineUp), 3, "up three times");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::LineDown), 2, "down twice");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::RouteUp), 2, "path found twice");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::RouteDown), 1, "and lost once");
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{2, 3}), true, "delivered");
    }
};

/// Drop reasons, the packet of a drop, the identities.
class DropTestCase : public TestCase
{
  public:
    DropTestCase()
        : TestCase("Drops have a reason and are found by their tag; recursive routing is stopped")
    {
    }

  private:
    void DoRun() override
    {
        World w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, false);
        w.InstallSas(1, true);
        // R2 forgets what it receives with: unknown SPI.
        World::At(Seconds(1), [&w] {
            w.r2->GetDataPlane().RemoveInbound(1);
            w.Send(w.hA, "10.2.0.2", 100, 1);
        });
        // R1 forgets what it sends with, but the line is still up.
        World::At(Seconds(2), [&w] {
            w.r1->GetDataPlane().RemoveOutbound(1);
            w.Send(w.hA, "10.2.0.2", 100, 2);
        });
        World::At(Seconds(3), [&w] { w.InstallSas(2, true); });
        // R2's line is down while R1 still sends.
        World::At(Seconds(4), [&w] {
            w.r2->SelectOutbound(1, 0);
            w.Send(w.hA, "10.2.0.2", 100, 3);
        });
        // Someone routes R1's outer packets into the tunnel.
        World::At(Seconds(5), [&w] {
            Ptr<Ipv4> ipv4 = w.n1->GetObject<Ipv4>();
            Ptr<Ipv4StaticRouting> table = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
            table->AddHostRouteTo(Ipv4Address("198.51.100.1"),
                                  ipv4->GetInterfaceForAddress(Ipv4Address("10.9.0.1")));
            w.Send(w.hA, "10.2.0.2", 100, 4);
        });
        World::At(Seconds(6), [&w, this] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), false, "that is no path");
            Ptr<Packet> outer = Create<Packet>(20); // not even a packet
            w.r1->GetTunnelDevice("Tunnel0")->Send(outer, ns3::Address(), 0x86dd);
        });
        Simulator::Stop(Seconds(7));
        Simulator::Run();

        using Drops = std::map<std::string, uint32_t>;
        const Drops expected1{{"no-sa", 1}, {"not-ipv4", 1}, {"recursive-routing", 1}};
        const Drops expected2{{"line-down", 1}, {"unknown-spi", 1}};
        NS_TEST_EXPECT_MSG_EQ((w.drops1 == expected1), true, "at R1");
        NS_TEST_EXPECT_MSG_EQ((w.drops2 == expected2), true, "at R2");
        const std::vector<uint32_t> marks{1, 2, 3, 4};
        NS_TEST_EXPECT_MSG_EQ((w.lostMarks == marks), true, "each found by its tag, once");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 0, "none delivered");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "identities");
        const PlaneCounters in = w.r2->GetInboundCounters();
        NS_TEST_EXPECT_MSG_EQ(in.discarded[static_cast<size_t>(DropReason::UnknownSpi)],
                              1,
                              "counted in the data plane");
        NS_TEST_EXPECT_MSG_EQ(in.in, 2, "two ESP packets came");
        bool recursive = false;
        for (const TimedEvent& e : w.events)
        {
            recursive |=
                e.event.kind == EventKind::RouteDown && e.event.text == "recursive-routing";
        }
        NS_TEST_EXPECT_MSG_EQ(recursive, true, "reported as a lost path");
    }
};

/// The guard of the device itself, and what it is without a tunnel.
class DeviceTestCase : public TestCase
{
  public:
    DeviceTestCase()
        : TestCase("The device stops a packet that comes back in the same call")
    {
    }

  private:
    /// The tunnel's other side sends into the tunnel again. @param packet the packet
    /// @return true
    bool Again(Ptr<Packet> packet)
    {
        ++m_calls;
        m_device->Send(packet, ns3::Address(), 0x0800);
        return true;
    }

    /// @param packet dropped @param reason why
    void OnDrop(Ptr<const Packet> /* packet */, const std::string& reason)
    {
        m_drops.push_back(reason);
    }

    /// The link changed.
    void OnLink()
    {
        ++m_changes;
    }

    void DoRun() override
    {
        m_device = CreateObject<IpsecTunnelDevice>();
        m_device->TraceConnectWithoutContext("Drop", MakeCallback(&DeviceTestCase::OnDrop, this));
        m_device->AddLinkChangeCallback(MakeCallback(&DeviceTestCase::OnLink, this));
        Ptr<Packet> packet = Create<Packet>(100);
        m_device->Send(packet, ns3::Address(), 0x0800);
        m_device->SetSendCallback(MakeCallback(&DeviceTestCase::Again, this));
        m_device->Send(packet, ns3::Address(), 0x0800);
        m_device->SetLinkUp(true);
        m_device->SetLinkUp(true);
        m_device->Send(packet, ns3::Address(), 0x0800);
        const std::vector<std::string> drops{"no-tunnel", "link-down", "recursive-routing"};
        NS_TEST_EXPECT_MSG_EQ((m_drops == drops), true, "in this order");
        NS_TEST_EXPECT_MSG_EQ(m_calls, 1, "the tunnel was entered once");
        NS_TEST_EXPECT_MSG_EQ(m_changes, 1, "the link changed once");
        NS_TEST_EXPECT_MSG_EQ(m_device->IsMulticast(), true, "for RIP");
        NS_TEST_EXPECT_MSG_EQ(m_device->IsPointToPoint(), false, "for global routing");
        NS_TEST_EXPECT_MSG_EQ(m_device->GetMtu(), 1400, "default");
        m_device->Dispose();
        m_device = nullptr;
        Simulator::Destroy();
    }

    Ptr<IpsecTunnelDevice> m_device;  ///< under test
    std::vector<std::string> m_drops; ///< reasons
    uint32_t m_calls{0};              ///< packets that entered the tunnel
    uint32_t m_changes{0};            ///< of the link
};

/// Tags on the carrier: order, byte ranges, nesting, the bound.
class CarrierTestCase : public TestCase
{
  public:
    CarrierTestCase()
        : TestCase("The carrier keeps byte ranges, nests, and is bounded")
    {
    }

  private:
    void DoRun() override
    {
        MarkTag tag;
        Ptr<Packet> inner = Create<Packet>(100);
        tag.m_mark = 7;
        inner->AddPacketTag(tag);
        tag.m_mark = 8;
        inner->AddByteTag(tag, 10, 20);
        Ptr<Packet> outer = Create<Packet>(200);
        IpsecCarrierTag::Carry(inner, outer);
        Ptr<Packet> outermost = Create<Packet>(300);
        IpsecCarrierTag::Carry(outer, outermost);
        MarkTag found;
        NS_TEST_EXPECT_MSG_EQ(outermost->PeekPacketTag(found), false, "not alive there");
        NS_TEST_EXPECT_MSG_EQ(IpsecCarrierTag::PeekInner(outermost, found), true, "but found");
        NS_TEST_EXPECT_MSG_EQ(found.m_mark, 7, "the packet tag first");
        Ptr<Packet> middle = Create<Packet>(200);
        IpsecCarrierTag::Restore(outermost, middle);
        Ptr<Packet> back = Create<Packet>(15); // shorter than it was
        IpsecCarrierTag::Restore(middle, back);
        NS_TEST_EXPECT_MSG_EQ(back->PeekPacketTag(found), true, "packet tag");
        ByteTagIterator i = back->GetByteTagIterator();
        NS_TEST_ASSERT_MSG_EQ(i.HasNext(), true, "byte tag");
        const ByteTagIterator::Item item = i.Next();
        NS_TEST_EXPECT_MSG_EQ(item.GetStart(), 10, "from");
        NS_TEST_EXPECT_MSG_EQ(item.GetEnd(), 15, "clamped");
        NS_TEST_EXPECT_MSG_EQ(i.HasNext(), false, "once");

        Ptr<Packet> many = Create<Packet>(2000);
        for (uint32_t n = 0; n < 2000; ++n)
        {
            many->AddByteTag(tag, n, n + 1);
        }
        Ptr<Packet> full = Create<Packet>(10);
        IpsecCarrierTag::Carry(many, full);
        IpsecCarrierTag carrier;
        NS_TEST_ASSERT_MSG_EQ(full->PeekPacketTag(carrier), true, "carried");
        NS_TEST_EXPECT_MSG_LT(carrier.GetSerializedSize(),
                              IpsecCarrierTag::MAX_OCTETS + 5,
                              "bounded");
        Ptr<Packet> none = Create<Packet>(10);
        IpsecCarrierTag::Carry(Create<Packet>(10), none);
        NS_TEST_EXPECT_MSG_EQ(none->PeekPacketTag(carrier), false, "nothing for nothing");
    }
};

/// RIP over the tunnel: LANs are learnt, WAN networks are not advertised, `network` at run time.
class RipTestCase : public TestCase
{
  public:
    RipTestCase()
        : TestCase("RIP over the tunnel knows the interfaces of its network lines only")
    {
    }

  private:
    /// Where a router would send to. @param node the router's @param to the destination
    /// @return the gateway, 0.0.0.0 on link, nothing without a route of RIP
    std::optional<Ipv4Address> Lookup(Ptr<IkeRouter> router, const char* to)
    {
        Ipv4Header header;
        header.SetDestination(Ipv4Address(to));
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        Ptr<Ipv4Route> route = router->GetRip()->RouteOutput(nullptr, header, nullptr, error);
        return route ? std::optional(route->GetGateway()) : std::nullopt;
    }

    void DoRun() override
    {
        const std::string loopback = "interface Loopback0\n ip address 10.5.0.1 255.255.255.0\n";
        World w(DEFAULT1 + RIP + loopback, DEFAULT2 + RIP, false);
        World::At(Seconds(1), [&w] { w.InstallSas(1, true); });
        World::At(Seconds(20), [&] {
            const Ipv4Address peer("10.9.0.2");
            NS_TEST_EXPECT_MSG_EQ((Lookup(w.r1, "10.2.0.2") == peer), true, "the other LAN");
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r2, "10.5.0.9").has_value(), true, "the loopback");
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "198.51.100.1").has_value(), false, "not R2's WAN");
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "192.0.2.2").has_value(), false, "nor its own");
            w.Send(w.hA, "10.2.0.2", 100, 1);
            w.Send(w.hB, "10.1.0.2", 100, 2);
            w.Select(0);
        });
        World::At(Seconds(21), [&] {
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "10.2.0.2").has_value(), false, "gone at once");
            w.Select(1);
        });
        World::At(Seconds(40), [&] {
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "10.2.0.2").has_value(), true, "learnt again");
            w.r1->Type("enable");
            w.r1->Type("configure terminal");
            w.r1->Type("no router rip");
        });
        World::At(Seconds(41), [&] {
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "10.2.0.2").has_value(), false, "no RIP any more");
        });
        Simulator::Stop(Seconds(42));
        Simulator::Run();
        // The line went down while the two packets were on their first hop. No RIP on the WAN.
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol[17], 2, "only what the default routes took");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "identities");
    }
};

/// RIP of the underlay finds the path, and loses it.
class UnderlayTestCase : public TestCase
{
  public:
    UnderlayTestCase()
        : TestCase("A path that RIP learns is seen at once, one that ages is found by the poll")
    {
    }

  private:
    void DoRun() override
    {
        World w("router rip\n version 2\n network 192.0.2.0\n",
                "router rip\n version 2\n network 198.51.100.0\n",
                false);
        // The core speaks RIP as well: a router as any other, with a filter in front.
        Ptr<Rip> rip = CreateObject<Rip>();
        rip->AssignStreams(500);
        rip->SetAttribute("UnsolicitedRoutingUpdate", TimeValue(Seconds(5)));
        w.core->AggregateObject(rip);
        Ptr<Ipv4> ipv4 = w.core->GetObject<Ipv4>();
        DynamicCast<Ipv4ListRouting>(ipv4->GetRoutingProtocol())->AddRoutingProtocol(rip, -5);
        World::At(Seconds(15), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), true, "learnt");
            NS_TEST_EXPECT_MSG_EQ(w.r2->HasPath(1), true, "learnt");
            w.InstallSas(1, true);
            // One way: R1 hears no more, and its route ages.
            w.r1->GetRip()->SetAttribute("TimeoutDelay", TimeValue(Seconds(12)));
        });
        World::At(Seconds(40), [&] { ipv4->SetDown(1); });
        Simulator::Stop(Seconds(70));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::RouteUp), 1, "learnt once");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::RouteDown), 1, "aged");
        const Instant down = w.First("R1", EventKind::RouteDown);
        NS_TEST_EXPECT_MSG_GT(down.ns, 40000000000, "after the core fell silent");
        NS_TEST_EXPECT_MSG_LT(down.ns, 53000000000, "and not much later");
        // Not at a multiple of RoutePoll: the message itself was the reason to look.
        NS_TEST_EXPECT_MSG_NE(w.First("R1", EventKind::RouteUp).ns % 100000000, 0, "at once");
    }
};

/// The console: routes are seen at the exact time, shutdown, output, errors.
class ConsoleTestCase : public TestCase
{
  public:
    ConsoleTestCase()
        : TestCase("Routes, shutdown and addresses typed at the console take effect at that time")
    {
    }

  private:
    void DoRun() override
    {
        World w(LAN2, LAN1, false);
        const auto type = [&w](Time at, const std::string& line) {
            World::At(at, [&w, line] { w.r1->Type(line); });
        };
        type(Seconds(1), "enable");
        type(Seconds(1), "configure terminal");
        type(MilliSeconds(2345), "ip route 198.51.100.0 255.255.255.0 192.0.2.2");
        type(MilliSeconds(3456), "no ip route 198.51.100.0 255.255.255.0 192.0.2.2");
        type(MilliSeconds(4000), "ip route 198.51.100.0 255.255.255.0 192.0.2.2");
        World::At(Seconds(5), [&w] { w.InstallSas(1, true); });
        type(Seconds(6), "interface Tunnel0");
        type(Seconds(6), "shutdown");
        World::At(Seconds(7), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "shut down");
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), false, "shut down");
        });
        type(Seconds(8), "no shutdown");
        World::At(Seconds(9), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "the pair is still selected");
            w.r1->Type("ip address 10.9.0.5 255.255.255.0");
            Ptr<Ipv4> ipv4 = w.n1->GetObject<Ipv4>();
            NS_TEST_EXPECT_MSG_EQ(ipv4->GetInterfaceForAddress(Ipv4Address("10.9.0.1")),
                                  -1,
                                  "the old address is gone");
            const int32_t index = ipv4->GetInterfaceForAddress(Ipv4Address("10.9.0.5"));
            NS_TEST_EXPECT_MSG_EQ((index >= 0 && ipv4->IsUp(index)), true, "the new one is up");
            NS_TEST_EXPECT_MSG_EQ(w.r1->Type("nonsense").empty(), false, "an error");
            w.r1->Type("interface Ethernet0/1");
            w.r1->Type("shutdown");
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), false, "the source is down");
            NS_TEST_EXPECT_MSG_EQ(w.r1->Type("interface Ethernet0/7").empty(),
                                  true,
                                  "known to IOS");
            w.r1->Type("end");
            NS_TEST_EXPECT_MSG_EQ(w.r1->Type("show running-config").empty(), false, "output");
            NS_TEST_EXPECT_MSG_EQ(w.r1->Type("show crypto session").empty(), false, "output");
        });
        Simulator::Stop(Seconds(10));
        Simulator::Run();

        std::vector<int64_t> ups;
        std::vector<int64_t> downs;
        for (const TimedEvent& e : w.events)
        {
            if (e.node == "R1" && e.event.kind == EventKind::RouteUp)
            {
                ups.push_back(e.time.ns / 1000000);
            }
            if (e.node == "R1" && e.event.kind == EventKind::RouteDown)
            {
                downs.push_back(e.time.ns / 1000000);
            }
        }
        NS_TEST_EXPECT_MSG_EQ((ups == std::vector<int64_t>{2345, 4000, 8000}),
                              true,
                              "exactly then");
        NS_TEST_EXPECT_MSG_EQ((downs == std::vector<int64_t>{3456, 6000, 9000}), true, "and then");
        NS_TEST_EXPECT_MSG_GT(w.Count("R1", EventKind::Console), 8, "each line is reported");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::Warning), 1, "about Ethernet0/7");
    }
};

/// IKE in the nodes: SAs come up, traffic flows, a reload costs the SAs and uses another key.
class IkeTestCase : public TestCase
{
  public:
    /// @param dhCost CPU time of a Diffie-Hellman operation
    explicit IkeTestCase(Time dhCost)
        : TestCase("IKE brings the tunnel up; reload"),
          m_dhCost(dhCost)
    {
    }

  private:
    void DoRun() override
    {
        // R2 has no route to R1's WAN until 5 s, and never begins: R1 alone does.
        World w(DEFAULT1 + LAN2,
                DEFAULT2 + LAN1 + "crypto ipsec profile vti\n responder-only\n",
                true);
        w.r1->GetApplication()->SetAttribute("DhCost", TimeValue(m_dhCost));
        w.r2->GetApplication()->SetAttribute("DhCost", TimeValue(m_dhCost));
        World::At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "up at R1");
            NS_TEST_EXPECT_MSG_EQ(w.r2->IsLineUp(1), true, "up at R2");
            w.Send(w.hA, "10.2.0.2", 100, 1);
            w.Send(w.hB, "10.1.0.2", 100, 2);
        });
        World::At(Seconds(4), [&] {
            w.r1->Reboot(Seconds(5));
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "away");
            NS_TEST_EXPECT_MSG_EQ(w.r1->GetApplication()->PeekEngine(), nullptr, "away");
            w.Send(w.hB, "10.1.0.2", 100, 3); // R2 does not know yet
        });
        World::At(Seconds(20), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "back");
            w.Send(w.hA, "10.2.0.2", 100, 4);
            w.Send(w.hB, "10.1.0.2", 100, 5);
        });
        Simulator::Stop(Seconds(22));
        Simulator::Run();

        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{1, 2, 4, 5}),
                              true,
                              "delivered");
        NS_TEST_EXPECT_MSG_EQ((w.lostMarks == std::vector<uint32_t>{3}),
                              true,
                              "lost in the reload");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["reload"], 1, "for that reason");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::PairUp), 2, "one before, one after");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::PairRemoved), 1, "lost by the reload");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::IsakmpRemoved), 1, "lost by the reload");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R2", EventKind::Phase1Begin),
                              w.Count("R1", EventKind::Phase1Begin),
                              "R2 only answers");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "identities, over the reload");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.size(), 2, "IKE and ESP");
        // main mode 5 D + quick mode 4 D for the responder, D = 2 * 10 ms and a little
        const int64_t up = w.First("R2", EventKind::PairUp).ns;
        const int64_t jobs = m_dhCost.GetNanoSeconds() > 0 ? 1 : 0;
        NS_TEST_EXPECT_MSG_GT(up, 140000000 + jobs * 2 * m_dhCost.GetNanoSeconds(), "not earlier");
        NS_TEST_EXPECT_MSG_LT(up, 250000000 + jobs * 6 * m_dhCost.GetNanoSeconds(), "not later");
        std::set<IsakmpIdentity> isakmp;
        for (const TimedEvent& e : w.events)
        {
            if (e.node == "R1" && e.event.kind == EventKind::Phase1Up)
            {
                isakmp.insert(e.event.isakmp);
            }
            if (e.node == "R1" && e.event.kind == EventKind::PairRemoved)
            {
                NS_TEST_EXPECT_MSG_EQ(e.event.value, 2, "packets that the pair carried");
                NS_TEST_EXPECT_MSG_EQ(e.event.text, "reload", "why");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(isakmp.size(), 2, "another key, other cookies");
    }

    Time m_dhCost; ///< CPU time of a Diffie-Hellman operation
};

/// A tunnel interface is taken away and typed in again.
class RecreateTestCase : public TestCase
{
  public:
    RecreateTestCase()
        : TestCase("A tunnel that is removed and made again at the console comes up again; pcap")
    {
    }

  private:
    void DoRun() override
    {
        const std::string prefix = CreateTempDirFilename("ike-host");
        RunWith(prefix);
        // The world is gone, and the file closed.
        std::ifstream pcap(prefix + "-R1-Tunnel0.pcap", std::ios::binary | std::ios::ate);
        const int64_t octets = pcap.tellg();
        NS_TEST_EXPECT_MSG_EQ(octets, 24 + 2 * (16 + 128), "a header and two packets");
    }

    /// Run the world. @param prefix of the pcap file
    void RunWith(const std::string& prefix)
    {
        World w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, true);
        IkeRouterHelper::EnablePcap(prefix, w.r1);
        World::At(Seconds(5), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "up");
            w.r1->Type("enable");
            w.r1->Type("configure terminal");
            w.r1->Type("no ip route 10.2.0.0 255.255.255.0 Tunnel0");
            w.r1->Type("no interface Tunnel0");
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "gone");
            NS_TEST_EXPECT_MSG_EQ(w.r1->GetDataPlane().GetOutboundCount(), 0, "with its SAs");
        });
        World::At(Seconds(8), [&] {
            for (const std::string line : {"interface Tunnel0",
                                           "ip address 10.9.0.1 255.255.255.252",
                                           "tunnel source Ethernet0/1",
                                           "tunnel destination 198.51.100.1",
                                           "tunnel mode ipsec ipv4",
                                           "tunnel protection ipsec profile vti",
                                           "ip route 10.2.0.0 255.255.255.0 Tunnel0"})
            {
                NS_TEST_EXPECT_MSG_EQ(w.r1->Type(line), "", "accepted");
            }
        });
        World::At(Seconds(30), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "its number is not used again");
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(2), true, "up again");
            w.Send(w.hA, "10.2.0.2", 100, 1);
            w.Send(w.hB, "10.1.0.2", 100, 2);
        });
        Simulator::Stop(Seconds(31));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{1, 2}), true, "delivered");
    }
};

/// The same seed gives the same run, in one process.
class DeterminismTestCase : public TestCase
{
  public:
    DeterminismTestCase()
        : TestCase("A, B, A in one process: the first and the last are equal")
    {
    }

  private:
    /// Run the world once. @param run the RngRun @return what happened, as text
    std::string RunOnce(uint64_t run)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(run);
        World w(DEFAULT1 + RIP, DEFAULT2 + RIP, true);
        Simulator::Stop(Seconds(15));
        Simulator::Run();
        std::string text;
        for (const TimedEvent& e : w.events)
        {
            text += ToString(e.time) + " " + e.node + " " + ToString(e.event.kind) + " " +
                    ToHex(Octets(e.event.isakmp.initiatorCookie.begin(),
                                 e.event.isakmp.initiatorCookie.end())) +
                    " " + std::to_string(e.event.pair.initiatorSpi) + "\n";
        }
        return text;
    }

    void DoRun() override
    {
        const std::string a = RunOnce(1);
        const std::string b = RunOnce(2);
        const std::string again = RunOnce(1);
        NS_TEST_EXPECT_MSG_EQ((a == again), true, "equal");
        NS_TEST_EXPECT_MSG_EQ((a != b), true, "different");
        RngSeedManager::SetRun(1);
    }
};

/// All tests of the ns-3 side.
class IkeHostTestSuite : public TestSuite
{
  public:
    IkeHostTestSuite()
        : TestSuite("ike-host", Type::SYSTEM)
    {
        AddTestCase(new DeviceTestCase, TestDuration::QUICK);
        AddTestCase(new CarrierTestCase, TestDuration::QUICK);
        AddTestCase(new TunnelTestCase, TestDuration::QUICK);
        AddTestCase(new OuterFragmentsTestCase, TestDuration::QUICK);
        AddTestCase(new LineTestCase, TestDuration::QUICK);
        AddTestCase(new DropTestCase, TestDuration::QUICK);
        AddTestCase(new RipTestCase, TestDuration::QUICK);
        AddTestCase(new UnderlayTestCase, TestDuration::QUICK);
        AddTestCase(new ConsoleTestCase, TestDuration::QUICK);
        AddTestCase(new IkeTestCase(Seconds(0)), TestDuration::QUICK);
        AddTestCase(new IkeTestCase(MilliSeconds(30)), TestDuration::QUICK);
        AddTestCase(new RecreateTestCase, TestDuration::QUICK);
        AddTestCase(new DeterminismTestCase, TestDuration::QUICK);
    }
};

IkeHostTestSuite g_ikeHostTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
