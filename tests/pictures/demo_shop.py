"""The demo shop served for a while, to be looked at."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from portal import clock, demo
from portal.config import load_settings
from portal.db import make_engine, run
from portal.demo import DemoLinks
from portal.factory import create_app
from portal.migrations import steps
from tests.serving import served


@dataclass(frozen=True, slots=True)
class ShownShop:
    """Where the shop is served, and the ways into it."""

    address: str
    links: DemoLinks

    def way_in(self, name: str) -> str:
        """Return the address that signs a member of the cast in, once."""
        return f"{self.address}/demo/{self.links.tokens[name]}"


@contextmanager
def demo_shop() -> Iterator[ShownShop]:
    """Serve the demo shop on loopback."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with TemporaryDirectory() as folder:
        settings = load_settings(database_url=f"sqlite:///{Path(folder, 'portal.db')}", demo=True)
        engine = make_engine(settings.database_url)
        steps.migrate(engine)
        now = clock.now()
        run(
            engine,
            lambda session: demo.fill(session, scale=demo.WHOLE, secret=settings.secret_key, now=now),
            writes=True,
        )
        links = run(engine, lambda session: demo.new_links(session, now=now), writes=True)
        with served(create_app(settings)) as address:
            yield ShownShop(address, links)
        engine.dispose()
