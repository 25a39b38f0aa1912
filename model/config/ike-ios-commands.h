/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IOS_COMMANDS_H
#define IKE_IOS_COMMANDS_H

#include "ike-ios-grammar.h"
#include "ike-ios-parser.h"

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace ns3
{
namespace ike
{

/// All that the code behind a command works on.
struct IosContext
{
    RouterConfig& config;     ///< to be changed
    IosMode& mode;            ///< the open block
    bool& ended;              ///< the text is over
    const TextPosition& line; ///< where the command stands
    const IosArguments& args; ///< of the command

    /// Where an argument stands.
    TextPosition PositionOf(const std::string& argument) const;
    /// A reference to what an argument names.
    NameReference ReferenceTo(const std::string& argument) const;
    /// An argument is wrong.
    ConfigError Refuse(const std::string& argument,
                       const std::string& message,
                       const std::string& expected = {}) const;
};

/// The code behind a command. It changes nothing when it answers an error.
using IosHandler = std::optional<ConfigError> (*)(IosContext&);

/// A row of the command table.
struct IosCommand
{
    IosMode::Kind mode;  ///< where it is accepted
    bool no;             ///< the form behind `no`
    std::string pattern; ///< see IosGrammar
    IosHandler handler;  ///< null: known, but its feature is not there yet
    bool hidden{false};  ///< understood, but never suggested: it answers an error at all times
};

/// ISAKMP: policies, keys, profiles.
std::vector<IosCommand> MakeIosIsakmpCommands();
/// Who this end is, aggressive mode, keepalives, NAT traversal.
std::vector<IosCommand> MakeIosIdentityCommands();
/// Trustpoints.
std::vector<IosCommand> MakeIosPkiCommands();
/// IPsec: transform sets, profiles, what is said globally.
std::vector<IosCommand> MakeIosIpsecCommands();
/// What profiles and crypto maps say alike about the SAs that are negotiated.
std::vector<IosCommand> MakeIosTermsCommands();
/// Crypto maps, dynamic crypto maps, passive mode.
std::vector<IosCommand> MakeIosMapCommands();
/// Access lists.
std::vector<IosCommand> MakeIosAccessCommands();
/// Host name, interfaces, routes, RIP.
std::vector<IosCommand> MakeIosRouterCommands();
/// Commands that IOS has and this module does not have yet.
std::vector<IosCommand> MakeIosMissingCommands();

/// All commands. A command's index is its number in the grammars.
const std::vector<IosCommand>& GetIosCommands();
/// The grammar of a mode, for lines with or without `no`.
const IosGrammar& GetIosGrammar(IosMode::Kind mode, bool no);
/// "crypto ipsec profile": the command that opens a block.
std::string DescribeIosMode(IosMode::Kind mode);

/// The entry of the open block `crypto map NAME SEQ` or `crypto dynamic-map NAME SEQ`.
CryptoMapEntryText& OpenIosMapEntry(IosContext& c);
/// Some commands of crypto maps are only for entries whose keys IKE negotiates.
std::optional<ConfigError> CheckIosMapNegotiates(IosContext& c, const char* word);

/// The object of the open block, out of the map that keeps the objects of its kind by name.
template <auto OBJECTS>
auto&
OpenIosObject(IosContext& c)
{
    return (c.config.*OBJECTS)[c.mode.name];
}

/// The handler that opens a block by its `name`, and makes its object when it is not there yet.
template <auto OBJECTS, IosMode::Kind KIND>
std::optional<ConfigError>
EnterIosObject(IosContext& c)
{
    c.mode = IosMode{KIND, c.args.GetValue("name")};
    auto& object = OpenIosObject<OBJECTS>(c);
    if (object.name.empty())
    {
        object.name = c.mode.name;
        object.position = c.PositionOf("name");
    }
    return std::nullopt;
}

/// The handler that gives fields of the open block's object their defaults again.
template <auto OBJECTS, auto... FIELDS>
std::optional<ConfigError>
ResetIosObject(IosContext& c)
{
    auto& object = OpenIosObject<OBJECTS>(c);
    const std::decay_t<decltype(object)> fresh{};
    ((object.*FIELDS = fresh.*FIELDS), ...);
    return std::nullopt;
}

/// The handler that gives fields of the configuration itself their defaults again.
template <auto... FIELDS>
std::optional<ConfigError>
ResetConfig(IosContext& c)
{
    const RouterConfig fresh;
    ((c.config.*FIELDS = fresh.*FIELDS), ...);
    return std::nullopt;
}

/// The handler that takes an object of a block's kind out of its map.
template <auto OBJECTS, IosMode::Kind KIND>
std::optional<ConfigError>
RemoveIosObject(IosContext& c)
{
    if ((c.config.*OBJECTS).erase(c.args.GetValue("name")) == 0)
    {
        return c.Refuse("name", "there is no '" + DescribeIosMode(KIND) + "' of this name");
    }
    return std::nullopt;
}

} // namespace ike
} // namespace ns3

#endif // IKE_IOS_COMMANDS_H
