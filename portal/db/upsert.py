"""Insert a row, or change the one that is there, in one statement on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def upsert(
    session: Session, table: type[Any], row: Mapping[str, Any], *, key: Sequence[str], held: Sequence[str]
) -> None:
    """Insert a row; where one stands under the same key, its columns `held` take the new values."""
    insert = _INSERT[session.get_bind().dialect.name](table).values(**row)
    told = {name: insert.excluded[name] for name in held}
    session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=told))
