/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-builder.h"
#include "ike-scenario-keys.h"
#include "ike-scenario-reader.h"
#include "ike-scenario.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

namespace ns3
{
namespace ike
{

/// A file as it was read.
struct ScenarioFile::Document
{
    YAML::Node root;                           ///< of the document
    ReaderContext context;                     ///< file, folder, lines
    std::string name;                          ///< short
    std::string title;                         ///< a line
    std::string description;                   ///< more
    std::vector<ScenarioParameter> parameters; ///< declared
};

namespace
{

/// As on the command line.
constexpr uint64_t LARGEST_SEED = 999999999;

const std::vector<std::string>
    TYPE_NAMES{"duration", "number", "integer", "percent", "choice", "boolean", "bandwidth"};

std::vector<std::string>
SplitLines(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
    {
        lines.push_back(line);
    }
    lines.emplace_back();
    return lines;
}

/// A folder's name of a path, "." when it has none.
std::string
FolderOf(const std::string& path)
{
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::vector<std::string>
ReadWords(const ScenarioReader& reader, const std::string& key)
{
    std::vector<std::string> words;
    if (const auto list = reader.Find(key))
    {
        for (const auto& item : list->Items())
        {
            words.push_back(item.Text());
        }
    }
    return words;
}

/// A name that can stand in ${...}, in a file's name and in a database.
void
CheckIdentifier(const ScenarioReader& name)
{
    const std::string text = name.Text();
    const bool good = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '_' || c == '-';
    });
    if (!good)
    {
        name.Fail("'" + text + "' is no name", "letters, digits, '_' and '-'");
    }
}

void
ReadRange(const ScenarioReader& reader, ScenarioParameter& parameter)
{
    const auto items = reader.Items();
    if (items.size() != 2)
    {
        reader.Fail("a range has two ends", "[LEAST, GREATEST]");
    }
    const auto least = parameter.Canonical(items[0].Text(), items[0].GetPosition());
    const auto greatest = parameter.Canonical(items[1].Text(), items[1].GetPosition());
    parameter.range = {least, greatest};
}

ScenarioParameter
ReadParameter(const ScenarioReader& name, const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("parameter"));
    CheckIdentifier(name);
    ScenarioParameter parameter;
    parameter.name = name.Text();
    parameter.position = name.GetPosition();
    parameter.type = static_cast<ParameterType>(reader.Get("type").AsChoice(TYPE_NAMES));
    parameter.choices = ReadWords(reader, "choices");
    parameter.words = ReadWords(reader, "words");
    if ((parameter.type == ParameterType::Choice) == parameter.choices.empty())
    {
        reader.Fail("'choices:' belongs to a parameter of type choice, and only there");
    }
    if (const auto unit = reader.Find("unit"))
    {
        parameter.unit = unit->Text();
    }
    if (const auto range = reader.Find("range"))
    {
        ReadRange(*range, parameter);
    }
    parameter.help = reader.Get("help").Text();
    const ScenarioReader value = reader.Get("default");
    parameter.defaultValue = parameter.Canonical(value.Text(), value.GetPosition());
    return parameter;
}

void
CheckVersion(const ScenarioReader& root)
{
    const ScenarioReader version = root.Get("version");
    if (version.Text() != "1")
    {
        version.Fail("version '" + version.Text() + "' is not known here", "1");
    }
}

/// Apply the variants whose condition holds, in the order of the file.
void
ReadVariants(const ScenarioReader& variants, ScenarioBuilder& builder)
{
    for (const auto& variant : variants.Items())
    {
        variant.CheckKeys(KeysOf("variant"));
        if (builder.Matches(variant.Get("when")))
        {
            builder.ReadSections(variant);
        }
    }
}

/// The values of all parameters: those that were given, and the defaults of the others.
ParameterValues
CompleteValues(const std::vector<ScenarioParameter>& declared, const ParameterValues& given)
{
    ParameterValues values;
    std::vector<std::string> names;
    for (const auto& parameter : declared)
    {
        const auto found = given.find(parameter.name);
        const TextPosition place{parameter.name + "=" + (found == given.end() ? "" : found->second),
                                 0,
                                 0};
        values[parameter.name] = found == given.end() ? parameter.defaultValue
                                                      : parameter.Canonical(found->second, place);
        names.push_back(parameter.name);
    }
    for (const auto& [name, value] : given)
    {
        if (values.count(name) == 0)
        {
            throw ScenarioError(TextPosition{name + "=" + value, 0, 0},
                                "unknown parameter '" + name + "'",
                                names.empty() ? "none, the scenario declares no parameters"
                                              : DescribeChoice(name, names));
        }
    }
    return values;
}

} // namespace

ScenarioFile
ScenarioFile::Load(const std::string& path)
{
    std::ifstream file(path);
    std::ostringstream text;
    if (file && file.peek() == std::ifstream::traits_type::eof() && !file.bad())
    {
        throw ScenarioError(TextPosition{path, 0, 0}, "this file is empty", "a scenario");
    }
    if (!file || !(text << file.rdbuf()))
    {
        throw ScenarioError(TextPosition{path, 0, 0}, "cannot read this file", "a scenario");
    }
    return Parse(text.str(), path, FolderOf(path));
}

ScenarioFile
ScenarioFile::Parse(const std::string& text, const std::string& name, const std::string& folder)
{
    auto document = std::make_shared<Document>();
    document->context.file = name;
    document->context.folder = folder;
    document->context.lines = SplitLines(text);
    document->root = LoadYaml(text, name);
    const ScenarioReader root(document->root, document->context, "scenario");
    root.CheckKeys(KeysOf("scenario"));
    CheckVersion(root);
    CheckIdentifier(root.Get("name"));
    document->name = root.Get("name").Text();
    document->title = root.Get("title").Text();
    const auto description = root.Find("description");
    document->description = description ? description->Text() : "";
    if (const auto parameters = root.Find("parameters"))
    {
        parameters->CheckUnique();
        for (const auto& [key, value] : parameters->Members())
        {
            document->parameters.push_back(ReadParameter(key, value));
        }
    }
    ScenarioFile file;
    file.m_document = document;
    return file;
}

const std::string&
ScenarioFile::GetName() const
{
    return m_document->name;
}

const std::string&
ScenarioFile::GetTitle() const
{
    return m_document->title;
}

const std::string&
ScenarioFile::GetDescription() const
{
    return m_document->description;
}

const std::vector<ScenarioParameter>&
ScenarioFile::GetParameters() const
{
    return m_document->parameters;
}

Scenario
ScenarioFile::Expand(const ParameterValues& values) const
{
    return ExpandAll(values, true);
}

Scenario
ScenarioFile::ExpandAll(const ParameterValues& values, bool fitsTogether) const
{
    ReaderContext context = m_document->context;
    context.declared = &m_document->parameters;
    context.values = CompleteValues(m_document->parameters, values);
    const ScenarioReader root(m_document->root, context, "scenario");

    Scenario scenario;
    scenario.file = context.file;
    scenario.name = m_document->name;
    scenario.title = m_document->title;
    scenario.description = m_document->description;
    scenario.parameters = context.values;
    if (const auto seed = root.Find("seed"))
    {
        scenario.seed = seed->AsCount();
        if (scenario.seed < 1 || scenario.seed > LARGEST_SEED)
        {
            seed->Fail("'" + seed->Text() + "' is no seed", "a number from 1 to 999999999");
        }
    }
    if (!root.Find("explore"))
    {
        root.Get("duration");
    }
    ScenarioBuilder builder(scenario, m_document->parameters);
    builder.ReadSections(root);
    if (const auto variants = root.Find("variants"))
    {
        ReadVariants(*variants, builder);
    }
    builder.Finish(fitsTogether);
    return scenario;
}

void
ScenarioFile::Check() const
{
    Expand();
    for (const auto& parameter : GetParameters())
    {
        std::vector<std::string> values = parameter.choices;
        values.insert(values.end(), parameter.words.begin(), parameter.words.end());
        if (parameter.type == ParameterType::Boolean)
        {
            values = {"true", "false"};
        }
        if (parameter.range)
        {
            values.push_back(parameter.range->first);
            values.push_back(parameter.range->second);
        }
        for (const auto& value : values)
        {
            // An end of a range may be too late, or too short, for the defaults of the others.
            ExpandAll({{parameter.name, value}}, false);
        }
    }
}

std::vector<ScenarioEvent>
ParseEvents(const Scenario& scenario, const std::string& text, const std::string& name)
{
    ReaderContext context;
    context.file = name;
    context.lines = SplitLines(text);
    const YAML::Node root = LoadYaml(text, name);
    Scenario copy = scenario;
    copy.events.clear();
    const std::vector<ScenarioParameter> declared;
    context.declared = &declared;
    ScenarioBuilder(copy, declared).AddEvents(ScenarioReader(root, context, "events"));
    return copy.events;
}

} // namespace ike
} // namespace ns3
