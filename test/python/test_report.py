# SPDX-License-Identifier: GPL-2.0-only
"""Reports without a browser: what they read, what they compute, what they refuse, what they leave on the disk."""
import importlib.util
import json
import math
import os
import re
import subprocess
import sys

import pytest
from conftest import BUILD, ROOT, SCENARIOS
from report_fixture import COMMAND, run_report, two_runs

from ns3ike_tree.report import chart, collision, exhibit, ladder, lives, markup, network, page, picture, source, theory, variants, vega
from ns3ike_tree.sweep import interval


# --- The closed form, and intervals ---

@pytest.mark.parametrize("count, x, probability", [
    (1, 0.25, 0.25), (2, 1.0, 0.5), (2, 0.5, 0.125), (3, 1.0, 1 / 6), (9, 4.5, 0.5), (5, -1, 0), (5, 5, 1)])
def test_the_sum_of_uniform_values(count, x, probability):
    assert theory.sum_of_uniform(count, x) == pytest.approx(probability, abs=1e-12)


def test_the_sum_of_uniform_values_against_a_count():
    """5 values out of 0.5/8, 1.5/8, ...: the middle of each cell, all 8^5 of them."""
    cells = 8
    sums = [0] * (5 * cells)
    for code in range(cells ** 5):
        total = 0
        for _ in range(5):
            code, digit = divmod(code, cells)
            total += digit
        sums[total] += 1
    for x in (1.0, 2.0, 2.5, 3.5):
        near = sum(n for total, n in enumerate(sums) if (total + 2.5) / cells < x) / cells ** 5
        assert theory.sum_of_uniform(5, x) == pytest.approx(near, abs=0.02)


@pytest.mark.parametrize("offset, probability", [(0.3, 1), (0.4999, 1), (0.5001, 0), (-0.4999, 1), (1.5, 0)])
def test_without_jitter_the_closed_form_is_a_step(offset, probability):
    assert theory.probability(offset, 0.1, 0, 5) == probability


def test_with_jitter_the_closed_form_is_half_in_the_middle_and_falls():
    values = [theory.probability(0.01 * i, 0.02, 0.1, 9) for i in range(200)]
    assert theory.probability(9 * 0.02 + 4.5 * 0.1, 0.02, 0.1, 9) == pytest.approx(0.5)
    assert values == sorted(values, reverse=True) and values[0] == 1 and values[-1] == 0


def test_the_script_of_the_closed_form_uses_the_same_one():
    spec = importlib.util.spec_from_file_location("closed_form", os.path.join(ROOT, "utils", "ike-closed-form.py"))
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for installs in theory.PAIR_STEPS:
        for offset in script.offsets(installs):
            assert script.theory(offset, installs) == theory.sas(offset, script.DELAY_MS, installs)


@pytest.mark.parametrize("hits, runs, low, high", [  # Wilson, as in Newcombe (1998), table I
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)])
def test_bounds_of_a_share(hits, runs, low, high):
    assert interval.share_bounds(hits, runs, 0.95) == pytest.approx((low, high), abs=5e-5)


# --- Text stays text ---

HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror='window.hacked=1'>\"'&\x00"


def test_whatever_a_text_says_it_stays_text():
    for made in (markup.escape(HOSTILE), markup.tag("p", HOSTILE, title=HOSTILE), markup.data("x", {HOSTILE: HOSTILE}),
                 markup.table([HOSTILE], [[HOSTILE]]), markup.command(HOSTILE)):
        assert "<script>window" not in made and "<img" not in made and "\x00" not in made
    text = re.fullmatch(r"<script[^>]*>(.*)</script>", markup.data("x", HOSTILE), re.S).group(1)
    assert json.loads(text) == HOSTILE


# --- What is read ---

@pytest.fixture(scope="module")
def runs(tmp_path_factory, ike_sim):
    """The folder of two short runs, without and with responder-only."""
    return two_runs(ike_sim, tmp_path_factory.mktemp("runs"))


@pytest.mark.parametrize("name, text, says", [
    ("none.jsonl", None, "there is no such file or folder"),
    ("empty.jsonl", "", "there is no run in it"),
    ("text.jsonl", "hello\n", "text.jsonl:1: neither a database of a sweep, nor results in JSON"),
    ("list.jsonl", "[1, 2]\n", "these are no results of a run"),
    ("other.jsonl", '{"schema": "ns3-ike-results-9"}\n', "of schema 'ns3-ike-results-9'; expected"),
    ("half.json", '{\n "schema": "ns3-ike-results-1"\n}\n', "these are no results of a run"),
    ("octets.jsonl", b"\xff\xfe\x00", "this is no text"),
    ("fake.sqlite", b"SQLite format 3\0" + bytes(200), "this is no result database"),
    ("folder/x", "x", "there is no results.json in it"),
])
def test_bad_results_are_one_clear_error_and_no_file(tmp_path, name, text, says):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = sorted(p.name for p in tmp_path.rglob("*"))
    done = run_report(path.parent if name.startswith("folder") else path)
    assert done.returncode == 2 and says in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path, runs):
    old = tmp_path / "page.html"
    old.write_text("old")
    assert run_report(tmp_path / "none", "--out", old).returncode == 2
    assert old.read_text() == "old"
    done = run_report(runs, "--out", tmp_path / "no-such-folder" / "page.html")
    assert done.returncode == 2 and "no folder" in done.stderr
    assert os.listdir(tmp_path) == ["page.html"]


def test_words_and_numbers(runs):
    study = source.read(str(runs))
    assert study.kind == "run" and study.varied() == ["responder_only"] and study.units["delay"] == "s"
    first = study.done[0]
    assert first.numbers["delay"] == 0.04 and "responder_installs" not in first.numbers
    found = variants.variants(study)
    assert [v.label for v in found] == ["without responder-only", "with responder-only at one end"]
    assert variants.differences(*found, "totals.ipsec_duplicates") == [1.0]
    assert source.guess("2 h") == (7200.0, "s") and source.guess("never") == (None, "")


# --- What a run leaves for pictures ---

@pytest.mark.parametrize("text, said", [("20179334 ns", "20.18\u00a0ms"), ("-89006268 ns", "-89.01\u00a0ms"), ("972861309 us", "16.21\u00a0min"),
                                        ("1100 ms", "1100 ms"), ("0.1234567 %", "0.1235 %"), ("2.5 s", "2.5 s"), ("never", "never")])
def test_long_values_are_cut(text, said):
    assert chart.readable(text) == said


def test_one_run_has_a_sentence_and_no_bars(tmp_path, runs):
    assert run_report(runs / "none", "--out", tmp_path / "page.html", "--figures", tmp_path).returncode == 0
    text = (tmp_path / "page.html").read_text()
    assert "1 of 1 run had an SA too many (1 pair per run). One run has no interval." in text
    assert "all runs, 1" not in text.lower() and not (tmp_path / "duplicates.svg").exists() and (tmp_path / "lives-0.svg").exists()


def test_the_diagram_says_what_results_and_transcript_say(runs):
    for name in ("none", "one"):
        shown = exhibit.load(str(runs / name))
        totals = shown.results["totals"]
        many = {kind: sum(any(sa["surplus"]) for sa in shown.diagram["sas"] if sa["name"].startswith(kind))
                for kind in ("ISAKMP", "PAIR")}
        assert many == {"ISAKMP": totals["isakmp_duplicates"], "PAIR": totals["ipsec_duplicates"]}
        for kind, curve in (("ISAKMP", "isakmp_alive"), ("PAIR", "pairs_alive")):
            for end in shown.results["ends"]:
                steps = {t for sa in shown.diagram["sas"] if sa["name"].startswith(kind)
                         for t, _ in sa["lives"][sa["ends"].index(end["name"])]}
                assert steps == {t for t, n in end["peers"][0][curve] if n}
        sent = [event for event in shown.happenings if event.kind == "message-sent"]
        messages = shown.diagram["messages"]
        assert len(sent) == len(messages) == shown.diagram["messages_in_all"] == totals["messages"]
        for event, message in zip(sent, messages):
            # Decrypted, and the payloads are those that the sender has named.
            assert (event.text, event.node) == (message["time"], message["node"])
            assert message["heading"].endswith(": " + event.words["text"])
            names = [line.partition("(")[0] for line in message["payloads"]]
            assert names == event.words["text"].split(", ")[1:]


def test_no_key_is_in_the_diagram_or_on_the_page(tmp_path, runs):
    assert run_report(runs, "--out", tmp_path / "page.html").returncode == 0
    keys = set()
    for folder in (runs / "none", runs / "one"):
        keys |= {line.split(",")[1] for line in (folder / "ikev1_decryption_table").read_text().split()}
        keys |= set(re.findall(r"0x([0-9a-f]{16,})", (folder / "esp_sa").read_text()))
        assert len(keys) > 2
        text = (folder / "diagram.json").read_text() + (tmp_path / "page.html").read_text()
        assert not [key for key in keys if key in text]
        assert re.search(r'"key_fingerprint": "[0-9a-f]{8}"', text)


def test_the_ladder_has_the_messages_of_ladder_txt(runs):
    shown = exhibit.load(str(runs / "none"))
    drawn = ladder.ladder(shown, "R1", "R2")
    names = re.findall(r"#[0-9.]+ (?:MM|QM)[0-9]", (runs / "none" / "ladder.txt").read_text())
    assert [arrow["name"] for arrow in drawn["arrows"]] == list(dict.fromkeys(names))
    assert len(drawn["arrows"]) == 18 and not any(arrow["lost"] for arrow in drawn["arrows"])
    assert "both begin" in drawn["caption"] and "18 messages" in drawn["caption"]
    assert "R1 alone" in ladder.ladder(exhibit.load(str(runs / "one")), "R1", "R2")["caption"]
    # Notes at one side do not lie upon each other.
    for side in (0, 1):
        heights = sorted(note["y"] for note in drawn["notes"] if note["side"] == side)
        assert all(b - a >= 12 for a, b in zip(heights, heights[1:]))


def happening(time, node, peer, kind, details):
    return exhibit.Happening(f"{time:.9f}  {node}  {peer}  {kind}  {details}\n")


def test_lost_copied_and_unwanted_messages_and_those_sent_again():
    shown = exhibit.Exhibit(source.Run(1, {}, {}), "x")
    shown.results = {"duration_seconds": 100.0}
    shown.diagram = {"nodes": [{"name": n, "kind": "router", "addresses": [a]} for n, a in (("A", "1.1.1.1"), ("B", "2.2.2.2"))]}
    text = "isakmp=ISAKMP#1 exchange=main-mode octets=160%s text=HDR, SA, VID, VID"
    shown.happenings = [
        happening(0, "A", "2.2.2.2", "message-sent", text % ""),
        happening(10, "A", "2.2.2.2", "message-sent", text % " again=yes"),
        happening(10.04, "B", "1.1.1.1", "message-received", text % ""),
        # A notify in the clear has no message ID, and is no message of the main mode.
        happening(10.03, "B", "1.1.1.1", "message-sent", "isakmp=ISAKMP#1 exchange=informational octets=56 text=HDR, N"),
        happening(10.04, "B", "1.1.1.1", "message-sent", "isakmp=ISAKMP#1 exchange=main-mode octets=99 text=HDR, SA"),
        happening(10.08, "A", "2.2.2.2", "message-received", "isakmp=ISAKMP#1 exchange=main-mode octets=99 text=HDR, SA"),
        happening(10.09, "A", "2.2.2.2", "message-received",
                  "isakmp=ISAKMP#1 exchange=main-mode octets=99 again=yes text=HDR, SA"),
        happening(20, "B", "1.1.1.1", "message-sent", "isakmp=ISAKMP#1 id=M#1 exchange=informational octets=84 text=HDR*, D"),
        happening(20.04, "A", "2.2.2.2", "message-dropped", "isakmp=ISAKMP#1 id=M#1 octets=84 text=no such SA"),
        happening(99.99, "A", "2.2.2.2", "message-sent", "isakmp=ISAKMP#1 id=M#2 exchange=quick-mode octets=9 text=HDR*, HASH"),
    ]
    first, again, notify, answer, copy, unwanted, late = ladder.ladder(shown, "A", "B")["arrows"]
    assert [a["name"] for a in (first, again, notify, answer, copy, unwanted, late)] == [
        "#1 MM1", "#1 MM1", "#1 INF", "#1 MM2", "#1 MM2", "#1.1 INF", "#1.2 QM1"]
    assert first["lost"] and again["again"] and again["t1"] == 10.04
    assert not answer["copy"] and answer["t1"] == 10.08 and copy["copy"] and copy["t1"] == 10.09
    assert unwanted["dropped"] == "no such SA" and not late["lost"] and late["t1"] is None
    assert (first["short"], late["short"]) == ("SA, 2 VID", "* HASH")
    # What was lost ends above the words of the silence that follows.
    assert all(cut - first["y0"] > 60 for cut in ladder.ladder(shown, "A", "B")["cuts"])


def test_timelines_know_what_was_too_many(runs):
    drawn = lives.chart(exhibit.load(str(runs / "none")), 0)
    assert [panel.title for panel in drawn.panels] == ["at R1", "at R2"]
    assert len(drawn.y.words) == 4 and all(len(panel.marks[2].rows) == 2 for panel in drawn.panels)
    assert "2 of these were too many" in drawn.caption
    assert "none was ever too many" in lives.chart(exhibit.load(str(runs / "one")), 1).caption


def test_the_map_of_a_chain_is_a_chain():
    places = network.layout(6, [(i, i + 1) for i in range(5)])
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    steps = [math.dist(a, b) for a, b in zip(places, places[1:])]
    assert max(steps) < 1.2 * min(steps)
    assert network.layout(1, []) == [(0.5, 0.5)] and len(network.layout(3, [])) == 3


def test_states_of_tunnels_over_time(runs):
    made = network.network(exhibit.load(str(runs / "none")))
    tunnel, = made["tunnels"]
    states = [made["states"][s] for s in tunnel["states"]]
    assert states[0] == "none" and states[-1] == "many" and {"isakmp", "one"} & set(states)
    assert "1 tunnel with an SA too many" in made["caption"]
    assert made["texts"][tunnel["said"][-1]] == "R1: 2 ISAKMP SAs, 2 pairs; R2: 2 ISAKMP SAs, 2 pairs"


# --- The page ---

def test_lines_of_a_batch_are_made_again(tmp_path, ike_sim):
    lines = tmp_path / "lines.jsonl"
    ike_sim("batch", "vti-convergence", "--set", "duration=30 s", "--set", "packet_interval=5 s", "--vary",
            "responder_only=none,one", "--out", lines)
    done = run_report(lines)
    assert done.returncode == 0 and done.stderr.count("making a run again") == 2, done.stderr
    text = (tmp_path / "lines.html").read_text()
    assert "other results than the study" not in text and 'id="ladder"' in text


def test_without_vega_the_page_says_so_and_has_still_pictures(tmp_path, runs):
    done = run_report(runs, "--out", tmp_path / "page.html", env={"IKE_VEGA": str(tmp_path)})
    assert done.returncode == 0 and "libjs-vega is not installed" in done.stderr
    text = (tmp_path / "page.html").read_text()
    assert "libjs-vega is not installed" in text and '<div class="chart still"' in text and "var vega" not in text
    assert len(re.findall(r'class="chart still".*?<svg', text)) == 3


def test_without_vega_and_matplotlib_charts_are_lists(tmp_path, runs):
    (tmp_path / "matplotlib.py").write_text("raise ImportError('not here')")
    bare = {"IKE_VEGA": str(tmp_path), "PYTHONPATH": str(tmp_path)}
    done = run_report(runs, "--out", tmp_path / "page.html", env=bare)
    assert done.returncode == 0 and "Neither of Debian's packages libjs-vega and python3-matplotlib" in done.stderr
    text = (tmp_path / "page.html").read_text()
    assert "<li>ISAKMP SAs too many: without responder-only: 1 per run, 1 run</li>" in text
    assert "<li>at R1: ISAKMP #1, begun by R1: 10." in text and 'id="ladder"' in text and "by matplotlib" not in text
    done = run_report(runs, "--out", tmp_path / "other.html", "--figures", tmp_path / "figures", env=bare)
    assert done.returncode == 2 and "--figures: Debian's package python3-matplotlib is needed" in done.stderr
    assert not (tmp_path / "other.html").exists()


def test_figures_are_files_and_the_same_each_time(tmp_path, runs):
    done = run_report(runs, "--out", tmp_path / "page.html", "--figures", tmp_path / "figures")
    assert done.returncode == 0, done.stderr
    files = set(os.listdir(tmp_path / "figures"))
    assert {"duplicates.png", "duplicates.svg", "lives-0.png", "lives-0.svg", "ladder-0.svg"} <= files
    assert all(str(tmp_path / "figures" / name) in done.stdout for name in files)
    drawn = lives.chart(exhibit.load(str(runs / "none")), 0)
    drawn.title = "SAs of R1 and R2: without responder-only"
    for name in ("again.png", "again.svg"):
        first = tmp_path / "figures" / name.replace("again", "lives-0")
        picture.write(drawn, str(tmp_path / name))
        assert (tmp_path / name).read_bytes() == first.read_bytes()
    before = (tmp_path / "page.html").read_bytes()
    run_report(runs, "--out", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_bytes() == before


@pytest.mark.skipif(vega.library() is None, reason="Debian's package libjs-vega is not installed")
def test_the_page_has_all_it_needs_and_no_more(tmp_path, runs):
    assert run_report(runs, "--out", tmp_path / "page.html").returncode == 0
    text = (tmp_path / "page.html").read_text()
    assert page.POLICY in text and len(text) < 1_500_000
    assert not re.search(r'(src|href)="(?!#|data:,)', text) and "@import" not in text
    for caption in re.findall(r"<figcaption>(.*?)</figcaption>", text):
        assert len(caption) > 40 and caption.endswith("."), caption


def test_a_grid_of_offsets_shows_the_closed_form():
    """Made-up runs that follow it, in a database's shape: no simulation."""
    def run(offset, delay, only, seed):
        parameters = {"offset": f"{offset} ms", "delay": f"{delay} ms", "jitter": "0 s", "loss": "0 %",
                      "responder_installs": "message-3", "responder_only": only, "early_answers": "true"}
        numbers = {"offset": offset / 1000, "delay": delay / 1000, "jitter": 0.0, "loss": 0.0}
        made = source.Run(seed, parameters, {}, numbers=numbers)
        made.metrics = {metric: theory.of_run(made, kind) for kind, metric, _ in collision.KINDS}
        return made

    study = source.Study("x", "sweep", [run(o, d, r, s) for o in (0, 110, 190, 310, 900) for d in (20, 50)
                                        for r in ("none", "one") for s in (1, 2, 3)])
    study.units = {"delay": "s", "offset": "s"}
    part = collision.section(study)
    drawn, = part.charts
    assert [panel.title for panel in drawn.panels] == [
        "ISAKMP SAs, delay 20\u00a0ms", "ISAKMP SAs, delay 50\u00a0ms", "IPsec SA pairs, delay 20\u00a0ms",
        "IPsec SA pairs, delay 50\u00a0ms"]
    assert "within the interval of 40 of 40 points" in drawn.caption
    assert "with responder-only at one end, 0 of 30 runs collide" in drawn.caption
    assert collision.section(source.Study("x", "sweep", study.runs[:6])) is None


@pytest.mark.parametrize("words, says", [
    ([], "required: RESULTS"), (["x", "--nonsense"], "--nonsense"),
    ([SCENARIOS, "--run", "1f"], "there is no results.json in it")])
def test_bad_usage(words, says):
    done = subprocess.run([sys.executable, COMMAND, *words], text=True, capture_output=True, timeout=60)
    assert done.returncode == 2 and says in done.stderr


# --- The front door ---

def front_door(*words, **env):
    return subprocess.run([os.path.join(ROOT, "ns3-ike"), *map(str, words)], text=True, capture_output=True, timeout=300,
                          stdin=subprocess.DEVNULL, env={**os.environ, "IKE_BUILD_DIR": BUILD, **env}, check=False)


def test_all_at_once(tmp_path, ike_sim):
    """./ns3-ike figure, with a sweep of six runs in place of 1,260; the second time nothing is left to run."""
    (tmp_path / "few.yaml").write_text(
        "version: 1\nname: few\nscenario: vti-convergence\nset: {duration: 30 s, packet_interval: 5 s}\n"
        "design: {kind: grid, parameters: {offset: [0 s, 250 ms, 1 s]}}\ncross: {responder_only: [none, one]}\n")
    done = front_door("figure", tmp_path / "few.yaml", "--out", tmp_path / "out", "--jobs", 1)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert sorted(os.listdir(out)) == ["few-figures", "few.html", "few.sqlite"]
    for name in ("collision.png", "collision.svg"):
        assert str(out / "few-figures" / name) in done.stdout and (out / "few-figures" / name).stat().st_size > 10000
    text = (out / "few.html").read_text()
    assert "closed form lies within the interval of 12 of 12 points" in text and "other results than" not in text
    done = front_door("figure", tmp_path / "few.yaml", f"--out={out}")
    assert done.returncode == 0 and "all 6 runs are in" in done.stderr


@pytest.mark.parametrize("words, says", [
    (["figure", "no-such-sweep"], "there is no sweep 'no-such-sweep'; expected"), (["figure", "--nonsense"], "--nonsense"),
    (["figure", "--out"], "lacks its value"), (["report", "no-such.sqlite"], "no-such.sqlite: there is no such file"),
    (["report", "x", "--nonsense"], "--nonsense")])
def test_a_typo_is_answered_before_anything_is_built(tmp_path, words, says):
    done = front_door(*words, IKE_BUILD_DIR=str(tmp_path / "none"))
    assert done.returncode == 2 and says in done.stderr and not (tmp_path / "none").exists()


def test_a_trace_for_netanim(tmp_path, ike_sim):
    """Made by a program of its own; results are the same as without."""
    program = os.path.join(BUILD, "ike-animate")
    if not os.path.exists(program):
        pytest.skip("ike-animate is not built: this ns-3 has no module netanim")
    words = ["vti-convergence", "--set", "duration=30 s", "--set", "packet_interval=5 s", "--seed", "3", "--format", "json"]
    done = subprocess.run([program, *words, "--animation", tmp_path / "run.xml"], text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ike_sim("run", *words).stdout
    assert os.listdir(tmp_path) == ["run.xml"]
    text = (tmp_path / "run.xml").read_text()
    assert text.startswith("<anim ") and text.rstrip().endswith("</anim>")
    assert all(f'descr="{name}"' in text for name in ("H1", "R1", "I2", "R2")) and text.count("<p ") > 20
    done = subprocess.run([program, *words, "--animation", tmp_path / "none" / "run.xml"], text=True, capture_output=True,
                          timeout=120)
    assert done.returncode == 2 and "cannot write file" in done.stderr


@pytest.mark.parametrize("size", [60, 6])
def test_a_design_without_a_grid_is_put_into_bins_of_delays(size):
    """Each run has an offset and a delay of its own; the closed form is its mean over the runs of a bin."""
    def run(number, only):
        numbers = {"offset": 0.013 * number, "delay": 0.02 + 0.001 * (number % 7), "jitter": 0.0, "loss": 0.0}
        parameters = {name: f"{value} s" for name, value in numbers.items()}
        parameters.update(responder_installs="message-2", responder_only=only, early_answers="true", loss="0 %")
        made = source.Run(1, parameters, {}, numbers=numbers)
        made.metrics = {metric: theory.of_run(made, kind) for kind, metric, _ in collision.KINDS}
        return made

    study = source.Study("x", "sweep", [run(n, only) for n in range(0, 60, 60 // size) for only in ("none", "one")])
    drawn, = collision.section(study).charts
    assert [panel.title for panel in drawn.panels] == ["ISAKMP SAs", "IPsec SA pairs"] and drawn.x.unit == "one-way delays"
    for panel, step in zip(drawn.panels, (5, 7)):
        curve, dots = panel.marks[0].rows, panel.marks[2].rows
        assert [row["x"] for row in curve] == [row["x"] for row in dots] and curve[0]["x"] == 0.5
        assert all(row["y"] == (100 if row["x"] < step else 0) for row in curve)
        assert [row["y"] for row in curve] == pytest.approx([row["y"] for row in dots])
