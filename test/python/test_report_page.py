# SPDX-License-Identifier: GPL-2.0-only
"""The page of a report as a reader meets it: in a browser, with clicks."""
import json

import pytest
from browser import MISSING, Browser
from report_fixture import run_report, two_runs
from sweep_fixture import HEAD, command

from ns3ike_tree.report import vega

pytestmark = [pytest.mark.skipif(bool(MISSING), reason=MISSING),
              pytest.mark.skipif(vega.library() is None, reason="Debian's package libjs-vega is not installed")]

SWEEP = HEAD + """
title: Three offsets
set: {duration: 30 s, packet_interval: 5 s, jitter: 20 ms}
design: {kind: grid, parameters: {offset: [0 s, 300 ms, 1 s]}}
cross: {responder_only: [none, one]}
seeds: 1..2
"""
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>\"'&"


@pytest.fixture(scope="module")
def browser():
    with Browser() as one:
        yield one


@pytest.fixture(scope="module")
def page(tmp_path_factory, ike_sim):
    """The report of a small sweep, made from its file to the page."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "probe.yaml").write_text(SWEEP)
    done = command("sweep", folder / "probe.yaml", "--out", folder / "probe.sqlite")
    assert done.returncode == 0, done.stderr
    done = run_report(folder / "probe.sqlite")
    assert done.returncode == 0, done.stderr
    return folder / "probe.html"


@pytest.fixture
def opened(browser, page):
    browser.size(1440, 1000)
    browser.open(page)
    yield browser
    assert browser.complaints() == []


def shown(browser, selector):
    return browser.value(f"[...document.querySelectorAll({json.dumps(selector)})].filter(e => e.getClientRects().length)"
                         ".map(e => e.textContent.trim())")


def test_all_sections_and_figures_are_there(opened):
    assert opened.value("[...document.querySelectorAll('section')].map(e => e.id)") == [
        "run", "duplicates", "collision", "lives", "ladder", "map"]
    sizes = opened.value("[...document.querySelectorAll('.chart')].filter(e => e.getClientRects().length)"
                         ".map(e => { let b = e.querySelector('svg').getBoundingClientRect(); return [b.width, b.height] })")
    assert len(sizes) == 4 and all(width > 500 and height > 90 for width, height in sizes)
    assert all(len(text) > 40 for text in shown(opened, "figcaption"))
    # Six panels: of each kind for one delay, two; the marks of both variants and the closed form in each.
    assert opened.value("document.querySelectorAll('#chart-collision .mark-symbol path').length") == 12
    assert opened.value("document.querySelectorAll('#chart-collision .mark-line path').length") == 2
    titles = opened.value("[...document.querySelectorAll('#chart-collision .role-axis-title text')].map(e => e.textContent)")
    assert set(titles) == {"start offset (s)", "of the runs (%)"}


def test_the_page_loads_nothing(opened):
    assert opened.value("performance.getEntriesByType('resource').map(e => e.name)") == []
    opened.run("""let e = document.createElement('script');
        e.textContent = "setTimeout(() => { try { window.made = new Function('return 1')() } "
            + "catch (e) { window.made = e.name } })";
        document.body.append(e); new Image().src = 'https://example.org/x.png'""")
    opened.wait("window.made")
    assert opened.value("window.made") == "EvalError"
    complaints = opened.complaints()
    assert complaints and all("Content Security Policy" in text for text in complaints)


def test_a_message_shows_its_payloads(opened):
    assert "Choose a message" in shown(opened, "#ladder-details")[0]
    opened.click("g.message[data-message='0'] .name")
    text = shown(opened, "#ladder-details")[0]
    assert text.startswith("#1 MM1") and "in the clear" in text and "3des-cbc sha1 modp1024 pre-share" in text
    name = opened.value("[...document.querySelectorAll('g.message')].find(e => / QM1 /.test(e.textContent)).dataset.message")
    opened.click(f"g.message[data-message='{name}'] .name")
    text = shown(opened, "#ladder-details")[0]
    assert "QM1" in text and "ESP" in text and "key " in text and "in the clear" not in text
    assert opened.value("document.querySelectorAll('.payloads li').length") == 5
    opened.run("let e = document.querySelector('g.message.chosen'); e.focus(); e.dispatchEvent("
               "new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true}))")
    assert opened.value("document.querySelector('g.message.chosen').dataset.message") == str(int(name) + 1)


@pytest.mark.parametrize("jitter", [True, False])
def test_labels_of_messages_do_not_lie_upon_each_other(opened, jitter, ike_sim, tmp_path):
    """Points along the middle of each label, as far from those of each other one as text is high."""
    if not jitter:
        assert run_report(two_runs(ike_sim, tmp_path)).returncode == 0
        opened.open(tmp_path / "report.html")
    lines = opened.value("""[...document.querySelectorAll('.message .label')].map(e => {
        let b = e.getBBox(), m = e.getCTM(), points = [];
        for (let i = 0; i <= 20; i++) {
            let p = new DOMPoint(b.x + b.width * i / 20, b.y + b.height / 2).matrixTransform(m);
            points.push([p.x, p.y]);
        }
        return points })""")
    assert len(lines) == 18
    near = min(abs(complex(*a) - complex(*b)) for i, one in enumerate(lines) for other in lines[:i] for a in one for b in other)
    assert near > 7


def test_an_sa_shows_its_life(opened):
    texts = []
    for name in ("PAIR#1", "PAIR#2"):
        opened.click(f"g.sa[data-sa='{name}'] .up")
        texts += shown(opened, "#ladder-details")
        assert texts[-1].startswith(name) and "hmac-sha1-96" in texts[-1] and "10." in texts[-1]
    assert sum(", too many" in text for text in texts) == 1


def test_the_chooser_changes_all_that_shows_a_run(opened):
    assert len(shown(opened, "[data-exhibit]")) == 1
    before = shown(opened, "#lives figcaption") + shown(opened, "#ladder-caption") + shown(opened, "#map-caption")
    assert opened.value("document.querySelectorAll('.run-chooser')[0].options.length") == 2
    opened.run("let e = document.getElementById('run-ladder'); e.value = 1; e.dispatchEvent(new Event('change'))")
    opened.wait("document.querySelector('#chart-lives-1').dataset.drawn")
    after = shown(opened, "#lives figcaption") + shown(opened, "#ladder-caption") + shown(opened, "#map-caption")
    assert len(before) == len(after) == 3 and all(a != b for a, b in zip(before, after))
    assert "none was ever too many" in after[0] and "R1 alone" in after[1]
    assert opened.value("[...document.querySelectorAll('.run-chooser')].map(e => e.value)") == ["1"] * 3


def test_the_slider_and_the_button_move_the_map(opened):
    state = "document.querySelector('.tunnel').dataset.state"
    assert opened.value(state) == "many"
    opened.run("let e = document.getElementById('map-time'); e.value = 0; e.dispatchEvent(new Event('input'))")
    assert opened.value(state) == "none" and shown(opened, "#map-clock")[0].startswith("0.000000 s")
    opened.run("let e = document.getElementById('map-time'); e.value = e.max - 2; e.dispatchEvent(new Event('input'))")
    opened.click("#map-play")
    assert shown(opened, "#map-play") == ["pause"]
    opened.wait("document.getElementById('map-play').textContent === 'play'", 60)
    assert opened.value(state) == "many"


def test_the_pointer_is_told_what_it_is_at(opened):
    opened.run("let e = document.querySelector('#chart-collision .mark-symbol path'), b = e.getBoundingClientRect();"
               "e.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: b.x + b.width / 2, "
               "clientY: b.y + b.height / 2}));"
               "e.dispatchEvent(new MouseEvent('mousemove', {bubbles: true, clientX: b.x + b.width / 2, "
               "clientY: b.y + b.height / 2}))")
    opened.wait("!document.getElementById('tip').hidden")
    assert "collide" in shown(opened, "#tip")[0]


@pytest.mark.parametrize("width", [390, 1024, 1920])
def test_nothing_sticks_out_at_any_width(opened, width):
    opened.size(width, 900)
    opened.wait("[...document.querySelectorAll('.chart[data-chart]')].every(e => !e.clientWidth || "
                "e.dataset.drawn == Math.floor(e.clientWidth))")
    assert opened.value("document.documentElement.scrollWidth") <= width
    wide = opened.value("[...document.querySelectorAll('.chart[data-chart]')].filter(e => e.clientWidth && "
                        "e.querySelector('svg').getBoundingClientRect().width > e.clientWidth + 8).map(e => e.id)")
    assert wide == []


def test_light_and_dark(opened):
    def colours():
        return opened.value("[getComputedStyle(document.body).backgroundColor, "
                            "getComputedStyle(document.querySelector('#chart-duplicates .mark-rect path')).fill]")
    light = colours()
    opened.click("#theme")
    assert colours() == light
    opened.click("#theme")
    opened.wait("document.querySelector('#chart-duplicates .mark-rect path')")
    dark = colours()
    assert dark[0] != light[0] and dark[1] != light[1]


def test_a_hostile_name_does_nothing(browser, tmp_path, ike_sim):
    folder = two_runs(ike_sim, tmp_path)
    for name in ("none", "one"):
        for file in ("results.json", "diagram.json", "transcript.txt"):
            path = folder / name / file
            text = path.read_text()
            if file == "results.json":
                results = json.loads(text)
                results["scenario"]["name"] = results["scenario"]["title"] = HOSTILE
                results["parameters"]["delay"] = results["parameters"][HOSTILE] = name + HOSTILE
                text = json.dumps(results)
            else:
                evil = HOSTILE.replace(" ", "") if file == "transcript.txt" else json.dumps(HOSTILE)[1:-1]
                text = text.replace("R1", evil.replace(" ", "") if file == "transcript.txt" else evil)
                text = text.replace("VID", evil).replace("tunnel-start", evil)
            path.write_text(text)
    done = run_report(folder, "--out", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    browser.size(1440, 1000)
    browser.open(tmp_path / "page.html")
    assert browser.value("window.hacked") is None
    assert browser.value("document.querySelector('h1').textContent") == HOSTILE
    assert browser.value("document.querySelectorAll('img').length") == 0
    assert browser.complaints() == []
