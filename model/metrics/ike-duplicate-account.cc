/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-duplicate-account.h"

#include "ike-duplicate-judge.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

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

/// Who has an SA with somebody that knows its peer by an address that several nodes share.
class SharedPeers
{
  public:
    SharedPeers(const EventLog& log, const std::set<IpAddress>& shared)
        : m_shared(shared)
    {
        for (const TimedEvent& t : log)
        {
            if (!m_shared.empty() && m_shared.count(t.event.peer) == 0)
            {
                m_byCookie.emplace(t.event.isakmp.initiatorCookie, t.node);
                m_byPair.emplace(t.event.pair, t.node);
            }
        }
    }

    /// @return the other end of an SA; null when its peer is known otherwise. @param event of it
    const std::string* Find(const Event& event) const
    {
        if (m_shared.count(event.peer) == 0)
        {
            return nullptr;
        }
        if (!event.isakmp.IsNone())
        {
            const auto found = m_byCookie.find(event.isakmp.initiatorCookie);
            return found == m_byCookie.end() ? nullptr : &found->second;
        }
        const auto found = m_byPair.find(event.pair);
        return found == m_byPair.end() || event.pair.IsNone() ? nullptr : &found->second;
    }

  private:
    const std::set<IpAddress>& m_shared;                      ///< addresses of several nodes
    std::map<std::array<uint8_t, 8>, std::string> m_byCookie; ///< of initiators
    std::map<PairIdentity, std::string> m_byPair;             ///< both SPIs
};

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
DuplicateAccount::Close(Instant end,
                        const std::map<IpAddress, std::string>& nodeOfAddress,
                        const std::set<IpAddress>& shared,
                        const SaVisitor& each) const
{
    const SharedPeers others(m_log, shared);
    std::map<std::pair<std::string, std::string>, duplicates::PeersBook> books;
    for (const TimedEvent& t : m_log)
    {
        // A peer that is not a node of the run keeps its address as its name.
        const auto found = nodeOfAddress.find(t.event.peer);
        const std::string* other = others.Find(t.event);
        const std::string peer = other != nullptr               ? *other
                                 : found != nodeOfAddress.end() ? found->second
                                                                : t.event.peer.ToString();
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
        accounts.push_back(duplicates::Judge(book.Close(), end, m_knobs, each));
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
        sum.peers += t.peers;
        sum.peersWithDuplicates += t.peersWithDuplicates;
        sum.peersSplitAtEnd += t.peersSplitAtEnd;
        sum.peersOrphanedAtEnd += t.peersOrphanedAtEnd;
        sum.peersBlackHoledAtEnd += t.peersBlackHoledAtEnd;
        sum.peersDownAtEnd += t.peersDownAtEnd;
        sum.peersBrokenAtEnd += t.peersBrokenAtEnd;
    }
    return sum;
}

} // namespace ike
} // namespace ns3
