/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_FLOW_PACE_H
#define IKE_FLOW_PACE_H

#include "ike-scenario.h"

#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <memory>
#include <string>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief When the next packet of a flow is offered: times between packets that are drawn, and
 * phases with and without packets.
 *
 * Its stream of random numbers goes by the name of the flow, so one more flow changes nobody
 * else's.
 */
class FlowPace
{
  public:
    /**
     * @param pace of the scenario
     * @param every between two packets, when that is constant
     * @param start of the first packet, which begins a phase
     * @param name of the flow
     */
    FlowPace(std::shared_ptr<const ScenarioPace> pace,
             Duration every,
             Duration start,
             const std::string& name);

    /// @return the time of the packet after this one, always later. @param now of a packet
    Time GetNext(Time now);

  private:
    /// @return a span. @param fixed without a distribution @param draw null: fixed
    int64_t Draw(Duration fixed, const std::shared_ptr<const Distribution>& draw);

    std::shared_ptr<const ScenarioPace> m_pace; ///< what it goes by
    Duration m_every;                           ///< constant
    Ptr<UniformRandomVariable> m_random;        ///< all of its draws
    int64_t m_phaseEnd{0};                      ///< no packet from then on, in ns
};

/// @return a stream of random numbers of this name, far from those that are numbered. @param name
/// whose
int64_t StreamOfName(const std::string& name);

} // namespace ike
} // namespace ns3

#endif // IKE_FLOW_PACE_H
