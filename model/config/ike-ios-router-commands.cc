/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-commands.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

using Kind = IosMode::Kind;
using Result = std::optional<ConfigError>;

const Result DONE = std::nullopt; ///< the line was right

Result
SetHostname(IosContext& c)
{
    c.config.hostname = c.args.GetValue("name");
    return DONE;
}

// --- Interfaces --------------------------------------------------------------------------------

/// The interface of the open block.
InterfaceText&
OpenInterface(IosContext& c)
{
    if (InterfaceText* known = c.config.interfaces.Find(c.mode.name))
    {
        return *known;
    }
    InterfaceText interface;
    interface.name = c.mode.name;
    interface.position = c.line;
    // A tunnel that is removed and configured anew is another tunnel: its id is never given twice.
    interface.id = interface.IsTunnel() ? c.config.nextConnectionId++ : 0;
    return c.config.interfaces.Add(interface);
}

/// IOS has virtual templates for dial-in lines, too; here they are for tunnels alone.
Result
CheckTemplateType(IosContext& c, const InterfaceText& wanted, bool isNew)
{
    const bool isTyped = c.args.Find("type");
    if (isTyped && !wanted.IsVirtualTemplate())
    {
        return c.Refuse("type", "only a Virtual-Template has a type");
    }
    if (isNew && !isTyped && wanted.IsVirtualTemplate())
    {
        return c.Refuse("interface",
                        "a virtual template of this type is not supported",
                        "type 'interface " + wanted.name + " type tunnel'");
    }
    return DONE;
}

Result
EnterInterface(IosContext& c)
{
    InterfaceText wanted;
    wanted.name = c.args.GetValue("interface");
    const bool isNew = !c.config.FindInterface(wanted.name);
    const Result wrong = CheckTemplateType(c, wanted, isNew);
    if (wrong)
    {
        return wrong;
    }
    c.mode = IosMode{Kind::Interface, wanted.name};
    InterfaceText& interface = OpenInterface(c);
    if (isNew)
    {
        interface.position = c.PositionOf("interface");
    }
    return DONE;
}

Result
RemoveInterface(IosContext& c)
{
    const std::string name = c.args.GetValue("interface");
    const InterfaceText* interface = c.config.FindInterface(name);
    if (!interface)
    {
        return c.Refuse("interface", "there is no interface " + name);
    }
    if (!interface->IsTunnel() && !interface->IsVirtualTemplate() &&
        name.compare(0, 8, "Loopback") != 0)
    {
        return c.Refuse("interface", "a physical interface cannot be removed");
    }
    c.config.interfaces.Remove(name);
    return DONE;
}

Result
SetDescription(IosContext& c)
{
    OpenInterface(c).description = c.args.GetValue("text");
    return DONE;
}

Result
ResetDescription(IosContext& c)
{
    OpenInterface(c).description.clear();
    return DONE;
}

/// May a host have this address in a network with this mask? (RFC 3021: in a /31 both may.)
bool
IsHostAddress(const IpAddress& address, unsigned length)
{
    const uint32_t hostBits = address.ToV4() & ~MaskOfPrefixLength(length);
    return length >= 31 || (length > 0 && hostBits != 0 && hostBits != ~MaskOfPrefixLength(length));
}

Result
SetIpAddress(IosContext& c)
{
    const IpAddress address = c.args.GetAddress("address");
    const auto length = static_cast<unsigned>(c.args.GetNumber("mask"));
    if (c.args.Find("secondary"))
    {
        return c.Refuse("secondary", "secondary addresses are known but not supported yet");
    }
    if (!IsHostAddress(address, length))
    {
        return c.Refuse("mask",
                        "bad mask /" + std::to_string(length) + " for address " +
                            address.ToString(),
                        "expected a mask in which it is a host");
    }
    if (OpenInterface(c).IsVirtualTemplate())
    {
        return c.Refuse("address",
                        "all virtual-access interfaces of a template would have this address",
                        "type 'ip unnumbered INTERFACE'");
    }
    OpenInterface(c).address = address;
    OpenInterface(c).prefixLength = length;
    OpenInterface(c).unnumbered.reset(); // as in IOS the later one counts
    return DONE;
}

Result
RemoveIpAddress(IosContext& c)
{
    InterfaceText& interface = OpenInterface(c);
    if (c.args.Find("address") && interface.address != c.args.GetAddress("address"))
    {
        return c.Refuse("address", "is not the address of " + interface.name);
    }
    interface.address.reset();
    interface.prefixLength = 0;
    return DONE;
}

/// The tunnel commands, and some others, exist for tunnels alone, and for what tunnels are made
/// after.
Result
CheckTunnel(IosContext& c, const char* word = "tunnel")
{
    if (OpenInterface(c).IsTunnel() || OpenInterface(c).IsVirtualTemplate())
    {
        return DONE;
    }
    return ConfigError{c.line,
                       word,
                       "is accepted only under a tunnel interface, not under " + c.mode.name,
                       "expected it behind 'interface Tunnel'"};
}

/// A tunnel without a network of its own: it borrows the address of another interface.
Result
SetUnnumbered(IosContext& c)
{
    const Result wrong = CheckTunnel(c, "unnumbered");
    if (wrong)
    {
        return wrong;
    }
    if (c.args.GetValue("interface") == c.mode.name)
    {
        return c.Refuse("interface", "is this interface itself", "expected one with an address");
    }
    InterfaceText& interface = OpenInterface(c);
    interface.unnumbered = c.ReferenceTo("interface");
    interface.address.reset();
    interface.prefixLength = 0;
    return DONE;
}

Result
Shutdown(IosContext& c)
{
    OpenInterface(c).shutdown = true;
    return DONE;
}

Result
NoShutdown(IosContext& c)
{
    OpenInterface(c).shutdown = false;
    return DONE;
}

Result
SetTunnelSource(IosContext& c)
{
    const Result wrong = CheckTunnel(c);
    if (!wrong)
    {
        const bool isAddress = c.args.Find("address");
        OpenInterface(c).tunnelSource = c.ReferenceTo(isAddress ? "address" : "interface");
    }
    return wrong;
}

Result
ResetTunnelSource(IosContext& c)
{
    OpenInterface(c).tunnelSource.reset();
    return DONE;
}

Result
SetTunnelDestination(IosContext& c)
{
    const Result wrong = CheckTunnel(c);
    if (OpenInterface(c).IsVirtualTemplate())
    {
        return c.Refuse("address",
                        "a virtual template has no destination: whoever comes is one",
                        "expected 'tunnel destination' behind 'interface Tunnel'");
    }
    if (!wrong)
    {
        OpenInterface(c).tunnelDestination = c.args.GetAddress("address");
    }
    return wrong;
}

Result
ResetTunnelDestination(IosContext& c)
{
    OpenInterface(c).tunnelDestination.reset();
    return DONE;
}

Result
SetTunnelMode(IosContext& c)
{
    const Result wrong = CheckTunnel(c);
    if (!wrong)
    {
        OpenInterface(c).tunnelMode = ReadIosTunnelMode(c.args.GetValue("mode"));
    }
    return wrong;
}

Result
SetDfBit(IosContext& c)
{
    const Result wrong = CheckTunnel(c, "df-bit");
    if (!wrong)
    {
        OpenInterface(c).dfBit = ReadIosDfBit(c.args.GetValue("df"));
    }
    return wrong;
}

Result
SetFragmentation(IosContext& c)
{
    const Result wrong = CheckTunnel(c, "fragmentation");
    if (!wrong)
    {
        OpenInterface(c).fragmentation = ReadIosFragmentation(c.args.GetValue("order"));
    }
    return wrong;
}

Result
SetIpMtu(IosContext& c)
{
    const Result wrong = CheckTunnel(c, "mtu");
    if (!wrong)
    {
        OpenInterface(c).ipMtu = static_cast<uint32_t>(c.args.GetNumber("octets"));
    }
    return wrong;
}

/// Give a field of the open interface its default again.
template <auto FIELD>
Result
ResetInterface(IosContext& c)
{
    OpenInterface(c).*FIELD = InterfaceText{}.*FIELD;
    return DONE;
}

Result
ResetTunnelMode(IosContext& c)
{
    OpenInterface(c).tunnelMode = TunnelMode::GreIp;
    return DONE;
}

Result
SetTunnelProtection(IosContext& c)
{
    if (c.args.Find("shared"))
    {
        return c.Refuse("shared", "shared protection is known but not supported yet");
    }
    const Result wrong = CheckTunnel(c);
    if (!wrong)
    {
        OpenInterface(c).protectionProfile = c.ReferenceTo("name");
    }
    return wrong;
}

/// The list says what the tunnel's SAs are for; without one that is everything.
Result
SetTunnelPolicy(IosContext& c)
{
    const Result wrong = CheckTunnel(c);
    if (OpenInterface(c).IsVirtualTemplate())
    {
        return c.Refuse("list",
                        "a virtual template has no policy: the peer says what it wants protected",
                        "expected it behind 'interface Tunnel'");
    }
    if (!wrong)
    {
        OpenInterface(c).protectionPolicy = c.ReferenceTo("list");
    }
    return wrong;
}

Result
ResetTunnelProtection(IosContext& c)
{
    OpenInterface(c).protectionProfile.reset();
    return DONE;
}

/// A tunnel has a policy of its own: everything that is routed through it.
Result
SetCryptoMap(IosContext& c)
{
    if (OpenInterface(c).IsTunnel() || OpenInterface(c).IsVirtualTemplate())
    {
        return ConfigError{c.line,
                           "map",
                           "a crypto map belongs to a physical interface or a loopback, not to " +
                               c.mode.name,
                           "a tunnel is protected by 'tunnel protection ipsec profile'"};
    }
    OpenInterface(c).cryptoMap = c.ReferenceTo("name");
    return DONE;
}

// --- Routes ------------------------------------------------------------------------------------

StaticRouteText
ReadRoute(const IosContext& c)
{
    StaticRouteText route;
    route.prefix = c.args.GetPrefix("prefix", "mask");
    route.position = c.line;
    if (c.args.Find("hop"))
    {
        route.nextHop = c.args.GetAddress("hop");
    }
    if (c.args.Find("interface"))
    {
        route.interface = c.ReferenceTo("interface");
    }
    route.distance = c.args.Find("distance") ? static_cast<unsigned>(c.args.GetNumber("distance"))
                                             : route.distance;
    return route;
}

Result
AddRoute(IosContext& c)
{
    const StaticRouteText route = ReadRoute(c);
    if (route.prefix.address != c.args.GetAddress("prefix"))
    {
        return c.Refuse("prefix",
                        "inconsistent address and mask",
                        "expected " + route.prefix.address.ToString());
    }
    if (route.interface && route.interface->name.compare(0, 16, "Virtual-Template") == 0)
    {
        return c.Refuse("interface",
                        "nothing is routed to a template: the routes of its virtual-access "
                        "interfaces follow from what their peers ask for");
    }
    if (StaticRouteText* other = c.config.staticRoutes.Find(HopOfRoute()(route)))
    {
        *other = route;
        return DONE;
    }
    c.config.staticRoutes.Add(route);
    return DONE;
}

Result
RemoveRoute(IosContext& c)
{
    const StaticRouteText route = ReadRoute(c);
    const bool anyHop = !route.nextHop && !route.interface;
    const auto matches = [&](const StaticRouteText& other) {
        return anyHop ? other.prefix == route.prefix : HopOfRoute()(other) == HopOfRoute()(route);
    };
    if (c.config.staticRoutes.RemoveIf(matches) == 0)
    {
        return c.Refuse("prefix", "there is no such route");
    }
    return DONE;
}

// --- RIP ---------------------------------------------------------------------------------------

Result
EnterRip(IosContext& c)
{
    c.config.ripEnabled = true;
    c.mode = IosMode{Kind::RouterRip, "rip"};
    return DONE;
}

/// The network of class A, B or C that an address belongs to; nothing for the others.
std::optional<IpPrefix>
ClassfulNetworkOf(const IpAddress& address)
{
    const uint32_t first = address.ToV4() >> 24;
    if (first == 0 || first == 127 || first >= 224)
    {
        return std::nullopt;
    }
    const unsigned length = first < 128 ? 8 : first < 192 ? 16 : 24;
    return IpPrefix{address.Masked(length), length};
}

Result
AddRipNetwork(IosContext& c)
{
    const auto network = ClassfulNetworkOf(c.args.GetAddress("network"));
    if (!network)
    {
        return c.Refuse("network",
                        "is in no network of class A, B or C",
                        "expected a classful network, such as 10.0.0.0");
    }
    auto& all = c.config.ripNetworks;
    if (std::find(all.begin(), all.end(), *network) == all.end())
    {
        all.push_back(*network);
    }
    return DONE;
}

Result
RemoveRipNetwork(IosContext& c)
{
    auto& all = c.config.ripNetworks;
    const auto network = ClassfulNetworkOf(c.args.GetAddress("network"));
    const auto found = network ? std::find(all.begin(), all.end(), *network) : all.end();
    if (found == all.end())
    {
        return c.Refuse("network", "is not configured");
    }
    all.erase(found);
    return DONE;
}

Result
SetRipVersion2(IosContext& c)
{
    c.config.ripVersion2 = true;
    return DONE;
}

// Parts of patterns that occur more than once; macros, since only literals can be put together.
#define DF_BIT "crypto ipsec df-bit "
#define DF_VALUE "<df:clear|set|copy>"
#define FRAGMENTATION "crypto ipsec fragmentation "
#define ORDER "<order:before-encryption|after-encryption>"

const IosCommand COMMANDS[] = {
    {Kind::Global, false, "hostname <name:word>", SetHostname},
    {Kind::Global, true, "hostname [ <name:word> ]", ResetConfig<&RouterConfig::hostname>},
    {Kind::Global, false, "interface <interface:interface> [ type <type:tunnel> ]", EnterInterface},
    {Kind::Global, true, "interface <interface:interface>", RemoveInterface},
    {Kind::Global,
     false,
     "ip route <prefix:address> <mask:mask> <hop:address> [ <distance:number:1-255> ]",
     AddRoute},
    {Kind::Global,
     false,
     "ip route <prefix:address> <mask:mask> <interface:interface> [ <distance:number:1-255> ]",
     AddRoute},
    {Kind::Global,
     true,
     "ip route <prefix:address> <mask:mask> [ <hop:address> [ <distance:number:1-255> ] ]",
     RemoveRoute},
    {Kind::Global,
     true,
     "ip route <prefix:address> <mask:mask> <interface:interface> [ <distance:number:1-255> ]",
     RemoveRoute},
    {Kind::Global, false, "router rip", EnterRip},
    {Kind::Global,
     true,
     "router rip",
     ResetConfig<&RouterConfig::ripEnabled,
                 &RouterConfig::ripVersion2,
                 &RouterConfig::ripNetworks>},

    {Kind::Interface, false, "description <text:line>", SetDescription},
    {Kind::Interface, true, "description [ <text:line> ]", ResetDescription},
    {Kind::Interface,
     false,
     "ip address <address:address> <mask:mask> [ <secondary:secondary> ]",
     SetIpAddress},
    {Kind::Interface, true, "ip address [ <address:address> <mask:mask> ]", RemoveIpAddress},
    {Kind::Interface, false, "ip unnumbered <interface:interface>", SetUnnumbered},
    {Kind::Interface,
     true,
     "ip unnumbered [ <interface:interface> ]",
     ResetInterface<&InterfaceText::unnumbered>},
    {Kind::Interface, false, "shutdown", Shutdown},
    {Kind::Interface, true, "shutdown", NoShutdown},
    {Kind::Interface, false, "tunnel source <address:address>", SetTunnelSource},
    {Kind::Interface, false, "tunnel source <interface:interface>", SetTunnelSource},
    {Kind::Interface, true, "tunnel source [ <address:address> ]", ResetTunnelSource},
    {Kind::Interface, true, "tunnel source <interface:interface>", ResetTunnelSource},
    {Kind::Interface, false, "tunnel destination <address:address>", SetTunnelDestination},
    {Kind::Interface, true, "tunnel destination [ <address:address> ]", ResetTunnelDestination},
    {Kind::Interface, false, "tunnel mode ipsec <mode:ipv4>", SetTunnelMode},
    {Kind::Interface, false, "tunnel mode gre <mode:ip>", SetTunnelMode},
    {Kind::Interface, false, "tunnel mode <mode:ipip>", SetTunnelMode},
    {Kind::Interface, true, "tunnel mode [ ipsec ipv4 ]", ResetTunnelMode},
    {Kind::Interface, true, "tunnel mode gre ip", ResetTunnelMode},
    {Kind::Interface, true, "tunnel mode ipip", ResetTunnelMode},
    {Kind::Interface, false, DF_BIT DF_VALUE, SetDfBit},
    {Kind::Interface, true, DF_BIT "[ " DF_VALUE " ]", ResetInterface<&InterfaceText::dfBit>},
    {Kind::Interface, false, FRAGMENTATION ORDER, SetFragmentation},
    {Kind::Interface,
     true,
     FRAGMENTATION "[ " ORDER " ]",
     ResetInterface<&InterfaceText::fragmentation>},
    {Kind::Interface, false, "ip mtu <octets:number:68-65535>", SetIpMtu},
    {Kind::Interface,
     true,
     "ip mtu [ <octets:number:68-65535> ]",
     ResetInterface<&InterfaceText::ipMtu>},
    {Kind::Interface, false, "crypto map <name:word>", SetCryptoMap},
    {Kind::Interface,
     true,
     "crypto map [ <name:word> ]",
     ResetInterface<&InterfaceText::cryptoMap>},
    {Kind::Interface,
     false,
     "tunnel protection ipsec profile <name:word> [ <shared:shared> ]",
     SetTunnelProtection},
    {Kind::Interface,
     true,
     "tunnel protection [ ipsec profile <name:word> ]",
     ResetTunnelProtection},
    {Kind::Interface, false, "tunnel protection ipsec policy ipv4 <list:word>", SetTunnelPolicy},
    {Kind::Interface,
     true,
     "tunnel protection ipsec policy ipv4 [ <list:word> ]",
     ResetInterface<&InterfaceText::protectionPolicy>},

    {Kind::RouterRip, false, "network <network:address>", AddRipNetwork},
    {Kind::RouterRip, true, "network <network:address>", RemoveRipNetwork},
    {Kind::RouterRip, false, "version 2", SetRipVersion2},
    {Kind::RouterRip, true, "version [ 2 ]", ResetConfig<&RouterConfig::ripVersion2>},
};

} // namespace

std::vector<IosCommand>
MakeIosRouterCommands()
{
    return {std::begin(COMMANDS), std::end(COMMANDS)};
}

} // namespace ike
} // namespace ns3
