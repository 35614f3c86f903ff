"""Doing and reading in a shop as a door does, and what it refuses."""

import pytest
from sqlalchemy import text

from portal.db import run, transaction
from portal.errors import Refused
from tests.programme.shop import Shop


def refused(call) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    assert str(refusal.value)
    return refusal.value.code


def doing(shop: Shop, work):
    return run(shop.engine, work, writes=True)


def reading(shop: Shop, work):
    with transaction(shop.engine, writes=False) as session:
        return work(session)


def facts(shop: Shop) -> list[str]:
    with shop.engine.connect() as connection:
        return list(connection.execute(text("select type from event order by seq")).scalars())
