/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-negotiate.h"
#include "ns3/ike-timing.h"
#include "ns3/ikev1-quick-identities.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

Tweak
Sets(const std::vector<EspTransformSet>& sets)
{
    return [sets](EngineConfig& c) { c.connections[0].transformSets = sets; };
}

EspTransformSet
Set(CipherAlgorithm cipher,
    uint32_t keyBits,
    IntegrityAlgorithm integrity,
    bool transport = false,
    bool extendedSequence = false)
{
    return EspTransformSet{"set", cipher, keyBits, integrity, transport, extendedSequence};
}

bool
IsSame(const EspTransformSet& a, const EspTransformSet& b)
{
    return a.cipher == b.cipher &&
           KeyLengthOf(a.cipher, a.keyBits) == KeyLengthOf(b.cipher, b.keyBits) &&
           a.integrity == b.integrity && a.transport == b.transport &&
           a.extendedSequence == b.extendedSequence;
}

std::string
NameOf(const EspTransformSet& s)
{
    return ToString(s.cipher) + " " + std::to_string(s.keyBits) + " " + ToString(s.integrity) +
           (s.transport ? " transport" : "") + (s.extendedSequence ? " esn" : "");
}

using C = CipherAlgorithm;
using I = IntegrityAlgorithm;

// --- Algorithms ----------------------------------------------------------------------------------

/// Everything that quick mode can say, read back by the other end.
void
Negotiated(LabTest& t)
{
    std::vector<EspTransformSet> sets{Set(C::AesGcm16, 128, I::None),
                                      Set(C::AesGcm16, 256, I::None),
                                      Set(C::AesGmac, 192, I::None),
                                      Set(C::AesCtr, 128, I::HmacSha1_96),
                                      Set(C::AesCtr, 256, I::HmacSha512_256),
                                      Set(C::AesCbc, 192, I::HmacSha384_192),
                                      Set(C::AesCbc, 0, I::AesXcbc96),
                                      Set(C::TripleDesCbc, 0, I::HmacSha1_96, true),
                                      Set(C::AesGcm16, 128, I::None, true, true),
                                      Set(C::TripleDesCbc, 0, I::HmacSha1_96, false, true)};
    for (const EspTransformSet& set : sets)
    {
        for (bool udp : {false, true})
        {
            ConnectionConfig own = MakeConfig(A).connections[0];
            own.transformSets = {set};
            const SaPayload offer = BuildPhase2Offer(own, 4711, udp);
            const auto choice = PickPhase2(own, offer, udp);
            const std::string what = NameOf(set) + (udp ? " in UDP" : "");
            t.Expect(choice && IsSame(choice->transform, set) && choice->udp == udp, what);
            const Transform& transform = offer.proposals.at(0).transforms.at(0);
            const auto mode =
                transform.Find(static_cast<uint16_t>(Phase2Attribute::EncapsulationMode));
            t.ExpectEqual(mode.value_or(0), 1U + set.transport + 2U * udp, what + ": mode");
            t.ExpectEqual(transform.Find(11).value_or(0), set.extendedSequence ? 1U : 0U, what);
            const bool hasAuthentication =
                transform.Find(static_cast<uint16_t>(Phase2Attribute::AuthenticationAlgorithm))
                    .has_value();
            t.ExpectEqual(hasAuthentication, set.integrity != I::None, what);
            // who differs in one thing takes nothing
            for (const EspTransformSet& other : sets)
            {
                ConnectionConfig peer = own;
                peer.transformSets = {other};
                t.ExpectEqual(PickPhase2(peer, offer, udp).has_value(),
                              IsSame(other, set),
                              what + " meets " + NameOf(other));
            }
        }
    }
}

/// Numbers as they stand in the RFCs, so that both tables cannot be wrong in the same way.
void
Numbers(LabTest& t)
{
    struct Row
    {
        EspTransformSet set;
        unsigned id;
        unsigned authentication;
        unsigned keyBits;
    };

    for (const Row& r : {Row{Set(C::AesCtr, 128, I::HmacSha1_96), 13, 2, 128},
                         Row{Set(C::AesGcm16, 256, I::None), 20, 0, 256},
                         Row{Set(C::AesGmac, 128, I::None), 23, 0, 128},
                         Row{Set(C::AesCbc, 256, I::HmacSha384_192), 12, 6, 256},
                         Row{Set(C::AesCbc, 128, I::HmacSha512_256), 12, 7, 128},
                         Row{Set(C::TripleDesCbc, 0, I::AesXcbc96), 3, 9, 0}})
    {
        ConnectionConfig own = MakeConfig(A).connections[0];
        own.transformSets = {r.set};
        const Transform x = BuildPhase2Offer(own, 4711).proposals.at(0).transforms.at(0);
        t.ExpectEqual(x.id + 0U, r.id, NameOf(r.set));
        t.ExpectEqual(x.Find(5).value_or(0), r.authentication, NameOf(r.set) + ": authentication");
        t.ExpectEqual(x.Find(6).value_or(0), r.keyBits, NameOf(r.set) + ": key length");
    }
}

/// An offer with one attribute taken away, or one too many: which of them are understood?
void
Attributes(LabTest& t)
{
    struct Case
    {
        EspTransformSet set;
        uint16_t without;
        std::optional<Attribute> with;
        bool taken;
    };

    const EspTransformSet gcm = Set(C::AesGcm16, 128, I::None);
    for (const Case& c :
         {Case{Set(C::AesCbc, 128, I::HmacSha1_96), 6, std::nullopt, true},
          Case{Set(C::AesCbc, 256, I::HmacSha1_96), 6, std::nullopt, false},
          Case{gcm, 6, std::nullopt, false},
          Case{Set(C::AesCtr, 128, I::HmacSha1_96), 6, std::nullopt, false},
          Case{Set(C::AesCtr, 128, I::HmacSha1_96), 5, std::nullopt, false},
          Case{gcm, 4, std::nullopt, false},
          Case{gcm, 4, Attribute::Basic(4, 5), false},
          Case{gcm, 0, Attribute::Basic(5, 2), false},
          Case{gcm, 0, Attribute::Basic(11, 2), false},
          Case{gcm, 0, Attribute::Basic(11, 1), false},
          Case{Set(C::TripleDesCbc, 0, I::HmacSha1_96), 0, Attribute::Basic(6, 128), false}})
    {
        ConnectionConfig own = MakeConfig(A).connections[0];
        own.transformSets = {c.set};
        SaPayload offer = BuildPhase2Offer(own, 4711);
        auto& attributes = offer.proposals[0].transforms[0].attributes;
        attributes.erase(std::remove_if(attributes.begin(),
                                        attributes.end(),
                                        [&c](const Attribute& a) { return a.type == c.without; }),
                         attributes.end());
        if (c.with)
        {
            attributes.push_back(*c.with);
        }
        t.ExpectEqual(PickPhase2(own, offer).has_value(),
                      c.taken,
                      NameOf(c.set) + " without " + std::to_string(c.without) + " with " +
                          std::to_string(c.with ? c.with->type : 0));
    }
}

/// What IKEv1 has no words for is not offered; a tunnel that has nothing else says so and is
/// silent.
void
NotNegotiable(LabTest& t)
{
    const EspTransformSet usual = MakeConfig(A).connections[0].transformSets[0];
    for (const EspTransformSet& set : {Set(C::ChaCha20Poly1305, 0, I::None),
                                       Set(C::AesGcm16, 128, I::HmacSha1_96),
                                       Set(C::AesCtr, 128, I::None)})
    {
        World world = MakeWorld(Sets({set}));
        RunSchedule(world, "start:A start:B run wait:100s run");
        t.ExpectEqual(CountEvents(world, A, EventKind::MessageSent), 0U, NameOf(set), &world);
        t.ExpectEqual(CountEvents(world, A, EventKind::Warning), 1U, NameOf(set), &world);
        World both = MakeWorld(Sets({set, usual}));
        RunSchedule(both, "start:A run");
        t.ExpectEqual(Standing(both), ONE_EACH, NameOf(set) + " and another one", &both);
        t.Expect(IsSame(both.GetNode(B).engine.GetPairs().at(0).transform, usual), NameOf(set));
    }
}

/// RFC 3947 5.1: the ends see a NAT differently; what the initiator alone offers is taken.
void
UnequalViews(LabTest& t)
{
    const ConnectionConfig own = MakeConfig(A).connections[0];
    for (bool offered : {false, true})
    {
        const SaPayload offer = BuildPhase2Offer(own, 4711, offered);
        t.Expect(PickPhase2(own, offer, !offered)->udp == offered, "the only one");
        SaPayload two = offer;
        two.proposals.push_back(BuildPhase2Offer(own, 4711, !offered).proposals.at(0));
        two.proposals.back().number = 2;
        t.Expect(PickPhase2(own, two, true)->udp, "the better one");
        t.Expect(!PickPhase2(own, two, false)->udp, "the better one");
    }
}

// --- Transport mode ------------------------------------------------------------------------------

Selector
Host(const IpAddress& address, uint8_t protocol = 0, uint16_t port = 0)
{
    Selector s(IpPrefix{address, 32});
    s.protocol = protocol;
    s.port = port;
    return s;
}

/// Transport mode between the two ends, for one protocol.
Tweak
Transport(uint8_t protocol)
{
    return [protocol](EngineConfig& c) {
        ConnectionConfig& x = c.connections[0];
        x.transformSets[0].transport = true;
        x.localSelector = Host(x.local, protocol);
        x.remoteSelector = Host(x.peer, protocol);
        x.isakmpProfile = IsakmpProfileConfig{"P", "", {IpPrefix::AnyV4()}};
    };
}

/// All that a copy of a node's engine wants installed when its next datagram arrives.
std::vector<IpsecSa>
InstalledByNext(const World& world, uint32_t node)
{
    const Flight f = world.OldestFrom(1 - node).value();
    Engine engine = world.GetNode(node).engine;
    std::vector<IpsecSa> all;
    for (const Action& a : engine.Handle(world.Now(),
                                         DatagramInput{f.destination, f.source, f.octets},
                                         *GetLabCrypto()))
    {
        if (const auto* install = std::get_if<InstallSaAction>(&a))
        {
            all.push_back(*install->inbound);
            all.push_back(*install->outbound);
        }
    }
    return all;
}

/// Transport mode behind a NAT: private and public names of one host are the same, and the SAs are
/// for the addresses that packets have at each end.
void
TransportBehindNat(LabTest& t)
{
    const IpAddress outside = IpAddress::V4(0xc0000201);
    for (bool isNat : {false, true})
    {
        World world = MakeWorld({}, Transport(17), [&](EngineConfig& c) {
            c.connections[0].peer = isNat ? outside : c.connections[0].peer;
            Transport(17)(c);
        });
        if (isNat)
        {
            world.AddNat(A, outside, 20001);
        }
        RunSchedule(world, "start:A A B A B A B A");
        const std::vector<IpsecSa> atA = InstalledByNext(world, A); // message 2
        RunSchedule(world, "B");
        const std::vector<IpsecSa> atB = InstalledByNext(world, B); // message 3
        RunSchedule(world, "run");
        t.ExpectEqual(Standing(world), ONE_EACH, "up", &world);
        t.ExpectEqual(atA.size() + atB.size(), 4U, "installed", &world);
        const IpAddress seen = isNat ? outside : AddressOf(A);
        t.Expect(atA.at(0).transport && atB.at(0).transport, "transport mode");
        t.ExpectEqual(atA[0].innerSource.ToString(), Host(AddressOf(B), 17).ToString(), "at A");
        t.ExpectEqual(atA[0].innerDestination.ToString(),
                      Host(AddressOf(A), 17).ToString(),
                      "at A");
        t.ExpectEqual(atB[0].innerSource.ToString(), Host(seen, 17).ToString(), "at B, inbound");
        t.ExpectEqual(atB[0].source.ToString(), seen.ToString(), "at B, outer");
        t.ExpectEqual(atB[1].innerDestination.ToString(), Host(seen, 17).ToString(), "at B");
        t.ExpectEqual(atB[1].udp.has_value(), isNat, "UDP");
        t.Expect(!isNat || (atB[1].udp->sourcePort == 4500 && atB[1].udp->destinationPort == 20002),
                 "ports of the NAT");
        // RFC 3947 5.2: both say their original addresses, in transport mode behind a NAT alone
        for (uint32_t node : {A, B})
        {
            const std::vector<Event> sent = EventsOf(world, node, EventKind::MessageSent);
            const size_t count = std::count_if(sent.begin(), sent.end(), [](const Event& e) {
                return e.text.find("NAT-OA, NAT-OA") != std::string::npos;
            });
            t.ExpectEqual(count, isNat ? 1U : 0U, "NAT-OA", &world);
        }
    }
}

/// Which tunnel a quick mode is for: by its identities, or without any (RFC 2409 5.5).
void
Identities(LabTest& t)
{
    const IpAddress privateAddress = IpAddress::V4(0xc0a80001); // 192.168.0.1

    struct Case
    {
        std::string name;
        bool natRemote;
        bool transport;
        std::vector<Selector> ids; // of the initiator, of the responder
        bool found;
    };

    const Selector local = Host(AddressOf(B), 17, 1701);
    const Selector remote = Host(AddressOf(A), 17, 1701);
    for (const Case& c :
         {Case{"as configured", false, true, {remote, local}, true},
          Case{"a private name", true, true, {Host(privateAddress, 17, 1701), local}, true},
          Case{"without a NAT", false, true, {Host(privateAddress, 17, 1701), local}, false},
          Case{"tunnel mode", true, false, {Host(privateAddress, 17, 1701), local}, false},
          Case{"another port", true, true, {Host(privateAddress, 17, 1702), local}, false},
          Case{"another protocol", true, true, {Host(privateAddress, 6, 1701), local}, false},
          Case{"a network",
               true,
               true,
               {Selector(IpPrefix{privateAddress.Masked(24), 24}), local},
               false},
          Case{"none, but a port is configured", false, true, {}, false}})
    {
        EngineConfig config = MakeConfig(B);
        config.connections[0].localSelector = local;
        config.connections[0].remoteSelector = remote;
        config.connections[0].transformSets[0].transport = c.transport;
        IsakmpSa sa;
        sa.local = Endpoint{AddressOf(B), 500};
        sa.remote = Endpoint{AddressOf(A), 500};
        sa.natRemote = c.natRemote;
        Message message;
        for (const Selector& s : c.ids)
        {
            message.payloads.push_back(BuildSelectorId(s));
        }
        Ikev1State state;
        Actions actions;
        Ikev1Context ctx{Instant{},
                         config,
                         *GetLabCrypto(),
                         state,
                         actions,
                         std::make_shared<const ConnectionIndex>(config)};
        t.ExpectEqual(FindConnectionFor(ctx, sa, message) != nullptr, c.found, c.name);
        // without identities the two ends themselves are meant, and the answer has none either
        config.connections[0].localSelector = Host(AddressOf(B));
        config.connections[0].remoteSelector = Host(AddressOf(A));
        message.payloads.clear();
        t.Expect(FindConnectionFor(ctx, sa, message) != nullptr, "the two ends");
        QuickMode quick;
        quick.role = Role::Responder;
        TakeIdentities(sa, quick, message);
        t.Expect(BuildIdentities(sa, quick).empty(), "the answer has none");
        t.ExpectEqual(ReadSelectorId(quick.idInitiator)->ToString(),
                      Host(AddressOf(A)).ToString(),
                      "the peer");
    }
}

// --- Intervals -----------------------------------------------------------------------------------

/// Real products let the intervals between sendings grow.
void
Growth(LabTest& t)
{
    struct Case
    {
        int64_t milliseconds;
        uint32_t growth;
        std::string at; // of the main mode messages of an initiator whom nobody hears
    };

    for (const Case& c :
         {Case{4000,
               180,
               "0.000000000 4.000000000 11.200000000 24.160000000 47.488000000 89.478400000"},
          Case{500,
               200,
               "0.000000000 0.500000000 1.500000000 3.500000000 7.500000000 15.500000000"},
          Case{10000,
               100,
               "0.000000000 10.000000000 20.000000000 30.000000000 40.000000000 50.000000000"}})
    {
        World world = MakeWorld(All(
            {Knob(&IkeKnobs::retransmitInterval, ns3::ike::Duration::Milliseconds(c.milliseconds)),
             Knob(&IkeKnobs::retransmitGrowth, c.growth),
             Knob(&IkeKnobs::restartPause, ns3::ike::Duration::Seconds(10000))}));
        RunSchedule(world, "start:A");
        PassDeaf(world, ns3::ike::Duration::Seconds(1000), A);
        t.ExpectEqual(SentAt(world, A, ExchangeKind::MainMode), c.at, "sent", &world);
    }
    IkeKnobs knobs;
    knobs.retransmitGrowth = 1000;
    const Instant far = RetransmitAt(knobs, Instant{1000000000000000000}, 100);
    t.Expect(far > Instant{1000000000000000000} && far < Instant::Never(), "no overflow");
}

/// The suite "ikev1-transport-mode": what quick mode can say.
class Ikev1TransportModeTestSuite : public TestSuite
{
  public:
    Ikev1TransportModeTestSuite()
        : TestSuite("ikev1-transport-mode", Type::UNIT)
    {
        Add("algorithms and modes", Negotiated);
        Add("their numbers", Numbers);
        Add("attributes", Attributes);
        Add("what cannot be said", NotNegotiable);
        Add("unequal views of a NAT", UnequalViews);
        Add("transport mode, with and without a NAT", TransportBehindNat);
        Add("identities", Identities);
        Add("growing intervals", Growth);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1TransportModeTestSuite g_ikev1TransportModeTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
