/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_PASSIVE_FLOW_H
#define IPSEC_PASSIVE_FLOW_H

#include "ns3/ike-fingerprint.h"
#include "ns3/ike-time.h"
#include "ns3/ipsec-policy-map.h"

#include <optional>

namespace ns3
{
namespace ike
{

/// What becomes of a packet of a flow that has no SA.
struct FlowDecision
{
    bool clear{false}; ///< it goes out as it is; else it is dropped
    bool begin{false}; ///< IKE shall try to get an SA

    friend bool operator==(const FlowDecision& a, const FlowDecision& b)
    {
        return a.clear == b.clear && a.begin == b.begin;
    }
};

/**
 * One flow without an SA: who may go in the clear, and when IKE tries. A value of a few instants.
 *
 * | passive mode | since the first packet | since the start of the last attempt | packet | IKE |
 * | ------------ | ---------------------- | ----------------------------------- | ------ | --- |
 * | off          | any                    | any                                 | dropped | tries,
 * unless an attempt runs | | on           | < 10 s                 | any | dropped | tries, unless
 * an attempt runs | | on           | >= 10 s                | < retry, or an attempt runs         |
 * clear  | waits | | on           | >= 10 s                | >= retry, and none runs             |
 * clear  | tries |
 *
 * An SA that comes up resets both clocks; so does a silence of `idle`, and the end of passive mode.
 * The 10 s run from the first packet since then. (The seed, "How IPSec Passive Mode Works".)
 */
class PassiveFlow
{
  public:
    /**
     * A packet wants to leave and there is no SA for it.
     * @param rules of the node
     * @param now time of the packet
     * @return what to do. With `begin`, an attempt counts as started now
     */
    FlowDecision Offer(const PassiveModeRules& rules, Instant now);
    /// An attempt of this end for the flow began (true), or the last one that ran is over (false).
    void NoteAttempt(bool running, Instant now);
    /// The flow has an SA (again), or passive mode is over: both clocks are reset.
    void Reset();
    /// Is the flow sending in the clear: did its last packet leave so?
    bool IsClear() const;
    /// When a silent flow is forgotten; never while it knows nothing.
    Instant ForgottenAt(const PassiveModeRules& rules) const;
    void AddTo(Fingerprint& fingerprint, Instant now) const;

  private:
    std::optional<Instant> m_firstPacket; ///< since the flow was created, or its SA last existed
    std::optional<Instant> m_lastPacket;  ///< for the idle time
    std::optional<Instant> m_lastAttempt; ///< its start
    bool m_attempting{false};             ///< an attempt runs
    bool m_clear{false};                  ///< the last packet left in the clear
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_PASSIVE_FLOW_H
