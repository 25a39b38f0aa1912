/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SA_REGISTER_H
#define IKE_SA_REGISTER_H

#include "ns3/ike-state-hash.h"
#include "ns3/ike-timed-event.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{
namespace ike
{

/// How many SAs are surplus.
struct Surplus
{
    uint32_t isakmp{0}; ///< ISAKMP SAs
    uint32_t pairs{0};  ///< pairs
};

/**
 * Which SAs live at which node, and which of them replaces which: all that the definition of a
 * duplicate (ike-duplicate-account.h) needs at one moment, as a value that forgets what is over. No
 * engine asks it. A test proves that it and the account agree.
 */
class SaRegister
{
  public:
    /// Take the next event of a node; times never fall.
    void Take(uint32_t node, const TimedEvent& event);
    /// What is surplus at a node. @param grace see AccountKnobs::grace
    Surplus CountSurplus(uint32_t node, Instant now, Duration grace) const;
    /// All that decides about later counts.
    void AddTo(StateHash& hash, Instant now) const;

  private:
    /// 0 for an ISAKMP SA and 1 for a pair; the initiator's cookie, or both SPIs.
    using Id = std::tuple<uint64_t, uint64_t, uint64_t>;
    /// What SAs compete for: their kind, two addresses in order, the selectors of each.
    using Family = std::tuple<uint64_t, IpAddress, IpAddress, std::string, std::string>;

    /// An SA.
    struct Record
    {
        Family family;                       ///< what it competes with
        uint64_t order{0};                   ///< in which SAs first stood
        uint64_t lineage{0};                 ///< order of the first of its lineage
        uint64_t firstSuccessor{0};          ///< its order; 0: none
        std::map<uint32_t, Instant> since;   ///< nodes where it lives, and since when
        std::map<uint32_t, Instant> stoodAt; ///< the same for all nodes where it ever did
    };

    void Begin(uint32_t node, const Event& event);
    void Up(uint32_t node, Instant now, const Event& event);
    void Remove(uint32_t node, const Event& event);
    /// What lives nowhere, and is not going to be replaced, is forgotten.
    void Prune();
    /// When the overlap with its first successor is over at a node; Never without one.
    Instant EndOfGrace(const Record& record, uint32_t node, Duration grace) const;
    uint32_t CountUnits(const std::vector<const Record*>& alive,
                        uint32_t node,
                        Instant now,
                        Duration grace) const;
    bool IsAlone(const Record& record) const;

    std::map<Id, Record> m_records;  ///< what lives, or is being replaced
    std::map<Id, Id> m_replacements; ///< negotiations (cookie or SPI of the initiator): of what
    uint64_t m_next{1};              ///< next order
};

} // namespace ike
} // namespace ns3

#endif // IKE_SA_REGISTER_H
