/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_HOST_FIXTURE_H
#define IKE_HOST_FIXTURE_H

#include "ns3/ike-router-helper.h"
#include "ns3/ike-router.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/tag.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The world of the tests of the ns-3 side: hA - R1 = core = R2 - hB, and what it saw.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

/// Something that an application put on its packet.
class MarkTag : public Tag
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    TypeId GetInstanceTypeId() const override;

    uint32_t GetSerializedSize() const override;

    void Serialize(TagBuffer i) const override;

    void Deserialize(TagBuffer i) override;

    void Print(std::ostream& os) const override;

    uint32_t m_mark{0}; ///< the mark
};

inline const std::string DEFAULT1 = "ip route 0.0.0.0 0.0.0.0 192.0.2.2\n";    ///< to the core
inline const std::string DEFAULT2 = "ip route 0.0.0.0 0.0.0.0 198.51.100.2\n"; ///< to the core
inline const std::string LAN2 = "ip route 10.2.0.0 255.255.255.0 Tunnel0\n";   ///< R2's, for R1
inline const std::string LAN1 = "ip route 10.1.0.0 255.255.255.0 Tunnel0\n";   ///< R1's, for R2
inline const std::string RIP = "router rip\n version 2\n network 10.0.0.0\n";  ///< LANs and tunnel

/// The world of all tests, and what it saw.
class HostWorld
{
  public:
    /**
     * @brief Build it.
     * @param text1 more of R1's configuration
     * @param text2 more of R2's configuration
     * @param ike with IKE, or with SAs by hand
     * @param edit changes what the configuration of either router says
     */
    HostWorld(
        const std::string& text1,
        const std::string& text2,
        bool ike,
        const std::function<void(RouterConfig&)>& edit = [](RouterConfig&) {});

    ~HostWorld();

    /// Give a device an address, without a queue. @param device which @param address its address
    /// @param mask its mask
    static void Address(Ptr<NetDevice> device, const char* address, const char* mask);

    /// Install SAs of both directions by hand. @param pair number of the pair @param select also
    /// select it at both ends
    void InstallSas(PairId pair, bool select);

    /// Select a pair at both ends. @param pair which, 0: none
    void Select(PairId pair);

    /// Do something at a time. @param at when @param what to be done
    static void At(Time at, std::function<void()> what);

    /// Send a datagram. @param node from where @param to where @param octets how long
    /// @param mark what it is marked with
    void Send(Ptr<Node> node, const char* to, uint32_t octets, uint32_t mark);

    /// Count events. @param node at which router @param kind which @return how many
    size_t Count(const std::string& node, EventKind kind) const;

    /// When an event was first seen. @param node at which router @param kind which @return when,
    /// Never() if it was not
    Instant First(const std::string& node, EventKind kind) const;

    /// Do all identities of data planes hold? @return true when they do
    bool IsBalanced() const;

    Ptr<Node> hA;                               ///< host behind R1
    Ptr<Node> n1;                               ///< node of R1
    Ptr<Node> core;                             ///< the Internet
    Ptr<Node> n2;                               ///< node of R2
    Ptr<Node> hB;                               ///< host behind R2
    IkeRouterHelper helper;                     ///< made the routers
    Ptr<IkeRouter> r1;                          ///< router
    Ptr<IkeRouter> r2;                          ///< router
    EventLog events;                            ///< of both routers
    std::map<std::string, uint32_t> drops1;     ///< of R1, by reason
    std::map<std::string, uint32_t> drops2;     ///< of R2, by reason
    std::vector<uint32_t> lostMarks;            ///< of dropped packets
    std::map<uint8_t, uint32_t> coreByProtocol; ///< IPv4 packets seen by the core
    uint32_t coreFragments{0};                  ///< those that were fragments
    Ipv4Header lastAtCore;                      ///< the last one
    std::multiset<uint32_t> received;           ///< marks, as packet tags
    std::multiset<uint32_t> receivedBytes;      ///< marks, as byte tags

  private:
    /// Read a configuration. @param texts of it @param edit changes it @return it
    static RouterConfig Read(const std::vector<IkeConfigText>& texts,
                             const std::function<void(RouterConfig&)>& edit);

    /// Do something. @param what to be done
    static void Do(std::function<void()> what);

    /// Receive datagrams on port 9. @param node where
    void Listen(Ptr<Node> node);

    /// A datagram arrived. @param socket where
    void OnReceive(Ptr<Socket> socket);

    /// Something was reported. @param event what
    void OnEvent(const TimedEvent& event);

    /// R1 dropped a packet. @param packet which @param reason why
    void OnDrop1(Ptr<const Packet> packet, const std::string& reason);

    /// R2 dropped a packet. @param packet which @param reason why
    void OnDrop2(Ptr<const Packet> packet, const std::string& reason);

    /// A packet was dropped. @param packet which
    void NoteMark(Ptr<const Packet> packet);

    /// The core received a packet. @param packet which @param ipv4 its stack @param interface where
    void OnCore(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t /* interface */);

    std::vector<Ptr<Socket>> m_sockets; ///< that listen
};

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_HOST_FIXTURE_H
