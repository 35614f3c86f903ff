"""The app of the member's pages on a fresh database, opened through the one client."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from portal.config import Settings
from portal.factory import create_app
from tests.member.shop import NOW, open_shop
from tests.pages import Pages


@pytest.fixture
def app(sqlite: Engine) -> Iterator[Flask]:
    url = sqlite.url.render_as_string(hide_password=False)
    settings = Settings(_env_file=None, database_url=url, secret_key="k" * 40, shop_name="Foam", demo=True)
    app = create_app(settings)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def pages(app: Flask) -> Pages:
    return Pages(app)


@pytest.fixture
def shop(app: Flask, sqlite: Engine) -> Pages:
    """Give a browser at a shop whose rulebook is in force and whose clock stands at `NOW`."""
    app.extensions["clock"] = lambda: NOW
    open_shop(sqlite)
    return Pages(app)
