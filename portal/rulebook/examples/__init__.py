"""Rulebooks that come with the portal.

`shop` holds every kind of rule, `cosmetics` is the demo shop's; `ladder_half_year` has tiers that are confirmed every
half-year, `ladder_purchases` those of the 1st, 2nd and 4th purchase for life.
"""

from pathlib import Path
from typing import Literal

from portal.rulebook.document import Rulebook, load_toml

Example = Literal["shop", "cosmetics", "ladder_half_year", "ladder_purchases"]

FOLDER = Path(__file__).parent


def example_toml(name: Example) -> str:
    """Return an example as it is written, comments included."""
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def example(name: Example) -> Rulebook:
    return load_toml(example_toml(name))
