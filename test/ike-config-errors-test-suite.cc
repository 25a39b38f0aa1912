/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-fixture.h"
#include "ike-test-compat.h"

#include "ns3/test.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// A text and the first error in it.
struct BadRow
{
    const char* text;  ///< to be read
    const char* error; ///< exactly
};

/// Errors in a line.
const BadRow BAD_LINES[] = {
    {"hostname R\n  cyrpto isakmp policy 1\n",
     "t:2:3: 'cyrpto': is not a known command: did you mean 'crypto'?"},
    {"zzzzzz\n", "t:1:1: 'zzzzzz': is not a known command"},
    {"crypto i policy 1\n", "t:1:8: 'i': is ambiguous: it may be isakmp, ipsec, identity or ikev2"},
    {"crypto isakmp policy\n",
     "t:1:15: 'policy': the command is incomplete: expected a number from 1 to 10000"},
    {"crypto isakmp policy 0\n", "t:1:22: '0': is out of range: expected a number from 1 to 10000"},
    {"crypto isakmp policy x\n", "t:1:22: 'x': is not a number: expected a number from 1 to 10000"},
    {"crypto isakmp policy 1 2\n",
     "t:1:24: '2': is one word too many: expected the end of the line"},
    {"crypto isakmp policy 1\n encr ase\n",
     "t:2:7: 'ase': does not fit here: expected des, 3des or aes; did you mean 'aes'?"},
    {"crypto isakmp policy 1\n encr aes 12\n",
     "t:2:11: '12': does not fit here: expected 128, 192 or 256"},
    {"crypto isakmp policy 1\n hash s\n",
     "t:2:7: 's': is ambiguous: it may be sha, sha256, sha384 or sha512"},
    {"crypto isakmp policy 1\n group 3\n",
     "t:2:8: '3': does not fit here: expected 1, 2, 5, 14, 15, 16, 19, 20 or 21"},
    {"crypto isakmp policy 1\n lifetime 59\n",
     "t:2:11: '59': is out of range: expected a number from 60 to 86400"},
    {"no crypto isakmp policy 7\n", "t:1:25: '7': there is no policy of this priority"},
    {"crypto isakmp key k address 10.0.0\n",
     "t:1:29: '10.0.0': is not an IPv4 address: expected an IPv4 address A.B.C.D"},
    {"crypto isakmp key k address ::1\n",
     "t:1:29: '::1': is an IPv6 address: IPv6 is known but not supported yet: expected an IPv4 "
     "address A.B.C.D"},
    {"crypto isakmp key k address 10.0.0.0 255.0.255.0\n",
     "t:1:38: '255.0.255.0': is not a network mask: expected a network mask A.B.C.D or "
     "no-xauth"},
    {"crypto isakmp key 6 k address 10.0.0.1\n",
     "t:1:19: '6': encrypted keys are known but not supported yet"},
    {"crypto isakmp key k address 10.0.0.1 no-xauth\n",
     "t:1:38: 'no-xauth': XAUTH is known but not supported yet"},
    {"crypto isakmp key k address 1.0.0.1\ncrypto isakmp key l address 1.0.0.1\n",
     "t:2:29: '1.0.0.1': a key for 1.0.0.1/32 exists already: remove that one first"},
    {"no crypto isakmp key k address 1.0.0.1\n",
     "t:1:32: '1.0.0.1': there is no key for 1.0.0.1/32"},
    {"crypto keyring default\n",
     "t:1:16: 'default': is the name of the keyring that 'crypto isakmp key' fills"},
    {"crypto ipsec transform-set t esp-sha-hmac\n",
     "t:1:30: 'esp-sha-hmac': the transform set has no cipher: add esp-des, esp-3des, "
     "esp-aes, esp-gcm, esp-gmac or esp-null"},
    {"crypto ipsec transform-set t esp-des esp-3des\n",
     "t:1:38: 'esp-3des': is a second cipher: a transform set has exactly one"},
    {"crypto ipsec transform-set t esp-des esp-md5 esp-sha-\n",
     "t:1:46: 'esp-sha-': is a second authenticator: a transform set has at most one"},
    {"crypto ipsec transform-set t esp-null\n",
     "t:1:30: 'esp-null': esp-null without an authenticator protects nothing: add "
     "esp-md5-hmac, "
     "esp-sha-hmac or esp-sha256-hmac"},
    {"crypto ipsec transform-set t esp-3des 256\n",
     "t:1:39: '256': is a key length, but not behind an AES cipher"},
    {"crypto ipsec transform-set t esp-des ah-sha-hmac\n",
     "t:1:38: 'ah-sha-hmac': is known but not supported yet"},
    {"crypto ipsec transform-set t esp-des\n mode transport require\n",
     "t:2:17: 'require': 'mode transport require' is known but not supported yet"},
    {"crypto ipsec profile p\n set security-association lifetime seconds 119\n",
     "t:2:44: '119': is out of range: expected a number from 120 to 86400"},
    {"crypto ipsec profile p\n set security-association lifetime kilobytes 4294967296\n",
     "t:2:46: '4294967296': is out of range: expected a number from 2560 to 4294967295"},
    {"crypto ipsec profile p\n set transform-set a b c d e f g\n",
     "t:2:32: 'g': is one word too many: expected the end of the line"},
    {"no crypto ipsec profile p\n", "t:1:25: 'p': there is no 'crypto ipsec profile' of this name"},
    {"set pfs\n", "t:1:1: 'set': is not a known command: it belongs under 'crypto ipsec profile'"},
    {"crypto isakmp enable\n",
     "t:1:15: 'enable': 'crypto isakmp enable' is known but not supported yet"},
    {"int tu0\n tunnel mode gre multipoint\n",
     "t:2:18: 'multipoint': 'tunnel mode gre multipoint' is known but not supported yet"},
    {"interface Serial0/0\n",
     "t:1:11: 'Serial0/0': interface Serial is known but not supported yet: expected an "
     "interface"},
    {"interface t0\n",
     "t:1:11: 't0': is ambiguous: Tunnel or TenGigabitEthernet: expected an interface"},
    {"interface Tunnel\n",
     "t:1:11: 'Tunnel': lacks the number of the Tunnel interface: expected an interface"},
    {"interface Tunnel0/0\n",
     "t:1:11: 'Tunnel0/0': is not Tunnel with a number behind it: expected an interface"},
    {"interface e0/0.10\n",
     "t:1:11: 'e0/0.10': is not Ethernet with numbers like 0/0 behind it: expected an "
     "interface"},
    {"interface foo0\n", "t:1:11: 'foo0': is not the name of an interface: expected an interface"},
    {"int e0\nno interface e0\n", "t:2:14: 'e0': a physical interface cannot be removed"},
    {"no interface tu0\n", "t:1:14: 'tu0': there is no interface Tunnel0"},
    {"int e0\n tunnel source e0\n",
     "t:2:2: 'tunnel': is accepted only under a tunnel interface, not under Ethernet0: "
     "expected "
     "it behind 'interface Tunnel'"},
    {"int e0\n ip address 10.0.0.0 255.255.255.0\n",
     "t:2:22: '255.255.255.0': bad mask /24 for address 10.0.0.0: expected a mask in which it "
     "is "
     "a host"},
    {"int e0\n ip address 10.0.0.1 255.255.255.0 secondary\n",
     "t:2:36: 'secondary': secondary addresses are known but not supported yet"},
    {"int e0\n no ip address 10.0.0.1 255.255.255.0\n",
     "t:2:16: '10.0.0.1': is not the address of Ethernet0"},
    {"int tu0\n tunnel protection ipsec profile p shared\n",
     "t:2:36: 'shared': shared protection is known but not supported yet"},
    {"ip route 10.0.0.1 255.0.0.0 1.1.1.1\n",
     "t:1:10: '10.0.0.1': inconsistent address and mask: expected 10.0.0.0"},
    {"ip route 10.0.0.0 255.0.0.0 foo\n",
     "t:1:29: 'foo': is not the name of an interface: expected an IPv4 address A.B.C.D or an "
     "interface"},
    {"ip route 10.0.0.0 255.0.0.0 1.1.1\n",
     "t:1:29: '1.1.1': is not an IPv4 address: expected an IPv4 address A.B.C.D or an "
     "interface"},
    {"no ip route 10.0.0.0 255.0.0.0 1.1.1.1\n", "t:1:13: '10.0.0.0': there is no such route"},
    {"router rip\n network 224.0.0.9\n",
     "t:2:10: '224.0.0.9': is in no network of class A, B or C: expected a classful network, "
     "such as 10.0.0.0"},
    {"router rip\n no network 10.0.0.0\n", "t:2:13: '10.0.0.0': is not configured"},
    {"router ospf 1\n", "t:1:8: 'ospf': 'router ospf' is known but not supported yet"},
    {"hostname R\nend\n hostname X\n", "t:3:2: 'hostname': nothing may follow 'end'"},
};

/// Errors that show when the text is over: references, and what is lacking.
const BadRow BAD_WHOLES[] = {
    {"crypto isakmp profile i\n keyring rnig\ncrypto keyring ring\n",
     "t:2:10: 'rnig': there is no 'crypto keyring rnig': did you mean 'ring'?"},
    {"crypto ipsec profile p\n set isakmp-profile i\n",
     "t:2:21: 'i': there is no 'crypto isakmp profile i'"},
    {"crypto ipsec transform-set t esp-des\ncrypto ipsec profile p\n set transform-set t u\n",
     "t:3:22: 'u': there is no 'crypto ipsec transform-set u'"},
    {"int tu0\n tunnel protection ipsec profile vti\n",
     "t:2:34: 'vti': there is no 'crypto ipsec profile vti'"},
    {"int tu0\n tunnel source lo0\n", "t:2:16: 'Loopback0': there is no 'interface Loopback0'"},
    {"ip route 0.0.0.0 0.0.0.0 tunnel 3\n", "t:1:26: 'Tunnel3': there is no 'interface Tunnel3'"},
    {"crypto isakmp policy 10\n group 2\n",
     "t:1:22: '10': rsa-sig needs a trustpoint with certificate and private key: configure "
     "'crypto pki trustpoint', or type 'authentication pre-share'"},
    {"crypto isakmp policy 10\n authentication rsa-sig\n",
     "t:1:22: '10': rsa-sig needs a trustpoint with certificate and private key: configure "
     "'crypto pki trustpoint', or type 'authentication pre-share'"},
    {"int tu0\n", "t:1:5: 'Tunnel0': the tunnel lacks a source: type 'tunnel source ...'"},
    {"int lo0\nint tu0\n tunnel source lo0\n",
     "t:3:16: 'Loopback0': the source of Tunnel0 has no address: type 'ip address ...' under "
     "it"},
    {"int tu0\n tunnel source 1.0.0.1\n",
     "t:1:5: 'Tunnel0': the tunnel lacks a destination: type 'tunnel destination ...'"},
    {"int tu0\n tunnel source 1.0.0.1\n tunnel destination 1.0.0.2\n tunnel mode ipsec ipv4\n",
     "t:1:5: 'Tunnel0': the tunnel lacks protection: type 'tunnel protection ipsec profile "
     "...'"},
    {"crypto ipsec profile p\nint tu0\n tunnel source 1.0.0.1\n tunnel destination 1.0.0.2\n"
     " tunnel mode ipsec ipv4\n tunnel protection ipsec profile p\n",
     "t:1:22: 'p': the profile protects Tunnel0 but has no transform set: type 'set "
     "transform-set ...'"},
    {"crypto ipsec transform-set t esp-des\ncrypto ipsec profile p\n set transform-set t\n"
     "int tu0\n tunnel source 1.0.0.1\n tunnel destination 1.0.0.2\n tunnel mode ipsec ipv4\n"
     " tunnel protection ipsec profile p\n",
     "t:8:34: 'p': there is no 'crypto isakmp policy', and rsa-sig of the default policy "
     "needs a trustpoint with certificate and private key: configure a policy with "
     "'authentication pre-share'"},
};

/// A text is wrong, and the error says where and why.
class BadTextTest : public TestCase
{
  public:
    explicit BadTextTest(const BadRow& row)
        : TestCase(MakeName(row.error)),
          m_row(row)
    {
    }

  private:
    /// The names of cases are names of files, which may not hold everything.
    static std::string MakeName(std::string name)
    {
        std::replace_if(
            name.begin(),
            name.end(),
            [](char c) { return std::string("\"/\\|?").find(c) != std::string::npos; },
            '_');
        return name;
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(FirstError(m_row.text), m_row.error, m_row.text);
    }

    BadRow m_row; ///< what is read, and what is said about it
};

/// Every error of a configuration, with its place and its words.
class IkeConfigErrorsTestSuite : public TestSuite
{
  public:
    IkeConfigErrorsTestSuite()
        : TestSuite("ike-config-errors", Type::UNIT)
    {
        for (const BadRow& row : BAD_LINES)
        {
            AddTestCase(new BadTextTest(row), TestDuration::QUICK);
        }
        for (const BadRow& row : BAD_WHOLES)
        {
            AddTestCase(new BadTextTest(row), TestDuration::QUICK);
        }
    }
};

IkeConfigErrorsTestSuite g_ikeConfigErrorsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
