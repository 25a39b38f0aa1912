/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IOS_PARSER_H
#define IKE_IOS_PARSER_H

#include "ike-router-config.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// In which mode a configuration line is read.
struct IosMode
{
    /// The block that is open.
    enum class Kind : uint8_t
    {
        Global,
        IsakmpPolicy,
        Keyring,
        IsakmpProfile,
        IsakmpPeer,
        Trustpoint,
        TransformSet,
        IpsecProfile,
        CryptoMap,
        DynamicMap,
        AccessList,
        Interface,
        RouterRip,
    };

    Kind kind{Kind::Global}; ///< which block
    std::string name;        ///< of the block's object; of crypto maps "NAME SEQ"

    /// "(config)", "(ipsec-profile)", "(config-if)": as the prompt shows it.
    std::string ToPrompt() const;
};

/**
 * Reads IOS configuration text, line by line, into a RouterConfig.
 *
 * A line that is wrong changes nothing and gives one error. The mode stays open from line to line,
 * so the same parser serves a file and a console.
 */
class IosParser
{
  public:
    /// @param config grows with each line
    explicit IosParser(RouterConfig& config);

    /**
     * Read one configuration line ("!" comments, blank lines, abbreviations, `no` forms).
     * @param line without the line feed
     * @param position of its first character
     * @return nothing, or what is wrong with it
     */
    std::optional<ConfigError> ReadLine(const std::string& line, const TextPosition& position);
    /// Read a text line by line. Stops at the first error.
    std::optional<ConfigError> ReadText(const std::string& text, const std::string& file);
    const IosMode& GetMode() const;
    void SetMode(const IosMode& mode);
    /// Was `end` read, or `exit` outside of any block? Nothing may follow in the same text.
    bool HasEnded() const;

  private:
    /// A line, before things get their ids.
    std::optional<ConfigError> ReadOne(const std::string& line, const TextPosition& position);

    RouterConfig& m_config; ///< what is read so far
    IosMode m_mode;         ///< the open block
    bool m_ended{false};    ///< the text is over
};

/// What may be typed after these words in a mode, for `?`.
std::vector<std::string> GetNextIosWords(IosMode::Kind kind, const std::string& line);
/// References to what does not exist, flows that IKE cannot name: on a console, errors at once.
std::vector<ConfigError> CheckDangling(const RouterConfig& config);
/// What is still missing before everything that was configured can work (policies, the files of
/// trustpoints, the parts of a tunnel or a crypto map, the access lists that maps name): errors at
/// the end of a text, a warning when a console leaves.
std::vector<ConfigError> CheckCompleteness(const RouterConfig& config);
/// All of both. Resolve all references: dangling ones are errors at their line. Empty when all is
/// well.
std::vector<ConfigError> CheckReferences(const RouterConfig& config);
/**
 * What the engine needs of a configuration.
 * @param config without dangling references (tunnels that are incomplete are left out)
 * @param knobs go into the result
 */
EngineConfig ResolveEngineConfig(const RouterConfig& config, const IkeKnobs& knobs);
/// The configuration as IOS would show it; reading it again gives an equal configuration.
std::string WriteIos(const RouterConfig& config);

} // namespace ike
} // namespace ns3

#endif // IKE_IOS_PARSER_H
