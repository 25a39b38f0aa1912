/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-pki.h"
#include "ikev1-rogue-bench.h"

#include "ns3/ikev1-authenticate.h"

/**
 * @file
 * The suite "ikev1-identity": whose the SAs with an address are, how often somebody may try to
 * prove that they are his, and how often this end tries.
 */
namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

// --- Several peers at one address ----------------------------------------------------------------

PreSharedKey
KeyOf(const std::string& name)
{
    return PreSharedKey{"",
                        IpPrefix(),
                        ToOctets("key of " + name),
                        IkeIdentity{IdentityKind::Fqdn, name}};
}

const std::string ALICE = "alice.example.org"; ///< has a named key
const std::string BOB = "bob.example.org";     ///< has another one
const std::string R1 = "r1.example.org";       ///< has a certificate

/// The engine knows all of them, and takes signatures, too.
void
KnowAll(EngineConfig& c)
{
    c.connections.back().aggressive = true;
    c.keys.push_back(KeyOf(ALICE));
    c.keys.push_back(KeyOf(BOB));
    IsakmpPolicy policy = c.policies.at(0);
    policy.priority = 30;
    policy.authentication = AuthMethod::RsaSignature;
    c.policies.push_back(policy);
    c.trustpoints = {Trustpoint{"T",
                                {PkiFile("root.crt")},
                                {PkiFile("r2.crt"), PkiFile("middle.crt")},
                                PkiFile("r2.key")}};
}

/// The tunnel to the rogue's address expects these names.
Tweak
ExpectNames(const std::vector<std::string>& names)
{
    return [names](EngineConfig& c) {
        KnowAll(c);
        IsakmpProfileConfig profile;
        profile.name = "P";
        for (const std::string& name : names)
        {
            profile.identities.push_back(IkeIdentity{IdentityKind::Fqdn, name});
        }
        c.connections.back().isakmpProfile = profile;
    };
}

/// Somebody at the rogue's address; empty: by the key for the address, in main mode.
RoguePeer
MakePeer(const std::string& name, uint8_t cookie)
{
    RogueFault fault;
    fault.message = name.empty() ? RogueMessage::MainMode5 : RogueMessage::Aggressive3;
    fault.cookie = cookie;
    if (!name.empty())
    {
        fault.identify = IdPayload{IdType::Fqdn, 0, 0, ToOctets(name)};
    }
    if (name == R1)
    {
        fault.certificates = {PkiFile("r1.crt")};
        fault.privateKey = PkiFile("r1.key");
    }
    return RoguePeer(GetLabCrypto(),
                     Role::Initiator,
                     ROGUE,
                     name.empty() ? ToOctets("secret") : KeyOf(name).key,
                     DhGroup::Modp1024,
                     fault);
}

/// Its phase 1; what the engine says of the proof.
std::string
Meet(Bench& bench, RoguePeer& peer, const std::string& name)
{
    const bool isMain = name.empty();
    return Converse(bench,
                    peer,
                    isMain ? RogueMessage::MainMode5 : RogueMessage::Aggressive3,
                    isMain ? peer.Begin() : peer.BeginAggressive());
}

/// Who stands, who comes, and what becomes of that.
struct StandingCase
{
    std::string name;   ///< what it is about
    std::string first;  ///< who stands
    std::string second; ///< who comes
    Tweak tweak;        ///< of the engine
    std::string answer; ///< to the second one
    std::string stands; ///< afterwards
};

const std::string ANOTHER = " is not the peer whose ISAKMP SA stands; send HDR, N";

void
StandingIsakmpSas(LabTest& t)
{
    const std::string up = "phase 1 up";
    for (const StandingCase& c :
         {StandingCase{"the same once more", ALICE, ALICE, KnowAll, up, "2/0"},
          StandingCase{"another named key",
                       ALICE,
                       BOB,
                       KnowAll,
                       "drop: invalid-id: ID(ID_FQDN bob.example.org)" + ANOTHER,
                       "1/0"},
          StandingCase{"a certificate",
                       ALICE,
                       R1,
                       KnowAll,
                       "drop: invalid-id: ID(ID_FQDN r1.example.org)" + ANOTHER,
                       "1/0"},
          StandingCase{"a named key after a certificate",
                       R1,
                       BOB,
                       KnowAll,
                       "drop: invalid-id: ID(ID_FQDN bob.example.org)" + ANOTHER,
                       "1/0"},
          StandingCase{"a named key after the key of the address",
                       "",
                       BOB,
                       KnowAll,
                       "drop: invalid-id: ID(ID_FQDN bob.example.org)" + ANOTHER,
                       "1/0"},
          StandingCase{"the key of the address",
                       ALICE,
                       "",
                       KnowAll,
                       "send HDR*, ID, HASH; phase 1 up",
                       "2/0"},
          StandingCase{"the profile expects both",
                       ALICE,
                       BOB,
                       ExpectNames({ALICE, BOB}),
                       up,
                       "2/0"},
          StandingCase{"the profile expects one",
                       ALICE,
                       BOB,
                       ExpectNames({ALICE}),
                       "drop: invalid-id: ID(ID_FQDN bob.example.org) does not match profile P; "
                       "send HDR, N",
                       "1/0"}})
    {
        Bench bench(false, c.tweak);
        RoguePeer first = MakePeer(c.first, 0xc0);
        Meet(bench, first, c.first);
        t.ExpectEqual(bench.WithRogue(), "1/0", c.name + ": the first");
        bench.sent.clear();
        RoguePeer second = MakePeer(c.second, 0xc1);
        t.ExpectEqual(Meet(bench, second, c.second), c.answer, c.name);
        t.ExpectEqual(bench.WithRogue(), c.stands, c.name + ": stands");
        t.Expect(bench.IsHonestUntouched(), c.name + ": the honest one");
    }
}

/// The profile that knew the first one knows the second one alone.
void
ProfileChanges(LabTest& t)
{
    Bench bench(false, ExpectNames({ALICE}));
    RoguePeer alice = MakePeer(ALICE, 0xc0);
    Meet(bench, alice, ALICE);
    auto config = std::make_shared<EngineConfig>(bench.engine.GetConfig());
    config->connections.back().isakmpProfile->identities[0].text = BOB;
    bench.Give(ReconfigureInput{config});
    bench.sent.clear();
    RoguePeer bob = MakePeer(BOB, 0xc1);
    t.ExpectEqual(Meet(bench, bob, BOB),
                  "drop: invalid-id: ID(ID_FQDN bob.example.org)" + ANOTHER,
                  "Alice is there");
    bench.Take(
        ROGUE,
        alice.Inform({MakeDelete(ProtocolId::Isakmp, CookiesOf(alice.GetIdentity()))}).at(0));
    t.ExpectEqual(bench.WithRogue(), "0/0", "Alice goes");
    bench.sent.clear();
    RoguePeer again = MakePeer(BOB, 0xc2);
    t.ExpectEqual(Meet(bench, again, BOB), "phase 1 up", "Bob may come");
}

/// Only the same one inherits.
void
Adoption(LabTest& t)
{
    for (const std::string& second : {ALICE, BOB})
    {
        Bench bench(false, All({ExpectNames({ALICE, BOB}), [](EngineConfig& c) {
                                    c.knobs.adoptOnReauthentication = true;
                                    c.knobs.pairsOutliveIsakmp = false;
                                }}));
        RoguePeer alice = MakePeer(ALICE, 0xc0);
        Meet(bench, alice, ALICE);
        Converse(bench, alice, RogueMessage::None, alice.BeginQuickMode());
        t.ExpectEqual(bench.WithRogue(), "1/1", "Alice");
        RoguePeer other = MakePeer(second, 0xc1);
        Meet(bench, other, second);
        bench.PassTo(bench.now + ns3::ike::Duration::Seconds(60));
        t.ExpectEqual(bench.WithRogue(), second == ALICE ? "1/1" : "2/1", second);
        if (second == BOB)
        {
            bench.Take(
                ROGUE,
                alice.Inform({MakeDelete(ProtocolId::Isakmp, CookiesOf(alice.GetIdentity()))})
                    .at(0));
            t.ExpectEqual(bench.WithRogue(), "1/0", "Bob does not inherit, either");
        }
    }
}

/// INITIAL-CONTACT ends what was negotiated before, also what the new SA has adopted; not what was
/// negotiated under it, nor what is somebody else's.
void
FirstContact(LabTest& t)
{
    const auto greet = [](Bench& bench, RoguePeer& peer) {
        bench.Take(
            ROGUE,
            peer.Inform({MakeNotify(24578, ProtocolId::Isakmp, CookiesOf(peer.GetIdentity()))})
                .at(0));
        return bench.WithRogue();
    };

    struct Case
    {
        std::string second;
        bool ownPair;
        std::string stands;
    };

    for (const Case& c :
         {Case{ALICE, false, "1/0"}, Case{ALICE, true, "1/1"}, Case{BOB, true, "2/2"}})
    {
        Bench bench(false, All({ExpectNames({ALICE, BOB}), [](EngineConfig& config) {
                                    config.knobs.adoptOnReauthentication = true;
                                }}));
        RoguePeer alice = MakePeer(ALICE, 0xc0);
        Meet(bench, alice, ALICE);
        Converse(bench, alice, RogueMessage::None, alice.BeginQuickMode());
        RoguePeer second = MakePeer(c.second, 0xc1);
        Meet(bench, second, c.second);
        if (c.ownPair)
        {
            Converse(bench, second, RogueMessage::None, second.BeginQuickMode());
        }
        t.ExpectEqual(greet(bench, second), c.stands, c.second + (c.ownPair ? ", a pair" : ""));
        t.Expect(bench.IsHonestUntouched(), "the honest one");
    }
}

// --- Proofs that do not hold ---------------------------------------------------------------------

/// Up to message 5, which is not given to the engine.
Octets
ReachProof(Bench& bench, RoguePeer& rogue)
{
    std::vector<Octets> next = rogue.Begin();
    while (rogue.GetSent() != RogueMessage::MainMode5)
    {
        bench.Take(ROGUE, next.at(0));
        const Octets heard = bench.sent.at(0);
        bench.sent.clear();
        next = rogue.Hear(heard);
    }
    return next.at(0);
}

/// So many different proofs that do not hold, each three times, and then the true one.
void
ManyProofs(LabTest& t)
{
    for (uint32_t count = 0; count <= MAX_REFUSED_PROOFS + 1; count++)
    {
        Bench bench(false);
        RoguePeer rogue = MakePeer("", 0xc0);
        const Octets proof = ReachProof(bench, rogue);
        for (uint32_t i = 0; i < count; i++)
        {
            Octets forged = proof;
            forged.back() = static_cast<uint8_t>(forged.back() ^ (i + 1));
            for (unsigned copy = 0; copy < 3; copy++)
            {
                bench.Take(ROGUE, forged);
                bench.PassTo(bench.now + ns3::ike::Duration::Milliseconds(600));
            }
        }
        const bool isOver = count >= MAX_REFUSED_PROOFS;
        const std::string name = std::to_string(count) + " of them";
        t.ExpectEqual(bench.engine.GetLoad().halfOpen, isOver ? 0U : 1U, name);
        t.ExpectEqual(bench.Take(ROGUE, proof),
                      isOver ? "drop: no ISAKMP SA with these cookies"
                             : "send HDR*, ID, HASH; phase 1 up",
                      name + ", the true one");
        const bool hasFailed =
            std::any_of(bench.events.begin(), bench.events.end(), [](const Event& e) {
                return e.kind == EventKind::Phase1Failed &&
                       e.end == EndReason::AuthenticationFailed;
            });
        t.ExpectEqual(hasFailed, isOver, name + ", it is said");
        t.Expect(bench.IsHonestUntouched(), name + ": the honest one");
    }
}

/// One operation tells that a signature is wrong; the chain is not walked for it.
void
SignatureBeforeChain(LabTest& t)
{
    Bench bench(false, KnowAll);
    RogueFault fault;
    fault.message = RogueMessage::Aggressive3;
    fault.identify = IdPayload{IdType::Fqdn, 0, 0, ToOctets("r2.example.org")};
    fault.certificates = {PkiFile("r2-of-other.crt"), PkiFile("other.crt")};
    fault.privateKey = PkiFile("r1.key");
    RoguePeer rogue(GetLabCrypto(),
                    Role::Initiator,
                    ROGUE,
                    ToOctets("secret"),
                    DhGroup::Modp1024,
                    fault);
    t.ExpectEqual(
        Converse(bench, rogue, RogueMessage::Aggressive3, rogue.BeginAggressive()),
        "drop: authentication-failed: the certificate of CN=r2,O=Example does not fit the "
        "signature; send HDR, N",
        "both are wrong");
}

void
ManyCertificates(LabTest& t)
{
    Message message;
    message.payloads.assign(60, CertificatePayload{CertificateEncoding::X509Signature, {1}});
    PeerProof proof;
    ReadProof(proof, message);
    ReadProof(proof, message);
    t.ExpectEqual(proof.certificates.size(), MAX_CERTIFICATES, "of two messages");
}

// --- Packets begin nothing in the pause ----------------------------------------------------------

/// A packet every second for a minute; how many attempts of phase 1 have failed?
size_t
CountFailures(World& world, bool unknownSpi)
{
    for (unsigned i = 0; i < 60; i++)
    {
        if (unknownSpi)
        {
            world.Give(A, UnknownSpiInput{AddressOf(A), AddressOf(B), 0x1234});
        }
        else
        {
            RunSchedule(world, "offer:A");
        }
        Pass(world, ns3::ike::Duration::Seconds(1));
    }
    return CountEvents(world, A, EventKind::Phase1Failed);
}

Tweak
ByTraffic(bool recovers)
{
    return [recovers](EngineConfig& c) {
        c.connections[0].stayUp = false;
        c.invalidSpiRecovery = recovers;
    };
}

/// A has no key, so that each attempt fails at once: every ten seconds (RestartPause) one.
void
HopelessAtOnce(LabTest& t)
{
    for (bool unknownSpi : {false, true})
    {
        World world = MakeWorld(ByTraffic(unknownSpi), Keys({}));
        RunSchedule(world, "start:A start:B");
        const size_t failures = CountFailures(world, unknownSpi);
        t.ExpectEqual(failures, 6U, unknownSpi ? "unknown SPIs" : "packets", &world);
        Change(world, A, Keys({PreSharedKey{"", IpPrefix::AnyV4(), ToOctets("secret")}}));
        RunSchedule(world, "offer:A run");
        t.ExpectEqual(CountPairs(world, A), 1U, "with a key at once", &world);
    }
}

/// Nobody answers: the next attempt begins after the pause, or at once when the operator says so.
void
HopelessForLong(LabTest& t)
{
    for (bool cleared : {false, true})
    {
        World world = MakeWorld(ByTraffic(false));
        RunSchedule(world, "start:A start:B offer:A");
        while (CountEvents(world, A, EventKind::Phase1Failed) == 0)
        {
            PassDeaf(world, ns3::ike::Duration::Seconds(1), A);
        }
        if (cleared)
        {
            world.Give(A, ClearInput{});
        }
        RunSchedule(world, "offer:A run");
        t.ExpectEqual(CountPairs(world, A), cleared ? 1U : 0U, "at once", &world);
        Pass(world, ns3::ike::Duration::Seconds(10));
        RunSchedule(world, "offer:A run");
        t.ExpectEqual(CountPairs(world, A), 1U, "after the pause", &world);
    }
}

/// A phase 2 that is refused again and again: the same.
void
HopelessPhase2(LabTest& t)
{
    World world = MakeWorld(ByTraffic(false), {}, Pfs(DhGroup::Modp1536));
    RunSchedule(world, "start:A start:B");
    CountFailures(world, false);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Failed), 6U, "in a minute", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Failed), 0U, "phase 1 stands", &world);
}

/// A tunnel that must stay up has lost its SA and waits: ESP, which anybody can send, does not
/// shorten the pause.
void
UnknownSpiWhileWaiting(LabTest& t)
{
    World world = MakeUpWorld({}, {}, ResponderOnly());
    world.Give(B, ClearInput{});
    RunSchedule(world, "run");
    t.ExpectEqual(CountPairs(world, A), 0U, "lost", &world);
    const size_t before = CountEvents(world, A, EventKind::Phase2Begin);
    for (unsigned i = 0; i < 9; i++)
    {
        world.Give(A, UnknownSpiInput{AddressOf(A), AddressOf(B), 0x1234});
        Pass(world, ns3::ike::Duration::Seconds(1));
    }
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), before, "it waits", &world);
    Pass(world, ns3::ike::Duration::Seconds(2));
    t.ExpectEqual(CountPairs(world, A), 1U, "in its own time", &world);
}

/// The suite "ikev1-identity".
class Ikev1IdentityTestSuite : public TestSuite
{
  public:
    Ikev1IdentityTestSuite()
        : TestSuite("ikev1-identity", Type::UNIT)
    {
        Add("whose is what stands", StandingIsakmpSas);
        Add("a profile changes", ProfileChanges);
        Add("adoption by the same one alone", Adoption);
        Add("first contact", FirstContact);
        Add("many proofs", ManyProofs);
        Add("signature before chain", SignatureBeforeChain);
        Add("many certificates", ManyCertificates);
        Add("hopeless at once", HopelessAtOnce);
        Add("hopeless for long", HopelessForLong);
        Add("hopeless phase 2", HopelessPhase2);
        Add("unknown SPIs while a tunnel waits", UnknownSpiWhileWaiting);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1IdentityTestSuite g_ikev1IdentityTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
