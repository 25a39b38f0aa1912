/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_ERROR_H
#define IKE_SCENARIO_ERROR_H

#include "ns3/ike-router-config.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * What is wrong with a scenario: where, what, and what was expected instead.
 */
class ScenarioError : public std::runtime_error
{
  public:
    /**
     * @param position where; without a line, the file alone names the place
     * @param message what is wrong
     * @param expected what would be right, or a hint; may be empty
     */
    ScenarioError(const TextPosition& position,
                  const std::string& message,
                  const std::string& expected = "");

    /// @return where it is wrong
    const TextPosition& GetPosition() const;
    /// @return what is wrong, without the place
    const std::string& GetMessage() const;
    /// @return what was expected, may be empty
    const std::string& GetExpected() const;

  private:
    TextPosition m_position; ///< where
    std::string m_message;   ///< what
    std::string m_expected;  ///< what would be right
};

/**
 * @param position a place in a text
 * @return "file:line:column", or what is known of it
 */
std::string ToString(const TextPosition& position);

/**
 * @param word what somebody wrote
 * @param names what is allowed
 * @return "a, b or c", and "(did you mean 'b'?)" when a name is near
 */
std::string DescribeChoice(const std::string& word, const std::vector<std::string>& names);

/**
 * @param position where
 * @param message what a parser of configuration says
 * @param hint of that parser: "expected X", "did you mean 'x'?", or what would help
 * @return the same as an error of a scenario
 */
ScenarioError MakeConfigError(const TextPosition& position,
                              const std::string& message,
                              const std::string& hint);

/**
 * @param output of a console
 * @return what it says when it has refused the line; empty when it has not. A warning is none.
 */
std::string FindRefusal(const std::string& output);

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_ERROR_H
