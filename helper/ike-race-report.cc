/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-race-report.h"

#include "ike-race-transcript.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

/// Counts that are too large for whole numbers are so for people, too.
std::string
DescribeNumber(double number)
{
    constexpr double LARGEST = 1e15;
    if (std::isinf(number))
    {
        return "infinite";
    }
    std::ostringstream text;
    text.imbue(std::locale::classic());
    number < LARGEST ? text << std::fixed << std::setprecision(0) << number
                     : text << std::scientific << std::setprecision(3) << number;
    return text.str();
}

std::string
DescribeMoves(const Moves& moves)
{
    return moves.empty() ? "(no move)" : ToString(moves);
}

std::string
DescribeParameters(const ParameterValues& parameters)
{
    std::string text;
    for (const auto& [name, value] : parameters)
    {
        text += (text.empty() ? "" : " ") + name + "=" + value;
    }
    return text;
}

/// Is it the only schedule, so that counts say nothing?
bool
IsReplay(const RaceResult& result)
{
    return result.schedule.has_value();
}

Row
HeadOfEnds(const RaceResult& result)
{
    std::string nodes;
    for (const auto& node : result.nodes)
    {
        nodes += (nodes.empty() ? "" : "/") + node;
    }
    Row head{"end state", "IKE " + nodes, "CH " + nodes};
    if (!IsReplay(result))
    {
        if (result.coverage)
        {
            head.insert(head.end(), {"states", "schedules"});
        }
        else
        {
            head.emplace_back("runs");
        }
        head.emplace_back("shortest schedule");
    }
    return head;
}

Row
RowOf(const RaceResult& result, const EndRow& end)
{
    Row row{DescribeClasses(end.end),
            DescribeCounts(end.end.isakmp),
            DescribeCounts(end.end.pairs)};
    if (!IsReplay(result))
    {
        row.push_back(std::to_string(end.states));
        if (result.coverage)
        {
            row.push_back(DescribeNumber(end.schedules));
        }
        row.push_back(DescribeMoves(end.shortest));
    }
    return row;
}

std::vector<Row>
RowsOfEnds(const RaceResult& result)
{
    std::vector<Row> rows{HeadOfEnds(result)};
    for (const auto& end : result.ends)
    {
        rows.push_back(RowOf(result, end));
    }
    return rows;
}

std::vector<Row>
RowsOfViolations(const RaceResult& result)
{
    std::vector<Row> rows{{"oracle", "what is wrong", "times"}};
    if (!IsReplay(result))
    {
        rows.front().emplace_back("shortest schedule");
    }
    for (const auto& violation : result.violations)
    {
        rows.push_back({violation.violation.oracle,
                        violation.violation.text,
                        std::to_string(violation.count)});
        if (!IsReplay(result))
        {
            rows.back().push_back(DescribeMoves(violation.shortest));
        }
    }
    return rows;
}

/// The last column may be as long as it likes.
std::string
WriteColumns(const std::vector<Row>& rows)
{
    std::vector<size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows)
    {
        for (size_t i = 0; i + 1 < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const auto& row : rows)
    {
        text += " ";
        for (size_t i = 0; i < row.size(); ++i)
        {
            text += " " + row[i];
            text += i + 1 < row.size() ? std::string(widths[i] + 1 - row[i].size(), ' ') : "\n";
        }
    }
    return text;
}

std::string
WriteMarkdown(const std::vector<Row>& rows)
{
    std::string text;
    for (size_t i = 0; i < rows.size(); ++i)
    {
        text += "|";
        for (const auto& cell : rows[i])
        {
            std::string safe;
            for (const char c : cell)
            {
                safe += c == '|' ? "\\|" : std::string(1, c);
            }
            text += " " + safe + " |";
        }
        text += "\n";
        if (i == 0)
        {
            text += "|";
            for (size_t j = 0; j < rows[i].size(); ++j)
            {
                text += "---|";
            }
            text += "\n";
        }
    }
    return text;
}

std::string
WriteTable(const std::vector<Row>& rows, RaceTable format)
{
    return format == RaceTable::Markdown ? WriteMarkdown(rows) : WriteColumns(rows);
}

std::string
DescribeCoverage(const RaceResult& result)
{
    if (result.coverage)
    {
        return result.coverage->ToString();
    }
    return IsReplay(result)
               ? "one schedule"
               : std::to_string(result.runs) + " schedules by chance: nothing is claimed of others";
}

std::string
Trimmed(std::string text)
{
    while (!text.empty() && text.back() == '\n')
    {
        text.pop_back();
    }
    return text;
}

/// What both tables and goldens begin with.
std::string
WriteHead(const RaceResult& result)
{
    std::string text = "scenario: " + result.scenario + ": " + result.title + "\n";
    if (!result.parameters.empty())
    {
        text += "parameters: " + DescribeParameters(result.parameters) + "\n";
    }
    text += "seed: " + std::to_string(result.seed) + "\n";
    text += result.leftOut.empty() ? "" : result.leftOut + "\n";
    text += "begin: " + DescribeMoves(result.begin) + "\n";
    if (result.schedule)
    {
        text += "schedule: " + DescribeMoves(*result.schedule) + "\n";
    }
    return text;
}

Json
ToJson(const Moves& moves)
{
    return ToString(moves);
}

Json
ToJson(const Coverage& coverage)
{
    return {
        {"bounds", ToString(coverage.bounds)},
        {"complete", coverage.complete},
        {"cut_by", coverage.cutBy},
        {"states", coverage.states},
        {"worlds", coverage.worlds},
        {"transitions", coverage.transitions},
        {"merged", coverage.merged},
        {"pruned", coverage.pruned},
        {"ends", coverage.ends},
        {"deepest", coverage.deepest},
        {"schedules", std::isinf(coverage.schedules) ? Json(nullptr) : Json(coverage.schedules)},
        {"reduced", coverage.reduce},
        {"text", coverage.ToString()}};
}

Json
ToJson(const EndRow& row)
{
    Json classes = Json::array();
    for (const EndClass c : row.end.classes)
    {
        classes.push_back(ToString(c));
    }
    return {{"end", row.end.ToString()},
            {"classes", classes},
            {"isakmp_surplus", row.end.isakmpSurplus},
            {"pair_surplus", row.end.pairSurplus},
            {"isakmp", row.end.isakmp},
            {"pairs", row.end.pairs},
            {"states", row.states},
            {"schedules", std::isinf(row.schedules) ? Json(nullptr) : Json(row.schedules)},
            {"shortest", ToJson(row.shortest)}};
}

Json
ToJson(const RaceResult& result)
{
    Json json{{"scenario", result.scenario},
              {"title", result.title},
              {"id", result.id},
              {"parameters", result.parameters},
              {"seed", result.seed},
              {"nodes", result.nodes},
              {"left_out", result.leftOut},
              {"begin", ToJson(result.begin)},
              {"schedule", result.schedule ? ToJson(*result.schedule) : Json(nullptr)},
              {"runs", result.runs},
              {"ends", Json::array()},
              {"violations", Json::array()},
              {"coverage", result.coverage ? ToJson(*result.coverage) : Json(nullptr)},
              {"failures", result.failures}};
    for (const auto& row : result.ends)
    {
        json["ends"].push_back(ToJson(row));
    }
    for (const auto& row : result.violations)
    {
        json["violations"].push_back({{"oracle", row.violation.oracle},
                                      {"text", row.violation.text},
                                      {"count", row.count},
                                      {"shortest", ToJson(row.shortest)}});
    }
    return json;
}

std::vector<std::string>
SplitLines(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
    {
        lines.push_back(line);
    }
    return lines;
}

} // namespace

std::string
DescribeClasses(const EndState& end)
{
    const std::string text = end.ToString();
    return text.substr(0, text.find(';'));
}

std::string
DescribeCounts(const std::vector<uint32_t>& counts)
{
    std::string text;
    for (const uint32_t count : counts)
    {
        text += (text.empty() ? "" : "/") + std::to_string(count);
    }
    return text;
}

std::string
WriteRace(const RaceResult& result, RaceTable format)
{
    if (format == RaceTable::Json)
    {
        return ToJson(result).dump(2) + "\n";
    }
    std::string text;
    if (format == RaceTable::Text)
    {
        text += WriteHead(result) + "\n";
    }
    text += WriteTable(RowsOfEnds(result), format) + "\n";
    if (!result.violations.empty())
    {
        text += WriteTable(RowsOfViolations(result), format) + "\n";
    }
    text += Trimmed(DescribeCoverage(result)) + "\n";
    for (const auto& failure : result.failures)
    {
        text += "failed: " + failure + "\n";
    }
    return text;
}

std::string
WriteGolden(const Scenario& scenario, const RaceResult& result)
{
    std::string text = WriteHead(result);
    for (const auto& row : result.ends)
    {
        text += "end: " + row.end.ToString();
        if (!IsReplay(result))
        {
            text += ", " + std::to_string(row.states) +
                    (result.coverage ? " states, " + DescribeNumber(row.schedules) + " schedules"
                                     : " runs") +
                    ", by: " + DescribeMoves(row.shortest);
        }
        text += "\n";
    }
    for (const auto& row : result.violations)
    {
        text += "oracle " + row.violation.oracle + " fails " + std::to_string(row.count) +
                " times: " + row.violation.text;
        text += IsReplay(result) ? "\n" : ", by: " + DescribeMoves(row.shortest) + "\n";
    }
    if (!IsReplay(result))
    {
        return text + Trimmed(DescribeCoverage(result)) + "\n";
    }
    return text + "\n" +
           WriteSteps(BuildWorld(scenario, result.seed),
                      *result.schedule,
                      GetExplore(scenario).drive.rest);
}

std::string
DescribeChange(const std::string& before, const std::string& after, size_t most)
{
    const auto old = SplitLines(before);
    const auto now = SplitLines(after);
    size_t same = 0;
    while (same < old.size() && same < now.size() && old[same] == now[same])
    {
        ++same;
    }
    size_t tail = 0;
    while (same + tail < old.size() && same + tail < now.size() &&
           old[old.size() - 1 - tail] == now[now.size() - 1 - tail])
    {
        ++tail;
    }
    std::string text;
    const auto add = [&](const std::vector<std::string>& lines, const char* sign) {
        const size_t end = lines.size() - tail;
        for (size_t i = same; i < end && i < same + most; ++i)
        {
            text += sign + lines[i] + "\n";
        }
        if (same + most < end)
        {
            text += std::string(sign) + "(" + std::to_string(end - same - most) + " more lines)\n";
        }
    };
    add(old, "- ");
    add(now, "+ ");
    return text;
}

std::string
SummarizeRace(const RaceResult& result)
{
    if (IsReplay(result))
    {
        return result.ends.front().end.ToString();
    }
    const std::string count =
        std::to_string(result.ends.size()) + " end state" + (result.ends.size() == 1 ? "" : "s");
    return result.coverage ? count + " of " + std::to_string(result.coverage->states) + " states"
                           : count + " of " + std::to_string(result.runs) + " runs";
}

} // namespace ike
} // namespace ns3
