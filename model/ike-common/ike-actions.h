/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ACTIONS_H
#define IKE_ACTIONS_H

#include "ns3/ike-address.h"
#include "ns3/ike-boxed.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-engine-config.h"
#include "ns3/ike-events.h"
#include "ns3/ike-octets.h"
#include "ns3/ipsec-sa.h"

#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace ns3
{
namespace ike
{

/// Names a Compute job of one engine.
using JobId = uint32_t;

// --- Inputs: all that an engine ever hears -----------------------------------------------------

/// A UDP datagram arrived on an IKE port: 500, or 4500 with the non-ESP marker already taken off
/// (RFC 3948 2.2). What is not IKE on port 4500 is the host's affair.
struct DatagramInput
{
    Endpoint local;  ///< where it arrived
    Endpoint remote; ///< who sent it
    Octets octets;   ///< the IKE message
};

/// NextDeadline() has come.
struct TimeoutInput
{
};

/// A packet wants an SA.
struct AcquireInput
{
    ConnectionId connection{0}; ///< for which tunnel
    /// The asker keeps its own time between attempts (IPsec passive mode): the pause after a failed
    /// one does not count.
    bool insist{false};
};

/// A route to a tunnel's destination appeared, or is gone.
struct LinkChangeInput
{
    ConnectionId connection{0}; ///< which tunnel
    bool up{false};             ///< there is a route now
};

/// What the data plane noticed about a pair (see UsageMark).
struct SaUsageInput
{
    /// Which mark.
    enum class Mark : uint8_t
    {
        FirstInbound,
        SoftVolume,
        HardVolume,
    };

    PairId pair{0};                ///< which pair
    Mark mark{Mark::FirstInbound}; ///< what
};

/// ESP arrived with an SPI that is not known.
struct UnknownSpiInput
{
    IpAddress local;  ///< outer destination
    IpAddress remote; ///< outer source
    uint32_t spi{0};  ///< as received
};

/// What the data plane knows of a tunnel's traffic: the answer to AskUsageAction.
struct UsageInput
{
    ConnectionId connection{0};          ///< which tunnel
    std::optional<Instant> lastInbound;  ///< the last packet that was accepted, if any
    std::optional<Instant> lastOutbound; ///< the last packet that was protected, if any
    uint32_t isakmp{0};                  ///< as in the question
};

/// A job of a ComputeAction is done.
struct ComputedInput
{
    JobId job{0};    ///< which
    DhResult result; ///< what came out
};

/// `clear crypto sa [peer A]` (pairs alone) and `clear crypto isakmp` (ISAKMP SAs).
struct ClearInput
{
    std::optional<IpAddress> peer; ///< of one peer, or of all
    bool isakmp{false};            ///< ISAKMP SAs
    bool ipsec{true};              ///< pairs
};

/// A new configuration. Connections are matched by id.
struct ReconfigureInput
{
    std::shared_ptr<const EngineConfig> config; ///< shared, immutable
};

using Input = std::variant<DatagramInput,
                           TimeoutInput,
                           AcquireInput,
                           LinkChangeInput,
                           SaUsageInput,
                           UnknownSpiInput,
                           UsageInput,
                           ComputedInput,
                           ClearInput,
                           ReconfigureInput>;

// --- Actions: all that an engine ever wants done, in this order ----------------------------------
// What is large stands in a box: an input makes a list of actions, and their size is its price.

/// Send a datagram. From port 4500 the host puts the non-ESP marker before it (RFC 3948 2.2).
struct SendAction
{
    Endpoint local;  ///< source
    Endpoint remote; ///< destination
    Octets octets;   ///< the IKE message
};

/// Put SAs into the data plane: either or both directions of a pair.
struct InstallSaAction
{
    Boxed<IpsecSa> inbound;  ///< receive with it
    Boxed<IpsecSa> outbound; ///< be able to send with it
};

/// Take SAs out of the data plane.
struct RemoveSaAction
{
    PairId pair{0};       ///< which pair
    bool inbound{false};  ///< stop receiving
    bool outbound{false}; ///< stop sending
};

/// From now on this pair carries the outbound traffic of a tunnel; 0: none does. The line protocol
/// of a VTI follows it.
struct SelectOutboundAction
{
    ConnectionId connection{0}; ///< which tunnel
    PairId pair{0};             ///< which pair
};

/// The peer of a pair is seen behind another address or port: a NAT changed its mapping
/// (RFC 3947 7). Both directions of the pair move there.
struct MoveSaAction
{
    PairId pair{0};  ///< which pair
    Endpoint remote; ///< where the peer is now
};

/// RFC 3948 2.3: one octet 0xFF, without a non-ESP marker, so that a NAT keeps its mapping.
struct SendKeepaliveAction
{
    Endpoint local;  ///< source
    Endpoint remote; ///< destination
};

/// How long has a tunnel been silent? The answer comes back as UsageInput. For RFC 3706.
struct AskUsageAction
{
    ConnectionId connection{0}; ///< which tunnel
    uint32_t isakmp{0};         ///< for which ISAKMP SA the engine asks: to be named in the answer
};

/// This end began to negotiate a pair for a connection, phase 1 included, or the last such attempt
/// that ran is over, with a pair or without. Both at once when it cannot even begin.
struct AttemptAction
{
    ConnectionId connection{0}; ///< which one
    bool running{false};        ///< does an attempt run?
};

/**
 * A peer came to a dynamic connection (ConnectionConfig::dynamic), and what it asked for is
 * allowed: from now on there is a connection of its own, made after the template. Comes before the
 * SAs.
 */
struct OpenConnectionAction
{
    Boxed<ConnectionConfig> connection; ///< its peer and selectors are those of the negotiation
};

/// The last pair of such a connection is gone, and so is the connection.
struct CloseConnectionAction
{
    ConnectionId connection{0}; ///< which one
};

/// Something worth knowing happened.
struct ReportAction
{
    Boxed<Event> event; ///< what
};

/// A Diffie-Hellman operation to be done; its result comes back as ComputedInput.
struct ComputeAction
{
    JobId job{0}; ///< to be named in the result
    DhJob dh;     ///< what to compute
};

using Action = std::variant<SendAction,
                            InstallSaAction,
                            RemoveSaAction,
                            SelectOutboundAction,
                            MoveSaAction,
                            SendKeepaliveAction,
                            AskUsageAction,
                            AttemptAction,
                            OpenConnectionAction,
                            CloseConnectionAction,
                            ReportAction,
                            ComputeAction>;

/// Applied front to back: an SA is installed before the message behind it is sent.
using Actions = std::vector<Action>;

} // namespace ike
} // namespace ns3

#endif // IKE_ACTIONS_H
