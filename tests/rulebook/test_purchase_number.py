import pytest

from tests.rulebook.shop import GUEST, holds, miss


@pytest.mark.parametrize(
    ("range_", "purchases", "expected"),
    [
        ({"to": 3}, 0, True),
        ({"to": 3}, 2, True),
        ({"to": 3}, 3, False),
        ({"from": 2}, 0, False),
        ({"from": 2}, 1, True),
        ({"from": 2, "to": 2}, 1, True),
        ({"from": 2, "to": 2}, 2, False),
    ],
)
def test_this_purchase_is_one_more_than_the_earlier_ones(range_: dict, purchases: int, *, expected: bool):
    assert holds({"type": "purchase_number", **range_}, member={"id": "m", "purchases": purchases}) is expected


def test_a_guest_has_no_numbers():
    assert miss({"type": "purchase_number", "to": 3}, member=GUEST)["value"] is None
