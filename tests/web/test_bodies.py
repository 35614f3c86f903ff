import io

import pytest
from flask import request

from portal.factory import Portal
from portal.web.bodies import MOST_BYTES, BodyFirst

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

    BodyFirst(application)({"CONTENT_LENGTH": "5000", "wsgi.input": Dribble(b"x" * 5000)}, lambda *_: None)
    assert isinstance(seen[0], io.BytesIO)
    assert len(seen[0].getvalue()) == 5000
