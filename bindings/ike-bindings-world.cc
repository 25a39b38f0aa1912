/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings-value.h"
#include "ike-bindings-views.h"

#include "ns3/ike-ios-parser.h"
#include "ns3/ike-profiles.h"
#include "ns3/ike-schedule.h"
#include "ns3/ike-world.h"

#include <algorithm>
#include <cctype>

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

/// One provider for all worlds: it has no state that changes a result.
std::shared_ptr<CryptoProvider>
GetProvider()
{
    static const std::shared_ptr<CryptoProvider> provider = MakeOpensslProvider();
    return provider;
}

/// Turns what a knob's setter says into an exception.
void
Check(const std::string& wrong)
{
    if (!wrong.empty())
    {
        throw py::value_error(wrong);
    }
}

/// The knobs of a profile, some of them changed.
IkeKnobs
MakeKnobs(const std::string& profile, const std::map<std::string, std::string>& changes)
{
    IkeKnobs knobs;
    Check(SetProfile(knobs, profile));
    for (const auto& [name, value] : changes)
    {
        Check(SetKnob(knobs, name, value));
    }
    return knobs;
}

/// Reads IOS text as a scenario does, and gives the engine's part of it.
EngineConfig
ReadConfig(const std::string& text, const std::string& file, const IkeKnobs& knobs)
{
    RouterConfig config;
    if (const auto error = IosParser(config).ReadText(text, file))
    {
        ThrowConfigError(*error);
    }
    const auto errors = CheckReferences(config);
    if (!errors.empty())
    {
        ThrowConfigError(errors.front());
    }
    return ResolveEngineConfig(config, knobs);
}

/// A datagram under way, with the names of its ends.
struct FlightLook
{
    Flight flight;    ///< as the world has it
    std::string from; ///< name of the sending node
    std::string to;   ///< name of the receiving node
};

/// World with names, and with checks of all that Python says.
class NamedWorld
{
  public:
    explicit NamedWorld(uint64_t seed)
        : m_world(GetProvider()),
          m_seed(seed)
    {
    }

    void Add(const std::string& name,
             const std::string& text,
             const std::map<std::string, std::string>& knobs,
             const std::string& profile)
    {
        const bool good =
            !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
                return std::isalnum(c) || c == '_' || c == '-';
            });
        const auto names = GetNames();
        if (!good || std::find(names.begin(), names.end(), name) != names.end())
        {
            throw py::value_error("'" + name +
                                  "' is no name for a node here; expected letters, "
                                  "digits, '_' and '-', and each name once");
        }
        const auto config =
            std::make_shared<const EngineConfig>(ReadConfig(text, name, MakeKnobs(profile, knobs)));
        if (config->connections.empty())
        {
            throw py::value_error("the configuration of '" + name +
                                  "' has no tunnel and no crypto "
                                  "map: there is nothing to do");
        }
        m_world.AddNode(name, config, MakeWorldKey(m_seed, names.size() + 1));
    }

    std::vector<std::string> GetNames() const
    {
        std::vector<std::string> names;
        for (uint32_t i = 0; i < m_world.GetNodeCount(); ++i)
        {
            names.push_back(m_world.GetNode(i).name);
        }
        return names;
    }

    void SetReachable(const std::string& name, bool up)
    {
        const uint32_t node = Find(name);
        // A copy: giving an input may change the node.
        const auto connections = m_world.GetNode(node).engine.GetConfig().connections;
        for (const auto& connection : connections)
        {
            m_world.SetReachable(node, connection.id, up);
        }
    }

    void Run(const std::string& schedule)
    {
        RunSchedule(m_world, schedule);
    }

    void Clear(const std::string& name, bool isakmp, bool ipsec)
    {
        m_world.Give(Find(name), ClearInput{std::nullopt, isakmp, ipsec});
    }

    void Reboot(const std::string& name)
    {
        m_world.Reboot(Find(name));
    }

    void Give(const std::string& name, const Octets& octets, const std::string& source)
    {
        const uint32_t node = Find(name);
        const auto& connection = m_world.GetNode(node).engine.GetConfig().connections.front();
        const IpAddress from =
            source.empty() ? connection.peer : ReadAddress("source", py::str(source));
        m_world.Give(node,
                     DatagramInput{Endpoint{connection.local, 500}, Endpoint{from, 500}, octets});
    }

    std::string Offer(const std::string& name, const std::optional<Octets>& inner)
    {
        const uint32_t node = Find(name);
        const auto connection = m_world.GetNode(node).engine.GetConfig().connections.front();
        constexpr size_t PAYLOAD = 64;
        const Verdict verdict = m_world.Offer(
            node,
            connection.id,
            inner ? *inner : MakeInnerPacket(connection.local, connection.peer, PAYLOAD));
        return verdict.action == VerdictAction::Discard ? ToString(verdict.reason)
                                                        : ToString(verdict.action);
    }

    std::vector<FlightLook> GetFlights() const
    {
        std::vector<FlightLook> looks;
        for (const auto& flight : m_world.GetFlights())
        {
            looks.push_back(
                {flight, m_world.GetNode(flight.from).name, m_world.GetNode(flight.to).name});
        }
        return looks;
    }

    void Deliver(uint32_t flight)
    {
        m_world.Deliver(flight);
    }

    void Drop(uint32_t flight)
    {
        m_world.Drop(flight);
    }

    uint32_t Duplicate(uint32_t flight)
    {
        return m_world.Duplicate(flight);
    }

    bool FireNextTimer()
    {
        return m_world.FireNextTimer();
    }

    void RunUntil(const py::object& time, const py::object& delay)
    {
        const Instant end{ReadSpan(time, "time").ns};
        const Duration way = ReadSpan(delay, "delay");
        if (end < m_world.Now())
        {
            throw py::value_error("time does not go back: it is " + ToString(m_world.Now()) + " s");
        }
        m_world.RunUntil(end, way);
    }

    std::vector<IsakmpSaView> GetIsakmpSas(const std::string& name) const
    {
        return m_world.GetNode(Find(name)).engine.GetIsakmpSas();
    }

    std::vector<PairLook> GetPairs(const std::string& name) const
    {
        const auto& node = m_world.GetNode(Find(name));
        return LookAtPairs(node.engine, node.plane);
    }

    std::vector<Octets> GetDelivered(const std::string& name) const
    {
        return m_world.GetNode(Find(name)).delivered;
    }

    std::vector<TimedEvent> GetEvents(size_t since) const
    {
        const auto& log = m_world.GetLog();
        return {log.begin() + static_cast<ptrdiff_t>(std::min(since, log.size())), log.end()};
    }

    double GetNow() const
    {
        return m_world.Now().ToSeconds();
    }

    std::optional<double> GetNextDeadline() const
    {
        const Instant next = m_world.NextDeadline();
        return next == Instant::Never() ? std::nullopt : std::optional<double>(next.ToSeconds());
    }

    uint64_t GetFingerprint() const
    {
        return m_world.GetFingerprint();
    }

  private:
    uint32_t Find(const std::string& name) const
    {
        const auto names = GetNames();
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end())
        {
            ThrowUnknown("node", name, names);
        }
        return static_cast<uint32_t>(found - names.begin());
    }

    World m_world;   ///< the engines
    uint64_t m_seed; ///< of all random values
};

void
BindFlight(py::module_& m)
{
    ValueClass<FlightLook>(m, "Flight", "A datagram under way between two nodes of a World.")
        .AddAt(
            "id",
            [](auto& l) -> auto& { return l.flight.id; },
            "In the order of sending.")
        .Add("sender", &FlightLook::from, "Name of the sending node.")
        .Add("receiver", &FlightLook::to, "Name of the receiving node.")
        .AddMoment(
            "sent_at",
            [](auto& l) -> auto& { return l.flight.sentAt; },
            "When, in s.")
        .AddAt(
            "is_esp",
            [](auto& l) -> auto& { return l.flight.isEsp; },
            "ESP, else IKE.")
        .AddAt(
            "octets",
            [](auto& l) -> auto& { return l.flight.octets; },
            "IKE message (decode() reads it), or ESP from the SPI on.")
        .AddAt(
            "label",
            [](auto& l) -> auto& { return l.flight.label; },
            "For people: main-mode.")
        .Done();
}

} // namespace

void
BindWorld(py::module_& m)
{
    BindFlight(m);
    py::class_<NamedWorld>(m,
                           "World",
                           "Engines in memory, datagrams between them, and a clock: nothing "
                           "happens by itself. Copies are independent.")
        .def(py::init<uint64_t>(), py::arg("seed") = 1)
        .def("add",
             &NamedWorld::Add,
             py::arg("name"),
             py::arg("config"),
             py::arg("knobs") = std::map<std::string, std::string>(),
             py::arg("profile") = "ios",
             "A node with IOS text; knobs as texts without units, as list_knobs() has them.")
        .def(
            "copy",
            [](const NamedWorld& world) { return world; },
            "An independent copy.")
        .def("__copy__", [](const NamedWorld& world) { return world; })
        .def(
            "__deepcopy__",
            [](const NamedWorld& world, const py::dict&) { return world; },
            py::arg("memo"))
        .def(
            "start",
            [](NamedWorld& world, const std::string& name) { world.SetReachable(name, true); },
            py::arg("name"),
            "Routes to the peers of this node appear: it begins.")
        .def(
            "stop",
            [](NamedWorld& world, const std::string& name) { world.SetReachable(name, false); },
            py::arg("name"),
            "They go.")
        .def("run_schedule",
             &NamedWorld::Run,
             py::arg("schedule"),
             "Moves as words: \"start:A A B drop:A timer wait:40ms run offer:A reboot:A\".")
        .def("clear",
             &NamedWorld::Clear,
             py::arg("name"),
             py::arg("isakmp") = false,
             py::arg("ipsec") = true,
             "clear crypto sa, clear crypto isakmp.")
        .def("reboot", &NamedWorld::Reboot, py::arg("name"), "It loses its state.")
        .def("give",
             &NamedWorld::Give,
             py::arg("name"),
             py::arg("octets"),
             py::arg("source") = "",
             "A datagram of anybody arrives on port 500; source: an address, the peer's when "
             "empty.")
        .def("offer",
             &NamedWorld::Offer,
             py::arg("name"),
             py::arg("inner") = py::none(),
             "An IPv4 packet wants to leave through the first tunnel: \"protect\", or why not.")
        .def("deliver", &NamedWorld::Deliver, py::arg("flight"), "A datagram arrives, by its id.")
        .def("drop", &NamedWorld::Drop, py::arg("flight"), "It is lost.")
        .def("duplicate", &NamedWorld::Duplicate, py::arg("flight"), "Twice; id of the copy.")
        .def("fire_timer",
             &NamedWorld::FireNextTimer,
             "The clock moves to the next deadline, which is taken; False when there is none.")
        .def("until",
             &NamedWorld::RunUntil,
             py::arg("time"),
             py::arg("delay") = 0.04,
             "Time passes; each datagram takes so long. Numbers are s.")
        .def("sas", &NamedWorld::GetIsakmpSas, py::arg("name"), "ISAKMP SAs and attempts.")
        .def("pairs", &NamedWorld::GetPairs, py::arg("name"), "IPsec SA pairs.")
        .def("delivered", &NamedWorld::GetDelivered, py::arg("name"), "Inner packets so far.")
        .def("events", &NamedWorld::GetEvents, py::arg("since") = 0, "From an index on.")
        .def_property_readonly("names", &NamedWorld::GetNames, "Of the nodes.")
        .def_property_readonly("flights", &NamedWorld::GetFlights, "Under way, oldest first.")
        .def_property_readonly("now", &NamedWorld::GetNow, "In s.")
        .def_property_readonly("next_deadline",
                               &NamedWorld::GetNextDeadline,
                               "When the next timer is due, in s; None: never.")
        .def_property_readonly("fingerprint",
                               &NamedWorld::GetFingerprint,
                               "Equal for equal states, whatever SPIs and cookies are.");
}

} // namespace bindings
} // namespace ike
} // namespace ns3
