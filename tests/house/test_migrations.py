import re

from sqlalchemy import Engine, text

from portal import migrations, schema
from portal.db import trigger_ddl

TRIGGERS = {
    "sqlite": "select name, sql from sqlite_master where type = 'trigger'",
    "postgresql": "select tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
}


def test_the_migrated_database_is_what_the_tables_say(engine: Engine):
    migrations.check(engine)


def test_migrating_again_changes_nothing(engine: Engine):
    migrations.migrate(engine)
    assert migrations.current(engine) == migrations.newest()


def test_append_only_tables_have_their_triggers(engine: Engine):
    dialect = engine.dialect.name
    wanted = {
        name: table.info["append_only"]
        for table in schema.metadata.sorted_tables
        if "append_only" in table.info
        for statement in trigger_ddl(table.name, dialect=dialect, columns=table.info["append_only"])
        for name in re.findall(r'create trigger "(\w+)"', statement)
    }
    with engine.connect() as connection:
        found = dict(list(connection.execute(text(TRIGGERS[dialect]))))
    assert wanted.keys() == found.keys()
    for name, columns in wanted.items():
        assert all(column in found[name] for column in columns if "update" in name)
