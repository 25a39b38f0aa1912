/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_KEYS_H
#define IKE_SCENARIO_KEYS_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// What stands behind a key of a scenario file.
enum class KeyType : uint8_t
{
    Version,       ///< 1
    Identifier,    ///< letters, digits, '_' and '-'; no ${...}
    FixedText,     ///< any text; no ${...}
    FixedTexts,    ///< a list of these
    Text,          ///< any text
    Texts,         ///< a text, or a list of texts
    TextList,      ///< a list of texts
    Letters,       ///< beginning of names
    Duration,      ///< from 0 s on
    LongDuration,  ///< more than 0 s
    DrawnTime,     ///< from 0 s on, or a distribution
    DrawnSpan,     ///< more than 0 s, or a distribution
    Percent,       ///< "1 %"
    DrawnLoss,     ///< "1 %", a distribution, or bursts
    Boolean,       ///< true, false
    Number,        ///< any
    Count,         ///< from 0 on, or within limits: "1 1024"
    Bandwidth,     ///< "100 Mbit/s"
    Size,          ///< "200 B"
    Packets,       ///< "100 packets"
    Prefix,        ///< "10.0.0.0/8"
    Address,       ///< "10.0.0.1"
    Choice,        ///< one of the words in `of`
    Mapping,       ///< the mapping called `of`
    MappingOf,     ///< names, and for each the mapping called `of`
    ListOf,        ///< a list of the mapping called `of`
    Ends,          ///< two nodes and where they end
    NamedTexts,    ///< names, and for each a text
    NamedPrefixes, ///< names, and for each a prefix or a list of them
    Condition,     ///< parameters and values
    Knobs,         ///< knobs of the engine
    KnobOwners,    ///< routers, and knobs of each
    Ranks,         ///< ranks by number, and nodes of each
    Anything,      ///< has forms that only the reader knows
};

/// A key of a mapping of a scenario file.
struct ScenarioKey
{
    const char* name;      ///< as written
    KeyType type;          ///< of its value
    const char* byDefault; ///< the default; "required"; "needed": in one place, maybe a variant
    const char* help;      ///< a sentence, or less
    const char* of{""};    ///< see KeyType
};

/// A mapping of a scenario file with all of its keys.
struct ScenarioMapping
{
    const char* name;              ///< "link"
    std::vector<ScenarioKey> keys; ///< in the order of the documentation
};

/// One of several things that a mapping can be.
struct ScenarioForm
{
    const char* mapping;               ///< which
    const char* name;                  ///< of the form
    std::vector<std::string> keys;     ///< that may stand in it
    std::vector<std::string> required; ///< of these
};

/**
 * All mappings. The reader knows no other keys, and the schema has these and no others: one place
 * to add a key.
 * @return in the order of the documentation
 */
const std::vector<ScenarioMapping>& GetScenarioMappings();
/// @return what events can be
const std::vector<ScenarioForm>& GetScenarioForms();
/// @return a mapping. @param name which; there must be one
const ScenarioMapping& FindMapping(const std::string& name);
/// @return the names of its keys. @param mapping which
const std::vector<std::string>& KeysOf(const std::string& mapping);
/// @return the names of the keys of a form. @param mapping which @param form which
const std::vector<std::string>& KeysOf(const std::string& mapping, const std::string& form);
/// @return a JSON Schema of scenario files
std::string WriteScenarioSchema();

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_KEYS_H
