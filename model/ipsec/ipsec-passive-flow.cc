/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-passive-flow.h"

namespace ns3
{
namespace ike
{

namespace
{

/// Has so much time passed? Exactly so much counts.
bool
HasPassed(Instant since, Instant now, Duration span)
{
    return now - since >= span;
}

void
AddInstant(Fingerprint& fingerprint, const std::optional<Instant>& t, Instant now)
{
    fingerprint.Add(t.has_value()).Add(t.value_or(now), now);
}

} // namespace

FlowDecision
PassiveFlow::Offer(const PassiveModeRules& rules, Instant now, bool mayBegin)
{
    ForgetSilent(rules, now);
    bool maySend = false;
    bool isDue = true; // under 10 s, and in strict mode, IKE tries "as normal"
    if (rules.enabled)
    {
        m_firstPacket = m_firstPacket.value_or(now);
        m_lastPacket = now;
        maySend = HasPassed(*m_firstPacket, now, rules.clearAfter);
        isDue = !maySend || !m_lastAttempt || HasPassed(*m_lastAttempt, now, rules.retry);
    }
    FlowDecision decision;
    decision.clear = maySend;
    decision.begin = mayBegin && isDue && !m_attempting;
    // IKE says itself when it starts. That it was asked counts where it may have its reasons not to
    // (responder-only); under 10 s it is asked with each packet and may pause after a failure.
    if (decision.begin && (maySend || !m_lastAttempt))
    {
        m_lastAttempt = now;
    }
    m_clear = decision.clear;
    return decision;
}

void
PassiveFlow::NoteAttempt(const PassiveModeRules& rules, bool running, Instant now)
{
    ForgetSilent(rules, now);
    m_attempting = running;
    if (running)
    {
        m_lastAttempt = now;
    }
}

bool
PassiveFlow::IsAttempting() const
{
    return m_attempting;
}

void
PassiveFlow::ForgetSilent(const PassiveModeRules& rules, Instant now)
{
    if (ForgottenAt(rules) <= now)
    {
        Reset();
    }
}

void
PassiveFlow::Reset()
{
    m_firstPacket.reset();
    m_lastPacket.reset();
    m_lastAttempt.reset();
    m_clear = false;
}

bool
PassiveFlow::IsClear(const PassiveModeRules& rules, Instant now) const
{
    return m_clear && now < ForgottenAt(rules);
}

Instant
PassiveFlow::ForgottenAt(const PassiveModeRules& rules) const
{
    const std::optional<Instant> since = m_lastPacket ? m_lastPacket : m_lastAttempt;
    if (!since || rules.idle >= Instant::Never() - *since)
    {
        return Instant::Never();
    }
    return *since + rules.idle;
}

void
PassiveFlow::AddTo(Fingerprint& fingerprint, const PassiveModeRules& rules, Instant now) const
{
    const bool isForgotten = ForgottenAt(rules) <= now;
    const PassiveFlow none;
    const PassiveFlow& seen = isForgotten ? none : *this;
    AddInstant(fingerprint, seen.m_firstPacket, now);
    AddInstant(fingerprint, seen.m_lastPacket, now);
    AddInstant(fingerprint, seen.m_lastAttempt, now);
    fingerprint.Add(m_attempting).Add(seen.m_clear);
}

} // namespace ike
} // namespace ns3
