/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_H
#define IKE_SCENARIO_H

#include "ike-distribution.h"
#include "ike-scenario-error.h"
#include "ike-scenario-ranks.h"

#include "ns3/ike-address.h"
#include "ns3/ike-crypto-costs.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-duplicate-account.h"
#include "ns3/ike-knobs.h"
#include "ns3/ike-load-balancer-table.h"
#include "ns3/ike-nat-table.h"
#include "ns3/ike-router-config.h"
#include "ns3/ike-time.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// What values a parameter of a scenario takes.
enum class ParameterType : uint8_t
{
    Duration,  ///< "40 ms", "10 s + 3 ms"
    Number,    ///< "0.5"; its unit is said in the help alone
    Integer,   ///< "3"
    Percent,   ///< "0.5 %"
    Choice,    ///< one of the choices
    Boolean,   ///< true or false
    Bandwidth, ///< "100 Mbit/s"
};

/// A declared parameter of a scenario.
struct ScenarioParameter
{
    std::string name;                                         ///< as in ${name}
    ParameterType type{ParameterType::Choice};                ///< of its values
    std::string defaultValue;                                 ///< canonical
    std::optional<std::pair<std::string, std::string>> range; ///< least and greatest value
    std::vector<std::string> choices;                         ///< of a choice, in order
    std::vector<std::string> words;                           ///< allowed beside values, as "auto"
    std::string unit;                                         ///< for people
    std::string help;                                         ///< a sentence
    TextPosition position;                                    ///< of its declaration

    /**
     * @param text a value as somebody wrote it
     * @param position for the error
     * @return the one way to write this value
     * @throws ScenarioError when it is not a value of this parameter
     */
    std::string Canonical(const std::string& text, const TextPosition& position) const;
    /// @return "duration", "-10 s .. 10 s, or auto": for lists
    std::string DescribeValues() const;
};

/// Values of parameters by name.
using ParameterValues = std::map<std::string, std::string>;

/// A piece of router configuration with the place of its first character.
struct ScenarioText
{
    std::string text;      ///< IOS text
    TextPosition position; ///< where it begins
};

/// A router under test.
struct ScenarioRouter
{
    std::string name;                ///< "R1"
    std::vector<ScenarioText> texts; ///< its configuration, one text after the other
    IkeKnobs knobs;                  ///< of its engine
    RouterConfig config;             ///< what the texts say
    std::string group;               ///< whose member it is, "S"; empty: of none
    std::string tunnels;             ///< "own" or "shared" devices; empty: as the router does
    std::shared_ptr<const CryptoCosts> costs; ///< of its CPU; null: "ideal"
    uint32_t cores{1};                        ///< of its CPU
    TextPosition position;                    ///< of its name
};

/// An outside port of a NAT that leads inside for good.
struct ScenarioForward
{
    uint8_t protocol{17};   ///< of IP
    uint16_t port{0};       ///< outside
    IpAddress inside;       ///< whom it leads to
    uint16_t insidePort{0}; ///< which port of it
};

/// What makes a node a NAT.
struct ScenarioNat
{
    std::string outside;                   ///< the link that leads outside
    NatRules rules;                        ///< what it goes by
    std::vector<ScenarioForward> forwards; ///< from outside to inside
    TextPosition position;                 ///< of the name of the link
};

/// A hub of a load balancer.
struct ScenarioBalancerHub
{
    std::string router;               ///< which
    std::optional<IpAddress> address; ///< its individual one; by default that of their link
    uint32_t weight{1};               ///< of two predictors
    TextPosition position;            ///< of its name
};

/// What makes a node a load balancer.
struct ScenarioBalancer
{
    std::optional<IpAddress> address;      ///< the virtual one
    std::string outside;                   ///< the link or cloud that leads to the clients
    BalancerRules rules;                   ///< what it goes by
    Duration probe;                        ///< between two probes of a hub; 0: none
    std::vector<ScenarioBalancerHub> hubs; ///< in the order of the scenario
    TextPosition position;                 ///< of its name
    TextPosition addressPosition;          ///< of the virtual address
    TextPosition outsidePosition;          ///< of the name of the link or cloud
    TextPosition outboundPosition;         ///< of what becomes of packets without an entry
};

/// A node that is no router under test: a host, a router of the Internet, a NAT, a load balancer.
struct ScenarioNode
{
    std::string name;                         ///< "H1"
    bool isHost{false};                       ///< or one of the others
    std::optional<ScenarioNat> nat;           ///< a NAT
    std::optional<ScenarioBalancer> balancer; ///< a load balancer
    TextPosition position;                    ///< of its name

    /// @return is it a router of the Internet?
    bool IsInternet() const;
};

/// One end of a link.
struct ScenarioLinkEnd
{
    std::string node;         ///< which node
    std::string interface;    ///< of a router under test: which of its interfaces
    IpAddress address;        ///< of any other node: its address here
    unsigned prefixLength{0}; ///< of that address
    TextPosition position;    ///< where it is written
};

/// Losses that come several at once, as ns-3's BurstErrorModel has them.
struct ScenarioBurst
{
    double share{0};   ///< of the packets at which one begins
    uint32_t least{1}; ///< packets that it takes
    uint32_t most{1};  ///< the same; all numbers between are alike
};

/// What of a link, cloud or tree is drawn; null: nothing, its value is fixed.
struct ScenarioPathDraws
{
    std::shared_ptr<const Distribution> delay;  ///< once for each link and run
    std::shared_ptr<const Distribution> loss;   ///< the same
    std::shared_ptr<const Distribution> jitter; ///< for each packet
    std::optional<ScenarioBurst> burst;         ///< instead of a loss
};

/// A point-to-point link.
struct ScenarioLink
{
    std::string name;                  ///< "core"
    std::vector<ScenarioLinkEnd> ends; ///< two
    uint64_t bitsPerSecond{100000000}; ///< rate
    Duration delay;                    ///< one way
    Duration jitter;                   ///< a packet takes up to so much longer
    double loss{0};                    ///< share of the packets that get lost
    ScenarioPathDraws draws;           ///< of the three above
    uint64_t queuePackets{100};        ///< room at each end
    TextPosition position;             ///< of its name
};

/// Where a router, or a load balancer, is attached to a cloud.
struct ScenarioDoor
{
    std::string router;            ///< which
    std::string interface;         ///< which of its interfaces
    IpAddress address;             ///< of a load balancer: its own
    unsigned prefixLength{0};      ///< of that address
    std::vector<IpPrefix> behind;  ///< networks that the cloud finds behind it
    std::optional<Duration> delay; ///< of a tree: of its own link, when it is drawn
    std::optional<double> loss;    ///< the same
    TextPosition position;         ///< where it is written
};

/// A routed network of a provider, as one element.
struct ScenarioCloud
{
    std::string name;                  ///< "core"
    std::vector<ScenarioDoor> doors;   ///< routers, each once
    uint64_t bitsPerSecond{100000000}; ///< of each door, towards the cloud
    Duration delay;                    ///< one way
    Duration jitter;                   ///< a packet takes up to so much longer
    double loss{0};                    ///< share of the packets that get lost
    ScenarioPathDraws draws;           ///< of the three above
    uint64_t queuePackets{100};        ///< room at each door
    uint64_t mtu{1500};                ///< octets of an IPv4 packet
    uint64_t fan{0};                   ///< a tree of routers with so many ways down; 0: one element
    uint64_t innerBitsPerSecond{10000000000}; ///< of links between routers of the tree
    Duration innerDelay;                      ///< of these, one way
    TextPosition position;                    ///< of its name
};

/// What a filter within a cloud drops, and where.
struct ScenarioFilter
{
    uint8_t protocol{0};              ///< of IP; 0: everything
    uint16_t port{0};                 ///< of UDP, at either end; 0: every one
    std::vector<std::string> between; ///< none: everywhere; one router: from and to it; or two
};

/// How the routers of the Internet find their ways.
struct ScenarioUnderlay
{
    bool rip{false};                          ///< or static routes along shortest paths
    Duration update{Duration::Seconds(30)};   ///< between two full announcements
    Duration timeout{Duration::Seconds(180)}; ///< of a route that is not announced
    Duration garbage{Duration::Seconds(120)}; ///< until it is forgotten
    Duration startup{Duration::Seconds(1)};   ///< at most, before the first announcement
};

/// A router types a route as soon as its provider's router has learnt it.
struct ScenarioLearn
{
    std::string router;                        ///< who types
    std::string route;                         ///< what stands behind `ip route`
    std::string from;                          ///< the provider's router
    IpPrefix prefix;                           ///< what it must have learnt
    Duration poll{Duration::Milliseconds(10)}; ///< how often to look
    TextPosition position;                     ///< where it is written
};

/// Something that happens at a set time.
struct ScenarioEvent
{
    /// What.
    enum class Kind : uint8_t
    {
        Type,       ///< lines are typed at a router's console
        Reboot,     ///< a router loses its state and comes back
        LinkDown,   ///< both ends of a link go down
        LinkUp,     ///< and up again
        NatFlush,   ///< a NAT forgets all mappings
        Drop,       ///< a cloud drops certain packets from now on
        Pass,       ///< and no more
        DoorDown,   ///< a router's interface at a cloud goes down
        DoorUp,     ///< and up again
        PowerOff,   ///< a router is without power: it loses its state, and nothing answers
        PowerOn,    ///< and comes back
        CloudDown,  ///< all of a cloud, or what is between groups; written out before a run
        HubService, ///< a load balancer takes a hub in or out
    };

    Kind kind{Kind::Type};           ///< what
    Duration at;                     ///< since the start of the run
    std::string where;               ///< the router, link, NAT, cloud or balancer
    std::vector<ScenarioText> lines; ///< to type
    Duration down;                   ///< of a reboot or a flap: how long it takes
    Duration every;                  ///< of a flap: from one to the next
    uint64_t times{0};               ///< of a flap: how many; 0: this is none
    Duration spread;                 ///< up to so much later, by the seed of the run
    ScenarioFilter filter;           ///< of a cloud
    std::string door;                ///< of a cloud: the router there; of a balancer: the hub
    HubService service{};            ///< of a hub
    std::shared_ptr<const Distribution> atDraw; ///< of its time, `at` is the least; null: fixed
    Duration later;                             ///< of a part of a drawn event: so much later
    size_t source{0};                           ///< the event of the file that it was a part of
    TextPosition position;                      ///< where it is written
};

/// How the packets of a flow follow each other, when not at a constant rate.
struct ScenarioPace
{
    std::shared_ptr<const Distribution> every;   ///< between two packets; null: constant
    Duration on;                                 ///< packets are offered for so long; 0: always
    std::shared_ptr<const Distribution> onDraw;  ///< or as long as each phase draws
    Duration off;                                ///< and then none for so long
    std::shared_ptr<const Distribution> offDraw; ///< the same
};

/// Traffic, at a constant rate unless it has a pace. At a router it begins or ends at its address
/// for traffic: that of Loopback0, or else of the first interface whose link leads to a host.
struct ScenarioFlow
{
    std::string name;                              ///< for results
    std::string from;                              ///< a host or a router
    std::string to;                                ///< a host or a router
    uint64_t size{200};                            ///< bytes of UDP payload
    Duration every{Duration::Seconds(1)};          ///< between two packets
    Duration start;                                ///< first packet, since the start of the run
    Duration spread;                               ///< up to so much later, by the seed of the run
    std::optional<Duration> stop;                  ///< no packet from then on
    std::shared_ptr<const Distribution> startDraw; ///< of the start, which is the least
    std::shared_ptr<const ScenarioPace> pace;      ///< null: a constant rate
    TextPosition position;                         ///< where it is written
};

/// What must come out.
struct ScenarioExpectation
{
    /// How to compare.
    enum class Comparison : uint8_t
    {
        Equals,
        AtLeast,
        AtMost,
    };

    std::string quantity;                      ///< "totals.ipsec_duplicates"
    Comparison comparison{Comparison::Equals}; ///< how
    double value{0};                           ///< with what
    TextPosition position;                     ///< where it is written
};

struct ScenarioExplore;

/// A scenario with all parameters replaced by values: what a runner needs, as plain values.
struct Scenario
{
    std::string file;                               ///< where it was read
    std::string name;                               ///< short, for machines
    std::string title;                              ///< a line for people
    std::string description;                        ///< more for people
    ParameterValues parameters;                     ///< all of them, canonical
    Duration duration{Duration::Seconds(600)};      ///< of the run
    uint64_t seed{1};                               ///< unless told otherwise
    ProviderKind crypto{};                          ///< who does the cryptography
    std::vector<ScenarioRouter> routers;            ///< under test
    std::vector<ScenarioNode> nodes;                ///< all others
    std::vector<ScenarioLink> links;                ///< between them
    std::vector<ScenarioCloud> clouds;              ///< networks of providers
    ScenarioUnderlay underlay;                      ///< routing of the Internet
    ScenarioRanks ranks;                            ///< processes that can share a run
    std::vector<std::string> capture;               ///< "R1" or "R1 Tunnel0"
    std::vector<ScenarioLearn> learn;               ///< routes that follow the underlay
    std::vector<ScenarioEvent> events;              ///< in the order of the file
    std::vector<ScenarioFlow> offer;                ///< traffic
    std::vector<ScenarioExpectation> expect;        ///< of the results
    AccountKnobs account;                           ///< of the duplicate account
    Duration flightTime{Duration::Seconds(10)};     ///< longest way of a packet through the net
    uint64_t flowsListed{500};                      ///< most flows that stand singly in results
    uint64_t endsListed{1000};                      ///< most members of a group that do
    uint64_t seriesBuckets{168};                    ///< parts of the run in the results over time
    std::shared_ptr<const ScenarioExplore> explore; ///< for the laboratory; null: nothing is said

    /// @return is there a network to run it in? A race of the laboratory may have none.
    bool HasNetwork() const;
    /// @return the router, or null
    const ScenarioRouter* FindRouter(const std::string& name) const;
    /// @return the host, Internet router, NAT or load balancer, or null
    const ScenarioNode* FindNode(const std::string& name) const;
    /**
     * @param router of this scenario
     * @return the address at which its own traffic begins and ends, when it has one
     */
    std::optional<IpAddress> FindTrafficAddress(const ScenarioRouter& router) const;
    /// @return all that decides what a run does, but the seed: one line per value
    std::string ToCanonicalText() const;
    /// @return SHA-256 of the canonical text, hexadecimal
    std::string GetHash() const;
};

/**
 * @ingroup ike
 * A scenario file (YAML, `version: 1`), read and checked, with its parameters still open.
 *
 * Nothing of a run is started before Expand() has accepted all values.
 */
class ScenarioFile
{
  public:
    /**
     * @param path of the file; files that it names are looked up beside it
     * @return the file, read
     * @throws ScenarioError
     */
    static ScenarioFile Load(const std::string& path);
    /**
     * @param text of a scenario
     * @param name for errors
     * @param folder where files that it names are
     * @return the text, read
     * @throws ScenarioError
     */
    static ScenarioFile Parse(const std::string& text,
                              const std::string& name,
                              const std::string& folder = ".");

    /// @return short name
    const std::string& GetName() const;
    /// @return a line for people
    const std::string& GetTitle() const;
    /// @return more for people
    const std::string& GetDescription() const;
    /// @return the declared parameters in the order of the file
    const std::vector<ScenarioParameter>& GetParameters() const;
    /**
     * Replace all parameters by values.
     * @param values of parameters that shall not have their default
     * @return what a runner needs
     * @throws ScenarioError
     */
    Scenario Expand(const ParameterValues& values = {}) const;
    /// Expand with the defaults, and with each choice of each parameter; throws what is wrong.
    void Check() const;

  private:
    struct Document;

    /**
     * See Expand().
     * @param values of parameters
     * @param fitsTogether does the length of the run have to suit the times of events?
     */
    Scenario ExpandAll(const ParameterValues& values, bool fitsTogether) const;

    std::shared_ptr<const Document> m_document; ///< shared, immutable
};

/**
 * Events for a run that goes on.
 * @param scenario expanded
 * @param text a list as below `events:`; it has no parameters
 * @param name of the text, for errors
 * @return the events; all that they name is there
 * @throws ScenarioError
 */
std::vector<ScenarioEvent> ParseEvents(const Scenario& scenario,
                                       const std::string& text,
                                       const std::string& name);

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_H
