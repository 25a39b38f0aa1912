/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-cost-files.h"

#include "ike-scenario-reader.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace ns3
{
namespace ike
{

namespace
{

/// No operation takes longer: a minute, in ns. Sums of many stay far below 2^63.
constexpr double LONGEST = 60e9;

/// What there is of a kind, by name. The order is that of the file.
template <typename Key>
using Names = std::vector<std::pair<std::string, Key>>;

const Names<HashAlgorithm>&
GetHashes()
{
    static const auto names = [] {
        Names<HashAlgorithm> all;
        for (const auto hash : {HashAlgorithm::Md5,
                                HashAlgorithm::Sha1,
                                HashAlgorithm::Sha256,
                                HashAlgorithm::Sha384,
                                HashAlgorithm::Sha512})
        {
            all.emplace_back(ToString(hash), hash);
        }
        return all;
    }();
    return names;
}

const Names<CipherAlgorithm>&
GetCiphers()
{
    static const auto names = [] {
        Names<CipherAlgorithm> all;
        for (const auto cipher : {CipherAlgorithm::DesCbc,
                                  CipherAlgorithm::TripleDesCbc,
                                  CipherAlgorithm::AesCbc,
                                  CipherAlgorithm::AesCtr,
                                  CipherAlgorithm::AesGcm16,
                                  CipherAlgorithm::AesGmac,
                                  CipherAlgorithm::ChaCha20Poly1305})
        {
            all.emplace_back(ToString(cipher), cipher);
        }
        return all;
    }();
    return names;
}

const Names<DhGroup>&
GetGroups()
{
    static const auto names = [] {
        Names<DhGroup> all;
        for (unsigned group = 1; group <= static_cast<unsigned>(DhGroup::Ecp521); ++group)
        {
            if (IsSupported(static_cast<DhGroup>(group)))
            {
                all.emplace_back(ToString(static_cast<DhGroup>(group)),
                                 static_cast<DhGroup>(group));
            }
        }
        return all;
    }();
    return names;
}

/// The other MAC beside HMACs.
constexpr const char* XCBC = "aes-xcbc";

/// A cost in ns, from 0 on. @param factor of what is kept: 1000 for picoseconds
int64_t
ReadCost(const ScenarioReader& reader, double factor)
{
    const double value = reader.AsNumber();
    if (value < 0 || value > LONGEST)
    {
        reader.Fail("'" + reader.Text() + "' is no cost", "nanoseconds, from 0 to 60000000000");
    }
    return std::llround(value * factor);
}

void
Set(int64_t& to, const ScenarioReader& reader, const char* key, double factor = 1)
{
    if (const auto value = reader.Find(key))
    {
        to = ReadCost(*value, factor);
    }
}

CallCost
ReadCall(const ScenarioReader& reader)
{
    reader.CheckKeys({"call_ns", "octet_ns"});
    CallCost cost;
    Set(cost.call, reader, "call_ns");
    Set(cost.octetPs, reader, "octet_ns", 1000);
    return cost;
}

/// A mapping of names that are known. @param others more of them @param read takes reader and key
template <typename Key, typename Read>
void
ReadTable(const ScenarioReader& root, const char* section, const Names<Key>& names, Read read)
{
    const auto table = root.Find(section);
    if (!table)
    {
        return;
    }
    std::vector<std::string> known;
    for (const auto& [name, key] : names)
    {
        known.push_back(name);
    }
    if (section == std::string("hmac"))
    {
        known.emplace_back(XCBC);
    }
    table->CheckKeys(known);
    for (const auto& [name, key] : names)
    {
        if (const auto value = table->Find(name))
        {
            read(*value, key);
        }
    }
}

CryptoCosts
ReadCosts(const ScenarioReader& root)
{
    root.CheckKeys({"name",
                    "description",
                    "message_ns",
                    "packet_ns",
                    "hash",
                    "hmac",
                    "cipher",
                    "dh",
                    "rsa",
                    "chain_ns"});
    CryptoCosts costs;
    costs.name = root.Get("name").Text();
    Set(costs.message, root, "message_ns");
    Set(costs.packet, root, "packet_ns");
    Set(costs.chain, root, "chain_ns");
    ReadTable(root, "hash", GetHashes(), [&](const ScenarioReader& value, HashAlgorithm hash) {
        costs.hashes[static_cast<size_t>(hash)] = ReadCall(value);
    });
    ReadTable(root, "hmac", GetHashes(), [&](const ScenarioReader& value, HashAlgorithm hash) {
        costs.hmacs[static_cast<size_t>(hash)] = ReadCall(value);
    });
    if (const auto hmac = root.Find("hmac"))
    {
        const auto xcbc = hmac->Find(XCBC);
        costs.xcbc = xcbc ? ReadCall(*xcbc) : CallCost();
    }
    ReadTable(root, "cipher", GetCiphers(), [&](const ScenarioReader& value, CipherAlgorithm c) {
        costs.ciphers[static_cast<size_t>(c)] = ReadCall(value);
    });
    ReadTable(root, "dh", GetGroups(), [&](const ScenarioReader& value, DhGroup group) {
        value.CheckKeys({"keygen_ns", "derive_ns"});
        Set(costs.dh[group].keygen, value, "keygen_ns");
        Set(costs.dh[group].derive, value, "derive_ns");
    });
    if (const auto rsa = root.Find("rsa"))
    {
        rsa->CheckKeys({"sign_ns", "verify_ns"});
        Set(costs.rsaSign, *rsa, "sign_ns");
        Set(costs.rsaVerify, *rsa, "verify_ns");
    }
    return costs;
}

/// Where shipped profiles are: below the working folder, or where the build has them.
std::vector<fs::path>
CostFolders()
{
    std::vector<fs::path> folders{fs::path("examples") / "costs",
                                  fs::path("contrib") / "ike" / "examples" / "costs"};
#ifdef NS3_IKE_COSTS_DIR
    folders.emplace_back(NS3_IKE_COSTS_DIR);
#endif
    return folders;
}

/// The shipped profiles of the first folder that exists, sorted.
std::vector<fs::path>
ShippedCosts()
{
    for (const auto& folder : CostFolders())
    {
        std::vector<fs::path> files;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error))
        {
            if (entry.path().extension() == ".yaml")
            {
                files.push_back(entry.path());
            }
        }
        if (!files.empty())
        {
            std::sort(files.begin(), files.end());
            return files;
        }
    }
    return {};
}

/// Is there a file that has an end?
bool
IsFile(const fs::path& path)
{
    std::error_code error;
    return fs::is_regular_file(path, error);
}

CryptoCosts
ReadCostFile(const fs::path& path)
{
    std::ifstream file(path);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf()))
    {
        throw ScenarioError(TextPosition{path.string(), 0, 0},
                            "cannot read this file",
                            "a profile of costs");
    }
    return ParseCosts(text.str(), path.string());
}

/// 1900 as "1.9"
std::string
Thousandths(int64_t value)
{
    std::string text = std::to_string(value / 1000);
    if (value % 1000 != 0)
    {
        text += "." + std::to_string(1000 + value % 1000).substr(1);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text;
}

std::string
WriteCall(const std::string& name, const CallCost& cost)
{
    return "  " + name + ": {call_ns: " + std::to_string(cost.call) +
           ", octet_ns: " + Thousandths(cost.octetPs) + "}\n";
}

} // namespace

CryptoCosts
ParseCosts(const std::string& text, const std::string& name)
{
    ReaderContext context;
    context.file = name;
    return ReadCosts(ScenarioReader(LoadYaml(text, name), context, "profile of costs"));
}

std::string
WriteCosts(const CryptoCosts& costs, const std::string& comment)
{
    std::string out;
    std::istringstream lines(comment);
    for (std::string line; std::getline(lines, line);)
    {
        out += "# " + line + "\n";
    }
    out += "name: " + costs.name + "\nmessage_ns: " + std::to_string(costs.message) +
           "\npacket_ns: " + std::to_string(costs.packet) + "\nhash:\n";
    for (const auto& [name, hash] : GetHashes())
    {
        out += WriteCall(name, costs.hashes[static_cast<size_t>(hash)]);
    }
    out += "hmac:\n";
    for (const auto& [name, hash] : GetHashes())
    {
        out += WriteCall(name, costs.hmacs[static_cast<size_t>(hash)]);
    }
    out += WriteCall(XCBC, costs.xcbc) + "cipher:\n";
    for (const auto& [name, cipher] : GetCiphers())
    {
        out += WriteCall(name, costs.ciphers[static_cast<size_t>(cipher)]);
    }
    out += "dh:\n";
    for (const auto& [name, group] : GetGroups())
    {
        const auto found = costs.dh.find(group);
        const DhCost cost = found == costs.dh.end() ? DhCost() : found->second;
        out += "  " + name + ": {keygen_ns: " + std::to_string(cost.keygen) +
               ", derive_ns: " + std::to_string(cost.derive) + "}\n";
    }
    out += "rsa: {sign_ns: " + std::to_string(costs.rsaSign) +
           ", verify_ns: " + std::to_string(costs.rsaVerify) +
           "}\nchain_ns: " + std::to_string(costs.chain) + "\n";
    return out;
}

std::shared_ptr<const CryptoCosts>
FindCosts(const std::string& name, const std::string& folder, const TextPosition& position)
{
    if (name == "ideal" || name == "none")
    {
        return nullptr;
    }
    for (const auto& path : {fs::path(folder) / name, fs::path(name)})
    {
        if (IsFile(path))
        {
            return std::make_shared<const CryptoCosts>(ReadCostFile(path));
        }
    }
    for (const auto& path : ShippedCosts())
    {
        if (path.stem() == name)
        {
            return std::make_shared<const CryptoCosts>(ReadCostFile(path));
        }
    }
    throw ScenarioError(position,
                        "there is no profile of costs '" + name + "'",
                        "a file, or " + DescribeChoice(name, GetCostNames()));
}

std::vector<std::string>
GetCostNames()
{
    std::vector<std::string> names{"ideal"};
    for (const auto& path : ShippedCosts())
    {
        names.push_back(path.stem().string());
    }
    return names;
}

} // namespace ike
} // namespace ns3
