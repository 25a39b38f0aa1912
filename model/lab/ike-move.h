/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_MOVE_H
#define IKE_MOVE_H

#include "ns3/ike-time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// What may be done to a world. GetMoveKinds() has a row for each.
enum class MoveKind : uint8_t
{
    Deliver,   ///< `A`, `A#2`, `A>B`: a datagram arrives
    Drop,      ///< `drop:A`: it is lost
    Duplicate, ///< `dup:A`: it is there twice
    Late,      ///< `late:A`: it goes behind all others of its sender
    Delay,     ///< `delay:A:31s`: it is held back for so long
    Timer,     ///< `timer`, `timer:A`: the clock moves to what is due next
    Wait,      ///< `wait:40ms`: time passes
    Run,       ///< `run`: datagrams arrive until none is in flight
    Start,     ///< `start:A`, `start:A:Tunnel0`: routes to tunnel destinations appear
    Stop,      ///< `stop:A`, `stop:A:Tunnel0`: they go
    Offer,     ///< `offer:A`, `offer:A:NAME`: a data packet wants to leave
    Reboot,    ///< `reboot:A`: a node loses its state
    Clear,     ///< `clear:A`, `clear:A:isakmp`, `clear:A:all`: as an operator does
    Configure, ///< `config:A:NAME`: a node gets another configuration
    Type,      ///< `type:A:"line"`: a line is typed at its console
};

/**
 * A move as a value: what a word of a schedule says. Names instead of numbers, so that a move means
 * the same in each world that has such nodes.
 */
struct Move
{
    MoveKind kind{MoveKind::Run}; ///< what
    std::string node{};           ///< whose; datagrams: who sent it
    std::string to{};             ///< datagrams: to whom; empty: to anybody
    uint32_t place{1};            ///< datagrams: which in the order of sending; 1: the oldest
    Duration duration{};          ///< Wait, Delay: for how long
    std::string text{};           ///< name of a tunnel, flow or configuration, or a typed line

    friend bool operator==(const Move& a, const Move& b)
    {
        return a.kind == b.kind && a.node == b.node && a.to == b.to && a.place == b.place &&
               a.duration == b.duration && a.text == b.text;
    }

    friend bool operator!=(const Move& a, const Move& b)
    {
        return !(a == b);
    }
};

/// A list of moves: what a schedule says.
using Moves = std::vector<Move>;

/// A row of the table of moves.
struct MoveKindInfo
{
    MoveKind kind;     ///< which
    std::string verb;  ///< "drop"; empty: Deliver, whose word begins with a node
    std::string usage; ///< "drop:A"
    std::string help;  ///< a sentence
};

/// All kinds in the order of the enumeration.
const std::vector<MoveKindInfo>& GetMoveKinds();
/// The word of a move, the same for equal moves. "A", "drop:A>B", "wait:40ms", "offer:A:Tunnel0"
std::string ToString(const Move& move);
/// A schedule: all words with blanks between them.
std::string ToString(const Moves& moves);
/**
 * The move of a word.
 * @throws std::invalid_argument saying what is wrong with it
 */
Move ParseMove(const std::string& word);
/**
 * All moves of a schedule: words with white space between them, which does not count within double
 * quotes. A word that begins with # begins a comment that ends with its line.
 * @throws std::invalid_argument naming the word and its place, and what is wrong with it
 */
Moves ParseSchedule(const std::string& schedule);
/// "40ms", "31s": the largest unit that leaves no fraction.
std::string ToWord(Duration duration);
/// The reverse, from a number of up to 9 digits and one of ns, us, ms, s.
/// @throws std::invalid_argument saying what is wrong
Duration ParseWordDuration(const std::string& text);
/// May a node have this name? What a word could not say, or would take for a verb, may not be one.
bool IsNodeName(const std::string& name);

} // namespace ike
} // namespace ns3

#endif // IKE_MOVE_H
