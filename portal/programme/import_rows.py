"""The import's files as values: what a row means, and why it cannot be taken (docs/import.md)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from portal.rulebook.receipt import Receipt, read_receipt

RECEIPT_COLUMNS = (
    "store", "number", "till", "channel", "at", "member", "n", "sku", "title", "category", "brand", "tags", "qty",
    "gross", "points",
)  # fmt: skip
TOO_MANY = "too many"
"""Where a reader puts the values of a row that have no column."""
_MOST_FIGURES = 20
_OF_THE_RECEIPT = ("till", "channel", "at", "member", "points")
Row = Mapping[str, str]


class WrongRow(Exception):  # noqa: N818 - a reason for the rejects file, not an error
    """Say why a row cannot be imported."""


class WrongColumns(Exception):  # noqa: N818 - said once for the whole file
    """Say which columns a file lacks or has too many of."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The adjacent rows of one receipt."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ImportedReceipt:
    """A receipt of the file; `member` is the shop's reference, a card number, a phone or an address, "" for a guest."""

    receipt: Receipt
    member: str


def check_columns(given: Sequence[str] | None, *, known: Sequence[str], needed: Sequence[str]) -> None:
    """Raise `WrongColumns` for a header with a missing or unknown column."""
    missing = [name for name in needed if name not in (given or ())]
    unknown = [name for name in given or () if name not in known]
    if missing or unknown:
        parts = [
            f"missing: {', '.join(missing)}" if missing else "",
            f"unknown: {', '.join(unknown)}" if unknown else "",
        ]
        raise WrongColumns("; ".join(part for part in parts if part))


def grouped(rows: Iterable[Row]) -> Iterator[RowGroup]:
    """Join the rows of one receipt, which stand together."""
    group: list[Row] = []
    key: tuple[str, str] | None = None
    for row in rows:
        here = (row["store"], row["number"])
        if group and here != key:
            yield RowGroup(tuple(group))
            group = []
        group.append(row)
        key = here
    if group:
        yield RowGroup(tuple(group))


def read_group(group: RowGroup) -> ImportedReceipt:
    """Return the receipt of its rows. Raises `WrongRow` with everything that is wrong in it."""
    first = group.rows[0]
    if any(TOO_MANY in row for row in group.rows):
        raise WrongRow("a row has more values than there are columns")
    told = [first.get(name) for name in _OF_THE_RECEIPT]
    for row in group.rows[1:]:
        if (here := list(map(row.get, _OF_THE_RECEIPT))) != told:
            wrong = next(name for name, one, other in zip(_OF_THE_RECEIPT, here, told, strict=True) if one != other)
            raise WrongRow(f"{wrong}: the rows of one receipt differ")
    if not first["store"] or not first["number"]:
        raise WrongRow("store and number are needed")
    document = {
        "store": first["store"],
        "number": first["number"],
        "till": first.get("till", ""),
        "channel": first.get("channel") or "store",
        "at": _aware(first["at"]),
        "points_requested": _points(first.get("points", "")),
        "lines": [_line(row) for row in group.rows],
    }
    try:
        return ImportedReceipt(read_receipt(document), first.get("member", ""))
    except ValidationError as trouble:
        raise WrongRow(_told(trouble)) from trouble


def _line(row: Row) -> dict[str, Any]:
    return {
        "n": _whole("n", row["n"]),
        "sku": row.get("sku", ""),
        "title": row.get("title", ""),
        "category": row.get("category", ""),
        "brand": row.get("brand", ""),
        "tags": tuple(row["tags"].split("|")) if row.get("tags") else (),
        "qty": _quantity(row.get("qty") or "1"),
        "gross": _whole("gross", row["gross"]),
    }


def _quantity(text: str) -> Fraction | str:
    """Return whole pieces as they are; reading a decimal takes longer."""
    return _pieces(text) if _is_whole(text) else text


@lru_cache(maxsize=1024)
def _pieces(digits: str) -> Fraction:
    return Fraction(int(digits))


def _aware(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise WrongRow(f"at: {text!r} is no time") from None
    if at.tzinfo is None:
        raise WrongRow("at: the time has no offset")
    return at


def _points(text: str) -> int | str:
    return "max" if text == "max" else _whole("points", text) if text else 0


def _whole(name: str, text: str) -> int:
    if not _is_whole(text):
        raise WrongRow(f"{name}: {text!r} is no whole number")
    return int(text)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_FIGURES


def _told(trouble: ValidationError) -> str:
    problems = trouble.errors(include_url=False, include_input=False)
    return "; ".join(
        f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in problems
        if problem["type"] != "too_short"  # pydantic misses the lines that are wrong; every receipt here has some
    )
