/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"

#include "ns3/ike-scenario.h"

#include <filesystem>
#include <utility>

namespace ns3
{
namespace ike
{

std::string
PathOfShipped(const std::string& name)
{
    const auto file = std::filesystem::path("examples") / "scenarios" / (name + ".yaml");
#ifdef NS3_IKE_SCENARIO_DIR
    const auto built = std::filesystem::path(NS3_IKE_SCENARIO_DIR) / file.filename();
    if (std::filesystem::exists(built))
    {
        return built.string();
    }
#endif
    for (auto folder = std::filesystem::current_path();; folder = folder.parent_path())
    {
        for (const auto& below : {folder, folder / "contrib" / "ike"})
        {
            if (std::filesystem::exists(below / file))
            {
                return (below / file).string();
            }
        }
        if (folder == folder.parent_path())
        {
            return file.string();
        }
    }
}

std::string
Replaced(std::string text, const std::string& what, const std::string& by)
{
    const size_t at = text.find(what);
    return at == std::string::npos ? "" : text.replace(at, what.size(), by);
}

std::string
ErrorOf(const std::string& text, const std::string& file)
{
    try
    {
        ScenarioFile::Parse(text, file).Check();
    }
    catch (const ScenarioError& e)
    {
        return e.what();
    }
    return "";
}

ScenarioErrorTestCase::ScenarioErrorTestCase(const std::string& name,
                                             std::string good,
                                             std::string file)
    : TestCase(name),
      m_good(std::move(good)),
      m_file(std::move(file))
{
}

void
ScenarioErrorTestCase::Expect(const std::string& what,
                              const std::string& by,
                              const std::string& error)
{
    const std::string text = Replaced(m_good, what, by);
    NS_TEST_ASSERT_MSG_EQ(text.empty(), false, what << " is not in the text");
    const std::string got = ErrorOf(text, m_file);
    NS_TEST_EXPECT_MSG_EQ(got.substr(0, error.size()), error, by << " gives: " << got);
}

} // namespace ike
} // namespace ns3
