"""A receipt written as JSON."""

from datetime import datetime, timedelta, timezone
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from portal.rulebook.receipt import RECEIPT, Line, Receipt, read_receipt, receipt_json

YEARS = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2999-12-31")
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
"""As tills tell them; in a zone, an hour that comes twice equals no other."""
TEXTS = st.sampled_from(["", "MILK", "Молоко", "food/dairy"])
LINES = st.builds(
    Line,
    n=st.integers(1, 9),
    gross=st.integers(0, 10**6),
    qty=st.integers(1, 5000).map(lambda thousandths: Fraction(thousandths, 1000)) | st.just(Fraction(1)),
    sku=TEXTS,
    title=TEXTS,
    category=TEXTS,
    brand=TEXTS,
    tags=st.lists(TEXTS, max_size=2).map(tuple),
)
RECEIPTS = st.builds(
    Receipt,
    at=st.datetimes(*YEARS, timezones=OFFSETS) | st.datetimes(*YEARS),
    lines=st.lists(LINES, min_size=1, max_size=4, unique_by=lambda line: line.n).map(tuple),
    number=TEXTS,
    store=TEXTS,
    points_requested=st.sampled_from([0, 7, "max"]),
    coupons=st.lists(st.just("SPRING"), max_size=1).map(tuple),
)


@given(RECEIPTS)
def test_lines_written_by_hand_are_what_the_model_would_write(receipt: Receipt) -> None:
    assert receipt_json(receipt) == RECEIPT.dump_python(receipt, mode="json", exclude_defaults=True)


@given(RECEIPTS)
def test_what_is_written_is_read_back_equal(receipt: Receipt) -> None:
    assert read_receipt(receipt_json(receipt)) == receipt
