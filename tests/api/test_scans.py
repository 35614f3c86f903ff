"""A scan is noted after its answer: whenever the note is written, if ever, a code pays once (docs/decisions/0024)."""

from typing import Any

import pytest

from portal.db import transaction
from portal.members.operations import count_bad_mac
from portal.members.rotating_code import MAX_BAD_MACS
from tests.api.conftest import Api, LateNotes, problem, receipt
from tests.api.test_members import rotating_code

both = pytest.mark.parametrize("shop", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def other(shop: Api) -> Api:
    """Give the API as another till of the same store sees it."""
    return shop.key("till", store="S1")


def scan(till: Api, code: str, key: str = "scan") -> tuple[str, str]:
    seen = till.post("/members/identify", {"code": code}, key=key).json
    return seen["verified"], seen["proof"]


def spend(till: Api, code: str, number: str, *, key: str = "") -> Any:
    return till.post("/receipts", receipt(number, member={"code": code}, points_requested=100), key=key or number)


def test_a_noted_code_is_this_tills_alone(till: Api, other: Api, notes: LateNotes, ada: dict[str, Any]):
    code = rotating_code(till, ada)
    assert scan(till, code) == ("rotating", "fresh")
    notes.write()
    assert scan(till, code) == ("rotating", "fresh")
    assert scan(till, code, "another scan") == ("static", "used")
    assert scan(other, code) == ("static", "used")


@both
@pytest.mark.parametrize(
    ("first", "noted"),
    [("till", "before"), ("other", "before"), ("other", "between"), ("till", "after"), ("till", "never")],
)
def test_of_two_tills_that_scan_at_once_one_is_paid(
    till: Api, other: Api, notes: LateNotes, ada: dict[str, Any], first: str, noted: str
):
    code, buyers = rotating_code(till, ada), {"till": till, "other": other}
    for seer in (buyers.pop(first), *buyers.values()):
        assert scan(seer, code) == ("rotating", "fresh")
    second_note = notes.waiting.pop()
    if noted == "before":
        notes.write()
    notes.waiting.append(second_note)
    answers = [spend(till, code, "A-1")]
    if noted == "between":
        notes.write()
    answers.append(spend(other, code, "B-1"))
    if noted == "after":
        notes.write()
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    again = [spend(till, code, "A-1"), spend(other, code, "B-1")]
    assert [answer.status_code for answer in again] == [answer.status_code for answer in answers]
    for buyer in (till, other):
        problem(spend(buyer, code, f"{buyer.secret[-9:]}-2"), 422, "rotating-code-required")
    assert till.ask("select available from account where wallet = 'points'")[0].available == 500 - 100 + 7


@both
def test_a_late_note_leaves_what_a_hold_used(till: Api, notes: LateNotes, ada: dict[str, Any]):
    code = rotating_code(till, ada)
    scan(till, code)
    assert till.post("/holds", {"member": {"code": code}, "points": 100}).status_code == 201
    [used] = till.ask("select * from card_device")
    notes.write()
    assert till.ask("select * from card_device") == [used]
    assert used.spent_for.startswith("hold/")


@both
def test_a_late_note_does_not_unlock(till: Api, notes: LateNotes, ada: dict[str, Any]):
    code = rotating_code(till, ada)
    scan(till, code)
    with transaction(notes.engine, writes=True) as session:
        for _ in range(MAX_BAD_MACS):
            count_bad_mac(session, ada["id"])
    notes.write()
    assert scan(till, code) == ("static", "locked")


def test_an_older_note_changes_nothing(till: Api, notes: LateNotes, ada: dict[str, Any]):
    code = rotating_code(till, ada)
    scan(till, code)
    older = list(notes.waiting)
    notes.waiting[:] = [(write, row | {"window": row["window"] + 1}) for write, row in older]
    notes.write()
    newer = till.ask("select * from card_device")
    notes.waiting[:] = older
    notes.write()
    assert till.ask("select * from card_device") == newer


def test_a_note_for_which_there_is_no_room_is_written_at_once(
    till: Api, other: Api, notes: LateNotes, monkeypatch: pytest.MonkeyPatch, ada: dict[str, Any]
):
    monkeypatch.setattr(notes, "take", lambda *_: False)
    code = rotating_code(till, ada)
    assert scan(till, code) == ("rotating", "fresh")
    assert scan(other, code) == ("static", "used")
