/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RUN_FILES_H
#define IKE_RUN_FILES_H

#include <filesystem>
#include <ios>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace ike
{

/// A run that could not be done: folders, consoles, a second simulation.
class RunError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// The same in all processes of a run: none waits for another one when it is thrown.
class SharedRunError : public RunError
{
  public:
    using RunError::RunError;
};

/**
 * @ingroup ike
 * The folder that a run leaves behind: written beside its place under another name, and put there
 * when it is complete, so that nothing half written is ever seen.
 */
class RunFolder
{
  public:
    /**
     * @param path of the folder to be; what an earlier run left there is replaced
     * @throws RunError when something else is there, or nothing can be written
     */
    explicit RunFolder(const std::string& path);
    /// Forget what was not committed.
    ~RunFolder();

    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    /// @return where to write now; empty after Commit()
    std::string GetPath() const;
    /// Write a file. @param name of it @param text all of it
    void Write(const std::string& name, const std::string& text) const;
    /// Add to a file. @param name of it @param text what follows
    void Append(const std::string& name, const std::string& text) const;
    /// All is written: put the folder in its place.
    void Commit();

  private:
    /// Write or add.
    void Put(const std::string& name, const std::string& text, std::ios::openmode mode) const;

    std::filesystem::path m_target; ///< its place
    std::filesystem::path m_work;   ///< where it is written
};

} // namespace ike
} // namespace ns3

#endif // IKE_RUN_FILES_H
