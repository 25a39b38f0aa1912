/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-worker-pool.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace ns3
{
namespace ike
{

unsigned
GetWorkerCount(unsigned threads)
{
    return threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
}

void
ForEachJob(unsigned threads,
           size_t count,
           const std::function<void(size_t index, unsigned worker)>& job)
{
    // few jobs are done before a thread has begun
    const unsigned workers = count < 16 ? 1 : GetWorkerCount(threads);
    std::atomic<size_t> next{0};
    std::vector<std::exception_ptr> failures(workers);
    const auto work = [&](unsigned worker) {
        try
        {
            for (size_t i = next++; i < count; i = next++)
            {
                job(i, worker);
            }
        }
        catch (...)
        {
            failures[worker] = std::current_exception();
        }
    };
    std::vector<std::thread> others;
    for (unsigned worker = 1; worker < workers; worker++)
    {
        others.emplace_back(work, worker);
    }
    work(0);
    for (std::thread& other : others)
    {
        other.join();
    }
    for (const std::exception_ptr& failure : failures)
    {
        if (failure)
        {
            std::rethrow_exception(failure);
        }
    }
}

} // namespace ike
} // namespace ns3
