"""What a worker holds of a job, and what a kind of job is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy.orm import Session

Document: TypeAlias = Mapping[str, Any]
"""A JSON object."""


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job that one worker may run until its lease ends."""

    id: str
    kind: str
    owner: str
    lease_ends_at: datetime
    attempts: int
    arguments: Document
    progress: Document | None
    dropped: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """What the work of a job is given: the instant, its arguments, and how far the chunk before this one came.

    `attempts` is 1 unless it failed before.
    """

    now: datetime
    arguments: Document
    progress: Document | None
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of job whose effect is in our database.

    `do` is called in a transaction that also marks the job as done, so the effect happens exactly once. It returns None
    when everything is done, or its progress: then the transaction commits and `do` is called again with it. Keep chunks
    short: on SQLite a till waits for them.
    """

    do: Callable[[Session, Chunk], Document | None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A kind of job whose effect is outside.

    `do` is called without a transaction, and again when the process dies before the job is marked as done. It must come
    back well before a lease ends.
    """

    do: Callable[[Document, datetime], None]


@dataclass(frozen=True, slots=True)
class Together:
    """A kind of small jobs whose effect is in our database, of which many come at once.

    `do` is called with the arguments of many, in the order they became due, in a transaction that also marks them as
    done. Should it fail, each is done by itself, and the one to blame is tried again later.
    """

    do: Callable[[Session, Sequence[Document], datetime], None]

    def do_one(self, session: Session, chunk: Chunk) -> None:
        """Do a single one, as `Work` does."""
        self.do(session, [chunk.arguments], chunk.now)


Kind: TypeAlias = Work | Delivery | Together


@dataclass(frozen=True, slots=True)
class Mine:
    """Which kinds of jobs a worker takes: `only` these, or all but what it `never` takes.

    Fresh jobs of those taken `together` are left to whoever takes many of them at once.
    """

    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    together: tuple[str, ...] = ()

    def takes(self, kind: str) -> bool:
        return kind not in self.never and (not self.only or kind in self.only)


EVERY_KIND = Mine()


@dataclass(frozen=True, slots=True)
class Ending:
    """How one of many jobs ended; a `waiting` one comes again at `due_at`. `counts` as an attempt, or does not."""

    state: Literal["done", "cancelled", "dead", "waiting"]
    due_at: datetime | None = None
    error: str | None = None
    counts: bool = True


class GiveUp(Exception):  # noqa: N818 - a signal to the worker, as Stale is to the database
    """Raised by a job that no later attempt can help: it is buried at once, for the staff to look at."""


class TryLater(Exception):  # noqa: N818 - a signal to the worker
    """Raised by a job that was told when to come again."""

    def __init__(self, after: timedelta) -> None:
        super().__init__()
        self.after = after
