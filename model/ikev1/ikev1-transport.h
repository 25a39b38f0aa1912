/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_TRANSPORT_H
#define IKEV1_TRANSPORT_H

#include "ikev1-context.h"

#include <optional>

namespace ns3
{
namespace ike
{

/// What became of an encrypted message that arrived.
struct Opened
{
    std::optional<Message> message; ///< nothing when it is not a message under these keys
    std::string error;              ///< why not
    Octets nextIv;                  ///< of the next message, once this one is authentic
};

/// Decrypt and parse the body of a message (RFC 2409 Appendix B). Changes nothing.
Opened OpenMessage(Ikev1Context& ctx,
                   const IsakmpSa& sa,
                   const Header& header,
                   const Octets& octets,
                   const Octets& iv);

/// Send the next message of a main mode (encrypted from message 5 on) or aggressive mode.
void SendPhase1(Ikev1Context& ctx,
                IsakmpSa& sa,
                const std::vector<Payload>& payloads,
                bool encrypted);
/// Send the next message of a quick mode; always encrypted. `flags` are those beside encryption.
void SendQuickMode(Ikev1Context& ctx,
                   const IsakmpSa& sa,
                   QuickMode& quick,
                   const std::vector<Payload>& payloads,
                   uint8_t flags = 0);
/// Send an informational exchange under an established ISAKMP SA (RFC 2409 5.7), with its HASH.
void SendInformational(Ikev1Context& ctx, IsakmpSa& sa, const std::vector<Payload>& payloads);
/// The same with a message ID of the caller's choice, which is not remembered: see
/// DrawMessageIdOf().
void SendInformationalAs(Ikev1Context& ctx,
                         const IsakmpSa& sa,
                         uint32_t messageId,
                         std::vector<Payload> payloads);
/**
 * The message ID under which this end says something of a number. It follows from both, so that it
 * need not be remembered: the same once more is the same datagram.
 * @param number of a question or an answer (RFC 3706), or an SPI
 */
uint32_t DrawMessageIdOf(Ikev1Context& ctx, const IsakmpSa& sa, NotifyType type, uint32_t number);
/// Is it this message ID? Then what has come is this end's own message.
bool IsOwnMessageIdOf(Ikev1Context& ctx,
                      const IsakmpSa& sa,
                      NotifyType type,
                      uint32_t number,
                      uint32_t messageId);
/// Send a notify without protection: there are no keys yet (RFC 2408 5.4 and others).
void SendClearNotify(Ikev1Context& ctx, const IsakmpSa& sa, NotifyType type);

/// The last message once more: a timer ran out.
void Resend(Ikev1Context& ctx, const IsakmpSa& sa, const LastMessage& last);
void Resend(Ikev1Context& ctx, const IsakmpSa& sa, const QuickMode& quick, const LastMessage& last);

/**
 * The peer repeated itself: the answer once more, to where the repeated message came from. By then
 * a NAT may have changed its mapping; nothing else moves, for it may be a replay (RFC 3947 7).
 * @param quick the quick mode, null: phase 1
 */
void AnswerAgain(Ikev1Context& ctx,
                 const IsakmpSa& sa,
                 const QuickMode* quick,
                 const LastMessage& last,
                 const DatagramInput& repeated);

/// Report an accepted or repeated message.
void ReportReceived(Ikev1Context& ctx,
                    const IsakmpSa& sa,
                    const QuickMode* quick,
                    const DatagramInput& datagram,
                    const std::string& names,
                    bool repeated);

/// How many exchanges an ISAKMP SA carries at most: it must remember the IDs of all.
constexpr size_t MAX_USED_MESSAGE_IDS = 65536;

/// Remember a message ID, so that a late duplicate does not begin an exchange anew.
void RememberMessageId(IsakmpSa& sa, uint32_t messageId);
bool IsUsedMessageId(const IsakmpSa& sa, uint32_t messageId);

} // namespace ike
} // namespace ns3

#endif // IKEV1_TRANSPORT_H
