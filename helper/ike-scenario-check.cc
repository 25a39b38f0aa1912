/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-files.h"
#include "ike-scenario-builder.h"
#include "ike-scenario-units.h"

#include "ns3/ike-ios-parser.h"

#include <algorithm>
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

/// The network on one end of a link; a router's own configuration says it.
IpPrefix
NetworkOf(const Scenario& scenario, const ScenarioLinkEnd& end)
{
    const auto* router = scenario.FindRouter(end.node);
    if (router == nullptr)
    {
        return IpPrefix{end.address.Masked(end.prefixLength), end.prefixLength};
    }
    const auto names = InterfaceNames(*router, true);
    if (!Contains(names, end.interface))
    {
        FailName(end.position, "interface of " + end.node, end.interface, names);
    }
    const auto* interface = router->config.FindInterface(end.interface);
    if (!interface->address)
    {
        throw ScenarioError(end.position,
                            end.node + " " + end.interface + " has no address",
                            "'ip address ADDRESS MASK' in its configuration");
    }
    return IpPrefix{interface->address->Masked(interface->prefixLength), interface->prefixLength};
}

} // namespace

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
    const IpPrefix first = NetworkOf(m_scenario, link.ends[0]);
    const IpPrefix second = NetworkOf(m_scenario, link.ends[1]);
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
    std::set<std::string> attached;
    for (const auto& link : m_scenario.links)
    {
        for (const auto& end : link.ends)
        {
            attached.insert(end.node + " " + end.interface);
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
                                    "a link below 'network: links:' with this end");
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
    std::vector<std::string> links;
    for (const auto& link : m_scenario.links)
    {
        links.push_back(link.name);
    }
    std::vector<std::string> nats;
    for (const auto& node : m_scenario.nodes)
    {
        if (node.nat)
        {
            nats.push_back(node.name);
        }
    }
    for (const auto& event : m_scenario.events)
    {
        const bool isLink = event.kind == ScenarioEvent::Kind::LinkDown ||
                            event.kind == ScenarioEvent::Kind::LinkUp;
        const bool isNat = event.kind == ScenarioEvent::Kind::NatFlush;
        const auto names = isLink ? links : isNat ? nats : GetNodeNames(false, false, true);
        if (!Contains(names, event.where))
        {
            FailName(event.position,
                     isLink  ? "link"
                     : isNat ? "NAT"
                             : "router",
                     event.where,
                     names);
        }
    }
}

void
ScenarioBuilder::CheckOffer() const
{
    constexpr uint64_t LARGEST_PAYLOAD = 65507; // of UDP over IPv4
    const auto hosts = GetNodeNames(true, false, false);
    std::set<std::string> names;
    for (const auto& flow : m_scenario.offer)
    {
        for (const auto& host : {flow.from, flow.to})
        {
            if (!Contains(hosts, host))
            {
                FailName(flow.position, "host", host, hosts);
            }
        }
        if (flow.size > LARGEST_PAYLOAD || flow.from == flow.to)
        {
            throw ScenarioError(flow.position,
                                "flow '" + flow.name + "' cannot be offered",
                                "two hosts, 'size:' up to 65507 B");
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
    const auto check = [this](const char* what, Duration at, const TextPosition& position) {
        if (m_scenario.duration < at)
        {
            throw ScenarioError(position,
                                std::string(what) + " at " + FormatDuration(at) +
                                    " never happens: the run ends before it",
                                "0 s to 'duration:', " + FormatDuration(m_scenario.duration));
        }
    };
    for (const auto& event : m_scenario.events)
    {
        check("the event", event.at, event.position);
    }
    for (const auto& flow : m_scenario.offer)
    {
        check("the first packet", flow.start, flow.position);
    }
}

} // namespace ike
} // namespace ns3
