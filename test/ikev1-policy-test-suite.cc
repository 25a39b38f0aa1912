/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include <algorithm>
#include <random>
#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{
// --- Policies ------------------------------------------------------------------------------------

/// What two configurations agree on.
struct PolicyCase
{
    std::string name;                       ///< what is tried
    Tweak a;                                ///< of the initiator
    Tweak b;                                ///< of the responder
    std::string standing;                   ///< after ten seconds
    std::function<bool(const World&)> also; ///< what else must hold
};

IsakmpPolicy
Policy(uint32_t priority, CipherAlgorithm cipher, HashAlgorithm hash, DhGroup group)
{
    IsakmpPolicy p = MakePolicy();
    p.priority = priority;
    p.cipher = cipher;
    p.keyBits = cipher == CipherAlgorithm::AesCbc ? 128 : 0;
    p.hash = hash;
    p.group = group;
    return p;
}

Tweak
Policies(const std::vector<IsakmpPolicy>& policies)
{
    return [policies](EngineConfig& c) { c.policies = policies; };
}

Tweak
Sets(const std::vector<EspTransformSet>& sets)
{
    return [sets](EngineConfig& c) { c.connections[0].transformSets = sets; };
}

Tweak
Profile(const std::string& keyring, const std::vector<IpPrefix>& identities)
{
    return [keyring, identities](EngineConfig& c) {
        c.connections[0].isakmpProfile = IsakmpProfileConfig{"P", keyring, identities};
    };
}

Tweak
Phase1Lifetime(int64_t seconds)
{
    return [seconds](EngineConfig& c) { c.policies[0].lifetime = Duration::Seconds(seconds); };
}

/// Has the ISAKMP SA of both ends this cipher?
std::function<bool(const World&)>
Phase1CipherIs(CipherAlgorithm cipher)
{
    return [cipher](const World& w) {
        return w.GetNode(A).engine.GetIsakmpSas().at(0).policy.cipher == cipher &&
               w.GetNode(B).engine.GetIsakmpSas().at(0).policy.cipher == cipher;
    };
}

std::function<bool(const World&)>
PairCipherIs(CipherAlgorithm cipher)
{
    return [cipher](const World& w) {
        return w.GetNode(A).engine.GetPairs().at(0).transform.cipher == cipher &&
               w.GetNode(B).engine.GetPairs().at(0).transform.cipher == cipher;
    };
}

/// Does phase 1 fail at B for this reason, with nothing kept?
std::function<bool(const World&)>
FailsAtB(EndReason reason)
{
    return [reason](const World& w) {
        return EndsOf(w, B, EventKind::Phase1Failed) == ToString(reason) &&
               CountAttempts(w, B) == 0;
    };
}

std::function<bool(const World&)>
Phase2FailsAtBoth(EndReason atA, EndReason atB)
{
    return [atA, atB](const World& w) {
        return EndsOf(w, A, EventKind::Phase2Failed) == ToString(atA) &&
               EndsOf(w, B, EventKind::Phase2Failed) == ToString(atB);
    };
}

/// When do the ISAKMP SAs of A and B end? In seconds after time zero, roughly.
std::function<bool(const World&)>
Phase1Expires(int64_t a, int64_t b)
{
    return [a, b](const World& w) {
        const Duration slack = Duration::Seconds(1);
        const auto near = [&](uint32_t node, int64_t seconds) {
            const Instant at = w.GetNode(node).engine.GetIsakmpSas().at(0).expires;
            return at >= Instant{} + Duration::Seconds(seconds) &&
                   at <= Instant{} + Duration::Seconds(seconds) + slack;
        };
        return near(A, a) && near(B, b);
    };
}

const EspTransformSet SET_3DES{"3des",
                               CipherAlgorithm::TripleDesCbc,
                               0,
                               IntegrityAlgorithm::HmacSha1_96};
const EspTransformSet SET_AES{"aes",
                              CipherAlgorithm::AesCbc,
                              128,
                              IntegrityAlgorithm::HmacSha256_128};
const EspTransformSet SET_AES256{"aes256",
                                 CipherAlgorithm::AesCbc,
                                 256,
                                 IntegrityAlgorithm::HmacSha256_128};
const EspTransformSet SET_DES{"des", CipherAlgorithm::DesCbc, 0, IntegrityAlgorithm::HmacMd5_96};

PreSharedKey
Key(const std::string& keyring, const std::string& prefix, const std::string& key)
{
    PreSharedKey k;
    k.keyring = keyring;
    k.peers = IpPrefix::AnyV4();
    if (!prefix.empty())
    {
        const size_t slash = prefix.find('/');
        const unsigned length = static_cast<unsigned>(std::stoul(prefix.substr(slash + 1)));
        k.peers = IpPrefix{*IpAddress::Parse(prefix.substr(0, slash)), length};
    }
    k.key = ToOctets(key);
    return k;
}

std::vector<PolicyCase>
Phase1Cases()
{
    const auto des = [](uint32_t p) {
        return Policy(p, CipherAlgorithm::DesCbc, HashAlgorithm::Md5, DhGroup::Modp768);
    };
    const auto triple = [](uint32_t p) {
        return Policy(p, CipherAlgorithm::TripleDesCbc, HashAlgorithm::Sha1, DhGroup::Modp1024);
    };
    const auto aes = [](uint32_t p) {
        return Policy(p, CipherAlgorithm::AesCbc, HashAlgorithm::Sha256, DhGroup::Ecp256);
    };
    IsakmpPolicy rsa = triple(1);
    rsa.authentication = AuthMethod::RsaSignature;
    IsakmpPolicy aes256 = aes(1);
    aes256.keyBits = 256;
    const auto refused = FailsAtB(EndReason::NoProposalChosen);
    return {
        {"the responder's best of several that both have",
         Policies({des(1), triple(2), aes(3)}),
         Policies({aes(1), triple(2), des(3)}),
         ONE_EACH,
         Phase1CipherIs(CipherAlgorithm::AesCbc)},
        {"the only common one, last of both",
         Policies({des(1), aes(2), triple(3)}),
         Policies({triple(9)}),
         ONE_EACH,
         Phase1CipherIs(CipherAlgorithm::TripleDesCbc)},
        {"nothing in common",
         Policies({des(1), triple(2)}),
         Policies({aes(1)}),
         "0/0 0/0",
         refused},
        {"another key length", Policies({aes256}), Policies({aes(1)}), "0/0 0/0", refused},
        {"another group",
         Policies({Policy(1, CipherAlgorithm::DesCbc, HashAlgorithm::Md5, DhGroup::Modp1536)}),
         Policies({des(1)}),
         "0/0 0/0",
         refused},
        {"another hash",
         Policies({Policy(1, CipherAlgorithm::DesCbc, HashAlgorithm::Sha1, DhGroup::Modp768)}),
         Policies({des(1)}),
         "0/0 0/0",
         refused},
        {"rsa-sig at the initiator", Policies({rsa}), Policies({triple(1)}), "0/0 0/0", nullptr},
        {"rsa-sig at both, neither has a certificate",
         Policies({rsa}),
         Policies({rsa}),
         "0/0 0/0",
         nullptr},
        {"rsa-sig before pre-share at both",
         Policies({rsa, aes(2)}),
         Policies({rsa, aes(2)}),
         ONE_EACH,
         Phase1CipherIs(CipherAlgorithm::AesCbc)},
        {"no policy at the responder", {}, Policies({}), "0/0 0/0", refused},
        {"no policy at the initiator",
         Policies({}),
         {},
         "0/0 0/0",
         [](const World& w) {
             return CountEvents(w, A, EventKind::MessageSent) == 0 &&
                    EndsOf(w, A, EventKind::Phase1Failed) == "no-proposal-chosen";
         }},
        {"the initiator's lifetime is shorter: it counts",
         Phase1Lifetime(500),
         Phase1Lifetime(1000),
         ONE_EACH,
         Phase1Expires(500, 500)},
        {"the initiator's lifetime is longer: refused",
         Phase1Lifetime(1000),
         Phase1Lifetime(500),
         "0/0 0/0",
         refused},
        {"the initiator's lifetime is longer, any is taken: each by its own",
         All({Phase1Lifetime(1000),
              Knob(&IkeKnobs::phase1LifetimeMatch, Phase1LifetimeMatch::Any)}),
         All({Phase1Lifetime(500), Knob(&IkeKnobs::phase1LifetimeMatch, Phase1LifetimeMatch::Any)}),
         ONE_EACH,
         Phase1Expires(1000, 500)},
        {"the initiator's lifetime is shorter, any is taken",
         All({Phase1Lifetime(500), Knob(&IkeKnobs::phase1LifetimeMatch, Phase1LifetimeMatch::Any)}),
         All({Phase1Lifetime(1000),
              Knob(&IkeKnobs::phase1LifetimeMatch, Phase1LifetimeMatch::Any)}),
         ONE_EACH,
         Phase1Expires(500, 500)},
    };
}

std::vector<PolicyCase>
KeyCases()
{
    const auto noKeyAtB = FailsAtB(EndReason::NoPreSharedKey);
    return {
        {"the longest match counts",
         Keys({Key("", "", "x"), Key("", "10.0.0.2/32", "secret"), Key("", "10.0.0.0/8", "y")}),
         {},
         ONE_EACH,
         nullptr},
        {"no key for this peer at the responder",
         {},
         Keys({Key("", "192.0.2.0/24", "secret")}),
         "0/0 0/0",
         noKeyAtB},
        {"no key for this peer at the initiator",
         Keys({Key("", "192.0.2.0/24", "secret")}),
         {},
         "0/0 0/0",
         [](const World& w) {
             return CountEvents(w, A, EventKind::MessageSent) == 0 &&
                    EndsOf(w, A, EventKind::Phase1Failed) == "no-pre-shared-key";
         }},
        {"a keyring of the profile goes before the global keys",
         All({Keys({Key("", "", "wrong"), Key("R", "", "secret")}), Profile("R", {})}),
         {},
         ONE_EACH,
         nullptr},
        {"a key in a keyring that no profile names does not count",
         {},
         Keys({Key("R", "", "secret")}),
         "0/0 0/0",
         noKeyAtB},
        {"a keyring of the profile without a key for the peer",
         {},
         All({Keys({Key("", "", "secret"), Key("R", "192.0.2.1/32", "secret")}), Profile("R", {})}),
         "0/0 0/0",
         noKeyAtB},
        {"the identity matches the profile",
         {},
         Profile("", {IpPrefix{AddressOf(A), 32}}),
         ONE_EACH,
         nullptr},
    };
}

std::vector<PolicyCase>
Phase2Cases()
{
    const auto refused = Phase2FailsAtBoth(EndReason::RefusedByPeer, EndReason::NoProposalChosen);
    return {
        {"the responder's best of several that both have",
         Sets({SET_DES, SET_3DES, SET_AES}),
         Sets({SET_AES, SET_DES}),
         ONE_EACH,
         PairCipherIs(CipherAlgorithm::AesCbc)},
        {"the only common one",
         Sets({SET_AES, SET_AES256, SET_3DES}),
         Sets({SET_DES, SET_3DES}),
         ONE_EACH,
         PairCipherIs(CipherAlgorithm::TripleDesCbc)},
        {"nothing in common", Sets({SET_AES}), Sets({SET_3DES}), "1/0 1/0", refused},
        {"another key length", Sets({SET_AES}), Sets({SET_AES256}), "1/0 1/0", refused},
        {"PFS wanted by the responder alone", {}, Pfs(DhGroup::Modp1024), "1/0 1/0", refused},
        {"PFS offered to one who takes any", Pfs(DhGroup::Modp1024), {}, ONE_EACH, nullptr},
        {"PFS with another group",
         Pfs(DhGroup::Modp768),
         Pfs(DhGroup::Modp1024),
         "1/0 1/0",
         refused},
        {"other proxy identities",
         [](EngineConfig& c) {
             c.connections[0].localSelector = IpPrefix{IpAddress::V4(0x0a010000), 16};
         },
         {},
         "1/0 1/0",
         Phase2FailsAtBoth(EndReason::RefusedByPeer, EndReason::InvalidId)},
    };
}

void
CheckPolicy(LabTest& t, const PolicyCase& c)
{
    World world = MakeWorld({}, c.a, c.b);
    RunSchedule(world, "start:A");
    Pass(world, Duration::Seconds(9));
    t.ExpectEqual(Standing(world), c.standing, c.name, &world);
    t.Expect(!c.also || c.also(world), c.name + ": the rest", &world);
    if (c.standing == ONE_EACH)
    {
        t.Expect(IsShared(world), c.name + ": the same SAs", &world);
        t.Expect(CarriesTraffic(world), c.name + ": traffic passes", &world);
    }
}

/// Unequal keys: both find out, but a later message may be right, so they wait.
void
WrongKey(LabTest& t)
{
    World world = MakeWorld({}, Keys({Key("", "", "other")}));
    RunSchedule(world, "start:A");
    Pass(world, Duration::Seconds(59));
    t.ExpectEqual(Standing(world), "0/0 0/0", "nothing stands", &world);
    t.ExpectEqual(CountAttempts(world, B), 1U, "B is patient", &world);
    t.ExpectEqual(CountEvents(world, B, EventKind::NotifySent), 1U, "it says so once", &world);
    Pass(world, Duration::Seconds(10));
    t.ExpectEqual(EndsOf(world, B, EventKind::Phase1Failed), "authentication-failed", "B", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::Phase1Failed), "no-answer", "A", &world);
    t.ExpectEqual(CountAttempts(world, B), 0U, "B", &world);
}

void
WrongIdentity(LabTest& t)
{
    World world = MakeWorld({}, {}, Profile("", {IpPrefix{IpAddress::V4(0xc0000201), 32}}));
    RunSchedule(world, "start:A");
    Pass(world, Duration::Seconds(61));
    t.ExpectEqual(Standing(world), "0/0 0/0", "nothing stands", &world);
    t.ExpectEqual(EndsOf(world, B, EventKind::Phase1Failed), "invalid-id", "why", &world);
}

/// The initiator looks at the identity of message 6, too; B then has an SA that A does not have.
void
WrongIdentityOfResponder(LabTest& t)
{
    World world = MakeWorld({}, Profile("", {IpPrefix{IpAddress::V4(0xc0000201), 32}}));
    RunSchedule(world, "start:A");
    Pass(world, Duration::Seconds(61));
    t.ExpectEqual(CountIsakmp(world, A), 0U, "nothing stands at A", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::Phase1Failed), "invalid-id", "why", &world);
}

/// Every cipher, hash and group of phase 1, every transform and PFS group of phase 2.
void
AllAlgorithms(LabTest& t)
{
    const std::vector<std::pair<CipherAlgorithm, uint32_t>> ciphers{
        {CipherAlgorithm::DesCbc, 0},
        {CipherAlgorithm::TripleDesCbc, 0},
        {CipherAlgorithm::AesCbc, 128},
        {CipherAlgorithm::AesCbc, 192},
        {CipherAlgorithm::AesCbc, 256}};
    const std::vector<HashAlgorithm> hashes{HashAlgorithm::Md5,
                                            HashAlgorithm::Sha1,
                                            HashAlgorithm::Sha256,
                                            HashAlgorithm::Sha384,
                                            HashAlgorithm::Sha512};
    const std::vector<IntegrityAlgorithm> integrities{IntegrityAlgorithm::HmacMd5_96,
                                                      IntegrityAlgorithm::HmacSha1_96,
                                                      IntegrityAlgorithm::HmacSha256_128};
    unsigned i = 0;
    for (const auto& [cipher, bits] : ciphers)
    {
        for (HashAlgorithm hash : hashes)
        {
            IsakmpPolicy p = MakePolicy();
            p.cipher = cipher;
            p.keyBits = bits;
            p.hash = hash;
            p.group = DhGroup::Ecp256;
            const IntegrityAlgorithm integrity = integrities[i++ % integrities.size()];
            const EspTransformSet set{"s", cipher, bits, integrity};
            World world = MakeWorld(All({Policies({p}), Sets({set})}));
            RunSchedule(world, "start:A run");
            const std::string what = ToString(cipher) + std::to_string(bits) + " " + ToString(hash);
            t.ExpectEqual(Standing(world), ONE_EACH, what, &world);
            t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
        }
    }
    for (IntegrityAlgorithm integrity : integrities)
    {
        const EspTransformSet set{"s", CipherAlgorithm::Null, 0, integrity};
        World world = MakeWorld(Sets({set}));
        RunSchedule(world, "start:A run");
        t.Expect(CarriesTraffic(world), "NULL " + ToString(integrity), &world);
    }
}

void
AllGroups(LabTest& t)
{
    for (DhGroup group : {DhGroup::Modp768,
                          DhGroup::Modp1024,
                          DhGroup::Modp1536,
                          DhGroup::Modp2048,
                          DhGroup::Modp3072,
                          DhGroup::Modp4096,
                          DhGroup::Ecp256,
                          DhGroup::Ecp384,
                          DhGroup::Ecp521})
    {
        World world = MakeWorld([group](EngineConfig& c) {
            c.policies[0].group = group;
            c.connections[0].pfs = group;
        });
        RunSchedule(world, "start:A run");
        const std::string what = "group " + std::to_string(static_cast<unsigned>(group));
        t.ExpectEqual(Standing(world), ONE_EACH, what, &world);
        t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
        t.Expect(world.GetNode(B).engine.GetPairs().at(0).pfs == group, what + ": PFS", &world);
        // key and shared secret of phase 1, and again of phase 2
        t.ExpectEqual(CountEvents(world, A, EventKind::DhOperation), 4U, what, &world);
        t.ExpectEqual(CountEvents(world, B, EventKind::DhOperation), 4U, what, &world);
    }
}

/// The suite "ikev1-policy": what two configurations agree on.
class Ikev1PolicyTestSuite : public TestSuite
{
  public:
    Ikev1PolicyTestSuite()
        : TestSuite("ikev1-policy", Type::UNIT)
    {
        for (const std::vector<PolicyCase>& cases : {Phase1Cases(), KeyCases(), Phase2Cases()})
        {
            for (const PolicyCase& c : cases)
            {
                Add("policy: " + c.name, [c](LabTest& t) { CheckPolicy(t, c); });
            }
        }
        Add("policy: unequal pre-shared keys", WrongKey);
        Add("policy: identity is not that of the profile", WrongIdentity);
        Add("policy: identity of the responder is not that of the profile",
            WrongIdentityOfResponder);
        Add("every cipher and hash", AllAlgorithms);
        Add("every group, with PFS", AllGroups);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1PolicyTestSuite g_ikev1PolicyTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
