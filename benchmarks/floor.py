"""The floor under P2 and P8 on PostgreSQL: `python benchmarks/floor.py`.

A bare Flask on the portal's server sends the statements of a purchase, or of a scan, and answers what it was told
before: no rule, no door, no log, no worker. With these statements the portal cannot come nearer to its limits.
"""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import bare
import load
import measure
import postgres
import shop
from p08_scan import codes, phones
from sqlalchemy import make_url

from portal.config import Settings
from portal.db.prepared import Answer, Prepared
from portal.factory import create_app

PURCHASES = 2000
SCANS = 600
ROUNDS = 5
FLOOR = """
import pickle, threading
import psycopg
from flask import Flask, Response
from portal.db.prepared import Prepared

steps, answer, urls = pickle.load(open("beside", "rb"))
app, mine = Flask("floor"), threading.local()

@app.get("/")
def hello():
    return "hello"

@app.get("/<int:database>/<int:number>")
def told(database, number):
    if getattr(mine, "database", None) != database:
        mine.database, mine.driver = database, psycopg.connect(urls[database], autocommit=True)
        mine.prepared = Prepared(mine.driver)
    for statement, values in steps[number]:
        mine.prepared.execute(statement, values).fetchone()
    return Response(answer, mimetype="application/json")
"""

Steps = list[tuple[str, Sequence[Any]]]


def main() -> None:
    """Print both floors."""
    with postgres.server() as url:
        postgres.prepare_pgbench(limit := postgres.database(url, "limit"))
        ours = shop.open_shop(postgres.database(url, "ours"), members=PURCHASES, welcome=300)
        with shop.serving(ours.url):
            shop.let_jobs_end(ours)
        scanned = phones(ours)[:SCANS]
        ours.engine.dispose()
        _purchases(url, ours, limit)
        _scans(ours, scanned)


def _purchases(url: str, ours: shop.Shop, limit: str) -> None:
    """Print the floor of P2; each round writes into a database as it was before the first of these purchases."""
    bodies = shop.receipts(ours, count=PURCHASES, series="floor")
    steps, answer = _told(ours, postgres.database(url, "told", like="ours"), "/api/v1/receipts", bodies)
    copies = [postgres.database(url, f"copy{number}", like="ours") for number in range(ROUNDS + 1)]
    with _serving(steps, answer, copies) as purchases:
        numbers = count()
        measure.compare(
            "P2's statements alone / pgbench",
            lambda: purchases(next(numbers)),
            lambda: postgres.pgbench_rate(limit),
            rounds=ROUNDS,
        )


def _scans(ours: shop.Shop, scanned: list[tuple[str, bytes]]) -> None:
    """Print the floor of P8; the note that a code was seen, which is written after the answer, is left out."""
    bodies = [{"code": code} for code in codes(scanned)]
    steps, answer = _told(ours, ours.url, "/api/v1/members/identify", bodies)
    with _serving([each[:1] for each in steps] * 3, answer, [ours.url]) as scans, bare.serving() as limit:
        hello = [load.request(limit, "GET", "/")] * SCANS * 3
        measure.compare(
            "P8's statement alone / bare Flask", lambda: scans(0), lambda: load.fire(limit, hello).rate, rounds=ROUNDS
        )


def _told(ours: shop.Shop, url: str, path: str, bodies: Sequence[dict[str, Any]]) -> tuple[list[Steps], bytes]:
    """Let the portal itself answer each body; return the statements that it sent for each, and the last answer."""
    app = create_app(Settings(_env_file=None, database_url=url, secret_key=shop.SECRET, api_rate=0))
    client, steps, answer = app.test_client(), [], b""
    for number, body in enumerate(bodies):
        headers = {"Authorization": f"Bearer {ours.key}", "Idempotency-Key": f"floor-{number}"}
        with _watched() as sent:
            told = client.post(path, json=body, headers=headers)
        if told.status_code not in {200, 201}:
            raise RuntimeError(told.text)
        steps.append(sent)
        answer = told.data
    app.extensions["engine"].dispose()
    return steps, answer


@contextmanager
def _watched() -> Iterator[Steps]:
    sent: Steps = []
    execute = Prepared.execute

    def watch(self: Prepared, statement: str, values: Sequence[Any]) -> Answer:
        sent.append((statement, list(values)))
        return execute(self, statement, values)

    Prepared.execute = watch
    try:
        yield sent
    finally:
        Prepared.execute = execute


@contextmanager
def _serving(steps: list[Steps], answer: bytes, urls: Sequence[str]) -> Iterator[Callable[[int], float]]:
    """Serve the statements; give what sends all of them to one of the databases and returns answers per second."""
    plain = [make_url(url).set(drivername="postgresql").render_as_string(hide_password=False) for url in urls]
    with bare.serving(FLOOR, beside=pickle.dumps((steps, answer, plain))) as base:

        def ask(database: int) -> float:
            return load.fire(base, [load.request(base, "GET", f"/{database}/{n}") for n in range(len(steps))]).rate

        yield ask


if __name__ == "__main__":
    main()
