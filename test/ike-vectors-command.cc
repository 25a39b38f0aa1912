/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-command.h"

#include "ike-vectors-directory.h"

#include <algorithm>
#include <chrono>
#include <iostream>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

const char* const USAGE =
    "usage: ike-vectors [--format table|json] DIR\n"
    "\n"
    "Runs every file of recorded or published test material in a folder: keys,\n"
    "Diffie-Hellman, ESP packets, messages, whole exchanges. The format of a\n"
    "file is recognised by its shape.\n"
    "Exit status: 0 all passed, 1 a vector failed, 2 bad usage or a bad file.\n";

/// What the user wants.
struct Options
{
    bool json{false};   ///< in place of the table
    std::string folder; ///< what to run
    std::string wrong;  ///< why not
};

Options
ReadArguments(const std::vector<std::string>& arguments)
{
    Options o;
    for (size_t i = 0; i < arguments.size() && o.wrong.empty(); ++i)
    {
        std::string value = arguments[i];
        const bool isFormat = value.compare(0, 8, "--format") == 0;
        if (isFormat && value.size() == 8)
        {
            value = ++i < arguments.size() ? "--format=" + arguments[i] : "--format=";
        }
        if (value == "--format=table" || value == "--format=json")
        {
            o.json = value == "--format=json";
        }
        else if (isFormat)
        {
            o.wrong = "--format is table or json";
        }
        else if (value.compare(0, 1, "-") == 0)
        {
            o.wrong = "unknown option: " + value;
        }
        else if (!o.folder.empty())
        {
            o.wrong = "one folder only, not " + value + ", too";
        }
        else
        {
            o.folder = value;
        }
    }
    if (o.wrong.empty() && o.folder.empty())
    {
        o.wrong = "no folder given";
    }
    return o;
}

/// Says where it is, when it takes long.
VectorProgress
MakeProgress()
{
    using Clock = std::chrono::steady_clock;
    constexpr auto PAUSE = std::chrono::seconds(2);
    auto last = std::make_shared<Clock::time_point>(Clock::now());
    return [last, PAUSE](const std::string& name, size_t number, size_t all) {
        if (Clock::now() - *last > PAUSE)
        {
            *last = Clock::now();
            std::cerr << "ike-vectors: file " << number << " of " << all << ": " << name << "\n";
        }
    };
}

} // namespace

int
RunVectorsCommand(const std::vector<std::string>& arguments)
{
    const auto isHelp = [](const std::string& a) { return a == "--help" || a == "-h"; };
    if (std::any_of(arguments.begin(), arguments.end(), isHelp))
    {
        std::cout << USAGE;
        return 0;
    }
    const Options options = ReadArguments(arguments);
    if (!options.wrong.empty())
    {
        std::cerr << "ike-vectors: " << options.wrong << "\n\n" << USAGE;
        return 2;
    }
    try
    {
        const auto crypto = MakeOpensslProvider();
        const VectorResults results = RunVectorDirectory(options.folder, *crypto, MakeProgress());
        (options.json ? PrintJson : PrintTable)(std::cout, results);
        for (const VectorFileResult& r : results.files)
        {
            if (!r.error.empty())
            {
                std::cerr << "ike-vectors: " << r.file << ": " << r.error << "\n";
            }
        }
        return results.ExitStatus();
    }
    catch (const std::exception& e)
    {
        std::cerr << "ike-vectors: " << e.what() << "\n";
        return 2;
    }
}

} // namespace tests
} // namespace ike
} // namespace ns3
