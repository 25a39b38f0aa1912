/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_POLICY_FIXTURE_H
#define IKE_POLICY_FIXTURE_H

#include "ike-host-fixture.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The world of the tests of crypto maps: that of HostWorld, with a core that knows the LANs.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

/// What R1's crypto map protects: its LAN's traffic with R2's, and its own with R2.
inline const std::string MAP1 = DEFAULT1 + R"(
interface Tunnel0
 shutdown
crypto map M 10 ipsec-isakmp
 set peer 198.51.100.1
 set transform-set 3dessha
 match address 101
access-list 101 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
access-list 101 permit ip host 192.0.2.1 host 198.51.100.1
interface Ethernet0/1
 crypto map M
)";

/// The mirror image.
inline const std::string MAP2 = DEFAULT2 + R"(
interface Tunnel0
 shutdown
crypto map M 10 ipsec-isakmp
 set peer 192.0.2.1
 set transform-set 3dessha
 match address 101
access-list 101 permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255
access-list 101 permit ip host 198.51.100.1 host 192.0.2.1
interface Ethernet0/1
 crypto map M
)";

/// No IPsec at all.
inline const std::string PLAIN1 = DEFAULT1 + "interface Tunnel0\n shutdown\n";
inline const std::string PLAIN2 = DEFAULT2 + "interface Tunnel0\n shutdown\n";

inline const std::string PASSIVE = "crypto ipsec optional\n"; ///< passive mode

/// The world, with a core that knows the LANs and sees clear packets of applications.
class PolicyWorld : public HostWorld
{
  public:
    /**
     * @brief Build it.
     * @param text1 more of R1's configuration
     * @param text2 more of R2's configuration
     */
    PolicyWorld(const std::string& text1, const std::string& text2);

    /// One marked datagram each second. @param from first second @param count how many
    /// @param node who @param to whom
    void SendEach(int from, int count, Ptr<Node> node, const char* to);

    /// Type lines at a console, from user mode. @param router whose @param lines which
    /// @return what the last one answers
    static std::string TypeAll(Ptr<IkeRouter> router, const std::vector<std::string>& lines);

    /// The texts of warnings of passive mode. @param name of the router @return in order
    std::vector<std::string> Warnings(const std::string& name) const;

    uint32_t clearAtCore{0};           ///< datagrams to port 9, seen by the core
    std::vector<Instant> clearTimes;   ///< when
    std::multiset<uint8_t> ttlsAtCore; ///< of these
    std::vector<uint16_t> espAtCore;   ///< octets of ESP packets, without their IPv4 header

  private:
    /// The core received a packet. @param packet which
    void OnRx(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t /* interface */);
};

/// Sends echo requests out of a node, and counts the answers.
class Pinger
{
  public:
    /**
     * @brief Begin.
     * @param node where
     */
    explicit Pinger(Ptr<Node> node);
    ~Pinger();
    Pinger(const Pinger&) = delete;
    Pinger& operator=(const Pinger&) = delete;

    /// Send one. @param to whom @param octets of data
    void Send(const char* to, uint32_t octets);

    uint32_t replies{0}; ///< so far

  private:
    /// ICMP arrived. @param socket where
    void OnReceive(Ptr<Socket> socket);

    Ptr<Socket> m_socket; ///< of ICMP
    uint16_t m_next{0};   ///< sequence number
};

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_POLICY_FIXTURE_H
