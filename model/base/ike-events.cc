/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-events.h"

namespace ns3
{
namespace ike
{

namespace
{

/// The name of an enumerator out of a table in its order; a new enumerator without a name shows.
template <typename E, size_t N>
std::string
NameOf(E e, const char* const (&names)[N])
{
    const auto i = static_cast<size_t>(e);
    return i < N ? names[i] : "unnamed-" + std::to_string(i);
}

} // namespace

std::string
ToString(EventKind k)
{
    static const char* const names[] = {"initiation-refused",
                                        "phase1-begin",
                                        "phase1-up",
                                        "phase1-failed",
                                        "isakmp-removed",
                                        "phase2-begin",
                                        "pair-up",
                                        "phase2-failed",
                                        "pair-removed",
                                        "outbound-selected",
                                        "message-sent",
                                        "message-received",
                                        "message-dropped",
                                        "notify-sent",
                                        "notify-received",
                                        "delete-sent",
                                        "delete-received",
                                        "dh-operation",
                                        "line-up",
                                        "line-down",
                                        "route-up",
                                        "route-down",
                                        "phase1-keys",
                                        "pair-keys",
                                        "nat-detected",
                                        "console",
                                        "warning",
                                        "security-warning",
                                        "reverse-route-up",
                                        "reverse-route-down",
                                        "balancer"};
    return NameOf(k, names);
}

std::string
ToString(BeginReason r)
{
    static const char* const names[] = {"none",
                                        "tunnel-start",
                                        "traffic",
                                        "soft-lifetime",
                                        "hard-lifetime",
                                        "retry-after-failure",
                                        "lost-sa",
                                        "cleared",
                                        "unknown-spi",
                                        "phase2-pending"};
    return NameOf(r, names);
}

std::string
ToString(EndReason r)
{
    static const char* const names[] = {"none",
                                        "hard-lifetime",
                                        "hard-volume",
                                        "deleted-by-peer",
                                        "cleared",
                                        "initial-contact",
                                        "reconfigured",
                                        "no-answer",
                                        "half-open-expired",
                                        "no-proposal-chosen",
                                        "authentication-failed",
                                        "no-pre-shared-key",
                                        "invalid-id",
                                        "invalid-key-exchange",
                                        "refused-by-peer",
                                        "peer-dead",
                                        "replaced",
                                        "state-lost"};
    return NameOf(r, names);
}

std::string
ToString(ExchangeKind e)
{
    static const char* const names[] =
        {"none", "main-mode", "aggressive-mode", "quick-mode", "informational", "unknown"};
    return NameOf(e, names);
}

std::string
ToString(Role r)
{
    return r == Role::Initiator ? "initiator" : "responder";
}

} // namespace ike
} // namespace ns3
