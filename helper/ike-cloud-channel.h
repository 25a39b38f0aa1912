/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CLOUD_CHANNEL_H
#define IKE_CLOUD_CHANNEL_H

#include "ike-scenario.h"

#include "ns3/channel.h"
#include "ns3/error-model.h"
#include "ns3/ipsec-prefix-table.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

class IkeCloudDevice;

/// What a filter of the cloud takes for itself, by protocol and port.
struct CloudFilter
{
    uint8_t protocol{0}; ///< of IP; 0: every packet
    uint16_t port{0};    ///< source or destination; 0: every port
    /// Places, each a list of doors by number: none is everywhere; one: from and to it; or two.
    std::vector<std::vector<uint32_t>> between;

    /// @return the same packets, at the same places? @param other a filter
    bool operator==(const CloudFilter& other) const;
    /// @return is this door one of a place? @param place 0 or 1 @param door number
    bool HasDoor(size_t place, uint32_t door) const;
};

/**
 * @ingroup ike
 * @brief A routed network of a provider as one element: takes packets at its doors (IkeCloudDevice)
 * and delivers them at the door that their destination address names.
 *
 * The table has networks, the longest first (an address of a door is a network of one), each one a
 * look-up in a hash table, so a packet costs the same whether there are ten doors or ten thousand.
 * There are no routers inside: the TTL of a packet stays as it is, no ICMP is sent, and multicasts
 * and broadcasts lead nowhere.
 *
 * Every packet takes Delay, and up to Jitter longer, uniformly at random and independent from
 * packet to packet: packets overtake each other when the jitter says so. With no jitter the packets
 * of one door keep their order.
 */
class IkeCloudChannel : public Channel
{
  public:
    /**
     * TracedCallback signature for packets that end within the cloud.
     * @param [in] packet with its IPv4 header
     * @param [in] reason "filtered", "unknown-address" or "too-large"
     */
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, const std::string& reason);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * What becomes of a packet, instead of delay, jitter and loss: how long it takes; nothing when
     * it is lost, more than one when it arrives more than once.
     * @param [in] door where it comes in, by number
     * @param [in] packet with its IPv4 header
     */
    using Fate = std::function<std::vector<Time>(uint32_t door, Ptr<const Packet> packet)>;

    IkeCloudChannel();
    ~IkeCloudChannel() override;

    /**
     * @brief Add a door.
     * @param device of a router
     * @return its number
     */
    uint32_t Attach(Ptr<IkeCloudDevice> device);
    /**
     * @brief Say what is behind a door.
     * @param network its address; the bits behind the mask do not matter
     * @param mask of the network; 255.255.255.255 for one address
     * @param device the door
     */
    void AddNetwork(Ipv4Address network, Ipv4Mask mask, Ptr<IkeCloudDevice> device);
    /**
     * @brief Find the door to an address.
     * @param address of a packet
     * @return the door; null when nobody has the address
     */
    Ptr<IkeCloudDevice> FindDoor(Ipv4Address address) const;
    /**
     * @brief Drop certain packets from now on.
     * @param filter which
     */
    void AddFilter(const CloudFilter& filter);
    /**
     * @brief Take filters away.
     * @param filter one with this very protocol, port and place; protocol 0: those of any protocol;
     *               without a place: those of any place
     */
    void RemoveFilters(const CloudFilter& filter);
    /**
     * @brief Carry a packet.
     * @param packet with its IPv4 header
     * @param door where it comes in, by number
     * @param departure until it has left the door, from now
     */
    void Transmit(Ptr<Packet> packet, uint32_t door, Time departure);
    /**
     * @brief Say what becomes of each packet.
     * @param fate asked for each packet that no filter takes; empty: as the attributes say
     */
    void SetFate(const Fate& fate);
    /**
     * @brief Trace a dropped packet.
     * @param packet with its IPv4 header
     * @param reason why
     */
    void Drop(Ptr<const Packet> packet, const std::string& reason);
    /**
     * @brief Say what is drawn for each packet; before anything is attached.
     * @param name of the cloud
     * @param draws jitter and bursts; the others are drawn before
     */
    void SetDraws(const std::string& name, const ScenarioPathDraws& draws);
    /**
     * @brief Assign fixed random variable stream numbers: two for each door, loss and jitter.
     * @param stream first stream index to use
     * @return the number of stream indices assigned
     */
    int64_t AssignStreams(int64_t stream);

    // from Channel
    std::size_t GetNDevices() const override;
    Ptr<NetDevice> GetDevice(std::size_t i) const override;

  protected:
    void DoDispose() override;

  private:
    /// A door, with its own chance: one more door leaves the others alone.
    struct Door
    {
        Ptr<IkeCloudDevice> device;        ///< of a router
        Ptr<UniformRandomVariable> loss;   ///< does a packet get lost?
        Ptr<UniformRandomVariable> jitter; ///< how much longer does it take?
        Ptr<BurstErrorModel> burst;        ///< instead of loss; null: none
    };

    bool IsFiltered(Ptr<const Packet> packet,
                    const Ptr<IkeCloudDevice>& from,
                    const Ptr<IkeCloudDevice>& to) const;

    Time m_delay;                                     ///< of every packet
    Time m_jitter;                                    ///< most that a packet takes longer
    std::shared_ptr<const Distribution> m_jitterDraw; ///< how much longer; null: uniform
    std::optional<ScenarioBurst> m_burst;             ///< instead of a loss
    std::string m_name;                               ///< whose streams bursts have
    double m_loss{0};                                 ///< share of packets that get lost
    std::vector<Door> m_doors;                        ///< by number
    PrefixTable<uint32_t> m_table;                    ///< which door leads to a network
    std::vector<CloudFilter> m_filters;               ///< now
    Fate m_fate;                                      ///< empty: as the attributes say
    /// packets that end here, with the reason
    TracedCallback<Ptr<const Packet>, const std::string&> m_dropTrace;
};

} // namespace ike
} // namespace ns3

#endif // IKE_CLOUD_CHANNEL_H
