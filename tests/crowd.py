"""Twenty transactions that begin together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import run, transaction

T = TypeVar("T")
TWENTY = 20


def at_once(engine: Engine, work: Callable[[Session, int], T]) -> list[T]:
    """Run `work` twenty times at once, each in a transaction of its own, and return what they gave."""
    barrier = threading.Barrier(TWENTY)

    def one(number: int) -> T:
        barrier.wait()
        return run(engine, lambda session: work(session, number), writes=True)

    with ThreadPoolExecutor(TWENTY) as pool:
        return list(pool.map(one, range(TWENTY)))


def first(engine: Engine, work: Callable[[Session], T]) -> T:
    """Run `work` alone and commit, before the crowd comes or after it."""
    with transaction(engine, writes=True) as session:
        return work(session)
