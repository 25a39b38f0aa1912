/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"
#include "ns3/test.h"

#include <filesystem>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

namespace fs = std::filesystem;

/// The shipped scenarios, wherever the tests are run: where the build says, or upward from the
/// working folder.
fs::path
ScenarioFolder()
{
    const fs::path name = fs::path("examples") / "scenarios";
#ifdef NS3_IKE_SCENARIO_DIR
    if (fs::exists(fs::path(NS3_IKE_SCENARIO_DIR)))
    {
        return NS3_IKE_SCENARIO_DIR;
    }
#endif
    for (fs::path folder = fs::current_path();; folder = folder.parent_path())
    {
        for (const auto& below : {fs::path("."), fs::path("contrib") / "ike"})
        {
            if (fs::exists(folder / below / name / "passive-left.yaml"))
            {
                return folder / below / name;
            }
        }
        if (folder == folder.parent_path())
        {
            return name;
        }
    }
}

/// A run of a shipped scenario: what must come out stands there under `expect:`.
struct StoryRow
{
    const char* scenario;     ///< name of its file
    ParameterValues values;   ///< beside the defaults
    size_t leastExpectations; ///< so many of its expectations are about this run
};

/// What passive mode costs: each story also without it, and with its other ends.
const StoryRow STORIES[] = {
    {"passive-left", {}, 3},
    {"passive-left", {{"left", "false"}}, 3},
    {"passive-downgrade", {}, 2},
    {"passive-downgrade", {{"mode", "strict"}}, 3},
    {"passive-downgrade", {{"attack", "none"}}, 2},
    {"passive-downgrade", {{"until", "8 min"}}, 1},
    {"passive-downgrade", {{"mode", "mixed"}}, 3},
    {"passive-downgrade", {{"mode", "mixed"}, {"until", "15 s"}}, 2},
    {"passive-silent-end", {}, 4},
    {"passive-silent-end", {{"silent", "none"}}, 1},
    {"passive-silent-end", {{"silent", "both"}}, 2},
    {"passive-silent-end", {{"silent", "both"}, {"speaker", "both"}}, 2},
    {"passive-silent-end", {{"speaker", "both"}}, 2},
    {"passive-collision", {}, 4},
    {"passive-collision", {{"heal", "0 s"}}, 3},
    {"passive-collision", {{"skew", "5 s"}}, 3},
    {"passive-lost-delete", {}, 3},
    {"passive-lost-delete", {{"mode", "strict"}}, 3},
    {"passive-lost-delete", {{"heal", "200 s"}}, 2},
    {"passive-redundant", {}, 3},
    {"passive-redundant", {{"mode", "strict"}}, 3},
    {"passive-redundant", {{"off", "1 min"}}, 3},
};

/// One of these runs.
class StoryTestCase : public TestCase
{
  public:
    explicit StoryTestCase(const StoryRow& row)
        : TestCase(NameOf(row)),
          m_row(row)
    {
    }

  private:
    /// @param row a run @return the scenario and its values
    static std::string NameOf(const StoryRow& row)
    {
        std::string name = row.scenario;
        for (const auto& [parameter, value] : row.values)
        {
            name += " " + parameter + "=" + value;
        }
        return name;
    }

    void DoRun() override
    {
        const fs::path file = ScenarioFolder() / (std::string(m_row.scenario) + ".yaml");
        const Scenario scenario = ScenarioFile::Load(file.string()).Expand(m_row.values);
        const RunResults results = RunScenario(scenario, RunOptions{1, "", nullptr});
        NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, "identities");
        NS_TEST_EXPECT_MSG_EQ(results.packets.offered,
                              results.packets.delivered + results.packets.SumDropped() +
                                  results.packets.inFlight,
                              "end-to-end identity");
        NS_TEST_EXPECT_MSG_GT_OR_EQ(scenario.expect.size(),
                                    m_row.leastExpectations,
                                    "expectations of this run");
        for (const auto& failure : CheckExpectations(scenario.expect, WriteResultsJson(results)))
        {
            NS_TEST_EXPECT_MSG_EQ(failure, "", "expected");
        }
    }

    StoryRow m_row; ///< the run
};

/// Two ways to the peer's LAN, a crypto map on one of them.
const char* const TWO_DOORS = R"(version: 1
name: two-doors
title: Two interfaces, one with a crypto map
parameters:
  mode: {type: choice, choices: [strict, passive], default: strict, help: Of both routers.}
duration: 40 s
routers:
  R1:
    configs: passive-pair-r1.ios
    config: |
      interface Ethernet0/0
       crypto map pair
      interface Ethernet0/2
       ip address 198.51.100.1 255.255.255.252
  R2:
    configs: passive-pair-r2.ios
    config: |
      interface Ethernet0/0
       crypto map pair
      interface Ethernet0/2
       ip address 198.51.100.2 255.255.255.252
network:
  hosts: [H1, H2]
  links:
    lan1: {ends: {H1: 10.1.0.10/24, R1: Ethernet0/1}}
    lan2: {ends: {H2: 10.2.0.10/24, R2: Ethernet0/1}}
    first: {ends: {R1: Ethernet0/0, R2: Ethernet0/0}}
    second: {ends: {R1: Ethernet0/2, R2: Ethernet0/2}}
variants:
  - when: {mode: passive}
    routers:
      R1: {config: crypto ipsec optional}
      R2: {config: crypto ipsec optional}
events:
  - {at: 20.25 s, router: R1, type: [enable, configure terminal, no ip route 10.2.0.0 255.255.255.0 203.0.113.2, ip route 10.2.0.0 255.255.255.0 198.51.100.2]}
offer:
  - {name: out, from: H1, to: H2, size: 200 B, every: 1 s, start: 1 s}
  - {name: back, from: H2, to: H1, size: 200 B, every: 1 s, start: 1.5 s}
expect:
  - {quantity: flows.out.packets_clear, equals: 19}
  - {quantity: flows.out.packets_protected, equals: 19}
  - {quantity: flows.out.packets_delivered, equals: 38}
  - {quantity: flows.back.packets_protected, equals: 39}
  - {quantity: flows.back.packets_delivered, equals: 39}
)";

/// The crypto map of one interface is not asked about another one.
class TwoDoorsTestCase : public TestCase
{
  public:
    TwoDoorsTestCase()
        : TestCase("two interfaces, one with a crypto map: the route decides")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* const mode : {"strict", "passive"})
        {
            const auto file =
                ScenarioFile::Parse(TWO_DOORS, "two-doors.yaml", ScenarioFolder().string());
            const Scenario scenario = file.Expand({{"mode", mode}});
            const RunResults results = RunScenario(scenario, RunOptions{1, "", nullptr});
            NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, "identities");
            for (const auto& failure :
                 CheckExpectations(scenario.expect, WriteResultsJson(results)))
            {
                NS_TEST_EXPECT_MSG_EQ(failure, "", mode);
            }
        }
    }
};

/// What IPsec passive mode costs, in all variants of the shipped scenarios.
class IkePassiveStoriesTestSuite : public TestSuite
{
  public:
    IkePassiveStoriesTestSuite()
        : TestSuite("ike-passive-stories", Type::SYSTEM)
    {
        for (const StoryRow& row : STORIES)
        {
            AddTestCase(new StoryTestCase(row), TestDuration::QUICK);
        }
        AddTestCase(new TwoDoorsTestCase, TestDuration::QUICK);
    }
};

IkePassiveStoriesTestSuite g_ikePassiveStoriesTestSuite; ///< registers itself

} // namespace
