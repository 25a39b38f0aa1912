/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_BINDINGS_H
#define IKE_BINDINGS_H

#include "ns3/ike-octets.h"
#include "ns3/ike-router-config.h"
#include "ns3/ike-short-octets.h"
#include "ns3/ike-time.h"

#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <string>
#include <vector>

namespace pybind11
{
namespace detail
{

/// Octets are bytes in Python, not lists of numbers; anything with a buffer of bytes is taken.
template <>
struct type_caster<ns3::ike::Octets>
{
  public:
    PYBIND11_TYPE_CASTER(ns3::ike::Octets, const_name("bytes"));

    bool load(handle source, bool)
    {
        if (PyObject_CheckBuffer(source.ptr()) == 0)
        {
            return false;
        }
        Py_buffer view;
        if (PyObject_GetBuffer(source.ptr(), &view, PyBUF_SIMPLE) != 0)
        {
            PyErr_Clear();
            return false;
        }
        const auto* first = static_cast<const uint8_t*>(view.buf);
        value.assign(first, first + view.len);
        PyBuffer_Release(&view);
        return true;
    }

    static handle cast(const ns3::ike::Octets& octets, return_value_policy, handle)
    {
        return bytes(reinterpret_cast<const char*>(octets.data()), octets.size()).release();
    }
};

/// The same in Python, however they are kept.
template <>
struct type_caster<ns3::ike::ShortOctets>
{
  public:
    PYBIND11_TYPE_CASTER(ns3::ike::ShortOctets, const_name("bytes"));

    bool load(handle source, bool convert)
    {
        type_caster<ns3::ike::Octets> octets;
        if (!octets.load(source, convert))
        {
            return false;
        }
        value = ns3::ike::ShortOctets(static_cast<ns3::ike::Octets&>(octets));
        return true;
    }

    static handle cast(const ns3::ike::ShortOctets& octets, return_value_policy, handle)
    {
        const ns3::ike::OctetsView view = octets.View();
        return bytes(reinterpret_cast<const char*>(view.data), view.size).release();
    }
};

} // namespace detail
} // namespace pybind11

namespace ns3
{
namespace ike
{

struct Scenario;

/**
 * @file
 * What the files of the Python package share. Each file binds one subject.
 */
namespace bindings
{

namespace py = pybind11;

void BindErrors(py::module_& m);   ///< exceptions, with the places of parsers
void BindScenario(py::module_& m); ///< scenario files and their parameters
void BindEvents(py::module_& m);   ///< events of a run, ladders, transcripts
void BindViews(py::module_& m);    ///< SAs as a look at an engine finds them
void BindRun(py::module_& m);      ///< a run that can be looked at while it goes on
void BindWire(py::module_& m);     ///< messages as values and as octets
void BindKeys(py::module_& m);     ///< Diffie-Hellman, the key schedule of IKEv1, ciphers
void BindWorld(py::module_& m);    ///< engines in memory
void BindLab(py::module_& m);      ///< races

/// Raise ConfigError for what a parser of IOS text found.
[[noreturn]] void ThrowConfigError(const ConfigError& error);
/**
 * @param value "40 ms", a number of seconds, or a datetime.timedelta
 * @param what it is, for errors
 * @return the same
 * @throws py::value_error, py::type_error
 */
Duration ReadDuration(const py::handle& value, const std::string& what);
/// The same, from 0 on.
Duration ReadSpan(const py::handle& value, const std::string& what);
/// Complain that a name means nothing (ValueError). @param kind of thing @param word it @param
/// names that are known
[[noreturn]] void ThrowUnknown(const std::string& kind,
                               const std::string& word,
                               const std::vector<std::string>& names);

/**
 * @param name of an algorithm, as ToString() says it
 * @param kind of algorithm, for the error
 * @param last of the enumeration
 * @return the algorithm
 */
template <typename E>
E
FindByName(const std::string& name, const std::string& kind, E last)
{
    std::vector<std::string> names;
    for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i)
    {
        names.push_back(ToString(static_cast<E>(i)));
        if (names.back() == name)
        {
            return static_cast<E>(i);
        }
    }
    ThrowUnknown(kind, name, names);
}

} // namespace bindings
} // namespace ike
} // namespace ns3

#endif // IKE_BINDINGS_H
