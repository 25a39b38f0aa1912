/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-compute-pool.h"
#include "ns3/test.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Threads that compute: each result is the one that belongs to its job.
 */

namespace ns3
{
namespace ike
{
namespace
{

/// Jobs of some groups, in any order, some of them never collected.
class PoolTestCase : public TestCase
{
  public:
    /// @param threads of the pool @param kind of provider
    PoolTestCase(unsigned threads, ProviderKind kind)
        : TestCase(std::to_string(threads) + " threads, " +
                   GetProviderNames()[static_cast<size_t>(kind)]),
          m_threads(threads),
          m_kind(kind)
    {
    }

  private:
    void DoRun() override
    {
        const auto provider = MakeProvider(m_kind);
        const DhGroup groups[] = {DhGroup::Modp768, DhGroup::Ecp256, DhGroup::Ecp384};
        ComputePool pool(m_threads, m_kind);
        std::vector<DhJob> jobs;
        std::vector<std::shared_ptr<ComputePool::Task>> tasks;
        for (uint8_t i = 0; i < 90; ++i)
        {
            const DhGroup group = groups[i % 3];
            DhJob job{group, Octets(PrivateLengthOf(group), static_cast<uint8_t>(i + 1)), {}};
            if (i % 2 == 1)
            {
                job.peer = provider->Run({group, Octets(32, 77), {}}).publicValue;
            }
            jobs.push_back(job);
            tasks.push_back(pool.Post(job));
        }
        tasks[88].reset(); // a reload forgets it
        for (size_t step = 0; step < jobs.size(); ++step)
        {
            const size_t i = step * 37 % jobs.size();
            if (tasks[i])
            {
                const DhResult got = pool.Collect(tasks[i]);
                const DhResult want = provider->Run(jobs[i]);
                NS_TEST_EXPECT_MSG_EQ((got.ok == want.ok && got.publicValue == want.publicValue &&
                                       got.shared == want.shared),
                                      true,
                                      "job " << i);
            }
        }
        NS_TEST_EXPECT_MSG_EQ((m_threads > 1 || pool.GetHelped() == 0), true, "nobody else");
        CheckFailure(pool);
        const auto left = pool.Post(jobs.front()); // the pool ends first
    }

    /// What a provider throws comes out where the result is wanted.
    void CheckFailure(ComputePool& pool)
    {
        const auto task = pool.Post({DhGroup::None, {1}, {}});
        bool thrown = false;
        try
        {
            pool.Collect(task);
        }
        catch (const std::invalid_argument&)
        {
            thrown = true;
        }
        NS_TEST_EXPECT_MSG_EQ(thrown, true, "no such group");
    }

    unsigned m_threads;  ///< of the pool
    ProviderKind m_kind; ///< of its providers
};

/// Threads that compute.
class IkeComputePoolTestSuite : public TestSuite
{
  public:
    IkeComputePoolTestSuite()
        : TestSuite("ike-compute-pool", Type::UNIT)
    {
        for (unsigned threads : {1, 2, 5})
        {
            AddTestCase(new PoolTestCase(threads, ProviderKind::Openssl), TestDuration::QUICK);
            AddTestCase(new PoolTestCase(threads, ProviderKind::Model), TestDuration::QUICK);
        }
    }
};

IkeComputePoolTestSuite g_ikeComputePoolTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
