/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-dynamic.h"

#include "ikev1-upkeep.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

bool
IsWithin(const Selector& inner, const Selector& outer)
{
    return inner.first.BitLength() == outer.first.BitLength() && !(inner.first < outer.first) &&
           !(outer.last < inner.last) &&
           (outer.protocol == 0 || outer.protocol == inner.protocol) &&
           (outer.port == 0 || outer.port == inner.port);
}

/// What a peer gets: all as the template says, but for whom and what it is.
ConnectionConfig
MakeAfter(const ConnectionConfig& dynamic, const ConnectionConfig& own)
{
    ConnectionConfig made = dynamic;
    made.id = own.id;
    made.name = dynamic.virtualTemplate.empty()
                    ? dynamic.name + " " + own.peer.ToString()
                    : "Virtual-Access" + std::to_string(own.id - FIRST_OPENED + 1);
    made.peer = own.peer;
    made.localSelector = own.localSelector;
    made.remoteSelector = own.remoteSelector;
    made.dynamic = false;
    made.allowed.clear();
    made.stayUp = false;
    return made;
}

/// How many connections a peer has opened here.
size_t
CountBetween(const Ikev1State& state, const AddressPair& ends)
{
    const auto it = state.openedBetween.find(ends);
    return it == state.openedBetween.end() ? 0 : it->second.size();
}

void
RefuseToOpen(Ikev1Context& ctx, const ConnectionConfig& wanted, uint32_t limit, const char* whose)
{
    Event e = ctx.MakeEvent(EventKind::Warning, wanted);
    e.connection = 0;
    e.text = wanted.name + " is refused: " + std::to_string(limit) +
             " connections that peers opened stand already" + whose;
    ctx.Report(e);
}

void
ForgetEnds(Ikev1State& state, const ConnectionConfig& c)
{
    const auto it = state.openedBetween.find(AddressPair{c.local, c.peer});
    if (it == state.openedBetween.end())
    {
        return;
    }
    it->second.erase(c.id);
    if (it->second.empty())
    {
        state.openedBetween.erase(it);
    }
}

/// Is nothing left of a connection: no pair, living or lingering, and nothing that would make one?
bool
IsUnused(const Ikev1State& state, ConnectionId connection)
{
    const auto isThere = [](const PairState&) { return true; };
    const auto runs = [](const QuickMode& quick) { return quick.state != QuickState::Finished; };
    return !state.pairs.AnyBy(&PairIndex::connection, connection, isThere) &&
           !state.quickModes.AnyBy(&QuickModeIndex::connection, connection, runs) &&
           !IsBeginning(state, connection);
}

} // namespace

bool
IsOpened(const Ikev1State& state, ConnectionId connection)
{
    return state.opened.count(connection) != 0;
}

bool
IsAllowed(const ConnectionConfig& dynamic, const OfferedSelectors& offered)
{
    const auto& all = dynamic.allowed;
    return all.empty() || std::any_of(all.begin(), all.end(), [&offered](const auto& pair) {
               return IsWithin(offered.local, pair.first) && IsWithin(offered.remote, pair.second);
           });
}

const ConnectionConfig*
OpenConnection(Ikev1Context& ctx,
               const IsakmpSa& sa,
               const ConnectionConfig& dynamic,
               const OfferedSelectors& selectors)
{
    const AddressPair ends{sa.local.address, sa.Peer()};
    const auto standing = ctx.state.openedBetween.find(ends);
    if (standing != ctx.state.openedBetween.end())
    {
        for (ConnectionId id : standing->second)
        {
            const ConnectionConfig& c = ctx.state.opened.at(id).config;
            if (c.localSelector == selectors.local && c.remoteSelector == selectors.remote)
            {
                return &c;
            }
        }
    }
    ConnectionConfig own;
    own.id = ctx.state.nextOpened;
    own.peer = sa.Peer();
    own.localSelector = selectors.local;
    own.remoteSelector = selectors.remote;
    const ConnectionConfig made = MakeAfter(dynamic, own);
    if (ctx.state.opened.size() >= ctx.Knobs().openedLimit)
    {
        RefuseToOpen(ctx, made, ctx.Knobs().openedLimit, "");
        return nullptr;
    }
    if (CountBetween(ctx.state, ends) >= ctx.Knobs().openedPeerLimit)
    {
        RefuseToOpen(ctx, made, ctx.Knobs().openedPeerLimit, " with this peer");
        return nullptr;
    }
    ctx.state.nextOpened++;
    ctx.state.openedBetween[ends].insert(made.id);
    ctx.state.tunnels[made.id].reachable = true; // his messages came along a path
    ctx.Touch(made.id);
    ctx.actions.push_back(OpenConnectionAction{made});
    const OpenedConnection opened{dynamic.id, made, false};
    return &ctx.state.opened.emplace(made.id, opened).first->second.config;
}

std::vector<ConnectionId>
FollowTemplates(Ikev1Context& ctx)
{
    std::vector<ConnectionId> ended;
    for (auto& [id, opened] : ctx.state.opened)
    {
        ConnectionConfig& c = opened.config;
        const ConnectionConfig* dynamic = ctx.index->Find(ctx.config, opened.origin);
        const bool stays = dynamic && dynamic->dynamic && dynamic->local == c.local &&
                           dynamic->policyInterface == c.policyInterface &&
                           dynamic->policyEntry == c.policyEntry &&
                           IsAllowed(*dynamic, {c.localSelector, c.remoteSelector});
        if (!opened.ended && stays)
        {
            c = MakeAfter(*dynamic, ConnectionConfig(c));
        }
        else if (!opened.ended)
        {
            opened.ended = true;
            ForgetEnds(ctx.state, c);
            ctx.Touch(id);
            ended.push_back(id);
        }
    }
    return ended;
}

void
CloseUnused(Ikev1Context& ctx)
{
    for (const auto& [id, attempt] : ctx.touched)
    {
        const auto it = ctx.state.opened.find(id);
        if (it != ctx.state.opened.end() && IsUnused(ctx.state, id))
        {
            ForgetEnds(ctx.state, it->second.config);
            ctx.state.opened.erase(it);
            ctx.state.tunnels.erase(id);
            ctx.actions.push_back(CloseConnectionAction{id});
        }
    }
}

} // namespace ike
} // namespace ns3
