"""The app of the member's pages on a fresh database, opened through the one client."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from portal.config import Settings
from portal.factory import create_app
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
