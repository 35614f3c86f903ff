"""The till of the tests, before anybody enrolled it, and with Tim on shift."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.till.shop import Till


@pytest.fixture
def device(sqlite: Engine) -> Iterator[Till]:
    """Give a browser that is no till yet."""
    till = Till(sqlite)
    yield till
    till.pages.app.extensions["engine"].dispose()


@pytest.fixture
def till_anywhere(engine: Engine) -> Iterator[Till]:
    """Give a till with Tim on shift, once on each kind of database."""
    till = Till(engine).open()
    yield till
    till.pages.app.extensions["engine"].dispose()


@pytest.fixture
def till(device: Till) -> Till:
    """Give a till with Tim on shift."""
    return device.open()
