/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_WORLD_H
#define IKE_WORLD_H

#include "ike-sa-register.h"
#include "ike-world-nat.h"
#include "ike-world-node.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

class NodeMemo;

/**
 * The in-memory world: several engines with their data planes, a bag of datagrams in flight, and a
 * virtual clock. A copyable value: a test copies it in the middle of a negotiation and runs both.
 * A copy shares its nodes with the original until either of them changes one.
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
    /// An address that a node has whatever its tunnels are: what is sent there arrives. It has
    /// those of its first tunnels without this.
    void AddAddress(uint32_t node, const IpAddress& address);
    /// A configuration that a move may give a node later (`config:A:NAME`).
    void NameConfig(uint32_t node,
                    const std::string& name,
                    std::shared_ptr<const EngineConfig> config);
    /// A data packet that a move may offer (`offer:A:NAME`).
    void AddFlow(uint32_t node, const WorldFlow& flow);
    /// Lines may be typed at a node (`type:A:"line"`). The engine and the gate follow.
    void SetConsole(uint32_t node, const WorldConsole& console);
    /// Crypto maps and passive mode of a node. Flows with an interface pass through it.
    /// @param interfaces all of the node, with crypto maps or without, by their addresses
    void SetGate(uint32_t node,
                 const std::vector<InterfacePolicy>& policies,
                 const PassiveModeRules& rules,
                 const std::map<IpAddress, std::string>& interfaces);

    // --- Ways of working, which change no result ---
    /// From now on this provider does the cryptography.
    void UseCrypto(std::shared_ptr<CryptoProvider> crypto);
    /// What nodes did before is looked up there; null: nowhere. A memo belongs to one thread.
    void UseMemo(std::shared_ptr<NodeMemo> memo);
    /// A node to write to: for tests that plant a fault.
    WorldNode& Plant(uint32_t node);
    /// The log, delivered packets and attempts so far are thrown away: no move depends on them.
    void ForgetHistory();

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
    /// A datagram is there twice from now on; the copy, behind it, has an id of its own.
    uint32_t Duplicate(uint32_t flight);
    /// A datagram goes behind all others, as if it were sent now.
    void Postpone(uint32_t flight);
    /// A datagram does not arrive before a moment.
    void Hold(uint32_t flight, Instant until);
    /// The clock moves on; timers that are passed are late, not lost. Reminders of passive mode are
    /// reported on the way, each at its time: nothing follows from them, so they are no move.
    void AdvanceTo(Instant t);
    /// The clock moves to the earliest deadline and that node takes it. False when there is none.
    bool FireNextTimer();
    /// The clock moves to this node's earliest deadline, which it takes, whatever else is due
    /// before. False when it has none.
    bool FireTimerOf(uint32_t node);
    /// The clock moves to whatever comes first: a deadline, which is taken, or the end of a delay.
    /// False when there is neither.
    bool FireNext();
    /// A node loses all SAs and negotiations; what is known of routes stays.
    void Reboot(uint32_t node);
    /// A data packet wants to leave through a tunnel.
    Verdict Offer(uint32_t node, ConnectionId connection, const Octets& inner);
    /// The same for a flow.
    Verdict Offer(uint32_t node, const WorldFlow& flow);
    /// A node gets a configuration with a name. @throws std::invalid_argument for an unknown name
    void Configure(uint32_t node, const std::string& name);
    /// A line is typed at a node. @throws std::invalid_argument when there is no console, or when
    /// it refuses the line: then nothing has changed
    void Type(uint32_t node, const std::string& line);
    /**
     * Let time pass in which each datagram arrives after the same delay, in order. Datagrams that
     * are due at the same moment as a timer come first.
     */
    void RunUntil(Instant end, Duration delay);

    // --- Views ---
    Instant Now() const;
    /// Datagrams in flight in the order of sending.
    const std::vector<Flight>& GetFlights() const;
    /// May a datagram arrive now? Not while it is held.
    bool IsFree(const Flight& flight) const;
    /// The end of the earliest delay that is not over; Never when nothing is held.
    Instant NextRelease() const;
    /// The oldest datagram in flight that a node has sent; nothing when there is none.
    std::optional<Flight> OldestFrom(uint32_t node) const;
    const WorldNode& GetNode(uint32_t node) const;
    uint32_t GetNodeCount() const;
    uint32_t FindNode(const std::string& name) const;
    /// The flow of a node with a name, or nothing.
    std::optional<WorldFlow> FindFlow(uint32_t node, const std::string& name) const;
    bool HasNats() const;
    Instant NextDeadline() const;
    const EventLog& GetLog() const;
    /// Which SAs live where, and which of them replaces which.
    const SaRegister& GetRegister() const;
    /// Canonical: nodes and datagrams in flight; the log and the past do not count. Names (SPIs,
    /// cookies) do not count either, and so the contents of encrypted datagrams do not: for people,
    /// and for finding out that nothing changes.
    uint64_t GetFingerprint() const;
    /**
     * All that decides what comes: equal keys mean equal futures under the same moves, octet for
     * octet. Random values are keyed by exchange and not by history, so they are taken as they are;
     * numbers of appearance, ids of datagrams and absolute times do not count.
     */
    StateKey GetKey() const;

  private:
    /// A node with what was computed of it.
    struct Slot
    {
        std::shared_ptr<WorldNode> node; ///< shared with copies of the world: see Own()
        StateKey key{};                  ///< of the node at `keyAt`
        Instant keyAt{Instant::Never()}; ///< Never: the key is not known
    };

    /// What the moves of a node may refer to: never changed, shared with copies.
    struct Surroundings
    {
        std::map<std::string, std::shared_ptr<const EngineConfig>> configs; ///< by name
        std::vector<WorldFlow> flows;                                       ///< in order
        std::vector<IpAddress> addresses; ///< of its interfaces, with tunnels or without
    };

    /// A node takes a stimulus; what it sends is in flight afterwards.
    Verdict Step(uint32_t node, const Stimulus& stimulus);
    /// The same step, looked up or remembered.
    NodeStep StepRemembered(uint32_t node, const Stimulus& stimulus);
    /// The node to write to: nobody else has it. @param keepsKey what is written is not in the key
    WorldNode& Own(uint32_t node, bool keepsKey = false);
    const StateKey& NodeKey(uint32_t node) const;
    /// The node whose reminder comes next, not after a moment.
    std::optional<uint32_t> FindReminder(Instant until) const;
    void Launch(uint32_t node, Flight flight);
    /// Who else has an address: as the end of a tunnel now, or else at an interface.
    std::optional<uint32_t> FindOther(uint32_t node, const IpAddress& address) const;
    /// Rewrite the ends of a datagram as the NATs on its way do; false when one of them drops it.
    bool PassNats(Flight& flight);
    std::vector<Flight>::iterator Find(uint32_t flight);

    std::shared_ptr<CryptoProvider> m_crypto;                 ///< shared
    std::shared_ptr<NodeMemo> m_memo;                         ///< or null
    Instant m_now;                                            ///< virtual clock
    mutable std::vector<Slot> m_nodes;                        ///< hosts
    std::shared_ptr<const std::vector<Surroundings>> m_known; ///< by node
    std::map<uint32_t, WorldNat> m_nats;                      ///< by the node behind it
    std::vector<Flight> m_flights;                            ///< under way
    uint32_t m_nextFlight{1};                                 ///< next id
    EventLog m_log;                                           ///< what happened
    SaRegister m_register;                                    ///< what lives
};

/// The key of a node for a seed: different nodes and seeds have different keys.
RandomKey MakeWorldKey(uint64_t seed, uint64_t node);

} // namespace ike
} // namespace ns3

#endif // IKE_WORLD_H
