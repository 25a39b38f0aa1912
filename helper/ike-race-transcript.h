/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RACE_TRANSCRIPT_H
#define IKE_RACE_TRANSCRIPT_H

#include "ike-scenario-world.h"

#include "ns3/ike-timed-event.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// Datagrams are counted by these: a simulation has packets that a laboratory has not, as answers
/// to what comes out of tunnels.
enum class DatagramKind : uint8_t
{
    Ike,   ///< and keepalives for NATs
    Esp,   ///< outside of UDP
    Clear, ///< a data packet
};

/// What happened to a datagram, on a clock that goes on with each move.
struct TimedDatagram
{
    std::string from;              ///< who sent it
    std::string to;                ///< to whom
    DatagramKind kind{};           ///< which
    uint32_t number{0};            ///< of those of its kind that its sender sent, from 1 on
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
    std::shared_ptr<const World> last;    ///< then
};

/**
 * Run a schedule with a step between any two moves. `run` becomes the datagrams that arrive. Timers
 * are taken when they are due, and never before or behind: that is how it is in a simulation.
 * @param cold nothing has happened yet
 * @param moves all of them, from `cold` on
 * @param step between two moves; a datagram of which the schedule says nothing takes TailDelay()
 * @param tail behind the last move, until the log ends
 * @return what happened when
 * @throws std::invalid_argument when a move cannot be made, or not at its time: a timer that is due
 *         before it, one that is taken before it is due, or a step that is too long
 */
TimedRun TimeSchedule(const World& cold, const Moves& moves, Duration step, Duration tail);

/**
 * @param step between two moves
 * @param number of a datagram among those of its kind and sender
 * @return how long it takes when a schedule says nothing of it: a step, and a thousandth of it for
 * each one before it. No two take the same time, so none arrives just when a timer goes off that
 * another one, sent as long before, has set: then order would be by chance
 */
Duration TailDelay(Duration step, uint32_t number);
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
