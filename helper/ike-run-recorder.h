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

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace ns3
{
namespace ike
{

/// What a recorder keeps of a run besides numbers; by default nothing.
struct RecorderOptions
{
    /// takes the transcript, piece by piece, as it grows; empty: there is none
    std::function<void(const std::string&)> transcript;
    bool keepsKeys{false}; ///< for captures
    SaVisitor sas;         ///< is told the life of each SA at the end; empty: nobody is
    LadderWindow ladder;   ///< of whose first negotiation it keeps a diagram; "": none
};

/**
 * @ingroup ike
 * All listeners of a run in one place: hears every event of all routers, in order. What grows with
 * the number of events is handed on (transcript) or comes to an end (ladder).
 */
class RunRecorder
{
  public:
    /**
     * @param knobs of the duplicate account
     * @param options what else is kept
     */
    explicit RunRecorder(const AccountKnobs& knobs, RecorderOptions options = {});

    /// Take the next event. @param event what, when and where
    void Record(const TimedEvent& event);
    /// See DuplicateAccount::RecordUsage().
    void RecordUsage(const std::string& node, const PairIdentity& pair, uint64_t packets);
    /**
     * Close the books of events.
     * @param end of the run
     * @param nodeOfAddress whose address an outer address is
     * @param shared addresses of several nodes, see DuplicateAccount::Close()
     * @param results gets totals, pairs, and the counters and curves of its ends
     */
    void Close(Instant end,
               const std::map<IpAddress, std::string>& nodeOfAddress,
               const std::set<IpAddress>& shared,
               RunResults& results) const;

    /// Hand on what is left of the transcript.
    void FlushTranscript();
    /// @return key files
    const WiresharkKeys& GetKeys() const;
    /// @return diagrams, up to the end of the first negotiation
    const Ladder& GetLadder() const;
    /// @return events that the diagrams have
    size_t GetLadderEvents() const;

  private:
    /// How long lines were up at one router, so far.
    struct LineClock
    {
        std::map<ConnectionId, Instant> upSince; ///< those that are up now
        Duration total;                          ///< of periods that are over
    };

    void RecordLine(const TimedEvent& event);
    void RecordTranscript(const TimedEvent& event);
    void RecordLadder(const TimedEvent& event);

    RecorderOptions m_options;  ///< what is kept
    DuplicateAccount m_account; ///< duplicates
    Transcript m_transcript;    ///< text
    EventCounters m_counters;   ///< by kind
    WiresharkKeys m_keys;       ///< for captures
    Ladder m_ladder;            ///< diagrams
    bool m_ladderEnded{false};  ///< is the first negotiation over?
    size_t m_ladderEvents{0};   ///< so many it has
    size_t m_ladderCheck{0};    ///< with so many it is time to look whether it is over
    std::map<std::string, LineClock> m_lines; ///< by node
};

} // namespace ike
} // namespace ns3

#endif // IKE_RUN_RECORDER_H
