"""The table of staff is made anew on SQLite while shifts point at it: nobody is lost, and a senior may be taken on."""

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from portal.migrations import steps

TAKE_ON = "insert into staff (id, name, role, pin_hash, pin_failures, active, created_at)"
SHIFT = """insert into staff_session
(id, token_hash, staff_id, device_id, created_at, seen_at, pin_entered_at) values ('1', '1', :who, 'd', 0, 0, 0)"""


def migrate(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.upgrade(steps._config(connection), revision)


def do(engine: Engine, statement: str, **values: str):
    with engine.begin() as connection:
        return connection.execute(text(statement), values)


def test_staff_and_their_shifts_stay_and_a_senior_is_a_role(empty_engine: Engine):
    migrate(empty_engine, "till_joins")
    do(empty_engine, f"{TAKE_ON} values ('t', 'Tim', 'cashier', 'x', 0, true, 0)")
    do(empty_engine, "insert into till_device (id, store, till, enrol_code_ends_at) values ('d', 'S1', 'T1', 0)")
    do(empty_engine, SHIFT, who="t")
    migrate(empty_engine, "second_person")
    with empty_engine.connect() as connection:
        found = connection.execute(text("select name, s.id from staff join staff_session s on staff_id = staff.id"))
        assert found.all() == [("Tim", "1")]
    do(empty_engine, f"{TAKE_ON} values ('o', 'Olga', 'senior', 'x', 0, true, 0)")
    for broken in ("delete from staff where id = 't'", f"{TAKE_ON} values ('e', 'Eve', 'guest', 'x', 0, true, 0)"):
        with pytest.raises(IntegrityError):
            do(empty_engine, broken)
