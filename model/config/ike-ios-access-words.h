/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IOS_ACCESS_WORDS_H
#define IKE_IOS_ACCESS_WORDS_H

#include "ike-crypto-maps.h"
#include "ike-ios-words.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @file
 * Access lists in the words of IOS: `host A`, `eq isakmp`, `permit udp any any`.
 */

/// Several words of a line that stand for one thing.
struct AccessPhrase
{
    std::string value;             ///< canonical, as the functions below take it
    size_t wordCount{0};           ///< that it took; with a message: that were right
    std::string message;           ///< what is wrong with the word behind them; empty: well read
    std::vector<std::string> next; ///< what was expected in its place
    bool isOther{false};           ///< not even the first word is of this kind

    bool IsRead() const
    {
        return message.empty() && !isOther;
    }
};

/// What is wrong with a word that should be an IPv4 address; nothing when it is one.
std::string DescribeBadIosAddress(const std::string& text);

/// `any`, `host A`, `A WILDCARD`; the value is "A WILDCARD" at all times.
AccessPhrase ReadAccessEndpoint(const std::vector<IosWord>& words, size_t first);
/// `eq P`, `neq P`, `lt P`, `gt P`, `range P Q`; ports by number or by name. The value has numbers.
AccessPhrase ReadAccessPorts(const std::vector<IosWord>& words, size_t first, uint8_t protocol);
/// The meaning of the value of an endpoint.
WildcardAddress ParseAccessEndpoint(const std::string& value);
/// The meaning of the value of a port condition.
PortCondition ParseAccessPorts(const std::string& value);

/// The number of `tcp`, `esp` and others; of a number the number itself.
uint8_t ReadAccessProtocol(const std::string& word);
/// "any", "host 10.0.0.1", "10.0.0.0 0.255.255.255"
std::string WriteAccessEndpoint(const WildcardAddress& address);
/// "permit udp any eq isakmp host 10.0.0.1"
std::string WriteAccessLine(const AccessLine& line);

} // namespace ike
} // namespace ns3

#endif // IKE_IOS_ACCESS_WORDS_H
