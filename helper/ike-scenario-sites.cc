/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-sites.h"

#include "ike-scenario-cut-text.h"
#include "ike-scenario-keys.h"
#include "ike-scenario-paths.h"
#include "ike-scenario-units.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// The interface of every site at the cloud.
constexpr const char* DOOR = "Ethernet0/0";
constexpr unsigned LAN_LENGTH = 24; ///< of the network of a site
constexpr uint64_t MOST_SITES = 100000;
constexpr size_t LARGEST_AUTO_MESH = 50; ///< sites; `partners: auto`
constexpr size_t AUTO_PARTNERS = 4;      ///< beyond that

/// What may stand in ${...}, in the order of Values.
const CutValues SITE_NAMES{"site",
                           "site.name",
                           "site.wan",
                           "site.lan",
                           "site.lan_address",
                           "site.rank",
                           "site.wave"};
const CutValues PARTNER_NAMES{"partner",
                              "partner.name",
                              "partner.wan",
                              "partner.lan",
                              "partner.lan_address",
                              "partner.rank",
                              "partner.wave"};

/// Behind both: the numbers of a site and its partner, the lower one first, as "3-7".
const CutValues PAIR_NAMES{"pair"};

/// What stands in texts of a site, and of a site and one of its partners.
const std::vector<const CutValues*> OF_SITE{&SITE_NAMES};
const std::vector<const CutValues*> OF_BOTH{&SITE_NAMES, &PARTNER_NAMES, &PAIR_NAMES};

std::string
PairOf(const std::string& site, const std::string& partner)
{
    const bool isLower =
        std::make_pair(site.size(), site) < std::make_pair(partner.size(), partner);
    return isLower ? site + "-" + partner : partner + "-" + site;
}

/// @return a text of a site. @param site its values
ScenarioText
Fill(const CutText& text, const CutValues& site)
{
    return text.Fill({&site});
}

/// @return a text of a site and its partner. @param site values @param partner the same
ScenarioText
Fill(const CutText& text, const CutValues& site, const CutValues& partner)
{
    const CutValues pair{PairOf(site.front(), partner.front())};
    return text.Fill({&site, &partner, &pair});
}

/// All texts below a key that may be there again and again.
std::vector<CutText>
TextsOf(const std::vector<ScenarioReader>& readers, const std::vector<const CutValues*>& names)
{
    std::vector<CutText> texts;
    for (const auto& reader : readers)
    {
        const auto some = CutText::AllOf(reader, names);
        texts.insert(texts.end(), some.begin(), some.end());
    }
    return texts;
}

/// The texts below a key of a step.
std::vector<CutText>
TextsOf(const ScenarioReader& step,
        const std::string& key,
        const std::vector<const CutValues*>& names)
{
    const auto reader = step.Find(key);
    return reader ? CutText::AllOf(*reader, names) : std::vector<CutText>{};
}

} // namespace

void
ScenarioSites::Read(const ScenarioReader& reader, Scenario& scenario)
{
    reader.CheckKeys(KeysOf("sites"));
    if (m_count == 0)
    {
        ReadFirst(reader, scenario);
    }
    else if (reader.Find("name") || reader.Find("count"))
    {
        reader.Fail("the sites have their names already",
                    "'name:' and 'count:' in one place, with parameters as values");
    }
    for (const auto& [key, value] : reader.Members())
    {
        m_values[key.Text()].push_back(value);
    }
    if (const auto traffic = reader.Find("traffic"))
    {
        traffic->CheckKeys(KeysOf("site-traffic"));
        for (const auto& [key, value] : traffic->Members())
        {
            m_traffic[key.Text()].push_back(value);
        }
    }
}

void
ScenarioSites::ReadFirst(const ScenarioReader& reader, Scenario& scenario)
{
    const ScenarioReader name = reader.Get("name");
    const ScenarioReader count = reader.Get("count");
    m_name = name.Text();
    const bool isWord = !m_name.empty() && std::all_of(m_name.begin(), m_name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    if (!isWord)
    {
        name.Fail("'" + m_name + "' is no beginning of a name", "letters; a number follows");
    }
    if (count.AsCount() < 2 || count.AsCount() > MOST_SITES)
    {
        count.Fail("'" + count.Text() + "' sites", "2 to " + std::to_string(MOST_SITES));
    }
    m_count = count.AsCount();
    m_first = scenario.routers.size();
    m_position = reader.GetPosition();
    std::set<std::string> taken;
    for (const auto& router : scenario.routers)
    {
        taken.insert(router.name);
    }
    for (const auto& node : scenario.nodes)
    {
        taken.insert(node.name);
    }
    for (size_t i = 0; i < m_count; ++i)
    {
        if (taken.count(NameOf(i)) != 0)
        {
            name.Fail("there is a node '" + NameOf(i) + "' already", "another name");
        }
        ScenarioRouter router;
        router.name = NameOf(i);
        router.position = name.GetPosition();
        scenario.routers.push_back(std::move(router));
    }
}

void
ScenarioSites::Fail(const std::string& message, const std::string& expected) const
{
    throw ScenarioError(m_position, "sites: " + message, expected);
}

const ScenarioReader*
ScenarioSites::Find(const std::string& key) const
{
    const auto found = m_values.find(key);
    return found == m_values.end() ? nullptr : &found->second.back();
}

const ScenarioReader&
ScenarioSites::Get(const std::string& key) const
{
    const auto* found = Find(key);
    if (found == nullptr)
    {
        Fail("key '" + key + "' is missing", "'" + key + ":'");
    }
    return *found;
}

std::string
ScenarioSites::NameOf(size_t site) const
{
    return m_name + std::to_string(site + 1);
}

IpPrefix
ScenarioSites::GetNetwork(const std::string& key, unsigned hostBits) const
{
    const ScenarioReader& reader = Get(key);
    const auto [address, length] = reader.AsPrefix();
    // The first one is the network itself, the last one its broadcast address.
    const uint64_t room =
        length + hostBits < 32 ? (uint64_t(1) << (32 - length - hostBits)) - 2 : 0;
    if (room < m_count)
    {
        reader.Fail("'" + reader.Text() + "' has room for " + std::to_string(room) + " sites",
                    "room for " + std::to_string(m_count));
    }
    return IpPrefix{address.Masked(length), length};
}

std::vector<size_t>
ScenarioSites::GetRanks(uint64_t seed) const
{
    const auto* order = Find("order");
    const size_t kind = order == nullptr ? 0 : order->AsChoice({"by-number", "reversed", "random"});
    const auto* own = Find("order_seed");
    const uint64_t mixed = own == nullptr ? seed : own->AsCount();
    if (kind == 2)
    {
        return ShufflePlaces(m_count, mixed);
    }
    std::vector<size_t> ranks(m_count);
    std::iota(ranks.begin(), ranks.end(), 0);
    if (kind == 1)
    {
        std::reverse(ranks.begin(), ranks.end());
    }
    return ranks;
}

std::vector<ScenarioSites::Values>
ScenarioSites::GetValues(uint64_t seed) const
{
    const IpPrefix wan = GetNetwork("wan", 0);
    const IpPrefix lan = GetNetwork("lan", 32 - LAN_LENGTH);
    const unsigned common = std::min(wan.length, lan.length);
    if (wan.address.Masked(common) == lan.address.Masked(common))
    {
        Get("lan").Fail("'lan:' and 'wan:' overlap", "two networks");
    }
    const auto* reader = Find("waves");
    const uint64_t waves = reader == nullptr ? m_count : reader->AsCount();
    if (waves == 0)
    {
        reader->Fail("no wave at all", "a number from 1 on");
    }
    const auto ranks = GetRanks(seed);
    std::vector<Values> values;
    for (size_t i = 0; i < m_count; ++i)
    {
        const auto number = static_cast<uint32_t>(i + 1);
        const uint32_t net = number << (32 - LAN_LENGTH);
        values.push_back(Values{std::to_string(number),
                                NameOf(i),
                                AddressAt(wan, number),
                                AddressAt(lan, net),
                                AddressAt(lan, net + 1),
                                std::to_string(ranks[i]),
                                std::to_string(ranks[i] * waves / m_count)});
    }
    return values;
}

std::vector<std::vector<size_t>>
ScenarioSites::GetPartners() const
{
    const auto* reader = Find("partners");
    const std::string text = reader == nullptr ? "auto" : reader->Text();
    uint64_t wanted = m_count - 1;
    if (text == "auto")
    {
        wanted = m_count <= LARGEST_AUTO_MESH ? wanted : AUTO_PARTNERS;
    }
    else if (text != "mesh")
    {
        const auto number = ParseInteger(text);
        if (!number || *number < 0 || (*number % 2 != 0 && uint64_t(*number) < wanted))
        {
            reader->Fail("'" + text + "' is not right",
                         "an even number (the neighbours in a ring), mesh or auto");
        }
        wanted = std::min(wanted, static_cast<uint64_t>(*number));
    }
    std::vector<std::vector<size_t>> partners(m_count);
    for (size_t i = 0; i < m_count; ++i)
    {
        // Of a mesh with an even number of sites the half is one that lies opposite.
        for (size_t step = 1; step <= wanted; ++step)
        {
            const size_t far =
                step <= (wanted + 1) / 2 ? step : m_count - (step - (wanted + 1) / 2);
            partners[i].push_back((i + far) % m_count);
        }
        std::sort(partners[i].begin(), partners[i].end());
    }
    return partners;
}

void
ScenarioSites::AddTexts(Scenario& scenario, const std::vector<Values>& sites) const
{
    const auto textsOf = [this](const char* key, const std::vector<const CutValues*>& names) {
        const auto found = m_values.find(key);
        return found == m_values.end() ? std::vector<CutText>{} : TextsOf(found->second, names);
    };
    const auto before = textsOf("config", OF_SITE);
    const auto each = textsOf("per_partner", OF_BOTH);
    const auto after = textsOf("config_after", OF_SITE);
    const auto partners = GetPartners();
    const IpPrefix wan = GetNetwork("wan", 0);
    const IpPrefix lan = GetNetwork("lan", 32 - LAN_LENGTH);
    for (size_t i = 0; i < m_count; ++i)
    {
        std::vector<ScenarioText> texts;
        texts.push_back({"hostname " + NameOf(i) + "\ninterface " + DOOR + "\n ip address " +
                             sites[i][2] + " " + MaskText(wan.length) +
                             "\ninterface Loopback0\n ip address " + sites[i][4] + " " +
                             MaskText(LAN_LENGTH) + "\nip route " + lan.address.ToString() + " " +
                             MaskText(lan.length) + " " + DOOR + "\n",
                         m_position});
        for (const auto& text : before)
        {
            texts.push_back(Fill(text, sites[i]));
        }
        for (const size_t partner : each.empty() ? std::vector<size_t>{} : partners[i])
        {
            for (const auto& text : each)
            {
                texts.push_back(Fill(text, sites[i], sites[partner]));
            }
        }
        for (const auto& text : after)
        {
            texts.push_back(Fill(text, sites[i]));
        }
        auto& own = scenario.routers[m_first + i].texts;
        own.insert(own.begin(), texts.begin(), texts.end());
    }
}

void
ScenarioSites::AddDoors(Scenario& scenario) const
{
    const ScenarioReader& reader = Get("cloud");
    std::vector<std::string> names;
    for (const auto& cloud : scenario.clouds)
    {
        names.push_back(cloud.name);
    }
    const auto at = std::find(names.begin(), names.end(), reader.Text());
    if (at == names.end())
    {
        reader.FailName("cloud", reader.Text(), names);
    }
    auto& cloud = scenario.clouds[static_cast<size_t>(at - names.begin())];
    const IpPrefix lan = GetNetwork("lan", 32 - LAN_LENGTH);
    for (size_t i = 0; i < m_count; ++i)
    {
        const auto net = static_cast<uint32_t>(i + 1) << (32 - LAN_LENGTH);
        ScenarioDoor door;
        door.router = NameOf(i);
        door.interface = DOOR;
        door.behind = {IpPrefix{IpAddress::V4(lan.address.ToV4() + net), LAN_LENGTH}};
        door.position = reader.GetPosition();
        cloud.doors.push_back(std::move(door));
    }
}

std::vector<bool>
ScenarioSites::SelectSites(const ScenarioReader& step) const
{
    std::vector<std::string> names;
    for (size_t i = 0; i < m_count; ++i)
    {
        names.push_back(NameOf(i));
    }
    const auto only = step.Find("only");
    const auto except = step.Find("except");
    if (only && except)
    {
        except->Fail("'only:' stands beside it", "one of them");
    }
    std::vector<bool> selected(m_count, !only);
    const auto items = only     ? only->ItemsOrOne()
                       : except ? except->ItemsOrOne()
                                : std::vector<ScenarioReader>{};
    for (const auto& item : items)
    {
        const auto at = std::find(names.begin(), names.end(), item.Text());
        if (at == names.end())
        {
            item.FailName("site", item.Text(), names);
        }
        selected[static_cast<size_t>(at - names.begin())] = only.has_value();
    }
    return selected;
}

void
ScenarioSites::AddSteps(Scenario& scenario, const std::vector<Values>& sites) const
{
    const auto found = m_values.find("steps");
    if (found == m_values.end())
    {
        return;
    }
    const auto partners = GetPartners();
    std::vector<ScenarioReader> steps;
    for (const auto& list : found->second)
    {
        const auto items = list.Items();
        steps.insert(steps.end(), items.begin(), items.end());
    }
    for (const auto& step : steps)
    {
        step.CheckKeys(KeysOf("site-step"));
        const ScenarioReader time = step.Get("at");
        const CutText at(time, OF_SITE);
        const auto before = TextsOf(step, "type", OF_SITE);
        const auto each = TextsOf(step, "per_partner", OF_BOTH);
        const auto after = TextsOf(step, "type_after", OF_SITE);
        const auto selected = SelectSites(step);
        for (size_t i = 0; i < m_count; ++i)
        {
            if (!selected[i])
            {
                continue;
            }
            const std::string when = Fill(at, sites[i]).text;
            ScenarioEvent event;
            event.at = time.ToDrawnSpan(when, event.atDraw);
            event.where = NameOf(i);
            event.position = step.GetPosition();
            for (const auto& text : before)
            {
                AddLines(Fill(text, sites[i]), event.lines);
            }
            for (const size_t partner : partners[i])
            {
                for (const auto& text : each)
                {
                    AddLines(Fill(text, sites[i], sites[partner]), event.lines);
                }
            }
            for (const auto& text : after)
            {
                AddLines(Fill(text, sites[i]), event.lines);
            }
            if (event.lines.empty())
            {
                step.Fail("nothing is typed", "'type:', 'per_partner:' or 'type_after:'");
            }
            scenario.events.push_back(std::move(event));
        }
    }
}

void
ScenarioSites::AddFlows(Scenario& scenario) const
{
    const auto get = [this](const char* key) {
        const auto found = m_traffic.find(key);
        return found == m_traffic.end() ? nullptr : &found->second.back();
    };
    if (m_traffic.empty())
    {
        return;
    }
    if (get("size") == nullptr || get("every") == nullptr)
    {
        Get("traffic").Fail("'size:' or 'every:' is missing", "both of them");
    }
    ScenarioFlow flow;
    flow.size = get("size")->AsSize();
    flow.position = get("every")->GetPosition();
    ReadPace(
        [&get](const char* key) {
            const auto* value = get(key);
            return value == nullptr ? std::nullopt : std::optional<ScenarioReader>(*value);
        },
        flow);
    const Duration start = flow.start;
    if (get("stop") != nullptr)
    {
        flow.stop = get("stop")->AsSpan();
        if (*flow.stop < LatestOf(start, flow.startDraw) + flow.every)
        {
            get("stop")->Fail("not every flow has begun by then",
                              "'start:' and 'every:' together, or more");
        }
    }
    const auto partners = GetPartners();
    const int64_t total = std::accumulate(
        partners.begin(),
        partners.end(),
        int64_t(0),
        [](int64_t sum, const auto& list) { return sum + static_cast<int64_t>(list.size()); });
    int64_t index = 0;
    for (size_t i = 0; i < m_count; ++i)
    {
        for (const size_t partner : partners[i])
        {
            // index / total of an interval, without going beyond 64 bits.
            const int64_t every = flow.every.ns;
            flow.from = NameOf(i);
            flow.to = NameOf(partner);
            flow.name = flow.from + "-" + flow.to;
            flow.start = start + Duration{every / total * index + every % total * index / total};
            scenario.offer.push_back(flow);
            ++index;
        }
    }
}

void
ScenarioSites::Expand(Scenario& scenario) const
{
    if (m_count == 0)
    {
        return;
    }
    for (const auto& [name, value] : scenario.parameters)
    {
        if (name == SITE_NAMES[0] || name == PARTNER_NAMES[0] || name == PAIR_NAMES[0])
        {
            Fail("'${" + name + "}' is a value of the sites, and a parameter, too",
                 "another name for the parameter");
        }
    }
    const auto sites = GetValues(scenario.seed);
    AddTexts(scenario, sites);
    AddDoors(scenario);
    AddSteps(scenario, sites);
    AddFlows(scenario);
}

} // namespace ike
} // namespace ns3
