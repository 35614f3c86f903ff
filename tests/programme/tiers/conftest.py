"""The shop of the stories of tiers: each test publishes its own ladder."""

import pytest
from sqlalchemy import Engine

from tests.programme.shop import Shop


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine)
