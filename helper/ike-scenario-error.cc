/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-error.h"

#include "ns3/ike-nearest-name.h"

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
    const std::string hint = MakeNearestHint(word, names);
    return JoinAlternatives(names) + (hint.empty() ? "" : " (" + hint + ")");
}

} // namespace ike
} // namespace ns3
