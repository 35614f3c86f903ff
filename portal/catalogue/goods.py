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
