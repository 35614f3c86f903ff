"""What the stories of the programme have for members to know, told by one job each; on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from portal.db import transaction
from portal.members import operations as members
from portal.members.contacts import read_contact
from portal.members.lookup import by_id
from portal.members.operations.profile import Correction
from portal.programme.close_day import close_day
from portal.programme.correct_member import MemberCorrection, correct_member
from portal.programme.enrol_member import Joining, enrol_member
from portal.programme.give_perks import give_coupon, give_gift
from portal.programme.hold_points import hold_points
from tests.notifications.phones import subscribe
from tests.notifications.post import SECRET, fates, inbox, jobs, join, letters, tell, work_off
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook

OPENS = {
    "id": "opens",
    "effects": [{"type": "unlock", "privilege": "comeback", "valid_days": 30, "uses": 1}],
}
BACK10 = {
    "id": "back10", "when": {"type": "coupon", "template": "back10"},
    "effects": [{"type": "discount_percent", "rate_bp": 1000}],
}  # fmt: skip
BY_HAND = {
    "wallets": [{"id": "gift_mask", "kind": "gift", "title": "Mask"}, {"id": "gift_tea", "kind": "gift"}],
    "coupons": [{"id": "spring", "title": "Spring"}, {"id": "back10", "title": "10 % off"}],
}


def test_a_purchase_adds_one_job_and_one_message(shop: Shop):
    ada = join(shop.engine, now=NOW)
    shop.buy(ada, line(gross=240000))
    assert jobs(shop.engine) == 1
    work_off(shop.engine, now=NOW)
    (message,) = inbox(shop.engine, ada)
    assert (message.kind.name, dict(message.facts)) == (
        "purchase",
        {"points": 120, "from_day": "2026-03-18", "entry": 1},
    )


def test_a_purchase_that_brought_nothing_and_a_guests_tell_nobody(shop: Shop):
    ada = join(shop.engine, now=NOW)
    shop.buy(ada, line(gross=100))
    shop.buy(None, line())
    assert jobs(shop.engine) == 0


def test_the_same_receipt_told_twice_is_one_message(shop: Shop):
    ada = join(shop.engine, now=NOW)
    told = shop.told(ada, line())
    shop.record(told)
    shop.record(told)
    work_off(shop.engine, now=NOW)
    assert len(inbox(shop.engine, ada)) == 1


def test_points_paid_are_told_with_what_is_left(shop: Shop):
    ada = join(shop.engine, now=NOW)
    shop.give(ada, 500)
    shop.buy(ada, line(gross=30000), points_requested=200)
    work_off(shop.engine, now=NOW)
    (message,) = inbox(shop.engine, ada)
    assert (message.kind.name, message.facts["points"], message.facts["earned"], message.facts["left"]) == (
        "redemption",
        200,
        5,
        300,
    )


def test_what_a_receipt_opens_is_news_beside_its_points(engine: Engine):
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, OPENS, privileges=[{"id": "comeback", "title": {"ru": "−5 %", "en": "5% off"}}]))
    ada = join(engine, now=NOW, consents=("marketing:email",))
    shop.buy(ada, line())
    assert jobs(engine) == 1
    work_off(engine, now=NOW)
    assert {kind for kind, _, _ in fates(engine, ada)} == {"purchase", "privilege_opened"}
    assert letters(engine) == ["Открыто: −5 %"]


@pytest.mark.parametrize(
    ("wallet", "title", "told"),
    [
        ("gift_mask", "", "Вам подарок: Mask"),
        ("gift_mask", {"ru": "К юбилею"}, "Вам подарок: К юбилею"),
        ("gift_tea", "", "Вам подарок: gift_tea"),
        ("points", "", "Вам подарок: 50 баллов"),
    ],
)
def test_a_gift_by_hand_is_told_by_what_it_is(engine: Engine, wallet: str, title: Any, told: str):
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, **BY_HAND))
    ada = join(engine, now=NOW, consents=("marketing:email",))
    with transaction(engine, writes=True) as session:
        give_gift(session, ada, wallet=wallet, units=50, valid_days=7, title=title, command=shop.command())
    work_off(engine, now=NOW)
    assert letters(engine) == [told]
    assert inbox(engine, ada)[0].facts["last_day"] == "2026-03-11"


@pytest.mark.parametrize(("days", "last_day"), [(7, "2026-03-11"), (None, None)])
def test_a_coupon_by_hand_is_told_by_its_name(engine: Engine, days: int | None, last_day: str | None):
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, BACK10, **BY_HAND))
    ada = join(engine, now=NOW, consents=("marketing:email",))
    about = {"template": "back10", "code": None, "uses": 1, "valid_days": days, "command": shop.command()}
    with transaction(engine, writes=True) as session:
        give_coupon(session, member_id=ada, **about)
        give_coupon(session, member_id=None, **about)
    work_off(engine, now=NOW)
    assert letters(engine) == ["Вам подарок: 10 % off"]
    assert inbox(engine, ada)[0].facts["last_day"] == last_day


def test_joining_is_greeted_with_the_points_and_their_last_day(shop: Shop):
    newcomer = members.Newcomer((read_contact("ben@example.com"),), "Ben", "ru", verified=True)
    joining = Joining(granted=["programme"], language="ru", source="join", proof=None, at=NOW)
    with transaction(shop.engine, writes=True) as session:
        ben = enrol_member(session, newcomer, joining, secret=SECRET, now=NOW).member_id
        enrol_member(session, newcomer, joining, secret=SECRET, now=NOW)  # is a member already
    work_off(shop.engine, now=NOW)
    (message,) = inbox(shop.engine, ben)
    assert (message.kind.name, dict(message.facts)) == ("welcome", {"points": 300, "last_day": "2026-03-18"})
    assert letters(shop.engine) == ["300 баллов за вступление"]


def test_points_released_at_midnight_are_told_after_the_quiet_hours(shop: Shop):
    ada = join(shop.engine, now=NOW)
    shop.buy(ada, line(gross=240000))
    work_off(shop.engine, now=NOW)
    midnight = datetime(2026, 3, 17, 21, 0, tzinfo=UTC)
    with transaction(shop.engine, writes=True) as session:
        close_day(session, now=midnight + timedelta(minutes=5))
    subscribe(shop.engine, ada, now=midnight)
    work_off(shop.engine, now=midnight + timedelta(minutes=5))
    assert fates(shop.engine, ada)[-1] == ("points_released", "waiting", None)
    work_off(shop.engine, now=midnight + timedelta(hours=9))
    assert fates(shop.engine, ada)[-1] == ("points_released", "sent", None)
    assert inbox(shop.engine, ada)[0].channels == ("push",)


@pytest.mark.parametrize("story", ["buy", "hold"])
def test_points_released_by_another_story_are_told_all_the_same(shop: Shop, story: str):
    """Whoever touches the book after midnight and before the day is closed releases what is due."""
    ada = join(shop.engine, now=NOW)
    shop.buy(ada, line(gross=240000))
    later = NOW + 14 * DAY
    if story == "buy":
        shop.buy(ada, line(gross=100), at=later)
    else:
        with transaction(shop.engine, writes=True) as session:
            hold_points(session, by_id(ada), points=10, ttl_seconds=None, command=shop.command(now=later))
    with transaction(shop.engine, writes=True) as session:
        assert close_day(session, now=later) == 0
    work_off(shop.engine, now=later)
    assert sorted(kind for kind, _, _ in fates(shop.engine, ada)) == ["points_released", "purchase"]


def test_a_changed_contact_is_told_to_the_old_one_and_in_the_inbox(shop: Shop):
    ada = join(shop.engine, now=NOW)
    change = MemberCorrection(profile=Correction(), contacts=(read_contact("other@example.com"),))
    with transaction(shop.engine, writes=True) as session:
        correct_member(session, ada, change, secret=SECRET, command=shop.command())
    work_off(shop.engine, now=NOW)
    assert fates(shop.engine, ada) == [("contact_changed", "kept", None)]  # the new address is not confirmed
    assert len(letters(shop.engine)) == 1  # to the old one


def test_the_log_of_all_this_names_nobody(shop: Shop, caplog: pytest.LogCaptureFixture):
    ada = join(shop.engine, now=NOW, contact="canary@example.com")
    with caplog.at_level("DEBUG", logger="portal"):
        tell(shop.engine, ada, "points_expiring", now=NOW)
        work_off(shop.engine, now=NOW)
    assert letters(shop.engine)
    assert "canary" not in caplog.text
