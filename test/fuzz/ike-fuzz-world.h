/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_FUZZ_WORLD_H
#define IKE_FUZZ_WORLD_H

#include "ns3/ike-profiles.h"
#include "ns3/ike-world.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

namespace tests
{

/// A file of test/pki as DER: of test/ike-test-pki.cc, which is linked to each fuzzer.
Octets PkiFile(const std::string& name);

} // namespace tests

constexpr uint32_t A = 0;           ///< who begins
constexpr uint32_t B = 1;           ///< who answers
constexpr ConnectionId TUNNEL = 1;  ///< the only tunnel
constexpr uint32_t HALF_OPEN = 16;  ///< limit of half-open attempts
constexpr uint32_t QUICK_MODES = 8; ///< limit of quick modes

inline const Octets SECRET = ToOctets("secret"); ///< of both ends

const IpAddress OUTSIDE = IpAddress::V4(0xc0000201); ///< of the NAT before A
constexpr uint16_t FIRST_PORT = 20001;               ///< that it gives away

/// How both ends are configured.
enum Variant : uint16_t
{
    // bits of the first octet
    PFS = 1,
    INSTALL_EARLY = 2,
    REPLACE = 4,
    AES = 8,
    BOTH_BEGIN = 16,
    AGGRESSIVE = 32,
    BEHIND_NAT = 64, ///< A
    KEEPALIVE = 128, ///< A asks periodically, B on demand
    // of the second octet
    INVALID_SPI = 256,
    COMMIT = 512,
    STRONGSWAN = 1024, ///< both ends; with LIBRESWAN: A
    LIBRESWAN = 2048,  ///< both ends; with STRONGSWAN: B
    SIGNATURES = 4096,
};

constexpr unsigned MOST_STEPS = 12; ///< before the network turns hostile, 0 included

/// Which variant the first two octets choose, and how many datagrams pass before anything else. RSA
/// is slow: one second octet of 64 chooses it.
inline std::pair<uint16_t, unsigned>
ReadVariant(uint8_t first, uint8_t second)
{
    const unsigned rest = second / MOST_STEPS;
    const unsigned more = rest > 20 ? unsigned{SIGNATURES} : rest % 16 * INVALID_SPI;
    return {static_cast<uint16_t>(first | more), second % MOST_STEPS};
}

/// Two octets that choose these.
inline Octets
WriteVariant(uint16_t variant, unsigned steps)
{
    const unsigned more = variant & SIGNATURES ? 21U : unsigned{variant} / INVALID_SPI;
    return {static_cast<uint8_t>(variant), static_cast<uint8_t>(more * MOST_STEPS + steps)};
}

/// The habits of another product; lifetimes are short here, and so are margins.
inline void
TakeProfile(IkeKnobs& knobs, uint32_t side, uint16_t variant)
{
    const bool both = (variant & STRONGSWAN) && (variant & LIBRESWAN);
    const bool strongswan = both ? side == A : (variant & STRONGSWAN) != 0;
    SetProfile(knobs, strongswan ? "strongswan" : "libreswan");
    knobs.phase1SoftMargin = Duration::Seconds(30);
    knobs.phase2SoftMargin = Duration::Seconds(30);
}

/// Certificates of test/pki in place of the key.
inline void
TakeCertificates(EngineConfig& config, uint32_t side)
{
    using tests::PkiFile;
    config.keys.clear();
    config.policies[0].authentication = AuthMethod::RsaSignature;
    std::vector<Octets> chain{PkiFile("r1.crt")};
    if (side == B)
    {
        chain = {PkiFile("r2.crt"), PkiFile("middle.crt")};
    }
    config.trustpoints = {
        Trustpoint{"T", {PkiFile("root.crt")}, chain, PkiFile(side == A ? "r1.key" : "r2.key")}};
}

/// What a NAT before A and dead peer detection want.
inline void
TakeFeatures(EngineConfig& config, uint32_t side, uint16_t variant)
{
    ConnectionConfig& tunnel = config.connections[0];
    tunnel.aggressive = (variant & AGGRESSIVE) != 0;
    if (variant & BEHIND_NAT)
    {
        tunnel.peer = side == B ? OUTSIDE : tunnel.peer;
        tunnel.isakmpProfile = IsakmpProfileConfig{"P", "", {IpPrefix::AnyV4()}};
        config.natKeepalive = Duration::Seconds(20);
    }
    if (variant & KEEPALIVE)
    {
        tunnel.keepalive = DpdConfig{};
        tunnel.keepalive->periodic = side == A;
    }
    config.invalidSpiRecovery = (variant & INVALID_SPI) != 0;
}

inline EngineConfig
MakeFuzzConfig(uint32_t side, uint16_t variant)
{
    EngineConfig config;
    if (variant & (STRONGSWAN | LIBRESWAN))
    {
        TakeProfile(config.knobs, side, variant);
    }
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
    if (variant & INSTALL_EARLY)
    {
        config.knobs.responderInstalls = ResponderInstalls::Message2;
    }
    if (variant & REPLACE)
    {
        config.knobs.sendInitialContact = true;
        config.knobs.duplicateIsakmp = DuplicateIsakmp::Replace;
    }
    if (variant & COMMIT)
    {
        config.knobs.commitBit = CommitBit::Send;
    }
    TakeFeatures(config, side, variant);
    if (variant & SIGNATURES)
    {
        TakeCertificates(config, side);
    }
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
MakeStart(const std::shared_ptr<CryptoProvider>& crypto, uint16_t variant, unsigned steps)
{
    Start start{World(crypto), {}};
    for (uint32_t side : {A, B})
    {
        start.world.AddNode(side == A ? "A" : "B",
                            std::make_shared<const EngineConfig>(MakeFuzzConfig(side, variant)),
                            MakeWorldKey(1, side + 1));
    }
    if (variant & BEHIND_NAT)
    {
        start.world.AddNat(A, OUTSIDE, FIRST_PORT);
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
