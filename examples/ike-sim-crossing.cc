/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-crossing.h"

#include "ns3/ike-crossing.h"

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

using namespace ns3::ike;

namespace
{

using Json = nlohmann::ordered_json;

/// Words that end alike.
struct EndGroup
{
    std::vector<const CrossingWord*> classes; ///< each by its first word
    uint64_t words{0};                        ///< all that mean one of these
};

CrossingKind
ReadKind(const std::string& kind)
{
    if (kind != "main-modes" && kind != "quick-modes")
    {
        throw std::invalid_argument("'" + kind + "': expected main-modes or quick-modes");
    }
    return kind == "main-modes" ? CrossingKind::MainModes : CrossingKind::QuickModes;
}

std::map<std::string, EndGroup>
GroupByEnd(const std::vector<CrossingWord>& words)
{
    std::map<std::string, EndGroup> groups;
    for (const auto& word : words)
    {
        EndGroup& group = groups[word.result.end.ToString()];
        group.classes.push_back(&word);
        group.words += word.words;
    }
    return groups;
}

Json
ToJson(const std::vector<CrossingWord>& words)
{
    Json all = Json::array();
    for (const auto& word : words)
    {
        all.push_back({{"word", word.word},
                       {"words", word.words},
                       {"end", word.result.end.ToString()},
                       {"schedule", ToString(word.result.moves)}});
    }
    return all;
}

} // namespace

std::string
WriteCrossings(const Scenario& scenario,
               const ScenarioWorld& world,
               const std::string& kind,
               RaceTable format)
{
    const std::vector<CrossingWord> words =
        EnumerateCrossings(world.start, ReadKind(kind), GetExplore(scenario).drive);
    if (format == RaceTable::Json)
    {
        return ToJson(words).dump(2) + "\n";
    }
    const bool isMarkdown = format == RaceTable::Markdown;
    std::string text =
        isMarkdown ? "| end state | orderings | words | which |\n|---|---|---|---|\n" : "";
    for (const auto& [end, group] : GroupByEnd(words))
    {
        const std::string counts[] = {end,
                                      std::to_string(group.classes.size()),
                                      std::to_string(group.words)};
        text += isMarkdown
                    ? "| " + counts[0] + " | " + counts[1] + " | " + counts[2] + " |"
                    : counts[0] + ": " + counts[1] + " orderings, " + counts[2] + " words\n ";
        for (const auto* word : group.classes)
        {
            text += " " + word->word;
        }
        text += isMarkdown ? " |\n" : "\n";
    }
    return text + "\n" + std::to_string(words.size()) + " orderings that are not the same\n";
}
