/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_DIRECTORY_H
#define IKE_VECTORS_DIRECTORY_H

#include "ike-vectors-book.h"

#include "ns3/ike-crypto.h"

#include <ostream>

namespace ns3
{
namespace ike
{
namespace tests
{

/// What became of one file.
struct VectorFileResult
{
    std::string file;   ///< inside the folder
    std::string format; ///< what it was recognised as
    VectorBook book;    ///< its vectors
    std::string error;  ///< the file itself is wrong: what, and where in it; empty: nothing is
};

/// What became of a folder.
struct VectorResults
{
    std::vector<VectorFileResult> files; ///< by name

    VectorCounts Total() const;
    /// 0: nothing failed, 1: a vector failed, 2: a file is wrong.
    int ExitStatus() const;
};

/// Called before each file: its name, its number from 1 on, how many there are.
using VectorProgress = std::function<void(const std::string&, size_t, size_t)>;

/// Run one file. Its format is recognised by what is in it.
/// @param path where it is
/// @param name how the results call it
VectorFileResult RunVectorFile(const std::string& path,
                               const std::string& name,
                               CryptoProvider& crypto);
/// The same with the octets of a file.
VectorFileResult RunVectorOctets(const std::string& path,
                                 const std::string& name,
                                 const Octets& octets,
                                 CryptoProvider& crypto);
/// Run all files of a folder and of those inside it, by name.
/// @throws VectorError when there is no such folder
VectorResults RunVectorDirectory(const std::string& folder,
                                 CryptoProvider& crypto,
                                 const VectorProgress& progress);
/// For people.
void PrintTable(std::ostream& out, const VectorResults& results);
/// For programs.
void PrintJson(std::ostream& out, const VectorResults& results);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_DIRECTORY_H
