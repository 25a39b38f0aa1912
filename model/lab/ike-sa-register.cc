/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sa-register.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint64_t ISAKMP = 0; ///< kind of an SA
constexpr uint64_t PAIR = 1;   ///< kind of an SA

using Id = std::tuple<uint64_t, uint64_t, uint64_t>;

/// The initiator's cookie alone, since the first message of a main mode knows no other.
Id
IdOf(const IsakmpIdentity& id)
{
    uint64_t number = 0;
    for (uint8_t o : id.initiatorCookie)
    {
        number = number << 8 | o;
    }
    return {ISAKMP, number, 0};
}

Id
IdOf(const PairIdentity& id)
{
    return {PAIR, id.initiatorSpi, id.responderSpi};
}

bool
IsAboutPhase1(EventKind kind)
{
    return kind == EventKind::Phase1Begin || kind == EventKind::Phase1Up ||
           kind == EventKind::Phase1Failed || kind == EventKind::IsakmpRemoved;
}

Id
IdOf(const Event& e)
{
    return IsAboutPhase1(e.kind) ? IdOf(e.isakmp) : IdOf(e.pair);
}

/// A negotiation has no SPI of the responder yet.
Id
NegotiationOf(const Event& e)
{
    Id id = IdOf(e);
    std::get<2>(id) = 0;
    return id;
}

} // namespace

void
SaRegister::Take(uint32_t node, const TimedEvent& event)
{
    switch (event.event.kind)
    {
    case EventKind::Phase1Begin:
    case EventKind::Phase2Begin:
        return Begin(node, event.event);
    case EventKind::Phase1Up:
    case EventKind::PairUp:
        return Up(node, event.time, event.event);
    case EventKind::Phase1Failed:
    case EventKind::Phase2Failed:
        if (event.event.role == Role::Initiator)
        {
            m_replacements.erase(NegotiationOf(event.event));
            Prune();
        }
        return;
    case EventKind::IsakmpRemoved:
    case EventKind::PairRemoved:
        return Remove(node, event.event);
    default:
        return;
    }
}

void
SaRegister::Begin(uint32_t /* node */, const Event& event)
{
    const bool phase1 = IsAboutPhase1(event.kind);
    const bool none = phase1 ? event.succeedsIsakmp.IsNone() : event.succeedsPair.IsNone();
    if (event.role != Role::Initiator || event.begin != BeginReason::SoftLifetime || none)
    {
        return; // what a responder begins is its half of the initiator's negotiation
    }
    const Id before = phase1 ? IdOf(event.succeedsIsakmp) : IdOf(event.succeedsPair);
    if (m_records.count(before) != 0)
    {
        m_replacements[NegotiationOf(event)] = before;
    }
}

void
SaRegister::Up(uint32_t node, Instant now, const Event& event)
{
    const auto [it, isNew] = m_records.try_emplace(IdOf(event));
    Record& record = it->second;
    record.since.emplace(node, now);
    record.stoodAt.emplace(node, now);
    if (!isNew)
    {
        return;
    }
    const bool phase1 = IsAboutPhase1(event.kind);
    const std::string local = phase1 ? "" : event.localSelector;
    const std::string remote = phase1 ? "" : event.remoteSelector;
    const uint64_t kind = phase1 ? ISAKMP : PAIR;
    record.family = event.local < event.peer ? Family{kind, event.local, event.peer, local, remote}
                                             : Family{kind, event.peer, event.local, remote, local};
    record.order = m_next++;
    record.lineage = record.order;
    const auto replaced = m_replacements.find(NegotiationOf(event));
    if (replaced == m_replacements.end())
    {
        return;
    }
    Record& before = m_records.at(replaced->second);
    if (before.family == record.family && before.firstSuccessor == 0)
    {
        before.firstSuccessor = record.order;
        record.lineage = before.lineage;
    }
    m_replacements.erase(replaced);
    Prune();
}

void
SaRegister::Remove(uint32_t node, const Event& event)
{
    const auto it = m_records.find(IdOf(event));
    if (it != m_records.end())
    {
        it->second.since.erase(node);
        Prune();
    }
}

void
SaRegister::Prune()
{
    std::set<Id> needed;
    for (const auto& [negotiation, before] : m_replacements)
    {
        needed.insert(before);
    }
    for (auto it = m_records.begin(); it != m_records.end();)
    {
        const bool over = it->second.since.empty() && needed.count(it->first) == 0;
        it = over ? m_records.erase(it) : std::next(it);
    }
}

Instant
SaRegister::EndOfGrace(const Record& record, uint32_t node, Duration grace) const
{
    for (const auto& [id, other] : m_records)
    {
        const auto stood = other.stoodAt.find(node);
        if (other.order == record.firstSuccessor && stood != other.stoodAt.end())
        {
            return stood->second + grace;
        }
    }
    return Instant::Never();
}

/// See MarkSurplus() of ike-duplicate-judge.cc.
uint32_t
SaRegister::CountUnits(const std::vector<const Record*>& alive,
                       uint32_t node,
                       Instant now,
                       Duration grace) const
{
    std::map<uint64_t, std::vector<const Record*>> lineages;
    for (const Record* record : alive)
    {
        lineages[record->lineage].push_back(record);
    }
    uint32_t units = 0;
    for (const auto& [lineage, members] : lineages)
    {
        units++;
        for (const Record* record : members)
        {
            const bool last = record == members.back();
            units += !last && EndOfGrace(*record, node, grace) <= now;
        }
    }
    return units;
}

Surplus
SaRegister::CountSurplus(uint32_t node, Instant now, Duration grace) const
{
    std::map<Family, std::vector<const Record*>> families;
    for (const auto& [id, record] : m_records)
    {
        if (record.since.count(node) != 0)
        {
            families[record.family].push_back(&record);
        }
    }
    Surplus surplus;
    for (auto& [family, alive] : families)
    {
        std::sort(alive.begin(), alive.end(), [](const Record* a, const Record* b) {
            return a->order < b->order;
        });
        const uint32_t units = CountUnits(alive, node, now, grace);
        (std::get<0>(family) == ISAKMP ? surplus.isakmp : surplus.pairs) += units - 1;
    }
    return surplus;
}

/// Then it does not matter when it came up: nothing of its lineage is, or will be, in a grace.
bool
SaRegister::IsAlone(const Record& record) const
{
    return record.firstSuccessor == 0 && record.lineage == record.order;
}

void
SaRegister::AddTo(StateHash& hash, Instant now) const
{
    // orders count as places, lineages and successors as the places of what is left of them
    std::map<uint64_t, std::pair<const Id*, const Record*>> byOrder;
    std::map<uint64_t, uint64_t> lineages;
    for (const auto& [id, record] : m_records)
    {
        byOrder[record.order] = {&id, &record};
        lineages.emplace(record.lineage, 0);
    }
    uint64_t place = 0;
    for (auto& [lineage, number] : lineages)
    {
        number = place++;
    }
    hash.Number(m_records.size());
    for (const auto& [order, entry] : byOrder)
    {
        const auto& [id, record] = entry;
        hash.Add(std::get<0>(*id)).Add(std::get<1>(*id)).Add(std::get<2>(*id));
        hash.Add(lineages.at(record->lineage)).Number(record->firstSuccessor != 0);
        const auto next = byOrder.find(record->firstSuccessor);
        hash.Number(std::distance(byOrder.begin(), next));
        hash.Number(record->since.size());
        for (const auto& [node, at] : record->since)
        {
            hash.Number(node);
        }
        for (const auto& [node, at] : record->stoodAt)
        {
            hash.Number(node).Add(IsAlone(*record) ? Instant::Never() : at, now);
        }
    }
    hash.Number(m_replacements.size());
    for (const auto& [negotiation, before] : m_replacements)
    {
        hash.Add(std::get<1>(negotiation)).Add(std::get<1>(before)).Add(std::get<2>(before));
    }
}

} // namespace ike
} // namespace ns3
