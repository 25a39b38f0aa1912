/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-policy-fixture.h"
#include "ike-test-compat.h"

#include "ns3/flow-monitor-helper.h"
#include "ns3/ike-cost-files.h"
#include "ns3/ike-crypto-queue.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/rip.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/test.h"
#include "ns3/udp-header.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Kinds of traffic at interfaces with crypto maps, and what cryptography costs them in time.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// Packets of the router itself: ping and TCP.
class OwnTrafficTestCase : public TestCase
{
  public:
    OwnTrafficTestCase()
        : TestCase("ping and TCP of the router itself are protected")
    {
    }

  private:
    void DoRun() override
    {
        PolicyWorld w(MAP1, MAP2);
        Pinger ping(w.n1);
        for (int i = 1; i <= 5; ++i)
        {
            HostWorld::At(Seconds(i), [&ping] { ping.Send("198.51.100.1", 56); });
        }
        HostWorld::At(Seconds(6), [&ping] { ping.Send("198.51.100.1", 3000); });
        Ptr<Socket> server = Socket::CreateSocket(w.n2, TcpSocketFactory::GetTypeId());
        server->Bind(InetSocketAddress(Ipv4Address::GetAny(), 80));
        server->Listen();
        server->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&OwnTrafficTestCase::OnAccept, this));
        Ptr<Socket> client = Socket::CreateSocket(w.n1, TcpSocketFactory::GetTypeId());
        HostWorld::At(Seconds(10), [&client] {
            client->Connect(InetSocketAddress(Ipv4Address("198.51.100.1"), 80));
            client->Send(Create<Packet>(50000));
            client->Close();
        });
        Simulator::Stop(Seconds(30));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(ping.replies, 5, "all but the first, the large one included");
        NS_TEST_EXPECT_MSG_EQ(m_octets, 50000, "all of the stream");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(1), 0, "no ICMP in the clear");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(6), 0, "no TCP in the clear");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 1, "the packet that began IKE");
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size(), 1, "nothing else");
        NS_TEST_EXPECT_MSG_EQ(w.drops2.size(), 0, "nothing");
        m_accepted = nullptr;
    }

    void OnAccept(Ptr<Socket> socket, const Address& /* from */)
    {
        m_accepted = socket;
        socket->SetRecvCallback(MakeCallback(&OwnTrafficTestCase::OnData, this));
    }

    void OnData(Ptr<Socket> socket)
    {
        while (Ptr<Packet> packet = socket->Recv())
        {
            m_octets += packet->GetSize();
        }
    }

    Ptr<Socket> m_accepted; ///< at the server
    uint32_t m_octets{0};   ///< that arrived
};

/// Packets that do not fit, protected and in the clear.
class SizeTestCase : public TestCase
{
  public:
    /**
     * @brief One way to cut them.
     * @param word behind `crypto ipsec fragmentation`
     * @param outside are there fragments of ESP?
     */
    SizeTestCase(const std::string& word, bool outside)
        : TestCase("packets that do not fit, fragmentation " + word),
          m_text("exit\ncrypto ipsec fragmentation " + word + "\n"),
          m_outside(outside)
    {
    }

  private:
    void DoRun() override
    {
        {
            PolicyWorld w(MAP1 + m_text, MAP2 + m_text);
            w.SendEach(1, 2, w.hA, "10.2.0.2");
            HostWorld::At(Seconds(5), [&w] { w.Send(w.hA, "10.2.0.2", 1440, 5); });
            HostWorld::At(Seconds(6), [&w] { w.Send(w.hA, "10.2.0.2", 9000, 6); });
            HostWorld::At(Seconds(7), [&w] { w.Send(w.n1, "198.51.100.1", 100, 7); });
            HostWorld::At(Seconds(8), [&w] { w.Send(w.n1, "198.51.100.1", 9000, 8); });
            Simulator::Stop(Seconds(12));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{2, 5, 6, 8}),
                                  true,
                                  "forwarded ones in fragments, own ones whole");
            NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 0, "nothing in the clear");
            NS_TEST_EXPECT_MSG_EQ((w.coreFragments > 0), m_outside, "of ESP");
        }
        PolicyWorld w(MAP1 + m_text + PASSIVE, PLAIN2);
        w.SendEach(1, 11, w.n1, "198.51.100.1");
        HostWorld::At(Seconds(13), [&w] { w.Send(w.n1, "198.51.100.1", 9000, 13); });
        HostWorld::At(Seconds(14), [&w] { w.Send(w.n2, "192.0.2.1", 9000, 14); });
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{11, 13, 14}),
                              true,
                              "in the clear, cut as without IPsec");
    }

    std::string m_text; ///< of both routers
    bool m_outside;     ///< are there fragments of ESP?
};

/// `mode transport` in the transform set of a crypto map.
class TransportTestCase : public TestCase
{
  public:
    TransportTestCase()
        : TestCase("transport mode between the gateways, tunnel mode for what they forward")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text = "crypto ipsec transform-set 3dessha esp-3des esp-sha-hmac\n"
                                 " mode transport\n";
        PolicyWorld w(MAP1 + text, MAP2 + text);
        w.SendEach(1, 3, w.n1, "198.51.100.1");
        w.SendEach(11, 3, w.hA, "10.2.0.2");
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{2, 3, 12, 13}),
                              true,
                              "delivered");
        // SPI, sequence number and IV, then what is protected with 2 octets and padded to 8, ICV
        const uint16_t transport = 8 + 8 + 112 + 12;
        const uint16_t tunnel = 8 + 8 + 136 + 12;
        const std::vector<uint16_t> expected{transport, transport, tunnel, tunnel};
        NS_TEST_EXPECT_MSG_EQ((w.espAtCore == expected), true, "octets of ESP");
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 0, "nothing in the clear");
    }
};

/// Lines with ports, and a `deny` line before them.
class PortsTestCase : public TestCase
{
  public:
    PortsTestCase()
        : TestCase("match address with ports, behind a deny line")
    {
    }

  private:
    void DoRun() override
    {
        const std::string list1 =
            "no access-list 101\n"
            "access-list 101 deny udp host 10.1.0.2 10.2.0.0 0.0.0.255 eq 11\n"
            "access-list 101 permit udp 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255 eq 9\n"
            "access-list 101 permit udp host 10.1.0.2 10.2.0.0 0.0.0.255 eq 11\n";
        const std::string list2 =
            "no access-list 101\n"
            "access-list 101 deny udp 10.2.0.0 0.0.0.255 eq 11 host 10.1.0.2\n"
            "access-list 101 permit udp 10.2.0.0 0.0.0.255 eq 9 10.1.0.0 0.0.0.255\n"
            "access-list 101 permit udp 10.2.0.0 0.0.0.255 eq 11 host 10.1.0.2\n";
        PolicyWorld w(MAP1 + list1, MAP2 + list2);
        std::map<uint16_t, uint32_t> clear;
        std::map<uint16_t, uint32_t>* const seen = &clear;
        w.core->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Rx",
            MakeBoundCallback(&PortsTestCase::NotePort, seen));
        for (int i = 1; i <= 5; ++i)
        {
            for (const uint16_t port : {9, 10, 11})
            {
                HostWorld::At(Seconds(i), [&w, port] {
                    Ptr<Socket> s = Socket::CreateSocket(w.hA, UdpSocketFactory::GetTypeId());
                    s->SendTo(Create<Packet>(100),
                              0,
                              InetSocketAddress(Ipv4Address("10.2.0.2"), port));
                    s->Close();
                });
            }
        }
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(clear.count(9), 0, "protected");
        NS_TEST_EXPECT_MSG_EQ(clear[10], 5, "no line is about it");
        NS_TEST_EXPECT_MSG_EQ(clear[11], 5, "the deny line came first");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 4, "of port 9");
        NS_TEST_EXPECT_MSG_EQ(w.espAtCore.size(), 4, "of port 9");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 1, "the packet that began IKE");
        NS_TEST_EXPECT_MSG_EQ(w.drops2.size(), 0, "the mirror image says the same");
    }

    /// The core received a packet. @param seen counts the ports of UDP
    static void NotePort(std::map<uint16_t, uint32_t>* seen,
                         Ptr<const Packet> packet,
                         Ptr<Ipv4> /* ipv4 */,
                         uint32_t /* interface */)
    {
        Ptr<Packet> copy = packet->Copy();
        Ipv4Header header;
        copy->RemoveHeader(header);
        UdpHeader udp;
        if (header.GetProtocol() == 17 && copy->PeekHeader(udp) != 0)
        {
            ++(*seen)[udp.GetDestinationPort()];
        }
    }
};

/// Tags and FlowMonitor, protected and in the clear.
class TagsTestCase : public TestCase
{
  public:
    explicit TagsTestCase(bool upgraded)
        : TestCase(std::string("tags and FlowMonitor, ") +
                   (upgraded ? "protected" : "in the clear by passive mode")),
          m_upgraded(upgraded)
    {
    }

  private:
    void DoRun() override
    {
        PolicyWorld w(MAP1 + PASSIVE, m_upgraded ? MAP2 + PASSIVE : PLAIN2);
        FlowMonitorHelper flows;
        Ptr<FlowMonitor> monitor = flows.Install(NodeContainer(w.hA, w.hB));
        w.SendEach(1, 15, w.hA, "10.2.0.2");
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        const size_t lost = m_upgraded ? 1 : 10;
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], lost, "before the SA, or the 10 s");
        NS_TEST_EXPECT_MSG_EQ(w.lostMarks.size(), lost, "found by their tags");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 15 - lost, "the others arrive");
        NS_TEST_EXPECT_MSG_EQ(w.received.count(0), 0, "with packet tags");
        NS_TEST_EXPECT_MSG_EQ((w.received == w.receivedBytes), true, "and byte tags");
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, m_upgraded ? 0 : 5, "seen by the core");
        uint32_t tx = 0;
        uint32_t rx = 0;
        for (const auto& [id, stats] : monitor->GetFlowStats())
        {
            tx += stats.txPackets;
            rx += stats.rxPackets;
        }
        NS_TEST_EXPECT_MSG_EQ(tx, 15, "left");
        NS_TEST_EXPECT_MSG_EQ(rx, 15 - lost, "arrived");
    }

    bool m_upgraded; ///< has R2 a crypto map?
};

/// A routing protocol of the underlay, on the interface with the crypto map.
class UnderlayTestCase : public TestCase
{
  public:
    UnderlayTestCase()
        : TestCase("RIP on the interface with the crypto map: multicast is not protected")
    {
    }

  private:
    void DoRun() override
    {
        // No default routes: the way to the peer is learnt. The last line is about all of R1's own.
        const std::string rip = "no ip route 0.0.0.0 0.0.0.0 ";
        PolicyWorld w(MAP1 + rip +
                          "192.0.2.2\nrouter rip\n version 2\n network 192.0.2.0\n"
                          " network 10.0.0.0\n",
                      MAP2 + rip +
                          "198.51.100.2\nrouter rip\n version 2\n"
                          " network 198.51.100.0\n network 10.0.0.0\n");
        Ptr<Rip> core = CreateObject<Rip>();
        core->AssignStreams(500);
        core->SetAttribute("UnsolicitedRoutingUpdate", TimeValue(Seconds(5)));
        w.core->AggregateObject(core);
        DynamicCast<Ipv4ListRouting>(w.core->GetObject<Ipv4>()->GetRoutingProtocol())
            ->AddRoutingProtocol(core, -5);
        w.SendEach(30, 5, w.hA, "10.2.0.2");
        // From now on a line is about everything that R1 sends, multicast included.
        HostWorld::At(Seconds(36), [&] {
            PolicyWorld::TypeAll(w.r1,
                                 {"enable",
                                  "configure terminal",
                                  "access-list 101 permit ip host 192.0.2.1 any",
                                  "end"});
            m_before = w.coreByProtocol[17];
        });
        Simulator::Stop(Seconds(60));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{31, 32, 33, 34}),
                              true,
                              "along learnt routes, with an SA");
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 0, "protected");
        NS_TEST_EXPECT_MSG_GT(w.coreByProtocol[17], m_before + 4, "RIP still goes out");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 1, "and none of it was held back");
    }

    uint32_t m_before{0}; ///< UDP packets at the core
};

/// Each profile of costs delays a packet by the closed form.
class CostTestCase : public TestCase
{
  public:
    explicit CostTestCase(const std::string& profile)
        : TestCase("delay and queueing, cryptography by " + profile),
          m_profile(profile)
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<int64_t> free = Arrivals("ideal");
        const std::vector<int64_t> slow = Arrivals(m_profile);
        NS_TEST_ASSERT_MSG_EQ(free.size(), 1 + BURST, "arrived");
        NS_TEST_ASSERT_MSG_EQ(slow.size(), 1 + BURST, "arrived");
        const auto found = FindCosts(m_profile);
        const CryptoCosts costs = found ? *found : CryptoCosts();
        // SPI, number and IV are not encrypted; the ICV is not under itself.
        const int64_t cost = costs.packet +
                             costs.OfCipher(CipherAlgorithm::TripleDesCbc, ESP_OCTETS - 16 - 12) +
                             costs.OfHmac(HashAlgorithm::Sha1, ESP_OCTETS - 12);
        NS_TEST_EXPECT_MSG_EQ(slow[0] - free[0], 2 * cost, "a packet alone, there and here");
        // A burst: packets come out of the slowest of LAN, cryptography and WAN one by one.
        const int64_t wan = (ESP_OCTETS + 20 + 2) * 800;
        for (size_t i = 2; i < slow.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(slow[i] - slow[i - 1], std::max(cost, wan), "packet " << i);
        }
    }

    /// Times at hB. @param profile of costs @return a packet alone, and a burst
    static std::vector<int64_t> Arrivals(const std::string& profile)
    {
        PolicyWorld w(MAP1, MAP2);
        w.r1->SetCryptoCosts(FindCosts(profile));
        w.r2->SetCryptoCosts(FindCosts(profile));
        std::vector<int64_t> times;
        std::vector<int64_t>* const seen = &times;
        w.hB->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "LocalDeliver",
            MakeBoundCallback(&CostTestCase::NoteArrival, seen));
        w.SendEach(1, 1, w.hA, "10.2.0.2"); // begins IKE and is lost
        w.SendEach(10, 1, w.hA, "10.2.0.2");
        HostWorld::At(Seconds(20), [&w] {
            for (uint32_t i = 0; i < BURST; ++i)
            {
                w.Send(w.hA, "10.2.0.2", 100, i);
            }
        });
        Simulator::Stop(Seconds(21));
        Simulator::Run();
        return times;
    }

    /// hB received a packet. @param times grows
    static void NoteArrival(std::vector<int64_t>* times,
                            const Ipv4Header& /* header */,
                            Ptr<const Packet> /* packet */,
                            uint32_t /* interface */)
    {
        times->push_back(Simulator::Now().GetNanoSeconds());
    }

    static constexpr uint32_t BURST = 8;        ///< packets
    static constexpr uint32_t ESP_OCTETS = 164; ///< 100 octets of payload, by 3DES and SHA-1

    std::string m_profile; ///< of costs
};

/// Passive mode is the same over any hardware: with an unwilling peer, and when that is upgraded.
class HardwareTestCase : public TestCase
{
  public:
    HardwareTestCase()
        : TestCase("passive mode does the same over each profile of costs")
    {
    }

  private:
    void DoRun() override
    {
        const Story first = Tell("ideal");
        NS_TEST_EXPECT_MSG_EQ(first.lost, 10, "the first 10 s");
        NS_TEST_EXPECT_MSG_GT(first.clear, 10, "in the clear");
        NS_TEST_EXPECT_MSG_GT(first.esp, 10, "protected");
        for (const std::string& costs : GetCostNames())
        {
            const Story other = Tell(costs);
            NS_TEST_EXPECT_MSG_EQ(other.lost, first.lost, costs);
            // While the negotiation waits for the CPU, one packet more is in the clear.
            NS_TEST_EXPECT_MSG_EQ(other.clear + other.esp, first.clear + first.esp, costs);
            NS_TEST_EXPECT_MSG_EQ(other.clear, first.clear + (costs == "ideal" ? 0 : 1), costs);
            NS_TEST_EXPECT_MSG_EQ((other.warnings == first.warnings), true, costs);
        }
    }

    /// What happened.
    struct Story
    {
        uint32_t lost{0};                  ///< packets, `no-sa` at R1
        uint32_t clear{0};                 ///< packets at the core
        size_t esp{0};                     ///< packets at the core
        std::vector<std::string> warnings; ///< of R1
    };

    /// @param profile of costs @return what happened with it
    static Story Tell(const std::string& profile)
    {
        PolicyWorld w(MAP1 + PASSIVE + "crypto ipsec optional retry 60\n",
                      MAP2 + PASSIVE + "interface Ethernet0/1\n no crypto map M\n");
        w.r1->SetCryptoCosts(FindCosts(profile));
        w.r2->SetCryptoCosts(FindCosts(profile));
        w.SendEach(1, 200, w.hA, "10.2.0.2");
        HostWorld::At(MilliSeconds(30500), [&w] {
            PolicyWorld::TypeAll(
                w.r2,
                {"enable", "configure terminal", "interface Ethernet0/1", "crypto map M", "end"});
        });
        Simulator::Stop(Seconds(210));
        Simulator::Run();
        return {w.drops1["no-sa"], w.clearAtCore, w.espAtCore.size(), w.Warnings("R1")};
    }
};

/// Kinds of traffic at crypto maps.
class IkeHostPolicyTrafficTestSuite : public TestSuite
{
  public:
    IkeHostPolicyTrafficTestSuite()
        : TestSuite("ike-host-policy-traffic", Type::SYSTEM)
    {
        AddTestCase(new OwnTrafficTestCase, TestDuration::QUICK);
        AddTestCase(new SizeTestCase("before-encryption", false), TestDuration::QUICK);
        AddTestCase(new SizeTestCase("after-encryption", true), TestDuration::QUICK);
        AddTestCase(new TransportTestCase, TestDuration::QUICK);
        AddTestCase(new PortsTestCase, TestDuration::QUICK);
        AddTestCase(new TagsTestCase(true), TestDuration::QUICK);
        AddTestCase(new TagsTestCase(false), TestDuration::QUICK);
        AddTestCase(new UnderlayTestCase, TestDuration::QUICK);
        for (const std::string& costs : GetCostNames())
        {
            AddTestCase(new CostTestCase(costs), TestDuration::QUICK);
        }
        AddTestCase(new HardwareTestCase, TestDuration::QUICK);
    }
};

IkeHostPolicyTrafficTestSuite g_ikeHostPolicyTrafficTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
