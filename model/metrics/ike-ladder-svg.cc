/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ladder-scale.h"

#include <cmath>
#include <cstdio>

namespace ns3
{
namespace ike
{
namespace ladder
{

namespace
{

constexpr double PAGE = 1230;      ///< width in px
constexpr double X_AXIS = 62;      ///< the axis of time
constexpr double X_LEFT = 290;     ///< left line of life
constexpr double X_RIGHT = 980;    ///< right line of life
constexpr double LINE_HEIGHT = 15; ///< of notes
constexpr double LABEL_CLEAR = 15; ///< a label above its arrow needs so much
constexpr double LABEL_AWAY = 60;  ///< from the line of life, clear of an arrow that ends there

std::string
Px(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return std::string(text) == "-0.0" ? "0.0" : text;
}

std::string
Escaped(const std::string& text)
{
    std::string out;
    for (const char c : text)
    {
        switch (c)
        {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
        }
    }
    return out;
}

double
XOf(Side s)
{
    return s == LEFT ? X_LEFT : X_RIGHT;
}

/// Milliseconds without needless zeros.
std::string
Milliseconds(int64_t ns)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.6f", static_cast<double>(ns) / 1e6);
    std::string ms = text;
    ms.erase(ms.find_last_not_of('0') + 1);
    return ms.back() == '.' ? ms.substr(0, ms.size() - 1) : ms;
}

/// The picture. Colours are classes, so that one style sheet turns light into dark.
class SvgLadder
{
  public:
    explicit SvgLadder(const Chart& chart)
        : m_chart(chart),
          m_top(chart.title.empty() ? 104 : 140),
          m_scale(chart, m_top)
    {
    }

    std::string Draw();

  private:
    void DrawHeading();
    void DrawAxis();
    void DrawLines();
    void DrawArrows();
    void DrawArrow(const Arrow& a, bool below, double shift);
    void DrawFate(const Arrow& a, double x, double y);
    void DrawLabel(const Arrow& a, double y, double angle, bool below);
    void DrawNotes(Side side);
    void DrawNote(const Note& n, double y, double textY);
    void DrawLegend(double y);

    static std::string ColourOf(Side initiator)
    {
        return initiator == LEFT ? "a" : "b";
    }

    const Chart& m_chart;   ///< what to draw
    double m_top;           ///< where time begins
    TimeScale m_scale;      ///< time to place
    double m_lowestNote{0}; ///< px
    std::string m_lines;    ///< below
    std::string m_labels;   ///< above: no arrow runs over a label
};

const char* const STYLE = R"(<style>
text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",Arial,sans-serif;font-size:12px;
fill:#1e293b}
.page{fill:#ffffff}.title{font-size:19px;font-weight:600}.sub{fill:#64748b}
.node{font-size:14px;font-weight:600}.box{fill:#f1f5f9;stroke:#94a3b8}
.life{stroke:#94a3b8;stroke-width:2}.grid{stroke:#e9eef5}.tick{fill:#94a3b8;font-size:11px}
.label{paint-order:stroke;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round}
.name{font-weight:600}.up{font-weight:600}.note{fill:#64748b}.lead{stroke:#cbd5e1;fill:none}
.line{fill:none;stroke-width:1.7}.again{stroke-dasharray:7 4}.way{stroke-dasharray:2 4}
.a{stroke:#1d4ed8}.fa{fill:#1d4ed8}.b{stroke:#c2410c}.fb{fill:#c2410c}
.lost{stroke:#dc2626;stroke-width:2.6;fill:none}.flost{fill:#dc2626;font-weight:600}
@media (prefers-color-scheme:dark){
text{fill:#e2e8f0}.page{fill:#0f172a}.sub,.note{fill:#94a3b8}.box{fill:#1e293b;stroke:#64748b}
.life{stroke:#64748b}.grid{stroke:#1b2740}.tick{fill:#64748b}.label{stroke:#0f172a}
.lead{stroke:#475569}.a{stroke:#7cb0ff}.fa{fill:#7cb0ff}.b{stroke:#ffa76b}.fb{fill:#ffa76b}
.lost{stroke:#f87171}.flost{fill:#f87171}}
</style>
)";

/// A length or a place: name="1.0".
std::string
Attribute(const char* name, double value)
{
    return std::string(" ") + name + "=\"" + Px(value) + "\"";
}

std::string
Line(const std::string& classes, double x1, double y1, double x2, double y2)
{
    return "<line class=\"" + classes + "\"" + Attribute("x1", x1) + Attribute("y1", y1) +
           Attribute("x2", x2) + Attribute("y2", y2) + "/>\n";
}

std::string
Text(const std::string& classes,
     double x,
     double y,
     const std::string& anchor,
     const std::string& text)
{
    return "<text class=\"" + classes + "\"" + Attribute("x", x) + Attribute("y", y) +
           " text-anchor=\"" + anchor + "\">" + Escaped(text) + "</text>\n";
}

/// An arrow's head at a place, in a direction in degrees.
std::string
Head(const std::string& classes, double x, double y, double angle)
{
    return "<path class=\"" + classes + "\" d=\"M0 0L-11 -4.2L-8.5 0L-11 4.2Z\" " +
           "transform=\"translate(" + Px(x) + " " + Px(y) + ") rotate(" + Px(angle) + ")\"/>\n";
}

/// The mark of what is lost, by its upper left corner.
std::string
Cross(double x, double y)
{
    return "<path class=\"lost\" d=\"M" + Px(x) + " " + Px(y) + "l12 12m0 -12l-12 12\"/>\n";
}

void
SvgLadder::DrawHeading()
{
    double y = 32;
    if (!m_chart.title.empty())
    {
        m_lines += Text("title", PAGE / 2, y, "middle", m_chart.title);
        y += 22;
    }
    m_lines += Text("sub",
                    PAGE / 2,
                    y,
                    "middle",
                    "time in ms, from " + ToString(Instant{m_chart.origin}) + " s of the run");
    for (const Side side : {LEFT, RIGHT})
    {
        const bool addressed = !m_chart.addresses[side].empty();
        m_lines += "<rect class=\"box\"" + Attribute("x", XOf(side) - 85) +
                   Attribute("y", m_top - 62) + " width=\"170\" height=\"40\" rx=\"7\"/>\n";
        m_lines +=
            Text("node", XOf(side), m_top - (addressed ? 45 : 37), "middle", m_chart.nodes[side]);
        m_lines += Text("sub", XOf(side), m_top - 29, "middle", m_chart.addresses[side]);
    }
}

/// Lines at round times, at least 34 px apart.
void
SvgLadder::DrawAxis()
{
    static const std::array<int64_t, 3> factors{1, 2, 5};
    int64_t step = 1;
    int64_t power = 1;
    for (size_t i = 0; static_cast<double>(step) * m_scale.PerNs() < 34; i++)
    {
        power *= i > 0 && i % 3 == 0 ? 10 : 1;
        step = factors[i % 3] * power;
    }
    m_lines += Text("tick", X_AXIS - 8, m_top - 18, "end", "ms");
    int64_t time = 0;
    while (time <= m_scale.Last() - m_chart.origin)
    {
        const int64_t moment = m_chart.origin + time;
        if (const auto end = m_scale.EndOfCut(moment))
        {
            // On to the first round time behind the silence.
            time = (*end - m_chart.origin + step - 1) / step * step;
            continue;
        }
        const double y = m_scale.Y(moment);
        m_lines += Line("grid", X_AXIS, y, PAGE - 24, y);
        m_lines += Text("tick", X_AXIS - 8, y + 4, "end", Milliseconds(time));
        time += step;
    }
}

void
SvgLadder::DrawLines()
{
    for (const Side side : {LEFT, RIGHT})
    {
        m_lines += Line("life", XOf(side), m_top - 22, XOf(side), m_scale.Bottom() + 18);
        for (const double y : m_scale.Cuts())
        {
            m_lines += "<rect class=\"page\"" + Attribute("x", XOf(side) - 8) +
                       Attribute("y", y - 5) + " width=\"16\" height=\"10\"/>\n";
            m_lines += Line("life", XOf(side) - 7, y - 2, XOf(side) + 7, y - 8);
            m_lines += Line("life", XOf(side) - 7, y + 8, XOf(side) + 7, y + 2);
        }
    }
    for (const double y : m_scale.Cuts())
    {
        m_labels += Text("sub", (X_LEFT + X_RIGHT) / 2, y + 4, "middle", "silence, not to scale");
    }
}

void
SvgLadder::DrawArrows()
{
    std::array<double, 2> before{-1000, -1000};
    for (const Arrow& a : m_chart.arrows)
    {
        const double y = m_scale.Y(a.sent);
        const double clear = y - before[a.sender];
        // Two that leave at the same time would lie upon each other.
        DrawArrow(a, clear < LABEL_CLEAR, clear < 2 ? 5 : 0);
        before[a.sender] = y;
    }
}

void
SvgLadder::DrawArrow(const Arrow& a, bool below, double shift)
{
    const double x1 = XOf(a.sender);
    const double y1 = m_scale.Y(a.sent) + shift;
    const double part = a.received ? 1 : 0.55;
    const double x2 = x1 + part * (XOf(Other(a.sender)) - x1);
    const double y2 = a.received ? m_scale.Y(*a.received) + shift : y1 + part * FLIGHT;
    const double towards = a.sender == LEFT ? 1 : -1;
    const double angle = std::atan2(y2 - y1, (x2 - x1) * towards) * 180 / 3.14159265358979;
    const std::string colour = ColourOf(a.initiator);
    std::string classes = "line " + colour + (a.again ? " again" : "");
    classes += a.inFlight || a.copy ? " way" : "";
    m_lines +=
        "<g><title>" +
        Escaped(a.Label() + " " + a.payloads + ", sent " + Milliseconds(a.sent - m_chart.origin) +
                " ms" +
                (a.received   ? ", received " + Milliseconds(*a.received - m_chart.origin) + " ms"
                 : a.inFlight ? ", still on its way"
                              : ", lost")) +
        "</title>\n";
    m_lines += Line(classes, x1, y1, x2 - (a.received ? towards * 7 : 0), y2);
    if (a.received)
    {
        m_lines += Head("f" + colour, x2 - towards, y2, towards > 0 ? angle : 180 - angle);
    }
    m_lines += "</g>\n";
    if (!a.received)
    {
        DrawFate(a, x2, y2);
    }
    if (!a.copy)
    {
        DrawLabel(a, y1, towards * angle, below);
    }
}

void
SvgLadder::DrawFate(const Arrow& a, double x, double y)
{
    if (a.inFlight)
    {
        m_labels += Text("sub label", x, y + 16, "middle", "still on its way");
        return;
    }
    m_labels += Cross(x - 6, y - 6);
    m_labels += Text("flost label",
                     x + (a.sender == LEFT ? 12 : -12),
                     y + 5,
                     a.sender == LEFT ? "start" : "end",
                     "lost");
}

void
SvgLadder::DrawLabel(const Arrow& a, double y, double angle, bool below)
{
    const double x = XOf(a.sender) + (a.sender == LEFT ? LABEL_AWAY : -LABEL_AWAY);
    const double slope = std::tan(std::abs(angle) * 3.14159265358979 / 180);
    const std::string colour = ColourOf(a.initiator);
    m_labels += "<text class=\"label f" + colour + "\" transform=\"translate(" + Px(x) + " " +
                Px(y + LABEL_AWAY * slope) + ") rotate(" + Px(angle) + ")\" y=\"" +
                (below ? "14" : "-5") + "\" text-anchor=\"" + (a.sender == LEFT ? "start" : "end") +
                "\"><tspan class=\"name\">" + Escaped(a.Label()) + "</tspan> " +
                Escaped(a.payloads) + "</text>\n";
}

void
SvgLadder::DrawNotes(Side side)
{
    double textY = -1000;
    for (const Note& n : m_chart.notes)
    {
        if (n.side == side)
        {
            const double y = m_scale.Y(n.time);
            textY = std::max(y, textY + LINE_HEIGHT);
            DrawNote(n, y, textY);
        }
    }
    m_lowestNote = std::max(m_lowestNote, textY);
}

void
SvgLadder::DrawNote(const Note& n, double y, double textY)
{
    const double away = n.side == LEFT ? -1 : 1;
    const double x = XOf(n.side);
    const std::string colour = n.initiator ? "f" + ColourOf(*n.initiator) : "note";
    m_lines += "<path class=\"lead\" d=\"M" + Px(x + away * 5) + " " + Px(y) + "L" +
               Px(x + away * 14) + " " + Px(textY) + "h" + Px(away * 5) + "\"/>\n";
    // What is important lies above what happened at the same time.
    (n.important ? m_labels : m_lines) += "<circle class=\"" + colour + "\"" + Attribute("cx", x) +
                                          Attribute("cy", y) + " r=\"" + (n.important ? "5" : "3") +
                                          "\"/>\n";
    m_labels += Text((n.important ? "label up " : "label ") + colour,
                     x + away * 23,
                     textY + 4,
                     n.side == LEFT ? "end" : "start",
                     n.text);
}

void
SvgLadder::DrawLegend(double y)
{
    double x = X_AXIS;
    const auto entry = [&](const std::string& classes, const std::string& text) {
        m_lines += Line(classes, x, y - 4, x + 34, y - 4);
        m_lines += Text("", x + 42, y, "start", text);
        x += 62 + 7.0 * static_cast<double>(text.size());
    };
    entry("line a", "begun by " + m_chart.nodes[LEFT]);
    entry("line b", "begun by " + m_chart.nodes[RIGHT]);
    if (m_chart.Any([](const Arrow& a) { return a.again; }))
    {
        entry("line note again life", "sent again");
    }
    if (m_chart.Any([](const Arrow& a) { return a.IsLost(); }))
    {
        m_lines += Cross(x + 4, y - 10);
        m_lines += Text("", x + 24, y, "start", "lost");
    }
    m_lines += Text("sub",
                    X_AXIS,
                    y + 22,
                    "start",
                    "#n is ISAKMP SA n, #n.m the exchange with message id m under it; "
                    "MM main mode, QM quick mode, INF informational; * encrypted");
}

std::string
SvgLadder::Draw()
{
    DrawHeading();
    DrawAxis();
    DrawLines();
    DrawArrows();
    DrawNotes(LEFT);
    DrawNotes(RIGHT);
    const double bottom = std::max(m_scale.Bottom() + 18, m_lowestNote + LINE_HEIGHT);
    DrawLegend(bottom + 40);
    const std::string size = Px(PAGE) + "\" height=\"" + Px(bottom + 84);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " +
           Px(PAGE) + " " + Px(bottom + 84) + "\" role=\"img\">\n<title>" +
           Escaped(m_chart.title.empty() ? "IKE messages" : m_chart.title) + "</title>\n" + STYLE +
           "<rect class=\"page\" width=\"" + size + "\"/>\n" + m_lines + m_labels + "</svg>\n";
}

} // namespace

std::string
DrawSvg(const Chart& chart)
{
    return SvgLadder(chart).Draw();
}

} // namespace ladder
} // namespace ike
} // namespace ns3
