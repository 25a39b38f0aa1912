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
// --- Loss, duplication, order --------------------------------------------------------------------

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

/// An engine to which nobody listens does what it would have done, and says nothing of it.
void
Unheard(LabTest& t)
{
    SlowWorld heard;
    SlowWorld unheard;
    for (Engine& engine : unheard.engines)
    {
        engine.SetHeard(false);
    }
    for (SlowWorld* world : {&heard, &unheard})
    {
        world->Give(B, LinkChangeInput{TUNNEL, true});
        world->Give(A, LinkChangeInput{TUNNEL, true});
        world->Settle();
    }
    for (int64_t hour = 0; hour < 30; hour++)
    {
        for (uint32_t node : {A, B})
        {
            t.ExpectEqual(unheard.engines[node].GetFingerprint(unheard.now),
                          heard.engines[node].GetFingerprint(heard.now),
                          "state after hours: " + std::to_string(hour));
        }
        heard.PassTo(Instant() + Duration::Seconds(3600 * (hour + 1)));
        unheard.PassTo(Instant() + Duration::Seconds(3600 * (hour + 1)));
    }
    t.Expect(heard.events.size() > 500, "SAs were renewed many times");
    t.ExpectEqual(unheard.events.size(), 0U, "nobody said anything");
}

/// The suite "ikev1-engine": messages that are lost, late, twice, or cross.
class Ikev1EngineTestSuite : public TestSuite
{
  public:
    Ikev1EngineTestSuite()
        : TestSuite("ikev1-engine", Type::UNIT)
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
        Add("without listeners all is the same", Unheard);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1EngineTestSuite g_ikev1EngineTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
