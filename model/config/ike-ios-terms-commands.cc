/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-commands.h"

#include <iterator>

namespace ns3
{
namespace ike
{

/// @file
/// What IOS says alike of all negotiated SAs, of those of a profile and of those of a crypto map.

namespace
{

using Kind = IosMode::Kind;
using Result = std::optional<ConfigError>;

const Result DONE = std::nullopt; ///< the line was right

/// The terms of the open block.
IpsecTermsText&
OpenTerms(IosContext& c)
{
    if (c.mode.kind == Kind::IpsecProfile)
    {
        return OpenIosObject<&RouterConfig::ipsecProfiles>(c);
    }
    return OpenIosMapEntry(c);
}

/// Give a field of the open terms its default again.
template <auto FIELD>
Result
ResetTerms(IosContext& c)
{
    OpenTerms(c).*FIELD = IpsecTermsText{}.*FIELD;
    return DONE;
}

/// SAs with keys from the configuration are not negotiated, so nothing can be offered for them.
bool
IsManual(IosContext& c)
{
    return c.mode.kind == Kind::CryptoMap &&
           OpenIosMapEntry(c).kind == CryptoMapEntryText::Kind::Manual;
}

Result
SetTransformSets(IosContext& c)
{
    std::vector<NameReference> references;
    for (const IosArgument& name : c.args.GetAll("name"))
    {
        references.push_back({name.value, {c.line.file, c.line.line, name.word.column}});
    }
    if (references.size() > 1 && IsManual(c))
    {
        return ConfigError{references[1].position,
                           references[1].name,
                           "is a second transform set, and an ipsec-manual entry has exactly one",
                           "leave it out"};
    }
    OpenTerms(c).transformSets = references;
    return DONE;
}

Result
SetIsakmpProfile(IosContext& c)
{
    const Result wrong = CheckIosMapNegotiates(c, "isakmp-profile");
    if (!wrong)
    {
        OpenTerms(c).isakmpProfile = c.ReferenceTo("name");
    }
    return wrong;
}

Result
SetPfs(IosContext& c)
{
    const Result wrong = CheckIosMapNegotiates(c, "pfs");
    const bool isNamed = c.args.Find("group");
    const std::string number = isNamed ? c.args.GetValue("group").substr(5) : "1";
    if (!wrong)
    {
        OpenTerms(c).pfs = static_cast<DhGroup>(std::stoul(number));
    }
    return wrong;
}

/// A lifetime by seconds or by kilobytes, global or of a block.
void
SetLifetime(const IosContext& c, std::optional<Duration>& time, std::optional<uint64_t>& kilobytes)
{
    if (c.args.Find("seconds"))
    {
        time = Duration::Seconds(static_cast<int64_t>(c.args.GetNumber("seconds")));
    }
    if (c.args.Find("kilobytes"))
    {
        kilobytes = c.args.GetNumber("kilobytes");
    }
}

void
ResetLifetime(const IosContext& c,
              std::optional<Duration>& time,
              std::optional<uint64_t>& kilobytes)
{
    const bool isTime = c.args.GetValue("unit") == "seconds";
    isTime ? time.reset() : kilobytes.reset();
}

Result
SetTermsLifetime(IosContext& c)
{
    const Result wrong = CheckIosMapNegotiates(c, "lifetime");
    if (!wrong)
    {
        SetLifetime(c, OpenTerms(c).lifetime, OpenTerms(c).lifetimeKilobytes);
    }
    return wrong;
}

Result
ResetTermsLifetime(IosContext& c)
{
    ResetLifetime(c, OpenTerms(c).lifetime, OpenTerms(c).lifetimeKilobytes);
    return DONE;
}

Result
SetGlobalLifetime(IosContext& c)
{
    SetLifetime(c, c.config.globalLifetime, c.config.globalLifetimeKilobytes);
    return DONE;
}

Result
ResetGlobalLifetime(IosContext& c)
{
    ResetLifetime(c, c.config.globalLifetime, c.config.globalLifetimeKilobytes);
    return DONE;
}

/// The size of a window; 0 for `disable`.
uint32_t
ReadWindow(const IosContext& c)
{
    const bool isOff = c.args.Find("off");
    const bool isSized = c.args.Find("size");
    return isOff ? 0 : isSized ? static_cast<uint32_t>(c.args.GetNumber("size")) : 64;
}

Result
SetGlobalWindow(IosContext& c)
{
    c.config.replayWindow = ReadWindow(c);
    return DONE;
}

Result
SetTermsWindow(IosContext& c)
{
    OpenTerms(c).replayWindow = ReadWindow(c);
    return DONE;
}

Result
SetTermsDescription(IosContext& c)
{
    OpenTerms(c).description = c.args.GetValue("text");
    return DONE;
}

// Parts of patterns that occur more than once; macros, since only literals can be put together.
#define PFS_GROUP "<group:group1|group2|group5|group14|group15|group16|group19|group20|group21>"
#define SIX_NAMES                                                                                  \
    "<name:word> [ <name:word> [ <name:word> [ <name:word> [ <name:word> [ <name:word> ] ] ] ] ]"
#define LIFETIME "security-association lifetime "
#define SECONDS "seconds <seconds:number:120-86400>"
#define KILOBYTES "kilobytes <kilobytes:number:2560-4294967295>"
#define UNIT "<unit:seconds|kilobytes> [ <value:number:0-4294967295> ]"
#define REPLAY "security-association replay "
#define WINDOW "window-size [ <size:64|128|256|512|1024> ]"

const IosCommand GLOBAL_COMMANDS[] = {
    {Kind::Global, false, "crypto ipsec " LIFETIME SECONDS, SetGlobalLifetime},
    {Kind::Global, false, "crypto ipsec " LIFETIME KILOBYTES, SetGlobalLifetime},
    {Kind::Global, true, "crypto ipsec " LIFETIME UNIT, ResetGlobalLifetime},
    {Kind::Global, false, "crypto ipsec " REPLAY WINDOW, SetGlobalWindow},
    {Kind::Global, false, "crypto ipsec " REPLAY "<off:disable>", SetGlobalWindow},
    {Kind::Global,
     true,
     "crypto ipsec " REPLAY "[ <rest:line> ]",
     ResetConfig<&RouterConfig::replayWindow>},
};

/// A command of each block that has terms.
struct TermsRow
{
    bool no;             ///< the form behind `no`
    const char* pattern; ///< see IosGrammar
    IosHandler handler;  ///< the code behind it
};

const TermsRow TERMS_ROWS[] = {
    {false, "set transform-set " SIX_NAMES, SetTransformSets},
    {true, "set transform-set [ <names:line> ]", ResetTerms<&IpsecTermsText::transformSets>},
    {false, "set isakmp-profile <name:word>", SetIsakmpProfile},
    {true, "set isakmp-profile [ <name:word> ]", ResetTerms<&IpsecTermsText::isakmpProfile>},
    {false, "set pfs [ " PFS_GROUP " ]", SetPfs},
    {true, "set pfs [ " PFS_GROUP " ]", ResetTerms<&IpsecTermsText::pfs>},
    {false, "set " LIFETIME SECONDS, SetTermsLifetime},
    {false, "set " LIFETIME KILOBYTES, SetTermsLifetime},
    {true, "set " LIFETIME UNIT, ResetTermsLifetime},
    {false, "set " REPLAY WINDOW, SetTermsWindow},
    {false, "set " REPLAY "<off:disable>", SetTermsWindow},
    {true, "set " REPLAY "[ <rest:line> ]", ResetTerms<&IpsecTermsText::replayWindow>},
    {false, "description <text:line>", SetTermsDescription},
    {true, "description [ <text:line> ]", ResetTerms<&IpsecTermsText::description>},
};

} // namespace

std::optional<ConfigError>
CheckIosMapNegotiates(IosContext& c, const char* word)
{
    if (!IsManual(c))
    {
        return std::nullopt;
    }
    return ConfigError{c.line,
                       word,
                       "is not accepted in an ipsec-manual entry: its SAs are not negotiated",
                       "use an ipsec-isakmp entry"};
}

std::vector<IosCommand>
MakeIosTermsCommands()
{
    std::vector<IosCommand> commands(std::begin(GLOBAL_COMMANDS), std::end(GLOBAL_COMMANDS));
    for (const Kind kind : {Kind::IpsecProfile, Kind::CryptoMap, Kind::DynamicMap})
    {
        for (const TermsRow& row : TERMS_ROWS)
        {
            commands.push_back({kind, row.no, row.pattern, row.handler});
        }
    }
    return commands;
}

} // namespace ike
} // namespace ns3
