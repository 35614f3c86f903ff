"""Gift certificates: sold, spent in parts, given back to, withdrawn, never earning, never more than there is."""

import json
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from portal.db import run
from portal.perks.certificates import CertificateSpent
from portal.perks.operations import TooManyGuesses
from portal.perks.queries.guesses import MOST_OF_A_KEY
from portal.perks.shown_codes import new_shown_code
from portal.programme.certificates import (
    MOST,
    CertificateEarned,
    CertificateOver,
    CertificateUnknown,
    ReceiptCertificates,
    ReceiptClosed,
    ReceiptPaid,
    TooManyCertificates,
    check_certificate,
    issue_certificates,
    pay_by_certificate,
)
from portal.programme.returning_certificates import CertificateInParts
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook

BLOCK = {
    "id": "legal", "priority": 1,
    "effects": [
        {"type": "block", "what": ["discount", "accrual", "redemption"], "lines": {"category": ["gift_certificate"]}}
    ],
}  # fmt: skip
CARD = {"category": "gift_certificate"}


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, BLOCK))
    return shop


def issue(shop: Shop, receipt_id: str) -> ReceiptCertificates:
    return run(shop.engine, lambda s: issue_certificates(s, receipt_id, command=shop.command()), writes=True)


def sell(shop: Shop, *, value: int = 100000) -> tuple[str, str]:
    """Sell one certificate to a guest; return the receipt and the code."""
    bought = shop.buy(None, line(1, value, **CARD))
    return bought.receipt_id, issue(shop, bought.receipt_id).issued[0].code


def pay(shop: Shop, receipt_id: str, code: str, *, at=NOW) -> ReceiptCertificates:
    command = shop.command(now=at)
    return run(shop.engine, lambda s: pay_by_certificate(s, receipt_id, code, command=command), writes=True)


def left(shop: Shop, code: str) -> int:
    return run(shop.engine, lambda s: check_certificate(s, code, command=shop.command()), writes=True).left


def test_each_piece_of_a_line_is_a_certificate_and_earns_nothing(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada, line(1, 10000), line(2, 100000, qty=2, **CARD))
    assert (bought.earned[ada], bought.due) == (5, 110000)
    issued = issue(shop, bought.receipt_id).issued
    assert [each.value for each in issued] == [50000, 50000]
    assert issue(shop, bought.receipt_id).issued == issued
    assert len({each.code for each in issued}) == 2


def test_it_is_spent_in_parts_and_the_purchase_earns_as_if_paid_in_cash(shop: Shop) -> None:
    _, code = sell(shop)
    ada = shop.join("ada@example.org")
    first, second = shop.buy(ada, line(1, 60000)), shop.buy(ada, line(1, 60000))
    assert first.earned[ada] == 30
    for _ in range(2):
        assert pay(shop, first.receipt_id, code).due == 0
    assert left(shop, code) == 40000
    paid = pay(shop, second.receipt_id, code)
    assert (paid.paid, paid.due) == (40000, 20000)
    with pytest.raises(CertificateUnknown):
        left(shop, code)
    assert shop.broken() == []


def test_money_goes_back_the_way_it_came(shop: Shop) -> None:
    _, code = sell(shop, value=40000)
    bought = shop.buy(None, line(1, 60000), line(2, 40000))
    pay(shop, bought.receipt_id, code)
    back = shop.refund(bought.receipt_id, {2: Fraction(1)}).body
    assert (back.money, back.certificates) == (40000, 40000)
    assert left(shop, code) == 40000
    rest = shop.refund(bought.receipt_id, {1: Fraction(1)}).body
    assert (rest.money, rest.certificates) == (60000, 0)


def test_an_unspent_certificate_is_brought_back_a_spent_one_is_not(shop: Shop) -> None:
    sold, code = sell(shop)
    bought = shop.buy(None, line(1, 30000))
    pay(shop, bought.receipt_id, code)
    with pytest.raises(CertificateSpent):
        shop.refund(sold, {1: Fraction(1)})
    shop.refund(bought.receipt_id, {1: Fraction(1)})
    assert shop.refund(sold, {1: Fraction(1)}).body.money == 100000
    with pytest.raises(CertificateUnknown):
        left(shop, code)


def test_a_certificate_is_brought_back_whole_or_not_at_all(shop: Shop) -> None:
    sold, code = sell(shop)
    for _ in range(2):
        with pytest.raises(CertificateInParts):
            shop.refund(sold, {1: Fraction(1, 2)})
    assert left(shop, code) == 100000
    cheese = shop.buy(None, line(1, 100000, **CARD), line(2, 30000, qty="0.5"))
    assert shop.refund(cheese.receipt_id, {2: Fraction(1, 4)}).body.money == 15000


def test_what_was_brought_back_before_is_issued_no_more(shop: Shop) -> None:
    bought = shop.buy(None, line(1, 100000, qty=4, **CARD))
    shop.refund(bought.receipt_id, {1: Fraction(3)})
    for _ in range(2):
        assert [each.value for each in issue(shop, bought.receipt_id).issued] == [25000]
    shop.refund(bought.receipt_id, {1: Fraction(1)})
    assert issue(shop, bought.receipt_id).issued == ()
    whole = shop.buy(None, line(1, 100000, **CARD))
    shop.refund(whole.receipt_id, {1: Fraction(1)})
    assert issue(shop, whole.receipt_id).issued == ()


@pytest.mark.parametrize(("gross", "qty", "values"), [(0, 1, []), (2, 3, [1, 1])])
def test_a_piece_that_cost_nothing_is_no_certificate(shop: Shop, gross: int, qty: int, values: list[int]) -> None:
    bought = shop.buy(None, line(1, gross, qty=qty, **CARD))
    assert [each.value for each in issue(shop, bought.receipt_id).issued] == values


def test_a_receipt_sells_no_flood_of_certificates(shop: Shop) -> None:
    bought = shop.buy(None, line(1, 10_000_000, qty=MOST, **CARD), line(2, 100, **CARD))
    with pytest.raises(TooManyCertificates):
        issue(shop, bought.receipt_id)
    shop.refund(bought.receipt_id, {1: Fraction(MOST - 1)})
    assert len(issue(shop, bought.receipt_id).issued) == 2


def test_what_cannot_be_paid_takes_nothing(shop: Shop) -> None:
    _, code = sell(shop)
    bought = shop.buy(None, line(1, 30000))
    with pytest.raises(ReceiptClosed):
        pay(shop, bought.receipt_id, code, at=NOW + DAY)
    with pytest.raises(CertificateUnknown):
        pay(shop, bought.receipt_id, new_shown_code())
    another, _ = sell(shop)
    with pytest.raises(ReceiptPaid):
        pay(shop, another, code)
    assert left(shop, code) == 100000


def test_a_rule_that_gives_for_certificates_stops_their_sale(engine: Engine) -> None:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5))
    bought = shop.buy(shop.join("ada@example.org"), line(1, 100000, **CARD))
    with pytest.raises(CertificateEarned):
        issue(shop, bought.receipt_id)


def test_it_pays_through_its_last_day_and_the_rest_stays_written(engine: Engine) -> None:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, BLOCK, certificates={"valid": {"type": "days", "n": 10}}))
    sold = shop.buy(None, line(1, 100000, **CARD))
    issued = issue(shop, sold.receipt_id).issued[0]
    assert issued.last_day == (NOW + 10 * DAY).date()
    last, over = NOW + 10 * DAY, NOW + 11 * DAY
    bought = shop.buy(None, line(1, 30000), at=last)
    assert pay(shop, bought.receipt_id, issued.code, at=last).paid == 30000
    late = shop.buy(None, line(1, 30000), at=over)
    with pytest.raises(CertificateOver):
        pay(shop, late.receipt_id, issued.code, at=over)

    shop.refund(bought.receipt_id, {1: Fraction(1)}, at=over)
    assert pay(shop, late.receipt_id, issued.code, at=over).paid == 30000
    much_later = shop.buy(None, line(1, 30000), at=over + 20 * DAY)
    with pytest.raises(CertificateOver):
        pay(shop, much_later.receipt_id, issued.code, at=over + 20 * DAY)
    assert shop.broken() == []


def test_those_sold_before_a_last_day_was_introduced_pay_for_ever(shop: Shop) -> None:
    _, code = sell(shop)
    shop.publish(rulebook(BASE5, BLOCK, version=2, certificates={"valid": {"type": "days", "n": 1}}))
    bought = shop.buy(None, line(1, 30000), at=NOW + 400 * DAY)
    assert pay(shop, bought.receipt_id, code, at=NOW + 400 * DAY).paid == 30000


def test_codes_cannot_be_tried_out(shop: Shop) -> None:
    _, code = sell(shop)
    for _ in range(MOST_OF_A_KEY):
        with pytest.raises(CertificateUnknown):
            left(shop, new_shown_code())
    with pytest.raises(TooManyGuesses):
        left(shop, code)


def test_what_is_left_is_what_was_told_and_never_rewritten(shop: Shop) -> None:
    _, code = sell(shop)
    pay(shop, shop.buy(None, line(1, 30000)).receipt_id, code)
    with shop.engine.connect() as connection:
        told = "select sum(e.amount) - max(c.left_over) from certificate_entry e, certificate c"
        assert connection.execute(text(told)).scalar_one() == 0
    with pytest.raises(DBAPIError, match="append-only"), shop.engine.begin() as connection:
        connection.execute(text("update certificate_entry set amount = 1"))


def test_eight_tills_never_spend_one_certificate_twice(shop: Shop) -> None:
    _, code = sell(shop)
    receipts = [shop.buy(None, line(1, 30000)).receipt_id for _ in range(8)]
    url = shop.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-m", "tests.programme.shelf_race", url, code, NOW.isoformat()],
        input="\n".join(json.dumps([[receipt_id]]) for receipt_id in receipts),
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    answers = Counter(json.loads(done.stdout))
    assert (answers[30000], answers[10000], sum(answers.values())) == (3, 1, 8)
    assert set(answers) == {30000, 10000, "certificate-not-good"}
    assert shop.broken() == []
