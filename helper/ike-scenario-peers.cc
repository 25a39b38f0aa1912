/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-peers.h"

#include "ike-scenario-units.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

using Kind = PeerRule::Kind;

/// A word of `which:`.
struct Word
{
    const char* text; ///< as written
    Kind kind;        ///< what it means
    size_t number;    ///< without one behind it; 0: there must be one
    bool takesNumber; ///< may there be one?
};

constexpr Word WORDS[] = {
    {"all", Kind::All, 1, false},
    {"others", Kind::Others, 1, false},
    {"partial", Kind::Partial, 0, true},
    {"ring", Kind::Ring, 2, false},
    {"next", Kind::Next, 1, false},
    {"previous", Kind::Previous, 1, false},
    {"neighbours", Kind::Neighbours, 1, false},
    {"before", Kind::Before, 1, false},
    {"after", Kind::After, 1, false},
    {"home", Kind::Homes, 1, false},
    {"homes", Kind::Homes, 0, true},
    {"mine", Kind::Mine, 1, true},
};

/// So many neighbours in a ring, by number.
std::vector<size_t>
FindInRing(size_t self, size_t count, size_t wanted)
{
    std::vector<size_t> peers;
    wanted = std::min(wanted, count - 1);
    for (size_t step = 1; step <= wanted; ++step)
    {
        // Of a mesh with an even number of members the half is one that lies opposite.
        const size_t far = step <= (wanted + 1) / 2 ? step : count - (step - (wanted + 1) / 2);
        peers.push_back((self + far) % count);
    }
    std::sort(peers.begin(), peers.end());
    return peers;
}

/// The neighbours in a chain.
std::vector<size_t>
FindInChain(Kind kind, size_t self, size_t count)
{
    std::vector<size_t> peers;
    if (kind != Kind::Next && self > 0)
    {
        peers.push_back(self - 1);
    }
    if (kind != Kind::Previous && self + 1 < count)
    {
        peers.push_back(self + 1);
    }
    return peers;
}

/// Those whose first hubs, so many, this one is among.
std::vector<size_t>
FindMine(size_t self, size_t hubs, size_t spokes, size_t homes)
{
    std::vector<size_t> peers;
    for (size_t k = 0; k < homes; ++k)
    {
        for (size_t spoke = (self + hubs - k) % hubs; spoke < spokes; spoke += hubs)
        {
            peers.push_back(spoke);
        }
    }
    std::sort(peers.begin(), peers.end());
    return peers;
}

} // namespace

std::optional<PeerRule>
PeerRule::Parse(const std::string& text)
{
    const size_t space = std::min(text.find(' '), text.size());
    for (const auto& word : WORDS)
    {
        if (text.substr(0, space) != word.text)
        {
            continue;
        }
        PeerRule rule;
        rule.kind = word.kind;
        rule.number = word.number;
        if (space < text.size())
        {
            const auto number = ParseInteger(text.substr(space + 1));
            if (!word.takesNumber || !number || *number < 1)
            {
                return std::nullopt;
            }
            rule.number = static_cast<size_t>(*number);
        }
        return rule.number == 0 ? std::nullopt : std::optional<PeerRule>(rule);
    }
    return std::nullopt;
}

std::string
PeerRule::Describe()
{
    return "all, others, partial NUMBER, ring, next, previous, neighbours, before, after, home, "
           "homes NUMBER, "
           "mine or mine NUMBER";
}

std::string
PeerRule::FindFault(size_t own, size_t other, bool same) const
{
    const bool isHomes = kind == Kind::Homes || kind == Kind::Mine;
    if (kind == Kind::All)
    {
        return "";
    }
    if (isHomes == same)
    {
        return isHomes ? "the own group has no homes" : "it is about one's own group";
    }
    const size_t hubs = kind == Kind::Homes ? other : own;
    if (isHomes && number > hubs)
    {
        return "there are " + std::to_string(hubs) + " of them";
    }
    if (kind == Kind::Partial && number % 2 != 0 && number < own - 1)
    {
        return "the number of neighbours in a ring is even";
    }
    return "";
}

std::vector<size_t>
PeerRule::FindPeers(size_t self, size_t own, size_t other, bool same) const
{
    std::vector<size_t> peers;
    switch (kind)
    {
    case Kind::All:
    case Kind::Others:
        for (size_t i = 0; i < other; ++i)
        {
            if (!same || i != self)
            {
                peers.push_back(i);
            }
        }
        return peers;
    case Kind::Partial:
    case Kind::Ring:
        return FindInRing(self, own, number);
    case Kind::Next:
    case Kind::Previous:
    case Kind::Neighbours:
        return FindInChain(kind, self, own);
    case Kind::Before:
    case Kind::After:
        for (size_t i = kind == Kind::Before ? 0 : self + 1;
             i < (kind == Kind::Before ? self : own);
             ++i)
        {
            peers.push_back(i);
        }
        return peers;
    case Kind::Homes:
        for (size_t k = 0; k < number; ++k)
        {
            peers.push_back((self + k) % other);
        }
        return peers;
    case Kind::Mine:
        return FindMine(self, own, other, number);
    }
    return peers;
}

} // namespace ike
} // namespace ns3
