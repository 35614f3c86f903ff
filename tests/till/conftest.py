"""The till of the tests, before anybody enrolled it, and with Tim on shift."""

import pytest
from sqlalchemy import Engine

from tests.till.shop import Till


@pytest.fixture
def device(sqlite: Engine) -> Till:
    """Give a browser that is no till yet."""
    return Till(sqlite)


@pytest.fixture
def till_anywhere(engine: Engine) -> Till:
    """Give a till with Tim on shift, once on each kind of database."""
    return Till(engine).open()


@pytest.fixture
def till(device: Till) -> Till:
    """Give a till with Tim on shift."""
    return device.open()
