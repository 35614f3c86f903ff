"""One heap for all threads of a process.

The C library gives threads heaps of their own, so that they need not wait for each other. Ours take turns
(docs/decisions/0003) and never wait there: all that many heaps do is take memory, and find it cold.
"""

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def share_one_heap() -> None:
    """Let this process, and those forked from it, begin no second heap; nothing where the C library has one anyway."""
    if sys.platform == "linux":
        choose = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if choose:
            choose(_ARENA_MAX, 1)
