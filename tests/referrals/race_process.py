"""Processes that join by one invitation at the same moment; `python -m tests.referrals.race_process`.

Its input is one JSON object: the database's URL, the code or slug, and the contacts. It prints how the gate decided.
"""

import json
import multiprocessing
import sys
from typing import Any

from sqlalchemy import Engine, text

from portal.db import make_engine, run
from portal.members.contacts import read_contact
from portal.members.operations import Newcomer
from portal.programme.came_by import CameBy
from portal.programme.enrol_member import Joining, enrol_member
from tests.programme.shop import NOW, SECRET


def join(engine: Engine, invite: str, contact: str, barrier: Any, answers: Any) -> None:
    """Connect, wait for the others, join, and put the decision on the queue."""
    with engine.connect() as connection:
        connection.execute(text("select 1"))
    newcomer = Newcomer((read_contact(contact),), "Friend", "en", verified=True)
    joining = Joining(
        granted=["programme"], language="en", source="join", proof=None, at=NOW, came_by=CameBy(code=invite)
    )
    barrier.wait()
    enrolled = run(engine, lambda s: enrol_member(s, newcomer, joining, secret=SECRET, now=NOW), writes=True)
    answers.put(enrolled.invite)


def race(asked: dict[str, Any]) -> list[str]:
    """Fork one process for each contact, from a parent without connections."""
    engine = make_engine(asked["url"])
    forks = multiprocessing.get_context("fork")
    barrier, answers = forks.Barrier(len(asked["contacts"])), forks.Queue()
    processes = [
        forks.Process(target=join, args=(engine, asked["invite"], contact, barrier, answers))
        for contact in asked["contacts"]
    ]
    for process in processes:
        process.start()
    told = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    return told


if __name__ == "__main__":
    print(json.dumps(race(json.load(sys.stdin))))
