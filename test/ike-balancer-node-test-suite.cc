/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-test-compat.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/icmpv4.h"
#include "ns3/ike-load-balancer-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <map>
#include <sstream>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * A load balancer on a node: packets of all kinds to two hubs and back.
 */

namespace ns3
{
namespace ike
{
namespace
{

using tests::HostWorld;

const char* const VIRTUAL = "198.51.100.10"; ///< of the farm
constexpr uint8_t ESP = 50;

/// C1, C2 - core - LB - H1, H2; hubs answer every datagram with one as long.
class BalancerWorld
{
  public:
    /// @param mode of the balancer @param checksums are there any? @param outbound see
    /// BalancerOutbound
    BalancerWorld(const std::string& mode, bool checksums, const std::string& outbound = "pass")
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(checksums));
        m_nodes.Create(6);
        const char* const names[] = {"core", "LB", "C1", "C2", "H1", "H2"};
        InternetStackHelper().Install(m_nodes);
        for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
        {
            m_byName[names[i]] = m_nodes.Get(i);
            m_names[m_nodes.Get(i)->GetId()] = names[i];
            m_nodes.Get(i)->GetObject<Ipv4L3Protocol>()->TraceConnect(
                "LocalDeliver",
                names[i],
                MakeCallback(&BalancerWorld::OnDeliver, this));
        }
        Join("C1", "192.0.2.2", "core", "192.0.2.1", "255.255.255.252");
        Join("C2", "192.0.2.6", "core", "192.0.2.5", "255.255.255.252");
        Ptr<NetDevice> outside =
            Join("LB", "198.51.100.2", "core", "198.51.100.1", "255.255.255.0");
        constexpr uint32_t TO_BALANCER = 3;
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(GetNode("core")->GetObject<Ipv4>())
            ->AddNetworkRouteTo("10.9.0.0", "255.255.0.0", "198.51.100.2", TO_BALANCER);
        for (const char* hub : {"H1", "H2"})
        {
            const std::string net = std::string("10.9.") + hub[1];
            Join(hub, net + ".2", "LB", net + ".1", "255.255.255.0");
            if (mode == "dispatched")
            {
                Ptr<Ipv4> ipv4 = GetNode(hub)->GetObject<Ipv4>();
                ipv4->AddAddress(0, Ipv4InterfaceAddress(VIRTUAL, "255.255.255.255"));
            }
            for (const uint16_t port : {500, 4500})
            {
                Serve(hub, mode == "dispatched" ? VIRTUAL : net + ".2", port);
            }
        }
        IkeLoadBalancerHelper helper;
        helper.SetAttribute("Name", StringValue("LB"));
        helper.SetAttribute("Mode", StringValue(mode));
        helper.SetAttribute("Predictor", StringValue("round-robin"));
        helper.SetAttribute("Outbound", StringValue(outbound));
        helper.SetAttribute("ProbeInterval", TimeValue(Seconds(1)));
        helper.SetAttribute("ProbeRetry", TimeValue(Seconds(5)));
        balancer = helper.Install(GetNode("LB"), VIRTUAL, outside);
        balancer->AddHub("H1", "10.9.1.2");
        balancer->AddHub("H2", "10.9.2.2");
        balancer->TraceConnectWithoutContext("Event", MakeCallback(&BalancerWorld::OnEvent, this));
        balancer->TraceConnectWithoutContext("Drop", MakeCallback(&BalancerWorld::OnDrop, this));
    }

    ~BalancerWorld()
    {
        m_sockets.clear();
        Simulator::Destroy();
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
    }

    BalancerWorld(const BalancerWorld&) = delete;
    BalancerWorld& operator=(const BalancerWorld&) = delete;

    /// @return a node. @param name "H1"
    Ptr<Node> GetNode(const std::string& name) const
    {
        return m_byName.at(name);
    }

    /// A client sends a datagram, and waits for the answer. @param at when, in s @param client who
    /// @param port to which @param octets how many @param to where
    void Ask(double at,
             const std::string& client,
             uint16_t port,
             uint32_t octets,
             const std::string& to = VIRTUAL)
    {
        HostWorld::At(Seconds(at), [=] {
            Ptr<Socket>& socket = m_clients[client];
            if (!socket)
            {
                socket = Socket::CreateSocket(GetNode(client), UdpSocketFactory::GetTypeId());
                socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 500));
                socket->SetRecvCallback(MakeCallback(&BalancerWorld::OnAnswer, this));
            }
            socket->SendTo(Create<Packet>(octets), 0, InetSocketAddress(to.c_str(), port));
        });
    }

    /// A node sends a packet of any protocol. @param at when, in s @param from who @param source
    /// its address @param to where @param protocol of IP @param packet what
    void SendRaw(double at,
                 const std::string& from,
                 const std::string& source,
                 const std::string& to,
                 uint8_t protocol,
                 Ptr<Packet> packet = Create<Packet>(120))
    {
        HostWorld::At(Seconds(at), [=] {
            Ptr<Ipv4> ipv4 = GetNode(from)->GetObject<Ipv4>();
            Ipv4Header header;
            header.SetDestination(to.c_str());
            Socket::SocketErrno error = Socket::ERROR_NOTERROR;
            Ptr<Ipv4Route> route =
                ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, nullptr, error);
            ipv4->Send(packet,
                       Ipv4Address(source.c_str()),
                       header.GetDestination(),
                       protocol,
                       route);
        });
    }

    /// Set a hub's link up or down. @param at when, in s @param hub whose @param up the new state
    void SetLink(double at, const std::string& hub, bool up)
    {
        HostWorld::At(Seconds(at), [=] {
            const uint32_t inside = hub == "H1" ? 2 : 3;
            for (const auto& [node, interface] :
                 {std::pair{hub, 1U}, std::pair{std::string("LB"), inside}})
            {
                Ptr<Ipv4> ipv4 = GetNode(node)->GetObject<Ipv4>();
                up ? ipv4->SetUp(interface) : ipv4->SetDown(interface);
            }
            if (up)
            {
                SetDefault(hub, "10.9." + hub.substr(1) + ".1");
            }
        });
    }

    /// @param until the end, in s
    static void Run(double until)
    {
        Simulator::Stop(Seconds(until));
        Simulator::Run();
    }

    Ptr<IkeLoadBalancer> balancer;           ///< under test
    std::map<std::string, uint32_t> answers; ///< "C1 from 198.51.100.10: 100 octets"
    std::map<std::string, uint32_t> seen;    ///< "H1 17" and "C1 50 from ...": deliveries
    std::map<std::string, uint32_t> drops;   ///< by reason
    std::vector<std::string> told;           ///< by the balancer
    std::string inner;                       ///< destination of the last packet in an ICMP error

  private:
    Ptr<NetDevice> Join(const std::string& a,
                        const std::string& addressA,
                        const std::string& b,
                        const std::string& addressB,
                        const char* mask)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
        const NetDeviceContainer devices = link.Install(GetNode(a), GetNode(b));
        HostWorld::Address(devices.Get(0), addressA.c_str(), mask);
        HostWorld::Address(devices.Get(1), addressB.c_str(), mask);
        SetDefault(a, addressB);
        return devices.Get(0);
    }

    void SetDefault(const std::string& node, const std::string& gateway)
    {
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(GetNode(node)->GetObject<Ipv4>())
            ->SetDefaultRoute(gateway.c_str(), 1);
    }

    void Serve(const std::string& hub, const std::string& address, uint16_t port)
    {
        Ptr<Socket> socket = Socket::CreateSocket(GetNode(hub), UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(address.c_str(), port));
        socket->SetRecvCallback(MakeCallback(&BalancerWorld::OnQuestion, this));
        m_sockets.push_back(socket);
    }

    void OnQuestion(Ptr<Socket> socket)
    {
        Address from;
        while (Ptr<Packet> packet = socket->RecvFrom(from))
        {
            socket->SendTo(Create<Packet>(packet->GetSize()), 0, from);
        }
    }

    void OnAnswer(Ptr<Socket> socket)
    {
        Address from;
        while (Ptr<Packet> packet = socket->RecvFrom(from))
        {
            std::ostringstream text;
            text << m_names[socket->GetNode()->GetId()] << " from "
                 << InetSocketAddress::ConvertFrom(from).GetIpv4() << ": " << packet->GetSize();
            ++answers[text.str()];
        }
    }

    void OnDeliver(std::string name,
                   const Ipv4Header& header,
                   Ptr<const Packet> packet,
                   uint32_t /* interface */)
    {
        constexpr uint32_t ICMP_UNREACHABLE = 3;
        std::ostringstream text;
        text << name << " " << uint32_t(header.GetProtocol()) << " from " << header.GetSource();
        ++seen[text.str()];
        Octets octets(packet->GetSize());
        packet->CopyData(octets.data(), packet->GetSize());
        if (header.GetProtocol() == 1 && octets.size() >= 28 && octets[0] == ICMP_UNREACHABLE)
        {
            inner = IpAddress::V4(uint32_t(octets[24]) << 24 | uint32_t(octets[25]) << 16 |
                                  uint32_t(octets[26]) << 8 | octets[27])
                        .ToString();
        }
    }

    void OnEvent(const TimedEvent& event)
    {
        told.push_back(event.event.text);
    }

    void OnDrop(Ptr<const Packet> /* packet */, const std::string& reason)
    {
        ++drops[reason];
    }

    NodeContainer m_nodes;                        ///< all of them
    std::map<std::string, Ptr<Node>> m_byName;    ///< the same
    std::map<uint32_t, std::string> m_names;      ///< by number of the node
    std::map<std::string, Ptr<Socket>> m_clients; ///< that asked
    std::vector<Ptr<Socket>> m_sockets;           ///< that answer
};

/// An echo request.
Ptr<Packet>
MakePing()
{
    Icmpv4Echo echo;
    echo.SetIdentifier(7);
    echo.SetData(Create<Packet>(56));
    Ptr<Packet> packet = Create<Packet>();
    packet->AddHeader(echo);
    Icmpv4Header header;
    header.SetType(Icmpv4Header::ICMPV4_ECHO);
    header.EnableChecksum();
    packet->AddHeader(header);
    return packet;
}

/// All kinds of packets, both ways.
class BalancerNodeTestCase : public TestCase
{
  public:
    /// @param mode of the balancer @param checksums are there any?
    BalancerNodeTestCase(const std::string& mode, bool checksums)
        : TestCase(mode + (checksums ? ", with checksums" : ", without checksums")),
          m_mode(mode),
          m_checksums(checksums)
    {
    }

  private:
    void DoRun() override
    {
        BalancerWorld world(m_mode, m_checksums);
        world.Ask(1, "C1", 500, 100);
        world.Ask(2, "C1", 4500, 200);
        world.SendRaw(3, "C1", "192.0.2.2", VIRTUAL, ESP);
        world.Ask(4, "C1", 500, 3000);
        world.Ask(5, "C2", 500, 300);
        world.Ask(6, "C2", 4500, 3000);
        world.SendRaw(7, "C2", "192.0.2.6", VIRTUAL, 1, MakePing());
        // A hub that nobody asked.
        world.SendRaw(8, "H2", "10.9.2.2", "192.0.2.2", ESP);
        world.SendRaw(9, "H1", m_mode == "directed" ? "10.9.1.2" : VIRTUAL, "192.0.2.2", ESP);
        BalancerWorld::Run(12);
        const std::map<std::string, uint32_t> answers{{"C1 from 198.51.100.10: 100", 1},
                                                      {"C1 from 198.51.100.10: 200", 1},
                                                      {"C1 from 198.51.100.10: 3000", 1},
                                                      {"C2 from 198.51.100.10: 300", 1},
                                                      {"C2 from 198.51.100.10: 3000", 1}};
        NS_TEST_EXPECT_MSG_EQ((world.answers == answers), true, "all from the virtual address");
        NS_TEST_EXPECT_MSG_EQ(world.seen["H1 17 from 192.0.2.2"], 3, "all of C1 at H1");
        NS_TEST_EXPECT_MSG_EQ(world.seen["H1 50 from 192.0.2.2"], 1, "its ESP, too");
        NS_TEST_EXPECT_MSG_EQ(world.seen["H2 17 from 192.0.2.6"], 2, "all of C2 at H2");
        NS_TEST_EXPECT_MSG_EQ(world.seen["C2 1 from 198.51.100.10"], 1, "a ping is answered");
        NS_TEST_EXPECT_MSG_EQ(world.seen["C1 50 from 10.9.2.2"], 1, "no entry, no disguise");
        NS_TEST_EXPECT_MSG_EQ(world.seen["C1 50 from 198.51.100.10"], 1, "by the entry");
        NS_TEST_EXPECT_MSG_EQ(world.drops.size(), 0, "nothing was dropped");
        const auto& first = world.balancer->GetTable().GetHubCounters(0);
        NS_TEST_EXPECT_MSG_EQ(first.services[0].packetsIn, 2, "a datagram in three pieces is one");
        NS_TEST_EXPECT_MSG_EQ(first.services[1].packetsIn, 1, "UDP 4500");
        NS_TEST_EXPECT_MSG_EQ(first.services[2].packetsIn, 1, "ESP");
        NS_TEST_EXPECT_MSG_EQ(first.failures + first.probesMissed, 0, "healthy");
        NS_TEST_EXPECT_MSG_GT(first.probes, 9, "was asked");
    }

    std::string m_mode; ///< of the balancer
    bool m_checksums;   ///< are there any?
};

/// A hub whose link fails, and comes back.
class BalancerFailureTestCase : public TestCase
{
  public:
    BalancerFailureTestCase()
        : TestCase("a hub fails and returns, as ICMP echoes see it")
    {
    }

  private:
    void DoRun() override
    {
        BalancerWorld world("dispatched", true);
        world.Ask(1, "C1", 500, 100);
        world.SetLink(10.5, "H1", false);
        world.Ask(12, "C1", 500, 100); // lost: nobody knows yet
        world.Ask(15, "C1", 500, 100);
        world.SetLink(20.5, "H1", true);
        world.Ask(23, "C1", 500, 100);
        world.Ask(24, "C2", 500, 100);
        BalancerWorld::Run(25);
        NS_TEST_EXPECT_MSG_EQ(world.answers["C1 from 198.51.100.10: 100"], 3, "one was lost");
        NS_TEST_EXPECT_MSG_EQ(world.answers["C2 from 198.51.100.10: 100"], 1, "H1's turn");
        NS_TEST_EXPECT_MSG_EQ(world.drops["balancer-unreachable"], 1, "it does not go around");
        const std::vector<std::string> told{"192.0.2.2 -> H1 (round-robin)",
                                            "H1 failed",
                                            "192.0.2.2 -> H1 purged",
                                            "192.0.2.2 -> H2 (round-robin, was H1)",
                                            "H1 back",
                                            "192.0.2.6 -> H1 (round-robin)"};
        NS_TEST_EXPECT_MSG_EQ((world.told == told), true, "in this order");
        const auto& hub = world.balancer->GetTable().GetHubCounters(0);
        NS_TEST_EXPECT_MSG_EQ(hub.failures * 10 + hub.returns, 11, "once each");
        NS_TEST_EXPECT_MSG_EQ(world.seen["H2 17 from 192.0.2.2"], 2, "stays where it went");
    }
};

/// ICMP errors, and packets of hubs that belong to no entry.
class BalancerOutboundTestCase : public TestCase
{
  public:
    BalancerOutboundTestCase()
        : TestCase("from the hubs: errors, pass, translate, drop")
    {
    }

  private:
    void CheckErrors(const std::string& mode, const std::string& source)
    {
        BalancerWorld world(mode, true);
        world.Ask(1, "C1", 7, 100); // nobody listens there
        BalancerWorld::Run(3);
        NS_TEST_EXPECT_MSG_EQ(world.seen["C1 1 from " + source], 1, mode + ": the client hears");
        NS_TEST_EXPECT_MSG_EQ(world.inner, VIRTUAL, mode + ": about what it sent");
    }

    void CheckErrorsBack(const std::string& mode)
    {
        BalancerWorld world(mode, true);
        world.Ask(1, "C1", 500, 100);
        // The hub answers to a port where nobody listens.
        HostWorld::At(Seconds(2), [&world, mode] {
            Ptr<Socket> socket =
                Socket::CreateSocket(world.GetNode("H1"), UdpSocketFactory::GetTypeId());
            socket->Bind(InetSocketAddress(mode == "directed" ? "10.9.1.2" : VIRTUAL, 501));
            socket->SendTo(Create<Packet>(9), 0, InetSocketAddress("192.0.2.2", 77));
            socket->Close();
        });
        BalancerWorld::Run(4);
        // No entry for port 501: in directed mode the hub spoke under its own address.
        const bool isDirected = mode == "directed";
        NS_TEST_EXPECT_MSG_EQ(world.seen["H1 1 from 192.0.2.2"], (isDirected ? 1 : 0), mode);
        NS_TEST_EXPECT_MSG_EQ(world.drops["balancer-no-entry"], (isDirected ? 0 : 1), mode);
    }

    void CheckErrorOfEntry(const std::string& mode)
    {
        BalancerWorld world(mode, true);
        world.SendRaw(1, "C1", "192.0.2.2", VIRTUAL, ESP);
        world.Ask(2, "C1", 500, 100);
        HostWorld::At(Seconds(3), [&world, mode] {
            Ipv4Header header;
            header.SetSource(VIRTUAL);
            header.SetDestination("192.0.2.2");
            header.SetProtocol(ESP);
            header.SetPayloadSize(64);
            Ptr<Packet> about = Create<Packet>(64);
            world.GetNode("C1")
                ->GetObject<Ipv4>()
                ->GetObject<Icmpv4L4Protocol>()
                ->SendDestUnreachFragNeeded(header, about, 1400);
        });
        BalancerWorld::Run(5);
        NS_TEST_EXPECT_MSG_EQ(world.seen["H1 1 from 192.0.2.2"], 1, mode + ": to its hub");
        NS_TEST_EXPECT_MSG_EQ(world.inner, "192.0.2.2", mode + ": about a packet to the client");
    }

    void CheckOutbound(const std::string& outbound,
                       const std::string& source,
                       const std::string& drop,
                       const std::string& next)
    {
        BalancerWorld world("directed", true, outbound);
        world.SendRaw(1, "H2", "10.9.2.2", "192.0.2.2", ESP);
        world.SendRaw(2, "C1", "192.0.2.2", VIRTUAL, ESP);
        BalancerWorld::Run(4);
        NS_TEST_EXPECT_MSG_EQ(world.seen["C1 50 from " + source], (drop.empty() ? 1 : 0), outbound);
        NS_TEST_EXPECT_MSG_EQ(world.drops[drop], (drop.empty() ? 0 : 1), outbound);
        NS_TEST_EXPECT_MSG_EQ(world.seen[next + " 50 from 192.0.2.2"], 1, outbound + ": next");
    }

    void DoRun() override
    {
        CheckErrors("dispatched", "10.9.1.2");
        CheckErrors("directed", VIRTUAL);
        CheckErrorsBack("dispatched");
        CheckErrorsBack("directed");
        CheckErrorOfEntry("dispatched");
        CheckErrorOfEntry("directed");
        CheckOutbound("pass", "10.9.2.2", "", "H1");
        CheckOutbound("translate", VIRTUAL, "", "H2");
        CheckOutbound("drop", "10.9.2.2", "balancer-outbound", "H1");
    }
};

/// The suite.
class IkeBalancerNodeTestSuite : public TestSuite
{
  public:
    IkeBalancerNodeTestSuite()
        : TestSuite("ike-balancer-node", Type::SYSTEM)
    {
        for (const char* mode : {"dispatched", "directed"})
        {
            for (const bool checksums : {false, true})
            {
                AddTestCase(new BalancerNodeTestCase(mode, checksums), TestDuration::QUICK);
            }
        }
        AddTestCase(new BalancerFailureTestCase, TestDuration::QUICK);
        AddTestCase(new BalancerOutboundTestCase, TestDuration::QUICK);
    }
};

IkeBalancerNodeTestSuite g_ikeBalancerNodeTestSuite; ///< the suite

} // namespace
} // namespace ike
} // namespace ns3
