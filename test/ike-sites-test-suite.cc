/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario-cut-text.h"
#include "ns3/ike-scenario-units.h"
#include "ns3/ike-scenario.h"
#include "ns3/test.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

using Span = ns3::ike::Duration;

/// Five sites; tests replace lines of it.
const char* const GOOD = R"(version: 1
name: many
title: Many sites
parameters:
  n: {type: integer, default: 5, range: [2, 300], help: Sites.}
  gap: {type: duration, default: 3 s, help: Between two of them.}
  mode: {type: choice, choices: [slow, at-once], default: slow, help: How.}
  partners: {type: integer, default: 2, words: [auto, mesh], help: Partners.}
duration: 60 s
network:
  cloud:
    core: {delay: 5 ms}
sites:
  name: S
  count: ${n}
  partners: ${partners}
  cloud: core
  wan: 172.16.0.0/12
  lan: 10.0.0.0/8
  order: reversed
  waves: 2
  config: |
    crypto isakmp policy 10
     authentication pre-share
     lifetime 7${site}
  per_partner: |
    crypto isakmp key of-${pair}-and-${partner.name} address ${partner.wan}
  config_after: |
    interface Loopback0
     description rank ${site.rank} of ${n}, wave ${site.wave}, ${site.lan}, ${site.lan_address}
  traffic: {size: 100 B, every: 10 s}
variants:
  - when: {mode: slow}
    sites:
      steps:
        - at: "1 s + ${site.rank} * ${gap}"
          type: |
            enable
            configure terminal
          per_partner: ip route ${partner.lan} 255.255.255.0 ${partner.wan}
          type_after: end
          except: [S2]
  - when: {mode: at-once}
    sites:
      steps: [{at: 7 s, type: enable, only: [S1, S5]}]
      traffic: {every: 20 s, start: 1 s, stop: 50 s}
)";

Scenario
Expand(const ParameterValues& values = {})
{
    return ScenarioFile::Parse(GOOD, "m.yaml").Expand(values);
}

/// "S1>S2 S5; S2>..." in the order of the flows.
std::string
PartnersOf(const Scenario& scenario)
{
    std::string text;
    std::string last;
    for (const auto& flow : scenario.offer)
    {
        text += flow.from == last ? " " + flow.to
                                  : (last.empty() ? "" : "; ") + flow.from + ">" + flow.to;
        last = flow.from;
    }
    return text;
}

/// What the sites are.
class SitesExpandTestCase : public TestCase
{
  public:
    SitesExpandTestCase()
        : TestCase("sites: names, addresses, ranks, texts of each and of each partner")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario scenario = Expand();
        NS_TEST_ASSERT_MSG_EQ(scenario.routers.size(), 5, "routers");
        NS_TEST_EXPECT_MSG_EQ(scenario.routers[4].name, "S5", "names");
        const RouterConfig& config = scenario.FindRouter("S2")->config;
        NS_TEST_EXPECT_MSG_EQ(config.hostname, "S2", "host name");
        const auto* wan = config.FindInterface("Ethernet0/0");
        const auto* lan = config.FindInterface("Loopback0");
        NS_TEST_ASSERT_MSG_EQ((wan != nullptr && lan != nullptr), true, "interfaces");
        NS_TEST_EXPECT_MSG_EQ(wan->address->ToString(), "172.16.0.2", "WAN");
        NS_TEST_EXPECT_MSG_EQ(wan->prefixLength, 12, "mask of the WAN");
        NS_TEST_EXPECT_MSG_EQ(lan->address->ToString(), "10.0.2.1", "LAN");
        NS_TEST_EXPECT_MSG_EQ(lan->prefixLength, 24, "mask of the LAN");
        NS_TEST_EXPECT_MSG_EQ(lan->description, "rank 3 of 5, wave 1, 10.0.2.0, 10.0.2.1", "");
        NS_TEST_ASSERT_MSG_EQ(config.staticRoutes.size(), 1, "the way to all others");
        NS_TEST_EXPECT_MSG_EQ(config.staticRoutes.begin()->prefix.ToString(), "10.0.0.0/8", "");
        NS_TEST_EXPECT_MSG_EQ(config.policies[0].lifetime.ns, Span::Seconds(72).ns, "config");
        const auto& keys = config.keyrings.at("").keys;
        NS_TEST_ASSERT_MSG_EQ(keys.size(), 2, "a key for each partner");
        NS_TEST_EXPECT_MSG_EQ(std::string(keys.begin()->key.begin(), keys.begin()->key.end()),
                              "of-1-2-and-S1",
                              "a name of the pair");
        const auto* cloud = &scenario.clouds[0];
        NS_TEST_ASSERT_MSG_EQ(cloud->doors.size(), 5, "doors");
        NS_TEST_EXPECT_MSG_EQ(cloud->doors[2].router, "S3", "door");
        NS_TEST_EXPECT_MSG_EQ(cloud->doors[2].interface, "Ethernet0/0", "door");
        NS_TEST_EXPECT_MSG_EQ(cloud->doors[2].behind[0].ToString(), "10.0.3.0/24", "behind");
        NS_TEST_EXPECT_MSG_EQ(scenario.FindTrafficAddress(scenario.routers[2])->ToString(),
                              "10.0.3.1",
                              "traffic");
        NS_TEST_EXPECT_MSG_EQ(Expand().GetHash(), scenario.GetHash(), "the same");
        NS_TEST_EXPECT_MSG_NE(Expand({{"gap", "4 s"}}).GetHash(), scenario.GetHash(), "another");
        const Scenario many = Expand({{"n", "300"}, {"gap", "100 ms"}});
        const auto& ninth = many.FindRouter("S9")->config.keyrings.at("").keys;
        const Octets& key = std::next(ninth.begin())->key;
        NS_TEST_EXPECT_MSG_EQ(std::string(key.begin(), key.end()),
                              "of-9-10-and-S10",
                              "by number, not by letters");
        NS_TEST_EXPECT_MSG_EQ(
            many.FindRouter("S300")->config.FindInterface("Loopback0")->address->ToString(),
            "10.1.44.1",
            "beyond an octet");
    }
};

/// What the sites do, and when.
class SitesStepsTestCase : public TestCase
{
  public:
    SitesStepsTestCase()
        : TestCase("sites: steps, flows, partners, variants")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario slow = Expand();
        std::string events;
        for (const auto& event : slow.events)
        {
            events += event.where + " " + FormatDuration(event.at) + "; ";
        }
        NS_TEST_EXPECT_MSG_EQ(events, "S1 13 s; S3 7 s; S4 4 s; S5 1 s; ", "steps");
        const auto& lines = slow.events[1].lines;
        std::string typed;
        for (const auto& line : lines)
        {
            typed += ToString(line.position) + " " + line.text + "\n";
        }
        NS_TEST_EXPECT_MSG_EQ(typed,
                              "m.yaml:38:13 enable\n"
                              "m.yaml:39:13 configure terminal\n"
                              "m.yaml:40:24 ip route 10.0.2.0 255.255.255.0 172.16.0.2\n"
                              "m.yaml:40:24 ip route 10.0.4.0 255.255.255.0 172.16.0.4\n"
                              "m.yaml:41:23 end\n",
                              "lines");
        NS_TEST_EXPECT_MSG_EQ(PartnersOf(slow),
                              "S1>S2 S5; S2>S1 S3; S3>S2 S4; S4>S3 S5; S5>S1 S4",
                              "");
        NS_TEST_EXPECT_MSG_EQ(slow.offer[3].name, "S2-S3", "name of a flow");
        NS_TEST_EXPECT_MSG_EQ(slow.offer[3].start.ns, Span::Seconds(3).ns, "10 flows in 10 s");
        NS_TEST_EXPECT_MSG_EQ(slow.offer[3].size, 100, "size");

        const Scenario once = Expand({{"mode", "at-once"}});
        NS_TEST_ASSERT_MSG_EQ(once.events.size(), 2, "two of them");
        NS_TEST_EXPECT_MSG_EQ(once.events[0].where + once.events[1].where, "S1S5", "which");
        NS_TEST_EXPECT_MSG_EQ(once.offer[3].start.ns, Span::Seconds(7).ns, "1 s + 3/10 of 20 s");
        NS_TEST_EXPECT_MSG_EQ(once.offer[3].stop->ns, Span::Seconds(50).ns, "stop");
        NS_TEST_EXPECT_MSG_EQ(once.offer[3].size, 100, "what the variant leaves");

        const std::pair<ParameterValues, const char*> table[] = {
            {{{"n", "4"}, {"partners", "mesh"}},
             "S1>S2 S3 S4; S2>S1 S3 S4; S3>S1 S2 S4; S4>S1 S2 S3"},
            {{{"n", "4"}, {"partners", "auto"}},
             "S1>S2 S3 S4; S2>S1 S3 S4; S3>S1 S2 S4; S4>S1 S2 S3"},
            {{{"n", "3"}, {"partners", "8"}}, "S1>S2 S3; S2>S1 S3; S3>S1 S2"},
            {{{"n", "2"}, {"partners", "2"}}, "S1>S2; S2>S1"},
            {{{"n", "3"}, {"partners", "0"}}, ""},
        };
        for (const auto& [values, partners] : table)
        {
            NS_TEST_EXPECT_MSG_EQ(PartnersOf(Expand(values)), partners, partners);
        }
        const Scenario six = Expand({{"n", "6"}, {"partners", "4"}});
        NS_TEST_EXPECT_MSG_EQ(PartnersOf(six).substr(0, 16), "S1>S2 S3 S5 S6; ", "two each way");
        NS_TEST_EXPECT_MSG_EQ(
            Expand({{"n", "50"}, {"gap", "1 s"}, {"partners", "auto"}}).offer.size(),
            2450,
            "");
        NS_TEST_EXPECT_MSG_EQ(
            Expand({{"n", "51"}, {"gap", "1 s"}, {"partners", "auto"}}).offer.size(),
            204,
            "");
    }
};

/// The order of sites.
class SitesOrderTestCase : public TestCase
{
  public:
    SitesOrderTestCase()
        : TestCase("sites: orders, the mixed one the same everywhere")
    {
    }

  private:
    /// Ranks by site, from the descriptions.
    static std::string RanksOf(const std::string& order)
    {
        std::string ranks;
        for (const auto& router :
             ScenarioFile::Parse(Replaced(GOOD, "order: reversed", order), "m.yaml")
                 .Expand()
                 .routers)
        {
            ranks += router.config.FindInterface("Loopback0")->description.substr(5, 1);
        }
        return ranks;
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(RanksOf("order: by-number"), "01234", "by number");
        NS_TEST_EXPECT_MSG_EQ(RanksOf("order: reversed"), "43210", "reversed");
        NS_TEST_EXPECT_MSG_EQ(RanksOf("order: random\n  order_seed: 1"),
                              RanksOf("order: random"),
                              "");
        NS_TEST_EXPECT_MSG_NE(RanksOf("order: random\n  order_seed: 2"),
                              RanksOf("order: random"),
                              "");
        const std::vector<size_t> places = ShufflePlaces(8, 1);
        std::string text;
        for (const size_t place : places)
        {
            text += std::to_string(place);
        }
        NS_TEST_EXPECT_MSG_EQ(text, "24657301", "worked out apart from this code");
        std::vector<size_t> sorted = ShufflePlaces(1000, 7);
        std::sort(sorted.begin(), sorted.end());
        for (size_t i = 0; i < sorted.size(); ++i)
        {
            NS_TEST_ASSERT_MSG_EQ(sorted[i], i, "each place once");
        }
    }
};

/// A run of sites without IPsec.
class SitesRunTestCase : public TestCase
{
  public:
    SitesRunTestCase()
        : TestCase("sites: a run, its accounts, flows grouped by site")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario scenario = Expand();
        const RunResults results = RunScenario(scenario, RunOptions{1, "", nullptr});
        const std::string json = WriteResultsJson(results);
        NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, "identities");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "totals.packets_offered"), 60, "60 s, 10 flows");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "totals.packets_delivered"), 60, "");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "totals.packets_clear"), 60, "at the cloud");
        NS_TEST_EXPECT_MSG_EQ(results.flows.size(), 10, "flows");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "flows.S4-S5.packets_delivered"), 6, "");

        const std::string few = Replaced(GOOD,
                                         "duration: 60 s",
                                         "knobs: {ledger: {FlowsListed: 9}}\n"
                                         "expect: [{quantity: flows.S3-all.packets_delivered, "
                                         "equals: 12}]\nduration: 60 s");
        const Scenario grouped = ScenarioFile::Parse(few, "m.yaml").Expand();
        const RunResults groups = RunScenario(grouped, RunOptions{1, "", nullptr});
        const std::string grouping = WriteResultsJson(groups);
        NS_TEST_ASSERT_MSG_EQ(groups.flows.size(), 5, "one for each site");
        NS_TEST_EXPECT_MSG_EQ(groups.flows[2].name + " " + groups.flows[2].to, "S3-all all", "");
        NS_TEST_EXPECT_MSG_EQ(CheckExpectations(grouped.expect, grouping).size(), 0, "12 packets");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(grouping, "totals.packets_delivered"), 60, "");
        NS_TEST_EXPECT_MSG_NE(grouped.GetHash(), scenario.GetHash(), "other results, other hash");
        const RunResults stopped =
            RunScenario(Expand({{"mode", "at-once"}}), RunOptions{1, "", nullptr});
        // From 1 s + i * 2 s on every 20 s, below 50 s: three for i = 0 to 4, else two.
        NS_TEST_EXPECT_MSG_EQ(stopped.packets.offered, 25, "stop");
        NS_TEST_EXPECT_MSG_EQ(stopped.packets.delivered, 25, "stop");
    }
};

/// What is wrong with sites, and where.
class SitesErrorTestCase : public ScenarioErrorTestCase
{
  public:
    SitesErrorTestCase()
        : ScenarioErrorTestCase("sites: errors with their places", GOOD, "m.yaml")
    {
    }

  private:
    void DoRun() override
    {
        Expect("count: ${n}", "cuont: ${n}", "m.yaml:15:3: unknown key 'cuont'; expected name");
        Expect("  count: ${n}\n", "", "m.yaml:14:3: sites: key 'count' is missing");
        Expect("count: ${n}", "count: 1", "m.yaml:15:10: count: '1' sites; expected 2 to");
        Expect("name: S\n", "name: S1\n", "m.yaml:14:9: name: 'S1' is no beginning of a name");
        Expect("  lan: 10.0.0.0/8\n", "", "m.yaml:14:3: sites: key 'lan' is missing");
        Expect("cloud: core", "cloud: cor", "m.yaml:17:10: unknown cloud 'cor'; expected core");
        Expect("172.16.0.0/12",
               "172.16.0.0/30",
               "m.yaml:18:8: wan: '172.16.0.0/30' has room for 2 sites; expected room for 5");
        Expect("10.0.0.0/8",
               "10.0.0.0/20",
               "m.yaml:19:8: lan: '10.0.0.0/20' has room for 14 sites");
        Expect("10.0.0.0/8", "172.0.0.0/8", "m.yaml:19:8: lan: 'lan:' and 'wan:' overlap");
        Expect("order: reversed", "order: reverse", "m.yaml:20:10: order: 'reverse' is not right");
        Expect("waves: 2", "waves: 0", "m.yaml:21:10: waves: no wave at all");
        Expect("partners: ${partners}",
               "partners: 3",
               "m.yaml:16:13: partners: '3' is not right; expected an even number (the neighbours");
        Expect("7${site}",
               "7${site.nr}",
               "m.yaml:22:11: unknown parameter 'site.nr'; expected n, gap, mode, partners, site,");
        Expect("lifetime 7${site}", "lifetme 1", "m.yaml:25:6: router S1: 'lifetme': ");
        Expect("7${site}", "7${partner}", "m.yaml:22:11: unknown parameter 'partner'; expected n");
        Expect("address ${partner.wan}",
               "address ${partner.wn}",
               "m.yaml:26:16: unknown parameter 'partner.wn'; expected n, gap, mode, partners, "
               "site, site.name");
        Expect("title: Many sites", "title: Many ${site}", "m.yaml:3:8: title: '${site}' must not");
        Expect("  n: {type: integer, default: 5,",
               "  site: {type: integer, default: 5, help: No.}\n  n: {type: integer, default: 5,",
               "m.yaml:15:3: sites: '${site}' is a value of the sites, and a parameter, too");
        Expect("traffic: {size: 100 B, every: 10 s}",
               "traffic: {size: 100 B}",
               "m.yaml:31:12: traffic: 'size:' or 'every:' is missing");
        Expect("traffic: {size: 100 B,",
               "traffic: {sze: 100 B,",
               "m.yaml:31:13: unknown key 'sze'");
        Expect("1 s + ${site.rank} * ${gap}",
               "1 s + ${site.rank} ${gap}",
               "m.yaml:36:15: at: '1 s + 4 3 s' is not right; expected a duration");
        Expect("            configure terminal",
               "            confgure terminal",
               "m.yaml:39:13: router S1 refuses 'confgure terminal': ");
        Expect("except: [S2]", "except: [S6]", "m.yaml:42:20: unknown site 'S6'; expected S1, S2");
        Expect("only: [S1, S5]",
               "only: [S1], except: [S1]",
               "m.yaml:45:59: except: 'only:' stands");
        Expect("type: enable, only", "only", "m.yaml:45:15: steps: nothing is typed");
        Expect("stop: 50 s", "stop: 20 s", "m.yaml:46:48: stop: not every flow has begun by then");
        Expect("      traffic: {every: 20 s",
               "      count: 6\n      traffic: {every: 20 s",
               "m.yaml:45:7: sites: the sites have their names already");
        Expect("network:\n",
               "network:\n  hosts: [S4]\n",
               "m.yaml:11:11: hosts: there is a node 'S4'");
        Expect("duration: 60 s", "duration: 5 s", "m.yaml:36:11: the event at 13 s never happens");
    }
};

/// All of them.
class SitesTestSuite : public TestSuite
{
  public:
    SitesTestSuite()
        : TestSuite("ike-sites", Type::UNIT)
    {
        AddTestCase(new SitesExpandTestCase, TestDuration::QUICK);
        AddTestCase(new SitesStepsTestCase, TestDuration::QUICK);
        AddTestCase(new SitesOrderTestCase, TestDuration::QUICK);
        AddTestCase(new SitesRunTestCase, TestDuration::QUICK);
        AddTestCase(new SitesErrorTestCase, TestDuration::QUICK);
    }
};

SitesTestSuite g_sitesTestSuite; ///< registers itself

} // namespace
