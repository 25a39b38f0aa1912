/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ENGINE_H
#define IKE_ENGINE_H

#include "ns3/ike-actions.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-state-hash.h"
#include "ns3/ike-time.h"
#include "ns3/ikev1-state.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// An ISAKMP SA as a show command or a test sees it.
struct IsakmpSaView
{
    IsakmpIdentity identity;           ///< cookies
    IpAddress local;                   ///< this end
    IpAddress peer;                    ///< the other end
    Role role{Role::Initiator};        ///< of this end in phase 1
    std::string state;                 ///< "QM_IDLE", "MM_KEY_EXCH": IOS names
    bool established{false};           ///< phase 1 is over
    Instant expires{Instant::Never()}; ///< hard lifetime
    uint32_t number{0};       ///< in the order of appearance; IOS: connection id from 1001 on
    IsakmpPolicy policy;      ///< what was negotiated
    uint16_t localPort{500};  ///< UDP port at this end; 4500 behind a NAT
    uint16_t peerPort{500};   ///< UDP port of the peer, as this end sees it
    bool natTraversal{false}; ///< both ends can traverse NATs
};

/// A pair as a show command or a test sees it.
struct PairView
{
    PairId id{0};                      ///< number in the order of appearance
    PairIdentity identity;             ///< SPIs
    ConnectionId connection{0};        ///< tunnel
    IpAddress local;                   ///< this end
    IpAddress peer;                    ///< the other end
    Role role{Role::Initiator};        ///< of this end in quick mode
    uint32_t inboundSpi{0};            ///< this end receives on it
    uint32_t outboundSpi{0};           ///< this end sends on it
    EspTransformSet transform;         ///< what was negotiated
    DhGroup pfs{DhGroup::None};        ///< group of PFS
    bool live{true};                   ///< false: only lingers inbound
    bool outboundSelected{false};      ///< carries the outbound traffic
    Instant expires{Instant::Never()}; ///< hard lifetime
    uint64_t hardBytes{0};             ///< hard volume
    bool udp{false};                   ///< its ESP packets go in UDP (RFC 3948)
};

/// How much an engine remembers: what no flood may make grow without end.
struct EngineLoad
{
    size_t isakmpSas{0};  ///< attempts and established ones
    size_t halfOpen{0};   ///< of these: attempts that this end answers
    size_t quickModes{0}; ///< running ones, and finished ones that late duplicates may ask for
    size_t pairs{0};      ///< living and lingering
    size_t messageIds{0}; ///< of all ISAKMP SAs together
    size_t opened{0};     ///< connections that peers have opened
    size_t jobs{0};       ///< Compute jobs that are outstanding
    size_t peers{0};      ///< addresses of which something is remembered
};

/**
 * The pure IKE engine: the only door. Bytes, time and choices in; ordered actions out.
 *
 * A copyable value. Everything that it does follows from its configuration, its random key and the
 * inputs so far; it has no clock, socket, thread or callback.
 */
class Engine
{
  public:
    /**
     * @param config immutable, may be shared between engines and copies
     * @param key all of this engine's random values follow from it
     */
    Engine(std::shared_ptr<const EngineConfig> config, const RandomKey& key);

    /// Draw these values before any keyed one, as the sender of a recorded exchange did. Replaces
    /// what is left of an earlier call.
    void ReplayRandom(RecordedRandom recorded);

    /**
     * Take one input.
     * @param now never earlier than in the call before
     * @param input what happened
     * @param crypto does prf, hash and cipher; DH goes out as ComputeAction
     * @return what the host has to do, front to back
     */
    Actions Handle(Instant now, const Input& input, CryptoProvider& crypto);
    /**
     * Does anybody listen to ReportActions? If not, Handle() makes none but warnings, and saves
     * what they cost. All else that it does is the same. From the beginning somebody does.
     */
    void SetHeard(bool heard);
    /// When Handle() wants a TimeoutInput; Instant::Never() when nothing is pending.
    Instant NextDeadline() const;
    /// Canonical number of the state: equal for equal states, whatever the names (SPIs, cookies).
    uint64_t GetFingerprint(Instant now) const;
    /// All that decides what this engine will do, chance values as they are (ikev1-state-hash.h).
    /// Its configuration and its key are not in it.
    void AddTo(StateHash& hash, Instant now) const;
    /// Canonical number of the exchange, or of the pair, that a datagram belongs to at this end.
    uint64_t GetFingerprintOf(const Octets& octets, bool isEsp) const;

    const EngineConfig& GetConfig() const;
    std::vector<IsakmpSaView> GetIsakmpSas() const;
    std::vector<PairView> GetPairs() const;
    /// Those that peers have opened (ConnectionConfig::dynamic), by id. No configuration has them.
    std::vector<ConnectionConfig> GetOpenedConnections() const;
    /// What a host reports before it throws an engine away (a reboot): the end of every SA and of
    /// every attempt, with reason StateLost. The peer hears nothing of it.
    std::vector<Event> GetLossEvents() const;
    EngineLoad GetLoad() const;
    /// Do all indexes of the state say what a look at all of it says? For tests.
    bool IsConsistent() const;
    /// How many SAs, quick modes and tunnels were looked at so far: a measure of work for tests.
    uint64_t CountLooked() const;
    /// Does this end negotiate for the connection at the moment, as initiator?
    bool IsBeginning(ConnectionId connection) const;

  private:
    std::shared_ptr<const EngineConfig> m_config;   ///< what the operator wants
    std::shared_ptr<const ConnectionIndex> m_index; ///< of it
    Ikev1State m_v1;                                ///< all of IKEv1
    bool m_heard{true};                             ///< see SetHeard(); no part of the state
};

} // namespace ike
} // namespace ns3

#endif // IKE_ENGINE_H
