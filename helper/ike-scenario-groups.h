/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_GROUPS_H
#define IKE_SCENARIO_GROUPS_H

#include "ike-scenario-cut-text.h"
#include "ike-scenario-peers.h"
#include "ike-scenario-reader.h"
#include "ike-scenario.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * The section `groups:` of a scenario: hubs, spokes, meshes and chains of many routers each, with
 * texts for each member and for each of its peers in another group or its own.
 *
 * Read() takes a group, and what variants change of it; Expand() writes out what they mean: texts
 * of routers, doors of the cloud, events and flows. Texts are taken to pieces once.
 */
class ScenarioGroups
{
  public:
    /**
     * Read a group, or a variant's part of it: lists are added to, other values replaced.
     * @param name of the group
     * @param reader of its mapping; somebody else checks the keys
     * @param scenario gets the routers, without texts
     */
    void Read(const ScenarioReader& name, const ScenarioReader& reader, Scenario& scenario);
    /**
     * Write out everything; without groups there is nothing to write.
     * @param scenario with all of its other sections read
     */
    void Expand(Scenario& scenario);
    /// @return the members of a group, by index of routers: first, and how many; nothing when there
    /// is no such group. @param pattern "S*"
    std::optional<std::pair<size_t, size_t>> FindMembers(const std::string& pattern) const;
    /// @return "H*", "S*"
    std::vector<std::string> GetPatterns() const;

  private:
    /// Readers cannot be assigned: a document would change.
    using Readers = std::vector<ScenarioReader>;

    /// A group.
    struct Group
    {
        std::string name;                      ///< "S"
        size_t count{0};                       ///< of members
        size_t first{0};                       ///< index of the router of the first one
        TextPosition position;                 ///< of its name
        std::map<std::string, Readers> values; ///< by key: all that were read
        IpPrefix wan;                          ///< addresses at the cloud
        IpPrefix lan;                          ///< networks behind the members
        unsigned lanLength{24};                ///< of one of these
        std::optional<IpPrefix> inner;         ///< addresses of tunnels
        unsigned innerLength{30};              ///< of the network of a tunnel
        uint64_t innerTaken{0};                ///< networks
        std::vector<CutValues> selves;         ///< of each member, as itself
        std::vector<CutValues> times;          ///< of each member: rank, wave

        /// @return the last value of a key, or null
        const ScenarioReader* Find(const std::string& key) const;
        /// @return a value that must be there
        const ScenarioReader& Get(const std::string& key) const;
        /// @return name of a member
        std::string NameOf(size_t member) const;
    };

    /// Texts for each peer.
    struct Each
    {
        size_t of{0};               ///< which group
        PeerRule which;             ///< who of it
        std::vector<CutText> texts; ///< for each of them
    };

    /// Two routers that some text brought together.
    struct Pair
    {
        uint64_t number{0};   ///< from 1 on
        size_t pool{0};       ///< the group that has addresses for it
        uint64_t place{0};    ///< of its network there, from 0 on
        bool hasInner{false}; ///< does any of the groups?
    };

    void ReadFirst(Group& group,
                   const ScenarioReader& name,
                   const ScenarioReader& reader,
                   Scenario& scenario) const;
    void FindNetworks(Group& group) const;
    IpPrefix GetNetwork(const Group& group, const std::string& key, unsigned length) const;
    void CheckNetworks() const;
    void CheckNames(const Scenario& scenario) const;
    static void FindValues(Group& group, uint64_t seed);
    std::vector<Each> ReadEach(const Group& group, const Readers& lists) const;
    PeerRule ReadRule(const Group& group, const ScenarioReader& reader, size_t other) const;
    size_t FindGroup(const ScenarioReader& name) const;
    Pair& FindPair(size_t own, size_t self, size_t other, size_t peer);
    CutValues FindPairValues(size_t own,
                             size_t self,
                             size_t other,
                             size_t peer,
                             const CutText& text);
    void FillEach(const Each& each, size_t own, size_t self, std::vector<ScenarioText>& texts);
    std::string WriteBase(const Group& group, size_t member) const;
    void AddTexts(Group& group, size_t own, Scenario& scenario);
    static void AddDoors(const Group& group, Scenario& scenario);
    static void AddStart(const Group& group, Scenario& scenario);
    void AddSteps(Group& group, size_t own, Scenario& scenario);
    void AddFlows(const Group& group, Scenario& scenario) const;
    void AddFlow(const Group& group, const ScenarioReader& item, Scenario& scenario) const;
    static std::vector<bool> SelectMembers(const Group& group, const ScenarioReader& step);

    std::vector<Group> m_groups;                      ///< in the order of the file
    std::unordered_map<uint64_t, Pair> m_pairs;       ///< by indices of routers, the lower first
    std::unordered_map<uint64_t, uint64_t> m_tunnels; ///< by indices of routers: self, peer
    std::unordered_map<uint64_t, uint64_t> m_peers;   ///< by index of a router: how many peers
};

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_GROUPS_H
