"""What is kept of how a receipt came about: who, where, how the card got in, and how long it took."""

from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.db import run
from portal.receipts.queries import list_evidence
from tests.till.shop import Till


def kept(till: Till) -> list[Any]:
    day = timedelta(days=1)
    return run(
        till.engine, lambda session: list_evidence(session, since=till.now - day, until=till.now + day), writes=False
    )


def sell(till: Till, *, how: str) -> str:
    """Sell to Ada's card, half a minute after it was shown, and return the receipt's id."""
    basket = till.pages.post("/till/member", {"shown": till.card(), "how": how})
    till.wait(seconds=30)
    quote = till.send(basket, "/till/quote", **{"line1-price": "1000"})
    return till.send(quote, "/till/receipts").location.rpartition("/")[2]


def test_a_receipt_keeps_who_where_how_and_how_long(till_anywhere: Till):
    till = till_anywhere
    sell(till, how="camera")
    (row,) = kept(till)
    assert (row.subject, row.store, row.member_id, row.staff_id) == ("receipt", "S1", till.ada, till.tim)
    assert (row.method, row.seconds, row.queued) == ("camera", 30, False)
    assert row.device_id in row.client


def test_a_refund_keeps_who_and_where(till: Till):
    receipt_id = sell(till, how="wedge")
    quote = till.pages.post(f"/till/refund/{receipt_id}/quote", {"all": "y"})
    till.wait(seconds=1)
    till.send(quote, f"/till/refund/{receipt_id}")
    receipt, refund = kept(till)
    assert (receipt.method, refund.subject, refund.method) == ("wedge", "refund", "typed")
    assert (refund.staff_id, refund.seconds, refund.number) == (till.tim, None, receipt.number)


def test_a_double_click_keeps_one(till: Till):
    quote = till.quote(till.card())
    for _ in range(2):
        till.send(quote, "/till/receipts")
    assert len(kept(till)) == 1


@pytest.mark.parametrize(
    ("told", "method"), [("photo", "photo"), ("typed", "typed"), ("", "typed"), ("magic", "typed")]
)
def test_what_says_nothing_known_was_typed(till: Till, told: str, method: str):
    sell(till, how=told)
    assert [row.method for row in kept(till)] == [method]


def test_a_code_shown_to_spend_says_how_it_got_in(till: Till):
    quote = till.quote(till.card())
    spending = till.send(quote, "/till/quote", shown=till.code(), how="camera")
    till.confirm(spending)
    assert [row.method for row in kept(till)] == ["camera"]


def test_the_operator_lists_it(till: Till, monkeypatch: pytest.MonkeyPatch):
    sell(till, how="camera")
    monkeypatch.setenv("PORTAL_DATABASE_URL", till.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr("portal.clock.now", lambda: till.now + timedelta(minutes=1))
    head, line = CliRunner().invoke(main, ["till", "evidence"], catch_exceptions=False).output.splitlines()
    assert head.startswith("at\twhat\tstore")
    assert line.split("\t")[-5:] == ["Tim", "T1", "camera", "30", ""]
    other = CliRunner().invoke(main, ["till", "evidence", "--store", "S2"], catch_exceptions=False)
    assert len(other.output.splitlines()) == 1
