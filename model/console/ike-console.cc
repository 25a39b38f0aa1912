/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-console.h"

#include "ike-show-config.h"

#include "ns3/ike-nearest-name.h"
#include "ns3/ipsec-gate.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ike
{

namespace
{

/// Output without the line feeds at its end.
ConsoleReply
MakeReply(std::string output)
{
    output.erase(output.find_last_not_of("\n") + 1);
    ConsoleReply reply;
    reply.output = output;
    return reply;
}

/// A reply that hands something to the engine.
ConsoleReply
MakeClearReply(const IosArguments& args, bool isakmp, bool ipsec)
{
    ClearInput clear;
    clear.isakmp = isakmp;
    clear.ipsec = ipsec;
    if (args.Find("peer"))
    {
        clear.peer = args.GetAddress("peer");
    }
    ConsoleReply reply;
    reply.inputs.emplace_back(clear);
    return reply;
}

/// The first reference that a line has broken, or has made to nothing.
std::optional<ConfigError>
FindNewDangling(const RouterConfig& before, const RouterConfig& after)
{
    std::set<std::string> known;
    for (const ConfigError& error : CheckDangling(before))
    {
        known.insert(error.ToString());
    }
    for (const ConfigError& error : CheckDangling(after))
    {
        if (known.count(error.ToString()) == 0)
        {
            return error;
        }
    }
    return std::nullopt;
}

/// The words of a list below each other.
std::string
WriteList(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
    {
        text += "  " + word + "\n";
    }
    return text;
}

} // namespace

RouterConsole::RouterConsole(const RouterConfig& config)
    : m_config(config)
{
}

const std::vector<RouterConsole::Command>&
RouterConsole::GetCommands()
{
    using C = RouterConsole;
    // clang-format off
    static const std::vector<Command> commands = {
        {false, "enable", &C::Enable},
        {false, "disable", &C::Disable},
        {false, "exit", &C::Disable},
        {false, "logout", &C::Disable},
        {false, "show crypto isakmp sa", &C::ShowIsakmpSa},
        {false, "show crypto isakmp sa detail", &C::ShowIsakmpSaDetail},
        {false, "show crypto isakmp peers", &C::ShowIsakmpPeers},
        {false, "show crypto isakmp key", &C::ShowIsakmpKey},
        {false, "show crypto pki trustpoints", &C::ShowTrustpoints},
        {false, "show crypto pki certificates", &C::ShowCertificates},
        {false, "show crypto ipsec sa", &C::ShowIpsecSa},
        {false, "show crypto session", &C::ShowSession},
        {false, "show access-lists", &C::ShowLists},
        {false, "show crypto map", &C::ShowMap},
        {false, "show crypto dynamic-map", &C::ShowDynamicMap},
        {true, "show crypto optional", &C::ShowOptional},
        {true, "show logging", &C::ShowLog},
        {true, "configure terminal", &C::ConfigureTerminal},
        {true, "show running-config", &C::ShowRunningConfig},
        {true, "show startup-config", &C::ShowStartupConfig},
        {true, "write [ memory ]", &C::WriteMemory},
        {true, "write terminal", &C::ShowRunningConfig},
        {true, "copy running-config startup-config", &C::WriteMemory},
        {true, "clear crypto sa [ peer <peer:address> ]", &C::ClearSa},
        {true, "clear crypto isakmp", &C::ClearIsakmp},
        {true, "clear crypto session [ remote <peer:address> ]", &C::ClearSession},
        {true, "clear crypto sa counters", nullptr},
        {true, "clear crypto sa entry", nullptr},
        {true, "clear crypto sa map", nullptr},
        {true, "clear crypto sa spi", nullptr},
        {true, "clear crypto sa vrf", nullptr},
        {true, "clear crypto isakmp <conn-id:number:1-4294967295>", nullptr},
        {true, "debug", nullptr},
        {true, "reload", nullptr},
        {true, "undebug", nullptr},
        {false, "ping", nullptr},
        {false, "show crypto engine", nullptr},
        {false, "show crypto ipsec profile", nullptr},
        {false, "show crypto ipsec security-association", nullptr},
        {false, "show crypto ipsec transform-set", nullptr},
        {false, "show crypto isakmp policy", nullptr},
        {false, "show crypto isakmp profile", nullptr},
        {false, "show interfaces", nullptr},
        {false, "show ip", nullptr},
        {false, "show version", nullptr},
        {false, "terminal", nullptr},
        {false, "traceroute", nullptr},
    };
    // clang-format on
    return commands;
}

const IosGrammar&
RouterConsole::GetGrammar(bool privileged)
{
    const auto make = [](bool all) {
        IosGrammar grammar;
        for (size_t i = 0; i < GetCommands().size(); i++)
        {
            const Command& command = GetCommands()[i];
            const std::string rest = command.handler ? "" : " [ <rest:line> ]";
            if (all || !command.privileged)
            {
                grammar.Add(command.pattern + rest, static_cast<int>(i), !command.handler);
            }
        }
        return grammar;
    };
    static const IosGrammar ofUser = make(false);
    static const IosGrammar ofAll = make(true);
    return privileged ? ofAll : ofUser;
}

std::string
HideSecrets(const std::string& line)
{
    // Rather too much than too little: words that are mistyped may hold a key, too.
    const auto announces = [](const std::string& word) {
        const std::string w = ToLowerCase(word);
        const auto isBegin = [&w](const std::string& of) {
            return of.compare(0, w.size(), w) == 0;
        };
        return !w.empty() && (isBegin("key") || isBegin("password"));
    };
    const auto isKind = [](const std::string& word) {
        return word == "0" || word == "6" || word == "7";
    };
    // `set session-key ...`: an SPI has at most ten digits, a key at least sixteen.
    const auto isSessionKey = [](const std::string& word) {
        const std::string w = ToLowerCase(word);
        return !w.empty() && std::string("session-key").compare(0, w.size(), w) == 0;
    };
    constexpr size_t LONGER_THAN_SPI = 11;
    std::string shown;
    size_t done = 0;
    bool secret = false;
    bool session = false;
    for (const IosWord& word : SplitIosWords(line))
    {
        const size_t at = word.column - 1;
        const bool isLong = session && word.text.size() >= LONGER_THAN_SPI &&
                            ToLowerCase(word.text) != "authenticator";
        session = session || isSessionKey(word.text);
        if (isLong || (secret && !isKind(word.text)))
        {
            shown += line.substr(done, at - done) + "***";
            done = at + word.text.size();
            secret = false;
        }
        else
        {
            secret = secret || announces(word.text);
        }
    }
    return shown + line.substr(done);
}

ConsoleReply
RouterConsole::Type(const std::string& line, const ConsoleView& view)
{
    m_line++;
    const std::vector<IosWord> words = SplitIosWords(line);
    if (words.empty() || words.front().text.front() == '!')
    {
        return ConsoleReply{};
    }
    if (words.back().text.back() == '?')
    {
        return Help(line);
    }
    if (m_level != Level::Configure)
    {
        return Execute(line, 0, view);
    }
    return ToLowerCase(words.front().text) == "do" ? Execute(line, 1, view) : Configure(line);
}

ConsoleReply
RouterConsole::Execute(const std::string& line, size_t firstWord, const ConsoleView& view)
{
    const std::vector<IosWord> words = SplitIosWords(line);
    const IosGrammar& grammar = GetGrammar(m_level != Level::User);
    const IosMatch match = grammar.Match(words, firstWord, line, GetPosition());
    if (match.id < 0)
    {
        return Refuse(match.error);
    }
    const Command& command = GetCommands()[static_cast<size_t>(match.id)];
    if (!command.handler)
    {
        TextPosition position = GetPosition();
        position.column = words[firstWord].column;
        const std::string message =
            std::string("'") + command.pattern + "' is known but not supported yet";
        return Refuse({position, words[firstWord].text, message, {}});
    }
    return (this->*command.handler)(match.arguments, view);
}

ConsoleReply
RouterConsole::Configure(const std::string& line)
{
    RouterConfig next = m_config;
    IosParser parser(next);
    parser.SetMode(m_mode);
    const auto wrong = parser.ReadLine(line, GetPosition());
    if (wrong)
    {
        return Refuse(*wrong);
    }
    const auto dangling = FindNewDangling(m_config, next);
    return dangling ? Refuse(*dangling) : Take(next, parser);
}

ConsoleReply
RouterConsole::Take(const RouterConfig& config, const IosParser& parser)
{
    ConsoleReply reply;
    reply.configChanged = !IsSameConfiguration(m_config, config) ||
                          m_config.nextConnectionId != config.nextConnectionId;
    // The seed, crypto ipsec optional: a message "reminds the user to enter the write memory
    // command".
    reply.output = m_config.passive && !config.passive
                       ? "Passive mode disabled. Use 'write memory' to save the configuration."
                       : "";
    m_config = config;
    m_mode = parser.GetMode();
    if (parser.HasEnded())
    {
        m_level = Level::Privileged;
        reply.output = GetWarnings();
    }
    return reply;
}

ConsoleReply
RouterConsole::Help(const std::string& line) const
{
    std::string before = line.substr(0, line.find_last_of('?'));
    const size_t begin = before.find_last_of(" \t");
    const std::string prefix =
        ToLowerCase(begin == std::string::npos ? before : before.substr(begin + 1));
    before.resize(before.size() - prefix.size());

    std::vector<std::string> next;
    if (m_level == Level::Configure)
    {
        next = GetNextIosWords(m_mode.kind, before);
    }
    else
    {
        const auto words = SplitIosWords(before);
        const auto& grammar = GetGrammar(m_level != Level::User);
        const IosMatch match = grammar.Match(words, 0, before, GetPosition());
        next = match.depth >= words.size() ? match.next : next;
    }
    const auto differs = [&](const std::string& word) {
        return word.compare(0, prefix.size(), prefix) != 0;
    };
    next.erase(std::remove_if(next.begin(), next.end(), differs), next.end());
    std::sort(next.begin(), next.end());
    return next.empty() ? MakeReply("% Unrecognized command") : MakeReply(WriteList(next));
}

ConsoleReply
RouterConsole::Refuse(const ConfigError& error) const
{
    // As IOS does, a mark stands under the word, when the word is on this line.
    const bool isHere = error.position.file == "console" && error.position.line == m_line;
    const size_t indent = GetPrompt().size() + std::max(1U, error.position.column) - 1;
    const std::string mark = isHere ? std::string(indent, ' ') + "^\n" : "";
    ConsoleReply reply = MakeReply(mark + "% " + error.ToString());
    reply.isError = true;
    return reply;
}

std::string
RouterConsole::GetWarnings() const
{
    std::string text;
    for (const ConfigError& error : CheckCompleteness(m_config))
    {
        text += (text.empty() ? "% Warning: " : "\n% Warning: ") + error.ToString();
    }
    return text;
}

TextPosition
RouterConsole::GetPosition() const
{
    return TextPosition{"console", m_line, 1};
}

void
RouterConsole::BeginSession()
{
    m_waiting.push_back(Session{m_level, m_mode});
    m_level = Level::User;
    m_mode = IosMode{};
}

void
RouterConsole::EndSession()
{
    if (!m_waiting.empty())
    {
        m_level = m_waiting.back().level;
        m_mode = m_waiting.back().mode;
        m_waiting.pop_back();
    }
}

std::string
RouterConsole::GetPrompt() const
{
    switch (m_level)
    {
    case Level::User:
        return m_config.hostname + ">";
    case Level::Privileged:
        return m_config.hostname + "#";
    case Level::Configure:
        return m_config.hostname + m_mode.ToPrompt() + "#";
    }
    return {};
}

const RouterConfig&
RouterConsole::GetConfig() const
{
    return m_config;
}

const std::string&
RouterConsole::GetStartupConfig() const
{
    return m_startup;
}

// --- Commands ------------------------------------------------------------------------------------

ConsoleReply
RouterConsole::Enable(const IosArguments&, const ConsoleView&)
{
    m_level = std::max(m_level, Level::Privileged);
    return ConsoleReply{};
}

ConsoleReply
RouterConsole::Disable(const IosArguments&, const ConsoleView&)
{
    m_level = Level::User;
    return ConsoleReply{};
}

ConsoleReply
RouterConsole::ConfigureTerminal(const IosArguments&, const ConsoleView&)
{
    m_level = Level::Configure;
    m_mode = IosMode{};
    return MakeReply("Enter configuration commands, one per line.  End with 'end'.");
}

ConsoleReply
RouterConsole::WriteMemory(const IosArguments&, const ConsoleView&)
{
    m_startup = WriteIos(m_config);
    return MakeReply("Building configuration...\n[OK]");
}

ConsoleReply
RouterConsole::ShowRunningConfig(const IosArguments&, const ConsoleView&)
{
    const std::string text = WriteIos(m_config);
    return MakeReply("Building configuration...\n\nCurrent configuration : " +
                     std::to_string(text.size()) + " bytes\n" + text);
}

ConsoleReply
RouterConsole::ShowStartupConfig(const IosArguments&, const ConsoleView&)
{
    return MakeReply(m_startup.empty() ? "startup-config is not present" : m_startup);
}

ConsoleReply
RouterConsole::ShowIsakmpSa(const IosArguments&, const ConsoleView& view)
{
    return MakeReply(ShowCryptoIsakmpSa(view));
}

ConsoleReply
RouterConsole::ShowIsakmpSaDetail(const IosArguments&, const ConsoleView& view)
{
    return MakeReply(ShowCryptoIsakmpSaDetail(view));
}

ConsoleReply
RouterConsole::ShowIsakmpPeers(const IosArguments&, const ConsoleView& view)
{
    return MakeReply(ShowCryptoIsakmpPeers(view));
}

ConsoleReply
RouterConsole::ShowIsakmpKey(const IosArguments&, const ConsoleView&)
{
    return MakeReply(ShowCryptoIsakmpKey(m_config));
}

ConsoleReply
RouterConsole::ShowTrustpoints(const IosArguments&, const ConsoleView&)
{
    return MakeReply(ShowCryptoPkiTrustpoints(m_config));
}

ConsoleReply
RouterConsole::ShowCertificates(const IosArguments&, const ConsoleView&)
{
    return MakeReply(ShowCryptoPkiCertificates(m_config));
}

ConsoleReply
RouterConsole::ShowIpsecSa(const IosArguments&, const ConsoleView& view)
{
    return MakeReply(ShowCryptoIpsecSa(view));
}

ConsoleReply
RouterConsole::ShowSession(const IosArguments&, const ConsoleView& view)
{
    return MakeReply(ShowCryptoSession(view));
}

ConsoleReply
RouterConsole::ShowLog(const IosArguments&, const ConsoleView& view)
{
    return MakeReply(ShowLogging(view));
}

ConsoleReply
RouterConsole::ShowOptional(const IosArguments&, const ConsoleView& view)
{
    const std::vector<ClearDestination> clear =
        view.gate ? view.gate->GetClearDestinations(view.now) : std::vector<ClearDestination>{};
    return MakeReply(ShowCryptoOptional(m_config.passive, clear));
}

ConsoleReply
RouterConsole::ShowMap(const IosArguments&, const ConsoleView&)
{
    return MakeReply(ShowCryptoMap(m_config));
}

ConsoleReply
RouterConsole::ShowDynamicMap(const IosArguments&, const ConsoleView&)
{
    return MakeReply(ShowCryptoDynamicMap(m_config));
}

ConsoleReply
RouterConsole::ShowLists(const IosArguments&, const ConsoleView&)
{
    return MakeReply(ShowAccessLists(m_config));
}

ConsoleReply
RouterConsole::ClearSa(const IosArguments& args, const ConsoleView&)
{
    return MakeClearReply(args, false, true);
}

ConsoleReply
RouterConsole::ClearIsakmp(const IosArguments& args, const ConsoleView&)
{
    return MakeClearReply(args, true, false);
}

ConsoleReply
RouterConsole::ClearSession(const IosArguments& args, const ConsoleView&)
{
    return MakeClearReply(args, true, true);
}

} // namespace ike
} // namespace ns3
