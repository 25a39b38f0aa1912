/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_TABLES_H
#define IKEV1_TABLES_H

#include "ikev1-records.h"

#include "ns3/ike-indexed-table.h"

#include <set>
#include <vector>

/*
 * What an engine remembers, by number, each kind with all the ways in which an input looks for it:
 * a hub has thousands of peers, and no datagram may cost a look at all of them. Nothing here is
 * state of its own (ike-indexed-table.h).
 */

namespace ns3
{
namespace ike
{

/// How ISAKMP SAs are looked for.
struct IsakmpIndex
{
    /// What of an ISAKMP SA is indexed.
    struct Keys
    {
        Cookie initiatorCookie{};          ///< CKY-I: the responder's may come to be known later
        AddressPair ends;                  ///< the peer, then this end
        Instant due{Instant::Never()};     ///< its first timer
        IsakmpIdentity succeeds;           ///< what it replaces, if this end began it
        std::vector<ConnectionId> waiting; ///< tunnels that wait for its phase 1
        bool isHalfOpen{false};            ///< an attempt that this end answers
        bool hasMapping{false};            ///< a NAT before this end knows it

        friend bool operator==(const Keys& a, const Keys& b);
    };

    OrderedIndex<Cookie, IsakmpNumber> cookie;        ///< by CKY-I
    OrderedIndex<AddressPair, IsakmpNumber> ends;     ///< by peer, then this end
    OrderedIndex<Instant, IsakmpNumber> due;          ///< those with a timer
    OrderedIndex<IsakmpIdentity, IsakmpNumber> begun; ///< successors that this end began
    OrderedIndex<ConnectionId, IsakmpNumber> waiting; ///< by tunnels that wait
    std::set<IsakmpNumber> mappings;                  ///< those that keep a NAT's mapping
    size_t halfOpen{0};                               ///< how many

    static Keys KeysOf(IsakmpNumber number, const IsakmpSa& sa);
    void Insert(IsakmpNumber number, const Keys& keys);
    void Erase(IsakmpNumber number, const Keys& keys);
    friend bool operator==(const IsakmpIndex& a, const IsakmpIndex& b);
};

/// How quick modes are looked for.
struct QuickModeIndex
{
    /// What of a quick mode is indexed.
    struct Keys
    {
        IsakmpNumber isakmp{0};        ///< under which it runs
        ConnectionId connection{0};    ///< for which tunnel
        uint32_t spi{0};               ///< on which this end receives
        Instant due{Instant::Never()}; ///< its first timer

        friend bool operator==(const Keys& a, const Keys& b);
    };

    OrderedIndex<IsakmpNumber, uint32_t> isakmp;     ///< by ISAKMP SA
    OrderedIndex<ConnectionId, uint32_t> connection; ///< by tunnel
    OrderedIndex<uint32_t, uint32_t> spi;            ///< by own SPI
    OrderedIndex<Instant, uint32_t> due;             ///< those with a timer

    static Keys KeysOf(uint32_t number, const QuickMode& quick);
    void Insert(uint32_t number, const Keys& keys);
    void Erase(uint32_t number, const Keys& keys);
    friend bool operator==(const QuickModeIndex& a, const QuickModeIndex& b);
};

/// How pairs are looked for.
struct PairIndex
{
    /// What of a pair is indexed.
    struct Keys
    {
        ConnectionId connection{0};    ///< whose
        IsakmpNumber isakmp{0};        ///< under which it stands
        uint32_t inboundSpi{0};        ///< this end receives on it
        uint32_t outboundSpi{0};       ///< this end sends on it
        AddressPair ends;              ///< the peer, then this end
        Instant due{Instant::Never()}; ///< its first timer
        bool hasMapping{false};        ///< a NAT before this end knows it

        friend bool operator==(const Keys& a, const Keys& b);
    };

    OrderedIndex<ConnectionId, PairId> connection; ///< by tunnel
    OrderedIndex<IsakmpNumber, PairId> isakmp;     ///< by ISAKMP SA
    OrderedIndex<uint32_t, PairId> inboundSpi;     ///< by own SPI
    OrderedIndex<uint32_t, PairId> outboundSpi;    ///< by the peer's SPI
    OrderedIndex<AddressPair, PairId> ends;        ///< by peer, then this end
    OrderedIndex<Instant, PairId> due;             ///< those with a timer
    std::set<PairId> mappings;                     ///< those that keep a NAT's mapping

    static Keys KeysOf(PairId id, const PairState& pair);
    void Insert(PairId id, const Keys& keys);
    void Erase(PairId id, const Keys& keys);
    friend bool operator==(const PairIndex& a, const PairIndex& b);
};

/// How tunnels are looked for: by their timer alone.
struct TunnelIndex
{
    using Keys = Instant; ///< its timer

    OrderedIndex<Instant, ConnectionId> due; ///< those with a timer

    static Keys KeysOf(ConnectionId id, const TunnelState& tunnel);
    void Insert(ConnectionId id, Keys keys);
    void Erase(ConnectionId id, Keys keys);
    friend bool operator==(const TunnelIndex& a, const TunnelIndex& b);
};

using IsakmpStore = IndexedTable<IsakmpNumber, IsakmpSa, IsakmpIndex>;
using QuickModeStore = IndexedTable<uint32_t, QuickMode, QuickModeIndex>;
using PairStore = IndexedTable<PairId, PairState, PairIndex>;
using TunnelStore = IndexedTable<ConnectionId, TunnelState, TunnelIndex>;

} // namespace ike
} // namespace ns3

#endif // IKEV1_TABLES_H
