"""A receipt is recorded once, by the right rules, and refused in the right words."""

import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine, event, text

from portal.db import transaction
from portal.errors import Refused
from portal.ids import new_id
from portal.members.lookup import by_code, by_email, by_id, by_phone
from portal.members.operations import enrol_device, erase, leave, open_session
from portal.members.rotating_code import draw_code, window_at
from portal.perks.operations import give_coupon
from portal.programme.judged_state import read_judged_state
from portal.receipts.queries.judged import find_judged
from portal.rulebook.document import load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.outcome import read_outcome
from portal.rulebook.receipt import read_receipt
from tests.programme.shop import BASE5, DAY, NOW, OPENED, SECRET, YELLOW, Shop, line, rulebook


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, YELLOW, max_backdate_days=7))
    return shop


def refusal(shop: Shop, *args, command=None, **about) -> str:
    with pytest.raises(Refused) as refused:
        shop.record(shop.told(*args, **about), command=command or shop.command())
    assert str(refused.value)  # every slot of the text is filled
    return refused.value.code


def rows(shop: Shop, table: str) -> int:
    with shop.engine.connect() as connection:
        return connection.execute(text(f"select count(*) from {table}")).scalar_one()


class Statements:
    """Counts the statements of an engine."""

    def __init__(self, engine: Engine) -> None:
        self.texts: list[str] = []
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "create temp")):
            self.texts.append(statement)


# --- once -----------------------------------------------------------------------------------------------------------


def test_the_same_key_and_body_is_answered_again_and_nothing_happens(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    told, command = shop.told(ada), shop.command()
    first = shop.record(told, command=command)
    again = shop.record(told, command=command)
    assert (first.replayed, again.replayed, again.status) == (False, True, 201)
    assert again.body == first.body
    assert (rows(shop, "receipt"), rows(shop, "entry"), rows(shop, "event")) == (1, 1, 1)


def test_the_arrival_time_is_no_part_of_the_body(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    told = shop.told(ada)
    first = shop.record(told, command=shop.command(key="k"))
    assert shop.record(told, command=shop.command(key="k", now=NOW + 30 * DAY)).body == first.body


def test_the_same_key_with_another_body_is_a_conflict(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.record(shop.told(ada), command=shop.command(key="k"))
    assert refusal(shop, ada, command=shop.command(key="k")) == "idempotency-conflict"


def test_a_key_belongs_to_one_client(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.record(shop.told(ada), command=shop.command(key="k"))
    other = replace(shop.command(key="k"), client="key:till-2")
    assert not shop.record(shop.told(ada), command=other).replayed


def test_the_same_receipt_under_another_key_is_the_same_receipt(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    told = shop.told(ada)
    first = shop.record(told, command=shop.command(key="one"))
    again = shop.record(told, command=shop.command(key="two"))
    assert (again.replayed, again.body) == (True, first.body)
    assert shop.record(told, command=shop.command(key="two")).body == first.body
    assert refusal(shop, ada, command=shop.command(key="two")) == "idempotency-conflict"
    assert rows(shop, "receipt") == 1


def test_another_receipt_under_the_same_number_is_a_conflict(shop: Shop) -> None:
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    shop.record(shop.told(ada, number="N1"))
    assert refusal(shop, ada, line(1, 5), number="N1") == "receipt-conflict"
    assert refusal(shop, ben, number="N1") == "receipt-conflict"
    assert refusal(shop, None, number="N1") == "receipt-conflict"
    assert not shop.record(shop.told(ada, number="N1", store="S2")).replayed


def test_a_receipt_is_the_same_however_its_member_is_named_and_after_they_were_forgotten(shop: Shop) -> None:
    ada = shop.join("+79123456789")
    by_number = shop.told(by_phone("+79123456789"), number="N1")
    first = shop.record(by_number, command=shop.command(key="k"))
    assert shop.record(shop.told(ada, number="N1"), command=shop.command(key="k")).body == first.body
    with transaction(shop.engine, writes=True) as session:
        erase(session, ada, secret=SECRET, now=NOW)
    assert shop.record(by_number, command=shop.command(key="k")).body == first.body
    assert shop.record(by_number, command=shop.command(key="other")).body == first.body
    assert refusal(shop, None, number="N1", command=shop.command(key="k")) == "idempotency-conflict"


# --- who ------------------------------------------------------------------------------------------------------------


def test_a_member_is_found_by_id_card_phone_and_email(shop: Shop) -> None:
    ada = shop.join("+79123456789")
    cleo = shop.join("cleo@example.org")
    with shop.engine.connect() as connection:
        number = connection.execute(text("select card_number from member where id = :id"), {"id": ada}).scalar_one()
    for lookup in (by_id(ada), by_code(number), by_phone("8 912 345-67-89")):
        assert shop.buy(lookup).member_id == ada
    assert shop.buy(by_email("Cleo@Example.org")).member_id == cleo


def test_a_guest_gets_discounts_and_no_points(shop: Shop) -> None:
    answer = shop.buy(None, line(1, 10000, tags=["yellow"]), line(2, 40000))
    assert (answer.member_id, answer.discount, answer.due, answer.earned) == (None, 3000, 47000, {})
    assert (answer.balance, answer.entries) == (None, ())
    assert {each.reason for each in answer.skipped} == {"no_member"}


def test_unknown_and_departed_members_are_refused_and_nothing_is_stored(shop: Shop) -> None:
    dora = shop.join("dora@example.org")
    with transaction(shop.engine, writes=True) as session:
        leave(session, dora, source="profile", now=NOW)
    assert refusal(shop, dora) == "member-left"
    assert refusal(shop, new_id(NOW)) == "unknown-member"
    assert refusal(shop, by_phone("+79990000000")) == "unknown-member"
    assert (rows(shop, "receipt"), rows(shop, "idempotency")) == (0, 0)


# --- when -----------------------------------------------------------------------------------------------------------


def test_receipts_from_the_future_and_from_long_ago_are_refused(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    minute = timedelta(minutes=1)
    assert refusal(shop, ada, at=NOW + 3 * minute) == "receipt-in-the-future"
    assert refusal(shop, ada, at=NOW - 7 * DAY - minute) == "receipt-too-old"
    assert shop.record(shop.told(ada, at=NOW + 2 * minute), command=shop.command()).status == 201
    assert shop.record(shop.told(ada, at=NOW - 7 * DAY), command=shop.command()).status == 201
    operator = shop.command(may_backdate=True)
    assert shop.record(shop.told(ada, at=NOW - 30 * DAY), command=operator).status == 201


def test_a_receipt_is_judged_by_the_rulebook_of_its_own_time(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    double = {**BASE5, "effects": [{"type": "accrue_percent", "rate_bp": 1000}]}
    shop.publish(rulebook(double, version=2), effective_from=NOW, now=NOW - DAY)
    before = shop.record(shop.told(ada, at=NOW - timedelta(seconds=1)), command=shop.command()).body
    after = shop.record(shop.told(ada, at=NOW), command=shop.command()).body
    assert (before.rulebook, before.earned) == ("shop@1", {ada: 50})
    assert (after.rulebook, after.earned) == ("shop@2", {ada: 100})


def test_before_the_first_rulebook_nothing_is_judged(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    operator = shop.command(may_backdate=True)
    assert refusal(shop, ada, at=OPENED - DAY, command=operator) == "no-rulebook"


def test_foreign_money_is_refused(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    assert refusal(shop, ada, currency="EUR") == "foreign-currency"
    assert shop.buy(ada, currency="RUB").due == 100000


def test_points_run_out_before_they_are_spent(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100, days=10)
    assert refusal(shop, ada, points_requested=100) == "not-enough-points"
    assert shop.quote(shop.told(ada, points_requested="max")).points_spent == 0


# --- spending -------------------------------------------------------------------------------------------------------


def test_more_than_there_is_is_refused_and_more_than_fits_is_cut(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 500)
    assert refusal(shop, ada, points_requested=501) == "not-enough-points"
    answer = shop.buy(ada, line(1, 30000), points_requested=500)
    assert (answer.points_spent, answer.due, answer.earned) == (300, 0, {})
    assert (answer.limits.available, answer.limits.max_points) == (500, 300)
    assert shop.buy(ada, line(1, 50000), points_requested="max").points_spent == 200


def test_a_quote_is_cut_to_what_there_is_and_stores_nothing(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 10)
    quote = shop.quote(shop.told(ada, points_requested=500), command=shop.command(vouches=False))
    assert (quote.points_spent, quote.receipt_id, quote.entries) == (10, None, ())
    assert (rows(shop, "receipt"), rows(shop, "entry")) == (0, 1)


def test_a_printed_number_earns_and_does_not_spend(shop: Shop) -> None:
    ada = shop.join("+79123456789")
    shop.give(ada, 100)
    till = shop.command(vouches=False)
    for lookup in (by_id(ada), by_phone("+79123456789")):
        assert refusal(shop, lookup, points_requested=10, command=till) == "rotating-code-required"
        assert refusal(shop, lookup, points_requested="max", command=till) == "rotating-code-required"
    assert shop.record(shop.told(ada), command=till).body.earned == {ada: 50}


def test_a_guest_spends_nothing(shop: Shop) -> None:
    assert refusal(shop, None, points_requested=10) == "member-required"


def phone_code(shop: Shop, member_id: str, *, at=NOW):
    """Sign a phone in and return what it shows."""
    with transaction(shop.engine, writes=True) as session:
        opened = open_session(session, member_id, user_agent="Ada's phone", now=at)
        device = enrol_device(session, member_id, session_id=opened.id, now=at)
    with shop.engine.connect() as connection:
        find = text("select card_number from member where id = :id")
        number = connection.execute(find, {"id": member_id}).scalar_one()
    return by_code(draw_code(number, key=device.key, window=window_at(at)))


def test_a_fresh_code_pays_for_one_receipt(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    code, till = phone_code(shop, ada), shop.command(vouches=False)
    first = shop.record(shop.told(code, points_requested=30), command=till)
    assert first.body.points_spent == 30
    assert refusal(shop, code, points_requested=30, command=shop.command(vouches=False)) == "rotating-code-required"
    assert shop.record(shop.told(code), command=shop.command(vouches=False)).body.points_spent == 0
    assert shop.available(ada) == 100 - 30 + 48 + 50


def test_an_old_code_earns_and_a_forged_one_does_nothing(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    code = phone_code(shop, ada)
    late = shop.command(now=NOW + timedelta(minutes=10), vouches=False)
    told = {"at": NOW + timedelta(minutes=10)}
    assert refusal(shop, code, points_requested=1, command=late, **told) == "rotating-code-required"
    assert shop.record(shop.told(code, **told), command=late).status == 201
    digits = f"1{code.value}000{'0' * 12}"
    assert refusal(shop, by_code(digits), command=shop.command()) == "code-forged"


# --- what is kept -----------------------------------------------------------------------------------------------------


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


# --- how many statements ----------------------------------------------------------------------------------------------


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
