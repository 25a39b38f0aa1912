/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-commands.h"

#include <map>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// What is known about a mode beside its commands.
struct ModeRow
{
    IosMode::Kind kind; ///< which
    const char* prompt; ///< as IOS shows it
    const char* header; ///< the command that opens it
};

const ModeRow MODES[] = {
    {IosMode::Kind::Global, "(config)", "configure terminal"},
    {IosMode::Kind::IsakmpPolicy, "(config-isakmp)", "crypto isakmp policy"},
    {IosMode::Kind::Keyring, "(conf-keyring)", "crypto keyring"},
    {IosMode::Kind::IsakmpProfile, "(conf-isa-prof)", "crypto isakmp profile"},
    {IosMode::Kind::IsakmpPeer, "(config-isakmp-peer)", "crypto isakmp peer"},
    {IosMode::Kind::Trustpoint, "(ca-trustpoint)", "crypto pki trustpoint"},
    {IosMode::Kind::TransformSet, "(cfg-crypto-trans)", "crypto ipsec transform-set"},
    {IosMode::Kind::IpsecProfile, "(ipsec-profile)", "crypto ipsec profile"},
    {IosMode::Kind::CryptoMap, "(config-crypto-map)", "crypto map"},
    {IosMode::Kind::DynamicMap, "(config-crypto-map)", "crypto dynamic-map"},
    {IosMode::Kind::AccessList, "(config-ext-nacl)", "ip access-list extended"},
    {IosMode::Kind::Interface, "(config-if)", "interface"},
    {IosMode::Kind::RouterRip, "(config-router)", "router rip"},
};

const ModeRow&
RowOf(IosMode::Kind kind)
{
    return MODES[static_cast<size_t>(kind)];
}

std::optional<ConfigError>
LeaveBlock(IosContext& c)
{
    c.mode = IosMode{};
    return std::nullopt;
}

std::optional<ConfigError>
EndText(IosContext& c)
{
    c.mode = IosMode{};
    c.ended = true;
    return std::nullopt;
}

/// `exit` and `end` are commands of each mode, so that abbreviations see them.
std::vector<IosCommand>
MakeLeavingCommands()
{
    std::vector<IosCommand> commands;
    for (const ModeRow& mode : MODES)
    {
        const bool global = mode.kind == IosMode::Kind::Global;
        commands.push_back({mode.kind, false, "exit", global ? EndText : LeaveBlock});
        commands.push_back({mode.kind, false, "end", EndText});
    }
    return commands;
}

using GrammarMap = std::map<std::pair<IosMode::Kind, bool>, IosGrammar>;

/// A command whose feature is missing may have any arguments, and is missing behind `no`, too.
GrammarMap
MakeGrammars()
{
    GrammarMap grammars;
    const auto& commands = GetIosCommands();
    for (size_t i = 0; i < commands.size(); i++)
    {
        const IosCommand& command = commands[i];
        const int id = static_cast<int>(i);
        if (command.handler)
        {
            grammars[{command.mode, command.no}].Add(command.pattern, id, command.hidden);
            continue;
        }
        grammars[{command.mode, false}].Add(command.pattern + " [ <rest:line> ]", id, true);
        grammars[{command.mode, true}].Add(command.pattern + " [ <rest:line> ]", id, true);
    }
    return grammars;
}

} // namespace

std::string
IosMode::ToPrompt() const
{
    return RowOf(kind).prompt;
}

std::string
DescribeIosMode(IosMode::Kind mode)
{
    return RowOf(mode).header;
}

TextPosition
IosContext::PositionOf(const std::string& argument) const
{
    return TextPosition{line.file, line.line, args.Get(argument).word.column};
}

NameReference
IosContext::ReferenceTo(const std::string& argument) const
{
    return NameReference{args.GetValue(argument), PositionOf(argument)};
}

ConfigError
IosContext::Refuse(const std::string& argument,
                   const std::string& message,
                   const std::string& expected) const
{
    return ConfigError{PositionOf(argument), args.Get(argument).word.text, message, expected};
}

const std::vector<IosCommand>&
GetIosCommands()
{
    static const std::vector<IosCommand> commands = [] {
        std::vector<IosCommand> all = MakeIosIsakmpCommands();
        for (const auto& more : {MakeIosIdentityCommands(),
                                 MakeIosPkiCommands(),
                                 MakeIosIpsecCommands(),
                                 MakeIosTermsCommands(),
                                 MakeIosMapCommands(),
                                 MakeIosAccessCommands(),
                                 MakeIosRouterCommands(),
                                 MakeLeavingCommands(),
                                 MakeIosMissingCommands()})
        {
            all.insert(all.end(), more.begin(), more.end());
        }
        return all;
    }();
    return commands;
}

const IosGrammar&
GetIosGrammar(IosMode::Kind mode, bool no)
{
    static const GrammarMap grammars = MakeGrammars();
    static const IosGrammar empty;
    const auto found = grammars.find({mode, no});
    return found == grammars.end() ? empty : found->second;
}

} // namespace ike
} // namespace ns3
