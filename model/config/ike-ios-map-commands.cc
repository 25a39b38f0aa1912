/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-commands.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

using Kind = IosMode::Kind;
using Result = std::optional<ConfigError>;
using EntryKind = CryptoMapEntryText::Kind;
using Maps = std::map<std::string, CryptoMapText>;

const Result DONE = std::nullopt; ///< the line was right

constexpr size_t MAX_PEERS = 40; ///< of an entry; assumption

// --- crypto map, crypto dynamic-map: header lines ------------------------------------------------

uint32_t
SequenceOf(const IosContext& c)
{
    return static_cast<uint32_t>(c.args.GetNumber("seq"));
}

/// Open an entry; it is made when it is not there yet.
CryptoMapEntryText&
EnterEntry(IosContext& c, Kind kind)
{
    c.mode = IosMode{kind, c.args.GetValue("name") + " " + std::to_string(SequenceOf(c))};
    return OpenIosMapEntry(c);
}

/// The entry that the line names; null when it is not there yet.
const CryptoMapEntryText*
FindEntry(const Maps& maps, const IosContext& c)
{
    const auto map = maps.find(c.args.GetValue("name"));
    if (map == maps.end())
    {
        return nullptr;
    }
    const auto entry = map->second.entries.find(SequenceOf(c));
    return entry == map->second.entries.end() ? nullptr : &entry->second;
}

/// An entry stays what it is for its whole life, as in IOS.
Result
RefuseOtherKind(const IosContext& c, EntryKind wanted)
{
    const CryptoMapEntryText* entry = FindEntry(c.config.cryptoMaps, c);
    if (!entry || entry->kind == wanted)
    {
        return DONE;
    }
    const std::string header =
        "crypto map " + c.args.GetValue("name") + " " + std::to_string(SequenceOf(c));
    const char* const is = entry->kind == EntryKind::Manual    ? "ipsec-manual"
                           : entry->kind == EntryKind::Dynamic ? "ipsec-isakmp dynamic"
                                                               : "ipsec-isakmp";
    return c.Refuse("seq",
                    "the entry is there and is " + std::string(is),
                    "type 'no " + header + "' first");
}

template <EntryKind KIND>
Result
EnterMapEntry(IosContext& c)
{
    const Result wrong = RefuseOtherKind(c, KIND);
    if (!wrong)
    {
        CryptoMapEntryText& entry = EnterEntry(c, Kind::CryptoMap);
        entry.kind = KIND;
        entry.position = c.PositionOf("name");
    }
    return wrong;
}

/// Without its kind the header line opens an entry that is there.
Result
EnterKnownMapEntry(IosContext& c)
{
    const CryptoMapEntryText* entry = FindEntry(c.config.cryptoMaps, c);
    if (!entry)
    {
        return c.Refuse("seq",
                        "there is no such entry yet",
                        "expected ipsec-isakmp or ipsec-manual");
    }
    if (entry->kind == EntryKind::Dynamic)
    {
        return RefuseOtherKind(c, EntryKind::Isakmp);
    }
    EnterEntry(c, Kind::CryptoMap);
    return DONE;
}

/// Such an entry has no block.
Result
AddDynamicEntry(IosContext& c)
{
    const Result wrong = RefuseOtherKind(c, EntryKind::Dynamic);
    if (wrong)
    {
        return wrong;
    }
    CryptoMapEntryText& entry = EnterEntry(c, Kind::CryptoMap);
    entry.kind = EntryKind::Dynamic;
    entry.dynamicMap = c.ReferenceTo("dynamic");
    entry.position = c.PositionOf("name");
    c.mode = IosMode{};
    return DONE;
}

Result
EnterDynamicMapEntry(IosContext& c)
{
    EnterEntry(c, Kind::DynamicMap).position = c.PositionOf("name");
    return DONE;
}

/// A map is there as long as there is anything in it.
void
DropEmptyMap(Maps& maps, const std::string& name)
{
    const auto map = maps.find(name);
    if (map != maps.end() && map->second.entries.empty() && !map->second.localAddress)
    {
        maps.erase(map);
    }
}

/// `no crypto map NAME [SEQ]`
template <auto MAPS>
Result
RemoveMap(IosContext& c)
{
    Maps& maps = c.config.*MAPS;
    const std::string name = c.args.GetValue("name");
    const auto map = maps.find(name);
    if (map == maps.end())
    {
        return c.Refuse("name", "there is no crypto map of this name");
    }
    if (!c.args.Find("seq"))
    {
        maps.erase(map);
        return DONE;
    }
    if (map->second.entries.erase(SequenceOf(c)) == 0)
    {
        return c.Refuse("seq", "the crypto map has no entry of this number");
    }
    DropEmptyMap(maps, name);
    return DONE;
}

Result
SetLocalAddress(IosContext& c)
{
    CryptoMapText& map = c.config.cryptoMaps[c.args.GetValue("name")];
    map.name = c.args.GetValue("name");
    map.localAddress = c.ReferenceTo("interface");
    return DONE;
}

Result
ResetLocalAddress(IosContext& c)
{
    const std::string name = c.args.GetValue("name");
    const auto map = c.config.cryptoMaps.find(name);
    if (map != c.config.cryptoMaps.end())
    {
        map->second.localAddress.reset();
        DropEmptyMap(c.config.cryptoMaps, name);
    }
    return DONE;
}

// --- The block of an entry -----------------------------------------------------------------------

/// Peers are tried in the order of their lines.
Result
AddPeer(IosContext& c)
{
    CryptoMapEntryText& entry = OpenIosMapEntry(c);
    const IpAddress peer = c.args.GetAddress("peer");
    if (std::find(entry.peers.begin(), entry.peers.end(), peer) != entry.peers.end())
    {
        return DONE;
    }
    if (entry.kind == EntryKind::Manual && !entry.peers.empty())
    {
        return c.Refuse("peer",
                        "is a second peer, and an ipsec-manual entry has exactly one",
                        "type 'no set peer " + entry.peers.front().ToString() + "' first");
    }
    if (entry.peers.size() == MAX_PEERS)
    {
        return c.Refuse("peer", "is one peer too many", "an entry has at most 40");
    }
    entry.peers.push_back(peer);
    return DONE;
}

Result
RefuseDefaultPeer(IosContext& c)
{
    return c.Refuse("default",
                    "'set peer ... default' is known but not supported yet",
                    "peers are tried in the order of their lines");
}

Result
RemovePeer(IosContext& c)
{
    auto& peers = OpenIosMapEntry(c).peers;
    if (!c.args.Find("peer"))
    {
        peers.clear();
        return DONE;
    }
    const auto found = std::find(peers.begin(), peers.end(), c.args.GetAddress("peer"));
    if (found == peers.end())
    {
        return c.Refuse("peer", "is not a peer of this entry");
    }
    peers.erase(found);
    return DONE;
}

Result
SetMatchAddress(IosContext& c)
{
    OpenIosMapEntry(c).accessList = c.ReferenceTo("list");
    return DONE;
}

Result
ResetMatchAddress(IosContext& c)
{
    OpenIosMapEntry(c).accessList.reset();
    return DONE;
}

/// Keys that an operator types have no negotiated SA to belong to.
Result
CheckManual(IosContext& c)
{
    if (OpenIosMapEntry(c).kind == EntryKind::Manual)
    {
        return DONE;
    }
    return ConfigError{c.line,
                       "session-key",
                       "is accepted only in an ipsec-manual entry: IKE makes the keys of this one",
                       "expected it behind 'crypto map NAME SEQ ipsec-manual'"};
}

/// The octets of a key; false when it is no such text.
bool
ReadKey(const IosContext& c, const char* argument, Octets& key)
{
    if (!c.args.Find(argument))
    {
        return true;
    }
    const auto octets = FromHex(c.args.GetValue(argument));
    key = octets.value_or(Octets{});
    return octets && !key.empty();
}

Result
SetSessionKey(IosContext& c)
{
    const Result wrong = CheckManual(c);
    if (wrong)
    {
        return wrong;
    }
    SessionKeyText key;
    key.spi = static_cast<uint32_t>(c.args.GetNumber("spi"));
    key.position = c.PositionOf("spi");
    const bool isCipher = ReadKey(c, "cipher", key.cipherKey);
    if (!isCipher || !ReadKey(c, "authenticator", key.authenticatorKey))
    {
        // A key is never part of a message.
        return ConfigError{c.PositionOf(isCipher ? "authenticator" : "cipher"),
                           "(key)",
                           "is not an even number of hexadecimal digits",
                           {}};
    }
    const bool isInbound = c.args.GetValue("direction") == "inbound";
    CryptoMapEntryText& entry = OpenIosMapEntry(c);
    (isInbound ? entry.inboundKey : entry.outboundKey) = key;
    return DONE;
}

Result
RefuseAuthenticationHeader(IosContext& c)
{
    return c.Refuse("protocol",
                    "AH is known but not supported yet",
                    "expected esp, with esp-null where nothing is to be encrypted");
}

Result
ResetSessionKey(IosContext& c)
{
    const bool isInbound = c.args.GetValue("direction") == "inbound";
    CryptoMapEntryText& entry = OpenIosMapEntry(c);
    (isInbound ? entry.inboundKey : entry.outboundKey).reset();
    return DONE;
}

Result
RefuseResponderOnly(IosContext& c)
{
    return ConfigError{c.line,
                       "responder-only",
                       "responder-only is accepted only under 'crypto ipsec profile': neither "
                       "static nor dynamic crypto maps support it (IKE Responder-Only Mode, "
                       "Restrictions)",
                       {}};
}

// --- crypto ipsec optional -----------------------------------------------------------------------

Result
SetPassive(IosContext& c)
{
    c.config.passive = true;
    return DONE;
}

/// The seed, crypto ipsec optional retry: "You must enable the crypto ipsec optional command ...
/// before you can use this command."
Result
SetPassiveRetry(IosContext& c)
{
    if (!c.config.passive)
    {
        return ConfigError{c.PositionOf("retry"),
                           c.args.Get("retry").word.text,
                           "'crypto ipsec optional' must be enabled before 'crypto ipsec optional "
                           "retry' can be used",
                           "type 'crypto ipsec optional' first"};
    }
    c.config.passiveRetry = Duration::Seconds(static_cast<int64_t>(c.args.GetNumber("seconds")));
    return DONE;
}

// Parts of patterns that occur more than once; macros, since only literals can be put together.
#define MAP "<name:word> <seq:number:1-65535>"
#define SESSION_KEY "set session-key <direction:inbound|outbound> "
#define ESP "esp <spi:number:256-4294967295> "

const IosCommand GLOBAL_COMMANDS[] = {
    {Kind::Global, false, "crypto map " MAP, EnterKnownMapEntry},
    {Kind::Global, false, "crypto map " MAP " ipsec-isakmp", EnterMapEntry<EntryKind::Isakmp>},
    {Kind::Global, false, "crypto map " MAP " ipsec-manual", EnterMapEntry<EntryKind::Manual>},
    {Kind::Global,
     false,
     "crypto map " MAP " ipsec-isakmp dynamic <dynamic:word>",
     AddDynamicEntry},
    {Kind::Global,
     true,
     "crypto map <name:word> [ <seq:number:1-65535> ]",
     RemoveMap<&RouterConfig::cryptoMaps>},
    {Kind::Global,
     true,
     "crypto map " MAP " <kind:ipsec-isakmp|ipsec-manual>",
     RemoveMap<&RouterConfig::cryptoMaps>},
    {Kind::Global,
     true,
     "crypto map " MAP " ipsec-isakmp dynamic <dynamic:word>",
     RemoveMap<&RouterConfig::cryptoMaps>},
    {Kind::Global,
     false,
     "crypto map <name:word> local-address <interface:interface>",
     SetLocalAddress},
    {Kind::Global,
     true,
     "crypto map <name:word> local-address [ <interface:interface> ]",
     ResetLocalAddress},
    {Kind::Global, false, "crypto dynamic-map " MAP, EnterDynamicMapEntry},
    {Kind::Global,
     true,
     "crypto dynamic-map <name:word> [ <seq:number:1-65535> ]",
     RemoveMap<&RouterConfig::dynamicMaps>},

    {Kind::Global, false, "crypto ipsec optional", SetPassive},
    {Kind::Global,
     false,
     "crypto ipsec optional <retry:retry> <seconds:number:1-4294967295>",
     SetPassiveRetry},
    // Without passive mode no retry can be typed, so none stays behind when passive mode ends: what
    // `show running-config` shows can always be read again.
    {Kind::Global,
     true,
     "crypto ipsec optional",
     ResetConfig<&RouterConfig::passive, &RouterConfig::passiveRetry>},
    {Kind::Global,
     true,
     "crypto ipsec optional retry [ <seconds:number:1-4294967295> ]",
     ResetConfig<&RouterConfig::passiveRetry>},

    {Kind::CryptoMap, false, SESSION_KEY ESP "cipher <cipher:word>", SetSessionKey},
    {Kind::CryptoMap,
     false,
     SESSION_KEY ESP "[ cipher <cipher:word> ] authenticator <authenticator:word>",
     SetSessionKey},
    {Kind::CryptoMap,
     false,
     SESSION_KEY "<protocol:ah> [ <rest:line> ]",
     RefuseAuthenticationHeader,
     true},
    {Kind::CryptoMap, true, SESSION_KEY "[ <rest:line> ]", ResetSessionKey},
};

/// A command of static and of dynamic entries.
struct EntryRow
{
    bool no;             ///< the form behind `no`
    const char* pattern; ///< see IosGrammar
    IosHandler handler;  ///< the code behind it
    bool hidden;         ///< never suggested
};

const EntryRow ENTRY_ROWS[] = {
    {false, "set peer <peer:address>", AddPeer, false},
    {false, "set peer <peer:address> <default:default>", RefuseDefaultPeer, true},
    {true, "set peer [ <peer:address> ]", RemovePeer, false},
    {false, "match address <list:word>", SetMatchAddress, false},
    {true, "match address [ <list:word> ]", ResetMatchAddress, false},
    {false, "responder-only", RefuseResponderOnly, true},
    {true, "responder-only", RefuseResponderOnly, true},
};

} // namespace

CryptoMapEntryText&
OpenIosMapEntry(IosContext& c)
{
    const size_t blank = c.mode.name.rfind(' ');
    const std::string name = c.mode.name.substr(0, blank);
    Maps& maps = c.mode.kind == Kind::DynamicMap ? c.config.dynamicMaps : c.config.cryptoMaps;
    CryptoMapText& map = maps[name];
    map.name = name;
    return map.entries[static_cast<uint32_t>(std::stoul(c.mode.name.substr(blank + 1)))];
}

std::vector<IosCommand>
MakeIosMapCommands()
{
    std::vector<IosCommand> commands(std::begin(GLOBAL_COMMANDS), std::end(GLOBAL_COMMANDS));
    for (const Kind kind : {Kind::CryptoMap, Kind::DynamicMap})
    {
        for (const EntryRow& row : ENTRY_ROWS)
        {
            commands.push_back({kind, row.no, row.pattern, row.handler, row.hidden});
        }
    }
    return commands;
}

} // namespace ike
} // namespace ns3
