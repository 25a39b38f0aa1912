/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-policy-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <string>
#include <utility>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Crypto maps and passive mode over changes: of configurations, routes, routers; and what passive
 * mode means for a VTI.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// `crypto ipsec optional` and a VTI.
class VtiTestCase : public TestCase
{
  public:
    VtiTestCase()
        : TestCase("crypto ipsec optional means nothing for a VTI")
    {
    }

  private:
    /// A way to the peer alone, and to nobody else.
    static std::string PeerOnly(const std::string& network, const std::string& hop)
    {
        return "ip route " + network + " 255.255.255.252 " + hop + "\n";
    }

    void DoRun() override
    {
        const std::string one = PeerOnly("198.51.100.0", "192.0.2.2") + LAN2;
        const std::string two = PeerOnly("192.0.2.0", "198.51.100.2") + LAN1;
        for (const std::string& mode : {std::string(), PASSIVE})
        {
            WithoutSa(one + mode, two + "interface Tunnel0\n shutdown\n");
            WithSa(one + mode, two + mode, mode.empty() ? 0 : 1);
        }
    }

    /// The peer's tunnel is down: neither do packets leave, nor does passive mode say a word.
    void WithoutSa(const std::string& one, const std::string& two)
    {
        HostWorld w(one, two, true);
        uint32_t noRoute = 0;
        uint32_t* const seen = &noRoute;
        w.n1->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Drop",
            MakeBoundCallback(&VtiTestCase::NoteDrop, seen));
        for (int i = 1; i <= 30; ++i)
        {
            HostWorld::At(Seconds(i),
                          [&w, i] { w.Send(w.hA, "10.2.0.2", 100, static_cast<uint32_t>(i)); });
        }
        Simulator::Stop(Seconds(40));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::LineUp), 0, "no SA, no line");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 0, "nothing arrives");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::SecurityWarning), 0, "no word of it");
        NS_TEST_EXPECT_MSG_EQ(noRoute, 30, "each for this reason");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(50), 0, "no ESP");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.size(), 1, "IKE alone reached the core");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(17), 1, "IKE");
    }

    /// IPv4 of R1 dropped a packet. @param noRoute counts those without a route
    static void NoteDrop(uint32_t* noRoute,
                         const Ipv4Header& /* header */,
                         Ptr<const Packet> /* packet */,
                         Ipv4L3Protocol::DropReason reason,
                         Ptr<Ipv4> /* ipv4 */,
                         uint32_t /* interface */)
    {
        *noRoute += reason == Ipv4L3Protocol::DROP_NO_ROUTE ? 1 : 0;
    }

    /// With an SA everything is protected, and passive mode changes nothing. @param one of
    /// R1 @param two of R2 @param reminders so many come in ten minutes
    void WithSa(const std::string& one, const std::string& two, size_t reminders)
    {
        HostWorld w(one, two, true);
        for (int i = 11; i <= 20; ++i)
        {
            HostWorld::At(Seconds(i),
                          [&w, i] { w.Send(w.hA, "10.2.0.2", 100, static_cast<uint32_t>(i)); });
        }
        Simulator::Stop(Seconds(610));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 10, "all arrive");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol[50], 10, "as ESP");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::SecurityWarning),
                              reminders,
                              "after ten minutes that of the command, no other");
    }
};

/// A reboot forgets the clocks: the 10 s begin anew.
class RebootTestCase : public TestCase
{
  public:
    RebootTestCase()
        : TestCase("a reboot: flows in the clear wait for 10 s again, SAs come again")
    {
    }

  private:
    void DoRun() override
    {
        {
            PolicyWorld w(MAP1 + PASSIVE, PLAIN2);
            w.SendEach(1, 50, w.hA, "10.2.0.2");
            HostWorld::At(MilliSeconds(20500), [&w] { w.r1->Reboot(Seconds(2)); });
            Simulator::Stop(Seconds(60));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 10 + 10, "from 1 and from 23 s on");
            NS_TEST_EXPECT_MSG_EQ(w.drops1["interface-down"], 2, "while it was away");
            NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 50 - 20 - 2, "the others");
            NS_TEST_EXPECT_MSG_EQ(w.received.count(32), 0, "9 s");
            NS_TEST_EXPECT_MSG_EQ(w.received.count(33), 1, "10 s");
        }
        PolicyWorld w(MAP1, MAP2);
        w.SendEach(1, 50, w.hA, "10.2.0.2");
        HostWorld::At(MilliSeconds(20500), [&w] { w.r1->Reboot(Seconds(2)); });
        Simulator::Stop(Seconds(60));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 0, "strict: nothing in the clear");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::PairUp), 2, "before and after");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 50 - 1 - 2 - 1, "it negotiates at once");
    }
};

/// The crypto map goes from both interfaces while traffic flows, and comes again.
class NoMapTestCase : public TestCase
{
  public:
    NoMapTestCase()
        : TestCase("no crypto map on the interface, and back")
    {
    }

  private:
    void DoRun() override
    {
        PolicyWorld w(MAP1, MAP2);
        w.SendEach(1, 30, w.hA, "10.2.0.2");
        w.SendEach(1, 30, w.hB, "10.1.0.2");
        for (const auto& [at, line] :
             {std::pair<int64_t, std::string>{10500, "no crypto map"}, {20500, "crypto map M"}})
        {
            HostWorld::At(MilliSeconds(at), [&w, line = line] {
                for (const auto& router : {w.r1, w.r2})
                {
                    PolicyWorld::TypeAll(
                        router,
                        {"enable", "configure terminal", "interface Ethernet0/1", line, "end"});
                }
            });
        }
        Simulator::Stop(Seconds(40));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 20, "both ways from 11 to 20 s");
        const uint32_t lost = w.drops1["no-sa"] + w.drops2["no-sa"];
        NS_TEST_EXPECT_MSG_LT_OR_EQ(lost, 4, "at most the first of each flow, each time");
        NS_TEST_EXPECT_MSG_GT(lost, 1, "at least one each time");
        NS_TEST_EXPECT_MSG_EQ(w.received.size() + lost, 60, "the others arrive");
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size() + w.drops2.size(), 2, "no other drops");
        NS_TEST_EXPECT_MSG_EQ(w.espAtCore.size(), 60 - 20 - lost, "protected again");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "identities");
    }
};

/// A line goes from the access list while its SA stands, and comes again.
class AccessListTestCase : public TestCase
{
  public:
    AccessListTestCase()
        : TestCase("an access list changes: a line goes, and back; a deny line comes before it")
    {
    }

  private:
    /// @param lan of this end @param other of the other end @return the line between both LANs
    static std::string Line(const std::string& lan, const std::string& other)
    {
        return " ip " + lan + " 0.0.0.255 " + other + " 0.0.0.255";
    }

    /// Change the list of both routers. @param w them @param word before the line
    static void Change(PolicyWorld& w, const std::string& word)
    {
        const std::string lines[] = {Line("10.1.0.0", "10.2.0.0"), Line("10.2.0.0", "10.1.0.0")};
        for (const auto& [router, line] : {std::pair(w.r1, lines[0]), std::pair(w.r2, lines[1])})
        {
            PolicyWorld::TypeAll(router,
                                 {"enable",
                                  "configure terminal",
                                  "ip access-list extended 101",
                                  word + line,
                                  "end"});
        }
    }

    void DoRun() override
    {
        PolicyWorld w(MAP1, MAP2);
        w.SendEach(1, 40, w.hA, "10.2.0.2");
        for (int i = 1; i <= 40; ++i)
        {
            HostWorld::At(Seconds(i), [&w, i] {
                w.Send(w.n1, "198.51.100.1", 100, static_cast<uint32_t>(100 + i));
            });
        }
        HostWorld::At(MilliSeconds(10500), [&w] { Change(w, "no permit"); });
        HostWorld::At(MilliSeconds(20500), [&w] { Change(w, "permit"); });
        HostWorld::At(MilliSeconds(30500), [&w] { Change(w, "5 deny"); });
        Simulator::Stop(Seconds(50));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 20, "of the LAN, from 11 to 20 and from 31 to 40 s");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 3, "each time that an SA was wanted");
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size() + w.drops2.size(), 1, "no other drops");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 80 - 3, "the others arrive");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::PairUp), 3, "the other line keeps its own");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "identities");
    }
};

/// Two peers, of which the first one is dead.
class PeersTestCase : public TestCase
{
  public:
    PeersTestCase()
        : TestCase("set peer twice: the first one is dead, and the second one has its turn")
    {
    }

  private:
    void DoRun() override
    {
        const std::string peers = "exit\ncrypto isakmp key secret address 203.0.113.9\n"
                                  "crypto map M 10 ipsec-isakmp\n no set peer 198.51.100.1\n"
                                  " set peer 203.0.113.9\n set peer 198.51.100.1\n";
        {
            PolicyWorld w(MAP1 + peers, MAP2);
            w.SendEach(1, 1, w.hA, "10.2.0.2");
            for (int i = 2; i <= 100; ++i)
            {
                HostWorld::At(MilliSeconds(1000 * i - 500),
                              [&w, i] { w.Send(w.hA, "10.2.0.2", 100, static_cast<uint32_t>(i)); });
            }
            Simulator::Stop(Seconds(110));
            Simulator::Run();
            // The attempt ends at 61 s, so the packet of 61.5 s goes to the second peer.
            NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 62, "strict: lost until then");
            NS_TEST_EXPECT_MSG_EQ(w.received.size(), 38, "from 62.5 s on");
            NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 0, "nothing in the clear");
        }
        PolicyWorld w(MAP1 + peers + "exit\n" + PASSIVE + "crypto ipsec optional retry 120\n",
                      MAP2 + PASSIVE);
        w.SendEach(1, 300, w.hA, "10.2.0.2");
        Simulator::Stop(Seconds(310));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 10, "passive: a dead peer costs no new 10 s");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 290, "no more is lost");
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 121 - 10, "clear until the retry, and with it");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::PairUp), 1, "by the second peer");
        const Instant up = w.First("R1", EventKind::PairUp);
        NS_TEST_EXPECT_MSG_EQ((up.ns > 121000000000 && up.ns < 122000000000), true, "at 121 s");
    }
};

/// Crypto maps and passive mode over changes.
class IkeHostPolicyModeTestSuite : public TestSuite
{
  public:
    IkeHostPolicyModeTestSuite()
        : TestSuite("ike-host-policy-mode", Type::SYSTEM)
    {
        AddTestCase(new VtiTestCase, TestDuration::QUICK);
        AddTestCase(new RebootTestCase, TestDuration::QUICK);
        AddTestCase(new NoMapTestCase, TestDuration::QUICK);
        AddTestCase(new AccessListTestCase, TestDuration::QUICK);
        AddTestCase(new PeersTestCase, TestDuration::QUICK);
    }
};

IkeHostPolicyModeTestSuite g_ikeHostPolicyModeTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
