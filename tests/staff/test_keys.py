"""API keys, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.staff import operations, queries
from portal.staff.operations import UnknownKey
from portal.staff.tables import ApiKey

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def make(session, *scopes, store=None):
    return operations.make_key(session, name="till-1", scopes=scopes or ("till",), store=store, now=NOW)


def test_a_key_is_found_by_its_secret_alone(session):
    made = make(session, "till", "crm", "till", store="S1")
    key = queries.find_key(session, made.secret)
    assert key is not None
    assert (key.id, key.name, key.scopes, key.store) == (made.id, "till-1", {"till", "crm"}, "S1")
    for secret in ("", made.id, made.secret[:-1], made.secret.upper()):
        assert queries.find_key(session, secret) is None


def test_the_secret_is_shown_once(session):
    made = make(session)
    kept = str(tuple(session.execute(select(ApiKey.__table__)).one()))
    assert made.secret not in kept
    assert made.secret not in repr(made)
    assert len(made.secret) >= 50


def test_a_key_follows_another_of_the_same_name(session):
    old, new = make(session), make(session)
    operations.revoke_key(session, old.id, now=NOW)
    assert queries.find_key(session, old.secret) is None
    assert queries.find_key(session, new.secret)
    assert [(line.key.id, line.revoked_at) for line in queries.list_keys(session)] in (
        [(old.id, NOW), (new.id, None)],
        [(new.id, None), (old.id, NOW)],
    )


def test_a_key_is_revoked_for_ever(session):
    made = make(session)
    for _ in range(2):
        operations.revoke_key(session, made.id, now=NOW)
    assert queries.find_key(session, made.secret) is None
    with pytest.raises(UnknownKey):
        operations.revoke_key(session, "nobody", now=NOW)


def test_use_is_noted_at_most_once_a_minute(session):
    made = make(session)
    for seconds in (0, 1, 59):
        operations.use_key(session, made.id, now=NOW + timedelta(seconds=seconds))
    assert queries.find_key(session, made.secret).last_used_at == NOW
    operations.use_key(session, made.id, now=NOW + timedelta(seconds=60))
    assert queries.find_key(session, made.secret).last_used_at == NOW + timedelta(seconds=60)
