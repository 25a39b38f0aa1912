/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_PACKET_LEDGER_H
#define IKE_PACKET_LEDGER_H

#include "ns3/ike-time.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// Names an offered packet.
struct PacketName
{
    uint32_t flow{0};     ///< index of its flow
    uint32_t sequence{0}; ///< from 0, without gaps
};

/// What became of the packets of a flow, or of all flows.
struct PacketBalance
{
    uint64_t offered{0};                     ///< by the sending application
    uint64_t delivered{0};                   ///< to the receiving application, each once
    uint64_t duplicated{0};                  ///< further copies of delivered packets
    uint64_t inFlight{0};                    ///< on their way at the end
    uint64_t protectedPackets{0};            ///< left a router as ESP
    uint64_t clearPackets{0};                ///< left a router towards the Internet as they were
    uint64_t protectedBytes{0};              ///< payload of those that left as ESP
    uint64_t clearBytes{0};                  ///< payload of those that left as they were
    std::map<std::string, uint64_t> dropped; ///< by reason
    std::map<std::pair<std::string, std::string>, uint64_t> droppedAt; ///< by node and reason
    Duration outage; ///< time during which offered traffic did not arrive

    /// @return all drops
    uint64_t SumDropped() const;
    /// Add another balance. @param other of another flow
    void Add(const PacketBalance& other);
};

/**
 * What became of the packets of a part of the run, by the time at which they were offered: whatever
 * happens to a packet later stands where it was offered, so that in each part offered = delivered +
 * dropped + in flight.
 */
struct PacketBucket
{
    uint64_t offered{0};          ///< by the sending applications
    uint64_t delivered{0};        ///< each once
    uint64_t deliveredClear{0};   ///< of these, left a router towards the Internet as they were
    uint64_t inFlight{0};         ///< on their way at the end
    uint64_t protectedPackets{0}; ///< left a router as ESP
    uint64_t clearPackets{0};     ///< left a router towards the Internet as they were
    uint64_t protectedBytes{0};   ///< payload of those that left as ESP
    uint64_t clearBytes{0};       ///< payload of those that left as they were
    uint64_t droppedNoSa{0};      ///< by IPsec: there was no SA
    uint64_t droppedClear{0};     ///< by IPsec: should have come encrypted
    uint64_t droppedOther{0};     ///< for any other reason
};

/// The run in parts of equal width; the last one may be shorter.
struct PacketSeries
{
    Duration width;                    ///< of a part
    std::vector<PacketBucket> buckets; ///< part n begins at n times the width
};

/// The closed books.
struct PacketBooks
{
    std::vector<PacketBalance> flows;    ///< by index of flow
    PacketBalance total;                 ///< of all flows
    PacketSeries series;                 ///< of all flows, over time
    std::vector<std::string> violations; ///< of the identity; each names a packet
};

/// Hears what becomes of application packets.
class PacketListener
{
  public:
    virtual ~PacketListener() = default;

    /**
     * A packet leaves its application. Packets of a flow come in order.
     * @param packet its name
     * @param time when
     * @param mayFragment is it so large that it may travel in pieces?
     */
    virtual void Offer(const PacketName& packet, Instant time, bool mayFragment) = 0;
    /// A packet reached its application. @param packet its name
    virtual void Deliver(const PacketName& packet) = 0;
    /**
     * A packet came to its end.
     * @param packet its name
     * @param node where
     * @param reason why
     */
    virtual void Drop(const PacketName& packet,
                      const std::string& node,
                      const std::string& reason) = 0;
    /// A packet left a router as ESP. @param packet its name
    virtual void MarkProtected(const PacketName& packet) = 0;
    /// A packet left a router towards the Internet as it was. @param packet its name
    virtual void MarkClear(const PacketName& packet) = 0;
};

/**
 * @ingroup ike
 * The end-to-end account of application packets.
 *
 * **Identity:** offered = delivered + dropped by (node, reason) + in flight at the end; copies are
 * counted apart. It is checked packet by packet: one that was delivered and dropped as well, or
 * dropped twice, or that got lost without a trace (offered more than the flight time before the
 * end, and neither delivered nor dropped) violates it. A packet that may be sent in fragments may
 * be dropped once for each of them, and counts once, under the first reason.
 *
 * **Outage** of a flow: for each packet that was dropped, the time until the flow's next packet was
 * offered; for the last packet, until the end.
 */
class PacketLedger : public PacketListener
{
  public:
    /**
     * @param flows their names, for violations
     * @param sizes payload of their packets, in octets; none: bytes are not counted
     */
    explicit PacketLedger(const std::vector<std::string>& flows,
                          const std::vector<uint64_t>& sizes = {});

    // from PacketListener
    void Offer(const PacketName& packet, Instant time, bool mayFragment = false) override;
    void Deliver(const PacketName& packet) override;
    void Drop(const PacketName& packet,
              const std::string& node,
              const std::string& reason) override;
    void MarkProtected(const PacketName& packet) override;
    void MarkClear(const PacketName& packet) override;

    /**
     * Close the books.
     * @param end of the run
     * @param flightTime longest way of a packet through the network
     * @param buckets of the series, at most; at least one
     * @return what became of all packets
     */
    PacketBooks Close(Instant end, Duration flightTime, uint64_t buckets = 168) const;

  private:
    /// Index of a (node, reason) in m_places.
    using PlaceId = uint32_t;

    /// What is known of a packet.
    struct Fate
    {
        Instant offered;         ///< when
        PlaceId place{0};        ///< of the first drop
        uint16_t deliveries{0};  ///< how often it arrived
        uint16_t drops{0};       ///< how often it came to its end
        bool mayFragment{false}; ///< may be dropped in pieces
        bool isProtected{false}; ///< left as ESP
        bool isClear{false};     ///< left as it was
    };

    /// @return the packet's entry, or null (and a violation) when it was never offered
    Fate* Find(const PacketName& packet, const std::string& what);
    /// @return "packet 3 of flow H1-H2"
    std::string Describe(const PacketName& packet) const;
    /// Put a packet into the books.
    void Book(const PacketName& packet,
              const Fate& fate,
              bool isYoung,
              Duration untilNext,
              PacketBalance& balance,
              std::vector<std::string>& violations) const;

    /// How a run is cut.
    static PacketSeries MakeSeries(Instant end, uint64_t buckets);
    /// Put a packet into its part of the run.
    void BookOverTime(const Fate& fate, bool isYoung, uint64_t size, PacketSeries& series) const;

    std::vector<std::string> m_names;                                  ///< of flows
    std::vector<uint64_t> m_sizes;                                     ///< of their packets
    std::vector<std::vector<Fate>> m_fates;                            ///< by flow, by sequence
    std::vector<std::pair<std::string, std::string>> m_places;         ///< (node, reason) by id
    std::map<std::pair<std::string, std::string>, PlaceId> m_placeIds; ///< the reverse
    std::vector<std::string> m_violations; ///< noticed while the run went on
};

} // namespace ike
} // namespace ns3

#endif // IKE_PACKET_LEDGER_H
