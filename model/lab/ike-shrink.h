/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SHRINK_H
#define IKE_SHRINK_H

#include "ike-chooser.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ns3
{
namespace ike
{

/// Does a schedule still show what is looked for? One that cannot be made does not.
using SchedulePredicate = std::function<bool(const Moves& moves)>;

/// What came out.
struct ShrinkResult
{
    Moves moves;       ///< no word can be left out of it, or made simpler
    uint64_t tried{0}; ///< schedules that were run
};

/**
 * Make a schedule as short and simple as it gets (delta debugging, after Zeller and Hildebrandt,
 * 2002): leave out parts, ever smaller ones, then single words, then replace words by simpler ones,
 * until nothing more can be done. The same result each time.
 * @param moves shows it
 * @param shows what is looked for
 * @throws std::invalid_argument when the schedule does not show it
 */
ShrinkResult Shrink(const Moves& moves, const SchedulePredicate& shows);

/// Does an oracle of this name fail?
SchedulePredicate FailsOracle(const World& start,
                              const DriveOptions& options,
                              const std::string& oracle);
/// Does it end in a state of this class?
SchedulePredicate EndsAs(const World& start, const DriveOptions& options, EndClass wanted);
/// Does it end in just this state? (EndState::ToString())
SchedulePredicate EndsIn(const World& start, const DriveOptions& options, const std::string& end);

} // namespace ike
} // namespace ns3

#endif // IKE_SHRINK_H
