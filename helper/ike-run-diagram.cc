/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-run-diagram.h"

#include "ns3/ike-application.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

using Json = nlohmann::ordered_json;

/// So many messages are read and kept: more than anybody looks at.
constexpr size_t MESSAGES = 1000;
/// So many SAs are listed.
constexpr size_t SAS = 2000;
/// Octets of SHA-256 that name a key.
constexpr size_t FINGERPRINT = 4;

double
ToSeconds(Instant time)
{
    return (time - Instant{}).ToSeconds();
}

Json
WriteTimes(const std::array<std::vector<SaTime>, 2>& ends)
{
    Json json = Json::array();
    for (const auto& times : ends)
    {
        Json list = Json::array();
        for (const auto& time : times)
        {
            list.push_back({ToSeconds(time.from), ToSeconds(time.to)});
        }
        json.push_back(std::move(list));
    }
    return json;
}

std::string
KindOf(const ScenarioNode& node)
{
    return node.nat ? "nat" : node.balancer ? "balancer" : node.isHost ? "host" : "internet";
}

/// All nodes, and the clouds: a name, what it is, the outer addresses by which peers know it.
Json
WriteNodes(const Scenario& scenario, const std::map<IpAddress, std::string>& nodeOfAddress)
{
    std::map<std::string, Json> addresses;
    for (const auto& [address, node] : nodeOfAddress)
    {
        addresses[node].push_back(address.ToString());
    }
    const auto write = [&addresses](const std::string& name, const std::string& kind) {
        const auto found = addresses.find(name);
        return Json{{"name", name},
                    {"kind", kind},
                    {"addresses", found != addresses.end() ? found->second : Json::array()}};
    };
    Json nodes = Json::array();
    for (const auto& router : scenario.routers)
    {
        nodes.push_back(write(router.name, "router"));
    }
    for (const auto& node : scenario.nodes)
    {
        nodes.push_back(write(node.name, KindOf(node)));
    }
    for (const auto& cloud : scenario.clouds)
    {
        nodes.push_back(write(cloud.name, "cloud"));
    }
    return nodes;
}

/// Links, and the doors of clouds, as pairs of names.
Json
WriteLinks(const Scenario& scenario)
{
    Json links = Json::array();
    for (const auto& link : scenario.links)
    {
        links.push_back({{"name", link.name},
                         {"ends", {link.ends.at(0).node, link.ends.at(1).node}},
                         {"delay_seconds", link.delay.ToSeconds()}});
    }
    for (const auto& cloud : scenario.clouds)
    {
        for (const auto& door : cloud.doors)
        {
            links.push_back({{"name", cloud.name},
                             {"ends", {door.router, cloud.name}},
                             {"delay_seconds", cloud.delay.ToSeconds() / 2}});
        }
    }
    return links;
}

} // namespace

RunDiagram::RunDiagram(const Scenario& scenario)
    : m_scenario(scenario),
      m_crypto(MakeProvider(scenario.crypto)),
      m_reader(scenario.crypto)
{
}

void
RunDiagram::Connect(const Ptr<IkeRouter>& router, const std::string& name)
{
    router->TraceConnectWithoutContext("Event", MakeCallback(&RunDiagram::Record, this));
    router->GetApplication()->TraceConnect("Tx",
                                           name,
                                           MakeCallback(&RunDiagram::HandleMessage, this));
}

std::string
RunDiagram::FingerprintOf(const Octets& key) const
{
    Octets digest = m_crypto->Hash(HashAlgorithm::Sha256, key);
    digest.resize(std::min(FINGERPRINT, digest.size()));
    return ToHex(digest);
}

void
RunDiagram::Record(const TimedEvent& event)
{
    const Event& e = event.event;
    m_names.Note(e);
    if (m_messages.size() < MESSAGES)
    {
        m_reader.Record(event);
    }
    if (m_prints.size() >= SAS)
    {
        return;
    }
    if (e.kind == EventKind::PhaseOneKeys)
    {
        const std::string name = m_names.NameOf(e.isakmp);
        m_prints.emplace(name, FingerprintOf(e.octets));
        m_ciphers.emplace(name, e.text);
    }
    else if (e.kind == EventKind::PairKeys)
    {
        // Both ends have the same two keys, each the other way round.
        const std::string name = m_names.NameOf(e.pair);
        const auto print = [this](const EspKeys& keys) {
            Octets both = keys.cipherKey;
            Append(both, keys.integrityKey);
            return FingerprintOf(both);
        };
        const std::string in = print(e.inboundKeys);
        const std::string out = print(e.outboundKeys);
        m_prints.emplace(name, std::min(in, out) + " " + std::max(in, out));
        m_ciphers.emplace(name, e.inboundKeys.cipher + " " + e.inboundKeys.integrity);
    }
}

void
RunDiagram::HandleMessage(std::string node,
                          Ptr<const Packet> packet,
                          const Endpoint& /* local */,
                          const Endpoint& /* remote */)
{
    ++m_messageCount;
    if (m_messages.size() >= MESSAGES)
    {
        return;
    }
    Octets octets(packet->GetSize());
    packet->CopyData(octets.data(), static_cast<uint32_t>(octets.size()));
    Sent sent{Instant{Simulator::Now().GetNanoSeconds()}, node, octets.size(), {}, {}};
    if (const auto message = m_reader.Read(node, octets))
    {
        // One line for the message, and one for each payload.
        std::istringstream lines(Print(*message));
        std::getline(lines, sent.heading);
        for (std::string line; std::getline(lines, line);)
        {
            sent.payloads.push_back(
                line.substr(std::min(line.size(), line.find_first_not_of(' '))));
        }
    }
    m_messages.push_back(std::move(sent));
}

void
RunDiagram::RecordSa(const SaAccount& sa)
{
    ++m_saCount;
    const std::string name = sa.isPair ? m_names.NameOf(sa.pair) : m_names.NameOf(sa.isakmp);
    if (m_sas.size() < SAS)
    {
        m_sas.emplace(name, sa);
    }
}

std::string
RunDiagram::ToJson(const std::map<IpAddress, std::string>& nodeOfAddress) const
{
    Json json{{"schema", "ns3-ike-diagram-1"},
              {"nodes", WriteNodes(m_scenario, nodeOfAddress)},
              {"links", WriteLinks(m_scenario)},
              {"sas_in_all", m_saCount},
              {"sas", Json::array()},
              {"messages_in_all", m_messageCount},
              {"messages", Json::array()}};
    const auto find = [](const auto& texts, const std::string& name) {
        const auto found = texts.find(name);
        return found != texts.end() ? found->second : std::string();
    };
    for (const auto& [name, sa] : m_sas)
    {
        json["sas"].push_back({{"name", name},
                               {"ends", sa.nodes},
                               {"initiator", sa.nodes.at(sa.initiator)},
                               {"algorithms", find(m_ciphers, name)},
                               {"key_fingerprint", find(m_prints, name)},
                               {"packets", sa.packets},
                               {"lives", WriteTimes(sa.lives)},
                               {"surplus", WriteTimes(sa.surplus)}});
    }
    for (const auto& sent : m_messages)
    {
        json["messages"].push_back({{"time", ns3::ike::ToString(sent.time)},
                                    {"node", sent.node},
                                    {"octets", sent.octets},
                                    {"heading", sent.heading},
                                    {"payloads", sent.payloads}});
    }
    return json.dump(1) + "\n";
}

} // namespace ike
} // namespace ns3
