/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-exchange.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-message-rules.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Where the IVs of one end stand (RFC 2409 Appendix B).
struct IvState
{
    Octets phase1;                     ///< the last block of phase 1, or its first IV
    std::map<uint32_t, Octets> phase2; ///< of the next message, by message ID
};

/// A walk through the messages of an exchange.
class Decoder
{
  public:
    Decoder(CryptoProvider& crypto, Exchange& exchange)
        : m_crypto(crypto),
          m_x(exchange)
    {
    }

    void Decode()
    {
        for (size_t i = 0; i < m_x.messages.size(); ++i)
        {
            ExchangeMessage& m = m_x.messages[i];
            const auto end = m_x.messages.begin() + static_cast<std::ptrdiff_t>(i);
            const auto same = std::find_if(m_x.messages.begin(), end, [&m](const auto& other) {
                return other.octets == m.octets;
            });
            if (same != end)
            {
                const ExchangeMessage found = *same;
                TakeOver(m, found);
                continue;
            }
            ReadOne(m);
        }
    }

  private:
    /// A repetition says what the first one said.
    static void TakeOver(ExchangeMessage& m, const ExchangeMessage& first)
    {
        ExchangeMessage copy = first;
        copy.name = m.name;
        copy.time = m.time;
        copy.source = m.source;
        copy.destination = m.destination;
        copy.repeats = true;
        m = copy;
    }

    void ReadOne(ExchangeMessage& m)
    {
        const Parsed<Header> header = ReadHeader(m.octets);
        m.error = header.error.text;
        if (!header)
        {
            return;
        }
        m.header = *header.value;
        if (m.IsProtected())
        {
            Decrypt(m);
        }
        else
        {
            Keep(m, ReadMessage(m.octets));
        }
        if (!m.read)
        {
            return;
        }
        const bool isPhase1 = m.header.messageId == 0;
        if (isPhase1 && m.header.exchange != ExchangeType::Informational)
        {
            m.number = ++m_phase1Messages;
            ReadPhase1(m);
        }
        else if (m.header.exchange == ExchangeType::QuickMode)
        {
            ReadQuickMode(m);
        }
        else if (m.header.exchange == ExchangeType::Informational)
        {
            m.number = 1;
            if (m.IsProtected())
            {
                m.hash = Hash1(m);
            }
        }
    }

    static void Keep(ExchangeMessage& m, const Parsed<Message>& parsed)
    {
        m.read = parsed.value;
        m.error = parsed.error.text;
    }

    // --- Encryption ------------------------------------------------------------------------------

    void Decrypt(ExchangeMessage& m)
    {
        const unsigned block = m_x.policy ? BlockLengthOf(m_x.policy->cipher) : 1;
        const Octets sealed(m.octets.begin() + HEADER_LENGTH, m.octets.end());
        if (!m_x.hasKeys || sealed.empty() || sealed.size() % block != 0)
        {
            m.error = m_x.hasKeys ? "not a whole number of blocks" : "its keys are not known";
            return;
        }
        const Octets last(sealed.end() - block, sealed.end());
        const Side to = Other(m.from);
        m.iv = NextIv(m.from, m.header.messageId);
        m.plaintext = Decrypted(m.from, m.iv, sealed);
        Keep(m, ReadPayloads(m.header, m.plaintext));
        m.receiverPlaintext = Decrypted(to, NextIv(to, m.header.messageId), sealed);
        Advance(m.from, m.header.messageId, last);
        if (m.receiverPlaintext == m.plaintext)
        {
            Advance(to, m.header.messageId, last);
        }
    }

    Octets Decrypted(Side side, const Octets& iv, const Octets& sealed)
    {
        return m_crypto.Decrypt(m_x.policy->cipher, m_x.keys[side].encryption, iv, sealed);
    }

    Octets NextIv(Side side, uint32_t messageId)
    {
        const IvState& state = m_ivs[side];
        const auto found = state.phase2.find(messageId);
        if (messageId == 0 || found != state.phase2.end())
        {
            return messageId == 0 ? state.phase1 : found->second;
        }
        return DerivePhase2Iv(m_crypto,
                              m_x.policy->hash,
                              state.phase1,
                              messageId,
                              BlockLengthOf(m_x.policy->cipher));
    }

    void Advance(Side side, uint32_t messageId, const Octets& lastBlock)
    {
        (messageId == 0 ? m_ivs[side].phase1 : m_ivs[side].phase2[messageId]) = lastBlock;
    }

    // --- Phase 1 ---------------------------------------------------------------------------------

    void ReadPhase1(ExchangeMessage& m)
    {
        m_x.cookies[INITIATOR] =
            Octets(m.header.initiatorCookie.begin(), m.header.initiatorCookie.end());
        m_x.cookies[RESPONDER] =
            Octets(m.header.responderCookie.begin(), m.header.responderCookie.end());
        if (const auto* sa = FindIn<SaPayload>(m))
        {
            ReadPhase1Sa(m.from, *sa);
        }
        if (const auto* ke = FindIn<KePayload>(m))
        {
            m_x.publics[m.from] = ke->data;
        }
        if (const auto* nonce = FindIn<NoncePayload>(m))
        {
            m_x.nonces[m.from] = nonce->data;
        }
        if (const auto* id = FindIn<IdPayload>(m))
        {
            m_x.identities[m.from] = *id;
        }
        if (!m_x.hasKeys)
        {
            DeriveKeys();
        }
        if (m_x.hasKeys && FindIn<HashPayload>(m))
        {
            m.hash = PhaseOneHash(m.from);
        }
    }

    void ReadPhase1Sa(Side from, const SaPayload& sa)
    {
        if (from == INITIATOR)
        {
            m_x.saBody = WriteBody(sa);
            m_x.offer = sa;
        }
        else if (m_x.offer)
        {
            m_x.policy = CheckPhase1Answer(*m_x.offer, sa);
        }
    }

    /// As soon as both public values, both nonces and one private value are there.
    void DeriveKeys()
    {
        const bool complete = m_x.policy && !m_x.publics[0].empty() && !m_x.publics[1].empty() &&
                              !m_x.nonces[0].empty() && !m_x.nonces[1].empty();
        m_x.shared =
            complete ? DeriveShared(m_crypto, m_x, m_x.policy->group, m_x.publics) : Octets();
        if (m_x.shared.empty())
        {
            return;
        }
        const HashAlgorithm hash = m_x.policy->hash;
        for (Side side : {INITIATOR, RESPONDER})
        {
            ExchangeKeys& keys = m_x.keys[side];
            keys.family = DeriveSkeyidPsk(m_crypto,
                                          hash,
                                          m_x.preSharedKeys[side],
                                          m_x.nonces[0],
                                          m_x.nonces[1],
                                          m_x.shared,
                                          m_x.cookies[0],
                                          m_x.cookies[1]);
            keys.encryption =
                DeriveEncryptionKey(m_crypto,
                                    hash,
                                    keys.family.e,
                                    KeyLengthOf(m_x.policy->cipher, m_x.policy->keyBits));
        }
        m_x.firstIv = DerivePhase1Iv(m_crypto,
                                     hash,
                                     m_x.publics[0],
                                     m_x.publics[1],
                                     BlockLengthOf(m_x.policy->cipher));
        m_ivs[0].phase1 = m_ivs[1].phase1 = m_x.firstIv;
        m_x.hasKeys = true;
    }

    Octets PhaseOneHash(Side from)
    {
        const Side to = Other(from);
        return ComputePhase1Hash(m_crypto,
                                 m_x.policy->hash,
                                 m_x.keys[from].family.skeyid,
                                 m_x.publics[from],
                                 m_x.publics[to],
                                 m_x.cookies[from],
                                 m_x.cookies[to],
                                 m_x.saBody,
                                 WriteBody(m_x.identities[from]));
    }

    // --- Phase 2 ---------------------------------------------------------------------------------

    Octets RestOf(const ExchangeMessage& m)
    {
        return WritePayloads(
            std::vector<Payload>(m.read->payloads.begin() + 1, m.read->payloads.end()));
    }

    Octets Hash1(const ExchangeMessage& m)
    {
        return ComputeHash1(m_crypto,
                            m_x.policy->hash,
                            m_x.keys[m.from].family.a,
                            m.header.messageId,
                            RestOf(m));
    }

    void ReadQuickMode(ExchangeMessage& m)
    {
        ExchangeChild& child = ChildOf(m);
        const Side role = m.from == child.begunBy ? INITIATOR : RESPONDER;
        const HashAlgorithm hash = m_x.policy->hash;
        const Octets& key = m_x.keys[m.from].family.a;
        m.number = ++m_quickMessages[m.header.messageId];
        if (m.number == 1)
        {
            m.hash = Hash1(m);
        }
        else if (m.number == 2)
        {
            m.hash = ComputeHash2(m_crypto,
                                  hash,
                                  key,
                                  m.header.messageId,
                                  child.nonces[INITIATOR],
                                  RestOf(m));
        }
        else if (m.number == 3)
        {
            m.hash = ComputeHash3(m_crypto,
                                  hash,
                                  key,
                                  m.header.messageId,
                                  child.nonces[INITIATOR],
                                  child.nonces[RESPONDER]);
        }
        ReadChild(m, child, role);
    }

    ExchangeChild& ChildOf(const ExchangeMessage& m)
    {
        for (ExchangeChild& child : m_x.children)
        {
            if (child.messageId == m.header.messageId)
            {
                return child;
            }
        }
        ExchangeChild child;
        child.messageId = m.header.messageId;
        child.begunBy = m.from;
        m_x.children.push_back(child);
        return m_x.children.back();
    }

    void ReadChild(const ExchangeMessage& m, ExchangeChild& child, Side role)
    {
        if (const auto* nonce = FindIn<NoncePayload>(m))
        {
            child.nonces[role] = nonce->data;
        }
        if (const auto* ke = FindIn<KePayload>(m))
        {
            child.publics[role] = ke->data;
        }
        const auto ids = m.read->FindAll<IdPayload>();
        if (m.number == 1 && ids.size() == 2)
        {
            child.selectors = {*ids[0], *ids[1]};
        }
        else if (m.number == 2 && ids.size() == 2)
        {
            child.answered = {*ids[0], *ids[1]};
        }
        const auto* sa = FindIn<SaPayload>(m);
        if (sa && !sa->proposals.empty() && sa->proposals[0].spi.size() == 4)
        {
            child.spis[role] = IpAddress::FromOctets(sa->proposals[0].spi).ToV4();
        }
        if (sa && m.number == 1)
        {
            child.offer = *sa;
        }
        else if (sa && child.offer)
        {
            child.choice = CheckPhase2Answer(*child.offer, *sa);
            DeriveKeymats(child);
        }
    }

    /// RFC 2409 5.5. The SA on which an end receives has the SPI that this end chose.
    void DeriveKeymats(ExchangeChild& child)
    {
        if (!child.choice)
        {
            return;
        }
        const EspTransformSet& set = child.choice->transform;
        const Octets shared = child.publics[0].empty()
                                  ? Octets()
                                  : DeriveShared(m_crypto, m_x, child.choice->pfs, child.publics);
        for (Side role : {INITIATOR, RESPONDER})
        {
            child.keymats[role] =
                DeriveKeymat(m_crypto,
                             m_x.policy->hash,
                             m_x.keys[INITIATOR].family.d,
                             shared,
                             static_cast<uint8_t>(ProtocolId::Esp),
                             child.spis[role],
                             child.nonces[0],
                             child.nonces[1],
                             KeyLengthOf(set.cipher, set.keyBits) + SaltLengthOf(set.cipher) +
                                 KeyLengthOf(set.integrity));
        }
    }

    CryptoProvider& m_crypto;                     ///< under test
    Exchange& m_x;                                ///< what is read
    std::array<IvState, 2> m_ivs;                 ///< of both ends
    unsigned m_phase1Messages{0};                 ///< so far
    std::map<uint32_t, unsigned> m_quickMessages; ///< so far, by message ID
};

/// Do the rules of this exchange type and number allow it?
void
CheckMessageRules(VectorTrial& trial, const ExchangeMessage& m)
{
    const ExchangeType exchange = m.header.exchange;
    if (exchange == ExchangeType::IdentityProtection || exchange == ExchangeType::Aggressive ||
        exchange == ExchangeType::QuickMode ||
        (exchange == ExchangeType::Informational && m.IsProtected()))
    {
        const auto wrong = CheckRules(*m.read, exchange, m.number);
        trial.That("the rules: " + wrong.value_or(""), !wrong);
    }
}

} // namespace

void
DecodeExchange(CryptoProvider& crypto, Exchange& exchange)
{
    Decoder(crypto, exchange).Decode();
}

Octets
DeriveShared(CryptoProvider& crypto,
             const Exchange& exchange,
             DhGroup group,
             const std::array<Octets, 2>& publics)
{
    for (Side side : {INITIATOR, RESPONDER})
    {
        const auto own = exchange.privateValues.find(publics[side]);
        if (own != exchange.privateValues.end() && IsSupported(group))
        {
            return crypto.Run({group, own->second, publics[Other(side)]}).shared;
        }
    }
    return {};
}

void
CheckExchange(VectorRun& run, const Exchange& exchange)
{
    for (const ExchangeMessage& m : exchange.messages)
    {
        const bool isSealed = m.IsProtected() && m.plaintext.empty();
        if (m.repeats || isSealed)
        {
            run.book.Skip("messages", m.repeats ? "repeats an earlier message" : m.error);
            continue;
        }
        RunMessage(run,
                   "messages",
                   m.name,
                   m.octets,
                   m.IsProtected() ? std::make_optional(m.plaintext) : std::nullopt);
        if (!m.read)
        {
            continue;
        }
        run.book.Run("hashes and rules", m.name, [&m](VectorTrial& trial) {
            CheckMessageRules(trial, m);
            const auto* hash = FindIn<HashPayload>(m);
            trial.That("no HASH was computed", !hash || m.hash.has_value());
            if (hash && m.hash)
            {
                trial.Equal("HASH", *m.hash, hash->data);
            }
        });
        if (m.receiverPlaintext != m.plaintext)
        {
            run.book.Run("unequal keys", m.name, [&m](VectorTrial& trial) {
                trial.That("nonsense is read as payloads",
                           !ReadPayloads(m.header, m.receiverPlaintext));
            });
        }
    }
}

} // namespace tests
} // namespace ike
} // namespace ns3
