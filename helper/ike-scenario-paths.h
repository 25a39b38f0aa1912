/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_PATHS_H
#define IKE_SCENARIO_PATHS_H

#include "ike-scenario-draws.h"
#include "ike-scenario-reader.h"
#include "ike-scenario.h"

#include <functional>
#include <optional>

namespace ns3
{
namespace ike
{

/**
 * What links, clouds and trees have in common: `delay:`, `jitter:`, `loss:`. A value that is not
 * there stays as it was.
 * @param reader of the mapping
 * @param delay gets the value, or the least that is drawn
 * @param jitter the same
 * @param loss the same
 * @param draws gets the distributions
 */
void ReadPath(const ScenarioReader& reader,
              Duration& delay,
              Duration& jitter,
              double& loss,
              ScenarioPathDraws& draws);

/**
 * What all flows have in common: `every:`, `on:`, `off:`, `start:`.
 * @param find gives the value of a key, or nothing
 * @param flow gets them; of a drawn `every:` the median
 */
void ReadPace(const std::function<std::optional<ScenarioReader>(const char*)>& find,
              ScenarioFlow& flow);

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_PATHS_H
