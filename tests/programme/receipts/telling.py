"""What a receipt is refused with, and how much was stored."""

import pytest
from sqlalchemy import text

from portal.errors import Refused
from tests.programme.shop import Shop


def refusal(shop: Shop, *args, command=None, **about) -> str:
    with pytest.raises(Refused) as refused:
        shop.record(shop.told(*args, **about), command=command or shop.command())
    assert str(refused.value)  # every slot of the text is filled
    return refused.value.code


def rows(shop: Shop, table: str) -> int:
    with shop.engine.connect() as connection:
        return connection.execute(text(f"select count(*) from {table}")).scalar_one()
