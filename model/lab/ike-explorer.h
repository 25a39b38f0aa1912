/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_EXPLORER_H
#define IKE_EXPLORER_H

#include "ike-chooser.h"
#include "ike-lab-crypto.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// How far an exploration is.
struct ExploreProgress
{
    uint32_t depth{0};       ///< moves of all schedules that are complete
    uint64_t states{0};      ///< so far
    uint64_t transitions{0}; ///< so far
    uint64_t frontier{0};    ///< states whose moves are not made yet
    uint64_t ends{0};        ///< states at rest so far
};

/// How to explore.
struct ExploreOptions : DriveOptions
{
    bool merge{true};    ///< equal states are one; without it, each schedule is walked by itself
    bool reduce{true};   ///< leave out orders that lead to the same end states
    unsigned threads{1}; ///< workers; 0: as many as the machine has cores. Nothing depends on it
    bool stopAtFirst{false}; ///< end after the first depth with a violation, or a wanted end state
    /// With stopAtFirst: end at the first end state of one of these classes, too.
    std::set<EndClass> wanted;
    CryptoFactory crypto{GetUsualCryptoFactory()};          ///< the provider of each worker
    std::function<void(const ExploreProgress&)> progress{}; ///< called after each depth
};

/// All that can be claimed. Without the bounds it says nothing.
struct Coverage
{
    ExploreBounds bounds;        ///< within which
    bool merge{true};            ///< equal states were one
    bool reduce{true};           ///< orders that lead to the same end states were left out
    uint64_t states{0};          ///< different ones: world, and what is left of the bounds
    uint64_t worlds{0};          ///< different worlds among them
    uint64_t transitions{0};     ///< moves made
    uint64_t merged{0};          ///< moves that led to a known state
    uint64_t pruned{0};          ///< states where the reduction left out moves
    uint64_t ends{0};            ///< states at rest
    uint64_t deepest{0};         ///< moves of the longest shortest schedule
    double schedules{0};         ///< complete schedules: paths to an end; infinite with a cycle
    bool complete{true};         ///< all within the bounds was seen
    std::set<std::string> cutBy; ///< bounds that cut something off: "depth", "states", "timers"

    /// A statement of some lines.
    std::string ToString() const;
};

/// An end state that was reached.
struct EndRow
{
    EndState end;        ///< which
    uint64_t states{0};  ///< how many states at rest are like this
    double schedules{0}; ///< how many schedules lead to them
    Moves shortest;      ///< one of the shortest, the first in the order of moves
};

/// An oracle that did not hold, by its name and text.
struct ViolationRow
{
    Violation violation; ///< what
    uint64_t count{0};   ///< how often: transitions, or states at rest
    Moves shortest;      ///< one of the shortest schedules
};

/// What an exploration found. The same for any number of threads.
struct ExploreResult
{
    Coverage coverage;                    ///< what was looked at
    std::vector<EndRow> ends;             ///< by class, then by counts
    std::vector<ViolationRow> violations; ///< by oracle, then by text
};

/**
 * Try all orderings within bounds, breadth first: the schedules that it shows have the fewest
 * moves.
 * @param start from here
 * @param options bounds and ways
 */
ExploreResult Explore(const World& start, const ExploreOptions& options);

/// What many random schedules found.
struct SampleResult
{
    uint64_t runs{0};                     ///< schedules
    uint64_t moves{0};                    ///< of all of them
    std::vector<EndRow> ends;             ///< `schedules` and `states` count runs
    std::vector<ViolationRow> violations; ///< as above
};

/**
 * Random schedules with the seeds `seed`, `seed` + 1 and so on.
 * @param makeChooser makes the chooser for a seed
 */
SampleResult Sample(const World& start,
                    const ExploreOptions& options,
                    uint64_t seed,
                    uint64_t runs,
                    const std::function<std::unique_ptr<Chooser>(uint64_t seed)>& makeChooser);

} // namespace ike
} // namespace ns3

#endif // IKE_EXPLORER_H
