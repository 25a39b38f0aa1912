/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CONSOLE_H
#define IKE_CONSOLE_H

#include "ike-show.h"

#include "ns3/ike-actions.h"
#include "ns3/ike-ios-grammar.h"
#include "ns3/ike-ios-parser.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// The line with keys and passwords in it as "***", for logs: what follows a word `key` or
/// `password`, abbreviated or not, and behind `session-key` what is as long as a key.
std::string HideSecrets(const std::string& line);

/// What a console answers to a line.
struct ConsoleReply
{
    std::string output;        ///< what it prints; without a line feed at the end
    bool isError{false};       ///< the line was refused and changed nothing
    bool configChanged{false}; ///< the host has to make a ReconfigureInput from GetConfig()
    std::vector<Input> inputs; ///< for the engine
};

/**
 * The console of a router: user EXEC, privileged EXEC, configuration and its blocks.
 *
 * A copyable value that touches nothing but its own configuration: what a line means to the engine
 * is in the reply. A line that is wrong changes nothing, and here a reference must lead somewhere
 * as soon as it is typed. What is still incomplete is said when configuration ends.
 */
class RouterConsole
{
  public:
    RouterConsole() = default;
    /// @param config what the router was started with
    explicit RouterConsole(const RouterConfig& config);

    /**
     * A line is typed.
     * @param line without the line feed; a `?` at its end asks for help
     * @param view what show commands look at
     */
    ConsoleReply Type(const std::string& line, const ConsoleView& view);
    /// Somebody else sits down: a session of its own, which begins in user mode.
    void BeginSession();
    /// And leaves: the session before it goes on where it was.
    void EndSession();
    /// "Router>", "Router#", "Router(ipsec-profile)#"
    std::string GetPrompt() const;
    /// The running configuration.
    const RouterConfig& GetConfig() const;
    /// What `write memory` kept; empty before the first.
    const std::string& GetStartupConfig() const;

  private:
    /// How far the user has come.
    enum class Level : uint8_t
    {
        User,
        Privileged,
        Configure,
    };

    /// Where a user stands.
    struct Session
    {
        Level level{Level::User}; ///< how far
        IosMode mode;             ///< the open block
    };

    /// A command outside of configuration.
    struct Command
    {
        bool privileged;     ///< not for users
        const char* pattern; ///< see IosGrammar
        /// What it does; null: known, but its feature is not there yet.
        ConsoleReply (RouterConsole::*handler)(const IosArguments& args, const ConsoleView& view);
    };

    static const std::vector<Command>& GetCommands();
    static const IosGrammar& GetGrammar(bool privileged);

    /// Run a command whose first words (`do`) are already read.
    ConsoleReply Execute(const std::string& line, size_t firstWord, const ConsoleView& view);
    ConsoleReply Configure(const std::string& line);
    /// Keep a configuration that a line has changed.
    ConsoleReply Take(const RouterConfig& config, const IosParser& parser);
    ConsoleReply Help(const std::string& line) const;
    ConsoleReply Refuse(const ConfigError& error) const;
    /// What keeps the configuration from working, for the user's eyes.
    std::string GetWarnings() const;
    TextPosition GetPosition() const;

    ConsoleReply Enable(const IosArguments& args, const ConsoleView& view);
    ConsoleReply Disable(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ConfigureTerminal(const IosArguments& args, const ConsoleView& view);
    ConsoleReply WriteMemory(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowRunningConfig(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowStartupConfig(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowIsakmpSa(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowIsakmpSaDetail(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowIsakmpPeers(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowIsakmpKey(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowTrustpoints(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowCertificates(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowIpsecSa(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowSession(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowOptional(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowLog(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowMap(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowDynamicMap(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ShowLists(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ClearSa(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ClearIsakmp(const IosArguments& args, const ConsoleView& view);
    ConsoleReply ClearSession(const IosArguments& args, const ConsoleView& view);

    RouterConfig m_config;          ///< running configuration
    std::string m_startup;          ///< what `write memory` kept
    Level m_level{Level::User};     ///< where the user is
    IosMode m_mode;                 ///< the open block
    std::vector<Session> m_waiting; ///< sessions that another one has interrupted
    unsigned m_line{0};             ///< lines typed so far
};

} // namespace ike
} // namespace ns3

#endif // IKE_CONSOLE_H
