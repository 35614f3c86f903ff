"""Gifts and coupons at the till: handed out once, put back, ticked, typed."""

from datetime import timedelta

import pytest

from portal.db import Batch
from portal.ledger import operations as ledger
from portal.ledger.entries import Origin
from portal.ledger.queries import load
from portal.perks.operations import issue_coupon, open_privilege
from portal.perks.queries.guesses import MOST_GUESSES
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_toml
from portal.rulebook.validity import LotDates
from tests.member.shop import NOW, RULEBOOK
from tests.member.test_offers import MORE
from tests.till.shop import Till, fields

OURS = "ABCDEFGH01234567"
DAY = timedelta(days=1)


@pytest.fixture
def rich(till: Till) -> Till:
    """Give a till at which Ada holds two masks, a right and a coupon; FLYER is for whoever shows it."""
    enrich(till)
    return till


def enrich(till: Till) -> None:
    """Give Ada her perks."""
    rulebook = load_toml(RULEBOOK.replace("version = 17", "version = 18") + MORE)

    def give(session) -> None:
        publish_rulebook(session, rulebook, effective_from=NOW, now=NOW)
        book = load(session, till.ada, now=NOW)
        dates = LotDates(NOW, (NOW + 9 * DAY).date(), NOW + 10 * DAY)
        book.grant(2, at=NOW, source="given/1", origin=Origin("promo"), dates=dates, wallet="gift_mask")
        batch = Batch()
        ledger.store(batch, book)
        open_privilege(batch, till.ada, privilege="comeback", at=NOW, until=NOW + 5 * DAY, uses=1, receipt_id=None)
        issue_coupon(batch, template="back10", code=OURS, at=NOW, until=NOW + DAY, member_id=till.ada)
        issue_coupon(batch, template="back10", code="FLYER", at=NOW, until=None, uses=100)
        batch.flush(session)

    till.write(give)


def sale(till: Till) -> dict[str, str]:
    page = till.scan(till.card())
    return {name: value for name, value in fields(page, "/till/quote").items() if name != "coupon"}


def test_what_is_due_and_what_works_by_itself_is_told(rich: Till) -> None:
    words = rich.scan(rich.card()).words
    assert "Gift due: Sheet mask × 2" in words
    assert "Come back until 9 March inclusive" in words
    assert "10 % off" in words


def test_a_gift_is_handed_out_once_and_put_back(rich: Till) -> None:
    told = sale(rich) | {"gift": "2:gift_mask", "line1-price": "777"}
    for _ in range(2):
        page = rich.pages.post("/till/gifts", told)
        assert page.status == 200
        assert "Give: Sheet mask" in page.words
        assert "Gift due: Sheet mask × 1" in page.words
    assert page.find("input", name="line1-price").get("value") == "777", "what was typed stays"
    assert "Gifts and rewards handed out 1" in rich.pages.get("/till/shift").words
    for _ in range(2):
        back = rich.pages.post("/till/gifts/back", told)
        assert "Put back: Sheet mask" in back.words
        assert "Gift due: Sheet mask × 2" in back.words
    assert "Nothing yet today" in rich.pages.get("/till/shift").words
    assert rich.broken() == []


def test_a_gift_that_was_put_back_is_handed_out_after_all(rich: Till) -> None:
    told = sale(rich) | {"gift": "2:gift_mask"}
    rich.pages.post("/till/gifts", told)
    back = rich.pages.post("/till/gifts/back", told)
    page = rich.pages.post("/till/gifts", fields(back, "/till/quote") | {"gift": "2:gift_mask"})
    assert "Give: Sheet mask" in page.words
    assert "Gift due: Sheet mask × 1" in page.words
    assert rich.broken() == []


def test_a_gift_that_is_gone_is_refused(rich: Till) -> None:
    told = sale(rich)
    page = rich.pages.post("/till/gifts", told | {"gift": "5:gift_mask"})
    assert (page.status, "not there any more" in page.words) == (409, True)
    for gift in ("", "x:gift_mask", "2:", "2:points"):
        assert rich.pages.post("/till/gifts", told | {"gift": gift}).status in {400, 409}


def test_a_ticked_coupon_gives_its_discount_once(rich: Till) -> None:
    page = rich.pages.post("/till/quote", sale(rich) | {"line1-price": "1000", "coupon": OURS})
    assert "Discount −RUB 145.00" in page.words.replace("\u00a0", " ")  # 5 % by the right, then 10 %
    done = rich.pages.follow(rich.pages.post("/till/receipts", fields(page, "/till/receipts") | {"coupon": OURS}))
    assert done.heading == "Recorded"
    assert OURS not in rich.scan(rich.card()).words


def test_a_typed_code_is_counted_in(rich: Till) -> None:
    told = sale(rich) | {"line1-price": "1000", "coupon_typed": "flyer"}
    page = rich.pages.post("/till/coupons", told)
    assert page.status == 200
    assert page.find("input", name="coupon", value="FLYER").get("checked") is not None
    assert "To pay RUB 855.00" in page.words.replace("\u00a0", " ")
    empty = rich.pages.post("/till/coupons", told | {"line1-price": ""})
    assert empty.find("input", name="coupon", value="FLYER").get("checked") is not None


def test_wrong_codes_are_told_alike_and_counted(rich: Till) -> None:
    told = sale(rich) | {"line1-price": "1000"}
    for number in range(MOST_GUESSES):
        page = rich.pages.post("/till/coupons", told | {"coupon_typed": f"WRONG{number}"})
        assert (page.status, "This code gives nothing here" in page.words) == (422, True)
    page = rich.pages.post("/till/coupons", told | {"coupon_typed": "FLYER"})
    assert (page.status, "Too many wrong codes" in page.words) == (429, True)


@pytest.mark.parametrize("lines", [{}, {"in_lines": "y"}])
def test_enter_hands_out_nothing(rich: Till, lines: dict[str, str]) -> None:
    """A browser presses the first button of a form at Enter, also one that stands before it."""
    page = rich.pages.post("/till/basket", {**sale(rich), **lines})
    form = next(each for each in page.find_all("form") if each.get("id") == "sale")
    inside = list(form.iter("button"))
    first = next(each for each in page.find_all("button") if each.get("form") == "sale" or each in inside)
    assert first.get("formaction") == ("/till/goods" if lines else None)
    assert first.get("name") is None
