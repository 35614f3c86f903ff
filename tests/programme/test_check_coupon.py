"""A typed code is good, or it is not: the answer never says why, and only so many are looked at."""

import secrets

import pytest
from sqlalchemy import Engine

from portal.db import Batch, run, transaction
from portal.errors import Refused
from portal.perks.operations import TooManyGuesses, issue_coupon
from portal.perks.queries.guesses import MOST_GUESSES
from portal.programme.check_coupon import CouponNotGood, check_coupon, spellings
from portal.programme.command import Command
from tests.programme.shop import DAY, NOW, OPENED, Shop, rulebook
from tests.programme.test_coupons import SPRING, TAKE

OURS = "ABCDEFGH01234567"


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(TAKE, SPRING))
    return shop


def issue(shop: Shop, code: str, **about) -> None:
    with transaction(shop.engine, writes=True) as session:
        batch = Batch()
        issue_coupon(batch, **{"template": "back10", "code": code, "at": OPENED, "until": None, **about})
        batch.flush(session)


def check(shop: Shop, typed: str, *, member: str, client: str = "till:1", at=NOW) -> str:
    command = Command(client=client, key="", now=at)
    return run(
        shop.engine, lambda session: check_coupon(session, typed, member_id=member, command=command), writes=True
    )


def told(shop: Shop, typed: str, *, member: str) -> tuple[str, int, str]:
    with pytest.raises(Refused) as refusal:
        check(shop, typed, member=member)
    return refusal.value.code, refusal.value.status, str(refusal.value)


def test_a_good_code_is_read_in_any_spelling(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    issue(shop, OURS, member_id=ada)
    issue(shop, "FLYER")
    for typed in ("abcd efgh oi23 4567", "ABCD-EFGH-0123-4567", OURS):
        assert check(shop, typed, member=ada) == OURS
    assert check(shop, " flyer", member=ada) == "FLYER"
    assert check(shop, "spring", member=ada) == "SPRING"


def test_every_wrong_code_is_answered_the_same(shop: Shop) -> None:
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    issue(shop, "BENS-OWN", member_id=ben)
    issue(shop, "OVER", until=NOW - DAY)
    issue(shop, "USED")
    with transaction(shop.engine, writes=True) as session:
        session.connection().exec_driver_sql("update coupon set uses_left = 0 where code = 'USED'")
    answers = {told(shop, typed, member=ada) for typed in ("BENS-OWN", "OVER", "USED", "NEVER", "", "\x00", "й" * 300)}
    assert len(answers) == 1
    assert answers.pop()[0] == CouponNotGood.code


def test_codes_cannot_be_tried_out(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    issue(shop, OURS, member_id=ada)
    for number in range(MOST_GUESSES):
        with pytest.raises(CouponNotGood):
            check(shop, secrets.token_hex(8), member=ada, client=f"till:{number}")
    with pytest.raises(TooManyGuesses):
        check(shop, OURS, member=ada, client="till:99")
    assert check(shop, OURS, member=ada, client="till:99", at=NOW + DAY) == OURS


def test_one_till_cannot_try_codes_out_on_many_members(shop: Shop) -> None:
    members = [shop.join(f"member{n}@example.org") for n in range(3)]
    for number in range(MOST_GUESSES):
        with pytest.raises(CouponNotGood):
            check(shop, f"WRONG{number}", member=members[number % 3])
    with pytest.raises(TooManyGuesses):
        check(shop, "SPRING", member=members[0])


def test_a_spelling_is_short_and_told_once() -> None:
    assert spellings("SPRING") == ("SPRING", "SPR1NG")
    assert spellings("  ") == ()
    assert all(len(each) <= 80 for each in spellings("x" * 500))
