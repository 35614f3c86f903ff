"""Rulebooks that come with the portal: `shop` holds every kind of rule, `cosmetics` is the demo shop's."""

from pathlib import Path
from typing import Literal

from portal.rulebook.document import Rulebook, load_toml

Example = Literal["shop", "cosmetics"]

FOLDER = Path(__file__).parent


def example_toml(name: Example) -> str:
    """Return an example as it is written, comments included."""
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def example(name: Example) -> Rulebook:
    return load_toml(example_toml(name))
