"""A reward's code at the till: scanned, given, good no more."""

import pytest

from portal.ids import new_id
from portal.perks.operations.shelf import put_on_shelf
from portal.perks.shelf import Reward, Taken
from portal.perks.shown_codes import new_shown_code
from portal.programme.redeem_reward import give_reward_back, take_reward
from portal.staff.operations import link_own_card
from tests.member.shop import NOW
from tests.till.shop import Till

MUG = Reward(
    id="mug", title={"en": "Mug"}, about={}, points=200, left=None, opens_at=None, closes_at=None, tiers=(),
    per_member=None, valid_days=14, on_shelf=True,
)  # fmt: skip


@pytest.fixture
def taken(till: Till) -> Taken:
    return take_mug(till)


def take_mug(till: Till) -> Taken:
    """Put mugs on the shelf, of which Ada takes one."""
    till.write(lambda session: put_on_shelf(session, MUG, stock=5))
    return till.write(lambda session: take_reward(session, till.ada, "mug", taken_id=new_id(NOW), now=NOW))


def test_a_scanned_code_leads_to_what_is_to_be_given(till: Till, taken: Taken) -> None:
    page = till.scan(" ".join(taken.code[at : at + 5] for at in range(0, 25, 5)))
    assert (page.status, page.heading) == (200, "Mug")
    assert "For Ada, paid with points." in page.words
    done = till.pages.post(f"/till/rewards/{taken.id}")
    assert "Given to Ada. The code works no more." in done.words
    till.wait(seconds=1)
    assert till.pages.post(f"/till/rewards/{taken.id}").words == done.words
    assert "Gifts and rewards handed out 1" in till.pages.get("/till/shift").words
    again = till.scan(taken.code)
    assert "Nothing is to be given" in again.words
    assert till.broken() == []


def test_a_code_that_was_given_back_gives_nothing(till: Till, taken: Taken) -> None:
    till.write(lambda session: give_reward_back(session, till.ada, taken.id, now=NOW))
    assert "Nothing is to be given" in till.scan(taken.code).words
    assert till.pages.post(f"/till/rewards/{taken.id}").status == 409


def test_codes_cannot_be_tried_out(till: Till, taken: Taken) -> None:
    for _ in range(20):
        page = till.scan(new_shown_code())
        assert (page.status, "This code gives nothing here" in page.words) == (422, True)
    assert till.scan(taken.code).status == 429


def test_the_own_reward_is_handed_out_by_a_colleague(till: Till, taken: Taken) -> None:
    till.write(lambda session: link_own_card(session, till.tim, till.ada, now=NOW))
    till.open()
    assert till.pages.post(f"/till/rewards/{taken.id}").status == 403
    assert "For Ada" in till.scan(taken.code).words
