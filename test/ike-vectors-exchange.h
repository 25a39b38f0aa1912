/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_EXCHANGE_H
#define IKE_VECTORS_EXCHANGE_H

#include "ike-vectors-formats.h"

#include "ns3/ike-key-schedule.h"
#include "ns3/ike-message.h"
#include "ns3/ike-negotiate.h"

#include <array>
#include <map>

namespace ns3
{
namespace ike
{
namespace tests
{

/// The two ends of an ISAKMP SA: indices of arrays.
enum Side : size_t
{
    INITIATOR = 0,
    RESPONDER = 1,
};

/// The other end.
inline Side
Other(Side side)
{
    return side == INITIATOR ? RESPONDER : INITIATOR;
}

/// A message of a recorded exchange, and what DecodeExchange() found in it.
struct ExchangeMessage
{
    std::string name;            ///< "frame 3"
    Duration time;               ///< since the first one
    Side from{INITIATOR};        ///< who sent it, as a role in phase 1
    Endpoint source;             ///< of the sender
    Endpoint destination;        ///< of the receiver
    Octets octets;               ///< the whole message
    Header header;               ///< decoded
    bool repeats{false};         ///< the same octets came before
    Octets iv;                   ///< encrypted: with which the sender began
    Octets plaintext;            ///< encrypted: under the sender's key
    Octets receiverPlaintext;    ///< encrypted: under the receiver's key, another when PSKs differ
    std::optional<Message> read; ///< its payloads
    std::string error;           ///< why they could not be read
    unsigned number{0};          ///< which message of its exchange, from 1 on
    std::optional<Octets> hash;  ///< what its HASH payload must hold

    bool IsProtected() const
    {
        return header.IsEncrypted();
    }
};

/// What one end had when its keys stood.
struct ExchangeKeys
{
    SkeyidFamily family; ///< SKEYID and its children
    Octets encryption;   ///< Ka
};

/// A quick mode that was found in an exchange.
struct ExchangeChild
{
    uint32_t messageId{0};              ///< M-ID
    Side begunBy{INITIATOR};            ///< its initiator, as a role in phase 1
    std::array<Octets, 2> nonces;       ///< Ni_b, Nr_b, by role in quick mode
    std::array<Octets, 2> publics;      ///< KE payloads with PFS, by role in quick mode
    std::optional<SaPayload> offer;     ///< of message 1
    std::optional<Phase2Choice> choice; ///< what message 2 means
    std::array<uint32_t, 2> spis{};     ///< on which each receives, by role in quick mode
    std::array<IdPayload, 2> selectors; ///< IDci, IDcr of message 1
    std::array<IdPayload, 2> answered;  ///< and of message 2
    std::array<Octets, 2> keymats;      ///< of the SA on which each receives
};

/// One ISAKMP SA and all that was said under it. The part above is recorded, the part below is what
/// follows from it.
struct Exchange
{
    std::array<Octets, 2> preSharedKeys;    ///< of each end; they may differ
    std::map<Octets, Octets> privateValues; ///< Diffie-Hellman: public value to private value
    std::vector<ExchangeMessage> messages;  ///< in the order of the wire

    Octets saBody;                       ///< SAi_b
    std::optional<SaPayload> offer;      ///< the same, read
    std::optional<IsakmpPolicy> policy;  ///< what was chosen
    std::array<Octets, 2> cookies;       ///< CKY-I, CKY-R
    std::array<Octets, 2> publics;       ///< g^xi, g^xr
    std::array<Octets, 2> nonces;        ///< Ni_b, Nr_b
    std::array<IdPayload, 2> identities; ///< IDii, IDir
    Octets shared;                       ///< g^xy
    Octets firstIv;                      ///< of phase 1
    std::array<ExchangeKeys, 2> keys;    ///< of each end
    bool hasKeys{false};                 ///< could they be derived?
    std::vector<ExchangeChild> children; ///< quick modes, in their order
};

/// Read all messages: derive every key from pre-shared keys, private values and what stands in the
/// messages, and decrypt along the chains of IVs of both ends.
void DecodeExchange(CryptoProvider& crypto, Exchange& exchange);
/// g^xy of two public values, with whichever private value is known; empty without one.
Octets DeriveShared(CryptoProvider& crypto,
                    const Exchange& exchange,
                    DhGroup group,
                    const std::array<Octets, 2>& publics);

/// The first payload of a type in a message, or null.
template <typename T>
const T*
FindIn(const ExchangeMessage& m)
{
    return m.read ? m.read->Find<T>() : nullptr;
}

/// Read, print and write back all messages; compare the hashes, and keep the rules.
void CheckExchange(VectorRun& run, const Exchange& exchange);
/// Let an engine be one of the ends: it gets what that end got, and must say what that end said.
void ReplayExchange(VectorRun& run, const Exchange& exchange, Side role);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_EXCHANGE_H
