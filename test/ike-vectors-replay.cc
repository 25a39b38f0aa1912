/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-replay.h"

#include "ns3/ike-engine.h"

#include <algorithm>
#include <deque>
#include <memory>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// What an engine has sent and the recording has not confirmed yet.
struct Sent
{
    Octets octets;        ///< the IKE message
    Endpoint source;      ///< from
    Endpoint destination; ///< to
};

/// Why a recorded message is not what this module sends, and need not be; empty when there is no
/// such reason. What stands here is listed in the results for each message.
std::string
ExcuseOf(const Exchange& x, const ExchangeMessage& m)
{
    const bool isInformational = m.header.exchange == ExchangeType::Informational;
    const auto* notify = FindIn<NotifyPayload>(m);
    const Cookie& i = m.header.initiatorCookie;
    const Cookie& r = m.header.responderCookie;
    const Octets cookies = Concat({Octets(i.begin(), i.end()), Octets(r.begin(), r.end())});
    if (isInformational && !m.IsProtected() && notify && notify->spi != cookies)
    {
        return "an unprotected notify whose SPI is not both cookies: RFC 2408 3.14 leaves it open";
    }
    const bool wasUnread =
        std::any_of(x.messages.begin(), x.messages.end(), [](const ExchangeMessage& other) {
            return other.header.messageId == 0 && other.IsProtected() &&
                   other.receiverPlaintext != other.plaintext;
        });
    if (isInformational && wasUnread)
    {
        return "this module refuses in the clear what it cannot decrypt, the recorded end did so "
               "under keys that its peer has not";
    }
    if (isInformational && notify && notify->type == NotifyType::ResponderLifetime)
    {
        return "RESPONDER-LIFETIME of phase 1 in an exchange of its own: this module does not "
               "announce lifetimes of phase 1";
    }
    return "";
}

/// An engine in the place of one end.
class Replay
{
  public:
    Replay(VectorRun& run, const Exchange& exchange, Side role)
        : m_run(run),
          m_x(exchange),
          m_role(role),
          m_part(role == INITIATOR ? "replay initiator" : "replay responder"),
          m_setup(MakeReplaySetup(run.crypto, exchange, role)),
          m_engine(std::make_shared<const EngineConfig>(m_setup.config), RandomKey{})
    {
        m_engine.ReplayRandom(m_setup.random);
    }

    void Run()
    {
        for (const std::string& note : m_setup.notes)
        {
            m_run.book.Note(m_part + ": " + note);
        }
        for (const ExchangeMessage& m : m_x.messages)
        {
            m_now = std::max(m_now, Instant{0} + m.time);
            if (m.from == m_role)
            {
                Expect(m);
            }
            else
            {
                Feed(DatagramInput{m.destination, m.source, m.octets});
            }
        }
        for (const Sent& sent : m_sent)
        {
            m_run.book.Note(m_part + ": the engine also sends " + Describe(sent.octets, nullptr));
        }
    }

  private:
    // --- The engine and its host -----------------------------------------------------------------

    void Feed(const Input& input)
    {
        for (const Action& action : m_engine.Handle(m_now, input, m_run.crypto))
        {
            if (const auto* send = std::get_if<SendAction>(&action))
            {
                m_sent.push_back(Sent{send->octets, send->local, send->remote});
            }
            else if (const auto* compute = std::get_if<ComputeAction>(&action))
            {
                Feed(ComputedInput{compute->job, Compute(compute->dh)});
            }
            else if (const auto* ask = std::get_if<AskUsageAction>(&action))
            {
                Feed(UsageInput{ask->connection, std::nullopt, std::nullopt, ask->isakmp});
            }
        }
    }

    /// A private value that was not recorded is named by its public value; g^xy is then computed
    /// from the other end.
    DhResult Compute(const DhJob& job)
    {
        const auto unknown = m_setup.unknownPrivate.find(job.privateValue);
        if (unknown == m_setup.unknownPrivate.end())
        {
            return m_run.crypto.Run(job);
        }
        return DhResult{
            true,
            unknown->first,
            job.peer ? DeriveShared(m_run.crypto, m_x, job.group, {unknown->first, *job.peer})
                     : Octets()};
    }

    /// Let deadlines pass until something is sent.
    void Wait()
    {
        constexpr unsigned PATIENCE = 20;
        for (unsigned i = 0; i < PATIENCE && m_sent.empty(); ++i)
        {
            const Instant next = m_engine.NextDeadline();
            if (next == Instant::Never())
            {
                return;
            }
            m_now = std::max(m_now, next);
            Feed(TimeoutInput{});
        }
    }

    /// Do what made the recorded end speak.
    void Trigger(const ExchangeMessage& m)
    {
        const ExchangeType exchange = m.header.exchange;
        if (m.repeats)
        {
            Wait();
        }
        else if (exchange == ExchangeType::QuickMode && m.number == 1 &&
                 !m_engine.GetPairs().empty())
        {
            const PairId pair = m_engine.GetPairs().back().id;
            Feed(LinkChangeInput{REPLAY_CONNECTION, true});
            Feed(SaUsageInput{pair, SaUsageInput::Mark::FirstInbound});
            Feed(SaUsageInput{pair, SaUsageInput::Mark::SoftVolume});
        }
        else if (m.number == 1 && exchange != ExchangeType::Informational)
        {
            Feed(LinkChangeInput{REPLAY_CONNECTION, true});
            Feed(AcquireInput{REPLAY_CONNECTION});
        }
        else if (FindIn<DeletePayload>(m))
        {
            Feed(ClearInput{std::nullopt, true, true});
        }
        else if (exchange == ExchangeType::Informational)
        {
            Wait();
        }
    }

    // --- Comparison ------------------------------------------------------------------------------

    void Expect(const ExchangeMessage& m)
    {
        if (m_sent.empty() && ExcuseOf(m_x, m).empty())
        {
            Trigger(m);
        }
        const auto same = std::find_if(m_sent.begin(), m_sent.end(), [&m](const Sent& sent) {
            return sent.octets == m.octets;
        });
        const std::string excuse = same == m_sent.end() ? ExcuseOf(m_x, m) : "";
        if (!excuse.empty())
        {
            m_run.book.Skip(m_part, excuse);
            Drop(m.header.exchange);
            return;
        }
        m_run.book.Run(m_part, m.name, [&](VectorTrial& trial) {
            if (same == m_sent.end())
            {
                const std::string got =
                    m_sent.empty() ? "nothing" : Describe(m_sent.front().octets, &m);
                trial.That("the engine sends " + got + ", not " + Describe(m.octets, &m), false);
                return;
            }
            trial.That("sent from " + same->source.ToString() + " to " +
                           same->destination.ToString(),
                       same->source == m.source && same->destination == m.destination);
        });
        if (same != m_sent.end())
        {
            m_sent.erase(same);
        }
        else if (!m_sent.empty())
        {
            m_sent.pop_front();
        }
    }

    /// What was sent in the place of a message that is excused.
    void Drop(ExchangeType exchange)
    {
        const auto isOfIt = [exchange](const Sent& sent) {
            const Parsed<Header> header = ReadHeader(sent.octets);
            return header && header.value->exchange == exchange;
        };
        const auto found = std::find_if(m_sent.begin(), m_sent.end(), isOfIt);
        if (found != m_sent.end())
        {
            m_run.book.Note(m_part + ": in its place the engine sends " +
                            Describe(found->octets, nullptr));
            m_sent.erase(found);
        }
    }

    /// The payloads of a message, and its first octets; a protected one is decrypted as `like` was.
    std::string Describe(const Octets& octets, const ExchangeMessage* like)
    {
        const Parsed<Header> header = ReadHeader(octets);
        if (!header)
        {
            return "no message";
        }
        Octets body(octets.begin() + HEADER_LENGTH, octets.end());
        if (header.value->IsEncrypted())
        {
            const unsigned block = m_x.policy ? BlockLengthOf(m_x.policy->cipher) : 1;
            if (!like || like->iv.empty() || body.size() % block != 0)
            {
                return ToString(header.value->exchange) + " of " + std::to_string(octets.size()) +
                       " octets";
            }
            body = m_run.crypto.Decrypt(m_x.policy->cipher,
                                        m_x.keys[m_role].encryption,
                                        like->iv,
                                        body);
        }
        const Parsed<Message> read = ReadPayloads(*header.value, body);
        const std::string names =
            read ? PrintPayloadNames(*header.value, read.value->payloads) : "?";
        return ToString(header.value->exchange) + " " + names + " <" + ToHex(body) + ">";
    }

    VectorRun& m_run;         ///< book and cryptography
    const Exchange& m_x;      ///< what was recorded
    const Side m_role;        ///< whose place the engine has
    const std::string m_part; ///< of the book
    ReplaySetup m_setup;      ///< what the engine is told
    Engine m_engine;          ///< under test
    Instant m_now;            ///< of the recording, or later
    std::deque<Sent> m_sent;  ///< not confirmed yet
};

} // namespace

void
ReplayExchange(VectorRun& run, const Exchange& exchange, Side role)
{
    const auto own = std::count_if(exchange.messages.begin(),
                                   exchange.messages.end(),
                                   [role](const ExchangeMessage& m) { return m.from == role; });
    const std::string reason = WhyNotReplayed(exchange);
    if (reason.empty())
    {
        Replay(run, exchange, role).Run();
        return;
    }
    run.book.Skip(role == INITIATOR ? "replay initiator" : "replay responder",
                  reason,
                  static_cast<unsigned>(own));
}

} // namespace tests
} // namespace ike
} // namespace ns3
