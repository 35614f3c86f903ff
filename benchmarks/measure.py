"""How every benchmark here measures: two works in turn in one run, the median of the ratios, never an absolute time.

A figure of one machine on one day is noise; the ratio to the limit of the same machine in the same minute is not.
`compare` runs `ours` and `limit` in turn and prints the median of the ratios round by round with its span.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ratio:
    """The outcome of a comparison: medians of both rates (work per second) and of their ratio."""

    ours: float
    limit: float
    ratio: float
    lowest: float
    highest: float


def rate(work: Callable[[], int]) -> float:
    """Return how many pieces of work per second were done; `work` does some and says how many."""
    started = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - started)


def compare(title: str, ours: Callable[[], float], limit: Callable[[], float], *, rounds: int = 5) -> Ratio:
    """Measure `ours` and `limit`, which return rates per second, in turn after one uncounted round; print the ratio."""
    ours(), limit()
    pairs = [(ours(), limit()) for _ in range(rounds)]
    ratios = [a / b for a, b in pairs]
    found = Ratio(
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
    )
    print(
        f"{title}: {found.ratio:.2f} ({found.lowest:.2f}–{found.highest:.2f}); "
        f"{found.ours:,.0f}/s against {found.limit:,.0f}/s, {rounds} rounds; {machine()}",
        flush=True,
    )
    return found


def machine() -> str:
    """Say on what it was measured."""
    return f"{os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        return names[0] if names else platform.processor()
    except OSError:
        return platform.processor()
