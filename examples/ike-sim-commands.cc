/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-commands.h"

#include "ns3/ike-knobs.h"
#include "ns3/ike-nearest-name.h"
#include "ns3/ike-results-table.h"
#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace po = boost::program_options;
namespace fs = std::filesystem;

using namespace ns3::ike;

namespace
{

/// The command line is wrong.
class UsageError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// A sub-command: its name, what it does, and who does it.
struct Command
{
    const char* name;      ///< "run"
    const char* arguments; ///< behind the name
    const char* help;      ///< a sentence
    /// Declares its options.
    void (*declare)(po::options_description& options);
    int (*run)(const po::variables_map& values); ///< does it
};

using Strings = std::vector<std::string>;

// --- Scenarios and values -----------------------------------------------------------------------

/// Where the shipped scenarios are: below the working folder, or where the build has them.
std::vector<fs::path>
ScenarioFolders()
{
    std::vector<fs::path> folders{fs::path("examples") / "scenarios",
                                  fs::path("contrib") / "ike" / "examples" / "scenarios"};
#ifdef NS3_IKE_SCENARIO_DIR
    folders.emplace_back(NS3_IKE_SCENARIO_DIR);
#endif
    return folders;
}

/// All shipped scenarios of the first folder that exists, sorted.
std::vector<fs::path>
ShippedScenarios()
{
    std::vector<fs::path> files;
    for (const auto& folder : ScenarioFolders())
    {
        if (!files.empty() || !fs::is_directory(folder))
        {
            continue;
        }
        for (const auto& entry : fs::directory_iterator(folder))
        {
            if (entry.path().extension() == ".yaml")
            {
                files.push_back(entry.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// A file, or the name of a shipped scenario.
std::string
FindScenario(const std::string& name)
{
    if (fs::is_regular_file(name))
    {
        return name;
    }
    Strings names;
    for (const auto& file : ShippedScenarios())
    {
        if (file.stem() == name)
        {
            return file.string();
        }
        names.push_back(file.stem().string());
    }
    const std::string hint = MakeNearestHint(name, names);
    throw UsageError("there is no scenario '" + name + "'; expected a file" +
                     (names.empty() ? "" : ", or " + JoinAlternatives(names)) +
                     (hint.empty() ? "" : " (" + hint + ")"));
}

/// "NAME=VALUE"
std::pair<std::string, std::string>
SplitAssignment(const std::string& text, const char* option)
{
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
    {
        throw UsageError(std::string("--") + option + " " + text + ": expected NAME=VALUE");
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

Strings
SplitList(const std::string& text)
{
    Strings items;
    std::istringstream stream(text);
    for (std::string item; std::getline(stream, item, ',');)
    {
        items.push_back(item);
    }
    return items;
}

Strings
GetList(const po::variables_map& values, const char* name)
{
    return values.count(name) != 0 ? values[name].as<Strings>() : Strings{};
}

ParameterValues
GetAssignments(const po::variables_map& values)
{
    ParameterValues assignments;
    for (const auto& text : GetList(values, "set"))
    {
        assignments.insert_or_assign(SplitAssignment(text, "set").first,
                                     SplitAssignment(text, "set").second);
    }
    return assignments;
}

uint64_t
ParseSeed(const std::string& text)
{
    const bool digits = !text.empty() && text.size() < 10 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    const uint64_t seed = digits ? std::stoull(text) : 0;
    if (seed == 0)
    {
        throw UsageError("'" + text + "' is no seed; expected a number from 1 on");
    }
    return seed;
}

/// "1..100", "3", "1,5,7..9"
std::vector<uint64_t>
ParseSeeds(const std::string& text)
{
    std::vector<uint64_t> seeds;
    for (const auto& item : SplitList(text))
    {
        const size_t dots = item.find("..");
        const uint64_t first = ParseSeed(item.substr(0, dots));
        const uint64_t last = dots == std::string::npos ? first : ParseSeed(item.substr(dots + 2));
        for (uint64_t seed = first; seed <= last; ++seed)
        {
            seeds.push_back(seed);
        }
    }
    if (seeds.empty())
    {
        throw UsageError("--seeds '" + text + "' names no seed; expected 1..100, or 1,2,5");
    }
    return seeds;
}

// --- Runs ---------------------------------------------------------------------------------------

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
        if (::isatty(STDERR_FILENO) == 0)
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

/// What a finished run leaves in memory.
struct Finished
{
    std::string json;   ///< results.json
    std::string line;   ///< the same on one line
    Strings failures;   ///< violations and expectations that do not hold
    std::string ladder; ///< of the first negotiation
};

Finished
RunOne(const Scenario& scenario, uint64_t seed, const std::string& out, const std::string& what)
{
    ProgressPrinter progress(what);
    ScenarioRun run(scenario, RunOptions{seed, out, progress.GetCallback()});
    const RunResults results = run.Finish();
    Finished finished;
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

/// Say what failed. @return the exit status
int
ReportFailures(const Strings& failures, const std::string& where = "")
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

// --- Commands -----------------------------------------------------------------------------------

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
                          po::value<std::string>()->default_value("1")->value_name("N"),
                          "RngSeed 1, RngRun N");
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
        "what is printed");
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

int
CommandRun(const po::variables_map& values)
{
    const std::string format = values["format"].as<std::string>();
    if (format != "table" && format != "json")
    {
        throw UsageError("--format " + format + ": expected table or json");
    }
    const uint64_t seed = ParseSeed(values["seed"].as<std::string>());
    const auto file = ScenarioFile::Load(GetScenarioName(values));
    const Scenario scenario = file.Expand(GetAssignments(values));
    const std::string out = values["out"].as<std::string>();
    const Finished finished = RunOne(scenario, seed, out, scenario.name);
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

void
DeclareBatch(po::options_description& options)
{
    DeclareScenario(options);
    DeclareSet(options);
    options.add_options()("vary",
                          po::value<Strings>()->composing()->value_name("NAME=V1,V2"),
                          "values of a parameter to run; may be given again: all combinations")(
        "seeds",
        po::value<std::string>()->default_value("1")->value_name("1..N"),
        "seeds to run, as 1..100 or 1,2,5")(
        "out,o",
        po::value<std::string>()->default_value("")->value_name("FILE"),
        "file for the results lines; none: standard output");
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
RunPoint(const Scenario& scenario, uint64_t seed, const std::string& what, std::ostream& lines)
{
    try
    {
        const Finished finished = RunOne(scenario, seed, "", what);
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
    const auto seeds = ParseSeeds(values["seeds"].as<std::string>());
    // All values are looked at before the first run begins.
    std::vector<Scenario> scenarios;
    for (const auto& point : Combine(GetAssignments(values), GetList(values, "vary")))
    {
        scenarios.push_back(file.Expand(point));
    }
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
        for (const uint64_t seed : seeds)
        {
            ++number;
            const std::string what = "run " + std::to_string(number) + " of " +
                                     std::to_string(scenarios.size() * seeds.size());
            status = std::max(status, RunPoint(scenario, seed, what, lines));
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
}

int
CommandDemo(const po::variables_map& values)
{
    const uint64_t seed = ParseSeed(values["seed"].as<std::string>());
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
    std::cout << file.GetTitle() << "\n" << file.GetDescription() << std::endl;
    for (const auto& variant : VARIANTS)
    {
        ParameterValues assignments = GetAssignments(values);
        assignments["responder_only"] = variant.setting;
        const Scenario scenario = file.Expand(assignments);
        std::cout << "Running " << variant.name
                  << " responder-only: " << scenario.duration.ToSeconds()
                  << " simulated seconds, seed " << seed << "." << std::endl;
        const Finished finished = RunOne(scenario, seed, out + "/" + variant.name, variant.name);
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

void
PrintParameters(const ScenarioFile& file)
{
    std::cout << file.GetName() << ": " << file.GetTitle() << "\n\n"
              << file.GetDescription() << "\n";
    for (const auto& parameter : file.GetParameters())
    {
        std::cout << "  " << parameter.name << " = " << parameter.defaultValue
                  << (parameter.unit.empty() ? "" : " " + parameter.unit) << "\n      "
                  << parameter.help << "\n      " << parameter.DescribeValues() << "\n";
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

int
CommandKnobs(const po::variables_map& /* values */)
{
    const IkeKnobs defaults;
    for (const auto& knob : GetKnobTable())
    {
        std::cout << knob.name << " = " << GetKnob(defaults, knob.name) << " [" << knob.unit
                  << "]\n    " << knob.help << "\n    Source: " << knob.source << "\n";
    }
    return EXIT_OK;
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
    {"knobs",
     "",
     "List the knobs of the engine: defaults and sources.",
     DeclareNothing,
     CommandKnobs},
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
           "Exit status: 0 well, 1 a run or an expectation failed, 2 the command line or the\n"
           "scenario is wrong.\n";
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
    positional.add("scenario", std::string(command.arguments).empty() ? 0 : 1);
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
    std::cerr << "ike-sim: " << text << "\n";
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
