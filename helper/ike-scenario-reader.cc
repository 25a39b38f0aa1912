/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-reader.h"

#include "ike-scenario-units.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

/// What the parser says, and what helps.
const struct
{
    const char* says;
    const char* expected;
} YAML_HINTS[] = {
    {"illegal map value",
     "NAME: VALUE on each line, the same indentation for all names of a section, and quotes around "
     "a text that has ': ' in it"},
    {"end of map not found",
     "NAME: VALUE on each line, and the same indentation for all names of a section"},
    {"end of map flow not found", "a '}' for each '{'"},
    {"end of sequence flow not found", "a ']' for each '['"},
    {"illegal flow end", "a '{' for each '}', and a '[' for each ']'"},
    {"illegal block entry", "each '- ' on a line of its own"},
    {"unknown token", "quotes around a text that begins so"},
    {"the referenced anchor is not defined", "quotes around a text that begins with '*'"},
};

TextPosition
PositionOf(const std::string& name, const YAML::Mark& mark)
{
    return TextPosition{name,
                        static_cast<unsigned>(mark.line + 1),
                        static_cast<unsigned>(mark.column + 1)};
}

/// @return where a tab indents a line, from 0; npos: nowhere. @param text all @param line from 0
size_t
FindTab(const std::string& text, int line)
{
    std::istringstream lines(text);
    std::string found;
    for (int i = 0; i <= line; ++i)
    {
        std::getline(lines, found);
    }
    const size_t tab = found.find('\t');
    return tab <= found.find_first_not_of(" \t") ? tab : std::string::npos;
}

} // namespace

YAML::Node
LoadYaml(const std::string& text, const std::string& name)
{
    try
    {
        const std::vector<YAML::Node> documents = YAML::LoadAll(text);
        if (documents.size() > 1 && !documents[1].IsNull())
        {
            // The parser would leave it out without a word.
            throw ScenarioError(PositionOf(name, documents[1].Mark()),
                                "a second document begins here",
                                "one in a file, without '---' in the midst of it");
        }
        return documents.empty() ? YAML::Node() : documents.front();
    }
    catch (const YAML::ParserException& e)
    {
        TextPosition position = PositionOf(name, e.mark);
        const size_t tab = FindTab(text, e.mark.line);
        if (tab != std::string::npos)
        {
            position.column = static_cast<unsigned>(tab + 1);
            throw ScenarioError(position, "this is no YAML: a tab indents this line", "spaces");
        }
        const auto hint = std::find_if(std::begin(YAML_HINTS),
                                       std::end(YAML_HINTS),
                                       [&e](const auto& known) { return e.msg == known.says; });
        throw ScenarioError(position,
                            "this is no YAML: " + e.msg,
                            hint == std::end(YAML_HINTS) ? "" : hint->expected);
    }
}

ScenarioReader::ScenarioReader(const YAML::Node& node,
                               const ReaderContext& context,
                               const std::string& what)
    : m_node(node),
      m_context(&context),
      m_what(what)
{
}

TextPosition
ScenarioReader::GetPosition() const
{
    return PositionOf(m_context->file, m_node.Mark());
}

const std::string&
ScenarioReader::GetWhat() const
{
    return m_what;
}

void
ScenarioReader::Fail(const std::string& message, const std::string& expected) const
{
    throw ScenarioError(GetPosition(), m_what + ": " + message, expected);
}

void
ScenarioReader::FailName(const std::string& kind,
                         const std::string& word,
                         const std::vector<std::string>& names) const
{
    throw ScenarioError(GetPosition(),
                        "unknown " + kind + " '" + word + "'",
                        names.empty() ? "none, nothing of the kind is declared"
                                      : DescribeChoice(word, names));
}

bool
ScenarioReader::IsMap() const
{
    return m_node.IsMap();
}

bool
ScenarioReader::IsList() const
{
    return m_node.IsSequence();
}

const std::string&
ScenarioReader::GetFolder() const
{
    return m_context->folder;
}

void
ScenarioReader::CheckUnique() const
{
    std::set<std::string> seen;
    for (const auto& [key, value] : Members())
    {
        if (!seen.insert(key.Text()).second)
        {
            key.Fail("key '" + key.Text() + "' stands here twice", "each key once");
        }
    }
}

void
ScenarioReader::CheckKeys(const std::vector<std::string>& allowed) const
{
    for (const auto& [key, value] : Members())
    {
        const std::string name = key.Text();
        if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
        {
            key.FailName("key", name, allowed);
        }
    }
    CheckUnique();
}

ScenarioReader
ScenarioReader::Get(const std::string& key) const
{
    const auto found = Find(key);
    if (!found)
    {
        Fail("key '" + key + "' is missing", "'" + key + ":'");
    }
    return *found;
}

std::optional<ScenarioReader>
ScenarioReader::Find(const std::string& key) const
{
    for (const auto& [name, value] : Members())
    {
        if (name.m_node.Scalar() == key)
        {
            return value;
        }
    }
    return std::nullopt;
}

std::vector<std::pair<ScenarioReader, ScenarioReader>>
ScenarioReader::Members() const
{
    if (!IsMap())
    {
        Fail("this is no mapping", "keys with values");
    }
    std::vector<std::pair<ScenarioReader, ScenarioReader>> members;
    for (const auto& member : m_node)
    {
        const ScenarioReader key(member.first, *m_context, m_what);
        if (!member.first.IsScalar())
        {
            key.Fail("a key must be a plain word");
        }
        members.emplace_back(key, ScenarioReader(member.second, *m_context, member.first.Scalar()));
    }
    return members;
}

std::vector<ScenarioReader>
ScenarioReader::Items() const
{
    if (!IsList())
    {
        Fail("this is no list", "a list");
    }
    return ItemsOrOne();
}

std::vector<ScenarioReader>
ScenarioReader::ItemsOrOne() const
{
    if (!IsList())
    {
        return {*this};
    }
    std::vector<ScenarioReader> items;
    for (const auto& item : m_node)
    {
        items.emplace_back(item, *m_context, m_what);
    }
    return items;
}

const ScenarioParameter&
ScenarioReader::FindDeclared(const std::string& name, const std::vector<std::string>& others) const
{
    std::vector<std::string> names;
    for (const auto& parameter : *m_context->declared)
    {
        if (parameter.name == name)
        {
            return parameter;
        }
        names.push_back(parameter.name);
    }
    names.insert(names.end(), others.begin(), others.end());
    FailName("parameter", name, names);
}

std::string
ScenarioReader::Lookup(const std::string& inner, const std::vector<std::string>& others) const
{
    if (m_context->declared == nullptr)
    {
        Fail("'${" + inner + "}' must not stand here", "a fixed value");
    }
    const size_t colon = inner.find(':');
    const auto& parameter = FindDeclared(inner.substr(0, colon), others);
    const std::string value = m_context->values.at(parameter.name);
    if (colon == std::string::npos)
    {
        return value;
    }
    const std::string unit = inner.substr(colon + 1);
    const auto duration = ParseDuration(value);
    const auto number = duration ? DurationIn(*duration, unit) : std::nullopt;
    if (!number)
    {
        Fail("'${" + inner + "}': '" + value + "' cannot be written in '" + unit + "'",
             "a duration, and one of h, min, s, ms, us, ns");
    }
    return *number;
}

std::vector<TextPiece>
ScenarioReader::Pieces(const std::vector<std::string>& names) const
{
    if (!m_node.IsScalar())
    {
        Fail("this is no single value", "a text");
    }
    const std::string& whole = m_node.Scalar();
    std::vector<TextPiece> pieces{TextPiece{}};
    size_t at = 0;
    for (size_t begin = 0; (begin = whole.find("${", at)) != std::string::npos;)
    {
        const size_t end = whole.find('}', begin);
        if (end == std::string::npos)
        {
            Fail("'${' without '}'", "'${PARAMETER}'");
        }
        pieces.back().text += whole.substr(at, begin - at);
        const std::string inner = whole.substr(begin + 2, end - begin - 2);
        if (std::find(names.begin(), names.end(), inner) != names.end())
        {
            pieces.push_back(TextPiece{inner, true});
            pieces.push_back(TextPiece{});
        }
        else
        {
            pieces.back().text += Lookup(inner, names);
        }
        at = end + 1;
    }
    pieces.back().text += whole.substr(at);
    return pieces;
}

std::string
ScenarioReader::Text() const
{
    return Pieces({}).back().text;
}

TextPosition
ScenarioReader::FindBlock() const
{
    TextPosition position = GetPosition();
    const auto& lines = m_context->lines;
    const auto& mark = lines.at(position.line - 1);
    const char indicator = mark.size() >= position.column ? mark[position.column - 1] : ' ';
    if (indicator != '|' && indicator != '>')
    {
        return position;
    }
    // The text of a literal block begins on the next line, behind its indentation.
    size_t indent = std::string::npos;
    for (size_t i = position.line; i < lines.size() && indent == std::string::npos; ++i)
    {
        indent = lines[i].find_first_not_of(' ');
    }
    position.line += 1;
    position.column = indent == std::string::npos ? 1 : static_cast<unsigned>(indent + 1);
    return position;
}

ScenarioText
ScenarioReader::Block() const
{
    return ScenarioText{Text(), FindBlock()};
}

TextTemplate
ScenarioReader::Template(const std::vector<std::string>& names) const
{
    return TextTemplate{Pieces(names), FindBlock()};
}

template <typename T>
T
ScenarioReader::Parse(std::optional<T> (*parse)(const std::string&),
                      const std::string& expected) const
{
    const std::string text = Text();
    const auto value = parse(text);
    if (!value && Distribution::IsMeant(text))
    {
        Fail("'" + text + "' stands where nothing is drawn", expected);
    }
    if (!value)
    {
        Fail("'" + text + "' is not right", expected);
    }
    return *value;
}

std::shared_ptr<const Distribution>
ScenarioReader::ReadDraw(const std::string& text, DistributionUnit unit) const
{
    try
    {
        return std::make_shared<const Distribution>(Distribution::Parse(text, unit));
    }
    catch (const DistributionError& e)
    {
        Fail("'" + text + "' is not right: " + e.what(), e.expected);
    }
}

Duration
ScenarioReader::AsDuration() const
{
    return Parse(&ParseDuration, "a duration with its unit, as '40 ms' or '10 s + 40 ms'");
}

Duration
ScenarioReader::AsSpan() const
{
    const Duration span = AsDuration();
    if (span < Duration{})
    {
        Fail("'" + Text() + "' is negative", "a duration from 0 s on");
    }
    return span;
}

Duration
ScenarioReader::AsPositiveSpan() const
{
    const Duration span = AsSpan();
    if (span == Duration{})
    {
        Fail("'" + Text() + "' is no time at all", "a duration of more than 0 s");
    }
    return span;
}

Duration
ScenarioReader::ToDrawnSpan(const std::string& text,
                            std::shared_ptr<const Distribution>& draw) const
{
    draw = Distribution::IsMeant(text) ? ReadDraw(text, DistributionUnit::Duration) : nullptr;
    const auto span = draw ? std::nullopt : ParseDuration(text);
    if (draw && draw->GetLeast() < 0)
    {
        Fail("'" + text + "' may be negative", "'min 0 s', or more");
    }
    if (!draw && (!span || *span < Duration{}))
    {
        Fail("'" + text + "' is " + (span ? "negative" : "not right"),
             "a duration from 0 s on, as '40 ms' or '10 s + 40 ms', or a distribution, as "
             "'uniform(0 s, 5 s)'");
    }
    return draw ? draw->GetSpan(0) : *span;
}

Duration
ScenarioReader::AsDrawnSpan(std::shared_ptr<const Distribution>& draw) const
{
    return ToDrawnSpan(Text(), draw);
}

bool
ScenarioReader::AsBoolean() const
{
    return AsChoice({"true", "false"}) == 0;
}

double
ScenarioReader::AsNumber() const
{
    return Parse(&ParseNumber, "a number");
}

uint64_t
ScenarioReader::AsCount() const
{
    const int64_t number = Parse(&ParseInteger, "a whole number");
    if (number < 0)
    {
        Fail("'" + Text() + "' is negative", "a number from 0 on");
    }
    return static_cast<uint64_t>(number);
}

double
ScenarioReader::AsPercent() const
{
    return Parse(&ParsePercent, "a share from '0 %' to '100 %'");
}

double
ScenarioReader::AsDrawnPercent(std::shared_ptr<const Distribution>& draw) const
{
    const std::string text = Text();
    draw = Distribution::IsMeant(text) ? ReadDraw(text, DistributionUnit::Percent) : nullptr;
    if (draw && (draw->GetLeast() < 0 || draw->GetGreatest() > 1))
    {
        Fail("'" + text + "' may be below '0 %' or above '100 %'", "'min 0 %' and 'max 100 %'");
    }
    return draw ? draw->GetQuantile(0) : AsPercent();
}

uint64_t
ScenarioReader::AsBandwidth() const
{
    const uint64_t rate = Parse(&ParseBandwidth, "a rate with its unit, as '100 Mbit/s'");
    if (rate == 0)
    {
        Fail("a rate of zero carries nothing", "more than '0 bit/s'");
    }
    return rate;
}

uint64_t
ScenarioReader::AsSize() const
{
    return Parse(&ParseSize, "a size with its unit, as '200 B'");
}

uint64_t
ScenarioReader::AsPackets() const
{
    const std::string text = Text();
    const std::string unit = " packets";
    constexpr int64_t MOST = 1000000000; // ns-3 counts them in 32 bits
    const size_t at = text.rfind(unit);
    const auto number = at == std::string::npos || at + unit.size() != text.size()
                            ? std::nullopt
                            : ParseInteger(text.substr(0, at));
    if (!number || *number < 1 || *number > MOST)
    {
        Fail("'" + text + "' is not right",
             "a number of packets, as '100 packets', up to 1000000000");
    }
    return static_cast<uint64_t>(*number);
}

std::pair<IpAddress, unsigned>
ScenarioReader::AsPrefix() const
{
    const std::string text = Text();
    const size_t slash = text.find('/');
    const auto address = IpAddress::Parse(text.substr(0, slash));
    const int64_t length =
        slash == std::string::npos ? -1 : ParseInteger(text.substr(slash + 1)).value_or(-1);
    if (!address || !address->IsV4() || length < 0 || length > 32)
    {
        Fail("'" + text + "' is not right",
             "an address with the length of its network, as "
             "'10.1.0.2/24'");
    }
    return {*address, static_cast<unsigned>(length)};
}

size_t
ScenarioReader::AsChoice(const std::vector<std::string>& choices) const
{
    const std::string text = Text();
    const auto found = std::find(choices.begin(), choices.end(), text);
    if (found == choices.end())
    {
        Fail("'" + text + "' is not right", DescribeChoice(text, choices));
    }
    return static_cast<size_t>(found - choices.begin());
}

} // namespace ike
} // namespace ns3
