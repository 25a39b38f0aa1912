/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-topology-helper.h"

#include "ns3/abort.h"
#include "ns3/log.h"

#include <sstream>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeTopologyHelper");

namespace
{

/// A text as a literal block of YAML below a key; nothing when there is no text.
std::string
BlockOf(const std::string& key, const std::string& text, const std::string& indent)
{
    if (text.empty())
    {
        return "";
    }
    std::string block = indent + key + ": |\n";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
    {
        // A literal block knows its indentation by its first line.
        block += line.empty() ? "\n" : indent + "  " + line + "\n";
    }
    return block;
}

/// Text for each peer, as an item of `for_each:`.
std::string
EachOf(const std::string& group, const std::string& which, const std::string& text)
{
    if (text.empty())
    {
        return "";
    }
    return "    for_each:\n      - of: " + group + "\n        which: " + which + "\n" +
           BlockOf("text", text, "        ");
}

} // namespace

IkeTopologyHelper::IkeTopologyHelper()
{
    NS_LOG_FUNCTION(this);
}

IkeTopologyHelper::~IkeTopologyHelper()
{
    NS_LOG_FUNCTION(this);
}

void
IkeTopologyHelper::SetNetwork(const std::string& key, const std::string& value)
{
    m_network[key] = value;
}

void
IkeTopologyHelper::SetTree(uint32_t fan)
{
    m_isTree = true;
    m_network["fan"] = std::to_string(fan);
}

void
IkeTopologyHelper::Add(const std::string& name, const std::string& keys)
{
    NS_LOG_FUNCTION(this << name);
    NS_ABORT_MSG_IF(m_built, "IkeTopologyHelper: everything is built already");
    m_groups[name] = "  " + name + ":\n    cloud: core\n" + keys;
}

void
IkeTopologyHelper::SetHubs(uint32_t count, const std::string& config, const std::string& perSpoke)
{
    Add("H",
        "    count: " + std::to_string(count) +
            "\n    wan: 198.51.100.0/24\n    lan: 10.255.0.0/16\n" +
            BlockOf("config", config, "    ") + EachOf("S", "mine HOMES", perSpoke));
}

void
IkeTopologyHelper::SetSpokes(uint32_t count,
                             uint32_t homes,
                             const std::string& config,
                             const std::string& perHub)
{
    Add("S",
        "    count: " + std::to_string(count) +
            "\n    wan: 172.16.0.0/12\n    lan: 10.0.0.0/9\n    inner: 192.168.0.0/16\n"
            "    inner_length: 31\n" +
            BlockOf("config", config, "    ") +
            EachOf("H", "homes " + std::to_string(homes), perHub));
    m_homes = homes;
}

void
IkeTopologyHelper::SetMesh(uint32_t count,
                           const std::string& which,
                           const std::string& config,
                           const std::string& perPeer)
{
    Add("R",
        "    count: " + std::to_string(count) +
            "\n    wan: 198.18.0.0/15\n    lan: 10.128.0.0/10\n    inner: 100.100.0.0/15\n"
            "    inner_length: 31\n" +
            BlockOf("config", config, "    ") + EachOf("R", which, perPeer));
}

std::string
IkeTopologyHelper::GetVtiText(const std::string& profile)
{
    return "interface Tunnel${tunnel}\n"
           " ip address ${self.inner} ${self.inner_mask}\n"
           " tunnel source Ethernet0/0\n"
           " tunnel destination ${peer.wan}\n"
           " tunnel mode ipsec ipv4\n"
           " tunnel protection ipsec profile " +
           profile +
           "\n"
           "ip route ${peer.lan} ${peer.lan_mask} Tunnel${tunnel}\n";
}

void
IkeTopologyHelper::Install()
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_IF(m_built, "IkeTopologyHelper: everything is built already");
    std::string text = "version: 1\nname: topology\ntitle: A topology\nduration: 1 s\nnetwork:\n  ";
    text += std::string(m_isTree ? "tree" : "cloud") + ":\n    core: {";
    for (const auto& [key, value] : m_network)
    {
        text += key + ": " + value + ", ";
    }
    text += "}\ngroups:\n";
    for (const auto& [name, keys] : m_groups)
    {
        text += keys;
    }
    const std::string mark = "mine HOMES";
    const size_t at = text.find(mark);
    if (at != std::string::npos)
    {
        text.replace(at, mark.size(), "mine " + std::to_string(m_homes));
    }
    m_scenario = std::make_unique<Scenario>(ScenarioFile::Parse(text, "topology").Expand());
    m_built = std::make_unique<IkeNetwork>(*m_scenario);
    m_built->Build();
}

NodeContainer
IkeTopologyHelper::GetMembers(const std::string& name) const
{
    NodeContainer nodes;
    for (const auto& router : m_scenario ? m_scenario->routers : std::vector<ScenarioRouter>{})
    {
        if (router.group == name)
        {
            nodes.Add(m_built->GetNode(router.name));
        }
    }
    return nodes;
}

NodeContainer
IkeTopologyHelper::GetHubs() const
{
    return GetMembers("H");
}

NodeContainer
IkeTopologyHelper::GetSpokes() const
{
    return GetMembers("S");
}

NodeContainer
IkeTopologyHelper::GetMesh() const
{
    return GetMembers("R");
}

Ptr<IkeRouter>
IkeTopologyHelper::GetRouter(const std::string& name) const
{
    return m_built->GetRouter(name);
}

Ipv4Address
IkeTopologyHelper::GetAddress(const std::string& name) const
{
    return m_built->GetTrafficAddress(name);
}

IkeNetwork&
IkeTopologyHelper::GetNetwork()
{
    return *m_built;
}

int64_t
IkeTopologyHelper::AssignStreams(int64_t stream)
{
    return m_built->AssignStreams(stream);
}

} // namespace ike
} // namespace ns3
