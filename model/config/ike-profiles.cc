/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-profiles.h"

#include "ike-nearest-name.h"

#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

// clang-format off
const ProfileInfo PROFILES[] = {
    {"ios", "Cisco IOS: the defaults of all knobs."},
    {"strongswan", "strongSwan 5.9 with IKEv1 and the defaults of swanctl.conf."},
    {"libreswan", "libreswan 4.10 with IKEv1 and the defaults of ipsec.conf."},
    {"rfc2409", "What RFC 2407 to 2409 and 4303 say or recommend; nothing of any product."},
};

// "measured" is: two unmodified daemons of this version against each other, 100 ms one way, both
// beginning at once, or both rekeying at once.
const ProfileKnob TABLE[] = {
    {"strongswan", "RetransmitInterval", "4", "strongswan.conf(5): charon.retransmit_timeout"},
    {"strongswan", "RetransmitGrowth", "180", "strongswan.conf(5): charon.retransmit_base"},
    {"strongswan", "RetransmitCount", "5", "strongswan.conf(5): charon.retransmit_tries"},
    {"strongswan", "HalfOpenLifetime", "30", "strongswan.conf(5): charon.half_open_timeout"},
    {"strongswan", "Phase2SoftPercent", "9",
     "swanctl.conf(5): over_time is 10 % of rekey_time, so 1/11 of the hard lifetime; rounded"},
    {"strongswan", "Phase1SoftPercent", "9",
     "swanctl.conf(5): over_time is 10 % of reauth_time, so 1/11 of the hard lifetime; rounded"},
    {"strongswan", "SoftJitterPercent", "100", "swanctl.conf(5): rand_time equals over_time"},
    {"strongswan", "IdleRekey", "true", "swanctl.conf(5): rekey_time counts without traffic"},
    {"strongswan", "OutboundChoice", "newest",
     "measured: each end sends on the pair that its peer initiated, the last one installed"},
    {"strongswan", "ResponderInstalls", "message-3",
     "measured: the pair that the peer initiated is the later one at both ends"},
    {"strongswan", "RekeyPhase2", "newest-of-isakmp",
     "measured: both ends rekey the same pair, two new ones stay; strongSwan: task_manager_v1.c, "
     "queue_child_rekey(): not one beside which another of this IKE_SA lives longer; quick_mode.c, "
     "check_for_rekeyed_child(): nor one that the peer has renewed"},
    {"strongswan", "RekeyPhase1", "all", "measured: both ends reauthenticate, two SAs stay"},
    {"strongswan", "Phase1LifetimeMatch", "any",
     "assumption: charon adopts the lifetime that is offered"},
    {"strongswan", "SendInitialContact", "true",
     "charon 5.9.8: main_mode.c, add_initial_contact(): no other IKE_SA, uniqueness not 'never'"},
    {"strongswan", "PairsOutliveIsakmp", "false",
     "measured: CHILD_SAs go with their IKE_SA (uniqueness 'replace': 0/0 and 0/0; at offsets, "
     "when the peer has renewed it and deletes the old one)"},
    {"strongswan", "AdoptOnReauthentication", "true",
     "measured at offsets; charon 5.9.8: adopt_children_job.c, which a responder of phase 1 "
     "starts; ike_sa_manager.c, enforce_replace(), at either end"},
    {"strongswan", "DropIsakmpWithoutAnswer", "true",
     "strongswan.conf(5): charon.retransmit_tries, after which the IKE_SA is given up"},
    {"strongswan", "DuplicateIsakmp", "keep",
     "measured: uniqueness 'no' of swanctl keeps both; 'replace' is the other variant"},
    {"strongswan", "InitialContactEnds", "all",
     "strongSwan: ike_sa_manager.c, check_uniqueness() with force_replace: each IKE_SA with this peer"},
    {"strongswan", "DuplicatePause", "10",
     "measured: with uniqueness 'replace' the SAs go after about 10 s; charon 5.9.8: "
     "ike_sa_manager.c, enforce_replace(), and adopt_children_job.c"},
    {"strongswan", "ReplayWindow", "32", "strongswan.conf(5): charon.replay_window"},
    {"strongswan", "DpdRetries", "5",
     "swanctl.conf(5): dpd_timeout 150 s of IKEv1; five questions at a dpd_delay of 30 s: "
     "assumption"},
    {"strongswan", "CommitBit", "ignore", "assumption: charon knows no commit bit"},

    {"libreswan", "RetransmitInterval", "0.5", "ipsec.conf(5): retransmit-interval 500 ms"},
    {"libreswan", "RetransmitGrowth", "200", "ipsec.conf(5): the interval doubles each time"},
    {"libreswan", "RetransmitCount", "6",
     "ipsec.conf(5): retransmit-timeout 60 s, into which six sendings fit"},
    {"libreswan", "HalfOpenLifetime", "60", "ipsec.conf(5): retransmit-timeout 60 s"},
    {"libreswan", "Phase2SoftMargin", "540", "ipsec.conf(5): rekeymargin 9m"},
    {"libreswan", "Phase1SoftMargin", "540", "ipsec.conf(5): rekeymargin 9m"},
    {"libreswan", "SoftJitterPercent", "100", "ipsec.conf(5): rekeyfuzz 100 %"},
    {"libreswan", "IdleRekey", "true", "ipsec.conf(5): rekey=yes, whatever the traffic"},
    {"libreswan", "OutboundChoice", "newest",
     "assumption: pluto routes through the newest IPsec SA"},
    {"libreswan", "ResponderInstalls", "message-3",
     "assumption: pluto installs inbound at message 2 and outbound, which counts here, at message "
     "3"},
    {"libreswan", "RekeyPhase2", "newest",
     "assumption: pluto lets an SA that is not the newest one expire"},
    {"libreswan", "RekeyPhase1", "newest",
     "assumption: pluto lets an SA that is not the newest one expire"},
    {"libreswan", "Phase1LifetimeMatch", "any",
     "assumption: pluto takes any offered lifetime up to its limit"},
    {"libreswan", "PairsOutliveIsakmp", "true",
     "assumption: pluto ends an ISAKMP SA without its IPsec SAs"},
    {"libreswan", "AdoptOnReauthentication", "false",
     "pluto 4.10: ikev1.c, ISAKMP_SA_established(): what the same connection has stays"},
    {"libreswan", "DropIsakmpWithoutAnswer", "false",
     "assumption: a quick mode that times out ends alone"},
    {"libreswan", "DuplicateIsakmp", "keep", "measured: both ends begin, 2/2 and 2/2 stay"},
    {"libreswan", "DpdRetries", "4",
     "ipsec.conf(5): dpddelay 30 and dpdtimeout 120 of its example: assumption"},
    {"libreswan", "CommitBit", "ignore", "assumption: pluto ignores the commit flag"},

    {"rfc2409", "Phase1LifetimeMatch", "any",
     "RFC 2409 app. A gives the attribute no rule of matching: assumption"},
    {"rfc2409", "SendInitialContact", "true",
     "RFC 2407 4.6.3.3 (it may be sent; that it is: assumption)"},
    {"rfc2409", "SendResponderLifetime", "true", "RFC 2407 4.6.3.1"},
    {"rfc2409", "HonourResponderLifetime", "true", "RFC 2407 4.6.3.1"},
    {"rfc2409", "SendDeletes", "true", "RFC 2408 3.15"},
    {"rfc2409", "DropIsakmpWithoutAnswer", "false",
     "RFC 2408 5.1: what is not answered ends the exchange, of the SA nothing is said"},
    {"rfc2409", "PairsOutliveIsakmp", "true",
     "RFC 2408 2.1 and 4.3: an SA of another protocol stands by itself"},
    {"rfc2409", "DuplicateIsakmp", "keep", "RFC 2408 4.3: several SAs with one peer may stand"},
    {"rfc2409", "ResponderInstalls", "message-3",
     "RFC 2409 5.5: message 3 proves that the initiator lives"},
    {"rfc2409", "ReplayWindow", "64", "RFC 4303 3.4.3: 64 is preferred"},
    {"rfc2409", "CommitBit", "heed", "RFC 2408 3.1"},
    {"rfc2409", "IdleRekey", "true",
     "RFC 2407 4.5: a lifetime is one of time or of volume, not of use: assumption"},
    {"rfc2409", "Ecn", "true", "RFC 6040"},
    {"rfc2409", "CopyDscp", "true", "RFC 4301 5.1.2.1"},
};

// clang-format on

std::vector<std::string>
NamesOfProfiles()
{
    std::vector<std::string> names;
    for (const ProfileInfo& profile : PROFILES)
    {
        names.push_back(profile.name);
    }
    return names;
}

} // namespace

const std::vector<ProfileInfo>&
GetProfiles()
{
    static const std::vector<ProfileInfo> profiles(std::begin(PROFILES), std::end(PROFILES));
    return profiles;
}

const std::vector<ProfileKnob>&
GetProfileTable()
{
    static const std::vector<ProfileKnob> table(std::begin(TABLE), std::end(TABLE));
    return table;
}

std::string
GetKnobSource(const std::string& profile, const std::string& knob)
{
    for (const ProfileKnob& row : TABLE)
    {
        if (row.profile == profile && row.knob == knob)
        {
            return row.source;
        }
    }
    const bool isDefault = profile == PROFILES[0].name;
    for (const KnobInfo& info : GetKnobTable())
    {
        if (info.name == knob)
        {
            return isDefault ? info.source : "assumption: as in ios (" + info.source + ")";
        }
    }
    return {};
}

std::string
SetProfile(IkeKnobs& knobs, const std::string& profile)
{
    const std::vector<std::string> names = NamesOfProfiles();
    bool isThere = false;
    for (const std::string& name : names)
    {
        isThere = isThere || name == profile;
    }
    if (!isThere)
    {
        const std::string hint = MakeNearestHint(profile, names);
        return "there is no profile '" + profile + "': expected " + JoinAlternatives(names) +
               (hint.empty() ? "" : "; " + hint);
    }
    IkeKnobs all;
    for (const ProfileKnob& row : TABLE)
    {
        const std::string wrong = row.profile == profile ? SetKnob(all, row.knob, row.value) : "";
        if (!wrong.empty())
        {
            return wrong;
        }
    }
    knobs = all;
    return {};
}

} // namespace ike
} // namespace ns3
