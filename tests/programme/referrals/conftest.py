"""A shop whose friends are rewarded at once; its ledger stands after every test."""

import pytest
from sqlalchemy import Engine

from tests.programme.referrals.inviting import AT_ONCE, LEVELS, WELCOME
from tests.programme.shop import BASE5, Shop, rulebook


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, LEVELS, welcome=WELCOME, referral=AT_ONCE))
    return shop


@pytest.fixture(autouse=True)
def _clean(engine: Engine):
    yield
    assert Shop(engine).broken() == []
