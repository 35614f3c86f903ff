"""A shop whose points wait two weeks and whose newcomers are welcomed with some."""

import pytest
from sqlalchemy import Engine

from tests.programme.shop import BASE5, Shop, rulebook

PENDING = {"id": "points", "pending_days": 14, "valid": {"type": "days", "n": 180}}
WELCOME = {"points": 300, "valid": {"type": "days", "n": 14}}


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, wallets=[PENDING], welcome=WELCOME))
    return shop
