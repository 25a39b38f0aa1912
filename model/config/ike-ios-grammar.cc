/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-grammar.h"

#include "ike-ios-access-words.h"
#include "ike-nearest-name.h"

#include <algorithm>
#include <optional>

namespace ns3
{
namespace ike
{

namespace
{

using Sequence = IosGrammar::Sequence;

/// The parts of a text between separators.
std::vector<std::string>
Split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    size_t begin = 0;
    for (size_t end = text.find(separator); end != std::string::npos;
         end = text.find(separator, begin))
    {
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    parts.push_back(text.substr(begin));
    return parts;
}

/// "word", "number:1-10", "a|b" into a token.
void
ParseKind(IosToken& token, const std::string& kind)
{
    /// The kinds that have a name of their own.
    struct NamedKind
    {
        const char* name;    ///< in patterns
        IosToken::Kind kind; ///< what it means
    };

    static const NamedKind named[] = {
        {"word", IosToken::Kind::Word},
        {"address", IosToken::Kind::Address},
        {"mask", IosToken::Kind::Mask},
        {"interface", IosToken::Kind::Interface},
        {"endpoint", IosToken::Kind::Endpoint},
        {"tcp-ports", IosToken::Kind::TcpPorts},
        {"udp-ports", IosToken::Kind::UdpPorts},
        {"line", IosToken::Kind::Line},
    };
    for (const NamedKind& row : named)
    {
        if (kind == row.name)
        {
            token.kind = row.kind;
            return;
        }
    }
    if (kind.compare(0, 7, "number:") == 0)
    {
        const auto limits = Split(kind.substr(7), '-');
        token.kind = IosToken::Kind::Number;
        token.minimum = std::stoull(limits.at(0));
        token.maximum = std::stoull(limits.at(1));
        return;
    }
    token.keywords = Split(kind, '|');
}

IosToken
ParseToken(const std::string& text)
{
    IosToken token;
    if (text.front() != '<')
    {
        token.keywords = {text};
        return token;
    }
    const size_t colon = text.find(':');
    token.name = text.substr(1, colon - 1);
    ParseKind(token, text.substr(colon + 1, text.size() - colon - 2));
    return token;
}

/// All ways to take or leave the optional parts.
std::vector<std::vector<std::string>>
ExpandOptions(const std::vector<std::string>& words)
{
    const auto open = std::find(words.begin(), words.end(), "[");
    if (open == words.end())
    {
        return {words};
    }
    auto close = open + 1;
    for (int depth = 1; depth > 0; ++close)
    {
        depth += *close == "[" ? 1 : *close == "]" ? -1 : 0;
    }
    std::vector<std::string> without(words.begin(), open);
    std::vector<std::string> with(without);
    without.insert(without.end(), close, words.end());
    with.insert(with.end(), open + 1, close - 1);
    with.insert(with.end(), close, words.end());
    auto all = ExpandOptions(with);
    const auto more = ExpandOptions(without);
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// What a user may type for a token.
std::vector<std::string>
Describe(const IosToken& token)
{
    switch (token.kind)
    {
    case IosToken::Kind::Keyword:
        return token.keywords;
    case IosToken::Kind::Word:
        return {"a word (" + token.name + ")"};
    case IosToken::Kind::Number:
        return {"a number from " + std::to_string(token.minimum) + " to " +
                std::to_string(token.maximum)};
    case IosToken::Kind::Address:
        return {"an IPv4 address A.B.C.D"};
    case IosToken::Kind::Mask:
        return {"a network mask A.B.C.D"};
    case IosToken::Kind::Interface:
        return {"an interface"};
    case IosToken::Kind::Endpoint:
        return {"any", "host", "an IPv4 address A.B.C.D"};
    case IosToken::Kind::TcpPorts:
    case IosToken::Kind::UdpPorts:
        return {"eq", "neq", "lt", "gt", "range"};
    case IosToken::Kind::Line:
        return {"text"};
    }
    return {};
}

/// An argument as read, or what is wrong with it.
struct ArgumentResult
{
    std::string value;               ///< canonical
    std::string message;             ///< empty: well read
    size_t wordCount{1};             ///< words that it took
    bool isOther{false};             ///< no argument of this kind: others may fit
    size_t right{0};                 ///< words before the one that the message is about
    std::vector<std::string> next{}; ///< what was expected in its place
};

/// A phrase of an access list as an argument.
ArgumentResult
ToArgument(const AccessPhrase& phrase)
{
    ArgumentResult result{phrase.value, phrase.message, phrase.wordCount};
    result.isOther = phrase.isOther;
    result.right = phrase.IsRead() ? 0 : phrase.wordCount;
    result.next = phrase.next;
    return result;
}

ArgumentResult
ReadNumber(const IosToken& token, const std::string& text)
{
    if (text.find_first_not_of("0123456789") != std::string::npos)
    {
        return {{}, "is not a number"};
    }
    if (text.size() > 18 || std::stoull(text) < token.minimum || std::stoull(text) > token.maximum)
    {
        return {{}, "is out of range"};
    }
    return {std::to_string(std::stoull(text)), {}};
}

ArgumentResult
ReadAddress(const std::string& text)
{
    const std::string bad = DescribeBadIosAddress(text);
    return bad.empty() ? ArgumentResult{IpAddress::Parse(text)->ToString(), {}}
                       : ArgumentResult{{}, bad};
}

ArgumentResult
ReadMask(const std::string& text)
{
    const auto mask = IpAddress::Parse(text);
    const auto length = mask && mask->IsV4() ? PrefixLengthOfMask(mask->ToV4()) : std::nullopt;
    if (!length)
    {
        return {{}, "is not a network mask"};
    }
    return {std::to_string(*length), {}};
}

/// "Tunnel0", or "Tunnel 0" when the number stands by itself.
ArgumentResult
ReadInterface(const std::vector<IosWord>& words, size_t i)
{
    const bool split = i + 1 < words.size() &&
                       words[i].text.find_first_of("0123456789") == std::string::npos &&
                       words[i + 1].text.find_first_of("0123456789") == 0;
    const auto result = ParseInterfaceName(words[i].text + (split ? words[i + 1].text : ""));
    return {result.name, result.message, split ? size_t{2} : size_t{1}};
}

/// Reads one line along all patterns at once.
class Matcher
{
  public:
    Matcher(const std::vector<Sequence>& sequences,
            const std::vector<IosWord>& words,
            size_t first,
            const std::string& line,
            const TextPosition& at,
            bool explains)
        : m_words(words),
          m_line(line),
          m_at(at),
          m_explains(explains),
          m_first(first),
          m_word(first)
    {
        m_alive.reserve(sequences.size());
        for (const Sequence& sequence : sequences)
        {
            m_alive.push_back(&sequence);
        }
    }

    IosMatch Run()
    {
        while (m_word < m_words.size())
        {
            DropEnded();
            if (m_alive.empty())
            {
                Refuse("is one word too many", "expected the end of the line");
                return m_match;
            }
            if (!Step())
            {
                return m_match;
            }
            m_match.depth = static_cast<unsigned>(m_word - m_first);
        }
        Finish();
        return m_match;
    }

  private:
    /// Patterns that are at their end cannot go on.
    void DropEnded()
    {
        const auto ended = [this](const Sequence* s) { return s->tokens.size() <= m_token; };
        m_alive.erase(std::remove_if(m_alive.begin(), m_alive.end(), ended), m_alive.end());
    }

    const IosToken& TokenOf(const Sequence* sequence) const
    {
        return sequence->tokens[m_token];
    }

    /// One word further; false when it does not fit.
    bool Step()
    {
        const auto keywords = FindKeywords();
        if (keywords.size() == 1)
        {
            TakeKeyword(keywords.front());
            return true;
        }
        if (keywords.size() > 1)
        {
            m_match.ambiguous = true;
            m_match.next = m_explains ? GetNext() : std::vector<std::string>{};
            Refuse("is ambiguous", "it may be " + JoinAlternatives(keywords));
            return false;
        }
        return StepArgument();
    }

    /// The keywords that the word may stand for; one alone when it is written in full.
    std::vector<std::string> FindKeywords() const
    {
        const std::string word = ToLowerCase(m_words[m_word].text);
        // "12" is no abbreviation of 128.
        const bool mayBeCut = word.find_first_not_of("0123456789") != std::string::npos;
        std::vector<std::string> found;
        for (const Sequence* sequence : m_alive)
        {
            for (const std::string& keyword : TokenOf(sequence).keywords)
            {
                if (keyword == word)
                {
                    return {keyword};
                }
                const bool begins = mayBeCut && keyword.compare(0, word.size(), word) == 0;
                if (begins && std::find(found.begin(), found.end(), keyword) == found.end())
                {
                    found.push_back(keyword);
                }
            }
        }
        return found;
    }

    void TakeKeyword(const std::string& keyword)
    {
        std::vector<const Sequence*> kept;
        std::string name;
        for (const Sequence* sequence : m_alive)
        {
            const auto& keywords = TokenOf(sequence).keywords;
            if (std::find(keywords.begin(), keywords.end(), keyword) != keywords.end())
            {
                kept.push_back(sequence);
                name = name.empty() ? TokenOf(sequence).name : name;
            }
        }
        if (!name.empty())
        {
            m_match.arguments.Add({name, keyword, m_words[m_word]});
        }
        Advance(kept, 1);
    }

    /// No keyword fits: does an argument?
    bool StepArgument()
    {
        std::string message;
        for (const Sequence* sequence : m_alive)
        {
            const IosToken& token = TokenOf(sequence);
            const bool isKeyword = token.kind == IosToken::Kind::Keyword;
            const ArgumentResult result = isKeyword ? ArgumentResult{} : ReadArgument(token);
            if (isKeyword || result.isOther)
            {
                continue;
            }
            if (result.message.empty())
            {
                TakeArgument(token, result);
                return true;
            }
            if (result.right > 0)
            {
                RefuseWithin(result);
                return false;
            }
            // Of several kinds the one that the word looks like explains best.
            if (message.empty() || LooksLike(token.kind))
            {
                message = result.message;
            }
        }
        if (m_explains)
        {
            RefuseArgument(message);
        }
        return false;
    }

    /// Nothing fits. @param message what is wrong with the word as an argument; may be empty
    void RefuseArgument(const std::string& message)
    {
        m_match.next = GetNext();
        const std::string hint = MakeNearestHint(m_words[m_word].text, GetKeywords());
        const std::string expected = "expected " + JoinAlternatives(m_match.next);
        const bool isCommand = m_token == 0;
        Refuse(!message.empty() ? message
               : isCommand      ? "is not a known command"
                                : "does not fit here",
               isCommand ? hint : expected + (hint.empty() ? "" : "; " + hint));
    }

    /// The first words of an argument were right, but then one is wrong, or lacking.
    void RefuseWithin(const ArgumentResult& result)
    {
        m_word = std::min(m_word + result.right, m_words.size());
        m_match.depth = static_cast<unsigned>(m_word - m_first);
        m_match.next = result.next;
        m_word = std::min(m_word, m_words.size() - 1);
        Refuse(result.message, "expected " + JoinAlternatives(result.next));
    }

    ArgumentResult ReadArgument(const IosToken& token) const
    {
        const std::string& text = m_words[m_word].text;
        switch (token.kind)
        {
        case IosToken::Kind::Number:
            return ReadNumber(token, text);
        case IosToken::Kind::Address:
            return ReadAddress(text);
        case IosToken::Kind::Mask:
            return ReadMask(text);
        case IosToken::Kind::Interface:
            return ReadInterface(m_words, m_word);
        case IosToken::Kind::Endpoint:
            return ToArgument(ReadAccessEndpoint(m_words, m_word));
        case IosToken::Kind::TcpPorts:
            return ToArgument(ReadAccessPorts(m_words, m_word, 6));
        case IosToken::Kind::UdpPorts:
            return ToArgument(ReadAccessPorts(m_words, m_word, 17));
        case IosToken::Kind::Line:
            return {ReadRest(), {}, m_words.size() - m_word};
        default:
            return {text, {}};
        }
    }

    /// The line from this word to the last.
    std::string ReadRest() const
    {
        const size_t begin = m_words[m_word].column - m_at.column;
        const size_t end = m_words.back().column - m_at.column + m_words.back().text.size();
        return m_line.substr(begin, end - begin);
    }

    bool LooksLike(IosToken::Kind kind) const
    {
        const char c = m_words[m_word].text.front();
        const bool isDigit = c >= '0' && c <= '9';
        return isDigit == (kind != IosToken::Kind::Interface);
    }

    void TakeArgument(const IosToken& token, const ArgumentResult& result)
    {
        std::vector<const Sequence*> kept;
        for (const Sequence* sequence : m_alive)
        {
            const IosToken& other = TokenOf(sequence);
            if (other.kind == token.kind && other.name == token.name)
            {
                kept.push_back(sequence);
            }
        }
        m_match.arguments.Add({token.name, result.value, m_words[m_word]});
        Advance(kept, result.wordCount);
    }

    void Advance(const std::vector<const Sequence*>& kept, size_t wordCount)
    {
        m_alive = kept;
        m_token++;
        m_word += wordCount;
    }

    /// No words are left: the pattern that ends here is the one.
    void Finish()
    {
        if (m_explains)
        {
            m_match.next = GetNext();
        }
        for (const Sequence* sequence : m_alive)
        {
            if (sequence->tokens.size() == m_token)
            {
                m_match.id = sequence->id;
                return;
            }
        }
        m_word = m_words.empty() ? 0 : m_words.size() - 1;
        Refuse("the command is incomplete", "expected " + JoinAlternatives(m_match.next));
    }

    /// What may stand at this place.
    std::vector<std::string> GetNext() const
    {
        std::vector<std::string> next;
        for (const Sequence* sequence : m_alive)
        {
            if (sequence->tokens.size() <= m_token || sequence->hidden)
            {
                continue;
            }
            for (const std::string& name : Describe(TokenOf(sequence)))
            {
                if (std::find(next.begin(), next.end(), name) == next.end())
                {
                    next.push_back(name);
                }
            }
        }
        return next;
    }

    /// The keywords among them.
    std::vector<std::string> GetKeywords() const
    {
        std::vector<std::string> keywords;
        for (const Sequence* sequence : m_alive)
        {
            const auto& more = TokenOf(sequence).keywords;
            keywords.insert(keywords.end(), more.begin(), more.end());
        }
        return keywords;
    }

    /// The word is wrong.
    void Refuse(const std::string& message, const std::string& expected)
    {
        TextPosition position = m_at;
        std::string word;
        if (m_word < m_words.size())
        {
            position.column = m_words[m_word].column;
            word = m_words[m_word].text;
        }
        m_match.error = ConfigError{position, word, message, expected};
    }

    const std::vector<IosWord>& m_words;  ///< of the line
    const std::string& m_line;            ///< as a whole
    const TextPosition& m_at;             ///< of the line
    bool m_explains;                      ///< say what was expected, and a hint
    size_t m_first;                       ///< the first word of the command
    size_t m_word;                        ///< the next word
    size_t m_token{0};                    ///< the next token of all patterns
    std::vector<const Sequence*> m_alive; ///< patterns that fit so far
    IosMatch m_match;                     ///< the answer
};

} // namespace

void
IosArguments::Add(const IosArgument& argument)
{
    m_arguments.push_back(argument);
}

const IosArgument*
IosArguments::Find(const std::string& name) const
{
    for (const IosArgument& argument : m_arguments)
    {
        if (argument.name == name)
        {
            return &argument;
        }
    }
    return nullptr;
}

const IosArgument&
IosArguments::Get(const std::string& name) const
{
    static const IosArgument none;
    const IosArgument* argument = Find(name);
    return argument ? *argument : none;
}

std::vector<IosArgument>
IosArguments::GetAll(const std::string& name) const
{
    std::vector<IosArgument> all;
    for (const IosArgument& argument : m_arguments)
    {
        if (argument.name == name)
        {
            all.push_back(argument);
        }
    }
    return all;
}

const std::string&
IosArguments::GetValue(const std::string& name) const
{
    return Get(name).value;
}

uint64_t
IosArguments::GetNumber(const std::string& name) const
{
    return std::stoull(GetValue(name));
}

IpAddress
IosArguments::GetAddress(const std::string& name) const
{
    return IpAddress::Parse(GetValue(name)).value_or(IpAddress{});
}

IpPrefix
IosArguments::GetPrefix(const std::string& address, const std::string& mask) const
{
    const unsigned length = Find(mask) ? static_cast<unsigned>(GetNumber(mask)) : 32;
    return IpPrefix{GetAddress(address).Masked(length), length};
}

void
IosGrammar::Add(const std::string& pattern, int id, bool hidden)
{
    for (const auto& words : ExpandOptions(Split(pattern, ' ')))
    {
        Sequence sequence;
        sequence.id = id;
        sequence.hidden = hidden;
        for (const std::string& word : words)
        {
            sequence.tokens.push_back(ParseToken(word));
        }
        m_sequences.push_back(sequence);
    }
}

IosMatch
IosGrammar::Match(const std::vector<IosWord>& words,
                  size_t first,
                  const std::string& line,
                  const TextPosition& at,
                  bool explains) const
{
    return Matcher(m_sequences, words, first, line, at, explains).Run();
}

} // namespace ike
} // namespace ns3
