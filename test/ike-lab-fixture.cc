/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-transcript.h"

#include <algorithm>
#include <exception>
#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

EngineConfig
Tweaked(uint32_t side, const std::vector<Tweak>& tweaks)
{
    EngineConfig config = MakeConfig(side);
    for (const Tweak& tweak : tweaks)
    {
        if (tweak)
        {
            tweak(config);
        }
    }
    return config;
}

std::set<IsakmpIdentity>
IsakmpIdentities(const World& world, uint32_t node)
{
    std::set<IsakmpIdentity> all;
    for (const IsakmpSaView& sa : world.GetNode(node).engine.GetIsakmpSas())
    {
        if (sa.established)
        {
            all.insert(sa.identity);
        }
    }
    return all;
}

std::set<PairIdentity>
PairIdentities(const World& world, uint32_t node)
{
    std::set<PairIdentity> all;
    for (const PairView& pair : world.GetNode(node).engine.GetPairs())
    {
        if (pair.live)
        {
            all.insert(pair.identity);
        }
    }
    return all;
}

/// Something of each event of a kind, joined by blanks.
std::string
Join(const World& world,
     uint32_t node,
     EventKind kind,
     const std::function<std::string(const TimedEvent&)>& what)
{
    std::string text;
    for (const TimedEvent& e : world.GetLog())
    {
        if (e.node == world.GetNode(node).name && e.event.kind == kind)
        {
            const std::string word = what(e);
            text += (text.empty() || word.empty() ? "" : " ") + word;
        }
    }
    return text;
}

} // namespace

std::shared_ptr<CryptoProvider>
GetLabCrypto()
{
    static const std::shared_ptr<CryptoProvider> crypto = MakeOpensslProvider();
    return crypto;
}

IpAddress
AddressOf(uint32_t side)
{
    return IpAddress::V4(0x0a000001 + side);
}

IsakmpPolicy
MakePolicy()
{
    IsakmpPolicy policy;
    policy.priority = 10;
    policy.cipher = CipherAlgorithm::TripleDesCbc;
    policy.hash = HashAlgorithm::Sha1;
    policy.authentication = AuthMethod::PreSharedKey;
    policy.group = DhGroup::Modp1024;
    return policy;
}

EngineConfig
MakeConfig(uint32_t side)
{
    EngineConfig config;
    config.policies = {MakePolicy()};
    config.keys = {PreSharedKey{"", IpPrefix::AnyV4(), ToOctets("secret")}};
    ConnectionConfig tunnel;
    tunnel.id = TUNNEL;
    tunnel.name = "Tunnel0";
    tunnel.local = AddressOf(side);
    tunnel.peer = AddressOf(1 - side);
    tunnel.transformSets = {EspTransformSet{"3dessha",
                                            CipherAlgorithm::TripleDesCbc,
                                            0,
                                            IntegrityAlgorithm::HmacSha1_96}};
    config.connections = {tunnel};
    return config;
}

ConnectionConfig
MakeSecondTunnel(uint32_t side)
{
    ConnectionConfig tunnel = MakeConfig(side).connections.at(0);
    tunnel.id = 2;
    tunnel.name = "Tunnel1";
    tunnel.localSelector = IpPrefix{IpAddress::V4(0x0a010000 + (side << 16)), 16};
    tunnel.remoteSelector = IpPrefix{IpAddress::V4(0x0a010000 + ((1 - side) << 16)), 16};
    return tunnel;
}

World
MakeWorld(const Tweak& both, const Tweak& onlyA, const Tweak& onlyB, uint64_t seed)
{
    World world(GetLabCrypto());
    world.AddNode("A",
                  std::make_shared<const EngineConfig>(Tweaked(A, {both, onlyA})),
                  MakeWorldKey(seed, 1));
    world.AddNode("B",
                  std::make_shared<const EngineConfig>(Tweaked(B, {both, onlyB})),
                  MakeWorldKey(seed, 2));
    return world;
}

World
MakeUpWorld(const Tweak& both, const Tweak& onlyA, const Tweak& onlyB)
{
    World world = MakeWorld(both, onlyA, onlyB);
    RunSchedule(world, "start:A");
    Pass(world, Duration::Seconds(1));
    RunSchedule(world, "start:B");
    return world;
}

Tweak
ResponderOnly()
{
    return [](EngineConfig& config) {
        for (ConnectionConfig& c : config.connections)
        {
            c.switches = InitiationSwitches::ResponderOnly();
        }
    };
}

Tweak
Lifetimes(int64_t phase1, int64_t phase2)
{
    return [phase1, phase2](EngineConfig& config) {
        for (IsakmpPolicy& p : config.policies)
        {
            p.lifetime = Duration::Seconds(phase1);
        }
        for (ConnectionConfig& c : config.connections)
        {
            c.lifetime = Duration::Seconds(phase2);
        }
    };
}

Tweak
All(const std::vector<Tweak>& tweaks)
{
    return [tweaks](EngineConfig& config) {
        for (const Tweak& tweak : tweaks)
        {
            tweak(config);
        }
    };
}

void
Change(World& world, uint32_t node, const Tweak& tweak)
{
    auto config = std::make_shared<EngineConfig>(world.GetNode(node).engine.GetConfig());
    tweak(*config);
    world.Give(node, ReconfigureInput{config});
}

void
Pass(World& world, Duration duration, Duration delay)
{
    world.RunUntil(world.Now() + duration, delay);
}

void
PassUntil(World& world, Instant end, Duration delay)
{
    world.RunUntil(end, delay);
}

void
PassDeaf(World& world, Duration duration, uint32_t lostOf)
{
    const Instant end = world.Now() + duration;
    const auto dropAll = [&] {
        while (const auto flight = world.OldestFrom(lostOf))
        {
            world.Drop(flight->id);
        }
        while (!world.GetFlights().empty())
        {
            world.Deliver(world.GetFlights().front().id);
            while (const auto flight = world.OldestFrom(lostOf))
            {
                world.Drop(flight->id);
            }
        }
    };
    dropAll();
    while (world.NextDeadline() <= end)
    {
        world.FireNextTimer();
        dropAll();
    }
    world.AdvanceTo(end);
}

void
Step(World& world, unsigned messages)
{
    for (unsigned i = 0; i < messages && !world.GetFlights().empty(); i++)
    {
        world.Deliver(world.GetFlights().front().id);
    }
}

Octets
MakeOffer(const World& world, uint32_t node, ConnectionId connection)
{
    for (const ConnectionConfig& c : world.GetNode(node).engine.GetConfig().connections)
    {
        if (c.id == connection)
        {
            const auto inside = [](const Selector& s, const IpAddress& otherwise) {
                return s == Selector(IpPrefix::AnyV4()) ? otherwise : s.first;
            };
            return MakeInnerPacket(inside(c.localSelector, c.local),
                                   inside(c.remoteSelector, c.peer),
                                   64);
        }
    }
    return {};
}

bool
CarriesTraffic(World& world, ConnectionId connection)
{
    for (uint32_t node : {A, B})
    {
        const Octets inner = MakeOffer(world, node, connection);
        const size_t before = world.GetNode(1 - node).delivered.size();
        world.Offer(node, connection, inner);
        RunSchedule(world, "run");
        const std::vector<Octets>& delivered = world.GetNode(1 - node).delivered;
        if (delivered.size() != before + 1 || delivered.back() != inner)
        {
            return false;
        }
    }
    return true;
}

size_t
CountIsakmp(const World& world, uint32_t node)
{
    return IsakmpIdentities(world, node).size();
}

size_t
CountAttempts(const World& world, uint32_t node)
{
    return world.GetNode(node).engine.GetIsakmpSas().size() - CountIsakmp(world, node);
}

size_t
CountPairs(const World& world, uint32_t node)
{
    return PairIdentities(world, node).size();
}

std::string
Standing(const World& world)
{
    std::ostringstream text;
    text << CountIsakmp(world, A) << "/" << CountPairs(world, A) << " " << CountIsakmp(world, B)
         << "/" << CountPairs(world, B);
    return text.str();
}

bool
IsShared(const World& world)
{
    return IsakmpIdentities(world, A) == IsakmpIdentities(world, B) &&
           PairIdentities(world, A) == PairIdentities(world, B) && CountAttempts(world, A) == 0 &&
           CountAttempts(world, B) == 0;
}

std::vector<Event>
EventsOf(const World& world, uint32_t node, EventKind kind)
{
    std::vector<Event> events;
    for (const TimedEvent& e : world.GetLog())
    {
        if (e.node == world.GetNode(node).name && e.event.kind == kind)
        {
            events.push_back(e.event);
        }
    }
    return events;
}

size_t
CountEvents(const World& world, uint32_t node, EventKind kind)
{
    return EventsOf(world, node, kind).size();
}

std::string
TimesOf(const World& world, uint32_t node, EventKind kind)
{
    return Join(world, node, kind, [](const TimedEvent& e) { return ToString(e.time); });
}

std::string
SentAt(const World& world, uint32_t node, ExchangeKind exchange)
{
    return Join(world, node, EventKind::MessageSent, [exchange](const TimedEvent& e) {
        return e.event.exchange == exchange ? ToString(e.time) : "";
    });
}

std::string
EndsOf(const World& world, uint32_t node, EventKind kind)
{
    return Join(world, node, kind, [](const TimedEvent& e) { return ToString(e.event.end); });
}

std::string
RefusalsOf(const World& world, uint32_t node)
{
    return Join(world, node, EventKind::InitiationRefused, [](const TimedEvent& e) {
        return std::to_string(e.event.value) + ":" + ToString(e.event.begin);
    });
}

PairIdentity
OutboundOf(const World& world, uint32_t node)
{
    for (const PairView& pair : world.GetNode(node).engine.GetPairs())
    {
        if (pair.outboundSelected)
        {
            return pair.identity;
        }
    }
    return {};
}

bool
SendsOnOwnPair(const World& world, uint32_t node)
{
    const std::vector<PairView> pairs = world.GetNode(node).engine.GetPairs();
    return std::any_of(pairs.begin(), pairs.end(), [](const PairView& p) {
        return p.outboundSelected && p.role == Role::Initiator;
    });
}

std::string
TextOf(const World& world)
{
    Transcript transcript;
    for (const TimedEvent& e : world.GetLog())
    {
        transcript.Record(e);
    }
    return transcript.GetText();
}

// --- SlowWorld -----------------------------------------------------------------------------------

SlowWorld::SlowWorld(const Tweak& both, const Tweak& onlyA, const Tweak& onlyB)
{
    for (uint32_t side : {A, B})
    {
        const EngineConfig config = Tweaked(side, {both, side == A ? onlyA : onlyB});
        const RandomKey key = MakeWorldKey(1, side + 1);
        engines.emplace_back(std::make_shared<const EngineConfig>(config), key);
        planes.emplace_back(key);
    }
}

void
SlowWorld::Give(uint32_t node, const Input& input)
{
    for (const Action& action : engines.at(node).Handle(now, input, *GetLabCrypto()))
    {
        if (const auto* send = std::get_if<SendAction>(&action))
        {
            datagrams.push_back({1 - node, {send->remote, send->local, send->octets}});
        }
        else if (const auto* compute = std::get_if<ComputeAction>(&action))
        {
            jobs.push_back({node, *compute});
        }
        else if (const auto* report = std::get_if<ReportAction>(&action))
        {
            events.push_back(*report->event);
        }
        else if (const auto* install = std::get_if<InstallSaAction>(&action))
        {
            planes[node].InstallInbound(*install->inbound);
            planes[node].InstallOutbound(*install->outbound);
        }
        else if (const auto* remove = std::get_if<RemoveSaAction>(&action))
        {
            if (remove->inbound)
            {
                planes[node].RemoveInbound(remove->pair);
            }
            if (remove->outbound)
            {
                planes[node].RemoveOutbound(remove->pair);
            }
        }
    }
}

void
SlowWorld::Flush()
{
    while (!datagrams.empty())
    {
        const Datagram next = datagrams.front();
        datagrams.erase(datagrams.begin());
        Give(next.to, next.input);
    }
}

void
SlowWorld::Finish(size_t job, bool ok)
{
    const Job next = jobs.at(job);
    jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(job));
    DhResult result;
    if (ok)
    {
        result = GetLabCrypto()->Run(next.compute.dh);
    }
    Give(next.node, ComputedInput{next.compute.job, result});
}

void
SlowWorld::Settle()
{
    for (Flush(); !jobs.empty(); Flush())
    {
        Finish(0);
    }
}

void
SlowWorld::PassTo(Instant end)
{
    while (true)
    {
        const Instant a = engines[A].NextDeadline();
        const Instant b = engines[B].NextDeadline();
        if (std::min(a, b) > end)
        {
            break;
        }
        now = std::max(now, std::min(a, b));
        Give(a <= b ? A : B, TimeoutInput{});
        Settle();
    }
    now = end;
}

// --- LabTest -------------------------------------------------------------------------------------

LabTest::LabTest(const std::string& name, const Body& body)
    : TestCase(name),
      m_body(body)
{
}

void
LabTest::Expect(bool holds, const std::string& what, const World* world)
{
    const std::string text = holds || !world ? what : what + "\n" + TextOf(*world);
    NS_TEST_EXPECT_MSG_EQ(holds, true, text);
}

void
LabTest::DoRun()
{
    try
    {
        m_body(*this);
    }
    catch (const std::exception& e)
    {
        Expect(false, std::string("exception: ") + e.what());
    }
}

Tweak
Keys(const std::vector<PreSharedKey>& keys)
{
    return [keys](EngineConfig& c) { c.keys = keys; };
}

Tweak
Pfs(std::optional<DhGroup> group)
{
    return [group](EngineConfig& c) { c.connections[0].pfs = group; };
}

const std::string ONE_EACH = "1/1 1/1";
const std::vector<ResponderInstalls> INSTALLS{ResponderInstalls::Message2,
                                              ResponderInstalls::Message3};

} // namespace tests
} // namespace ike
} // namespace ns3
