/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"
#include "ns3/node-list.h"
#include "ns3/test.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

namespace fs = std::filesystem;

/// The study, wherever the tests are run: upward from the working folder, or where the build says.
std::string
StudyPath()
{
    const fs::path name = fs::path("examples") / "scenarios" / "vti-convergence.yaml";
#ifdef NS3_IKE_SCENARIO_DIR
    if (fs::exists(fs::path(NS3_IKE_SCENARIO_DIR) / name.filename()))
    {
        return (fs::path(NS3_IKE_SCENARIO_DIR) / name.filename()).string();
    }
#endif
    for (fs::path folder = fs::current_path();; folder = folder.parent_path())
    {
        for (const auto& below : {fs::path("."), fs::path("contrib") / "ike"})
        {
            if (fs::exists(folder / below / name))
            {
                return (folder / below / name).string();
            }
        }
        if (folder == folder.parent_path())
        {
            return name.string();
        }
    }
}

/// Ten minutes of the study: two rekeys of each pair.
Scenario
Study(ParameterValues values)
{
    values.insert({"duration", "10 min"});
    return ScenarioFile::Load(StudyPath()).Expand(values);
}

/// results.json of a run.
std::string
RunToJson(const Scenario& scenario, uint64_t seed = 1)
{
    return WriteResultsJson(RunScenario(scenario, RunOptions{seed, "", nullptr}));
}

/// A row of the table of variants.
struct VariantRow
{
    const char* name;       ///< for messages
    ParameterValues values; ///< beside the defaults
    bool duplicates;        ///< must there be any?
};

/// Runs of the study: expectations of the file, identities, and what must come out.
class VariantTestCase : public TestCase
{
  public:
    VariantTestCase()
        : TestCase("variants: duplicates without responder-only, none with it, books balanced")
    {
    }

  private:
    void DoRun() override
    {
        const VariantRow rows[] = {
            {"without", {}, true},
            {"with", {{"responder_only", "one"}}, false},
            {"both", {{"responder_only", "both"}}, false},
            {"late", {{"offset", "100 ms"}}, true},
            {"with, early", {{"responder_only", "one"}, {"offset", "-1 s"}}, false},
            {"with, loss", {{"responder_only", "one"}, {"loss", "5 %"}}, false},
            {"with, jitter", {{"responder_only", "one"}, {"jitter", "20 ms"}}, false},
            {"loss and jitter", {{"loss", "10 %"}, {"jitter", "20 ms"}}, true},
            {"auto", {{"offset", "auto"}, {"responder_only", "one"}}, false},
            {"reboot", {{"reboot", "100 s"}, {"responder_only", "one"}}, false},
        };
        for (const auto& row : rows)
        {
            const Scenario scenario = Study(row.values);
            const RunResults results = RunScenario(scenario, RunOptions{1, "", nullptr});
            const std::string json = WriteResultsJson(results);
            NS_TEST_EXPECT_MSG_EQ(
                results.violations.size(),
                0,
                row.name << ": " << (results.violations.empty() ? "" : results.violations.front()));
            for (const auto& failure : CheckExpectations(scenario.expect, json))
            {
                NS_TEST_EXPECT_MSG_EQ(failure, "", row.name);
            }
            if (row.duplicates)
            {
                NS_TEST_EXPECT_MSG_GT(results.totals.isakmpDuplicates, 0, row.name);
                NS_TEST_EXPECT_MSG_GT(results.totals.ipsecDuplicates, 0, row.name);
                NS_TEST_EXPECT_MSG_GT(results.totals.messagesOnDuplicates, 0, row.name);
                NS_TEST_EXPECT_MSG_GT(results.totals.messageBytesOnDuplicates, 0, row.name);
                NS_TEST_EXPECT_MSG_GT(results.totals.dhOperationsOnDuplicates, 0, row.name);
                NS_TEST_EXPECT_MSG_GT(results.totals.splitSeconds, 1.0, row.name);
            }
            else if (row.values.count("reboot") == 0)
            {
                NS_TEST_EXPECT_MSG_EQ(results.totals.isakmpDuplicates, 0, row.name);
                NS_TEST_EXPECT_MSG_EQ(results.totals.ipsecDuplicates, 0, row.name);
                NS_TEST_EXPECT_MSG_EQ(results.totals.messagesOnDuplicates, 0, row.name);
                NS_TEST_EXPECT_MSG_EQ(results.totals.dhOperationsOnDuplicates, 0, row.name);
            }
            const auto& packets = results.packets;
            NS_TEST_EXPECT_MSG_EQ(packets.offered,
                                  packets.delivered + packets.SumDropped() + packets.inFlight,
                                  row.name << ": end-to-end identity");
            NS_TEST_EXPECT_MSG_EQ(NodeList::GetNNodes(), 0, row.name << ": nothing is left");
        }
    }
};

/// Every shipped scenario is right, and gives what it expects.
class ShippedTestCase : public TestCase
{
  public:
    ShippedTestCase()
        : TestCase("shipped scenarios: checked in all their choices, run with their defaults")
    {
    }

  private:
    /// With the defaults, but for the two that would take long.
    static Scenario ExpandShort(const ScenarioFile& file)
    {
        if (file.GetName() == "vti-convergence")
        {
            return Study({});
        }
        return file.GetName() == "passive-migration" ? file.Expand({{"sites", "5"}})
                                                     : file.Expand();
    }

    void DoRun() override
    {
        unsigned count = 0;
        for (const auto& entry : fs::directory_iterator(fs::path(StudyPath()).parent_path()))
        {
            if (entry.path().extension() != ".yaml")
            {
                continue;
            }
            ++count;
            const auto file = ScenarioFile::Load(entry.path().string());
            file.Check();
            const Scenario scenario = ExpandShort(file);
            const RunResults results = RunScenario(scenario, RunOptions{1, "", nullptr});
            NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, file.GetName());
            for (const auto& failure :
                 CheckExpectations(scenario.expect, WriteResultsJson(results)))
            {
                NS_TEST_EXPECT_MSG_EQ(failure, "", file.GetName());
            }
        }
        NS_TEST_EXPECT_MSG_GT(count, 0, "there are scenarios");
    }
};

/// Equal runs are equal, in one process, with others between them.
class DeterminismTestCase : public TestCase
{
  public:
    DeterminismTestCase()
        : TestCase("determinism: A, B, A in one process; another seed differs")
    {
    }

  private:
    /// All files of a run, names and contents.
    static std::string Gather(const std::string& folder)
    {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(folder))
        {
            files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        std::ostringstream text;
        for (const auto& file : files)
        {
            text << file.filename() << "\n" << std::ifstream(file, std::ios::binary).rdbuf();
        }
        return text.str();
    }

    void DoRun() override
    {
        const Scenario a = Study({{"duration", "60 s"}, {"loss", "5 %"}, {"jitter", "5 ms"}});
        const Scenario b = Study({{"duration", "60 s"}, {"offset", "auto"}});
        const std::string first = CreateTempDirFilename("first");
        const std::string second = CreateTempDirFilename("second");
        RunScenario(a, RunOptions{7, first, nullptr});
        RunToJson(b);
        RunScenario(a, RunOptions{7, second, nullptr});
        NS_TEST_EXPECT_MSG_EQ((Gather(first) == Gather(second)), true, "A, B, A: every byte");
        NS_TEST_EXPECT_MSG_NE(RunToJson(a, 7), RunToJson(a, 8), "another seed");
        NS_TEST_EXPECT_MSG_EQ(fs::exists(fs::path(first) / "R1-Ethernet0-0.pcap"), true, "files");
        NS_TEST_EXPECT_MSG_EQ(fs::exists(fs::path(first) / "esp_sa"), true, "files");
    }
};

/// One simulation at a time; steps; a folder that is not ours.
class RunnerTestCase : public TestCase
{
  public:
    RunnerTestCase()
        : TestCase("runner: one at a time, steps, console, folders")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario scenario = Study({{"duration", "60 s"}});
        const std::string whole = RunToJson(scenario);
        ScenarioRun run(scenario, RunOptions{1, "", nullptr});
        run.RunUntil(ns3::ike::Duration::Seconds(15));
        NS_TEST_EXPECT_MSG_NE(run.Type("R1", "show crypto isakmp sa").find("QM_IDLE"),
                              std::string::npos,
                              "SAs stand");
        bool refused = false;
        try
        {
            ScenarioRun second(scenario, RunOptions{1, "", nullptr});
        }
        catch (const RunError&)
        {
            refused = true;
        }
        NS_TEST_EXPECT_MSG_EQ(refused, true, "one simulation at a time");
        const RunResults stepped = run.Finish();
        NS_TEST_EXPECT_MSG_EQ(stepped.totals.ipsecDuplicates,
                              static_cast<uint64_t>(FindQuantity(whole, "totals.ipsec_duplicates")),
                              "in steps as in one");

        const std::string foreign = CreateTempDirFilename("foreign");
        fs::create_directories(foreign);
        std::ofstream(fs::path(foreign) / "letter.txt") << "mine";
        refused = false;
        try
        {
            RunToJson(scenario);
            RunScenario(scenario, RunOptions{1, foreign, nullptr});
        }
        catch (const RunError&)
        {
            refused = true;
        }
        NS_TEST_EXPECT_MSG_EQ(refused, true, "a folder that no run made stays as it is");
        NS_TEST_EXPECT_MSG_EQ(fs::exists(fs::path(foreign) / "letter.txt"), true, "its file, too");
        NS_TEST_EXPECT_MSG_EQ(RunToJson(scenario), whole, "nothing is left behind");
    }
};

/// What an operator sees at the console of a router whose tunnel stands twice.
class ConsoleTestCase : public TestCase
{
  public:
    ConsoleTestCase()
        : TestCase("console: show and clear while SAs stand")
    {
    }

  private:
    /// Ask R1, and count how often something stands in the answer.
    static size_t Count(ScenarioRun& run, const std::string& line, const std::string& what)
    {
        const std::string text = run.Type("R1", line);
        size_t count = 0;
        for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        {
            count++;
        }
        return count;
    }

    void DoRun() override
    {
        ScenarioRun run(Study({}), RunOptions{1, "", nullptr});
        run.RunUntil(ns3::ike::Duration::Seconds(60));
        run.Type("R1", "enable");
        const std::tuple<const char*, const char*, size_t> table[] = {
            {"show crypto isakmp sa", "QM_IDLE", 2},
            {"show crypto ipsec sa", "transform: esp-3des esp-sha-hmac", 4},
            {"show crypto session", "Session status: UP-ACTIVE", 1},
            {"show crypto session", "Active SAs: 4", 1},
            {"clear crypto sa", "%", 0},
            {"show crypto session", "Session status: UP-IDLE", 1},
            {"show crypto session", "Active SAs: 0", 1},
            {"show crypto isakmp sa", "QM_IDLE", 2},
            {"clear crypto isakmp", "%", 0},
            {"show crypto isakmp sa", "QM_IDLE", 0},
            {"show crypto session", "Session status: DOWN", 1},
        };
        for (const auto& [line, what, count] : table)
        {
            NS_TEST_EXPECT_MSG_EQ(Count(run, line, what), count, line << ": " << what);
        }
        run.RunUntil(ns3::ike::Duration::Seconds(120));
        NS_TEST_EXPECT_MSG_EQ(Count(run, "show crypto session", "UP-ACTIVE"), 1, "it came back");
        run.Finish();
    }
};

/// The study of colliding tunnels, in short runs.
class IkeStudyTestSuite : public TestSuite
{
  public:
    IkeStudyTestSuite()
        : TestSuite("ike-study", Type::SYSTEM)
    {
        AddTestCase(new VariantTestCase, TestDuration::QUICK);
        AddTestCase(new ShippedTestCase, TestDuration::QUICK);
        AddTestCase(new DeterminismTestCase, TestDuration::QUICK);
        AddTestCase(new RunnerTestCase, TestDuration::QUICK);
        AddTestCase(new ConsoleTestCase, TestDuration::QUICK);
    }
};

IkeStudyTestSuite g_ikeStudyTestSuite; ///< registers itself

} // namespace
