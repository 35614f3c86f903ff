"""How many statements a story takes."""

from sqlalchemy import Engine, event


class Statements:
    """Counts the statements of an engine."""

    def __init__(self, engine: Engine) -> None:
        self.texts: list[str] = []
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "create temp")):
            self.texts.append(statement)
