"""Sums as people type them."""

import pytest

from portal.web.typed import read_money, read_whole


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1999", 199900),
        ("1 999,50", 199950),
        ("1999.5", 199950),
        ("1,999.50", 199950),
        ("1.999,50", 199950),
        ("1,999", 199900),
        ("1.999", 199900),
        ("1\u00a0234\u00a0567", 123456700),
        ("0,01", 1),
        ("0", None),
        ("-5", None),
        ("1,2345", None),
        ("1e5", None),
        ("", None),
        (",", None),
        ("²", None),
        ("9" * 20, None),
        ("9" * 5000, None),
    ],
)
def test_a_typed_sum_is_read(typed: str, minor: int | None) -> None:
    assert read_money(typed, currency="RUB") == minor


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", 0), ("150", 150), ("1 500", 1500), ("1,500", 1500), ("1.5", None), ("1,50", None), ("-1", None), ("٣", None),
     ("", None), ("9" * 5000, None)],
)  # fmt: skip
def test_a_whole_number_is_read_as_people_group_it(typed: str, number: int | None):
    assert read_whole(typed) == number
