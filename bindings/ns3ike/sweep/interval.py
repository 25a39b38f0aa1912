# SPDX-License-Identifier: GPL-2.0-only
"""Confidence intervals for stop rules; nothing but the standard library.

The interval of a mean is Student's; that of a share is Wilson's (1927), which does not vanish when all runs agree.
"""
import math
from statistics import NormalDist, fmean, stdev


def incomplete_beta(a, b, x):
    """The regularized incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
                     + a * math.log(x) + b * math.log1p(-x)) / a
    tiny = 1e-300
    c, d = 1.0, 1 / max(tiny, 1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 500):
        for term in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                     -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * value


def student_quantile(confidence, freedom):
    """t such that Student's t of so many degrees of freedom lies in [-t, t] with this probability."""
    low, high = 0.0, 1.0
    def inside(t):
        return 1 - incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))
    while inside(high) < confidence:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) < confidence else (low, middle)
    return (low + high) / 2


def mean_interval(values, confidence):
    """(mean, half width); the half width of fewer than two values is infinite."""
    if len(values) < 2:
        return (fmean(values) if values else math.nan), math.inf
    return fmean(values), student_quantile(confidence, len(values) - 1) * stdev(values) / math.sqrt(len(values))


def wilson(share, trials, confidence):
    """(low, high) of Wilson's interval; trials need not be whole."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))  # rounding aside


def share_interval(hits, runs, confidence):
    """(share, half width of Wilson's interval)."""
    if runs == 0:
        return math.nan, math.inf
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = hits / runs
    return share, z / (1 + z * z / runs) * math.sqrt(share * (1 - share) / runs + z * z / (4 * runs * runs))


def share_bounds(hits, runs, confidence):
    """(least, greatest) of Wilson's interval, which lies around a point between the share and a half."""
    share, half = share_interval(hits, runs, confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (share + z * z / (2 * runs)) / (1 + z * z / runs) if runs else math.nan
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))  # rounding aside
