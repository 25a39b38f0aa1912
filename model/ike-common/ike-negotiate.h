/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NEGOTIATE_H
#define IKE_NEGOTIATE_H

#include "ns3/ike-engine-config.h"
#include "ns3/ike-payloads.h"

#include <optional>

namespace ns3
{
namespace ike
{

// --- Phase 1 (RFC 2409 Appendix A) ---------------------------------------------------------------

/// The SA payload of message 1: one proposal, a transform for each policy.
SaPayload BuildPhase1Offer(const std::vector<IsakmpPolicy>& policies);
/// What a phase 1 transform means; nothing when it holds anything that is not implemented.
std::optional<IsakmpPolicy> ReadPhase1Transform(const Transform& transform);

/// A phase 1 choice: the policy in force, and the SA payload that says so.
struct Phase1Choice
{
    IsakmpPolicy policy; ///< with the lifetime that counts
    SaPayload answer;    ///< the one transform, as it was offered
};

/**
 * The responder's choice. IOS compares its own policies, best priority first, with all of the
 * offered ones (Security Configuration Guide, "Configuring IKE": policy matching).
 * @param own by priority
 * @param offer as received
 * @param match what a longer offered lifetime means
 */
std::optional<Phase1Choice> PickPhase1(const std::vector<IsakmpPolicy>& own,
                                       const SaPayload& offer,
                                       Phase1LifetimeMatch match);
/// The initiator's check of an answer: one transform, one of those that were offered.
std::optional<IsakmpPolicy> CheckPhase1Answer(const SaPayload& offer, const SaPayload& answer);

// --- Phase 2 (RFC 2407 4.5) ----------------------------------------------------------------------

/// Can IKEv1 say this? ChaCha20 has no number in it (RFC 7634 is for IKEv2), and combined ciphers
/// stand without an integrity algorithm.
bool IsNegotiable(const EspTransformSet& set);
/**
 * The SA payload of quick mode message 1: a proposal for each transform set, all with one SPI.
 * Sets that are not negotiable are left out.
 * @param udp there is a NAT: encapsulation modes 3 and 4 of RFC 3947 5.1
 */
SaPayload BuildPhase2Offer(const ConnectionConfig& connection, uint32_t spi, bool udp = false);

/// A phase 2 choice.
struct Phase2Choice
{
    EspTransformSet transform;     ///< what was chosen
    bool udp{false};               ///< in UDP (RFC 3947 5.1)
    DhGroup pfs{DhGroup::None};    ///< with which group, none without PFS
    Duration lifetime;             ///< as offered
    uint64_t lifetimeKilobytes{0}; ///< as offered; 0: none was offered
    uint32_t spi{0};               ///< the offering end's SPI
    SaPayload answer;              ///< the one transform as it was offered; its SPI is to be set
};

/**
 * The responder's choice: its own transform sets in their order against the offered proposals.
 * With `set pfs` the offered group must be that one; without it any group (or none) is taken.
 *
 * NAT discovery is not authentic (in main mode its payloads go in clear), and the two ends may see
 * it differently. What the initiator offers alone is taken then: both ends must do the same.
 * @param udp there is a NAT: what goes in UDP is preferred, else what does not
 */
std::optional<Phase2Choice> PickPhase2(const ConnectionConfig& own,
                                       const SaPayload& offer,
                                       bool udp = false);
/// The initiator's check of an answer: one transform, one of those that were offered.
std::optional<Phase2Choice> CheckPhase2Answer(const SaPayload& offer, const SaPayload& answer);
/// Does it hold a transform in transport mode with UDP (RFC 3947 5.2: NAT-OA payloads follow)?
bool OffersUdpTransport(const SaPayload& sa);
/// Put an SPI into the one proposal of an answer.
void SetSpi(SaPayload& answer, uint32_t spi);

// --- Lifetimes and identities --------------------------------------------------------------------

/// The attributes of a RESPONDER-LIFETIME notify (RFC 2407 4.6.3.1).
Octets BuildLifetimeAttributes(Duration lifetime, uint64_t kilobytes);

/// What a RESPONDER-LIFETIME notify says.
struct AnnouncedLifetime
{
    std::optional<Duration> lifetime;  ///< seconds, if present
    std::optional<uint64_t> kilobytes; ///< volume, if present
};

/// The meaning of such attributes; nothing when they are malformed.
std::optional<AnnouncedLifetime> ReadLifetimeAttributes(const Octets& data);
/// Phase 1 identity: ID_IPV4_ADDR with UDP port 500 (RFC 2407 4.6.2).
IdPayload BuildAddressId(const IpAddress& address);
/**
 * Phase 1 identity of any kind, with UDP port 500 (RFC 2407 4.6.2).
 * @param identity as configured
 * @param address in use, for an identity by address without a text
 * @param subject of the own certificate, DER; for an identity by distinguished name
 * @return nothing when there is nothing to be named by
 */
std::optional<IdPayload> BuildIdentity(const IkeIdentity& identity,
                                       const IpAddress& address,
                                       const Octets& subject);
/// Which kind a phase 1 identity is; nothing for one that phase 1 does not take.
std::optional<IdentityKind> ReadIdentityKind(const IdPayload& id);
/// Host and user names and distinguished names are compared without regard to case.
bool IsSameIdentity(const IkeIdentity& a, const IkeIdentity& b);
/// Proxy identity: an address, a subnet or a range (RFC 2407 4.6.2.1), with protocol and port.
IdPayload BuildSelectorId(const Selector& selector);
/// What it covers; nothing for another type.
std::optional<Selector> ReadSelectorId(const IdPayload& id);
/// The key of a keyring for a peer by its name; nothing when there is none.
std::optional<Octets> FindPreSharedKey(const std::vector<PreSharedKey>& keys,
                                       const std::string& keyring,
                                       const IkeIdentity& peer);

} // namespace ike
} // namespace ns3

#endif // IKE_NEGOTIATE_H
