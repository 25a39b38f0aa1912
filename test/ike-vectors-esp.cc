/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-formats.h"

#include "ns3/esp-transform.h"
#include "ns3/ipsec-data-plane.h"

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

using nlohmann::json;

constexpr uint8_t PROTOCOL_HOP_BY_HOP = 0;
constexpr uint8_t PROTOCOL_IPV4 = 4;
constexpr uint8_t PROTOCOL_UDP = 17;
constexpr uint8_t PROTOCOL_IPV6 = 41;
constexpr uint8_t PROTOCOL_ESP = 50;
constexpr uint8_t PROTOCOL_NONE = 59;

const std::map<std::string, CipherAlgorithm> CIPHERS = {
    {"null", CipherAlgorithm::Null},
    {"des-cbc", CipherAlgorithm::DesCbc},
    {"3des-cbc", CipherAlgorithm::TripleDesCbc},
    {"aes-cbc", CipherAlgorithm::AesCbc},
    {"aes-ctr", CipherAlgorithm::AesCtr},
    {"aes-gcm", CipherAlgorithm::AesGcm16},
    {"aes-gmac", CipherAlgorithm::AesGmac},
    {"chacha20-poly1305", CipherAlgorithm::ChaCha20Poly1305},
};

const std::map<std::string, IntegrityAlgorithm> INTEGRITIES = {
    {"none", IntegrityAlgorithm::None},
    {"unknown-96", IntegrityAlgorithm::None}, // its key is lost: 96 bits are taken off
    {"hmac-md5-96", IntegrityAlgorithm::HmacMd5_96},
    {"hmac-sha1-96", IntegrityAlgorithm::HmacSha1_96},
    {"hmac-sha256-128", IntegrityAlgorithm::HmacSha256_128},
    {"hmac-sha384-192", IntegrityAlgorithm::HmacSha384_192},
    {"hmac-sha512-256", IntegrityAlgorithm::HmacSha512_256},
    {"aes-xcbc-96", IntegrityAlgorithm::AesXcbc96},
};

/// One ESP packet that somebody else made.
struct EspVector
{
    std::string name;      ///< as in its file
    IpsecSa sa;            ///< algorithms, keys and SPI; outer addresses where they are known
    Octets esp;            ///< from the SPI on
    EspPlaintext expected; ///< what is inside
    OuterHeader outer;     ///< in front of it, where it is known
    Octets inner;          ///< what a data plane makes of it: a whole packet; none of a dummy
    uint32_t high{0};      ///< upper half of the sequence number
    bool known{true};      ///< is it known what is inside?
    bool refused{false};   ///< the ICV is wrong
    unsigned inputs{1};    ///< how often it comes
};

/// Octets from one offset on.
Octets
From(const Octets& octets, size_t offset)
{
    if (offset > octets.size())
    {
        throw VectorError("a packet is too short");
    }
    return Octets(octets.begin() + static_cast<std::ptrdiff_t>(offset), octets.end());
}

/// Algorithms and keys of a case; nothing, with a reason, when one of them is not ours.
std::optional<IpsecSa>
ReadSa(const json& object, std::string& reason)
{
    const std::string encr = object.at("encr");
    const std::string integ = object.at("integ");
    const auto cipher = CIPHERS.find(encr);
    const auto integrity = INTEGRITIES.find(integ);
    if (cipher == CIPHERS.end() || integrity == INTEGRITIES.end())
    {
        reason = (cipher == CIPHERS.end() ? encr : integ) + " is not implemented";
        return std::nullopt;
    }
    IpsecSa sa;
    sa.pair = 1;
    sa.connection = 1;
    sa.source = IpAddress::V4(1);
    sa.destination = IpAddress::V4(2);
    sa.cipher = cipher->second;
    sa.cipherKey = Concat({HexOf(object, "encr_key"), HexOf(object, "salt")});
    sa.integrity = integrity->second;
    sa.integrityKey = HexOf(object, "integ_key");
    return sa;
}

/// What stands behind the IP header, and the number of its protocol.
EspPlaintext
TakeIpHeaderOff(const Octets& packet)
{
    if (From(packet, 0).empty())
    {
        throw VectorError("an empty packet");
    }
    if (packet[0] >> 4 == 4)
    {
        return {From(packet, (packet[0] & 15U) * 4U), From(packet, 9).at(0)};
    }
    const Octets rest = From(packet, 40);
    if (packet[6] != PROTOCOL_HOP_BY_HOP)
    {
        return {rest, packet[6]};
    }
    return {From(rest, 8U * (rest.at(1) + 1U)), rest.at(0)};
}

/// Complete a vector: SPI, outer header, and selectors of the inner packet's version.
EspVector
Complete(EspVector vector)
{
    const auto spi = ReadEspSpi(vector.esp);
    if (!spi)
    {
        throw VectorError("an ESP packet without an SPI");
    }
    vector.sa.spi = *spi;
    if (vector.outer.source.IsNone())
    {
        vector.outer = OuterHeader{vector.sa.source, vector.sa.destination};
    }
    vector.sa.source = vector.outer.source;
    vector.sa.destination = vector.outer.destination;
    const bool v6 = !vector.inner.empty() && vector.inner[0] >> 4 == 6;
    const IpPrefix any{IpAddress::FromOctets(Octets(v6 ? 16 : 4)), 0};
    vector.sa.innerSource = any;
    vector.sa.innerDestination = any;
    return vector;
}

// --- What is checked -----------------------------------------------------------------------------

/// The packet is opened, or refused.
void
CheckOpening(VectorRun& run, VectorTrial& trial, const EspVector& vector)
{
    auto packet = CutEsp(vector.sa, vector.esp);
    if (!packet)
    {
        trial.That("too short for its algorithms", false);
        return;
    }
    packet->sequenceHigh = vector.high;
    const uint64_t sequence = static_cast<uint64_t>(vector.high) << 32 | packet->sequence;
    const EspOpening opening = OpenEsp(run.crypto, vector.sa, *packet);
    const DropReason reason = vector.refused ? DropReason::BadIcv : DropReason::None;
    trial.That("opening it gives \"" + ToString(opening.reason) + "\", not \"" + ToString(reason) +
                   "\"",
               opening.reason == reason);
    if (vector.refused || opening.reason != reason)
    {
        return;
    }
    if (vector.known)
    {
        trial.Equal("payload", opening.plain.payload, vector.expected.payload);
        trial.That("next header", opening.plain.nextHeader == vector.expected.nextHeader);
    }
    // with IV and sequence number of the packet itself, the same octets must come out
    trial.Equal("the same packet, protected again",
                ProtectEsp(run.crypto, vector.sa, opening.plain, sequence, packet->iv),
                vector.esp);
}

/// A whole data plane accepts it as often as it should.
void
CheckPlane(VectorRun& run, VectorTrial& trial, const EspVector& vector)
{
    IpsecDataPlane plane{RandomKey{}};
    plane.InstallInbound(vector.sa);
    if (vector.high == 1)
    {
        // the last number before the next half takes the window there (RFC 4303 A2)
        const Octets iv(IvLengthOf(vector.sa.cipher));
        const Octets last = ProtectEsp(run.crypto, vector.sa, vector.expected, 0xffffffff, iv);
        plane.Inbound(Instant{0}, vector.outer, last, run.crypto);
    }
    const bool isDummy = vector.known && vector.expected.nextHeader == PROTOCOL_NONE;
    for (unsigned i = 0; i < vector.inputs; ++i)
    {
        const auto got = plane.Inbound(Instant{0}, vector.outer, vector.esp, run.crypto);
        const DropReason reason = i > 0 && vector.sa.replayWindow != 0 ? DropReason::Replayed
                                  : isDummy                            ? DropReason::Dummy
                                                                       : DropReason::None;
        trial.That("the data plane says \"" + ToString(got.verdict.reason) + "\"",
                   got.verdict.reason == reason);
        if (reason == DropReason::None && vector.known)
        {
            trial.Equal("inner packet", got.inner, vector.inner);
        }
    }
}

/// In parts of their own stand packets that must be refused, and those that come more than once: a
/// reader of these formats that forgot about them would open all the others.
void
RunVector(VectorRun& run, const EspVector& vector)
{
    const std::string part = vector.refused      ? "esp refused"
                             : vector.inputs > 1 ? "esp repeated"
                                                 : "esp";
    run.book.Run(part, vector.name, [&](VectorTrial& trial) {
        CheckOpening(run, trial, vector);
        if (!vector.refused)
        {
            CheckPlane(run, trial, vector);
        }
    });
}

// --- Formats -------------------------------------------------------------------------------------

/// A case of OpenDataPlane: whole IP packets, before and after.
void
RunOdpCase(VectorRun& run, const json& object)
{
    const Octets packet = NeedHex(object, "packet_in");
    const EspPlaintext outer = TakeIpHeaderOff(packet);
    const bool isUdp = outer.nextHeader == PROTOCOL_UDP;
    if (object.at("proto") != "esp" || !(outer.nextHeader == PROTOCOL_ESP || isUdp))
    {
        run.book.Skip("esp", "AH is not implemented");
        return;
    }
    std::string reason;
    const auto sa = ReadSa(object, reason);
    if (!sa)
    {
        run.book.Skip("esp", reason);
        return;
    }
    EspVector vector;
    vector.name = object.at("name");
    vector.sa = *sa;
    const auto whole = ReadIpPacket(packet);
    if (!whole)
    {
        throw VectorError("packet_in is no IP packet");
    }
    vector.outer = whole->header;
    if (isUdp)
    {
        vector.sa.udp = UdpEncapsulation();
        vector.outer.udp = vector.sa.udp;
    }
    vector.esp = isUdp ? From(outer.payload, 8) : outer.payload; // RFC 3948 2.1: behind UDP
    vector.sa.transport = object.at("mode") == "transport";
    vector.refused = object.at("check").at("icv_ok") == false;
    vector.inputs = object.at("n_inputs");
    const bool antiReplay = object.at("expect_error") == json::array({"antireplay"});
    vector.sa.replayWindow = antiReplay ? 64 : 0;
    vector.expected.nextHeader = object.at("check").at("next_header");
    if (!vector.refused && vector.expected.nextHeader != PROTOCOL_NONE) // else: a dummy is empty
    {
        vector.inner = NeedHex(object, "expected");
        vector.expected.payload =
            vector.sa.transport ? TakeIpHeaderOff(vector.inner).payload : vector.inner;
    }
    RunVector(run, Complete(vector));
}

/// A case with ESP from the SPI on, and an IP packet inside.
void
RunPlainCase(VectorRun& run, const json& object)
{
    const bool checked = object.contains("check");
    if (checked && object.at("check").empty())
    {
        run.book.Skip("esp", "the file does not say what is inside");
        return;
    }
    const json& inside = checked ? object.at("check") : object;
    std::string reason;
    const auto sa = ReadSa(object, reason);
    if (!sa)
    {
        run.book.Skip("esp", reason);
        return;
    }
    EspVector vector;
    vector.name = object.at("name");
    vector.sa = *sa;
    vector.esp = NeedHex(object, "esp");
    vector.expected.payload = NeedHex(inside, checked ? "inner" : "payload");
    vector.expected.nextHeader = inside.at("next_header");
    vector.inner = vector.expected.payload;
    const json high = inside.value("esn_hi", json());
    vector.sa.extendedSequence = !high.is_null();
    vector.high = high.is_null() ? 0 : high.get<uint32_t>();
    RunVector(run, Complete(vector));
}

} // namespace

void
RunEspPacket(VectorRun& run,
             const std::string& name,
             const json& sa,
             const Octets& esp,
             const std::optional<Octets>& inner)
{
    std::string reason;
    const auto read = ReadSa(sa, reason);
    if (!read)
    {
        run.book.Skip("esp", reason);
        return;
    }
    EspVector vector;
    vector.name = name;
    vector.sa = *read;
    vector.esp = esp;
    if (sa.at("integ") == "unknown-96" && esp.size() > 12)
    {
        vector.esp.resize(esp.size() - 12);
        run.book.Note("without its key the ICV of 96 bits is taken off, not checked");
    }
    vector.known = inner.has_value();
    vector.inner = inner.value_or(Octets());
    vector.expected = {vector.inner, PROTOCOL_IPV4};
    if (inner && !inner->empty() && inner->front() >> 4 == 6)
    {
        vector.expected.nextHeader = PROTOCOL_IPV6;
    }
    RunVector(run, Complete(vector));
}

std::vector<VectorFormat>
MakeEspFormats()
{
    const auto cases = [](const std::string& member) {
        return [member](const json& file) { return FirstHas(file, "cases", {"encr", member}); };
    };
    const auto each = [](void (*runCase)(VectorRun&, const json&)) {
        return [runCase](VectorRun& run, const json& file) {
            ForEach(file, "cases", [&](const json& object) { runCase(run, object); });
        };
    };
    return {
        {"ESP cases with IP packets (OpenDataPlane)", cases("packet_in"), each(RunOdpCase)},
        {"ESP cases", cases("esp"), each(RunPlainCase)},
        MakeSkippedFormat(
            "packets and keys by name (OpenDataPlane)",
            [](const json& file) { return file.contains("packets") && file.contains("keys"); },
            "packets",
            "packets without their SAs; a file of cases says which belong together"),
    };
}

} // namespace tests
} // namespace ike
} // namespace ns3
