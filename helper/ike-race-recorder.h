/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RACE_RECORDER_H
#define IKE_RACE_RECORDER_H

#include "ike-network.h"
#include "ike-scenario-world.h"

#include "ns3/ike-timed-event.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * Hears what happens in a run, to say it as a schedule: what arrives when, what is lost, paths that
 * appear and go, reloads, lines that are typed, packets that begin a negotiation. It gives the
 * routers the random keys of the laboratory.
 *
 * A schedule knows IKE messages. ESP is left out: no word of it says when a packet arrives.
 */
class RaceRecorder
{
  public:
    /**
     * Begin to hear.
     * @param scenario that is run
     * @param network of the run, before it begins
     * @param seed of the laboratory's keys
     * @throws RunError for a scenario in which cryptography takes time
     */
    RaceRecorder(const Scenario& scenario, const IkeNetwork& network, uint64_t seed);
    ~RaceRecorder();

    RaceRecorder(const RaceRecorder&) = delete;
    RaceRecorder& operator=(const RaceRecorder&) = delete;

    /**
     * @return the schedule of what was heard, from a cold world on: replaying it in the laboratory
     * makes the same messages at the same times
     * @throws RunError when the laboratory cannot follow
     */
    Moves Write() const;

  private:
    class Ear;

    /// Something that happened to a router.
    struct Step
    {
        /// What.
        enum class Kind : uint8_t
        {
            Sent,     ///< an IKE message
            Received, ///< an IKE message
            Move,     ///< anything else
        };

        Kind kind{Kind::Move}; ///< what
        Instant at;            ///< when
        std::string router;    ///< at whom
        uint64_t packet{0};    ///< which message
        Move move;             ///< of a move
    };

    class Follower;

    Scenario m_scenario;                      ///< that is run
    uint64_t m_seed;                          ///< of keys
    std::map<std::string, uint64_t> m_starts; ///< keys drawn, by router
    std::vector<std::unique_ptr<Ear>> m_ears; ///< one per router
    std::vector<Step> m_steps;                ///< in order
};

/// @return a schedule as lines of at most 100 characters. @param moves of it
std::string WriteSchedule(const Moves& moves);

} // namespace ike
} // namespace ns3

#endif // IKE_RACE_RECORDER_H
