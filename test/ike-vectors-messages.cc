/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-formats.h"
#include "ike-vectors-pcap.h"

#include "ns3/esp-packet.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/ike-message.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

using nlohmann::json;

constexpr size_t VERSION_OFFSET = 17;

/// The major version that a message says it has; 0 when it is too short to say so.
unsigned
MajorVersionOf(const Octets& message)
{
    return message.size() > VERSION_OFFSET ? message[VERSION_OFFSET] >> 4 : 0;
}

/// A message that was read is printed, and written back to the same octets.
void
CheckWrittenBack(VectorTrial& trial, const Message& message, const Octets& body)
{
    trial.Equal("payloads, written back",
                Concat({WritePayloads(message.payloads), message.padding}),
                body);
    trial.That("it prints as nothing", !Print(message).empty());
}

// --- Malformed -----------------------------------------------------------------------------------

/// As a whole message: refused with a reason, or read.
void
CheckHostileMessage(VectorTrial& trial, const Octets& octets)
{
    const Parsed<Message> read = ReadMessage(octets);
    trial.That("neither a message nor an error", read.value.has_value() == read.error.text.empty());
    if (read)
    {
        trial.That("it prints as nothing", !Print(*read.value).empty());
        trial.Equal("the message, written back", WriteMessage(*read.value), octets);
    }
}

/// As the decrypted body of a message whose first payload is of any type.
void
CheckHostileBody(VectorTrial& trial, const Octets& octets)
{
    Header header;
    header.flags = FLAG_ENCRYPTION;
    for (unsigned type = 0; type < 256; ++type)
    {
        header.nextPayload = static_cast<uint8_t>(type);
        const Parsed<Message> read = ReadPayloads(header, octets);
        trial.That("neither payloads nor an error",
                   read.value.has_value() == read.error.text.empty());
        if (read)
        {
            CheckWrittenBack(trial, *read.value, octets);
        }
    }
}

/// Whatever it is, it must do no harm.
void
RunHostile(VectorRun& run, const std::string& part, const std::string& name, const Octets& octets)
{
    run.book.Run(part, name, [&](VectorTrial& trial) {
        CheckHostileMessage(trial, octets);
        CheckHostileBody(trial, octets);
        ReadEspSpi(octets);
        ReadEsp(octets, 8, 12);
        ReadEspPlaintext(octets);
    });
}

void
RunMalformed(VectorRun& run, const json& file)
{
    ForEach(file, "items", [&](const json& item) {
        RunHostile(run, "hostile", item.value("name", "?"), NeedHex(item, "data"));
    });
}

// --- Captures ------------------------------------------------------------------------------------

/// The keys of an ISAKMP SA of a capture, and where its IVs stand.
struct CaptureSa
{
    CipherAlgorithm cipher{CipherAlgorithm::Null}; ///< of IKE
    HashAlgorithm hash{HashAlgorithm::Sha1};       ///< for the IVs of phase 2
    Octets key;                                    ///< Ka
    Octets cookie;                                 ///< CKY-I
    std::map<uint32_t, Octets> ivs;                ///< of the next message, by message ID
};

/// The keys of a capture's ISAKMP SAs.
std::vector<CaptureSa>
ReadCaptureSas(const json& file)
{
    std::vector<CaptureSa> sas;
    if (!file.contains("ikev1_keys"))
    {
        return sas;
    }
    ForEach(file, "ikev1_keys", [&](const json& v) {
        CaptureSa sa;
        const std::string cipher = v.at("encr");
        const std::string hash = v.at("hash");
        sa.cipher = cipher == "3des-cbc"  ? CipherAlgorithm::TripleDesCbc
                    : cipher == "des-cbc" ? CipherAlgorithm::DesCbc
                                          : CipherAlgorithm::AesCbc;
        sa.hash = hash == "md5"      ? HashAlgorithm::Md5
                  : hash == "sha256" ? HashAlgorithm::Sha256
                                     : HashAlgorithm::Sha1;
        sa.key = NeedHex(v, "key");
        sa.cookie = NeedHex(v, "cky_i");
        sas.push_back(sa);
    });
    return sas;
}

/// Decrypts along the chain of IVs (RFC 2409 Appendix B). The first IV of phase 1 needs the public
/// values' hash and is in the file, too.
void
CheckCaptureDecryption(VectorRun& run,
                       VectorTrial& trial,
                       CaptureSa& sa,
                       const Header& header,
                       const Octets& octets,
                       const json& decrypted)
{
    const Octets recorded = NeedHex(decrypted, "iv");
    const unsigned block = BlockLengthOf(sa.cipher);
    const auto found = sa.ivs.find(header.messageId);
    Octets iv = recorded;
    if (found != sa.ivs.end())
    {
        iv = found->second;
    }
    else if (header.messageId != 0 && sa.ivs.count(0) != 0)
    {
        iv = DerivePhase2Iv(run.crypto, sa.hash, sa.ivs.at(0), header.messageId, block);
    }
    trial.Equal("IV", iv, recorded);
    const Octets sealed(octets.begin() + HEADER_LENGTH, octets.end());
    trial.Equal("plaintext",
                run.crypto.Decrypt(sa.cipher, sa.key, iv, sealed),
                NeedHex(decrypted, "plaintext"));
    sa.ivs[header.messageId] = Octets(sealed.end() - block, sealed.end());
}

/// A recorded IKE message of a capture.
void
RunCaptureMessage(VectorRun& run,
                  std::vector<CaptureSa>& sas,
                  std::set<Octets>& seen,
                  const json& m)
{
    const Octets octets = NeedHex(m, "data");
    const std::string name = "frame " + std::to_string(m.at("frame").get<int>());
    if (MajorVersionOf(octets) == 1 && !seen.insert(octets).second)
    {
        run.book.Skip("messages", "repeats an earlier message");
        return;
    }
    std::optional<Octets> plaintext;
    if (m.contains("decrypted"))
    {
        plaintext = NeedHex(m.at("decrypted"), "plaintext");
    }
    RunMessage(run, "messages", name, octets, plaintext);
    const Parsed<Header> header = ReadHeader(octets);
    if (MajorVersionOf(octets) != 1 || !plaintext || !header)
    {
        return;
    }
    for (CaptureSa& sa : sas)
    {
        if (std::equal(sa.cookie.begin(), sa.cookie.end(), octets.begin()))
        {
            run.book.Run("decryption", name, [&](VectorTrial& trial) {
                CheckCaptureDecryption(run, trial, sa, *header.value, octets, m.at("decrypted"));
            });
        }
    }
}

/// A recorded ESP packet with the SA that has its SPI.
void
RunCaptureEsp(VectorRun& run, const json& file, const json& m)
{
    const Octets data = NeedHex(m, "data");
    const auto spi = ReadEspSpi(data);
    const bool isKnown = m.contains("decrypted") && !m.at("decrypted").is_null();
    for (const json& sa : file.value("esp_sas", json::array()))
    {
        if (spi == NumberOf(sa, "spi"))
        {
            RunEspPacket(run,
                         "frame " + std::to_string(m.at("frame").get<int>()),
                         sa,
                         data,
                         isKnown ? std::make_optional(NeedHex(m.at("decrypted"), "plaintext"))
                                 : std::nullopt);
            return;
        }
    }
    run.book.Skip("esp", "the file has no keys for it");
}

void
RunCaptureJson(VectorRun& run, const json& file)
{
    std::vector<CaptureSa> sas = ReadCaptureSas(file);
    std::set<Octets> seen;
    ForEach(file, "messages", [&](const json& m) {
        const std::string kind = m.at("kind");
        if (kind == "ike")
        {
            RunCaptureMessage(run, sas, seen, m);
        }
        else if (kind == "esp")
        {
            RunCaptureEsp(run, file, m);
        }
        else if (kind == "natt-keepalive")
        {
            run.book.Run("keepalives", "", [&](VectorTrial& trial) {
                trial.Equal("keepalive (RFC 3948 2.3)", NeedHex(m, "data"), {0xff});
            });
        }
        else
        {
            run.book.Skip("messages", kind + " is not implemented");
        }
    });
}

} // namespace

void
RunMessage(VectorRun& run,
           const std::string& part,
           const std::string& name,
           const Octets& octets,
           const std::optional<Octets>& plaintext)
{
    if (MajorVersionOf(octets) == 2)
    {
        VectorTrial trial;
        CheckHostileMessage(trial, octets); // it must do no harm
        run.book.Skip(part, trial.GetWrong().empty() ? "IKEv2" : "IKEv2: " + trial.GetWrong());
        return;
    }
    const Parsed<Header> header = ReadHeader(octets);
    if (header && header.value->IsEncrypted() && !plaintext)
    {
        run.book.Skip(part, "encrypted, and the file has no key");
        return;
    }
    run.book.Run(part, name, [&](VectorTrial& trial) {
        trial.That(header.error.text, header.value.has_value());
        if (!header)
        {
            return;
        }
        const Parsed<Message> read =
            plaintext ? ReadPayloads(*header.value, *plaintext) : ReadMessage(octets);
        trial.That(read.error.text, read.value.has_value());
        if (!read)
        {
            return;
        }
        const Octets body(octets.begin() + HEADER_LENGTH, octets.end());
        CheckWrittenBack(trial, *read.value, plaintext.value_or(body));
        if (!plaintext)
        {
            trial.Equal("the message, written back", WriteMessage(*read.value), octets);
        }
    });
}

void
RunHexLines(VectorRun& run, const std::string& text)
{
    std::istringstream in(text);
    unsigned number = 0;
    for (std::string line; std::getline(in, line);)
    {
        ++number;
        line.erase(line.find_last_not_of(" \r\t") + 1);
        if (!line.empty())
        {
            const std::string name = "line " + std::to_string(number);
            RunHostile(run, "hostile", name, HexFrom(line, name));
        }
    }
}

void
RunCaptureFile(VectorRun& run, const Octets& octets)
{
    for (const CapturedPacket& p : ReadCapture(octets))
    {
        switch (p.kind)
        {
        case CapturedKind::Ike:
            RunHostile(run, "messages", "frame " + std::to_string(p.frame), p.data);
            break;
        case CapturedKind::Esp:
            RunHostile(run, "esp headers", "frame " + std::to_string(p.frame), p.data);
            break;
        case CapturedKind::Keepalive:
            run.book.Skip("packets", "NAT keepalive");
            break;
        case CapturedKind::Fragment:
        case CapturedKind::Other:
            RunHostile(run, "other frames", "frame " + std::to_string(p.frame), p.data);
            break;
        }
    }
}

std::vector<VectorFormat>
MakeMessageFormats()
{
    return {
        {"capture with decoded messages",
         [](const json& file) {
             return FirstHas(file, "messages", {"kind", "data"});
         },
         RunCaptureJson},
        {"malformed packets",
         [](const json& file) {
             return FirstHas(file, "items", {"kind", "data"});
         },
         RunMalformed},
        MakeSkippedFormat(
            "IKEv2 message with its key",
            [](const json& file) { return file.contains("message") && file.contains("sk_e"); },
            "",
            "IKEv2"),
        MakeSkippedFormat(
            "counts of SAs at real peers",
            [](const json& file) {
                return file.contains("snapshots") && !file.contains("ike_messages");
            },
            "",
            "it has no octets; the capture beside it is a file of its own"),
    };
}

} // namespace tests
} // namespace ike
} // namespace ns3
