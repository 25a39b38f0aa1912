/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RACE_SIMULATION_H
#define IKE_RACE_SIMULATION_H

#include "ike-race-transcript.h"
#include "ike-scenario-world.h"

#include "ns3/ike-end-state.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// How a schedule is run in a simulation. Named knobs with defaults.
struct SimulationOptions
{
    uint64_t seed{1};                         ///< of the laboratory's random keys
    Duration step{Duration::Milliseconds(1)}; ///< between two moves that take no time
    Duration tail{Duration::Seconds(60)};     ///< behind the last move
    std::string out;                          ///< folder of the run; empty: no files
};

/// What a simulation made of a schedule.
struct SimulationReport
{
    size_t datagrams{0};                  ///< of which the schedule says what becomes
    size_t events{0};                     ///< that were compared
    std::string transcript;               ///< of the simulation, all nodes in the order of time
    std::vector<std::string> differences; ///< lines "A: - ..." and "A: + ..."; none: it is the same
    EndState end;                         ///< where both stand behind the tail; never "flapping"
    std::vector<std::string> notes;       ///< moves that mean less in ns-3, each with the reason
};

/**
 * Run a schedule in ns-3. It becomes a time for each move and a delay for each datagram, or its
 * loss; timers go off by themselves. The routers have the random keys of the laboratory, so their
 * messages are the same octet by octet, and what each router reports is compared.
 *
 * The network is one cloud. What a laboratory does not have is not compared: routes and lines of
 * tunnels.
 * @param scenario expanded
 * @param world of it
 * @param schedule from ScenarioWorld::start on
 * @param options how
 * @return how it compares
 * @throws std::invalid_argument when a simulation cannot do it: see TimeSchedule()
 * @throws RunError
 */
SimulationReport SimulateSchedule(const Scenario& scenario,
                                  const ScenarioWorld& world,
                                  const Moves& schedule,
                                  const SimulationOptions& options);

} // namespace ike
} // namespace ns3

#endif // IKE_RACE_SIMULATION_H
