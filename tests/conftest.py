"""What every test may ask for: databases (tests/databases.py), browsers (tests/browsers.py) and the application."""

import os

import pytest
from sqlalchemy import Engine

from portal.config import PREFIX, Settings, load_settings
from portal.factory import Portal, create_app

pytest_plugins = ["tests.databases", "tests.browsers"]


def pytest_configure() -> None:
    """Make the tests deaf to the settings of whoever runs them."""
    for name in Settings.model_fields:
        os.environ.pop(PREFIX + name.upper(), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write golden lists anew instead of comparing")


@pytest.fixture
def settings(sqlite: Engine) -> Settings:
    """Give the settings of a local shop on a fresh SQLite database."""
    return local_settings(sqlite)


@pytest.fixture
def app(settings: Settings) -> Portal:
    """Give the application on a fresh SQLite database."""
    return create_app(settings)


def local_settings(engine: Engine, **given: object) -> Settings:
    """Return the settings of a local shop on this database."""
    url = engine.url.render_as_string(hide_password=False)
    return load_settings(_env_file=None, database_url=url, secret_key="s" * 48, **given)
