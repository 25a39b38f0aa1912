/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_READER_H
#define IKE_SCENARIO_READER_H

#include "ike-distribution.h"
#include "ike-scenario-error.h"
#include "ike-scenario.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <yaml-cpp/yaml.h>

namespace ns3
{
namespace ike
{

/// A part of a text: fixed, or a name whose value comes later.
struct TextPiece
{
    std::string text;   ///< as it stands, or the name
    bool isName{false}; ///< the latter
};

/// A text with names in it, and the place of its first character.
struct TextTemplate
{
    std::vector<TextPiece> pieces; ///< in order
    TextPosition position;         ///< where it begins
};

/// What all readers of one file share.
struct ReaderContext
{
    std::string file;               ///< name, for errors
    std::string folder;             ///< of files that it names
    std::vector<std::string> lines; ///< of the text: where block texts begin
    const std::vector<ScenarioParameter>* declared{nullptr}; ///< null: no parameters here
    ParameterValues values;                                  ///< of the parameters
};

/**
 * @param text of a file
 * @param name of the file, for errors
 * @return its one document. Throws ScenarioError when it is no YAML, with what would make it some
 */
YAML::Node LoadYaml(const std::string& text, const std::string& name);

/**
 * @ingroup ike
 * A place in a scenario file: reads typed values, and knows its position when one is wrong.
 *
 * All members throw ScenarioError.
 */
class ScenarioReader
{
  public:
    /**
     * @param node of the document
     * @param context shared by all readers of the file
     * @param what it is, for errors: "link core"
     */
    ScenarioReader(const YAML::Node& node, const ReaderContext& context, const std::string& what);

    /// @return where it stands in the file
    TextPosition GetPosition() const;
    /// @return the innermost name of this place
    const std::string& GetWhat() const;
    /// Complain about this place. @param message what is wrong @param expected what would be right
    [[noreturn]] void Fail(const std::string& message, const std::string& expected = "") const;
    /// Complain that a name means nothing. @param kind of thing @param word it @param names known
    [[noreturn]] void FailName(const std::string& kind,
                               const std::string& word,
                               const std::vector<std::string>& names) const;

    /// @return is it a mapping?
    bool IsMap() const;
    /// @return is it a list?
    bool IsList() const;
    /// @return where files that the scenario names are
    const std::string& GetFolder() const;
    /// Must be a mapping with no key twice.
    void CheckUnique() const;
    /// Must be a mapping with no other keys, and none twice. @param allowed all keys
    void CheckKeys(const std::vector<std::string>& allowed) const;
    /// @return the value of a key, which must be there. @param key which
    ScenarioReader Get(const std::string& key) const;
    /// @return the value of a key, or nothing. @param key which
    std::optional<ScenarioReader> Find(const std::string& key) const;
    /// @return a mapping's keys and values in the order of the file
    std::vector<std::pair<ScenarioReader, ScenarioReader>> Members() const;
    /// @return the items of a list
    std::vector<ScenarioReader> Items() const;
    /// @return the items of a list; a single value is a list of one
    std::vector<ScenarioReader> ItemsOrOne() const;

    /// @return the text, with ${...} replaced
    std::string Text() const;
    /// @return the same with the place of its first character: for texts of several lines
    ScenarioText Block() const;
    /**
     * Read a text in which parameters have their values, and some names have not yet.
     * @param names that may stand in ${...} beside the parameters
     * @return the text; a block text (| or >) begins on the line below
     */
    TextTemplate Template(const std::vector<std::string>& names) const;
    /// @return "10 s + 40 ms"
    Duration AsDuration() const;
    /// @return the same, which must not be negative
    Duration AsSpan() const;
    /// @return the same, which must be more than zero
    Duration AsPositiveSpan() const;
    /**
     * Read a duration, or a distribution of which each thing draws its own. No value is negative.
     * @param draw gets the distribution, or null
     * @return the duration, or the least that is drawn
     */
    Duration AsDrawnSpan(std::shared_ptr<const Distribution>& draw) const;
    /**
     * Read a text as AsDrawnSpan() does.
     * @param text that stands here, with all names filled in
     * @param draw gets the distribution, or null
     * @return the duration, or the least that is drawn
     */
    Duration ToDrawnSpan(const std::string& text, std::shared_ptr<const Distribution>& draw) const;
    /// @return true or false
    bool AsBoolean() const;
    /// @return a number without unit
    double AsNumber() const;
    /// @return a number from 0 on, without unit
    uint64_t AsCount() const;
    /// @return "1 %" as 0.01
    double AsPercent() const;
    /// @return the same, or the least that is drawn. @param draw gets a distribution, or null
    double AsDrawnPercent(std::shared_ptr<const Distribution>& draw) const;
    /// @return "1 Mbit/s", more than zero
    uint64_t AsBandwidth() const;
    /// @return "200 B"
    uint64_t AsSize() const;
    /// @return "100 packets"
    uint64_t AsPackets() const;
    /// @return "10.0.0.0/8", with its address as written
    std::pair<IpAddress, unsigned> AsPrefix() const;
    /// @return which of these it is. @param choices allowed words
    size_t AsChoice(const std::vector<std::string>& choices) const;

  private:
    /// @return the distribution that is written here. @param text it @param unit of its values
    std::shared_ptr<const Distribution> ReadDraw(const std::string& text,
                                                 DistributionUnit unit) const;
    /// Read a value by a function that gives nothing when the text is wrong.
    template <typename T>
    T Parse(std::optional<T> (*parse)(const std::string&), const std::string& expected) const;
    /// @return the text in parts. @param names without a value, beside the parameters
    std::vector<TextPiece> Pieces(const std::vector<std::string>& names) const;
    /// @return where a text of several lines begins
    TextPosition FindBlock() const;
    /// @return what ${inner} stands for. @param inner as written @param others names for the error
    std::string Lookup(const std::string& inner, const std::vector<std::string>& others) const;
    /// @return the parameter of this name. @param others more names for the error
    const ScenarioParameter& FindDeclared(const std::string& name,
                                          const std::vector<std::string>& others) const;

    YAML::Node m_node;              ///< of the document
    const ReaderContext* m_context; ///< shared
    std::string m_what;             ///< for errors
};

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_READER_H
