"""Runs what stories asked to be told, as the worker does, and looks at what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from portal.db import Batch, transaction
from portal.jobs import kinds
from portal.members import operations as members
from portal.members.contacts import read_contact
from portal.members.operations import Newcomer
from portal.notifications import operations, queries
from portal.notifications.preference import Preference
from portal.notifications.queries import InboxMessage
from portal.outbox.worker import Worker
from portal.programme.consents import CONSENTS, record_answers
from portal.programme.notices import Notice, announce
from tests.conftest import local_settings

SECRET = "a secret of the tests, longer than 32 characters"


def work_off(engine: Engine, *, now: datetime) -> None:
    """Run everything that is due; letters are kept as a demo keeps them."""
    made = kinds(local_settings(engine, demo=True))
    worker = Worker(engine=engine, owner=f"test {now}", kinds=made, timetable=(), clock=lambda: now)
    while worker.run_due():
        pass


def join(engine: Engine, *, now: datetime, contact: str = "ada@example.com", consents: tuple[str, ...] = ()) -> str:
    """Make a member with a confirmed contact."""
    newcomer = Newcomer(contacts=(read_contact(contact),), name="Ada", language="ru", verified=True)
    with transaction(engine, writes=True) as session:
        member_id = members.find_or_enrol(session, newcomer, secret=SECRET, joined_at=now, now=now).member_id
    agree(engine, member_id, *consents, now=now)
    return member_id


def agree(engine: Engine, member_id: str, *keys: str, now: datetime, granted: bool = True) -> None:
    with transaction(engine, writes=True) as session:
        answers = [(CONSENTS[key], granted) for key in keys]
        record_answers(session, member_id, answers, language="ru", source="test", proof=None, now=now)


def tell(engine: Engine, member_id: str, kind: str, *, now: datetime, cause: str = "one", **about: Any) -> None:
    """Announce one notice with the facts of its example."""
    notice = Notice(kind=kind, cause=cause, facts=about.pop("facts", _example(kind)), at=about.pop("at", now), **about)
    batch = Batch()
    announce(batch, member_id, [notice], now=now)
    with transaction(engine, writes=True) as session:
        batch.flush(session)


def choose(engine: Engine, member_id: str, *, now: datetime, **choice: Any) -> None:
    with transaction(engine, writes=True) as session:
        operations.set_preference(session, member_id, Preference(**choice), now=now)


def inbox(engine: Engine, member_id: str) -> list[InboxMessage]:
    with transaction(engine, writes=False) as session:
        return list(queries.inbox(session, member_id, before=None, limit=50))


def fates(engine: Engine, member_id: str) -> list[tuple[str, str, str | None]]:
    """Return kind, state and reason of each message, the oldest first."""
    return [(each.kind.name, each.state, each.reason) for each in reversed(inbox(engine, member_id))]


def jobs(engine: Engine, kind: str = "notify") -> int:
    """Return how many jobs of a kind were asked for."""
    with transaction(engine, writes=False) as session:
        return session.scalar(text("select count(*) from job where kind = :kind"), {"kind": kind}) or 0


def letters(engine: Engine) -> list[str]:
    """Return the subjects of the letters that were sent, in their order."""
    with transaction(engine, writes=False) as session:
        return list(session.execute(text("select subject from kept_message order by id")).scalars())


def _example(kind: str) -> Any:
    return queries.KINDS[kind].example
