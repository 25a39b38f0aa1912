/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-transcript.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// The number of a key, the next free one when it is new.
template <typename K>
unsigned
Number(std::map<K, unsigned>& numbers, const K& key)
{
    return numbers.try_emplace(key, static_cast<unsigned>(numbers.size() + 1)).first->second;
}

std::string
Numbered(const char* what, unsigned number)
{
    return number == 0 ? "-" : what + std::to_string(number);
}

std::string
PadRight(std::string text, size_t width)
{
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

std::string
PadLeft(const std::string& text, size_t width)
{
    return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}

std::string
LineOf(const std::string& time,
       const std::string& node,
       const std::string& peer,
       const std::string& event,
       const std::string& details)
{
    const std::string line = PadLeft(time, 16) + "  " + PadRight(node, 12) + "  " +
                             PadRight(peer, 15) + "  " + PadRight(event, 18) + "  " + details;
    return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

/// One event is one line, whatever was typed.
std::string
OneLine(std::string text)
{
    for (char& c : text)
    {
        c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return text;
}

bool
IsSecret(EventKind kind)
{
    return kind == EventKind::PhaseOneKeys || kind == EventKind::PairKeys;
}

bool
IsMessage(EventKind kind)
{
    return kind == EventKind::MessageSent || kind == EventKind::MessageReceived ||
           kind == EventKind::MessageDropped || kind == EventKind::DhOperation;
}

/// Details, word after word.
class Words
{
  public:
    Words& Add(const std::string& key, const std::string& value)
    {
        m_text += (m_text.empty() ? "" : " ") + key + "=" + value;
        return *this;
    }

    /// Only when there is one.
    Words& AddSome(const std::string& key, const std::string& value)
    {
        return value.empty() || value == "-" ? *this : Add(key, value);
    }

    std::string Get() const
    {
        return m_text;
    }

  private:
    std::string m_text; ///< so far
};

} // namespace

void
IdentityNames::Note(const Event& event)
{
    NameOf(event.isakmp);
    NameOf(event.succeedsIsakmp);
    NameOfMessageId(event.isakmp, event.messageId);
    NameOf(event.pair);
    NameOf(event.succeedsPair);
    NameOfSpi(event.pair.initiatorSpi);
    NameOfSpi(event.pair.responderSpi);
}

unsigned
IdentityNames::NumberOf(const IsakmpIdentity& id)
{
    return id.IsNone() ? 0 : Number(m_isakmp, id.initiatorCookie);
}

unsigned
IdentityNames::NumberOfMessageId(const IsakmpIdentity& id, uint32_t messageId)
{
    return messageId == 0 ? 0 : Number(m_messageIds, {id.initiatorCookie, messageId});
}

std::string
IdentityNames::NameOf(const IsakmpIdentity& id)
{
    return Numbered("ISAKMP#", NumberOf(id));
}

std::string
IdentityNames::NameOf(const PairIdentity& id)
{
    return Numbered("PAIR#", id.IsNone() ? 0 : Number(m_pairs, id.initiatorSpi));
}

std::string
IdentityNames::NameOfSpi(uint32_t spi)
{
    return Numbered("SPI#", spi == 0 ? 0 : Number(m_spis, spi));
}

std::string
IdentityNames::NameOfMessageId(const IsakmpIdentity& id, uint32_t messageId)
{
    return Numbered("M#", NumberOfMessageId(id, messageId));
}

Transcript::Transcript(const TranscriptOptions& options)
    : m_options(options)
{
}

void
Transcript::Record(const TimedEvent& event)
{
    const Event& e = event.event;
    m_names.Note(e);
    if (IsSecret(e.kind) || (IsMessage(e.kind) && !m_options.messages))
    {
        return;
    }
    m_text += LineOf(ToString(event.time),
                     event.node,
                     e.peer.IsNone() ? "-" : e.peer.ToString(),
                     ToString(e.kind),
                     Details(e));
}

std::string
Transcript::TakeText()
{
    return std::exchange(m_text, {});
}

std::string
Transcript::GetHeading()
{
    return LineOf("time", "node", "peer", "event", "details");
}

std::string
Transcript::Details(const Event& e)
{
    Words w;
    const auto isakmp = [&] { return m_names.NameOf(e.isakmp); };
    const auto pair = [&] { return m_names.NameOf(e.pair); };
    const auto messageId = [&] { return m_names.NameOfMessageId(e.isakmp, e.messageId); };
    const bool initiator = e.role == Role::Initiator;
    switch (e.kind)
    {
    case EventKind::InitiationRefused:
        w.Add("phase", std::to_string(e.value)).Add("begin", ToString(e.begin));
        break;
    case EventKind::Phase1Begin:
        w.Add("isakmp", isakmp()).Add("role", ToString(e.role));
        w.AddSome("begin", e.begin == BeginReason::None ? "" : ToString(e.begin));
        w.AddSome("succeeds", m_names.NameOf(e.succeedsIsakmp));
        break;
    case EventKind::Phase1Up:
        w.Add("isakmp", isakmp()).Add("role", ToString(e.role));
        break;
    case EventKind::Phase1Failed:
        w.Add("isakmp", isakmp()).Add("role", ToString(e.role)).Add("end", ToString(e.end));
        break;
    case EventKind::IsakmpRemoved:
        w.Add("isakmp", isakmp()).Add("end", ToString(e.end));
        break;
    case EventKind::Phase2Begin:
        w.Add("isakmp", isakmp()).Add("id", messageId()).Add("pair", pair());
        w.Add("role", ToString(e.role));
        w.AddSome("begin", e.begin == BeginReason::None ? "" : ToString(e.begin));
        w.AddSome("succeeds", m_names.NameOf(e.succeedsPair));
        break;
    case EventKind::PairUp:
        w.Add("isakmp", isakmp()).Add("id", messageId()).Add("pair", pair());
        w.Add("role", ToString(e.role));
        w.Add("in", m_names.NameOfSpi(initiator ? e.pair.initiatorSpi : e.pair.responderSpi));
        w.Add("out", m_names.NameOfSpi(initiator ? e.pair.responderSpi : e.pair.initiatorSpi));
        w.AddSome("local", e.localSelector).AddSome("remote", e.remoteSelector);
        break;
    case EventKind::Phase2Failed:
        w.Add("isakmp", isakmp()).Add("id", messageId()).AddSome("pair", pair());
        w.Add("role", ToString(e.role)).Add("end", ToString(e.end));
        break;
    case EventKind::PairRemoved:
        w.Add("pair", pair()).Add("end", ToString(e.end)).Add("packets", std::to_string(e.value));
        break;
    case EventKind::OutboundSelected:
        w.Add("pair", pair());
        break;
    case EventKind::MessageSent:
    case EventKind::MessageReceived:
        w.Add("isakmp", isakmp()).AddSome("id", messageId()).Add("exchange", ToString(e.exchange));
        w.Add("octets", std::to_string(e.value));
        w.AddSome("again", e.retransmission ? "yes" : "").Add("text", OneLine(e.text));
        break;
    case EventKind::MessageDropped:
        w.AddSome("isakmp", isakmp()).AddSome("id", messageId());
        w.Add("octets", std::to_string(e.value)).Add("text", OneLine(e.text));
        break;
    case EventKind::NotifySent:
    case EventKind::NotifyReceived:
    case EventKind::NatDetected:
        w.AddSome("isakmp", isakmp()).AddSome("pair", pair()).Add("text", OneLine(e.text));
        break;
    case EventKind::DeleteSent:
    case EventKind::DeleteReceived:
        w.Add("isakmp", isakmp()).AddSome("pair", pair());
        w.AddSome("deletes", m_names.NameOf(e.succeedsIsakmp));
        break;
    case EventKind::DhOperation:
        w.Add("isakmp", isakmp()).AddSome("id", messageId());
        w.Add("group", std::to_string(e.value)).Add("text", OneLine(e.text));
        break;
    case EventKind::LineUp:
    case EventKind::LineDown:
    case EventKind::RouteUp:
    case EventKind::RouteDown:
    case EventKind::Console:
    case EventKind::Warning:
    case EventKind::SecurityWarning:
    case EventKind::ReverseRouteUp:
    case EventKind::ReverseRouteDown:
    case EventKind::Balancer:
        w.AddSome("text", OneLine(e.text));
        break;
    case EventKind::PhaseOneKeys:
    case EventKind::PairKeys:
        break;
    }
    return w.Get();
}

} // namespace ike
} // namespace ns3
