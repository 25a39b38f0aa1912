/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_FIXTURE_H
#define IKE_SCENARIO_FIXTURE_H

#include "ns3/test.h"

#include <string>

namespace ns3
{
namespace ike
{

/// Where a shipped scenario is: where the build says, or upward from the working folder.
std::string PathOfShipped(const std::string& name);
/// A scenario with one piece of its text replaced by another; empty when the piece is not there.
std::string Replaced(std::string text, const std::string& what, const std::string& by);

/// What is wrong with the text of a scenario; empty when nothing is.
std::string ErrorOf(const std::string& text, const std::string& file = "s.yaml");

/// What is wrong with a scenario, and where: each row of DoRun() is a call of Expect().
class ScenarioErrorTestCase : public TestCase
{
  protected:
    /**
     * @param name of the case
     * @param good a scenario that is right
     * @param file its name in errors
     */
    ScenarioErrorTestCase(const std::string& name, std::string good, std::string file);

    /**
     * With this piece replaced, this is wrong.
     * @param what a piece of the scenario
     * @param by what stands there instead
     * @param error how the error begins
     */
    void Expect(const std::string& what, const std::string& by, const std::string& error);

  private:
    std::string m_good; ///< a scenario that is right
    std::string m_file; ///< its name in errors
};

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_FIXTURE_H
