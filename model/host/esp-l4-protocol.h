/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef ESP_L4_PROTOCOL_H
#define ESP_L4_PROTOCOL_H

#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief IP protocol 50 of a node: the door through which ESP packets leave IPv4 and enter it.
 *
 * It knows nothing of security associations: what arrives goes to a callback (see IkeRouter).
 * IPv4 has put fragments of outer packets together before they come here.
 */
class EspL4Protocol : public IpL4Protocol
{
  public:
    /// IANA's number of ESP.
    static constexpr uint8_t PROT_NUMBER = 50;

    /// Takes an ESP packet (from the SPI on) and the outer header that it came with.
    using EspCallback = Callback<void, Ptr<const Packet>, const Ipv4Header&>;

    /// Takes the destination and the SPI of an ESP packet, and the MTU.
    using TooBigCallback = Callback<void, Ipv4Address, uint32_t, uint32_t>;

    /**
     * TracedCallback signature for ICMP messages about our ESP packets.
     * @param [in] reporter who sent the message
     * @param [in] type ICMP type
     * @param [in] code ICMP code
     * @param [in] destination outer destination of the ESP packet that it is about
     * @param [in] spi SPI of that packet
     */
    typedef void (*IcmpTracedCallback)(Ipv4Address reporter,
                                       uint8_t type,
                                       uint8_t code,
                                       Ipv4Address destination,
                                       uint32_t spi);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    EspL4Protocol();
    ~EspL4Protocol() override;

    /**
     * @brief Say who takes what arrives.
     * @param callback the taker
     */
    void SetEspCallback(EspCallback callback);
    /**
     * @brief Say who hears of routers that ESP of this node did not fit (RFC 1191).
     * @param callback the one
     */
    void SetTooBigCallback(TooBigCallback callback);
    // from IpL4Protocol
    int GetProtocolNumber() const override;
    IpL4Protocol::RxStatus Receive(Ptr<Packet> p,
                                   const Ipv4Header& header,
                                   Ptr<Ipv4Interface> incomingInterface) override;
    IpL4Protocol::RxStatus Receive(Ptr<Packet> p,
                                   const Ipv6Header& header,
                                   Ptr<Ipv6Interface> incomingInterface) override;
    void ReceiveIcmp(Ipv4Address icmpSource,
                     uint8_t icmpTtl,
                     uint8_t icmpType,
                     uint8_t icmpCode,
                     uint32_t icmpInfo,
                     Ipv4Address payloadSource,
                     Ipv4Address payloadDestination,
                     const uint8_t payload[8]) override;
    void SetDownTarget(IpL4Protocol::DownTargetCallback cb) override;
    void SetDownTarget6(IpL4Protocol::DownTargetCallback6 cb) override;
    IpL4Protocol::DownTargetCallback GetDownTarget() const override;
    IpL4Protocol::DownTargetCallback6 GetDownTarget6() const override;

  protected:
    void DoDispose() override;

  private:
    EspCallback m_espCallback;                       ///< takes what arrives
    TooBigCallback m_tooBig;                         ///< hears of ESP that did not fit
    IpL4Protocol::DownTargetCallback m_downTarget;   ///< IPv4
    IpL4Protocol::DownTargetCallback6 m_downTarget6; ///< not used: outer IPv6 is not there yet
    /// ICMP messages about our ESP packets.
    TracedCallback<Ipv4Address, uint8_t, uint8_t, Ipv4Address, uint32_t> m_icmpTrace;
};

} // namespace ike
} // namespace ns3

#endif // ESP_L4_PROTOCOL_H
