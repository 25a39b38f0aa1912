/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-builder.h"
#include "ike-scenario-keys.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

// The part of ScenarioBuilder that is about NATs.

namespace ns3
{
namespace ike
{

namespace
{

/// IP protocols that a forward may name.
const std::vector<std::string> FORWARDED{"udp", "tcp"};
constexpr std::array<uint8_t, 2> FORWARDED_NUMBERS{17, 6};
constexpr uint64_t LAST_PORT = 65535;

uint16_t
ReadPort(const ScenarioReader& reader)
{
    const uint64_t port = reader.AsCount();
    if (port == 0 || port > LAST_PORT)
    {
        reader.Fail("'" + reader.Text() + "' is no port", "1 to 65535");
    }
    return static_cast<uint16_t>(port);
}

ScenarioForward
ReadForward(const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("forward"));
    ScenarioForward forward;
    const ScenarioReader to = reader.Get("to");
    const auto address = IpAddress::Parse(to.Text());
    if (!address || !address->IsV4())
    {
        to.Fail("'" + to.Text() + "' is no address", "an inside address");
    }
    forward.inside = *address;
    if (const auto protocol = reader.Find("protocol"))
    {
        forward.protocol = FORWARDED_NUMBERS[protocol->AsChoice(FORWARDED)];
    }
    forward.port = ReadPort(reader.Get("port"));
    const auto insidePort = reader.Find("to_port");
    forward.insidePort = insidePort ? ReadPort(*insidePort) : forward.port;
    return forward;
}

} // namespace

void
ScenarioBuilder::ReadNats(const ScenarioReader& reader)
{
    for (const auto& [name, nat] : reader.Members())
    {
        const std::string text = name.Text();
        const ScenarioNode* node = m_scenario.FindNode(text);
        if (m_scenario.FindRouter(text) != nullptr || (node != nullptr && !node->nat))
        {
            name.Fail("there is a node '" + text + "' already", "another name");
        }
        if (node == nullptr)
        {
            m_scenario.nodes.emplace_back();
            m_scenario.nodes.back().name = text;
            m_scenario.nodes.back().position = name.GetPosition();
            m_scenario.nodes.back().nat = ScenarioNat{};
        }
        for (ScenarioNode& known : m_scenario.nodes)
        {
            if (known.name == text)
            {
                ReadNat(*known.nat, nat);
            }
        }
    }
}

void
ScenarioBuilder::ReadNat(ScenarioNat& nat, const ScenarioReader& reader)
{
    static const std::pair<const char*, Duration NatRules::*> SPANS[] = {
        {"udp_lifetime", &NatRules::udpLifetime},
        {"tcp_lifetime", &NatRules::tcpLifetime},
        {"icmp_lifetime", &NatRules::icmpLifetime},
        {"esp_lifetime", &NatRules::espLifetime}};
    static const std::pair<const char*, NatBehaviour NatRules::*> BEHAVIOURS[] = {
        {"mapping", &NatRules::mapping},
        {"filtering", &NatRules::filtering}};
    static const std::pair<const char*, bool NatRules::*> SWITCHES[] = {
        {"inbound_refresh", &NatRules::inboundRefresh},
        {"preserve_ports", &NatRules::preservePorts}};
    reader.CheckKeys(KeysOf("nat"));
    if (const auto outside = reader.Find("outside"))
    {
        nat.outside = outside->Text();
        nat.position = outside->GetPosition();
    }
    for (const auto& [key, field] : SPANS)
    {
        if (const auto value = reader.Find(key))
        {
            nat.rules.*field = value->AsPositiveSpan();
        }
    }
    for (const auto& [key, field] : BEHAVIOURS)
    {
        if (const auto value = reader.Find(key))
        {
            nat.rules.*field = static_cast<NatBehaviour>(value->AsChoice(WordsOf(NatBehaviour())));
        }
    }
    for (const auto& [key, field] : SWITCHES)
    {
        if (const auto value = reader.Find(key))
        {
            nat.rules.*field = value->AsBoolean();
        }
    }
    if (const auto esp = reader.Find("esp"))
    {
        nat.rules.esp = static_cast<NatEsp>(esp->AsChoice(WordsOf(NatEsp())));
    }
    if (const auto forwards = reader.Find("forwards"))
    {
        for (const auto& item : forwards->ItemsOrOne())
        {
            nat.forwards.push_back(ReadForward(item));
        }
    }
}

void
ScenarioBuilder::CheckNats() const
{
    for (const auto& node : m_scenario.nodes)
    {
        if (!node.nat)
        {
            continue;
        }
        std::vector<std::string> links;
        for (const auto& link : m_scenario.links)
        {
            if (link.ends[0].node == node.name || link.ends[1].node == node.name)
            {
                links.push_back(link.name);
            }
        }
        if (node.nat->outside.empty() || links.size() < 2)
        {
            throw ScenarioError(node.position,
                                "NAT '" + node.name + "' has no two sides",
                                "'outside:' with the name of a link, and another link inside");
        }
        if (std::find(links.begin(), links.end(), node.nat->outside) == links.end())
        {
            throw ScenarioError(node.nat->position,
                                "unknown link of " + node.name + " '" + node.nat->outside + "'",
                                DescribeChoice(node.nat->outside, links));
        }
    }
}

} // namespace ike
} // namespace ns3
