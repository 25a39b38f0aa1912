/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RESULTS_H
#define IKE_RESULTS_H

#include "ike-packet-ledger.h"
#include "ike-scenario.h"

#include "ns3/ike-counters.h"
#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-duplicate-account.h"
#include "ns3/ike-load-balancer-table.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipsec-gate.h"
#include "ns3/ipsec-passive-tally.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// The schema of results.json: examples/ike-results.schema.json.
constexpr const char* RESULTS_SCHEMA = "ns3-ike-results-1";

/// Packets of a routing protocol, apart from those of applications.
struct RoutingCounts
{
    uint64_t sent{0};     ///< RIP messages
    uint64_t received{0}; ///< RIP messages
};

/// What a run says about one router's SAs with one peer.
struct PeerResult
{
    std::string name;   ///< of the peer's router; its address when it is none of the run
    EndAccount account; ///< SAs over time
};

/// Application packets that left a router towards the Internet as they were, whatever its policy.
struct ClearResult
{
    uint64_t packets{0};            ///< each time one did
    std::optional<Instant> last;    ///< when the last one did
    std::vector<std::string> flows; ///< whose last packet did, neither protected nor dropped here
};

/// What a run says about the policy of one router: its crypto maps, and passive mode.
struct PolicyResult
{
    PlaneCounters outbound;                   ///< decisions about packets that were to leave
    PlaneCounters inbound;                    ///< and about those that came in the clear
    PassiveTally passive;                     ///< what passive mode did and said
    std::vector<ClearDestination> stillClear; ///< at the end
    bool passiveMode{false};                  ///< is it on at the end?
    bool saved{false};                        ///< is the configuration of the end the saved one?
    uint64_t cryptoMaps{0};                   ///< interfaces with one, at the end
    uint64_t protectedTunnels{0};             ///< tunnels with protection, at the end
    std::vector<std::string> bare;            ///< outside interfaces without a crypto map
};

/// What a run says about one router.
struct EndResult
{
    std::string name;              ///< of the router
    NodeCounters counters;         ///< events by kind and reason
    PlaneCounters outbound;        ///< data plane, packets that tunnels offered
    PlaneCounters inbound;         ///< data plane, ESP packets that arrived
    PolicyResult policy;           ///< crypto maps, passive mode
    ClearResult clear;             ///< what left in the clear
    RoutingCounts routing;         ///< RIP
    CryptoCounts crypto;           ///< operations
    CpuUsage cpu;                  ///< of its CPU
    std::string costs{"ideal"};    ///< by which these operations took time
    double lineUpSeconds{0};       ///< of all tunnels
    std::vector<PeerResult> peers; ///< SAs with each peer
};

/// What a run says about one flow, or about all flows from one node.
struct FlowResult
{
    std::string name;      ///< of the flow, or "S1-all"
    std::string from;      ///< a host or a router
    std::string to;        ///< the same; "all" for several flows
    PacketBalance balance; ///< of its packets
};

/// What a run says about one hub of a load balancer.
struct BalancerHubResult
{
    std::string name;             ///< of the router
    std::string service;          ///< the operator's word, at the end
    bool failed{false};           ///< at the end
    BalancerHubCounters counters; ///< of the run
};

/// What a run says about one load balancer.
struct BalancerResult
{
    std::string name;                    ///< of the node
    BalancerCounters counters;           ///< of the run
    std::vector<BalancerHubResult> hubs; ///< in the order of the scenario
    uint64_t clientsAtTwoHubs{0};        ///< that ever had pairs at more than one hub at once
    double clientsAtTwoHubsSeconds{0};   ///< for how long, summed over clients
};

/// Routers that stand in results under another name, by their own: "S1" under "S*".
using ListedNames = std::map<std::string, std::string>;

/// Everything that comes out of a run.
struct RunResults
{
    std::string crypto{"openssl-3"};       ///< name of the provider
    std::string scenario;                  ///< short name
    std::string title;                     ///< a line for people
    std::string hash;                      ///< of the expanded scenario
    ParameterValues parameters;            ///< all of them
    uint64_t seed{0};                      ///< of the run
    Duration duration;                     ///< of the run
    DuplicateTotals totals;                ///< of all pairs of peers
    std::vector<PeersAccount> pairs;       ///< of peers
    std::vector<EndResult> ends;           ///< routers under test
    std::vector<BalancerResult> balancers; ///< in the order of the scenario
    std::vector<FlowResult> flows;         ///< of traffic
    PacketBalance packets;                 ///< of all flows
    PacketSeries series;                   ///< of all flows, over time
    ListedNames listed;                    ///< large groups, which have one entry
    std::vector<std::string> violations;   ///< of the identities; empty when all is right
};

/**
 * Which clients of load balancers have pairs at more than one hub at once? The account of
 * duplicates, which knows pairs of peers, does not say. Asked are the hubs: a pair whose client has
 * gone elsewhere counts as long as its hub keeps it.
 * @param results whose ends have their curves; its balancers are completed
 * @param end of the run
 */
void CountClientsAtTwoHubs(RunResults& results, Instant end);
/// @return the version of this module
std::string GetIkeVersion();
/**
 * @param results of a run
 * @param indent spaces for each level, or -1: all on one line
 * @return results.json
 */
std::string WriteResultsJson(const RunResults& results, int indent = 2);
/**
 * With more flows than Scenario::flowsListed, those that begin at one node are one.
 * @param scenario its flows
 * @return for each flow, by index, where it belongs; without packets
 */
std::vector<FlowResult> GroupFlows(const Scenario& scenario);
/// @return the members of groups with more than Scenario::endsListed of them. @param scenario its
/// routers
ListedNames GroupEnds(const Scenario& scenario);
/**
 * What never occurred is absent from results, and is zero here: a counter or a reason that is
 * known, a pair of routers of the run that never met.
 * @param json results.json
 * @param quantity "totals.ipsec_duplicates"; an element of a list is found by its "name"
 * @return its value (true is 1); throws std::out_of_range when there can be no such number
 */
double FindQuantity(const std::string& json, const std::string& quantity);
/**
 * Will the results have the quantities of all expectations?
 * @param scenario expanded, nothing of it needs to have run
 * @throws ScenarioError when one can never be there
 */
void CheckQuantities(const Scenario& scenario);
/**
 * @param expectations of the scenario
 * @param json results.json
 * @return a line for each one that does not hold
 * @throws ScenarioError when a quantity does not exist
 */
std::vector<std::string> CheckExpectations(const std::vector<ScenarioExpectation>& expectations,
                                           const std::string& json);

} // namespace ike
} // namespace ns3

#endif // IKE_RESULTS_H
