/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_WORLD_H
#define IKE_SCENARIO_WORLD_H

#include "ike-scenario-explore.h"
#include "ike-scenario.h"

#include "ns3/ike-crypto.h"
#include "ns3/ike-explorer.h"
#include "ns3/ike-world.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A scenario in the laboratory.
struct ScenarioWorld
{
    World cold;                       ///< nothing has happened yet
    World start;                      ///< the same after `begin`
    Moves begin;                      ///< from `cold` to `start`
    std::vector<std::string> leftOut; ///< what the scenario has and a world has not
};

/**
 * The routers of a scenario as nodes of the in-memory world, with their engines, policies, consoles
 * and data packets, and no network between them.
 *
 * Without `explore: begin:` and without a kept schedule, the world begins as a run does: all
 * tunnels have paths at once, and what the events of the scenario say happens at its time, with
 * datagrams that take no time. A scenario whose outcome depends on its network then is refused.
 * @param scenario expanded
 * @param seed of the random keys
 * @return the world
 * @throws ScenarioError
 */
ScenarioWorld BuildWorld(const Scenario& scenario, uint64_t seed);
/// @return what `explore:` says, or the defaults without such a section. @param scenario expanded
ScenarioExplore GetExplore(const Scenario& scenario);
/// @return the random key of a router in the laboratory. @param seed of it @param router its name
RandomKey MakeRouterKey(uint64_t seed, const std::string& router);
/// @return the random key of the same router after so many reboots. @param key the first one
RandomKey AfterReboots(const RandomKey& key, uint64_t reboots);
/// @return who does the cryptography of each worker of an exploration. @param scenario expanded
CryptoFactory GetCryptoFactory(const Scenario& scenario);
/// @return "left out: 2 hosts, 3 links (...)", a line for people; empty: nothing is
/// @param world of a scenario
std::string DescribeLeftOut(const ScenarioWorld& world);

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_WORLD_H
