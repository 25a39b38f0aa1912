/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-node-interfaces.h"

#include "ns3/log.h"

#include <vector>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeNodeInterfaces");

namespace
{

/// The address of an interface as ns-3 has it, one that it borrows without the network; nothing
/// when it has none.
std::optional<Ipv4InterfaceAddress>
AddressOf(const RouterConfig& config, const InterfaceText& text)
{
    const std::optional<IpAddress> address = config.FindAddress(text);
    if (!address)
    {
        return std::nullopt;
    }
    const unsigned length = text.unnumbered ? 32 : text.prefixLength;
    return Ipv4InterfaceAddress(Ipv4Address(address->ToV4()), Ipv4Mask(MaskOfPrefixLength(length)));
}

} // namespace

NodeInterfaces::NodeInterfaces()
{
    m_factory.SetTypeId(IpsecTunnelDevice::GetTypeId());
}

void
NodeInterfaces::SetDevice(const std::string& name, Ptr<NetDevice> device)
{
    m_devices[name] = device;
}

void
NodeInterfaces::SetTunnelAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

void
NodeInterfaces::Attach(Ptr<Node> node, DropCallback drop)
{
    NS_LOG_FUNCTION(this << node);
    m_node = node;
    m_ipv4 = node->GetObject<Ipv4>();
    m_drop = drop;
}

void
NodeInterfaces::Dispose()
{
    NS_LOG_FUNCTION(this);
    for (const auto& [name, device] : m_ownDevices)
    {
        device->SetSendCallback(IpsecTunnelDevice::SendCallback());
    }
    for (const Ptr<IpsecTunnelDevice>& device : m_diverts)
    {
        device->SetSendCallback(IpsecTunnelDevice::SendCallback());
    }
    m_diverts.clear();
    m_ownDevices.clear();
    m_devices.clear();
    m_ipv4 = nullptr;
    m_node = nullptr;
}

// --- Configuration -> node ------------------------------------------------------------------

bool
NodeInterfaces::Apply(const RouterConfig& config, const InterfaceText& text, bool up)
{
    Ptr<NetDevice> device = ObtainDevice(text);
    if (!device)
    {
        return false;
    }
    const std::optional<Ipv4InterfaceAddress> address = AddressOf(config, text);
    int32_t index = m_ipv4->GetInterfaceForDevice(device);
    if (index < 0)
    {
        // An interface of IPv4 without an address upsets ns-3, and it can never be removed.
        if (!address)
        {
            return true;
        }
        index = m_ipv4->AddInterface(device);
    }
    ApplyAddress(text.name, index, address);
    SetUp(index, up);
    return true;
}

Ptr<NetDevice>
NodeInterfaces::ObtainDevice(const InterfaceText& text)
{
    Ptr<NetDevice> known = FindDevice(text.name);
    if (known || (!text.IsTunnel() && text.name.rfind("Loopback", 0) != 0))
    {
        return known;
    }
    Ptr<IpsecTunnelDevice> device = MakeDevice(text.name);
    device->SetLinkUp(!text.IsTunnel());
    m_ownDevices[text.name] = device;
    return device;
}

Ptr<IpsecTunnelDevice>
NodeInterfaces::MakeDivert(const std::string& name)
{
    Ptr<IpsecTunnelDevice> device = MakeDevice(name);
    device->SetLinkUp(true);
    m_diverts.push_back(device);
    return device;
}

Ptr<IpsecTunnelDevice>
NodeInterfaces::MakeDevice(const std::string& name)
{
    Ptr<IpsecTunnelDevice> device = m_factory.Create<IpsecTunnelDevice>();
    device->SetName(name);
    device->TraceConnectWithoutContext("Drop", m_drop);
    m_node->AddDevice(device);
    return device;
}

void
NodeInterfaces::ApplyAddress(const std::string& name,
                             uint32_t index,
                             const std::optional<Ipv4InterfaceAddress>& address)
{
    if (address)
    {
        m_addressed.insert(name);
        if (HasJust(index, *address))
        {
            return;
        }
    }
    else if (m_addressed.erase(name) == 0)
    {
        return; // whoever gave it an address without the configuration may keep it
    }
    // Down first: all routing protocols see a change of address in the same way.
    SetUp(index, false);
    while (m_ipv4->GetNAddresses(index) > 0)
    {
        m_ipv4->RemoveAddress(index, uint32_t{0});
    }
    if (address)
    {
        m_ipv4->AddAddress(index, *address);
    }
}

bool
NodeInterfaces::HasJust(uint32_t index, const Ipv4InterfaceAddress& address) const
{
    return m_ipv4->GetNAddresses(index) == 1 &&
           m_ipv4->GetAddress(index, 0).GetLocal() == address.GetLocal() &&
           m_ipv4->GetAddress(index, 0).GetMask() == address.GetMask();
}

void
NodeInterfaces::Retire(const RouterConfig& config)
{
    const std::set<std::string> addressed = m_addressed; // a copy: it changes meanwhile
    for (const std::string& name : addressed)
    {
        if (!config.FindInterface(name))
        {
            ApplyAddress(name, Find(name), std::nullopt);
        }
    }
}

void
NodeInterfaces::SetUp(Ptr<NetDevice> device, bool up)
{
    const int32_t index = m_ipv4->GetInterfaceForDevice(device);
    if (index >= 0)
    {
        SetUp(static_cast<uint32_t>(index), up);
    }
}

void
NodeInterfaces::SetUp(uint32_t index, bool up)
{
    // ns-3 looks for the address of whatever is up.
    const bool wanted = up && m_ipv4->GetNAddresses(index) > 0;
    if (wanted && !m_ipv4->IsUp(index))
    {
        m_ipv4->SetUp(index);
    }
    else if (!wanted && m_ipv4->IsUp(index))
    {
        m_ipv4->SetDown(index);
    }
}

// --- To look at -----------------------------------------------------------------------------

Ptr<IpsecTunnelDevice>
NodeInterfaces::GetOwnDevice(const std::string& name) const
{
    const auto found = m_ownDevices.find(name);
    return found != m_ownDevices.end() ? found->second : nullptr;
}

bool
NodeInterfaces::IsOwnDevice(Ptr<const NetDevice> device) const
{
    for (const auto& [name, own] : m_ownDevices)
    {
        if (own == device)
        {
            return true;
        }
    }
    return false;
}

Ptr<NetDevice>
NodeInterfaces::FindDevice(const std::string& name) const
{
    const auto mapped = m_devices.find(name);
    return mapped != m_devices.end() ? mapped->second : Ptr<NetDevice>(GetOwnDevice(name));
}

int32_t
NodeInterfaces::Find(const std::string& name) const
{
    Ptr<NetDevice> device = FindDevice(name);
    return device ? m_ipv4->GetInterfaceForDevice(device) : -1;
}

int32_t
NodeInterfaces::FindConnected(Ipv4Address address) const
{
    int32_t index = -1;
    uint16_t longest = 0;
    for (uint32_t i = 0; i < m_ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; m_ipv4->IsUp(i) && j < m_ipv4->GetNAddresses(i); ++j)
        {
            const Ipv4InterfaceAddress own = m_ipv4->GetAddress(i, j);
            const Ipv4Mask mask = own.GetMask();
            if (mask.IsMatch(own.GetLocal(), address) && mask.GetPrefixLength() > longest)
            {
                index = static_cast<int32_t>(i);
                longest = mask.GetPrefixLength();
            }
        }
    }
    return index;
}

bool
NodeInterfaces::IsAddressUp(Ipv4Address address) const
{
    // Several interfaces have the address when one lends it to the others.
    for (uint32_t i = 0; i < m_ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; m_ipv4->IsUp(i) && j < m_ipv4->GetNAddresses(i); ++j)
        {
            if (m_ipv4->GetAddress(i, j).GetLocal() == address)
            {
                return true;
            }
        }
    }
    return false;
}

} // namespace ike
} // namespace ns3
