import pytest
from pydantic import ValidationError

from tests.rulebook.shop import GUEST, holds

ADA = {"id": "ada", "profile": {"pets": ["cat", "parrot"], "skin": "dry", "children": 2, "vegan": False}}


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("skin", "=", "dry", True),
        ("skin", "!=", "dry", False),
        ("skin", "in", ["dry", "oily"], True),
        ("skin", "in", ["oily"], False),
        ("children", ">=", 2, True),
        ("children", ">", 2, False),
        ("children", "lt", 3, True),
        ("children", "=", "2", False),
        ("pets", "contains", "cat", True),
        ("pets", "contains", "dog", False),
        ("vegan", "=", False, True),
        ("vegan", "=", 0, False),
        ("untold", "!=", "dry", False),
    ],
)
def test_a_told_value_is_compared_with_its_own_kind(field: str, op: str, value: object, *, expected: bool):
    assert holds({"type": "profile", "field": field, "op": op, "value": value}, member=ADA) is expected


def test_a_guest_told_nothing():
    assert not holds({"type": "profile", "field": "skin", "value": "dry"}, member=GUEST)


def test_an_unknown_comparison_is_refused():
    with pytest.raises(ValidationError):
        holds({"type": "profile", "field": "skin", "op": "like", "value": "dry"}, member=ADA)
