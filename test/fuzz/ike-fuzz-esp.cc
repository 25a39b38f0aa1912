/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Target "esp": the data plane with one tunnel for each algorithm. The first octet says what
 * happens to which tunnel: octets as they are, true packets altered, authentic packets with a
 * hostile inside, and packets that want to leave.
 */
#include "ike-fuzz-input.h"

#include "ns3/esp-transform.h"
#include "ns3/ike-schedule.h"
#include "ns3/ipsec-data-plane.h"

#include <memory>
#include <set>

using namespace ns3::ike;

namespace
{

/// Algorithms of a pair.
struct EspCase
{
    CipherAlgorithm cipher;       ///< confidentiality
    unsigned keyBits;             ///< of its key
    IntegrityAlgorithm integrity; ///< None with combined ciphers
    bool extended;                ///< 64-bit sequence numbers
    bool transport;               ///< transport mode
};

constexpr EspCase CASES[] = {
    {CipherAlgorithm::TripleDesCbc, 0, IntegrityAlgorithm::HmacSha1_96, false, false},
    {CipherAlgorithm::AesCbc, 128, IntegrityAlgorithm::HmacSha1_96, false, false},
    {CipherAlgorithm::AesCbc, 256, IntegrityAlgorithm::HmacSha256_128, false, false},
    {CipherAlgorithm::Null, 0, IntegrityAlgorithm::HmacMd5_96, false, false},
    {CipherAlgorithm::AesCtr, 128, IntegrityAlgorithm::HmacSha512_256, false, false},
    {CipherAlgorithm::AesCbc, 128, IntegrityAlgorithm::AesXcbc96, true, false},
    {CipherAlgorithm::AesCbc, 192, IntegrityAlgorithm::HmacSha384_192, false, true},
    {CipherAlgorithm::AesGcm16, 128, IntegrityAlgorithm::None, true, false},
    {CipherAlgorithm::AesGmac, 256, IntegrityAlgorithm::None, false, true},
    {CipherAlgorithm::ChaCha20Poly1305, 0, IntegrityAlgorithm::None, true, true},
};
constexpr size_t COUNT = sizeof(CASES) / sizeof(CASES[0]);

const IpAddress HERE = IpAddress::V4(0x0a000001);  ///< 10.0.0.1
const IpAddress THERE = IpAddress::V4(0x0a000002); ///< 10.0.0.2

CryptoProvider&
GetCrypto()
{
    static const std::unique_ptr<CryptoProvider> crypto = MakeOpensslProvider();
    return *crypto;
}

/// The SA of a case, as sender and receiver share it.
IpsecSa
MakeSa(size_t number)
{
    const EspCase& c = CASES[number];
    IpsecSa sa;
    sa.spi = 0x1000 + static_cast<uint32_t>(number);
    sa.pair = static_cast<PairId>(number + 1);
    sa.connection = static_cast<ConnectionId>(number + 1);
    sa.source = THERE;
    sa.destination = HERE;
    sa.cipher = c.cipher;
    sa.cipherKey = Octets(KeyLengthOf(c.cipher, c.keyBits) + SaltLengthOf(c.cipher), 0x5a);
    // three different keys for 3DES
    for (size_t i = 0; i < sa.cipherKey.size(); i++)
    {
        sa.cipherKey[i] = static_cast<uint8_t>(sa.cipherKey[i] ^ (i * 16));
    }
    sa.integrity = c.integrity;
    sa.integrityKey = Octets(KeyLengthOf(c.integrity), 0xa5);
    sa.innerSource = Selector(IpPrefix{IpAddress::V4(0x0a010000), 16});
    sa.innerDestination = Selector(IpPrefix{IpAddress::V4(0x0a020000), 16});
    sa.transport = c.transport;
    sa.extendedSequence = c.extended;
    if (c.transport)
    {
        sa.innerSource = Selector(IpPrefix{THERE, 32});
        sa.innerDestination = Selector(IpPrefix{HERE, 32});
    }
    return sa;
}

/// An inner packet that the SA may carry.
Octets
MakeInner(const IpsecSa& sa, size_t payload)
{
    return MakeInnerPacket(sa.innerSource.first, sa.innerDestination.first, payload);
}

/// Sender and receiver with all pairs, and a true packet of each that has not arrived yet.
struct Planes
{
    IpsecDataPlane sender{RandomKey()};   ///< THERE
    IpsecDataPlane receiver{RandomKey()}; ///< HERE
    std::vector<Octets> packets;          ///< of each case

    Planes()
    {
        for (size_t i = 0; i < COUNT; i++)
        {
            const IpsecSa sa = MakeSa(i);
            sender.InstallOutbound(sa);
            sender.SelectOutbound(sa.connection, sa.pair);
            receiver.InstallInbound(sa);
            const OutboundResult out =
                sender.Outbound(Instant(), sa.connection, MakeInner(sa, 40), GetCrypto());
            FuzzExpect(out.verdict.action == VerdictAction::Protect, "a true packet leaves");
            packets.push_back(out.esp);
        }
    }
};

/// The receiver hears a packet.
InboundResult
Hear(Planes& planes, const Octets& esp)
{
    const InboundResult result =
        planes.receiver.Inbound(Instant(), {THERE, HERE}, esp, GetCrypto());
    planes.receiver.CountInbound(result.verdict);
    const bool accepted = result.verdict.action == VerdictAction::Accept;
    FuzzExpect(accepted || result.verdict.action == VerdictAction::Discard, "accept or discard");
    FuzzExpect(accepted || result.inner.empty(), "nothing comes out of what is discarded");
    return result;
}

/// A true packet, altered: nobody may take it.
void
Alter(Planes& planes, size_t number, FuzzInput& in)
{
    Octets esp = planes.packets[number];
    for (unsigned changes = 1 + in.Below(8); changes > 0; changes--)
    {
        switch (in.Below(4))
        {
        case 0:
            esp.resize(in.Below(esp.size() + 1));
            break;
        case 1:
            Append(esp, in.Take(in.Below(64)));
            break;
        default:
            if (!esp.empty())
            {
                const size_t at = in.Below(esp.size());
                esp[at] = static_cast<uint8_t>(esp[at] ^ in.Byte());
            }
        }
    }
    const bool isTrue = std::count(planes.packets.begin(), planes.packets.end(), esp) > 0;
    const bool accepted = Hear(planes, esp).verdict.action == VerdictAction::Accept;
    FuzzExpect(isTrue || !accepted, "an altered packet is discarded");
}

/// An authentic packet with any inside: the peer itself is hostile.
void
SendHostileInside(Planes& planes, size_t number, FuzzInput& in)
{
    const IpsecSa sa = MakeSa(number);
    EspPlaintext plain;
    plain.nextHeader = in.Byte();
    const uint32_t sequence = in.Word() << 16 | in.Word();
    Octets inner = MakeInner(sa, in.Below(64));
    for (unsigned changes = in.Below(8); changes > 0; changes--)
    {
        const size_t at = in.Below(inner.size());
        inner[at] = static_cast<uint8_t>(inner[at] ^ in.Byte());
    }
    Append(inner, in.Rest());
    plain.payload = inner;
    const Octets iv(IvLengthOf(sa.cipher), 7);
    const InboundResult result = Hear(planes, ProtectEsp(GetCrypto(), sa, plain, sequence, iv));
    FuzzExpect(result.inner.size() <= inner.size() + 20, "no more comes out than went in");
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const Planes fresh;
    Planes planes = fresh;
    FuzzInput in(data, size);
    const uint8_t what = in.Byte();
    const size_t number = in.Below(COUNT);
    const IpsecSa sa = MakeSa(number);
    const size_t installed = planes.receiver.GetInboundCount();
    switch (what % 4)
    {
    case 0:
        Hear(planes, in.Rest());
        break;
    case 1:
        Alter(planes, number, in);
        break;
    case 2:
        SendHostileInside(planes, number, in);
        break;
    default: {
        // any octets want to leave
        const OutboundResult out =
            planes.sender.Outbound(Instant(), sa.connection, in.Rest(), GetCrypto());
        planes.sender.CountOutbound(out.verdict);
        if (out.verdict.action == VerdictAction::Protect)
        {
            Hear(planes, out.esp);
        }
    }
    }
    FuzzExpect(planes.receiver.GetInboundCount() == installed, "no packet removes an SA");
    FuzzExpect(planes.receiver.GetInboundCounters().IsBalanced(), "inbound counters balance");
    FuzzExpect(planes.sender.GetOutboundCounters().IsBalanced(), "outbound counters balance");
    // the true packets of the other tunnels still arrive
    const size_t other = (number + 1) % COUNT;
    if (what % 4 != 0 && what % 4 != 1)
    {
        FuzzExpect(Hear(planes, planes.packets[other]).verdict.action == VerdictAction::Accept,
                   "another tunnel carries on");
    }
    return 0;
}
