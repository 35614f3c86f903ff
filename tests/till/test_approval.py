"""The member says yes or no on the own phone, and every no on the way."""

import pytest
from flask.testing import FlaskClient

from portal.programme.check_ledger import check_ledger
from tests.pages import Page
from tests.till.phone import Phone, sign_in
from tests.till.shop import PHONE, Till, asked, fields

WORD = {"Accept": "text/plain"}


@pytest.fixture
def phone(till: Till) -> Phone:
    return sign_in(till, till.ada)


def ask(till: Till, shown: str = "", **typed: str) -> Page:
    sale = till.scan(shown or till.card())
    return till.pages.post("/till/approvals", {**fields(sale, "/till/quote"), "line1-price": "1000", **typed})


def waits_at(page: Page) -> str:
    """Return the address that a waiting till asks for the answer."""
    actions = [str(form.get("action")) for form in page.find_all("form")]
    return next(action for action in actions if action.startswith("/till/approvals/"))


def go_on(till: Till, page: Page, **pressed: str) -> Page:
    action = waits_at(page)
    return till.pages.post(action, {**fields(page, action), **pressed})


def record(till: Till, sale: Page) -> Page:
    return till.pages.follow(till.pages.post("/till/receipts", fields(sale, "/till/quote")))


def state(till: Till, page: Page) -> str:
    client: FlaskClient = till.pages.client
    return client.get(waits_at(page), headers=WORD).text


@pytest.mark.parametrize("shown", ["", PHONE], ids=["card number", "phone"])
def test_a_yes_on_the_phone_pays(till_anywhere: Till, shown: str):
    till = till_anywhere
    phone = sign_in(till, till.ada)
    page = ask(till, shown)
    assert page.heading == "Waiting for a yes"
    assert "300 points" in page.words
    assert "Left to pay then RUB 700.00" in page.words
    assert state(till, page) == "open"
    assert "Spend 300 points? A till of S1 waits for your answer." in phone.pages.get("/home").words
    question = phone.waiting()
    shown_page = phone.pages.get(question)
    assert shown_page.heading == "Spend 300 points?"
    assert "Till T1 of S1 waits" in shown_page.words
    assert "Paid with points RUB 300.00 Left to pay RUB 700.00" in shown_page.words
    answered = phone.pages.follow(phone.answer(question, "yes"))
    assert answered.heading == "Set aside: 300 points"
    assert phone.waiting() == ""
    assert state(till, page) == "approved"
    sale = go_on(till, page)
    assert "Set aside until 13:45: 300 points." in sale.words
    done = record(till, sale)
    assert done.heading == "Recorded"
    assert till.count("receipt") == 1
    assert till.write(lambda session: list(check_ledger(session))) == []


def test_fewer_points_may_be_asked_for(till: Till, phone: Phone):
    page = ask(till, points="50")
    phone.answer(phone.waiting(), "yes")
    assert ": 50 points. Take the money" in go_on(till, page).words


def test_the_back_button_shows_no_bare_word(till: Till, phone: Phone):
    page = ask(till)
    client: FlaskClient = till.pages.client
    answer = client.get(waits_at(page))
    assert (answer.status_code, answer.location) == (303, "/till/over")


@pytest.mark.parametrize(
    ("typed", "words"), [("0", "No points can be spent on this purchase."), ("1.5", "Type a whole number of points")]
)
def test_what_is_no_number_of_points_does_not_ask_for_all(till: Till, typed: str, words: str):
    page = ask(till, points=typed)
    assert page.status == 422
    assert words in page.words
    assert till.count("spending_approval") == 0


def test_a_no_leaves_the_purchase_without_points(till: Till, phone: Phone):
    page = ask(till)
    assert phone.pages.follow(phone.answer(phone.waiting(), "no")).heading == "Nothing was spent"
    sale = go_on(till, page)
    assert sale.status == 403
    assert "The member said no on the phone." in sale.words
    assert till.count("hold") == 0


def test_nobody_answers_for_two_minutes(till: Till, phone: Phone):
    page = ask(till)
    question = phone.waiting()
    till.wait(seconds=119)
    assert state(till, page) == "open"
    assert "0:01" in go_on(till, page).words
    till.wait(seconds=1)
    assert state(till, page) == "expired"
    late = phone.answer(question, "yes")
    assert (late.status, late.heading) == (410, "The till waits no longer")
    assert "does not wait for this answer any more" in late.words
    assert phone.answer(question, "no").status == 410
    assert "does not wait for this answer any more" in go_on(till, page).words
    assert till.count("hold") == 0


def test_the_till_stops_asking(till: Till, phone: Phone):
    page = ask(till)
    question = phone.waiting()
    assert "Earns only" in go_on(till, page, stop="y").words
    assert phone.answer(question, "yes").status == 410
    assert till.count("hold") == 0


def test_only_the_phone_itself_says_yes(till: Till, phone: Phone):
    ask(till)
    question = phone.waiting()
    for wrong in ("", "1" * 26, till.code()[:-1] + "x", "…"):
        refused = phone.answer(question, "yes", code=wrong)
        assert refused.status == 403
        assert "could not prove that it is your phone" in refused.words
        assert refused.heading == "Spend 300 points?"
    old = phone.code()
    till.wait(seconds=90)
    assert phone.answer(question, "yes", code=old).status == 403
    assert till.count("hold") == 0
    assert phone.answer(question, "yes").status == 303


def test_a_code_typed_just_now_is_proof_enough(till: Till):
    phone = sign_in(till, till.ada, minutes=1)
    ask(till)
    assert phone.answer(phone.waiting(), "yes", code="").status == 303


def test_nobody_answers_for_another(till: Till, phone: Phone):
    ask(till)
    question = phone.waiting()
    ben = sign_in(till, till.join("Ben", "ben@example.org"))
    assert ben.waiting() == ""
    assert ben.pages.get(question).status == 404
    assert ben.answer(question, "yes", code="").status == 404
    assert ben.answer(question, "no", code="").status == 404
    assert phone.pages.get("/approve/" + "0" * 26).status == 404
    assert till.pages.client.get(f"/till/approvals/{'0' * 26}", headers=WORD).status_code == 404


def test_yes_twice_sets_aside_once(till_anywhere: Till):
    till = till_anywhere
    phone = sign_in(till, till.ada)
    ask(till)
    question = phone.waiting()
    first, again = phone.answer(question, "yes"), phone.answer(question, "yes")
    assert first.location == again.location
    assert till.count("hold") == 1
    assert phone.answer(question, "no").status == 410


def test_asking_again_is_the_same_question_and_another_sum_takes_its_place(till: Till, phone: Phone):
    sale = till.scan(till.card())
    told = {**fields(sale, "/till/quote"), "line1-price": "1000"}
    till.pages.post("/till/approvals", told)
    first = phone.waiting()
    till.pages.post("/till/approvals", told)
    assert phone.waiting() == first
    till.pages.post("/till/approvals", {**told, "points": "20"})
    assert phone.waiting() != first
    assert phone.pages.get(first).heading == "The till waits no longer"
    assert till.count("spending_approval") == 2


def test_of_two_questions_the_newest_is_shown(till_anywhere: Till):
    till = till_anywhere
    phone = sign_in(till, till.ada)
    ask(till, points="50")
    till.wait(seconds=1)
    ask(till, points="20")
    assert "Spend 20 points? A till of S1 waits for your answer." in phone.pages.get("/home").words
    assert phone.pages.get(phone.waiting()).heading == "Spend 20 points?"


def test_a_member_is_not_asked_without_end(till: Till, phone: Phone):
    for _ in range(5):
        assert ask(till).heading == "Waiting for a yes"
    refused = ask(till)
    assert refused.status == 429
    assert "was asked too often" in refused.words
    till.wait(minutes=9)
    till.sign_in()
    assert ask(till).status == 429
    till.wait(minutes=1)
    assert ask(till).status == 200


def test_nothing_to_spend_is_told_at_once(till: Till, phone: Phone):
    page = ask(till, **{"line1-price": "x"})
    assert page.status == 422
    first = ask(till)
    phone.answer(phone.waiting(), "yes")
    second = ask(till)
    assert first.status == 200
    assert second.status == 422
    assert "No points can be spent on this purchase." in second.words


def test_points_spent_meanwhile_are_told_and_the_question_stays(till: Till, phone: Phone):
    ask(till)
    question = phone.waiting()
    till.sell(till.code(), "1000", all="y")
    refused = phone.answer(question, "yes")
    assert refused.status == 422
    assert "300 were asked for" in refused.words
    assert refused.heading == "Spend 300 points?"
    assert till.write(lambda session: list(check_ledger(session))) == []


def test_a_glance_at_the_answer_is_light(till: Till, phone: Phone):
    page = ask(till)
    action = waits_at(page)
    looked = till.pages.get(action)
    assert len(asked(looked)) <= 4
    phone.waiting()
    assert len(asked(phone.pages.get("/approve/open"))) == 2
