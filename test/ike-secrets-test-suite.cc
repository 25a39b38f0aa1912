/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-lab-fixture.h"

#include "ns3/ike-console.h"
#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-show.h"
#include "ns3/ike-transcript.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <map>
#include <set>

/**
 * @file
 * The suite "ike-secrets": what is secret in a negotiation stands in no output but the key files. A
 * provider notes every secret that passes; all texts are searched for it as it is, in hexadecimal
 * and in base64.
 */
namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

const std::string SECRET = "Correct-Horse-7Battery"; ///< the pre-shared key

/// Notes keys that go into a prf or cipher, private values and g^xy.
class SecretSpy : public CryptoMeter
{
  public:
    SecretSpy()
        : CryptoMeter(MakeOpensslProvider())
    {
    }

    Octets Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data) override
    {
        const Octets result = CryptoMeter::Hmac(algorithm, key, data);
        // a node's random key has 32 octets of its own: what follows from it may be public
        if (key.size() != 32)
        {
            Note("key of a prf", key);
        }
        if (key == ToOctets(SECRET))
        {
            m_skeyids.insert(result);
        }
        if (m_skeyids.count(key) != 0 && !data.empty() && data.back() <= 2)
        {
            Note("SKEYID_d, SKEYID_a or SKEYID_e", result);
            (data.back() == 0 ? m_ds : m_others).insert(result);
        }
        if (m_ds.count(key) != 0)
        {
            Note("KEYMAT", result);
        }
        if (m_others.count(key) != 0 && data == Octets{0})
        {
            Note("Ka", result);
        }
        return result;
    }

    Octets Encrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        Note("key of a cipher", key);
        return CryptoMeter::Encrypt(algorithm, key, iv, text);
    }

    DhResult Run(const DhJob& job) override
    {
        const DhResult result = CryptoMeter::Run(job);
        Note("private value", job.privateValue);
        Note("g^xy", result.shared);
        return result;
    }

    void Note(const std::string& name, const Octets& value)
    {
        if (value.size() >= 8)
        {
            secrets.insert({value, name});
        }
    }

    std::map<Octets, std::string> secrets; ///< values with their names

  private:
    std::set<Octets> m_skeyids; ///< every SKEYID
    std::set<Octets> m_ds;      ///< every SKEYID_d
    std::set<Octets> m_others;  ///< every SKEYID_a and SKEYID_e
};

std::string
ToBase64(const Octets& octets)
{
    static const char* const digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    uint32_t bits = 0;
    unsigned count = 0;
    for (uint8_t octet : octets)
    {
        bits = bits << 8 | octet;
        for (count += 8; count >= 6; count -= 6)
        {
            text += digits[bits >> (count - 6) & 63];
        }
    }
    return text; // the last digit of a whole group only: enough to be found
}

/// The ways in which a secret may be written.
std::vector<std::string>
FormsOf(const Octets& secret)
{
    const std::string hex = ToHex(secret);
    std::string upper = hex;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : static_cast<char>(c);
    });
    return {std::string(secret.begin(), secret.end()), hex, upper, ToBase64(secret)};
}

/// The name of a secret that stands in a text; empty: none does.
std::string
FindSecret(const SecretSpy& spy, const std::string& text)
{
    for (const auto& [value, name] : spy.secrets)
    {
        for (const std::string& form : FormsOf(value))
        {
            if (text.find(form) != std::string::npos)
            {
                return name;
            }
        }
    }
    return "";
}

/// What may be printed of an event by anybody: all of its texts. The octets and keys of the events
/// for key files are for those alone.
std::string
TextsOf(const Event& e)
{
    std::string text = ToString(e.kind) + " " + e.text + " " + e.localSelector + " " +
                       e.remoteSelector + " " + ToString(e.begin) + ToString(e.end) +
                       std::to_string(e.value) + " " + ToHex(e.octets);
    for (const EspKeys* keys : {&e.inboundKeys, &e.outboundKeys})
    {
        text += keys->cipher + keys->integrity + ToHex(keys->cipherKey) + ToHex(keys->integrityKey);
    }
    return text;
}

bool
IsForKeyFiles(const Event& e)
{
    return e.kind == EventKind::PhaseOneKeys || e.kind == EventKind::PairKeys;
}

/// A whole life of SAs: both phases with PFS, traffic, rekeys, and a wrong key at the end.
World
MakeLife(const std::shared_ptr<SecretSpy>& spy)
{
    World world(spy);
    for (uint32_t side : {A, B})
    {
        EngineConfig config = MakeConfig(side);
        All({Keys({PreSharedKey{"", IpPrefix::AnyV4(), ToOctets(SECRET)}}),
             Pfs(DhGroup::Ecp256),
             Lifetimes(300, 130)})(config);
        world.AddNode(side == A ? "A" : "B",
                      std::make_shared<const EngineConfig>(config),
                      MakeWorldKey(7, side));
    }
    RunSchedule(world, "start:A start:B");
    Pass(world, ns3::ike::Duration::Seconds(500));
    CarriesTraffic(world);
    return world;
}

void
NoSecretInEvents(LabTest& t)
{
    const auto spy = std::make_shared<SecretSpy>();
    const World world = MakeLife(spy);
    std::set<std::string> names;
    for (const auto& [value, name] : spy->secrets)
    {
        names.insert(name);
    }
    t.ExpectEqual(names.size(), 7U, "every kind of secret was noted");
    size_t keyEvents = 0;
    for (const TimedEvent& e : world.GetLog())
    {
        if (IsForKeyFiles(e.event))
        {
            keyEvents++;
            t.Expect(!FindSecret(*spy, TextsOf(e.event)).empty(), "the search finds what is there");
            continue;
        }
        t.ExpectEqual(FindSecret(*spy, TextsOf(e.event)), "", ToString(e.event.kind));
    }
    t.Expect(keyEvents > 4, "there are events for key files");
}

void
NoSecretInOutputs(LabTest& t)
{
    const auto spy = std::make_shared<SecretSpy>();
    const World world = MakeLife(spy);
    t.ExpectEqual(FindSecret(*spy, TextOf(world)), "", "transcript");
    for (uint32_t node : {A, B})
    {
        const WorldNode& n = world.GetNode(node);
        const ConsoleView view{world.Now(), n.engine, n.plane};
        t.ExpectEqual(FindSecret(*spy, ShowCryptoIsakmpSa(view)), "", "show crypto isakmp sa");
        t.ExpectEqual(FindSecret(*spy, ShowCryptoIpsecSa(view)), "", "show crypto ipsec sa");
        t.ExpectEqual(FindSecret(*spy, ShowCryptoSession(view)), "", "show crypto session");
        for (const Octets& inner : n.delivered)
        {
            t.ExpectEqual(FindSecret(*spy, ToHex(inner)), "", "packets");
        }
    }
    for (const Flight& f : world.GetFlights())
    {
        t.ExpectEqual(FindSecret(*spy, ToHex(f.octets)), "", "the wire");
    }
}

/// What is typed stands in transcripts, without keys. (`show running-config` shows them, as IOS
/// does: whoever asks for the configuration gets it.)
void
LinesWithoutKeys(LabTest& t)
{
    const std::string typed[][2] = {
        {"crypto isakmp key S3cret address 10.0.0.1", "crypto isakmp key *** address 10.0.0.1"},
        {"cry isa k 0 S3cret  address 10.0.0.1", "cry isa k 0 ***  address 10.0.0.1"},
        {"no crypto isakmp KEY 6 S3cret", "no crypto isakmp KEY 6 ***"},
        {" pre-shared-key address 0.0.0.0 0.0.0.0 key S3cret",
         " pre-shared-key address 0.0.0.0 0.0.0.0 key ***"},
        {"set aggressive-mode passw S3cret", "set aggressive-mode passw ***"},
        {"set aggressive-mode p S3cret", "set aggressive-mode p ***"},
        {"set a P S3cret", "set a P ***"},
        {"set session-key inbound esp 4294967295 cipher 0011223344556677 authenticator "
         "0011223344xx",
         "set session-key inbound esp 4294967295 cipher *** authenticator ***"},
        {"se ses out esp 300 ciphre 0011223344556677", "se ses out esp 300 ciphre ***"},
        {"crypto isakmp key", "crypto isakmp key"},
        {"crypto isakmp policy 10", "crypto isakmp policy 10"},
        {"key key key", "key *** key"},
        {"crypto isakmp key\tp address 10.0.0.1", "crypto isakmp key\t*** address 10.0.0.1"},
        {"", ""}};
    for (const auto& [line, shown] : typed)
    {
        t.ExpectEqual(HideSecrets(line), shown, line);
    }
}

/// The same in a node of ns-3.
void
ConsoleOfANode(LabTest& t)
{
    HostWorld w(DEFAULT1, DEFAULT2, false);
    HostWorld::At(ns3::Seconds(1), [&w] {
        for (const char* line :
             {"enable", "configure terminal", "crypto isakmp key S3cret address 10.9.9.9"})
        {
            w.r1->Type(line);
        }
    });
    Simulator::Stop(ns3::Seconds(2));
    Simulator::Run();
    size_t lines = 0;
    for (const TimedEvent& e : w.events)
    {
        lines += e.event.kind == EventKind::Console ? 1 : 0;
        t.Expect(e.event.text.find("S3cret") == std::string::npos, e.event.text);
    }
    t.ExpectEqual(lines, 3U, "lines");
}

/// The suite "ike-secrets".
class IkeSecretsTestSuite : public TestSuite
{
  public:
    IkeSecretsTestSuite()
        : TestSuite("ike-secrets", Type::UNIT)
    {
        AddTestCase(new LabTest("no secret in events", NoSecretInEvents), TestDuration::QUICK);
        AddTestCase(new LabTest("no secret in transcripts, views and packets", NoSecretInOutputs),
                    TestDuration::QUICK);
        AddTestCase(new LabTest("lines without keys", LinesWithoutKeys), TestDuration::QUICK);
        AddTestCase(new LabTest("the console of a node", ConsoleOfANode), TestDuration::QUICK);
    }
};

static IkeSecretsTestSuite g_ikeSecretsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
