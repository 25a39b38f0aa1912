/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-files.h"
#include "ike-scenario-builder.h"
#include "ike-scenario-draws.h"
#include "ike-scenario-units.h"

#include "ns3/ike-ios-parser.h"
#include "ns3/ike-tunnel-parts.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

// The second half of ScenarioBuilder: what can be checked only when all sections are read.

namespace ns3
{
namespace ike
{

namespace
{

/// Speak of a router's configuration as its parser did, at the same place.
[[noreturn]] void
FailConfig(const ScenarioRouter& router, const ConfigError& error)
{
    const std::string word = error.word.empty() ? "" : "'" + error.word + "': ";
    throw MakeConfigError(error.position,
                          "router " + router.name + ": " + word + error.message,
                          error.expected);
}

[[noreturn]] void
FailName(const TextPosition& position,
         const std::string& kind,
         const std::string& word,
         const std::vector<std::string>& names)
{
    throw ScenarioError(position,
                        "unknown " + kind + " '" + word + "'",
                        names.empty() ? "none, there is no " + kind : DescribeChoice(word, names));
}

/// Is it one of these?
bool
Contains(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// An interface that is a socket for a cable.
bool
TakesCable(const InterfaceText& interface)
{
    return interface.name.rfind("Loopback", 0) != 0 && !interface.IsTunnel();
}

std::vector<std::string>
InterfaceNames(const ScenarioRouter& router, bool cablesOnly)
{
    std::vector<std::string> names;
    for (const auto& interface : router.config.interfaces)
    {
        if (!cablesOnly || TakesCable(interface))
        {
            names.push_back(interface.name);
        }
    }
    return names;
}

} // namespace

const InterfaceText&
ScenarioBuilder::FindCabled(const ScenarioRouter& router,
                            const std::string& name,
                            const TextPosition& position)
{
    const auto names = InterfaceNames(router, true);
    if (!Contains(names, name))
    {
        FailName(position, "interface of " + router.name, name, names);
    }
    const auto* interface = router.config.FindInterface(name);
    if (!interface->address)
    {
        throw ScenarioError(position,
                            router.name + " " + name + " has no address",
                            "'ip address ADDRESS MASK' in its configuration");
    }
    return *interface;
}

/// A router's own configuration says it.
IpPrefix
ScenarioBuilder::NetworkOf(const ScenarioLinkEnd& end) const
{
    const auto* router = m_scenario.FindRouter(end.node);
    if (router == nullptr)
    {
        return IpPrefix{end.address.Masked(end.prefixLength), end.prefixLength};
    }
    const auto& interface = FindCabled(*router, end.interface, end.position);
    return IpPrefix{interface.address->Masked(interface.prefixLength), interface.prefixLength};
}

/// Tunnels that share a device have no addresses of their own.
void
CheckSharedTunnels(const ScenarioRouter& router)
{
    const InterfaceText* numbered =
        router.tunnels == "shared" ? FindNumberedTunnel(router.config) : nullptr;
    if (numbered)
    {
        FailConfig(router,
                   {numbered->position,
                    numbered->name,
                    "has an address, but 'tunnels: shared' puts all tunnels on one device",
                    "'ip unnumbered INTERFACE' in place of 'ip address'"});
    }
}

void
ScenarioBuilder::ReadTexts(ScenarioRouter& router)
{
    for (const auto& text : router.texts)
    {
        IosParser parser(router.config);
        TextPosition position = text.position;
        std::istringstream lines(text.text);
        for (std::string line; std::getline(lines, line); ++position.line)
        {
            if (const auto error = parser.ReadLine(line, position))
            {
                FailConfig(router, *error);
            }
        }
    }
    CheckSharedTunnels(router);
    auto errors = ReadConfigFilesFromDisk(router.config);
    errors = errors.empty() ? CheckReferences(router.config) : errors;
    if (!errors.empty())
    {
        FailConfig(router, errors.front());
    }
}

void
ScenarioBuilder::CheckLinks() const
{
    std::set<std::pair<std::string, std::string>> taken;
    for (const auto& link : m_scenario.links)
    {
        CheckLink(link);
        for (const auto& end : link.ends)
        {
            if (!end.interface.empty() && !taken.insert({end.node, end.interface}).second)
            {
                throw ScenarioError(end.position,
                                    end.node + " " + end.interface + " has a link already",
                                    "one link for each interface");
            }
        }
    }
}

void
ScenarioBuilder::CheckLink(const ScenarioLink& link) const
{
    if (link.ends.size() != 2)
    {
        throw ScenarioError(link.position, "link '" + link.name + "' has no ends", "'ends:'");
    }
    const IpPrefix first = NetworkOf(link.ends[0]);
    const IpPrefix second = NetworkOf(link.ends[1]);
    if (first != second)
    {
        throw ScenarioError(link.ends[1].position,
                            "the ends of link '" + link.name + "' are in different networks, " +
                                first.ToString() + " and " + second.ToString(),
                            "one network");
    }
}

void
ScenarioBuilder::CheckHosts() const
{
    for (const auto& node : m_scenario.nodes)
    {
        const auto count = std::count_if(m_scenario.links.begin(),
                                         m_scenario.links.end(),
                                         [&](const ScenarioLink& link) {
                                             return link.ends[0].node == node.name ||
                                                    link.ends[1].node == node.name;
                                         });
        if (node.isHost && count != 1)
        {
            throw ScenarioError(node.position,
                                "host '" + node.name + "' has " + std::to_string(count) + " links",
                                "one link, to its router");
        }
    }
}

void
ScenarioBuilder::CheckCables() const
{
    if (m_explore && !m_scenario.HasNetwork())
    {
        return; // a race of the laboratory, which has no cables
    }
    std::set<std::string> attached;
    for (const auto& link : m_scenario.links)
    {
        for (const auto& end : link.ends)
        {
            attached.insert(end.node + " " + end.interface);
        }
    }
    for (const auto& cloud : m_scenario.clouds)
    {
        for (const auto& door : cloud.doors)
        {
            attached.insert(door.router + " " + door.interface);
        }
    }
    for (const auto& router : m_scenario.routers)
    {
        for (const auto& name : InterfaceNames(router, true))
        {
            if (attached.count(router.name + " " + name) == 0)
            {
                throw ScenarioError(router.config.FindInterface(name)->position,
                                    router.name + " " + name + " has no link",
                                    "a link below 'network: links:' with this end, or a cloud");
            }
        }
    }
}

void
ScenarioBuilder::CheckUnderlay() const
{
    if (m_underlayTimer && !m_scenario.underlay.rip)
    {
        throw *m_underlayTimer;
    }
}

std::vector<std::string>
ScenarioBuilder::GetCaptureNames(const std::string& node) const
{
    std::vector<std::string> names;
    if (const auto* router = m_scenario.FindRouter(node))
    {
        for (const auto& interface : router->config.interfaces)
        {
            if (TakesCable(interface) || interface.IsTunnel())
            {
                names.push_back(interface.name);
            }
        }
        return names;
    }
    for (const auto& link : m_scenario.links)
    {
        if (link.ends[0].node == node || link.ends[1].node == node)
        {
            names.push_back(link.name);
        }
    }
    for (const auto& cloud : m_scenario.clouds)
    {
        for (const auto& door : cloud.doors)
        {
            if (door.router == node)
            {
                names.push_back(cloud.name);
            }
        }
    }
    return names;
}

void
ScenarioBuilder::CheckCapture() const
{
    for (size_t i = 0; i < m_scenario.capture.size(); ++i)
    {
        const std::string& item = m_scenario.capture[i];
        const size_t space = item.find(' ');
        const std::string node = item.substr(0, space);
        const auto nodes = GetNodeNames(true, true, true);
        if (!Contains(nodes, node))
        {
            FailName(m_capturePositions[i], "node", node, nodes);
        }
        const auto names = GetCaptureNames(node);
        constexpr size_t LONGEST = 100;
        const auto* router = m_scenario.FindRouter(node);
        const std::string called = node + (router == nullptr ? "" : router->config.hostname);
        const bool isFile = called.find('/') == std::string::npos && called.size() <= LONGEST &&
                            std::all_of(names.begin(), names.end(), [](const std::string& name) {
                                return name.size() <= LONGEST;
                            });
        if (!isFile)
        {
            throw ScenarioError(
                m_capturePositions[i],
                "no file can be called after '" + node + "' and its links",
                "names of at most 100 characters, those of node and host without '/'");
        }
        if (space != std::string::npos && !Contains(names, item.substr(space + 1)))
        {
            const bool isRouter = m_scenario.FindRouter(node) != nullptr;
            FailName(m_capturePositions[i],
                     (isRouter ? "interface of " : "link of ") + node,
                     item.substr(space + 1),
                     names);
        }
    }
}

void
ScenarioBuilder::CheckLearn() const
{
    for (const auto& learn : m_scenario.learn)
    {
        if (m_scenario.FindRouter(learn.router) == nullptr)
        {
            FailName(learn.position, "router", learn.router, GetNodeNames(false, false, true));
        }
        const auto internet = GetNodeNames(false, true, false);
        if (!Contains(internet, learn.from))
        {
            FailName(learn.position, "router of the Internet", learn.from, internet);
        }
        if (!m_scenario.underlay.rip)
        {
            throw ScenarioError(learn.position,
                                "nothing can be learnt: the Internet has static routes",
                                "'underlay: {routing: rip}'");
        }
    }
}

void
ScenarioBuilder::CheckEvents() const
{
    // By kind: what it is that an event names, and all that there are.
    enum : size_t
    {
        ROUTER,
        LINK,
        NAT,
        CLOUD,
        BALANCER,
    };

    static const char* const KINDS[] = {"router", "link", "NAT", "cloud", "load balancer"};
    std::vector<std::string> lists[] = {GetNodeNames(false, false, true), {}, {}, {}, {}};
    for (const auto& link : m_scenario.links)
    {
        lists[LINK].push_back(link.name);
    }
    for (const auto& node : m_scenario.nodes)
    {
        if (node.nat)
        {
            lists[NAT].push_back(node.name);
        }
        if (node.balancer)
        {
            lists[BALANCER].push_back(node.name);
        }
    }
    for (const auto& cloud : m_scenario.clouds)
    {
        lists[CLOUD].push_back(cloud.name);
    }
    std::map<std::string, std::set<std::string>> doors; // by cloud
    for (const auto& cloud : m_scenario.clouds)
    {
        for (const auto& door : cloud.doors)
        {
            doors[cloud.name].insert(door.router);
        }
    }
    std::set<std::string> sets[5];
    std::transform(std::begin(lists), std::end(lists), sets, [](const auto& list) {
        return std::set<std::string>(list.begin(), list.end());
    });
    for (const auto& event : m_scenario.events)
    {
        using Kind = ScenarioEvent::Kind;
        const bool isLink = event.kind == Kind::LinkDown || event.kind == Kind::LinkUp;
        const bool isRouter = event.kind == Kind::Type || event.kind == Kind::Reboot ||
                              event.kind == Kind::PowerOff || event.kind == Kind::PowerOn;
        const size_t kind = isRouter                         ? ROUTER
                            : isLink                         ? LINK
                            : event.kind == Kind::NatFlush   ? NAT
                            : event.kind == Kind::HubService ? BALANCER
                                                             : CLOUD;
        if (sets[kind].count(event.where) == 0)
        {
            FailName(event.position, KINDS[kind], event.where, lists[kind]);
        }
        if (kind == CLOUD)
        {
            CheckCloudEvent(event, doors[event.where]);
        }
        if (kind == BALANCER)
        {
            CheckHubEvent(event);
        }
    }
}

void
ScenarioBuilder::CheckCloudEvent(const ScenarioEvent& event,
                                 const std::set<std::string>& doors) const
{
    const bool isFilter =
        event.kind == ScenarioEvent::Kind::Drop || event.kind == ScenarioEvent::Kind::Pass;
    const bool isTree = std::any_of(
        m_scenario.clouds.begin(),
        m_scenario.clouds.end(),
        [&event](const ScenarioCloud& c) { return c.name == event.where && c.fan != 0; });
    if (isFilter && isTree)
    {
        throw ScenarioError(event.position,
                            "tree '" + event.where + "' drops nothing between its doors",
                            "a cloud, or 'door:' with 'state:'");
    }
    std::vector<std::string> named{event.door};
    for (const auto& place : event.filter.between)
    {
        const auto some = FindNamesOf(event, place);
        named.insert(named.end(), some.begin(), some.end());
    }
    for (const auto& router : named)
    {
        if (!router.empty() && doors.count(router) == 0)
        {
            FailName(event.position,
                     "router at " + event.where,
                     router,
                     std::vector<std::string>(doors.begin(), doors.end()));
        }
    }
}

void
ScenarioBuilder::CheckOffer() const
{
    constexpr uint64_t LARGEST_PAYLOAD = 65507; // of UDP over IPv4
    auto ends = GetNodeNames(true, false, false);
    std::map<std::string, const ScenarioRouter*> known;
    for (const auto& host : ends)
    {
        known[host] = nullptr;
    }
    for (const auto& router : m_scenario.routers)
    {
        known[router.name] = &router;
        ends.push_back(router.name);
    }
    constexpr size_t LARGEST_INDEX = 60000; // each flow to a host has a UDP port of its own there
    std::set<std::string> names;
    for (const auto& flow : m_scenario.offer)
    {
        if (names.size() > LARGEST_INDEX && known[flow.to] == nullptr)
        {
            throw ScenarioError(flow.position,
                                "flow '" + flow.name + "' to a host is beyond the first 60000",
                                "flows to hosts first, or to routers");
        }
        for (const auto& end : {flow.from, flow.to})
        {
            const auto found = known.find(end);
            if (found == known.end())
            {
                FailName(flow.position, "host or router", end, ends);
            }
            if (found->second != nullptr && !m_scenario.FindTrafficAddress(*found->second))
            {
                throw ScenarioError(flow.position,
                                    "router " + end + " has no address for traffic",
                                    "'interface Loopback0' with an address, or a link to a host");
            }
        }
        if (flow.size > LARGEST_PAYLOAD || flow.from == flow.to)
        {
            throw ScenarioError(flow.position,
                                "flow '" + flow.name + "' cannot be offered",
                                "two nodes, 'size:' up to 65507 B");
        }
        if (!names.insert(flow.name).second)
        {
            throw ScenarioError(flow.position,
                                "there is a flow '" + flow.name + "' already",
                                "another name");
        }
    }
}

void
ScenarioBuilder::CheckWithin() const
{
    const auto check = [this](const char* what,
                              Duration at,
                              const std::shared_ptr<const Distribution>& draw,
                              Duration spread,
                              const TextPosition& position) {
        const Duration latest = LatestOf(at, draw);
        if (m_scenario.duration.ns - latest.ns < spread.ns && draw)
        {
            throw ScenarioError(position,
                                std::string(what) + " at " + draw->ToString() +
                                    " may come after the end of the run",
                                "a latest time ('max'), 0 s to 'duration:', " +
                                    FormatDuration(m_scenario.duration));
        }
        if (m_scenario.duration.ns - at.ns < spread.ns)
        {
            const std::string later =
                spread == Duration{} ? "" : " and up to " + FormatDuration(spread) + " later";
            throw ScenarioError(position,
                                std::string(what) + " at " + FormatDuration(at) + later +
                                    " never happens: the run ends before it",
                                "0 s to 'duration:', " + FormatDuration(m_scenario.duration));
        }
    };
    for (const auto& event : m_scenario.events)
    {
        check("the event", event.at, event.atDraw, event.spread + event.later, event.position);
    }
    for (const auto& flow : m_scenario.offer)
    {
        check("the first packet", flow.start, flow.startDraw, flow.spread, flow.position);
    }
}

} // namespace ike
} // namespace ns3
