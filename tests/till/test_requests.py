"""Do you have…? Noted in two taps, counted, answered by a senior; a member who asked is told."""

from typing import Any

import pytest
from sqlalchemy import text

from portal.db import run
from portal.staff.queries import read_audit
from tests.notifications.post import work_off
from tests.pages import Page
from tests.till.shop import MIRA_PIN, Till, fields

REQUESTS = "/till/requests"


def note(till: Till, page: Page | None = None, **typed: str) -> Page:
    page = page or till.pages.get(REQUESTS)
    return till.pages.follow(till.pages.post(REQUESTS, {**fields(page, REQUESTS), **typed}))


def noted(till: Till) -> list[Any]:
    wishes = text("select words, member_id, store, staff_id from wish order by id")
    return run(till.engine, lambda session: session.execute(wishes).all(), writes=False)


def listed(till: Till) -> list[str]:
    links = [each.get("href") or "" for each in till.pages.get(REQUESTS).find_all("a")]
    return [link for link in links if link.startswith(f"{REQUESTS}/")]


def test_what_is_asked_for_is_typed_once_and_tapped_afterwards(till_anywhere: Till):
    till = till_anywhere
    page = note(till, words="Beard oil")
    assert "Noted: Beard oil" in page.words
    assert [each.get("value") for each in page.find_all("button") if each.get("name") == "asked"] == ["Beard oil"]
    assert "2 ×" in note(till, asked="Beard oil").words
    assert noted(till) == [("Beard oil", None, "S1", till.tim)] * 2


def test_sent_twice_it_is_noted_once(till: Till):
    form = {**fields(till.pages.get(REQUESTS), REQUESTS), "words": "Comb"}
    assert till.pages.post(REQUESTS, form).location == till.pages.post(REQUESTS, form).location
    assert len(noted(till)) == 1
    assert till.pages.post(REQUESTS, {**form, "request": "0" * 26}).status == 410


def test_nothing_is_not_noted(till: Till):
    page = till.pages.post(REQUESTS, fields(till.pages.get(REQUESTS), REQUESTS))
    assert page.status == 422
    assert page.find("input", name="words").get("aria-invalid") == "true"
    assert noted(till) == []


def test_a_member_who_asked_after_the_purchase_is_told(till: Till):
    sold = till.sell(till.card())
    page = till.send(sold, f"{REQUESTS}/for")
    assert "Ada is told when the shop has it." in page.words
    note(till, page, words="Beard oil")
    assert noted(till)[0].member_id == till.ada
    till.sign_in(till.mira, MIRA_PIN)
    wish = listed(till)[0]
    page = till.pages.get(wish)
    assert "Members who are told 1" in page.words
    assert till.pages.follow(till.pages.post(wish, {"reply": "here"})).heading == "Do you have…?"
    work_off(till.engine, now=till.now)
    told = text("select kind from message where member_id = :ada")
    kinds = run(till.engine, lambda session: session.scalars(told, {"ada": till.ada}).all(), writes=False)
    assert "wish_answered" in kinds
    deeds = [link.deed for link in run(till.engine, read_audit, writes=False)]
    assert (deeds[-1].action, deeds[-1].actor_id, deeds[-1].details["told"]) == ("request.answered", till.mira, 1)
    assert till.pages.post(wish, {"reply": "here"}).status == 404


def test_a_cashier_answers_nothing_and_another_store_neither(till: Till):
    note(till, words="Comb")
    wish = listed(till)[0]
    assert "A senior or a manager answers" in till.pages.get(wish).words
    assert till.pages.post(wish, {"reply": "here"}).status == 403
    till.write(lambda session: session.execute(text("update wish set store = 'S2'")))
    assert till.pages.get(wish).status == 404


@pytest.mark.parametrize("typed", ["<b>oil</b>", "'; drop table wish --"])
def test_words_are_shown_as_they_were_typed(till: Till, typed: str):
    assert f"Noted: {typed}" in note(till, words=typed).words


def test_the_day_counts_requests(till: Till):
    note(till, words="Comb")
    assert "Requests noted 1" in till.pages.get("/till/shift").words
