/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings-value.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-key-schedule.h"

#include <functional>

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

using Text = const std::string&;
using Bytes = const Octets&;

/// Nothing real is longer than this; a wrong number does not eat the machine's memory.
constexpr unsigned LONGEST = 4096;

/// The provider of all functions here; calls hold the interpreter's lock, so it serves one thread.
CryptoProvider&
GetProvider()
{
    static const std::unique_ptr<CryptoProvider> provider = MakeOpensslProvider();
    return *provider;
}

HashAlgorithm
FindHash(Text name)
{
    return FindByName(name, "hash", HashAlgorithm::Sha512);
}

CipherAlgorithm
FindCipher(Text name)
{
    return FindByName(name, "cipher", CipherAlgorithm::ChaCha20Poly1305);
}

IntegrityAlgorithm
FindIntegrity(Text name)
{
    return FindByName(name, "integrity algorithm", IntegrityAlgorithm::AesXcbc96);
}

DhGroup
FindGroup(unsigned number)
{
    const auto group = static_cast<DhGroup>(number);
    if (number > UINT16_MAX || !IsSupported(group))
    {
        throw py::value_error("no Diffie-Hellman group " + std::to_string(number) +
                              "; expected 1, 2, 5, 14, 15, 16, 19, 20 or 21");
    }
    return group;
}

/// @return the length, when it is one. @param what it is @param length octets @param most of them
unsigned
CheckLength(const std::string& what, unsigned length, unsigned most)
{
    if (length > most)
    {
        throw py::value_error(what + ": " + std::to_string(length) + " is not from 0 to " +
                              std::to_string(most) + " octets");
    }
    return length;
}

/// @return (public value, shared secret); the latter None without a peer's value
py::tuple
DoDh(unsigned group, Bytes privateValue, const std::optional<Octets>& peer)
{
    DhJob job;
    job.group = FindGroup(group);
    job.privateValue = privateValue;
    job.peer = peer;
    CheckLength("private", static_cast<unsigned>(privateValue.size()), LONGEST);
    const DhResult result = GetProvider().Run(job);
    if (!result.ok)
    {
        throw py::value_error("the peer's public value is out of range, off the curve, or has the "
                              "wrong length (group " +
                              std::to_string(group) + " has " +
                              std::to_string(PublicLengthOf(job.group)) + " octets)");
    }
    return py::make_tuple(result.publicValue, peer ? py::cast(result.shared) : py::none());
}

void
BindAlgorithms(py::module_& m)
{
    m.def(
        "hash",
        [](Text hash, Bytes data) { return GetProvider().Hash(FindHash(hash), data); },
        py::arg("hash"),
        py::arg("data"),
        "Digest; hash: md5, sha1, sha256, sha384, sha512.");
    m.def(
        "prf",
        [](Text hash, Bytes key, Bytes data) {
            return GetProvider().Hmac(FindHash(hash), key, data);
        },
        py::arg("hash"),
        py::arg("key"),
        py::arg("data"),
        "HMAC (RFC 2104), the pseudo-random function of IKEv1.");
    m.def(
        "mac",
        [](Text integrity, Bytes key, Bytes data) {
            return GetProvider().Mac(FindIntegrity(integrity), key, data);
        },
        py::arg("integrity"),
        py::arg("key"),
        py::arg("data"),
        "ICV of ESP, cut to its length; integrity: hmac-sha1-96, ...");
    m.def(
        "encrypt",
        [](Text cipher, Bytes key, Bytes iv, Bytes text) {
            return GetProvider().Encrypt(FindCipher(cipher), key, iv, text);
        },
        py::arg("cipher"),
        py::arg("key"),
        py::arg("iv"),
        py::arg("text"),
        "CBC without padding, or counter mode; cipher: 3des-cbc, aes-cbc, ...");
    m.def(
        "decrypt",
        [](Text cipher, Bytes key, Bytes iv, Bytes text) {
            return GetProvider().Decrypt(FindCipher(cipher), key, iv, text);
        },
        py::arg("cipher"),
        py::arg("key"),
        py::arg("iv"),
        py::arg("text"),
        "The reverse.");
    m.def(
        "private_length",
        [](unsigned group) { return PrivateLengthOf(FindGroup(group)); },
        py::arg("group"),
        "Octets of a private value.");
    m.def(
        "public_length",
        [](unsigned group) { return PublicLengthOf(FindGroup(group)); },
        py::arg("group"),
        "Octets of a public value: a KE payload's body.");
    m.def("dh",
          &DoDh,
          py::arg("group"),
          py::arg("private"),
          py::arg("peer") = py::none(),
          "(public value, shared secret or None) for a private value and a peer's public value.");
}

void
BindSkeyid(py::module_& m)
{
    ValueClass<SkeyidFamily>(m, "Skeyid", "The four keys of an ISAKMP SA (RFC 2409 5).")
        .Add("skeyid", &SkeyidFamily::skeyid, "SKEYID: authentication of phase 1.")
        .Add("d", &SkeyidFamily::d, "SKEYID_d: key material of phase 2.")
        .Add("a", &SkeyidFamily::a, "SKEYID_a: integrity of phase 2.")
        .Add("e", &SkeyidFamily::e, "SKEYID_e: encryption.")
        .Done();
    m.def(
        "skeyid_psk",
        [](Text hash, Bytes psk, Bytes ni, Bytes nr, Bytes shared, Bytes ckyI, Bytes ckyR) {
            return DeriveSkeyidPsk(GetProvider(), FindHash(hash), psk, ni, nr, shared, ckyI, ckyR);
        },
        py::arg("hash"),
        py::arg("psk"),
        py::arg("ni"),
        py::arg("nr"),
        py::arg("shared"),
        py::arg("cky_i"),
        py::arg("cky_r"),
        "RFC 2409 5: SKEYID = prf(psk, Ni_b | Nr_b), then SKEYID_d, _a and _e.");
    m.def(
        "skeyid_signature",
        [](Text hash, Bytes ni, Bytes nr, Bytes shared, Bytes ckyI, Bytes ckyR) {
            return DeriveSkeyidSignature(GetProvider(), FindHash(hash), ni, nr, shared, ckyI, ckyR);
        },
        py::arg("hash"),
        py::arg("ni"),
        py::arg("nr"),
        py::arg("shared"),
        py::arg("cky_i"),
        py::arg("cky_r"),
        "RFC 2409 5.1: SKEYID = prf(Ni_b | Nr_b, g^xy), then SKEYID_d, _a and _e.");
}

void
BindDerived(py::module_& m)
{
    m.def(
        "encryption_key",
        [](Text hash, Bytes skeyidE, unsigned length) {
            return DeriveEncryptionKey(GetProvider(),
                                       FindHash(hash),
                                       skeyidE,
                                       CheckLength("length", length, LONGEST));
        },
        py::arg("hash"),
        py::arg("skeyid_e"),
        py::arg("length"),
        "RFC 2409 Appendix B: Ka of so many octets out of SKEYID_e.");
    m.def(
        "phase1_iv",
        [](Text hash, Bytes gxi, Bytes gxr, unsigned block) {
            const auto algorithm = FindHash(hash);
            return DerivePhase1Iv(GetProvider(),
                                  algorithm,
                                  gxi,
                                  gxr,
                                  CheckLength("block", block, HashLengthOf(algorithm)));
        },
        py::arg("hash"),
        py::arg("gxi"),
        py::arg("gxr"),
        py::arg("block"),
        "RFC 2409 Appendix B: hash(g^xi | g^xr), cut to a block of so many octets.");
    m.def(
        "phase2_iv",
        [](Text hash, Bytes last, uint32_t messageId, unsigned block) {
            const auto algorithm = FindHash(hash);
            return DerivePhase2Iv(GetProvider(),
                                  algorithm,
                                  last,
                                  messageId,
                                  CheckLength("block", block, HashLengthOf(algorithm)));
        },
        py::arg("hash"),
        py::arg("last"),
        py::arg("message_id"),
        py::arg("block"),
        "RFC 2409 Appendix B: hash(last CBC block of phase 1 | M-ID), cut to a block.");
    m.def(
        "keymat",
        [](Text hash,
           Bytes skeyidD,
           uint8_t protocol,
           uint32_t spi,
           Bytes ni,
           Bytes nr,
           unsigned length,
           Bytes shared) {
            return DeriveKeymat(GetProvider(),
                                FindHash(hash),
                                skeyidD,
                                shared,
                                protocol,
                                spi,
                                ni,
                                nr,
                                CheckLength("length", length, LONGEST));
        },
        py::arg("hash"),
        py::arg("skeyid_d"),
        py::arg("protocol"),
        py::arg("spi"),
        py::arg("ni"),
        py::arg("nr"),
        py::arg("length"),
        py::arg("shared") = Octets(),
        "RFC 2409 5.5: KEYMAT of one SA; shared is g(qm)^xy with PFS.");
}

void
BindHashes(py::module_& m)
{
    m.def(
        "phase1_hash",
        [](Text hash,
           Bytes skeyid,
           Bytes ownPublic,
           Bytes otherPublic,
           Bytes ownCookie,
           Bytes otherCookie,
           Bytes saBody,
           Bytes idBody) {
            return ComputePhase1Hash(GetProvider(),
                                     FindHash(hash),
                                     skeyid,
                                     ownPublic,
                                     otherPublic,
                                     ownCookie,
                                     otherCookie,
                                     saBody,
                                     idBody);
        },
        py::arg("hash"),
        py::arg("skeyid"),
        py::arg("own_public"),
        py::arg("other_public"),
        py::arg("own_cookie"),
        py::arg("other_cookie"),
        py::arg("sa_body"),
        py::arg("id_body"),
        "RFC 2409 5: HASH_I, or HASH_R with the responder's values first; sa_body is SAi_b.");
    m.def(
        "hash1",
        [](Text hash, Bytes skeyidA, uint32_t messageId, Bytes rest) {
            return ComputeHash1(GetProvider(), FindHash(hash), skeyidA, messageId, rest);
        },
        py::arg("hash"),
        py::arg("skeyid_a"),
        py::arg("message_id"),
        py::arg("rest"),
        "RFC 2409 5.5: HASH(1) = prf(SKEYID_a, M-ID | rest).");
    m.def(
        "hash2",
        [](Text hash, Bytes skeyidA, uint32_t messageId, Bytes ni, Bytes rest) {
            return ComputeHash2(GetProvider(), FindHash(hash), skeyidA, messageId, ni, rest);
        },
        py::arg("hash"),
        py::arg("skeyid_a"),
        py::arg("message_id"),
        py::arg("ni"),
        py::arg("rest"),
        "RFC 2409 5.5: HASH(2) = prf(SKEYID_a, M-ID | Ni_b | rest).");
    m.def(
        "hash3",
        [](Text hash, Bytes skeyidA, uint32_t messageId, Bytes ni, Bytes nr) {
            return ComputeHash3(GetProvider(), FindHash(hash), skeyidA, messageId, ni, nr);
        },
        py::arg("hash"),
        py::arg("skeyid_a"),
        py::arg("message_id"),
        py::arg("ni"),
        py::arg("nr"),
        "RFC 2409 5.5: HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b).");
}

} // namespace

void
BindKeys(py::module_& m)
{
    BindAlgorithms(m);
    BindSkeyid(m);
    BindDerived(m);
    BindHashes(m);
}

} // namespace bindings
} // namespace ike
} // namespace ns3
