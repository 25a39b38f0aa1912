/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_MESSAGE_RULES_H
#define IKE_MESSAGE_RULES_H

#include "ike-message.h"

#include <optional>
#include <string>

namespace ns3
{
namespace ike
{

/**
 * Does a message hold what its place in its exchange demands?
 *
 * Afterwards a handler may assume that the payloads of the table in ike-message-rules.cc exist, as
 * often as it says, in the order that it says, and that a proof is either a hash or a signature.
 * What they hold is for the handler to judge, except that nonces have a legal length and that
 * identities of addresses have as many octets as their type demands.
 *
 * @param message the message, decrypted
 * @param exchange main mode, aggressive mode, quick mode or informational
 * @param number which message of the exchange, from 1 on; odd ones come from its initiator. Of an
 *        informational exchange there is only number 1
 * @return why the message is to be refused, or nothing
 */
std::optional<std::string> CheckRules(const Message& message,
                                      ExchangeType exchange,
                                      unsigned number);

} // namespace ike
} // namespace ns3

#endif // IKE_MESSAGE_RULES_H
