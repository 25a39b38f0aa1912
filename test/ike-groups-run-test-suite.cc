/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario-units.h"
#include "ns3/ike-scenario.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/test.h"

#include <map>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

using Span = ns3::ike::Duration;

/// Hubs and spokes with static VTIs, spokes begin; tests replace lines of it.
const char* const GOOD = R"(version: 1
name: many
title: Hubs and spokes
parameters:
  hubs: {type: integer, default: 2, help: Hubs.}
  spokes: {type: integer, default: 4, help: Spokes.}
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
    config: &crypto |
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 19
      crypto isakmp key of-all address 0.0.0.0 0.0.0.0
      crypto ipsec transform-set aessha esp-aes esp-sha256-hmac
      crypto ipsec profile vti
       set transform-set aessha
    for_each:
      - of: S
        which: mine ${hubs}
        text: &vti |
          interface Tunnel${tunnel}
           ip address ${self.inner} ${self.inner_mask}
           tunnel source Ethernet0/0
           tunnel destination ${peer.wan}
           tunnel mode ipsec ipv4
           tunnel protection ipsec profile vti
          ip route ${peer.lan} ${peer.lan_mask} Tunnel${tunnel}
    config_after: |
      crypto ipsec profile vti
       responder-only
      interface Loopback1
       ip address 10.254.0.1 255.255.255.255
  S:
    count: ${spokes}
    cloud: core
    wan: 172.16.0.0/12
    lan: 10.0.0.0/9
    inner: 192.168.0.0/16
    config: [*crypto, crypto isakmp keepalive 10 2 periodic]
    for_each:
      - {of: H, which: "homes ${hubs}", text: *vti}
    traffic: [{to: H, which: home, size: 200 B, every: 1 s, start: 5 s, both: true}]
events:
  - {at: 60 s, cloud: core, pass: all}
)";

/// No IPsec, but networks that the tree knows.
const char* const CLEAR = R"(version: 1
name: clear
title: No tunnels
duration: 60 s
network:
  tree:
    core: {delay: 5 ms, fan: 2}
groups:
  H:
    count: 1
    cloud: core
    wan: 198.51.100.0/24
    lan: 10.255.0.0/16
    announce_lan: true
    config: ip route 10.0.0.0 255.128.0.0 Ethernet0/0
  S:
    count: 5
    cloud: core
    wan: 172.16.0.0/12
    lan: 10.0.0.0/9
    announce_lan: true
    config: ip route 10.255.0.0 255.255.0.0 Ethernet0/0
    traffic: [{to: H, which: home, size: 200 B, every: 1 s, both: true}]
)";

Scenario
With(const std::string& what, const std::string& by, const ParameterValues& values = {})
{
    return ScenarioFile::Parse(Replaced(GOOD, what, by), "m.yaml").Expand(values);
}

double
NumberOf(const Scenario& scenario, const std::string& quantity)
{
    return FindQuantity(WriteResultsJson(RunScenario(scenario, RunOptions{1, "", nullptr})),
                        quantity);
}

/// "H1 4 30 s" of each event: where, kind, at.
std::string
EventsOf(const std::string& events)
{
    std::string text;
    for (const auto& event : With("  - {at: 60 s, cloud: core, pass: all}", events).events)
    {
        static const std::map<ScenarioEvent::Kind, std::string> NAMES{
            {ScenarioEvent::Kind::LinkDown, "down"},
            {ScenarioEvent::Kind::LinkUp, "up"},
            {ScenarioEvent::Kind::DoorDown, "down"},
            {ScenarioEvent::Kind::DoorUp, "up"},
            {ScenarioEvent::Kind::Drop, "drop"},
            {ScenarioEvent::Kind::Pass, "pass"},
            {ScenarioEvent::Kind::PowerOff, "off"},
            {ScenarioEvent::Kind::PowerOn, "on"},
            {ScenarioEvent::Kind::Reboot, "reboot"}};
        text += event.where + (event.door.empty() ? "" : " " + event.door) + " " +
                NAMES.at(event.kind) + " " + FormatDuration(event.at);
        for (const auto& place : event.filter.between)
        {
            text += " " + place;
        }
        text += event.spread == Span{} ? "; " : " to " + FormatDuration(event.spread) + "; ";
    }
    return text;
}

/// How events of many are written out.
class ManyEventsTestCase : public TestCase
{
  public:
    ManyEventsTestCase()
        : TestCase("events: flaps, failures of clouds, groups")
    {
    }

  private:
    void DoRun() override
    {
        const std::pair<const char*, const char*> rows[] = {
            {"  - {at: 5 s, cloud: core, door: S1, flap: {down: 2 s, every: 10 s, times: 2}}",
             "core S1 down 5 s; core S1 up 7 s; core S1 down 15 s; core S1 up 17 s; "},
            {"  - {at: 5 s, cloud: core, door: H*, flap: {down: 2 s, every: 10 s, times: 1}}",
             "core H1 down 5 s; core H2 down 5 s; core H1 up 7 s; core H2 up 7 s; "},
            {"  - {at: 5 s, router: H*, reboot: {down: 2 s}, spread: 3 s}",
             "H1 reboot 5 s to 3 s; H2 reboot 5 s to 3 s; "},
            {"  - {at: 5 s, router: H2, power: off}\n  - {at: 9 s, router: H2, power: on}",
             "H2 off 5 s; H2 on 9 s; "},
            {"  - {at: 5 s, cloud: core, down: 4 s, spread: 2 s}",
             "core H1 down 5 s; core H2 down 5 s; core S1 down 5 s; core S2 down 5 s; "
             "core S3 down 5 s; core S4 down 5 s; core H1 up 9 s to 2 s; core H2 up 9 s to 2 s; "
             "core S1 up 9 s to 2 s; core S2 up 9 s to 2 s; core S3 up 9 s to 2 s; "
             "core S4 up 9 s to 2 s; "},
            {"  - {at: 5 s, cloud: core, down: 4 s, between: [S*, H1]}",
             "core drop 5 s S* H1; core pass 9 s S* H1; "},
        };
        for (const auto& [events, wanted] : rows)
        {
            NS_TEST_EXPECT_MSG_EQ(EventsOf(events), wanted, events);
        }
    }
};

/// What is wrong with them.
class ManyEventsErrorTestCase : public ScenarioErrorTestCase
{
  public:
    ManyEventsErrorTestCase()
        : ScenarioErrorTestCase("events of many: errors with their places", GOOD, "m.yaml")
    {
    }

  private:
    void ExpectEvent(const std::string& event, const std::string& error)
    {
        Expect("{at: 60 s, cloud: core, pass: all}", event, "m.yaml:" + error);
    }

    void DoRun() override
    {
        ExpectEvent("{at: 1 s, cloud: core, door: S1, flap: {down: 2 s, every: 2 s, times: 2}}",
                    "54:63: every: it is not up between two flaps; expected more than");
        ExpectEvent("{at: 1 s, cloud: core, door: S1, flap: {down: 2 s, every: 3 s, times: 0}}",
                    "54:75: times: '0' flaps; expected 1 to 10000");
        ExpectEvent("{at: 1 s, cloud: core, door: S1, flap: {down: 2 s, every: 50 s, times: 3}}",
                    "54:5: the event at 101 s never happens");
        ExpectEvent("{at: 1 s, cloud: core, door: T*, state: down}", "54:5: unknown group 'T*'");
        ExpectEvent("{at: 1 s, cloud: core, door: S9, state: down}",
                    "54:5: unknown router at core 'S9'");
        ExpectEvent("{at: 1 s, cloud: core, down: 0 s}", "54:34: down: '0 s' is no time at all");
        ExpectEvent("{at: 1 s, cloud: core, down: 2 s, between: [T*, H*]}",
                    "54:5: unknown group 'T*'");
        ExpectEvent("{at: 1 s, router: H1, power: of}", "54:34: power: 'of' is not right");
        ExpectEvent("{at: 1 s, router: H1, power: off, state: up}", "54:39: unknown key 'state'");
        ExpectEvent("{at: 58 s, cloud: core, down: 1 s, spread: 9 s}",
                    "54:5: the event at 59 s and up to 9 s later never happens");
        Expect("  cloud:\n    core: {delay: 5 ms}",
               "  tree:\n    core: {delay: 5 ms}",
               "m.yaml:54:5: tree 'core' drops nothing between its doors");
        Expect("  cloud:\n    core: {delay: 5 ms}",
               "  tree:\n    core: {fan: 12}",
               "m.yaml:10:17: fan: '12' is not right; expected 2, 4, 8, 16 or 32");
        Expect("  cloud:\n    core: {delay: 5 ms}",
               "  cloud:\n    core: {delay: 5 ms}\n  tree:\n    core: {fan: 8}",
               "m.yaml:12:5: tree: there is a cloud 'core' already");
        Expect("lan: 10.255.0.0/16",
               "lan: 10.255.0.0/16\n    tunnels: both",
               "m.yaml:17:14: tunnels: 'both' is not right; expected own or shared");
    }
};

/// What they do.
class ManyRunTestCase : public TestCase
{
  public:
    ManyRunTestCase()
        : TestCase(
              "groups: runs of hubs and spokes, without power, without a cloud, by another hub")
    {
    }

  private:
    void DoRun() override
    {
        const std::string events = "  - {at: 60 s, cloud: core, pass: all}";
        const std::string all = "totals.packets_offered";
        const Scenario plain = With("start: 5 s", "start: 10 s");
        const RunResults results = RunScenario(plain, RunOptions{1, "", nullptr});
        NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, "identities");
        NS_TEST_EXPECT_MSG_EQ(results.packets.offered, results.packets.delivered, "all arrive");
        NS_TEST_EXPECT_MSG_EQ(results.packets.clearPackets, 0, "protected");
        NS_TEST_EXPECT_MSG_EQ(results.totals.negotiationsBegun, 16, "two hubs for each spoke");
        const RunResults again = RunScenario(plain, RunOptions{1, "", nullptr});
        NS_TEST_EXPECT_MSG_EQ(WriteResultsJson(again), WriteResultsJson(results), "the same");

        // Nothing answers: in-flight exchanges fail, and the hub's neighbours see no ICMP.
        const Scenario dark = With(events, "  - {at: 0 s, router: H*, power: off}");
        NS_TEST_EXPECT_MSG_EQ(NumberOf(dark, "totals.negotiations_completed"), 0, "no power");
        const Scenario late = With(events,
                                   "  - {at: 0 s, router: H*, power: off}\n"
                                   "  - {at: 15 s, router: H*, power: on}");
        NS_TEST_EXPECT_MSG_EQ(NumberOf(late, "totals.negotiations_completed"), 16, "power later");
        // The interface is down meanwhile, also when a door comes up.
        const Scenario door = With(events,
                                   "  - {at: 0 s, router: H*, power: off}\n"
                                   "  - {at: 1 s, cloud: core, door: H*, state: up}");
        NS_TEST_EXPECT_MSG_EQ(NumberOf(door, "totals.packets_dropped.reload"),
                              0,
                              "not by the router");

        // Spokes know that a hub is gone, by DPD, and have a route of a higher distance.
        const std::string both = "Tunnel${tunnel}\n    config_after";
        std::string text = Replaced(GOOD,
                                    "      - {of: H, which: \"homes ${hubs}\", text: *vti}",
                                    "      - {of: H, which: \"homes ${hubs}\", text: *vti}\n"
                                    "      - {of: H, which: \"homes ${hubs}\", text: "
                                    "\"ip route 10.254.0.1 255.255.255.255 Tunnel${tunnel} "
                                    "${tunnel}\"}");
        text = Replaced(text, "duration: 60 s", "duration: 120 s");
        text = Replaced(text, events, "  - {at: 30 s, router: H1, power: off}");
        ScenarioRun run(ScenarioFile::Parse(text, "m.yaml").Expand(), RunOptions{1, "", nullptr});
        const auto tunnelOf = [&run](const std::string& spoke) {
            auto node = run.GetNetwork().GetNode(spoke);
            Ipv4Header header;
            header.SetDestination("10.254.0.1");
            Socket::SocketErrno error = Socket::ERROR_NOTERROR;
            const auto route =
                node->GetObject<Ipv4>()->GetRoutingProtocol()->RouteOutput(Create<Packet>(),
                                                                           header,
                                                                           nullptr,
                                                                           error);
            const auto router = run.GetNetwork().GetRouter(spoke);
            for (const char* name : {"Tunnel1", "Tunnel2"})
            {
                if (route && route->GetOutputDevice() == router->GetTunnelDevice(name))
                {
                    return std::string(name);
                }
            }
            return std::string("none");
        };
        run.RunUntil(Span::Seconds(29));
        NS_TEST_EXPECT_MSG_EQ(tunnelOf("S1") + tunnelOf("S2"), "Tunnel1Tunnel1", "homes");
        run.RunUntil(Span::Seconds(100));
        NS_TEST_EXPECT_MSG_EQ(tunnelOf("S1") + tunnelOf("S2"), "Tunnel2Tunnel1", "H1 is gone");
    }
};

/// A failure of the backbone, and who begins when it is over.
class BackboneTestCase : public TestCase
{
  public:
    BackboneTestCase()
        : TestCase("events: a cloud fails, wholly or between groups")
    {
    }

  private:
    void DoRun() override
    {
        const std::string events = "  - {at: 60 s, cloud: core, pass: all}";
        const Scenario between =
            With(events, "  - {at: 20 s, cloud: core, down: 10 s, between: [S*, H1]}");
        const std::string json = WriteResultsJson(RunScenario(between, RunOptions{1, "", nullptr}));
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "flows.S1-H1.packets_dropped.filtered"), 10, "");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "flows.H1-S3.packets_dropped.filtered"), 10, "");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "flows.S2-H2.packets_dropped.filtered"), 0, "");
        // Every path goes and comes back, and the draws are by name: the seed decides.
        const Scenario whole = With(events, "  - {at: 20 s, cloud: core, down: 10 s, spread: 4 s}");
        const auto upAt = [&whole](uint64_t seed) {
            ScenarioRun run(whole, RunOptions{seed, "", nullptr});
            std::string text;
            for (int tenth = 295; tenth <= 345; tenth += 5)
            {
                run.RunUntil(Span::Milliseconds(tenth * 100));
                auto ipv4 = run.GetNetwork().GetNode("S2")->GetObject<Ipv4>();
                const auto& port = run.GetNetwork().GetClouds()[0].ports[3];
                text += ipv4->IsUp(ipv4->GetInterfaceForDevice(port.device)) ? "x" : ".";
            }
            return text;
        };
        NS_TEST_EXPECT_MSG_EQ(upAt(1), upAt(1), "one seed");
        NS_TEST_EXPECT_MSG_EQ(upAt(1).substr(0, 1), ".", "not before");
        NS_TEST_EXPECT_MSG_EQ(upAt(1).back(), 'x', "not later");
        const bool differs = upAt(1) != upAt(2) || upAt(1) != upAt(3);
        NS_TEST_EXPECT_MSG_EQ(differs, true, "another seed");
    }
};

/// A tree of routers.
class TreeTestCase : public TestCase
{
  public:
    TreeTestCase()
        : TestCase("tree: packets reach, and no router has more routes than ways and one")
    {
    }

  private:
    void DoRun() override
    {
        std::string text = Replaced(GOOD, "  cloud:\n", "  tree:\n");
        text = Replaced(text, "core: {delay: 5 ms}", "core: {delay: 5 ms, inner_delay: 1 ms}");
        text = Replaced(text, "events:\n  - {at: 60 s, cloud: core, pass: all}\n", "");
        text = Replaced(text, "start: 5 s", "start: 10 s");
        const std::pair<const char*, size_t> rows[] = {{"2", 2}, {"4", 4}, {"32", 32}};
        for (const auto& [fan, most] : rows)
        {
            const auto scenario =
                ScenarioFile::Parse(
                    Replaced(text, "delay: 5 ms,", "delay: 5 ms, fan: " + std::string(fan) + ","),
                    "m.yaml")
                    .Expand({{"spokes", "20"}, {"hubs", "1"}});
            ScenarioRun run(scenario, RunOptions{1, "", nullptr});
            const auto& tree = run.GetNetwork().GetClouds()[0];
            size_t widest = 0;
            for (const auto& router : tree.routers)
            {
                const auto ipv4 = router->GetObject<Ipv4>();
                const auto routes = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->GetNRoutes();
                // The loopback's own route is one more.
                const size_t ways = ipv4->GetNInterfaces() - 1;
                NS_TEST_EXPECT_MSG_LT(routes, most + 3, "fan " << fan);
                NS_TEST_EXPECT_MSG_EQ(routes, ways + 1, "one for each interface");
                widest = std::max(widest, ways);
            }
            NS_TEST_EXPECT_MSG_LT(widest, most + 2, "fan " << fan);
            const RunResults results = run.Finish();
            NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, "identities");
            NS_TEST_EXPECT_MSG_EQ(results.packets.offered, results.packets.delivered, fan);
            NS_TEST_EXPECT_MSG_EQ(results.packets.protectedPackets, results.packets.offered, "");
        }
        // What is lost inside is found in the books.
        const auto lossy =
            ScenarioFile::Parse(Replaced(text, "delay: 5 ms,", "delay: 5 ms, loss: 20 %, fan: 4,"),
                                "m.yaml")
                .Expand();
        const RunResults lost = RunScenario(lossy, RunOptions{1, "", nullptr});
        NS_TEST_EXPECT_MSG_EQ(lost.violations.size(), 0, "identities");
        NS_TEST_EXPECT_MSG_GT(lost.packets.dropped.at("loss"), 0, "losses");
        // Without IPsec, networks behind the doors are routes of the tree.
        const RunResults open =
            RunScenario(ScenarioFile::Parse(CLEAR, "m.yaml").Expand(), RunOptions{1, "", nullptr});
        NS_TEST_EXPECT_MSG_EQ(open.packets.offered, open.packets.delivered, "in the clear");
        NS_TEST_EXPECT_MSG_EQ(open.packets.clearPackets, open.packets.offered, "in the clear");
    }
};

/// All of them.
class GroupsRunTestSuite : public TestSuite
{
  public:
    GroupsRunTestSuite()
        : TestSuite("ike-groups-run", Type::UNIT)
    {
        AddTestCase(new ManyEventsTestCase, TestDuration::QUICK);
        AddTestCase(new ManyEventsErrorTestCase, TestDuration::QUICK);
        AddTestCase(new ManyRunTestCase, TestDuration::QUICK);
        AddTestCase(new BackboneTestCase, TestDuration::QUICK);
        AddTestCase(new TreeTestCase, TestDuration::QUICK);
    }
};

GroupsRunTestSuite g_groupsRunTestSuite; ///< registers itself

} // namespace
