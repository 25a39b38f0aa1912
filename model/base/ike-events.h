/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_EVENTS_H
#define IKE_EVENTS_H

#include "ike-address.h"
#include "ike-octets.h"
#include "ike-time.h"

#include <array>
#include <cstdint>
#include <string>

namespace ns3
{
namespace ike
{

/// Identifies a tunnel (a VTI) of a node, for its whole life; 0 is none.
using ConnectionId = uint32_t;

/// Who sent the first message of an exchange.
enum class Role : uint8_t
{
    Initiator,
    Responder,
};

/// Why an end begins a negotiation. Also names the paths that responder-only closes.
enum class BeginReason : uint8_t
{
    None,
    TunnelStart,       ///< a route to the tunnel destination appeared
    Traffic,           ///< a packet wants an SA (acquire)
    SoftLifetime,      ///< the SA named in `succeeds` reached its soft lifetime
    HardLifetime,      ///< the last SA of a tunnel died of age
    RetryAfterFailure, ///< an attempt failed, the pause is over
    LostSa,            ///< the last SA was deleted by the peer
    Cleared,           ///< `clear crypto sa`
    UnknownSpi,        ///< ESP arrived for an SA that this end does not have
    PhaseTwoPending,   ///< phase 1 on behalf of a phase 2
};

/// Why an SA or an attempt ended.
enum class EndReason : uint8_t
{
    None,
    HardLifetime,
    HardVolume,
    DeletedByPeer,
    Cleared,         ///< `clear crypto sa`, `clear crypto isakmp`
    InitialContact,  ///< the peer says that it has no other SAs with us
    Reconfigured,    ///< the configuration changed
    NoAnswer,        ///< all retransmissions sent
    HalfOpenExpired, ///< the initiator never went on
    NoProposalChosen,
    AuthenticationFailed,
    NoPreSharedKey,
    InvalidId,
    InvalidKeyExchange,
    RefusedByPeer, ///< an error notify under a live ISAKMP SA
    PeerDead,      ///< dead peer detection: no answer (RFC 3706)
    Replaced,      ///< another SA with the same peer takes its place (DuplicateIsakmp)
    StateLost,     ///< a reboot: this end has forgotten everything, the peer does not know
};

/// Exchanges by name, for messages.
enum class ExchangeKind : uint8_t
{
    None,
    MainMode,
    AggressiveMode,
    QuickMode,
    Informational,
    Unknown,
};

/// An ISAKMP SA, by its two cookies; the responder's is zero until it is known.
struct IsakmpIdentity
{
    std::array<uint8_t, 8> initiatorCookie{}; ///< RFC 2408 3.1
    std::array<uint8_t, 8> responderCookie{}; ///< RFC 2408 3.1

    bool IsNone() const
    {
        return initiatorCookie == std::array<uint8_t, 8>{};
    }

    friend bool operator==(const IsakmpIdentity& a, const IsakmpIdentity& b)
    {
        return a.initiatorCookie == b.initiatorCookie && a.responderCookie == b.responderCookie;
    }

    friend bool operator<(const IsakmpIdentity& a, const IsakmpIdentity& b)
    {
        return a.initiatorCookie != b.initiatorCookie ? a.initiatorCookie < b.initiatorCookie
                                                      : a.responderCookie < b.responderCookie;
    }
};

/// An IPsec SA pair, the same at both ends: the SPIs on which its initiator and its responder
/// receive. The responder's is zero until it is known.
struct PairIdentity
{
    uint32_t initiatorSpi{0}; ///< chosen by the initiator of quick mode
    uint32_t responderSpi{0}; ///< chosen by its responder

    bool IsNone() const
    {
        return initiatorSpi == 0;
    }

    friend bool operator==(const PairIdentity& a, const PairIdentity& b)
    {
        return a.initiatorSpi == b.initiatorSpi && a.responderSpi == b.responderSpi;
    }

    friend bool operator<(const PairIdentity& a, const PairIdentity& b)
    {
        return a.initiatorSpi != b.initiatorSpi ? a.initiatorSpi < b.initiatorSpi
                                                : a.responderSpi < b.responderSpi;
    }
};

/// The things worth reporting. The comment says which fields of Event are set beside the common
/// ones (connection, local, peer).
enum class EventKind : uint8_t
{
    InitiationRefused, ///< begin: the path that was closed; value: 1 or 2, the phase
    Phase1Begin,       ///< role, isakmp (initiator cookie), begin, succeedsIsakmp
    Phase1Up,          ///< role, isakmp
    Phase1Failed,      ///< role, isakmp, end
    IsakmpRemoved,     ///< isakmp, end
    Phase2Begin,       ///< role, isakmp, messageId, pair (initiator SPI), begin, succeedsPair
    PairUp,            ///< role, isakmp, messageId, pair, localSelector, remoteSelector
    Phase2Failed,      ///< role, isakmp, messageId, pair, end
    PairRemoved,       ///< pair, end; value: packets carried both ways
    OutboundSelected,  ///< pair that carries outbound traffic from now on, none when there is none
    MessageSent,     ///< exchange, isakmp, messageId, value: octets; text: payloads; retransmission
    MessageReceived, ///< the same; retransmission: seen before
    MessageDropped,  ///< text: why; value: octets
    NotifySent,      ///< text: name of the notify; isakmp; pair or none
    NotifyReceived,  ///< the same
    DeleteSent,      ///< isakmp that carries it; pair, or succeedsIsakmp for an ISAKMP SA
    DeleteReceived,  ///< the same
    DhOperation,     ///< isakmp, messageId (0: phase 1); value: group; text: keygen or derive
    LineUp,          ///< the tunnel's line protocol came up
    LineDown,        ///< it went down
    RouteUp,         ///< a route to the tunnel destination appeared
    RouteDown,       ///< it is gone, or leads through the tunnel itself
    PhaseOneKeys,    ///< octets: the key that encrypts (Ka), text: cipher; isakmp. For key files
    PairKeys,        ///< pair, octets: none; keys of both directions are in `keys`. For key files
    NatDetected,     ///< isakmp; text: "local", "remote" or "both": who is behind a NAT
    Console,         ///< text: a line typed at the console
    Warning,         ///< text: anything that an operator should read
    SecurityWarning, ///< text: a message of passive mode; peer: the address that it names
    ReverseRouteUp,  ///< text: a prefix to which a hub routes now, as an SA of its peer is there
    ReverseRouteDown, ///< text: a prefix to which it does so no more
    Balancer,         ///< text: what a load balancer did; peer: the client, none when not about one
};

/// The keys of one direction of a pair, for Wireshark.
struct EspKeys
{
    uint32_t spi{0};       ///< of this direction
    IpAddress source;      ///< outer source
    IpAddress destination; ///< outer destination
    std::string cipher;    ///< "3des-cbc"
    std::string integrity; ///< "hmac-sha1-96"
    Octets cipherKey;      ///< encryption key
    Octets integrityKey;   ///< integrity key
};

/// One thing that happened. Metrics live on these alone.
struct Event
{
    EventKind kind{EventKind::Warning};        ///< what
    ConnectionId connection{0};                ///< which tunnel, 0 when none
    IpAddress local;                           ///< this end's address
    IpAddress peer;                            ///< the other end's address
    Role role{Role::Initiator};                ///< this end's role in the exchange
    BeginReason begin{BeginReason::None};      ///< why it began
    EndReason end{EndReason::None};            ///< why it ended
    ExchangeKind exchange{ExchangeKind::None}; ///< of a message
    IsakmpIdentity isakmp;                     ///< which ISAKMP SA
    IsakmpIdentity succeedsIsakmp;             ///< the one that it replaces
    uint32_t messageId{0};                     ///< of the exchange, 0 in phase 1
    PairIdentity pair;                         ///< which IPsec SA pair
    PairIdentity succeedsPair;                 ///< the one that it replaces
    std::string localSelector;                 ///< "0.0.0.0/0"
    std::string remoteSelector;                ///< "0.0.0.0/0"
    bool retransmission{false};                ///< sent or seen before
    uint64_t value{0};                         ///< see EventKind
    std::string text;                          ///< see EventKind
    Octets octets;                             ///< see EventKind
    EspKeys inboundKeys;                       ///< PairKeys: towards this end
    EspKeys outboundKeys;                      ///< PairKeys: away from this end
};

/// "phase1-begin", "pair-up": stable, they stand in transcripts.
std::string ToString(EventKind k);
/// "tunnel-start", "soft-lifetime"
std::string ToString(BeginReason r);
/// "hard-lifetime", "no-answer"
std::string ToString(EndReason r);
/// "main-mode", "quick-mode", "informational"
std::string ToString(ExchangeKind e);
/// "initiator", "responder"
std::string ToString(Role r);

} // namespace ike
} // namespace ns3

#endif // IKE_EVENTS_H
