/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-scenario-peers.h"
#include "ns3/ike-scenario-units.h"
#include "ns3/ike-scenario.h"
#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

/// Two hubs and three spokes; tests replace lines of it.
const char* const GOOD = R"(version: 1
name: many
title: Hubs and spokes
parameters:
  hubs: {type: integer, default: 2, range: [1, 100], help: Hubs.}
  spokes: {type: integer, default: 3, range: [1, 1000], help: Spokes.}
duration: 60 s
network:
  cloud:
    core: {delay: 5 ms}
groups:
  H:
    count: ${hubs}
    cloud: core
    wan: 198.51.100.0/24
    lan: 10.255.0.0/16
    profile: strongswan
    config: |
      interface Loopback0
       description hub ${self.number} of ${hubs}
    for_each:
      - of: S
        which: mine
        text: |
          crypto isakmp key pair-${pair} address ${peer.wan}
          interface Loopback${tunnel}
           ip address ${self.inner} ${self.inner_mask}
           description ${peer.name} has ${peer.inner}
  S:
    count: ${spokes}
    cloud: core
    wan: 172.16.0.0/12
    lan: 10.0.0.0/9
    inner: 192.168.0.0/16
    order: reversed
    waves: 2
    knobs: {RestartPause: 7 s}
    for_each:
      - of: H
        which: homes 1
        text: |
          crypto isakmp key pair-${pair} address ${peer.wan}
          ip route ${peer.lan} ${peer.lan_mask} ${peer.wan} ${tunnel}
    config_after: |
      interface Loopback0
       description rank ${self.rank}, wave ${self.wave}, ${self.lan} ${self.lan_wildcard}
    start: 2 s
    start_jitter: 1 s
    steps:
      - at: "10 s + ${self.rank} * 2 s"
        type: [enable, configure terminal]
        for_each: [{of: S, which: next, text: "ip route ${peer.lan} 255.255.255.0 ${peer.wan}"}]
        type_after: end
        except: S1
    traffic: [{to: H, which: home, size: 100 B, every: 10 s, start: 20 s, spread: 5 s, both: true}]
knobs:
  H*: {RestartPause: 9 s}
)";

Scenario
Expand(const ParameterValues& values = {})
{
    return ScenarioFile::Parse(GOOD, "m.yaml").Expand(values);
}

/// All texts of a router.
std::string
TextOf(const Scenario& scenario, const std::string& name)
{
    std::string text;
    for (const auto& piece : scenario.FindRouter(name)->texts)
    {
        text += piece.text;
    }
    return text;
}

/// What members are.
class GroupsExpandTestCase : public TestCase
{
  public:
    GroupsExpandTestCase()
        : TestCase("groups: texts of members and of each peer, doors, knobs")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario scenario = Expand();
        NS_TEST_ASSERT_MSG_EQ(scenario.routers.size(), 5, "routers");
        NS_TEST_EXPECT_MSG_EQ(TextOf(scenario, "H1"),
                              "hostname H1\n"
                              "interface Ethernet0/0\n"
                              " ip address 198.51.100.1 255.255.255.0\n"
                              "interface Loopback0\n"
                              " ip address 10.255.1.1 255.255.255.0\n"
                              "ip route 172.16.0.0 255.240.0.0 Ethernet0/0\n"
                              "interface Loopback0\n"
                              " description hub 1 of 2\n"
                              "crypto isakmp key pair-1 address 172.16.0.1\n"
                              "interface Loopback1\n"
                              " ip address 192.168.0.1 255.255.255.252\n"
                              " description S1 has 192.168.0.2\n"
                              "crypto isakmp key pair-2 address 172.16.0.3\n"
                              "interface Loopback2\n"
                              " ip address 192.168.0.5 255.255.255.252\n"
                              " description S3 has 192.168.0.6\n",
                              "a hub with the spokes 1 and 3");
        NS_TEST_EXPECT_MSG_EQ(TextOf(scenario, "S2"),
                              "hostname S2\n"
                              "interface Ethernet0/0\n"
                              " ip address 172.16.0.2 255.240.0.0\n"
                              "interface Loopback0\n"
                              " ip address 10.0.2.1 255.255.255.0\n"
                              "ip route 198.51.100.0 255.255.255.0 Ethernet0/0\n"
                              "crypto isakmp key pair-3 address 198.51.100.2\n"
                              "ip route 10.255.2.0 255.255.255.0 198.51.100.2 1\n"
                              "interface Loopback0\n"
                              " description rank 1, wave 0, 10.0.2.0 0.0.0.255\n",
                              "a spoke: the number of the pair is the same at both ends");
        NS_TEST_EXPECT_MSG_EQ(scenario.clouds[0].doors.size(), 5, "doors");
        NS_TEST_EXPECT_MSG_EQ(scenario.clouds[0].doors[2].router, "S1", "door");
        NS_TEST_EXPECT_MSG_EQ(scenario.clouds[0].doors[2].behind.size(), 0, "not announced");
        NS_TEST_EXPECT_MSG_EQ(GetKnob(scenario.FindRouter("S1")->knobs, "RestartPause"), "7", "");
        NS_TEST_EXPECT_MSG_EQ(GetKnob(scenario.FindRouter("H1")->knobs, "RestartPause"), "9", "");
        NS_TEST_EXPECT_MSG_NE(GetKnob(scenario.FindRouter("H1")->knobs, "RetransmitInterval"),
                              GetKnob(scenario.FindRouter("S1")->knobs, "RetransmitInterval"),
                              "the profile of a group");
        NS_TEST_EXPECT_MSG_EQ(Expand().GetHash(), scenario.GetHash(), "the same");
        NS_TEST_EXPECT_MSG_NE(Expand({{"hubs", "3"}}).GetHash(), scenario.GetHash(), "another");

        const std::string dual = Replaced(Replaced(GOOD, "homes 1", "homes 2"), "mine", "mine 2");
        const Scenario two = ScenarioFile::Parse(dual, "m.yaml").Expand();
        const std::string second = TextOf(two, "S2");
        const size_t home = second.find("ip route 10.255.2.0 255.255.255.0 198.51.100.2 1\n");
        const size_t next = second.find("ip route 10.255.1.0 255.255.255.0 198.51.100.1 2\n");
        NS_TEST_EXPECT_MSG_LT(home, next, "the home first, the number of the tunnel a distance");
        NS_TEST_EXPECT_MSG_LT(next, second.size(), "both");
        const Scenario flat =
            ScenarioFile::Parse(Replaced(GOOD,
                                         "inner: 192.168.0.0/16",
                                         "inner: 192.168.0.0/16\n    inner_length: 31\n"
                                         "    announce_lan: true"),
                                "m.yaml")
                .Expand();
        const std::string hub = TextOf(flat, "H1");
        NS_TEST_EXPECT_MSG_NE(hub.find(" ip address 192.168.0.0 255.255.255.254\n"
                                       " description S1 has 192.168.0.1\n"),
                              std::string::npos,
                              "two addresses for each tunnel");
        NS_TEST_EXPECT_MSG_EQ(flat.clouds[0].doors[2].behind[0].ToString(), "10.0.1.0/24", "");
    }
};

/// What members do, and when.
class GroupsTimesTestCase : public TestCase
{
  public:
    GroupsTimesTestCase()
        : TestCase("groups: start, steps and flows")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario scenario = Expand();
        std::string events;
        for (const auto& event : scenario.events)
        {
            events += event.where + " " + std::to_string(static_cast<unsigned>(event.kind)) + " " +
                      FormatDuration(event.at) + " " + FormatDuration(event.spread);
            for (const auto& line : event.lines)
            {
                events += ", " + line.text;
            }
            events += "; ";
        }
        const std::string off =
            std::to_string(static_cast<unsigned>(ScenarioEvent::Kind::PowerOff));
        const std::string on = std::to_string(static_cast<unsigned>(ScenarioEvent::Kind::PowerOn));
        std::string wanted;
        for (const char* spoke : {"S1", "S2", "S3"})
        {
            wanted += std::string(spoke) + " " + off + " 0 s 0 s; ";
            wanted += std::string(spoke) + " " + on + " 2 s 1 s; ";
        }
        wanted += "S2 0 12 s 0 s, enable, configure terminal, "
                  "ip route 10.0.3.0 255.255.255.0 172.16.0.3, end; "
                  "S3 0 10 s 0 s, enable, configure terminal, end; ";
        NS_TEST_EXPECT_MSG_EQ(events, wanted, "events");
        std::string flows;
        for (const auto& flow : scenario.offer)
        {
            flows += flow.name + " " + FormatDuration(flow.start) + " " +
                     FormatDuration(flow.spread) + "; ";
        }
        NS_TEST_EXPECT_MSG_EQ(flows,
                              "S1-H1 20 s 5 s; H1-S1 20 s 5 s; S2-H2 20 s 5 s; "
                              "H2-S2 20 s 5 s; S3-H1 20 s 5 s; H1-S3 20 s 5 s; ",
                              "flows");
    }
};

/// The words of `which:`.
class GroupsPeersTestCase : public TestCase
{
  public:
    GroupsPeersTestCase()
        : TestCase("groups: who is whose peer")
    {
    }

  private:
    /// A rule, and what it says.
    struct Row
    {
        const char* which; ///< as written
        size_t own;        ///< members of the group
        size_t other;      ///< of the other one; 0: there is no other
        const char* peers; ///< of each member; or why not
    };

    void DoRun() override
    {
        const Row rows[] = {
            {"all", 2, 3, "1 2 3; 1 2 3; "},
            {"all", 3, 0, "2 3; 1 3; 1 2; "},
            {"others", 3, 0, "2 3; 1 3; 1 2; "},
            {"others", 3, 2, "it is about one's own group"},
            {"partial 2", 5, 0, "2 5; 1 3; 2 4; 3 5; 1 4; "},
            {"partial 4", 6, 0, "2 3 5 6; 1 3 4 6; 1 2 4 5; 2 3 5 6; 1 3 4 6; 1 2 4 5; "},
            {"partial 3", 6, 0, "the number of neighbours in a ring is even"},
            {"partial 9", 3, 0, "2 3; 1 3; 1 2; "},
            {"partial 2", 1, 0, "; "},
            {"ring", 4, 0, "2 4; 1 3; 2 4; 1 3; "},
            {"next", 3, 0, "2; 3; ; "},
            {"previous", 3, 0, "; 1; 2; "},
            {"neighbours", 3, 0, "2; 1 3; 2; "},
            {"before", 3, 0, "; 1; 1 2; "},
            {"after", 3, 0, "2 3; 3; ; "},
            {"home", 5, 2, "1; 2; 1; 2; 1; "},
            {"homes 2", 4, 3, "1 2; 2 3; 3 1; 1 2; "},
            {"homes 4", 4, 3, "there are 3 of them"},
            {"homes 1", 4, 0, "the own group has no homes"},
            {"mine", 2, 5, "1 3 5; 2 4; "},
            {"mine 2", 3, 4, "1 3 4; 1 2 4; 2 3; "},
            {"mine 3", 2, 4, "there are 2 of them"},
            {"mine", 3, 1, "1; ; ; "},
        };
        for (const auto& row : rows)
        {
            const auto rule = PeerRule::Parse(row.which);
            NS_TEST_ASSERT_MSG_EQ(rule.has_value(), true, row.which);
            const bool same = row.other == 0;
            const size_t other = same ? row.own : row.other;
            std::string got = rule->FindFault(row.own, other, same);
            for (size_t i = 0; got.empty() || (i > 0 && i < row.own); ++i)
            {
                std::string line;
                for (const size_t peer : rule->FindPeers(i, row.own, other, same))
                {
                    line += (line.empty() ? "" : " ") + std::to_string(peer + 1);
                }
                got += line + "; ";
            }
            NS_TEST_EXPECT_MSG_EQ(got, row.peers, row.which << " of " << row.own);
        }
        for (const char* wrong : {"",
                                  "al",
                                  "partial",
                                  "homes",
                                  "homes 0",
                                  "home 2",
                                  "mine x",
                                  "all 3",
                                  "partial -2",
                                  "mine 1 2"})
        {
            NS_TEST_EXPECT_MSG_EQ(PeerRule::Parse(wrong).has_value(), false, wrong);
        }
    }
};

/// What is wrong with groups, and where.
class GroupsErrorTestCase : public ScenarioErrorTestCase
{
  public:
    GroupsErrorTestCase()
        : ScenarioErrorTestCase("groups: errors with their places", GOOD, "m.yaml")
    {
    }

  private:
    void DoRun() override
    {
        Expect("count: ${hubs}", "cuont: ${hubs}", "m.yaml:13:5: unknown key 'cuont'");
        Expect("    count: ${hubs}\n", "", "m.yaml:13:5: H: key 'count' is missing");
        Expect("count: ${hubs}", "count: 0", "m.yaml:13:12: count: '0' members; expected 1 to");
        Expect("  H:\n", "  H1:\n", "m.yaml:12:3: groups: 'H1' is no beginning of a name");
        Expect("    lan: 10.255.0.0/16\n", "", "m.yaml:12:3: group H: key 'lan' is missing");
        Expect("cloud: core\n    wan: 198",
               "cloud: cor\n    wan: 198",
               "m.yaml:14:12: unknown cloud 'cor'; expected core");
        Expect("172.16.0.0/12",
               "172.16.0.0/30",
               "m.yaml:32:10: wan: '172.16.0.0/30' has room for 2 members; expected room for 3");
        Expect("10.0.0.0/9",
               "10.0.0.0/23",
               "m.yaml:33:10: lan: '10.0.0.0/23' has room for 0 members");
        Expect("10.0.0.0/9",
               "10.0.0.0/8",
               "m.yaml:33:10: lan: 10.0.0.0/8 and 10.255.0.0/16 of line 16 overlap");
        Expect("inner: 192.168.0.0/16",
               "inner: 172.20.0.0/16",
               "m.yaml:34:12: inner: 172.20.0.0/16 and 172.16.0.0/12 of line 32 overlap");
        Expect("inner: 192.168.0.0/16",
               "inner: 192.168.0.0/29",
               "m.yaml:25:11: 'inner:' of group S has room for 2 tunnels; expected a shorter");
        Expect("    config: |\n      interface Loopback0\n",
               "    tunnels: shared\n    config: |\n      interface Tunnel0\n"
               "       ip address 10.254.0.1 255.255.255.0\n       tunnel mode ipsec ipv4\n",
               "m.yaml:20:17: router H1: 'Tunnel0': has an address, but 'tunnels: shared'");
        Expect("    inner: 192.168.0.0/16\n",
               "",
               "m.yaml:25:11: '${self.inner}' has no address; expected 'inner:' in group H or S");
        Expect("inner: 192.168.0.0/16",
               "inner: 192.168.0.0/31",
               "m.yaml:34:12: inner: '192.168.0.0/31' has no room");
        Expect("inner: 192.168.0.0/16",
               "inner_length: 29",
               "m.yaml:34:19: inner_length: '29' is no length here; expected 30 to 31");
        Expect("order: reversed", "order: reverse", "m.yaml:35:12: order: 'reverse' is not right");
        Expect("waves: 2", "waves: 0", "m.yaml:36:12: waves: no wave at all");
        Expect("RestartPause: 7 s", "RestartPase: 7 s", "m.yaml:37:13: unknown knob 'RestartPase'");
        Expect("profile: strongswan", "profile: strongsan", "m.yaml:17:14: unknown profile");
        Expect("  H*:", "  T*:", "m.yaml:57:3: unknown owner of knobs 'T*'");
        Expect("- of: S\n", "- of: T\n", "m.yaml:22:13: unknown group 'T'; expected H or S");
        Expect("which: mine",
               "which: ours",
               "m.yaml:23:16: which: 'ours' is not right; expected all, others, partial NUMBER");
        Expect("which: mine",
               "which: next",
               "m.yaml:23:16: which: 'next' does not fit: it is about one's own group; expected");
        Expect("homes 1", "homes 3", "m.yaml:40:16: which: 'homes 3' does not fit: there are 2");
        Expect("${peer.lan_mask}",
               "${peer.mask}",
               "m.yaml:41:15: unknown parameter 'peer.mask'; expected hubs, spokes, self.name");
        Expect("hub ${self.number}",
               "hub ${peer.number}",
               "m.yaml:18:13: unknown parameter 'peer.number'");
        Expect("description hub", "descripton hub", "m.yaml:20:8: router H1: 'descripton': ");
        Expect("  hubs: {type",
               "  pair: {type: integer, default: 1, help: No.}\n  hubs: {type",
               "m.yaml:13:3: groups: '${pair}' is a value of members, and a parameter, too");
        Expect("except: S1", "except: S4", "m.yaml:54:17: unknown member 'S4'; expected S1");
        Expect("except: S1",
               "except: S1\n        only: S2",
               "m.yaml:54:17: except: 'only:' stands beside it");
        Expect("10 s + ${self.rank} * 2 s",
               "10 s + ${self.rank}",
               "m.yaml:50:13: at: '10 s + 1' is not right; expected a duration");
        Expect("start: 20 s",
               "start: 58 s",
               "m.yaml:55:15: the first packet at 58 s and up to 5 s later never happens");
        Expect("start_jitter: 1 s",
               "start_jitter: 1 h",
               "m.yaml:47:12: the event at 2 s and up to 1 h later never happens");
        Expect("start: 2 s", "start: 11 s", "m.yaml:51:16: router S2 refuses 'enable': the router");
        Expect("network:\n",
               "network:\n  hosts: [S2]\n",
               "m.yaml:9:11: hosts: there is a node 'S2' already");
        Expect("knobs:\n  H*: {RestartPause: 9 s}\n",
               "variants: [{when: {hubs: 2}, groups: {S: {count: 4}}}]\n",
               "m.yaml:56:50: count: group S has its members already");
        Expect("knobs:\n  H*: {RestartPause: 9 s}\n",
               "events: [{at: 5 s, router: T*, reboot: {down: 1 s}}]\n",
               "m.yaml:56:10: unknown group 'T*'; expected H* or S*");
    }
};

/// All of them.
class GroupsTestSuite : public TestSuite
{
  public:
    GroupsTestSuite()
        : TestSuite("ike-groups", Type::UNIT)
    {
        AddTestCase(new GroupsExpandTestCase, TestDuration::QUICK);
        AddTestCase(new GroupsTimesTestCase, TestDuration::QUICK);
        AddTestCase(new GroupsPeersTestCase, TestDuration::QUICK);
        AddTestCase(new GroupsErrorTestCase, TestDuration::QUICK);
    }
};

GroupsTestSuite g_groupsTestSuite; ///< registers itself

} // namespace
