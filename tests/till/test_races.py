"""Tills race for the same points by their pages, each a real process, on both databases: none is spent twice (I3)."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from portal.db import run
from portal.ledger.queries import load
from portal.members.lookup import by_id
from portal.programme.check_ledger import check_ledger
from portal.programme.command import Command
from portal.programme.hold_points import hold_points
from tests.pages import Page, Pages
from tests.till.phone import sign_in
from tests.till.shop import SECRET, Till, fields

ROOT = Path(__file__).parents[2]
TILLS = 4
HERE = "/till/receipts"


@pytest.fixture(scope="module")
def starter() -> Iterator[subprocess.Popen]:
    """Start the process that forks the tills; what it imports is imported once."""
    command = [sys.executable, "-m", "tests.till.race_process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def tills(till_anywhere: Till) -> list[Till]:
    """Give four tills of one shop, each let in and with Tim on shift."""
    return [another(till_anywhere, number) for number in range(TILLS)]


def another(first: Till, number: int) -> Till:
    till = copy(first)
    till.pages = Pages(first.pages.app).speaking("en")
    till.pages.follow(till.pages.post("/till/enrol", {"code": till.invite(till=f"T{number + 2}")}))
    assert till.sign_in().location == "/till"
    return till


def press(starter: subprocess.Popen, tills: list[Till], shown: list[Page], **more: str) -> list[list[Any]]:
    """Let every till press the button of the page it shows, all at the same moment."""
    pages = zip(tills, shown, strict=True)
    return post(
        starter, tills[0], [(till.pages, HERE, {**fields(page, "/till/quote"), **more}) for till, page in pages]
    )


def post(starter: subprocess.Popen, shop: Till, forms: list[tuple[Pages, str, dict[str, str]]]) -> list[list[Any]]:
    """Post forms from browsers, all at the same moment."""
    jobs = [
        {"cookies": {each.key: each.value for each in pages.client._cookies.values()}, "path": path, "fields": told}
        for pages, path, told in forms
    ]
    url = shop.engine.url.render_as_string(hide_password=False)
    asked = {"url": url, "secret": SECRET, "now": shop.now.isoformat(), "jobs": jobs}
    starter.stdin.write(json.dumps(asked) + "\n")
    starter.stdin.flush()
    return json.loads(starter.stdout.readline())


def left(till: Till) -> tuple[int, int]:
    """Return what Ada may spend and what is set aside."""
    balance = run(till.engine, lambda session: load(session, till.ada, now=till.now).balance(till.now), writes=False)
    return balance.available, balance.held


def test_four_tills_never_set_aside_more_than_there_is_and_record_what_they_hold(
    tills: list[Till], starter: subprocess.Popen
) -> None:
    first = tills[0]
    assert left(first) == (300, 0)
    quotes = [till.quote(till.code(), points="100") for till in tills]
    answers = press(starter, tills, quotes)
    held = [n for n, (status, _, words) in enumerate(answers) if status == 200 and "Paid, record it" in words]
    refused = [words for status, _, words in answers if status == 422]
    assert (len(held), len(refused)) == (3, 1)
    assert all("100 were asked for" in words for words in refused)
    assert left(first) == (0, 300)

    pages = [tills[n].send(quotes[n], HERE) for n in held]  # the same button again: set aside once
    assert first.count("hold") == 3
    answers = press(starter, [tills[n] for n in held], pages)
    assert Counter(status for status, *_ in answers) == {303: 3}
    assert left(first) == (0 + 3 * 45, 0)
    assert first.count("receipt") == 3
    assert first.write(lambda session: list(check_ledger(session))) == []


def test_one_hold_pays_for_one_receipt_however_many_tills_name_it(tills: list[Till], starter: subprocess.Popen) -> None:
    first = tills[0]
    baskets = [till.scan(till.card()) for till in tills]
    hold = "0" * 25 + "1"
    command = Command(client="key:race", key="race", now=first.now, vouches=True)
    first.write(
        lambda session: hold_points(session, by_id(first.ada), points=200, hold_id=hold, command=command)
    )  # fmt: skip
    told = {"line1-price": "1000", "hold": hold}
    pages = [till.send(page, "/till/quote", points="200", **told) for till, page in zip(tills, baskets, strict=True)]
    answers = press(starter, tills, pages, hold=hold, spent="200", due="80000")
    assert Counter(status for status, *_ in answers)[303] == 1
    assert all("hold" in words for status, _, words in answers if status != 303)
    assert left(first) == (100 + 40, 0)
    assert first.count("receipt") == 1
    assert first.write(lambda session: list(check_ledger(session))) == []


def test_yeses_from_several_phones_never_set_aside_more_than_there_is(
    till_anywhere: Till, starter: subprocess.Popen
) -> None:
    till, phones = till_anywhere, [sign_in(till_anywhere, till_anywhere.ada, minutes=1) for _ in range(2)]
    forms = []
    for phone in (*phones, phones[0]):  # two questions, and the first of them answered on a second phone too
        if len(forms) < 2:
            till.wait(seconds=1)
            sale = fields(till.scan(till.card()), "/till/quote")
            till.pages.post("/till/approvals", {**sale, "line1-price": "1000", "points": "200"})
        question = phone.waiting() if len(forms) < 2 else forms[0][1]
        forms.append((phone.pages, question, {"answer": "yes", "code": phone.code()}))
    answers = post(starter, till, forms)
    assert left(till) == (100, 200)
    assert till.count("hold") == 1
    assert {status for status, *_ in answers} == {303, 422}
    assert till.write(lambda session: list(check_ledger(session))) == []
