/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-race-files.h"
#include "ike-race-report.h"
#include "ike-run-files.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <locale>
#include <optional>
#include <sstream>

// The part of ike-race-files.h that runs folders of races.

namespace ns3
{
namespace ike
{

namespace
{

namespace fs = std::filesystem;

/// So many lines of a change are shown.
constexpr size_t SHOWN = 12;

std::vector<fs::path>
ListRaces(const std::string& folder, const std::string& only)
{
    if (!fs::is_directory(folder))
    {
        throw RunError("there is no folder '" + folder + "'");
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
    {
        if (entry.path().extension() == ".yaml" &&
            entry.path().filename().string().find(only) != std::string::npos)
        {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::optional<std::string>
ReadKept(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
    {
        return std::nullopt;
    }
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::string
DescribeValues(const ParameterValues& parameters)
{
    std::string text;
    for (const auto& [name, value] : parameters)
    {
        text += (text.empty() ? "" : " ") + name + "=" + value;
    }
    return text;
}

/// "V1-MM-01.golden", "V1-MM-01.profile-ios.golden"
fs::path
GoldenOf(const fs::path& race, const ParameterValues& parameters)
{
    const std::string values = MakeFileName(DescribeValues(parameters));
    fs::path path = race;
    path.replace_extension((values.empty() ? "" : "." + values) + ".golden");
    return path;
}

/// Compare with what is kept, or keep it.
void
Compare(const fs::path& path, const std::string& golden, bool rewrite, RegressRow& row)
{
    using State = RegressRow::State;
    const auto kept = ReadKept(path);
    if (kept && *kept == golden)
    {
        return;
    }
    row.state = rewrite ? State::Rewritten : kept ? State::Changed : State::New;
    if (rewrite)
    {
        WriteWholeFile(path.string(), golden);
    }
    if (kept)
    {
        row.text = DescribeChange(*kept, golden, SHOWN);
    }
}

void
RunRow(const fs::path& file, const RegressOptions& options, RegressRow& row)
{
    const Scenario scenario = ScenarioFile::Load(file.string()).Expand(row.parameters);
    RaceOptions how;
    how.seed = scenario.seed;
    how.threads = options.threads;
    const RaceResult result = RunRace(scenario, how);
    row.id = result.id;
    row.summary = SummarizeRace(result);
    Compare(GoldenOf(file, row.parameters), WriteGolden(scenario, result), options.rewrite, row);
    if (!result.failures.empty())
    {
        row.state = RegressRow::State::Failed;
        std::string text;
        for (const auto& failure : result.failures)
        {
            text += failure + "\n";
        }
        row.text = text + row.text;
    }
}

void
RunTimed(const fs::path& file, const RegressOptions& options, RegressRow& row)
{
    const auto begin = std::chrono::steady_clock::now();
    if (options.progress)
    {
        options.progress(row.GetName());
    }
    try
    {
        RunRow(file, options, row);
    }
    catch (const std::exception& e)
    {
        row.state = RegressRow::State::Error;
        row.text = std::string(e.what()) + "\n";
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    row.seconds = spent.count();
}

std::string
EscapeXml(const std::string& text)
{
    std::string out;
    for (const char c : text)
    {
        switch (c)
        {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            // other control characters may not stand in XML 1.0
            out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
        }
    }
    return out;
}

std::string
FormatSeconds(double seconds)
{
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << std::fixed << std::setprecision(3) << seconds;
    return text.str();
}

} // namespace

bool
RegressRow::IsFailure() const
{
    return state == State::Changed || state == State::Failed || state == State::Error;
}

std::string
RegressRow::GetName() const
{
    const std::string values = DescribeValues(parameters);
    return fs::path(file).stem().string() + (values.empty() ? "" : " " + values);
}

std::string
ToString(RegressRow::State state)
{
    static const char* const NAMES[] = {"same", "new", "rewritten", "changed", "failed", "error"};
    return NAMES[static_cast<size_t>(state)];
}

std::vector<RegressRow>
Regress(const std::string& folder, const RegressOptions& options)
{
    std::vector<RegressRow> rows;
    for (const auto& file : ListRaces(folder, options.only))
    {
        RegressRow row;
        row.file = file.filename().string();
        std::vector<ParameterValues> variations;
        try
        {
            const Scenario scenario = ScenarioFile::Load(file.string()).Expand();
            if (!scenario.explore)
            {
                continue;
            }
            variations = GetVariations(*scenario.explore);
        }
        catch (const ScenarioError& e)
        {
            row.state = RegressRow::State::Error;
            row.text = std::string(e.what()) + "\n";
            rows.push_back(row);
        }
        for (const auto& values : variations)
        {
            row.parameters = values;
            rows.push_back(row);
            RunTimed(file, options, rows.back());
        }
    }
    if (rows.empty())
    {
        throw RunError("there is no race in '" + folder + "'" +
                       (options.only.empty() ? "" : " that is called *" + options.only + "*") +
                       ": no file *.yaml with 'explore:'");
    }
    return rows;
}

std::string
WriteJunit(const std::string& folder, const std::vector<RegressRow>& rows)
{
    size_t failures = 0;
    size_t errors = 0;
    double seconds = 0;
    std::string cases;
    for (const auto& row : rows)
    {
        const bool isError = row.state == RegressRow::State::Error;
        errors += isError ? 1 : 0;
        failures += row.IsFailure() && !isError ? 1 : 0;
        seconds += row.seconds;
        cases += "  <testcase classname=\"" + EscapeXml(fs::path(folder).filename().string()) +
                 "\" name=\"" + EscapeXml(row.GetName()) + "\" time=\"" +
                 FormatSeconds(row.seconds) + "\"";
        if (!row.IsFailure())
        {
            cases += "/>\n";
            continue;
        }
        const std::string kind = isError ? "error" : "failure";
        cases += ">\n    <" + kind + " message=\"" + EscapeXml(ToString(row.state)) + "\">" +
                 EscapeXml(row.text) + "</" + kind + ">\n  </testcase>\n";
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"races\" tests=\"" +
           std::to_string(rows.size()) + "\" failures=\"" + std::to_string(failures) +
           "\" errors=\"" + std::to_string(errors) + "\" time=\"" + FormatSeconds(seconds) +
           "\">\n" + cases + "</testsuite>\n";
}

} // namespace ike
} // namespace ns3
