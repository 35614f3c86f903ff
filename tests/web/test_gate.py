import json
import threading
import time
from collections.abc import Iterator

import pytest
from werkzeug.test import Client

from portal.web.gate import Away, Gate

PATIENCE = 0.3  # long enough for what is quick, on a busy machine too


class Shop:
    """An application that works on a request until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.quick: set[str] = set()
        self.takes = 0.0
        self.at_work = 0
        self.most_at_work = 0
        self._count = threading.Lock()

    def __call__(self, environ, start_response):
        with self._count:
            self.at_work += 1
            self.most_at_work = max(self.most_at_work, self.at_work)
        if environ["PATH_INFO"] not in self.quick:
            self.go.wait(10)
            time.sleep(self.takes)
        with self._count:
            self.at_work -= 1
        start_response("200 OK", [])
        return [b""]


class Crowd:
    """Four places, two of them reserved, and at most two at work; requests that come and wait."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.turned_away = 0
        self.gate = Gate(
            self.shop,
            places=4,
            reserved=2,
            at_once=2,
            patience=PATIENCE,
            count_away=self._count,
            away=lambda _: Away(b"<h1>Full", "Voll. Später!"),
        )
        self.waiting: list[threading.Thread] = []

    def _count(self) -> None:
        self.turned_away += 1

    def come(self, method: str, path: str, *, times: int) -> None:
        """Bring requests that find a place and stay."""
        before = self.gate._inside
        for _ in range(times):
            thread = threading.Thread(target=Client(self.gate).open, args=(path,), kwargs={"method": method})
            thread.start()
            self.waiting.append(thread)
        while self.gate._inside < before + times:
            threading.Event().wait(0.001)

    def wait_for(self, *, at_work: int) -> None:
        while self.shop.at_work < at_work:
            threading.Event().wait(0.001)

    def ask(self, method: str, path: str):
        return Client(self.gate).open(path, method=method)

    def leave(self) -> None:
        self.shop.go.set()
        for thread in self.waiting:
            thread.join()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd()
    yield crowd
    crowd.leave()


def test_one_request_is_worked_on_at_a_time(crowd: Crowd):
    crowd.shop.takes = 0.001
    crowd.shop.go.set()
    threads = [threading.Thread(target=crowd.ask, args=("GET", "/home")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert crowd.shop.most_at_work == 1


def test_a_slow_one_is_not_waited_for_but_no_more_than_allowed_are_at_work(crowd: Crowd):
    crowd.come("GET", "/home", times=4)
    crowd.wait_for(at_work=2)
    threading.Event().wait(3 * PATIENCE)
    assert crowd.shop.at_work == 2


def test_what_is_quick_goes_on_beside_a_slow_one_by_a_turn_of_its_own(crowd: Crowd):
    crowd.come("GET", "/slow", times=1)
    crowd.wait_for(at_work=1)
    crowd.shop.quick.add("/home")
    assert crowd.ask("GET", "/home").status_code == 200
    assert crowd.gate._turns.qsize() == 1


def test_there_is_one_turn_again_when_the_slow_ones_have_left(crowd: Crowd):
    crowd.come("GET", "/home", times=2)
    crowd.wait_for(at_work=2)
    crowd.leave()
    assert (crowd.gate._turns.qsize(), crowd.gate._more) == (1, 0)


def test_a_full_house_turns_away_at_once(crowd: Crowd):
    crowd.come("POST", "/join", times=2)
    answer = crowd.ask("POST", "/join")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert crowd.turned_away == 1


def test_reads_and_the_till_have_places_of_their_own(crowd: Crowd):
    crowd.come("POST", "/join", times=2)
    crowd.come("GET", "/home", times=1)
    crowd.come("POST", "/api/v1/receipts", times=1)
    assert crowd.ask("GET", "/home").status_code == 503


def test_health_is_never_turned_away(crowd: Crowd):
    crowd.come("GET", "/home", times=4)
    crowd.shop.go.set()
    assert crowd.ask("GET", "/healthz").status_code == 200


def test_the_api_is_told_in_its_own_form(crowd: Crowd):
    crowd.come("GET", "/home", times=4)
    answer = crowd.ask("POST", "/api/v1/receipts")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    told = json.loads(answer.data)
    assert (told["status"], told["code"], told["detail"]) == (503, "overloaded", "Voll. Später!")
    assert told["type"].endswith("#overloaded")
    assert told["request_id"] == answer.headers["X-Request-Id"]


def test_a_place_is_free_again_after_the_answer(crowd: Crowd):
    crowd.come("POST", "/join", times=2)
    crowd.leave()
    assert crowd.ask("POST", "/join").status_code == 200


def test_a_browser_is_told_by_a_page(crowd: Crowd):
    crowd.come("GET", "/home", times=4)
    answer = Client(crowd.gate).get("/home", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.data) == (503, b"<h1>Full")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
