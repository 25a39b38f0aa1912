/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-parser.h"

#include "ike-ios-commands.h"
#include "ike-ios-policy-resolve.h"
#include "ike-nearest-name.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

using Kind = IosMode::Kind;

/// A line taken apart, and where it stands.
struct IosLine
{
    const std::string& text;    ///< as a whole
    std::vector<IosWord> words; ///< its words
    bool no{false};             ///< begins with `no`
    TextPosition position;      ///< of its first character

    /// The first word of the command.
    size_t First() const
    {
        return no ? 1 : 0;
    }

    /// Is it a command of a block? Nothing is said about what is none.
    IosMatch FindIn(Kind kind) const
    {
        return GetIosGrammar(kind, no).Match(words, First(), text, position, false);
    }

    /// Why it is no command of a block.
    IosMatch ExplainIn(Kind kind) const
    {
        return GetIosGrammar(kind, no).Match(words, First(), text, position);
    }
};

/// The command is known, but its feature is not there yet: points to its last keyword.
ConfigError
MakeMissingError(const IosLine& line, const IosCommand& command)
{
    const size_t patternWords = SplitIosWords(command.pattern).size();
    const IosWord& word = line.words[line.First() + patternWords - 1];
    TextPosition position = line.position;
    position.column = word.column;
    std::string name;
    for (size_t i = line.First(); i < line.First() + patternWords; i++)
    {
        name += (name.empty() ? "" : " ") + line.words[i].text;
    }
    const std::string full =
        command.pattern.find('<') == std::string::npos ? command.pattern : name;
    return ConfigError{position, word.text, "'" + full + "' is known but not supported yet", {}};
}

/// The command is not known here, but may be elsewhere: "it belongs under 'crypto ipsec profile'".
std::string
FindHome(const IosLine& line)
{
    for (int i = static_cast<int>(Kind::IsakmpPolicy); i <= static_cast<int>(Kind::RouterRip); i++)
    {
        const Kind kind = static_cast<Kind>(i);
        if (line.FindIn(kind).id >= 0)
        {
            return "it belongs under '" + DescribeIosMode(kind) + "'";
        }
    }
    return {};
}

/// A hint among the commands of the open block and the global ones.
std::string
FindNearestCommand(const IosMatch& here, const IosMatch& global, const std::string& word)
{
    std::vector<std::string> names = here.next;
    names.insert(names.end(), global.next.begin(), global.next.end());
    return MakeNearestHint(word, names);
}

/// Of two ways to misunderstand a line the one that came further explains better.
ConfigError
ChooseError(const IosLine& line, const IosMatch& here, const IosMatch& global)
{
    if (here.depth > 0 || global.depth > 0)
    {
        return global.depth > here.depth ? global.error : here.error;
    }
    ConfigError error = here.error;
    const std::string home = FindHome(line);
    error.expected = home.empty() ? FindNearestCommand(here, global, error.word) : home;
    return error;
}

/// Does a match lead to a command whose feature is there?
bool
IsThere(const IosMatch& match)
{
    return match.id >= 0 && GetIosCommands()[static_cast<size_t>(match.id)].handler;
}

/// Is there nothing to read?
bool
IsComment(const std::vector<IosWord>& words)
{
    return words.empty() || words.front().text.front() == '!';
}

} // namespace

IosParser::IosParser(RouterConfig& config)
    : m_config(config)
{
}

std::optional<ConfigError>
IosParser::ReadLine(const std::string& text, const TextPosition& position)
{
    const auto error = ReadOne(text, position);
    AssignPolicyIds(m_config);
    return error;
}

std::optional<ConfigError>
IosParser::ReadOne(const std::string& text, const TextPosition& position)
{
    IosLine line{text, SplitIosWords(text, position.column), false, position};
    if (IsComment(line.words))
    {
        return std::nullopt;
    }
    const IosWord& first = line.words.front();
    TextPosition begin = position;
    begin.column = first.column;
    if (m_ended)
    {
        return ConfigError{begin, first.text, "nothing may follow 'end'", {}};
    }
    line.no = ToLowerCase(first.text) == "no";

    // As in IOS, a global command that is typed in a block leaves the block. It also goes before a
    // command of the block that is not there yet: "ip route" before "ip route-cache".
    IosMode mode = m_mode;
    IosMatch match = line.FindIn(mode.kind);
    if (!IsThere(match) && !match.ambiguous)
    {
        const IosMatch global = line.FindIn(Kind::Global);
        if (match.id < 0 && global.id < 0)
        {
            return ChooseError(line, line.ExplainIn(mode.kind), line.ExplainIn(Kind::Global));
        }
        const bool isGlobal = match.id < 0 || IsThere(global);
        mode = isGlobal ? IosMode{} : mode;
        match = isGlobal ? global : match;
    }
    if (match.id < 0)
    {
        return line.ExplainIn(mode.kind).error;
    }
    const IosCommand& command = GetIosCommands()[static_cast<size_t>(match.id)];
    if (!command.handler)
    {
        return MakeMissingError(line, command);
    }
    begin.column = line.words[line.First()].column;
    IosContext context{m_config, mode, m_ended, begin, match.arguments};
    const auto error = command.handler(context);
    m_mode = error ? m_mode : mode;
    return error;
}

std::optional<ConfigError>
IosParser::ReadText(const std::string& text, const std::string& file)
{
    m_mode = IosMode{};
    m_ended = false;
    size_t begin = 0;
    std::optional<ConfigError> error;
    for (unsigned number = 1; begin <= text.size() && !error; number++)
    {
        const size_t end = std::min(text.find('\n', begin), text.size());
        error = ReadOne(text.substr(begin, end - begin), {file, number, 1});
        begin = end + 1;
    }
    // Once, not for each line: a hub has many.
    AssignPolicyIds(m_config);
    return error;
}

const IosMode&
IosParser::GetMode() const
{
    return m_mode;
}

void
IosParser::SetMode(const IosMode& mode)
{
    m_mode = mode;
}

bool
IosParser::HasEnded() const
{
    return m_ended;
}

std::vector<std::string>
GetNextIosWords(IosMode::Kind kind, const std::string& line)
{
    const std::vector<IosWord> words = SplitIosWords(line);
    const bool no = !words.empty() && ToLowerCase(words.front().text) == "no";
    const TextPosition begin{"", 1, 1};
    const IosMatch match = GetIosGrammar(kind, no).Match(words, no ? 1 : 0, line, begin);
    const bool understood = match.depth + (no ? 1 : 0) >= words.size();
    return understood ? match.next : std::vector<std::string>{};
}

} // namespace ike
} // namespace ns3
