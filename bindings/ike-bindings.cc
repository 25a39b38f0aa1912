/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"

#include <atomic>
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace py = pybind11;
using namespace ns3::ike;

namespace
{

/// A run holds this: ns-3 has one simulation in a process, also when Python has threads.
class RunTurn
{
  public:
    RunTurn()
    {
        if (s_taken.exchange(true))
        {
            throw RunError("another run is under way: ns-3 has one simulation in a process");
        }
    }

    ~RunTurn()
    {
        s_taken = false;
    }

    RunTurn(const RunTurn&) = delete;
    RunTurn& operator=(const RunTurn&) = delete;

  private:
    static std::atomic<bool> s_taken; ///< somebody has it
};

std::atomic<bool> RunTurn::s_taken{false};

/// Runs without the interpreter's lock, which it takes back for each report of progress.
std::string
Run(const Scenario& scenario,
    uint64_t seed,
    const std::string& out,
    const std::function<void(double)>& progress)
{
    RunOptions options;
    options.seed = seed;
    options.out = out;
    options.progress = [&progress](double share) {
        py::gil_scoped_acquire lock;
        // Ctrl-C ends the run here, as it ends any loop of Python.
        if (PyErr_CheckSignals() != 0)
        {
            throw py::error_already_set();
        }
        if (progress)
        {
            progress(share);
        }
    };
    const RunTurn turn;
    return WriteResultsJson(RunScenario(scenario, options));
}

/// The Python exception of a scenario's fault: the text, and the place as attributes.
void
RaiseScenarioError(const py::object& type, const ScenarioError& error)
{
    py::object raised = type(error.what());
    const TextPosition& position = error.GetPosition();
    raised.attr("file") = position.file;
    raised.attr("line") = position.line;
    raised.attr("column") = position.column;
    PyErr_SetObject(type.ptr(), raised.ptr());
}

} // namespace

PYBIND11_MODULE(_ns3ike, m)
{
    m.doc() = "The C++ side of the package ns3ike: use that one.";

    py::register_exception<RunError>(m, "RunError", PyExc_RuntimeError);
    static const py::object scenarioError = py::reinterpret_steal<py::object>(
        PyErr_NewException("ns3ike._ns3ike.ScenarioError", PyExc_ValueError, nullptr));
    m.attr("ScenarioError") = scenarioError;
    py::register_exception_translator([](std::exception_ptr raised) {
        try
        {
            std::rethrow_exception(raised);
        }
        catch (const ScenarioError& error)
        {
            RaiseScenarioError(scenarioError, error);
        }
    });

    py::class_<ScenarioParameter>(m, "Parameter", "A declared parameter of a scenario.")
        .def_readonly("name", &ScenarioParameter::name)
        .def_readonly("default", &ScenarioParameter::defaultValue)
        .def_readonly("range", &ScenarioParameter::range)
        .def_readonly("choices", &ScenarioParameter::choices)
        .def_readonly("words", &ScenarioParameter::words)
        .def_readonly("unit", &ScenarioParameter::unit)
        .def_readonly("help", &ScenarioParameter::help)
        .def_property_readonly("values", &ScenarioParameter::DescribeValues);

    py::class_<Scenario>(m, "Expanded", "A scenario whose parameters all have values.")
        .def_readonly("name", &Scenario::name)
        .def_readonly("title", &Scenario::title)
        .def_readonly("parameters", &Scenario::parameters)
        .def_readonly("seed", &Scenario::seed)
        .def_property_readonly("duration", [](const Scenario& s) { return s.duration.ToSeconds(); })
        .def_property_readonly("hash", &Scenario::GetHash)
        .def("run",
             &Run,
             py::arg("seed"),
             py::arg("out") = "",
             py::arg("progress") = nullptr,
             py::call_guard<py::gil_scoped_release>(),
             "Run it; the results as JSON.")
        .def(
            "failed_expectations",
            [](const Scenario& s, const std::string& json) {
                return CheckExpectations(s.expect, json);
            },
            py::arg("json"),
            "A line for each expectation of the scenario that these results do not meet.");

    py::class_<ScenarioFile>(m, "ScenarioFile", "A scenario file, its parameters still open.")
        .def_static("load", &ScenarioFile::Load, py::arg("path"))
        .def_static("parse",
                    &ScenarioFile::Parse,
                    py::arg("text"),
                    py::arg("name"),
                    py::arg("folder") = ".")
        .def_property_readonly("name", &ScenarioFile::GetName)
        .def_property_readonly("title", &ScenarioFile::GetTitle)
        .def_property_readonly("description", &ScenarioFile::GetDescription)
        .def_property_readonly("parameters", &ScenarioFile::GetParameters)
        .def("expand", &ScenarioFile::Expand, py::arg("values") = ParameterValues())
        .def("check", &ScenarioFile::Check);

    m.def("version", &GetIkeVersion, "The version of the module.");
}
