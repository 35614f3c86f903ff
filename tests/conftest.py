"""What every test may ask for: databases (tests/databases.py), browsers (tests/browsers.py) and the application."""

import os
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Engine

from portal.api.pace import Pace
from portal.config import PREFIX, Settings, load_settings
from portal.factory import Portal, create_app
from portal.staff import pins

PIN_COST = pins.COST
"""What a PIN costs outside of tests."""

SECRET = "s" * 48

pytest_plugins = ["tests.databases", "tests.browsers"]


def pytest_configure() -> None:
    """Make the tests deaf to the settings of whoever runs them, and PINs quick to hash: a till's test needs three."""
    for name in Settings.model_fields:
        os.environ.pop(PREFIX + name.upper(), None)
    pins.COST = 2**4


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write golden lists anew instead of comparing")


@pytest.fixture
def settings(sqlite: Engine) -> Settings:
    """Give the settings of a local shop on a fresh SQLite database."""
    return local_settings(sqlite)


@pytest.fixture
def app(sqlite: Engine) -> Portal:
    """Give the application on a fresh SQLite database."""
    return app_on(sqlite)


@pytest.fixture
def own_app(settings: Settings) -> Portal:
    """Give an application that was built for this test alone, to add pages to."""
    return create_app(settings)


def local_settings(engine: Engine, **given: object) -> Settings:
    """Return the settings of a local shop on this database."""
    url = engine.url.render_as_string(hide_password=False)
    return load_settings(_env_file=None, database_url=url, secret_key=SECRET, **given)


def app_on(engine: Engine, **given: Any) -> Portal:
    """Return the application of a local shop on this database as if it were new; it is built once for all tests."""
    settings = local_settings(engine, **given)
    app, extensions = _built(**given)
    app.extensions = {**extensions, "settings": settings, "engine": engine, "api_pace": Pace(settings.api_rate)}
    return app


@cache
def _built(**given: Any) -> tuple[Portal, dict[str, Any]]:
    app = create_app(load_settings(_env_file=None, database_url="sqlite://", secret_key=SECRET, **given))
    return app, dict(app.extensions)
