/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ipsec-passive-flow.h"
#include "ns3/test.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// What can happen to a flow.
enum class Happening
{
    Packet,
    AttemptBegins,
    AttemptEnds,
    SaUp,
    Off, ///< passive mode ends, or does not run from the start
    On,
};

constexpr int64_t MS = 1000000;
constexpr int64_t S = 1000 * MS;

/// One moment of a flow, and what shall become of its packet.
struct Moment
{
    int64_t ns;           ///< since the start
    Happening what;       ///< what happens
    std::string expected; ///< of packets: "drop try", "clear wait", ...
};

/// A flow's story.
struct Story
{
    std::string name;            ///< what it is about
    int64_t retry;               ///< seconds
    std::vector<Moment> moments; ///< in order
};

std::string
NameOf(const FlowDecision& d)
{
    return std::string(d.clear ? "clear " : "drop ") + (d.begin ? "try" : "wait");
}

/// A flow with the rules of its node.
struct FlowBench
{
    /// What a packet meets; "" for anything else.
    std::string Happen(Happening what, Instant now)
    {
        switch (what)
        {
        case Happening::Packet:
            return NameOf(flow.Offer(rules, now));
        case Happening::AttemptBegins:
        case Happening::AttemptEnds:
            flow.NoteAttempt(rules, what == Happening::AttemptBegins, now);
            break;
        case Happening::SaUp:
            flow.Reset();
            break;
        case Happening::Off:
        case Happening::On:
            rules.enabled = what == Happening::On;
            if (!rules.enabled)
            {
                flow.Reset();
            }
            break;
        }
        return "";
    }

    PassiveModeRules rules; ///< of its node
    PassiveFlow flow;       ///< it
};

/// The table of ipsec-passive-flow.h, line by line.
class PassiveFlowStoriesTestCase : public TestCase
{
  public:
    PassiveFlowStoriesTestCase()
        : TestCase("each rule at its edge")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& stories : {Edges(), Attempts(), Resets(), Switches()})
        {
            for (const Story& story : stories)
            {
                Tell(story);
            }
        }
    }

    void Tell(const Story& story)
    {
        FlowBench bench;
        bench.rules.enabled = true;
        bench.rules.retry = ns3::ike::Duration::Seconds(story.retry);
        for (const Moment& moment : story.moments)
        {
            NS_TEST_EXPECT_MSG_EQ(bench.Happen(moment.what, Instant{moment.ns}),
                                  moment.expected,
                                  story.name << " at " << ToString(Instant{moment.ns}));
        }
    }

    static constexpr Happening P = Happening::Packet;
    static constexpr Happening B = Happening::AttemptBegins;
    static constexpr Happening E = Happening::AttemptEnds;
    static constexpr Happening U = Happening::SaUp;

    /// The 10 s, and `retry`.
    static std::vector<Story> Edges()
    {
        return {
            {"10 s in milliseconds",
             300,
             {{0, P, "drop try"},
              {0, B, ""},
              {5 * S, P, "drop wait"},
              {9999 * MS, P, "drop wait"},
              {10000 * MS, P, "clear wait"}}},
            {"10 s in nanoseconds",
             300,
             {{7, P, "drop try"}, {10 * S + 6, P, "drop try"}, {10 * S + 7, P, "clear wait"}}},
            {"the second packet may be the first one in the clear",
             300,
             {{0, P, "drop try"}, {200 * S, P, "clear wait"}}},
            {"retry less and more 1 ms",
             300,
             {{0, P, "drop try"},
              {10 * S, P, "clear wait"},
              {300 * S - MS, P, "clear wait"},
              {300 * S, P, "clear try"},
              {300 * S + MS, P, "clear wait"},
              {600 * S - 1, P, "clear wait"},
              {600 * S + MS, P, "clear try"},
              {900 * S, P, "clear wait"},
              {900 * S + MS, P, "clear try"}}},
            {"retry shorter than 10 s",
             3,
             {{0, P, "drop try"},
              {0, B, ""},
              {1 * S, E, ""},
              {2 * S, P, "drop try"},
              {4 * S, P, "drop try"},
              {10 * S, P, "clear try"},
              {12 * S, P, "clear wait"},
              {13 * S, P, "clear try"}}},
        };
    }

    /// A running attempt goes on, and none starts beside it.
    static std::vector<Story> Attempts()
    {
        return {
            {"a failed one is followed by another one with the next packet",
             300,
             {{0, P, "drop try"},
              {0, B, ""},
              {1 * S, P, "drop wait"},
              {2 * S, E, ""},
              {3 * S, P, "drop try"},
              {3 * S, B, ""},
              {4 * S, E, ""},
              {9999 * MS, P, "drop try"}, // IKE pauses: that was no start
              {10 * S, P, "clear wait"},
              {303 * S - MS, P, "clear wait"},
              {303 * S, P, "clear try"}}},
            {"ends early: from the start, not from the end",
             60,
             {{0, P, "drop try"},
              {0, B, ""},
              {30 * S, E, ""},
              {31 * S, P, "clear wait"},
              {59999 * MS, P, "clear wait"},
              {60 * S, P, "clear try"}}},
            {"ends late: the packet after its end tries",
             60,
             {{0, P, "drop try"},
              {0, B, ""},
              {60 * S, P, "clear wait"},
              {75 * S, P, "clear wait"},
              {76 * S, E, ""},
              {76 * S, P, "clear try"},
              {136 * S - 1, P, "clear wait"},
              {136 * S, P, "clear try"}}},
            {"IKE begins by itself: counts as the last attempt",
             60,
             {{0, P, "drop try"},
              {40 * S, B, ""},
              {45 * S, E, ""},
              {60 * S, P, "clear wait"},
              {99999 * MS, P, "clear wait"},
              {100 * S, P, "clear try"}}},
            {"IKE never begins (responder-only)",
             60,
             {{0, P, "drop try"},
              {9 * S, P, "drop try"},
              {10 * S, P, "clear wait"},
              {69 * S, P, "clear try"},
              {70 * S, P, "clear wait"},
              {129 * S, P, "clear try"}}},
        };
    }

    /// What sets the clocks back.
    static std::vector<Story> Resets()
    {
        return {
            {"an SA comes up within 10 s and goes down",
             300,
             {{0, P, "drop try"},
              {0, B, ""},
              {1 * S, U, ""},
              {1 * S, E, ""},
              {100 * S, P, "drop try"},
              {109999 * MS, P, "drop try"},
              {110 * S, P, "clear wait"}}},
            {"an SA comes up while the flow is clear",
             300,
             {{0, P, "drop try"},
              {20 * S, P, "clear wait"},
              {21 * S, U, ""},
              {22 * S, P, "drop try"},
              {32 * S, P, "clear wait"}}},
            {"an SA by the peer's attempt; ours runs on",
             60,
             {{0, P, "drop try"},
              {0, B, ""},
              {20 * S, P, "clear wait"},
              {21 * S, U, ""},
              {22 * S, P, "drop wait"},
              {32 * S, P, "clear wait"},
              {33 * S, E, ""},
              {34 * S, P, "clear try"}}},
            {"an SA before any packet",
             60,
             {{0, U, ""}, {100 * S, P, "drop try"}, {110 * S, P, "clear wait"}}},
            {"silence, just short of an hour",
             7200,
             {{0, P, "drop try"},
              {10 * S, P, "clear wait"},
              {3610 * S - 1, P, "clear wait"},
              {7209 * S, P, "clear try"}}},
            {"silence of an hour",
             7200,
             {{0, P, "drop try"},
              {10 * S, P, "clear wait"},
              {3610 * S, P, "drop try"},
              {3620 * S - 1, P, "drop try"},
              {3620 * S, P, "clear wait"}}},
            {"a packet each 10 minutes: one is lost, the others go",
             300,
             {{0, P, "drop try"},
              {600 * S, P, "clear try"},
              {1200 * S, P, "clear try"},
              {1800 * S, P, "clear try"}}},
            {"an attempt alone is forgotten, too, though it runs",
             7200,
             {{0, B, ""},
              {3600 * S, P, "drop wait"},
              {3605 * S, E, ""},
              {3610 * S, P, "clear try"}}},
            {"an attempt behind the silence counts",
             300,
             {{0, P, "drop try"},
              {3600 * S, B, ""},
              {3601 * S, P, "drop wait"},
              {3610 * S, E, ""},
              {3611 * S, P, "clear wait"},
              {3900 * S, P, "clear try"}}},
        };
    }

    /// Passive mode at run time.
    static std::vector<Story> Switches()
    {
        constexpr Happening off = Happening::Off;
        constexpr Happening on = Happening::On;
        return {
            {"strict",
             300,
             {{0, off, ""},
              {0, P, "drop try"},
              {0, B, ""},
              {50 * S, P, "drop wait"},
              {60 * S, E, ""},
              {60 * S, P, "drop try"},
              {99 * S, P, "drop try"}}},
            {"switched off",
             300,
             {{0, P, "drop try"},
              {10 * S, P, "clear wait"},
              {11 * S, off, ""},
              {12 * S, P, "drop try"},
              {500 * S, P, "drop try"}}},
            {"off and on: the 10 s begin anew",
             300,
             {{0, P, "drop try"},
              {10 * S, P, "clear wait"},
              {11 * S, off, ""},
              {12 * S, on, ""},
              {13 * S, P, "drop try"},
              {23 * S - 1, P, "drop try"},
              {23 * S, P, "clear wait"}}},
            {"on: packets before it do not count, an attempt does",
             60,
             {{0, off, ""},
              {0, P, "drop try"},
              {0, B, ""},
              {100 * S, on, ""},
              {101 * S, P, "drop wait"},
              {111 * S, P, "clear wait"},
              {112 * S, E, ""},
              {112 * S, P, "clear try"}}},
        };
    }
};

/// The seed's words over a list of all that happened: nothing is remembered, all is looked up.
class History
{
  public:
    explicit History(const PassiveModeRules& rules)
        : m_rules(rules)
    {
    }

    FlowDecision Happen(Happening what, Instant now)
    {
        Entry entry{what, now, m_passive, false};
        FlowDecision decision;
        if (what == Happening::Off || what == Happening::On)
        {
            m_passive = what == Happening::On;
        }
        if (what == Happening::Packet)
        {
            decision = Judge(now);
            // under 10 s IKE is asked with each packet; only the first time that counts by itself
            entry.begins = decision.begin && (decision.clear || !HasStarted(now));
        }
        m_all.push_back(entry);
        return decision;
    }

  private:
    /// Something that happened.
    struct Entry
    {
        Happening what; ///< what
        Instant at;     ///< when
        bool passive;   ///< in passive mode?
        bool begins;    ///< a packet that let IKE try
    };

    static bool IsPacket(const Entry& e)
    {
        return e.what == Happening::Packet && e.passive;
    }

    static bool IsStart(const Entry& e)
    {
        return e.what == Happening::AttemptBegins || e.begins;
    }

    bool HasStarted(Instant now) const
    {
        const std::vector<Entry> known = Known(now);
        return std::any_of(known.begin(), known.end(), IsStart);
    }

    FlowDecision Judge(Instant now) const
    {
        bool runs = false;
        for (const Entry& e : m_all)
        {
            runs = e.what == Happening::AttemptBegins || (runs && e.what != Happening::AttemptEnds);
        }
        Instant firstPacket = now;
        std::optional<Instant> lastStart;
        std::vector<Entry> known = Known(now);
        for (auto e = known.rbegin(); e != known.rend(); ++e)
        {
            firstPacket = IsPacket(*e) ? e->at : firstPacket;
            lastStart = IsStart(*e) && !lastStart ? e->at : lastStart;
        }
        if (!m_passive || now - firstPacket < m_rules.clearAfter)
        {
            return {false, !runs};
        }
        const bool isDue = !lastStart || now - *lastStart >= m_rules.retry;
        return {true, isDue && !runs};
    }

    /// What is not forgotten.
    std::vector<Entry> Known(Instant now) const
    {
        std::vector<Entry> known;
        for (const Entry& e : m_all)
        {
            const bool isReset = e.what == Happening::SaUp || e.what == Happening::Off;
            if (isReset || IsSilent(known, e))
            {
                known.clear();
            }
            known.push_back(e);
        }
        if (IsSilent(known, Entry{Happening::Packet, now, m_passive, false}))
        {
            known.clear();
        }
        return known;
    }

    /// Is something noticed after a silence?
    bool IsSilent(const std::vector<Entry>& known, const Entry& next) const
    {
        std::optional<Instant> packet;
        std::optional<Instant> start;
        for (const Entry& e : known)
        {
            packet = IsPacket(e) ? e.at : packet;
            start = IsStart(e) ? e.at : start;
        }
        const std::optional<Instant> since = packet ? packet : start;
        return since && next.at - *since >= m_rules.idle;
    }

    PassiveModeRules m_rules; ///< times alone
    bool m_passive{true};     ///< mode
    std::vector<Entry> m_all; ///< all that happened
};

/// Every story of some letters: the flow decides as the seed's words do.
class PassiveFlowExhaustiveTestCase : public TestCase
{
  public:
    PassiveFlowExhaustiveTestCase(int64_t retry, unsigned length)
        : TestCase("all stories of " + std::to_string(length) + ", retry " + std::to_string(retry)),
          m_length(length)
    {
        m_rules.enabled = true;
        m_rules.retry = ns3::ike::Duration::Seconds(retry);
        m_rules.idle = ns3::ike::Duration::Seconds(30);
    }

  private:
    void DoRun() override
    {
        FlowBench bench;
        bench.rules = m_rules;
        Go("", bench, History(m_rules), Instant{0});
        NS_TEST_EXPECT_MSG_EQ(m_wrong, "", "the first story that differs");
        NS_TEST_EXPECT_MSG_EQ(m_met.size(), 4, "every decision was met");
        NS_TEST_EXPECT_MSG_GT(m_packets, 1000U, "that many packets");
    }

    void Go(const std::string& story, const FlowBench& bench, const History& history, Instant now)
    {
        if (story.size() == m_length || !m_wrong.empty())
        {
            return;
        }
        for (char letter : std::string("5xLPBEUo"))
        {
            Step(story + letter, letter, bench, history, now);
        }
    }

    void Step(const std::string& story, char letter, FlowBench bench, History history, Instant now)
    {
        const std::string waits = "5xL"; // 5 s, 10 s, and 30 s: idle
        const std::vector<int64_t> seconds{5, 10, 30};
        const size_t wait = waits.find(letter);
        if (wait != std::string::npos)
        {
            Go(story, bench, history, now + ns3::ike::Duration::Seconds(seconds[wait]));
            return;
        }
        const Happening what = letter == 'P'         ? Happening::Packet
                               : letter == 'B'       ? Happening::AttemptBegins
                               : letter == 'E'       ? Happening::AttemptEnds
                               : letter == 'U'       ? Happening::SaUp
                               : bench.rules.enabled ? Happening::Off
                                                     : Happening::On;
        const std::string got = bench.Happen(what, now);
        const FlowDecision wanted = history.Happen(what, now);
        if (what == Happening::Packet)
        {
            m_packets++;
            m_met.insert(got);
            m_wrong = got == NameOf(wanted) ? m_wrong : story + ": " + got;
        }
        Go(story, bench, history, now);
    }

    unsigned m_length;           ///< letters
    PassiveModeRules m_rules;    ///< of the node
    std::string m_wrong;         ///< the first story that differs
    std::set<std::string> m_met; ///< decisions
    uint64_t m_packets{0};       ///< that were compared
};

/// What a flow says of itself.
class PassiveFlowStateTestCase : public TestCase
{
  public:
    PassiveFlowStateTestCase()
        : TestCase("clear, forgotten, fingerprint")
    {
    }

  private:
    void DoRun() override
    {
        PassiveModeRules rules;
        rules.enabled = true;
        PassiveFlow flow;
        const auto at = [](int64_t seconds) { return Instant{seconds * S}; };
        NS_TEST_EXPECT_MSG_EQ(flow.ForgottenAt(rules).ns, Instant::Never().ns, "knows nothing");
        flow.Offer(rules, at(0));
        NS_TEST_EXPECT_MSG_EQ(flow.IsClear(rules, at(0)), false, "dropped");
        flow.Offer(rules, at(10));
        NS_TEST_EXPECT_MSG_EQ(flow.IsClear(rules, at(10)), true, "left");
        NS_TEST_EXPECT_MSG_EQ(flow.ForgottenAt(rules).ns, 3610 * S, "from the last packet");
        NS_TEST_EXPECT_MSG_EQ(flow.IsClear(rules, Instant{3610 * S - 1}), true, "still known");
        NS_TEST_EXPECT_MSG_EQ(flow.IsClear(rules, at(3610)), false, "forgotten");
        flow.NoteAttempt(rules, true, at(20));
        NS_TEST_EXPECT_MSG_EQ(flow.ForgottenAt(rules).ns, 3610 * S, "IKE is no traffic");
        rules.idle = ns3::ike::Duration{INT64_MAX};
        NS_TEST_EXPECT_MSG_EQ(flow.ForgottenAt(rules).ns, Instant::Never().ns, "no overflow");
        CheckNotBegun();
        CheckFingerprint();
    }

    /// A flow of a dynamic entry: in the clear by the same clock, but IKE is not asked.
    void CheckNotBegun()
    {
        PassiveModeRules rules;
        PassiveFlow flow;
        const auto offer = [&](int64_t ns) {
            return NameOf(flow.Offer(rules, Instant{ns}, false));
        };
        NS_TEST_EXPECT_MSG_EQ(offer(0), "drop wait", "strict");
        rules.enabled = true;
        NS_TEST_EXPECT_MSG_EQ(offer(1 * S), "drop wait", "under 10 s");
        NS_TEST_EXPECT_MSG_EQ(offer(11 * S - 1), "drop wait", "under 10 s");
        NS_TEST_EXPECT_MSG_EQ(offer(11 * S), "clear wait", "10 s");
        NS_TEST_EXPECT_MSG_EQ(offer(900 * S), "clear wait", "retry");
    }

    void CheckFingerprint()
    {
        PassiveModeRules rules;
        rules.enabled = true;
        const auto print = [&rules](const PassiveFlow& flow, int64_t seconds) {
            Fingerprint f;
            flow.AddTo(f, rules, Instant{seconds * S});
            return f.Get();
        };
        PassiveFlow early;
        PassiveFlow late;
        early.Offer(rules, Instant{0});
        late.Offer(rules, Instant{100 * S});
        NS_TEST_EXPECT_MSG_EQ(print(early, 5), print(late, 105), "relative");
        NS_TEST_EXPECT_MSG_NE(print(early, 5), print(early, 6), "the clock runs");
        NS_TEST_EXPECT_MSG_EQ(print(early, 3600), print(PassiveFlow(), 3600), "forgotten");
        std::set<uint64_t> seen{print(early, 10)};
        early.NoteAttempt(rules, true, Instant{0});
        seen.insert(print(early, 10));
        early.NoteAttempt(rules, true, Instant{1 * S});
        seen.insert(print(early, 10));
        early.NoteAttempt(rules, false, Instant{1 * S});
        seen.insert(print(early, 10));
        early.Offer(rules, Instant{10 * S});
        seen.insert(print(early, 10));
        early.Reset();
        seen.insert(print(early, 10));
        NS_TEST_EXPECT_MSG_EQ(seen.size(), 6, "all different");
    }
};

/// The state machine of one flow in passive mode.
class IpsecPassiveFlowTestSuite : public TestSuite
{
  public:
    IpsecPassiveFlowTestSuite()
        : TestSuite("ipsec-passive-flow", Type::UNIT)
    {
        AddTestCase(new PassiveFlowStoriesTestCase, TestDuration::QUICK);
        AddTestCase(new PassiveFlowExhaustiveTestCase(15, 7), TestDuration::QUICK);
        AddTestCase(new PassiveFlowExhaustiveTestCase(5, 5), TestDuration::QUICK);
        AddTestCase(new PassiveFlowExhaustiveTestCase(45, 6), TestDuration::QUICK);
        AddTestCase(new PassiveFlowStateTestCase, TestDuration::QUICK);
    }
};

IpsecPassiveFlowTestSuite g_ipsecPassiveFlowTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
