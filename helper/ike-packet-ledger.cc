/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-packet-ledger.h"

#include "ns3/ike-verdict.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

uint64_t
PacketBalance::SumDropped() const
{
    uint64_t sum = 0;
    for (const auto& [reason, count] : dropped)
    {
        sum += count;
    }
    return sum;
}

void
PacketBalance::Add(const PacketBalance& other)
{
    offered += other.offered;
    delivered += other.delivered;
    duplicated += other.duplicated;
    inFlight += other.inFlight;
    protectedPackets += other.protectedPackets;
    clearPackets += other.clearPackets;
    protectedBytes += other.protectedBytes;
    clearBytes += other.clearBytes;
    outage = outage + other.outage;
    for (const auto& [reason, count] : other.dropped)
    {
        dropped[reason] += count;
    }
    for (const auto& [place, count] : other.droppedAt)
    {
        droppedAt[place] += count;
    }
}

PacketLedger::PacketLedger(const std::vector<std::string>& flows,
                           const std::vector<uint64_t>& sizes)
    : m_names(flows),
      m_sizes(sizes),
      m_fates(flows.size())
{
}

std::string
PacketLedger::Describe(const PacketName& packet) const
{
    const std::string flow =
        packet.flow < m_names.size() ? m_names[packet.flow] : std::to_string(packet.flow);
    return "packet " + std::to_string(packet.sequence) + " of flow " + flow;
}

PacketLedger::Fate*
PacketLedger::Find(const PacketName& packet, const std::string& what)
{
    if (packet.flow < m_fates.size() && packet.sequence < m_fates[packet.flow].size())
    {
        return &m_fates[packet.flow][packet.sequence];
    }
    m_violations.push_back(Describe(packet) + " was " + what + ", but never offered");
    return nullptr;
}

void
PacketLedger::Offer(const PacketName& packet, Instant time, bool mayFragment)
{
    if (packet.flow >= m_fates.size() || packet.sequence != m_fates[packet.flow].size())
    {
        m_violations.push_back(Describe(packet) + " was offered out of order");
        return;
    }
    Fate fate;
    fate.offered = time;
    fate.mayFragment = mayFragment;
    m_fates[packet.flow].push_back(fate);
}

void
PacketLedger::Deliver(const PacketName& packet)
{
    if (Fate* fate = Find(packet, "delivered"))
    {
        ++fate->deliveries;
    }
}

void
PacketLedger::Drop(const PacketName& packet, const std::string& node, const std::string& reason)
{
    Fate* fate = Find(packet, "dropped at " + node + " (" + reason + ")");
    if (fate == nullptr)
    {
        return;
    }
    const auto [at, isNew] =
        m_placeIds.try_emplace({node, reason}, static_cast<PlaceId>(m_places.size()));
    if (isNew)
    {
        m_places.emplace_back(node, reason);
    }
    fate->place = fate->drops == 0 ? at->second : fate->place;
    ++fate->drops;
}

void
PacketLedger::MarkProtected(const PacketName& packet)
{
    if (Fate* fate = Find(packet, "protected"))
    {
        fate->isProtected = true;
    }
}

void
PacketLedger::MarkClear(const PacketName& packet)
{
    if (Fate* fate = Find(packet, "sent in clear"))
    {
        fate->isClear = true;
    }
}

void
PacketLedger::Book(const PacketName& packet,
                   const Fate& fate,
                   bool isYoung,
                   Duration untilNext,
                   PacketBalance& balance,
                   std::vector<std::string>& violations) const
{
    ++balance.offered;
    balance.protectedPackets += fate.isProtected ? 1 : 0;
    balance.clearPackets += fate.isClear ? 1 : 0;
    if (fate.deliveries > 0)
    {
        ++balance.delivered;
        balance.duplicated += fate.deliveries - 1U;
    }
    else if (fate.drops > 0)
    {
        const auto& place = m_places[fate.place];
        ++balance.dropped[place.second];
        ++balance.droppedAt[place];
        balance.outage = balance.outage + untilNext;
    }
    else if (isYoung)
    {
        ++balance.inFlight;
    }
    const std::string name = Describe(packet) + ", offered at " + ToString(fate.offered) + " s, ";
    if (fate.deliveries > 0 && fate.drops > 0)
    {
        const auto& [node, reason] = m_places[fate.place];
        violations.push_back(name + "was delivered, and dropped at " + node + " (" + reason + ")");
    }
    if (fate.drops > 1 && !fate.mayFragment)
    {
        const auto& [node, reason] = m_places[fate.place];
        violations.push_back(name + "was dropped " + std::to_string(fate.drops) +
                             " times, first at " + node + " (" + reason + ")");
    }
    if (fate.deliveries == 0 && fate.drops == 0 && !isYoung)
    {
        violations.push_back(name + "was neither delivered nor dropped");
    }
}

PacketSeries
PacketLedger::MakeSeries(Instant end, uint64_t buckets)
{
    const int64_t length = (end - Instant{}).ns;
    const auto parts = static_cast<int64_t>(buckets);
    PacketSeries series;
    series.width.ns = std::max<int64_t>(1, (length + parts - 1) / parts);
    const int64_t count = (length + series.width.ns - 1) / series.width.ns;
    series.buckets.resize(static_cast<size_t>(std::max<int64_t>(1, count)));
    return series;
}

void
PacketLedger::BookOverTime(const Fate& fate,
                           bool isYoung,
                           uint64_t size,
                           PacketSeries& series) const
{
    const auto part = static_cast<size_t>((fate.offered - Instant{}).ns / series.width.ns);
    PacketBucket& bucket = series.buckets[std::min(part, series.buckets.size() - 1)];
    ++bucket.offered;
    bucket.protectedPackets += fate.isProtected ? 1 : 0;
    bucket.clearPackets += fate.isClear ? 1 : 0;
    bucket.protectedBytes += fate.isProtected ? size : 0;
    bucket.clearBytes += fate.isClear ? size : 0;
    if (fate.deliveries > 0)
    {
        ++bucket.delivered;
        bucket.deliveredClear += fate.isClear ? 1 : 0;
    }
    else if (fate.drops > 0)
    {
        const std::string& reason = m_places[fate.place].second;
        ++(reason == ToString(DropReason::NoSa)            ? bucket.droppedNoSa
           : reason == ToString(DropReason::ClearReceived) ? bucket.droppedClear
                                                           : bucket.droppedOther);
    }
    else if (isYoung)
    {
        ++bucket.inFlight;
    }
}

PacketBooks
PacketLedger::Close(Instant end, Duration flightTime, uint64_t buckets) const
{
    PacketBooks books;
    books.series = MakeSeries(end, buckets);
    books.violations = m_violations;
    for (uint32_t flow = 0; flow < m_fates.size(); ++flow)
    {
        const auto& fates = m_fates[flow];
        const uint64_t size = flow < m_sizes.size() ? m_sizes[flow] : 0;
        PacketBalance balance;
        for (uint32_t sequence = 0; sequence < fates.size(); ++sequence)
        {
            const Fate& fate = fates[sequence];
            const Instant next = sequence + 1 < fates.size() ? fates[sequence + 1].offered : end;
            const bool isYoung = end - fate.offered <= flightTime;
            Book(PacketName{flow, sequence},
                 fate,
                 isYoung,
                 next - fate.offered,
                 balance,
                 books.violations);
            BookOverTime(fate, isYoung, size, books.series);
        }
        balance.protectedBytes = balance.protectedPackets * size;
        balance.clearBytes = balance.clearPackets * size;
        books.total.Add(balance);
        books.flows.push_back(balance);
    }
    return books;
}

} // namespace ike
} // namespace ns3
