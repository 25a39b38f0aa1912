/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-directory.h"

#include "ike-vectors-formats.h"
#include "ike-vectors-pcap.h"

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <sstream>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

using nlohmann::json;

/// All formats of JSON files; the first that matches counts.
const std::vector<VectorFormat>&
GetFormats()
{
    static const std::vector<VectorFormat> formats = [] {
        std::vector<VectorFormat> all;
        for (const auto& some :
             {MakeKeyFormats(), MakeEspFormats(), MakePeerFormats(), MakeMessageFormats()})
        {
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }();
    return formats;
}

bool
EndsWith(const std::string& text, const std::string& ending)
{
    return text.size() >= ending.size() &&
           text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

/// Is the first line one of hexadecimal digits, and the file a text?
bool
IsHexLines(const std::string& text)
{
    const std::string line = text.substr(0, text.find_first_of("\r\n"));
    return !line.empty() && line.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

void
RunJson(VectorRun& run, VectorFileResult& result, const std::string& text)
{
    result.format = "JSON";
    const json file = ParseJson(text);
    for (const VectorFormat& format : GetFormats())
    {
        if (file.is_object() && format.matches(file))
        {
            result.format = format.name;
            format.runFile(run, file);
            return;
        }
    }
    result.format = "unknown";
    run.book.Skip("file", "JSON of no known shape");
}

/// By its first octets, then by its shape.
void
RunOctets(VectorRun& run, VectorFileResult& result, const Octets& octets)
{
    const std::string text(octets.begin(), octets.end());
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (IsCapture(octets))
    {
        result.format = "capture of packets";
        RunCaptureFile(run, octets);
    }
    else if (EndsWith(result.file, ".json") ||
             (first != std::string::npos && (text[first] == '{' || text[first] == '[')))
    {
        RunJson(run, result, text);
    }
    else if (IsHexLines(text))
    {
        result.format = "lines of hexadecimal";
        RunHexLines(run, text);
    }
    else
    {
        result.format = "unknown";
        run.book.Skip("file", "neither JSON, nor a capture, nor lines of hexadecimal");
    }
}

/// Files of a folder and of those inside it: names relative to it, in order.
std::vector<std::string>
ListFiles(const std::string& folder)
{
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::is_directory(folder, error))
    {
        throw VectorError(folder + " is no folder");
    }
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    {
        if (entry.is_regular_file())
        {
            names.push_back(entry.path().lexically_relative(folder).generic_string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

// --- Results -------------------------------------------------------------------------------------

void
PrintRow(std::ostream& out,
         size_t width,
         const std::string& name,
         const std::string& part,
         const VectorCounts& counts)
{
    out << std::left << std::setw(static_cast<int>(width)) << name << "  " << std::setw(19) << part
        << std::right << std::setw(7) << counts.Run() << std::setw(8) << counts.passed
        << std::setw(8) << counts.failed << std::setw(9) << counts.Skipped() << "\n";
}

json
ToJson(const VectorCounts& counts)
{
    json skipped = json::array();
    for (const auto& [reason, count] : counts.skipped)
    {
        skipped.push_back({{"reason", reason}, {"count", count}});
    }
    return {{"run", counts.Run()},
            {"passed", counts.passed},
            {"failed", counts.failed},
            {"skipped", counts.Skipped()},
            {"skipped_reasons", skipped}};
}

json
ToJson(const VectorFileResult& result)
{
    json parts = json::array();
    for (const auto& [name, counts] : result.book.GetParts())
    {
        json part = ToJson(counts);
        part["part"] = name;
        parts.push_back(part);
    }
    json out = ToJson(result.book.Total());
    out["file"] = result.file;
    out["format"] = result.format;
    out["parts"] = parts;
    out["failures"] = result.book.GetFailures();
    out["notes"] = result.book.GetNotes();
    out["error"] = result.error.empty() ? json() : json(result.error);
    return out;
}

void
PrintFile(std::ostream& out, size_t width, const VectorFileResult& r)
{
    bool isFirst = true;
    for (const auto& [part, counts] : r.book.GetParts())
    {
        PrintRow(out, width, isFirst ? r.file : "", part, counts);
        isFirst = false;
    }
    if (isFirst)
    {
        PrintRow(out, width, r.file, "-", {});
    }
    for (const auto& [part, counts] : r.book.GetParts())
    {
        for (const auto& [reason, count] : counts.skipped)
        {
            out << "    skipped " << count << " of " << part << ": " << reason << "\n";
        }
    }
    for (const std::string& note : r.book.GetNotes())
    {
        out << "    note: " << note << "\n";
    }
    for (const std::string& failure : r.book.GetFailures())
    {
        out << "    FAILED " << failure << "\n";
    }
    if (!r.error.empty())
    {
        out << "    ERROR " << r.file << ": " << r.error << "\n";
    }
}

} // namespace

VectorCounts
VectorResults::Total() const
{
    VectorCounts total;
    for (const VectorFileResult& r : files)
    {
        const VectorCounts counts = r.book.Total();
        total.passed += counts.passed;
        total.failed += counts.failed;
        for (const auto& [reason, count] : counts.skipped)
        {
            total.skipped[reason] += count;
        }
    }
    return total;
}

int
VectorResults::ExitStatus() const
{
    const bool isWrong = std::any_of(files.begin(), files.end(), [](const VectorFileResult& r) {
        return !r.error.empty();
    });
    return isWrong ? 2 : Total().failed > 0 ? 1 : 0;
}

VectorFileResult
RunVectorOctets(const std::string& path,
                const std::string& name,
                const Octets& octets,
                CryptoProvider& crypto)
{
    VectorFileResult result;
    result.file = name;
    result.format = "unknown";
    try
    {
        VectorRun run{result.book, crypto, path};
        RunOctets(run, result, octets);
    }
    catch (const std::exception& e)
    {
        result.error = e.what();
    }
    return result;
}

VectorFileResult
RunVectorFile(const std::string& path, const std::string& name, CryptoProvider& crypto)
{
    try
    {
        return RunVectorOctets(path, name, ReadOctetsOf(path), crypto);
    }
    catch (const VectorError& e)
    {
        return VectorFileResult{name, "unknown", VectorBook(), e.what()};
    }
}

VectorResults
RunVectorDirectory(const std::string& folder,
                   CryptoProvider& crypto,
                   const VectorProgress& progress)
{
    VectorResults results;
    const std::vector<std::string> names = ListFiles(folder);
    for (const std::string& name : names)
    {
        progress(name, results.files.size() + 1, names.size());
        results.files.push_back(RunVectorFile(folder + "/" + name, name, crypto));
    }
    return results;
}

void
PrintTable(std::ostream& out, const VectorResults& results)
{
    size_t width = 5;
    for (const VectorFileResult& r : results.files)
    {
        width = std::max(width, r.file.size());
    }
    out << std::left << std::setw(static_cast<int>(width)) << "file"
        << "  " << std::setw(19) << "part" << std::right << std::setw(7) << "run" << std::setw(8)
        << "passed" << std::setw(8) << "failed" << std::setw(9) << "skipped"
        << "\n";
    for (const VectorFileResult& r : results.files)
    {
        PrintFile(out, width, r);
    }
    const VectorCounts total = results.Total();
    PrintRow(out, width, "total", std::to_string(results.files.size()) + " files", total);
    out << "skipped, by reason:\n";
    for (const auto& [reason, count] : total.skipped)
    {
        out << std::right << std::setw(7) << count << "  " << reason << "\n";
    }
}

void
PrintJson(std::ostream& out, const VectorResults& results)
{
    json files = json::array();
    for (const VectorFileResult& r : results.files)
    {
        files.push_back(ToJson(r));
    }
    json all = {{"total", ToJson(results.Total())}, {"files", files}};
    out << all.dump(2) << "\n";
}

} // namespace tests
} // namespace ike
} // namespace ns3
