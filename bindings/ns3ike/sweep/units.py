# SPDX-License-Identifier: GPL-2.0-only
"""Values of parameters as numbers, and numbers as the values that a scenario reads.

Numbers are in s for durations, bit/s for bandwidths, % for percent, and as they are for the rest; true is 1.
"""
import math
import re

#: Unit of a number, by the type of the parameter.
UNITS = {"duration": "s", "bandwidth": "bit/s", "percent": "%"}

#: Factors of what may be written, in units of the number's last place: ns, bit/s.
DURATIONS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9}
BANDWIDTHS = {prefix + unit: factor for unit in ("bit/s", "bps") for prefix, factor in
              (("", 1), ("k", 10**3), ("M", 10**6), ("G", 10**9), ("T", 10**12))}

NUMBER = re.compile(r"\s*([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*([A-Za-z/%]*)\s*")


def number_of(text, kind):
    """The number of a value, or None when it is a word (auto, never), or no value of this type."""
    if kind == "boolean":
        return {"true": 1.0, "false": 0.0}.get(text)
    if kind == "choice":
        return None
    parts = re.split(r"\s+([-+])\s+", text.strip()) if kind == "duration" else [text]
    total = _term(parts[0], kind)
    for sign, part in zip(parts[1::2], parts[2::2]):
        value = _term(part, kind)
        if total is None or value is None:
            return None
        total += value if sign == "+" else -value
    return total


def _term(text, kind):
    match = NUMBER.fullmatch(text)
    if match is None:
        return None
    value, unit = float(match.group(1)), match.group(2)
    if kind == "duration":
        return value * DURATIONS[unit] / 10**9 if unit in DURATIONS else None
    if kind == "bandwidth":
        return value * BANDWIDTHS[unit] if unit in BANDWIDTHS else None
    if kind == "percent":
        return value if unit == "%" else None
    return value if unit == "" and kind in ("number", "integer") else None


def text_of(number, kind):
    """A value with this number, as exact as the type allows: ns, bit/s, 15 digits."""
    if kind == "duration":
        count = round(number * 10**9)
        if count == 0:
            return "0 s"
        for unit in ("h", "min", "s", "ms", "us"):
            if count % DURATIONS[unit] == 0:
                return f"{count // DURATIONS[unit]} {unit}"
        return f"{count} ns"
    if kind == "bandwidth":
        return f"{max(1, round(number))} bit/s"
    if kind == "integer":
        return str(round(number))
    if kind == "boolean":
        return "true" if number else "false"
    return decimal(number) + (" %" if kind == "percent" else "")


def decimal(number):
    """Without an exponent: scenarios read none."""
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number")
    text = f"{number:.15g}"
    if "e" not in text:
        return text
    digits = max(0, 14 - math.floor(math.log10(abs(number))))
    return f"{number:.{digits}f}".rstrip("0").rstrip(".")
