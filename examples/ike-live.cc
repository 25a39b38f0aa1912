/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 *    ns-3, in real time                                  the kernel, another network namespace
 *   +------------------------------------------+        +-----------------------------------+
 *   | router ---- delay ---- path ---- TAP end | ====== | TAP end ---- a real IKE daemon    |
 *   +------------------------------------------+        +-----------------------------------+
 *
 * One simulated router against a real peer. doc/interop.md says how to attach a daemon or an
 * appliance; interop/ike-interop.py does it with strongSwan and libreswan.
 */
#include "ike-live-world.h"

#include "ns3/ike-knobs.h"
#include "ns3/ike-profiles.h"
#include "ns3/ike-router-helper.h"
#include "ns3/simulator.h"

#include <atomic>
#include <boost/program_options.hpp>
#include <csignal>
#include <ctime>
#include <fstream>
#include <iostream>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>

namespace po = boost::program_options;

using namespace ns3;
using namespace ns3::ike;

namespace
{

using Strings = std::vector<std::string>;

const char* const HELP_OF_LINES = R"(
Lines, from --at and from standard input: what is typed at the router's console
("clear crypto sa", "configure terminal"), or a word of this program:
  live ping ADDRESS [COUNT [SECONDS [SOURCE]]]   echo requests, from Loopback0 if not said
  live silence | live speak                      the path swallows every packet, or no longer
  live show                                      the numbers so far
  live stop                                      the end
What happens is printed as JSON, an object a line; the last one has the key "result".
)";

po::options_description
DeclareOptions()
{
    po::options_description options("ike-live CONFIGURATION: a simulated router, live on a TAP");
    const auto text = [] { return po::value<std::string>(); };
    options.add_options()("help,h", "this text")("config",
                                                 text()->value_name("FILE"),
                                                 "configuration of the router, IOS text")(
        "netns",
        text()->default_value("")->value_name("NAME|PATH"),
        "network namespace of the TAP; none: the one that this program is in")(
        "tap",
        text()->default_value("ike0")->value_name("NAME"),
        "TAP to make there; one that exists is taken over")(
        "peer",
        text()->default_value("198.51.100.1/30")->value_name("A.B.C.D/N"),
        "address to give to the kernel's side; none: the user sets it up")(
        "path",
        text()->default_value("198.51.100.2/30")->value_name("A.B.C.D/N"),
        "the simulation's address on the TAP")("interface",
                                               text()->default_value("")->value_name("NAME"),
                                               "of the router, towards the peer; none: its first")(
        "delay",
        po::value<double>()->default_value(0)->value_name("SECONDS"),
        "one way, between the TAP and the router")(
        "duration",
        po::value<double>()->default_value(0)->value_name("SECONDS"),
        "of the run; 0: until \"live stop\", the end of standard input, or a signal")(
        "at",
        po::value<Strings>()->composing()->value_name("\"SECONDS LINE\""),
        "do what a line says at a time; may be given again")("stdin",
                                                             "take lines from standard input; its "
                                                             "end is the end")(
        "profile",
        text()->default_value("ios")->value_name("NAME"),
        "knobs of the engine, all at once (ike-sim knobs --profile NAME)")(
        "knob",
        po::value<Strings>()->composing()->value_name("NAME=VALUE"),
        "knob of the engine (ike-sim knobs); may be given again")(
        "seed",
        po::value<uint64_t>()->default_value(1)->value_name("N"),
        "of the router's random values")(
        "out,o",
        text()->default_value("")->value_name("DIR"),
        "folder for captures, keys, transcript and result; none: no files")(
        "messages",
        "also print each IKE message and each Diffie-Hellman operation");
    return options;
}

std::string
ReadFile(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file)
    {
        throw std::runtime_error("cannot read " + name);
    }
    return text.str();
}

RouterConfig
ReadConfig(const std::string& name)
{
    RouterConfig config;
    std::string all;
    for (const ConfigError& error : IkeRouterHelper::Read({{name, ReadFile(name)}}, config))
    {
        all += (all.empty() ? "" : "\n") + error.ToString();
    }
    if (!all.empty())
    {
        throw std::runtime_error(all);
    }
    return config;
}

IkeKnobs
ReadKnobs(const po::variables_map& values)
{
    IkeKnobs knobs;
    const std::string wrong = SetProfile(knobs, values["profile"].as<std::string>());
    if (!wrong.empty())
    {
        throw std::runtime_error("--profile: " + wrong);
    }
    // In step with the clock, so certificates are judged by it, too.
    knobs.clockAtZero = static_cast<uint64_t>(std::time(nullptr));
    if (values.count("knob") != 0)
    {
        for (const std::string& text : values["knob"].as<Strings>())
        {
            const size_t sign = text.find('=');
            const std::string value = sign == std::string::npos ? "" : text.substr(sign + 1);
            const std::string error = SetKnob(knobs, text.substr(0, sign), value);
            if (!error.empty())
            {
                throw std::runtime_error("--knob " + text + ": " + error);
            }
        }
    }
    return knobs;
}

LiveOptions
ReadOptions(const po::variables_map& values)
{
    if (values.count("config") == 0)
    {
        throw std::runtime_error("no configuration is given; --help says more");
    }
    LiveOptions options;
    options.config = ReadConfig(values["config"].as<std::string>());
    options.knobs = ReadKnobs(values);
    options.interface = values["interface"].as<std::string>();
    options.tap.netns = values["netns"].as<std::string>();
    options.tap.name = values["tap"].as<std::string>();
    const std::string peer = values["peer"].as<std::string>();
    options.tap.setUp = peer != "none";
    if (options.tap.setUp)
    {
        options.tap.address = TapAddress::Parse(peer);
    }
    options.pathAddress = TapAddress::Parse(values["path"].as<std::string>());
    options.delay = Seconds(values["delay"].as<double>());
    options.duration = Seconds(values["duration"].as<double>());
    options.seed = values["seed"].as<uint64_t>();
    options.out = values["out"].as<std::string>();
    options.messages = values.count("messages") != 0;
    if (options.delay.IsStrictlyNegative() || options.duration.IsStrictlyNegative() ||
        options.seed == 0)
    {
        throw std::runtime_error("expected times that are not negative, and a seed from 1 on");
    }
    return options;
}

/// Schedules the lines of --at.
void
ScheduleLines(LiveWorld& world, const po::variables_map& values)
{
    if (values.count("at") == 0)
    {
        return;
    }
    for (const std::string& text : values["at"].as<Strings>())
    {
        std::istringstream in(text);
        double at = -1;
        std::string line;
        in >> at >> std::ws;
        std::getline(in, line);
        if (at < 0 || line.empty())
        {
            throw std::runtime_error("--at \"" + text + "\": expected SECONDS LINE");
        }
        world.DoAt(Seconds(at), line);
    }
}

/// Blocks the signals that end a run; to be called before any thread begins.
int
OpenSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

/// Hears standard input and signals in a thread of its own, and gives them to the simulation.
class Listener
{
  public:
    Listener(LiveWorld& world, int signals, bool input)
        : m_world(world),
          m_thread(&Listener::Listen, this, signals, input)
    {
    }

    ~Listener()
    {
        m_over = true;
        m_thread.join();
    }

    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

  private:
    void Listen(int signals, bool input)
    {
        pollfd watched[2] = {{signals, POLLIN, 0}, {input ? STDIN_FILENO : -1, POLLIN, 0}};
        std::string text;
        while (!m_over)
        {
            if (poll(watched, 2, 50) <= 0)
            {
                continue;
            }
            if (watched[0].revents != 0)
            {
                Say("live stop");
                return;
            }
            char buffer[1024];
            const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
            text.append(buffer, size > 0 ? static_cast<size_t>(size) : 0);
            for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n'))
            {
                Say(text.substr(0, end));
                text.erase(0, end + 1);
            }
            if (size <= 0)
            {
                Say("live stop");
                return;
            }
        }
    }

    /// In the simulation's own thread, at its time of now.
    void Say(const std::string& line)
    {
        Simulator::ScheduleWithContext(Simulator::NO_CONTEXT,
                                       Time(0),
                                       &LiveWorld::Do,
                                       &m_world,
                                       line);
    }

    LiveWorld& m_world;              ///< hears
    std::atomic<bool> m_over{false}; ///< the run is over
    std::thread m_thread;            ///< begins last
};

int
RunLive(const po::variables_map& values)
{
    const int signals = OpenSignals();
    LiveWorld world(ReadOptions(values));
    ScheduleLines(world, values);
    const Listener listener(world, signals, values.count("stdin") != 0);
    world.Run();
    return 0;
}

} // namespace

int
main(int argc, char* argv[])
{
    try
    {
        const po::options_description options = DeclareOptions();
        po::positional_options_description position;
        position.add("config", 1);
        po::variables_map values;
        po::store(po::command_line_parser(argc, argv).options(options).positional(position).run(),
                  values);
        po::notify(values);
        if (values.count("help") != 0)
        {
            std::cout << options << HELP_OF_LINES;
            return 0;
        }
        return RunLive(values);
    }
    catch (const std::exception& error)
    {
        std::cerr << "ike-live: " << error.what() << std::endl;
        return 2;
    }
}
