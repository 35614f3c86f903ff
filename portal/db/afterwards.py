"""Notes written after the answer, many of them in one transaction (docs/decisions/0024).

The thread that writes them lives only as long as something waits: it begins in whichever process the first note is
made, after a fork too, and a process that is told to end does so when everything is written.
"""

import logging
import threading
import time
from collections.abc import Sequence

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db.batch import Batch
from portal.db.engine import DATABASE_AWAY, run_settling
from portal.db.write import Row, Write

SOON = 0.02
AWAY_SECONDS = 1.0
MOST = 1000
_log = logging.getLogger("portal.db")

Note = tuple[Write, Row]


class Afterwards:
    """The notes of one process that wait for their turn to be written, at most `most`.

    Only what may be lost belongs here. A note's `Write` must be right however late it comes, and after whatever was
    written meanwhile: it changes the row it finds, or leaves it (no `every_row`).
    """

    def __init__(self, engine: Engine, *, most: int = MOST) -> None:
        self._engine = engine
        self._most = most
        self._waiting: list[Note] = []
        self._written_by_now = True
        self._lock = threading.Lock()

    def take(self, write: Write, row: Row) -> bool:
        """Take a note to be written soon; False when too many wait, so that whoever makes it writes it at once."""
        with self._lock:
            if len(self._waiting) >= self._most:
                return False
            self._waiting.append((write, row))
            if self._written_by_now:
                self._written_by_now = False
                threading.Thread(target=self._write_all, name="afterwards", daemon=False).start()
        return True

    def _write_all(self) -> None:
        while group := self._gathered():
            try:
                write_together(self._engine, group)
            except DATABASE_AWAY:
                self._wait_for_the_database(group)
            except Exception:  # noqa: BLE001 - whatever is wrong with these, the next ones are to be written
                _log.exception("notes lost", extra={"lost": len(group)})

    def _gathered(self) -> list[Note]:
        """Return what has come within a moment; nothing ends the thread."""
        time.sleep(SOON)
        with self._lock:
            group = self._waiting.copy()
            self._waiting.clear()
            self._written_by_now = not group
        return group

    def _wait_for_the_database(self, group: list[Note]) -> None:
        """Put notes back until it answers again, unless the process ends."""
        if not threading.main_thread().is_alive():
            _log.warning("notes lost", extra={"lost": len(group)})
            return
        with self._lock:
            self._waiting[:0] = group
        time.sleep(AWAY_SECONDS)


def write_together(engine: Engine, notes: Sequence[Note]) -> None:
    """Write notes in one transaction that does not wait for the disk; of two about one row either may be the one."""
    batch = Batch()
    for write, row in notes:
        batch.add(write, row)

    def work(session: Session) -> None:
        batch.flush(session)

    run_settling(engine, work, forgettable=True)
