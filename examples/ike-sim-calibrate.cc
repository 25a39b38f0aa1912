/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sim-calibrate.h"

#include "ike-sim-calibrate-keys.h"

#include "ns3/ike-pem.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

using namespace ns3::ike;

namespace
{

/// Octets of the two texts between which the cost of an octet shows: an IKE message, a full packet.
constexpr size_t SHORT_TEXT = 64;
constexpr size_t LONG_TEXT = 1424;
/// Batches of which the fastest one counts.
constexpr unsigned BATCHES = 5;
/// What is measured, about: calls on texts twice, groups twice, RSA.
constexpr double MEASUREMENTS = 2 * (5 + 5 + 1 + 7) + 2 * 9 + 3;
/// Certificates are good for a hundred years from here: 2026-12-01.
constexpr int64_t SECOND = 1796083200;

const std::vector<HashAlgorithm> HASHES{HashAlgorithm::Md5,
                                        HashAlgorithm::Sha1,
                                        HashAlgorithm::Sha256,
                                        HashAlgorithm::Sha384,
                                        HashAlgorithm::Sha512};
const std::vector<DhGroup> GROUPS{DhGroup::Modp768,
                                  DhGroup::Modp1024,
                                  DhGroup::Modp1536,
                                  DhGroup::Modp2048,
                                  DhGroup::Modp3072,
                                  DhGroup::Modp4096,
                                  DhGroup::Ecp256,
                                  DhGroup::Ecp384,
                                  DhGroup::Ecp521};

/// A cipher with the key that it is measured with: AES with 128 bits.
struct MeasuredCipher
{
    CipherAlgorithm cipher; ///< which
    size_t keyLength;       ///< with salt
};

constexpr MeasuredCipher CIPHERS[] = {{CipherAlgorithm::DesCbc, 8},
                                      {CipherAlgorithm::TripleDesCbc, 24},
                                      {CipherAlgorithm::AesCbc, 16},
                                      {CipherAlgorithm::AesCtr, 20},
                                      {CipherAlgorithm::AesGcm16, 20},
                                      {CipherAlgorithm::AesGmac, 20},
                                      {CipherAlgorithm::ChaCha20Poly1305, 36}};

/// Octets that are not all the same.
Octets
Text(size_t length)
{
    Octets text(length);
    for (size_t i = 0; i < length; ++i)
    {
        text[i] = static_cast<uint8_t>(i * 151 + 7);
    }
    return text;
}

/// Measures calls.
class Stopwatch
{
  public:
    /// @param seconds for a measurement, about
    explicit Stopwatch(double seconds)
        : m_batch(seconds / (BATCHES + 1))
    {
    }

    /// Nanoseconds of a call.
    double Measure(const std::function<void()>& call) const
    {
        call(); // what is made when first used
        uint64_t count = 1;
        while (Time(call, count) < m_batch / 2 && count < (uint64_t{1} << 40))
        {
            count *= 2;
        }
        double best = std::numeric_limits<double>::max();
        for (unsigned i = 0; i < BATCHES; ++i)
        {
            best = std::min(best, Time(call, count));
        }
        return best * 1e9 / static_cast<double>(count);
    }

    /// The cost of a call on a text. @param call takes the text
    CallCost MeasureText(const std::function<void(const Octets&)>& call) const
    {
        const Octets few = Text(SHORT_TEXT);
        const Octets many = Text(LONG_TEXT);
        const double low = Measure([&] { call(few); });
        const double high = Measure([&] { call(many); });
        const double octet = std::max(0.0, (high - low) / (LONG_TEXT - SHORT_TEXT));
        CallCost cost;
        cost.octetPs = std::llround(octet * 1000);
        cost.call = std::llround(std::max(0.0, low - octet * SHORT_TEXT));
        return cost;
    }

  private:
    /// Seconds of so many calls.
    static double Time(const std::function<void()>& call, uint64_t count)
    {
        const auto begin = std::chrono::steady_clock::now();
        for (uint64_t i = 0; i < count; ++i)
        {
            call();
        }
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }

    double m_batch; ///< seconds
};

void
MeasurePrfs(const Stopwatch& watch, CryptoProvider& provider, CryptoCosts& costs)
{
    const Octets key = Text(20);
    for (const HashAlgorithm hash : HASHES)
    {
        const auto index = static_cast<size_t>(hash);
        costs.hashes[index] =
            watch.MeasureText([&](const Octets& text) { provider.Hash(hash, text); });
        costs.hmacs[index] =
            watch.MeasureText([&](const Octets& text) { provider.Hmac(hash, key, text); });
    }
    costs.xcbc = watch.MeasureText(
        [&](const Octets& text) { provider.Mac(IntegrityAlgorithm::AesXcbc96, Text(16), text); });
}

void
MeasureCiphers(const Stopwatch& watch, CryptoProvider& provider, CryptoCosts& costs)
{
    for (const MeasuredCipher& measured : CIPHERS)
    {
        const Octets key = Text(measured.keyLength);
        const Octets iv = Text(IvLengthOf(measured.cipher));
        costs.ciphers[static_cast<size_t>(measured.cipher)] =
            watch.MeasureText([&](const Octets& text) {
                IsCombined(measured.cipher) ? provider.Seal(measured.cipher, key, iv, Text(8), text)
                                            : provider.Encrypt(measured.cipher, key, iv, text);
            });
    }
}

void
MeasureDh(const Stopwatch& watch,
          CryptoProvider& provider,
          CryptoCosts& costs,
          const std::function<void(const std::string&)>& progress)
{
    for (const DhGroup group : GROUPS)
    {
        progress(ToString(group));
        const DhJob keygen{group, Text(PrivateLengthOf(group)), {}};
        const DhJob derive{group,
                           Text(PrivateLengthOf(group)),
                           provider.Run(keygen).publicValue,
                           false};
        costs.dh[group].keygen = std::llround(watch.Measure([&] { provider.Run(keygen); }));
        costs.dh[group].derive = std::llround(watch.Measure([&] { provider.Run(derive); }));
    }
}

void
MeasureRsa(const Stopwatch& watch, CryptoProvider& provider, CryptoCosts& costs)
{
    const Octets key = *FromBase64(CALIBRATION_KEY);
    const Octets certificate = *FromBase64(CALIBRATION_CERTIFICATE);
    const Octets anchor = *FromBase64(CALIBRATION_ANCHOR);
    const Octets hash = Text(20);
    const Octets signature = provider.SignRsa(key, hash);
    costs.rsaSign = std::llround(watch.Measure([&] { provider.SignRsa(key, hash); }));
    costs.rsaVerify =
        std::llround(watch.Measure([&] { provider.RecoverRsa(certificate, signature); }));
    costs.chain =
        std::llround(watch.Measure([&] { provider.CheckChain({certificate}, {anchor}, SECOND); }));
}

/// A line of the table.
std::string
Line(const std::string& what, double microseconds, double more, const char* unit)
{
    char text[100];
    std::snprintf(text,
                  sizeof(text),
                  "  %-22s %12.3f us %12.3f %s\n",
                  what.c_str(),
                  microseconds,
                  more,
                  unit);
    return text;
}

std::string
CallLine(const std::string& what, const CallCost& cost)
{
    return Line(what,
                static_cast<double>(cost.call) / 1000,
                static_cast<double>(cost.octetPs) / 1000,
                "ns an octet");
}

} // namespace

CryptoCosts
MeasureCosts(CryptoProvider& provider,
             double seconds,
             const std::function<void(const std::string&)>& progress)
{
    const Stopwatch watch(seconds / MEASUREMENTS);
    CryptoCosts costs;
    progress("hashes and HMACs");
    MeasurePrfs(watch, provider, costs);
    progress("ciphers");
    MeasureCiphers(watch, provider, costs);
    MeasureDh(watch, provider, costs, progress);
    progress("RSA");
    MeasureRsa(watch, provider, costs);
    return costs;
}

std::string
WriteCostTable(const CryptoCosts& costs)
{
    std::string out = "Each call, and beside it each octet\n";
    for (const HashAlgorithm hash : HASHES)
    {
        out += CallLine(ToString(hash), costs.hashes[static_cast<size_t>(hash)]);
    }
    for (const HashAlgorithm hash : HASHES)
    {
        out += CallLine("hmac-" + ToString(hash), costs.hmacs[static_cast<size_t>(hash)]);
    }
    out += CallLine("aes-xcbc", costs.xcbc);
    for (const MeasuredCipher& measured : CIPHERS)
    {
        out += CallLine(ToString(measured.cipher),
                        costs.ciphers[static_cast<size_t>(measured.cipher)]);
    }
    out += "Public value, shared secret\n";
    for (const auto& [group, cost] : costs.dh)
    {
        out += Line(ToString(group),
                    static_cast<double>(cost.keygen) / 1000,
                    static_cast<double>(cost.derive) / 1000,
                    "us");
    }
    out += "RSA of 2048 bits: signature, verification\n";
    out += Line("rsa",
                static_cast<double>(costs.rsaSign) / 1000,
                static_cast<double>(costs.rsaVerify) / 1000,
                "us");
    out += Line("chain", static_cast<double>(costs.chain) / 1000, 0, "us");
    return out;
}
