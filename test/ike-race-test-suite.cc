/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-race-files.h"
#include "ns3/ike-race-report.h"
#include "ns3/ike-race-simulation.h"
#include "ns3/ike-race-transcript.h"
#include "ns3/ike-race.h"
#include "ns3/test.h"

#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Races: the section `explore:`, scenarios in the laboratory, expectations, files, replays in ns-3.
 */

namespace ns3
{
namespace ike
{
namespace
{

/// One end of a tunnel.
std::string
EndOfTunnel(const std::string& name, const std::string& own, const std::string& peer)
{
    return "  " + name + ":\n    config: |\n      hostname " + name + R"(
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 2
      crypto isakmp key secret address )" +
           peer + R"(
      crypto ipsec transform-set t esp-aes esp-sha-hmac
      crypto ipsec profile p
       set transform-set t
      interface Ethernet0/0
       ip address )" +
           own + R"( 255.255.255.252
      interface Tunnel0
       ip address 10.0.0.1 255.255.255.252
       tunnel source Ethernet0/0
       tunnel destination )" +
           peer + R"(
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
)";
}

/// A race of two ends, without a network. @param explore lines of the section
std::string
RaceText(const std::string& explore)
{
    return "version: 1\nname: race\ntitle: Two ends\n"
           "parameters:\n  n: {type: integer, default: 1, range: [0, 3], help: A number.}\n"
           "  who: {type: choice, choices: [none, one], default: none, help: Who only answers.}\n"
           "routers:\n" +
           EndOfTunnel("A", "192.0.2.1", "192.0.2.2") + EndOfTunnel("B", "192.0.2.2", "192.0.2.1") +
           "variants:\n  - when: {who: one}\n    routers:\n"
           "      B: {config: \"crypto ipsec profile p\\n responder-only\"}\n"
           "explore:\n" +
           explore;
}

Scenario
Expand(const std::string& explore, const ParameterValues& values = {})
{
    return ScenarioFile::Parse(RaceText(explore), "race.yaml").Expand(values);
}

/// What shall come out of a text.
struct PatternRow
{
    const char* text;    ///< a pattern
    const char* end;     ///< an end state, as a pattern that says all of it
    bool matches;        ///< EndPattern::Matches()
    bool isIn;           ///< EndPattern::IsIn()
    const char* comment; ///< why
};

/// An end state of words.
EndState
MakeEnd(const std::string& text)
{
    const EndPattern pattern = ParseEndPattern(text);
    EndState end;
    end.classes = pattern.classes;
    for (const auto& count : pattern.isakmp)
    {
        end.isakmp.push_back(*count);
    }
    for (const auto& count : pattern.pairs)
    {
        end.pairs.push_back(*count);
    }
    if (pattern.surplus)
    {
        end.isakmpSurplus = *pattern.surplus->first;
        end.pairSurplus = *pattern.surplus->second;
    }
    return end;
}

/// End states as people write them.
class PatternTestCase : public TestCase
{
  public:
    PatternTestCase()
        : TestCase("patterns of end states")
    {
    }

  private:
    void DoRun() override
    {
        const PatternRow rows[] = {
            {"clean", "clean; IKE 1/1 CH 1/1", true, true, "a class"},
            {"duplicate", "split, duplicate 0/1; IKE 1/1 CH 2/2", false, true, "one of two"},
            {"split, duplicate", "split, duplicate 0/1; IKE 1/1 CH 2/2", true, true, "both"},
            {"duplicate 1/*", "duplicate 0/1; IKE 1/1 CH 2/2", false, false, "surplus"},
            {"duplicate */1", "duplicate 0/1; IKE 1/1 CH 2/2", true, true, "any surplus"},
            {"IKE 2/2", "duplicate 1/1; IKE 2/2 CH 2/2", true, true, "no class"},
            {"CH 2/1", "duplicate 1/1; IKE 2/2 CH 2/2", false, false, "another count"},
            {"CH 2/*, IKE */2", "duplicate 1/1; IKE 2/2 CH 2/2", true, true, "any count"},
            {"CH 2/2/2", "duplicate 1/1; IKE 2/2 CH 2/2", false, false, "three nodes"},
            {"black hole", "black-hole, orphan; IKE 1/1 CH 1/0", false, true, "two words"},
        };
        for (const PatternRow& row : rows)
        {
            const EndPattern pattern = ParseEndPattern(row.text);
            const EndState end = MakeEnd(row.end);
            NS_TEST_EXPECT_MSG_EQ(pattern.Matches(end), row.matches, row.text << row.comment);
            NS_TEST_EXPECT_MSG_EQ(pattern.IsIn(end), row.isIn, row.text << row.comment);
        }
        for (const char* wrong : {"",
                                  "cleen",
                                  "IKE",
                                  "IKE 1-1",
                                  "clean 1/1",
                                  "duplicate 1",
                                  "IKE 1/1 CH 1/1/1",
                                  "IKE 99999999999/1",
                                  "2/2"})
        {
            NS_TEST_EXPECT_MSG_EQ(IsWrong(wrong), true, "'" << wrong << "' is a pattern");
        }
    }

    static bool IsWrong(const std::string& text)
    {
        try
        {
            ParseEndPattern(text);
        }
        catch (const std::invalid_argument&)
        {
            return true;
        }
        return false;
    }
};

/// The section as it was read.
class ReaderTestCase : public TestCase
{
  public:
    ReaderTestCase()
        : TestCase("explore: as values")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario scenario =
            Expand("  id: X-1\n"
                   "  begin: [start:A, start:B run]\n"
                   "  bounds: {losses: \"${n}\", horizon: 90 s, moves: "
                   "{\"reboot:A\": 2}}\n"
                   "  oracles: {off: all, on: [no-black-hole], datagrams: 9}\n"
                   "  settle: 60 s\n"
                   "  chooser: {kind: pct, runs: 7, depth: 2}\n"
                   "  configs: {A: {quiet: \"crypto ipsec profile p\\n "
                   "responder-only\"}}\n"
                   "  vary: {n: [1, 2], who: [none, one]}\n"
                   "  expect: {end_states: {at_most: [clean]}, never: "
                   "[black-hole, dead end], shortest: {duplicate: A B}, "
                   "violations: []}\n",
                   {{"n", "2"}});
        const ScenarioExplore& explore = *scenario.explore;
        NS_TEST_EXPECT_MSG_EQ(ToString(*explore.begin), "start:A start:B run", "begin");
        NS_TEST_EXPECT_MSG_EQ(explore.drive.bounds.losses, 2, "a parameter");
        NS_TEST_EXPECT_MSG_EQ(GetBound(explore.drive.bounds, "horizon"), "90s", "a duration");
        NS_TEST_EXPECT_MSG_EQ(explore.drive.bounds.moves.size(), 1, "moves");
        NS_TEST_EXPECT_MSG_EQ(explore.drive.oracles.size(), 1, "oracles");
        NS_TEST_EXPECT_MSG_EQ(explore.drive.rest.settle.ns, 60000000000, "settle");
        NS_TEST_EXPECT_MSG_EQ(explore.chooser.runs, 7, "runs");
        NS_TEST_EXPECT_MSG_EQ(explore.configs.size(), 1, "configurations");
        NS_TEST_EXPECT_MSG_EQ(explore.configs[0].config.ipsecProfiles.at("p").responderOnly,
                              true,
                              "behind the router's own text");
        NS_TEST_EXPECT_MSG_EQ(GetVariations(explore).size(), 4, "all combinations");
        NS_TEST_EXPECT_MSG_EQ(explore.expect.allReached, false, "at_most");
        NS_TEST_EXPECT_MSG_EQ(explore.expect.never.size(), 2, "never");
        NS_TEST_EXPECT_MSG_EQ(explore.expect.violations->size(), 0, "violations");
        NS_TEST_EXPECT_MSG_EQ(scenario.HasNetwork(), false, "no network is wanted");
    }
};

/// What is wrong with the section, and where.
class RaceErrorTestCase : public ScenarioErrorTestCase
{
  public:
    RaceErrorTestCase()
        : ScenarioErrorTestCase("errors of explore:",
                                RaceText("  begin: start:A\n  expect: {end: clean}\n"),
                                "race.yaml")
    {
    }

  private:
    void DoRun() override
    {
        const std::string begin = "begin: start:A";
        Expect(begin, "begun: start:A", "race.yaml:53:3: unknown key 'begun'");
        Expect(begin, "begin: start:A stat:B", "race.yaml:53:10: begin: word 2 'stat:B'");
        Expect(begin, "begin: start:C", "race.yaml:53:10: unknown router in 'start:C': 'C'");
        Expect(begin, "begin: config:A:x", "race.yaml:53:10: unknown configuration of A 'x'");
        Expect(begin, "bounds: {lossez: 2}", "race.yaml:53:12: ");
        Expect(begin, "bounds: {losses: some}", "race.yaml:53:20: ");
        Expect(begin, "bounds: {moves: {reboot: 1}}", "race.yaml:53:20: ");
        Expect(begin, "oracles: {on: [blackhole]}", "race.yaml:53:18: unknown oracle 'blackhole'");
        Expect(begin, "chooser: best", "race.yaml:53:12: chooser: 'best' is not right");
        Expect(begin, "chooser: {kind: random, runs: 0}", "race.yaml:53:33: runs: '0'");
        Expect(begin, "configs: {C: {x: \"!\"}}", "race.yaml:53:17: there is no router 'C'");
        Expect(begin, "configs: {A: {x: \"crypt\"}}", "race.yaml:53:20: router A: 'crypt'");
        Expect(begin, "packets: {A: {x: {from: here, to: 10.0.0.1}}}", "race.yaml:53:27: ");
        Expect(begin,
               "packets: {C: {x: {from: 10.0.0.2, to: 10.0.0.1}}}",
               "race.yaml:53:17: unknown router 'C'");
        Expect(begin, "vary: {m: [1]}", "race.yaml:53:10: unknown parameter 'm'");
        Expect(begin, "vary: {n: [9]}", "race.yaml:53:14: ");
        Expect(begin, "settle: 0 s", "race.yaml:53:11: settle: '0 s' is no time");
        Expect("end: clean", "end: cleen", "race.yaml:54:17: end: 'cleen' is no word");
        Expect("end: clean", "end: CH 1/1/1", "race.yaml:54:11: 'CH 1/1/1' counts SAs of 3");
        Expect("end: clean", "ends: clean", "race.yaml:54:12: unknown key 'ends'");
        Expect("end: clean", "end: clean, end_states: [clean]", "race.yaml:54:36: ");
        Expect("end: clean",
               "events: [{router: A, event: pair-upp, equals: 1}]",
               "race.yaml:54:40: unknown event 'pair-upp'");
        Expect("end: clean",
               "events: [{router: A, event: pair-up, equals: 1}]",
               "race.yaml:54:21: events of an exploration");
        Expect("end: clean", "violations: [x]", "race.yaml:54:25: unknown oracle 'x'");
        Expect("  B:\n    config: |\n      hostname B",
               "  drop:\n    config: |\n      hostname B",
               "race.yaml:28:3: 'drop' cannot stand in a schedule");
    }
};

/// Schedules, their end states, and what is expected of them.
class RaceTestCase : public TestCase
{
  public:
    RaceTestCase()
        : TestCase("a kept race")
    {
    }

  private:
    void DoRun() override
    {
        const std::string race = "  begin: start:A run\n  schedule: clear:A drop:A\n";
        RaceResult result = RunRace(Expand(race), RaceOptions());
        NS_TEST_ASSERT_MSG_EQ(result.ends.size(), 1, "one schedule has one end");
        NS_TEST_EXPECT_MSG_EQ(result.ends[0].end.isakmp.size(), 2, "of two nodes");
        const std::string end = result.ends[0].end.ToString();
        result = RunRace(Expand(race + "  expect: {end: \"" + end +
                                "\", violations: " + ListOracles(result) + "}\n"),
                         RaceOptions());
        NS_TEST_EXPECT_MSG_EQ(result.failures.size(), 0, "as it is");
        result =
            RunRace(Expand(race + "  expect: {end: CH 7/7, always: IKE 7/7, never: IKE 1/*}\n"),
                    RaceOptions());
        NS_TEST_EXPECT_MSG_EQ((result.failures.size() >= 4), true, "all are said");
        const std::string events =
            "schedule: clear:A drop:A\n  expect: {events: [{router: A, event: "
            "pair-removed, ";
        result =
            RunRace(Expand("  begin: start:A run\n  " + events + "equals: 1}]}\n"), RaceOptions());
        NS_TEST_EXPECT_MSG_EQ(FindFailure(result, "times pair-removed"), "", "so often");
        result = RunRace(Expand("  begin: start:A run\n  " + events + "at_least: 2}]}\n"),
                         RaceOptions());
        NS_TEST_EXPECT_MSG_EQ(FindFailure(result, "times pair-removed"),
                              "A has 1 times pair-removed, which is less than 2",
                              "too seldom");
        CheckErrors();
    }

    static std::string FindFailure(const RaceResult& result, const std::string& piece)
    {
        for (const auto& failure : result.failures)
        {
            if (failure.find(piece) != std::string::npos)
            {
                return failure;
            }
        }
        return "";
    }

    static std::string ListOracles(const RaceResult& result)
    {
        std::string text;
        for (const auto& row : result.violations)
        {
            text += (text.empty() ? "" : ", ") + row.violation.oracle;
        }
        return "[" + text + "]";
    }

    void CheckErrors()
    {
        std::string error;
        try
        {
            RunRace(Expand("  begin: start:A run\n  schedule: A\n"), RaceOptions());
        }
        catch (const ScenarioError& e)
        {
            error = e.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error.substr(0, 36), "race.yaml:54:13: schedule: word 1 'A", error);
    }
};

/// An exploration, the same each time.
class ExplorationTestCase : public TestCase
{
  public:
    ExplorationTestCase()
        : TestCase("explorations")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario one =
            Expand("  begin: start:A start:B\n  expect: {never: duplicate}\n", {{"who", "one"}});
        const RaceResult only = RunRace(one, RaceOptions());
        NS_TEST_EXPECT_MSG_EQ(only.failures.size(), 0, Join(only.failures));
        NS_TEST_EXPECT_MSG_EQ(only.coverage->complete, true, "all was seen");
        const Scenario both =
            Expand("  begin: start:A start:B\n  expect: {never: duplicate, violations: []}\n");
        const RaceResult two = RunRace(both, RaceOptions());
        NS_TEST_EXPECT_MSG_EQ(two.failures.empty(), false, "two ends make duplicates");
        const std::string golden = WriteGolden(both, two);
        NS_TEST_EXPECT_MSG_EQ(WriteGolden(both, RunRace(both, RaceOptions())), golden, "again");
        const RaceResult chance =
            RunRace(Expand("  begin: start:A start:B\n  chooser: {kind: random, runs: 20}\n"),
                    RaceOptions());
        NS_TEST_EXPECT_MSG_EQ(chance.runs, 20, "by chance");
    }

    static std::string Join(const std::vector<std::string>& lines)
    {
        std::string text;
        for (const auto& line : lines)
        {
            text += line + "\n";
        }
        return text;
    }
};

/// What is written can be read, and shows the same.
class RaceFileTestCase : public TestCase
{
  public:
    RaceFileTestCase()
        : TestCase("a race as a scenario of its own")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario scenario =
            Expand("  begin: start:A start:B\n  schedule: A offer:A:ping B\n"
                   "  packets: {A: {ping: {from: 10.0.0.1, to: 10.0.0.2}}}\n"
                   "  configs: {A: {quiet: {config: \"crypto ipsec profile p\\n responder-only\", "
                   "knobs: {RestartPause: 7 s}}}}\n");
        const RaceResult result = RunRace(scenario, RaceOptions());
        const std::string text = WriteRaceScenario(scenario, result, "an other!", "Another");
        const Scenario again = ScenarioFile::Parse(text, "again.yaml").Expand();
        const RaceResult same = RunRace(again, RaceOptions());
        NS_TEST_EXPECT_MSG_EQ(same.failures.size(), 0, text);
        NS_TEST_EXPECT_MSG_EQ(same.ends[0].end.ToString(), result.ends[0].end.ToString(), "end");
        NS_TEST_EXPECT_MSG_EQ(again.name, "an-other-", "a name");
        const RestKnobs rest;
        NS_TEST_EXPECT_MSG_EQ(
            WriteSteps(BuildWorld(again, 1), *again.explore->schedule, rest),
            WriteSteps(BuildWorld(scenario, 1), *scenario.explore->schedule, rest),
            "octet by octet");
    }
};

/// A schedule in ns-3.
class SimulationTestCase : public TestCase
{
  public:
    SimulationTestCase()
        : TestCase("schedules in ns-3")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* schedule :
             {"start:A run",
              "start:A start:B A B A B A B run",
              "start:A A B dup:A A A run",
              "start:A drop:A timer run",
              "start:A start:B A late:B B run",
              "start:A run clear:A drop:A wait:40s run",
              "start:A run reboot:B start:B run",
              "start:A A B A B A B A drop:B timer run", // two timers, a step apart
              "start:A delay:A:3s run timer run"})
        {
            const Scenario scenario = Expand(std::string("  schedule: \"") + schedule + "\"\n");
            const ScenarioWorld world = BuildWorld(scenario, 5);
            SimulationOptions options;
            options.seed = 5;
            const SimulationReport report =
                SimulateSchedule(scenario, world, *scenario.explore->schedule, options);
            NS_TEST_EXPECT_MSG_EQ((report.events > 10), true, schedule);
            NS_TEST_EXPECT_MSG_EQ(
                report.differences.size(),
                0,
                schedule << ": " << (report.differences.empty() ? "" : report.differences.front()));
        }
    }
};

/// The suite.
class IkeRaceTestSuite : public TestSuite
{
  public:
    IkeRaceTestSuite()
        : TestSuite("ike-race", Type::SYSTEM)
    {
        AddTestCase(new PatternTestCase, TestDuration::QUICK);
        AddTestCase(new ReaderTestCase, TestDuration::QUICK);
        AddTestCase(new RaceErrorTestCase, TestDuration::QUICK);
        AddTestCase(new RaceTestCase, TestDuration::QUICK);
        AddTestCase(new ExplorationTestCase, TestDuration::QUICK);
        AddTestCase(new RaceFileTestCase, TestDuration::QUICK);
        AddTestCase(new SimulationTestCase, TestDuration::QUICK);
    }
};

IkeRaceTestSuite g_ikeRaceTestSuite; ///< the suite

} // namespace
} // namespace ike
} // namespace ns3
