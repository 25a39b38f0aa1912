/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-packet-ledger.h"
#include "ns3/ike-results-audit.h"
#include "ns3/ike-results.h"
#include "ns3/ike-run-recorder.h"
#include "ns3/test.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

using Span = ns3::ike::Duration;

/// So many seconds after the start.
Instant
At(int64_t seconds)
{
    return Instant{} + Span::Seconds(seconds);
}

/// The packets of a run over time.
class SeriesTestCase : public TestCase
{
  public:
    SeriesTestCase()
        : TestCase("series: buckets by the time of the offer, edges, reasons")
    {
    }

  private:
    void DoRun() override
    {
        PacketLedger ledger({"F"}, {100});
        const int64_t times[] = {0, 9, 10, 19, 20, 29, 30};
        for (uint32_t i = 0; i < std::size(times); ++i)
        {
            ledger.Offer({0, i}, At(times[i]));
        }
        ledger.MarkClear({0, 0});
        ledger.Deliver({0, 0});
        ledger.MarkProtected({0, 1});
        ledger.Deliver({0, 1});
        ledger.Drop({0, 2}, "R1", "no-sa");
        ledger.MarkClear({0, 3});
        ledger.Drop({0, 3}, "R2", "clear-received");
        ledger.MarkProtected({0, 4});
        ledger.Drop({0, 4}, "N", "loss");
        ledger.Deliver({0, 5});

        const PacketBooks books = ledger.Close(At(30), Span::Seconds(5), 3);
        const auto& all = books.series.buckets;
        NS_TEST_ASSERT_MSG_EQ(all.size(), 3, "as many as were asked for");
        NS_TEST_EXPECT_MSG_EQ(books.series.width.ns, Span::Seconds(10).ns, "the width");
        NS_TEST_EXPECT_MSG_EQ(all[0].offered, 2, "9 s is in the first one");
        NS_TEST_EXPECT_MSG_EQ(all[1].offered, 2, "10 s in the second one");
        NS_TEST_EXPECT_MSG_EQ(all[2].offered, 3, "what is offered at the end, in the last one");
        NS_TEST_EXPECT_MSG_EQ(all[0].delivered, 2, "");
        NS_TEST_EXPECT_MSG_EQ(all[0].deliveredClear, 1, "");
        NS_TEST_EXPECT_MSG_EQ(all[0].protectedBytes, 100, "");
        NS_TEST_EXPECT_MSG_EQ(all[1].clearBytes, 100, "clear, though it was dropped later");
        NS_TEST_EXPECT_MSG_EQ(all[1].droppedNoSa, 1, "");
        NS_TEST_EXPECT_MSG_EQ(all[1].droppedClear, 1, "");
        NS_TEST_EXPECT_MSG_EQ(all[2].droppedOther, 1, "");
        NS_TEST_EXPECT_MSG_EQ(all[2].inFlight, 1, "");
        NS_TEST_EXPECT_MSG_EQ(books.total.protectedBytes, 200, "payload");
        NS_TEST_EXPECT_MSG_EQ(books.total.clearBytes, 200, "payload");

        const PacketSeries odd = ledger.Close(At(30), Span::Seconds(5), 7).series;
        NS_TEST_EXPECT_MSG_EQ(odd.buckets.size(), 7, "a width that is no whole number");
        NS_TEST_EXPECT_MSG_EQ(odd.width.ns, 4285714286, "is rounded up");
        const PacketSeries none = PacketLedger({}).Close(At(0), Span{}, 168).series;
        NS_TEST_EXPECT_MSG_EQ(none.buckets.size(), 1, "a run without length");
    }
};

/// Which routers could still send or accept clear text.
class AuditTestCase : public TestCase
{
  public:
    AuditTestCase()
        : TestCase("audit: each reason, none, bad input")
    {
    }

  private:
    /// A router that is well.
    static EndResult MakeEnd()
    {
        EndResult end;
        end.name = "R1";
        end.policy.cryptoMaps = 1;
        end.policy.saved = true;
        return end;
    }

    /// What the audit says of a run of 10,000 s with this router alone.
    static std::string Say(const std::function<void(EndResult&)>& change)
    {
        RunResults results;
        results.duration = Span::Seconds(10000);
        results.ends.push_back(MakeEnd());
        change(results.ends[0]);
        return WriteAudit(AuditResults(WriteResultsJson(results), Span::Seconds(3600)));
    }

    void DoRun() override
    {
        struct Row
        {
            const char* what;                       ///< the case
            std::function<void(EndResult&)> change; ///< to a router that is well
            const char* says;                       ///< its line; empty: none
        };

        const Row rows[] = {
            {"well", [](EndResult&) {}, ""},
            {"passive",
             [](EndResult& e) { e.policy.passiveMode = true; },
             "R1: passive mode is on, without an SA it sends and accepts clear text\n"},
            {"bare",
             [](EndResult& e) { e.policy.bare = {"Ethernet0/0"}; },
             "R1: no crypto map on Ethernet0/0\n"},
            {"bare with a tunnel",
             [](EndResult& e) {
                 e.policy.bare = {"Ethernet0/0"};
                 e.policy.protectedTunnels = 1;
             },
             ""},
            {"flows",
             [](EndResult& e) {
                 e.clear.flows = {"A", "B", "C", "D", "E", "F"};
             },
             "R1: sends in the clear, flows A, B, C, D and 2 more\n"},
            {"destinations",
             [](EndResult& e) {
                 e.clear.flows = {"A"};
                 e.policy.stillClear = {{IpAddress::V4(0x0a000201), "map 10", 3, At(1)}};
             },
             "R1: sends in the clear to 10.0.2.1 (map 10)\n"},
            {"accepted lately",
             [](EndResult& e) { e.policy.passive.accepted.last = At(6400); },
             "R1: accepted clear packets until 6400 s\n"},
            {"accepted long ago",
             [](EndResult& e) { e.policy.passive.accepted.last = At(6399); },
             ""},
            {"two reasons",
             [](EndResult& e) {
                 e.policy.passiveMode = true;
                 e.clear.flows = {"A"};
             },
             "R1: passive mode is on, without an SA it sends and accepts clear text; sends in the "
             "clear, flows A\n"},
        };
        for (const Row& row : rows)
        {
            const std::string line = row.says;
            const std::string summary = std::string(line.empty() ? "0" : "1") +
                                        " of 1 routers could still send or accept clear text\n";
            NS_TEST_EXPECT_MSG_EQ(Say(row.change), line + summary, row.what);
        }
        const std::string unsaved = Say([](EndResult& e) { e.policy.saved = false; });
        NS_TEST_EXPECT_MSG_NE(unsaved.find("not saved (write memory)"), std::string::npos, "");

        for (const char* bad : {"", "{", "[]", "{}", "{\"schema\": 1}"})
        {
            NS_TEST_EXPECT_MSG_EQ(IsRefused(bad), true, bad);
        }
        std::string old = WriteResultsJson(RunResults{});
        old.replace(old.find("\"ends\": []"), 10, "\"ends\": [{\"name\": \"R1\"}]");
        NS_TEST_EXPECT_MSG_EQ(IsRefused(old), true, "results without a policy");
    }

    static bool IsRefused(const std::string& text)
    {
        try
        {
            AuditResults(text, Span::Seconds(1));
        }
        catch (const std::invalid_argument&)
        {
            return true;
        }
        return false;
    }
};

/// What a run keeps of its events.
class RecorderTestCase : public TestCase
{
  public:
    RecorderTestCase()
        : TestCase("recorder: the transcript in pieces, nothing unasked, a ladder that ends")
    {
    }

  private:
    /// The first message of R1 to R2, then so many events an hour later.
    static void Play(RunRecorder& recorder, unsigned events)
    {
        TimedEvent event;
        event.node = "R1";
        event.event.kind = EventKind::MessageSent;
        event.event.local = IpAddress::V4(1);
        event.event.peer = IpAddress::V4(2);
        recorder.Record(event);
        event.time = At(3600);
        for (unsigned i = 0; i < events; ++i)
        {
            recorder.Record(event);
        }
    }

    void DoRun() override
    {
        RunRecorder nothing{AccountKnobs{}};
        Play(nothing, 10);
        const auto silent = nothing.GetLadder().FirstNegotiation("R1", "R2");
        NS_TEST_EXPECT_MSG_EQ(silent.to.ns, Instant::Never().ns, "no ladder");

        std::vector<std::string> pieces;
        RecorderOptions options;
        options.transcript = [&pieces](const std::string& text) { pieces.push_back(text); };
        options.ladder.left = "R1";
        options.ladder.right = "R2";
        RunRecorder recorder(AccountKnobs{}, options);
        constexpr unsigned EVENTS = 3000;
        Play(recorder, EVENTS);
        recorder.FlushTranscript();
        NS_TEST_EXPECT_MSG_GT(pieces.size(), 3, "it does not wait for the end");
        std::string text;
        for (const auto& piece : pieces)
        {
            text += piece;
        }
        const auto lines = std::count(text.begin(), text.end(), '\n');
        NS_TEST_EXPECT_MSG_EQ(lines, EVENTS + 2, "a heading, and a line for each event");
        NS_TEST_EXPECT_MSG_EQ(text.find(Transcript::GetHeading()), 0, "the heading is the first");

        // The silence that makes the window longer than the whole record shows all that was kept.
        const auto all = recorder.GetLadder().FirstNegotiation("R1", "R2", Span::Seconds(9999));
        NS_TEST_EXPECT_MSG_EQ(all.to.ns, At(3600).ns, "the end was noticed by a later event");
        const auto first = recorder.GetLadder().FirstNegotiation("R1", "R2");
        NS_TEST_EXPECT_MSG_EQ(first.to.ns, At(0).ns, "the first negotiation is whole");
        NS_TEST_EXPECT_MSG_EQ(recorder.GetLadderEvents(), 1024, "and the ladder ended");
    }
};

class IkeResultsTestSuite : public TestSuite
{
  public:
    IkeResultsTestSuite()
        : TestSuite("ike-results", Type::UNIT)
    {
        AddTestCase(new SeriesTestCase, TestDuration::QUICK);
        AddTestCase(new AuditTestCase, TestDuration::QUICK);
        AddTestCase(new RecorderTestCase, TestDuration::QUICK);
    }
};

IkeResultsTestSuite g_ikeResultsTestSuite; ///< registers itself

} // namespace
