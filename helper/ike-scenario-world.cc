/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-world.h"

#include "ike-scenario-cut-text.h"
#include "ike-scenario-units.h"

#include "ns3/ike-ios-parser.h"
#include "ns3/ike-ios-policy-resolve.h"
#include "ns3/ike-schedule.h"

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// UDP, of RFC 768: what flows of scenarios carry beside their payload.
constexpr uint64_t UDP_HEADER = 8;

std::string
Count(size_t count, const std::string& thing)
{
    return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

// --- What a world has not ------------------------------------------------------------------------

/// Only what happens to routers happens in a world.
bool
IsOfRouter(const ScenarioEvent& event)
{
    return event.kind == ScenarioEvent::Kind::Type || event.kind == ScenarioEvent::Kind::Reboot;
}

[[noreturn]] void
Refuse(const TextPosition& position, const std::string& what)
{
    throw ScenarioError(position,
                        what + ": what comes out depends on the network, and a laboratory has none",
                        "'explore: {begin: MOVES}', which says how to begin");
}

/// Is it decided by chance whether packets arrive, and in which order?
bool
IsDrawn(const ScenarioPathDraws& draws)
{
    return draws.loss || draws.jitter || draws.burst;
}

/// Is there something that may not be left out?
void
CheckNetwork(const Scenario& scenario)
{
    const TextPosition whole{scenario.file, 0, 0};
    if (scenario.underlay.rip)
    {
        Refuse(whole, "the Internet has a routing protocol");
    }
    if (!scenario.learn.empty())
    {
        Refuse(scenario.learn.front().position, "routes are learnt");
    }
    for (const auto& node : scenario.nodes)
    {
        if (node.nat || node.balancer)
        {
            Refuse(node.position, node.name + " is a " + (node.nat ? "NAT" : "load balancer"));
        }
    }
    for (const auto& link : scenario.links)
    {
        if (link.loss > 0 || Duration{} < link.jitter || IsDrawn(link.draws))
        {
            Refuse(link.position, "link " + link.name + " has loss or jitter");
        }
    }
    for (const auto& cloud : scenario.clouds)
    {
        if (cloud.loss > 0 || Duration{} < cloud.jitter || IsDrawn(cloud.draws))
        {
            Refuse(cloud.position, "cloud " + cloud.name + " has loss or jitter");
        }
    }
    for (const auto& event : scenario.events)
    {
        if (!IsOfRouter(event) || Duration{} < event.spread)
        {
            Refuse(event.position,
                   IsOfRouter(event) ? "an event has a spread"
                                     : "something happens to the network");
        }
    }
}

std::vector<std::string>
ListLeftOut(const Scenario& scenario, bool eventsToo)
{
    std::map<std::string, size_t> nodes;
    for (const auto& node : scenario.nodes)
    {
        ++nodes[node.isHost     ? "host"
                : node.nat      ? "NAT"
                : node.balancer ? "load balancer"
                                : "router of the Internet"];
    }
    std::vector<std::string> list;
    for (const auto& [kind, count] : nodes)
    {
        list.push_back(count == 1 || kind != "router of the Internet"
                           ? Count(count, kind)
                           : std::to_string(count) + " routers of the Internet");
    }
    if (!scenario.links.empty())
    {
        list.push_back(Count(scenario.links.size(), "link"));
    }
    if (!scenario.clouds.empty())
    {
        list.push_back(Count(scenario.clouds.size(), "cloud"));
    }
    if (eventsToo && !scenario.events.empty())
    {
        list.push_back(Count(scenario.events.size(), "event"));
    }
    if (std::any_of(scenario.routers.begin(), scenario.routers.end(), [](const auto& router) {
            return router.costs != nullptr;
        }))
    {
        list.emplace_back("costs of cryptography");
    }
    if (!scenario.offer.empty())
    {
        list.push_back("the times of " + Count(scenario.offer.size(), "flow"));
    }
    return list;
}

// --- Data packets --------------------------------------------------------------------------------

/// Where a packet of a router leaves.
class WayOut
{
  public:
    explicit WayOut(const RouterConfig& config)
        : m_config(config)
    {
    }

    /// The interface of the longest route, the nearest of those; without one the only one that
    /// protects. Null when there is none.
    const InterfaceText* Find(const IpAddress& destination) const
    {
        const InterfaceText* best = nullptr;
        std::pair<unsigned, unsigned> rank{0, 0}; // of the best: length, nearness
        for (const auto& route : m_config.staticRoutes)
        {
            const InterfaceText* interface = Resolve(route);
            const std::pair<unsigned, unsigned> own{route.prefix.length, 255 - route.distance};
            if (interface != nullptr && route.prefix.Contains(destination) &&
                (best == nullptr || rank < own))
            {
                best = interface;
                rank = own;
            }
        }
        if (const InterfaceText* connected = FindConnected(destination))
        {
            best = best == nullptr || rank.first < connected->prefixLength ? connected : best;
        }
        return best != nullptr ? best : FindOnly();
    }

    /// May packets be protected here?
    static bool Protects(const InterfaceText& interface)
    {
        return interface.cryptoMap || (interface.IsTunnel() && interface.protectionProfile);
    }

  private:
    const InterfaceText* Resolve(const StaticRouteText& route) const
    {
        return route.interface ? m_config.FindInterface(route.interface->name)
                               : FindConnected(*route.nextHop);
    }

    const InterfaceText* FindConnected(const IpAddress& address) const
    {
        for (const auto& interface : m_config.interfaces)
        {
            if (interface.address &&
                IpPrefix{interface.address->Masked(interface.prefixLength), interface.prefixLength}
                    .Contains(address))
            {
                return &interface;
            }
        }
        return nullptr;
    }

    const InterfaceText* FindOnly() const
    {
        const InterfaceText* only = nullptr;
        for (const auto& interface : m_config.interfaces)
        {
            if (Protects(interface))
            {
                if (only != nullptr)
                {
                    return nullptr;
                }
                only = &interface;
            }
        }
        return only;
    }

    const RouterConfig& m_config; ///< of the router
};

/// A packet by the name of its flow. @param through an interface; null: where routes lead
WorldFlow
MakeFlow(const ScenarioRouter& router,
         const std::string& name,
         const Octets& packet,
         const InterfaceText* through,
         const TextPosition& position)
{
    if (through == nullptr || !WayOut::Protects(*through))
    {
        throw ScenarioError(
            position,
            "packet '" + name + "' leaves " + router.name +
                (through == nullptr ? " nowhere"
                                    : " through " + through->name + ", where nothing is protected"),
            "a way through a tunnel with protection, or an interface with a crypto "
            "map");
    }
    WorldFlow flow;
    flow.name = name;
    flow.inner = packet;
    if (through->cryptoMap)
    {
        flow.interface = through->name;
    }
    else
    {
        flow.connection = through->id;
    }
    return flow;
}

/// The router at which packets of a host, or of a router, come to be protected.
const ScenarioRouter*
RouterOf(const Scenario& scenario, const std::string& node)
{
    if (const auto* router = scenario.FindRouter(node))
    {
        return router;
    }
    for (const auto& link : scenario.links)
    {
        for (size_t end = 0; end < link.ends.size(); ++end)
        {
            if (link.ends[end].node == node)
            {
                return scenario.FindRouter(link.ends[1 - end].node);
            }
        }
    }
    return nullptr;
}

std::optional<IpAddress>
AddressOf(const Scenario& scenario, const std::string& node)
{
    if (const auto* router = scenario.FindRouter(node))
    {
        return scenario.FindTrafficAddress(*router);
    }
    for (const auto& link : scenario.links)
    {
        for (const auto& end : link.ends)
        {
            if (end.node == node)
            {
                return end.address;
            }
        }
    }
    return std::nullopt;
}

void
AddOffers(World& world, const Scenario& scenario)
{
    for (const auto& offer : scenario.offer)
    {
        const ScenarioRouter* router = RouterOf(scenario, offer.from);
        const auto from = AddressOf(scenario, offer.from);
        const auto to = AddressOf(scenario, offer.to);
        if (router == nullptr || !from || !to)
        {
            throw ScenarioError(offer.position,
                                "flow '" + offer.name +
                                    "' does not begin behind a router with "
                                    "IPsec, or has no address",
                                "a router, or a host with a link to one");
        }
        world.AddFlow(world.FindNode(router->name),
                      MakeFlow(*router,
                               offer.name,
                               MakeInnerPacket(*from, *to, offer.size + UDP_HEADER),
                               WayOut(router->config).Find(*to),
                               offer.position));
    }
}

void
AddPackets(World& world, const Scenario& scenario, const std::vector<ExplorePacket>& packets)
{
    for (const auto& packet : packets)
    {
        const ScenarioRouter& router = *scenario.FindRouter(packet.router);
        const InterfaceText* through = packet.interface.empty()
                                           ? WayOut(router.config).Find(packet.to)
                                           : router.config.FindInterface(packet.interface);
        world.AddFlow(world.FindNode(router.name),
                      MakeFlow(router,
                               packet.name,
                               MakeInnerPacket(packet.from, packet.to, packet.size),
                               through,
                               packet.position));
    }
}

// --- Nodes ---------------------------------------------------------------------------------------

/// Where the addresses of a router are.
std::map<IpAddress, std::string>
GetInterfaces(const RouterConfig& config)
{
    std::map<IpAddress, std::string> interfaces;
    for (const auto& interface : config.interfaces)
    {
        if (interface.address)
        {
            interfaces.emplace(*interface.address, interface.name);
        }
    }
    return interfaces;
}

void
AddRouter(World& world, const ScenarioRouter& router, uint64_t seed)
{
    const uint32_t node = world.AddNode(
        router.name,
        std::make_shared<const EngineConfig>(ResolveEngineConfig(router.config, router.knobs)),
        MakeRouterKey(seed, router.name));
    const auto interfaces = GetInterfaces(router.config);
    for (const auto& [address, interface] : interfaces)
    {
        world.AddAddress(node, address);
    }
    const PolicyConfig policy = ResolvePolicyConfig(router.config, router.knobs);
    if (!policy.manual.empty())
    {
        throw ScenarioError(router.position,
                            router.name + " has SAs whose keys are typed (ipsec-manual), which the "
                                          "laboratory does not know",
                            "SAs that IKE negotiates");
    }
    if (!policy.interfaces.empty())
    {
        world.SetGate(node, policy.interfaces, policy.passive, interfaces);
    }
    world.SetConsole(node, WorldConsole{RouterConsole(router.config), router.knobs});
}

void
AddConfigs(World& world, const Scenario& scenario, const std::vector<ExploreConfig>& configs)
{
    for (const auto& config : configs)
    {
        IkeKnobs knobs = scenario.FindRouter(config.router)->knobs;
        for (const auto& [name, value] : config.knobs)
        {
            SetKnob(knobs, name, value);
        }
        world.NameConfig(
            world.FindNode(config.router),
            config.name,
            std::make_shared<const EngineConfig>(ResolveEngineConfig(config.config, knobs)));
    }
}

// --- Begin ---------------------------------------------------------------------------------------

/// Makes moves and keeps them.
class Beginning
{
  public:
    explicit Beginning(World& world)
        : m_world(world)
    {
    }

    void Make(const Move& move)
    {
        MakeMove(m_world, move);
        m_moves.push_back(move);
    }

    /// Time passes; timers are taken, and datagrams arrive at once.
    void PassUntil(Instant end)
    {
        Arrive();
        while (m_world.NextDeadline() <= end)
        {
            Make(Of(MoveKind::Timer));
            Arrive();
        }
        if (m_world.Now() < end)
        {
            Move wait = Of(MoveKind::Wait);
            wait.duration = end - m_world.Now();
            // A word has nine digits: what is longer than a second is cut in two.
            const Duration rest{wait.duration.ns % Duration::Seconds(1).ns};
            if (Duration::Seconds(1) < wait.duration && Duration{} < rest)
            {
                Move whole = wait;
                whole.duration = wait.duration - rest;
                Make(whole);
                wait.duration = rest;
            }
            Make(wait);
        }
    }

    static Move Of(MoveKind kind, const std::string& node = "", const std::string& text = "")
    {
        Move move;
        move.kind = kind;
        move.node = node;
        move.text = text;
        return move;
    }

    const Moves& GetMoves() const
    {
        return m_moves;
    }

  private:
    void Arrive()
    {
        if (!m_world.GetFlights().empty())
        {
            Make(Of(MoveKind::Run));
        }
    }

    World& m_world; ///< changed
    Moves m_moves;  ///< so far
};

/// As a run begins: all paths are there, and events happen at their times.
Moves
BeginAsRun(World& world, const Scenario& scenario)
{
    Beginning beginning(world);
    for (const auto& router : scenario.routers)
    {
        beginning.Make(Beginning::Of(MoveKind::Start, router.name));
    }
    auto events = scenario.events;
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
        return a.at < b.at;
    });
    for (const auto& event : events)
    {
        beginning.PassUntil(Instant{event.at.ns});
        if (event.kind == ScenarioEvent::Kind::Reboot)
        {
            beginning.Make(Beginning::Of(MoveKind::Reboot, event.where));
        }
        for (const auto& line : event.lines)
        {
            beginning.Make(Beginning::Of(MoveKind::Type, event.where, line.text));
        }
    }
    return beginning.GetMoves();
}

} // namespace

RandomKey
MakeRouterKey(uint64_t seed, const std::string& router)
{
    return MakeWorldKey(MixBits(seed), HashName(router));
}

RandomKey
AfterReboots(const RandomKey& key, uint64_t reboots)
{
    RandomKey next = key;
    for (unsigned i = 0; i < 8; ++i)
    {
        next.octets[16 + i] = static_cast<uint8_t>(reboots >> (8 * i));
    }
    return reboots == 0 ? key : next;
}

ScenarioExplore
GetExplore(const Scenario& scenario)
{
    if (scenario.explore)
    {
        return *scenario.explore;
    }
    ScenarioExplore explore;
    explore.drive.rest.grace = scenario.account.grace;
    explore.drive.rest.settle = explore.drive.bounds.settle;
    return explore;
}

ScenarioWorld
BuildWorld(const Scenario& scenario, uint64_t seed)
{
    const ScenarioExplore explore = GetExplore(scenario);
    const bool isSaid = explore.begin || explore.schedule;
    if (!isSaid)
    {
        CheckNetwork(scenario);
    }
    World world(std::shared_ptr<CryptoProvider>(GetCryptoFactory(scenario)()));
    for (const auto& router : scenario.routers)
    {
        if (!IsNodeName(router.name))
        {
            throw ScenarioError(router.position,
                                "'" + router.name + "' cannot stand in a schedule",
                                "letters, digits, '_', '-' and '.', and no name of a move");
        }
        AddRouter(world, router, seed);
    }
    AddOffers(world, scenario);
    AddPackets(world, scenario, explore.packets);
    AddConfigs(world, scenario, explore.configs);
    ScenarioWorld result{world, world, explore.begin.value_or(Moves()), {}};
    result.leftOut = ListLeftOut(scenario, isSaid);
    try
    {
        if (isSaid)
        {
            RunMoves(result.start, result.begin);
        }
        else
        {
            result.begin = BeginAsRun(result.start, scenario);
        }
    }
    catch (const std::invalid_argument& e)
    {
        const auto at = explore.positions.find("begin");
        throw ScenarioError(at == explore.positions.end() ? explore.position : at->second,
                            std::string("begin: ") + e.what());
    }
    return result;
}

CryptoFactory
GetCryptoFactory(const Scenario& scenario)
{
    if (scenario.crypto == ProviderKind::Openssl)
    {
        return GetUsualCryptoFactory();
    }
    return [kind = scenario.crypto] { return MakeRememberingProvider(MakeProvider(kind)); };
}

std::string
DescribeLeftOut(const ScenarioWorld& world)
{
    std::string text;
    for (const auto& part : world.leftOut)
    {
        text += (text.empty() ? "left out: " : ", ") + part;
    }
    return text;
}

} // namespace ike
} // namespace ns3
