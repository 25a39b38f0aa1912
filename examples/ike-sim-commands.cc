/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-commands.h"

#include "ike-sim-expand.h"
#include "ike-sim-facts.h"
#include "ike-sim-races.h"
#include "ike-sim-runs.h"
#include "ike-sim-values.h"

#include "ns3/ike-nearest-name.h"
#include "ns3/ike-ranks.h"
#include "ns3/ike-results-table.h"
#include "ns3/ike-run-files.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

namespace po = boost::program_options;

using namespace ns3::ike;

namespace
{

/// A sub-command: its name, what it does, and who does it.
struct Command
{
    const char* name;      ///< "run"
    const char* arguments; ///< behind the name
    const char* help;      ///< a sentence
    /// Declares its options.
    void (*declare)(po::options_description& options);
    int (*run)(const po::variables_map& values); ///< does it
    const char* positional{"scenario"};          ///< the option that needs no name
};

void
DeclareScenario(po::options_description& options)
{
    options.add_options()("scenario", po::value<std::string>(), "file, or name of a shipped one");
}

void
DeclareSet(po::options_description& options)
{
    options.add_options()("set,s",
                          po::value<Strings>()->composing()->value_name("NAME=VALUE"),
                          "value of a parameter; may be given again");
}

void
DeclareSeed(po::options_description& options)
{
    options.add_options()("seed",
                          po::value<std::string>()->value_name("N"),
                          "RngSeed 1, RngRun N; default: the scenario's 'seed:', or 1");
}

void
DeclareThreads(po::options_description& options)
{
    options.add_options()("threads",
                          po::value<unsigned>()->default_value(1)->value_name("N"),
                          "threads that compute what costs simulated time; results do not depend "
                          "on it");
}

/// 1 to 256. @throws UsageError when it is something else
unsigned
GetThreads(const po::variables_map& values)
{
    constexpr unsigned MOST = 256;
    const auto threads = values["threads"].as<unsigned>();
    if (threads < 1 || threads > MOST)
    {
        throw UsageError("--threads: expected 1 to 256");
    }
    return threads;
}

void
DeclareRun(po::options_description& options)
{
    DeclareScenario(options);
    DeclareSet(options);
    DeclareSeed(options);
    options.add_options()("out,o",
                          po::value<std::string>()->default_value("")->value_name("DIR"),
                          "folder for results, transcript, captures and keys; none: no files")(
        "format",
        po::value<std::string>()->default_value("table")->value_name("table|json"),
        "what is printed")(
        "schedule-out",
        po::value<std::string>()->default_value("")->value_name("FILE"),
        "write what happens as a schedule, for 'replay'; routers have the keys of the laboratory");
    DeclareThreads(options);
}

std::string
GetScenarioName(const po::variables_map& values)
{
    if (values.count("scenario") == 0)
    {
        throw UsageError("no scenario is given");
    }
    return FindScenario(values["scenario"].as<std::string>());
}

/// What `run` was told.
struct RunWishes
{
    Scenario scenario;    ///< expanded
    uint64_t seed{1};     ///< of the run
    std::string out;      ///< folder for files; empty: none
    std::string format;   ///< what is printed
    unsigned threads{1};  ///< of the run
    std::string schedule; ///< file for what happened, as a schedule; empty: none
};

RunWishes
GetRunWishes(const po::variables_map& values)
{
    RunWishes wishes;
    wishes.format = values["format"].as<std::string>();
    if (wishes.format != "table" && wishes.format != "json")
    {
        throw UsageError("--format " + wishes.format + ": expected table or json");
    }
    wishes.scenario = ScenarioFile::Load(GetScenarioName(values)).Expand(GetAssignments(values));
    wishes.seed = GetSeed(values, wishes.scenario);
    wishes.out = values["out"].as<std::string>();
    wishes.threads = GetThreads(values);
    wishes.schedule = values["schedule-out"].as<std::string>();
    if (!wishes.schedule.empty() && IkeRanks::GetPlace().count > 1)
    {
        throw UsageError("--schedule-out: only of a run in one process");
    }
    return wishes;
}

int
Run(const RunWishes& wishes)
{
    const auto& [scenario, seed, out, format, threads, schedule] = wishes;
    const Finished finished = RunOne(scenario, seed, out, scenario.name, threads, schedule);
    if (IkeRanks::GetPlace().own != 0)
    {
        return EXIT_OK; // rank 0 has the results
    }
    if (format == "json")
    {
        std::cout << finished.json;
        return ReportFailures(finished.failures);
    }
    PrintRun(scenario, seed);
    std::cout << WriteResultsTable({{"value", finished.json}});
    if (!out.empty())
    {
        std::cout << "\nFiles\n";
        PrintFiles(out);
    }
    return ReportFailures(finished.failures);
}

/// One of several processes: none may leave the others waiting. @throws what is the same in all
int
RunShared(const po::variables_map& values)
{
    RunWishes wishes;
    std::exception_ptr problem;
    std::string text;
    try
    {
        wishes = GetRunWishes(values);
    }
    catch (const std::exception& e)
    {
        problem = std::current_exception();
        text = e.what();
    }
    for (const auto& said : IkeRanks::Exchange(text))
    {
        if (problem)
        {
            std::rethrow_exception(problem);
        }
        if (!said.empty())
        {
            throw SharedRunError("another process: " + said);
        }
    }
    try
    {
        return Run(wishes);
    }
    catch (const SharedRunError&)
    {
        throw;
    }
    catch (const ScenarioError&)
    {
        throw; // of the scenario, which all have
    }
    catch (const std::exception& e)
    {
        std::cerr << "ike-sim: rank " << IkeRanks::GetPlace().own << ": " << e.what() << "\n";
        IkeRanks::Abort(EXIT_FAILED);
    }
}

int
CommandRun(const po::variables_map& values)
{
    const IkeRanks ranks;
    return IkeRanks::GetPlace().count == 1 ? Run(GetRunWishes(values)) : RunShared(values);
}

void
DeclareBatch(po::options_description& options)
{
    DeclareScenario(options);
    DeclareSet(options);
    options.add_options()("vary",
                          po::value<Strings>()->composing()->value_name("NAME=V1,V2"),
                          "values of a parameter to run; may be given again: all combinations")(
        "seeds",
        po::value<std::string>()->value_name("1..N"),
        "seeds to run, as 1..100 or 1,2,5; default: the scenario's 'seed:', or 1")(
        "out,o",
        po::value<std::string>()->default_value("")->value_name("FILE"),
        "file for the results lines; none: standard output");
    DeclareThreads(options);
}

/// All combinations of the varied parameters, the last one changing fastest.
std::vector<ParameterValues>
Combine(const ParameterValues& fixed, const Strings& varied)
{
    std::vector<ParameterValues> all{fixed};
    for (const auto& text : varied)
    {
        const auto [name, list] = SplitAssignment(text, "vary");
        std::vector<ParameterValues> longer;
        for (const auto& values : all)
        {
            for (const auto& value : SplitList(list))
            {
                if (value.empty())
                {
                    throw UsageError("--vary " + text + ": a value is missing; expected " + name +
                                     "=V1,V2");
                }
                longer.push_back(values);
                longer.back()[name] = value;
            }
        }
        all = longer;
    }
    return all;
}

/// One run of a batch: its results line, or what stopped it. @return the exit status
int
RunPoint(const Scenario& scenario,
         uint64_t seed,
         const std::string& what,
         unsigned threads,
         std::ostream& lines)
{
    try
    {
        const Finished finished = RunOne(scenario, seed, "", what, threads);
        lines << finished.line << std::flush;
        return ReportFailures(finished.failures, what + ": ");
    }
    catch (const RunError& e)
    {
        return ReportFailures({e.what()}, what + ": ");
    }
}

int
CommandBatch(const po::variables_map& values)
{
    const auto file = ScenarioFile::Load(GetScenarioName(values));
    const auto given = values.count("seeds") != 0 ? ParseSeeds(values["seeds"].as<std::string>())
                                                  : std::vector<uint64_t>{};
    // All values are looked at before the first run begins.
    std::vector<Scenario> scenarios;
    for (const auto& point : Combine(GetAssignments(values), GetList(values, "vary")))
    {
        scenarios.push_back(file.Expand(point));
    }
    const unsigned threads = GetThreads(values);
    const std::string out = values["out"].as<std::string>();
    std::ofstream stream;
    if (!out.empty())
    {
        stream.open(out);
    }
    if (!stream)
    {
        throw UsageError("cannot write file '" + out + "'");
    }
    std::ostream& lines = out.empty() ? std::cout : stream;
    int status = EXIT_OK;
    size_t number = 0;
    for (const auto& scenario : scenarios)
    {
        const auto seeds = given.empty() ? std::vector<uint64_t>{scenario.seed} : given;
        for (const uint64_t seed : seeds)
        {
            ++number;
            const std::string what = "run " + std::to_string(number) + " of " +
                                     std::to_string(scenarios.size() * seeds.size());
            status = std::max(status, RunPoint(scenario, seed, what, threads, lines));
        }
    }
    return status;
}

void
DeclareDemo(po::options_description& options)
{
    DeclareSet(options);
    DeclareSeed(options);
    options.add_options()("out,o",
                          po::value<std::string>()->default_value("out/demo")->value_name("DIR"),
                          "folder for the files of both runs");
    DeclareThreads(options);
}

int
CommandDemo(const po::variables_map& values)
{
    const unsigned threads = GetThreads(values);
    const auto file = ScenarioFile::Load(FindScenario("vti-convergence"));
    const std::string out = values["out"].as<std::string>();

    struct Variant
    {
        const char* name;    ///< of column and folder
        const char* setting; ///< of responder_only
    };

    constexpr Variant VARIANTS[] = {{"without", "none"}, {"with", "one"}};
    std::vector<ResultsColumn> columns;
    Strings failures;
    std::string ladder;
    // All values are looked at before the first run begins.
    std::vector<Scenario> scenarios;
    for (const auto& variant : VARIANTS)
    {
        ParameterValues assignments = GetAssignments(values);
        assignments["responder_only"] = variant.setting;
        scenarios.push_back(file.Expand(assignments));
    }
    const uint64_t seed = GetSeed(values, scenarios.front());
    std::cout << file.GetTitle() << "\n" << file.GetDescription() << std::endl;
    for (size_t i = 0; i < scenarios.size(); ++i)
    {
        const auto& variant = VARIANTS[i];
        const Scenario& scenario = scenarios[i];
        std::cout << "Running " << variant.name
                  << " responder-only: " << scenario.duration.ToSeconds()
                  << " simulated seconds, seed " << seed << "." << std::endl;
        const Finished finished =
            RunOne(scenario, seed, out + "/" + variant.name, variant.name, threads);
        columns.push_back({variant.name, finished.json});
        failures.insert(failures.end(), finished.failures.begin(), finished.failures.end());
        ladder = ladder.empty() ? finished.ladder : ladder;
    }
    std::cout << "\nThe same scenario without and with responder-only at R2\n\n"
              << WriteResultsTable(columns) << "\nThe first negotiation, without responder-only\n\n"
              << ladder << "\nFiles\n";
    for (const auto& variant : VARIANTS)
    {
        PrintFiles(out + "/" + variant.name);
    }
    std::cout << "\nCaptures open decrypted in Wireshark when ikev1_decryption_table and esp_sa "
                 "are put\ninto a profile's folder, and 'Attempt to detect/decode encrypted ESP "
                 "payloads' is on.\n";
    return ReportFailures(failures);
}

void
DeclareCheck(po::options_description& options)
{
    DeclareScenario(options);
    DeclareSet(options);
}

int
CommandCheck(const po::variables_map& values)
{
    const std::string name = GetScenarioName(values);
    const auto file = ScenarioFile::Load(name);
    file.Check();
    const Scenario scenario = file.Expand(GetAssignments(values));
    std::cout << name << ": " << scenario.name << ", " << scenario.routers.size() << " routers, "
              << scenario.nodes.size() << " other nodes, " << scenario.links.size() << " links, "
              << scenario.offer.size() << " flows: no errors\n";
    return EXIT_OK;
}

/// Print lines below a parameter.
void
PrintIndented(const std::string& text)
{
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
    {
        std::cout << "      " << line << "\n";
    }
}

void
PrintParameters(const ScenarioFile& file)
{
    std::cout << file.GetName() << ": " << file.GetTitle() << "\n\n"
              << file.GetDescription() << "\n";
    for (const auto& parameter : file.GetParameters())
    {
        std::cout << "  " << parameter.name << " = " << parameter.defaultValue
                  << (parameter.unit.empty() ? "" : " " + parameter.unit) << "\n";
        PrintIndented(parameter.help);
        PrintIndented(parameter.DescribeValues());
    }
}

int
CommandList(const po::variables_map& values)
{
    if (values.count("scenario") != 0)
    {
        PrintParameters(ScenarioFile::Load(GetScenarioName(values)));
        return EXIT_OK;
    }
    for (const auto& path : ShippedScenarios())
    {
        const auto file = ScenarioFile::Load(path.string());
        std::printf("%-24s %s\n", file.GetName().c_str(), file.GetTitle().c_str());
    }
    return EXIT_OK;
}

void
DeclareNothing(po::options_description& /* options */)
{
}

int CommandHelp(const po::variables_map& values);

constexpr Command COMMANDS[] = {
    {"run", "SCENARIO", "Run a scenario and say what came out.", DeclareRun, CommandRun},
    {"batch",
     "SCENARIO",
     "Run a scenario with several values and seeds: one line of JSON per run.",
     DeclareBatch,
     CommandBatch},
    {"demo",
     "",
     "Run the study without and with responder-only, and compare.",
     DeclareDemo,
     CommandDemo},
    {"audit",
     "RESULTS",
     "List the routers that could still send or accept clear text at the end of a run.",
     DeclareAudit,
     CommandAudit,
     "results"},
    {"check",
     "SCENARIO",
     "Look for errors in a scenario; run nothing.",
     DeclareCheck,
     CommandCheck},
    {"list",
     "[SCENARIO]",
     "List the shipped scenarios, or the parameters of one.",
     DeclareScenario,
     CommandList},
    {"expand",
     "SCENARIO",
     "Print parameters, and for points their values and the hash of the scenario, as JSON.",
     DeclareExpand,
     CommandExpand},
    {"knobs",
     "",
     "List the knobs of the engine: values and sources, for any profile.",
     DeclareKnobs,
     CommandKnobs},
    {"calibrate",
     "",
     "Measure what cryptography costs this machine; write a profile of costs.",
     DeclareCalibrate,
     CommandCalibrate},
    {"explore",
     "SCENARIO",
     "Try all orderings of a race within bounds.",
     DeclareExplore,
     CommandExplore},
    {"replay",
     "SCENARIO",
     "Run one schedule of a race, step by step.",
     DeclareReplay,
     CommandReplay},
    {"shrink", "SCENARIO", "Make a schedule as short as it gets.", DeclareShrink, CommandShrink},
    {"regress",
     "[DIR]",
     "Run all races of a folder, and compare with what is kept of them.",
     DeclareRegress,
     CommandRegress,
     "folder"},
    {"code",
     "",
     "Print what identifies the code that makes results: its sources, and ns-3.",
     DeclareNothing,
     CommandCode},
    {"schema",
     "",
     "Print the JSON Schema of scenario files, for editors.",
     DeclareNothing,
     CommandSchema},
    {"states", "", "Draw the machines of IKEv1, as Markdown.", DeclareNothing, CommandStates},
    {"help", "[COMMAND]", "Say what a command does.", DeclareScenario, CommandHelp},
};

const Command&
FindCommand(const std::string& name)
{
    Strings names;
    for (const auto& command : COMMANDS)
    {
        if (name == command.name)
        {
            return command;
        }
        names.emplace_back(command.name);
    }
    const std::string hint = MakeNearestHint(name, names);
    throw UsageError("there is no command '" + name + "'; expected " + JoinAlternatives(names) +
                     (hint.empty() ? "" : " (" + hint + ")"));
}

/// The options that are shown; "scenario" is positional.
po::options_description
DescribeOptions(const Command& command)
{
    po::options_description options("Options");
    command.declare(options);
    options.add_options()("config",
                          po::value<std::string>()->value_name("FILE"),
                          "file with lines OPTION=VALUE; the command line wins")(
        "help,h",
        "say what the command does");
    return options;
}

void
PrintCommandHelp(const Command& command)
{
    const std::string arguments = command.arguments;
    std::cout << "Usage: ike-sim " << command.name << (arguments.empty() ? "" : " ") << arguments
              << " [options]\n\n"
              << command.help << "\n\n"
              << DescribeOptions(command);
}

void
PrintOverview(std::ostream& out)
{
    out << "Usage: ike-sim COMMAND [arguments]\n\n"
           "Real IKEv1 and ESP between the nodes of an ns-3 simulation.\n\nCommands\n";
    for (const auto& command : COMMANDS)
    {
        std::string name = std::string(command.name) + " " + command.arguments;
        name.resize(std::max<size_t>(name.size(), 18), ' ');
        out << "  " << name << " " << command.help << "\n";
    }
    out << "\nike-sim COMMAND --help shows the options of a command, with their defaults.\n"
           "Exit status: 0 well, 1 a run or an expectation failed or audit found a router, 2 the\n"
           "command line, the scenario or the results are wrong.\n";
}

int
CommandHelp(const po::variables_map& values)
{
    if (values.count("scenario") != 0)
    {
        PrintCommandHelp(FindCommand(values["scenario"].as<std::string>()));
    }
    else
    {
        PrintOverview(std::cout);
    }
    return EXIT_OK;
}

po::variables_map
ReadOptions(const Command& command, const Strings& arguments)
{
    const auto options = DescribeOptions(command);
    po::positional_options_description positional;
    positional.add(command.positional, std::string(command.arguments).empty() ? 0 : 1);
    const int style =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    po::store(po::command_line_parser(arguments)
                  .options(options)
                  .positional(positional)
                  .style(style)
                  .run(),
              values);
    if (values.count("config") != 0)
    {
        const std::string name = values["config"].as<std::string>();
        std::ifstream file(name);
        if (!file)
        {
            throw UsageError("cannot read file '" + name + "'");
        }
        po::store(po::parse_config_file(file, options), values);
    }
    po::notify(values);
    return values;
}

int
Dispatch(const Strings& arguments)
{
    if (arguments.empty())
    {
        PrintOverview(std::cerr);
        return EXIT_BAD_USAGE;
    }
    const bool isHelp = arguments[0] == "--help" || arguments[0] == "-h";
    const Command& command = FindCommand(isHelp ? "help" : arguments[0]);
    if (IkeRanks::GetLaunched().count > 1 && std::string(command.name) != "run")
    {
        throw UsageError("mpirun started " + std::to_string(IkeRanks::GetLaunched().count) +
                         " processes: they can share a 'run', and nothing else");
    }
    const auto values = ReadOptions(command, Strings(arguments.begin() + 1, arguments.end()));
    if (values.count("help") != 0)
    {
        PrintCommandHelp(command);
        return EXIT_OK;
    }
    return command.run(values);
}

/// Complain on standard error.
int
Complain(const std::string& text, int status)
{
    // Of several processes, one is enough.
    if (IkeRanks::GetLaunched().own == 0)
    {
        std::cerr << "ike-sim: " << text << "\n";
    }
    return status;
}

} // namespace

int
RunCommandLine(const Strings& arguments)
{
    try
    {
        return Dispatch(arguments);
    }
    catch (const UsageError& e)
    {
        return Complain(std::string(e.what()) + "\nTry 'ike-sim help'.", EXIT_BAD_USAGE);
    }
    catch (const po::error& e)
    {
        return Complain(std::string(e.what()) + "\nTry 'ike-sim help'.", EXIT_BAD_USAGE);
    }
    catch (const ScenarioError& e)
    {
        return Complain(e.what(), EXIT_BAD_USAGE);
    }
    catch (const std::exception& e)
    {
        return Complain(e.what(), EXIT_FAILED);
    }
}
