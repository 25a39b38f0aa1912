/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ROGUE_PEER_H
#define IKE_ROGUE_PEER_H

#include "ns3/ike-address.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-events.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/ike-message.h"

#include <memory>
#include <optional>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

/// The messages that a rogue sends, by name: main mode and quick mode in their order.
enum class RogueMessage : uint8_t
{
    None,
    MainMode1,     ///< HDR, SA
    MainMode2,     ///< HDR, SA
    MainMode3,     ///< HDR, KE, Ni
    MainMode4,     ///< HDR, KE, Nr
    MainMode5,     ///< HDR*, IDii, HASH_I
    MainMode6,     ///< HDR*, IDir, HASH_R
    QuickMode1,    ///< HDR*, HASH(1), SA, Ni [, KE], IDci, IDcr
    QuickMode2,    ///< HDR*, HASH(2), SA, Nr [, KE], IDci, IDcr
    QuickMode3,    ///< HDR*, HASH(3)
    Informational, ///< HDR*, HASH(1), N/D
    Aggressive1,   ///< HDR, SA, KE, Ni, IDii
    Aggressive2,   ///< HDR, SA, KE, Nr, IDir, HASH_R
    Aggressive3,   ///< HDR*, HASH_I
};

/// What a rogue does wrong in one message; a field that is not set does nothing.
struct RogueFault
{
    RogueMessage message{RogueMessage::None}; ///< which message is spoiled

    // --- Header (RFC 2408 3.1) ---
    bool initiatorCookie{false};          ///< CKY-I is another one
    bool responderCookie{false};          ///< CKY-R is another one
    std::optional<uint8_t> version;       ///< major and minor version
    std::optional<uint8_t> exchange;      ///< exchange type
    std::optional<uint8_t> flags;         ///< flag octet
    std::optional<uint32_t> messageId;    ///< M-ID in the header alone; keys follow the true one
    std::optional<uint32_t> headerLength; ///< length of the message
    std::optional<uint8_t> firstType;     ///< type of the first payload
    bool inClear{false};                  ///< an encrypted message goes out as its plain text

    // --- Payloads ---
    bool reversed{false};                  ///< payloads in reverse order (the HASH stays right)
    std::optional<PayloadType> twice;      ///< the payload of this type stands there twice
    std::optional<PayloadType> missing;    ///< the payload of this type is left out
    std::optional<uint8_t> extraType;      ///< a payload of this type with 8 octets at the end
    std::optional<uint8_t> reserved;       ///< RESERVED of the first generic header
    std::optional<uint16_t> payloadLength; ///< length of the first generic header
    bool wrongHash{false};                 ///< an octet of HASH is another one
    std::optional<Octets> hash;            ///< body of HASH
    std::optional<Octets> publicValue;     ///< body of KE
    std::optional<Octets> nonce;           ///< body of NONCE
    std::optional<Octets> identity;        ///< data of the first ID
    std::optional<Octets> signature;       ///< body of SIG
    std::vector<Payload> more;             ///< at the end, as they are

    // --- SA (RFC 2408 3.4 to 3.6) ---
    std::optional<uint16_t> cipher;          ///< phase 1: another encryption algorithm
    std::optional<uint8_t> transformId;      ///< phase 2: another ESP transform
    std::optional<Octets> lifetime;          ///< life duration as a variable attribute
    bool noLifetime{false};                  ///< neither life type nor duration
    std::optional<uint8_t> spiSize;          ///< SPI size of the first proposal, SPI as it is
    std::optional<uint16_t> attributeLength; ///< length of the last attribute (made variable)
    std::optional<uint8_t> proposals;        ///< so many copies of the proposal
    std::optional<uint8_t> transforms;       ///< number of transforms in the proposal's header

    // --- Sending ---
    unsigned copies{1}; ///< how often it is sent

    // --- All messages ---
    uint8_t cookie{0xc0};               ///< each octet of its cookie
    std::vector<Payload> vendorIds;     ///< in its first message
    std::vector<Endpoint> natDiscovery; ///< of these, NAT-D in message 3 or 4 of main mode
    std::vector<Octets> certificates;   ///< X.509, in front of SIG
    std::optional<Octets> privateKey;   ///< proves itself by RSA signatures, not by the key
    std::optional<IdPayload> identify;  ///< in place of its address
};

/**
 * An IKEv1 peer for tests that knows the pre-shared key and does one thing wrong.
 *
 * It is built on the wire and crypto rooms alone: the engine's own negotiating code is not trusted
 * to judge itself. One phase 1 with 3DES, SHA-1 and a group of choice, one quick mode at a time
 * (ESP with 3DES and HMAC-SHA-1, everything to everything); it sends nothing again.
 */
class RoguePeer
{
  public:
    /**
     * @param crypto does the computing
     * @param role who begins phase 1 and quick mode
     * @param own address of the rogue, its identity
     * @param secret pre-shared key
     * @param group of phase 1
     * @param fault what it does wrong
     */
    RoguePeer(std::shared_ptr<CryptoProvider> crypto,
              Role role,
              const IpAddress& own,
              const Octets& secret,
              DhGroup group,
              const RogueFault& fault);

    /// Message 1 of main mode.
    std::vector<Octets> Begin();
    /// Message 1 of aggressive mode.
    std::vector<Octets> BeginAggressive();
    /// A datagram of the engine arrives: what is sent next, if anything.
    std::vector<Octets> Hear(const Octets& datagram);
    /// Message 1 of a quick mode, once phase 1 is over.
    std::vector<Octets> BeginQuickMode();
    /// HDR*, HASH(1), payloads: an informational exchange.
    std::vector<Octets> Inform(const std::vector<Payload>& payloads);

    /// The message that was sent last.
    RogueMessage GetSent() const;
    /// Is phase 1 over as the rogue sees it?
    bool IsEstablished() const;
    IsakmpIdentity GetIdentity() const;
    /// The SPI of the rogue's quick mode: the engine sends on it.
    uint32_t GetSpi() const;
    /// The engine's SPI of the last quick mode; 0 before it was heard.
    uint32_t GetPeerSpi() const;

  private:
    std::vector<Octets> Send(RogueMessage message,
                             ExchangeType exchange,
                             uint32_t messageId,
                             std::vector<Payload> payloads,
                             Octets& iv);
    std::vector<Octets> SendMainMode(RogueMessage message, const std::vector<Payload>& payloads);
    std::vector<Octets> SendQuickMode(RogueMessage message, const std::vector<Payload>& payloads);
    std::vector<Octets> SendAggressive(RogueMessage message, std::vector<Payload> payloads);
    bool IsSpoiled(RogueMessage message) const;
    SaPayload MakeSa(bool phase1) const;
    void SpoilSa(SaPayload& sa, bool phase1) const;
    void SpoilPayloads(std::vector<Payload>& payloads) const;
    void SpoilChain(Octets& chain, const std::vector<Payload>& payloads) const;
    void SpoilHeader(Octets& octets) const;
    Octets HashFor(RogueMessage message, uint32_t messageId, const Octets& rest) const;
    Octets ChainWithHash(RogueMessage message,
                         uint32_t messageId,
                         std::vector<Payload> payloads,
                         const Octets& rest);
    Octets Seal(const Octets& chain, Octets& iv);
    std::optional<Message> Open(const Header& header, const Octets& datagram);
    std::vector<Octets> HearMainMode(const Message& message);
    std::vector<Octets> HearAggressive(const Message& message);
    std::vector<Payload> MakeKeyExchange() const;
    IdPayload MakeId() const;
    std::vector<Payload> MakeProof(const Octets& hash) const;
    std::vector<Octets> HearQuickMode(const Header& header, const Message& message);
    void DeriveKeys();

    std::shared_ptr<CryptoProvider> m_crypto; ///< does the computing
    Role m_role;                              ///< who begins
    IpAddress m_own;                          ///< identity
    Octets m_secret;                          ///< pre-shared key
    DhGroup m_group;                          ///< of phase 1
    RogueFault m_fault;                       ///< what is wrong
    Cookie m_initiatorCookie{};               ///< CKY-I
    Cookie m_responderCookie{};               ///< CKY-R
    Octets m_saBody;                          ///< SAi_b as it was sent
    Octets m_private;                         ///< x
    Octets m_publicOwn;                       ///< g^x
    Octets m_publicPeer;                      ///< of the engine
    Octets m_nonceOwn;                        ///< of phase 1
    Octets m_noncePeer;                       ///< of phase 1
    Octets m_shared;                          ///< g^xy
    IdPayload m_ownId;                        ///< as it was sent
    SkeyidFamily m_keys;                      ///< SKEYID and its children
    Octets m_encryptionKey;                   ///< Ka
    Octets m_iv;                              ///< phase 1; then its last block
    bool m_established{false};                ///< phase 1 is over
    uint32_t m_messageId{0};                  ///< of the quick mode
    Octets m_quickIv;                         ///< of its next message
    Octets m_quickNonceOwn;                   ///< of the quick mode
    Octets m_quickNoncePeer;                  ///< of the quick mode
    std::vector<IdPayload> m_quickIds;        ///< IDci, IDcr
    uint32_t m_peerSpi{0};                    ///< of the engine
    uint32_t m_nextId{0x1000};                ///< next message ID
    uint8_t m_firstType{0};                   ///< type of the first payload of a message
    RogueMessage m_sent{RogueMessage::None};  ///< the last one
};

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_ROGUE_PEER_H
