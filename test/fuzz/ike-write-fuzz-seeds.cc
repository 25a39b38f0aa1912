/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Writes seeds for the fuzzers: messages of negotiations in memory, as they are and decrypted,
 * their payloads, and beginnings of runs. The same files every time.
 */
#include "ike-fuzz-peer.h"
#include "ike-fuzz-world.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

using namespace ns3::ike;

namespace
{

/// Where seeds go.
struct SeedFolder
{
    std::filesystem::path top; ///< with a folder for each target

    void Write(const std::string& target, const std::string& name, const Octets& octets) const
    {
        std::filesystem::create_directories(top / target);
        std::ofstream file(top / target / name, std::ios::binary);
        file.write(reinterpret_cast<const char*>(octets.data()),
                   static_cast<std::streamsize>(octets.size()));
    }
};

/// Keeps what was encrypted.
class TextSpy : public SpyCrypto
{
  public:
    using SpyCrypto::SpyCrypto;

    Octets Encrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        const Octets sealed = SpyCrypto::Encrypt(algorithm, key, iv, text);
        texts[sealed] = text;
        return sealed;
    }

    std::map<Octets, Octets> texts; ///< by what they became
};

void
WritePayloadSeeds(const SeedFolder& folder, const std::string& name, const Message& message)
{
    for (size_t i = 0; i < message.payloads.size(); i++)
    {
        Octets seed{TypeOf(message.payloads[i])};
        Append(seed, WriteBody(message.payloads[i]));
        folder.Write("payload", name + "-" + std::to_string(i), seed);
    }
}

/// A datagram, and what it is before it is encrypted.
void
WriteMessageSeeds(const SeedFolder& folder,
                  const std::string& name,
                  const Octets& octets,
                  const TextSpy& crypto)
{
    folder.Write("message", name, octets);
    const Header header = *ReadHeader(octets).value;
    Octets body(octets.begin() + HEADER_LENGTH, octets.end());
    const auto text = crypto.texts.find(body);
    if (text != crypto.texts.end())
    {
        body = text->second;
        folder.Write("message", name + "-text", WriteHeaderAndBody(header, body));
    }
    if (const Parsed<Message> message = ReadPayloads(header, body))
    {
        WritePayloadSeeds(folder, name, *message.value);
    }
}

/// A negotiation from its beginning to the deletion of all that it made.
void
WriteNegotiation(const SeedFolder& folder, uint16_t variant)
{
    const auto crypto = std::make_shared<TextSpy>(SECRET);
    Start start = MakeStart(crypto, variant, 9);
    start.world.Give(A, ClearInput{std::nullopt, true, true});
    for (const Flight& f : start.world.GetFlights())
    {
        start.tape.push_back(f);
    }
    for (size_t i = 0; i < start.tape.size(); i++)
    {
        const std::string name =
            "lab-" + std::to_string(variant) + "-" + std::to_string(100 + i).substr(1);
        WriteMessageSeeds(folder, name, start.tape[i].octets, *crypto);
    }
    for (unsigned steps = 0; steps < MOST_STEPS; steps++)
    {
        Octets run = WriteVariant(variant, steps);
        run.resize(20, 0);
        folder.Write("engine",
                     "from-" + std::to_string(variant) + "-" +
                         std::to_string(100 + steps).substr(1),
                     run);
    }
}

} // namespace

int
main(int argc, char** argv)
{
    if (argc != 2)
    {
        std::cerr << "usage: ike-write-fuzz-seeds FOLDER\n";
        return 2;
    }
    const SeedFolder folder{argv[1]};
    for (uint16_t variant = 0; variant < AGGRESSIVE; variant++)
    {
        WriteNegotiation(folder, variant);
    }
    for (unsigned features : {AES | AGGRESSIVE,
                              AES | BEHIND_NAT,
                              AES | BEHIND_NAT | AGGRESSIVE,
                              AES | KEEPALIVE | INVALID_SPI,
                              AES | BEHIND_NAT | KEEPALIVE,
                              AES | COMMIT | INVALID_SPI,
                              AES | STRONGSWAN,
                              AES | LIBRESWAN,
                              AES | STRONGSWAN | LIBRESWAN | KEEPALIVE,
                              AES | SIGNATURES,
                              AES | SIGNATURES | AGGRESSIVE,
                              AES | SIGNATURES | AGGRESSIVE | BEHIND_NAT})
    {
        WriteNegotiation(folder, static_cast<uint16_t>(features));
    }
    for (uint8_t what = 0; what < 4; what++)
    {
        for (uint8_t number = 0; number < 12; number++)
        {
            folder.Write("esp",
                         "packet-" + std::to_string(what) + "-" + std::to_string(number),
                         {what, number, 0, 4, 0, 0, 0, 1, 20, 0});
        }
    }
    return 0;
}
