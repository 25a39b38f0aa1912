/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings-value.h"

#include "ns3/ike-ladder.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ike-transcript.h"

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

/// An ISAKMP SA by its cookies, "0123456789abcdef:fedcba9876543210"; empty: none.
py::object
WriteIdentity(const IsakmpIdentity& identity)
{
    const auto hex = [](const auto& cookie) { return ToHex(Octets(cookie.begin(), cookie.end())); };
    return py::str(identity.IsNone()
                       ? ""
                       : hex(identity.initiatorCookie) + ":" + hex(identity.responderCookie));
}

IsakmpIdentity
ReadIdentity(const std::string& field, const py::handle& value)
{
    constexpr size_t COOKIE = 8;
    constexpr size_t DIGITS = 2 * COOKIE;
    const auto text = FromPython<std::string>(field, value);
    IsakmpIdentity identity;
    if (text.empty())
    {
        return identity;
    }
    const auto octets = text.size() == 2 * DIGITS + 1 && text[DIGITS] == ':'
                            ? FromHex(text.substr(0, DIGITS) + text.substr(DIGITS + 1))
                            : std::nullopt;
    if (!octets)
    {
        ThrowBadField(field, "two cookies in hexadecimal, 'CKY-I:CKY-R'", value);
    }
    std::copy_n(octets->begin(), COOKIE, identity.initiatorCookie.begin());
    std::copy_n(octets->begin() + COOKIE, COOKIE, identity.responderCookie.begin());
    return identity;
}

/// A pair by the SPIs of its initiator and its responder; None: none.
py::object
WritePair(const PairIdentity& pair)
{
    if (pair.IsNone())
    {
        return py::none();
    }
    return py::make_tuple(pair.initiatorSpi, pair.responderSpi);
}

PairIdentity
ReadPair(const std::string& field, const py::handle& value)
{
    if (value.is_none())
    {
        return {};
    }
    const auto spis = FromPython<std::vector<uint32_t>>(field, value);
    if (spis.size() != 2)
    {
        ThrowBadField(field, "(initiator's SPI, responder's SPI) or None", value);
    }
    return {spis[0], spis[1]};
}

/// A field of an event that is an identity.
template <typename M, typename Write, typename Read>
void
AddIdentity(ValueClass<TimedEvent>& event,
            const char* name,
            M Event::*member,
            Write write,
            Read read,
            const char* doc)
{
    const std::string full = std::string("Event.") + name;
    event.AddBy(
        name,
        [member, write](const TimedEvent& e) -> py::object { return write(e.event.*member); },
        [member, read, full](TimedEvent& e, const py::handle& given) {
            e.event.*member = read(full, given);
        },
        doc);
}

/// @return the line that a transcript of this event alone has
std::string
GetLine(const TimedEvent& event)
{
    Transcript transcript;
    transcript.Record(event);
    std::string text = transcript.TakeText();
    while (!text.empty() && text.back() == '\n')
    {
        text.pop_back();
    }
    return text;
}

std::string
MakeTranscript(const std::vector<TimedEvent>& events, bool messages)
{
    Transcript transcript(TranscriptOptions{messages});
    for (const auto& event : events)
    {
        transcript.Record(event);
    }
    return Transcript::GetHeading() + transcript.TakeText();
}

std::string
MakeLadder(const std::vector<TimedEvent>& events,
           const std::string& left,
           const std::string& right,
           const py::object& from,
           const py::object& to,
           bool svg,
           const std::string& title)
{
    Ladder ladder;
    for (const auto& event : events)
    {
        ladder.Record(event);
    }
    LadderWindow window;
    if (from.is_none() && to.is_none())
    {
        window = ladder.FirstNegotiation(left, right);
    }
    window.left = left;
    window.right = right;
    window.title = title;
    if (!from.is_none())
    {
        window.from = Instant{ReadSpan(from, "start").ns};
    }
    if (!to.is_none())
    {
        window.to = Instant{ReadSpan(to, "end").ns};
    }
    return svg ? ladder.GetSvg(window) : ladder.GetText(window);
}

} // namespace

void
BindEvents(py::module_& m)
{
    ValueClass<EspKeys>(m, "EspKeys", "The keys of one direction of an IPsec SA pair.")
        .Add("spi", &EspKeys::spi, "Of this direction.")
        .AddAddress(
            "source",
            [](auto& k) -> auto& { return k.source; },
            "Outer source.")
        .AddAddress(
            "destination",
            [](auto& k) -> auto& { return k.destination; },
            "Outer destination.")
        .Add("cipher", &EspKeys::cipher, "\"3des-cbc\"")
        .Add("integrity", &EspKeys::integrity, "\"hmac-sha1-96\"")
        .Add("cipher_key", &EspKeys::cipherKey, "Octets.")
        .Add("integrity_key", &EspKeys::integrityKey, "Octets.")
        .Done();

    ValueClass<TimedEvent> event(m, "Event", "One thing that happened at a router.");
    event
        .AddAt(
            "time_ns",
            [](auto& e) -> auto& { return e.time.ns; },
            "When, in ns since the start.")
        .Add("node", &TimedEvent::node, "At which router.")
        .AddName(
            "kind",
            [](auto& e) -> auto& { return e.event.kind; },
            EventKind::Balancer,
            "What: phase1-up, pair-up, message-sent, ... (doc/scenarios.md).")
        .AddAddress(
            "local",
            [](auto& e) -> auto& { return e.event.local; },
            "This end's address; empty: none.")
        .AddAddress(
            "peer",
            [](auto& e) -> auto& { return e.event.peer; },
            "The other end's address; empty: none.")
        .AddAt(
            "connection",
            [](auto& e) -> auto& { return e.event.connection; },
            "Which tunnel, by number; 0: none.")
        .AddName(
            "role",
            [](auto& e) -> auto& { return e.event.role; },
            Role::Responder,
            "This end's role in the exchange: initiator or responder.")
        .AddName(
            "begin",
            [](auto& e) -> auto& { return e.event.begin; },
            BeginReason::PhaseTwoPending,
            "Why it began.")
        .AddName(
            "end",
            [](auto& e) -> auto& { return e.event.end; },
            EndReason::StateLost,
            "Why it ended.")
        .AddName(
            "exchange",
            [](auto& e) -> auto& { return e.event.exchange; },
            ExchangeKind::Unknown,
            "Of a message.");
    AddIdentity(event,
                "isakmp",
                &Event::isakmp,
                WriteIdentity,
                ReadIdentity,
                "The ISAKMP SA as CKY-I:CKY-R in hexadecimal; empty: none.");
    AddIdentity(event,
                "succeeds_isakmp",
                &Event::succeedsIsakmp,
                WriteIdentity,
                ReadIdentity,
                "The ISAKMP SA that it replaces.");
    AddIdentity(event,
                "pair",
                &Event::pair,
                WritePair,
                ReadPair,
                "The pair as (initiator's SPI, responder's SPI), or None.");
    AddIdentity(event,
                "succeeds_pair",
                &Event::succeedsPair,
                WritePair,
                ReadPair,
                "The pair that it replaces.");
    event
        .AddAt(
            "message_id",
            [](auto& e) -> auto& { return e.event.messageId; },
            "Of the exchange; 0 in phase 1.")
        .AddAt(
            "local_selector",
            [](auto& e) -> auto& { return e.event.localSelector; },
            "Proxy identity on this side: 0.0.0.0/0.")
        .AddAt(
            "remote_selector",
            [](auto& e) -> auto& { return e.event.remoteSelector; },
            "Proxy identity on the other side.")
        .AddAt(
            "retransmission",
            [](auto& e) -> auto& { return e.event.retransmission; },
            "Sent or seen before.")
        .AddAt(
            "value",
            [](auto& e) -> auto& { return e.event.value; },
            "Octets of a message, packets of a pair that is gone, group of a DH operation.")
        .AddAt(
            "text",
            [](auto& e) -> auto& { return e.event.text; },
            "Payloads of a message, a line of a console, why a message was dropped.")
        .AddAt(
            "octets",
            [](auto& e) -> auto& { return e.event.octets; },
            "Of phase1-keys: the key that encrypts.")
        .AddAt(
            "inbound_keys",
            [](auto& e) -> auto& { return e.event.inboundKeys; },
            "Of pair-keys: towards this end.")
        .AddAt(
            "outbound_keys",
            [](auto& e) -> auto& { return e.event.outboundKeys; },
            "Of pair-keys: away from this end.");
    event.Done()
        .def_property_readonly(
            "time",
            [](const TimedEvent& e) { return e.time.ToSeconds(); },
            "When, in s since the start.")
        .def("__str__", &GetLine);

    std::vector<std::string> kinds;
    for (unsigned i = 0; i <= static_cast<unsigned>(EventKind::Balancer); ++i)
    {
        kinds.push_back(ToString(static_cast<EventKind>(i)));
    }
    m.attr("EVENT_KINDS") = ToPython(kinds);
    m.def("transcript",
          &MakeTranscript,
          py::arg("events"),
          py::arg("messages") = true,
          "Events as lines of text, SAs and SPIs numbered as they appear.");
    m.def("ladder",
          &MakeLadder,
          py::arg("events"),
          py::arg("left"),
          py::arg("right"),
          py::arg("start") = py::none(),
          py::arg("end") = py::none(),
          py::arg("svg") = false,
          py::arg("title") = "",
          "Messages between two nodes as a ladder, as text or SVG; without start and end (s) the "
          "first negotiation.");
}

} // namespace bindings
} // namespace ike
} // namespace ns3
