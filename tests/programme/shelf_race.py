"""Processes whose members want one reward at once: `python -m tests.programme.shelf_race URL REWARD NOW < members`.

A line of its input is what one process does: members with the ids of what they would take, one after another. It prints
how each was answered.
"""

import json
import multiprocessing
import sys
from datetime import datetime
from typing import Any

from portal.db import make_engine, run
from portal.errors import Refused
from portal.programme.redeem_reward import take_reward


def want(url: str, reward: str, now: datetime, wanted: list[list[str]], barrier: Any, answers: Any) -> None:
    engine = make_engine(url)
    with engine.connect():
        barrier.wait()
    for member_id, taken_id in wanted:
        answers.put(_answer(engine, member_id, reward, taken_id, now))
    engine.dispose()


def _answer(engine: Any, member_id: str, reward: str, taken_id: str, now: datetime) -> str:
    try:
        return run(
            engine, lambda session: take_reward(session, member_id, reward, taken_id=taken_id, now=now), writes=True
        ).state
    except Refused as refusal:
        return refusal.code


if __name__ == "__main__":
    url, reward, now = sys.argv[1:]
    lots = [json.loads(line) for line in sys.stdin]
    forks = multiprocessing.get_context("fork")
    barrier, answers = forks.Barrier(len(lots)), forks.Queue()
    common = (barrier, answers)
    processes = [
        forks.Process(target=want, args=(url, reward, datetime.fromisoformat(now), lot, *common)) for lot in lots
    ]
    for process in processes:
        process.start()
    print(json.dumps([answers.get(timeout=60) for lot in lots for _ in lot]))
    for process in processes:
        process.join()
