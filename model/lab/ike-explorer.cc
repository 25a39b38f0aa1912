/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-explorer.h"

#include "ike-explore-graph.h"
#include "ike-node-memo.h"
#include "ike-schedule.h"
#include "ike-worker-pool.h"

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// So many states are expanded before what came out is booked: it bounds the memory for worlds that
/// turn out to be known.
constexpr size_t BATCH = 4096;

/// A state whose moves are still to be made.
struct Open
{
    uint32_t number{0}; ///< in the graph
    World world;        ///< there
    Budget budget;      ///< left
};

/// What a move led to.
struct Successor
{
    Move move;                         ///< which move
    StateKey key;                      ///< of the state: world and budget
    StateKey worldKey;                 ///< of the world alone
    std::optional<World> world;        ///< nothing when the state was known already
    Budget budget;                     ///< left
    std::vector<Violation> violations; ///< of oracles
};

/// All that comes out of one state.
struct Expansion
{
    std::vector<Successor> successors; ///< in the order of choices
    bool reduced{false};               ///< moves were left out
    bool cut{false};                   ///< deadlines were left out for want of budget
    std::optional<EndState> end;       ///< it may end here, like this
    std::vector<Violation> violations; ///< at rest
};

/// What belongs to one thread.
struct Worker
{
    std::shared_ptr<CryptoProvider> crypto; ///< remembers
    std::shared_ptr<NodeMemo> memo;         ///< remembers, too
};

/// One exploration.
class Explorer
{
  public:
    Explorer(const World& start, const ExploreOptions& options);

    ExploreResult Run();

  private:
    void Begin(const World& start);
    /// Make all moves of a state. Runs on any thread, and changes nothing here.
    Expansion Expand(const Open& open, const Worker& worker) const;
    void ExpandMove(const World& world, const Choice& choice, Expansion& expansion) const;
    void Rest(const World& world, Expansion& expansion) const;
    /// All states of one depth.
    void ExpandDepth();
    void Book(const Open& open, Expansion& expansion);
    void BookMove(uint32_t from, Successor& successor);
    void BookViolation(const Violation& violation, uint32_t state, const Move* move);
    void Report() const;
    bool MayStop() const;
    void Close();

    ExploreOptions m_options;                         ///< as given
    std::vector<Worker> m_workers;                    ///< one for each thread
    ExploreGraph m_graph;                             ///< all states
    KeyTable m_known;                                 ///< their keys
    std::vector<uint32_t> m_numbers;                  ///< of the same, in the graph
    KeyTable m_worlds;                                ///< keys of worlds
    std::vector<Open> m_frontier;                     ///< of this depth
    std::vector<Open> m_next;                         ///< of the next one
    uint32_t m_depth{0};                              ///< of the frontier
    std::map<EndState, std::vector<uint32_t>> m_ends; ///< states at rest
    std::map<std::pair<std::string, std::string>, ViolationRow> m_violations; ///< found
    ExploreResult m_result;                                                   ///< so far
    bool m_full{false};                                                       ///< no more states
};

Explorer::Explorer(const World& start, const ExploreOptions& options)
    : m_options(options)
{
    m_options.rest.settle = options.bounds.settle;
    for (unsigned i = 0; i < GetWorkerCount(options.threads); i++)
    {
        m_workers.push_back({options.crypto(), std::make_shared<NodeMemo>()});
    }
    m_result.coverage.bounds = options.bounds;
    m_result.coverage.merge = options.merge;
    m_result.coverage.reduce = options.reduce;
    Begin(start);
}

void
Explorer::Begin(const World& start)
{
    Open open{0, start, Budget::Of(m_options.bounds, start.Now())};
    open.world.ForgetHistory();
    StateHash hash;
    hash.Add(open.world.GetKey());
    m_worlds.Insert(open.world.GetKey());
    open.budget.AddTo(hash, start.Now());
    m_known.Insert(hash.Get());
    m_numbers.push_back(0);
    m_frontier.push_back(std::move(open));
}

void
Explorer::Rest(const World& world, Expansion& expansion) const
{
    World rested = world;
    const SettleReport report = Settle(rested, m_options.rest);
    expansion.end = Judge(rested, report, m_options.rest);
    const OracleView view{world, rested, nullptr, &report, &*expansion.end, m_options.oracleKnobs};
    expansion.violations = AskOracles(m_options.oracles, OracleMoment::Rest, view);
}

void
Explorer::ExpandMove(const World& world, const Choice& choice, Expansion& expansion) const
{
    Successor s{choice.move, {}, {}, world, choice.budget, {}};
    s.world->ForgetHistory();
    try
    {
        MakeMove(*s.world, choice.move);
    }
    catch (const std::invalid_argument&)
    {
        return; // an optional move that has no meaning here
    }
    const OracleView view{world, *s.world, &choice.move, nullptr, nullptr, m_options.oracleKnobs};
    s.violations = AskOracles(m_options.oracles, OracleMoment::Move, view);
    s.world->ForgetHistory();
    s.worldKey = s.world->GetKey();
    StateHash hash;
    hash.Add(s.worldKey);
    s.budget.AddTo(hash, s.world->Now());
    s.key = hash.Get();
    if (m_options.merge && m_known.Find(s.key))
    {
        s.world.reset();
    }
    expansion.successors.push_back(std::move(s));
}

Expansion
Explorer::Expand(const Open& open, const Worker& worker) const
{
    World world = open.world;
    world.UseCrypto(worker.crypto);
    world.UseMemo(worker.memo);
    Expansion expansion;
    const Choices choices = FindChoices(world, open.budget, m_options.bounds, m_options.reduce);
    expansion.reduced = choices.reduced;
    expansion.cut = choices.cut;
    for (const Choice& choice : choices.all)
    {
        ExpandMove(world, choice, expansion);
    }
    if (choices.mayEnd)
    {
        Rest(world, expansion);
    }
    return expansion;
}

void
Explorer::BookViolation(const Violation& violation, uint32_t state, const Move* move)
{
    ViolationRow& row = m_violations[{violation.oracle, violation.text}];
    if (row.count++ == 0)
    {
        row.violation = violation;
        row.shortest = m_graph.PathTo(state);
        if (move)
        {
            row.shortest.push_back(*move);
        }
    }
}

void
Explorer::BookMove(uint32_t from, Successor& s)
{
    Coverage& coverage = m_result.coverage;
    coverage.transitions++;
    for (const Violation& violation : s.violations)
    {
        BookViolation(violation, from, &s.move);
    }
    const std::optional<uint32_t> known = m_options.merge ? m_known.Find(s.key) : std::nullopt;
    if (known)
    {
        coverage.merged++;
        m_graph.AddEdge(from, m_numbers[*known]);
        return;
    }
    if (m_graph.GetCount() >= m_options.bounds.states)
    {
        m_full = true;
        return;
    }
    const uint32_t number = m_graph.AddState(from, s.move);
    m_graph.AddEdge(from, number);
    if (m_known.Insert(s.key).second)
    {
        m_numbers.push_back(number);
    }
    m_worlds.Insert(s.worldKey);
    m_next.push_back(Open{number, std::move(*s.world), std::move(s.budget)});
}

void
Explorer::Book(const Open& open, Expansion& expansion)
{
    m_result.coverage.pruned += expansion.reduced;
    if (expansion.cut)
    {
        m_result.coverage.cutBy.insert("timers");
    }
    for (Successor& s : expansion.successors)
    {
        BookMove(open.number, s);
    }
    if (expansion.end)
    {
        m_ends[*expansion.end].push_back(open.number);
        for (const Violation& violation : expansion.violations)
        {
            BookViolation(violation, open.number, nullptr);
        }
    }
}

void
Explorer::ExpandDepth()
{
    for (size_t begin = 0; begin < m_frontier.size() && !m_full; begin += BATCH)
    {
        const size_t count = std::min(BATCH, m_frontier.size() - begin);
        std::vector<Expansion> expansions(count);
        ForEachJob(m_options.threads, count, [&](size_t i, unsigned worker) {
            expansions[i] = Expand(m_frontier[begin + i], m_workers[worker]);
        });
        for (size_t i = 0; i < count; i++)
        {
            Book(m_frontier[begin + i], expansions[i]);
        }
    }
}

void
Explorer::Report() const
{
    if (m_options.progress)
    {
        ExploreProgress p;
        p.depth = m_depth;
        p.states = m_graph.GetCount();
        p.transitions = m_result.coverage.transitions;
        p.frontier = m_next.size();
        for (const auto& [end, states] : m_ends)
        {
            p.ends += states.size();
        }
        m_options.progress(p);
    }
}

bool
Explorer::MayStop() const
{
    return m_options.stopAtFirst &&
           (!m_violations.empty() ||
            std::any_of(m_ends.begin(), m_ends.end(), [this](const auto& end) {
                return std::any_of(end.first.classes.begin(),
                                   end.first.classes.end(),
                                   [this](EndClass c) { return m_options.wanted.count(c) != 0; });
            }));
}

void
Explorer::Close()
{
    Coverage& c = m_result.coverage;
    c.states = m_graph.GetCount();
    c.worlds = m_worlds.GetCount();
    const std::vector<double> paths = m_graph.CountPaths();
    for (const auto& [end, states] : m_ends)
    {
        EndRow row{end, states.size(), 0, m_graph.PathTo(states.front())};
        for (uint32_t state : states)
        {
            row.schedules += paths[state];
        }
        c.ends += row.states;
        c.schedules += row.schedules;
        m_result.ends.push_back(std::move(row));
    }
    for (auto& [name, row] : m_violations)
    {
        m_result.violations.push_back(std::move(row));
    }
    if (m_full)
    {
        c.cutBy.insert("states");
    }
    c.complete = c.cutBy.empty();
}

ExploreResult
Explorer::Run()
{
    while (!m_frontier.empty() && !m_full)
    {
        if (m_depth == m_options.bounds.depth)
        {
            m_result.coverage.cutBy.insert("depth");
            break;
        }
        m_result.coverage.deepest = m_depth;
        ExpandDepth();
        m_frontier = std::move(m_next);
        m_next.clear();
        m_depth++;
        Report();
        if (MayStop() && !m_frontier.empty())
        {
            m_result.coverage.cutBy.insert("stopAtFirst");
            break;
        }
    }
    Close();
    return std::move(m_result);
}

std::string
Say(double number)
{
    std::ostringstream text;
    text.precision(number < 1e15 ? 15 : 3);
    text << number;
    return text.str();
}

/// Rows of runs, gathered.
class SampleBook
{
  public:
    void Add(const DriveResult& run)
    {
        m_result.runs++;
        m_result.moves += run.moves.size();
        EndRow& row = m_ends.try_emplace(run.end, EndRow{run.end, 0, 0, run.moves}).first->second;
        row.states++;
        row.schedules += 1;
        KeepShorter(row.shortest, run.moves);
        for (const Violation& v : run.violations)
        {
            const auto it =
                m_violations.try_emplace({v.oracle, v.text}, ViolationRow{v, 0, run.moves}).first;
            it->second.count++;
            KeepShorter(it->second.shortest, run.moves);
        }
    }

    SampleResult Close()
    {
        for (auto& [end, row] : m_ends)
        {
            m_result.ends.push_back(std::move(row));
        }
        for (auto& [name, row] : m_violations)
        {
            m_result.violations.push_back(std::move(row));
        }
        return std::move(m_result);
    }

  private:
    static void KeepShorter(Moves& shortest, const Moves& moves)
    {
        if (moves.size() < shortest.size())
        {
            shortest = moves;
        }
    }

    SampleResult m_result;                                                    ///< so far
    std::map<EndState, EndRow> m_ends;                                        ///< by state
    std::map<std::pair<std::string, std::string>, ViolationRow> m_violations; ///< by oracle, text
};

} // namespace

std::string
Coverage::ToString() const
{
    std::ostringstream text;
    text << "within " << ike::ToString(bounds) << "\n"
         << states << " states (" << worlds << " worlds), " << transitions << " transitions, "
         << merged << " of them to known states, " << pruned << " states reduced\n"
         << ends << " states at rest, " << Say(schedules) << " schedules, up to " << deepest
         << " moves\n";
    text << (complete ? "complete within these bounds" : "NOT complete: cut off by");
    for (const std::string& bound : cutBy)
    {
        text << " " << bound;
    }
    text << (merge ? "" : "; without merging") << (reduce ? "" : "; without reduction") << "\n";
    return text.str();
}

ExploreResult
Explore(const World& start, const ExploreOptions& options)
{
    return Explorer(start, options).Run();
}

SampleResult
Sample(const World& start,
       const ExploreOptions& options,
       uint64_t seed,
       uint64_t runs,
       const std::function<std::unique_ptr<Chooser>(uint64_t seed)>& makeChooser)
{
    std::vector<Worker> workers;
    for (unsigned i = 0; i < GetWorkerCount(options.threads); i++)
    {
        workers.push_back({options.crypto(), std::make_shared<NodeMemo>()});
    }
    SampleBook book;
    for (uint64_t begin = 0; begin < runs; begin += BATCH)
    {
        std::vector<DriveResult> results(
            static_cast<size_t>(std::min<uint64_t>(BATCH, runs - begin)));
        ForEachJob(options.threads, results.size(), [&](size_t i, unsigned worker) {
            World world = start;
            world.UseCrypto(workers[worker].crypto);
            world.UseMemo(workers[worker].memo);
            const std::unique_ptr<Chooser> chooser = makeChooser(seed + begin + i);
            results[i] = Drive(world, *chooser, options);
        });
        for (const DriveResult& run : results)
        {
            book.Add(run);
        }
    }
    return book.Close();
}

} // namespace ike
} // namespace ns3
