"""A birthday is used once a year, comes back with the goods, and is not kept with the receipt."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine, literal, select, text

from portal.db import Id, transaction
from portal.members.operations import set_birthday
from portal.programme.judged_state import read_judged_state
from portal.receipts.queries import read_refundable, refundable_column
from portal.receipts.queries.judged import find_judged
from portal.rulebook.evaluate import evaluate
from portal.rulebook.outcome import read_outcome
from portal.rulebook.receipt import read_receipt
from tests.programme.shop import BASE5, DAY, NOW, OPENED, Shop, line, rulebook

GIFT = {
    "id": "gift", "when": {"type": "birthday", "before": 3, "after": 7},
    "effects": [{"type": "accrue_fixed", "points": 300}],
}  # fmt: skip
BORN = date(1990, 3, 5)


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, GIFT))
    return shop


def celebrate(shop: Shop, member_id: str, *, told_at=OPENED) -> None:
    with transaction(shop.engine, writes=True) as session:
        set_birthday(session, member_id, BORN, today=told_at.date(), now=told_at)


def test_a_birthday_brings_its_gift_once_a_year(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada)
    first = shop.buy(ada, line(1, 100000))
    assert first.earned == {ada: 350}
    assert shop.buy(ada, line(1, 100000), at=NOW + DAY).earned == {ada: 50}
    assert shop.buy(ada, line(1, 100000), at=NOW + 365 * DAY).earned == {ada: 350}
    back = shop.refund(first.receipt_id, {1: Fraction(1)}, at=NOW + 365 * DAY)
    assert back.body.reversed == {"base5": 50, "gift": 300}


def test_a_returned_receipt_gives_the_birthday_back(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada)
    first = shop.buy(ada, line(1, 100000), line(2, 50000))
    part = shop.refund(first.receipt_id, {1: Fraction(1)}, at=NOW + DAY)
    assert part.body.reversed == {"base5": 50}  # the gift stays while something is kept
    assert shop.quote(shop.told(ada, at=NOW + DAY)).earned == {ada: 50}
    shop.refund(first.receipt_id, {2: Fraction(1)}, at=NOW + DAY)
    assert shop.quote(shop.told(ada, at=NOW + DAY)).earned == {ada: 350}
    assert shop.broken() == []


def test_a_birthday_told_too_late_brings_nothing(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada, told_at=NOW - timedelta(days=5))
    assert shop.buy(ada, line(1, 100000)).earned == {ada: 50}


@pytest.mark.parametrize(
    ("born", "at", "used"),
    [
        (date(1990, 3, 5), NOW, 2026),
        (date(1990, 9, 5), NOW, None),
        (date(1991, 1, 1), datetime(2026, 12, 30, 9, tzinfo=UTC), 2027),
        (date(1991, 12, 31), datetime(2027, 1, 5, 9, tzinfo=UTC), 2026),
    ],
)
def test_the_stored_inputs_give_the_stored_outcome_again(
    shop: Shop, born: date, at: datetime, used: int | None
) -> None:
    ada = shop.join("ada@example.org")
    with transaction(shop.engine, writes=True) as session:
        set_birthday(session, ada, born, today=OPENED.date(), now=OPENED)
    bought = shop.buy(ada, at=at)
    with transaction(shop.engine, writes=False) as session:
        judged = find_judged(session, bought.receipt_id or "")
        refundable = read_refundable(
            session.execute(select(refundable_column(literal(bought.receipt_id, Id)))).scalar()
        )
    assert judged is not None
    assert refundable is not None
    outcome = read_outcome(judged.outcome)
    assert outcome.birthday_used == used
    state = read_judged_state(refundable.state)
    assert evaluate(rulebook(BASE5, GIFT), state.member, read_receipt(judged.document)) == outcome
    assert str(born) not in str(refundable.state)


def test_receipts_do_not_keep_the_birthday(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    celebrate(shop, ada)
    shop.buy(ada)
    with shop.engine.connect() as connection:
        kept = connection.execute(text("select cast(state as text) || cast(outcome as text) from receipt")).scalar_one()
    assert BORN.isoformat() not in kept
    assert "1990" not in kept
