"""Every kind has a test of its own and an example in its description."""

from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from portal.rulebook.conditions import CONDITIONS
from portal.rulebook.effects import EFFECTS

KINDS: list[type[BaseModel]] = [*CONDITIONS, *EFFECTS]


def name(kind: type[BaseModel]) -> str:
    return get_args(kind.model_fields["type"].annotation)[0]


@pytest.mark.parametrize("kind", KINDS, ids=name)
def test_a_kind_is_tested_and_shows_an_example(kind: type[BaseModel]):
    assert Path(__file__).with_name(f"test_{name(kind)}.py").exists()
    assert "Example: " in (kind.__doc__ or "")


def test_no_two_kinds_share_a_name():
    assert len({name(kind) for kind in KINDS}) == len(KINDS)
