"""What is kept of a receipt and told of it, by how many statements."""

import json
from fractions import Fraction

import pytest
from sqlalchemy import text

from portal.db import transaction
from portal.perks.operations import give_coupon
from portal.programme.judged_state import read_judged_state
from portal.receipts.queries.judged import find_judged
from portal.rulebook.document import load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.outcome import read_outcome
from portal.rulebook.receipt import read_receipt
from tests.programme.shop import OPENED, Shop, line
from tests.programme.statements import Statements


def test_the_stored_inputs_give_the_stored_outcome_again(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 200)
    lines = [line(1, 10000, tags=["yellow"]), line(2, 40000), line(3, 5000)]
    answer = shop.buy(ada, *lines, points_requested=200)
    with transaction(shop.engine, writes=False) as session:
        judged = find_judged(session, answer.receipt_id or "")
        version, state = session.execute(
            text("select v.document, r.state from receipt r join rulebook_version v on v.digest = r.rulebook_digest")
        ).one()
    assert judged is not None
    document = json.loads(version) if isinstance(version, str) else version
    state = read_judged_state(json.loads(state) if isinstance(state, str) else state)
    again = evaluate(load_json(document), state.member, read_receipt(judged.document), bearer=state.bearer)
    assert again == read_outcome(judged.outcome)


def test_the_answer_names_entries_balance_and_the_arithmetic(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    answer = shop.buy(ada, line(1, 199900))
    assert answer.entries == ("1",)
    assert answer.balance is not None
    assert answer.balance.available == 99
    assert answer.grants[0].text.startswith("5%") or "99" in answer.grants[0].text
    assert answer.tier is None


def test_a_recorded_receipt_cannot_be_changed(shop: Shop) -> None:
    shop.buy(None)
    with pytest.raises(Exception, match="append-only"), shop.engine.begin() as connection:
        connection.execute(text("update receipt set due = 1"))


def test_a_purchase_is_one_read_and_one_write(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 200)
    shop.buy(ada)  # the rulebook is read and compiled once for each process
    told, command = shop.told(ada, *(line(n, 1000) for n in range(1, 11)), points_requested=50), shop.command()
    statements = Statements(shop.engine)
    shop.record(told, command=command)
    assert len(statements.texts) == 2


def test_a_quote_is_one_read(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.buy(ada)
    with transaction(shop.engine, writes=True) as session:
        give_coupon(session, template="spring", code="SPRING", at=OPENED, until=None)
    told = shop.told(ada, coupons=["SPRING"])
    statements = Statements(shop.engine)
    shop.quote(told)
    assert len(statements.texts) == 1


def test_quantities_of_weighed_goods_are_exact(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada, line(1, 10000, qty="0.350"))
    back = shop.refund(bought.receipt_id, {1: Fraction("0.1")}).body
    assert back.money == 10000 * 100 // 350
