/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Target "scenario": the input is a scenario file. It is read, checked and expanded; nothing runs.
 * Numbers of nodes are made small first: ten thousand routers take minutes under the sanitizers,
 * and find nothing that nine do not.
 */
#include "ike-fuzz-input.h"

#include "ns3/ike-scenario-error.h"
#include "ns3/ike-scenario.h"

#include <cctype>
#include <sstream>
#include <string>

using namespace ns3::ike;

namespace
{

/// Numbers of two digits and more become 9, which keeps their order.
std::string
CutNumbers(const std::string& line)
{
    const auto isDigit = [&](size_t i) {
        return i < line.size() && std::isdigit(static_cast<unsigned char>(line[i])) != 0;
    };
    std::string cut;
    for (size_t i = 0; i < line.size(); ++i)
    {
        cut += isDigit(i) && isDigit(i + 1) ? '9' : line[i];
        while (isDigit(i) && isDigit(i + 1))
        {
            ++i;
        }
    }
    return cut;
}

/// The scenario with few nodes: what says how many there are is an integer parameter or "count:".
std::string
MakeSmall(const std::string& text)
{
    std::string small;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
    {
        const bool isNumber =
            line.find("integer") != std::string::npos || line.find("count:") != std::string::npos;
        small += (isNumber ? CutNumbers(line) : line) + (lines.eof() ? "" : "\n");
    }
    return small;
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string text = MakeSmall({reinterpret_cast<const char*>(data), size});
    try
    {
        // a folder that is not there: files that a scenario names are not part of the input
        const ScenarioFile file = ScenarioFile::Parse(text, "input.yaml", "no-such-folder");
        file.Check();
        const Scenario scenario = file.Expand();
        FuzzExpect(!scenario.ToCanonicalText().empty(), "a canonical text");
        FuzzExpect(scenario.GetHash().size() == 64, "a hash");
    }
    catch (const ScenarioError& error)
    {
        FuzzExpect(std::string(error.what()).size() > 1, "an error says what is wrong");
    }
    return 0;
}
