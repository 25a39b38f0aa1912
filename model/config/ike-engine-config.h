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

#include <optional>
#include <string>
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
};

/// A pre-shared key for the peers in a network.
struct PreSharedKey
{
    std::string keyring; ///< empty: `crypto isakmp key`
    IpPrefix peers;      ///< whose key
    Octets key;          ///< the octets as typed
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
};

/// One tunnel: what is needed to negotiate for it.
struct ConnectionConfig
{
    ConnectionId id{0};                               ///< stable as long as the interface exists
    std::string name;                                 ///< "Tunnel0"
    IpAddress local;                                  ///< tunnel source
    IpAddress peer;                                   ///< tunnel destination
    IpPrefix localSelector{IpPrefix::AnyV4()};        ///< proxy identity on this side
    IpPrefix remoteSelector{IpPrefix::AnyV4()};       ///< and on the peer's
    std::vector<EspTransformSet> transformSets;       ///< in the order of preference
    std::optional<DhGroup> pfs;                       ///< `set pfs`
    Duration lifetime{Duration::Seconds(3600)};       ///< of a pair; IOS default
    uint64_t lifetimeKilobytes{4608000};              ///< of a pair; IOS default
    InitiationSwitches switches;                      ///< what this end may begin
    bool stayUp{true};                                ///< a VTI: begins by itself, always renewed
    std::optional<IsakmpProfileConfig> isakmpProfile; ///< `set isakmp-profile`
};

/// All that an engine is told. Immutable while in use: a change is a new value.
struct EngineConfig
{
    std::vector<IsakmpPolicy> policies;        ///< sorted by priority
    std::vector<PreSharedKey> keys;            ///< all keyrings
    std::vector<ConnectionConfig> connections; ///< sorted by id
    IkeKnobs knobs;                            ///< timing and policy
};

} // namespace ike
} // namespace ns3

#endif // IKE_ENGINE_CONFIG_H
