"""A forged code is counted wherever it is shown, although the receipt, quote or hold is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from portal.db import run
from portal.members import operations as members
from portal.members import queries
from portal.members.lookup import Lookup, by_code, by_id
from portal.members.operations.identify import CodeForged
from portal.members.rotating_code import draw_code, window_at
from portal.programme.hold_points import hold_points
from tests.programme.shop import BASE5, NOW, Shop, rulebook

WAYS: dict[str, Callable[[Shop, Lookup], Any]] = {
    "receipt": lambda shop, shown: shop.buy(shown),
    "quote": lambda shop, shown: shop.quote(shop.told(shown)),
    "hold": lambda shop, shown: run(
        shop.engine,
        lambda session: hold_points(session, shown, points=1, ttl_seconds=None, command=shop.command()),
        writes=True,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_forged_code_is_counted(engine: Engine, way: str):
    shop = Shop(engine)
    shop.publish(rulebook(BASE5))
    ada = shop.join("ada@example.com")

    def forged(session) -> str:
        signed_in = members.open_session(session, ada, user_agent="", now=NOW)
        device = queries.find_card_device(session, signed_in.id)
        number = queries.find_person(session, by_id(ada)).card_number
        return draw_code(number, key=device.key[::-1], window=window_at(NOW))

    code = by_code(run(engine, forged, writes=True))
    for _ in range(2):
        with pytest.raises(CodeForged):
            WAYS[way](shop, code)
    person = run(engine, lambda session: queries.find_person(session, by_id(ada)), writes=False)
    assert [device.bad_macs for device in person.devices] == [2]
