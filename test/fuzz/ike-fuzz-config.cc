/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Target "config": the input is a configuration text of IOS. What is accepted is written, and read
 * again to an equal configuration.
 */
#include "ike-fuzz-input.h"

#include "ns3/ike-ios-parser.h"

#include <sstream>

using namespace ns3::ike;

namespace
{

/// An error names the file, a line of it, and what is wrong.
void
CheckError(const ConfigError& error)
{
    FuzzExpect(!error.message.empty(), "an error says what is wrong");
    FuzzExpect(!error.ToString().empty(), "an error can be printed");
}

/// The same lines as at a console: what is wrong changes nothing, the next line goes on; `?` after
/// each word has an answer.
void
TypeAtConsole(const std::string& text)
{
    RouterConfig config;
    IosParser parser(config);
    std::istringstream lines(text);
    std::string line;
    for (unsigned number = 1; std::getline(lines, line) && number <= 8; number++)
    {
        GetNextIosWords(parser.GetMode().kind, line);
        GetNextIosWords(parser.GetMode().kind, line + " ");
        if (const auto error = parser.ReadLine(line, TextPosition{"console", number, 1}))
        {
            CheckError(*error);
        }
        FuzzExpect(!parser.GetMode().ToPrompt().empty(), "every mode has a prompt");
    }
    CheckCompleteness(config);
    CheckDangling(config);
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (size <= 256) // each wrong line is compared with all commands of all modes
    {
        TypeAtConsole(text);
    }
    RouterConfig config;
    if (const auto error = IosParser(config).ReadText(text, "input"))
    {
        CheckError(*error);
        FuzzExpect(error->position.file == "input" && error->position.line > 0, "a place");
        return 0;
    }
    const std::vector<ConfigError> errors = CheckReferences(config);
    for (const ConfigError& error : errors)
    {
        CheckError(error);
    }
    const std::string written = WriteIos(config);
    RouterConfig again;
    const auto error = IosParser(again).ReadText(written, "written");
    FuzzExpect(!error, "what was written is read again: " + (error ? error->ToString() : ""));
    FuzzExpect(IsSameConfiguration(config, again), "written and read again to the same");
    FuzzExpect(WriteIos(again) == written, "written again to the same text");
    if (errors.empty())
    {
        ResolveEngineConfig(config, IkeKnobs());
    }
    return 0;
}
