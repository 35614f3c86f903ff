"""A gift is handed out once, at zero price, and put back when that was a mistake."""

import pytest
from sqlalchemy import Engine

from portal.db import run
from portal.programme.hand_out_gift import GiftGone, HandedOut, hand_out_gift, put_gift_back
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook

GIFT = {
    "id": "gift", "priority": 5,
    "effects": [{"type": "gift_item", "wallet": "gift_mask", "lines": {"sku": ["MASK"]}}],
}  # fmt: skip


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, GIFT))
    return shop


def hand_out(shop: Shop, member: str, *, before: int, key: str = "sale", at=NOW) -> HandedOut:
    command = shop.command(now=at, key=key)
    return run(
        shop.engine,
        lambda session: hand_out_gift(session, member, wallet="gift_mask", before=before, command=command),
        writes=True,
    )


def put_back(shop: Shop, member: str, *, before: int, key: str = "sale", at=NOW) -> HandedOut:
    command = shop.command(now=at, key=key)
    return run(
        shop.engine,
        lambda session: put_gift_back(session, member, wallet="gift_mask", before=before, command=command),
        writes=True,
    )


def test_a_gift_is_handed_out_once_however_often_it_is_told(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 2, wallet="gift_mask")
    for _ in range(2):
        hand_out(shop, ada, before=2)
    assert shop.available(ada, wallet="gift_mask") == 1
    hand_out(shop, ada, before=1)
    with pytest.raises(GiftGone):
        hand_out(shop, ada, before=0)
    with pytest.raises(GiftGone):
        hand_out(shop, ada, before=1, key="another sale")
    assert shop.available(ada, wallet="gift_mask") == 0
    assert shop.broken() == []


def test_a_mistake_is_put_back_once(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 1, wallet="gift_mask", days=63)
    hand_out(shop, ada, before=1)
    for _ in range(2):
        put_back(shop, ada, before=1, at=NOW + 5 * DAY)
    assert shop.available(ada, wallet="gift_mask", at=NOW + 5 * DAY) == 1
    with pytest.raises(GiftGone):
        put_back(shop, ada, before=7)
    assert shop.broken() == []


def test_points_are_no_gift(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 2)
    with pytest.raises(GiftGone):
        run(
            shop.engine,
            lambda session: hand_out_gift(session, ada, wallet="points", before=2, command=shop.command()),
            writes=True,
        )


def test_goods_on_the_receipt_close_the_gift_by_themselves(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 1, wallet="gift_mask")
    bought = shop.buy(ada, line(1, 15000, sku="MASK"), line(2, 10000))
    assert (bought.due, shop.available(ada, wallet="gift_mask")) == (10000, 0)
    assert shop.buy(ada, line(1, 15000, sku="MASK")).due == 15000
