/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-duplicate-book.h"

namespace ns3
{
namespace ike
{
namespace duplicates
{

namespace
{

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

SaId
IdOf(SaKind kind, const Event& e)
{
    return kind == ISAKMP ? IdOf(e.isakmp) : IdOf(e.pair);
}

/// The exchange that makes an SA.
ExchangeId
ExchangeOf(SaKind kind, const Event& e)
{
    return {CookieOf(e.isakmp), kind == ISAKMP ? 0 : e.messageId};
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

} // namespace

unsigned
PeersBook::SideOf(const std::string& node) const
{
    return node == m_records.nodes[0] ? 0 : 1;
}

void
PeersBook::NoteAddresses(unsigned side, const Event& e)
{
    if (m_records.addresses[side].IsNone())
    {
        m_records.addresses[side] = e.local;
    }
    if (m_records.addresses[1 - side].IsNone())
    {
        m_records.addresses[1 - side] = e.peer;
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
    const auto found = m_records.index.find(IdOf(pair));
    if (found != m_records.index.end() &&
        (node == m_records.nodes[0] || node == m_records.nodes[1]))
    {
        m_records.sas[found->second].packets += packets;
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
    Negotiation& n = m_records.negotiations[NegotiationOf(kind, side, e)];
    n.exchange = ExchangeOf(kind, e);
    const bool none = kind == ISAKMP ? e.succeedsIsakmp.IsNone() : e.succeedsPair.IsNone();
    if (e.begin == BeginReason::SoftLifetime && !none)
    {
        n.succeeds = kind == ISAKMP ? IdOf(e.succeedsIsakmp) : IdOf(e.succeedsPair);
    }
}

void
PeersBook::OnUp(SaKind kind, unsigned side, int64_t now, const Event& e)
{
    const auto found = m_records.index.find(IdOf(kind, e));
    const size_t index = found != m_records.index.end() ? found->second : AddSa(kind, side, e);
    std::vector<Span>& life = m_records.sas[index].lives[side];
    if (life.empty() || life.back().to != OPEN)
    {
        life.push_back({now, OPEN});
    }
    const auto negotiation = m_records.negotiations.find(m_records.sas[index].negotiation);
    if (e.role == Role::Initiator && negotiation != m_records.negotiations.end())
    {
        negotiation->second.completed = true;
    }
}

size_t
PeersBook::AddSa(SaKind kind, unsigned side, const Event& e)
{
    const size_t index = m_records.sas.size();
    Sa sa;
    sa.family = FamilyOf(kind, e);
    sa.exchange = ExchangeOf(kind, e);
    sa.negotiation = NegotiationOf(kind, side, e);
    sa.lineage = index;
    m_records.sas.push_back(sa);
    m_records.index[IdOf(kind, e)] = index;
    const auto negotiation = m_records.negotiations.find(sa.negotiation);
    if (negotiation != m_records.negotiations.end())
    {
        JoinLineage(index, negotiation->second.succeeds);
    }
    return index;
}

void
PeersBook::JoinLineage(size_t index, const std::optional<SaId>& predecessor)
{
    const auto found = predecessor ? m_records.index.find(*predecessor) : m_records.index.end();
    if (found == m_records.index.end() ||
        m_records.sas[found->second].family != m_records.sas[index].family)
    {
        return;
    }
    Sa& before = m_records.sas[found->second];
    if (!before.firstSuccessor)
    {
        before.firstSuccessor = index;
        m_records.sas[index].lineage = before.lineage;
    }
}

void
PeersBook::OnFailed(SaKind kind, unsigned side, const Event& e)
{
    const auto found = m_records.negotiations.find(NegotiationOf(kind, side, e));
    if (e.role == Role::Initiator && found != m_records.negotiations.end())
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
    const auto found = m_records.index.find(IdOf(kind, e));
    if (found == m_records.index.end())
    {
        return;
    }
    Sa& sa = m_records.sas[found->second];
    sa.packets += kind == PAIR ? e.value : 0;
    if (!sa.lives[side].empty() && sa.lives[side].back().to == OPEN)
    {
        sa.lives[side].back().to = now;
    }
}

void
PeersBook::EndNegotiationsUnder(unsigned side, uint64_t cookie)
{
    for (auto& [id, negotiation] : m_records.negotiations)
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
    const auto found = m_records.selected[side].find(e.connection);
    if (found != m_records.selected[side].end())
    {
        found->second.span.to = now;
        m_records.selections[side].push_back(found->second);
        m_records.selected[side].erase(found);
    }
    if (!e.pair.IsNone())
    {
        m_records.selected[side][e.connection] = SelectedSpan{{now, OPEN}, IdOf(e.pair)};
    }
}

void
PeersBook::OnMessage(const Event& e)
{
    m_records.totals.messages++;
    m_records.totals.messageBytes += e.value;
    // Informational exchanges make no SA.
    if (e.exchange == ExchangeKind::MainMode || e.exchange == ExchangeKind::AggressiveMode ||
        e.exchange == ExchangeKind::QuickMode)
    {
        Cost& cost = m_records.costs[{CookieOf(e.isakmp), e.messageId}];
        cost.messages++;
        cost.octets += e.value;
    }
}

void
PeersBook::OnDh(const Event& e)
{
    m_records.totals.dhOperations++;
    m_records.costs[{CookieOf(e.isakmp), e.messageId}].dh++;
}

} // namespace duplicates
} // namespace ike
} // namespace ns3
