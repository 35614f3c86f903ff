"""Tills that press their buttons at the same moment, each a process of its own; `python -m tests.till.race_process`.

Each line of its input is a race: a JSON object with the database's URL, the shop's clock, and for each till its
cookies, an address and the fields of its form. It prints a line of JSON with the status, the address and the words of
each answer.
"""

import json
import multiprocessing
import re
import sys
from datetime import datetime
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import text

from portal.config import Settings
from portal.factory import create_app

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def press(app: Flask, job: dict[str, Any], number: int, barrier: Any, answers: Any) -> None:
    """Connect, wait for the others, post once, and put what was answered on the queue."""
    client = app.test_client()
    for name, value in job["cookies"].items():
        client.set_cookie(name, value)
    with app.extensions["engine"].connect() as connection:
        connection.execute(text("select 1"))
    barrier.wait()
    answer = client.post(job["path"], data=job["fields"], headers=SAME_ORIGIN)
    words = " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())
    answers.put([number, answer.status_code, answer.headers.get("Location"), words])


@cache
def app_on(url: str, secret: str) -> Flask:
    return create_app(Settings(_env_file=None, database_url=url, secret_key=secret, shop_name="Foam"))


def race(asked: dict[str, Any]) -> list[Any]:
    """Fork one process for each till, from a parent without connections; answers come in the order of the jobs."""
    app = app_on(asked["url"], asked["secret"])
    app.extensions["clock"] = lambda: datetime.fromisoformat(asked["now"])
    app.extensions["engine"].dispose()
    forks = multiprocessing.get_context("fork")
    barrier, answers = forks.Barrier(len(asked["jobs"])), forks.Queue()
    tills = [
        forks.Process(target=press, args=(app, job, number, barrier, answers))
        for number, job in enumerate(asked["jobs"])
    ]  # fmt: skip
    for each in tills:
        each.start()
    told = [answers.get(timeout=60) for _ in tills]
    for each in tills:
        each.join()
    return [answer for _number, *answer in sorted(told)]


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(race(json.loads(line))), flush=True)
