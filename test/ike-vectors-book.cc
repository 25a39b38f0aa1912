/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-book.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Octets as a failure shows them: the first ones, from a place on.
std::string
Excerpt(const Octets& octets, size_t from)
{
    constexpr size_t SHOWN = 16;
    const size_t begin = std::min(from, octets.size());
    const size_t end = std::min(begin + SHOWN, octets.size());
    return ToHex(Octets(octets.begin() + begin, octets.begin() + end)) +
           (end < octets.size() ? ".." : "");
}

} // namespace

void
VectorTrial::Equal(const std::string& what, const Octets& got, const Octets& expected)
{
    if (!m_wrong.empty() || got == expected)
    {
        return;
    }
    const auto place = std::mismatch(got.begin(),
                                     got.begin() + std::min(got.size(), expected.size()),
                                     expected.begin());
    const auto from = static_cast<size_t>(place.first - got.begin());
    m_wrong = what + " differs from octet " + std::to_string(from) + " on: " + Excerpt(got, from) +
              " (of " + std::to_string(got.size()) + " octets), not " + Excerpt(expected, from) +
              " (of " + std::to_string(expected.size()) + ")";
}

void
VectorTrial::That(const std::string& what, bool holds)
{
    if (m_wrong.empty() && !holds)
    {
        m_wrong = what;
    }
}

const std::string&
VectorTrial::GetWrong() const
{
    return m_wrong;
}

unsigned
VectorCounts::Run() const
{
    return passed + failed;
}

unsigned
VectorCounts::Skipped() const
{
    unsigned sum = 0;
    for (const auto& [reason, count] : skipped)
    {
        sum += count;
    }
    return sum;
}

void
VectorBook::Run(const std::string& part,
                const std::string& name,
                const std::function<void(VectorTrial&)>& what)
{
    VectorTrial trial;
    std::string wrong;
    try
    {
        what(trial);
        wrong = trial.GetWrong();
    }
    catch (const VectorError&)
    {
        throw; // the file is wrong
    }
    catch (const nlohmann::json::exception&)
    {
        throw; // the file is wrong
    }
    catch (const std::exception& e)
    {
        wrong = e.what();
    }
    VectorCounts& counts = PartOf(part);
    ++(wrong.empty() ? counts.passed : counts.failed);
    if (!wrong.empty())
    {
        m_failures.push_back(part + " " + name + ": " + wrong);
    }
}

void
VectorBook::Skip(const std::string& part, const std::string& reason, unsigned count)
{
    if (count > 0)
    {
        PartOf(part).skipped[reason] += count;
    }
}

void
VectorBook::Note(const std::string& text)
{
    if (std::find(m_notes.begin(), m_notes.end(), text) == m_notes.end())
    {
        m_notes.push_back(text);
    }
}

VectorCounts
VectorBook::Total() const
{
    VectorCounts total;
    for (const auto& [name, counts] : m_parts)
    {
        total.passed += counts.passed;
        total.failed += counts.failed;
        for (const auto& [reason, count] : counts.skipped)
        {
            total.skipped[reason] += count;
        }
    }
    return total;
}

const std::vector<std::pair<std::string, VectorCounts>>&
VectorBook::GetParts() const
{
    return m_parts;
}

const std::vector<std::string>&
VectorBook::GetFailures() const
{
    return m_failures;
}

const std::vector<std::string>&
VectorBook::GetNotes() const
{
    return m_notes;
}

VectorCounts&
VectorBook::PartOf(const std::string& name)
{
    for (auto& [other, counts] : m_parts)
    {
        if (other == name)
        {
            return counts;
        }
    }
    m_parts.emplace_back(name, VectorCounts());
    return m_parts.back().second;
}

} // namespace tests
} // namespace ike
} // namespace ns3
