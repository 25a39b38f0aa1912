/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-results.h"

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
    for (const auto& end : results.ends)
    {
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

Json
ToJson(const EndResult& e)
{
    Json json;
    json["name"] = e.name;
    json["line_up_seconds"] = e.lineUpSeconds;
    json["outbound"] = ToJson(e.outbound, "protected");
    json["inbound"] = ToJson(e.inbound, "accepted");
    json["routing"] = {{"sent", e.routing.sent}, {"received", e.routing.received}};
    json["counters"] = ToJson(e.counters);
    json["crypto"] = ToJson(e.crypto);
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
    std::vector<FlowResult> groups;
    for (const auto& flow : scenario.offer)
    {
        groups.push_back(areMany ? FlowResult{flow.from + "-all", flow.from, "all", {}}
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
    json["ends"] = ToArray(results.ends);
    json["pairs"] = ToArray(results.pairs);
    json["flows"] = ToArray(results.flows);
    json["violations"] = results.violations;
    return json.dump(indent) + "\n";
}

} // namespace ike
} // namespace ns3
