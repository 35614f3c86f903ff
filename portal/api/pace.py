"""A token bucket for each key: so many calls a second, and a store of them for a burst."""

import math
import threading
from dataclasses import dataclass, field

BURST_SECONDS = 3
_MOST_KEYS = 10_000


@dataclass(slots=True)
class Pace:
    """The buckets of one process; `rate` calls a second go on for ever, 0 is no limit."""

    rate: int
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: str, *, at: float) -> int:
        """Take a token and return 0, or the whole seconds until there is one; `at` is a monotonic clock's."""
        if not self.rate:
            return 0
        full = float(self.rate * BURST_SECONDS)
        with self._lock:
            tokens, seen = self._buckets.pop(key, (full, at))
            tokens = min(full, tokens + (at - seen) * self.rate)
            taken = tokens >= 1
            self._buckets[key] = (tokens - 1 if taken else tokens, at)
            if len(self._buckets) > _MOST_KEYS:
                del self._buckets[next(iter(self._buckets))]  # the one used longest ago
        return 0 if taken else max(1, math.ceil((1 - tokens) / self.rate))
