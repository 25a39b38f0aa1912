/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_END_STATE_H
#define IKE_END_STATE_H

#include "ike-world.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// What may be wrong with a state at rest, the worst first.
enum class EndClass : uint8_t
{
    Flapping,  ///< SAs come up and go without end
    DeadEnd,   ///< a tunnel that should be up has no pair at an end, and nothing changes that
    BlackHole, ///< an end protects packets with an SA that its peer does not have
    Orphan,    ///< an SA stands at one end only
    Split,     ///< the two directions use different pairs
    Duplicate, ///< more SAs than are wanted (see ike-duplicate-account.h)
    Clean,     ///< none of these
};

/// All classes in their order.
const std::vector<EndClass>& GetEndClasses();
/// "flapping", "dead end", "black hole", "orphan", "split", "duplicate", "clean"
std::string ToString(EndClass c);

/// Where lines are drawn. Named knobs with defaults.
struct RestKnobs
{
    Duration settle{Duration::Seconds(300)}; ///< time after the last fault
    /// Of one direction. It is more than nothing, so that two ends that begin at the same moment
    /// cross each other again, and again.
    Duration delay{Duration::Milliseconds(40)};
    Duration grace{Duration::Seconds(60)}; ///< see AccountKnobs::grace
    /// So many SAs of a kind that come up at one end in the second half of the settling time, other
    /// than for a lifetime, are a flap.
    uint32_t flaps{2};
};

/// What happened while a world settled.
struct SettleReport
{
    uint64_t datagrams{0}; ///< that arrived
    uint64_t timers{0};    ///< deadlines taken
    uint64_t begun{0};     ///< negotiations begun in the second half, other than for a lifetime
    uint64_t upsIsakmp{0}; ///< most ISAKMP SAs that came up at one end in that half for no lifetime
    uint64_t upsPairs{0};  ///< most pairs that did
    bool endless{false};   ///< the engines talked without end: given up
};

/// A state at rest, judged.
struct EndState
{
    std::set<EndClass> classes;   ///< all that hold; Clean alone when none of the others does
    uint32_t isakmpSurplus{0};    ///< surplus ISAKMP SAs, the most at one end
    uint32_t pairSurplus{0};      ///< surplus pairs, the most at one end
    std::vector<uint32_t> isakmp; ///< established ISAKMP SAs at each node
    std::vector<uint32_t> pairs;  ///< living pairs at each node

    /// The worst one.
    EndClass Worst() const;
    /// "split, duplicate 1/1; IKE 2/2 CH 2/2": the class, surplus ISAKMP SAs and pairs, then how
    /// many of each stand at each node.
    std::string ToString() const;

    friend bool operator<(const EndState& a, const EndState& b);
    friend bool operator==(const EndState& a, const EndState& b);
};

/**
 * Let a world come to rest: each datagram arrives after the same delay, deadlines are taken,
 * nothing is lost, for RestKnobs::settle. What comes out depends on the state alone, not on how it
 * was reached.
 */
SettleReport Settle(World& world, const RestKnobs& knobs);
/// Judge a world that has settled.
EndState Judge(const World& world, const SettleReport& report, const RestKnobs& knobs);

} // namespace ike
} // namespace ns3

#endif // IKE_END_STATE_H
