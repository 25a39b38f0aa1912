/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-profiles.h"
#include "ns3/ike-scenario.h"
#include "ns3/ike-timing.h"
#include "ns3/test.h"

#include <fstream>
#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Every row of a profile names a knob, has a value that the knob takes, and a source.
class ProfileTableTest : public TestCase
{
  public:
    explicit ProfileTableTest(const ProfileInfo& profile)
        : TestCase("profile " + profile.name),
          m_name(profile.name)
    {
    }

  private:
    void DoRun() override
    {
        IkeKnobs knobs;
        NS_TEST_ASSERT_MSG_EQ(SetProfile(knobs, m_name), "", "there is one");
        std::set<std::string> seen;
        for (const ProfileKnob& row : GetProfileTable())
        {
            if (row.profile != m_name)
            {
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ(seen.insert(row.knob).second, true, row.knob << " once");
            NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, row.knob), row.value, row.knob);
            NS_TEST_EXPECT_MSG_NE(row.source, "", row.knob);
            NS_TEST_EXPECT_MSG_EQ(GetKnobSource(m_name, row.knob), row.source, row.knob);
        }
        const IkeKnobs defaults;
        for (const KnobInfo& info : GetKnobTable())
        {
            NS_TEST_EXPECT_MSG_NE(GetKnobSource(m_name, info.name), "", info.name);
            if (seen.count(info.name) == 0)
            {
                NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, info.name),
                                      GetKnob(defaults, info.name),
                                      info.name << " as in ios");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(seen.empty(), (m_name == "ios"), "ios is the defaults");
    }

    std::string m_name; ///< of the profile
};

/// Profiles as a whole: none is left over in the table, wrong names, replacing all.
class ProfileNameTest : public TestCase
{
  public:
    ProfileNameTest()
        : TestCase("names of profiles")
    {
    }

  private:
    void DoRun() override
    {
        std::set<std::string> names;
        for (const ProfileInfo& profile : GetProfiles())
        {
            NS_TEST_EXPECT_MSG_EQ(names.insert(profile.name).second, true, profile.name);
            NS_TEST_EXPECT_MSG_NE(profile.help, "", profile.name);
        }
        for (const ProfileKnob& row : GetProfileTable())
        {
            NS_TEST_EXPECT_MSG_EQ(names.count(row.profile), 1, row.profile << " " << row.knob);
        }
        NS_TEST_EXPECT_MSG_EQ(GetProfiles().front().name, "ios", "the defaults");
        IkeKnobs knobs;
        SetKnob(knobs, "RestartPause", "77");
        NS_TEST_EXPECT_MSG_EQ(SetProfile(knobs, "strongwan"),
                              "there is no profile 'strongwan': expected ios, strongswan, "
                              "libreswan or rfc2409; did you mean 'strongswan'?",
                              "");
        NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, "RestartPause"), "77", "nothing has changed");
        NS_TEST_EXPECT_MSG_EQ(SetProfile(knobs, "ios"), "", "");
        NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, "RestartPause"), "10", "a profile is all knobs");
        NS_TEST_EXPECT_MSG_EQ(GetKnobSource("strongswan", "RestartPause"),
                              "assumption: as in ios (assumption)",
                              "what a profile does not say is marked");
    }
};

/// When strongSwan and libreswan ask for a successor of an SA that lives an hour.
class SoftPercentTest : public TestCase
{
  public:
    SoftPercentTest()
        : TestCase("soft margins as a duration and as a share of the lifetime")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Earliest("ios"), "3570.000000000", "30 s before");
        NS_TEST_EXPECT_MSG_EQ(Latest("ios"), "3570.000000000", "without jitter");
        NS_TEST_EXPECT_MSG_EQ(Latest("strongswan"), "3276.000000000", "9 % before");
        NS_TEST_EXPECT_MSG_EQ(Earliest("strongswan"), "2955.240000000", "up to twice as much");
        NS_TEST_EXPECT_MSG_EQ(Latest("libreswan"), "3060.000000000", "9 min before");
        NS_TEST_EXPECT_MSG_EQ(Earliest("libreswan"), "2525.400000000", "up to twice as much");
    }

    std::string Latest(const std::string& profile)
    {
        return SoftTime(profile, 0);
    }

    std::string Earliest(const std::string& profile)
    {
        return SoftTime(profile, JITTER_STEPS - JITTER_STEPS / 100);
    }

    std::string SoftTime(const std::string& profile, uint64_t jitter)
    {
        IkeKnobs knobs;
        SetProfile(knobs, profile);
        const auto hour = ns3::ike::Duration::Seconds(3600);
        const auto margin = SoftMarginOf(knobs.phase2SoftMargin, knobs.phase2SoftPercent, hour);
        const Instant zero;
        return ToString(SoftAt(knobs, zero, hour, margin, jitter) - zero);
    }
};

/// `profile:` of a scenario, for all routers and for one; `knobs:` win.
class ScenarioProfileTest : public TestCase
{
  public:
    ScenarioProfileTest()
        : TestCase("profiles in a scenario")
    {
    }

  private:
    void DoRun() override
    {
        const std::string head = "version: 1\nname: p\ntitle: t\nduration: 1 s\n";
        const Scenario scenario =
            ScenarioFile::Parse(head + "profile: libreswan\n"
                                       "knobs: {all: {DpdRetries: 9}, R2: {ReplayWindow: 256}}\n"
                                       "routers:\n"
                                       "  R1: {config: hostname R1}\n"
                                       "  R2: {config: hostname R2, profile: strongswan}\n"
                                       "  R3: {config: hostname R3, profile: ios}\n",
                                "s.yaml")
                .Expand();
        Check(scenario, "R1", "0.5", "9", "64");
        Check(scenario, "R2", "4", "9", "256");
        Check(scenario, "R3", "10", "9", "64");
        NS_TEST_EXPECT_MSG_EQ(ErrorOf(head + "profile: libresawn\n"),
                              "s.yaml:5:10: unknown profile 'libresawn'; expected ios, "
                              "strongswan, libreswan or rfc2409 (did you mean 'libreswan'?)",
                              "");
        NS_TEST_EXPECT_MSG_EQ(
            ErrorOf(head + "routers:\n  R1: {config: hostname R1, profile: juniper}\n"),
            "s.yaml:6:38: unknown profile 'juniper'; expected ios, strongswan, libreswan or "
            "rfc2409",
            "");
    }

    void Check(const Scenario& scenario,
               const std::string& router,
               const std::string& interval,
               const std::string& retries,
               const std::string& window)
    {
        const IkeKnobs& knobs = scenario.FindRouter(router)->knobs;
        NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, "RetransmitInterval"), interval, router);
        NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, "DpdRetries"), retries, router);
        NS_TEST_EXPECT_MSG_EQ(GetKnob(knobs, "ReplayWindow"), window, router);
    }

    std::string ErrorOf(const std::string& text)
    {
        try
        {
            ScenarioFile::Parse(text, "s.yaml").Expand();
            return {};
        }
        catch (const ScenarioError& error)
        {
            return error.what();
        }
    }
};

/// Files that a router's text names are read beside the scenario, and are part of what it is.
class ScenarioFilesTest : public TestCase
{
  public:
    ScenarioFilesTest()
        : TestCase("certificates beside a scenario")
    {
    }

  private:
    void DoRun() override
    {
        const std::string file = CreateTempDirFilename("scenario-ca.der");
        const std::string text = "version: 1\nname: p\ntitle: t\nduration: 1 s\nrouters:\n"
                                 "  R1:\n    config: |\n      crypto pki trustpoint ca\n"
                                 "       revocation-check none\n"
                                 "       enrollment url file://scenario-ca.der\n";
        const std::string name = file.substr(0, file.rfind('/') + 1) + "s.yaml";
        Write(file, std::string("\x30\x06\x30\x00\x30\x00\x03\x00", 8));
        const Scenario first = ScenarioFile::Parse(text, name).Expand();
        NS_TEST_EXPECT_MSG_EQ(ToHex(first.routers.at(0).config.files.at("scenario-ca.der")),
                              "3006300030000300",
                              "read");
        Write(file, std::string("\x30\x07\x30\x00\x30\x00\x03\x01\x01", 9));
        const Scenario second = ScenarioFile::Parse(text, name).Expand();
        NS_TEST_EXPECT_MSG_NE(first.GetHash(), second.GetHash(), "another scenario");
        Write(file, "hello");
        const std::string error = ErrorOf(text, name);
        NS_TEST_EXPECT_MSG_NE(error.find(":10:23: router R1: 'scenario-ca.der': is neither PEM nor "
                                         "DER"),
                              std::string::npos,
                              error);
        std::string endless = text;
        endless.replace(endless.find("scenario-ca.der"), 15, "/dev/zero");
        NS_TEST_EXPECT_MSG_NE(ErrorOf(endless, name).find("there is no such file"),
                              std::string::npos,
                              "a device is no file");
    }

    std::string ErrorOf(const std::string& text, const std::string& name)
    {
        try
        {
            ScenarioFile::Parse(text, name).Expand();
            return {};
        }
        catch (const ScenarioError& error)
        {
            return error.what();
        }
    }

    void Write(const std::string& path, const std::string& octets)
    {
        std::ofstream(path, std::ios::binary) << octets;
    }
};

/// Named sets of knobs.
class IkeConfigProfilesTestSuite : public TestSuite
{
  public:
    IkeConfigProfilesTestSuite()
        : TestSuite("ike-config-profiles", Type::UNIT)
    {
        for (const ProfileInfo& profile : GetProfiles())
        {
            AddTestCase(new ProfileTableTest(profile), TestDuration::QUICK);
        }
        AddTestCase(new ProfileNameTest, TestDuration::QUICK);
        AddTestCase(new SoftPercentTest, TestDuration::QUICK);
        AddTestCase(new ScenarioProfileTest, TestDuration::QUICK);
        AddTestCase(new ScenarioFilesTest, TestDuration::QUICK);
    }
};

IkeConfigProfilesTestSuite g_ikeConfigProfilesTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
