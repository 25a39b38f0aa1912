/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ike-vectors.h"

#include "ns3/ike-message-rules.h"
#include "ns3/ike-message.h"
#include "ns3/test.h"

#include <map>
#include <sstream>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// A recorded message of IKEv1 and what was inside it, if that is known.
struct RecordedMessage
{
    std::string where;               ///< file and number, for failures
    Octets octets;                   ///< the whole message
    std::optional<Octets> plaintext; ///< decrypted body of an encrypted message
    std::string chain;               ///< "1,13,13": types that others found, or empty
};

/// The types of a chain without those inside SA payloads (2: proposal, 3: transform).
std::string
WithoutNested(const std::string& chain)
{
    std::istringstream in(chain);
    std::string out;
    for (std::string type; std::getline(in, type, ',');)
    {
        out += type == "2" || type == "3" ? "" : (out.empty() ? "" : ",") + type;
    }
    return out;
}

/// The types of payloads as WithoutNested() writes them.
std::string
PrintTypes(const std::vector<Payload>& payloads)
{
    std::string out;
    for (const Payload& p : payloads)
    {
        out += (out.empty() ? "" : ",") + std::to_string(TypeOf(p));
    }
    return out;
}

bool
IsVersion1(const Octets& message)
{
    return message.size() > 17 && message[17] == 0x10;
}

/// A list in a file, which is empty without the file.
nlohmann::json
ListOf(const std::optional<nlohmann::json>& file, const std::string& member)
{
    return file ? file->at(member) : nlohmann::json::array();
}

/// peers/*.json: exchanges recorded for this project.
std::vector<RecordedMessage>
LoadPeer(const std::string& name)
{
    std::vector<RecordedMessage> messages;
    const auto json = LoadVectors("peers/" + name + ".json");
    for (const auto& m : ListOf(json, "ike_messages"))
    {
        RecordedMessage r{name + " " + std::to_string(messages.size()),
                          HexOf(m, "isakmp_hex"),
                          {},
                          {}};
        r.chain = WithoutNested(m.value("payload_chain", ""));
        if (m.contains("plaintext_hex"))
        {
            r.plaintext = HexOf(m, "plaintext_hex");
        }
        messages.push_back(r);
    }
    return messages;
}

/// captures/*.json: recorded by others.
std::vector<RecordedMessage>
LoadCapture(const std::string& name)
{
    std::vector<RecordedMessage> messages;
    const auto json = LoadVectors("captures/" + name + ".json");
    for (const auto& m : ListOf(json, "messages"))
    {
        RecordedMessage r{name + " " + std::to_string(messages.size()), HexOf(m, "data"), {}, {}};
        if (m.contains("decrypted"))
        {
            r.plaintext = HexOf(m["decrypted"], "plaintext");
        }
        if (m.value("kind", "") == "ike" && IsVersion1(r.octets))
        {
            messages.push_back(r);
        }
    }
    return messages;
}

/// captures/rub_nds_handshakes.json: handshakes of a research tool with real gateways.
std::vector<RecordedMessage>
LoadHandshakes(const std::string& onlyName)
{
    std::vector<RecordedMessage> messages;
    const auto json = LoadVectors("captures/rub_nds_handshakes.json");
    for (const auto& h : ListOf(json, "handshakes"))
    {
        const std::string name = h.value("name", "");
        for (const auto& m : h["messages"])
        {
            RecordedMessage r{name + " " + std::to_string(messages.size()),
                              HexOf(m, "data"),
                              {},
                              {}};
            if (m.contains("plaintext"))
            {
                r.plaintext = HexOf(m, "plaintext");
            }
            if (IsVersion1(r.octets) && (onlyName.empty() || name == onlyName))
            {
                messages.push_back(r);
            }
        }
    }
    return messages;
}

/// The message, if it is not encrypted or its plaintext is known.
std::optional<Parsed<Message>>
Read(const RecordedMessage& r)
{
    const Parsed<Header> header = ReadHeader(r.octets);
    if (!header)
    {
        return Parsed<Message>{std::nullopt, header.error};
    }
    if (!header.value->IsEncrypted())
    {
        return ReadMessage(r.octets);
    }
    return r.plaintext ? std::make_optional(ReadPayloads(*header.value, *r.plaintext))
                       : std::nullopt;
}

const char* const PEERS[] = {
    "ikev1-aggr-psk-aes128-sha1-modp2048",
    "ikev1-main-psk-3des-sha1-modp1024",
    "ikev1-main-psk-aes128-sha1-modp2048",
    "ikev1-main-psk-aes128-sha1-modp2048-natt",
    "ikev1-main-psk-aes128-sha1-modp2048-pfs-dpd",
    "ikev1-neg-no-proposal",
};

const char* const CAPTURES[] = {
    "ikev1-certs",
    "lsw_01-isakmp-vid-first",
    "suricata_ikev1-main-mode",
    "tcpdump_isakmp4500",
};

/// What real daemons send is read, printed, and written back to the same octets.
class RecordedMessages : public TestCase
{
  public:
    RecordedMessages()
        : TestCase("recorded messages: read, printed, written back")
    {
    }

  private:
    void DoRun() override
    {
        if (!LoadVectors("peers/ikev1-main-psk-3des-sha1-modp1024.json"))
        {
            return;
        }
        for (const char* peer : PEERS)
        {
            CheckAll(LoadPeer(peer));
        }
        NS_TEST_EXPECT_MSG_EQ(m_count, 78, "messages of peers");
        for (const char* capture : CAPTURES)
        {
            CheckAll(LoadCapture(capture));
        }
        NS_TEST_EXPECT_MSG_EQ(m_count, 78 + 18, "and of captures");
        CheckAll(LoadHandshakes(""));
        NS_TEST_EXPECT_MSG_EQ(m_count, 78 + 18 + 31, "and of handshakes");
    }

    void CheckAll(const std::vector<RecordedMessage>& messages)
    {
        for (const RecordedMessage& r : messages)
        {
            if (const std::optional<Parsed<Message>> read = Read(r))
            {
                ++m_count;
                NS_TEST_ASSERT_MSG_EQ(read->error.text, "", r.where);
                Check(r, *read->value);
            }
        }
    }

    void Check(const RecordedMessage& r, const Message& message)
    {
        const Octets body = Concat({WritePayloads(message.payloads), message.padding});
        NS_TEST_EXPECT_MSG_EQ(ToHex(body), ToHex(r.plaintext.value_or(BodyOf(r))), r.where);
        if (!r.plaintext)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(WriteMessage(message)), ToHex(r.octets), r.where);
        }
        if (!r.chain.empty())
        {
            NS_TEST_EXPECT_MSG_EQ(PrintTypes(message.payloads), r.chain, r.where);
        }
        NS_TEST_EXPECT_MSG_EQ(Print(message).empty(), false, r.where);
    }

    static Octets BodyOf(const RecordedMessage& r)
    {
        return {r.octets.begin() + HEADER_LENGTH, r.octets.end()};
    }

    size_t m_count{0}; ///< messages that were read
};

/// What a wrong key makes of a message is no message.
class WrongKeys : public TestCase
{
  public:
    WrongKeys()
        : TestCase("messages decrypted with the wrong key are refused")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<std::string> errors;
        for (const RecordedMessage& r : LoadPeer("ikev1-neg-wrong-psk"))
        {
            if (r.plaintext)
            {
                errors.push_back(Read(r)->error.text);
            }
        }
        if (!errors.empty())
        {
            NS_TEST_ASSERT_MSG_EQ(errors.size(), 4, "encrypted messages");
            NS_TEST_EXPECT_MSG_EQ(errors[0], "payload 1 (ID): RESERVED is 239, not 0", "1");
            NS_TEST_EXPECT_MSG_EQ(errors[1], "payload 1 (HASH): RESERVED is 238, not 0", "2");
            NS_TEST_EXPECT_MSG_EQ(errors[2], errors[0], "3 repeats 1");
            NS_TEST_EXPECT_MSG_EQ(errors[3], "payload 1 (HASH): RESERVED is 247, not 0", "4");
        }
    }
};

/// Real daemons keep the rules in main mode with pre-shared keys, quick mode and informational.
class RecordedRules : public TestCase
{
  public:
    RecordedRules()
        : TestCase("recorded messages keep the rules")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<std::vector<RecordedMessage>> exchanges = {
            LoadHandshakes("testMainModePSKHandshake"),
            LoadHandshakes("testMoreThanOneMessageHandshake")};
        for (const char* peer : PEERS)
        {
            exchanges.push_back(LoadPeer(peer));
        }
        for (const auto& messages : exchanges)
        {
            CheckExchanges(messages);
        }
        const size_t expected = exchanges.back().empty() ? 0 : 91;
        NS_TEST_EXPECT_MSG_EQ(m_count, expected, "messages that keep the rules");
        CheckVendorIdFirst();
    }

    /// Messages of one exchange have one message ID; informational exchanges have one message.
    void CheckExchanges(const std::vector<RecordedMessage>& messages)
    {
        std::map<uint32_t, unsigned> numbers;
        for (const RecordedMessage& r : messages)
        {
            const std::optional<Parsed<Message>> read = Read(r);
            const ExchangeType exchange = read->value->header.exchange;
            if (exchange != ExchangeType::Aggressive)
            {
                const bool isAlone = exchange == ExchangeType::Informational;
                const unsigned number = isAlone ? 1 : ++numbers[read->value->header.messageId];
                NS_TEST_EXPECT_MSG_EQ(CheckRules(*read->value, exchange, number).value_or(""),
                                      "",
                                      r.where);
                ++m_count;
            }
        }
    }

    /// A test of libreswan: RFC 2409 5 demands that SA is first.
    void CheckVendorIdFirst()
    {
        for (const RecordedMessage& r : LoadCapture("lsw_01-isakmp-vid-first"))
        {
            NS_TEST_EXPECT_MSG_EQ(
                CheckRules(*Read(r)->value, ExchangeType::IdentityProtection, 1).value_or(""),
                "SA is not the first payload",
                r.where);
        }
    }

    size_t m_count{0}; ///< messages that were looked at
};

/// Packets that crashed others are read without harm, as messages and as decrypted bodies.
class HostilePackets : public TestCase
{
  public:
    HostilePackets()
        : TestCase("hostile packets are read or refused")
    {
    }

  private:
    void DoRun() override
    {
        const auto json = LoadVectors("malformed/malformed_and_seeds.json");
        if (!json)
        {
            return;
        }
        for (const auto& item : (*json)["items"])
        {
            const Octets octets = HexOf(item, "data");
            CheckMessage(octets, item.value("name", ""));
            CheckBody(octets, item.value("name", ""));
        }
        NS_TEST_EXPECT_MSG_EQ(m_items, 58, "items");
        NS_TEST_EXPECT_MSG_EQ(m_version1, 9, "messages of version 1");
        NS_TEST_EXPECT_MSG_EQ(m_parsed1, 3, "of which are messages");
    }

    /// As it arrived.
    void CheckMessage(const Octets& octets, const std::string& name)
    {
        ++m_items;
        const Parsed<Message> read = ReadMessage(octets);
        m_version1 += IsVersion1(octets) ? 1 : 0;
        m_parsed1 += IsVersion1(octets) && read ? 1 : 0;
        NS_TEST_EXPECT_MSG_EQ(read.value.has_value(), read.error.text.empty(), name);
        if (read)
        {
            NS_TEST_EXPECT_MSG_EQ(Print(*read.value).empty(), false, name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(WriteMessage(*read.value)), ToHex(octets), name);
        }
    }

    /// As the decrypted body of a message, whose first payload is of any type.
    void CheckBody(const Octets& octets, const std::string& name)
    {
        Header header;
        header.flags = FLAG_ENCRYPTION;
        for (unsigned type = 0; type < 256; ++type)
        {
            header.nextPayload = static_cast<uint8_t>(type);
            const Parsed<Message> read = ReadPayloads(header, octets);
            NS_TEST_EXPECT_MSG_EQ(read.value.has_value(), read.error.text.empty(), name);
            if (read)
            {
                const Octets written =
                    Concat({WritePayloads(read.value->payloads), read.value->padding});
                NS_TEST_EXPECT_MSG_EQ(ToHex(written), ToHex(octets), name);
            }
        }
    }

    size_t m_items{0};    ///< packets of any kind
    size_t m_version1{0}; ///< that say that they are IKEv1
    size_t m_parsed1{0};  ///< and are
};

/// The reader on messages that nobody of this project made.
class IkeWireVectorsTestSuite : public TestSuite
{
  public:
    IkeWireVectorsTestSuite()
        : TestSuite("ike-wire-vectors", Type::UNIT)
    {
        AddTestCase(new RecordedMessages, TestDuration::QUICK);
        AddTestCase(new WrongKeys, TestDuration::QUICK);
        AddTestCase(new RecordedRules, TestDuration::QUICK);
        AddTestCase(new HostilePackets, TestDuration::QUICK);
    }
};

IkeWireVectorsTestSuite g_ikeWireVectorsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
