/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-chooser.h"

#include "ike-schedule.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// Numbers by chance that are the same on every machine (SplitMix64, Steele and others, 2014).
class Dice
{
  public:
    explicit Dice(uint64_t seed)
        : m_state(seed)
    {
    }

    uint64_t Roll()
    {
        uint64_t x = (m_state += 0x9e3779b97f4a7c15ULL);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        return x ^ (x >> 31);
    }

    /// Below a bound, which is not 0.
    uint64_t Roll(uint64_t bound)
    {
        return Roll() % bound;
    }

  private:
    uint64_t m_state; ///< goes on with each number
};

/// Is it part of what happens by itself? All else is a fault, or somebody's wish.
bool
IsOrdinary(const Move& move)
{
    return (move.kind == MoveKind::Deliver && move.place == 1) || move.kind == MoveKind::Timer;
}

class ScriptChooser : public Chooser
{
  public:
    explicit ScriptChooser(Moves moves)
        : m_moves(std::move(moves))
    {
    }

    std::optional<Choice> Choose(const World& /* world */, const Choices& /* choices */) override
    {
        if (m_next == m_moves.size())
        {
            return std::nullopt;
        }
        return Choice{m_moves[m_next++], Budget()};
    }

  private:
    Moves m_moves;    ///< all
    size_t m_next{0}; ///< index
};

class UniformChooser : public Chooser
{
  public:
    explicit UniformChooser(uint64_t seed)
        : m_dice(seed)
    {
    }

    std::optional<Choice> Choose(const World& /* world */, const Choices& choices) override
    {
        uint64_t sum = choices.mayEnd ? ORDINARY : 0;
        for (const Choice& c : choices.all)
        {
            sum += WeightOf(c);
        }
        if (sum == 0)
        {
            return std::nullopt;
        }
        uint64_t at = m_dice.Roll(sum);
        for (const Choice& c : choices.all)
        {
            if (at < WeightOf(c))
            {
                return c;
            }
            at -= WeightOf(c);
        }
        return std::nullopt;
    }

  private:
    /// Faults are spread over a schedule instead of happening all at its begin.
    static constexpr uint64_t ORDINARY = 8;

    static uint64_t WeightOf(const Choice& c)
    {
        return IsOrdinary(c.move) ? ORDINARY : 1;
    }

    Dice m_dice; ///< chance
};

class PriorityChooser : public Chooser
{
  public:
    PriorityChooser(uint64_t seed, uint32_t depth, uint32_t length)
        : m_dice(seed),
          m_length(std::max<uint32_t>(1, length))
    {
        for (uint32_t i = 1; i < depth; i++)
        {
            m_changes.push_back(m_dice.Roll(m_length));
        }
    }

    std::optional<Choice> Choose(const World& world, const Choices& choices) override;

  private:
    static std::string ActorOf(const Choice& c)
    {
        return IsOrdinary(c.move)
                   ? (c.move.kind == MoveKind::Timer ? "timer" : c.move.node + ">" + c.move.to)
                   : ToString(c.move);
    }

    /// A fault happens at its moment, and not before.
    bool IsAwake(const std::string& actor, bool ordinary);
    const Choice* Highest(const Choices& choices);

    Dice m_dice;                                  ///< chance
    uint64_t m_length;                            ///< about how many moves
    std::vector<uint64_t> m_changes;              ///< when priorities fall
    std::map<std::string, uint64_t> m_priorities; ///< of channels, timers and faults
    std::map<std::string, uint64_t> m_moments;    ///< of faults
    uint64_t m_lowest{UINT64_MAX / 2};            ///< falls: below all drawn ones
    uint64_t m_step{0};                           ///< moves so far
};

bool
PriorityChooser::IsAwake(const std::string& actor, bool ordinary)
{
    const auto [it, isNew] = m_moments.try_emplace(actor, 0);
    if (isNew && !ordinary)
    {
        it->second = m_step + m_dice.Roll(m_length);
    }
    return it->second <= m_step;
}

const Choice*
PriorityChooser::Highest(const Choices& choices)
{
    const Choice* best = nullptr;
    uint64_t highest = 0;
    for (const Choice& c : choices.all)
    {
        const std::string actor = ActorOf(c);
        const auto [it, isNew] = m_priorities.try_emplace(actor, 0);
        if (isNew)
        {
            it->second = UINT64_MAX / 2 + m_dice.Roll(UINT64_MAX / 2);
        }
        if (IsAwake(actor, IsOrdinary(c.move)) && (!best || it->second > highest))
        {
            best = &c;
            highest = it->second;
        }
    }
    return best;
}

std::optional<Choice>
PriorityChooser::Choose(const World& /* world */, const Choices& choices)
{
    const Choice* best = Highest(choices);
    if (best && std::count(m_changes.begin(), m_changes.end(), m_step) != 0)
    {
        m_priorities[ActorOf(*best)] = --m_lowest;
        best = Highest(choices);
    }
    m_step++;
    if (best)
    {
        // the next fault of this kind waits for a moment of its own
        m_moments.erase(ActorOf(*best));
        return *best;
    }
    // only faults whose moment has not come
    const bool ends = choices.mayEnd || choices.all.empty();
    return ends ? std::nullopt : std::make_optional(choices.all.front());
}

} // namespace

// --- The body ------------------------------------------------------------------------------------

Driver::Driver(const World& start, const DriveOptions& options)
    : m_world(start),
      m_options(options)
{
    m_options.rest.settle = options.bounds.settle;
}

void
Driver::Make(const Move& move)
{
    const World before = m_world;
    m_world.ForgetHistory();
    try
    {
        MakeMove(m_world, move);
    }
    catch (...)
    {
        m_world = before;
        throw;
    }
    m_moves.push_back(move);
    const OracleView view{before, m_world, &move, nullptr, nullptr, m_options.oracleKnobs};
    for (Violation& v : AskOracles(m_options.oracles, OracleMoment::Move, view))
    {
        m_violations.push_back(std::move(v));
    }
}

DriveResult
Driver::Finish()
{
    DriveResult result;
    World rested = m_world;
    result.settled = Settle(rested, m_options.rest);
    result.end = Judge(rested, result.settled, m_options.rest);
    const OracleView view{m_world,
                          rested,
                          nullptr,
                          &result.settled,
                          &result.end,
                          m_options.oracleKnobs};
    result.violations = m_violations;
    for (Violation& v : AskOracles(m_options.oracles, OracleMoment::Rest, view))
    {
        result.violations.push_back(std::move(v));
    }
    result.moves = m_moves;
    return result;
}

const World&
Driver::GetWorld() const
{
    return m_world;
}

const Moves&
Driver::GetMoves() const
{
    return m_moves;
}

const std::vector<Violation>&
Driver::GetViolations() const
{
    return m_violations;
}

std::unique_ptr<Chooser>
MakeScriptChooser(const Moves& moves)
{
    return std::make_unique<ScriptChooser>(moves);
}

std::unique_ptr<Chooser>
MakeUniformChooser(uint64_t seed)
{
    return std::make_unique<UniformChooser>(seed);
}

std::unique_ptr<Chooser>
MakePriorityChooser(uint64_t seed, uint32_t depth, uint32_t length)
{
    return std::make_unique<PriorityChooser>(seed, depth, length);
}

DriveResult
Drive(const World& start, Chooser& chooser, const DriveOptions& options)
{
    Driver driver(start, options);
    Budget budget = Budget::Of(options.bounds, start.Now());
    while (driver.GetMoves().size() < options.bounds.depth)
    {
        const Choices choices = FindChoices(driver.GetWorld(), budget, options.bounds, false);
        const std::optional<Choice> choice = chooser.Choose(driver.GetWorld(), choices);
        if (!choice)
        {
            break;
        }
        driver.Make(choice->move);
        budget = choice->budget;
    }
    return driver.Finish();
}

DriveResult
Replay(const World& start, const Moves& moves, const DriveOptions& options)
{
    Driver driver(start, options);
    for (size_t i = 0; i < moves.size(); i++)
    {
        try
        {
            driver.Make(moves[i]);
        }
        catch (const std::exception& e)
        {
            throw std::invalid_argument("word " + std::to_string(i + 1) + " '" +
                                        ToString(moves[i]) + "': " + e.what());
        }
    }
    return driver.Finish();
}

std::optional<DriveResult>
TryReplay(const World& start, const Moves& moves, const DriveOptions& options)
{
    try
    {
        return Replay(start, moves, options);
    }
    catch (const std::invalid_argument&)
    {
        return std::nullopt;
    }
}

} // namespace ike
} // namespace ns3
