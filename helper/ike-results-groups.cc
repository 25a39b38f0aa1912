/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-results-groups.h"

#include <algorithm>
#include <map>
#include <utility>

// Large groups of routers in results: one entry for all members.

namespace ns3
{
namespace ike
{

namespace
{

using Json = nlohmann::ordered_json;

/// How a curve changes, by time.
using Changes = std::map<Instant, int64_t>;

/// What several routers had with one peer, or one with several.
struct PeerSum
{
    PeerResult first;   ///< as it was, while it is the only one
    size_t count{0};    ///< how many
    Changes isakmp;     ///< of all
    Changes pairs;      ///< of all
    EndAccount account; ///< sums of all numbers
};

void
AddCurve(Changes& changes, const std::vector<CurvePoint>& curve)
{
    int64_t last = 0;
    for (const auto& point : curve)
    {
        changes[point.time] += point.value - last;
        last = point.value;
    }
}

/// @return the curve. @param peak its greatest value
std::vector<CurvePoint>
MakeCurve(const Changes& changes, int64_t& peak)
{
    std::vector<CurvePoint> curve;
    int64_t value = 0;
    peak = 0;
    for (const auto& [time, change] : changes)
    {
        value += change;
        peak = std::max(peak, value);
        if (curve.empty() || change != 0)
        {
            curve.push_back(CurvePoint{time, value});
        }
    }
    return curve;
}

void
AddPeer(PeerSum& sum, const PeerResult& peer)
{
    if (sum.count++ == 0)
    {
        sum.first = peer;
    }
    const EndAccount& a = peer.account;
    AddCurve(sum.isakmp, a.isakmpAlive);
    AddCurve(sum.pairs, a.pairsAlive);
    sum.account.isakmpAtEnd += a.isakmpAtEnd;
    sum.account.pairsAtEnd += a.pairsAtEnd;
    sum.account.isakmpDuplicateSeconds += a.isakmpDuplicateSeconds;
    sum.account.ipsecDuplicateSeconds += a.ipsecDuplicateSeconds;
    sum.account.upSeconds += a.upSeconds;
}

PeerResult
FinishPeer(const std::string& name, const PeerSum& sum)
{
    PeerResult result = sum.first;
    if (sum.count > 1)
    {
        result.account = sum.account;
        result.account.isakmpAlive = MakeCurve(sum.isakmp, result.account.isakmpPeak);
        result.account.pairsAlive = MakeCurve(sum.pairs, result.account.pairsPeak);
    }
    result.name = name;
    return result;
}

/// Of which the greatest counts, not the sum: the latest time, the longest wait, the busiest CPU.
bool
IsGreatest(const std::string& key)
{
    return key.rfind("last", 0) == 0 || key.rfind("longest", 0) == 0 ||
           key.rfind("most", 0) == 0 || key == "utilisation";
}

void
SumValues(const std::string& key, Json& to, const Json& from)
{
    if (to.is_null() || from.is_null())
    {
        to = to.is_null() ? from : to;
    }
    else if (to.is_object())
    {
        SumEnds(to, from);
    }
    else if (to.is_array())
    {
        to.insert(to.end(), from.begin(), from.end());
    }
    else if (to.is_boolean())
    {
        to = to.get<bool>() || from.get<bool>();
    }
    else if (to.is_number_float() || from.is_number_float())
    {
        const double a = to.get<double>();
        const double b = from.get<double>();
        to = IsGreatest(key) ? std::max(a, b) : a + b;
    }
    else if (to.is_number())
    {
        const auto a = to.get<int64_t>();
        const auto b = from.get<int64_t>();
        to = IsGreatest(key) ? std::max(a, b) : a + b;
    }
}

} // namespace

ListedNames
GroupEnds(const Scenario& scenario)
{
    std::map<std::string, uint64_t> members;
    for (const auto& router : scenario.routers)
    {
        ++members[router.group];
    }
    ListedNames names;
    for (const auto& router : scenario.routers)
    {
        if (!router.group.empty() && members[router.group] > scenario.endsListed)
        {
            names[router.name] = router.group + "*";
        }
    }
    return names;
}

const std::string&
FindListed(const ListedNames& names, const std::string& router)
{
    const auto found = names.find(router);
    return found == names.end() ? router : found->second;
}

std::vector<PeerResult>
SumPeers(const std::vector<PeerResult>& peers, const ListedNames& names)
{
    std::map<std::string, size_t> places;
    std::vector<std::pair<std::string, PeerSum>> sums; // in the order of the first ones
    for (const auto& peer : peers)
    {
        const std::string& name = FindListed(names, peer.name);
        const auto [place, isNew] = places.emplace(name, sums.size());
        if (isNew)
        {
            sums.emplace_back(name, PeerSum{});
        }
        AddPeer(sums[place->second].second, peer);
    }
    std::vector<PeerResult> results;
    for (const auto& [name, sum] : sums)
    {
        results.push_back(FinishPeer(name, sum));
    }
    return results;
}

std::vector<PeersAccount>
SumPairs(const RunResults& results)
{
    std::map<std::pair<std::string, std::string>, size_t> places;
    std::vector<PeersAccount> sums; // in the order of the first ones
    for (const auto& pair : results.pairs)
    {
        const std::string& a = FindListed(results.listed, pair.nodeA);
        const std::string& b = FindListed(results.listed, pair.nodeB);
        const auto [place, isNew] = places.emplace(std::make_pair(a, b), sums.size());
        if (isNew)
        {
            sums.push_back(PeersAccount{a, b, {}, pair.totals});
            continue;
        }
        PeersAccount& sum = sums[place->second];
        sum.totals = DuplicateAccount::Sum({sum, pair});
    }
    return sums;
}

void
SumEnds(Json& to, const Json& from)
{
    for (const auto& [key, value] : from.items())
    {
        if (to.contains(key))
        {
            SumValues(key, to[key], value);
        }
        else
        {
            to[key] = value;
        }
    }
}

} // namespace ike
} // namespace ns3
