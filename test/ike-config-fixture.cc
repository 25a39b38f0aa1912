/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-fixture.h"

namespace ns3
{
namespace ike
{
namespace tests
{

const char* const SEED_EXAMPLE = "crypto ipsec profile vti\n"
                                 " set transform-set 3dessha\n"
                                 " set isakmp-profile clients\n"
                                 " responder-only\n";

const char* const SEED_COMPANION = "hostname R2\n"
                                   "!\n"
                                   "crypto isakmp policy 10\n"
                                   " encr 3des\n"
                                   " authentication pre-share\n"
                                   " group 2\n"
                                   "crypto keyring ring\n"
                                   "  pre-shared-key address 0.0.0.0 0.0.0.0 key cisco123\n"
                                   "crypto isakmp profile clients\n"
                                   "   keyring ring\n"
                                   "   match identity address 10.0.1.1 255.255.255.255\n"
                                   "crypto ipsec transform-set 3dessha esp-3des esp-sha-hmac\n"
                                   "interface Ethernet0/0\n"
                                   " ip address 10.0.2.1 255.255.255.0\n"
                                   "interface Tunnel0\n"
                                   " ip address 172.16.0.2 255.255.255.252\n"
                                   " tunnel source Ethernet0/0\n"
                                   " tunnel destination 10.0.1.1\n"
                                   " tunnel mode ipsec ipv4\n"
                                   " tunnel protection ipsec profile vti\n"
                                   "ip route 0.0.0.0 0.0.0.0 10.0.2.254\n"
                                   "end\n";

ConfigReading
ReadConfig(const std::string& text)
{
    ConfigReading reading;
    IosParser parser(reading.config);
    reading.error = parser.ReadText(text, "t");
    return reading;
}

std::string
FirstError(const std::string& text)
{
    const ConfigReading reading = ReadConfig(text);
    if (reading.error)
    {
        return reading.error->ToString();
    }
    const auto errors = CheckReferences(reading.config);
    return errors.empty() ? std::string{} : errors.front().ToString();
}

GoodTextTest::GoodTextTest(const GoodRow& row)
    : TestCase(row.name),
      m_row(row)
{
}

void
GoodTextTest::DoRun()
{
    const ConfigReading first = ReadConfig(m_row.text);
    NS_TEST_ASSERT_MSG_EQ(ToText(first.error), "", "the text is right");
    const std::string written = WriteIos(first.config);
    const ConfigReading second = ReadConfig(written);
    NS_TEST_ASSERT_MSG_EQ(ToText(second.error), "", "what is written is right: " << written);
    NS_TEST_EXPECT_MSG_EQ(IsSameConfiguration(first.config, second.config), true, written);
    NS_TEST_EXPECT_MSG_EQ(WriteIos(second.config), written, "and written alike");
    NS_TEST_EXPECT_MSG_NE(written.find(m_row.written), std::string::npos, written);
}

std::string
ToText(const std::optional<ConfigError>& error)
{
    return error ? error->ToString() : std::string{};
}

} // namespace tests
} // namespace ike
} // namespace ns3
