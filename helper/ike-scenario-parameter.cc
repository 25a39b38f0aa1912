/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-units.h"
#include "ike-scenario.h"

#include "ns3/ike-nearest-name.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// A value of a parameter: as it is written, and as it is compared.
struct TypedValue
{
    std::string text;               ///< canonical
    double number{0};               ///< for ranges
    std::optional<double> greatest; ///< of a distribution, of which `number` is the least
};

/// Without spaces at both ends.
std::string
Trim(const std::string& text)
{
    const size_t begin = text.find_first_not_of(" \t");
    const size_t end = text.find_last_not_of(" \t");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

/// A distribution, of which each place that takes one draws. @throws DistributionError
TypedValue
TypeDraw(const std::string& text, DistributionUnit unit)
{
    const double base = unit == DistributionUnit::Duration ? 1e9 : 1; // as Duration::ToSeconds()
    const auto draw = Distribution::Parse(text, unit);
    return TypedValue{draw.ToString(), draw.GetLeast() / base, draw.GetGreatest() / base};
}

std::optional<TypedValue>
TypeDuration(const std::string& text)
{
    if (Distribution::IsMeant(text))
    {
        return TypeDraw(text, DistributionUnit::Duration);
    }
    const auto value = ParseDuration(text);
    return value ? std::optional<TypedValue>({FormatDuration(*value), value->ToSeconds(), {}})
                 : std::nullopt;
}

std::optional<TypedValue>
TypeNumber(const std::string& text)
{
    const auto value = ParseNumber(text);
    return value ? std::optional<TypedValue>({text, *value, {}}) : std::nullopt;
}

std::optional<TypedValue>
TypeInteger(const std::string& text)
{
    const auto value = ParseInteger(text);
    return value ? std::optional<TypedValue>(
                       {std::to_string(*value), static_cast<double>(*value), {}})
                 : std::nullopt;
}

std::optional<TypedValue>
TypePercent(const std::string& text)
{
    if (Distribution::IsMeant(text))
    {
        return TypeDraw(text, DistributionUnit::Percent);
    }
    const auto value = ParsePercent(text);
    return value ? std::optional<TypedValue>(
                       {Trim(text.substr(0, text.find('%'))) + " %", *value, {}})
                 : std::nullopt;
}

std::optional<TypedValue>
TypeBoolean(const std::string& text)
{
    const bool yes = text == "true" || text == "yes" || text == "on";
    const bool no = text == "false" || text == "no" || text == "off";
    return yes || no ? std::optional<TypedValue>({yes ? "true" : "false", yes ? 1.0 : 0.0, {}})
                     : std::nullopt;
}

std::optional<TypedValue>
TypeBandwidth(const std::string& text)
{
    static const std::pair<const char*, uint64_t> UNITS[] = {
        {" Tbit/s", 1000000000000},
        {" Gbit/s", 1000000000},
        {" Mbit/s", 1000000},
        {" kbit/s", 1000},
        {" bit/s", 1},
    };
    const auto value = ParseBandwidth(text);
    for (const auto& [unit, factor] : UNITS)
    {
        if (value && *value != 0 && *value % factor == 0)
        {
            return TypedValue{std::to_string(*value / factor) + unit,
                              static_cast<double>(*value),
                              {}};
        }
    }
    return std::nullopt;
}

/// A choice is checked against its list.
std::optional<TypedValue>
TypeChoice(const std::string& text)
{
    return TypedValue{text, 0, {}};
}

/// How a type is read, and how its values are described.
struct TypeRow
{
    std::optional<TypedValue> (*read)(const std::string&); ///< nothing: not a value
    const char* expected;                                  ///< for errors and lists
};

/// By ParameterType.
constexpr TypeRow TYPES[] = {
    {TypeDuration, "a duration, as '40 ms'"},
    {TypeNumber, "a number"},
    {TypeInteger, "a whole number"},
    {TypePercent, "a share, as '0.5 %'"},
    {TypeChoice, "a word"},
    {TypeBoolean, "true or false"},
    {TypeBandwidth, "a rate, as '100 Mbit/s'"},
};

const TypeRow&
RowOf(const ScenarioParameter& parameter)
{
    return TYPES[static_cast<size_t>(parameter.type)];
}

bool
Contains(const std::vector<std::string>& list, const std::string& text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool
IsInRange(const ScenarioParameter& parameter, const TypedValue& value)
{
    if (!parameter.range)
    {
        return true;
    }
    const auto least = RowOf(parameter).read(parameter.range->first);
    const auto greatest = RowOf(parameter).read(parameter.range->second);
    return least && greatest && value.number >= least->number &&
           value.greatest.value_or(value.number) <= greatest->number;
}

/// A value, or nothing; what is wrong with a distribution is said as it is.
std::optional<TypedValue>
ReadAt(const ScenarioParameter& parameter, const std::string& text, const TextPosition& place)
{
    try
    {
        return RowOf(parameter).read(text);
    }
    catch (const DistributionError& e)
    {
        throw ScenarioError(place,
                            "parameter '" + parameter.name + "': '" + text +
                                "' is not right: " + e.what(),
                            e.expected);
    }
}

} // namespace

std::string
ScenarioParameter::Canonical(const std::string& written, const TextPosition& place) const
{
    const std::string text = Trim(written);
    if (Contains(words, text))
    {
        return text;
    }
    const auto value = ReadAt(*this, text, place);
    const bool isChoice = type == ParameterType::Choice;
    if (!value || !IsInRange(*this, *value) || (isChoice && !Contains(choices, text)))
    {
        std::vector<std::string> names = words;
        names.insert(names.end(), choices.begin(), choices.end());
        const std::string hint = MakeNearestHint(text, names);
        throw ScenarioError(place,
                            "parameter '" + name + "': '" + text + "' is not right",
                            DescribeValues() + (hint.empty() ? "" : " (" + hint + ")"));
    }
    return value->text;
}

std::string
ScenarioParameter::DescribeValues() const
{
    std::string text =
        type == ParameterType::Choice ? JoinAlternatives(choices) : RowOf(*this).expected;
    if (range)
    {
        text += " from " + range->first + " to " + range->second;
    }
    return words.empty() ? text : text + ", or " + JoinAlternatives(words);
}

} // namespace ike
} // namespace ns3
