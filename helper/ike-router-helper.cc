/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-router-helper.h"

#include "ike-config-files.h"

#include "ns3/abort.h"
#include "ns3/ike-application.h"
#include "ns3/ike-ios-parser.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-tunnel-device.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/trace-helper.h"

#include <sstream>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeRouterHelper");

IkeRouterHelper::IkeRouterHelper()
{
    m_routerFactory.SetTypeId(IkeRouter::GetTypeId());
    m_applicationFactory.SetTypeId(IkeApplication::GetTypeId());
}

void
IkeRouterHelper::SetKnobs(const IkeKnobs& knobs)
{
    m_knobs = knobs;
}

void
IkeRouterHelper::SetRouterAttribute(const std::string& name, const AttributeValue& value)
{
    m_routerFactory.Set(name, value);
}

void
IkeRouterHelper::SetApplicationAttribute(const std::string& name, const AttributeValue& value)
{
    m_applicationFactory.Set(name, value);
}

void
IkeRouterHelper::SetTunnelAttribute(const std::string& name, const AttributeValue& value)
{
    m_tunnelAttributes.emplace_back(name, value.Copy());
}

void
IkeRouterHelper::SetRipAttribute(const std::string& name, const AttributeValue& value)
{
    m_ripAttributes.emplace_back(name, value.Copy());
}

void
IkeRouterHelper::SetIke(bool ike)
{
    m_ike = ike;
}

std::vector<ConfigError>
IkeRouterHelper::Read(const std::vector<IkeConfigText>& texts, RouterConfig& config)
{
    IosParser parser(config);
    for (const IkeConfigText& text : texts)
    {
        const std::optional<ConfigError> error = parser.ReadText(text.text, text.file);
        if (error)
        {
            return {*error};
        }
    }
    const std::vector<ConfigError> errors = ReadConfigFilesFromDisk(config);
    return errors.empty() ? CheckReferences(config) : errors;
}

Ptr<IkeRouter>
IkeRouterHelper::Install(Ptr<Node> node,
                         const RouterConfig& config,
                         const std::map<std::string, Ptr<NetDevice>>& devices) const
{
    NS_LOG_FUNCTION(this << node << config.hostname);
    if (!node->GetObject<Ipv4>())
    {
        Ipv4ListRoutingHelper list;
        list.Add(Ipv4StaticRoutingHelper(), 0);
        InternetStackHelper internet;
        internet.SetRoutingHelper(list);
        internet.SetIpv6StackInstall(false);
        internet.Install(node);
    }
    Ptr<IkeRouter> router = m_routerFactory.Create<IkeRouter>();
    node->AggregateObject(router);
    router->SetKnobs(m_knobs);
    for (const auto& [name, value] : m_tunnelAttributes)
    {
        router->SetTunnelAttribute(name, *value);
    }
    for (const auto& [name, value] : m_ripAttributes)
    {
        router->SetRipAttribute(name, *value);
    }
    for (const auto& [name, device] : devices)
    {
        router->SetDevice(name, device);
    }
    if (m_ike)
    {
        Ptr<IkeApplication> application = m_applicationFactory.Create<IkeApplication>();
        node->AddApplication(application);
        router->SetApplication(application);
    }
    router->Configure(config);
    return router;
}

Ptr<IkeRouter>
IkeRouterHelper::Install(Ptr<Node> node,
                         const std::vector<IkeConfigText>& texts,
                         const std::map<std::string, Ptr<NetDevice>>& devices) const
{
    RouterConfig config;
    const std::vector<ConfigError> errors = Read(texts, config);
    std::ostringstream all;
    for (const ConfigError& error : errors)
    {
        all << "\n" << error.ToString();
    }
    NS_ABORT_MSG_UNLESS(errors.empty(), "the configuration is wrong:" << all.str());
    return Install(node, config, devices);
}

int64_t
IkeRouterHelper::AssignStreams(NodeContainer nodes, int64_t stream)
{
    int64_t next = stream;
    InternetStackHelper internet;
    for (NodeContainer::Iterator i = nodes.Begin(); i != nodes.End(); ++i)
    {
        Ptr<IkeRouter> router = (*i)->GetObject<IkeRouter>();
        if (router)
        {
            next += router->AssignStreams(next);
        }
        next += internet.AssignStreams(NodeContainer(*i), next);
    }
    return next - stream;
}

void
IkeRouterHelper::EnablePcap(const std::string& prefix, Ptr<IkeRouter> router)
{
    PcapHelper pcap;
    for (const InterfaceText& text : router->GetConfig().interfaces)
    {
        Ptr<IpsecTunnelDevice> device = router->GetTunnelDevice(text.name);
        if (!text.IsTunnel() || !device)
        {
            continue;
        }
        Ptr<PcapFileWrapper> file =
            pcap.CreateFile(prefix + "-" + router->GetName() + "-" + text.name + ".pcap",
                            std::ios::out,
                            PcapHelper::DLT_RAW);
        pcap.HookDefaultSink<IpsecTunnelDevice>(device, "PromiscSniffer", file);
    }
}

} // namespace ike
} // namespace ns3
