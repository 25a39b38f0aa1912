/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-race.h"

#include "ns3/ike-schedule.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

RaceResult
MakeResult(const Scenario& scenario, const ScenarioWorld& world, uint64_t seed)
{
    RaceResult result;
    result.scenario = scenario.name;
    result.title = scenario.title;
    result.id = GetExplore(scenario).id;
    result.parameters = scenario.parameters;
    result.seed = seed;
    for (const auto& router : scenario.routers)
    {
        result.nodes.push_back(router.name);
    }
    result.leftOut = DescribeLeftOut(world);
    result.begin = world.begin;
    return result;
}

std::unique_ptr<Chooser>
MakeChooser(const ExploreChooser& chooser, uint64_t seed)
{
    return chooser.kind == ExploreChooser::Kind::Random
               ? MakeUniformChooser(seed)
               : MakePriorityChooser(seed, chooser.depth, chooser.length);
}

/// What is reported in a schedule, and how many packets leave in the clear.
std::map<std::string, std::map<std::string, uint64_t>>
CountEvents(const ScenarioWorld& world, const Moves& schedule, const RestKnobs& rest)
{
    std::map<std::string, std::map<std::string, uint64_t>> counts;
    World now = world.cold;
    now.ForgetHistory();
    Moves moves = world.begin;
    moves.insert(moves.end(), schedule.begin(), schedule.end());
    uint32_t last = 0;
    for (const Move& move : moves)
    {
        MakeMove(now, move);
        for (const Flight& f : now.GetFlights())
        {
            if (f.id > last && f.isClear && !f.isCopy && move.kind == MoveKind::Offer)
            {
                ++counts[now.GetNode(f.from).name]["clear-sent"];
            }
            last = std::max(last, f.id);
        }
    }
    const auto take = [&now, &counts] {
        for (const TimedEvent& event : now.GetLog())
        {
            ++counts[event.node][ToString(event.event.kind)];
        }
        now.ForgetHistory();
    };
    take();
    Settle(now, rest);
    take();
    return counts;
}

// --- Judgement -----------------------------------------------------------------------------------

/// Writes down what did not come true.
class RaceJudge
{
  public:
    explicit RaceJudge(RaceResult& result)
        : m_result(result)
    {
    }

    void Ends(const ExploreExpectation& expect)
    {
        for (const auto& row : m_result.ends)
        {
            const bool wanted =
                expect.ends.empty() ||
                std::any_of(expect.ends.begin(), expect.ends.end(), [&row](const auto& pattern) {
                    return pattern.Matches(row.end);
                });
            if (!wanted)
            {
                Fail("end state '" + row.end.ToString() + "' is not expected", row.shortest);
            }
        }
        for (const auto& pattern : expect.ends)
        {
            const bool reached =
                std::any_of(m_result.ends.begin(),
                            m_result.ends.end(),
                            [&pattern](const EndRow& row) { return pattern.Matches(row.end); });
            if (expect.allReached && !reached)
            {
                Fail("end state '" + pattern.text + "' is expected, and not reached");
            }
        }
    }

    void NeverAndAlways(const ExploreExpectation& expect)
    {
        for (const auto& row : m_result.ends)
        {
            for (const auto& pattern : expect.never)
            {
                if (pattern.IsIn(row.end))
                {
                    Fail("'" + pattern.text + "' shall never be, and there is '" +
                             row.end.ToString() + "'",
                         row.shortest);
                }
            }
            for (const auto& pattern : expect.always)
            {
                if (!pattern.IsIn(row.end))
                {
                    Fail("'" + pattern.text + "' shall always be, and there is '" +
                             row.end.ToString() + "'",
                         row.shortest);
                }
            }
        }
    }

    void Shortest(const ShortestExpectation& expect)
    {
        const EndRow* best = nullptr;
        for (const auto& row : m_result.ends)
        {
            if (expect.pattern.IsIn(row.end) &&
                (best == nullptr || row.shortest.size() < best->shortest.size()))
            {
                best = &row;
            }
        }
        if (best == nullptr)
        {
            Fail("'" + expect.pattern.text + "' is expected, and not reached");
        }
        else if (expect.schedule && *expect.schedule != best->shortest)
        {
            Fail("the shortest schedule to '" + expect.pattern.text + "' is another one",
                 best->shortest);
        }
        else if (expect.moves && *expect.moves != best->shortest.size())
        {
            Fail("the shortest schedule to '" + expect.pattern.text + "' has " +
                     std::to_string(best->shortest.size()) + " moves, not " +
                     std::to_string(*expect.moves),
                 best->shortest);
        }
    }

    void Oracles(const ExploreExpectation& expect)
    {
        const auto allowed = expect.violations.value_or(std::vector<std::string>());
        std::set<std::string> failed;
        for (const auto& row : m_result.violations)
        {
            const std::string& oracle = row.violation.oracle;
            const bool isNever = Contains(expect.neverOracles, oracle);
            if (failed.insert(oracle).second && (isNever || !Contains(allowed, oracle)))
            {
                Fail("oracle " + oracle + " does not hold: " + row.violation.text, row.shortest);
            }
        }
        for (const auto& oracle : allowed)
        {
            if (failed.count(oracle) == 0)
            {
                Fail("oracle " + oracle + " is expected to fail, and holds");
            }
        }
    }

    void Complete(const ExploreExpectation& expect)
    {
        if (!m_result.coverage || m_result.coverage->complete == expect.complete.value_or(true))
        {
            return;
        }
        if (!m_result.coverage->complete)
        {
            std::string cut;
            for (const auto& bound : m_result.coverage->cutBy)
            {
                cut += (cut.empty() ? "" : ", ") + bound;
            }
            Fail("not all was seen, cut by: " + cut);
        }
        else
        {
            Fail("all was seen, which is not expected");
        }
    }

    void Counts(const ExploreExpectation& expect)
    {
        for (const auto& wanted : expect.counts)
        {
            const uint64_t count = m_result.counts[wanted.router][wanted.event];
            if (count < wanted.least || wanted.most < count)
            {
                Fail(wanted.router + " has " + std::to_string(count) + " times " + wanted.event +
                     ", which is " + (count < wanted.least ? "less than " : "more than ") +
                     std::to_string(count < wanted.least ? wanted.least : wanted.most));
            }
        }
    }

  private:
    static bool Contains(const std::vector<std::string>& names, const std::string& name)
    {
        return std::find(names.begin(), names.end(), name) != names.end();
    }

    void Fail(const std::string& what)
    {
        m_result.failures.push_back(what);
    }

    void Fail(const std::string& what, const Moves& schedule)
    {
        Fail(what + ", by: " + (schedule.empty() ? "no move at all" : ToString(schedule)));
    }

    RaceResult& m_result; ///< gets the failures
};

} // namespace

RaceResult
ReplayRace(const Scenario& scenario,
           const ScenarioWorld& world,
           const Moves& schedule,
           const RaceOptions& options)
{
    RaceResult result = MakeResult(scenario, world, options.seed);
    const DriveResult driven = Replay(world.start, schedule, GetExplore(scenario).drive);
    result.schedule = schedule;
    result.counts = CountEvents(world, schedule, GetExplore(scenario).drive.rest);
    result.ends = {EndRow{driven.end, 1, 1, schedule}};
    for (const auto& violation : driven.violations)
    {
        const auto same = std::find_if(result.violations.begin(),
                                       result.violations.end(),
                                       [&violation](const ViolationRow& row) {
                                           return row.violation.oracle == violation.oracle &&
                                                  row.violation.text == violation.text;
                                       });
        if (same == result.violations.end())
        {
            result.violations.push_back(ViolationRow{violation, 1, schedule});
        }
        else
        {
            ++same->count;
        }
    }
    return result;
}

RaceResult
ExploreRace(const Scenario& scenario, const ScenarioWorld& world, const RaceOptions& options)
{
    RaceResult result = MakeResult(scenario, world, options.seed);
    const ScenarioExplore explore = GetExplore(scenario);
    ExploreOptions how;
    static_cast<DriveOptions&>(how) = explore.drive;
    how.threads = options.threads;
    how.crypto = GetCryptoFactory(scenario);
    how.progress = options.progress;
    if (explore.chooser.kind == ExploreChooser::Kind::Exhaustive)
    {
        ExploreResult found = Explore(world.start, how);
        result.coverage = std::move(found.coverage);
        result.ends = std::move(found.ends);
        result.violations = std::move(found.violations);
        return result;
    }
    SampleResult found =
        Sample(world.start, how, options.seed, explore.chooser.runs, [&explore](uint64_t seed) {
            return MakeChooser(explore.chooser, seed);
        });
    result.runs = found.runs;
    result.ends = std::move(found.ends);
    result.violations = std::move(found.violations);
    return result;
}

RaceResult
RunRace(const Scenario& scenario, const RaceOptions& options)
{
    const ScenarioExplore explore = GetExplore(scenario);
    const ScenarioWorld world = BuildWorld(scenario, options.seed);
    try
    {
        RaceResult result = explore.schedule
                                ? ReplayRace(scenario, world, *explore.schedule, options)
                                : ExploreRace(scenario, world, options);
        JudgeRace(explore.expect, result);
        return result;
    }
    catch (const std::invalid_argument& e)
    {
        const auto at = explore.positions.find("schedule");
        throw ScenarioError(at == explore.positions.end() ? explore.position : at->second,
                            std::string("schedule: ") + e.what());
    }
}

void
JudgeRace(const ExploreExpectation& expect, RaceResult& result)
{
    RaceJudge judge(result);
    judge.Ends(expect);
    judge.NeverAndAlways(expect);
    for (const auto& shortest : expect.shortest)
    {
        judge.Shortest(shortest);
    }
    judge.Oracles(expect);
    judge.Complete(expect);
    judge.Counts(expect);
}

std::vector<ParameterValues>
GetVariations(const ScenarioExplore& explore)
{
    std::vector<ParameterValues> all{ParameterValues()};
    for (const auto& [name, values] : explore.vary)
    {
        std::vector<ParameterValues> longer;
        for (const auto& point : all)
        {
            for (const auto& value : values)
            {
                longer.push_back(point);
                longer.back()[name] = value;
            }
        }
        all = std::move(longer);
    }
    return all;
}

} // namespace ike
} // namespace ns3
