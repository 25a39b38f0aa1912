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
    }
};

IkePassiveStoriesTestSuite g_ikePassiveStoriesTestSuite; ///< registers itself

} // namespace
