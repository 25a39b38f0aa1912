/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-run-files.h"

#include <fstream>
#include <system_error>
#include <unistd.h>

namespace ns3
{
namespace ike
{

namespace
{

namespace fs = std::filesystem;

/// Every folder of a run has it.
constexpr const char* SIGN = "results.json";

[[noreturn]] void
Fail(const std::string& what, const fs::path& path, const std::error_code& error = {})
{
    throw RunError(what + " '" + path.string() + "'" + (error ? ": " + error.message() : ""));
}

/// A name beside the target that no other process uses.
fs::path
Beside(const fs::path& target, const std::string& mark)
{
    fs::path path = target;
    path += mark + std::to_string(::getpid());
    return path;
}

/// "out/demo/" is "out/demo".
fs::path
WithoutSlash(const std::string& path)
{
    fs::path clean = fs::path(path).lexically_normal();
    return clean.has_filename() ? clean : clean.parent_path();
}

} // namespace

RunFolder::RunFolder(const std::string& path)
    : m_target(WithoutSlash(path)),
      m_work(Beside(m_target, ".part-"))
{
    std::error_code error;
    if (fs::exists(m_target) && !fs::is_empty(m_target, error) && !fs::exists(m_target / SIGN))
    {
        Fail("this is not the folder of a run, it is left as it is:", m_target);
    }
    fs::remove_all(m_work, error);
    fs::create_directories(m_work, error);
    if (error)
    {
        Fail("cannot make folder", m_work, error);
    }
}

RunFolder::~RunFolder()
{
    if (!m_work.empty())
    {
        std::error_code ignored;
        fs::remove_all(m_work, ignored);
    }
}

std::string
RunFolder::GetPath() const
{
    return m_work.string();
}

void
RunFolder::Write(const std::string& name, const std::string& text) const
{
    Put(name, text, std::ios::trunc);
}

void
RunFolder::Append(const std::string& name, const std::string& text) const
{
    Put(name, text, std::ios::app);
}

void
RunFolder::Put(const std::string& name, const std::string& text, std::ios::openmode mode) const
{
    std::ofstream file(m_work / name, std::ios::binary | std::ios::out | mode);
    file << text;
    file.close();
    if (!file)
    {
        Fail("cannot write file", m_work / name);
    }
}

void
RunFolder::Commit()
{
    const fs::path old = Beside(m_target, ".old-");
    std::error_code error;
    if (fs::exists(m_target))
    {
        fs::rename(m_target, old, error);
    }
    if (!error)
    {
        fs::rename(m_work, m_target, error);
    }
    if (error)
    {
        Fail("cannot put in its place folder", m_target, error);
    }
    fs::remove_all(old, error);
    m_work.clear();
}

} // namespace ike
} // namespace ns3
