/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NETWORK_H
#define IKE_NETWORK_H

#include "ike-cloud-channel.h"
#include "ike-cloud-device.h"
#include "ike-load-balancer-helper.h"
#include "ike-nat-helper.h"
#include "ike-router-helper.h"
#include "ike-scenario.h"

#include "ns3/ipv4-interface-address.h"
#include "ns3/ipv4.h"
#include "ns3/node-container.h"
#include "ns3/node.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// One end of a link, or a door of a cloud, as ns-3 has it.
struct NetworkPort
{
    std::string node;             ///< name of the node
    std::string interface;        ///< of a router under test; of others, name of the link
    Ptr<NetDevice> device;        ///< the device; null: another rank has it
    Ipv4InterfaceAddress address; ///< address and mask
};

/// A link, as ns-3 has it.
struct NetworkLink
{
    std::string name;                 ///< as in the scenario
    Ptr<PointToPointChannel> channel; ///< between the devices; null: another rank has it
    NetworkPort ports[2];             ///< its ends
};

/// A cloud or a tree, as ns-3 has it.
struct NetworkCloud
{
    std::string name;               ///< as in the scenario
    Ptr<IkeCloudChannel> channel;   ///< between the devices; null: a tree
    std::vector<NetworkPort> ports; ///< its doors, in the order of the scenario; none: another rank
    std::map<std::string, size_t> doors;            ///< the same by router
    std::vector<Ptr<Node>> routers;                 ///< of a tree; the first one is the top
    std::vector<Ptr<NetDevice>> devices;            ///< of these
    std::vector<Ptr<PointToPointChannel>> channels; ///< between them, and to the doors
};

/**
 * @ingroup ike
 * @brief Builds the nodes, links, addresses and routes of a scenario.
 *
 * Routers under test get all of theirs from IkeRouterHelper. Hosts have a default route to the
 * other end of their link, NATs and load balancers to where it goes outside. The routers of the
 * Internet have static routes along paths with the fewest hops, or run RIP among each other; they
 * know the networks of the Internet's own links, and nothing of what is behind the routers under
 * test. A cloud knows the addresses that routers have there by their configuration at the start,
 * and what the scenario says is behind them. A tree is the same of routers of its own, each with a
 * power of two of addresses below each way down, and a default route up. No queue discs are
 * installed.
 *
 * Of a run over several ranks, each builds all nodes, by which ns-3 knows whom to send a packet;
 * what is inside of a node, and all links but those that lead to another rank, are built by the
 * rank that has it. Random variables have the streams that they have in one process.
 */
class IkeNetwork
{
  public:
    /**
     * @param scenario what to build; must live as long as this
     * @param rank whose part of it; nothing: all, in one process
     */
    explicit IkeNetwork(const Scenario& scenario, std::optional<uint32_t> rank = std::nullopt);

    /// Build everything.
    void Build();
    /**
     * Give all random variables fixed streams.
     * @param stream first one
     * @return how many were taken
     */
    int64_t AssignStreams(int64_t stream);
    /// @return has this rank the node? @param node its name
    bool IsOwn(const std::string& node) const;
    /// @return has this rank the cloud or tree? @param cloud its name
    bool IsOwnCloud(const std::string& cloud) const;
    /**
     * @param name of a node
     * @return the node
     */
    Ptr<Node> GetNode(const std::string& name) const;
    /**
     * @param name of a router under test
     * @return the router
     */
    Ptr<IkeRouter> GetRouter(const std::string& name) const;
    /**
     * @param name of a NAT
     * @return the NAT
     */
    Ptr<IkeNat> GetNat(const std::string& name) const;
    /**
     * @param name of a load balancer
     * @return the balancer
     */
    Ptr<IkeLoadBalancer> GetBalancer(const std::string& name) const;
    /**
     * Whose is the outside address of a NAT? Peers know the router behind it by that address.
     * @return routers by address, for NATs with one router under test directly behind them
     */
    std::map<IpAddress, std::string> GetRouterBehindNat() const;
    /// @return all links
    const std::vector<NetworkLink>& GetLinks() const;
    /// @return all clouds
    const std::vector<NetworkCloud>& GetClouds() const;
    /**
     * @param node a host, or a router under test with an address for traffic
     * @return the address at which traffic begins and ends
     */
    Ipv4Address GetTrafficAddress(const std::string& node) const;
    /**
     * Is there something of the Internet, or another router under test, behind this port?
     * @param link which link
     * @param end 0 or 1
     * @return true when there is
     */
    bool LeadsOut(const NetworkLink& link, unsigned end) const;
    /**
     * Set both ends of a link up or down.
     * @param name of the link
     * @param up the new state
     */
    void SetLinkUp(const std::string& name, bool up);
    /**
     * Set a router's interface at a cloud up or down.
     * @param cloud name of the cloud
     * @param router name of the router
     * @param up the new state
     */
    void SetDoorUp(const std::string& cloud, const std::string& router, bool up);
    /**
     * Take the power from a router under test, or give it back: without, its interfaces are down
     * and it has no state; back, they are as links and doors say.
     * @param router name of the router
     * @param on the new state
     */
    void SetPower(const std::string& router, bool on);
    /**
     * Drop certain packets within a cloud, or let them pass again.
     * @param cloud name of the cloud
     * @param filter which packets
     * @param drop or let pass
     */
    void SetFilter(const std::string& cloud, const ScenarioFilter& filter, bool drop);
    /**
     * Write what goes through a port, both ways, into a file.
     * @param file its name; of links the frames are PPP, of clouds there are none (raw IP)
     * @param port of a link or a cloud
     */
    static void EnablePcap(const std::string& file, const NetworkPort& port);
    /**
     * @param node a router of the Internet
     * @param prefix a network
     * @return does the node have a route to it?
     */
    bool HasRoute(const std::string& node, const IpPrefix& prefix) const;

  private:
    Ptr<Node> MakeNode(const std::string& name) const;
    bool IsOwn(const ScenarioCloud& cloud) const;
    void BuildNodes();
    void BuildLinks();
    void BuildLink(const ScenarioLink& link);
    NetworkPort BuildPort(const ScenarioLink& link, unsigned end);
    Ptr<PointToPointNetDevice> BuildDevice(const ScenarioLink& link, unsigned end);
    Ptr<PointToPointChannel> BuildChannel(const ScenarioLink& link) const;
    void BuildClouds();
    NetworkCloud BuildCloud(const ScenarioCloud& cloud);
    NetworkCloud BuildTree(const ScenarioCloud& cloud);
    /// @return a cloud or tree of another rank. @param cloud which
    NetworkCloud BuildAbsent(const ScenarioCloud& cloud);
    /// @return the routers that a tree has. @param tree of the scenario
    uint32_t CountTreeRouters(const ScenarioCloud& tree) const;
    static int64_t AssignTreeStreams(const NetworkCloud& tree, int64_t stream);
    int64_t AssignRouterStreams(int64_t stream) const;
    int64_t AssignNodeStreams(int64_t stream) const;
    int64_t AssignLinkStreams(int64_t stream) const;
    int64_t AssignCloudStreams(int64_t stream) const;
    NetworkPort PortOf(const ScenarioDoor& door) const;
    void BuildRouters();
    void BuildStacks();
    void BuildAddresses();
    void BuildDefaultRoutes();
    void BuildNats();
    void BuildBalancers();
    Ptr<IkeLoadBalancer> BuildBalancer(const ScenarioNode& node) const;
    void BuildAddress(const NetworkPort& port);
    void BuildStaticRoutes();
    void ExcludeCustomers();
    bool IsInternet(const std::string& node) const;
    const NetworkCloud& GetCloud(const std::string& name) const;
    void SetPortUp(const NetworkPort& port, bool up);
    void ApplyPort(const NetworkPort& port) const;

    const Scenario& m_scenario;                              ///< what to build
    const std::optional<uint32_t> m_rank;                    ///< whose part; nothing: all
    std::map<std::string, Ptr<Node>> m_nodes;                ///< by name
    std::map<std::string, Ptr<IkeRouter>> m_routers;         ///< by name
    std::map<std::string, Ptr<IkeNat>> m_nats;               ///< by name
    std::map<std::string, Ptr<IkeLoadBalancer>> m_balancers; ///< by name
    std::vector<NetworkLink> m_links;                        ///< in the order of the scenario
    std::vector<NetworkCloud> m_clouds;                      ///< in the order of the scenario
    std::map<std::string, const ScenarioRouter*> m_texts;    ///< routers of the scenario, by name
    std::set<std::string> m_dark;                            ///< routers without power
    std::set<std::pair<std::string, std::string>> m_down; ///< node and interface: told to be down
    uint32_t m_treeRouters{0};                            ///< of all trees
    std::map<std::string, uint32_t> m_linkEnds; ///< links so far, by node: of those of other ranks
};

} // namespace ike
} // namespace ns3

#endif // IKE_NETWORK_H
