/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_CUT_TEXT_H
#define IKE_SCENARIO_CUT_TEXT_H

#include "ike-scenario-reader.h"
#include "ike-scenario.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Names that may stand in ${...}, or what they stand for, in the same order.
using CutValues = std::vector<std::string>;

/**
 * @ingroup ike
 * A text of a scenario for many routers: taken to pieces once, put together for each of them as
 * fast as it can be copied. Parameters have their values in the pieces already.
 */
class CutText
{
  public:
    /**
     * @param reader of the text
     * @param names blocks of names; Fill() takes as many blocks of values
     */
    CutText(const ScenarioReader& reader, const std::vector<const CutValues*>& names);

    /// @return the text. @param values of the names, block by block
    ScenarioText Fill(const std::vector<const CutValues*>& values) const;
    /// @return does this name stand in it? @param block of names @param index in the block
    bool Uses(size_t block, size_t index) const;
    /// @return where it begins
    const TextPosition& GetPosition() const;

    /// @return all texts of a list, or the one that is there. @param reader of it @param names as
    /// above
    static std::vector<CutText> AllOf(const ScenarioReader& reader,
                                      const std::vector<const CutValues*>& names);

  private:
    /// A piece: a text, or a name.
    struct Piece
    {
        std::string text;   ///< as it stands
        bool isName{false}; ///< or the next two
        size_t block{0};    ///< of names
        size_t index{0};    ///< in the block
    };

    std::vector<Piece> m_pieces; ///< in order
    TextPosition m_position;     ///< where it begins
};

/// Add the lines of a text, each with its place; blank ones are nothing to type. @param text to
/// split @param lines get more
void AddLines(const ScenarioText& text, std::vector<ScenarioText>& lines);
/// @return a well mixed number (the finalizer of SplitMix64, Steele et al. 2014). @param x any
uint64_t MixBits(uint64_t x);
/// @return a number for a name, the same on every machine (FNV-1a, 64 bits). @param name any
uint64_t HashName(const std::string& name);
/**
 * The places of a mixed order, the same on every machine.
 * @param count how many
 * @param seed decides
 * @return for each number from 0 on its place, 0 to count - 1
 */
std::vector<size_t> ShufflePlaces(size_t count, uint64_t seed);
/// @return "10.0.1.1". @param network where @param offset from its first address
std::string AddressAt(const IpPrefix& network, uint64_t offset);
/// @return "255.255.255.0". @param length 24
std::string MaskText(unsigned length);

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_CUT_TEXT_H
