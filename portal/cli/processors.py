"""A processor of its own for each web process.

Its threads take turns (docs/decisions/0003), and a turn that is handed over on one processor does not have to wake
another: docs/decisions/0031 has the figures.
"""

import contextlib
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where a process cannot be kept to a processor by these means either
    fcntl = None


class Seats:
    """One seat for each of `count` processes, each with a processor; it is free again however its process ends.

    There are none where that cannot be said of a process, or where there are fewer processors than processes.
    """

    def __init__(self, folder: Path, *, count: int) -> None:
        self._folder = folder
        can = fcntl is not None and hasattr(os, "sched_setaffinity")
        processors = sorted(os.sched_getaffinity(0)) if can else []
        self._processors = processors[:count] if len(processors) >= count else []

    def take_one(self) -> None:
        """Keep this process to the processor of the first free seat; without one it goes wherever it is sent."""
        for processor in self._processors:
            if self._is_free(processor):
                with contextlib.suppress(OSError):  # a container may forbid it, or have lost the processor meanwhile
                    os.sched_setaffinity(0, {processor})
                return

    def _is_free(self, processor: int) -> bool:
        """Lock a seat for as long as this process lives."""
        if fcntl is None:
            return False
        lock = os.open(self._folder / str(processor), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        return True
