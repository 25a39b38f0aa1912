/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-live-world.h"

#include "ns3/boolean.h"
#include "ns3/fd-net-device.h"
#include "ns3/global-value.h"
#include "ns3/icmpv4.h"
#include "ns3/ike-application.h"
#include "ns3/ike-engine.h"
#include "ns3/ike-router-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/mac48-address.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-helper.h"
#include "ns3/udp-header.h"
#include "ns3/udp-l4-protocol.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <utility>

using namespace ns3;
using namespace ns3::ike;
using Json = nlohmann::ordered_json;

namespace
{

void
Print(const Json& line)
{
    std::cout << line.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

void
PrintNow(const std::string& name, const Json& value)
{
    Json line;
    line["time"] = Simulator::Now().GetSeconds();
    line[name] = value;
    Print(line);
}

/// What kind of packet passes between the router and its peer.
std::string
KindOnWire(Ptr<const Packet> packet)
{
    Ptr<Packet> rest = packet->Copy();
    Ipv4Header header;
    rest->RemoveHeader(header);
    if (header.GetProtocol() == 50)
    {
        return "esp";
    }
    if (header.GetProtocol() != UdpL4Protocol::PROT_NUMBER || header.GetFragmentOffset() != 0)
    {
        return "other";
    }
    UdpHeader udp;
    rest->RemoveHeader(udp);
    const auto isPort = [&udp](uint16_t port) {
        return udp.GetSourcePort() == port || udp.GetDestinationPort() == port;
    };
    if (isPort(4500))
    {
        // RFC 3948 2: four zero octets stand where ESP has its SPI; a keepalive is one octet.
        uint8_t marker[4] = {1};
        const uint32_t size = rest->CopyData(marker, sizeof marker);
        const bool zero = (marker[0] | marker[1] | marker[2] | marker[3]) == 0;
        return size < 4 ? "keepalive" : zero ? "ike-4500" : "esp-in-udp";
    }
    return isPort(500) ? "ike-500" : "other";
}

/// What kind of packet goes through a tunnel.
std::string
KindInside(Ptr<const Packet> packet)
{
    Ptr<Packet> rest = packet->Copy();
    Ipv4Header header;
    if (rest->RemoveHeader(header) == 0 || header.GetProtocol() != 1 || rest->GetSize() < 8)
    {
        return "other";
    }
    Icmpv4Header icmp;
    rest->RemoveHeader(icmp);
    switch (icmp.GetType())
    {
    case Icmpv4Header::ICMPV4_ECHO:
        return "echo-request";
    case Icmpv4Header::ICMPV4_ECHO_REPLY:
        return "echo-reply";
    default:
        return "other-icmp";
    }
}

Json
ToJson(const PlaneCounters& counters)
{
    Json json;
    json["in"] = counters.in;
    json["passed"] = counters.passed;
    for (size_t i = 0; i < counters.discarded.size(); ++i)
    {
        if (counters.discarded[i] != 0)
        {
            json["discarded"][ToString(static_cast<DropReason>(i))] = counters.discarded[i];
        }
    }
    return json;
}

} // namespace

LiveWorld::LiveWorld(LiveOptions options)
    : m_options(std::move(options))
{
    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::RealtimeSimulatorImpl"));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    RngSeedManager::SetRun(m_options.seed);
    Build();
}

LiveWorld::~LiveWorld()
{
    m_pings.clear();
    Simulator::Destroy();
}

const InterfaceText&
LiveWorld::FindInterface() const
{
    for (const InterfaceText& text : m_options.config.interfaces)
    {
        const bool loopback = text.name.rfind("Loopback", 0) == 0;
        const bool wanted = m_options.interface.empty() ? !text.IsTunnel() && !loopback
                                                        : text.name == m_options.interface;
        if (wanted && text.address)
        {
            return text;
        }
    }
    throw std::runtime_error("the configuration has no interface " + m_options.interface +
                             " with an address towards the peer");
}

void
LiveWorld::SetPathAddress(Ptr<NetDevice> device, const TapAddress& address)
{
    Ptr<Ipv4> ipv4 = m_path->GetObject<Ipv4>();
    const uint32_t index = ipv4->AddInterface(device);
    ipv4->AddAddress(
        index,
        Ipv4InterfaceAddress(Ipv4Address(address.address), Ipv4Mask(address.GetMask())));
    ipv4->SetUp(index);
}

void
LiveWorld::Build()
{
    const InterfaceText& wan = FindInterface();
    const TapAddress own{wan.address->ToV4(), wan.prefixLength};
    // The other host of a /30; in a larger network the lowest one that is not the router.
    const uint32_t first = (own.address & own.GetMask()) + 1;
    const TapAddress gateway{own.address == first ? first + 1 : first, own.length};
    m_options.tap.network = own;
    m_options.tap.gateway = m_options.pathAddress.address;

    m_node = CreateObject<Node>();
    m_path = CreateObject<Node>();
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    link.SetChannelAttribute("Delay", TimeValue(m_options.delay));
    const NetDeviceContainer ends = link.Install(m_node, m_path);
    m_link = ends.Get(1);

    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(m_path);
    SetPathAddress(m_link, gateway);

    Ptr<FdNetDevice> tap = CreateObject<FdNetDevice>();
    tap->SetAddress(Mac48Address("02:00:00:00:00:01"));
    tap->SetFileDescriptor(OpenTap(m_options.tap));
    m_path->AddDevice(tap);
    m_tap = tap;
    SetPathAddress(m_tap, m_options.pathAddress);
    m_path->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Rx",
        MakeCallback(&LiveWorld::OnPath, this));

    IkeRouterHelper helper;
    helper.SetKnobs(m_options.knobs);
    m_router = helper.Install(m_node, m_options.config, {{wan.name, ends.Get(0)}});
    IkeRouterHelper::AssignStreams(NodeContainer(m_node, m_path), 0);
    m_router->TraceConnectWithoutContext("Event", MakeCallback(&LiveWorld::OnEvent, this));
    m_router->TraceConnectWithoutContext("Drop", MakeCallback(&LiveWorld::OnDrop, this));
    WatchTunnels();
    if (!m_options.out.empty())
    {
        std::filesystem::create_directories(m_options.out);
        PcapHelper pcap;
        Ptr<PcapFileWrapper> file =
            pcap.CreateFile(m_options.out + "/tap.pcap", std::ios::out, PcapHelper::DLT_EN10MB);
        pcap.HookDefaultSink<FdNetDevice>(tap, "PromiscSniffer", file);
        IkeRouterHelper::EnablePcap(m_options.out + "/inner", m_router);
    }
}

void
LiveWorld::WatchTunnels()
{
    for (const InterfaceText& text : m_options.config.interfaces)
    {
        Ptr<IpsecTunnelDevice> device = m_router->GetTunnelDevice(text.name);
        if (text.IsTunnel() && device)
        {
            device->TraceConnect("MacRx", "in", MakeCallback(&LiveWorld::OnInner, this));
            device->TraceConnect("MacTx", "out", MakeCallback(&LiveWorld::OnInner, this));
        }
    }
}

void
LiveWorld::Do(const std::string& line)
{
    const std::string own = "live ";
    try
    {
        if (line.rfind(own, 0) == 0)
        {
            DoOwn(line.substr(own.size()));
            return;
        }
        PrintNow("console", {{"line", line}, {"says", m_router->Type(line)}});
    }
    catch (const std::runtime_error& error)
    {
        PrintNow("error", line + ": " + error.what());
    }
}

void
LiveWorld::DoAt(Time at, const std::string& line)
{
    Simulator::Schedule(at, &LiveWorld::Do, this, line);
}

void
LiveWorld::DoOwn(const std::string& words)
{
    std::istringstream in(words);
    std::string word;
    std::string rest;
    in >> word;
    std::getline(in, rest);
    if (word == "ping")
    {
        DoPing(rest);
    }
    else if (word == "silence" || word == "speak")
    {
        SetSilent(word == "silence");
    }
    else if (word == "show")
    {
        PrintNow("show", Describe());
    }
    else if (word == "stop")
    {
        Simulator::Stop();
    }
    else
    {
        throw std::runtime_error("expected ping, silence, speak, show or stop");
    }
}

void
LiveWorld::DoPing(const std::string& words)
{
    std::istringstream in(words);
    std::string to;
    std::string from;
    uint32_t count = 1;
    double interval = 0.2;
    in >> to;
    in >> count >> interval >> from;
    if (from.empty())
    {
        const InterfaceText* inner = m_router->GetConfig().FindInterface("Loopback0");
        if (!inner || !inner->address)
        {
            throw std::runtime_error("the router has no Loopback0 with an address to ping from");
        }
        from = inner->address->ToString();
    }
    TapAddress::Parse(to + "/0");
    TapAddress::Parse(from + "/0");
    if (count == 0 || interval <= 0)
    {
        throw std::runtime_error("expected ADDRESS [COUNT [SECONDS [SOURCE]]]");
    }
    m_pings.emplace_back(
        m_node,
        Ipv4Address(from.c_str()),
        Ipv4Address(to.c_str()),
        count,
        Seconds(interval),
        static_cast<uint16_t>(m_pings.size() + 1),
        [to](const LivePing& ping) {
            PrintNow("ping",
                     {{"to", to}, {"sent", ping.GetSent()}, {"answered", ping.GetAnswered()}});
        });
}

void
LiveWorld::SetSilent(bool silent)
{
    Ptr<Ipv4> ipv4 = m_path->GetObject<Ipv4>();
    const uint32_t index = ipv4->GetInterfaceForDevice(m_link);
    silent ? ipv4->SetDown(index) : ipv4->SetUp(index);
    PrintNow("silent", silent);
}

void
LiveWorld::Run()
{
    if (m_options.duration.IsStrictlyPositive())
    {
        Simulator::Stop(m_options.duration);
    }
    Simulator::ScheduleNow(&PrintNow, "ready", m_options.tap.name);
    Simulator::Run();
    const Json result = Describe();
    if (!m_options.out.empty())
    {
        WriteFiles(result);
    }
    PrintNow("result", result);
}

Json
LiveWorld::Describe()
{
    Json json;
    json["isakmp_sas"] = Json::array();
    json["pairs"] = Json::array();
    if (const Engine* engine = m_router->GetApplication()->PeekEngine())
    {
        for (const IsakmpSaView& sa : engine->GetIsakmpSas())
        {
            json["isakmp_sas"].push_back({{"name", m_names.NameOf(sa.identity)},
                                          {"role", ToString(sa.role)},
                                          {"state", sa.state},
                                          {"established", sa.established}});
        }
        for (const PairView& pair : engine->GetPairs())
        {
            const auto counted = m_router->CountPackets(pair.id);
            json["pairs"].push_back({{"name", m_names.NameOf(pair.identity)},
                                     {"role", ToString(pair.role)},
                                     {"in_spi", pair.inboundSpi},
                                     {"out_spi", pair.outboundSpi},
                                     {"live", pair.live},
                                     {"carries_outbound", pair.outboundSelected},
                                     {"packets", counted}});
        }
    }
    json["pings"] = Json::array();
    for (const LivePing& ping : m_pings)
    {
        std::ostringstream to;
        to << ping.GetDestination();
        json["pings"].push_back(
            {{"to", to.str()}, {"sent", ping.GetSent()}, {"answered", ping.GetAnswered()}});
    }
    json["wire"] = m_wire;
    json["inner"] = m_inner;
    json["drops"] = m_drops;
    json["outbound"] = ToJson(m_router->GetOutboundCounters());
    json["inbound"] = ToJson(m_router->GetInboundCounters());
    return json;
}

void
LiveWorld::WriteFiles(const Json& result) const
{
    const auto write = [this](const std::string& name, const std::string& text) {
        std::ofstream file(m_options.out + "/" + name, std::ios::binary);
        file << text;
        file.close();
        if (!file)
        {
            throw std::runtime_error("cannot write " + m_options.out + "/" + name);
        }
    };
    write("live.json", result.dump(2) + "\n");
    write("transcript.txt", Transcript::GetHeading() + m_transcript.GetText());
    write("ikev1_decryption_table", m_keys.GetIsakmpKeys());
    write("esp_sa", m_keys.GetEspKeys());
}

void
LiveWorld::OnEvent(const TimedEvent& timed)
{
    m_transcript.Record(timed);
    m_keys.Record(timed);
    m_names.Note(timed.event);
    const Event& e = timed.event;
    const bool message = e.kind == EventKind::MessageSent || e.kind == EventKind::MessageReceived ||
                         e.kind == EventKind::DhOperation;
    const bool secret = e.kind == EventKind::PhaseOneKeys || e.kind == EventKind::PairKeys;
    if (secret || (message && !m_options.messages))
    {
        return;
    }
    Json line;
    line["time"] = timed.time.ToSeconds();
    line["event"] = ToString(e.kind);
    const auto some = [&line](const char* name, const std::string& value) {
        if (!value.empty() && value != "-" && value != "none")
        {
            line[name] = value;
        }
    };
    some("isakmp", m_names.NameOf(e.isakmp));
    some("pair", m_names.NameOf(e.pair));
    some("succeeds_isakmp", m_names.NameOf(e.succeedsIsakmp));
    some("succeeds_pair", m_names.NameOf(e.succeedsPair));
    some("exchange", ToString(e.exchange));
    some("begin", ToString(e.begin));
    some("end", ToString(e.end));
    some("text", e.text);
    line["role"] = ToString(e.role);
    if (e.kind == EventKind::InitiationRefused)
    {
        line["phase"] = e.value;
    }
    if (e.retransmission)
    {
        line["again"] = true;
    }
    Print(line);
}

void
LiveWorld::OnDrop(Ptr<const Packet> /* packet */, const std::string& reason)
{
    ++m_drops[reason];
}

void
LiveWorld::OnPath(Ptr<const Packet> packet, Ptr<Ipv4> ipv4, uint32_t interface)
{
    const bool fromPeer = ipv4->GetNetDevice(interface) == m_tap;
    ++m_wire[(fromPeer ? "in " : "out ") + KindOnWire(packet)];
}

void
LiveWorld::OnInner(std::string direction, Ptr<const Packet> packet)
{
    ++m_inner[direction + " " + KindInside(packet)];
}
