/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCHEDULE_H
#define IKE_SCHEDULE_H

#include "ike-move.h"
#include "ike-world.h"

#include <string>

namespace ns3
{
namespace ike
{

/**
 * Makes one move.
 *
 * | word           | move                                                                    |
 * |----------------|-------------------------------------------------------------------------|
 * | start:A        | the routes of A's tunnels appear; start:A:NAME: that of one tunnel      |
 * | stop:A         | they go                                                                 |
 * | A              | the oldest datagram that A has sent arrives                             |
 * | A>B            | the oldest of those to B                                                |
 * | A#2            | the second in the order of sending, out of turn                         |
 * | drop:A         | it is lost; all words on datagrams know A>B and A#2                     |
 * | dup:A          | it is there twice, the copy behind it                                   |
 * | late:A         | it goes behind all others that A has sent                               |
 * | delay:A:31s    | it is held back so long: until then no word can name it                 |
 * | timer          | the clock moves to the first deadline, which is taken, or to the end of |
 * |                | a delay, if that is earlier                                             |
 * | timer:A        | the clock moves to A's first deadline, which is taken; others are late  |
 * | wait:40ms      | the clock moves on (ns, us, ms, s); timers that are passed are taken    |
 * | run            | datagrams arrive, oldest first, until none is in flight                 |
 * | offer:A        | a data packet wants to leave through A's first tunnel; offer:A:NAME: of |
 * |                | a flow (World::AddFlow), or through the tunnel of this name             |
 * | reboot:A       | A loses its state                                                       |
 * | clear:A        | `clear crypto sa` at A; clear:A:isakmp, clear:A:all: ISAKMP SAs, both   |
 * | config:A:NAME  | A gets a configuration (World::NameConfig)                              |
 * | type:A:"line"  | a line is typed at A's console (World::SetConsole)                      |
 *
 * @param world is changed
 * @param move what to do
 * @throws std::invalid_argument saying why it cannot be done
 */
void MakeMove(World& world, const Move& move);

/**
 * The scripted chooser: makes the moves of a schedule, a readable string of words.
 * @throws std::invalid_argument naming the word and its place when it cannot be done
 */
void RunSchedule(World& world, const std::string& schedule);
/// The same for moves.
void RunMoves(World& world, const Moves& moves);

/// A minimal IPv4 packet between two addresses, for offers.
Octets MakeInnerPacket(const IpAddress& source, const IpAddress& destination, size_t payload);

} // namespace ike
} // namespace ns3

#endif // IKE_SCHEDULE_H
