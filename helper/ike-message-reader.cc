/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-message-reader.h"

#include "ns3/ike-key-schedule.h"
#include "ns3/ike-negotiate.h"

#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ike
{

MessageReader::MessageReader(ProviderKind kind)
    : m_crypto(MakeProvider(kind))
{
}

void
MessageReader::Record(const TimedEvent& event)
{
    if (event.event.kind == EventKind::PhaseOneKeys)
    {
        m_known[event.event.isakmp.initiatorCookie].key = event.event.octets;
    }
}

std::optional<Message>
MessageReader::Read(const std::string& node, const Octets& octets)
{
    const Parsed<Header> header = ReadHeader(octets);
    if (!header)
    {
        return std::nullopt;
    }
    Known& sa = m_known[header.value->initiatorCookie];
    const auto again = sa.read.find(octets);
    if (again != sa.read.end())
    {
        return again->second;
    }
    std::optional<Message> message = header.value->IsEncrypted()
                                         ? Open(sa, *header.value, octets)
                                         : std::move(ReadMessage(octets).value);
    if (message)
    {
        Learn(sa, node, *message);
        sa.read.emplace(octets, *message);
    }
    return message;
}

/// The policy and the public values stand in messages that are not encrypted.
void
MessageReader::Learn(Known& sa, const std::string& node, const Message& message)
{
    sa.initiator = sa.initiator.empty() ? node : sa.initiator;
    const bool isInitiator = node == sa.initiator;
    const auto* offer = message.Find<SaPayload>();
    if (message.header.messageId != 0)
    {
        return;
    }
    if (offer && !isInitiator && !offer->proposals.empty() &&
        !offer->proposals.front().transforms.empty())
    {
        sa.policy = ReadPhase1Transform(offer->proposals.front().transforms.front());
    }
    if (const auto* ke = message.Find<KePayload>())
    {
        sa.publicValues[isInitiator ? 0 : 1] = ke->data;
    }
}

/// The IV of a message, to be replaced by its last block; empty when it has none.
Octets&
MessageReader::FindIv(Known& sa, const Header& header)
{
    const unsigned block = BlockLengthOf(sa.policy->cipher);
    if (sa.iv.empty())
    {
        sa.iv = DerivePhase1Iv(*m_crypto,
                               sa.policy->hash,
                               sa.publicValues[0],
                               sa.publicValues[1],
                               block);
    }
    if (header.messageId == 0)
    {
        return sa.iv;
    }
    const auto [iv, isNew] = sa.exchanges.try_emplace(header.messageId);
    if (isNew)
    {
        iv->second = DerivePhase2Iv(*m_crypto, sa.policy->hash, sa.iv, header.messageId, block);
    }
    return iv->second;
}

std::optional<Message>
MessageReader::Open(Known& sa, const Header& header, const Octets& octets)
{
    if (!sa.policy || sa.key.empty() || octets.size() <= HEADER_LENGTH)
    {
        return std::nullopt;
    }
    const Octets sealed(octets.begin() + HEADER_LENGTH, octets.end());
    const unsigned block = BlockLengthOf(sa.policy->cipher);
    if (sealed.size() % block != 0)
    {
        return std::nullopt;
    }
    Octets& iv = FindIv(sa, header);
    Octets text;
    try
    {
        text = m_crypto->Decrypt(sa.policy->cipher, sa.key, iv, sealed);
    }
    catch (const std::invalid_argument&)
    {
        return std::nullopt; // a key of another length than the policy says
    }
    iv.assign(sealed.end() - block, sealed.end());
    return std::move(ReadPayloads(header, text).value);
}

} // namespace ike
} // namespace ns3
