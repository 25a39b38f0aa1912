/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RACE_TRANSCRIPT_H
#define IKE_RACE_TRANSCRIPT_H

#include "ike-scenario-world.h"

#include "ns3/ike-timed-event.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// What happened to a datagram, on a clock that goes on with each move.
struct TimedDatagram
{
    std::string from;              ///< who sent it
    std::string to;                ///< to whom
    uint32_t number{0};            ///< of those that its sender sent, from 1 on
    std::string label;             ///< what it is: "main mode"
    Instant sentAt;                ///< when
    std::vector<Instant> arrivals; ///< none: it was lost; two: it was duplicated
};

/// A move that is none of a datagram or of a clock.
struct TimedMove
{
    Move move;  ///< what
    Instant at; ///< when
};

/// A schedule on a clock that goes on with each move: what takes no time in a world takes a step.
struct TimedRun
{
    std::vector<TimedDatagram> datagrams; ///< in the order of sending
    std::vector<TimedMove> moves;         ///< in order
    EventLog log;                         ///< all that was reported
    Instant end;                          ///< of the schedule
    Instant until;                        ///< of the log
};

/**
 * Run a schedule with a step between any two moves. `run` becomes the datagrams that arrive. Timers
 * are taken when they are due, and never before or behind: that is how it is in a simulation.
 * @param cold nothing has happened yet
 * @param moves all of them, from `cold` on
 * @param step between two moves; also how long datagrams take that the schedule says nothing of
 * @param tail behind the last move, until the log ends
 * @return what happened when
 * @throws std::invalid_argument when a move cannot be made, or not at its time: a timer that is due
 *         before it, one that is taken before it is due, or a step that is too long
 */
TimedRun TimeSchedule(const World& cold, const Moves& moves, Duration step, Duration tail);

/**
 * A run move by move: the word of each, and below it what happened, as a transcript has it.
 * @param world of the scenario
 * @param schedule from ScenarioWorld::start on
 * @param rest after it: what happens until then comes below a line of its own
 * @return lines
 */
std::string WriteSteps(const ScenarioWorld& world, const Moves& schedule, const RestKnobs& rest);
/**
 * A ladder diagram of a schedule, with a millisecond between its moves.
 * @param world of the scenario
 * @param schedule from ScenarioWorld::start on
 * @param title above it
 * @return text and picture; empty texts when there is one router alone
 */
std::pair<std::string, std::string> WriteRaceLadder(const ScenarioWorld& world,
                                                    const Moves& schedule,
                                                    const std::string& title);

} // namespace ike
} // namespace ns3

#endif // IKE_RACE_TRANSCRIPT_H
