"""The app of the member's pages on a fresh database, opened through the one client."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.conftest import app_on
from tests.member.shop import NOW, open_shop
from tests.pages import Pages


@pytest.fixture
def app(sqlite: Engine) -> Flask:
    return app_on(sqlite, shop_name="Foam", demo=True)


@pytest.fixture
def pages(app: Flask) -> Pages:
    return Pages(app)


@pytest.fixture
def shop(app: Flask, sqlite: Engine) -> Pages:
    """Give a browser at a shop whose rulebook is in force and whose clock stands at `NOW`."""
    app.extensions["clock"] = lambda: NOW
    open_shop(sqlite)
    return Pages(app)
