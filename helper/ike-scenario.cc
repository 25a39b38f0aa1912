/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario.h"

#include "ike-cost-files.h"

#include "ns3/ike-crypto.h"
#include "ns3/ike-ios-parser.h"

#include <algorithm>
#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>
#include <type_traits>

namespace ns3
{
namespace ike
{

namespace
{

/// Writes values one per line, so that equal text means equal values.
class CanonicalWriter
{
  public:
    CanonicalWriter()
    {
        m_stream.imbue(std::locale::classic());
        m_stream << std::setprecision(std::numeric_limits<double>::max_digits10);
    }

    /// A text is quoted, so that none can look like two lines.
    CanonicalWriter& Add(const std::string& name, const std::string& value)
    {
        m_stream << name << ' ' << std::quoted(value) << '\n';
        return *this;
    }

    CanonicalWriter& Add(const std::string& name, Duration value)
    {
        m_stream << name << ' ' << value.ns << " ns\n";
        return *this;
    }

    template <typename Number>
    CanonicalWriter& AddNumber(const std::string& name, Number value)
    {
        m_stream << name << ' ' << value << '\n';
        return *this;
    }

    std::string Get() const
    {
        return m_stream.str();
    }

  private:
    std::ostringstream m_stream; ///< what is written so far
};

void
Write(CanonicalWriter& out, const ScenarioRouter& router)
{
    out.Add("router", router.name).Add("config", WriteIos(router.config));
    for (const auto& [name, octets] : router.config.files)
    {
        out.Add("file", name).Add("octets", ToHex(octets));
    }
    if (!router.tunnels.empty())
    {
        out.Add("tunnels", router.tunnels);
    }
    for (const auto& knob : GetKnobTable())
    {
        out.Add(knob.name, GetKnob(router.knobs, knob.name));
    }
    if (router.costs)
    {
        out.Add("costs", WriteCosts(*router.costs)).AddNumber("cores", router.cores);
    }
}

void
Write(CanonicalWriter& out, const ScenarioNat& nat)
{
    const NatRules& rules = nat.rules;
    out.Add("outside", nat.outside).Add("udp", rules.udpLifetime).Add("tcp", rules.tcpLifetime);
    out.Add("icmp", rules.icmpLifetime).Add("esp", rules.espLifetime);
    out.AddNumber("mapping", static_cast<unsigned>(rules.mapping));
    out.AddNumber("filtering", static_cast<unsigned>(rules.filtering));
    out.AddNumber("refresh", rules.inboundRefresh).AddNumber("preserve", rules.preservePorts);
    out.AddNumber("passing", static_cast<unsigned>(rules.esp));
    for (const auto& forward : nat.forwards)
    {
        out.AddNumber("protocol", forward.protocol).AddNumber("port", forward.port);
        out.Add("inside", forward.inside.ToString()).AddNumber("port", forward.insidePort);
    }
}

void
Write(CanonicalWriter& out, const ScenarioBalancer& balancer)
{
    const BalancerRules& rules = balancer.rules;
    out.Add("vip", balancer.address->ToString()).Add("outside", balancer.outside);
    out.AddNumber("mode", static_cast<unsigned>(rules.mode));
    out.AddNumber("predictor", static_cast<unsigned>(rules.predictor));
    out.AddNumber("outbound", static_cast<unsigned>(rules.outbound));
    out.AddNumber("sticky", rules.sticky).AddNumber("purge", rules.purge);
    for (const auto& port : rules.together)
    {
        out.AddNumber("protocol", port.protocol + 0U).AddNumber("port", port.port);
    }
    out.Add("idle", rules.idle).AddNumber("entries", rules.maxEntries);
    out.Add("probe", balancer.probe).AddNumber("fail", rules.failAfter).Add("retry", rules.retry);
    for (const auto& hub : balancer.hubs)
    {
        out.Add("hub", hub.router).Add("address", hub.address->ToString());
        out.AddNumber("weight", hub.weight);
    }
}

void
Write(CanonicalWriter& out, const ScenarioNode& node)
{
    const char* const kind = node.isHost     ? "host"
                             : node.nat      ? "nat"
                             : node.balancer ? "balancer"
                                             : "internet";
    out.Add(kind, node.name);
    if (node.balancer)
    {
        Write(out, *node.balancer);
    }
    if (node.nat)
    {
        Write(out, *node.nat);
    }
}

/// A value, or the distribution of which a run draws it: the same before and after.
template <typename T>
void
WriteDrawn(CanonicalWriter& out,
           const std::string& name,
           const T& value,
           const std::shared_ptr<const Distribution>& draw)
{
    if (draw)
    {
        out.Add(name, draw->ToString());
    }
    else if constexpr (std::is_same_v<T, Duration>)
    {
        out.Add(name, value);
    }
    else
    {
        out.AddNumber(name, value);
    }
}

/// @param path a link or a cloud
template <typename Path>
void
WritePath(CanonicalWriter& out, const Path& path)
{
    WriteDrawn(out, "delay", path.delay, path.draws.delay);
    WriteDrawn(out, "jitter", path.jitter, path.draws.jitter);
    WriteDrawn(out, "loss", path.loss, path.draws.loss);
    if (path.draws.burst)
    {
        const ScenarioBurst& burst = *path.draws.burst;
        out.AddNumber("burst", burst.share).AddNumber("least", burst.least);
        out.AddNumber("most", burst.most);
    }
}

void
Write(CanonicalWriter& out, const ScenarioLink& link)
{
    out.Add("link", link.name);
    for (const auto& end : link.ends)
    {
        out.Add("node", end.node).Add("interface", end.interface);
        out.Add("address", end.address.ToString()).AddNumber("length", end.prefixLength);
    }
    out.AddNumber("rate", link.bitsPerSecond);
    WritePath(out, link);
    out.AddNumber("queue", link.queuePackets);
}

void
Write(CanonicalWriter& out, const ScenarioCloud& cloud)
{
    out.Add("cloud", cloud.name);
    for (const auto& door : cloud.doors)
    {
        out.Add("door", door.router).Add("interface", door.interface);
        if (door.prefixLength != 0)
        {
            out.Add("address", door.address.ToString()).AddNumber("length", door.prefixLength);
        }
        for (const auto& prefix : door.behind)
        {
            out.Add("behind", prefix.ToString());
        }
    }
    out.AddNumber("rate", cloud.bitsPerSecond);
    WritePath(out, cloud);
    out.AddNumber("queue", cloud.queuePackets).AddNumber("mtu", cloud.mtu);
    if (cloud.fan != 0)
    {
        out.AddNumber("fan", cloud.fan).AddNumber("inner-rate", cloud.innerBitsPerSecond);
        out.Add("inner-delay", cloud.innerDelay);
    }
}

void
Write(CanonicalWriter& out, const ScenarioUnderlay& underlay)
{
    out.AddNumber("rip", underlay.rip).Add("update", underlay.update);
    out.Add("timeout", underlay.timeout).Add("garbage", underlay.garbage);
    out.Add("startup", underlay.startup);
}

void
Write(CanonicalWriter& out, const ScenarioLearn& learn)
{
    out.Add("learn", learn.router).Add("route", learn.route).Add("from", learn.from);
    out.Add("prefix", learn.prefix.ToString()).Add("poll", learn.poll);
}

void
Write(CanonicalWriter& out, const ScenarioEvent& event)
{
    out.AddNumber("event", static_cast<unsigned>(event.kind));
    WriteDrawn(out, "at", event.at, event.atDraw);
    if (event.atDraw)
    {
        out.Add("later", event.later);
    }
    out.Add("where", event.where).Add("down", event.down);
    for (const auto& line : event.lines)
    {
        out.Add("line", line.text);
    }
    const bool isFilter =
        event.kind == ScenarioEvent::Kind::Drop || event.kind == ScenarioEvent::Kind::Pass;
    if (isFilter)
    {
        out.AddNumber("protocol", event.filter.protocol + 0U).AddNumber("port", event.filter.port);
        for (const auto& router : event.filter.between)
        {
            out.Add("between", router);
        }
    }
    if (!event.door.empty())
    {
        out.Add("door", event.door);
        if (event.kind == ScenarioEvent::Kind::HubService)
        {
            out.AddNumber("service", static_cast<unsigned>(event.service));
        }
    }
    if (Duration{} < event.spread)
    {
        out.Add("spread", event.spread);
    }
}

void
Write(CanonicalWriter& out, const ScenarioFlow& flow)
{
    out.Add("flow", flow.name).Add("from", flow.from).Add("to", flow.to);
    out.AddNumber("size", flow.size).Add("every", flow.every);
    WriteDrawn(out, "start", flow.start, flow.startDraw);
    if (flow.pace)
    {
        WriteDrawn(out, "pace", flow.every, flow.pace->every);
        WriteDrawn(out, "on", flow.pace->on, flow.pace->onDraw);
        WriteDrawn(out, "off", flow.pace->off, flow.pace->offDraw);
    }
    if (flow.stop)
    {
        out.Add("stop", *flow.stop);
    }
    if (Duration{} < flow.spread)
    {
        out.Add("spread", flow.spread);
    }
}

template <typename T>
void
WriteAll(CanonicalWriter& out, const std::vector<T>& values)
{
    for (const auto& value : values)
    {
        Write(out, value);
    }
}

template <typename T>
const T*
FindNamed(const std::vector<T>& values, const std::string& name)
{
    const auto found = std::find_if(values.begin(), values.end(), [&](const T& value) {
        return value.name == name;
    });
    return found == values.end() ? nullptr : &*found;
}

} // namespace

bool
ScenarioNode::IsInternet() const
{
    return !isHost && !nat && !balancer;
}

bool
Scenario::HasNetwork() const
{
    return !links.empty() || !clouds.empty();
}

const ScenarioRouter*
Scenario::FindRouter(const std::string& routerName) const
{
    return FindNamed(routers, routerName);
}

const ScenarioNode*
Scenario::FindNode(const std::string& nodeName) const
{
    return FindNamed(nodes, nodeName);
}

std::optional<IpAddress>
Scenario::FindTrafficAddress(const ScenarioRouter& router) const
{
    const auto* loopback = router.config.FindInterface("Loopback0");
    if (loopback != nullptr && loopback->address)
    {
        return loopback->address;
    }
    for (const auto& link : links)
    {
        for (size_t end = 0; end < link.ends.size(); ++end)
        {
            const auto* other = FindNode(link.ends[1 - end].node);
            if (link.ends[end].node == router.name && other != nullptr && other->isHost)
            {
                return router.config.FindInterface(link.ends[end].interface)->address;
            }
        }
    }
    return std::nullopt;
}

std::string
Scenario::ToCanonicalText() const
{
    CanonicalWriter out;
    out.Add("scenario", name).Add("duration", duration).Add("flight", flightTime);
    out.Add("grace", account.grace).Add("orphan-grace", account.orphanGrace);
    if (flowsListed != Scenario().flowsListed)
    {
        out.AddNumber("flows-listed", flowsListed);
    }
    if (endsListed != Scenario().endsListed)
    {
        out.AddNumber("ends-listed", endsListed);
    }
    if (crypto != ProviderKind::Openssl)
    {
        out.Add("crypto", GetProviderNames()[static_cast<size_t>(crypto)]);
    }
    for (const auto& [parameter, value] : parameters)
    {
        out.Add("parameter", parameter).Add("value", value);
    }
    WriteAll(out, routers);
    WriteAll(out, nodes);
    WriteAll(out, links);
    WriteAll(out, clouds);
    Write(out, underlay);
    WriteAll(out, learn);
    WriteAll(out, events);
    WriteAll(out, offer);
    return out.Get();
}

std::string
Scenario::GetHash() const
{
    const auto crypto = MakeOpensslProvider();
    return ToHex(crypto->Hash(HashAlgorithm::Sha256, ToOctets(ToCanonicalText())));
}

} // namespace ike
} // namespace ns3
