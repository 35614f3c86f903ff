"""Twenty at once: whatever must happen once happens once, on both databases (security.md §1.2)."""

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from portal.members import operations, queries
from portal.members.contacts import read_contact
from portal.members.lookup import by_code
from portal.members.operations import ContactTaken, Newcomer, TooManyCodes
from portal.members.rotating_code import draw_code, window_at
from tests.crowd import TWENTY, at_once, first
from tests.members.cast import ADA, BEN, NOW, PHONE_OF_ADA, SECRET, ask, enter, join, person, wrong


def test_one_code_signs_in_once(engine):
    code = first(engine, ask).code
    answers = at_once(engine, lambda session, _: enter(session, code))
    assert Counter(answers) == {"right": 1, "code-over": TWENTY - 1}


def test_guesses_at_once_are_all_counted(engine):
    code = first(engine, ask).code
    answers = at_once(engine, lambda session, _: enter(session, wrong(code)))
    assert Counter(answers) == {"code-not-right": 4, "code-over": TWENTY - 4}


def test_a_contact_gets_three_codes_however_fast_they_are_asked(engine):
    def try_to_ask(session: Session, number: int) -> bool:
        try:
            ask(session, asking=replace(PHONE_OF_ADA, address=f"10.{number}.0.1"))
        except TooManyCodes:
            return False
        return True

    assert sum(at_once(engine, try_to_ask)) == 3


def test_one_contact_joins_once_and_is_welcomed_once(engine):
    newcomer = Newcomer(contacts=(ADA,), name="Ada", language="en", verified=True)
    enrolled = at_once(
        engine,
        lambda session, _: operations.find_or_enrol(session, newcomer, secret=SECRET, joined_at=NOW, now=NOW),
    )
    assert len({one.member_id for one in enrolled}) == 1
    assert (sum(one.created for one in enrolled), sum(one.first_time for one in enrolled)) == (1, 1)


def test_twenty_tags_of_one_mailbox_are_welcomed_once(engine):
    def enrol(session: Session, number: int) -> bool:
        contacts = (read_contact(f"ada+{number}@example.org"),)
        newcomer = Newcomer(contacts=contacts, name="Ada", language="en", verified=True)
        return operations.find_or_enrol(session, newcomer, secret=SECRET, joined_at=NOW, now=NOW).first_time

    assert sum(at_once(engine, enrol)) == 1


def test_one_contact_goes_to_one_member(engine):
    members = [first(engine, lambda s, n=n: join(s, read_contact(f"m{n}@example.org"))) for n in range(TWENTY)]

    def take(session: Session, number: int) -> bool:
        try:
            operations.change_contact(
                session, members[number], BEN, verified=True, keep_session=None, secret=SECRET, now=NOW
            )
        except ContactTaken:
            return False
        return True

    assert sum(at_once(engine, take)) == 1


def test_one_rotating_code_may_spend_at_one_till(engine):
    def prepare(session: Session) -> str:
        ada = join(session, ADA)
        signed_in = operations.open_session(session, ada, user_agent="", now=NOW)
        device = queries.find_card_device(session, signed_in.id)
        return draw_code(person(session, ada).card_number or "", key=device.key, window=window_at(NOW))

    lookup = by_code(first(engine, prepare))

    def see(session: Session, number: int) -> str:
        ada = queries.find_person(session, lookup)
        return operations.see_code(session, lookup, ada, shown_to=f"T{number}", shown_under="", now=NOW).proof

    proofs = at_once(engine, see)
    assert Counter(proofs) == {"fresh": 1, "used": TWENTY - 1}


def test_twenty_pages_of_the_card_share_one_key(engine):
    def prepare(session: Session) -> tuple[str, str]:
        ada = join(session, ADA)
        signed_in = operations.open_session(session, ada, user_agent="", now=NOW)
        for _ in range(10):
            operations.count_bad_mac(session, ada)
        return ada, signed_in.id

    ada, session_id = first(engine, prepare)
    keys = at_once(engine, lambda session, _: operations.enrol_device(session, ada, session_id=session_id, now=NOW))
    assert len({device.id for device in keys}) == 1


@pytest.mark.parametrize("purposes", [("sign-in",), ("sign-in", "step-up")])
def test_codes_of_many_purposes_never_deadlock(engine, purposes):
    def use(session: Session, number: int) -> None:
        contact = read_contact(f"m{number % 5}@example.org")
        asking = replace(PHONE_OF_ADA, address=f"10.0.{number % 3}.1", purpose=purposes[number % len(purposes)])
        try:
            code = ask(session, contact, asking=asking).code
        except TooManyCodes:
            return
        enter(session, code, contact, asking=asking)

    at_once(engine, use)
