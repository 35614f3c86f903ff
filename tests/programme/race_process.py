"""Processes that tell receipts to one database at the same moment; `python -m tests.programme.race_process`.

Each line of its input is a race: a JSON object with the database's URL and a job for each process. It prints a line of
JSON with what each was answered.
"""

import json
import multiprocessing
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from portal.db import make_engine, run, transaction
from portal.errors import Refused
from portal.members.lookup import by_id
from portal.programme.command import Command
from portal.programme.record_receipt import record_receipt
from portal.programme.refund_receipt import refund_receipt
from portal.programme.scene import read_scene
from portal.programme.told import ToldReceipt
from portal.rulebook.receipt import read_receipt
from portal.rulebook.values import read_quantity


def tell(engine: Engine, job: dict[str, Any], barrier: Any, answers: Any) -> None:
    """Connect, wait for the others, tell once, and put the answer on the queue."""
    with engine.connect() as connection:
        connection.execute(text("select 1"))
    barrier.wait()
    try:
        answers.put(run(engine, lambda session: _told(session, job), writes=True))
    except Refused as refusal:
        answers.put([refusal.code, None])


def _told(session: Any, job: dict[str, Any]) -> list[Any]:
    command = _command(job)
    if "refund" in job:
        lines = {int(n): read_quantity(quantity) for n, quantity in job["lines"].items()}
        refund = refund_receipt(session, job["refund"], lines=lines, at=command.now, command=command)
        return ["replayed" if refund.replayed else "done", refund.body.money]
    receipt = record_receipt(session, _receipt(job), command=command)
    return ["replayed" if receipt.replayed else "done", receipt.body.due]


def _command(job: dict[str, Any]) -> Command:
    return Command(client=job["client"], key=job["key"], now=datetime.fromisoformat(job["now"]), vouches=True)


def _receipt(job: dict[str, Any]) -> ToldReceipt:
    return ToldReceipt(receipt=read_receipt(job["receipt"]), member=by_id(job["member"]) if job["member"] else None)


def race(asked: dict[str, Any]) -> list[Any]:
    """Fork one process for each job, from a parent without connections that has compiled the statements already."""
    engine = make_engine(asked["url"])
    first = asked["jobs"][0]
    if "receipt" in first:
        with transaction(engine, writes=False) as session:
            read_scene(session, _receipt(first), _command(first))
    engine.dispose()
    forks = multiprocessing.get_context("fork")
    barrier, answers = forks.Barrier(len(asked["jobs"])), forks.Queue()
    processes = [forks.Process(target=tell, args=(engine, job, barrier, answers)) for job in asked["jobs"]]
    for process in processes:
        process.start()
    told = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    return told


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(race(json.loads(line))), flush=True)
