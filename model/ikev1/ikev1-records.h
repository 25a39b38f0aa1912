/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_RECORDS_H
#define IKEV1_RECORDS_H

#include "ns3/ike-actions.h"
#include "ns3/ike-connection-index.h"
#include "ns3/ike-deadlines.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/ike-message.h"
#include "ns3/ike-payloads.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ns3
{
namespace ike
{

/// Numbers the ISAKMP SAs of one engine in the order of their appearance; 0 is none.
using IsakmpNumber = uint32_t;

/// Where an ISAKMP SA stands (main mode and aggressive mode: RFC 2409 5.4). ikev1-exchanges.h has
/// the transitions.
enum class IsakmpState : uint8_t
{
    InitiatorSentSa,               ///< message 1 is out
    InitiatorMakingKe,             ///< message 2 is in, the public value is being computed
    InitiatorSentKe,               ///< message 3 is out
    InitiatorMakingKeys,           ///< message 4 is in, g^xy is being computed
    InitiatorSentAuth,             ///< message 5 is out
    ResponderSentSa,               ///< message 2 is out
    ResponderMakingKeys,           ///< message 3 is in, public value and g^xy are being computed
    ResponderSentKe,               ///< message 4 is out
    Established,                   ///< phase 1 is over
    AggressiveInitiatorMakingKe,   ///< the public value is being computed
    AggressiveInitiatorSentSa,     ///< message 1 is out
    AggressiveInitiatorMakingKeys, ///< message 2 is in, g^xy is being computed
    AggressiveResponderMakingKeys, ///< message 1 is in, public value and g^xy are being computed
    AggressiveResponderSentAuth,   ///< message 2 is out
};

/// Where a quick mode stands (RFC 2409 5.5).
enum class QuickState : uint8_t
{
    InitiatorMakingKe,   ///< PFS: the public value is being computed
    InitiatorSentSa,     ///< message 1 is out
    InitiatorMakingKeys, ///< PFS: message 2 is in, g^xy is being computed
    ResponderMakingKeys, ///< PFS: message 1 is in
    ResponderSentSa,     ///< message 2 is out
    Finished,            ///< over; remembered for the sake of late duplicates
};

/// Timers of an ISAKMP SA.
enum class IsakmpTimer : uint8_t
{
    Retransmit, ///< the last message once more, or give up
    HalfOpen,   ///< the initiator never went on
    Soft,       ///< time to ask for a successor
    Hard,       ///< dies
    Replaced,   ///< a newer one took its place: dies
    Liveness,   ///< time to see whether the peer lives (RFC 3706)
    Count
};

/// Timers of a quick mode.
enum class QuickTimer : uint8_t
{
    Retransmit, ///< the last message once more, or give up
    Forget,     ///< finished long enough ago
    Count
};

/// Timers of a pair.
enum class PairTimer : uint8_t
{
    Soft,      ///< time to ask for a successor
    Hard,      ///< dies
    Linger,    ///< dead; its inbound SA is removed now
    Connected, ///< the responder has not said CONNECTED: no more waiting
    Count
};

/// Timers of a tunnel.
enum class TunnelTimer : uint8_t
{
    Restart, ///< begin again
    Count
};

/// Timers of all NATs before this end.
enum class NatTimer : uint8_t
{
    Keepalive, ///< time to keep the mappings (RFC 3948 2.3)
    Count
};

/// A phase 2 that waits for its phase 1.
struct PendingPhase2
{
    ConnectionId connection{0};           ///< for which tunnel
    BeginReason begin{BeginReason::None}; ///< why
    PairIdentity succeeds;                ///< the pair to be replaced
};

/// What was sent last in an exchange, and what it answered: for retransmission and for replaying.
struct LastMessage
{
    Octets received;      ///< the last message accepted, whole
    Octets sent;          ///< the last message sent, whole; empty: no reply to `received` yet
    uint32_t sendings{0}; ///< how often `sent` went out by itself
    std::string names;    ///< payload names of `sent`, for reports
};

/// Dead peer detection under one ISAKMP SA (RFC 3706).
struct Liveness
{
    Instant heardAt;                     ///< the last sign of life that IKE has seen
    uint32_t sent{0};                    ///< number of the last R-U-THERE
    uint32_t acknowledged{0};            ///< no R-U-THERE-ACK up to this number counts any more
    uint32_t unanswered{0};              ///< questions since the last sign of life
    std::optional<uint32_t> received;    ///< number of the peer's last R-U-THERE
    uint32_t usageAwaited{0};            ///< answers to AskUsage that are outstanding
    std::optional<Instant> lastOutbound; ///< out of these answers so far: the latest
};

/// How the other end proves who it is (ikev1-authenticate.h).
struct PeerProof
{
    IdPayload id;                     ///< IDii or IDir
    bool isSignature{false};          ///< SIG, not HASH
    Octets value;                     ///< of HASH_I, HASH_R, SIG_I or SIG_R
    std::vector<Octets> certificates; ///< X.509 in DER, its own first
};

/// The proofs of a phase 1 that did not hold.
struct RefusedProof
{
    uint32_t count{0}; ///< different ones
    Octets message;    ///< the last one, whole, to know it again
    std::string why;   ///< for people
    Instant again;     ///< the same octets are not looked at before
};

/// An ISAKMP SA with its phase 1: data alone.
struct IsakmpSa
{
    IsakmpNumber number{0};                          ///< order of appearance
    Role role{Role::Initiator};                      ///< in phase 1
    bool aggressive{false};                          ///< phase 1 is aggressive mode
    IsakmpState state{IsakmpState::InitiatorSentSa}; ///< changed by Become() alone
    Endpoint local;                                  ///< this end
    Endpoint remote;                                 ///< the other end
    IpAddress peer;                                  ///< see Peer()
    Cookie initiatorCookie{};                        ///< CKY-I
    Cookie responderCookie{};                        ///< CKY-R
    ConnectionId behalf{0};               ///< initiator: the tunnel whose profile allowed it
    BeginReason begin{BeginReason::None}; ///< initiator: why
    IsakmpIdentity succeeds;              ///< initiator: the SA to be replaced
    std::vector<PendingPhase2> pending;   ///< initiator: what waits for it
    IsakmpPolicy policy;                  ///< what was chosen
    std::optional<Octets> preSharedKey;   ///< for the peer; nothing: there is none
    bool keyNamed{false};                 ///< it was found by the peer's identity
    IdPayload ownId;                      ///< how this end names itself
    PeerProof peerProof;                  ///< aggressive mode: what is to be checked later
    IkeIdentity peerIdentity;             ///< who the peer has proved to be
    std::vector<Octets> authorities;      ///< whose certificates the peer asks for: names in DER
    Octets saBody;                        ///< SAi_b
    SaPayload offered;                    ///< initiator: the same, to check the answer;
                                          ///< responder of aggressive mode: the answer
    Octets nonceInitiator;                ///< Ni_b
    Octets nonceResponder;                ///< Nr_b
    Octets privateValue;                  ///< own; wiped after use
    Octets publicInitiator;               ///< g^xi
    Octets publicResponder;               ///< g^xr
    SkeyidFamily keys;                    ///< SKEYID and its children
    Octets encryptionKey;                 ///< Ka
    Octets iv;                            ///< of the next message of phase 1; then its last block
    LastMessage last;                     ///< phase 1
    Instant repeatAt;                     ///< aggressive mode: see ForgetChoice()
    Octets firstReceived;                 ///< responder: message 1, to know it again
    EndReason failure{EndReason::None};   ///< what it will have failed of when time runs out
    RefusedProof refused;                 ///< proofs that did not hold
    Deadlines<IsakmpTimer> timers;        ///< see IsakmpTimer
    bool softPassed{false};               ///< the soft lifetime was reached
    bool successorAsked{false};           ///< a successor was begun
    Instant hardAt{Instant::Never()};     ///< end of its lifetime
    uint32_t upOrder{0};                  ///< order in which they came up at this end
    uint32_t beginOrder{0};               ///< what came up before it began has a lower upOrder
    bool natTraversal{false};             ///< both ends can traverse NATs (RFC 3947)
    bool natLocal{false};                 ///< this end is behind a NAT
    bool natRemote{false};                ///< the peer is
    bool deadPeerDetection{false};        ///< the peer answers R-U-THERE (RFC 3706)
    Liveness liveness;                    ///< dead peer detection
    Instant invalidSpiAt;                 ///< no INVALID-SPI is said before
    std::set<uint32_t> usedMessageIds;    ///< of all exchanges so far, bounded

    /// The address by which the configuration knows the peer: where it was when phase 1 came to
    /// its end. A NAT may show it elsewhere since then (`remote`).
    const IpAddress& Peer() const
    {
        return peer.IsNone() ? remote.address : peer;
    }

    /// Was the peer's name proved by something that is its own, not by a key for its address?
    bool IsNameProved() const
    {
        return policy.authentication == AuthMethod::RsaSignature || keyNamed;
    }

    /// Is there a NAT on the way?
    bool IsBehindNat() const
    {
        return natLocal || natRemote;
    }

    IsakmpIdentity Identity() const
    {
        return IsakmpIdentity{initiatorCookie, responderCookie};
    }

    bool IsEstablished() const
    {
        return state == IsakmpState::Established;
    }
};

/// A quick mode: data alone.
struct QuickMode
{
    uint32_t number{0};                            ///< order of appearance
    IsakmpNumber isakmp{0};                        ///< under which ISAKMP SA
    Role role{Role::Initiator};                    ///< of this end
    QuickState state{QuickState::InitiatorSentSa}; ///< changed by Become() alone
    uint32_t messageId{0};                         ///< M-ID
    ConnectionId connection{0};                    ///< for which tunnel
    BeginReason begin{BeginReason::None};          ///< initiator: why
    PairIdentity succeeds;                         ///< initiator: the pair to be replaced
    uint32_t initiatorSpi{0};                      ///< on which the initiator receives
    uint32_t responderSpi{0};                      ///< on which the responder receives
    SaPayload offered;                             ///< initiator: what was offered
    SaPayload chosen;                              ///< what was chosen
    EspTransformSet transform;                     ///< its meaning
    bool udp{false};                               ///< there is a NAT: ESP goes in UDP
    bool withoutIds{false};                        ///< no identities: the two ends (RFC 2409 5.5)
    bool connectedAwaited{false};                  ///< message 2 had the commit bit
    DhGroup pfs{DhGroup::None};                    ///< group of PFS
    Duration lifetime;                             ///< of the pair, at this end
    uint64_t lifetimeKilobytes{0};                 ///< of the pair, at this end
    bool announceLifetime{false};                  ///< responder: RESPONDER-LIFETIME is due
    Octets nonceInitiator;                         ///< Ni_b
    Octets nonceResponder;                         ///< Nr_b
    Octets privateValue;                           ///< own, of PFS
    Octets publicOwn;                              ///< own KE body
    Octets publicPeer;                             ///< the peer's KE body
    IdPayload idInitiator;                         ///< IDci
    IdPayload idResponder;                         ///< IDcr
    Octets shared;                                 ///< g(qm)^xy
    Octets iv;                                     ///< of the next message
    LastMessage last;                              ///< for retransmission and replaying
    PairId pair{0};                                ///< that it made
    Deadlines<QuickTimer> timers;                  ///< see QuickTimer
};

/// An IPsec SA pair as IKE knows it: data alone.
struct PairState
{
    PairId id{0};                     ///< order of appearance
    PairIdentity identity;            ///< the two SPIs
    ConnectionId connection{0};       ///< tunnel
    IsakmpNumber isakmp{0};           ///< under which it was negotiated, or which adopted it
    IsakmpNumber negotiatedUnder{0};  ///< the same, but for adoption
    IkeIdentity peerIdentity;         ///< with whom it was negotiated
    bool udp{false};                  ///< in UDP (RFC 3948)
    bool natLocal{false};             ///< this end is behind a NAT
    IpAddress local;                  ///< this end
    IpAddress peer;                   ///< the other end, as the configuration knows it
    uint16_t localPort{0};            ///< UDP: port of this end
    Endpoint remote;                  ///< where the peer is seen now
    Role role{Role::Initiator};       ///< of this end in its quick mode
    EspTransformSet transform;        ///< what was negotiated
    DhGroup pfs{DhGroup::None};       ///< of its quick mode
    uint64_t hardBytes{0};            ///< volume limit
    bool live{true};                  ///< false: only its inbound SA lingers
    bool usedInbound{false};          ///< a packet arrived on it
    bool softPassed{false};           ///< a soft limit was reached
    bool successorAsked{false};       ///< a successor was begun
    bool connectedAwaited{false};     ///< commit bit: not to be used before CONNECTED
    Instant hardAt{Instant::Never()}; ///< end of its lifetime
    Deadlines<PairTimer> timers;      ///< see PairTimer

    uint32_t InboundSpi() const
    {
        return role == Role::Initiator ? identity.initiatorSpi : identity.responderSpi;
    }

    uint32_t OutboundSpi() const
    {
        return role == Role::Initiator ? identity.responderSpi : identity.initiatorSpi;
    }
};

/// What is known of a tunnel beside its configuration.
struct TunnelState
{
    bool reachable{false};                        ///< there is a route to its destination
    PairId selected{0};                           ///< carries the outbound traffic
    BeginReason restartReason{BeginReason::None}; ///< for the Restart timer
    uint32_t refusedReported{0};                  ///< bits: BeginReason already reported
    Instant quietUntil;                           ///< an attempt has failed: no packet begins one
    bool attempting{false};                       ///< the last AttemptAction said so
    Deadlines<TunnelTimer> timers;                ///< see TunnelTimer
};

/// Connections that peers have opened have ids from here on, none of them twice.
constexpr ConnectionId FIRST_OPENED = 0x40000000;

/// A connection that a peer has opened at a template (ikev1-dynamic.h).
struct OpenedConnection
{
    ConnectionId origin{0};  ///< the template
    ConnectionConfig config; ///< as the template is, with its own peer, selectors, id and name
    bool ended{false};       ///< the template is gone: takes nothing more, goes with its last SA
};

/// To whom the result of a Compute job goes.
struct JobOwner
{
    IsakmpNumber isakmp{0}; ///< phase 1,
    uint32_t quickMode{0};  ///< or quick mode, by number
};

/// How many exchanges were begun with a peer: the context of keyed random values.
struct PeerOrdinals
{
    uint64_t phase1{0};        ///< phase 1 exchanges begun
    uint64_t phase2{0};        ///< quick modes begun
    uint64_t informational{0}; ///< informational exchanges begun
};

} // namespace ike
} // namespace ns3

#endif // IKEV1_RECORDS_H
