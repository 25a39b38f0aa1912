/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-cut-text.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

CutText::CutText(const ScenarioReader& reader, const std::vector<const CutValues*>& names)
{
    CutValues all;
    for (const auto* block : names)
    {
        all.insert(all.end(), block->begin(), block->end());
    }
    TextTemplate whole = reader.Template(all);
    m_position = whole.position;
    for (auto& piece : whole.pieces)
    {
        Piece own;
        own.isName = piece.isName;
        for (size_t block = 0; piece.isName && block < names.size(); ++block)
        {
            const auto at = std::find(names[block]->begin(), names[block]->end(), piece.text);
            if (at != names[block]->end())
            {
                own.block = block;
                own.index = static_cast<size_t>(at - names[block]->begin());
            }
        }
        own.text = piece.isName ? "" : std::move(piece.text);
        m_pieces.push_back(std::move(own));
    }
}

ScenarioText
CutText::Fill(const std::vector<const CutValues*>& values) const
{
    ScenarioText filled{"", m_position};
    for (const auto& piece : m_pieces)
    {
        filled.text += piece.isName ? (*values[piece.block])[piece.index] : piece.text;
    }
    return filled;
}

bool
CutText::Uses(size_t block, size_t index) const
{
    return std::any_of(m_pieces.begin(), m_pieces.end(), [&](const Piece& piece) {
        return piece.isName && piece.block == block && piece.index == index;
    });
}

const TextPosition&
CutText::GetPosition() const
{
    return m_position;
}

std::vector<CutText>
CutText::AllOf(const ScenarioReader& reader, const std::vector<const CutValues*>& names)
{
    std::vector<CutText> texts;
    for (const auto& item : reader.ItemsOrOne())
    {
        texts.emplace_back(item, names);
    }
    return texts;
}

void
AddLines(const ScenarioText& text, std::vector<ScenarioText>& lines)
{
    TextPosition position = text.position;
    for (size_t begin = 0; begin < text.text.size(); ++position.line)
    {
        const size_t end = std::min(text.text.find('\n', begin), text.text.size());
        std::string line = text.text.substr(begin, end - begin);
        if (line.find_first_not_of(' ') != std::string::npos)
        {
            lines.push_back(ScenarioText{std::move(line), position});
        }
        begin = end + 1;
    }
}

uint64_t
MixBits(uint64_t x)
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

uint64_t
HashName(const std::string& name)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : name)
    {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return hash;
}

std::vector<size_t>
ShufflePlaces(size_t count, uint64_t seed)
{
    std::vector<std::pair<uint64_t, size_t>> draws;
    for (size_t i = 0; i < count; ++i)
    {
        draws.emplace_back(MixBits(MixBits(seed) + i), i);
    }
    std::sort(draws.begin(), draws.end());
    std::vector<size_t> places(count);
    for (size_t place = 0; place < count; ++place)
    {
        places[draws[place].second] = place;
    }
    return places;
}

std::string
AddressAt(const IpPrefix& network, uint64_t offset)
{
    return IpAddress::V4(network.address.ToV4() + static_cast<uint32_t>(offset)).ToString();
}

std::string
MaskText(unsigned length)
{
    return IpAddress::V4(MaskOfPrefixLength(length)).ToString();
}

} // namespace ike
} // namespace ns3
