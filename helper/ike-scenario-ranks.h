/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_RANKS_H
#define IKE_SCENARIO_RANKS_H

#include "ike-scenario-error.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

class ScenarioGroups;
class ScenarioReader;
struct Scenario;

/// Which process of a run over several has which node. A run in one process has them all.
struct ScenarioRanks
{
    uint32_t count{1};                      ///< processes
    std::map<std::string, uint32_t> ofNode; ///< rank by name of the node; all of them, or none
    TextPosition position;                  ///< of the section

    /// @return its rank. @param node a router or any other node
    uint32_t Find(const std::string& node) const;
};

/**
 * @ingroup ike
 * Reads `ranks:` of a scenario: names of nodes, "S*", "S1..S50" for each rank. ns-3 lets ranks meet
 * at point-to-point links alone, and only if these have a delay.
 */
class ScenarioRanksReader
{
  public:
    /// Read a section, which takes the place of an earlier one. @param reader of a mapping
    void Read(const ScenarioReader& reader);
    /**
     * Give each node its rank; without the section nothing happens.
     * @param groups of the scenario
     * @param scenario with all of its nodes
     * @throws ScenarioError
     */
    void Apply(const ScenarioGroups& groups, Scenario& scenario) const;

  private:
    /// Nodes of one rank.
    struct Rule
    {
        uint32_t rank{0};      ///< whose
        std::string pattern;   ///< which nodes
        TextPosition position; ///< where it is written
    };

    static uint32_t ReadRank(const ScenarioReader& reader);
    /// @return the names of all nodes, in the order of the scenario
    static std::vector<std::string> GetNames(const Scenario& scenario);
    /// @return the nodes that a rule means
    static std::vector<std::string> FindNodes(const Rule& rule,
                                              const ScenarioGroups& groups,
                                              const Scenario& scenario,
                                              const std::vector<std::string>& names);
    void CheckRanks(const ScenarioRanks& ranks) const;
    static void CheckLinks(const Scenario& scenario);
    static void CheckClouds(const Scenario& scenario);
    static void CheckLearn(const Scenario& scenario);

    bool m_isThere{false};      ///< was there a section?
    TextPosition m_position;    ///< of it
    std::vector<Rule> m_rules;  ///< in the order of the file
    std::set<uint32_t> m_ranks; ///< that are named
    uint32_t m_rest{0};         ///< rank of all nodes that no rule names
};

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_RANKS_H
