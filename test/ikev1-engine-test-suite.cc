/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-message.h"
#include "ns3/ike-numbers.h"

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

const std::string ONE_EACH = "1/1 1/1"; ///< an ISAKMP SA and a pair at both ends

// --- Loss, duplication, order --------------------------------------------------------------------

/// Both ends, in both modes of installing.
const std::vector<ResponderInstalls> INSTALLS{ResponderInstalls::Message2,
                                              ResponderInstalls::Message3};

/// Nine messages make a tunnel: six of main mode and three of quick mode.
constexpr unsigned MESSAGES = 9;

std::string
NameOf(unsigned message)
{
    return message <= 6 ? "main mode " + std::to_string(message)
                        : "quick mode " + std::to_string(message - 6);
}

/// One ISAKMP SA and one pair, the same at both ends, made once.
void
ExpectOne(LabTest& t, World& world, const std::string& what)
{
    t.ExpectEqual(Standing(world), ONE_EACH, what, &world);
    t.Expect(IsShared(world), what + ": both ends have the same SAs", &world);
    for (uint32_t node : {A, B})
    {
        t.ExpectEqual(CountEvents(world, node, EventKind::Phase1Up), 1U, what + ": phase 1 up");
        t.ExpectEqual(CountEvents(world, node, EventKind::PairUp), 1U, what + ": pairs up");
    }
    t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
}

void
LossOfEach(LabTest& t)
{
    for (ResponderInstalls installs : INSTALLS)
    {
        for (unsigned lost = 1; lost <= MESSAGES; lost++)
        {
            World world = MakeWorld(Knob(&IkeKnobs::responderInstalls, installs));
            RunSchedule(world, "start:A");
            Step(world, lost - 1);
            t.ExpectEqual(world.GetFlights().size(), 1U, NameOf(lost) + " is under way");
            world.Drop(world.GetFlights().front().id);
            Pass(world, Duration::Seconds(100));
            ExpectOne(t, world, NameOf(lost) + " lost");
        }
    }
}

void
LossOfTwo(LabTest& t)
{
    for (unsigned first = 1; first <= MESSAGES; first++)
    {
        World world = MakeWorld();
        RunSchedule(world, "start:A");
        Step(world, first - 1);
        world.Drop(world.GetFlights().front().id);
        world.FireNextTimer();
        while (!world.GetFlights().empty())
        {
            world.Drop(world.GetFlights().front().id);
        }
        Pass(world, Duration::Seconds(100));
        ExpectOne(t, world, NameOf(first) + " lost, and its repetition");
    }
}

/// The datagrams that were sent since one with this id.
std::vector<Flight>
SentSince(const World& world, uint32_t id)
{
    std::vector<Flight> since;
    for (const Flight& f : world.GetFlights())
    {
        if (f.id > id)
        {
            since.push_back(f);
        }
    }
    return since;
}

/// Deliver a datagram; whatever answers it must have been sent before, octet for octet.
void
ExpectOldAnswer(LabTest& t,
                World& world,
                uint32_t flight,
                std::set<Octets>& known,
                const std::string& what)
{
    uint32_t last = 0;
    for (const Flight& f : world.GetFlights())
    {
        last = std::max(last, f.id);
    }
    world.Deliver(flight);
    for (const Flight& f : SentSince(world, last))
    {
        t.Expect(known.count(f.octets) == 1, what + " is answered by something new", &world);
        world.Drop(f.id);
    }
}

void
DuplicatesAtOnce(LabTest& t)
{
    for (ResponderInstalls installs : INSTALLS)
    {
        World world = MakeWorld(Knob(&IkeKnobs::responderInstalls, installs));
        std::set<Octets> known;
        RunSchedule(world, "start:A");
        for (unsigned i = 1; i <= MESSAGES; i++)
        {
            const Flight next = world.GetFlights().front();
            known.insert(next.octets);
            const uint32_t copy = world.Duplicate(next.id);
            world.Deliver(next.id);
            for (const Flight& f : world.GetFlights())
            {
                known.insert(f.octets);
            }
            ExpectOldAnswer(t, world, copy, known, "a duplicate of " + NameOf(i));
        }
        t.Expect(world.GetFlights().empty(), "nothing more is sent", &world);
        ExpectOne(t, world, "duplicates of all messages");
    }
}

/// At each point of a negotiation all messages so far once more: old answers or none, no notify.
void
DuplicatesInBetween(LabTest& t)
{
    World world = MakeWorld();
    std::vector<Flight> tape;
    std::set<Octets> known;
    RunSchedule(world, "start:A");
    while (!world.GetFlights().empty())
    {
        const Flight next = world.GetFlights().front();
        tape.push_back(next);
        known.insert(next.octets);
        world.Deliver(next.id);
        World copy = world;
        for (const Flight& f : copy.GetFlights())
        {
            known.insert(f.octets);
        }
        for (const Flight& f : tape)
        {
            copy.Give(f.to, DatagramInput{f.destination, f.source, f.octets});
        }
        const std::string what = "all again after " + NameOf(static_cast<unsigned>(tape.size()));
        for (const Flight& f : copy.GetFlights())
        {
            t.Expect(known.count(f.octets) == 1, what + ": something new is sent", &copy);
        }
        RunSchedule(copy, "run");
        ExpectOne(t, copy, what);
        t.ExpectEqual(CountEvents(copy, A, EventKind::NotifySent), 0U, what + ": A", &copy);
        t.ExpectEqual(CountEvents(copy, B, EventKind::NotifySent), 0U, what + ": B", &copy);
    }
    t.ExpectEqual(tape.size(), MESSAGES, "messages of a negotiation");
}

/// All nine messages once more when the tunnel is up, at once and after the exchanges are
/// forgotten.
void
DuplicatesLater(LabTest& t)
{
    for (int64_t seconds : {0, 30, 300})
    {
        World world = MakeWorld();
        std::vector<Flight> tape;
        std::set<Octets> known;
        RunSchedule(world, "start:A");
        while (!world.GetFlights().empty())
        {
            tape.push_back(world.GetFlights().front());
            known.insert(tape.back().octets);
            world.Deliver(tape.back().id);
        }
        t.ExpectEqual(tape.size(), MESSAGES, "messages of a negotiation");
        Pass(world, Duration::Seconds(seconds));
        for (const Flight& f : tape)
        {
            world.Give(f.to, DatagramInput{f.destination, f.source, f.octets});
            for (const Flight& answer : world.GetFlights())
            {
                t.Expect(known.count(answer.octets) == 1, "a late duplicate makes news", &world);
            }
            while (!world.GetFlights().empty())
            {
                world.Drop(world.GetFlights().front().id);
            }
        }
        ExpectOne(t, world, "late duplicates after " + std::to_string(seconds) + " s");
        t.ExpectEqual(CountEvents(world, B, EventKind::Phase1Begin), 1U, "no half-open SA", &world);
    }
}

/// RFC 2408 2.5.3: message 1 once more from a peer that has forgotten it opens an SA, half, for a
/// minute.
void
LateFirstMessageAfterTheEnd(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A");
    const Flight first = world.GetFlights().front();
    Pass(world, Duration::Seconds(1));
    world.Give(A, ClearInput{std::nullopt, true, true});
    RunSchedule(world, "stop:A run");
    t.ExpectEqual(Standing(world), "0/0 0/0", "cleared", &world);
    world.Give(B, DatagramInput{first.destination, first.source, first.octets});
    t.ExpectEqual(CountAttempts(world, B), 1U, "half open", &world);
    Pass(world, Duration::Seconds(59));
    t.ExpectEqual(CountAttempts(world, B), 1U, "after 59 s", &world);
    Pass(world, Duration::Seconds(1));
    t.ExpectEqual(CountAttempts(world, B), 0U, "after 60 s", &world);
    t.ExpectEqual(EndsOf(world, B, EventKind::Phase1Failed), "half-open-expired", "why", &world);
    t.ExpectEqual(Standing(world), "0/0 0/0", "nothing stands", &world);
}

void
ReusedMessageId(LabTest& t)
{
    for (int64_t seconds : {1, 121, 3000})
    {
        World world = MakeWorld();
        RunSchedule(world, "start:A");
        Step(world, 6);
        const Flight quick1 = world.GetFlights().front();
        Pass(world, Duration::Seconds(seconds));
        world.Give(B, DatagramInput{quick1.destination, quick1.source, quick1.octets});
        t.Expect(world.GetFlights().empty(), "no answer to a used message ID", &world);
        t.ExpectEqual(CountEvents(world, B, EventKind::Phase2Begin), 1U, "no quick mode", &world);
        t.ExpectEqual(CountEvents(world, B, EventKind::MessageDropped), 1U, "dropped", &world);
    }
}

/// One run with a chooser that drops, duplicates and mixes; then everything settles.
void
RunWild(LabTest& t, uint32_t seed, ResponderInstalls installs)
{
    std::mt19937 random(seed);
    World world = MakeWorld(Knob(&IkeKnobs::responderInstalls, installs), {}, {}, seed);
    RunSchedule(world, seed % 3 == 0 ? "start:A" : "start:A start:B");
    for (unsigned i = 0; i < 80; i++)
    {
        const size_t count = world.GetFlights().size();
        if (count == 0 || random() % 12 == 0)
        {
            world.FireNextTimer();
            continue;
        }
        const uint32_t flight = world.GetFlights()[random() % count].id;
        switch (random() % 10)
        {
        case 0:
            world.Drop(flight);
            break;
        case 1:
            if (count < 20)
            {
                world.Duplicate(flight);
            }
            break;
        default:
            world.Deliver(flight);
        }
    }
    Pass(world, Duration::Seconds(200));
    const std::string what = "seed " + std::to_string(seed);
    t.Expect(CountPairs(world, A) >= 1 && CountPairs(world, B) >= 1, what + ": a pair", &world);
    t.Expect(IsShared(world), what + ": both ends agree on " + Standing(world), &world);
    t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
}

void
RandomOrders(LabTest& t)
{
    for (uint32_t seed = 1; seed <= 150; seed++)
    {
        RunWild(t, seed, INSTALLS[seed % 2]);
    }
}

/// Messages of the same end overtake each other.
void
Reordering(LabTest& t)
{
    const std::vector<std::string> schedules{
        "start:A A start:B late:B run",
        "start:A A B A start:B late:B run",
        "start:A A B A B A start:B late:B run",
        "start:A A B A B A B start:B A late:B run",
        "start:A A B A B A B start:B A B B late:A run",
        "start:A A start:B B A late:B run",
    };
    for (const std::string& schedule : schedules)
    {
        World world = MakeWorld();
        RunSchedule(world, schedule);
        Pass(world, Duration::Seconds(100));
        t.Expect(IsShared(world), schedule + ": " + Standing(world), &world);
        t.Expect(CountPairs(world, A) >= 1, schedule + ": a pair stands", &world);
        t.Expect(CarriesTraffic(world), schedule + ": traffic passes", &world);
    }
}

void
CrossingMainModes(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A start:B run");
    t.ExpectEqual(Standing(world), "2/2 2/2", "both began at once", &world);
    t.Expect(IsShared(world), "the same SAs at both ends", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
}

/// Both begin a quick mode under the one ISAKMP SA that they have.
void
CrossingQuickModes(LabTest& t)
{
    World world = MakeUpWorld();
    world.Give(A, ClearInput{});
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "1/0 1/0", "pairs cleared", &world);
    Pass(world, Duration::Seconds(30));
    t.ExpectEqual(Standing(world), "1/2 1/2", "both began again", &world);
    t.Expect(IsShared(world), "the same SAs at both ends", &world);
    t.Expect(!(OutboundOf(world, A) == OutboundOf(world, B)), "each sends on its own", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
}

// --- Retransmission and giving up ----------------------------------------------------------------

/// Which of A's messages is not answered, and what is seen of it.
struct SilenceCase
{
    unsigned before;   ///< messages that arrive
    ExchangeKind kind; ///< of the unanswered one
    EventKind failed;  ///< reported at the end
};

void
GivesUp(LabTest& t)
{
    const std::string six =
        "0.000000000 10.000000000 20.000000000 30.000000000 40.000000000 50.000000000";
    for (const SilenceCase& c : {SilenceCase{0, ExchangeKind::MainMode, EventKind::Phase1Failed},
                                 SilenceCase{2, ExchangeKind::MainMode, EventKind::Phase1Failed},
                                 SilenceCase{4, ExchangeKind::MainMode, EventKind::Phase1Failed},
                                 SilenceCase{6, ExchangeKind::QuickMode, EventKind::Phase2Failed}})
    {
        World world = MakeWorld();
        RunSchedule(world, "start:A");
        Step(world, c.before);
        PassDeaf(world, Duration::Nanoseconds(59999999999), A);
        const std::string what = "after " + std::to_string(c.before) + " messages";
        const std::string sent = SentAt(world, A, c.kind);
        t.Expect(sent.size() >= six.size() &&
                     sent.compare(sent.size() - six.size(), six.size(), six) == 0,
                 what + ": sent at " + sent,
                 &world);
        t.ExpectEqual(TimesOf(world, A, c.failed), "", what + ": not given up", &world);
        PassDeaf(world, Duration::Nanoseconds(1), A);
        t.ExpectEqual(TimesOf(world, A, c.failed), "60.000000000", what + ": given up", &world);
        t.ExpectEqual(EndsOf(world, A, c.failed), "no-answer", what + ": why", &world);
        t.ExpectEqual(CountIsakmp(world, A) + CountAttempts(world, A), 0U, what + ": A", &world);
        PassDeaf(world, Duration::Seconds(20), A);
        t.ExpectEqual(TimesOf(world, A, EventKind::Phase1Begin),
                      "0.000000000 70.000000000",
                      what + ": begun again",
                      &world);
        Pass(world, Duration::Seconds(60));
        t.ExpectEqual(CountPairs(world, A), 1U, what + ": a pair in the end", &world);
        t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
    }
}

void
GivingUpFollowsTheKnobs(LabTest& t)
{
    World world = MakeWorld(All({Knob(&IkeKnobs::retransmitInterval, Duration::Seconds(3)),
                                 Knob(&IkeKnobs::retransmitCount, 2U),
                                 Knob(&IkeKnobs::restartPause, Duration::Seconds(7))}));
    RunSchedule(world, "start:A");
    PassDeaf(world, Duration::Seconds(17), A);
    t.ExpectEqual(SentAt(world, A, ExchangeKind::MainMode),
                  "0.000000000 3.000000000 6.000000000 16.000000000",
                  "three sendings, 9 s + 7 s, again",
                  &world);
}

/// A tunnel that need not stay up is not begun again by itself, but by the next packet.
void
TrafficTunnelWaitsForTraffic(LabTest& t)
{
    World world = MakeWorld([](EngineConfig& c) { c.connections[0].stayUp = false; });
    RunSchedule(world, "start:A");
    t.Expect(world.GetFlights().empty(), "a route alone begins nothing", &world);
    RunSchedule(world, "offer:A");
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 1U, "a packet does", &world);
    RunSchedule(world, "offer:A offer:A");
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 1U, "more do no more", &world);
    PassDeaf(world, Duration::Seconds(200), A);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 1U, "no retry", &world);
    RunSchedule(world, "offer:A");
    Pass(world, Duration::Seconds(1));
    t.ExpectEqual(Standing(world), ONE_EACH, "the next packet", &world);
}

void
SilentInitiator(LabTest& t)
{
    for (unsigned arrived : {1U, 3U})
    {
        World world = MakeWorld();
        RunSchedule(world, "start:A");
        Step(world, arrived);
        while (!world.GetFlights().empty())
        {
            world.Drop(world.GetFlights().front().id);
        }
        PassDeaf(world, Duration::Nanoseconds(59999999999), A);
        t.ExpectEqual(CountAttempts(world, B), 1U, "half open", &world);
        PassDeaf(world, Duration::Nanoseconds(1), A);
        t.ExpectEqual(CountAttempts(world, B), 0U, "gone at 60 s", &world);
        t.ExpectEqual(EndsOf(world, B, EventKind::Phase1Failed), "half-open-expired", "", &world);
    }
}

/// The responder of quick mode repeats message 2 until message 3 comes, then gives up.
void
SilentAfterMessage2(LabTest& t)
{
    for (ResponderInstalls installs : INSTALLS)
    {
        World world = MakeWorld(Knob(&IkeKnobs::responderInstalls, installs));
        RunSchedule(world, "start:A");
        Step(world, 8);
        const size_t early = installs == ResponderInstalls::Message2 ? 1 : 0;
        t.ExpectEqual(CountPairs(world, B), early, "pairs at B after message 2", &world);
        PassDeaf(world, Duration::Seconds(60), A);
        t.ExpectEqual(EndsOf(world, B, EventKind::Phase2Failed), "no-answer", "at B", &world);
        t.ExpectEqual(CountPairs(world, B), 0U, "pairs at B in the end", &world);
        t.ExpectEqual(CountIsakmp(world, B), 1U, "B's ISAKMP SA stays", &world);
    }
}

void
HalfOpenLimit(LabTest& t)
{
    World world = MakeWorld(Knob(&IkeKnobs::halfOpenLimit, 2U));
    RunSchedule(world, "start:A");
    const Flight first = world.GetFlights().front();
    for (uint8_t i = 1; i <= 5; i++)
    {
        Octets other = first.octets;
        other[0] = static_cast<uint8_t>(other[0] + i);
        world.Give(B, DatagramInput{first.destination, first.source, other});
    }
    t.ExpectEqual(CountAttempts(world, B), 2U, "half open", &world);
    t.ExpectEqual(CountEvents(world, B, EventKind::MessageDropped), 3U, "dropped", &world);
    Pass(world, Duration::Seconds(75));
    t.ExpectEqual(Standing(world), ONE_EACH, "when the others have expired", &world);
}

void
QuickModeLimit(LabTest& t)
{
    World world = MakeWorld([](EngineConfig& c) { c.knobs.quickModeLimit = 2; });
    RunSchedule(world, "start:A");
    Step(world, 6);
    world.Drop(world.GetFlights().front().id);
    // Soft lifetimes are not needed: each Acquire is refused while an attempt runs, so begin anew
    for (unsigned i = 0; i < 4; i++)
    {
        Change(world, A, ResponderOnly());
        Change(world, A, [](EngineConfig& c) { c.connections[0].switches = {}; });
        world.Deliver(world.OldestFrom(A)->id);
    }
    t.ExpectEqual(CountEvents(world, B, EventKind::Phase2Begin), 2U, "answered", &world);
    t.ExpectEqual(CountEvents(world, B, EventKind::MessageDropped), 2U, "dropped", &world);
}

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
Keys(const std::vector<PreSharedKey>& keys)
{
    return [keys](EngineConfig& c) { c.keys = keys; };
}

Tweak
Profile(const std::string& keyring, const std::vector<IpPrefix>& identities)
{
    return [keyring, identities](EngineConfig& c) {
        c.connections[0].isakmpProfile = IsakmpProfileConfig{"P", keyring, identities};
    };
}

Tweak
Pfs(std::optional<DhGroup> group)
{
    return [group](EngineConfig& c) { c.connections[0].pfs = group; };
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
        {"rsa-sig at both: not supported", Policies({rsa}), Policies({rsa}), "0/0 0/0", nullptr},
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

// --- Lifetimes -----------------------------------------------------------------------------------

/// The lifetimes that result at both ends.
struct LifetimeCase
{
    int64_t atA;     ///< configured, seconds; A is the initiator
    int64_t atB;     ///< the same
    bool send;       ///< knob of B
    bool honour;     ///< knob of A
    int64_t resultA; ///< in force at A
    int64_t resultB; ///< in force at B
    bool announced;  ///< is the notify sent?
};

void
ResponderLifetime(LabTest& t)
{
    for (const LifetimeCase& c : {LifetimeCase{3600, 3600, true, true, 3600, 3600, false},
                                  LifetimeCase{3600, 600, true, true, 600, 600, true},
                                  LifetimeCase{600, 3600, true, true, 600, 600, false},
                                  LifetimeCase{3600, 600, false, true, 3600, 600, false},
                                  LifetimeCase{3600, 600, true, false, 3600, 600, true}})
    {
        const auto lifetime = [](int64_t seconds) {
            return [seconds](EngineConfig& config) {
                config.connections[0].lifetime = Duration::Seconds(seconds);
            };
        };
        World world =
            MakeWorld({},
                      All({lifetime(c.atA), Knob(&IkeKnobs::honourResponderLifetime, c.honour)}),
                      All({lifetime(c.atB), Knob(&IkeKnobs::sendResponderLifetime, c.send)}));
        RunSchedule(world, "start:A run");
        const std::string what = std::to_string(c.atA) + " s meets " + std::to_string(c.atB) + " s";
        const auto expires = [&](uint32_t node) {
            return world.GetNode(node).engine.GetPairs().at(0).expires;
        };
        t.ExpectEqual(expires(A).ToSeconds(), c.resultA, what + ": A", &world);
        t.ExpectEqual(expires(B).ToSeconds(), c.resultB, what + ": B", &world);
        t.ExpectEqual(CountEvents(world, B, EventKind::NotifySent) == 1, c.announced, what, &world);
    }
}

void
ResponderVolume(LabTest& t)
{
    const auto volume = [](uint64_t kilobytes) {
        return [kilobytes](EngineConfig& c) { c.connections[0].lifetimeKilobytes = kilobytes; };
    };
    World world = MakeWorld({}, volume(5000), volume(3000));
    RunSchedule(world, "start:A run");
    for (uint32_t node : {A, B})
    {
        const uint64_t bytes = world.GetNode(node).engine.GetPairs().at(0).hardBytes;
        t.ExpectEqual(bytes, 3000U * 1024, "volume", &world);
    }
}

/// Without the notify, a responder-only end with the shorter lifetime loses its pair before the
/// other end renews it: a gap in every cycle. With it there is none.
void
LifetimeGap(LabTest& t)
{
    for (bool send : {true, false})
    {
        World world = MakeUpWorld({}, {}, All({ResponderOnly(), [send](EngineConfig& c) {
                                                   c.connections[0].lifetime =
                                                       Duration::Seconds(300);
                                                   c.knobs.sendResponderLifetime = send;
                                               }}));
        bool gap = false;
        for (int i = 0; i < 1000; i++)
        {
            Pass(world, Duration::Seconds(1));
            gap = gap || CountPairs(world, A) == 0 || CountPairs(world, B) == 0;
        }
        t.ExpectEqual(gap, !send, send ? "with the notify" : "without it", &world);
    }
}

/// Everything happens at once (no delay), so all times are exact.
void
ExactLifetimes(LabTest& t)
{
    World world = MakeWorld(Lifetimes(1000, 400), {}, ResponderOnly());
    RunSchedule(world, "start:A start:B");
    PassUntil(world, Instant{} + Duration::Seconds(1500), Duration());
    // a pair: soft at 370, its successor soft at 740, 1110, 1480; hard at 400, 770, 1140
    t.ExpectEqual(TimesOf(world, A, EventKind::Phase2Begin),
                  "0.000000000 370.000000000 740.000000000 1110.000000000 1480.000000000",
                  "quick modes",
                  &world);
    for (uint32_t node : {A, B})
    {
        t.ExpectEqual(TimesOf(world, node, EventKind::PairRemoved),
                      "400.000000000 770.000000000 1140.000000000",
                      "pairs end",
                      &world);
        t.ExpectEqual(TimesOf(world, node, EventKind::IsakmpRemoved),
                      "1000.000000000",
                      "ISAKMP SAs end",
                      &world);
    }
    t.ExpectEqual(TimesOf(world, A, EventKind::Phase1Begin),
                  "0.000000000 970.000000000",
                  "main modes",
                  &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::IsakmpRemoved), "hard-lifetime", "why", &world);
    t.ExpectEqual(Standing(world), "1/2 1/2", "old and new between soft and hard", &world);
}

/// The margin is at most half of the lifetime.
void
ShortLifetimes(LabTest& t)
{
    World world = MakeWorld(Lifetimes(86400, 40), {}, ResponderOnly());
    RunSchedule(world, "start:A start:B");
    PassUntil(world, Instant{} + Duration::Seconds(50), Duration());
    t.ExpectEqual(TimesOf(world, A, EventKind::Phase2Begin),
                  "0.000000000 20.000000000 40.000000000",
                  "quick modes",
                  &world);
}

void
SoftJitter(LabTest& t)
{
    std::set<std::string> times;
    for (uint64_t seed = 1; seed <= 8; seed++)
    {
        const Tweak both = All({Lifetimes(86400, 400), Knob(&IkeKnobs::softJitterPercent, 100U)});
        World world = MakeWorld(both, {}, ResponderOnly(), seed);
        RunSchedule(world, "start:A start:B");
        PassUntil(world, Instant{} + Duration::Seconds(371), Duration());
        times.insert(TimesOf(world, A, EventKind::Phase2Begin));
    }
    t.Expect(times.size() >= 6, "different seeds, different soft lifetimes");
    for (const std::string& time : times)
    {
        const double second = std::stod(time.substr(time.find(' ') + 1));
        t.Expect(second >= 340 && second <= 370, "between 60 s and 30 s before: " + time);
    }
}

/// Offers packets from A to B until this many octets are through.
void
Fill(World& world, uint64_t octets)
{
    const Octets inner =
        MakeInnerPacket(IpAddress::V4(0x0a010001), IpAddress::V4(0x0a020001), 1024 - 20);
    for (uint64_t sent = 0; sent < octets; sent += inner.size())
    {
        world.Offer(A, TUNNEL, inner);
        Pass(world, Duration::Milliseconds(100));
    }
}

void
VolumeLimits(LabTest& t)
{
    const Tweak volume = [](EngineConfig& c) { c.connections[0].lifetimeKilobytes = 300; };
    World world = MakeUpWorld(volume, {}, ResponderOnly());
    Fill(world, 43 * 1024);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 1U, "before 44 kB", &world);
    Fill(world, 108 * 1024);
    // 256 kB before the hard volume, but at least half of it: at 150 kB
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), 2U, "at 150 kB", &world);
    t.ExpectEqual(Standing(world), "1/2 1/2", "old and new", &world);
    t.Expect(IsShared(world), "the same SAs", &world);
    const PairIdentity now = OutboundOf(world, A);
    t.Expect(now == EventsOf(world, A, EventKind::PairUp).at(1).pair, "the new one sends", &world);
}

void
HardVolume(LabTest& t)
{
    const Tweak volume = [](EngineConfig& c) {
        c.connections[0].lifetimeKilobytes = 20;
        c.connections[0].switches.rekeyPhase2 = false;
    };
    World world = MakeUpWorld(volume, {}, ResponderOnly());
    Fill(world, 19 * 1024);
    t.ExpectEqual(Standing(world), ONE_EACH, "before 20 kB", &world);
    t.ExpectEqual(RefusalsOf(world, A), "2:soft-lifetime", "no rekey", &world);
    Fill(world, 1024);
    t.ExpectEqual(Standing(world), "1/0 1/0", "at 20 kB", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::PairRemoved), "hard-volume", "why", &world);
    Pass(world, Duration::Seconds(11));
    t.ExpectEqual(Standing(world), ONE_EACH, "after the pause", &world);
}

/// "If no traffic has passed through the tunnel during the entire life of the security association,
/// a new security association is not negotiated when the lifetime expires" (IOS); a VTI is.
void
IdlePairs(LabTest& t)
{
    struct Case
    {
        bool stayUp;
        bool traffic;
        bool idleRekey;
        size_t begun;
    };

    for (const Case& c : {Case{false, false, false, 1},
                          Case{false, true, false, 2},
                          Case{false, false, true, 2},
                          Case{true, false, false, 2}})
    {
        const auto both = [&](EngineConfig& config) {
            Lifetimes(86400, 400)(config);
            config.connections[0].stayUp = c.stayUp;
            config.knobs.idleRekey = c.idleRekey;
        };
        World world = MakeWorld(both, {}, ResponderOnly());
        RunSchedule(world, "start:A start:B");
        world.Give(A, AcquireInput{TUNNEL});
        RunSchedule(world, "run");
        if (c.traffic)
        {
            t.Expect(CarriesTraffic(world), "traffic passes", &world);
        }
        Pass(world, Duration::Seconds(390));
        t.ExpectEqual(CountEvents(world, A, EventKind::Phase2Begin), c.begun, "begun", &world);
    }
}

/// One-way traffic: the engine hears of arriving packets alone, so the receiving end renews the
/// pair.
void
OneWayTraffic(LabTest& t)
{
    const Tweak both = [](EngineConfig& c) {
        Lifetimes(86400, 400)(c);
        c.connections[0].stayUp = false;
    };
    World world = MakeWorld(both);
    RunSchedule(world, "start:A start:B offer:A run offer:A run");
    t.ExpectEqual(world.GetNode(B).delivered.size(), 1U, "a packet passed", &world);
    Pass(world, Duration::Seconds(390));
    t.ExpectEqual(CountPairs(world, A), 2U, "renewed", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 1U, "under one SA", &world);
}

void
PairsOutliveTheirIsakmpSa(LabTest& t)
{
    World world = MakeUpWorld(
        Lifetimes(200, 3600),
        [](EngineConfig& c) { c.connections[0].switches.rekeyPhase1 = false; },
        ResponderOnly());
    Pass(world, Duration::Seconds(300));
    t.ExpectEqual(Standing(world), "0/1 0/1", "the pair stays", &world);
    t.Expect(CarriesTraffic(world), "and carries traffic", &world);
    t.ExpectEqual(RefusalsOf(world, A), "1:soft-lifetime", "no rekey of phase 1", &world);
}

/// Packets that were under way when their pair ended.
void
OldInboundLingers(LabTest& t)
{
    for (bool inTime : {true, false})
    {
        World world = MakeUpWorld({}, {}, ResponderOnly());
        world.Offer(B, TUNNEL, MakeOffer(world, B));
        t.ExpectEqual(world.GetFlights().size(), 1U, "a packet is under way", &world);
        const uint32_t packet = world.GetFlights().front().id;
        world.Give(A, ClearInput{});
        t.ExpectEqual(CountPairs(world, A), 0U, "the pair has ended", &world);
        const Duration wait = Duration::Seconds(5) - Duration::Nanoseconds(inTime ? 1 : 0);
        const Instant end = world.Now() + wait;
        while (world.NextDeadline() <= end)
        {
            world.FireNextTimer();
        }
        world.AdvanceTo(end);
        world.Deliver(packet);
        t.ExpectEqual(world.GetNode(A).delivered.size(), inTime ? 1U : 0U, "delivered", &world);
        const auto unknown = static_cast<size_t>(DropReason::UnknownSpi);
        t.ExpectEqual(world.GetNode(A).plane.GetInboundCounters().discarded.at(unknown),
                      inTime ? 0U : 1U,
                      "unknown SPI",
                      &world);
    }
}

// --- Deletes, clear, reboots ---------------------------------------------------------------------

void
DeleteOfPair(LabTest& t)
{
    for (bool send : {true, false})
    {
        World world = MakeUpWorld(Knob(&IkeKnobs::sendDeletes, send), {}, ResponderOnly());
        world.Give(A, ClearInput{});
        RunSchedule(world, "run");
        t.ExpectEqual(Standing(world), send ? "1/0 1/0" : "1/0 1/1", "after clear", &world);
        t.ExpectEqual(EndsOf(world, A, EventKind::PairRemoved), "cleared", "A", &world);
        t.ExpectEqual(EndsOf(world, B, EventKind::PairRemoved),
                      send ? "deleted-by-peer" : "",
                      "B",
                      &world);
        t.ExpectEqual(CountEvents(world, B, EventKind::DeleteSent), 0U, "B says nothing", &world);
        Pass(world, Duration::Seconds(11));
        t.ExpectEqual(CountPairs(world, A), 1U, "begun again after the pause", &world);
        t.Expect(CarriesTraffic(world), "traffic passes", &world);
    }
}

void
DeleteOfIsakmp(LabTest& t)
{
    World world = MakeUpWorld();
    world.Give(A, ClearInput{std::nullopt, true, false});
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "0/1 0/1", "pairs live on", &world);
    t.ExpectEqual(EndsOf(world, B, EventKind::IsakmpRemoved), "deleted-by-peer", "B", &world);
    Pass(world, Duration::Seconds(100));
    t.ExpectEqual(Standing(world), "0/1 0/1", "nobody needs a new one", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
}

void
ClearOfOnePeer(LabTest& t)
{
    World world = MakeUpWorld();
    world.Give(A, ClearInput{IpAddress::V4(0x0a000063), true, true});
    t.ExpectEqual(Standing(world), ONE_EACH, "another peer", &world);
    world.Give(A, ClearInput{AddressOf(B), true, true});
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "0/0 0/0", "this peer", &world);
}

/// V1-DEL-02: both delete at once; each finds nothing to delete.
void
CrossingDeletes(LabTest& t)
{
    World world = MakeUpWorld();
    world.Give(A, ClearInput{});
    world.Give(B, ClearInput{});
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "1/0 1/0", "all gone", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::PairRemoved), 1U, "removed once", &world);
}

/// V1-IC-03: the rebooted peer says that it has nothing else.
void
InitialContact(LabTest& t)
{
    for (bool contact : {true, false})
    {
        World world = MakeUpWorld(Knob(&IkeKnobs::sendInitialContact, contact));
        RunSchedule(world, "reboot:B");
        Pass(world, Duration::Seconds(2));
        t.ExpectEqual(Standing(world), contact ? ONE_EACH : "2/2 1/1", "after the reboot", &world);
        t.ExpectEqual(EndsOf(world, A, EventKind::PairRemoved),
                      contact ? "initial-contact" : "",
                      "why",
                      &world);
        t.Expect(CarriesTraffic(world), "traffic passes", &world);
        Pass(world, Duration::Seconds(30));
        t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 2U, "no more", &world);
    }
}

/// The end that cannot call reboots: the other one sends into a black hole until its pair is old.
void
RebootOfResponderOnly(LabTest& t)
{
    World world = MakeUpWorld(Lifetimes(86400, 400), {}, ResponderOnly());
    const Instant hard = world.GetNode(A).engine.GetPairs().at(0).expires;
    RunSchedule(world, "reboot:B");
    t.Expect(!CarriesTraffic(world), "a black hole", &world);
    t.ExpectEqual(RefusalsOf(world, B), "2:tunnel-start 2:unknown-spi", "B cannot help", &world);
    // soft lifetime, 30 s before: an unanswered quick mode under an ISAKMP SA that B does not know
    PassUntil(world, hard);
    t.ExpectEqual(CountPairs(world, A), 0U, "the pair dies of age", &world);
    t.ExpectEqual(CountIsakmp(world, A), 1U, "the ISAKMP SA is still believed in", &world);
    PassUntil(world, hard + Duration::Seconds(30));
    t.ExpectEqual(CountIsakmp(world, A), 0U, "after an unanswered quick mode it is not", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::IsakmpRemoved), "no-answer", "why", &world);
    PassUntil(world, hard + Duration::Seconds(39));
    t.ExpectEqual(CountPairs(world, A), 0U, "the pause", &world);
    PassUntil(world, hard + Duration::Seconds(41));
    t.ExpectEqual(Standing(world), ONE_EACH, "a new beginning", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
}

/// Without that knob A goes on to trust an ISAKMP SA that its peer has forgotten.
void
UnansweredQuickModes(LabTest& t)
{
    const Tweak both = All({Lifetimes(2000, 400), Knob(&IkeKnobs::dropIsakmpWithoutAnswer, false)});
    World world = MakeUpWorld(both, {}, ResponderOnly());
    RunSchedule(world, "reboot:B");
    PassUntil(world, Instant{} + Duration::Seconds(1960));
    t.ExpectEqual(CountIsakmp(world, A), 1U, "still there", &world);
    t.ExpectEqual(CountPairs(world, A), 0U, "no pair", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 1U, "no main mode", &world);
    PassUntil(world, Instant{} + Duration::Seconds(2100));
    t.ExpectEqual(Standing(world), ONE_EACH, "its own lifetime ends that", &world);
}

// --- Compute jobs --------------------------------------------------------------------------------

/// A DH operation fails (a public value that is none): which end, which job, and what remains.
void
BadPublicValues(LabTest& t)
{
    struct Case
    {
        std::string name;
        unsigned before; ///< jobs that are right
        uint32_t node;   ///< whose job is wrong
        EventKind kind;  ///< reported there
        bool pfs;        ///< with PFS
    };

    for (const Case& c : {Case{"A keygen", 0, A, EventKind::Phase1Failed, false},
                          Case{"B both", 1, B, EventKind::Phase1Failed, false},
                          Case{"A derive", 2, A, EventKind::Phase1Failed, false},
                          Case{"A PFS keygen", 3, A, EventKind::Phase2Failed, true},
                          Case{"B PFS both", 4, B, EventKind::Phase2Failed, true},
                          Case{"A PFS derive", 5, A, EventKind::Phase2Failed, true}})
    {
        SlowWorld world(Pfs(c.pfs ? std::optional<DhGroup>(DhGroup::Modp768) : std::nullopt));
        world.Give(A, LinkChangeInput{TUNNEL, true});
        world.Flush();
        for (unsigned i = 0; i < c.before; i++)
        {
            world.Finish(0);
            world.Flush();
        }
        t.ExpectEqual(world.jobs.size(), 1U, c.name + ": one job waits");
        t.ExpectEqual(world.jobs.at(0).node, c.node, c.name + ": whose");
        world.Finish(0, false);
        world.Flush();
        const Event& last = *std::find_if(world.events.rbegin(),
                                          world.events.rend(),
                                          [&](const Event& e) { return e.kind == c.kind; });
        const bool refused = last.end == EndReason::RefusedByPeer;
        t.Expect(last.end == EndReason::InvalidKeyExchange || refused, c.name + ": why");
        t.ExpectEqual(world.engines[c.node].GetPairs().size(), 0U, c.name + ": no pair");
        const size_t isakmp = c.kind == EventKind::Phase1Failed ? 0 : 1;
        t.ExpectEqual(world.engines[c.node].GetIsakmpSas().size(), isakmp, c.name);
        // and the next attempt is not hindered
        world.PassTo(Instant{} + Duration::Seconds(100));
        t.ExpectEqual(world.engines[A].GetPairs().size(), 1U, c.name + ": the next attempt");
    }
}

/// Results that come when their exchange is gone, twice, for unknown jobs, or in another order.
void
LateResults(LabTest& t)
{
    SlowWorld world(Pfs(DhGroup::Modp768));
    world.Give(A, LinkChangeInput{TUNNEL, true});
    world.Give(B, LinkChangeInput{TUNNEL, true});
    world.Flush();
    t.ExpectEqual(world.jobs.size(), 2U, "both make a public value");
    world.Give(A, ComputedInput{4711, DhResult{}});
    const auto forbidden = std::make_shared<EngineConfig>(world.engines[A].GetConfig());
    ResponderOnly()(*forbidden);
    world.Give(A, ReconfigureInput{forbidden});
    t.ExpectEqual(world.engines[A].GetIsakmpSas().size(), 1U, "that of B is half open");
    t.ExpectEqual(world.jobs[0].node, A, "the job of the attempt that is gone");
    const ComputedInput late{world.jobs[0].compute.job,
                             GetLabCrypto()->Run(world.jobs[0].compute.dh)};
    world.Finish(0);
    world.Give(A, late);
    t.Expect(world.datagrams.empty(), "its result is of no use");
    world.Settle();
    t.ExpectEqual(world.engines[A].GetPairs().size(), 1U, "B's attempt is not hindered");
}

void
ResultsInAnyOrder(LabTest& t)
{
    for (unsigned order = 0; order < 32; order++)
    {
        SlowWorld world(Pfs(DhGroup::Ecp256));
        world.Give(A, LinkChangeInput{TUNNEL, true});
        world.Give(B, LinkChangeInput{TUNNEL, true});
        unsigned bits = order;
        for (world.Flush(); !world.jobs.empty(); world.Flush())
        {
            world.Finish((bits & 1) != 0 ? world.jobs.size() - 1 : 0);
            bits = bits >> 1 | (bits & 1) << 4;
        }
        t.ExpectEqual(world.engines[A].GetIsakmpSas().size(), 2U, "ISAKMP SAs at A");
        t.ExpectEqual(world.engines[B].GetIsakmpSas().size(), 2U, "ISAKMP SAs at B");
        t.ExpectEqual(world.engines[A].GetPairs().size(), 2U, "pairs at A");
        t.ExpectEqual(world.engines[B].GetPairs().size(), 2U, "pairs at B");
    }
}

/// Duplicates that arrive while a job is being done are not answered, and do no harm.
void
DuplicatesWhileComputing(LabTest& t)
{
    SlowWorld world(Pfs(DhGroup::Ecp256));
    world.Give(A, LinkChangeInput{TUNNEL, true});
    for (unsigned i = 0; i < 40 && !(world.datagrams.empty() && world.jobs.empty()); i++)
    {
        while (!world.datagrams.empty())
        {
            const SlowWorld::Datagram next = world.datagrams.front();
            world.datagrams.erase(world.datagrams.begin());
            world.Give(next.to, next.input);
            const size_t computing = world.jobs.size();
            const size_t answers = world.datagrams.size();
            world.Give(next.to, next.input);
            t.ExpectEqual(world.jobs.size(), computing, "jobs after a duplicate");
            t.Expect(computing == 0 || world.datagrams.size() == answers, "no answer yet");
            world.datagrams.erase(world.datagrams.begin() + static_cast<std::ptrdiff_t>(answers),
                                  world.datagrams.end());
        }
        if (!world.jobs.empty())
        {
            world.Finish(0);
        }
    }
    t.ExpectEqual(world.engines[A].GetPairs().size(), 1U, "A");
    t.ExpectEqual(world.engines[B].GetPairs().size(), 1U, "B");
}

// --- Reconfiguration -----------------------------------------------------------------------------

Tweak
Allowed()
{
    return [](EngineConfig& c) {
        for (ConnectionConfig& connection : c.connections)
        {
            connection.switches = InitiationSwitches();
        }
    };
}

size_t
SentAsInitiator(const World& world, uint32_t node)
{
    size_t count = 0;
    for (const Event& e : EventsOf(world, node, EventKind::MessageSent))
    {
        const bool exchange =
            e.exchange == ExchangeKind::MainMode || e.exchange == ExchangeKind::QuickMode;
        count += exchange && e.role == Role::Initiator ? 1 : 0;
    }
    return count;
}

/// At each point of a negotiation the initiator becomes responder-only: nothing more of it leaves.
/// When it may begin again it does so at once.
void
ResponderOnlyInTheMiddle(LabTest& t)
{
    for (unsigned arrived = 0; arrived <= 8; arrived++)
    {
        World world = MakeWorld();
        RunSchedule(world, "start:A");
        Step(world, arrived);
        const std::string what = "after " + std::to_string(arrived) + " messages";
        const size_t before = SentAsInitiator(world, A);
        const bool done = CountPairs(world, A) == 1;
        Change(world, A, ResponderOnly());
        Pass(world, Duration::Seconds(200));
        t.ExpectEqual(SentAsInitiator(world, A), before, what + ": messages of it", &world);
        t.ExpectEqual(world.GetNode(A).engine.IsBeginning(TUNNEL), false, what, &world);
        t.ExpectEqual(CountPairs(world, A), done ? 1U : 0U, what + ": pairs", &world);
        t.ExpectEqual(CountIsakmp(world, A), arrived >= 6 ? 1U : 0U, what + ": SAs stay", &world);
        const Instant again = world.Now();
        Change(world, A, Allowed());
        const bool begun = SentAsInitiator(world, A) > before;
        t.ExpectEqual(begun, !done, what + ": begins at once", &world);
        Pass(world, Duration::Seconds(2));
        t.ExpectEqual(CountPairs(world, A), 1U, what + ": a pair", &world);
        t.Expect(CarriesTraffic(world), what + ": traffic passes", &world);
        t.Expect(again < world.Now(), what);
    }
}

/// What is settled stays: SAs of both kinds.
void
ResponderOnlyOnLivingTunnel(LabTest& t)
{
    World world = MakeUpWorld(Lifetimes(86400, 400), {}, ResponderOnly());
    Change(world, A, ResponderOnly());
    t.ExpectEqual(Standing(world), ONE_EACH, "SAs stay", &world);
    t.Expect(CarriesTraffic(world), "traffic passes", &world);
    Pass(world, Duration::Seconds(500));
    t.ExpectEqual(Standing(world), "1/0 1/0", "and die of age", &world);
    Change(world, A, Allowed());
    Pass(world, Duration::Seconds(1));
    t.ExpectEqual(Standing(world), ONE_EACH, "at once", &world);
}

/// A phase 1 that another tunnel needs goes on.
void
PhaseOneOfTwoTunnels(LabTest& t)
{
    const auto second = [](uint32_t side) {
        return [side](EngineConfig& c) { c.connections.push_back(MakeSecondTunnel(side)); };
    };
    World world = MakeWorld({}, second(A), second(B));
    RunSchedule(world, "start:A A");
    Change(world, A, [](EngineConfig& c) {
        c.connections[0].switches = InitiationSwitches::ResponderOnly();
    });
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), ONE_EACH, "for the second tunnel", &world);
    t.ExpectEqual(world.GetNode(A).engine.GetPairs().at(0).connection, 2U, "its pair", &world);
}

void
RemovalOfTunnel(LabTest& t)
{
    for (unsigned arrived = 0; arrived <= 9; arrived++)
    {
        for (uint32_t node : {A, B})
        {
            World world = MakeWorld();
            RunSchedule(world, "start:A");
            Step(world, arrived);
            const size_t before = SentAsInitiator(world, node);
            Change(world, node, [](EngineConfig& c) { c.connections.clear(); });
            const std::string what = "tunnel of " + world.GetNode(node).name + " removed after " +
                                     std::to_string(arrived);
            Pass(world, Duration::Seconds(200));
            t.ExpectEqual(CountPairs(world, node), 0U, what + ": pairs", &world);
            t.ExpectEqual(SentAsInitiator(world, node), before, what + ": begun", &world);
            t.ExpectEqual(world.GetNode(node).plane.GetOutboundCount(), 0U, what, &world);
            t.ExpectEqual(world.GetNode(node).plane.GetInboundCount(), 0U, what, &world);
        }
    }
}

/// The tunnel gets another destination while its pair is being made: no pair with the old peer.
void
ChangeOfDestination(LabTest& t)
{
    for (unsigned arrived = 0; arrived <= 9; arrived++)
    {
        for (uint32_t node : {A, B})
        {
            World world = MakeWorld();
            RunSchedule(world, "start:A");
            Step(world, arrived);
            Change(world, node, [](EngineConfig& c) {
                c.connections[0].peer = IpAddress::V4(0x0a000063);
            });
            Pass(world, Duration::Seconds(100));
            t.ExpectEqual(CountPairs(world, node),
                          0U,
                          "new destination at " + world.GetNode(node).name + " after " +
                              std::to_string(arrived),
                          &world);
        }
    }
}

/// The moment of installing changes between messages 2 and 3.
void
InstallKnobChanges(LabTest& t)
{
    for (ResponderInstalls first : INSTALLS)
    {
        const ResponderInstalls second = first == ResponderInstalls::Message2
                                             ? ResponderInstalls::Message3
                                             : ResponderInstalls::Message2;
        World world = MakeWorld(Knob(&IkeKnobs::responderInstalls, first));
        RunSchedule(world, "start:A");
        Step(world, 8);
        Change(world, B, Knob(&IkeKnobs::responderInstalls, second));
        RunSchedule(world, "run");
        t.ExpectEqual(Standing(world), ONE_EACH, "one pair", &world);
        t.Expect(CarriesTraffic(world), "traffic passes", &world);
    }
}

/// A pause of nothing must not make an engine run for ever.
void
RestartWithoutPause(LabTest& t)
{
    World world = MakeWorld(Knob(&IkeKnobs::restartPause, Duration()), Keys({}));
    RunSchedule(world, "start:A");
    t.ExpectEqual(CountPairs(world, A), 0U, "no key, no pair", &world);
    for (unsigned i = 0; i < 10; i++)
    {
        t.Expect(world.FireNextTimer(), "it tries again", &world);
    }
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Failed), 11U, "one try at a time", &world);
}

/// The suite "ikev1-engine".
class Ikev1EngineTestSuite : public TestSuite
{
  public:
    Ikev1EngineTestSuite()
        : TestSuite("ikev1-engine", Type::UNIT)
    {
        AddMessages();
        AddPolicies();
        AddLifetimes();
        AddEvents();
        AddReconfiguration();
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }

    void AddMessages()
    {
        Add("loss of each message: one of each in the end", LossOfEach);
        Add("loss of each message and of its repetition", LossOfTwo);
        Add("a duplicate of each message is answered by the same octets", DuplicatesAtOnce);
        Add("duplicates of all earlier messages at each point", DuplicatesInBetween);
        Add("a late duplicate of each message makes nothing new", DuplicatesLater);
        Add("message 1 once more after the SA is gone", LateFirstMessageAfterTheEnd);
        Add("a used message ID is refused", ReusedMessageId);
        Add("reordering", Reordering);
        Add("loss, duplication and order by chance", RandomOrders);
        Add("crossing main modes: two of each", CrossingMainModes);
        Add("crossing quick modes: two pairs, split", CrossingQuickModes);
        Add("gives up after 60 s and begins again after the pause", GivesUp);
        Add("knobs of retransmission", GivingUpFollowsTheKnobs);
        Add("a tunnel for traffic waits for traffic", TrafficTunnelWaitsForTraffic);
        Add("half-open expiry", SilentInitiator);
        Add("quick mode without message 3", SilentAfterMessage2);
        Add("half-open limit", HalfOpenLimit);
        Add("quick mode limit", QuickModeLimit);
    }

    void AddPolicies()
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

    void AddLifetimes()
    {
        Add("RESPONDER-LIFETIME: seconds", ResponderLifetime);
        Add("RESPONDER-LIFETIME: volume", ResponderVolume);
        Add("RESPONDER-LIFETIME: the gap without it", LifetimeGap);
        Add("lifetimes: exact times", ExactLifetimes);
        Add("lifetimes: the margin is at most half", ShortLifetimes);
        Add("lifetimes: jitter", SoftJitter);
        Add("volume: soft limit", VolumeLimits);
        Add("volume: hard limit", HardVolume);
        Add("idle pairs", IdlePairs);
        Add("traffic one way", OneWayTraffic);
        Add("pairs outlive their ISAKMP SA", PairsOutliveTheirIsakmpSa);
        Add("old inbound SAs linger", OldInboundLingers);
    }

    void AddEvents()
    {
        Add("Delete of a pair", DeleteOfPair);
        Add("Delete of an ISAKMP SA", DeleteOfIsakmp);
        Add("clear of one peer", ClearOfOnePeer);
        Add("crossing Deletes", CrossingDeletes);
        Add("INITIAL-CONTACT after a reboot", InitialContact);
        Add("reboot of a responder-only end: the black hole", RebootOfResponderOnly);
        Add("an unanswered quick mode may not end its ISAKMP SA", UnansweredQuickModes);
        Add("DH operations that fail", BadPublicValues);
        Add("DH results that come too late", LateResults);
        Add("DH results in any order", ResultsInAnyOrder);
        Add("duplicates during a DH operation", DuplicatesWhileComputing);
    }

    void AddReconfiguration()
    {
        Add("responder-only in the middle of a negotiation", ResponderOnlyInTheMiddle);
        Add("responder-only on a living tunnel", ResponderOnlyOnLivingTunnel);
        Add("a phase 1 for two tunnels of which one becomes responder-only", PhaseOneOfTwoTunnels);
        Add("removal of a tunnel at every point", RemovalOfTunnel);
        Add("change of the destination at every point", ChangeOfDestination);
        Add("ResponderInstalls changes between messages 2 and 3", InstallKnobChanges);
        Add("RestartPause of 0", RestartWithoutPause);
    }
};

static Ikev1EngineTestSuite g_ikev1EngineTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
