"""What was told once stays as it was told."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.db import run
from portal.members.tables import ConsentText
from portal.schema import metadata

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def add_text(session: Session) -> None:
    words = {"purpose": "programme", "version": "1", "language": "en", "text": "…", "sha256": "0" * 64}
    session.add(ConsentText(**words, added_at=NOW))


@pytest.mark.parametrize("statement", ["update consent_text set text = 'other'", "delete from consent_text"])
def test_a_row_of_an_append_only_table_cannot_be_changed(engine: Engine, statement: str) -> None:
    run(engine, add_text, writes=True)
    with pytest.raises(DatabaseError, match="append-only"):
        run(engine, lambda session: session.execute(text(statement)), writes=True)


def test_an_append_only_table_cannot_be_emptied_at_once(postgresql: Engine) -> None:
    run(postgresql, add_text, writes=True)
    with pytest.raises(DatabaseError, match="append-only"):
        run(postgresql, lambda session: session.execute(text("truncate consent_text cascade")), writes=True)


def test_the_tables_that_say_so_are_the_ones_that_must() -> None:
    guarded = {table.name for table in metadata.tables.values() if "append_only" in table.info}
    assert {
        "entry",
        "consent",
        "consent_text",
        "receipt",
        "refund",
        "audit_entry",
        "event",
        "till_evidence",
        "till_join",
        "rulebook_version",
    } <= guarded
