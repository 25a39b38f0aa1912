/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TOPOLOGY_HELPER_H
#define IKE_TOPOLOGY_HELPER_H

#include "ike-network.h"
#include "ike-scenario.h"

#include "ns3/ike-router.h"
#include "ns3/node-container.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Builds hubs with spokes, meshes, rings and chains of IKE routers for C++ programs, by the
 * generator behind `groups:` of scenario files (doc/scenarios.md has the names in ${...}).
 *
 * Every member has Ethernet0/0 at one network (a cloud, or with SetTree() a tree of routers) and
 * its own network on Loopback0. What the members are configured with is IOS text, for each member
 * and for each of its peers; GetVtiText() is a static VTI with a route to what is behind the peer.
 */
class IkeTopologyHelper
{
  public:
    IkeTopologyHelper();
    ~IkeTopologyHelper();

    /// @brief Set a key of the network. @param key "delay", "rate", "loss", "jitter", "queue",
    /// "mtu" @param value as in a scenario file, with its unit: "20 ms"
    void SetNetwork(const std::string& key, const std::string& value);
    /// @brief Make the network of routers. @param fan most ways down of each: 2, 4, 8, 16 or 32
    void SetTree(uint32_t fan);
    /**
     * @brief Make hubs, called H1, H2, ...: 198.51.100.0/24, and 10.255.0.0/16 behind them.
     * @param count how many
     * @param config text of each
     * @param perSpoke text for each of its spokes; may be empty
     */
    void SetHubs(uint32_t count, const std::string& config, const std::string& perSpoke);
    /**
     * @brief Make spokes, called S1, S2, ...: 172.16.0.0/12, and 10.0.0.0/9 behind them.
     * @param count how many
     * @param homes hubs of each: its own and those behind it
     * @param config text of each
     * @param perHub text for each of its hubs; may be empty
     */
    void SetSpokes(uint32_t count,
                   uint32_t homes,
                   const std::string& config,
                   const std::string& perHub);
    /**
     * @brief Make routers that are peers of each other, called R1, R2, ...: 198.18.0.0/15, and
     * 10.128.0.0/10 behind them.
     * @param count how many
     * @param which "others" (a mesh), "partial 4", "ring", "neighbours" (a chain)
     * @param config text of each
     * @param perPeer text for each of its peers; may be empty
     */
    void SetMesh(uint32_t count,
                 const std::string& which,
                 const std::string& config,
                 const std::string& perPeer);
    /// @return a static VTI to a peer, protected by a profile. @param profile of IPsec
    static std::string GetVtiText(const std::string& profile);
    /**
     * @brief Build everything, once.
     * @throws ScenarioError when a text or a key is wrong
     */
    void Install();

    /// @return all hubs
    NodeContainer GetHubs() const;
    /// @return all spokes
    NodeContainer GetSpokes() const;
    /// @return all routers of the mesh
    NodeContainer GetMesh() const;
    /// @return a router. @param name "H1"
    Ptr<IkeRouter> GetRouter(const std::string& name) const;
    /// @return the address for traffic of a router: that of its Loopback0. @param name "S1"
    Ipv4Address GetAddress(const std::string& name) const;
    /// @return the network, to take down doors and the like; its cloud is called "core"
    IkeNetwork& GetNetwork();
    /// @brief Give all random variables fixed streams. @param stream first one @return how many
    int64_t AssignStreams(int64_t stream);

  private:
    /// @return the members of a group. @param name "S"
    NodeContainer GetMembers(const std::string& name) const;
    void Add(const std::string& name, const std::string& keys);

    std::map<std::string, std::string> m_network; ///< keys of the cloud or the tree
    bool m_isTree{false};                         ///< which of them
    std::map<std::string, std::string> m_groups;  ///< by name, as in a scenario file
    uint32_t m_homes{1};                          ///< hubs of each spoke
    std::unique_ptr<Scenario> m_scenario;         ///< what was built
    std::unique_ptr<IkeNetwork> m_built;          ///< nodes; null before Install()
};

} // namespace ike
} // namespace ns3

#endif // IKE_TOPOLOGY_HELPER_H
