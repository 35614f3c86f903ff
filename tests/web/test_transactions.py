import pytest
from flask import g
from sqlalchemy import Engine, text

from portal.db import Stale, locks_reads
from portal.errors import Refused
from portal.factory import Portal
from portal.web.transactions import only_reads, opens_its_own, session, write_beside, writes


class NoMoreNotes(Refused):
    code = "no-more-notes"


@pytest.fixture
def notes(own_app: Portal, sqlite: Engine) -> Portal:
    """Give the application a table of notes and views that write to it."""
    with sqlite.begin() as connection:
        connection.execute(text("create table note (words text)"))
    own_app.testing = True
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    return own_app


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("select count(*) from note")).scalar_one()


def write() -> str:
    session().execute(text("insert into note values ('milk')"))
    return "written"


def post(app: Portal, view) -> int:
    app.add_url_rule("/note", "note", view, methods=["GET", "POST"])
    return app.test_client().post("/note", headers={"Sec-Fetch-Site": "same-origin"}).status_code


def test_returning_commits(notes: Portal, sqlite: Engine):
    assert post(notes, write) == 200
    assert count(sqlite) == 1


def test_a_refusal_rolls_back(notes: Portal, sqlite: Engine):
    def refuse():
        write()
        raise NoMoreNotes

    assert post(notes, refuse) == 422
    assert count(sqlite) == 0


def test_a_bug_rolls_back(notes: Portal, sqlite: Engine):
    def break_down():
        write()
        raise ZeroDivisionError

    assert post(notes, break_down) == 500
    assert count(sqlite) == 0


def test_a_request_that_came_too_late_is_run_again_from_the_start(notes: Portal, sqlite: Engine):
    tries: list[tuple[bool, str | None]] = []

    def late():
        write()
        tries.append((locks_reads(session()), g.get("remembered")))
        g.remembered = "from the first try"
        if len(tries) == 1:
            raise Stale
        return "written"

    assert post(notes, late) == 200
    assert tries == [(False, None), (True, None)]
    assert count(sqlite) == 1


def test_hooks_run_inside_the_transaction_of_the_view(notes: Portal, sqlite: Engine):
    seen = []
    notes.before_request(lambda: seen.append(session()))
    post(notes, lambda: seen.append(session()) or "")
    assert seen[0] is seen[1]


@pytest.mark.parametrize(
    ("mark", "method", "writing"),
    [(None, "POST", True), (None, "GET", False), (writes, "GET", True), (only_reads, "POST", False)],
)
def test_a_view_says_what_it_needs(notes: Portal, mark, method: str, *, writing: bool):
    begun: list[bool] = []

    def view():
        begun.append(session().connection().connection.driver_connection.in_transaction)
        return ""

    notes.add_url_rule("/note", "note", mark(view) if mark else view, methods=["GET", "POST"])
    notes.test_client().open("/note", method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert begun == [writing]


def test_a_view_may_open_its_own_transactions(notes: Portal):
    @opens_its_own
    def alone():
        return str("session" in g)

    notes.add_url_rule("/alone", "alone", alone)
    assert notes.test_client().get("/alone").text == "False"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_little_is_written_beside_whatever_the_request_does(notes: Portal, sqlite: Engine, method: str):
    def view():
        write_beside(lambda session: session.execute(text("insert into note values ('seen')")))
        return ""

    notes.add_url_rule("/note", "note", view, methods=["GET", "POST"])
    notes.test_client().open("/note", method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert count(sqlite) == 1
