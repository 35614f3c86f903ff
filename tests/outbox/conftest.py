"""A worker of a fresh shop that knows one kind of job."""

import pytest
from sqlalchemy import Engine

from tests.outbox.shop import Shop


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.kinds["note"] = shop.note("note")
    return shop
