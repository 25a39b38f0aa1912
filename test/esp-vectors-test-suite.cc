/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ike-vectors.h"

#include "ns3/esp-transform.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/test.h"

#include <map>

namespace ns3
{
namespace ike
{
namespace tests
{

using nlohmann::json;

namespace
{

constexpr uint8_t PROTOCOL_HOP_BY_HOP = 0;
constexpr uint8_t PROTOCOL_UDP = 17;
constexpr uint8_t PROTOCOL_ESP = 50;

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
    bool refused{false};   ///< the ICV is wrong
    unsigned inputs{1};    ///< how often it comes
};

/// Octets from one offset on.
Octets
From(const Octets& octets, size_t offset)
{
    return Octets(octets.begin() + static_cast<std::ptrdiff_t>(offset), octets.end());
}

/// Algorithms and keys of a case; nothing when one of the algorithms is not ours.
std::optional<IpsecSa>
ReadSa(const json& object)
{
    static const std::map<std::string, CipherAlgorithm> ciphers{
        {"null", CipherAlgorithm::Null},
        {"des-cbc", CipherAlgorithm::DesCbc},
        {"3des-cbc", CipherAlgorithm::TripleDesCbc},
        {"aes-cbc", CipherAlgorithm::AesCbc},
        {"aes-ctr", CipherAlgorithm::AesCtr},
        {"aes-gcm", CipherAlgorithm::AesGcm16},
        {"aes-gmac", CipherAlgorithm::AesGmac},
        {"chacha20-poly1305", CipherAlgorithm::ChaCha20Poly1305}};
    static const std::map<std::string, IntegrityAlgorithm> integrities{
        {"none", IntegrityAlgorithm::None},
        {"unknown-96", IntegrityAlgorithm::None},
        {"hmac-md5-96", IntegrityAlgorithm::HmacMd5_96},
        {"hmac-sha1-96", IntegrityAlgorithm::HmacSha1_96},
        {"hmac-sha256-128", IntegrityAlgorithm::HmacSha256_128},
        {"hmac-sha384-192", IntegrityAlgorithm::HmacSha384_192},
        {"hmac-sha512-256", IntegrityAlgorithm::HmacSha512_256},
        {"aes-xcbc-96", IntegrityAlgorithm::AesXcbc96}};
    const auto cipher = ciphers.find(object.at("encr").get<std::string>());
    const auto integrity = integrities.find(object.at("integ").get<std::string>());
    if (cipher == ciphers.end() || integrity == integrities.end())
    {
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
    if (packet.at(0) >> 4 == 4)
    {
        return {From(packet, (packet[0] & 15U) * 4U), packet.at(9)};
    }
    const Octets rest = From(packet, 40);
    if (packet.at(6) != PROTOCOL_HOP_BY_HOP)
    {
        return {rest, packet[6]};
    }
    return {From(rest, 8U * (rest.at(1) + 1U)), rest.at(0)};
}

/// Complete a vector: SPI, outer header, and selectors of the inner packet's version.
EspVector
Complete(EspVector vector)
{
    vector.sa.spi = ReadEspSpi(vector.esp).value();
    if (vector.outer.source.IsNone())
    {
        vector.outer = OuterHeader{vector.sa.source, vector.sa.destination};
    }
    vector.sa.source = vector.outer.source;
    vector.sa.destination = vector.outer.destination;
    const bool v6 = !vector.inner.empty() && vector.inner[0] >> 4 == 6;
    vector.sa.innerSource = IpPrefix{IpAddress::FromOctets(Octets(v6 ? 16 : 4)), 0};
    vector.sa.innerDestination = vector.sa.innerSource;
    return vector;
}

/// A case of OpenDataPlane: whole IP packets, before and after. Nothing when it is no ESP of ours.
std::optional<EspVector>
ReadOdpCase(const json& object)
{
    const auto sa = ReadSa(object);
    const Octets packet = HexOf(object, "packet_in");
    const EspPlaintext outer = TakeIpHeaderOff(packet);
    const bool isUdp = outer.nextHeader == PROTOCOL_UDP;
    if (!sa || object.at("proto") != "esp" || !(outer.nextHeader == PROTOCOL_ESP || isUdp))
    {
        return std::nullopt;
    }
    EspVector vector;
    vector.name = object.at("name");
    vector.sa = *sa;
    vector.outer = ReadIpPacket(packet).value().header;
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
    if (vector.refused)
    {
        return Complete(vector);
    }
    vector.expected.nextHeader = object.at("check").at("next_header");
    if (vector.expected.nextHeader != 59) // a dummy, with nothing in it
    {
        vector.inner = HexOf(object, "expected");
        vector.expected.payload =
            vector.sa.transport ? TakeIpHeaderOff(vector.inner).payload : vector.inner;
    }
    return Complete(vector);
}

/// A case of the Linux kernel or of RUB: ESP from the SPI on, with an IP packet inside.
std::optional<EspVector>
ReadPlainCase(const json& object)
{
    const auto sa = ReadSa(object);
    if (!sa || (object.contains("check") && object.at("check").empty()))
    {
        return std::nullopt;
    }
    const bool checked = object.contains("check");
    const json& inside = checked ? object.at("check") : object;
    EspVector vector;
    vector.name = object.at("name");
    vector.sa = *sa;
    vector.esp = HexOf(object, "esp");
    vector.expected.payload = HexOf(inside, checked ? "inner" : "payload");
    vector.inner = vector.expected.payload;
    vector.expected.nextHeader = inside.at("next_header");
    const json high = inside.value("esn_hi", json());
    vector.sa.extendedSequence = !high.is_null();
    vector.high = high.is_null() ? 0 : high.get<uint32_t>();
    return Complete(vector);
}

/// A recorded packet with the SA that has its SPI; nothing when its algorithms are not ours.
std::optional<EspVector>
ReadCapturedCase(const json& message, const json& sas)
{
    const Octets data = HexOf(message, "data");
    for (const json& object : sas)
    {
        const auto sa = ReadSa(object);
        const std::string spi = object.at("spi");
        if (!sa || *FromHex(spi.substr(2)) != Octets(data.begin(), data.begin() + 4))
        {
            continue;
        }
        EspVector vector;
        vector.name = "frame " + std::to_string(message.at("frame").get<int>());
        vector.sa = *sa;
        vector.esp = data;
        // Without its key the ICV cannot be verified: 96 bits are taken off.
        vector.esp.resize(data.size() - (object.at("integ") == "unknown-96" ? 12 : 0));
        vector.expected.payload = HexOf(message.at("decrypted"), "plaintext");
        vector.inner = vector.expected.payload;
        vector.expected.nextHeader = message.at("decrypted").at("next_header");
        return Complete(vector);
    }
    return std::nullopt;
}

/// All vectors of a file that we can run, and how many we cannot: their algorithms or their
/// protocol are not ours.
std::vector<EspVector>
ReadVectors(const json& file, unsigned& skipped)
{
    std::vector<EspVector> vectors;
    const auto keep = [&](const std::optional<EspVector>& vector) {
        if (vector)
        {
            vectors.push_back(*vector);
        }
        skipped += vector ? 0 : 1;
    };
    for (const json& object : file.value("cases", json::array()))
    {
        keep(object.contains("packet_in") ? ReadOdpCase(object) : ReadPlainCase(object));
    }
    for (const json& message : file.value("messages", json::array()))
    {
        if (message.at("kind") == "esp")
        {
            keep(ReadCapturedCase(message, file.at("esp_sas")));
        }
    }
    return vectors;
}

/// How many vectors ran, by what was tried with them.
struct VectorCounts
{
    unsigned opened{0};   ///< inbound: the expected payload came out
    unsigned refused{0};  ///< inbound: the wrong ICV was found
    unsigned sealed{0};   ///< outbound: the same octets came out
    unsigned carried{0};  ///< inbound through a data plane: the whole packet came out
    unsigned repeated{0}; ///< came more than once, with and without anti-replay
    unsigned skipped{0};  ///< not ours
};

} // namespace

/// The packets of one file, inbound and outbound.
class EspVectorsTestCase : public TestCase
{
  public:
    EspVectorsTestCase(const std::string& file, const VectorCounts& expected)
        : TestCase("vectors of " + file.substr(file.find('/') + 1)),
          m_file(file),
          m_expected(expected)
    {
    }

  private:
    void DoRun() override
    {
        const auto file = LoadVectors(m_file);
        if (!file)
        {
            return;
        }
        m_ran = VectorCounts{};
        for (const EspVector& vector : ReadVectors(*file, m_ran.skipped))
        {
            Open(vector);
            if (!vector.refused)
            {
                Protect(vector);
                Repeat(vector);
                PassThroughPlane(vector);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(m_ran.opened, m_expected.opened, "opened");
        NS_TEST_EXPECT_MSG_EQ(m_ran.refused, m_expected.refused, "refused");
        NS_TEST_EXPECT_MSG_EQ(m_ran.sealed, m_expected.sealed, "protected");
        NS_TEST_EXPECT_MSG_EQ(m_ran.carried, m_expected.carried, "through a data plane");
        NS_TEST_EXPECT_MSG_EQ(m_ran.skipped, m_expected.skipped, "skipped");
        NS_TEST_EXPECT_MSG_EQ(m_ran.repeated, m_expected.repeated, "repeated");
    }

    void Open(const EspVector& vector)
    {
        auto packet = CutEsp(vector.sa, vector.esp);
        NS_TEST_ASSERT_MSG_EQ(packet.has_value(), true, vector.name);
        packet->sequenceHigh = vector.high;
        const EspOpening opening = OpenEsp(*m_provider, vector.sa, *packet);
        const DropReason reason = vector.refused ? DropReason::BadIcv : DropReason::None;
        NS_TEST_ASSERT_MSG_EQ(ToString(opening.reason), ToString(reason), vector.name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(opening.plain.payload),
                              ToHex(vector.expected.payload),
                              vector.name);
        NS_TEST_EXPECT_MSG_EQ(+opening.plain.nextHeader, +vector.expected.nextHeader, vector.name);
        (vector.refused ? m_ran.refused : m_ran.opened)++;
    }

    /// With IV and sequence number of the packet itself, the same octets must come out.
    void Protect(const EspVector& vector)
    {
        const auto packet = CutEsp(vector.sa, vector.esp);
        const uint64_t sequence = static_cast<uint64_t>(vector.high) << 32 | packet->sequence;
        const Octets esp =
            ProtectEsp(*m_provider, vector.sa, vector.expected, sequence, packet->iv);
        NS_TEST_ASSERT_MSG_EQ(ToHex(esp), ToHex(vector.esp), vector.name);
        m_ran.sealed++;
    }

    void PassThroughPlane(const EspVector& vector)
    {
        IpsecDataPlane plane{RandomKey{}};
        plane.InstallInbound(vector.sa);
        if (vector.high == 1)
        {
            // The number before the first of the next subspace takes the window there.
            const Octets iv(IvLengthOf(vector.sa.cipher));
            const Octets last = ProtectEsp(*m_provider, vector.sa, vector.expected, 0xffffffff, iv);
            plane.Inbound(Instant{0}, vector.outer, last, *m_provider);
        }
        const auto got = plane.Inbound(Instant{0}, vector.outer, vector.esp, *m_provider);
        const std::string reason = vector.expected.nextHeader == 59 ? "dummy" : "none";
        NS_TEST_ASSERT_MSG_EQ(ToString(got.verdict.reason), reason, vector.name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(got.inner), ToHex(vector.inner), vector.name);
        m_ran.carried++;
    }

    /// The same packet again: replayed with a window, good without one.
    void Repeat(const EspVector& vector)
    {
        if (vector.inputs == 1)
        {
            return;
        }
        const std::string again = vector.sa.replayWindow == 0 ? "none" : "replayed";
        EspReplayWindow window(vector.sa.replayWindow);
        const uint32_t sequence = CutEsp(vector.sa, vector.esp)->sequence;
        NS_TEST_EXPECT_MSG_EQ(ToString(window.Check(sequence)), "none", vector.name);
        window.Accept(sequence);
        NS_TEST_EXPECT_MSG_EQ(ToString(window.Check(sequence)), again, vector.name);
        m_ran.repeated++;
    }

    std::string m_file;                                                ///< below IKE_VECTORS
    VectorCounts m_expected;                                           ///< must run
    VectorCounts m_ran;                                                ///< did run
    std::unique_ptr<CryptoProvider> m_provider{MakeOpensslProvider()}; ///< real cryptography
};

/// ESP packets of other people's implementations.
class EspVectorsTestSuite : public TestSuite
{
  public:
    EspVectorsTestSuite()
        : TestSuite("esp-vectors", Type::UNIT)
    {
        Add("esp/odp_ipsec_inbound.json", {32, 1, 32, 32, 2, 17});
        Add("esp/rub_esp_withauth.json", {1, 0, 1, 1, 0, 0});
        Add("esp/scapy_linux_esp.json", {8, 0, 8, 8, 0, 3});
        Add("captures/tcpdump_02-sunrise-sunset-esp.json", {8, 0, 8, 8, 0, 0});
        Add("captures/tcpdump_08-sunrise-sunset-aes.json", {8, 0, 8, 8, 0, 0});
        Add("captures/tcpdump_espudp1.json", {8, 0, 8, 8, 0, 0});
        Add("captures/ncp_ikev2_esp_gcm_ctr_cbc.json", {24, 0, 24, 24, 0, 0});
    }

  private:
    void Add(const std::string& file, const VectorCounts& expected)
    {
        AddTestCase(new EspVectorsTestCase(file, expected), TestDuration::QUICK);
    }
};

static EspVectorsTestSuite g_espVectorsTestSuite; ///< registers itself

} // namespace tests
} // namespace ike
} // namespace ns3
