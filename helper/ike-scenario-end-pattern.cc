/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-end-pattern.h"

#include "ike-scenario-error.h"
#include "ike-scenario-units.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

using Count = EndPattern::Count;

/// What stands between commas, semicolons and blanks.
std::vector<std::string>
SplitWords(const std::string& text)
{
    std::vector<std::string> words{std::string()};
    for (const char c : text)
    {
        if (c != ',' && c != ';' && c != ' ' && c != '\t' && c != '\n')
        {
            words.back() += c;
        }
        else if (!words.back().empty())
        {
            words.emplace_back();
        }
    }
    if (words.back().empty())
    {
        words.pop_back();
    }
    return words;
}

bool
IsCounts(const std::string& word)
{
    return word.find('/') != std::string::npos &&
           word.find_first_not_of("0123456789*/") == std::string::npos;
}

/// "2/*"
std::vector<Count>
ParseCounts(const std::string& word)
{
    std::vector<Count> counts;
    for (size_t at = 0; at <= word.size();)
    {
        const size_t end = std::min(word.find('/', at), word.size());
        const std::string number = word.substr(at, end - at);
        const auto value = ParseInteger(number);
        constexpr int64_t MOST = 1000000;
        if (number != "*" && (!value || *value < 0 || *value > MOST))
        {
            throw std::invalid_argument("'" + word + "' is no list of numbers as 2/2 or 2/*");
        }
        counts.push_back(number == "*" ? Count() : Count(static_cast<uint32_t>(*value)));
        at = end + 1;
    }
    return counts;
}

bool
Fits(const Count& wanted, uint32_t is)
{
    return !wanted || *wanted == is;
}

bool
Fit(const std::vector<Count>& wanted, const std::vector<uint32_t>& are)
{
    if (wanted.empty())
    {
        return true;
    }
    return wanted.size() == are.size() &&
           std::equal(wanted.begin(), wanted.end(), are.begin(), &Fits);
}

bool
FitCounts(const EndPattern& pattern, const EndState& end)
{
    return Fit(pattern.isakmp, end.isakmp) && Fit(pattern.pairs, end.pairs) &&
           (!pattern.surplus || (Fits(pattern.surplus->first, end.isakmpSurplus) &&
                                 Fits(pattern.surplus->second, end.pairSurplus)));
}

/// The class of a word, or of two ("black hole"). @param next is moved on
EndClass
TakeClass(const std::vector<std::string>& words, size_t& next)
{
    const std::string& word = words[next];
    if (next + 1 < words.size())
    {
        if (const auto found = FindEndClass(word + " " + words[next + 1]))
        {
            next += 2;
            return *found;
        }
    }
    const auto found = FindEndClass(word);
    if (!found)
    {
        auto names = GetEndClassNames();
        names.insert(names.end(), {"IKE", "CH"});
        throw std::invalid_argument("'" + word + "' is no word of an end state; expected " +
                                    DescribeChoice(word, names));
    }
    ++next;
    return *found;
}

} // namespace

bool
EndPattern::Matches(const EndState& end) const
{
    return (classes.empty() || classes == end.classes) && FitCounts(*this, end);
}

bool
EndPattern::IsIn(const EndState& end) const
{
    return std::includes(end.classes.begin(), end.classes.end(), classes.begin(), classes.end()) &&
           FitCounts(*this, end);
}

size_t
EndPattern::CountNodes() const
{
    return std::max(isakmp.size(), pairs.size());
}

std::optional<EndClass>
FindEndClass(const std::string& name)
{
    std::string plain = name;
    std::replace(plain.begin(), plain.end(), '-', ' ');
    for (const EndClass c : GetEndClasses())
    {
        if (ToString(c) == plain)
        {
            return c;
        }
    }
    return std::nullopt;
}

std::vector<std::string>
GetEndClassNames()
{
    std::vector<std::string> names;
    for (const EndClass c : GetEndClasses())
    {
        names.push_back(ToString(c));
        std::replace(names.back().begin(), names.back().end(), ' ', '-');
    }
    return names;
}

EndPattern
ParseEndPattern(const std::string& text)
{
    EndPattern pattern;
    pattern.text = text;
    const auto words = SplitWords(text);
    if (words.empty())
    {
        throw std::invalid_argument("an end state is missing");
    }
    for (size_t next = 0; next < words.size();)
    {
        const bool isIke = words[next] == "IKE";
        const bool isCounted = isIke || words[next] == "CH";
        EndClass last{};
        if (isCounted)
        {
            ++next;
        }
        else
        {
            last = TakeClass(words, next);
            pattern.classes.insert(last);
        }
        const bool hasCounts = next < words.size() && IsCounts(words[next]);
        if (isCounted != hasCounts && (isCounted || last != EndClass::Duplicate))
        {
            if (isCounted)
            {
                throw std::invalid_argument("numbers are missing behind '" + words[next - 1] +
                                            "', as IKE 2/2");
            }
            if (hasCounts)
            {
                throw std::invalid_argument("'" + words[next] +
                                            "' may follow IKE, CH or duplicate");
            }
        }
        if (!hasCounts)
        {
            continue;
        }
        const auto counts = ParseCounts(words[next++]);
        if (isCounted)
        {
            (isIke ? pattern.isakmp : pattern.pairs) = counts;
            continue;
        }
        if (counts.size() != 2)
        {
            throw std::invalid_argument(
                "behind duplicate stand two numbers: surplus ISAKMP SAs and pairs, as 1/1");
        }
        pattern.surplus = {counts[0], counts[1]};
    }
    if (!pattern.isakmp.empty() && !pattern.pairs.empty() &&
        pattern.isakmp.size() != pattern.pairs.size())
    {
        throw std::invalid_argument("IKE and CH have different numbers of nodes");
    }
    return pattern;
}

} // namespace ike
} // namespace ns3
