/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-race-simulation.h"

#include "ike-race-report.h"
#include "ike-runner.h"

#include "ns3/ike-application.h"
#include "ns3/ike-ios-parser.h"
#include "ns3/ike-schedule.h"
#include "ns3/ike-transcript.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/udp-header.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// In a list of static routes, behind all others.
constexpr unsigned LAST_DISTANCE = 250;

Time
ToNs3(Instant t)
{
    return NanoSeconds(t.ns);
}

// --- The network ---------------------------------------------------------------------------------

/// The interface of a router that its peers know.
std::string
FindOuter(const ScenarioRouter& router)
{
    std::set<IpAddress> local;
    for (const auto& connection : ResolveEngineConfig(router.config, router.knobs).connections)
    {
        local.insert(connection.local);
    }
    std::string found;
    for (const auto& interface : router.config.interfaces)
    {
        if (!interface.IsTunnel() && interface.address && local.count(*interface.address) != 0)
        {
            if (!found.empty())
            {
                throw std::invalid_argument(router.name + " has tunnels from two addresses, which "
                                                          "a replay in ns-3 cannot have");
            }
            found = interface.name;
        }
    }
    if (found.empty())
    {
        throw std::invalid_argument(router.name + " has no interface with the address of its "
                                                  "tunnels");
    }
    return found;
}

/// The networks of all other interfaces: what is sent to them in the clear arrives at the outer
/// one.
std::vector<IpPrefix>
ListInside(const ScenarioRouter& router, const std::string& outer)
{
    std::vector<IpPrefix> networks;
    for (const auto& interface : router.config.interfaces)
    {
        if (interface.name != outer && !interface.IsTunnel() && interface.address)
        {
            networks.push_back(
                {interface.address->Masked(interface.prefixLength), interface.prefixLength});
        }
    }
    return networks;
}

/// One cloud for all outer interfaces, and one for each other: no way leads there.
void
AddClouds(Scenario& scenario, const std::map<std::string, std::string>& outer)
{
    ScenarioCloud race;
    race.name = "race";
    race.bitsPerSecond = 100000000000; // the schedule says how long things take
    race.mtu = 65000;
    std::vector<ScenarioCloud> others;
    for (const auto& router : scenario.routers)
    {
        for (const auto& interface : router.config.interfaces)
        {
            if (interface.IsTunnel() || interface.name.rfind("Loopback", 0) == 0)
            {
                continue;
            }
            ScenarioDoor door;
            door.router = router.name;
            door.interface = interface.name;
            if (interface.name == outer.at(router.name))
            {
                door.behind = ListInside(router, interface.name);
                race.doors.push_back(door);
                continue;
            }
            if (!interface.address)
            {
                throw std::invalid_argument(router.name + " " + interface.name +
                                            " has no address, which a replay in ns-3 wants");
            }
            ScenarioCloud other = race;
            other.name = router.name + " " + interface.name;
            other.doors = {door};
            others.push_back(other);
        }
    }
    scenario.clouds = {race};
    scenario.clouds.insert(scenario.clouds.end(), others.begin(), others.end());
}

/// The outer interface leads everywhere by a route of last resort, which answers can take, and
/// which makes no path for a tunnel: paths come and go with the schedule.
void
SetRoutes(ScenarioRouter& router, const std::string& outer)
{
    StaticRouteList kept;
    for (const auto& route : router.config.staticRoutes)
    {
        const auto* interface =
            route.interface ? router.config.FindInterface(route.interface->name) : nullptr;
        if (interface != nullptr && interface->IsTunnel())
        {
            kept.Add(route);
        }
    }
    StaticRouteText last;
    last.prefix = IpPrefix::AnyV4();
    last.interface = NameReference{outer, {}};
    last.distance = LAST_DISTANCE;
    kept.Add(last);
    router.config.staticRoutes = kept;
    for (auto& interface : router.config.interfaces)
    {
        if (interface.name == outer)
        {
            interface.prefixLength = 32;
        }
    }
    router.knobs.lastResortCounts = false;
}

Scenario
MakeNetwork(const Scenario& scenario, Duration duration, bool captures)
{
    Scenario own = scenario;
    own.nodes.clear();
    own.links.clear();
    own.clouds.clear();
    own.underlay = ScenarioUnderlay{};
    own.capture.clear();
    own.learn.clear();
    own.events.clear();
    own.offer.clear();
    own.expect.clear();
    own.duration = duration;
    std::map<std::string, std::string> outer;
    for (auto& router : own.routers)
    {
        outer[router.name] = FindOuter(router);
        SetRoutes(router, outer[router.name]);
        router.costs = nullptr;
        if (captures)
        {
            own.capture.push_back(router.name + " " + outer[router.name]);
        }
    }
    AddClouds(own, outer);
    return own;
}

// --- Events --------------------------------------------------------------------------------------

/// What the laboratory reports, too.
bool
IsCompared(const Event& event)
{
    switch (event.kind)
    {
    case EventKind::LineUp:
    case EventKind::LineDown:
    case EventKind::RouteUp:
    case EventKind::RouteDown:
    case EventKind::ReverseRouteUp:
    case EventKind::ReverseRouteDown:
    case EventKind::Console:
    case EventKind::Balancer:
    case EventKind::PhaseOneKeys:
    case EventKind::PairKeys:
        return false;
    default:
        return true;
    }
}

/// Hears what a router reports.
class RouterEar
{
  public:
    RouterEar(const std::string& node, EventLog& log)
        : m_node(node),
          m_log(&log)
    {
    }

    void Record(const TimedEvent& event)
    {
        m_log->push_back(event);
        m_log->back().node = m_node;
    }

  private:
    std::string m_node; ///< as the scenario calls it
    EventLog* m_log;    ///< of all routers
};

EventLog
Compared(const EventLog& log, const std::string& node, Instant until)
{
    EventLog some;
    for (const TimedEvent& event : log)
    {
        if ((node.empty() || event.node == node) && IsCompared(event.event) && event.time <= until)
        {
            some.push_back(event);
            if (event.event.end == EndReason::StateLost)
            {
                some.back().event.text.clear(); // a simulation says why, too
            }
        }
    }
    return some;
}

std::string
WriteTranscript(const EventLog& log)
{
    Transcript transcript;
    for (const TimedEvent& event : log)
    {
        transcript.Record(event);
    }
    return transcript.GetText();
}

// --- The run -------------------------------------------------------------------------------------

/// Does to a simulation what a schedule on a clock says.
class Puppeteer
{
  public:
    Puppeteer(const Scenario& scenario,
              const ScenarioWorld& world,
              const TimedRun& timed,
              const SimulationOptions& options)
        : m_scenario(MakeNetwork(scenario, timed.until - Instant{}, !options.out.empty())),
          m_explore(GetExplore(scenario)),
          m_cold(world.cold),
          m_step(options.step),
          m_run(m_scenario, RunOptions{1, options.out, nullptr, 1})
    {
        for (const auto& router : m_scenario.routers)
        {
            Prepare(router, options.seed);
        }
        for (const auto& datagram : timed.datagrams)
        {
            auto& delays = m_fates[{datagram.from, datagram.kind}][datagram.number];
            for (const Instant& arrival : datagram.arrivals)
            {
                delays.push_back(NanoSeconds((arrival - datagram.sentAt).ns));
            }
        }
        const auto& race = m_run.GetNetwork().GetClouds().front();
        for (const auto& port : race.ports)
        {
            m_doors.push_back(port.node);
        }
        race.channel->SetFate([this](uint32_t door, Ptr<const Packet> packet) {
            return TakeFate({m_doors.at(door), KindOf(packet)});
        });
        for (const TimedMove& move : timed.moves)
        {
            Simulator::Schedule(ToNs3(move.at), &Puppeteer::Make, this, move.move);
        }
    }

    Puppeteer(const Puppeteer&) = delete;
    Puppeteer& operator=(const Puppeteer&) = delete;

    EventLog Run()
    {
        m_run.Finish();
        return m_log;
    }

    const std::vector<std::string>& GetNotes() const
    {
        return m_notes;
    }

  private:
    /// A router, and a kind of what it sends.
    using Sender = std::pair<std::string, DatagramKind>;

    void Prepare(const ScenarioRouter& router, uint64_t seed)
    {
        auto host = m_run.GetNetwork().GetRouter(router.name);
        host->SetKeys([this, name = router.name, key = MakeRouterKey(seed, router.name)] {
            return AfterReboots(key, m_starts[name]++);
        });
        m_ears.push_back(std::make_unique<RouterEar>(router.name, m_log));
        host->TraceConnectWithoutContext("Event",
                                         MakeCallback(&RouterEar::Record, m_ears.back().get()));
    }

    static DatagramKind KindOf(const Ptr<const Packet>& packet)
    {
        constexpr uint8_t ESP = 50;
        constexpr uint8_t UDP = 17;
        Ptr<Packet> copy = packet->Copy();
        Ipv4Header ip;
        copy->RemoveHeader(ip);
        UdpHeader udp;
        const bool isUdp = ip.GetProtocol() == UDP && ip.GetFragmentOffset() == 0;
        if (isUdp)
        {
            copy->PeekHeader(udp);
        }
        const uint16_t port = udp.GetDestinationPort();
        const bool isIke =
            isUdp && (port == IkeApplication::PORT || port == IkeApplication::NAT_PORT);
        return ip.GetProtocol() == ESP ? DatagramKind::Esp
               : isIke                 ? DatagramKind::Ike
                                       : DatagramKind::Clear;
    }

    std::vector<Time> TakeFate(const Sender& from)
    {
        const auto& fates = m_fates[from];
        const uint32_t number = ++m_sent[from];
        const auto fate = fates.find(number);
        return fate == fates.end() ? std::vector<Time>{NanoSeconds(TailDelay(m_step, number).ns)}
                                   : fate->second;
    }

    void Make(Move move)
    {
        const auto router = m_run.GetNetwork().GetRouter(move.node);
        switch (move.kind)
        {
        case MoveKind::Start:
        case MoveKind::Stop:
            return SetPaths(move);
        case MoveKind::Offer:
            return Offer(move);
        case MoveKind::Reboot:
            return router->Reboot(Time(0));
        case MoveKind::Clear:
            return router->GetApplication()->Take(MakeClear(move.text));
        case MoveKind::Configure:
            return router->GetApplication()->Take(MakeConfigure(move));
        case MoveKind::Type:
            m_run.Type(move.node, move.text);
            return;
        default:
            return; // datagrams and clocks are elsewhere
        }
    }

    static ClearInput MakeClear(const std::string& text)
    {
        ClearInput input;
        input.isakmp = text == "isakmp" || text == "all";
        input.ipsec = text != "isakmp";
        return input;
    }

    ReconfigureInput MakeConfigure(const Move& move) const
    {
        for (const auto& config : m_explore.configs)
        {
            if (config.router == move.node && config.name == move.text)
            {
                IkeKnobs knobs = m_scenario.FindRouter(move.node)->knobs;
                for (const auto& [name, value] : config.knobs)
                {
                    SetKnob(knobs, name, value);
                }
                return ReconfigureInput{std::make_shared<const EngineConfig>(
                    ResolveEngineConfig(config.config, knobs))};
            }
        }
        throw std::logic_error("the world knew this configuration");
    }

    /// Routes to the peers of tunnels, which are directly behind the outer interface.
    void SetPaths(const Move& move)
    {
        const auto router = m_run.GetNetwork().GetRouter(move.node);
        const ScenarioRouter& text = *m_scenario.FindRouter(move.node);
        Ptr<Ipv4> ipv4 = m_run.GetNetwork().GetNode(move.node)->GetObject<Ipv4>();
        Ptr<Ipv4StaticRouting> routes = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
        for (const auto& c : ResolveEngineConfig(text.config, text.knobs).connections)
        {
            const bool isMeant = move.text.empty() || move.text == c.name;
            if (!isMeant || c.peer.IsNone())
            {
                continue;
            }
            const Ipv4Address peer(c.peer.ToV4());
            const Ipv4Address local(c.local.ToV4());
            const auto interface = static_cast<uint32_t>(ipv4->GetInterfaceForAddress(local));
            RemoveRoute(routes, peer);
            if (move.kind == MoveKind::Start)
            {
                routes->AddHostRouteTo(peer, interface);
            }
        }
        router->CheckPaths();
    }

    static void RemoveRoute(const Ptr<Ipv4StaticRouting>& routes, Ipv4Address peer)
    {
        for (uint32_t i = 0; i < routes->GetNRoutes(); ++i)
        {
            const auto route = routes->GetRoute(i);
            if (route.IsHost() && route.GetDest() == peer)
            {
                routes->RemoveRoute(i);
                return;
            }
        }
    }

    void Offer(const Move& move)
    {
        const uint32_t node = m_cold.FindNode(move.node);
        const auto flow = m_cold.FindFlow(node, move.text);
        const auto& connections = m_cold.GetNode(node).engine.GetConfig().connections;
        std::string tunnel = move.text;
        if (flow)
        {
            for (const auto& c : connections)
            {
                tunnel = c.id == flow->connection ? c.name : tunnel;
            }
        }
        else if (tunnel.empty())
        {
            tunnel = connections.front().name;
        }
        const Octets inner =
            flow ? flow->inner
                 : MakeInnerPacket(connections.front().local, connections.front().peer, 64);
        if (flow && !flow->interface.empty())
        {
            return SendRouted(move.node, inner);
        }
        auto device = m_run.GetNetwork().GetRouter(move.node)->GetTunnelDevice(tunnel);
        if (device && !device->IsLinkUp())
        {
            m_notes.push_back(ToString(move) + ": " + tunnel + " of " + move.node +
                              " has no SA, so its line is down and ns-3 sends no packet there; in "
                              "the laboratory the packet asks for an SA");
        }
        else if (device)
        {
            device->Send(Create<Packet>(inner.data(), static_cast<uint32_t>(inner.size())),
                         device->GetBroadcast(),
                         0x0800); // IPv4, of IEEE 802
        }
    }

    /// Past the crypto map of the interface, as any packet of the node.
    void SendRouted(const std::string& name, const Octets& inner) const
    {
        constexpr size_t HEADER = 20;
        constexpr uint8_t UDP = 17;
        const auto address = [&inner](long at) {
            return Ipv4Address(
                IpAddress::FromOctets(Octets(inner.begin() + at, inner.begin() + at + 4)).ToV4());
        };
        m_run.GetNetwork().GetNode(name)->GetObject<Ipv4>()->Send(
            Create<Packet>(inner.data() + HEADER, static_cast<uint32_t>(inner.size() - HEADER)),
            address(12),
            address(16),
            UDP,
            nullptr);
    }

    const Scenario m_scenario;                                       ///< what is run
    const ScenarioExplore m_explore;                                 ///< of the scenario
    const World m_cold;                                              ///< knows flows
    const Duration m_step;                                           ///< of the schedule
    EventLog m_log;                                                  ///< what happened
    std::vector<std::string> m_notes;                                ///< see SimulationReport
    std::vector<std::unique_ptr<RouterEar>> m_ears;                  ///< one per router
    std::map<std::string, uint64_t> m_starts;                        ///< keys drawn
    std::map<Sender, std::map<uint32_t, std::vector<Time>>> m_fates; ///< by number
    std::map<Sender, uint32_t> m_sent;                               ///< how many
    std::vector<std::string> m_doors;                                ///< routers by number
    ScenarioRun m_run;                                               ///< the last to begin
};

} // namespace

SimulationReport
SimulateSchedule(const Scenario& scenario,
                 const ScenarioWorld& world,
                 const Moves& schedule,
                 const SimulationOptions& options)
{
    Moves moves = world.begin;
    moves.insert(moves.end(), schedule.begin(), schedule.end());
    const TimedRun timed = TimeSchedule(world.cold, moves, options.step, options.tail);
    EventLog log;
    SimulationReport report;
    {
        Puppeteer puppeteer(scenario, world, timed, options);
        log = puppeteer.Run();
        report.notes = puppeteer.GetNotes();
    }
    report.datagrams = timed.datagrams.size();
    report.end = Judge(*timed.last, SettleReport(), GetExplore(scenario).drive.rest);
    report.transcript = WriteTranscript(Compared(log, "", timed.until));
    constexpr size_t SHOWN = 20;
    for (const auto& router : scenario.routers)
    {
        const EventLog wanted = Compared(timed.log, router.name, timed.until);
        report.events += wanted.size();
        const std::string change =
            DescribeChange(WriteTranscript(wanted),
                           WriteTranscript(Compared(log, router.name, timed.until)),
                           SHOWN);
        if (!change.empty())
        {
            report.differences.push_back(router.name + " (-: laboratory, +: simulation)\n" +
                                         change);
        }
    }
    return report;
}

} // namespace ike
} // namespace ns3
