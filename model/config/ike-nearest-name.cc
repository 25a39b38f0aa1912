/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-nearest-name.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

std::string
ToLowerCase(std::string text)
{
    for (char& c : text)
    {
        if (c >= 'A' && c <= 'Z')
        {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return text;
}

unsigned
GetEditDistance(const std::string& a, const std::string& b)
{
    const std::string from = ToLowerCase(a);
    const std::string to = ToLowerCase(b);
    const size_t width = to.size() + 1;
    std::vector<unsigned> d((from.size() + 1) * width); // rows one behind the other
    for (size_t i = 0; i <= from.size(); i++)
    {
        unsigned* row = d.data() + i * width;
        for (size_t j = 0; j <= to.size(); j++)
        {
            if (i == 0 || j == 0)
            {
                row[j] = static_cast<unsigned>(i + j);
                continue;
            }
            const unsigned* above = row - width;
            const unsigned replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
            {
                row[j] = std::min(row[j], d[(i - 2) * width + j - 2] + 1);
            }
        }
    }
    return d.back();
}

std::string
FindNearestName(const std::string& name, const std::vector<std::string>& names)
{
    // A third of the letters may be wrong: "RetransmitIntervall" is near, "x" is near to nothing.
    unsigned best = static_cast<unsigned>(name.size()) / 3 + 1;
    std::string nearest;
    for (const std::string& candidate : names)
    {
        // Where the lengths differ by more, so do the words: a word of a megabyte costs nothing.
        const size_t longer = std::max(name.size(), candidate.size());
        if (longer - std::min(name.size(), candidate.size()) > best)
        {
            continue;
        }
        const unsigned distance = GetEditDistance(name, candidate);
        if (distance < best || (distance == best && nearest.empty() && name.size() > 3))
        {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string
MakeNearestHint(const std::string& name, const std::vector<std::string>& names)
{
    // Numbers are near to each other without being mistaken for each other.
    const bool isNumber = name.find_first_not_of("0123456789") == std::string::npos;
    const std::string nearest = isNumber ? std::string{} : FindNearestName(name, names);
    return nearest.empty() ? std::string{} : "did you mean '" + nearest + "'?";
}

std::string
JoinAlternatives(const std::vector<std::string>& names)
{
    std::string joined;
    for (size_t i = 0; i < names.size(); i++)
    {
        const bool last = i + 1 == names.size();
        joined += (i == 0 ? "" : last ? " or " : ", ") + names[i];
    }
    return joined;
}

} // namespace ike
} // namespace ns3
