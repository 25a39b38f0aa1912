/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bench.h"

#include "ns3/ike-explorer.h"
#include "ns3/ike-schedule.h"

#include <memory>

namespace ns3
{
namespace ike
{
namespace bench
{

namespace
{

/// A router with a tunnel to the other one: 3DES, SHA-1, group 2, a pre-shared key.
EngineConfig
MakeLabConfig(uint32_t side)
{
    EngineConfig config;
    IsakmpPolicy policy;
    policy.priority = 10;
    policy.cipher = CipherAlgorithm::TripleDesCbc;
    policy.authentication = AuthMethod::PreSharedKey;
    policy.group = DhGroup::Modp1024;
    config.policies = {policy};
    config.keys = {PreSharedKey{"", IpPrefix::AnyV4(), ToOctets("secret")}};
    ConnectionConfig tunnel;
    tunnel.id = 1;
    tunnel.name = "Tunnel0";
    tunnel.local = IpAddress::V4(0x0a000001 + side);
    tunnel.peer = IpAddress::V4(0x0a000002 - side);
    tunnel.transformSets = {EspTransformSet{"3dessha",
                                            CipherAlgorithm::TripleDesCbc,
                                            0,
                                            IntegrityAlgorithm::HmacSha1_96}};
    config.connections = {tunnel};
    return config;
}

} // namespace

void
MeasureLab(const Order& order, Figures& figures)
{
    ExploreOptions options;
    options.bounds.losses = order.isShort ? 1 : 2;
    options.bounds.duplicates = 1;
    World world{std::shared_ptr<CryptoProvider>(options.crypto())};
    for (uint32_t side : {0U, 1U})
    {
        world.AddNode(side == 0 ? "A" : "B",
                      std::make_shared<const EngineConfig>(MakeLabConfig(side)),
                      MakeWorldKey(1, side + 1));
    }
    RunSchedule(world, "start:A start:B");
    const double before = CpuSeconds();
    const Coverage coverage = Explore(world, options).coverage;
    const double spent = CpuSeconds() - before;
    figures.Add("cpu", spent);
    figures.Add("states", static_cast<double>(coverage.states));
    figures.Add("transitions", static_cast<double>(coverage.transitions));
    figures.Add("schedules", coverage.schedules);
    figures.Add("states-per-second", static_cast<double>(coverage.states) / spent);
    figures.Add("transitions-per-second", static_cast<double>(coverage.transitions) / spent);
    figures.Add("schedules-per-second", coverage.schedules / spent);
}

} // namespace bench
} // namespace ike
} // namespace ns3
