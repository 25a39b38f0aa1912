/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-results.h"

#include "ike-results-groups.h"

#include "ns3/ike-verdict.h"

#include <nlohmann/json.hpp>

// Set by the build when it knows them.
#ifndef NS3_IKE_VERSION
#define NS3_IKE_VERSION "0.1.0"
#endif
#ifndef NS3_IKE_NS3_VERSION
#define NS3_IKE_NS3_VERSION "unknown"
#endif

namespace ns3
{
namespace ike
{

namespace
{

using Json = nlohmann::ordered_json;

Json
ToJson(const DuplicateTotals& t)
{
    Json json;
    json["isakmp_duplicates"] = t.isakmpDuplicates;
    json["ipsec_duplicates"] = t.ipsecDuplicates;
    json["isakmp_duplicate_seconds"] = t.isakmpDuplicateSeconds;
    json["ipsec_duplicate_seconds"] = t.ipsecDuplicateSeconds;
    json["duplicate_seconds"] = t.isakmpDuplicateSeconds + t.ipsecDuplicateSeconds;
    json["duplicate_peak"] = t.duplicatePeak;
    json["negotiations_begun"] = t.negotiationsBegun;
    json["negotiations_completed"] = t.negotiationsCompleted;
    json["negotiations_wasted"] = t.negotiationsWasted;
    json["unused_pairs"] = t.unusedPairs;
    json["orphans"] = t.orphans;
    json["orphan_seconds"] = t.orphanSeconds;
    json["split_seconds"] = t.splitSeconds;
    json["messages"] = t.messages;
    json["message_bytes"] = t.messageBytes;
    json["messages_on_duplicates"] = t.messagesOnDuplicates;
    json["message_bytes_on_duplicates"] = t.messageBytesOnDuplicates;
    json["dh_operations"] = t.dhOperations;
    json["dh_operations_on_duplicates"] = t.dhOperationsOnDuplicates;
    json["peers"] = t.peers;
    json["peers_with_duplicates"] = t.peersWithDuplicates;
    json["peers_split_at_end"] = t.peersSplitAtEnd;
    json["peers_orphaned_at_end"] = t.peersOrphanedAtEnd;
    json["peers_black_holed_at_end"] = t.peersBlackHoledAtEnd;
    json["peers_down_at_end"] = t.peersDownAtEnd;
    json["peers_broken_at_end"] = t.peersBrokenAtEnd;
    return json;
}

/// A map is an object, also when it is empty.
template <typename Map>
Json
ToObject(const Map& map)
{
    Json json = Json::object();
    for (const auto& [name, value] : map)
    {
        json[name] = value;
    }
    return json;
}

void
AddPackets(Json& json, const PacketBalance& b)
{
    json["packets_offered"] = b.offered;
    json["packets_delivered"] = b.delivered;
    json["packets_duplicated"] = b.duplicated;
    json["packets_in_flight"] = b.inFlight;
    json["packets_protected"] = b.protectedPackets;
    json["packets_clear"] = b.clearPackets;
    json["protected_bytes"] = b.protectedBytes;
    json["clear_bytes"] = b.clearBytes;
    json["packets_dropped"] = ToObject(b.dropped);
    json["outage_seconds"] = b.outage.ToSeconds();
}

/// Protected with an SA that the receiver had no longer.
uint64_t
CountBlackHoled(const PacketBalance& b)
{
    uint64_t sum = 0;
    for (const char* reason : {"unknown-spi", "reload"})
    {
        const auto found = b.dropped.find(reason);
        sum += found == b.dropped.end() ? 0 : found->second;
    }
    return sum;
}

uint64_t
Sum(const CountsByName& counts)
{
    uint64_t sum = 0;
    for (const auto& [name, count] : counts)
    {
        sum += count;
    }
    return sum;
}

Json
TotalsToJson(const RunResults& results)
{
    Json json = ToJson(results.totals);
    uint64_t refused = 0;
    RoutingCounts routing;
    double lineUp = 0;
    uint64_t warnings = 0;
    uint64_t passive = 0;
    uint64_t clear = 0;
    for (const auto& end : results.ends)
    {
        for (const auto& kind : end.policy.passive.warnings)
        {
            warnings += kind.count;
        }
        passive += end.policy.passiveMode ? 1 : 0;
        clear += end.clear.flows.empty() ? 0 : 1;
        refused += Sum(end.counters.refused);
        routing.sent += end.routing.sent;
        routing.received += end.routing.received;
        lineUp += end.lineUpSeconds;
    }
    json["initiations_refused"] = refused;
    json["line_up_seconds"] = lineUp;
    AddPackets(json, results.packets);
    json["packets_black_holed"] = CountBlackHoled(results.packets);
    json["routing_packets_sent"] = routing.sent;
    json["routing_packets_received"] = routing.received;
    json["security_warnings"] = warnings;
    json["routers_passive"] = passive;
    json["routers_still_clear"] = clear;
    return json;
}

Json
ToJson(const PlaneCounters& c, const char* passed)
{
    Json json;
    json["in"] = c.in;
    json[passed] = c.passed;
    json["bypassed"] = c.bypassed;
    Json& discarded = json["discarded"] = Json::object();
    for (unsigned i = 0; i < DROP_REASON_COUNT; ++i)
    {
        if (c.discarded[i] > 0)
        {
            discarded[ToString(static_cast<DropReason>(i))] = c.discarded[i];
        }
    }
    return json;
}

/// Seconds, or null when it never was.
Json
ToJson(const std::optional<Instant>& time)
{
    return time ? Json(time->ToSeconds()) : Json(nullptr);
}

/// The messages of passive mode by kind, in the order of GateMessage::Kind.
Json
ToJson(const std::array<PassiveTally::Warnings, 3>& warnings)
{
    constexpr const char* KINDS[] = {"reminder", "clear_sent", "clear_received"};
    Json json;
    for (size_t i = 0; i < warnings.size(); ++i)
    {
        json[KINDS[i]] = {{"count", warnings[i].count}, {"last", warnings[i].last}};
    }
    return json;
}

Json
ToJson(const ClearDestination& d)
{
    Json json;
    json["destination"] = d.destination.ToString();
    json["entry"] = d.entry;
    json["packets"] = d.packets;
    json["since_seconds"] = d.since.ToSeconds();
    return json;
}

/// A direction of the policy, with what passive mode let go on in the clear.
Json
ToJson(const PlaneCounters& c, const char* passed, const PassiveTally::Clear& passive)
{
    Json json = ToJson(c, passed);
    json["passive"] = passive.packets;
    json["last_passive_seconds"] = ToJson(passive.last);
    return json;
}

Json
ToJson(const PolicyResult& p)
{
    Json json;
    json["passive_mode"] = p.passiveMode;
    json["config_saved"] = p.saved;
    json["crypto_maps"] = p.cryptoMaps;
    json["protected_tunnels"] = p.protectedTunnels;
    json["bare_interfaces"] = p.bare;
    json["outbound"] = ToJson(p.outbound, "protected", p.passive.sent);
    json["inbound"] = ToJson(p.inbound, "accepted", p.passive.accepted);
    json["warnings"] = ToJson(p.passive.warnings);
    json["clear_destinations"] = p.stillClear.size();
    Json& still = json["still_clear"] = Json::array();
    for (const auto& destination : p.stillClear)
    {
        still.push_back(ToJson(destination));
    }
    return json;
}

Json
ToJson(const ClearResult& c)
{
    Json json;
    json["packets"] = c.packets;
    json["last_seconds"] = ToJson(c.last);
    json["flows"] = c.flows;
    return json;
}

Json
ToJson(const NodeCounters& c)
{
    Json json;
    json["events"] = ToObject(c.events);
    json["negotiations_begun"] = ToObject(c.begun);
    json["negotiations_failed"] = ToObject(c.failed);
    json["initiations_refused"] = ToObject(c.refused);
    json["removed"] = ToObject(c.removed);
    json["notifies_sent"] = ToObject(c.notifiesSent);
    json["notifies_received"] = ToObject(c.notifiesReceived);
    json["deletes_sent"] = ToObject(c.deletesSent);
    json["deletes_received"] = ToObject(c.deletesReceived);
    json["messages_dropped"] = ToObject(c.messagesDropped);
    json["retransmissions"] = c.retransmissions;
    return json;
}

Json
ToJson(const CryptoCounts& c)
{
    Json json;
    json["hashes"] = c.hashes;
    json["hmacs"] = c.hmacs;
    json["encryptions"] = c.encryptions;
    json["decryptions"] = c.decryptions;
    Json& groups = json["dh"] = Json::object();
    for (const auto& [group, counts] : c.dh)
    {
        groups[ToString(group)] = {{"keygens", counts.keygens},
                                   {"derives", counts.derives},
                                   {"refused", counts.refused}};
    }
    return json;
}

/// [[seconds, value], ...]
Json
ToJson(const std::vector<CurvePoint>& curve)
{
    Json json = Json::array();
    for (const auto& point : curve)
    {
        json.push_back(Json::array({point.time.ToSeconds(), point.value}));
    }
    return json;
}

Json
ToJson(const PeerResult& p)
{
    const EndAccount& a = p.account;
    Json json;
    json["name"] = p.name;
    json["peer"] = a.peer.ToString();
    json["isakmp_peak"] = a.isakmpPeak;
    json["pairs_peak"] = a.pairsPeak;
    json["isakmp_at_end"] = a.isakmpAtEnd;
    json["pairs_at_end"] = a.pairsAtEnd;
    json["isakmp_duplicate_seconds"] = a.isakmpDuplicateSeconds;
    json["ipsec_duplicate_seconds"] = a.ipsecDuplicateSeconds;
    json["up_seconds"] = a.upSeconds;
    json["isakmp_alive"] = ToJson(a.isakmpAlive);
    json["pairs_alive"] = ToJson(a.pairsAlive);
    return json;
}

/// The CPU of a router. @param u what it did @param costs their name @param duration of the run
Json
ToJson(const CpuUsage& u, const std::string& costs, Duration duration)
{
    constexpr double SECOND = 1e9;
    Json json;
    json["costs"] = costs;
    json["cores"] = u.cores;
    Json& busy = json["busy_seconds"] = Json::object();
    for (size_t i = 0; i < CPU_WORK_COUNT; ++i)
    {
        busy[ToString(static_cast<CpuWork>(i))] = static_cast<double>(u.busy.ns[i]) / SECOND;
    }
    busy["total"] = static_cast<double>(u.busy.Total()) / SECOND;
    const double offered = static_cast<double>(duration.ns) * u.cores;
    json["utilisation"] = offered > 0 ? static_cast<double>(u.busy.Total()) / offered : 0.0;
    json["most_waiting"] = u.mostWaiting;
    json["longest_wait_seconds"] = static_cast<double>(u.longestWait) / SECOND;
    json["dropped"] = u.dropped;
    return json;
}

Json
ToJson(const EndResult& e, Duration duration)
{
    Json json;
    json["name"] = e.name;
    json["line_up_seconds"] = e.lineUpSeconds;
    json["outbound"] = ToJson(e.outbound, "protected");
    json["inbound"] = ToJson(e.inbound, "accepted");
    json["policy"] = ToJson(e.policy);
    json["clear"] = ToJson(e.clear);
    json["routing"] = {{"sent", e.routing.sent}, {"received", e.routing.received}};
    json["counters"] = ToJson(e.counters);
    json["crypto"] = ToJson(e.crypto);
    json["cpu"] = ToJson(e.cpu, e.costs, duration);
    Json& peers = json["peers"] = Json::array();
    for (const auto& peer : e.peers)
    {
        peers.push_back(ToJson(peer));
    }
    return json;
}

Json
ToJson(const PeersAccount& p)
{
    Json json;
    json["name"] = p.nodeA + "-" + p.nodeB;
    json["a"] = p.nodeA;
    json["b"] = p.nodeB;
    json["totals"] = ToJson(p.totals);
    return json;
}

Json
ToJson(const FlowResult& f)
{
    Json json;
    json["name"] = f.name;
    json["from"] = f.from;
    json["to"] = f.to;
    AddPackets(json, f.balance);
    Json& drops = json["drops"] = Json::array();
    for (const auto& [place, count] : f.balance.droppedAt)
    {
        drops.push_back({{"node", place.first}, {"reason", place.second}, {"packets", count}});
    }
    return json;
}

/// Counters of hubs by their names in results, in their order.
const std::vector<std::pair<const char*, uint64_t BalancerHubCounters::*>>&
HubCounters()
{
    static const std::vector<std::pair<const char*, uint64_t BalancerHubCounters::*>> COUNTERS{
        {"entries_at_end", &BalancerHubCounters::active},
        {"entries_expired", &BalancerHubCounters::expired},
        {"entries_evicted", &BalancerHubCounters::evicted},
        {"entries_purged", &BalancerHubCounters::purged},
        {"moves", &BalancerHubCounters::movedIn},
        {"failures", &BalancerHubCounters::failures},
        {"returns", &BalancerHubCounters::returns},
        {"probes", &BalancerHubCounters::probes},
        {"probes_missed", &BalancerHubCounters::probesMissed},
        {"packets_own", &BalancerHubCounters::packetsOwn}};
    return COUNTERS;
}

/// Services of hubs: packets and entries by name.
Json
ToJson(const std::array<BalancerServiceCounters, BALANCER_SERVICES>& services)
{
    Json json;
    for (size_t i = 0; i < services.size(); ++i)
    {
        json[BALANCER_SERVICE_NAMES[i]] = {{"packets_in", services[i].packetsIn},
                                           {"packets_out", services[i].packetsOut},
                                           {"entries", services[i].entries}};
    }
    return json;
}

BalancerServiceCounters
SumOf(const BalancerHubCounters& counters)
{
    BalancerServiceCounters sum;
    for (const auto& service : counters.services)
    {
        sum.packetsIn += service.packetsIn;
        sum.packetsOut += service.packetsOut;
        sum.entries += service.entries;
    }
    return sum;
}

Json
ToJson(const BalancerHubResult& h)
{
    const BalancerServiceCounters sum = SumOf(h.counters);
    Json json;
    json["name"] = h.name;
    json["service"] = h.service;
    json["failed"] = h.failed;
    json["packets_in"] = sum.packetsIn;
    json["packets_out"] = sum.packetsOut;
    json["entries_made"] = sum.entries;
    json["entries_peak"] = h.counters.peak;
    for (const auto& [name, counter] : HubCounters())
    {
        json[name] = h.counters.*counter;
    }
    json["services"] = ToJson(h.counters.services);
    return json;
}

Json
ToJson(const BalancerResult& b)
{
    Json json;
    json["name"] = b.name;
    BalancerServiceCounters sum;
    for (const auto& hub : b.hubs)
    {
        const BalancerServiceCounters own = SumOf(hub.counters);
        sum.packetsIn += own.packetsIn;
        sum.packetsOut += own.packetsOut;
        sum.entries += own.entries;
    }
    json["packets_in"] = sum.packetsIn;
    json["packets_out"] = sum.packetsOut;
    json["packets_without_hub"] = b.counters.withoutHub;
    json["packets_without_entry"] = b.counters.withoutEntry;
    json["packets_broken_affinity"] = b.counters.brokenAffinity;
    json["clients_at_two_hubs"] = b.clientsAtTwoHubs;
    json["clients_at_two_hubs_seconds"] = b.clientsAtTwoHubsSeconds;
    json["entries_made"] = sum.entries;
    json["entries_peak"] = b.counters.peak;
    for (const auto& [name, counter] : HubCounters())
    {
        uint64_t total = 0;
        for (const auto& hub : b.hubs)
        {
            total += hub.counters.*counter;
        }
        json[name] = total;
    }
    Json& hubs = json["hubs"] = Json::array();
    for (const auto& hub : b.hubs)
    {
        hubs.push_back(ToJson(hub));
    }
    return json;
}

/// One number of each bucket.
Json
ToColumn(const PacketSeries& series, uint64_t PacketBucket::*number)
{
    Json json = Json::array();
    for (const auto& bucket : series.buckets)
    {
        json.push_back(bucket.*number);
    }
    return json;
}

Json
ToJson(const PacketSeries& series)
{
    using Bucket = PacketBucket;
    Json json;
    json["width_seconds"] = series.width.ToSeconds();
    json["packets_offered"] = ToColumn(series, &Bucket::offered);
    json["packets_delivered"] = ToColumn(series, &Bucket::delivered);
    json["packets_delivered_clear"] = ToColumn(series, &Bucket::deliveredClear);
    json["packets_in_flight"] = ToColumn(series, &Bucket::inFlight);
    json["packets_protected"] = ToColumn(series, &Bucket::protectedPackets);
    json["packets_clear"] = ToColumn(series, &Bucket::clearPackets);
    json["protected_bytes"] = ToColumn(series, &Bucket::protectedBytes);
    json["clear_bytes"] = ToColumn(series, &Bucket::clearBytes);
    json["packets_dropped"] = {
        {ToString(DropReason::NoSa), ToColumn(series, &Bucket::droppedNoSa)},
        {ToString(DropReason::ClearReceived), ToColumn(series, &Bucket::droppedClear)},
        {"other", ToColumn(series, &Bucket::droppedOther)}};
    return json;
}

template <typename T>
Json
ToArray(const std::vector<T>& values)
{
    Json json = Json::array();
    for (const auto& value : values)
    {
        json.push_back(ToJson(value));
    }
    return json;
}

/// Routers in the order of the scenario, large groups as one where their first member stands.
Json
EndsToJson(const RunResults& results)
{
    std::map<std::string, size_t> places;
    std::vector<Json> ends;
    std::vector<std::vector<PeerResult>> peers; // of each
    for (const auto& end : results.ends)
    {
        const std::string& name = FindListed(results.listed, end.name);
        const auto [place, isNew] = places.emplace(name, ends.size());
        EndResult bare = end;
        bare.name = name;
        bare.peers.clear();
        if (isNew)
        {
            ends.push_back(ToJson(bare, results.duration));
            peers.push_back(end.peers);
            continue;
        }
        SumEnds(ends[place->second], ToJson(bare, results.duration));
        auto& all = peers[place->second];
        all.insert(all.end(), end.peers.begin(), end.peers.end());
    }
    Json json = Json::array();
    for (size_t i = 0; i < ends.size(); ++i)
    {
        ends[i]["peers"] = ToArray(SumPeers(peers[i], results.listed));
        json.push_back(std::move(ends[i]));
    }
    return json;
}

} // namespace

std::string
GetIkeVersion()
{
    return NS3_IKE_VERSION;
}

std::vector<FlowResult>
GroupFlows(const Scenario& scenario)
{
    const bool areMany = scenario.offer.size() > scenario.flowsListed;
    const ListedNames names = GroupEnds(scenario);
    std::vector<FlowResult> groups;
    for (const auto& flow : scenario.offer)
    {
        groups.push_back(areMany ? FlowResult{FindListed(names, flow.from) + "-all",
                                              FindListed(names, flow.from),
                                              "all",
                                              {}}
                                 : FlowResult{flow.name, flow.from, flow.to, {}});
    }
    return groups;
}

std::string
WriteResultsJson(const RunResults& results, int indent)
{
    Json json;
    json["schema"] = RESULTS_SCHEMA;
    json["versions"] = {{"ns3-ike", NS3_IKE_VERSION}, {"ns-3", NS3_IKE_NS3_VERSION}};
    json["crypto"] = results.crypto;
    json["scenario"] = {{"name", results.scenario},
                        {"title", results.title},
                        {"hash", results.hash}};
    json["parameters"] = ToObject(results.parameters);
    json["seed"] = results.seed;
    json["duration_seconds"] = results.duration.ToSeconds();
    json["units"] = {{"*_seconds", "s"},
                     {"*_bytes", "B"},
                     {"packets_*", "packets"},
                     {"*_alive", "[s, SAs]"}};
    json["totals"] = TotalsToJson(results);
    json["ends"] = EndsToJson(results);
    json["pairs"] = ToArray(results.listed.empty() ? results.pairs : SumPairs(results));
    if (!results.balancers.empty())
    {
        json["balancers"] = ToArray(results.balancers);
    }
    json["flows"] = ToArray(results.flows);
    json["series"] = ToJson(results.series);
    json["violations"] = results.violations;
    return json.dump(indent) + "\n";
}

} // namespace ike
} // namespace ns3
