/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-error.h"

#include "ns3/ike-nearest-name.h"

#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

std::string
Compose(const TextPosition& position, const std::string& message, const std::string& expected)
{
    const std::string place = ToString(position);
    return (place.empty() ? "" : place + ": ") + message +
           (expected.empty() ? "" : "; expected " + expected);
}

} // namespace

ScenarioError::ScenarioError(const TextPosition& position,
                             const std::string& message,
                             const std::string& expected)
    : std::runtime_error(Compose(position, message, expected)),
      m_position(position),
      m_message(message),
      m_expected(expected)
{
}

const TextPosition&
ScenarioError::GetPosition() const
{
    return m_position;
}

const std::string&
ScenarioError::GetMessage() const
{
    return m_message;
}

const std::string&
ScenarioError::GetExpected() const
{
    return m_expected;
}

std::string
ToString(const TextPosition& position)
{
    if (position.line == 0)
    {
        return position.file;
    }
    return position.file + ":" + std::to_string(position.line) + ":" +
           std::to_string(position.column);
}

std::string
DescribeChoice(const std::string& word, const std::vector<std::string>& names)
{
    constexpr size_t MANY = 100; // as sites of a scenario may be
    constexpr size_t SOME = 3;
    const std::string hint = MakeNearestHint(word, names);
    const std::string list = names.size() <= MANY
                                 ? JoinAlternatives(names)
                                 : JoinAlternatives({names.begin(), names.begin() + SOME}) +
                                       ", ... (" + std::to_string(names.size()) + " in all)";
    return list + (hint.empty() ? "" : " (" + hint + ")");
}

ScenarioError
MakeConfigError(const TextPosition& position, const std::string& message, const std::string& hint)
{
    const std::string expected = "expected ";
    if (hint.compare(0, expected.size(), expected) == 0)
    {
        return ScenarioError(position, message, hint.substr(expected.size()));
    }
    const bool isQuestion = hint.rfind("did you mean", 0) == 0;
    return ScenarioError(position,
                         message +
                             (hint.empty() ? ""
                              : isQuestion ? ": "
                                           : "; hint: ") +
                             hint);
}

std::string
FindRefusal(const std::string& output)
{
    // A console refuses with "% ..."; above that may be a mark, below the word that is wrong.
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);)
    {
        const size_t mark = line.find_first_not_of(" ^");
        if (mark == std::string::npos || line[mark] != '%' ||
            line.compare(mark, 9, "% Warning") == 0)
        {
            continue;
        }
        const size_t begin = line.find_first_not_of("% ", mark);
        const std::string text = begin == std::string::npos ? line : line.substr(begin);
        const size_t place = text.rfind("console:", 0) == 0 ? text.find(": ") : std::string::npos;
        return place == std::string::npos ? text : text.substr(place + 2);
    }
    return "";
}

} // namespace ike
} // namespace ns3
