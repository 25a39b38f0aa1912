/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-shrink.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// One schedule on its way to the smallest.
class Shrinker
{
  public:
    Shrinker(Moves moves, const SchedulePredicate& shows)
        : m_shows(shows)
    {
        m_result.moves = std::move(moves);
        if (!Shows(m_result.moves))
        {
            throw std::invalid_argument("the schedule does not show what is to be shrunk");
        }
    }

    ShrinkResult Run()
    {
        // what replaced a word may make others superfluous
        while (LeaveOutParts() || Simplify())
        {
        }
        return m_result;
    }

  private:
    bool Shows(const Moves& moves)
    {
        m_result.tried++;
        return m_shows(moves);
    }

    /// Take a candidate if it still shows it.
    bool Try(Moves moves)
    {
        const bool shows = Shows(moves);
        if (shows)
        {
            m_result.moves = std::move(moves);
        }
        return shows;
    }

    bool LeaveOutParts();
    bool LeaveOut(size_t length);
    bool Simplify();
    static std::vector<Move> SimplerThan(const Move& move);

    const SchedulePredicate& m_shows; ///< what is looked for
    ShrinkResult m_result;            ///< so far
};

/// Leave out each part of a length that can be left out. The last ones first: what happens late is
/// mostly of no use.
bool
Shrinker::LeaveOut(size_t length)
{
    bool any = false;
    for (size_t end = m_result.moves.size(); end >= length; end--)
    {
        if (end > m_result.moves.size())
        {
            continue;
        }
        Moves shorter = m_result.moves;
        const auto last = shorter.begin() + static_cast<std::ptrdiff_t>(end);
        shorter.erase(last - static_cast<std::ptrdiff_t>(length), last);
        any = Try(std::move(shorter)) || any;
    }
    return any;
}

bool
Shrinker::LeaveOutParts()
{
    bool any = false;
    for (size_t length = m_result.moves.size() / 2; length > 1; length /= 2)
    {
        any = LeaveOut(length) || any;
    }
    while (LeaveOut(1))
    {
        any = true;
    }
    return any;
}

/// Words that mean less, the simplest first. Each is simpler than the one before it by an order
/// that has a smallest element, so this ends.
std::vector<Move>
Shrinker::SimplerThan(const Move& move)
{
    std::vector<Move> simpler;
    const auto add = [&](const auto& change) {
        Move m = move;
        change(m);
        if (m != move)
        {
            simpler.push_back(m);
        }
    };
    add([](Move& m) { m.place = 1; });
    if (move.kind == MoveKind::Delay)
    {
        add([](Move& m) {
            m.kind = MoveKind::Late;
            m.duration = Duration();
        });
    }
    if (move.kind == MoveKind::Timer)
    {
        add([](Move& m) { m.node.clear(); });
    }
    if (move.kind == MoveKind::Start || move.kind == MoveKind::Stop)
    {
        add([](Move& m) { m.text.clear(); });
    }
    if (move.kind == MoveKind::Wait || move.kind == MoveKind::Delay)
    {
        for (int64_t seconds : {1, 10, 60})
        {
            if (Duration::Seconds(seconds) < move.duration)
            {
                add([seconds](Move& m) { m.duration = Duration::Seconds(seconds); });
            }
        }
    }
    return simpler;
}

bool
Shrinker::Simplify()
{
    bool any = false;
    for (size_t i = 0; i < m_result.moves.size(); i++)
    {
        for (const Move& simpler : SimplerThan(m_result.moves[i]))
        {
            Moves moves = m_result.moves;
            moves[i] = simpler;
            if (Try(std::move(moves)))
            {
                any = true;
                break;
            }
        }
    }
    return any;
}

} // namespace

ShrinkResult
Shrink(const Moves& moves, const SchedulePredicate& shows)
{
    return Shrinker(moves, shows).Run();
}

SchedulePredicate
FailsOracle(const World& start, const DriveOptions& options, const std::string& oracle)
{
    DriveOptions one = options;
    one.oracles = {FindOracle(oracle).name};
    return [start, one](const Moves& moves) {
        const std::optional<DriveResult> result = TryReplay(start, moves, one);
        return result && !result->violations.empty();
    };
}

SchedulePredicate
EndsAs(const World& start, const DriveOptions& options, EndClass wanted)
{
    DriveOptions none = options;
    none.oracles.clear();
    return [start, none, wanted](const Moves& moves) {
        const std::optional<DriveResult> result = TryReplay(start, moves, none);
        return result && result->end.classes.count(wanted) != 0;
    };
}

SchedulePredicate
EndsIn(const World& start, const DriveOptions& options, const std::string& end)
{
    DriveOptions none = options;
    none.oracles.clear();
    return [start, none, end](const Moves& moves) {
        const std::optional<DriveResult> result = TryReplay(start, moves, none);
        return result && result->end.ToString() == end;
    };
}

} // namespace ike
} // namespace ns3
