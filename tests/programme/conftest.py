"""The shop of most stories: one rule, five percent."""

import pytest
from sqlalchemy import Engine

from tests.programme.shop import BASE5, Shop, rulebook


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5))
    return shop
