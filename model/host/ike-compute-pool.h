/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_COMPUTE_POOL_H
#define IKE_COMPUTE_POOL_H

#include "ns3/ike-crypto.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Threads that do Diffie-Hellman operations before the simulation needs their results.
 *
 * An operation is a pure function of its job, and its result is needed only when its simulated CPU
 * time is over. So it is posted when the CPU time begins to run, and collected at its end: octets
 * and events are those of one thread, whoever computes. When a result is needed that nobody has
 * begun, the thread of the simulation computes it itself; when somebody has, it does other
 * operations until that is done. Each thread has a provider of its own.
 *
 * Post() and Collect() belong to one thread, that of the simulation.
 */
class ComputePool
{
  public:
    /// A job that was posted. When nobody holds it any more it is not done.
    class Task;

    /**
     * @brief Begin.
     * @param threads with that of the simulation: one fewer are started
     * @param kind of provider
     */
    ComputePool(unsigned threads, ProviderKind kind);
    /// @brief End the threads, when they have done what they have begun.
    ~ComputePool();

    ComputePool(const ComputePool&) = delete;
    ComputePool& operator=(const ComputePool&) = delete;

    /**
     * @brief Hand in a job.
     * @param job to do
     * @return to be given to Collect()
     */
    std::shared_ptr<Task> Post(const DhJob& job);
    /**
     * @brief Get a result; it is computed here, unless it is there or under way.
     * @param task of Post(), once
     * @return the result
     */
    DhResult Collect(const std::shared_ptr<Task>& task);
    /**
     * @brief Get how many results other threads computed: to be looked at, it differs from run to
     * run.
     * @return a count
     */
    uint64_t GetHelped() const;

    /**
     * @brief Say which pool the applications of this process use.
     * @param pool or null: none
     */
    static void Use(ComputePool* pool);
    /**
     * @brief Get the pool that is in use.
     * @return the pool, or null
     */
    static ComputePool* Get();

  private:
    /// @brief What a thread does. @param provider of its own
    void Work(CryptoProvider& provider);
    /// @brief Take a job that nobody has begun. @return a job, or null
    std::shared_ptr<Task> Pop();
    /**
     * @brief Do a job, without the lock.
     * @param lock held before and after
     * @param task begun by nobody else
     * @param provider of this thread
     */
    void Do(std::unique_lock<std::mutex>& lock, Task& task, CryptoProvider& provider);

    mutable std::mutex m_mutex;                               ///< of all that follows
    std::condition_variable m_posted;                         ///< there is a job, or the end
    std::condition_variable m_done;                           ///< a result is there
    std::deque<std::weak_ptr<Task>> m_tasks;                  ///< begun by nobody, or long done
    bool m_ends{false};                                       ///< threads are to end
    uint64_t m_helped{0};                                     ///< results of other threads
    std::vector<std::unique_ptr<CryptoProvider>> m_providers; ///< the first one is ours
    std::vector<std::thread> m_threads;                       ///< started last, ended first
};

} // namespace ike
} // namespace ns3

#endif // IKE_COMPUTE_POOL_H
