/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"
#include "ns3/test.h"

#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Load balancers in scenarios: IKE and ESP through both modes, events, results, errors.
 */

namespace ns3
{
namespace ike
{
namespace
{

/// S1 and S2 at a cloud; behind LB the hubs H1 and H2, each with a tunnel for each spoke.
const std::string WORLD = R"(version: 1
name: farm
title: Two hubs behind a load balancer
parameters:
  mode: {type: choice, choices: [dispatched, directed], default: dispatched, help: How.}
  udp: {type: boolean, default: true, help: NAT traversal.}
duration: 60 s
routers:
  S1:
    config: |
      hostname S1
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 2
      crypto keyring k
       pre-shared-key address 198.51.100.10 key secret
      crypto isakmp profile i
       keyring k
       match identity address 198.51.100.10 255.255.255.255
       match identity address 10.9.0.0 255.255.0.0
      crypto ipsec transform-set t esp-aes esp-sha-hmac
      crypto ipsec profile p
       set transform-set t
       set isakmp-profile i
      interface Loopback0
       ip address 10.2.0.1 255.255.255.255
      interface Ethernet0/0
       ip address 203.0.113.1 255.255.255.0
      interface Tunnel0
       ip address 10.0.0.2 255.255.255.0
       tunnel source Ethernet0/0
       tunnel destination 198.51.100.10
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
      ip route 0.0.0.0 0.0.0.0 Ethernet0/0
      ip route 10.1.0.0 255.255.0.0 Tunnel0
  S2:
    config: |
      hostname S2
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 2
      crypto keyring k
       pre-shared-key address 198.51.100.10 key secret
      crypto isakmp profile i
       keyring k
       match identity address 198.51.100.10 255.255.255.255
       match identity address 10.9.0.0 255.255.0.0
      crypto ipsec transform-set t esp-aes esp-sha-hmac
      crypto ipsec profile p
       set transform-set t
       set isakmp-profile i
      interface Loopback0
       ip address 10.2.0.2 255.255.255.255
      interface Ethernet0/0
       ip address 203.0.113.2 255.255.255.0
      interface Tunnel0
       ip address 10.0.0.3 255.255.255.0
       tunnel source Ethernet0/0
       tunnel destination 198.51.100.10
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
      ip route 0.0.0.0 0.0.0.0 Ethernet0/0
      ip route 10.1.0.0 255.255.0.0 Tunnel0
  H1:
    config: |
      hostname H1
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 2
      crypto isakmp key secret address 203.0.113.0 255.255.255.0
      crypto ipsec transform-set t esp-aes esp-sha-hmac
      crypto ipsec profile p
       set transform-set t
       responder-only
      interface Loopback0
       ip address 10.1.0.1 255.255.255.255
      interface Loopback1
       ip address 198.51.100.10 255.255.255.255
      interface Ethernet0/0
       ip address 10.9.1.2 255.255.255.0
      interface Tunnel1
       ip address 10.0.0.1 255.255.255.0
       tunnel source Loopback1
       tunnel destination 203.0.113.1
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
      interface Tunnel2
       ip address 10.0.1.1 255.255.255.0
       tunnel source Loopback1
       tunnel destination 203.0.113.2
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
      ip route 0.0.0.0 0.0.0.0 10.9.1.1
      ip route 10.2.0.1 255.255.255.255 Tunnel1
      ip route 10.2.0.2 255.255.255.255 Tunnel2
  H2:
    config: |
      hostname H2
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 2
      crypto isakmp key secret address 203.0.113.0 255.255.255.0
      crypto ipsec transform-set t esp-aes esp-sha-hmac
      crypto ipsec profile p
       set transform-set t
       responder-only
      interface Loopback0
       ip address 10.1.0.2 255.255.255.255
      interface Loopback1
       ip address 198.51.100.10 255.255.255.255
      interface Ethernet0/0
       ip address 10.9.2.2 255.255.255.0
      interface Tunnel1
       ip address 10.0.0.1 255.255.255.0
       tunnel source Loopback1
       tunnel destination 203.0.113.1
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
      interface Tunnel2
       ip address 10.0.1.1 255.255.255.0
       tunnel source Loopback1
       tunnel destination 203.0.113.2
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
      ip route 0.0.0.0 0.0.0.0 10.9.2.1
      ip route 10.2.0.1 255.255.255.255 Tunnel1
      ip route 10.2.0.2 255.255.255.255 Tunnel2
network:
  balancer:
    LB:
      vip: 198.51.100.10
      outside: core
      mode: "${mode}"
      predictor: round-robin
      probe: {every: 1 s, fail: 3, retry: 5 s}
      hubs: {H1: {}, H2: {}}
  cloud:
    core:
      attach: {S1: Ethernet0/0, S2: Ethernet0/0, LB: 198.51.100.2/24}
      behind: {LB: 10.9.0.0/16}
      delay: 10 ms
  links:
    hub1: {ends: {LB: 10.9.1.1/24, H1: Ethernet0/0}}
    hub2: {ends: {LB: 10.9.2.1/24, H2: Ethernet0/0}}
variants:
  - when: {mode: directed}
    routers:
      H1: {config: ["interface Tunnel1\n tunnel source Ethernet0/0\ninterface Tunnel2\n tunnel source Ethernet0/0"]}
      H2: {config: ["interface Tunnel1\n tunnel source Ethernet0/0\ninterface Tunnel2\n tunnel source Ethernet0/0"]}
  - when: {udp: false}
    routers:
      S1: {config: [no crypto ipsec nat-transparency udp-encapsulation]}
      S2: {config: [no crypto ipsec nat-transparency udp-encapsulation]}
      H1: {config: [no crypto ipsec nat-transparency udp-encapsulation]}
      H2: {config: [no crypto ipsec nat-transparency udp-encapsulation]}
)";

/// Traffic of the first spoke with the first hub, and of the second ones, both ways.
const std::string OFFER = R"(offer:
  - {name: out1, from: S1, to: H1, size: 200 B, every: 1 s, start: 5 s}
  - {name: back1, from: H1, to: S1, size: 3000 B, every: 1 s, start: 5.2 s}
  - {name: out2, from: S2, to: H2, size: 3000 B, every: 1 s, start: 5 s}
  - {name: back2, from: H2, to: S2, size: 200 B, every: 1 s, start: 5.2 s}
)";

/// @return packets of a run that ended like this. @param results of it @param reason of drops
uint64_t
Dropped(const RunResults& results, const std::string& reason)
{
    const auto found = results.packets.dropped.find(reason);
    return found == results.packets.dropped.end() ? 0 : found->second;
}

/// A spoke comes up through a balancer, and ESP flows both ways.
class BalancerScenarioTestCase : public TestCase
{
  public:
    BalancerScenarioTestCase()
        : TestCase("IKE and ESP through a load balancer, in both modes")
    {
    }

  private:
    /// @return what came out. @param more appended to the world @param values of parameters
    RunResults Run(const std::string& more, const ParameterValues& values)
    {
        const Scenario scenario = ScenarioFile::Parse(WORLD + more, "farm.yaml").Expand(values);
        RunResults results = RunScenario(scenario, RunOptions());
        NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, "the books balance");
        return results;
    }

    void CheckMode(const std::string& mode, bool udp)
    {
        const std::string what = mode + (udp ? ", NAT traversal" : ", plain ESP");
        const RunResults results = Run(OFFER, {{"mode", mode}, {"udp", udp ? "true" : "false"}});
        const bool isInUdp = mode == "directed" && udp;
        NS_TEST_EXPECT_MSG_EQ(results.packets.delivered, results.packets.offered, what);
        const BalancerResult& balancer = results.balancers.at(0);
        NS_TEST_EXPECT_MSG_EQ(balancer.counters.peak, 2, what << ": an entry for each spoke");
        for (const auto& hub : balancer.hubs)
        {
            const auto& services = hub.counters.services;
            NS_TEST_EXPECT_MSG_GT(services[0].packetsIn, 1, what << ": UDP 500");
            NS_TEST_EXPECT_MSG_EQ((services[1].packetsIn > 50), isInUdp, what << ": UDP 4500");
            NS_TEST_EXPECT_MSG_EQ((services[2].packetsIn > 50), !isInUdp, what << ": ESP");
            NS_TEST_EXPECT_MSG_EQ((services[0].packetsOut > 1),
                                  (mode == "directed"),
                                  what << ": answers");
            NS_TEST_EXPECT_MSG_EQ(hub.counters.packetsOwn, 0, what << ": nothing of their own");
        }
        NS_TEST_EXPECT_MSG_EQ(results.totals.orphans, 0, what << ": each SA has two ends");
        NS_TEST_EXPECT_MSG_EQ(results.totals.negotiationsCompleted, 4, what << ": one each");
        std::string pairs;
        for (const auto& pair : results.pairs)
        {
            pairs += pair.nodeA + "-" + pair.nodeB + " ";
        }
        NS_TEST_EXPECT_MSG_EQ(pairs, "H1-S1 H2-S2 ", what << ": who is with whom");
    }

    /// Without stickiness each service takes its turn.
    void CheckBroken()
    {
        const RunResults results = Run(R"(  - when: {}
    network: {balancer: {LB: {sticky: false, predictor: weighted, hubs: {H1: {weight: 2}}}}}
)" + OFFER,
                                       {});
        const BalancerResult& balancer = results.balancers.at(0);
        NS_TEST_EXPECT_MSG_GT(balancer.counters.brokenAffinity, 50, "ESP goes elsewhere");
        NS_TEST_EXPECT_MSG_EQ(results.flows.at(0).balance.delivered, 0, "where nobody knows it");
        NS_TEST_EXPECT_MSG_GT(Dropped(results, "unknown-spi"), 50, "why");
    }

    /// H1's link fails: S1 finds H2 by itself when its old SAs are gone.
    void CheckFailure()
    {
        const RunResults results = Run(R"(  - when: {}
    routers:
      S1: {config: [crypto isakmp keepalive 10 2 periodic]}
      H1: {config: [crypto isakmp keepalive 10 2 periodic]}
      H2: {config: [crypto isakmp keepalive 10 2 periodic]}
events:
  - {at: 20.5 s, link: hub1, state: down}
  - {at: 50.5 s, balancer: LB, drain: H2}
  - {at: 55 s, balancer: LB, in: H2}
)" + OFFER,
                                       {});
        const BalancerResult& balancer = results.balancers.at(0);
        NS_TEST_EXPECT_MSG_EQ(balancer.hubs.at(0).counters.failures, 1, "seen by probes");
        NS_TEST_EXPECT_MSG_EQ(balancer.hubs.at(0).failed, true, "still");
        NS_TEST_EXPECT_MSG_EQ(balancer.hubs.at(1).counters.movedIn, 1, "S1 moves");
        NS_TEST_EXPECT_MSG_EQ(balancer.hubs.at(1).service, "in", "the operator's last word");
        std::string pairs;
        for (const auto& pair : results.pairs)
        {
            pairs += pair.nodeA + "-" + pair.nodeB + " ";
        }
        NS_TEST_EXPECT_MSG_EQ((pairs.find("H2-S1") != std::string::npos), true, pairs);
        const std::string json = WriteResultsJson(results);
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "balancers.LB.failures"), 1, "in results");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "balancers.LB.hubs.H2.moves"), 1, "same");
    }

    void DoRun() override
    {
        for (const char* mode : {"dispatched", "directed"})
        {
            CheckMode(mode, true);
            CheckMode(mode, false);
        }
        CheckBroken();
        CheckFailure();
    }
};

/// What is wrong with a load balancer, and where.
class BalancerErrorTestCase : public ScenarioErrorTestCase
{
  public:
    BalancerErrorTestCase()
        : ScenarioErrorTestCase("errors of load balancers",
                                WORLD + "events:\n  - {at: 1 s, balancer: LB, drain: H1}\n",
                                "farm.yaml")
    {
    }

  private:
    void DoRun() override
    {
        const std::string mode = "mode: \"${mode}\"";
        Expect("vip: 198.51.100.10", "vip: here", "farm.yaml:140:12: vip: 'here' is no address");
        Expect("      vip: 198.51.100.10\n",
               "",
               "farm.yaml:139:5: load balancer 'LB' is not complete");
        Expect("outside: core",
               "outside: cor",
               "farm.yaml:141:16: unknown link or cloud of LB 'cor'");
        Expect(mode, "mode: bridged", "farm.yaml:142:13: mode: 'bridged' is not right");
        Expect(mode,
               mode + "\n      outbound: translate",
               "farm.yaml:143:17: dispatched mode translates nothing");
        Expect(mode,
               mode + "\n      together: [udp]",
               "farm.yaml:143:18: together: 'udp' is not right");
        Expect(mode, mode + "\n      entries: 0", "farm.yaml:143:16: entries: '0' is out of range");
        Expect("fail: 3", "fail: 0", "farm.yaml:144:33: fail: '0' is out of range");
        Expect("hubs: {H1: {}", "hubs: {H3: {}", "farm.yaml:145:14: unknown router 'H3'");
        Expect("hubs: {H1: {}", "hubs: {S1: {}", "farm.yaml:145:14: S1 is no neighbour of LB");
        Expect("hubs: {H1: {}",
               "hubs: {H1: {weight: 256}",
               "farm.yaml:145:27: weight: '256' is out of range");
        Expect("vip: 198.51.100.10",
               "vip: 198.51.100.11",
               "farm.yaml:145:14: H1 does not have the address 198.51.100.11");
        Expect("LB: 198.51.100.2/24}",
               "LB: Ethernet0/0}",
               "farm.yaml:148:54: LB: 'Ethernet0/0' is not right");
        Expect("LB: 198.51.100.2/24}", "LX: 198.51.100.2/24}", "farm.yaml:148:50: ");
        Expect("{LB: 10.9.0.0/16}",
               "{LB: [10.9.0.0/16, 198.51.100.10/32]}",
               "farm.yaml:148:54: 198.51.100.10/32 is at LB and at LB");
        Expect("balancer: LB, drain: H1",
               "balancer: LX, drain: H1",
               "farm.yaml:166:5: unknown load balancer 'LX'");
        Expect("balancer: LB, drain: H1",
               "balancer: LB, drain: S1",
               "farm.yaml:166:5: unknown hub of LB 'S1'");
        Expect("balancer: LB, drain: H1",
               "balancer: LB",
               "farm.yaml:166:5: events: nothing happens here");
        Expect("  balancer:\n    LB:\n",
               "  balancer:\n    S1:\n",
               "farm.yaml:139:5: balancer: there is a node");
    }
};

/// The suite.
class IkeBalancerTestSuite : public TestSuite
{
  public:
    IkeBalancerTestSuite()
        : TestSuite("ike-balancer", Type::SYSTEM)
    {
        AddTestCase(new BalancerScenarioTestCase, TestDuration::QUICK);
        AddTestCase(new BalancerErrorTestCase, TestDuration::QUICK);
    }
};

IkeBalancerTestSuite g_ikeBalancerTestSuite; ///< the suite

} // namespace
} // namespace ike
} // namespace ns3
