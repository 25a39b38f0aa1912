/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-show.h"

#include "ns3/ike-engine.h"
#include "ns3/ike-ios-words.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipsec-gate.h"

#include <algorithm>
#include <cstdio>
#include <iomanip>
#include <map>
#include <set>
#include <sstream>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// What a show command is about, each thing found without a look at all others: a hub has
/// thousands.
class Overview
{
  public:
    explicit Overview(const ConsoleView& view)
    {
        for (const ConnectionConfig& connection : view.engine.GetConfig().connections)
        {
            if (!connection.dynamic) // a template has no SAs of its own
            {
                m_connections.push_back(connection);
            }
        }
        const std::vector<ConnectionConfig> opened = view.engine.GetOpenedConnections();
        m_connections.insert(m_connections.end(), opened.begin(), opened.end());
        for (const ConnectionConfig& connection : m_connections)
        {
            const uint32_t own = view.engine.GetConfig().knobs.replayWindow;
            m_windows[connection.id] = connection.replayWindow.value_or(own);
        }
        for (const IsakmpSaView& sa : view.engine.GetIsakmpSas())
        {
            m_isakmpSas[{sa.local, sa.peer}].push_back(sa);
        }
        for (const PairView& pair : view.engine.GetPairs())
        {
            m_pairs[pair.connection].push_back(pair);
        }
    }

    /// What may have SAs, with what peers have opened at the end.
    const std::vector<ConnectionConfig>& GetConnections() const
    {
        return m_connections;
    }

    /// The ISAKMP SAs of a tunnel: those between its two ends.
    std::vector<IsakmpSaView> GetIsakmpSas(const ConnectionConfig& tunnel) const
    {
        const auto found = m_isakmpSas.find({tunnel.local, tunnel.peer});
        return found == m_isakmpSas.end() ? std::vector<IsakmpSaView>() : found->second;
    }

    std::vector<PairView> GetPairs(const ConnectionConfig& tunnel) const
    {
        const auto found = m_pairs.find(tunnel.id);
        return found == m_pairs.end() ? std::vector<PairView>() : found->second;
    }

    /// The replay window of a pair: its tunnel's, or the knob; none without integrity.
    uint32_t GetReplayWindow(const PairView& pair) const
    {
        const EspTransformSet& set = pair.transform;
        const auto window = m_windows.find(pair.connection);
        const bool isOpen = set.integrity == IntegrityAlgorithm::None && !IsCombined(set.cipher);
        return isOpen || window == m_windows.end() ? 0 : window->second;
    }

  private:
    std::vector<ConnectionConfig> m_connections;           ///< in order
    std::map<ConnectionId, uint32_t> m_windows;            ///< replay windows
    std::map<ConnectionId, std::vector<PairView>> m_pairs; ///< of each connection
    std::map<std::pair<IpAddress, IpAddress>, std::vector<IsakmpSaView>>
        m_isakmpSas; ///< by own and peer's address
};

/// The interface of a tunnel, or that of the crypto map to which a flow belongs.
std::string
InterfaceOf(const ConnectionConfig& tunnel)
{
    return tunnel.policyInterface.empty() ? tunnel.name : tunnel.policyInterface;
}

/// The UDP port of a tunnel's peer: 4500 where its newest ISAKMP SA goes through a NAT.
uint16_t
PeerPortOf(const Overview& overview, const ConnectionConfig& tunnel)
{
    uint16_t port = 500;
    for (const IsakmpSaView& sa : overview.GetIsakmpSas(tunnel))
    {
        port = sa.established ? sa.peerPort : port;
    }
    return port;
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

/// "0.0.0.0/0.0.0.0", "host 10.0.0.1": in the flow of a session.
std::string
WriteFlowEnd(const Selector& selector)
{
    return selector.first == selector.last ? "host " + selector.first.ToString()
                                           : WithMask(selector);
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

/// "Tunnel UDP-Encaps": how IOS calls the settings of a pair.
std::string
WriteSettings(const PairView& pair)
{
    return std::string(pair.transform.transport ? "Transport" : "Tunnel") +
           (pair.udp ? " UDP-Encaps" : "");
}

void
WriteSa(std::ostream& os, const ConsoleView& view, const Overview& overview, const SaView& sa)
{
    const uint32_t window = overview.GetReplayWindow(sa.pair);
    const PairView& pair = sa.pair;
    const uint64_t left = pair.hardBytes - std::min(pair.hardBytes, sa.counters.bytes);
    // IOS numbers flows, two per pair: the odd ones are inbound.
    const uint32_t flow = 2 * pair.id - (sa.inbound ? 1 : 0);
    os << "      spi: " << WriteSpi(sa.spi) << "\n"
       << "        transform: " << WriteIosTransforms(pair.transform) << " ,\n"
       << "        in use settings ={" << WriteSettings(pair) << ", }\n"
       << "        conn id: " << flow << ", flow_id: SW:" << flow << "\n"
       << "        sa timing: remaining key lifetime (k/sec): (" << left / 1024 << "/"
       << SecondsUntil(pair.expires, view.now) << ")\n"
       << "        IV size: " << IvLengthOf(pair.transform.cipher) << " bytes\n"
       << "        replay detection support: " << (window > 0 ? "Y" : "N");
    os << (window > 0 ? "  replay window size: " + std::to_string(window) : "") << "\n"
       << (pair.transform.extendedSequence ? "        extended sequence numbers: Y\n" : "")
       << "        Status: " << (pair.live ? "ACTIVE" : "ACTIVE (lingering)") << "\n";
}

void
WriteSas(std::ostream& os,
         const ConsoleView& view,
         const Overview& overview,
         const std::string& direction,
         const std::vector<SaView>& sas)
{
    os << "\n     " << direction << " esp sas:\n";
    for (const SaView& sa : sas)
    {
        WriteSa(os, view, overview, sa);
    }
    os << "\n     " << direction << " ah sas:\n\n     " << direction << " pcp sas:\n";
}

/// "10.0.0.1/255.255.255.255/47/0"
std::string
WriteProxy(const Selector& selector)
{
    return WithMask(selector) + "/" + std::to_string(selector.protocol) + "/" +
           std::to_string(selector.port);
}

void
WriteIdentities(std::ostream& os, const Overview& overview, const ConnectionConfig& tunnel)
{
    const bool isTunnel = tunnel.policyInterface.empty();
    os << "\ninterface: " << InterfaceOf(tunnel) << "\n"
       << "    Crypto map tag: "
       << (isTunnel ? tunnel.name + "-head-0"
                    : tunnel.policyEntry.substr(0, tunnel.policyEntry.find(' ')))
       << ", local addr " << tunnel.local.ToString() << "\n\n"
       << "   protected vrf: (none)\n"
       << "   local  ident (addr/mask/prot/port): (" << WriteProxy(tunnel.localSelector) << ")\n"
       << "   remote ident (addr/mask/prot/port): (" << WriteProxy(tunnel.remoteSelector) << ")\n"
       << "   current_peer " << tunnel.peer.ToString() << " port " << PeerPortOf(overview, tunnel)
       << "\n"
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
WriteTunnelSas(std::ostream& os,
               const ConsoleView& view,
               const Overview& overview,
               const ConnectionConfig& tunnel)
{
    const std::vector<PairView> pairs = overview.GetPairs(tunnel);
    const auto inbound = InstalledSas(view, pairs, true);
    const auto outbound = InstalledSas(view, pairs, false);
    WriteIdentities(os, overview, tunnel);
    WriteCounters(os, SumOf(outbound), SumOf(inbound));
    WriteSelected(os, tunnel, pairs);
    WriteSas(os, view, overview, "inbound", inbound);
    WriteSas(os, view, overview, "outbound", outbound);
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
WriteSession(std::ostream& os,
             const ConsoleView& view,
             const Overview& overview,
             const ConnectionConfig& tunnel)
{
    const auto isakmp = overview.GetIsakmpSas(tunnel);
    std::vector<PairView> pairs = overview.GetPairs(tunnel);
    const auto isOver = [](const PairView& pair) { return !pair.live; };
    pairs.erase(std::remove_if(pairs.begin(), pairs.end(), isOver), pairs.end());
    const size_t sas =
        InstalledSas(view, pairs, true).size() + InstalledSas(view, pairs, false).size();
    os << "\nInterface: " << InterfaceOf(tunnel) << "\n"
       << "Session status: " << StatusOf(isakmp, !pairs.empty()) << "\n"
       << "Peer: " << tunnel.peer.ToString() << " port " << PeerPortOf(overview, tunnel) << "\n";
    for (const IsakmpSaView& sa : isakmp)
    {
        os << "  IKE SA: local " << sa.local.ToString() << "/" << sa.localPort << " remote "
           << sa.peer.ToString() << "/" << sa.peerPort << " "
           << (sa.established ? "Active" : "Inactive") << "\n";
    }
    const unsigned protocol = tunnel.localSelector.protocol;
    os << "  IPSEC FLOW: permit " << (protocol == 0 ? "ip" : std::to_string(protocol)) << " "
       << WriteFlowEnd(tunnel.localSelector) << " " << WriteFlowEnd(tunnel.remoteSelector) << "\n"
       << "        Active SAs: " << sas << ", origin: crypto map\n";
}

/// Those who are watched (RFC 3706): both ends of their ISAKMP SAs.
using WatchedEnds = std::set<std::pair<IpAddress, IpAddress>>;

WatchedEnds
ListWatchedEnds(const ConsoleView& view)
{
    WatchedEnds ends;
    const Overview overview(view);
    for (const ConnectionConfig& tunnel : overview.GetConnections())
    {
        if (tunnel.keepalive)
        {
            ends.insert({tunnel.local, tunnel.peer});
        }
    }
    return ends;
}

/// "D N": what else goes on under an ISAKMP SA.
std::string
WriteCapabilities(const WatchedEnds& watched, const IsakmpSaView& sa)
{
    const bool dpd = watched.count({sa.local, sa.peer}) != 0;
    // IOS speaks of NAT traversal where there is a NAT: where port 4500 is in use.
    const bool nat = sa.natTraversal && sa.localPort != 500;
    return std::string(dpd ? "D " : "") + (nat ? "N" : "");
}

/// "23:59:40"
std::string
WriteClock(int64_t seconds)
{
    char text[32];
    std::snprintf(text,
                  sizeof(text),
                  "%02d:%02d:%02d",
                  static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60));
    return text;
}

/// What an ISAKMP SA negotiated; blank while it negotiates.
void
WriteNegotiated(std::ostream& os, Instant now, const WatchedEnds& watched, const IsakmpSaView& sa)
{
    const bool up = sa.established;
    const bool isKey = sa.policy.authentication == AuthMethod::PreSharedKey;
    os << std::setw(7) << (up ? WriteIosCipher(sa.policy.cipher, sa.policy.keyBits) : "") << " "
       << std::setw(6) << (up ? WriteIosHash(sa.policy.hash) : "") << " " << std::setw(4)
       << (!up     ? ""
           : isKey ? "psk"
                   : "rsig")
       << " " << std::setw(2) << (up ? std::to_string(static_cast<unsigned>(sa.policy.group)) : "")
       << " " << std::setw(8) << (up ? WriteClock(SecondsUntil(sa.expires, now)) : "0") << " "
       << WriteCapabilities(watched, sa) << "\n";
}

} // namespace

std::string
ShowCryptoIsakmpSaDetail(const ConsoleView& view)
{
    std::ostringstream os;
    os << "Codes: D - Dead Peer Detection, N - NAT-traversal\n"
       << "       psk - Preshared key, rsig - RSA signature\n"
       << "IPv4 Crypto ISAKMP SA\n\n"
       << "C-id  Local           Remote          Status Encr    Hash   Auth DH Lifetime Cap.\n\n"
       << std::left;
    const WatchedEnds watched = ListWatchedEnds(view);
    for (const IsakmpSaView& sa : view.engine.GetIsakmpSas())
    {
        os << std::setw(5) << 1000 + sa.number << " " << std::setw(15) << sa.local.ToString() << " "
           << std::setw(15) << sa.peer.ToString() << " ACTIVE ";
        WriteNegotiated(os, view.now, watched, sa);
    }
    os << "\nIPv6 Crypto ISAKMP SA\n";
    return os.str();
}

std::string
ShowCryptoIsakmpPeers(const ConsoleView& view)
{
    std::ostringstream os;
    for (const IsakmpSaView& sa : view.engine.GetIsakmpSas())
    {
        if (sa.established)
        {
            os << "Peer: " << sa.peer.ToString() << " Port: " << sa.peerPort
               << " Local: " << sa.local.ToString() << "\n";
        }
    }
    return os.str();
}

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
    const Overview overview(view);
    for (const ConnectionConfig& tunnel : overview.GetConnections())
    {
        WriteTunnelSas(os, view, overview, tunnel);
    }
    return os.str().empty() ? "No SAs found\n" : os.str();
}

std::string
ShowCryptoOptional(bool enabled, const std::vector<ClearDestination>& destinations)
{
    if (!enabled)
    {
        return "Passive mode disabled.\n";
    }
    std::ostringstream os;
    os << "Passive mode enabled. IPSec is currently insecure.\n";
    if (!destinations.empty())
    {
        os << "Unencrypted traffic is currently sent to:\n"
           << "  Destination     Packets    Since (s)      Crypto map entry\n"
           << std::left;
    }
    for (const ClearDestination& clear : destinations)
    {
        os << "  " << std::setw(15) << clear.destination.ToString() << " " << std::setw(10)
           << clear.packets << " " << std::setw(14) << ToString(clear.since) << " " << clear.entry
           << "\n";
    }
    return os.str();
}

std::string
ShowLogging(const ConsoleView& view)
{
    std::string text = "Log Buffer (" + std::to_string(MAX_LOG_LINES) + " lines):\n";
    for (const LogLine& line : view.log ? *view.log : std::deque<LogLine>())
    {
        text += ToString(line.time) + ": " + line.text + "\n";
    }
    return text;
}

std::string
ShowCryptoSession(const ConsoleView& view)
{
    std::ostringstream os;
    os << "Crypto session current status\n";
    const Overview overview(view);
    for (const ConnectionConfig& tunnel : overview.GetConnections())
    {
        WriteSession(os, view, overview, tunnel);
    }
    return os.str();
}

} // namespace ike
} // namespace ns3
