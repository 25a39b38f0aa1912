/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_WORLD_NODE_H
#define IKE_WORLD_NODE_H

#include "ns3/ike-console.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-engine.h"
#include "ns3/ike-state-hash.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipsec-gate.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ns3
{
namespace ike
{

/// A datagram under way.
struct Flight
{
    uint32_t id{0};          ///< in the order of sending
    uint32_t from{0};        ///< index of the sending node
    uint32_t to{0};          ///< index of the receiving node
    Instant sentAt;          ///< when
    bool isEsp{false};       ///< ESP, else IKE
    bool isKeepalive{false}; ///< one octet of RFC 3948 2.3, for NATs alone
    Endpoint source;         ///< as the receiver sees it; port 0 for ESP outside of UDP
    Endpoint destination;    ///< as the receiver sees it; port 0 for ESP outside of UDP
    Octets octets;           ///< IKE message, ESP from the SPI on, or a whole packet in the clear
    std::string label;       ///< "main-mode HDR, SA, VID": what a person wants to know of it
    bool isClear{false};     ///< a data packet that was not protected (passive mode)
    bool isCopy{false};      ///< made by a duplication
    Instant heldUntil;       ///< does not arrive before
    StateKey key{};          ///< of the octets and all else that decides what it does
};

/// An AttemptAction with its time.
struct WorldAttempt
{
    Instant at;                 ///< when
    ConnectionId connection{0}; ///< for which connection
    bool running{false};        ///< did it begin?
};

/// The console of a host of the in-memory world: for configuration that changes while it runs.
struct WorldConsole
{
    RouterConsole console; ///< with the running configuration
    IkeKnobs knobs;        ///< what no line can say
};

/// A data packet that a host wants to send, by name.
struct WorldFlow
{
    std::string name;           ///< as the scenario calls it
    ConnectionId connection{0}; ///< through which tunnel; 0: the crypto map decides
    std::string interface {
    };            ///< crypto map: where the packet would leave
    Octets inner; ///< the whole IP packet
};

/// One host of the in-memory world.
struct WorldNode
{
    std::string name;                                  ///< "A"
    Engine engine;                                     ///< its IKE
    IpsecDataPlane plane;                              ///< its IPsec
    RandomKey key;                                     ///< for a reboot
    uint64_t reboots{0};                               ///< how often it has lost its state
    std::map<ConnectionId, bool> reachable;            ///< routes to tunnel destinations
    std::vector<Octets> delivered;                     ///< inner packets that arrived
    std::map<ConnectionId, ConnectionConfig> opened{}; ///< connections that peers opened
    std::vector<WorldAttempt> attempts{};              ///< all so far
    std::string configured{};                          ///< configurations since the first one
    std::optional<IpsecGate> gate{};                   ///< crypto maps and passive mode
    std::map<IpAddress, std::string> interfaces{};     ///< with a gate: where addresses are
    std::shared_ptr<const WorldConsole> console{};     ///< null: nobody can type here
};

// --- What comes to a node ------------------------------------------------------------------------

/// A datagram arrives.
struct ArrivalStimulus
{
    Flight flight; ///< as it arrives
};

/// A data packet wants to leave.
struct OfferStimulus
{
    WorldFlow flow; ///< which
};

/// A route to a tunnel's destination appears, or goes.
struct ReachStimulus
{
    ConnectionId connection{0}; ///< which tunnel
    bool up{false};             ///< is there a route?
};

/// The clock has come to a reminder of passive mode.
struct ReminderStimulus
{
};

/// All state is lost.
struct RebootStimulus
{
};

/// The node gets another configuration.
struct ConfigureStimulus
{
    std::string name;                           ///< for the fingerprint
    std::shared_ptr<const EngineConfig> config; ///< which
};

/// A line is typed.
struct TypeStimulus
{
    std::string line; ///< without the line feed
};

using Stimulus = std::variant<Input,
                              ArrivalStimulus,
                              OfferStimulus,
                              ReachStimulus,
                              ReminderStimulus,
                              RebootStimulus,
                              ConfigureStimulus,
                              TypeStimulus>;

/// What a node did: all that leaves it.
struct NodeStep
{
    std::vector<Flight> sent; ///< in order; without id, place and ends of the world
    EventLog events;          ///< in order
    Verdict verdict;          ///< of an offer
};

/**
 * One node takes one stimulus: the whole meaning of a move but for the bag of datagrams. Computes
 * Diffie-Hellman operations at once.
 * @param node is changed
 * @throws std::invalid_argument for a line that the console refuses, and for a flow that leads
 *         nowhere
 */
NodeStep StepNode(WorldNode& node, Instant now, const Stimulus& stimulus, CryptoProvider& crypto);
/// All of a node's state that decides what it will do, and nothing else. Deadlines count from now.
StateKey KeyOf(const WorldNode& node, Instant now);
/// All of a datagram that decides what it will do, but for when and to whom.
StateKey KeyOf(const Flight& flight);

} // namespace ike
} // namespace ns3

#endif // IKE_WORLD_NODE_H
