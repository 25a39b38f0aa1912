/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-builder.h"
#include "ike-scenario-keys.h"
#include "ike-scenario-paths.h"
#include "ike-scenario-units.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// The part of ScenarioBuilder that is about clouds.

namespace ns3
{
namespace ike
{

namespace
{

/// What a filter may name, and its number in IP; 0 is everything.
struct FilterWord
{
    const char* name; ///< as written
    uint8_t protocol; ///< of IP
    bool hasPorts;    ///< may a port follow?
};

constexpr FilterWord FILTER_WORDS[] = {
    {"all", 0, false},
    {"esp", 50, false},
    {"icmp", 1, false},
    {"tcp", 6, true},
    {"udp", 17, true},
};

/// "udp 500", "esp", "all"
void
ReadFilter(const ScenarioReader& reader, ScenarioFilter& filter)
{
    const std::string text = reader.Text();
    const size_t space = std::min(text.find(' '), text.size());
    const std::string port = text.substr(std::min(space + 1, text.size()));
    for (const auto& word : FILTER_WORDS)
    {
        const auto number = ParseInteger(port);
        const bool isPort = word.hasPorts && number && *number >= 1 && *number <= 65535;
        if (text.substr(0, space) == word.name && (space == text.size() || isPort))
        {
            filter.protocol = word.protocol;
            filter.port = static_cast<uint16_t>(number.value_or(0));
            return;
        }
    }
    reader.Fail("'" + text + "' is not right",
                "all, esp, icmp, tcp or udp; behind the last two a port, as 'udp 500'");
}

} // namespace

ScenarioCloud&
ScenarioBuilder::FindOrAddCloud(const ScenarioReader& name)
{
    auto& clouds = m_scenario.clouds;
    const auto known = std::find_if(clouds.begin(), clouds.end(), [&](const ScenarioCloud& c) {
        return c.name == name.Text();
    });
    const auto index = static_cast<size_t>(known - clouds.begin());
    if (index == clouds.size())
    {
        clouds.emplace_back();
        clouds.back().name = name.Text();
        clouds.back().position = name.GetPosition();
    }
    return clouds[index];
}

void
ScenarioBuilder::ReadCloud(const ScenarioReader& name, const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("cloud"));
    ReadCloudKeys(FindOrAddCloud(name), reader);
}

void
ScenarioBuilder::ReadTree(const ScenarioReader& name, const ScenarioReader& reader)
{
    constexpr uint64_t DEFAULT_FAN = 32;
    reader.CheckKeys(KeysOf("tree"));
    const bool isNew = m_scenario.clouds.empty() ||
                       std::none_of(m_scenario.clouds.begin(),
                                    m_scenario.clouds.end(),
                                    [&](const auto& cloud) { return cloud.name == name.Text(); });
    ScenarioCloud& tree = FindOrAddCloud(name);
    if (!isNew && tree.fan == 0)
    {
        name.Fail("there is a cloud '" + tree.name + "' already", "another name");
    }
    tree.fan = isNew ? DEFAULT_FAN : tree.fan;
    ReadCloudKeys(tree, reader);
    if (const auto fan = reader.Find("fan"))
    {
        tree.fan = fan->AsCount();
        if (tree.fan < 2 || tree.fan > 32 || (tree.fan & (tree.fan - 1)) != 0)
        {
            fan->Fail("'" + fan->Text() + "' is not right", "2, 4, 8, 16 or 32");
        }
    }
    if (const auto rate = reader.Find("inner_rate"))
    {
        tree.innerBitsPerSecond = rate->AsBandwidth();
    }
    if (const auto delay = reader.Find("inner_delay"))
    {
        tree.innerDelay = delay->AsSpan();
    }
}

void
ScenarioBuilder::ReadCloudKeys(ScenarioCloud& cloud, const ScenarioReader& reader) const
{
    constexpr uint64_t SMALLEST_MTU = 68; // RFC 791
    constexpr uint64_t LARGEST_MTU = 65535;
    if (const auto attach = reader.Find("attach"))
    {
        ReadDoors(cloud, *attach);
    }
    if (const auto behind = reader.Find("behind"))
    {
        ReadBehind(cloud, *behind);
    }
    const auto set = [&reader](auto& to, const char* key, auto read) {
        if (const auto value = reader.Find(key))
        {
            to = ((*value).*read)();
        }
    };
    set(cloud.bitsPerSecond, "rate", &ScenarioReader::AsBandwidth);
    ReadPath(reader, cloud.delay, cloud.jitter, cloud.loss, cloud.draws);
    set(cloud.queuePackets, "queue", &ScenarioReader::AsPackets);
    set(cloud.mtu, "mtu", &ScenarioReader::AsSize);
    if (cloud.mtu < SMALLEST_MTU || cloud.mtu > LARGEST_MTU)
    {
        reader.Get("mtu").Fail("no IPv4 packets of that size", "68 B to 65535 B");
    }
}

void
ScenarioBuilder::ReadDoors(ScenarioCloud& cloud, const ScenarioReader& reader) const
{
    for (const auto& [router, interface] : reader.Members())
    {
        ScenarioDoor door;
        door.router = router.Text();
        door.position = interface.GetPosition();
        const auto* node = m_scenario.FindNode(door.router);
        if (node != nullptr && node->balancer)
        {
            std::tie(door.address, door.prefixLength) = interface.AsPrefix();
            door.interface = cloud.name;
        }
        else if (m_scenario.FindRouter(door.router) != nullptr)
        {
            door.interface = interface.Text();
        }
        else
        {
            router.FailName("router", door.router, GetNodeNames(false, false, true));
        }
        cloud.doors.push_back(door);
    }
}

void
ScenarioBuilder::ReadBehind(ScenarioCloud& cloud, const ScenarioReader& reader)
{
    for (const auto& [router, networks] : reader.Members())
    {
        const std::string name = router.Text();
        std::vector<std::string> names;
        ScenarioDoor* found = nullptr;
        for (auto& door : cloud.doors)
        {
            found = door.router == name ? &door : found;
            names.push_back(door.router);
        }
        if (found == nullptr)
        {
            router.FailName("router at the cloud", name, names);
        }
        for (const auto& network : networks.ItemsOrOne())
        {
            const auto [address, length] = network.AsPrefix();
            found->behind.push_back(IpPrefix{address.Masked(length), length});
        }
    }
}

void
ScenarioBuilder::ReadCloudEvent(const ScenarioReader& reader, ScenarioEvent& event)
{
    event.where = reader.Get("cloud").Text();
    if (const auto door = reader.Find("door"))
    {
        event.door = door->Text();
        event.kind = ScenarioEvent::Kind::DoorDown;
        if (const auto flap = reader.Find("flap"))
        {
            reader.CheckKeys(KeysOf("event", "door flap"));
            ReadFlap(*flap, event);
            return;
        }
        reader.CheckKeys(KeysOf("event", "door"));
        if (reader.Get("state").AsChoice({"down", "up"}) == 1)
        {
            event.kind = ScenarioEvent::Kind::DoorUp;
        }
        return;
    }
    const auto pass = reader.Find("pass");
    if (const auto down = reader.Find("down"))
    {
        event.kind = ScenarioEvent::Kind::CloudDown;
        event.down = down->AsPositiveSpan();
        reader.CheckKeys(KeysOf("event", reader.Find("between") ? "down between" : "down"));
        ReadBetween(reader, event);
        return;
    }
    event.kind = pass ? ScenarioEvent::Kind::Pass : ScenarioEvent::Kind::Drop;
    const char* key = pass ? "pass" : "drop";
    reader.CheckKeys(KeysOf("event", key));
    ReadFilter(reader.Get(key), event.filter);
    ReadBetween(reader, event);
}

void
ScenarioBuilder::ReadBetween(const ScenarioReader& reader, ScenarioEvent& event)
{
    if (const auto between = reader.Find("between"))
    {
        for (const auto& router : between->ItemsOrOne())
        {
            event.filter.between.push_back(router.Text());
        }
        if (event.filter.between.empty() || event.filter.between.size() > 2)
        {
            between->Fail("a place has one end or two", "[ROUTER] or [ROUTER, ROUTER]");
        }
    }
}

void
ScenarioBuilder::CheckClouds() const
{
    std::set<std::pair<std::string, std::string>> cabled;
    for (const auto& link : m_scenario.links)
    {
        for (const auto& end : link.ends)
        {
            cabled.insert({end.node, end.interface});
        }
    }
    std::map<std::string, const ScenarioRouter*> routers;
    for (const auto& router : m_scenario.routers)
    {
        routers[router.name] = &router;
    }
    for (const auto& cloud : m_scenario.clouds)
    {
        std::map<std::string, std::string> owners; // of networks; an address is one of length 32
        std::set<std::string> names;
        const auto claim = [&owners](const ScenarioDoor& door, const IpPrefix& network) {
            const auto [at, isNew] = owners.emplace(network.ToString(), door.router);
            if (!isNew)
            {
                throw ScenarioError(door.position,
                                    network.ToString() + " is at " + at->second + " and at " +
                                        door.router,
                                    "each network behind one router");
            }
        };
        for (const auto& door : cloud.doors)
        {
            const auto* node = m_scenario.FindNode(door.router);
            const IpAddress address =
                node != nullptr
                    ? door.address
                    : *FindCabled(*routers.at(door.router), door.interface, door.position).address;
            if (!cabled.insert({door.router, door.interface}).second ||
                !names.insert(door.router).second)
            {
                throw ScenarioError(door.position,
                                    door.router + " is attached already",
                                    "one place for each interface, one interface of a router at "
                                    "cloud '" +
                                        cloud.name + "'");
            }
            claim(door, IpPrefix{address, 32});
            if (node != nullptr && node->balancer->outside == cloud.name &&
                *node->balancer->address != address)
            {
                claim(door, IpPrefix{*node->balancer->address, 32});
            }
            for (const auto& network : door.behind)
            {
                claim(door, network);
            }
        }
    }
}

} // namespace ike
} // namespace ns3
