"""P17: the end of a period judged, only changes written, against a full rewrite.

`python benchmarks/p17_tiers.py [MEMBERS [OF A HUNDRED WHO FALL]]` on an embedded PostgreSQL, by default a million of
whom one in a hundred falls. Ours is the work of `judge_tiers` from the first look to the last note; the limit reads and
judges everybody the same way and writes every standing. It is processor time that counts, PostgreSQL's with ours.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from postgres import database, processor_seconds, server
from sqlalchemy import Engine, text

from portal.db import Batch, epoch, make_engine, run
from portal.programme.climb_column import climbs_of
from portal.programme.judge_tiers import judge_tiers
from portal.programme.publish_rulebook import publish_rulebook
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import load_json
from portal.schema import metadata
from portal.tiers import operations as tiers

OPENED = datetime(2026, 1, 1, tzinfo=UTC)
BOUGHT = datetime(2026, 3, 1, tzinfo=UTC)
ENDED = datetime(2026, 7, 1, 12, tzinfo=UTC)
AT_ONCE = 5000
WINDOW = {"type": "calendar", "unit": "half_year"}
LADDER = {
    "tiers": [{"id": "bronze"}, {"id": "gold", "enter": {"metric": "spend", "min": 1_000_000, "window": WINDOW}}],
    "keep": {"type": "period", "unit": "half_year"},
}


def fill(engine: Engine, *, members: int, falling: int) -> None:
    """Make members who all hold gold and bought once; `falling` of 100 bought too little to keep it."""
    document = {"id": "shop", "currency": "RUB", "timezone": "UTC", "rules": [], "tiers": LADDER}
    run(engine, lambda s: publish_rulebook(s, load_json(document), effective_from=OPENED, now=OPENED), writes=True)
    money = f"case when n % 100 < {falling} then 900000 else 1100000 end"
    name = "'m' || lpad(n::text, 25, '0')"
    series = f"from generate_series(1, {members}) n"
    told = {
        "member": _row("member", {"id": name, "state": "'active'", "card_number": "lpad(n::text, 10, '0')"}, series),
        "receipt": _row("receipt",
            {
                "id": f"'r' || substr({name}, 2)", "member_id": name, "number": "n::text", "at": str(epoch(BOUGHT)),
                "gross": money, "net": money, "due": money, "store": "'S'", "key": "n::text",
            },
            series,
        ),
        "purchase_history": _row("purchase_history",
            {"member_id": name, "purchases": "1", "kept_minor": money, "kept_purchases": "1", "kept_most": money},
            series,
        ),
        "tier_standing": _row("tier_standing",
            {"member_id": name, "tier": "'gold'", "since": str(epoch(BOUGHT)), "number": "0"},
            series,
        ),
    }  # fmt: skip
    with engine.begin() as connection:
        for statement in told.values():
            connection.execute(text(statement))
        connection.execute(
            text("insert into tier_walk values ('ladder', :at), ('periods', :at)"), {"at": epoch(BOUGHT)}
        )
        connection.execute(text("analyze"))


def _row(table: str, told: dict[str, str], series: str) -> str:
    """Compose an insert that fills what is not told with what the type begins with."""
    columns = metadata.tables[table].columns
    values = [told.get(column.name) or _plain(column) for column in columns]
    names = ", ".join(f'"{column.name}"' for column in columns)
    return f'insert into "{table}" ({names}) select {", ".join(values)} {series}'


def _plain(column: Any) -> str:
    kind = str(column.type.compile()).lower()
    if column.nullable:
        return "null"
    if "bool" in kind:
        return "false"
    if "int" in kind:
        return "0"
    return "'{}'::jsonb" if "json" in kind else "''"


def only_changes(engine: Engine) -> None:
    progress: Any = None
    while True:
        told = progress
        progress = run(
            engine, lambda s, told=told: judge_tiers(s, progress=told, now=ENDED, limit=AT_ONCE), writes=True
        )
        if progress is None or progress == {}:
            return


def full_rewrite(engine: Engine, members: int) -> None:
    """Judge everybody from what everybody did, and write every standing."""
    for start in range(1, members + 1, AT_ONCE):
        ids = [f"m{n:025}" for n in range(start, min(start + AT_ONCE, members + 1))]
        run(engine, lambda session, ids=ids: _rewrite(session, ids), writes=True)


def _rewrite(session: Any, ids: list[str]) -> None:
    rulebook = rulebook_in_force(session, at=ENDED)
    batch = Batch()
    for member_id, climb in climbs_of(session, rulebook, ids, at=ENDED):
        row = {
            "member_id": member_id, "tier": climb.standing.tier, "since": epoch(BOUGHT),
            "number": climb.stored.number + 1, "manual_tier": None, "manual_until": None,
        }  # fmt: skip
        batch.add(tiers.STAND, row)
    batch.flush(session)


def processor_time(work: Callable[[Engine], None], engine: Engine) -> float:
    """Return what a work costs this process and PostgreSQL's together, in seconds."""
    ours, theirs = time.process_time(), processor_seconds(engine)
    work(engine)
    return time.process_time() - ours + processor_seconds(engine) - theirs


if __name__ == "__main__":
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    falling = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with server() as url:
        seconds = []
        for number, work in enumerate((only_changes, lambda engine: full_rewrite(engine, members))):
            engine = make_engine(database(url, f"p17_{number}"))
            metadata.create_all(engine)
            fill(engine, members=members, falling=falling)
            seconds.append(processor_time(work, engine))
            engine.dispose()
        ours, rewrite = seconds
        shares = f"{members:,} members, {falling} of 100 fall"
        times = f"{ours:.2f} s against {rewrite:.2f} s of processor time"
        print(f"P17 tiers, {shares}: {rewrite / ours:.1f} times as cheap; {times}")
