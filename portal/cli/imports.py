"""`portal import-members FILE.csv`, `portal import-receipts FILE.csv`: what another system knew (docs/import.md)."""

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click

from portal import clock
from portal.cli import frame
from portal.cli.csv_rows import csv_rows
from portal.db import run
from portal.programme.import_members import MEMBER_COLUMNS, import_members
from portal.programme.import_receipts import ReceiptImport
from portal.programme.import_rows import (
    RECEIPT_COLUMNS,
    ImportedReceipt,
    Row,
    RowGroup,
    WrongRow,
    grouped,
    read_group,
)
from portal.rulebook.explain import LANGUAGES, Language

T = TypeVar("T")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CHUNK = 300
REASON = "reason"
NEEDED_OF_RECEIPTS = ("store", "number", "at", "member", "n", "gross")
NEEDED_OF_MEMBERS = ("member", "name", "joined_at")


@dataclass(slots=True)
class Rejects:
    """FILE.rejected.csv: made with the first bad row, with the reason in a column of its own."""

    path: Path
    columns: Sequence[str]
    count: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)
    _writer: Any = None

    def add(self, rows: Iterable[Row], *, reason: str) -> None:
        if self._writer is None:
            file = self._stack.enter_context(self.path.open("w", newline="", encoding="utf-8"))
            self._writer = csv.writer(file)
            self._writer.writerow([*self.columns, REASON])
        self._writer.writerows([[row.get(name, "") for name in self.columns] + [reason] for row in rows])
        self.count += 1

    def close(self) -> None:
        """Finish the file, or take away the one of an earlier import when nothing was rejected now."""
        self._stack.close()
        if not self.count:
            self.path.unlink(missing_ok=True)


@click.command()
@click.argument("file", type=FILE)
@click.option("--language", type=click.Choice(LANGUAGES), default="ru", help="The language of the kept explanations.")
def import_receipts(file: Path, language: Language) -> None:
    """Record the receipts of FILE; what is recorded already is left as it is, bad ones go to FILE.rejected.csv."""
    engine, story = frame.migrated_engine(), ReceiptImport(language=language, now=clock.now())
    recorded = standing = 0
    with _opened(file, known=RECEIPT_COLUMNS, needed=NEEDED_OF_RECEIPTS) as (rows, rejects, show):
        for groups in _chunks(grouped(rows), CHUNK):
            good = list(_readable(groups, rejects))
            chunk = [receipt for _, receipt in good]
            done = run(engine, lambda session, chunk=chunk: story.record(session, chunk), writes=True)
            for each in done.rejected:
                rejects.add(good[each.place][0].rows, reason=each.reason)
            recorded, standing = recorded + done.recorded, standing + done.standing
            show()
    click.echo(f"{recorded} receipts imported, {standing} stood already" + _rejected(rejects))


@click.command()
@click.argument("file", type=FILE)
def import_members_(file: Path) -> None:
    """Make members of the rows of FILE; who is one already is left as they are."""
    engine, made, known = frame.migrated_engine(), 0, 0
    with _opened(file, known=MEMBER_COLUMNS, needed=NEEDED_OF_MEMBERS) as (rows, rejects, show):
        for chunk in _chunks(rows, CHUNK):
            done = run(
                engine, lambda session, chunk=chunk: import_members(session, chunk, now=clock.now()), writes=True
            )
            for each in done.rejected:
                rejects.add([chunk[each.place]], reason=each.reason)
            made, known = made + done.made, known + done.known
            show()
    click.echo(f"{made} members imported, {known} were members already" + _rejected(rejects))


def _readable(groups: Iterable[RowGroup], rejects: Rejects) -> Iterator[tuple[RowGroup, ImportedReceipt]]:
    for group in groups:
        try:
            yield group, read_group(group)
        except WrongRow as wrong:
            rejects.add(group.rows, reason=str(wrong))


@contextmanager
def _opened(
    file: Path, *, known: Sequence[str], needed: Sequence[str]
) -> Iterator[tuple[Iterator[Row], Rejects, Callable[[], None]]]:
    """Open a file of rows with its rejects and its progress bar."""
    rejects = Rejects(file.with_name(f"{file.name}.rejected.csv"), known)
    with (
        closing(rejects),
        click.progressbar(length=file.stat().st_size, label=file.name, file=sys.stderr) as bar,
        csv_rows(file, known=[*known, REASON], needed=needed) as (rows, place),
    ):
        yield rows, rejects, lambda: bar.update(place() - bar.pos)


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _rejected(rejects: Rejects) -> str:
    return f", {rejects.count} rejected: {rejects.path}" if rejects.count else ""
