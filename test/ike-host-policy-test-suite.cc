/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-policy-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-cost-files.h"
#include "ns3/ike-crypto-queue.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Crypto maps on the interfaces of a node and IPsec passive mode.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// Strict at both ends: what is to be protected waits for its SA, and nothing leaves in the clear.
class StrictTestCase : public TestCase
{
  public:
    StrictTestCase()
        : TestCase("strict crypto maps: packets start IKE, then only ESP; the rest passes")
    {
    }

  private:
    void DoRun() override
    {
        PolicyWorld w(MAP1, MAP2);
        w.SendEach(1, 4, w.hA, "10.2.0.2");      // forwarded, protected
        w.SendEach(11, 4, w.n1, "198.51.100.1"); // the router's own, protected
        w.SendEach(21, 1, w.hA, "198.51.100.1"); // no line is about it
        HostWorld::At(Seconds(30), [&w] { w.Send(w.hA, "10.2.0.2", 3000, 30); });
        HostWorld::At(Seconds(31), [&w] { w.Send(w.hB, "10.1.0.2", 100, 31); });
        Simulator::Stop(Seconds(40));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(
            (w.received == std::multiset<uint32_t>{2, 3, 4, 12, 13, 14, 21, 30, 31}),
            true,
            "the first of each flow is lost, the others arrive");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 2, "one of each flow");
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 1, "only what no line is about");
        NS_TEST_EXPECT_MSG_EQ(*w.ttlsAtCore.begin(), 63, "as a router forwards it");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::PairUp), 2, "a pair for each line");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::Phase1Up), 1, "under one ISAKMP SA");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "in = passed + discarded");
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetGuard().GetOutboundCounters().IsBalanced(), true, "policy");
        NS_TEST_EXPECT_MSG_EQ(w.drops2.size(), 0, "R2 drops nothing");
    }
};

/// Only one end has IPsec, and is strict.
class OneSidedTestCase : public TestCase
{
  public:
    OneSidedTestCase()
        : TestCase("a strict end and one without IPsec: nothing passes either way")
    {
    }

  private:
    void DoRun() override
    {
        PolicyWorld w(PLAIN1, MAP2);
        w.SendEach(1, 30, w.hA, "10.2.0.2");
        w.SendEach(1, 30, w.hB, "10.1.0.2");
        Simulator::Stop(Seconds(40));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 0, "nothing arrives");
        NS_TEST_EXPECT_MSG_EQ(w.drops2["clear-received"], 30, "should have been encrypted");
        NS_TEST_EXPECT_MSG_EQ(w.drops2["no-sa"], 30, "nobody answers IKE");
        NS_TEST_EXPECT_MSG_EQ(w.Warnings("R2").size(), 0, "strict mode warns of nothing");
    }
};

/// The seed: 10 seconds, then in the clear, a try each `retry`, and both warnings.
class PassiveTestCase : public TestCase
{
  public:
    PassiveTestCase()
        : TestCase("passive mode with a peer without IPsec: lost for 10 s, then in the clear")
    {
    }

  private:
    void DoRun() override
    {
        PolicyWorld w(MAP1 + PASSIVE + "crypto ipsec optional retry 60\n", PLAIN2);
        w.SendEach(100, 200, w.hA, "10.2.0.2");
        w.SendEach(100, 200, w.hB, "10.1.0.2");
        Simulator::Stop(Seconds(700));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 10, "the packets of the first 10 s");
        NS_TEST_EXPECT_MSG_EQ(w.received.count(109), 1, "that of hB alone");
        NS_TEST_EXPECT_MSG_EQ(w.received.count(110), 2, "from then on both");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 190 + 200, "and no other is lost");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::PairUp), 0, "there is never an SA");
        const std::string sent =
            "Unencrypted traffic is sent to 10.2.0.2 because crypto optional is configured";
        const std::string got =
            "Unencrypted traffic is received from 10.2.0.2 because crypto optional is configured";
        const std::string reminder = "Security warning: crypto ipsec optional is configured";
        const std::vector<std::string> all = w.Warnings("R1");
        const auto count = [&](const std::string& text) {
            return std::count(all.begin(), all.end(), text);
        };
        NS_TEST_EXPECT_MSG_EQ(count(got), 4, "100, 160, 220 and 280 s");
        NS_TEST_EXPECT_MSG_EQ(count(sent), 4, "110, 170, 230 and 290 s");
        NS_TEST_EXPECT_MSG_EQ(count(reminder), 1, "every ten minutes");
        NS_TEST_EXPECT_MSG_EQ(all.size(), 9, "and nothing else");
        // Main mode goes on for 60 s and is given up; the next packet 60 s after its start tries.
        std::vector<int64_t> begun;
        for (const TimedEvent& e : w.events)
        {
            if (e.node == "R1" && e.event.kind == EventKind::Phase2Begin)
            {
                begun.push_back(e.time.ns / 1000000000);
            }
        }
        std::string seconds;
        for (int64_t second : begun)
        {
            seconds += std::to_string(second) + " ";
        }
        NS_TEST_EXPECT_MSG_EQ(seconds, "100 160 220 280 ", "a try each 60 s");
    }
};

/// Two passive ends: the first packets wait, and nothing leaves in the clear (PM-01).
class BothPassiveTestCase : public TestCase
{
  public:
    explicit BothPassiveTestCase(const std::string& profile)
        : TestCase("two passive ends get their SA, cryptography by " + profile),
          m_profile(profile)
    {
    }

  private:
    void DoRun() override
    {
        PolicyWorld w(MAP1 + PASSIVE, MAP2 + PASSIVE);
        w.r1->SetCryptoCosts(FindCosts(m_profile));
        w.r2->SetCryptoCosts(FindCosts(m_profile));
        w.SendEach(1, 20, w.hA, "10.2.0.2");
        Simulator::Stop(Seconds(30));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 0, "nothing in the clear");
        NS_TEST_EXPECT_MSG_EQ(w.received.size() + w.drops1["no-sa"], 20, "the others arrive");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(w.drops1["no-sa"], 2, "as soon as there is an SA");
        NS_TEST_EXPECT_MSG_EQ(w.Warnings("R1").size() + w.Warnings("R2").size(), 0, "no warnings");
        const bool takesTime = m_profile != "ideal";
        const bool took = w.r1->GetCryptoQueue().GetUsage().busy.Total() > 0;
        NS_TEST_EXPECT_MSG_EQ(took, takesTime, "the queue");
    }

    std::string m_profile; ///< of costs
};

/// A peer that is upgraded later sends in the clear although there is an SA.
class SwitchOffTestCase : public TestCase
{
  public:
    SwitchOffTestCase()
        : TestCase(
              "no crypto ipsec optional: what is sent in the clear stops, and so does what comes")
    {
    }

  private:
    void DoRun() override
    {
        PolicyWorld w(MAP1 + PASSIVE, PLAIN2);
        w.SendEach(1, 60, w.hA, "10.2.0.2");
        w.SendEach(1, 60, w.hB, "10.1.0.2");
        HostWorld::At(Seconds(1), [&] { w.r1->Type("enable"); });
        HostWorld::At(MilliSeconds(10500), [&] { m_before = w.r1->Type("show crypto optional"); });
        HostWorld::At(MilliSeconds(11400), [&] { m_log = w.r1->Type("show logging"); });
        HostWorld::At(MilliSeconds(11500), [&] { m_during = w.r1->Type("show crypto optional"); });
        HostWorld::At(MilliSeconds(30500), [&] {
            w.r1->Type("configure terminal");
            m_reminder = w.r1->Type("no crypto ipsec optional");
            w.r1->Type("end");
            m_after = w.r1->Type("show crypto optional");
        });
        Simulator::Stop(Seconds(70));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 10 + 30, "strict from 30.5 s on");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["clear-received"], 30, "both ways");
        NS_TEST_EXPECT_MSG_NE(m_before.find("Passive mode enabled. IPSec is currently insecure."),
                              std::string::npos,
                              m_before);
        NS_TEST_EXPECT_MSG_EQ(m_before.find("10.2.0.2"), std::string::npos, m_before);
        NS_TEST_EXPECT_MSG_NE(m_during.find("10.2.0.2"), std::string::npos, m_during);
        NS_TEST_EXPECT_MSG_NE(m_log.find("Unencrypted traffic is sent to 10.2.0.2 because"),
                              std::string::npos,
                              m_log);
        NS_TEST_EXPECT_MSG_NE(m_reminder.find("write memory"), std::string::npos, m_reminder);
        NS_TEST_EXPECT_MSG_EQ(m_after.find("Passive mode disabled."), 0, m_after);
    }

    std::string m_before;   ///< nothing was sent in the clear yet
    std::string m_log;      ///< of the router
    std::string m_during;   ///< it is now
    std::string m_reminder; ///< what the command prints
    std::string m_after;    ///< passive mode is off
};

/// A hub that knows none of its peers, and a spoke with two hubs of which the first one is dead.
class DynamicTestCase : public TestCase
{
  public:
    DynamicTestCase()
        : TestCase("a dynamic crypto map answers whom it does not know; peers are tried in turn")
    {
    }

  private:
    void DoRun() override
    {
        std::string spoke = MAP1;
        const std::string peer = " set peer 198.51.100.1\n";
        spoke.replace(spoke.find(peer), 0, " set peer 203.0.113.9\n"); // nobody is there
        const std::string hub = DEFAULT2 + "interface Tunnel0\n shutdown\n"
                                           "crypto dynamic-map D 10\n set transform-set 3dessha\n"
                                           "crypto map M 10 ipsec-isakmp dynamic D\n"
                                           "interface Ethernet0/1\n crypto map M\n";
        PolicyWorld w(spoke, hub);
        w.SendEach(1, 100, w.hA, "10.2.0.2");
        w.SendEach(90, 5, w.hB, "10.1.0.2");
        HostWorld::At(Seconds(105), [&] {
            w.r1->Type("enable");
            w.r1->Type("clear crypto sa");
        });
        w.SendEach(120, 2, w.hB, "10.1.0.2");
        Simulator::Stop(Seconds(130));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.Count("R2", EventKind::PairUp), 1, "the hub has a pair");
        NS_TEST_EXPECT_MSG_EQ(w.received.count(100), 1, "the second peer serves");
        NS_TEST_EXPECT_MSG_EQ(w.received.count(50), 0, "the first one had its turn before");
        NS_TEST_EXPECT_MSG_EQ(w.received.count(90), 2, "also from the hub to the spoke");
        NS_TEST_EXPECT_MSG_EQ(w.drops2["no-sa"], 0, "a hub without a list asks for nothing");
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 2, "what the hub sends when nobody is there");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["clear-received"], 2, "and the spoke does not take");
    }
};

/// `ipsec-manual`: SAs without IKE.
class ManualTestCase : public TestCase
{
  public:
    ManualTestCase()
        : TestCase("manual keys: ESP without IKE")
    {
    }

  private:
    void DoRun() override
    {
        const auto text = [](const std::string& peer,
                             const std::string& in,
                             const std::string& out) {
            return "interface Tunnel0\n shutdown\ncrypto map M 10 ipsec-manual\n set peer " + peer +
                   "\n set transform-set 3dessha\n match address 101\n set session-key inbound "
                   "esp " +
                   in + "\n set session-key outbound esp " + out + "\n";
        };
        const std::string a = "1001 cipher 0123456789abcdef0123456789abcdef0123456789abcdef "
                              "authenticator 00112233445566778899aabbccddeeff00112233";
        const std::string b = "1002 cipher fedcba9876543210fedcba9876543210fedcba9876543210 "
                              "authenticator ffeeddccbbaa99887766554433221100ffeeddcc";
        PolicyWorld w(DEFAULT1 + text("198.51.100.1", a, b) +
                          "access-list 101 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255\n"
                          "interface Ethernet0/1\n crypto map M\n",
                      DEFAULT2 + text("192.0.2.1", b, a) +
                          "access-list 101 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255\n"
                          "interface Ethernet0/1\n crypto map M\n");
        w.SendEach(1, 5, w.hA, "10.2.0.2");
        w.SendEach(11, 5, w.hB, "10.1.0.2");
        HostWorld::At(MilliSeconds(5500), [&w] { w.r2->Reboot(Seconds(2)); });
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 10, "all arrive, before and after a reboot");
        NS_TEST_EXPECT_MSG_EQ(w.clearAtCore, 0, "none in the clear");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(17), 0, "no IKE");
    }
};

/// Crypto maps on the ns-3 side.
class IkeHostPolicyTestSuite : public TestSuite
{
  public:
    IkeHostPolicyTestSuite()
        : TestSuite("ike-host-policy", Type::SYSTEM)
    {
        AddTestCase(new StrictTestCase, TestDuration::QUICK);
        AddTestCase(new OneSidedTestCase, TestDuration::QUICK);
        for (const std::string& costs : GetCostNames())
        {
            AddTestCase(new BothPassiveTestCase(costs), TestDuration::QUICK);
        }
        AddTestCase(new SwitchOffTestCase, TestDuration::QUICK);
        AddTestCase(new DynamicTestCase, TestDuration::QUICK);
        AddTestCase(new ManualTestCase, TestDuration::QUICK);
        AddTestCase(new PassiveTestCase, TestDuration::QUICK);
    }
};

IkeHostPolicyTestSuite g_ikeHostPolicyTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
