/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-expand.h"

#include "ike-sim-commands.h"
#include "ike-sim-values.h"

#include "ns3/ike-results.h"
#include "ns3/ike-scenario.h"

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

namespace po = boost::program_options;

using namespace ns3::ike;
using Json = nlohmann::ordered_json;

namespace
{

/// By ParameterType, as scenario files have them.
constexpr const char* TYPE_NAMES[] = {
    "duration",
    "number",
    "integer",
    "percent",
    "choice",
    "boolean",
    "bandwidth",
};

Json
Describe(const ScenarioParameter& parameter)
{
    Json json = {{"name", parameter.name},
                 {"type", TYPE_NAMES[static_cast<size_t>(parameter.type)]},
                 {"default", parameter.defaultValue},
                 {"range", nullptr},
                 {"choices", parameter.choices},
                 {"words", parameter.words},
                 {"unit", parameter.unit},
                 {"help", parameter.help}};
    if (parameter.range)
    {
        json["range"] = {parameter.range->first, parameter.range->second};
    }
    return json;
}

/// Files that the scenario names: a run elsewhere needs them too.
std::set<std::string>
FilesOf(const Scenario& scenario)
{
    std::set<std::string> files;
    for (const auto& router : scenario.routers)
    {
        for (const auto& text : router.texts)
        {
            files.insert(text.position.file);
        }
    }
    files.erase(scenario.file);
    return files;
}

Json
DescribeFile(const ScenarioFile& file)
{
    Json json = {{"schema", RESULTS_SCHEMA},
                 {"version", GetIkeVersion()},
                 {"name", file.GetName()},
                 {"title", file.GetTitle()},
                 {"parameters", Json::array()}};
    for (const auto& parameter : file.GetParameters())
    {
        json["parameters"].push_back(Describe(parameter));
    }
    return json;
}

Json
DescribeError(const ScenarioError& error)
{
    return {{"error", error.what()},
            {"message", error.GetMessage()},
            {"expected", error.GetExpected()}};
}

/// The declared parameter, or null.
const ScenarioParameter*
FindParameter(const ScenarioFile& file, const std::string& name)
{
    for (const auto& parameter : file.GetParameters())
    {
        if (parameter.name == name)
        {
            return &parameter;
        }
    }
    return nullptr;
}

/// What is wrong with a value for itself, or null.
Json
FindWrongValue(const ScenarioFile& file, const ParameterValues& point)
{
    for (const auto& [name, value] : point)
    {
        const auto parameter = FindParameter(file, name);
        try
        {
            if (parameter != nullptr)
            {
                parameter->Canonical(value, {});
            }
        }
        catch (const ScenarioError& error)
        {
            Json json = DescribeError(error);
            json["parameter"] = name;
            return json;
        }
    }
    return nullptr;
}

/// What is wrong with the name of a quantity of the results, or null.
Json
FindWrongQuantity(Scenario scenario, const Strings& quantities)
{
    for (const auto& quantity : quantities)
    {
        ScenarioExpectation expectation;
        expectation.quantity = quantity;
        scenario.expect = {expectation};
        try
        {
            CheckQuantities(scenario);
        }
        catch (const ScenarioError& error)
        {
            Json json = DescribeError(error);
            json["quantity"] = quantity;
            return json;
        }
    }
    return nullptr;
}

Json
ExpandPoint(const ScenarioFile& file, const ParameterValues& point, const Strings& quantities)
{
    Json wrong = FindWrongValue(file, point);
    if (!wrong.is_null())
    {
        return wrong;
    }
    try
    {
        const Scenario scenario = file.Expand(point);
        wrong = FindWrongQuantity(scenario, quantities);
        return !wrong.is_null() ? wrong
                                : Json{{"parameters", scenario.parameters},
                                       {"hash", scenario.GetHash()},
                                       {"seed", scenario.seed},
                                       {"files", FilesOf(scenario)}};
    }
    catch (const ScenarioError& error)
    {
        return DescribeError(error);
    }
}

/// A line of the points. @throws UsageError when it is none
ParameterValues
ReadPoint(const std::string& line)
{
    try
    {
        return Json::parse(line).get<ParameterValues>();
    }
    catch (const Json::exception&)
    {
        throw UsageError("'" + line + "' is no point; expected a JSON object of texts");
    }
}

} // namespace

void
DeclareExpand(po::options_description& options)
{
    options.add_options()("scenario", po::value<std::string>(), "file, or name of a shipped one")(
        "points",
        po::value<std::string>()->default_value("")->value_name("FILE"),
        "a JSON object of parameters a line; -: standard input")(
        "quantity",
        po::value<Strings>()->composing()->value_name("NAME"),
        "a number that the results of all points must have; may be given again");
}

int
CommandExpand(const po::variables_map& values)
{
    if (values.count("scenario") == 0)
    {
        throw UsageError("no scenario is given");
    }
    const std::string name = FindScenario(values["scenario"].as<std::string>());
    const auto file = ScenarioFile::Load(name);
    Json head = DescribeFile(file);
    head["file"] = name;
    std::cout << head.dump() << "\n";
    const std::string points = values["points"].as<std::string>();
    std::ifstream stream;
    if (!points.empty() && points != "-")
    {
        stream.open(points);
    }
    if (!stream)
    {
        throw UsageError("cannot read file '" + points + "'");
    }
    std::istream& lines = points == "-" ? std::cin : stream;
    const Strings quantities = GetList(values, "quantity");
    std::string line;
    while (!points.empty() && std::getline(lines, line))
    {
        std::cout << ExpandPoint(file, ReadPoint(line), quantities).dump() << "\n";
    }
    return EXIT_OK;
}
