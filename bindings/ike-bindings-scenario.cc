/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings.h"

#include "ns3/ike-profiles.h"
#include "ns3/ike-results.h"
#include "ns3/ike-scenario.h"

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

std::vector<std::string>
GetRouterNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const auto& router : scenario.routers)
    {
        names.push_back(router.name);
    }
    return names;
}

std::string
GetTypeName(const ScenarioParameter& parameter)
{
    static const char* const NAMES[] =
        {"duration", "number", "integer", "percent", "choice", "boolean", "bandwidth"};
    return NAMES[static_cast<size_t>(parameter.type)];
}

/// The knobs of the engine as ./ns3-ike knobs lists them.
py::list
ListKnobs(const std::string& profile)
{
    IkeKnobs knobs;
    const std::string wrong = SetProfile(knobs, profile);
    if (!wrong.empty())
    {
        throw py::value_error(wrong);
    }
    py::list rows;
    for (const auto& knob : GetKnobTable())
    {
        py::dict row;
        row["name"] = knob.name;
        row["value"] = GetKnob(knobs, knob.name);
        row["unit"] = knob.unit;
        row["help"] = knob.help;
        row["source"] = GetKnobSource(profile, knob.name);
        rows.append(row);
    }
    return rows;
}

} // namespace

void
BindScenario(py::module_& m)
{
    py::class_<ScenarioParameter>(m, "Parameter", "A declared parameter of a scenario.")
        .def_readonly("name", &ScenarioParameter::name, "As in ${name}.")
        .def_property_readonly("type", &GetTypeName, "duration, number, integer, percent, ...")
        .def_readonly("default", &ScenarioParameter::defaultValue, "As text, with its unit.")
        .def_readonly("range", &ScenarioParameter::range, "Least and greatest value, or None.")
        .def_readonly("choices", &ScenarioParameter::choices, "Of a choice, in order.")
        .def_readonly("words", &ScenarioParameter::words, "Allowed beside values: never, auto.")
        .def_readonly("unit", &ScenarioParameter::unit, "For people.")
        .def_readonly("help", &ScenarioParameter::help, "A sentence.")
        .def_property_readonly("values",
                               &ScenarioParameter::DescribeValues,
                               "What it takes, as a text.");

    py::class_<Scenario>(m, "Expanded", "A scenario whose parameters all have values.")
        .def_readonly("name", &Scenario::name, "Short, for machines.")
        .def_readonly("title", &Scenario::title, "A line for people.")
        .def_readonly("parameters", &Scenario::parameters, "All values, written in one way.")
        .def_readonly("seed", &Scenario::seed, "Of a run, unless told otherwise.")
        .def_property_readonly(
            "duration",
            [](const Scenario& s) { return s.duration.ToSeconds(); },
            "Of a run, in s.")
        .def_property_readonly("routers", &GetRouterNames, "Routers under test, by name.")
        .def_property_readonly("hash", &Scenario::GetHash, "SHA-256 of all that decides a run.")
        .def_property_readonly("canonical",
                               &Scenario::ToCanonicalText,
                               "All that decides a run, a line per value.")
        .def(
            "failed_expectations",
            [](const Scenario& s, const std::string& json) {
                return CheckExpectations(s.expect, json);
            },
            py::arg("json"),
            "A line for each expectation of the scenario that these results do not meet.");

    py::class_<ScenarioFile>(m, "ScenarioFile", "A scenario file, its parameters still open.")
        .def_static("load", &ScenarioFile::Load, py::arg("path"), "Read a file.")
        .def_static("parse",
                    &ScenarioFile::Parse,
                    py::arg("text"),
                    py::arg("name"),
                    py::arg("folder") = ".",
                    "Read a text.")
        .def_property_readonly("name", &ScenarioFile::GetName, "Short, for machines.")
        .def_property_readonly("title", &ScenarioFile::GetTitle, "A line for people.")
        .def_property_readonly("description", &ScenarioFile::GetDescription, "More for people.")
        .def_property_readonly("parameters", &ScenarioFile::GetParameters, "As declared.")
        .def("expand",
             &ScenarioFile::Expand,
             py::arg("values") = ParameterValues(),
             "Give all parameters values.")
        .def("check",
             &ScenarioFile::Check,
             "Expand with the defaults, and with each choice of each parameter.");

    m.def("find_quantity",
          &FindQuantity,
          py::arg("json"),
          py::arg("quantity"),
          "A number of results.json by its path: totals.ipsec_duplicates.");
    m.def("list_knobs",
          &ListKnobs,
          py::arg("profile") = "ios",
          "The knobs of the engine with values, units and sources.");
}

} // namespace bindings
} // namespace ike
} // namespace ns3
