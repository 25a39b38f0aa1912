/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings-value.h"

#include "ns3/ike-run-files.h"
#include "ns3/ike-scenario-error.h"
#include "ns3/ike-scenario-units.h"

#include <cmath>

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

PyObject* g_scenarioError{nullptr}; ///< the class; lives as long as the interpreter
PyObject* g_configError{nullptr};   ///< the class; lives as long as the interpreter

/// A class of exceptions for users to catch.
PyObject*
MakeException(py::module_& m, const char* name, PyObject* base, const char* doc)
{
    PyObject* type =
        PyErr_NewExceptionWithDoc((std::string("ns3ike.") + name).c_str(), doc, base, nullptr);
    m.add_object(name, type);
    return type;
}

/// Set an exception with the place of what is wrong.
void
Raise(PyObject* type,
      const std::string& text,
      const TextPosition& position,
      const std::string& message,
      const std::string& expected)
{
    py::object raised = py::reinterpret_borrow<py::object>(type)(text);
    raised.attr("file") = position.file;
    raised.attr("line") = position.line;
    raised.attr("column") = position.column;
    raised.attr("message") = message;
    raised.attr("expected") = expected;
    raised.attr("source") = "";
    raised.attr("origin") = "";
    PyErr_SetObject(type, raised.ptr());
}

/// A number that may have a sign, without what PyLong_As...() leaves behind when it fails.
py::object
ReadIndex(const std::string& field, const py::handle& value)
{
    if (PyIndex_Check(value.ptr()) == 0 || py::isinstance<py::bool_>(value))
    {
        ThrowBadField(field, "a whole number", value);
    }
    PyObject* number = PyNumber_Index(value.ptr());
    if (number == nullptr)
    {
        throw py::error_already_set();
    }
    return py::reinterpret_steal<py::object>(number);
}

} // namespace

void
BindErrors(py::module_& m)
{
    py::register_exception<RunError>(m, "RunError", PyExc_RuntimeError).doc() =
        "A run that cannot be done, or cannot go on.";
    g_scenarioError = MakeException(m,
                                    "ScenarioError",
                                    PyExc_ValueError,
                                    "What is wrong with a scenario, or with a value of one of its "
                                    "parameters.");
    g_configError =
        MakeException(m, "ConfigError", PyExc_ValueError, "What is wrong with IOS text.");
    py::register_exception_translator([](std::exception_ptr raised) {
        try
        {
            std::rethrow_exception(raised);
        }
        catch (const ScenarioError& error)
        {
            Raise(g_scenarioError,
                  error.what(),
                  error.GetPosition(),
                  error.GetMessage(),
                  error.GetExpected());
        }
    });
    m.def(
        "parse_duration",
        [](const py::object& value) { return ReadDuration(value, "duration").ns; },
        py::arg("value"),
        "Nanoseconds of \"40 ms\", of a number of seconds, or of a datetime.timedelta.");
}

void
ThrowConfigError(const ConfigError& error)
{
    Raise(g_configError, error.ToString(), error.position, error.message, error.expected);
    throw py::error_already_set();
}

Duration
ReadDuration(const py::handle& value, const std::string& what)
{
    if (py::isinstance<py::str>(value))
    {
        const auto text = value.cast<std::string>();
        if (const auto duration = ParseDuration(text))
        {
            return *duration;
        }
        throw py::value_error(what + ": '" + text +
                              "' is not right; expected a duration with its unit, as '40 ms', or "
                              "a number of seconds");
    }
    double seconds = 0;
    if (py::hasattr(value, "total_seconds"))
    {
        seconds = value.attr("total_seconds")().cast<double>();
    }
    else if ((PyFloat_Check(value.ptr()) || PyIndex_Check(value.ptr())) &&
             !py::isinstance<py::bool_>(value))
    {
        seconds = PyFloat_AsDouble(value.ptr());
        if (PyErr_Occurred() != nullptr)
        {
            throw py::error_already_set();
        }
    }
    else
    {
        ThrowBadField(what, "a duration as '40 ms', or a number of seconds", value);
    }
    constexpr double LARGEST = 9e9; // s, in nanoseconds as 64 bits
    if (!std::isfinite(seconds) || std::fabs(seconds) > LARGEST)
    {
        throw py::value_error(what + ": " + std::string(py::repr(value)) +
                              " s is no time that can be counted");
    }
    return Duration{std::llround(seconds * 1e9)};
}

Duration
ReadSpan(const py::handle& value, const std::string& what)
{
    const Duration span = ReadDuration(value, what);
    if (span < Duration{})
    {
        throw py::value_error(what + ": " + std::string(py::repr(value)) + " is negative");
    }
    return span;
}

void
ThrowUnknown(const std::string& kind,
             const std::string& word,
             const std::vector<std::string>& names)
{
    throw py::value_error("unknown " + kind + " '" + word + "'; expected " +
                          (names.empty() ? "none, there is none" : DescribeChoice(word, names)));
}

void
ThrowBadField(const std::string& field, const std::string& wanted, const py::handle& value)
{
    throw py::type_error(field + ": " + std::string(py::repr(value)) + " is not right; expected " +
                         wanted);
}

uint64_t
ReadUnsigned(const std::string& field, const py::handle& value, uint64_t greatest)
{
    const py::object number = ReadIndex(field, value);
    const uint64_t wide = PyLong_AsUnsignedLongLong(number.ptr());
    const bool failed = PyErr_Occurred() != nullptr;
    PyErr_Clear();
    if (failed || wide > greatest)
    {
        throw py::value_error(field + ": " + std::string(py::repr(value)) + " is not from 0 to " +
                              std::to_string(greatest));
    }
    return wide;
}

int64_t
ReadSigned(const std::string& field, const py::handle& value)
{
    const py::object number = ReadIndex(field, value);
    const int64_t wide = PyLong_AsLongLong(number.ptr());
    if (PyErr_Occurred() != nullptr)
    {
        PyErr_Clear();
        throw py::value_error(field + ": " + std::string(py::repr(value)) + " is too large");
    }
    return wide;
}

std::string
WriteAddress(const IpAddress& address)
{
    return address.IsNone() ? "" : address.ToString();
}

IpAddress
ReadAddress(const std::string& field, const py::handle& value)
{
    const auto text = FromPython<std::string>(field, value);
    const auto address = IpAddress::Parse(text);
    if (!text.empty() && !address)
    {
        throw py::value_error(field + ": '" + text + "' is no IP address");
    }
    return address.value_or(IpAddress());
}

} // namespace bindings
} // namespace ike
} // namespace ns3
