/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-builder.h"
#include "ike-scenario-keys.h"
#include "ike-scenario-units.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

// The part of ScenarioBuilder that is about load balancers.

namespace ns3
{
namespace ike
{

namespace
{

/// What may be kept together, and its number in IP.
struct ServiceWord
{
    const char* name; ///< as written
    uint8_t protocol; ///< of IP
    bool hasPort;     ///< must a port follow?
};

constexpr ServiceWord SERVICE_WORDS[] = {
    {"esp", 50, false},
    {"icmp", 1, false},
    {"tcp", 6, true},
    {"udp", 17, true},
};

/// "udp 500", "esp"
BalancerPort
ReadService(const ScenarioReader& reader)
{
    constexpr uint64_t LAST_PORT = 65535;
    const std::string text = reader.Text();
    const size_t space = std::min(text.find(' '), text.size());
    const auto port = ParseInteger(text.substr(std::min(space + 1, text.size())));
    for (const auto& word : SERVICE_WORDS)
    {
        const bool isPort = port && *port >= 1 && *port <= int64_t(LAST_PORT);
        if (text.substr(0, space) == word.name && (word.hasPort ? isPort : space == text.size()))
        {
            return BalancerPort{word.protocol,
                                word.hasPort ? static_cast<uint16_t>(*port) : uint16_t{0}};
        }
    }
    reader.Fail("'" + text + "' is not right", "esp, icmp, 'udp PORT' or 'tcp PORT'");
}

IpAddress
ReadAddress(const ScenarioReader& reader)
{
    const auto address = IpAddress::Parse(reader.Text());
    if (!address || !address->IsV4())
    {
        reader.Fail("'" + reader.Text() + "' is no address", "an IPv4 address");
    }
    return *address;
}

uint32_t
ReadPositive(const ScenarioReader& reader, uint64_t most)
{
    const uint64_t count = reader.AsCount();
    if (count == 0 || count > most)
    {
        reader.Fail("'" + reader.Text() + "' is out of range", "1 to " + std::to_string(most));
    }
    return static_cast<uint32_t>(count);
}

/// Choices of the rules.
template <typename T>
void
SetChoice(T& to, const ScenarioReader& reader, const std::string& key)
{
    if (const auto value = reader.Find(key))
    {
        to = static_cast<T>(value->AsChoice(WordsOf(T())));
    }
}

void
ReadProbe(ScenarioBalancer& balancer, const ScenarioReader& reader)
{
    constexpr uint64_t MOST_FAILURES = 1000;
    reader.CheckKeys(KeysOf("probe"));
    balancer.probe = balancer.probe == Duration{} ? Duration::Seconds(10) : balancer.probe;
    if (const auto every = reader.Find("every"))
    {
        balancer.probe = every->AsPositiveSpan();
    }
    if (const auto fail = reader.Find("fail"))
    {
        balancer.rules.failAfter = ReadPositive(*fail, MOST_FAILURES);
    }
    if (const auto retry = reader.Find("retry"))
    {
        balancer.rules.retry = retry->AsSpan();
    }
}

void
ReadHubs(ScenarioBalancer& balancer, const ScenarioReader& reader)
{
    constexpr uint64_t MOST_WEIGHT = 255; // of IOS SLB
    for (const auto& [name, hub] : reader.Members())
    {
        hub.CheckKeys(KeysOf("hub"));
        auto& hubs = balancer.hubs;
        const std::string text = name.Text();
        const auto known = std::find_if(hubs.begin(), hubs.end(), [&text](const auto& other) {
            return other.router == text;
        });
        const auto index = static_cast<size_t>(known - hubs.begin());
        if (index == hubs.size())
        {
            hubs.push_back(ScenarioBalancerHub{text, {}, 1, name.GetPosition()});
        }
        if (const auto address = hub.Find("address"))
        {
            hubs[index].address = ReadAddress(*address);
        }
        if (const auto weight = hub.Find("weight"))
        {
            hubs[index].weight = ReadPositive(*weight, MOST_WEIGHT);
        }
    }
}

/// Does a router have an address, on any of its interfaces?
bool
HasAddress(const ScenarioRouter& router, const IpAddress& address)
{
    const auto& interfaces = router.config.interfaces;
    return std::any_of(interfaces.begin(), interfaces.end(), [&address](const auto& interface) {
        return interface.address == address;
    });
}

} // namespace

void
ScenarioBuilder::ReadBalancers(const ScenarioReader& reader)
{
    for (const auto& [name, balancer] : reader.Members())
    {
        const std::string text = name.Text();
        const ScenarioNode* node = m_scenario.FindNode(text);
        if (m_scenario.FindRouter(text) != nullptr || (node != nullptr && !node->balancer))
        {
            name.Fail("there is a node '" + text + "' already", "another name");
        }
        if (node == nullptr)
        {
            m_scenario.nodes.emplace_back();
            m_scenario.nodes.back().name = text;
            m_scenario.nodes.back().position = name.GetPosition();
            m_scenario.nodes.back().balancer = ScenarioBalancer{};
            m_scenario.nodes.back().balancer->position = name.GetPosition();
        }
        for (ScenarioNode& known : m_scenario.nodes)
        {
            if (known.name == text)
            {
                ReadBalancer(*known.balancer, balancer);
            }
        }
    }
}

void
ScenarioBuilder::ReadBalancer(ScenarioBalancer& balancer, const ScenarioReader& reader)
{
    constexpr uint64_t MOST_ENTRIES = 10000000;
    reader.CheckKeys(KeysOf("balancer"));
    BalancerRules& rules = balancer.rules;
    if (const auto vip = reader.Find("vip"))
    {
        balancer.address = ReadAddress(*vip);
        balancer.addressPosition = vip->GetPosition();
    }
    if (const auto outside = reader.Find("outside"))
    {
        balancer.outside = outside->Text();
        balancer.outsidePosition = outside->GetPosition();
    }
    SetChoice(rules.mode, reader, "mode");
    SetChoice(rules.predictor, reader, "predictor");
    if (const auto outbound = reader.Find("outbound"))
    {
        SetChoice(rules.outbound, reader, "outbound");
        balancer.outboundPosition = outbound->GetPosition();
    }
    for (const auto& [key, field] :
         {std::pair{"sticky", &BalancerRules::sticky}, std::pair{"purge", &BalancerRules::purge}})
    {
        if (const auto value = reader.Find(key))
        {
            rules.*field = value->AsBoolean();
        }
    }
    if (const auto together = reader.Find("together"))
    {
        rules.together.clear();
        for (const auto& item : together->ItemsOrOne())
        {
            rules.together.push_back(ReadService(item));
        }
    }
    if (const auto idle = reader.Find("idle"))
    {
        rules.idle = idle->AsPositiveSpan();
    }
    if (const auto entries = reader.Find("entries"))
    {
        rules.maxEntries = ReadPositive(*entries, MOST_ENTRIES);
    }
    if (const auto probe = reader.Find("probe"))
    {
        ReadProbe(balancer, *probe);
    }
    if (const auto hubs = reader.Find("hubs"))
    {
        ReadHubs(balancer, *hubs);
    }
}

void
ScenarioBuilder::ReadBalancerEvent(const ScenarioReader& reader, ScenarioEvent& event)
{
    event.kind = ScenarioEvent::Kind::HubService;
    event.where = reader.Get("balancer").Text();
    const auto& words = WordsOf(HubService());
    for (size_t i = 0; i < words.size(); ++i)
    {
        if (const auto hub = reader.Find(words[i]))
        {
            reader.CheckKeys(KeysOf("event", words[i]));
            event.service = static_cast<HubService>(i);
            event.door = hub->Text();
            return;
        }
    }
    reader.Fail("nothing happens here", "'drain:', 'out:' or 'in:' with the name of a hub");
}

void
ScenarioBuilder::FinishBalancers()
{
    for (auto& node : m_scenario.nodes)
    {
        if (node.balancer)
        {
            CheckBalancerPlace(node);
            FindHubAddresses(node);
            CheckHubs(node);
        }
    }
}

void
ScenarioBuilder::CheckBalancerPlace(const ScenarioNode& node) const
{
    const ScenarioBalancer& balancer = *node.balancer;
    std::vector<std::string> places;
    for (const auto& link : m_scenario.links)
    {
        for (const unsigned end : {0U, 1U})
        {
            if (link.ends[end].node != node.name)
            {
                continue;
            }
            places.push_back(link.name);
            const IpPrefix network = NetworkOf(link.ends[end]);
            if (link.name == balancer.outside && balancer.address &&
                balancer.address->Masked(network.length) != network.address)
            {
                throw ScenarioError(balancer.addressPosition,
                                    balancer.address->ToString() + " is not in " +
                                        network.ToString() + ", the network of link '" + link.name +
                                        "'",
                                    "an address of it: nobody outside knows the way to another");
            }
        }
    }
    for (const auto& cloud : m_scenario.clouds)
    {
        for (const auto& door : cloud.doors)
        {
            if (door.router == node.name)
            {
                places.push_back(cloud.name);
            }
        }
    }
    if (!balancer.address || balancer.outside.empty() || balancer.hubs.empty() || places.empty())
    {
        throw ScenarioError(balancer.position,
                            "load balancer '" + node.name + "' is not complete",
                            "'vip:', 'outside:' with the name of a link or cloud, 'hubs:', and "
                            "its place there");
    }
    if (std::find(places.begin(), places.end(), balancer.outside) == places.end())
    {
        throw ScenarioError(balancer.outsidePosition,
                            "unknown link or cloud of " + node.name + " '" + balancer.outside + "'",
                            DescribeChoice(balancer.outside, places));
    }
    if (balancer.rules.mode == BalancerMode::Dispatched &&
        balancer.rules.outbound == BalancerOutbound::Translate)
    {
        throw ScenarioError(balancer.outboundPosition,
                            "dispatched mode translates nothing",
                            "pass or drop, or 'mode: directed'");
    }
}

void
ScenarioBuilder::FindHubAddresses(ScenarioNode& node) const
{
    for (const auto& link : m_scenario.links)
    {
        for (const unsigned end : {0U, 1U})
        {
            const auto* router = m_scenario.FindRouter(link.ends[1 - end].node);
            if (link.ends[end].node != node.name || router == nullptr)
            {
                continue;
            }
            for (auto& hub : node.balancer->hubs)
            {
                const auto& interface = link.ends[1 - end].interface;
                if (hub.router == router->name && !hub.address)
                {
                    hub.address = router->config.FindInterface(interface)->address;
                }
            }
        }
    }
}

void
ScenarioBuilder::CheckHubs(const ScenarioNode& node) const
{
    std::set<IpAddress> neighbours;
    for (const auto& link : m_scenario.links)
    {
        for (const unsigned end : {0U, 1U})
        {
            const auto* router = m_scenario.FindRouter(link.ends[1 - end].node);
            if (link.ends[end].node == node.name && router != nullptr)
            {
                neighbours.insert(
                    *router->config.FindInterface(link.ends[1 - end].interface)->address);
            }
        }
    }
    const ScenarioBalancer& balancer = *node.balancer;
    const bool isDispatched = balancer.rules.mode == BalancerMode::Dispatched;
    const std::string vip = balancer.address->ToString();
    std::set<IpAddress> taken;
    for (const auto& hub : balancer.hubs)
    {
        const auto* router = m_scenario.FindRouter(hub.router);
        if (router == nullptr)
        {
            const auto names = GetNodeNames(false, false, true);
            throw ScenarioError(hub.position,
                                "unknown router '" + hub.router + "'",
                                DescribeChoice(hub.router, names));
        }
        const bool hasVip = HasAddress(*router, *balancer.address);
        if (!hub.address || !HasAddress(*router, *hub.address) ||
            (isDispatched && neighbours.count(*hub.address) == 0))
        {
            throw ScenarioError(hub.position,
                                hub.router + (isDispatched ? " is no neighbour of " + node.name
                                                           : " does not have that address"),
                                isDispatched ? "a link between them: dispatched packets go "
                                               "straight to the hub"
                                             : "'address:' with one of its addresses, or a link");
        }
        if (isDispatched && !hasVip)
        {
            throw ScenarioError(hub.position,
                                hub.router + " does not have the address " + vip,
                                "'interface Loopback1' with 'ip address " + vip +
                                    " 255.255.255.255', or 'mode: directed'");
        }
        if (!taken.insert(*hub.address).second)
        {
            throw ScenarioError(hub.position,
                                "another hub has the address " + hub.address->ToString(),
                                "an address of its own");
        }
    }
}

void
ScenarioBuilder::CheckHubEvent(const ScenarioEvent& event) const
{
    std::vector<std::string> names;
    for (const auto& hub : m_scenario.FindNode(event.where)->balancer->hubs)
    {
        names.push_back(hub.router);
    }
    if (std::find(names.begin(), names.end(), event.door) == names.end())
    {
        throw ScenarioError(event.position,
                            "unknown hub of " + event.where + " '" + event.door + "'",
                            DescribeChoice(event.door, names));
    }
}

} // namespace ike
} // namespace ns3
