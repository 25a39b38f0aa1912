/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_DUPLICATE_ACCOUNT_H
#define IKE_DUPLICATE_ACCOUNT_H

#include "ike-timed-event.h"

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Where the account draws its lines. Named knobs with defaults.
struct AccountKnobs
{
    Duration grace{Duration::Seconds(60)};      ///< overlap allowed after the successor stands
    Duration orphanGrace{Duration::Seconds(5)}; ///< the other end may lag so much
};

/// A step of a curve: from this time on the value holds.
struct CurvePoint
{
    Instant time;     ///< from when
    int64_t value{0}; ///< how many
};

/// What one end had of both kinds of SA over a run. The curves begin at time 0.
struct EndAccount
{
    std::string node;                    ///< which end
    IpAddress peer;                      ///< with whom
    std::vector<CurvePoint> isakmpAlive; ///< ISAKMP SAs alive over time
    std::vector<CurvePoint> pairsAlive;  ///< pairs alive over time
    int64_t isakmpPeak{0};               ///< most at once
    int64_t pairsPeak{0};                ///< most at once
    int64_t isakmpAtEnd{0};              ///< at the end of the run
    int64_t pairsAtEnd{0};               ///< at the end of the run
    double isakmpDuplicateSeconds{0};    ///< integral of the surplus
    double ipsecDuplicateSeconds{0};     ///< integral of the surplus
    double upSeconds{0};                 ///< time with at least one pair
};

/// What happened between one pair of peers, or in all of a run.
struct DuplicateTotals
{
    uint64_t isakmpDuplicates{0};      ///< distinct ISAKMP SAs that were ever surplus at either end
    uint64_t ipsecDuplicates{0};       ///< distinct pairs that were ever surplus at either end
    double isakmpDuplicateSeconds{0};  ///< summed over both ends
    double ipsecDuplicateSeconds{0};   ///< summed over both ends
    int64_t duplicatePeak{0};          ///< most surplus SAs of both kinds at one end at once
    uint64_t negotiationsBegun{0};     ///< by initiators: main modes and quick modes
    uint64_t negotiationsCompleted{0}; ///< that the initiator completed
    uint64_t negotiationsWasted{0};    ///< surplus when it came up, or never completed
    uint64_t unusedPairs{0};           ///< never carried a packet at either end
    uint64_t orphans{0};               ///< SAs that existed at one end only, beyond the grace
    double orphanSeconds{0};           ///< for how long
    double splitSeconds{0};            ///< the two directions used different pairs
    uint64_t messages{0};              ///< IKE messages sent
    uint64_t messageBytes{0};          ///< their octets (IKE, without UDP and IP)
    uint64_t messagesOnDuplicates{0};  ///< of exchanges that made surplus SAs
    uint64_t messageBytesOnDuplicates{0};
    uint64_t dhOperations{0}; ///< key generations and derivations
    uint64_t dhOperationsOnDuplicates{0};
    // Pairs of peers of which something holds: of one account 0 or 1 each.
    uint64_t peers{0};                ///< that ever had anything to do with each other
    uint64_t peersWithDuplicates{0};  ///< with an SA of either kind that was ever surplus
    uint64_t peersSplitAtEnd{0};      ///< that send on different pairs at the end
    uint64_t peersOrphanedAtEnd{0};   ///< of which one alone has an SA at the end, beyond the grace
    uint64_t peersBlackHoledAtEnd{0}; ///< of which one sends at the end on such a pair
    uint64_t peersDownAtEnd{0};       ///< of which one has no pair at the end
    uint64_t peersBrokenAtEnd{0};     ///< with at least one of these four
};

/// The account of one pair of peers.
struct PeersAccount
{
    std::string nodeA;            ///< the end whose name sorts first
    std::string nodeB;            ///< the other one
    std::vector<EndAccount> ends; ///< A, then B
    DuplicateTotals totals;       ///< of the two
};

/// A time, from its first moment up to its last one.
struct SaTime
{
    Instant from; ///< since then
    Instant to;   ///< until then, or until the end of the run
};

/// The life of one SA, as both ends saw it.
struct SaAccount
{
    bool isPair{false};                         ///< or an ISAKMP SA
    IsakmpIdentity isakmp;                      ///< the initiator's cookie of an ISAKMP SA
    PairIdentity pair;                          ///< a pair
    std::array<std::string, 2> nodes;           ///< the two ends; that whose name sorts first
    size_t initiator{0};                        ///< which of them began it
    std::array<std::vector<SaTime>, 2> lives;   ///< at each end
    std::array<std::vector<SaTime>, 2> surplus; ///< when it was too many there
    uint64_t packets{0};                        ///< that a pair carried, at both ends
};

/// Hears of all SAs, one after the other.
using SaVisitor = std::function<void(const SaAccount&)>;

/**
 * The one definition of a duplicate: reads the events of a run, of all ends, and keeps the books.
 *
 * IKEv1 has no rekey on the wire, every rekey is a new main or quick mode. An SA succeeds the one
 * whose soft lifetime was its initiator's reason to begin; SAs that succeed each other are one
 * lineage. At any moment the oldest living lineage of a pair of peers (and selectors) is the one
 * that is wanted; every other living SA is surplus. Within a lineage the overlap of an SA with its
 * first successor is allowed until `grace` after the successor stands; a second successor begins a
 * lineage of its own. Age is the time when an SA first stood at either end, so both ends agree.
 *
 * In numbers, at one end and one moment: units = living lineages, plus one for each predecessor
 * that outlives its grace (an SA that is the last of its lineage is never its own surplus);
 * surplus = units - 1. An SA that stands for no time at all is no duplicate. A negotiation is
 * wasted when its SA was surplus at the moment when it came up, at either end: which end sees the
 * collision first depends on when a responder installs, and must not change the count.
 * Peers are pairs of addresses here: tunnels between other addresses of the same two nodes are no
 * duplicates of each other.
 */
class DuplicateAccount
{
  public:
    explicit DuplicateAccount(const AccountKnobs& knobs = AccountKnobs());

    /// Take the next event; times never fall.
    void Record(const TimedEvent& event);
    /**
     * Packets that a living pair has carried so far at a node, both ways; for the end of a run,
     * since only pairs that ended have reported theirs. A living pair without it counts as unused.
     */
    void RecordUsage(const std::string& node, const PairIdentity& pair, uint64_t packets);
    /**
     * Close the books.
     * @param end of the run
     * @param nodeOfAddress whose address an outer address is: joins both ends of an SA
     * @param shared addresses that several nodes have (the virtual one of a load balancer): whose
     *        it is, the SA says, which that node has, too; when none has it, nodeOfAddress does
     * @param each is told the life of each SA; may be empty
     * @return one account for each pair of peers, sorted by names
     */
    std::vector<PeersAccount> Close(Instant end,
                                    const std::map<IpAddress, std::string>& nodeOfAddress,
                                    const std::set<IpAddress>& shared = {},
                                    const SaVisitor& each = {}) const;
    /// The sum over all pairs of peers; peaks are maxima.
    static DuplicateTotals Sum(const std::vector<PeersAccount>& accounts);

  private:
    /// What a living pair has carried at one node.
    struct Usage
    {
        std::string node;    ///< where
        PairIdentity pair;   ///< which
        uint64_t packets{0}; ///< both ways
    };

    AccountKnobs m_knobs;       ///< where lines are drawn
    EventLog m_log;             ///< only the kinds that count
    std::vector<Usage> m_usage; ///< of pairs alive at the end
};

} // namespace ike
} // namespace ns3

#endif // IKE_DUPLICATE_ACCOUNT_H
