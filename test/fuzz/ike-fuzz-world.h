/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_FUZZ_WORLD_H
#define IKE_FUZZ_WORLD_H

#include "ns3/ike-world.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace ike
{

constexpr uint32_t A = 0;           ///< who begins
constexpr uint32_t B = 1;           ///< who answers
constexpr ConnectionId TUNNEL = 1;  ///< the only tunnel
constexpr uint32_t HALF_OPEN = 16;  ///< limit of half-open attempts
constexpr uint32_t QUICK_MODES = 8; ///< limit of quick modes

inline const Octets SECRET = ToOctets("secret"); ///< of both ends

/// Bits of the first octet.
enum Variant : uint8_t
{
    PFS = 1,
    INSTALL_EARLY = 2,
    REPLACE = 4,
    AES = 8,
    BOTH_BEGIN = 16,
    VARIANTS = 32,
};

inline EngineConfig
MakeFuzzConfig(uint32_t side, uint8_t variant)
{
    EngineConfig config;
    IsakmpPolicy policy;
    policy.priority = 10;
    policy.cipher = variant & AES ? CipherAlgorithm::AesCbc : CipherAlgorithm::TripleDesCbc;
    policy.keyBits = variant & AES ? 256 : 0;
    policy.hash = variant & AES ? HashAlgorithm::Sha256 : HashAlgorithm::Sha1;
    policy.authentication = AuthMethod::PreSharedKey;
    policy.group = variant & AES ? DhGroup::Ecp256 : DhGroup::Modp1024;
    policy.lifetime = Duration::Seconds(240);
    config.policies = {policy};
    config.keys = {PreSharedKey{"", IpPrefix::AnyV4(), SECRET}};
    ConnectionConfig tunnel;
    tunnel.id = TUNNEL;
    tunnel.name = "Tunnel0";
    tunnel.local = IpAddress::V4(0x0a000001 + side);
    tunnel.peer = IpAddress::V4(0x0a000002 - side);
    tunnel.transformSets = {
        EspTransformSet{"set", CipherAlgorithm::AesCbc, 128, IntegrityAlgorithm::HmacSha1_96}};
    tunnel.lifetime = Duration::Seconds(120);
    if (variant & PFS)
    {
        tunnel.pfs = DhGroup::Ecp256;
    }
    config.connections = {tunnel};
    config.knobs.halfOpenLimit = HALF_OPEN;
    config.knobs.quickModeLimit = QUICK_MODES;
    config.knobs.responderInstalls =
        variant & INSTALL_EARLY ? ResponderInstalls::Message2 : ResponderInstalls::Message3;
    config.knobs.sendInitialContact = (variant & REPLACE) != 0;
    config.knobs.duplicateIsakmp =
        variant & REPLACE ? DuplicateIsakmp::Replace : DuplicateIsakmp::Keep;
    return config;
}

/// A world and all that was sent in it so far.
struct Start
{
    World world;              ///< at its step
    std::vector<Flight> tape; ///< every datagram so far
};

/// Both ends after so many datagrams.
inline Start
MakeStart(const std::shared_ptr<CryptoProvider>& crypto, uint8_t variant, unsigned steps)
{
    Start start{World(crypto), {}};
    for (uint32_t side : {A, B})
    {
        start.world.AddNode(side == A ? "A" : "B",
                            std::make_shared<const EngineConfig>(MakeFuzzConfig(side, variant)),
                            MakeWorldKey(1, side + 1));
    }
    start.world.SetReachable(A, TUNNEL, true);
    if (variant & BOTH_BEGIN)
    {
        start.world.SetReachable(B, TUNNEL, true);
    }
    for (unsigned i = 0; i < steps && !start.world.GetFlights().empty(); i++)
    {
        start.tape.push_back(start.world.GetFlights().front());
        start.world.Deliver(start.tape.back().id);
    }
    return start;
}

} // namespace ike
} // namespace ns3

#endif // IKE_FUZZ_WORLD_H
