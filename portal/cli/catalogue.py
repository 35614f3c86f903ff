"""`portal import-goods FILE`: what the till knows by its barcode."""

import csv
from collections.abc import Iterator
from pathlib import Path

import click

from portal import clock
from portal.catalogue.goods import Goods
from portal.catalogue.operations import put_goods
from portal.cli import frame
from portal.cli.deeds import change
from portal.db import run
from portal.programme.rulebooks import rulebook_in_force
from portal.web.typed import read_money

COLUMNS = ("sku", "barcode", "title", "category", "brand", "tags", "price")
LONGEST = 80
_CHUNK = 200


@click.command("import-goods")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_goods(file: Path) -> None:
    """Keep the goods of a CSV FILE with sku, barcode, title, category, brand, tags and price, for the till's scanner.

    Goods that are known change; others stay. Tags are separated by a bar, prices are of one, as 499.90.
    """
    now = clock.now()
    currency = run(frame.migrated_engine(), lambda session: rulebook_in_force(session, at=now).currency, writes=False)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        told = list(_read(csv.DictReader(lines), currency=currency))
    kept = change(
        lambda session: sum(put_goods(session, told[n : n + _CHUNK]) for n in range(0, len(told), _CHUNK)),
        action="goods.imported",
        kind="catalogue",
        now=now,
        subject=file.name[:LONGEST],
    )
    click.echo(f"{kept} goods")


def _read(rows: "csv.DictReader[str]", *, currency: str) -> Iterator[Goods]:
    missing = {"sku", "title", "price"} - set(rows.fieldnames or ())
    if missing:
        raise click.ClickException(f"the first line lacks {', '.join(sorted(missing))}")
    for number, row in enumerate(rows, 2):
        texts = {name: (row.get(name) or "").strip() for name in COLUMNS}
        price = read_money(texts["price"], currency=currency)
        if not texts["sku"] or not texts["title"] or not price or price < 0:
            raise click.ClickException(f"line {number}: goods have a sku, a title and a price above nothing")
        if any(len(text) > LONGEST for text in texts.values()) or len(texts["barcode"]) > 20:
            raise click.ClickException(f"line {number}: a text is longer than {LONGEST} signs, or a barcode than 20")
        tags = tuple(tag.strip() for tag in texts.pop("tags").split("|") if tag.strip())
        yield Goods(**{**texts, "price": price, "tags": tags})  # pyrefly: ignore
