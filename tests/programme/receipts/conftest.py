"""A shop that gives five percent, takes yellow price tags off and takes receipts of the last week."""

import pytest
from sqlalchemy import Engine

from tests.programme.shop import BASE5, YELLOW, Shop, rulebook


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, YELLOW, max_backdate_days=7))
    return shop
