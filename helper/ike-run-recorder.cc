/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-run-recorder.h"

#include <map>
#include <tuple>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// Octets of the transcript that are handed on at once.
constexpr size_t PIECE = 1 << 16;
/// Events between two looks whether the first negotiation is over; doubles each time.
constexpr size_t FIRST_LOOK = 1024;
/// So long after its last message it is over: late arrivals and losses have shown themselves.
constexpr Duration AFTERMATH = Duration::Seconds(120);

} // namespace

RunRecorder::RunRecorder(const AccountKnobs& knobs, RecorderOptions options)
    : m_options(std::move(options)),
      m_account(knobs),
      m_ladderCheck(FIRST_LOOK)
{
    if (m_options.transcript)
    {
        m_options.transcript(Transcript::GetHeading());
    }
}

void
RunRecorder::Record(const TimedEvent& event)
{
    m_account.Record(event);
    m_counters.Record(event);
    RecordLine(event);
    if (m_options.transcript)
    {
        RecordTranscript(event);
    }
    if (m_options.keepsKeys)
    {
        m_keys.Record(event);
    }
    if (!m_options.ladder.left.empty() && !m_ladderEnded)
    {
        RecordLadder(event);
    }
}

void
RunRecorder::RecordTranscript(const TimedEvent& event)
{
    m_transcript.Record(event);
    if (m_transcript.GetText().size() >= PIECE)
    {
        FlushTranscript();
    }
}

void
RunRecorder::FlushTranscript()
{
    if (m_options.transcript)
    {
        m_options.transcript(m_transcript.TakeText());
    }
}

void
RunRecorder::RecordLadder(const TimedEvent& event)
{
    m_ladder.Record(event);
    if (++m_ladderEvents < m_ladderCheck)
    {
        return;
    }
    m_ladderCheck *= 2;
    const auto& [left, right] = std::tie(m_options.ladder.left, m_options.ladder.right);
    const LadderWindow first = m_ladder.FirstNegotiation(left, right);
    m_ladderEnded = first.to != Instant::Never() && event.time - first.to > AFTERMATH;
}

void
RunRecorder::RecordLine(const TimedEvent& event)
{
    const EventKind kind = event.event.kind;
    if (kind == EventKind::LineUp)
    {
        m_lines[event.node].upSince.emplace(event.event.connection, event.time);
    }
    else if (kind == EventKind::LineDown)
    {
        LineClock& clock = m_lines[event.node];
        const auto found = clock.upSince.find(event.event.connection);
        if (found != clock.upSince.end())
        {
            clock.total = clock.total + (event.time - found->second);
            clock.upSince.erase(found);
        }
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
                   const std::set<IpAddress>& shared,
                   RunResults& results) const
{
    results.pairs = m_account.Close(end, nodeOfAddress, shared, m_options.sas);
    results.totals = DuplicateAccount::Sum(results.pairs);
    std::map<std::string, std::vector<PeerResult>> peers; // of each router
    for (const auto& pair : results.pairs)
    {
        for (const auto& account : pair.ends)
        {
            const auto& peer = pair.nodeA == account.node ? pair.nodeB : pair.nodeA;
            peers[account.node].push_back(PeerResult{peer, account});
        }
    }
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
        router.peers = std::move(peers[router.name]);
    }
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

size_t
RunRecorder::GetLadderEvents() const
{
    return m_ladderEvents;
}

} // namespace ike
} // namespace ns3
