/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NODE_INTERFACES_H
#define IKE_NODE_INTERFACES_H

#include "ipsec-tunnel-device.h"

#include "ns3/callback.h"
#include "ns3/ike-router-config.h"
#include "ns3/ipv4-interface-address.h"
#include "ns3/ipv4.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"
#include "ns3/packet.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Keeps a node's interfaces as the configuration of its router says: which device a name
 * means, loopback and tunnel devices, addresses, up and down.
 *
 * Nothing happens to an interface that is as it should be. Addresses that somebody else gave to an
 * interface stay as long as the configuration has none for it.
 */
class NodeInterfaces
{
  public:
    /// Takes a packet that a device of ours dropped, and the reason.
    using DropCallback = Callback<void, Ptr<const Packet>, const std::string&>;

    NodeInterfaces();

    /**
     * @brief Say which device an interface name of the configuration means.
     * @param name "Ethernet0/0"
     * @param device of the node
     */
    void SetDevice(const std::string& name, Ptr<NetDevice> device);
    /**
     * @brief Set what tunnel devices are made with.
     * @param name of an attribute of IpsecTunnelDevice
     * @param value its value
     */
    void SetTunnelAttribute(const std::string& name, const AttributeValue& value);
    /**
     * @brief Take a node.
     * @param node the node, with IPv4
     * @param drop takes what tunnel devices drop
     */
    void Attach(Ptr<Node> node, DropCallback drop);
    /// @brief Let go of the node and its devices.
    void Dispose();

    /**
     * @brief Make one interface as the configuration says.
     * @param config of the router
     * @param text the interface
     * @param up should it be up, if it has an address?
     * @return false when nobody said which device is meant
     */
    bool Apply(const RouterConfig& config, const InterfaceText& text, bool up);
    /**
     * @brief Take the addresses of interfaces that are no longer configured.
     * @param config what is
     */
    void Retire(const RouterConfig& config);
    /**
     * @brief Find or make the device of an interface.
     * @param text the interface
     * @return the device, or null when nobody said which device is meant
     */
    Ptr<NetDevice> ObtainDevice(const InterfaceText& text);
    /**
     * @brief Make a device without a name in the configuration: one that gets what would leave
     * through another one (IpsecPolicyRouting), or one for many tunnels (HubTunnels).
     * @param name for traces
     * @return the device, not yet an interface of IPv4
     */
    Ptr<IpsecTunnelDevice> MakeDivert(const std::string& name);
    /**
     * @brief Set the interface of a device up or down, if there is one and it is not so already.
     * @param device whose
     * @param up the new state; without an address an interface stays down
     */
    void SetUp(Ptr<NetDevice> device, bool up);

    /**
     * @brief Get a loopback or tunnel device.
     * @param name "Tunnel0"
     * @return the device, or null
     */
    Ptr<IpsecTunnelDevice> GetOwnDevice(const std::string& name) const;
    /**
     * @brief Is it a loopback or tunnel device of ours?
     * @param device any device
     * @return true when it is
     */
    bool IsOwnDevice(Ptr<const NetDevice> device) const;
    /**
     * @brief Find the IPv4 interface of an interface name.
     * @param name "Ethernet0/0"
     * @return its index, or -1
     */
    int32_t Find(const std::string& name) const;
    /**
     * @brief Find the IPv4 interface whose network an address is in, the longest one of those up.
     * @param address for example a next hop
     * @return its index, or -1
     */
    int32_t FindConnected(Ipv4Address address) const;
    /**
     * @brief Is an address on an interface that is up?
     * @param address of this node or not
     * @return true when it is
     */
    bool IsAddressUp(Ipv4Address address) const;

  private:
    /**
     * @brief Make a device of ours, and give it to the node.
     * @param name "Tunnel0"
     * @return the device
     */
    Ptr<IpsecTunnelDevice> MakeDevice(const std::string& name);
    /**
     * @brief Find the device of an interface name.
     * @param name "Ethernet0/0"
     * @return the device, or null
     */
    Ptr<NetDevice> FindDevice(const std::string& name) const;
    /**
     * @brief Set the address of an interface.
     * @param name of the interface
     * @param index of IPv4's interface
     * @param address with its mask; nothing: none
     */
    void ApplyAddress(const std::string& name,
                      uint32_t index,
                      const std::optional<Ipv4InterfaceAddress>& address);
    /**
     * @brief Is this the only address of an interface?
     * @param index of IPv4's interface
     * @param address with its mask
     * @return true when it is
     */
    bool HasJust(uint32_t index, const Ipv4InterfaceAddress& address) const;
    /**
     * @brief Set an IPv4 interface up or down, if it is not so already.
     * @param index of IPv4's interface
     * @param up the new state
     */
    void SetUp(uint32_t index, bool up);

    Ptr<Node> m_node;                                           ///< whose interfaces
    Ptr<Ipv4> m_ipv4;                                           ///< of the node
    DropCallback m_drop;                                        ///< takes what devices drop
    ObjectFactory m_factory;                                    ///< makes tunnel devices
    std::map<std::string, Ptr<NetDevice>> m_devices;            ///< by interface name
    std::map<std::string, Ptr<IpsecTunnelDevice>> m_ownDevices; ///< loopbacks and tunnels
    std::vector<Ptr<IpsecTunnelDevice>> m_diverts;              ///< those without a name
    std::set<std::string> m_addressed; ///< interfaces with an address of ours
};

} // namespace ike
} // namespace ns3

#endif // IKE_NODE_INTERFACES_H
