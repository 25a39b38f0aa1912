/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-console.h"
#include "ns3/ike-engine.h"
#include "ns3/ike-ios-parser.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipsec-gate.h"
#include "ns3/test.h"

#include <algorithm>
#include <memory>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// A router before its operator comes.
const char* const START = "hostname Router\n"
                          "crypto isakmp policy 10\n"
                          " encr 3des\n"
                          " authentication pre-share\n"
                          " group 2\n"
                          "crypto isakmp key cisco123 address 10.0.1.1\n"
                          "crypto ipsec transform-set 3dessha esp-3des esp-sha-hmac\n"
                          "crypto ipsec profile vti\n"
                          " set transform-set 3dessha\n"
                          "interface Ethernet0/0\n"
                          " ip address 10.0.2.1 255.255.255.0\n"
                          "interface Tunnel0\n"
                          " ip address 172.16.0.2 255.255.255.252\n"
                          " tunnel source Ethernet0/0\n"
                          " tunnel destination 10.0.1.1\n"
                          " tunnel mode ipsec ipv4\n"
                          " tunnel protection ipsec profile vti\n";

RouterConfig
ReadStart()
{
    RouterConfig config;
    IosParser(config).ReadText(START, "start");
    return config;
}

/// A console with a router behind it that has no SAs.
class Desk
{
  public:
    explicit Desk(const RouterConfig& config)
        : m_console(config),
          m_engine(std::make_shared<EngineConfig>(ResolveEngineConfig(config, IkeKnobs{})),
                   RandomKey{}),
          m_plane(RandomKey{})
    {
    }

    ConsoleReply Type(const std::string& line)
    {
        return m_console.Type(line, ConsoleView{Instant{}, m_engine, m_plane});
    }

    /// Lines that are right; the output of the last one.
    std::string TypeAll(const std::vector<std::string>& lines)
    {
        ConsoleReply reply;
        for (const std::string& line : lines)
        {
            reply = Type(line);
            m_allRight = m_allRight && !reply.isError;
        }
        return reply.output;
    }

    RouterConsole& GetConsole()
    {
        return m_console;
    }

    bool WasAllRight() const
    {
        return m_allRight;
    }

  private:
    RouterConsole m_console; ///< the console
    Engine m_engine;         ///< nothing stands in it
    IpsecDataPlane m_plane;  ///< nor here
    bool m_allRight{true};   ///< no line of TypeAll() was refused
};

} // namespace

/// Steps 1 to 4 of the seed, with the prompts that it shows.
class SeedStepsTest : public TestCase
{
  public:
    SeedStepsTest()
        : TestCase("steps 1 to 4 of the seed")
    {
    }

  private:
    void DoRun() override
    {
        /// A line of the seed, with what stands before it.
        struct Step
        {
            const char* prompt; ///< before
            const char* line;   ///< typed
            bool changes;       ///< the configuration
        };

        const Step steps[] = {
            {"Router>", "enable", false},
            {"Router#", "configure terminal", false},
            {"Router(config)#", "crypto ipsec profile vti", false},
            {"Router(ipsec-profile)#", "responder-only", true},
            {"Router(ipsec-profile)#", "responder-only", false},
            {"Router(ipsec-profile)#", "end", false},
            {"Router#", "write memory", false},
            {"Router#", "disable", false},
        };
        Desk desk(ReadStart());
        for (const Step& step : steps)
        {
            NS_TEST_EXPECT_MSG_EQ(desk.GetConsole().GetPrompt(), step.prompt, step.line);
            const ConsoleReply reply = desk.Type(step.line);
            NS_TEST_EXPECT_MSG_EQ(reply.isError, false, reply.output);
            NS_TEST_EXPECT_MSG_EQ(reply.configChanged, step.changes, step.line);
            NS_TEST_EXPECT_MSG_EQ(reply.inputs.size(), 0, step.line);
        }
        NS_TEST_EXPECT_MSG_EQ(desk.GetConsole().GetPrompt(), "Router>", "back");
        const RouterConfig& config = desk.GetConsole().GetConfig();
        const EngineConfig engine = ResolveEngineConfig(config, IkeKnobs{});
        NS_TEST_EXPECT_MSG_EQ(
            (engine.connections.at(0).switches == InitiationSwitches::ResponderOnly()),
            true,
            "the tunnel only responds");
        NS_TEST_EXPECT_MSG_EQ(desk.GetConsole().GetStartupConfig(), WriteIos(config), "kept");
    }
};

/// The profile of the seed may be new: then what it lacks is said when configuration ends.
class NewProfileTest : public TestCase
{
  public:
    NewProfileTest()
        : TestCase("the steps of the seed on an empty router")
    {
    }

  private:
    void DoRun() override
    {
        Desk desk{RouterConfig{}};
        desk.TypeAll({"ena", "conf t", "crypto ipsec prof vti", "resp"});
        NS_TEST_EXPECT_MSG_EQ(desk.WasAllRight(), true, "all right");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("end").output, "", "nobody uses the profile");
        const std::string output = desk.TypeAll({"conf t",
                                                 "crypto isakmp policy 10",
                                                 "interface tunnel 0",
                                                 "tunnel source 10.0.0.1",
                                                 "tunnel destination 10.0.0.2",
                                                 "tunnel mode ipsec ipv4",
                                                 "tunnel protection ipsec profile vti",
                                                 "end"});
        NS_TEST_EXPECT_MSG_EQ(desk.WasAllRight(), true, "still all right");
        NS_TEST_EXPECT_MSG_EQ(
            output,
            "% Warning: console:7:22: '10': rsa-sig needs a trustpoint with certificate "
            "and private key: configure 'crypto pki trustpoint', or type 'authentication "
            "pre-share'\n"
            "% Warning: console:3:19: 'vti': the profile protects Tunnel0 but has "
            "no transform set: type 'set transform-set ...'",
            "what is missing");
    }
};

/// The prompt of each mode, and the ways out.
class PromptTest : public TestCase
{
  public:
    PromptTest()
        : TestCase("prompts")
    {
    }

  private:
    void DoRun() override
    {
        /// A line and the prompt behind it.
        struct Row
        {
            const char* line;   ///< typed
            const char* prompt; ///< then
        };

        const Row rows[] = {
            {"enable", "Router#"},
            {"conf t", "Router(config)#"},
            {"hostname R1", "R1(config)#"},
            {"crypto isakmp policy 10", "R1(config-isakmp)#"},
            {"crypto keyring k", "R1(conf-keyring)#"},
            {"crypto isakmp profile p", "R1(conf-isa-prof)#"},
            {"crypto ipsec transform-set t esp-des", "R1(cfg-crypto-trans)#"},
            {"crypto ipsec profile q", "R1(ipsec-profile)#"},
            {"interface lo0", "R1(config-if)#"},
            {"router rip", "R1(config-router)#"},
            {"exit", "R1(config)#"},
            {"interface lo0", "R1(config-if)#"},
            {"ip route 9.0.0.0 255.0.0.0 10.0.2.9", "R1(config)#"},
            {"crypto map m 10 ipsec-isakmp", "R1(config-crypto-map)#"},
            {"crypto dynamic-map d 10", "R1(config-crypto-map)#"},
            {"ip access-list extended a", "R1(config-ext-nacl)#"},
            {"exit", "R1(config)#"},
            {"exit", "R1#"},
            {"conf t", "R1(config)#"},
            {"interface lo0", "R1(config-if)#"},
            {"", "R1(config-if)#"},
            {"! comment", "R1(config-if)#"},
            {"do show running-config", "R1(config-if)#"},
            {"end", "R1#"},
            {"exit", "R1>"},
            {"configure terminal", "R1>"},
        };
        Desk desk(ReadStart());
        for (const Row& row : rows)
        {
            desk.Type(row.line);
            NS_TEST_EXPECT_MSG_EQ(desk.GetConsole().GetPrompt(), row.prompt, row.line);
        }
    }
};

/// A line that is wrong changes nothing. On a console a reference must lead somewhere at once.
class RefusedLineTest : public TestCase
{
  public:
    RefusedLineTest()
        : TestCase("a refused line changes nothing")
    {
    }

  private:
    void DoRun() override
    {
        Check({"interface tu0"},
              "tunnel protection ipsec profile X",
              "console:4:33: 'X': there is no 'crypto ipsec profile X'");
        Check({"crypto ipsec profile vti"},
              "set transform-set 3dessah",
              "console:4:19: '3dessah': there is no 'crypto ipsec transform-set 3dessah': did you "
              "mean '3dessha'?");
        Check({"crypto ipsec profile vti"},
              "set isakmp-profile clients",
              "console:4:20: 'clients': there is no 'crypto isakmp profile clients'");
        Check({"crypto isakmp profile clients"},
              "keyring k",
              "console:4:9: 'k': there is no 'crypto keyring k'");
        Check({},
              "no crypto ipsec profile vti",
              "start:17:34: 'vti': there is no 'crypto ipsec profile vti'");
        Check({"crypto map m 1 ipsec-isakmp"},
              "responder-only",
              "console:4:1: 'responder-only': responder-only is accepted only under 'crypto ipsec "
              "profile': neither static nor dynamic crypto maps support it (IKE Responder-Only "
              "Mode, Restrictions)");
        Check({}, "crypto isakmp policy", "incomplete: expected a number from 1 to 10000");
        Check({}, "crypto isakmp enable", "'crypto isakmp enable' is known but not supported yet");
    }

    void Check(const std::vector<std::string>& before,
               const std::string& line,
               const std::string& error)
    {
        Desk desk(ReadStart());
        desk.TypeAll({"enable", "configure terminal"});
        desk.TypeAll(before);
        const RouterConfig config = desk.GetConsole().GetConfig();
        const std::string prompt = desk.GetConsole().GetPrompt();
        const ConsoleReply reply = desk.Type(line);
        const bool isSame = IsSameConfiguration(config, desk.GetConsole().GetConfig());
        NS_TEST_EXPECT_MSG_EQ(desk.WasAllRight(), true, "the lines before are right");
        NS_TEST_EXPECT_MSG_EQ(reply.isError, true, line);
        NS_TEST_EXPECT_MSG_EQ(reply.configChanged, false, line);
        NS_TEST_EXPECT_MSG_NE(reply.output.find(error), std::string::npos, reply.output);
        NS_TEST_EXPECT_MSG_EQ(isSame, true, line);
        NS_TEST_EXPECT_MSG_EQ(desk.GetConsole().GetPrompt(), prompt, line);
    }
};

/// The seed's example is typed in its own order, and passive mode is switched off again.
class PassiveModeTest : public TestCase
{
  public:
    PassiveModeTest()
        : TestCase("crypto maps and passive mode")
    {
    }

  private:
    void DoRun() override
    {
        Desk desk(ReadStart());
        desk.TypeAll({"enable", "configure terminal"});
        desk.TypeAll({"crypto ipsec transform-set xauthtransform esp-3des esp-sha-hmac",
                      "crypto map xauthmap 10 ipsec-isakmp",
                      "set peer 209.165.202.145",
                      "set transform-set xauthtransform",
                      "match address 192",
                      "crypto ipsec optional",
                      "crypto ipsec optional retry 60",
                      "interface Ethernet1/0",
                      "ip address 209.165.202.147 255.255.255.224",
                      "crypto map xauthmap",
                      "access-list 192 permit ip host 209.165.202.147 host 209.165.202.145"});
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"end"}), "", "nothing is missing");
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"show crypto optional"}),
                              "Passive mode enabled. IPSec is currently insecure.",
                              "the seed's words");
        CheckShow(desk);
        const std::string reminder =
            "Passive mode disabled. Use 'write memory' to save the configuration.";
        desk.TypeAll({"configure terminal"});
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"no crypto ipsec optional"}), reminder, "reminds");
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"no crypto ipsec optional"}), "", "was off already");
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"end", "show crypto optional"}),
                              "Passive mode disabled.",
                              "the seed's words");
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"write memory"}),
                              "Building configuration...\n[OK]",
                              "what the reminder names is there");
        NS_TEST_EXPECT_MSG_EQ(desk.WasAllRight(), true, "no line is refused");
        CheckRefusals(desk);
    }

    void CheckShow(Desk& desk)
    {
        const std::string line = "permit ip host 209.165.202.147 host 209.165.202.145";
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"show access-lists"}),
                              "Extended IP access list 192\n    10 " + line,
                              "lines with their numbers");
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"show crypto map"}),
                              "Crypto Map \"xauthmap\" 10 ipsec-isakmp\n"
                              "        Peer = 209.165.202.145\n"
                              "        Extended IP access list 192\n"
                              "            access-list 192 " +
                                  line +
                                  "\n"
                                  "        Security association lifetime: 4608000 kilobytes/3600 "
                                  "seconds\n"
                                  "        PFS (Y/N): N\n"
                                  "        Transform sets={ xauthtransform }\n"
                                  "        Interfaces using crypto map xauthmap:\n"
                                  "                Ethernet1/0",
                              "all of it");
        NS_TEST_EXPECT_MSG_EQ(desk.TypeAll({"show crypto dynamic-map"}),
                              "No crypto dynamic maps found.",
                              "there is none");
    }

    void CheckRefusals(Desk& desk)
    {
        desk.TypeAll({"configure terminal"});
        for (const char* const line : {"crypto ipsec optional retry 60",
                                       "no crypto map xauthmap",
                                       "access-list 192 permit tcp any gt 1023 any"})
        {
            NS_TEST_EXPECT_MSG_EQ(desk.Type(line).isError, true, line);
        }
        desk.TypeAll({"no access-list 192"});
        NS_TEST_EXPECT_MSG_NE(desk.TypeAll({"end"}).find("there is no 'access-list 192'"),
                              std::string::npos,
                              "a warning, since the list may come");
    }
};

/// Where packets go in the clear now.
class ShowOptionalTest : public TestCase
{
  public:
    ShowOptionalTest()
        : TestCase("show crypto optional")
    {
    }

  private:
    void DoRun() override
    {
        ClearDestination clear;
        clear.destination = IpAddress::V4(0x0a000001);
        clear.entry = "xauthmap 10";
        clear.packets = 7;
        clear.since = Instant{} + ns3::ike::Duration::Seconds(12);
        NS_TEST_EXPECT_MSG_EQ(ShowCryptoOptional(false, {clear}), "Passive mode disabled.\n", "");
        NS_TEST_EXPECT_MSG_EQ(ShowCryptoOptional(true, {}),
                              "Passive mode enabled. IPSec is currently insecure.\n",
                              "");
        const std::string text = ShowCryptoOptional(true, {clear, clear});
        NS_TEST_EXPECT_MSG_EQ(
            text.find("Passive mode enabled. IPSec is currently insecure.\n"
                      "Unencrypted traffic is currently sent to:\n"
                      "  Destination     Packets    Since (s)      Crypto map entry\n"
                      "  10.0.0.1        7          12"),
            0,
            text);
        NS_TEST_EXPECT_MSG_EQ(std::count(text.begin(), text.end(), '\n'), 5, "a line for each");
    }
};

/// What is typed outside of configuration.
class ExecTest : public TestCase
{
  public:
    ExecTest()
        : TestCase("commands outside of configuration")
    {
    }

  private:
    void DoRun() override
    {
        Desk desk(ReadStart());
        CheckRefused(desk, "show running-config", "'running-config': does not fit here");
        CheckRefused(desk, "write memory", "'write': is not a known command");
        CheckRefused(desk, "hostname X", "'hostname': is not a known command");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("show crypto session").isError, false, "users may look");
        desk.Type("enable");
        CheckRefused(desk, "show", "the command is incomplete: expected crypto, access-lists");
        CheckRefused(desk, "c", "is ambiguous: it may be configure, copy or clear");
        CheckRefused(desk, "reload", "'reload' is known but not supported yet");
        CheckRefused(desk, "debug crypto isakmp", "'debug' is known but not supported yet");
        CheckRefused(desk, "responder-only", "is not a known command");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("show startup").output,
                              "startup-config is not present",
                              "");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("wr").output, "Building configuration...\n[OK]", "");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("show start").output + "\n", WriteIos(ReadStart()), "");
        NS_TEST_EXPECT_MSG_EQ(
            desk.Type("show ?").output,
            "  access-lists\n  crypto\n  logging\n  running-config\n  startup-config",
            "help");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("c?").output, "  clear\n  configure\n  copy", "help");
        desk.TypeAll({"conf t", "crypto ipsec profile vti"});
        NS_TEST_EXPECT_MSG_EQ(desk.Type("set ?").output,
                              "  isakmp-profile\n  pfs\n  reverse-route\n  security-association\n"
                              "  transform-set",
                              "help");
    }

    void CheckRefused(Desk& desk, const std::string& line, const std::string& error)
    {
        const ConsoleReply reply = desk.Type(line);
        NS_TEST_EXPECT_MSG_EQ(reply.isError, true, line);
        NS_TEST_EXPECT_MSG_NE(reply.output.find(error), std::string::npos, reply.output);
    }
};

/// What `show running-config` prints is a configuration, behind three lines of its own.
class RunningConfigTest : public TestCase
{
  public:
    RunningConfigTest()
        : TestCase("show running-config")
    {
    }

  private:
    void DoRun() override
    {
        Desk desk(ReadStart());
        const std::string output = desk.TypeAll({"enable", "show run"});
        NS_TEST_EXPECT_MSG_EQ(output.compare(0, 26, "Building configuration...\n"), 0, output);
        RouterConfig again;
        IosParser parser(again);
        const auto error = parser.ReadText(output.substr(output.find("\n!") + 1), "again");
        NS_TEST_EXPECT_MSG_EQ(error.has_value(), false, (error ? error->ToString() : ""));
        NS_TEST_EXPECT_MSG_EQ(IsSameConfiguration(again, ReadStart()), true, output);
        NS_TEST_EXPECT_MSG_NE(output.find("\ncrypto isakmp key cisco123 address 10.0.1.1\n"),
                              std::string::npos,
                              "keys are shown as IOS shows them");
    }
};

/// What the show commands say of a router without SAs.
class ShowTest : public TestCase
{
  public:
    ShowTest()
        : TestCase("show commands without SAs")
    {
    }

  private:
    void DoRun() override
    {
        Desk desk(ReadStart());
        NS_TEST_EXPECT_MSG_EQ(desk.Type("show crypto isakmp sa").output,
                              "IPv4 Crypto ISAKMP SA\n"
                              "dst             src             state          conn-id status\n"
                              "\n"
                              "IPv6 Crypto ISAKMP SA",
                              "no line");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("show crypto session").output,
                              "Crypto session current status\n"
                              "\n"
                              "Interface: Tunnel0\n"
                              "Session status: DOWN\n"
                              "Peer: 10.0.1.1 port 500\n"
                              "  IPSEC FLOW: permit ip 0.0.0.0/0.0.0.0 0.0.0.0/0.0.0.0\n"
                              "        Active SAs: 0, origin: crypto map",
                              "one tunnel, down");
        const std::string sas = desk.Type("show crypto ipsec sa").output;
        for (const char* part :
             {"interface: Tunnel0\n    Crypto map tag: Tunnel0-head-0, local addr 10.0.2.1\n",
              "   local  ident (addr/mask/prot/port): (0.0.0.0/0.0.0.0/0/0)\n",
              "   remote ident (addr/mask/prot/port): (0.0.0.0/0.0.0.0/0/0)\n",
              "   current_peer 10.0.1.1 port 500\n",
              "    #pkts encaps: 0, #pkts encrypt: 0, #pkts digest: 0\n",
              "    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0\n",
              "     local crypto endpt.: 10.0.2.1, remote crypto endpt.: 10.0.1.1\n",
              "     current outbound spi: 0x0(0)\n",
              "     PFS (Y/N): N, DH group: none\n",
              "     inbound esp sas:\n\n     inbound ah sas:\n",
              "     outbound esp sas:\n\n     outbound ah sas:\n"})
        {
            NS_TEST_EXPECT_MSG_NE(sas.find(part), std::string::npos, part << " in " << sas);
        }
        NS_TEST_EXPECT_MSG_EQ(
            desk.Type("show crypto isakmp sa detail").output,
            "Codes: D - Dead Peer Detection, N - NAT-traversal\n"
            "       psk - Preshared key, rsig - RSA signature\n"
            "IPv4 Crypto ISAKMP SA\n\n"
            "C-id  Local           Remote          Status Encr    Hash   Auth DH Lifetime Cap.\n"
            "\n\n"
            "IPv6 Crypto ISAKMP SA",
            "no line");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("show crypto isakmp peers").output, "", "no peer");
        CheckKeysAndTrustpoints();
        Desk bare{RouterConfig{}};
        NS_TEST_EXPECT_MSG_EQ(bare.Type("show crypto ipsec sa").output,
                              "No SAs found",
                              "no tunnel");
    }

    /// Keys and passwords are in the running configuration and nowhere else.
    void CheckKeysAndTrustpoints()
    {
        RouterConfig config = ReadStart();
        IosParser(config).ReadText("crypto keyring r\n pre-shared-key hostname h.a.org key geheim\n"
                                   "crypto isakmp peer address 10.0.1.1\n"
                                   " set aggressive-mode password geheim\n"
                                   "crypto pki trustpoint ca\n enrollment url file://ca\n"
                                   " certificate file://r1\n private-key file://key\n"
                                   "interface Tunnel0\n no tunnel mode\n",
                                   "more");
        config.files["ca"] = *FromHex("3006300030000300");
        config.files["r1"] = config.files["ca"];
        config.files["key"] = *FromHex("300702010030000400");
        Desk desk(config);
        NS_TEST_EXPECT_MSG_EQ(
            desk.Type("show crypto isakmp key").output,
            "Keyring      Hostname/Address                            Preshared Key\n\n"
            "default      10.0.1.1                                    (not shown)\n"
            "r            h.a.org                                     (not shown)",
            "whose keys");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("show crypto pki trustpoints").output,
                              "Trustpoint ca:\n"
                              "    Authorities: 1 certificate\n"
                              "    Own chain: 1 certificate\n"
                              "    Private key: available",
                              "what it has");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("show crypto pki certificates").output,
                              "Certificate\n  Status: Available\n  Length: 8 bytes\n"
                              "  Associated Trustpoints: ca\n\n"
                              "CA Certificate\n  Status: Available\n  Length: 8 bytes\n"
                              "  Associated Trustpoints: ca",
                              "both");
        const std::string flow = "IPSEC FLOW: permit 47 host 10.0.2.1 host 10.0.1.1\n";
        NS_TEST_EXPECT_MSG_NE(desk.Type("show crypto session").output.find(flow),
                              std::string::npos,
                              "GRE between the two ends");
        const std::string proxy = "   local  ident (addr/mask/prot/port): "
                                  "(10.0.2.1/255.255.255.255/47/0)\n";
        NS_TEST_EXPECT_MSG_NE(desk.Type("show crypto ipsec sa").output.find(proxy),
                              std::string::npos,
                              "GRE between the two ends");
        for (const char* line : {"show crypto isakmp sa",
                                 "show crypto isakmp sa detail",
                                 "show crypto isakmp peers",
                                 "show crypto isakmp key",
                                 "show crypto ipsec sa",
                                 "show crypto session",
                                 "show crypto pki trustpoints"})
        {
            const std::string output = desk.Type(line).output;
            NS_TEST_EXPECT_MSG_EQ(output.find("geheim"), std::string::npos, line);
            NS_TEST_EXPECT_MSG_EQ(output.find("cisco123"), std::string::npos, line);
        }
        desk.Type("enable");
        NS_TEST_EXPECT_MSG_NE(desk.Type("show running-config").output.find("geheim"),
                              std::string::npos,
                              "as in IOS");
    }
};

/// The clear commands become inputs of the engine.
class ClearTest : public TestCase
{
  public:
    ClearTest()
        : TestCase("clear commands")
    {
    }

  private:
    void DoRun() override
    {
        Check("clear crypto sa", "none", false, true);
        Check("cle cry sa peer 10.0.1.1", "10.0.1.1", false, true);
        Check("clear crypto isakmp", "none", true, false);
        Check("clear crypto session", "none", true, true);
        Check("clear crypto session remote 10.0.1.1", "10.0.1.1", true, true);
        Desk desk(ReadStart());
        NS_TEST_EXPECT_MSG_EQ(desk.Type("clear crypto sa").isError, true, "not for users");
        desk.Type("enable");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("clear crypto sa peer x").isError, true, "no address");
        NS_TEST_EXPECT_MSG_EQ(desk.Type("clear crypto sa counters").isError, true, "not there yet");
    }

    void Check(const std::string& line, const std::string& peer, bool isakmp, bool ipsec)
    {
        Desk desk(ReadStart());
        desk.Type("enable");
        const ConsoleReply reply = desk.Type(line);
        NS_TEST_EXPECT_MSG_EQ(reply.isError, false, reply.output);
        NS_TEST_ASSERT_MSG_EQ(reply.inputs.size(), 1, line);
        const ClearInput* clear = std::get_if<ClearInput>(&reply.inputs.front());
        NS_TEST_ASSERT_MSG_NE(clear, nullptr, line);
        NS_TEST_EXPECT_MSG_EQ(clear->peer.value_or(IpAddress{}).ToString(), peer, line);
        NS_TEST_EXPECT_MSG_EQ(clear->isakmp, isakmp, line);
        NS_TEST_EXPECT_MSG_EQ(clear->ipsec, ipsec, line);
    }
};

/// A console is a value: a copy goes its own way.
class ConsoleCopyTest : public TestCase
{
  public:
    ConsoleCopyTest()
        : TestCase("a copy goes its own way")
    {
    }

  private:
    void DoRun() override
    {
        Desk desk(ReadStart());
        desk.TypeAll({"enable", "configure terminal", "crypto ipsec profile vti"});
        const RouterConsole copy = desk.GetConsole();
        desk.TypeAll({"responder-only", "end"});
        NS_TEST_EXPECT_MSG_EQ(copy.GetPrompt(), "Router(ipsec-profile)#", "stays where it was");
        NS_TEST_EXPECT_MSG_EQ(IsSameConfiguration(copy.GetConfig(), ReadStart()),
                              true,
                              "as it was");
    }
};

/// TestSuite "ike-console"
class IkeConsoleTestSuite : public TestSuite
{
  public:
    IkeConsoleTestSuite()
        : TestSuite("ike-console", Type::UNIT)
    {
        AddTestCase(new SeedStepsTest, TestDuration::QUICK);
        AddTestCase(new NewProfileTest, TestDuration::QUICK);
        AddTestCase(new PromptTest, TestDuration::QUICK);
        AddTestCase(new RefusedLineTest, TestDuration::QUICK);
        AddTestCase(new PassiveModeTest, TestDuration::QUICK);
        AddTestCase(new ShowOptionalTest, TestDuration::QUICK);
        AddTestCase(new ExecTest, TestDuration::QUICK);
        AddTestCase(new RunningConfigTest, TestDuration::QUICK);
        AddTestCase(new ShowTest, TestDuration::QUICK);
        AddTestCase(new ClearTest, TestDuration::QUICK);
        AddTestCase(new ConsoleCopyTest, TestDuration::QUICK);
    }
};

static IkeConsoleTestSuite g_ikeConsoleTestSuite; ///< registers itself

} // namespace tests
} // namespace ike
} // namespace ns3
