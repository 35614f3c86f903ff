"""Goods as they travel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One thing that is sold. `price` is that of one in minor units; `barcode` is empty where there is none."""

    sku: str
    title: str
    price: int
    barcode: str = ""
    category: str = ""
    brand: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the goods by name; `next` is where the page after begins, None on the last."""

    goods: tuple[Goods, ...]
    next: str | None
