"""Corrections by hand: small ones at once, large ones by two people, so much a day."""

import pytest
from sqlalchemy import text

from portal.ids import new_id
from portal.programme.adjust_points import Correction, adjust_points
from portal.programme.decide_adjustment import confirm_adjustment, reject_adjustment
from portal.receipts.queries.adjustments import waiting_adjustments
from tests.programme.asking import doing, reading, refused
from tests.programme.shop import BASE5, NOW, Shop, rulebook


def adjust(shop: Shop, member_id: str, points: int, *, operator: str = "staff:mira", comment: str = "sorry"):
    command = shop.command(operator=operator)
    correction = Correction(id=new_id(NOW), member_id=member_id, points=points, reason="goodwill", comment=comment)
    return doing(shop, lambda session: adjust_points(session, correction, command=command))


def test_a_small_correction_is_posted_at_once(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    assert (adjust(shop, ada, 999).state, shop.available(ada)) == ("posted", 999)
    assert adjust(shop, ada, -99).state == "posted"
    assert shop.available(ada) == 900
    assert refused(lambda: adjust(shop, ada, -901)) == "not-enough-points"
    assert refused(lambda: adjust(shop, ada, 0)) == "no-points"
    assert refused(lambda: adjust(shop, ada, 1, comment=" ")) == "comment-needed"
    assert refused(lambda: adjust(shop, new_id(NOW), 1)) == "unknown-member"
    assert shop.broken() == []


def test_a_large_correction_waits_for_a_second_person(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    asked = adjust(shop, ada, 1000)
    assert (asked.state, shop.available(ada)) == ("waiting", 0)
    assert [each.id for each in reading(shop, waiting_adjustments)] == [asked.id]

    def confirm(operator: str, how=confirm_adjustment):
        command = shop.command(operator=operator)
        return doing(shop, lambda session: how(session, asked.id, command=command))

    assert refused(lambda: confirm("staff:mira")) == "second-person-needed"
    assert refused(lambda: confirm("staff:mira", reject_adjustment)) == "second-person-needed"
    done = confirm("staff:tim")
    assert (done.state, done.decided_by, shop.available(ada)) == ("posted", "staff:tim", 1000)
    assert refused(lambda: confirm("staff:tim")) == "already-decided"
    nobodys = shop.command(operator="staff:tim")
    unknown = refused(lambda: doing(shop, lambda session: confirm_adjustment(session, new_id(NOW), command=nobodys)))
    assert unknown == "unknown-adjustment"
    other = adjust(shop, ada, -1000)
    command = shop.command(operator="staff:tim")
    gone = doing(shop, lambda session: reject_adjustment(session, other.id, command=command))
    assert (gone.state, shop.available(ada)) == ("rejected", 1000)
    assert shop.broken() == []


def test_one_person_gives_so_much_a_day(shop: Shop) -> None:
    shop.publish(
        rulebook(BASE5, version=2, adjustments={"four_eyes_from": 1000, "daily_limit": 1500}),
        effective_from=NOW,
        now=NOW,
    )
    ada = shop.join("ada@example.org")
    adjust(shop, ada, 900)
    assert refused(lambda: adjust(shop, ada, 601)) == "daily-limit-reached"
    adjust(shop, ada, 600)
    assert adjust(shop, ada, 900, operator="staff:tim").state == "posted"
    with shop.engine.begin() as connection, pytest.raises(Exception, match="four_eyes"):
        connection.execute(text("update adjustment set decided_by = asked_by"))
