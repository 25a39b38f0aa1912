/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_PLANE_FIXTURE_H
#define IPSEC_PLANE_FIXTURE_H

#include "ike-test-octets.h"

#include "ns3/esp-transform.h"
#include "ns3/ike-crypto.h"
#include "ns3/ipsec-data-plane.h"

#include <memory>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Two data planes, one SA between them, and packets for it.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

constexpr ConnectionId TUNNEL = 7;
constexpr PairId PAIR = 1;
constexpr uint32_t SPI = 0x1001;
inline const IpAddress LEFT = IpAddress::V4(0xc0000201);       // 192.0.2.1
inline const IpAddress RIGHT = IpAddress::V4(0xc0000202);      // 192.0.2.2
inline const IpAddress LEFT_HOST = IpAddress::V4(0x0a010101);  // 10.1.1.1
inline const IpAddress RIGHT_HOST = IpAddress::V4(0x0a020202); // 10.2.2.2
inline const IpPrefix ANY_V6{IpAddress::FromOctets(Octets(16)), 0};

/// A combination of algorithms.
struct EspAlgorithms
{
    CipherAlgorithm cipher;       ///< confidentiality
    unsigned keyBits;             ///< 0: its own length
    IntegrityAlgorithm integrity; ///< integrity
};

/// The older ciphers with each of their integrity algorithms, and every later algorithm.
std::vector<EspAlgorithms> AllAlgorithms();

/// For the name of a test case.
std::string NameOf(const EspAlgorithms& a);

/// Octets that count up.
Octets Pattern(size_t length, uint8_t first);

/// An SA from left to right.
IpsecSa MakeSa(const EspAlgorithms& a = {CipherAlgorithm::AesCbc,
                                         128,
                                         IntegrityAlgorithm::HmacSha1_96});

/// An IPv4 packet of a length from 20 on.
Octets MakeInner(size_t length,
                 const IpAddress& from = LEFT_HOST,
                 const IpAddress& to = RIGHT_HOST);

/// An IPv6 packet of a length from 40 on.
Octets MakeInner6(size_t length);

/// The sequence number of a packet.
uint32_t SequenceOf(const Octets& esp);

/// The header in front of a packet of an SA, as its receiver sees it.
OuterHeader OuterOf(const IpsecSa& sa);

/// Two data planes and an SA from left to right.
struct PlanePeers
{
    explicit PlanePeers(const IpsecSa& s = MakeSa())
        : sa(s)
    {
        left.InstallOutbound(sa);
        left.SelectOutbound(sa.connection, sa.pair);
        right.InstallInbound(sa);
    }

    OutboundResult Send(const Octets& inner)
    {
        return left.Outbound(now, sa.connection, inner, *provider);
    }

    InboundResult Receive(const Octets& esp)
    {
        return right.Inbound(now, OuterOf(sa), esp, *provider);
    }

    /// A packet that no correct sender makes.
    Octets Forge(const Octets& payload, uint8_t nextHeader, uint64_t sequence)
    {
        const Octets iv = Pattern(IvLengthOf(sa.cipher), 0x55);
        return ProtectEsp(*provider, sa, EspPlaintext{payload, nextHeader}, sequence, iv);
    }

    /// An authentic packet around any plaintext, padding included.
    Octets ForgeRaw(const Octets& text, uint32_t sequence)
    {
        EspPacket packet{sa.spi, sequence, Octets(IvLengthOf(sa.cipher)), {}, {}, 0};
        packet.ciphertext = provider->Encrypt(sa.cipher, sa.cipherKey, packet.iv, text);
        const Octets covered = WriteEspWithoutIcv(packet);
        Octets icv = provider->Hmac(HashAlgorithm::Sha1, sa.integrityKey, covered);
        icv.resize(IcvLengthOf(sa.integrity));
        return Concat({covered, icv});
    }

    Instant now{0};                                                  ///< does not matter
    std::unique_ptr<CryptoProvider> provider{MakeOpensslProvider()}; ///< real cryptography
    IpsecSa sa;                                                      ///< from left to right
    IpsecDataPlane left{RandomKey{}};                                ///< sends
    IpsecDataPlane right{RandomKey{}};                               ///< receives
};

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IPSEC_PLANE_FIXTURE_H
