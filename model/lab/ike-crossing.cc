/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crossing.h"

#include "ns3/ike-message.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// Messages of one exchange.
size_t
LengthOf(CrossingKind kind)
{
    return kind == CrossingKind::MainModes ? 6 : 3;
}

/**
 * In which order each end hears of the two exchanges: A hears the even messages of its own exchange
 * and the odd ones of B's. Two words in which both ends hear the same differ only in the order of
 * independent steps.
 */
std::array<std::string, 2>
HeardIn(const std::string& word)
{
    std::array<std::string, 2> heard;
    std::array<size_t, 2> steps{};
    for (char letter : word)
    {
        const size_t whose = letter == 'A' ? 0 : 1;
        const bool odd = ++steps[whose] % 2 == 1;
        heard[odd ? 1 - whose : whose] += letter;
    }
    return heard;
}

/// What tells the messages of one exchange from all others.
struct ExchangeName
{
    ExchangeType type;     ///< of the header
    Cookie cookie;         ///< of the initiator
    uint32_t messageId{0}; ///< 0 in phase 1

    friend bool operator==(const ExchangeName& a, const ExchangeName& b)
    {
        return a.type == b.type && a.cookie == b.cookie && a.messageId == b.messageId;
    }
};

std::optional<ExchangeName>
NameOf(const Flight& flight)
{
    const Parsed<Header> header = flight.isEsp ? Parsed<Header>() : ReadHeader(flight.octets);
    if (!header)
    {
        return std::nullopt;
    }
    return ExchangeName{header.value->exchange,
                        header.value->initiatorCookie,
                        header.value->messageId};
}

/// The exchange that a node has begun: its only datagram in flight.
ExchangeName
FindBegun(const World& start, uint32_t node)
{
    std::optional<ExchangeName> name;
    for (const Flight& f : start.GetFlights())
    {
        if (f.from == node)
        {
            name = name ? std::nullopt : NameOf(f);
        }
    }
    if (!name || start.GetFlights().size() != 2 || start.GetNodeCount() != 2)
    {
        throw std::invalid_argument("two nodes with one message each in flight are needed: both "
                                    "ends have begun, and nothing has arrived");
    }
    return *name;
}

/// The move by which the next message of an exchange arrives, out of turn if need be.
std::optional<Move>
NextMove(const World& world, const ExchangeName& exchange)
{
    std::array<uint32_t, 2> places{};
    for (const Flight& f : world.GetFlights())
    {
        places[f.from]++;
        const std::optional<ExchangeName> name = NameOf(f);
        if (name && *name == exchange)
        {
            Move move;
            move.kind = MoveKind::Deliver;
            move.node = world.GetNode(f.from).name;
            move.place = places[f.from];
            return move;
        }
    }
    return std::nullopt;
}

} // namespace

std::vector<CrossingWord>
EnumerateCrossingWords(CrossingKind kind)
{
    const size_t length = LengthOf(kind);
    std::string word = std::string(length, 'A') + std::string(length, 'B');
    std::map<std::array<std::string, 2>, CrossingWord> classes;
    do
    {
        CrossingWord& c = classes[HeardIn(word)];
        c.word = c.words++ == 0 ? word : c.word;
    } while (std::next_permutation(word.begin(), word.end()));
    std::vector<CrossingWord> words;
    for (auto& [heard, c] : classes)
    {
        words.push_back(std::move(c));
    }
    std::sort(words.begin(), words.end(), [](const CrossingWord& a, const CrossingWord& b) {
        return a.word < b.word;
    });
    return words;
}

std::vector<CrossingWord>
EnumerateCrossings(const World& start, CrossingKind kind, const DriveOptions& options)
{
    const std::array<ExchangeName, 2> begun{FindBegun(start, 0), FindBegun(start, 1)};
    std::vector<CrossingWord> words = EnumerateCrossingWords(kind);
    for (CrossingWord& c : words)
    {
        Driver driver(start, options);
        for (char letter : c.word)
        {
            // an end that gives its own exchange up has no more messages of it
            const auto move = NextMove(driver.GetWorld(), begun[letter == 'A' ? 0 : 1]);
            if (move)
            {
                driver.Make(*move);
            }
        }
        c.result = driver.Finish();
    }
    return words;
}

} // namespace ike
} // namespace ns3
