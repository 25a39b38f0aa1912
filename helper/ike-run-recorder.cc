/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-run-recorder.h"

namespace ns3
{
namespace ike
{

RunRecorder::RunRecorder(const AccountKnobs& knobs)
    : m_account(knobs)
{
}

void
RunRecorder::Record(const TimedEvent& event)
{
    m_account.Record(event);
    m_transcript.Record(event);
    m_counters.Record(event);
    m_keys.Record(event);
    m_ladder.Record(event);
    RecordLine(event);
}

void
RunRecorder::RecordLine(const TimedEvent& event)
{
    LineClock& clock = m_lines[event.node];
    if (event.event.kind == EventKind::LineUp)
    {
        clock.upSince.emplace(event.event.connection, event.time);
    }
    const auto found = clock.upSince.find(event.event.connection);
    if (event.event.kind == EventKind::LineDown && found != clock.upSince.end())
    {
        clock.total = clock.total + (event.time - found->second);
        clock.upSince.erase(found);
    }
}

void
RunRecorder::RecordUsage(const std::string& node, const PairIdentity& pair, uint64_t packets)
{
    m_account.RecordUsage(node, pair, packets);
}

void
RunRecorder::Close(Instant end,
                   const std::map<IpAddress, std::string>& nodeOfAddress,
                   RunResults& results) const
{
    results.pairs = m_account.Close(end, nodeOfAddress);
    results.totals = DuplicateAccount::Sum(results.pairs);
    for (auto& router : results.ends)
    {
        const auto counters = m_counters.GetNodes().find(router.name);
        if (counters != m_counters.GetNodes().end())
        {
            router.counters = counters->second;
        }
        const auto line = m_lines.find(router.name);
        if (line != m_lines.end())
        {
            Duration up = line->second.total;
            for (const auto& [connection, since] : line->second.upSince)
            {
                up = up + (end - since);
            }
            router.lineUpSeconds = up.ToSeconds();
        }
        for (const auto& pair : results.pairs)
        {
            for (const auto& account : pair.ends)
            {
                if (account.node == router.name)
                {
                    const auto& peer = pair.nodeA == router.name ? pair.nodeB : pair.nodeA;
                    router.peers.push_back(PeerResult{peer, account});
                }
            }
        }
    }
}

std::string
RunRecorder::GetTranscript() const
{
    return Transcript::GetHeading() + m_transcript.GetText();
}

const WiresharkKeys&
RunRecorder::GetKeys() const
{
    return m_keys;
}

const Ladder&
RunRecorder::GetLadder() const
{
    return m_ladder;
}

} // namespace ike
} // namespace ns3
