/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bench.h"

#include "ns3/boolean.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-router-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>

/**
 * @file
 * @ingroup ike
 * ike-bench esp: what ESP costs beside what ns-3 costs.
 *
 * Several networks host - router - core - router - host live in one simulation, and each in its
 * turn carries a batch of packets, so that what else the machine does hits all of them alike.
 */

namespace ns3
{
namespace ike
{
namespace bench
{

namespace
{

/// How the routers protect what passes.
enum class Guard
{
    Nothing, ///< plain ns-3
    Vti,     ///< a tunnel interface
    Map,     ///< a crypto map
};

/// Octets of IPv4 and UDP headers in front of the payload of an inner packet.
constexpr uint32_t HEADERS = 28;

/// What both routers have in common.
const std::string COMMON = R"(
crypto isakmp policy 10
 encryption aes
 hash sha
 authentication pre-share
 group 2
crypto isakmp key secret address 0.0.0.0 0.0.0.0
crypto ipsec transform-set aessha esp-aes esp-sha-hmac
 mode tunnel
crypto ipsec profile vti
 set transform-set aessha
)";

/// A router's configuration. @param guard what it has @param self 1 or 2: its number
/// @param wan its address @param next of it @param peer the other one's address
std::string
TextOf(Guard guard,
       const std::string& self,
       const std::string& wan,
       const std::string& next,
       const std::string& peer)
{
    const std::string other = self == "1" ? "2" : "1";
    const std::string lan = "10." + self + ".0.";
    const std::string far = "10." + other + ".0.0 ";
    std::string text = COMMON + "hostname R" + self + "\n";
    if (guard == Guard::Map)
    {
        text +=
            "ip access-list extended lan\n permit ip " + lan + "0 0.0.0.255 " + far + "0.0.0.255\n";
        text += "crypto map m 10 ipsec-isakmp\n set peer " + peer +
                "\n set transform-set aessha\n match address lan\n";
    }
    text += "interface Ethernet0/0\n ip address " + lan + "1 255.255.255.0\n";
    text += "interface Ethernet0/1\n ip address " + wan + " 255.255.255.252\n";
    text += guard == Guard::Map ? " crypto map m\n" : "";
    if (guard == Guard::Vti)
    {
        text += "interface Tunnel0\n ip address 10.9.0." + self + " 255.255.255.252\n";
        text += " tunnel source Ethernet0/1\n tunnel destination " + peer + "\n";
        text += " tunnel mode ipsec ipv4\n tunnel protection ipsec profile vti\n";
        text += "ip route " + far + "255.255.255.0 Tunnel0\n";
    }
    return text + "ip route 0.0.0.0 0.0.0.0 " + next + "\n";
}

/// Something that a measurement put on its packet.
class BenchTag : public Tag
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::ike::bench::BenchTag")
                                .SetParent<Tag>()
                                .SetGroupName("Ike")
                                .AddConstructor<BenchTag>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return 8;
    }

    void Serialize(TagBuffer i) const override
    {
        i.WriteU64(m_value);
    }

    void Deserialize(TagBuffer i) override
    {
        m_value = i.ReadU64();
    }

    void Print(std::ostream& os) const override
    {
        os << m_value;
    }

    uint64_t m_value{0}; ///< a number
};

NS_OBJECT_ENSURE_REGISTERED(BenchTag);

/// host - router - core - router - host.
class EspPath
{
  public:
    /// @param guard of both routers @param carryTags of inner packets?
    EspPath(Guard guard, bool carryTags);

    /// Send one packet: a crypto map begins with it.
    void Wake();
    /**
     * Let packets pass. What is measured is here alone (`--toggle-collect` of callgrind).
     * @param octets of each inner packet
     * @param count how many
     * @param tagged with a packet tag and a byte tag on each
     * @return seconds of CPU time
     */
    [[gnu::noinline]] double Carry(uint32_t octets, uint32_t count, bool tagged);
    /// Did all of the last packets arrive? @param count of them
    bool HasCarried(uint32_t count) const;

  private:
    void BuildPlain(const NetDeviceContainer (&links)[4]);
    void BuildGuarded(Guard guard, const NetDeviceContainer (&links)[4], bool carryTags);
    void Send(uint32_t octets, bool tagged);
    void Receive(Ptr<Socket> socket);
    static void Give(Ptr<NetDevice> device, const char* address, const char* mask);
    static void Route(Ptr<Node> node, const char* network, const char* mask, const char* next);

    NodeContainer m_nodes;  ///< from host to host
    Ptr<Socket> m_sender;   ///< of the first one
    Ptr<Socket> m_receiver; ///< of the last one
    uint32_t m_received{0}; ///< datagrams
};

EspPath::EspPath(Guard guard, bool carryTags)
{
    m_nodes.Create(5);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    link.SetChannelAttribute("Delay", StringValue("100us"));
    NetDeviceContainer links[4];
    for (uint32_t i = 0; i < 4; ++i)
    {
        links[i] = link.Install(m_nodes.Get(i), m_nodes.Get(i + 1));
    }
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    for (uint32_t i : {0U, 2U, 4U})
    {
        internet.Install(m_nodes.Get(i));
    }
    // By hand and not by Ipv4AddressHelper, which would put queue discs in.
    Give(links[0].Get(0), "10.1.0.2", "255.255.255.0");
    Give(links[1].Get(1), "192.0.2.2", "255.255.255.252");
    Give(links[2].Get(0), "198.51.100.2", "255.255.255.252");
    Give(links[3].Get(1), "10.2.0.2", "255.255.255.0");
    Route(m_nodes.Get(0), "0.0.0.0", "0.0.0.0", "10.1.0.1");
    Route(m_nodes.Get(4), "0.0.0.0", "0.0.0.0", "10.2.0.1");
    if (guard == Guard::Nothing)
    {
        BuildPlain(links);
    }
    else
    {
        BuildGuarded(guard, links, carryTags);
    }
    m_sender = Socket::CreateSocket(m_nodes.Get(0), UdpSocketFactory::GetTypeId());
    m_sender->Bind(InetSocketAddress(Ipv4Address("10.1.0.2"), 9));
    m_sender->Connect(InetSocketAddress(Ipv4Address("10.2.0.2"), 9));
    m_receiver = Socket::CreateSocket(m_nodes.Get(4), UdpSocketFactory::GetTypeId());
    m_receiver->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
    m_receiver->SetRecvCallback(MakeCallback(&EspPath::Receive, this));
}

void
EspPath::Give(Ptr<NetDevice> device, const char* address, const char* mask)
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const uint32_t index = ipv4->AddInterface(device);
    ipv4->AddAddress(index, Ipv4InterfaceAddress(Ipv4Address(address), Ipv4Mask(mask)));
    ipv4->SetUp(index);
}

void
EspPath::Route(Ptr<Node> node, const char* network, const char* mask, const char* next)
{
    Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const int32_t index =
        ipv4->GetInterfaceForPrefix(Ipv4Address(next), Ipv4Mask("255.255.255.252"));
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
        Ipv4Address(network),
        Ipv4Mask(mask),
        Ipv4Address(next),
        static_cast<uint32_t>(index));
}

void
EspPath::BuildPlain(const NetDeviceContainer (&links)[4])
{
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(NodeContainer(m_nodes.Get(1), m_nodes.Get(3)));
    Give(links[0].Get(1), "10.1.0.1", "255.255.255.0");
    Give(links[1].Get(0), "192.0.2.1", "255.255.255.252");
    Give(links[2].Get(1), "198.51.100.1", "255.255.255.252");
    Give(links[3].Get(0), "10.2.0.1", "255.255.255.0");
    Route(m_nodes.Get(1), "0.0.0.0", "0.0.0.0", "192.0.2.2");
    Route(m_nodes.Get(3), "0.0.0.0", "0.0.0.0", "198.51.100.2");
    // In the clear the core must know what is behind the routers.
    Route(m_nodes.Get(2), "10.1.0.0", "255.255.255.0", "192.0.2.1");
    Route(m_nodes.Get(2), "10.2.0.0", "255.255.255.0", "198.51.100.1");
}

void
EspPath::BuildGuarded(Guard guard, const NetDeviceContainer (&links)[4], bool carryTags)
{
    IkeRouterHelper helper;
    helper.SetRouterAttribute("CarryTags", BooleanValue(carryTags));
    helper.Install(m_nodes.Get(1),
                   {{"R1.ios", TextOf(guard, "1", "192.0.2.1", "192.0.2.2", "198.51.100.1")}},
                   {{"Ethernet0/0", links[0].Get(1)}, {"Ethernet0/1", links[1].Get(0)}});
    helper.Install(m_nodes.Get(3),
                   {{"R2.ios", TextOf(guard, "2", "198.51.100.1", "198.51.100.2", "192.0.2.1")}},
                   {{"Ethernet0/0", links[3].Get(0)}, {"Ethernet0/1", links[2].Get(1)}});
}

void
EspPath::Send(uint32_t octets, bool tagged)
{
    Ptr<Packet> packet = Create<Packet>(octets - HEADERS);
    if (tagged)
    {
        BenchTag tag;
        packet->AddPacketTag(tag);
        packet->AddByteTag(tag);
    }
    m_sender->Send(packet);
}

void
EspPath::Receive(Ptr<Socket> socket)
{
    while (Ptr<Packet> packet = socket->Recv())
    {
        ++m_received;
    }
}

void
EspPath::Wake()
{
    Simulator::ScheduleNow(&EspPath::Send, this, 300U, false);
}

double
EspPath::Carry(uint32_t octets, uint32_t count, bool tagged)
{
    const double begin = CpuSeconds();
    m_received = 0;
    for (uint32_t i = 0; i < count; ++i)
    {
        Simulator::Schedule(MicroSeconds(20) * i, &EspPath::Send, this, octets, tagged);
    }
    Simulator::Stop(MicroSeconds(20) * count + MilliSeconds(5));
    Simulator::Run();
    return CpuSeconds() - begin;
}

bool
EspPath::HasCarried(uint32_t count) const
{
    return m_received == count;
}

/// What is compared.
struct Variant
{
    std::string name; ///< of its figures
    Guard guard;      ///< of its routers
    bool carryTags;   ///< attribute of its routers
    bool tagged;      ///< are its packets tagged?
};

const std::vector<Variant> VARIANTS = {
    {"plain", Guard::Nothing, false, false},
    {"vti", Guard::Vti, true, false},
    {"map", Guard::Map, true, false},
    {"plain-tagged", Guard::Nothing, false, true},
    {"vti-tagged", Guard::Vti, true, true},
    {"map-tagged", Guard::Map, true, true},
    {"vti-dropping-tags", Guard::Vti, false, true},
    {"map-dropping-tags", Guard::Map, false, true},
};

/// The cryptography of one packet at both ends, and nothing else: what the data plane asks of the
/// provider for AES-128-CBC with HMAC-SHA1-96.
class BareCrypto
{
  public:
    /// @param octets of the inner packet
    explicit BareCrypto(uint32_t octets)
        : m_provider(MakeOpensslProvider()),
          m_text((octets + 2 + 15) / 16 * 16, 0x33)
    {
    }

    /// @param count packets @return seconds of CPU time
    double Run(uint32_t count)
    {
        const Octets cipherKey(16, 0x11);
        const Octets integrityKey(20, 0x22);
        const Octets iv(16, 0x44);
        const Octets covered(8 + iv.size() + m_text.size(), 0x55);
        const double begin = CpuSeconds();
        for (uint32_t i = 0; i < count; ++i)
        {
            const Octets sealed =
                m_provider->Encrypt(CipherAlgorithm::AesCbc, cipherKey, iv, m_text);
            m_provider->Mac(IntegrityAlgorithm::HmacSha1_96, integrityKey, covered);
            m_provider->Mac(IntegrityAlgorithm::HmacSha1_96, integrityKey, covered);
            m_provider->Decrypt(CipherAlgorithm::AesCbc, cipherKey, iv, sealed);
        }
        return CpuSeconds() - begin;
    }

  private:
    std::unique_ptr<CryptoProvider> m_provider; ///< as nodes have it
    Octets m_text;                              ///< plaintext of one packet
};

/// All turns of one variant with packets of one size.
struct Series
{
    std::string name;          ///< "300.vti"
    const Variant* variant;    ///< what
    EspPath* path;             ///< its routers
    uint32_t size;             ///< octets of a packet
    std::vector<double> times; ///< of the turns, in microseconds per packet
};

/// One turn. @param series whose @param count packets
void
Take(Series& series, uint32_t count)
{
    const double seconds = series.path->Carry(series.size, count, series.variant->tagged);
    if (!series.path->HasCarried(count))
    {
        throw std::runtime_error("esp: packets got lost on the way of " + series.name);
    }
    series.times.push_back(1e6 * seconds / count);
}

} // namespace

void
MeasureEsp(const Order& order, Figures& figures)
{
    const uint32_t rounds = order.isShort ? 3 : 40;
    const uint32_t count = order.isShort ? 100 : 400;
    const std::vector<uint32_t> sizes{300, 1400};
    std::vector<std::unique_ptr<EspPath>> paths;
    std::vector<Series> all;
    for (const Variant& variant : VARIANTS)
    {
        if (!order.only.empty() && order.only != variant.name)
        {
            continue;
        }
        paths.push_back(std::make_unique<EspPath>(variant.guard, variant.carryTags));
        for (uint32_t size : sizes)
        {
            const std::string name = std::to_string(size) + "." + variant.name;
            all.push_back({name, &variant, paths.back().get(), size, {}});
        }
    }
    IkeRouterHelper::AssignStreams(NodeContainer::GetGlobal(), 1);
    for (auto& path : paths)
    {
        path->Wake();
    }
    Simulator::Stop(Seconds(5));
    Simulator::Run();
    std::map<uint32_t, std::vector<double>> crypto;
    for (uint32_t round = 0; round < rounds; ++round)
    {
        for (uint32_t size : sizes)
        {
            crypto[size].push_back(1e6 * BareCrypto(size).Run(count) / count);
        }
        for (Series& series : all)
        {
            Take(series, count);
        }
    }
    for (uint32_t size : sizes)
    {
        figures.Add(std::to_string(size) + ".crypto", Median(crypto[size]));
        figures.Add(std::to_string(size) + ".crypto-least", Smallest(crypto[size]));
    }
    for (const Series& series : all)
    {
        figures.Add(series.name, Median(series.times));
        figures.Add(series.name + "-least", Smallest(series.times));
    }
    paths.clear();
    Simulator::Destroy();
}

} // namespace bench
} // namespace ike
} // namespace ns3
