/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_DUPLICATE_BOOK_H
#define IKE_DUPLICATE_BOOK_H

#include "ike-duplicate-spans.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{
namespace duplicates
{

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

/// A time in which an end sends on one pair.
struct SelectedSpan
{
    Span span; ///< when
    SaId pair; ///< on which
};

/// One SA, as both ends saw it.
struct Sa
{
    Family family;                            ///< what it competes with
    ExchangeId exchange;                      ///< that made it
    NegotiationId negotiation;                ///< that made it
    size_t lineage{0};                        ///< index of the first SA of its lineage
    std::optional<size_t> firstSuccessor;     ///< index
    std::array<std::vector<Span>, 2> lives;   ///< at each end
    std::array<std::vector<Span>, 2> surplus; ///< when it was too many; found by the judge
    uint64_t packets{0};                      ///< at both ends
    bool everSurplus{false};                  ///< at either end; found by the judge
    bool surplusOnArrival{false};             ///< at either end; found by the judge

    SaKind Kind() const
    {
        return std::get<0>(family);
    }
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

/// All that is known of a pair of peers.
struct PeersRecords
{
    std::array<std::string, 2> nodes;   ///< A, B
    std::array<IpAddress, 2> addresses; ///< first seen
    std::vector<Sa> sas;                ///< in the order in which they first stood
    std::map<SaId, size_t> index;       ///< of sas
    std::map<NegotiationId, Negotiation> negotiations;
    std::map<ExchangeId, Cost> costs;
    /// What each connection sends on now, by end.
    std::array<std::map<ConnectionId, SelectedSpan>, 2> selected;
    std::array<std::vector<SelectedSpan>, 2> selections; ///< over, by end
    DuplicateTotals totals;                              ///< what is counted at once
};

/// The books of one pair of peers.
class PeersBook
{
  public:
    PeersBook(std::string nodeA, std::string nodeB)
    {
        m_records.nodes = {std::move(nodeA), std::move(nodeB)};
    }

    void Take(const TimedEvent& t);
    void TakeUsage(const std::string& node, const PairIdentity& pair, uint64_t packets);

    /// Hands over the records, at the end; what has not ended is open.
    PeersRecords Close()
    {
        return std::move(m_records);
    }

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

    PeersRecords m_records; ///< so far
};

} // namespace duplicates
} // namespace ike
} // namespace ns3

#endif // IKE_DUPLICATE_BOOK_H
