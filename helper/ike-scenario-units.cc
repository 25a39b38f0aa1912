/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-units.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <locale>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

/// A unit and how many of the base unit it is.
struct Unit
{
    const char* name; ///< as written
    int64_t factor;   ///< in base units
};

constexpr Unit TIME_UNITS[] = {
    {"h", 3600000000000},
    {"min", 60000000000},
    {"s", 1000000000},
    {"ms", 1000000},
    {"us", 1000},
    {"ns", 1},
};

constexpr Unit BANDWIDTH_UNITS[] = {
    {"bit/s", 1},
    {"kbit/s", 1000},
    {"Mbit/s", 1000000},
    {"Gbit/s", 1000000000},
    {"Tbit/s", 1000000000000},
    {"bps", 1},
    {"kbps", 1000},
    {"Mbps", 1000000},
    {"Gbps", 1000000000},
    {"Tbps", 1000000000000},
};

constexpr Unit SIZE_UNITS[] = {
    {"B", 1},
    {"kB", 1000},
    {"MB", 1000000},
    {"KiB", 1024},
    {"MiB", 1048576},
};

/// Reads an expression from left to right.
class Cursor
{
  public:
    explicit Cursor(const std::string& text)
        : m_text(text)
    {
    }

    void SkipSpace()
    {
        while (m_at < m_text.size() && m_text[m_at] == ' ')
        {
            ++m_at;
        }
    }

    bool AtEnd()
    {
        SkipSpace();
        return m_at == m_text.size();
    }

    /// Take one of these characters, 0 when none of them is next.
    char Take(const std::string& anyOf)
    {
        SkipSpace();
        if (m_at < m_text.size() && anyOf.find(m_text[m_at]) != std::string::npos)
        {
            return m_text[m_at++];
        }
        return 0;
    }

    /// Digits with at most one point among them, never a sign or an exponent.
    std::optional<long double> TakeNumber()
    {
        SkipSpace();
        const size_t begin = m_at;
        while (m_at < m_text.size() && (IsDigit(m_text[m_at]) || m_text[m_at] == '.'))
        {
            ++m_at;
        }
        const std::string digits = m_text.substr(begin, m_at - begin);
        if (digits.empty() || !IsDigit(digits.front()) || !IsDigit(digits.back()) ||
            std::count(digits.begin(), digits.end(), '.') > 1)
        {
            return std::nullopt;
        }
        std::istringstream stream(digits);
        stream.imbue(std::locale::classic());
        long double value = 0;
        stream >> value;
        return value;
    }

    /// Letters, "/" and "%" up to the next space or sign.
    std::string TakeWord()
    {
        SkipSpace();
        const size_t begin = m_at;
        while (m_at < m_text.size() && (IsLetter(m_text[m_at]) || IsInnerSlash()))
        {
            ++m_at;
        }
        return m_text.substr(begin, m_at - begin);
    }

  private:
    static bool IsDigit(char c)
    {
        return c >= '0' && c <= '9';
    }

    static bool IsLetter(char c)
    {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%';
    }

    /// The slash of "bit/s", not that of a division.
    bool IsInnerSlash() const
    {
        return m_text[m_at] == '/' && m_at > 0 && IsLetter(m_text[m_at - 1]) &&
               m_at + 1 < m_text.size() && IsLetter(m_text[m_at + 1]);
    }

    const std::string& m_text; ///< all of it
    size_t m_at{0};            ///< next character
};

template <size_t N>
std::optional<int64_t>
FactorOf(const Unit (&units)[N], const std::string& name)
{
    const auto found = std::find_if(std::begin(units), std::end(units), [&](const Unit& u) {
        return name == u.name;
    });
    return found == std::end(units) ? std::nullopt : std::optional<int64_t>(found->factor);
}

/// "NUMBER UNIT" as a number of base units.
template <size_t N>
std::optional<long double>
TakeQuantity(Cursor& cursor, const Unit (&units)[N])
{
    const auto number = cursor.TakeNumber();
    const auto factor = number ? FactorOf(units, cursor.TakeWord()) : std::nullopt;
    return factor ? std::optional<long double>(*number * *factor) : std::nullopt;
}

/// A factor of a product; what has a unit is in nanoseconds.
struct Factor
{
    long double value{0}; ///< in base units
    bool hasUnit{false};  ///< or a plain number
};

std::optional<Factor>
TakeFactor(Cursor& cursor)
{
    const auto number = cursor.TakeNumber();
    const std::string unit = cursor.TakeWord();
    const auto factor = FactorOf(TIME_UNITS, unit);
    if (!number || (!factor && !unit.empty()))
    {
        return std::nullopt;
    }
    return Factor{factor ? *number * *factor : *number, factor.has_value()};
}

/// "FACTOR {* FACTOR | / NUMBER}" with signs before it. Just one factor has a unit.
std::optional<long double>
TakeTerm(Cursor& cursor)
{
    const bool negative = cursor.Take("+-") == '-';
    auto product = TakeFactor(cursor);
    for (char sign = 0; product && (sign = cursor.Take("*/")) != 0;)
    {
        const auto by = TakeFactor(cursor);
        const bool isDivision = sign == '/';
        if (!by || (by->hasUnit && (product->hasUnit || isDivision)) ||
            (isDivision && by->value == 0))
        {
            return std::nullopt;
        }
        product->value = isDivision ? product->value / by->value : product->value * by->value;
        product->hasUnit = product->hasUnit || by->hasUnit;
    }
    if (!product || !product->hasUnit)
    {
        return std::nullopt;
    }
    return negative ? -product->value : product->value;
}

/// A whole text that is one quantity.
template <size_t N>
std::optional<uint64_t>
ParseQuantity(const std::string& text, const Unit (&units)[N])
{
    Cursor cursor(text);
    const auto value = TakeQuantity(cursor, units);
    if (!value || !cursor.AtEnd() || *value > 9e18L)
    {
        return std::nullopt;
    }
    return static_cast<uint64_t>(std::llroundl(*value));
}

/// The text is a signed number and nothing else.
std::optional<long double>
ParseSigned(const std::string& text)
{
    Cursor cursor(text);
    const bool negative = cursor.Take("-") == '-';
    const auto value = cursor.TakeNumber();
    if (!value || !cursor.AtEnd())
    {
        return std::nullopt;
    }
    return negative ? -*value : *value;
}

} // namespace

std::optional<Duration>
ParseDuration(const std::string& text)
{
    Cursor cursor(text);
    auto sum = TakeTerm(cursor);
    while (sum && !cursor.AtEnd())
    {
        const char sign = cursor.Take("+-");
        const auto term = sign == 0 ? std::nullopt : TakeTerm(cursor);
        sum = term ? std::optional<long double>(sign == '+' ? *sum + *term : *sum - *term)
                   : std::nullopt;
    }
    // A century: far from where sums of nanoseconds overflow.
    if (!sum || std::fabs(*sum) > 3.2e18L)
    {
        return std::nullopt;
    }
    return Duration{static_cast<int64_t>(std::llroundl(*sum))};
}

std::string
FormatDuration(Duration d)
{
    for (const auto& unit : TIME_UNITS)
    {
        // "90 min" is easier to read than "5400 s", but nobody writes "0 h".
        if (d.ns != 0 && d.ns % unit.factor == 0)
        {
            return std::to_string(d.ns / unit.factor) + " " + unit.name;
        }
    }
    return "0 s";
}

std::optional<std::string>
DurationIn(Duration d, const std::string& unit)
{
    const auto factor = FactorOf(TIME_UNITS, unit);
    if (!factor)
    {
        return std::nullopt;
    }
    std::string text = (d.ns < 0 ? "-" : "") + std::to_string(std::llabs(d.ns / *factor));
    int64_t rest = std::llabs(d.ns % *factor);
    text += rest == 0 ? "" : ".";
    // Long division: exact for all units of the decimal system.
    for (unsigned digit = 0; rest != 0 && digit < 12; ++digit)
    {
        text += static_cast<char>('0' + rest * 10 / *factor);
        rest = rest * 10 % *factor;
    }
    return text;
}

std::optional<uint64_t>
ParseBandwidth(const std::string& text)
{
    return ParseQuantity(text, BANDWIDTH_UNITS);
}

std::optional<uint64_t>
ParseSize(const std::string& text)
{
    return ParseQuantity(text, SIZE_UNITS);
}

std::optional<double>
ParsePercent(const std::string& text)
{
    Cursor cursor(text);
    const auto value = cursor.TakeNumber();
    if (!value || cursor.TakeWord() != "%" || !cursor.AtEnd() || *value > 100)
    {
        return std::nullopt;
    }
    return static_cast<double>(*value / 100);
}

std::optional<double>
ParseNumber(const std::string& text)
{
    const auto value = ParseSigned(text);
    return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

std::optional<int64_t>
ParseInteger(const std::string& text)
{
    const auto value = ParseSigned(text);
    if (!value || text.find('.') != std::string::npos || std::fabs(*value) > 9e18L)
    {
        return std::nullopt;
    }
    return std::llroundl(*value);
}

} // namespace ike
} // namespace ns3
