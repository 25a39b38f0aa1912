/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-tables.h"

#include <tuple>

namespace ns3
{
namespace ike
{

namespace
{

/// A timer that is set stands in the index.
template <typename Id>
void
InsertDue(OrderedIndex<Instant, Id>& index, Instant at, Id id)
{
    if (at != Instant::Never())
    {
        index.Insert(at, id);
    }
}

} // namespace

// --- ISAKMP SAs ----------------------------------------------------------------------------------

bool
operator==(const IsakmpIndex::Keys& a, const IsakmpIndex::Keys& b)
{
    return a.initiatorCookie == b.initiatorCookie && a.ends == b.ends && a.due == b.due &&
           a.succeeds == b.succeeds && a.waiting == b.waiting && a.isHalfOpen == b.isHalfOpen &&
           a.hasMapping == b.hasMapping;
}

IsakmpIndex::Keys
IsakmpIndex::KeysOf(IsakmpNumber, const IsakmpSa& sa)
{
    Keys keys;
    keys.initiatorCookie = sa.initiatorCookie;
    keys.ends = {sa.Peer(), sa.local.address};
    keys.due = sa.timers.Next();
    if (sa.role == Role::Initiator)
    {
        keys.succeeds = sa.succeeds;
    }
    if (!sa.IsEstablished())
    {
        for (const PendingPhase2& p : sa.pending)
        {
            keys.waiting.push_back(p.connection);
        }
    }
    keys.isHalfOpen = sa.role == Role::Responder && !sa.IsEstablished();
    keys.hasMapping = sa.IsEstablished() && sa.natLocal;
    return keys;
}

void
IsakmpIndex::Insert(IsakmpNumber number, const Keys& keys)
{
    cookie.Insert(keys.initiatorCookie, number);
    ends.Insert(keys.ends, number);
    InsertDue(due, keys.due, number);
    if (!keys.succeeds.IsNone())
    {
        begun.Insert(keys.succeeds, number);
    }
    for (ConnectionId connection : keys.waiting)
    {
        waiting.Insert(connection, number);
    }
    if (keys.hasMapping)
    {
        mappings.insert(number);
    }
    halfOpen += keys.isHalfOpen ? 1 : 0;
}

void
IsakmpIndex::Erase(IsakmpNumber number, const Keys& keys)
{
    cookie.Erase(keys.initiatorCookie, number);
    ends.Erase(keys.ends, number);
    due.Erase(keys.due, number);
    begun.Erase(keys.succeeds, number);
    for (ConnectionId connection : keys.waiting)
    {
        waiting.Erase(connection, number);
    }
    mappings.erase(number);
    halfOpen -= keys.isHalfOpen ? 1 : 0;
}

bool
operator==(const IsakmpIndex& a, const IsakmpIndex& b)
{
    return a.cookie == b.cookie && a.ends == b.ends && a.due == b.due && a.begun == b.begun &&
           a.waiting == b.waiting && a.mappings == b.mappings && a.halfOpen == b.halfOpen;
}

// --- Quick modes ---------------------------------------------------------------------------------

bool
operator==(const QuickModeIndex::Keys& a, const QuickModeIndex::Keys& b)
{
    return a.isakmp == b.isakmp && a.connection == b.connection && a.spi == b.spi && a.due == b.due;
}

QuickModeIndex::Keys
QuickModeIndex::KeysOf(uint32_t, const QuickMode& quick)
{
    const bool isInitiator = quick.role == Role::Initiator;
    return Keys{quick.isakmp,
                quick.connection,
                isInitiator ? quick.initiatorSpi : quick.responderSpi,
                quick.timers.Next()};
}

void
QuickModeIndex::Insert(uint32_t number, const Keys& keys)
{
    isakmp.Insert(keys.isakmp, number);
    connection.Insert(keys.connection, number);
    spi.Insert(keys.spi, number);
    InsertDue(due, keys.due, number);
}

void
QuickModeIndex::Erase(uint32_t number, const Keys& keys)
{
    isakmp.Erase(keys.isakmp, number);
    connection.Erase(keys.connection, number);
    spi.Erase(keys.spi, number);
    due.Erase(keys.due, number);
}

bool
operator==(const QuickModeIndex& a, const QuickModeIndex& b)
{
    return a.isakmp == b.isakmp && a.connection == b.connection && a.spi == b.spi && a.due == b.due;
}

// --- Pairs ---------------------------------------------------------------------------------------

bool
operator==(const PairIndex::Keys& a, const PairIndex::Keys& b)
{
    return a.connection == b.connection && a.isakmp == b.isakmp && a.inboundSpi == b.inboundSpi &&
           a.outboundSpi == b.outboundSpi && a.ends == b.ends && a.due == b.due &&
           a.hasMapping == b.hasMapping;
}

PairIndex::Keys
PairIndex::KeysOf(PairId, const PairState& pair)
{
    return Keys{pair.connection,
                pair.isakmp,
                pair.InboundSpi(),
                pair.OutboundSpi(),
                {pair.peer, pair.local},
                pair.timers.Next(),
                pair.live && pair.natLocal};
}

void
PairIndex::Insert(PairId id, const Keys& keys)
{
    connection.Insert(keys.connection, id);
    isakmp.Insert(keys.isakmp, id);
    inboundSpi.Insert(keys.inboundSpi, id);
    outboundSpi.Insert(keys.outboundSpi, id);
    ends.Insert(keys.ends, id);
    InsertDue(due, keys.due, id);
    if (keys.hasMapping)
    {
        mappings.insert(id);
    }
}

void
PairIndex::Erase(PairId id, const Keys& keys)
{
    connection.Erase(keys.connection, id);
    isakmp.Erase(keys.isakmp, id);
    inboundSpi.Erase(keys.inboundSpi, id);
    outboundSpi.Erase(keys.outboundSpi, id);
    ends.Erase(keys.ends, id);
    due.Erase(keys.due, id);
    mappings.erase(id);
}

bool
operator==(const PairIndex& a, const PairIndex& b)
{
    return a.connection == b.connection && a.isakmp == b.isakmp && a.inboundSpi == b.inboundSpi &&
           a.outboundSpi == b.outboundSpi && a.ends == b.ends && a.due == b.due &&
           a.mappings == b.mappings;
}

// --- Tunnels -------------------------------------------------------------------------------------

TunnelIndex::Keys
TunnelIndex::KeysOf(ConnectionId id, const TunnelState& tunnel)
{
    // what peers have opened has no timer of its own
    return id < FIRST_OPENED ? tunnel.timers.Next() : Instant::Never();
}

void
TunnelIndex::Insert(ConnectionId id, Keys keys)
{
    InsertDue(due, keys, id);
}

void
TunnelIndex::Erase(ConnectionId id, Keys keys)
{
    due.Erase(keys, id);
}

bool
operator==(const TunnelIndex& a, const TunnelIndex& b)
{
    return a.due == b.due;
}

} // namespace ike
} // namespace ns3
