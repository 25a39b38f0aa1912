/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_BINDINGS_VALUE_H
#define IKE_BINDINGS_VALUE_H

#include "ike-bindings.h"

#include "ns3/ike-address.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{
namespace bindings
{

/// Complain about a value that was given for a field. @param field which @param wanted what it
/// takes
/// @param value that it does not take
[[noreturn]] void ThrowBadField(const std::string& field,
                                const std::string& wanted,
                                const py::handle& value);
/// @return a whole number. @param field for the error @param value any object @param greatest fits
uint64_t ReadUnsigned(const std::string& field, const py::handle& value, uint64_t greatest);
/// The same with a sign.
int64_t ReadSigned(const std::string& field, const py::handle& value);
/// "203.0.113.1"; empty: none.
std::string WriteAddress(const IpAddress& address);
/// The reverse, with an error that names the field.
IpAddress ReadAddress(const std::string& field, const py::handle& value);

template <typename T>
struct IsVector : std::false_type
{
};

template <typename T>
struct IsVector<std::vector<T>> : std::true_type
{
};

template <>
struct IsVector<Octets> : std::false_type
{
};

template <typename T>
struct IsCookie : std::false_type
{
};

template <size_t N>
struct IsCookie<std::array<uint8_t, N>> : std::true_type
{
};

/// A value of C++ as an object: enumerations are numbers, sequences tuples.
template <typename M>
py::object
ToPython(const M& value)
{
    if constexpr (std::is_enum_v<M>)
    {
        return py::int_(static_cast<uint64_t>(value));
    }
    else if constexpr (IsCookie<M>::value)
    {
        return py::bytes(reinterpret_cast<const char*>(value.data()), value.size());
    }
    else if constexpr (IsVector<M>::value)
    {
        py::tuple items(value.size());
        for (size_t i = 0; i < value.size(); ++i)
        {
            items[i] = ToPython(value[i]);
        }
        return std::move(items);
    }
    else
    {
        return py::cast(value);
    }
}

/// The reverse, with an error that names the field.
template <typename M>
M
FromPython(const std::string& field, const py::handle& value)
{
    if constexpr (std::is_same_v<M, bool>)
    {
        if (!py::isinstance<py::bool_>(value))
        {
            ThrowBadField(field, "True or False", value);
        }
        return value.cast<bool>();
    }
    else if constexpr (std::is_enum_v<M>)
    {
        return static_cast<M>(FromPython<std::underlying_type_t<M>>(field, value));
    }
    else if constexpr (std::is_integral_v<M> && std::is_unsigned_v<M>)
    {
        return static_cast<M>(ReadUnsigned(field, value, std::numeric_limits<M>::max()));
    }
    else if constexpr (std::is_integral_v<M>)
    {
        return static_cast<M>(ReadSigned(field, value));
    }
    else if constexpr (IsCookie<M>::value)
    {
        const Octets octets = FromPython<Octets>(field, value);
        M cookie{};
        if (octets.size() != cookie.size())
        {
            ThrowBadField(field, std::to_string(cookie.size()) + " octets", value);
        }
        std::copy(octets.begin(), octets.end(), cookie.begin());
        return cookie;
    }
    else if constexpr (std::is_same_v<M, ShortOctets>)
    {
        return FromPython<Octets>(field, value);
    }
    else if constexpr (IsVector<M>::value)
    {
        if (!py::isinstance<py::sequence>(value) || py::isinstance<py::str>(value) ||
            PyObject_CheckBuffer(value.ptr()) != 0)
        {
            ThrowBadField(field, "a sequence", value);
        }
        M items;
        for (const auto& item : py::reinterpret_borrow<py::sequence>(value))
        {
            items.push_back(FromPython<typename M::value_type>(field, item));
        }
        return items;
    }
    else
    {
        try
        {
            return value.cast<M>();
        }
        catch (const py::cast_error&)
        {
            ThrowBadField(field, std::is_same_v<M, Octets> ? "bytes" : "another type", value);
        }
    }
}

/**
 * A struct of values as an immutable class of Python: made with keywords (or by position), compared
 * and printed field by field, copied with replace(), pickled. Immutable, so that nobody changes a
 * copy and wonders.
 */
template <typename T>
class ValueClass
{
  public:
    ValueClass(py::module_& m, const char* name, const char* doc)
        : m_name(name),
          m_class(m, name, doc),
          m_fields(std::make_shared<std::vector<Field>>())
    {
    }

    /// A field as it is.
    template <typename M>
    ValueClass& Add(const char* name, M T::*member, const char* doc)
    {
        const std::string full = m_name + "." + name;
        return AddBy(
            name,
            [member](const T& value) { return ToPython(value.*member); },
            [member, full](T& value, const py::handle& given) {
                value.*member = FromPython<M>(full, given);
            },
            doc);
    }

    /// A field of a field. @param at a function that leads there: T& to M&, and const T& to const
    /// M&
    template <typename At>
    ValueClass& AddAt(const char* name, At at, const char* doc)
    {
        using M = std::decay_t<decltype(at(std::declval<const T&>()))>;
        const std::string full = m_name + "." + name;
        return AddBy(
            name,
            [at](const T& value) { return ToPython(at(value)); },
            [at, full](T& value, const py::handle& given) {
                at(value) = FromPython<M>(full, given);
            },
            doc);
    }

    /// The same for an enumeration that Python sees by its names. @param last of the enumeration
    template <typename At, typename E>
    ValueClass& AddName(const char* name, At at, E last, const char* doc)
    {
        const std::string full = m_name + "." + name;
        return AddBy(
            name,
            [at](const T& value) { return py::str(ToString(at(value))); },
            [at, full, last](T& value, const py::handle& given) {
                at(value) = FindByName(FromPython<std::string>(full, given), full, last);
            },
            doc);
    }

    /// The same for an address, as a text; empty: none.
    template <typename At>
    ValueClass& AddAddress(const char* name, At at, const char* doc)
    {
        const std::string full = m_name + "." + name;
        return AddBy(
            name,
            [at](const T& value) { return py::str(WriteAddress(at(value))); },
            [at, full](T& value, const py::handle& given) { at(value) = ReadAddress(full, given); },
            doc);
    }

    /// The same for a moment, in seconds; None: never.
    template <typename At>
    ValueClass& AddMoment(const char* name, At at, const char* doc)
    {
        const std::string full = m_name + "." + name;
        return AddBy(
            name,
            [at](const T& value) -> py::object {
                if (at(value) == Instant::Never())
                {
                    return py::none();
                }
                return py::float_(at(value).ToSeconds());
            },
            [at, full](T& value, const py::handle& given) {
                at(value) =
                    given.is_none() ? Instant::Never() : Instant{ReadDuration(given, full).ns};
            },
            doc);
    }

    /// A field in another form.
    ValueClass& AddBy(const char* name,
                      std::function<py::object(const T&)> get,
                      std::function<void(T&, const py::handle&)> set,
                      const char* doc)
    {
        m_class.def_property_readonly(
            name,
            [get](const T& value) { return get(value); },
            doc);
        m_fields->push_back({name, std::move(get), std::move(set)});
        return *this;
    }

    /// All fields are named: now the methods. @return the class, for more of them
    py::class_<T>& Done()
    {
        const auto fields = m_fields;
        const std::string name = m_name;
        m_class.def(py::init([fields, name](const py::args& args, const py::kwargs& kwargs) {
            T value{};
            if (args.size() > fields->size())
            {
                throw py::type_error(name + " has " + std::to_string(fields->size()) +
                                     " fields, not " + std::to_string(args.size()));
            }
            for (size_t i = 0; i < args.size(); ++i)
            {
                (*fields)[i].set(value, args[i]);
            }
            Change(*fields, name, value, kwargs);
            return value;
        }));
        m_class.def(
            "replace",
            [fields, name](const T& value, const py::kwargs& kwargs) {
                T copy = value;
                Change(*fields, name, copy, kwargs);
                return copy;
            },
            "A copy with other values in these fields.");
        m_class.def("__eq__", [fields](const T& value, const py::object& other) -> py::object {
            if (!py::isinstance<T>(other))
            {
                return py::reinterpret_borrow<py::object>(Py_NotImplemented);
            }
            return py::bool_(GetAll(*fields, value).equal(GetAll(*fields, other.cast<T>())));
        });
        m_class.def("__hash__",
                    [fields](const T& value) { return py::hash(GetAll(*fields, value)); });
        m_class.def("__repr__", [fields, name](const T& value) {
            // What is as in a new value would only hide the rest.
            const T usual{};
            std::string text;
            for (const auto& field : *fields)
            {
                if (field.get(value).equal(field.get(usual)))
                {
                    continue;
                }
                text += (text.empty() ? "" : ", ") + field.name + "=" +
                        std::string(py::repr(field.get(value)));
            }
            return name + "(" + text + ")";
        });
        m_class.def("__reduce__", [fields](const py::object& self) {
            return py::make_tuple(py::type::of(self), GetAll(*fields, self.cast<const T&>()));
        });
        py::tuple names(m_fields->size());
        for (size_t i = 0; i < m_fields->size(); ++i)
        {
            names[i] = (*m_fields)[i].name;
        }
        m_class.attr("__match_args__") = names;
        return m_class;
    }

  private:
    /// A field by its name.
    struct Field
    {
        std::string name;                               ///< in Python
        std::function<py::object(const T&)> get;        ///< its value
        std::function<void(T&, const py::handle&)> set; ///< another one
    };

    static void Change(const std::vector<Field>& fields,
                       const std::string& name,
                       T& value,
                       const py::kwargs& kwargs)
    {
        std::vector<std::string> names;
        for (const auto& field : fields)
        {
            names.push_back(field.name);
        }
        for (const auto& [key, given] : kwargs)
        {
            const std::string word = py::str(key);
            const auto found = std::find(names.begin(), names.end(), word);
            if (found == names.end())
            {
                ThrowUnknown("field of " + name, word, names);
            }
            fields[static_cast<size_t>(found - names.begin())].set(value, given);
        }
    }

    static py::tuple GetAll(const std::vector<Field>& fields, const T& value)
    {
        py::tuple all(fields.size());
        for (size_t i = 0; i < fields.size(); ++i)
        {
            all[i] = fields[i].get(value);
        }
        return all;
    }

    std::string m_name;                           ///< of the class
    py::class_<T> m_class;                        ///< in Python
    std::shared_ptr<std::vector<Field>> m_fields; ///< in order
};

} // namespace bindings
} // namespace ike
} // namespace ns3

#endif // IKE_BINDINGS_VALUE_H
