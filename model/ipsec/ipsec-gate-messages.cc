/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-gate-messages.h"

namespace ns3
{
namespace ike
{

namespace
{

/// Has the limiter been silent for long enough?
bool
IsOpen(const PassiveModeRules& rules, const std::optional<Instant>& last, Instant now)
{
    return !last || now - *last >= rules.warningEvery;
}

/// A message, unless there was one.
std::optional<GateMessage>
Limited(const PassiveModeRules& rules,
        std::optional<Instant>& last,
        const GateMessage& message,
        Instant now)
{
    if (!IsOpen(rules, last, now))
    {
        return std::nullopt;
    }
    last = now;
    return message;
}

/// An open limiter is one that was never closed.
void
AddLimiter(Fingerprint& fingerprint,
           const PassiveModeRules& rules,
           const std::optional<Instant>& last,
           Instant now)
{
    const bool isOpen = IsOpen(rules, last, now);
    fingerprint.Add(isOpen).Add(isOpen ? now : *last, now);
}

} // namespace

std::string
GateMessage::ToString() const
{
    switch (kind)
    {
    case Kind::Reminder:
        break;
    case Kind::ClearSent:
        return "Unencrypted traffic is sent to " + address.ToString() +
               " because crypto optional is configured";
    case Kind::ClearReceived:
        return "Unencrypted traffic is received from " + address.ToString() +
               " because crypto optional is configured";
    }
    return "Security warning: crypto ipsec optional is configured";
}

void
GateMessages::Start(const PassiveModeRules& rules, Instant now)
{
    m_nextReminder = rules.reminderEvery.ns > 0 ? now + rules.reminderEvery : Instant::Never();
}

void
GateMessages::Stop()
{
    m_nextReminder = Instant::Never();
}

void
GateMessages::Clear()
{
    *this = GateMessages();
}

std::optional<GateMessage>
GateMessages::Sent(const PassiveModeRules& rules, const IpAddress& destination, Instant now)
{
    return Limited(rules, m_sent, {GateMessage::Kind::ClearSent, destination}, now);
}

std::optional<GateMessage>
GateMessages::Received(const PassiveModeRules& rules, const IpAddress& source, Instant now)
{
    return Limited(rules, m_received, {GateMessage::Kind::ClearReceived, source}, now);
}

Instant
GateMessages::NextReminder() const
{
    return m_nextReminder;
}

std::optional<GateMessage>
GateMessages::Remind(const PassiveModeRules& rules, Instant now)
{
    if (now < m_nextReminder)
    {
        return std::nullopt;
    }
    const int64_t intervals = (now - m_nextReminder).ns / rules.reminderEvery.ns + 1;
    m_nextReminder = m_nextReminder + rules.reminderEvery * intervals;
    return GateMessage();
}

void
GateMessages::AddTo(Fingerprint& fingerprint, const PassiveModeRules& rules, Instant now) const
{
    fingerprint.Add(m_nextReminder, now);
    AddLimiter(fingerprint, rules, m_sent, now);
    AddLimiter(fingerprint, rules, m_received, now);
}

} // namespace ike
} // namespace ns3
