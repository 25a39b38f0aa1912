/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bench-handshake.h"

#include "ns3/ike-engine.h"
#include "ns3/ipsec-data-plane.h"

#include <algorithm>
#include <ctime>
#include <deque>
#include <malloc.h>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace ike
{

namespace
{

/// Handshakes of one batch: each figure is the median of its batches.
constexpr size_t BATCH = 20;

double
CpuMicroseconds()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}

size_t
BytesInUse()
{
    return mallinfo2().uordblks;
}

double
Median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

/// Do something for each number of a batch; microseconds for one.
template <typename Work>
double
TimeBatch(size_t first, size_t until, const Work& work)
{
    const double begin = CpuMicroseconds();
    for (size_t i = first; i < until; i++)
    {
        work(i);
    }
    return (CpuMicroseconds() - begin) / static_cast<double>(until - first);
}

// --- The floor -----------------------------------------------------------------------------------

Octets
Filled(size_t length, uint64_t seed)
{
    Octets octets(length);
    for (size_t i = 0; i < length; i++)
    {
        octets[i] = static_cast<uint8_t>(seed * 167 + i * 31 + (seed >> 8) + 1);
    }
    return octets;
}

/**
 * All that RFC 2409 makes both ends compute, and nothing else: 2 public values, 2 shared secrets,
 * 26 prfs (SKEYID and its children 2x4, HASH_I and HASH_R 2x2, three quick mode hashes 2x3,
 * KEYMAT 2x4), 4 hashes for IVs and 10 runs of the cipher. No NAT-D, no keyed randomness: those are
 * the engines' own.
 */
void
RunFloor(CryptoProvider& crypto, DhGroup group, uint64_t seed)
{
    const HashAlgorithm sha = HashAlgorithm::Sha1;
    const DhResult a = crypto.Run({group, Filled(PrivateLengthOf(group), seed), std::nullopt});
    const DhResult b = crypto.Run({group, Filled(PrivateLengthOf(group), seed + 1), std::nullopt});
    const Octets ofA[] = {Filled(PrivateLengthOf(group), seed), b.publicValue};
    const Octets ofB[] = {Filled(PrivateLengthOf(group), seed + 1), a.publicValue};
    for (const Octets* own : {ofA, ofB})
    {
        const DhResult shared = crypto.Run({group, own[0], own[1], false});
        const Octets key = Filled(16, 1);
        const Octets family = Concat({shared.shared, Filled(17, seed)});
        const Octets skeyid = crypto.Hmac(sha, key, Filled(40, seed));
        const Octets d = crypto.Hmac(sha, skeyid, family);
        const Octets e = crypto.Hmac(sha, skeyid, family);
        const Octets auth = crypto.Hmac(sha, skeyid, family);
        const Octets proof = Concat({a.publicValue, b.publicValue, Filled(80, seed)});
        crypto.Hmac(sha, skeyid, proof);
        crypto.Hmac(sha, skeyid, proof);
        for (size_t length : {120U, 140U, 45U})
        {
            crypto.Hmac(sha, auth, Filled(length, seed));
        }
        for (int i = 0; i < 4; i++)
        {
            crypto.Hmac(sha, d, Filled(i % 2 == 0 ? 45U : 65U, seed));
        }
        crypto.Hash(sha, proof);
        const Octets iv = crypto.Hash(sha, Filled(20, seed));
        const Octets cipherKey(e.begin(), e.begin() + 16);
        const Octets block(iv.begin(), iv.begin() + 16);
        for (size_t length : {64U, 64U, 144U, 144U, 32U})
        {
            crypto.Encrypt(CipherAlgorithm::AesCbc, cipherKey, block, Filled(length, seed));
        }
    }
}

// --- Engines in memory ---------------------------------------------------------------------------

constexpr uint32_t HUB_ADDRESS = 0x0a000001;
constexpr uint32_t FIRST_SPOKE = 0x0a010001;

/// A node without a network.
struct End
{
    Engine engine;        ///< its IKE
    IpsecDataPlane plane; ///< its SAs
};

ConnectionConfig
MakeConnection(ConnectionId id, uint32_t local, uint32_t peer)
{
    EspTransformSet set;
    set.name = "aes";
    set.cipher = CipherAlgorithm::AesCbc;
    set.keyBits = 128;
    set.integrity = IntegrityAlgorithm::HmacSha1_96;
    ConnectionConfig c;
    c.id = id;
    c.name = "Tunnel" + std::to_string(id - 1);
    c.local = IpAddress::V4(local);
    c.peer = IpAddress::V4(peer);
    c.transformSets = {set};
    return c;
}

std::shared_ptr<const EngineConfig>
MakeConfig(DhGroup group, std::vector<ConnectionConfig> connections)
{
    IsakmpPolicy policy;
    policy.priority = 10;
    policy.cipher = CipherAlgorithm::AesCbc;
    policy.keyBits = 128;
    policy.hash = HashAlgorithm::Sha1;
    policy.authentication = AuthMethod::PreSharedKey;
    policy.group = group;
    auto config = std::make_shared<EngineConfig>();
    config->policies = {policy};
    config->keys = {PreSharedKey{"", IpPrefix::AnyV4(), ToOctets("a key for the bench")}};
    config->connections = std::move(connections);
    return config;
}

RandomKey
MakeKey(uint32_t number)
{
    RandomKey key;
    for (size_t i = 0; i < key.octets.size(); i++)
    {
        key.octets[i] = static_cast<uint8_t>(number >> (8 * (i % 4)));
    }
    return key;
}

/// One hub and its spokes.
class Star
{
  public:
    Star(DhGroup group, size_t spokes);
    /// A spoke begins, and all that follows at once is done.
    void Begin(size_t spoke);
    /// Time goes on until nothing is due before then.
    void WaitUntil(Instant then);
    /// Do as many pairs stand at each end as there are spokes?
    bool IsUp() const;
    /// What a copy of the hub takes.
    size_t BytesOfHub() const;

  private:
    void Handle(size_t end, const Input& input);

    std::unique_ptr<CryptoProvider> m_crypto;      ///< of all of them
    std::vector<End> m_ends;                       ///< the hub is the first
    std::deque<std::pair<size_t, Input>> m_inputs; ///< what comes next, and to whom
    Instant m_now;                                 ///< time of the inputs
};

Star::Star(DhGroup group, size_t spokes)
    : m_crypto(MakeOpensslProvider())
{
    std::vector<ConnectionConfig> atHub;
    for (uint32_t i = 0; i < spokes; i++)
    {
        atHub.push_back(MakeConnection(i + 1, HUB_ADDRESS, FIRST_SPOKE + i));
    }
    m_ends.push_back(End{Engine(MakeConfig(group, atHub), MakeKey(1)), IpsecDataPlane(MakeKey(1))});
    for (uint32_t i = 0; i < spokes; i++)
    {
        const auto config = MakeConfig(group, {MakeConnection(1, FIRST_SPOKE + i, HUB_ADDRESS)});
        m_ends.push_back(End{Engine(config, MakeKey(i + 2)), IpsecDataPlane(MakeKey(i + 2))});
    }
    for (End& end : m_ends)
    {
        end.engine.SetHeard(false); // as in a simulation that nothing is connected to
    }
}

void
Star::Begin(size_t spoke)
{
    m_inputs.emplace_back(spoke + 1, LinkChangeInput{1, true});
    while (!m_inputs.empty())
    {
        const auto [end, input] = std::move(m_inputs.front());
        m_inputs.pop_front();
        Handle(end, input);
    }
}

void
Star::Handle(size_t end, const Input& input)
{
    IpsecDataPlane& plane = m_ends[end].plane;
    Actions actions = m_ends[end].engine.Handle(m_now, input, *m_crypto);
    for (Action& action : actions)
    {
        if (auto* send = std::get_if<SendAction>(&action))
        {
            const uint32_t to = send->remote.address.ToV4();
            m_inputs.emplace_back(
                to == HUB_ADDRESS ? 0 : to - FIRST_SPOKE + 1,
                DatagramInput{send->remote, send->local, std::move(send->octets)});
        }
        else if (const auto* install = std::get_if<InstallSaAction>(&action))
        {
            plane.InstallInbound(*install->inbound);
            plane.InstallOutbound(*install->outbound);
        }
        else if (const auto* select = std::get_if<SelectOutboundAction>(&action))
        {
            plane.SelectOutbound(select->connection, select->pair);
        }
        else if (const auto* compute = std::get_if<ComputeAction>(&action))
        {
            m_inputs.emplace_back(end, ComputedInput{compute->job, m_crypto->Run(compute->dh)});
        }
    }
}

void
Star::WaitUntil(Instant then)
{
    m_now = then;
    for (size_t i = 0; i < m_ends.size(); i++)
    {
        while (m_ends[i].engine.NextDeadline() <= then)
        {
            Handle(i, TimeoutInput());
        }
    }
}

bool
Star::IsUp() const
{
    const bool atHub = m_ends[0].plane.GetOutboundCount() == m_ends.size() - 1;
    return atHub && std::all_of(m_ends.begin() + 1, m_ends.end(), [](const End& end) {
               return end.plane.GetOutboundCount() == 1;
           });
}

size_t
Star::BytesOfHub() const
{
    const size_t before = BytesInUse();
    const auto copy = std::make_unique<End>(m_ends[0]);
    return BytesInUse() - before;
}

/// The memory of the tunnels of a star.
void
MeasureMemory(DhGroup group, size_t spokes, HandshakeCost& cost)
{
    const auto tunnels = static_cast<double>(spokes);
    Star star(group, spokes);
    const size_t hubBefore = star.BytesOfHub();
    const size_t before = BytesInUse();
    for (size_t i = 0; i < spokes; i++)
    {
        star.Begin(i);
    }
    cost.bytesAtOnce = static_cast<double>(BytesInUse() - before) / tunnels;
    star.WaitUntil(Instant{} + Duration::Seconds(600));
    cost.bytes = static_cast<double>(BytesInUse() - before) / tunnels;
    cost.bytesAtHub = static_cast<double>(star.BytesOfHub() - hubBefore) / tunnels;
}

} // namespace

HandshakeCost
BenchHandshakes(DhGroup group, size_t count)
{
    HandshakeCost cost;
    const auto crypto = MakeOpensslProvider(DhTiming::Constant);
    RunFloor(*crypto, group, 1); // the tables of the group are made once
    {
        Star star(group, count);
        std::vector<double> floors;
        std::vector<double> engines;
        // in turn: a machine is not equally fast all the time
        for (size_t done = 0; done < count; done += BATCH)
        {
            const size_t until = std::min(count, done + BATCH);
            floors.push_back(
                TimeBatch(done, until, [&](size_t i) { RunFloor(*crypto, group, i + 2); }));
            engines.push_back(TimeBatch(done, until, [&](size_t i) { star.Begin(i); }));
        }
        cost.floor = Median(floors);
        cost.floorLeast = *std::min_element(floors.begin(), floors.end());
        cost.engines = Median(engines);
        if (!star.IsUp())
        {
            throw std::runtime_error("the bench's tunnels are not up");
        }
    }
    MeasureMemory(group, count, cost);
    return cost;
}

} // namespace ike
} // namespace ns3
