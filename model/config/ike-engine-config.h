/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ENGINE_CONFIG_H
#define IKE_ENGINE_CONFIG_H

#include "ike-knobs.h"

#include "ns3/ike-address.h"
#include "ns3/ike-algorithms.h"
#include "ns3/ike-events.h"
#include "ns3/ike-octets.h"
#include "ns3/ike-selector.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// One `crypto isakmp policy`.
struct IsakmpPolicy
{
    uint32_t priority{65535};                            ///< lower is better
    CipherAlgorithm cipher{CipherAlgorithm::DesCbc};     ///< IOS default
    uint32_t keyBits{0};                                 ///< of AES; 0: the cipher's own length
    HashAlgorithm hash{HashAlgorithm::Sha1};             ///< IOS default
    AuthMethod authentication{AuthMethod::RsaSignature}; ///< IOS default
    DhGroup group{DhGroup::Modp768};                     ///< IOS default
    Duration lifetime{Duration::Seconds(86400)};         ///< IOS default
};

/// A transform set for ESP.
struct EspTransformSet
{
    std::string name;                                       ///< as configured
    CipherAlgorithm cipher{CipherAlgorithm::Null};          ///< confidentiality
    uint32_t keyBits{0};                                    ///< of AES
    IntegrityAlgorithm integrity{IntegrityAlgorithm::None}; ///< integrity
    bool transport{false};                                  ///< `mode transport`
    bool extendedSequence{false};                           ///< `esn` (RFC 4304)
};

/// How an end names itself in phase 1 (RFC 2407 4.6.2.1).
enum class IdentityKind : uint8_t
{
    Address,           ///< ID_IPV4_ADDR
    Fqdn,              ///< ID_FQDN
    UserFqdn,          ///< ID_USER_FQDN
    DistinguishedName, ///< ID_DER_ASN1_DN
    KeyId,             ///< ID_KEY_ID
};

/// An identity of phase 1, as operators write it.
struct IkeIdentity
{
    IdentityKind kind{IdentityKind::Address}; ///< which type
    /// "10.0.0.1", "r1.example.org", "user@example.org", "CN=r1,O=Example"; empty: the address in
    /// use, or the subject of the certificate
    std::string text;

    friend bool operator==(const IkeIdentity& a, const IkeIdentity& b)
    {
        return a.kind == b.kind && a.text == b.text;
    }
};

/// A pre-shared key for the peers in a network.
struct PreSharedKey
{
    std::string keyring;                   ///< empty: `crypto isakmp key`
    IpPrefix peers;                        ///< whose key
    Octets key;                            ///< the octets as typed
    std::optional<IkeIdentity> identity{}; ///< whose, by name: `crypto isakmp key K hostname H`
};

/// Dead peer detection (RFC 3706): `crypto isakmp keepalive SECONDS [RETRY] [periodic|on-demand]`.
struct DpdConfig
{
    Duration interval{Duration::Seconds(10)}; ///< of silence before the peer is asked
    Duration retry{Duration::Seconds(2)};     ///< between two questions without an answer
    bool periodic{false};                     ///< also asked while nothing is to be sent

    friend bool operator==(const DpdConfig& a, const DpdConfig& b)
    {
        return a.interval == b.interval && a.retry == b.retry && a.periodic == b.periodic;
    }
};

/// `crypto pki trustpoint NAME`, with the files that it named already read: all DER.
struct Trustpoint
{
    std::string name;            ///< as configured
    std::vector<Octets> anchors; ///< certificates of trusted authorities
    std::vector<Octets> chain;   ///< own certificate first, then intermediates; empty: none
    Octets privateKey;           ///< of the own certificate, PKCS#8; empty: none
};

/// May this end begin? (The seed: main, aggressive, quick modes; rekey of IKE and IPsec SAs.)
struct InitiationSwitches
{
    bool beginPhase1{true}; ///< start main mode
    bool beginPhase2{true}; ///< start quick mode
    bool rekeyPhase1{true}; ///< replace an ISAKMP SA at its soft lifetime
    bool rekeyPhase2{true}; ///< replace a pair at its soft lifetime

    /// `responder-only`: all four off.
    static InitiationSwitches ResponderOnly()
    {
        return InitiationSwitches{false, false, false, false};
    }

    friend bool operator==(const InitiationSwitches& a, const InitiationSwitches& b)
    {
        return a.beginPhase1 == b.beginPhase1 && a.beginPhase2 == b.beginPhase2 &&
               a.rekeyPhase1 == b.rekeyPhase1 && a.rekeyPhase2 == b.rekeyPhase2;
    }
};

/// An ISAKMP profile, as far as the engine needs it.
struct IsakmpProfileConfig
{
    std::string name;                        ///< as configured
    std::string keyring;                     ///< empty: the global keys
    std::vector<IpPrefix> identityAddresses; ///< `match identity address`
    std::vector<IkeIdentity> identities{};   ///< `match identity host`, `match identity user`
};

/// One tunnel, or one flow of a crypto map with one peer: what is needed to negotiate for it.
struct ConnectionConfig
{
    ConnectionId id{0};                               ///< stable as long as the thing exists
    std::string name;                                 ///< "Tunnel0", "xauthmap 10 line 10 ..."
    IpAddress local;                                  ///< tunnel source
    IpAddress peer;                                   ///< tunnel destination; none: see `dynamic`
    Selector localSelector{IpPrefix::AnyV4()};        ///< proxy identity on this side
    Selector remoteSelector{IpPrefix::AnyV4()};       ///< and on the peer's
    std::vector<EspTransformSet> transformSets;       ///< in the order of preference
    std::optional<DhGroup> pfs;                       ///< `set pfs`
    Duration lifetime{Duration::Seconds(3600)};       ///< of a pair; IOS default
    uint64_t lifetimeKilobytes{4608000};              ///< of a pair; IOS default
    InitiationSwitches switches;                      ///< what this end may begin
    bool stayUp{true};                                ///< a VTI: begins by itself, always renewed
    std::optional<IsakmpProfileConfig> isakmpProfile; ///< `set isakmp-profile`
    bool aggressive{false};                           ///< phase 1 begins in aggressive mode
    IkeIdentity identity;                ///< of this end: `self-identity`, `crypto isakmp identity`
    std::optional<Octets> aggressiveKey; ///< `set aggressive-mode password`
    std::string trustpoint;              ///< `ca trust-point`; empty: the first one
    std::optional<DpdConfig> keepalive;  ///< of the profile, else the global one
    std::optional<uint32_t> replayWindow; ///< packets; of the profile; none: knob ReplayWindow
    /// A template: peers that no other connection knows may open connections of this kind; it
    /// begins nothing.
    bool dynamic{false};
    /// Of a template: which proxy identities (local, remote) a peer may ask for; empty: any.
    std::vector<std::pair<Selector, Selector>> allowed;
    std::string policyInterface; ///< where its crypto map is: "Ethernet1/0"; empty: a tunnel
    std::string policyEntry;     ///< PolicyEntry::name there: "xauthmap 10"
    /// The virtual template that it was made from, "Virtual-Template1": with `dynamic` the template
    /// itself, otherwise one of its virtual-access interfaces. Empty: neither.
    std::string virtualTemplate;
};

/**
 * Habits of a sender on which no answer depends. For the replay of recorded exchanges, octet for
 * octet; empty: the module's own.
 */
struct WireStyle
{
    std::optional<std::vector<Octets>> vendorIds; ///< of the first message, in place of the own
    std::vector<Octets> vendorIdsWithKe;          ///< more of them behind the nonce of phase 1
    std::optional<Octets> phase1Offer;            ///< SAi_b of phase 1
    std::optional<Octets> phase2Offer; ///< SA payload's body of quick mode; SPIs are put in
    /// SA payload's body of a responder's choice in phase 1: some renumber what they chose. Used
    /// when it means what this end chose.
    std::optional<Octets> phase1Answer;
    std::optional<Octets> phase2Answer; ///< the same in phase 2; the SPI is put in
    bool plainIdentity{false}; ///< phase 1 identity with protocol and port 0, not UDP and 500
    /// Bodies of IDci and IDcr in message 2 of quick mode, which repeats those of message 1 (RFC
    /// 2409 5.5): some responders narrow them, and some initiators take that.
    std::vector<Octets> narrowedIdentities;
    bool alwaysPads{false}; ///< a whole block of padding where none is needed
    /// NAT-D of the own address (RFC 3947 3.2): who wants ESP in UDP in any case lies here.
    std::optional<Octets> ownNatDiscovery;
    uint32_t clearNotifyId{0}; ///< message ID of an unprotected notify
    bool clearProof{false}; ///< message 3 of aggressive mode in the clear, as RFC 2409 5.4 shows it
};

/// All that an engine is told. Immutable while in use: a change is a new value.
struct EngineConfig
{
    std::vector<IsakmpPolicy> policies;        ///< sorted by priority
    std::vector<PreSharedKey> keys;            ///< all keyrings
    std::vector<ConnectionConfig> connections; ///< sorted by id
    IkeKnobs knobs;                            ///< timing and policy
    std::vector<Trustpoint> trustpoints;       ///< `crypto pki trustpoint`
    bool acceptAggressive{true};               ///< no `crypto isakmp aggressive-mode disable`
    bool natTraversal{true};                   ///< `crypto ipsec nat-transparency`
    Duration natKeepalive;                     ///< `crypto isakmp nat keepalive`; 0: none are sent
    bool invalidSpiRecovery{false};            ///< `crypto isakmp invalid-spi-recovery`
    WireStyle style;                           ///< for replays alone
};

} // namespace ike
} // namespace ns3

#endif // IKE_ENGINE_CONFIG_H
