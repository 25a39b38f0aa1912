/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_JITTER_CHANNEL_H
#define IKE_JITTER_CHANNEL_H

#include "ike-distribution.h"

#include "ns3/nstime.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief A point-to-point channel on which each packet takes a random time longer than the delay.
 *
 * The extra time is uniform between 0 and Jitter, or of any distribution, and independent from
 * packet to packet, so packets may overtake each other, as they do in the Internet.
 */
class IkeJitterChannel : public PointToPointChannel
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeJitterChannel();
    ~IkeJitterChannel() override;

    /**
     * @brief A channel for what a scenario says.
     * @param jitter the most that a packet takes longer
     * @param draw instead of uniform; null: uniform
     * @return a channel without jitter when there is none
     */
    static Ptr<PointToPointChannel> Make(Duration jitter, std::shared_ptr<const Distribution> draw);
    /**
     * @brief Draw the extra time of a distribution, instead of between 0 and Jitter.
     * @param draw null: uniform
     */
    void SetDraw(std::shared_ptr<const Distribution> draw);

    /**
     * @brief Assign a fixed random variable stream number to the random variable used.
     * @param stream first stream index to use
     * @return the number of stream indices assigned, always 1
     */
    int64_t AssignStreams(int64_t stream);

    // from PointToPointChannel
    bool TransmitStart(Ptr<const Packet> packet,
                       Ptr<PointToPointNetDevice> source,
                       Time transmissionTime) override;

  private:
    Time m_jitter;                              ///< most that a packet takes longer
    std::shared_ptr<const Distribution> m_draw; ///< how much longer; null: uniform
    Ptr<UniformRandomVariable> m_random;        ///< how much of it
};

} // namespace ike
} // namespace ns3

#endif // IKE_JITTER_CHANNEL_H
