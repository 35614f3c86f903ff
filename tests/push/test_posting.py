"""A note becomes a job for every browser of the member."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from portal.db import transaction
from portal.push import operations as push
from portal.push.note import PushNote
from portal.push.queries import subscribed

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NOTE = PushNote(title="+120", body="", path="/home", language="en", tag="balance", topic="balance", ttl_seconds=600)


def test_a_member_without_a_browser_gets_no_job(engine: Engine):
    with transaction(engine, writes=True) as session:
        assert not subscribed(session, "ada", now=NOON)
        assert push.post_push(session, "ada", NOTE, now=NOON) == 0
        assert session.execute(text("select count(*) from job")).scalar() == 0


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"path": "home"}, {"path": "//evil.example"}, {"topic": "b" * 33}, {"ttl_seconds": 0}]
)
def test_a_note_that_no_phone_would_take_is_a_bug(wrong: dict[str, object]):
    given = {"title": "+120", "body": "", "path": "/home", "language": "en", "tag": "balance", **wrong}
    with pytest.raises(ValueError, match=r"a note|a topic"):
        PushNote(**given)
