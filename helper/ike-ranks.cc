/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ranks.h"

#include "ike-run-files.h"

#include "ns3/global-value.h"
#include "ns3/string.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

// NS3_MPI is what ns-3's own build defines; the standalone build defines it for this file alone.
#ifdef NS3_MPI
#define OMPI_SKIP_MPICXX 1 // the old C++ bindings of Open MPI
#define MPICH_SKIP_MPICXX 1
#include "ns3/mpi-interface.h"
#include "ns3/mpi-receiver.h"
#include "ns3/point-to-point-remote-channel.h"
#endif

namespace ns3
{
namespace ike
{

namespace
{

/// A number of the environment. @return nothing-like 0 when it is none
uint32_t
ReadNumber(const char* name, uint32_t otherwise)
{
    const char* const text = std::getenv(name);
    if (text == nullptr)
    {
        return otherwise;
    }
    char* end = nullptr;
    const unsigned long number = std::strtoul(text, &end, 10);
    return end != text && *end == '\0' ? static_cast<uint32_t>(number) : otherwise;
}

/// Joined processes; they are one as long as nobody has joined.
RankPlace&
Place()
{
    static RankPlace place;
    return place;
}

} // namespace

RankPlace
IkeRanks::GetLaunched()
{
    // Open MPI, and what MPICH and Intel MPI have in common.
    for (const auto& [count, own] : {std::pair{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                     std::pair{"PMI_SIZE", "PMI_RANK"}})
    {
        if (ReadNumber(count, 1) > 1)
        {
            return RankPlace{ReadNumber(count, 1), ReadNumber(own, 0)};
        }
    }
    return RankPlace{};
}

RankPlace
IkeRanks::GetPlace()
{
    return Place();
}

#ifdef NS3_MPI

namespace
{

/// Octets of one message, far below what MPI can count.
constexpr uint64_t MESSAGE = 1 << 24;

MPI_Comm g_ours; ///< apart from ns-3's own packets

void
Broadcast(std::string& text, uint32_t from)
{
    uint64_t size = text.size();
    MPI_Bcast(&size, 1, MPI_UINT64_T, static_cast<int>(from), g_ours);
    text.resize(size);
    for (uint64_t at = 0; at < size; at += MESSAGE)
    {
        MPI_Bcast(text.data() + at,
                  static_cast<int>(std::min(MESSAGE, size - at)),
                  MPI_CHAR,
                  static_cast<int>(from),
                  g_ours);
    }
}

} // namespace

bool
IkeRanks::HasMpi()
{
    return true;
}

IkeRanks::IkeRanks()
{
    if (GetLaunched().count <= 1)
    {
        return;
    }
    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::DistributedSimulatorImpl"));
    int argc = 0;
    char** argv = nullptr;
    MpiInterface::Enable(&argc, &argv);
    MPI_Comm_dup(MPI_COMM_WORLD, &g_ours);
    Place() = RankPlace{MpiInterface::GetSize(), MpiInterface::GetSystemId()};
}

IkeRanks::~IkeRanks()
{
    if (GetPlace().count > 1)
    {
        MPI_Comm_free(&g_ours);
        Place() = RankPlace{};
        MpiInterface::Disable();
    }
}

std::vector<std::string>
IkeRanks::Exchange(const std::string& text)
{
    std::vector<std::string> texts(GetPlace().count);
    texts[GetPlace().own] = text;
    for (uint32_t rank = 0; GetPlace().count > 1 && rank < texts.size(); ++rank)
    {
        Broadcast(texts[rank], rank);
    }
    return texts;
}

void
IkeRanks::Send(const std::string& text)
{
    const uint64_t size = text.size();
    MPI_Send(&size, 1, MPI_UINT64_T, 0, 0, g_ours);
    for (uint64_t at = 0; at < size; at += MESSAGE)
    {
        MPI_Send(text.data() + at,
                 static_cast<int>(std::min(MESSAGE, size - at)),
                 MPI_CHAR,
                 0,
                 0,
                 g_ours);
    }
}

std::string
IkeRanks::Receive(uint32_t rank)
{
    const int from = static_cast<int>(rank);
    uint64_t size = 0;
    MPI_Recv(&size, 1, MPI_UINT64_T, from, 0, g_ours, MPI_STATUS_IGNORE);
    std::string text(size, '\0');
    for (uint64_t at = 0; at < size; at += MESSAGE)
    {
        MPI_Recv(text.data() + at,
                 static_cast<int>(std::min(MESSAGE, size - at)),
                 MPI_CHAR,
                 from,
                 0,
                 g_ours,
                 MPI_STATUS_IGNORE);
    }
    return text;
}

void
IkeRanks::Abort(int status)
{
    if (GetPlace().count > 1)
    {
        MPI_Abort(MPI_COMM_WORLD, status);
    }
    std::exit(status);
}

Ptr<PointToPointChannel>
IkeRanks::MakeChannel()
{
    if (GetPlace().count > 1)
    {
        return CreateObject<PointToPointRemoteChannel>();
    }
    return CreateObject<PointToPointChannel>();
}

void
IkeRanks::Listen(Ptr<PointToPointNetDevice> device)
{
    if (GetPlace().count > 1)
    {
        auto receiver = CreateObject<MpiReceiver>();
        receiver->SetReceiveCallback(MakeCallback(&PointToPointNetDevice::Receive, device));
        device->AggregateObject(receiver);
    }
}

#else

bool
IkeRanks::HasMpi()
{
    return false;
}

IkeRanks::IkeRanks()
{
    if (GetLaunched().count > 1)
    {
        throw RunError("mpirun started " + std::to_string(GetLaunched().count) +
                       " processes, but this program is built against an ns-3 without MPI "
                       "(utils/ike-mpi-build.sh builds one that has)");
    }
}

IkeRanks::~IkeRanks() = default;

std::vector<std::string>
IkeRanks::Exchange(const std::string& text)
{
    return {text};
}

void
IkeRanks::Send(const std::string& /* text */)
{
    throw RunError("there is no other rank");
}

std::string
IkeRanks::Receive(uint32_t /* rank */)
{
    throw RunError("there is no other rank");
}

void
IkeRanks::Abort(int status)
{
    std::exit(status);
}

Ptr<PointToPointChannel>
IkeRanks::MakeChannel()
{
    return CreateObject<PointToPointChannel>();
}

void
IkeRanks::Listen(Ptr<PointToPointNetDevice> /* device */)
{
}

#endif // NS3_MPI

} // namespace ike
} // namespace ns3
