/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-move.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// The units of durations, the largest first.
const std::vector<std::pair<std::string, int64_t>>&
GetUnits()
{
    static const std::vector<std::pair<std::string, int64_t>> units{{"s", 1000000000},
                                                                    {"ms", 1000000},
                                                                    {"us", 1000},
                                                                    {"ns", 1}};
    return units;
}

/// What stands behind the verb of a kind.
enum class Shape : uint8_t
{
    Nothing,           ///< run
    MaybeNode,         ///< timer, timer:A
    Node,              ///< reboot:A
    NodeAndMaybeText,  ///< offer:A:NAME
    NodeAndText,       ///< config:A:NAME
    Datagram,          ///< drop:A>B#2
    DatagramAndLength, ///< delay:A:31s
    Length,            ///< wait:40ms
};

Shape
ShapeOf(MoveKind kind)
{
    switch (kind)
    {
    case MoveKind::Run:
        return Shape::Nothing;
    case MoveKind::Timer:
        return Shape::MaybeNode;
    case MoveKind::Reboot:
        return Shape::Node;
    case MoveKind::Start:
    case MoveKind::Stop:
    case MoveKind::Offer:
    case MoveKind::Clear:
        return Shape::NodeAndMaybeText;
    case MoveKind::Configure:
    case MoveKind::Type:
        return Shape::NodeAndText;
    case MoveKind::Deliver:
    case MoveKind::Drop:
    case MoveKind::Duplicate:
    case MoveKind::Late:
        return Shape::Datagram;
    case MoveKind::Delay:
        return Shape::DatagramAndLength;
    case MoveKind::Wait:
        return Shape::Length;
    }
    return Shape::Nothing;
}

const MoveKindInfo*
FindVerb(const std::string& verb)
{
    for (const MoveKindInfo& info : GetMoveKinds())
    {
        if (!info.verb.empty() && info.verb == verb)
        {
            return &info;
        }
    }
    return nullptr;
}

bool
IsNodeCharacter(char c)
{
    const auto u = static_cast<unsigned char>(c);
    return u < 0x80 && (std::isalnum(u) || c == '_' || c == '-' || c == '.');
}

void
CheckName(const std::string& name)
{
    if (name.empty() || !std::all_of(name.begin(), name.end(), IsNodeCharacter))
    {
        throw std::invalid_argument("'" + name + "' is no name of a node");
    }
}

/// "2" of "A#2".
uint32_t
ParsePlace(const std::string& text)
{
    const bool digits = !text.empty() && text.size() <= 6 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    const unsigned long place = digits ? std::stoul(text) : 0;
    if (place == 0)
    {
        throw std::invalid_argument("'" + text + "' behind # is no place in an order: 1 or more");
    }
    return static_cast<uint32_t>(place);
}

/// "A", "A>B", "A#2", "A>B#2".
void
ParseDatagram(Move& move, std::string text)
{
    const size_t hash = text.find('#');
    if (hash != std::string::npos)
    {
        move.place = ParsePlace(text.substr(hash + 1));
        text.resize(hash);
    }
    const size_t arrow = text.find('>');
    move.node = text.substr(0, arrow);
    CheckName(move.node);
    if (arrow != std::string::npos)
    {
        move.to = text.substr(arrow + 1);
        CheckName(move.to);
    }
}

/// A text may stand in quotes, in which \" is a quote and \\ a backslash.
std::string
ParseText(const std::string& text)
{
    if (text.empty() || text.front() != '"')
    {
        return text;
    }
    std::string plain;
    for (size_t i = 1; i < text.size(); i++)
    {
        if (text[i] == '"')
        {
            if (i + 1 != text.size())
            {
                throw std::invalid_argument("nothing may follow the closing quote");
            }
            return plain;
        }
        i += text[i] == '\\' && i + 1 < text.size();
        plain += text[i];
    }
    throw std::invalid_argument("a quote is not closed");
}

std::string
QuoteText(const std::string& text)
{
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return IsNodeCharacter(c) || c == '/' || c == ':';
    });
    if (plain)
    {
        return text;
    }
    std::string quoted = "\"";
    for (char c : text)
    {
        quoted += c == '"' || c == '\\' ? "\\" : "";
        quoted += c;
    }
    return quoted + "\"";
}

/// The part behind the verb.
void
ParseObject(Move& move, const MoveKindInfo& info, const std::string& object)
{
    const Shape shape = ShapeOf(info.kind);
    if (shape == Shape::Nothing || (shape == Shape::MaybeNode && object.empty()))
    {
        if (!object.empty())
        {
            throw std::invalid_argument("nothing may follow the verb, not '" + object + "'");
        }
        return;
    }
    if (shape == Shape::Length)
    {
        move.duration = ParseWordDuration(object);
        return;
    }
    const size_t colon = object.find(':');
    const bool more = colon != std::string::npos;
    const std::string first = object.substr(0, colon);
    const std::string rest = more ? object.substr(colon + 1) : "";
    if (more && (shape == Shape::MaybeNode || shape == Shape::Node || shape == Shape::Datagram))
    {
        throw std::invalid_argument("nothing may follow '" + first + "'; expected " + info.usage);
    }
    if (shape == Shape::Datagram || shape == Shape::DatagramAndLength)
    {
        ParseDatagram(move, first);
    }
    else
    {
        CheckName(first);
        move.node = first;
        move.text = ParseText(rest);
    }
    if (shape == Shape::DatagramAndLength)
    {
        move.duration = ParseWordDuration(rest);
    }
    if ((shape == Shape::NodeAndText || more) && shape != Shape::DatagramAndLength &&
        move.text.empty())
    {
        throw std::invalid_argument("something is missing behind '" + first + "'; expected " +
                                    info.usage);
    }
}

std::string
DatagramWord(const Move& move)
{
    return move.node + (move.to.empty() ? "" : ">" + move.to) +
           (move.place == 1 ? "" : "#" + std::to_string(move.place));
}

/// Words with the white space between them; quotes keep a word together.
std::vector<std::string>
SplitWords(const std::string& text)
{
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    bool comment = false;
    for (size_t i = 0; i <= text.size(); i++)
    {
        const char c = i < text.size() ? text[i] : '\n';
        const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (comment)
        {
            comment = c != '\n';
        }
        else if ((space && !quoted) || i == text.size())
        {
            if (!word.empty())
            {
                words.push_back(word);
            }
            word.clear();
        }
        else if (c == '#' && word.empty())
        {
            comment = true;
        }
        else
        {
            word += c;
            if (quoted && c == '\\' && i + 1 < text.size())
            {
                word += text[++i];
            }
            quoted = c == '"' ? !quoted : quoted;
        }
    }
    return words;
}

} // namespace

const std::vector<MoveKindInfo>&
GetMoveKinds()
{
    using K = MoveKind;
    static const std::vector<MoveKindInfo> kinds{
        {K::Deliver, "", "A, A>B, A#2", "the oldest datagram of A (to B; the second one) arrives"},
        {K::Drop, "drop", "drop:A", "it is lost"},
        {K::Duplicate, "dup", "dup:A", "it is there twice, the copy behind it"},
        {K::Late, "late", "late:A", "it goes behind all others that A has sent"},
        {K::Delay, "delay", "delay:A:31s", "it is held back for so long"},
        {K::Timer, "timer", "timer, timer:A", "the clock moves to what is due next (at A)"},
        {K::Wait, "wait", "wait:40ms", "time passes; timers in it are taken"},
        {K::Run, "run", "run", "datagrams arrive, oldest first, until none is in flight"},
        {K::Start, "start", "start:A, start:A:Tunnel0", "routes to tunnel destinations appear"},
        {K::Stop, "stop", "stop:A, stop:A:Tunnel0", "they go"},
        {K::Offer, "offer", "offer:A, offer:A:NAME", "a data packet wants to leave"},
        {K::Reboot, "reboot", "reboot:A", "A loses its state"},
        {K::Clear, "clear", "clear:A, clear:A:isakmp, clear:A:all", "an operator clears SAs"},
        {K::Configure, "config", "config:A:NAME", "A gets another configuration"},
        {K::Type, "type", "type:A:\"line\"", "a line is typed at A's console"},
    };
    return kinds;
}

std::string
ToString(const Move& move)
{
    const std::string verb = GetMoveKinds().at(static_cast<size_t>(move.kind)).verb;
    switch (ShapeOf(move.kind))
    {
    case Shape::Nothing:
        return verb;
    case Shape::Length:
        return verb + ":" + ToWord(move.duration);
    case Shape::Datagram:
        return (verb.empty() ? "" : verb + ":") + DatagramWord(move);
    case Shape::DatagramAndLength:
        return verb + ":" + DatagramWord(move) + ":" + ToWord(move.duration);
    default:
        return verb + (move.node.empty() ? "" : ":" + move.node) +
               (move.text.empty() ? "" : ":" + QuoteText(move.text));
    }
}

std::string
ToString(const Moves& moves)
{
    std::string text;
    for (const Move& move : moves)
    {
        text += (text.empty() ? "" : " ") + ToString(move);
    }
    return text;
}

Move
ParseMove(const std::string& word)
{
    const size_t colon = word.find(':');
    const std::string verb = word.substr(0, colon);
    Move move;
    if (const MoveKindInfo* info = FindVerb(verb))
    {
        move.kind = info->kind;
        ParseObject(move, *info, colon == std::string::npos ? "" : word.substr(colon + 1));
        return move;
    }
    if (colon != std::string::npos)
    {
        throw std::invalid_argument("no node " + verb + ", and no move of this name");
    }
    move.kind = MoveKind::Deliver;
    ParseDatagram(move, word);
    return move;
}

Moves
ParseSchedule(const std::string& schedule)
{
    Moves moves;
    for (const std::string& word : SplitWords(schedule))
    {
        try
        {
            moves.push_back(ParseMove(word));
        }
        catch (const std::exception& e)
        {
            throw std::invalid_argument("word " + std::to_string(moves.size() + 1) + " '" + word +
                                        "': " + e.what());
        }
    }
    return moves;
}

std::string
ToWord(Duration duration)
{
    for (const auto& [unit, ns] : GetUnits())
    {
        if (duration.ns % ns == 0)
        {
            return std::to_string(duration.ns / ns) + unit;
        }
    }
    return std::to_string(duration.ns) + "ns";
}

Duration
ParseWordDuration(const std::string& text)
{
    const size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string::npos || digits > 9)
    {
        throw std::invalid_argument("'" + text + "' is not a number (up to 9 digits) and a unit");
    }
    const std::string unit = text.substr(digits);
    for (const auto& [name, ns] : GetUnits())
    {
        if (unit == name)
        {
            return Duration{std::stoll(text.substr(0, digits)) * ns};
        }
    }
    throw std::invalid_argument("unit '" + unit + "' is not ns, us, ms or s");
}

bool
IsNodeName(const std::string& name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), IsNodeCharacter) &&
           !FindVerb(name);
}

} // namespace ike
} // namespace ns3
