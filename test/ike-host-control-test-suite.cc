/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-application.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The ns-3 side, control: RIP, paths, console, the engine in a node, reload, same seed, same run.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

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
        HostWorld w(DEFAULT1 + RIP + loopback, DEFAULT2 + RIP, false);
        HostWorld::At(Seconds(1), [&w] { w.InstallSas(1, true); });
        HostWorld::At(Seconds(20), [&] {
            const Ipv4Address peer("10.9.0.2");
            NS_TEST_EXPECT_MSG_EQ((Lookup(w.r1, "10.2.0.2") == peer), true, "the other LAN");
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r2, "10.5.0.9").has_value(), true, "the loopback");
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "198.51.100.1").has_value(), false, "not R2's WAN");
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "192.0.2.2").has_value(), false, "nor its own");
            w.Send(w.hA, "10.2.0.2", 100, 1);
            w.Send(w.hB, "10.1.0.2", 100, 2);
            w.Select(0);
        });
        HostWorld::At(Seconds(21), [&] {
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "10.2.0.2").has_value(), false, "gone at once");
            w.Select(1);
        });
        HostWorld::At(Seconds(40), [&] {
            NS_TEST_EXPECT_MSG_EQ(Lookup(w.r1, "10.2.0.2").has_value(), true, "learnt again");
            w.r1->Type("enable");
            w.r1->Type("configure terminal");
            w.r1->Type("no router rip");
        });
        HostWorld::At(Seconds(41), [&] {
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
        HostWorld w("router rip\n version 2\n network 192.0.2.0\n",
                    "router rip\n version 2\n network 198.51.100.0\n",
                    false);
        // The core speaks RIP as well: a router as any other, with a filter in front.
        Ptr<Rip> rip = CreateObject<Rip>();
        rip->AssignStreams(500);
        rip->SetAttribute("UnsolicitedRoutingUpdate", TimeValue(Seconds(5)));
        w.core->AggregateObject(rip);
        Ptr<Ipv4> ipv4 = w.core->GetObject<Ipv4>();
        DynamicCast<Ipv4ListRouting>(ipv4->GetRoutingProtocol())->AddRoutingProtocol(rip, -5);
        HostWorld::At(Seconds(15), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), true, "learnt");
            NS_TEST_EXPECT_MSG_EQ(w.r2->HasPath(1), true, "learnt");
            w.InstallSas(1, true);
            // One way: R1 hears no more, and its route ages.
            w.r1->GetRip()->SetAttribute("TimeoutDelay", TimeValue(Seconds(12)));
        });
        HostWorld::At(Seconds(40), [&] { ipv4->SetDown(1); });
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
        HostWorld w(LAN2, LAN1, false);
        const auto type = [&w](Time at, const std::string& line) {
            HostWorld::At(at, [&w, line] { w.r1->Type(line); });
        };
        type(Seconds(1), "enable");
        type(Seconds(1), "configure terminal");
        type(MilliSeconds(2345), "ip route 198.51.100.0 255.255.255.0 192.0.2.2");
        type(MilliSeconds(3456), "no ip route 198.51.100.0 255.255.255.0 192.0.2.2");
        type(MilliSeconds(4000), "ip route 198.51.100.0 255.255.255.0 192.0.2.2");
        HostWorld::At(Seconds(5), [&w] { w.InstallSas(1, true); });
        type(Seconds(6), "interface Tunnel0");
        type(Seconds(6), "shutdown");
        HostWorld::At(Seconds(7), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "shut down");
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), false, "shut down");
        });
        type(Seconds(8), "no shutdown");
        HostWorld::At(Seconds(9), [&] {
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
        HostWorld w(DEFAULT1 + LAN2,
                    DEFAULT2 + LAN1 + "crypto ipsec profile vti\n responder-only\n",
                    true);
        w.r1->GetApplication()->SetAttribute("DhCost", TimeValue(m_dhCost));
        w.r2->GetApplication()->SetAttribute("DhCost", TimeValue(m_dhCost));
        HostWorld::At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "up at R1");
            NS_TEST_EXPECT_MSG_EQ(w.r2->IsLineUp(1), true, "up at R2");
            w.Send(w.hA, "10.2.0.2", 100, 1);
            w.Send(w.hB, "10.1.0.2", 100, 2);
        });
        HostWorld::At(Seconds(4), [&] {
            w.r1->Reboot(Seconds(5));
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "away");
            NS_TEST_EXPECT_MSG_EQ(w.r1->GetApplication()->PeekEngine(), nullptr, "away");
            w.Send(w.hB, "10.1.0.2", 100, 3); // R2 does not know yet
        });
        HostWorld::At(Seconds(20), [&] {
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
        HostWorld w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, true);
        IkeRouterHelper::EnablePcap(prefix, w.r1);
        HostWorld::At(Seconds(5), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "up");
            w.r1->Type("enable");
            w.r1->Type("configure terminal");
            w.r1->Type("no ip route 10.2.0.0 255.255.255.0 Tunnel0");
            w.r1->Type("no interface Tunnel0");
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "gone");
            NS_TEST_EXPECT_MSG_EQ(w.r1->GetDataPlane().GetOutboundCount(), 0, "with its SAs");
        });
        HostWorld::At(Seconds(8), [&] {
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
        HostWorld::At(Seconds(30), [&] {
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

/// RFC 4303 3.3.3: an SA that comes to the end of its numbers has a successor before.
class SequenceEndTestCase : public TestCase
{
  public:
    SequenceEndTestCase()
        : TestCase("An SA whose sequence numbers run short is renewed")
    {
    }

  private:
    void DoRun() override
    {
        HostWorld w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, true);
        PairId first = 0;
        HostWorld::At(Seconds(5), [&] {
            IpsecDataPlane& plane = w.r1->GetDataPlane();
            NS_TEST_ASSERT_MSG_EQ(plane.HasOutbound(1), true, "up");
            first = plane.PeekSelected(1)->pair;
            plane.SkipSequence(first, 0xfffffff0);
            w.Send(w.hA, "10.2.0.2", 100, 1);
        });
        HostWorld::At(Seconds(9), [&] {
            const IpsecSa* now = w.r1->GetDataPlane().PeekSelected(1);
            NS_TEST_ASSERT_MSG_EQ((now != nullptr), true, "still up");
            NS_TEST_EXPECT_MSG_NE(now->pair, first, "another pair");
            w.Send(w.hA, "10.2.0.2", 100, 2);
        });
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{1, 2}), true, "delivered");
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size(), 0, "without a gap");
    }
};

/// The name by which a router names itself to its peers is the one that it has now.
class HostnameTestCase : public TestCase
{
  public:
    HostnameTestCase()
        : TestCase("A host name that is typed reaches the identity of phase 1")
    {
    }

  private:
    void DoRun() override
    {
        const std::string identity = "crypto isakmp identity hostname\n";
        HostWorld w(DEFAULT1 + LAN2 + identity, DEFAULT2 + LAN1, true);
        HostWorld::At(Seconds(1), [&] {
            CheckName(w, "R1");
            w.r1->Type("enable");
            w.r1->Type("configure terminal");
            w.r1->Type("hostname Edge");
            CheckName(w, "Edge");
            w.r1->Type("ip domain name example.org");
            CheckName(w, "Edge.example.org");
        });
        Simulator::Stop(Seconds(2));
        Simulator::Run();
    }

    /// @param w the world @param name how the engine of R1 is to name itself
    void CheckName(const HostWorld& w, const std::string& name)
    {
        const Engine* engine = w.r1->GetApplication()->PeekEngine();
        NS_TEST_ASSERT_MSG_EQ((engine != nullptr), true, "it runs");
        NS_TEST_EXPECT_MSG_EQ(engine->GetConfig().connections.at(0).identity.text, name, "");
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
        HostWorld w(DEFAULT1 + RIP, DEFAULT2 + RIP, true);
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

/// Control of the ns-3 side.
class IkeHostControlTestSuite : public TestSuite
{
  public:
    IkeHostControlTestSuite()
        : TestSuite("ike-host-control", Type::SYSTEM)
    {
        AddTestCase(new RipTestCase, TestDuration::QUICK);
        AddTestCase(new UnderlayTestCase, TestDuration::QUICK);
        AddTestCase(new ConsoleTestCase, TestDuration::QUICK);
        AddTestCase(new IkeTestCase(Seconds(0)), TestDuration::QUICK);
        AddTestCase(new IkeTestCase(MilliSeconds(30)), TestDuration::QUICK);
        AddTestCase(new RecreateTestCase, TestDuration::QUICK);
        AddTestCase(new SequenceEndTestCase, TestDuration::QUICK);
        AddTestCase(new HostnameTestCase, TestDuration::QUICK);
        AddTestCase(new DeterminismTestCase, TestDuration::QUICK);
    }
};

IkeHostControlTestSuite g_ikeHostControlTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
