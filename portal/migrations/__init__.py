"""The way of the database from any version of the portal to this one.

This module only looks where a database stands, without loading Alembic: every web process asks at its start.
`portal.migrations.steps` walks the way.
"""

import ast
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from portal.db import transaction

VERSIONS = Path(__file__).parent / "versions"


def newest() -> str:
    """Return the revision the code expects the database to be at: the one no other comes after."""
    steps = dict(map(_step, VERSIONS.glob("*.py")))
    (head,) = steps.keys() - set(steps.values())
    return head


def current(engine: Engine) -> str | None:
    """Return the revision the database is at; none when it is empty."""
    with transaction(engine, writes=False) as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        return session.execute(text("select version_num from alembic_version")).scalar()


def _step(script: Path) -> tuple[str, str | None]:
    """Return the revision a script leads to and the one it starts from."""
    names: dict[str, str | None] = {}
    for node in ast.parse(script.read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        ):
            value = node.value.value
            names[node.targets[0].id] = value if value is None else str(value)
    return str(names["revision"]), names["down_revision"]
