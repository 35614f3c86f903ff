"""The demo shop: cosmetics in one city, its cast and a believable year, told through the real stories."""

from portal.demo.fill import DemoShop, NotEmpty, fill, fill_in_chunks, stands_here
from portal.demo.links import DemoLinks, new_links
from portal.demo.year import SMALL, WHOLE, Scale

__all__ = [
    "SMALL",
    "WHOLE",
    "DemoLinks",
    "DemoShop",
    "NotEmpty",
    "Scale",
    "fill",
    "fill_in_chunks",
    "new_links",
    "stands_here",
]
