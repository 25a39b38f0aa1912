/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_CONTEXT_H
#define IKEV1_CONTEXT_H

#include "ikev1-state.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Everything that a step of IKEv1 works on. Lives for one Handle() alone.
struct Ikev1Context
{
    Instant now;                                  ///< time of the input
    const EngineConfig& config;                   ///< what the operator wants
    CryptoProvider& crypto;                       ///< prf, hash, cipher
    Ikev1State& state;                            ///< what is changed
    Actions& actions;                             ///< what the host has to do
    std::shared_ptr<const ConnectionIndex> index; ///< of the configuration
    /// Connections for which something began or ended, and whether an attempt began: what is due
    /// for them stands at the end of the actions.
    std::map<ConnectionId, bool> touched{};
    /// Does anybody listen to events? See Report().
    bool isHeard{true};

    const IkeKnobs& Knobs() const
    {
        return config.knobs;
    }

    /// The configuration of a tunnel, or null: also of one that a peer has opened.
    const ConnectionConfig* FindConnection(ConnectionId id) const;
    /// All connections between two addresses: those of the configuration, then those that the peer
    /// has opened.
    std::vector<const ConnectionConfig*> FindBetween(const IpAddress& local,
                                                     const IpAddress& peer) const;
    /// Something began or ended for a connection.
    void Touch(ConnectionId connection, bool attempt = false);
    /// An ISAKMP SA, quick mode or pair by number, or null.
    IsakmpSa* FindIsakmp(IsakmpNumber number);
    QuickMode* FindQuickMode(uint32_t number);
    PairState* FindPair(PairId id);

    /// A random value of this engine: keyed, unless a recorded one is left for the purpose.
    Octets Random(RandomPurpose purpose,
                  const IpAddress& peer,
                  const Octets& context,
                  uint64_t counter,
                  size_t length);
    /// A random share of the jitter of a renewal: a number in [0, JITTER_STEPS) (ike-timing.h).
    uint64_t RandomJitter(const IpAddress& peer, const Octets& context);

    /// Ask the host for a Diffie-Hellman operation.
    void Compute(const JobOwner& owner, const DhJob& job);
    /// Say what happened. Without listeners only warnings, which a host keeps, are said: whoever
    /// reports often, or has to work for it, looks at isHeard first.
    void Report(Event event);

    /// The names of the payloads of a message for its report; nothing when nobody listens.
    std::string NamesFor(const Header& header, const Message& message) const
    {
        return isHeard ? PrintPayloadNames(header, message.payloads) : std::string();
    }

    /// The events of an ISAKMP SA, a quick mode and a pair, with what is common to them.
    static Event MakeEvent(EventKind kind, const IsakmpSa& sa);
    static Event MakeEvent(EventKind kind, const IsakmpSa& sa, const QuickMode& quick);
    static Event MakeEvent(EventKind kind, const PairState& pair);
    static Event MakeEvent(EventKind kind, const ConnectionConfig& connection);
    /// A datagram was not taken.
    void ReportDropped(const DatagramInput& datagram, const Header* header, const std::string& why);
};

/// A number as the context of a random value.
Octets NumberContext(uint64_t number);
/// A cookie as octets.
Octets CookieOctets(const Cookie& cookie);
/// The exchange of a header by the name of the field.
ExchangeKind KindOf(ExchangeType type);

} // namespace ike
} // namespace ns3

#endif // IKEV1_CONTEXT_H
