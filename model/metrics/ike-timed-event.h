/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TIMED_EVENT_H
#define IKE_TIMED_EVENT_H

#include "ns3/ike-events.h"
#include "ns3/ike-time.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// An event with its time and its place: what every listener of metrics takes.
struct TimedEvent
{
    Instant time;     ///< when
    std::string node; ///< at which router
    Event event;      ///< what
};

/// The record of a run, in order of time.
using EventLog = std::vector<TimedEvent>;

} // namespace ike
} // namespace ns3

#endif // IKE_TIMED_EVENT_H
