import gzip

import pytest

from portal.factory import Portal

WORDS = "points " * 500


@pytest.fixture
def page(own_app: Portal):
    own_app.add_url_rule("/words", "words", lambda: WORDS)
    own_app.add_url_rule("/word", "word", lambda: "points")
    return own_app.test_client().get


def test_a_page_is_sent_smaller_to_who_takes_it(page):
    answer = page("/words", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode() == WORDS
    assert int(answer.headers["Content-Length"]) == len(answer.data) < 200


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0"])
def test_a_page_is_sent_plain_to_who_does_not(page, accepts: str):
    answer = page("/words", headers={"Accept-Encoding": accepts})
    assert "Content-Encoding" not in answer.headers
    assert answer.text == WORDS


def test_caches_are_told_that_the_answer_varies(page):
    assert "Accept-Encoding" in page("/words").vary


def test_a_short_answer_is_sent_plain(page):
    assert "Content-Encoding" not in page("/word", headers={"Accept-Encoding": "gzip"}).headers
