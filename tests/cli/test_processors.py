"""Which processor a web process keeps to: seats are locks, so the processes here are real."""

import multiprocessing
import os
from pathlib import Path

import pytest

from portal.cli.processors import Seats

ALL = os.sched_getaffinity(0)
fork = multiprocessing.get_context("fork")


def settled(folder: Path, *, count: int) -> set[int]:
    """Take a seat in a process of its own, which ends; return where it could run."""
    told = fork.SimpleQueue()

    def settle() -> None:
        Seats(folder, count=count).take_one()
        told.put(os.sched_getaffinity(0))

    process = fork.Process(target=settle)
    process.start()
    process.join()
    return told.get()


def test_a_seat_is_free_again_when_its_process_has_ended(tmp_path: Path) -> None:
    assert settled(tmp_path, count=1) == settled(tmp_path, count=1) == {min(ALL)}


def test_more_processes_than_processors_go_wherever_they_are_sent(tmp_path: Path) -> None:
    assert settled(tmp_path, count=len(ALL) + 1) == ALL


@pytest.mark.skipif(len(ALL) < 2, reason="one processor")
def test_a_taken_seat_is_left_to_who_has_it(tmp_path: Path) -> None:
    seats = Seats(tmp_path, count=2)
    assert seats._is_free(min(ALL))
    assert settled(tmp_path, count=2) == {sorted(ALL)[1]}


def test_where_it_is_forbidden_a_process_goes_wherever_it_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(_process: int, _processors: set[int]) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", forbid)
    assert settled(tmp_path, count=1) == ALL
