/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_SITES_H
#define IKE_SCENARIO_SITES_H

#include "ike-scenario-reader.h"
#include "ike-scenario.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * The section `sites:` of a scenario: many routers that differ in numbers alone.
 *
 * Read() takes the section, and what variants change of it; Expand() writes out what it means:
 * texts of routers, doors of the cloud, events and flows. A text is taken to pieces once and put
 * together for each site.
 */
class ScenarioSites
{
  public:
    /**
     * Read the section, or a variant's: lists are added to, other values replaced.
     * @param reader of the section
     * @param scenario gets the routers, without texts
     */
    void Read(const ScenarioReader& reader, Scenario& scenario);
    /**
     * Write out everything; without a section there is nothing to write.
     * @param scenario with all of its other sections read
     */
    void Expand(Scenario& scenario) const;

  private:
    /// What ${site...} stands for, in the order of the names; the same for ${partner...}.
    using Values = std::vector<std::string>;

    /// Readers cannot be assigned: a document would change.
    using Readers = std::vector<ScenarioReader>;

    void ReadFirst(const ScenarioReader& reader, Scenario& scenario);
    /// @return a value of the section that must be there. @param key which
    const ScenarioReader& Get(const std::string& key) const;
    /// @return the same, or null
    const ScenarioReader* Find(const std::string& key) const;
    /// @return a network with room for all sites. @param key which @param hostBits of one site
    IpPrefix GetNetwork(const std::string& key, unsigned hostBits) const;
    std::vector<size_t> GetRanks(uint64_t seed) const;
    std::vector<Values> GetValues(uint64_t seed) const;
    std::vector<std::vector<size_t>> GetPartners() const;
    void AddTexts(Scenario& scenario, const std::vector<Values>& sites) const;
    void AddDoors(Scenario& scenario) const;
    void AddSteps(Scenario& scenario, const std::vector<Values>& sites) const;
    void AddFlows(Scenario& scenario) const;
    std::vector<bool> SelectSites(const ScenarioReader& step) const;
    std::string NameOf(size_t site) const;
    [[noreturn]] void Fail(const std::string& message, const std::string& expected) const;

    std::string m_name;                       ///< of all sites, before the number
    size_t m_count{0};                        ///< how many; 0: there is no section
    size_t m_first{0};                        ///< index of the first one's router
    TextPosition m_position;                  ///< of the section
    std::map<std::string, Readers> m_values;  ///< by key: all that were read, the last one counts
    std::map<std::string, Readers> m_traffic; ///< the same, of `traffic:`
};

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_SITES_H
