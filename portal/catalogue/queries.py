"""Reads of the catalogue."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.catalogue.goods import Goods, Page
from portal.catalogue.tables import Product


def find_goods(session: Session, code: str) -> Goods | None:
    """Return the goods of a barcode; a shop that prints its own names on the shelf may type those."""
    asked = select(Product).where(or_(Product.barcode == code, Product.sku == code)).order_by(Product.sku == code)
    found = session.scalars(asked.limit(1)).first()
    return _goods(found) if found else None


def goods_of(session: Session, skus: Collection[str]) -> dict[str, Goods]:
    """Return what is known of these names."""
    if not skus:
        return {}
    return {row.sku: _goods(row) for row in session.scalars(select(Product).where(Product.sku.in_(skus)))}


def goods_page(session: Session, *, barcode: str | None, after: str | None, limit: int) -> Page:
    """Return goods by name, those behind `after`; with a barcode the one that bears it alone."""
    asked = select(Product).order_by(Product.sku).limit(limit + 1)
    if barcode is not None:
        asked = asked.where(Product.barcode == barcode)
    if after is not None:
        asked = asked.where(Product.sku > after)
    found = [_goods(row) for row in session.scalars(asked)]
    return Page(tuple(found[:limit]), next=found[limit - 1].sku if len(found) > limit else None)


def _goods(row: Product) -> Goods:
    return Goods(
        sku=row.sku,
        title=row.title,
        price=row.price,
        barcode=row.barcode or "",
        category=row.category,
        brand=row.brand,
        tags=tuple(row.tags),
    )
