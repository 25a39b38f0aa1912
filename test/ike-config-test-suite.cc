/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-ios-commands.h"
#include "ns3/ike-ios-parser.h"
#include "ns3/ike-knobs.h"
#include "ns3/ike-nearest-name.h"
#include "ns3/test.h"

#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

const GoodRow GOOD_TEXTS[] = {
    {"empty", "", "hostname Router\n"},
    {"comments and blanks", "! a\n\n   ! b\r\n  \t\nhostname A\r\n", "hostname A\n"},
    {"no hostname", "hostname A\nno hostname\n", "hostname Router\n"},
    {"seed example", SEED_EXAMPLE, SEED_EXAMPLE},
    {"seed companion", SEED_COMPANION, " tunnel protection ipsec profile vti\n"},
    {"policy defaults are not shown",
     "crypto isakmp policy 10\nencr des\nhash sha\nauth rsa-sig\ngroup 1\nlifetime 86400\n",
     "crypto isakmp policy 10\n!\n"},
    {"policy",
     "crypto isakmp policy 10\nencryption aes 256\nhash sha512\nauthentication pre-share\n"
     "group 21\nlifetime 60\n",
     "crypto isakmp policy 10\n encr aes 256\n hash sha512\n authentication pre-share\n"
     " group 21\n lifetime 60\n!\n"},
    {"aes is aes 128", "crypto isakmp policy 10\nencr aes 128\n", " encr aes\n"},
    {"no in a policy",
     "crypto isakmp policy 1\nencr 3des\nhash md5\nauth pre\ngroup 5\nlifetime 100\n"
     "no encr\nno hash\nno auth\nno group\nno lifetime 100\n",
     "crypto isakmp policy 1\n!\n"},
    {"policies are sorted",
     "crypto isakmp policy 20\nhash md5\ncrypto isakmp policy 5\nhash sha256\n"
     "crypto isakmp policy 10\nno crypto isakmp policy 10\n",
     "policy 5\n hash sha256\n!\ncrypto isakmp policy 20\n hash md5\n!\n"},
    {"global key", "crypto isakmp key 0 k address 10.0.0.1\n", "key k address 10.0.0.1\n"},
    {"global key of a network",
     "crypto isakmp key 0 0 address 10.0.0.1 255.255.0.0\n",
     "key 0 0 address 10.0.0.0 255.255.0.0\n"},
    {"no key with all words of its line",
     "crypto isakmp key k address 10.0.0.1\nno crypto isakmp key k address 10.0.0.1 no-xauth\n"
     "crypto isakmp key k hostname h.a\nno crypto isakmp key 0 k hostname h.a no-xauth\n",
     "hostname Router\n!\nend\n"},
    {"no global key",
     "crypto isakmp key a address 1.0.0.1\ncrypto isakmp key b address 1.0.0.2\n"
     "no crypto isakmp key a address 1.0.0.1\n",
     "!\ncrypto isakmp key b address 1.0.0.2\n!\n"},
    {"keyring",
     "crypto keyring r\npre-shared-key address 1.0.0.1 key 0 a\n"
     "pre-shared-key address 2.0.0.0 255.0.0.0 key b\nno pre-shared-key address 1.0.0.1\n",
     "crypto keyring r\n  pre-shared-key address 2.0.0.0 255.0.0.0 key b\n!\n"},
    {"isakmp profile",
     "crypto isakmp profile p\nkeyring default\nmatch identity address 1.0.0.0 255.0.0.0\n"
     "match id addr 2.0.0.1\nno match identity address 1.0.0.0 255.0.0.0\n",
     "profile p\n   keyring default\n   match identity address 2.0.0.1 255.255.255.255\n!\n"},
    {"transform set", "crypto ipsec transform-set t esp-3des esp-md5\n", "esp-3des esp-md5-hmac"},
    {"transform set aes",
     "crypto ipsec transform-set t esp-sha-hmac esp-aes 192\nmode tunnel\n",
     "set t esp-aes 192 esp-sha-hmac\n"},
    {"transform set null", "crypto ips tr t esp-null esp-sha256\n", "esp-null esp-sha256-hmac\n"},
    {"transform set without authenticator", "crypto ips tr t esp-des\n", "set t esp-des\n"},
    {"transform set is replaced", "crypto ips tr t esp-des\ncrypto ips tr t esp-3\n", "3des\n"},
    {"profile",
     "crypto ipsec profile p\ndescription  the  one \nset transform-set a b c d e f\nset pfs\n"
     "set security-association lifetime seconds 120\nset sec life kilo 4294967295\n"
     "set isakmp-profile i\nresponder-only\n",
     "crypto ipsec profile p\n description the  one\n"
     " set security-association lifetime seconds 120\n"
     " set security-association lifetime kilobytes 4294967295\n"
     " set transform-set a b c d e f\n set pfs group1\n set isakmp-profile i\n"
     " responder-only\n!\n"},
    {"no in a profile",
     "crypto ipsec profile p\ndescription x\nset transform-set a\nset pfs group14\n"
     "set security-association lifetime seconds 120\nset isakmp-profile i\nresponder-only\n"
     "no description\nno set transform-set\nno set pfs\nno set isakmp-profile\n"
     "no set security-association lifetime seconds\nno responder-only\n",
     "crypto ipsec profile p\n!\n"},
    {"objects are removed",
     "crypto ipsec profile p\ncrypto ipsec transform-set t esp-des\ncrypto keyring k\n"
     "crypto isakmp profile i\nno crypto ipsec profile p\nno crypto ipsec transform-set t\n"
     "no crypto keyring k\nno crypto isakmp profile i\n",
     "!\nhostname Router\n!\nend\n"},
    {"global lifetime",
     "crypto ipsec security-association lifetime seconds 200\n"
     "crypto ipsec sec life kilo 2560\nno crypto ipsec security-association life sec\n",
     "!\ncrypto ipsec security-association lifetime kilobytes 2560\n"},
    {"interface names",
     "int e0/0\nint FA1\nint gi0/1/2\nint Lo 7\nint TUNNEL 00\nint eth 0/0\ndesc x y\n",
     "interface Ethernet0/0\n description x y\n no ip address\n!\ninterface FastEthernet1\n"
     " no ip address\n!\ninterface GigabitEthernet0/1/2\n no ip address\n!\n"
     "interface Loopback7\n no ip address\n!\ninterface Tunnel0\n no ip address\n!\n"},
    {"interface",
     "interface e0\nip address 10.0.0.1 255.255.255.254\nshutdown\ninterface e1\nshut\nno "
     "shut\n"
     "ip add 1.0.0.1 255.0.0.0\nno ip address 1.0.0.1 255.0.0.0\n",
     " ip address 10.0.0.1 255.255.255.254\n shutdown\n!\ninterface Ethernet1\n"
     " no ip address\n!\n"},
    {"tunnel by address",
     "int tu0\ntunnel source 10.0.0.1\ntunnel dest 10.0.0.2\ntun mode ips ipv4\n"
     "tun prot ips prof p\n",
     " tunnel source 10.0.0.1\n tunnel destination 10.0.0.2\n tunnel mode ipsec ipv4\n"
     " tunnel protection ipsec profile p\n!\n"},
    {"no in a tunnel",
     "int tu0\ntunnel source lo 0\ntunnel dest 10.0.0.2\ntunnel mode ipsec ipv4\n"
     "tunnel protection ipsec profile p\nno tunnel source loopback0\nno tunnel destination\n"
     "no tunnel mode ipsec ipv4\nno tunnel protection ipsec profile p\n",
     "interface Tunnel0\n no ip address\n!\n"},
    {"routes",
     "ip route 10.0.0.0 255.0.0.0 1.1.1.1\nip route 0.0.0.0 0.0.0.0 tunnel 0 200\n"
     "ip route 10.0.0.0 255.0.0.0 1.1.1.1 5\nip route 11.0.0.0 255.0.0.0 e0\n"
     "no ip route 11.0.0.0 255.0.0.0\n",
     "ip route 10.0.0.0 255.0.0.0 1.1.1.1 5\nip route 0.0.0.0 0.0.0.0 Tunnel0 200\n!\nend\n"},
    {"rip",
     "router rip\nversion 2\nnetwork 10.1.2.3\nnetwork 172.16.9.0\nnet 192.168.5.6\n"
     "network 10.0.0.0\nno network 172.16.0.0\n",
     "router rip\n version 2\n network 10.0.0.0\n network 192.168.5.0\n!\n"},
    {"no rip", "router rip\nnetwork 10.0.0.0\nno router rip\n", "hostname Router\n!\nend\n"},
    {"global commands leave a block",
     "crypto isakmp policy 10\nhash md5\nhostname Z\ncrypto ipsec profile p\nexit\nint lo0\n",
     "hostname Z\n!\ncrypto isakmp policy 10\n hash md5\n!\ncrypto ipsec profile p\n!\n"},
    {"upper case", "CRYPTO ISAKMP POLICY 10\n HASH MD5\n", " hash md5\n"},
    {"end ends", "hostname Z\nend\n! comment\n\n", "hostname Z\n"},
};

/// A wrong line changes nothing: neither the configuration nor the open block.
class WrongLineChangesNothingTest : public TestCase
{
  public:
    WrongLineChangesNothingTest()
        : TestCase("a wrong line changes nothing")
    {
    }

  private:
    void DoRun() override
    {
        RouterConfig config;
        IosParser parser(config);
        parser.ReadText(SEED_EXAMPLE, "seed");
        const RouterConfig before = config;
        for (const char* line : {"set pfs group3",
                                 "crypto isakmp policy 0",
                                 "crypto ipsec transform-set x esp-null",
                                 "interface Tunnel",
                                 "crypto isakmp enable",
                                 "nonsense"})
        {
            const auto error = parser.ReadLine(line, {"t", 1, 1});
            NS_TEST_EXPECT_MSG_EQ(error.has_value(), true, line);
            NS_TEST_EXPECT_MSG_EQ(IsSameConfiguration(before, config), true, line);
            NS_TEST_EXPECT_MSG_EQ(parser.GetMode().ToPrompt(), "(ipsec-profile)", line);
        }
    }
};

/// The example of the seed is read unchanged, in either order of the two texts.
class SeedExampleTest : public TestCase
{
  public:
    SeedExampleTest()
        : TestCase("the example of the seed beside what it refers to")
    {
    }

  private:
    void DoRun() override
    {
        const EngineConfig a = Load(SEED_EXAMPLE, SEED_COMPANION);
        const EngineConfig b = Load(SEED_COMPANION, SEED_EXAMPLE);
        for (const EngineConfig& engine : {a, b})
        {
            NS_TEST_ASSERT_MSG_EQ(engine.connections.size(), 1, "one tunnel");
            const ConnectionConfig& tunnel = engine.connections.front();
            NS_TEST_EXPECT_MSG_EQ((tunnel.switches == InitiationSwitches::ResponderOnly()),
                                  true,
                                  "responder-only turns all four off");
            NS_TEST_EXPECT_MSG_EQ(tunnel.name, "Tunnel0", "name");
            NS_TEST_EXPECT_MSG_EQ(tunnel.local.ToString(), "10.0.2.1", "of the source interface");
            NS_TEST_EXPECT_MSG_EQ(tunnel.peer.ToString(), "10.0.1.1", "destination");
            NS_TEST_ASSERT_MSG_EQ(tunnel.transformSets.size(), 1, "one transform set");
            NS_TEST_EXPECT_MSG_EQ((tunnel.transformSets[0].cipher == CipherAlgorithm::TripleDesCbc),
                                  true,
                                  "3dessha");
            NS_TEST_ASSERT_MSG_EQ(tunnel.isakmpProfile.has_value(), true, "clients");
            NS_TEST_EXPECT_MSG_EQ(tunnel.isakmpProfile->keyring, "ring", "its keyring");
            NS_TEST_EXPECT_MSG_EQ(engine.policies.size(), 1, "without the default policy");
            NS_TEST_EXPECT_MSG_EQ(engine.keys.size(), 1, "the key of the keyring");
        }
        const std::string alone = FirstError(SEED_EXAMPLE);
        NS_TEST_EXPECT_MSG_EQ(alone,
                              "t:2:20: '3dessha': there is no 'crypto ipsec transform-set 3dessha'",
                              "alone it refers to nothing");
    }

    EngineConfig Load(const char* first, const char* second)
    {
        RouterConfig config;
        IosParser parser(config);
        NS_TEST_EXPECT_MSG_EQ(ToText(parser.ReadText(first, "first")), "", "right");
        NS_TEST_EXPECT_MSG_EQ(ToText(parser.ReadText(second, "second")), "", "right");
        NS_TEST_EXPECT_MSG_EQ(CheckReferences(config).size(), 0, "all references lead somewhere");
        return ResolveEngineConfig(config, IkeKnobs{});
    }
};

/// What makes a tunnel's negotiation: defaults, fallbacks, and which tunnels are left out.
class ResolveTest : public TestCase
{
  public:
    ResolveTest()
        : TestCase("what the engine gets")
    {
    }

  private:
    void DoRun() override
    {
        const ConnectionConfig plain = Resolve("no responder-only\n").at(0);
        NS_TEST_EXPECT_MSG_EQ((plain.switches == InitiationSwitches{}), true, "may begin");
        NS_TEST_EXPECT_MSG_EQ(plain.lifetime.ToSeconds(), 3600, "default of IOS");
        NS_TEST_EXPECT_MSG_EQ(plain.lifetimeKilobytes, 4608000, "default of IOS");
        NS_TEST_EXPECT_MSG_EQ(plain.pfs.has_value(), false, "no PFS");

        const std::string global = "crypto ipsec security-association lifetime seconds 900\n"
                                   "crypto ipsec security-association lifetime kilobytes 9000\n";
        const ConnectionConfig fallback = Resolve(global).at(0);
        NS_TEST_EXPECT_MSG_EQ(fallback.lifetime.ToSeconds(), 900, "global");
        NS_TEST_EXPECT_MSG_EQ(fallback.lifetimeKilobytes, 9000, "global");

        const std::string own = "set security-association lifetime seconds 120\nset pfs\n";
        const ConnectionConfig profile = Resolve(own + global).at(0);
        NS_TEST_EXPECT_MSG_EQ(profile.lifetime.ToSeconds(), 120, "own");
        NS_TEST_EXPECT_MSG_EQ(profile.lifetimeKilobytes, 9000, "global");
        NS_TEST_EXPECT_MSG_EQ((profile.pfs == DhGroup::Modp768), true, "group1 is the default");

        for (const char* lacking : {"interface Tunnel0\nshutdown\n",
                                    "interface Tunnel0\nno tunnel source\n",
                                    "interface Tunnel0\nno tunnel destination\n",
                                    "interface Tunnel0\nno tunnel protection\n",
                                    "interface Ethernet0/0\nno ip address\n",
                                    "no set transform-set\n"})
        {
            NS_TEST_EXPECT_MSG_EQ(Resolve(lacking).size(), 0, lacking);
        }
    }

    /// The seed's two texts, and more lines that begin in the profile.
    std::vector<ConnectionConfig> Resolve(const std::string& more)
    {
        RouterConfig config;
        IosParser parser(config);
        parser.ReadText(SEED_COMPANION, "companion");
        const auto error = parser.ReadText(SEED_EXAMPLE + more, "seed");
        NS_TEST_EXPECT_MSG_EQ(ToText(error), "", more);
        return ResolveEngineConfig(config, IkeKnobs{}).connections;
    }
};

/// A tunnel that is removed and made again is another tunnel; one that is only changed is not.
class ConnectionIdTest : public TestCase
{
  public:
    ConnectionIdTest()
        : TestCase("the id of a tunnel is never given twice")
    {
    }

  private:
    void DoRun() override
    {
        const auto config =
            ReadConfig("interface Tunnel0\ninterface Ethernet0/0\ninterface Tunnel1\n"
                       "no interface Tunnel0\ninterface Tunnel0\ninterface Tunnel1\n")
                .config;
        NS_TEST_EXPECT_MSG_EQ(config.FindInterface("Tunnel1")->id, 2, "stays");
        NS_TEST_EXPECT_MSG_EQ(config.FindInterface("Tunnel0")->id, 3, "is another one");
        NS_TEST_EXPECT_MSG_EQ(config.FindInterface("Ethernet0/0")->id, 0, "is no tunnel");
    }
};

/// Each command that IOS has and this module lacks is an error that says so, `no` or not.
class MissingFeatureTest : public TestCase
{
  public:
    MissingFeatureTest()
        : TestCase("known but missing features")
    {
    }

  private:
    void DoRun() override
    {
        const auto commands = MakeIosMissingCommands();
        NS_TEST_EXPECT_MSG_GT(commands.size(), 150, "there are many");
        for (const IosCommand& command : commands)
        {
            const std::string line = MakeExample(command.pattern);
            for (const std::string& form : {line, line + " x y", "no " + line})
            {
                Check(command.mode, form);
            }
        }
    }

    void Check(IosMode::Kind mode, const std::string& line)
    {
        RouterConfig config;
        IosParser parser(config);
        parser.SetMode(IosMode{mode, mode == IosMode::Kind::IsakmpPolicy ? "10" : "Tunnel0"});
        const auto error = parser.ReadLine(line, {"t", 1, 1});
        NS_TEST_ASSERT_MSG_EQ(error.has_value(), true, line);
        NS_TEST_EXPECT_MSG_NE(error->message.find("is known but not supported yet"),
                              std::string::npos,
                              line << ": " << error->ToString());
    }

    /// A line for a pattern: arguments replaced by something that fits.
    std::string MakeExample(const std::string& pattern) const
    {
        std::string line;
        for (const IosWord& word : SplitIosWords(pattern))
        {
            const bool isArgument = word.text.front() == '<';
            line += (line.empty() ? "" : " ") + (isArgument ? std::string("10") : word.text);
        }
        return line;
    }
};

/// responder-only belongs under an IPsec profile and nowhere else (the seed's Restrictions).
class ResponderOnlyPlaceTest : public TestCase
{
  public:
    ResponderOnlyPlaceTest()
        : TestCase("responder-only is accepted only under crypto ipsec profile")
    {
    }

  private:
    void DoRun() override
    {
        const std::string why = "'responder-only': responder-only is accepted only under 'crypto "
                                "ipsec profile': neither static nor dynamic crypto maps support it "
                                "(IKE Responder-Only Mode, Restrictions)";
        const std::string rest = " set peer 10.0.0.1\n set transform-set x\n match address 101\n";
        for (const std::string header :
             {"crypto map m 10 ipsec-isakmp\n", "crypto dynamic-map m 10\n"})
        {
            NS_TEST_EXPECT_MSG_EQ(FirstError(header + " responder-only\n"), "t:2:2: " + why, "");
            NS_TEST_EXPECT_MSG_EQ(FirstError(header + rest + "  resp\n"), "t:5:3: " + why, "");
            NS_TEST_EXPECT_MSG_EQ(FirstError(header + " no responder-only\n"), "t:2:5: " + why, "");
        }
        const std::string home = "'responder-only': is not a known command: it belongs under "
                                 "'crypto ipsec profile'";
        for (const std::string header : {"crypto isakmp policy 10\n",
                                         "crypto isakmp profile p\n",
                                         "interface Tunnel0\n",
                                         "router rip\n",
                                         "hostname R\n"})
        {
            NS_TEST_EXPECT_MSG_EQ(FirstError(header + "responder-only\n"),
                                  "t:2:1: " + home,
                                  header);
        }
    }
};

/// Knobs are set and read by name.
class KnobTest : public TestCase
{
  public:
    KnobTest()
        : TestCase("knobs")
    {
    }

  private:
    void DoRun() override
    {
        IkeKnobs knobs;
        std::set<std::string> names;
        for (const KnobInfo& info : GetKnobTable())
        {
            names.insert(info.name);
            const std::string value = GetKnob(knobs, info.name);
            NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, info.name, value), "", info.name);
            NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, info.name), value, info.name);
            const bool isDocumented = !info.help.empty() && !info.source.empty();
            NS_TEST_EXPECT_MSG_EQ(isDocumented && !info.unit.empty(), true, info.name);
        }
        NS_TEST_EXPECT_MSG_EQ(names.size(), GetKnobTable().size(), "each name once");
        NS_TEST_EXPECT_MSG_EQ(names.size(), 50, "a row for each field of IkeKnobs");
        CheckValues(knobs);
        CheckErrors(knobs);
    }

    void CheckValues(IkeKnobs& knobs)
    {
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "RetransmitInterval", "0.25"), "", "");
        NS_TEST_EXPECT_MSG_EQ(knobs.retransmitInterval.ns, 250000000, "exactly");
        NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, "RetransmitInterval"), "0.25", "");
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "OutboundChoice", "First-Inbound"), "", "");
        NS_TEST_EXPECT_MSG_EQ((knobs.outboundChoice == OutboundChoice::FirstInbound), true, "");
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "RekeyPhase1", "all"), "", "");
        NS_TEST_EXPECT_MSG_EQ((knobs.rekeyPhase1 == RekeyWhich::All), true, "");
        NS_TEST_EXPECT_MSG_EQ((knobs.rekeyPhase2 == RekeyWhich::Outbound), true, "untouched");
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "IdleRekey", "true"), "", "");
        NS_TEST_EXPECT_MSG_EQ(knobs.idleRekey, true, "");
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "ReplayWindow", "128"), "", "");
        NS_TEST_EXPECT_MSG_EQ(knobs.replayWindow, 128, "");
    }

    void CheckErrors(IkeKnobs& knobs)
    {
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "RetransmitIntervall", "1"),
                              "there is no knob 'RetransmitIntervall': did you mean "
                              "'RetransmitInterval'?",
                              "");
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "Xyz", "1"), "there is no knob 'Xyz'", "nothing near");
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "RetransmitCount", "-1"),
                              "'-1' is not a value of RetransmitCount: expected a number from 0 to "
                              "100",
                              "");
        NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, "ResponderInstalls", "4"),
                              "'4' is not a value of ResponderInstalls: expected message-2 or "
                              "message-3",
                              "");
        NS_TEST_EXPECT_MSG_EQ(
            SetKnob(knobs, "RestartPause", "1e3"),
            "'1e3' is not a value of RestartPause: expected seconds, from 0.001 to "
            "999999999, with at most nine decimals",
            "");
    }
};

/// Names that are near to each other.
class NearestNameTest : public TestCase
{
  public:
    NearestNameTest()
        : TestCase("nearest names")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(GetEditDistance("", "abc"), 3, "");
        NS_TEST_EXPECT_MSG_EQ(GetEditDistance("crypto", "CRYTPO"), 1, "neighbours swapped");
        NS_TEST_EXPECT_MSG_EQ(GetEditDistance("kitten", "sitting"), 3, "");
        NS_TEST_EXPECT_MSG_EQ(FindNearestName("vit", {"vti", "vpn"}), "vti", "");
        NS_TEST_EXPECT_MSG_EQ(FindNearestName("x", {"vti", "vpn"}), "", "");
        NS_TEST_EXPECT_MSG_EQ(FindNearestName(std::string(100000000, 'x'), {"vti"}), "", "fast");
        NS_TEST_EXPECT_MSG_EQ(JoinAlternatives({"a", "b", "c"}), "a, b or c", "");
    }
};

/// Configuration: what is read, written, refused, and given to the engine.
class IkeConfigTestSuite : public TestSuite
{
  public:
    IkeConfigTestSuite()
        : TestSuite("ike-config", Type::UNIT)
    {
        for (const GoodRow& row : GOOD_TEXTS)
        {
            AddTestCase(new GoodTextTest(row), TestDuration::QUICK);
        }
        AddTestCase(new WrongLineChangesNothingTest, TestDuration::QUICK);
        AddTestCase(new SeedExampleTest, TestDuration::QUICK);
        AddTestCase(new ResolveTest, TestDuration::QUICK);
        AddTestCase(new ConnectionIdTest, TestDuration::QUICK);
        AddTestCase(new MissingFeatureTest, TestDuration::QUICK);
        AddTestCase(new ResponderOnlyPlaceTest, TestDuration::QUICK);
        AddTestCase(new KnobTest, TestDuration::QUICK);
        AddTestCase(new NearestNameTest, TestDuration::QUICK);
    }
};

IkeConfigTestSuite g_ikeConfigTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
