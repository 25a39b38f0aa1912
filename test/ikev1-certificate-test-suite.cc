/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-fixture.h"
#include "ike-lab-fixture.h"
#include "ike-test-pki.h"
#include "ike-vectors.h"

#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/ike-message-rules.h"
#include "ns3/ike-message.h"

#include <map>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

constexpr int64_t YEAR_2026 = 1767225600; ///< 2026-01-01, where all validities begin but one
constexpr int64_t YEAR_2027 = 1798761600; ///< 2027-01-01
constexpr int64_t YEAR_2028 = 1830297600; ///< 2028-01-01
constexpr int64_t YEAR_2031 = 1924992000; ///< 2031-01-01, where they have ended

std::vector<Octets>
Certificates(const std::vector<std::string>& names)
{
    std::vector<Octets> all;
    for (const std::string& name : names)
    {
        all.push_back(PkiFile(name + ".crt"));
    }
    return all;
}

// --- The provider --------------------------------------------------------------------------------

void
Facts(LabTest& t)
{
    const auto facts = GetLabCrypto()->ReadCertificate(PkiFile("r1.crt"));
    const auto issuer = GetLabCrypto()->ReadCertificate(PkiFile("root.crt"));
    t.ExpectEqual(facts->subjectText, "CN=r1,O=Example", "subject");
    t.ExpectEqual(GetLabCrypto()->ReadName(facts->subject).value(), "CN=r1,O=Example", "name");
    t.Expect(facts->issuer == issuer->subject && issuer->issuer == issuer->subject, "issuer");
    t.ExpectEqual(facts->addresses.at(0).ToString(), "10.0.0.1", "address");
    t.ExpectEqual(facts->hosts.at(0), "r1.example.org", "host");
    t.ExpectEqual(facts->mails.at(0), "admin@r1.example.org", "mail");
    t.ExpectEqual(facts->notBefore, YEAR_2026, "not before");
    t.ExpectEqual(facts->notAfter, YEAR_2031 - 1, "not after");
}

/// Every cut of a certificate, and one octet too many: read or refused, never a crash.
void
CutCertificates(LabTest& t)
{
    Octets octets = PkiFile("r1.crt");
    octets.push_back(0);
    t.Expect(!GetLabCrypto()->ReadCertificate(octets), "an octet behind it");
    while (octets.size() > 1)
    {
        octets.pop_back();
        const bool whole = octets == PkiFile("r1.crt");
        t.Expect(GetLabCrypto()->ReadCertificate(octets).has_value() == whole,
                 std::to_string(octets.size()) + " octets");
        t.Expect(GetLabCrypto()->ReadName(octets) == std::nullopt, "no name");
        octets.resize(whole ? octets.size() : octets.size() - octets.size() % 7);
    }
    t.Expect(!GetLabCrypto()->ReadCertificate({}), "nothing");
}

struct ChainCase
{
    std::vector<std::string> chain;   ///< names of files
    std::vector<std::string> anchors; ///< names of files
    int64_t second;                   ///< of the calendar
    ChainFault fault;                 ///< what is expected
};

void
Chains(LabTest& t)
{
    using F = ChainFault;
    const std::vector<ChainCase> cases{
        {{"r1"}, {"root"}, YEAR_2026, F::None},
        {{"r1"}, {"root"}, YEAR_2031 - 2, F::None}, // OpenSSL takes the last second as over
        {{"r1"}, {"root"}, YEAR_2026 - 1, F::NotYetValid},
        {{"r1"}, {"root"}, YEAR_2031, F::Expired},
        {{"r1"}, {"other", "root"}, YEAR_2026, F::None},
        {{"r1"}, {"other"}, YEAR_2026, F::UnknownIssuer},
        {{"r1"}, {}, YEAR_2026, F::UnknownIssuer},
        {{"r2", "middle"}, {"root"}, YEAR_2026, F::None},
        {{"r2", "root", "middle"}, {"root"}, YEAR_2026, F::None},
        {{"r2"}, {"root"}, YEAR_2026, F::UnknownIssuer},
        {{"r2"}, {"middle"}, YEAR_2026, F::None},
        {{"other"}, {"root"}, YEAR_2026, F::UnknownIssuer},
        {{"r2-of-2027"}, {"root"}, YEAR_2027 - 1, F::NotYetValid},
        {{"r2-of-2027"}, {"root"}, YEAR_2027, F::None},
        {{"r2-of-2027"}, {"root"}, YEAR_2028, F::Expired},
        {{"r2-of-other"}, {"root"}, YEAR_2026, F::UnknownIssuer},
        {{"r2-of-r1", "r1"}, {"root"}, YEAR_2026, F::NotAnAuthority},
        {{"r2-cipher"}, {"root"}, YEAR_2026, F::WrongUsage},
        {{"r2-bare"}, {"root"}, YEAR_2026, F::None},
    };
    for (const ChainCase& c : cases)
    {
        const F fault =
            GetLabCrypto()->CheckChain(Certificates(c.chain), Certificates(c.anchors), c.second);
        t.ExpectEqual(ToString(fault), ToString(c.fault), c.chain.front());
    }
    Octets forged = PkiFile("r1.crt");
    forged.back() ^= 1;
    const auto root = Certificates({"root"});
    t.Expect(GetLabCrypto()->CheckChain({forged}, root, YEAR_2026) == F::WrongSignature, "forged");
    t.Expect(GetLabCrypto()->CheckChain({{1, 2}}, root, YEAR_2026) == F::Malformed, "nonsense");
    t.Expect(GetLabCrypto()->CheckChain({}, root, YEAR_2026) == F::Malformed, "nothing");
}

/// RFC 2409 5.1 against the openssl command: the bare hash in PKCS #1 block type 1.
void
Signatures(LabTest& t)
{
    CryptoProvider& crypto = *GetLabCrypto();
    const Octets hash = Counting(20, 0);
    const Octets signature = crypto.SignRsa(PkiFile("r1.key"), hash);
    t.ExpectEqual(ToHex(signature), ToHex(PkiFile("r1.sig")), "what openssl makes");
    t.Expect(crypto.SignRsa(PkiFile("r1.key"), hash) == signature, "the same again");
    t.Expect(crypto.RecoverRsa(PkiFile("r1.crt"), PkiFile("r1.sig")) == hash, "recovered");
    t.Expect(crypto.RecoverRsa(PkiFile("r2.crt"), signature) != hash, "of another key");
    t.Expect(!crypto.RecoverRsa(PkiFile("r1.key"), signature), "no certificate");
    for (size_t length : {0, 1, 255, 257})
    {
        Octets cut = signature;
        cut.resize(length);
        t.Expect(!crypto.RecoverRsa(PkiFile("r1.crt"), cut), std::to_string(length) + " octets");
    }
    for (const Octets& key : {Octets(), Octets{1, 2, 3}, PkiFile("r1.crt")})
    {
        t.Expect(Refuses([&] { crypto.SignRsa(key, hash); }), "a key that is none");
    }
    t.Expect(Refuses([&] { crypto.SignRsa(PkiFile("r1.key"), Octets(300)); }), "too long");
}

void
Counts(LabTest& t)
{
    CryptoMeter meter(MakeOpensslProvider());
    const Octets signature = meter.SignRsa(PkiFile("r1.key"), {1});
    meter.RecoverRsa(PkiFile("r1.crt"), signature);
    meter.RecoverRsa(PkiFile("r2.crt"), signature);
    meter.CheckChain(Certificates({"r1"}), Certificates({"root"}), YEAR_2026);
    Refuses([&] { meter.SignRsa({}, {1}); });
    t.ExpectEqual(meter.Get().rsaSignatures, 1U, "signatures");
    t.ExpectEqual(meter.Get().rsaRecoveries, 2U, "recoveries");
    t.ExpectEqual(meter.Get().chains, 1U, "chains");
}

/// A Windows host and Openswan, with certificates of an authority that nobody here knows: both
/// signatures are HASHes of HMAC-MD5 under the key of the certificate beside them.
void
RecordedSignatures(LabTest& t)
{
    const auto file = LoadVectors("captures/ikev1-certs.json");
    unsigned found = 0;
    for (const auto& m : file ? file->at("messages") : nlohmann::json::array())
    {
        const Header header = *ReadHeader(HexOf(m, "data")).value;
        if (!m.contains("decrypted") || header.exchange != ExchangeType::IdentityProtection)
        {
            continue;
        }
        const auto message = ReadPayloads(header, HexOf(m.at("decrypted"), "plaintext"));
        const unsigned number = message.value->Find<CertificateRequestPayload>() ? 5 : 6;
        t.ExpectEqual(CheckRules(*message.value, header.exchange, number).value_or(""),
                      "",
                      "rules");
        const Octets certificate = message.value->Find<CertificatePayload>()->data;
        const Octets signature = message.value->Find<SignaturePayload>()->data;
        t.ExpectEqual(GetLabCrypto()->RecoverRsa(certificate, signature).value_or(Octets()).size(),
                      HashLengthOf(HashAlgorithm::Md5),
                      "the hash in the signature");
        t.Expect(GetLabCrypto()->CheckChain({certificate}, Certificates({"root"}), 1351861454) ==
                     ChainFault::UnknownIssuer,
                 "its authority is not ours");
        found++;
    }
    t.ExpectEqual(found, file ? 2U : 0U, "signatures");
}

/// NIST CAVS: SKEYID of signatures and its children (RFC 2409 5.1). SHA-224 is not for us.
void
RecordedSkeyids(LabTest& t)
{
    const std::map<std::string, HashAlgorithm> hashes{{"SHA-1", HashAlgorithm::Sha1},
                                                      {"SHA-256", HashAlgorithm::Sha256},
                                                      {"SHA-384", HashAlgorithm::Sha384},
                                                      {"SHA-512", HashAlgorithm::Sha512}};
    const auto file = LoadVectors("kdf/nist_cavs_ikev1_dsa.json");
    unsigned ran = 0;
    for (const auto& group : file ? file->at("groups") : nlohmann::json::array())
    {
        const auto hash = hashes.find(group.at("hash").get<std::string>());
        for (const auto& v : hash == hashes.end() ? nlohmann::json::array() : group.at("tests"))
        {
            const SkeyidFamily keys = DeriveSkeyidSignature(*GetLabCrypto(),
                                                            hash->second,
                                                            HexOf(v, "ni"),
                                                            HexOf(v, "nr"),
                                                            HexOf(v, "g_xy"),
                                                            HexOf(v, "cky_i"),
                                                            HexOf(v, "cky_r"));
            t.ExpectEqual(ToHex(keys.skeyid), ToHex(HexOf(v, "skeyid")), "SKEYID");
            t.ExpectEqual(ToHex(keys.d), ToHex(HexOf(v, "skeyid_d")), "SKEYID_d");
            t.ExpectEqual(ToHex(keys.a), ToHex(HexOf(v, "skeyid_a")), "SKEYID_a");
            t.ExpectEqual(ToHex(keys.e), ToHex(HexOf(v, "skeyid_e")), "SKEYID_e");
            ran++;
        }
    }
    t.ExpectEqual(ran, file ? 220U : 0U, "vectors");
}

// --- Phase 1 -------------------------------------------------------------------------------------

/// A router with a certificate; the chain's first has the key of the given router.
Tweak
Certificate(const std::vector<std::string>& chain,
            const std::string& key,
            const std::vector<std::string>& anchors = {"root"})
{
    return [chain, key, anchors](EngineConfig& c) {
        c.trustpoints = {
            Trustpoint{"T", Certificates(anchors), Certificates(chain), PkiFile(key + ".key")}};
    };
}

const Tweak ROUTER_1 = Certificate({"r1"}, "r1");
const Tweak ROUTER_2 = Certificate({"r2", "middle"}, "r2");

/// All policies with signatures, in main or aggressive mode.
Tweak
Signs(bool aggressive)
{
    return [aggressive](EngineConfig& c) {
        c.keys.clear();
        c.policies[0].authentication = AuthMethod::RsaSignature;
        c.connections[0].aggressive = aggressive;
    };
}

Tweak
NameIs(IdentityKind kind, const std::string& text = "")
{
    return [kind, text](EngineConfig& c) { c.connections[0].identity = IkeIdentity{kind, text}; };
}

std::string
FirstDrop(const World& world, uint32_t node)
{
    const std::vector<Event> all = EventsOf(world, node, EventKind::MessageDropped);
    return all.empty() ? "" : all.front().text;
}

std::string
Payloads(const World& world, uint32_t node)
{
    std::string text;
    for (const Event& e : EventsOf(world, node, EventKind::MessageSent))
    {
        text += e.exchange == ExchangeKind::QuickMode ? "" : e.text + "\n";
    }
    return text;
}

void
Names(LabTest& t)
{
    for (bool aggressive : {false, true})
    {
        for (const auto& [kind, a, b] :
             {std::tuple{IdentityKind::Address, "", ""},
              std::tuple{IdentityKind::Fqdn, "r1.example.org", "R2.example.org"},
              std::tuple{IdentityKind::UserFqdn, "admin@r1.example.org", "admin@r2.example.org"},
              std::tuple{IdentityKind::DistinguishedName, "", ""}})
        {
            World world = MakeWorld(Signs(aggressive),
                                    All({ROUTER_1, NameIs(kind, a)}),
                                    All({ROUTER_2, NameIs(kind, b)}));
            RunSchedule(world, "start:A run");
            const std::string what = (aggressive ? "aggressive " : "main ") + std::string(a);
            t.ExpectEqual(Standing(world), ONE_EACH, what, &world);
            t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
        }
    }
}

void
WhatIsSent(LabTest& t)
{
    World world = MakeWorld(Signs(false), ROUTER_1, ROUTER_2);
    RunSchedule(world, "start:A run");
    t.ExpectEqual(Payloads(world, A),
                  "HDR, SA, VID, VID, VID\n"
                  "HDR, KE, NONCE, CR, NAT-D, NAT-D\n"
                  "HDR*, ID, CERT, SIG\n",
                  "main mode, initiator",
                  &world);
    t.ExpectEqual(Payloads(world, B),
                  "HDR, SA, VID, VID, VID\n"
                  "HDR, KE, NONCE, CR, NAT-D, NAT-D\n"
                  "HDR*, ID, CERT, CERT, SIG\n",
                  "main mode, responder",
                  &world);
    World other = MakeWorld(Signs(true), ROUTER_1, ROUTER_2);
    RunSchedule(other, "start:A run");
    t.ExpectEqual(Payloads(other, A),
                  "HDR, SA, KE, NONCE, ID, CR, VID, VID, VID\n"
                  "HDR*, CERT, SIG, NAT-D, NAT-D\n",
                  "aggressive mode, initiator",
                  &other);
    t.ExpectEqual(Payloads(other, B),
                  "HDR, SA, KE, NONCE, ID, CR, VID, VID, VID, NAT-D, NAT-D, CERT, CERT, SIG\n",
                  "aggressive mode, responder",
                  &other);
}

/// Something at B that A must not accept, or the reverse.
struct RefusalCase
{
    std::string name; ///< what it is about
    Tweak onlyA;      ///< initiator
    Tweak onlyB;      ///< responder
    uint32_t judge;   ///< who refuses
    std::string text; ///< why
};

std::vector<RefusalCase>
RefusalCases()
{
    const std::string failed = "authentication-failed: the certificate of CN=r2,O=Example ";
    const auto clock = [](int64_t second) {
        return Knob(&IkeKnobs::clockAtZero, static_cast<uint64_t>(second));
    };
    const Tweak of2027 = Certificate({"r2-of-2027"}, "r2");
    return {
        {"not yet valid",
         All({ROUTER_1, clock(YEAR_2027 - 1000)}),
         of2027,
         A,
         failed + "is not yet valid"},
        {"expired", All({ROUTER_1, clock(YEAR_2028)}), of2027, A, failed + "has expired"},
        {"of an unknown authority",
         ROUTER_1,
         Certificate({"r2-of-other"}, "r2"),
         A,
         failed + "has no issuer that is trusted"},
        {"without its intermediate",
         ROUTER_1,
         Certificate({"r2"}, "r2"),
         A,
         failed + "has no issuer that is trusted"},
        {"of one that is no authority",
         ROUTER_1,
         Certificate({"r2-of-r1", "r1"}, "r2"),
         A,
         failed + "was issued by one that is no authority"},
        {"not for signatures",
         ROUTER_1,
         Certificate({"r2-cipher"}, "r2"),
         A,
         failed + "is not for signatures"},
        {"with another key",
         ROUTER_1,
         Certificate({"r2", "middle"}, "r1"),
         A,
         failed + "does not fit the signature"},
        {"without the address",
         ROUTER_1,
         Certificate({"r2-bare"}, "r2"),
         A,
         "invalid-id: ID(ID_IPV4_ADDR 10.0.0.2 udp/500) is not in the certificate"},
        {"of another host",
         ROUTER_1,
         All({ROUTER_2, NameIs(IdentityKind::Fqdn, "r3.example.org")}),
         A,
         "invalid-id: ID(ID_FQDN r3.example.org udp/500) is not in the certificate"},
        {"a key ID, which no certificate has",
         ROUTER_1,
         All({ROUTER_2, NameIs(IdentityKind::KeyId, "r2")}),
         A,
         "invalid-id: ID(ID_KEY_ID 7232 udp/500) is not in the certificate"},
        {"not that of the profile",
         All({ROUTER_1,
              [](EngineConfig& c) {
                  c.connections[0].isakmpProfile =
                      IsakmpProfileConfig{"P",
                                          "",
                                          {},
                                          {{IdentityKind::DistinguishedName, "CN=r3, O=Example"}}};
              }}),
         All({ROUTER_2, NameIs(IdentityKind::DistinguishedName)}),
         A,
         "invalid-id: CN=r2,O=Example does not match profile P"},
        {"of the initiator, unknown at the responder",
         ROUTER_1,
         Certificate({"r2", "middle"}, "r2", {"other"}),
         B,
         "authentication-failed: the certificate of CN=r1,O=Example has no issuer that is trusted"},
    };
}

/// Nobody comes up with whom the judge does not trust, and the attempts end by their timers.
void
CheckRefusal(LabTest& t, const RefusalCase& c)
{
    for (bool aggressive : {false, true})
    {
        World world = MakeWorld(Signs(aggressive), c.onlyA, c.onlyB);
        RunSchedule(world, "start:A");
        Pass(world, Duration::Seconds(9));
        const std::string what = c.name + (aggressive ? ", aggressive" : ", main");
        t.ExpectEqual(FirstDrop(world, c.judge), c.text, what, &world);
        t.ExpectEqual(CountIsakmp(world, c.judge), 0U, what + ": no SA", &world);
        t.ExpectEqual(CountPairs(world, A) + CountPairs(world, B), 0U, what + ": no pair", &world);
        Pass(world, Duration::Seconds(55));
        const std::string end = c.text.substr(0, c.text.find(':'));
        t.ExpectEqual(EndsOf(world, c.judge, EventKind::Phase1Failed).substr(0, end.size()),
                      end,
                      what + ": the end",
                      &world);
    }
}

/// The clock of a run moves on: what was not valid becomes so, and a rekey finds it expired.
void
TimePasses(LabTest& t)
{
    World world = MakeWorld(
        All({Signs(false), Lifetimes(3600, 600)}),
        All({ROUTER_1, Knob(&IkeKnobs::clockAtZero, static_cast<uint64_t>(YEAR_2027 - 100))}),
        Certificate({"r2-of-2027"}, "r2"));
    RunSchedule(world, "start:A");
    Pass(world, Duration::Seconds(99));
    t.ExpectEqual(CountIsakmp(world, A), 0U, "before its time", &world);
    Pass(world, Duration::Seconds(100));
    // B keeps its side of the first attempt, which A has never accepted
    t.ExpectEqual(Standing(world), "1/1 2/1", "in its time", &world);

    World late = MakeWorld(
        All({Signs(false), Lifetimes(600, 300)}),
        All({ROUTER_1, Knob(&IkeKnobs::clockAtZero, static_cast<uint64_t>(YEAR_2028 - 100))}),
        Certificate({"r2-of-2027"}, "r2"));
    RunSchedule(late, "start:A");
    Pass(late, Duration::Seconds(90));
    t.ExpectEqual(Standing(late), ONE_EACH, "at the end of its time", &late);
    Pass(late, Duration::Seconds(1200));
    t.ExpectEqual(CountIsakmp(late, A), 0U, "a rekey is refused", &late);
}

/// Policies of both methods: what an end has no means for is neither offered nor taken.
void
MethodsByMeans(LabTest& t)
{
    const Tweak both = [](EngineConfig& c) {
        IsakmpPolicy rsa = MakePolicy();
        rsa.authentication = AuthMethod::RsaSignature;
        c.policies.insert(c.policies.begin(), rsa);
    };
    const auto methodOf = [&](const Tweak& onlyA, const Tweak& onlyB, bool aggressive) {
        World world = MakeWorld(
            All({both,
                 [aggressive](EngineConfig& c) { c.connections[0].aggressive = aggressive; }}),
            onlyA,
            onlyB);
        RunSchedule(world, "start:A run");
        t.ExpectEqual(Standing(world), ONE_EACH, "up", &world);
        return ToString(world.GetNode(B).engine.GetIsakmpSas().at(0).policy.authentication);
    };
    for (bool aggressive : {false, true})
    {
        t.ExpectEqual(methodOf(ROUTER_1, ROUTER_2, aggressive), "rsa-sig", "both can sign");
        t.ExpectEqual(methodOf({}, ROUTER_2, aggressive), "pre-share", "A cannot");
        t.ExpectEqual(methodOf(ROUTER_1, {}, aggressive), "pre-share", "B cannot");
    }
    World none = MakeWorld(Signs(false));
    RunSchedule(none, "start:A run");
    t.ExpectEqual(EndsOf(none, A, EventKind::Phase1Failed), "authentication-failed", "A", &none);
    t.ExpectEqual(none.GetFlights().size(), 0U, "nothing is sent", &none);
    World one = MakeWorld(Signs(false), ROUTER_1);
    RunSchedule(one, "start:A run");
    t.ExpectEqual(FirstDrop(one, B),
                  "authentication-failed: no certificate of this end",
                  "B has none",
                  &one);
}

/// Of two certificates the one whose authority the peer asks for, unless the tunnel names one.
void
TrustpointsByRequest(LabTest& t)
{
    for (bool named : {false, true})
    {
        World world = MakeWorld(Signs(false), ROUTER_1, [named](EngineConfig& c) {
            const Octets key = PkiFile("r2.key");
            c.trustpoints = {
                Trustpoint{"other", Certificates({"root"}), Certificates({"r2-of-other"}), key},
                Trustpoint{"root", Certificates({"root"}), Certificates({"r2", "middle"}), key},
            };
            c.connections[0].trustpoint = named ? "other" : "";
        });
        RunSchedule(world, "start:A");
        Pass(world, Duration::Seconds(5));
        t.ExpectEqual(CountIsakmp(world, A), named ? 0U : 1U, "by request", &world);
    }
}

/// A hash where a signature was agreed upon is no proof, nor is what the peer has signed elsewhere.
void
OtherProof(LabTest& t)
{
    const Payload elsewhere =
        SignaturePayload{GetLabCrypto()->SignRsa(PkiFile("r2.key"), Octets(20))};
    for (const auto& [proof, why] :
         {std::pair{Payload(HashPayload{Octets(20)}), "a hash where a signature was agreed upon"},
          std::pair{elsewhere, "the certificate of CN=r2,O=Example does not fit the signature"}})
    {
        World world = MakeWorld(Signs(true), ROUTER_1, ROUTER_2);
        RunSchedule(world, "start:A");
        Step(world, 1);
        const Flight second = world.GetFlights().front();
        Message changed = *ReadMessage(second.octets).value;
        for (Payload& p : changed.payloads)
        {
            p = std::holds_alternative<SignaturePayload>(p) ? proof : p;
        }
        world.Give(A, DatagramInput{second.destination, second.source, WriteMessage(changed)});
        t.ExpectEqual(FirstDrop(world, A),
                      std::string("authentication-failed: ") + why,
                      "refused",
                      &world);
        RunSchedule(world, "run");
        t.ExpectEqual(Standing(world), ONE_EACH, "the real one counts", &world);
    }
}

/// A key that is none is told to the operator, and nothing crashes.
void
BrokenKey(LabTest& t)
{
    for (bool aggressive : {false, true})
    {
        World world = MakeWorld(Signs(aggressive), ROUTER_1, [](EngineConfig& c) {
            ROUTER_2(c);
            c.trustpoints[0].privateKey = {1, 2, 3};
        });
        RunSchedule(world, "start:A");
        Pass(world, Duration::Seconds(100));
        t.ExpectEqual(CountIsakmp(world, A), 0U, "no SA", &world);
        t.ExpectEqual(EventsOf(world, B, EventKind::Warning).at(0).text,
                      "trustpoint T: the private key is no RSA key in PKCS #8",
                      "the warning",
                      &world);
    }
}

/// The suite "ikev1-certificate": RSA signatures and X.509.
class Ikev1CertificateTestSuite : public TestSuite
{
  public:
    Ikev1CertificateTestSuite()
        : TestSuite("ikev1-certificate", Type::UNIT)
    {
        Add("facts of a certificate", Facts);
        Add("certificates that are cut", CutCertificates);
        Add("chains", Chains);
        Add("signatures", Signatures);
        Add("counts", Counts);
        Add("recorded signatures", RecordedSignatures);
        Add("recorded SKEYIDs", RecordedSkeyids);
        Add("every kind of name, either exchange", Names);
        Add("what is sent", WhatIsSent);
        for (const RefusalCase& c : RefusalCases())
        {
            Add("refused: " + c.name, [c](LabTest& t) { CheckRefusal(t, c); });
        }
        Add("time passes", TimePasses);
        Add("methods by means", MethodsByMeans);
        Add("trustpoints by request", TrustpointsByRequest);
        Add("another proof than agreed", OtherProof);
        Add("a private key that is none", BrokenKey);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1CertificateTestSuite g_ikev1CertificateTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
