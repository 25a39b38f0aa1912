/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-pem.h"
#include "ns3/ike-trustpoints.h"
#include "ns3/test.h"

#include <map>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

// The smallest octets with the shape of a certificate (SEQUENCE, SEQUENCE, BIT STRING), of a key in
// PKCS#8 (INTEGER, SEQUENCE, OCTET STRING) and of one in PKCS#1 (nine INTEGERs), as PEM.
const char* const CERTIFICATE =
    "-----BEGIN CERTIFICATE-----\nMAYwADAA\r\nAwA=\n-----END CERTIFICATE-----\n";
const char* const KEY = "-----BEGIN PRIVATE KEY-----\nMAcCAQAwAAQA\n-----END PRIVATE KEY-----\n";
const char* const RSA_KEY = "-----BEGIN RSA PRIVATE KEY-----\n"
                            "MBsCAQACAQACAQACAQACAQACAQACAQACAQACAQA=\n"
                            "-----END RSA PRIVATE KEY-----\n";
const char* const ENCRYPTED_KEY =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAcCAQAwAAQA\n-----END ENCRYPTED PRIVATE KEY-----\n";

/// A whole trustpoint.
const char* const TRUSTPOINT = "crypto pki trustpoint ca\n enrollment url file://ca.pem\n"
                               " certificate file://r1.pem\n private-key file://r1.key\n"
                               " revocation-check none\n";

/// A tunnel, and its profile "p" with the transform set "t".
const char* const TUNNEL = "crypto ipsec transform-set t esp-aes esp-sha-hmac\n mode transport\n"
                           "crypto ipsec profile p\n set transform-set t\n"
                           "interface Tunnel0\n tunnel source 10.0.0.1\n"
                           " tunnel destination 10.0.0.2\n tunnel protection ipsec profile p\n";

/// A policy that needs no certificates.
const char* const POLICY = "crypto isakmp policy 1\n authentication pre-share\n";

/// Reads from a list in place of a disk.
std::optional<Octets>
ReadFake(const NameReference& file)
{
    static const std::map<std::string, std::string> files = {
        {"ca.pem", CERTIFICATE},
        {"r1.pem", std::string("text before\n") + CERTIFICATE + CERTIFICATE},
        {"r1.key", KEY},
        {"rsa.key", RSA_KEY},
        {"encrypted.key", ENCRYPTED_KEY},
        {"text", "hello"},
    };
    const auto found = files.find(file.name);
    return found == files.end() ? std::nullopt : std::optional(ToOctets(found->second));
}

/// A text with the files that it names; errors of lines, files and references.
ConfigReading
ReadAll(const std::string& text)
{
    ConfigReading reading = ReadConfig(text);
    for (const auto& errors :
         {reading.error ? std::vector<ConfigError>{} : ReadConfigFiles(reading.config, ReadFake),
          CheckReferences(reading.config)})
    {
        if (!reading.error && !errors.empty())
        {
            reading.error = errors.front();
        }
    }
    return reading;
}

/// What the engine gets for a text.
EngineConfig
Resolve(const std::string& text)
{
    return ResolveEngineConfig(ReadAll(text).config, IkeKnobs{});
}

const GoodRow GOOD_TEXTS[] = {
    {"domain name", "ip domain-name a.org\nip domain name b.org\n", "ip domain name b.org\n"},
    {"no domain name", "ip domain-name a.org\nno ip domain-name\n", "hostname Router\n!\nend\n"},
    {"isakmp identity", "crypto isakmp identity hostname\n", "crypto isakmp identity hostname\n"},
    {"isakmp identity dn", "crypto isakmp identity dn\n", "crypto isakmp identity dn\n"},
    {"no isakmp identity",
     "crypto isakmp identity dn\nno crypto isakmp identity\n",
     "hostname Router\n!\nend\n"},
    {"peer",
     "crypto isakmp peer ip-address 1.0.0.1\ndesc the hub\nset aggressive password cisco\n"
     "set aggressive-mode client-endpoint user-fqdn u@a.org\n",
     "crypto isakmp peer address 1.0.0.1\n description the hub\n"
     " set aggressive-mode password cisco\n"
     " set aggressive-mode client-endpoint user-fqdn u@a.org\n!\n"},
    {"peer by address",
     "crypto isakmp peer address 1.0.0.1\nset agg client-endpoint ipv4-address 2.0.0.1\n"
     "set aggressive-mode password x\nno set aggressive-mode password\n"
     "crypto isakmp peer address 1.0.0.2\nno crypto isakmp peer address 1.0.0.2\n",
     "address 1.0.0.1\n set aggressive-mode client-endpoint ipv4-address 2.0.0.1\n!\nend\n"},
    {"profile with names",
     "crypto isakmp profile p\nmatch identity host h.a.org\nmatch identity user u@a.org\n"
     "match identity host x\nno match identity host x\nself-identity fqdn\n"
     "initiate mode aggressive\nca trust-point ca\nkeepalive 30 retry 5\n",
     "   match identity host h.a.org\n   match identity user u@a.org\n   ca trust-point ca\n"
     "   self-identity fqdn\n   keepalive 30 retry 5\n   initiate mode aggressive\n!\n"},
    {"no in a profile",
     "crypto isakmp profile p\nself-identity user-fqdn u@a\ninitiate mode aggressive\n"
     "ca trust-point ca\nkeepalive 30 retry 5\nno self-identity\nno initiate mode\n"
     "no ca trust-point ca\nno keepalive\n",
     "crypto isakmp profile p\n!\n"},
    {"self-identity address",
     "crypto isakmp profile p\nself-identity fqdn a.org\nself-identity address\n",
     "   self-identity address\n"},
    {"key of a host",
     "crypto isakmp key k hostname h.a.org\ncrypto isakmp key k hostname u@a.org\n"
     "crypto isakmp key k address 1.0.0.1\nno crypto isakmp key k hostname u@a.org\n",
     "!\ncrypto isakmp key k hostname h.a.org\ncrypto isakmp key k address 1.0.0.1\n!\n"},
    {"keyring of a host",
     "crypto keyring r\npre-shared-key hostname h key k\npre-shared-key hostname i key k\n"
     "no pre-shared-key hostname i\n",
     "crypto keyring r\n  pre-shared-key hostname h key k\n!\n"},
    {"keepalive", "crypto isakmp keepalive 10\n", "crypto isakmp keepalive 10\n"},
    {"keepalive periodic",
     "crypto isakmp keepalive 3600 60 periodic\n",
     "crypto isakmp keepalive 3600 60 periodic\n"},
    {"keepalive on-demand",
     "crypto isakmp keepalive 20 periodic\ncrypto isakmp keepalive 20 on-demand\n",
     "crypto isakmp keepalive 20\n"},
    {"switches",
     "crypto isakmp aggressive-mode disable\ncrypto isakmp invalid-spi-recovery\n"
     "crypto isakmp nat keepalive 20\nno crypto ipsec nat-transparency udp-encapsulation\n",
     "crypto isakmp nat keepalive 20\ncrypto isakmp invalid-spi-recovery\n"
     "crypto isakmp aggressive-mode disable\n"
     "no crypto ipsec nat-transparency udp-encapsulation\n"},
    {"no switches",
     "crypto isakmp aggressive-mode disable\ncrypto isakmp invalid-spi-recovery\n"
     "crypto isakmp nat keepalive 20\nno crypto ipsec nat-transparency udp-encapsulation\n"
     "crypto isakmp keepalive 10\nno crypto isakmp keepalive 10\n"
     "no crypto isakmp aggressive-mode disable\nno crypto isakmp invalid-spi-recovery\n"
     "no crypto isakmp nat keepalive\ncrypto ipsec nat-transparency udp-encaps\n",
     "hostname Router\n!\nend\n"},
    {"trustpoint",
     "crypto pki trustpoint ca\nenrollment terminal pem\nenrollment url file:///etc/ca.pem\n"
     "certificate file://r1.pem\nprivate-key file://r1.key\nsubject-name CN=r1, O=x\n"
     "revocation-check none\nrsakeypair r1 2048\n",
     "crypto pki trustpoint ca\n enrollment terminal\n enrollment url file:///etc/ca.pem\n"
     " certificate file://r1.pem\n private-key file://r1.key\n subject-name CN=r1, O=x\n"
     " revocation-check none\n rsakeypair r1 2048\n!\n"},
    {"no in a trustpoint",
     "crypto pki trustpoint ca\nenrollment url file://a\ncertificate file://b\nprivate-key "
     "file://c\nsubject-name CN=r1\nrevocation-check none\nrsakeypair r1\nno enrollment\n"
     "no certificate\nno private-key\nno subject-name\nno revocation-check\nno rsakeypair\n"
     "crypto pki trustpoint b\nno crypto pki trustpoint b\n",
     "!\ncrypto pki trustpoint ca\n!\nend\n"},
    {"gcm", "crypto ipsec transform-set t esp-gcm 256\n", "transform-set t esp-gcm 256\n"},
    {"gmac of 128", "crypto ipsec transform-set t esp-gmac 128\n", "transform-set t esp-gmac\n"},
    {"sha384", "crypto ips tr t esp-aes 192 esp-sha384-hmac\n", "esp-aes 192 esp-sha384-hmac\n"},
    {"sha512", "crypto ips tr t esp-3des esp-sha512-hmac\n", "esp-3des esp-sha512-hmac\n"},
    {"ctr and xcbc",
     "crypto ips tr t esp-aes-ctr 256 esp-aes-xcbc-mac\n",
     "set t esp-aes-ctr 256 esp-aes-xcbc-mac\n"},
    {"esp-aes stays esp-aes", "crypto ips tr t esp-aes esp-sha-hmac\n", "t esp-aes esp-sha-hmac\n"},
    {"transport and esn, which stay when the algorithms change",
     "crypto ipsec transform-set t esp-gcm\nmode transport\nesn\n"
     "crypto ipsec transform-set t esp-aes esp-sha-hmac\n",
     "transform-set t esp-aes esp-sha-hmac\n mode transport\n esn\n!\n"},
    {"no transport and esn",
     "crypto ipsec transform-set t esp-gcm\nmode transport\nesn\nno mode transport\nno esn\n",
     "transform-set t esp-gcm\n!\n"},
    {"df-bit and fragmentation",
     "crypto ipsec df-bit clear\ncrypto ipsec fragmentation after-encryption\nint tu0\n"
     "crypto ipsec df-bit set\ncrypto ipsec fragmentation before-encryption\nip mtu 1400\n",
     "crypto ipsec df-bit clear\ncrypto ipsec fragmentation after-encryption\ninterface Tunnel0\n"
     " no ip address\n ip mtu 1400\n crypto ipsec df-bit set\n"
     " crypto ipsec fragmentation before-encryption\n!\n"},
    {"no df-bit and fragmentation",
     "crypto ipsec df-bit set\ncrypto ipsec fragmentation after-encryption\n"
     "no crypto ipsec df-bit set\nno crypto ipsec fragmentation\nint tu0\n"
     "crypto ipsec df-bit set\ncrypto ipsec fragmentation after-encryption\nip mtu 1400\n"
     "no crypto ipsec df-bit\nno crypto ipsec fragmentation\nno ip mtu\n",
     "hostname Router\n!\ninterface Tunnel0\n no ip address\n!\n"},
    {"replay and dummies",
     "crypto ipsec security-association replay window-size 1024\n"
     "crypto ipsec security-association dummy seconds 10\ncrypto ipsec profile p\n"
     "set security-association replay disable\nset security-association dummy pps 3\n",
     "crypto ipsec security-association replay window-size 1024\n"
     "crypto ipsec security-association dummy seconds 10\ncrypto ipsec profile p\n"
     " set security-association replay disable\n set security-association dummy pps 3\n!\n"},
    {"no replay and dummies",
     "crypto ipsec security-association replay disable\n"
     "crypto ipsec security-association dummy pps 1\n"
     "no crypto ipsec security-association replay disable\n"
     "no crypto ipsec security-association dummy\ncrypto ipsec profile p\n"
     "set security-association replay window-size\nset security-association dummy pps 3\n"
     "no set security-association replay window-size\nno set security-association dummy\n",
     "hostname Router\n!\ncrypto ipsec profile p\n!\nend\n"},
    {"tunnel modes",
     "int tu0\ntunnel mode ipsec ipv4\ntunnel mode gre ip\nint tu1\ntunnel mode ipip\nint tu2\n"
     "tunnel mode ipip\nno tunnel mode ipip\n",
     "interface Tunnel0\n no ip address\n!\ninterface Tunnel1\n no ip address\n"
     " tunnel mode ipip\n!\ninterface Tunnel2\n no ip address\n!\n"},
};

/// Each line changes what is compared: no field is forgotten by IsSameConfiguration().
class DifferenceTest : public TestCase
{
  public:
    DifferenceTest()
        : TestCase("each command makes another configuration")
    {
    }

  private:
    void DoRun() override
    {
        const std::string start = std::string(TRUSTPOINT) + TUNNEL +
                                  "crypto isakmp peer address 1.0.0.1\ncrypto isakmp profile i\n";
        const RouterConfig before = ReadConfig(start).config;
        for (const char* lines : {
                 "ip domain name a",
                 "crypto isakmp identity dn",
                 "crypto isakmp peer address 1.0.0.2",
                 "crypto isakmp peer address 1.0.0.1\nset aggressive-mode password x",
                 "crypto isakmp peer address 1.0.0.1\nset aggressive-mode client-endpoint fqdn x",
                 "crypto isakmp profile i\nmatch identity host h",
                 "crypto isakmp profile i\nself-identity address",
                 "crypto isakmp profile i\ninitiate mode aggressive",
                 "crypto isakmp profile i\nca trust-point ca",
                 "crypto isakmp profile i\nkeepalive 10 retry 2",
                 "crypto isakmp key k hostname h",
                 "crypto isakmp keepalive 10",
                 "crypto isakmp aggressive-mode disable",
                 "crypto isakmp invalid-spi-recovery",
                 "crypto isakmp nat keepalive 5",
                 "no crypto ipsec nat-transparency udp-encapsulation",
                 "crypto pki trustpoint ca\nenrollment terminal",
                 "crypto pki trustpoint ca\nno enrollment",
                 "crypto pki trustpoint ca\nno certificate",
                 "crypto pki trustpoint ca\nno private-key",
                 "crypto pki trustpoint ca\nno revocation-check",
                 "crypto pki trustpoint ca\nsubject-name CN=x",
                 "crypto pki trustpoint ca\nrsakeypair x",
                 "crypto ipsec transform-set t esp-aes esp-sha-hmac\nmode tunnel",
                 "crypto ipsec transform-set t esp-aes esp-sha-hmac\nmode transport\nesn",
                 "crypto ipsec df-bit set",
                 "crypto ipsec fragmentation after-encryption",
                 "crypto ipsec security-association replay disable",
                 "crypto ipsec security-association dummy pps 1",
                 "crypto ipsec profile p\nset security-association replay disable",
                 "crypto ipsec profile p\nset security-association dummy pps 1",
                 "interface Tunnel0\ncrypto ipsec df-bit copy",
                 "interface Tunnel0\ncrypto ipsec fragmentation before-encryption",
                 "interface Tunnel0\nip mtu 1400",
                 "interface Tunnel0\ntunnel mode ipip",
             })
        {
            const ConfigReading after = ReadConfig(start + lines + "\n");
            NS_TEST_EXPECT_MSG_EQ(ToText(after.error), "", lines);
            NS_TEST_EXPECT_MSG_EQ(IsSameConfiguration(before, after.config), false, lines);
            NS_TEST_EXPECT_MSG_NE(WriteIos(before), WriteIos(after.config), lines);
        }
    }
};

/// Proxy identities and transport mode of the three kinds of tunnels.
class TunnelModeTest : public TestCase
{
  public:
    TunnelModeTest()
        : TestCase("what IPsec protects of each kind of tunnel")
    {
    }

  private:
    void DoRun() override
    {
        /// A line, and what follows.
        struct Row
        {
            const char* line;   ///< under the tunnel
            const char* local;  ///< proxy identity
            const char* remote; ///< proxy identity
            bool transport;     ///< of the transform set that the engine gets
        };

        for (const Row& row : {
                 Row{"", "10.0.0.1/32[47]", "10.0.0.2/32[47]", true},
                 Row{"tunnel mode ipip\n", "10.0.0.1/32[4]", "10.0.0.2/32[4]", true},
                 Row{"tunnel mode ipsec ipv4\n", "0.0.0.0/0", "0.0.0.0/0", false},
             })
        {
            const EngineConfig engine = Resolve(std::string(POLICY) + TUNNEL + row.line);
            NS_TEST_ASSERT_MSG_EQ(engine.connections.size(), 1, row.line);
            const ConnectionConfig& c = engine.connections.front();
            NS_TEST_EXPECT_MSG_EQ(c.localSelector.ToString(), row.local, row.line);
            NS_TEST_EXPECT_MSG_EQ(c.remoteSelector.ToString(), row.remote, row.line);
            NS_TEST_EXPECT_MSG_EQ(c.transformSets.at(0).transport, row.transport, row.line);
        }
    }
};

/// Interface before profile before global value.
class SettingsTest : public TestCase
{
  public:
    SettingsTest()
        : TestCase("what the host and the data plane get of a tunnel")
    {
    }

  private:
    void DoRun() override
    {
        const TunnelSettings plain = Settings("");
        NS_TEST_EXPECT_MSG_EQ((plain.mode == TunnelMode::GreIp), true, "default of IOS");
        NS_TEST_EXPECT_MSG_EQ((plain.dfBit == DfBit::Copy), true, "default of IOS");
        NS_TEST_EXPECT_MSG_EQ((plain.fragmentation == FragmentationOrder::BeforeEncryption),
                              true,
                              "default of IOS");
        NS_TEST_EXPECT_MSG_EQ(plain.dummyInterval.ns, 0, "none");
        NS_TEST_EXPECT_MSG_EQ(plain.ipMtu.has_value(), false, "none");

        const std::string global = "crypto ipsec df-bit clear\n"
                                   "crypto ipsec fragmentation after-encryption\n"
                                   "crypto ipsec security-association dummy seconds 7\n"
                                   "crypto ipsec security-association replay window-size 128\n";
        NS_TEST_EXPECT_MSG_EQ((Settings(global).dfBit == DfBit::Clear), true, "global");
        NS_TEST_EXPECT_MSG_EQ(
            (Settings(global).fragmentation == FragmentationOrder::AfterEncryption),
            true,
            "global");
        NS_TEST_EXPECT_MSG_EQ(Settings(global).dummyInterval.ToSeconds(), 7, "global");
        const std::string own = global + "interface Tunnel0\ncrypto ipsec df-bit set\n"
                                         "crypto ipsec fragmentation before-encryption\n"
                                         "ip mtu 1400\ntunnel mode ipip\ncrypto ipsec profile p\n"
                                         "set security-association dummy pps 4\n";
        NS_TEST_EXPECT_MSG_EQ((Settings(own).dfBit == DfBit::Set), true, "of the interface");
        NS_TEST_EXPECT_MSG_EQ((Settings(own).fragmentation == FragmentationOrder::BeforeEncryption),
                              true,
                              "of the interface");
        NS_TEST_EXPECT_MSG_EQ(Settings(own).dummyInterval.ns, 250000000, "of the profile");
        NS_TEST_EXPECT_MSG_EQ(Settings(own).ipMtu.value_or(0), 1400, "of the interface");
        NS_TEST_EXPECT_MSG_EQ((Settings(own).mode == TunnelMode::IpIp), true, "");

        NS_TEST_EXPECT_MSG_EQ(Window("").has_value(), false, "the knob counts");
        NS_TEST_EXPECT_MSG_EQ(Window(global).value_or(9), 128, "global");
        const std::string off = "crypto ipsec profile p\nset security-association replay disable\n";
        NS_TEST_EXPECT_MSG_EQ(Window(global + off).value_or(9), 0, "of the profile");
    }

    TunnelSettings Settings(const std::string& more)
    {
        const RouterConfig config = ReadAll(std::string(POLICY) + TUNNEL + more).config;
        return ResolveTunnelSettings(config, *config.FindInterface("Tunnel0"));
    }

    std::optional<uint32_t> Window(const std::string& more)
    {
        return Resolve(std::string(POLICY) + TUNNEL + more).connections.at(0).replayWindow;
    }
};

/// Who this end says that it is, and when it begins in aggressive mode.
class IdentityTest : public TestCase
{
  public:
    IdentityTest()
        : TestCase("identities and aggressive mode")
    {
    }

  private:
    void DoRun() override
    {
        const std::string names = "hostname R1\nip domain name a.org\n";
        const std::string profile = "crypto ipsec profile p\nset isakmp-profile i\n"
                                    "crypto isakmp profile i\n";
        const std::string peer = "crypto isakmp peer address 10.0.0.2\n"
                                 "set aggressive-mode password x\n"
                                 "set aggressive-mode client-endpoint fqdn c\n";

        /// Lines, and the identity that follows.
        struct Row
        {
            std::string lines; ///< beside the tunnel
            IdentityKind kind; ///< of this end
            const char* text;  ///< of this end
            bool aggressive;   ///< begins so
        };

        for (const Row& row : {
                 Row{names, IdentityKind::Address, "", false},
                 Row{names + "crypto isakmp identity hostname\n",
                     IdentityKind::Fqdn,
                     "R1.a.org",
                     false},
                 Row{"hostname R1\ncrypto isakmp identity hostname\n",
                     IdentityKind::Fqdn,
                     "R1",
                     false},
                 Row{"crypto isakmp identity dn\n", IdentityKind::DistinguishedName, "", false},
                 Row{names + "crypto isakmp identity dn\n" + profile + "self-identity fqdn\n",
                     IdentityKind::Fqdn,
                     "R1.a.org",
                     false},
                 Row{profile + "self-identity fqdn f\ninitiate mode aggressive\n",
                     IdentityKind::Fqdn,
                     "f",
                     true},
                 Row{"crypto isakmp identity dn\n" + profile + "self-identity address\n",
                     IdentityKind::Address,
                     "",
                     false},
                 Row{profile + "self-identity user-fqdn u@f\n" + peer,
                     IdentityKind::Fqdn,
                     "c",
                     true},
                 Row{peer + "crypto isakmp aggressive-mode disable\n",
                     IdentityKind::Fqdn,
                     "c",
                     false},
             })
        {
            const EngineConfig engine = Resolve(std::string(POLICY) + TUNNEL + row.lines);
            const ConnectionConfig& c = engine.connections.at(0);
            NS_TEST_EXPECT_MSG_EQ((c.identity == IkeIdentity{row.kind, row.text}), true, row.lines);
            NS_TEST_EXPECT_MSG_EQ(c.aggressive, row.aggressive, row.lines);
        }
        const EngineConfig all = Resolve(std::string(POLICY) + TUNNEL + peer + profile +
                                         "match identity host h\nkeepalive 20 retry 3\n"
                                         "crypto isakmp key k hostname u@h\n");
        const ConnectionConfig& c = all.connections.at(0);
        NS_TEST_EXPECT_MSG_EQ((c.aggressiveKey == ToOctets("x")), true, "the password");
        NS_TEST_EXPECT_MSG_EQ(
            (c.isakmpProfile->identities.at(0) == IkeIdentity{IdentityKind::Fqdn, "h"}),
            true,
            "whom the profile wants");
        NS_TEST_EXPECT_MSG_EQ(c.keepalive->interval.ToSeconds(), 20, "of the profile");
        NS_TEST_EXPECT_MSG_EQ(c.keepalive->retry.ToSeconds(), 3, "of the profile");
        NS_TEST_EXPECT_MSG_EQ(
            (all.keys.at(0).identity == IkeIdentity{IdentityKind::UserFqdn, "u@h"}),
            true,
            "whose key");
        NS_TEST_EXPECT_MSG_EQ(all.keys.at(0).peers.Contains(IpAddress::V4(0x0a000002)),
                              false,
                              "a key by name is nobody's by address");
    }
};

/// Switches for the whole router.
class GlobalSwitchTest : public TestCase
{
  public:
    GlobalSwitchTest()
        : TestCase("what the engine gets for all tunnels")
    {
    }

  private:
    void DoRun() override
    {
        const EngineConfig plain = Resolve(std::string(POLICY) + TUNNEL);
        NS_TEST_EXPECT_MSG_EQ(plain.acceptAggressive, true, "default of IOS");
        NS_TEST_EXPECT_MSG_EQ(plain.natTraversal, true, "default of IOS");
        NS_TEST_EXPECT_MSG_EQ(plain.natKeepalive.ns, 0, "default of IOS");
        NS_TEST_EXPECT_MSG_EQ(plain.invalidSpiRecovery, false, "default of IOS");
        NS_TEST_EXPECT_MSG_EQ(plain.connections.at(0).keepalive.has_value(), false, "none");
        const EngineConfig other =
            Resolve(std::string(POLICY) + TUNNEL +
                    "crypto isakmp aggressive-mode disable\ncrypto isakmp nat keepalive 20\n"
                    "no crypto ipsec nat-transparency udp-encapsulation\n"
                    "crypto isakmp invalid-spi-recovery\ncrypto isakmp keepalive 30 periodic\n");
        NS_TEST_EXPECT_MSG_EQ(other.acceptAggressive, false, "");
        NS_TEST_EXPECT_MSG_EQ(other.natTraversal, false, "");
        NS_TEST_EXPECT_MSG_EQ(other.natKeepalive.ToSeconds(), 20, "");
        NS_TEST_EXPECT_MSG_EQ(other.invalidSpiRecovery, true, "");
        NS_TEST_EXPECT_MSG_EQ(other.connections.at(0).keepalive->periodic, true, "");
        NS_TEST_EXPECT_MSG_EQ(other.connections.at(0).keepalive->retry.ToSeconds(), 2, "default");
    }
};

/// Trustpoints: the files, the default policy, which one a tunnel uses.
class TrustpointTest : public TestCase
{
  public:
    TrustpointTest()
        : TestCase("trustpoints")
    {
    }

  private:
    void DoRun() override
    {
        const ConfigReading reading = ReadAll(std::string(TRUSTPOINT) + TUNNEL);
        NS_TEST_EXPECT_MSG_EQ(ToText(reading.error), "", "no policy is needed");
        const EngineConfig engine = ResolveEngineConfig(reading.config, IkeKnobs{});
        NS_TEST_ASSERT_MSG_EQ(engine.trustpoints.size(), 1, "");
        const Trustpoint& t = engine.trustpoints.front();
        NS_TEST_EXPECT_MSG_EQ(t.name, "ca", "");
        NS_TEST_ASSERT_MSG_EQ(t.anchors.size(), 1, "");
        NS_TEST_EXPECT_MSG_EQ(ToHex(t.anchors.front()), "3006300030000300", "DER");
        NS_TEST_EXPECT_MSG_EQ(t.chain.size(), 2, "own and intermediate");
        NS_TEST_EXPECT_MSG_EQ(ToHex(t.privateKey), "300702010030000400", "PKCS#8");
        NS_TEST_EXPECT_MSG_EQ(engine.connections.at(0).trustpoint, "ca", "the only one");
        NS_TEST_ASSERT_MSG_EQ(engine.policies.size(), 1, "the default policy of IOS");
        NS_TEST_EXPECT_MSG_EQ(engine.policies[0].priority, 65535, "");
        NS_TEST_EXPECT_MSG_EQ((engine.policies[0].authentication == AuthMethod::RsaSignature),
                              true,
                              "");
        NS_TEST_EXPECT_MSG_EQ(Resolve(TUNNEL).policies.size(), 0, "not without a certificate");
        const auto own = Resolve(std::string(TRUSTPOINT) + TUNNEL + POLICY).policies;
        NS_TEST_ASSERT_MSG_EQ(own.size(), 1, "not beside policies");
        NS_TEST_EXPECT_MSG_EQ(own[0].priority, 1, "not beside policies");

        std::string two = TRUSTPOINT;
        two.replace(two.find("ca\n"), 2, "b");
        const std::string profile = "crypto ipsec profile p\nset isakmp-profile i\n"
                                    "crypto isakmp profile i\n";
        NS_TEST_EXPECT_MSG_EQ(TrustpointOf(TRUSTPOINT + two + TUNNEL), "b", "the first by name");
        NS_TEST_EXPECT_MSG_EQ(
            TrustpointOf(TRUSTPOINT + two + TUNNEL + profile + "ca trust-point ca\n"),
            "ca",
            "the one that is named");
    }

    std::string TrustpointOf(const std::string& text)
    {
        return Resolve(text).connections.at(0).trustpoint;
    }
};

/// Base64, PEM, DER, and what is neither.
class PemTest : public TestCase
{
  public:
    PemTest()
        : TestCase("PEM and DER")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(FromBase64("AAEC /w==\n").value_or(Octets{})), "000102ff", "");
        NS_TEST_EXPECT_MSG_EQ(FromBase64("")->size(), 0, "nothing");
        for (const char* wrong : {"A", "AA", "AAA", "AA=A", "A===", "AA=", "AA*A", "AAAA="})
        {
            NS_TEST_EXPECT_MSG_EQ(FromBase64(wrong).has_value(), false, wrong);
        }
        const Octets certificate = *FromHex("3006300030000300");
        NS_TEST_EXPECT_MSG_EQ((ReadPem(certificate)->at(0).der == certificate), true, "DER");
        for (const char* wrong : {"hello",
                                  "",
                                  "-----BEGIN X-----\nAAAA",
                                  "-----BEGIN X-----\nAAAA\n-----END Y-----\n",
                                  "-----BEGIN X",
                                  "-----BEGIN X-----\nAA*A\n-----END X-----\n"})
        {
            NS_TEST_EXPECT_MSG_EQ(ReadPem(ToOctets(wrong)).has_value(), false, wrong);
        }
        for (const char* wrong : {"",
                                  "30",
                                  "3007300030000300",
                                  "3080",
                                  "30853000000000",
                                  "0500",
                                  "3004300003",
                                  "300400000300",
                                  "30063000300003000500"})
        {
            NS_TEST_EXPECT_MSG_EQ(LooksLikeCertificate(*FromHex(wrong)), false, wrong);
            NS_TEST_EXPECT_MSG_EQ(ToPkcs8(*FromHex(wrong)).has_value(), false, wrong);
        }
        const auto rsa = ToPkcs8(ReadPem(ToOctets(RSA_KEY))->at(0).der);
        NS_TEST_ASSERT_MSG_EQ(rsa.has_value(), true, "PKCS#1 is wrapped");
        NS_TEST_EXPECT_MSG_EQ(ToHex(*rsa),
                              "3031020100300d06092a864886f70d0101010500041d301b"
                              "020100020100020100020100020100020100020100020100020100",
                              "");
        NS_TEST_EXPECT_MSG_EQ((ToPkcs8(*rsa) == rsa), true, "PKCS#8 stays");
    }
};

/// A text and the first error in it.
struct BadRow
{
    std::string text;  ///< to be read
    const char* error; ///< exactly
};

const BadRow BAD_TEXTS[] = {
    {"crypto isakmp identity fqdn\n",
     "t:1:24: 'fqdn': does not fit here: expected address, dn or hostname; did you mean "
     "'dn'?"},
    {"crypto isakmp peer hostname h\n",
     "t:1:20: 'hostname': 'crypto isakmp peer hostname' is known but not supported yet"},
    {"no crypto isakmp peer address 1.0.0.1\n",
     "t:1:31: '1.0.0.1': there is no 'crypto isakmp peer' of this address"},
    {"crypto isakmp peer address 1.0.0.1\n set aggressive-mode client-endpoint user-fqdn u\n",
     "t:2:48: 'u': is no user FQDN: expected USER@DOMAIN"},
    {"crypto isakmp peer address 1.0.0.1\n set aggressive-mode client-endpoint fqdn u@a\n",
     "t:2:43: 'u@a': is no FQDN: expected a host name without '@'"},
    {"crypto isakmp peer address 1.0.0.1\n set aggressive-mode password x\n",
     "t:1:28: '1.0.0.1': the peer lacks 'set aggressive-mode client-endpoint': IOS needs both "
     "for aggressive mode"},
    {"crypto isakmp peer address 1.0.0.1\n set aggressive-mode client-endpoint fqdn f\n",
     "t:1:28: '1.0.0.1': the peer lacks 'set aggressive-mode password': IOS needs both for "
     "aggressive mode"},
    {"crypto isakmp profile i\n match identity user u\n",
     "t:2:22: 'u': is no user FQDN: expected USER@DOMAIN"},
    {"crypto isakmp profile i\n no match identity host h\n", "t:2:25: 'h': is not configured"},
    {"crypto isakmp profile i\n match identity host domain a.org\n",
     "t:2:22: 'domain': 'match identity host domain' is known but not supported yet"},
    {"crypto isakmp profile i\n self-identity user-fqdn u\n",
     "t:2:26: 'u': is no user FQDN: expected USER@DOMAIN"},
    {"crypto isakmp profile i\n initiate mode main\n",
     "t:2:16: 'main': does not fit here: expected aggressive"},
    {"crypto isakmp profile i\n keepalive 10\n",
     "t:2:12: '10': the command is incomplete: expected retry"},
    {"crypto isakmp profile i\n ca trust-point cx\ncrypto pki trustpoint ca\n",
     "t:2:17: 'cx': there is no 'crypto pki trustpoint cx'"},
    {"crypto isakmp key k hostname h\ncrypto isakmp key l hostname h\n",
     "t:2:30: 'h': a key for h exists already: remove that one first"},
    {"no crypto isakmp key k hostname h\n", "t:1:33: 'h': there is no key for h"},
    {"crypto isakmp keepalive 9\n",
     "t:1:25: '9': is out of range: expected a number from 10 to 3600"},
    {"crypto isakmp keepalive 10 61\n",
     "t:1:28: '61': is out of range: expected a number from 2 to 60, periodic or on-demand"},
    {"crypto isakmp nat keepalive 4\n",
     "t:1:29: '4': is out of range: expected a number from 5 to 3600"},
    {"crypto isakmp aggressive-mode enable\n",
     "t:1:31: 'enable': does not fit here: expected disable; did you mean 'disable'?"},
    {"crypto ipsec nat-transparency spi-matching\n",
     "t:1:31: 'spi-matching': 'crypto ipsec nat-transparency spi-matching' is known but not "
     "supported yet"},
    {"crypto pki enroll ca\n",
     "t:1:12: 'enroll': 'crypto pki enroll' is known but not supported "
     "yet"},
    {"crypto pki trustpoint ca\n enrollment url http://ca/\n",
     "t:2:17: 'http://ca/': only files can be read: expected file://PATH, beside the "
     "configuration"},
    {"crypto pki trustpoint ca\n certificate file://\n",
     "t:2:14: 'file://': names no file: expected file://PATH, beside the configuration"},
    {"crypto pki trustpoint ca\n revocation-check crl\n",
     "t:2:19: 'crl': is known but not supported yet: expected none"},
    {"crypto pki trustpoint ca\n fqdn none\n",
     "t:2:2: 'fqdn': 'fqdn' is known but not supported yet"},
    {"crypto pki trustpoint ca\n",
     "t:1:23: 'ca': the trustpoint lacks the certificate of its authority: type 'enrollment url "
     "file://PATH'"},
    {"crypto pki trustpoint ca\n enrollment url file://ca.pem\n",
     "t:1:23: 'ca': the trustpoint lacks 'revocation-check none': without it IOS takes a CRL, "
     "which is not supported yet"},
    {"crypto pki trustpoint ca\n enrollment url file://ca.pem\n revocation-check none\n"
     " certificate file://r1.pem\n",
     "t:1:23: 'ca': the trustpoint lacks the key of its certificate: type 'private-key "
     "file://PATH'"},
    {"crypto pki trustpoint ca\n enrollment url file://ca.pem\n revocation-check none\n"
     " private-key file://r1.key\n",
     "t:1:23: 'ca': the trustpoint lacks the certificate of its key: type 'certificate "
     "file://PATH'"},
    {"crypto pki trustpoint ca\n revocation-check none\n enrollment url file://nowhere\n",
     "t:3:17: 'nowhere': there is no such file, or it cannot be read"},
    {"crypto pki trustpoint ca\n revocation-check none\n enrollment url file://text\n",
     "t:3:17: 'text': is neither PEM nor DER: expected a certificate, PEM or DER"},
    {"crypto pki trustpoint ca\n revocation-check none\n enrollment url file://r1.key\n",
     "t:3:17: 'r1.key': holds something that is no certificate (PRIVATE KEY): expected a "
     "certificate, PEM or DER"},
    {std::string(TRUSTPOINT) + " private-key file://ca.pem\n",
     "t:6:14: 'ca.pem': is no private key (PKCS#8, or PKCS#1 of RSA): expected one private key, "
     "PEM or DER"},
    {std::string(TRUSTPOINT) + " private-key file://r1.pem\n",
     "t:6:14: 'r1.pem': holds 2 objects: expected one private key, PEM or DER"},
    {std::string(TRUSTPOINT) + " private-key file://encrypted.key\n",
     "t:6:14: 'encrypted.key': is encrypted, and there is no passphrase: expected one private "
     "key, PEM or DER"},
    {std::string(TRUSTPOINT) + " private-key file://rsa.key\n", ""},
    {std::string(TRUSTPOINT) + "crypto isakmp policy 1\n", ""},
    {std::string("crypto pki trustpoint a\n enrollment url file://ca.pem\n revocation-check none\n"
                 "crypto isakmp profile i\n ca trust-point a\n") +
         TRUSTPOINT + TUNNEL + "crypto ipsec profile p\n set isakmp-profile i\n",
     "t:5:17: 'a': the trustpoint of Tunnel0 lacks a certificate or its private key: type "
     "'certificate file://PATH' and 'private-key file://PATH'"},
    {"crypto ipsec transform-set t esp-gcm esp-sha-hmac\n",
     "t:1:38: 'esp-sha-hmac': is one integrity algorithm too many: the cipher has its own: leave "
     "it out"},
    {"crypto ipsec transform-set t esp-sha-hmac esp-gmac\n",
     "t:1:30: 'esp-sha-hmac': is one integrity algorithm too many: the cipher has its own: leave "
     "it out"},
    {"crypto ipsec transform-set t esp-aes-ctr\n",
     "t:1:30: 'esp-aes-ctr': esp-aes-ctr without an authenticator can be changed at will: add "
     "esp-sha-hmac, esp-sha256-hmac or another one"},
    {"crypto ipsec transform-set t esp-gcm\n esn\ncrypto ipsec transform-set t esp-aes\n",
     "t:3:28: 't': has 'esn', which needs integrity: add an authenticator, or say 'no esn' first"},
    {"crypto ipsec transform-set t esp-aes\n esn\n",
     "t:2:2: 'esn': extended sequence numbers need integrity, which 't' has not: add an "
     "authenticator to the transform set"},
    {"crypto ipsec df-bit 1\n", "t:1:21: '1': does not fit here: expected clear, set or copy"},
    {"crypto ipsec security-association replay window-size 65\n",
     "t:1:54: '65': does not fit here: expected 64, 128, 256, 512 or 1024"},
    {"crypto ipsec security-association dummy pps 26\n",
     "t:1:45: '26': is out of range: expected a number from 1 to 25"},
    {"int e0\n ip mtu 1400\n",
     "t:2:2: 'mtu': is accepted only under a tunnel interface, not under Ethernet0: expected it "
     "behind 'interface Tunnel'"},
    {"int tu0\n ip mtu 67\n", "t:2:9: '67': is out of range: expected a number from 68 to 65535"},
    {"int e0\n crypto ipsec df-bit set\n",
     "t:2:2: 'df-bit': is accepted only under a tunnel interface, not under Ethernet0: expected "
     "it behind 'interface Tunnel'"},
};

/// Texts are wrong (or right: no error), and the errors say where and why.
class BadFeatureTest : public TestCase
{
  public:
    BadFeatureTest()
        : TestCase("errors")
    {
    }

  private:
    void DoRun() override
    {
        for (const BadRow& row : BAD_TEXTS)
        {
            NS_TEST_EXPECT_MSG_EQ(ToText(ReadAll(row.text).error), row.error, row.text);
        }
    }
};

/// Configuration beyond a tunnel with pre-shared keys in main mode.
class IkeConfigFeaturesTestSuite : public TestSuite
{
  public:
    IkeConfigFeaturesTestSuite()
        : TestSuite("ike-config-features", Type::UNIT)
    {
        AddTestCase(new BadFeatureTest, TestDuration::QUICK);
        for (const GoodRow& row : GOOD_TEXTS)
        {
            AddTestCase(new GoodTextTest(row), TestDuration::QUICK);
        }
        AddTestCase(new DifferenceTest, TestDuration::QUICK);
        AddTestCase(new TunnelModeTest, TestDuration::QUICK);
        AddTestCase(new SettingsTest, TestDuration::QUICK);
        AddTestCase(new IdentityTest, TestDuration::QUICK);
        AddTestCase(new GlobalSwitchTest, TestDuration::QUICK);
        AddTestCase(new TrustpointTest, TestDuration::QUICK);
        AddTestCase(new PemTest, TestDuration::QUICK);
    }
};

IkeConfigFeaturesTestSuite g_ikeConfigFeaturesTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
