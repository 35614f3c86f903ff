"""What a till of its own process does in the race tests."""

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import Batch, make_engine, run
from portal.errors import Refused
from portal.ledger.entries import Origin
from portal.ledger.operations import lock_books, post_what_is_due, store
from portal.ledger.posting import Accrual, accrue, accrue_alone
from portal.ledger.queries import find_source, load
from tests.ledger.stories import at, capture, grant, lives, redeem, tell_in

Work = Callable[[Engine, int], str]


def in_a_story(work: Callable[[Session, int], str]) -> Work:
    """Let a till's work run in one transaction, again and again as a request does."""
    return lambda engine, till: run(engine, lambda session: work(session, till), writes=True)


@in_a_story
def till_redeems(session: Session, till: int) -> str:
    tell_in(session, redeem(10, source=f"till/{till}"))
    return "spent"


@in_a_story
def till_tells_the_same(session: Session, till: int) -> str:
    if find_source(session, "same"):
        return "duplicate"
    tell_in(session, grant(50, source="same"))
    return "posted"


@in_a_story
def till_captures_or_job_times_out(session: Session, till: int) -> str:
    if till % 2:
        tell_in(session, capture(60, day=0.9, source=f"till/{till}"), hold="h", now=at(0.9))
        return "captured"
    posted = post_what_is_due(session, now=at(1.1), limit=10)
    return "timed out" if posted else "nothing to do"


@in_a_story
def till_moves_two_books(session: Session, till: int) -> str:
    members = ["ada", "ben"] if till % 2 else ["ben", "ada"]
    lock_books(session, members)
    books = [load(session, member, now=at(0)) for member in members]
    for book in books:
        grant(1, source=f"till/{till}/{book.member}")(book)
    batch = Batch()
    store(batch, *books)
    batch.flush(session)
    return "moved"


@in_a_story
def till_accrues(session: Session, till: int) -> str:
    accrue(session, _accrual(f"till/{till}"), now=at(0))
    return "posted"


def till_accrues_the_same_alone(engine: Engine, till: int) -> str:
    accrue_alone(engine, _accrual("same"), now=at(0))
    return "posted"


def _accrual(source: str) -> Accrual:
    origin = Origin("purchase", rule="base5", rulebook="shop@1")
    return Accrual(member="ada", points=12, at=at(0), source=source, origin=origin, dates=lives(30, pending=14))


def race(engine: Engine, work: Work, *, tills: int) -> list[str]:
    """Run the work in so many processes at the same moment and return what each answered."""
    context = get_context("fork")  # children have everything imported; they open engines of their own
    start, answers = context.Barrier(tills), context.Queue()
    url = engine.url.render_as_string(hide_password=False)
    processes = [context.Process(target=_run, args=(url, work, till, start, answers)) for till in range(tills)]
    for process in processes:
        process.start()
    found = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(timeout=10)
    return sorted(found)


def _run(url: str, work: Work, till: int, start: Any, answers: Any) -> None:
    engine = make_engine(url)
    try:
        with engine.connect():
            start.wait(timeout=60)
        answers.put(work(engine, till))
    except Refused as refused:
        answers.put(refused.code)
    except Exception as trouble:  # noqa: BLE001 - the parent shows what went wrong
        answers.put(f"{type(trouble).__name__}: {trouble}")
    finally:
        engine.dispose()


def count(answers: Sequence[str]) -> dict[str, int]:
    return {answer: answers.count(answer) for answer in answers}
