/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SHOW_H
#define IKE_SHOW_H

#include "ns3/ike-time.h"

#include <deque>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

class Engine;
class IpsecDataPlane;
class IpsecGate;
struct ClearDestination;

/// A line of a router's log.
struct LogLine
{
    Instant time;     ///< when
    std::string text; ///< what
};

/// So many lines a router keeps; the oldest go first. IOS counts octets (`logging buffered`).
constexpr size_t MAX_LOG_LINES = 200;

/// What a console sees of its router at one moment.
struct ConsoleView
{
    Instant now;                    ///< the moment
    const Engine& engine;           ///< ISAKMP SAs and pairs
    const IpsecDataPlane& plane;    ///< what the pairs carried
    const IpsecGate* gate{nullptr}; ///< where packets go in the clear now; null: there is no gate
    const std::deque<LogLine>* log{nullptr}; ///< warnings so far, oldest first; null: none are kept
};

/// `show crypto isakmp sa`: a line per ISAKMP SA, initiator as src and responder as dst.
std::string ShowCryptoIsakmpSa(const ConsoleView& view);
/// `show crypto isakmp sa detail`: the same with what was negotiated.
std::string ShowCryptoIsakmpSaDetail(const ConsoleView& view);
/// `show crypto isakmp peers`: with whom ISAKMP SAs stand.
std::string ShowCryptoIsakmpPeers(const ConsoleView& view);
/// `show crypto ipsec sa`: a block per tunnel. The packet counters are those of the SAs that are
/// installed now.
std::string ShowCryptoIpsecSa(const ConsoleView& view);
/// `show crypto optional`: is passive mode enabled, and where do packets go in the clear?
std::string ShowCryptoOptional(bool enabled, const std::vector<ClearDestination>& destinations);
/// `show logging`: the warnings that the router keeps, a line each.
std::string ShowLogging(const ConsoleView& view);
/// `show crypto session`: a block per tunnel with its status.
std::string ShowCryptoSession(const ConsoleView& view);

} // namespace ike
} // namespace ns3

#endif // IKE_SHOW_H
