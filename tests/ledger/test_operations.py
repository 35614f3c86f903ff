"""Books in the database: read back as written, by one statement each way, and only one writer wins."""

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.db import Batch, Stale, transaction
from portal.ledger.accruals import Grounds
from portal.ledger.operations import post_what_is_due, store
from portal.ledger.queries import balance_at, find_entry, find_source, hold_owner, load, newest_entries, totals
from tests.ledger.stories import NOW, at, capture, grant, hold, redeem, refund, tell, void


def test_what_is_stored_is_read_back(engine: Engine) -> None:
    told = tell(engine, grant(100), grant(50, source="p", pending=14), redeem(30), hold(20))
    with transaction(engine, writes=False) as session:
        book = load(session, "ada", now=NOW, sources=["r"])
        assert book.pages == told.pages
        assert (book.count, book.head) == (told.count, told.head)
        assert find_source(session, "r") == told.entries[2]
        assert find_entry(session, "ada", 1, now=NOW) == told.entries[0]
        assert hold_owner(session, "h") == "ada"


def test_a_book_is_read_and_written_by_one_statement_each(engine: Engine) -> None:
    tell(engine, grant(100))
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    tell(engine, redeem(10))
    assert len([one for one in statements if not one.startswith(("BEGIN", "create temp"))]) == 2


def test_who_read_an_older_book_comes_too_late(engine: Engine) -> None:
    tell(engine, grant(100))
    with transaction(engine, writes=False) as session:
        late = load(session, "ada", now=NOW)
    redeem(80, source="late")(late)
    tell(engine, redeem(80))
    batch = Batch()
    store(batch, late)
    with pytest.raises((Stale, IntegrityError)), transaction(engine, writes=True) as session:
        batch.flush(session)
    with transaction(engine, writes=False) as session:
        assert load(session, "ada", now=NOW).balance(NOW).available == 20


def test_a_refund_finds_what_it_undoes_however_old(engine: Engine) -> None:
    tell(engine, grant(100, days=5), redeem(60))
    tell(engine, refund(day=9, restore={"r": 60}, reverse={"g": 100}), now=at(9), sources=["r", "g"])
    with transaction(engine, writes=False) as session:
        assert load(session, "ada", now=at(9)).balance(at(9)).liability == 0
        assert totals(session).issued == 0


def test_what_was_issued_is_told_by_its_cause(engine: Engine) -> None:
    goodwill = Grounds(reason="goodwill", operator="mira")
    tell(engine, grant(100), redeem(60), lambda book: book.adjust(-5, at=NOW, source="a", grounds=goodwill))
    with transaction(engine, writes=False) as session:
        summed = totals(session)
    assert (summed.issued, summed.redeemed, summed.liability) == (-95, 60, 35)
    assert summed.issued_by_cause == {"purchase": 100, "manual": -5}


def test_an_ended_hold_is_known_as_such(engine: Engine) -> None:
    tell(engine, grant(100), hold(60))
    tell(engine, capture(40, day=0.1), hold="h", now=at(0.1))
    with pytest.raises(Exception, match="hold-ended"):
        tell(engine, void(day=0.2), hold="h", now=at(0.2))


def test_one_story_may_move_several_books(engine: Engine) -> None:
    with transaction(engine, writes=True) as session:
        books = [load(session, member, now=NOW) for member in ("cleo", "ada")]
        for book in books:
            grant(10, source=f"{book.member}/g")(book)
        batch = Batch()
        store(batch, *books)
        batch.flush(session)
        assert totals(session).available == 20


def test_a_source_is_one_over_all_books(engine: Engine) -> None:
    tell(engine, grant(10))
    with pytest.raises(DBAPIError):
        tell(engine, grant(10), member="ben")
    with transaction(engine, writes=False) as session:
        assert load(session, "ben", now=NOW).count == 0


def test_due_events_are_posted_by_the_job_and_read_without_it(engine: Engine) -> None:
    tell(engine, grant(100, days=10, pending=2))
    tell(engine, grant(7, source="ben/g", days=50), member="ben")
    with transaction(engine, writes=False) as session:
        assert load(session, "ada", now=at(2)).balance(at(2)).available == 100
        page = newest_entries(session, "ada", now=at(30))
        assert [(entry.number, entry.kind) for entry in page.entries] == [(3, "expiry"), (2, "release"), (1, "accrual")]
        assert find_entry(session, "ada", 3, now=at(30)) == page.entries[0]
    with transaction(engine, writes=True) as session:
        posted = post_what_is_due(session, now=at(30), limit=10)
        assert [(member, entry.kind, entry.at) for member, entry in posted] == [
            ("ada", "release", at(2)),
            ("ada", "expiry", at(12)),
        ]
        assert post_what_is_due(session, now=at(30), limit=10) == []
        assert totals(session).breakage == 100


def test_the_statement_is_read_page_by_page(engine: Engine) -> None:
    tell(engine, *(grant(1, source=f"g{n}", pending=n) for n in range(5)), now=NOW)
    seen: list[int] = []
    cursor = None
    with transaction(engine, writes=False) as session:
        while True:
            page = newest_entries(session, "ada", now=at(2), before=cursor, limit=3)
            seen += [entry.number for entry in page.entries]
            if (cursor := page.next) is None:
                break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_the_balance_of_any_instant_is_known(engine: Engine) -> None:
    tell(engine, grant(100, days=10, pending=2))
    tell(engine, redeem(30, day=5), now=at(5))
    tell(engine, grant(7, source="late", day=20), now=at(20))
    with transaction(engine, writes=False) as session:
        had = [balance_at(session, "ada", at(day)) for day in (-1, 1, 4, 6, 13, 21, 60)]
    assert [(each.pending, each.available) for each in had] == [
        (0, 0), (100, 0), (0, 100), (0, 70), (0, 0), (0, 7), (0, 0),
    ]  # fmt: skip
    assert [each.points for each in had[5].expiring] == [7]


TOLD = ("entry", "lot", "hold", "debt_item", "consumption")


@pytest.mark.parametrize(
    "change",
    [
        *(f"delete from {table}" for table in TOLD),
        "update entry set available = 1000, issued = -1000",
        "update entry set details = details",
        "update lot set original = 1000",
        "update lot set expires_at = null",
        "update hold set points = 1",
        "update debt_item set points = 1",
        "update consumption set points = 1",
    ],
)
def test_what_was_told_cannot_be_changed(engine: Engine, change: str) -> None:
    tell(engine, grant(100), grant(50, source="k"), redeem(30), hold(100, ends=9))
    tell(engine, refund(day=1, reverse={"g": 100}), now=at(1), sources=["g"])
    with pytest.raises(DBAPIError, match="append-only"), transaction(engine, writes=True) as session:
        session.execute(text(change))


COPY_UNBALANCED = """
    insert into entry
    select member_id, number + 9, 'n', at, posted_at, kind, wallet, cause, budget, receipt_id, rule, rulebook,
        available + 1, pending, held, debt, issued, redeemed, breakage, writeoff, lots, details, hash
    from entry where number = 1"""


@pytest.mark.parametrize(
    "change",
    [
        "update account set available = -1",
        "update account set debt = 1",
        "update account set available = 1, debt = -1",
        "update lot set remaining = original + 1",
        "update lot set held = original",
        "update consumption set restored = points + 1",
        COPY_UNBALANCED,
    ],
)
def test_the_database_itself_refuses_what_does_not_balance(engine: Engine, change: str) -> None:
    tell(engine, grant(100), redeem(30))
    with pytest.raises(DBAPIError, match=r"(?i)check"), transaction(engine, writes=True) as session:
        session.execute(text(change))
