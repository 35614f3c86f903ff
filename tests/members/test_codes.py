"""Typed codes: asked within limits, typed once, failures remembered, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.members import operations
from portal.members.contacts import read_contact
from portal.members.operations import (
    CodesPaused,
    PhoneNotServed,
    PhonesPaused,
    TooManyCodes,
)
from portal.members.tables import SignInCode
from portal.members.terms import CODE_TERMS, Rate
from tests.members.cast import ADA, BEN, LAPTOP_OF_BEN, NOW, PHONE_OF_ADA, SECRET, ask, enter, join, wrong

MINUTE = timedelta(minutes=1)


def ask_as(session, contact, *, address="192.0.2.7", now=NOW, terms=CODE_TERMS, **other):
    asking = replace(PHONE_OF_ADA, address=address)
    return operations.ask_code(session, contact, asking=asking, secret=SECRET, now=now, terms=replace(terms, **other))


def strangers(number, *, prefix="+7999"):
    return [read_contact(f"{prefix}{9000000 + n:07d}") for n in range(number)]


def test_the_right_code_is_right_once(session):
    code = ask(session).code
    assert enter(session, code) == "right"
    assert enter(session, code) == "code-over"


def test_a_code_may_be_typed_in_groups(session):
    code = ask(session).code
    assert enter(session, f" {code[:3]}-{code[3:]} ") == "right"


def test_a_code_is_six_random_digits(session):
    codes = {ask_as(session, contact, address=f"10.{n}.0.1").code for n, contact in enumerate(strangers(12))}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 10


def test_a_code_ends_after_ten_minutes(session):
    code = ask(session).code
    assert enter(session, code, now=NOW + 10 * MINUTE) == "code-over"
    assert enter(session, code, now=NOW + 10 * MINUTE - timedelta(microseconds=1)) == "right"


def test_a_code_works_only_in_the_browser_that_asked(session):
    code = ask(session).code
    assert enter(session, code, asking=replace(PHONE_OF_ADA, marker="another browser")) == "code-over"
    assert enter(session, code, asking=replace(PHONE_OF_ADA, address="203.0.113.9")) == "right"


def test_a_code_works_only_for_what_it_was_asked_for(session):
    code = ask(session).code
    assert enter(session, code, asking=replace(PHONE_OF_ADA, purpose="contact")) == "code-over"


def test_a_code_sent_to_a_tagged_address_is_no_code_of_the_plain_one(session):
    code = ask(session, read_contact("ada+x@example.org")).code
    assert enter(session, code, read_contact("ada@example.org")) == "code-not-right"
    assert enter(session, code, read_contact("ada+x@example.org")) == "right"


def test_the_newest_code_is_the_one_that_works(session):
    old = ask(session).code
    new = ask(session, now=NOW + MINUTE).code
    assert enter(session, new, now=NOW + MINUTE) == "right"
    assert enter(session, old, now=NOW + MINUTE) == "code-over"


def test_five_wrong_codes_end_a_code(session):
    code = ask(session).code
    answers = [enter(session, wrong(code)) for _ in range(6)]
    assert answers == ["code-not-right"] * 4 + ["code-over"] * 2
    assert enter(session, code) == "code-over"


def test_what_is_no_code_costs_no_try(session):
    code = ask(session).code
    for typed in ("", "12345", "1234567", "abcdef", "1" * 1000):
        assert enter(session, typed) == "code-not-right"
    assert enter(session, code) == "right"


def test_failures_survive_a_new_code_and_lock_the_contact_for_an_hour(session):
    for n in range(2):
        code = ask(session, now=NOW + n * MINUTE).code
        for _ in range(5):
            enter(session, wrong(code), now=NOW + n * MINUTE)
    code = ask(session, now=NOW + 5 * MINUTE).code
    assert enter(session, code, now=NOW + 5 * MINUTE) == "too-many-tries"
    later = NOW + 71 * MINUTE
    assert enter(session, ask(session, now=later).code, now=later) == "right"


def test_failures_in_another_browser_count_too(session):
    for marker in ("one", "two"):
        asking = replace(PHONE_OF_ADA, marker=marker)
        code = ask(session, asking=asking).code
        for _ in range(5):
            enter(session, wrong(code), asking=asking)
    assert enter(session, ask(session).code) == "too-many-tries"
    assert enter(session, ask(session, BEN, asking=LAPTOP_OF_BEN).code, BEN, asking=LAPTOP_OF_BEN) == "right"


def test_a_known_and_an_unknown_contact_get_the_same(session):
    join(session, ADA)
    known, unknown = ask(session, ADA), ask(session, BEN, asking=LAPTOP_OF_BEN)
    assert (known.expires_at, known.budget_alarm) == (unknown.expires_at, unknown.budget_alarm)
    answers = [enter(session, wrong(known.code), ADA), enter(session, wrong(unknown.code), BEN, asking=LAPTOP_OF_BEN)]
    assert answers == ["code-not-right", "code-not-right"]


def test_three_codes_in_ten_minutes_and_ten_a_day_for_a_contact(session):
    for n in range(3):
        ask_as(session, ADA, address=f"10.{n}.0.1", now=NOW + n * MINUTE)
    with pytest.raises(TooManyCodes) as refusal:
        ask_as(session, ADA, address="10.9.0.1", now=NOW + 3 * MINUTE)
    assert refusal.value.facts == {"minutes": 7, "retry_after": 420}
    for n in range(7):
        ask_as(session, ADA, address=f"10.{n}.1.1", now=NOW + (60 + 10 * n) * MINUTE)
    with pytest.raises(TooManyCodes) as refusal:
        ask_as(session, ADA, address="10.9.1.1", now=NOW + timedelta(hours=12))
    assert refusal.value.facts["retry_after"] == 12 * 3600


def test_tags_do_not_make_a_mailbox_another_contact(session):
    for n in range(3):
        ask_as(session, read_contact(f"ada+{n}@example.org"), address=f"10.{n}.0.1")
    with pytest.raises(TooManyCodes):
        ask_as(session, read_contact("ada@example.org"), address="10.9.0.1")


@pytest.mark.parametrize(("scope", "addresses"), [("address", ["10.0.0.1"]), ("block", ["10.0.0.1", "10.0.0.2"])])
def test_codes_are_counted_for_an_address_and_for_its_network(session, scope, addresses):
    terms = replace(CODE_TERMS, **{scope: Rate(in_ten_minutes=4, in_a_day=50)})
    for n, contact in enumerate(strangers(4)):
        ask_as(session, contact, address=addresses[n % len(addresses)], terms=terms)
    with pytest.raises(TooManyCodes):
        ask_as(session, BEN, address=addresses[0], terms=terms)
    ask_as(session, BEN, address="10.0.1.1", terms=terms)


def test_phones_of_other_countries_get_no_code(session):
    with pytest.raises(PhoneNotServed):
        ask(session, read_contact("+44 20 7946 0958"))
    ask_as(session, read_contact("+49 30 901820"), prefixes=())
    ask(session, read_contact("ada@example.org"))


def test_a_prefix_nobody_answers_is_paused_and_others_are_not(session):
    for n, contact in enumerate(strangers(5)):
        ask_as(session, contact, address=f"10.{n}.0.1", silent_codes=5)
    with pytest.raises(PhonesPaused):
        ask_as(session, strangers(6)[5], address="10.9.0.1", silent_codes=5)
    ask_as(session, ADA, address="10.9.0.1", silent_codes=5)
    next_day = NOW + timedelta(hours=24)
    ask_as(session, strangers(6)[5], address="10.9.0.1", now=next_day, silent_codes=5)


def test_one_answer_keeps_a_prefix_open(session):
    code = ask_as(session, strangers(1)[0], silent_codes=5).code
    assert enter(session, code, strangers(1)[0]) == "right"
    for n, contact in enumerate(strangers(9)[1:]):
        ask_as(session, contact, address=f"10.{n}.0.1", silent_codes=5)


def test_the_budget_of_a_day_warns_once_and_then_holds(session):
    asked = [
        ask_as(session, contact, address=f"10.{n}.0.1", daily_budget=5, budget_alarm=4)
        for n, contact in enumerate(strangers(5))
    ]
    assert [code.budget_alarm for code in asked] == [False, False, False, True, False]
    with pytest.raises(CodesPaused):
        ask_as(session, BEN, address="10.9.0.1", daily_budget=5, budget_alarm=4)
    ask_as(session, BEN, address="10.9.0.1", now=NOW + timedelta(hours=24), daily_budget=5, budget_alarm=4)


def test_the_database_knows_neither_code_nor_contact_nor_address(session):
    code = ask(session)
    row = session.execute(select(SignInCode.__table__)).one()
    told = " ".join(str(value) for value in row)
    for secret in (code.code, ADA.value[1:], PHONE_OF_ADA.address, PHONE_OF_ADA.marker):
        assert secret not in told
    assert code.code not in repr(code)


def test_codes_of_yesterday_are_forgotten(session):
    ask(session)
    ask(session, BEN, asking=LAPTOP_OF_BEN, now=NOW + timedelta(hours=2))
    assert operations.forget_codes(session, now=NOW + timedelta(hours=25)) == 1
    assert operations.forget_codes(session, now=NOW + timedelta(hours=25)) == 0


def test_a_flood_from_many_addresses_ends_at_the_budget_and_spares_others(session):
    terms = replace(CODE_TERMS, daily_budget=60, silent_codes=50)
    sent = 0
    for n, contact in enumerate(strangers(150)):
        try:
            ask_as(session, contact, address=f"10.{n % 40}.{n % 7}.1", terms=terms)
            sent += 1
        except (PhonesPaused, CodesPaused, TooManyCodes):
            pass
    assert sent == 50
    code = ask_as(session, ADA, address="198.51.100.1", terms=terms).code
    assert enter(session, code) == "right"


def test_ten_guesses_an_hour_are_all_however_many_codes_are_asked(session):
    for n in range(60):
        now = NOW + n * MINUTE
        asking = replace(PHONE_OF_ADA, marker=f"browser {n}", address=f"10.{n}.0.1")
        try:
            code = ask(session, asking=asking, now=now).code
        except TooManyCodes:
            continue
        while enter(session, wrong(code), asking=asking, now=now) == "code-not-right":
            pass
    assert session.scalar(select(func.sum(SignInCode.failures))) == 10
