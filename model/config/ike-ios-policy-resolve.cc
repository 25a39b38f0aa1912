/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-policy-resolve.h"

#include "ike-ios-access-words.h"
#include "ike-ipsec-terms.h"
#include "ike-virtual-templates.h"

#include <algorithm>
#include <set>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

using EntryKind = CryptoMapEntryText::Kind;

/// An entry of the crypto map of an interface. An entry that names a dynamic map stands here once
/// for each entry of that map.
struct PlacedEntry
{
    const InterfaceText& interface; ///< where
    std::string name;               ///< "xauthmap 10", "xauthmap 20 dyn 10"
    const CryptoMapEntryText& text; ///< of the crypto map, or of the dynamic map
    bool dynamic{false};            ///< of a dynamic map
    const AccessListText* list;     ///< of `match address`; null: none
};

/// A permit line with one of its peers, or a template: what has an id.
struct Flow
{
    std::string key;  ///< says what it is: the same for as long as it is there
    std::string name; ///< for people
    IpAddress peer;   ///< none of a template
};

const CryptoMapText*
FindMap(const std::map<std::string, CryptoMapText>& maps,
        const std::optional<NameReference>& reference)
{
    const auto found = reference ? maps.find(reference->name) : maps.end();
    return found == maps.end() ? nullptr : &found->second;
}

/// The entries behind an entry of a crypto map.
void
PlaceEntry(const RouterConfig& config,
           const InterfaceText& interface,
           const std::string& name,
           const CryptoMapEntryText& entry,
           std::vector<PlacedEntry>& placed)
{
    if (entry.kind != EntryKind::Dynamic)
    {
        placed.push_back({interface, name, entry, false, FindAccessList(config, entry)});
        return;
    }
    const CryptoMapText* map = FindMap(config.dynamicMaps, entry.dynamicMap);
    if (!map)
    {
        return;
    }
    for (const auto& [sequence, text] : map->entries)
    {
        const std::string full = name + " " + map->name + " " + std::to_string(sequence);
        placed.push_back({interface, full, text, true, FindAccessList(config, text)});
    }
}

/// All entries of an interface, in order.
std::vector<PlacedEntry>
PlaceEntries(const RouterConfig& config, const InterfaceText& interface)
{
    std::vector<PlacedEntry> placed;
    const CryptoMapText* map = FindMap(config.cryptoMaps, interface.cryptoMap);
    if (!map)
    {
        return placed;
    }
    for (const auto& [sequence, entry] : map->entries)
    {
        PlaceEntry(config, interface, map->name + " " + std::to_string(sequence), entry, placed);
    }
    return placed;
}

/// The lines of an entry, without remarks.
std::vector<std::pair<uint32_t, AccessLine>>
ListLines(const PlacedEntry& entry)
{
    std::vector<std::pair<uint32_t, AccessLine>> lines;
    if (!entry.list)
    {
        return lines;
    }
    for (const auto& [number, line] : entry.list->lines)
    {
        if (!line.IsRemark())
        {
            lines.emplace_back(number, line.line);
        }
    }
    return lines;
}

/// The template that an entry of a dynamic map is.
Flow
MakeTemplate(const PlacedEntry& entry)
{
    return Flow{entry.interface.name + " dynamic " + entry.name,
                entry.name + " on " + entry.interface.name,
                IpAddress{}};
}

/// The flows of a permit line, in the order of the peers.
std::vector<Flow>
ListFlows(const PlacedEntry& entry, uint32_t number, const AccessLine& line)
{
    std::vector<Flow> flows;
    const bool isManual = entry.text.kind == EntryKind::Manual;
    if (!line.permit || entry.dynamic || !NameFlow(line))
    {
        return flows;
    }
    for (const IpAddress& peer : entry.text.peers)
    {
        const std::string to = " peer " + peer.ToString();
        flows.push_back(
            {entry.interface.name + (isManual ? " manual " : " isakmp ") + entry.name + " " +
                 WriteAccessLine(line) + to,
             entry.name + " line " + std::to_string(number) + to + " on " + entry.interface.name,
             peer});
    }
    return flows;
}

/// All of an entry.
std::vector<Flow>
ListAllFlows(const PlacedEntry& entry)
{
    std::vector<Flow> flows;
    if (entry.dynamic)
    {
        flows.push_back(MakeTemplate(entry));
        return flows;
    }
    for (const auto& [number, line] : ListLines(entry))
    {
        const std::vector<Flow> more = ListFlows(entry, number, line);
        flows.insert(flows.end(), more.begin(), more.end());
    }
    return flows;
}

/// What all connections of an entry have alike.
ConnectionConfig
MakeConnection(const RouterConfig& config, const PlacedEntry& entry, const Flow& flow)
{
    ConnectionConfig connection;
    const auto id = config.policyIds.find(flow.key);
    connection.id = id == config.policyIds.end() ? 0 : id->second;
    connection.name = flow.name;
    connection.local = FindPolicyAddress(config, entry.interface);
    connection.peer = flow.peer;
    connection.stayUp = false;
    connection.policyInterface = entry.interface.name;
    connection.policyEntry = entry.name;
    ResolveTerms(config, entry.text, connection);
    return connection;
}

/// A connection without an address or an algorithm has nothing to begin with, and none to answer.
bool
IsUsable(const ConnectionConfig& connection)
{
    return connection.id != 0 && !connection.local.IsNone() && !connection.transformSets.empty();
}

/// The template that a dynamic entry is for the engine. Only peers begin, for it names none.
ConnectionConfig
ResolveTemplate(const RouterConfig& config, const PlacedEntry& entry)
{
    ConnectionConfig connection = MakeConnection(config, entry, MakeTemplate(entry));
    connection.dynamic = true;
    for (const auto& [number, line] : ListLines(entry))
    {
        const auto flow = NameFlow(line);
        if (line.permit && flow)
        {
            connection.allowed.push_back(*flow);
        }
    }
    return connection;
}

/// Does a selector name one end of the SA, and nobody else?
bool
IsEnd(const Selector& selector, const IpAddress& end)
{
    return selector.first == end && selector.last == end;
}

/// As in IOS, `mode transport` counts for what the two ends say to each other. Packets of others
/// have other addresses than the SA (RFC 4301 4.1), so they take tunnel mode.
void
ResolveMode(ConnectionConfig& connection)
{
    const bool isBetweenEnds = IsEnd(connection.localSelector, connection.local) &&
                               IsEnd(connection.remoteSelector, connection.peer);
    for (EspTransformSet& set : connection.transformSets)
    {
        set.transport = set.transport && isBetweenEnds;
    }
}

/// The connections of a permit line, in the order of the peers.
std::vector<ConnectionConfig>
ResolveLine(const RouterConfig& config,
            const PlacedEntry& entry,
            uint32_t number,
            const AccessLine& line)
{
    std::vector<ConnectionConfig> connections;
    for (const Flow& flow : ListFlows(entry, number, line))
    {
        ConnectionConfig connection = MakeConnection(config, entry, flow);
        std::tie(connection.localSelector, connection.remoteSelector) = *NameFlow(line);
        ResolveMode(connection);
        if (IsUsable(connection))
        {
            connections.push_back(connection);
        }
    }
    return connections;
}

/// Both directions of an `ipsec-manual` entry; nothing while a part is missing.
std::optional<ManualConnection>
ResolveManual(const CryptoMapEntryText& entry, const ConnectionConfig& connection)
{
    if (!entry.inboundKey || !entry.outboundKey)
    {
        return std::nullopt;
    }
    ManualConnection keys;
    keys.connection = connection.id;
    keys.name = connection.name;
    keys.local = connection.local;
    keys.peer = connection.peer;
    keys.localSelector = connection.localSelector;
    keys.remoteSelector = connection.remoteSelector;
    keys.set = connection.transformSets.front();
    const auto make = [](const SessionKeyText& key) {
        return ManualDirection{key.spi, key.cipherKey, key.authenticatorKey};
    };
    keys.inbound = make(*entry.inboundKey);
    keys.outbound = make(*entry.outboundKey);
    return keys;
}

/// As in IOS an entry is disabled until it has a peer and an access list; one of a dynamic map
/// takes any peer, and without a list any flow.
bool
IsEnabled(const PlacedEntry& entry)
{
    return entry.dynamic || (!entry.text.peers.empty() && entry.list);
}

/// Has an `ipsec-manual` entry one flow, as its one pair of SAs needs it?
bool
HasOneFlow(const PlacedEntry& entry)
{
    const auto lines = ListLines(entry);
    return std::count_if(lines.begin(), lines.end(), [](const auto& line) {
               return line.second.permit;
           }) == 1;
}

/// Makes what packets see of a configuration.
class PolicyMaker
{
  public:
    explicit PolicyMaker(const RouterConfig& config)
        : m_config(config)
    {
    }

    PolicyConfig Make()
    {
        for (const InterfaceText& interface : m_config.interfaces)
        {
            if (interface.cryptoMap && !interface.shutdown)
            {
                m_policy.interfaces.push_back(MakeInterface(interface));
            }
        }
        return m_policy;
    }

  private:
    InterfacePolicy MakeInterface(const InterfaceText& interface)
    {
        InterfacePolicy policy;
        policy.interface = interface.name;
        for (const PlacedEntry& entry : PlaceEntries(m_config, interface))
        {
            if (IsEnabled(entry))
            {
                policy.entries.push_back(MakeEntry(entry));
            }
        }
        return policy;
    }

    PolicyEntry MakeEntry(const PlacedEntry& entry)
    {
        PolicyEntry policy;
        policy.name = entry.name;
        policy.dynamic = entry.dynamic;
        for (const auto& [number, line] : ListLines(entry))
        {
            policy.lines.push_back({line, {}});
            for (const ConnectionConfig& connection : ResolveLine(m_config, entry, number, line))
            {
                if (entry.text.kind != EntryKind::Manual || TakeManual(entry, connection))
                {
                    policy.lines.back().connections.push_back(connection.id);
                }
            }
        }
        return policy;
    }

    bool TakeManual(const PlacedEntry& entry, const ConnectionConfig& connection)
    {
        const auto keys = HasOneFlow(entry) ? ResolveManual(entry.text, connection) : std::nullopt;
        if (keys)
        {
            m_policy.manual.push_back(*keys);
        }
        return keys.has_value();
    }

    const RouterConfig& m_config; ///< what is made into a policy
    PolicyConfig m_policy;        ///< so far
};

/// What names the flows of all crypto maps.
std::vector<std::string>
ListFlowKeys(const RouterConfig& config)
{
    std::vector<std::string> keys;
    if (config.cryptoMaps.empty())
    {
        return keys; // a hub of ten thousand tunnels asks with each line of its text
    }
    for (const InterfaceText& interface : config.interfaces)
    {
        for (const PlacedEntry& entry : PlaceEntries(config, interface))
        {
            for (const Flow& flow : ListAllFlows(entry))
            {
                keys.push_back(flow.key);
            }
        }
    }
    return keys;
}

} // namespace

IpAddress
FindPolicyAddress(const RouterConfig& config, const InterfaceText& interface)
{
    const CryptoMapText* map = FindMap(config.cryptoMaps, interface.cryptoMap);
    const InterfaceText* source =
        map && map->localAddress ? config.FindInterface(map->localAddress->name) : &interface;
    return source ? source->address.value_or(IpAddress{}) : IpAddress{};
}

const AccessListText*
FindAccessList(const RouterConfig& config, const CryptoMapEntryText& entry)
{
    const auto found = entry.accessList ? config.accessLists.find(entry.accessList->name)
                                        : config.accessLists.end();
    return found == config.accessLists.end() ? nullptr : &found->second;
}

std::optional<std::pair<Selector, Selector>>
NameFlow(const AccessLine& line)
{
    const auto local = line.SourceSelector();
    const auto remote = line.DestinationSelector();
    if (!local || !remote)
    {
        return std::nullopt;
    }
    return std::pair<Selector, Selector>{*local, *remote};
}

std::vector<NegotiatedEntry>
ListNegotiatedEntries(const RouterConfig& config)
{
    std::vector<NegotiatedEntry> entries;
    std::set<std::string> known;
    for (const InterfaceText& interface : config.interfaces)
    {
        for (const PlacedEntry& entry : PlaceEntries(config, interface))
        {
            if (!interface.shutdown && entry.text.kind != EntryKind::Manual &&
                known.insert(entry.name).second)
            {
                entries.push_back({entry.name, entry.text});
            }
        }
    }
    return entries;
}

void
AssignPolicyIds(RouterConfig& config)
{
    std::map<std::string, ConnectionId> ids;
    const auto add = [&](const std::string& key) {
        const auto known = config.policyIds.find(key);
        const bool isNew = known == config.policyIds.end();
        ids.emplace(key, isNew ? config.nextConnectionId++ : known->second);
    };
    for (const std::string& key : ListFlowKeys(config))
    {
        add(key);
    }
    for (const std::string& key : ListTemplateKeys(config))
    {
        add(key);
    }
    config.policyIds = std::move(ids);
}

std::vector<ConnectionConfig>
ResolvePolicyConnections(const RouterConfig& config)
{
    std::vector<ConnectionConfig> connections;
    const auto add = [&](const ConnectionConfig& connection) {
        if (IsUsable(connection))
        {
            connections.push_back(connection);
        }
    };
    for (const InterfaceText& interface : config.interfaces)
    {
        for (const PlacedEntry& entry : PlaceEntries(config, interface))
        {
            if (interface.shutdown || entry.text.kind == EntryKind::Manual)
            {
                continue;
            }
            if (entry.dynamic)
            {
                add(ResolveTemplate(config, entry));
                continue;
            }
            for (const auto& [number, line] : ListLines(entry))
            {
                const auto flows = ResolveLine(config, entry, number, line);
                std::for_each(flows.begin(), flows.end(), add);
            }
        }
    }
    return connections;
}

PolicyConfig
ResolvePolicyConfig(const RouterConfig& config, const IkeKnobs& knobs)
{
    PolicyConfig policy = PolicyMaker(config).Make();
    policy.passive.enabled = config.passive;
    policy.passive.retry = config.passiveRetry.value_or(policy.passive.retry);
    policy.passive.clearAfter = knobs.passiveClearAfter;
    policy.passive.idle = knobs.passiveIdle;
    policy.passive.reminderEvery = knobs.passiveReminder;
    policy.passive.warningEvery = knobs.passiveWarning;
    return policy;
}

} // namespace ike
} // namespace ns3
