/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-distribution.h"
#include "ns3/ike-flow-pace.h"
#include "ns3/ike-loss.h"
#include "ns3/ike-scenario-draws.h"
#include "ns3/ike-scenario.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

using Span = ns3::ike::Duration;

/// Everything that can be drawn; tests replace lines of it.
const char* const GOOD = R"yaml(version: 1
name: drawn
title: Drawn
parameters:
  begin: {type: duration, default: 'uniform(0 s, 5 s)', range: [0 s, 10 s], help: Begin.}
duration: 60 s
network:
  hosts: [H1, H2]
  links:
    lan: {ends: {H1: 10.0.0.1/24, R1: Ethernet0/0}, delay: "normal(20 ms, 5 ms, min 1 ms)"}
    other: {ends: {H2: 10.0.1.1/24, R1: Ethernet0/1}, loss: "uniform(0 %, 4 %)", delay: 1 ms}
  cloud:
    core: {delay: "choice(5 ms, 10 ms)", jitter: exponential(1 ms)}
  tree:
    oak: {delay: "uniform(1 ms, 9 ms)", loss: "burst(1 %, 2 packets, 4 packets)"}
groups:
  S:
    count: 4
    cloud: oak
    wan: 172.16.0.0/12
    lan: 10.128.0.0/9
    start: 1 s + ${begin}
routers:
  R1:
    config: |
      interface Ethernet0/0
       ip address 10.0.0.2 255.255.255.0
      interface Ethernet0/1
       ip address 10.0.1.2 255.255.255.0
events:
  - {at: "20 s + exponential(mean 1 s, max 5 s)", router: R1, reboot: {down: 1 s}}
  - {at: "uniform(5 s, 15 s)", router: S*, power: off, down: 2 s}
  - {at: "uniform(30 s, 40 s)", cloud: oak, door: S*, flap: {down: 1 s, every: 3 s, times: 2}}
offer:
  - {name: a, from: H1, to: H2, size: 100 B, every: exponential(100 ms), start: "${begin}"}
  - {name: b, from: H2, to: H1, size: 100 B, every: 10 ms, on: exponential(1 s), off: "uniform(1 s, 2 s)"}
)yaml";

/// What is written, and the one way to write it; of the errors how they begin.
class TextTestCase : public TestCase
{
  public:
    TextTestCase()
        : TestCase("texts of distributions")
    {
    }

  private:
    void Good(const std::string& text,
              const std::string& canonical,
              DistributionUnit unit = DistributionUnit::Duration)
    {
        try
        {
            const auto draw = Distribution::Parse(text, unit);
            NS_TEST_EXPECT_MSG_EQ(draw.ToString(), canonical, text);
            NS_TEST_EXPECT_MSG_EQ(Distribution::Parse(canonical, unit).ToString(),
                                  canonical,
                                  "it reads what it writes");
        }
        catch (const DistributionError& e)
        {
            NS_TEST_EXPECT_MSG_EQ(std::string(e.what()), "", text);
        }
    }

    void Bad(const std::string& text, const std::string& error)
    {
        std::string got;
        try
        {
            Distribution::Parse(text, DistributionUnit::Duration);
        }
        catch (const DistributionError& e)
        {
            got = std::string(e.what()) + "; expected " + e.expected;
        }
        NS_TEST_EXPECT_MSG_EQ(got.substr(0, error.size()), error, text << " gives: " << got);
    }

    void DoRun() override
    {
        const std::string plain = "uniform(0 s, 5 s)";
        Good(plain, plain);
        Good(" uniform( 0 s ,5000 ms ) ", plain);
        Good("uniform(max 5 s, min 0 s)", "uniform(0 s, 5 s)");
        Good("10 s + 500 ms + uniform(0 s, 5 s)", "10500 ms + uniform(0 s, 5 s)");
        Good("0 s + uniform(0 s, 5 s)", plain);
        Good("normal(20 ms, 5 ms, min 1 ms)", "normal(20 ms, 5 ms, min 1 ms)");
        Good("normal(mean 20 ms, sd 5 ms, max 30 ms, min 1 ms)",
             "normal(20 ms, 5 ms, min 1 ms, max 30 ms)");
        Good("exponential(mean 1 s)", "exponential(1 s)");
        Good("loguniform(1 ms, 1 s)", "loguniform(1 ms, 1 s)");
        Good("choice(1 s, 2 * 1 s)", "choice(1 s, 2 s)");
        Good("uniform(0 %, 2.5%)", "uniform(0 %, 2.5 %)", DistributionUnit::Percent);
        Bad("unifrom(0 s, 5 s)", "unknown distribution 'unifrom'; expected uniform, loguniform, ");
        Bad("uniform(5 s, 0 s)", "the least value is more than the greatest");
        Bad("uniform(0 s)", "uniform needs 'max'; expected uniform(LEAST, GREATEST)");
        Bad("uniform(0 s, 1 s, 2 s)", "'2 s' is one value too many");
        Bad("uniform(0, 1 s)", "'0' is no duration; expected a duration");
        Bad("uniform(mean 1 s, 2 s)", "uniform has no 'mean'; expected min or max");
        Bad("uniform(0 s, 1 s", "'uniform(0 s, 1 s' does not end with its ')'");
        Bad("uniform(0 s, 1 s) + 1 s", "'uniform(0 s, 1 s) + 1 s' does not end with its ')'");
        Bad("3 * uniform(0 s, 1 s)", "'3 *' stands before uniform");
        Bad("normal(1 s, 0 s)", "a standard deviation is more than zero");
        Bad("normal(mean 1 s, mean 1 s)", "'mean' stands here twice");
        Bad("normal(1 s, 1 ms, min 2 s)", "almost nothing of it lies between");
        Bad("exponential(0 s)", "the mean is more than zero");
        Bad("loguniform(0 s, 1 s)", "factors need a least value of more than zero");
        Bad("choice()", "'' is no duration");
        Bad("(1 s)", "unknown distribution ''");
    }
};

/// Quantiles against known values; limits cut off and do not pile up.
class QuantileTestCase : public TestCase
{
  public:
    QuantileTestCase()
        : TestCase("quantiles of distributions")
    {
    }

  private:
    void Expect(const std::string& text, double u, double milliseconds)
    {
        const double got = Distribution::Parse(text, DistributionUnit::Duration).GetQuantile(u);
        NS_TEST_EXPECT_MSG_EQ_TOL(got / 1e6, milliseconds, 1e-6, text << " at " << u);
    }

    void DoRun() override
    {
        Expect("uniform(10 ms, 20 ms)", 0.25, 12.5);
        Expect("1 s + uniform(10 ms, 20 ms)", 0.25, 1012.5);
        Expect("loguniform(1 ms, 100 ms)", 0.5, 10);
        Expect("choice(1 ms, 2 ms, 3 ms)", 0.34, 2);
        Expect("choice(1 ms, 2 ms, 3 ms)", 1, 3);
        Expect("exponential(1 s)", 0.5, 1000 * std::log(2.0));
        Expect("exponential(1 s, max 1 s)", 1, 1000);
        // Tables of the normal distribution: 2.575829 of 0.995, 0.674490 of 0.75.
        Expect("normal(100 ms, 10 ms)", 0.5, 100);
        Expect("normal(100 ms, 10 ms)", 0.995, 125.75829303548901);
        Expect("normal(100 ms, 10 ms)", 0.25, 93.255102498039);
        Expect("normal(100 ms, 1 ms)", 1e-9, 94.002192960145);
        // Of the half above the mean the median is at 0.75.
        Expect("normal(100 ms, 10 ms, min 100 ms)", 0.5, 106.744897501961);
        Expect("normal(100 ms, 10 ms, min 95 ms)", 0, 95);
        const auto open = Distribution::Parse("exponential(1 s)", DistributionUnit::Duration);
        NS_TEST_EXPECT_MSG_EQ(std::isinf(open.GetGreatest()), true, "no end");
        NS_TEST_EXPECT_MSG_EQ(std::isfinite(open.GetQuantile(1)), true, "a value all the same");
        NS_TEST_EXPECT_MSG_EQ(open.GetLeast(), 0, "not below");
    }
};

Scenario
Read(const std::string& text, const ParameterValues& values = {})
{
    return ScenarioFile::Parse(text, "s.yaml").Expand(values);
}

/// What is drawn goes by seed and name.
class DrawTestCase : public TestCase
{
  public:
    DrawTestCase()
        : TestCase("values are drawn by seed and name")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario plain = Read(GOOD);
        const Scenario drawn = DrawValues(plain, 1);
        NS_TEST_EXPECT_MSG_EQ(drawn.GetHash(), plain.GetHash(), "the scenario is the same");
        NS_TEST_EXPECT_MSG_EQ(DescribeDraws(drawn), DescribeDraws(DrawValues(plain, 1)), "again");
        NS_TEST_EXPECT_MSG_NE(DescribeDraws(drawn), DescribeDraws(DrawValues(plain, 2)), "a seed");
        NS_TEST_EXPECT_MSG_EQ((drawn.links[0].delay >= Span::Milliseconds(1)), true, "limit");
        NS_TEST_EXPECT_MSG_EQ((drawn.links[1].loss > 0 && drawn.links[1].loss < 0.04), true, "");
        NS_TEST_EXPECT_MSG_EQ(drawn.links[1].delay.ns, 1000000, "fixed");
        const bool isOne = drawn.clouds[0].delay == Span::Milliseconds(5) ||
                           drawn.clouds[0].delay == Span::Milliseconds(10);
        NS_TEST_EXPECT_MSG_EQ(isOne, true, "a choice");
        CheckTree(drawn);
        CheckEvents(drawn);
        // One more flow, link and event leave the others as they were.
        std::string more = Replaced(
            GOOD,
            "offer:\n",
            "offer:\n  - {name: c, from: H1, to: H2, size: 9 B, every: 1 s, start: '${begin}'}\n");
        more =
            Replaced(more,
                     "events:\n",
                     "events:\n  - {at: 'uniform(1 s, 2 s)', cloud: oak, door: S1, state: up}\n");
        const Scenario other = DrawValues(Read(more), 1);
        NS_TEST_EXPECT_MSG_EQ(other.offer[1].start.ns, drawn.offer[0].start.ns, "flow a");
        NS_TEST_EXPECT_MSG_NE(other.offer[0].start.ns, drawn.offer[0].start.ns, "its own");
        NS_TEST_EXPECT_MSG_EQ(other.links[0].delay.ns, drawn.links[0].delay.ns, "link");
        // A parameter says of what is drawn.
        const Scenario fixed = DrawValues(Read(GOOD, {{"begin", "3 s"}}), 1);
        NS_TEST_EXPECT_MSG_EQ(fixed.offer[0].start.ns, Span::Seconds(3).ns, "a fixed value");
        NS_TEST_EXPECT_MSG_NE(fixed.GetHash(), plain.GetHash(), "another scenario");
        const Scenario half = DrawValues(Read(GOOD, {{"begin", "uniform(0 s, 2500 ms)"}}), 1);
        NS_TEST_EXPECT_MSG_EQ_TOL(half.offer[0].start.ToSeconds() * 2,
                                  drawn.offer[0].start.ToSeconds(),
                                  1e-8,
                                  "the same chance");
    }

    void CheckTree(const Scenario& drawn)
    {
        std::set<int64_t> delays;
        for (const auto& door : drawn.clouds[1].doors)
        {
            delays.insert(door.delay.value_or(Span{}).ns);
        }
        NS_TEST_EXPECT_MSG_EQ(delays.size(), 4, "each member has its own");
        NS_TEST_EXPECT_MSG_EQ((*delays.begin() > 1000000), true, "within");
    }

    /// Both halves of a flap are drawn together; each door, and each router, by itself.
    void CheckEvents(const Scenario& drawn)
    {
        using Kind = ScenarioEvent::Kind;
        std::map<std::string, std::vector<int64_t>> doors;
        std::set<int64_t> starts;
        std::map<std::string, int64_t> offs;
        for (const auto& event : drawn.events)
        {
            if (event.kind == Kind::DoorDown || event.kind == Kind::DoorUp)
            {
                doors[event.door].push_back(event.at.ns);
            }
            if (event.kind == Kind::PowerOff && Span{} < event.at)
            {
                offs[event.where] = event.at.ns;
            }
            if (event.kind == Kind::PowerOn && offs.count(event.where) != 0)
            {
                NS_TEST_EXPECT_MSG_EQ(event.at.ns - offs[event.where],
                                      Span::Seconds(2).ns,
                                      "without power for 2 s");
                offs.erase(event.where);
            }
            else if (event.kind == Kind::PowerOn)
            {
                starts.insert(event.at.ns);
                NS_TEST_EXPECT_MSG_EQ((event.at >= Span::Seconds(1)), true, "1 s + ...");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(starts.size(), 4, "each router");
        NS_TEST_EXPECT_MSG_EQ(doors.size(), 4, "each door");
        std::set<int64_t> first;
        for (const auto& [door, times] : doors)
        {
            NS_TEST_ASSERT_MSG_EQ(times.size(), 4, "two flaps");
            first.insert(times[0]);
            NS_TEST_EXPECT_MSG_EQ(times[1] - times[0], Span::Seconds(1).ns, "down for 1 s");
            NS_TEST_EXPECT_MSG_EQ(times[2] - times[0], Span::Seconds(3).ns, "every 3 s");
        }
        NS_TEST_EXPECT_MSG_EQ(first.size(), 4, "at times of their own");
    }
};

/// Errors stand at their place.
class DrawErrorTestCase : public ScenarioErrorTestCase
{
  public:
    DrawErrorTestCase()
        : ScenarioErrorTestCase("errors of distributions", GOOD, "s.yaml")
    {
    }

  private:
    void DoRun() override
    {
        Expect("normal(20 ms, 5 ms, min 1 ms)",
               "normal(20 ms, 5 ms)",
               "s.yaml:10:60: delay: 'normal(20 ms, 5 ms)' may be negative; expected 'min 0 s'");
        Expect("normal(20 ms, 5 ms, min 1 ms)",
               "nrmal(20 ms, 5 ms)",
               "s.yaml:10:60: delay: 'nrmal(20 ms, 5 ms)' is not right: unknown distribution "
               "'nrmal'; expected uniform, loguniform, normal, exponential or choice (did you "
               "mean 'normal'?)");
        Expect("uniform(0 %, 4 %)",
               "uniform(4 %, 0 %)",
               "s.yaml:11:61: loss: 'uniform(4 %, 0 %)' is not right: the least value");
        Expect("uniform(0 %, 4 %)",
               "exponential(4 %)",
               "s.yaml:11:61: loss: 'exponential(4 %)' may");
        Expect(
            "burst(1 %, 2 packets, 4 packets)",
            "burst(1 %, 4 packets, 2 packets)",
            "s.yaml:15:47: loss: 'burst(1 %, 4 packets, 2 packets)' is not right; expected burst");
        Expect("duration: 60 s",
               "duration: uniform(1 s, 2 s)",
               "s.yaml:6:11: duration: 'uniform(1 s, 2 s)' stands where nothing is drawn");
        Expect("'uniform(0 s, 5 s)', range",
               "'uniform(0 s, 50 s)', range",
               "s.yaml:5:36: parameter 'begin': 'uniform(0 s, 50 s)' is not right; expected");
        Expect("'uniform(0 s, 5 s)', range",
               "'uniform(0 s, 5)', range",
               "s.yaml:5:36: parameter 'begin': 'uniform(0 s, 5)' is not right: '5' is no");
        Expect("max 5 s)",
               "min 0 s)",
               "s.yaml:31:5: the event at 20 s + exponential(1 s, min 0 s) may come after the end");
        Expect("every: 10 ms, on: exponential(1 s), ", "every: 10 ms, ", "s.yaml:36:65: off: it");
        Expect("on: exponential(1 s)", "on: 0 s", "s.yaml:36:64: on: '0 s' is no time at all");
        Expect("every: exponential(100 ms)", "every: 0 s", "s.yaml:35:53: every: '0 s' is no time");
    }
};

/// The times of packets have the mean of their distribution, and phases their lengths.
class PaceTestCase : public TestCase
{
  public:
    PaceTestCase()
        : TestCase("packets at a pace")
    {
    }

  private:
    static std::vector<Time> Packets(const ScenarioFlow& flow, size_t count)
    {
        FlowPace pace(flow.pace, flow.every, flow.start, flow.name);
        std::vector<Time> times{NanoSeconds(flow.start.ns)};
        while (times.size() < count)
        {
            times.push_back(pace.GetNext(times.back()));
        }
        return times;
    }

    void DoRun() override
    {
        const Scenario drawn = DrawValues(Read(GOOD), 1);
        const auto poisson = Packets(drawn.offer[0], 10001);
        const double mean = (poisson.back() - poisson.front()).GetSeconds() / 10000;
        NS_TEST_EXPECT_MSG_EQ_TOL(mean, 0.1, 0.004, "exponential: four standard errors");
        size_t longer = 0;
        for (size_t i = 1; i < poisson.size(); ++i)
        {
            longer += (poisson[i] - poisson[i - 1]).GetSeconds() > 0.1 ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(longer) / 10000, std::exp(-1.0), 0.02, "");
        const auto phases = Packets(drawn.offer[1], 20000);
        size_t gaps = 0;
        for (size_t i = 1; i < phases.size(); ++i)
        {
            const double gap = (phases[i] - phases[i - 1]).GetSeconds();
            NS_TEST_ASSERT_MSG_EQ((gap < 0.010001 || (gap >= 1 && gap <= 2.01)), true, "" << gap);
            gaps += gap > 0.5 ? 1 : 0;
        }
        // 20000 packets of 10 ms are 200 phases of 1 s in the mean.
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(gaps), 200, 60, "phases");
    }
};

/// Losses come in runs of the lengths that are said.
class BurstTestCase : public TestCase
{
  public:
    BurstTestCase()
        : TestCase("bursts of losses")
    {
    }

  private:
    void DoRun() override
    {
        auto model = DynamicCast<BurstErrorModel>(MakeLoss(0, ScenarioBurst{0.002, 3, 5}));
        NS_TEST_ASSERT_MSG_EQ((model != nullptr), true, "a model");
        AssignBurstStreams(model, "x");
        std::vector<size_t> lengths(20, 0);
        size_t run = 0;
        size_t lost = 0;
        for (unsigned i = 0; i < 200000; ++i)
        {
            const bool isLost = model->IsCorrupt(Create<Packet>(10));
            lost += isLost ? 1 : 0;
            run += isLost ? 1 : 0;
            if (!isLost && run > 0)
            {
                ++lengths[std::min<size_t>(run, 19)];
                run = 0;
            }
        }
        NS_TEST_EXPECT_MSG_EQ(lengths[1] + lengths[2], 0, "none is shorter");
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(lost), 200000 * 0.002 * 4, 250, "share");
        for (const size_t length : {3, 4, 5})
        {
            NS_TEST_EXPECT_MSG_EQ((lengths[length] > 90), true, length << " packets");
        }
        NS_TEST_EXPECT_MSG_EQ((MakeLoss(0, {}) == nullptr), true, "no loss, no model");
    }
};

/// Distributions of scenario files.
class IkeDistributionTestSuite : public TestSuite
{
  public:
    IkeDistributionTestSuite()
        : TestSuite("ike-distribution", Type::UNIT)
    {
        AddTestCase(new TextTestCase, TestDuration::QUICK);
        AddTestCase(new QuantileTestCase, TestDuration::QUICK);
        AddTestCase(new DrawTestCase, TestDuration::QUICK);
        AddTestCase(new DrawErrorTestCase, TestDuration::QUICK);
        AddTestCase(new PaceTestCase, TestDuration::QUICK);
        AddTestCase(new BurstTestCase, TestDuration::QUICK);
    }
};

IkeDistributionTestSuite g_ikeDistributionTestSuite; ///< registers itself

} // namespace
