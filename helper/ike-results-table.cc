/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-results-table.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

using Json = nlohmann::ordered_json;

/// A line of the table. Without a quantity it is a heading.
struct Row
{
    const char* label;    ///< for people
    const char* quantity; ///< below totals; null for a heading
    const char* unit;     ///< behind the number
};

constexpr Row ROWS[] = {
    {"Duplicates", nullptr, ""},
    {"ISAKMP SAs too many", "isakmp_duplicates", ""},
    {"IPsec SA pairs too many", "ipsec_duplicates", ""},
    {"time with ISAKMP SAs too many, sum of ends", "isakmp_duplicate_seconds", " s"},
    {"time with pairs too many, sum of ends", "ipsec_duplicate_seconds", " s"},
    {"most SAs too many at once at one end", "duplicate_peak", ""},
    {"Negotiations", nullptr, ""},
    {"begun", "negotiations_begun", ""},
    {"completed", "negotiations_completed", ""},
    {"wasted", "negotiations_wasted", ""},
    {"not begun, being responder-only", "initiations_refused", ""},
    {"Cost", nullptr, ""},
    {"IKE messages", "messages", ""},
    {"  of these for duplicates", "messages_on_duplicates", ""},
    {"octets of IKE messages", "message_bytes", ""},
    {"  of these for duplicates", "message_bytes_on_duplicates", ""},
    {"Diffie-Hellman operations", "dh_operations", ""},
    {"  of these for duplicates", "dh_operations_on_duplicates", ""},
    {"SAs", nullptr, ""},
    {"pairs that never carried a packet", "unused_pairs", ""},
    {"orphans (SAs at one end only)", "orphans", ""},
    {"time with the directions split over two pairs", "split_seconds", " s"},
    {"time with the line up, sum of ends", "line_up_seconds", " s"},
    {"Traffic", nullptr, ""},
    {"packets offered", "packets_offered", ""},
    {"packets delivered", "packets_delivered", ""},
    {"packets in flight at the end", "packets_in_flight", ""},
    {"packets that left protected", "packets_protected", ""},
    {"packets that left in clear", "packets_clear", ""},
    {"packets lost in a black hole", "packets_black_holed", ""},
    {"outage, sum of flows", "outage_seconds", " s"},
};

constexpr size_t LABEL_WIDTH = 48;
constexpr size_t COLUMN_WIDTH = 16;

std::string
PadLeft(const std::string& text, size_t width)
{
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string
PadRight(const std::string& text, size_t width)
{
    return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

/// Whole numbers as they are, times with one decimal.
std::string
Show(const Json& value, const char* unit)
{
    std::ostringstream text;
    text.imbue(std::locale::classic());
    if (value.is_number_float())
    {
        text.setf(std::ios::fixed);
        text.precision(1);
        text << value.get<double>();
    }
    else
    {
        text << value.get<int64_t>();
    }
    return text.str() + unit;
}

std::string
WriteHeading(const std::vector<ResultsColumn>& columns)
{
    std::string line(LABEL_WIDTH, ' ');
    for (const auto& column : columns)
    {
        line += PadLeft(column.heading, COLUMN_WIDTH);
    }
    return line + "\n";
}

/// All reasons for which a packet was dropped in any of the runs.
std::set<std::string>
CollectReasons(const std::vector<Json>& totals)
{
    std::set<std::string> reasons;
    for (const auto& total : totals)
    {
        for (const auto& [reason, count] : total.at("packets_dropped").items())
        {
            reasons.insert(reason);
        }
    }
    return reasons;
}

std::string
WriteDrops(const std::vector<Json>& totals)
{
    std::string text;
    for (const auto& reason : CollectReasons(totals))
    {
        text += PadRight("  packets dropped: " + reason, LABEL_WIDTH);
        for (const auto& total : totals)
        {
            const auto count = total.at("packets_dropped").value(reason, uint64_t(0));
            text += PadLeft(std::to_string(count), COLUMN_WIDTH);
        }
        text += "\n";
    }
    return text;
}

} // namespace

std::string
WriteResultsTable(const std::vector<ResultsColumn>& columns)
{
    std::vector<Json> totals;
    for (const auto& column : columns)
    {
        totals.push_back(Json::parse(column.json).at("totals"));
    }
    std::string text = WriteHeading(columns);
    for (const auto& row : ROWS)
    {
        if (row.quantity == nullptr)
        {
            text += std::string(row.label) + "\n";
            continue;
        }
        std::string line = PadRight(std::string("  ") + row.label, LABEL_WIDTH);
        for (const auto& total : totals)
        {
            line += PadLeft(Show(total.at(row.quantity), row.unit), COLUMN_WIDTH);
        }
        text += line + "\n";
    }
    return text + WriteDrops(totals);
}

} // namespace ike
} // namespace ns3
