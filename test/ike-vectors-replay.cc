/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-exchange.h"

namespace ns3
{
namespace ike
{
namespace tests
{
void
ReplayExchange(VectorRun&, const Exchange&, Side)
{
}
} // namespace tests
} // namespace ike
} // namespace ns3
