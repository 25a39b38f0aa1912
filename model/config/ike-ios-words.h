/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IOS_WORDS_H
#define IKE_IOS_WORDS_H

#include "ike-engine-config.h"
#include "ike-router-config.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A word of a line.
struct IosWord
{
    std::string text;   ///< as typed
    unsigned column{0}; ///< of its first character, from 1
};

/// The words of a line. A tab is one column.
std::vector<IosWord> SplitIosWords(const std::string& line, unsigned firstColumn = 1);

/// What became of a word that should name an interface.
struct InterfaceNameResult
{
    std::string name;    ///< in full: "Ethernet0/0"; empty when it is wrong
    std::string message; ///< what is wrong
};

/// "e0/0" or "Ethernet0/0" -> "Ethernet0/0"; types may be abbreviated as long as they are unique.
InterfaceNameResult ParseInterfaceName(const std::string& text);

/// "esp-3des esp-sha-hmac"
std::string WriteIosTransforms(const EspTransformSet& set);
/// "3des", "aes 256": behind `encryption`.
std::string WriteIosCipher(CipherAlgorithm cipher, uint32_t keyBits);
/// "sha", "sha256": behind `hash`.
std::string WriteIosHash(HashAlgorithm hash);
/// The algorithm of a word behind `hash`.
HashAlgorithm ReadIosHash(const std::string& word);
/// The algorithm of a word behind `encryption`.
CipherAlgorithm ReadIosCipher(const std::string& word);

/// "clear", "set", "copy": behind `df-bit`.
std::string WriteIosDfBit(DfBit df);
/// The meaning of a word behind `df-bit`.
DfBit ReadIosDfBit(const std::string& word);
/// "gre ip", "ipip", "ipsec ipv4": behind `tunnel mode`.
std::string WriteIosTunnelMode(TunnelMode mode);
/// The mode of the last word behind `tunnel mode`: "ip", "ipip", "ipv4".
TunnelMode ReadIosTunnelMode(const std::string& word);
/// "before-encryption": behind `fragmentation`.
std::string WriteIosFragmentation(FragmentationOrder order);
/// The meaning of a word behind `fragmentation`.
FragmentationOrder ReadIosFragmentation(const std::string& word);

} // namespace ike
} // namespace ns3

#endif // IKE_IOS_WORDS_H
