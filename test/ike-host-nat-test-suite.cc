/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-nat-rewrite.h"
#include "ns3/ike-nat-table.h"
#include "ns3/ike-nat.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/udp-header.h"
#include "ns3/udp-socket-factory.h"

#include <map>
#include <set>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * NATs: the table, the octets, the node, and IKE and ESP through them.
 */

namespace ns3
{
namespace ike
{
namespace
{

constexpr uint8_t UDP = 17;
constexpr uint8_t ESP = 50;

const Endpoint HOST_A{IpAddress::V4(0x0a000002), 500};   ///< inside
const Endpoint HOST_B{IpAddress::V4(0x0a000003), 500};   ///< inside
const Endpoint SERVER{IpAddress::V4(0xc6336401), 500};   ///< outside
const Endpoint SERVER2{IpAddress::V4(0xc6336401), 4500}; ///< outside, another port
const Endpoint OTHER{IpAddress::V4(0xc6336402), 500};    ///< outside, another address

Instant
At(int64_t seconds)
{
    return Instant{seconds * 1000000000};
}

/// Mappings: made, shared, refreshed, over; filters; bounds.
class NatTableTestCase : public TestCase
{
  public:
    NatTableTestCase()
        : TestCase("the table of a NAT: mappings, lifetimes, filters, bounds")
    {
    }

  private:
    /// How many outside ports host A has towards three servers.
    size_t CountPorts(NatBehaviour behaviour)
    {
        NatTable table;
        NatRules rules;
        rules.mapping = behaviour;
        table.SetRules(rules);
        std::string reason;
        std::set<uint16_t> ports;
        for (const Endpoint& remote : {SERVER, SERVER2, OTHER})
        {
            ports.insert(table.Outbound(At(0), UDP, HOST_A, remote, reason).value_or(0));
        }
        return ports.size();
    }

    /// Whom of three servers a filter lets in that host A sent to the first one of.
    size_t CountLetIn(NatBehaviour behaviour)
    {
        NatTable table;
        NatRules rules;
        rules.filtering = behaviour;
        table.SetRules(rules);
        std::string reason;
        const uint16_t port = *table.Outbound(At(0), UDP, HOST_A, SERVER, reason);
        size_t count = 0;
        for (const Endpoint& remote : {SERVER, SERVER2, OTHER})
        {
            count += table.Inbound(At(1), UDP, port, remote, reason) == HOST_A ? 1 : 0;
        }
        return count;
    }

    void CheckLifetime(bool inboundRefresh)
    {
        NatTable table;
        NatRules rules;
        rules.inboundRefresh = inboundRefresh;
        table.SetRules(rules);
        std::string reason;
        const uint16_t port = *table.Outbound(At(0), UDP, HOST_A, SERVER, reason);
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(20), UDP, HOST_A, SERVER, reason).value_or(0),
                              port,
                              "outbound refreshes");
        NS_TEST_EXPECT_MSG_EQ(table.Inbound(At(49), UDP, port, SERVER, reason).has_value(),
                              true,
                              "lives for 30 s");
        NS_TEST_EXPECT_MSG_EQ(table.Inbound(At(50), UDP, port, SERVER, reason).has_value(),
                              inboundRefresh,
                              "inbound refreshes when the rules say so");
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(CountPorts(NatBehaviour::EndpointIndependent), 1, "RFC 4787 4.1");
        NS_TEST_EXPECT_MSG_EQ(CountPorts(NatBehaviour::AddressDependent), 2, "RFC 4787 4.1");
        NS_TEST_EXPECT_MSG_EQ(CountPorts(NatBehaviour::AddressAndPortDependent), 3, "same");
        NS_TEST_EXPECT_MSG_EQ(CountLetIn(NatBehaviour::EndpointIndependent), 3, "RFC 4787 5");
        NS_TEST_EXPECT_MSG_EQ(CountLetIn(NatBehaviour::AddressDependent), 2, "RFC 4787 5");
        NS_TEST_EXPECT_MSG_EQ(CountLetIn(NatBehaviour::AddressAndPortDependent), 1, "same");
        CheckLifetime(false);
        CheckLifetime(true);
        CheckEsp();
        CheckBounds();
        CheckOldest();
        CheckChanges();
    }

    void CheckEsp()
    {
        NatTable table;
        std::string reason;
        const Endpoint a{HOST_A.address, 0};
        const Endpoint b{HOST_B.address, 0};
        const Endpoint server{SERVER.address, 0};
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(0), ESP, a, server, reason).has_value(), true, "1");
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(1), ESP, b, server, reason).has_value(),
                              false,
                              "one host at a time");
        NS_TEST_EXPECT_MSG_EQ(reason, "nat-esp", "and says why");
        NS_TEST_EXPECT_MSG_EQ((table.Inbound(At(2), ESP, 0, server, reason) == a), true, "answers");
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(120), ESP, b, server, reason).has_value(),
                              true,
                              "the first one is silent for long enough");
        NatRules rules;
        rules.esp = NatEsp::Drop;
        table.SetRules(rules);
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(121), ESP, a, server, reason).has_value(),
                              false,
                              "or none passes");
    }

    void CheckBounds()
    {
        NatTable table;
        NatRules rules;
        rules.maxMappings = 3;
        rules.lastPort = rules.firstPort + 1;
        rules.maxRemotes = 2;
        table.SetRules(rules);
        table.AddForward(UDP, 500, HOST_B);
        std::string reason;
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(0), UDP, HOST_B, SERVER, reason).value_or(0),
                              500,
                              "a forward is seen as itself");
        for (uint16_t port = 1; port <= 2; ++port)
        {
            const Endpoint inside{HOST_A.address, port};
            NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(0), UDP, inside, SERVER, reason).value_or(0),
                                  rules.firstPort + port - 1,
                                  "one after the other");
        }
        const Endpoint third{HOST_A.address, 3};
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(0), UDP, third, SERVER, reason).has_value(),
                              false,
                              "");
        NS_TEST_EXPECT_MSG_EQ(reason, "nat-ports", "no port is left");
        rules.lastPort = 29999;
        rules.maxMappings = 1;
        table.SetRules(rules);
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(0), UDP, HOST_A, SERVER, reason).has_value(),
                              true,
                              "");
        NS_TEST_EXPECT_MSG_EQ(table.Outbound(At(0), UDP, third, SERVER, reason).has_value(),
                              false,
                              "");
        NS_TEST_EXPECT_MSG_EQ(reason, "nat-full", "no room is left");
        for (uint16_t port = 1; port <= 100; ++port)
        {
            table.Outbound(At(0), UDP, HOST_A, Endpoint{SERVER.address, port}, reason);
        }
        NS_TEST_EXPECT_MSG_EQ(table.GetMappings().at(0).permitted.size(), 2, "remotes, too");
    }

    /// The filter forgets whom nothing was sent for the longest time, whatever its address.
    void CheckOldest()
    {
        NatTable table;
        NatRules rules;
        rules.maxRemotes = 2;
        table.SetRules(rules);
        std::string reason;
        uint16_t port = 0;
        for (const Endpoint& remote : {SERVER2, OTHER, SERVER2, SERVER})
        {
            port = *table.Outbound(At(0), UDP, HOST_A, remote, reason);
        }
        NS_TEST_EXPECT_MSG_EQ(table.Inbound(At(1), UDP, port, OTHER, reason).has_value(),
                              false,
                              "forgotten");
        NS_TEST_EXPECT_MSG_EQ(reason, "nat-filtered", "and says why");
        for (const Endpoint& remote : {SERVER2, SERVER})
        {
            NS_TEST_EXPECT_MSG_EQ(table.Inbound(At(1), UDP, port, remote, reason).has_value(),
                                  true,
                                  "remembered");
        }
    }

    void CheckChanges()
    {
        NatTable table;
        std::string story;
        table.SetListener([&story](const NatMapping&, NatTable::Change change) {
            story += "mefM"[static_cast<size_t>(change)];
        });
        std::string reason;
        const auto first = table.Outbound(At(0), UDP, HOST_A, SERVER, reason);
        table.Flush();
        const auto second = table.Outbound(At(1), UDP, HOST_A, SERVER, reason);
        NS_TEST_EXPECT_MSG_EQ((first != second), true, "another port after a restart");
        NS_TEST_EXPECT_MSG_EQ((table.GetNextExpiry() == At(31)), true, "when it is over");
        NS_TEST_EXPECT_MSG_EQ((table.GetNextLook() <= At(31)), true, "a look is needed by then");
        table.Expire(At(31));
        NS_TEST_EXPECT_MSG_EQ(table.GetMappings().size(), 0, "it is over");
        NS_TEST_EXPECT_MSG_EQ(story, "mfMe", "made, flushed, moved, expired");
    }
};

/// The sum of octets, which is 0xffff when a checksum is right (RFC 1071).
uint32_t
SumOf(const Octets& octets, uint32_t sum)
{
    for (size_t i = 0; i < octets.size(); i += 2)
    {
        sum += static_cast<uint32_t>(octets[i] << 8) | (i + 1 < octets.size() ? octets[i + 1] : 0U);
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/// Ports and checksums in the octets.
class NatRewriteTestCase : public TestCase
{
  public:
    NatRewriteTestCase()
        : TestCase("what a NAT writes: checksums stay right, none stays none")
    {
    }

  private:
    /// What the pseudo header adds.
    static uint32_t Pseudo(const IpAddress& a, const IpAddress& b, size_t length, uint8_t protocol)
    {
        return SumOf(a.ToOctets(), SumOf(b.ToOctets(), static_cast<uint32_t>(length) + protocol));
    }

    void CheckUdp()
    {
        Octets udp{0x01, 0xf4, 0x11, 0x94, 0, 11, 0, 0, 'a', 'b', 'c'};
        const Endpoint outside{IpAddress::V4(0xc0000201), 20001};
        const NatChangeOfEnd change{true, HOST_A, outside};
        Octets none = udp;
        RewriteNatPacket(UDP, none, change, true);
        NS_TEST_EXPECT_MSG_EQ(none[0] * 256 + none[1], 20001, "source port");
        NS_TEST_EXPECT_MSG_EQ(none[6] + none[7], 0, "RFC 768: none stays none");
        const uint32_t sum =
            ~SumOf(udp, Pseudo(HOST_A.address, SERVER.address, udp.size(), UDP)) & 0xffff;
        udp[6] = static_cast<uint8_t>(sum >> 8);
        udp[7] = static_cast<uint8_t>(sum);
        RewriteNatPacket(UDP, udp, change, true);
        NS_TEST_EXPECT_MSG_EQ(SumOf(udp, Pseudo(outside.address, SERVER.address, udp.size(), UDP)),
                              0xffff,
                              "right with the new address and port");
    }

    void CheckError()
    {
        // Port unreachable, about a datagram from the outside address to the server.
        Octets message{3, 3, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 28, 0, 1, 0, 0, 60, UDP, 0, 0};
        const Endpoint outside{IpAddress::V4(0xc0000201), 20001};
        for (const IpAddress& address : {outside.address, SERVER.address})
        {
            const Octets octets = address.ToOctets();
            message.insert(message.end(), octets.begin(), octets.end());
        }
        const Octets udp{0x4e, 0x21, 0x01, 0xf4, 0, 8, 0, 0};
        message.insert(message.end(), udp.begin(), udp.end());
        message[18] = 1; // some checksum, to be replaced
        const NatPacketView view = ViewNatPacket(1, message);
        NS_TEST_ASSERT_MSG_EQ((view.kind == NatPacketView::Kind::Error), true, "an error");
        NS_TEST_EXPECT_MSG_EQ(view.sourcePort, 20001, "about this one");
        RewriteNatError(message, NatChangeOfEnd{true, outside, HOST_A}, true);
        const NatPacketView after = ViewNatPacket(1, message);
        NS_TEST_EXPECT_MSG_EQ((after.source == HOST_A.address), true, "inside address");
        NS_TEST_EXPECT_MSG_EQ(after.sourcePort, 500, "inside port");
        NS_TEST_EXPECT_MSG_EQ(SumOf(message, 0), 0xffff, "checksum of ICMP");
        NS_TEST_EXPECT_MSG_EQ(SumOf(Octets(message.begin() + 8, message.begin() + 28), 0),
                              0xffff,
                              "checksum of the header inside");
    }

    void CheckHostile()
    {
        // Whatever is cut short or made up is looked at and left alone.
        Octets message{3, 3, 0, 0, 0, 0, 0, 0, 0x4f, 0, 0, 28, 0, 1, 0, 0, 60, UDP, 0, 0, 1, 2};
        while (!message.empty())
        {
            const NatPacketView view = ViewNatPacket(1, message);
            NS_TEST_EXPECT_MSG_EQ((view.kind == NatPacketView::Kind::Other), true, "nothing");
            RewriteNatError(message, NatChangeOfEnd{true, HOST_A, HOST_B}, true);
            message.pop_back();
        }
        for (size_t length = 0; length < 4; ++length)
        {
            const NatPacketView view = ViewNatPacket(UDP, Octets(length, 1));
            NS_TEST_EXPECT_MSG_EQ((view.kind == NatPacketView::Kind::Other), true, "too short");
        }
    }

    void DoRun() override
    {
        CheckUdp();
        CheckError();
        CheckHostile();
    }
};

/// A NAT between two hosts: when mappings end, and what is for nobody behind it.
class NatNodeTestCase : public TestCase
{
  public:
    NatNodeTestCase()
        : TestCase("a NAT on a node: expiry in time, no way in by an inside address")
    {
    }

  private:
    /// A mapping is over. @param mapping which @param change how
    void OnMapping(const NatMapping& mapping, const std::string& change)
    {
        if (change == "expired")
        {
            m_ends[mapping.protocol] = Simulator::Now().GetSeconds();
        }
    }

    /// A packet was dropped. @param packet which @param reason why
    void OnDrop(Ptr<const Packet> /* packet */, const std::string& reason)
    {
        ++m_drops[reason];
    }

    /// Something arrived. @param socket where
    void OnReceive(Ptr<Socket> socket)
    {
        while (socket->Recv())
        {
            ++m_received[socket->GetNode()->GetId()];
        }
    }

    /// Receive datagrams on port 9. @param node where
    void Listen(Ptr<Node> node)
    {
        Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
        socket->SetRecvCallback(MakeCallback(&NatNodeTestCase::OnReceive, this));
        m_sockets.push_back(socket);
    }

    /// Send a packet of any protocol. @param from where @param source its address
    /// @param to where to @param protocol of IP
    static void SendRaw(Ptr<Node> from, const char* source, const char* to, uint8_t protocol)
    {
        Ptr<Ipv4> ipv4 = from->GetObject<Ipv4>();
        Ipv4Header header;
        header.SetDestination(to);
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        Ptr<Ipv4Route> route =
            ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, nullptr, error);
        ipv4->Send(Create<Packet>(40),
                   Ipv4Address(source),
                   header.GetDestination(),
                   protocol,
                   route);
    }

    /// Send a datagram to port 9. @param from where @param to where to
    static void SendUdp(Ptr<Node> from, const char* to)
    {
        Ptr<Socket> socket = Socket::CreateSocket(from, UdpSocketFactory::GetTypeId());
        socket->SetAllowBroadcast(true);
        socket->SendTo(Create<Packet>(40), 0, InetSocketAddress(Ipv4Address(to), 9));
        socket->Close();
    }

    void DoRun() override
    {
        NodeContainer nodes;
        nodes.Create(3);
        Ptr<Node> inside = nodes.Get(0);
        Ptr<Node> middle = nodes.Get(1);
        Ptr<Node> outside = nodes.Get(2);
        PointToPointHelper link;
        const NetDeviceContainer home = link.Install(inside, middle);
        const NetDeviceContainer access = link.Install(middle, outside);
        InternetStackHelper().Install(nodes);
        tests::HostWorld::Address(home.Get(0), "192.168.1.2", "255.255.255.0");
        tests::HostWorld::Address(home.Get(1), "192.168.1.1", "255.255.255.0");
        tests::HostWorld::Address(access.Get(0), "198.51.100.2", "255.255.255.0");
        tests::HostWorld::Address(access.Get(1), "198.51.100.1", "255.255.255.0");
        Ipv4StaticRoutingHelper routes;
        routes.GetStaticRouting(inside->GetObject<Ipv4>())->SetDefaultRoute("192.168.1.1", 1);
        routes.GetStaticRouting(outside->GetObject<Ipv4>())->SetDefaultRoute("198.51.100.2", 1);
        Ptr<IkeNat> nat = CreateObject<IkeNat>();
        nat->Install(middle->GetObject<Ipv4>(), access.Get(0));
        nat->TraceConnectWithoutContext("Mapping", MakeCallback(&NatNodeTestCase::OnMapping, this));
        nat->TraceConnectWithoutContext("Drop", MakeCallback(&NatNodeTestCase::OnDrop, this));
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            Listen(nodes.Get(i));
        }
        using tests::HostWorld;
        HostWorld::At(Seconds(1), [=] { SendRaw(inside, "192.168.1.2", "198.51.100.1", ESP); });
        HostWorld::At(Seconds(2), [=] { SendUdp(inside, "198.51.100.1"); });
        HostWorld::At(Seconds(3), [=] { SendUdp(outside, "192.168.1.2"); });
        HostWorld::At(Seconds(4), [=] { SendRaw(outside, "198.51.100.1", "192.168.1.2", 253); });
        HostWorld::At(Seconds(5), [=] { SendUdp(outside, "192.168.1.1"); });
        HostWorld::At(Seconds(6), [=] { SendUdp(outside, "198.51.100.255"); });
        Simulator::Stop(Seconds(200));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ_TOL(m_ends[UDP], 32, 0.1, "30 s, though ESP's lives for longer");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_ends[ESP], 121, 0.1, "120 s");
        NS_TEST_EXPECT_MSG_EQ(m_drops["nat-no-mapping"], 3, "for addresses of the inside");
        NS_TEST_EXPECT_MSG_EQ(m_received[inside->GetId()], 0, "nothing came in");
        NS_TEST_EXPECT_MSG_EQ(m_received[middle->GetId()], 1, "but for all on the link");
        NS_TEST_EXPECT_MSG_EQ(m_received[outside->GetId()], 1, "and the way out is open");
        m_sockets.clear();
        Simulator::Destroy();
    }

    std::map<uint8_t, double> m_ends;        ///< when a mapping was over, in s, by protocol
    std::map<std::string, uint32_t> m_drops; ///< of the NAT, by reason
    std::map<uint32_t, uint32_t> m_received; ///< datagrams, by node
    std::vector<Ptr<Socket>> m_sockets;      ///< that listen
};

/// R1 and R3 behind N1 on links of their own, R2 on the Internet.
const char* const WORLD = R"(version: 1
name: nat
title: Behind a NAT
duration: 100 s
routers:
  R1:
    config: |
      hostname R1
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 2
      crypto isakmp key secret address 203.0.113.2
      crypto ipsec transform-set t esp-aes esp-sha-hmac
      crypto ipsec profile p
       set transform-set t
      interface Ethernet0/0
       ip address 192.168.1.2 255.255.255.0
      interface Ethernet0/1
       ip address 10.1.0.1 255.255.255.0
      interface Tunnel0
       ip address 10.0.0.1 255.255.255.252
       tunnel source Ethernet0/0
       tunnel destination 203.0.113.2
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
      ip route 0.0.0.0 0.0.0.0 192.168.1.1
      ip route 10.2.0.0 255.255.255.0 Tunnel0
  R2:
    config: |
      hostname R2
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 2
      crypto keyring k
       pre-shared-key address 198.51.100.2 key secret
      crypto isakmp profile i
       keyring k
       match identity address 192.168.1.2 255.255.255.255
      crypto ipsec transform-set t esp-aes esp-sha-hmac
      crypto ipsec profile p
       set transform-set t
       set isakmp-profile i
      interface Ethernet0/0
       ip address 203.0.113.2 255.255.255.252
      interface Ethernet0/1
       ip address 10.2.0.1 255.255.255.0
      interface Tunnel0
       ip address 10.0.0.2 255.255.255.252
       tunnel source Ethernet0/0
       tunnel destination 198.51.100.2
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
      ip route 0.0.0.0 0.0.0.0 203.0.113.1
      ip route 10.1.0.0 255.255.255.0 Tunnel0
network:
  hosts: [H1, H2]
  internet: [ISP]
  nat:
    N1: {outside: access}
  links:
    lan1: {ends: {H1: 10.1.0.10/24, R1: Ethernet0/1}}
    home: {ends: {R1: Ethernet0/0, N1: 192.168.1.1/24}}
    access: {ends: {N1: 198.51.100.2/30, ISP: 198.51.100.1/30}, delay: 10 ms}
    far: {ends: {ISP: 203.0.113.1/30, R2: Ethernet0/0}, delay: 10 ms}
    lan2: {ends: {H2: 10.2.0.10/24, R2: Ethernet0/1}}
variants:
)";

/// IKE and ESP through a NAT, as scenarios.
class NatScenarioTestCase : public TestCase
{
  public:
    NatScenarioTestCase()
        : TestCase("IKE and ESP in UDP through a NAT: detection, float, mappings, forwards")
    {
    }

  private:
    /// Packets of the world by protocol and destination port, seen on the Internet.
    void OnIsp(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t /* interface */)
    {
        Ptr<Packet> copy = packet->Copy();
        Ipv4Header header;
        copy->RemoveHeader(header);
        UdpHeader udp;
        std::string kind = "proto-" + std::to_string(header.GetProtocol());
        if (header.GetProtocol() == UDP && header.GetFragmentOffset() == 0)
        {
            copy->RemoveHeader(udp);
            Octets octets(copy->GetSize());
            copy->CopyData(octets.data(), copy->GetSize());
            const bool marked =
                octets.size() > 4 && octets[0] + octets[1] + octets[2] + octets[3] == 0;
            const bool isHigh = udp.GetSourcePort() != 500 && udp.GetDestinationPort() != 500;
            kind = octets.size() == 1 ? "keepalive"
                   : !isHigh          ? "ike-500"
                   : marked           ? "ike-4500"
                                      : "esp-4500";
        }
        ++m_seen[kind];
    }

    void OnMapping(const NatMapping& /* mapping */, const std::string& change)
    {
        ++m_changes[change];
    }

    /// Let the Internet know a way to R1's LAN, by the NAT. @param isp the router of the Internet
    static void LeadInside(Ptr<Node> isp)
    {
        Ptr<Ipv4> ipv4 = isp->GetObject<Ipv4>();
        const int32_t access = ipv4->GetInterfaceForAddress("198.51.100.1");
        Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
            "10.1.0.0",
            "255.255.255.0",
            "198.51.100.2",
            static_cast<uint32_t>(access));
    }

    /// Run the world. @param more appended to it @param leadsInside see LeadInside() @return what
    /// came out
    RunResults Run(const std::string& more, bool leadsInside = false)
    {
        m_seen.clear();
        m_changes.clear();
        const Scenario scenario = ScenarioFile::Parse(WORLD + more, "nat.yaml").Expand();
        ScenarioRun run(scenario, RunOptions());
        run.GetNetwork().GetNode("ISP")->GetObject<Ipv4>()->TraceConnectWithoutContext(
            "Rx",
            MakeCallback(&NatScenarioTestCase::OnIsp, this));
        if (leadsInside)
        {
            LeadInside(run.GetNetwork().GetNode("ISP"));
        }
        run.GetNetwork().GetNat("N1")->TraceConnectWithoutContext(
            "Mapping",
            MakeCallback(&NatScenarioTestCase::OnMapping, this));
        RunResults results = run.Finish();
        NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, "the books balance");
        return results;
    }

    void CheckFloat()
    {
        const RunResults results = Run(R"(
  - when: {}
  - when: {}
    routers:
      R2: {config: ["crypto ipsec profile p\n responder-only"]}
    offer:
      - {name: out, from: H1, to: H2, size: 200 B, every: 1 s, start: 5 s, stop: 20 s}
      - {name: back, from: H2, to: H1, size: 200 B, every: 1 s, start: 5 s, stop: 90 s}
      - {name: late, from: H1, to: H2, size: 200 B, every: 1 s, start: 80 s}
)");
        NS_TEST_EXPECT_MSG_EQ(results.flows[0].balance.delivered, 15, "out");
        NS_TEST_EXPECT_MSG_EQ(m_seen["ike-500"], 4, "messages 1 to 4 of main mode");
        NS_TEST_EXPECT_MSG_EQ(m_seen["ike-4500"], 5, "the rest of main mode, and quick mode");
        NS_TEST_EXPECT_MSG_EQ(m_seen["proto-50"], 0, "no ESP outside of UDP");
        NS_TEST_EXPECT_MSG_EQ((m_seen["esp-4500"] > 100), true, "all of it in UDP");
        // The mapping lives 30 s from H1's last packet, at 19 s; H2's do not keep it alive.
        const auto& back = results.flows[1].balance;
        NS_TEST_EXPECT_MSG_EQ((back.dropped.at("nat-no-mapping") >= 30), true, "over at 49 s");
        NS_TEST_EXPECT_MSG_EQ((back.delivered >= 44), true, "before");
        NS_TEST_EXPECT_MSG_EQ((m_changes["expired"] >= 1), true, "that of port 4500");
        NS_TEST_EXPECT_MSG_EQ(m_changes["moved"], 1, "and H1's next packet has another port");
        NS_TEST_EXPECT_MSG_EQ(results.flows[2].balance.delivered, 20, "whom R2 believes");
        NS_TEST_EXPECT_MSG_EQ(back.delivered, 85 - back.dropped.at("nat-no-mapping"), "sum");
    }

    void CheckLongLife()
    {
        const RunResults results = Run(R"(
  - when: {}
  - when: {}
    network: {nat: {N1: {udp_lifetime: 5 min}}}
    offer:
      - {name: out, from: H1, to: H2, size: 200 B, every: 1 s, start: 5 s, stop: 20 s}
      - {name: back, from: H2, to: H1, size: 200 B, every: 1 s, start: 5 s, stop: 90 s}
)");
        NS_TEST_EXPECT_MSG_EQ(results.packets.delivered, 100, "RFC 4787 REQ-5 would have it");
    }

    void CheckFragments()
    {
        const RunResults results = Run(R"(
  - when: {}
  - when: {}
    offer:
      - {name: clear, from: H1, to: H2, size: 3000 B, every: 1 s, start: 5 s, stop: 20 s}
      - {name: back, from: H2, to: H1, size: 3000 B, every: 1 s, start: 5 s, stop: 20 s}
    routers:
      R1: {config: [no ip route 10.2.0.0 255.255.255.0 Tunnel0]}
)");
        // R1 has no way to 10.2.0.0 but out of its WAN: in clear, in pieces, through the NAT.
        NS_TEST_EXPECT_MSG_EQ(results.flows[0].balance.clearPackets, 15, "in clear");
        NS_TEST_EXPECT_MSG_EQ((m_seen["proto-17"] > 0), true, "later pieces pass the NAT, too");
        NS_TEST_EXPECT_MSG_EQ(results.flows[0].balance.dropped.count("nat-fragment"), 0, "all");
    }

    void CheckForward()
    {
        // Only R2 begins: it can, for the NAT leads port 500 and 4500 to R1.
        const RunResults results = Run(R"(
  - when: {}
  - when: {}
    routers:
      R1: {config: ["crypto ipsec profile p\n responder-only"]}
    network:
      nat:
        N1:
          forwards:
            - {port: 500, to: 192.168.1.2}
            - {protocol: udp, port: 4500, to: 192.168.1.2}
    offer:
      - {name: back, from: H2, to: H1, size: 200 B, every: 1 s, start: 5 s}
)");
        NS_TEST_EXPECT_MSG_EQ(results.packets.delivered, 95, "without a packet from inside");
    }

    void CheckInsideAddress()
    {
        // R2 has no way to 10.1.0.0 but out of its WAN, and the Internet leads to the NAT.
        const RunResults results = Run(R"(
  - when: {}
  - when: {}
    offer:
      - {name: back, from: H2, to: H1, size: 200 B, every: 1 s, start: 5 s, stop: 20 s}
    routers:
      R2: {config: [no ip route 10.1.0.0 255.255.255.0 Tunnel0]}
)",
                                       true);
        const auto& back = results.flows[0].balance;
        NS_TEST_EXPECT_MSG_EQ(back.delivered, 0, "nobody comes in like this");
        NS_TEST_EXPECT_MSG_EQ(back.dropped.at("nat-no-mapping"), 15, "and it is in the books");
    }

    void CheckFlush()
    {
        const RunResults results = Run(R"(
  - when: {}
  - when: {}
    events:
      - {at: 50.5 s, nat: N1, flush: mappings}
    offer:
      - {name: out, from: H1, to: H2, size: 200 B, every: 1 s, start: 5 s}
      - {name: back, from: H2, to: H1, size: 200 B, every: 1 s, start: 5.2 s}
)");
        NS_TEST_EXPECT_MSG_EQ(m_changes["moved"], 1, "another port");
        NS_TEST_EXPECT_MSG_EQ(results.packets.SumDropped(), 0, "R2 follows at once");
    }

    void DoRun() override
    {
        CheckFloat();
        CheckLongLife();
        CheckFragments();
        CheckForward();
        CheckInsideAddress();
        CheckFlush();
    }

    std::map<std::string, uint32_t> m_seen;    ///< packets on the Internet, by kind
    std::map<std::string, uint32_t> m_changes; ///< of mappings, by kind
};

/// NATs.
class IkeHostNatTestSuite : public TestSuite
{
  public:
    IkeHostNatTestSuite()
        : TestSuite("ike-host-nat", Type::SYSTEM)
    {
        AddTestCase(new NatTableTestCase, TestDuration::QUICK);
        AddTestCase(new NatRewriteTestCase, TestDuration::QUICK);
        AddTestCase(new NatNodeTestCase, TestDuration::QUICK);
        AddTestCase(new NatScenarioTestCase, TestDuration::QUICK);
    }
};

IkeHostNatTestSuite g_ikeHostNatTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
