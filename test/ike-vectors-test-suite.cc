/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ike-vectors-directory.h"

#include "ns3/ike-engine.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/ike-message-rules.h"
#include "ns3/ike-message.h"
#include "ns3/test.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

using nlohmann::json;

/// What must at least pass of a file, if it is there: a format that is not known any more would
/// skip its vectors in silence.
struct LeastPassed
{
    const char* file;
    unsigned vectors;
    const char* part{""}; ///< of the file; empty: all of it
};

const LeastPassed LEAST_PASSED[] = {
    {"captures/ikev1-certs.json", 14},
    {"captures/ncp_ikev2_esp_gcm_ctr_cbc.json", 24},
    {"captures/rub_nds_handshakes.json", 85},
    {"captures/tcpdump_02-sunrise-sunset-esp.json", 8},
    {"captures/tcpdump_08-sunrise-sunset-aes.json", 8},
    {"captures/tcpdump_espudp1.json", 8},
    {"captures/tcpdump_isakmp4500.json", 8},
    {"dh/acvp_safeprimes_modp2048.json", 13},
    {"dh/modp_groups.json", 6},
    {"dh/nist_ecc_cdh.json", 75},
    {"dh/rfc5903.json", 2},
    {"dh/strongswan_ke.json", 9},
    {"esp/odp_ipsec_inbound.json", 33},
    {"esp/odp_ipsec_inbound.json", 1, "esp refused"},
    {"esp/odp_ipsec_inbound.json", 2, "esp repeated"},
    {"esp/rub_esp_withauth.json", 1},
    {"esp/scapy_linux_esp.json", 8},
    {"kdf/nist_cavs_ikev1_dsa.json", 220},
    {"kdf/nist_cavs_ikev1_psk.json", 220},
    {"kdf/nss_ike_vectors.json", 36},
    {"kdf/rub_session_secrets.json", 2},
    {"malformed/malformed_and_seeds.json", 58},
    {"malformed/openiked_fuzz_corpus_sample2500_hexlines.txt", 2500},
    {"peers/ikev1-aggr-psk-aes128-sha1-modp2048.json", 55},
    {"peers/ikev1-main-psk-3des-sha1-modp1024.json", 65},
    {"peers/ikev1-main-psk-aes128-sha1-modp2048-natt.json", 65},
    {"peers/ikev1-main-psk-aes128-sha1-modp2048-pfs-dpd.json", 81},
    {"peers/ikev1-main-psk-aes128-sha1-modp2048.json", 65},
    {"peers/ikev1-neg-no-proposal.json", 6},
    {"peers/ikev1-neg-wrong-psk.json", 28},
    {"peers/ikev2-psk-aes128-sha1-modp2048.json", 6},
};

/// All that others have recorded or published, as `ns3-ike vectors` runs it.
class VectorFolder : public TestCase
{
  public:
    VectorFolder()
        : TestCase("every vector of the folder passes")
    {
    }

  private:
    void DoRun() override
    {
        if (VectorsFolder().empty())
        {
            LoadVectors("README.md"); // says that it is skipped
            return;
        }
        const auto crypto = MakeOpensslProvider();
        const auto silent = [](const std::string&, size_t, size_t) {};
        for (const auto& r : RunVectorDirectory(VectorsFolder(), *crypto, silent).files)
        {
            Check(r);
        }
    }

    void Check(const VectorFileResult& r)
    {
        NS_TEST_EXPECT_MSG_EQ(r.error, "", r.file);
        for (const std::string& failure : r.book.GetFailures())
        {
            NS_TEST_EXPECT_MSG_EQ(failure, "", r.file);
        }
        for (const LeastPassed& least : LEAST_PASSED)
        {
            if (r.file == least.file)
            {
                NS_TEST_EXPECT_MSG_GT_OR_EQ(CountPassed(r.book, least.part),
                                            least.vectors,
                                            r.file << " " << least.part);
            }
        }
    }

    static unsigned CountPassed(const VectorBook& book, const std::string& part)
    {
        unsigned passed = 0;
        for (const auto& [name, counts] : book.GetParts())
        {
            passed += part.empty() || part == name ? counts.passed : 0;
        }
        return passed;
    }
};

/// A test of libreswan: RFC 2409 5 demands that SA is first.
class VendorIdFirst : public TestCase
{
  public:
    VendorIdFirst()
        : TestCase("a recorded message that breaks the rules")
    {
    }

  private:
    void DoRun() override
    {
        const auto file = LoadVectors("captures/lsw_01-isakmp-vid-first.json");
        if (!file)
        {
            return;
        }
        const Parsed<Message> read = ReadMessage(NeedHex(file->at("messages")[0], "data"));
        NS_TEST_ASSERT_MSG_EQ(read.error.text, "", "it is a message");
        NS_TEST_EXPECT_MSG_EQ(
            CheckRules(*read.value, ExchangeType::IdentityProtection, 1).value_or(""),
            "SA is not the first payload",
            "against the rules");
    }
};

/// A file that this test made up, and what must become of it.
struct MadeUpFile
{
    std::string name;    ///< of the file
    std::string text;    ///< what is in it
    unsigned passed;     ///< vectors
    unsigned failed;     ///< vectors
    unsigned skipped;    ///< vectors
    std::string error;   ///< the file is wrong: a part of what is said
    std::string failure; ///< a vector failed: a part of what is said
};

/// A vector of the form of NIST CAVS, whose answer the module itself computed.
json
MakeCavs(CryptoProvider& crypto)
{
    const Octets ni(8, 1);
    const Octets nr(8, 2);
    const Octets shared(16, 3);
    const Octets i(8, 4);
    const Octets r(8, 5);
    const SkeyidFamily keys =
        DeriveSkeyidPsk(crypto, HashAlgorithm::Sha1, ToOctets("k"), ni, nr, shared, i, r);
    json test = {{"ni", ToHex(ni)},
                 {"nr", ToHex(nr)},
                 {"cky_i", ToHex(i)},
                 {"cky_r", ToHex(r)},
                 {"g_xy", ToHex(shared)},
                 {"psk", ToHex(ToOctets("k"))},
                 {"skeyid", ToHex(keys.skeyid)},
                 {"skeyid_d", ToHex(keys.d)},
                 {"skeyid_a", ToHex(keys.a)},
                 {"skeyid_e", ToHex(keys.e)}};
    return {
        {"groups",
         {{{"hash", "SHA-1"}, {"tests", {test}}}, {{"hash", "SHA-224"}, {"tests", {test, test}}}}}};
}

/// The runner itself: it counts right, it can fail, and says where a file is wrong.
class MadeUpFiles : public TestCase
{
  public:
    MadeUpFiles()
        : TestCase("made-up files: good, wrong, malformed, unknown")
    {
    }

  private:
    std::vector<MadeUpFile> MakeFiles()
    {
        const json good = MakeCavs(*m_crypto);
        const auto with = [&good](const std::string& member, const json& value) {
            json changed = good;
            changed["groups"][0]["tests"][0][member] = value;
            return changed.dump();
        };
        json without = good;
        without["groups"][0]["tests"][0].erase("nr");
        const std::string zeros(40, '0');
        return {
            {"good.json", good.dump(), 1, 0, 2, "", ""},
            {"wrong.json", with("skeyid_a", zeros), 0, 1, 2, "", "SKEYID_a differs from octet 0"},
            {"nohex.json",
             with("ni", "0x"),
             0,
             0,
             0,
             "groups[0]: tests[0]: ni is not hexadecimal",
             ""},
            {"type.json", with("ni", 7), 0, 0, 0, "groups[0]: tests[0]: ", ""},
            {"lacks.json", without.dump(), 0, 0, 0, "groups[0]: tests[0]: ", ""},
            {"cut.json", "{\n  \"groups\": [", 0, 0, 0, "line 2, column ", ""},
            {"other.json", "{\"a\": 1}", 0, 0, 1, "", ""},
            {"other.txt", "nothing of the kind\n", 0, 0, 1, "", ""},
            {"lines.txt", "00ff\n\n2aa1\n", 2, 0, 0, "", ""},
            {"lines2.txt", "00ff\n2ax1\n", 1, 0, 0, "line 2 is not hexadecimal", ""},
            {"cut.pcap",
             std::string("\xd4\xc3\xb2\xa1") + std::string(26, '\1'),
             0,
             0,
             0,
             "octet ",
             ""},
        };
    }

    void DoRun() override
    {
        for (const MadeUpFile& f : MakeFiles())
        {
            const auto r = RunVectorOctets(f.name, f.name, ToOctets(f.text), *m_crypto);
            const VectorCounts total = r.book.Total();
            NS_TEST_EXPECT_MSG_EQ(total.passed, f.passed, f.name);
            NS_TEST_EXPECT_MSG_EQ(total.failed, f.failed, f.name);
            NS_TEST_EXPECT_MSG_EQ(total.Skipped(), f.skipped, f.name);
            NS_TEST_EXPECT_MSG_EQ(r.error.empty(), f.error.empty(), f.name << ": " << r.error);
            NS_TEST_EXPECT_MSG_NE(r.error.find(f.error), std::string::npos, r.error);
            const auto& failures = r.book.GetFailures();
            const std::string failure = failures.empty() ? "" : failures.front();
            NS_TEST_EXPECT_MSG_NE(failure.find(f.failure), std::string::npos, failure);
        }
    }

    std::unique_ptr<CryptoProvider> m_crypto = MakeOpensslProvider(); ///< real cryptography
};

/// What a replay tells an engine: values drawn before keyed ones, and a sender's habits.
class RecordedValues : public TestCase
{
  public:
    RecordedValues()
        : TestCase("recorded values and habits are used, and used up")
    {
    }

  private:
    static Engine MakeEngine(const WireStyle& style)
    {
        EngineConfig config;
        config.policies.push_back(IsakmpPolicy());
        config.policies[0].authentication = AuthMethod::PreSharedKey;
        config.keys.push_back(PreSharedKey{"", IpPrefix::AnyV4(), ToOctets("k"), std::nullopt});
        ConnectionConfig c;
        c.id = 1;
        c.local = IpAddress::V4(1);
        c.peer = IpAddress::V4(2);
        c.stayUp = false;
        c.transformSets.push_back(EspTransformSet());
        config.connections.push_back(c);
        config.style = style;
        return Engine(std::make_shared<const EngineConfig>(config), RandomKey{});
    }

    /// The first message of an engine; empty when it sends none.
    Octets FirstMessage(Engine& engine)
    {
        engine.Handle(Instant{0}, LinkChangeInput{1, true}, *m_crypto);
        for (const Action& a : engine.Handle(Instant{0}, AcquireInput{1}, *m_crypto))
        {
            if (const auto* send = std::get_if<SendAction>(&a))
            {
                return send->octets;
            }
        }
        return {};
    }

    void DoRun() override
    {
        RecordedRandom recorded;
        recorded.values[RandomPurpose::Cookie] = {Octets(8, 7), Octets(8, 9)};
        WireStyle style;
        style.vendorIds = std::vector<Octets>{Octets(4, 5)};
        Engine keyed = MakeEngine(WireStyle());
        Engine replayed = MakeEngine(style);
        replayed.ReplayRandom(recorded);
        Engine copy = replayed;
        const Parsed<Message> own = ReadMessage(FirstMessage(keyed));
        const Octets octets = FirstMessage(replayed);
        const Parsed<Message> said = ReadMessage(octets);
        NS_TEST_ASSERT_MSG_EQ(own.error.text + said.error.text, "", "both begin");
        const Cookie sevens{7, 7, 7, 7, 7, 7, 7, 7};
        NS_TEST_EXPECT_MSG_EQ((said.value->header.initiatorCookie == sevens), true, "recorded");
        NS_TEST_EXPECT_MSG_EQ((own.value->header.initiatorCookie == sevens), false, "keyed");
        NS_TEST_EXPECT_MSG_EQ(said.value->FindAll<VendorIdPayload>().size(), 1, "vendor IDs");
        NS_TEST_EXPECT_MSG_EQ(ToHex(FirstMessage(copy)), ToHex(octets), "a copy has them, too");
    }

    std::unique_ptr<CryptoProvider> m_crypto = MakeOpensslProvider(); ///< real cryptography
};

/// Answers that nobody of the project wrote.
class IkeVectorsTestSuite : public TestSuite
{
  public:
    IkeVectorsTestSuite()
        : TestSuite("ike-vectors", Type::UNIT)
    {
        AddTestCase(new MadeUpFiles, TestDuration::QUICK);
        AddTestCase(new RecordedValues, TestDuration::QUICK);
        AddTestCase(new VendorIdFirst, TestDuration::QUICK);
        AddTestCase(new VectorFolder, TestDuration::QUICK);
    }
};

IkeVectorsTestSuite g_ikeVectorsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
