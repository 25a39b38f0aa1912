# SPDX-License-Identifier: GPL-2.0-only
"""Both sides of a NAT, read by tshark with the keys that the run exported beside them."""
import json
import os
import shutil
import subprocess

import pytest

FIELDS = ["frame.number", "ip.src", "ip.proto", "udp.srcport", "udp.dstport", "udp.checksum",
          "udpencap.nat_keepalive", "isakmp.exchangetype", "isakmp.flag_e", "isakmp.hash",
          "esp.spi", "esp.icv_good", "esp.protocol", "_ws.malformed"]
IPV4 = "0x04"


def dissect(capture, keys):
    """One dict per frame, of the outermost layer that has the field."""
    command = ["tshark", "-r", str(capture), "-o", "esp.enable_encryption_decode:TRUE",
               "-o", "esp.enable_authentication_check:TRUE", "-T", "fields", "-E", "separator=|",
               "-E", "occurrence=f"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, text=True, capture_output=True, timeout=900,
                          env={**os.environ, "WIRESHARK_CONFIG_DIR": str(keys), "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    return [dict(zip(FIELDS, line.split("|"))) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def run(ike_sim, tmp_path_factory):
    """The folder of a run, and the frames at both sides of the NAT."""
    assert shutil.which("tshark"), "tshark is missing: ./ns3-ike setup test"
    out = tmp_path_factory.mktemp("nat") / "out"
    ike_sim("run", "nat-traversal", "--out", out)
    return out, {side: dissect(out / ("N1-%s.pcap" % side), out) for side in ("home", "access")}


def test_nothing_is_malformed_and_nothing_is_esp_without_udp(run):
    for rows in run[1].values():
        assert not [r for r in rows if r["_ws.malformed"] or r["ip.proto"] != "17"]


@pytest.mark.parametrize("side", ["home", "access"])
def test_esp_in_udp_decrypts_at_both_sides(run, side):
    """Its integrity holds, an IPv4 packet is inside, and the UDP checksum is zero (RFC 3948 2.1)."""
    rows = [r for r in run[1][side] if r["esp.spi"]]
    assert len(rows) > 200
    for row in rows:
        assert row["esp.icv_good"] in ("1", "True") and row["esp.protocol"] == IPV4, row
        assert int(row["udp.checksum"], 16) == 0, row


def test_ike_floats_to_4500_and_decrypts(run):
    rows = [r for r in run[1]["home"] if r["isakmp.exchangetype"]]
    assert [r["udp.dstport"] for r in rows[:9]] == ["500"] * 4 + ["4500"] * 5
    for row in rows:
        if row["isakmp.flag_e"] in ("1", "True"):
            assert row["isakmp.hash"], row


def test_the_nat_gives_another_port_after_its_restart(run):
    ports = []
    for row in run[1]["access"]:
        if row["ip.src"] == "198.51.100.2" and row["udp.dstport"] == "4500" \
                and row["udp.srcport"] not in ports:
            ports.append(row["udp.srcport"])
    assert len(ports) == 2, ports


def test_keepalives_keep_the_mapping(run, ike_sim, tmp_path):
    keepalives = [r for r in run[1]["access"] if r["udpencap.nat_keepalive"]]
    assert len(keepalives) >= 5
    results = json.loads((run[0] / "results.json").read_text())
    assert "nat-no-mapping" not in results["totals"]["packets_dropped"]
    ike_sim("run", "nat-traversal", "--set", "keepalives=false", "--out", tmp_path / "off")
    results = json.loads((tmp_path / "off" / "results.json").read_text())
    # from 49 s on, when the mapping of H1's last packet is over, until H1 speaks again at 120 s
    assert 65 <= results["totals"]["packets_dropped"]["nat-no-mapping"] <= 75
