/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_GATE_MESSAGES_H
#define IPSEC_GATE_MESSAGES_H

#include "ns3/ike-address.h"
#include "ns3/ike-fingerprint.h"
#include "ns3/ike-time.h"
#include "ns3/ipsec-policy-map.h"

#include <optional>
#include <string>

namespace ns3
{
namespace ike
{

/// A warning of passive mode, in the words of the document.
struct GateMessage
{
    /// Which.
    enum class Kind : uint8_t
    {
        Reminder,      ///< "Security warning: crypto ipsec optional is configured"
        ClearSent,     ///< "Unencrypted traffic is sent to A because crypto optional is configured"
        ClearReceived, ///< "Unencrypted traffic is received from A because crypto optional ..."
    };

    Kind kind{Kind::Reminder}; ///< which
    IpAddress address;         ///< of a packet of the interval; none in the reminder

    std::string ToString() const;
};

/**
 * When the warnings of a node are due. Those about packets are limited on the leading edge, one
 * limiter per direction: the first packet logs at once and gives its address, then there is silence
 * for `warningEvery`. Neither policy nor passive mode going off and on opens a limiter early.
 */
class GateMessages
{
  public:
    /// Passive mode is on since now; the first reminder comes after a whole interval.
    void Start(const PassiveModeRules& rules, Instant now);
    /// Passive mode is off.
    void Stop();
    /// All is forgotten (reboot).
    void Clear();

    /// A packet went in the clear to an address.
    std::optional<GateMessage> Sent(const PassiveModeRules& rules,
                                    const IpAddress& destination,
                                    Instant now);
    /// A packet came in the clear from an address.
    std::optional<GateMessage> Received(const PassiveModeRules& rules,
                                        const IpAddress& source,
                                        Instant now);
    /// The next reminder, or Never.
    Instant NextReminder() const;
    /// The reminder, if it is due. Late calls leave its phase as it is and make up for nothing.
    std::optional<GateMessage> Remind(const PassiveModeRules& rules, Instant now);
    void AddTo(Fingerprint& fingerprint, const PassiveModeRules& rules, Instant now) const;

  private:
    Instant m_nextReminder{Instant::Never()}; ///< when it is due
    std::optional<Instant> m_sent;            ///< the last message about sending
    std::optional<Instant> m_received;        ///< the last message about receiving
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_GATE_MESSAGES_H
