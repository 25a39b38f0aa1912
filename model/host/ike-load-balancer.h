/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LOAD_BALANCER_H
#define IKE_LOAD_BALANCER_H

#include "ike-load-balancer-prober.h"
#include "ike-load-balancer-table.h"
#include "ike-routing-shell.h"

#include "ns3/event-id.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief A load balancer in the manner of IOS SLB for an ns-3 node: one virtual address in front of
 * several hubs (BalancerTable says which one serves whom).
 *
 * **To the virtual address.** Dispatched mode: a packet goes unchanged to the hub as its next hop,
 * so the hub must be a neighbour and have the address, too (on a loopback); it answers from it,
 * along a way of its own. Directed mode: the destination becomes the hub's individual address, with
 * the checksums that know it (RFC 1624); hubs need nothing, but their answers must come back
 * through this node. The node itself offers no service at the virtual address.
 *
 * **From a hub.** In directed mode a packet to a client that an entry binds to that very hub gets
 * the virtual address as its source. Ports stay as they are, so the balancer cannot tell what a hub
 * says of its own accord from an answer: while the entry lives, both leave from the virtual
 * address. All else that a hub sends from its individual address goes by BalancerOutbound.
 *
 * **ICMP errors** about packets of the virtual address go to the hub of the client that they name,
 * and those of a hub about a client's packet leave from the virtual address; the packet inside is
 * changed with them.
 *
 * **Fragments.** Where the port decides on the entry, the first fragment leaves a note for those
 * that follow; one that overtook it goes by its client's entry, and is dropped when there is none.
 *
 * **Probes** are real ICMP echoes from this node to the individual addresses of the hubs; they see
 * a link or an interface that is down, not an IKE daemon that has lost its state.
 */
class IkeLoadBalancer : public IkeRoutingShell
{
  public:
    /**
     * TracedCallback signature for things worth reporting: entries and hubs.
     * @param [in] event of kind EventKind::Balancer
     */
    typedef void (*EventTracedCallback)(const TimedEvent& event);

    /**
     * TracedCallback signature for packets that are dropped.
     * @param [in] packet the packet, behind its IPv4 header
     * @param [in] reason "balancer-no-hub" (none can take it), "balancer-unreachable" (the hub is
     *             no neighbour now), "balancer-fragment", "balancer-no-entry" (an ICMP error about
     *             nobody's packet) or "balancer-outbound" (BalancerOutbound::Drop)
     */
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, const std::string& reason);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeLoadBalancer();
    ~IkeLoadBalancer() override;

    /**
     * @brief Become the top routing protocol of a node that has a stack.
     * @param ipv4 of the node
     * @param virtualAddress of the farm
     * @param outside the device that leads to the clients
     */
    void Install(Ptr<Ipv4> ipv4, Ipv4Address virtualAddress, Ptr<NetDevice> outside);
    /**
     * @brief Set all rules at once.
     * @param rules of the table; entries that exist are forgotten
     */
    void SetRules(const BalancerRules& rules);
    /**
     * @brief Add a hub.
     * @param name for people
     * @param address its individual one
     * @param weight of two predictors
     */
    void AddHub(const std::string& name, Ipv4Address address, uint32_t weight = 1);
    /**
     * @brief Take a hub out of service, let it drain, or take it in again.
     * @param name of the hub
     * @param service the operator's word
     */
    void SetService(const std::string& name, HubService service);
    /**
     * @brief Get the table.
     * @return rules, hubs and counters
     */
    const BalancerTable& GetTable() const;
    /**
     * @brief Get the virtual address.
     * @return the one of the farm
     */
    Ipv4Address GetVirtualAddress() const;

    // from IkeRoutingShell
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    RouteInputArgs::Ucb ucb,
                    RouteInputArgs::Mcb mcb,
                    RouteInputArgs::Lcb lcb,
                    RouteInputArgs::Ecb ecb) override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;
    void HandleForward(Ptr<Ipv4Route> route,
                       Ptr<const Packet> packet,
                       const Ipv4Header& header,
                       const ForwardCallback& forward) override;

  private:
    /**
     * @brief Get a rule as an attribute.
     * @tparam T type of the rule
     * @tparam FIELD of the rules
     * @return its value
     */
    template <typename T, T BalancerRules::*FIELD>
    T GetRule() const;
    /**
     * @brief Set a rule as an attribute.
     * @tparam T type of the rule
     * @tparam FIELD of the rules
     * @param value its value
     */
    template <typename T, T BalancerRules::*FIELD>
    void SetRule(T value);
    /**
     * @brief Get a rule as an attribute.
     * @tparam FIELD of the rules
     * @return its value
     */
    template <Duration BalancerRules::*FIELD>
    Time GetSpan() const;
    /**
     * @brief Set a rule as an attribute.
     * @tparam FIELD of the rules
     * @param value its value
     */
    template <Duration BalancerRules::*FIELD>
    void SetSpan(Time value);
    /**
     * @brief Get a rule as an attribute in words.
     * @tparam T type of the rule
     * @tparam FIELD of the rules
     * @return its word
     */
    template <typename T, T BalancerRules::*FIELD>
    std::string GetWord() const;
    /**
     * @brief Set a rule as an attribute in words.
     * @tparam T type of the rule
     * @tparam FIELD of the rules
     * @param word its word
     */
    template <typename T, T BalancerRules::*FIELD>
    void SetWord(std::string word);

    /// A packet on its way through.
    struct Parcel
    {
        Ipv4Header header;  ///< of IPv4
        Ptr<Packet> packet; ///< what is behind it
    };

    /// Source, destination, identification and protocol of a packet in pieces.
    using FragmentKey = std::tuple<uint32_t, uint32_t, uint16_t, uint8_t>;

    /// What the first piece leaves for the others.
    struct FragmentNote
    {
        size_t hub{0};       ///< whose
        bool isBound{false}; ///< by an entry
        Instant until;       ///< forgotten from then on
    };

    /**
     * @brief A packet to the virtual address came: which hub is it for? Drops it when for none.
     * @param parcel the packet; of an ICMP error, the packet inside gets the hub's address in
     *        directed mode
     * @return the hub
     */
    std::optional<size_t> FindHubFor(Parcel& parcel);
    /**
     * @brief The same for an ICMP error: the hub of the client whose packet it is about.
     * @param parcel the packet
     * @return the hub
     */
    std::optional<size_t> FindHubOfError(Parcel& parcel);
    /**
     * @brief Give a packet to a hub as it is.
     * @param hub which
     * @param p the packet
     * @param header its header
     * @param forward IPv4's own way to forward
     */
    void Dispatch(size_t hub,
                  Ptr<const Packet> p,
                  const Ipv4Header& header,
                  const ForwardCallback& forward);
    /**
     * @brief A packet leaves that a hub sent from its individual address.
     * @param hub which
     * @param parcel changed when it is to leave from the virtual address
     * @return false when it was dropped
     */
    bool TakeOutbound(size_t hub, Parcel& parcel);
    /**
     * @brief Does an entry bind the hub to the client that it sends something to?
     * @param hub which
     * @param parcel the packet; of an ICMP error, the packet inside gets the virtual address
     * @return true when it does
     */
    bool IsBound(size_t hub, Parcel& parcel);
    /**
     * @brief Change an address in the header and in the checksums behind it.
     * @param parcel changed
     * @param isSource which end
     * @param address as it shall be
     */
    void ChangeAddress(Parcel& parcel, bool isSource, const IpAddress& address) const;
    /**
     * @brief Change an address of the packet that an ICMP error is about.
     * @param parcel changed
     * @param isSource which end of the packet inside
     * @param address as it shall be
     */
    void ChangeInner(Parcel& parcel, bool isSource, const IpAddress& address) const;
    /**
     * @brief Leave a note for the fragments that follow a first one.
     * @param header of the first one, as it came
     * @param note what they have to know
     */
    void NoteFragment(const Ipv4Header& header, const FragmentNote& note);
    /**
     * @brief Find the note of a later fragment; the last fragment takes it away.
     * @param header of the fragment
     * @return the note, if any
     */
    std::optional<FragmentNote> FollowFirstFragment(const Ipv4Header& header);
    /**
     * @brief Trace a dropped packet.
     * @param packet which
     * @param reason why
     */
    void Drop(Ptr<const Packet> packet, const std::string& reason);
    /**
     * @brief The table changed.
     * @param notice how
     */
    void HandleNotice(const BalancerNotice& notice);
    /**
     * @brief A probe is over.
     * @param hub which
     * @param answered was there an answer?
     */
    void HandleProbe(size_t hub, bool answered);
    /// @brief Be there when the next entry expires.
    void ScheduleExpiry();
    /// @brief Entries may be over.
    void HandleExpiry();

    BalancerTable m_table;                           ///< entries and hubs
    IpAddress m_virtual;                             ///< address of the farm
    Ptr<NetDevice> m_outside;                        ///< leads to the clients
    std::string m_name;                              ///< in events
    BalancerProber m_prober;                         ///< asks the hubs
    Time m_probeInterval;                            ///< between two probes; 0: none
    std::map<FragmentKey, FragmentNote> m_fragments; ///< packets in pieces
    EventId m_expiryEvent;                           ///< an entry may be over
    TracedCallback<const TimedEvent&> m_eventTrace;  ///< entries and hubs
    TracedCallback<Ptr<const Packet>, const std::string&> m_dropTrace; ///< dropped packets
};

} // namespace ike
} // namespace ns3

#endif // IKE_LOAD_BALANCER_H
