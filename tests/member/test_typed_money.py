"""Sums as people type them."""

import pytest

from portal.web.typed import read_money


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
    ],
)
def test_a_typed_sum_is_read(typed: str, minor: int | None) -> None:
    assert read_money(typed, currency="RUB") == minor
