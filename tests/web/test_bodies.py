import io
import threading

import pytest
from flask import request

from portal.factory import Portal
from portal.web.bodies import MOST_BYTES, MOST_SENDERS, BodyFirst

OURS = {"Sec-Fetch-Site": "same-origin"}


class Dribble(io.RawIOBase):
    """A body that comes in small parts, as from a slow sender."""

    def __init__(self, body: bytes) -> None:
        self._rest = io.BytesIO(body)

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, 1000) if size >= 0 else 1000)


@pytest.fixture
def measure(own_app: Portal):
    own_app.add_url_rule("/measure", "measure", lambda: str(len(request.get_data())), methods=["POST"])
    return own_app.test_client().post


@pytest.mark.parametrize(("size", "status"), [(0, 200), (1, 200), (MOST_BYTES, 200), (MOST_BYTES + 1, 413)])
def test_a_body_above_256_kib_is_refused(measure, size: int, status: int):
    answer = measure("/measure", data=b"x" * size, headers=OURS)
    assert answer.status_code == status
    assert status != 200 or answer.text == str(size)


@pytest.mark.parametrize(("size", "status"), [(0, 200), (1, 200), (MOST_BYTES, 200), (MOST_BYTES + 1, 413)])
def test_a_body_of_unknown_length_is_read_and_bounded_too(measure, size: int, status: int):
    sent = {"wsgi.input": Dribble(b"x" * size), "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = measure("/measure", environ_overrides=sent, headers=OURS)
    assert answer.status_code == status
    assert status != 200 or answer.text == str(size)


def test_a_body_cut_off_on_its_way_is_refused(measure):
    sent = {"wsgi.input": io.BytesIO(b"x" * 10), "CONTENT_LENGTH": "20"}
    answer = measure("/measure", environ_overrides=sent, headers=OURS)
    assert answer.status_code == 400


def test_the_whole_body_is_there_before_the_application_is_called():
    seen = []

    def application(environ, _start_response):
        seen.append(environ["wsgi.input"])
        return []

    BodyFirst(application, turn_away=application)(
        {"CONTENT_LENGTH": "5000", "wsgi.input": Dribble(b"x" * 5000)}, lambda *_: None
    )
    assert isinstance(seen[0], io.BytesIO)
    assert len(seen[0].getvalue()) == 5000


def nothing(*_: object):
    return lambda _: None


def test_senders_who_dribble_leave_threads_to_others():
    sent, told = threading.Event(), []

    class Waiting:
        def read(self, _size: int) -> bytes:
            waiting.release()
            sent.wait(30)
            return b""

    def answers(name: str):
        def application(_environ, _start_response):
            told.append(name)
            return []

        return application

    bodies = BodyFirst(answers("done"), turn_away=answers("away"))
    waiting = threading.Semaphore(0)
    slow = {"CONTENT_LENGTH": "9", "wsgi.input": Waiting()}
    senders = [threading.Thread(target=bodies, args=(dict(slow), nothing)) for _ in range(MOST_SENDERS)]
    for sender in senders:
        sender.start()
    assert all(waiting.acquire(timeout=30) for _ in senders)
    bodies({"CONTENT_LENGTH": "9", "wsgi.input": io.BytesIO(b"x" * 9)}, nothing)
    bodies({"CONTENT_LENGTH": "0"}, nothing)
    assert told == ["away", "done"]
    sent.set()
    for sender in senders:
        sender.join()
    bodies({"CONTENT_LENGTH": "9", "wsgi.input": io.BytesIO(b"x" * 9)}, nothing)
    assert told == ["away", *["done"] * (MOST_SENDERS + 2)]
