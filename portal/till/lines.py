"""A line of a receipt as a till makes it: goods that the catalogue knows, or a kind of them."""

from fractions import Fraction

from portal.catalogue.goods import Goods
from portal.rulebook.receipt import Line


def line_of(n: int, *, gross: int, qty: Fraction, title: str, kind: str, goods: Goods | None) -> Line:
    """Return the line; what is known of goods counts, not the `kind` that was chosen (`brand:Lux`, `category:hair`)."""
    if goods is not None:
        return Line(
            n=n, gross=gross, qty=qty, sku=goods.sku, title=title or goods.title, category=goods.category,
            brand=goods.brand, tags=goods.tags,
        )  # fmt: skip
    what, _, name = kind.partition(":")
    return Line(
        n=n,
        gross=gross,
        qty=qty,
        title=title,
        brand=name if what == "brand" else "",
        category=name if what == "category" else "",
    )
