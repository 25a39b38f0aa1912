/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-formats.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-key-schedule.h"

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

/// Our name of a hash function as the files write it; nothing for one that IKEv1 has not.
std::optional<HashAlgorithm>
HashNamed(const std::string& name)
{
    static const std::map<std::string, HashAlgorithm> names = {
        {"MD5", HashAlgorithm::Md5},
        {"SHA-1", HashAlgorithm::Sha1},
        {"SHA-256", HashAlgorithm::Sha256},
        {"SHA-384", HashAlgorithm::Sha384},
        {"SHA-512", HashAlgorithm::Sha512},
        {"HMAC-MD5", HashAlgorithm::Md5},
        {"HMAC-SHA1", HashAlgorithm::Sha1},
        {"HMAC-SHA2-256", HashAlgorithm::Sha256},
        {"HMAC-SHA2-384", HashAlgorithm::Sha384},
        {"HMAC-SHA2-512", HashAlgorithm::Sha512},
        {"md5", HashAlgorithm::Md5},
        {"sha1", HashAlgorithm::Sha1},
        {"sha256", HashAlgorithm::Sha256},
        {"sha384", HashAlgorithm::Sha384},
        {"sha512", HashAlgorithm::Sha512},
    };
    const auto found = names.find(name);
    return found == names.end() ? std::nullopt : std::make_optional(found->second);
}

std::string
NameOf(const std::string& list, size_t number)
{
    return list + "[" + std::to_string(number) + "]";
}

// --- Key derivation ------------------------------------------------------------------------------

/// SKEYID and what follows from it.
void
CheckFamily(VectorTrial& trial, const SkeyidFamily& keys, const json& v)
{
    trial.Equal("SKEYID", keys.skeyid, NeedHex(v, "skeyid"));
    trial.Equal("SKEYID_d", keys.d, NeedHex(v, "skeyid_d"));
    trial.Equal("SKEYID_a", keys.a, NeedHex(v, "skeyid_a"));
    trial.Equal("SKEYID_e", keys.e, NeedHex(v, "skeyid_e"));
}

/// The family of a vector: with a pre-shared key, or of signatures when it has none (RFC 2409 5).
SkeyidFamily
DeriveFamily(VectorRun& run, HashAlgorithm hash, const json& v)
{
    const Octets ni = NeedHex(v, "ni");
    const Octets nr = NeedHex(v, "nr");
    const Octets shared = NeedHex(v, "g_xy");
    const Octets i = NeedHex(v, "cky_i");
    const Octets r = NeedHex(v, "cky_r");
    if (v.contains("psk"))
    {
        return DeriveSkeyidPsk(run.crypto, hash, NeedHex(v, "psk"), ni, nr, shared, i, r);
    }
    return DeriveSkeyidSignature(run.crypto, hash, ni, nr, shared, i, r);
}

/// NIST CAVS, IKEv1: groups of tests with one hash each.
void
RunCavs(VectorRun& run, const json& file)
{
    size_t group = 0;
    ForEach(file, "groups", [&](const json& g) {
        const std::string name = g.at("hash");
        const auto hash = HashNamed(name);
        size_t number = 0;
        if (!hash)
        {
            run.book.Skip("keys",
                          name + " is no hash of IKEv1 here",
                          static_cast<unsigned>(g.at("tests").size()));
        }
        else
        {
            ForEach(g, "tests", [&](const json& v) {
                run.book.Run("keys",
                             NameOf("groups", group) + "." + NameOf("tests", number++),
                             [&](VectorTrial& trial) {
                                 CheckFamily(trial, DeriveFamily(run, *hash, v), v);
                             });
            });
        }
        ++group;
    });
}

/// One vector of NSS. @return the answer; nothing with a reason when it is not for us
std::optional<Octets>
AnswerNss(VectorRun& run, HashAlgorithm hash, const json& v, std::string& reason)
{
    const std::string type = v.at("type");
    const Octets key = NeedHex(v, "ikm");
    const Octets ni = HexOf(v, "ni");
    const Octets nr = HexOf(v, "nr");
    const Octets shared = HexOf(v, "g_xy");
    if (type == "ikeV1Psk")
    {
        return DeriveSkeyidPsk(run.crypto, hash, key, ni, nr, {}, {}, {}).skeyid;
    }
    if (type == "ikeGxy") // SKEYID of signatures
    {
        return DeriveSkeyidSignature(run.crypto, hash, ni, nr, key, {}, {}).skeyid;
    }
    if (type == "ikeV1") // one of SKEYID_d, _a, _e
    {
        const Octets number{v.at("key_number").get<uint8_t>()};
        return run.crypto.Hmac(hash, key, Concat({HexOf(v, "prev_key"), shared, ni, nr, number}));
    }
    if (type == "ikeV1AppB")
    {
        return DeriveEncryptionKey(run.crypto, hash, key, v.at("size"));
    }
    // protocol, SPI, then both nonces; a seed of one digit is none of these
    const Octets seed = FromHex(v.value("seed", "")).value_or(Octets());
    if (type == "ikeV1AppBQuick" && seed.size() >= 5)
    {
        const Octets spi(seed.begin() + 1, seed.begin() + 5);
        uint32_t number = 0;
        for (uint8_t octet : spi)
        {
            number = number << 8 | octet;
        }
        return DeriveKeymat(run.crypto,
                            hash,
                            key,
                            shared,
                            seed[0],
                            number,
                            Octets(seed.begin() + 5, seed.end()),
                            {},
                            v.at("size"));
    }
    reason = type == "ikeV1AppBQuick"
                 ? "the seed is too short for protocol and SPI of a KEYMAT (RFC 2409 5.5)"
                 : "IKEv2";
    return std::nullopt;
}

/// NSS: single steps of the key derivation.
void
RunNss(VectorRun& run, const json& file)
{
    size_t number = 0;
    ForEach(file, "tests", [&](const json& v) {
        const std::string name = NameOf("tests", number++);
        const std::string prf = v.at("prf");
        const auto hash = HashNamed(prf);
        if (!hash)
        {
            run.book.Skip("keys", prf + " is no prf of IKEv1 here");
            return;
        }
        std::string reason;
        const auto answer = AnswerNss(run, *hash, v, reason);
        if (!answer)
        {
            run.book.Skip("keys", reason);
            return;
        }
        run.book.Run("keys", name, [&](VectorTrial& trial) {
            trial.Equal(v.at("type"), *answer, NeedHex(v, "okm"));
        });
    });
}

/// The cipher of "aes-cbc-128" or "3des-cbc", and its key length in bits.
std::pair<std::optional<CipherAlgorithm>, unsigned>
CipherNamed(const std::string& name)
{
    if (name == "3des-cbc")
    {
        return {CipherAlgorithm::TripleDesCbc, 0};
    }
    if (name == "des-cbc")
    {
        return {CipherAlgorithm::DesCbc, 0};
    }
    for (unsigned bits : {128U, 192U, 256U})
    {
        if (name == "aes-cbc-" + std::to_string(bits))
        {
            return {CipherAlgorithm::AesCbc, bits};
        }
    }
    return {std::nullopt, 0};
}

/// Ruhr-Universitaet Bochum: SKEYID to HASH_R, IVs of both phases.
void
CheckSecrets(VectorRun& run,
             VectorTrial& trial,
             HashAlgorithm hash,
             std::pair<CipherAlgorithm, unsigned> cipher,
             const json& v)
{
    json withKey = v;
    withKey["psk"] = ToHex(ToOctets(v.at("psk_ascii").get<std::string>()));
    const SkeyidFamily keys = DeriveFamily(run, hash, withKey);
    CheckFamily(trial, keys, v);
    const unsigned block = BlockLengthOf(cipher.first);
    trial.Equal(
        "Ka",
        DeriveEncryptionKey(run.crypto, hash, keys.e, KeyLengthOf(cipher.first, cipher.second)),
        NeedHex(v, "enc_key"));
    const Octets xi = NeedHex(v, "g_xi");
    const Octets xr = NeedHex(v, "g_xr");
    const Octets iv = DerivePhase1Iv(run.crypto, hash, xi, xr, block);
    trial.Equal("IV of phase 1", iv, NeedHex(v, "phase1_iv"));
    trial.Equal("HASH_R",
                ComputePhase1Hash(run.crypto,
                                  hash,
                                  keys.skeyid,
                                  xr,
                                  xi,
                                  NeedHex(v, "cky_r"),
                                  NeedHex(v, "cky_i"),
                                  NeedHex(v, "sai_b"),
                                  NeedHex(v, "id_r_b")),
                NeedHex(v, "hash_r"));
    if (v.contains("phase2_iv"))
    {
        trial.Equal("IV of phase 2",
                    DerivePhase2Iv(run.crypto, hash, iv, NumberOf(v, "message_id"), block),
                    NeedHex(v, "phase2_iv"));
    }
}

void
RunSecrets(VectorRun& run, const json& file)
{
    size_t number = 0;
    ForEach(file, "tests", [&](const json& v) {
        const std::string name = NameOf("tests", number++);
        if (!v.contains("skeyid"))
        {
            run.book.Skip("keys", "IKEv2");
            return;
        }
        const auto hash = HashNamed(v.at("hash"));
        const auto [cipher, bits] = CipherNamed(v.at("encr"));
        if (!hash || !cipher)
        {
            run.book.Skip("keys", "hash or cipher that IKEv1 has not here");
            return;
        }
        const std::pair<CipherAlgorithm, unsigned> suite{*cipher, bits};
        run.book.Run("keys", name, [&](VectorTrial& trial) {
            CheckSecrets(run, trial, *hash, suite, v);
        });
    });
}

// --- Diffie-Hellman ------------------------------------------------------------------------------

/// Our group of an IANA number; None, and a skip, for one that the module lacks.
DhGroup
GroupOf(VectorRun& run, const json& v)
{
    const unsigned number = v.at("ike_group").get<unsigned>();
    const auto group = static_cast<DhGroup>(number);
    if (!IsSupported(group))
    {
        run.book.Skip("dh", "group " + std::to_string(number) + " is not implemented");
        return DhGroup::None;
    }
    return group;
}

/// Run a check for each vector of a list whose group the module has.
void
ForEachGroup(VectorRun& run,
             const json& file,
             const std::string& list,
             const std::function<void(VectorTrial&, DhGroup, const json&)>& check)
{
    size_t number = 0;
    ForEach(file, list, [&](const json& v) {
        const std::string name = NameOf(list, number++);
        const DhGroup group = GroupOf(run, v);
        if (group != DhGroup::None)
        {
            run.book.Run("dh", name + " " + ToString(group), [&](VectorTrial& trial) {
                check(trial, group, v);
            });
        }
    });
}

/// One end of an exchange.
void
CheckEnd(VectorRun& run,
         VectorTrial& trial,
         DhGroup group,
         const Octets& privateValue,
         const Octets& own,
         const Octets& peer,
         const Octets& shared)
{
    const DhResult r = run.crypto.Run({group, privateValue, peer});
    trial.That("the peer's public value was refused", r.ok);
    trial.Equal("public value", r.publicValue, own);
    trial.Equal("shared secret", r.shared, shared);
}

/// Both ends of exchanges; the members end in two letters, one for each end.
void
RunTwoEnds(VectorRun& run, const json& file, const std::string& i, const std::string& r)
{
    ForEachGroup(run, file, "tests", [&](VectorTrial& trial, DhGroup group, const json& v) {
        const Octets pubI = NeedHex(v, "pub_" + i);
        const Octets pubR = NeedHex(v, "pub_" + r);
        const Octets shared = NeedHex(v, "shared");
        CheckEnd(run, trial, group, NeedHex(v, "priv_" + i), pubI, pubR, shared);
        CheckEnd(run, trial, group, NeedHex(v, "priv_" + r), pubR, pubI, shared);
    });
}

/// A coordinate of a point; some files pad those of P-521 to whole words.
Octets
Coordinate(const json& v, const std::string& member, size_t length)
{
    const Octets octets = NeedHex(v, member);
    const size_t extra = octets.size() - std::min(length, octets.size());
    return Octets(octets.begin() + extra, octets.end());
}

void
RunCdh(VectorRun& run, const json& file)
{
    ForEachGroup(run, file, "tests", [&](VectorTrial& trial, DhGroup group, const json& v) {
        const size_t length = PublicLengthOf(group) / 2;
        CheckEnd(run,
                 trial,
                 group,
                 NeedHex(v, "priv"),
                 Concat({Coordinate(v, "pub_x", length), Coordinate(v, "pub_y", length)}),
                 Concat({Coordinate(v, "peer_x", length), Coordinate(v, "peer_y", length)}),
                 NeedHex(v, "shared"));
    });
}

/// The prime p follows from one public value: that of x = bits is 2^bits - p.
void
CheckPrime(VectorRun& run, VectorTrial& trial, DhGroup group, const Octets& prime, unsigned bits)
{
    const Octets x{static_cast<uint8_t>(bits >> 8), static_cast<uint8_t>(bits)};
    Octets sum = run.crypto.Run({group, x, {}}).publicValue;
    trial.That("the prime has another length", sum.size() == prime.size());
    unsigned carry = 0;
    for (size_t i = std::min(prime.size(), sum.size()); i-- > 0;)
    {
        carry += sum[i] + prime[i];
        sum[i] = static_cast<uint8_t>(carry);
        carry >>= 8;
    }
    trial.That("the module has another prime", carry == 1 && sum == Octets(sum.size(), 0));
}

/// p - 2 is the last public value that is accepted. Primes of these groups end with ff.
void
CheckRange(VectorRun& run, VectorTrial& trial, DhGroup group, const Octets& prime)
{
    for (uint8_t below : {0, 1, 2})
    {
        Octets peer = prime;
        peer.back() = static_cast<uint8_t>(peer.back() - below);
        trial.That("p - " + std::to_string(below) + " as a public value",
                   run.crypto.Run({group, {5}, peer}).ok == (below == 2));
    }
}

void
RunPrimes(VectorRun& run, const json& file)
{
    ForEachGroup(run, file, "groups", [&](VectorTrial& trial, DhGroup group, const json& v) {
        const Octets prime = NeedHex(v, "prime");
        trial.That("the generator is not 2", v.at("generator") == 2);
        CheckPrime(run, trial, group, prime, v.at("bits"));
        CheckRange(run, trial, group, prime);
    });
}

/// Pairs of keys that belong together or do not.
void
RunPairs(VectorRun& run, const json& file, const std::string& own, const std::string& publicKey)
{
    ForEachGroup(run, file, "tests", [&](VectorTrial& trial, DhGroup group, const json& v) {
        const DhResult r = run.crypto.Run({group, NeedHex(v, own), {}});
        trial.That("whether the keys belong together",
                   (r.publicValue == NeedHex(v, publicKey)) == v.at("valid").get<bool>());
    });
}

} // namespace

bool
FirstHas(const json& object, const std::string& list, const std::vector<std::string>& members)
{
    if (!object.is_object() || !object.contains(list) || !object.at(list).is_array() ||
        object.at(list).empty())
    {
        return false;
    }
    const json& first = object.at(list)[0];
    return first.is_object() &&
           std::all_of(members.begin(), members.end(), [&first](const std::string& m) {
               return first.contains(m);
           });
}

VectorFormat
MakeSkippedFormat(const std::string& name,
                  const std::function<bool(const json&)>& matches,
                  const std::string& list,
                  const std::string& reason)
{
    return {name, matches, [list, reason](VectorRun& run, const json& file) {
                const size_t count = list.empty() ? 1 : file.at(list).size();
                run.book.Skip("all", reason, static_cast<unsigned>(count));
            }};
}

std::vector<VectorFormat>
MakeKeyFormats()
{
    const auto first = [](const std::string& list, const std::vector<std::string>& members) {
        return [list, members](const json& file) { return FirstHas(file, list, members); };
    };
    const auto inGroups = [](const std::string& member) {
        return [member](const json& file) {
            return FirstHas(file, "groups", {"hash", "tests"}) &&
                   FirstHas(file.at("groups")[0], "tests", {member});
        };
    };
    const auto ends = [](const std::string& i, const std::string& r) {
        return [i, r](VectorRun& run, const json& file) { RunTwoEnds(run, file, i, r); };
    };
    const auto pairs = [](const std::string& own, const std::string& other) {
        return [own, other](VectorRun& run, const json& file) { RunPairs(run, file, own, other); };
    };
    return {
        {"IKEv1 key derivation (CAVS)", inGroups("skeyid"), RunCavs},
        {"IKEv2 key derivation (CAVS)",
         inGroups("skeyseed"),
         [](VectorRun& run, const json& file) {
             ForEach(file, "groups", [&](const json& g) {
                 run.book.Skip("keys", "IKEv2", static_cast<unsigned>(g.at("tests").size()));
             });
         }},
        {"key derivation, single steps (NSS)", first("tests", {"prf", "type", "okm"}), RunNss},
        {"session secrets", first("tests", {"psk_ascii", "encr"}), RunSecrets},
        {"Diffie-Hellman, both ends",
         first("tests", {"ike_group", "priv_i", "pub_r"}),
         ends("i", "r")},
        {"Diffie-Hellman, both ends (ACVP)",
         first("tests", {"ike_group", "priv_a", "pub_b"}),
         ends("a", "b")},
        {"ECC CDH", first("tests", {"ike_group", "peer_x", "pub_x"}), RunCdh},
        {"MODP primes", first("groups", {"ike_group", "prime"}), RunPrimes},
        {"key pairs (ACVP safe primes)",
         first("tests", {"ike_group", "x", "y", "valid"}),
         pairs("x", "y")},
        {"key pairs (ACVP)",
         first("tests", {"ike_group", "priv", "pub", "valid"}),
         pairs("priv", "pub")},
    };
}

} // namespace tests
} // namespace ike
} // namespace ns3
