/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_DUPLICATE_JUDGE_H
#define IKE_DUPLICATE_JUDGE_H

#include "ike-duplicate-book.h"

namespace ns3
{
namespace ike
{
namespace duplicates
{

/// The account of a pair of peers at the end of a run; `each` is told the life of each SA.
PeersAccount Judge(PeersRecords records,
                   Instant end,
                   const AccountKnobs& knobs,
                   const SaVisitor& each);

} // namespace duplicates
} // namespace ike
} // namespace ns3

#endif // IKE_DUPLICATE_JUDGE_H
