/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CHOOSER_H
#define IKE_CHOOSER_H

#include "ike-bounds.h"
#include "ike-end-state.h"
#include "ike-oracle.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// What a drive looks at and where it draws its lines.
struct DriveOptions
{
    ExploreBounds bounds;                                ///< what choosers may do
    RestKnobs rest;                                      ///< `settle` is that of the bounds
    OracleKnobs oracleKnobs;                             ///< lines of oracles
    std::vector<std::string> oracles{GetUsualOracles()}; ///< which are asked
};

/// What came out of one schedule.
struct DriveResult
{
    Moves moves;                       ///< all that was done: replays to the same octets
    EndState end;                      ///< when it had settled
    SettleReport settled;              ///< how it did
    std::vector<Violation> violations; ///< of oracles, in the order of the moves
};

/**
 * Makes moves, asks the oracles after each, and keeps the schedule: the one body of all choosers.
 */
class Driver
{
  public:
    /// @param start is copied
    Driver(const World& start, const DriveOptions& options);

    /// Make a move. @throws std::invalid_argument when it cannot be done; then nothing has changed
    void Make(const Move& move);
    /// Let it come to rest, and judge.
    DriveResult Finish();

    const World& GetWorld() const;
    const Moves& GetMoves() const;
    const std::vector<Violation>& GetViolations() const;

  private:
    World m_world;                       ///< now
    DriveOptions m_options;              ///< as given
    Moves m_moves;                       ///< so far
    std::vector<Violation> m_violations; ///< so far
};

/// Says which move comes next.
class Chooser
{
  public:
    virtual ~Chooser() = default;
    /**
     * @param world where
     * @param choices what the bounds allow; none for a chooser that knows by itself
     * @return a move, or nothing when it has no more
     */
    virtual std::optional<Choice> Choose(const World& world, const Choices& choices) = 0;
};

/// Moves one after the other, whatever the bounds say: a script, or the replay of a schedule.
std::unique_ptr<Chooser> MakeScriptChooser(const Moves& moves);
/**
 * Each possible move is as likely as any other; faults are as rare as the bounds make them.
 * @param seed the same seed makes the same moves
 */
std::unique_ptr<Chooser> MakeUniformChooser(uint64_t seed);
/**
 * Priorities, after Burckhardt and others, "A randomized scheduler with probabilistic guarantees of
 * finding bugs" (2010): each channel, and each kind of fault, has a priority by chance; the highest
 * that can move does, and at `depth` - 1 moments by chance the one that would move falls to the
 * bottom. An ordering that needs d constraints is found with a probability that falls only with the
 * (d - 1)th power of the length.
 * @param seed the same seed makes the same moves
 * @param depth d, from 1 on
 * @param length about how many moves a schedule has
 */
std::unique_ptr<Chooser> MakePriorityChooser(uint64_t seed, uint32_t depth, uint32_t length);

/// Run one schedule to its end.
DriveResult Drive(const World& start, Chooser& chooser, const DriveOptions& options);
/// Run a schedule as it is. @throws std::invalid_argument naming the word and its place
DriveResult Replay(const World& start, const Moves& moves, const DriveOptions& options);
/// The same for a predicate: nothing when one of the moves cannot be made.
std::optional<DriveResult> TryReplay(const World& start,
                                     const Moves& moves,
                                     const DriveOptions& options);

} // namespace ike
} // namespace ns3

#endif // IKE_CHOOSER_H
