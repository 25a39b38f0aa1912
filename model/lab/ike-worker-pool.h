/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_WORKER_POOL_H
#define IKE_WORKER_POOL_H

#include <cstddef>
#include <functional>

namespace ns3
{
namespace ike
{

/**
 * Do jobs that know nothing of each other, on several threads: the only threads in this room. Which
 * thread does which job is not said, so nothing may depend on it.
 * @param threads how many; 0: as many as the machine has cores. With 1 all is done here
 * @param count jobs, which have the numbers from 0 on
 * @param job does one; `worker` is below GetWorkerCount(), and no two jobs run with the same one at
 *        once. What it throws is thrown here, when all threads are done
 */
void ForEachJob(unsigned threads,
                size_t count,
                const std::function<void(size_t index, unsigned worker)>& job);
/// How many workers there are for a number of threads as users write it.
unsigned GetWorkerCount(unsigned threads);

} // namespace ike
} // namespace ns3

#endif // IKE_WORKER_POOL_H
