/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_BINDINGS_VIEWS_H
#define IKE_BINDINGS_VIEWS_H

#include "ike-bindings.h"

#include "ns3/ike-engine.h"
#include "ns3/ipsec-data-plane.h"

#include <vector>

namespace ns3
{
namespace ike
{
namespace bindings
{

/// A pair with what it carried.
struct PairLook
{
    PairView view;            ///< as the engine sees it
    IpsecSaCounters inbound;  ///< zero when it does not receive
    IpsecSaCounters outbound; ///< zero when it does not send
};

/// All pairs of an engine. @param engine whose @param plane of the same node
std::vector<PairLook> LookAtPairs(const Engine& engine, const IpsecDataPlane& plane);
/// {"in": 3, "passed": 2, "bypassed": 0, "discarded": {"no-sa": 1}}
py::dict DescribeCounters(const PlaneCounters& counters);

} // namespace bindings
} // namespace ike
} // namespace ns3

#endif // IKE_BINDINGS_VIEWS_H
