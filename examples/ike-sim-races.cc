/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-races.h"

#include "ike-sim-commands.h"
#include "ike-sim-crossing.h"
#include "ike-sim-runs.h"
#include "ike-sim-values.h"

#include "ns3/ike-nearest-name.h"
#include "ns3/ike-race-files.h"
#include "ns3/ike-race-report.h"
#include "ns3/ike-race-simulation.h"
#include "ns3/ike-race-transcript.h"
#include "ns3/ike-race.h"
#include "ns3/ike-scenario-units.h"
#include "ns3/ike-shrink.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <unistd.h>

namespace po = boost::program_options;
namespace fs = std::filesystem;

using namespace ns3::ike;

namespace
{

/// What commands on one scenario have in common.
struct Subject
{
    Scenario scenario; ///< expanded, with what the command line says of `explore:`
    uint64_t seed{1};  ///< of keys
};

/// Where the shipped races are: beside the scenarios.
std::vector<fs::path>
RaceFolders()
{
    std::vector<fs::path> folders{fs::path("examples") / "races",
                                  fs::path("contrib") / "ike" / "examples" / "races"};
#ifdef NS3_IKE_SCENARIO_DIR
    folders.push_back(fs::path(NS3_IKE_SCENARIO_DIR).parent_path() / "races");
#endif
    return folders;
}

/// A file, the name of a shipped race, or that of a shipped scenario.
std::string
FindRace(const po::variables_map& values)
{
    if (values.count("scenario") == 0)
    {
        throw UsageError("no scenario is given");
    }
    const auto name = values["scenario"].as<std::string>();
    for (const auto& folder : RaceFolders())
    {
        const fs::path path = folder / (name + ".yaml");
        if (!fs::is_regular_file(name) && fs::is_regular_file(path))
        {
            return path.string();
        }
    }
    return FindScenario(name);
}

Subject
LoadSubject(const po::variables_map& values)
{
    Subject subject;
    subject.scenario = ScenarioFile::Load(FindRace(values)).Expand(GetAssignments(values));
    subject.seed = GetSeed(values, subject.scenario);
    return subject;
}

void
SetExplore(Scenario& scenario, const ScenarioExplore& explore)
{
    scenario.explore = std::make_shared<const ScenarioExplore>(explore);
}

std::string
GetText(const po::variables_map& values, const char* name)
{
    return values.count(name) != 0 ? values[name].as<std::string>() : "";
}

unsigned
GetWorkers(const po::variables_map& values)
{
    constexpr unsigned MOST = 256;
    const auto threads = values["threads"].as<unsigned>();
    if (threads > MOST)
    {
        throw UsageError("--threads: expected 0 to 256");
    }
    return threads;
}

RaceTable
GetTable(const po::variables_map& values)
{
    const std::string format = values["table"].as<std::string>();
    const Strings names{"text", "md", "json"};
    const auto at = std::find(names.begin(), names.end(), format);
    if (at == names.end())
    {
        throw UsageError("--table " + format + ": expected text, md or json");
    }
    return static_cast<RaceTable>(at - names.begin());
}

/// The moves of --schedule: words, or @FILE. @throws UsageError when they are none
std::optional<Moves>
GetSchedule(const po::variables_map& values)
{
    if (values.count("schedule") == 0)
    {
        return std::nullopt;
    }
    std::string text = values["schedule"].as<std::string>();
    if (text.rfind('@', 0) == 0)
    {
        std::ifstream file(text.substr(1), std::ios::binary);
        if (!file)
        {
            throw UsageError("cannot read file '" + text.substr(1) + "'");
        }
        text = std::string{std::istreambuf_iterator<char>(file), {}};
    }
    try
    {
        return ParseSchedule(text);
    }
    catch (const std::invalid_argument& e)
    {
        throw UsageError(std::string("--schedule: ") + e.what());
    }
}

/// The same, or the kept one. @throws UsageError when there is none
Moves
NeedSchedule(const po::variables_map& values, const Scenario& scenario)
{
    const auto given = GetSchedule(values);
    const auto kept = GetExplore(scenario).schedule;
    if (!given && !kept)
    {
        throw UsageError("no schedule: the scenario keeps none, expected --schedule \"MOVES\"");
    }
    return given ? *given : *kept;
}

/// A schedule on the command line goes before the kept one.
void
UseSchedule(const po::variables_map& values, Scenario& scenario)
{
    ScenarioExplore explore = GetExplore(scenario);
    explore.schedule = NeedSchedule(values, scenario);
    SetExplore(scenario, explore);
}

RaceOptions
MakeOptions(const Subject& subject)
{
    RaceOptions options;
    options.seed = subject.seed;
    return options;
}

void
DeclareSubject(po::options_description& options)
{
    options.add_options()("scenario",
                          po::value<std::string>(),
                          "file, or name of a shipped race or scenario")(
        "set,s",
        po::value<Strings>()->composing()->value_name("NAME=VALUE"),
        "value of a parameter; may be given again")(
        "seed",
        po::value<std::string>()->value_name("N"),
        "of random keys, and of choosers by chance; default: the scenario's 'seed:', or 1");
}

void
DeclareTable(po::options_description& options)
{
    options.add_options()(
        "table",
        po::value<std::string>()->default_value("text")->value_name("text|md|json"),
        "how results are printed");
}

void
DeclareOut(po::options_description& options, const char* help)
{
    options.add_options()("out,o",
                          po::value<std::string>()->default_value("")->value_name("DIR"),
                          help);
}

/// Says on a terminal how far an exploration is, once it takes long.
class ExplorePrinter
{
  public:
    ~ExplorePrinter()
    {
        if (m_shown)
        {
            std::cerr << "\r\033[K" << std::flush;
        }
    }

    std::function<void(const ExploreProgress&)> GetCallback()
    {
        if (::isatty(STDERR_FILENO) == 0)
        {
            return nullptr;
        }
        return [this](const ExploreProgress& progress) { Show(progress); };
    }

  private:
    void Show(const ExploreProgress& progress)
    {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - m_begin;
        if (spent.count() > 1)
        {
            m_shown = true;
            std::cerr << "\r\033[Kdepth " << progress.depth << ", " << progress.states
                      << " states, " << progress.frontier << " to go on from, " << progress.ends
                      << " at rest, "
                      << static_cast<uint64_t>(static_cast<double>(progress.states) / spent.count())
                      << " states/s" << std::flush;
        }
    }

    std::chrono::steady_clock::time_point m_begin{std::chrono::steady_clock::now()}; ///< of all
    bool m_shown{false}; ///< is there a line to be wiped out?
};

// --- explore -------------------------------------------------------------------------------------

void
ApplyBounds(const po::variables_map& values, ScenarioExplore& explore)
{
    for (const auto& text : GetList(values, "bound"))
    {
        // the last one: a move may have one, too
        const size_t equals = text.rfind('=');
        if (equals == std::string::npos || equals == 0)
        {
            throw UsageError("--bound " + text + ": expected NAME=VALUE, as losses=2");
        }
        const std::string wrong =
            SetBoundText(explore.drive.bounds, text.substr(0, equals), text.substr(equals + 1));
        if (!wrong.empty())
        {
            throw UsageError("--bound " + text + ": " + wrong);
        }
    }
    explore.drive.rest.settle = explore.drive.bounds.settle;
}

void
ApplyChooser(const po::variables_map& values, ExploreChooser& chooser)
{
    const std::string kind = GetText(values, "chooser");
    const Strings kinds{"exhaustive", "random", "pct"};
    const auto at = std::find(kinds.begin(), kinds.end(), kind);
    if (!kind.empty() && at == kinds.end())
    {
        throw UsageError("--chooser " + kind + ": expected exhaustive, random or pct");
    }
    if (!kind.empty())
    {
        chooser.kind = static_cast<ExploreChooser::Kind>(at - kinds.begin());
    }
    if (values.count("runs") != 0)
    {
        chooser.runs = values["runs"].as<uint64_t>();
    }
    if (values.count("depth") != 0)
    {
        chooser.depth = std::max(1U, values["depth"].as<uint32_t>());
    }
}

/// A result, and how it is called in files.
struct Finding
{
    std::string name;            ///< "duplicate-0-1"
    std::string title;           ///< "duplicate 0/1; IKE 1/1 CH 2/2"
    Moves schedule;              ///< that shows it
    SchedulePredicate predicate; ///< does another one show it?
};

/// Whatever is not clean: once for each end state, and for each oracle that does not hold.
std::vector<Finding>
ListFindings(const RaceResult& result, const World& start, const DriveOptions& drive)
{
    std::vector<Finding> findings;
    for (const auto& row : result.ends)
    {
        if (row.end.Worst() != EndClass::Clean)
        {
            const std::string text = row.end.ToString();
            findings.push_back(
                {MakeFileName(text), text, row.shortest, EndsIn(start, drive, text)});
        }
    }
    std::set<std::string> oracles;
    for (const auto& row : result.violations)
    {
        const std::string& oracle = row.violation.oracle;
        if (oracles.insert(oracle).second)
        {
            findings.push_back({"oracle-" + MakeFileName(oracle),
                                "oracle " + oracle + " does not hold: " + row.violation.text,
                                row.shortest,
                                FailsOracle(start, drive, oracle)});
        }
    }
    return findings;
}

/// Shrink what was found, and write it down. Files go where the table does not.
void
WriteFindings(const Subject& subject,
              const ScenarioWorld& world,
              const RaceResult& result,
              const std::string& out,
              std::ostream& log)
{
    const DriveOptions drive = GetExplore(subject.scenario).drive;
    log << "Files\n";
    for (const auto& finding : ListFindings(result, world.start, drive))
    {
        const Moves moves = finding.predicate(finding.schedule)
                                ? Shrink(finding.schedule, finding.predicate).moves
                                : finding.schedule;
        const RaceResult replayed =
            ReplayRace(subject.scenario, world, moves, MakeOptions(subject));
        const std::string name = subject.scenario.name + "-" + finding.name;
        for (const auto& file : WriteRaceFiles(out,
                                               subject.scenario,
                                               world,
                                               replayed,
                                               name,
                                               subject.scenario.title + ": " + finding.title))
        {
            log << "  " << out << "/" << file << "\n";
        }
    }
}

/// The words of two exchanges that cross. @return the exit status
int
ShowCrossings(const Subject& subject,
              const ScenarioWorld& world,
              const std::string& kind,
              RaceTable table)
{
    try
    {
        std::cout << WriteCrossings(subject.scenario, world, kind, table) << std::flush;
    }
    catch (const std::invalid_argument& e)
    {
        throw UsageError(std::string("--crossing: ") + e.what());
    }
    return EXIT_OK;
}

// --- shrink --------------------------------------------------------------------------------------

/// What `--for` means: an oracle, or an end state.
SchedulePredicate
MakePredicate(const std::string& text, const World& start, const DriveOptions& drive)
{
    const std::string mark = "oracle:";
    const bool isOracle = text.rfind(mark, 0) == 0;
    const std::string name = isOracle ? text.substr(mark.size()) : text;
    Strings oracles;
    for (const auto& oracle : GetOracles())
    {
        oracles.push_back(oracle.name);
    }
    const bool isKnown = std::find(oracles.begin(), oracles.end(), name) != oracles.end();
    if (isOracle && !isKnown)
    {
        throw UsageError("--for " + text + ": no such oracle; expected " +
                         JoinAlternatives(oracles));
    }
    if (isOracle || (isKnown && !FindEndClass(name)))
    {
        return FailsOracle(start, drive, name);
    }
    try
    {
        const EndPattern pattern = ParseEndPattern(name);
        return [pattern, start, drive](const Moves& moves) {
            const auto result = TryReplay(start, moves, drive);
            return result && pattern.IsIn(result->end);
        };
    }
    catch (const std::invalid_argument& e)
    {
        throw UsageError("--for " + text + ": " + e.what() +
                         ", or an oracle: " + JoinAlternatives(oracles));
    }
}

// --- replay --------------------------------------------------------------------------------------

/// A duration of more than nothing. @throws UsageError when it is something else
Duration
GetSpan(const po::variables_map& values, const char* name)
{
    const auto text = values[name].as<std::string>();
    const auto span = ParseDuration(text);
    if (!span || *span <= Duration{})
    {
        throw UsageError(std::string("--") + name + " '" + text +
                         "': expected a duration of more than 0 s, as '1 ms'");
    }
    return *span;
}

/// Run the schedule in a simulation, too. @return the exit status
int
ReplayInSimulation(const po::variables_map& values, const Subject& subject)
{
    SimulationOptions options;
    options.seed = subject.seed;
    options.step = GetSpan(values, "step");
    options.tail = GetSpan(values, "tail");
    options.out = GetText(values, "out");
    const ScenarioWorld world = BuildWorld(subject.scenario, subject.seed);
    SimulationReport report;
    try
    {
        report = SimulateSchedule(subject.scenario,
                                  world,
                                  *GetExplore(subject.scenario).schedule,
                                  options);
    }
    catch (const std::invalid_argument& e)
    {
        throw UsageError(std::string("a simulation cannot run this schedule: ") + e.what());
    }
    std::cout << report.transcript << "\n";
    for (const auto& difference : report.differences)
    {
        std::cout << difference;
    }
    for (const auto& note : report.notes)
    {
        std::cout << "note: " << note << "\n";
    }
    std::cout << "end state: " << report.end.ToString() << "\n"
              << report.datagrams << " datagrams, " << report.events
              << " events compared: " << (report.differences.empty() ? "the same" : "not the same")
              << " in the laboratory and in ns-3\n";
    if (!options.out.empty())
    {
        std::cout << "Files\n";
        PrintFiles(options.out);
    }
    return report.differences.empty() ? EXIT_OK : EXIT_FAILED;
}

// --- regress -------------------------------------------------------------------------------------

void
PrintRows(const std::vector<RegressRow>& rows)
{
    size_t width = 4;
    for (const auto& row : rows)
    {
        width = std::max(width, row.GetName().size());
    }
    for (const auto& row : rows)
    {
        std::printf("%-9s  %-*s  %6.2f s  %s\n",
                    ToString(row.state).c_str(),
                    static_cast<int>(width),
                    row.GetName().c_str(),
                    row.seconds,
                    row.summary.c_str());
    }
    for (const auto& row : rows)
    {
        if (!row.text.empty())
        {
            std::printf("\n%s: %s\n%s",
                        row.GetName().c_str(),
                        ToString(row.state).c_str(),
                        row.text.c_str());
        }
    }
    const auto count = [&rows](bool failed) {
        return std::count_if(rows.begin(), rows.end(), [failed](const RegressRow& row) {
            return row.IsFailure() == failed;
        });
    };
    std::printf("\n%zu races: %ld as they shall be, %ld not\n",
                rows.size(),
                static_cast<long>(count(false)),
                static_cast<long>(count(true)));
}

} // namespace

void
DeclareExplore(po::options_description& options)
{
    DeclareSubject(options);
    options.add_options()("bound",
                          po::value<Strings>()->composing()->value_name("NAME=VALUE"),
                          "what may happen, and how often: losses=2, 'horizon=120 s', reboot:A=1; "
                          "may be given again")(
        "chooser",
        po::value<std::string>()->value_name("KIND"),
        "exhaustive, random or pct; default: as the scenario says, or exhaustive")(
        "runs",
        po::value<uint64_t>()->value_name("N"),
        "schedules, of choosers by chance")("depth",
                                            po::value<uint32_t>()->value_name("D"),
                                            "constraints of an ordering that pct looks for")(
        "crossing",
        po::value<std::string>()->value_name("KIND"),
        "main-modes or quick-modes: instead, all words of two exchanges that cross")(
        "threads",
        po::value<unsigned>()->default_value(0)->value_name("N"),
        "workers; 0: one for each core. Results do not depend on it");
    DeclareTable(options);
    DeclareOut(options,
               "folder for what is not clean: each end state, and each oracle that does not hold, "
               "shrunk, as a scenario with transcript and ladder diagram");
}

int
CommandExplore(const po::variables_map& values)
{
    const RaceTable table = GetTable(values);
    Subject subject = LoadSubject(values);
    ScenarioExplore explore = GetExplore(subject.scenario);
    ApplyBounds(values, explore);
    ApplyChooser(values, explore.chooser);
    const bool isKept = explore.schedule.has_value();
    explore.schedule.reset(); // another begin than that of all orderings
    SetExplore(subject.scenario, explore);
    const ScenarioWorld world = BuildWorld(subject.scenario, subject.seed);
    if (values.count("crossing") != 0)
    {
        return ShowCrossings(subject, world, GetText(values, "crossing"), table);
    }
    RaceOptions options = MakeOptions(subject);
    options.threads = GetWorkers(values);
    RaceResult result;
    {
        ExplorePrinter printer;
        options.progress = printer.GetCallback();
        result = ExploreRace(subject.scenario, world, options);
    }
    // What is expected of a kept schedule is not expected of others.
    if (!isKept)
    {
        JudgeRace(explore.expect, result);
    }
    std::cout << WriteRace(result, table) << std::flush;
    const std::string out = GetText(values, "out");
    if (!out.empty())
    {
        WriteFindings(subject,
                      world,
                      result,
                      out,
                      table == RaceTable::Json ? std::cerr : std::cout);
    }
    return result.failures.empty() ? EXIT_OK : EXIT_FAILED;
}

void
DeclareReplay(po::options_description& options)
{
    DeclareSubject(options);
    options.add_options()(
        "schedule",
        po::value<std::string>()->value_name("MOVES"),
        "what to do, after 'begin:' if there is one; @FILE: read it there; default: the kept one");
    options.add_options()(
        "in",
        po::value<std::string>()->default_value("world")->value_name("world|ns3"),
        "where: in the laboratory, or in a simulation, which is compared with it")(
        "step",
        po::value<std::string>()->default_value("1 ms")->value_name("TIME"),
        "in ns3: between two moves that take no time in the laboratory")(
        "tail",
        po::value<std::string>()->default_value("60 s")->value_name("TIME"),
        "in ns3: how long it goes on behind the last move");
    DeclareTable(options);
    DeclareOut(options, "folder for a scenario of its own, a transcript and a ladder diagram");
}

int
CommandReplay(const po::variables_map& values)
{
    const RaceTable table = GetTable(values);
    Subject subject = LoadSubject(values);
    const bool isKept = values.count("schedule") == 0;
    UseSchedule(values, subject.scenario);
    const std::string where = GetText(values, "in");
    if (where != "world" && where != "ns3")
    {
        throw UsageError("--in " + where + ": expected world or ns3");
    }
    if (where == "ns3")
    {
        return ReplayInSimulation(values, subject);
    }
    const ScenarioExplore explore = GetExplore(subject.scenario);
    const ScenarioWorld world = BuildWorld(subject.scenario, subject.seed);
    RaceResult result;
    try
    {
        result = ReplayRace(subject.scenario, world, *explore.schedule, MakeOptions(subject));
    }
    catch (const std::invalid_argument& e)
    {
        throw UsageError(std::string("schedule: ") + e.what());
    }
    if (isKept)
    {
        JudgeRace(explore.expect, result);
    }
    if (table == RaceTable::Text)
    {
        std::cout << WriteSteps(world, *explore.schedule, explore.drive.rest) << "\n"
                  << WriteRaceLadder(world, *explore.schedule, subject.scenario.title).first
                  << "\n";
    }
    std::cout << WriteRace(result, table);
    const std::string out = GetText(values, "out");
    if (!out.empty())
    {
        std::ostream& log = table == RaceTable::Json ? std::cerr : std::cout;
        log << "Files\n";
        const std::string name = subject.scenario.name + "-replay";
        for (const auto& file :
             WriteRaceFiles(out, subject.scenario, world, result, name, subject.scenario.title))
        {
            log << "  " << out << "/" << file << "\n";
        }
    }
    return result.failures.empty() ? EXIT_OK : EXIT_FAILED;
}

void
DeclareShrink(po::options_description& options)
{
    DeclareSubject(options);
    options.add_options()("schedule",
                          po::value<std::string>()->value_name("MOVES"),
                          "what to make shorter; @FILE: read it there; default: the kept one")(
        "for",
        po::value<std::string>()->value_name("WHAT"),
        "what it shall still show: an end state ('duplicate', 'IKE 2/2'), or an oracle "
        "('oracle:no-black-hole')");
    DeclareOut(options, "folder for a scenario of its own, a transcript and a ladder diagram");
}

int
CommandShrink(const po::variables_map& values)
{
    Subject subject = LoadSubject(values);
    UseSchedule(values, subject.scenario);
    const Moves schedule = *GetExplore(subject.scenario).schedule;
    const std::string wanted = GetText(values, "for");
    if (wanted.empty())
    {
        throw UsageError("what shall it show? expected --for END or --for oracle:NAME");
    }
    const ScenarioWorld world = BuildWorld(subject.scenario, subject.seed);
    const DriveOptions drive = GetExplore(subject.scenario).drive;
    const SchedulePredicate predicate = MakePredicate(wanted, world.start, drive);
    if (!predicate(schedule))
    {
        std::string why = "it ends otherwise";
        try
        {
            why += ": " + Replay(world.start, schedule, drive).end.ToString();
        }
        catch (const std::invalid_argument& e)
        {
            why = e.what();
        }
        throw UsageError("the schedule does not show '" + wanted + "': " + why);
    }
    const ShrinkResult shrunk = Shrink(schedule, predicate);
    std::cout << ToString(shrunk.moves) << "\n";
    std::cerr << schedule.size() << " moves became " << shrunk.moves.size() << ", after "
              << shrunk.tried << " tries\n";
    const std::string out = GetText(values, "out");
    if (!out.empty())
    {
        const RaceResult result =
            ReplayRace(subject.scenario, world, shrunk.moves, MakeOptions(subject));
        const std::string name = subject.scenario.name + "-" + wanted;
        for (const auto& file : WriteRaceFiles(out,
                                               subject.scenario,
                                               world,
                                               result,
                                               name,
                                               subject.scenario.title + ": " + wanted))
        {
            std::cerr << "  " << out << "/" << file << "\n";
        }
    }
    return EXIT_OK;
}

void
DeclareRegress(po::options_description& options)
{
    options.add_options()(
        "folder",
        po::value<std::string>()->default_value("examples/races")->value_name("DIR"),
        "of races")(
        "junit",
        po::value<std::string>()->default_value("")->value_name("FILE"),
        "write JUnit XML there")("rewrite", po::bool_switch(), "keep what comes out, from now on")(
        "only",
        po::value<std::string>()->default_value("")->value_name("TEXT"),
        "races with this in their name")(
        "threads",
        po::value<unsigned>()->default_value(0)->value_name("N"),
        "workers of an exploration; 0: one for each core. Results do not depend on it");
}

int
CommandRegress(const po::variables_map& values)
{
    RegressOptions options;
    options.rewrite = values["rewrite"].as<bool>();
    options.threads = GetWorkers(values);
    options.only = GetText(values, "only");
    const bool isTerminal = ::isatty(STDERR_FILENO) != 0;
    if (isTerminal)
    {
        options.progress = [](const std::string& what) {
            std::cerr << "\r\033[K" << what << std::flush;
        };
    }
    const std::string folder = values["folder"].as<std::string>();
    if (!fs::is_directory(folder))
    {
        throw UsageError("there is no folder '" + folder + "'");
    }
    const auto rows = Regress(folder, options);
    if (isTerminal)
    {
        std::cerr << "\r\033[K" << std::flush;
    }
    const std::string junit = GetText(values, "junit");
    if (!junit.empty())
    {
        WriteWholeFile(junit, WriteJunit(folder, rows));
    }
    PrintRows(rows);
    const bool failed = std::any_of(rows.begin(), rows.end(), [](const RegressRow& row) {
        return row.IsFailure();
    });
    return failed ? EXIT_FAILED : EXIT_OK;
}
