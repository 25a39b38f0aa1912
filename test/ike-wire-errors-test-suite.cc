/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ike-wire-fixture.h"

#include "ns3/ike-message-rules.h"
#include "ns3/ike-message.h"
#include "ns3/test.h"

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Octets that are no message, and what we say about them.
struct MalformedSample
{
    Octets octets;    ///< a whole message
    std::string text; ///< of the error
    size_t offset;    ///< of the error
};

std::vector<MalformedSample>
MalformedHeaders()
{
    Octets tooLong = Hex(MAIN_MODE_1);
    tooLong.push_back(0);
    Octets encrypted = Wrap(0, {});
    encrypted[19] = FLAG_ENCRYPTION;
    return {
        {{}, "header: needs 8 octets where 0 are left", 0},
        {Octets(27), "header: needs 4 octets where 3 are left", 24},
        {tooLong, "header: length 176 where 177 octets arrived", 28},
        {encrypted, "header: the message is encrypted", 28},
    };
}

std::vector<MalformedSample>
MalformedChains()
{
    Octets many;
    for (size_t i = 0; i <= MAX_PAYLOADS; ++i)
    {
        Append(many, Hex("0d000004"));
    }
    const auto wrap = [](unsigned next, const char* chain) { return Wrap(next, Hex(chain)); };
    return {
        {wrap(13, "0400000400000003"), "payload 2 (KE): length 3 is less than 4", 36},
        {wrap(4, ""), "payload 1 (KE): needs 1 octets where 0 are left", 28},
        {wrap(4, "0000"), "payload 1 (KE): needs 2 octets where 0 are left", 30},
        {wrap(4,
              "0000000500"
              "00"),
         "1 octets behind the last payload",
         33},
        {wrap(4, "00000006aa"), "payload 1 (KE): length 6 exceeds the 5 octets left", 32},
        {wrap(4, "00010005aa"), "payload 1 (KE): RESERVED is 1, not 0", 30},
        {wrap(4, "0a000004"), "payload 2 (NONCE): needs 1 octets where 0 are left", 32},
        {wrap(0, "00"), "1 octets behind the last payload", 28},
        {wrap(200, "00000000"), "payload 1 (200): length 0 is less than 4", 32},
        {Wrap(13, many), "payload 65 (VID): more than 64 payloads", 28 + 64 * 4},
    };
}

std::vector<MalformedSample>
MalformedBodies()
{
    const auto wrap = [](PayloadType type, const std::string& body) {
        Octets chain = Hex("0000");
        AppendNumber(chain, 4 + body.size() / 2, 2);
        Append(chain, Hex(body));
        return Wrap(static_cast<unsigned>(type), chain);
    };
    const PayloadType n = PayloadType::Notification;
    const PayloadType d = PayloadType::Delete;
    return {
        {wrap(PayloadType::Identification, "0100"),
         "payload 1 (ID): needs 2 octets where 0 are left",
         34},
        {wrap(PayloadType::Certificate, ""),
         "payload 1 (CERT): needs 1 octets where 0 are left",
         32},
        {wrap(n, "0000000101"), "payload 1 (N): needs 1 octets where 0 are left", 37},
        {wrap(n, "00000001010500010a0b0c0d"), "payload 1 (N): needs 5 octets where 4 are left", 40},
        {wrap(d, "0000000103040002aaaaaaaa"),
         "payload 1 (D): 2 items of 4 octets do not fill the 4 octets left",
         40},
        {wrap(d, "0000000103040000aaaaaaaa"),
         "payload 1 (D): 0 items of 4 octets do not fill the 4 octets left",
         40},
        {wrap(d, "000000010300ffff"),
         "payload 1 (D): 65535 items of 0 octets do not fill the 0 octets left",
         40},
    };
}

/// The body of an SA payload with a mistake.
MalformedSample
BadSa(const std::string& body, const std::string& text, size_t offset)
{
    Octets chain = Hex("0000");
    AppendNumber(chain, 4 + body.size() / 2, 2);
    Append(chain, Hex(body));
    return {Wrap(1, chain), "payload 1 (SA): " + text, offset};
}

std::vector<MalformedSample>
MalformedSas()
{
    const std::string ipsec = "0000000100000001";
    return {
        BadSa("00000000"
              "00000001",
              "DOI 0 is not supported",
              36),
        BadSa("00000001"
              "00000003",
              "situation 3 is not supported",
              40),
        BadSa("000000010000", "needs 4 octets where 2 are left", 36),
        BadSa(ipsec, "proposal 1: needs 1 octets where 0 are left", 40),
        BadSa(ipsec + "0000000701010000", "proposal 1: needs 1 octets where 0 are left", 47),
        BadSa(ipsec + "0300000801010000", "proposal 1: next payload 3 is neither 2 nor 0", 48),
        BadSa(ipsec + "0000000801010000",
              "proposal 1: transform 1: needs 1 octets where 0 are left",
              48),
        BadSa(ipsec + "0000000801010900", "proposal 1: needs 9 octets where 0 are left", 48),
        BadSa(ipsec + "0000001001010002"
                      "0000000801010000",
              "proposal 1: 2 transforms are announced, there are 1",
              56),
        BadSa(ipsec + "0000001001010000"
                      "0000000801010000",
              "proposal 1: 0 transforms are announced, there are 1",
              56),
        BadSa(ipsec + "0200001001010001"
                      "0000000801010000",
              "proposal 2: needs 1 octets where 0 are left",
              56),
        BadSa(ipsec + "0000001001010001"
                      "0000000801010000"
                      "ff",
              "1 octets are left over",
              56),
        BadSa(ipsec + "0000001101010001"
                      "0000000801010000"
                      "ff",
              "proposal 1: 1 octets are left over",
              56),
        BadSa(ipsec + "0000001001010001"
                      "0200000801010000",
              "proposal 1: transform 1: next payload 2 is neither 3 nor 0",
              56),
        BadSa(ipsec + "0000001001010001"
                      "0000000301010000",
              "proposal 1: transform 1: length 3 is less than 4",
              52),
        BadSa(ipsec + "0000001301010001"
                      "0000000b01010000"
                      "800100",
              "proposal 1: transform 1: attribute 1: needs 2 octets where 1 are left",
              58),
        BadSa(ipsec + "0000001601010001"
                      "0000000e01010000"
                      "000c00040001",
              "proposal 1: transform 1: attribute 1: needs 4 octets where 2 are left",
              60),
    };
}

/// Everything that the reader refuses, with its words.
class MalformedInputs : public TestCase
{
  public:
    MalformedInputs()
        : TestCase("malformed messages: the error and where")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& samples :
             {MalformedHeaders(), MalformedChains(), MalformedBodies(), MalformedSas()})
        {
            for (const MalformedSample& sample : samples)
            {
                const Parsed<Message> read = ReadMessage(sample.octets);
                NS_TEST_EXPECT_MSG_EQ(read.value.has_value(), false, sample.text);
                NS_TEST_EXPECT_MSG_EQ(read.error.text, sample.text, ToHex(sample.octets));
                NS_TEST_EXPECT_MSG_EQ(read.error.offset, sample.offset, sample.text);
            }
        }
    }
};

/// A message whose end is missing is refused wherever it is cut.
class Truncations : public TestCase
{
  public:
    Truncations()
        : TestCase("messages cut at every length")
    {
    }

  private:
    void DoRun() override
    {
        const Octets message = Hex(MAIN_MODE_1);
        for (size_t length = 0; length < message.size(); ++length)
        {
            CheckCut({message.begin(), message.begin() + length});
        }
        // The last four octets are padding: without them the message is whole.
        const Octets body = Hex(QUICK_MODE_1);
        for (size_t length = 0; length < body.size(); ++length)
        {
            const Octets cut(body.begin(), body.begin() + length);
            NS_TEST_EXPECT_MSG_EQ(ReadPayloads(QuickModeHeader(), cut).value.has_value(),
                                  (length >= body.size() - 4),
                                  length);
        }
    }

    void CheckCut(Octets cut)
    {
        NS_TEST_EXPECT_MSG_EQ(ReadMessage(cut).error.text.empty(), false, cut.size());
        if (cut.size() >= HEADER_LENGTH)
        {
            // The same with a length field that agrees, so that the payloads are looked at.
            cut[26] = 0;
            cut[27] = static_cast<uint8_t>(cut.size());
            NS_TEST_EXPECT_MSG_EQ(ReadMessage(cut).error.text.substr(0, 8), "payload ", cut.size());
        }
    }
};

/// One wrong octet: an error, or a message that is written back with that octet.
class Mutations : public TestCase
{
  public:
    Mutations()
        : TestCase("messages with one octet changed")
    {
    }

  private:
    void DoRun() override
    {
        // The counts change only when the reader becomes stricter or more lenient.
        NS_TEST_EXPECT_MSG_EQ(CountParsed(Hex(MAIN_MODE_1), &ReadAndWriteMessage),
                              33514,
                              "main mode");
        NS_TEST_EXPECT_MSG_EQ(CountParsed(Hex(QUICK_MODE_1), &ReadAndWriteBody),
                              27541,
                              "quick mode");
    }

    /// What was read, printed and written back; nothing when it was refused.
    static std::optional<Octets> ReadAndWriteMessage(const Octets& octets)
    {
        const Parsed<Message> read = ReadMessage(octets);
        return read && !Print(*read.value).empty() ? std::make_optional(WriteMessage(*read.value))
                                                   : std::nullopt;
    }

    static std::optional<Octets> ReadAndWriteBody(const Octets& octets)
    {
        const Parsed<Message> read = ReadPayloads(QuickModeHeader(), octets);
        return read && !Print(*read.value).empty()
                   ? std::make_optional(
                         Concat({WritePayloads(read.value->payloads), read.value->padding}))
                   : std::nullopt;
    }

    /// How many mutations are messages.
    size_t CountParsed(const Octets& original, std::optional<Octets> (*readAndWrite)(const Octets&))
    {
        size_t parsed = 0;
        for (size_t i = 0; i < original.size() * 255; ++i)
        {
            Octets mutation = original;
            mutation[i / 255] = static_cast<uint8_t>(mutation[i / 255] + 1 + i % 255);
            const std::optional<Octets> written = readAndWrite(mutation);
            parsed += written ? 1 : 0;
            NS_TEST_EXPECT_MSG_EQ((!written || *written == mutation), true, ToHex(mutation));
        }
        return parsed;
    }
};

/// A message and whether it may be where it is.
struct RuleSample
{
    std::vector<Payload> payloads;                           ///< of the message
    unsigned number;                                         ///< its place in the exchange
    std::string refusal;                                     ///< empty: accepted
    ExchangeType exchange{ExchangeType::IdentityProtection}; ///< its exchange
    bool encrypted{false};                                   ///< its encryption bit
};

const Payload SA = Phase1Sa();
const Payload ESP_SA = Phase2Sa();
const Payload KE = KePayload{Octets(128)};
const Payload NONCE = NoncePayload{Octets(16)};
const Payload HASH = HashPayload{Octets(20)};
const Payload ID = IdPayload{IdType::Ipv4Address, 0, 0, Octets(4)};
const Payload N = NotifyPayload{};
const Payload D = DeletePayload{};
const Payload VID = VendorIdPayload{};
const Payload SIG = SignaturePayload{Octets(128)};
const Payload CERT = CertificatePayload{};
const Payload CERTREQ = CertificateRequestPayload{};

/// A payload that we do not know, or not in this place.
Payload
Other(uint8_t type)
{
    return OpaquePayload{type, {}};
}

std::vector<RuleSample>
MainModeRules()
{
    const auto mm = ExchangeType::IdentityProtection;
    return {
        {{SA}, 1, ""},
        {{SA, VID, VID, CERTREQ}, 2, ""},
        {{SA, Other(20), Other(130), Other(15)}, 1, ""},
        {{VID, SA}, 1, "SA is not the first payload"},
        {{}, 1, "no SA payload in message 1 of main-mode"},
        {{SA, SA}, 2, "2 SA payloads in message 2 of main-mode"},
        {{SA, N}, 1, "payload N does not belong in message 1 of main-mode"},
        {{SA, Other(14)}, 1, "payload 14 does not belong in message 1 of main-mode"},
        {{SA, Other(2)}, 1, "payload P does not belong in message 1 of main-mode"},
        {{SA}, 1, "message 1 of main-mode is encrypted", mm, true},
        {{NONCE, VID, KE, Other(20)}, 3, ""},
        {{KE, NONCE}, 4, ""},
        {{KE}, 3, "no NONCE payload in message 3 of main-mode"},
        {{NONCE}, 4, "no KE payload in message 4 of main-mode"},
        {{KE, NONCE, HASH}, 3, "payload HASH does not belong in message 3 of main-mode"},
        {{KE, NoncePayload{Octets(7)}}, 3, "NONCE of 7 octets, not 8 to 256"},
        {{KE, NoncePayload{Octets(257)}}, 4, "NONCE of 257 octets, not 8 to 256"},
        {{KE, NoncePayload{Octets(8)}}, 3, ""},
        {{KE, NoncePayload{Octets(256)}}, 3, ""},
        {{ID, HASH}, 5, "", mm, true},
        {{HASH, ID, N, VID}, 6, "", mm, true},
        {{ID, HASH}, 5, "message 5 of main-mode is not encrypted"},
        {{ID}, 5, "neither HASH nor SIG in message 5 of main-mode", mm, true},
        {{ID, CERT, CERT, SIG, CERTREQ}, 5, "", mm, true},
        {{SIG, ID}, 6, "", mm, true},
        {{ID, ID, HASH}, 6, "2 ID payloads in message 6 of main-mode", mm, true},
        {{ID, HASH, SIG}, 5, "both HASH and SIG in message 5 of main-mode", mm, true},
        {{ID, SIG, SIG}, 6, "2 SIG payloads in message 6 of main-mode", mm, true},
        {{IdPayload{}, HASH}, 5, "ID_IPV4_ADDR of 0 octets, not 4", mm, true},
        {{ID, HASH}, 7, "there is no message 7 of main-mode", mm, true},
        {{SA}, 0, "there is no message 0 of main-mode"},
    };
}

std::vector<RuleSample>
AggressiveRules()
{
    const auto am = ExchangeType::Aggressive;
    return {
        {{SA, KE, NONCE, ID}, 1, "", am},
        {{SA, VID, ID, CERTREQ, NONCE, KE, VID}, 1, "", am},
        {{KE, SA, NONCE, ID}, 1, "SA is not the first payload", am},
        {{SA, KE, NONCE}, 1, "no ID payload in message 1 of aggressive-mode", am},
        {{SA}, 1, "no KE payload in message 1 of aggressive-mode", am},
        {{SA, KE, NONCE, ID, HASH},
         1,
         "payload HASH does not belong in message 1 of aggressive-mode",
         am},
        {{SA, KE, NONCE, ID}, 1, "message 1 of aggressive-mode is encrypted", am, true},
        {{SA, KE, NONCE, ID, HASH, VID, Other(20), Other(20)}, 2, "", am},
        {{SA, KE, NONCE, ID, CERT, SIG, CERTREQ}, 2, "", am},
        {{SA, KE, NONCE, ID}, 2, "neither HASH nor SIG in message 2 of aggressive-mode", am},
        {{SA, KE, NONCE, ID, HASH, SIG},
         2,
         "both HASH and SIG in message 2 of aggressive-mode",
         am},
        {{SA, KE, NONCE, ID, HASH}, 2, "message 2 of aggressive-mode is encrypted", am, true},
        {{HASH}, 3, "", am, true},
        {{HASH}, 3, "", am, false},
        {{Other(20), HASH, Other(20), N}, 3, "", am, true},
        {{CERT, SIG}, 3, "", am, true},
        {{CERT}, 3, "neither HASH nor SIG in message 3 of aggressive-mode", am, true},
        {{ID, HASH}, 3, "payload ID does not belong in message 3 of aggressive-mode", am, true},
        {{HASH}, 4, "there is no message 4 of aggressive-mode", am, true},
    };
}

std::vector<RuleSample>
QuickModeRules()
{
    const auto qm = ExchangeType::QuickMode;
    return {
        {{HASH, ESP_SA, NONCE}, 1, "", qm, true},
        {{HASH, ESP_SA, NONCE, KE, ID, ID, N}, 2, "", qm, true},
        {{HASH, ESP_SA, NONCE, ID, ID, Other(21), Other(21)}, 1, "", qm, true},
        {{HASH, ESP_SA, NONCE, ID, ID, Other(21)}, 2, "", qm, true},
        {{HASH, ESP_SA, NONCE, ID},
         1,
         "one ID payload in quick-mode: IDci and IDcr come together",
         qm,
         true},
        {{HASH, ESP_SA, NONCE, ID, ID, ID},
         1,
         "3 ID payloads in message 1 of quick-mode",
         qm,
         true},
        {{ESP_SA, HASH, NONCE}, 1, "HASH is not the first payload", qm, true},
        {{HASH, NONCE, ESP_SA}, 1, "SA does not follow HASH", qm, true},
        {{HASH, ESP_SA, ESP_SA, NONCE}, 1, "2 SA payloads in message 1 of quick-mode", qm, true},
        {{HASH, ESP_SA}, 2, "no NONCE payload in message 2 of quick-mode", qm, true},
        {{HASH, ESP_SA, NONCE, D},
         1,
         "payload D does not belong in message 1 of quick-mode",
         qm,
         true},
        {{HASH, ESP_SA, NONCE}, 1, "message 1 of quick-mode is not encrypted", qm, false},
        {{HASH}, 3, "", qm, true},
        {{N, HASH}, 3, "HASH is not the first payload", qm, true},
        {{HASH, NONCE}, 3, "payload NONCE does not belong in message 3 of quick-mode", qm, true},
        {{HASH}, 4, "there is no message 4 of quick-mode", qm, true},
    };
}

std::vector<RuleSample>
InformationalRules()
{
    const auto info = ExchangeType::Informational;
    return {
        {{HASH, N}, 1, "", info, true},
        {{HASH, D, D, N}, 1, "", info, true},
        {{HASH}, 1, "neither N nor D in informational", info, true},
        {{HASH, VID}, 1, "neither N nor D in informational", info, true},
        {{D, HASH}, 1, "HASH is not the first payload", info, true},
        {{N}, 1, "no HASH payload in message 1 of informational", info, true},
        {{N}, 1, "", info, false},
        {{N, N}, 1, "2 N payloads in message 1 of informational", info, false},
        {{D}, 1, "payload D does not belong in message 1 of informational", info, false},
        {{HASH, N}, 1, "payload HASH does not belong in message 1 of informational", info, false},
        {{N}, 2, "there is no message 2 of informational", info, false},
        {{SA}, 1, "there is no message 1 of base", ExchangeType::Base},
    };
}

/// What a message must hold in its place.
class Rules : public TestCase
{
  public:
    Rules()
        : TestCase("rules of messages")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& samples :
             {MainModeRules(), AggressiveRules(), QuickModeRules(), InformationalRules()})
        {
            for (const RuleSample& s : samples)
            {
                const Message message{MakeHeader(s.exchange, s.encrypted), s.payloads, {}};
                NS_TEST_EXPECT_MSG_EQ(CheckRules(message, s.exchange, s.number).value_or(""),
                                      s.refusal,
                                      PrintPayloadNames(message.header, s.payloads));
            }
        }
        CheckHeaders();
    }

    void CheckHeaders()
    {
        const auto mm = ExchangeType::IdentityProtection;
        Message message{MakeHeader(mm, false), {SA}, {}};
        ExpectRefusal(message, ExchangeType::QuickMode, "exchange main-mode is not quick-mode");
        message.header.messageId = 1;
        ExpectRefusal(message, mm, "message ID is not 0 in main-mode");
        message.header.version = 0x20;
        ExpectRefusal(message, mm, "major version 2 is not 1");
        message = {MakeHeader(ExchangeType::QuickMode, true), {HASH, ESP_SA, NONCE}, {}};
        message.header.messageId = 0;
        ExpectRefusal(message, ExchangeType::QuickMode, "message ID is 0 in quick-mode");
    }

    void ExpectRefusal(const Message& message, ExchangeType exchange, const std::string& refusal)
    {
        NS_TEST_EXPECT_MSG_EQ(CheckRules(message, exchange, 1).value_or(""), refusal, "header");
    }
};

/// Messages that are cut, changed, malformed, or not where they belong.
class IkeWireErrorsTestSuite : public TestSuite
{
  public:
    IkeWireErrorsTestSuite()
        : TestSuite("ike-wire-errors", Type::UNIT)
    {
        AddTestCase(new MalformedInputs, TestDuration::QUICK);
        AddTestCase(new Truncations, TestDuration::QUICK);
        AddTestCase(new Mutations, TestDuration::QUICK);
        AddTestCase(new Rules, TestDuration::QUICK);
    }
};

IkeWireErrorsTestSuite g_ikeWireErrorsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
