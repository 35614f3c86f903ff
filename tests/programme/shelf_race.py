"""Processes that want the same at once: `python -m tests.programme.shelf_race URL WHAT NOW < wishes`.

WHAT is a reward, or the code of a certificate. A line of the input is what one process does, one after another: members
with the ids of what they would take, or receipts to be paid. It prints how each was answered.
"""

import json
import multiprocessing
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import make_engine, run
from portal.errors import Refused
from portal.programme.certificates import pay_by_certificate
from portal.programme.command import Command
from portal.programme.redeem_reward import take_reward


def want(url: str, what: str, now: datetime, wanted: list[list[str]], barrier: Any, answers: Any) -> None:
    engine = make_engine(url)
    with engine.connect():
        barrier.wait()
    for wish in wanted:
        answers.put(_answer(engine, what, wish, now))
    engine.dispose()


def _answer(engine: Engine, what: str, wish: list[str], now: datetime) -> Any:
    try:
        return run(engine, lambda session: _told(session, what, wish, now), writes=True)
    except Refused as refusal:
        return refusal.code


def _told(session: Session, what: str, wish: list[str], now: datetime) -> Any:
    if len(wish) == 1:
        command = Command(client="till", key=wish[0], now=now)
        return pay_by_certificate(session, wish[0], what, command=command).paid
    member_id, taken_id = wish
    return take_reward(session, member_id, what, taken_id=taken_id, now=now).state


if __name__ == "__main__":
    url, what, now = sys.argv[1:]
    lots = [json.loads(line) for line in sys.stdin]
    forks = multiprocessing.get_context("fork")
    barrier, answers = forks.Barrier(len(lots)), forks.Queue()
    common = (barrier, answers)
    processes = [
        forks.Process(target=want, args=(url, what, datetime.fromisoformat(now), lot, *common)) for lot in lots
    ]
    for process in processes:
        process.start()
    print(json.dumps([answers.get(timeout=60) for lot in lots for _ in lot]))
    for process in processes:
        process.join()
