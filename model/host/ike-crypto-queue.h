/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CRYPTO_QUEUE_H
#define IKE_CRYPTO_QUEUE_H

#include "ns3/event-id.h"
#include "ns3/ike-crypto-costs.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief The CPU of a node as far as it is simulated: some cores, and one queue before them.
 *
 * Jobs begin in the order in which they came, each as soon as a core is free, and are done at their
 * virtual completion time: Diffie-Hellman operations, ESP packets, inputs of the engine. What they
 * compute does not depend on it.
 *
 * A job that costs nothing and finds nobody waiting and a free core is done at once, within the
 * call.
 */
class CryptoQueue
{
  public:
    /**
     * @brief Set the costs.
     * @param costs of all jobs from now on; null: nothing costs anything
     */
    void SetCosts(std::shared_ptr<const CryptoCosts> costs);
    /**
     * @brief Get the costs.
     * @return the costs
     */
    const CryptoCosts& GetCosts() const;
    /**
     * @brief Get the costs, to keep them.
     * @return the costs; null when nothing was set
     */
    std::shared_ptr<const CryptoCosts> ShareCosts() const;
    /**
     * @brief Does nothing cost anything?
     * @return true when it does not: then inputs of an engine do not wait
     */
    bool IsIdeal() const;
    /**
     * @brief Set the number of cores.
     * @param cores at least one; with fewer than before, running jobs go on
     */
    void SetCores(uint32_t cores);
    /**
     * @brief Get the number of cores.
     * @return cores
     */
    uint32_t GetCores() const;
    /**
     * @brief Set how many jobs may wait.
     * @param limit jobs, with those that are being done
     */
    void SetLimit(uint32_t limit);
    /**
     * @brief Get how many jobs may wait.
     * @return jobs
     */
    uint32_t GetLimit() const;
    /**
     * @brief Is there room for a packet's job? Diffie-Hellman jobs and inputs of the engine have
     * bounds of their own, and always find room here.
     * @return false when as many jobs are there as may be
     */
    bool HasRoom() const;
    /// @brief Count a packet or message that was dropped for want of room.
    void CountDropped();
    /**
     * @brief Would a job be done within Submit()?
     * @param cost simulated time that it takes
     * @return true when it takes no time, and nobody waits
     */
    bool IsDoneAtOnce(const CpuTime& cost) const;
    /**
     * @brief Hand in a job.
     * @param cost simulated time that it takes
     * @param done is called when it is done
     */
    void Submit(const CpuTime& cost, std::function<void()> done);
    /**
     * @brief Hand in a job whose cost shows when it begins.
     * @param begin is called when a core is free, perhaps within this call; gives the cost
     * @param done is called when it is done, never within this call
     */
    void SubmitOpen(std::function<CpuTime()> begin, std::function<void()> done);
    /// @brief Forget all jobs (reboot).
    void Clear();
    /**
     * @brief Get what was done so far.
     * @return the usage; of a job that is being done, the part that is over
     */
    CpuUsage GetUsage() const;

  private:
    /// A job that waits.
    struct Job
    {
        std::function<CpuTime()> begin; ///< gives the cost
        std::function<void()> done;     ///< is called at the end
        Time since;                     ///< when it came
    };

    /// A job on a core.
    struct Running
    {
        CpuTime cost;               ///< what it takes
        Time end;                   ///< when it is done
        EventId event;              ///< of that
        std::function<void()> done; ///< is called then
    };

    /// @brief Give jobs to free cores.
    void Begin();
    /// @brief A job is done. @param number of the job
    void Finish(uint64_t number);
    /// @brief What is left of a running job. @param job which @return CPU time
    static CpuTime GetRest(const Running& job);

    std::shared_ptr<const CryptoCosts> m_costs; ///< null: nothing costs anything
    uint32_t m_limit{1000};                     ///< jobs
    std::deque<Job> m_waiting;                  ///< in order
    std::map<uint64_t, Running> m_running;      ///< by number, not more than cores
    uint64_t m_begun{0};                        ///< jobs so far: the last number
    CpuUsage m_usage;                           ///< running jobs as if they were done
};

} // namespace ike
} // namespace ns3

#endif // IKE_CRYPTO_QUEUE_H
