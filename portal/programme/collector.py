"""Python's collector of cycles, which heavy work with values may let rest."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def resting_collector() -> Iterator[None]:
    """Keep the collector from running until the block ends; also a decorator.

    What a chunk of an import makes holds no cycles, and most of it lives until the chunk is written: looking through it
    over and over took a fifth of the import.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
