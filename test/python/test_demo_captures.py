# SPDX-License-Identifier: GPL-2.0-only
"""The demo's captures, read by tshark with the keys that the demo exported beside them."""
import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

FIELDS = ["frame.number", "ip.proto", "udp.dstport", "isakmp.ispi", "isakmp.exchangetype",
          "isakmp.flag_e", "isakmp.typepayload", "isakmp.hash", "esp.spi", "esp.icv_good",
          "esp.protocol", "_ws.malformed"]
MAIN_MODE, QUICK_MODE = "2", "32"
ID, HASH = "5", "8"
ESP = "50"
IPV4 = "0x04"


def dissect(capture, keys):
    """One dict per frame; a field that occurs more than once is a list joined by commas."""
    command = ["tshark", "-r", str(capture), "-o", "esp.enable_encryption_decode:TRUE",
               "-o", "esp.enable_authentication_check:TRUE", "-T", "fields", "-E", "separator=|",
               "-E", "occurrence=a", "-E", "aggregator=,"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, text=True, capture_output=True, timeout=900,
                          env={**os.environ, "WIRESHARK_CONFIG_DIR": str(keys), "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    return [dict(zip(FIELDS, line.split("|"))) for line in done.stdout.splitlines()]


def first(row, field):
    return row[field].split(",")[0]


def ike_rows(rows):
    return [r for r in rows if r["isakmp.ispi"] and first(r, "ip.proto") == "17"]


def esp_rows(rows):
    return [r for r in rows if first(r, "ip.proto") == ESP]


@pytest.fixture(scope="module", params=["without", "with"])
def variant(request):
    """A variant of the demo."""
    return request.param


@pytest.fixture(scope="module")
def captures(variant, demo):
    """(capture name, its frames) of one variant of the demo."""
    assert shutil.which("tshark"), "tshark is missing: ./ns3-ike setup test"
    folder = demo / variant
    found = sorted(folder.glob("**/*.pcap"))
    assert found, "the demo wrote no capture"
    with ThreadPoolExecutor(2) as pool:
        return list(zip([f.name for f in found], pool.map(lambda f: dissect(f, folder), found)))


def test_nothing_is_malformed(captures):
    bad = ["%s frame %s" % (name, r["frame.number"])
           for name, rows in captures for r in rows if r["_ws.malformed"]]
    assert not bad


def test_every_encrypted_ike_message_decrypts(captures):
    """Decrypted, a main mode message begins with an identity and any other one with a hash."""
    seen, bad = set(), []
    for name, rows in captures:
        for row in ike_rows(rows):
            if "1" not in row["isakmp.flag_e"]:
                continue
            exchange = first(row, "isakmp.exchangetype")
            seen.add(exchange)
            want = ID if exchange == MAIN_MODE else HASH
            if first(row, "isakmp.typepayload") != want or not row["isakmp.hash"]:
                bad.append("%s frame %s: %s" % (name, row["frame.number"], row))
    assert not bad, "\n".join(bad[:20])
    assert {MAIN_MODE, QUICK_MODE} <= seen


def test_every_esp_packet_decrypts(captures):
    """Its integrity holds, and an IPv4 packet is inside."""
    seen, bad = 0, []
    for name, rows in captures:
        for row in esp_rows(rows):
            seen += 1
            if first(row, "esp.icv_good") not in ("1", "True") \
                    or first(row, "esp.protocol") != IPV4:
                bad.append("%s frame %s: %s" % (name, row["frame.number"], row))
    assert not bad, "\n".join(bad[:20])
    assert seen > 0


def test_captures_and_results_agree(captures, variant, demo):
    """As many ESP packets as the data planes count, as many IKE messages as the counters say."""
    results = json.loads((demo / variant / "results.json").read_text())
    for end in results["ends"]:
        own = [rows for name, rows in captures if name.startswith(end["name"] + "-")]
        assert sum(len(esp_rows(rows)) for rows in own) == \
            end["outbound"]["protected"] + end["inbound"]["in"]
        assert sum(len(ike_rows(rows)) for rows in own) == results["totals"]["messages"]


def test_without_the_keys_nothing_decrypts(demo, tmp_path):
    """The check above can fail: the captures hold no plain text."""
    capture = next(f for f in sorted((demo / "with").glob("**/*.pcap"))
                   if esp_rows(dissect(f, tmp_path)))
    for row in dissect(capture, tmp_path):
        if first(row, "ip.proto") == ESP:
            assert not row["esp.protocol"]
        if "1" in row["isakmp.flag_e"]:
            assert not row["isakmp.typepayload"]


def test_a_message_that_finds_no_route_is_not_counted_as_sent(ike_sim, tmp_path):
    """The late end cannot answer before its own route is there: its first answers never leave."""
    out = tmp_path / "late"
    ike_sim("run", "vti-convergence", "--set", "responder_only=one", "--set", "early_answers=false",
            "--set", "offset=25 s", "--set", "duration=100 s", "--out", out)
    results = json.loads((out / "results.json").read_text())
    frames = ike_rows(dissect(out / "R1-Ethernet0-0.pcap", out))
    assert len(frames) == results["totals"]["messages"] > 9
    assert "not sent: no-route" in (out / "transcript.txt").read_text()
