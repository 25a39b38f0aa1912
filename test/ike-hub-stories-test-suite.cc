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
#include <utility>

using namespace ns3;
using namespace ns3::ike;

namespace
{

namespace fs = std::filesystem;

/// The shipped scenarios, from wherever the tests are run within the source tree.
std::string
PathOf(const std::string& name)
{
    const fs::path file = fs::path("examples") / "scenarios" / (name + ".yaml");
#ifdef NS3_IKE_SCENARIO_DIR
    if (fs::exists(fs::path(NS3_IKE_SCENARIO_DIR) / file.filename()))
    {
        return (fs::path(NS3_IKE_SCENARIO_DIR) / file.filename()).string();
    }
#endif
    for (fs::path folder = fs::current_path();; folder = folder.parent_path())
    {
        for (const auto& below : {fs::path("."), fs::path("contrib") / "ike"})
        {
            if (fs::exists(folder / below / file))
            {
                return (folder / below / file).string();
            }
        }
        if (folder == folder.parent_path())
        {
            return file.string();
        }
    }
}

/// A scenario with some values, and what must come out.
struct Row
{
    const char* name;       ///< of the scenario
    ParameterValues values; ///< but the defaults
    const char* quantity;   ///< of the results
    double number;          ///< its value
};

/// What the scenarios about many tunnels, and about dead ends, say.
class HubStoriesTestCase : public TestCase
{
  public:
    HubStoriesTestCase()
        : TestCase("stories of hubs, meshes and dead ends: outcomes with other values")
    {
    }

  private:
    void DoRun() override
    {
        const char* pairs = "totals.ipsec_duplicates";
        const Row rows[] = {
            {"mesh-start", {{"responder_only", "one"}}, pairs, 0},
            {"mesh-start", {{"n", "4"}, {"jitter", "0 s"}}, pairs, 6},
            {"mesh-start",
             {{"n", "4"}, {"jitter", "0 s"}, {"length", "90 s"}},
             "totals.peers_split_at_end",
             6},
            {"mesh-start",
             {{"n", "4"}, {"early_answers", "true"}, {"jitter", "10 s"}, {"length", "90 s"}},
             "totals.peers_with_duplicates",
             0},
            {"mesh-start",
             {{"n", "4"},
              {"early_answers", "true"},
              {"jitter", "100 ms"},
              {"responder_only", "one"},
              {"length", "90 s"}},
             "totals.peers_broken_at_end",
             0},
            {"convergence-storm", {{"spokes", "5"}}, pairs, 5},
            {"convergence-storm", {{"responder_only", "hubs"}}, pairs, 0},
            {"convergence-storm", {{"responder_only", "spokes"}}, pairs, 0},
            {"rekey-storm", {{"responder_only", "hub"}}, pairs, 0},
            {"rekey-storm", {{"hub_margin", "30 s"}}, pairs, 0},
            {"rekey-storm", {{"spokes", "3"}}, pairs, 18},
            {"both-responder-only", {{"responder_only", "one"}}, "totals.packets_delivered", 350},
            {"silent-initiator", {{"first", "1 min"}}, "flows.H2-H1.packets_delivered", 119},
            {"silent-initiator",
             {{"responder_only", "false"}},
             "flows.H2-H1.packets_delivered",
             175},
        };
        for (const auto& row : rows)
        {
            const std::string path = PathOf(row.name);
            const Scenario scenario = ScenarioFile::Load(path).Expand(row.values);
            const RunResults results = RunScenario(scenario, RunOptions{1, "", nullptr});
            const std::string json = WriteResultsJson(results);
            NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, row.name);
            for (const auto& failure : CheckExpectations(scenario.expect, json))
            {
                NS_TEST_EXPECT_MSG_EQ(failure, "", row.name);
            }
            NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, row.quantity), row.number, row.name);
        }
    }
};

/// Large groups are one entry, and nothing gets lost.
class GroupSumsTestCase : public TestCase
{
  public:
    GroupSumsTestCase()
        : TestCase("results: a large group is one entry with the sums of its members")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario = ScenarioFile::Load(PathOf("convergence-storm"))
                                .Expand({{"spokes", "4"}, {"hubs", "2"}});
        const RunOptions options{1, "", nullptr};
        const std::string all = WriteResultsJson(RunScenario(scenario, options));
        scenario.endsListed = 3;
        scenario.flowsListed = 3;
        const std::string sums = WriteResultsJson(RunScenario(scenario, options));
        const auto sum = [&all](const std::string& before, const std::string& behind) {
            double total = 0;
            for (const char* spoke : {"S1", "S2", "S3", "S4"})
            {
                total += FindQuantity(all, before + spoke + behind);
            }
            return total;
        };
        for (const char* quantity :
             {".outbound.in", ".crypto.hmacs", ".counters.events.pair-up", ".line_up_seconds"})
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(FindQuantity(sums, std::string("ends.S*") + quantity),
                                      sum("ends.", quantity),
                                      1e-6,
                                      quantity);
        }
        // Spokes 1 and 3 are at hub 1.
        for (const char* quantity : {".pairs_at_end", ".up_seconds"})
        {
            const std::string behind = quantity;
            NS_TEST_EXPECT_MSG_EQ_TOL(FindQuantity(sums, "ends.H1.peers.S*" + behind),
                                      FindQuantity(all, "ends.H1.peers.S1" + behind) +
                                          FindQuantity(all, "ends.H1.peers.S3" + behind),
                                      1e-6,
                                      quantity);
        }
        // Both hubs' peers at their worst: each spoke has a pair too many at the same time.
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(sums, "ends.H1.peers.S*.pairs_peak"), 4, "peak");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(sums, "pairs.H1-S*.totals.messages"),
                              FindQuantity(all, "pairs.H1-S1.totals.messages") +
                                  FindQuantity(all, "pairs.H1-S3.totals.messages"),
                              "pairs");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(sums, "totals.messages"),
                              FindQuantity(all, "totals.messages"),
                              "totals");
        NS_TEST_EXPECT_MSG_EQ(FindQuantity(sums, "flows.S*-all.packets_delivered"),
                              FindQuantity(all, "flows.S1-H1.packets_delivered") +
                                  FindQuantity(all, "flows.S2-H2.packets_delivered") +
                                  FindQuantity(all, "flows.S3-H1.packets_delivered") +
                                  FindQuantity(all, "flows.S4-H2.packets_delivered"),
                              "flows");
    }
};

/// All of them.
class HubStoriesTestSuite : public TestSuite
{
  public:
    HubStoriesTestSuite()
        : TestSuite("ike-hub-stories", Type::SYSTEM)
    {
        AddTestCase(new HubStoriesTestCase, TestDuration::QUICK);
        AddTestCase(new GroupSumsTestCase, TestDuration::QUICK);
    }
};

HubStoriesTestSuite g_hubStoriesTestSuite; ///< registers itself

} // namespace
