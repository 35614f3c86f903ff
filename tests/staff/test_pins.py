"""PINs, codes of tills and roles: rules by tables of cases."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.staff import pins
from portal.staff.pins import WeakPin, hash_pin, lock_after, pin_matches
from portal.staff.roles import (
    ApiKey,
    Device,
    NotAllowed,
    OwnCard,
    ScopeMissing,
    Shift,
    StoreNotAllowed,
    read_scopes,
    refuse_own_card,
    require_role,
    require_scope,
    require_store,
)
from portal.staff.tokens import EnrolCodeWrong, new_enrol_code, read_enrol_code
from tests.conftest import PIN_COST

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def shift(role="cashier"):
    return Shift(
        id="shift",
        staff_id="tim",
        name="Tim",
        role=role,
        own_member_id="tim himself",
        device=Device(id="device", store="S1", till="T1"),
        pin_entered_at=NOW,
        seen_at=NOW,
    )


def key(*scopes, store=None, last_used_at=None):
    return ApiKey(id="key", name="till-1", scopes=frozenset(scopes), store=store, last_used_at=last_used_at)


def test_a_pin_matches_its_hash_and_nothing_else():
    kept = hash_pin("2580")
    assert pin_matches("2580", kept)
    assert not any(pin_matches(pin, kept) for pin in ("2581", "258", "25800", "", "2" * 10_000))
    assert "2580" not in kept
    assert hash_pin("2580") != kept


def test_every_guess_costs_sixteen_megabytes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pins, "COST", PIN_COST)
    cost, block, lanes = map(int, hash_pin("2580").split("$")[0].split(":")[1:])
    assert 128 * cost * block * lanes >= 16 * 2**20


@pytest.mark.parametrize(
    "pin", ["", "123", "1" * 13, "abcd", "12 4", "١٢٥٨", "0000", "1234", "4321", "7890", "0987", "12345678"]
)
def test_a_pin_that_anybody_would_guess_is_refused(pin):
    with pytest.raises(WeakPin):
        hash_pin(pin)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, None), (1, None), (4, None), (5, 15), (6, None), (10, 30), (15, 60), (35, 960), (40, 1440), (5000, 1440)],
)
def test_every_fifth_failure_locks_for_twice_as_long(failures, minutes):
    assert lock_after(failures) == (minutes and minutes * MINUTE)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:l}", "{:n}"])
def test_a_tills_code_is_read_however_it_is_typed(typed):
    code = new_enrol_code()
    ways = {"{:l}": code.lower(), "{:n}": code.replace("-", "")}
    assert read_enrol_code(ways.get(typed) or typed.format(code)) == code


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH-JKL", "ABCD-EFGH-JKLMN", "IIII-OOOO-0000", "A" * 10_000])
def test_what_is_no_code_lets_no_till_in(typed):
    with pytest.raises(EnrolCodeWrong):
        read_enrol_code(typed)


@pytest.mark.parametrize(
    ("has", "needs", "allowed"),
    [
        ("cashier", "cashier", True),
        ("cashier", "manager", False),
        ("manager", "cashier", True),
        ("manager", "owner", False),
        ("owner", "manager", True),
    ],
)
def test_a_role_may_what_the_roles_below_it_may(has, needs, allowed):
    if allowed:
        require_role(shift(has), needs)
    else:
        with pytest.raises(NotAllowed):
            require_role(shift(has), needs)


def test_a_pin_is_fresh_for_half_an_hour():
    assert shift().has_fresh_pin(NOW + 30 * MINUTE)
    assert not shift().has_fresh_pin(NOW + 30 * MINUTE + timedelta(microseconds=1))


@pytest.mark.parametrize("role", ["cashier", "manager", "owner"])
def test_nobody_touches_their_own_card_whatever_the_role(role):
    refuse_own_card(shift(role), "ada")
    with pytest.raises(OwnCard):
        refuse_own_card(shift(role), "tim himself")


def test_a_key_may_what_one_of_its_scopes_may():
    require_scope(key("till", "crm"), ("shop", "crm"))
    for scopes in ((), ("till",), ("admin",)):
        with pytest.raises(ScopeMissing):
            require_scope(key(*scopes), ("shop", "crm"))


def test_a_key_of_one_store_is_for_that_store():
    require_store(key(), "S1")
    require_store(key(store="S1"), "S1")
    with pytest.raises(StoreNotAllowed):
        require_store(key(store="S1"), "S2")


def test_a_key_is_noted_at_most_once_a_minute():
    assert key().to_be_noted(NOW)
    assert not key(last_used_at=NOW).to_be_noted(NOW + MINUTE - timedelta(microseconds=1))
    assert key(last_used_at=NOW).to_be_noted(NOW + MINUTE)


def test_scopes_from_outside_are_known_ones():
    assert read_scopes(["till", "till", "crm"]) == {"till", "crm"}
    with pytest.raises(ValueError, match="root"):
        read_scopes(["till", "root"])
