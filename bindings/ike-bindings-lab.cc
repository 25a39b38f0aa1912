/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings.h"

#include "ns3/ike-race-files.h"
#include "ns3/ike-race-report.h"
#include "ns3/ike-race-simulation.h"
#include "ns3/ike-race-transcript.h"
#include "ns3/ike-race.h"
#include "ns3/ike-schedule.h"
#include "ns3/ike-shrink.h"
#include "ns3/ike-transcript.h"

#include <algorithm>
#include <optional>

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

/// What a predicate of `shrink` looks for.
SchedulePredicate
MakePredicate(const World& start,
              const DriveOptions& drive,
              const std::string& end,
              const std::string& oracle)
{
    if (end.empty() == oracle.empty())
    {
        throw py::value_error("expected end, or oracle");
    }
    if (!oracle.empty())
    {
        return FailsOracle(start, drive, FindOracle(oracle).name);
    }
    const EndPattern pattern = ParseEndPattern(end);
    return [pattern, start, drive](const Moves& moves) {
        const auto result = TryReplay(start, moves, drive);
        return result && pattern.IsIn(result->end);
    };
}

/// The world of a race, move by move.
class RaceWorld
{
  public:
    explicit RaceWorld(const World& world)
        : m_world(world)
    {
    }

    void Do(const std::string& schedule)
    {
        World next = m_world; // a schedule that cannot be done changes nothing
        const Moves moves = ParseSchedule(schedule);
        const py::gil_scoped_release unlocked;
        RunMoves(next, moves);
        m_world = next;
    }

    double GetNow() const
    {
        return m_world.Now().ToSeconds();
    }

    uint64_t GetFingerprint() const
    {
        return m_world.GetFingerprint();
    }

    std::vector<std::string> GetNames() const
    {
        std::vector<std::string> names;
        for (uint32_t i = 0; i < m_world.GetNodeCount(); ++i)
        {
            names.push_back(m_world.GetNode(i).name);
        }
        return names;
    }

    /// From, to, what: in the order of sending.
    std::vector<std::tuple<std::string, std::string, std::string>> GetFlights() const
    {
        std::vector<std::tuple<std::string, std::string, std::string>> flights;
        for (const Flight& f : m_world.GetFlights())
        {
            flights.emplace_back(m_world.GetNode(f.from).name, m_world.GetNode(f.to).name, f.label);
        }
        return flights;
    }

    std::string GetTranscript() const
    {
        Transcript transcript;
        for (const TimedEvent& event : m_world.GetLog())
        {
            transcript.Record(event);
        }
        return transcript.GetText();
    }

    std::string Settle(const RestKnobs& rest) const
    {
        World copy = m_world;
        const py::gil_scoped_release unlocked;
        const SettleReport report = ns3::ike::Settle(copy, rest);
        return Judge(copy, report, rest).ToString();
    }

  private:
    World m_world; ///< now
};

/// A scenario in the laboratory.
class Race
{
  public:
    Race(const Scenario& scenario, std::optional<uint64_t> seed)
        : m_scenario(scenario),
          m_seed(seed.value_or(scenario.seed)),
          m_explore(GetExplore(scenario)),
          m_first(BuildWorld(WithSchedule(Moves()), m_seed))
    {
    }

    std::string GetBegin() const
    {
        return ToString(m_first.begin);
    }

    std::optional<std::string> GetKept() const
    {
        return m_explore.schedule ? std::make_optional(ToString(*m_explore.schedule))
                                  : std::nullopt;
    }

    std::string GetLeftOut() const
    {
        return DescribeLeftOut(m_first);
    }

    std::vector<std::string> GetNodes() const
    {
        return RaceWorld(m_first.start).GetNames();
    }

    std::map<std::string, std::string> GetBounds() const
    {
        std::map<std::string, std::string> bounds;
        for (const auto& info : GetBoundTable())
        {
            bounds[info.name] = GetBound(m_explore.drive.bounds, info.name);
        }
        return bounds;
    }

    RaceWorld GetWorld() const
    {
        return RaceWorld(m_first.start);
    }

    std::string Replay(const std::optional<std::string>& schedule) const
    {
        const Moves moves = NeedMoves(schedule);
        const py::gil_scoped_release unlocked;
        RaceResult result = ReplayRace(m_scenario, m_first, moves, MakeOptions());
        if (!schedule)
        {
            JudgeRace(m_explore.expect, result);
        }
        return WriteRace(result, RaceTable::Json);
    }

    std::string Explore(const std::map<std::string, std::string>& bounds,
                        const std::optional<std::vector<std::string>>& oracles,
                        const std::string& chooser,
                        std::optional<uint64_t> runs,
                        std::optional<uint32_t> depth,
                        unsigned threads,
                        const py::object& progress) const
    {
        Scenario scenario = m_scenario;
        ScenarioExplore explore = m_explore;
        for (const auto& [name, value] : bounds)
        {
            const std::string wrong = SetBoundText(explore.drive.bounds, name, value);
            if (!wrong.empty())
            {
                throw py::value_error(wrong);
            }
        }
        explore.drive.rest.settle = explore.drive.bounds.settle;
        for (const auto& oracle : oracles.value_or(std::vector<std::string>()))
        {
            FindOracle(oracle);
        }
        explore.drive.oracles = oracles.value_or(explore.drive.oracles);
        SetChooser(explore.chooser, chooser);
        explore.chooser.runs = runs.value_or(explore.chooser.runs);
        explore.chooser.depth = depth.value_or(explore.chooser.depth);
        scenario.explore = std::make_shared<const ScenarioExplore>(explore);
        RaceOptions options = MakeOptions();
        options.threads = threads;
        options.progress = MakeProgress(progress);
        const py::gil_scoped_release unlocked;
        const ScenarioWorld world = BuildWorld(WithSchedule(std::nullopt), m_seed);
        RaceResult result = ExploreRace(scenario, world, options);
        if (!explore.schedule)
        {
            JudgeRace(explore.expect, result);
        }
        return WriteRace(result, RaceTable::Json);
    }

    std::string Shrink(const std::optional<std::string>& schedule,
                       const std::string& end,
                       const std::string& oracle) const
    {
        const Moves moves = NeedMoves(schedule);
        const SchedulePredicate predicate =
            MakePredicate(m_first.start, m_explore.drive, end, oracle);
        const py::gil_scoped_release unlocked;
        return ToString(ns3::ike::Shrink(moves, predicate).moves);
    }

    std::string GetSteps(const std::optional<std::string>& schedule) const
    {
        return WriteSteps(m_first, NeedMoves(schedule), m_explore.drive.rest);
    }

    std::pair<std::string, std::string> GetLadder(const std::optional<std::string>& schedule) const
    {
        return WriteRaceLadder(m_first, NeedMoves(schedule), m_scenario.title);
    }

    py::dict Simulate(const std::optional<std::string>& schedule,
                      const py::object& step,
                      const py::object& tail,
                      const std::string& out) const
    {
        SimulationOptions options;
        options.seed = m_seed;
        options.step = ReadSpan(step, "step");
        options.tail = ReadSpan(tail, "tail");
        options.out = out;
        const Moves moves = NeedMoves(schedule);
        SimulationReport report;
        {
            const py::gil_scoped_release unlocked;
            report = SimulateSchedule(m_scenario, m_first, moves, options);
        }
        py::dict said;
        said["datagrams"] = report.datagrams;
        said["events"] = report.events;
        said["transcript"] = report.transcript;
        said["differences"] = report.differences;
        said["end"] = report.end.ToString();
        said["notes"] = report.notes;
        return said;
    }

    std::vector<std::string> Write(const std::string& folder,
                                   const std::string& name,
                                   const std::optional<std::string>& schedule,
                                   const std::string& title) const
    {
        const RaceResult result =
            ReplayRace(m_scenario, m_first, NeedMoves(schedule), MakeOptions());
        return WriteRaceFiles(folder,
                              m_scenario,
                              m_first,
                              result,
                              name,
                              title.empty() ? m_scenario.title : title);
    }

  private:
    Moves NeedMoves(const std::optional<std::string>& schedule) const
    {
        if (!schedule && !m_explore.schedule)
        {
            throw py::value_error("no schedule: the scenario keeps none");
        }
        return schedule ? ParseSchedule(*schedule) : *m_explore.schedule;
    }

    /// The scenario with another schedule, which decides how it begins.
    Scenario WithSchedule(const std::optional<Moves>& schedule) const
    {
        Scenario other = m_scenario;
        ScenarioExplore explore = m_explore;
        explore.schedule = schedule;
        other.explore = std::make_shared<const ScenarioExplore>(explore);
        return other;
    }

    RaceOptions MakeOptions() const
    {
        RaceOptions options;
        options.seed = m_seed;
        return options;
    }

    static void SetChooser(ExploreChooser& chooser, const std::string& name)
    {
        const std::vector<std::string> names{"exhaustive", "random", "pct"};
        const auto at = std::find(names.begin(), names.end(), name);
        if (!name.empty() && at == names.end())
        {
            ThrowUnknown("chooser", name, names);
        }
        if (!name.empty())
        {
            chooser.kind = static_cast<ExploreChooser::Kind>(at - names.begin());
        }
    }

    /// After each depth Python may stop it: by an exception, or by Ctrl-C.
    static std::function<void(const ExploreProgress&)> MakeProgress(const py::object& callback)
    {
        return [&callback](const ExploreProgress& progress) {
            const py::gil_scoped_acquire locked;
            if (PyErr_CheckSignals() != 0)
            {
                throw py::error_already_set();
            }
            if (!callback.is_none())
            {
                py::dict said;
                said["depth"] = progress.depth;
                said["states"] = progress.states;
                said["transitions"] = progress.transitions;
                said["frontier"] = progress.frontier;
                said["ends"] = progress.ends;
                callback(said);
            }
        };
    }

    Scenario m_scenario;       ///< expanded
    uint64_t m_seed;           ///< of keys
    ScenarioExplore m_explore; ///< what it says
    ScenarioWorld m_first;     ///< where schedules begin: without `begin:` nothing has happened
};

py::list
ListMoves()
{
    py::list rows;
    for (const auto& info : GetMoveKinds())
    {
        py::dict row;
        row["word"] = info.usage;
        row["help"] = info.help;
        rows.append(row);
    }
    return rows;
}

py::list
ListBounds()
{
    py::list rows;
    for (const auto& info : GetBoundTable())
    {
        py::dict row;
        row["name"] = info.name;
        row["value"] = GetBound(ExploreBounds(), info.name);
        row["unit"] = info.unit;
        row["help"] = info.help;
        rows.append(row);
    }
    return rows;
}

py::list
ListOracles()
{
    py::list rows;
    for (const auto& oracle : GetOracles())
    {
        py::dict row;
        row["name"] = oracle.name;
        row["usual"] = oracle.usual;
        row["help"] = oracle.help;
        rows.append(row);
    }
    return rows;
}

std::vector<std::string>
SplitSchedule(const std::string& schedule)
{
    std::vector<std::string> words;
    for (const Move& move : ParseSchedule(schedule))
    {
        words.push_back(ToString(move));
    }
    return words;
}

py::list
RunRegress(const std::string& folder, bool rewrite, const std::string& only, unsigned threads)
{
    RegressOptions options;
    options.rewrite = rewrite;
    options.only = only;
    options.threads = threads;
    options.progress = [](const std::string&) {
        const py::gil_scoped_acquire locked;
        if (PyErr_CheckSignals() != 0)
        {
            throw py::error_already_set();
        }
    };
    std::vector<RegressRow> rows;
    {
        const py::gil_scoped_release unlocked;
        rows = Regress(folder, options);
    }
    py::list list;
    for (const auto& row : rows)
    {
        py::dict said;
        said["race"] = row.GetName();
        said["id"] = row.id;
        said["file"] = row.file;
        said["parameters"] = row.parameters;
        said["state"] = ToString(row.state);
        said["failed"] = row.IsFailure();
        said["summary"] = row.summary;
        said["text"] = row.text;
        said["seconds"] = row.seconds;
        list.append(said);
    }
    return list;
}

} // namespace

void
BindLab(py::module_& m)
{
    py::class_<RaceWorld>(m,
                          "RaceWorld",
                          "The world of a race, move by move. Copies are independent.")
        .def("do", &RaceWorld::Do, py::arg("schedule"), "Make the moves of a schedule, or none.")
        .def(
            "copy",
            [](const RaceWorld& world) { return world; },
            "An independent copy.")
        .def(
            "settle",
            [](const RaceWorld& world, const py::object& time) {
                RestKnobs rest;
                rest.settle = ReadSpan(time, "time");
                return world.Settle(rest);
            },
            py::arg("time") = "300 s",
            "The end state that a copy comes to, as a text.")
        .def_property_readonly("names", &RaceWorld::GetNames, "Of the nodes.")
        .def_property_readonly("now", &RaceWorld::GetNow, "The clock, in s.")
        .def_property_readonly("flights",
                               &RaceWorld::GetFlights,
                               "Datagrams in flight: from, to, what it is.")
        .def_property_readonly("transcript",
                               &RaceWorld::GetTranscript,
                               "What happened so far, a line per event.")
        .def_property_readonly("fingerprint",
                               &RaceWorld::GetFingerprint,
                               "Equal states have equal ones.");

    py::class_<Race>(m, "Race", "A scenario in the laboratory.")
        .def(py::init<const Scenario&, std::optional<uint64_t>>(),
             py::arg("scenario"),
             py::arg("seed") = py::none())
        .def_property_readonly("nodes", &Race::GetNodes, "Names, in the order of counts.")
        .def_property_readonly("begin", &Race::GetBegin, "Moves before all schedules.")
        .def_property_readonly("kept", &Race::GetKept, "The kept schedule, or None.")
        .def_property_readonly("left_out", &Race::GetLeftOut, "What a world has not, a line.")
        .def_property_readonly("bounds", &Race::GetBounds, "Of an exploration, as texts.")
        .def("world", &Race::GetWorld, "The world after `begin`, to be moved.")
        .def("replay",
             &Race::Replay,
             py::arg("schedule") = py::none(),
             "Run one schedule: results as JSON.")
        .def("explore",
             &Race::Explore,
             py::arg("bounds") = std::map<std::string, std::string>(),
             py::arg("oracles") = py::none(),
             py::arg("chooser") = "",
             py::arg("runs") = py::none(),
             py::arg("depth") = py::none(),
             py::arg("threads") = 0,
             py::arg("progress") = py::none(),
             "Try all orderings within bounds: results as JSON.")
        .def("shrink",
             &Race::Shrink,
             py::arg("schedule") = py::none(),
             py::arg("end") = "",
             py::arg("oracle") = "",
             "The shortest schedule that still shows it.")
        .def("steps",
             &Race::GetSteps,
             py::arg("schedule") = py::none(),
             "A schedule move by move, with what happens.")
        .def("ladder",
             &Race::GetLadder,
             py::arg("schedule") = py::none(),
             "A ladder diagram: as text, and as SVG.")
        .def("simulate",
             &Race::Simulate,
             py::arg("schedule") = py::none(),
             py::arg("step") = "1 ms",
             py::arg("tail") = "60 s",
             py::arg("out") = "",
             "Run a schedule in ns-3, and compare.")
        .def("write",
             &Race::Write,
             py::arg("folder"),
             py::arg("name"),
             py::arg("schedule") = py::none(),
             py::arg("title") = "",
             "A scenario of its own, a transcript, a ladder diagram: the names of the files.");

    m.def("list_moves", &ListMoves, "The words of schedules, with help.");
    m.def("list_bounds", &ListBounds, "The bounds of explorations, with defaults and units.");
    m.def("list_oracles", &ListOracles, "The oracles, with help.");
    m.def("split_schedule",
          &SplitSchedule,
          py::arg("schedule"),
          "The words of a schedule, each written in one way.");
    m.def("regress",
          &RunRegress,
          py::arg("folder"),
          py::arg("rewrite") = false,
          py::arg("only") = "",
          py::arg("threads") = 0,
          "Run all races of a folder, and compare: a row for each.");
}

} // namespace bindings
} // namespace ike
} // namespace ns3
