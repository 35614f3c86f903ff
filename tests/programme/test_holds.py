"""Points are set aside, and pay for a receipt, come back or time out."""

from datetime import timedelta
from fractions import Fraction

from sqlalchemy import text

from portal.ids import new_id
from portal.members.lookup import by_code, by_id
from portal.programme.hold_points import capture_hold, hold_points, void_hold
from tests.programme.asking import doing, refused
from tests.programme.shop import NOW, Shop, line


def test_a_hold_pays_for_a_receipt_and_the_rest_goes_back(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 200)
    hold = doing(
        shop,
        lambda session: hold_points(session, by_id(ada), points=150, ttl_seconds=None, command=shop.command()),
    )
    assert (hold.state, hold.balance.available, hold.balance.held) == ("active", 50, 150)
    assert hold.expires_at == NOW + timedelta(minutes=15)
    till = shop.command(vouches=False)
    bought = shop.record(shop.told(ada, line(1, 12000), hold=hold.id), command=till).body
    assert (bought.points_spent, bought.due) == (120, 0)
    assert shop.available(ada) == 80
    told = shop.told(ada, hold=hold.id)
    assert refused(lambda: shop.record(told)) in {"unknown-hold", "hold-ended"}
    shop.refund(bought.receipt_id, {1: Fraction(1)})
    assert shop.available(ada) == 200
    assert shop.broken() == []


def test_a_receipt_that_takes_nothing_of_its_hold_gives_it_back(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 200)
    hold = doing(
        shop,
        lambda session: hold_points(session, by_id(ada), points=150, ttl_seconds=60, command=shop.command()),
    )
    assert shop.buy(ada, line(1, 50), hold=hold.id).points_spent == 0
    assert shop.available(ada) == 200


def test_holds_are_captured_voided_and_time_out(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)

    def hold(points: int):
        return doing(
            shop,
            lambda session: hold_points(session, by_id(ada), points=points, ttl_seconds=60, command=shop.command()),
        )

    assert refused(lambda: hold(101)) == "not-enough-points"
    first, second = hold(40), hold(60)
    assert refused(lambda: hold(1)) == "not-enough-points"
    command = shop.command()
    taken = doing(shop, lambda session: capture_hold(session, first.id, points=30, command=command))
    assert (taken.state, taken.captured, taken.balance.available, taken.balance.held) == ("captured", 30, 10, 60)
    given = doing(shop, lambda session: void_hold(session, second.id, command=command))
    assert (given.state, given.balance.available) == ("voided", 70)
    assert refused(lambda: doing(shop, lambda session: void_hold(session, second.id, command=command))) == "hold-ended"
    missing = new_id(NOW)
    assert refused(lambda: doing(shop, lambda session: void_hold(session, missing, command=command))) == "unknown-hold"
    hold(70)
    assert shop.available(ada, at=NOW + timedelta(seconds=59)) == 0
    assert shop.available(ada, at=NOW + timedelta(seconds=60)) == 70
    assert shop.broken() == []


def test_a_printed_number_holds_nothing(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    with shop.engine.connect() as connection:
        number = connection.execute(text("select card_number from member")).scalar_one()
    till = shop.command(vouches=False)

    def hold():
        return doing(
            shop, lambda session: hold_points(session, by_code(number), points=1, ttl_seconds=60, command=till)
        )

    assert refused(hold) == "rotating-code-required"
