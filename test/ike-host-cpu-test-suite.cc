/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-application.h"
#include "ns3/ike-crypto-queue.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The CPU of a node: cores, one queue, and messages that wait for it.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// CPU time of one kind. @param length of it @return it
CpuTime
Work(Time length)
{
    CpuTime cost;
    cost[CpuWork::Dh] = length.GetNanoSeconds();
    return cost;
}

/// In order, each at its time; bounds.
class OneCoreTestCase : public TestCase
{
  public:
    OneCoreTestCase()
        : TestCase("one core: jobs are done in order, each at its time")
    {
    }

  private:
    void DoRun() override
    {
        CryptoQueue queue;
        std::vector<int64_t> done;
        const auto note = [&] { done.push_back(Simulator::Now().GetMicroSeconds()); };
        queue.Submit({}, note);
        NS_TEST_EXPECT_MSG_EQ(done.size(), 1, "at once");
        queue.SetLimit(2);
        queue.Submit(Work(MicroSeconds(30)), note);
        NS_TEST_EXPECT_MSG_EQ(queue.HasRoom(), true, "one is being done");
        queue.Submit(Work(MicroSeconds(20)), note);
        NS_TEST_EXPECT_MSG_EQ(queue.HasRoom(), false, "two are as many as may");
        queue.Submit({}, note);
        Simulator::Stop(MicroSeconds(10));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(queue.GetUsage().busy.Total(), 10000, "a third of the first one");
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((done == std::vector<int64_t>{0, 30, 50, 50}), true, "in order");
        NS_TEST_EXPECT_MSG_EQ(queue.GetUsage().busy[CpuWork::Dh], 50000, "busy");
        NS_TEST_EXPECT_MSG_EQ(queue.GetUsage().mostWaiting, 3, "most at a time");
        NS_TEST_EXPECT_MSG_EQ(queue.GetUsage().longestWait, 50000, "the last one");
        queue.Submit(Work(MicroSeconds(5)), note);
        queue.Clear();
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(done.size(), 4, "forgotten");
        NS_TEST_EXPECT_MSG_EQ(queue.GetUsage().busy.Total(), 50000, "and not counted");
        Simulator::Destroy();
    }
};

/// Jobs that come at once, on some cores.
class CoresTestCase : public TestCase
{
  public:
    explicit CoresTestCase(uint32_t cores)
        : TestCase(std::to_string(cores) + " cores: a batch of equal jobs"),
          m_cores(cores)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t JOBS = 12;
        CryptoQueue queue;
        queue.SetCores(m_cores);
        std::vector<int64_t> done;
        for (uint32_t i = 0; i < JOBS; ++i)
        {
            queue.Submit(Work(MicroSeconds(100)),
                         [&] { done.push_back(Simulator::Now().GetMicroSeconds()); });
        }
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(done.size(), JOBS, "all");
        for (uint32_t i = 0; i < JOBS; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(done[i], 100 * (i / m_cores + 1), "job " << i);
        }
        const int64_t waited = 100000 * ((JOBS - 1) / m_cores);
        NS_TEST_EXPECT_MSG_EQ(queue.GetUsage().longestWait, waited, "the last one");
        NS_TEST_EXPECT_MSG_EQ(queue.GetUsage().busy.Total(), 100000 * JOBS, "busy");
        Simulator::Destroy();
    }

    uint32_t m_cores; ///< of the CPU
};

/// Poisson arrivals at servers of constant time, against the closed form of M/D/1.
class RandomArrivalsTestCase : public TestCase
{
  public:
    explicit RandomArrivalsTestCase(double load)
        : TestCase("random arrivals at a load of " + std::to_string(load)),
          m_load(load)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t JOBS = 60000;
        auto gaps = CreateObject<ExponentialRandomVariable>();
        gaps->SetStream(7);
        double at = 0;
        for (uint32_t i = 0; i < JOBS; ++i)
        {
            at += gaps->GetValue(SERVICE / m_load, 0);
            Simulator::Schedule(NanoSeconds(static_cast<int64_t>(at)),
                                &RandomArrivalsTestCase::Arrive,
                                this);
        }
        Simulator::Run();
        const double mean = m_waited / JOBS - SERVICE;
        const double formula = m_load * SERVICE / (2 * (1 - m_load));
        NS_TEST_EXPECT_MSG_EQ_TOL(mean, formula, 0.04 * formula, "Pollaczek-Khinchine");
        Simulator::Destroy();
    }

    /// A job comes.
    void Arrive()
    {
        const Time when = Simulator::Now();
        m_queue.Submit(Work(NanoSeconds(static_cast<int64_t>(SERVICE))), [this, when] {
            m_waited += static_cast<double>((Simulator::Now() - when).GetNanoSeconds());
        });
    }

    static constexpr double SERVICE = 1e6; ///< ns

    double m_load;       ///< share of the time that the server is busy
    CryptoQueue m_queue; ///< of the server
    double m_waited{0};  ///< ns, all jobs together
};

/// A profile in which a message costs so much, and nothing else anything.
std::shared_ptr<const CryptoCosts>
MessageCosts(Time message)
{
    CryptoCosts costs;
    costs.name = "messages";
    costs.message = message.GetNanoSeconds();
    return std::make_shared<const CryptoCosts>(costs);
}

/// R2 has no way to begin.
const std::string PASSIVE_END = DEFAULT2 + LAN1 + "crypto ipsec profile vti\n responder-only\n";

/// When R2's first message leaves. @param costs of R2 @return ns
int64_t
FirstAnswer(std::shared_ptr<const CryptoCosts> costs)
{
    HostWorld w(DEFAULT1 + LAN2, PASSIVE_END, true);
    w.r2->SetCryptoCosts(std::move(costs));
    Simulator::Stop(Seconds(2));
    Simulator::Run();
    return w.First("R2", EventKind::MessageSent).ns;
}

/// What an input's cost does.
class MessageTestCase : public TestCase
{
  public:
    MessageTestCase()
        : TestCase("a message takes its time: the answer leaves so much later")
    {
    }

  private:
    void DoRun() override
    {
        const int64_t ideal = FirstAnswer(nullptr);
        const auto later = [ideal](std::shared_ptr<const CryptoCosts> costs) {
            return FirstAnswer(std::move(costs)) - ideal;
        };
        NS_TEST_EXPECT_MSG_EQ(later(MessageCosts(Seconds(0))), 0, "nothing");
        NS_TEST_EXPECT_MSG_EQ(later(MessageCosts(MicroSeconds(300))), 300000, "a message");
        CryptoCosts hashing;
        hashing.hashes[static_cast<size_t>(HashAlgorithm::Sha1)].call = 1000000;
        const int64_t hashes = later(std::make_shared<const CryptoCosts>(hashing));
        NS_TEST_EXPECT_MSG_EQ(hashes, 0, "message 2 has no hash in it");
    }
};

/// A message waits behind those that came before it.
class WaitingTestCase : public TestCase
{
  public:
    WaitingTestCase()
        : TestCase("messages wait for one another, and beyond a bound they are dropped")
    {
    }

  private:
    void DoRun() override
    {
        HostWorld w(DEFAULT1 + LAN2, PASSIVE_END, true);
        w.r2->SetCryptoCosts(MessageCosts(Seconds(25)));
        w.r2->GetApplication()->SetAttribute("IkeQueueLimit", UintegerValue(1));
        Simulator::Stop(Seconds(100));
        Simulator::Run();
        // What R2 hears first, and when, is that of its configuration; message 1 comes again each
        // 10 s.
        const CpuUsage usage = w.r2->GetCryptoQueue().GetUsage();
        NS_TEST_EXPECT_MSG_GT(w.drops2["ike-queue-full"], 1, "dropped");
        NS_TEST_EXPECT_MSG_EQ(usage.dropped, w.drops2["ike-queue-full"], "and counted");
        NS_TEST_EXPECT_MSG_GT(usage.busy[CpuWork::Message], 75000000000, "always busy");
        NS_TEST_EXPECT_MSG_EQ(usage.busy.Total(), usage.busy[CpuWork::Message], "with messages");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::PairUp), 0, "and nothing comes of it");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "identities");
    }
};

/// A reload at any time: what has an end in the books had a beginning, and the reverse.
class ReloadTestCase : public TestCase
{
  public:
    ReloadTestCase()
        : TestCase("a reload while messages wait: reports are complete")
    {
    }

  private:
    void DoRun() override
    {
        size_t ups = 0;
        for (int64_t ms = 0; ms < 900; ms += 25)
        {
            HostWorld w(DEFAULT1 + LAN2, PASSIVE_END, true);
            w.r1->SetCryptoCosts(MessageCosts(MilliSeconds(20)));
            w.r2->SetCryptoCosts(MessageCosts(MilliSeconds(40)));
            HostWorld::At(MilliSeconds(ms), [&w] { w.r2->Reboot(Seconds(1)); });
            HostWorld::At(MilliSeconds(ms + 10), [&w] { w.r1->Reboot(Seconds(2)); });
            Simulator::Stop(MilliSeconds(ms + 500));
            Simulator::Run();
            for (const std::string node : {"R1", "R2"})
            {
                NS_TEST_EXPECT_MSG_EQ(w.Count(node, EventKind::PairUp),
                                      w.Count(node, EventKind::PairRemoved),
                                      node << ", reload at " << ms << " ms: pairs");
                NS_TEST_EXPECT_MSG_EQ(w.Count(node, EventKind::Phase1Up),
                                      w.Count(node, EventKind::IsakmpRemoved),
                                      node << ", reload at " << ms << " ms: ISAKMP SAs");
                ups += w.Count(node, EventKind::PairUp);
            }
            NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "identities");
        }
        NS_TEST_EXPECT_MSG_GT(ups, 4, "some of them had something to lose");
    }
};

/// The CPU of a node.
class IkeHostCpuTestSuite : public TestSuite
{
  public:
    IkeHostCpuTestSuite()
        : TestSuite("ike-host-cpu", Type::SYSTEM)
    {
        AddTestCase(new OneCoreTestCase, TestDuration::QUICK);
        for (uint32_t cores : {1, 2, 5})
        {
            AddTestCase(new CoresTestCase(cores), TestDuration::QUICK);
        }
        for (double load : {0.3, 0.7})
        {
            AddTestCase(new RandomArrivalsTestCase(load), TestDuration::QUICK);
        }
        AddTestCase(new MessageTestCase, TestDuration::QUICK);
        AddTestCase(new WaitingTestCase, TestDuration::QUICK);
        AddTestCase(new ReloadTestCase, TestDuration::QUICK);
    }
};

IkeHostCpuTestSuite g_ikeHostCpuTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
