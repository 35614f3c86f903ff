from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from portal.db import Batch, transaction
from portal.outbox import operations, queries

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ADA = "01kjw0000000000000000000ad"


def tell(engine: Engine, *facts: str) -> None:
    batch = Batch()
    for fact in facts:
        operations.tell(batch, fact, member_id=ADA, at=NOON, payload={"points": 12})
    with transaction(engine, writes=True) as session:
        batch.flush(session)


def test_the_facts_of_a_member_are_read_in_the_order_they_became_true(engine: Engine):
    tell(engine, "member.joined")
    tell(engine, "receipt.recorded", "receipt.refunded")
    with transaction(engine, writes=False) as session:
        first, *others = queries.facts_of(session, ADA, after=0, limit=10)
        assert (first.type, first.at, first.payload) == ("member.joined", NOON, {"points": 12})
        assert [fact.type for fact in others] == ["receipt.recorded", "receipt.refunded"]
        assert queries.facts_of(session, ADA, after=first.seq, limit=10) == others


@pytest.mark.parametrize("change", ["update event set type = 'points.granted'", "delete from event"])
def test_facts_are_never_changed(engine: Engine, change: str):
    tell(engine, "member.joined")
    with pytest.raises(DBAPIError, match="append-only"), transaction(engine, writes=True) as session:
        session.execute(text(change))
