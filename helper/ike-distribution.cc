/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-distribution.h"

#include "ike-scenario-error.h"
#include "ike-scenario-units.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace ike
{

namespace
{

constexpr double INFINITE = std::numeric_limits<double>::infinity();
/// Far beyond any run, and far from where sums of nanoseconds overflow (ParseDuration()).
constexpr double LONGEST = 3.2e18;
/// A share of a distribution between its limits that is too small to be computed well.
constexpr double ALMOST_NOTHING = 1e-9;

/// A kind: its name, the names of its values, and how many of these it needs.
struct KindRow
{
    const char* name;               ///< as written
    std::vector<std::string> names; ///< of its values in order; none: any number of values
    size_t required;                ///< so many from the first one on
    const char* example;            ///< of durations
};

/// By Distribution::Kind.
const std::vector<KindRow>&
GetRows()
{
    static const std::vector<KindRow> ROWS{
        {"uniform", {"min", "max"}, 2, "uniform(LEAST, GREATEST)"},
        {"loguniform", {"min", "max"}, 2, "loguniform(LEAST, GREATEST)"},
        {"normal", {"mean", "sd", "min", "max"}, 2, "normal(MEAN, SD, min LEAST, max GREATEST)"},
        {"exponential", {"mean", "min", "max"}, 1, "exponential(mean MEAN, max GREATEST)"},
        {"choice", {}, 1, "choice(VALUE, VALUE, ...)"},
    };
    return ROWS;
}

std::string
Trim(const std::string& text)
{
    const size_t begin = text.find_first_not_of(' ');
    const size_t end = text.find_last_not_of(' ');
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::vector<std::string>
SplitAtCommas(const std::string& text)
{
    std::vector<std::string> parts;
    for (size_t begin = 0; begin <= text.size();)
    {
        const size_t end = std::min(text.find(',', begin), text.size());
        parts.push_back(Trim(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    return parts;
}

bool
IsLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

/**
 * The quantile of the standard normal distribution: M. J. Wichura, Algorithm AS 241, Applied
 * Statistics 37 (1988) 477-484; relative error about 1e-16.
 */
double
NormalQuantile(double p)
{
    const auto ratio = [](const double(&a)[8], const double(&b)[8], double r) {
        double above = a[7];
        double below = b[7];
        for (int i = 6; i >= 0; --i)
        {
            above = above * r + a[i];
            below = below * r + b[i];
        }
        return above / below;
    };
    static constexpr double A[] = {3.3871328727963666080e0,
                                   1.3314166789178437745e+2,
                                   1.9715909503065514427e+3,
                                   1.3731693765509461125e+4,
                                   4.5921953931549871457e+4,
                                   6.7265770927008700853e+4,
                                   3.3430575583588128105e+4,
                                   2.5090809287301226727e+3};
    static constexpr double B[] = {1.0,
                                   4.2313330701600911252e+1,
                                   6.8718700749205790830e+2,
                                   5.3941960214247511077e+3,
                                   2.1213794301586595867e+4,
                                   3.9307895800092710610e+4,
                                   2.8729085735721942674e+4,
                                   5.2264952788528545610e+3};
    static constexpr double C[] = {1.42343711074968357734e0,
                                   4.63033784615654529590e0,
                                   5.76949722146069140550e0,
                                   3.64784832476320460504e0,
                                   1.27045825245236838258e0,
                                   2.41780725177450611770e-1,
                                   2.27238449892691845833e-2,
                                   7.74545014278341407640e-4};
    static constexpr double D[] = {1.0,
                                   2.05319162663775882187e0,
                                   1.67638483018380384940e0,
                                   6.89767334985100004550e-1,
                                   1.48103976427480074590e-1,
                                   1.51986665636164571966e-2,
                                   5.47593808499534494600e-4,
                                   1.05075007164441684324e-9};
    static constexpr double E[] = {6.65790464350110377720e0,
                                   5.46378491116411436990e0,
                                   1.78482653991729133580e0,
                                   2.96560571828504891230e-1,
                                   2.65321895265761230930e-2,
                                   1.24266094738807843860e-3,
                                   2.71155556874348757815e-5,
                                   2.01033439929228813265e-7};
    static constexpr double F[] = {1.0,
                                   5.99832206555887937690e-1,
                                   1.36929880922735805310e-1,
                                   1.48753612908506148525e-2,
                                   7.86869131145613259100e-4,
                                   1.84631831751005468180e-5,
                                   1.42151175831644588870e-7,
                                   2.04426310338993978564e-15};
    const double q = p - 0.5;
    if (std::fabs(q) <= 0.425)
    {
        return q * ratio(A, B, 0.180625 - q * q);
    }
    const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
    const double x = r <= 5 ? ratio(C, D, r - 1.6) : ratio(E, F, r - 5);
    return q < 0 ? -x : x;
}

/// A value in base units, with the one way to write it. @throws DistributionError
std::pair<double, std::string>
ReadValue(const std::string& text, DistributionUnit unit)
{
    if (unit == DistributionUnit::Duration)
    {
        if (const auto value = ParseDuration(text))
        {
            return {static_cast<double>(value->ns), FormatDuration(*value)};
        }
        throw DistributionError("'" + text + "' is no duration", "a duration, as '40 ms'");
    }
    if (const auto value = ParsePercent(text))
    {
        return {*value, Trim(text.substr(0, text.find('%'))) + " %"};
    }
    throw DistributionError("'" + text + "' is no share", "a share from '0 %' to '100 %'");
}

} // namespace

DistributionError::DistributionError(const std::string& message, const std::string& right)
    : std::invalid_argument(message),
      expected(right)
{
}

bool
Distribution::IsMeant(const std::string& text)
{
    return text.find('(') != std::string::npos;
}

const std::vector<std::string>&
Distribution::GetNames()
{
    static const std::vector<std::string> NAMES = [] {
        std::vector<std::string> names;
        for (const auto& row : GetRows())
        {
            names.emplace_back(row.name);
        }
        return names;
    }();
    return NAMES;
}

Distribution
Distribution::Parse(const std::string& text, DistributionUnit unit)
{
    const std::string whole = Trim(text);
    const size_t open = whole.find('(');
    size_t begin = open;
    while (begin != std::string::npos && begin > 0 && IsLetter(whole[begin - 1]))
    {
        --begin;
    }
    const std::string name = begin == std::string::npos ? "" : whole.substr(begin, open - begin);
    const auto& names = GetNames();
    const auto kind = std::find(names.begin(), names.end(), name);
    if (kind == names.end())
    {
        throw DistributionError("unknown distribution '" + name + "'", DescribeChoice(name, names));
    }
    Distribution found;
    found.m_kind = static_cast<Kind>(kind - names.begin());
    if (whole.back() != ')' || whole.find(')') + 1 != whole.size())
    {
        throw DistributionError("'" + whole + "' does not end with its ')'",
                                GetRows()[static_cast<size_t>(found.m_kind)].example);
    }
    std::string before = Trim(whole.substr(0, begin));
    if (!before.empty())
    {
        const bool isSum = before.back() == '+' && unit == DistributionUnit::Duration;
        const auto offset =
            isSum ? ParseDuration(before.substr(0, before.size() - 1)) : std::nullopt;
        if (!offset)
        {
            throw DistributionError("'" + before + "' stands before " + name,
                                    "nothing, or a duration and '+'");
        }
        found.m_offset = static_cast<double>(offset->ns);
        before = offset->ns == 0 ? "" : FormatDuration(*offset) + " + ";
    }
    found.m_text = before;
    found.ReadArguments(SplitAtCommas(whole.substr(open + 1, whole.size() - open - 2)), unit);
    found.Check();
    return found;
}

void
Distribution::ReadArguments(const std::vector<std::string>& texts, DistributionUnit unit)
{
    const KindRow& row = GetRows()[static_cast<size_t>(m_kind)];
    std::vector<Argument> arguments;
    for (const auto& text : texts)
    {
        Argument argument;
        argument.place = arguments.size();
        const size_t space = text.find(' ');
        const std::string word = text.substr(0, space);
        const bool isNamed = !word.empty() && std::all_of(word.begin(), word.end(), IsLetter);
        argument.name = isNamed ? word : "";
        const std::string value = !isNamed                     ? text
                                  : space == std::string::npos ? ""
                                                               : Trim(text.substr(space));
        const auto& names = row.names;
        if (isNamed && std::find(names.begin(), names.end(), word) == names.end())
        {
            throw DistributionError(std::string(row.name) + " has no '" + word + "'",
                                    names.empty() ? row.example : DescribeChoice(word, names));
        }
        std::tie(argument.value, argument.text) = ReadValue(value, unit);
        Place(argument);
        arguments.push_back(argument);
    }
    std::string missing;
    const std::pair<const char*, const std::optional<double>*> fields[] = {{"mean", &m_mean},
                                                                           {"sd", &m_sd},
                                                                           {"min", &m_min},
                                                                           {"max", &m_max}};
    for (size_t i = 0; i < std::min(row.required, row.names.size()); ++i)
    {
        for (const auto& [name, field] : fields)
        {
            missing = row.names[i] == name && !*field ? name : missing;
        }
    }
    if (!missing.empty())
    {
        throw DistributionError(std::string(row.name) + " needs '" + missing + "'", row.example);
    }
    Write(m_text, arguments);
}

void
Distribution::Place(Argument& argument)
{
    const KindRow& row = GetRows()[static_cast<size_t>(m_kind)];
    if (m_kind == Kind::Choice)
    {
        m_choices.push_back(argument.value);
        return;
    }
    if (argument.name.empty() && argument.place >= row.required)
    {
        throw DistributionError("'" + argument.text + "' is one value too many", row.example);
    }
    const auto named = std::find(row.names.begin(), row.names.end(), argument.name);
    argument.place =
        argument.name.empty() ? argument.place : static_cast<size_t>(named - row.names.begin());
    const std::string& name = row.names[argument.place];
    auto& field = name == "mean" ? m_mean : name == "sd" ? m_sd : name == "min" ? m_min : m_max;
    if (field)
    {
        throw DistributionError("'" + name + "' stands here twice", row.example);
    }
    field = argument.value;
}

void
Distribution::Check() const
{
    const auto fail = [](const std::string& message, const std::string& expected) {
        throw DistributionError(message, expected);
    };
    if (m_min && m_max && *m_min > *m_max)
    {
        fail("the least value is more than the greatest", "the least one first");
    }
    if (m_kind == Kind::Loguniform && *m_min <= 0)
    {
        fail("factors need a least value of more than zero", "more than zero");
    }
    if (m_sd && *m_sd <= 0)
    {
        fail("a standard deviation is more than zero", "more than zero, or a fixed value");
    }
    if (m_kind == Kind::Exponential && *m_mean <= 0)
    {
        fail("the mean is more than zero", "more than zero, or a fixed value");
    }
    if (m_mean &&
        GetShareBelow(m_max.value_or(INFINITE)) - GetShareBelow(m_min.value_or(-INFINITE)) <
            ALMOST_NOTHING)
    {
        fail("almost nothing of it lies between 'min' and 'max'", "limits around the mean");
    }
}

void
Distribution::Write(const std::string& offset, std::vector<Argument> arguments)
{
    const KindRow& row = GetRows()[static_cast<size_t>(m_kind)];
    std::sort(arguments.begin(), arguments.end(), [](const Argument& a, const Argument& b) {
        return a.place < b.place;
    });
    m_text = offset + row.name + "(";
    for (const auto& argument : arguments)
    {
        const bool isNamed = argument.place >= row.required && !row.names.empty();
        m_text += (m_text.back() == '(' ? "" : ", ") +
                  (isNamed ? row.names[argument.place] + " " : "") + argument.text;
    }
    m_text += ")";
}

double
Distribution::GetShareBelow(double x) const
{
    if (m_kind == Kind::Normal)
    {
        return 0.5 * std::erfc((*m_mean - x) / (*m_sd * std::sqrt(2.0)));
    }
    return x <= 0 ? 0 : -std::expm1(-x / *m_mean);
}

double
Distribution::GetQuantile(double u) const
{
    double value = 0;
    switch (m_kind)
    {
    case Kind::Uniform:
        value = *m_min + u * (*m_max - *m_min);
        break;
    case Kind::Loguniform:
        value = *m_min * std::exp(u * std::log(*m_max / *m_min));
        break;
    case Kind::Normal:
    case Kind::Exponential: {
        constexpr double NEAREST = 1e-16; // of zero and one: the tails have no end
        const double low = GetShareBelow(m_min.value_or(-INFINITE));
        const double high = GetShareBelow(m_max.value_or(INFINITE));
        const double p = std::clamp(low + u * (high - low), NEAREST, 1 - NEAREST);
        value = m_kind == Kind::Normal ? *m_mean + *m_sd * NormalQuantile(p)
                                       : -*m_mean * std::log1p(-p);
        value = std::clamp(value, m_min.value_or(-INFINITE), m_max.value_or(INFINITE));
        break;
    }
    case Kind::Choice:
        value = m_choices[std::min(static_cast<size_t>(u * static_cast<double>(m_choices.size())),
                                   m_choices.size() - 1)];
        break;
    }
    return std::clamp(m_offset + value, -LONGEST, LONGEST);
}

Duration
Distribution::GetSpan(double u) const
{
    return Duration{static_cast<int64_t>(std::llround(GetQuantile(u)))};
}

double
Distribution::GetLeast() const
{
    if (m_kind == Kind::Choice)
    {
        return m_offset + *std::min_element(m_choices.begin(), m_choices.end());
    }
    const double least = m_kind == Kind::Exponential ? 0 : -INFINITE;
    return m_offset + std::max(least, m_min.value_or(least));
}

double
Distribution::GetGreatest() const
{
    if (m_kind == Kind::Choice)
    {
        return m_offset + *std::max_element(m_choices.begin(), m_choices.end());
    }
    return m_offset + m_max.value_or(INFINITE);
}

const std::string&
Distribution::ToString() const
{
    return m_text;
}

std::string
Distribution::GetPattern(const std::string& value)
{
    const auto named = [&value](const std::string& names) {
        return " *(?:(?:" + names + ") +)?" + value + " *";
    };
    const std::string two = named("min|max") + "," + named("min|max");
    return "(?:(?:log)?uniform\\(" + two + "\\)|normal\\(" + named("mean|sd|min|max") + "(?:," +
           named("mean|sd|min|max") + "){1,3}\\)|exponential\\(" + named("mean|min|max") + "(?:," +
           named("mean|min|max") + "){0,2}\\)|choice\\( *" + value + " *(?:, *" + value +
           " *)*\\))";
}

} // namespace ike
} // namespace ns3
