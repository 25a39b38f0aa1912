/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CONFIG_FIXTURE_H
#define IKE_CONFIG_FIXTURE_H

#include "ns3/ike-ios-parser.h"
#include "ns3/ike-router-config.h"
#include "ns3/test.h"

#include <optional>
#include <string>

/**
 * @file
 * @ingroup ike-tests
 * Configuration texts, and what is read of them.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

/// The configuration example of the seed (IKE Responder-Only Mode), letter by letter.
extern const char* const SEED_EXAMPLE;

/// What the example refers to, and a tunnel that uses it.
extern const char* const SEED_COMPANION;

/// A text read from its beginning.
struct ConfigReading
{
    RouterConfig config;              ///< what it says
    std::optional<ConfigError> error; ///< its first wrong line
};

/// Read a text.
ConfigReading ReadConfig(const std::string& text);

/// The first thing that is wrong with a text: a line, or what is found at its end.
std::string FirstError(const std::string& text);

/// A text and a part of what is written of it.
struct GoodRow
{
    const char* name;    ///< of the case
    const char* text;    ///< to be read
    const char* written; ///< expected
};

/// A text is right, and what is written of it is read as the same.
class GoodTextTest : public TestCase
{
  public:
    /// @param row what is read, and what is written of it
    explicit GoodTextTest(const GoodRow& row);

  private:
    void DoRun() override;

    GoodRow m_row; ///< what is read, and what is written of it
};

/// An error in words; none: nothing.
std::string ToText(const std::optional<ConfigError>& error);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_CONFIG_FIXTURE_H
