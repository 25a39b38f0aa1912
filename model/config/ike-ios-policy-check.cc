/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-policy-check.h"

#include "ike-ios-access-words.h"
#include "ike-ios-policy-resolve.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ike
{

namespace
{

using EntryKind = CryptoMapEntryText::Kind;

// --- References ----------------------------------------------------------------------------------

void
CheckEntryReferences(const RouterConfig& config,
                     const CryptoMapEntryText& entry,
                     std::vector<ConfigError>& errors)
{
    for (const NameReference& set : entry.transformSets)
    {
        CheckReference(errors, set, config.transformSets, "crypto ipsec transform-set");
    }
    if (entry.isakmpProfile)
    {
        CheckReference(errors,
                       *entry.isakmpProfile,
                       config.isakmpProfiles,
                       "crypto isakmp profile");
    }
    if (entry.dynamicMap)
    {
        CheckReference(errors, *entry.dynamicMap, config.dynamicMaps, "crypto dynamic-map");
    }
}

/// What to type in place of a line that IKE cannot name.
std::string
FindHintForLine(const AccessLine& line)
{
    const auto hasHoles = [](const WildcardAddress& a) { return !a.ToPrefix(); };
    if (!hasHoles(line.source) && !hasHoles(line.destination))
    {
        return "a crypto map takes all ports or one ('eq'): write one line for each";
    }
    const WildcardAddress& bad = hasHoles(line.source) ? line.source : line.destination;
    const bool isMask = PrefixLengthOfMask(bad.wildcard).has_value();
    return isMask ? "it looks like a network mask: the wildcard is " +
                        IpAddress::V4(~bad.wildcard).ToString()
                  : "its wildcard has holes: write one line for each network";
}

/// RFC 2407 4.6.2: an identity is an address, a network or a range, with one port or all.
void
CheckLinesOfEntry(const RouterConfig& config,
                  const CryptoMapEntryText& entry,
                  const std::string& name,
                  std::set<std::string>& checked,
                  std::vector<ConfigError>& errors)
{
    const AccessListText* list = FindAccessList(config, entry);
    if (!list || !checked.insert(list->name).second)
    {
        return;
    }
    for (const auto& [number, line] : list->lines)
    {
        if (!line.IsRemark() && line.line.permit && !NameFlow(line.line))
        {
            errors.push_back({line.position,
                              WriteAccessLine(line.line),
                              "IKE cannot name this flow to a peer, but '" + name +
                                  "' matches access list " + list->name,
                              FindHintForLine(line.line)});
        }
    }
}

/// A static or a dynamic map.
void
CheckMap(const RouterConfig& config,
         const std::string& command,
         const CryptoMapText& map,
         std::set<std::string>& checked,
         std::vector<ConfigError>& errors)
{
    for (const auto& [sequence, entry] : map.entries)
    {
        const std::string name = command + " " + map.name + " " + std::to_string(sequence);
        CheckEntryReferences(config, entry, errors);
        CheckLinesOfEntry(config, entry, name, checked, errors);
    }
    if (map.localAddress && !config.FindInterface(map.localAddress->name))
    {
        errors.push_back({map.localAddress->position,
                          map.localAddress->name,
                          "there is no 'interface " + map.localAddress->name + "'",
                          {}});
    }
}

// --- What is missing -----------------------------------------------------------------------------

/// An entry, and how errors call it.
struct NamedEntry
{
    std::string name;               ///< "m 10"
    const CryptoMapEntryText& text; ///< of the configuration
};

ConfigError
MakeLackError(const NamedEntry& entry, const std::string& what, const std::string& hint)
{
    return ConfigError{entry.text.position, entry.name, "the crypto map entry lacks " + what, hint};
}

void
CheckTransformSets(const NamedEntry& entry, std::vector<ConfigError>& errors)
{
    if (entry.text.transformSets.empty())
    {
        errors.push_back(MakeLackError(entry, "a transform set", "type 'set transform-set ...'"));
    }
}

/// As in IOS an entry is disabled until it has both.
void
CheckPeerAndList(const NamedEntry& entry, std::vector<ConfigError>& errors)
{
    if (entry.text.peers.empty())
    {
        errors.push_back(MakeLackError(entry, "a peer", "type 'set peer ...'"));
    }
    if (!entry.text.accessList)
    {
        errors.push_back(MakeLackError(entry, "an access list", "type 'match address ...'"));
    }
}

/// A key must be as long as its algorithm needs; of a longer one IOS takes the beginning.
void
CheckKeyLength(const SessionKeyText& key,
               const Octets& octets,
               const std::string& algorithm,
               size_t needed,
               std::vector<ConfigError>& errors)
{
    const bool isSuperfluous = needed == 0 && !octets.empty();
    if (octets.size() >= needed && !isSuperfluous)
    {
        return;
    }
    const std::string wanted = needed == 0
                                   ? "no key"
                                   : "a key of " + std::to_string(needed) + " octets (" +
                                         std::to_string(2 * needed) + " hexadecimal digits)";
    errors.push_back({key.position,
                      std::to_string(key.spi),
                      algorithm + " of the transform set needs " + wanted + ", not of " +
                          std::to_string(octets.size()),
                      "type 'set session-key ...' again, or choose another transform set"});
}

/// A direction of an `ipsec-manual` entry.
void
CheckSessionKey(const NamedEntry& entry,
                const std::optional<SessionKeyText>& key,
                const std::string& direction,
                const EspTransformSet& set,
                std::vector<ConfigError>& errors)
{
    if (!key)
    {
        errors.push_back(MakeLackError(entry,
                                       "its " + direction + " keys",
                                       "type 'set session-key " + direction + " esp ...'"));
        return;
    }
    CheckKeyLength(*key,
                   key->cipherKey,
                   "the cipher",
                   KeyLengthOf(set.cipher, set.keyBits),
                   errors);
    CheckKeyLength(*key,
                   key->authenticatorKey,
                   "the authenticator",
                   KeyLengthOf(set.integrity),
                   errors);
}

/// Counter modes must never see a key twice (RFC 3686 2.1, RFC 4106 2), and nobody negotiates
/// extended sequence numbers here (RFC 4303 2.2.1).
void
CheckManualSet(const NamedEntry& entry,
               const EspTransformSet& set,
               std::vector<ConfigError>& errors)
{
    const NameReference& reference = entry.text.transformSets.front();
    if (IsCombined(set.cipher) || set.cipher == CipherAlgorithm::AesCtr)
    {
        errors.push_back({reference.position,
                          reference.name,
                          "a counter mode must not be used with keys that are typed: after a "
                          "restart they would be used again with the same counters",
                          "use esp-aes, esp-3des or esp-des with an authenticator"});
    }
    if (set.extendedSequence)
    {
        errors.push_back({reference.position,
                          reference.name,
                          "extended sequence numbers are negotiated, and an ipsec-manual entry "
                          "negotiates nothing",
                          "say 'no esn' in the transform set"});
    }
}

/// One pair of SAs carries one flow.
void
CheckManualLines(const RouterConfig& config,
                 const NamedEntry& entry,
                 std::vector<ConfigError>& errors)
{
    const AccessListText* list = FindAccessList(config, entry.text);
    if (!list)
    {
        return;
    }
    const auto permits =
        std::count_if(list->lines.begin(), list->lines.end(), [](const auto& line) {
            return !line.second.IsRemark() && line.second.line.permit;
        });
    if (permits != 1)
    {
        errors.push_back({entry.text.accessList->position,
                          list->name,
                          "the access list of an ipsec-manual entry has exactly one permit line, "
                          "and this one has " +
                              std::to_string(permits),
                          "write an entry for each flow"});
    }
}

void
CheckManual(const RouterConfig& config, const NamedEntry& entry, std::vector<ConfigError>& errors)
{
    CheckManualLines(config, entry, errors);
    const auto& sets = entry.text.transformSets;
    const auto set =
        sets.empty() ? config.transformSets.end() : config.transformSets.find(sets.front().name);
    if (set == config.transformSets.end())
    {
        return;
    }
    CheckManualSet(entry, set->second.set, errors);
    CheckSessionKey(entry, entry.text.inboundKey, "inbound", set->second.set, errors);
    CheckSessionKey(entry, entry.text.outboundKey, "outbound", set->second.set, errors);
}

/// Of two entries that receive by the same SPI only one can.
void
CheckSpis(const CryptoMapText& map, std::vector<ConfigError>& errors)
{
    std::set<uint32_t> spis;
    for (const auto& [sequence, entry] : map.entries)
    {
        if (entry.inboundKey && !spis.insert(entry.inboundKey->spi).second)
        {
            errors.push_back({entry.inboundKey->position,
                              std::to_string(entry.inboundKey->spi),
                              "another entry of this crypto map has this inbound SPI",
                              "choose another one, here and at the peer"});
        }
    }
}

void
CheckEntry(const RouterConfig& config, const NamedEntry& entry, std::vector<ConfigError>& errors)
{
    if (entry.text.kind == EntryKind::Dynamic)
    {
        return;
    }
    CheckPeerAndList(entry, errors);
    CheckTransformSets(entry, errors);
    if (entry.text.kind == EntryKind::Manual)
    {
        CheckManual(config, entry, errors);
    }
}

/// The map of an interface, with the dynamic maps that it names.
void
CheckUsedMap(const RouterConfig& config, const CryptoMapText& map, std::vector<ConfigError>& errors)
{
    CheckSpis(map, errors);
    for (const auto& [sequence, entry] : map.entries)
    {
        CheckEntry(config, {map.name + " " + std::to_string(sequence), entry}, errors);
        const auto dynamic = entry.dynamicMap ? config.dynamicMaps.find(entry.dynamicMap->name)
                                              : config.dynamicMaps.end();
        if (dynamic == config.dynamicMaps.end())
        {
            continue;
        }
        for (const auto& [number, part] : dynamic->second.entries)
        {
            CheckTransformSets({dynamic->first + " " + std::to_string(number), part}, errors);
        }
    }
}

/// Lists come behind the maps that name them in many texts (the seed's own, too), so that a console
/// must take a name whose list comes later.
void
CheckListReferences(const RouterConfig& config,
                    const std::map<std::string, CryptoMapText>& maps,
                    std::vector<ConfigError>& errors)
{
    for (const auto& [name, map] : maps)
    {
        for (const auto& [sequence, entry] : map.entries)
        {
            if (entry.accessList)
            {
                CheckReference(errors, *entry.accessList, config.accessLists, "access-list");
            }
        }
    }
}

} // namespace

void
CheckPolicyReferences(const RouterConfig& config, std::vector<ConfigError>& errors)
{
    std::set<std::string> checked;
    for (const auto& [name, map] : config.cryptoMaps)
    {
        CheckMap(config, "crypto map", map, checked, errors);
    }
    for (const auto& [name, map] : config.dynamicMaps)
    {
        CheckMap(config, "crypto dynamic-map", map, checked, errors);
    }
    for (const InterfaceText& interface : config.interfaces)
    {
        if (interface.cryptoMap)
        {
            CheckReference(errors, *interface.cryptoMap, config.cryptoMaps, "crypto map");
        }
    }
}

void
CheckPolicyCompleteness(const RouterConfig& config, std::vector<ConfigError>& errors)
{
    CheckListReferences(config, config.cryptoMaps, errors);
    CheckListReferences(config, config.dynamicMaps, errors);
    std::set<std::string> checked;
    for (const InterfaceText& interface : config.interfaces)
    {
        const auto map = interface.cryptoMap ? config.cryptoMaps.find(interface.cryptoMap->name)
                                             : config.cryptoMaps.end();
        if (interface.shutdown || map == config.cryptoMaps.end())
        {
            continue;
        }
        if (FindPolicyAddress(config, interface).IsNone())
        {
            errors.push_back(
                {interface.cryptoMap->position,
                 interface.cryptoMap->name,
                 "the crypto map of " + interface.name + " has no address to send from",
                 "type 'ip address ...' under the interface, or 'crypto map " + map->first +
                     " local-address ...'"});
        }
        if (checked.insert(map->first).second)
        {
            CheckUsedMap(config, map->second, errors);
        }
    }
}

} // namespace ike
} // namespace ns3
