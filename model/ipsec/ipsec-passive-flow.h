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

// clang-format off
/**
 * One flow without an SA: who may go in the clear, and when IKE tries. A value of a few instants.
 *
 * | passive mode | since first packet | since start of last attempt | packet  | IKE                          |
 * | ------------ | ------------------ | --------------------------- | ------- | ---------------------------- |
 * | off          | any                | any                         | dropped | tries, unless an attempt runs |
 * | on           | < 10 s             | any                         | dropped | tries, unless an attempt runs |
 * | on           | >= 10 s            | < retry, or an attempt runs | clear   | waits                        |
 * | on           | >= 10 s            | >= retry, and none runs     | clear   | tries                        |
 *
 * An SA that comes up resets both clocks; so does a silence of `idle`, and the end of passive mode.
 * The 10 s run from the first packet that passive mode saw since then. An attempt that runs is a
 * fact of IKE, no clock: no reset ends it. (The seed, "How IPSec Passive Mode Works".)
 */
// clang-format on
class PassiveFlow
{
  public:
    /**
     * A packet wants to leave and there is no SA for it.
     * @param rules of the node
     * @param now time of the packet
     * @param mayBegin does this end negotiate for the flow at all? Not at a dynamic entry
     * @return what to do. With `begin` from 10 s on, or for the first time, the last attempt counts
     *         as started now, for IKE may refuse (responder-only); under 10 s IKE may pause, and
     *         NoteAttempt() alone says when it starts
     */
    FlowDecision Offer(const PassiveModeRules& rules, Instant now, bool mayBegin = true);
    /// An attempt of this end for the flow began (true), or the last one that ran is over (false).
    void NoteAttempt(const PassiveModeRules& rules, bool running, Instant now);
    bool IsAttempting() const;
    /// The flow has an SA (again), or passive mode is over: both clocks are reset.
    void Reset();
    /// Is the flow sending in the clear: did its last packet leave so, less than `idle` ago?
    bool IsClear(const PassiveModeRules& rules, Instant now) const;
    /// When a silent flow is forgotten; never while it knows nothing. Its next packet notices.
    Instant ForgottenAt(const PassiveModeRules& rules) const;
    /// Canonical: a flow that is forgotten counts as a new one.
    void AddTo(Fingerprint& fingerprint, const PassiveModeRules& rules, Instant now) const;

  private:
    /// Silent for long enough?
    void ForgetSilent(const PassiveModeRules& rules, Instant now);

    std::optional<Instant> m_firstPacket; ///< since the flow was created, or its SA last existed
    std::optional<Instant> m_lastPacket;  ///< for the idle time
    std::optional<Instant> m_lastAttempt; ///< its start
    bool m_attempting{false};             ///< an attempt runs
    bool m_clear{false};                  ///< the last packet left in the clear
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_PASSIVE_FLOW_H
