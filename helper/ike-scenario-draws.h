/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_DRAWS_H
#define IKE_SCENARIO_DRAWS_H

#include "ike-distribution.h"
#include "ike-scenario.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * Draws by name: what one draws does not depend on who else draws, and the variants of a study
 * share them. The n-th draw of a name is its own.
 */
class NamedDraws
{
  public:
    /// @param seed of the run
    explicit NamedDraws(uint64_t seed);

    /// @return from 0 on, less than 1. @param name whose
    double Draw(const std::string& name);
    /// @return from 0 on, less than most. @param name whose @param most zero: no draw is used up
    Duration DrawSpan(const std::string& name, Duration most);

  private:
    uint64_t m_seed;                        ///< of the run
    std::map<std::string, uint64_t> m_used; ///< draws so far
};

/**
 * Draw what a scenario leaves to chance and what is fixed for a whole run: times of events, first
 * packets, delay and loss of links.
 * @param scenario expanded
 * @param seed of the run
 * @return the same with these values; it has the hash of the one that was given
 */
Scenario DrawValues(Scenario scenario, uint64_t seed);

/// @return what DrawValues() has drawn, a line for each; empty when it is nothing
/// @param drawn that it gave
std::string DescribeDraws(const Scenario& drawn);

/// @return the latest that it can be. @param value or the least @param draw null: the value
Duration LatestOf(Duration value, const std::shared_ptr<const Distribution>& draw);

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_DRAWS_H
