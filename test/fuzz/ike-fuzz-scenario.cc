/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Target "scenario": the input is a scenario file. It is read, checked and expanded; nothing runs.
 */
#include "ike-fuzz-input.h"

#include "ns3/ike-scenario-error.h"
#include "ns3/ike-scenario.h"

using namespace ns3::ike;

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
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
