/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NAT_TABLE_H
#define IKE_NAT_TABLE_H

#include "ns3/ike-address.h"
#include "ns3/ike-time.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// How far a NAT looks at the other side of a packet (RFC 4787 4.1 for mappings, 5 for filters).
enum class NatBehaviour : uint8_t
{
    EndpointIndependent,     ///< not at all
    AddressDependent,        ///< at its address
    AddressAndPortDependent, ///< at its address and port
};

/// What a NAT does with ESP that is not in UDP: it has no ports to tell hosts apart by.
enum class NatEsp : uint8_t
{
    Drop,    ///< none passes
    OneHost, ///< that of one inside host at a time, whoever was first, as cheap home routers do
};

/// Words for them, in their order. @return all of them
const std::vector<std::string>& WordsOf(NatBehaviour);
/// The same. @return all of them
const std::vector<std::string>& WordsOf(NatEsp);

/// What a NAT goes by.
struct NatRules
{
    NatBehaviour mapping{NatBehaviour::EndpointIndependent};       ///< RFC 4787 REQ-1
    NatBehaviour filtering{NatBehaviour::AddressAndPortDependent}; ///< who may answer
    NatEsp esp{NatEsp::OneHost};                                   ///< ESP without UDP
    bool preservePorts{false};                                     ///< same port outside, if free
    bool inboundRefresh{false};                    ///< RFC 4787 REQ-6: MAY; outbound always does
    Duration udpLifetime{Duration::Seconds(30)};   ///< of an unused mapping
    Duration tcpLifetime{Duration::Seconds(7440)}; ///< the same; RFC 5382 REQ-5
    Duration icmpLifetime{Duration::Seconds(60)};  ///< the same; RFC 5508 REQ-2
    Duration espLifetime{Duration::Seconds(120)};  ///< the same
    uint16_t firstPort{20000};                     ///< of those given out
    uint16_t lastPort{29999};                      ///< of the same
    uint32_t maxMappings{1024};                    ///< beyond it nothing new passes
    uint32_t maxRemotes{64};                       ///< remembered per mapping, for the filter
};

/// An inside endpoint as the outside sees it.
struct NatMapping
{
    uint8_t protocol{0};     ///< 1: `port` is an echo identifier; 50: ports are 0
    Endpoint inside;         ///< who
    Endpoint remote;         ///< towards whom; none and 0 where the rules do not look at it
    uint16_t outsidePort{0}; ///< seen from outside
    Instant expires;         ///< unless it is used again
    /// Who was sent something, in the order of their last packets, as far as the filter looks.
    std::vector<Endpoint> permitted{};
};

/**
 * @ingroup ike
 * @brief The table of a NAPT (RFC 3022): a plain value, without ns-3.
 *
 * Bounded in all directions: nothing that arrives can make it grow without end.
 */
class NatTable
{
  public:
    /// What became of a mapping.
    enum class Change : uint8_t
    {
        Made,    ///< new
        Expired, ///< not used for its lifetime
        Flushed, ///< forgotten
        Moved,   ///< new, and the inside endpoint had another outside port before
    };

    /// Told of each change.
    using Listener = std::function<void(const NatMapping&, Change)>;

    /**
     * @brief Set what to go by; mappings that exist are forgotten.
     * @param rules of the NAT
     */
    void SetRules(const NatRules& rules);
    /**
     * @brief Get what it goes by.
     * @return the rules
     */
    const NatRules& GetRules() const;
    /**
     * @brief Say who is told of changes.
     * @param listener the one, or an empty function
     */
    void SetListener(Listener listener);
    /**
     * @brief Give an outside port to an inside endpoint for good: anybody may come in by it.
     * @param protocol of IP
     * @param outsidePort seen from outside
     * @param inside who
     */
    void AddForward(uint8_t protocol, uint16_t outsidePort, const Endpoint& inside);

    /**
     * @brief A packet leaves.
     * @param now the time
     * @param protocol of IP
     * @param inside its source
     * @param remote its destination
     * @param reason why not, when it may not: "nat-full", "nat-ports", "nat-esp"
     * @return its outside port
     */
    std::optional<uint16_t> Outbound(Instant now,
                                     uint8_t protocol,
                                     const Endpoint& inside,
                                     const Endpoint& remote,
                                     std::string& reason);
    /**
     * @brief A packet arrives from outside.
     * @param now the time
     * @param protocol of IP
     * @param outsidePort its destination
     * @param remote its source
     * @param reason why not, when it may not: "nat-no-mapping", "nat-filtered"
     * @return whom it is for
     */
    std::optional<Endpoint> Inbound(Instant now,
                                    uint8_t protocol,
                                    uint16_t outsidePort,
                                    const Endpoint& remote,
                                    std::string& reason);
    /**
     * @brief Whose is an outside port? For errors about packets: changes nothing.
     * @param now the time
     * @param protocol of IP
     * @param outsidePort seen from outside
     * @return the inside endpoint, if any
     */
    std::optional<Endpoint> FindInside(Instant now, uint8_t protocol, uint16_t outsidePort) const;
    /**
     * @brief How is an inside endpoint seen from outside? For errors about packets.
     * @param now the time
     * @param protocol of IP
     * @param inside the endpoint
     * @param remote by whom
     * @return the outside port, if any
     */
    std::optional<uint16_t> FindOutside(Instant now,
                                        uint8_t protocol,
                                        const Endpoint& inside,
                                        const Endpoint& remote) const;
    /**
     * @brief Forget what was not used for its lifetime.
     * @param now the time
     */
    void Expire(Instant now);
    /**
     * @brief When does the next mapping expire?
     * @return the time, or Never()
     */
    Instant GetNextExpiry() const;
    /**
     * @brief When is Expire() to be called next? Found without a look at each mapping.
     * @return not later than the next expiry, and Never() without one
     */
    Instant GetNextLook() const;
    /// @brief Forget all mappings but forwards, as a NAT that restarts. Ports are not given again
    /// before all others were.
    void Flush();
    /**
     * @brief Get the mappings that are there, without forwards.
     * @return by protocol and outside port
     */
    std::vector<NatMapping> GetMappings() const;

  private:
    /// Protocol and outside port.
    using OutsideKey = std::pair<uint8_t, uint16_t>;
    /// Protocol, inside endpoint, and as much of the remote one as the rules look at.
    using InsideKey = std::tuple<uint8_t, Endpoint, Endpoint>;

    InsideKey KeyOf(uint8_t protocol, const Endpoint& inside, const Endpoint& remote) const;
    std::optional<uint16_t> FindForward(uint8_t protocol, const Endpoint& inside) const;
    NatMapping* Make(uint8_t protocol,
                     const Endpoint& inside,
                     const Endpoint& remote,
                     std::string& reason);
    std::optional<uint16_t> PickPort(uint8_t protocol, uint16_t wanted);
    bool IsFree(uint8_t protocol, uint16_t port) const;
    void Permit(NatMapping& mapping, const Endpoint& remote) const;
    bool IsPermitted(const NatMapping& mapping, const Endpoint& remote) const;
    void Remove(OutsideKey key, Change change);
    void Tell(const NatMapping& mapping, Change change) const;
    Duration LifetimeOf(uint8_t protocol) const;

    NatRules m_rules;                            ///< what to go by
    Listener m_listener;                         ///< told of changes
    std::map<OutsideKey, Endpoint> m_forwards;   ///< for good
    std::map<OutsideKey, NatMapping> m_mappings; ///< by what is seen outside
    std::map<InsideKey, uint16_t> m_ports;       ///< outside ports of the same
    std::map<InsideKey, uint16_t> m_earlier;     ///< those of mappings that are gone
    uint32_t m_nextPort{0};                      ///< to be tried next, from the first one on
    Instant m_soonest{Instant::Never()};         ///< no mapping expires before it
};

} // namespace ike
} // namespace ns3

#endif // IKE_NAT_TABLE_H
