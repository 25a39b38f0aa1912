# SPDX-License-Identifier: GPL-2.0-only
"""The rules of the house that no compiler checks: who may include whom, purity, and tidiness."""
import importlib.util
import os
import re
import warnings

import pytest
from conftest import ROOT

spec = importlib.util.spec_from_file_location(
    "ike_list_sources", os.path.join(ROOT, "utils", "ike-list-sources.py"))
lists = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lists)

# Room -> the rooms it may include besides itself (doc/architecture.md draws it). An entry with a
# dot is one header instead of a room.
BELOW_IPSEC = ["base", "wire", "crypto"]
BELOW_IKE = ["base", "wire", "crypto", "config", "ipsec-sa.h"]
BELOW_ENGINE = BELOW_IKE + ["ike-common", "ikev1", "ikev2"]
PURE = list(lists.PURE_ROOMS)
ARROWS = {
    "base": [],
    "wire": ["base"],
    "crypto": ["base", "wire"],
    "config": ["base"],
    "ipsec": BELOW_IPSEC,
    "ike-common": BELOW_IKE,
    "ikev1": BELOW_IKE + ["ike-common"],
    "ikev2": BELOW_IKE + ["ike-common"],
    "engine": BELOW_ENGINE,
    "console": BELOW_ENGINE + ["engine", "ipsec"],
    "metrics": ["base"],
    "lab": [r for r in PURE if r != "lab"],
    "host": [r for r in PURE if r != "lab"],
    "helper": PURE + ["host"],
    "examples": PURE + ["host", "helper"],
    "bindings": PURE + ["host", "helper"],
    "test": PURE + ["host", "helper"],
    "utils": PURE + ["host", "helper"],
}
NS3_ROOMS = {"host", "helper", "examples", "bindings", "test", "utils"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
# Comments, strings and characters: what is left is code.
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                      re.S)
SKIPPED_FOLDERS = {".git", "__pycache__", "out", ".pytest_cache", ".cache"}
LIMIT, WARN_AT = 800, 700


def room_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "model" else parts[0]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def code_of(path):
    """The file without comments and literals, line numbers kept."""
    def blank(match):
        text = match.group(0)
        # 1'000'000 is a number, not a character.
        return "\n" * text.count("\n") + (" " if "\n" not in text else "")
    text = re.sub(r"(?<=\d)'(?=\d)", "", read(path))
    return NOT_CODE.sub(blank, text)


def all_files():
    """Every file of the project's tree, without what builds and runs leave behind."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS and not f.startswith("build")]
        found += [os.path.relpath(os.path.join(folder, f), ROOT) for f in files]
    return sorted(f for f in found if not f.endswith(".pyc"))


CPP = lists.all_sources(ROOT)
PURE_FILES = [f for f in CPP if f.startswith("model/") and room_of(f) in PURE]
OURS = {os.path.basename(f): f for f in CPP if f.endswith(".h")}


def includes(path):
    text = read(path)
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1), match.group(2)


def matches(files, pattern):
    """Where the pattern stands in code, as path:line: text."""
    out = []
    for path in files:
        code = code_of(path)
        for match in re.finditer(pattern, code):
            out.append("%s:%d: %s" % (path, code.count("\n", 0, match.start()) + 1,
                                      match.group(0).strip()))
    return out


def none(found):
    assert not found, "\n".join([""] + found)


def test_every_room_has_its_arrows():
    none(sorted({room_of(f) for f in CPP} - set(ARROWS)))


def test_includes_follow_the_arrows():
    found = []
    for path in CPP:
        room = room_of(path)
        for line, kind, name in includes(path):
            header = OURS.get(os.path.basename(name))
            if kind == "<" or header is None:
                continue
            target = room_of(header)
            if target != room and target not in ARROWS[room] \
                    and os.path.basename(header) not in ARROWS[room]:
                found.append("%s:%d: %s may not include %s of %s" % (path, line, room, name,
                                                                     target))
    none(found)


def test_own_headers_are_included_as_ns3_does():
    """A header of the same folder bare, any other as "ns3/x.h"; nothing by a path."""
    found = []
    for path in CPP:
        for line, kind, name in includes(path):
            header = OURS.get(os.path.basename(name))
            if header is None and kind == '"' and not name.startswith("ns3/"):
                found.append("%s:%d: no header of ours: %s" % (path, line, name))
            if header is None or kind == "<":
                continue
            same = os.path.dirname(header) == os.path.dirname(path)
            want = os.path.basename(header) if same else "ns3/" + os.path.basename(header)
            if name != want:
                found.append('%s:%d: include "%s", not "%s"' % (path, line, want, name))
    none(found)


def test_no_ns3_in_the_pure_rooms():
    found = []
    for path in PURE_FILES:
        for line, _, name in includes(path):
            if name.startswith("ns3/") and os.path.basename(name) not in OURS:
                found.append("%s:%d: %s" % (path, line, name))
    none(found + matches(PURE_FILES, r"\bSimulator\s*::|\bNS_(LOG|ASSERT|ABORT|FATAL)\w*"))


def test_module_headers_only_in_examples_and_bindings():
    found = []
    for path in CPP:
        if room_of(path) not in {"examples", "bindings"}:
            found += ["%s:%d: %s" % (path, line, name) for line, _, name in includes(path)
                      if re.match(r"ns3/[\w-]+-module\.h$", name)]
    none(found)


def test_no_clock_in_the_pure_rooms():
    none(matches(PURE_FILES, r"\bstd::chrono\b|<chrono>|\bgettimeofday\b|\bclock_gettime\b"
                             r"|(?<![\w.>])(?:std::)?(?:time|clock|localtime|gmtime)\s*\("))


def test_no_chance_in_the_pure_rooms():
    """Randomness is keyed; the generators of C, C++ and OpenSSL never decide a byte."""
    none(matches(PURE_FILES, r"\bs?rand\s*\(|\brandom\s*\(|\brandom_device\b|\bmt19937\w*"
                             r"|\bRAND_(priv_)?bytes\w*|\bgetrandom\b|\bgetentropy\b"))


def test_no_threads_in_the_pure_rooms():
    # The laboratory computes on several threads; nothing that comes out depends on it.
    files = [f for f in PURE_FILES if f != "model/lab/ike-worker-pool.cc"]
    none(matches(files, r"\bstd::j?thread\b|\bstd::async\b|\bpthread_create\b|\bfork\s*\("))


def test_no_files_or_streams_of_the_process_in_the_pure_rooms():
    none(matches(PURE_FILES, r"\bstd::(cout|cerr|clog|cin)\b|\bgetenv\b|\bprintf\s*\("
                             r"|\bstd::[io]?fstream\b|\bfopen\b"))


def test_openssl_headers_only_in_the_crypto_room():
    found = []
    for path in CPP:
        if not (path.startswith("model/crypto/") and path.endswith(".cc")):
            found += ["%s:%d: %s" % (path, line, name) for line, _, name in includes(path)
                      if name.startswith("openssl/")]
    none(found)


def test_no_unordered_containers_where_order_matters():
    # A prefix table is asked for each packet, and nobody can walk through it.
    files = [f for f in CPP if f.startswith("model/") and f != "model/base/ipsec-prefix-table.h"]
    none(matches(files, r"\bstd::unordered_\w+"))


def test_names_that_every_ns3_knows():
    """What ike-compat.h says: EventId lost IsRunning() after ns-3.37, and ns-3.35 has no IsPending()."""
    none(matches(CPP, r"\bIs(Running|Pending)\s*\(\s*\)"))


def test_no_namespace_std():
    none(matches(CPP, r"\busing\s+namespace\s+std\b"))


def test_no_leftovers():
    words = re.compile(r"\b(%s)\b" % "|".join(["FIX" + "ME", "TO" + "DO", "X" * 3]))
    found = []
    for path in all_files():
        if path.endswith((".svg", ".png", ".pcap", ".json", "LICENSE")):
            continue
        for number, line in enumerate(read(path).split("\n"), 1):
            if words.search(line):
                found.append("%s:%d: %s" % (path, number, line.strip()))
    none(found)


def test_no_paths_of_one_machine():
    places = re.compile(r"(^|[^A-Za-z0-9_.])/(%s)/" % "|".join(["wo" + "rk", "fa" + "rm",
                                                              "ro" + "ot", "ho" + "me"]))
    found = []
    for path in all_files():
        for number, line in enumerate(read(path).split("\n"), 1):
            if places.search(line):
                found.append("%s:%d: %s" % (path, number, line.strip()))
    none(found)


def test_every_source_names_its_licence():
    endings = (".cc", ".h", ".py", ".pyi", ".cmake", ".yaml", "CMakeLists.txt", "wscript",
               "ns3-ike", ".ci/run", "ike-sources.txt")
    found = []
    for path in all_files():
        if path.endswith(endings):
            head = "\n".join(read(path).split("\n")[:5])
            if "SPDX-License-Identifier: GPL-2.0-only" not in head:
                found.append("%s: no SPDX line" % path)
    none(found)


def test_header_guards():
    found = []
    for path in CPP:
        if path.endswith(".h"):
            guard = re.sub(r"\W", "_", os.path.basename(path)).upper()
            text = read(path)
            if not re.search(r"^#ifndef %s\n#define %s$" % (guard, guard), text, re.M) \
                    or not re.search(r"^#endif // %s\n*\Z" % guard, text, re.M):
                found.append("%s: the guard must be %s, named at the #endif too" % (path, guard))
    none(found)


def test_files_stay_readable():
    found = []
    for path in CPP:
        lines = read(path).count("\n")
        if lines > LIMIT:
            found.append("%s: %d lines, the limit is %d" % (path, lines, LIMIT))
        elif lines >= WARN_AT:
            warnings.warn("%s: %d lines, near the limit of %d" % (path, lines, LIMIT))
    none(found)


def test_text_is_tidy():
    """No tabs or trailing blanks in C++, and a newline at the end."""
    found = []
    for path in CPP:
        text = read(path)
        if not text.endswith("\n"):
            found.append("%s: no newline at the end" % path)
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line or line != line.rstrip():
                found.append("%s:%d: a tab or a trailing blank" % (path, number))
    none(found)


@pytest.mark.parametrize("text, kept", [
    ('a("rand()"); b();', "b();"),
    ("// rand()\nb();", "b();"),
    ("x = 1'000'000; rand();", "rand();"),
])
def test_the_checker_itself(tmp_path, text, kept):
    """Literals and comments are no code, and what follows them is."""
    path = tmp_path / "x.cc"
    path.write_text(text)
    code = code_of(str(path))
    assert kept in code
    assert ("rand" in code) == ("rand" in kept)
