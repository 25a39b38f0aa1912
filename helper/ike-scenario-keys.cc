/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-keys.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

using T = KeyType;

/// Sections, which stand at the top and in variants.
const std::vector<ScenarioKey>&
GetSections()
{
    static const std::vector<ScenarioKey> KEYS{
        {"duration", T::LongDuration, "needed", "Length of the run in simulated time."},
        {"profile", T::Choice, "ios", "Knobs of all routers.", "@profiles"},
        {"costs",
         T::Text,
         "ideal",
         "What work costs the CPUs of all routers: a profile of costs, or a file."},
        {"cores", T::Count, "1", "Cores of the CPU of each router.", "1 1024"},
        {"crypto", T::Choice, "openssl", "Who does the cryptography.", "@crypto"},
        {"sites", T::Mapping, "", "Many routers that differ in numbers alone.", "sites"},
        {"groups", T::MappingOf, "", "Hubs, spokes, meshes and chains of many routers.", "group"},
        {"routers", T::MappingOf, "", "Routers under test.", "router"},
        {"knobs",
         T::KnobOwners,
         "",
         "Knobs of engines and accounts, by owner: all, a router, a group as 'S*', account, "
         "ledger."},
        {"network", T::Mapping, "", "Nodes, links and clouds.", "network"},
        {"ranks", T::Ranks, "", "Which process of several runs which nodes."},
        {"events", T::ListOf, "", "What happens at set times.", "event"},
        {"offer", T::ListOf, "", "Traffic.", "flow"},
        {"expect", T::ListOf, "", "What must come out.", "expectation"},
        {"explore", T::Mapping, "", "The scenario as a race of the laboratory.", "explore"},
    };
    return KEYS;
}

/// What links, clouds and trees have in common.
const std::vector<ScenarioKey> PATH_KEYS{
    {"rate", T::Bandwidth, "100 Mbit/s", "Each way; of a cloud: of each router towards it."},
    {"delay", T::DrawnTime, "0 s", "One way. A distribution is drawn once for each link and run."},
    {"jitter",
     T::DrawnTime,
     "0 s",
     "A packet takes up to so much longer; or so much as it draws of a distribution."},
    {"loss",
     T::DrawnLoss,
     "0 %",
     "Share of packets lost; a distribution, drawn once for each link and run; or burst(SHARE, "
     "LEAST packets, MOST packets)."},
    {"queue", T::Packets, "100 packets", "Room at each end."},
};

const std::vector<ScenarioKey> CLOUD_KEYS{
    {"attach", T::NamedTexts, "", "Routers and their interfaces, load balancers and prefixes."},
    {"behind", T::NamedPrefixes, "", "Networks that the cloud finds behind a router."},
    {"mtu", T::Size, "1500 B", "Of an IPv4 packet, 68 B to 65535 B."},
};

const std::vector<ScenarioKey> ROUTER_KEYS{
    {"tunnels",
     T::Choice,
     "",
     "A device of ns-3 for each tunnel, or one for all; by default as the router does.",
     "own shared"},
    {"costs", T::Text, "", "What work costs the CPU; by default that of the scenario."},
    {"cores", T::Count, "", "Cores of the CPU; by default those of the scenario.", "1 1024"},
};

/// How the packets of a flow follow each other.
const std::vector<ScenarioKey> FLOW_KEYS{
    {"size", T::Size, "required", "UDP payload of a packet, up to 65507 B."},
    {"every",
     T::DrawnSpan,
     "required",
     "Between two packets; a distribution is drawn for each of them."},
    {"start",
     T::DrawnTime,
     "0 s",
     "First packet; a distribution is drawn once for each flow and run."},
    {"stop", T::Duration, "never", "No packet from then on."},
    {"on",
     T::DrawnSpan,
     "",
     "Packets are offered for so long, and then none for 'off:'; a distribution is drawn for each "
     "phase."},
    {"off", T::DrawnTime, "", "See 'on:'."},
};

/// The order of members, and what follows it.
const std::vector<ScenarioKey> ORDER_KEYS{
    {"order", T::Choice, "by-number", "The members' ranks.", "by-number reversed random"},
    {"order_seed", T::Count, "", "Decides a random order; by default the seed of the file."},
    {"waves", T::Count, "", "In how many parts; by default as many as members.", "1 1000000000"},
};

std::vector<ScenarioKey>
Join(std::initializer_list<std::vector<ScenarioKey>> parts)
{
    std::vector<ScenarioKey> all;
    for (const auto& part : parts)
    {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

std::vector<ScenarioMapping>
MakeMappings()
{
    const std::vector<ScenarioKey> plain{
        {"version", T::Version, "required", "Version of the format."},
        {"name", T::Identifier, "required", "Short name, for results."},
        {"title", T::FixedText, "required", "A line for people."},
        {"description", T::FixedText, "", "More for people."},
        {"parameters",
         T::MappingOf,
         "",
         "Values that --set, --vary and sweeps may change.",
         "parameter"},
        {"seed",
         T::Count,
         "1",
         "Seed of a run, unless --seed or --seeds says another.",
         "1 999999999"},
        {"variants", T::ListOf, "", "Sections for certain values of parameters.", "variant"},
    };
    return {
        {"scenario", Join({plain, GetSections()})},
        {"variant",
         Join({{{"when", T::Condition, "required", "It is applied when all of this holds."}},
               GetSections()})},
        {"explore",
         {{"id", T::Text, "", "The row of a catalogue."},
          {"catalogue", T::Text, "", "What the row says."},
          {"note", T::Text, "", "What is to be said of it."},
          {"evidence", T::Text, "", "What speaks for it."},
          {"begin", T::Texts, "", "Moves before everything else."},
          {"schedule", T::Texts, "", "Moves of a kept race; without them it is an exploration."},
          {"bounds", T::Anything, "", "What may happen in an exploration, and how often."},
          {"oracles",
           T::Mapping,
           "",
           "Which rules are watched, and where they draw lines.",
           "oracles"},
          {"settle", T::LongDuration, "300 s", "Until the end state is judged."},
          {"flaps", T::Count, "2", "So many SAs that come up meanwhile are a flap.", "1 1000000"},
          {"chooser", T::Anything, "exhaustive", "Exhaustive, random or pct."},
          {"configs", T::Anything, "", "Other configurations, by router and name."},
          {"packets", T::Anything, "", "Data packets without hosts, by router and name."},
          {"vary", T::Anything, "", "Values of parameters that 'regress' combines."},
          {"expect", T::Mapping, "", "What must come out.", "race-expectation"}}},
        {"oracles",
         {{"on", T::Texts, "", "These are asked, too."},
          {"off", T::Texts, "", "These are not asked; all: none is."},
          {"pairsPerSelector", T::Count, "4", "Living pairs of a connection at an end."},
          {"isakmpPerPeer", T::Count, "4", "ISAKMP SAs with a peer at an end."},
          {"attemptsPerPeer", T::Count, "16", "Attempts and quick modes that run at an end."},
          {"datagrams", T::Count, "64", "In flight at once."},
          {"strict", T::Boolean, "true", "Packets in the clear count as failures."}}},
        {"race-expectation",
         {{"end", T::Text, "", "The only end state."},
          {"end_states", T::Anything, "", "A list: these and no others; or exactly, at_most."},
          {"never", T::Texts, "", "No end state is like this; names of oracles: they hold."},
          {"always", T::Texts, "", "Each end state is like this."},
          {"shortest", T::Anything, "", "The shortest schedule to an end state, or its length."},
          {"violations", T::Texts, "", "These oracles fail, and no others."},
          {"complete", T::Boolean, "true", "Was all within the bounds seen?"},
          {"events",
           T::ListOf,
           "",
           "Of a kept race: how often something is reported.",
           "race-count"}}},
        {"race-count",
         {{"router", T::Text, "required", "At whom."},
          {"event", T::Text, "required", "As transcripts call it, or clear-sent."},
          {"equals", T::Count, "", "Just so often."},
          {"at_least", T::Count, "", "At least so often."},
          {"at_most", T::Count, "", "At most so often."}}},
        {"parameter",
         {{"type",
           T::Choice,
           "required",
           "What values it takes.",
           "duration number integer percent choice boolean bandwidth"},
          {"default",
           T::FixedText,
           "required",
           "Unless told otherwise; a value, or one of 'words:'."},
          {"range", T::FixedTexts, "", "Least and greatest value, both allowed."},
          {"choices", T::FixedTexts, "", "The values; of a choice, and only there."},
          {"words", T::FixedTexts, "", "Allowed beside the values, as never and auto."},
          {"unit", T::FixedText, "", "For people, in list."},
          {"help", T::FixedText, "required", "A sentence, for people."}}},
        {"router",
         Join({ROUTER_KEYS,
               {{"config", T::Texts, "", "IOS text."},
                {"configs", T::Texts, "", "IOS files, looked up beside the scenario."},
                {"profile",
                 T::Choice,
                 "",
                 "Knobs of this router; by default that of the scenario.",
                 "@profiles"}}})},
        {"sites",
         Join({{{"name", T::Letters, "needed", "Sites are called by it and a number."},
                {"count", T::Count, "needed", "How many.", "2 100000"},
                {"partners",
                 T::Text,
                 "auto",
                 "An even number: the neighbours in a ring; mesh; auto: a mesh up to 50 sites, "
                 "else 4."},
                {"cloud", T::Text, "needed", "Where each is attached, by Ethernet0/0."},
                {"wan",
                 T::Prefix,
                 "needed",
                 "Site i has the i-th address behind the network's own."},
                {"lan",
                 T::Prefix,
                 "needed",
                 "Site i has the i-th /24 behind the first one; at most /22."},
                {"config", T::Texts, "", "IOS text of each site."},
                {"per_partner", T::Texts, "", "IOS text, once for each partner."},
                {"config_after", T::Texts, "", "IOS text behind these."}},
               ORDER_KEYS,
               {{"steps", T::ListOf, "", "What is typed at the console of each site.", "site-step"},
                {"traffic",
                 T::Mapping,
                 "",
                 "A flow from each site to each of its partners.",
                 "site-traffic"}}})},
        {"site-step",
         {{"at",
           T::DrawnTime,
           "required",
           "When, for each site; a distribution is drawn for each."},
          {"type", T::Texts, "", "Lines."},
          {"per_partner", T::Texts, "", "Lines for each partner, behind these."},
          {"type_after", T::Texts, "", "Lines behind these."},
          {"only", T::Texts, "", "These sites alone."},
          {"except", T::Texts, "", "All but these sites."}}},
        {"site-traffic", FLOW_KEYS},
        {"group",
         Join({ROUTER_KEYS,
               {{"count", T::Count, "needed", "How many.", "1 100000"},
                {"cloud",
                 T::Text,
                 "needed",
                 "Cloud or tree where each is attached, by Ethernet0/0."},
                {"wan",
                 T::Prefix,
                 "needed",
                 "Member i has the i-th address behind the network's own."},
                {"lan",
                 T::Prefix,
                 "needed",
                 "Member i has the i-th network behind the first one; Loopback0 has its first "
                 "address."},
                {"lan_length", T::Count, "24", "Of these networks.", "8 30"},
                {"inner",
                 T::Prefix,
                 "",
                 "A network for each pair of peers, for tunnels with addresses."},
                {"inner_length", T::Count, "30", "Of these networks.", "30 31"},
                {"config", T::Texts, "", "IOS text of each member."},
                {"for_each", T::ListOf, "", "IOS text for each peer, behind that.", "for-each"}},
               ORDER_KEYS,
               {{"steps",
                 T::ListOf,
                 "",
                 "What is typed at the console of each member.",
                 "group-step"},
                {"config_after", T::Texts, "", "IOS text behind all others."},
                {"start",
                 T::DrawnTime,
                 "0 s",
                 "Members get power then; a distribution is drawn for each of them."},
                {"start_jitter", T::Duration, "0 s", "Or up to so much later."},
                {"knobs", T::Knobs, "", "Knobs of all members."},
                {"profile", T::Choice, "", "Knobs of all members.", "@profiles"},
                {"traffic", T::ListOf, "", "Flows to peers.", "group-traffic"},
                {"announce_lan",
                 T::Boolean,
                 "false",
                 "The cloud finds the networks behind the members: for traffic in the clear."}}})},
        {"for-each",
         {{"of", T::Text, "required", "Group of the peers."},
          {"which",
           T::Text,
           "required",
           "Who of it: all, others, before, after, ring, partial K, next, previous, neighbours, "
           "home, homes K, mine, mine K."},
          {"text", T::Texts, "required", "For each of them."}}},
        {"group-step",
         {{"at",
           T::DrawnTime,
           "required",
           "When, for each member; a distribution is drawn for each."},
          {"type", T::Texts, "", "Lines."},
          {"for_each", T::ListOf, "", "Lines for each peer, behind these.", "for-each"},
          {"type_after", T::Texts, "", "Lines behind these."},
          {"only", T::Texts, "", "These members alone."},
          {"except", T::Texts, "", "All but these members."},
          {"spread", T::Duration, "0 s", "Up to so much later, each by itself."}}},
        {"group-traffic",
         Join({{{"to", T::Text, "required", "Group of the peers."},
                {"which", T::Text, "required", "Who of it, as in for_each."}},
               FLOW_KEYS,
               {{"spread",
                 T::Duration,
                 "",
                 "Each flow begins up to so much after 'start:'; by default up to 'every:'."},
                {"both", T::Boolean, "false", "And a flow back for each."}}})},
        {"account",
         {{"Grace",
           T::Duration,
           "60 s",
           "So long an SA may overlap its first successor before it is too many."},
          {"OrphanGrace",
           T::Duration,
           "5 s",
           "So long an SA may stand at one end only before it is an orphan."}}},
        {"ledger",
         {{"FlightTime",
           T::Duration,
           "10 s",
           "Longest way of a packet; an older packet without trace is a violation."},
          {"FlowsListed",
           T::Count,
           "500",
           "With more flows than these, results have one entry for all flows from a node."},
          {"EndsListed",
           T::Count,
           "1000",
           "A group of more members than these is one entry of the results."},
          {"SeriesBuckets",
           T::Count,
           "168",
           "Parts of the run in the results over time.",
           "1 10000"}}},
        {"network",
         {{"hosts",
           T::TextList,
           "",
           "End systems; each has one link, and its default route leads there."},
          {"internet", T::TextList, "", "Routers of the Internet."},
          {"nat", T::MappingOf, "", "NATs.", "nat"},
          {"balancer", T::MappingOf, "", "Load balancers.", "balancer"},
          {"underlay", T::Mapping, "", "How routers of the Internet find their ways.", "underlay"},
          {"links", T::MappingOf, "", "Point-to-point links.", "link"},
          {"cloud", T::MappingOf, "", "Networks of providers, each one element.", "cloud"},
          {"tree", T::MappingOf, "", "Networks of providers, of real routers.", "tree"},
          {"capture", T::TextList, "", "Where to write captures: NODE, or NODE INTERFACE."},
          {"learn",
           T::ListOf,
           "",
           "Routes that are typed when a provider has learnt them.",
           "learn"}}},
        {"underlay",
         {{"routing", T::Choice, "static", "Shortest paths from the start, or RIP.", "static rip"},
          {"update", T::LongDuration, "30 s", "Between two full announcements (RIP)."},
          {"timeout", T::LongDuration, "180 s", "Life of a route that nobody announces (RIP)."},
          {"garbage", T::LongDuration, "120 s", "Until it is forgotten (RIP)."},
          {"startup",
           T::LongDuration,
           "1 s",
           "At most so long before the first announcement (RIP)."}}},
        {"link",
         Join({{{"ends",
                 T::Ends,
                 "needed",
                 "Two nodes: a router with its interface, any other with a prefix."}},
               PATH_KEYS})},
        {"cloud", Join({CLOUD_KEYS, PATH_KEYS})},
        {"tree",
         Join({CLOUD_KEYS,
               PATH_KEYS,
               {{"fan", T::Choice, "32", "Most ways down of a router.", "2 4 8 16 32"},
                {"inner_rate", T::Bandwidth, "10 Gbit/s", "Of links between routers."},
                {"inner_delay", T::Duration, "0 s", "Of these, one way."}}})},
        {"learn",
         {{"router", T::Text, "required", "Who types."},
          {"route", T::Text, "required", "What stands behind 'ip route'."},
          {"from", T::Text, "required", "Router of the Internet whose table is looked at."},
          {"prefix", T::Prefix, "required", "What must be there."},
          {"poll", T::LongDuration, "10 ms", "How often to look."}}},
        {"nat",
         {{"outside", T::Text, "needed", "Link that leads outside."},
          {"udp_lifetime", T::LongDuration, "30 s", "Of a mapping that is not used."},
          {"tcp_lifetime", T::LongDuration, "7440 s", "The same."},
          {"icmp_lifetime", T::LongDuration, "60 s", "The same."},
          {"esp_lifetime", T::LongDuration, "120 s", "The same."},
          {"mapping",
           T::Choice,
           "endpoint-independent",
           "What besides the sender decides on the outside port.",
           "@nat"},
          {"filtering",
           T::Choice,
           "address-and-port-dependent",
           "Who may answer through a mapping.",
           "@nat"},
          {"inbound_refresh",
           T::Boolean,
           "false",
           "Does a packet from outside keep a mapping alive, too?"},
          {"preserve_ports", T::Boolean, "false", "Same port outside when it is free."},
          {"esp",
           T::Choice,
           "one-host",
           "ESP outside of UDP: of one inside host at a time, or of none.",
           "@nat-esp"},
          {"forwards", T::ListOf, "", "Outside ports that lead inside for good.", "forward"}}},
        {"forward",
         {{"protocol", T::Choice, "udp", "Of IP.", "udp tcp"},
          {"port", T::Count, "required", "Outside.", "1 65535"},
          {"to", T::Address, "required", "Inside address."},
          {"to_port", T::Count, "", "Inside; by default the same.", "1 65535"}}},
        {"balancer",
         {{"vip", T::Address, "needed", "The virtual address."},
          {"outside", T::Text, "needed", "Link or cloud that leads to the clients."},
          {"mode",
           T::Choice,
           "dispatched",
           "Packets go to the hub as they are, or with its own address.",
           "@balancer-mode"},
          {"predictor", T::Choice, "hash", "Which hub a new client gets.", "@balancer-predictor"},
          {"sticky",
           T::Boolean,
           "true",
           "Do the services of 'together:' share one entry per client?"},
          {"together", T::Texts, "udp 500, udp 4500, esp", "esp, icmp, udp PORT, tcp PORT."},
          {"idle", T::LongDuration, "3600 s", "An entry without packets for so long is over."},
          {"entries", T::Count, "65536", "At most so many.", "1 10000000"},
          {"outbound",
           T::Choice,
           "pass",
           "Packets of a hub that belong to no entry.",
           "@balancer-outbound"},
          {"probe", T::Mapping, "", "ICMP echoes to the hubs.", "probe"},
          {"purge", T::Boolean, "true", "Does a hub that fails lose its entries?"},
          {"hubs", T::MappingOf, "needed", "Routers behind it.", "hub"}}},
        {"probe",
         {{"every", T::LongDuration, "10 s", "Between two probes of a hub."},
          {"fail", T::Count, "3", "After so many without an answer the hub has failed.", "1 1000"},
          {"retry", T::Duration, "60 s", "An answer does not bring it back before."}}},
        {"hub",
         {{"address",
           T::Address,
           "",
           "Individual address; by default that of its link with the balancer."},
          {"weight", T::Count, "1", "Of two predictors.", "1 255"}}},
        {"event",
         {{"at",
           T::DrawnTime,
           "required",
           "When; a distribution is drawn once for each thing it happens to."},
          {"router", T::Text, "", "A router, or all of a group, as 'S*'."},
          {"type", T::Texts, "", "Lines typed at the console."},
          {"reboot",
           T::Mapping,
           "",
           "All SAs are lost, and nothing is answered until it is back.",
           "reboot"},
          {"link", T::Text, "", "A link."},
          {"state", T::Choice, "", "Of a link or a door.", "down up"},
          {"nat", T::Text, "", "A NAT."},
          {"flush", T::Choice, "", "The NAT forgets all mappings but forwards.", "mappings"},
          {"cloud", T::Text, "", "A cloud or a tree."},
          {"drop",
           T::Text,
           "",
           "all, esp, icmp, udp, tcp, udp PORT, tcp PORT: such packets end within the cloud."},
          {"pass", T::Text, "", "The same: they pass again."},
          {"between", T::Texts, "", "One or two routers; by default everywhere."},
          {"door", T::Text, "", "Router at the cloud: its interface there."},
          {"power", T::Choice, "", "Of a router; without it nothing answers.", "off on"},
          {"flap", T::Mapping, "", "In place of 'state:': down so often for so long.", "flap"},
          {"down",
           T::LongDuration,
           "",
           "All doors of the cloud, what is between routers, or a router without power, for so "
           "long."},
          {"spread",
           T::Duration,
           "0 s",
           "Each router, or the return of each door, up to so much later."},
          {"balancer", T::Text, "", "A load balancer."},
          {"drain", T::Text, "", "A hub that keeps its entries and takes no new ones."},
          {"out", T::Text, "", "A hub that loses its entries, too."},
          {"in", T::Text, "", "A hub that takes new entries again."}}},
        {"reboot", {{"down", T::Duration, "required", "So long until it is back."}}},
        {"flap",
         {{"down", T::LongDuration, "required", "For so long."},
          {"every", T::LongDuration, "required", "From one to the next; more than 'down:'."},
          {"times", T::Count, "required", "How many.", "1 10000"}}},
        {"flow",
         Join({{{"name", T::Text, "required", "Of the flow, once."},
                {"from", T::Text, "required", "A host or a router."},
                {"to", T::Text, "required", "A host or a router."}},
               FLOW_KEYS})},
        {"expectation",
         {{"quantity",
           T::Text,
           "required",
           "Path of a number of results.json, as totals.ipsec_duplicates."},
          {"equals", T::Number, "", "It is this."},
          {"at_least", T::Number, "", "It is this, or more."},
          {"at_most", T::Number, "", "It is this, or less."},
          {"when", T::Condition, "", "It is expected when all of this holds."}}},
        {"condition-value",
         {{"not", T::Texts, "required", "The parameter has none of these values."}}},
    };
}

} // namespace

const std::vector<ScenarioMapping>&
GetScenarioMappings()
{
    static const std::vector<ScenarioMapping> MAPPINGS = MakeMappings();
    return MAPPINGS;
}

const std::vector<ScenarioForm>&
GetScenarioForms()
{
    static const std::vector<ScenarioForm> FORMS{
        {"event", "type", {"at", "router", "type"}, {"at", "router", "type"}},
        {"event", "reboot", {"at", "router", "reboot", "spread"}, {"at", "router", "reboot"}},
        {"event", "power", {"at", "router", "power", "spread"}, {"at", "router", "power"}},
        {"event",
         "power down",
         {"at", "router", "power", "down"},
         {"at", "router", "power", "down"}},
        {"event", "link", {"at", "link", "state"}, {"at", "link", "state"}},
        {"event", "link flap", {"at", "link", "flap"}, {"at", "link", "flap"}},
        {"event", "nat", {"at", "nat", "flush"}, {"at", "nat", "flush"}},
        {"event", "drain", {"at", "balancer", "drain"}, {"at", "balancer", "drain"}},
        {"event", "out", {"at", "balancer", "out"}, {"at", "balancer", "out"}},
        {"event", "in", {"at", "balancer", "in"}, {"at", "balancer", "in"}},
        {"event", "door flap", {"at", "cloud", "door", "flap"}, {"at", "cloud", "door", "flap"}},
        {"event",
         "door",
         {"at", "cloud", "door", "state", "spread"},
         {"at", "cloud", "door", "state"}},
        {"event", "down", {"at", "cloud", "down", "spread"}, {"at", "cloud", "down"}},
        {"event",
         "down between",
         {"at", "cloud", "down", "between"},
         {"at", "cloud", "down", "between"}},
        {"event", "drop", {"at", "cloud", "drop", "between"}, {"at", "cloud", "drop"}},
        {"event", "pass", {"at", "cloud", "pass", "between"}, {"at", "cloud", "pass"}},
        {"expectation", "equals", {"quantity", "equals", "when"}, {"quantity", "equals"}},
        {"expectation", "at least", {"quantity", "at_least", "when"}, {"quantity", "at_least"}},
        {"expectation", "at most", {"quantity", "at_most", "when"}, {"quantity", "at_most"}},
    };
    return FORMS;
}

const ScenarioMapping&
FindMapping(const std::string& name)
{
    const auto& all = GetScenarioMappings();
    const auto found = std::find_if(all.begin(), all.end(), [&name](const ScenarioMapping& m) {
        return name == m.name;
    });
    if (found == all.end())
    {
        throw std::logic_error("no mapping of scenario files is called " + name);
    }
    return *found;
}

const std::vector<std::string>&
KeysOf(const std::string& mapping)
{
    // Asked for each flow and step of large scenarios.
    static const std::map<std::string, std::vector<std::string>> KEYS = [] {
        std::map<std::string, std::vector<std::string>> keys;
        for (const auto& known : GetScenarioMappings())
        {
            for (const auto& key : known.keys)
            {
                keys[known.name].emplace_back(key.name);
            }
        }
        return keys;
    }();
    return KEYS.at(mapping);
}

const std::vector<std::string>&
KeysOf(const std::string& mapping, const std::string& form)
{
    for (const auto& known : GetScenarioForms())
    {
        if (mapping == known.mapping && form == known.name)
        {
            return known.keys;
        }
    }
    throw std::logic_error("no " + mapping + " is called " + form);
}

} // namespace ike
} // namespace ns3
