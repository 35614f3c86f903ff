import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import request

from portal.config import Settings
from portal.factory import Portal, create_app
from portal.web.logs import JsonLines


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Give what the process logs meanwhile, as the lines an operator sees."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield told
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_request_is_told_by_its_route_without_personal_data(own_app: Portal, log: io.StringIO):
    own_app.add_url_rule("/members/<phone>", "members", lambda phone: phone)
    answer = own_app.test_client().get(
        "/members/+79990001122?email=ada@shop.example", headers={"User-Agent": "Ada's phone"}
    )
    told = json.loads(log.getvalue().splitlines()[-1])
    assert told["route"] == "/members/<phone>"
    assert told["status"] == 200
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert not any(word in log.getvalue() for word in ("9990001122", "ada@", "Ada", "127.0.0.1"))


def test_a_bug_is_logged_with_the_request_that_found_it(own_app: Portal, log: io.StringIO):
    def broken():
        try:
            {}[request.args["phone"]]
        except KeyError:
            int(request.args["name"])

    own_app.add_url_rule("/broken", "broken", broken)
    answer = own_app.test_client().get("/broken?phone=9990001122&name=Ada")
    told = next(line for line in map(json.loads, log.getvalue().splitlines()) if "trace" in line)
    assert answer.status_code == 500
    assert "KeyError" in told["trace"]
    assert "ValueError" in told["trace"]
    assert "in broken" in told["trace"]
    assert not any(word in log.getvalue() for word in ("9990001122", "Ada", "invalid literal"))
    assert told["request_id"] == answer.headers["X-Request-Id"]


def test_everything_a_caller_adds_stands_in_the_line():
    record = logging.makeLogRecord({"msg": "job failed", "levelno": logging.ERROR, "levelname": "ERROR", "job": "j1"})
    told = json.loads(JsonLines().format(record))
    assert (told["level"], told["message"], told["job"]) == ("error", "job failed", "j1")


@pytest.mark.parametrize(("proxies", "kept"), [(0, False), (1, True)])
def test_the_id_of_a_trusted_proxy_is_kept(settings: Settings, proxies: int, *, kept: bool):
    app = create_app(settings.model_copy(update={"trusted_proxies": proxies}))
    answer = app.test_client().get("/healthz", headers={"X-Request-Id": "proxy-000001"})
    assert (answer.headers["X-Request-Id"] == "proxy-000001") is kept


def test_an_id_that_could_forge_a_log_line_is_replaced(settings: Settings):
    app = create_app(settings.model_copy(update={"trusted_proxies": 1}))
    answer = app.test_client().get("/healthz", headers={"X-Request-Id": 'x","level":"error'})
    assert answer.headers["X-Request-Id"].isalnum()
