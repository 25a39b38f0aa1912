/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-ranks.h"

#include "ike-scenario-groups.h"
#include "ike-scenario-reader.h"
#include "ike-scenario.h"

#include "ns3/ike-nearest-name.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace ns3
{
namespace ike
{

namespace
{

/// More processes than anybody has.
constexpr uint32_t MOST_RANKS = 4096;
/// With more names than these, an error does not list them.
constexpr size_t MOST_LISTED = 20;

const char* const MEETING = "ranks meet at links alone, with 'delay:' above 0 and no 'jitter:'";

/// Does the name fit a pattern in which '*' stands for any characters?
bool
Fits(const std::string& name, const std::string& pattern)
{
    size_t at = 0;
    size_t next = 0;
    size_t star = std::string::npos; // the last one, which takes one more whenever it fails
    size_t taken = 0;
    while (at < name.size())
    {
        if (next < pattern.size() && pattern[next] == '*')
        {
            star = next++;
            taken = at;
        }
        else if (next < pattern.size() && pattern[next] == name[at])
        {
            ++next;
            ++at;
        }
        else if (star != std::string::npos)
        {
            next = star + 1;
            at = ++taken;
        }
        else
        {
            return false;
        }
    }
    return pattern.find_first_not_of('*', next) == std::string::npos;
}

/// "S12" is "S" and 12. @return the length of what stands before the number
size_t
SplitNumber(const std::string& name)
{
    size_t digits = name.size();
    while (digits > 0 && std::isdigit(static_cast<unsigned char>(name[digits - 1])) != 0)
    {
        --digits;
    }
    return digits;
}

/// Names from the first to the last of "S1..S50", as far as they can be known: no more than there
/// are nodes, and one that there is not. @return nothing when the pattern is no range
std::optional<std::vector<std::string>>
NamesOfRange(const std::string& pattern, size_t nodes)
{
    const size_t dots = pattern.find("..");
    if (dots == std::string::npos)
    {
        return std::nullopt;
    }
    const std::string first = pattern.substr(0, dots);
    const std::string last = pattern.substr(dots + 2);
    const size_t stem = SplitNumber(first);
    constexpr size_t DIGITS = 7;
    if (stem == first.size() || first.size() - stem > DIGITS || SplitNumber(last) != stem ||
        last.size() - stem > DIGITS || last.size() == stem ||
        last.compare(0, stem, first, 0, stem) != 0)
    {
        return std::nullopt;
    }
    std::vector<std::string> names;
    const unsigned long to = std::stoul(last.substr(stem));
    for (unsigned long i = std::stoul(first.substr(stem)); i <= to && names.size() <= nodes; ++i)
    {
        names.push_back(first.substr(0, stem) + std::to_string(i));
    }
    return names;
}

[[noreturn]] void
FailNode(const TextPosition& position,
         const std::string& name,
         std::vector<std::string> names,
         const std::vector<std::string>& groups)
{
    names.insert(names.end(), groups.begin(), groups.end());
    const std::string message = "unknown node '" + name + "'";
    if (names.size() <= MOST_LISTED)
    {
        throw ScenarioError(position, message, DescribeChoice(name, names));
    }
    const std::string hint = MakeNearestHint(name, names);
    throw ScenarioError(position,
                        message,
                        "the name of a node, 'S*' or 'S1..S50'" +
                            (hint.empty() ? "" : " (" + hint + ")"));
}

} // namespace

uint32_t
ScenarioRanks::Find(const std::string& node) const
{
    const auto found = ofNode.find(node);
    return found == ofNode.end() ? 0 : found->second;
}

uint32_t
ScenarioRanksReader::ReadRank(const ScenarioReader& reader)
{
    const std::string text = reader.Text();
    const bool isNumber =
        !text.empty() && text.size() <= 4 &&
        std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!isNumber || std::stoul(text) >= MOST_RANKS)
    {
        reader.Fail("'" + text + "' is no rank", "0, 1, and so on, or 'rest'");
    }
    return static_cast<uint32_t>(std::stoul(text));
}

void
ScenarioRanksReader::Read(const ScenarioReader& reader)
{
    reader.CheckUnique();
    m_isThere = true;
    m_position = reader.GetPosition();
    m_rules.clear();
    m_ranks.clear();
    m_rest = 0;
    for (const auto& [name, value] : reader.Members())
    {
        if (name.Text() == "rest")
        {
            m_rest = ReadRank(value);
            continue;
        }
        const uint32_t rank = ReadRank(name);
        m_ranks.insert(rank);
        for (const auto& item : value.ItemsOrOne())
        {
            m_rules.push_back(Rule{rank, item.Text(), item.GetPosition()});
        }
    }
}

std::vector<std::string>
ScenarioRanksReader::GetNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const auto& router : scenario.routers)
    {
        names.push_back(router.name);
    }
    for (const auto& node : scenario.nodes)
    {
        names.push_back(node.name);
    }
    return names;
}

std::vector<std::string>
ScenarioRanksReader::FindNodes(const Rule& rule,
                               const ScenarioGroups& groups,
                               const Scenario& scenario,
                               const std::vector<std::string>& names)
{
    std::vector<std::string> found;
    if (const auto members = groups.FindMembers(rule.pattern))
    {
        for (size_t i = 0; i < members->second; ++i)
        {
            found.push_back(scenario.routers[members->first + i].name);
        }
        return found;
    }
    if (rule.pattern.find('*') != std::string::npos)
    {
        std::copy_if(names.begin(), names.end(), std::back_inserter(found), [&](const auto& name) {
            return Fits(name, rule.pattern);
        });
        if (found.empty())
        {
            FailNode(rule.position, rule.pattern, names, groups.GetPatterns());
        }
        return found;
    }
    found =
        NamesOfRange(rule.pattern, names.size()).value_or(std::vector<std::string>{rule.pattern});
    if (found.empty())
    {
        throw ScenarioError(rule.position,
                            "'" + rule.pattern + "' is a range of nothing",
                            "the lower number first");
    }
    return found;
}

void
ScenarioRanksReader::Apply(const ScenarioGroups& groups, Scenario& scenario) const
{
    if (!m_isThere)
    {
        return;
    }
    const std::vector<std::string> names = GetNames(scenario);
    const std::set<std::string> known(names.begin(), names.end());
    ScenarioRanks ranks;
    ranks.position = m_position;
    for (const auto& rule : m_rules)
    {
        for (const auto& name : FindNodes(rule, groups, scenario, names))
        {
            if (known.count(name) == 0)
            {
                FailNode(rule.position, name, names, groups.GetPatterns());
            }
            const auto [place, isNew] = ranks.ofNode.emplace(name, rule.rank);
            if (!isNew)
            {
                throw ScenarioError(rule.position,
                                    "node '" + name + "' is in rank " +
                                        std::to_string(place->second) + " already",
                                    "each node in one rank, and once");
            }
        }
    }
    for (const auto& name : names)
    {
        ranks.ofNode.emplace(name, m_rest);
    }
    for (const auto& [name, rank] : ranks.ofNode)
    {
        ranks.count = std::max(ranks.count, rank + 1);
    }
    CheckRanks(ranks);
    scenario.ranks = ranks;
    CheckLinks(scenario);
    CheckClouds(scenario);
    CheckLearn(scenario);
}

void
ScenarioRanksReader::CheckRanks(const ScenarioRanks& ranks) const
{
    std::set<uint32_t> used;
    for (const auto& [name, rank] : ranks.ofNode)
    {
        used.insert(rank);
    }
    const uint32_t count = std::max(ranks.count, m_ranks.empty() ? 0 : *m_ranks.rbegin() + 1);
    for (uint32_t rank = 0; rank < count; ++rank)
    {
        if (used.count(rank) == 0)
        {
            throw ScenarioError(m_position,
                                "rank " + std::to_string(rank) + " has no node",
                                "nodes for each rank from 0 on; nodes that are not named are in "
                                "rank 'rest:', or 0");
        }
    }
}

void
ScenarioRanksReader::CheckLinks(const Scenario& scenario)
{
    for (const auto& link : scenario.links)
    {
        const uint32_t a = scenario.ranks.Find(link.ends[0].node);
        const uint32_t b = scenario.ranks.Find(link.ends[1].node);
        const std::string who = "link '" + link.name + "' joins ranks " + std::to_string(a) +
                                " and " + std::to_string(b);
        if (a != b && link.delay <= Duration{})
        {
            throw ScenarioError(link.position, who + " without delay", MEETING);
        }
        if (a != b && link.jitter != Duration{})
        {
            throw ScenarioError(link.position, who + " with jitter", MEETING);
        }
    }
}

void
ScenarioRanksReader::CheckClouds(const Scenario& scenario)
{
    for (const auto& cloud : scenario.clouds)
    {
        for (const auto& door : cloud.doors)
        {
            const auto& first = cloud.doors.front().router;
            const uint32_t a = scenario.ranks.Find(first);
            const uint32_t b = scenario.ranks.Find(door.router);
            if (a != b)
            {
                throw ScenarioError(cloud.position,
                                    "'" + cloud.name + "' has '" + first + "' of rank " +
                                        std::to_string(a) + " and '" + door.router + "' of rank " +
                                        std::to_string(b),
                                    std::string("a cloud or tree within one rank; ") + MEETING);
            }
        }
    }
}

void
ScenarioRanksReader::CheckLearn(const Scenario& scenario)
{
    for (const auto& learn : scenario.learn)
    {
        if (scenario.ranks.Find(learn.router) != scenario.ranks.Find(learn.from))
        {
            throw ScenarioError(learn.position,
                                "'" + learn.router + "' learns from '" + learn.from +
                                    "', which is in another rank",
                                "a router of its own rank");
        }
    }
}

} // namespace ike
} // namespace ns3
