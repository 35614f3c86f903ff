"""P7: `/home`, uncached, against a bare Flask on the same server: `python benchmarks/p07_home.py [sqlite|postgresql]`.

The same server, workers and connections for both; every request is another member's, each with some receipts behind
them. Firm ≥ .25 (SQLite) and ≥ .15 (PostgreSQL), stretch ≥ .40 and ≥ .25.
"""

import sys

import bare
import load
import measure
import postgres
import shop
from flask.sessions import SecureCookieSessionInterface

from portal import clock
from portal.config import Settings
from portal.db import transaction
from portal.factory import create_app
from portal.members.operations.sessions import open_session

REQUESTS = 1500
MEMBERS = 200


def main(kind: str) -> None:
    """Print the ratio on one kind of database."""
    with postgres.one_of(kind) as url:
        ours = shop.open_shop(url, members=MEMBERS, welcome=300)
        with shop.serving(url) as base, bare.serving() as limit:
            told = shop.receipts(ours, count=MEMBERS * 4, series="behind")
            load.fire(base, shop.posts(base, ours, told))
            homes = [load.request(base, "GET", "/home", headers={"Cookie": each}) for each in cookies(ours)]
            hello = [load.request(limit, "GET", "/")] * REQUESTS
            shop.let_jobs_end(ours)
            wanted = (homes * (REQUESTS // len(homes) + 1))[:REQUESTS]
            measure.compare(
                f"P7 /home on {kind} / bare Flask",
                lambda: load.fire(base, wanted).rate,
                lambda: load.fire(limit, hello).rate,
            )


def cookies(ours: shop.Shop) -> list[str]:
    """Sign every member in and return the cookies of their browsers, which have seen their home before."""
    settings = Settings(_env_file=None, database_url=ours.url, secret_key=shop.SECRET)
    signer = SecureCookieSessionInterface().get_signing_serializer(create_app(settings))
    with transaction(ours.engine, writes=True) as session:
        tokens = [open_session(session, member, user_agent="", now=clock.now()).token for member in ours.members]
    return [f"session={signer.dumps({'_user_id': token, '_fresh': True, 'seen': 10**6})}" for token in tokens]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sqlite")
