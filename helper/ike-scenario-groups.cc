/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-groups.h"

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

/// The interface of every member at the cloud.
constexpr const char* DOOR = "Ethernet0/0";
constexpr uint64_t MOST_MEMBERS = 100000;

/// What may stand in ${...}, in the order of the values.
const CutValues SELF_NAMES{"self.name",
                           "self.number",
                           "self.wan",
                           "self.wan_mask",
                           "self.lan",
                           "self.lan_mask",
                           "self.lan_wildcard",
                           "self.lan_address"};
/// The same of a peer.
const CutValues PEER_NAMES{"peer.name",
                           "peer.number",
                           "peer.wan",
                           "peer.wan_mask",
                           "peer.lan",
                           "peer.lan_mask",
                           "peer.lan_wildcard",
                           "peer.lan_address"};
/// The place in the order of a group.
const CutValues TIME_NAMES{"self.rank", "self.wave"};
/// Of a member and a peer together.
const CutValues PAIR_NAMES{"pair", "tunnel", "self.inner", "peer.inner", "self.inner_mask"};

constexpr size_t PAIR_BLOCK = 3;  ///< of OF_PAIR
constexpr size_t FIRST_INNER = 2; ///< of PAIR_NAMES: from here on they need addresses

const std::vector<const CutValues*> OF_SELF{&SELF_NAMES, &TIME_NAMES};
const std::vector<const CutValues*> OF_PAIR{&SELF_NAMES, &TIME_NAMES, &PEER_NAMES, &PAIR_NAMES};

/// Two numbers as one.
uint64_t
Join(size_t high, size_t low)
{
    return (static_cast<uint64_t>(high) << 32) | low;
}

IpPrefix
NetworkAt(const IpPrefix& network, unsigned length, uint64_t place)
{
    return IpPrefix{
        IpAddress::V4(network.address.ToV4() + static_cast<uint32_t>(place << (32 - length))),
        length};
}

bool
DoOverlap(const IpPrefix& a, const IpPrefix& b)
{
    const unsigned common = std::min(a.length, b.length);
    return a.address.Masked(common) == b.address.Masked(common);
}

std::string
WildcardText(unsigned length)
{
    return IpAddress::V4(~MaskOfPrefixLength(length)).ToString();
}

/// All texts of a member below a key of a group.
std::vector<CutText>
TextsOf(const std::vector<ScenarioReader>& readers)
{
    std::vector<CutText> texts;
    for (const auto& reader : readers)
    {
        const auto some = CutText::AllOf(reader, OF_SELF);
        texts.insert(texts.end(), some.begin(), some.end());
    }
    return texts;
}

/// The same of a key that was read several times, or never.
std::vector<CutText>
TextsOf(const std::map<std::string, std::vector<ScenarioReader>>& values, const char* key)
{
    const auto found = values.find(key);
    return found == values.end() ? std::vector<CutText>{} : TextsOf(found->second);
}

/// The same of a key of a step.
std::vector<CutText>
TextsOf(const ScenarioReader& step, const char* key)
{
    const auto reader = step.Find(key);
    return reader ? CutText::AllOf(*reader, OF_SELF) : std::vector<CutText>{};
}

/// All items of lists.
std::vector<ScenarioReader>
ItemsOf(const std::map<std::string, std::vector<ScenarioReader>>& values, const char* key)
{
    std::vector<ScenarioReader> all;
    const auto found = values.find(key);
    if (found != values.end())
    {
        for (const auto& list : found->second)
        {
            for (const auto& item : list.Items())
            {
                all.push_back(item);
            }
        }
    }
    return all;
}

} // namespace

const ScenarioReader*
ScenarioGroups::Group::Find(const std::string& key) const
{
    const auto found = values.find(key);
    return found == values.end() ? nullptr : &found->second.back();
}

const ScenarioReader&
ScenarioGroups::Group::Get(const std::string& key) const
{
    const auto* found = Find(key);
    if (found == nullptr)
    {
        throw ScenarioError(position,
                            "group " + name + ": key '" + key + "' is missing",
                            "'" + key + ":'");
    }
    return *found;
}

std::string
ScenarioGroups::Group::NameOf(size_t member) const
{
    return name + std::to_string(member + 1);
}

void
ScenarioGroups::Read(const ScenarioReader& name, const ScenarioReader& reader, Scenario& scenario)
{
    const auto known = std::find_if(m_groups.begin(), m_groups.end(), [&](const Group& g) {
        return g.name == name.Text();
    });
    const auto index = static_cast<size_t>(known - m_groups.begin());
    if (index == m_groups.size())
    {
        Group group;
        ReadFirst(group, name, reader, scenario);
        m_groups.push_back(std::move(group));
    }
    else if (const auto count = reader.Find("count"))
    {
        count->Fail("group " + name.Text() + " has its members already",
                    "'count:' in one place, with a parameter as value");
    }
    for (const auto& [key, value] : reader.Members())
    {
        m_groups[index].values[key.Text()].push_back(value);
    }
}

void
ScenarioGroups::ReadFirst(Group& group,
                          const ScenarioReader& name,
                          const ScenarioReader& reader,
                          Scenario& scenario) const
{
    group.name = name.Text();
    const bool isWord =
        !group.name.empty() && std::all_of(group.name.begin(), group.name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        });
    if (!isWord)
    {
        name.Fail("'" + group.name + "' is no beginning of a name", "letters; a number follows");
    }
    const ScenarioReader count = reader.Get("count");
    group.count = count.AsCount();
    if (group.count < 1 || group.count > MOST_MEMBERS)
    {
        count.Fail("'" + count.Text() + "' members", "1 to " + std::to_string(MOST_MEMBERS));
    }
    group.first = scenario.routers.size();
    group.position = name.GetPosition();
    std::set<std::string> taken;
    for (const auto& router : scenario.routers)
    {
        taken.insert(router.name);
    }
    for (const auto& node : scenario.nodes)
    {
        taken.insert(node.name);
    }
    for (size_t i = 0; i < group.count; ++i)
    {
        ScenarioRouter router;
        router.name = group.NameOf(i);
        router.group = group.name;
        router.position = group.position;
        if (taken.count(router.name) != 0)
        {
            name.Fail("there is a node '" + router.name + "' already", "another name");
        }
        scenario.routers.push_back(std::move(router));
    }
}

std::optional<std::pair<size_t, size_t>>
ScenarioGroups::FindMembers(const std::string& pattern) const
{
    for (const auto& group : m_groups)
    {
        if (pattern == group.name + "*")
        {
            return std::make_pair(group.first, group.count);
        }
    }
    return std::nullopt;
}

std::vector<std::string>
ScenarioGroups::GetPatterns() const
{
    std::vector<std::string> patterns;
    for (const auto& group : m_groups)
    {
        patterns.push_back(group.name + "*");
    }
    return patterns;
}

// --- Addresses ---

IpPrefix
ScenarioGroups::GetNetwork(const Group& group, const std::string& key, unsigned length) const
{
    const ScenarioReader& reader = group.Get(key);
    const auto [address, own] = reader.AsPrefix();
    // The first one is the network itself, the last one its broadcast address.
    const uint64_t room = own < length ? (uint64_t(1) << (length - own)) - 2 : 0;
    if (room < group.count)
    {
        reader.Fail("'" + reader.Text() + "' has room for " + std::to_string(room) + " members",
                    "room for " + std::to_string(group.count));
    }
    return IpPrefix{address.Masked(own), own};
}

void
ScenarioGroups::FindNetworks(Group& group) const
{
    const auto readLength = [&group](const char* key, uint64_t least, uint64_t most, unsigned& to) {
        if (const auto* reader = group.Find(key))
        {
            const uint64_t length = reader->AsCount();
            if (length < least || length > most)
            {
                reader->Fail("'" + reader->Text() + "' is no length here",
                             std::to_string(least) + " to " + std::to_string(most));
            }
            to = static_cast<unsigned>(length);
        }
    };
    readLength("lan_length", 8, 30, group.lanLength);
    readLength("inner_length", 30, 31, group.innerLength);
    group.wan = GetNetwork(group, "wan", 32);
    group.lan = GetNetwork(group, "lan", group.lanLength);
    if (const auto* inner = group.Find("inner"))
    {
        const auto [address, length] = inner->AsPrefix();
        if (length > group.innerLength)
        {
            inner->Fail("'" + inner->Text() + "' has no room", "a prefix of /30 or shorter");
        }
        group.inner = IpPrefix{address.Masked(length), length};
    }
}

void
ScenarioGroups::CheckNetworks() const
{
    std::vector<std::pair<IpPrefix, const ScenarioReader*>> all;
    for (const auto& group : m_groups)
    {
        all.emplace_back(group.wan, group.Find("wan"));
        all.emplace_back(group.lan, group.Find("lan"));
        if (group.inner)
        {
            all.emplace_back(*group.inner, group.Find("inner"));
        }
    }
    for (size_t i = 0; i < all.size(); ++i)
    {
        for (size_t j = 0; j < i; ++j)
        {
            if (DoOverlap(all[i].first, all[j].first))
            {
                all[i].second->Fail(
                    all[i].first.ToString() + " and " + all[j].first.ToString() + " of line " +
                        std::to_string(all[j].second->GetPosition().line) + " overlap",
                    "networks of their own for 'wan:', 'lan:' and 'inner:' of each "
                    "group");
            }
        }
    }
}

void
ScenarioGroups::CheckNames(const Scenario& scenario) const
{
    for (const auto& [name, value] : scenario.parameters)
    {
        if (name == PAIR_NAMES[0] || name == PAIR_NAMES[1])
        {
            throw ScenarioError(m_groups.front().position,
                                "groups: '${" + name +
                                    "}' is a value of members, and a parameter, too",
                                "another name for the parameter");
        }
    }
}

void
ScenarioGroups::FindValues(Group& group, uint64_t seed)
{
    const auto* order = group.Find("order");
    const size_t kind = order == nullptr ? 0 : order->AsChoice({"by-number", "reversed", "random"});
    const auto* orderSeed = group.Find("order_seed");
    std::vector<size_t> ranks(group.count);
    std::iota(ranks.begin(), ranks.end(), 0);
    if (kind == 1)
    {
        std::reverse(ranks.begin(), ranks.end());
    }
    if (kind == 2)
    {
        ranks = ShufflePlaces(group.count, orderSeed == nullptr ? seed : orderSeed->AsCount());
    }
    const auto* reader = group.Find("waves");
    const uint64_t waves = reader == nullptr ? group.count : reader->AsCount();
    if (waves == 0)
    {
        reader->Fail("no wave at all", "a number from 1 on");
    }
    for (size_t i = 0; i < group.count; ++i)
    {
        const IpPrefix lan = NetworkAt(group.lan, group.lanLength, i + 1);
        group.selves.push_back(CutValues{group.NameOf(i),
                                         std::to_string(i + 1),
                                         AddressAt(group.wan, i + 1),
                                         MaskText(group.wan.length),
                                         lan.address.ToString(),
                                         MaskText(lan.length),
                                         WildcardText(lan.length),
                                         AddressAt(lan, 1)});
        group.times.push_back(
            CutValues{std::to_string(ranks[i]), std::to_string(ranks[i] * waves / group.count)});
    }
}

// --- Peers ---

size_t
ScenarioGroups::FindGroup(const ScenarioReader& name) const
{
    std::vector<std::string> names;
    for (const auto& group : m_groups)
    {
        names.push_back(group.name);
    }
    const auto at = std::find(names.begin(), names.end(), name.Text());
    if (at == names.end())
    {
        name.FailName("group", name.Text(), names);
    }
    return static_cast<size_t>(at - names.begin());
}

PeerRule
ScenarioGroups::ReadRule(const Group& group, const ScenarioReader& reader, size_t other) const
{
    const auto rule = PeerRule::Parse(reader.Text());
    if (!rule)
    {
        reader.Fail("'" + reader.Text() + "' is not right", PeerRule::Describe());
    }
    const bool same = &m_groups[other] == &group;
    const std::string fault = rule->FindFault(group.count, m_groups[other].count, same);
    if (!fault.empty())
    {
        reader.Fail("'" + reader.Text() + "' does not fit: " + fault,
                    same ? "all, others, partial, ring, next, previous, neighbours, before or after"
                         : "all, home, homes or mine");
    }
    return *rule;
}

std::vector<ScenarioGroups::Each>
ScenarioGroups::ReadEach(const Group& group, const Readers& lists) const
{
    std::vector<Each> all;
    for (const auto& item : lists)
    {
        item.CheckKeys(KeysOf("for-each"));
        Each each;
        each.of = FindGroup(item.Get("of"));
        each.which = ReadRule(group, item.Get("which"), each.of);
        each.texts = CutText::AllOf(item.Get("text"), OF_PAIR);
        all.push_back(std::move(each));
    }
    return all;
}

ScenarioGroups::Pair&
ScenarioGroups::FindPair(size_t own, size_t self, size_t other, size_t peer)
{
    const size_t a = m_groups[own].first + self;
    const size_t b = m_groups[other].first + peer;
    const auto [at, isNew] = m_pairs.emplace(Join(std::min(a, b), std::max(a, b)), Pair{});
    Pair& pair = at->second;
    if (isNew)
    {
        pair.number = m_pairs.size();
        // The first of the two groups that has addresses for tunnels gives them.
        const size_t first = std::min(own, other);
        pair.pool = m_groups[first].inner ? first : std::max(own, other);
        pair.hasInner = m_groups[pair.pool].inner.has_value();
        pair.place = pair.hasInner ? m_groups[pair.pool].innerTaken++ : 0;
    }
    return pair;
}

CutValues
ScenarioGroups::FindPairValues(size_t own,
                               size_t self,
                               size_t other,
                               size_t peer,
                               const CutText& text)
{
    const size_t a = m_groups[own].first + self;
    const size_t b = m_groups[other].first + peer;
    const auto [tunnel, isNew] = m_tunnels.emplace(Join(a, b), 0);
    if (isNew)
    {
        tunnel->second = ++m_peers[a];
    }
    const Pair& pair = FindPair(own, self, other, peer);
    CutValues values{std::to_string(pair.number), std::to_string(tunnel->second), "", "", ""};
    bool isUsed = false;
    for (size_t i = FIRST_INNER; i < PAIR_NAMES.size(); ++i)
    {
        isUsed = isUsed || text.Uses(PAIR_BLOCK, i);
    }
    if (!isUsed)
    {
        return values;
    }
    const Group& pool = m_groups[pair.pool];
    const uint64_t room =
        pair.hasInner ? uint64_t(1) << (pool.innerLength - pool.inner->length) : 0;
    if (pair.place >= room)
    {
        throw ScenarioError(text.GetPosition(),
                            pair.hasInner ? "'inner:' of group " + pool.name + " has room for " +
                                                std::to_string(room) + " tunnels"
                                          : "'${self.inner}' has no address",
                            pair.hasInner ? "a shorter prefix"
                                          : "'inner:' in group " + m_groups[own].name + " or " +
                                                m_groups[other].name);
    }
    const IpPrefix network = NetworkAt(*pool.inner, pool.innerLength, pair.place);
    const uint64_t lower = pool.innerLength == 31 ? 0 : 1;
    values[FIRST_INNER] = AddressAt(network, lower + (a < b ? 0 : 1));
    values[FIRST_INNER + 1] = AddressAt(network, lower + (a < b ? 1 : 0));
    values[FIRST_INNER + 2] = MaskText(pool.innerLength);
    return values;
}

void
ScenarioGroups::FillEach(const Each& each,
                         size_t own,
                         size_t self,
                         std::vector<ScenarioText>& texts)
{
    const Group& group = m_groups[own];
    const Group& other = m_groups[each.of];
    for (const size_t peer : each.which.FindPeers(self, group.count, other.count, own == each.of))
    {
        for (const auto& text : each.texts)
        {
            const CutValues pair = FindPairValues(own, self, each.of, peer, text);
            texts.push_back(
                text.Fill({&group.selves[self], &group.times[self], &other.selves[peer], &pair}));
        }
    }
}

// --- What is written out ---

std::string
ScenarioGroups::WriteBase(const Group& group, size_t member) const
{
    const CutValues& self = group.selves[member];
    std::string text = "hostname " + self[0] + "\ninterface " + DOOR + "\n ip address " + self[2] +
                       " " + self[3] + "\ninterface Loopback0\n ip address " + self[7] + " " +
                       self[5] + "\n";
    for (const auto& other : m_groups)
    {
        if (&other != &group && other.Get("cloud").Text() == group.Get("cloud").Text())
        {
            text += "ip route " + other.wan.address.ToString() + " " + MaskText(other.wan.length) +
                    " " + DOOR + "\n";
        }
    }
    return text;
}

void
ScenarioGroups::AddTexts(Group& group, size_t own, Scenario& scenario)
{
    const auto before = TextsOf(group.values, "config");
    const auto each = ReadEach(group, ItemsOf(group.values, "for_each"));
    const auto after = TextsOf(group.values, "config_after");
    for (size_t i = 0; i < group.count; ++i)
    {
        std::vector<ScenarioText> texts{{WriteBase(group, i), group.position}};
        for (const auto& text : before)
        {
            texts.push_back(text.Fill({&group.selves[i], &group.times[i]}));
        }
        for (const auto& item : each)
        {
            FillEach(item, own, i, texts);
        }
        for (const auto& text : after)
        {
            texts.push_back(text.Fill({&group.selves[i], &group.times[i]}));
        }
        auto& all = scenario.routers[group.first + i].texts;
        all.insert(all.begin(), texts.begin(), texts.end());
    }
}

void
ScenarioGroups::AddDoors(const Group& group, Scenario& scenario)
{
    const ScenarioReader& reader = group.Get("cloud");
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
    const auto* announce = group.Find("announce_lan");
    const bool isAnnounced = announce != nullptr && announce->AsBoolean();
    for (size_t i = 0; i < group.count; ++i)
    {
        ScenarioDoor door;
        door.router = group.NameOf(i);
        door.interface = DOOR;
        door.position = reader.GetPosition();
        if (isAnnounced)
        {
            door.behind = {NetworkAt(group.lan, group.lanLength, i + 1)};
        }
        cloud.doors.push_back(std::move(door));
    }
}

void
ScenarioGroups::AddStart(const Group& group, Scenario& scenario)
{
    const auto* start = group.Find("start");
    const auto* jitter = group.Find("start_jitter");
    std::shared_ptr<const Distribution> draw;
    const Duration at = start == nullptr ? Duration{} : start->AsDrawnSpan(draw);
    const Duration spread = jitter == nullptr ? Duration{} : jitter->AsSpan();
    if (at == Duration{} && spread == Duration{} && !draw)
    {
        return;
    }
    for (size_t i = 0; i < group.count; ++i)
    {
        ScenarioEvent event;
        event.kind = ScenarioEvent::Kind::PowerOff;
        event.where = group.NameOf(i);
        event.position = (start == nullptr ? jitter : start)->GetPosition();
        scenario.events.push_back(event);
        event.kind = ScenarioEvent::Kind::PowerOn;
        event.at = at;
        event.atDraw = draw;
        event.spread = spread;
        scenario.events.push_back(std::move(event));
    }
}

std::vector<bool>
ScenarioGroups::SelectMembers(const Group& group, const ScenarioReader& step)
{
    const auto only = step.Find("only");
    const auto except = step.Find("except");
    if (only && except)
    {
        except->Fail("'only:' stands beside it", "one of them");
    }
    std::map<std::string, size_t> members;
    for (size_t i = 0; only || except ? i < group.count : false; ++i)
    {
        members[group.NameOf(i)] = i;
    }
    std::vector<bool> selected(group.count, !only);
    const auto items = only     ? only->ItemsOrOne()
                       : except ? except->ItemsOrOne()
                                : std::vector<ScenarioReader>{};
    for (const auto& item : items)
    {
        const auto at = members.find(item.Text());
        if (at == members.end())
        {
            item.FailName("member", item.Text(), {group.NameOf(0), group.NameOf(group.count - 1)});
        }
        selected[at->second] = only.has_value();
    }
    return selected;
}

void
ScenarioGroups::AddSteps(Group& group, size_t own, Scenario& scenario)
{
    for (const auto& step : ItemsOf(group.values, "steps"))
    {
        step.CheckKeys(KeysOf("group-step"));
        const ScenarioReader time = step.Get("at");
        const CutText at(time, OF_SELF);
        const auto before = TextsOf(step, "type");
        const auto list = step.Find("for_each");
        const auto each = ReadEach(group, list ? list->Items() : Readers{});
        const auto after = TextsOf(step, "type_after");
        const auto spread = step.Find("spread");
        const auto selected = SelectMembers(group, step);
        for (size_t i = 0; i < group.count; ++i)
        {
            if (!selected[i])
            {
                continue;
            }
            const std::string when = at.Fill({&group.selves[i], &group.times[i]}).text;
            ScenarioEvent event;
            event.at = time.ToDrawnSpan(when, event.atDraw);
            event.spread = spread ? spread->AsSpan() : Duration{};
            event.where = group.NameOf(i);
            event.position = step.GetPosition();
            std::vector<ScenarioText> texts;
            for (const auto& text : before)
            {
                texts.push_back(text.Fill({&group.selves[i], &group.times[i]}));
            }
            for (const auto& item : each)
            {
                FillEach(item, own, i, texts);
            }
            for (const auto& text : after)
            {
                texts.push_back(text.Fill({&group.selves[i], &group.times[i]}));
            }
            for (const auto& text : texts)
            {
                AddLines(text, event.lines);
            }
            if (event.lines.empty())
            {
                step.Fail("nothing is typed", "'type:', 'for_each:' or 'type_after:'");
            }
            scenario.events.push_back(std::move(event));
        }
    }
}

void
ScenarioGroups::AddFlow(const Group& group, const ScenarioReader& item, Scenario& scenario) const
{
    item.CheckKeys(KeysOf("group-traffic"));
    const size_t to = FindGroup(item.Get("to"));
    const Group& other = m_groups[to];
    const PeerRule which = ReadRule(group, item.Get("which"), to);
    ScenarioFlow flow;
    flow.size = item.Get("size").AsSize();
    item.Get("every");
    ReadPace([&item](const char* key) { return item.Find(key); }, flow);
    flow.position = item.GetPosition();
    const auto stop = item.Find("stop");
    const auto spread = item.Find("spread");
    const auto both = item.Find("both");
    flow.spread = spread ? spread->AsSpan() : flow.every;
    if (stop)
    {
        flow.stop = stop->AsSpan();
        if (*flow.stop < LatestOf(flow.start, flow.startDraw) + flow.spread)
        {
            stop->Fail("not every flow has begun by then", "'start:' and 'spread:', or more");
        }
    }
    const bool isBoth = both && both->AsBoolean();
    for (size_t i = 0; i < group.count; ++i)
    {
        for (const size_t peer : which.FindPeers(i, group.count, other.count, &other == &group))
        {
            flow.from = group.NameOf(i);
            flow.to = other.NameOf(peer);
            flow.name = flow.from + "-" + flow.to;
            scenario.offer.push_back(flow);
            if (isBoth)
            {
                std::swap(flow.from, flow.to);
                flow.name = flow.from + "-" + flow.to;
                scenario.offer.push_back(flow);
            }
        }
    }
}

void
ScenarioGroups::AddFlows(const Group& group, Scenario& scenario) const
{
    for (const auto& item : ItemsOf(group.values, "traffic"))
    {
        AddFlow(group, item, scenario);
    }
}

void
ScenarioGroups::Expand(Scenario& scenario)
{
    if (m_groups.empty())
    {
        return;
    }
    CheckNames(scenario);
    for (auto& group : m_groups)
    {
        FindNetworks(group);
        FindValues(group, scenario.seed);
    }
    CheckNetworks();
    for (size_t i = 0; i < m_groups.size(); ++i)
    {
        AddTexts(m_groups[i], i, scenario);
        AddDoors(m_groups[i], scenario);
    }
    for (size_t i = 0; i < m_groups.size(); ++i)
    {
        AddStart(m_groups[i], scenario);
        AddSteps(m_groups[i], i, scenario);
        AddFlows(m_groups[i], scenario);
    }
}

} // namespace ike
} // namespace ns3
