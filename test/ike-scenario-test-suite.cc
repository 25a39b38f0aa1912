/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-packet-ledger.h"
#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario-units.h"
#include "ns3/ike-scenario.h"
#include "ns3/test.h"

#include <functional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

using Span = ns3::ike::Duration;

/// A scenario of two routers that is right; tests replace lines of it.
const char* const GOOD = R"(version: 1
name: small
title: A small scenario
parameters:
  offset: {type: duration, default: 0 s, range: [-5 s, 5 s], words: [auto], help: Late.}
  mode: {type: choice, choices: [none, one], default: none, help: Which.}
  loss: {type: percent, default: 0 %, help: Share.}
duration: 1 min
routers:
  R1:
    config: |
      interface Ethernet0/0
       ip address 192.0.2.1 255.255.255.252
  R2:
    config:
      - |
        interface Ethernet0/0
      - interface Ethernet0/0
      - |
        interface Ethernet0/0
         ip address 192.0.2.2 255.255.255.252
        interface Ethernet0/1
         ip address 10.2.0.1 255.255.255.0
knobs:
  all: {RetransmitInterval: 5 s}
  R2: {RetransmitInterval: 7 s, RetransmitCount: 3 messages}
  account: {Grace: 90 s}
network:
  hosts: [H2]
  links:
    wan: {ends: {R1: Ethernet0/0, R2: Ethernet0/0}, delay: 40 ms / 4, loss: "${loss}"}
    lan: {ends: {H2: 10.2.0.2/24, R2: Ethernet0/1}}
variants:
  - when: {mode: one}
    routers: {R2: {config: hostname R2}}
    events: [{at: 1 s, router: R1, type: [enable]}]
  - when: {offset: {not: auto}}
    events: [{at: "10 s + ${offset}", router: R2, type: enable}]
expect:
  - {quantity: totals.messages, at_least: 1, when: {mode: one}}
)";

/// Durations, rates, sizes and shares as they are written.
class UnitsTestCase : public TestCase
{
  public:
    UnitsTestCase()
        : TestCase("units: sums of durations, rates, sizes, shares")
    {
    }

  private:
    void DoRun() override
    {
        const std::pair<const char*, int64_t> good[] = {
            {"0 s", 0},
            {"40 ms", 40000000},
            {"40ms", 40000000},
            {"-3 ms", -3000000},
            {"10 s + 40 ms", 10040000000},
            {"10 s + -3 ms", 9997000000},
            {"10 s - -3 ms", 10003000000},
            {"40 ms / 4", 10000000},
            {"1.5 s * 2 - 1 s", 2000000000},
            {"1 h", 3600000000000},
            {"0.000000001 s", 1},
            {"7 us + 1 ns", 7001},
        };
        for (const auto& [text, ns] : good)
        {
            const auto d = ParseDuration(text);
            NS_TEST_EXPECT_MSG_EQ(d.has_value(), true, text);
            NS_TEST_EXPECT_MSG_EQ(d.value_or(Span{}).ns, ns, text);
        }
        for (const char* text :
             {"", "10", "s", "10 s +", "10 s 3 s", "1e3 s", "1 s / 0", "1 m", "3 s s", "1..2 s"})
        {
            NS_TEST_EXPECT_MSG_EQ(ParseDuration(text).has_value(), false, text);
        }
        NS_TEST_EXPECT_MSG_EQ(FormatDuration(Span::Seconds(5400)), "90 min", "");
        NS_TEST_EXPECT_MSG_EQ(FormatDuration(Span{-3000000}), "-3 ms", "");
        NS_TEST_EXPECT_MSG_EQ(*DurationIn(Span{40000001}, "s"), "0.040000001", "");
        NS_TEST_EXPECT_MSG_EQ(*DurationIn(Span{-1500000000}, "s"), "-1.5", "");
        NS_TEST_EXPECT_MSG_EQ(*ParseBandwidth("100 Mbit/s"), 100000000, "");
        NS_TEST_EXPECT_MSG_EQ(*ParseBandwidth("100Mbps"), 100000000, "");
        NS_TEST_EXPECT_MSG_EQ(ParseBandwidth("100").has_value(), false, "");
        NS_TEST_EXPECT_MSG_EQ(*ParseSize("1.5 kB"), 1500, "");
        NS_TEST_EXPECT_MSG_EQ(*ParsePercent("0.5 %"), 0.005, "");
        NS_TEST_EXPECT_MSG_EQ(ParsePercent("101 %").has_value(), false, "");
    }
};

/// What a right scenario means.
class ExpandTestCase : public TestCase
{
  public:
    ExpandTestCase()
        : TestCase("expansion: substitution, variants, knobs, hash")
    {
    }

  private:
    void DoRun() override
    {
        const auto file = ScenarioFile::Parse(GOOD, "s.yaml");
        file.Check();
        const Scenario plain = file.Expand();
        NS_TEST_ASSERT_MSG_EQ(plain.routers.size(), 2, "routers");
        NS_TEST_EXPECT_MSG_EQ(plain.FindRouter("R1")->knobs.retransmitInterval.ns,
                              Span::Seconds(5).ns,
                              "knob for all");
        NS_TEST_EXPECT_MSG_EQ(plain.FindRouter("R2")->knobs.retransmitInterval.ns,
                              Span::Seconds(7).ns,
                              "knob for one");
        NS_TEST_EXPECT_MSG_EQ(plain.FindRouter("R2")->knobs.retransmitCount, 3, "unit in words");
        NS_TEST_EXPECT_MSG_EQ(plain.account.grace.ns, Span::Seconds(90).ns, "account");
        NS_TEST_EXPECT_MSG_EQ(plain.links[0].delay.ns, 10000000, "arithmetic");
        NS_TEST_EXPECT_MSG_EQ(plain.events.size(), 1, "variants that hold");
        NS_TEST_EXPECT_MSG_EQ(plain.expect.size(), 0, "expectations that hold");

        const Scenario other = file.Expand({{"offset", "-3 ms"}, {"mode", "one"}, {"loss", "1%"}});
        NS_TEST_ASSERT_MSG_EQ(other.events.size(), 2, "variants that hold");
        NS_TEST_EXPECT_MSG_EQ(other.events[1].at.ns, 9997000000, "10 s + -3 ms");
        NS_TEST_EXPECT_MSG_EQ(other.links[0].loss, 0.01, "share");
        NS_TEST_EXPECT_MSG_EQ(other.expect.size(), 1, "expectations that hold");
        NS_TEST_EXPECT_MSG_EQ(other.parameters.at("loss"), "1 %", "canonical");

        NS_TEST_EXPECT_MSG_EQ(file.Expand({{"offset", "auto"}}).events.size(), 0, "a word");
        NS_TEST_EXPECT_MSG_EQ(file.Expand({{"offset", "0 ms"}}).GetHash(),
                              plain.GetHash(),
                              "equal values, equal hash");
        NS_TEST_EXPECT_MSG_NE(other.GetHash(), plain.GetHash(), "other values, other hash");
        NS_TEST_EXPECT_MSG_EQ(plain.GetHash().size(), 64, "SHA-256");
    }
};

/// Every kind of error with its place and what it says.
class ErrorTestCase : public ScenarioErrorTestCase
{
  public:
    ErrorTestCase()
        : ScenarioErrorTestCase("errors: file, line, column, what, expected, hint", GOOD, "s.yaml")
    {
    }

  private:
    void DoRun() override
    {
        Expect("version: 1", "version: 2", "s.yaml:1:10: version: version '2' is not known here");
        Expect("duration: 1 min\n", "", "s.yaml:1:1: scenario: key 'duration' is missing");
        Expect("duration: 1 min", "duration: 60", "s.yaml:8:11: duration: '60' is not right");
        Expect("duration:", "durration:", "s.yaml:8:1: unknown key 'durration'; expected");
        Expect("title:", "name: x\ntitle:", "s.yaml:3:1: scenario: key 'name' stands here twice");
        Expect("[-5 s, 5 s]", "[-5 s]", "s.yaml:5:49: range: a range has two ends");
        Expect("default: none",
               "default: non",
               "s.yaml:6:55: parameter 'mode': 'non' is not right; expected none or one (did you "
               "mean 'none'?)");
        Expect("${loss}", "${los}", "s.yaml:31:77: unknown parameter 'los'; expected offset");
        Expect("40 ms / 4", "-40 ms", "s.yaml:31:60: delay: '-40 ms' is negative");
        Expect(" ip address 192.0.2.1 255.255.255.252",
               " ip adress 192.0.2.1 255.255.255.252",
               "s.yaml:13:11: router R1: 'adress'");
        Expect("         ip address 10.2.0.1 255.255.255.0",
               "         ip address 10.2.0.1 255.0.255.0",
               "s.yaml:23:30: router R2: '255.0.255.0'");
        Expect("R1: Ethernet0/0",
               "R1: Ethernet0/1",
               "s.yaml:31:22: unknown interface of R1 'Ethernet0/1'");
        Expect("R1: Ethernet0/0", "R3: Ethernet0/0", "s.yaml:31:18: unknown node 'R3'");
        Expect("H2: 10.2.0.2/24", "H2: 10.3.0.2/24", "s.yaml:32:39: the ends of link 'lan'");
        Expect("hosts: [H2]", "hosts: [H2, H3]", "s.yaml:29:15: host 'H3' has 0 links");
        Expect("    wan: {ends", "    wan: {rat: 1 bit/s, ends", "s.yaml:31:11: unknown key 'rat'");
        Expect("RetransmitInterval: 5 s",
               "RetransmitIntervall: 5 s",
               "s.yaml:25:9: unknown knob 'RetransmitIntervall'");
        Expect("  R2: {Retr", "  R3: {Retr", "s.yaml:26:3: unknown owner of knobs 'R3'");
        Expect("when: {mode: one}\n",
               "when: {mode: two}\n",
               "s.yaml:34:18: parameter 'mode': 'two' is not right");
        Expect("when: {mode: one}\n",
               "when: {mod: one}\n",
               "s.yaml:34:12: unknown parameter 'mod'");
        Expect("router: R1, type: [enable]",
               "router: R4, type: [enable]",
               "s.yaml:36:14: unknown router 'R4'");
        Expect("type: [enable]", "typ: [enable]", "s.yaml:36:36: unknown key 'typ'");
        Expect("at_least: 1", "atleast: 1", "s.yaml:40:33: unknown key 'atleast'");
        Expect("at_least: 1, ", "", "s.yaml:40:5: expect: an expectation has one comparison");
        Expect("mode: {type: choice", "mode: {type: choise", "s.yaml:6:16: type: 'choise'");
        ExpectYaml();
        ExpectLate();
        ExpectValueError({{"offset", "9 s"}}, "offset=9 s: parameter 'offset': '9 s'");
        ExpectValueError({{"ofset", "1 s"}}, "ofset=1 s: unknown parameter 'ofset'");
    }

    /// What is not even YAML, with what would make it some.
    void ExpectYaml()
    {
        Expect("help: Late.}",
               "help: Late.",
               "s.yaml:6:7: this is no YAML: end of map flow not found; "
               "expected a '}' for each '{'");
        Expect("duration: 1 min",
               "duration 1 min",
               "s.yaml:9:8: this is no YAML: illegal map value; expected NAME: VALUE on each line");
        Expect("duration: 1 min",
               "\tduration: 1 min",
               "s.yaml:8:1: this is no YAML: a tab indents");
        Expect("duration: 1 min",
               "duration: @1",
               "s.yaml:8:11: this is no YAML: unknown token; expected quotes");
        Expect("duration: 1 min",
               "duration: 1 min\n---",
               "s.yaml:10:1: a second document begins here; expected one in a file");
    }

    /// What was taken without a word once: times, captures, console lines, quantities.
    void ExpectLate()
    {
        Expect("duration: 1 min", "seed: 0\nduration: 1 min", "s.yaml:8:7: seed: '0' is no seed");
        Expect("duration: 1 min",
               "duration: 0 s",
               "s.yaml:8:11: duration: '0 s' is no time at all");
        Expect("duration: 1 min",
               "duration: 5 s",
               "s.yaml:38:14: the event at 10 s never happens: the run ends before it; expected 0 "
               "s to 'duration:', 5 s");
        Expect("at: 1 s, router: R1, type: [enable]",
               "at: 1 s, router: R1, type: [enable, confgure terminal]",
               "s.yaml:36:51: router R1 refuses 'confgure terminal': 'confgure': is not a known "
               "command: did you mean 'configure'?");
        Expect("at: 1 s, router: R1, type: [enable]",
               "at: 1 s, router: R1, type: [enable]}, {at: 0 s, router: R1, reboot: {down: 2 s}",
               "s.yaml:36:43: router R1 refuses 'enable': the router is reloading");
        Expect("type: [enable]", "type: \"enable\\ndisable\"", "s.yaml:36:42: type: more than one");
        Expect("         ip address 10.2.0.1 255.255.255.0",
               "         ip address 10.2.0.1 255.255.255.0\n        crypto isakmp policy 1\n"
               "         group 99",
               "s.yaml:25:16: router R2: '99': ");
        Expect("  hosts: [H2]",
               "  capture: [H2 lan, R2 Ethernet0/0, H2 wan]\n  hosts: [H2]",
               "s.yaml:29:37: unknown link of H2 'wan'; expected lan");
        Expect("  hosts: [H2]",
               "  capture: [R2 Ethernet0/2]\n  hosts: [H2]",
               "s.yaml:29:13: unknown interface of R2 'Ethernet0/2'; expected Ethernet0/0 or");
        Expect(
            "  hosts: [H2]",
            "  underlay: {routing: static, update: 1 s}\n  hosts: [H2]",
            "s.yaml:29:39: update: static routes have no timers; expected 'routing: rip' beside");
        Expect("  hosts: [H2]",
               "  underlay: {routing: rip, garbage: 0 s}\n  hosts: [H2]",
               "s.yaml:29:37: garbage: '0 s' is no time at all");
        const std::string learn =
            "  internet: [I1]\n  underlay: {routing: rip}\n  learn: [{router: "
            "R1, from: I1, prefix: 192.0.2.0/30, ";
        Expect("  hosts: [H2]",
               learn + "route: 10.0.0.0 255.0.0.0 R2, poll: 0 s}]\n  hosts: [H2]",
               "s.yaml:31:92: poll: '0 s' is no time at all");
        Expect("  hosts: [H2]",
               learn + "route: 10.0.0.0 255.0.0.0}]\n  hosts: [H2]",
               "s.yaml:31:11: router R1 refuses 'ip route 10.0.0.0 255.0.0.0': ");
        const std::string flow = "offer: [{name: F, from: H2, to: H2, size: 1 B, every: ";
        Expect("variants:", flow + "0 s}]\nvariants:", "s.yaml:33:55: every: '0 s' is no time");
        Expect("variants:",
               flow + "1 s, start: 9 s, stop: 3 s}]\nvariants:",
               "s.yaml:33:78: stop: flow 'F' stops before it starts; expected more than 'start:', "
               "9 s");
        Expect("totals.messages, at_least: 1, when: {mode: one}",
               "ends.R9.counters.retransmissions, at_least: 1",
               "s.yaml:40:5: there is no quantity 'ends.R9.counters.retransmissions', nothing is "
               "called 'R9' in ends");
        Expect("totals.messages, at_least: 1, when: {mode: one}",
               "ends.R1.counters.retransmision, equals: 0",
               "s.yaml:40:5: there is no quantity 'ends.R1.counters.retransmision', nothing is "
               "called 'retransmision' in ends.R1.counters: did you mean 'retransmissions'?");
        Expect("totals.messages, at_least: 1, when: {mode: one}",
               "totals.packets_dropped.no-sas, equals: 0",
               "s.yaml:40:5: there is no quantity 'totals.packets_dropped.no-sas', nothing is "
               "called 'no-sas' in totals.packets_dropped: did you mean 'no-sa'?");
        Expect("totals.messages, at_least: 1, when: {mode: one}",
               "ends.R1.peers.R2, equals: 0",
               "s.yaml:40:5: there is no quantity 'ends.R1.peers.R2', which is no number; expected "
               "one of its parts: name, peer");
        for (const char* path : {"ends.R1.peers.R2.pairs_peak",
                                 "pairs.R1-R2.totals.messages",
                                 "ends.R2.counters.events.pair-up",
                                 "ends.R2.counters.messages_dropped.not encrypted",
                                 "ends.R2.counters.removed.ipsec hard-lifetime",
                                 "ends.R2.counters.notifies_sent.INITIAL-CONTACT",
                                 "ends.R1.outbound.discarded.no-sa",
                                 "totals.packets_dropped.too-large",
                                 "totals.packets_dropped.bad-envelope",
                                 "ends.R1.crypto.dh.modp1024.keygens"})
        {
            NS_TEST_EXPECT_MSG_EQ(ErrorOf(Replaced(GOOD, "totals.messages", path)), "", path);
        }
    }

    void ExpectValueError(const ParameterValues& values, const std::string& error)
    {
        std::string got;
        try
        {
            ScenarioFile::Parse(GOOD, "s.yaml").Expand(values);
        }
        catch (const ScenarioError& e)
        {
            got = e.what();
        }
        NS_TEST_EXPECT_MSG_EQ(got.substr(0, error.size()), error, got);
    }
};

/// A router at a provider whose Internet runs RIP; a variant changes what another one said.
const char* const LEARNING = R"(version: 1
name: learning
title: A route is learnt
parameters:
  more: {type: boolean, default: false, help: More.}
seed: 7
duration: 30 s
routers:
  R1:
    config: |
      interface Ethernet0/0
       ip address 192.0.2.1 255.255.255.252
network:
  internet: [I1]
  underlay: {routing: rip, update: 10 s}
  links:
    wan: {ends: {R1: Ethernet0/0, I1: 192.0.2.2/30}}
  capture: [R1]
  learn:
    - {router: R1, route: 10.0.0.0 255.0.0.0 192.0.2.2, from: I1, prefix: 192.0.2.0/30, poll: 2 s}
variants:
  - when: {more: true}
    network: {underlay: {timeout: 60 s}, capture: [I1 wan]}
events:
  - {at: 1 s, router: R1, type: [enable, configure terminal, interface Ethernet0/0]}
  - {at: 5 s, router: R1, type: [description Still in the block of the interface., end]}
)";

/// What runs do with seeds, variants and consoles.
class RunTestCase : public TestCase
{
  public:
    RunTestCase()
        : TestCase("runs: seed, merged variants, learnt routes, refused lines")
    {
    }

  private:
    void DoRun() override
    {
        const auto file = ScenarioFile::Parse(LEARNING, "l.yaml");
        file.Check();
        const Scenario plain = file.Expand();
        NS_TEST_EXPECT_MSG_EQ(plain.seed, 7, "seed");
        NS_TEST_EXPECT_MSG_EQ(plain.capture.size(), 1, "capture");
        const Scenario more = file.Expand({{"more", "true"}});
        NS_TEST_EXPECT_MSG_EQ(more.underlay.rip, true, "routing stays");
        NS_TEST_EXPECT_MSG_EQ(more.underlay.update.ns, Span::Seconds(10).ns, "update stays");
        NS_TEST_EXPECT_MSG_EQ(more.underlay.timeout.ns, Span::Seconds(60).ns, "timeout changes");
        NS_TEST_ASSERT_MSG_EQ(more.capture.size(), 2, "captures are appended");

        {
            // The route is learnt between the events, while the operator's session is in a block.
            ScenarioRun run(plain, RunOptions{1, "", nullptr});
            run.RunUntil(Span::Seconds(10));
            const std::string config = run.Type("R1", "show running-config");
            for (const char* line : {" description Still in the block of the interface.\n",
                                     "\nip route 10.0.0.0 255.0.0.0 192.0.2.2\n"})
            {
                NS_TEST_EXPECT_MSG_NE(config.find(line), std::string::npos, line << config);
            }
            run.Finish();
        }

        Scenario wrong = plain;
        ScenarioEvent event;
        event.at = Span::Seconds(6);
        event.where = "R1";
        event.lines = {{"sow version", {"l.yaml", 9, 5}}, {"end", {"l.yaml", 9, 9}}};
        wrong.events.push_back(event);
        std::string error;
        unsigned percents = 0;
        ScenarioRun run(wrong, RunOptions{1, "", [&percents](double) { ++percents; }});
        try
        {
            run.Finish();
        }
        catch (const RunError& e)
        {
            error = e.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error,
                              "l.yaml:9:5: router R1 refused 'sow version' at 6.000000000 s: "
                              "'sow': is not a known command: did you mean 'show'? (the run ends "
                              "here, without results)",
                              "");
        NS_TEST_EXPECT_MSG_LT(percents, 21, "it ends at once");
    }
};

/// The end-to-end identity, also when it does not hold.
class LedgerTestCase : public TestCase
{
  public:
    LedgerTestCase()
        : TestCase("ledger: identity, violations, fragments, outage")
    {
    }

  private:
    /// Books of one flow with packets offered at 0 s, 1 s and 3 s, the end at 20 s.
    static PacketBooks MakeBooks(const std::function<void(PacketLedger&)>& story,
                                 bool mayFragment = false)
    {
        PacketLedger ledger({"F"});
        ledger.Offer({0, 0}, Instant{0}, mayFragment);
        ledger.Offer({0, 1}, Instant{} + Span::Seconds(1), mayFragment);
        ledger.Offer({0, 2}, Instant{} + Span::Seconds(3), mayFragment);
        story(ledger);
        return ledger.Close(Instant{} + Span::Seconds(20), Span::Seconds(10));
    }

    void ExpectViolation(const PacketBooks& books, const std::string& text)
    {
        NS_TEST_ASSERT_MSG_EQ(books.violations.size(), 1, text);
        NS_TEST_EXPECT_MSG_NE(books.violations[0].find(text),
                              std::string::npos,
                              books.violations[0]);
    }

    void DoRun() override
    {
        const PacketBooks good = MakeBooks([](PacketLedger& l) {
            l.Deliver({0, 0});
            l.Deliver({0, 0});
            l.Drop({0, 1}, "R1", "no-route");
            l.Drop({0, 2}, "R2", "loss");
            l.MarkProtected({0, 0});
            l.MarkProtected({0, 0});
            l.MarkClear({0, 2});
        });
        NS_TEST_EXPECT_MSG_EQ(good.violations.size(), 0, "no violation");
        NS_TEST_EXPECT_MSG_EQ(good.total.offered, 3, "offered");
        NS_TEST_EXPECT_MSG_EQ(good.total.delivered, 1, "delivered");
        NS_TEST_EXPECT_MSG_EQ(good.total.duplicated, 1, "copies apart");
        NS_TEST_EXPECT_MSG_EQ(good.total.SumDropped(), 2, "dropped");
        NS_TEST_EXPECT_MSG_EQ(good.total.droppedAt.at({"R1", "no-route"}), 1, "where and why");
        NS_TEST_EXPECT_MSG_EQ(good.total.protectedPackets, 1, "protected once");
        NS_TEST_EXPECT_MSG_EQ(good.total.clearPackets, 1, "clear");
        // 1 s to 3 s, and 3 s to the end.
        NS_TEST_EXPECT_MSG_EQ(good.total.outage.ns, Span::Seconds(19).ns, "outage");

        ExpectViolation(MakeBooks([](PacketLedger& l) {
                            l.Deliver({0, 0});
                            l.Drop({0, 0}, "R1", "loss");
                            l.Deliver({0, 1});
                            l.Deliver({0, 2});
                        }),
                        "packet 0 of flow F, offered at 0.000000000 s, was delivered, and dropped");
        ExpectViolation(MakeBooks([](PacketLedger& l) {
                            l.Drop({0, 0}, "R1", "loss");
                            l.Drop({0, 0}, "R2", "no-sa");
                            l.Deliver({0, 1});
                            l.Deliver({0, 2});
                        }),
                        "was dropped 2 times, first at R1 (loss)");
        ExpectViolation(MakeBooks([](PacketLedger& l) {
                            l.Deliver({0, 0});
                            l.Deliver({0, 2});
                        }),
                        "packet 1 of flow F, offered at 1.000000000 s, was neither");
        ExpectViolation(MakeBooks([](PacketLedger& l) {
                            l.Deliver({0, 0});
                            l.Deliver({0, 1});
                            l.Deliver({0, 2});
                            l.Deliver({0, 3});
                        }),
                        "packet 3 of flow F was delivered, but never offered");
        const PacketBooks pieces = MakeBooks(
            [](PacketLedger& l) {
                l.Drop({0, 0}, "I1", "loss");
                l.Drop({0, 0}, "R2", "fragment-timeout");
                l.Deliver({0, 1});
                l.Deliver({0, 2});
            },
            true);
        NS_TEST_EXPECT_MSG_EQ(pieces.violations.size(), 0, "fragments may drop one by one");
        NS_TEST_EXPECT_MSG_EQ(pieces.total.SumDropped(), 1, "and count once");
        NS_TEST_EXPECT_MSG_EQ(pieces.total.dropped.count("loss"), 1, "under the first reason");

        PacketLedger young({"F"});
        young.Offer({0, 0}, Instant{} + Span::Seconds(15));
        const PacketBooks flying = young.Close(Instant{} + Span::Seconds(20), Span::Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(flying.total.inFlight, 1, "in flight");
        NS_TEST_EXPECT_MSG_EQ(flying.total.outage.ns, 0, "which is no outage");
    }
};

/// Quantities by path, and expectations.
class ExpectationTestCase : public TestCase
{
  public:
    ExpectationTestCase()
        : TestCase("expectations: paths into results, comparisons")
    {
    }

  private:
    void DoRun() override
    {
        RunResults results;
        results.totals.ipsecDuplicates = 2;
        results.ends.emplace_back();
        results.ends[0].name = "R1";
        results.ends[0].lineUpSeconds = 1.5;
        results.ends[0].peers.push_back(PeerResult{"R2", EndAccount{}});
        results.ends[0].peers[0].account.upSeconds = 2.5;
        const std::string json = WriteResultsJson(results);
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "totals.ipsec_duplicates"), 2, "");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "ends.R1.line_up_seconds"), 1.5, "by name");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "totals.packets_dropped.no-sa"), 0, "absent");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, "ends.R1.peers.R2.up_seconds"), 2.5, "by name");

        using Comparison = ScenarioExpectation::Comparison;
        const TextPosition place{"s.yaml", 3, 5};
        const auto failures =
            CheckExpectations({{"totals.ipsec_duplicates", Comparison::Equals, 2, place},
                               {"totals.ipsec_duplicates", Comparison::AtMost, 1, place},
                               {"totals.ipsec_duplicates", Comparison::AtLeast, 2, place}},
                              json);
        NS_TEST_ASSERT_MSG_EQ(failures.size(), 1, "one does not hold");
        NS_TEST_EXPECT_MSG_EQ(failures[0],
                              "s.yaml:3:5: totals.ipsec_duplicates is 2; expected at most 1",
                              "");
        bool thrown = false;
        try
        {
            CheckExpectations({{"totals.nothing", Comparison::Equals, 0, place}}, json);
        }
        catch (const ScenarioError& e)
        {
            thrown = e.GetPosition().line == 3;
        }
        NS_TEST_EXPECT_MSG_EQ(thrown, true, "a quantity that does not exist is an error");
    }
};

/// Scenario files, and the books that need no network.
class IkeScenarioTestSuite : public TestSuite
{
  public:
    IkeScenarioTestSuite()
        : TestSuite("ike-scenario", Type::UNIT)
    {
        AddTestCase(new UnitsTestCase, TestDuration::QUICK);
        AddTestCase(new ExpandTestCase, TestDuration::QUICK);
        AddTestCase(new ErrorTestCase, TestDuration::QUICK);
        AddTestCase(new RunTestCase, TestDuration::QUICK);
        AddTestCase(new LedgerTestCase, TestDuration::QUICK);
        AddTestCase(new ExpectationTestCase, TestDuration::QUICK);
    }
};

IkeScenarioTestSuite g_ikeScenarioTestSuite; ///< registers itself

} // namespace
