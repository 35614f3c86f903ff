"""From the card to “+N”: what is bought, what it comes to, points to spend, recorded once."""

from datetime import timedelta

import pytest

from portal.ids import made_at, new_id
from tests.member.shop import NOW
from tests.till.shop import Till, asked, fields


def test_a_sale_from_the_card_to_the_points(till_anywhere: Till):
    till = till_anywhere
    quote = till.quote(till.code(), "1 999,50", points="200")
    assert quote.heading == "Purchase"
    assert "Paid with points −RUB 200.00" in quote.words
    assert "To pay RUB 1,799.50" in quote.words
    assert "Base 5 % 5% of RUB 1,799.50" in quote.words.replace("+89 ", "")
    held = till.send(quote, "/till/receipts")
    assert "Set aside until 12:45: 200 points." in held.words
    assert "Earns only" not in held.words
    page = till.pages.follow(till.send(held, "/till/receipts"))
    assert page.heading == "Recorded"
    assert "+89 points" in page.words
    assert "To pay RUB 1,799.50 Paid with points 200" in page.words
    assert page.find("input", name="shown").get("autofocus") is not None
    assert till.count("receipt") == 1
    assert till.broken() == []


def test_a_double_click_and_the_way_back_record_once(till: Till):
    quote = till.quote(till.code(), points="100")
    held = till.send(quote, "/till/receipts")
    assert till.send(quote, "/till/receipts").words == held.words
    first = till.send(held, "/till/receipts")
    till.wait(minutes=1)
    assert till.send(held, "/till/receipts").location == first.location
    again = till.send(quote, "/till/receipts")
    assert first.location == again.location
    assert till.count("receipt") == 1
    assert till.broken() == []


def test_another_sum_under_a_recorded_sale_is_refused(till: Till):
    basket = till.scan(till.card())
    till.send(till.send(basket, "/till/quote", **{"line1-price": "100"}), "/till/receipts")
    other = till.send(basket, "/till/quote", **{"line1-price": "200"})
    page = till.send(other, "/till/receipts")
    assert page.status == 409
    assert "This sale is recorded already, with another sum." in page.words
    assert till.count("receipt") == 1


def test_lines_are_added_and_taken_away_without_losing_what_was_typed(till: Till):
    page = till.send(till.scan(till.card()), "/till/basket", more="y", **{"line1-price": "100"})
    page = till.send(page, "/till/basket", more="y", **{"line1-price": "100", "line1-title": "Soap"})
    typed = {"line1-price": "100", "line1-title": "Soap", "line2-price": "1000", "line2-kind": "brand:Innisfree"}
    assert [field.get("value") for field in page.find_all("input", name="line1-title")] == ["Soap"]
    page = till.send(page, "/till/basket", drop="1", **typed)
    assert page.find("input", name="line1-price").get("value") == "1000"
    assert len(page.find_all("fieldset", class_="till-line")) == 1
    quote = till.send(
        page, "/till/quote", **{"line1-price": "1000", "line1-kind": "brand:Innisfree", "line1-qty": "1,5"}
    )
    assert "+75" in quote.words
    assert "Korean cosmetics +50" in quote.words
    back = till.send(quote, "/till/basket")
    assert back.find("input", name="line1-qty").get("value") == "1,5"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"line1-price": ""}, "Type a sum"),
        ({"line1-price": "abc"}, "Type a sum"),
        ({"line1-price": "-5"}, "Type a sum"),
        ({"line1-price": "5", "line1-qty": "0"}, "Type a quantity"),
        ({"line1-price": "5", "line1-qty": "many"}, "Type a quantity"),
        ({"line1-price": "999999999", "line1-qty": "999999"}, "more than one receipt can hold"),
        ({"line1-price": "0.01", "line1-qty": "0.001"}, "Type a sum"),
        ({"line1-title": "Soap"}, "Type a sum"),
    ],
)
def test_what_is_no_sum_is_told_beside_it(till: Till, typed: dict[str, str], said: str):
    page = till.send(till.scan(till.card()), "/till/quote", in_lines="y", **typed)
    assert page.status == 422
    assert said in page.words
    assert page.find_all("input", aria_invalid="true")


def test_the_cashier_sees_the_most_and_types_less(till: Till):
    quote = till.quote(till.code(), points="5000")
    assert "At most 300 points on this receipt." in quote.words
    assert fields(quote, "/till/receipts")["spent"] == "300"
    quote = till.pages.post("/till/quote", {**fields(quote, "/till/quote"), "points": "120"})
    assert fields(quote, "/till/receipts")["spent"] == "120"
    quote = till.pages.post("/till/quote", {**fields(quote, "/till/quote"), "all": "y"})
    assert fields(quote, "/till/receipts")["spent"] == "300"


def test_a_number_cannot_spend(till: Till):
    quote = till.quote(till.card(), points="100")
    assert "Points to spend" not in quote.words
    assert "To spend points: the code on the phone" in quote.words
    page = till.send(quote, "/till/receipts", spent="100")
    assert page.status == 422
    assert "Points are spent only with the code that changes" in page.words
    assert till.count("receipt") == 0


def test_the_phone_may_be_scanned_when_everything_is_typed(till: Till):
    quote = till.send(till.quote(till.card()), "/till/quote", shown=till.code())
    assert "May spend points" in quote.words
    quote = till.pages.post("/till/quote", {**fields(quote, "/till/quote"), "points": "40"})
    assert "Paid with points −RUB 40.00" in quote.words
    assert till.confirm(quote).status == 303


def test_neither_the_number_nor_another_phone_lets_anybody_spend(till: Till):
    quote = till.quote(till.card())
    page = till.send(quote, "/till/quote", shown=till.card())
    assert page.status == 422
    assert "Points are spent only with the code that changes" in page.words
    till.join("Ben", "ben@example.com")
    page = till.send(quote, "/till/quote", shown="ben@example.com")
    assert "This is another member's card." in page.words
    assert "Earns only" in page.words


def test_more_points_than_there_are_is_refused_and_worked_out_anew(till: Till):
    page = till.send(till.quote(till.code(), points="100"), "/till/receipts", spent="301")
    assert page.status == 422
    assert till.count("receipt") == 0
    assert fields(page, "/till/receipts")["spent"] == "300"


def test_a_sale_left_for_an_hour_is_begun_anew(till: Till):
    quote = till.quote(till.code(), points="300")
    till.wait(minutes=61)
    till.sign_in()
    page = till.send(quote, "/till/receipts")
    assert page.status == 410
    assert "This sale was begun too long ago." in page.words


def test_another_due_than_agreed_records_nothing(till: Till):
    quote = till.quote(till.card())
    page = till.send(quote, "/till/receipts", due="99")
    assert page.status == 409
    assert "Something changed since the sum was worked out." in page.words
    assert till.count("receipt") == 0
    assert till.send(quote, "/till/receipts").status == 303


def test_a_code_pays_within_five_minutes_of_its_scan(till: Till):
    quote = till.quote(till.code(), points="100")
    till.wait(minutes=6)
    page = till.send(quote, "/till/receipts")
    assert page.status == 422
    assert page.find_all("input", name="code") == []
    assert till.confirm(till.quote(till.code(), points="100")).status == 303


def test_the_printed_number_is_kept_and_taken_once(till: Till):
    page = till.sell(till.card(), number="000812")
    assert "Receipt 000812" in page.words
    page = till.send(till.quote(till.card(), "999", number="000812"), "/till/receipts")
    assert page.status == 422
    assert "Another receipt was recorded under this number of this store." in page.words


def test_without_a_number_the_till_makes_one_of_its_name_the_day_and_the_moment(till: Till):
    page = till.sell(till.card())
    number = next(dd.text for dd in page.find_all("dd") if (dd.text or "").startswith("T1-260304-"))
    assert len(number) == len("T1-260304-") + 6
    till.wait(seconds=1)
    assert number not in till.sell(till.card()).words


def test_an_id_tells_when_it_was_made():
    moment = NOW + timedelta(milliseconds=1234)
    assert made_at(new_id(moment)) == moment


@pytest.mark.parametrize(
    "sale",
    ["", "0" * 26, "z" * 26, new_id(NOW + timedelta(hours=1)), new_id(NOW - timedelta(days=1))],
    ids=["none", "of the first day", "of the last day", "of an hour later", "of yesterday"],
)
def test_a_sale_that_nobody_began_here_is_none(till: Till, sale: str):
    page = till.send(till.scan(till.card()), "/till/quote", sale=sale, **{"line1-price": "100"})
    assert page.status == 410
    assert page.find("a", href="/till") is not None


def test_a_member_that_nobody_scanned_is_none(till: Till):
    page = till.send(till.scan(till.card()), "/till/quote", member="x", **{"line1-price": "100"})
    assert page.status == 422
    assert "This is not an id of a member." in page.words


def test_a_receipt_of_another_store_is_not_shown(till: Till):
    page = till.sell(till.card())
    path = page.answer.request.path
    code = till.write(lambda session: _invite(session, till))
    till.pages.post("/till/enrol", {"code": code})
    till.sign_in()
    assert till.pages.get(path).status == 404


def test_what_a_quote_and_a_sale_ask_of_the_database(till: Till):
    till.sell(till.code(), points="50")  # SQLite makes its views once for each connection
    quote = till.quote(till.code(), points="100")
    assert len(asked(quote)) <= 5
    held = till.send(quote, "/till/receipts")
    assert len(asked(held)) <= 10
    assert len(asked(till.send(held, "/till/receipts"))) <= 6


def _invite(session, till: Till) -> str:
    from portal.staff.operations import invite_device  # noqa: PLC0415

    return invite_device(session, store="S2", till="T9", now=till.now).code


def test_points_that_wait_are_nobody_elses(till: Till):
    held = till.send(till.quote(till.code(), points="200"), "/till/receipts")
    till.wait(minutes=1)
    other = till.quote(till.code(), points="300")
    assert "Paid with points −RUB 100.00" in other.words
    assert till.send(held, "/till/receipts").status == 303
    assert till.broken() == []


def test_points_of_a_code_are_set_aside_even_past_the_page(till: Till):
    told = fields(till.scan(till.code()), "/till/quote") | {"line1-price": "1000", "due": "80000", "spent": "200"}
    for forged in ({}, {"hold": "h" * 26}):
        page = till.pages.post("/till/receipts", told | forged)
        assert (page.status, "Set aside until" in page.words, till.count("receipt")) == (200, True, 0)
    without = {name: value for name, value in told.items() if name != "code"}
    assert till.pages.post("/till/receipts", without).status == 422
    assert till.pages.post("/till/receipts", without | {"hold": "h" * 26}).status == 410
    assert (till.count("receipt"), till.broken()) == (0, [])


def test_points_given_back_can_be_spent_by_another_scan(till: Till):
    held = till.send(till.quote(till.code(), points="200"), "/till/receipts")
    page = till.send(held, "/till/give-back")
    assert "Earns only" in page.words
    assert "300 points" in page.words
    assert fields(page, "/till/receipts")["due"] == "100000"
    till.wait(minutes=1)
    assert till.confirm(till.send(page, "/till/quote", shown=till.code())).status == 303
    gone = till.send(held, "/till/give-back")
    assert "This hold has ended already" in gone.words
    assert till.broken() == []


def test_points_that_waited_too_long_go_back_and_the_goods_stay(till: Till):
    held = till.send(till.quote(till.code(), points="200"), "/till/receipts")
    till.wait(minutes=50)
    till.sign_in()
    page = till.send(held, "/till/receipts")
    assert page.status == 410
    assert "The points went back to the member" in page.words
    assert "Earns only" in page.words
    assert till.count("receipt") == 0
    assert till.pages.post("/till/receipts", fields(page, "/till/receipts")).status == 303
    assert till.broken() == []


def test_the_sum_is_told_while_it_is_typed(till: Till):
    page = till.scan(till.code())
    typed = fields(page, "/till/quote")
    none = till.part({**typed, "line1-price": "1."})
    assert (none.status, none.find_all("input", name="due")) == (200, [])
    assert "Type a sum" in none.seen
    told = till.part({**typed, "line1-price": "1000", "points": "5000"})
    assert told.find("input", name="due").get("value") == "70000"
    assert told.find("div", id="quote").get("data-most") == "300"
    assert "At most 300 points on this receipt." in told.seen
    assert till.count("receipt") == 0


def test_a_sum_that_nobody_saw_is_shown_not_recorded(till: Till):
    page = till.send(till.scan(till.card()), "/till/receipts", **{"line1-price": "1000"})
    assert (page.status, till.count("receipt")) == (200, 0)
    assert fields(page, "/till/receipts")["due"] == "100000"


def test_a_till_that_was_locked_meanwhile_leaves_the_page(till: Till):
    typed = fields(till.scan(till.card()), "/till/quote")
    till.wait(minutes=11)
    answer = till.part({**typed, "line1-price": "1000"}).answer
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/till/sign-in")


@pytest.mark.parametrize("typed", ["1,000", "1 000"])
def test_points_are_typed_in_thousands_as_a_sum_is(till: Till, typed: str):
    page = till.quote(till.code(), "5000", points=typed)
    assert "At most 300 points on this receipt." in page.words


@pytest.mark.parametrize("typed", ["10.5", "-5"])
def test_points_that_are_no_number_record_nothing(till: Till, typed: str):
    page = till.quote(till.code(), "1000", points=typed)
    assert "Type a whole number of points" in page.words
    assert page.find("input", name="points").get("value") == typed
    sale = fields(till.quote(till.code(), "1000"), "/till/quote")
    assert till.pages.post("/till/receipts", {**sale, "points": typed}).status == 422
    assert "Type a whole number" in till.part({**sale, "points": typed}).seen
    assert till.count("receipt") == 0


def test_points_stay_typed_while_lines_are_added(till: Till):
    page = till.quote(till.code(), "1000", points="80")
    page = till.send(page, "/till/basket", more="y")
    assert page.find("input", name="points").get("value") == "80"
