/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RACE_H
#define IKE_RACE_H

#include "ike-scenario-explore.h"
#include "ike-scenario-world.h"
#include "ike-scenario.h"

#include "ns3/ike-explorer.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// How to run a race.
struct RaceOptions
{
    uint64_t seed{1};    ///< of random keys, and of choosers by chance
    unsigned threads{1}; ///< 0: as many as the machine has cores. Nothing depends on it
    std::function<void(const ExploreProgress&)> progress{}; ///< may be empty
};

/// What came out of a race: of its kept schedule, or of an exploration.
struct RaceResult
{
    std::string scenario;                 ///< its name
    std::string title;                    ///< its title
    std::string id;                       ///< of `explore:`
    ParameterValues parameters;           ///< of the scenario
    uint64_t seed{1};                     ///< of the run
    std::vector<std::string> nodes;       ///< in the order of counts
    std::string leftOut;                  ///< a line; empty: nothing
    Moves begin;                          ///< before all schedules below
    std::optional<Moves> schedule{};      ///< that was run; nothing: an exploration
    std::vector<EndRow> ends;             ///< by class, then by counts
    std::vector<ViolationRow> violations; ///< by oracle, then by text
    std::optional<Coverage> coverage{};   ///< of an exhaustive exploration
    uint64_t runs{0};                     ///< of choosers by chance
    /// By router and event, of a schedule with its begin, until it has come to rest.
    std::map<std::string, std::map<std::string, uint64_t>> counts{};
    std::vector<std::string> failures{}; ///< expectations that did not come true
};

/**
 * Run the kept schedule of a scenario, or explore when it has none, and judge.
 * @param scenario expanded
 * @param options how
 * @return what came out
 * @throws ScenarioError
 */
RaceResult RunRace(const Scenario& scenario, const RaceOptions& options);
/**
 * Run one schedule.
 * @param scenario expanded
 * @param world of it
 * @param schedule from ScenarioWorld::start on
 * @param options how
 * @return what came out, with one end state; not judged
 * @throws std::invalid_argument when a move cannot be made
 */
RaceResult ReplayRace(const Scenario& scenario,
                      const ScenarioWorld& world,
                      const Moves& schedule,
                      const RaceOptions& options);
/**
 * Explore, as `explore:` says or with its defaults.
 * @param scenario expanded
 * @param world of it
 * @param options how
 * @return what came out; not judged
 */
RaceResult ExploreRace(const Scenario& scenario,
                       const ScenarioWorld& world,
                       const RaceOptions& options);
/**
 * Compare with what is expected. Oracles that fail and are not expected to are a failure as long as
 * `violations:` does not say otherwise.
 * @param expect of the scenario
 * @param result gets the failures
 */
void JudgeRace(const ExploreExpectation& expect, RaceResult& result);
/**
 * All values of `vary:`, combined; one without any when nothing is varied.
 * @param explore of the scenario with its defaults
 * @return values of parameters, in the order of the file
 */
std::vector<ParameterValues> GetVariations(const ScenarioExplore& explore);

} // namespace ike
} // namespace ns3

#endif // IKE_RACE_H
