/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VERDICT_H
#define IKE_VERDICT_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace ike
{

/// What the data plane decides for one packet.
enum class VerdictAction : uint8_t
{
    Accept,  ///< inbound: was protected, is right, goes on without ESP
    Bypass,  ///< goes on as it is
    Discard, ///< dropped; the reason says why
    Protect, ///< outbound: goes on as ESP
};

/// Every way in which the data plane drops a packet, once.
enum class DropReason : uint8_t
{
    None,
    NoSa,              ///< outbound: no SA carries this traffic (yet)
    SequenceExhausted, ///< outbound: no number is left (RFC 4303 3.3.3)
    HardVolume,        ///< the SA has carried its hard limit of octets
    UnknownSpi,        ///< inbound: no SA with this SPI (RFC 4301 5.2 step 3a)
    Malformed,         ///< too short, bad padding, not an IP packet
    Replayed,          ///< seen before (RFC 4303 3.4.3)
    TooOld,            ///< left of the replay window
    BadIcv,            ///< the integrity check failed
    WrongOuter,        ///< the outer addresses are not those of the SA
    SelectorMismatch,  ///< the inner packet is not one that the SA may carry (RFC 4301 5.2 step 4)
    Dummy,             ///< inbound: authentic, and made to be thrown away (RFC 4303 2.6)
    EcnMismatch,       ///< inbound: outer CE around a packet that knows no ECN (RFC 6040 4.2)
    ClearReceived,     ///< inbound: it should have come encrypted (RFC 4301 5.2 step 3b)
};

/// The number of drop reasons, for tables indexed by them.
constexpr unsigned DROP_REASON_COUNT = 14;

/// A decision with its reason.
struct Verdict
{
    VerdictAction action{VerdictAction::Discard}; ///< what happens
    DropReason reason{DropReason::None};          ///< why, when it is discarded
};

/// "no-sa", "bad-icv": stable, they stand in results and transcripts.
std::string ToString(DropReason r);
/// "accept", "bypass", "discard", "protect"
std::string ToString(VerdictAction a);

} // namespace ike
} // namespace ns3

#endif // IKE_VERDICT_H
