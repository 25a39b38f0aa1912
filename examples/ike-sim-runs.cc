/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-runs.h"

#include "ike-sim-commands.h"

#include "ns3/ike-race-files.h"
#include "ns3/ike-race-recorder.h"
#include "ns3/ike-ranks.h"
#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <unistd.h>

namespace fs = std::filesystem;

using namespace ns3::ike;

namespace
{

/// Says on a terminal how far a run has come, once it takes long.
class ProgressPrinter
{
  public:
    explicit ProgressPrinter(const std::string& what)
        : m_what(what),
          m_begin(std::chrono::steady_clock::now())
    {
    }

    ~ProgressPrinter()
    {
        if (m_shown)
        {
            std::cerr << "\r\033[K" << std::flush;
        }
    }

    ProgressPrinter(const ProgressPrinter&) = delete;
    ProgressPrinter& operator=(const ProgressPrinter&) = delete;

    /// What a run is to call; empty when nobody looks.
    std::function<void(double)> GetCallback()
    {
        if (::isatty(STDERR_FILENO) == 0 || IkeRanks::GetPlace().own != 0)
        {
            return nullptr;
        }
        return [this](double share) { Show(share); };
    }

  private:
    void Show(double share)
    {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - m_begin;
        if (spent.count() > 2)
        {
            m_shown = true;
            std::cerr << "\r" << m_what << ": " << static_cast<int>(share * 100 + 0.5) << " %, "
                      << static_cast<int>(spent.count() * (1 - share) / share + 0.5) << " s left "
                      << std::flush;
        }
    }

    std::string m_what;                            ///< is going on
    std::chrono::steady_clock::time_point m_begin; ///< of the run
    bool m_shown{false};                           ///< is there a line to be wiped out?
};

} // namespace

Finished
RunOne(const Scenario& scenario,
       uint64_t seed,
       const std::string& out,
       const std::string& what,
       unsigned threads,
       const std::string& schedule)
{
    ProgressPrinter progress(what);
    ScenarioRun run(scenario, RunOptions{seed, out, progress.GetCallback(), threads});
    std::unique_ptr<RaceRecorder> recorder;
    if (!schedule.empty())
    {
        recorder = std::make_unique<RaceRecorder>(scenario, run.GetNetwork(), seed);
    }
    const RunResults results = run.Finish();
    if (recorder)
    {
        WriteWholeFile(schedule, WriteSchedule(recorder->Write()));
    }
    Finished finished;
    if (IkeRanks::GetPlace().own != 0)
    {
        return finished;
    }
    finished.json = WriteResultsJson(results);
    finished.line = WriteResultsJson(results, -1);
    finished.failures = results.violations;
    for (const auto& failure : CheckExpectations(scenario.expect, finished.json))
    {
        finished.failures.push_back(failure);
    }
    if (scenario.routers.size() >= 2)
    {
        const auto& ladder = run.GetRecorder().GetLadder();
        finished.ladder = ladder.GetText(
            ladder.FirstNegotiation(scenario.routers[0].name, scenario.routers[1].name));
    }
    return finished;
}

int
ReportFailures(const Strings& failures, const std::string& where)
{
    constexpr size_t SHOWN = 20;
    for (size_t i = 0; i < failures.size() && i < SHOWN; ++i)
    {
        std::cerr << "failed: " << where << failures[i] << "\n";
    }
    if (failures.size() > SHOWN)
    {
        std::cerr << "... and " << failures.size() - SHOWN << " more\n";
    }
    return failures.empty() ? EXIT_OK : EXIT_FAILED;
}

void
PrintRun(const Scenario& scenario, uint64_t seed)
{
    std::cout << scenario.title << "\n  " << scenario.name << ", seed " << seed;
    for (const auto& [name, value] : scenario.parameters)
    {
        std::cout << "\n  " << name << " = " << value;
    }
    std::cout << "\n\n";
}

void
PrintFiles(const std::string& folder)
{
    Strings names;
    for (const auto& entry : fs::directory_iterator(folder))
    {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    std::cout << "  " << folder << "/\n";
    for (const auto& name : names)
    {
        std::cout << "    " << name << "\n";
    }
}
