/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IOS_GRAMMAR_H
#define IKE_IOS_GRAMMAR_H

#include "ike-ios-words.h"
#include "ike-router-config.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A word of a command that is not a fixed keyword.
struct IosArgument
{
    std::string name;  ///< as the pattern calls it
    std::string value; ///< canonical: keyword in full, prefix length of a mask, interface name
    IosWord word;      ///< as typed
};

/// The arguments of a command, by their names in the pattern.
class IosArguments
{
  public:
    void Add(const IosArgument& argument);
    /// Null when an optional argument is not there.
    const IosArgument* Find(const std::string& name) const;
    /// An argument that the pattern makes sure of.
    const IosArgument& Get(const std::string& name) const;
    /// All of one name.
    std::vector<IosArgument> GetAll(const std::string& name) const;
    const std::string& GetValue(const std::string& name) const;
    uint64_t GetNumber(const std::string& name) const;
    IpAddress GetAddress(const std::string& name) const;
    /// An address with a mask, a single host when the mask is not there.
    IpPrefix GetPrefix(const std::string& address, const std::string& mask) const;

  private:
    std::vector<IosArgument> m_arguments; ///< in order
};

/// What a word of a pattern stands for.
struct IosToken
{
    /// Kinds of words.
    enum class Kind : uint8_t
    {
        Keyword,   ///< one of `keywords`, may be abbreviated
        Word,      ///< anything
        Number,    ///< from minimum to maximum
        Address,   ///< A.B.C.D
        Mask,      ///< A.B.C.D, contiguous
        Interface, ///< one word or two: "Tunnel0", "tunnel 0"
        Endpoint,  ///< one word or two of an access list: "any", "host A", "A WILDCARD"
        TcpPorts,  ///< two words or three of an access list: "eq telnet", "range 1 9"
        UdpPorts,  ///< the same
        Line,      ///< the rest of the line
    };

    Kind kind{Kind::Keyword};          ///< what
    std::string name;                  ///< of the argument; empty: a fixed keyword
    std::vector<std::string> keywords; ///< in full
    uint64_t minimum{0};               ///< of a number
    uint64_t maximum{0};               ///< of a number
};

/// What a grammar makes of a line.
struct IosMatch
{
    int id{-1};                    ///< of the command; -1: none
    IosArguments arguments;        ///< of the command
    unsigned depth{0};             ///< words that were understood
    bool ambiguous{false};         ///< a word stands for several keywords
    ConfigError error;             ///< when there is no command
    std::vector<std::string> next; ///< what may come behind the words that were understood
};

/**
 * A set of commands in the manner of IOS: keywords may be cut as long as they stay unique.
 *
 * A pattern is a list of words: keywords, `<name:kind>` for arguments and `[ ... ]` around what may
 * be left out. Kinds: word, address, mask, interface, endpoint, tcp-ports, udp-ports, line,
 * number:LOW-HIGH, or keywords with bars between them. At each word a keyword goes before an
 * argument, and a whole one before a cut one.
 */
class IosGrammar
{
  public:
    /**
     * @param pattern of the command
     * @param id is what Match() answers
     * @param hidden understood, but never suggested
     */
    void Add(const std::string& pattern, int id, bool hidden = false);
    /**
     * Which command is it?
     * @param words of the line
     * @param first where to begin (behind `no`)
     * @param line the whole line, for arguments that take the rest of it
     * @param at position of the line
     * @param explains say what is expected behind the words that were understood, and what may have
     * been meant: that costs more than to match
     */
    IosMatch Match(const std::vector<IosWord>& words,
                   size_t first,
                   const std::string& line,
                   const TextPosition& at,
                   bool explains = true) const;

    /// A pattern with all its options decided.
    struct Sequence
    {
        std::vector<IosToken> tokens; ///< in order
        int id{-1};                   ///< of the command
        bool hidden{false};           ///< never suggested
    };

  private:
    std::vector<Sequence> m_sequences; ///< all that is understood
};

} // namespace ike
} // namespace ns3

#endif // IKE_IOS_GRAMMAR_H
