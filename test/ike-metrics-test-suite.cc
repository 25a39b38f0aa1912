/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-metrics-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-counters.h"
#include "ns3/ike-duplicate-account.h"
#include "ns3/ike-ladder.h"
#include "ns3/ike-transcript.h"
#include "ns3/ike-wireshark-keys.h"
#include "ns3/test.h"

#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

constexpr double EXACT = 1e-9; ///< seconds; all integrals are of whole nanoseconds

/// One SA, one rekey: nothing is a duplicate.
class CleanRekeyTest : public TestCase
{
  public:
    CleanRekeyTest()
        : TestCase("a clean tunnel with a rekey has no duplicates")
    {
    }

  private:
    void DoRun() override
    {
        HandMadeLog log;
        log.BeginIsakmp(0, "west", 1);
        log.UpIsakmp(0.20, "east", 1, Role::Responder);
        log.UpIsakmp(0.24, "west", 1, Role::Initiator);
        log.BeginPair(0.24, "west", 11);
        log.UpPair(0.32, "west", 11, Role::Initiator);
        log.UpPair(0.36, "east", 11, Role::Responder);
        // The responder comes up first: the link to pair 11 is the initiator's begin.
        log.BeginPair(90, "west", 12, 11);
        log.UpPair(90.04, "east", 12, Role::Responder);
        log.UpPair(90.08, "west", 12, Role::Initiator);
        log.RemovePair(120, "west", 11, 10);
        log.RemovePair(120.04, "east", 11, 10);
        log.Use("west", 12, 5);
        const PeersAccount a = log.Account(200);
        NS_TEST_EXPECT_MSG_EQ(a.nodeA, "east", "names in order");
        NS_TEST_EXPECT_MSG_EQ(a.nodeB, "west", "names in order");
        NS_TEST_EXPECT_MSG_EQ(a.totals.ipsecDuplicates, 0, "none");
        NS_TEST_EXPECT_MSG_EQ(a.totals.isakmpDuplicates, 0, "none");
        NS_TEST_EXPECT_MSG_EQ(a.totals.ipsecDuplicateSeconds, 0, "none");
        NS_TEST_EXPECT_MSG_EQ(a.totals.duplicatePeak, 0, "none");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsBegun, 3, "one main mode, two quick modes");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsCompleted, 3, "all");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsWasted, 0, "none");
        NS_TEST_EXPECT_MSG_EQ(a.totals.unusedPairs, 0, "12 is used at the end of the run");
        NS_TEST_EXPECT_MSG_EQ(a.totals.orphans, 0, "40 ms are within the grace");
        const EndAccount& west = a.ends.at(1);
        NS_TEST_EXPECT_MSG_EQ(west.node, "west", "the second end");
        NS_TEST_EXPECT_MSG_EQ(west.peer.ToString(), "198.51.100.2", "with east");
        NS_TEST_EXPECT_MSG_EQ_TOL(west.upSeconds, 200 - 0.32, EXACT, "from the first pair on");
        NS_TEST_EXPECT_MSG_EQ(west.pairsPeak, 2, "while they overlap");
        NS_TEST_EXPECT_MSG_EQ(west.pairsAtEnd, 1, "12");
        NS_TEST_EXPECT_MSG_EQ(west.isakmpAtEnd, 1, "1");
        // 0 at 0, 1 at 0.32, 2 at 90.08, 1 at 120
        NS_TEST_ASSERT_MSG_EQ(west.pairsAlive.size(), 4, "steps");
        NS_TEST_EXPECT_MSG_EQ(west.pairsAlive[2].time.ns, 90080000000, "12 comes up");
        NS_TEST_EXPECT_MSG_EQ(west.pairsAlive[2].value, 2, "11 and 12");
    }
};

/// A predecessor that is not removed in time.
class OverstayTest : public TestCase
{
  public:
    OverstayTest()
        : TestCase("a predecessor that outlives the grace is surplus, and an orphan")
    {
    }

  private:
    void DoRun() override
    {
        HandMadeLog log;
        log.MakePair(10, "west", 11);
        log.MakePair(90, "west", 12, 11);
        log.RemovePair(120, "east", 11, 1);
        log.RemovePair(170, "west", 11, 1);
        log.Use("west", 12, 1);
        const PeersAccount a = log.Account(200);
        NS_TEST_EXPECT_MSG_EQ(a.totals.ipsecDuplicates, 1, "11");
        // At west from 90 + 60 up to 170.
        NS_TEST_EXPECT_MSG_EQ_TOL(a.totals.ipsecDuplicateSeconds, 20, EXACT, "beyond grace");
        NS_TEST_EXPECT_MSG_EQ_TOL(a.ends.at(0).ipsecDuplicateSeconds, 0, EXACT, "not at east");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsWasted, 0, "11 was wanted when it came up");
        // At west alone from 120 to 170, less the 5 s of grace.
        NS_TEST_EXPECT_MSG_EQ(a.totals.orphans, 1, "11");
        NS_TEST_EXPECT_MSG_EQ_TOL(a.totals.orphanSeconds, 45, EXACT, "beyond grace");
    }
};

/// When the successor dies first, its predecessor is all that the lineage has.
class LastOfLineageTest : public TestCase
{
  public:
    LastOfLineageTest()
        : TestCase("an SA is never its own surplus")
    {
    }

  private:
    void DoRun() override
    {
        HandMadeLog log;
        log.MakePair(10, "west", 11);
        log.MakePair(90, "west", 12, 11);
        log.EndPair(100, 12, 1);
        log.Use("west", 11, 1);
        const PeersAccount a = log.Account(200);
        NS_TEST_EXPECT_MSG_EQ(a.totals.ipsecDuplicates, 0, "11 stands alone from 100 on");
        NS_TEST_EXPECT_MSG_EQ(a.totals.ipsecDuplicateSeconds, 0, "11 stands alone");
    }
};

/// The collision that never heals: each end rekeys its own pair.
class TwoLineagesTest : public TestCase
{
  public:
    TwoLineagesTest()
        : TestCase("two lineages over two rekeys each are one surplus all the time")
    {
    }

  private:
    void DoRun() override
    {
        HandMadeLog log;
        log.MakePair(10, "west", 11);
        log.MakePair(20, "east", 21);
        log.MakePair(100, "west", 12, 11);
        log.MakePair(110, "east", 22, 21);
        log.EndPair(130, 11, 1);
        log.EndPair(140, 21, 0);
        log.MakePair(180, "west", 13, 12);
        log.MakePair(190, "east", 23, 22);
        log.Use("east", 12, 1);
        log.Use("east", 13, 1);
        const PeersAccount a = log.Account(200);
        NS_TEST_EXPECT_MSG_EQ(a.totals.ipsecDuplicates, 3, "21, 22, 23");
        // From 20 to 200 at both ends: overlap within a lineage costs nothing, except that the
        // predecessors 12 and 22 are not removed; their grace lasts beyond the end.
        NS_TEST_EXPECT_MSG_EQ_TOL(a.totals.ipsecDuplicateSeconds, 2 * 180, EXACT, "one each");
        NS_TEST_EXPECT_MSG_EQ(a.totals.duplicatePeak, 1, "one lineage too many");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsBegun, 6, "all");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsCompleted, 6, "all");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsWasted, 3, "21, 22, 23");
        NS_TEST_EXPECT_MSG_EQ(a.totals.unusedPairs, 3, "21, 22, 23 carried nothing");
        NS_TEST_EXPECT_MSG_EQ(a.ends.at(0).pairsPeak, 4, "twice: 110 to 130, 190 to 200");
        const DuplicateTotals sum = DuplicateAccount::Sum({a, a});
        NS_TEST_EXPECT_MSG_EQ(sum.ipsecDuplicates, 6, "numbers add up");
        NS_TEST_EXPECT_MSG_EQ(sum.duplicatePeak, 1, "peaks do not");
    }
};

/// Both ends rekey one pair.
class SecondSuccessorTest : public TestCase
{
  public:
    SecondSuccessorTest()
        : TestCase("a second successor begins a lineage of its own")
    {
    }

  private:
    void DoRun() override
    {
        HandMadeLog log;
        log.MakePair(10, "west", 11);
        log.MakePair(100, "west", 12, 11);
        log.MakePair(101, "east", 22, 11);
        log.EndPair(130, 11, 1);
        const PeersAccount a = log.Account(200);
        NS_TEST_EXPECT_MSG_EQ(a.totals.ipsecDuplicates, 1, "22");
        NS_TEST_EXPECT_MSG_EQ_TOL(a.totals.ipsecDuplicateSeconds, 2 * 99, EXACT, "101 to 200");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsWasted, 1, "22");
    }
};

/// Two main modes and two quick modes cross; the order of arrival differs between the ends.
class CrossingTest : public TestCase
{
  public:
    CrossingTest()
        : TestCase("crossing negotiations are judged alike at both ends")
    {
    }

  private:
    static void AddMainMode(HandMadeLog& log, double time, const std::string& node, uint8_t number)
    {
        const uint64_t octets[] = {120, 120, 196, 196, 68, 68}; // 768
        std::string sender = node;
        for (unsigned i = 0; i < 6; i++)
        {
            log.Message(time + 0.04 * i, sender, EventKind::MessageSent, number, octets[i], "HDR");
            sender = HandMadeLog::Other(sender);
        }
        for (const char* end : {"west", "east"})
        {
            log.Add(time + 0.1, end, EventKind::DhOperation).isakmp = Isakmp(number);
            log.Add(time + 0.1, end, EventKind::DhOperation).isakmp = Isakmp(number);
        }
    }

    static void AddCrossing(HandMadeLog& log)
    {
        log.BeginIsakmp(0, "west", 1);
        log.BeginIsakmp(0.013, "east", 2);
        AddMainMode(log, 0, "west", 1);
        AddMainMode(log, 0.013, "east", 2);
        log.UpIsakmp(0.200, "east", 1, Role::Responder);
        log.UpIsakmp(0.213, "west", 2, Role::Responder);
        log.UpIsakmp(0.240, "west", 1, Role::Initiator);
        log.UpIsakmp(0.253, "east", 2, Role::Initiator);
        log.BeginPair(0.240, "west", 11);
        log.BeginPair(0.253, "east", 21);
        // A responder installs when it reads message 3, so here the initiator is first.
        log.UpPair(0.320, "west", 11, Role::Initiator);
        log.UpPair(0.333, "east", 21, Role::Initiator);
        log.UpPair(0.360, "east", 11, Role::Responder);
        log.UpPair(0.373, "west", 21, Role::Responder);
    }

    void DoRun() override
    {
        HandMadeLog log;
        AddCrossing(log);
        Event& quick = log.Message(0.26, "east", EventKind::MessageSent, 1, 156, "HDR*");
        quick.exchange = ExchangeKind::QuickMode;
        quick.messageId = 1021;
        Event& info = log.Message(5, "west", EventKind::MessageSent, 2, 84, "HDR*, HASH, D");
        info.exchange = ExchangeKind::Informational;
        info.messageId = 77;
        const PeersAccount a = log.Account(10);
        NS_TEST_EXPECT_MSG_EQ(a.totals.isakmpDuplicates, 1, "2, at both ends");
        NS_TEST_EXPECT_MSG_EQ(a.totals.ipsecDuplicates, 1, "21, at both ends");
        // At west 2 stands from 0.213 on, but 1 only from 0.240 on; at east 2 from 0.253 on.
        NS_TEST_EXPECT_MSG_EQ_TOL(a.totals.isakmpDuplicateSeconds, 9.760 + 9.747, EXACT, "both");
        // At west 21 comes second at 0.373; at east 11 comes second at 0.360.
        NS_TEST_EXPECT_MSG_EQ_TOL(a.totals.ipsecDuplicateSeconds, 9.627 + 9.640, EXACT, "both");
        NS_TEST_EXPECT_MSG_EQ(a.totals.duplicatePeak, 2, "one of each kind");
        // 2 was surplus when it came up at east, 21 when it came up at west.
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsWasted, 2, "2 and 21");
        NS_TEST_EXPECT_MSG_EQ(a.totals.messages, 14, "twelve, a quick one, an informational one");
        NS_TEST_EXPECT_MSG_EQ(a.totals.messageBytes, 2 * 768 + 156 + 84, "octets");
        NS_TEST_EXPECT_MSG_EQ(a.totals.messagesOnDuplicates, 7, "main mode 2, quick mode of 21");
        NS_TEST_EXPECT_MSG_EQ(a.totals.messageBytesOnDuplicates, 768 + 156, "octets");
        NS_TEST_EXPECT_MSG_EQ(a.totals.dhOperations, 8, "two per end and main mode");
        NS_TEST_EXPECT_MSG_EQ(a.totals.dhOperationsOnDuplicates, 4, "main mode 2");
        TestSplit();
    }

    void TestSplit()
    {
        HandMadeLog log;
        AddCrossing(log);
        log.Select(0.320, "west", 11);
        log.Select(0.333, "east", 21);
        log.Select(0.360, "east", 11);
        log.Select(0.373, "west", 21);
        log.Select(8, "east", 0);
        // 0.333 to 0.360: 11 and 21; to 0.373 both 11; to 8: 21 and 11; then east has none.
        NS_TEST_EXPECT_MSG_EQ_TOL(log.Account(10).totals.splitSeconds,
                                  0.027 + 7.627,
                                  EXACT,
                                  "both have one, and they differ");
    }
};

/// SAs at one end, and negotiations that come to nothing.
class IncompleteTest : public TestCase
{
  public:
    IncompleteTest()
        : TestCase("orphans, failed and unfinished negotiations")
    {
    }

  private:
    void DoRun() override
    {
        HandMadeLog log;
        // Fails: wasted.
        log.BeginIsakmp(0, "west", 1);
        Event& failed = log.Add(60, "west", EventKind::Phase1Failed);
        failed.isakmp = Isakmp(1);
        failed.end = EndReason::NoAnswer;
        // Stands at the responder alone from 65 on: an orphan; its negotiation still runs.
        log.BeginIsakmp(64, "west", 2);
        log.UpIsakmp(65, "east", 2, Role::Responder);
        // Completed, then removed under a quick mode that is still running: wasted.
        log.BeginIsakmp(70, "east", 3);
        log.UpIsakmp(70.2, "west", 3, Role::Responder);
        log.UpIsakmp(70.2, "east", 3, Role::Initiator);
        Event& quick = log.Add(71, "east", EventKind::Phase2Begin);
        quick.isakmp = Isakmp(3);
        quick.messageId = 5;
        quick.pair.initiatorSpi = 31;
        log.Add(75, "east", EventKind::IsakmpRemoved).isakmp = Isakmp(3);
        log.Add(75, "west", EventKind::IsakmpRemoved).isakmp = Isakmp(3);
        // Still running at the end: neither completed nor wasted.
        log.BeginPair(79, "west", 11);
        const PeersAccount a = log.Account(80);
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsBegun, 5, "1, 2, 3, 31, 11");
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsCompleted, 1, "3");
        // 3 was surplus when it came up at east, where 2 stood; 1 and 31 never completed.
        NS_TEST_EXPECT_MSG_EQ(a.totals.negotiationsWasted, 3, "1, 3, 31");
        NS_TEST_EXPECT_MSG_EQ(a.totals.isakmpDuplicates, 1, "3");
        NS_TEST_EXPECT_MSG_EQ_TOL(a.totals.isakmpDuplicateSeconds, 4.8, EXACT, "at east");
        NS_TEST_EXPECT_MSG_EQ(a.totals.orphans, 1, "2");
        NS_TEST_EXPECT_MSG_EQ_TOL(a.totals.orphanSeconds, 10, EXACT, "65 to 80 without 5");
        NS_TEST_EXPECT_MSG_EQ(a.totals.unusedPairs, 0, "no pair ever stood");
    }
};

/// What is wrong between two ends when the run ends.
class EndStateTest : public TestCase
{
  public:
    EndStateTest()
        : TestCase("split, orphaned, black-holed and down at the end of a run")
    {
    }

  private:
    static void AddSecond(HandMadeLog& log)
    {
        log.MakePair(2, "east", 21);
        log.Select(2, "east", 21);
    }

    static void Change(HandMadeLog& log)
    {
        AddSecond(log);
        log.Select(2.02, "west", 21);
    }

    static void Stop(HandMadeLog& log)
    {
        AddSecond(log);
        log.Select(3, "west", 0);
    }

    static void Forget(HandMadeLog& log)
    {
        log.RemovePair(50, "east", 11, 0);
        log.Select(50, "east", 0);
    }

    static void ForgetLate(HandMadeLog& log)
    {
        log.RemovePair(96, "east", 11, 0);
    }

    static void ForgetBoth(HandMadeLog& log)
    {
        Forget(log);
        log.RemovePair(50, "west", 11, 0);
        log.Select(50, "west", 0);
    }

    static void AddOrphan(HandMadeLog& log)
    {
        log.UpIsakmp(50, "west", 2, Role::Responder);
    }

    /// What holds of the two, as text.
    static std::string Say(const DuplicateTotals& t)
    {
        return std::string(t.peersWithDuplicates ? "duplicate " : "") +
               (t.peersSplitAtEnd ? "split " : "") + (t.peersOrphanedAtEnd ? "orphan " : "") +
               (t.peersBlackHoledAtEnd ? "black-hole " : "") + (t.peersDownAtEnd ? "down " : "") +
               (t.peersBrokenAtEnd ? "broken" : "");
    }

    void DoRun() override
    {
        // What becomes of pair 11, which both ends have and send on from 1 on.
        const std::tuple<void (*)(HandMadeLog&), const char*> rows[] = {
            {[](HandMadeLog&) {}, ""},
            {AddSecond, "duplicate split broken"},
            {Change, "duplicate "},
            {Stop, "duplicate "},
            {Forget, "orphan black-hole down broken"},
            {ForgetLate, "down broken"}, // within the grace
            {ForgetBoth, "down broken"},
            {AddOrphan, "orphan broken"},
        };
        for (const auto& [happens, expected] : rows)
        {
            HandMadeLog log;
            log.MakePair(1, "west", 11);
            log.Select(1, "west", 11);
            log.Select(1, "east", 11);
            happens(log);
            const PeersAccount a = log.Account(100);
            NS_TEST_EXPECT_MSG_EQ(Say(a.totals), expected, "at the end");
            NS_TEST_EXPECT_MSG_EQ(DuplicateAccount::Sum({a, a, a}).peers, 3, "a sum");
        }
    }
};

/// A small exchange, as text in three forms.
class TextTest : public TestCase
{
  public:
    TextTest()
        : TestCase("transcript, ladder, counters of a small exchange")
    {
    }

  private:
    static void MakeLog(HandMadeLog& log)
    {
        log.BeginIsakmp(1, "west", 7);
        log.Message(1, "west", EventKind::MessageSent, 7, 120, "HDR, SA, VID"); // lost
        log.BeginIsakmp(1.01, "east", 3);
        log.Message(1.01, "east", EventKind::MessageSent, 3, 120, "HDR, SA, VID");
        log.Message(1.05, "west", EventKind::MessageReceived, 3, 120, "HDR, SA, VID");
        log.Message(1.05, "west", EventKind::MessageSent, 3, 96, "HDR, SA, VID");
        log.Message(1.09, "east", EventKind::MessageReceived, 3, 96, "HDR, SA, VID");
        log.Message(1.10, "east", EventKind::MessageReceived, 3, 96, "HDR, SA, VID"); // a copy
        Event& again = log.Message(11, "west", EventKind::MessageSent, 7, 120, "HDR, SA, VID");
        again.retransmission = true;
        log.Message(11.04, "east", EventKind::MessageReceived, 7, 120, "HDR, SA, VID");
        log.BeginPair(11.5, "west", 11);
        log.UpPair(11.6, "west", 11, Role::Initiator);
        log.Select(11.6, "west", 11);
        Event& refused = log.Add(11.7, "east", EventKind::InitiationRefused);
        refused.begin = BeginReason::Traffic;
        refused.value = 2;
        Event& keys = log.Add(11.8, "west", EventKind::PhaseOneKeys);
        keys.isakmp = Isakmp(7);
        keys.octets = {0xde, 0xad};
        log.Add(11.9, "east", EventKind::Console).text = "show crypto session\n";
    }

    void DoRun() override
    {
        TestTranscript();
        TestLadder();
        TestCounters();
    }

    void TestTranscript()
    {
        HandMadeLog log;
        MakeLog(log);
        Transcript all;
        Transcript few(TranscriptOptions{false});
        log.Play(all);
        log.Play(few);
        // Without messages; ISAKMP SA 1, of the quick mode, is the third to appear.
        const std::string expected =
            "     1.000000000  west          198.51.100.2     phase1-begin        "
            "isakmp=ISAKMP#1 role=initiator begin=tunnel-start\n"
            "     1.010000000  east          192.0.2.1        phase1-begin        "
            "isakmp=ISAKMP#2 role=initiator begin=tunnel-start\n"
            "    11.500000000  west          198.51.100.2     phase2-begin        "
            "isakmp=ISAKMP#3 id=M#1 pair=PAIR#1 role=initiator begin=tunnel-start\n"
            "    11.600000000  west          198.51.100.2     pair-up             "
            "isakmp=ISAKMP#3 id=M#1 pair=PAIR#1 role=initiator in=SPI#1 out=SPI#2 "
            "local=0.0.0.0/0 remote=0.0.0.0/0\n"
            "    11.600000000  west          198.51.100.2     outbound-selected   pair=PAIR#1\n"
            "    11.700000000  east          192.0.2.1        initiation-refused  "
            "phase=2 begin=traffic\n"
            "    11.900000000  east          192.0.2.1        console             "
            "text=show crypto session\n";
        NS_TEST_EXPECT_MSG_EQ(few.GetText(), expected, "golden");
        const std::string line =
            "\n    11.000000000  west          198.51.100.2     message-sent        "
            "isakmp=ISAKMP#1 exchange=main-mode octets=120 again=yes text=HDR, SA, VID\n";
        NS_TEST_EXPECT_MSG_NE(all.GetText().find(line), std::string::npos, "messages too");
        NS_TEST_EXPECT_MSG_EQ(all.GetText().find("dead"), std::string::npos, "no secrets");
        NS_TEST_EXPECT_MSG_EQ(all.GetText().find("keys"), std::string::npos, "no secrets");
    }

    void TestLadder()
    {
        HandMadeLog log;
        MakeLog(log);
        Ladder ladder;
        log.Play(ladder);
        LadderWindow w = ladder.FirstNegotiation("west", "east");
        NS_TEST_EXPECT_MSG_EQ(w.from.ns, 1000000000, "the first begin");
        NS_TEST_EXPECT_MSG_EQ(w.to.ns, 11500000000, "the last begin or message");
        NS_TEST_EXPECT_MSG_EQ(
            ladder.FirstNegotiation("west", "east", Instant{5000000000} - Instant{0}).to.ns,
            1100000000,
            "up to the silence");
        w.title = "A <small> exchange";
        NS_TEST_EXPECT_MSG_EQ("\n" + ladder.GetText(w), EXPECTED_LADDER, "golden");
        const std::string svg = ladder.GetSvg(w);
        NS_TEST_EXPECT_MSG_EQ(svg, ladder.GetSvg(w), "the same again");
        NS_TEST_EXPECT_MSG_EQ(svg.find("<small>"), std::string::npos, "escaped");
        NS_TEST_EXPECT_MSG_EQ(svg.find("href"), std::string::npos, "needs nothing else");
        NS_TEST_EXPECT_MSG_EQ(svg.find("<script"), std::string::npos, "needs nothing else");
        // Four departures and a copy; one of them lost; one SA up.
        NS_TEST_EXPECT_MSG_EQ(CountOf(svg, "<g><title>"), 5, "arrows");
        NS_TEST_EXPECT_MSG_EQ(CountOf(svg, ">lost</text>"), 2, "an arrow and the legend");
        NS_TEST_EXPECT_MSG_EQ(CountOf(svg, "silence, not to scale"), 2, "10 s, and 0.46 s");
        TestNotify();
    }

    /// A notify in the clear has no message ID, and is still no message of its main mode.
    void TestNotify()
    {
        HandMadeLog log;
        log.BeginIsakmp(1, "west", 7);
        log.Message(1, "west", EventKind::MessageSent, 7, 120, "HDR, SA");
        log.Message(1.1, "east", EventKind::MessageSent, 7, 56, "HDR, N").exchange =
            ExchangeKind::Informational;
        log.Message(1.2, "east", EventKind::MessageSent, 7, 96, "HDR, SA");
        Ladder ladder;
        log.Play(ladder);
        const std::string text = ladder.GetText(ladder.FirstNegotiation("west", "east"));
        NS_TEST_EXPECT_MSG_EQ(CountOf(text, "#1 INF HDR, N"), 1, "the notify");
        NS_TEST_EXPECT_MSG_EQ(CountOf(text, "#1 MM2 HDR, SA"), 1, "the answer");
    }

    static int CountOf(const std::string& text, const std::string& part)
    {
        int count = 0;
        for (size_t i = text.find(part); i != std::string::npos; i = text.find(part, i + 1))
        {
            count++;
        }
        return count;
    }

    void TestCounters()
    {
        HandMadeLog log;
        MakeLog(log);
        Event& dropped = log.Add(12, "west", EventKind::MessageDropped);
        dropped.text = "unknown cookie";
        log.Add(12, "west", EventKind::NotifySent).text = "INVALID-SPI";
        log.Add(12, "west", EventKind::DeleteSent).pair = Pair(11);
        EventCounters counters;
        log.Play(counters);
        const NodeCounters& west = counters.GetNodes().at("west");
        const NodeCounters& east = counters.GetNodes().at("east");
        NS_TEST_EXPECT_MSG_EQ(west.events.at("message-sent"), 3, "two and one again");
        NS_TEST_EXPECT_MSG_EQ(west.retransmissions, 1, "one");
        NS_TEST_EXPECT_MSG_EQ(west.events.count("phase1-keys"), 0, "keys are no event");
        NS_TEST_EXPECT_MSG_EQ(west.begun.at("phase-1 tunnel-start"), 1, "7");
        NS_TEST_EXPECT_MSG_EQ(west.begun.at("phase-2 tunnel-start"), 1, "11");
        NS_TEST_EXPECT_MSG_EQ(west.messagesDropped.at("unknown cookie"), 1, "by reason");
        NS_TEST_EXPECT_MSG_EQ(west.notifiesSent.at("INVALID-SPI"), 1, "by name");
        NS_TEST_EXPECT_MSG_EQ(west.deletesSent.at("ipsec"), 1, "by kind");
        NS_TEST_EXPECT_MSG_EQ(east.refused.at("phase-2 traffic"), 1, "by phase and reason");
        NS_TEST_EXPECT_MSG_EQ(counters.Sum().events.at("phase1-begin"), 2, "both nodes");
    }

    static const char* const EXPECTED_LADDER; ///< as it prints
};

// clang-format off
const char* const TextTest::EXPECTED_LADDER = R"(
A <small> exchange

 time (s)  west 192.0.2.1                                                          east 198.51.100.2
           |                                                                                       |
  0.000000 * begins ISAKMP#1 (tunnel-start)                                                        |
           |-- #1 MM1 HDR, SA, VID --------------------X                                           |
  0.010000 |                                                        begins ISAKMP#2 (tunnel-start) *
           |                                           +-------------------- #2 MM1 HDR, SA, VID --|
  0.050000 |<-- #2 MM1 --------------------------------+                                           |
           |-- #2 MM2 HDR, SA, VID --------------------+                                           |
  0.090000 |                                           +-------------------------------- #2 MM2 -->|
  0.100000 |                                           *--------------------------- #2 MM2 copy -->|
           :                                                                                       :
 10.000000 |-- #1 MM1 again HDR, SA, VID --------------+                                           |
 10.040000 |                                           +-------------------------------- #1 MM1 -->|
 10.500000 * begins PAIR#1 (tunnel-start)                                                          |
           |                                                                                       |

#n: ISAKMP SA n; #n.m: message id m under it; time 0 is 1.000000000 s
X: lost; *: a copy made on the way
)";

// clang-format on

/// The lines of Wireshark's key files.
class WiresharkKeysTest : public TestCase
{
  public:
    WiresharkKeysTest()
        : TestCase("key files for Wireshark")
    {
    }

  private:
    static EspKeys MakeKeys(const std::string& cipher,
                            uint8_t keyLength,
                            const std::string& integrity,
                            uint8_t integrityLength)
    {
        EspKeys k;
        k.spi = 0xabcd;
        k.source = WEST;
        k.destination = EAST;
        k.cipher = cipher;
        k.integrity = integrity;
        k.cipherKey = Octets(keyLength, 0x11);
        k.integrityKey = Octets(integrityLength, 0x22);
        return k;
    }

    void DoRun() override
    {
        HandMadeLog log;
        for (const char* node : {"west", "east"})
        {
            Event& one = log.Add(1, node, EventKind::PhaseOneKeys);
            one.isakmp.initiatorCookie = {1, 2, 3, 4, 5, 6, 7, 8};
            one.octets = {0xca, 0xfe};
            one.text = "3des-cbc";
            Event& pair = log.Add(2, node, EventKind::PairKeys);
            pair.inboundKeys = MakeKeys("3des-cbc", 3, "hmac-sha1-96", 2);
            pair.outboundKeys = MakeKeys("null", 0, "hmac-md5-96", 2);
        }
        Event& other = log.Add(3, "west", EventKind::PairKeys);
        other.inboundKeys = MakeKeys("aes-cbc", 2, "hmac-sha256-128", 2);
        // DES runs as 3DES with three equal keys; Wireshark wants one of them.
        other.outboundKeys = MakeKeys("des-cbc", 24, "none", 0);
        WiresharkKeys keys;
        log.Play(keys);
        NS_TEST_EXPECT_MSG_EQ(keys.GetIsakmpKeys(), "0102030405060708,cafe\n", "once");
        const std::string start = R"("IPv4","192.0.2.1","198.51.100.2","0x0000abcd",)";
        NS_TEST_EXPECT_MSG_EQ(
            keys.GetEspKeys(),
            start + R"("TripleDES-CBC [RFC2451]","0x111111","HMAC-SHA-1-96 [RFC2404]","0x2222")" +
                "\n" + start + R"("NULL","","HMAC-MD5-96 [RFC2403]","0x2222")" + "\n" + start +
                R"("AES-CBC [RFC3602]","0x1111","HMAC-SHA-256-128 [RFC4868]","0x2222")" + "\n" +
                start + R"("DES-CBC [RFC2405]","0x1111111111111111","NULL","")" + "\n",
            "each line once");
    }
};

/// Everything that listens and keeps books.
class IkeMetricsTestSuite : public TestSuite
{
  public:
    IkeMetricsTestSuite()
        : TestSuite("ike-metrics", Type::UNIT)
    {
        AddTestCase(new CleanRekeyTest, TestDuration::QUICK);
        AddTestCase(new OverstayTest, TestDuration::QUICK);
        AddTestCase(new LastOfLineageTest, TestDuration::QUICK);
        AddTestCase(new TwoLineagesTest, TestDuration::QUICK);
        AddTestCase(new SecondSuccessorTest, TestDuration::QUICK);
        AddTestCase(new CrossingTest, TestDuration::QUICK);
        AddTestCase(new IncompleteTest, TestDuration::QUICK);
        AddTestCase(new EndStateTest, TestDuration::QUICK);
        AddTestCase(new TextTest, TestDuration::QUICK);
        AddTestCase(new WiresharkKeysTest, TestDuration::QUICK);
    }
};

IkeMetricsTestSuite g_ikeMetricsTestSuite; ///< registers itself

} // namespace
