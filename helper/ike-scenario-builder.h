/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_BUILDER_H
#define IKE_SCENARIO_BUILDER_H

#include "ike-scenario-explore.h"
#include "ike-scenario-groups.h"
#include "ike-scenario-ranks.h"
#include "ike-scenario-reader.h"
#include "ike-scenario-sites.h"
#include "ike-scenario.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * Reads the sections of a scenario file, and of its variants, into a Scenario.
 *
 * A section that comes later adds to what earlier ones said, or changes it: texts, events, flows
 * and expectations are appended; links and knobs are changed value by value.
 */
class ScenarioBuilder
{
  public:
    /**
     * @param scenario to fill; its parameters are set already
     * @param declared the parameters of the file
     */
    ScenarioBuilder(Scenario& scenario, const std::vector<ScenarioParameter>& declared);

    /// Read all sections that are there. @param reader of a mapping
    void ReadSections(const ScenarioReader& reader);
    /**
     * @param when a condition: {parameter: value, parameter: [values], parameter: {not: value}}
     * @return do the values of the parameters meet it?
     */
    bool Matches(const ScenarioReader& when) const;
    /**
     * All sections are read: read the routers' texts, and check that all names mean something.
     * @param fitsTogether must events and flows begin within the duration, too?
     */
    void Finish(bool fitsTogether);
    /// Instead of all that: only events are read, into a scenario that is complete.
    /// @param reader of a list
    void AddEvents(const ScenarioReader& reader);

  private:
    /// A profile as it was read.
    struct ProfileSetting
    {
        std::string router; ///< whose, or "all"
        std::string name;   ///< which
    };

    /// A knob as it was read.
    struct KnobSetting
    {
        std::string router; ///< whose, or "all"
        std::string name;   ///< which
        std::string value;  ///< as SetKnob() takes it
    };

    /// A profile of costs as it was read.
    struct CostSetting
    {
        std::string router;                       ///< whose, "S*" of a group, or "all"
        std::shared_ptr<const CryptoCosts> costs; ///< null: "ideal"
    };

    /// A number of cores as it was read.
    struct CoreSetting
    {
        std::string router; ///< whose, "S*" of a group, or "all"
        uint32_t cores{1};  ///< how many
    };

    void ReadCosts(const ScenarioReader& reader);
    void ReadCores(const ScenarioReader& reader);
    void ReadCrypto(const ScenarioReader& reader);
    /// What stands at a router or a group. @param owner its name, or "S*" @param reader of it
    void ReadCpu(const std::string& owner, const ScenarioReader& reader);
    void ReadCostsOf(const std::string& router, const ScenarioReader& reader);
    void ReadCoresOf(const std::string& router, const ScenarioReader& reader);
    /// One router goes before its group, and that before all. @param router gets its CPU
    void SetCpu(ScenarioRouter& router) const;
    void ReadSites(const ScenarioReader& reader);
    void ReadRanks(const ScenarioReader& reader);
    void ReadGroups(const ScenarioReader& reader);
    void ReadRouters(const ScenarioReader& reader);
    void ReadRouter(const ScenarioReader& name, const ScenarioReader& reader);
    /// What a router under `routers:` and a group have in common. @param reader of its mapping
    /// @param router gets it
    static void ReadTraits(const ScenarioReader& reader, ScenarioRouter& router);
    void ReadProfile(const ScenarioReader& reader);
    void ReadProfileOf(const std::string& router, const ScenarioReader& reader);
    void ReadKnobs(const ScenarioReader& reader);
    void ReadRouterKnob(const std::string& router,
                        const ScenarioReader& name,
                        const ScenarioReader& value);
    void ReadAccount(const ScenarioReader& reader);
    void ReadLedger(const ScenarioReader& reader);
    void ReadNetwork(const ScenarioReader& reader);
    void ReadNodes(const ScenarioReader& reader, bool areHosts);
    void ReadNats(const ScenarioReader& reader);
    static void ReadNat(ScenarioNat& nat, const ScenarioReader& reader);
    void ReadBalancers(const ScenarioReader& reader);
    static void ReadBalancer(ScenarioBalancer& balancer, const ScenarioReader& reader);
    static void ReadBalancerEvent(const ScenarioReader& reader, ScenarioEvent& event);
    void ReadCloud(const ScenarioReader& name, const ScenarioReader& reader);
    void ReadDoors(ScenarioCloud& cloud, const ScenarioReader& reader) const;
    static void ReadBehind(ScenarioCloud& cloud, const ScenarioReader& reader);
    void ReadTree(const ScenarioReader& name, const ScenarioReader& reader);
    ScenarioCloud& FindOrAddCloud(const ScenarioReader& name);
    void ReadCloudKeys(ScenarioCloud& cloud, const ScenarioReader& reader) const;
    static void ReadCloudEvent(const ScenarioReader& reader, ScenarioEvent& event);
    static void ReadBetween(const ScenarioReader& reader, ScenarioEvent& event);
    static void ReadFlap(const ScenarioReader& reader, ScenarioEvent& event);
    void ReadUnderlay(const ScenarioReader& reader);
    void ReadLink(const ScenarioReader& name, const ScenarioReader& reader);
    ScenarioLinkEnd ReadLinkEnd(const ScenarioReader& node, const ScenarioReader& where);
    void ReadLearn(const ScenarioReader& reader);
    void ReadEvents(const ScenarioReader& reader);
    ScenarioEvent ReadEvent(const ScenarioReader& reader) const;
    void ReadOffer(const ScenarioReader& reader);
    void ReadExpect(const ScenarioReader& reader);
    /// What `explore:` says. @param reader of it
    void ReadRace(const ScenarioReader& reader);
    /// Read the texts of other configurations, and check that all names mean something.
    void FinishRace();
    /// @return does one value of a condition hold?
    bool MatchesValue(const ScenarioParameter& parameter, const ScenarioReader& value) const;

    /// Profiles first, then knobs; what is said of one router goes before what is said of all.
    void SetKnobs(ScenarioRouter& router) const;
    void ReadTexts(ScenarioRouter& router);
    /// Events of groups, flaps, and failures of whole clouds become events of one thing each.
    void ExpandEvents();
    void ExpandGroups(const ScenarioEvent& event, std::vector<ScenarioEvent>& all) const;
    void ExpandCloud(const ScenarioEvent& event, std::vector<ScenarioEvent>& all) const;
    std::vector<std::string> FindNamesOf(const ScenarioEvent& event, const std::string& name) const;
    /// @return a router's interface for a cable, with its address. @param router whose @param name
    /// which @param position for the error
    static const InterfaceText& FindCabled(const ScenarioRouter& router,
                                           const std::string& name,
                                           const TextPosition& position);
    IpPrefix NetworkOf(const ScenarioLinkEnd& end) const;
    void CheckLinks() const;
    void CheckLink(const ScenarioLink& link) const;
    void CheckClouds() const;
    void CheckHosts() const;
    void CheckNats() const;
    /// Find the addresses of hubs that are not said, and check all that balancers need.
    void FinishBalancers();
    void CheckBalancerPlace(const ScenarioNode& node) const;
    void FindHubAddresses(ScenarioNode& node) const;
    void CheckHubs(const ScenarioNode& node) const;
    void CheckHubEvent(const ScenarioEvent& event) const;
    void CheckCables() const;
    void CheckUnderlay() const;
    void CheckCapture() const;
    void CheckLearn() const;
    void CheckEvents() const;
    void CheckCloudEvent(const ScenarioEvent& event, const std::set<std::string>& doors) const;
    void CheckConsoles() const;
    void CheckOffer() const;
    void CheckWithin() const;
    /// @return what can be captured at a node
    std::vector<std::string> GetCaptureNames(const std::string& node) const;
    std::vector<std::string> GetNodeNames(bool hosts, bool internet, bool routers) const;

    Scenario& m_scenario;                             ///< filled
    const std::vector<ScenarioParameter>& m_declared; ///< of the file
    std::vector<ProfileSetting> m_profiles;           ///< in the order of the file
    std::vector<KnobSetting> m_knobs;                 ///< in the order of the file
    std::vector<CostSetting> m_costs;                 ///< in the order of the file
    std::vector<CoreSetting> m_cores;                 ///< in the order of the file
    ScenarioSites m_sites;                            ///< routers by the number
    ScenarioGroups m_groups;                          ///< the same, hubs and spokes
    ScenarioRanksReader m_ranks;                      ///< processes of a run
    std::vector<TextPosition> m_capturePositions;     ///< of the items of the list
    std::optional<ScenarioError> m_underlayTimer;     ///< what is wrong with it without RIP
    std::shared_ptr<ScenarioExplore> m_explore;       ///< null: there is no such section
};

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_BUILDER_H
