/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-plane-fixture.h"

namespace ns3
{
namespace ike
{
namespace tests
{

std::vector<EspAlgorithms>
AllAlgorithms()
{
    const std::vector<std::pair<CipherAlgorithm, unsigned>> ciphers{
        {CipherAlgorithm::Null, 0},
        {CipherAlgorithm::DesCbc, 0},
        {CipherAlgorithm::TripleDesCbc, 0},
        {CipherAlgorithm::AesCbc, 128},
        {CipherAlgorithm::AesCbc, 192},
        {CipherAlgorithm::AesCbc, 256}};
    std::vector<EspAlgorithms> all;
    for (const auto& [cipher, bits] : ciphers)
    {
        for (auto integrity : {IntegrityAlgorithm::None,
                               IntegrityAlgorithm::HmacMd5_96,
                               IntegrityAlgorithm::HmacSha1_96,
                               IntegrityAlgorithm::HmacSha256_128})
        {
            all.push_back({cipher, bits, integrity});
        }
    }
    for (auto integrity : {IntegrityAlgorithm::HmacSha384_192,
                           IntegrityAlgorithm::HmacSha512_256,
                           IntegrityAlgorithm::AesXcbc96})
    {
        all.push_back({CipherAlgorithm::AesCbc, 128, integrity});
        all.push_back({CipherAlgorithm::AesCtr, 128, integrity});
    }
    for (unsigned bits : {128U, 192U, 256U})
    {
        all.push_back({CipherAlgorithm::AesCtr, bits, IntegrityAlgorithm::HmacSha1_96});
        all.push_back({CipherAlgorithm::AesGcm16, bits, IntegrityAlgorithm::None});
        all.push_back({CipherAlgorithm::AesGmac, bits, IntegrityAlgorithm::None});
    }
    all.push_back({CipherAlgorithm::ChaCha20Poly1305, 0, IntegrityAlgorithm::None});
    return all;
}

std::string
NameOf(const EspAlgorithms& a)
{
    return ToString(a.cipher) + " " + std::to_string(a.keyBits) + " " + ToString(a.integrity);
}

Octets
Pattern(size_t length, uint8_t first)
{
    return Counting(length, first, 3);
}

IpsecSa
MakeSa(const EspAlgorithms& a)
{
    IpsecSa sa;
    sa.spi = SPI;
    sa.pair = PAIR;
    sa.connection = TUNNEL;
    sa.source = LEFT;
    sa.destination = RIGHT;
    sa.cipher = a.cipher;
    sa.cipherKey = Pattern(KeyLengthOf(a.cipher, a.keyBits) + SaltLengthOf(a.cipher), 0x21);
    sa.integrity = a.integrity;
    sa.integrityKey = Pattern(KeyLengthOf(a.integrity), 0x81);
    sa.innerSource = IpPrefix::AnyV4();
    sa.innerDestination = IpPrefix::AnyV4();
    return sa;
}

Octets
MakeInner(size_t length, const IpAddress& from, const IpAddress& to)
{
    Octets packet{0x45, 0};
    AppendNumber(packet, length, 2);
    Append(packet, Octets{0, 0, 0, 0, 64, 17, 0, 0});
    Append(packet, from.ToOctets());
    Append(packet, to.ToOctets());
    Append(packet, Pattern(length - packet.size(), 0));
    return packet;
}

Octets
MakeInner6(size_t length)
{
    Octets packet{0x60, 0, 0, 0};
    AppendNumber(packet, length - 40, 2);
    Append(packet, Octets{17, 64});
    Append(packet, Pattern(length - packet.size(), 0x20));
    return packet;
}

OuterHeader
OuterOf(const IpsecSa& sa)
{
    OuterHeader outer{sa.source, sa.destination};
    outer.udp = sa.udp;
    return outer;
}

uint32_t
SequenceOf(const Octets& esp)
{
    return static_cast<uint32_t>(esp[4]) << 24 | static_cast<uint32_t>(esp[5]) << 16 |
           static_cast<uint32_t>(esp[6]) << 8 | esp[7];
}

} // namespace tests
} // namespace ike
} // namespace ns3
