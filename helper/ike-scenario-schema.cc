/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-distribution.h"
#include "ike-scenario-keys.h"

#include "ns3/ike-crypto.h"
#include "ns3/ike-knobs.h"
#include "ns3/ike-load-balancer-table.h"
#include "ns3/ike-nat-table.h"
#include "ns3/ike-profiles.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

// The table of keys as a JSON Schema.

namespace ns3
{
namespace ike
{

namespace
{

using Json = nlohmann::ordered_json;

// Parts of regular expressions: of JavaScript, Python and others alike.

const std::string PLACE = ".*\\$\\{[^}]+\\}.*";
const std::string NUMBER = "[0-9]+(?:\\.[0-9]+)?";
const std::string FACTOR = " *" + NUMBER;
const std::string TERM = "(?: *" + NUMBER + "(?: *[*/]" + FACTOR + ")* *\\*)? *" + NUMBER +
                         " *(?:h|min|s|ms|us|ns)(?: *[*/]" + FACTOR + ")* *";
const std::string SUM = " *[+-]?" + TERM + "(?:[+-] *[+-]?" + TERM + ")*";
const std::string SHARE = "0*(?:100(?:\\.0+)?|[0-9]{1,2}(?:\\.[0-9]+)?) *%";
/// A single term with a minus before it, and a single zero.
const std::string NOT_NEGATIVE = "(?! *-[^+]*$)";
const std::string NOT_ZERO = "(?! *0+(?:\\.0+)? *(?:h|min|s|ms|us|ns) *$)";
const std::string OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
const std::string ADDRESS = OCTET + "(?:\\." + OCTET + "){3}";

/// A text: one of these, or with ${...} in it.
Json
Pattern(const std::string& pattern)
{
    return Json{{"type", "string"}, {"pattern", "^(?:" + PLACE + "|" + pattern + ")$"}};
}

/// What a list of items, or a single one, may be.
Json
OneOrMore(const Json& item)
{
    return Json{{"anyOf", {item, Json{{"type", "array"}, {"items", item}}}}};
}

Json
Ref(const std::string& name)
{
    return Json{{"$ref", "#/definitions/" + name}};
}

/// The words of a choice: as they stand, or of a table of the engine.
std::vector<std::string>
WordsOf(const std::string& of)
{
    std::vector<std::string> profiles;
    for (const auto& profile : GetProfiles())
    {
        profiles.push_back(profile.name);
    }
    const std::map<std::string, std::vector<std::string>> tables{
        {"@profiles", profiles},
        {"@crypto", GetProviderNames()},
        {"@nat", WordsOf(NatBehaviour())},
        {"@nat-esp", WordsOf(NatEsp())},
        {"@balancer-mode", WordsOf(BalancerMode())},
        {"@balancer-predictor", WordsOf(BalancerPredictor())},
        {"@balancer-outbound", WordsOf(BalancerOutbound())}};
    if (const auto table = tables.find(of); table != tables.end())
    {
        return table->second;
    }
    std::istringstream stream(of);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
    {
        words.push_back(word);
    }
    return words;
}

/// Words, numbers among them both as numbers and as texts, or ${...}.
Json
Choice(const std::string& of)
{
    Json words = Json::array();
    for (const auto& word : WordsOf(of))
    {
        if (word.find_first_not_of("0123456789") == std::string::npos)
        {
            words.push_back(std::stoi(word));
        }
        words.push_back(word);
    }
    return Json{{"anyOf", {Json{{"enum", words}}, Ref("placeholder")}}};
}

Json
Count(const std::string& of)
{
    const auto limits = WordsOf(of);
    Json count{{"type", {"integer", "string"}}, {"minimum", 0}};
    if (limits.size() == 2)
    {
        count["minimum"] = std::stoll(limits[0]);
        count["maximum"] = std::stoll(limits[1]);
    }
    count["pattern"] = "^(?:" + PLACE + "|[0-9]+)$";
    return count;
}

/// Definitions of values that many keys have; a key's own type is a reference to one.
Json
MakeValues()
{
    const std::string time = "(?:(?:" + SUM + "\\+ *)?" + Distribution::GetPattern(SUM) + ")";
    const std::string bursts = "burst\\( *" + SHARE + " *(?:, *[0-9]+ packets *){1,2}\\)";
    const Json scalar{{"type", {"string", "number", "boolean"}}};
    Json fixed = scalar;
    fixed["pattern"] = "^(?![\\s\\S]*\\$\\{)";
    Json values;
    values["placeholder"] = Json{{"type", "string"}, {"pattern", "^" + PLACE + "$"}};
    values["anything"] = Json::object();
    values["text"] = scalar;
    values["texts"] = OneOrMore(scalar);
    values["textList"] = Json{{"type", "array"}, {"items", scalar}};
    values["fixedText"] = fixed;
    values["fixedTexts"] = Json{{"type", "array"}, {"items", fixed}};
    values["identifier"] = Json{{"type", {"string", "integer"}}, {"pattern", "^[A-Za-z0-9_-]+$"}};
    values["letters"] = Pattern("[A-Za-z]+");
    values["duration"] = Pattern(NOT_NEGATIVE + SUM);
    values["longDuration"] = Pattern(NOT_NEGATIVE + NOT_ZERO + SUM);
    values["drawnTime"] = Pattern(NOT_NEGATIVE + SUM + "|" + time);
    values["drawnSpan"] = Pattern(NOT_NEGATIVE + NOT_ZERO + SUM + "|" + time);
    values["percent"] = Pattern(SHARE);
    values["drawnLoss"] = Pattern(SHARE + "|" + Distribution::GetPattern(SHARE) + "|" + bursts);
    values["boolean"] =
        Json{{"type", {"boolean", "string"}}, {"pattern", "^(?:" + PLACE + "|true|false)$"}};
    values["number"] = Json{{"type", {"number", "string"}},
                            {"pattern", "^(?:" + PLACE + "| *-? *" + NUMBER + " *)$"}};
    values["bandwidth"] = Pattern("(?!0+(?:\\.0+)? )" + NUMBER + " *[kMGT]?(?:bit/s|bps)");
    values["size"] = Pattern(NUMBER + " *(?:B|kB|MB|KiB|MiB)");
    values["packets"] = Pattern("0*[1-9][0-9]{0,9} packets");
    values["prefix"] = Pattern(ADDRESS + "/(?:3[0-2]|[12]?[0-9])");
    values["address"] = Pattern(ADDRESS);
    values["end"] = Pattern("[A-Za-z].*|" + ADDRESS + "/(?:3[0-2]|[12]?[0-9])");
    const Json prefixes = OneOrMore(Ref("prefix"));
    values["ends"] = Json{{"type", "object"},
                          {"minProperties", 2},
                          {"maxProperties", 2},
                          {"additionalProperties", Ref("end")}};
    values["namedTexts"] = Json{{"type", "object"}, {"additionalProperties", Ref("end")}};
    values["namedPrefixes"] = Json{{"type", "object"}, {"additionalProperties", prefixes}};
    values["ranks"] = Json{{"type", "object"},
                           {"properties",
                            {{"rest",
                              {{"type", {"integer", "string"}},
                               {"default", 0},
                               {"description", "Rank of all others."}}}}},
                           {"patternProperties", {{"^[0-9]{1,4}$", Ref("texts")}}},
                           {"additionalProperties", false}};
    values["condition"] =
        Json{{"type", "object"},
             {"additionalProperties", {{"anyOf", {Ref("texts"), Ref("condition-value")}}}}};
    return values;
}

/// By KeyType: the name of its definition; empty for those that `of` decides.
const std::map<KeyType, const char*> DEFINITIONS{
    {KeyType::Identifier, "identifier"},
    {KeyType::FixedText, "fixedText"},
    {KeyType::FixedTexts, "fixedTexts"},
    {KeyType::Text, "text"},
    {KeyType::Texts, "texts"},
    {KeyType::TextList, "textList"},
    {KeyType::Letters, "letters"},
    {KeyType::Duration, "duration"},
    {KeyType::LongDuration, "longDuration"},
    {KeyType::DrawnTime, "drawnTime"},
    {KeyType::DrawnSpan, "drawnSpan"},
    {KeyType::Percent, "percent"},
    {KeyType::DrawnLoss, "drawnLoss"},
    {KeyType::Boolean, "boolean"},
    {KeyType::Number, "number"},
    {KeyType::Bandwidth, "bandwidth"},
    {KeyType::Size, "size"},
    {KeyType::Packets, "packets"},
    {KeyType::Prefix, "prefix"},
    {KeyType::Address, "address"},
    {KeyType::Ends, "ends"},
    {KeyType::NamedTexts, "namedTexts"},
    {KeyType::NamedPrefixes, "namedPrefixes"},
    {KeyType::Condition, "condition"},
    {KeyType::Knobs, "knobs"},
    {KeyType::KnobOwners, "knobOwners"},
    {KeyType::Ranks, "ranks"},
    {KeyType::Anything, "anything"},
};

Json
TypeOf(const ScenarioKey& key)
{
    switch (key.type)
    {
    case KeyType::Version:
        return Json{{"enum", {1, "1"}}};
    case KeyType::Count:
        return Count(key.of);
    case KeyType::Choice:
        return Choice(key.of);
    case KeyType::Mapping:
        return Ref(key.of);
    case KeyType::MappingOf:
        return Json{{"type", "object"}, {"additionalProperties", Ref(key.of)}};
    case KeyType::ListOf:
        return Json{{"type", "array"}, {"items", Ref(key.of)}};
    default:
        return Ref(DEFINITIONS.at(key.type));
    }
}

/// Whoever looks at it in an editor wants the sentence and the default.
Json
Describe(const ScenarioKey& key)
{
    const std::string byDefault = key.byDefault;
    Json described = TypeOf(key);
    described["description"] =
        std::string(key.help) + (byDefault == "needed" ? " Needed, here or in a variant." : "");
    if (!byDefault.empty() && byDefault != "required" && byDefault != "needed")
    {
        described["default"] = byDefault;
    }
    return described;
}

Json
WriteKeys(const ScenarioMapping& mapping)
{
    Json properties = Json::object();
    Json required = Json::array();
    for (const auto& key : mapping.keys)
    {
        properties[key.name] = Describe(key);
        if (std::string(key.byDefault) == "required")
        {
            required.push_back(key.name);
        }
    }
    Json object{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
    if (!required.empty())
    {
        object["required"] = required;
    }
    return object;
}

/// A mapping; of one with several forms the keys that go together.
Json
WriteMapping(const ScenarioMapping& mapping)
{
    Json object = WriteKeys(mapping);
    Json forms = Json::array();
    for (const auto& form : GetScenarioForms())
    {
        if (std::string(form.mapping) == mapping.name)
        {
            Json only = Json::object();
            for (const auto& key : form.keys)
            {
                only[key] = true;
            }
            forms.push_back(Json{{"title", form.name},
                                 {"properties", only},
                                 {"required", form.required},
                                 {"additionalProperties", false}});
        }
    }
    if (!forms.empty())
    {
        object["anyOf"] = forms;
    }
    return object;
}

/// All knobs with their own words and units.
Json
WriteKnobs()
{
    const IkeKnobs defaults;
    Json properties = Json::object();
    for (const auto& knob : GetKnobTable())
    {
        const bool isChoice = knob.unit.find(" | ") != std::string::npos;
        std::string words = knob.unit;
        std::replace(words.begin(), words.end(), '|', ' ');
        Json value = knob.unit == "s"              ? Ref("duration")
                     : knob.unit == "true | false" ? Ref("boolean")
                     : isChoice
                         ? Choice(words)
                         : Json{{"type", {"integer", "string"}},
                                {"minimum", 0},
                                {"pattern", "^(?:" + PLACE + "|[0-9]+(?: " + knob.unit + ")?)$"}};
        value["description"] = knob.help;
        value["default"] = GetKnob(defaults, knob.name) + (knob.unit == "s" ? " s" : "");
        properties[knob.name] = value;
    }
    return Json{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

} // namespace

std::string
WriteScenarioSchema()
{
    Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                {"$id", "ns3-ike-scenario-1"},
                {"$comment",
                 "SPDX-License-Identifier: GPL-2.0-only. Written by `./ns3-ike schema` from "
                 "helper/ike-scenario-keys.cc; a test compares."},
                {"title", "A scenario of ns3-ike"}};
    const Json root = WriteMapping(FindMapping("scenario"));
    for (const auto& [key, value] : root.items())
    {
        schema[key] = value;
    }
    // Of the other sections a variant may have one alone.
    schema["anyOf"] = {Json{{"required", {"duration"}}}, Json{{"required", {"explore"}}}};
    Json definitions = MakeValues();
    definitions["knobs"] = WriteKnobs();
    definitions["knobOwners"] =
        Json{{"type", "object"},
             {"properties", {{"account", Ref("account")}, {"ledger", Ref("ledger")}}},
             {"additionalProperties", Ref("knobs")}};
    for (const auto& mapping : GetScenarioMappings())
    {
        if (std::string(mapping.name) != "scenario")
        {
            definitions[mapping.name] = WriteMapping(mapping);
        }
    }
    schema["definitions"] = definitions;
    return schema.dump(2) + "\n";
}

} // namespace ike
} // namespace ns3
