/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Asks after ten seconds of silence, again every two seconds, three times (DpdRetries).
Tweak
Watches(bool periodic)
{
    return [periodic](EngineConfig& c) {
        for (ConnectionConfig& connection : c.connections)
        {
            connection.keepalive = DpdConfig{ns3::ike::Duration::Seconds(10),
                                             ns3::ike::Duration::Seconds(2),
                                             periodic};
        }
        c.knobs.dpdRetries = 3;
    };
}

/// A watches, B does not; all is up, and nothing is in flight.
World
MakeWatchedWorld(bool periodic, const Tweak& onlyA = {}, const Tweak& onlyB = {})
{
    World world =
        MakeWorld({}, All({Watches(periodic), onlyA ? onlyA : [](EngineConfig&) {}}), onlyB);
    RunSchedule(world, "start:A run start:B");
    return world;
}

/// How often a node has said something of RFC 3706: "R-U-THERE 4".
size_t
CountSaid(const World& world, uint32_t node, const std::string& name)
{
    const std::vector<Event> events = EventsOf(world, node, EventKind::NotifySent);
    return std::count_if(events.begin(), events.end(), [&](const Event& e) {
        return e.text == name;
    });
}

const std::string QUESTION = ToString(NotifyType::RUThere);  ///< as it is reported
const std::string ANSWER = ToString(NotifyType::RUThereAck); ///< the same

/// The last drop that a node has reported.
std::string
LastDrop(const World& world, uint32_t node)
{
    const std::vector<Event> events = EventsOf(world, node, EventKind::MessageDropped);
    return events.empty() ? "" : events.back().text;
}

// --- Asking --------------------------------------------------------------------------------------

/// What happens in the minute behind the beginning, and how often A asks.
struct AskCase
{
    std::string name;     ///< what is tried
    bool periodic;        ///< how A watches
    std::string schedule; ///< ten times, every five seconds
    bool asks;            ///< does A ask?
};

void
WhenItAsks(LabTest& t)
{
    for (const AskCase& c : {AskCase{"periodic, idle", true, "", true},
                             AskCase{"on demand, idle", false, "", false},
                             AskCase{"on demand, only sending", false, "offer:A run", true},
                             AskCase{"on demand, answered", false, "offer:A offer:B run", false},
                             AskCase{"periodic, only receiving", true, "offer:B run", false},
                             AskCase{"on demand, only receiving", false, "offer:B run", false}})
    {
        World world = MakeWatchedWorld(c.periodic);
        for (unsigned i = 0; i < 10; i++)
        {
            RunSchedule(world, c.schedule);
            Pass(world, ns3::ike::Duration::Seconds(5));
        }
        RunSchedule(world, "run");
        t.ExpectEqual(CountSaid(world, A, QUESTION) > 0, c.asks, c.name, &world);
        t.ExpectEqual(CountSaid(world, A, QUESTION), CountSaid(world, B, ANSWER), c.name, &world);
        t.ExpectEqual(CountSaid(world, B, QUESTION), 0U, c.name + ": B need not", &world);
        t.ExpectEqual(Standing(world), ONE_EACH, c.name, &world);
    }
}

/// Exact times of the questions to a peer that has gone, and of its death.
void
Death(LabTest& t)
{
    World world = MakeWatchedWorld(true);
    PassDeaf(world, ns3::ike::Duration::Seconds(17), B);
    t.ExpectEqual(CountSaid(world, A, QUESTION), 4U, "one question and three more", &world);
    t.ExpectEqual(SentAt(world, A, ExchangeKind::Informational),
                  "10.000000000 12.000000000 14.000000000 16.000000000",
                  "at these times",
                  &world);
    t.ExpectEqual(Standing(world), ONE_EACH, "there is still hope", &world);
    PassDeaf(world, ns3::ike::Duration::Seconds(2), B);
    t.ExpectEqual(Standing(world), "0/0 1/1", "dead for A", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::PairRemoved), "peer-dead", "the pair", &world);
    t.ExpectEqual(EndsOf(world, A, EventKind::IsakmpRemoved), "peer-dead", "ISAKMP SA", &world);
    t.ExpectEqual(TimesOf(world, A, EventKind::IsakmpRemoved), "18.000000000", "then", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::DeleteSent), 0U, "B is not told", &world);
    Pass(world, ns3::ike::Duration::Seconds(15));
    t.ExpectEqual(CountPairs(world, A), 1U, "a tunnel that stays up begins again", &world);
    t.ExpectEqual(CountEvents(world, A, EventKind::Phase1Begin), 2U, "with phase 1", &world);
}

/// One answer is enough, whichever question it is for; a packet is as good.
void
SavedAtLast(LabTest& t)
{
    for (const char* sign : {"A run", "drop:A offer:B run"})
    {
        World world = MakeWatchedWorld(true);
        PassDeaf(world, ns3::ike::Duration::Seconds(15), B);
        RunSchedule(world, "timer"); // the last question
        RunSchedule(world, sign);
        Pass(world, ns3::ike::Duration::Seconds(60));
        t.ExpectEqual(Standing(world), ONE_EACH, sign, &world);
        t.ExpectEqual(CountEvents(world, A, EventKind::IsakmpRemoved), 0U, sign, &world);
    }
}

/// A responder-only end clears, and waits.
void
ResponderOnlyClears(LabTest& t)
{
    World world = MakeWorld({}, {}, All({ResponderOnly(), Watches(true)}));
    RunSchedule(world, "start:A run start:B");
    PassDeaf(world, ns3::ike::Duration::Seconds(300), A);
    t.ExpectEqual(CountIsakmp(world, B) + CountPairs(world, B), 0U, "cleared", &world);
    t.ExpectEqual(CountEvents(world, B, EventKind::Phase2Begin), 1U, "nothing of its own", &world);
    t.ExpectEqual(EventsOf(world, B, EventKind::Phase1Begin).size(), 1U, "no phase 1", &world);
    t.ExpectEqual(RefusalsOf(world, B), "2:lost-sa", "the closed path", &world);
}

/// A peer that does not announce it is never asked; one whose end changes its mind is.
void
OnlyWhoCan(LabTest& t)
{
    World world = MakeWatchedWorld(true, {}, [](EngineConfig& c) {
        c.style.vendorIds = std::vector<Octets>{};
    });
    PassDeaf(world, ns3::ike::Duration::Seconds(60), B);
    t.ExpectEqual(CountSaid(world, A, QUESTION), 0U, "it cannot answer", &world);
    World change = MakeWatchedWorld(true);
    Change(change, A, [](EngineConfig& c) { c.connections[0].keepalive.reset(); });
    Pass(change, ns3::ike::Duration::Seconds(30));
    t.ExpectEqual(CountSaid(change, A, QUESTION), 0U, "no more", &change);
    Change(change, A, Watches(true));
    Pass(change, ns3::ike::Duration::Seconds(15));
    t.ExpectEqual(CountSaid(change, A, QUESTION), 1U, "again", &change);
    Change(change, A, [](EngineConfig& c) { c.connections[0].keepalive->interval.ns = 0; });
    Change(change, A, Watches(true));
    Pass(change, ns3::ike::Duration::Seconds(15));
    t.ExpectEqual(CountSaid(change, A, QUESTION), CountSaid(change, B, ANSWER), "heard", &change);
}

/// Two ISAKMP SAs with a peer: one of them asks.
void
OneAsks(LabTest& t)
{
    World world = MakeWorld(Watches(true));
    RunSchedule(world, "start:A start:B run");
    t.ExpectEqual(CountIsakmp(world, A), 2U, "both have begun", &world);
    const Instant begin = world.Now();
    Pass(world, ns3::ike::Duration::Seconds(105));
    const size_t asked = CountSaid(world, A, QUESTION) + CountSaid(world, B, QUESTION);
    t.Expect(asked >= 5 && asked <= 20, std::to_string(asked) + " questions", &world);
    PassDeaf(world, ns3::ike::Duration::Seconds(19), B);
    t.ExpectEqual(CountIsakmp(world, A), 0U, "both die at once", &world);
    t.Expect(begin < world.Now(), "time has passed");
}

// --- Replays -------------------------------------------------------------------------------------

/// Old questions and answers, and own ones that come back, count for nothing and get no answer.
void
Replays(LabTest& t)
{
    World world = MakeWatchedWorld(true);
    RunSchedule(world, "wait:10s");
    const Flight question = world.GetFlights().front();
    RunSchedule(world, "A");
    const Flight answer = world.GetFlights().front();
    RunSchedule(world, "run");
    const auto give = [&world](uint32_t node, const Octets& octets) {
        world.Give(node,
                   DatagramInput{Endpoint{AddressOf(node), 500},
                                 Endpoint{AddressOf(1 - node), 500},
                                 octets});
        const bool isSilent = world.GetFlights().empty();
        while (!world.GetFlights().empty())
        {
            world.Drop(world.GetFlights().front().id);
        }
        return LastDrop(world, node) + (isSilent ? "" : ", and it speaks");
    };
    t.ExpectEqual(give(B, question.octets),
                  ", and it speaks",
                  "the last question once more: the answer may have got lost",
                  &world);
    t.ExpectEqual(give(A, answer.octets),
                  ANSWER + " with a number that is not due",
                  "an old answer",
                  &world);
    t.ExpectEqual(give(A, question.octets),
                  "this end's own " + QUESTION + " came back",
                  "a reflected question",
                  &world);
    t.ExpectEqual(give(B, answer.octets),
                  "this end's own " + ANSWER + " came back",
                  "a reflected answer",
                  &world);
    // the exchange type is not protected: what is no quick mode is not answered as a spoiled one
    Octets relabelled = question.octets;
    relabelled[18] = static_cast<uint8_t>(ExchangeType::QuickMode);
    t.Expect(give(B, relabelled).find("speaks") == std::string::npos, "relabelled", &world);
    // replayed answers do not keep a dead peer alive
    while (world.NextDeadline() < Instant{} + ns3::ike::Duration::Seconds(60) &&
           CountIsakmp(world, A) != 0)
    {
        world.FireNextTimer();
        while (!world.GetFlights().empty())
        {
            world.Drop(world.GetFlights().front().id);
        }
        give(A, answer.octets);
    }
    t.ExpectEqual(CountIsakmp(world, A), 0U, "dead all the same", &world);
}

/// An answer of the data plane that never comes does not end the watch.
void
UsageNeverTold(LabTest& t)
{
    const World world = MakeWatchedWorld(true);
    Engine engine = world.GetNode(A).engine;
    unsigned asked = 0;
    const Instant end = world.Now() + ns3::ike::Duration::Seconds(95);
    while (engine.NextDeadline() < end)
    {
        const Instant now = engine.NextDeadline();
        for (const Action& action : engine.Handle(now, TimeoutInput{}, *GetLabCrypto()))
        {
            asked += std::holds_alternative<AskUsageAction>(action) ? 1 : 0;
        }
    }
    t.ExpectEqual(asked, 9U, "every ten seconds", &world);
}

/// An answer of the data plane goes to the ISAKMP SA that has asked, and to no other one.
void
UsageOfAnother(LabTest& t)
{
    World world = MakeWorld({}, Watches(true));
    RunSchedule(world, "start:A start:B run");
    Engine engine = world.GetNode(A).engine;
    t.ExpectEqual(CountIsakmp(world, A), 2U, "both have begun", &world);
    std::vector<AskUsageAction> asked;
    Instant now = world.Now();
    while (asked.empty() && engine.NextDeadline() < Instant::Never())
    {
        now = engine.NextDeadline();
        for (const Action& action : engine.Handle(now, TimeoutInput{}, *GetLabCrypto()))
        {
            if (const auto* ask = std::get_if<AskUsageAction>(&action))
            {
                asked.push_back(*ask);
            }
        }
    }
    t.ExpectEqual(asked.size(), 1U, "the one that is used asks", &world);
    const auto isSent = [&](uint32_t number) {
        const UsageInput usage{TUNNEL, std::nullopt, std::nullopt, number};
        const Actions actions = engine.Handle(now, usage, *GetLabCrypto());
        return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
            return std::holds_alternative<SendAction>(action);
        });
    };
    for (const IsakmpSaView& sa : engine.GetIsakmpSas())
    {
        t.Expect(sa.number == asked[0].isakmp || !isSent(sa.number), "another one", &world);
    }
    t.Expect(!isSent(0) && !isSent(99), "none", &world);
    t.Expect(isSent(asked[0].isakmp), "the one that has asked", &world);
    t.Expect(!isSent(asked[0].isakmp), "once", &world);
}

/// The numbers grow by one from a chance value on, without end: nothing is kept of old ones.
void
ManyQuestions(LabTest& t)
{
    World world = MakeWatchedWorld(true, Lifetimes(864000, 864000), Lifetimes(864000, 864000));
    Pass(world, ns3::ike::Duration::Seconds(20000));
    t.Expect(CountSaid(world, A, QUESTION) > 1900, "asked", nullptr);
    t.ExpectEqual(CountSaid(world, A, QUESTION), CountSaid(world, B, ANSWER), "answered");
    t.ExpectEqual(Standing(world), ONE_EACH, "still there");
    t.ExpectEqual(CountEvents(world, B, EventKind::MessageDropped), 0U, "none dropped");
}

/// The suite "ikev1-dead-peer": RFC 3706.
class Ikev1DeadPeerTestSuite : public TestSuite
{
  public:
    Ikev1DeadPeerTestSuite()
        : TestSuite("ikev1-dead-peer", Type::UNIT)
    {
        Add("when it asks", WhenItAsks);
        Add("a peer dies", Death);
        Add("a sign of life", SavedAtLast);
        Add("responder-only clears and waits", ResponderOnlyClears);
        Add("only who can", OnlyWhoCan);
        Add("two ISAKMP SAs", OneAsks);
        Add("replays and reflections", Replays);
        Add("usage that is never told", UsageNeverTold);
        Add("usage for another", UsageOfAnother);
        Add("many questions", ManyQuestions);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1DeadPeerTestSuite g_ikev1DeadPeerTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
