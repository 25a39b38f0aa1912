/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-words.h"

#include "ike-nearest-name.h"

#include <array>

namespace ns3
{
namespace ike
{

namespace
{

/// A type of interface: how many numbers follow its name ("Ethernet0/0" has up to three).
struct InterfaceType
{
    const char* name;    ///< in full
    unsigned maxNumbers; ///< 0: known, but not supported yet
};

const InterfaceType INTERFACE_TYPES[] = {
    {"Ethernet", 3},
    {"FastEthernet", 3},
    {"GigabitEthernet", 3},
    {"Loopback", 1},
    {"Tunnel", 1},
    {"Virtual-Template", 1},
    {"Async", 0},
    {"ATM", 0},
    {"BVI", 0},
    {"Dialer", 0},
    {"Multilink", 0},
    {"Null", 0},
    {"Port-channel", 0},
    {"Serial", 0},
    {"TenGigabitEthernet", 0},
    {"Virtual-Access", 0},
    {"Vlan", 0},
};

/// A word and the algorithm, or other choice, that it means.
template <typename Algorithm>
struct AlgorithmWord
{
    const char* word;    ///< as IOS writes it
    Algorithm algorithm; ///< what it means
};

const AlgorithmWord<CipherAlgorithm> CIPHER_WORDS[] = {
    {"des", CipherAlgorithm::DesCbc},
    {"3des", CipherAlgorithm::TripleDesCbc},
    {"aes", CipherAlgorithm::AesCbc},
    {"null", CipherAlgorithm::Null},
    {"gcm", CipherAlgorithm::AesGcm16},
    {"gmac", CipherAlgorithm::AesGmac},
    {"aes-ctr", CipherAlgorithm::AesCtr}, // not IOS
};

const AlgorithmWord<HashAlgorithm> HASH_WORDS[] = {
    {"md5", HashAlgorithm::Md5},
    {"sha", HashAlgorithm::Sha1},
    {"sha256", HashAlgorithm::Sha256},
    {"sha384", HashAlgorithm::Sha384},
    {"sha512", HashAlgorithm::Sha512},
};

const AlgorithmWord<IntegrityAlgorithm> AUTHENTICATOR_WORDS[] = {
    {"", IntegrityAlgorithm::None},
    {" esp-md5-hmac", IntegrityAlgorithm::HmacMd5_96},
    {" esp-sha-hmac", IntegrityAlgorithm::HmacSha1_96},
    {" esp-sha256-hmac", IntegrityAlgorithm::HmacSha256_128},
    {" esp-sha384-hmac", IntegrityAlgorithm::HmacSha384_192},
    {" esp-sha512-hmac", IntegrityAlgorithm::HmacSha512_256},
    {" esp-aes-xcbc-mac", IntegrityAlgorithm::AesXcbc96}, // not IOS
};

const AlgorithmWord<DfBit> DF_BIT_WORDS[] = {
    {"clear", DfBit::Clear},
    {"set", DfBit::Set},
    {"copy", DfBit::Copy},
};

const AlgorithmWord<TunnelMode> TUNNEL_MODE_WORDS[] = {
    {"gre ip", TunnelMode::GreIp},
    {"ipip", TunnelMode::IpIp},
    {"ipsec ipv4", TunnelMode::IpsecIpv4},
};

const AlgorithmWord<FragmentationOrder> FRAGMENTATION_WORDS[] = {
    {"before-encryption", FragmentationOrder::BeforeEncryption},
    {"after-encryption", FragmentationOrder::AfterEncryption},
};

template <typename Algorithm, size_t N>
std::string
WordOf(const AlgorithmWord<Algorithm> (&words)[N], Algorithm algorithm)
{
    for (const auto& row : words)
    {
        if (row.algorithm == algorithm)
        {
            return row.word;
        }
    }
    return {};
}

template <typename Algorithm, size_t N>
Algorithm
AlgorithmOf(const AlgorithmWord<Algorithm> (&words)[N], const std::string& word)
{
    for (const auto& row : words)
    {
        if (word == row.word)
        {
            return row.algorithm;
        }
    }
    return words[0].algorithm;
}

/// The types that a text may stand for; a whole name stands for itself alone.
std::vector<const InterfaceType*>
FindInterfaceTypes(const std::string& text)
{
    const std::string lower = ToLowerCase(text);
    std::vector<const InterfaceType*> found;
    for (const InterfaceType& type : INTERFACE_TYPES)
    {
        const std::string name = ToLowerCase(type.name);
        if (name == lower)
        {
            return {&type};
        }
        if (!lower.empty() && name.compare(0, lower.size(), lower) == 0)
        {
            found.push_back(&type);
        }
    }
    return found;
}

/// "0/01" -> "0/1"; empty when it is not so many numbers with slashes between them.
std::string
NormalizeInterfaceNumbers(const std::string& text, unsigned maxNumbers)
{
    std::string normal;
    size_t begin = 0;
    for (unsigned count = 1;; count++)
    {
        const size_t slash = text.find('/', begin);
        const std::string number = text.substr(begin, slash - begin);
        if (count > maxNumbers || number.empty() || number.size() > 9 ||
            number.find_first_not_of("0123456789") != std::string::npos)
        {
            return {};
        }
        normal += (count == 1 ? "" : "/") + std::to_string(std::stoul(number));
        if (slash == std::string::npos)
        {
            return normal;
        }
        begin = slash + 1;
    }
}

/// The names of these types.
std::vector<std::string>
NamesOf(const std::vector<const InterfaceType*>& types)
{
    std::vector<std::string> names;
    for (const InterfaceType* type : types)
    {
        names.emplace_back(type->name);
    }
    return names;
}

} // namespace

std::vector<IosWord>
SplitIosWords(const std::string& line, unsigned firstColumn)
{
    const char* const blanks = " \t\r";
    std::vector<IosWord> words;
    size_t begin = line.find_first_not_of(blanks);
    while (begin != std::string::npos)
    {
        const size_t end = line.find_first_of(blanks, begin);
        words.push_back(
            {line.substr(begin, end - begin), firstColumn + static_cast<unsigned>(begin)});
        begin = line.find_first_not_of(blanks, end);
    }
    return words;
}

InterfaceNameResult
ParseInterfaceName(const std::string& text)
{
    const size_t digits = text.find_first_of("0123456789");
    const std::string letters = text.substr(0, digits);
    const auto types = FindInterfaceTypes(letters);
    if (types.empty())
    {
        return {{}, "is not the name of an interface"};
    }
    if (types.size() > 1)
    {
        return {{}, "is ambiguous: " + JoinAlternatives(NamesOf(types))};
    }
    const InterfaceType& type = *types.front();
    if (type.maxNumbers == 0)
    {
        return {{}, std::string("interface ") + type.name + " is known but not supported yet"};
    }
    if (digits == std::string::npos)
    {
        return {{}, std::string("lacks the number of the ") + type.name + " interface"};
    }
    const std::string numbers = NormalizeInterfaceNumbers(text.substr(digits), type.maxNumbers);
    if (numbers.empty())
    {
        const char* const shape = type.maxNumbers == 1 ? "a number" : "numbers like 0/0";
        return {{}, std::string("is not ") + type.name + " with " + shape + " behind it"};
    }
    return {type.name + numbers, {}};
}

std::string
WriteIosCipher(CipherAlgorithm cipher, uint32_t keyBits)
{
    const bool longKey = keyBits != 0 && keyBits != 128;
    return WordOf(CIPHER_WORDS, cipher) + (longKey ? " " + std::to_string(keyBits) : "");
}

std::string
WriteIosTransforms(const EspTransformSet& set)
{
    return "esp-" + WriteIosCipher(set.cipher, set.keyBits) +
           WordOf(AUTHENTICATOR_WORDS, set.integrity);
}

std::string
WriteIosHash(HashAlgorithm hash)
{
    return WordOf(HASH_WORDS, hash);
}

HashAlgorithm
ReadIosHash(const std::string& word)
{
    return AlgorithmOf(HASH_WORDS, word);
}

std::string
WriteIosDfBit(DfBit df)
{
    return WordOf(DF_BIT_WORDS, df);
}

DfBit
ReadIosDfBit(const std::string& word)
{
    return AlgorithmOf(DF_BIT_WORDS, word);
}

std::string
WriteIosTunnelMode(TunnelMode mode)
{
    return WordOf(TUNNEL_MODE_WORDS, mode);
}

TunnelMode
ReadIosTunnelMode(const std::string& word)
{
    return word == "ip"     ? TunnelMode::GreIp
           : word == "ipip" ? TunnelMode::IpIp
                            : TunnelMode::IpsecIpv4;
}

std::string
WriteIosFragmentation(FragmentationOrder order)
{
    return WordOf(FRAGMENTATION_WORDS, order);
}

FragmentationOrder
ReadIosFragmentation(const std::string& word)
{
    return AlgorithmOf(FRAGMENTATION_WORDS, word);
}

CipherAlgorithm
ReadIosCipher(const std::string& word)
{
    return AlgorithmOf(CIPHER_WORDS, word);
}

} // namespace ike
} // namespace ns3
