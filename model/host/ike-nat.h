/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NAT_H
#define IKE_NAT_H

#include "ike-nat-table.h"
#include "ike-routing-shell.h"

#include "ns3/event-id.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/net-device.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief A NAPT (RFC 3022, RFC 4787) for an ns-3 node, which has one outside interface: it gives
 * UDP, TCP and ICMP echoes of the inside one address and ports of its own.
 *
 * **What passes.** Outbound: from any inside interface to the outside one. Inbound: what a mapping
 * or a forward is there for; other UDP, TCP and ESP to the outside address is dropped without a
 * word, so the node offers no such services to the outside; ICMP echoes to the node are answered.
 * What is addressed to the inside, as if there were no NAT, is dropped.
 * ICMP errors are translated with the packet that they are about. ESP without UDP has no ports: see
 * NatEsp. Other protocols are dropped. What the node itself sends is not translated, and there is
 * no hairpinning (RFC 4787 REQ-9).
 *
 * **Fragments.** Ports stand in the first fragment alone; it leaves a note for those that follow.
 * A fragment that overtook its first one is dropped (RFC 4787 REQ-14 wants it kept), and so is one
 * that follows later than 30 s.
 */
class IkeNat : public IkeRoutingShell
{
  public:
    /**
     * TracedCallback signature for mappings.
     * @param [in] mapping which
     * @param [in] change "made", "moved" (the inside endpoint had another port before), "expired"
     *             or "flushed"
     */
    typedef void (*MappingTracedCallback)(const NatMapping& mapping, const std::string& change);

    /**
     * TracedCallback signature for packets that are dropped.
     * @param [in] packet the packet, behind its IPv4 header
     * @param [in] reason "nat-no-mapping", "nat-filtered", "nat-full", "nat-ports", "nat-esp",
     *             "nat-fragment" or "nat-protocol"
     */
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, const std::string& reason);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeNat();
    ~IkeNat() override;

    /**
     * @brief Become the top routing protocol of a node that has a stack.
     * @param ipv4 of the node
     * @param outside the device that leads outside; its first address is the one that is seen there
     */
    void Install(Ptr<Ipv4> ipv4, Ptr<NetDevice> outside);
    /**
     * @brief Give an outside port to an inside endpoint for good.
     * @param protocol 17 or 6
     * @param outsidePort seen from outside
     * @param inside its address
     * @param insidePort its port
     */
    void AddForward(uint8_t protocol,
                    uint16_t outsidePort,
                    Ipv4Address inside,
                    uint16_t insidePort);
    /**
     * @brief Set all rules at once.
     * @param rules of the table; mappings that exist are forgotten
     */
    void SetRules(const NatRules& rules);
    /// @brief Forget all mappings but forwards, as a NAT that restarts.
    void Flush();
    /**
     * @brief Get the table.
     * @return rules and mappings
     */
    const NatTable& GetTable() const;

    // from IkeRoutingShell
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    RouteInputArgs::Ucb ucb,
                    RouteInputArgs::Mcb mcb,
                    RouteInputArgs::Lcb lcb,
                    RouteInputArgs::Ecb ecb) override;

  protected:
    void DoDispose() override;
    void HandleForward(Ptr<Ipv4Route> route,
                       Ptr<const Packet> packet,
                       const Ipv4Header& header,
                       const ForwardCallback& forward) override;

  private:
    /// A packet on its way through.
    struct Parcel
    {
        Ipv4Header header;  ///< of IPv4
        Ptr<Packet> packet; ///< what is behind it
    };

    /// What to do with a packet from outside.
    enum class Fate : uint8_t
    {
        Translated, ///< goes on inside
        Local,      ///< is for this node
        Dropped,    ///< is gone
    };

    /// Source, destination, identification and protocol of a packet in pieces.
    using FragmentKey = std::tuple<uint32_t, uint32_t, uint16_t, uint8_t>;

    /// What the first piece leaves for the others.
    struct FragmentNote
    {
        IpAddress address; ///< of the end that is changed
        Instant until;     ///< forgotten from then on
    };

    /**
     * @brief Get a rule as an attribute.
     * @tparam FIELD of the rules
     * @return its value
     */
    template <Duration NatRules::*FIELD>
    Time GetSpan() const;
    /**
     * @brief Set a rule as an attribute.
     * @tparam FIELD of the rules
     * @param value its value
     */
    template <Duration NatRules::*FIELD>
    void SetSpan(Time value);
    /**
     * @brief Get a rule as an attribute.
     * @tparam T type of the rule
     * @tparam FIELD of the rules
     * @return its value
     */
    template <typename T, T NatRules::*FIELD>
    T GetRule() const;
    /**
     * @brief Set a rule as an attribute.
     * @tparam T type of the rule
     * @tparam FIELD of the rules
     * @param value its value
     */
    template <typename T, T NatRules::*FIELD>
    void SetRule(T value);

    /**
     * @brief Get a rule as an attribute in words.
     * @tparam T type of the rule
     * @tparam FIELD of the rules
     * @return its word
     */
    template <typename T, T NatRules::*FIELD>
    std::string GetWord() const;
    /**
     * @brief Set a rule as an attribute in words.
     * @tparam T type of the rule
     * @tparam FIELD of the rules
     * @param word its word
     */
    template <typename T, T NatRules::*FIELD>
    void SetWord(std::string word);

    /**
     * @brief A packet is about to leave the node that came from inside.
     * @param parcel changed
     * @return false when it was dropped
     */
    bool TranslateOut(Parcel& parcel);
    /**
     * @brief A packet to the outside address came from outside.
     * @param parcel changed when it goes on
     * @return what becomes of it
     */
    Fate TranslateIn(Parcel& parcel);
    /**
     * @brief The same for an ICMP error that came from outside.
     * @param parcel changed when it goes on
     * @param payload its octets
     * @return what becomes of it
     */
    Fate TranslateErrorIn(Parcel& parcel, Octets payload);
    /**
     * @brief An ICMP error is about to leave.
     * @param parcel changed
     * @param payload its octets
     * @return false when it was dropped
     */
    bool TranslateErrorOut(Parcel& parcel, Octets payload);
    /**
     * @brief Change one end of a packet.
     * @param parcel changed
     * @param payload its octets
     * @param isSource which end
     * @param before as it is
     * @param after as it shall be
     */
    void Rewrite(Parcel& parcel,
                 Octets payload,
                 bool isSource,
                 const Endpoint& before,
                 const Endpoint& after);
    /**
     * @brief Change an address in the header, and leave a note for fragments that follow.
     * @param parcel changed
     * @param isSource which end
     * @param address as it shall be
     */
    void ChangeAddress(Parcel& parcel, bool isSource, const IpAddress& address);
    /**
     * @brief Treat a fragment behind the first one.
     * @param parcel changed
     * @param isSource which end is to be changed
     * @return false: no note was left for it
     */
    bool FollowFirstFragment(Parcel& parcel, bool isSource);
    /**
     * @brief Trace a dropped packet.
     * @param parcel which
     * @param reason why
     */
    void Drop(const Parcel& parcel, const std::string& reason);
    /**
     * @brief The table changed.
     * @param mapping which
     * @param change how
     */
    void HandleChange(const NatMapping& mapping, NatTable::Change change);
    /// @brief Be there when the next mapping expires.
    void ScheduleExpiry();
    /// @brief Mappings may be over.
    void HandleExpiry();
    /// @brief Get the outside address. @return none while the interface has none
    IpAddress GetOutsideAddress() const;
    /**
     * @brief Is a packet from outside for the node, though not for its outside address alone?
     * @param destination of the packet
     * @return true for groups, broadcasts, and further addresses of the outside interface
     */
    bool IsForAll(Ipv4Address destination) const;
    /// @brief Does a device lead outside? @param device any @return true when it does
    bool IsOutside(Ptr<const NetDevice> device) const;

    Ptr<NetDevice> m_outside;                                             ///< leads outside
    NatTable m_table;                                                     ///< mappings
    std::map<FragmentKey, FragmentNote> m_fragments;                      ///< packets in pieces
    EventId m_expiryEvent;                                                ///< a mapping may be over
    Instant m_nextLook;                                                   ///< time of that event
    TracedCallback<const NatMapping&, const std::string&> m_mappingTrace; ///< mappings come and go
    TracedCallback<Ptr<const Packet>, const std::string&> m_dropTrace;    ///< dropped packets
};

} // namespace ike
} // namespace ns3

#endif // IKE_NAT_H
