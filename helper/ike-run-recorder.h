/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RUN_RECORDER_H
#define IKE_RUN_RECORDER_H

#include "ike-results.h"
#include "ike-scenario.h"

#include "ns3/ike-counters.h"
#include "ns3/ike-duplicate-account.h"
#include "ns3/ike-ladder.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ike-transcript.h"
#include "ns3/ike-wireshark-keys.h"

#include <map>
#include <string>
#include <utility>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * All listeners of a run in one place: hears every event of all routers, in order.
 */
class RunRecorder
{
  public:
    /// @param knobs of the duplicate account
    explicit RunRecorder(const AccountKnobs& knobs);

    /// Take the next event. @param event what, when and where
    void Record(const TimedEvent& event);
    /// See DuplicateAccount::RecordUsage().
    void RecordUsage(const std::string& node, const PairIdentity& pair, uint64_t packets);
    /**
     * Close the books of events.
     * @param end of the run
     * @param nodeOfAddress whose address an outer address is
     * @param results gets totals, pairs, and the counters and curves of its ends
     */
    void Close(Instant end,
               const std::map<IpAddress, std::string>& nodeOfAddress,
               RunResults& results) const;

    /// @return text of all events
    std::string GetTranscript() const;
    /// @return key files
    const WiresharkKeys& GetKeys() const;
    /// @return diagrams
    const Ladder& GetLadder() const;

  private:
    /// How long lines were up at one router, so far.
    struct LineClock
    {
        std::map<ConnectionId, Instant> upSince; ///< those that are up now
        Duration total;                          ///< of periods that are over
    };

    void RecordLine(const TimedEvent& event);

    DuplicateAccount m_account;               ///< duplicates
    Transcript m_transcript;                  ///< text
    EventCounters m_counters;                 ///< by kind
    WiresharkKeys m_keys;                     ///< for captures
    Ladder m_ladder;                          ///< diagrams
    std::map<std::string, LineClock> m_lines; ///< by node
};

} // namespace ike
} // namespace ns3

#endif // IKE_RUN_RECORDER_H
