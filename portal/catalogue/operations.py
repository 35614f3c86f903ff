"""Writes of the catalogue; none of them commits."""

from collections.abc import Iterable

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.catalogue.goods import Goods
from portal.catalogue.tables import Product
from portal.errors import Refused


class BarcodeTaken(Refused):
    code = "barcode-taken"
    status = 409
    text = "The barcode %(barcode)s stands beside two goods: %(first)s and %(second)s."


class UnknownGoods(Refused):
    code = "unknown-goods"
    status = 404
    text = "The catalogue holds no goods of this name."


def put_goods(session: Session, goods: Iterable[Goods]) -> int:
    """Keep goods by their name, new ones and changed ones, and tell how many. What is not named stays as it was.

    A barcode moves to whichever goods have it now. Raises `BarcodeTaken` when two of them claim one.
    """
    told = {each.sku: each for each in goods}
    owners = owners_of_barcodes(told.values())
    _one_at_a_time(session)
    session.execute(update(Product).where(Product.barcode.in_(owners)).values(barcode=None))
    known = {row.sku: row for row in session.scalars(select(Product).where(Product.sku.in_(told)))}
    for sku, each in told.items():
        row = known.get(sku) or Product(sku=sku)
        row.barcode, row.title, row.price = each.barcode or None, each.title, each.price
        row.category, row.brand, row.tags = each.category, each.brand, list(each.tags)
        session.add(row)
    session.flush()
    return len(told)


def owners_of_barcodes(goods: Iterable[Goods]) -> dict[str, str]:
    """Return which goods bear each barcode. Raises `BarcodeTaken` when two of them claim one."""
    owners: dict[str, str] = {}
    for each in goods:
        if each.barcode and owners.setdefault(each.barcode, each.sku) != each.sku:
            raise BarcodeTaken(barcode=each.barcode, first=owners[each.barcode], second=each.sku)
    return owners


def _one_at_a_time(session: Session) -> None:
    """Wait for whoever else tells of goods: of many who move a barcode at once all but one would break its key."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("the catalogue"))))


def take_goods_out(session: Session, sku: str) -> None:
    """Forget goods; receipts keep what they told of them. Raises `UnknownGoods`."""
    taken = session.scalar(delete(Product).where(Product.sku == sku).returning(Product.sku))
    if taken is None:
        raise UnknownGoods
