"""Migrations lead to exactly what the tables say: columns, constraints, indices and append-only triggers."""

import re

import pytest
from sqlalchemy import Engine, text

from portal import migrations
from portal.migrations import steps

DESCRIPTIONS = {
    "sqlite": "select name, sql from sqlite_master where sql is not null and name not like 'alembic%'",
    "postgresql": """
        select conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
          from pg_constraint where connamespace = 'public'::regnamespace
        union all select indexname, indexdef from pg_indexes where schemaname = 'public'
        union all select tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid)
          from pg_trigger where not tgisinternal
        union all select proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
        union all select table_name || '.' || column_name,
               concat_ws(' ', data_type, character_maximum_length, collation_name, is_nullable, column_default)
          from information_schema.columns where table_schema = 'public'
    """,
}


def described(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text(DESCRIPTIONS[engine.dialect.name])).all()
    return {name: ordered(what) for name, what in rows if "alembic" not in name}


def ordered(definition: str) -> str:
    """Return a definition without regard to space, quotes, case and the order of a table's constraints."""
    plain = re.sub(r'[\s"]+', " ", definition).lower()
    return ", ".join(sorted(re.split(r", (?=constraint)", plain.removesuffix(" )"))))


def test_the_migrated_database_is_what_the_tables_say(empty_engine: Engine, request: pytest.FixtureRequest):
    engine = request.getfixturevalue(empty_engine.dialect.name)
    steps.migrate(empty_engine)
    assert described(empty_engine) == described(engine)


def test_alembic_finds_nothing_to_change(empty_engine: Engine):
    steps.migrate(empty_engine)
    steps.check(empty_engine)


def test_an_empty_database_is_at_no_version(empty_engine: Engine):
    assert migrations.current(empty_engine) is None


def test_migrating_again_changes_nothing(empty_engine: Engine):
    steps.migrate(empty_engine)
    steps.migrate(empty_engine)
    assert migrations.current(empty_engine) == migrations.newest()
