/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ROUTER_DESK_H
#define IKE_ROUTER_DESK_H

#include "ns3/ike-actions.h"
#include "ns3/ike-events.h"
#include "ns3/ike-time.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <string>

namespace ns3
{
namespace ike
{

/**
 * @brief Get the time of the simulation as the pure rooms know it.
 * @return now
 */
inline Instant
SimulatedNow()
{
    return Instant{Simulator::Now().GetNanoSeconds()};
}

/**
 * @ingroup ike
 * @brief Where the parts of a router (TunnelWatch, TunnelTraffic) hand in what concerns the whole,
 * so that they need not know IkeRouter.
 */
class RouterDesk
{
  public:
    virtual ~RouterDesk() = default;

    /**
     * @brief Report something; node and time are added.
     * @param event what happened
     */
    virtual void Report(Event event) = 0;
    /**
     * @brief Trace a dropped packet.
     * @param packet the packet
     * @param reason why
     */
    virtual void Drop(Ptr<const Packet> packet, const std::string& reason) = 0;
    /**
     * @brief Give the engine an input, if there is an engine.
     * @param input what happened
     */
    virtual void Take(const Input& input) = 0;
    /**
     * @brief Is the router away for a while (see IkeRouter::Reboot())?
     * @return true when it is
     */
    virtual bool IsReloading() const = 0;
    /**
     * @brief Does the node run, and can the router take notice of its paths?
     * @return false before the start, during a reload, and while its application has no engine
     */
    virtual bool IsAwake() const = 0;
};

} // namespace ike
} // namespace ns3

#endif // IKE_ROUTER_DESK_H
