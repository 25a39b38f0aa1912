/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-duplicate-account.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// The end of a span that has none yet.
constexpr int64_t OPEN = Instant::Never().ns;

/// Which of the two kinds of SA; an index.
enum SaKind : unsigned
{
    ISAKMP,
    PAIR,
};

/// An SA: the initiator's cookie, or both SPIs. The initiator's cookie alone, since the first
/// message of a main mode knows no other.
using SaId = std::tuple<SaKind, uint64_t, uint64_t>;
/// A negotiation: its kind, which end began it, its cookie or SPI.
using NegotiationId = std::tuple<SaKind, unsigned, uint64_t>;
/// An exchange on the wire: initiator's cookie, message id (0 in phase 1).
using ExchangeId = std::pair<uint64_t, uint32_t>;
/// SAs that could replace each other: kind, two addresses in order, the selectors of each.
using Family = std::tuple<SaKind, IpAddress, IpAddress, std::string, std::string>;
/// Changes of a number at moments; the number is their running sum.
using Deltas = std::map<int64_t, int64_t>;

/// A time in which something holds: from the first moment up to, without, the last.
struct Span
{
    int64_t from{0};  ///< ns
    int64_t to{OPEN}; ///< ns
};

/// A time in which an end sends on one pair.
struct SelectedSpan
{
    Span span; ///< when
    SaId pair; ///< on which
};

/// One SA, as both ends saw it.
struct Sa
{
    Family family;                          ///< what it competes with
    ExchangeId exchange;                    ///< that made it
    NegotiationId negotiation;              ///< that made it
    size_t lineage{0};                      ///< index of the first SA of its lineage
    std::optional<size_t> firstSuccessor;   ///< index
    std::array<std::vector<Span>, 2> lives; ///< at each end
    uint64_t packets{0};                    ///< at both ends
    bool everSurplus{false};                ///< at either end
    bool surplusOnArrival{false};           ///< at either end
};

/// One attempt to make an SA, which its initiator has begun.
struct Negotiation
{
    std::optional<SaId> succeeds; ///< the SA whose soft lifetime was the reason
    ExchangeId exchange;          ///< that carries it
    bool completed{false};        ///< at its initiator
    bool ended{false};            ///< at its initiator, without an SA
};

/// What an exchange has cost.
struct Cost
{
    uint64_t messages{0}; ///< sent
    uint64_t octets{0};   ///< of them
    uint64_t dh{0};       ///< operations
};

uint64_t
CookieOf(const IsakmpIdentity& id)
{
    uint64_t number = 0;
    for (const uint8_t o : id.initiatorCookie)
    {
        number = number << 8 | o;
    }
    return number;
}

SaId
IdOf(const IsakmpIdentity& id)
{
    return {ISAKMP, CookieOf(id), 0};
}

SaId
IdOf(const PairIdentity& id)
{
    return {PAIR, id.initiatorSpi, id.responderSpi};
}

/// Both ends see the same family, whichever is the local one.
Family
FamilyOf(SaKind kind, const Event& e)
{
    const std::string local = kind == PAIR ? e.localSelector : "";
    const std::string remote = kind == PAIR ? e.remoteSelector : "";
    return e.local < e.peer ? Family{kind, e.local, e.peer, local, remote}
                            : Family{kind, e.peer, e.local, remote, local};
}

double
ToSeconds(int64_t ns)
{
    return Duration{ns}.ToSeconds();
}

/// The curve of a running sum, from time 0 on, one point for each change.
std::vector<CurvePoint>
CurveOf(const Deltas& deltas)
{
    std::vector<CurvePoint> curve{{Instant{0}, 0}};
    int64_t value = 0;
    for (const auto& [time, delta] : deltas)
    {
        value += delta;
        if (delta == 0)
        {
            continue;
        }
        if (curve.back().time.ns == time)
        {
            curve.back().value = value;
        }
        else
        {
            curve.push_back({Instant{time}, value});
        }
    }
    return curve;
}

int64_t
PeakOf(const std::vector<CurvePoint>& curve)
{
    int64_t peak = 0;
    for (const CurvePoint& p : curve)
    {
        peak = std::max(peak, p.value);
    }
    return peak;
}

/// The integral of a curve; of the value itself, or of the time in which it is above zero.
int64_t
IntegralOf(const std::vector<CurvePoint>& curve, int64_t end, bool whetherOnly)
{
    int64_t sum = 0;
    for (size_t i = 0; i < curve.size(); i++)
    {
        const int64_t to = i + 1 < curve.size() ? curve[i + 1].time.ns : end;
        const int64_t length = std::max<int64_t>(0, to - curve[i].time.ns);
        sum += length * (whetherOnly ? int64_t{curve[i].value > 0} : curve[i].value);
    }
    return sum;
}

/// The part of a span that lies outside of all the others, which are in order of time.
std::vector<Span>
Without(Span span, const std::vector<Span>& others)
{
    std::vector<Span> rest;
    for (const Span& o : others)
    {
        if (o.to <= span.from || o.from >= span.to)
        {
            continue;
        }
        if (o.from > span.from)
        {
            rest.push_back({span.from, o.from});
        }
        span.from = o.to;
        if (span.from >= span.to)
        {
            return rest;
        }
    }
    rest.push_back(span);
    return rest;
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

/// The books of one pair of peers.
class PeersBook
{
  public:
    PeersBook(std::string nodeA, std::string nodeB)
        : m_nodes{std::move(nodeA), std::move(nodeB)}
    {
    }

    void Take(const TimedEvent& t);
    void TakeUsage(const std::string& node, const PairIdentity& pair, uint64_t packets);
    PeersAccount Close(Instant end, const AccountKnobs& knobs);

  private:
    unsigned SideOf(const std::string& node) const;
    void NoteAddresses(unsigned side, const Event& e);

    void OnBegin(SaKind kind, unsigned side, const Event& e);
    void OnUp(SaKind kind, unsigned side, int64_t now, const Event& e);
    void OnFailed(SaKind kind, unsigned side, const Event& e);
    void OnRemoved(SaKind kind, unsigned side, int64_t now, const Event& e);
    void OnOutbound(unsigned side, int64_t now, const Event& e);
    void OnMessage(const Event& e);
    void OnDh(const Event& e);
    /// No negotiation goes on under an ISAKMP SA that is gone.
    void EndNegotiationsUnder(unsigned side, uint64_t cookie);

    NegotiationId NegotiationOf(SaKind kind, unsigned side, const Event& e) const;
    size_t AddSa(SaKind kind, unsigned side, const Event& e);
    void JoinLineage(size_t index, const std::optional<SaId>& predecessor);

    void CloseSpans(int64_t end);
    void CountAlive(SaKind kind, unsigned side, EndAccount& account, int64_t end) const;
    void FindSurplus(const AccountKnobs& knobs);
    void FindSurplusOf(const std::vector<size_t>& family, unsigned side, int64_t grace);
    int64_t MarkSurplus(const std::set<size_t>& alive,
                        const std::set<size_t>& arrived,
                        unsigned side,
                        int64_t now,
                        int64_t grace);
    void Mark(size_t index, const std::set<size_t>& arrived);
    int64_t EndOfGrace(size_t index, unsigned side, int64_t grace) const;
    void IntegrateSurplus(unsigned side, PeersAccount& account, int64_t end) const;
    void CountNegotiations(DuplicateTotals& totals) const;
    void CountDuplicates(DuplicateTotals& totals) const;
    void CountOrphans(DuplicateTotals& totals, int64_t grace) const;
    int64_t SplitTime() const;

    std::array<std::string, 2> m_nodes;   ///< A, B
    std::array<IpAddress, 2> m_addresses; ///< first seen
    std::vector<Sa> m_sas;                ///< in the order in which they first stood
    std::map<SaId, size_t> m_index;       ///< of m_sas
    std::map<NegotiationId, Negotiation> m_negotiations;
    std::map<ExchangeId, Cost> m_costs;
    /// What each connection sends on now, by end.
    std::array<std::map<ConnectionId, SelectedSpan>, 2> m_selected;
    std::array<std::vector<SelectedSpan>, 2> m_selections; ///< over, by end
    std::array<std::array<Deltas, 2>, 2> m_surplus;        ///< by kind, end
    DuplicateTotals m_totals;                              ///< what is counted at once
};

unsigned
PeersBook::SideOf(const std::string& node) const
{
    return node == m_nodes[0] ? 0 : 1;
}

void
PeersBook::NoteAddresses(unsigned side, const Event& e)
{
    if (m_addresses[side].IsNone())
    {
        m_addresses[side] = e.local;
    }
    if (m_addresses[1 - side].IsNone())
    {
        m_addresses[1 - side] = e.peer;
    }
}

void
PeersBook::Take(const TimedEvent& t)
{
    const Event& e = t.event;
    const unsigned side = SideOf(t.node);
    NoteAddresses(side, e);
    switch (e.kind)
    {
    case EventKind::Phase1Begin:
        return OnBegin(ISAKMP, side, e);
    case EventKind::Phase2Begin:
        return OnBegin(PAIR, side, e);
    case EventKind::Phase1Up:
        return OnUp(ISAKMP, side, t.time.ns, e);
    case EventKind::PairUp:
        return OnUp(PAIR, side, t.time.ns, e);
    case EventKind::Phase1Failed:
        return OnFailed(ISAKMP, side, e);
    case EventKind::Phase2Failed:
        return OnFailed(PAIR, side, e);
    case EventKind::IsakmpRemoved:
        return OnRemoved(ISAKMP, side, t.time.ns, e);
    case EventKind::PairRemoved:
        return OnRemoved(PAIR, side, t.time.ns, e);
    case EventKind::OutboundSelected:
        return OnOutbound(side, t.time.ns, e);
    case EventKind::MessageSent:
        return OnMessage(e);
    case EventKind::DhOperation:
        return OnDh(e);
    default:
        return;
    }
}

void
PeersBook::TakeUsage(const std::string& node, const PairIdentity& pair, uint64_t packets)
{
    const auto found = m_index.find(IdOf(pair));
    if (found != m_index.end() && (node == m_nodes[0] || node == m_nodes[1]))
    {
        m_sas[found->second].packets += packets;
    }
}

NegotiationId
PeersBook::NegotiationOf(SaKind kind, unsigned side, const Event& e) const
{
    const unsigned initiator = e.role == Role::Initiator ? side : 1 - side;
    return {kind, initiator, kind == ISAKMP ? CookieOf(e.isakmp) : e.pair.initiatorSpi};
}

void
PeersBook::OnBegin(SaKind kind, unsigned side, const Event& e)
{
    // What a responder begins is its half of the initiator's negotiation.
    if (e.role != Role::Initiator)
    {
        return;
    }
    Negotiation& n = m_negotiations[NegotiationOf(kind, side, e)];
    n.exchange = {CookieOf(e.isakmp), kind == ISAKMP ? 0 : e.messageId};
    const bool none = kind == ISAKMP ? e.succeedsIsakmp.IsNone() : e.succeedsPair.IsNone();
    if (e.begin == BeginReason::SoftLifetime && !none)
    {
        n.succeeds = kind == ISAKMP ? IdOf(e.succeedsIsakmp) : IdOf(e.succeedsPair);
    }
}

void
PeersBook::OnUp(SaKind kind, unsigned side, int64_t now, const Event& e)
{
    const auto found = m_index.find(kind == ISAKMP ? IdOf(e.isakmp) : IdOf(e.pair));
    const size_t index = found != m_index.end() ? found->second : AddSa(kind, side, e);
    std::vector<Span>& life = m_sas[index].lives[side];
    if (life.empty() || life.back().to != OPEN)
    {
        life.push_back({now, OPEN});
    }
    const auto negotiation = m_negotiations.find(m_sas[index].negotiation);
    if (e.role == Role::Initiator && negotiation != m_negotiations.end())
    {
        negotiation->second.completed = true;
    }
}

size_t
PeersBook::AddSa(SaKind kind, unsigned side, const Event& e)
{
    const size_t index = m_sas.size();
    Sa sa;
    sa.family = FamilyOf(kind, e);
    sa.exchange = {CookieOf(e.isakmp), kind == ISAKMP ? 0 : e.messageId};
    sa.negotiation = NegotiationOf(kind, side, e);
    sa.lineage = index;
    m_sas.push_back(sa);
    m_index[kind == ISAKMP ? IdOf(e.isakmp) : IdOf(e.pair)] = index;
    const auto negotiation = m_negotiations.find(sa.negotiation);
    if (negotiation != m_negotiations.end())
    {
        JoinLineage(index, negotiation->second.succeeds);
    }
    return index;
}

void
PeersBook::JoinLineage(size_t index, const std::optional<SaId>& predecessor)
{
    const auto found = predecessor ? m_index.find(*predecessor) : m_index.end();
    if (found == m_index.end() || m_sas[found->second].family != m_sas[index].family)
    {
        return;
    }
    Sa& before = m_sas[found->second];
    if (!before.firstSuccessor)
    {
        before.firstSuccessor = index;
        m_sas[index].lineage = before.lineage;
    }
}

void
PeersBook::OnFailed(SaKind kind, unsigned side, const Event& e)
{
    const auto found = m_negotiations.find(NegotiationOf(kind, side, e));
    if (e.role == Role::Initiator && found != m_negotiations.end())
    {
        found->second.ended = true;
    }
    if (kind == ISAKMP)
    {
        EndNegotiationsUnder(side, CookieOf(e.isakmp));
    }
}

void
PeersBook::OnRemoved(SaKind kind, unsigned side, int64_t now, const Event& e)
{
    if (kind == ISAKMP)
    {
        EndNegotiationsUnder(side, CookieOf(e.isakmp));
    }
    const auto found = m_index.find(kind == ISAKMP ? IdOf(e.isakmp) : IdOf(e.pair));
    if (found == m_index.end())
    {
        return;
    }
    Sa& sa = m_sas[found->second];
    sa.packets += kind == PAIR ? e.value : 0;
    if (!sa.lives[side].empty() && sa.lives[side].back().to == OPEN)
    {
        sa.lives[side].back().to = now;
    }
}

void
PeersBook::EndNegotiationsUnder(unsigned side, uint64_t cookie)
{
    for (auto& [id, negotiation] : m_negotiations)
    {
        if (std::get<1>(id) == side && negotiation.exchange.first == cookie)
        {
            negotiation.ended = true;
        }
    }
}

void
PeersBook::OnOutbound(unsigned side, int64_t now, const Event& e)
{
    const auto found = m_selected[side].find(e.connection);
    if (found != m_selected[side].end())
    {
        found->second.span.to = now;
        m_selections[side].push_back(found->second);
        m_selected[side].erase(found);
    }
    if (!e.pair.IsNone())
    {
        m_selected[side][e.connection] = SelectedSpan{{now, OPEN}, IdOf(e.pair)};
    }
}

void
PeersBook::OnMessage(const Event& e)
{
    m_totals.messages++;
    m_totals.messageBytes += e.value;
    // Informational exchanges make no SA.
    if (e.exchange == ExchangeKind::MainMode || e.exchange == ExchangeKind::QuickMode)
    {
        Cost& cost = m_costs[{CookieOf(e.isakmp), e.messageId}];
        cost.messages++;
        cost.octets += e.value;
    }
}

void
PeersBook::OnDh(const Event& e)
{
    m_totals.dhOperations++;
    m_costs[{CookieOf(e.isakmp), e.messageId}].dh++;
}

/// What has not ended ends with the run.
void
PeersBook::CloseSpans(int64_t end)
{
    for (Sa& sa : m_sas)
    {
        for (std::vector<Span>& life : sa.lives)
        {
            for (Span& s : life)
            {
                s = {std::min(s.from, end), std::min(s.to, end)};
            }
        }
    }
    for (unsigned side : {0U, 1U})
    {
        for (const auto& [connection, selected] : m_selected[side])
        {
            m_selections[side].push_back({{selected.span.from, end}, selected.pair});
        }
    }
}

/// Before the spans are closed: an SA that is alive at the end makes no step there.
void
PeersBook::CountAlive(SaKind kind, unsigned side, EndAccount& account, int64_t end) const
{
    Deltas deltas;
    int64_t atEnd = 0;
    for (const Sa& sa : m_sas)
    {
        for (const Span& s : sa.lives[side])
        {
            if (std::get<0>(sa.family) == kind)
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
        account.upSeconds = ToSeconds(IntegralOf(curve, end, true));
    }
}

void
PeersBook::FindSurplus(const AccountKnobs& knobs)
{
    std::map<Family, std::vector<size_t>> families;
    for (size_t i = 0; i < m_sas.size(); i++)
    {
        families[m_sas[i].family].push_back(i);
    }
    for (const auto& [family, members] : families)
    {
        for (unsigned side : {0U, 1U})
        {
            FindSurplusOf(members, side, knobs.grace.ns);
        }
    }
}

/// When the overlap of an SA with its first successor is no longer allowed at an end.
int64_t
PeersBook::EndOfGrace(size_t index, unsigned side, int64_t grace) const
{
    const std::optional<size_t>& next = m_sas[index].firstSuccessor;
    return next && !m_sas[*next].lives[side].empty() ? m_sas[*next].lives[side].front().from + grace
                                                     : OPEN;
}

/// Walk along the moments at which anything changes, with the set of living SAs.
void
PeersBook::FindSurplusOf(const std::vector<size_t>& family, unsigned side, int64_t grace)
{
    std::map<int64_t, std::pair<std::set<size_t>, std::set<size_t>>> moments; // arrive, leave
    for (const size_t i : family)
    {
        for (const Span& s : m_sas[i].lives[side])
        {
            if (s.from < s.to)
            {
                moments[s.from].first.insert(i);
                moments[s.to].second.insert(i);
            }
        }
        moments[EndOfGrace(i, side, grace)];
    }
    std::set<size_t> alive;
    int64_t before = 0;
    for (const auto& [now, changes] : moments)
    {
        for (const size_t i : changes.second)
        {
            alive.erase(i);
        }
        alive.insert(changes.first.begin(), changes.first.end());
        const int64_t surplus = MarkSurplus(alive, changes.first, side, now, grace);
        m_surplus[std::get<0>(m_sas[family.front()].family)][side][now] += surplus - before;
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
PeersBook::MarkSurplus(const std::set<size_t>& alive,
                       const std::set<size_t>& arrived,
                       unsigned side,
                       int64_t now,
                       int64_t grace)
{
    std::map<size_t, std::vector<size_t>> lineages;
    for (const size_t i : alive)
    {
        lineages[m_sas[i].lineage].push_back(i);
    }
    int64_t units = 0;
    for (const auto& [lineage, members] : lineages)
    {
        const bool oldest = lineage == lineages.begin()->first;
        for (const size_t i : members)
        {
            // The newest of a lineage is what the lineage has; it cannot overstay.
            const bool overstays = i != members.back() && EndOfGrace(i, side, grace) <= now;
            units += overstays;
            if (!oldest || overstays)
            {
                Mark(i, arrived);
            }
        }
        units++;
    }
    return std::max<int64_t>(0, units - 1);
}

void
PeersBook::Mark(size_t index, const std::set<size_t>& arrived)
{
    m_sas[index].everSurplus = true;
    if (arrived.count(index))
    {
        m_sas[index].surplusOnArrival = true;
    }
}

void
PeersBook::CountNegotiations(DuplicateTotals& totals) const
{
    std::set<NegotiationId> inVain;
    for (const Sa& sa : m_sas)
    {
        if (sa.surplusOnArrival)
        {
            inVain.insert(sa.negotiation);
        }
    }
    for (const auto& [id, n] : m_negotiations)
    {
        totals.negotiationsBegun++;
        totals.negotiationsCompleted += n.completed;
        // One that is still running at the end of the run is neither.
        totals.negotiationsWasted += n.completed ? inVain.count(id) : n.ended;
    }
}

void
PeersBook::CountDuplicates(DuplicateTotals& totals) const
{
    for (const Sa& sa : m_sas)
    {
        const SaKind kind = std::get<0>(sa.family);
        totals.unusedPairs += kind == PAIR && sa.packets == 0;
        if (!sa.everSurplus)
        {
            continue;
        }
        (kind == ISAKMP ? totals.isakmpDuplicates : totals.ipsecDuplicates)++;
        const auto cost = m_costs.find(sa.exchange);
        if (cost != m_costs.end())
        {
            totals.messagesOnDuplicates += cost->second.messages;
            totals.messageBytesOnDuplicates += cost->second.octets;
            totals.dhOperationsOnDuplicates += cost->second.dh;
        }
    }
}

void
PeersBook::CountOrphans(DuplicateTotals& totals, int64_t grace) const
{
    int64_t time = 0;
    for (const Sa& sa : m_sas)
    {
        bool orphan = false;
        for (unsigned side : {0U, 1U})
        {
            for (const Span& life : sa.lives[side])
            {
                for (const Span& alone : Without(life, sa.lives[1 - side]))
                {
                    const int64_t beyond = alone.to - alone.from - grace;
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
PeersBook::SplitTime() const
{
    std::map<Family, std::array<std::vector<SelectedSpan>, 2>> families;
    for (unsigned side : {0U, 1U})
    {
        for (const SelectedSpan& s : m_selections[side])
        {
            const auto found = m_index.find(s.pair);
            if (found != m_index.end())
            {
                families[m_sas[found->second].family][side].push_back(s);
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
PeersBook::IntegrateSurplus(unsigned side, PeersAccount& account, int64_t end) const
{
    const Deltas& isakmp = m_surplus[ISAKMP][side];
    const Deltas& pairs = m_surplus[PAIR][side];
    EndAccount& a = account.ends[side];
    a.isakmpDuplicateSeconds = ToSeconds(IntegralOf(CurveOf(isakmp), end, false));
    a.ipsecDuplicateSeconds = ToSeconds(IntegralOf(CurveOf(pairs), end, false));
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
PeersBook::Close(Instant end, const AccountKnobs& knobs)
{
    PeersAccount account{m_nodes[0], m_nodes[1], std::vector<EndAccount>(2), m_totals};
    DuplicateTotals& totals = account.totals;
    for (unsigned side : {0U, 1U})
    {
        account.ends[side].node = m_nodes[side];
        account.ends[side].peer = m_addresses[1 - side];
        CountAlive(ISAKMP, side, account.ends[side], end.ns);
        CountAlive(PAIR, side, account.ends[side], end.ns);
    }
    CloseSpans(end.ns);
    FindSurplus(knobs);
    for (unsigned side : {0U, 1U})
    {
        IntegrateSurplus(side, account, end.ns);
    }
    CountNegotiations(totals);
    CountDuplicates(totals);
    CountOrphans(totals, knobs.orphanGrace.ns);
    totals.splitSeconds = ToSeconds(SplitTime());
    return account;
}

bool
Counts(EventKind kind)
{
    switch (kind)
    {
    case EventKind::Phase1Begin:
    case EventKind::Phase1Up:
    case EventKind::Phase1Failed:
    case EventKind::IsakmpRemoved:
    case EventKind::Phase2Begin:
    case EventKind::PairUp:
    case EventKind::Phase2Failed:
    case EventKind::PairRemoved:
    case EventKind::OutboundSelected:
    case EventKind::MessageSent:
    case EventKind::DhOperation:
        return true;
    default:
        return false;
    }
}

} // namespace

DuplicateAccount::DuplicateAccount(const AccountKnobs& knobs)
    : m_knobs(knobs)
{
}

void
DuplicateAccount::Record(const TimedEvent& event)
{
    if (Counts(event.event.kind))
    {
        m_log.push_back(event);
    }
}

void
DuplicateAccount::RecordUsage(const std::string& node, const PairIdentity& pair, uint64_t packets)
{
    m_usage.push_back({node, pair, packets});
}

std::vector<PeersAccount>
DuplicateAccount::Close(Instant end, const std::map<IpAddress, std::string>& nodeOfAddress) const
{
    std::map<std::pair<std::string, std::string>, PeersBook> books;
    for (const TimedEvent& t : m_log)
    {
        // A peer that is not a node of the run keeps its address as its name.
        const auto found = nodeOfAddress.find(t.event.peer);
        const std::string peer =
            found != nodeOfAddress.end() ? found->second : t.event.peer.ToString();
        const auto names = std::minmax(t.node, peer);
        const std::pair<std::string, std::string> key{names.first, names.second};
        books.try_emplace(key, key.first, key.second).first->second.Take(t);
    }
    std::vector<PeersAccount> accounts;
    for (auto& [names, book] : books)
    {
        for (const Usage& u : m_usage)
        {
            book.TakeUsage(u.node, u.pair, u.packets);
        }
        accounts.push_back(book.Close(end, m_knobs));
    }
    return accounts;
}

DuplicateTotals
DuplicateAccount::Sum(const std::vector<PeersAccount>& accounts)
{
    DuplicateTotals sum;
    for (const PeersAccount& a : accounts)
    {
        const DuplicateTotals& t = a.totals;
        sum.isakmpDuplicates += t.isakmpDuplicates;
        sum.ipsecDuplicates += t.ipsecDuplicates;
        sum.isakmpDuplicateSeconds += t.isakmpDuplicateSeconds;
        sum.ipsecDuplicateSeconds += t.ipsecDuplicateSeconds;
        sum.duplicatePeak = std::max(sum.duplicatePeak, t.duplicatePeak);
        sum.negotiationsBegun += t.negotiationsBegun;
        sum.negotiationsCompleted += t.negotiationsCompleted;
        sum.negotiationsWasted += t.negotiationsWasted;
        sum.unusedPairs += t.unusedPairs;
        sum.orphans += t.orphans;
        sum.orphanSeconds += t.orphanSeconds;
        sum.splitSeconds += t.splitSeconds;
        sum.messages += t.messages;
        sum.messageBytes += t.messageBytes;
        sum.messagesOnDuplicates += t.messagesOnDuplicates;
        sum.messageBytesOnDuplicates += t.messageBytesOnDuplicates;
        sum.dhOperations += t.dhOperations;
        sum.dhOperationsOnDuplicates += t.dhOperationsOnDuplicates;
    }
    return sum;
}

} // namespace ike
} // namespace ns3
