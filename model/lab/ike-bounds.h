/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_BOUNDS_H
#define IKE_BOUNDS_H

#include "ike-move.h"
#include "ike-world.h"

#include "ns3/ike-state-hash.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A move that may be made at any moment, so many times: `reboot:A`, `start:B`, `offer:A`.
struct OptionalMove
{
    Move move;         ///< which
    uint32_t times{1}; ///< at most

    friend bool operator==(const OptionalMove& a, const OptionalMove& b)
    {
        return a.move == b.move && a.times == b.times;
    }
};

/**
 * What may happen within an exploration, and how often: no statement about all orderings means
 * anything without it. GetBoundTable() has a row with unit and help for each number.
 *
 * Datagrams between two nodes arrive in the order of sending and without taking time, unless a
 * bound allows something else. Copies are not held to an order: a copy arrives whenever what was
 * sent before it has arrived or is lost, and later datagrams pass it.
 */
struct ExploreBounds
{
    uint32_t losses{0};                      ///< datagrams that are lost
    uint32_t duplicates{0};                  ///< datagrams that arrive twice
    uint32_t reorderings{0};                 ///< datagrams that pass older ones of their channel
    uint32_t delays{0};                      ///< datagrams that are held back for `delayBy`
    Duration delayBy{Duration::Seconds(31)}; ///< for how long
    uint32_t timers{1000};                   ///< deadlines taken
    uint32_t earlyTimers{0};                 ///< of these: taken while datagrams could arrive
    uint32_t lateTimers{0};   ///< of these: taken while an earlier one of another node waits
    uint32_t offers{0};       ///< data packets, each at any node, through its first tunnel
    uint32_t reboots{0};      ///< at any node
    uint32_t stops{0};        ///< all routes of a node go
    uint32_t starts{0};       ///< all routes of a node appear (once more)
    uint32_t clears{0};       ///< `clear crypto sa` at any node
    uint32_t depth{1000};     ///< moves of one schedule
    uint64_t states{2000000}; ///< different states, then the exploration ends
    Duration horizon{Duration::Seconds(120)}; ///< no deadline is taken that is further away
    Duration settle{Duration::Seconds(300)};  ///< after it, until the end state is judged
    std::vector<OptionalMove> moves;          ///< these, too
};

/// A number among the bounds as users see it.
struct BoundInfo
{
    std::string name; ///< "losses"
    std::string unit; ///< "datagrams", "s"
    std::string help; ///< a sentence
};

/// All numbers in the order of the structure.
const std::vector<BoundInfo>& GetBoundTable();
/// The value of a bound as text: a number, or a duration as ToWord() writes it.
std::string GetBound(const ExploreBounds& bounds, const std::string& name);
/// Set a bound by its name; an empty text when done, else what is wrong (with the nearest name).
std::string SetBound(ExploreBounds& bounds, const std::string& name, const std::string& value);
/// "losses=2 duplicates=1 horizon=120s reboot:A=1": all that is not 0.
std::string ToString(const ExploreBounds& bounds);

/// What is left of the bounds on a path: a value.
struct Budget
{
    uint32_t losses{0};            ///< of ExploreBounds
    uint32_t duplicates{0};        ///< of ExploreBounds
    uint32_t reorderings{0};       ///< of ExploreBounds
    uint32_t delays{0};            ///< of ExploreBounds
    uint32_t timers{0};            ///< of ExploreBounds
    uint32_t earlyTimers{0};       ///< of ExploreBounds
    uint32_t lateTimers{0};        ///< of ExploreBounds
    uint32_t offers{0};            ///< of ExploreBounds
    uint32_t reboots{0};           ///< of ExploreBounds
    uint32_t stops{0};             ///< of ExploreBounds
    uint32_t starts{0};            ///< of ExploreBounds
    uint32_t clears{0};            ///< of ExploreBounds
    std::vector<uint32_t> moves;   ///< of ExploreBounds::moves
    Instant end{Instant::Never()}; ///< the horizon as a moment

    /// All of it, for the begin of an exploration.
    static Budget Of(const ExploreBounds& bounds, Instant begin);
    void AddTo(StateHash& hash, Instant now) const;
};

/// A move that may be made, and what is left afterwards.
struct Choice
{
    Move move;     ///< what
    Budget budget; ///< after it
};

/// What may come next.
struct Choices
{
    std::vector<Choice> all; ///< in a fixed order
    bool reduced{false};     ///< others were left out that lead to the same end states
    bool cut{false};         ///< others were left out for want of `timers`
    bool mayEnd{false};      ///< nothing is in flight, and no deadline is within the horizon
};

/**
 * All moves that the bounds allow in a state.
 * @param world where
 * @param budget what is left
 * @param bounds for durations and moves
 * @param reduce leave out what leads to the same end states in another order (see
 *        doc/race-laboratory.md)
 */
Choices FindChoices(const World& world,
                    const Budget& budget,
                    const ExploreBounds& bounds,
                    bool reduce);

} // namespace ike
} // namespace ns3

#endif // IKE_BOUNDS_H
