/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-show.h"

#include "ns3/ike-engine.h"
#include "ns3/ike-ios-words.h"
#include "ns3/ipsec-data-plane.h"

#include <algorithm>
#include <cstdio>
#include <iomanip>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

/// The ISAKMP SAs of a tunnel: those between its two ends.
std::vector<IsakmpSaView>
IsakmpSasOf(const ConsoleView& view, const ConnectionConfig& tunnel)
{
    std::vector<IsakmpSaView> found;
    for (const IsakmpSaView& sa : view.engine.GetIsakmpSas())
    {
        if (sa.local == tunnel.local && sa.peer == tunnel.peer)
        {
            found.push_back(sa);
        }
    }
    return found;
}

std::vector<PairView>
PairsOf(const ConsoleView& view, const ConnectionConfig& tunnel)
{
    std::vector<PairView> found;
    for (const PairView& pair : view.engine.GetPairs())
    {
        if (pair.connection == tunnel.id)
        {
            found.push_back(pair);
        }
    }
    return found;
}

/// "0.0.0.0/0.0.0.0"
std::string
WithMask(const Selector& selector)
{
    const std::optional<IpPrefix> network = selector.ToPrefix();
    if (!network)
    {
        return selector.ToString();
    }
    const IpPrefix& prefix = *network;
    return prefix.address.ToString() + "/" +
           IpAddress::V4(MaskOfPrefixLength(prefix.length)).ToString();
}

/// "0x1A2B3C4D(439041101)"
std::string
WriteSpi(uint32_t spi)
{
    char hex[16];
    std::snprintf(hex, sizeof(hex), "0x%X", static_cast<unsigned>(spi));
    return std::string(hex) + "(" + std::to_string(spi) + ")";
}

/// One direction of a pair, as a show command needs it.
struct SaView
{
    const PairView& pair;     ///< the pair
    uint32_t spi{0};          ///< of this direction
    bool inbound{false};      ///< which one
    IpsecSaCounters counters; ///< what it carried
};

/// The directions of the pairs that are installed: a lingering pair only receives.
std::vector<SaView>
InstalledSas(const ConsoleView& view, const std::vector<PairView>& pairs, bool inbound)
{
    std::vector<SaView> sas;
    for (const PairView& pair : pairs)
    {
        const auto counters = inbound ? view.plane.GetInboundSaCounters(pair.id)
                                      : view.plane.GetOutboundSaCounters(pair.id);
        if (counters)
        {
            const uint32_t spi = inbound ? pair.inboundSpi : pair.outboundSpi;
            sas.push_back(SaView{pair, spi, inbound, *counters});
        }
    }
    return sas;
}

IpsecSaCounters
SumOf(const std::vector<SaView>& sas)
{
    IpsecSaCounters sum;
    for (const SaView& sa : sas)
    {
        sum.packets += sa.counters.packets;
        sum.bytes += sa.counters.bytes;
        sum.errors += sa.counters.errors;
    }
    return sum;
}

/// Seconds until a deadline, not below zero.
int64_t
SecondsUntil(Instant deadline, Instant now)
{
    return deadline > now ? (deadline - now).ns / 1000000000 : 0;
}

void
WriteSa(std::ostream& os, const ConsoleView& view, const SaView& sa)
{
    const PairView& pair = sa.pair;
    const uint64_t left = pair.hardBytes - std::min(pair.hardBytes, sa.counters.bytes);
    // IOS numbers flows, two per pair: the odd ones are inbound.
    const uint32_t flow = 2 * pair.id - (sa.inbound ? 1 : 0);
    os << "      spi: " << WriteSpi(sa.spi) << "\n"
       << "        transform: " << WriteIosTransforms(pair.transform) << " ,\n"
       << "        in use settings ={Tunnel, }\n"
       << "        conn id: " << flow << ", flow_id: SW:" << flow << "\n"
       << "        sa timing: remaining key lifetime (k/sec): (" << left / 1024 << "/"
       << SecondsUntil(pair.expires, view.now) << ")\n"
       << "        IV size: "
       << (pair.transform.cipher == CipherAlgorithm::Null ? 0
                                                          : BlockLengthOf(pair.transform.cipher))
       << " bytes\n"
       << "        replay detection support: "
       << (view.engine.GetConfig().knobs.replayWindow > 0 ? "Y" : "N") << "\n"
       << "        Status: " << (pair.live ? "ACTIVE" : "ACTIVE (lingering)") << "\n";
}

void
WriteSas(std::ostream& os,
         const ConsoleView& view,
         const std::string& direction,
         const std::vector<SaView>& sas)
{
    os << "\n     " << direction << " esp sas:\n";
    for (const SaView& sa : sas)
    {
        WriteSa(os, view, sa);
    }
    os << "\n     " << direction << " ah sas:\n\n     " << direction << " pcp sas:\n";
}

void
WriteIdentities(std::ostream& os, const ConnectionConfig& tunnel)
{
    os << "\ninterface: " << tunnel.name << "\n"
       << "    Crypto map tag: " << tunnel.name << "-head-0, local addr " << tunnel.local.ToString()
       << "\n\n"
       << "   protected vrf: (none)\n"
       << "   local  ident (addr/mask/prot/port): (" << WithMask(tunnel.localSelector) << "/0/0)\n"
       << "   remote ident (addr/mask/prot/port): (" << WithMask(tunnel.remoteSelector) << "/0/0)\n"
       << "   current_peer " << tunnel.peer.ToString() << " port 500\n"
       << "     PERMIT, flags={origin_is_acl,}\n";
}

/// Without "#send errors": the data plane drops what no SA carries before it belongs to an SA.
void
WriteCounters(std::ostream& os, const IpsecSaCounters& out, const IpsecSaCounters& in)
{
    os << "    #pkts encaps: " << out.packets << ", #pkts encrypt: " << out.packets
       << ", #pkts digest: " << out.packets << "\n"
       << "    #pkts decaps: " << in.packets << ", #pkts decrypt: " << in.packets
       << ", #pkts verify: " << in.packets << "\n"
       << "    #pkts compressed: 0, #pkts decompressed: 0\n"
       << "    #pkts not compressed: 0, #pkts compr. failed: 0\n"
       << "    #pkts not decompressed: 0, #pkts decompress failed: 0\n"
       << "    #recv errors " << in.errors << "\n\n";
}

/// What carries the outbound traffic: its SPI, and the group of PFS.
void
WriteSelected(std::ostream& os, const ConnectionConfig& tunnel, const std::vector<PairView>& pairs)
{
    const auto isSelected = [](const PairView& pair) { return pair.outboundSelected; };
    const auto selected = std::find_if(pairs.begin(), pairs.end(), isSelected);
    const bool isThere = selected != pairs.end();
    const DhGroup pfs = isThere ? selected->pfs : DhGroup::None;
    os << "     local crypto endpt.: " << tunnel.local.ToString()
       << ", remote crypto endpt.: " << tunnel.peer.ToString() << "\n"
       << "     current outbound spi: " << WriteSpi(isThere ? selected->outboundSpi : 0) << "\n"
       << "     PFS (Y/N): " << (pfs == DhGroup::None ? "N" : "Y") << ", DH group: "
       << (pfs == DhGroup::None ? "none" : "group" + std::to_string(static_cast<unsigned>(pfs)))
       << "\n";
}

void
WriteTunnelSas(std::ostream& os, const ConsoleView& view, const ConnectionConfig& tunnel)
{
    const std::vector<PairView> pairs = PairsOf(view, tunnel);
    const auto inbound = InstalledSas(view, pairs, true);
    const auto outbound = InstalledSas(view, pairs, false);
    WriteIdentities(os, tunnel);
    WriteCounters(os, SumOf(outbound), SumOf(inbound));
    WriteSelected(os, tunnel, pairs);
    WriteSas(os, view, "inbound", inbound);
    WriteSas(os, view, "outbound", outbound);
}

/// The status of a session as the IOS Command Reference (show crypto session) names it.
std::string
StatusOf(const std::vector<IsakmpSaView>& isakmp, bool hasPairs)
{
    const auto isUp = [](const IsakmpSaView& sa) { return sa.established; };
    const bool up = std::any_of(isakmp.begin(), isakmp.end(), isUp);
    if (hasPairs)
    {
        return up ? "UP-ACTIVE" : "UP-NO-IKE";
    }
    return up ? "UP-IDLE" : isakmp.empty() ? "DOWN" : "DOWN-NEGOTIATING";
}

void
WriteSession(std::ostream& os, const ConsoleView& view, const ConnectionConfig& tunnel)
{
    const auto isakmp = IsakmpSasOf(view, tunnel);
    std::vector<PairView> pairs = PairsOf(view, tunnel);
    const auto isOver = [](const PairView& pair) { return !pair.live; };
    pairs.erase(std::remove_if(pairs.begin(), pairs.end(), isOver), pairs.end());
    const size_t sas =
        InstalledSas(view, pairs, true).size() + InstalledSas(view, pairs, false).size();
    os << "\nInterface: " << tunnel.name << "\n"
       << "Session status: " << StatusOf(isakmp, !pairs.empty()) << "\n"
       << "Peer: " << tunnel.peer.ToString() << " port 500\n";
    for (const IsakmpSaView& sa : isakmp)
    {
        os << "  IKE SA: local " << sa.local.ToString() << "/500 remote " << sa.peer.ToString()
           << "/500 " << (sa.established ? "Active" : "Inactive") << "\n";
    }
    os << "  IPSEC FLOW: permit ip " << WithMask(tunnel.localSelector) << " "
       << WithMask(tunnel.remoteSelector) << "\n"
       << "        Active SAs: " << sas << ", origin: crypto map\n";
}

} // namespace

std::string
ShowCryptoIsakmpSa(const ConsoleView& view)
{
    std::ostringstream os;
    os << "IPv4 Crypto ISAKMP SA\n"
       << "dst             src             state          conn-id status\n"
       << std::left;
    for (const IsakmpSaView& sa : view.engine.GetIsakmpSas())
    {
        const bool began = sa.role == Role::Initiator;
        os << std::setw(15) << (began ? sa.peer : sa.local).ToString() << " " << std::setw(15)
           << (began ? sa.local : sa.peer).ToString() << " " << std::setw(14) << sa.state << " "
           << std::right << std::setw(7) << 1000 + sa.number << std::left << " "
           << "ACTIVE\n";
    }
    os << "\nIPv6 Crypto ISAKMP SA\n";
    return os.str();
}

std::string
ShowCryptoIpsecSa(const ConsoleView& view)
{
    std::ostringstream os;
    for (const ConnectionConfig& tunnel : view.engine.GetConfig().connections)
    {
        WriteTunnelSas(os, view, tunnel);
    }
    return os.str().empty() ? "No SAs found\n" : os.str();
}

std::string
ShowCryptoSession(const ConsoleView& view)
{
    std::ostringstream os;
    os << "Crypto session current status\n";
    for (const ConnectionConfig& tunnel : view.engine.GetConfig().connections)
    {
        WriteSession(os, view, tunnel);
    }
    return os.str();
}

} // namespace ike
} // namespace ns3
