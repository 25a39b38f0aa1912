/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_BOOK_H
#define IKE_VECTORS_BOOK_H

#include "ike-vectors.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

/// One vector while it runs: it passes when nothing was found wrong.
class VectorTrial
{
  public:
    /// Octets that must be equal.
    void Equal(const std::string& what, const Octets& got, const Octets& expected);
    /// Something that must hold.
    void That(const std::string& what, bool holds);

    /// What was found wrong first; empty when nothing was.
    const std::string& GetWrong() const;

  private:
    std::string m_wrong; ///< the first thing
};

/// What became of the vectors of one kind in one file.
struct VectorCounts
{
    unsigned passed{0};                      ///< as expected
    unsigned failed{0};                      ///< not so
    std::map<std::string, unsigned> skipped; ///< not run, by reason

    unsigned Run() const;
    unsigned Skipped() const;
};

/// What became of the vectors in one file.
class VectorBook
{
  public:
    /// Run one vector and book it. What throws inside is a failed vector, but for a VectorError.
    /// @param part "keys", "messages"
    /// @param name "tests[3]"
    void Run(const std::string& part,
             const std::string& name,
             const std::function<void(VectorTrial&)>& what);
    void Skip(const std::string& part, const std::string& reason, unsigned count = 1);
    /// Something that the reader of the results should know.
    void Note(const std::string& text);

    VectorCounts Total() const;
    /// Parts in the order of their first use.
    const std::vector<std::pair<std::string, VectorCounts>>& GetParts() const;
    const std::vector<std::string>& GetFailures() const;
    const std::vector<std::string>& GetNotes() const;

  private:
    VectorCounts& PartOf(const std::string& name);

    std::vector<std::pair<std::string, VectorCounts>> m_parts; ///< in the order of first use
    std::vector<std::string> m_failures;                       ///< a sentence each
    std::vector<std::string> m_notes;                          ///< a sentence each
};

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_BOOK_H
