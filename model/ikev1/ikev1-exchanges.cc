/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-exchanges.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ike
{

const std::vector<Phase1Row>&
Phase1Table()
{
    using S = IsakmpState;
    // clang-format off
    static const std::vector<Phase1Row> table{
        // state                 name                     IOS name       awaits again  computes next
        {S::InitiatorSentSa,     "initiator-sent-sa",     "MM_NO_STATE",     2, true,  false, {S::InitiatorMakingKe}},
        {S::InitiatorMakingKe,   "initiator-making-ke",   "MM_SA_SETUP",     0, false, true,  {S::InitiatorSentKe}},
        {S::InitiatorSentKe,     "initiator-sent-ke",     "MM_SA_SETUP",     4, true,  false, {S::InitiatorMakingKeys}},
        {S::InitiatorMakingKeys, "initiator-making-keys", "MM_KEY_EXCH",     0, false, true,  {S::InitiatorSentAuth}},
        {S::InitiatorSentAuth,   "initiator-sent-auth",   "MM_KEY_EXCH",     6, true,  false, {S::Established}},
        {S::ResponderSentSa,     "responder-sent-sa",     "MM_SA_SETUP",     3, false, false, {S::ResponderMakingKeys}},
        {S::ResponderMakingKeys, "responder-making-keys", "MM_SA_SETUP",     0, false, true,  {S::ResponderSentKe}},
        {S::ResponderSentKe,     "responder-sent-ke",     "MM_KEY_EXCH",     5, false, false, {S::Established}},
        {S::Established,         "established",           "QM_IDLE",         0, false, false, {}},
        // IOS has AG_AUTH as well, for what is authenticated but not yet QM_IDLE: it is passed at
        // once, as MM_KEY_AUTH is in main mode
        {S::AggressiveInitiatorMakingKe,   "aggressive-initiator-making-ke",   "AG_NO_STATE",  0, false, true,  {S::AggressiveInitiatorSentSa}},
        {S::AggressiveInitiatorSentSa,     "aggressive-initiator-sent-sa",     "AG_INIT_EXCH", 2, true,  false, {S::AggressiveInitiatorMakingKeys}},
        {S::AggressiveInitiatorMakingKeys, "aggressive-initiator-making-keys", "AG_INIT_EXCH", 0, false, true,  {S::Established, S::AggressiveInitiatorSentSa}},
        {S::AggressiveResponderMakingKeys, "aggressive-responder-making-keys", "AG_NO_STATE",  0, false, true,  {S::AggressiveResponderSentAuth}},
        {S::AggressiveResponderSentAuth,   "aggressive-responder-sent-auth",   "AG_INIT_EXCH", 3, true,  false, {S::Established}},
    };
    // clang-format on
    return table;
}

const std::vector<QuickModeRow>&
QuickModeTable()
{
    using S = QuickState;
    // clang-format off
    static const std::vector<QuickModeRow> table{
        // state                 name                     awaits again  computes next
        {S::InitiatorMakingKe,   "initiator-making-ke",   0, false, true,  {S::InitiatorSentSa}},
        {S::InitiatorSentSa,     "initiator-sent-sa",     2, true,  false, {S::InitiatorMakingKeys, S::Finished}},
        {S::InitiatorMakingKeys, "initiator-making-keys", 0, false, true,  {S::Finished}},
        {S::ResponderMakingKeys, "responder-making-keys", 0, false, true,  {S::ResponderSentSa}},
        {S::ResponderSentSa,     "responder-sent-sa",     3, true,  false, {S::Finished}},
        {S::Finished,            "finished",              0, false, false, {}},
    };
    // clang-format on
    return table;
}

const Phase1Row&
RowOf(IsakmpState state)
{
    return Phase1Table().at(static_cast<size_t>(state));
}

const QuickModeRow&
RowOf(QuickState state)
{
    return QuickModeTable().at(static_cast<size_t>(state));
}

namespace
{

template <typename Row, typename State>
void
CheckStep(const Row& row, State next)
{
    if (std::find(row.next.begin(), row.next.end(), next) == row.next.end())
    {
        throw std::logic_error(std::string("no step from ") + row.name + " to " + RowOf(next).name);
    }
}

/// One machine as a flow chart in Mermaid's language, under a heading.
template <typename Row>
std::string
Draw(const std::vector<Row>& table, const std::string& title)
{
    std::string text = "\n## " + title + "\n\n```mermaid\nflowchart LR\n";
    for (size_t i = 0; i < table.size(); i++)
    {
        text += "    s" + std::to_string(i) + "[\"" + table[i].name + "\"]\n";
    }
    for (size_t i = 0; i < table.size(); i++)
    {
        const std::string label =
            table[i].computes ? "computed" : "message " + std::to_string(table[i].awaits);
        for (const auto next : table[i].next)
        {
            text += "    s" + std::to_string(i) + " -- " + label + " --> s" +
                    std::to_string(static_cast<size_t>(next)) + "\n";
        }
    }
    return text + "```\n";
}

} // namespace

void
Become(IsakmpSa& sa, IsakmpState next)
{
    CheckStep(RowOf(sa.state), next);
    sa.state = next;
}

void
Become(QuickMode& quick, QuickState next)
{
    CheckStep(RowOf(quick.state), next);
    quick.state = next;
}

std::string
DrawStateDiagrams()
{
    return Draw(Phase1Table(), "Main mode and aggressive mode") +
           Draw(QuickModeTable(), "Quick mode");
}

} // namespace ike
} // namespace ns3
