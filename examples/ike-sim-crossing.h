/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SIM_CROSSING_H
#define IKE_SIM_CROSSING_H

#include "ns3/ike-race-report.h"
#include "ns3/ike-scenario-world.h"

#include <string>

/**
 * All words of two crossing exchanges, and how each ends (`explore --crossing`).
 * @param scenario expanded
 * @param world of it: both ends have begun
 * @param kind "main-modes" or "quick-modes"
 * @param format of the table
 * @return lines
 * @throws std::invalid_argument when the kind is another one, or when the ends have not begun
 */
std::string WriteCrossings(const ns3::ike::Scenario& scenario,
                           const ns3::ike::ScenarioWorld& world,
                           const std::string& kind,
                           ns3::ike::RaceTable format);

#endif // IKE_SIM_CROSSING_H
