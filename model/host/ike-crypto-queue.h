/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CRYPTO_QUEUE_H
#define IKE_CRYPTO_QUEUE_H

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// What cryptography costs a node, in simulated time.
struct CryptoCosts
{
    std::string name; ///< of the profile: "none"
    Time perPacket;   ///< of ESP, either way
    Time perOctet;    ///< of ESP, beside it
    Time dh;          ///< one Diffie-Hellman operation

    /**
     * @brief What an ESP packet costs.
     * @param octets that are encrypted or decrypted
     * @return a time
     */
    Time OfPacket(uint32_t octets) const;
};

/**
 * @brief Get the fixed profiles: "none", "software" and "accelerator".
 *
 * Round numbers of the time of the two documents, and an assumption as such: software is a
 * mid-range router's CPU with 3DES (about 4 Mbit/s at 1400 octets), accelerator an encryption card
 * (about 90 Mbit/s).
 * @return all of them; "none" first
 */
const std::vector<CryptoCosts>& GetCryptoCostProfiles();

/**
 * @ingroup ike
 * @brief The one place of a node where cryptography takes time: jobs are done one after the other,
 * in the order in which they came, each at its virtual completion time. What they compute does not
 * depend on it.
 *
 * A job that costs nothing and finds nobody waiting is done at once, within the call.
 */
class CryptoQueue
{
  public:
    /**
     * @brief Set the costs.
     * @param costs of all jobs from now on
     */
    void SetCosts(const CryptoCosts& costs);
    /**
     * @brief Get the costs.
     * @return the costs
     */
    const CryptoCosts& GetCosts() const;
    /**
     * @brief Set how many jobs may wait.
     * @param limit jobs, with the one that is being done
     */
    void SetLimit(uint32_t limit);
    /**
     * @brief Get how many jobs may wait.
     * @return jobs
     */
    uint32_t GetLimit() const;
    /**
     * @brief Is there room for a packet's job? Diffie-Hellman jobs are few and always find room.
     * @return false when as many jobs wait as may
     */
    bool HasRoom() const;
    /**
     * @brief Hand in a job.
     * @param cost simulated time that it takes
     * @param done is called when it is done
     */
    void Submit(Time cost, std::function<void()> done);
    /// @brief Forget all jobs (reboot).
    void Clear();
    /**
     * @brief Get the time that jobs have taken so far.
     * @return their sum, the waiting ones included
     */
    Time GetBusyTime() const;
    /**
     * @brief Get the greatest number of jobs that ever waited at a time.
     * @return jobs
     */
    uint32_t GetMostWaiting() const;

  private:
    /// A job.
    struct Job
    {
        Time cost;                  ///< what it takes
        std::function<void()> done; ///< is called then
    };

    /// @brief The first job begins.
    void Begin();
    /// @brief The first job is done.
    void Finish();

    CryptoCosts m_costs;       ///< of all jobs
    uint32_t m_limit{1000};    ///< jobs
    std::deque<Job> m_jobs;    ///< the first one is being done
    EventId m_event;           ///< its end
    Time m_busy;               ///< sum of costs
    uint32_t m_mostWaiting{0}; ///< jobs
};

} // namespace ike
} // namespace ns3

#endif // IKE_CRYPTO_QUEUE_H
