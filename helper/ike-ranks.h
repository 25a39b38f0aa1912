/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RANKS_H
#define IKE_RANKS_H

#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// This process among those of one run.
struct RankPlace
{
    uint32_t count{1}; ///< processes
    uint32_t own{0};   ///< this one, from 0 on
};

/**
 * @ingroup ike
 * The processes of one run, and all that this module knows of MPI. Without mpirun, and in a build
 * against an ns-3 without MPI, there is one process.
 *
 * A process joins the others as long as an object of this class lives; they do the same things in
 * the same order, and each of the functions that move texts is called by all that it concerns.
 */
class IkeRanks
{
  public:
    /// Join the processes that mpirun started with this one, if there are any.
    /// @throws RunError when this ns-3 cannot
    IkeRanks();
    /// Part from them.
    ~IkeRanks();

    IkeRanks(const IkeRanks&) = delete;
    IkeRanks& operator=(const IkeRanks&) = delete;

    /// @return is this a build against an ns-3 with MPI?
    static bool HasMpi();
    /// @return what mpirun says in the environment, joined or not
    static RankPlace GetLaunched();
    /// @return the processes that have joined
    static RankPlace GetPlace();

    /**
     * All ranks tell each other something.
     * @param text of this rank
     * @return the text of each rank
     */
    static std::vector<std::string> Exchange(const std::string& text);
    /// Tell rank 0, which must Receive(). @param text to be sent
    static void Send(const std::string& text);
    /// @return what a rank sends. @param rank not this one
    static std::string Receive(uint32_t rank);
    /// This rank cannot go on: end all of them at once. @param status of the program
    [[noreturn]] static void Abort(int status);

    /// @return a channel to a device that another rank has; an ordinary one in one process
    static Ptr<PointToPointChannel> MakeChannel();
    /// Let a device hear what comes from another rank. @param device of a MakeChannel()
    static void Listen(Ptr<PointToPointNetDevice> device);
};

} // namespace ike
} // namespace ns3

#endif // IKE_RANKS_H
