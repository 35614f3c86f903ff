"""Many tills in processes of their own at the same moment, on both databases (security.md §3)."""

from sqlalchemy import Engine

from portal.db import transaction
from portal.ledger.checks import check_ledger
from portal.ledger.queries import load
from tests.ledger import race
from tests.ledger.stories import NOW, at, grant, hold, tell


def nothing_is_wrong(engine: Engine) -> bool:
    with transaction(engine, writes=False) as session:
        return list(check_ledger(session)) == []


def test_twenty_tills_never_overspend_one_balance(engine: Engine) -> None:
    tell(engine, grant(45, source="a", days=5), grant(60))
    assert race.count(race.race(engine, race.till_redeems, tills=20)) == {"spent": 10, "not-enough-points": 10}
    with transaction(engine, writes=False) as session:
        assert load(session, "ada", now=NOW).balance(NOW).available == 5
    assert nothing_is_wrong(engine)


def test_the_same_told_twenty_times_at_once_is_posted_once(engine: Engine) -> None:
    assert race.count(race.race(engine, race.till_tells_the_same, tills=20)) == {"posted": 1, "duplicate": 19}
    assert nothing_is_wrong(engine)


def test_a_hold_is_captured_or_times_out_but_ends_once(engine: Engine) -> None:
    tell(engine, grant(100), hold(60, ends=1))
    answers = race.count(race.race(engine, race.till_captures_or_job_times_out, tills=8))
    assert answers.get("captured", 0) + answers.get("timed out", 0) == 1, answers
    assert nothing_is_wrong(engine)
    with transaction(engine, writes=False) as session:
        balance = load(session, "ada", now=at(1.1)).balance(at(1.1))
    assert (balance.available, balance.held) in {(40, 0), (100, 0)}


def test_stories_over_two_books_do_not_wait_in_a_circle(engine: Engine) -> None:
    assert race.count(race.race(engine, race.till_moves_two_books, tills=10)) == {"moved": 10}
    assert nothing_is_wrong(engine)
