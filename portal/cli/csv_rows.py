"""The rows of a CSV file that an operator brings; what cannot be read as one ends the command in one line."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from portal.programme.import_rows import TOO_MANY, WrongColumns, check_columns


@contextmanager
def csv_rows(
    file: Path, *, known: Sequence[str], needed: Sequence[str]
) -> Iterator[tuple["csv.DictReader[str]", Callable[[], int]]]:
    """Give the rows of a file with a header, and what tells how many of its bytes were read."""
    with file.open("rb") as raw:
        lines = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        reader = csv.DictReader(_texts(lines), restkey=TOO_MANY, restval="")
        try:
            check_columns(reader.fieldnames, known=known, needed=needed)
            yield reader, raw.tell
        except WrongColumns as wrong:
            raise click.ClickException(f"{file}: wrong columns, {wrong}") from wrong
        except (UnicodeDecodeError, csv.Error) as trouble:
            raise click.ClickException(f"{file} cannot be read on line {reader.line_num + 1}: {trouble}") from trouble


def _texts(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if "\0" in line:  # no text holds it, and no database keeps it
            raise csv.Error("it holds a NUL; save the file as UTF-8")
        yield line
