/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_WORLD_H
#define IKE_WORLD_H

#include "ike-world-nat.h"

#include "ns3/ike-crypto.h"
#include "ns3/ike-engine.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ipsec-data-plane.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
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
    Octets octets;           ///< IKE message, or ESP from the SPI on
    std::string label;       ///< "main-mode HDR, SA, VID": what a person wants to know of it
};

/// An AttemptAction with its time.
struct WorldAttempt
{
    Instant at;                 ///< when
    ConnectionId connection{0}; ///< for which connection
    bool running{false};        ///< did it begin?
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
};

/**
 * The in-memory world: several engines with their data planes, a bag of datagrams in flight, and a
 * virtual clock. A copyable value: a test copies it in the middle of a negotiation and runs both.
 *
 * Nothing happens by itself. Whoever runs a world (a script, a constant delay, an explorer) makes
 * its moves one by one. It computes Diffie-Hellman operations at once.
 */
class World
{
  public:
    /// @param crypto shared by all copies: a provider has no state that changes a result
    explicit World(std::shared_ptr<CryptoProvider> crypto);

    /// @return index of the new node
    uint32_t AddNode(const std::string& name,
                     std::shared_ptr<const EngineConfig> config,
                     const RandomKey& key);

    /**
     * A NAT before a node (RFC 2663). A tunnel of another node to it leads to `outside`.
     * @param firstPort see WorldNat
     */
    void AddNat(uint32_t node, const IpAddress& outside, uint16_t firstPort);

    // --- Moves ---
    /// The NAT before a node forgets its mappings: the next ones have other ports, and this
    /// address.
    void RemapNat(uint32_t node, const IpAddress& outside);
    /// A route to a tunnel's destination appears, or goes.
    void SetReachable(uint32_t node, ConnectionId connection, bool up);
    /// Any other input to a node's engine.
    void Give(uint32_t node, const Input& input);
    /// A datagram arrives.
    void Deliver(uint32_t flight);
    /// A datagram is lost.
    void Drop(uint32_t flight);
    /// A datagram is there twice from now on; the copy has an id of its own.
    uint32_t Duplicate(uint32_t flight);
    /// The clock moves on; timers that are passed are late, not lost.
    void AdvanceTo(Instant t);
    /// The clock moves to the earliest deadline and that node takes it. False when there is none.
    bool FireNextTimer();
    /// A node loses all SAs and negotiations; what is known of routes stays.
    void Reboot(uint32_t node);
    /// A data packet wants to leave through a tunnel.
    Verdict Offer(uint32_t node, ConnectionId connection, const Octets& inner);
    /**
     * Let time pass in which each datagram arrives after the same delay, in order. Datagrams that
     * are due at the same moment as a timer come first.
     */
    void RunUntil(Instant end, Duration delay);

    // --- Views ---
    Instant Now() const;
    /// Datagrams in flight in the order of sending.
    const std::vector<Flight>& GetFlights() const;
    /// The oldest datagram in flight that a node has sent; nothing when there is none.
    std::optional<Flight> OldestFrom(uint32_t node) const;
    const WorldNode& GetNode(uint32_t node) const;
    uint32_t GetNodeCount() const;
    uint32_t FindNode(const std::string& name) const;
    Instant NextDeadline() const;
    const EventLog& GetLog() const;
    /// Canonical: nodes and datagrams in flight; the log and the past do not count.
    uint64_t GetFingerprint() const;

  private:
    void Apply(uint32_t node, const Actions& actions, std::vector<Input>& more);
    void ApplyOne(uint32_t node, const Action& action, std::vector<Input>& more);
    void Launch(uint32_t node, Flight flight);
    /// Rewrite the ends of a datagram as the NATs on its way do; false when one of them drops it.
    bool PassNats(Flight& flight);
    Flight Take(uint32_t flight);
    void Report(uint32_t node, Event event);

    std::shared_ptr<CryptoProvider> m_crypto; ///< shared
    Instant m_now;                            ///< virtual clock
    std::vector<WorldNode> m_nodes;           ///< hosts
    std::map<uint32_t, WorldNat> m_nats;      ///< by the node behind it
    std::vector<Flight> m_flights;            ///< under way
    uint32_t m_nextFlight{1};                 ///< next id
    EventLog m_log;                           ///< what happened
};

/// The key of a node for a seed: different nodes and seeds have different keys.
RandomKey MakeWorldKey(uint64_t seed, uint64_t node);

} // namespace ike
} // namespace ns3

#endif // IKE_WORLD_H
