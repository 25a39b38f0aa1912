/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-wireshark-keys.h"

#include "ns3/ike-octets.h"

#include <cstdio>
#include <map>

namespace ns3
{
namespace ike
{

namespace
{

std::string
Quoted(const std::string& text)
{
    return "\"" + text + "\"";
}

/// A key as Wireshark's ESP table takes it; an empty field for no key.
std::string
Key(const Octets& octets)
{
    return Quoted(octets.empty() ? "" : "0x" + ToHex(octets));
}

/// Wireshark wants the 8 octets of DES, also when we run it as 3DES with three equal keys.
Octets
CipherKey(const EspKeys& keys)
{
    Octets key = keys.cipherKey;
    if (keys.cipher == "des-cbc" && key.size() > 8)
    {
        key.resize(8);
    }
    return key;
}

std::string
Spi(uint32_t spi)
{
    char text[12];
    std::snprintf(text, sizeof text, "0x%08x", static_cast<unsigned>(spi));
    return Quoted(text);
}

std::string
Lookup(const std::map<std::string, std::string>& names, const std::string& name)
{
    const auto found = names.find(name);
    return found != names.end() ? found->second : "";
}

} // namespace

std::string
WiresharkKeys::CipherName(const std::string& cipher)
{
    static const std::map<std::string, std::string> names{{"null", "NULL"},
                                                          {"des-cbc", "DES-CBC [RFC2405]"},
                                                          {"3des-cbc", "TripleDES-CBC [RFC2451]"},
                                                          {"aes-cbc", "AES-CBC [RFC3602]"}};
    return Lookup(names, cipher);
}

std::string
WiresharkKeys::IntegrityName(const std::string& integrity)
{
    static const std::map<std::string, std::string> names{
        {"none", "NULL"},
        {"hmac-md5-96", "HMAC-MD5-96 [RFC2403]"},
        {"hmac-sha1-96", "HMAC-SHA-1-96 [RFC2404]"},
        {"hmac-sha256-128", "HMAC-SHA-256-128 [RFC4868]"}};
    return Lookup(names, integrity);
}

void
WiresharkKeys::Record(const TimedEvent& event)
{
    const Event& e = event.event;
    if (e.kind == EventKind::PhaseOneKeys)
    {
        const auto& cookie = e.isakmp.initiatorCookie;
        AddOnce(m_isakmp, ToHex(Octets(cookie.begin(), cookie.end())) + "," + ToHex(e.octets));
    }
    else if (e.kind == EventKind::PairKeys)
    {
        AddEsp(e.inboundKeys);
        AddEsp(e.outboundKeys);
    }
}

void
WiresharkKeys::AddEsp(const EspKeys& keys)
{
    const std::string cipher = CipherName(keys.cipher);
    const std::string integrity = IntegrityName(keys.integrity);
    // One line that Wireshark does not understand makes it refuse the whole file.
    if (cipher.empty() || integrity.empty())
    {
        return;
    }
    AddOnce(m_esp,
            Quoted(keys.source.IsV6() ? "IPv6" : "IPv4") + "," + Quoted(keys.source.ToString()) +
                "," + Quoted(keys.destination.ToString()) + "," + Spi(keys.spi) + "," +
                Quoted(cipher) + "," + Key(CipherKey(keys)) + "," + Quoted(integrity) + "," +
                Key(keys.integrityKey));
}

void
WiresharkKeys::AddOnce(std::string& text, const std::string& line)
{
    if (m_known.insert(line).second)
    {
        text += line + "\n";
    }
}

} // namespace ike
} // namespace ns3
