/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-message.h"
#include "ns3/ike-negotiate.h"
#include "ns3/ike-sa-payload.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Six messages make a tunnel: three of aggressive mode and three of quick mode.
constexpr unsigned MESSAGES = 6;

/// Phase 1 begins in aggressive mode.
void
Aggressive(EngineConfig& c)
{
    c.connections[0].aggressive = true;
}

Tweak
NameIs(IdentityKind kind, const std::string& text)
{
    return [kind, text](EngineConfig& c) { c.connections[0].identity = IkeIdentity{kind, text}; };
}

/// A profile that expects these names, and these addresses.
Tweak
Expects(const std::vector<IkeIdentity>& names, const std::vector<IpPrefix>& addresses = {})
{
    return [names, addresses](EngineConfig& c) {
        c.connections[0].isakmpProfile = IsakmpProfileConfig{"P", "", addresses, names};
    };
}

PreSharedKey
NamedKey(const std::string& key, IdentityKind kind, const std::string& text)
{
    return PreSharedKey{"", IpPrefix::AnyV4(), ToOctets(key), IkeIdentity{kind, text}};
}

/// The payloads of all messages of aggressive mode that a node has sent, one message a line.
std::string
SentBy(const World& world, uint32_t node)
{
    std::string text;
    for (const Event& e : EventsOf(world, node, EventKind::MessageSent))
    {
        text += e.exchange == ExchangeKind::AggressiveMode ? e.text + "\n" : "";
    }
    return text;
}

/// Why datagrams were dropped, the first reason alone.
std::string
FirstDrop(const World& world, uint32_t node)
{
    const std::vector<Event> all = EventsOf(world, node, EventKind::MessageDropped);
    return all.empty() ? "" : all.front().text;
}

void
ExpectUp(LabTest& t, World& world, const std::string& what)
{
    t.ExpectEqual(Standing(world), ONE_EACH, what, &world);
    t.Expect(IsShared(world), what + ": both ends have the same SAs", &world);
    t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
}

// --- Messages ------------------------------------------------------------------------------------

void
ThreeMessages(LabTest& t)
{
    for (uint32_t begins : {A, B})
    {
        World world = MakeWorld(Aggressive);
        RunSchedule(world, begins == A ? "start:A run" : "start:B run");
        ExpectUp(t, world, "up");
        t.ExpectEqual(SentBy(world, begins),
                      "HDR, SA, KE, NONCE, ID, VID, VID, VID\nHDR*, HASH, NAT-D, NAT-D\n",
                      "messages 1 and 3",
                      &world);
        t.ExpectEqual(SentBy(world, 1 - begins),
                      "HDR, SA, KE, NONCE, ID, VID, VID, VID, NAT-D, NAT-D, HASH\n",
                      "message 2",
                      &world);
    }
}

/// RFC 2409 5.4 shows message 3 in the clear: some peers send it so.
void
ClearProof(LabTest& t)
{
    World world = MakeWorld(Aggressive, [](EngineConfig& c) { c.style.clearProof = true; });
    RunSchedule(world, "start:A run");
    ExpectUp(t, world, "up");
    t.ExpectEqual(SentBy(world, A),
                  "HDR, SA, KE, NONCE, ID, VID, VID, VID\nHDR, HASH, NAT-D, NAT-D\n",
                  "messages 1 and 3",
                  &world);
}

/// What `show crypto isakmp sa` says at each step.
void
StateNames(LabTest& t)
{
    SlowWorld world(Aggressive);
    std::string seen;
    const auto look = [&world, &seen] {
        for (uint32_t node : {A, B})
        {
            const auto sas = world.engines[node].GetIsakmpSas();
            seen += sas.empty() ? "- " : sas.front().state + " ";
        }
    };
    world.Give(A, LinkChangeInput{TUNNEL, true});
    look(); // A computes its public value
    world.Finish(0);
    look(); // message 1 is out
    world.Flush();
    look(); // B computes
    world.Finish(0);
    look(); // message 2 is out
    world.Flush();
    look(); // A computes
    world.Finish(0);
    look(); // message 3 is out
    world.Settle();
    look();
    t.ExpectEqual(seen,
                  "AG_NO_STATE - AG_INIT_EXCH - AG_INIT_EXCH AG_NO_STATE AG_INIT_EXCH "
                  "AG_INIT_EXCH AG_INIT_EXCH AG_INIT_EXCH QM_IDLE AG_INIT_EXCH QM_IDLE QM_IDLE ",
                  "states");
}

void
LossOfEach(LabTest& t)
{
    for (unsigned lost = 1; lost <= MESSAGES; lost++)
    {
        for (bool twice : {false, true})
        {
            World world = MakeWorld(Aggressive);
            RunSchedule(world, "start:A");
            Step(world, lost - 1);
            // message 3 leaves together with message 1 of quick mode
            world.Drop(world.GetFlights().front().id);
            if (twice)
            {
                Pass(world, Duration::Seconds(5));
                world.FireNextTimer();
                while (!world.GetFlights().empty())
                {
                    world.Drop(world.GetFlights().front().id);
                }
            }
            Pass(world, Duration::Seconds(100));
            ExpectUp(t,
                     world,
                     "message " + std::to_string(lost) + " lost" + (twice ? " twice" : ""));
            t.ExpectEqual(CountEvents(world, B, EventKind::Phase1Begin), 1U, "one SA", &world);
        }
    }
}

/// At each point all messages so far once more: old answers or none.
void
Duplicates(LabTest& t)
{
    World world = MakeWorld(Aggressive);
    std::vector<Flight> tape;
    std::set<Octets> known;
    RunSchedule(world, "start:A");
    while (!world.GetFlights().empty())
    {
        tape.push_back(world.GetFlights().front());
        world.Deliver(tape.back().id);
        World copy = world;
        known.insert(tape.back().octets);
        for (const Flight& f : copy.GetFlights())
        {
            known.insert(f.octets);
        }
        for (const Flight& f : tape)
        {
            copy.Give(f.to, DatagramInput{f.destination, f.source, f.octets});
        }
        const std::string what = "all again after message " + std::to_string(tape.size());
        for (const Flight& f : copy.GetFlights())
        {
            t.Expect(known.count(f.octets) == 1, what + ": something new is sent", &copy);
        }
        RunSchedule(copy, "run");
        ExpectUp(t, copy, what);
        t.ExpectEqual(CountEvents(copy, B, EventKind::Phase1Begin), 1U, what, &copy);
    }
    t.ExpectEqual(tape.size(), MESSAGES, "messages of a negotiation");
}

void
BothAtOnce(LabTest& t)
{
    World world = MakeWorld(Aggressive);
    RunSchedule(world, "start:A start:B");
    Pass(world, Duration::Seconds(100));
    t.ExpectEqual(Standing(world), "2/2 2/2", "two of each", &world);
    t.Expect(IsShared(world), "the same at both ends", &world);
}

/// RFC 2409 5.4: the group is that of the public value in message 1.
void
OneGroup(LabTest& t)
{
    World world = MakeWorld(Aggressive, [](EngineConfig& c) {
        IsakmpPolicy other = MakePolicy();
        other.group = DhGroup::Modp1536;
        IsakmpPolicy third = MakePolicy();
        third.hash = HashAlgorithm::Md5;
        c.policies = {MakePolicy(), other, third};
    });
    RunSchedule(world, "start:A");
    const auto message = ReadMessage(world.GetFlights().front().octets);
    t.ExpectEqual(message.value->Find<SaPayload>()->proposals.at(0).transforms.size(),
                  2U,
                  "transforms of one group",
                  &world);
    RunSchedule(world, "run");
    ExpectUp(t, world, "up");
}

/// A responder whose best policy has another group takes one that fits the public value.
void
GroupOfTheOffer(LabTest& t)
{
    World world = MakeWorld(Aggressive, {}, [](EngineConfig& c) {
        IsakmpPolicy best = MakePolicy();
        best.group = DhGroup::Modp2048;
        c.policies = {best, MakePolicy()};
    });
    RunSchedule(world, "start:A run");
    ExpectUp(t, world, "up");
}

/// An initiator that offers two groups, as others do, has a public value of one: an answer of the
/// other one is none, whatever stands in it.
void
GroupOfTheAnswer(LabTest& t)
{
    IsakmpPolicy other = MakePolicy();
    other.group = DhGroup::Modp1536;
    const SaPayload offer = BuildPhase1Offer({MakePolicy(), other});
    World world = MakeWorld(Aggressive,
                            [&offer](EngineConfig& c) { c.style.phase1Offer = WriteBody(offer); });
    RunSchedule(world, "start:A");
    Step(world, 1);
    const Flight real = world.GetFlights().front();
    Message forged = *ReadMessage(real.octets).value;
    for (Payload& p : forged.payloads)
    {
        if (auto* sa = std::get_if<SaPayload>(&p))
        {
            sa->proposals.at(0).transforms = {offer.proposals.at(0).transforms.at(1)};
        }
    }
    world.Give(A, DatagramInput{real.destination, real.source, WriteMessage(forged)});
    t.ExpectEqual(FirstDrop(world, A),
                  "the answer is not of the group of the public value",
                  "why",
                  &world);
    RunSchedule(world, "run");
    ExpectUp(t, world, "the real one counts");
}

// --- Refusals ------------------------------------------------------------------------------------

void
NotAccepted(LabTest& t)
{
    World world = MakeWorld(Aggressive, {}, [](EngineConfig& c) { c.acceptAggressive = false; });
    RunSchedule(world, "start:A run");
    t.ExpectEqual(FirstDrop(world, B), "aggressive mode is not accepted", "why", &world);
    t.ExpectEqual(world.GetNode(B).engine.GetIsakmpSas().size(), 0U, "no state", &world);
    Pass(world, Duration::Seconds(61));
    t.ExpectEqual(EndsOf(world, A, EventKind::Phase1Failed), "no-answer", "A", &world);
}

/// Both ends end by their own timers, and say why.
void
WrongKey(LabTest& t)
{
    World world = MakeWorld(Aggressive, {}, Keys({{"", IpPrefix::AnyV4(), ToOctets("other")}}));
    RunSchedule(world, "start:A");
    Pass(world, Duration::Seconds(59));
    t.ExpectEqual(FirstDrop(world, A), "authentication-failed", "A's reason", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::NotifySent), 1U, "one notify", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Failed), 0U, "A goes on", &world);
    Pass(world, Duration::Seconds(2));
    t.ExpectEqual(EndsOf(world, A, EventKind::Phase1Failed), "authentication-failed", "A", &world);
    t.ExpectEqual(CountIsakmp(world, A) + CountIsakmp(world, B), 0U, "no SA", &world);
    Pass(world, Duration::Seconds(2));
    t.ExpectEqual(EndsOf(world, B, EventKind::Phase1Failed), "no-answer", "B", &world);
}

/// Somebody on the way answers first, with a proof or a public value that is none.
void
ForgedMessage2(LabTest& t)
{
    for (bool isValue : {false, true})
    {
        World world = MakeWorld(Aggressive);
        RunSchedule(world, "start:A");
        Step(world, 1);
        const Flight real = world.GetFlights().front();
        Message forged = *ReadMessage(real.octets).value;
        forged.header.responderCookie[0] ^= 1;
        for (Payload& p : forged.payloads)
        {
            if (auto* hash = std::get_if<HashPayload>(&p); hash && !isValue)
            {
                hash->data[0] ^= 1;
            }
            if (auto* ke = std::get_if<KePayload>(&p); ke && isValue)
            {
                ke->data.assign(ke->data.size(), 0);
            }
        }
        world.Give(A, DatagramInput{real.destination, real.source, WriteMessage(forged)});
        t.ExpectEqual(FirstDrop(world, A),
                      isValue ? "invalid-key-exchange" : "authentication-failed",
                      "the forged one",
                      &world);
        t.ExpectEqual(CountAttempts(world, A), 1U, "the attempt goes on", &world);
        RunSchedule(world, "run");
        ExpectUp(t, world, "by the real one");
    }
}

/// Message 1 with another cookie is another attempt.
Octets
WithCookie(const Octets& first, uint8_t number)
{
    Message message = *ReadMessage(first).value;
    message.header.initiatorCookie.fill(number);
    return WriteMessage(message);
}

void
HalfOpenLimit(LabTest& t)
{
    World world = MakeWorld(Aggressive, {}, Knob(&IkeKnobs::halfOpenLimit, 2U));
    RunSchedule(world, "start:A");
    const Flight first = world.GetFlights().front();
    for (uint8_t i = 1; i <= 5; i++)
    {
        world.Give(B, DatagramInput{first.destination, first.source, WithCookie(first.octets, i)});
    }
    t.ExpectEqual(CountAttempts(world, B), 2U, "half open", &world);
    t.ExpectEqual(FirstDrop(world, B), "half-open limit reached", "why", &world);
    world.Drop(first.id);
    PassDeaf(world, Duration::Seconds(61), A);
    t.ExpectEqual(CountAttempts(world, B), 0U, "after a minute", &world);
}

void
PublicValueOfNobody(LabTest& t)
{
    World world = MakeWorld(Aggressive);
    RunSchedule(world, "start:A");
    const Flight first = world.GetFlights().front();
    Message forged = *ReadMessage(first.octets).value;
    for (Payload& p : forged.payloads)
    {
        if (auto* ke = std::get_if<KePayload>(&p))
        {
            ke->data.assign(ke->data.size(), 0xff);
        }
    }
    world.Give(B, DatagramInput{first.destination, first.source, WriteMessage(forged)});
    t.ExpectEqual(EndsOf(world, B, EventKind::Phase1Failed), "invalid-key-exchange", "B", &world);
}

void
OtherExchange(LabTest& t)
{
    World world = MakeWorld(Aggressive);
    RunSchedule(world, "start:A");
    Step(world, 1);
    const Flight second = world.GetFlights().front();
    Message changed = *ReadMessage(second.octets).value;
    changed.header.exchange = ExchangeType::IdentityProtection;
    world.Give(A, DatagramInput{second.destination, second.source, WriteMessage(changed)});
    t.ExpectEqual(FirstDrop(world, A), "no main-mode message is awaited", "why", &world);
    RunSchedule(world, "run");
    ExpectUp(t, world, "the real one counts");
}

/// RFC 2409 5.4 lets message 3 be in the clear: the same proof without encryption.
void
Message3InTheClear(LabTest& t)
{
    World world = MakeWorld(Aggressive);
    RunSchedule(world, "start:A");
    const Octets first = world.GetFlights().front().octets;
    Step(world, 1);
    const Octets second = world.GetFlights().front().octets;
    Step(world, 1);
    const Flight third = world.GetFlights().front();
    const auto publicOf = [](const Octets& octets) {
        return ReadMessage(octets).value->Find<KePayload>()->data;
    };
    Octets iv =
        GetLabCrypto()->Hash(HashAlgorithm::Sha1, Concat({publicOf(first), publicOf(second)}));
    iv.resize(8);
    const Octets key = EventsOf(world, B, EventKind::PhaseOneKeys).at(0).octets;
    const Octets sealed(third.octets.begin() + HEADER_LENGTH, third.octets.end());
    Message message =
        *ReadPayloads(*ReadHeader(third.octets).value,
                      GetLabCrypto()->Decrypt(CipherAlgorithm::TripleDesCbc, key, iv, sealed))
             .value;
    message.header.flags = 0;
    message.padding.clear();
    world.Give(B, DatagramInput{third.destination, third.source, WriteMessage(message)});
    t.ExpectEqual(CountIsakmp(world, B), 1U, "B takes it", &world);
    std::get<HashPayload>(message.payloads.at(0)).data[5] ^= 1;
    World other = MakeWorld(Aggressive);
    RunSchedule(other, "start:A");
    Step(other, 2);
    other.Give(B, DatagramInput{third.destination, third.source, WriteMessage(message)});
    t.ExpectEqual(CountIsakmp(other, B), 0U, "not a wrong one", &other);
    t.ExpectEqual(FirstDrop(other, B), "authentication-failed", "why", &other);
}

// --- Identities ----------------------------------------------------------------------------------

/// Names, keys and profiles, and what comes of them.
struct NameCase
{
    std::string name;      ///< what it is about
    Tweak onlyA;           ///< initiator
    Tweak onlyB;           ///< responder
    std::string standing;  ///< afterwards
    std::string dropAtA{}; ///< why A has dropped something
    std::string dropAtB{}; ///< why B has
};

std::vector<NameCase>
NameCases()
{
    const auto fqdn = IdentityKind::Fqdn;
    const PreSharedKey byAddress{"", IpPrefix::AnyV4(), ToOctets("by address")};
    const Tweak named = All(
        {NameIs(fqdn, "r1.example.org"), Keys({byAddress, NamedKey("k", fqdn, "r2.example.org")})});
    const Tweak keyForR1 = Keys({byAddress, NamedKey("k", fqdn, "R1.example.org")});
    return {
        {"keys by host names", named, All({NameIs(fqdn, "r2.example.org"), keyForR1}), ONE_EACH},
        {"a key by user name",
         NameIs(IdentityKind::UserFqdn, "me@example.org"),
         Keys({NamedKey("secret", IdentityKind::UserFqdn, "me@example.org")}),
         ONE_EACH},
        {"a key by key ID",
         NameIs(IdentityKind::KeyId, "group-7"),
         Keys({NamedKey("secret", IdentityKind::KeyId, "group-7")}),
         ONE_EACH},
        {"a key by the name of an address",
         NameIs(IdentityKind::Address, "192.0.2.7"),
         Keys({NamedKey("secret", IdentityKind::Address, "192.0.2.7")}),
         ONE_EACH},
        {"the tunnel's own key",
         [](EngineConfig& c) {
             c.keys.clear();
             c.connections[0].aggressiveKey = ToOctets("secret");
         },
         NameIs(fqdn, "r2.example.org"),
         ONE_EACH},
        {"a name without a key of its own: the key by address does not vouch for it",
         NameIs(fqdn, "r1.example.org"),
         {},
         "0/0 0/0",
         "",
         "invalid-id: ID(ID_FQDN r1.example.org udp/500) is not expected"},
        {"the same, but the profile expects it",
         NameIs(fqdn, "r1.example.org"),
         Expects({IkeIdentity{fqdn, "R1.EXAMPLE.ORG"}}),
         ONE_EACH},
        {"the profile expects another",
         NameIs(fqdn, "r1.example.org"),
         Expects({IkeIdentity{fqdn, "r3.example.org"}}),
         "0/0 0/0",
         "",
         "invalid-id: ID(ID_FQDN r1.example.org udp/500) does not match profile P"},
        {"the initiator's profile expects another",
         Expects({IkeIdentity{fqdn, "r3.example.org"}}),
         {},
         "0/0 0/0",
         "invalid-id: ID(ID_IPV4_ADDR 10.0.0.2 udp/500) does not match profile P"},
        {"an address in the profile's network",
         NameIs(IdentityKind::Address, "192.0.2.7"),
         Expects({}, {IpPrefix{IpAddress::V4(0xc0000200), 24}}),
         ONE_EACH},
        {"another address than the peer's",
         NameIs(IdentityKind::Address, "192.0.2.7"),
         {},
         "0/0 0/0",
         "",
         "invalid-id: ID(ID_IPV4_ADDR 192.0.2.7 udp/500) is not expected"},
        {"a distinguished name without a certificate",
         NameIs(IdentityKind::DistinguishedName, ""),
         {},
         "0/0 0/0"},
        {"no key at the responder", {}, Keys({}), "0/0 0/0", "", "no-pre-shared-key"},
    };
}

void
CheckNames(LabTest& t, const NameCase& c)
{
    World world = MakeWorld(Aggressive, c.onlyA, c.onlyB);
    RunSchedule(world, "start:A run");
    // what A has established, B need not have accepted
    t.Expect(
        Standing(world) == c.standing ||
            (c.standing != ONE_EACH && CountPairs(world, A) == 0 && CountIsakmp(world, B) == 0),
        Standing(world) + " instead of " + c.standing,
        &world);
    t.ExpectEqual(FirstDrop(world, A), c.dropAtA, "dropped at A", &world);
    t.ExpectEqual(FirstDrop(world, B), c.dropAtB, "dropped at B", &world);
}

/// Only a named key is there, and whoever answers names itself by its address: no key is no empty
/// key, under which anybody could prove anything.
void
NoKeyIsNoEmptyKey(LabTest& t)
{
    World world = MakeWorld(Aggressive,
                            Keys({NamedKey("secret", IdentityKind::Fqdn, "r2.example.org")}),
                            Keys({PreSharedKey{"", IpPrefix::AnyV4(), Octets()}}));
    RunSchedule(world, "start:A run");
    t.ExpectEqual(Standing(world), "0/0 0/0", "refused", &world);
    t.ExpectEqual(FirstDrop(world, A), "no-pre-shared-key", "why", &world);
    Pass(world, Duration::Seconds(100));
    t.ExpectEqual(CountIsakmp(world, A), 0U, "still", &world);
}

/// In main mode a key goes by the address, whatever names there are (RFC 2409 5.4).
void
MainModeByAddress(LabTest& t)
{
    World world = MakeWorld({},
                            NameIs(IdentityKind::Fqdn, "r1.example.org"),
                            All({Keys({NamedKey("other", IdentityKind::Fqdn, "r1.example.org"),
                                       PreSharedKey{"", IpPrefix::AnyV4(), ToOctets("secret")}}),
                                 Expects({IkeIdentity{IdentityKind::Fqdn, "r1.example.org"}})}));
    RunSchedule(world, "start:A run");
    ExpectUp(t, world, "up");
}

/// No event holds a pre-shared key, as text or as octets.
void
KeysStayHidden(LabTest& t)
{
    const std::string key = "a key that must not be seen";
    for (bool aggressive : {false, true})
    {
        World world = MakeWorld(
            [aggressive, &key](EngineConfig& c) {
                c.connections[0].aggressive = aggressive;
                c.keys = {PreSharedKey{"", IpPrefix::AnyV4(), ToOctets(key)}};
            },
            {},
            [](EngineConfig& c) { c.keys[0].key.push_back('!'); });
        RunSchedule(world, "start:A");
        Pass(world, Duration::Seconds(100));
        for (const TimedEvent& e : world.GetLog())
        {
            const std::string octets(e.event.octets.begin(), e.event.octets.end());
            t.Expect(e.event.text.find(key) == std::string::npos, "in a text");
            t.Expect(octets.find(key) == std::string::npos, "in octets");
        }
    }
}

// --- NAT -----------------------------------------------------------------------------------------

/// A behind a NAT that shows it as 192.0.2.1, port 1024 for 500 and 1025 for 4500.
class NatWorld
{
  public:
    explicit NatWorld(bool aggressive)
        : m_world([aggressive](EngineConfig& c) { c.connections[0].aggressive = aggressive; },
                  {},
                  [](EngineConfig& c) { c.connections[0].peer = OUTSIDE; })
    {
    }

    void Run()
    {
        m_world.Give(A, LinkChangeInput{TUNNEL, true});
        while (!m_world.datagrams.empty() || !m_world.jobs.empty())
        {
            if (m_world.datagrams.empty())
            {
                m_world.Finish(0);
                continue;
            }
            SlowWorld::Datagram next = m_world.datagrams.front();
            m_world.datagrams.erase(m_world.datagrams.begin());
            Translate(next);
            m_world.Give(next.to, next.input);
        }
    }

    const SlowWorld& Get() const
    {
        return m_world;
    }

    uint16_t lastPort{0}; ///< from which A has sent last

  private:
    static const IpAddress OUTSIDE; ///< what B sees of A

    void Translate(SlowWorld::Datagram& datagram)
    {
        if (datagram.to == B)
        {
            lastPort = datagram.input.remote.port;
            datagram.input.remote = {OUTSIDE,
                                     static_cast<uint16_t>(lastPort == IKE_PORT ? 1024 : 1025)};
        }
        else
        {
            const uint16_t port = datagram.input.local.port == 1024 ? IKE_PORT : NAT_TRAVERSAL_PORT;
            datagram.input.local = {AddressOf(A), port};
        }
    }

    SlowWorld m_world; ///< both ends
};

const IpAddress NatWorld::OUTSIDE = IpAddress::V4(0xc0000201);

/// RFC 3947: discovery in messages 2 and 3, from message 3 on port 4500; the name of A is its
/// private address.
void
BehindNat(LabTest& t)
{
    for (bool aggressive : {false, true})
    {
        NatWorld nat(aggressive);
        nat.Run();
        const SlowWorld& world = nat.Get();
        std::string found;
        std::string dropped;
        for (const Event& e : world.events)
        {
            found += e.kind == EventKind::NatDetected ? e.text + " " : "";
            dropped += e.kind == EventKind::MessageDropped ? e.text + " " : "";
        }
        const std::string what = aggressive ? "aggressive: " : "main: ";
        t.ExpectEqual(dropped, "", what + "nothing is dropped");
        t.ExpectEqual(found, aggressive ? "local remote " : "remote local ", what + "who");
        t.ExpectEqual(nat.lastPort, NAT_TRAVERSAL_PORT, what + "port of A");
        for (uint32_t node : {A, B})
        {
            t.ExpectEqual(world.engines[node].GetPairs().size(), 1U, what + "pairs");
        }
    }
}

/// The suite "ikev1-aggressive": aggressive mode, and who may call itself what.
class Ikev1AggressiveTestSuite : public TestSuite
{
  public:
    Ikev1AggressiveTestSuite()
        : TestSuite("ikev1-aggressive", Type::UNIT)
    {
        Add("three messages, either end begins", ThreeMessages);
        Add("an end with the habit of message 3 in the clear", ClearProof);
        Add("names of the states", StateNames);
        Add("loss of each message, once and twice", LossOfEach);
        Add("duplicates of all messages at every point", Duplicates);
        Add("both ends begin at once", BothAtOnce);
        Add("one group is offered", OneGroup);
        Add("the policy that fits the public value", GroupOfTheOffer);
        Add("an answer of another group", GroupOfTheAnswer);
        Add("aggressive mode is not accepted", NotAccepted);
        Add("unequal pre-shared keys", WrongKey);
        Add("a forged message 2 ends nothing", ForgedMessage2);
        Add("half-open limit", HalfOpenLimit);
        Add("a public value that is none", PublicValueOfNobody);
        Add("a message of another exchange", OtherExchange);
        Add("message 3 in the clear", Message3InTheClear);
        for (const NameCase& c : NameCases())
        {
            Add("names: " + c.name, [c](LabTest& t) { CheckNames(t, c); });
        }
        Add("no key is no empty key", NoKeyIsNoEmptyKey);
        Add("main mode finds keys by address alone", MainModeByAddress);
        Add("pre-shared keys are in no event", KeysStayHidden);
        Add("behind a NAT", BehindNat);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1AggressiveTestSuite g_ikev1AggressiveTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
