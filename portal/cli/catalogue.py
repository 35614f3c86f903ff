"""`portal import-goods FILE`: what the till knows by its barcode."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

from portal import clock
from portal.api.values import NO_CONTROLS
from portal.catalogue.goods import Goods
from portal.catalogue.operations import owners_of_barcodes, put_goods
from portal.cli import frame
from portal.cli.csv_rows import csv_rows
from portal.cli.deeds import change
from portal.programme.import_rows import TOO_MANY
from portal.programme.rulebooks import rulebook_in_force
from portal.web.typed import read_money

COLUMNS = ("sku", "barcode", "title", "category", "brand", "tags", "price")
NEEDED = ("sku", "title", "price")
LONGEST = 80
_CHUNK = 200


@click.command("import-goods")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_goods(file: Path) -> None:
    """Keep the goods of a CSV FILE with sku, barcode, title, category, brand, tags and price, for the till's scanner.

    Goods that are known change; others stay. Tags are separated by a bar, prices are of one, as 499.90.
    """
    now = clock.now()
    currency = frame.look(lambda session: rulebook_in_force(session, at=now).currency)
    with csv_rows(file, known=COLUMNS, needed=NEEDED) as (rows, _):
        told = list(_read(rows, currency=currency))
    kept = change(
        lambda session: _put_all(session, told),
        action="goods.imported",
        kind="catalogue",
        now=now,
        subject=file.name[:LONGEST],
    )
    click.echo(f"{kept} goods")


def _put_all(session: Session, told: Sequence[Goods]) -> int:
    owners_of_barcodes(told)
    return sum(put_goods(session, told[n : n + _CHUNK]) for n in range(0, len(told), _CHUNK))


def _read(rows: "csv.DictReader[str]", *, currency: str) -> Iterator[Goods]:
    for row in rows:
        try:
            yield _goods(row, currency=currency)
        except ValueError as trouble:
            raise click.ClickException(f"line {rows.line_num}: {trouble}") from None


def _goods(row: dict[str, str], *, currency: str) -> Goods:
    if TOO_MANY in row:
        raise ValueError("it has more values than there are columns")
    texts = {name: row.get(name, "").strip() for name in COLUMNS}
    price = read_money(texts["price"], currency=currency)
    if not texts["sku"] or not texts["title"] or not price:
        raise ValueError("goods have a sku, a title and a price above nothing")
    if any(len(text) > LONGEST for text in texts.values()) or len(texts["barcode"]) > 20:
        raise ValueError(f"a text is longer than {LONGEST} signs, or a barcode than 20")
    if not all(re.match(NO_CONTROLS, text) for text in texts.values()):
        raise ValueError("a text holds a line break or another control character")
    tags = tuple(tag.strip() for tag in texts.pop("tags").split("|") if tag.strip())
    return Goods(**{**texts, "price": price, "tags": tags})  # pyrefly: ignore
