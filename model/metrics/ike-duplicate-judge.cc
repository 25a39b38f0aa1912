/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-duplicate-judge.h"

#include <algorithm>
#include <set>
#include <utility>

namespace ns3
{
namespace ike
{
namespace duplicates
{

namespace
{

double
ToSeconds(int64_t ns)
{
    return Duration{ns}.ToSeconds();
}

/// How long two sequences of spans in order of time hold at once with different pairs.
int64_t
DifferenceOf(const std::vector<SelectedSpan>& a, const std::vector<SelectedSpan>& b)
{
    int64_t sum = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < a.size() && j < b.size())
    {
        const int64_t from = std::max(a[i].span.from, b[j].span.from);
        const int64_t to = std::min(a[i].span.to, b[j].span.to);
        if (from < to && a[i].pair != b[j].pair)
        {
            sum += to - from;
        }
        if (a[i].span.to < b[j].span.to)
        {
            i++;
        }
        else
        {
            j++;
        }
    }
    return sum;
}

/// Finds in the records what was surplus, wasted or alone.
class PeersJudge
{
  public:
    PeersJudge(PeersRecords records, Instant end, const AccountKnobs& knobs)
        : m_records(std::move(records)),
          m_end(end.ns),
          m_knobs(knobs)
    {
    }

    PeersAccount Close(const SaVisitor& each);

  private:
    void CloseSpans();
    void CountAlive(SaKind kind, unsigned side, EndAccount& account) const;
    bool IsAloneAtEnd(const Sa& sa, unsigned side) const;
    bool IsSplitAtEnd() const;
    bool IsBlackHoledAtEnd(unsigned side) const;
    void JudgeEnd(const std::vector<EndAccount>& ends, DuplicateTotals& totals) const;
    void FindSurplus();
    void FindSurplusOf(const std::vector<size_t>& family, unsigned side);
    int64_t MarkSurplus(const std::set<size_t>& alive,
                        const std::set<size_t>& arrived,
                        unsigned side,
                        int64_t now);
    void Mark(size_t index, const std::set<size_t>& arrived, unsigned side, int64_t now);
    void EndSurplus(const std::set<size_t>& before, unsigned side, int64_t now);
    void TellSas(const SaVisitor& each) const;
    int64_t EndOfGrace(size_t index, unsigned side) const;
    void IntegrateSurplus(unsigned side, PeersAccount& account) const;
    void CountNegotiations(DuplicateTotals& totals) const;
    void CountDuplicates(DuplicateTotals& totals) const;
    void CountOrphans(DuplicateTotals& totals) const;
    int64_t SplitTime() const;

    PeersRecords m_records;                         ///< with spans closed and SAs marked
    int64_t m_end;                                  ///< of the run
    AccountKnobs m_knobs;                           ///< where lines are drawn
    std::array<std::array<Deltas, 2>, 2> m_surplus; ///< by kind, end
};

/// What has not ended ends with the run.
void
PeersJudge::CloseSpans()
{
    for (Sa& sa : m_records.sas)
    {
        for (std::vector<Span>& life : sa.lives)
        {
            for (Span& s : life)
            {
                s = {std::min(s.from, m_end), std::min(s.to, m_end)};
            }
        }
    }
    for (unsigned side : {0U, 1U})
    {
        for (const auto& [connection, selected] : m_records.selected[side])
        {
            m_records.selections[side].push_back({{selected.span.from, m_end}, selected.pair});
        }
    }
}

/// Before the spans are closed: an SA that is alive at the end makes no step there.
void
PeersJudge::CountAlive(SaKind kind, unsigned side, EndAccount& account) const
{
    Deltas deltas;
    int64_t atEnd = 0;
    for (const Sa& sa : m_records.sas)
    {
        for (const Span& s : sa.lives[side])
        {
            if (sa.Kind() == kind)
            {
                deltas[s.from]++;
                deltas[s.to] -= s.to != OPEN;
                atEnd += s.to == OPEN;
            }
        }
    }
    const std::vector<CurvePoint> curve = CurveOf(deltas);
    (kind == ISAKMP ? account.isakmpAlive : account.pairsAlive) = curve;
    (kind == ISAKMP ? account.isakmpPeak : account.pairsPeak) = PeakOf(curve);
    (kind == ISAKMP ? account.isakmpAtEnd : account.pairsAtEnd) = atEnd;
    if (kind == PAIR)
    {
        account.upSeconds = ToSeconds(TimeAboveZero(curve, m_end));
    }
}

/// Has this end an SA at the end of the run that the other one has not, for longer than the grace?
bool
PeersJudge::IsAloneAtEnd(const Sa& sa, unsigned side) const
{
    const std::vector<Span>& here = sa.lives[side];
    const std::vector<Span>& there = sa.lives[1 - side];
    if (here.empty() || here.back().to != OPEN || (!there.empty() && there.back().to == OPEN))
    {
        return false;
    }
    const int64_t since = std::max(here.back().from, there.empty() ? 0 : there.back().to);
    return m_end - since > m_knobs.orphanGrace.ns;
}

/// Do the ends send on different pairs of one family at the end of the run?
bool
PeersJudge::IsSplitAtEnd() const
{
    for (const auto& [mine, a] : m_records.selected[0])
    {
        for (const auto& [theirs, b] : m_records.selected[1])
        {
            const auto one = m_records.index.find(a.pair);
            const auto other = m_records.index.find(b.pair);
            if (one != m_records.index.end() && other != m_records.index.end() &&
                one->second != other->second &&
                m_records.sas[one->second].family == m_records.sas[other->second].family)
            {
                return true;
            }
        }
    }
    return false;
}

/// Does this end send at the end of the run on a pair that the other one has not?
bool
PeersJudge::IsBlackHoledAtEnd(unsigned side) const
{
    for (const auto& [connection, selected] : m_records.selected[side])
    {
        const auto found = m_records.index.find(selected.pair);
        if (found != m_records.index.end() && IsAloneAtEnd(m_records.sas[found->second], side))
        {
            return true;
        }
    }
    return false;
}

/// Before the spans are closed, too.
void
PeersJudge::JudgeEnd(const std::vector<EndAccount>& ends, DuplicateTotals& totals) const
{
    bool isOrphaned = false;
    for (const Sa& sa : m_records.sas)
    {
        isOrphaned = isOrphaned || IsAloneAtEnd(sa, 0) || IsAloneAtEnd(sa, 1);
    }
    totals.peers = 1;
    totals.peersSplitAtEnd = IsSplitAtEnd();
    totals.peersOrphanedAtEnd = isOrphaned;
    totals.peersBlackHoledAtEnd = IsBlackHoledAtEnd(0) || IsBlackHoledAtEnd(1);
    totals.peersDownAtEnd = ends[0].pairsAtEnd == 0 || ends[1].pairsAtEnd == 0;
    totals.peersBrokenAtEnd = totals.peersSplitAtEnd + totals.peersOrphanedAtEnd +
                                  totals.peersBlackHoledAtEnd + totals.peersDownAtEnd >
                              0;
}

void
PeersJudge::FindSurplus()
{
    std::map<Family, std::vector<size_t>> families;
    for (size_t i = 0; i < m_records.sas.size(); i++)
    {
        families[m_records.sas[i].family].push_back(i);
    }
    for (const auto& [family, members] : families)
    {
        for (unsigned side : {0U, 1U})
        {
            FindSurplusOf(members, side);
        }
    }
}

/// When the overlap of an SA with its first successor is no longer allowed at an end.
int64_t
PeersJudge::EndOfGrace(size_t index, unsigned side) const
{
    const std::optional<size_t>& next = m_records.sas[index].firstSuccessor;
    return next && !m_records.sas[*next].lives[side].empty()
               ? m_records.sas[*next].lives[side].front().from + m_knobs.grace.ns
               : OPEN;
}

/// Walk along the moments at which anything changes, with the set of living SAs.
void
PeersJudge::FindSurplusOf(const std::vector<size_t>& family, unsigned side)
{
    std::map<int64_t, std::pair<std::set<size_t>, std::set<size_t>>> moments; // arrive, leave
    for (const size_t i : family)
    {
        for (const Span& s : m_records.sas[i].lives[side])
        {
            if (s.from < s.to)
            {
                moments[s.from].first.insert(i);
                moments[s.to].second.insert(i);
            }
        }
        moments[EndOfGrace(i, side)];
    }
    std::set<size_t> alive;
    int64_t before = 0;
    for (const auto& [now, changes] : moments)
    {
        EndSurplus(alive, side, now);
        for (const size_t i : changes.second)
        {
            alive.erase(i);
        }
        alive.insert(changes.first.begin(), changes.first.end());
        const int64_t surplus = MarkSurplus(alive, changes.first, side, now);
        m_surplus[m_records.sas[family.front()].Kind()][side][now] += surplus - before;
        before = surplus;
    }
}

/**
 * The surplus of one end at one moment; marks the SAs that make it.
 *
 * SAs are numbered in the order in which they first stood and a lineage by its first SA, so
 * the order of the map is the order of age.
 */
int64_t
PeersJudge::MarkSurplus(const std::set<size_t>& alive,
                        const std::set<size_t>& arrived,
                        unsigned side,
                        int64_t now)
{
    std::map<size_t, std::vector<size_t>> lineages;
    for (const size_t i : alive)
    {
        lineages[m_records.sas[i].lineage].push_back(i);
    }
    int64_t units = 0;
    for (const auto& [lineage, members] : lineages)
    {
        const bool oldest = lineage == lineages.begin()->first;
        for (const size_t i : members)
        {
            // The newest of a lineage is what the lineage has; it cannot overstay.
            const bool overstays = i != members.back() && EndOfGrace(i, side) <= now;
            units += overstays;
            if (!oldest || overstays)
            {
                Mark(i, arrived, side, now);
            }
        }
        units++;
    }
    return std::max<int64_t>(0, units - 1);
}

void
PeersJudge::Mark(size_t index, const std::set<size_t>& arrived, unsigned side, int64_t now)
{
    std::vector<Span>& times = m_records.sas[index].surplus[side];
    if (!times.empty() && times.back().to == now)
    {
        times.back().to = OPEN; // it goes on
    }
    else
    {
        times.push_back({now, OPEN});
    }
    m_records.sas[index].everSurplus = true;
    if (arrived.count(index))
    {
        m_records.sas[index].surplusOnArrival = true;
    }
}

/// What was surplus is so up to the next moment; whoever still is goes on.
void
PeersJudge::EndSurplus(const std::set<size_t>& before, unsigned side, int64_t now)
{
    for (const size_t i : before)
    {
        std::vector<Span>& times = m_records.sas[i].surplus[side];
        if (!times.empty() && times.back().to == OPEN)
        {
            times.back().to = now;
        }
    }
}

void
PeersJudge::TellSas(const SaVisitor& each) const
{
    for (const auto& [id, index] : m_records.index)
    {
        const auto& [kind, number, other] = id;
        const Sa& sa = m_records.sas[index];
        SaAccount account;
        account.isPair = kind == PAIR;
        if (kind == PAIR)
        {
            account.pair = {static_cast<uint32_t>(number), static_cast<uint32_t>(other)};
        }
        else
        {
            auto& cookie = account.isakmp.initiatorCookie;
            for (size_t i = 0; i < cookie.size(); ++i)
            {
                cookie[i] = static_cast<uint8_t>(number >> (8 * (cookie.size() - 1 - i)));
            }
        }
        account.nodes = m_records.nodes;
        account.initiator = std::get<1>(sa.negotiation);
        account.packets = sa.packets;
        for (const size_t side : {0, 1})
        {
            for (const Span& s : sa.lives[side])
            {
                account.lives[side].push_back({Instant{s.from}, Instant{s.to}});
            }
            for (const Span& s : sa.surplus[side])
            {
                account.surplus[side].push_back({Instant{s.from}, Instant{s.to}});
            }
        }
        each(account);
    }
}

void
PeersJudge::CountNegotiations(DuplicateTotals& totals) const
{
    std::set<NegotiationId> inVain;
    for (const Sa& sa : m_records.sas)
    {
        if (sa.surplusOnArrival)
        {
            inVain.insert(sa.negotiation);
        }
    }
    for (const auto& [id, n] : m_records.negotiations)
    {
        totals.negotiationsBegun++;
        totals.negotiationsCompleted += n.completed;
        // One that is still running at the end of the run is neither.
        totals.negotiationsWasted += n.completed ? inVain.count(id) : n.ended;
    }
}

void
PeersJudge::CountDuplicates(DuplicateTotals& totals) const
{
    for (const Sa& sa : m_records.sas)
    {
        const SaKind kind = sa.Kind();
        totals.unusedPairs += kind == PAIR && sa.packets == 0;
        if (!sa.everSurplus)
        {
            continue;
        }
        (kind == ISAKMP ? totals.isakmpDuplicates : totals.ipsecDuplicates)++;
        const auto cost = m_records.costs.find(sa.exchange);
        if (cost != m_records.costs.end())
        {
            totals.messagesOnDuplicates += cost->second.messages;
            totals.messageBytesOnDuplicates += cost->second.octets;
            totals.dhOperationsOnDuplicates += cost->second.dh;
        }
    }
    totals.peersWithDuplicates = totals.isakmpDuplicates + totals.ipsecDuplicates > 0;
}

void
PeersJudge::CountOrphans(DuplicateTotals& totals) const
{
    int64_t time = 0;
    for (const Sa& sa : m_records.sas)
    {
        bool orphan = false;
        for (unsigned side : {0U, 1U})
        {
            for (const Span& life : sa.lives[side])
            {
                for (const Span& alone : Without(life, sa.lives[1 - side]))
                {
                    const int64_t beyond = alone.to - alone.from - m_knobs.orphanGrace.ns;
                    orphan = orphan || beyond > 0;
                    time += std::max<int64_t>(0, beyond);
                }
            }
        }
        totals.orphans += orphan;
    }
    totals.orphanSeconds = ToSeconds(time);
}

int64_t
PeersJudge::SplitTime() const
{
    std::map<Family, std::array<std::vector<SelectedSpan>, 2>> families;
    for (unsigned side : {0U, 1U})
    {
        for (const SelectedSpan& s : m_records.selections[side])
        {
            const auto found = m_records.index.find(s.pair);
            if (found != m_records.index.end())
            {
                families[m_records.sas[found->second].family][side].push_back(s);
            }
        }
    }
    int64_t sum = 0;
    for (const auto& [family, ends] : families)
    {
        sum += DifferenceOf(ends[0], ends[1]);
    }
    return sum;
}

void
PeersJudge::IntegrateSurplus(unsigned side, PeersAccount& account) const
{
    const Deltas& isakmp = m_surplus[ISAKMP][side];
    const Deltas& pairs = m_surplus[PAIR][side];
    EndAccount& a = account.ends[side];
    a.isakmpDuplicateSeconds = ToSeconds(IntegralOf(CurveOf(isakmp), m_end));
    a.ipsecDuplicateSeconds = ToSeconds(IntegralOf(CurveOf(pairs), m_end));
    account.totals.isakmpDuplicateSeconds += a.isakmpDuplicateSeconds;
    account.totals.ipsecDuplicateSeconds += a.ipsecDuplicateSeconds;
    Deltas both = isakmp;
    for (const auto& [time, delta] : pairs)
    {
        both[time] += delta;
    }
    account.totals.duplicatePeak = std::max(account.totals.duplicatePeak, PeakOf(CurveOf(both)));
}

PeersAccount
PeersJudge::Close(const SaVisitor& each)
{
    PeersAccount account{m_records.nodes[0],
                         m_records.nodes[1],
                         std::vector<EndAccount>(2),
                         m_records.totals};
    DuplicateTotals& totals = account.totals;
    for (unsigned side : {0U, 1U})
    {
        account.ends[side].node = m_records.nodes[side];
        account.ends[side].peer = m_records.addresses[1 - side];
        CountAlive(ISAKMP, side, account.ends[side]);
        CountAlive(PAIR, side, account.ends[side]);
    }
    JudgeEnd(account.ends, totals);
    CloseSpans();
    FindSurplus();
    for (unsigned side : {0U, 1U})
    {
        IntegrateSurplus(side, account);
    }
    CountNegotiations(totals);
    CountDuplicates(totals);
    CountOrphans(totals);
    totals.splitSeconds = ToSeconds(SplitTime());
    if (each)
    {
        TellSas(each);
    }
    return account;
}

} // namespace

PeersAccount
Judge(PeersRecords records, Instant end, const AccountKnobs& knobs, const SaVisitor& each)
{
    return PeersJudge(std::move(records), end, knobs).Close(each);
}

} // namespace duplicates
} // namespace ike
} // namespace ns3
