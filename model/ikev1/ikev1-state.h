/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_STATE_H
#define IKEV1_STATE_H

#include "ikev1-tables.h"

namespace ns3
{
namespace ike
{

/// All of IKEv1 of one engine: a value.
struct Ikev1State
{
    RandomKey key;                                   ///< all random values follow from it
    RecordedRandom recorded;                         ///< of a replay: used before keyed ones
    IsakmpStore isakmpSas;                           ///< by number: oldest first
    QuickModeStore quickModes;                       ///< by number
    PairStore pairs;                                 ///< by id: oldest first
    TunnelStore tunnels;                             ///< by connection
    std::map<ConnectionId, OpenedConnection> opened; ///< by id: oldest first
    std::map<AddressPair, std::set<ConnectionId>> openedBetween; ///< the same by their ends
    std::map<JobId, JobOwner> jobs;                              ///< outstanding
    std::map<IpAddress, PeerOrdinals> ordinals;                  ///< by peer
    Deadlines<NatTimer> natTimers;                               ///< see NatTimer
    IsakmpNumber nextIsakmp{1};                                  ///< next number
    uint32_t nextQuickMode{1};                                   ///< next number
    PairId nextPair{1};                                          ///< next number
    ConnectionId nextOpened{FIRST_OPENED};                       ///< next id
    uint32_t nextUpOrder{1};                                     ///< next IsakmpSa::upOrder
    JobId nextJob{1};                                            ///< next number

    /// A step is over: no reference to anything in the tables is written to any more.
    void Close()
    {
        isakmpSas.Close();
        quickModes.Close();
        pairs.Close();
        tunnels.Close();
    }

    /// Do all indexes say what a look at everything says? For tests.
    bool IsConsistent() const
    {
        return isakmpSas.IsConsistent() && quickModes.IsConsistent() && pairs.IsConsistent() &&
               tunnels.IsConsistent();
    }

    /// How many things were looked at so far: a measure of work for tests.
    uint64_t CountLooked() const
    {
        return isakmpSas.CountLooked() + quickModes.CountLooked() + pairs.CountLooked() +
               tunnels.CountLooked();
    }
};

} // namespace ike
} // namespace ns3

#endif // IKEV1_STATE_H
