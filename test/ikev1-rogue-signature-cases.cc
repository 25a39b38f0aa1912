/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-pki.h"
#include "ikev1-rogue-cases.h"

#include "ns3/ike-crypto.h"

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

using M = RogueMessage;
using F = RogueFault;

/// A rogue with the certificate of r1, and what it does wrong besides.
RogueFault
Signed(RogueMessage message, void (*set)(RogueFault&))
{
    RogueFault fault;
    fault.message = message;
    fault.certificates = {PkiFile("r1.crt")};
    fault.privateKey = PkiFile("r1.key");
    fault.identify = IdPayload{IdType::Fqdn, 0, 0, ToOctets("r1.example.org")};
    set(fault);
    return fault;
}

/// The engine is r2, and signs first of all.
void
Signs(EngineConfig& c)
{
    IsakmpPolicy policy = c.policies.at(0);
    policy.priority = 5;
    policy.authentication = AuthMethod::RsaSignature;
    c.policies.insert(c.policies.begin(), policy);
    c.trustpoints = {Trustpoint{"T",
                                {PkiFile("root.crt")},
                                {PkiFile("r2.crt"), PkiFile("middle.crt")},
                                PkiFile("r2.key")}};
}

RogueCase
Row(const std::string& name,
    const RogueFault& fault,
    const std::string& answer,
    const std::string& stands)
{
    return RogueCase{name, fault, answer, stands, DhGroup::Modp1024, Signs};
}

CertificateRequestPayload
Request(const Octets& authority)
{
    return CertificateRequestPayload{CertificateEncoding::X509Signature, authority};
}

const std::string UP = "send HDR*, ID, CERT, CERT, SIG; phase 1 up";
const std::string KE = "send HDR, KE, NONCE, CR";
const std::string FAILS = "drop: authentication-failed: ";
const std::string TOLD = "; send HDR, N";

} // namespace

const std::vector<RogueCase>&
GetSignatureRogueCases()
{
    // clang-format off
    static const std::vector<RogueCase> cases{
    Row("signatures, nothing wrong", Signed(M::MainMode5, [](F&) {}), UP, "1/1"),
    Row("signatures, nothing wrong, as responder", Signed(M::MainMode6, [](F&) {}),
        "phase 1 up; send HDR*, HASH, SA, NONCE, ID, ID", "1/1"),
    Row("signatures, nothing wrong, aggressive mode", Signed(M::Aggressive3, [](F&) {}),
        "phase 1 up", "1/1"),
    Row("signatures, a CERT of garbage",
        Signed(M::MainMode5, [](F& f) { f.certificates = {Octets(700, 0x30)}; }),
        FAILS + "the certificate is no X.509 certificate" + TOLD, "0/0"),
    Row("signatures, an empty CERT",
        Signed(M::MainMode5, [](F& f) { f.certificates = {Octets()}; }),
        FAILS + "the certificate is no X.509 certificate" + TOLD, "0/0"),
    Row("signatures, a CERT of 50000 octets",
        Signed(M::MainMode5, [](F& f) { f.certificates = {Octets(50000, 0x30)}; }),
        FAILS + "the certificate is no X.509 certificate" + TOLD, "0/0"),
    Row("signatures, 60 CERTs",
        Signed(M::MainMode5, [](F& f) { f.certificates.assign(60, PkiFile("r1.crt")); }),
        "send HDR*, ID, CERT, CERT, SIG; phase 1 up", "1/1"),
    Row("signatures, 70 CERTs",
        Signed(M::MainMode5, [](F& f) { f.certificates.assign(70, PkiFile("r1.crt")); }),
        "drop: decrypted to no message: payload 65 (CERT): more than 64 payloads; "
        "send HDR, N", "0/0"),
    Row("signatures, no CERT",
        Signed(M::MainMode5, [](F& f) { f.certificates.clear(); }),
        FAILS + "the peer has sent no X.509 certificate" + TOLD, "0/0"),
    Row("signatures, garbage behind the true certificate",
        Signed(M::MainMode5, [](F& f) { f.certificates.push_back(Octets(100, 0x30)); }),
        "send HDR*, ID, CERT, CERT, SIG; phase 1 up", "1/1"),
    Row("signatures, SIG of zeros",
        Signed(M::MainMode5, [](F& f) { f.signature = Octets(256, 0); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, SIG of ones",
        Signed(M::MainMode5, [](F& f) { f.signature = Octets(256, 255); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, empty SIG",
        Signed(M::MainMode5, [](F& f) { f.signature = Octets(); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, SIG of 30000 octets",
        Signed(M::MainMode5, [](F& f) { f.signature = Octets(30000, 1); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, SIG of another message",
        Signed(M::MainMode5, [](F& f) { f.signature = PkiFile("r1.sig"); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, SIG of another HASH",
        Signed(M::MainMode5, [](F& f) { f.wrongHash = true; }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, SIG by another key",
        Signed(M::MainMode5, [](F& f) { f.privateKey = PkiFile("r2.key"); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, no SIG",
        Signed(M::MainMode5, [](F& f) { f.missing = PayloadType::Signature; }),
        "drop: neither HASH nor SIG in message 5 of main-mode; send HDR, N", "0/0"),
    Row("signatures, certificate of an authority that nobody knows",
        Signed(M::MainMode5, [](F& f) { f.certificates = {PkiFile("r2-of-other.crt"),
                                            PkiFile("other.crt")};
                                        f.privateKey = PkiFile("r2.key"); }),
        FAILS + "the certificate of CN=r2,O=Example has no issuer that is trusted" + TOLD, "0/0"),
    Row("signatures, certificate issued by a peer",
        Signed(M::MainMode5, [](F& f) { f.certificates = {PkiFile("r2-of-r1.crt"), PkiFile("r1.crt")};
                                        f.privateKey = PkiFile("r2.key"); }),
        FAILS + "the certificate of CN=r2,O=Example was issued by one that is no authority" + TOLD, "0/0"),
    Row("signatures, identity of somebody else",
        Signed(M::MainMode5, [](F& f) { f.identify->data = ToOctets("r2.example.org"); }),
        "drop: invalid-id: ID(ID_FQDN r2.example.org) is not in the certificate; "
        "send HDR, N", "0/0"),
    Row("signatures, HASH in place of SIG",
        Signed(M::MainMode5, [](F& f) { f.missing = PayloadType::Signature; f.more = {HashPayload{Octets(20, 0)}}; }),
        "drop: authentication-failed: a hash where a signature was agreed upon; "
        "send HDR, N", "0/0"),
    Row("signatures, SIG of zeros as responder",
        Signed(M::MainMode6, [](F& f) { f.signature = Octets(256, 0); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, SIG of zeros in aggressive mode",
        Signed(M::Aggressive3, [](F& f) { f.signature = Octets(256, 0); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, SIG of zeros in aggressive mode as responder",
        Signed(M::Aggressive2, [](F& f) { f.signature = Octets(256, 0); }),
        FAILS + "the certificate of CN=r1,O=Example does not fit the signature" + TOLD, "0/0"),
    Row("signatures, a CERT of garbage in aggressive mode as responder",
        Signed(M::Aggressive2, [](F& f) { f.certificates = {Octets(700, 0x30)}; }),
        FAILS + "the certificate is no X.509 certificate" + TOLD, "0/0"),
    Row("a request for certificates of garbage",
        Signed(M::MainMode3, [](F& f) { f.more = {Request(Octets(90, 0x55))}; }), KE, "1/1"),
    Row("a request for certificates of 50000 octets",
        Signed(M::MainMode3, [](F& f) { f.more = {Request(Octets(50000, 0x30))}; }), KE, "1/1"),
    Row("60 requests for certificates",
        Signed(M::MainMode3, [](F& f) { f.more.assign(60, Request(Octets(20, 0x30))); }), KE, "1/1"),
    Row("a request for certificates without a body",
        Signed(M::MainMode3, [](F& f) { f.more = {OpaquePayload{7, {}}}; }),
        "drop: payload 3 (CR): needs 1 octets where 0 are left", "0/0"),
    };
    // clang-format on
    return cases;
}

} // namespace tests
} // namespace ike
} // namespace ns3
