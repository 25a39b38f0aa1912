/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-builder.h"

#include "ike-results.h"
#include "ike-scenario-keys.h"
#include "ike-scenario-paths.h"
#include "ike-scenario-units.h"

#include "ns3/ike-knobs.h"
#include "ns3/ike-profiles.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

/// "R1.ios" beside the scenario, whole.
ScenarioText
LoadText(const ScenarioReader& reader, const std::string& folder)
{
    const std::string name = reader.Text();
    const std::string path = name.rfind('/', 0) == 0 ? name : folder + "/" + name;
    std::ifstream file(path);
    std::error_code error;
    // A device may have no end.
    if (!file || !std::filesystem::is_regular_file(path, error))
    {
        reader.Fail("cannot read file '" + path + "'", "a file, beside the scenario");
    }
    std::ostringstream text;
    text << file.rdbuf();
    return ScenarioText{text.str(), TextPosition{path, 1, 1}};
}

/// The element of this name, put at the end when there is none yet.
template <typename T>
T&
FindOrAdd(std::vector<T>& values, const ScenarioReader& name)
{
    const std::string text = name.Text();
    const auto found = std::find_if(values.begin(), values.end(), [&](const T& value) {
        return value.name == text;
    });
    if (found != values.end())
    {
        return *found;
    }
    values.emplace_back();
    values.back().name = text;
    values.back().position = name.GetPosition();
    return values.back();
}

/// Durations become seconds; "5 messages" becomes "5".
std::string
KnobText(const ScenarioReader& reader, const KnobInfo& knob)
{
    if (knob.unit == "s")
    {
        return *DurationIn(reader.AsSpan(), "s");
    }
    const std::string text = reader.Text();
    const size_t space = text.find(' ');
    return space != std::string::npos && text.substr(space + 1) == knob.unit ? text.substr(0, space)
                                                                             : text;
}

/// Set a value when its key is there.
template <typename T>
void
Set(T& to, const ScenarioReader& reader, const std::string& key, T (ScenarioReader::*read)() const)
{
    if (const auto value = reader.Find(key))
    {
        to = ((*value).*read)();
    }
}

} // namespace

ScenarioBuilder::ScenarioBuilder(Scenario& scenario, const std::vector<ScenarioParameter>& declared)
    : m_scenario(scenario),
      m_declared(declared)
{
}

void
ScenarioBuilder::ReadSections(const ScenarioReader& reader)
{
    static const std::pair<const char*, void (ScenarioBuilder::*)(const ScenarioReader&)>
        SECTIONS[] = {
            {"profile", &ScenarioBuilder::ReadProfile},
            {"costs", &ScenarioBuilder::ReadCosts},
            {"cores", &ScenarioBuilder::ReadCores},
            {"crypto", &ScenarioBuilder::ReadCrypto},
            {"sites", &ScenarioBuilder::ReadSites},
            {"groups", &ScenarioBuilder::ReadGroups},
            {"routers", &ScenarioBuilder::ReadRouters},
            {"knobs", &ScenarioBuilder::ReadKnobs},
            {"network", &ScenarioBuilder::ReadNetwork},
            {"ranks", &ScenarioBuilder::ReadRanks},
            {"events", &ScenarioBuilder::ReadEvents},
            {"offer", &ScenarioBuilder::ReadOffer},
            {"expect", &ScenarioBuilder::ReadExpect},
            {"explore", &ScenarioBuilder::ReadRace},
        };
    Set(m_scenario.duration, reader, "duration", &ScenarioReader::AsPositiveSpan);
    for (const auto& [key, read] : SECTIONS)
    {
        if (const auto section = reader.Find(key))
        {
            (this->*read)(*section);
        }
    }
}

bool
ScenarioBuilder::Matches(const ScenarioReader& when) const
{
    for (const auto& [key, value] : when.Members())
    {
        std::vector<std::string> names;
        for (const auto& parameter : m_declared)
        {
            names.push_back(parameter.name);
        }
        const auto at = std::find(names.begin(), names.end(), key.Text());
        if (at == names.end())
        {
            key.FailName("parameter", key.Text(), names);
        }
        if (!MatchesValue(m_declared[static_cast<size_t>(at - names.begin())], value))
        {
            return false;
        }
    }
    return true;
}

bool
ScenarioBuilder::MatchesValue(const ScenarioParameter& parameter, const ScenarioReader& value) const
{
    if (value.IsMap())
    {
        value.CheckKeys(KeysOf("condition-value"));
        return !MatchesValue(parameter, value.Get("not"));
    }
    // All of the values are checked, also those behind the one that matches.
    bool matches = false;
    for (const auto& item : value.ItemsOrOne())
    {
        const std::string text = parameter.Canonical(item.Text(), item.GetPosition());
        matches = matches || text == m_scenario.parameters.at(parameter.name);
    }
    return matches;
}

void
ScenarioBuilder::ReadSites(const ScenarioReader& reader)
{
    m_sites.Read(reader, m_scenario);
}

void
ScenarioBuilder::ReadRanks(const ScenarioReader& reader)
{
    m_ranks.Read(reader);
}

void
ScenarioBuilder::ReadRouters(const ScenarioReader& reader)
{
    for (const auto& [name, router] : reader.Members())
    {
        ReadRouter(name, router);
    }
}

void
ScenarioBuilder::ReadRouter(const ScenarioReader& name, const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("router"));
    ScenarioRouter& router = FindOrAdd(m_scenario.routers, name);
    ReadTraits(reader, router);
    ReadCpu(router.name, reader);
    if (const auto profile = reader.Find("profile"))
    {
        ReadProfileOf(router.name, *profile);
    }
    if (const auto files = reader.Find("configs"))
    {
        for (const auto& file : files->ItemsOrOne())
        {
            router.texts.push_back(LoadText(file, file.GetFolder()));
        }
    }
    if (const auto texts = reader.Find("config"))
    {
        for (const auto& text : texts->ItemsOrOne())
        {
            router.texts.push_back(text.Block());
        }
    }
}

void
ScenarioBuilder::ReadProfile(const ScenarioReader& reader)
{
    ReadProfileOf("all", reader);
}

void
ScenarioBuilder::ReadProfileOf(const std::string& router, const ScenarioReader& reader)
{
    std::vector<std::string> names;
    for (const auto& profile : GetProfiles())
    {
        names.push_back(profile.name);
    }
    const std::string name = reader.Text();
    if (std::find(names.begin(), names.end(), name) == names.end())
    {
        reader.FailName("profile", name, names);
    }
    m_profiles.push_back(ProfileSetting{router, name});
}

void
ScenarioBuilder::ReadKnobs(const ScenarioReader& reader)
{
    for (const auto& [target, knobs] : reader.Members())
    {
        const std::string name = target.Text();
        if (name == "account")
        {
            ReadAccount(knobs);
            continue;
        }
        if (name == "ledger")
        {
            ReadLedger(knobs);
            continue;
        }
        if (name != "all" && m_scenario.FindRouter(name) == nullptr && !m_groups.FindMembers(name))
        {
            auto names = GetNodeNames(false, false, true);
            const auto patterns = m_groups.GetPatterns();
            names.insert(names.end(), patterns.begin(), patterns.end());
            names.insert(names.end(), {"all", "account", "ledger"});
            target.FailName("owner of knobs", name, names);
        }
        for (const auto& [knob, value] : knobs.Members())
        {
            ReadRouterKnob(name, knob, value);
        }
    }
}

void
ScenarioBuilder::ReadRouterKnob(const std::string& router,
                                const ScenarioReader& name,
                                const ScenarioReader& value)
{
    std::vector<std::string> names;
    for (const auto& knob : GetKnobTable())
    {
        names.push_back(knob.name);
    }
    const auto at = std::find(names.begin(), names.end(), name.Text());
    if (at == names.end())
    {
        name.FailName("knob", name.Text(), names);
    }
    const auto& info = GetKnobTable()[static_cast<size_t>(at - names.begin())];
    const std::string text = KnobText(value, info);
    IkeKnobs trial;
    const std::string error = SetKnob(trial, info.name, text);
    if (!error.empty())
    {
        value.Fail(error); // says what was expected, too
    }
    m_knobs.push_back(KnobSetting{router, info.name, text});
}

void
ScenarioBuilder::ReadAccount(const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("account"));
    Set(m_scenario.account.grace, reader, "Grace", &ScenarioReader::AsSpan);
    Set(m_scenario.account.orphanGrace, reader, "OrphanGrace", &ScenarioReader::AsSpan);
}

void
ScenarioBuilder::ReadLedger(const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("ledger"));
    Set(m_scenario.flightTime, reader, "FlightTime", &ScenarioReader::AsSpan);
    Set(m_scenario.flowsListed, reader, "FlowsListed", &ScenarioReader::AsCount);
    Set(m_scenario.endsListed, reader, "EndsListed", &ScenarioReader::AsCount);
    Set(m_scenario.seriesBuckets, reader, "SeriesBuckets", &ScenarioReader::AsCount);
    constexpr uint64_t MOST_BUCKETS = 10000;
    if (m_scenario.seriesBuckets == 0 || m_scenario.seriesBuckets > MOST_BUCKETS)
    {
        reader.Get("SeriesBuckets")
            .Fail(std::to_string(m_scenario.seriesBuckets) + " buckets", "1 to 10000");
    }
}

void
ScenarioBuilder::ReadNetwork(const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("network"));
    for (const auto& [key, areHosts] : {std::pair{"hosts", true}, std::pair{"internet", false}})
    {
        if (const auto nodes = reader.Find(key))
        {
            ReadNodes(*nodes, areHosts);
        }
    }
    if (const auto nats = reader.Find("nat"))
    {
        ReadNats(*nats);
    }
    if (const auto balancers = reader.Find("balancer"))
    {
        ReadBalancers(*balancers);
    }
    if (const auto underlay = reader.Find("underlay"))
    {
        ReadUnderlay(*underlay);
    }
    if (const auto links = reader.Find("links"))
    {
        for (const auto& [name, link] : links->Members())
        {
            ReadLink(name, link);
        }
    }
    if (const auto clouds = reader.Find("cloud"))
    {
        for (const auto& [name, cloud] : clouds->Members())
        {
            ReadCloud(name, cloud);
        }
    }
    if (const auto trees = reader.Find("tree"))
    {
        for (const auto& [name, tree] : trees->Members())
        {
            ReadTree(name, tree);
        }
    }
    if (const auto capture = reader.Find("capture"))
    {
        for (const auto& item : capture->Items())
        {
            m_scenario.capture.push_back(item.Text());
            m_capturePositions.push_back(item.GetPosition());
        }
    }
    if (const auto learn = reader.Find("learn"))
    {
        ReadLearn(*learn);
    }
}

void
ScenarioBuilder::ReadNodes(const ScenarioReader& reader, bool areHosts)
{
    for (const auto& item : reader.Items())
    {
        if (m_scenario.FindNode(item.Text()) != nullptr ||
            m_scenario.FindRouter(item.Text()) != nullptr)
        {
            item.Fail("there is a node '" + item.Text() + "' already", "another name");
        }
        FindOrAdd(m_scenario.nodes, item).isHost = areHosts;
    }
}

void
ScenarioBuilder::ReadUnderlay(const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("underlay"));
    auto& underlay = m_scenario.underlay;
    if (const auto routing = reader.Find("routing"))
    {
        underlay.rip = routing->AsChoice({"static", "rip"}) == 1;
        if (!underlay.rip)
        {
            // A variant that turns to static routes leaves the timers behind.
            underlay = ScenarioUnderlay{};
            m_underlayTimer.reset();
        }
    }
    static const std::pair<const char*, Duration ScenarioUnderlay::*> TIMERS[] = {
        {"update", &ScenarioUnderlay::update},
        {"timeout", &ScenarioUnderlay::timeout},
        {"garbage", &ScenarioUnderlay::garbage},
        {"startup", &ScenarioUnderlay::startup}};
    for (const auto& [key, field] : TIMERS)
    {
        if (const auto timer = reader.Find(key))
        {
            underlay.*field = timer->AsPositiveSpan();
            m_underlayTimer = ScenarioError(timer->GetPosition(),
                                            std::string(key) + ": static routes have no timers",
                                            "'routing: rip' beside it");
        }
    }
}

void
ScenarioBuilder::ReadLink(const ScenarioReader& name, const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("link"));
    ScenarioLink& link = FindOrAdd(m_scenario.links, name);
    if (const auto ends = reader.Find("ends"))
    {
        link.ends.clear();
        for (const auto& [node, where] : ends->Members())
        {
            link.ends.push_back(ReadLinkEnd(node, where));
        }
        if (link.ends.size() != 2)
        {
            ends->Fail("a link has two ends, here are " + std::to_string(link.ends.size()),
                       "{NODE: INTERFACE or ADDRESS/LENGTH, NODE: ...}");
        }
    }
    Set(link.bitsPerSecond, reader, "rate", &ScenarioReader::AsBandwidth);
    ReadPath(reader, link.delay, link.jitter, link.loss, link.draws);
    Set(link.queuePackets, reader, "queue", &ScenarioReader::AsPackets);
}

ScenarioLinkEnd
ScenarioBuilder::ReadLinkEnd(const ScenarioReader& node, const ScenarioReader& where)
{
    ScenarioLinkEnd end;
    end.node = node.Text();
    end.position = where.GetPosition();
    if (m_scenario.FindRouter(end.node) != nullptr)
    {
        end.interface = where.Text();
    }
    else if (m_scenario.FindNode(end.node) != nullptr)
    {
        std::tie(end.address, end.prefixLength) = where.AsPrefix();
    }
    else
    {
        node.FailName("node", end.node, GetNodeNames(true, true, true));
    }
    return end;
}

void
ScenarioBuilder::ReadLearn(const ScenarioReader& reader)
{
    for (const auto& item : reader.Items())
    {
        item.CheckKeys(KeysOf("learn"));
        ScenarioLearn learn;
        learn.position = item.GetPosition();
        learn.router = item.Get("router").Text();
        learn.route = item.Get("route").Text();
        learn.from = item.Get("from").Text();
        const auto [address, length] = item.Get("prefix").AsPrefix();
        learn.prefix = IpPrefix{address.Masked(length), length};
        Set(learn.poll, item, "poll", &ScenarioReader::AsPositiveSpan);
        m_scenario.learn.push_back(learn);
    }
}

void
ScenarioBuilder::ReadEvents(const ScenarioReader& reader)
{
    for (const auto& item : reader.Items())
    {
        m_scenario.events.push_back(ReadEvent(item));
    }
}

ScenarioEvent
ScenarioBuilder::ReadEvent(const ScenarioReader& reader) const
{
    ScenarioEvent event;
    event.position = reader.GetPosition();
    reader.CheckKeys(KeysOf("event"));
    event.at = reader.Get("at").AsDrawnSpan(event.atDraw);
    if (const auto type = reader.Find("type"))
    {
        reader.CheckKeys(KeysOf("event", "type"));
        for (const auto& line : type->ItemsOrOne())
        {
            event.lines.push_back({line.Text(), line.GetPosition()});
            if (event.lines.back().text.find('\n') != std::string::npos)
            {
                line.Fail("more than one line stands here", "a list of lines");
            }
        }
        event.where = reader.Get("router").Text();
    }
    else if (const auto reboot = reader.Find("reboot"))
    {
        reader.CheckKeys(KeysOf("event", "reboot"));
        reboot->CheckKeys(KeysOf("reboot"));
        event.kind = ScenarioEvent::Kind::Reboot;
        event.down = reboot->Get("down").AsSpan();
        event.where = reader.Get("router").Text();
    }
    else if (const auto power = reader.Find("power"))
    {
        const auto down = reader.Find("down");
        reader.CheckKeys(KeysOf("event", down ? "power down" : "power"));
        event.kind = power->AsChoice({"off", "on"}) == 0 ? ScenarioEvent::Kind::PowerOff
                                                         : ScenarioEvent::Kind::PowerOn;
        event.down = down ? down->AsPositiveSpan() : Duration{};
        if (down && event.kind == ScenarioEvent::Kind::PowerOn)
        {
            power->Fail("power comes, and goes after 'down:'", "off");
        }
        event.where = reader.Get("router").Text();
    }
    else if (const auto link = reader.Find("link"))
    {
        reader.CheckKeys(KeysOf("event", reader.Find("flap") ? "link flap" : "link"));
        event.where = link->Text();
        event.kind = ScenarioEvent::Kind::LinkDown;
        if (const auto flap = reader.Find("flap"))
        {
            ReadFlap(*flap, event);
        }
        else if (reader.Get("state").AsChoice({"down", "up"}) == 1)
        {
            event.kind = ScenarioEvent::Kind::LinkUp;
        }
    }
    else if (const auto nat = reader.Find("nat"))
    {
        reader.CheckKeys(KeysOf("event", "nat"));
        reader.Get("flush").AsChoice({"mappings"});
        event.kind = ScenarioEvent::Kind::NatFlush;
        event.where = nat->Text();
    }
    else if (reader.Find("balancer"))
    {
        ReadBalancerEvent(reader, event);
    }
    else if (reader.Find("cloud"))
    {
        ReadCloudEvent(reader, event);
    }
    else
    {
        reader.Fail("nothing happens here",
                    "'router:' with 'type:', 'reboot:' or 'power:', 'link:', 'nat:', 'balancer:', "
                    "or 'cloud:'");
    }
    Set(event.spread, reader, "spread", &ScenarioReader::AsSpan);
    return event;
}

void
ScenarioBuilder::ReadOffer(const ScenarioReader& reader)
{
    for (const auto& item : reader.Items())
    {
        item.CheckKeys(KeysOf("flow"));
        ScenarioFlow flow;
        flow.position = item.GetPosition();
        flow.name = item.Get("name").Text();
        flow.from = item.Get("from").Text();
        flow.to = item.Get("to").Text();
        flow.size = item.Get("size").AsSize();
        item.Get("every");
        ReadPace([&item](const char* key) { return item.Find(key); }, flow);
        if (const auto stop = item.Find("stop"))
        {
            flow.stop = stop->AsSpan();
            if (*flow.stop <= LatestOf(flow.start, flow.startDraw))
            {
                stop->Fail("flow '" + flow.name + "' stops before it starts",
                           "more than 'start:', " + (flow.startDraw ? flow.startDraw->ToString()
                                                                    : FormatDuration(flow.start)));
            }
        }
        m_scenario.offer.push_back(flow);
    }
}

void
ScenarioBuilder::ReadExpect(const ScenarioReader& reader)
{
    static const std::vector<std::string> COMPARISONS{"equals", "at_least", "at_most"};
    for (const auto& item : reader.Items())
    {
        item.CheckKeys(KeysOf("expectation"));
        ScenarioExpectation expectation;
        expectation.position = item.GetPosition();
        expectation.quantity = item.Get("quantity").Text();
        unsigned count = 0;
        for (size_t i = 0; i < COMPARISONS.size(); ++i)
        {
            if (const auto value = item.Find(COMPARISONS[i]))
            {
                ++count;
                expectation.comparison = static_cast<ScenarioExpectation::Comparison>(i);
                expectation.value = value->AsNumber();
            }
        }
        if (count != 1)
        {
            item.Fail("an expectation has one comparison", "'equals:', 'at_least:' or 'at_most:'");
        }
        const auto when = item.Find("when");
        if (!when || Matches(*when))
        {
            m_scenario.expect.push_back(expectation);
        }
    }
}

void
ScenarioBuilder::ReadRace(const ScenarioReader& reader)
{
    if (!m_explore)
    {
        m_explore = std::make_shared<ScenarioExplore>();
    }
    ReadExplore(reader, m_declared, *m_explore);
}

void
ScenarioBuilder::FinishRace()
{
    if (!m_explore)
    {
        return;
    }
    for (auto& config : m_explore->configs)
    {
        const auto* router = m_scenario.FindRouter(config.router);
        if (router == nullptr)
        {
            throw ScenarioError(config.position,
                                "there is no router '" + config.router + "'",
                                DescribeChoice(config.router, GetNodeNames(false, false, true)));
        }
        ScenarioRouter other = *router;
        other.config = RouterConfig();
        other.texts.insert(other.texts.end(), config.texts.begin(), config.texts.end());
        ReadTexts(other);
        config.config = other.config;
    }
    m_explore->drive.rest.grace = m_scenario.account.grace;
    m_scenario.explore = m_explore;
    CheckExplore(m_scenario);
}

std::vector<std::string>
ScenarioBuilder::GetNodeNames(bool hosts, bool internet, bool routers) const
{
    std::vector<std::string> names;
    for (const auto& router : m_scenario.routers)
    {
        if (routers)
        {
            names.push_back(router.name);
        }
    }
    for (const auto& node : m_scenario.nodes)
    {
        // NATs and load balancers are asked for only with all others.
        if (node.isHost ? hosts : internet && (hosts || node.IsInternet()))
        {
            names.push_back(node.name);
        }
    }
    return names;
}

void
ScenarioBuilder::SetKnobs(ScenarioRouter& router) const
{
    const std::string targets[] = {"all", router.group + "*", router.name};
    for (const auto& target : targets)
    {
        for (const auto& profile : m_profiles)
        {
            if (profile.router == target)
            {
                SetProfile(router.knobs, profile.name);
            }
        }
    }
    for (const auto& target : targets)
    {
        for (const auto& knob : m_knobs)
        {
            if (knob.router == target)
            {
                SetKnob(router.knobs, knob.name, knob.value);
            }
        }
    }
}

void
ScenarioBuilder::Finish(bool fitsTogether)
{
    m_sites.Expand(m_scenario);
    m_groups.Expand(m_scenario);
    ExpandEvents();
    for (auto& router : m_scenario.routers)
    {
        SetKnobs(router);
        SetCpu(router);
        ReadTexts(router);
    }
    CheckLinks();
    FinishBalancers();
    CheckClouds();
    CheckHosts();
    CheckNats();
    CheckCables();
    CheckUnderlay();
    CheckCapture();
    CheckLearn();
    CheckEvents();
    CheckOffer();
    if (fitsTogether)
    {
        CheckWithin();
    }
    CheckConsoles();
    m_ranks.Apply(m_groups, m_scenario);
    CheckQuantities(m_scenario);
    FinishRace();
}

void
ScenarioBuilder::AddEvents(const ScenarioReader& reader)
{
    ReadEvents(reader);
    for (const auto& event : m_scenario.events)
    {
        if (event.atDraw)
        {
            throw ScenarioError(event.position,
                                "nothing is drawn for a run that goes on",
                                "a fixed time, not " + event.atDraw->ToString());
        }
    }
    ExpandEvents();
    CheckEvents();
    CheckWithin();
}

} // namespace ike
} // namespace ns3
