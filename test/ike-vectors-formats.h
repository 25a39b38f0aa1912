/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_FORMATS_H
#define IKE_VECTORS_FORMATS_H

#include "ike-vectors-book.h"

#include "ns3/ike-crypto.h"

namespace ns3
{
namespace ike
{
namespace tests
{

/// What a format's runner works on.
struct VectorRun
{
    VectorBook& book;       ///< where results go
    CryptoProvider& crypto; ///< under test
    std::string path;       ///< of the file, for files beside it
};

/// A format of JSON files: how it is known, and what is done with it.
struct VectorFormat
{
    std::string name;                                               ///< for the results
    std::function<bool(const nlohmann::json&)> matches;             ///< by its shape
    std::function<void(VectorRun&, const nlohmann::json&)> runFile; ///< all vectors of a file
};

/// Key derivation and Diffie-Hellman.
std::vector<VectorFormat> MakeKeyFormats();
/// ESP packets.
std::vector<VectorFormat> MakeEspFormats();
/// Recorded messages, and malformed ones.
std::vector<VectorFormat> MakeMessageFormats();
/// Exchanges between real products with all their secrets, and their replay.
std::vector<VectorFormat> MakePeerFormats();

/// Does the first element of a list in an object have these members?
bool FirstHas(const nlohmann::json& object,
              const std::string& list,
              const std::vector<std::string>& members);
/// A format that is recognised and not run.
VectorFormat MakeSkippedFormat(const std::string& name,
                               const std::function<bool(const nlohmann::json&)>& matches,
                               const std::string& list,
                               const std::string& reason);

/// A message per line, in hexadecimal.
void RunHexLines(VectorRun& run, const std::string& text);
/// A capture of packets, pcap or pcapng: every IKE message and ESP packet in it.
void RunCaptureFile(VectorRun& run, const Octets& octets);
/// One IKE message: read, printed and written back.
/// @param part of the book
/// @param name of the message
/// @param octets the whole message
/// @param plaintext its decrypted body, if it is encrypted and that is known
void RunMessage(VectorRun& run,
                const std::string& part,
                const std::string& name,
                const Octets& octets,
                const std::optional<Octets>& plaintext);
/// One ESP packet of a recorded SA: opened, compared, and protected again to the same octets.
/// @param sa an object with `encr`, `encr_key`, `integ`, ...
/// @param inner what must be inside, if that is known
void RunEspPacket(VectorRun& run,
                  const std::string& name,
                  const nlohmann::json& sa,
                  const Octets& esp,
                  const std::optional<Octets>& inner);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_FORMATS_H
