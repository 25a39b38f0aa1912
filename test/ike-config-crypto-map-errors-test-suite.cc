/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-fixture.h"
#include "ike-test-compat.h"

#include "ns3/test.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// A text, and the first error in it.
struct BadMapRow
{
    std::string text;  ///< to be read
    std::string error; ///< begins so
};

/// A whole text with one manual entry: what stands in the block of the entry, and in its list.
std::string
ManualText(const std::string& transforms, const std::string& block, const std::string& list)
{
    return "crypto ipsec transform-set t " + transforms + "\n" +
           "crypto map m 1 ipsec-manual\n set peer 1.1.1.1\n set transform-set t\n"
           " match address 100\n" +
           block + list +
           "interface Ethernet0/0\n ip address 1.1.1.2 255.255.255.0\n crypto map m\n";
}

std::vector<BadMapRow>
ListBadTexts()
{
    const std::string list = "access-list 100 permit ip any any\n";
    const std::string both = " set session-key inbound esp 300 cipher 0011223344556677\n"
                             " set session-key outbound esp 300 cipher 0011223344556677\n";
    const std::string map = "crypto map m 1 ipsec-isakmp\n";
    const std::string use =
        "interface Ethernet0/0\n ip address 1.1.1.2 255.255.255.0\n crypto map m\n";
    const std::string listed = map + " match address 100\n";
    return {
        // Access lists.
        {"access-list 10 permit 10.0.0.0 0.0.0.255\n",
         "t:1:13: '10': is the number of a standard list, which names no destination: what crypto "
         "maps match has both ends: expected a number from 100 to 199 or from 2000 to 2699"},
        {"access-list 1300 permit 10.0.0.0\n", "t:1:13: '1300': is the number of a standard list"},
        {"access-list 200 permit 10.0.0.0\n",
         "t:1:13: '200': is not the number of an access list for IP: expected"},
        {"access-list 100 permit\n", "t:1:17: 'permit': the command is incomplete: expected ip"},
        {"access-list 100 permit ip host\n",
         "t:1:27: 'host': the command is incomplete: expected an IPv4 address A.B.C.D"},
        {"access-list 100 permit ip hots any\n",
         "t:1:27: 'hots': is not an IPv4 address: expected any, host or an IPv4 address A.B.C.D"},
        {"access-list 100 permit ip 10.0.0.1 any\n",
         "t:1:36: 'any': is not a wildcard: expected a wildcard A.B.C.D or 'host 10.0.0.1' in "
         "place of the address alone"},
        {"access-list 100 permit ip host ::1 any\n",
         "t:1:32: '::1': is an IPv6 address: IPv6 is known but not supported yet"},
        {"access-list 100 permit ip any any eq 5\n",
         "t:1:35: 'eq': does not fit here: expected log"},
        {"access-list 100 permit tcp any any eq telent\n",
         "t:1:39: 'telent': is not a port: expected a port from 0 to 65535 or its name such as "
         "telnet; did you mean 'telnet'?"},
        {"access-list 100 permit tcp any any eq isakmp\n", "t:1:39: 'isakmp': is not a port"},
        {"access-list 100 permit udp any any eq 65536\n", "t:1:39: '65536': is not a port"},
        {"access-list 100 permit udp any any range 5\n",
         "t:1:42: '5': the command is incomplete: expected a port from 0 to 65535"},
        {"access-list 100 permit udp any any range 5 4\n",
         "t:1:44: '4': is below the first port of the range"},
        {"access-list 100 permit tcp any any established\n",
         "t:1:36: 'established': 'established' in an access list is known but not supported yet"},
        {"access-list 100 permit icmp any any echo\n",
         "t:1:37: 'echo': 'echo' in an access list is known but not supported yet"},
        {"access-list 100 permit 256 any any\n", "t:1:24: '256': is out of range"},
        {"no access-list 100\n", "t:1:16: '100': there is no access list of this name"},
        {"ip access-list extended 99\n",
         "t:1:25: '99': is not the number of an extended access list"},
        {"ip access-list standard s\n",
         "t:1:16: 'standard': 'ip access-list standard' is known but not supported yet"},
        {"ip access-list extended a\n permit ip any any\n 10 deny ip any any\n",
         "t:3:2: '10': is the number of another line: type 'no 10' first"},
        {"ip access-list extended a\n permit ip any any\n 20 permit ip any any\n",
         "t:3:2: '20': the line is there already and has the number 10: type 'no 10' first"},
        {"ip access-list extended a\n no 10\n",
         "t:2:5: '10': the access list has no line of this number"},
        {"ip access-list extended a\n no permit ip any any\n",
         "t:2:5: 'a': the access list has no such line"},
        {"ip access-list extended a\n 2147483647 permit ip any any\n deny ip any any\n",
         "t:3:2: 'a': the access list is full"},
        {"permit ip any any\n",
         "t:1:1: 'permit': is not a known command: it belongs under 'ip access-list extended'"},
        // Header lines.
        {"crypto map m 1\n",
         "t:1:14: '1': there is no such entry yet: expected ipsec-isakmp or ipsec-manual"},
        {"crypto map m 1 ipsec-isakmp\ncrypto map m 1 ipsec-manual\n",
         "t:2:14: '1': the entry is there and is ipsec-isakmp: type 'no crypto map m 1' first"},
        {"crypto dynamic-map d 1\ncrypto map m 1 ipsec-isakmp dynamic d\ncrypto map m 1\n",
         "t:3:14: '1': the entry is there and is ipsec-isakmp dynamic: type 'no crypto map m 1' "
         "first"},
        {"crypto map m 1 ipsec-isakmp profile p\n", "t:1:29: 'profile': 'crypto map m 1 ipsec"},
        {"no crypto map m\n", "t:1:15: 'm': there is no crypto map of this name"},
        {"crypto map m 1 ipsec-isakmp\nno crypto map m 2\n",
         "t:2:17: '2': the crypto map has no entry of this number"},
        {"crypto map m 65536 ipsec-isakmp\n", "t:1:14: '65536': is out of range"},
        // The block.
        {map + " set peer 1.1.1.1 default\n",
         "t:2:19: 'default': 'set peer ... default' is known but not supported yet: peers are "
         "tried in the order of their lines"},
        {map + " no set peer 1.1.1.1\n", "t:2:14: '1.1.1.1': is not a peer of this entry"},
        {map + " set session-key inbound esp 300 cipher 00\n",
         "t:2:2: 'session-key': is accepted only in an ipsec-manual entry: IKE makes the keys of "
         "this one: expected it behind 'crypto map NAME SEQ ipsec-manual'"},
        {map + " set reverse-route\n", "t:2:6: 'reverse-route': 'set reverse-route' is known but"},
        {map + " reverse-route static\n", "t:2:2: 'reverse-route': 'reverse-route' is known but"},
        {"set peer 1.1.1.1\n",
         "t:1:1: 'set': is not a known command: it belongs under 'crypto map'"},
        {"crypto map m 1 ipsec-manual\n set peer 1.1.1.1\n set peer 1.1.1.2\n",
         "t:3:11: '1.1.1.2': is a second peer, and an ipsec-manual entry has exactly one: type "
         "'no set peer 1.1.1.1' first"},
        {"crypto map m 1 ipsec-manual\n set transform-set a b\n",
         "t:2:22: 'b': is a second transform set, and an ipsec-manual entry has exactly one"},
        {"crypto map m 1 ipsec-manual\n set pfs\n",
         "t:2:2: 'pfs': is not accepted in an ipsec-manual entry: its SAs are not negotiated: use "
         "an ipsec-isakmp entry"},
        {"crypto map m 1 ipsec-manual\n set session-key inbound ah 300 00\n",
         "t:2:26: 'ah': AH is known but not supported yet: expected esp"},
        {"crypto map m 1 ipsec-manual\n set session-key inbound esp 255 cipher 00\n",
         "t:2:30: '255': is out of range: expected a number from 256 to 4294967295"},
        {"crypto map m 1 ipsec-manual\n set session-key inbound esp 256 cipher 001\n",
         "t:2:41: '(key)': is not an even number of hexadecimal digits"},
        {"crypto map m 1 ipsec-manual\n set session-key inbound esp 256 cipher 00 auth 0g\n",
         "t:2:49: '(key)': is not an even number of hexadecimal digits"},
        // Interfaces, passive mode.
        {"crypto map m 1 ipsec-isakmp\ninterface Tunnel0\n crypto map m\n",
         "t:3:2: 'map': a crypto map belongs to a physical interface or a loopback, not to "
         "Tunnel0: a tunnel is protected by 'tunnel protection ipsec profile'"},
        {"crypto ipsec optional retry 60\n",
         "t:1:23: 'retry': 'crypto ipsec optional' must be enabled before 'crypto ipsec optional "
         "retry' can be used: type 'crypto ipsec optional' first"},
        {"crypto ipsec optional\nno crypto ipsec optional\ncrypto ipsec optional retry 60\n",
         "t:3:23: 'retry': 'crypto ipsec optional' must be enabled"},
        {"crypto ipsec optional\ncrypto ipsec optional retry 0\n", "t:2:29: '0': is out of range"},
        // References.
        {map + " set transform-set x\n", "t:2:20: 'x': there is no 'crypto ipsec transform-set x'"},
        {map + " set isakmp-profile x\n", "t:2:21: 'x': there is no 'crypto isakmp profile x'"},
        {"crypto dynamic-map dyn 1\ncrypto map m 1 ipsec-isakmp dynamic dny\n",
         "t:2:37: 'dny': there is no 'crypto dynamic-map dny': did you mean 'dyn'?"},
        {"crypto map m local-address Loopback0\n",
         "t:1:28: 'Loopback0': there is no 'interface Loopback0'"},
        {map + "interface Ethernet0/0\n crypto map n\n", "t:3:13: 'n': there is no 'crypto map n'"},
        {"ip access-list extended flows\n" + map + " match address flow\n",
         "t:3:16: 'flow': there is no 'access-list flow': did you mean 'flows'?"},
        {listed + "access-list 100 deny tcp any range 1 5 any\n"
                  "access-list 100 permit tcp any range 1 5 any\n",
         "t:4:1: 'permit tcp any range 1 5 any': IKE cannot name this flow to a peer, but 'crypto "
         "map m 1' matches access list 100: a crypto map takes all ports or one ('eq'): write one "
         "line for each"},
        {listed + "access-list 100 permit ip any 10.0.0.0 255.255.255.0\n",
         "t:3:1: 'permit ip any 0.0.0.0 255.255.255.0': IKE cannot name this flow to a peer, but "
         "'crypto map m 1' matches access list 100: it looks like a network mask: the wildcard is "
         "0.0.0.255"},
        {listed + "access-list 100 permit ip 10.0.0.1 0.0.255.0 any\n",
         "t:3:1: 'permit ip 10.0.0.1 0.0.255.0 any': IKE cannot name this flow to a peer, but "
         "'crypto map m 1' matches access list 100: its wildcard has holes: write one line for "
         "each network"},
        // What is missing.
        {map + use, "t:1:12: 'm 1': the crypto map entry lacks a peer: type 'set peer ...'"},
        {map + " set peer 1.1.1.1\n" + use,
         "t:1:12: 'm 1': the crypto map entry lacks an access list: type 'match address ...'"},
        {listed + " set peer 1.1.1.1\n" + list + use,
         "t:1:12: 'm 1': the crypto map entry lacks a transform set: type 'set transform-set ...'"},
        {map + "interface Ethernet0/0\n crypto map m\n",
         "t:3:13: 'm': the crypto map of Ethernet0/0 has no address to send from: type 'ip address "
         "...' under the interface, or 'crypto map m local-address ...'"},
        {"crypto ipsec transform-set t esp-des\n" + listed +
             " set peer 1.1.1.1\n set transform-set t\n" + list + use,
         "t:2:12: 'm 1': there is no 'crypto isakmp policy', and rsa-sig of the default policy"},
        {"crypto dynamic-map d 1\ncrypto map m 1 ipsec-isakmp dynamic d\n" + use,
         "t:1:20: 'd 1': the crypto map entry lacks a transform set"},
        // Manual keys.
        {ManualText("esp-des", both, list + "access-list 100 permit tcp any any\n"),
         "t:5:16: '100': the access list of an ipsec-manual entry has exactly one permit line, and "
         "this one has 2: write an entry for each flow"},
        {ManualText("esp-des", both, "access-list 100 deny ip any any\n"),
         "t:5:16: '100': the access list of an ipsec-manual entry has exactly one permit line, and "
         "this one has 0"},
        {ManualText("esp-des", "", list),
         "t:2:12: 'm 1': the crypto map entry lacks its inbound keys: type 'set session-key "
         "inbound "
         "esp ...'"},
        {ManualText("esp-aes", both, list),
         "t:6:30: '300': the cipher of the transform set needs a key of 16 octets (32 hexadecimal "
         "digits), not of 8: type 'set session-key ...' again, or choose another transform set"},
        {ManualText("esp-des esp-sha-hmac", both, list),
         "t:6:30: '300': the authenticator of the transform set needs a key of 20 octets (40 "
         "hexadecimal digits), not of 0"},
        {ManualText("esp-null esp-sha-hmac", both, list),
         "t:6:30: '300': the cipher of the transform set needs no key, not of 8"},
        {ManualText("esp-gcm", both, list),
         "t:4:20: 't': a counter mode must not be used with keys that are typed"},
        {ManualText("esp-des esp-sha-hmac\n esn", both, list),
         "t:5:20: 't': extended sequence numbers are negotiated, and an ipsec-manual entry"},
    };
}

/// Each wrong text has an error that says where, what and what to do.
class BadMapTest : public TestCase
{
  public:
    BadMapTest()
        : TestCase("errors")
    {
    }

  private:
    void DoRun() override
    {
        for (const BadMapRow& row : ListBadTexts())
        {
            NS_TEST_EXPECT_MSG_EQ(FirstError(row.text).substr(0, row.error.size()),
                                  row.error,
                                  row.text);
        }
        NS_TEST_EXPECT_MSG_EQ(
            FirstError(ManualText("esp-des",
                                  " set session-key inbound esp 300 cipher 0011223344556677\n"
                                  " set session-key outbound esp 300 cipher 001122334455667788\n",
                                  "access-list 100 permit ip any any\n")),
            "",
            "a longer key is cut, as in IOS");
    }
};

/// Every error of crypto maps and access lists, with its place and its words.
class IkeConfigCryptoMapErrorsTestSuite : public TestSuite
{
  public:
    IkeConfigCryptoMapErrorsTestSuite()
        : TestSuite("ike-config-crypto-map-errors", Type::UNIT)
    {
        AddTestCase(new BadMapTest, TestDuration::QUICK);
    }
};

IkeConfigCryptoMapErrorsTestSuite g_ikeConfigCryptoMapErrorsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
