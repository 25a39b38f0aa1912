/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-rank-part.h"

#include "ike-rank-octets.h"

namespace ns3
{
namespace ike
{

// One Visit() for each structure that a part holds: all of its fields, but those that the recorder
// of events fills in (EndResult).

template <typename Archive>
void
Visit(Archive& a, Instant& t)
{
    a(t.ns);
}

template <typename Archive>
void
Visit(Archive& a, PairIdentity& p)
{
    a(p.initiatorSpi, p.responderSpi);
}

template <typename Archive>
void
Visit(Archive& a, PlaneCounters& c)
{
    a(c.in, c.passed, c.bypassed, c.discarded);
}

template <typename Archive>
void
Visit(Archive& a, PassiveTally::Clear& c)
{
    a(c.packets, c.last);
}

template <typename Archive>
void
Visit(Archive& a, PassiveTally::Warnings& w)
{
    a(w.count, w.last);
}

template <typename Archive>
void
Visit(Archive& a, PassiveTally& t)
{
    a(t.sent, t.accepted, t.warnings);
}

template <typename Archive>
void
Visit(Archive& a, ClearDestination& d)
{
    a(d.destination, d.entry, d.packets, d.since);
}

template <typename Archive>
void
Visit(Archive& a, PolicyResult& p)
{
    a(p.outbound, p.inbound, p.passive, p.stillClear, p.passiveMode, p.saved);
    a(p.cryptoMaps, p.protectedTunnels, p.bare);
}

template <typename Archive>
void
Visit(Archive& a, ClearResult& c)
{
    a(c.packets, c.last, c.flows);
}

template <typename Archive>
void
Visit(Archive& a, RoutingCounts& c)
{
    a(c.sent, c.received);
}

template <typename Archive>
void
Visit(Archive& a, DhCounts& c)
{
    a(c.keygens, c.derives, c.refused);
}

template <typename Archive>
void
Visit(Archive& a, CryptoCounts& c)
{
    a(c.hashes, c.hashOctets, c.hmacs, c.hmacOctets);
    a(c.encryptions, c.encryptedOctets, c.decryptions, c.decryptedOctets);
    a(c.rsaSignatures, c.rsaRecoveries, c.chains, c.dh);
}

template <typename Archive>
void
Visit(Archive& a, CpuTime& t)
{
    a(t.ns);
}

template <typename Archive>
void
Visit(Archive& a, CpuUsage& u)
{
    a(u.busy, u.cores, u.mostWaiting, u.longestWait, u.dropped);
}

template <typename Archive>
void
Visit(Archive& a, EndResult& e)
{
    a(e.name, e.outbound, e.inbound, e.policy, e.clear, e.routing, e.crypto, e.cpu, e.costs);
}

template <typename Archive>
void
Visit(Archive& a, BalancerServiceCounters& c)
{
    a(c.packetsIn, c.packetsOut, c.entries);
}

template <typename Archive>
void
Visit(Archive& a, BalancerHubCounters& c)
{
    a(c.services, c.active, c.peak, c.expired, c.evicted, c.purged, c.movedIn);
    a(c.failures, c.returns, c.probes, c.probesMissed, c.packetsOwn);
}

template <typename Archive>
void
Visit(Archive& a, BalancerCounters& c)
{
    a(c.withoutHub, c.withoutEntry, c.brokenAffinity, c.peak);
}

template <typename Archive>
void
Visit(Archive& a, BalancerHubResult& h)
{
    a(h.name, h.service, h.failed, h.counters);
}

template <typename Archive>
void
Visit(Archive& a, BalancerResult& b)
{
    a(b.name, b.counters, b.hubs);
}

template <typename Archive>
void
Visit(Archive& a, PairUsage& u)
{
    a(u.router, u.pair, u.packets);
}

template <typename Archive>
void
Visit(Archive& a, RankPart& p)
{
    a(p.crypto, p.ends, p.usage, p.balancers, p.addresses);
}

std::string
WriteRankPart(const RankPart& part)
{
    RankWriter writer;
    writer(part);
    return writer.Take();
}

RankPart
ReadRankPart(const std::string& octets)
{
    RankReader reader(octets);
    RankPart part;
    reader(part);
    return part;
}

} // namespace ike
} // namespace ns3
