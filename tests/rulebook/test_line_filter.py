import pytest

from portal.rulebook.line_filter import LineFilter
from portal.rulebook.receipt import Line

FERN = Line(n=1, gross=1, sku="F1", category="plants/water", brand="AQUA DELLA", tags=("new", "green"))


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ({"sku": ["F1", "F2"]}, True),
        ({"sku": ["F2"]}, False),
        ({"category": ["plants"]}, True),
        ({"category": ["plants/water"]}, True),
        ({"category": ["plant"]}, False),
        ({"category": ["plants/water/deep"]}, False),
        ({"brand": ["AQUA DELLA"], "category": ["plants"]}, True),
        ({"brand": ["AQUA DELLA"], "category": ["fish"]}, False),
        ({"brand": ["AQUA DELLA"], "sku": ["F2"]}, False),
        ({"tag": ["old", "green"]}, True),
        ({"tag": ["old"]}, False),
        ({"not": {"brand": ["LUX"]}}, True),
        ({"not": {"brand": ["AQUA DELLA"]}}, False),
        ({"category": ["plants"], "not": {"tag": ["new"]}}, False),
        ({"not": {"not": {"tag": ["new"]}}}, True),
    ],
)
def test_keys_join_by_and_values_by_or(filter_: dict, *, expected: bool):
    assert LineFilter.model_validate(filter_).compiled()(FERN) is expected


def test_a_line_that_says_nothing_is_covered_by_nothing_but_not():
    bare = Line(n=1, gross=1)
    assert not LineFilter.model_validate({"category": ["a"]}).compiled()(bare)
    assert LineFilter.model_validate({"not": {"category": ["a"]}}).compiled()(bare)
