/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-exchange.h"
#include "ike-vectors-pcap.h"

#include "ns3/esp-packet.h"

#include <algorithm>
#include <filesystem>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

using nlohmann::json;

const std::map<std::string, Side> SIDES = {{"i", INITIATOR}, {"r", RESPONDER}};

IpAddress
AddressOf(const json& object, const std::string& member)
{
    const auto address = IpAddress::Parse(object.at(member).get<std::string>());
    if (!address)
    {
        throw VectorError(member + " is no address");
    }
    return *address;
}

/// Run both replays, with each end as the engine.
void
ReplayBoth(VectorRun& run, const Exchange& exchange)
{
    for (Side role : {INITIATOR, RESPONDER})
    {
        ReplayExchange(run, exchange, role);
    }
}

// --- Exchanges of real daemons: their files say everything --------------------------------------

/// The messages of a file, an exchange for each initiator's cookie.
std::vector<Exchange>
ReadPeerMessages(const json& file)
{
    std::map<Octets, size_t> byCookie;
    std::map<Octets, IpAddress> initiators;
    std::vector<Exchange> exchanges;
    ForEach(file, "ike_messages", [&](const json& v) {
        ExchangeMessage m;
        m.name = "frame " + std::to_string(v.at("frame").get<int>());
        m.time = Duration{static_cast<int64_t>(v.at("t").get<double>() * 1e9)};
        const auto port = v.at("sport").get<uint16_t>();
        m.source = Endpoint{AddressOf(v, "src"), port};
        m.destination = Endpoint{AddressOf(v, "dst"), v.value("dport", port)};
        m.octets = NeedHex(v, "isakmp_hex");
        const Octets cookie(m.octets.begin(),
                            m.octets.begin() + std::min<size_t>(m.octets.size(), 8));
        if (byCookie.emplace(cookie, exchanges.size()).second)
        {
            exchanges.emplace_back();
            initiators[cookie] = m.source.address;
        }
        m.from = m.source.address == initiators[cookie] ? INITIATOR : RESPONDER;
        exchanges[byCookie[cookie]].messages.push_back(m);
    });
    return exchanges;
}

/// Every private value of the file by its public value.
void
ReadPrivateValues(const json& file, Exchange& exchange)
{
    const auto take = [&exchange](const json& v, const std::string& prefix) {
        for (const std::string end : {"i", "r"})
        {
            const Octets own = HexOf(v, prefix + "public_" + end);
            const Octets secret = HexOf(v, prefix + "private_" + end);
            if (!own.empty() && !secret.empty())
            {
                exchange.privateValues[own] = secret;
            }
        }
    };
    ForEach(file, "ike_sas", [&](const json& v) { take(v, "dh_"); });
    ForEach(file, "child_sas", [&](const json& v) { take(v, "pfs_dh_"); });
}

/// The pre-shared keys of both ends, by role in phase 1.
void
ReadPeerSecrets(const json& file, Exchange& exchange)
{
    const json& second = file.value("psk_b", json());
    const std::string a = file.at("psk");
    const std::string b = second.is_null() ? a : second.get<std::string>();
    const bool isBegunByA =
        exchange.messages.at(0).source.address == AddressOf(file.at("addresses"), "initiator_a");
    exchange.preSharedKeys[isBegunByA ? INITIATOR : RESPONDER] = ToOctets(a);
    exchange.preSharedKeys[isBegunByA ? RESPONDER : INITIATOR] = ToOctets(b);
}

/// What the daemon logged of its ISAKMP SA.
void
CheckPeerIsakmp(VectorRun& run, const Exchange& x, const json& v)
{
    const std::string name = "ISAKMP SA " + v.at("spi_i").get<std::string>();
    run.book.Run("keys", name, [&](VectorTrial& trial) {
        trial.That("its keys could not be derived", x.hasKeys);
        if (!x.hasKeys)
        {
            return;
        }
        const Octets psk = HexOf(v, "psk_hex");
        const Side side = psk.empty() || psk == x.preSharedKeys[INITIATOR] ? INITIATOR : RESPONDER;
        const ExchangeKeys& keys = x.keys[side];
        for (const std::string end : {"i", "r"})
        {
            const Octets secret = NeedHex(v, "dh_private_" + end);
            trial.Equal("public value",
                        run.crypto.Run({x.policy->group, secret, {}}).publicValue,
                        NeedHex(v, "dh_public_" + end));
        }
        trial.Equal("g^xy", x.shared, NeedHex(v, "dh_shared"));
        trial.Equal("SKEYID", keys.family.skeyid, NeedHex(v, "skeyid"));
        trial.Equal("SKEYID_d", keys.family.d, NeedHex(v, "skeyid_d"));
        trial.Equal("SKEYID_a", keys.family.a, NeedHex(v, "skeyid_a"));
        trial.Equal("SKEYID_e", keys.family.e, NeedHex(v, "skeyid_e"));
        trial.Equal("Ka", keys.encryption, NeedHex(v, "ka_encryption_key"));
        trial.Equal("IV of phase 1", x.firstIv, NeedHex(v, "phase1_initial_iv"));
    });
}

/// What the daemon logged of a pair. Its encr_i protects what the initiator sends: it belongs to
/// the SA on which the responder receives.
void
CheckPeerChild(VectorRun& run, const Exchange& x, const json& v)
{
    const uint32_t spi = NumberOf(v, "esp_spi_i");
    const auto found = std::find_if(x.children.begin(), x.children.end(), [spi](const auto& c) {
        return c.spis[INITIATOR] == spi;
    });
    if (found != x.children.end() && !found->choice)
    {
        run.book.Skip("keys", "the transform of the pair is not implemented");
        return;
    }
    run.book.Run("keys", "pair " + v.at("esp_spi_i").get<std::string>(), [&](VectorTrial& trial) {
        trial.That("no quick mode made it", found != x.children.end());
        if (found == x.children.end())
        {
            return;
        }
        trial.That("the responder's SPI", found->spis[RESPONDER] == NumberOf(v, "esp_spi_r"));
        trial.Equal("KEYMAT of the responder",
                    found->keymats[RESPONDER],
                    Concat({NeedHex(v, "encr_i"), NeedHex(v, "integ_i")}));
        trial.Equal("KEYMAT of the initiator",
                    found->keymats[INITIATOR],
                    Concat({NeedHex(v, "encr_r"), NeedHex(v, "integ_r")}));
    });
}

/// The file's IVs and plaintexts. With unequal keys it has those of either end.
void
CheckPeerPlaintexts(VectorRun& run, const std::vector<Exchange>& exchanges, const json& file)
{
    std::map<std::string, const ExchangeMessage*> byName;
    for (const Exchange& x : exchanges)
    {
        for (const ExchangeMessage& m : x.messages)
        {
            byName[m.name] = &m;
        }
    }
    ForEach(file, "ike_messages", [&](const json& v) {
        if (!v.contains("plaintext_hex"))
        {
            return;
        }
        const std::string name = "frame " + std::to_string(v.at("frame").get<int>());
        const ExchangeMessage& m = *byName.at(name);
        run.book.Run("decryption", name, [&](VectorTrial& trial) {
            const Octets expected = NeedHex(v, "plaintext_hex");
            if (m.receiverPlaintext == m.plaintext)
            {
                trial.Equal("IV", m.iv, NeedHex(v, "iv_hex"));
            }
            trial.Equal("plaintext",
                        m.receiverPlaintext == expected ? m.receiverPlaintext : m.plaintext,
                        expected);
        });
    });
}

/// The SA on which one end of a child receives, as RunEspPacket() takes it.
json
DescribeSa(const ExchangeChild& child, Side role)
{
    const EspTransformSet& set = child.choice->transform;
    const Octets& keymat = child.keymats[role];
    const auto split =
        keymat.begin() + KeyLengthOf(set.cipher, set.keyBits) + SaltLengthOf(set.cipher);
    return {{"encr", ToString(set.cipher)},
            {"encr_key", ToHex(Octets(keymat.begin(), split))},
            {"integ", ToString(set.integrity)},
            {"integ_key", ToHex(Octets(split, keymat.end()))}};
}

/// The ESP packets of the capture beside the file, with keys by SPI.
void
CheckPeerEsp(VectorRun& run, const std::map<uint32_t, json>& sas)
{
    std::filesystem::path beside(run.path);
    beside.replace_extension(".pcap");
    if (!std::filesystem::exists(beside))
    {
        run.book.Skip("esp", "no capture lies beside the file");
        return;
    }
    for (const CapturedPacket& p : ReadCapture(ReadOctetsOf(beside.string())))
    {
        if (p.kind != CapturedKind::Esp)
        {
            continue;
        }
        const auto sa = sas.find(ReadEspSpi(p.data).value_or(0));
        const std::string name = "frame " + std::to_string(p.frame);
        if (sa != sas.end())
        {
            RunEspPacket(run, name, sa->second, p.data, std::nullopt);
        }
        else
        {
            run.book.Skip("esp", "no keys for its SPI");
        }
    }
}

/// IKEv1 between real daemons.
void
RunPeer(VectorRun& run, const json& file)
{
    std::vector<Exchange> exchanges = ReadPeerMessages(file);
    std::map<uint32_t, json> sas;
    for (Exchange& x : exchanges)
    {
        ReadPrivateValues(file, x);
        ReadPeerSecrets(file, x);
        DecodeExchange(run.crypto, x);
        for (const ExchangeChild& child : x.children)
        {
            for (Side role : {INITIATOR, RESPONDER})
            {
                if (child.choice)
                {
                    sas[child.spis[role]] = DescribeSa(child, role);
                }
            }
        }
    }
    const auto exchangeOf = [&exchanges](const Octets& cookie) -> const Exchange& {
        for (const Exchange& x : exchanges)
        {
            if (x.cookies[INITIATOR] == cookie)
            {
                return x;
            }
        }
        throw VectorError("no message has the cookie of an ISAKMP SA");
    };
    ForEach(file, "ike_sas", [&](const json& v) {
        CheckPeerIsakmp(run, exchangeOf(NeedHex(v, "spi_i")), v);
    });
    ForEach(file, "child_sas", [&](const json& v) {
        CheckPeerChild(run, exchangeOf(NeedHex(v, "ike_spi_i")), v);
    });
    CheckPeerPlaintexts(run, exchanges, file);
    for (const Exchange& x : exchanges)
    {
        CheckExchange(run, x);
    }
    CheckPeerEsp(run, sas);
    for (const Exchange& x : exchanges)
    {
        ReplayBoth(run, x);
    }
}

/// IKEv2 between real daemons: its messages are not for us, its ESP packets are.
void
RunPeerVersion2(VectorRun& run, const json& file)
{
    ForEach(file, "ike_messages", [&](const json& v) {
        RunMessage(run, "messages", "", NeedHex(v, "isakmp_hex"), std::nullopt);
    });
    const std::string esp = file.at("esp_proposal");
    const auto has = [&esp](const std::string& word) {
        return esp.find(word) != std::string::npos;
    };
    std::map<uint32_t, json> sas;
    ForEach(file, "child_sas", [&](const json& v) {
        for (const bool toResponder : {true, false})
        {
            const std::string end = toResponder ? "_i" : "_r";
            sas[NumberOf(v, toResponder ? "esp_spi_r" : "esp_spi_i")] = {
                {"encr", has("3des") ? "3des-cbc" : "aes-cbc"},
                {"encr_key", v.at("encr" + end)},
                {"integ", has("sha256") ? "hmac-sha256-128" : "hmac-sha1-96"},
                {"integ_key", v.at("integ" + end)}};
        }
    });
    CheckPeerEsp(run, sas);
}

// --- Handshakes of a research tool: the secrets of its initiator ---------------------------------

/// An exchange of the tool, which began it, with a gateway.
Exchange
ReadHandshake(const json& v)
{
    const json& derived = v.at("derived");
    Exchange x;
    x.preSharedKeys[0] = x.preSharedKeys[1] = ToOctets(v.at("psk_ascii").get<std::string>());
    x.privateValues[NeedHex(derived, "g_xi")] = NeedHex(derived, "dh_priv_i");
    const auto addressOf = [&derived](const std::string& member) {
        const Octets id = NeedHex(derived, member);
        return IpAddress::FromOctets(Octets(id.begin() + 4, id.begin() + 8));
    };
    const std::array<Endpoint, 2> ends{Endpoint{addressOf("id_i_b"), IKE_PORT},
                                       Endpoint{addressOf("id_r_b"), IKE_PORT}};
    ForEach(v, "messages", [&](const json& message) {
        ExchangeMessage m;
        m.name =
            v.at("name").get<std::string>() + " message " + std::to_string(x.messages.size() + 1);
        m.time = Duration::Milliseconds(static_cast<int64_t>(100 * x.messages.size()));
        m.from = SIDES.at(message.at("from"));
        m.source = ends[m.from];
        m.destination = ends[Other(m.from)];
        m.octets = NeedHex(message, "data");
        x.messages.push_back(m);
    });
    return x;
}

/// What an independent script computed.
void
CheckHandshakeKeys(VectorRun& run, const Exchange& x, const json& v)
{
    const json& derived = v.at("derived");
    run.book.Run("keys", v.at("name"), [&](VectorTrial& trial) {
        trial.That("its keys could not be derived", x.hasKeys);
        if (!x.hasKeys)
        {
            return;
        }
        const SkeyidFamily& family = x.keys[INITIATOR].family;
        trial.Equal("g^xy", x.shared, NeedHex(derived, "g_xy"));
        trial.Equal("SKEYID", family.skeyid, NeedHex(derived, "skeyid"));
        trial.Equal("SKEYID_d", family.d, NeedHex(derived, "skeyid_d"));
        trial.Equal("SKEYID_a", family.a, NeedHex(derived, "skeyid_a"));
        trial.Equal("SKEYID_e", family.e, NeedHex(derived, "skeyid_e"));
        trial.Equal("Ka", x.keys[INITIATOR].encryption, NeedHex(derived, "enc_key"));
        trial.Equal("IV of phase 1", x.firstIv, NeedHex(derived, "phase1_iv"));
    });
    if (derived.contains("quick_mode"))
    {
        const json& quick = derived.at("quick_mode");
        run.book.Run("keys",
                     v.at("name").get<std::string>() + " quick mode",
                     [&](VectorTrial& trial) {
                         trial.That("there is one quick mode", x.children.size() == 1);
                         if (x.children.size() == 1)
                         {
                             const auto& keymats = x.children[0].keymats;
                             trial.Equal("KEYMAT of the initiator",
                                         keymats[INITIATOR],
                                         NeedHex(quick, "keymat_i_inbound"));
                             trial.Equal("KEYMAT of the responder",
                                         keymats[RESPONDER],
                                         NeedHex(quick, "keymat_r_inbound"));
                         }
                     });
    }
}

void
CheckHandshakePlaintexts(VectorRun& run, const Exchange& x, const json& v)
{
    size_t number = 0;
    ForEach(v, "messages", [&](const json& message) {
        const ExchangeMessage& m = x.messages.at(number++);
        if (message.contains("plaintext"))
        {
            run.book.Run("decryption", m.name, [&](VectorTrial& trial) {
                trial.Equal("plaintext", m.plaintext, NeedHex(message, "plaintext"));
            });
        }
    });
}

void
RunHandshake(VectorRun& run, const json& v)
{
    const auto messages = static_cast<unsigned>(v.at("messages").size());
    if (v.at("version") != 1 || v.at("psk_ascii").is_null())
    {
        ForEach(v, "messages", [&](const json& m) {
            RunMessage(run, "messages", v.at("name"), NeedHex(m, "data"), std::nullopt);
        });
        if (v.at("version") == 1)
        {
            run.book.Skip("replays",
                          "public-key encryption (RFC 2409 5.2) is not implemented",
                          2 * messages);
        }
        return;
    }
    Exchange x = ReadHandshake(v);
    DecodeExchange(run.crypto, x);
    CheckHandshakeKeys(run, x, v);
    CheckHandshakePlaintexts(run, x, v);
    CheckExchange(run, x);
    ReplayBoth(run, x);
}

} // namespace

std::vector<VectorFormat>
MakePeerFormats()
{
    const auto version = [](int number) {
        return [number](const json& file) {
            return file.contains("ike_messages") && file.value("ike_version", 0) == number;
        };
    };
    return {
        {"exchange of real daemons", version(1), RunPeer},
        {"exchange of real daemons, IKEv2", version(2), RunPeerVersion2},
        {"handshakes with their secrets",
         [](const json& file) {
             return FirstHas(file, "handshakes", {"messages", "version"});
         },
         [](VectorRun& run, const json& file) {
             ForEach(file, "handshakes", [&](const json& v) { RunHandshake(run, v); });
         }},
    };
}

} // namespace tests
} // namespace ike
} // namespace ns3
