/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCHEDULE_H
#define IKE_SCHEDULE_H

#include "ike-world.h"

#include <string>

namespace ns3
{
namespace ike
{

/**
 * The scripted chooser: makes the moves of a schedule, a readable string of words.
 *
 * | word         | move                                                                      |
 * |--------------|---------------------------------------------------------------------------|
 * | start:A      | the routes of A's tunnels appear                                          |
 * | stop:A       | they go                                                                   |
 * | A            | the oldest datagram that A has sent arrives                               |
 * | drop:A       | it is lost                                                                |
 * | dup:A        | it is there twice                                                         |
 * | late:A       | it goes behind all others that A has sent                                 |
 * | timer        | the clock moves to the earliest deadline, which is taken                  |
 * | wait:40ms    | the clock moves on (ns, us, ms, s); timers that are passed are taken      |
 * | run          | datagrams arrive, oldest first, until none is in flight                   |
 * | offer:A      | a data packet wants to leave through A's first tunnel                     |
 * | reboot:A     | A loses its state                                                         |
 * | clear:A      | `clear crypto sa` at A                                                    |
 *
 * @param world is changed
 * @param schedule words with spaces between them
 * @throws std::invalid_argument naming the word and its place when it cannot be done
 */
void RunSchedule(World& world, const std::string& schedule);

/// A minimal IPv4 packet between two addresses, for offers.
Octets MakeInnerPacket(const IpAddress& source, const IpAddress& destination, size_t payload);

} // namespace ike
} // namespace ns3

#endif // IKE_SCHEDULE_H
