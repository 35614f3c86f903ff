"""P18: importing receipts of the real year against evaluating the same receipts without storing.

    .venv/bin/python benchmarks/p18_import.py FOLDER [--receipts N]

FOLDER is what `real_year_csv.py` wrote. Both sides read the file; the limit judges every receipt for a member without a
past and forgets it. Firm ≥ 0.10, stretch ≥ 0.25. The second line leaves reading the file out of the limit, so that only
`evaluate` stands against the whole import. One process, SQLite with `synchronous=FULL`.
"""

import argparse
import csv
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

import measure

from portal.db import make_engine, run, transaction
from portal.migrations.steps import migrate
from portal.programme.import_members import import_members
from portal.programme.import_receipts import ReceiptImport
from portal.programme.import_rows import ImportedReceipt, grouped, read_group
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import Rulebook, load_toml
from portal.rulebook.evaluate import evaluate
from portal.rulebook.member_state import MemberState

OPENED = datetime(2016, 1, 1, tzinfo=UTC)
NOW = datetime(2018, 1, 1, tzinfo=UTC)
CHUNK = 300


def main() -> None:
    """Print both ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--receipts", type=int, default=5000)
    arguments = parser.parse_args()
    rulebook = load_toml((Path(__file__).parent / "real_year.toml").read_text(encoding="utf-8"))
    members = list(csv.DictReader((arguments.folder / "members.csv").open(encoding="utf-8")))
    source, most = arguments.folder / "receipts.csv", arguments.receipts
    with tempfile.TemporaryDirectory() as folder:
        shop = open_shop(Path(folder) / "shop.db", rulebook, members)
        importing = partial(import_year, shop, source, most)
        measure.compare("P18 import / read and evaluate", importing, lambda: judged(rulebook, told(source, most)))
        kept = list(told(source, most))
        measure.compare("P18 import / evaluate alone", importing, lambda: judged(rulebook, iter(kept)))


def told(source: Path, most: int) -> Iterator[ImportedReceipt]:
    with source.open(encoding="utf-8", newline="") as file:
        yield from map(read_group, islice(grouped(csv.DictReader(file)), most))


def judged(rulebook: Rulebook, receipts: Iterator[ImportedReceipt]) -> float:
    """Return how many receipts a second are judged."""
    return measure.rate(
        lambda: sum(1 for each in receipts if evaluate(rulebook, MemberState(id=each.member), each.receipt))
    )


def open_shop(database: Path, rulebook: Rulebook, members: list[dict[str, str]]) -> Path:
    """Make the database that every round starts from: the rulebook is in force, the members are known."""
    engine = make_engine(f"sqlite:///{database}")
    migrate(engine)
    with transaction(engine, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=OPENED, now=OPENED)
        import_members(session, members, now=NOW)
    engine.dispose()
    return database


def import_year(shop: Path, source: Path, most: int) -> float:
    """Return how many receipts a second are imported into a copy of the shop."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{shutil.copy(shop, folder)}")
        story, receipts = ReceiptImport(language="en", now=NOW), told(source, most)

        def work() -> int:
            done = 0
            while chunk := list(islice(receipts, CHUNK)):
                done += run(engine, lambda session, chunk=chunk: story.record(session, chunk), writes=True).recorded
            return done

        found = measure.rate(work)
        engine.dispose()
        return found


if __name__ == "__main__":
    main()
